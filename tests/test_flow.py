"""The composer: what lies where, and which parameters it is judged by."""

import shutil
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from toolkit import flow
from toolkit.demo import example_township
from toolkit.errors import UsageError
from toolkit.excel.blank import build_workbook
from toolkit.forms import township, village
from toolkit.schema.deadlines import MonthBefore


@pytest.fixture
def work(tmp_path) -> Path:
    """A work folder: the township's workbook above the villages'."""
    example = example_township()
    (tmp_path / "村级工作簿").mkdir()
    write(tmp_path / example.township.file_name, example.township)
    for book in example.villages:
        write(tmp_path / "村级工作簿" / book.file_name, book)
    return tmp_path


def write(path: Path, book, **settings: object) -> None:
    filling = dict(book.filling)
    if settings:
        filling[township.Settings] = [{**filling[township.Settings][0], **settings}]
    path.write_bytes(build_workbook(book.form, book.identity, filling))


def statuses(inbox: flow.Inbox) -> list[str]:
    return [Path(file.path).name for file in inbox.files if file.status == "read"]


def test_the_township_workbook_above_the_villages_is_found(work):
    inbox = flow.open_inbox([work / "村级工作簿"])
    assert inbox.town_name == "青石镇"
    assert [entry.code for entry in inbox.roster] == ["0203", "0205", "0207"]


def test_a_township_workbook_under_another_name_is_known_by_its_identity(work):
    (work / "镇级工作簿.xlsx").rename(work / "村级工作簿" / "青石镇（党建办）.xlsx")
    assert flow.open_inbox([work / "村级工作簿"]).town_name == "青石镇"


def test_the_inputs_own_township_workbook_goes_before_one_beside(
    work, tmp_path_factory, monkeypatch
):
    elsewhere = tmp_path_factory.mktemp("别处")
    shutil.copy(work / "镇级工作簿.xlsx", elsewhere / "镇级工作簿.xlsx")
    monkeypatch.chdir(elsewhere)
    inbox = flow.open_inbox([work])
    assert inbox.town_book is not None
    assert inbox.town_book.path == str(work / "镇级工作簿.xlsx")


def test_a_folder_named_in_two_ways_is_no_second_township(work, monkeypatch):
    monkeypatch.chdir(work)
    assert statuses(flow.open_inbox([Path("村级工作簿")])).count("镇级工作簿.xlsx") == 1
    assert statuses(flow.open_inbox([work])).count("镇级工作簿.xlsx") == 1


def test_two_township_workbooks_in_the_input_are_refused(work):
    shutil.copy(work / "镇级工作簿.xlsx", work / "村级工作簿" / "副本.xlsx")
    with pytest.raises(UsageError, match="找到两个镇级工作簿"):
        flow.open_inbox([work])


@pytest.mark.parametrize(("meaning", "end"), [("上月末", "2022-09-30"), ("当月末", "2022-10-31")])
def test_the_township_decides_what_before_october_means(work, meaning, end):
    assert meaning in {each.value for each in MonthBefore}
    write(work / "镇级工作簿.xlsx", example_township().township, month_before=meaning)
    inbox = flow.open_inbox([work / "村级工作簿"])
    first = inbox.villages[0].rows(village.Measure)[0]
    assert first.printed(village.Measure.deadline) == "2022年10月前及长期坚持"
    assert first.deadline is not None
    assert str(first.deadline.end) == end


def test_without_a_township_workbook_the_defaults_hold(work):
    (work / "镇级工作簿.xlsx").unlink()
    inbox = flow.open_inbox([work / "村级工作簿"])
    assert (inbox.town_name, inbox.roster, inbox.settings) == ("", (), None)
    assert len(inbox.villages) == 3


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
    seal, typography = flow.office_style(flow.open_inbox([work]).settings)
    assert (seal.sealed, seal.millimetres) == (False, 45)
    assert typography.latin_font == "Times New Roman"


def test_an_office_that_sets_nothing_gets_the_usual_seal():
    seal, typography = flow.office_style(None)
    assert (seal.sealed, seal.millimetres, typography.latin_font) == (True, 42, "")
