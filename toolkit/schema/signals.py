"""Signals: what a workbook shows by itself while somebody types, declared over its columns.

What every column of a kind shows (an empty required cell, an unreadable date, a number that no
other sheet has) follows from the column; here stands what only the form can say. The rules that
judge the same thing take their columns from these declarations.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.schema.columns import Column, Row


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts that add up to a whole, as soon as all are filled."""

    whole: Column[Any]
    parts: tuple[Column[Any], ...]


@dataclass(frozen=True, slots=True)
class AtMost:
    """A number that another one bounds."""

    part: Column[Any]
    whole: Column[Any]


@dataclass(frozen=True, slots=True)
class Late:
    """A deadline whose dated part has passed while the row's status says that work goes on."""

    deadline: Column[Any]
    status: Column[str]
    going: tuple[str, ...]
    month_before: str  # the figure that says what “X月前” means


Signal = Sum | AtMost | Late
Signals = Mapping[type[Row], tuple[Signal, ...]]


@dataclass(frozen=True, slots=True)
class Monthly:
    """What must happen once in each month that is due, and the sheet that tells of it.

    Months are due from the figure `first_month`, or from the month of `start` where that is
    later, to the one whose `cutoff_day` the day told by `as_of` has reached.
    """

    row: type[Row]
    day: Column[Any]
    profile: type[Row]  # the vertical sheet that holds the next three
    year: Column[Any]
    start: Column[Any]
    as_of: Column[Any]
    first_month: str
    cutoff_day: str
