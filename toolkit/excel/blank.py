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
from toolkit.excel.instructions import OPEN_LAYOUT, Instructions
from toolkit.excel.look import BLANK_HEIGHT, INK, QUIET, RED, height
from toolkit.excel.parking import Parked, write_parking
from toolkit.excel.records import Record, last_bordered_row, last_row, records_of
from toolkit.excel.sheets import Note, Page, Range, new_book, shown_format, when
from toolkit.package import rewrite
from toolkit.schema.codelists import CodeList
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import (
    ADVICE,
    FIRST_ROW,
    HEADER_ROW,
    HINT_ROW,
    IDENTITY_NAME,
    INSTRUCTIONS_SHEET,
    LABEL,
    META_SHEET,
    PARKING_SHEET,
    TITLE_ROW,
    UNIT,
    VALUE,
    VERTICAL_HEADERS,
    Filling,
    Form,
    Identity,
    name_of_cell,
    vertical_layout,
)
from toolkit.schema.kinds import Limits, as_text
from toolkit.schema.texts import display_width

REQUIRED_MARK = " *"
"""What follows the header of a column that must be filled."""

_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
_UNBOUNDED = 10**15  # a number as large as Excel keeps exactly: asks for a number, no more


def build_workbook(
    form: Form,
    identity: Identity,
    filling: Filling | None = None,
    *,
    notes: Sequence[Note] = (),
    parked: Sequence[Parked] = (),
) -> bytes:
    """Return the bytes of a form's workbook, filled in as far as `filling` goes.

    `notes` are hung on its cells; what is `parked` stands on a sheet of its own. Equal input gives
    equal bytes. Raises KeyError for a sheet or column that the form lacks, and ToolkitError,
    naming sheet and cell, for what a cell cannot hold.
    """
    records = records_of(form, filling or {})
    book = new_book()
    instructions = book.page(INSTRUCTIONS_SHEET)
    for row in form.rows:
        write = _write_vertical if row.vertical else _write_table
        write(book.page(row.sheet), row, records[row])
    if parked:
        write_parking(book.page(PARKING_SHEET), parked)
    _write_dictionary(book.page(form.dictionary), form.codelists())
    _write_meta(book.page(META_SHEET), form, identity)
    Instructions(instructions, form, records).write(identity)
    for note in notes:
        book.pages[note.sheet].note(note)
    book.stamp(form.title, identity)
    return rewrite(book.finished(), _let_rows_grow)


def _let_rows_grow(part: str, content: bytes) -> bytes:
    """Return a sheet whose rows keep their heights, but grow when somebody types more.

    XlsxWriter marks every height as set by hand; Excel then never fits the row to its text again.
    """
    if not part.startswith("xl/worksheets/"):
        return content
    return content.replace(b' customHeight="1"', b"")


def _header(column: Column[Any]) -> str:
    return f"{column.header}{REQUIRED_MARK}" if column.required else column.header


# ---- checks and prompts


def _prompt(column: Column[Any]) -> str:
    """Return the input prompt: the column's advice, its unit, an example where there is room."""
    unit = f"（{column.unit}）" if column.unit else ""
    example = f"例：{column.example}" if column.example else ""
    text = "\n".join(part for part in (f"{unit}{column.advice}", example) if part)
    return text if len(text) <= _LONGEST_MESSAGE else column.advice[:_LONGEST_MESSAGE]


def _validation(column: Column[Any]) -> dict[str, object]:
    """Return the check of a column's cells, in XlsxWriter's words."""
    title, prompt = column.header[:_LONGEST_TITLE], _prompt(column)
    options: dict[str, object] = {"input_title": title, "input_message": prompt}
    limits = column.kind.limits
    if limits is None:
        return options | {"validate": "any"}
    options |= {"error_title": title, "error_message": prompt}
    if limits.codelist is not None:
        style = "stop" if limits.strict else "information"
        source = f"={_list_name(limits.codelist)}"
        return options | {"validate": "list", "source": source, "error_type": style}
    return options | {"validate": limits.type, "error_type": "warning"} | _bounds(limits)


def _bounds(limits: Limits) -> dict[str, object]:
    if limits.low is not None and limits.high is None:
        return {"criteria": ">=", "value": limits.low}
    low = -_UNBOUNDED if limits.low is None else limits.low
    high = _UNBOUNDED if limits.high is None else limits.high
    return {"criteria": "between", "minimum": low, "maximum": high}


def _list_name(codelist: CodeList) -> str:
    """Return the defined name of a dropdown's entries."""
    return "字典_" + re.sub(r"\W", "_", codelist.name)


def _number_format(column: Column[Any], raw: Raw) -> str:
    return shown_format(column.kind.number_format, raw)


# ---- sheets that people fill in

_OPEN_TABLE = dict.fromkeys(
    ("sort", "autofilter", "format_columns", "format_rows", "insert_rows", "delete_rows"), True
)


def _write_table(page: Page, row: type[Row], records: Sequence[Record]) -> None:
    """Write a sheet of one record a row."""
    last = len(row.columns)
    _head(page, row, last)
    for at, column in enumerate(row.columns, 1):
        # The style of the whole column leaves what lies below the bordered rows open for more.
        page.sheet.set_column(at - 1, at - 1, column.width, _input_style(page, column))
        page.put(HEADER_ROW, at, _header(column), _head_style(page, "header", column))
    _write_body(page, row, records)
    _check_table(page, row, last_row(records, row))
    page.sheet.autofilter(HEADER_ROW - 1, 0, last_row(records, row) - 1, last - 1)
    page.sheet.freeze_panes(HEADER_ROW, 1 if row.key is row.columns[0] else 0)
    page.sheet.protect("", _OPEN_TABLE)
    page.sheet.print_area(0, 0, last_bordered_row(records, row) - 1, last - 1)
    page.set_print(landscape=True)


def _head(page: Page, row: type[Row], last: int) -> None:
    page.sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    page.band(TITLE_ROW, row.sheet, last, "title", 32)
    page.band(HINT_ROW, row.hint, last, "hint", 20)
    page.sheet.set_row(HEADER_ROW - 1, 32, page.book.style("plain"))
    page.sheet.set_selection(FIRST_ROW - 1, 0, FIRST_ROW - 1, 0)


def _head_style(page: Page, name: str, column: Column[Any]) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    return page.book.style(name, font_color=RED if column.required else INK)


def _input_style(page: Page, column: Column[Any], raw: Raw = None) -> Any:  # noqa: ANN401 -- as above
    limits = column.kind.limits
    centred = limits is not None and limits.type in {"list", "date"}
    number_format = _number_format(column, raw)
    return page.book.style(
        "input", num_format=number_format, align="center" if centred else "general"
    )


def _write_body(page: Page, row: type[Row], records: Sequence[Record]) -> None:
    """Write the records, then blank rows."""
    styles = [_input_style(page, column) for column in row.columns]
    # Unlocked as far as the sheet goes: Excel deletes no row that holds a locked cell.
    free = page.book.style("free")
    for at, record in enumerate(records, FIRST_ROW):
        texts = ((as_text(record.get(c.name)), c.width) for c in row.columns)
        page.sheet.set_row(at - 1, height(texts), free)
        for number, (column, style) in enumerate(zip(row.columns, styles, strict=True), 1):
            raw = record.get(column.name)
            own = isinstance(raw, dt.date | dt.time | dt.timedelta)
            page.put(at, number, raw, _input_style(page, column, raw) if own else style)
    for at in range(FIRST_ROW + len(records), last_bordered_row(records, row) + 1):
        page.sheet.set_row(at - 1, BLANK_HEIGHT, free)
        for number, style in enumerate(styles, 1):
            page.put(at, number, None, style)


def _check_table(page: Page, row: type[Row], last: int) -> None:
    """Lay checks, prompts and colours over a table."""
    line = f"${letters(1)}{FIRST_ROW}:${letters(len(row.columns))}{FIRST_ROW}"
    for at, column in enumerate(row.columns, 1):
        cells = Range(at, FIRST_ROW, last)
        page.validate(cells, _validation(column))
        if column.required:
            page.colour(cells, when(f'=AND({cells.a1}="",COUNTA({line})>0)'), "missing")
        if column is row.key:
            # Not COUNTIF, which takes the codes 0203 and 203 for the same number.
            same = f"SUMPRODUCT(--({cells.absolute}={cells.a1}))>1"
            page.colour(cells, when(f'=AND({cells.a1}<>"",{same})'), "duplicate")


_WIDTHS = {LABEL: 22, VALUE: 34, UNIT: 8, ADVICE: 58}


def _write_vertical(page: Page, row: type[Row], records: Sequence[Record]) -> None:
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
    first = layout[row.columns[0].name] - 1
    page.sheet.set_selection(first, VALUE - 1, first, VALUE - 1)
    page.sheet.freeze_panes(HEADER_ROW, 0)
    page.sheet.hide_gridlines(2)
    page.sheet.protect("", OPEN_LAYOUT)
    page.sheet.print_area(0, 0, max(layout.values()) - 1, ADVICE - 1)
    page.set_print(landscape=False)


def _write_field(page: Page, row: type[Row], column: Column[Any], at: int, raw: Raw) -> None:
    """Write one field of a vertical sheet: label, content, unit, advice."""
    cells = Range(VALUE, at, at)
    text = page.book.style("text", font_color=QUIET)
    texts = ((as_text(raw), _WIDTHS[VALUE] * 0.9), (column.guide, _WIDTHS[ADVICE]))
    page.sheet.set_row(at - 1, height(texts))
    page.put(at, LABEL, _header(column), _head_style(page, "label", column))
    page.put(at, VALUE, raw, page.book.style("value", num_format=_number_format(column, raw)))
    page.put(at, UNIT, column.unit, page.book.style("text", align="center", font_color=QUIET))
    page.put(at, ADVICE, column.guide, text)
    page.book.name(name_of_cell(row, column), cells.on(page.title))
    page.validate(cells, _validation(column))
    if column.required:
        page.colour(cells, when(f'={cells.a1}=""'), "missing")


# ---- sheets that nobody fills in


def _write_dictionary(page: Page, codelists: Sequence[CodeList]) -> None:
    """Write the dropdowns' entries, a list a column, and name them."""
    for at, codelist in enumerate(codelists, 1):
        page.sheet.set_column(at - 1, at - 1, max(map(display_width, codelist.shown)) + 2)
        page.put(1, at, codelist.name, page.book.style("header"))
        for row, entry in enumerate(codelist.shown, 2):
            page.put(row, at, entry, page.book.style("plain", num_format="@"))
        page.book.name(_list_name(codelist), Range(at, 2, len(codelist.shown) + 1).on(page.title))
    page.sheet.protect("", OPEN_LAYOUT)
    page.sheet.hide()


def meta_facts(title: str, identity: Identity) -> tuple[tuple[str, str], ...]:
    """Return what a workbook says of itself on the sheet _meta, a line each."""
    return (
        (IDENTITY_NAME, identity.line()),
        ("表格", identity.form),
        ("版本", identity.version),
        ("代码", identity.code),
        ("年度", identity.year),
        ("名称", title),
    )


def _write_meta(page: Page, form: Form, identity: Identity) -> None:
    """Write who the workbook is, where no menu shows it."""
    page.sheet.set_column(0, 1, 36)
    for at, fact in enumerate(meta_facts(form.title, identity), 1):
        page.put_row(at, fact, page.book.style("plain", num_format="@"))
    page.sheet.protect("", OPEN_LAYOUT)
    page.sheet.very_hidden()
