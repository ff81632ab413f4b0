"""Fits a rollup's tables to paper: how wide each column is, how high each row, where pages end.

Widths are made so that a sheet's text can be read on A4, or on A3 where there is more of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolkit.excel.look import breadth, height_of, lines, pixels
from toolkit.excel.rollup.formulas import Spot
from toolkit.excel.sheets import A3, A4
from toolkit.forms import ledgers, rollup
from toolkit.forms.rollup import Table
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Number, Percent, as_text
from toolkit.schema.totals import Cell, Rate, percentage, value_of

LEAST_HEIGHT = 20
"""The height in points of a row of one line."""

WIDEST_WORD = 16
"""How many half-width characters of short texts stand on one line."""

FILE_NAME = rollup.SourceFile.by_label["文件名"]
"""The column of the names of files."""

_WIDEST_WORD_OF_LEDGER, _NARROWEST = 12, 5.5
_MARGIN = 1.2  # what a column takes beyond its text
DIGIT = 0.91
"""A digit of 10 points, as wide as columns are measured in: in digits of 11."""

_ON_ONE_LINE, _ON_TWO_LINES = 3, 8  # characters of a header


class Words(NamedTuple):
    """What one column shows, line by line, and how wide it is."""

    texts: Sequence[str]
    need: int
    solid: int  # the width of what must not be broken: numbers, days, codes
    folded: bool  # whether a text has lines of its own


@dataclass(frozen=True)
class Measured:
    """A table with what its columns show, the line of totals last."""

    table: Table
    columns: Sequence[Words]

    @classmethod
    def of(cls, table: Table) -> "Measured":
        """Return a table measured, column by column."""
        rows = [*table.rows, table.total] if table.total else table.rows
        columns = zip(*rows, strict=True) if rows else ((),) * len(table.columns)
        pairs = zip(table.columns, columns, strict=True)
        return cls(table, [_words(column, cells) for column, cells in pairs])


def _words(column: Column[Any], cells: Iterable[Cell]) -> Words:
    shown = _percent if isinstance(column, Rate) else _plain
    texts = [cell if type(cell) is str else shown(cell) for cell in cells]
    need, solid, folded = 0, 0, False
    for text in set(texts):
        if solid < len(text) <= WIDEST_WORD and text.isascii():
            solid = len(text)
        if "\n" in text:
            folded = True
            need = max(need, *map(breadth, text.split("\n")))
        elif 2 * len(text) > need:
            need = max(need, breadth(text))
    return Words(texts, need, solid, folded)


def _percent(cell: Cell) -> str:
    value = value_of(cell)
    return percentage(value) if isinstance(value, float) else as_text(value)


def _plain(cell: Cell) -> str:
    return as_text(value_of(cell))


def _widest(row: type[Row], column: Column[Any]) -> float:
    """Return how wide a column may grow; a ledger's many columns must fit on a page."""
    if ledgers.LINE not in row.columns or column is ledgers.FILE:
        return column.width if column.kind.long else max(column.width, WIDEST_WORD)
    return column.width / 2 if column.kind.long else _WIDEST_WORD_OF_LEDGER


class Fit(NamedTuple):
    """How wide each column is, which of them are printed, and on what."""

    widths: Sequence[float]
    printed: int
    paper: int
    pages: int = 1  # side by side

    @property
    def scale(self) -> int:
        """In percent, how large the sheet can be printed, whatever its font."""
        width = sum(map(pixels, self.widths[: self.printed])) * _WIDER_FONT
        return min(100, int(100 * _ACROSS[self.paper] / width))


_SMALLEST_PRINT = 0.82
"""How far a sheet may be made smaller to fit a page: its text, of 10 points, stays above 8."""
_ACROSS = {A4: 1045, A3: 1510}  # pixels, of a page that lies on its side
_ROOM = {paper: across / _SMALLEST_PRINT for paper, across in _ACROSS.items()}
_WIDER_FONT = 1.17  # digits of what replaces 宋体 where it is missing, against its own
_MOST_SQUEEZED = 0.5  # of the way to the narrowest; rather than more, a larger paper
_NARROW_WORD, _NARROW_TEXT = 8, 16  # characters, of what may be broken into lines
_EMS = {"title": 1.66, "hint": 0.92, "band": 1.14}  # a character's width against the columns' own


def fitted(spots: Sequence[Spot], tables: Sequence[Measured], main: Spot, across: float) -> Fit:
    """Return the widths that the contents want, narrowed until they can be read on a page."""
    wanted, least = _widths(spots, tables)
    last_printed = rollup.LAST_PRINTED.get(main.row)
    printed = main.at(last_printed) if last_printed is not None else len(wanted)
    wide, narrow = (sum(map(pixels, widths[:printed])) for widths in (wanted, least))
    rooms = [(A4, _ROOM[A4] / _WIDER_FONT), (A3, _ROOM[A3] / _WIDER_FONT), (A3, _ROOM[A3])]
    for paper, room in rooms[main.row in rollup.ON_A3 :]:
        share = 1.0 if wide <= room else (room - narrow) / max(1, wide - narrow)
        if share >= (_MOST_SQUEEZED if paper == A4 else 0):
            break
    else:
        return Fit(wanted, printed, A3, 2)
    across = min(across, room / 8)
    widths = [low + (want - low) * share for low, want in zip(least, wanted, strict=True)]
    widths[printed:] = wanted[printed:]
    lacking = max(0.0, across - sum(pixels(width) for width in widths[:printed]) / 8)
    widths[:printed] = [width + lacking / printed for width in widths[:printed]]
    return Fit(widths, printed, paper)


_DOWN = {A4: 516, A3: 762}  # points, of a page that lies on its side
_ROWS_TOGETHER = 4  # of a table, below its header


def page_breaks(spots: Sequence[Spot], tables: Sequence[Measured], fit: Fit) -> list[int]:
    """Return after which rows a page ends, so that no table's head is parted from its rows."""
    page = _DOWN[fit.paper] / fit.scale * 100 * 0.96
    breaks, at = [], 0.0
    for spot, table in zip(spots, tables, strict=True):
        head = 2.0 * 30 + (21 if spot.row in rollup.GROUPED else 0)
        heights = row_heights(table, fit.widths[spot.left - 1 :])
        if at % page + head + sum(heights[:_ROWS_TOGETHER]) > page and spot is not spots[0]:
            breaks.append(spot.header - 2)
            at = 0
        at += head + sum(heights) + LEAST_HEIGHT
    return breaks


def least_width(spots: Sequence[Spot], heading: str) -> float:
    """Return how wide a sheet must be for the lines that run across it."""
    said = [
        (f"{spots[0].row.sheet}{heading}", "title"),
        (spots[0].row.hint, "hint"),
        *((spot.row.hint, "band") for spot in spots[1:]),
    ]
    return max(3 + breadth(text) * _EMS[style] for text, style in said)


def _widths(
    spots: Sequence[Spot], tables: Sequence[Measured]
) -> tuple[Sequence[float], Sequence[float]]:
    """Return each column's width: what its contents want, and the least they can do with."""
    last = max(spot.left - 1 + len(spot.columns) for spot in spots)
    wanted, least = [_NARROWEST] * last, [_NARROWEST] * last
    for spot, table in zip(spots, tables, strict=True):
        for at, (column, words) in enumerate(
            zip(spot.columns, table.columns, strict=True), spot.left - 1
        ):
            want = max(min(words.need, _widest(spot.row, column)), _header_width(headed(column)))
            wanted[at] = max(wanted[at], want * DIGIT + _MARGIN)
            unbroken = _NARROW_TEXT if column.kind.long else _NARROW_WORD
            if column is FILE_NAME:  # LibreOffice does not break a link into lines
                unbroken = words.need
            short = max(min(words.need, unbroken), words.solid, _header_width(headed(column), 3))
            least[at] = max(least[at], min(short, want) * DIGIT + _MARGIN)
    return wanted, least


def headed(column: Column[Any]) -> str:
    """Return a header as a rollup shows it: with the unit of an amount, which a count needs not."""
    amount = isinstance(column.kind, Number | Percent) and column.unit
    return f"{column.header}（{column.unit}）" if amount else column.header


def _header_width(header: str, count: int = 0) -> int:
    """Return how wide a header is, broken into lines of much the same length."""
    long = len(header)
    if long <= _ON_ONE_LINE:
        return 2 * long
    return 2 * -(-long // (count or (2 if long <= _ON_TWO_LINES else 3)))


def row_heights(table: Measured, widths: Sequence[float]) -> list[float]:
    """Return how high each row must be for its texts, wrapped into their columns."""
    counts = [1] * (len(table.table.rows) + bool(table.table.total))
    for words, width in zip(table.columns, widths, strict=False):
        room = (width - 0.5) / DIGIT
        if words.need <= room and not words.folded:
            continue
        for number, text in enumerate(words.texts):
            if 2 * len(text) > room or "\n" in text:
                counts[number] = max(counts[number], lines(text, room))
    return [height_of(count, LEAST_HEIGHT) for count in counts]
