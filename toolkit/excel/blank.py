"""Builds the blank (or prefilled) standard workbook of a form; it serves every form and names none.

Only features that Excel 2010, WPS and LibreOffice share, and that survive a round trip through
openpyxl: classic validation through defined names, classic fills, plain formulas. No formula
stands in a cell that is read back, no merged cell in a table. Rows and columns count from 1.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from toolkit.cells import Raw, letters
from toolkit.excel.checks import validation
from toolkit.excel.instructions import Instructions
from toolkit.excel.lists import Lists
from toolkit.excel.look import BLANK_HEIGHT, INK, OPEN_LAYOUT, QUIET, RED, height
from toolkit.excel.parking import Parked, write_parking
from toolkit.excel.records import Record, last_bordered_row, last_row, records_of
from toolkit.excel.sheets import Note, Page, Range, new_book, shown_format, when
from toolkit.excel.tints import Sheet, tints
from toolkit.package import rewrite
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import (
    ADVICE,
    FIRST_ROW,
    HEADER_ROW,
    HINT_ROW,
    IDENTITY_NAME,
    INSTRUCTIONS_SHEET,
    ISSUED_LABEL,
    LABEL,
    META_SHEET,
    NOWHERE,
    PARKING_SHEET,
    TITLE_ROW,
    UNIT,
    VALUE,
    VERTICAL_HEADERS,
    Filling,
    Form,
    Identity,
    Local,
    name_of_cell,
    vertical_layout,
)
from toolkit.schema.kinds import as_text

_WIDEST = 180  # half-width letters that can still be read side by side on one page
REQUIRED_MARK = " *"
"""What follows the header of a column that must be filled."""


def build_workbook(  # noqa: PLR0913 -- what a workbook may hold
    form: Form,
    identity: Identity,
    filling: Filling | None = None,
    *,
    notes: Sequence[Note] = (),
    parked: Sequence[Parked] = (),
    local: Local = NOWHERE,
    issued: str = "",
) -> bytes:
    """Return the bytes of a form's workbook, filled in as far as `filling` goes.

    `notes` are hung on its cells; what is `parked` stands on a sheet of its own; `local` is what
    the township decides, `issued` a digest of the contents that it issues. Equal input gives equal
    bytes. Raises KeyError for a sheet or column that the form lacks, and ToolkitError,
    naming sheet and cell, for what a cell cannot hold.
    """
    records = records_of(form, filling or {})
    book = new_book()
    instructions = book.page(INSTRUCTIONS_SHEET)
    for row in form.rows:
        write = _write_vertical if row.vertical else _write_table
        write(book.page(row.sheet), form, row, records[row])
    if parked:
        write_parking(book.page(PARKING_SHEET), parked)
    year = int(identity.year) if identity.year.isdecimal() else 0
    lists = Lists(book.page(form.dictionary), form, local, records, year)
    Instructions(instructions, form, records).write(identity, lists)
    _write_meta(book.page(META_SHEET), form, identity, issued)
    for note in notes:
        book.pages[note.sheet].note(note)
    book.stamp(form.title, identity)
    return rewrite(book.finished(), _finish)


_BESIDE_TABLE = re.compile(rb'max="[0-9]+"([^>]* style="[0-9]+"[^>]*/></cols>)')
"""The end of the last column of a sheet whose columns are styled, which are the tables."""


def _finish(part: str, content: bytes) -> bytes:
    """Return a sheet whose rows grow with their text, and beside whose table all is unlocked.

    XlsxWriter marks every height as set by hand; Excel then never fits the row to its text again.
    It would also take a thousand times as long to style the columns to the sheet's end, which
    Excel asks for: it deletes no row that holds a locked cell.
    """
    if not part.startswith("xl/worksheets/"):
        return content
    content = _BESIDE_TABLE.sub(rb'max="16384"\1', content, count=1)
    head, rows, body = content.partition(b"<sheetData")
    return head + rows + body.replace(b' customHeight="1"', b"")


_WIDTHS = {LABEL: 20, VALUE: 32, UNIT: 6, ADVICE: 50}  # of a vertical sheet


def room(row: type[Row], column: Column[Any]) -> float:
    """Return how many half-width letters stand side by side in a cell that people fill in."""
    return _WIDTHS[VALUE] * 0.9 if row.vertical else column.width  # there in larger letters


def _header(column: Column[Any]) -> str:
    return f"{column.header}{REQUIRED_MARK}" if column.required else column.header


def _number_format(column: Column[Any], raw: Raw) -> str:
    return shown_format(column.kind.number_format, raw)


def _table_header(column: Column[Any]) -> str:
    """Return the header above a column, its unit on a line of its own."""
    return f"{column.headed}{REQUIRED_MARK if column.required else ''}"


# ---- sheets that people fill in

_OPEN_TABLE = dict.fromkeys(
    ("sort", "autofilter", "format_columns", "format_rows", "insert_rows", "delete_rows"), True
)


def _write_table(page: Page, form: Form, row: type[Row], records: Sequence[Record]) -> None:
    """Write a sheet of one record a row."""
    last = len(row.columns)
    wide = sum(column.width for column in row.columns) > _WIDEST
    # The first column stands on the second page as well, where a title would be cut off.
    _head(page, row, last, at=1 + wide)
    for at, column in enumerate(row.columns, 1):
        # Cells that are not written take the column's style: unlocked, in the column's format.
        page.sheet.set_column(at - 1, at - 1, column.width, _input_style(page, column, "open"))
        page.put(HEADER_ROW, at, _table_header(column), _head_style(page, "header", column))
    # `_finish` lets this column stand for all that follow.
    page.sheet.set_column(last, last, None, page.book.style("free"))
    page.sheet.set_default_row(BLANK_HEIGHT)
    _write_body(page, row, records)
    _check(page, form, Sheet(form, row, last_row(records, row)))
    _draw_lines(page, row, records)
    page.sheet.autofilter(HEADER_ROW - 1, 0, last_row(records, row) - 1, last - 1)
    page.sheet.freeze_panes(HEADER_ROW, 1 if row.key is row.columns[0] else 0)
    page.sheet.protect("", _OPEN_TABLE)
    page.sheet.repeat_columns(0)
    page.set_print(landscape=True, pages=1 + wide)


def _head(page: Page, row: type[Row], last: int, at: int = 1) -> None:
    page.sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    page.band(TITLE_ROW, row.sheet, last, "title", 32, at)
    page.band(HINT_ROW, row.hint, last, "hint", 20, at)
    page.sheet.set_row(HEADER_ROW - 1, 32, page.book.style("plain"))
    page.sheet.set_selection(FIRST_ROW - 1, 0, FIRST_ROW - 1, 0)


def _head_style(page: Page, name: str, column: Column[Any]) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    return page.book.style(name, font_color=RED if column.required else INK)


def _input_style(page: Page, column: Column[Any], name: str, raw: Raw = None) -> Any:  # noqa: ANN401 -- as above
    limits = column.kind.limits
    centred = limits is not None
    number_format = _number_format(column, raw)
    return page.book.style(name, num_format=number_format, align="center" if centred else "general")


def _write_body(page: Page, row: type[Row], records: Sequence[Record]) -> None:
    """Write the records; a blank row needs no cells, and none is printed."""
    styles = [_input_style(page, column, "input") for column in row.columns]
    for at, record in enumerate(records, FIRST_ROW):
        texts = ((as_text(record.get(c.name)), room(row, c)) for c in row.columns)
        page.sheet.set_row(at - 1, height(texts))
        for number, (column, style) in enumerate(zip(row.columns, styles, strict=True), 1):
            raw = record.get(column.name)
            own = isinstance(raw, dt.date | dt.time | dt.timedelta)
            page.put(at, number, raw, _input_style(page, column, "input", raw) if own else style)


def _draw_lines(page: Page, row: type[Row], records: Sequence[Record]) -> None:
    """Draw the lines of a table: round the rows that stand ready, and round every filled one.

    As a condition, so that paper shows them only as far down as something is filled in; as the
    last one of each column, for LibreOffice shows the first that holds. The fills have lines too.
    """
    line = f"${letters(1)}{FIRST_ROW}:${letters(len(row.columns))}{FIRST_ROW}"
    drawn = when(f"=OR(ROW()<={last_bordered_row(records, row)},COUNTA({line})>0)")
    for at, _ in enumerate(row.columns, 1):
        page.colour(Range(at, FIRST_ROW, last_row(records, row)), drawn, "lines")


def _check(page: Page, form: Form, sheet: Sheet) -> None:
    """Lay checks, prompts and fills over what people fill in."""
    for column in sheet.row.columns:
        page.validate(sheet.cells(column), validation(form, column))
    for tint in tints(sheet):
        page.colour(tint.cells, when(tint.formula), tint.style)


def _write_vertical(page: Page, form: Form, row: type[Row], records: Sequence[Record]) -> None:
    """Write a sheet of one record, a field a row."""
    _head(page, row, ADVICE)
    for at, width in _WIDTHS.items():
        page.sheet.set_column(at - 1, at - 1, width)
        page.put(HEADER_ROW, at, VERTICAL_HEADERS[at], page.book.style("header"))
    record = records[0] if records else {}
    layout = vertical_layout(row)
    section = ""
    for column in row.columns:
        at = layout[column.name]
        if column.section != section:
            section = column.section
            page.band(at - 1, section, ADVICE, "band", 21)
        _write_field(page, row, column, at, record.get(column.name))
    _check(page, form, Sheet(form, row))
    first = layout[row.columns[0].name] - 1
    page.sheet.set_selection(first, VALUE - 1, first, VALUE - 1)
    page.sheet.freeze_panes(HEADER_ROW, 0)
    page.sheet.hide_gridlines(2)
    page.sheet.protect("", OPEN_LAYOUT)
    page.sheet.print_area(0, 0, max(layout.values()) - 1, ADVICE - 1)
    page.set_print(landscape=False)


def _write_field(page: Page, row: type[Row], column: Column[Any], at: int, raw: Raw) -> None:
    """Write one field of a vertical sheet: label, content, unit, advice."""
    text = page.book.style("text", font_color=QUIET)
    texts = ((as_text(raw), room(row, column)), (column.guide, _WIDTHS[ADVICE]))
    page.sheet.set_row(at - 1, height(texts))
    page.put(at, LABEL, _header(column), _head_style(page, "label", column))
    page.put(at, VALUE, raw, page.book.style("value", num_format=_number_format(column, raw)))
    page.put(at, UNIT, column.unit, page.book.style("text", align="center", font_color=QUIET))
    page.put(at, ADVICE, column.guide, text)
    page.book.name(name_of_cell(row, column), Range(VALUE, at, at).on(page.title))


# ---- sheets that nobody fills in


def meta_facts(title: str, identity: Identity, issued: str = "") -> tuple[tuple[str, str], ...]:
    """Return what a workbook says of itself on the sheet _meta, a line each."""
    facts = (
        (IDENTITY_NAME, identity.line()),
        ("表格", identity.form),
        ("版本", identity.version),
        ("代码", identity.code),
        ("年度", identity.year),
        ("名称", title),
    )
    return (*facts, (ISSUED_LABEL, issued)) if issued else facts


def _write_meta(page: Page, form: Form, identity: Identity, issued: str) -> None:
    """Write who the workbook is, where no menu shows it."""
    page.sheet.set_column(0, 1, 36)
    for at, fact in enumerate(meta_facts(form.title, identity, issued), 1):
        page.put_row(at, fact, page.book.style("plain", num_format="@"))
    page.sheet.protect("", OPEN_LAYOUT)
    page.sheet.very_hidden()
