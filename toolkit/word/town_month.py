"""A rollup that was read back: its lines, by what a township's report asks of them."""

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import (
    ChangeLine,
    EvaluationLedger,
    FindingLine,
    MeasureLedger,
    MeetingLedger,
    ProblemLedger,
)
from toolkit.forms.rollup import HistoryLine, SourceFile, TypeLine, Village
from toolkit.forms.village import CLOSED, DONE, GOING, IDLE, STANDING, UNKNOWN
from toolkit.schema.columns import BLANK_IN_PRINT, Column, R, Row
from toolkit.schema.form import Form
from toolkit.schema.workbook import Workbook


def _with(form: Form, *more: type[Row]) -> Form:
    derived = form.derived - {row.sheet for row in more}
    return replace(form, rows=(*form.rows, *more), derived=derived)


TOWN_FORM = _with(rollup.FORM, TypeLine, ChangeLine)
"""A township's rollup, with what a report says of it besides what the next rollup needs."""
COUNTY_FORM = _with(rollup.COUNTY_FORM, TypeLine, ChangeLine, rollup.TownChanges)
"""The same of a county's."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a village, or a township, has in the ledgers."""

    problems: list[Row] = field(default_factory=list)
    measures: list[Row] = field(default_factory=list)
    meetings: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a report counts by: a village, or in a county a township with its villages."""

    name: str
    numbers: frozenset[int]


class Month:
    """A rollup's month, read back by one of the two forms.

    Raises ValueError for one that does not say its month and its day.
    """

    def __init__(self, book: Workbook) -> None:
        told = next(iter(book.rows(rollup.Scope)), None)
        if told is None or told.as_of is None or not told.period:
            raise ValueError("a rollup without its month and its day")
        self.book = book
        self.told = told
        self.as_of: dt.date = told.as_of
        self.period: str = told.period  # YYYY-MM
        self.of_county = book.form.id == COUNTY_FORM.id
        self.problems = book.rows(ProblemLedger)
        self.measures = book.rows(MeasureLedger)
        self.meetings = _having(book.rows(MeetingLedger), ledgers.COUNTS, ledgers.YES)
        self.evaluations = _having(book.rows(EvaluationLedger), ledgers.COUNTS, ledgers.YES)
        self.errors = _having(book.rows(FindingLine), FindingLine.level, ledgers.MUST)
        self.every = [line for line in book.rows(Village) if number_of(line) != rollup.TOWN_NO]
        self.taken = [line for line in self.every if not _is_left_out(line)]
        self.left_out = [line for line in self.every if _is_left_out(line)]

    @property
    def year(self) -> int:
        """The year that the month is of."""
        return int(self.period[:4])

    @property
    def number(self) -> int:
        """Which month of the year it is."""
        return int(self.period[5:7])

    # -- villages

    @cached_property
    def has_roster(self) -> bool:
        """Whether it is known which villages there have to be."""
        return any(line.listed == ledgers.YES for line in self.every)

    @property
    def strangers(self) -> list[Village]:
        """The villages that were taken and are not on the roster."""
        return [line for line in self.taken if self.has_roster and line.listed == ledgers.NO]

    @cached_property
    def _by_number(self) -> dict[int, Village]:
        return {number_of(line): line for line in self.every}

    def name(self, line: Row) -> str:
        """Return the village that a line belongs to, as a sentence names it."""
        return self.name_of(number_of(line))

    def name_of(self, number: int) -> str:
        """Return a village as a sentence names it: in a county behind its township."""
        line = self._by_number.get(number)
        name = on_a_line(line.village if line else None) or BLANK_IN_PRINT
        return f"{on_a_line(line.town)}{name}" if line and self.of_county else name

    def unit_of(self, line: Row) -> str:
        """Return the village that a line belongs to, or in a county its township."""
        if not self.of_county:
            return self.name(line)
        village = self._by_number.get(number_of(line))
        return on_a_line(village.town if village else None) or BLANK_IN_PRINT

    @cached_property
    def units(self) -> list[Unit]:
        """The villages that were taken; of a county its townships."""
        if not self.of_county:
            return [Unit(self.name(line), frozenset({number_of(line)})) for line in self.taken]
        towns: dict[str, set[int]] = {}
        for line in self.taken:
            towns.setdefault(self.unit_of(line), set()).add(number_of(line))
        return [Unit(name, frozenset(numbers)) for name, numbers in towns.items()]

    @cached_property
    def _held(self) -> Mapping[int, Held]:
        """What each village has in the ledgers, by the villages' numbers."""
        held: dict[int, Held] = defaultdict(Held)
        for line in self.problems:
            held[number_of(line)].problems.append(line)
        for line in self.measures:
            held[number_of(line)].measures.append(line)
        for line in self.meetings:
            held[number_of(line)].meetings.append(line)
        return held

    def held_by(self, unit: Unit) -> Held:
        """Return what a village, or a township, has in the ledgers."""
        own = [self._held.get(number, Held()) for number in sorted(unit.numbers)]
        return Held(
            [line for each in own for line in each.problems],
            [line for each in own for line in each.measures],
            [line for each in own for line in each.meetings],
        )

    @cached_property
    def lacking_towns(self) -> list[tuple[str, str]]:
        """The townships of which nothing went into a county's rollup, each with the reason."""
        if not self.of_county:
            return []
        held = {on_a_line(line.town) for line in self.every}
        gone = (text_of(line, ledgers.TOWN) for line in self.book.rows(rollup.TownChanges))
        found = [(name, _GONE) for name in map(on_a_line, gone) if name and name not in held]
        for line in self.book.rows(SourceFile):
            fate = text_of(line, _FATE)
            if fate.startswith(rollup.REFUSED) and line.field(ledgers.VILLAGE_NO).empty:
                name = text_of(line, ledgers.VILLAGE_NAME) or text_of(line, _FILE)
                found.append((on_a_line(name), reason(fate)))
        return found

    # -- measures

    @cached_property
    def late(self) -> list[Row]:
        """The overdue measures, the latest first."""
        found = _having(self.measures, ledgers.LATE, ledgers.YES)
        return sorted(found, key=lambda line: -days_late(line))

    def of_lot(self, *lots: str) -> list[Row]:
        """Return the measures that count as one of some lots."""
        return [line for line in self.measures if line.field(ledgers.LOT).value in lots]

    @cached_property
    def due(self) -> list[Row]:
        """The open measures that fall due by the end of the month to come, the next first."""
        dated = [
            (day, line)
            for line in self.of_lot(GOING, IDLE, UNKNOWN)
            if isinstance(day := line.field(ledgers.DUE).value, dt.date)
        ]
        near = [each for each in dated if self.as_of <= each[0] <= self.next_month]
        return [line for _, line in sorted(near, key=lambda each: each[0])]

    @property
    def next_month(self) -> dt.date:
        """The last day of the month after the day of the rollup."""
        year, month = self.as_of.year + self.as_of.month // 12, self.as_of.month % 12 + 1
        return dt.date(year, month, monthrange(year, month)[1])

    # -- meetings

    def held_in(self, number: int) -> int:
        """Return how a month of the year is written in the ledger of meetings."""
        return self.year * 100 + number

    def owes(self, line: Village) -> range:
        """Return the months in which a village had to meet."""
        return range(line.since or 1, (line.until or 0) + 1)

    @cached_property
    def gaps(self) -> dict[int, list[int]]:
        """The months in which villages had to meet and did not, by the villages' numbers."""
        held = {(number_of(line), line.field(ledgers.PERIOD).value) for line in self.meetings}
        found = {
            number_of(line): [
                month
                for month in self.owes(line)
                if (number_of(line), self.held_in(month)) not in held
            ]
            for line in self.taken
        }
        return {number: months for number, months in found.items() if months}

    # -- the months before

    @cached_property
    def history(self) -> list[HistoryLine]:
        """The months up to this one, in their order."""
        told = [(line.period, line) for line in self.book.rows(HistoryLine) if line.period]
        return [line for period, line in sorted(told, key=_period) if period <= self.period]

    @property
    def now(self) -> HistoryLine | None:
        """The figures of this month, None where they are not told."""
        return next((line for line in self.history if line.period == self.period), None)

    def figures(self) -> dict[Column[Any], int]:
        """Return what the ledgers come to, by the column of the month's own line of figures."""
        closed = _having(self.problems, ledgers.PROBLEM_STATUS, CLOSED)
        return {
            HistoryLine.villages: len(self.taken),
            HistoryLine.problems: len(self.problems),
            HistoryLine.closed: len(closed),
            HistoryLine.measures: len(self.measures),
            HistoryLine.done: len(self.of_lot(DONE)),
            HistoryLine.standing: len(self.of_lot(STANDING)),
            HistoryLine.late: len(self.late),
            HistoryLine.errors: len(self.errors),
        }

    @property
    def before(self) -> HistoryLine | None:
        """The last month before this one that has a rollup, None where there is none."""
        earlier = [line for line in self.history if line.period != self.period]
        return earlier[-1] if earlier else None


_FATE, _FILE = (
    next(column for column in SourceFile.columns if column.name == name)
    for name in ("fate", "file")
)
_GONE = "上月有，本月没有收到"


def _period(told: tuple[str, HistoryLine]) -> str:
    return told[0]


def _is_left_out(line: Village) -> bool:
    return (line.fate or "").startswith((rollup.REFUSED, rollup.ABSENT_FATE))


def _having(lines: Sequence[R], column: Column[Any], value: str) -> list[R]:
    return [line for line in lines if line.field(column).value == value]


# -- lines ----------------------------------------------------------------------------------------


def number_of(line: Row) -> int:
    """Return the number of the village that a line belongs to, -1 where it cannot be read."""
    value = line.field(ledgers.VILLAGE_NO).value
    return value if isinstance(value, int) else -1


def days_late(measure: Row) -> int:
    """Return by how many days a measure is overdue, 0 where it is not."""
    value = measure.field(ledgers.DAYS_LATE).value
    return value if isinstance(value, int) else 0


def text_of(line: Row, column: Column[Any]) -> str:
    """Return what a line prints under a column, "" where nothing stands."""
    return "" if line.field(column).empty else line.printed(column)


def reason(fate: str) -> str:
    """Return why a file or a village was left out, as the rollup words it."""
    return on_a_line(fate.removeprefix(rollup.REFUSED)).rstrip("。")


def on_a_line(text: str | None) -> str:
    """Return a name as a sentence holds it, whatever blanks and breaks stand in its cell."""
    return " ".join((text or "").split())


def shown_as(cls: type[R], line: Row) -> R:
    """Return a ledger's line as the row of the village's workbook that it shows."""
    return cls(line.workbook, line.sheet_title, line.fields)
