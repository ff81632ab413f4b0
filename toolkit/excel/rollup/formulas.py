"""Where the tables of a rollup stand, and its declared totals spelled as formulas of Excel 2010."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, cast

from toolkit.cells import letters
from toolkit.errors import ToolkitError
from toolkit.excel.sheets import Formula, Range
from toolkit.forms import rollup
from toolkit.forms.rollup import Rollup
from toolkit.schema import totals
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import HEADER_ROW
from toolkit.schema.totals import Live

LAST_LINE = 1_048_576
"""The last row that a sheet can have."""

_INDENTED: Mapping[type[Row], int] = {rollup.Balance: 2}  # below a narrow first column
_LINE = "\0"  # stands for the row's number in a formula that every row of a table has


@dataclass(frozen=True)
class Spot:
    """Where a table stands: its sheet, its header's row, its rows, its first column."""

    row: type[Row]
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
        return self.left + self.row.columns.index(column)

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
    for _, rows in groupby(rollup.ROWS, key=lambda row: row.sheet):
        header = HEADER_ROW
        for row in rows:
            if row is rollup.Summary:
                header = first_header
            table = made.tables[row]
            spots[row] = spot = Spot(row, header, len(table.rows), _INDENTED.get(row, 1))
            if spot.last > LAST_LINE - 1:
                raise ToolkitError(
                    f"{row.sheet}有 {len(table.rows)} 行，超过一张工作表的上限。请分批汇总。"
                )
            header = spot.last + bool(table.total) + 3  # a blank row and a band between
    return spots


@dataclass(frozen=True)
class Speller:
    """Spells the declared totals; rows that share a declaration share its spelling."""

    made: Rollup
    layout: Layout
    spelled: dict[tuple[object, type[Row]], str] = field(default_factory=dict)

    def content(self, cell: Live, own: type[Row], line: int) -> Formula:
        """Return the formula of a cell that stands in a line of a table."""
        known = (cell.how, own)
        text = self.spelled.get(known)
        if text is None:
            text = self.spelled[known] = self._spell(cell.how, own)
        return Formula(f"={text.replace(_LINE, str(line))}", cast("str | float", cell.value))

    def _spell(  # noqa: PLR0911 -- one for each way of reckoning
        self, how: totals.Formula | Column[Any], own: type[Row]
    ) -> str:
        """Return a formula's text, without its equals sign and without the row's number."""
        match how:
            case totals.Count(sheet, ()):
                return f"COUNTA({self.layout[sheet].range(sheet.columns[0])})"
            case totals.Count(_, where):
                return f"COUNTIFS({self._where(how.sheet, where, own)})"
            case totals.Sum(sheet, column, ()):
                return f"SUM({self.layout[sheet].range(column)})"
            case totals.Sum(sheet, column, where):
                tested = self._where(sheet, where, own)
                return f"SUMIFS({self.layout[sheet].range(column)},{tested})"
            case totals.Rest(whole, parts):
                return f"{self._sum((whole,), own)}-{self._sum(parts, own)}"
            case totals.Gaps(columns, since):
                first = self._spell(since, own)
                due = (
                    (number, self._spell(columns[number - 1], own))
                    for number in self.made.due_months
                )
                return (
                    "+".join(f"COUNTIF({cell},0)*({first}<={number})" for number, cell in due)
                    or "0"
                )
            case totals.Ratio(parts, whole, less):
                base = self._sum((whole,), own)
                if less:
                    base = f"({base}-{self._sum(less, own)})"
                untold = f"COUNT({self._spell(parts[0], own)})=0"
                share = f"{self._sum(parts, own)}/{base}"
                return f'IF(OR({untold},{base}<=0),"{totals.NO_BASE}",{share})'
            case Column():
                return f"${letters(self.layout[own].at(how))}{_LINE}"

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
            case totals.Holding(column):
                return f'"*"&{self._spell(column, own)}&"*"'
            case totals.Month(number):
                return str(self.made.year * 100 + (number or self.made.month))
            case str():
                return f'"{to}"'
