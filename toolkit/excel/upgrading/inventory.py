"""Every cell and note of a file, counted by openpyxl: the second opinion that an upgrade must meet.

It knows no form and shares no code with the reader, so the two cannot err alike.
"""

import datetime as dt
import math
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from toolkit.cells import Raw
from toolkit.errors import UnreadableError
from toolkit.excel.gate.glance import without_blank_rows
from toolkit.excel.sheets import Note
from toolkit.package import unzipped, zipped
from toolkit.schema.texts import is_blank

Place = tuple[int, int]
"""Row and column of a cell, counted from 1."""

Address = tuple[str, int, int]
"""Sheet, row and column, counted from 1."""

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_SECOND = 1 / 86_400
_DIGITS = 1e-14  # a writer keeps sixteen digits of a number
_YEARS_FROM_1900_TO_1904 = 1_462  # in days; a file may count its days from either
_FIRST_SURE_DAY = dt.date(1900, 3, 1)  # Excel's calendar has a day too many in February 1900
_LOOSE = ("xl/media/", "xl/charts/chart", "xl/embeddings/")
_DRAWING = "xl/drawings/drawing"
_FALLBACK = re.compile(rb"<mc:Fallback[\s>].*?</mc:Fallback\s*>", re.DOTALL)
_SHAPE_TEXT = re.compile(rb"<(?:[\w.-]+:)?txBody[\s>]")


@dataclass(frozen=True, slots=True)
class Item:
    """What stands in one cell; of a formula, what it came to when the file was saved."""

    raw: Raw
    stored: Raw = None  # as the file keeps it: of a day or time, a number
    formula: str = ""

    @property
    def result(self) -> Raw:
        """What a person would keep of it: a formula without a result, or an error, as its text."""
        failed = self.raw is None or self.raw in _ERRORS
        return self.formula if self.formula and failed else self.raw


Cells = Mapping[Place, Item]


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a file holds: non-blank cells by sheet, in reading order, notes, and loose things."""

    cells: Mapping[str, Cells]
    notes: tuple[Note, ...]
    links: tuple[Address, ...]  # cells that lead somewhere at a click
    loose: int  # pictures, charts, embedded files
    boxes: int  # text boxes and other shapes with a text
    shift: int  # days between the day that the file counts from and the usual one

    def keeps(self, item: Item, raw: Raw) -> bool | None:
        """Say whether a day, time or number is the one that a cell stores; None of other things."""
        number, stored = number_of(raw), number_of(item.stored)
        if number is None or stored is None:
            return None
        near = _SECOND if not isinstance(raw, int | float) else 0
        return any(
            math.isclose(number, stored + days, rel_tol=_DIGITS, abs_tol=near)
            for days in {0, self.shift}
        )


def number_of(raw: Raw) -> float | None:
    """Return the number that a file keeps of a number, day or time; None of anything else."""
    if raw is None or isinstance(raw, str | bool):
        return None
    if isinstance(raw, int | float):
        return float(raw)
    from openpyxl.utils import datetime as calendar  # noqa: PLC0415 -- slow to load; only who upgrades pays

    to_excel: Any = calendar.to_excel  # which has no types
    return float(to_excel(raw))


def is_sure(raw: Raw) -> bool:
    """Say whether every program counts a day as the same number; those before March 1900 it is not.

    What is no day is.
    """
    day = raw.date() if isinstance(raw, dt.datetime) else raw
    return not isinstance(day, dt.date) or day >= _FIRST_SURE_DAY


def take_inventory(data: bytes, name: str) -> Inventory:
    """Return what an .xlsx holds; raises UnreadableError where openpyxl cannot tell.

    Of long sheets the blank rows are cut out first, or 200,000 of them, formatted but empty, would
    take a minute and a gigabyte. No content goes with them: only rows are cut between whose tags no
    value, text or formula begins, all others keep their numbers, and notes, links and merged areas
    stand elsewhere in the file.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what it will not keep; nothing is saved with it
            return _counted(data)
    except Exception as error:  # openpyxl raises whatever it stumbles on
        raise UnreadableError(
            f"工作簿里有读不懂的部分（{type(error).__name__}），没有升级。"
            "请用 Excel 或 WPS 打开后另存为 .xlsx 再试。",
            name,
        ) from error


def _without_blank_rows(parts: Mapping[str, bytes], data: bytes) -> bytes:
    """Return the file without the blank rows of long sheets, the very same if there are none."""
    shorter = {
        name: without_blank_rows(part)[0] if name.startswith("xl/worksheets/") else part
        for name, part in parts.items()
    }
    return data if all(shorter[name] is parts[name] for name in parts) else zipped(shorter)


def _counted(data: bytes) -> Inventory:
    from openpyxl import load_workbook  # noqa: PLC0415 -- as above
    from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: PLC0415 -- as above

    parts = unzipped(data)
    loose = sum(name.startswith(_LOOSE) for name in parts)
    boxes = sum(_boxes(part) for name, part in parts.items() if name.startswith(_DRAWING))
    data = _without_blank_rows(parts, data)
    del parts
    whole = load_workbook(BytesIO(data))
    # As it streams, it also shows what merged cells hide; the dimension given may be wrong. With no
    # format taken for a date's it tells the numbers that the file holds.
    values: Any = load_workbook(BytesIO(data), read_only=True, data_only=True)
    values._date_formats = values._timedelta_formats = frozenset()  # noqa: SLF001 -- no other way to them
    cells: dict[str, dict[Place, Item]] = {}
    notes: list[Note] = []
    links: list[Address] = []
    for sheet in whole.worksheets:
        # Its own iterator would make every cell between the first and a stray far away.
        own: list[Any] = list(sheet._cells.values())  # noqa: SLF001 -- openpyxl offers no other list of them
        streamed = values[sheet.title]
        streamed.reset_dimensions()
        cells[sheet.title] = dict(sorted(_items(streamed, own, whole.epoch)))
        for cell in sorted(own, key=lambda cell: (cell.row, cell.column)):
            if cell.comment is not None:
                text, author = cell.comment.text, _author(cell.comment)
                notes.append(Note(sheet.title, cell.row, cell.column, text, author))
            if cell.hyperlink is not None:
                links.append((sheet.title, cell.row, cell.column))
    values.close()
    shift = _YEARS_FROM_1900_TO_1904 if whole.epoch == CALENDAR_MAC_1904 else 0
    return Inventory(cells, tuple(notes), tuple(links), loose, boxes, shift)


def _boxes(drawing: bytes) -> int:
    """Return how many shapes of a drawing hold a text, none twice for older programs."""
    return len(_SHAPE_TEXT.findall(_FALLBACK.sub(b"", drawing)))


def _author(comment: Any) -> str:  # noqa: ANN401 -- as openpyxl has it
    """Return who wrote a note; openpyxl reads an author without a name as the word None."""
    return "" if comment.author in {None, "None"} else str(comment.author)


def _items(
    values: Any,  # noqa: ANN401 -- as above
    own: Iterable[Any],
    epoch: dt.datetime,
) -> Iterator[tuple[Place, Item]]:
    """Yield the non-blank cells of a sheet: what they store, and formulas that have no result."""
    seen: dict[Place, Raw] = {
        (cell.row, cell.column): cell.value
        for line in values.iter_rows()
        for cell in line
        if cell.value is not None
    }
    for cell in own:
        formula = ""
        if cell.data_type == "f":
            formula = str(getattr(cell.value, "text", cell.value))
        stored = seen.pop((cell.row, cell.column), None)
        if formula or not _shows_nothing(stored):
            raw = _moment(stored, cell.number_format, epoch)
            yield (cell.row, cell.column), Item(raw, stored, formula)
    yield from ((at, Item(raw, raw)) for at, raw in seen.items() if not _shows_nothing(raw))


def _moment(stored: Raw, number_format: str, epoch: dt.datetime) -> Raw:
    """Return a number that is shown as a day or time as one, where the calendar has it."""
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format  # noqa: PLC0415 -- as above
    from openpyxl.utils import datetime as calendar  # noqa: PLC0415 -- as above

    if isinstance(stored, bool) or not isinstance(stored, int | float):
        return stored
    if not is_date_format(number_format):
        return stored
    from_excel: Any = calendar.from_excel  # which has no types
    try:
        moment: Raw = from_excel(stored, epoch, is_timedelta_format(number_format))
    except (OverflowError, ValueError):
        return stored
    to_excel: Any = calendar.to_excel
    is_true = math.isclose(to_excel(moment, epoch), stored, abs_tol=_SECOND)
    return moment if is_true and is_sure(moment) else stored


def _shows_nothing(raw: Raw) -> bool:
    return raw is None or (isinstance(raw, str) and is_blank(raw))
