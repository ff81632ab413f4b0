"""Months as people write them: their names, their first and last days, and which one is due."""

import contextlib
import datetime as dt
import re
from calendar import monthrange
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.schema.kinds import Day
from toolkit.schema.texts import tidy

_MONTHS = re.compile(r"([0-9]{4})(?:\s*[-/.年]\s*(0?[1-9]|1[0-2])\s*月?|(0[1-9]|1[0-2]))", re.ASCII)


def month_name(text: str) -> str:
    """Return a month as YYYY-MM, however people write it; raises UsageError for one that is none.

    >>> [month_name(text) for text in ("2022/10", "202210", "2022年3月", "２０２２－１０")]
    ['2022-10', '2022-10', '2022-03', '2022-10']
    """
    match = _MONTHS.fullmatch(tidy(text))
    if match is None or int(match[1]) == 0:
        raise UsageError(f"月份“{text}”读不出来。请写成 2022-10 的样子。{_path_note(text)}")
    return f"{match[1]}-{int(match[2] or match[3]):02}"


def _path_note(text: str) -> str:
    with contextlib.suppress(OSError, ValueError):
        if Path(text).exists():
            return "这是文件或文件夹；要核对它，请运行 zhengdun check。"
    return ""


def first_day(name: str, today: dt.date) -> dt.date:
    """Return the first day of a month, however people write it; a UsageError if it is to come."""
    month = month_name(name)
    first = dt.date.fromisoformat(f"{month}-01")
    if first > today:
        raise UsageError(f"{month} 还没有到（以 {Day().text(today)} 为准）。请核对月份。")
    return first


def end_of(first: dt.date) -> dt.date:
    """Return the last day of a month, told by its first."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def last_day(name: str, today: dt.date) -> dt.date:
    """Return the day as of which a month written YYYY-MM is looked at: its last, or today."""
    return min(end_of(first_day(name, today)), today)


def latest_month(today: dt.date, cutoff_day: int, year: int | None) -> dt.date:
    """Return the first day of the latest month whose cut-off day has come, of a year or before.

    >>> latest_month(dt.date(2022, 10, 24), 25, 2022), latest_month(dt.date(2023, 2, 28), 31, None)
    (datetime.date(2022, 9, 1), datetime.date(2023, 2, 1))
    >>> latest_month(dt.date(2023, 3, 1), 25, 2022)
    datetime.date(2022, 12, 1)
    """
    first = today.replace(day=1)
    if today.day < min(cutoff_day, end_of(first).day):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return min(first, dt.date(year, 12, 1)) if year else first
