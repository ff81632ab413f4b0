"""Reckons every total that a rollup declares: the home of pandas.

Each value comes from the declaration that the book's formula is written from.
"""

import datetime as dt
import itertools
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, cast

from toolkit.cells import Raw
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import Line, Record
from toolkit.forms.rollup import Level, Table, shown_columns
from toolkit.schema import totals
from toolkit.schema.columns import Column, Row
from toolkit.schema.totals import Cell, Formula, Live

Lines = dict[type[Row], Sequence[Line]]
_Fixed = tuple[tuple[Column[Any], int | str | totals.Naming], ...]
"""Conditions that are the same in every row of a table."""

_FIRST: tuple[type[Row], ...] = (
    *ledgers.LEDGERS.values(),
    ledgers.OverdueLine,
    ledgers.FindingLine,
    ledgers.ChangeLine,
    ledgers.TallyLine,
    rollup.Village,
    rollup.MeetingCount,
    rollup.PartyLine,
    rollup.SourceFile,
)
"""Tables that others are reckoned from, each after those that it is reckoned from itself."""


@cache
def load_pandas() -> Any:  # noqa: ANN401 -- a module
    """Return pandas, which is slow to load, and which only a rollup needs.

    Where pyarrow is installed, pandas would load it too, for a third more, and for columns of
    plain objects in vain; a name that leads to None is Python's way to say that there is none.
    """
    is_hidden = "pyarrow" not in sys.modules
    if is_hidden:
        sys.modules["pyarrow"] = None  # type: ignore[assignment]  # as importlib documents it
    try:
        import pandas as pd  # noqa: PLC0415 -- its one home
    finally:
        if is_hidden:
            del sys.modules["pyarrow"]
    return pd


@dataclass
class Reckoner:
    """Fills in what is declared as reckoned, table by table."""

    level: Level
    lines: Lines
    year: int
    month: int
    tables: dict[type[Row], Table] = field(default_factory=dict)
    groups: dict[tuple[object, ...], dict[Raw, Decimal]] = field(default_factory=dict)
    series: dict[tuple[type[Row], str], Any] = field(default_factory=dict)
    masks: dict[tuple[type[Row], _Fixed], Any] = field(default_factory=dict)
    plans: dict[Formula, tuple[dict[Raw, Decimal], str] | None] = field(default_factory=dict)

    @property
    def order(self) -> tuple[type[Row], ...]:
        """Every table, after those that it is reckoned from."""
        others = (row for row in rollup.TABLES[self.level] if row not in _FIRST)
        return (*_FIRST, *others)

    def history(self, earlier: Sequence[Line], period: str, as_of: dt.date) -> None:
        """Take the figures of earlier months as they stand; those of this month are reckoned."""
        names = [column.name for column in rollup.HistoryLine.columns]
        now: Record = {"period": period, "as_of": as_of, "source": "本次汇总"}
        self.lines[rollup.HistoryLine] = [*earlier, tuple(map(now.get, names))]

    def table(self, row: type[Row]) -> Table:
        """Return a table with its reckoned cells and its line of totals; later ones may use it."""
        columns = shown_columns(row, self.level)
        lines = self.lines[row]
        if row is rollup.Balance:
            lines = [self._balance(cast("str", line[0])) for line in lines]
        kept = [row.columns.index(column) for column in columns]
        if len(kept) < len(row.columns):
            lines = [tuple([line[at] for at in kept]) for line in lines]
        reckoned = [(at, how) for at, column in enumerate(columns) if (how := _how(column))]
        if reckoned:
            names = [column.name for column in columns]
            first = len(lines) - 1 if row is rollup.HistoryLine else 0
            lines = [
                self._reckoned(line, names, reckoned) if at >= first else line
                for at, line in enumerate(lines)
            ]
        self.tables[row] = Table(row, columns, tuple(lines))
        if row in rollup.TOTALLED:
            self.tables[row] = Table(row, columns, tuple(lines), self._total(row, columns))
        return self.tables[row]

    def _reckoned(
        self, line: Line, names: Sequence[str], reckoned: Sequence[tuple[int, Formula]]
    ) -> Line:
        cells = list(line)
        record: Record = dict(zip(names, line, strict=True))
        for at, how in reckoned:
            if cells[at] is None:
                own = self._own_groups(how)
                key = totals.value_of(record.get(own[1])) if own else None
                told = totals.held(own[0].get(key, _NONE)) if own else self.value(how, record)
                cells[at] = record[names[at]] = Live(how, told)
        return tuple(cells)

    def _own_groups(self, how: Formula | None) -> tuple[dict[Raw, Decimal], str] | None:
        """Return what a total comes to by what a row holds in a column, and that column's name.

        None where a total varies otherwise from row to row.
        """
        if how is None:
            return None
        if how not in self.plans:
            plan = None
            if isinstance(how, totals.Count | totals.Sum):
                owns = [to for _, to in how.where if isinstance(to, totals.Own)]
                held = any(isinstance(to, totals.Holding) for _, to in how.where)
                if len(owns) == 1 and not held:
                    column = how.column if isinstance(how, totals.Sum) else None
                    groups = self._groups_of(how.sheet, column, how.where)
                    plan = (groups, owns[0].column.name)
            self.plans[how] = plan
        return self.plans[how]

    def _balance(self, item: str) -> Line:
        """Return what the parts come to, and the whole: of a headline, a ledger, or all rows."""
        parts, whole = _both(item)
        return (item, Live(parts, self.value(parts, {})), Live(whole, self.value(whole, {})), None)

    def _total(self, row: type[Row], columns: Sequence[Column[Any]]) -> tuple[Cell, ...]:
        """Return the line of totals: sums of counts, ratios of sums."""
        record: Record = {}
        for column in columns:
            if isinstance(column, totals.Figure | totals.Amount):
                how: Formula = totals.Sum(row, column)
                record[column.name] = Live(how, self.value(how, {}))
            elif isinstance(column, totals.Rate):
                record[column.name] = Live(column.how, self.value(column.how, record))
        return ("合计", *(record.get(column.name) for column in columns[1:]))

    def value(self, how: Formula, record: Record) -> Raw:
        """Return what a formula comes to in a row whose other cells are known."""
        match how:
            case totals.Count(sheet, where):
                return int(self._grouped(sheet, None, where, record))
            case totals.Sum(sheet, column, where):
                return totals.held(self._grouped(sheet, column, where, record))
            case totals.Plus(parts):
                return totals.held(self._sum(parts, record))
            case totals.Rest(whole, parts):
                return totals.held(self._sum((whole,), record) - self._sum(parts, record))
            case totals.Gaps(columns, since, until):
                first, last = self._number(since, record) or 1, self._number(until, record) or 0
                due = columns[int(first) - 1 : int(last)]
                return sum(1 for column in due if self._number(column, record) == 0)
            case totals.Ratio(parts, whole, less):
                base = self._sum((whole,), record) - self._sum(less, record)
                told = self._number(parts[0], record) is not None
                share = self._sum(parts, record) / base if told and base > 0 else None
                return totals.NO_BASE if share is None else float(share)

    def _number(self, part: totals.Part, record: Record) -> float | None:
        if isinstance(part, Column):
            value = totals.value_of(record.get(part.name))
        else:
            value = self.value(part, record)
        return value if isinstance(value, int | float) else None

    def _sum(self, parts: Sequence[totals.Part], record: Record) -> Decimal:
        return sum((Decimal(str(self._number(part, record) or 0)) for part in parts), _NONE)

    def _column(self, sheet: type[Row], column: Column[Any]) -> Any:  # noqa: ANN401 -- no pandas here
        """Return a column of a table that stands, as a series of its values; sums as exact ones."""
        pd = load_pandas()
        known = (sheet, column.name)
        if known not in self.series:
            values = self._exactly(sheet, column) or self.tables[sheet].column(column)
            self.series[known] = pd.Series(values, dtype=object)
        return self.series[known]

    def _exactly(self, sheet: type[Row], column: Column[Any]) -> list[Raw | Decimal]:
        """Return the sums of a column before they were rounded, nothing where it holds none."""
        how, table = _how(column), self.tables[sheet]
        own = self._own_groups(how) if isinstance(how, totals.Sum) else None
        if own is None:
            return []
        sums, name = own
        key = next(each for each in table.columns if each.name == name)
        at = table.columns.index(column)
        return [
            sums.get(told, _NONE) if isinstance(line[at], Live) else totals.value_of(line[at])
            for line, told in zip(table.rows, table.column(key), strict=True)
        ]

    def _grouped(
        self,
        sheet: type[Row],
        column: Column[Any] | None,
        where: totals.Where,
        record: Record,
    ) -> Decimal:
        """Return the count, or a column's sum, of the rows that meet the conditions."""
        groups = self._groups_of(sheet, column, where)
        varying = [to for _, to in where if isinstance(to, totals.Own | totals.Holding)]
        if not varying:
            return sum(groups.values(), _NONE)
        to = varying[0]
        if isinstance(to, totals.Own):
            return groups.get(totals.value_of(record.get(to.column.name)), _NONE)
        text = str(totals.value_of(record[to.column.name])).casefold()  # as spreadsheets compare
        met = (number for cell, number in groups.items() if text in str(cell).casefold())
        return sum(met, _NONE)

    def _groups_of(
        self, sheet: type[Row], column: Column[Any] | None, where: totals.Where
    ) -> dict[Raw, Decimal]:
        """Return the counts, or a column's sums, by what varies from row to row.

        Rows that meet the fixed conditions are found once and split, so that a table costs one
        pass for a column, however many villages there are.
        """
        varying = [(on, to) for on, to in where if isinstance(to, totals.Own | totals.Holding)]
        fixed = tuple((on, self._fixed(to)) for on, to in where if (on, to) not in varying)
        key = varying[0][0] if varying else None
        known = (sheet, column, fixed, key)
        if known not in self.groups:
            self.groups[known] = self._split(sheet, column, fixed, key)
        return self.groups[known]

    def _fixed(self, to: totals.Match) -> int | str | totals.Naming:
        if isinstance(to, totals.Month):
            return self.year * 100 + (to.number or self.month)
        return cast("str | totals.Naming", to)

    def _split(
        self,
        sheet: type[Row],
        column: Column[Any] | None,
        fixed: _Fixed,
        key: Column[Any] | None,
    ) -> dict[Raw, Decimal]:
        """Return a column's sums, or the numbers of rows, by what stands under the key."""
        rows = len(self.tables[sheet].rows)
        if not rows:
            return {}
        kept = self._mask(sheet, fixed)
        if column is None:
            if key is None:
                return {"": Decimal(int(kept.sum()) if fixed else rows)}
            counted = self._column(sheet, key)[kept].value_counts(dropna=False)
            return {group: Decimal(int(count)) for group, count in counted.items()}
        amounts = self._column(sheet, column).to_numpy()[kept]
        if key is None:
            return _summed(itertools.repeat("", len(amounts)), amounts)
        return _summed(self._column(sheet, key).to_numpy()[kept], amounts)

    def _mask(self, sheet: type[Row], fixed: _Fixed) -> Any:  # noqa: ANN401 -- no pandas here
        """Return which rows of a table meet all conditions, as what picks them from a column."""
        if not fixed:
            return slice(None)
        known = (sheet, fixed)
        if known not in self.masks:
            *others, (on, wanted) = fixed
            own = self._column(sheet, on)
            if isinstance(wanted, totals.Naming):
                met = own.map(lambda text: wanted.code in str(text)).to_numpy()
            else:
                met = own.to_numpy() == wanted
            self.masks[known] = met & self._mask(sheet, tuple(others)) if others else met
        return self.masks[known]


_NONE = Decimal()


def _summed(keys: Iterable[Raw], amounts: Iterable[object]) -> dict[Raw, Decimal]:
    """Return the exact sum of the numbers under each key; what is no number adds nothing."""
    sums: dict[Raw, Decimal] = {}
    for key, amount in zip(keys, amounts, strict=True):
        if isinstance(amount, int | float | Decimal) and not isinstance(amount, bool):
            sums[key] = sums.get(key, _NONE) + Decimal(str(amount))
    return sums


def _how(column: Column[Any]) -> Formula | None:
    return getattr(column, "how", None)


def _both(item: str) -> tuple[Formula, Formula]:
    """Return the two ways in which an item of the balance is reckoned."""
    for label, column, whole in rollup.HEADLINES:
        if label == item:
            return totals.Sum(rollup.Village, column), whole
    for row, ledger in ledgers.LEDGERS.items():
        if item == f"{ledger.sheet}行数":
            counted = next(c for c in rollup.SourceFile.columns if c.name == row.__name__.lower())
            return totals.Sum(rollup.SourceFile, counted), totals.Count(ledger)
    parts = tuple(
        totals.Sum(ledgers.TallyLine, column)
        for column in (
            ledgers.TallyLine.own,
            ledgers.TallyLine.records,
            ledgers.TallyLine.aside,
            ledgers.TallyLine.loose,
        )
    )
    return totals.Plus(parts), totals.Sum(ledgers.TallyLine, ledgers.TallyLine.rows)
