"""A second reader of workbooks, independent of the product's: openpyxl, plain and slow.

Nothing of `toolkit.excel` is used here. Where openpyxl is known to be wrong its slips are put
right in the open: the Chinese date formats that a file names by number only, numbers that a cell
shows as percentages, escapes such as `_x000D_`, the target of a link shown as the text of a blank
cell, texts below merged cells.
"""

import datetime as dt
import io
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import IO
from unittest.mock import patch

import openpyxl
from defusedxml import ElementTree
from openpyxl.cell.cell import Cell
from openpyxl.cell.text import Text
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet._reader import WorksheetReader
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.constants import SHEET_MAIN_NS

from toolkit.cells import Raw, a1, place

_CHINESE_DAYS = frozenset({*range(27, 37), *range(50, 59)})  # ECMA-376 part 1, 18.8.30
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_XML_BLANKS = " \t\r\n"
_MIDNIGHT = dt.time()

Area = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class SlowSheet:
    """What one sheet shows, by address; blank cells are left out."""

    cells: Mapping[str, Raw]
    errors: Mapping[str, str]
    unreckoned: frozenset[str]  # formulas without a result
    merged: tuple[Area, ...]  # as the product counts: (row, column), from 0

    def grid(self) -> list[list[Raw]]:
        """Return the cells as rows from A1 on."""
        spots = {place(address): raw for address, raw in self.cells.items()}
        rows = max((row for row, _ in spots), default=0)
        columns = max((column for _, column in spots), default=0)
        return [
            [spots.get((row, column)) for column in range(1, columns + 1)]
            for row in range(1, rows + 1)
        ]


@lru_cache(maxsize=4)
def slow_cells(data: bytes) -> dict[str, SlowSheet]:
    """Return what a workbook's sheets show, by title, in the order of the tabs."""
    values, formulas = _loaded(data, data_only=True), _loaded(data, data_only=False)
    return {sheet.title: _sheet(sheet, formulas[sheet.title]) for sheet in values.worksheets}


def _loaded(data: bytes, *, data_only: bool) -> openpyxl.Workbook:
    with (
        warnings.catch_warnings(),
        patch.object(WorksheetReader, "bind_hyperlinks", lambda _: None),
        patch.object(WorksheetReader, "bind_merged_cells", _keep_merged),
        patch("openpyxl.reader.excel.read_string_table", _texts),
    ):
        warnings.simplefilter("ignore")  # what openpyxl cannot keep is no cell
        return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only)


def _texts(part: IO[bytes]) -> list[str]:
    """Return the shared texts, their escapes as they stand; openpyxl drops every x005F_."""
    table = ElementTree.parse(part).getroot()
    return [Text.from_tree(node).content for node in table.iter(f"{{{SHEET_MAIN_NS}}}si")]


def _keep_merged(reader: WorksheetReader) -> None:
    """Note what is merged without wiping the cells below the first."""
    if reader.parser.merged_cells:
        for merged in reader.parser.merged_cells.mergeCell:
            reader.ws.merged_cells.add(CellRange(merged.ref))


def _sheet(values: Worksheet, formulas: Worksheet) -> SlowSheet:
    cells: dict[str, Raw] = {}
    errors: dict[str, str] = {}
    unreckoned: set[str] = set()
    for row in values.iter_rows():
        for cell in row:
            if cell.data_type == "e":
                errors[cell.coordinate] = str(cell.value)
            elif cell.value is None:
                if formulas[cell.coordinate].data_type == "f":
                    unreckoned.add(cell.coordinate)
            elif (raw := _raw(cell)) != "":
                cells[cell.coordinate] = raw
    merged = tuple(
        ((area.min_row - 1, area.min_col - 1), (area.max_row - 1, area.max_col - 1))
        for area in values.merged_cells.ranges
    )
    return SlowSheet(cells, errors, frozenset(unreckoned), merged)


def _raw(cell: Cell) -> Raw:
    """Return what a cell holds, as a person sees it."""
    value = cell.value
    if isinstance(value, str):
        value = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and cell._style.numFmtId in _CHINESE_DAYS:  # noqa: SLF001 -- openpyxl tells it nowhere else
        value = from_excel(value, cell.parent.parent.epoch)
    if is_number and _shows_percent(cell):
        return f"{(Decimal(f'{value:.15g}') * 100).normalize():f}%"
    return shown(value)


def _shows_percent(cell: Cell) -> bool:
    """Say whether a cell's number format has a % that is no quoted text."""
    return "%" in re.sub(r'"[^"]*"|[\\_*].', "", cell.number_format)


def shown(raw: Raw) -> Raw:
    """Return a content less what readers keep or drop as they like.

    Those are the blanks at the ends of a text, and the time of a day that has none.
    """
    if isinstance(raw, str):
        return raw.strip(_XML_BLANKS)
    if isinstance(raw, dt.datetime) and raw.time() == _MIDNIGHT:
        return raw.date()
    return raw


def by_address(grid: Sequence[Sequence[Raw]]) -> dict[str, Raw]:
    """Return the cells of rows that begin at A1, by address; blank ones are left out."""
    cells = {
        a1(row, column): shown(raw)
        for row, line in enumerate(grid, 1)
        for column, raw in enumerate(line, 1)
    }
    return {address: raw for address, raw in cells.items() if raw not in (None, "")}


def differences(one: Mapping[str, Raw], other: Mapping[str, Raw]) -> list[tuple[str, Raw, Raw]]:
    """Return the addresses at which two readings of a sheet differ, with what each saw."""
    return [
        (address, one.get(address), other.get(address))
        for address in sorted(one.keys() | other.keys(), key=place)
        if not _same(one.get(address), other.get(address))
    ]


def _same(one: Raw, other: Raw) -> bool:
    """Say whether two readers saw the same; to Python True is 1."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other
