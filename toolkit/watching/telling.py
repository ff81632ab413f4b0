"""What is told after a save: a line for each file, what is new in it listed below."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.findings import Finding, Level
from toolkit.forms import township
from toolkit.schema.form import Form
from toolkit.watching.changes import Changes, Touched
from toolkit.watching.folder import Gone, Renamed, Saved
from toolkit.watching.mended import Mended, left_over, together

_MOST = 5  # lines below the one of a save, and files told one by one
_YEARS = range(1981, 2100)  # a disk that tells another has no clock


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a result, or a trouble; a result may ring the bell."""

    text: str
    trouble: bool = False
    rings: bool = False


@dataclass(frozen=True, slots=True)
class Telling:
    """Puts into words what lies between two checks."""

    changes: Changes
    form_of: Callable[[Path], Form | None]
    today: dt.date
    report: str  # the report's name

    def lines(self, events: Iterable[Touched]) -> Iterator[Line]:
        """Yield what became of each file, then of those that hang together with it.

        Of many files at once, a line for all and the worst of it.
        """
        told = {(event.path, isinstance(event, Renamed)): event for event in events}
        others = list(self.changes.others())
        if len({path for path, _ in told}) > _MOST:
            yield from self._at_a_glance(list(told.values()), [each for _, each in others])
            return
        for event in told.values():
            match event:
                case Saved():
                    yield from self._saved(event)
                case Renamed(path, former):
                    change = self.changes.of(path)
                    line = self._renamed(former, path)
                    if (path, False) in told or change.nothing:  # a line of its own, or nothing
                        yield Line(f"{line}。")
                    else:
                        yield Line(f"{line}：{_sentence(change)}")
                        yield from self._listed(change)
                case Gone(path):
                    if self.changes.had(path):
                        yield Line(f"{self.changes.name(path)}：已经不在这里，核对结果不再列出它。")
        yield from self._meanwhile(others)

    def _meanwhile(self, others: Sequence[tuple[str, Mended]]) -> Iterator[Line]:
        """Yield what became of the files that nobody has touched."""
        if not others:
            return
        change = together([each for _, each in others])
        if len(others) == 1:
            yield Line(f"  同时，{others[0][0]}：{_sentence(change)}")
        else:
            yield Line(f"  同时，另有 {len(others)} 个工作簿的结果也变了：{change.told}。")
        yield from self._listed(change)

    def _at_a_glance(self, events: Sequence[Touched], others: Sequence[Mended]) -> Iterator[Line]:
        paths = {event.path for event in events}
        gone = sum(isinstance(event, Gone) for event in events)
        files = [self.changes.after.get(str(path)) for path in paths]
        unread = [file for file in files if file and file.status == "unreadable"]
        change = together([*(self.changes.of(path) for path in paths), *others])
        parts = ((len(unread), "个读不了"), (gone, "个已经不在这里"))
        among = "、".join(f"{number} {words}" for number, words in parts if number)
        opening = f"{len(paths)} 个文件一起有了变化"
        yield Line(f"{opening}{f'（{among}）' if among else ''}：{_sentence(change)}")
        for file in unread[:_MOST]:
            yield Line(f"  {self.changes.name(Path(file.path))}：{file.reason}", trouble=True)
        yield from self._listed(change)

    def _renamed(self, former: Path, path: Path) -> str:
        """Return that a file bears another name, or stands in another folder."""
        if former.parent == path.parent:
            return f"{self.changes.name(former)} 改名为 {path.name}"
        inside = path.parent.is_relative_to(former.parent)
        folder = path.parent.relative_to(former.parent) if inside else path.parent
        renamed = "" if former.name == path.name else f"，改名为 {path.name}"
        return f"{self.changes.name(former)} 移到 {folder}{renamed}"

    def _saved(self, event: Saved) -> Iterator[Line]:
        status = self.changes.after.get(str(event.path))
        opening = f"{_clock(event.at, self.today)}{self.changes.name(event.path)}"
        judges = self.form_of(event.path) is township.FORM
        if judges:
            opening += "：各村按它现在的参数和名册重新核对"
        if status is None:
            if judges:
                yield Line(f"{opening}。")
        elif status.status == "unreadable":
            yield Line(f"{opening}：{status.reason}", trouble=True)
        elif status.status == "skipped":
            if self.changes.had(event.path):
                yield Line(f"{opening}：{status.reason}。不再核对。", trouble=True)
        else:
            yield from self._read(event, f"{opening}；它自己" if judges else f"{opening}：")

    def _read(self, event: Saved, opening: str) -> Iterator[Line]:
        change = self.changes.of(event.path)
        if self.changes.had(event.path):
            yield Line(f"{opening}{_sentence(change)}")
        else:
            word = "新增的工作簿" if event.fresh else "现在能读了"
            yield Line(f"{opening}{word}，{left_over(change.left) or '没有发现问题'}。")
        yield from self._listed(change)

    def _listed(self, change: Mended) -> Iterator[Line]:
        """Yield what must be mended and was not there before; the last line rings."""
        errors: list[Finding] = [each for each in change.worse if each.level is Level.ERROR]
        shared = self.changes.share_names
        texts = [f"  {finding.line(with_path=shared)}" for finding in errors[:_MOST]]
        if errors[_MOST:]:
            texts.append(f"  另有新出的必改 {len(errors[_MOST:])} 条，见 {self.report}。")
        for number, text in enumerate(texts, start=1):
            yield Line(text, rings=number == len(texts))


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
    """Return when a file was written, as its reader's clock shows it; the day where not today.

    "" where the disk does not know.
    """
    try:
        moment = dt.datetime.fromtimestamp(at // 1_000_000_000).astimezone()
    except (OverflowError, ValueError, OSError):
        return ""
    if moment.year not in _YEARS:
        return ""
    return f"{moment:%H:%M:%S} " if moment.date() == today else f"{moment:%Y-%m-%d %H:%M:%S} "
