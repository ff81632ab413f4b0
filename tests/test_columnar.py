"""Ledgers as Parquet: typed columns, and nothing lost of what somebody wrote."""

import datetime as dt
import sys
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest

from toolkit import columnar, flow
from toolkit.columnar import check_ledger, is_ledger, ledger_bytes, retired, write_ledger
from toolkit.demo import DAY
from toolkit.errors import BalanceError, OutputError, UsageError
from toolkit.forms import ledgers, rollup, village
from toolkit.rollup import figures
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Day, Number, Percent, Text, Whole
from toolkit.schema.totals import Live


class Line(Row, sheet="措施台账", hint="一行一条。"):
    village_no = Column("村序号", Whole())
    text = Column("措施内容", Text(long=True))
    funds = Column("计划资金", Number(unit="万元"))
    share = Column("满意率", Percent())
    due = Column("到期日", Day())


ROWS = [
    (1, "修建灌溉渠\n两公里", 3.5, 0.5, dt.date(2022, 9, 30)),
    (2, None, 12, None, None),
    (None, "=HYPERLINK(1)", "三十来万", "大半", "九月底前"),
    (2.5, 7, None, 1.0, dt.datetime(2022, 9, 30, 8, 30)),  # noqa: DTZ001 -- a cell has no zone
    ("", "", "", "", ""),
]


@pytest.fixture
def parquet():
    return pytest.importorskip("pyarrow.parquet")


def columns(parquet, data: bytes) -> dict[str, list[object]]:
    return parquet.read_table(BytesIO(data)).to_pydict()


def test_each_cell_stands_in_its_typed_column_or_word_for_word_beside_it(parquet):
    assert columns(parquet, ledger_bytes(Line, ROWS)) == {
        "村序号": [1, 2, None, None, None],
        "村序号（原文）": [None, None, None, "2.5", ""],
        "措施内容": ["修建灌溉渠\n两公里", None, "=HYPERLINK(1)", "7", ""],
        "计划资金": [3.5, 12.0, None, None, None],
        "计划资金（原文）": [None, None, "三十来万", None, ""],
        "满意率": [0.5, None, None, 1.0, None],
        "满意率（原文）": [None, None, "大半", None, ""],
        "到期日": [dt.date(2022, 9, 30), None, None, None, None],
        "到期日（原文）": [None, None, "九月底前", "2022-09-30 08:30", ""],
    }


def test_the_types_are_those_that_the_columns_declare(parquet):
    schema = parquet.read_schema(BytesIO(ledger_bytes(Line, [])))
    assert {field.name: str(field.type) for field in schema} == {
        "村序号": "int64",
        "村序号（原文）": "string",
        "措施内容": "string",
        "计划资金": "double",
        "计划资金（原文）": "string",
        "满意率": "double",
        "满意率（原文）": "string",
        "到期日": "date32[day]",
        "到期日（原文）": "string",
    }
    assert schema.metadata == {b"sheet": "措施台账".encode()}


def test_a_name_in_old_bytes_keeps_what_can_be_spelled(parquet):
    text = b"\xc9\xcf\xba\xd3\xb4\xe5.xlsx".decode("utf-8", "surrogateescape")
    row = (1, text, None, None, None)
    assert columns(parquet, ledger_bytes(Line, [row]))["措施内容"] == ["\ufffdϺӴ\ufffd.xlsx"]


def test_a_ledger_without_rows_is_one_all_the_same(parquet):
    assert parquet.read_table(BytesIO(ledger_bytes(Line, []))).num_rows == 0


def test_rows_are_written_group_by_group_as_they_come(parquet, monkeypatch):
    monkeypatch.setattr(columnar, "_GROUP", 2)
    drawn = []
    rows = (drawn.append(row) or row for row in ROWS)
    data = ledger_bytes(Line, rows)
    assert drawn == ROWS
    assert parquet.ParquetFile(BytesIO(data)).metadata.num_row_groups == 3
    monkeypatch.undo()
    assert columns(parquet, data) == columns(parquet, ledger_bytes(Line, ROWS))


def test_equal_rows_give_equal_bytes(parquet):  # noqa: ARG001 -- pyarrow must be there
    assert ledger_bytes(Line, iter(ROWS)) == ledger_bytes(Line, ROWS)


def test_a_file_is_written_whole_and_not_in_vain(parquet, tmp_path):
    target = tmp_path / "汇总" / "措施台账.parquet"
    data = ledger_bytes(Line, ROWS)
    assert write_ledger(target, Line, data)
    assert parquet.read_table(target).num_rows == 5
    assert not write_ledger(target, Line, data)
    with pytest.raises(OutputError, match="这是文件夹"):
        write_ledger(tmp_path, Line, data)


class OtherLine(Row, sheet="会议台账", hint="一行一条。"):
    village_no = Column("村序号", Whole())


def foreign_table() -> bytes:
    """Return a table of somebody's own, with a column that is called as our mark is."""
    pa = pytest.importorskip("pyarrow")
    stream = BytesIO()
    pytest.importorskip("pyarrow.parquet").write_table(pa.table({"sheet": ["措施台账"]}), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "held",
    [
        "我的笔记".encode,
        lambda: b"",
        lambda: b"\xff" * 40 + b"PAR1",
        foreign_table,
        lambda: ledger_bytes(OtherLine, [(1,)]),
    ],
    ids=["text", "nothing", "broken", "foreign", "of another sheet"],
)
def test_a_file_that_is_no_ledger_of_ours_is_never_replaced(parquet, tmp_path, held):  # noqa: ARG001 -- pyarrow must be there
    target = tmp_path / "镇汇总-措施台账.parquet"
    target.write_bytes(held())
    assert not is_ledger(target, Line)
    with pytest.raises(
        OutputError, match=r"镇汇总-措施台账\.parquet：已经存在，不是以前汇总写出的"
    ):
        write_ledger(target, Line, ledger_bytes(Line, ROWS))
    assert target.read_bytes() == held()
    assert list(retired({target: Line})) == []
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_a_ledger_of_ours_is_known_and_replaced_by_a_newer_one(parquet, tmp_path):
    target = tmp_path / "镇汇总-措施台账.parquet"
    assert not is_ledger(target, Line)
    write_ledger(target, Line, ledger_bytes(Line, ROWS[:2]))
    assert is_ledger(target, Line)
    assert write_ledger(target, Line, ledger_bytes(Line, ROWS))
    assert parquet.read_table(target).num_rows == 5


def test_a_ledger_that_is_needless_is_put_out_of_the_way_and_told(parquet, tmp_path, monkeypatch):  # noqa: ARG001 -- pyarrow must be there
    target = tmp_path / "镇汇总-措施台账.parquet"
    data = ledger_bytes(Line, ROWS)
    write_ledger(target, Line, data)
    monkeypatch.setattr(columnar.Path, "replace", deny)
    assert list(retired({target: Line})) == [
        "镇汇总-措施台账.parquet 是以前写出的，现在不需要了，请移走。"
    ]
    monkeypatch.undo()
    assert list(retired({target: Line})) == [
        "以前的 镇汇总-措施台账.parquet 不需要了，改名为 镇汇总-措施台账.parquet.bak。"
    ]
    assert not target.exists()
    assert (tmp_path / "镇汇总-措施台账.parquet.bak").read_bytes() == data
    assert list(retired({target: Line})) == []


def deny(*_: object) -> None:
    raise PermissionError


def test_a_finished_file_must_hold_the_lines_and_sums_that_are_due(parquet):  # noqa: ARG001 -- pyarrow must be there
    due = {Line.funds: Decimal("15.5")}
    check_ledger(ledger_bytes(Line, ROWS), Line, 5, due)
    with pytest.raises(BalanceError, match="措施台账应有 5 行，Parquet 文件里是 4 行"):
        check_ledger(ledger_bytes(Line, ROWS[:4]), Line, 5, due)
    changed = [(1, "", 3.6, None, None), *ROWS[1:]]
    told = r"措施台账“计划资金”合计应是 15\.5，Parquet 文件里是 15\.6"
    with pytest.raises(BalanceError, match=told):
        check_ledger(ledger_bytes(Line, changed), Line, 5, due)


def test_every_sheet_of_a_rollup_has_a_name_of_its_own_for_each_column(parquet):
    for row in dict.fromkeys(row for rows in rollup.TABLES.values() for row in rows):
        names = parquet.read_schema(BytesIO(ledger_bytes(row, []))).names
        assert len(names) == len(set(names)), row.sheet


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"措施台账的行数超过.*pip install 'zhengdun\[parquet\]'"):
        ledger_bytes(Line, ROWS)


# -- beside a rollup ----------------------------------------------------------------------------


LONG = ["镇汇总-对账.parquet", "镇汇总-措施台账.parquet", "镇汇总-核查明细.parquet"]


@pytest.fixture
def lengthy(monkeypatch):
    """Make sheets too short for the example's 42 measures, 49 tallied sheets, 109 findings."""
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(rollup, "MOST_LINES", 41)
    return monkeypatch


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.glob("镇汇总*"))


def consolidated(work) -> flow.Outcome:
    return flow.consolidate([work / "村级工作簿"], work / "镇汇总.xlsx", DAY)


@pytest.mark.usefixtures("lengthy")
def test_where_the_books_place_is_refused_no_ledger_is_written(work, monkeypatch):
    target = work / "镇汇总.xlsx"
    honest = flow.results.spare
    calls = []

    def refuse_later(place, kind, *inputs):
        calls.append(place)
        if len(calls) > 1:  # somebody has put a file there while the villages were read
            target.write_bytes(b"mine")
        honest(place, kind, *inputs)

    monkeypatch.setattr(flow.results, "spare", refuse_later)
    with pytest.raises(OutputError, match="不是以前的汇总表"):
        consolidated(work)
    assert names(work) == ["镇汇总.xlsx"]
    assert target.read_bytes() == b"mine"


@pytest.mark.usefixtures("lengthy")
def test_a_strangers_file_in_a_ledgers_place_stops_the_whole_rollup(work):
    notes = work / LONG[1]
    notes.write_text("我的笔记", "utf-8")
    with pytest.raises(OutputError, match="不是以前汇总写出的措施台账，没有覆盖"):
        consolidated(work)
    assert names(work) == [LONG[1]]
    assert notes.read_text("utf-8") == "我的笔记"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda rows: rows[:3], "措施台账应有 42 行，Parquet 文件里是 3 行"),
        (lambda rows: [_dearer(rows[0]), *rows[1:]], "措施台账“计划资金”合计应是"),
    ],
    ids=["lines", "sum"],
)
def test_a_ledger_that_was_written_wrongly_is_not_published(work, lengthy, spoil, told):
    honest = columnar.ledger_bytes

    def spoiled(row, rows):
        return honest(row, spoil(list(rows)) if row is ledgers.MeasureLedger else rows)

    lengthy.setattr(columnar, "ledger_bytes", spoiled)
    with pytest.raises(BalanceError, match=told):
        consolidated(work)
    assert names(work) == []


def _dearer(line):
    """Return a line of the measures that costs 7 more, or 7 at all."""
    at = ledgers.MeasureLedger.columns.index(village.Measure.funds)
    return (*line[:at], (line[at] or 0) + 7, *line[at + 1 :])


@pytest.mark.usefixtures("lengthy")
def test_cards_of_lines_that_stand_beside_are_compared_all_the_same(work, monkeypatch):
    honest = figures.consolidate

    def bent(*given, **told):
        made = honest(*given, **told)
        at = [label for label, _ in rollup.CARDS].index("逾期")
        card = made.cards[at]
        wrong = Live(card.how, card.value + 1)
        return replace(made, cards=(*made.cards[:at], wrong, *made.cards[at + 1 :]))

    monkeypatch.setattr(figures, "consolidate", bent)
    with pytest.raises(BalanceError, match="“总览”的逾期应是 8，文件里是 9"):
        consolidated(work)
    assert names(work) == []


def test_ledgers_that_fit_their_sheets_again_leave_none_beside_the_book(work, lengthy):
    first = consolidated(work)
    assert names(work) == [*LONG, "镇汇总.xlsx"]
    assert [each.notes for each in first.written[1:]] == [("42 行。",), ("109 行。",), ("50 行。",)]
    lengthy.setattr(rollup, "MOST_LINES", 42)
    notes = consolidated(work).written[0].notes
    assert notes[1:] == (f"以前的 {LONG[1]} 不需要了，改名为 {LONG[1]}.bak。",)
    assert names(work) == [LONG[0], f"{LONG[1]}.bak", LONG[2], "镇汇总.xlsx", "镇汇总.xlsx.bak"]
    lengthy.undo()
    assert len(consolidated(work).written[0].notes) == 3
    assert names(work) == [*(f"{name}.bak" for name in LONG), "镇汇总.xlsx", "镇汇总.xlsx.bak"]
