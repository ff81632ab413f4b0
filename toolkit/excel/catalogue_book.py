"""Builds a catalogue as a workbook of one sheet: rows of text to be read, filtered and copied."""

from collections.abc import Sequence
from typing import NamedTuple

from toolkit.excel.look import height
from toolkit.excel.sheets import new_book
from toolkit.schema.form import HEADER_ROW, HINT_ROW, TITLE_ROW, Identity

CATALOGUE_BOOK, VERSION = "placeholder-catalogue", "1.0.0"
"""What the book says it is."""

_MARGIN = 0.7  # of a column's width, which no text gets


class Heading(NamedTuple):
    """A column's header and its width."""

    text: str
    width: float


def build_catalogue(
    title: str, hint: str, headings: Sequence[Heading], rows: Sequence[Sequence[str]]
) -> bytes:
    """Return the bytes of the book; equal rows give equal bytes."""
    book = new_book()
    page = book.page(title)
    sheet, last = page.sheet, HEADER_ROW + len(rows)
    for at, heading in enumerate(headings):
        sheet.set_column(at, at, heading.width)
    page.band(TITLE_ROW, title, len(headings), "title", 30)
    page.band(HINT_ROW, hint, len(headings), "hint", 20)
    page.put_row(HEADER_ROW, [heading.text for heading in headings], book.style("header"))
    text = book.style("text", num_format="@")
    for at, row in enumerate(rows, HEADER_ROW + 1):
        page.put_row(at, row, text)
        widths = (heading.width - _MARGIN for heading in headings)
        sheet.set_row(at - 1, height(zip(row, widths, strict=True), 18))
    sheet.autofilter(HEADER_ROW - 1, 0, last - 1, len(headings) - 1)
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.hide_gridlines(2)
    sheet.activate()
    page.set_print(landscape=True)
    book.stamp(title, Identity(CATALOGUE_BOOK, VERSION))
    return book.finished()
