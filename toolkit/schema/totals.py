"""How a total is reckoned: declared once, beside its column.

A total is a live formula in a workbook and a value in our hands; both come from the one
declaration.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from toolkit.cells import Raw
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Number, Whole


@dataclass(frozen=True, slots=True)
class Own:
    """Equal to what this very row holds in a column."""

    column: Column[Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """A text in which this row's own text occurs: one of several codes in a cell."""

    column: Column[Any]


@dataclass(frozen=True, slots=True)
class Naming:
    """A text in which a code occurs, one of several in a cell."""

    code: str


@dataclass(frozen=True, slots=True)
class Month:
    """In that month of the year reported on; 0 is the month reported on."""

    number: int = 0


Match = str | Own | Holding | Naming | Month
Where = tuple[tuple[Column[Any], Match], ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a sheet meet every condition."""

    sheet: type[Row]
    where: Where = ()


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a sheet's column over the rows that meet every condition."""

    sheet: type[Row]
    column: Column[Any]
    where: Where = ()


Part = Column[Any] | Count | Sum
"""What a ratio or a rest is made of: a cell of the same row, or a total."""


@dataclass(frozen=True, slots=True)
class Plus:
    """The sum of several cells or totals."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a whole without its parts."""

    whole: Part
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Parts by a whole, less what does not belong to the base.

    A dash where there is no base, or where the first part is not told.
    """

    parts: tuple[Part, ...]
    whole: Part
    less: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Gaps:
    """How many of the months that are due stand at nought.

    `columns` are the twelve months; a row has to answer for those from `since` to `until`.
    """

    columns: tuple[Column[Any], ...]
    since: Column[Any]
    until: Column[Any]


Formula = Count | Sum | Plus | Rest | Ratio | Gaps
CENTS = 6
"""The decimals that a sum of amounts keeps: in 万元 that is a cent."""
_DIGITS = 15
"""How many digits a spreadsheet keeps of a number."""
NO_BASE = "—"
"""What a ratio shows that has nothing to be reckoned on."""


def held(total: Decimal) -> int | float:
    """Return a sum as a cell holds it, rounded once: to the cents of an amount, or to its digits.

    >>> held(Decimal("0.1") + Decimal("0.2")), held(Decimal("622202123456789.72")), held(Decimal(2))
    (0.3, 622202123456790, 2)
    """
    exact = round(total, min(CENTS, _DIGITS - 1 - total.adjusted()))
    return int(exact) if exact == int(exact) else float(exact)


@dataclass(frozen=True, slots=True)
class Live:
    """A cell that holds a formula, and the value that it comes to."""

    how: Formula
    value: Raw


Cell = Raw | Live


class Figure(Column[int]):
    """A column of counts, totalled below; a formula in each row where `how` says so."""

    def __init__(self, header: str, how: Formula | None = None, width: int = 0) -> None:
        super().__init__(header, Whole(), width=width)
        self.how = how


class Amount(Column[Decimal]):
    """A column of sums of money and the like, to the cent, totalled below."""

    def __init__(self, header: str, unit: str, how: Formula) -> None:
        super().__init__(header, Number(unit))
        self.how = how


class Rate(Column[Decimal]):
    """A column of ratios; below, the ratio of the totals."""

    def __init__(self, header: str, how: Ratio) -> None:
        super().__init__(header, Number())
        self.how = how


def value_of(cell: Cell) -> Raw:
    """Return what a cell shows."""
    return cell.value if isinstance(cell, Live) else cell


def percentage(share: Fraction | float | None) -> str:
    """Return a share as people read it, rounded half up to one decimal; "" of nothing.

    >>> percentage(Fraction(1, 16)), percentage(0.125), percentage(2 / 3), percentage(None)
    ('6.3%', '12.5%', '66.7%', '')
    """
    if share is None:
        return ""
    tenths = int(Fraction(str(share)) * 1000 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}%"
