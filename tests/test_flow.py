"""The composer: what lies where, and which parameters it is judged by."""

import openpyxl
from python_calamine import CalamineWorkbook
from worked import write

from toolkit import flow
from toolkit.demo import DAY, example_township
from toolkit.findings import Level
from toolkit.forms import township
from toolkit.inbox import open_inbox
from toolkit.schema.form import vertical_row


def test_a_single_file_is_not_asked_where_the_other_villages_are(work):
    one = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    report = flow.check([one], DAY)
    assert [file.path for file in report.files] == [str(one)]
    assert not any(finding.rule == "T701" for finding in report.findings)
    one.rename(work / one.name)
    whole = flow.check([work / "村级工作簿"], DAY)
    assert [finding.rule for finding in whole.findings if finding.rule == "T701"] == ["T701"]


def test_a_single_files_findings_and_those_on_the_settings_it_is_judged_by_are_shown(work):
    one = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    town = work / "镇级工作簿.xlsx"
    write(town, example_township().township, due_soon="过几天", seal_mm="四十二")
    book = openpyxl.load_workbook(town)
    book["镇情"][f"B{vertical_row(township.Township, 'phone')}"] = "不是电话"
    book.save(town)
    report = flow.check([one], DAY)
    shown = [each for each in report.findings if each.file == str(town)]
    assert {each.sheet for each in shown} == {"参数"}
    assert [each.header for each in shown] == ["临期提醒天数"]
    whole = flow.check([work], DAY).findings
    more = [each for each in whole if each.file == str(town) and each not in shown]
    assert {(each.sheet, each.header) for each in more} >= {
        ("参数", "印章直径"),
        ("镇情", "联系电话"),
    }
    assert all(each.level is Level.INFO for each in more if each.sheet == "参数")
    assert [file.path for file in report.files] == [str(one), str(town)]
    assert [file.path for file in report.checked] == [str(one)]
    assert report.exit_code() == 1


def test_no_return_copy_is_made_of_a_township_workbook_that_nobody_asked_for(work):
    one = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    write(work / "镇级工作簿.xlsx", example_township().township, due_soon="过几天")
    flow.check_into(flow.Wanted(copies=work / "回传件"), [one], DAY)
    assert [path.name for path in (work / "回传件").iterdir()] == [one.name]


def test_whose_settings_hold_is_said_of_single_files(work):
    one = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    town = work / "镇级工作簿.xlsx"
    said = f"按 {town} 的参数核对。"
    assert flow.check([one], DAY).remarks == (said,)
    assert flow.check([work / "村级工作簿"], DAY).remarks == ()  # it is listed there
    assert flow.check([town], DAY).remarks == ()
    town.unlink()
    assert flow.check([one], DAY).remarks == ()


def test_an_unreadable_township_workbook_is_said_of_single_files_too(work):
    one = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    (work / "镇级工作簿.xlsx").write_bytes(b"")
    report = flow.check([one], DAY)
    (trouble,) = report.troubles
    assert trouble.startswith("镇级工作簿.xlsx：")
    assert report.exit_code() == 3


def test_the_order_in_which_files_are_named_changes_nothing(work):
    paths = [*(work / "村级工作簿").iterdir(), work / "村级工作簿", work / "镇级工作簿.xlsx"]
    first = flow.check(paths, DAY)
    assert flow.check(paths[::-1], DAY) == first
    assert [file.name for file in first.files] == [
        *("0203-上河村-2022.xlsx", "0205-柳湾村-2022.xlsx", "0207-石桥村-2022.xlsx"),
        "镇级工作簿.xlsx",
    ]


def test_the_rollup_names_each_file_by_the_way_from_where_it_stands(work):
    target = work / "汇总" / "2022-10" / "镇汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], target, DAY)
    grid = CalamineWorkbook.from_path(str(target)).get_sheet_by_name("数据来源").to_python()
    shown = {cell for row in grid for cell in row if isinstance(cell, str)}
    assert "../../村级工作簿/0203-上河村-2022.xlsx" in shown


def test_files_that_are_no_workbooks_are_listed_as_ignored_and_not_missed(work):
    target = work / "镇汇总.xlsx"
    (work / "村级工作簿" / "0205-柳湾村-方案.docx").write_bytes(b"x")
    flow.consolidate([work / "村级工作簿"], target, DAY)
    book = CalamineWorkbook.from_path(str(target))
    listed = book.get_sheet_by_name("数据来源").to_python()
    assert [row[4] for row in listed if row[1] == "0205-柳湾村-方案.docx"] == ["忽略：不是表格文件"]
    shown = [cell for row in book.get_sheet_by_name("总览").to_python() for cell in row]
    assert not any("没有汇总" in cell for cell in shown if isinstance(cell, str))


def test_the_office_sets_seal_and_digits(work):
    write(
        work / "镇级工作簿.xlsx",
        example_township().township,
        sealed="否",
        seal_mm=45,
        latin_font="Times New Roman",
    )
    seal, typography = flow.office_style(open_inbox([work]).settings)
    assert (seal.sealed, seal.millimetres) == (False, 45)
    assert typography.latin_font == "Times New Roman"


def test_an_office_that_sets_nothing_gets_the_usual_seal():
    seal, typography = flow.office_style(None)
    assert (seal.sealed, seal.millimetres, typography.latin_font) == (True, 42, "")
