"""A folder watched: what is saved is checked at once and told in a line, the report kept beside.

Law: it only reads what it watches, each file whole and at once; in that moment alone Windows lets
nobody rename or delete it. It writes one workbook, the report; a workbook that stops a check stops
no other, and Ctrl-C ends it with the report whole.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit import results
from toolkit.errors import ToolkitError, UnreadableError
from toolkit.excel.folder import REPORT_FILE
from toolkit.forms import BOOKS_FOLDER, is_work_folder, village
from toolkit.report import CheckReport
from toolkit.schema.kinds import Day
from toolkit.watching.changes import Changes, Touched, paired
from toolkit.watching.folder import Back, Event, Folder, Gone, Lost, Renamed, Saved
from toolkit.watching.judging import Judge
from toolkit.watching.mended import left_over
from toolkit.watching.pace import POLL, Pace
from toolkit.watching.publishing import Publisher
from toolkit.watching.shelf import Shelf
from toolkit.watching.telling import Line, Telling

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Voice:
    """How the watch speaks: it tells results, says troubles, notes what is good to know."""

    tell: Say
    say: Say
    note: Say
    ring: Callable[[], None]
    fault: Callable[[Exception], object]  # says that a bug is one, for those who mend it


@dataclass(frozen=True, slots=True)
class Days:
    """The day that deadlines are reckoned by, and what day it is."""

    fixed: dt.date | None
    today: Callable[[], dt.date]

    @property
    def as_of(self) -> dt.date:
        """The day to go by now."""
        return self.fixed or self.today()


def watch(  # noqa: PLR0913 -- what is watched, by which day, and the world around it
    paths: Sequence[Path],
    target: Path | None,
    as_of: dt.date | None,
    voice: Voice,
    *,
    today: Callable[[], dt.date],
    sleep: Callable[[float], None] = time.sleep,
    spent: Callable[[], float] = time.process_time,
) -> int:
    """Check what is saved there until Ctrl-C; return 0 then.

    Without a day to go by, `today` is asked at each check. Without a `target` the report goes
    where `report_place` says. What would stop a `check` is said, once, and the watch goes on.
    Raises UnreadableError where there is nothing of the name.
    """
    try:
        if target is not None:
            results.named(target, ".xlsx")
        rounds = Rounds(paths, target or report_place(paths, None), Days(as_of, today), voice)
        rounds.start(sleep)
        pace = Pace()
        while True:
            sleep(pace.pause)
            before = spent()
            if rounds.look():
                continue
            pace = pace.after(spent() - before)
    except KeyboardInterrupt:
        voice.note("已停止。")
    return 0


def report_place(paths: Sequence[Path], folder: Path | None) -> Path:
    """Return where the report goes; one on single files does not take that of the whole folder.

    `folder` is the work folder's; without one it goes beside what is watched.
    """
    first = paths[0]
    place = (folder or (first if first.is_dir() else first.parent)) / REPORT_FILE
    if any(path.is_dir() for path in paths):
        return place
    return place.with_stem(f"{place.stem}-{first.stem if len(paths) == 1 else _SOME}")


_SOME = "部分"


class Rounds:
    """What is watched, what was found there last, and where the report stands."""

    def __init__(self, paths: Sequence[Path], target: Path, days: Days, voice: Voice) -> None:
        for path in paths:
            if not path.exists():
                raise UnreadableError("找不到这个文件或文件夹。请核对路径和名称。", str(path))
        self._asked = [path / BOOKS_FOLDER if is_work_folder(path) else path for path in paths]
        self._days = days
        self._voice = voice
        self._publisher = Publisher(target, voice.say, voice.note)
        self._folder = Folder(self._asked, self._publisher.is_ours)
        self._shelf = Shelf(self._folder, self._asked)
        self._judge = Judge()
        self._report: CheckReport | None = None
        self._owed: list[Touched] = []  # told once a check has gone well
        self._due = False  # something was saved since the last check was tried
        self._troubles: set[str] = set()  # said since the last that did
        self._faulty = False  # a bug was met

    def start(self, sleep: Callable[[float], None]) -> None:
        """Check everything, say what is watched, and write the report."""
        events = self._folder.poll()
        if self._folder.pending:
            sleep(POLL)
            events += self._folder.poll(anyway=True)
        self._take(events)
        self._owed = []
        self._report = self._checked(self._days.as_of)
        told = self._found(self._report) if self._report else "还没有核对成"
        place = "、".join(map(str, self._asked))
        self._voice.note(f"正在看 {place}：{told}。保存后自动核对，按 Ctrl+C 结束。")
        if self._report is not None:
            self._begin(self._report)

    def look(self) -> bool:
        """Look once; check and tell what was saved. Say whether anything had happened."""
        events = self._folder.poll()
        for event in events:
            if isinstance(event, Lost):
                self._voice.say(f"{event.folder}：现在打不开，可能是网络断了。恢复后接着看。")
            if isinstance(event, Back):
                self._voice.note(f"{event.folder}：又能打开了，接着看。")
        touched = any(isinstance(event, Saved | Renamed | Gone) for event in events)
        if not self._folder.reachable:  # what is left of it is no township to be judged
            self._take(events)
            self._due |= touched
        elif touched or self._due:
            self._turn_the_day()
            self._take(events)
            self._due = False
            self._check_and_tell()
        else:
            self._publisher.retry()
        return bool(events)

    # -- checking ---------------------------------------------------------------------------------

    def _take(self, events: Iterable[Event]) -> None:
        """Put what was saved at hand, and owe a word on it."""
        for event in events:
            match event:
                case Saved(path, data):
                    self._shelf.put(path, data)
                case Renamed(path, former, data):
                    self._shelf.drop(former)
                    self._shelf.put(path, data)
                case Gone(path):
                    self._shelf.drop(path)
                case _:
                    continue
            self._owed.append(event)

    def _checked(self, day: dt.date) -> CheckReport | None:
        """Return what is found in everything at hand, None where that cannot be told."""
        if not self._folder.paths:
            return CheckReport((), (), day)
        try:
            report = self._judge.check(self._shelf.sight(), day)
        except ToolkitError as error:
            self._once(str(error))
        except OSError as error:
            self._once(f"读写出错（代码 {error.errno}），这一次没有核对，下次保存后再核对。")
        else:
            self._troubles.clear()
            return report
        return None

    def _once(self, trouble: str) -> None:
        if trouble not in self._troubles:
            self._troubles.add(trouble)
            self._voice.say(trouble)

    def _turn_the_day(self) -> None:
        """Judge what is at hand by another day, so that no save is told to have changed it."""
        day = self._days.as_of
        if self._report is None or self._report.as_of == day:
            return
        report = self._checked(day)
        if report is not None:
            self._report = report
            found = left_over(report.findings) or "没有问题"
            self._voice.note(f"日期到了{Day().text(day)}，按这一天计算：{found}。")

    def _check_and_tell(self) -> None:
        report = self._checked(self._days.as_of)
        if report is None:
            return
        owed, self._owed = self._owed, []
        before, self._report = self._report, report
        if before is None:
            self._voice.note(f"现在核对成了：{self._found(report)}。")
            self._begin(report)
            return
        for line in self._lines(before, report, owed):
            (self._voice.say if line.trouble else self._voice.tell)(line.text)
            if line.rings:
                self._voice.ring()
        self._shelf.settle()
        self._publisher.publish(report)

    def _lines(
        self, before: CheckReport, after: CheckReport, owed: Sequence[Touched]
    ) -> Sequence[Line]:
        """Return what is to be told; a bug in that is told once, and ends no watch."""
        try:
            events = paired(owed, before, after)
            changes = Changes.between(before, after, events, self._shelf.moved)
            name = self._publisher.name
            return tuple(
                Telling(changes, self._shelf.form_of, self._days.today(), name).lines(events)
            )
        except Exception as error:  # noqa: BLE001 -- it is told, and the report is right all the same
            if not self._faulty:
                self._voice.fault(error)
            self._faulty = True
            return ()

    # -- the first check that goes well -----------------------------------------------------------

    def _begin(self, report: CheckReport) -> None:
        """Say what cannot be read and where the report stands, which every save renews."""
        for line in report.troubles:
            self._voice.say(line)
        self._shelf.settle()
        self._publisher.publish(report)
        place = self._publisher.place
        self._voice.note(
            f"核对结果在 {place}，每次保存后更新。" if place else "核对结果没有写成，能写时再写。"
        )
        left = "、".join(each.name for each in self._publisher.left_behind())
        if left:
            self._voice.note(f"以前留下的 {left} 不再更新，看完可以删除。")

    def _found(self, report: CheckReport) -> str:
        forms = [self._shelf.form_of(Path(file.path)) for file in report.checked]
        if not forms:
            return "还没有工作簿"
        found = left_over(report.findings) or "没有发现问题"
        return f"{forms.count(village.FORM)} 个工作簿，{found}"
