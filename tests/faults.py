"""Faults of the disk: the n-th call to it fails, or is the moment at which the process is killed.

SQLite's method, at the height of Python's own functions: a command runs in a forked child whose
functions of `os` and `io` are counted; one of them raises, or the child ends itself there by
SIGKILL, before or after what was called. Whoever asks for every n has tried every moment at which
the disk differs.
"""

import builtins
import contextlib
import gc
import io
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from toolkit import cli

WRITING = (
    *("open", "write", "fsync", "ftruncate", "replace", "rename", "link", "unlink", "remove"),
    *("mkdir", "rmdir", "chmod"),
)
"""What changes a disk, in `os`; besides, what a stream writes, and files opened to write."""
READING = ("stat", "lstat", "listdir", "scandir", "readlink")
"""What looks at a disk, in `os`; besides, files opened to read."""
BEFORE, AFTER = "killed before", "killed after"


@dataclass(frozen=True, slots=True)
class Fault:
    """What befalls the n-th call, counted from 0: an error number, or the end of the process.

    Where `only` names a function, its calls alone are counted.
    """

    nth: int
    what: int | str
    times: int = 1
    only: str = ""
    winerror: int = 0


@dataclass(frozen=True)
class Ended:
    """How a command ended: its code (-9 where it was killed), what it said, the calls it made."""

    code: int
    said: str
    calls: tuple[str, ...] = ()


@dataclass
class Disk:
    """The disk as a child sees it: every call under a folder is noted, and one may go wrong."""

    fault: Fault | None = None
    reading: bool = False
    calls: list[str] = field(default_factory=list)

    def watched(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does what the real one does, but for the fault."""

        def call(*args: Any, **more: Any) -> Any:
            fault = self.fault
            at = self.calls.count(name) if fault and fault.only else len(self.calls)
            self.calls.append(name)
            hit = (
                fault is not None
                and fault.only in {"", name}
                and fault.nth <= at < fault.nth + fault.times
            )
            if hit and isinstance(fault.what, int):
                error = OSError(fault.what, os.strerror(fault.what))
                error.winerror = fault.winerror
                raise error
            if hit and fault.what == BEFORE:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return real(*args, **more)
            finally:
                if hit:
                    os.kill(os.getpid(), signal.SIGKILL)

        return call

    def install(self) -> None:
        """Put watched functions into the place of the real ones, for good."""
        for name in READING if self.reading else WRITING:
            setattr(os, name, self.watched(name, getattr(os, name)))
        real_open, fdopen = io.open, os.fdopen
        opened = self.watched("file", real_open)

        def open_file(file: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
            ours = not isinstance(file, int) and bool(set(mode) & set("wax+")) is not self.reading
            return (opened if ours else real_open)(file, mode, *args, **more)

        io.open = builtins.open = open_file
        if not self.reading:
            os.fdopen = lambda *args, **more: _Stream(self, fdopen(*args, **more))


class _Stream:
    """A stream whose writing is watched."""

    def __init__(self, disk: Disk, real: Any) -> None:
        self._real = real
        for name in ("write", "flush", "close"):
            setattr(self, name, disk.watched(f"stream.{name}", getattr(real, name)))

    def fileno(self) -> int:
        return self._real.fileno()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.close()
        finally:
            self._real.close()


@dataclass(frozen=True, slots=True)
class Begun:
    """A command at work: its process, and the pipe into which it speaks."""

    process: int
    pipe: int


def run(
    words: Sequence[object],
    here: Path,
    fault: Fault | None = None,
    *,
    reading: bool = False,
    prepare: Callable[[], object] = lambda: None,
) -> Ended:
    """Run a command of ours in a forked child that stands in a folder; `prepare` runs there."""
    return finish(start(words, here, Disk(fault, reading), prepare))


def start(
    words: Sequence[object],
    here: Path,
    disk: Disk | None = None,
    prepare: Callable[[], object] = lambda: None,
) -> Begun:
    """Begin a command; several may be at work at once."""
    out, told = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12 warns of threads; numpy has some
        child = os.fork()
    if child == 0:
        os.close(out)
        _be_the_command([str(word) for word in words], here, told, disk or Disk(), prepare)
    os.close(told)
    return Begun(child, out)


def finish(begun: Begun) -> Ended:
    """Wait for a command's end."""
    with os.fdopen(begun.pipe, "rb") as pipe:
        said = pipe.read().decode(errors="replace")
    _, status = os.waitpid(begun.process, 0)
    said, _, calls = said.partition("\x00")
    return Ended(os.waitstatus_to_exitcode(status), said, tuple(calls.split()))


def _be_the_command(
    words: list[str], here: Path, told: int, disk: Disk, prepare: Callable[[], object]
) -> None:
    """Run the command; never return."""
    code, write = 70, os.write
    gc.disable()
    try:
        os.chdir(here)
        os.dup2(told, 1)
        os.dup2(told, 2)
        both = os.fdopen(1, "wb", 0, closefd=False)
        sys.stdout = sys.stderr = io.TextIOWrapper(both, encoding="utf-8", write_through=True)
        sys.argv = ["zhengdun", *words]
        prepare()
        disk.install()
        with contextlib.suppress(BrokenPipeError):
            cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
        write(told, b"\x00" + " ".join(disk.calls).encode())
    except BaseException:  # noqa: BLE001 -- the test that asked shall see it
        write(told, traceback.format_exc().encode())
    finally:
        os._exit(code)


def warm_up(words: Sequence[object]) -> None:
    """Run a command here, where we stand: what it loads and keeps, no child need load again."""
    cli.cli.main([str(word) for word in words], prog_name="zhengdun", standalone_mode=False)


def held(folder: Path) -> dict[str, bytes]:
    """Return what a folder holds, by the ways to it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def restore(folder: Path, files: dict[str, bytes]) -> None:
    """Give a folder the files it shall hold, and no others."""
    now = held(folder)
    for name in now.keys() - files.keys():
        (folder / name).unlink()
    for name, data in files.items():
        if now.get(name) != data:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
