"""What was handed in: files and folders opened, told apart, and the township's workbook found."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import OtherFormError, UnreadableError, UsageError
from toolkit.excel.folder import Skipped, find_workbooks
from toolkit.excel.opened import Opened, open_workbook
from toolkit.findings import Finding, Level
from toolkit.forms import TOWNSHIP_FILE, township, village
from toolkit.forms.parameters import Parameters
from toolkit.forms.rollup import Source
from toolkit.report import FileStatus, Track, skipped_lines, unreadable_lines
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.workbook import Workbook


@dataclass(frozen=True)
class Inbox:
    """What the input holds: village workbooks, the township's own, and what could not be read."""

    villages: tuple[Workbook, ...]
    town_book: Workbook | None
    files: tuple[FileStatus, ...]

    @property
    def troubles(self) -> tuple[str, ...]:
        """What could not be read, and why."""
        return unreadable_lines(self.files)

    @property
    def passed_over(self) -> tuple[str, ...]:
        """What nobody meant to hand in."""
        return skipped_lines(self.files)

    @property
    def roster(self) -> tuple[township.Village, ...]:
        """The villages that must report; () where no township workbook is at hand."""
        return township.roster(self.town_book) if self.town_book else ()

    @property
    def town_name(self) -> str:
        """The township's name, "" where nobody has written it."""
        rows = self.town_book.rows(township.Township) if self.town_book else ()
        return (rows[0].town or "") if rows else ""

    @property
    def settings(self) -> township.Settings | None:
        """The township's parameters, None where it has not set any."""
        rows = self.town_book.rows(township.Settings) if self.town_book else ()
        return rows[0] if rows else None


def untracked(paths: Sequence[Path]) -> Iterable[Path]:
    """Return the paths, without showing anybody how far the run has come."""
    return paths


# -- what lies there ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sight:
    """What a run is asked to read, seen but not opened: in order, whatever was named first."""

    asked: tuple[Path, ...]
    files: tuple[Path, ...]
    skipped: tuple[Skipped, ...]
    township: Path | None  # beside them, read where none of them is the township's

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Every file that may be read."""
        return (*self.files, self.township) if self.township else self.files

    @property
    def whole(self) -> bool:
        """Whether folders are asked for, so that the township's villages are expected there."""
        return any(path.is_dir() for path in self.asked)


def look(paths: Sequence[Path], copies: Path | None = None) -> Sight:
    """Return what files and folders hold, but for the folder that return copies go to."""
    asked = tuple(sorted(set(paths)))
    found = find_workbooks(asked, copies)
    skipped = tuple(each for each in found.skipped if each.path not in found.files)
    return Sight(asked, tuple(sorted(found.files)), skipped, _beside(asked, found.files))


def _beside(asked: Sequence[Path], found: Sequence[Path]) -> Path | None:
    """Return the township workbook of the folder that the paths, or we, are in.

    One that is found already is none, whatever its name.
    """
    folders = [path if path.is_dir() else path.parent for path in asked]
    places = [place for folder in folders for place in (folder, _above(folder))]
    candidates = (place / TOWNSHIP_FILE for place in (*places, Path()))
    known = {path.resolve() for path in found}
    return next(
        (each for each in candidates if each.is_file() and each.resolve() not in known), None
    )


def _above(folder: Path) -> Path:
    """Return the folder above, also of one spelled “.” or “..”."""
    return folder / ".." if folder.name in {"", ".."} else folder.parent


# -- what it says -------------------------------------------------------------------------------


def open_inbox(paths: Sequence[Path], track: Track = untracked) -> Inbox:
    """Files and folders to workbooks; a township's own is looked for beside them if need be."""
    return open_all(look(paths), track)


def open_all(sight: Sight, track: Track = untracked) -> Inbox:
    """What lies there to workbooks.

    Raises UsageError where there are two township workbooks.
    """
    opened, statuses = _opened(track(sight.files), sight.asked)
    if sight.township and not any(each.form is township.FORM for each in opened):
        beside, more = _opened([sight.township], sight.asked)
        opened, statuses = [*opened, *beside], [*statuses, *more]
    # The township first: the villages' deadlines are read as it means them.
    town = _the_township(opened)
    settings = next(iter(town.rows(township.Settings)), None) if town else None
    meant = settings.month_before if settings else None
    month_before = MonthBefore(meant) if meant else Parameters.month_before
    villages = tuple(each.read(month_before) for each in opened if each.form is village.FORM)
    read = [_read(book, village.village_name(book)) for book in villages]
    read += [_read(town)] if town else []
    skipped = [FileStatus(str(each.path), "skipped", reason=each.reason) for each in sight.skipped]
    return Inbox(villages, town, (*read, *statuses, *skipped))


def _read(book: Workbook, name: str = "") -> FileStatus:
    """Return what is to be said of a workbook that was read, and of whose village it is."""
    facts = book.facts
    return FileStatus(book.path, "read", village=name, editor=facts.editor, sha256=facts.sha256)


def _opened(files: Iterable[Path], asked: Sequence[Path]) -> tuple[list[Opened], list[FileStatus]]:
    """Return the files that are workbooks of ours, and what is to be said of the others."""
    opened: list[Opened] = []
    statuses: list[FileStatus] = []
    for path in files:
        try:
            opened.append(open_workbook(path, (village.FORM, township.FORM)))
        except OtherFormError as error:
            if path in asked:
                statuses.append(FileStatus(str(path), "unreadable", reason=error.reason))
            else:
                statuses.append(FileStatus(str(path), "skipped", reason=_OTHER_FORM))
        except UnreadableError as error:
            statuses.append(FileStatus(str(path), "unreadable", reason=error.reason))
    return opened, statuses


_OTHER_FORM = "这是汇总表或其他标准工作簿，不是村级工作簿"


def _the_township(opened: Sequence[Opened]) -> Workbook | None:
    towns = [each for each in opened if each.form is township.FORM]
    if len(towns) > 1:
        raise UsageError(
            f"找到两个镇级工作簿：{towns[0].path}、{towns[1].path}。请只留下正在使用的一个。"
        )
    return towns[0].read() if towns else None


# -- what became of it --------------------------------------------------------------------------


def sources(inbox: Inbox, findings: Iterable[Finding], way: Callable[[Path], str]) -> list[Source]:
    """Return every file as the rollup lists it, with its fate; `way` leads to a file."""
    wrong = {finding.file for finding in findings if finding.level is Level.ERROR}
    by_path = {book.path: book for book in inbox.villages}
    found: list[Source] = []
    for file in inbox.files:
        book = by_path.get(file.path)
        if book is None:
            fates = {
                "read": "镇级工作簿，提供名册和参数",
                "unreadable": f"未汇总：{file.reason}",
                "skipped": f"忽略：{file.reason}",
            }
            found.append(Source(file.name, fates[file.status]))
            continue
        found.append(
            Source(
                book.name,
                "已汇总（有必改项）" if book.path in wrong else "已汇总",
                sha256=book.facts.sha256,
                editor=book.facts.editor,
                version=book.identity.version,
                code=village.village_code(book),
                village=village.village_name(book),
                link=way(Path(book.path)),
            )
        )
    return found
