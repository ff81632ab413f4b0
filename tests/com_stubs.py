"""A Windows desktop that is not there: stubbed pywin32, and the COM objects of a table program.

xlwings' own Windows engine runs on it, so that what our commands really send can be read line by
line. The objects know the members they are asked for here and no others; what may be asked for is
the product's own table. Nothing of it proves what Excel does: only what is sent to it.
"""

import atexit
import ctypes
import importlib
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import ModuleType, SimpleNamespace

import openpyxl
import xlwings
from openpyxl.comments import Comment as Note
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter, range_boundaries

BUSY = -2147418111  # RPC_E_CALL_REJECTED: a cell is being edited, or a dialog is open
REFUSED = -2147352567  # DISP_E_EXCEPTION: the program itself says no
UNKNOWN_NAME = -2147352570  # DISP_E_UNKNOWNNAME: there is no member of that name
NOT_RUNNING = -2147221021  # MK_E_UNAVAILABLE
NO_CLASS = -2147221005  # CO_E_CLASSSTRING: no such program, or one half registered
XLDESK, EXCEL7 = 1000, 2000  # added to a window's handle: the two windows within it

# What xlwings asks of the objects by itself, however it is used; none of it changes anything.
INTERNAL = {
    "Window.Application": "an Excel is reached by way of its topmost window",
    "Workbooks.Count": "len(app.books)",
    "Workbooks.Application": "app.books.active",
    "Workbook.Application": "book.app",
    "Worksheets.Count": "len(book.sheets)",
    "Worksheets.Parent": "book.sheets.active",
    "Worksheet.Parent": "sheet.book",
    "Worksheet.Index": "sheet.index",
    "Range.Worksheet": "range.sheet, and where a range stands",
    "Range.Row": "range.row, and where a range stands",
    "Range.Column": "range.column, and where a range stands",
    "Range.Rows": "range.shape",
    "Range.Columns": "range.shape",
    "Range.Count": "len(range)",
    "Comment.Parent": "note.location",
}


class ForbiddenMember(BaseException):
    """Something was asked for that is not in the table: no `except Exception` may swallow it."""


class ComError(Exception):
    """What pywin32 calls `com_error`."""

    def __init__(self, hresult: int, said: str = "") -> None:
        told = (0, "Microsoft Excel", said, None, 0, hresult) if said else None
        super().__init__(hresult, said, told, None)
        self.hresult, self.strerror, self.excepinfo, self.argerror = self.args


class Dispatched:
    """What pywin32 calls `CDispatch`: its kin are what xlwings wraps with its retries."""


@dataclass
class Desktop:
    """The windows there are, the programs that register themselves, and what was sent to them."""

    permitted: frozenset[str]
    windows: list["Application"] = field(default_factory=list)  # topmost first
    registered: dict[str, "Application | int"] = field(default_factory=dict)  # a number is an error
    traffic: list[str] = field(default_factory=list)  # what changes something, in order
    asked: list[str] = field(default_factory=list)  # every member that was asked for, in order
    free: int = 0  # how many calls are answered in any case
    busy: int = 0  # how many calls are rejected after that
    names_rejected: bool = False  # whether pywin32 is turned away already when it asks for a name
    lacking: frozenset[str] = frozenset()  # members this program does not have
    pauses: list[float] = field(default_factory=list)  # the seconds slept, where that is noted

    def admit(self, owner: str, member: str, said: str = "<unknown>.{}") -> None:
        """Let a member be asked for, reject it, or end the test; `said` is pywin32's way."""
        name = f"{owner}.{member}"
        self.asked.append(name)
        if name not in self.permitted:
            raise ForbiddenMember(name)
        try:
            self.answer()
        except ComError:
            if self.names_rejected:
                raise AttributeError(said.format(member)) from None
            raise
        if name in self.lacking:
            raise AttributeError(said.format(member))

    def answer(self) -> None:
        """Reject a call where the program is busy."""
        if self.free:
            self.free -= 1
        elif self.busy:
            self.busy -= 1
            raise ComError(BUSY)

    def active_object(self, prog_id: str) -> "Seen":
        """Return what registered itself under that name."""
        self.asked.append(f"GetActiveObject {prog_id}")
        found = self.registered.get(prog_id, NOT_RUNNING)
        if isinstance(found, int):
            raise ComError(found)
        return Seen(found)

    def within(self, parent: int, _: int, kind: str, __: None) -> int:
        """Return the window of one class within another, as FindWindowEx does; 0 where none is."""
        return parent + {"XLDESK": XLDESK, "EXCEL7": EXCEL7 - XLDESK}[kind]

    def below(self, window: int | None, _: int = 2) -> int:
        """Return the next window down from the top; 0 where none is."""
        handles = [app.Hwnd for app in self.windows]
        at = handles.index(window) + 1 if window else 0
        return handles[at] if at < len(handles) else 0

    def object_of(self, window: int, _: int, __: object, pointer: object) -> None:
        """Point at the object of a window, as AccessibleObjectFromWindow does."""
        app = next((app for app in self.windows if app.Hwnd + EXCEL7 == window), None)
        if not app or not app.books:
            raise OSError(-2147467259, "an Excel without a workbook has no such object")
        pointer._obj.value = app.Hwnd  # noqa: SLF001  the pointer that was handed by reference

    def dispatched(self, pointer: ctypes.c_void_p, _: object, __: bool) -> "Seen":
        """Return the object pointed at."""
        return Seen(next(Window(app) for app in self.windows if app.Hwnd == pointer.value))


class Seen(Dispatched):
    """An object as Python sees it over COM: each thing asked of it is noted, and then done."""

    def __init__(self, inner: "Thing") -> None:
        object.__setattr__(self, "_inner", inner)
        object.__setattr__(self, "_oleobj_", SimpleNamespace(GetIDsOfNames=self._identify))

    def _identify(self, _: int, member: str) -> None:
        desktop = self._inner.desktop
        if desktop.names_rejected and desktop.busy and not desktop.free:
            raise ComError(BUSY)
        if f"{self._inner.owner}.{member}" in desktop.lacking:
            raise ComError(UNKNOWN_NAME)

    def __getattr__(self, member: str) -> object:
        inner = self._inner
        inner.desktop.admit(inner.owner, member)
        value = getattr(inner, member)
        if not isinstance(value, types.MethodType):
            return seen(value)

        def call(_: object, *told: object) -> object:
            inner.desktop.answer()
            if value.__func__ in CHANGING:
                given = [bare(each) for each in told]
                shown = ", ".join(
                    each.label() if isinstance(each, Thing) else repr(each) for each in given
                )
                inner.desktop.traffic.append(f"{inner.label()}.{member}({shown})")
            return seen(value(*map(bare, told)))

        return types.MethodType(call, self)

    def __setattr__(self, member: str, value: object) -> None:
        inner = self._inner
        inner.desktop.admit(inner.owner, member, "Property '<unknown>.{}' can not be set.")
        inner.desktop.traffic.append(f"{inner.label()}.{member} = {value!r}")
        setattr(inner, member, bare(value))

    def __call__(self, *told: object) -> object:
        self._inner.desktop.answer()
        return seen(self._inner.item(*told))

    def __iter__(self) -> Iterator[object]:
        try:
            self._inner.desktop.answer()
        except ComError:
            raise TypeError("This object does not support enumeration") from None
        return map(seen, self._inner.each())


ALLOWED = (
    *("formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows"),
    *("insertHyperlinks", "deleteColumns", "deleteRows", "sort", "autoFilter", "pivotTables"),
)  # in the order in which Protect is told them

CHANGING: set[Callable[..., object]] = set()


def changes(method: Callable[..., object]) -> Callable[..., object]:
    """Have the traffic tell when this method is called."""
    CHANGING.add(method)
    return method


def seen(value: object) -> object:
    """Return a value as Python sees it over COM."""
    return Seen(value) if isinstance(value, Thing) else value


def bare(value: object) -> object:
    """Return a value that came over COM as the program itself has it."""
    value = getattr(value, "_inner", value)  # xlwings' wrapper
    return getattr(value, "_inner", value)


class Thing:
    """Something a table program shows over COM."""

    desktop: Desktop

    @property
    def owner(self) -> str:
        """The class its members belong to."""
        return type(self).__name__

    def label(self) -> str:
        """Return what the traffic calls it."""
        return self.owner


class Several(Thing):
    """A collection: counted from 1, or by name."""

    def __init__(self, parent: Thing, things: list) -> None:
        self.desktop, self.Parent, self._things = parent.desktop, parent, things

    @property
    def Count(self) -> int:  # noqa: N802  COM's own names, here and below
        return len(self._things)

    def item(self, key: int | str) -> Thing:
        """Return one of them; as the program does, raise where there is none."""
        for number, each in enumerate(self._things, start=1):
            if key in (number, getattr(each, "Name", number)):
                return each
        raise ComError(REFUSED, "下标越界")

    def each(self) -> list:
        """Return them all."""
        return self._things


class Application(Thing):
    """Excel, or a program that says it is."""

    def __init__(self, desktop: Desktop, name: str = "Microsoft Excel", hwnd: int = 11) -> None:
        self.desktop, self.Name, self.Hwnd = desktop, name, hwnd
        self.Version, self.OperatingSystem = "16.0", "Windows (64-bit) NT 10.00"
        self.Ready, self.ScreenUpdating = True, True
        self.books: list[Workbook] = []
        self.ActiveWorkbook: Workbook | None = None

    @property
    def Workbooks(self) -> Several:  # noqa: N802
        several = type("Workbooks", (Several,), {"Application": self})
        return several(self, self.books)

    @property
    def ActiveSheet(self) -> Thing | None:  # noqa: N802
        return self.ActiveWorkbook and self.ActiveWorkbook.ActiveSheet

    @property
    def Selection(self) -> Thing:  # noqa: N802
        return self.ActiveSheet.selected

    @property
    def ActiveCell(self) -> Thing:  # noqa: N802
        return self.ActiveSheet.selected

    @changes
    def Goto(self, place: "Range", *_: bool) -> None:  # noqa: N802
        place.Worksheet.Parent.ActiveSheet = place.Worksheet
        place.Worksheet.selected = place


class Window(Thing):
    """A window of it."""

    def __init__(self, app: Application) -> None:
        self.desktop, self.Application = app.desktop, app


class Workbook(Thing):
    """An open workbook, over the bytes of the file it was."""

    def __init__(self, app: Application, path: Path, data: bytes) -> None:
        self.desktop, self.Application, self._data = app.desktop, app, data
        self.Name, self.FullName, self.Path = path.name, str(path), str(path.parent)
        self.ReadOnly = self.AutoSaveOn = False
        book = openpyxl.load_workbook(BytesIO(data))
        self._sheets = [Worksheet(self, page) for page in book.worksheets]
        self.ActiveSheet = self._sheets[0]
        self._book = book
        app.books.append(self)
        app.ActiveWorkbook = self

    def label(self) -> str:
        """Return what the traffic calls it."""
        return self.Name

    @property
    def Worksheets(self) -> Several:  # noqa: N802
        return type("Worksheets", (Several,), {})(self, self._sheets)

    @changes
    def Activate(self) -> None:  # noqa: N802
        self.Application.ActiveWorkbook = self

    @property
    def Saved(self) -> bool:  # noqa: N802
        return not any(sheet.touched for sheet in self._sheets)

    @changes
    def SaveCopyAs(self, place: str) -> None:  # noqa: N802
        if not any(sheet.touched for sheet in self._sheets):
            Path(place).write_bytes(self._data)
            return
        self._book.save(place)


class Worksheet(Thing):
    """One of its sheets."""

    def __init__(self, book: Workbook, page: openpyxl.worksheet.worksheet.Worksheet) -> None:
        self.desktop, self.Parent, self.page = book.desktop, book, page
        self.ProtectContents: bool = page.protection.sheet
        self.selected = Range(self, "A1")
        self.password, self.touched = "", False

    def label(self) -> str:
        """Return what the traffic calls it."""
        return self.Name

    @property
    def Name(self) -> str:  # noqa: N802
        return self.page.title

    @property
    def Index(self) -> int:  # noqa: N802
        return self.page.parent.index(self.page) + 1

    @property
    def UsedRange(self) -> "Range":  # noqa: N802
        return Range(self, self.page.dimensions)

    @property
    def Cells(self) -> "Range":  # noqa: N802
        return Range(self, "A1:XFD1048576")

    @property
    def Comments(self) -> Several:  # noqa: N802
        cells = (cell for row in self.page.iter_rows() for cell in row if cell.comment)
        notes = [Range(self, cell.coordinate).Comment for cell in cells]
        return type("Comments", (Several,), {})(self, notes)

    def Range(self, first: object, last: object = None) -> "Range":  # noqa: N802
        """Return the cells an address names, or those between two corners."""
        if last is not None:
            return Range(self, f"{Range.corner(first)}:{Range.corner(last)}")
        if isinstance(first, str) and len(first) > 255:
            raise ComError(REFUSED, "地址太长")
        return first if isinstance(first, Range) else Range(self, first)

    @changes
    def Activate(self) -> None:  # noqa: N802
        self.Parent.ActiveSheet = self

    @changes
    def Select(self) -> None:  # noqa: N802
        self.Parent.ActiveSheet = self

    @changes
    def Unprotect(self, password: str) -> None:  # noqa: N802
        if password != self.password:
            raise ComError(REFUSED, "密码不正确")
        self.ProtectContents = False
        self._lock(False, ())

    @changes
    def Protect(self, password: str, *options: bool) -> None:  # noqa: N802
        self.password, self.ProtectContents = password, options[1] if options else True
        self._lock(self.ProtectContents, options)

    def _lock(self, on: bool, options: tuple[bool, ...]) -> None:
        """Have a copy say how it is protected."""
        lock = self.page.protection
        self.touched, lock.sheet = self.touched or lock.sheet != on, on
        if options:
            lock.objects, lock.scenarios = options[0], options[2]
        for name, may in zip(ALLOWED, options[4:], strict=False):
            setattr(lock, name, not may)


class Range(Thing):
    """Cells of a sheet."""

    def __init__(self, sheet: Worksheet, address: str) -> None:
        self.desktop, self.Worksheet = sheet.desktop, sheet
        self._areas = [range_boundaries(each) for each in address.replace("$", "").split(",")]

    @staticmethod
    def corner(told: object) -> str:
        """Return a corner's address, told as one or as a cell."""
        return told if isinstance(told, str) else told.Address

    def label(self) -> str:
        """Return what the traffic calls it."""
        return f"{self.Worksheet.Name}!{self.Address}".replace("$", "")

    @property
    def Address(self) -> str:  # noqa: N802
        return ",".join(
            f"${get_column_letter(left)}${top}"
            + (f":${get_column_letter(right)}${bottom}" if (left, top) != (right, bottom) else "")
            for left, top, right, bottom in self._areas
        )

    @property
    def Row(self) -> int:  # noqa: N802
        return self._areas[0][1]

    @property
    def Column(self) -> int:  # noqa: N802
        return self._areas[0][0]

    @property
    def Rows(self) -> SimpleNamespace:  # noqa: N802
        """Its rows, of which nothing but their number is asked."""
        return SimpleNamespace(Count=self._areas[0][3] - self._areas[0][1] + 1)

    @property
    def Columns(self) -> SimpleNamespace:  # noqa: N802
        """Its columns, likewise."""
        return SimpleNamespace(Count=self._areas[0][2] - self._areas[0][0] + 1)

    @property
    def Count(self) -> int:  # noqa: N802
        return sum((r - left + 1) * (b - top + 1) for left, top, r, b in self._areas)

    def item(self, row: int, column: int) -> "Range":
        """Return one cell, counted from the first."""
        letter = get_column_letter(self.Column + column - 1)
        return Range(self.Worksheet, f"{letter}{self.Row + row - 1}")

    def cells(self, *, changed: bool) -> Iterator[openpyxl.cell.Cell]:
        """Go through the file's cells; raise where they are to be changed and must not be."""
        if changed and self.Worksheet.ProtectContents:
            raise ComError(REFUSED, "该单元格或图表受保护，因此为只读")
        self.Worksheet.touched |= changed
        for left, top, right, bottom in self._areas:
            for row in self.Worksheet.page.iter_rows(top, bottom, left, right):
                yield from row

    @property
    def Value(self) -> object:  # noqa: N802
        values = [cell.value for cell in self.cells(changed=False)]
        wide = self.Columns.Count
        rows = tuple(tuple(values[at : at + wide]) for at in range(0, len(values), wide))
        return rows if len(values) > 1 else values[0]

    @Value.setter
    def Value(self, value: object) -> None:  # noqa: N802
        told = [each for row in value for each in row] if isinstance(value, (list, tuple)) else None
        for at, cell in enumerate(self.cells(changed=True)):
            given = told[at] if told else value
            # a day comes with a zone, which a cell has not; an empty text empties it
            day = given.replace(tzinfo=None) if isinstance(given, datetime) else given
            cell.value = None if day == "" else day

    @property
    def NumberFormat(self) -> str:  # noqa: N802
        return next(self.cells(changed=False)).number_format

    @NumberFormat.setter
    def NumberFormat(self, value: str) -> None:  # noqa: N802
        for cell in self.cells(changed=True):
            cell.number_format = value

    @property
    def Interior(self) -> "Interior":  # noqa: N802
        return Interior(self)

    @property
    def Comment(self) -> "Comment | None":  # noqa: N802
        return Comment(self) if next(self.cells(changed=False)).comment else None

    @changes
    def AddComment(self, text: str) -> "Comment":  # noqa: N802
        if self.Comment:
            raise ComError(REFUSED, "该单元格已有批注")
        next(self.cells(changed=True)).comment = Note(text, "")
        return Comment(self)

    @changes
    def Select(self) -> None:  # noqa: N802
        if self.Worksheet.Parent.ActiveSheet is not self.Worksheet:
            raise ComError(REFUSED, "类 Range 的 Select 方法无效")
        self.Worksheet.selected = self


class Interior(Thing):
    """The fill of cells."""

    def __init__(self, cells: Range) -> None:
        self.desktop, self._cells = cells.desktop, cells

    def label(self) -> str:
        """Return what the traffic calls it."""
        return f"{self._cells.label()}.Interior"

    @property
    def Color(self) -> int:  # noqa: N802
        red, green, blue = bytes.fromhex(self._fill().fgColor.rgb[2:])
        return red + 256 * green + 65536 * blue if self._fill().fill_type else 0xFFFFFF

    @Color.setter
    def Color(self, number: int) -> None:  # noqa: N802
        red, green, blue = int(number).to_bytes(3, "little")
        for cell in self._cells.cells(changed=True):
            cell.fill = PatternFill("solid", fgColor=f"{red:02X}{green:02X}{blue:02X}")

    @property
    def ColorIndex(self) -> int:  # noqa: N802
        return 1 if self._fill().fill_type else -4142

    @ColorIndex.setter
    def ColorIndex(self, number: int) -> None:  # noqa: N802
        assert number == -4142, "only “no fill” is ever written this way"
        for cell in self._cells.cells(changed=True):
            cell.fill = PatternFill()

    def _fill(self) -> PatternFill:
        return next(self._cells.cells(changed=False)).fill


class Comment(Thing):
    """The note at a cell."""

    def __init__(self, cell: Range) -> None:
        self.desktop, self.Parent = cell.desktop, cell

    def label(self) -> str:
        """Return what the traffic calls it."""
        return f"{self.Parent.label()}.Comment"

    def Text(self, *told: str) -> str:  # noqa: N802
        """Return the text, or put another in its place: a change only where one is told."""
        if told:
            self.desktop.traffic.append(f"{self.label()}.Text({told[0]!r})")
            next(self.Parent.cells(changed=True)).comment = Note(told[0], "")
        return next(self.Parent.cells(changed=False)).comment.text

    @changes
    def Delete(self) -> None:  # noqa: N802
        next(self.Parent.cells(changed=True)).comment = None


# -- pywin32 --------------------------------------------------------------------------------------


def forbidden(name: str) -> Callable[..., None]:
    """Return a function that ends the test: it starts or ends a program."""

    def call(*_: object, **__: object) -> None:
        raise ForbiddenMember(name)

    return call


def stubs(desktop: Desktop) -> dict[str, ModuleType]:
    """Return the modules of pywin32, as far as xlwings' Windows engine needs them."""

    def module(name: str, **members: object) -> ModuleType:
        made = ModuleType(name)
        vars(made).update(members)
        return made

    client = module(
        "win32com.client",
        CDispatch=Dispatched,
        DispatchBaseClass=type("DispatchBaseClass", (), {}),
        Dispatch=lambda found: found if isinstance(found, Seen) else forbidden("Dispatch")(),
        DispatchEx=forbidden("DispatchEx"),
        GetObject=forbidden("GetObject"),
        GetActiveObject=desktop.active_object,
    )
    zone = SimpleNamespace(utc=lambda: UTC)
    return {
        "pywintypes": module(
            "pywintypes", com_error=ComError, error=ComError, TimeType=datetime, IID=str
        ),
        "pythoncom": module(
            "pythoncom",
            com_error=ComError,
            ole_error=ComError,
            CoInitialize=lambda: None,
            __file__="pythoncom.dll",
        ),
        "win32api": module("win32api", OpenProcess=forbidden("OpenProcess")),
        "win32con": module("win32con"),
        "win32gui": module("win32gui", FindWindowEx=desktop.within),
        "win32process": module("win32process", GetWindowThreadProcessId=lambda hwnd: (0, hwnd)),
        "win32timezone": module("win32timezone", TimeZoneInfo=zone),
        "win32com": module("win32com", client=client),
        "win32com.client": client,
    }


def libraries(desktop: Desktop) -> dict[str, object]:
    """Return what `ctypes` has on Windows alone."""
    user32 = SimpleNamespace(
        GetTopWindow=desktop.below,
        GetWindow=desktop.below,
        GetForegroundWindow=lambda: 0,
        SetWindowPos=lambda *_: None,
    )
    oleacc = SimpleNamespace(AccessibleObjectFromWindow=desktop.object_of)
    ole32 = SimpleNamespace(CLSIDFromString=lambda *_: None)

    def pointed(*told: object) -> Seen:
        return desktop.dispatched(*told)

    return {
        "windll": SimpleNamespace(user32=user32),
        "oledll": SimpleNamespace(oleacc=oleacc, ole32=ole32),
        "PyDLL": lambda _: SimpleNamespace(PyCom_PyObjectFromIUnknown=pointed),
    }


OURS = ("toolkit.live", "xlwings._xlwindows")


@contextmanager
def windows(permitted: frozenset[str]) -> Iterator[Desktop]:
    """Have xlwings' Windows engine stand over a desktop of ours; afterwards all is as it was.

    The engine and `toolkit.live` are imported afresh, as they import one another on Windows.
    """
    desktop = Desktop(permitted | INTERNAL.keys())
    before = {name: module for name, module in sys.modules.items() if name.startswith(OURS)}
    added = stubs(desktop)
    had = {name: getattr(ctypes, name, None) for name in libraries(desktop)}
    engines = xlwings.engines
    kept = engines.active, list(engines.engines), dict(engines.engines_by_name)
    _forget()
    sys.modules |= added
    vars(ctypes).update(libraries(desktop))
    try:
        engine = importlib.import_module("xlwings._xlwindows")
        engine.WindowsError = OSError
        made = xlwings.Engine(impl=engine.engine)
        engines.add(made)
        made.activate()
        yield desktop
    finally:
        _end(before, added, had)
        engines.active, engines.engines, engines.engines_by_name = kept


def _end(before: dict[str, ModuleType], added: dict[str, ModuleType], had: dict) -> None:
    """Take everything out again; the exit kill too, should it still be there."""
    engine = sys.modules.get("xlwings._xlwindows")
    if engine:
        atexit.unregister(engine.cleanup)
        del xlwings._xlwindows  # noqa: SLF001  what the import has put there
    _forget()
    for name in added:
        sys.modules.pop(name, None)
    for name, value in had.items():
        delattr(ctypes, name) if value is None else setattr(ctypes, name, value)
    sys.modules |= before
    for name, module in before.items():
        parent, _, child = name.rpartition(".")
        setattr(sys.modules[parent], child, module)


def _forget() -> None:
    """Have `toolkit.live` and the Windows engine imported anew by who asks next."""
    for name in [name for name in sys.modules if name.startswith(OURS)]:
        del sys.modules[name]
