"""What was handed in: files and folders opened, told apart, and the township's workbook found."""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Protocol

from toolkit.errors import OtherFormError, UnreadableError, UsageError
from toolkit.excel.folder import Skipped, find_workbooks
from toolkit.excel.opened import Opened, open_bytes, read_bytes
from toolkit.forms import BOOKS_FOLDER, TOWNSHIP_FILE, is_work_folder, township, village
from toolkit.forms.parameters import Parameters
from toolkit.forms.rollup import IGNORED, REFUSED, Source
from toolkit.report import FileStatus, Track, share_names, skipped_lines, unreadable_lines
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import Form
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
    def county_name(self) -> str:
        """The county's name, "" where nobody has written it."""
        rows = self.town_book.rows(township.Township) if self.town_book else ()
        return (rows[0].county or "") if rows else ""

    @property
    def settings(self) -> township.Settings | None:
        """The township's parameters, None where it has not set any."""
        rows = self.town_book.rows(township.Settings) if self.town_book else ()
        return rows[0] if rows else None


def untracked(paths: Sequence[Path]) -> Iterable[Path]:
    """Return the paths, without showing anybody how far the run has come."""
    return paths


# -- a file opened ------------------------------------------------------------------------------

FORMS = (village.FORM, township.FORM)
"""What may lie there."""


class Opener(Protocol):
    """Opens a file that was handed in; `asked` are the paths that were named."""

    def __call__(
        self,
        path: Path,
        asked: Container[Path],
        forms: Sequence[Form] = FORMS,
        *,
        counted: bool = False,
    ) -> Opened | FileStatus:
        """Return a file that is a workbook of ours, else what is to be said of it."""


def open_one(
    path: Path,
    asked: Container[Path],
    forms: Sequence[Form] = FORMS,
    *,
    counted: bool = False,
    read: Callable[[Path], bytes] = read_bytes,
) -> Opened | FileStatus:
    """Return a file that is a workbook of ours, else what is to be said of it."""
    data: bytes | None = None
    try:
        data = read(path)
        return open_bytes(data, path, forms, counted=counted)
    except OtherFormError as error:
        if path in asked:
            return FileStatus(str(path), "unreadable", reason=error.reason)
        return FileStatus(str(path), "skipped", reason=_OTHER_FORM)
    except UnreadableError as error:
        return FileStatus(
            str(path), "unreadable", reason=error.reason, sha256=_print_of(path, data)
        )


def _print_of(path: Path, data: bytes | None) -> str:
    """Return the SHA-256 of a file that is no readable workbook, "" where nobody can read it."""
    with contextlib.suppress(OSError):
        if data is not None:
            return hashlib.sha256(data).hexdigest()
        with path.open("rb") as file:  # it may be far too large for the memory
            return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


_OTHER_FORM = "这是汇总表或其他标准工作簿，不是村级工作簿"


def holding(contents: Mapping[Path, bytes]) -> Opener:
    """Return what opens files whose content is at hand, whatever the disk has, and all others."""

    def read(path: Path) -> bytes:
        return contents[path] if path in contents else read_bytes(path)

    return partial(open_one, read=read)


# -- what lies there ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sight:
    """What a run is asked to read, seen but not opened: in order, whatever was named first.

    In a work folder its own township workbook is read, whatever else lies there.
    """

    asked: tuple[Path, ...]
    files: tuple[Path, ...]
    skipped: tuple[Skipped, ...]
    township: Path | None  # beside them, read where none of them is the township's
    own: bool = False  # it is the work folder's, and none of them stands in for it
    opener: Opener = open_one  # how each is opened

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Every file that may be read."""
        return (*self.files, self.township) if self.township else self.files

    @property
    def whole(self) -> bool:
        """Whether folders are asked for, so that the township's villages are expected there."""
        return any(path.is_dir() for path in self.asked)


def look(paths: Sequence[Path], copies: Path | None = None, opener: Opener = open_one) -> Sight:
    """Return what files and folders hold, but for the folder that return copies go to.

    A work folder stands for its villages' workbooks. Raises UnreadableError where a folder that is
    asked for cannot be entered.
    """
    homes = (path / BOOKS_FOLDER if is_work_folder(path) else path for path in paths)
    asked = tuple(sorted(set(homes)))
    for path in asked:
        _enter(path)
    found = find_workbooks(asked, copies)
    skipped = tuple(each for each in found.skipped if each.path not in found.files)
    files = tuple(sorted(found.files))
    home = _home_of(asked)
    if home:
        return Sight(asked, files, skipped, home, own=True, opener=opener)
    return Sight(asked, files, skipped, _beside(asked, found.files), opener=opener)


def _enter(path: Path) -> None:
    """Refuse, by an UnreadableError, what the system does not let us look into."""
    try:
        if path.is_dir():
            next((each.is_file() for each in path.iterdir()), None)
    except PermissionError:
        raise UnreadableError(_CLOSED, str(path)) from None
    except OSError as error:
        said = f"打不开（代码 {error.errno}）。请检查磁盘或网络后再试。"
        raise UnreadableError(said, str(path)) from None


_CLOSED = "没有权限，打不开。请检查权限后再试。"


def _home_of(asked: Iterable[Path]) -> Path | None:
    """Return the township workbook of the work folder that paths lie in, None if in none."""
    # Each place is asked once: hundreds of files may be named that lie in one folder.
    places = dict.fromkeys(chain.from_iterable(map(_upwards, asked)))
    return next((place / TOWNSHIP_FILE for place in places if is_work_folder(place)), None)


def _upwards(path: Path) -> Iterator[Path]:
    """Yield a path and every folder above it."""
    place = path
    for _ in (path, *path.absolute().parents):
        yield place
        place = _above(place)


def _beside(asked: Sequence[Path], found: Sequence[Path]) -> Path | None:
    """Return the township workbook of the folder that the paths, or we, are in.

    One that is found already is none, whatever its name.
    """
    folders = dict.fromkeys(path if path.is_dir() else path.parent for path in asked)
    places = [place for folder in folders for place in (folder, _above(folder))]
    candidates = (place / TOWNSHIP_FILE for place in dict.fromkeys((*places, Path())))
    there = [each for each in candidates if _is_file(each)]
    known = {path.resolve() for path in found} if there else frozenset[Path]()
    return next((each for each in there if each.resolve() not in known), None)


def _is_file(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return path.is_file()
    return False


def _above(folder: Path) -> Path:
    """Return the folder above, also of one spelled “.” or “..”."""
    return folder / ".." if folder.name in {"", ".."} else folder.parent


# -- what it says -------------------------------------------------------------------------------


def open_inbox(paths: Sequence[Path], track: Track = untracked) -> Inbox:
    """Files and folders to workbooks; a township's own is looked for beside them if need be."""
    return open_all(look(paths), track)


def open_all(sight: Sight, track: Track = untracked, *, counted: bool = False) -> Inbox:
    """What lies there to workbooks, their rows tallied where they are to be `counted`.

    Raises UsageError where there are two township workbooks.
    """
    opened, statuses = _opened(track(sight.files), sight, sight.asked, counted=counted)
    of_towns = {each.path: each for each in opened if each.form is township.FORM}
    chosen, copies = towns_among(of_towns, sight)
    towns = [of_towns[path] for path in chosen]
    statuses += [FileStatus(str(path), "unreadable", reason=COPY) for path in copies]
    if sight.township and not towns and not _known(sight.township, sight.files):
        beside, more = _opened(
            [sight.township],
            sight,
            (*sight.asked, sight.township),
            town_forms(sight),
            counted=counted,
        )
        opened, statuses = [*opened, *beside], [*statuses, *more]
        towns = [each for each in beside if each.form is township.FORM]
    # The township first: the villages' deadlines are read as it means them.
    the_township([each.path for each in towns])
    town = towns[0].read() if towns else None
    settings = next(iter(town.rows(township.Settings)), None) if town else None
    meant = settings.month_before if settings else None
    month_before = MonthBefore(meant) if meant else Parameters.month_before
    villages = tuple(each.read(month_before) for each in opened if each.form is village.FORM)
    read = [read_status(book, village.village_name(book)) for book in villages]
    read += [read_status(town)] if town else []
    skipped = [FileStatus(str(each.path), "skipped", reason=each.reason) for each in sight.skipped]
    return Inbox(villages, town, (*read, *statuses, *skipped))


def read_status(book: Workbook, name: str = "") -> FileStatus:
    """Return what is to be said of a workbook that was read, and of whose village it is."""
    facts = book.facts
    return FileStatus(book.path, "read", village=name, editor=facts.editor, sha256=facts.sha256)


def town_forms(sight: Sight) -> Sequence[Form]:
    """Return what the workbook beside the villages' may be."""
    return (township.FORM,) if sight.own else FORMS


def _opened(
    files: Iterable[Path],
    sight: Sight,
    asked: Container[Path],
    forms: Sequence[Form] = FORMS,
    *,
    counted: bool = False,
) -> tuple[list[Opened], list[FileStatus]]:
    """Return the files that are workbooks of ours, and what is to be said of the others."""
    found = [sight.opener(path, asked, forms, counted=counted) for path in files]
    opened = [each for each in found if isinstance(each, Opened)]
    return opened, [each for each in found if isinstance(each, FileStatus)]


def towns_among(towns: Iterable[Path], sight: Sight) -> tuple[list[Path], list[Path]]:
    """Return the township workbooks that count, and those that must not.

    In a work folder one named by hand counts, else its own; any other is a copy gone astray.
    """
    found = list(towns)
    if not sight.own or sight.township is None:
        return found, []
    named = [path for path in found if path in sight.asked]
    counted = named or [path for path in found if _known(path, [sight.township])]
    return counted, [path for path in found if path not in counted]


def _known(path: Path, others: Iterable[Path]) -> bool:
    """Say whether a file is one of others, however each is spelled."""
    return path.resolve() in {other.resolve() for other in others}


COPY = "是镇级工作簿的副本，没有使用。请移走。"


def the_township(towns: Sequence[Path]) -> Path | None:
    """Return the one township workbook, None where there is none; raises UsageError of two."""
    if len(towns) > 1:
        raise UsageError(f"找到两个镇级工作簿：{towns[0]}、{towns[1]}。请只留下正在使用的一个。")
    return towns[0] if towns else None


def open_governed(sight: Sight, track: Track = untracked, *, counted: bool = False) -> Inbox:
    """What lies there to workbooks, as `open_all` does.

    Raises UnreadableError where a work folder's own township workbook cannot be read: no result
    would hold without its roster and parameters.
    """
    inbox = open_all(sight, track, counted=counted)
    own = lost(sight, inbox)
    if own:
        raise UnreadableError(f"{own.reason}没有它的名册和参数，什么都没有生成。", own.path)
    return inbox


def lost(sight: Sight, inbox: Inbox) -> FileStatus | None:
    """Return what is to be said of a work folder's own township workbook that cannot be read."""
    if not sight.own or inbox.town_book is not None or sight.township is None:
        return None
    place = sight.township.resolve()
    return next(file for file in inbox.files if Path(file.path).resolve() == place)


# -- whose it is, and of which year --------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """The villages' workbooks as the rollup takes them: by village, with what is beside them."""

    year: int
    listed: Mapping[str, tuple[Workbook, ...]]  # of the year, by what the roster calls the village
    strangers: Mapping[str, tuple[Workbook, ...]]  # of the year, of villages that are not on it
    others: tuple[Workbook, ...]  # of another year
    copies: Mapping[str, str]  # path of a workbook whose content stands in another, and its name

    @property
    def twice(self) -> Mapping[str, tuple[Workbook, ...]]:
        """The villages that have several which differ: nobody can tell which one counts."""
        every = {**self.listed, **self.strangers}
        return {name: books for name, books in every.items() if len(books) > 1}


def standing(inbox: Inbox, otherwise: int) -> Standing:
    """Return whose the workbooks are, and of which year.

    The year is as the township has set it, else most books', else `otherwise`. Where there is no
    roster, no village is a stranger to it.
    """
    names = roster_names(inbox.roster)
    year = township.year_of(
        inbox.villages, inbox.settings.year if inbox.settings else None, otherwise
    )
    listed: dict[str, list[Workbook]] = {}
    strangers: dict[str, list[Workbook]] = {}
    others: list[Workbook] = []
    copies: dict[str, str] = {}
    called: dict[tuple[str, str], str] = {}
    for book in inbox.villages:
        if village.plan_year(book) not in {None, year}:
            others.append(book)
            continue
        line = township.match(book, tuple(names))
        if line:
            listed.setdefault(names[line], []).append(book)
            continue
        code, name = village.village_code(book), village.village_name(book)
        key = ("code", code) if code else ("name", name or book.path)
        told = called.setdefault(key, _unlike(name or code or book.name, code, called.values()))
        (strangers if names else listed).setdefault(told, []).append(book)
    for own in (*listed.values(), *strangers.values()):
        _put_copies_aside(own, copies)
    return Standing(year, _settled(listed), _settled(strangers), tuple(others), copies)


def _put_copies_aside(own: list[Workbook], copies: dict[str, str]) -> None:
    """Leave of a village's workbooks with the same content one: that named as it was issued."""
    first: dict[str, Workbook] = {}
    for book in sorted(own, key=lambda each: (township.file_order(each.name), each.path)):
        same = first.setdefault(book.facts.sha256 or book.path, book)
        if same is not book:
            copies[book.path] = same.name if same.name != book.name else same.path
    own[:] = [book for book in own if book.path not in copies]


def _unlike(name: str, code: str, taken: Iterable[str]) -> str:
    """Return what a village is called, with its code where another bears the name."""
    return f"{name}（{code}）" if name in taken else name


def _settled(books: Mapping[str, list[Workbook]]) -> Mapping[str, tuple[Workbook, ...]]:
    return {name: tuple(found) for name, found in books.items()}


def roster_names(roster: Sequence[township.Village]) -> Mapping[township.Village, str]:
    """Return what each village of the roster is called, with its code where two share a name."""
    names = Counter(row.village for row in roster)
    return {
        row: f"{row.village}（{row.code}）"
        if names[row.village] > 1 and row.code
        else row.village or row.code or ""
        for row in roster
    }


# -- what became of it --------------------------------------------------------------------------


def sources(inbox: Inbox, brought: Container[str]) -> list[Source]:
    """Return the files that have brought nothing as the rollup lists them, with their fate."""
    files = [file for file in inbox.files if file.path not in brought]
    return [_source(file, inbox, shared=share_names(inbox.files)) for file in files]


_FATES = {
    "read": "镇级工作簿，提供名册和参数",
    "unreadable": REFUSED,
    "skipped": IGNORED,
}


def _source(file: FileStatus, inbox: Inbox, *, shared: bool) -> Source:
    fate = f"{_FATES[file.status]}{file.reason}"
    path = file.path if shared else ""
    town = inbox.town_book
    if town is None or file.path != town.path:
        return Source(file.name, fate, file.sha256, path=path)
    return Source(
        file.name,
        fate,
        file.sha256,
        path=path,
        saved=town.facts.saved,
        version=town.identity.version,
        editor=town.facts.editor,
        tallies=town.tallies,
    )
