"""The months in which something must have happened: as formulas, and as they stand now.

Both follow one law, which the rules of dates have too: months are due from the first one that the
township names, or from the plan's where that is later, to the one whose cut-off day has come.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.cells import Raw
from toolkit.excel.progress import spans_of
from toolkit.excel.records import Records, is_filled
from toolkit.excel.sheets import Formula
from toolkit.excel.tints import DAY_NAME, YEAR_NAME
from toolkit.schema.columns import Column
from toolkit.schema.form import name_of_cell
from toolkit.schema.months import MONTHS, due_months
from toolkit.schema.signals import Monthly

_FIRST_YEAR = 2000  # before it, nothing is a year
_EPOCH = dt.date(1899, 12, 30)  # day 0 of a spreadsheet
_NONE_DUE, _ALL_HELD = "还没有到期的月份。", "到期的月份都有记录。"
_TEXT_DAYS = "不是日期，改成 2022-06-15 的样子再看这里。"


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
    issued_year: int = 0  # of the workbook's identity, where its own year is not told

    # -- formulas

    def year(self) -> Formula:
        """Return the year that the workbook is about, 0 where nothing tells it."""
        told = self._name(self.monthly.year)
        text = f"IFERROR(VALUE({told}),{self.issued_year})"
        return Formula(f'=IF(TRIM({told})="",{self.issued_year},{text})', self._year)

    def day(self) -> Formula:
        """Return the day as of which the workbook looks at itself."""
        told = self._name(self.monthly.as_of)
        serial = (
            (self._as_of - _EPOCH).days
            if self._as_of
            else -is_filled(self._raw(self.monthly.as_of))
        )
        dashes = f'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({told},"年","-"),"月","-"),".","-")'
        text = f'IFERROR(DATEVALUE(SUBSTITUTE({dashes},"日","")),-1)'
        known = f"IF(ISNUMBER({told}),{told},{text})"
        return Formula(f'=IF(TRIM({told})="",TODAY(),{known})', serial)

    def first(self) -> Formula:
        """Return the first month that is due."""
        year, start = YEAR_NAME, self._name(self.monthly.start)
        usual = figure_name(self.monthly.first_month)
        later = f"IF(YEAR({start})={year},MAX({usual},MONTH({start})),{usual})"
        return Formula(f"=IF(ISNUMBER({start}),{later},{usual})", self._due[0])

    def last(self) -> Formula:
        """Return the last month that is due, 0 where none is."""
        year, day = YEAR_NAME, DAY_NAME
        end = f"DAY(DATE(YEAR({day}),MONTH({day})+1,0))"
        due = f"MIN({figure_name(self.monthly.cutoff_day)},{end})"
        within = f"MONTH({day})-IF(DAY({day})<{due},1,0)"
        reached = f"IF(YEAR({day})>{year},12,IF(YEAR({day})<{year},0,{within}))"
        return Formula(f"=IF(OR({year}<{_FIRST_YEAR},{day}<0),0,{reached})", self._due[1])

    def each(self) -> tuple[Formula, ...]:
        """Return of each month its name where it is due and nothing happened in it, else ""."""
        return tuple(Formula(self._missed(m), f"{m}月、" * (m in self._missing)) for m in MONTHS)

    def story(self) -> Formula:
        """Return in words which months have nothing."""
        place, sheet = self.places, self.monthly.row.sheet
        listed = "&".join(place.months)
        lacking = f'"缺 "&LEFT({listed},LEN({listed})-1)&"的“{sheet}”。"'
        reckoned = (
            f'IF({place.last}<{place.first},"{_NONE_DUE}",IF({listed}="","{_ALL_HELD}",{lacking}))'
        )
        start = self._name(self.monthly.start)
        texts = f"SUMPRODUCT(--ISTEXT({self._days}))-1"  # the header is one
        worded = f'"有 "&({texts})&" 个“{self.monthly.day.header}”{_TEXT_DAYS}"'
        text = (
            f'=IF({YEAR_NAME}<{_FIRST_YEAR},"{self._lacks(self.monthly.year)}",'
            f'IF({DAY_NAME}<0,"{self._lacks(self.monthly.as_of)}",'
            f'IF(ISTEXT({start}),"{self._lacks(self.monthly.start)}",'
            f"IF({texts}>0,{worded},{reckoned}))))"
        )
        return Formula(text, self._told())

    @staticmethod
    def _lacks(column: Column[Any]) -> str:
        return f"先把“{column.header}”填对，再看这里。"

    @property
    def _days(self) -> str:
        """The cells of the days, from the header on."""
        return spans_of(self.monthly.row, self._held)[self.monthly.day.name]

    def _missed(self, month: int) -> str:
        year, days = YEAR_NAME, self._days
        since, until = f"DATE({year},{month},1)", f"DATE({year},{month + 1},1)"
        held = f'COUNTIFS({days},">="&{since},{days},"<"&{until})'
        due = f"AND({month}>={self.places.first},{month}<={self.places.last})"
        return f'=IF({due},IF({held}=0,"{month}月、",""),"")'

    def _name(self, column: Column[Any]) -> str:
        return name_of_cell(self.monthly.profile, column)

    # -- the same, as it stands now

    def _raw(self, column: Column[Any]) -> Raw:
        return next(iter(self.records[self.monthly.profile]), {}).get(column.name)

    @property
    def _as_of(self) -> dt.date | None:
        raw = self._raw(self.monthly.as_of)
        return _worded(raw) if isinstance(raw, str) else _day(raw)

    @property
    def _year(self) -> int:
        raw = self._raw(self.monthly.year)
        if isinstance(raw, str) and raw.strip().isdecimal():
            return int(raw)
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return int(raw)
        return self.issued_year

    @property
    def _due(self) -> tuple[int, int]:
        """The first and the last month that is due; the last is 0 where none is."""
        first, cutoff = (
            int(str(self.figures[name]))
            for name in (self.monthly.first_month, self.monthly.cutoff_day)
        )
        start, day = _day(self._raw(self.monthly.start)), self._as_of
        known = day is not None and self._year >= _FIRST_YEAR
        some_year = min(max(self._year, _FIRST_YEAR), dt.MAXYEAR)
        since = day if day and known else dt.date(some_year - 1, 1, 1)
        due = due_months(self._year, since, start, first_month=first, cutoff_day=cutoff)
        reached = known and day is not None and day.year >= self._year
        return due.start, due.stop - 1 if reached else 0

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
        days = [record.get(self.monthly.day.name) for record in self._held]
        texts = sum(isinstance(raw, str) and raw != "" for raw in days)
        for column in self._unfit():
            return self._lacks(column)
        if texts:
            return f"有 {texts} 个“{self.monthly.day.header}”{_TEXT_DAYS}"
        if last < first:
            return _NONE_DUE
        months = "、".join(f"{month}月" for month in self._missing)
        return f"缺 {months}的“{self.monthly.row.sheet}”。" if months else _ALL_HELD

    def _unfit(self) -> Iterator[Column[Any]]:
        """Yield what has to be put right before months can be told."""
        if self._year < _FIRST_YEAR:
            yield self.monthly.year
        if self._as_of is None and is_filled(self._raw(self.monthly.as_of)):
            yield self.monthly.as_of
        if isinstance(self._raw(self.monthly.start), str):
            yield self.monthly.start


_WORDED = re.compile(r"\s*([0-9]{4})[-./年]([0-9]{1,2})[-./月]([0-9]{1,2})日?\s*")


def _worded(text: str) -> dt.date | None:
    """Return the day that a text spells, as a spreadsheet reads it, None where it would not.

    >>> _worded("2022.8.31"), _worded("2022年8月31日"), _worded("8月底")
    (datetime.date(2022, 8, 31), datetime.date(2022, 8, 31), None)
    """
    found = _WORDED.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _day(raw: Raw) -> dt.date | None:
    """Return a raw content as a spreadsheet's ISNUMBER would take it for a day, else None."""
    if isinstance(raw, dt.datetime):
        return raw.date()
    return raw if isinstance(raw, dt.date) else None


def figure_name(name: str) -> str:
    """Return the defined name of a figure that formulas reckon with."""
    return f"参数_{name}"
