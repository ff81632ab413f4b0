"""The product against a slow reader of its own kind: no cell and no record differs."""

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import CHECKOUT, EXAMPLES, SHARED
from said import said
from slow_path import by_address, differences, shown, slow_cells

from toolkit.cells import Raw
from toolkit.excel.blank import build_workbook
from toolkit.excel.gate.percents import as_percents
from toolkit.excel.gate.preflight import preflight
from toolkit.excel.gate.refusal import Refusal
from toolkit.excel.opened import open_workbook
from toolkit.excel.read import understand
from toolkit.excel.values import read_values
from toolkit.forms import township, village
from toolkit.schema.columns import Column
from toolkit.schema.form import Identity
from toolkit.schema.kinds import Day
from toolkit.schema.workbook import Spot, Workbook

FORMS = (village.FORM, township.FORM)
NAME = "0203-上河村-2022.xlsx"
CORPUS = SHARED / "corpus"
OURS = [*sorted(EXAMPLES.rglob("*.xlsx")), *sorted((CHECKOUT / "templates").glob("*.xlsx"))]
RESULTS = {
    "镇汇总.xlsx",
    "核对结果.xlsx",
    "发放登记-2022.xlsx",
    "整顿台账.xlsx",
}  # which no one reads
FILLED_IN = [path for path in OURS if path.name not in RESULTS]


def quick_cells(data: bytes) -> dict[str, dict[str, Raw]]:
    """What the product's gate and reader see in a workbook, whoever it is from."""
    gate = preflight(data)
    percents: dict[str, list[str]] = {}
    for title, address in gate.percents():
        percents.setdefault(title, []).append(address)
    return {
        title: by_address(as_percents(grid, percents.get(title, ())))
        for title, grid in read_values(gate.readable).grids.items()
    }


def odd_cells(data: bytes) -> list[tuple[str, str, Raw, Raw]]:
    """Where the two readers differ: sheet, cell, what the quick one saw, what the slow one saw."""
    quick, slow = quick_cells(data), slow_cells(data)
    return [
        (title, *difference)
        for title in sorted(quick.keys() | slow.keys())
        for difference in differences(
            quick.get(title, {}), slow[title].cells if title in slow else {}
        )
    ]


def slowly_read(data: bytes, like: Workbook) -> Workbook:
    """The workbook as the form makes it of the slow reader's cells."""
    slow = slow_cells(data)
    return understand(
        {title: sheet.grid() for title, sheet in slow.items()},
        like.form,
        like.identity,
        path=like.path,
        merged={title: sheet.merged for title, sheet in slow.items()},
    )


# -- every workbook at hand


def test_there_are_workbooks_to_compare():
    assert {path.name for path in OURS} >= {"镇汇总.xlsx", "村级工作簿.xlsx", NAME}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_every_cell_of_our_own_workbooks_is_what_the_slow_path_reads(path):
    assert odd_cells(path.read_bytes()) == []


@pytest.mark.parametrize("path", FILLED_IN, ids=lambda path: path.name)
def test_every_record_of_our_own_workbooks_is_what_the_slow_path_reads(path):
    book = open_workbook(path, FORMS).read()
    assert sum(len(sheet.rows) for sheet in book.sheets.values()) > 0
    assert said(book, shown) == said(slowly_read(path.read_bytes(), book))


def foreign() -> list[Path]:
    """The workbooks of the corpus that WPS saved or that all readers bear, the largest left out."""
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as table:
        lines = list(csv.DictReader(table, delimiter="\t"))
    return [
        CORPUS / line["file"]
        for line in lines
        if line["group"] in ("wps", "ok")
        and line["file"].endswith((".xlsx", ".xlsm"))
        and line["openpyxl"] == "ok"
        and int(line["openpyxl_cells"] or 0) < 20_000
        and int(line["bytes"]) < 100_000
    ]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_every_cell_of_foreign_workbooks_is_what_the_slow_path_reads():
    odd = {}
    compared = 0
    for path in foreign():
        data = path.read_bytes()
        try:
            preflight(data, path.suffix)
        except Refusal:
            continue
        compared += 1
        if found := odd_cells(data):
            odd[path.name] = found[:5]
    assert odd == {}
    assert compared >= 50


# -- workbooks filled at random

pieces = st.lists(
    st.sampled_from(
        (
            *("党", "𠮷", "、", "＝", '"', "<b>", "&#65;", "_x0041_", "_x000D_"),
            *(" ", "\n", "\u3000", "\xa0", "\u200b"),
            *("0203", "P01-M01", "10月底前", "约20公里", "1e5"),
        )
    ),
    min_size=1,
    max_size=6,
).map("".join)
days = st.dates(dt.date(1950, 1, 1), dt.date(2099, 12, 31))
numbers = st.one_of(
    st.integers(-(10**14), 10**14),
    st.integers(-(10**9), 10**9).map(lambda hundredths: hundredths / 100),
)


def contents(column: Column) -> st.SearchStrategy[Raw]:
    """What may be filled in; a number shown as a day is one that readers round as they like."""
    return pieces | days if isinstance(column.kind, Day) else pieces | days | numbers


measures = st.lists(
    st.fixed_dictionaries(
        {}, optional={column.name: contents(column) for column in village.Measure.columns}
    ),
    max_size=5,
)
profiles = st.fixed_dictionaries(
    {"year": st.just(2022), "village": pieces}, optional={"area": pieces | days | numbers}
)


@settings(max_examples=8, deadline=None)
@given(measures, profiles)
def test_whatever_is_filled_in_both_readers_make_the_same_records_of_it(rows, profile):
    identity = Identity(village.FORM.id, village.FORM.version, "0203", "2022")
    filling = {village.Measure: rows, village.Profile: [profile]}
    data = build_workbook(village.FORM, identity, filling)
    assert odd_cells(data) == []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, NAME)
        path.write_bytes(data)
        book = open_workbook(path, FORMS).read()
    assert said(book, shown) == said(slowly_read(data, book))


# -- the cells in which readers are known to differ


MOMENT = dt.datetime.fromisoformat("2022-04-20 09:30")


def tricky(**options: object) -> bytes:
    """A sheet of contents that one reader or another is known to read wrongly."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, **options})
    bold, iso = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("表")
    for row, number in enumerate((27, 31, 36, 50, 57, 58), 1):
        chinese = book.add_format({"num_format": number})
        sheet.write_datetime(f"A{row}", dt.date(2022, 10, 31), chinese)
    sheet.write_datetime("B1", dt.date(2022, 4, 20), iso)
    sheet.write_datetime("B2", MOMENT, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    sheet.write_datetime("B3", dt.time(14, 30), book.add_format({"num_format": "hh:mm"}))
    sheet.write_number("B4", 1.25, book.add_format({"num_format": "[h]:mm"}))
    sheet.write_string("C1", "第一行\n第二行")
    sheet.write_string("C2", "_x0041_")  # the writer escapes it: this very text is meant
    sheet.write_string("C3", "甲\x07乙")
    sheet.write_rich_string("C4", "把", bold, "台账", "建好")
    sheet.write_string("C5", "0203")
    sheet.write_string("C6", "  ")
    sheet.write_number("D1", 0.855, book.add_format({"num_format": "0.0%"}))
    sheet.write_number("D5", 1, book.add_format({"num_format": 9}))  # 0%, by its number alone
    sheet.write_number("D6", 35, book.add_format({"num_format": '0"%"'}))
    sheet.write_string("D7", "35%", book.add_format({"num_format": "0%"}))
    sheet.write_number("D2", 1234.567890123456)
    sheet.write_boolean("D3", True)
    sheet.write_number("D4", 1)
    sheet.write_formula("E1", "=1/0", None, "#DIV/0!")
    sheet.write_formula("E2", "=NA()", None, "#N/A")
    sheet.write_formula("E3", "=1+1", None, 2)
    sheet.merge_range("F1:F3", "合并")
    sheet.write_comment("F5", "批注不是内容")
    book.close()
    return file.getvalue()


SHOWN = {
    **{f"A{row}": dt.date(2022, 10, 31) for row in range(1, 7)},
    "B1": dt.date(2022, 4, 20),
    "B2": MOMENT,
    "B3": dt.time(14, 30),
    "B4": dt.timedelta(hours=30),
    "C1": "第一行\n第二行",
    "C2": "_x0041_",
    "C3": "甲\x07乙",
    "C4": "把台账建好",
    "C5": "0203",
    "D1": "85.5%",
    "D5": "100%",
    "D6": 35.0,
    "D7": "35%",
    "D2": 1234.567890123456,
    "D3": True,
    "D4": 1.0,
    "E3": 2.0,
    "F1": "合并",
}


@pytest.mark.parametrize("options", [{}, {"date_1904": True}], ids=["1900", "1904"])
def test_both_readers_see_what_stands_in_the_cells_that_mislead_readers(options):
    data = tricky(**options)
    assert differences(quick_cells(data)["表"], SHOWN) == []
    assert differences(slow_cells(data)["表"].cells, SHOWN) == []


def told(spots: tuple[Spot, ...]) -> dict[str, str]:
    return {spot.cell: spot.text for spot in spots}


def test_errors_and_merged_cells_are_told_by_gate_and_slow_path_alike():
    data = tricky()
    slow = slow_cells(data)["表"]
    assert slow.errors == {"E1": "#DIV/0!", "E2": "#N/A"}
    assert told(preflight(data).facts().errors) == slow.errors
    assert slow.merged == (((0, 5), (2, 5)),)
    assert tuple(read_values(data).merged["表"]) == slow.merged


def test_a_link_on_a_blank_cell_and_a_formula_without_result_show_nothing():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "措施编号"
    sheet["A2"].hyperlink = "https://example.org/"
    sheet["A2"].value = None
    sheet["A2"].number_format = "@"  # else it is not saved at all
    sheet["A3"] = "=1+1"
    file = io.BytesIO()
    book.save(file)
    assert openpyxl.load_workbook(file).active["A2"].value == "https://example.org/"  # the trap
    assert quick_cells(file.getvalue()) == {"Sheet": {"A1": "措施编号"}}
    slow = slow_cells(file.getvalue())["Sheet"]
    assert (slow.cells, slow.unreckoned) == ({"A1": "措施编号"}, {"A3"})
    assert told(preflight(file.getvalue()).facts().errors) == {"A3": "公式还没有结果"}


def test_the_slow_path_does_not_take_true_for_one():
    assert differences({"A1": True}, {"A1": 1.0}) == [("A1", True, 1.0)]
    assert differences({"A1": 1}, {"A1": 1.0, "B2": "甲"}) == [("B2", None, "甲")]
