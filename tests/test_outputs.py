"""Results on disk: whole or not at all, whatever the disk does."""

import errno
import os
from pathlib import Path

import pytest

from toolkit import outputs
from toolkit.errors import OutputError
from toolkit.outputs import safe_name, write_output

OLD, NEW = b"old", b"new"


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "汇总" / "镇汇总.xlsx"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def failing(error: OSError, times: int = 1, after: int = 0):
    """A function that fails some times, after it has worked some times."""
    calls = iter(range(10_000))

    def wrap(real):
        def call(*args, **more):
            if after <= next(calls) < after + times:
                raise error
            return real(*args, **more)

        return call

    return wrap


def refusal(path: Path, data: bytes = NEW) -> str:
    with pytest.raises(OutputError) as caught:
        write_output(path, data)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


def held(winerror: int = 32) -> PermissionError:
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = winerror
    return error


# -- what is written


def test_a_new_result_stands_alone_in_its_folder_which_is_made(target):
    assert write_output(target, NEW)
    assert target.read_bytes() == NEW
    assert names(target.parent) == ["镇汇总.xlsx"]


def test_the_previous_result_stays_as_bak(target):
    write_output(target, OLD)
    assert write_output(target, NEW)
    assert target.read_bytes() == NEW
    assert target.with_name("镇汇总.xlsx.bak").read_bytes() == OLD
    assert names(target.parent) == ["镇汇总.xlsx", "镇汇总.xlsx.bak"]


def test_the_bak_is_always_the_version_before(target):
    for data in (b"1", b"2", b"3"):
        write_output(target, data)
    assert target.with_name("镇汇总.xlsx.bak").read_bytes() == b"2"


def test_equal_bytes_are_not_written_again_and_leave_the_bak_alone(target):
    write_output(target, OLD)
    write_output(target, NEW)
    before = target.stat()
    assert not write_output(target, NEW)
    assert target.stat().st_mtime_ns == before.st_mtime_ns
    assert target.stat().st_ino == before.st_ino
    assert target.with_name("镇汇总.xlsx.bak").read_bytes() == OLD


def test_a_result_can_be_read_by_others(target):
    write_output(target, NEW)
    assert target.stat().st_mode & 0o777 == 0o644


# -- what fails


@pytest.mark.parametrize("nth", range(5))
def test_whichever_sync_fails_the_old_result_is_unharmed_or_the_new_one_whole(
    target, monkeypatch, nth
):
    write_output(target, OLD)
    disk_full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(os, "fsync", failing(disk_full, after=nth)(os.fsync))
    if nth < 2:  # the two temporary files; what is synced later are the names in the folder
        assert refusal(target) == (
            f"{target}：磁盘空间不够，没有写成，原有文件没有改动。请清理磁盘后再试。"
        )
        assert target.read_bytes() == OLD
        assert names(target.parent) == ["镇汇总.xlsx"]
    else:
        assert write_output(target, NEW)
        assert names(target.parent) == ["镇汇总.xlsx", "镇汇总.xlsx.bak"]


@pytest.mark.parametrize("nth", [0, 1])
def test_whichever_rename_fails_everything_is_as_it_was(target, monkeypatch, nth):
    write_output(target, b"older")
    write_output(target, OLD)
    gone = OSError(errno.EIO, "Input/output error")
    monkeypatch.setattr(Path, "replace", failing(gone, after=nth)(Path.replace))
    assert refusal(target) == (
        f"{target}：写入出错（代码 5），原有文件没有改动。请检查磁盘和网络后再试。"
    )
    assert target.read_bytes() == OLD
    assert names(target.parent) == ["镇汇总.xlsx", "镇汇总.xlsx.bak"]
    assert target.with_name("镇汇总.xlsx.bak").read_bytes() == b"older"


def test_a_first_backup_goes_again_where_the_new_result_finds_no_way(target, monkeypatch):
    write_output(target, OLD)
    gone = OSError(errno.EIO, "Input/output error")
    monkeypatch.setattr(Path, "replace", failing(gone, after=1)(Path.replace))
    assert "写入出错（代码 5）" in refusal(target)
    assert names(target.parent) == ["镇汇总.xlsx"]


def test_what_a_share_gives_back_otherwise_is_not_taken_for_written(target, monkeypatch):
    write_output(target, OLD)
    real = Path.read_bytes
    lossy = {".tmp": lambda path: real(path)[:-1]}
    monkeypatch.setattr(Path, "read_bytes", lambda path: lossy.get(path.suffix, real)(path))
    assert "写入出错（代码 5），原有文件没有改动" in refusal(target)
    assert (target.read_bytes(), names(target.parent)) == (OLD, ["镇汇总.xlsx"])


def test_a_folder_made_for_a_result_that_failed_is_taken_back(target, monkeypatch):
    disk_full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(os, "fsync", failing(disk_full)(os.fsync))
    assert "磁盘空间不够" in refusal(target)
    assert not target.parent.exists()


def test_a_share_that_has_gone_is_said_in_plain_words(target, monkeypatch):
    def gone(_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "is_file", gone)
    with pytest.raises(OutputError, match="写入出错（代码 5）"):
        outputs.admit_folder(target.parent)
    monkeypatch.setattr(Path, "is_symlink", gone)
    with pytest.raises(OutputError, match="写入出错（代码 5）"):
        outputs.admit(target)


def test_an_interruption_leaves_no_temporary_file(target, monkeypatch):
    write_output(target, OLD)
    monkeypatch.setattr(os, "fsync", failing(KeyboardInterrupt())(os.fsync))
    with pytest.raises(KeyboardInterrupt):
        write_output(target, NEW)
    assert target.read_bytes() == OLD
    assert names(target.parent) == ["镇汇总.xlsx"]


def test_a_share_without_modes_or_folder_sync_is_written_all_the_same(target, monkeypatch):
    unknown = OSError(errno.ENOTSUP, "Operation not supported")
    monkeypatch.setattr(Path, "chmod", failing(unknown)(Path.chmod))
    monkeypatch.setattr(os, "open", failing(unknown, after=2)(os.open))  # the lock's, mkstemp's
    assert write_output(target, NEW)
    assert target.read_bytes() == NEW


# -- what stands in the way


def test_a_result_open_in_excel_is_refused_in_plain_words(target, monkeypatch):
    write_output(target, OLD)
    monkeypatch.setattr(Path, "replace", failing(held(99), times=99)(Path.replace))
    assert refusal(target) == (
        f"{target}：写不进去，可能正在 Excel、WPS 或 Word 中打开。请先关闭再试。"
    )
    assert target.read_bytes() == OLD
    assert names(target.parent) == ["镇汇总.xlsx"]


def test_a_backup_open_in_excel_is_named_too(target, monkeypatch):
    write_output(target, b"older")
    write_output(target, OLD)
    monkeypatch.setattr(Path, "replace", failing(held(99), after=1)(Path.replace))
    assert refusal(target) == (
        f"{target}：写不进去，可能正在 Excel、WPS 或 Word 中打开"
        "（或它的备份 镇汇总.xlsx.bak）。请先关闭再试。"
    )
    assert target.read_bytes() == OLD


def test_a_result_held_for_a_moment_on_windows_is_waited_for(target, monkeypatch):
    naps: list[float] = []
    monkeypatch.setattr(outputs.time, "sleep", naps.append)
    monkeypatch.setattr(Path, "replace", failing(held(), times=3)(Path.replace))
    assert write_output(target, NEW)
    assert target.read_bytes() == NEW
    assert naps == [0.05, 0.1, 0.2]


def test_a_result_held_for_good_on_windows_is_given_up_after_two_seconds(target, monkeypatch):
    write_output(target, OLD)
    naps: list[float] = []
    monkeypatch.setattr(outputs.time, "sleep", naps.append)
    monkeypatch.setattr(Path, "replace", failing(held(), times=99)(Path.replace))
    assert "请先关闭再试" in refusal(target)
    assert sum(naps) == pytest.approx(1.55)
    assert target.read_bytes() == OLD


def test_a_folder_is_no_result(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path}：这是文件夹，不能当作结果文件。请用 -o 另指定文件名。"
    assert names(tmp_path) == []


def test_a_file_is_no_folder(tmp_path):
    file = tmp_path / "汇总"
    file.write_bytes(OLD)
    sentence = f"{file}：这是文件，不是文件夹，不能存放结果。请换一个文件夹。"
    assert refusal(file / "镇汇总.xlsx") == sentence
    assert refusal(file / "2022-10" / "镇汇总.xlsx") == sentence
    assert file.read_bytes() == OLD


def test_the_folder_in_which_one_stands_is_named_in_full(tmp_path, monkeypatch):
    def read_only(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(outputs.tempfile, "mkstemp", read_only)
    assert refusal(Path("结果.xlsx")).startswith(f"{tmp_path}：这个文件夹写不进去。")


def test_a_name_longer_than_disks_bear_is_refused_in_plain_words(tmp_path):
    path = tmp_path / ("村" * 300)
    assert refusal(path) == f"{path}：文件名或路径太长，没有写成。请换一个短一些的名字。"


def test_a_read_only_folder_is_named(target, monkeypatch):
    def read_only(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(outputs.tempfile, "mkstemp", read_only)
    assert refusal(target) == (
        f"{target.parent}：这个文件夹写不进去。请换一个文件夹，或检查权限后再试。"
    )


# -- names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("0203-上河村-2022", "0203-上河村-2022"),
        ("上河村/一组*2022", "上河村_一组_2022"),
        ("..\\..\\etc", "_.._etc"),
        ("C:\\村", "C_村"),
        (" 上河村. ", "上河村"),
        ("上\n河\x00村\x7f", "上_河_村_"),
        ("上\u202e河\ud800村", "上_河_村"),
        ("e\u0301", "é"),
        ("NUL", "_NUL"),
        ("com1.xlsx", "_com1.xlsx"),
        ("console", "console"),
        ("", "未命名"),
        ("...", "未命名"),
        ("村" * 80, "村" * 60),
        ("村" * 59 + " 上河", "村" * 59),
    ],
)
def test_a_text_becomes_part_of_a_file_name(text, name):
    assert safe_name(text) == name


@pytest.mark.parametrize("text", ["𠮷" * 80, "a\ud800", "NUL", "/" * 300, "\u202e"])
def test_any_name_can_be_written_with_its_endings(tmp_path, text):
    path = tmp_path / f"{safe_name(text)}.xlsx"
    assert write_output(path, OLD)
    assert write_output(path, NEW)
    assert path.read_bytes() == NEW
