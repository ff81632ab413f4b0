"""A table program that is not there: an xlwings engine with the habits of Excel's COM.

What a workbook holds is a backend's affair, so that a real program can take openpyxl's place. What
Excel makes of a value, and what it refuses, stands above it. `.api` admits only the members that
toolkit/live/members.py has. Not shown: layout, recalculation, timing, dialogs, events.
"""

import datetime as dt
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from types import MethodType
from typing import Any, ClassVar, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import xlwings
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.utils.protection import hash_password
from xlwings import base_classes
from xlwings.utils import hex_to_rgb, int_to_rgb, rgb_to_int

from toolkit.live.members import MEMBERS

Scalar = float | str | bool | dt.datetime | None
Rows = Sequence[Sequence[Scalar]]

BUSY, REFUSED, NOT_RUNNING, MISSING = -2147418111, -2147352567, -2147221021, -2147352573
ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
}
NO_FILL = -4142  # xlColorIndexNone
_LONGEST_ADDRESS = 255
_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  a cell knows no zone
_THIS_YEAR = 2022  # what a day without a year is taken to be in


class ComError(Exception):
    """What pywin32 raises, as far as anybody looks at it."""

    def __init__(self, hresult: int, text: str = "") -> None:
        told = (0, "Microsoft Excel", text, None, 0, hresult) if hresult == REFUSED else None
        super().__init__(hresult, text, told, None)
        self.hresult = hresult


class ForbiddenMember(BaseException):
    """Something was asked for that toolkit/live/members.py does not have."""


# -- where the cells are --------------------------------------------------------------------------


class Backend(Protocol):
    """The workbook itself. Addresses are A1; an area may be one cell; titles are exact."""

    name: str
    path: str
    """The full name: a path, an address in a cloud, "" where it was never saved."""

    def sheets(self) -> list[str]: ...
    def hidden(self, title: str) -> bool: ...
    def used(self, title: str) -> tuple[int, int]: ...
    def active(self) -> str: ...
    def activate(self, title: str) -> None: ...
    def selection(self) -> str: ...
    def select(self, title: str, area: str) -> None: ...
    def read(self, title: str, area: str) -> Rows: ...
    def write(self, title: str, area: str, rows: Rows) -> None: ...
    def formula(self, title: str, cell: str) -> str: ...
    def set_formula(self, title: str, cell: str, text: str) -> None: ...
    def number_format(self, title: str, cell: str) -> str: ...
    def set_number_format(self, title: str, area: str, text: str) -> None: ...
    def fill(self, title: str, cell: str) -> str | None: ...
    def set_fill(self, title: str, areas: list[str], colour: str) -> None: ...
    def notes(self, title: str) -> dict[str, str]: ...
    def set_note(self, title: str, cell: str, text: str | None) -> None: ...
    def protected(self, title: str) -> bool: ...
    def unprotect(self, title: str, password: str) -> None: ...
    def protect(self, title: str, password: str, options: tuple[bool, ...]) -> None: ...
    def copy(self, path: str) -> None: ...
    def save(self) -> None: ...


# What Protect is told, in its order after the password: what is locked, then what is allowed.
_ALLOWED = (
    "formatCells",
    "formatColumns",
    "formatRows",
    "insertColumns",
    "insertRows",
    "insertHyperlinks",
    "deleteColumns",
    "deleteRows",
    "sort",
    "autoFilter",
    "pivotTables",
)
_PATCHED = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class OpenpyxlBackend:
    """A workbook in openpyxl. Untouched it is copied byte by byte, else as openpyxl writes it."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        self.name = re.split(r"[/\\]", path)[-1] or "工作簿1"
        self._data = data
        self.touched = False
        self._selected = "A1"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that openpyxl loses
            self.book = openpyxl.load_workbook(BytesIO(data))
            self._results: dict[tuple[str, str], Any] = self._found()

    def _found(self) -> dict[tuple[str, str], Any]:
        """Return what the formulas came to when the workbook was saved."""
        formulas = [
            (sheet.title, cell.coordinate)
            for sheet in self.book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f"
        ]
        values = openpyxl.load_workbook(BytesIO(self._data), data_only=True) if formulas else {}
        return {place: values[place[0]][place[1]].value for place in formulas}

    def _cells(self, title: str, area: str) -> tuple[tuple[Any, ...], ...]:
        cells = self.book[title][area]
        return cells if isinstance(cells, tuple) else ((cells,),)

    def sheets(self) -> list[str]:
        return [sheet.title for sheet in self.book.worksheets]

    def hidden(self, title: str) -> bool:
        return self.book[title].sheet_state != "visible"

    def used(self, title: str) -> tuple[int, int]:
        return self.book[title].max_row, self.book[title].max_column

    def active(self) -> str:
        return self.book.active.title

    def activate(self, title: str) -> None:
        self.book.active = self.book[title]
        self._selected = "A1"

    def selection(self) -> str:
        return self._selected

    def select(self, title: str, area: str) -> None:
        self._selected = area
        view = self.book[title].sheet_view.selection[0]
        view.activeCell, view.sqref = re.split("[:,]", area)[0], area.replace(",", " ")

    def read(self, title: str, area: str) -> Rows:
        return [[self._value(title, cell) for cell in row] for row in self._cells(title, area)]

    def _value(self, title: str, cell: Any) -> Scalar:
        value = cell.value
        if cell.data_type == "f":
            value = self._results.get((title, cell.coordinate))
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
        return float(value) if type(value) is int else value

    def write(self, title: str, area: str, rows: Rows) -> None:
        self._touch()
        self._results = {}  # nothing reckons here
        for cells, values in zip(self._cells(title, area), rows, strict=True):
            for cell, value in zip(cells, values, strict=True):
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "e" if value in ERRORS else "s"

    def formula(self, title: str, cell: str) -> str:
        value = self.book[title][cell].value
        return "" if value is None else str(value)

    def set_formula(self, title: str, cell: str, text: str) -> None:
        self._touch()
        self._results = {}
        self.book[title][cell].value = text

    def number_format(self, title: str, cell: str) -> str:
        return self.book[title][cell].number_format

    def set_number_format(self, title: str, area: str, text: str) -> None:
        self._touch()
        for row in self._cells(title, area):
            for cell in row:
                cell.number_format = text

    def fill(self, title: str, cell: str) -> str | None:
        fill = self.book[title][cell].fill
        if fill.fill_type is None:
            return ""
        plain = fill.fill_type == "solid" and fill.fgColor.type == "rgb"
        return f"#{fill.fgColor.rgb[-6:]}" if plain else None

    def set_fill(self, title: str, areas: list[str], colour: str) -> None:
        self._touch()
        fill = PatternFill("solid", fgColor=f"FF{colour[1:]}") if colour else PatternFill()
        for area in areas:
            for row in self._cells(title, area):
                for cell in row:
                    cell.fill = fill

    def notes(self, title: str) -> dict[str, str]:
        cells = self.book[title]._cells  # noqa: SLF001  as iter_rows, but quick
        noted = [(place, cell) for place, cell in cells.items() if cell.comment]
        return {cell.coordinate: cell.comment.text for _, cell in sorted(noted)}

    def set_note(self, title: str, cell: str, text: str | None) -> None:
        self._touch()
        self.book[title][cell].comment = None if text is None else Comment(text, "村文书")

    def protected(self, title: str) -> bool:
        return bool(self.book[title].protection.sheet)

    def unprotect(self, title: str, password: str) -> None:
        lock = self.book[title].protection
        kept = lock.password or lock.hashValue
        if kept and (lock.hashValue or hash_password(password) != kept):
            return
        self._touch()
        lock.sheet = False
        lock._password = None  # noqa: SLF001  its setter hashes even nothing

    def protect(self, title: str, password: str, options: tuple[bool, ...]) -> None:
        self._touch()
        lock = self.book[title].protection
        lock.sheet = True
        if password:
            lock.password = password
        drawings, _, scenarios, _, *allowed = options
        lock.objects, lock.scenarios = drawings, scenarios
        lock.selectLockedCells = lock.selectUnlockedCells = False
        for name, may in zip(_ALLOWED, allowed, strict=True):
            setattr(lock, name, not may)

    def _touch(self) -> None:
        self.touched = True

    def content(self) -> bytes:
        """Return what a copy of the workbook would hold."""
        if not self.touched:
            return self._data
        stream = BytesIO()
        self.book.save(stream)
        return self._with_results(stream.getvalue()) if self._results else stream.getvalue()

    def _with_results(self, data: bytes) -> bytes:
        """Put back what the formulas came to, which openpyxl leaves out."""
        stream = BytesIO()
        with ZipFile(BytesIO(data)) as old, ZipFile(stream, "w", ZIP_DEFLATED) as new:
            parts = {f"xl/worksheets/sheet{n}.xml": t for n, t in enumerate(self.sheets(), 1)}
            for name in old.namelist():
                part = old.read(name)
                new.writestr(name, self._reckoned(part, parts[name]) if name in parts else part)
        return stream.getvalue()

    def _reckoned(self, part: bytes, title: str) -> bytes:
        root = etree.fromstring(part)
        for formula in root.iter(f"{_PATCHED}f"):
            cell = formula.getparent()
            result = self._results.get((title, cell.get("r")))
            value = cell.find(f"{_PATCHED}v")
            if value is None or result is None:
                continue
            if isinstance(result, bool):
                cell.set("t", "b")
                value.text = str(int(result))
            elif isinstance(result, str):
                cell.set("t", "e" if result in ERRORS else "str")
                value.text = result
            elif isinstance(result, int | float):
                cell.attrib.pop("t", None)
                value.text = repr(result)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    def copy(self, path: str) -> None:
        Path(path).write_bytes(self.content())

    def save(self) -> None:
        Path(self.path).write_bytes(self.content())

    def sort(self, title: str, rows: tuple[int, int], by: int, *, reverse: bool = False) -> None:
        """Sort whole rows by a column, as a person does; notes, fills and formats go with them."""
        self._touch()
        first, last = rows
        sheet = self.book[title]
        width = sheet.max_column
        lines = [
            [self._lifted(sheet.cell(row, column)) for column in range(1, width + 1)]
            for row in range(first, last + 1)
        ]
        lines.sort(key=lambda line: str(line[by - 1][0] or ""), reverse=reverse)
        for row, line in enumerate(lines, first):
            for column, (value, style, note) in enumerate(line, 1):
                cell = sheet.cell(row, column)
                cell.value = value
                cell._style = style  # noqa: SLF001  openpyxl has no other whole style
                cell.comment = Comment(*note) if note else None

    @staticmethod
    def _lifted(cell: Any) -> tuple[Any, Any, tuple[str, str] | None]:
        note = cell.comment
        return cell.value, copy(cell._style), (note.text, note.author) if note else None  # noqa: SLF001


# -- the objects of the program, with COM's names -------------------------------------------------


@dataclass
class FakeApp:
    """A running program."""

    name: str = "Microsoft Excel"
    version: str = "16.0"
    pid: int = 1
    busy: bool | int = False  # all calls are refused, or so many of the next
    ready: bool = True
    missing: set[str] = field(default_factory=set)
    protected_view: bool = False
    books: "list[FakeBook]" = field(default_factory=list)
    active: "FakeBook | None" = None
    edits: list[tuple[str, str, str]] = field(default_factory=list)  # each clears Undo
    screen_updating: list[bool] = field(default_factory=list)  # as it was set

    kind: ClassVar = "Application"

    def open(self, data: bytes, path: str | Path = "", *, backend: Backend | None = None) -> Any:
        """Open a workbook from its content; it becomes the active one."""
        book = FakeBook(self, backend or OpenpyxlBackend(data, str(path)))
        self.books.append(book)
        self.active = book
        return book

    def admit(self, member: str) -> None:
        """Refuse a call as a busy program does, or one that has no such member."""
        if self.busy:
            if self.busy is not True:
                self.busy -= 1
            raise ComError(BUSY, "被呼叫方拒绝接收呼叫。")
        if member in self.missing:
            raise ComError(MISSING, "找不到成员。")

    @property
    def app(self) -> "FakeApp":
        return self

    @property
    def Name(self) -> str:  # noqa: N802  here and below: COM's names
        return self.name

    @property
    def Version(self) -> str:  # noqa: N802
        return self.version

    OperatingSystem = "Windows (64-bit) NT 10.00"

    @property
    def Hwnd(self) -> int:  # noqa: N802
        return self.pid * 100

    @property
    def Ready(self) -> bool:  # noqa: N802
        return self.ready

    @property
    def Workbooks(self) -> "list[FakeBook]":  # noqa: N802
        return self.books

    @property
    def ActiveWorkbook(self) -> "FakeBook | None":  # noqa: N802
        return None if self.protected_view else self.active

    @property
    def ActiveSheet(self) -> "FakeSheet | None":  # noqa: N802
        book = self.ActiveWorkbook
        return book.ActiveSheet if book else None

    @property
    def Selection(self) -> "FakeRange | None":  # noqa: N802
        sheet = self.ActiveSheet
        return FakeRange(sheet, areas_of(sheet.book.backend.selection())) if sheet else None

    def Goto(self, reference: "FakeRange", scroll: bool = False) -> None:  # noqa: N802, ARG002
        reference.sheet.book.Activate()
        reference.sheet.Activate()
        reference.Select()

    @property
    def ScreenUpdating(self) -> bool:  # noqa: N802
        return self.screen_updating[-1] if self.screen_updating else True

    @ScreenUpdating.setter
    def ScreenUpdating(self, value: bool) -> None:  # noqa: N802
        self.screen_updating.append(value)


@dataclass
class FakeBook:
    """An open workbook."""

    app: FakeApp
    backend: Any
    read_only: bool = False

    kind: ClassVar = "Workbook"

    def bytes(self) -> bytes:
        """Return what it holds now, as a copy would."""
        return self.backend.content()

    def sort(
        self, title: str, first: int, last: int, by_column: int, *, reverse: bool = False
    ) -> None:
        """Sort rows as a person does; what is in and on a cell goes with it."""
        self.backend.sort(title, (first, last), by_column, reverse=reverse)

    @property
    def Name(self) -> str:  # noqa: N802
        return self.backend.name

    @property
    def FullName(self) -> str:  # noqa: N802
        return self.backend.path or self.backend.name

    @property
    def ReadOnly(self) -> bool:  # noqa: N802
        return self.read_only

    AutoSaveOn = False

    @property
    def Saved(self) -> bool:  # noqa: N802
        return not self.backend.touched

    def SaveCopyAs(self, path: str) -> None:  # noqa: N802
        self.backend.copy(path)

    @property
    def Worksheets(self) -> "list[FakeSheet]":  # noqa: N802
        return [FakeSheet(self, title) for title in self.backend.sheets()]

    @property
    def ActiveSheet(self) -> "FakeSheet":  # noqa: N802
        return FakeSheet(self, self.backend.active())

    def Activate(self) -> None:  # noqa: N802
        self.app.active = self


@dataclass
class FakeSheet:
    """A worksheet of an open workbook."""

    book: FakeBook
    title: str

    kind: ClassVar = "Worksheet"

    @property
    def app(self) -> FakeApp:
        return self.book.app

    @property
    def Name(self) -> str:  # noqa: N802
        return self.title

    @property
    def ProtectContents(self) -> bool:  # noqa: N802
        return self.book.backend.protected(self.title)

    def Unprotect(self, password: str = "") -> None:  # noqa: N802
        self.book.backend.unprotect(self.title, password)
        if self.ProtectContents:
            raise ComError(REFUSED, "密码不正确。")
        self.app.edits.append(("Unprotect", self.title, ""))

    def Protect(  # noqa: N802, PLR0913, PLR0917  as Excel has it
        self,
        Password: str = "",  # noqa: N803
        DrawingObjects: bool = True,  # noqa: N803
        Contents: bool = True,  # noqa: N803
        Scenarios: bool = True,  # noqa: N803
        UserInterfaceOnly: bool = False,  # noqa: N803
        AllowFormattingCells: bool = False,  # noqa: N803
        AllowFormattingColumns: bool = False,  # noqa: N803
        AllowFormattingRows: bool = False,  # noqa: N803
        AllowInsertingColumns: bool = False,  # noqa: N803
        AllowInsertingRows: bool = False,  # noqa: N803
        AllowInsertingHyperlinks: bool = False,  # noqa: N803
        AllowDeletingColumns: bool = False,  # noqa: N803
        AllowDeletingRows: bool = False,  # noqa: N803
        AllowSorting: bool = False,  # noqa: N803
        AllowFiltering: bool = False,  # noqa: N803
        AllowUsingPivotTables: bool = False,  # noqa: N803
    ) -> None:
        locked = (DrawingObjects, Contents, Scenarios, UserInterfaceOnly)
        allowed = (
            AllowFormattingCells,
            AllowFormattingColumns,
            AllowFormattingRows,
            AllowInsertingColumns,
            AllowInsertingRows,
            AllowInsertingHyperlinks,
            AllowDeletingColumns,
            AllowDeletingRows,
            AllowSorting,
            AllowFiltering,
            AllowUsingPivotTables,
        )
        self.book.backend.protect(self.title, Password, (*locked, *allowed))
        self.app.edits.append(("Protect", self.title, ""))

    @property
    def UsedRange(self) -> "FakeRange":  # noqa: N802
        rows, columns = self.book.backend.used(self.title)
        return FakeRange(self, ((1, 1, rows, columns),))

    def Range(self, first: Any, second: Any = None) -> "FakeRange":  # noqa: N802
        one = first if isinstance(first, FakeRange) else FakeRange(self, areas_of(first))
        if second is None:
            return one
        two = second if isinstance(second, FakeRange) else FakeRange(self, areas_of(second))
        corners = (*one.areas, *two.areas)
        top, left = min(a[0] for a in corners), min(a[1] for a in corners)
        bottom, right = max(a[2] for a in corners), max(a[3] for a in corners)
        return FakeRange(self, ((top, left, bottom, right),))

    def Cells(self, row: int, column: int) -> "FakeRange":  # noqa: N802
        return FakeRange(self, ((row, column, row, column),))

    @property
    def Comments(self) -> "list[FakeNote]":  # noqa: N802
        return [FakeNote(self.Range(cell)) for cell in self.book.backend.notes(self.title)]

    def Activate(self) -> None:  # noqa: N802
        if self.book.backend.hidden(self.title):
            raise ComError(REFUSED, "类 Worksheet 的 Activate 方法无效")
        if self.book.backend.active() != self.title:
            self.book.backend.activate(self.title)

    def Select(self) -> None:  # noqa: N802
        self.Activate()


Area = tuple[int, int, int, int]
"""First row and column, last row and column."""


def areas_of(address: str) -> tuple[Area, ...]:
    """Return the areas of an address; a ComError for what Excel takes for none."""
    if len(address) > _LONGEST_ADDRESS:
        raise ComError(REFUSED, "作用于 Range 的方法失败")
    try:
        bounds = [range_boundaries(part.replace("$", "")) for part in address.split(",")]
    except ValueError:
        raise ComError(REFUSED, "作用于 Range 的方法失败") from None
    return tuple((top or 1, left or 1, bottom, right) for left, top, right, bottom in bounds)


@dataclass
class FakeRange:
    """Cells of a worksheet, perhaps in several areas."""

    sheet: FakeSheet
    areas: tuple[Area, ...]

    kind: ClassVar = "Range"

    @property
    def app(self) -> FakeApp:
        return self.sheet.app

    @property
    def backend(self) -> Any:
        return self.sheet.book.backend

    @property
    def parts(self) -> list[str]:
        """The addresses of the areas, without dollars."""
        return [
            f"{get_column_letter(left)}{top}"
            if (top, left) == (bottom, right)
            else f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
            for top, left, bottom, right in self.areas
        ]

    def cells(self) -> Iterator[str]:
        """Yield the address of each cell."""
        for top, left, bottom, right in self.areas:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    yield f"{get_column_letter(column)}{row}"

    def edited(self, member: str) -> None:
        """Refuse to change what is protected; what is not, is noted down."""
        if self.backend.protected(self.sheet.title):
            raise ComError(REFUSED, "您试图更改的单元格或图表位于受保护的工作表中。")
        self.app.edits.append((member, self.sheet.title, ",".join(self.parts)))

    @property
    def Address(self) -> str:  # noqa: N802
        return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", ",".join(self.parts))

    @property
    def Value(self) -> Any:  # noqa: N802
        rows = self.backend.read(self.sheet.title, self.parts[0])
        given = tuple(tuple(map(_as_com, row)) for row in rows)
        return given[0][0] if len(given) == len(given[0]) == 1 else given

    @Value.setter
    def Value(self, value: Any) -> None:  # noqa: N802
        self.edited("Value")
        for (top, left, bottom, right), part in zip(self.areas, self.parts, strict=True):
            height, width = bottom - top + 1, right - left + 1
            rows = value if isinstance(value, list | tuple) else ((value,) * width,) * height
            rows = rows if isinstance(rows[0], list | tuple) else (rows,) * height
            if len(rows) < height or any(len(row) < width for row in rows):
                raise AssertionError(f"{part}: Excel would fill up the rest with #N/A")
            self._put(part, rows, (top, left), (height, width))

    def _put(self, part: str, rows: Any, at: tuple[int, int], size: tuple[int, int]) -> None:
        title = self.sheet.title
        typed: list[list[Scalar]] = []
        for row, values in enumerate(rows[: size[0]], at[0]):
            typed.append([])
            for column, value in enumerate(values[: size[1]], at[1]):
                cell = f"{get_column_letter(column)}{row}"
                shown = self.backend.number_format(title, cell)
                kept, look = typed_in(value, shown)
                typed[-1].append(kept)
                if look != shown:
                    self.backend.set_number_format(title, cell, look)
        self.backend.write(title, part, typed)
        for cell, value in zip(self.cells(), [v for row in rows for v in row], strict=False):
            if isinstance(value, str) and value[:1] == "=":
                self.backend.set_formula(title, cell, value)

    @property
    def NumberFormat(self) -> str | None:  # noqa: N802
        found = {self.backend.number_format(self.sheet.title, cell) for cell in self.cells()}
        return found.pop() if len(found) == 1 else None

    @NumberFormat.setter
    def NumberFormat(self, text: str) -> None:  # noqa: N802
        self.edited("NumberFormat")
        for part in self.parts:
            self.backend.set_number_format(self.sheet.title, part, text)

    @property
    def Interior(self) -> "FakeInterior":  # noqa: N802
        return FakeInterior(self)

    def AddComment(self, text: str) -> "FakeNote":  # noqa: N802
        if len(list(self.cells())) > 1 or self.Comment:
            raise ComError(REFUSED, "应用程序定义或对象定义错误")
        self.edited("AddComment")
        self.backend.set_note(self.sheet.title, self.parts[0], text)
        return FakeNote(self)

    @property
    def Comment(self) -> "FakeNote | None":  # noqa: N802
        cell = next(self.cells())
        held = self.backend.notes(self.sheet.title)
        return FakeNote(self.sheet.Range(cell)) if cell in held else None

    def Select(self) -> None:  # noqa: N802
        book = self.sheet.book
        if book.app.active is not book or book.backend.active() != self.sheet.title:
            raise ComError(REFUSED, "类 Range 的 Select 方法无效")
        book.backend.select(self.sheet.title, ",".join(self.parts))


@dataclass
class FakeInterior:
    """The fill of cells."""

    cells: FakeRange

    kind: ClassVar = "Range"
    prefix: ClassVar = "Interior."

    @property
    def app(self) -> FakeApp:
        return self.cells.app

    def _fills(self) -> set[str | None]:
        sheet = self.cells.sheet
        return {sheet.book.backend.fill(sheet.title, cell) for cell in self.cells.cells()}

    def _set(self, member: str, colour: str) -> None:
        self.cells.edited(member)
        sheet = self.cells.sheet
        sheet.book.backend.set_fill(sheet.title, self.cells.parts, colour)

    @property
    def Color(self) -> float:  # noqa: N802
        fills = self._fills()
        fill = fills.pop() if len(fills) == 1 else None
        if fill is None:
            return 0.0  # mixed: black
        return float(rgb_to_int(hex_to_rgb(fill)) if fill else 0xFFFFFF)

    @Color.setter
    def Color(self, colour: int) -> None:  # noqa: N802
        red, green, blue = int_to_rgb(int(colour))
        self._set("Interior.Color", f"#{red:02X}{green:02X}{blue:02X}")

    @property
    def ColorIndex(self) -> int | None:  # noqa: N802
        fills = self._fills()
        if len(fills) > 1:
            return None
        return NO_FILL if fills == {""} else 19

    @ColorIndex.setter
    def ColorIndex(self, index: int) -> None:  # noqa: N802
        if index != NO_FILL:
            raise AssertionError("only no fill is given by its index")
        self._set("Interior.ColorIndex", "")


@dataclass
class FakeNote:
    """A note on a cell."""

    cell: FakeRange

    kind: ClassVar = "Comment"

    @property
    def app(self) -> FakeApp:
        return self.cell.app

    def Text(self, text: str | None = None) -> str:  # noqa: N802
        sheet, address = self.cell.sheet, self.cell.parts[0]
        if text is not None:
            self.cell.edited("Comment.Text")
            sheet.book.backend.set_note(sheet.title, address, text)
        return sheet.book.backend.notes(sheet.title)[address]

    def Delete(self) -> None:  # noqa: N802
        self.cell.edited("Comment.Delete")
        self.cell.backend.set_note(self.cell.sheet.title, self.cell.parts[0], None)


def _as_com(value: Scalar) -> Any:
    return ERRORS.get(value, value) if isinstance(value, str) else value


_NUMBER = re.compile(r"\s*[+-]?(\d+(,\d{3})*(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*", re.IGNORECASE)
_DAY = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})日?")


def typed_in(value: Any, shown: str) -> tuple[Scalar, str]:
    """Return what Excel keeps of a value, and how it shows it from then on.

    >>> typed_in("330681196001011234", "General")
    (3.30681196001011e+17, 'General')
    >>> typed_in("330681196001011234", "@"), typed_in("'007", "General")
    (('330681196001011234', '@'), ('007', 'General'))
    """
    if value is None or value == "":
        return None, shown
    if isinstance(value, bool):
        return value, shown
    if isinstance(value, int | float):
        return float(f"{value:.15g}"), shown
    if isinstance(value, dt.date):
        day = value if isinstance(value, dt.datetime) else dt.datetime(*value.timetuple()[:3])  # noqa: DTZ001
        look = "yyyy/m/d" if shown == "General" else shown
        return (day - _EPOCH).total_seconds() / 86400, look
    if shown == "@" or value[:1] in {"'", "="}:
        return value.removeprefix("'"), shown
    return _read_as(value, shown)


def _read_as(text: str, shown: str) -> tuple[Scalar, str]:
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE", shown
    if text.endswith("%") and _NUMBER.fullmatch(text[:-1]):
        return float(text[:-1].replace(",", "")) / 100, "0%" if shown == "General" else shown
    if _NUMBER.fullmatch(text):
        return float(f"{float(text.replace(',', '')):.15g}"), shown
    if day := _DAY.fullmatch(text):
        try:
            year, month, date = (int(part or _THIS_YEAR) for part in day.groups())
            return typed_in(dt.datetime(year, month, date), shown)  # noqa: DTZ001
        except ValueError:
            return text, shown
    return text, shown


# -- what `.api` gives ----------------------------------------------------------------------------

_THINGS = (FakeApp, FakeBook, FakeSheet, FakeRange, FakeInterior, FakeNote)
_ADMITTED = {(each.owner, each.name) for each in MEMBERS} | {("Range", "Interior")}


class Api:
    """One of the program's objects, with no more than the members that may be used."""

    def __init__(self, thing: Any) -> None:
        object.__setattr__(self, "_thing", thing)

    def _admitted(self, name: str) -> Any:
        thing = self._thing
        full = f"{getattr(thing, 'prefix', '')}{name}"
        if (thing.kind, full) not in _ADMITTED:
            raise ForbiddenMember(f"{thing.kind}.{full} is not in toolkit/live/members.py")
        thing.app.admit(full)
        return thing

    def __getattr__(self, name: str) -> Any:
        return _given(getattr(self._admitted(name), name))

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._admitted(name), name, value)


class Collection:
    """Several of them, by name, by number or one after another."""

    def __init__(self, things: Sequence[Any]) -> None:
        self._things = things

    def __iter__(self) -> Iterator[Api]:
        return map(Api, self._things)

    def __len__(self) -> int:
        return len(self._things)

    def __call__(self, key: str | int) -> Api:
        if isinstance(key, int) and 1 <= key <= len(self._things):
            return Api(self._things[key - 1])
        for thing in self._things:
            if isinstance(key, str) and thing.Name.lower() == key.lower():
                return Api(thing)
        raise ComError(REFUSED, "下标越界")


def _given(value: Any) -> Any:
    if isinstance(value, _THINGS):
        return Api(value)
    if isinstance(value, MethodType):
        return lambda *args, **named: _given(value(*map(_taken, args), **named))
    return Collection(value) if isinstance(value, list) else value


def _taken(value: Any) -> Any:
    return value._thing if isinstance(value, Api) else value  # noqa: SLF001


# -- xlwings' engine over it ----------------------------------------------------------------------


class _Over:
    """What stands for one of the program's objects in xlwings."""

    def __init__(self, thing: Any) -> None:
        self.thing = _taken(thing)

    @property
    def api(self) -> Any:
        return Api(self.thing)


class NoteOver(_Over, base_classes.Note):
    @property
    def text(self) -> str:
        return self.api.Text()

    @text.setter
    def text(self, value: str) -> None:
        self.api.Text(value)

    @property
    def location(self) -> "RangeOver":
        return RangeOver(self.thing.cell)

    def delete(self) -> None:
        self.api.Delete()


class RangeOver(_Over, base_classes.Range):
    options: ClassVar[dict[str, Any]] = {}  # xlwings sets its own

    @property
    def coords(self) -> tuple[Any, ...]:
        return (self.thing.sheet, self.row, self.column, *self.shape)

    @property
    def sheet(self) -> "SheetOver":
        return SheetOver(self.thing.sheet)

    @property
    def row(self) -> int:
        return self.thing.areas[0][0]

    @property
    def column(self) -> int:
        return self.thing.areas[0][1]

    @property
    def shape(self) -> tuple[int, int]:
        top, left, bottom, right = self.thing.areas[0]
        return bottom - top + 1, right - left + 1

    def __len__(self) -> int:
        return sum((a[2] - a[0] + 1) * (a[3] - a[1] + 1) for a in self.thing.areas)

    def __call__(self, row: int, column: int | None = None) -> "RangeOver":
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

    @property
    def address(self) -> str:
        return self.api.Address

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:  # noqa: ARG002
        return self.address if row_absolute else self.address.replace("$", "")

    @property
    def raw_value(self) -> Any:
        return self.api.Value

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self.api.Value = data

    @property
    def has_array(self) -> bool:
        return False

    @property
    def number_format(self) -> str | None:
        return self.api.NumberFormat

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.api.NumberFormat = value

    @property
    def color(self) -> tuple[int, int, int] | None:
        fill = self.api.Interior
        return None if fill.ColorIndex == NO_FILL else int_to_rgb(int(fill.Color))

    @color.setter
    def color(self, value: Any) -> None:
        fill = self.api.Interior
        if value is None:
            fill.ColorIndex = NO_FILL
        else:
            value = hex_to_rgb(value) if isinstance(value, str) else value
            fill.Color = value if isinstance(value, int) else rgb_to_int(value)

    @property
    def note(self) -> NoteOver | None:
        found = self.api.Comment
        return NoteOver(found) if found else None

    def add_note(self, text: str) -> NoteOver:
        return NoteOver(self.api.AddComment(text))

    def select(self) -> None:
        self.api.Select()


class SheetOver(_Over, base_classes.Sheet):
    @property
    def name(self) -> str:
        return self.api.Name

    @property
    def index(self) -> int:
        return self.thing.book.backend.sheets().index(self.thing.title) + 1

    @property
    def book(self) -> "BookOver":
        return BookOver(self.thing.book)

    def range(self, first: Any, second: Any = None) -> RangeOver:
        if isinstance(first, tuple) and len(first) == 4:  # row, column, height, width
            row, column, height, width = first
            first, second = (row, column), (row + height - 1, column + width - 1)
        corners = [self._corner(each) for each in (first, second) if each is not None]
        return RangeOver(corners[0] if len(corners) == 1 else self.api.Range(*corners))

    def _corner(self, given: Any) -> Api:
        if isinstance(given, RangeOver):
            return given.api
        if isinstance(given, tuple):
            if 0 in given:
                raise IndexError("Excel counts from 1")
            return self.api.Cells(*given)
        return self.api.Range(given)

    @property
    def used_range(self) -> RangeOver:
        return RangeOver(self.api.UsedRange)

    @property
    def notes(self) -> list[NoteOver]:
        return [NoteOver(note) for note in self.api.Comments]

    def activate(self) -> None:
        self.api.Activate()

    def select(self) -> None:
        self.api.Select()


class SheetsOver(_Over, base_classes.Sheets):
    @property
    def active(self) -> SheetOver:
        return SheetOver(BookOver(self.thing).api.ActiveSheet)

    def __call__(self, key: str | int) -> SheetOver:
        return SheetOver(Api(self.thing).Worksheets(key))

    def __len__(self) -> int:
        return len(Api(self.thing).Worksheets)

    def __iter__(self) -> Iterator[SheetOver]:
        return map(SheetOver, Api(self.thing).Worksheets)

    def __contains__(self, name: str) -> bool:
        return any(sheet.name == name for sheet in self)


class BookOver(_Over, base_classes.Book):
    @property
    def name(self) -> str:
        return self.api.Name

    @property
    def fullname(self) -> str:
        place = self.api.FullName
        if "://" in place:
            raise xlwings.XlwingsError("Couldn't find the local OneDrive folder")
        return place

    @property
    def app(self) -> "AppOver":
        return AppOver(self.thing.app)

    @property
    def sheets(self) -> SheetsOver:
        return SheetsOver(self.thing)

    def activate(self) -> None:
        self.api.Activate()


class BooksOver(_Over, base_classes.Books):
    def __init__(self, thing: FakeApp) -> None:
        super().__init__(thing)
        self.app = AppOver(thing)
        self._books = Api(thing).Workbooks

    @property
    def active(self) -> BookOver:
        return BookOver(self.app.api.ActiveWorkbook)

    def __call__(self, key: str | int) -> BookOver:
        try:
            return BookOver(self._books(key))
        except ComError:
            raise KeyError(key) from None

    def __len__(self) -> int:
        return len(self._books)

    def __iter__(self) -> Iterator[BookOver]:
        return map(BookOver, self._books)


class AppOver(_Over, base_classes.App):
    @property
    def pid(self) -> int:
        return self.thing.pid

    @property
    def books(self) -> BooksOver:
        return BooksOver(self.thing)

    @property
    def engine(self) -> "FakeEngine":
        return xlwings.engines.active.impl

    @property
    def version(self) -> str:
        return self.api.Version

    @property
    def selection(self) -> RangeOver | None:
        found = self.api.Selection
        return RangeOver(found) if found else None

    def activate(self, steal_focus: bool = False) -> None:  # noqa: ARG002
        if "Excel" not in self.thing.name:
            raise RuntimeError("Could not activate App!")

    @property
    def screen_updating(self) -> bool:
        return self.api.ScreenUpdating

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        self.api.ScreenUpdating = value


class AppsOver(base_classes.Apps):
    def __init__(self, apps: Sequence[FakeApp]) -> None:
        self._apps = apps

    def keys(self) -> list[int]:
        return [app.pid for app in self._apps]

    def __iter__(self) -> Iterator[AppOver]:
        return map(AppOver, self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> AppOver:
        return next(AppOver(app) for app in self._apps if app.pid == pid)

    def add(self, **given: Any) -> None:
        raise ForbiddenMember(f"a program would be started: {given}")


class FakeEngine:
    """An engine that takes the place of Excel's: converters fall back to its name."""

    name = "excel"
    type = "desktop"

    def __init__(self, apps: Sequence[FakeApp]) -> None:
        self.apps = AppsOver(apps)

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Any, empty_as: Any, number_builder: Any, err_to_str: bool
    ) -> list[list[Any]]:
        texts = {number: text for text, number in ERRORS.items()}

        def clean(value: Any) -> Any:
            if value in {"", None}:
                return empty_as
            if isinstance(value, dt.datetime):
                parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return datetime_builder(**{p: getattr(value, p) for p in parts}, tzinfo=None)
            if number_builder is not None and type(value) is float:
                return number_builder(value)
            if type(value) is int and value in texts:
                return texts[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:  # noqa: ARG004
        if value is None or value != value:  # noqa: PLR0124  only NaN differs from itself
            return ""
        return value.item() if hasattr(value, "item") else value


# -- the desk -------------------------------------------------------------------------------------


@dataclass
class Desk:
    """The programs that run, the topmost first."""

    apps: list[FakeApp] = field(default_factory=list)

    def app(self, name: str = "Microsoft Excel", version: str = "16.0") -> FakeApp:
        """Start a further program, below the others."""
        self.apps.append(FakeApp(name, version, pid=len(self.apps) + 1))
        return self.apps[-1]

    @property
    def first(self) -> FakeApp:
        """The topmost program; it is started if there is none."""
        return self.apps[0] if self.apps else self.app()

    def open(self, data: bytes, path: str | Path = "") -> FakeBook:
        """Open a workbook in the topmost program: at a path, in a cloud, or never saved."""
        return self.first.open(data, path)

    def open_backend(self, backend: Backend) -> FakeBook:
        """Open a workbook that is in a program of its own."""
        return self.first.open(b"", backend=backend)

    @property
    def edits(self) -> list[tuple[str, str, str]]:
        """What was written: member, sheet and address; each clears Undo."""
        return [edit for app in self.apps for edit in app.edits]


@contextmanager
def desk() -> Iterator[Desk]:
    """Have xlwings over a desk of ours, and afterwards over what it was over before."""
    engines = xlwings.engines
    before = engines.active, list(engines.engines), dict(engines.engines_by_name)
    made = Desk()
    engine = xlwings.Engine(impl=FakeEngine(made.apps))
    engines.add(engine)
    engine.activate()
    try:
        yield made
    finally:
        engines.active, engines.engines, engines.engines_by_name = before
