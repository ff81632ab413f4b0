"""A folder looked at again and again: one event a save, none of a half-written file."""

import os
import random
from pathlib import Path

import pytest
from savers import SAVERS, package

from toolkit.watching import folder as watching
from toolkit.watching.folder import GONE, OLD, PATIENCE, TICK, Back, Folder, Gone, Lost, Renamed
from toolkit.watching.folder import Saved as SavedEvent


def nothing_is_ours(_: Path) -> bool:
    return False


def polls(folder: Folder, times: int) -> list:
    return [event for _ in range(times) for event in folder.poll()]


@pytest.fixture
def chance():
    return random.Random(7)  # noqa: S311 -- equal data, no secret


@pytest.fixture
def watched(tmp_path, chance):
    """Watch a folder with 甲.xlsx and 乙.xlsx, both told already."""
    for name in ("甲.xlsx", "乙.xlsx"):
        (tmp_path / name).write_bytes(package(chance))
    folder = Folder([tmp_path], nothing_is_ours)
    assert len(folder.poll()) == 2
    return folder


def test_two_hundred_saves_give_two_hundred_results_and_none_of_a_half_written_file(
    tmp_path, chance
):
    path = tmp_path / "0203-上河村-2022.xlsx"
    path.write_bytes(package(chance))
    folder = Folder([tmp_path], nothing_is_ours)
    folder.poll()
    got, saved = [], []
    for number in range(200):
        data = package(chance)
        saved.append(data)
        for _ in SAVERS[number % len(SAVERS)](path, data, chance):
            got += polls(folder, chance.randint(1, GONE - 1))
        got += polls(folder, 2)
    assert [type(event) for event in got] == [SavedEvent] * 200
    assert [event.data for event in got] == saved
    assert not any(event.fresh for event in got)


def test_a_file_is_told_at_the_second_poll_that_finds_it_so(watched, tmp_path, chance):
    data = package(chance)
    (tmp_path / "甲.xlsx").write_bytes(data)
    assert polls(watched, 1) == []
    (event,) = watched.poll()
    assert (event.path, event.data, event.fresh) == (tmp_path / "甲.xlsx", data, False)
    assert event.at == (tmp_path / "甲.xlsx").stat().st_mtime_ns
    assert polls(watched, 30) == []


def test_a_save_that_changes_no_byte_is_not_told(watched, tmp_path):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(path.read_bytes())
    os.utime(path, (2_000_000_000.5, 2_000_000_000.5))
    assert polls(watched, 30) == []


def test_a_new_file_is_told_as_new(watched, tmp_path, chance):
    (tmp_path / "丙.xlsx").write_bytes(package(chance))
    (event,) = polls(watched, 5)
    assert (event.path.name, event.fresh) == ("丙.xlsx", True)


def test_a_deleted_file_is_gone_once_and_only_after_some_polls(watched, tmp_path):
    (tmp_path / "甲.xlsx").unlink()
    assert polls(watched, GONE - 1) == []
    assert polls(watched, 20) == [Gone(tmp_path / "甲.xlsx")]
    assert watched.paths == (tmp_path / "乙.xlsx",)


def test_a_file_that_is_away_for_a_moment_and_comes_back_as_it_was_is_not_told(watched, tmp_path):
    path = tmp_path / "甲.xlsx"
    path.rename(tmp_path / "0A1B2C3D")
    polls(watched, GONE - 1)
    (tmp_path / "0A1B2C3D").rename(path)
    assert polls(watched, 20) == []


def test_a_renamed_file_is_renamed_not_new(watched, tmp_path):
    (tmp_path / "甲.xlsx").rename(tmp_path / "丁.xlsx")
    (event,) = polls(watched, 20)
    assert isinstance(event, Renamed)
    assert (event.former.name, event.path.name) == ("甲.xlsx", "丁.xlsx")


def test_a_copy_is_new(watched, tmp_path):
    (tmp_path / "丁.xlsx").write_bytes((tmp_path / "甲.xlsx").read_bytes())
    (event,) = polls(watched, 20)
    assert isinstance(event, SavedEvent)


def test_two_saves_within_one_tick_of_a_coarse_clock_are_both_told(watched, tmp_path, chance):
    path = tmp_path / "甲.xlsx"
    first, second = package(chance), package(chance)
    assert len(first) == len(second)
    path.write_bytes(first)
    os.utime(path, (1_700_000_002, 1_700_000_002))
    assert [event.data for event in polls(watched, 2)] == [first]
    path.write_bytes(second)
    os.utime(path, (1_700_000_002, 1_700_000_002))
    assert [event.data for event in polls(watched, TICK)] == [second]
    assert polls(watched, 30) == []


def test_a_file_that_stands_half_written_for_long_is_told_when_it_is_whole(
    watched, tmp_path, chance
):
    path, data = tmp_path / "甲.xlsx", package(chance)
    path.write_bytes(data[:3_000])
    assert polls(watched, PATIENCE - 1) == []
    path.write_bytes(data)
    assert [event.data for event in polls(watched, 5)] == [data]


def test_a_whole_old_package_with_rubbish_behind_it_is_not_whole(chance):
    old = package(chance)
    assert watching.whole(old)
    assert not watching.whole(old + b"PK\3\4 and what comes next")


def test_a_new_beginning_before_an_old_end_is_not_whole(chance):
    old, new = package(chance), package(chance)
    mixed = new[:3_000] + old[3_000:]
    assert mixed[-22:] == old[-22:]
    assert not watching.whole(mixed)


def test_an_old_package_with_a_part_of_a_new_header_is_not_whole(chance):
    old = package(chance)
    second = old.index(b"PK\3\4", 4)
    crc = slice(second + 14, second + 18)
    mixed = bytearray(old)
    mixed[crc] = bytes(4)
    assert not watching.whole(bytes(mixed))
    mixed[second + 6] |= 8  # by which writers say that the checksum stands behind the part
    assert watching.whole(bytes(mixed))


@pytest.mark.parametrize(
    ("data", "after"), [(b"", PATIENCE), (b"rubbish", PATIENCE), (b"\xd0\xcf\x11\xe0 old", OLD)]
)
def test_what_never_becomes_a_package_is_told_once_as_it_is(watched, tmp_path, data, after):
    (tmp_path / "甲.xlsx").write_bytes(data)
    assert polls(watched, after) == []
    assert [event.data for event in polls(watched, 50)] == [data]


def test_at_the_first_poll_what_is_not_whole_waits_until_it_is_told_anyway(tmp_path):
    (tmp_path / "坏.xlsx").write_bytes(b"rubbish")
    folder = Folder([tmp_path], nothing_is_ours)
    assert folder.poll() == ()
    assert folder.pending
    assert [event.data for event in folder.poll(anyway=True)] == [b"rubbish"]
    assert not folder.pending
    assert polls(folder, 30) == []


def test_a_file_that_nobody_lets_us_read_is_told_once_and_again_when_it_can_be_read(
    watched, tmp_path, chance, monkeypatch
):
    path, data = tmp_path / "甲.xlsx", package(chance)
    path.write_bytes(data)
    read = Path.read_bytes
    closed = {path}

    def read_bytes(self):
        if self in closed:
            raise PermissionError(13, "in use", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert polls(watched, PATIENCE) == []
    assert [event.data for event in polls(watched, 3 * PATIENCE)] == [None]
    closed.clear()
    assert [event.data for event in polls(watched, PATIENCE)] == [data]


def test_a_file_that_changes_while_it_is_read_is_read_again(watched, tmp_path, chance, monkeypatch):
    path = tmp_path / "甲.xlsx"
    first, second = package(chance), package(chance)
    path.write_bytes(first)
    read = Path.read_bytes
    writes = [second]

    def read_bytes(self):
        data = read(self)
        if writes:
            self.write_bytes(writes.pop() + b"")
            os.utime(self, (1_800_000_000.5, 1_800_000_000.5))
        return data

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert [event.data for event in polls(watched, 10)] == [second]


def test_a_file_that_vanishes_between_look_and_reading_is_not_told(watched, tmp_path, monkeypatch):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(b"something else")
    polls(watched, 1)

    def read_bytes(self):
        self.unlink()
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    assert polls(watched, 1) == []
    assert polls(watched, GONE) == [Gone(path)]


@pytest.fixture
def share(tmp_path, chance):
    """Return a share with a workbook, and the folder that watches it."""
    inside = tmp_path / "共享"
    inside.mkdir()
    (inside / "甲.xlsx").write_bytes(package(chance))
    folder = Folder([inside], nothing_is_ours)
    folder.poll()
    return inside, folder


def test_a_folder_that_is_away_is_lost_once_and_its_files_are_not_gone(tmp_path, share):
    inside, folder = share
    inside.rename(tmp_path / "断了")
    assert polls(folder, 3 * GONE) == [Lost(inside)]
    (tmp_path / "断了").rename(inside)
    assert polls(folder, 10) == [Back(inside)]
    (inside / "甲.xlsx").unlink()
    assert polls(folder, 10) == [Gone(inside / "甲.xlsx")]


def test_a_blink_of_a_folder_is_not_told(tmp_path, share):
    inside, folder = share
    inside.rename(tmp_path / "断了")
    polls(folder, GONE - 1)
    (tmp_path / "断了").rename(inside)
    assert polls(folder, 10) == []


def test_files_in_a_folder_below_that_is_closed_are_not_gone(tmp_path, chance, monkeypatch):
    below = tmp_path / "一组"
    below.mkdir()
    (below / "甲.xlsx").write_bytes(package(chance))
    folder = Folder([tmp_path], nothing_is_ours)
    assert len(folder.poll()) == 1
    scandir = os.scandir

    def closed(place):
        if str(place) == str(below):
            raise PermissionError
        return scandir(place)

    with monkeypatch.context() as patch:
        patch.setattr(watching.os, "scandir", closed)
        assert polls(folder, 20) == []
    assert polls(folder, 20) == []


def test_a_loop_of_links_is_walked_once(tmp_path, chance):
    (tmp_path / "甲.xlsx").write_bytes(package(chance))
    (tmp_path / "回到").symlink_to(tmp_path, target_is_directory=True)
    folder = Folder([tmp_path], nothing_is_ours)
    assert [event.path.name for event in polls(folder, 5)] == ["甲.xlsx"]


@pytest.mark.parametrize(
    "name",
    ["~$甲.xlsx", ".~甲.xlsx", ".~lock.甲.xlsx#", "甲.xlsx.bak", "lu12.tmp", "0A1B2C3D", "甲.txt"],
)
def test_locks_and_temporary_files_are_no_news(watched, tmp_path, chance, name):
    (tmp_path / name).write_bytes(package(chance))
    assert polls(watched, 20) == []


def test_what_check_does_not_look_into_is_no_news(tmp_path, chance):
    (tmp_path / "核对结果.xlsx").write_bytes(package(chance))
    (tmp_path / "回传件").mkdir()
    (tmp_path / "回传件" / "甲.xlsx").write_bytes(package(chance))
    (tmp_path / "子.xlsx").mkdir()
    folder = Folder([tmp_path], lambda path: path.name == "核对结果.xlsx")
    assert polls(folder, 10) == []
    (tmp_path / "核对结果.xlsx").write_bytes(package(chance))
    (tmp_path / "回传件" / "甲.xlsx").write_bytes(package(chance))
    assert polls(folder, 10) == []


def test_which_files_are_read_is_asked_again_only_when_the_names_have_changed(
    watched, tmp_path, chance, monkeypatch
):
    asked = []
    find = watching.find_workbooks
    monkeypatch.setattr(watching, "find_workbooks", lambda paths: asked.append(1) or find(paths))
    polls(watched, 10)
    (tmp_path / "甲.xlsx").write_bytes(package(chance))
    polls(watched, 10)
    assert asked == []
    (tmp_path / "丙.xlsx").write_bytes(package(chance))
    assert len(polls(watched, 10)) == 1
    assert asked == [1]


def test_a_file_that_was_away_when_they_were_asked_for_is_asked_for_again(
    tmp_path, chance, monkeypatch
):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(package(chance))
    find = watching.find_workbooks
    calls = []

    def blinded(paths):
        calls.append(1)
        found = find(paths)
        return watching_found(found) if len(calls) == 1 else found

    def watching_found(found):
        return type(found)((), ())

    monkeypatch.setattr(watching, "find_workbooks", blinded)
    folder = Folder([tmp_path], nothing_is_ours)
    assert [event.path for event in polls(folder, 5)] == [path]
    assert len(calls) == 2


def test_a_single_file_is_watched_and_its_neighbours_are_not(tmp_path, chance):
    one, other = tmp_path / "甲.xlsx", tmp_path / "乙.xlsx"
    for path in (one, other):
        path.write_bytes(package(chance))
    folder = Folder([one], nothing_is_ours)
    assert [event.path for event in folder.poll()] == [one]
    other.write_bytes(package(chance))
    assert polls(folder, 5) == []
    one.unlink()
    assert polls(folder, 10) == [Gone(one)]


def test_a_single_file_whose_folder_is_away_is_not_gone_its_folder_is_lost(tmp_path, chance):
    inside = tmp_path / "共享"
    inside.mkdir()
    one = inside / "甲.xlsx"
    one.write_bytes(package(chance))
    folder = Folder([one], nothing_is_ours)
    folder.poll()
    assert folder.reachable
    inside.rename(tmp_path / "断了")
    assert polls(folder, 3 * GONE) == [Lost(inside)]
    assert not folder.reachable
    (tmp_path / "断了").rename(inside)
    assert polls(folder, 10) == [Back(inside)]
    assert folder.reachable
    one.unlink()
    assert polls(folder, 10) == [Gone(one)]
    assert folder.reachable


def test_a_file_beside_whose_folder_is_away_is_not_gone(tmp_path, chance):
    work = tmp_path / "青石镇"
    (work / "村级工作簿").mkdir(parents=True)
    (work / "村级工作簿" / "甲.xlsx").write_bytes(package(chance))
    (work / "镇级工作簿.xlsx").write_bytes(package(chance))
    folder = Folder([work / "村级工作簿"], nothing_is_ours)
    folder.poll()
    folder.admit(work / "镇级工作簿.xlsx")
    work.rename(tmp_path / "断了")
    assert polls(folder, 3 * GONE) == [Lost(work / "村级工作簿")]
    (tmp_path / "断了").rename(work)
    assert polls(folder, 10) == [Back(work / "村级工作簿")]
    (work / "镇级工作簿.xlsx").unlink()
    assert polls(folder, 10) == [Gone(work / "镇级工作簿.xlsx")]


def test_a_new_file_is_told_with_the_one_that_is_missing_since(watched, tmp_path, chance):
    (tmp_path / "丁.xlsx").write_bytes(package(chance))
    (tmp_path / "甲.xlsx").unlink()
    assert polls(watched, GONE - 1) == []
    gone, came = watched.poll()
    assert gone == Gone(tmp_path / "甲.xlsx")
    assert (came.path, came.fresh) == (tmp_path / "丁.xlsx", True)


def test_a_new_file_waits_no_longer_than_the_missing_one_is_away(watched, tmp_path, chance):
    data = (tmp_path / "甲.xlsx").read_bytes()
    (tmp_path / "丁.xlsx").write_bytes(package(chance))
    (tmp_path / "甲.xlsx").unlink()
    assert polls(watched, GONE - 1) == []
    (tmp_path / "甲.xlsx").write_bytes(data)
    assert [event.path.name for event in polls(watched, 5)] == ["丁.xlsx"]


def test_what_the_gate_refuses_by_its_size_is_told_without_being_read(
    watched, tmp_path, chance, monkeypatch
):
    monkeypatch.setattr(watching, "MOST_BYTES", 7_000)
    (tmp_path / "甲.xlsx").write_bytes(package(chance, 8_000))
    monkeypatch.setattr(Path, "read_bytes", None)
    assert polls(watched, PATIENCE) == []
    assert [event.data for event in polls(watched, 50)] == [None]


def test_a_file_beside_is_watched_from_the_moment_it_is_asked_for(tmp_path, chance):
    inside, beside = tmp_path / "村级工作簿", tmp_path / "镇级工作簿.xlsx"
    inside.mkdir()
    first, second = package(chance), package(chance)
    beside.write_bytes(first)
    folder = Folder([inside], nothing_is_ours)
    assert folder.poll() == ()
    assert not folder.covers(beside)
    assert folder.covers(inside / "甲.xlsx")
    assert folder.admit(beside) == first
    assert polls(folder, 10) == []
    beside.write_bytes(second)
    assert [event.data for event in polls(folder, 5)] == [second]
    assert folder.paths == ()


@pytest.mark.parametrize("data", [None, b"rubbish"])
def test_a_file_beside_that_cannot_be_had_is_told_when_it_can(tmp_path, chance, data):
    beside = tmp_path / "镇级工作簿.xlsx"
    (tmp_path / "村级工作簿").mkdir()
    if data is not None:
        beside.write_bytes(data)
    folder = Folder([tmp_path / "村级工作簿"], nothing_is_ours)
    folder.poll()
    assert folder.admit(beside) is None
    good = package(chance)
    beside.write_bytes(good)
    assert [event.data for event in polls(folder, 5)] == [good]


def test_a_file_of_which_the_disk_says_nothing_is_not_gone(tmp_path, chance, monkeypatch):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(package(chance))
    single = Folder([path], nothing_is_ours)
    single.poll()
    stat = Path.stat

    def silent(self, *, follow_symlinks=True):
        if self == path:
            raise OSError(5, "no answer")
        return stat(self, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", silent)
    assert polls(single, 20) == []


def test_the_folder_in_which_we_stand_is_watched_as_any_other(tmp_path, chance, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "甲.xlsx").write_bytes(package(chance))
    (tmp_path / "组").mkdir()
    (tmp_path / "组" / "乙.xlsx").write_bytes(package(chance))
    folder = Folder([Path()], nothing_is_ours)
    assert sorted(event.path for event in folder.poll()) == [Path("甲.xlsx"), Path("组/乙.xlsx")]
    (tmp_path / "组" / "乙.xlsx").write_bytes(package(chance))
    assert [event.path for event in polls(folder, 5)] == [Path("组/乙.xlsx")]
