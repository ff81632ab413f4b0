"""The months in which something must have happened: as formulas, and as they stand now.

Both follow one law, which the rules of dates have too: months are due from the first one that the
township names, or from the plan's where that is later, to the one whose cut-off day has come.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.cells import Raw
from toolkit.excel.progress import spans_of
from toolkit.excel.records import Records
from toolkit.excel.sheets import Formula
from toolkit.excel.tints import DAY_NAME
from toolkit.schema.form import name_of_cell
from toolkit.schema.signals import Monthly

MONTHS = range(1, 13)
_FIRST_YEAR = 2000  # before it, nothing is a year
_EPOCH = dt.date(1899, 12, 30)  # day 0 of a spreadsheet
_NONE_DUE, _ALL_HELD = "还没有到期的月份。", "到期的月份都有记录。"


@dataclass(frozen=True)
class Places:
    """Where the formulas will stand: the first month due, the last one, and each of the twelve."""

    first: str
    last: str
    months: tuple[str, ...]


@dataclass(frozen=True)
class Months:
    """What a workbook tells of its months, with the figures that the township decides.

    Without a day of its own the workbook looks at itself as of today; nothing is then reckoned
    here, for nobody knows when it will be opened.
    """

    monthly: Monthly
    records: Records
    figures: Mapping[str, Raw]
    places: Places

    # -- formulas

    def day(self) -> Formula:
        """Return the day as of which the workbook looks at itself."""
        told = self._name(self.monthly.as_of)
        serial = (self._as_of - _EPOCH).days if self._as_of else 0
        return Formula(f"=IF(ISNUMBER({told}),{told},TODAY())", serial)

    def first(self) -> Formula:
        """Return the first month that is due."""
        year, start = self._name(self.monthly.year), self._name(self.monthly.start)
        usual = figure_name(self.monthly.first_month)
        later = f"IF(YEAR({start})={year},MAX({usual},MONTH({start})),{usual})"
        return Formula(f"=IF(ISNUMBER({start}),{later},{usual})", self._due[0])

    def last(self) -> Formula:
        """Return the last month that is due, 0 where none is."""
        year, day = self._name(self.monthly.year), DAY_NAME
        end = f"DAY(DATE(YEAR({day}),MONTH({day})+1,0))"
        due = f"MIN({figure_name(self.monthly.cutoff_day)},{end})"
        within = f"MONTH({day})-IF(DAY({day})<{due},1,0)"
        reached = f"IF(YEAR({day})>{year},12,IF(YEAR({day})<{year},0,{within}))"
        is_year = f"IF({year}<{_FIRST_YEAR},0,{reached})"
        return Formula(f"=IF(ISNUMBER({year}),{is_year},0)", self._due[1])

    def each(self) -> tuple[Formula, ...]:
        """Return of each month its name where it is due and nothing happened in it, else ""."""
        return tuple(Formula(self._missed(m), f"{m}月、" * (m in self._missing)) for m in MONTHS)

    def story(self) -> Formula:
        """Return in words which months have nothing."""
        place, sheet = self.places, self.monthly.row.sheet
        listed = "&".join(place.months)
        lacking = f'"缺 "&LEFT({listed},LEN({listed})-1)&"的“{sheet}”。"'
        text = (
            f'=IF({place.last}<{place.first},"{_NONE_DUE}",IF({listed}="","{_ALL_HELD}",{lacking}))'
        )
        return Formula(text, self._told())

    def _missed(self, month: int) -> str:
        year = self._name(self.monthly.year)
        days = spans_of(self.monthly.row, self.records[self.monthly.row])[self.monthly.day.name]
        since, until = f"DATE({year},{month},1)", f"DATE({year},{month + 1},1)"
        held = f'COUNTIFS({days},">="&{since},{days},"<"&{until})'
        due = f"AND({month}>={self.places.first},{month}<={self.places.last})"
        return f'=IF({due},IF({held}=0,"{month}月、",""),"")'

    def _name(self, column: Any) -> str:  # noqa: ANN401 -- a column of any kind
        return name_of_cell(self.monthly.profile, column)

    # -- the same, as it stands now

    def _raw(self, column: Any) -> Raw:  # noqa: ANN401 -- as above
        return next(iter(self.records[self.monthly.profile]), {}).get(column.name)

    @property
    def _as_of(self) -> dt.date | None:
        return _day(self._raw(self.monthly.as_of))

    @property
    def _year(self) -> int:
        raw = self._raw(self.monthly.year)
        return int(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) else 0

    @property
    def _due(self) -> tuple[int, int]:
        """The first and the last month that is due."""
        first, cutoff = (
            int(str(self.figures[name]))
            for name in (self.monthly.first_month, self.monthly.cutoff_day)
        )
        start, day = _day(self._raw(self.monthly.start)), self._as_of
        if start and start.year == self._year:
            first = max(first, start.month)
        if day is None or self._year < _FIRST_YEAR or day.year < self._year:
            return first, 0
        if day.year > self._year:
            return first, MONTHS[-1]
        end = monthrange(day.year, day.month)[1]
        return first, day.month - (day.day < min(cutoff, end))

    @property
    def _missing(self) -> Sequence[int]:
        first, last = self._due
        days = (_day(record.get(self.monthly.day.name)) for record in self._held)
        held = {day.month for day in days if day and day.year == self._year}
        return [month for month in MONTHS if first <= month <= last and month not in held]

    @property
    def _held(self) -> Sequence[Mapping[str, Raw]]:
        return self.records[self.monthly.row]

    def _told(self) -> str:
        first, last = self._due
        if last < first:
            return _NONE_DUE
        if not self._missing:
            return _ALL_HELD
        months = "、".join(f"{month}月" for month in self._missing)
        return f"缺 {months}的“{self.monthly.row.sheet}”。"


def _day(raw: Raw) -> dt.date | None:
    """Return a raw content as a spreadsheet's ISNUMBER would take it for a day, else None."""
    if isinstance(raw, dt.datetime):
        return raw.date()
    return raw if isinstance(raw, dt.date) else None


def figure_name(name: str) -> str:
    """Return the defined name of a figure that formulas reckon with."""
    return f"参数_{name}"
