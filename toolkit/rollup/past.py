"""The month before, its rollup read back: what has changed since, and the figures so far."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from toolkit.cells import Raw
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import Line
from toolkit.forms.rollup import HistoryLine, Scope, Village
from toolkit.rollup.changes import (
    Change,
    Side,
    comparable,
    compare,
    findings_of,
    in_words,
    side,
    village_key,
)
from toolkit.rollup.contributions import plain
from toolkit.rollup.entries import Entries, Entry
from toolkit.rollup.proof import faults
from toolkit.schema.columns import Column, Row
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.kinds import Day
from toolkit.schema.totals import Rate, value_of
from toolkit.schema.workbook import Workbook


@dataclass(frozen=True)
class Past:
    """What an earlier rollup holds that the next one needs."""

    period: str  # YYYY-MM, "" where it does not say
    side: Side
    history: tuple[Line, ...]  # the figures of the months up to its own, in order
    by_town: bool = False  # whether it tells its villages by township, as a county's does
    county: str = ""
    town: str = ""
    as_of: dt.date | None = None
    towns: Mapping[str, str] = field(default_factory=dict)  # of a county: by village key
    unfit: str = ""  # why nothing is compared with it

    def fitting(self, county: str, town: str, as_of: dt.date) -> "Past":
        """Return as much of it as a rollup of somebody as of some day may go by.

        That of somebody else, or as of a later day, is of no use; what nobody has told is no
        reason to refuse it.
        """
        unfit = next(self._misfits(county, town, as_of), "")
        if not unfit:
            return self
        return replace(self, side=Side({}), history=(), towns={}, unfit=unfit)

    def _misfits(self, county: str, town: str, as_of: dt.date) -> Iterator[str]:
        """Yield why it is not the month before of that rollup."""
        unit = "县" if self.by_town else "镇"
        if town and self.town and self.town != town:
            yield f"上月汇总是{self.town}的，不是本{unit}的，没有对比。"
        if county and self.county and self.county != county:
            yield f"上月汇总是{self.county}{self.town}的，不是本{unit}的，没有对比。"
        if self.as_of and self.as_of > as_of:
            own, now = map(Day().text, (self.as_of, as_of))
            yield f"上月汇总的数据截止日是{own}，晚于本次的{now}，没有对比。"

    def gone(self, period: str, present: Iterable[str]) -> Mapping[str, int]:
        """Return the townships that are no longer present, each with how many villages it had."""
        if self.period >= period:
            return {}
        known = set(present)
        return {
            town: count
            for town, count in Counter(self.towns.values()).items()
            if town and town not in known
        }


@dataclass(frozen=True)
class Changes:
    """What has changed since the month before: line by line, and in words.

    A line stands beside its village's number, 0 where it is gone, its township and its name.
    """

    lines: Sequence[tuple[int, str, str, Line]] = ()
    text: str = ""


def past_in(book: Workbook) -> Past:
    """Return what a rollup that was read back holds."""
    scope = next(iter(book.rows(Scope)), None)
    told = (scope.month_before if scope else None) or MonthBefore.STRICT.value
    villages = _records(book, Village)
    held = side(
        villages,
        _records(book, ledgers.ProblemLedger),
        _records(book, ledgers.MeasureLedger),
        findings=findings_of(book),
        year=scope.year if scope else None,
        month_before=MonthBefore(told),
    )
    lines = [
        tuple(_held(record, column) for column in HistoryLine.columns)
        for record in _records(book, HistoryLine)
    ]
    by_town = book.form is rollup.COUNTY_FORM
    told_towns = {
        village_key(line): str(line.get("town") or "")
        for line in villages
        if line["village_no"] != rollup.TOWN_NO
    }
    return Past(
        (scope.period if scope else "") or "",
        held,
        _sourced(lines, book),
        by_town,
        county=(scope.county if scope else "") or "",
        town=(scope.town if scope else "") or "",
        as_of=scope.as_of if scope else None,
        towns=told_towns if by_town else {},
        unfit=_NOT_WHOLE if any(faults(book)) else "",
    )


_NOT_WHOLE = "上月汇总的台账不全，没有对比；历月进度照常接上，其中上月的数字请核对。"


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
    folder = Path(book.path).resolve().parent.name  # each month's is called alike
    name = "/".join(filter(None, (folder, book.name)))
    source = f"{name}（{book.facts.sha256[:12]}）"
    return (*earlier, (*own[:-1], source))


# -- what has changed -----------------------------------------------------------------------------


def compared(
    entries: Entries, past: Past | None, period: str, year: int, month_before: MonthBefore
) -> Changes:
    """Return what has changed since a past month; nothing where there is none before this one."""
    if past is None:
        return Changes(text="没有上月的汇总，不作对比。")
    if past.unfit:
        return Changes(text=past.unfit)
    if past.period >= period:
        return Changes(text=f"给出的上月汇总是 {past.period} 的，不早于本月，不作对比。")
    now = side(
        [
            {**_stamp(entry, past), "taken": ledgers.YES if entry.brought else ledgers.NO}
            for entry in entries.villages
        ],
        _now(entries, past, ledgers.ProblemLedger),
        _now(entries, past, ledgers.MeasureLedger),
        findings=_findings(entries),
        year=year,
        month_before=month_before,
    )
    changes = compare(past.side, now)
    numbers = {village_key(_stamp(entry, past)): entry.number for entry in entries.villages}
    lines = [
        (
            numbers.get(change.village_key, 0),
            past.towns.get(change.village_key, ""),
            change.village,
            _line(change),
        )
        for change in changes
    ]
    return Changes(lines, in_words(changes, _called(past.period), comparable(past.side, now)))


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


def _findings(entries: Entries) -> Iterator[Mapping[str, Raw]]:
    """Yield the findings on the villages' workbooks, each with its village's number."""
    names = [column.name for column in ledgers.FindingLine.columns]
    own = names[len(ledgers.NAMED) :]
    for entry in entries.taken:
        for line in entry.brought.lines.get(ledgers.FindingLine.sheet, ()) if entry.brought else ():
            told = dict(zip(own, map(value_of, line), strict=True))
            yield {**told, "village_no": entry.number}


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
