"""A comparison as a workbook: a line for each difference, each with the way to its cell."""

from io import BytesIO

import openpyxl
import pytest
from paths import tool

from toolkit.differences import Comparison, Difference
from toolkit.errors import OtherFormError
from toolkit.excel import diff_book
from toolkit.excel.diff_book import build_differences
from toolkit.excel.opened import open_bytes
from toolkit.forms import village

EDIT = Difference("修改", "整改措施", "P01-M02", "责任人", "王志远", "李明", "E7")
ADDED = Difference("新增", "存在问题", "P05", after="=1+1", cell="A9")
GONE = Difference("删除", "整改措施", "P01-M09", before="修路", cell="A12", in_old=True)
COMPARISON = Comparison("旧.xlsx", "新.xlsx", "上河村", (EDIT, ADDED, GONE), ("一句话。",))
HEADERS = ["工作表", "编号", "栏目", "变化", "原来", "现在", "单元格", "在哪个文件"]


def built(comparison=COMPARISON, ways=("../旧/旧.xlsx", "新.xlsx")):
    return build_differences(comparison, *ways)


def sheet_of(data):
    return openpyxl.load_workbook(BytesIO(data))["对比结果"]


def links(data):
    cells = (cell for line in sheet_of(data).iter_rows() for cell in line if cell.hyperlink)
    return {cell.coordinate: (cell.hyperlink.target, cell.hyperlink.location) for cell in cells}


def rows(data):
    return [
        ["" if value is None else value for value in line]
        for line in sheet_of(data).iter_rows(min_row=3, values_only=True)
    ]


def test_every_difference_has_its_line():
    assert rows(built()) == [
        HEADERS,
        ["整改措施", "P01-M02", "责任人", "修改", "王志远", "李明", "E7", "新文件"],
        ["存在问题", "P05", "", "新增", "", "=1+1", "A9", "新文件"],
        ["整改措施", "P01-M09", "", "删除", "修路", "", "A12", "旧文件"],
        [""] * 8,
        ["一句话。", *[""] * 7],
    ]


def test_what_a_village_has_typed_stays_a_text():
    cell = sheet_of(built())["F5"]
    assert (cell.value, cell.data_type, cell.number_format) == ("=1+1", "s", "@")


def test_the_first_lines_say_which_files_and_how_many_differences():
    sheet = sheet_of(built())
    assert sheet["A1"].value == "上河村工作簿对比结果"
    assert sheet["A2"].value == (
        "旧文件：旧.xlsx；新文件：新.xlsx。共 3 处不同：修改 1，新增 1，删除 1。"
    )
    assert sheet_of(built(Comparison("甲", "乙", "", ())))["A1"].value == "工作簿对比结果"


def test_a_cell_leads_to_the_file_it_is_in():
    assert links(built()) == {
        "G4": ("新.xlsx", "'整改措施'!E7"),
        "G5": ("新.xlsx", "'存在问题'!A9"),
        "G6": (r"..\旧\旧.xlsx", "'整改措施'!A12"),
    }


def test_without_a_way_to_the_files_the_address_stands_there_as_text():
    data = built(ways=("", ""))
    assert links(data) == {}
    assert rows(data)[1][6] == "E7"


def test_more_links_than_excel_can_hold_are_not_written(monkeypatch):
    monkeypatch.setattr(diff_book, "MOST_LINKS", 2)
    assert list(links(built())) == ["G4", "G5"]


def test_differences_of_several_villages_name_the_village_first():
    edit = Difference(
        "延期", "措施台账", "P01-M02", "完成时限", "10月", "12月", "J7", village="石门村"
    )
    table = rows(built(Comparison("9.xlsx", "10.xlsx", "青石镇", (edit,))))
    assert table[0] == ["村名", *HEADERS]
    assert table[1][:3] == ["石门村", "措施台账", "P01-M02"]


def test_where_nothing_differs_the_table_says_so():
    assert rows(built(Comparison("甲.xlsx", "乙.xlsx", "上河村", ())))[1] == [
        *("", "", "", "", "没有不同。", "", "", "")
    ]


def test_it_can_be_filtered_scrolled_and_printed():
    sheet = sheet_of(built())
    assert sheet.auto_filter.ref == "A3:H6"
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert "第 &P 页 共 &N 页" in sheet.oddFooter.right.text


def test_a_long_content_is_quoted_where_it_differs_and_the_row_is_high_enough():
    text = "甲" * 400
    long = Difference("修改", "整改措施", "P01-M01", "措施内容", text + "一", text + "二", "C4")
    data = built(Comparison("旧", "新", "", (long,)))
    assert rows(data)[1][4:6] == ["…甲甲甲甲甲甲甲甲一", "…甲甲甲甲甲甲甲甲二"]
    more = Difference("新增", "整改措施", "P01-M01", after="乙" * 290, cell="C4")
    high = sheet_of(built(Comparison("旧", "新", "", (more,)))).row_dimensions[4].height
    assert high >= 14 * 580 / 42


def test_the_same_comparison_gives_the_same_bytes():
    assert built() == built()


def test_nobody_can_hand_it_in_as_a_workbook(tmp_path):
    with pytest.raises(OtherFormError):
        open_bytes(built(), tmp_path / "对比.xlsx", (village.FORM,))


def test_it_is_a_sound_workbook(tmp_path):
    path = tmp_path / "对比.xlsx"
    path.write_bytes(built())
    assert tool("ooxml_validate").Validator().check(path) == []
