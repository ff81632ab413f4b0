"""A folder watched: what is saved is checked at once and told in a line, the report kept beside.

Law: it only reads what it watches, and holds no file open. It writes one workbook, the report; a
workbook that stops a check stops no other, and Ctrl-C ends it with the report whole.
"""

import contextlib
import datetime as dt
import re
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit import flow
from toolkit.errors import ToolkitError, UnreadableError
from toolkit.excel.folder import REPORT_FILE
from toolkit.excel.opened import Opened
from toolkit.findings import Finding, Level
from toolkit.forms import BOOKS_FOLDER, is_work_folder, township, village
from toolkit.inbox import FORMS, open_one
from toolkit.outputs import backup_of
from toolkit.report import CheckReport, FileStatus
from toolkit.schema.form import Form
from toolkit.schema.kinds import Day
from toolkit.watching.folder import Back, Event, Folder, Gone, Lost, Renamed, Saved
from toolkit.watching.mended import Mended, left_over, mended

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Voice:
    """How the watch speaks: it tells results, says troubles, notes what is good to know."""

    tell: Say
    say: Say
    note: Say
    ring: Callable[[], None]


# -- the watch ------------------------------------------------------------------------------------

POLL = 0.5
"""Seconds between two looks, at least."""
_SHARE = 0.01  # of one core, at most
_SMOOTH = 0.1  # the weight of the last look: Windows clocks CPU time in steps of 16 ms


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
    beside what is watched.
    Raises UnreadableError where there is nothing of the name, and as `check` does at the start.
    """
    try:
        rounds = Rounds(paths, target or _usual(paths), Days(as_of, today), voice)
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


@dataclass(frozen=True, slots=True)
class Days:
    """The day that deadlines are reckoned by, and what day it is."""

    fixed: dt.date | None
    today: Callable[[], dt.date]

    @property
    def as_of(self) -> dt.date:
        """The day to go by now."""
        return self.fixed or self.today()


def _usual(paths: Sequence[Path]) -> Path:
    first = paths[0]
    return (first if first.is_dir() else first.parent) / REPORT_FILE


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to look: as often as costs no more than its share of a core."""

    cost: float = 0.0  # seconds of CPU that a look takes, smoothed

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        return max(POLL, self.cost / _SHARE)

    def after(self, cost: float) -> "Pace":
        """Return the pace after a look at which nothing had happened.

        >>> [round(pace.pause, 1) for pace in (Pace(0.001).after(0.001), Pace(0.02).after(0.02))]
        [0.5, 2.0]
        """
        return Pace(self.cost + _SMOOTH * (cost - self.cost) if self.cost else cost)


# -- the files at hand ----------------------------------------------------------------------------

_NOT_YET = "正在保存，存好后再核对"


class _Shelf:
    """Opens what was told of the files, each content once; never what is being written."""

    def __init__(self, folder: Folder, asked: Container[Path]) -> None:
        self._folder = folder
        self._asked = asked
        self._held: dict[Path, bytes | None] = {}
        self._opened: dict[tuple[Path, Sequence[Form]], Opened | FileStatus] = {}

    def put(self, path: Path, data: bytes | None) -> None:
        """Hold a new content of a file, None where nobody lets us read it."""
        self.drop(path)
        self._held[path] = data

    def drop(self, path: Path) -> None:
        """Hold a file no more."""
        self._held.pop(path, None)
        for key in [key for key in self._opened if key[0] == path]:
            del self._opened[key]

    def form_of(self, path: Path) -> Form | None:
        """Return what a file was opened as, None where it was not."""
        found = (each for (place, _), each in self._opened.items() if place == path)
        return next((each.form for each in found if isinstance(each, Opened)), None)

    def __call__(
        self,
        path: Path,
        asked: Container[Path],
        forms: Sequence[Form] = FORMS,
        *,
        counted: bool = False,
    ) -> Opened | FileStatus:
        """Return a file that is a workbook of ours, else what is to be said of it."""
        if path not in self._held:
            if self._folder.covers(path):
                return FileStatus(str(path), "skipped", reason=_NOT_YET)
            self._held[path] = self._folder.admit(path)
        data = self._held[path]
        if data is None:  # reading it will tell why
            return open_one(path, asked, forms, counted=counted)
        key = (path, forms)
        if key not in self._opened:
            hidden = path not in self._asked and self._folder.covers(path)
            named = () if hidden else asked
            self._opened[key] = open_one(path, named, forms, counted=counted, read=lambda _: data)
        return self._opened[key]


# -- the rounds -----------------------------------------------------------------------------------

_MOST = 5  # lines below the one of a save
_MOST_NAMES = 9  # of the report, where its own is taken


class Rounds:
    """What is watched, what was found there last, and where the report stands."""

    def __init__(self, paths: Sequence[Path], target: Path, days: Days, voice: Voice) -> None:
        for path in paths:
            if not path.exists():
                raise UnreadableError("找不到这个文件或文件夹。请核对路径和名称。", str(path))
        self._asked = [path / BOOKS_FOLDER if is_work_folder(path) else path for path in paths]
        self._days = days
        self._voice = voice
        self._results = _Results(target, voice)
        self._folder = Folder(self._asked, self._results.is_ours)
        self._shelf = _Shelf(self._folder, frozenset(self._asked))
        self._report: CheckReport | None = None
        self._owed: list[Saved | Renamed | Gone] = []  # told once a check has gone well
        self._troubles: set[str] = set()  # said since the last that did

    def start(self, sleep: Callable[[float], None]) -> None:
        """Check everything, say what is watched, and write the report."""
        events = self._folder.poll()
        if self._folder.pending:
            sleep(POLL)
            events += self._folder.poll(anyway=True)
        self._take(events)
        self._owed = []
        self._report = self._checked(self._days.as_of)
        self._voice.note(self._opening())
        if self._report is not None:
            for line in self._report.troubles:
                self._voice.say(line)
            self._results.publish(self._report)
            self._voice.note(f"核对结果在 {self._results.place}，每次保存后更新。")

    def look(self) -> bool:
        """Look once; check and tell what was saved. Say whether anything had happened."""
        events = self._folder.poll()
        for event in events:
            if isinstance(event, Lost):
                self._voice.say(f"{event.folder}：现在打不开，可能是网络断了。恢复后接着看。")
            if isinstance(event, Back):
                self._voice.note(f"{event.folder}：又能打开了，接着看。")
        if any(isinstance(event, Saved | Renamed | Gone) for event in events):
            self._turn_the_day()
            self._take(events)
            self._check_and_tell()
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
        known = {path: self._shelf.form_of(path) for path in self._folder.paths}
        # One that a program has taken away for a moment is checked as it was. The township's is
        # named only then: one named by hand counts before the work folder's own.
        named = (
            path
            for path, form in known.items()
            if form is village.FORM or (form and not path.exists())
        )
        try:
            report = flow.check([*self._asked, *named], day, opener=self._shelf)
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
        self._tell(owed, before or CheckReport((), (), report.as_of), report)
        self._results.publish(report)

    # -- telling ----------------------------------------------------------------------------------

    def _opening(self) -> str:
        place = "、".join(map(str, self._asked))
        told = "还没有核对成" if self._report is None else self._found(self._report)
        return f"正在看 {place}：{told}。保存后自动核对，按 Ctrl+C 结束。"

    def _found(self, report: CheckReport) -> str:
        forms = [self._shelf.form_of(Path(file.path)) for file in report.checked]
        if not forms:
            return "还没有工作簿"
        return (
            f"{forms.count(village.FORM)} 个工作簿，{left_over(report.findings) or '没有发现问题'}"
        )

    def _tell(
        self, events: Iterable[Saved | Renamed | Gone], before: CheckReport, after: CheckReport
    ) -> None:
        """Tell what became of each file, then of those that hang together with it."""
        changes = _Changes.between(before, after, events)
        for event in {event.path: event for event in events}.values():
            match event:
                case Saved():
                    self._tell_saved(event, changes)
                case Renamed(path, former):
                    self._voice.tell(f"{former.name} 改名为 {path.name}。")
                case Gone(path):
                    if changes.had(path):
                        self._voice.tell(f"{path.name}：已经不在这里，核对结果不再列出它。")
        others = list(changes.others())
        for name, change in others[:_MOST]:
            self._voice.tell(f"  同时，{name}：{_sentence(change)}")
            self._list(change, changes)
        if others[_MOST:]:
            self._voice.tell(f"  另有 {len(others[_MOST:])} 个工作簿的结果也变了。")

    def _tell_saved(self, event: Saved, changes: "_Changes") -> None:
        status = changes.after.get(str(event.path))
        opening = f"{_clock(event.at, self._days.today())} {changes.name(event.path)}"
        if status is None:
            if self._shelf.form_of(event.path) is township.FORM:
                self._voice.tell(f"{opening}：各村按它现在的参数和名册重新核对。")
        elif status.status == "unreadable":
            self._voice.say(f"{opening}：{status.reason}")
        elif status.status == "skipped":
            if changes.had(event.path):
                self._voice.say(f"{opening}：{status.reason}。不再核对。")
        else:
            self._tell_read(event, opening, changes)

    def _tell_read(self, event: Saved, opening: str, changes: "_Changes") -> None:
        change = changes.of(event.path)
        if changes.had(event.path):
            self._voice.tell(f"{opening}：{_sentence(change)}")
        else:
            word = "新增的工作簿" if event.fresh else "现在能读了"
            self._voice.tell(f"{opening}：{word}，{left_over(change.left) or '没有发现问题'}。")
        self._list(change, changes)

    def _list(self, change: Mended, changes: "_Changes") -> None:
        """List what must be mended and was not there before."""
        errors = [each for each in change.new if each.level is Level.ERROR]
        for finding in errors[:_MOST]:
            self._voice.tell(f"  {finding.line(with_path=changes.share_names)}")
        if errors[_MOST:]:
            self._voice.tell(
                f"  另有新出的必改 {len(errors[_MOST:])} 条，见 {self._results.place.name}。"
            )
        if errors:
            self._voice.ring()


def _sentence(change: Mended) -> str:
    """Return what a save has changed and what is left."""
    left = left_over(change.left)
    if not left:
        tail = "没有问题了" if change.told else "没有发现问题"
    elif any(finding.level is Level.ERROR for finding in change.left):
        tail = f"还有{left}"
    else:
        tail = f"没有必改，还有{left}"
    return "，".join(filter(None, (change.told, tail))) + "。"


def _clock(at: int, today: dt.date) -> str:
    """Return when a file was written, as its reader's clock shows it; the day where not today."""
    moment = dt.datetime.fromtimestamp(at // 1_000_000_000).astimezone()
    return f"{moment:%H:%M:%S}" if moment.date() == today else f"{moment:%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class _Changes:
    """Two checks of the same files."""

    read_before: frozenset[str]
    after: Mapping[str, FileStatus]
    changed: Mapping[str, Mended]  # by path, of every file
    told: frozenset[str]  # the files that were saved, renamed or taken away
    share_names: bool

    @classmethod
    def between(
        cls, before: CheckReport, after: CheckReport, events: Iterable[Saved | Renamed | Gone]
    ) -> "_Changes":
        """Return what lies between two checks."""
        called = {str(e.former): str(e.path) for e in events if isinstance(e, Renamed)}
        old, new = _by_file(before.findings, called), _by_file(after.findings, {})
        return cls(
            frozenset(called.get(f.path, f.path) for f in before.files if f.status == "read"),
            {file.path: file for file in after.files},
            {path: mended(old[path], new[path]) for path in sorted({*old, *new})},
            frozenset(str(event.path) for event in events if not isinstance(event, Renamed)),
            after.shares_names,
        )

    def had(self, path: Path) -> bool:
        """Say whether a file was read before."""
        return str(path) in self.read_before

    def of(self, path: Path) -> Mended:
        """Return what became of the findings on a file."""
        return self.changed.get(str(path)) or mended((), ())

    def name(self, path: Path) -> str:
        """Return what people call a file."""
        return str(path) if self.share_names else path.name

    def others(self) -> Iterator[tuple[str, Mended]]:
        """Yield the files that nobody has touched and whose findings are others all the same."""
        for path, change in self.changed.items():
            if path in self.after and path not in self.told and not change.nothing:
                yield self.name(Path(path)), change


def _by_file(
    findings: Iterable[Finding], called: Mapping[str, str]
) -> defaultdict[str, list[Finding]]:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[called.get(finding.file, finding.file)].append(finding)
    return found


# -- the report -----------------------------------------------------------------------------------


class _Results:
    """The report: under its own name, or under a numbered one while its own is taken."""

    def __init__(self, target: Path, voice: Voice) -> None:
        self._target = target
        self._voice = voice
        self._stopped = ""  # why it could not be written last
        self._numbered: dict[Path, bytes] = {}  # what we wrote under other names
        self._ours = re.compile(rf"{re.escape(target.stem)}(-[0-9]+)?{re.escape(target.suffix)}")
        self.place = target

    def is_ours(self, path: Path) -> bool:
        """Say whether a file is the report, or bears one of the names that it may bear."""
        here = path.absolute().parent == self._target.absolute().parent
        return here and self._ours.fullmatch(path.name) is not None

    def publish(self, report: CheckReport) -> None:
        """Write the report; say once where it goes, or why it goes nowhere."""
        refused = ""
        for place in self._places():
            try:
                with _to_the_end():
                    flow.write_report(report, "xlsx", place)
            except ToolkitError as error:
                refused = refused or str(error)
                if place == self._target and not place.is_file():
                    break  # the folder is at fault, not the file
            else:
                self._settle(place, refused)
                return
        self._say_why(refused)

    def _places(self) -> Iterator[Path]:
        yield self._target
        for number in range(2, _MOST_NAMES + 1):
            yield self._target.with_stem(f"{self._target.stem}-{number}")

    def _settle(self, place: Path, refused: str) -> None:
        """Say where the report stands, if that is another place than before."""
        if place != self._target:
            self._numbered[place] = place.read_bytes()
            if place != self.place:
                self._voice.say(f"{refused}结果先写在 {place}，能写时自动写回。")
        elif place != self.place:
            self._voice.note(f"核对结果又写在 {place} 了。")
        elif self._stopped:
            self._voice.note(f"核对结果又能写了，在 {place}。")
        if place == self._target:
            self._put_away()
        self._stopped, self.place = "", place

    def _say_why(self, refused: str) -> None:
        if refused != self._stopped:
            self._voice.say(refused)
        self._stopped = refused

    def _put_away(self) -> None:
        """Remove what was written under other names, where nobody has touched it: it is old."""
        for place, data in list(self._numbered.items()):
            with contextlib.suppress(OSError):
                if place.read_bytes() == data:
                    place.unlink()
                    backup_of(place).unlink(missing_ok=True)
                del self._numbered[place]


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
            raise KeyboardInterrupt
