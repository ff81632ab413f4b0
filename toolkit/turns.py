"""Turns: of several runs, on whatever computers, one at a time writes into a folder.

Law: the lock is the system's own, which ends with the process that holds it, however that ends; so
no lock is ever stale, and no clock and no guess about another computer's processes is needed.
"""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from toolkit.errors import OutputError

LOCK = ".zhengdun.lock"
"""The name of the file that is locked; it is there while somebody writes."""
_TRIES, _PAUSE = 100, 0.1  # seconds apart; to write takes less, but for a month
_MOST_BYTES = 200  # of what a lock file says
_BESIDE = 1 << 30  # of the byte that Windows locks: one that nobody reads

_held: set[str] = set()  # the folders whose turn this process has


if sys.platform == "win32":  # pragma: no cover -- the suite runs elsewhere
    import msvcrt

    def _lock(handle: int) -> None:
        """Lock an open file; raises a PermissionError where another process has it."""
        os.lseek(handle, _BESIDE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _lock(handle: int) -> None:
        """Lock an open file; raises a BlockingIOError where another process has it."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def turn(folder: Path) -> Iterator[bool]:
    """Wait for a folder to be ours alone; yield whether the system can promise that.

    A turn within a turn is the same. Raises OutputError where another run keeps the folder; the
    sentence names its computer.
    """
    place = os.path.realpath(folder)
    if place in _held:
        yield True
        return
    handle = _taken(folder)
    if handle is None:
        yield False
        return
    _held.add(place)
    try:
        yield True
    finally:
        _held.discard(place)
        _give_back(folder / LOCK, handle)


def _taken(folder: Path) -> int | None:
    """Return the handle of the folder's lock file, locked; None where there can be none."""
    holder = ""
    for _ in range(_TRIES):
        handle = _opened(folder / LOCK)
        if handle is None:
            return None
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            holder = _holder(handle)
            os.close(handle)
            time.sleep(_PAUSE)
        except OSError:  # some shares know no locks
            os.close(handle)
            return None
        else:
            if _stands(folder / LOCK, handle):
                _sign(handle)
                return handle
            os.close(handle)  # who had it before has put it away
    raise OutputError(f"{folder}：另一个窗口或另一台电脑正在写这里{holder}。请等它做完，再做一次。")


def _opened(path: Path) -> int | None:
    """Return a handle of the lock file, None where no file can be made: writing will tell why."""
    plain = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with contextlib.suppress(OSError):
        return os.open(path, os.O_RDWR | os.O_CREAT | plain, 0o666)
    return None


def _stands(path: Path, handle: int) -> bool:
    """Say whether an open file is still the one that stands in its place."""
    with contextlib.suppress(OSError):
        return os.path.samestat(path.stat(), os.fstat(handle))
    return False


def _sign(handle: int) -> None:
    """Leave word of who we are, for those who wait."""
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        os.write(handle, f"{socket.gethostname()} {os.getpid()}".encode())


def _holder(handle: int) -> str:
    """Return who holds a lock, "" where that is not told."""
    text = ""
    with contextlib.suppress(OSError):
        text = os.read(handle, _MOST_BYTES).decode(errors="replace")
    node, _, process = text.rpartition(" ")
    return f"（电脑 {node}，进程 {process}）" if node and process.isdecimal() else ""


def _give_back(path: Path, handle: int) -> None:
    """End a turn: the lock file goes away while it is ours, on Windows as soon as it is closed."""
    with contextlib.suppress(OSError):
        path.unlink()
    with contextlib.suppress(OSError):
        os.close(handle)
    if os.name == "nt":  # pragma: no cover -- the suite runs elsewhere
        with contextlib.suppress(OSError):
            path.unlink()
