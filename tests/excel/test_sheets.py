"""The pen that new workbooks are written with."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from xlsxwriter.worksheet import Worksheet

from toolkit.errors import ToolkitError
from toolkit.excel.sheets import Book, Formula, Link, checked, new_book
from toolkit.excel.values import read_values
from toolkit.package import unzipped


def written(*contents):
    """Return the cells that contents become, one below the other."""
    book = new_book()
    page = book.page("甲")
    for row, content in enumerate(contents, 1):
        page.put(row, 1, content, book.style("text"))
    sheet = openpyxl.load_workbook(BytesIO(book.finished()))["甲"]
    return [sheet.cell(row, 1) for row in range(1, len(contents) + 1)]


@pytest.mark.parametrize("text", ["=1+1", "https://a.b", "{=1}", "007", "\tA"])
def test_text_is_written_as_text(text):
    (cell,) = written(text)
    assert (cell.value, cell.data_type) == (text, "s")


def test_numbers_days_and_formulas_keep_their_kind():
    cells = written(7, dt.date(2022, 4, 20), Formula("=1+1", 2), True, dt.date(1850, 1, 1), None)
    assert [cell.data_type for cell in cells] == ["n", "n", "f", "s", "s", "n"]
    assert [cells[3].value, cells[4].value, cells[5].value] == ["是", "1850-01-01", None]


def test_a_link_leads_to_a_sheet_of_the_same_book():
    (cell,) = written(Link("看", "甲"))
    assert (cell.value, cell.hyperlink.location) == ("看", "'甲'!A1")


def test_what_xml_cannot_hold_becomes_a_visible_mark():
    assert [cell.value for cell in written("a\x07b", "a\ud83db", "a\r\nb")] == [
        "a\ufffdb",
        "a\ufffdb",
        "a\nb",
    ]


def test_a_text_too_long_for_a_cell_is_refused_with_its_place():
    written("长" * 32_767)
    with pytest.raises(ToolkitError, match="甲!A1"):
        written("长" * 32_768)


def test_what_the_library_did_not_write_is_an_error():
    with pytest.raises(ToolkitError, match="代码 -1"):
        checked(-1, "甲!A1")


def test_what_the_library_declines_is_never_lost_in_silence():
    with pytest.raises(ToolkitError, match="“物品!B3”写不进工作簿"):
        Book(_Deaf(), BytesIO(), object).page("物品").put(3, 2, None, None)


def test_the_library_has_the_step_that_our_sheets_pass_over():
    assert "_prepare_formula" in vars(Worksheet)
    book = new_book()
    book.page("表").put(1, 1, Formula("=SUM(B1:B2)", 3), None)
    assert b"<f>SUM(B1:B2)</f><v>3</v>" in unzipped(book.finished())["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize(
    "text", ["<r>& x</r>", "<r></r>", "<r><t>甲</t></r>", "<r>甲\n乙</r>", "<r>x", " <r>甲</r>"]
)
def test_what_looks_like_the_librarys_markup_is_text_like_any_other(text):
    book = new_book()
    page = book.page("表")
    page.put(1, 1, text, book.style("text"))
    page.put(2, 1, "下一格", book.style("text"))
    grid = read_values(book.finished()).grids["表"]
    assert [line[0] for line in grid] == [text, "下一格"]


class _Deaf:
    """A workbook that takes nothing."""

    def add_worksheet(self, _title, _class):
        return self

    def write_blank(self, *_arguments):
        return -1
