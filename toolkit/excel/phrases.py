"""The deadlines that a plain formula can read: a month or day, and what may stand behind it.

What such a phrase means is asked of the grammar itself (`schema/deadlines.py`), once for each
spelling; all others (periods, stages, seasons, “每年”, “起”) no formula reads.
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from toolkit.schema.deadlines import MonthBefore, parse_deadline

END = "|"
"""What closes a spelling, so that one that is empty can be looked up as well."""

_BEHIND_MONTH = (
    *("", "底", "末", "底前", "末前", "前", "之前", "以前"),
    *("上旬", "上旬前", "中旬", "中旬前", "下旬", "下旬前"),
)
_BEHIND_DAY = ("", "前", "之前", "以前")
_STANDING = ("", *(f"{word}长期坚持" for word in ("，并", ",并", "并", "及", "，", "、")))
_SAMPLE = dt.date(2022, 6, 15)  # any month of 30 days will do


class Ending(NamedTuple):
    """What stands behind a month: months to be added, and the day of that month; 0 is the last."""

    text: str
    months: int
    day: int


def behind_month(month_before: MonthBefore) -> Iterator[Ending]:
    """Yield what may stand behind “2022年6月”, with the last day that the phrase then means."""
    for text in (f"{word}{more}" for word in _BEHIND_MONTH for more in _STANDING):
        deadline = parse_deadline(f"2022年6月{text}", month_before=month_before)
        if deadline is None or deadline.end is None:
            continue
        end = deadline.end
        if (end + dt.timedelta(days=1)).day == 1:
            yield Ending(text, end.month - _SAMPLE.month + 1, 0)
        else:
            yield Ending(text, 0, end.day)


def behind_day() -> Iterator[str]:
    """Yield what may stand behind “2022年6月15日” without making another day of it."""
    for text in (f"{word}{more}" for word in _BEHIND_DAY for more in _STANDING):
        deadline = parse_deadline(f"2022年6月15日{text}")
        if deadline is not None and deadline.end == _SAMPLE:
            yield text
