"""The month before, its rollup read back: what has changed since, and the figures so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from toolkit.cells import Raw
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import Line
from toolkit.forms.rollup import HistoryLine, Scope, Village
from toolkit.rollup.changes import Change, Side, compare, in_words, side, village_key
from toolkit.rollup.contributions import plain
from toolkit.rollup.entries import Entries, Entry
from toolkit.schema.columns import Column, Row
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.totals import Rate, value_of
from toolkit.schema.workbook import Workbook


@dataclass(frozen=True)
class Past:
    """What an earlier rollup holds that the next one needs."""

    period: str  # YYYY-MM, "" where it does not say
    side: Side
    history: tuple[Line, ...]  # the figures of the months up to its own, in order
    by_town: bool = False  # whether it tells its villages by township, as a county's does


@dataclass(frozen=True)
class Changes:
    """What has changed since the month before: line by line, and in words.

    A line stands beside its village's number, 0 where it is gone, and name.
    """

    lines: Sequence[tuple[int, str, Line]] = ()
    text: str = ""


def past_in(book: Workbook) -> Past:
    """Return what a rollup that was read back holds."""
    scope = next(iter(book.rows(Scope)), None)
    told = (scope.month_before if scope else None) or MonthBefore.STRICT.value
    held = side(
        _records(book, Village),
        _records(book, ledgers.ProblemLedger),
        _records(book, ledgers.MeasureLedger),
        year=scope.year if scope else None,
        month_before=MonthBefore(told),
    )
    lines = [
        tuple(_held(record, column) for column in HistoryLine.columns)
        for record in _records(book, HistoryLine)
    ]
    period = (scope.period if scope else "") or ""
    return Past(period, held, _sourced(lines, book), book.form is rollup.COUNTY_FORM)


def _records(book: Workbook, row: type[Row]) -> list[Mapping[str, Raw]]:
    """Return the rows of a sheet as plain values by column name."""
    return [
        {column.name: plain(filled, column) for column in row.columns} for filled in book.rows(row)
    ]


def _held(record: Mapping[str, Raw], column: Column[Any]) -> Raw:
    """Return what a cell of an earlier month held; a share was read as the percentage it shows."""
    value = record.get(column.name)
    if isinstance(column, Rate) and isinstance(value, int | float):
        return float(Decimal(str(value)) / 100)
    return value


def _sourced(lines: Sequence[tuple[Raw, ...]], book: Workbook) -> tuple[Line, ...]:
    """Return the lines of earlier months; that of the book's own month is said to be from it."""
    *earlier, own = lines or [()]
    if not own:
        return ()
    source = f"{book.name}（{book.facts.sha256[:12]}）"
    return (*earlier, (*own[:-1], source))


# -- what has changed -----------------------------------------------------------------------------


def compared(
    entries: Entries, past: Past | None, period: str, year: int, month_before: MonthBefore
) -> Changes:
    """Return what has changed since a past month; nothing where there is none before this one."""
    if past is None:
        return Changes(text="没有上月的汇总，不作对比。")
    if past.period >= period:
        return Changes(text=f"给出的上月汇总是 {past.period} 的，不早于本月，不作对比。")
    now = side(
        [
            {**_stamp(entry, past), "taken": ledgers.YES if entry.brought else ledgers.NO}
            for entry in entries.villages
        ],
        _now(entries, past, ledgers.ProblemLedger),
        _now(entries, past, ledgers.MeasureLedger),
        year=year,
        month_before=month_before,
    )
    changes = compare(past.side, now)
    numbers = {village_key(_stamp(entry, past)): entry.number for entry in entries.villages}
    lines = [
        (numbers.get(change.village_key, 0), change.village, _line(change)) for change in changes
    ]
    return Changes(lines, in_words(changes, _called(past.period)))


def _stamp(entry: Entry, past: Past) -> Mapping[str, Raw]:
    """Return what tells a village as the rollup before does: a township's does not name itself."""
    return {
        name: value_of(cell)
        for name, cell in entry.stamp().items()
        if past.by_town or name != ledgers.TOWN.name
    }


def _now(entries: Entries, past: Past, ledger: type[Row]) -> Iterable[Mapping[str, Raw]]:
    """Yield the rows of a ledger as it will show them."""
    names = [column.name for column in ledger.columns][len(ledgers.OF_VILLAGE) :]
    for entry in entries.taken:
        stamp = _stamp(entry, past)
        for line in entry.brought.lines.get(ledger.sheet, ()) if entry.brought else ():
            yield {**stamp, **dict(zip(names, map(value_of, line), strict=True))}


def _called(period: str) -> str:
    """Return a month as a sentence names it."""
    year, _, month = period.partition("-")
    return f"{year}年{int(month)}月" if month.isdecimal() else "上次汇总"


def _line(change: Change) -> Line:
    return (
        change.sheet,
        change.number,
        change.headline,
        str(change.kind),
        change.header,
        change.before,
        change.after,
    )
