"""How far a workbook is filled, and what to fill next: plain formulas, with the values they have.

Every figure is reckoned twice, by the formula in the file and here, from what is written into it;
a test lets LibreOffice reckon the formulas and compares. Formulas begin at the header row, which
they take off again: so a row that somebody inserts right below the header is still within.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.excel.checks import whole_column
from toolkit.excel.records import Record, Records, is_filled, last_row, required
from toolkit.excel.sheets import Content, Formula, Range
from toolkit.findings import Level
from toolkit.schema.columns import Row
from toolkit.schema.form import (
    FIRST_ROW,
    HEADER_ROW,
    VALUE,
    Form,
    name_of_cell,
    vertical_layout,
)

_NO_ROW = 10_000  # beyond every row that is checked


@dataclass(frozen=True, slots=True)
class Count:
    """How far a sheet is filled: rows (of a vertical sheet, fields) and gaps, with formulas."""

    filled: Formula
    missing: Content
    gaps: int
    due: int
    due_formula: str


def count(row: type[Row], records: Sequence[Record], filled_cell: str) -> Count:
    """Return how far a sheet is filled; `filled_cell` is where its first formula will stand."""
    return _count_fields(row, records) if row.vertical else _count_rows(row, records, filled_cell)


def _count_fields(row: type[Row], records: Sequence[Record]) -> Count:
    record = records[0] if records else {}
    layout = vertical_layout(row)
    needed = required(row)
    gaps = sum(1 for column in needed if not is_filled(record.get(column.name)))
    values = Range(VALUE, HEADER_ROW, max(layout.values())).on(row.sheet)
    cells = (Range(VALUE, layout[c.name], layout[c.name]).on(row.sheet) for c in needed)
    filled = sum(1 for column in row.columns if is_filled(record.get(column.name)))
    return Count(
        Formula(f"=SUMPRODUCT(--{_filled(values)})-1", filled),
        Formula(f"={len(needed)}-({'+'.join(map(_filled, cells))})", gaps) if needed else 0,
        gaps,
        len(needed),
        str(len(needed)),
    )


def _count_rows(row: type[Row], records: Sequence[Record], filled_cell: str) -> Count:
    """Return how far a table is filled; one that must not be empty lacks a whole row then."""
    rows = len(_rows(records))
    needed = required(row)
    gaps = sum(
        1 for _, record in _rows(records) for c in needed if not is_filled(record.get(c.name))
    )
    spans = spans_of(row, records)
    number, least = len(needed), int(row.if_empty is Level.ERROR)
    there = "+".join(_filled(spans[column.name]) for column in needed)
    lacking = f"{number}*({filled_cell}+1)-SUMPRODUCT({there})"
    missing = f"=IF({filled_cell}=0,{number},{lacking})" if least else f"={lacking}"
    return Count(
        Formula(f"=SUMPRODUCT(--({_anything(spans)}>0))-1", rows),
        Formula(missing, gaps if rows else number * least) if needed else 0,
        gaps if rows else number * least,
        number * max(rows, least),
        f"{number}*MAX({least},{filled_cell})",
    )


def _filled(cells: str) -> str:
    """Return the formula that tells of each cell whether more than blanks stands in it."""
    return f'(TRIM({cells})<>"")'


def spans_of(row: type[Row], records: Sequence[Record]) -> dict[str, str]:
    """Return the stretch of each column that is counted, from the header on."""
    last = last_row(records, row)
    return {
        column.name: Range(at, HEADER_ROW, last).on(row.sheet)
        for at, column in enumerate(row.columns, 1)
    }


def _anything(spans: dict[str, str]) -> str:
    return "+".join(map(_filled, spans.values()))


# ---- what to fill next


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that may have to be filled in; nothing is shown where it need not."""

    text: Formula
    row: Formula | None = None  # of a table: its first row with a gap


def tasks(form: Form, records: Records, counts: Sequence[str]) -> Iterator[Task]:
    """Yield what may have to be filled in, first things first.

    `counts` are the cells that hold how many rows each sheet has. What a formula of a table
    refers to by `{row}` is the cell in which its own row is put.
    """
    for row, filled in zip(form.rows, counts, strict=True):
        if row.vertical:
            yield from _fields(row, records[row])
            continue
        if row.if_empty is not None:
            shown = "" if _rows(records[row]) else f"“{row.sheet}”还没有填"
            yield Task(Formula(f'=IF({filled}=0,"“{row.sheet}”还没有填","")', shown))
        if required(row):
            yield _gap(row, records[row])


def _rows(records: Sequence[Record]) -> list[tuple[int, Record]]:
    """Return the records that hold something, with the rows they stand in."""
    return [
        (at, record)
        for at, record in enumerate(records, FIRST_ROW)
        if any(map(is_filled, record.values()))
    ]


def _fields(row: type[Row], records: Sequence[Record]) -> Iterator[Task]:
    record = records[0] if records else {}
    for column in required(row):
        text = f"“{row.sheet}”里的“{column.header}”没有填"
        shown = "" if is_filled(record.get(column.name)) else text
        cell = f"TRIM({name_of_cell(row, column)})"
        yield Task(Formula(f'=IF({cell}="","{text}","")', shown))


def _gap(row: type[Row], records: Sequence[Record]) -> Task:
    """Return the first gap of a table: its row, and the first column that is empty there."""
    needed, spans = required(row), spans_of(row, records)
    full = "+".join(_filled(spans[column.name]) for column in needed)
    rows = f"ROW({spans[needed[0].name]})"
    found = next(
        (
            (at, column)
            for at, record in _rows(records)
            for column in needed
            if not is_filled(record.get(column.name))
        ),
        None,
    )
    first = (
        f"={_NO_ROW}-SUMPRODUCT(MAX((({_anything(spans)})>0)*(({full})<{len(needed)})"
        f"*({_NO_ROW}-{rows})))"
    )
    *others, last = needed
    header = f'"{last.header}"'
    for column in reversed(others):
        cell = f"TRIM(INDEX({whole_column(row, column)},{{row}}))"
        header = f'IF({cell}="","{column.header}",{header})'
    before, behind = f"“{row.sheet}”第 ", " 行的“"
    text = f'=IF({{row}}<{_NO_ROW},"{before}"&{{row}}&"{behind}"&{header}&"”没有填","")'
    shown = f"{before}{found[0]}{behind}{found[1].header}”没有填" if found else ""
    return Task(Formula(text, shown), Formula(first, found[0] if found else _NO_ROW))
