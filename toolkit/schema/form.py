"""A form: a standard workbook as declared, its layout and the marks it is known by."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from toolkit.cells import Raw
from toolkit.schema.codelists import CodeList
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Ref, Refs
from toolkit.schema.signals import AtMost, Late, Monthly, Signals, Sum

TITLE_ROW, HINT_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4
"""Rows of a form's sheet, counted from 1: title band, hint, headers, first row of data."""

LABEL, VALUE, UNIT, ADVICE = 1, 2, 3, 4
"""Columns of a vertical sheet, counted from 1."""

VERTICAL_HEADERS = {LABEL: "项目", VALUE: "填写内容", UNIT: "单位", ADVICE: "怎么填"}
"""What stands above them."""

META_SHEET = "_meta"
ISSUED_LABEL = "发放内容"
"""What stands on that sheet before the digest of what a township issued."""
INSTRUCTIONS_SHEET = "填写说明"
MARKS_SHEET = "待改清单"
"""The sheet that a return copy lists its findings on; it holds no answers."""
MARKS_NAME = "整顿核对_待改清单"
"""The defined name that leads to it, whatever its title."""
MARKS_TITLE = "待改清单（整顿核对）"
"""What stands in its first cell, and tells it from a sheet of people's own."""
MARKS_KEPT = "村里写在清单旁的话（左边是原来的单元格）"
"""What heads the lines below a list that people had written beside the one before."""
MARKS_SHEET_BESIDE = f"{MARKS_SHEET}(核对)"
"""Its title where people have a sheet of that name."""
PARKING_SHEET = "待迁移"
"""The sheet of what an upgraded workbook's new form has no place for."""
FORM_PROPERTY = "zhengdun.form"
IDENTITY_NAME = "工作簿标识"

Filling = Mapping[type[Row], Sequence[Mapping[str, Raw]]]
"""What to write into a blank workbook: per row class, rows of cell contents by column name."""


_IDENTITY = re.compile(r"([a-z][a-z0-9-]*)/([0-9]+(?:\.[0-9]+)*)/([^/]*)/([^/]*)")


@dataclass(frozen=True, slots=True)
class Identity:
    """What a workbook says it is; the same line stands in three places of the file."""

    form: str
    version: str
    code: str = ""
    year: str = ""

    def line(self) -> str:
        """Return the identity as one line.

        >>> Identity("village-workbook", "1.0.0", "0203", "2022").line()
        'village-workbook/1.0.0/0203/2022'
        """
        return f"{self.form}/{self.version}/{self.code}/{self.year}"

    @classmethod
    def parse(cls, line: str) -> "Identity | None":
        """Return the identity that a line spells, None if it is none.

        >>> Identity.parse("village-workbook/1.0.0//").version
        '1.0.0'
        >>> Identity.parse("2022/4/20/上午") is None
        True
        """
        match = _IDENTITY.fullmatch(line.strip())
        return cls(*match.groups()) if match else None


@dataclass(frozen=True)
class Local:
    """What a township decides for the workbooks that it issues.

    Both go by the names that the form gives them, and take the place of the form's own.
    """

    codelists: Mapping[str, CodeList] = field(default_factory=dict)
    figures: Mapping[str, Raw] = field(default_factory=dict)


NOWHERE = Local()
"""Of workbooks that no township issues."""


@dataclass(frozen=True)
class Form:
    """One kind of standard workbook."""

    id: str
    title: str
    version: str
    rows: tuple[type[Row], ...]
    purpose: str
    steps: tuple[str, ...] = ()
    dictionary: str = "字典"  # the hidden sheet of dropdown entries
    signals: Signals = field(default_factory=dict, hash=False)
    monthly: Monthly | None = None
    figures: Mapping[str, Raw] = field(default_factory=dict, hash=False)  # its formulas' own
    shown: Mapping[type[Row], tuple[Column[Any], ...]] = field(default_factory=dict, hash=False)
    """The columns of the worked example, which tells one case over several sheets."""
    derived: frozenset[str] = frozenset()  # sheets that are reckoned from the others

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes as the one form that its rows' module declares by its id."""
        return _declared, (self.rows[0].__module__, self.id)

    def codelists(self) -> tuple[CodeList, ...]:
        """Return the code lists that its columns use, in order of first use."""
        found: dict[str, CodeList] = {}
        for row in self.rows:
            for column in row.columns:
                limits = column.kind.limits
                if limits is not None and limits.codelist is not None:
                    found.setdefault(limits.codelist.name, limits.codelist)
        return tuple(found.values())

    def lateness(self) -> tuple[Late, ...]:
        """Return what its fills show as overdue."""
        return tuple(s for each in self.signals.values() for s in each if isinstance(s, Late))

    @property
    def adds_up(self) -> bool:
        """Whether a fill shows numbers that contradict one another."""
        return any(isinstance(s, Sum | AtMost) for each in self.signals.values() for s in each)

    def offered(self) -> dict[Column[Any], type[Row]]:
        """Return the columns whose entries other sheets offer, each with its own sheet."""
        found: dict[Column[Any], type[Row]] = {}
        for row in self.rows:
            for column in row.columns:
                offers = self.offers_of(column)
                if offers is not None:
                    found.update((offers, each) for each in self.rows if offers in each.columns)
        return found

    def offers_of(self, column: Column[Any]) -> Column[Any] | None:
        """Return the column whose entries a column's dropdown offers: as declared, or the key."""
        if isinstance(column.kind, Ref | Refs):
            target = column.kind.target
            return next((row.key for row in self.rows if row.sheet == target), None)
        return column.offers

    def sheets(self) -> Iterator[str]:
        """Yield the titles of the sheets that people fill in."""
        for row in self.rows:
            yield row.sheet

    def generated_sheets(self) -> frozenset[str]:
        """Return the titles of the sheets that hold no answers."""
        marks = {MARKS_SHEET, MARKS_SHEET_BESIDE}
        return frozenset({INSTRUCTIONS_SHEET, self.dictionary, META_SHEET, *marks, *self.derived})


def _declared(module: str, form: str) -> Form:
    """Return the form that a module declares under an id."""
    declared = vars(import_module(module)).values()
    return next(each for each in declared if isinstance(each, Form) and each.id == form)


def vertical_row(row: type[Row], name: str) -> int:
    """Return the row, counted from 1, in which a vertical sheet holds a field."""
    return vertical_layout(row)[name]


def vertical_layout(row: type[Row]) -> dict[str, int]:
    """Return the row of each field of a vertical sheet; a new section takes a band of its own."""
    at = FIRST_ROW
    section = ""
    rows: dict[str, int] = {}
    for column in row.columns:
        if column.section != section:
            section = column.section
            at += 1
        rows[column.name] = at
        at += 1
    return rows


def name_of_cell(row: type[Row], column: Any) -> str:  # noqa: ANN401 -- a column of any kind
    """Return the defined name of a vertical sheet's cell.

    Such a name finds the cell again wherever rows were inserted above it.
    """
    return f"{row.sheet}_{column.name}"
