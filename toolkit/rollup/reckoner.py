"""Reckons every total that a rollup declares: the home of pandas.

Each value comes from the declaration that the book's formula is written from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from toolkit.cells import Raw
from toolkit.forms import rollup
from toolkit.forms.rollup import Table
from toolkit.rollup.entries import Record
from toolkit.schema import totals
from toolkit.schema.columns import Column, Row
from toolkit.schema.totals import Cell, Formula, Live

Records = Mapping[type[Row], Sequence[Record]]

ORDER: tuple[type[Row], ...] = (
    *rollup.LEDGERS.values(),
    rollup.OverdueLine,
    rollup.FindingLine,
    rollup.CheckCount,
    rollup.MeetingCount,
    rollup.MeetingDays,
    rollup.Village,
    rollup.TypeLine,
    rollup.Summary,
    rollup.SourceFile,
    rollup.Balance,
)
"""Every table, after those that it is reckoned from."""


@dataclass
class Reckoner:
    """Fills in what is declared as reckoned, table by table."""

    records: Records
    year: int
    month: int
    due_months: tuple[int, ...]
    frames: dict[type[Row], Any] = field(default_factory=dict)
    groups: dict[tuple[object, ...], dict[Raw, int]] = field(default_factory=dict)

    def table(self, row: type[Row]) -> Table:
        """Return a table with its reckoned cells and its line of totals; later ones may use it."""
        import pandas as pd  # noqa: PLC0415 -- slow to load, and only consolidate needs it

        made = [self._record(row, record) for record in self.records[row]]
        values = [{name: totals.value_of(cell) for name, cell in record.items()} for record in made]
        names = [column.name for column in row.columns]
        self.frames[row] = pd.DataFrame(values, columns=pd.Index(names), dtype=object)
        rows = tuple(tuple(record.get(name) for name in names) for record in made)
        return Table(row, rows, self._total(row) if row in rollup.TOTALLED else ())

    def _record(self, row: type[Row], record: Record) -> Record:
        made = dict(record)
        if row is rollup.Balance:
            made |= self._balance(cast("str", record["ledger"]))
        for column in row.columns:
            how = getattr(column, "how", None)
            if how is not None:
                made[column.name] = Live(how, self.value(how, made))
        return made

    def _balance(self, title: str) -> Record:
        """Return what the files say a ledger must hold, and what it holds."""
        row, ledger = next(pair for pair in rollup.LEDGERS.items() if pair[1].sheet == title)
        counted = next(c for c in rollup.SourceFile.columns if c.name == row.__name__.lower())
        read, taken = totals.Sum(rollup.SourceFile, counted), totals.Count(ledger)
        return {
            "read": Live(read, self.value(read, {})),
            "taken": Live(taken, self.value(taken, {})),
        }

    def _total(self, row: type[Row]) -> tuple[Cell, ...]:
        """Return the line of totals: sums of counts, ratios of sums."""
        record: Record = {}
        for column in row.columns:
            if isinstance(column, totals.Figure):
                how: Formula = totals.Sum(row, column)
                record[column.name] = Live(how, self.value(how, {}))
            elif isinstance(column, totals.Rate):
                record[column.name] = Live(column.how, self.value(column.how, record))
        return ("合计", *(record.get(column.name) for column in row.columns[1:]))

    def value(self, how: Formula, record: Record) -> Raw:
        """Return what a formula comes to in a row whose other cells are known."""
        match how:
            case totals.Count(sheet, where):
                return self._grouped(sheet, None, where, record)
            case totals.Sum(sheet, column, where):
                return self._grouped(sheet, column, where, record)
            case totals.Rest(whole, parts):
                return int(self._sum((whole,), record) - self._sum(parts, record))
            case totals.Gaps(columns, since):
                first = self._number(since, record) or 1
                due = [columns[number - 1] for number in self.due_months if number >= first]
                return sum(1 for column in due if self._number(column, record) == 0)
            case totals.Ratio(parts, whole, less):
                base = self._sum((whole,), record) - self._sum(less, record)
                told = self._number(parts[0], record) is not None
                return self._sum(parts, record) / base if told and base > 0 else totals.NO_BASE

    def _number(self, part: totals.Part, record: Record) -> float | None:
        if isinstance(part, Column):
            value = totals.value_of(record.get(part.name))
        else:
            value = self.value(part, record)
        return value if isinstance(value, int | float) else None

    def _sum(self, parts: Sequence[totals.Part], record: Record) -> float:
        return sum(self._number(part, record) or 0 for part in parts)

    def _grouped(
        self,
        sheet: type[Row],
        column: Column[Any] | None,
        where: totals.Where,
        record: Record,
    ) -> int:
        """Return the count, or a column's sum, of the rows that meet the conditions.

        Rows that meet the fixed conditions are found once and split by what varies from row to
        row, so that a table costs one pass for a column, however many villages there are.
        """
        varying = [(on, to) for on, to in where if isinstance(to, totals.Own | totals.Holding)]
        fixed = tuple((on.name, self._fixed(to)) for on, to in where if (on, to) not in varying)
        key = varying[0][0].name if varying else ""
        known = (sheet, column.name if column else "", fixed, key)
        if known not in self.groups:
            frame = self.frames[sheet]
            for name, wanted in fixed:
                frame = frame[frame[name] == wanted]
            self.groups[known] = _split(frame, key, column.name if column else "")
        groups = self.groups[known]
        if not varying:
            return sum(groups.values())
        sought = totals.value_of(record[varying[0][1].column.name])
        if isinstance(varying[0][1], totals.Own):
            return groups.get(sought, 0)
        text = str(sought).casefold()  # as spreadsheets compare
        return sum(number for cell, number in groups.items() if text in str(cell).casefold())

    def _fixed(self, to: totals.Match) -> Raw:
        if isinstance(to, totals.Month):
            return self.year * 100 + (to.number or self.month)
        return cast("Raw", to)


def _split(frame: Any, key: str, column: str) -> dict[Raw, int]:  # noqa: ANN401 -- no pandas here
    """Return a column's sums, or the numbers of rows, by what stands under the key."""
    if not key:
        return {"": int(frame[column].fillna(0).sum()) if column else len(frame)}
    groups = frame[column].groupby(frame[key]).sum() if column else frame[key].value_counts()
    return {group: int(total) for group, total in groups.items()}
