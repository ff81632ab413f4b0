"""Cells: their addresses, spelled as Excel's name box spells them, and what can stand in them."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

Raw = str | float | bool | dt.date | dt.time | dt.timedelta | None
"""What the reader can find in one cell; None where nothing stands (an int counts as float)."""

Grid = Sequence[Sequence[Raw]]
"""A sheet's cells from A1 on; "" or None where nothing stands."""

Area = tuple[tuple[int, int], tuple[int, int]]
"""Merged cells: (row, column) of the first and of the last, counted from 0."""

Filled = Mapping[int, Raw]
"""What stands in a line of cells, by place counted from 0."""

_A1 = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_MOST_SHOWN = 20


@cache
def letters(column: int) -> str:
    """Return the letters of a column counted from 1.

    >>> letters(1), letters(28), letters(16384)
    ('A', 'AB', 'XFD')
    """
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def a1(row: int, column: int) -> str:
    """Return the address of row and column, both counted from 1.

    >>> a1(7, 28)
    'AB7'
    """
    return f"{letters(column)}{row}"


def place(address: str) -> tuple[int, int]:
    """Return (row, column), counted from 1, of an address; raises ValueError if it is none.

    >>> place("AB7")
    (7, 28)
    """
    match = _A1.fullmatch(address)
    if match is None:
        message = f"not a cell address: {address}"
        raise ValueError(message)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


@dataclass(frozen=True, order=True, slots=True)
class CellRef:
    """The address of one cell of one sheet of one workbook file.

    >>> print(CellRef("0203-上河村-2022.xlsx", "整改措施", row=7, column=28))
    整改措施!AB7
    """

    workbook: str
    sheet: str
    row: int
    column: int

    @property
    def a1(self) -> str:
        """The address within its sheet."""
        return a1(self.row, self.column)

    def __str__(self) -> str:
        return f"{self.sheet}!{self.a1}"


def fold(addresses: Iterable[str], most: int = _MOST_SHOWN) -> str:
    """Return addresses in reading order, runs down a column folded, at most `most` items shown.

    >>> fold(["C9", "C7", "C8", "E4"])
    'E4、C7:C9'
    >>> fold([f"{letter}2" for letter in "ABCDE"], most=3)
    'A2、B2、C2等 5 处'
    """
    spots = sorted({place(address) for address in addresses}, key=lambda spot: (spot[1], spot[0]))
    runs: list[tuple[int, int, int]] = []  # column, first row, last row
    for row, column in spots:
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1:
            runs[-1] = (column, runs[-1][1], row)
        else:
            runs.append((column, row, row))
    runs.sort(key=lambda run: (run[1], run[0]))
    shown = [
        a1(first, column) if first == last else f"{a1(first, column)}:{a1(last, column)}"
        for column, first, last in runs[:most]
    ]
    text = "、".join(shown)
    return text if len(runs) <= most else f"{text}等 {len(spots)} 处"
