"""The composer: what lies where, and which parameters it is judged by."""

from python_calamine import CalamineWorkbook
from worked import write

from toolkit import flow
from toolkit.demo import example_township
from toolkit.inbox import open_inbox


def test_a_single_file_is_not_asked_where_the_other_villages_are(work):
    one = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    report = flow.check([one], flow.DEMO_DAY)
    assert [file.path for file in report.files] == [str(one)]
    assert not any(finding.rule == "T701" for finding in report.findings)
    one.rename(work / one.name)
    whole = flow.check([work / "村级工作簿"], flow.DEMO_DAY)
    assert [finding.rule for finding in whole.findings if finding.rule == "T701"] == ["T701"]


def test_the_rollup_names_each_file_by_the_way_from_where_it_stands(work):
    target = work / "汇总" / "2022-10" / "镇汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], target, flow.DEMO_DAY)
    grid = CalamineWorkbook.from_path(str(target)).get_sheet_by_name("数据来源").to_python()
    shown = {cell for row in grid for cell in row if isinstance(cell, str)}
    assert "../../村级工作簿/0203-上河村-2022.xlsx" in shown


def test_files_that_are_no_workbooks_are_listed_as_ignored_and_not_missed(work):
    target = work / "镇汇总.xlsx"
    (work / "村级工作簿" / "0205-柳湾村-方案.docx").write_bytes(b"x")
    flow.consolidate([work / "村级工作簿"], target, flow.DEMO_DAY)
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
