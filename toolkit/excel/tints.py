"""The fills that show faults while somebody types, as formulas that every program computes alike.

Law: a fill tells what `check` would say, or less; it never marks what the advice allows. Only
functions of Excel 2007, no array constants, other sheets through defined names alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolkit.cells import letters
from toolkit.excel.checks import list_name, offered_name
from toolkit.excel.sheets import Range
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import FIRST_ROW, VALUE, Form, vertical_layout
from toolkit.schema.kinds import Kind, Ref, Refs
from toolkit.schema.signals import AtMost, Late, Sum

DAY_NAME = "数据日"
"""The defined name of the day as of which the workbook looks at itself."""

MONTH_BEFORE_NAME = "X月前的含义"
"""The figure that says what “X月前” means, and the one of its two meanings that includes it."""
_INCLUSIVE = "当月末"


class Tint(NamedTuple):
    """One fill: the cells that it may cover, the formula for the first one, and the style."""

    cells: Range
    formula: str
    style: str


@dataclass(frozen=True)
class Sheet:
    """Where the columns of a sheet stand: a table down to a row, or a vertical sheet's cells."""

    form: Form
    row: type[Row]
    last: int = 0  # of a table: the last row that is checked

    def cells(self, column: Column[Any]) -> Range:
        """Return the cells of a column."""
        if self.row.vertical:
            at = vertical_layout(self.row)[column.name]
            return Range(VALUE, at, at)
        return Range(self.row.columns.index(column) + 1, FIRST_ROW, self.last)

    def cell(self, column: Column[Any]) -> str:
        """Return a column's cell in the row of the first one, its column fixed."""
        first = self.cells(column)
        return f"${letters(first.column)}{'$' if self.row.vertical else ''}{first.first}"


def tints(sheet: Sheet) -> Iterator[Tint]:
    """Yield every fill of a sheet; of two that hold in a cell, the first one shows."""
    for column in sheet.row.columns:
        cells = sheet.cells(column)
        here = cells.a1
        if column.required:
            yield Tint(cells, _missing(sheet, here), "missing")
        if column is sheet.row.key:
            # Not COUNTIF, which takes the codes 0203 and 203 for the same number.
            same = f"SUMPRODUCT(--({cells.absolute}={here}))>1"
            yield Tint(cells, f'=AND({here}<>"",{same})', "clash")
        if isinstance(column.kind, Ref | Refs):
            yield Tint(cells, _unknown(sheet.form, column, here), "clash")
        formula = _unfit(column.kind, here)
        if formula:
            yield Tint(cells, formula, "unfit")
    for signal in sheet.form.signals.get(sheet.row, ()):
        yield from _SIGNALS[type(signal)](sheet, signal)


def _missing(sheet: Sheet, here: str) -> str:
    if sheet.row.vertical:
        return f'={here}=""'
    line = f"${letters(1)}{FIRST_ROW}:${letters(len(sheet.row.columns))}{FIRST_ROW}"
    return f'=AND({here}="",COUNTA({line})>0)'


def _unknown(form: Form, column: Column[Any], here: str) -> str:
    """Return when a number stands nowhere on the sheet that it refers to; lists pass."""
    offers = form.offers_of(column)
    if offers is None:
        return "=FALSE"
    single = f",LEN({here})<={len(column.kind.example)}" if isinstance(column.kind, Refs) else ""
    return f'=AND({here}<>""{single},COUNTIF({offered_name(form, offers)},{here})=0)'


def _unfit(kind: Kind[Any], here: str) -> str:
    """Return when a cell holds no entry of its list, or text where a day or number belongs."""
    limits = kind.limits
    if limits is None:
        return ""
    if limits.codelist is not None:
        listed = f"COUNTIF({list_name(limits.codelist)},{here})=0"
        return f'=AND({here}<>"",{listed})' if limits.strict else ""
    return f'=AND({here}<>"",NOT(ISNUMBER({here})))'


# ---- what the form declares


def _sum(sheet: Sheet, signal: Sum) -> Iterator[Tint]:
    """Yield where parts, all filled or too many already, differ from the whole."""
    whole = sheet.cell(signal.whole)
    parts = ",".join(map(sheet.cell, signal.parts))
    full = f"COUNT({parts})={len(signal.parts)}"
    formula = (
        f"=AND(ISNUMBER({whole}),COUNT({parts})>0,OR({full},SUM({parts})>{whole}),"
        f"SUM({parts})<>{whole})"
    )
    for column in (signal.whole, *signal.parts):
        yield Tint(sheet.cells(column), formula, "sum")


def _at_most(sheet: Sheet, signal: AtMost) -> Iterator[Tint]:
    part, whole = sheet.cell(signal.part), sheet.cell(signal.whole)
    formula = f"=AND(ISNUMBER({part}),ISNUMBER({whole}),{part}>{whole})"
    yield Tint(sheet.cells(signal.part), formula, "sum")


def _late(sheet: Sheet, signal: Late) -> Iterator[Tint]:
    """Yield where the day of a deadline has passed, of the phrases that leave no doubt."""
    status = sheet.cell(signal.status)
    open_still = ",".join(f'{status}<>"{word}"' for word in signal.at_rest)
    end = _end(sheet.cell(signal.deadline), _year(sheet.form))
    formula = f"=IFERROR(AND({open_still},{end}<{DAY_NAME}),FALSE)"
    yield Tint(sheet.cells(signal.deadline), formula, "late")


def _year(form: Form) -> str:
    """Return the name of the year that a phrase without one is meant in."""
    monthly = form.monthly
    return f"{monthly.profile.sheet}_{monthly.year.name}" if monthly else "0"


def _end(x: str, year: str) -> str:
    """Return the last day of a deadline: a day, a month with 底, 末, 前 and the like; else 9E9.

    A period (5月到9月底前), a season or a mere 年底 is left to `check`.
    """
    month, ym = f'FIND("月",{x})', f'IFERROR(FIND("年",{x}),0)'
    y = f'IFERROR(VALUE(MID({x},FIND("年",{x})-4,4)),{year})'
    m = f"VALUE(MID({x},{ym}+1,{month}-{ym}-1))"
    behind, two = f"MID({x},{month}+1,1)", f"MID({x},{month}+1,2)"
    end_of_month, before = f"DATE({y},{m}+1,0)", f"DATE({y},{m},0)"
    meant = f'IF(参数_{MONTH_BEFORE_NAME}="{_INCLUSIVE}",{end_of_month},{before})'
    sun = f'FIND("日",{x},{month})'
    behind_day = f"MID({x},{sun}+1,1)"
    date = f"DATE({y},{m},VALUE(MID({x},{month}+1,{sun}-{month}-1)))"
    day = f'IF(OR({behind_day}="",ISNUMBER(FIND({behind_day},"前之以，,"))),{date},9E9)'
    phrase = (
        f'IF(OR({behind}="",ISNUMBER(FIND({behind},"底末下及并，,"))),{end_of_month},'
        f'IF(OR({behind}="前",{two}="之前",{two}="以前"),{meant},'
        f'IF({behind}="中",DATE({y},{m},20),IF({two}="上旬",DATE({y},{m},10),{day}))))'
    )
    text = f'IF(LEN({x})>7,DATEVALUE(SUBSTITUTE({x},".","-")),9E9)'
    return f"IF(ISNUMBER({x}),{x},IF(ISERROR({month}),{text},{phrase}))"


_SIGNALS: Mapping[type, Any] = {Sum: _sum, AtMost: _at_most, Late: _late}
