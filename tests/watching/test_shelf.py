"""The files at hand: what is away for a moment, what lies beside, what the disk is asked."""

import os
from collections import Counter
from pathlib import Path

import pytest
from worked import write, write_village

from toolkit.demo import DAY, example_township
from toolkit.forms import township, village
from toolkit.inbox import look
from toolkit.report import FileStatus
from toolkit.watching.folder import Folder, Saved
from toolkit.watching.judging import Judge
from toolkit.watching.shelf import Shelf

LIUWAN = "0205-柳湾村-2022.xlsx"


def shelf(*asked: Path) -> Shelf:
    """Return a shelf that holds what lies there, each opened once."""
    folder = Folder(asked, lambda _: False)
    found = Shelf(folder, asked)
    for event in folder.poll():
        assert isinstance(event, Saved)
        found.put(event.path, event.data)
    Judge().check(found.sight(), DAY)
    return found


@pytest.fixture
def loose(tmp_path) -> Path:
    """Make a folder that is no work folder: two villages, the township's workbook above."""
    place = tmp_path / "散件"
    place.mkdir()
    for code, name in (("0301", "甲村"), ("0302", "乙村")):
        write_village(place / f"{name}.xlsx", code=code, village=name, year=2022)
    write(tmp_path / "镇级工作簿.xlsx", example_township().township)
    return place


def test_a_workbook_that_is_away_for_a_moment_lies_there_still(loose):
    held = shelf(loose)
    before = held.sight()
    (loose / "甲村.xlsx").unlink()
    assert look([loose]).files == (loose / "乙村.xlsx",)
    assert held.sight() == before
    assert held.form_of(loose / "甲村.xlsx") is village.FORM


def test_a_township_workbook_beside_that_is_away_for_a_moment_lies_there_still(loose):
    held = shelf(loose)
    town = loose.parent / "镇级工作簿.xlsx"
    assert held.sight().township == town
    assert held.form_of(town) is township.FORM
    town.unlink()
    assert look([loose]).township is None
    assert held.sight().township == town


def test_what_was_no_workbook_and_is_away_is_passed_over(loose):
    (loose / "表.xlsx").write_bytes((loose.parent / "镇级工作簿.xlsx").read_bytes()[:99])
    folder = Folder([loose], lambda _: False)
    held = Shelf(folder, [loose])
    for event in folder.poll(anyway=True):
        held.put(event.path, event.data)
    Judge().check(held.sight(), DAY)
    (loose / "表.xlsx").unlink()
    assert loose / "表.xlsx" not in held.sight().files


def test_one_file_under_two_spellings_lies_there_once(loose):
    again = loose / ".." / loose.name / "甲村.xlsx"
    held = shelf(loose, again)
    assert held.sight().files == look([loose, again]).files
    (loose / "乙村.xlsx").unlink()
    assert sorted(path.name for path in held.sight().files) == ["乙村.xlsx", "甲村.xlsx"]


def test_a_link_that_leads_nowhere_for_a_moment_is_not_passed_over_as_well(loose):
    there = loose.parent / "别处.xlsx"
    (loose / "甲村.xlsx").rename(there)
    (loose / "甲村.xlsx").symlink_to(there)
    held = shelf(loose)
    there.unlink()
    seen = held.sight()
    assert loose / "甲村.xlsx" in seen.files
    assert [each for each in seen.skipped if each.path in seen.files] == []


def test_what_is_there_but_was_not_told_yet_is_being_saved(loose):
    held = shelf(loose)
    write_village(loose / "丙村.xlsx", code="0303", village="丙村", year=2022)
    found = held(loose / "丙村.xlsx", ())
    assert found == FileStatus(str(loose / "丙村.xlsx"), "skipped", reason="正在保存，存好后再核对")


@pytest.fixture
def asked_of_disk(monkeypatch) -> Counter[str]:
    """Count how often the disk is asked for the state of each name."""
    times: Counter[str] = Counter()

    def counting(real):
        def counted(path, *given, **named):
            times["" if isinstance(path, int) else os.fspath(path)] += 1
            return real(path, *given, **named)

        return counted

    monkeypatch.setattr(os, "stat", counting(os.stat))
    monkeypatch.setattr(os, "lstat", counting(os.lstat))
    return times


def test_a_save_asks_the_disk_of_each_workbook_four_times_at_most(work, asked_of_disk):
    books = work / "村级工作簿"
    held = shelf(books)
    judge = Judge()
    judge.check(held.sight(), DAY)
    asked_of_disk.clear()
    judge.check(held.sight(), DAY)
    # What it is and where it really is: to find it, and to tell it from the township's.
    assert 0 < asked_of_disk[str(books / LIUWAN)] <= 4


def test_each_folder_is_looked_at_once_however_many_of_its_files_are_named(tmp_path, asked_of_disk):
    """The township's workbook is looked for in and above one folder, not in twenty."""
    place = tmp_path / "散件"
    place.mkdir()
    named = [place / f"{number}.xlsx" for number in range(20)]
    for path in named:
        path.touch()
    asked_of_disk.clear()
    assert look(named).township is None
    assert asked_of_disk[str(place / "镇级工作簿.xlsx")] == 2  # of a work folder; beside
    assert asked_of_disk[str(tmp_path / "镇级工作簿.xlsx")] == 2


def test_the_nearest_work_folder_of_what_is_named_first_is_taken(tmp_path, work):
    other = tmp_path / "别镇"
    (other / "村级工作簿").mkdir(parents=True)
    write(other / "镇级工作簿.xlsx", example_township().township)
    inner, outer = other / "村级工作簿" / "甲.xlsx", work / "村级工作簿" / LIUWAN
    inner.touch()
    assert look([outer]).township == work / "镇级工作簿.xlsx"
    assert look([inner]).township == other / "镇级工作簿.xlsx"
    assert (
        look([inner, outer]).township
        == min((inner, other / "镇级工作簿.xlsx"), (outer, work / "镇级工作簿.xlsx"))[1]
    )


def test_a_file_too_large_for_the_gate_is_refused_without_being_read(loose, monkeypatch):
    held, path = shelf(loose), loose / "甲村.xlsx"
    os.truncate(path, (256 << 20) + 1)
    monkeypatch.setattr(Path, "read_bytes", None)  # reading it would fail, for its print as well
    monkeypatch.setattr(Path, "open", None)
    held.put(path, None)
    found = held(path, ())
    assert isinstance(found, FileStatus)
    assert (found.status, found.sha256) == ("unreadable", "")
    assert found.reason.startswith("文件有 257 MB，超过 256 MB。")


def test_rows_that_have_moved_are_told_until_that_is_settled(loose):
    held = shelf(loose)
    held.settle()
    path = loose / "甲村.xlsx"
    data = path.read_bytes()
    held.put(path, data)
    Judge().check(held.sight(), DAY)
    assert set(held.moved(path, path)) > {"整改措施", "基本情况"}
    assert not any(held.moved(path, path).values())
    held.settle()
    assert held.moved(path, path) == {}
