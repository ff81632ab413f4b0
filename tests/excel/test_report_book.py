"""A check as a workbook: figures by file and rule, every finding with a link to its cell."""

import datetime as dt
import subprocess
import zipfile
from io import BytesIO

import openpyxl
import pytest
from paths import office, tool

from toolkit.errors import OtherFormError
from toolkit.excel import report_book
from toolkit.excel.links import link_to
from toolkit.excel.opened import open_workbook
from toolkit.excel.report_book import build_report
from toolkit.findings import Finding, Level
from toolkit.forms import village
from toolkit.report import CheckReport, FileStatus, RulePage

DAY = dt.date(2022, 10, 31)
UPPER, LOWER = "村级工作簿/0203-上河村-2022.xlsx", "村级工作簿/0204-下河村-2022.xlsx"
FILES = (
    FileStatus(UPPER, "read", "上河村", "WPS 11.2"),
    FileStatus(LOWER, "read", "下河村", "Microsoft Excel 16.0"),
    FileStatus("村级工作簿/空.xlsx", "unreadable", reason="是空文件。"),
    FileStatus("村级工作簿/~$0203.xlsx", "skipped", reason="锁文件"),
)
RULES = {
    code: RulePage(code, "name", level, "生效", fault, "为什么", "怎么改")
    for code, level, fault in (
        ("L101", Level.ERROR, "工作簿缺少规定的工作表。"),
        ("C202", Level.ERROR, "单元格里的内容无法读取。"),
        ("D505", Level.WARNING, "措施已过时限，还没有办结。"),
    )
}
WAYS = {UPPER: f"../{UPPER}", LOWER: f"../{LOWER}", FILES[2].path: f"../{FILES[2].path}"}


def finding(file, village, rule, cells=("G7",), **parts):
    usual = {
        "sheet": "整改措施",
        "header": "完成时限",
        "level": RULES[rule].level,
        "seen": "10月分前",
        "message": "读不出完成时限",
        "fix": "写日期或“2022年10月底前”。",
    }
    return Finding(file=file, village=village, rule=rule, cells=cells, **{**usual, **parts})


FINDINGS = (
    finding(UPPER, "上河村", "C202", cells=("G7", "G8", "B9")),
    finding(UPPER, "上河村", "D505", cells=("G9",), accepted=True),
    finding(LOWER, "下河村", "D505", cells=("G4",), level=Level.INFO),
    finding(LOWER, "下河村", "L101", cells=(), header="", seen="", message="缺少“整改措施”表"),
)
REPORT = CheckReport(FILES, FINDINGS, DAY)


def built(report=REPORT, ways=WAYS):
    return build_report(report, RULES, ways)


def opened(data, *, values=True):
    return openpyxl.load_workbook(BytesIO(data), data_only=values)


def rows(sheet, first):
    """Return the rows of a sheet from one on, blank cells as ''."""
    return [
        ["" if value is None else value for value in line]
        for line in sheet.iter_rows(min_row=first, values_only=True)
    ]


# -- what stands where


def test_the_overview_counts_by_file_and_says_what_became_of_each():
    sheet = opened(built())["概况"]
    assert sheet["A1"].value == "核对结果（核对日期：2022年10月31日）"
    assert rows(sheet, 6) == [
        ["村名", "文件", "状态", "必改", "提醒", "提示", "已说明", "编辑软件", "说明"],
        ["上河村", "0203-上河村-2022.xlsx", "已读取", 1, 1, 0, 1, "WPS 11.2", ""],
        ["下河村", "0204-下河村-2022.xlsx", "已读取", 1, 0, 1, 0, "Microsoft Excel 16.0", ""],
        ["", "空.xlsx", "读不了", "", "", "", "", "", "是空文件。"],
        ["", "~$0203.xlsx", "跳过", "", "", "", "", "", "锁文件"],
        ["合计", "", "", 2, 1, 1, 1, "", ""],
    ]
    assert rows(sheet, 3)[:2] == [
        ["已读取", "读不了", "跳过", "必改", "提醒", "提示", "已说明", "", ""],
        [2, 1, 1, 2, 1, 1, 1, "", ""],
    ]


def test_a_file_without_a_fault_is_told_so():
    sheet = opened(built(CheckReport(FILES[:1], (), DAY)))["概况"]
    assert rows(sheet, 7)[0][3:] == [0, 0, 0, 0, "WPS 11.2", "没有查出问题"]


def test_rules_are_counted_by_findings_cells_and_villages():
    sheet = opened(built())["按规则"]
    assert rows(sheet, 3) == [
        ["规则", "级别", "查什么", "条数", "单元格数", "村数", "涉及的村"],
        ["L101", "必改", "工作簿缺少规定的工作表。", 1, 0, 1, "下河村"],
        ["C202", "必改", "单元格里的内容无法读取。", 1, 3, 1, "上河村"],
        ["D505", "提醒、提示", "措施已过时限，还没有办结。", 2, 2, 2, "上河村、下河村"],
        ["合计", "", "", 4, 5, "", ""],
    ]


def test_of_many_villages_the_first_ten_are_named():
    many = tuple(finding(UPPER, f"{n:02}村", "C202") for n in range(1, 13))
    (line,) = [
        row for row in rows(opened(built(CheckReport(FILES, many, DAY)))["按规则"], 4) if row[5]
    ]
    assert line[5:] == [
        12,
        "01村、02村、03村、04村、05村、06村、07村、08村、09村、10村等 12 个村",
    ]


def test_every_finding_has_a_line_with_what_to_do():
    sheet = opened(built())["明细"]
    assert rows(sheet, 3)[0] == [
        *("级别", "村名", "文件", "工作表", "单元格", "栏目", "现在填的", "问题", "怎么改"),
        *("规则", "是否已说明"),
    ]
    first, second, _, last = rows(sheet, 4)
    assert first == [
        *("必改", "上河村", "0203-上河村-2022.xlsx", "整改措施", "G7:G8、B9", "完成时限"),
        *("10月分前", "读不出完成时限", "写日期或“2022年10月底前”。", "C202", ""),
    ]
    assert (second[0], second[-1]) == ("提醒", "是")
    assert last[3:8] == ["整改措施", "整张表", "", "", "缺少“整改措施”表"]


def test_a_finding_on_a_whole_file_says_so():
    whole = finding(LOWER, "下河村", "L101", cells=(), sheet="", header="")
    line = rows(opened(built(CheckReport(FILES, (whole,), DAY)))["明细"], 4)[0]
    assert line[3:5] == ["", "整个文件"]


def test_without_findings_both_lists_say_that_nothing_was_found():
    book = opened(built(CheckReport(FILES[:1], (), DAY)))
    assert rows(book["明细"], 4) == [["", "", "", "", "", "", "", "没有查出问题。", "", "", ""]]
    assert rows(book["按规则"], 4) == [
        ["", "", "没有查出问题。", "", "", "", ""],
        ["合计", "", "", 0, 0, "", ""],
    ]


# -- sums


def test_sums_are_live_and_hold_their_values():
    book = opened(built(), values=False)
    overview, by_rule = book["概况"], book["按规则"]
    assert [cell.value for cell in overview[11]][3:7] == [
        f"=SUM(${letter}$7:${letter}$10)" for letter in "DEFG"
    ]
    assert [cell.value for cell in overview[4]][:4] == [
        '=COUNTIF($C$7:$C$10,"已读取")',
        '=COUNTIF($C$7:$C$10,"读不了")',
        '=COUNTIF($C$7:$C$10,"跳过")',
        "=SUM($D$7:$D$10)",
    ]
    assert [by_rule["D7"].value, by_rule["E7"].value] == ["=SUM($D$4:$D$6)", "=SUM($E$4:$E$6)"]


@pytest.mark.office
def test_the_office_suite_reckons_the_same_sums(tmp_path):
    source = tmp_path / "核对结果.xlsx"
    source.write_bytes(built())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [
            office(),
            profile,
            "--headless",
            "--convert-to",
            "ods:calc8",
            "--outdir",
            tmp_path,
            source,
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    subprocess.run(
        [
            *(office(), profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"),
            *("--outdir", tmp_path / "neu", tmp_path / "核对结果.ods"),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    again = openpyxl.load_workbook(tmp_path / "neu" / "核对结果.xlsx", data_only=True)
    assert [cell.value for cell in again["概况"][4]][:7] == [2, 1, 1, 2, 1, 1, 1]
    assert [again["按规则"]["D7"].value, again["按规则"]["E7"].value] == [4, 5]


# -- links


def links(sheet):
    return {
        cell.coordinate: (cell.hyperlink.target, cell.hyperlink.location)
        for line in sheet.iter_rows()
        for cell in line
        if cell.hyperlink
    }


def test_a_finding_leads_to_where_something_is_to_be_done_not_to_what_it_is_compared_with():
    found = finding(UPPER, "上河村", "C202", cells=("M5",), beside=("J5",))
    sheet = opened(built(CheckReport(FILES, (found,), DAY)))["明细"]
    assert sheet["E4"].value == "M5"
    assert sheet["H4"].value.endswith("\n单元格：M5（对照 J5）")
    assert links(sheet)["E4"][1] == "'整改措施'!M5"


def test_each_finding_leads_to_its_first_cell_and_one_without_cells_to_its_file():
    upper, lower = (way.replace("/", "\\") for way in (WAYS[UPPER], WAYS[LOWER]))
    assert links(opened(built())["明细"]) == {
        "E4": (upper, "'整改措施'!G7"),
        "E5": (upper, "'整改措施'!G9"),
        "E6": (lower, "'整改措施'!G4"),
        "E7": (lower, None),
    }


def test_the_overview_leads_to_every_file_that_there_is_a_way_to():
    assert set(links(opened(built())["概况"])) == {"B7", "B8", "B9"}
    assert links(opened(built(ways={}))["概况"]) == {}


def test_links_beyond_the_limit_are_plain_text_and_said_so(monkeypatch):
    monkeypatch.setattr(report_book, "MOST_LINKS", 3)
    sheet = opened(built())["明细"]
    assert set(links(sheet)) == {"E4", "E5", "E6"}
    assert sheet["E7"].value == "整张表"
    assert sheet["A2"].value.endswith("Excel 的链接有上限，后面 1 处没有做成链接。")


@pytest.mark.parametrize(
    ("way", "place", "link"),
    [
        ("上河村.xlsx", "'it''s'!A1", "external:上河村.xlsx#'it''s'!A1"),
        ("上 河#村%.xlsx", "", "external:上%20河%23村%25.xlsx"),
        ("", "'整改措施'!A1", ""),
        ("村" * 256, "", ""),
        ("村" * 255, "", f"external:{'村' * 255}"),
        ("村.xlsx", "'" + "表" * 255 + "'!A1", ""),
        (b"\xb4\xe5.xlsx".decode("utf-8", "surrogateescape"), "", ""),
        ("村.xlsx", "'表\ud83d'!A1", ""),
    ],
)
def test_a_link_is_spelled_so_that_excel_takes_it_or_is_left_out(way, place, link):
    assert link_to(way, place) == link


# -- safety and looks


def test_nothing_from_a_workbook_becomes_a_formula_or_a_link():
    evil = FileStatus("村级工作簿/=1+1.xlsx", "read", "=HYPERLINK(1)", "@SUM(1)")
    found = finding(
        evil.path,
        "=cmd|' /C calc'!A1",
        "C202",
        sheet="=1",
        header="+1",
        seen="http://x.example",
        message="-1",
        fix="\x07响",
    )
    book = opened(built(CheckReport((evil,), (found,), DAY)), values=False)
    cells = [
        *(cell for cell in book["概况"][7] if isinstance(cell.value, str)),
        *(cell for cell in book["明细"][4] if isinstance(cell.value, str)),
    ]
    assert {cell.data_type for cell in cells} == {"s"}
    assert links(book["明细"]) == {}
    assert book["明细"]["I4"].value == "\ufffd响"


def test_a_village_named_like_a_formula_or_markup_is_text_wherever_it_stands():
    name = "=1+1|<b>"
    file = FileStatus("册.xlsx", "read", name)
    data = built(CheckReport((file,), (finding("册.xlsx", name, "C202"),), DAY))
    book = opened(data, values=False)
    cells = [book["概况"]["A7"], book["按规则"]["G4"], book["明细"]["B4"]]
    assert [(cell.value, cell.data_type) for cell in cells] == [(name, "s")] * 3


def test_equal_reports_are_equal_bytes():
    assert built() == built()


def test_a_later_check_takes_the_report_for_no_workbook_handed_in(tmp_path):
    path = tmp_path / "核对结果.xlsx"
    path.write_bytes(built())
    with pytest.raises(OtherFormError):
        open_workbook(path, (village.FORM,))


def test_the_lists_can_be_filtered_scrolled_and_printed():
    book = opened(built())
    assert [(sheet.auto_filter.ref, sheet.freeze_panes) for sheet in book] == [
        ("A6:I10", "C7"),
        ("A3:G6", "B4"),
        ("A3:K7", "C4"),
    ]
    for sheet in book:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, setup.fitToHeight) == (True, 0)
    assert book["明细"].print_title_rows == "$3:$3"


def test_a_row_is_as_high_as_its_longest_text_needs():
    long = finding(UPPER, "上河村", "C202", message="读" * 60)
    sheet = opened(built(CheckReport(FILES, (long, FINDINGS[0]), DAY)))["明细"]
    assert sheet.row_dimensions[4].height >= 4 * 14  # 120 half-widths in a column of 32
    assert sheet.row_dimensions[5].height < sheet.row_dimensions[4].height
    assert sheet["H4"].alignment.wrap_text


def test_the_package_is_as_the_standard_says(tmp_path):
    path = tmp_path / "核对结果.xlsx"
    path.write_bytes(built())
    assert tool("ooxml_validate").Validator().check(path) == []
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
