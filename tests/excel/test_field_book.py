"""字段表 tells an office every column and dropdown, and leaves room for its word on each."""

import io

import openpyxl
import pytest

from toolkit import flow
from toolkit.excel.field_book import ADDED, FIRST_SHEET, LISTS_SHEET, OPINIONS, build_field_book
from toolkit.forms import township, village
from toolkit.schema.codelists import CodeList, Term
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import Form
from toolkit.schema.kinds import Choice, Code, Text, Whole

COLOURS = CodeList("颜色", (Term("R", "红", synonyms=("大红", "朱"), text="红颜色"), Term("黑")))


class Tool(Row, sheet="工具", key="number", hint="一件一行。", aliases=("器具", "家什")):
    number = Column("编号", Code("T00", how="从 T01 起。"), required=True)
    name = Column("名称", Text(example="锄头"), aliases=("叫法",), help="写通用的名字。")
    colour = Column("颜色", Choice(COLOURS))
    spare = Column("备件颜色", Choice(COLOURS))


class Shed(Row, sheet="库房", vertical=True, hint="一行一项。"):
    area = Column("面积", Whole("亩", example="2"), required=True, section="大小")
    paint = Column("外墙", Choice(COLOURS), section="外观")


FORM = Form("tools", "农具工作簿", "3.1.0", (Tool, Shed), "管农具。")
OTHER = Form("sheds", "库房工作簿", "1.0.2", (Shed,), "管库房。")


@pytest.fixture(scope="module")
def book():
    data = build_field_book({"农具": FORM, "库房簿": OTHER})
    return openpyxl.load_workbook(io.BytesIO(data))


BLANKS = ["增1", "增2", "增3", "增4", "增5", "增6"]


def lines(sheet):
    """Return the lines below the header as texts, "" for blank cells."""
    return [
        ["" if value is None else str(value) for value in line]
        for line in sheet.iter_rows(min_row=4, values_only=True)
    ]


def test_a_row_for_each_column_stands_under_the_bands_of_its_sheet_and_section(book):
    assert [line[:9] for line in lines(book["农具"])][:11] == [
        ["工具", *[""] * 8],
        ["", "工具", "（整张表）", "", "", "", "一件一行。", "", "器具、家什"],
        ["1", "工具", "编号", "编号、必填", "编号，如 T01", "", "从 T01 起。", "T01", ""],
        ["2", "工具", "名称", "", "文字", "", "写通用的名字。", "锄头", "叫法"],
        ["3", "工具", "颜色", "", "选一项，见“颜色”", "", "从下拉框选一项。", "R 红", ""],
        ["4", "工具", "备件颜色", "", "选一项，见“颜色”", "", "从下拉框选一项。", "R 红", ""],
        ["库房", *[""] * 8],
        ["", "库房", "（整张表）", "", "", "", "一行一项。", "", ""],
        ["库房　大小", *[""] * 8],
        ["5", "库房", "面积", "必填", "整数，不小于 0", "亩", "只填数字，不写单位。", "2", ""],
        ["库房　外观", *[""] * 8],
    ]


def test_every_entry_stands_under_its_list_which_tells_where_it_is_used(book):
    assert [line[:6] for line in lines(book[LISTS_SHEET])][:4] == [
        ["颜色", *[""] * 5],
        [
            *("", "颜色", "（整个列表）", "", ""),
            "农具“工具”：颜色、备件颜色；\n农具“库房”：外墙；\n库房簿“库房”：外墙",
        ],
        ["1", "颜色", "R 红", "红颜色", "大红、朱", ""],
        ["2", "颜色", "黑", "", "", ""],
    ]


def test_the_first_sheet_says_in_four_lines_what_to_do_and_which_versions_are_told(book):
    assert book.sheetnames == [FIRST_SHEET, "农具", "库房簿", LISTS_SHEET]
    sheet = book[FIRST_SHEET]
    said = [sheet.cell(at, 1).value for at in range(2, 6)]
    assert said == ["用途", "怎么提", "要增加", "交回"]
    assert all(str(sheet.cell(at, 2).value).endswith("。") for at in range(2, 6))
    assert [[cell.value for cell in line] for line in sheet.iter_rows(min_row=7, max_row=9)] == [
        ["工作簿", "全称", "版本", "工作表数", "栏目数", "其中必填"],
        ["农具", "农具工作簿", "3.1.0", 2, 6, 2],
        ["库房簿", "库房工作簿", "1.0.2", 1, 2, 1],
    ]
    assert sheet["A8"].hyperlink.location == "'农具'!A1"


@pytest.mark.parametrize("title", ["农具", "库房簿", LISTS_SHEET])
def test_each_row_but_a_band_has_blank_cells_for_the_offices_word(book, title):
    sheet = book[title]
    headers = [cell.value for cell in sheet[3]]
    assert headers[-3:] == ["意见", "修改为", "提出人"]
    at = headers.index("意见") + 1
    asked = {
        str(cells): validation.formula1
        for validation in sheet.data_validations.dataValidation
        for cells in validation.sqref.ranges
    }
    said, added = f'"{",".join(OPINIONS)}"', f'"{ADDED}"'
    expected = []
    for row in range(4, sheet.max_row + 1):
        number, of, *_ = (cell.value for cell in sheet[row])
        assert [sheet.cell(row, at + beside).value for beside in range(3)] == [None] * 3
        expected.append(said if of else added if number in BLANKS else None)
    assert [asked.get(sheet.cell(row, at).coordinate) for row in range(4, sheet.max_row + 1)] == (
        expected
    )
    assert expected[-6:] == [added] * 6


@pytest.mark.parametrize("title", ["农具", LISTS_SHEET])
def test_header_and_filter_stay_in_sight_and_on_every_sheet_of_paper(book, title):
    sheet = book[title]
    width = len(list(sheet[3]))
    assert sheet.freeze_panes == "D4"
    assert sheet.print_title_rows == "$3:$3"
    last = sheet.cell(sheet.max_row, width).coordinate
    assert sheet.auto_filter.ref == f"A3:{last}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_equal_forms_are_equal_bytes():
    assert build_field_book({"农具": FORM}) == build_field_book({"农具": FORM})


@pytest.mark.parametrize(
    ("title", "form"), [("村级工作簿", village.FORM), ("镇级工作簿", township.FORM)]
)
def test_the_office_is_asked_about_every_column_of_our_forms(title, form):
    sheet = openpyxl.load_workbook(io.BytesIO(flow.field_book()))[title]
    told = [(line[1], line[2]) for line in lines(sheet) if line[0].isdecimal()]
    assert told == [(row.sheet, column.header) for row in form.rows for column in row.columns]


def test_a_book_that_somebody_has_written_in_is_never_written_over(zhengdun, tmp_path):
    target = tmp_path / "字段表.xlsx"
    said = zhengdun("fields", "-o", target)
    assert (said.code, said.out) == (0, f"{target}\n")
    before = target.read_bytes()
    said = zhengdun("fields", "-o", target)
    assert said.code == 2
    assert "已经存在，没有覆盖" in said.err
    assert target.read_bytes() == before
    assert zhengdun("fields", "-o", tmp_path / "字段表.docx").code == 2


def test_a_check_takes_the_book_for_no_workbook_of_a_village(zhengdun, tmp_path):
    target = tmp_path / "字段表.xlsx"
    zhengdun("fields", "-o", target)
    said = zhengdun("check", target)
    assert said.code == 3
    assert "这是另一种标准工作簿" in said.err
