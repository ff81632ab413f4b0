"""The fills that show faults while somebody types, as formulas that every program computes alike.

Law: a fill tells what `check` would say, or less; it never marks what the advice allows. Only
functions of Excel 2007, no array constants, other sheets through defined names alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolkit.cells import letters
from toolkit.excel.checks import list_name, offered_name
from toolkit.excel.phrases import END
from toolkit.excel.sheets import Range
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import FIRST_ROW, VALUE, Form, vertical_layout
from toolkit.schema.kinds import Kind, Ref, Refs
from toolkit.schema.signals import AtMost, Late, Sum

DAY_NAME, YEAR_NAME = "数据日", "数据年"
"""The defined names of the day as of which the workbook looks at itself, and of its year."""

MONTH_ENDINGS, DAY_ENDINGS = "月后写法", "日后写法"
"""The defined names of what may stand behind a month, with its meaning, and behind a day."""

_FIRST_YEAR = 2000
_FIRST_DAY, _LAST_DAY = 18_264, 73_050  # 1950-01-01 and 2099-12-31, as a spreadsheet counts days
_NEVER = "9E9"


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
            yield Tint(cells, _unknown(sheet.form, column.kind, column, here), "clash")
        formula = _unfit(column.kind, here)
        if formula:
            yield Tint(cells, formula, "unfit")
    for signal in sheet.form.signals.get(sheet.row, ()):
        yield from _SIGNALS[type(signal)](sheet, signal)


def _missing(sheet: Sheet, here: str) -> str:
    if sheet.row.vertical:
        return f'=TRIM({here})=""'
    line = f"${letters(1)}{FIRST_ROW}:${letters(len(sheet.row.columns))}{FIRST_ROW}"
    return f'=AND(TRIM({here})="",SUMPRODUCT(LEN(TRIM({line})))>0)'


def _unknown(form: Form, kind: Ref | Refs, column: Column[Any], here: str) -> str:
    """Return when a number, spelled in full, stands nowhere on the sheet that it refers to.

    Where that sheet spells one otherwise (Ｐ01, 1), which the reader understands, nothing shows.
    """
    offers = form.offers_of(column)
    if offers is None:
        return "=FALSE"
    listed, own = offered_name(form, offers), kind.example
    spelled = f'EXACT(LEFT({listed},1),"{own[0]}")*(LEN({listed})={len(own)})'
    others = f"SUMPRODUCT((LEN({listed})>0)*(1-{spelled}))"
    return (
        f'=AND(LEN({here})={len(own)},EXACT(LEFT({here},1),"{own[0]}"),'
        f"SUMPRODUCT(--({listed}={here}))=0,{others}=0)"
    )


def _unfit(kind: Kind[Any], here: str) -> str:
    """Return when a cell holds no entry of its list, or text where a day or number belongs."""
    limits = kind.limits
    if limits is None:
        return ""
    if limits.codelist is not None:
        listed = f"COUNTIF({list_name(limits.codelist)},TRIM({here}))=0"
        return f'=AND(TRIM({here})<>"",{listed})' if limits.strict else ""
    return f'=AND(TRIM({here})<>"",NOT(ISNUMBER({here})),ISERROR(VALUE({here})))'


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
    status = f"TRIM({sheet.cell(signal.status)})"
    going = ",".join(f'{status}="{word}"' for word in signal.going)
    end = _end(sheet.cell(signal.deadline))
    formula = f"=IFERROR(AND(OR({going}),{end}<{DAY_NAME}),FALSE)"
    yield Tint(sheet.cells(signal.deadline), formula, "late")


def _end(x: str) -> str:
    """Return the last day of a deadline: of a day or a month that is all the phrase tells.

    Whatever else stands there (a period, a stage, 每年, 起, a mask) makes it 9E9: `check` judges.
    """
    at, y = f'FIND("月",{x})', f'IFERROR(FIND("年",{x}),0)'
    year = f"IF({y}=0,{YEAR_NAME},IF({y}=5,VALUE(LEFT({x},4)),0))"
    month = f"VALUE(MID({x},{y}+1,{at}-{y}-1))"
    ending = f'MID({x},{at}+1,40)&"{END}"'
    months, day = (f"VLOOKUP({ending},{MONTH_ENDINGS},{column},FALSE)" for column in (2, 3))
    of_month = f"DATE({year},{month}+{months},{day})"
    sun = f'FIND("日",{x},{at})'
    date = f"VALUE(MID({x},{at}+1,{sun}-{at}-1))"
    of_day = f"DATE({year},{month},{date})"
    is_day = f'ISNUMBER(MATCH(MID({x},{sun}+1,40)&"{END}",{DAY_ENDINGS},0)),DAY({of_day})={date}'
    is_month = (
        f"{at}-{y}<=3,{month}>=1,{month}<=12,{year}>={_FIRST_YEAR},"
        f'ISERROR(FIND("*",{x})),ISERROR(FIND("?",{x}))'
    )
    phrase = f"IF(AND({is_month}),IFERROR({of_month},IF(AND({is_day}),{of_day},{_NEVER})),{_NEVER})"
    text = f'IF(LEN({x})>7,DATEVALUE(SUBSTITUTE({x},".","-")),{_NEVER})'
    number = f"IF(AND({x}>={_FIRST_DAY},{x}<={_LAST_DAY}),{x},{_NEVER})"
    return f"IF(ISNUMBER({x}),{number},IF(ISERROR({at}),{text},{phrase}))"


_SIGNALS: Mapping[type, Any] = {Sum: _sum, AtMost: _at_most, Late: _late}
