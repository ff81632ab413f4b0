"""The written rollup read back by the ordinary reader: all the records it was made from."""

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from paths import EXAMPLES
from rollup.township_drawn import AS_OF, UPPER, book, brought, called, made, terms_of, three_books

from toolkit import flow
from toolkit.cells import place
from toolkit.excel.opened import read_workbook
from toolkit.excel.read import understand
from toolkit.excel.rollup.book import build_rollup
from toolkit.forms import ledgers, rollup, village
from toolkit.gathering import gather
from toolkit.inbox import look
from toolkit.rollup.contributions import contribution_of, plain
from toolkit.rollup.figures import consolidate
from toolkit.rollup.past import past_in
from toolkit.rollup.proof import faults
from toolkit.schema.form import Identity
from toolkit.schema.totals import Rate

PLACES = len(ledgers.OF_VILLAGE)


def read(made_up, path):
    """Return a rollup that was written and is read back."""
    path.write_bytes(build_rollup(made_up))
    return read_workbook(path, (rollup.FORM,), counted=True)


def typed(value):
    """Return a value with its type; what shows nothing is nothing, a whole number is an int."""
    if value in ("", None):
        return None
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return type(value), value


def differences(back, contributions, ledger, first=PLACES):
    """Return the cells of a ledger that are not what the workbooks brought, with what was due.

    Each is compared by value and type; a text that a village's cell could not be read as is
    compared as it shows, for another reader may make something of it.
    """
    file = next(column for column in ledger.columns if column.header == ledgers.FILE.header)
    found = defaultdict(list)
    for row in back.rows(ledger):
        found[plain(row, file)].append(row)
    wrong = []
    for each in contributions:
        wanted, rows = each.lines[ledger.sheet], found.pop(each.name, [])
        if ledger is ledgers.FindingLine:
            wanted = sorted(wanted, key=repr)
            rows.sort(key=lambda row: repr(tuple(plain(row, c) for c in ledger.columns[first:])))
        if len(wanted) != len(rows):
            wrong.append((each.name, len(wanted), len(rows)))
        for line, row in zip(wanted, rows, strict=False):
            for column, value in zip(ledger.columns[first:], line, strict=True):
                held = plain(row, column)
                shown = isinstance(value, str) and row.field(column).seen == value
                if not isinstance(column, Rate) and typed(held) != typed(value) and not shown:
                    wrong.append((column.header, value, held, row.field(column)))
    return wrong + sorted(found)


def require_equal(back, contributions):
    """Require each ledger's rows to be what the workbooks have brought, value by value, typed."""
    for ledger in ledgers.LEDGERS.values():
        assert differences(back, contributions, ledger) == []
    assert differences(back, contributions, ledgers.FindingLine, len(ledgers.NAMED)) == []


def require_balanced(back):
    """Require each row of each sheet to be accounted for, and nothing to be left without place.

    The list of villages ends with a line of totals whose rate is no sum of those above; so that
    line alone may be a stray, and only whole.
    """
    astray = {(spot.sheet, place(spot.cell)[0]) for spot in back.strays}
    last = max((row.line for row in back.rows(rollup.Village)), default=3) + 1
    assert astray <= {(rollup.Village.sheet, last)}
    assert back.extra_sheets == ()
    assert len(back.tallies) == 19
    records = {
        sheet.title: len(sheet.rows) for row, sheet in back.sheets.items() if not row.vertical
    }
    for tally in back.tallies:
        assert tally.off == (), tally
        assert tally.own + tally.records + tally.aside + tally.loose == tally.rows, tally
        assert tally.loose == len([sheet for sheet, _ in astray if sheet == tally.sheet]), tally
        assert tally.independent
        if tally.sheet in records:
            assert tally.records == records[tally.sheet], tally


def test_the_drawn_townships_rollup_gives_back_what_it_was_made_from(tmp_path):
    back = read(made(), tmp_path / "镇汇总.xlsx")
    own, _ = brought(three_books())
    for ledger in ledgers.LEDGERS.values():
        assert differences(back, own, ledger) == []
    require_balanced(back)


@pytest.fixture(scope="module")
def examples():
    return gather(look([EXAMPLES]), AS_OF, workers=1)


def test_the_examples_rollup_gives_back_what_it_was_made_from(examples, tmp_path):
    target = tmp_path / "镇汇总.xlsx"
    flow.write_rollup(examples, AS_OF, target, "2022-10")
    back = read_workbook(target, (rollup.FORM,), counted=True)
    require_equal(back, examples.brought)
    require_balanced(back)
    again = tmp_path / "十一月.xlsx"
    before = flow.past_of(target)
    flow.write_rollup(examples, dt.date(2022, 11, 30), again, "2022-11", before)
    require_balanced(read_workbook(again, (rollup.FORM,), counted=True))


def test_whose_a_row_is_is_read_back_too(tmp_path):
    back = read(made(), tmp_path / "镇汇总.xlsx")
    told = {
        (row.village_no, row.village_code, row.village) for row in back.rows(ledgers.MeasureLedger)
    }
    assert told == {(1, "0201", "下河村"), (2, "0203", "上河村")}


def test_what_a_rollup_covers_is_read_back(tmp_path):
    back = read(made(town="青石镇", county="清河县"), tmp_path / "镇汇总.xlsx")
    (scope,) = back.rows(rollup.Scope)
    assert (scope.level, scope.county, scope.town) == ("镇", "清河县", "青石镇")
    assert (scope.year, scope.period, scope.as_of) == (2022, "2022-10", AS_OF)
    assert (scope.first_month, scope.cutoff_day, scope.month_before) == (5, 25, "上月末")
    assert scope.roster is True


def test_villages_and_files_are_read_back_with_their_figures(tmp_path):
    back = read(made(), tmp_path / "镇汇总.xlsx")
    figures = [
        (row.village, row.problems, row.measures, row.done, row.late, row.taken)
        for row in back.rows(rollup.Village)
    ]
    assert (
        figures
        == [
            ("下河村", 2, 3, 2, 1, "是"),
            ("上河村", 5, 6, 2, 2, "是"),
            ("柳树村", 0, 0, 0, 0, "否"),
            ("石门村", 0, 0, 0, 0, "是"),
            ("（镇级工作簿）", 0, 0, 0, 0, None),
        ]
        or figures[-1][0] == "（镇级工作簿）"
    )
    assert [row.fields["fate"].value for row in back.rows(rollup.SourceFile)] == [
        "已汇总",
        "已汇总（有必改项）",
        "已汇总",
        "未汇总：文件有密码",
    ]


def test_a_month_later_a_rollup_with_a_past_is_read_back_whole(tmp_path):
    past = past_in(read(made(as_of=dt.date(2022, 9, 30), month="2022-09"), tmp_path / "九月.xlsx"))
    back = read(made(past=past), tmp_path / "十月.xlsx")
    require_balanced(back)
    assert [row.period for row in back.rows(rollup.HistoryLine)] == ["2022-09", "2022-10"]


# -- a law --------------------------------------------------------------------------------------

_WORDS = st.sampled_from(
    [
        "P01",
        "P01-M01",
        "R10、L01",
        "已完成",
        "推进中",
        "合计",
        "小计",
        "2022年9月底前",
        "是",
        "王志远",
        "—",
        "=1+1",
        "+A1",
        "-2",
        "@x",
        "007",
        "1e5",
        "100%",
        "TRUE",
        "#REF!",
        "两行\n文字",
        "*",
        "<b>&amp;",
    ]
)
_CELLS = st.one_of(
    st.none(),
    _WORDS,
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
    st.integers(-9, 10**16),
    st.floats(-1e6, 1e9, allow_nan=False),
    st.dates(dt.date(2021, 1, 1), dt.date(2023, 12, 31)),
    st.booleans(),
)
_LEDGERED = tuple(ledgers.LEDGERS)


@st.composite
def _grid(draw, row):
    width = len(row.columns)
    rows = draw(st.lists(st.lists(_CELLS, min_size=width, max_size=width), max_size=4))
    return [[column.header for column in row.columns], *rows]


@st.composite
def villages(draw):
    """Return the cells of several villages' workbooks, whose ledgers hold whatever cells can."""
    found = []
    for at in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(["上河村", "=村", "合计", "柳树村"]))
        grids = {row.sheet: draw(_grid(row)) for row in _LEDGERED}
        grids["基本情况"] = [["年度", 2022], ["村代码", f"020{at}"], ["村名", name]]
        found.append(grids)
    return found


def understood(grids, at):
    """Return the workbook that some cells make."""
    identity = Identity(village.FORM.id, village.FORM.version, f"020{at}", "2022")
    return called(understand(grids, village.FORM, identity, path=""), f"{at}.xlsx", str(at))


@settings(
    max_examples=25,
    phases=[Phase.generate],  # to shrink villages takes minutes, and the cell at fault is told
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn_grids=villages())
def test_whatever_villages_write_is_read_back_as_it_went_in(tmp_path, drawn_grids):
    books = [understood(grids, at) for at, grids in enumerate(drawn_grids)]
    own = [contribution_of(each, (), AS_OF) for each in books]
    back = read(consolidate(own, (), terms_of()), tmp_path / "镇汇总.xlsx")
    require_equal(back, own)
    require_balanced(back)
    assert list(faults(back)) == []


def test_a_ledger_row_of_the_form_is_told_from_its_own_total(tmp_path):
    """A village whose measure is called 合计 has a record there, and no sum is set aside."""
    text = UPPER.replace("| 入股合作社 |", "| 合计 |")
    books = [book(text, "0203")]
    own, _ = brought(books)
    back = read(consolidate(own, (), terms_of()), tmp_path / "镇汇总.xlsx")
    require_equal(back, own)
