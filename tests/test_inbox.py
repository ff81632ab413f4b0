"""What was handed in: which files are whose, and which township's parameters hold."""

import shutil
from pathlib import Path

import pytest
from worked import write

from toolkit.demo import example_township
from toolkit.errors import UsageError
from toolkit.forms import village
from toolkit.inbox import Inbox, open_inbox
from toolkit.schema.deadlines import MonthBefore


def statuses(inbox: Inbox) -> list[str]:
    return [Path(file.path).name for file in inbox.files if file.status == "read"]


def test_the_township_workbook_above_the_villages_is_found(work):
    inbox = open_inbox([work / "村级工作簿"])
    assert inbox.town_name == "青石镇"
    assert [entry.code for entry in inbox.roster] == ["0203", "0205", "0207"]


@pytest.mark.parametrize(("here", "asked"), [("村级工作簿", "."), ("村级工作簿/甲", "..")])
def test_it_is_found_above_wherever_the_command_is_run(work, monkeypatch, here, asked):
    (work / "村级工作簿" / "甲").mkdir()
    monkeypatch.chdir(work / here)
    assert open_inbox([Path(asked)]).town_name == "青石镇"


def test_a_villages_workbook_under_the_townships_name_is_read_once_and_as_a_villages(work):
    books = work / "村级工作簿"
    (books / "0205-柳湾村-2022.xlsx").rename(books / "镇级工作簿.xlsx")
    inbox = open_inbox([books])
    assert len(inbox.villages) == 3
    assert inbox.town_book is not None
    assert inbox.town_book.path == str(work / "镇级工作簿.xlsx")


def test_a_reason_never_holds_the_files_name(work):
    (work / "村级工作簿" / "空.xlsx").write_bytes(b"")
    (work / "村级工作簿" / "页.xlsx").write_bytes(b"<html><table></table></html>")
    bad = [file for file in open_inbox([work]).files if file.status == "unreadable"]
    assert [file.name for file in bad] == ["空.xlsx", "页.xlsx"]
    assert all(file.reason and file.name not in file.reason for file in bad)


def test_a_file_named_by_hand_is_not_said_to_be_passed_over_in_its_folder(work):
    named = work / "村级工作簿" / "册.txt"
    named.write_bytes((work / "村级工作簿" / "0205-柳湾村-2022.xlsx").read_bytes())
    for paths in ([work, named], [named, work]):
        inbox = open_inbox(paths)
        assert inbox.passed_over == ()
        assert statuses(inbox).count("册.txt") == 1


def test_a_township_workbook_under_another_name_is_known_by_its_identity(work):
    (work / "镇级工作簿.xlsx").rename(work / "村级工作簿" / "青石镇（党建办）.xlsx")
    assert open_inbox([work / "村级工作簿"]).town_name == "青石镇"


def test_the_inputs_own_township_workbook_goes_before_one_beside(
    work, tmp_path_factory, monkeypatch
):
    elsewhere = tmp_path_factory.mktemp("别处")
    shutil.copy(work / "镇级工作簿.xlsx", elsewhere / "镇级工作簿.xlsx")
    monkeypatch.chdir(elsewhere)
    inbox = open_inbox([work])
    assert inbox.town_book is not None
    assert inbox.town_book.path == str(work / "镇级工作簿.xlsx")


def test_a_folder_named_in_two_ways_is_no_second_township(work, monkeypatch):
    monkeypatch.chdir(work)
    assert statuses(open_inbox([Path("村级工作簿")])).count("镇级工作簿.xlsx") == 1
    assert statuses(open_inbox([work])).count("镇级工作簿.xlsx") == 1


def test_two_township_workbooks_in_the_input_are_refused(work):
    shutil.copy(work / "镇级工作簿.xlsx", work / "村级工作簿" / "副本.xlsx")
    with pytest.raises(UsageError, match="找到两个镇级工作簿"):
        open_inbox([work])


@pytest.mark.parametrize(("meaning", "end"), [("上月末", "2022-09-30"), ("当月末", "2022-10-31")])
def test_the_township_decides_what_before_october_means(work, meaning, end):
    assert meaning in {each.value for each in MonthBefore}
    write(work / "镇级工作簿.xlsx", example_township().township, month_before=meaning)
    inbox = open_inbox([work / "村级工作簿"])
    first = inbox.villages[0].rows(village.Measure)[0]
    assert first.printed(village.Measure.deadline) == "2022年10月前及长期坚持"
    assert first.deadline is not None
    assert str(first.deadline.end) == end


def test_without_a_township_workbook_the_defaults_hold(work):
    (work / "镇级工作簿.xlsx").unlink()
    inbox = open_inbox([work / "村级工作簿"])
    assert (inbox.town_name, inbox.roster, inbox.settings) == ("", (), None)
    assert len(inbox.villages) == 3
