"""Where the tables of a rollup stand, and its declared totals spelled as formulas of Excel 2010."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, cast

from toolkit.cells import Raw, letters
from toolkit.excel.sheets import Formula, Range
from toolkit.forms import rollup
from toolkit.forms.rollup import Rollup
from toolkit.schema import totals
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import HEADER_ROW
from toolkit.schema.kinds import Whole
from toolkit.schema.totals import CENTS, Live

_MOST_COMPARED = 10_000_000
"""Cells that a column of conditional sums may compare: a township of 300 compares four million."""
_LINE = "\0"  # stands for the row's number in a formula that every row of a table has


@dataclass(frozen=True)
class Spot:
    """Where a table stands: its sheet, its header's row, its rows, its first column."""

    row: type[Row]
    columns: tuple[Column[Any], ...]  # as far as the rollup shows them
    header: int
    count: int
    left: int = 1

    @property
    def first(self) -> int:
        """The first row of data."""
        return self.header + 1

    @property
    def last(self) -> int:
        """The last row of data; an empty table keeps one blank row."""
        return self.header + max(1, self.count)

    def at(self, column: Column[Any]) -> int:
        """Return the number of a column."""
        return self.left + self.columns.index(column)

    def cells(self, column: Column[Any]) -> Range:
        """Return a whole column."""
        return Range(self.at(column), self.first, self.last)

    def range(self, column: Column[Any]) -> str:
        """Return the reference to a whole column."""
        return self.cells(column).on(self.row.sheet)


Layout = Mapping[type[Row], Spot]


def layout_of(made: Rollup, first_header: int) -> Layout:
    """Return where each table stands, before anything is written that refers to it."""
    spots: dict[type[Row], Spot] = {}
    front = rollup.TABLES[made.level][0]
    for _, rows in groupby(rollup.TABLES[made.level], key=lambda row: row.sheet):
        header = HEADER_ROW
        for row in rows:
            if row is front:
                header = first_header
            table = made.tables[row]
            header += row in rollup.GROUPED  # a line of groups stands above it
            spots[row] = spot = Spot(row, table.columns, header, len(table.rows))
            header = spot.last + bool(table.total) + 3  # a blank row and a band between
    return spots


@dataclass(frozen=True)
class Speller:
    """Spells the declared totals; rows that share a declaration share its spelling."""

    made: Rollup
    layout: Layout
    spelled: dict[tuple[object, type[Row]], str] = field(default_factory=dict)

    def content(self, cell: Live, own: type[Row], line: int) -> Formula | Raw:
        """Return the formula of a cell that stands in a line of a table.

        What a spreadsheet could not reckon, or not in a time that people wait, is its value alone.
        """
        known = (cell.how, own)
        text = self.spelled.get(known)
        if text is None:
            live = self._is_there(cell.how) and not self._is_heavy(cell.how, own)
            text = self.spelled[known] = self._spell(cell.how, own) if live else ""
        if not text:
            return cell.value
        return Formula(f"={text.replace(_LINE, str(line))}", cast("str | float", cell.value))

    def _is_there(self, how: object) -> bool:
        """Say whether every table that a formula looks at stands in the book."""
        match how:
            case totals.Count(sheet, _) | totals.Sum(sheet, _, _):
                return sheet not in self.made.elsewhere
            case totals.Plus(parts):
                return all(map(self._is_there, parts))
            case totals.Rest(whole, parts):
                return all(map(self._is_there, (whole, *parts)))
            case totals.Ratio(parts, whole, less):
                return all(map(self._is_there, (*parts, whole, *less)))
            case _:
                return True

    def _is_heavy(self, how: object, own: type[Row]) -> bool:
        """Say whether a column of such formulas would make a spreadsheet compare for minutes."""
        match how:
            case totals.Count(sheet, where) | totals.Sum(sheet, _, where):
                varies = any(isinstance(to, totals.Own | totals.Holding) for _, to in where)
                return varies and self.layout[sheet].count * self.layout[own].count > _MOST_COMPARED
            case totals.Plus(parts):
                return any(self._is_heavy(part, own) for part in parts)
            case _:
                return False

    def _spell(  # noqa: C901, PLR0911 -- one for each way of reckoning
        self, how: totals.Formula | Column[Any], own: type[Row]
    ) -> str:
        """Return a formula's text, without its equals sign and without the row's number."""
        match how:
            case totals.Count(sheet, ()):
                spot = self.layout[sheet]
                return f"COUNTA({spot.range(spot.columns[0])})"
            case totals.Count(_, where):
                return f"COUNTIFS({self._where(how.sheet, where, own)})"
            case totals.Sum(sheet, column, ()):
                return self._rounded(column, f"SUM({self.layout[sheet].range(column)})")
            case totals.Sum(sheet, column, where):
                tested = self._where(sheet, where, own)
                total = f"SUMIFS({self.layout[sheet].range(column)},{tested})"
                return self._rounded(column, total)
            case totals.Plus(parts):
                return self._sum(parts, own)
            case totals.Rest(whole, parts):
                return f"{self._sum((whole,), own)}-{self._sum(parts, own)}"
            case totals.Gaps(columns, since, until):
                first, last = self._spell(since, own), self._spell(until, own)
                months = (
                    f"COUNTIF({self._spell(column, own)},0)*({first}<={number})*({last}>={number})"
                    for number, column in enumerate(columns[: self.made.month], 1)
                )
                return "+".join(months)
            case totals.Ratio(parts, whole, less):
                base = self._sum((whole,), own)
                if less:
                    base = f"({base}-{self._sum(less, own)})"
                untold = f"COUNT({self._spell(parts[0], own)})=0"
                share = f"{self._sum(parts, own)}/{base}"
                return f'IF(OR({untold},{base}<=0),"{totals.NO_BASE}",{share})'
            case Column():
                return f"${letters(self.layout[own].at(how))}{_LINE}"

    @staticmethod
    def _rounded(column: Column[Any], total: str) -> str:
        """Return a sum that keeps to the cents that amounts have; counts are whole anyway."""
        return total if isinstance(column.kind, Whole) else f"ROUND({total},{CENTS})"

    def _sum(self, parts: Sequence[totals.Part], own: type[Row]) -> str:
        return f"SUM({self._listed(parts, own)})"

    def _listed(self, parts: Sequence[totals.Part], own: type[Row]) -> str:
        return ",".join(self._spell(part, own) for part in parts)

    def _where(self, sheet: type[Row], where: totals.Where, own: type[Row]) -> str:
        spot = self.layout[sheet]
        return ",".join(f"{spot.range(column)},{self._wanted(to, own)}" for column, to in where)

    def _wanted(self, to: totals.Match, own: type[Row]) -> str:
        match to:
            case totals.Own(column):
                return self._spell(column, own)
            case totals.Naming(code):
                return f'"*{code}*"'
            case totals.Holding(column):
                return f'"*"&{self._spell(column, own)}&"*"'
            case totals.Month(number):
                return str(self.made.year * 100 + (number or self.made.month))
            case str():
                return f'"{to}"'
