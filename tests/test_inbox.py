"""What was handed in: which files are whose, and which township's parameters hold."""

import shutil
from pathlib import Path

import pytest
from worked import write, write_village

from toolkit.demo import example_township
from toolkit.errors import UnreadableError, UsageError
from toolkit.forms import village
from toolkit.inbox import Inbox, holding, look, open_all, open_governed, open_inbox, standing
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
    (work / "村级工作簿").rename(work / "各村")  # no work folder, then
    with pytest.raises(UsageError, match="找到两个镇级工作簿"):
        open_inbox([work])
    (work / "各村").rename(work / "村级工作簿")
    copy = work / "村级工作簿" / "副本.xlsx"
    with pytest.raises(UsageError, match="找到两个镇级工作簿"):
        open_inbox([work / "镇级工作簿.xlsx", copy])  # both named by hand


@pytest.mark.parametrize("name", ["镇级工作簿.xlsx", "下发/镇级工作簿.xlsx", "0001.xlsx"])
@pytest.mark.parametrize(
    "asked", ["村级工作簿", ".", "村级工作簿/0205-柳湾村-2022.xlsx", "旧册.xlsx"]
)
def test_in_a_work_folder_its_own_township_workbook_counts_and_no_copy(work, name, asked):
    copy = work / "村级工作簿" / name
    copy.parent.mkdir(exist_ok=True)
    write(copy, example_township().township, year=2021, seal_mm=50)
    (work / "旧册.xlsx").write_bytes((work / "村级工作簿" / "0205-柳湾村-2022.xlsx").read_bytes())
    inbox = open_inbox([work / asked])
    assert inbox.settings is not None
    assert (inbox.settings.year, inbox.settings.seal_mm) == (2022, 42)
    shown = str(copy) if name.endswith("镇级工作簿.xlsx") else copy.name
    said = (f"{shown}：是镇级工作簿的副本，没有使用。请移走。",)
    assert inbox.troubles == (said if (work / asked).is_dir() else ())


def test_a_township_workbook_named_by_hand_counts_before_the_work_folders_own(work):
    other = work / "试算.xlsx"
    write(other, example_township().township, seal_mm=50)
    inbox = open_inbox([work / "村级工作簿", other])
    assert inbox.settings is not None
    assert (inbox.settings.seal_mm, inbox.troubles) == (50, ())


def test_what_is_no_township_workbook_under_its_name_is_said_and_no_villages(work):
    town = work / "镇级工作簿.xlsx"
    town.write_bytes((work / "村级工作簿" / "0205-柳湾村-2022.xlsx").read_bytes())
    inbox = open_inbox([work])
    assert len(inbox.villages) == 3
    (trouble,) = inbox.troubles
    assert trouble.startswith("镇级工作簿.xlsx：")
    with pytest.raises(UnreadableError, match=r"没有它的名册和参数，什么都没有生成。$"):
        open_governed(look([work]))


@pytest.mark.parametrize("sealed", ["iterdir", "is_file"])
def test_a_folder_that_cannot_be_entered_is_said(work, monkeypatch, sealed):
    books = work / "村级工作簿"
    seal(monkeypatch, books, sealed)
    with pytest.raises(UnreadableError) as refused:
        look([books])
    assert str(refused.value) == f"{books}：没有权限，打不开。请检查权限后再试。"


@pytest.mark.parametrize("sealed", ["iterdir", "is_file"])
def test_a_folder_within_that_cannot_be_entered_is_passed_over_and_said(work, monkeypatch, sealed):
    closed = work / "村级工作簿" / "补交"
    closed.mkdir()
    (closed / "册.xlsx").write_bytes(b"x")
    seal(monkeypatch, closed, sealed)
    inbox = open_inbox([work / "村级工作簿"])
    assert inbox.passed_over == (f"已跳过 {closed}：没有权限，文件夹打不开。",)
    assert len(inbox.villages) == 3


def test_a_township_workbook_that_cannot_be_looked_at_is_none_beside(work, monkeypatch):
    (work / "村级工作簿").rename(work / "各村")
    usual = Path.is_file

    def refuse(path: Path) -> bool:
        if path.name == "镇级工作簿.xlsx":
            raise PermissionError
        return usual(path)

    monkeypatch.setattr(Path, "is_file", refuse)
    inbox = open_inbox([work / "各村"])
    assert (inbox.town_book, len(inbox.villages)) == (None, 3)


def seal(monkeypatch, folder: Path, what: str) -> None:
    """Let a folder show no names, or its names and nothing more."""
    usual = getattr(Path, what)

    def refuse(path: Path) -> object:
        if folder in ((path,) if what == "iterdir" else path.parents):
            raise PermissionError
        return usual(path)

    monkeypatch.setattr(Path, what, refuse)


# -- whose it is, and of which year


def test_workbooks_stand_by_village_year_and_roster(work):
    books = work / "村级工作簿"
    shutil.copy(books / "0205-柳湾村-2022.xlsx", books / "又一份.xlsx")
    shutil.copy(books / "0207-石桥村-2022.xlsx", books / "0207-石桥村-2022 (1).xlsx")
    write_village(books / "柳湾村改.xlsx", code="0205", village="柳湾村", location="别处")
    write_village(books / "0203-上河村-2021.xlsx", code="0203", village="上河村", year=2021)
    write_village(books / "0901-远山村-2022.xlsx", code="0901", village="远山村", year=2022)
    write_village(books / "0902-远山村-2022.xlsx", code="0902", village="远山村", year=2022)
    found = standing(open_inbox([books]), 2023)
    assert found.year == 2022
    assert {name: len(held) for name, held in found.listed.items()} == {
        "上河村": 1,
        "柳湾村": 2,
        "石桥村": 1,
    }
    assert list(found.strangers) == ["远山村", "远山村（0902）"]
    assert [book.name for book in found.others] == ["0203-上河村-2021.xlsx"]
    assert list(found.twice) == ["柳湾村"]
    assert {Path(path).name: name for path, name in found.copies.items()} == {
        "又一份.xlsx": "0205-柳湾村-2022.xlsx",
        "0207-石桥村-2022 (1).xlsx": "0207-石桥村-2022.xlsx",
    }
    (work / "镇级工作簿.xlsx").unlink()
    found = standing(open_inbox([books]), 2023)  # without a roster nobody is a stranger
    assert list(found.listed) == ["上河村", "柳湾村", "石桥村", "远山村", "远山村（0902）"]
    assert (found.year, found.strangers) == (2022, {})


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


def test_a_file_whose_content_is_at_hand_is_read_from_there_and_judged_as_where_it_lies(work):
    book = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    other = (work / "村级工作簿" / "0207-石桥村-2022.xlsx").read_bytes()
    inbox = open_all(look([book], opener=holding({book: other})))
    assert [village.village_name(each) for each in inbox.villages] == ["石桥村"]
    assert [each.path for each in inbox.villages] == [str(book)]
    assert inbox.town_name == "青石镇"  # found beside the place, and read from the disk


def test_a_file_that_is_nowhere_but_at_hand_is_read(tmp_path, work):
    unsaved = tmp_path / "没有这个文件夹" / "工作簿1.xlsx"
    data = (work / "村级工作簿" / "0205-柳湾村-2022.xlsx").read_bytes()
    inbox = open_all(look([unsaved], opener=holding({unsaved: data})))
    assert [village.village_name(each) for each in inbox.villages] == ["柳湾村"]
    assert inbox.troubles == ()
