"""What was handed in: files and folders opened, told apart, and the township's workbook found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from toolkit.errors import OtherFormError, UnreadableError, UsageError
from toolkit.excel.folder import find_workbooks
from toolkit.excel.opened import Opened, open_workbook
from toolkit.forms import township, village
from toolkit.report import FileStatus, Track
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.workbook import Workbook

TOWNSHIP_FILE = "镇级工作簿.xlsx"


@dataclass(frozen=True)
class Inbox:
    """What the input holds: village workbooks, the township's own, and what could not be read."""

    villages: tuple[Workbook, ...]
    town_book: Workbook | None
    files: tuple[FileStatus, ...]

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


def open_inbox(paths: Sequence[Path], track: Track = untracked) -> Inbox:
    """Files and folders to workbooks; a township's own is looked for beside them if need be."""
    found = find_workbooks(paths)
    opened, statuses = _open_all(found.files, paths, track)
    if not any(each.form is township.FORM for each in opened):
        beside, more = _open_all(_township_beside(paths), paths, untracked)
        opened, statuses = [*opened, *beside], [*statuses, *more]
    # The township first: the villages' deadlines are read as it means them.
    town = _the_township(opened)
    settings = next(iter(town.rows(township.Settings)), None) if town else None
    meant = settings.month_before if settings else None
    month_before = MonthBefore(meant) if meant else MonthBefore.STRICT
    villages = tuple(each.read(month_before) for each in opened if each.form is village.FORM)
    read = [_read(book, village.village_name(book)) for book in villages]
    read += [_read(town)] if town else []
    skipped = [FileStatus(str(each.path), "skipped", reason=each.reason) for each in found.skipped]
    return Inbox(villages, town, (*read, *statuses, *skipped))


def _read(book: Workbook, name: str = "") -> FileStatus:
    """Return what is to be said of a workbook that was read, and of whose village it is."""
    facts = book.facts
    return FileStatus(book.path, "read", village=name, editor=facts.editor, sha256=facts.sha256)


def _open_all(
    files: Sequence[Path], asked: Sequence[Path], track: Track
) -> tuple[list[Opened], list[FileStatus]]:
    """Return the files that are workbooks of ours, and what is to be said of the others."""
    opened: list[Opened] = []
    statuses: list[FileStatus] = []
    for path in track(files):
        try:
            opened.append(open_workbook(path, (village.FORM, township.FORM)))
        except OtherFormError as error:
            by_hand = path in asked
            reason = str(error) if by_hand else "这是汇总表或其他标准工作簿，不是村级工作簿"
            status: Literal["unreadable", "skipped"] = "unreadable" if by_hand else "skipped"
            statuses.append(FileStatus(str(path), status, reason=reason))
        except UnreadableError as error:
            statuses.append(FileStatus(str(path), "unreadable", reason=str(error)))
    return opened, statuses


def _the_township(opened: Sequence[Opened]) -> Workbook | None:
    towns = [each for each in opened if each.form is township.FORM]
    if len(towns) > 1:
        raise UsageError(
            f"找到两个镇级工作簿：{towns[0].path}、{towns[1].path}。请只留下正在使用的一个。"
        )
    return towns[0].read() if towns else None


def _township_beside(paths: Sequence[Path]) -> list[Path]:
    """Return the township workbook of the folder that the paths, or we, are in."""
    folders = [path if path.is_dir() else path.parent for path in paths]
    places = [place for folder in folders for place in (folder, folder.parent)]
    candidates = (place / TOWNSHIP_FILE for place in (*places, Path()))
    return [candidate for candidate in candidates if candidate.is_file()][:1]
