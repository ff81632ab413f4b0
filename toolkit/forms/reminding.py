"""What a village must be reminded of (催办), reckoned from its workbook and from what was found."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass

from toolkit.findings import Finding, Level
from toolkit.forms import ledgers
from toolkit.forms.village import (
    Measure,
    Problem,
    days_overdue,
    is_done,
    is_standing,
    relapsed,
)
from toolkit.schema.months import is_over
from toolkit.schema.workbook import Workbook

NOTHING_CAME, STILL_BLANK = "还没有收到你村的工作簿", "发放的工作簿还没有填"
"""Why a village has nothing that could be looked at."""

_NO_MEETING, _OVERDUE = "D507", "D505"  # the rules whose findings say so


@dataclass(frozen=True, slots=True)
class Late:
    """A measure whose day has passed."""

    measure: Measure
    days: int
    explained: bool = False  # the village has answered for it in 情况说明

    @property
    def card(self) -> str:
        """The card that the township shows for it."""
        return ledgers.card(self.days)


@dataclass(frozen=True, slots=True)
class Soon:
    """A measure whose day is near."""

    measure: Measure
    days: int  # left; 0 on the day itself


@dataclass(frozen=True)
class Reminder:
    """What one village is reminded of, as of a day, and by when it is to answer."""

    village: str
    as_of: dt.date
    by: dt.date
    code: str = ""
    clerk: str = ""
    phone: str = ""
    branch: str = ""  # its party organisation's full name
    absent: str = ""  # why there is nothing to look at
    several: tuple[str, ...] = ()  # the names of workbooks of which nobody can tell which counts
    relapses: tuple[Problem, ...] = ()  # problems that have come back
    late: tuple[Late, ...] = ()
    soon: tuple[Soon, ...] = ()
    gaps: tuple[str, ...] = ()  # months without a meeting, as the finding says it
    errors: tuple[Finding, ...] = ()
    warnings: int = 0  # that nobody has answered yet
    source: str = ""  # the digest of the workbook

    @property
    def needed(self) -> bool:
        """Whether there is anything to remind of; warnings alone are none."""
        return self.no_book or bool(
            self.relapses or self.late or self.soon or self.gaps or self.errors
        )

    @property
    def no_book(self) -> bool:
        """Whether there is no workbook that could be looked at."""
        return bool(self.absent or self.several)

    @property
    def red(self) -> int:
        """How many late measures are beyond the red card's days."""
        return sum(late.card == ledgers.RED_CARD for late in self.late)


def next_cutoff(as_of: dt.date, cutoff_day: int) -> dt.date:
    """Return the cut-off day that comes next after a day; a short month's is its last.

    >>> next_cutoff(dt.date(2022, 10, 24), 25), next_cutoff(dt.date(2022, 12, 25), 25)
    (datetime.date(2022, 10, 25), datetime.date(2023, 1, 25))
    >>> next_cutoff(dt.date(2023, 1, 31), 31)
    datetime.date(2023, 2, 28)
    """
    first = as_of.replace(day=1)
    if is_over(as_of, cutoff_day):
        first = (first + dt.timedelta(days=31)).replace(day=1)
    return first.replace(day=min(cutoff_day, monthrange(first.year, first.month)[1]))


def late_measures(book: Workbook, found: Iterable[Finding], as_of: dt.date) -> tuple[Late, ...]:
    """Return the measures that are late on that day, the latest first."""
    answered = {
        cell
        for finding in found
        if finding.rule == _OVERDUE and finding.accepted
        for cell in finding.cells
    }
    late = (
        Late(measure, days, measure.cell(Measure.deadline).a1 in answered)
        for measure in book.rows(Measure)
        if (days := days_overdue(measure, as_of))
    )
    return tuple(sorted(late, key=lambda each: -each.days))


def relapses(book: Workbook, as_of: dt.date) -> tuple[Problem, ...]:
    """Return the problems that a look-back by that day has found come back."""
    return tuple(problem for problem in book.rows(Problem) if relapsed(problem, as_of))


def soon_measures(book: Workbook, as_of: dt.date, within: int) -> tuple[Soon, ...]:
    """Return the measures that are due within so many days and still open, the nearest first."""
    soon = []
    for measure in book.rows(Measure):
        end = measure.deadline.end if measure.deadline else None
        if end is None or is_done(measure) or is_standing(measure):
            continue
        left = (end - as_of).days
        if 0 <= left <= within:
            soon.append(Soon(measure, left))
    return tuple(sorted(soon, key=lambda each: each.days))


def missing_months(found: Iterable[Finding]) -> tuple[str, ...]:
    """Return the months without a meeting that nobody has answered for, as they were found."""
    return tuple(
        finding.message.removesuffix("。")
        for finding in found
        if finding.rule == _NO_MEETING and not finding.accepted
    )


def errors_of(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that must be mended."""
    return tuple(finding for finding in found if finding.level is Level.ERROR)


def unanswered(found: Iterable[Finding]) -> int:
    """Return how many warnings nobody has answered."""
    return sum(finding.level is Level.WARNING and not finding.accepted for finding in found)
