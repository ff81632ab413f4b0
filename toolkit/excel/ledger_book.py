"""Builds 整顿台账: the lists of a rectification as sheets to filter, to print and to trace.

Text from the villages is only ever written as text; a link leads only to a file that was read.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.cells import Raw, a1
from toolkit.excel.links import MOST_LINKS, link_to
from toolkit.excel.look import DAY_FORMAT, LINK_BLUE, height_of, lines
from toolkit.excel.sheets import Book, Page, Range, checked, new_book, quoted, safe_text
from toolkit.forms.lists import FORM_ID, SOURCE, VERSION, Heading, Line, View
from toolkit.schema.form import FIRST_ROW, HEADER_ROW, HINT_ROW, TITLE_ROW, Identity
from toolkit.schema.kinds import Day, as_text

_SOURCE = Heading(SOURCE, 19)
_MARGIN = 0.7  # of a column's width, which no text gets
_FROZEN = 2  # columns: the village and the number


def build_lists(views: Sequence[View], town: str, as_of: dt.date, ways: Mapping[str, str]) -> bytes:
    """Return the bytes of the lists' workbook; equal input gives equal bytes.

    `ways` lead by path from the workbook's folder to the villages' files.
    """
    book = new_book()
    day = Day().text(as_of)
    for view in views:
        _write(book.page(view.title), view, f"{town}{view.title}（截至{day}）", ways)
    book.stamp(f"{town}整顿台账（截至{day}）", Identity(FORM_ID, VERSION, "", as_of.isoformat()))
    return book.finished()


def _write(page: Page, view: View, title: str, ways: Mapping[str, str]) -> None:
    headings = (*view.headings, _SOURCE)
    sheet, last = page.sheet, HEADER_ROW + max(1, len(view.lines))
    for at, heading in enumerate(headings):
        sheet.set_column(at, at, heading.width)
    page.band(TITLE_ROW, title, len(headings), "title", 30)
    page.put_row(HEADER_ROW, (each.text for each in headings), page.book.style("header"))
    sheet.set_row(HEADER_ROW - 1, height_of(_most([each.text for each in headings], headings)))
    links = 0
    for number, line in enumerate(view.lines, FIRST_ROW):
        links += _put(page, number, line, view, ways, may_link=links < MOST_LINKS)
    if not view.lines:
        page.put_row(FIRST_ROW, (None for _ in headings), page.book.style("text"))
    page.band(HINT_ROW, view.hint + _remark(view, links), len(headings), "hint", 20)
    if view.alarming:
        at = 1 + [each.text for each in view.headings].index(view.alarming)
        rule = {"type": "cell", "criteria": ">", "value": 0}
        page.colour(Range(at, FIRST_ROW, last), rule, "alarm")
    sheet.autofilter(HEADER_ROW - 1, 0, last - 1, len(headings) - 1)
    sheet.freeze_panes(HEADER_ROW, _FROZEN)
    sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW}:{a1(last, len(headings))}"})
    sheet.hide_gridlines(2)
    page.set_print(landscape=True)
    sheet.print_area(0, 0, last - 1, len(view.headings) - 1)  # without 来源


def _remark(view: View, links: int) -> str:
    """Return what is to be said of a sheet without lines, or of lines without links."""
    if not view.lines:
        return "没有记录。"
    left = len(view.lines) - links
    return f"有 {left} 行没有做成链接。" if left else f"点“{SOURCE}”可打开村级工作簿的那一行。"


def _put(  # noqa: PLR0913 -- a line, its place, and what its link needs
    page: Page, number: int, line: Line, view: View, ways: Mapping[str, str], *, may_link: bool
) -> bool:
    """Write one line; say whether it leads to its source."""
    for at, (heading, cell) in enumerate(zip(view.headings, line.cells, strict=True), 1):
        page.put(number, at, cell, _style(page.book, heading, cell))
    texts = [*map(as_text, line.cells), line.source]
    page.sheet.set_row(number - 1, height_of(_most(texts, (*view.headings, _SOURCE))))
    at = len(view.headings) + 1
    place = f"{quoted(line.row.sheet_title)}!A{line.row.line}"
    target = link_to(ways.get(line.row.workbook, ""), place) if may_link else ""
    if not target:
        page.put(number, at, line.source, page.book.style("text", num_format="@"))
        return False
    style = page.book.style("text", num_format="@", font_color=LINK_BLUE, underline=1)
    where = f"{page.title}!{a1(number, at)}"
    text = safe_text(line.source, where)
    checked(page.sheet.write_url(number - 1, at - 1, target, style, text), where)
    return True


def _style(book: Book, heading: Heading, cell: Raw) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    look: dict[str, object] = {"align": "center"} if heading.centred else {}
    if isinstance(cell, str) or cell is None:
        return book.style("text", **look, num_format="@")
    if isinstance(cell, dt.date):
        return book.style("text", **look, num_format=DAY_FORMAT)
    return book.style("text", **look, num_format="General")


def _most(texts: Sequence[str], headings: Sequence[Heading]) -> int:
    """Return how many lines the longest text of a row takes."""
    pairs = zip(texts, headings, strict=True)
    return max(lines(text, heading.width - _MARGIN) for text, heading in pairs)
