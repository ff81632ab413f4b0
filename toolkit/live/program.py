"""The program that has the workbook open: found, asked which workbook, and let copy it.

Law: it is attached to, never started, never ended, and nothing of it is saved or closed.
"""

import atexit
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import Any, TypeVar

from toolkit.errors import LiveError, UsageError
from toolkit.live import states
from toolkit.live.members import what_for

try:
    import xlwings
except ImportError:  # or what it needs on Windows
    raise LiveError(states.NO_XLWINGS) from None

T = TypeVar("T")

TRIES, PAUSE = 10, 0.3
"""How often a busy program is asked again, and the seconds between; a person ends an edit in less
or needs to be told."""

_ATTEMPTS = 20  # of xlwings itself, without any pause; its own setting is for ever


def disarm() -> None:
    """Take from xlwings its killing of programs at the end of a run, and its endless retrying.

    Raises LiveError where it no longer has the private names by which that is done.
    """
    windows = getattr(xlwings, "_xlwindows", None)
    if windows is None:
        return
    try:
        atexit.unregister(windows.cleanup)
        _ = windows.N_COM_ATTEMPTS, windows.App, windows.COMRetryObjectWrapper
    except AttributeError:
        raise LiveError(states.CHANGED_XLWINGS) from None
    windows.N_COM_ATTEMPTS = _ATTEMPTS


disarm()


class UnsupportedError(LiveError):
    """The program has no such member."""


class RefusedError(LiveError):
    """The program answered that it will not: a sheet is protected, or nothing of the name runs."""


@dataclass(frozen=True)
class OpenBook:
    """A workbook that is open in a program."""

    program: str  # for people
    version: str
    name: str
    path: Path | None  # where it lies on a disk; None if never saved, or in a cloud
    book: xlwings.Book
    read_only: bool
    in_cloud: bool = False  # its full name is an address there


def attach(name: str = "") -> OpenBook:
    """Return the open workbook of that name, or the active one; Excel is asked before WPS.

    A name is a full one with the folders, a whole file name, one without its suffix, or a part of
    it that only one has. A program with nothing but hidden workbooks, or with files that people
    must enable first, hides no other. Raises LiveError where there is none, UsageError where the
    name may mean two.
    """
    running = False
    seen: list[xlwings.Book] = []
    for programs in (_excels, _wps):
        apps = [(app, books) for app in programs() if (books := _books(app)) is not None]
        running = running or bool(apps)
        seen += (book for _, books in apps for book in books)
        chosen = _named(name, apps) if name else _active(apps)
        if chosen is not None:
            return _opened(chosen)
    if name and seen:
        raise LiveError(states.not_open(name, map(_name, seen)))
    raise LiveError(states.NO_BOOK if running else states.NOTHING_OPEN)


def saves_itself(open_book: OpenBook) -> bool:
    """Say whether the program saves the workbook by itself; one that cannot say does not.

    Only a workbook in a cloud can be saved so: of others it is not asked.
    """
    if not open_book.in_cloud:
        return False
    with suppress(UnsupportedError, RefusedError):
        return bool(step(lambda: open_book.book.api.AutoSaveOn, what_for("AutoSaveOn")))
    return False


def content(open_book: OpenBook) -> bytes:
    """Return what the workbook holds now, unsaved edits included; it stays as it is.

    Raises LiveError where the program cannot copy it, or the copy cannot be read.
    """
    suffix = Path(open_book.name).suffix or ".xlsx"  # the copy keeps the format
    with TemporaryDirectory(prefix="zhengdun-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / f"副本{suffix}"
        try:
            step(lambda: open_book.book.api.SaveCopyAs(str(copy)), "另存副本")
            data = copy.read_bytes()
        except (RefusedError, OSError) as error:
            raise LiveError(states.NOT_COPIED) from error
        finally:
            _remove(copy)
    if data.startswith(_COMPOUND):
        raise LiveError(states.LOCKED)
    if not zipfile.is_zipfile(BytesIO(data)):
        raise LiveError(states.ENCRYPTED)
    return data


_COMPOUND = bytes.fromhex("D0CF11E0")
"""How an old .xls begins, and a workbook with a password to open."""


def _remove(copy: Path) -> None:
    """Remove a copy, which holds people's data, from under a scanner that looks into it."""
    for _ in range(TRIES):
        try:
            copy.unlink(missing_ok=True)
        except OSError:
            sleep(PAUSE)
        else:
            return


# -- which workbook -------------------------------------------------------------------------------

Found = tuple[xlwings.App, list[xlwings.Book]]
"""A program, and the workbooks it has open."""


def _excels() -> Iterable[xlwings.App]:
    """Return every Excel with a window, the topmost first."""
    if getattr(xlwings.engines, "active", None) is None:  # pywin32 is missing
        raise LiveError(states.NO_XLWINGS)
    return step(lambda: list(xlwings.apps))


_PROGRAM_IDS = ("Ket.Application", "ET.Application")  # of WPS, the older one last


def _wps() -> Iterator[xlwings.App]:
    """Yield WPS where it runs, by the name it is registered under."""
    windows: Any = getattr(xlwings, "_xlwindows", None)
    try:
        find = import_module("win32com.client").GetActiveObject  # it is on Windows alone
    except ImportError:
        return
    for program_id in _PROGRAM_IDS:
        with suppress(RefusedError):  # none runs, or it is half registered
            raw = step(partial(find, program_id))
            own = partial(windows.App, xl=windows.COMRetryObjectWrapper(raw))
            yield xlwings.App(impl=step(own, what_for("Hwnd")))
            return


def _books(app: xlwings.App) -> list[xlwings.Book] | None:
    """Return the workbooks of a program, None where it is one without any window."""
    try:
        return step(lambda: list(app.books), what_for("Workbooks"))
    except OSError:
        return None


def _active(apps: Iterable[Found]) -> xlwings.Book | None:
    """Return the active workbook of the topmost program that has one."""
    for app, books in apps:
        active = step(partial(_active_of, app), what_for("ActiveWorkbook")) if books else None
        if active is not None:  # else all are hidden, or a yellow bar is above it
            return active
    return None


def _active_of(app: xlwings.App) -> xlwings.Book | None:
    return None if app.api.ActiveWorkbook is None else app.books.active


def _named(name: str, apps: Iterable[Found]) -> xlwings.Book | None:
    """Return the workbook a name means; raises UsageError where it may be two."""
    books = [book for _, each in apps for book in each]
    wanted = _plain(name)
    tell = _full_name if {*name} & {*"/\\"} else _name  # as the sentence on two lists them
    named = [(book, _plain(tell(book))) for book in books]
    for fits in (
        lambda own: own == wanted,
        lambda own: Path(own).stem == wanted,
        lambda own: wanted in own,
    ):
        chosen = [book for book, own in named if fits(own)]
        if len(chosen) > 1:
            raise UsageError(states.several(name, map(_full_name, chosen)))
        if chosen:
            return chosen[0]
    return None


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _name(book: xlwings.Book) -> str:
    return str(step(lambda: book.name))


def _full_name(book: xlwings.Book) -> str:
    return str(step(lambda: book.api.FullName, what_for("FullName")))


def _opened(book: xlwings.Book) -> OpenBook:
    """Return a workbook with what people are told of it, once its program is idle."""
    app = step(lambda: book.app, what_for("Hwnd"))
    _await_idle(app)
    full = _full_name(book)
    in_cloud = "://" in full
    lies = not in_cloud and bool({*full} & {*"/\\"})
    return OpenBook(
        program_of(str(step(lambda: app.api.Name, what_for("Name")))),
        str(step(lambda: app.api.Version, what_for("Version"))),
        _name(book),
        Path(full) if lies else None,
        book,
        bool(step(lambda: book.api.ReadOnly, what_for("ReadOnly"))),
        in_cloud,
    )


def _await_idle(app: xlwings.App) -> None:
    """Wait for a program; raises LiveError where it stays busy. One that cannot say is idle."""
    for _ in range(TRIES):
        try:
            if step(lambda: app.api.Ready):
                return
        except UnsupportedError:
            return
        sleep(PAUSE)
    raise LiveError(states.BUSY)


_PROGRAMS = (("excel", "Excel"), ("wps", "WPS 表格"), ("kingsoft", "WPS 表格"), ("et", "WPS 表格"))


def program_of(name: str) -> str:
    """Return what people call a program, by what it calls itself.

    >>> program_of("Microsoft Excel"), program_of("WPS Spreadsheets"), program_of("LibreOffice")
    ('Excel', 'WPS 表格', 'LibreOffice')
    """
    words = name.casefold().split()
    return next((told for word, told in _PROGRAMS if word in words), name)


# -- a step, and what may become of it ------------------------------------------------------------

_BUSY = {-2147418111, -2147417846}  # the call is rejected; it is to be tried later
_GENERAL = -2147352567  # the program says no, and mostly why
_EDITING = -2146777998  # in a general exception: a cell is being edited
_MISSING = {-2147352573, -2147352570}  # no such member; no such name
_GONE = {-2147417848, -2147023174}  # disconnected; the server is not there

_DOUBTS = 4  # tries of a member that is said to be missing: of a busy program pywin32 says so too
_NO_MEMBER = re.compile(r"<unknown>\.(\w+)$")
_NOT_SET = re.compile(r"Property '.+\.(\w+)' can not be set\.?")
_NOT_LISTED = "support enumeration"
"""What pywin32 says: of a member, of setting one, and of a collection that gave no answer."""


def step(act: Callable[[], T], doing: str = "") -> T:
    """Return what a step gives, tried again while the program is busy.

    Raises LiveError where it stays busy or is gone, UnsupportedError where it has no such member
    (`doing` names it), RefusedError where it answers that it will not.
    """
    tried = 0
    while True:
        tried += 1
        try:
            return act()
        except Exception as error:
            if _is_busy(error):
                if tried >= TRIES:
                    raise LiveError(states.BUSY) from error
            elif not isinstance(error, AttributeError) or not _member(error) or tried >= _DOUBTS:
                fault = _fault(error, doing)
                if fault is None:
                    raise
                raise fault from error
        sleep(PAUSE)


@contextmanager
def setting(thing: Any, member: str) -> Iterator[None]:  # noqa: ANN401 -- a COM object
    """Have a busy program say so while a member of one of its objects is being set.

    Of whatever stops a setting, pywin32 may say no more than that the property cannot be set;
    asked for the property itself, the program says what it is.
    """
    try:
        yield
    except AttributeError as error:
        if _member(error):
            getattr(thing, member)
        raise


def _number(error: Exception) -> int | None:
    """Return COM's number of an error, None for one that is not COM's."""
    number = getattr(error, "hresult", None)
    return number if isinstance(number, int) else None


def _is_busy(error: Exception) -> bool:
    windows = getattr(xlwings, "_xlwindows", None)
    gave_up = getattr(windows, "ExcelBusyError", ())  # of xlwings, which bears no number
    if isinstance(error, gave_up) or (isinstance(error, TypeError) and _NOT_LISTED in str(error)):
        return True
    number, details = _number(error), _details(error)
    # a general exception without details is what a click into a cell makes: so xlwings takes it
    return number in _BUSY or _EDITING in details or (number == _GENERAL and not details)


def _details(error: Exception) -> tuple[Any, ...]:
    """Return what a COM error says further: code, source, text, help, number."""
    match error.args:
        case (int(), _, tuple() as details, _):
            return details
    return ()


def _member(error: AttributeError) -> str:
    """Return the member that a COM object is said not to have, "" for any other object's."""
    told = _NO_MEMBER.match(str(error)) or _NOT_SET.match(str(error))
    if told:
        return told[1]
    name = error.name or ""
    is_com = "_oleobj_" in getattr(error.obj, "__dict__", {})
    return name if is_com and what_for(name) else ""


def _fault(error: Exception, doing: str) -> LiveError | None:
    """Return what people are told of an error, None where it is not the program's."""
    number = _number(error)
    member = _member(error) if isinstance(error, AttributeError) else ""
    if number in _MISSING or (member and not _NOT_SET.fullmatch(str(error))):
        return UnsupportedError(states.unsupported(doing or what_for(member) or "这一步操作"))
    if number in _GONE:
        return LiveError(states.CLOSED)
    return None if number is None and not member else RefusedError(states.REFUSED)
