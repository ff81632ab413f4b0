"""The composer: what lies where, and which parameters it is judged by."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from worked import write

from toolkit import flow
from toolkit.demo import DAY, example_township
from toolkit.errors import UnreadableError
from toolkit.findings import Level
from toolkit.forms import township
from toolkit.papers import Manner, Paper, write_papers
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
    at = next(list(map(row.index, ("文件名", "处理结果"))) for row in listed if "处理结果" in row)
    fates = {row[at[0]]: row[at[1]] for row in listed}
    assert fates["0205-柳湾村-方案.docx"] == "忽略：不是表格文件"
    shown = [cell for row in book.get_sheet_by_name("总览").to_python() for cell in row]
    assert not any("没有汇总" in cell for cell in shown if isinstance(cell, str))


DRAFT = Manner(draft=True)
UPPER, WILLOW, BRIDGE = "0203-上河村-2022.xlsx", "0205-柳湾村-2022.xlsx", "0207-石桥村-2022.xlsx"


# -- the month before -----------------------------------------------------------------------------


def first_page(target: Path) -> str:
    return "".join(
        str(cell.value) for row in openpyxl.load_workbook(target)["总览"] for cell in row
    )


def test_a_rollup_is_compared_with_the_one_before(work):
    books, before, target = work / "村级工作簿", work / "九月.xlsx", work / "十月.xlsx"
    flow.consolidate([books], before, dt.date(2022, 9, 30))
    done = flow.consolidate([books], target, DAY, previous=before)
    assert done.exit_code == 0
    assert "与2022年9月相比，" in first_page(target)
    again = flow.consolidate([books], work / "又.xlsx", DAY, previous=target)
    assert again.exit_code == 0
    said = "给出的上月汇总是 2022-10 的，不早于本月，不作对比。"
    assert said in first_page(work / "又.xlsx")


@pytest.mark.parametrize("name", ["没有.xlsx", "村级工作簿/0203-上河村-2022.xlsx"])
def test_what_cannot_be_compared_with_is_said_and_the_rollup_made(work, name):
    target = work / "十月.xlsx"
    done = flow.consolidate([work / "村级工作簿"], target, DAY, previous=work / name)
    assert done.exit_code == 3
    (trouble,) = done.troubles
    assert trouble.startswith(f"{work / name}：")
    assert trouble.endswith("没有和它对比。")
    assert "没有上月的汇总，不作对比。" in first_page(target)


# -- the township's own workbook ------------------------------------------------------------------


def test_without_the_work_folders_own_parameters_no_rollup_and_no_paper_is_made(work):
    target = work / "汇总" / "2022-10" / "镇汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], target, DAY)
    before = target.read_bytes()
    (work / "镇级工作簿.xlsx").write_bytes(b"")
    with pytest.raises(UnreadableError, match="没有它的名册和参数"):
        flow.consolidate([work / "村级工作簿"], target, DAY)
    with pytest.raises(UnreadableError, match="没有它的名册和参数"):
        write_papers(Paper("整顿方案", None, DAY), [work / "村级工作簿"], work / "公文")
    assert target.read_bytes() == before
    assert not (work / "公文").exists()


def test_a_work_folder_stands_for_its_villages_workbooks(work):
    usual = flow.check([work / "村级工作簿"], DAY)
    flow.consolidate([work / "村级工作簿"], work / "汇总" / "2022-10" / "镇汇总.xlsx", DAY)
    flow.check_into(flow.Wanted("xlsx", work / "核对结果.xlsx", work / "回传件"), [work], DAY)
    assert flow.check([work], DAY) == usual
    done = write_papers(Paper("整顿方案", None, DAY), [work], work / "公文", manner=DRAFT)
    assert len(done.written) == 3


def test_a_work_folder_is_upgraded_with_its_township_workbook(work):
    done = flow.upgrade([work], work / "新版工作簿")
    assert [line.partition("：")[0] for line in done.passed_over] == [
        *(str(work / "村级工作簿" / name) for name in (UPPER, WILLOW, BRIDGE)),
        str(work / "镇级工作簿.xlsx"),
    ]
