"""All that a walk through one sheet of a package sees, cell by cell.

calamine shows error cells as blank and knows neither formulas nor hidden rows, and it reserves a
place for every cell between A1 and the last filled one: a single cell far away ends the process.
"""

import re
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from xml.parsers import expat

from toolkit.cells import a1, letters
from toolkit.excel.gate.parts import parse, unprefixed
from toolkit.excel.gate.refusal import SEND_AGAIN, Refusal

SPARSE_SLOTS = 5_000_000  # these three were measured: about 40 bytes a slot in calamine
_SPARSE_FILL = 0.01
_MOST_SLOTS = 25_000_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
FAR_ROW, FAR_COLUMN = 9_999, 702  # ZZ
_GAP_ROWS, _GAP_COLUMNS = 1_000, 100  # what stands beyond such a gap is no part of a table
_MOST_DISTANT = 10_000
PHANTOM_ROWS = 1_000  # formats so far below the last content were dragged there by chance

NO_RESULT = "公式还没有结果"

Mark = tuple[str, str]
"""The address of a cell and what is to be said of it."""


class FarCell(NamedTuple):
    """A filled cell far from the rest: where it stands, and which bytes of the part it takes."""

    row: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Survey:
    """What a sheet holds that calamine would not tell; what of it calamine cannot bear.

    An error's text is NO_RESULT for a formula that no program has reckoned yet, which calamine
    would show as a blank. `last` is the last row of what stands near, `end` the place in the part
    where its cells end, `vast` the end of a sentence on why the sheet cannot be read at all.
    """

    errors: tuple[Mark, ...] = ()
    formulas: tuple[Mark, ...] = ()
    pictures: tuple[Mark, ...] = ()
    hidden: tuple[Mark, ...] = ()
    phantom: tuple[Mark, ...] = ()
    far: tuple[FarCell, ...] = ()
    last: int = 0
    end: int = 0
    vast: str = ""


_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")
_YES = frozenset({"1", "true", "on"})
_PICTURE = "DISPIMG("


class _Run:
    """Adjoining hidden rows or columns, and the first filled cell in them."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last
        self.cell: tuple[int, int] | None = None

    def mark(self, unit: str, names: tuple[object, object]) -> Mark | None:
        """Return what is to be said of the run, None where it holds nothing."""
        if self.cell is None:
            return None
        first, last = names
        through = f" 至 {last}" if self.last > self.first else ""
        return a1(*self.cell), f"第 {first}{through} {unit}"


class _Walk:
    """A walk through one sheet that counts as calamine does, implied addresses included."""

    def __init__(self, name: str, parser: expat.XMLParserType) -> None:
        self.name = name
        self.parser = parser
        self.row, self.column = 1, 0
        self.cell: tuple[int, int] | None = None
        self.kind = ""
        self.is_filled = self.has_formula = self.in_value = self.in_formula = False
        self.start_at = self.end_at = 0
        self.value: list[str] = []
        self.formula: list[str] = []
        self.places = array("Q")  # row << 15 | column of each filled cell
        self.extents = array("Q")  # where it begins and ends in the part
        self.lowest = self.rightmost = (0, 0)
        self.names_row = self.names_cell = False  # addresses written down, not counted on
        self.is_wide = False
        self.formatted = (0, 1)
        self.hidden_rows: list[_Run] = []
        self.hidden_columns: list[_Run] = []
        self.is_hidden_row = False
        self.errors: list[Mark] = []
        self.formulas: list[Mark] = []
        self.pictures: list[Mark] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag: `c` and `row` set the place, `v` and `is` fill it."""
        bare = unprefixed(tag)
        if bare == "c" and self.cell is None:
            self._begin_cell(attributes)
        elif bare == "row":
            self._begin_row(attributes)
        elif bare == "col" and self.cell is None:
            self._begin_column(attributes)
        elif self.cell is None:
            return
        elif bare == "f":
            self.has_formula = self.in_formula = True
        elif bare in ("v", "is"):
            self.is_filled = self.in_value = True

    def end(self, tag: str) -> None:
        """An end tag: the cell or row is left."""
        bare = unprefixed(tag)
        if bare == "c" and self.cell is not None:
            self._end_cell(self.cell)
            self.cell = None
            self.value.clear()
            self.formula.clear()
        elif bare == "row":
            self.row, self.column = self.row + 1, 0
            self.is_hidden_row = False
        elif bare == "f":
            self.in_formula = False
        elif bare in ("v", "is"):
            self.in_value = False
        elif bare == "sheetData":
            self.end_at = self.parser.CurrentByteIndex

    def data(self, piece: str) -> None:
        """A piece of text, kept where it is a formula, its result or an error."""
        if self.in_formula:
            self.formula.append(piece)
        elif self.in_value and (self.has_formula or self.kind == "e"):
            self.value.append(piece)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self.names_row = number is not None
        if number is not None:
            if not _ROW.fullmatch(number) or not 1 <= int(number) <= _LAST_ROW:
                raise self._no_address(number)
            self.row = int(number)
        if self.row > self.formatted[0]:
            self.formatted = (self.row, 1)
        self.is_hidden_row = attributes.get("hidden") in _YES or attributes.get("ht") == "0"
        if self.is_hidden_row:
            self._extend(self.hidden_rows, self.row, self.row)

    def _begin_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") not in _YES and attributes.get("width") != "0":
            return
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if _ROW.fullmatch(first) and _ROW.fullmatch(last) and int(last) <= _LAST_COLUMN:
            self._extend(self.hidden_columns, int(first), int(last))

    @staticmethod
    def _extend(runs: list[_Run], first: int, last: int) -> None:
        if runs and runs[-1].last == first - 1:
            runs[-1].last = last
        else:
            runs.append(_Run(first, last))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self.column += 1
        address = attributes.get("r")
        self.names_cell = address is not None
        self.cell = self._place(address)
        self.column = self.cell[1]
        self.kind = attributes.get("t", "")
        self.is_filled = self.has_formula = False
        self.start_at = self.parser.CurrentByteIndex

    def _end_cell(self, cell: tuple[int, int]) -> None:
        if cell[0] >= self.formatted[0]:
            self.formatted = cell
        if self.is_filled:
            self._fill(cell)
        if self.has_formula or self.kind == "e":
            self._judge(a1(*cell))

    def _judge(self, address: str) -> None:
        """Say what a formula or an error is."""
        shown, formula = "".join(self.value).strip(), "".join(self.formula).strip()
        if _PICTURE in formula:
            self.pictures.append((address, f"={formula}"))
        elif self.kind == "e" and shown:
            self.errors.append((address, shown))
        elif self.has_formula and not shown and self.kind != "str":  # "" may well be a result
            self.errors.append((address, NO_RESULT))
        elif self.has_formula:
            self.formulas.append((address, f"={formula or '…'}"))

    def _fill(self, cell: tuple[int, int]) -> None:
        row, column = cell
        self.places.append(row << 15 | column)
        self.extents.append(self.start_at)
        self.extents.append(self.parser.CurrentByteIndex)
        self.is_wide |= (row > FAR_ROW and (self.names_row or self.names_cell)) or (
            column > FAR_COLUMN and self.names_cell
        )
        if row > self.lowest[0]:
            self.lowest = cell
        if column > self.rightmost[1]:
            self.rightmost = cell
        if self.is_hidden_row and self.hidden_rows[-1].cell is None:
            self.hidden_rows[-1].cell = cell
        for run in self.hidden_columns:
            if run.cell is None and run.first <= column <= run.last:
                run.cell = cell

    def _place(self, address: str | None) -> tuple[int, int]:
        row, column = self.row, self.column
        if address is not None:
            match = _CELL.fullmatch(address)
            if match is None:
                raise self._no_address(address)
            row, column = int(match[2]), 0
            for letter in match[1].upper():
                column = column * 26 + ord(letter) - 64
        if not 1 <= row <= _LAST_ROW or column > _LAST_COLUMN:
            raise self._no_address(address or f"第 {row} 行第 {column} 列")
        return row, column

    def _no_address(self, address: str) -> Refusal:
        return Refusal(
            f"文件内部的 {self.name} 里有不存在的单元格地址“{address[:20]}”，文件已损坏。"
            f"{SEND_AGAIN}"
        )

    def hidden(self) -> tuple[Mark, ...]:
        """Return the hidden rows, then the hidden columns, that hold something."""
        marks = [run.mark("行", (run.first, run.last)) for run in self.hidden_rows]
        marks += [
            run.mark("列", (letters(run.first), letters(run.last))) for run in self.hidden_columns
        ]
        return tuple(mark for mark in marks if mark)


def walk(part: bytes, name: str, below: Mark | None = None) -> Survey:
    """Return the survey of a sheet, every cell looked at.

    `below` marks the end of the blank rows that were cut off; raises Refusal where the part is
    broken.
    """
    parser = expat.ParserCreate()
    walk = _Walk(name, parser)
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.data
    parse(parser, part, name)
    far, last, vast = _distances(walk)
    phantom: tuple[Mark, ...] = ()
    if not far:
        last_cell = (int(below[1]), below[0]) if below else (walk.formatted[0], a1(*walk.formatted))
        phantom = _phantom(last, *last_cell)
    return Survey(
        errors=tuple(walk.errors),
        formulas=tuple(walk.formulas),
        pictures=tuple(walk.pictures),
        hidden=walk.hidden(),
        phantom=phantom,
        far=far,
        last=last,
        end=walk.end_at,
        vast=vast,
    )


def _phantom(last: int, formatted: int, address: str) -> tuple[Mark, ...]:
    """Return the formatted rows far below the last filled one."""
    if formatted - last <= PHANTOM_ROWS:
        return ()
    return ((address, f"第 {last + 1} 至 {formatted} 行只有格式没有内容"),)


# ---- cells far from the rest


def _distances(walk: _Walk) -> tuple[tuple[FarCell, ...], int, str]:
    """Return the far cells, the last row of the rest, and why the rest is too vast, if it is.

    The rest is what can be reached from A1 on without crossing a wide gap. It is asked for only
    where a sheet is so large that blank cells would be a burden, by the same measure as in is_near.
    """
    rows, columns = walk.lowest[0], walk.rightmost[1]
    if not walk.is_wide and rows * columns <= SPARSE_SLOTS:
        return (), rows, ""
    rows = _reach((place >> 15 for place in walk.places), _GAP_ROWS)
    columns = _reach(
        (place & _COLUMN for place in walk.places if place >> 15 <= rows), _GAP_COLUMNS
    )
    far = tuple(
        FarCell(place >> 15, place & _COLUMN, *walk.extents[2 * at : 2 * at + 2])
        for at, place in enumerate(walk.places)
        if place >> 15 > rows or place & _COLUMN > columns
    )
    slots = (rows + len(far)) * columns
    near = len(walk.places) - len(far)
    if len(far) > _MOST_DISTANT or (slots > SPARSE_SLOTS and near < slots * _SPARSE_FILL):
        row_is_worse = walk.lowest[0] * FAR_COLUMN >= walk.rightmost[1] * FAR_ROW
        address = a1(*(walk.lowest if row_is_worse else walk.rightmost))
        return (
            (),
            rows,
            (
                f"的单元格 {address} 远离正文，整张表因此大得无法读取。"
                "请删除该单元格所在的行和列，保存后重新报送。"
            ),
        )
    if slots > _MOST_SLOTS:
        return (
            (),
            rows,
            (
                f"一直填到 {a1(rows, columns)}，大得无法读取。"
                "请删除不需要报送的行和列，保存后重新报送。"
            ),
        )
    return far, rows, ""


_COLUMN = 0x7FFF


def _reach(places: Iterable[int], gap: int) -> int:
    """Return the last of the places that lies no further than the gap from the one before.

    >>> _reach([3, 1, 5, 200, 201], 100)
    5
    """
    reached = 0
    for place in sorted(set(places)):
        if place - reached > gap + 1:
            break
        reached = place
    return reached
