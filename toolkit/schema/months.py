"""Months that are due: one law for rules, rollup and what a workbook shows by itself."""

import datetime as dt
from calendar import monthrange

MONTHS = range(1, 13)


def is_over(day: dt.date, cutoff_day: int) -> bool:
    """Say whether a day has reached its month's cut-off day, the last one where it has none such.

    >>> is_over(dt.date(2022, 9, 29), 31), is_over(dt.date(2022, 9, 30), 31)
    (False, True)
    """
    return day.day >= min(cutoff_day, monthrange(day.year, day.month)[1])


def due_months(
    year: int, as_of: dt.date, start: dt.date | None, *, first_month: int, cutoff_day: int
) -> range:
    """Return the months of a year in which, as of a day, a meeting must have been held.

    They begin with the township's first month, or with the plan's (`start`) where that is later; a
    month is due from its cut-off day on.

    >>> due_months(2022, dt.date(2022, 9, 20), dt.date(2022, 6, 8), first_month=5, cutoff_day=25)
    range(6, 9)
    """
    first = max(first_month, start.month) if start and start.year == year else first_month
    if as_of.year != year:
        return range(first, MONTHS.stop if as_of.year > year else first)
    return range(first, as_of.month + is_over(as_of, cutoff_day))
