"""Where the report stands: under its own name, or under a numbered one while its own is taken.

Law: it makes no folder, and writes over no report that somebody else has written meanwhile.
"""

import contextlib
import os
import re
import signal
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from toolkit import flow, results
from toolkit.errors import OutputError, ToolkitError
from toolkit.outputs import backup_of
from toolkit.report import CheckReport, RulePage
from toolkit.returns import report_file

RETRY = 6
"""Polls after which a report is written again that does not stand in its own place."""


class Publisher:
    """Writes the report; says where it stands if elsewhere than before, and why nowhere."""

    def __init__(
        self, target: Path, say: Callable[[str], None], note: Callable[[str], None]
    ) -> None:
        self._target = target
        self._say = say
        self._note = note
        self._stopped = ""  # why it could not be written last
        self._written: dict[Path, bytes] = {}  # what we wrote, by place
        self._owed = b""  # what does not stand in its own place yet
        self._polls = 0
        self._ours = re.compile(rf"{re.escape(target.stem)}(-[0-9]+)?{re.escape(target.suffix)}")
        self.place: Path | None = None
        """Where it stands, None while it stands nowhere."""

    @property
    def name(self) -> str:
        """The name of the report."""
        return (self.place or self._target).name

    def is_ours(self, path: Path) -> bool:
        """Say whether a file is a report under one of the names that this one may bear."""
        here = path.absolute().parent == self._target.absolute().parent
        named = here and self._ours.fullmatch(path.name) is not None
        return named and (path in self._written or results.kind_of(path) == results.REPORT)

    def left_behind(self) -> tuple[Path, ...]:
        """Return the numbered reports of an earlier watch, which nobody renews any more."""
        _, *numbered = results.numbered(self._target)
        others = (place for place in numbered if place not in self._written and place.is_file())
        return tuple(place for place in others if results.kind_of(place) == results.REPORT)

    def publish(self, report: CheckReport) -> None:
        """Write the report; say once where it goes, or why it goes nowhere."""
        with _to_the_end():
            self._write(report_file(report, "xlsx", self._target.parent, self._pages))

    def retry(self) -> None:
        """Write, at some of the polls, a report that does not stand in its own place."""
        self._polls += 1
        if self._owed and self._polls % RETRY == 0 and _may_be_free(self._target):
            with _to_the_end():
                self._write(self._owed)

    @cached_property
    def _pages(self) -> Mapping[str, RulePage]:
        return {page.code: page for family in flow.rule_families() for page in family.pages}

    def _write(self, data: bytes) -> None:
        self._owed = data
        refused = ""
        for place in results.numbered(self._target):
            try:
                self._require_free(place, data)
                results.replace(place, data, results.REPORT)
            except ToolkitError as error:
                refused = refused or str(error)
                if place == self._target and not os.path.lexists(place):
                    break  # the folder is at fault, not the file
            else:
                self._written[place] = data
                self._settle(place, refused)
                return
        self._say_why(refused)

    def _require_free(self, place: Path, data: bytes) -> None:
        """Refuse a place whose folder is away, or where another watch has written."""
        if not place.parent.is_dir():
            raise OutputError(f"{place.parent}：这个文件夹打不开，核对结果先不写，能写时再写。")
        with contextlib.suppress(OSError):  # writing will tell
            stands = place.read_bytes() if place in self._written else data
            strange = stands not in {data, self._written.get(place)}
            if strange and results.kind_of(place) == results.REPORT:
                raise OutputError(f"{place}：刚才有别人改写，可能另一个窗口也在看这里，没有覆盖。")

    def _settle(self, place: Path, refused: str) -> None:
        """Say where the report stands, if that is another place than before."""
        if place != self._target:
            if place != self.place:
                self._say(f"{refused}结果先写在 {place}，能写时自动写回。")
        elif self.place not in {None, place}:
            self._note(f"核对结果又写在 {place} 了。")
        elif self._stopped:
            self._note(f"核对结果又能写了，在 {place}。")
        if place == self._target:
            self._owed = b""
            self._put_away()
        self._stopped, self.place = "", place

    def _say_why(self, refused: str) -> None:
        if refused != self._stopped:
            self._say(refused)
        self._stopped = refused

    def _put_away(self) -> None:
        """Remove what was written under other names, where nobody has touched it: it is old."""
        for place, data in list(self._written.items()):
            if place == self._target:
                continue
            with contextlib.suppress(OSError):
                if place.read_bytes() == data:
                    place.unlink()
                    backup_of(place).unlink(missing_ok=True)
                del self._written[place]


def _may_be_free(place: Path) -> bool:
    """Say whether a file may be written there, without waiting for a program that keeps it."""
    try:
        os.close(os.open(place, os.O_RDWR))
    except FileNotFoundError:
        return place.parent.is_dir()
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _to_the_end() -> Iterator[None]:
    """Let Ctrl-C wait until a result stands whole in its place, with nothing beside it."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed:
            signal.raise_signal(signal.SIGINT)
