"""Ledgers as Parquet: typed columns, and nothing lost of what somebody wrote."""

import datetime as dt
import sys
from io import BytesIO

import pytest

from toolkit import columnar
from toolkit.columnar import ledger_bytes, write_ledger
from toolkit.errors import OutputError, UsageError
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Day, Number, Percent, Text, Whole


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
    assert write_ledger(target, Line, ROWS)
    assert parquet.read_table(target).num_rows == 5
    assert not write_ledger(target, Line, ROWS)
    with pytest.raises(OutputError, match="这是文件夹"):
        write_ledger(tmp_path, Line, ROWS)


def test_every_sheet_of_a_rollup_has_a_name_of_its_own_for_each_column(parquet):
    from toolkit.forms import rollup  # noqa: PLC0415 -- its tables alone are asked

    for row in dict.fromkeys(row for rows in rollup.TABLES.values() for row in rows):
        names = parquet.read_schema(BytesIO(ledger_bytes(row, []))).names
        assert len(names) == len(set(names)), row.sheet


def test_without_pyarrow_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"措施台账的行数超过.*pip install 'zhengdun\[parquet\]'"):
        ledger_bytes(Line, ROWS)
