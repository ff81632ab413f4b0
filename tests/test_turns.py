"""Turns: of several runs one at a time writes into a folder, and a killed one keeps nobody out."""

import contextlib
import errno
import os
import signal
import time
from pathlib import Path

import pytest

from toolkit import outputs, turns
from toolkit.errors import OutputError
from toolkit.outputs import sweep, write_output
from toolkit.turns import LOCK, turn

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the other run is a forked child")


@pytest.fixture
def impatient(monkeypatch):
    """Ask three times, and at once."""
    monkeypatch.setattr(turns, "_TRIES", 3)
    monkeypatch.setattr(turns, "_PAUSE", 0.0)


@contextlib.contextmanager
def another_run(folder: Path):
    """Let another process have the folder's turn; it is killed at the end, its lock file stays."""
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        with turn(folder):
            os.write(tell, b"!")
            time.sleep(600)
    os.read(ready, 1)
    try:
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(ready)
        os.close(tell)


def test_a_turn_leaves_nothing_behind(tmp_path):
    with turn(tmp_path) as alone:
        assert alone
        assert [path.name for path in tmp_path.iterdir()] == [LOCK]
        with turn(tmp_path / ".") as still_alone:
            assert still_alone
        assert (tmp_path / LOCK).exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("impatient")
def test_who_has_the_turn_is_said_to_those_who_wait_in_vain(tmp_path, monkeypatch):
    monkeypatch.setattr(turns.socket, "gethostname", lambda: "党建办-01")
    with another_run(tmp_path) as child, pytest.raises(OutputError) as refused, turn(tmp_path):
        pass
    assert str(refused.value) == (
        f"{tmp_path}：另一个窗口或另一台电脑正在写这里（电脑 党建办-01，进程 {child}）。"
        "请等它做完，再做一次。"
    )


@pytest.mark.usefixtures("impatient")
def test_nothing_is_written_while_another_run_writes(tmp_path):
    target = tmp_path / "镇汇总.xlsx"
    write_output(target, b"old")
    with another_run(tmp_path), pytest.raises(OutputError, match="正在写这里"):
        write_output(target, b"new")
    assert target.read_bytes() == b"old"
    assert write_output(target, b"new")  # the other was killed: nothing keeps us out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["镇汇总.xlsx", "镇汇总.xlsx.bak"]


def test_a_turn_that_ends_meanwhile_is_waited_for(tmp_path, monkeypatch):
    with contextlib.ExitStack() as others:
        others.enter_context(another_run(tmp_path))
        monkeypatch.setattr(turns.time, "sleep", lambda _: others.close())
        with turn(tmp_path) as alone:
            assert alone


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.EIO])
def test_where_a_share_knows_no_locks_the_result_is_written_all_the_same(
    tmp_path, monkeypatch, number
):
    def unknown(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(turns, "_lock", unknown)
    with turn(tmp_path) as alone:
        assert not alone
    assert write_output(tmp_path / "镇汇总.xlsx", b"new")


def test_a_lock_file_that_others_put_away_is_taken_anew(tmp_path, monkeypatch):
    locked, calls = turns._lock, []  # noqa: SLF001 -- the moment between opening and locking

    def slow(handle):
        if not calls:
            (tmp_path / LOCK).unlink()
        calls.append(handle)
        locked(handle)

    monkeypatch.setattr(turns, "_lock", slow)
    with turn(tmp_path) as alone:
        assert alone
        assert len(calls) == 2


def test_a_lock_file_that_is_a_link_is_not_followed(tmp_path):
    other = tmp_path / "别的"
    other.write_bytes(b"mine")
    (tmp_path / LOCK).symlink_to(other)
    with turn(tmp_path) as alone:
        assert not alone
    assert other.read_bytes() == b"mine"


# -- what killed runs leave


STRAY, OTHERS = ".zhengdun-k3v_9x2a.tmp", (".zhengdun-村.tmp", "a.tmp", ".zhengdun-k3v_9x2a.xlsx")


def test_only_our_own_temporary_files_are_swept(tmp_path):
    for name in (STRAY, LOCK, *OTHERS):
        (tmp_path / name).touch()
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(OTHERS)


def test_a_folder_named_as_a_temporary_file_stays(tmp_path):
    (tmp_path / STRAY).mkdir()
    sweep(tmp_path)
    assert (tmp_path / STRAY).is_dir()


@pytest.mark.parametrize(("hours", "left"), [(0, [STRAY]), (2, [])])
def test_where_nobody_can_be_kept_out_only_old_ones_are_swept(tmp_path, monkeypatch, hours, left):
    monkeypatch.setattr(turns, "_opened", lambda _: None)
    (tmp_path / STRAY).touch()
    then = time.time() - hours * 3600
    os.utime(tmp_path / STRAY, (then, then))
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == left


def test_a_folder_is_looked_through_once_by_a_process(tmp_path):
    sweep(tmp_path)
    (tmp_path / STRAY).touch()
    sweep(tmp_path)
    assert (tmp_path / STRAY).exists()
    outputs._looked_through.clear()  # noqa: SLF001 -- as the next process begins
    assert write_output(tmp_path / "镇汇总.xlsx", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["镇汇总.xlsx"]


# -- many runs at once


def test_six_runs_at_once_leave_one_whole_result_and_the_one_before_it(tmp_path):
    target, contents = tmp_path / "镇汇总.xlsx", [bytes([each]) * 200_000 for each in range(6)]
    before = b"old"
    write_output(target, before)
    for _ in range(5):
        children = []
        for data in contents:
            child = os.fork()
            if child == 0:
                code = 70
                try:
                    write_output(target, data)
                    code = 0
                finally:
                    os._exit(code)
            children.append(child)
        codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
        assert codes == [0] * 6
        now, backup = target.read_bytes(), target.with_name("镇汇总.xlsx.bak").read_bytes()
        assert now in contents
        assert backup in contents  # of one of the six, for each has waited for the one before
        assert backup != now
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
            [target.name, f"{target.name}.bak"]
        )
