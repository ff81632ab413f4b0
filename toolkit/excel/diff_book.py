"""Builds the workbook of a comparison: every difference on a line, to be read and printed.

Text from the workbooks is only ever written as text.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from toolkit.cells import a1
from toolkit.differences import (
    ADDED,
    DIFF_FORM,
    NONE_DIFFERENT,
    REMOVED,
    Comparison,
    Difference,
    excerpts,
)
from toolkit.excel.links import MOST_LINKS, link_to
from toolkit.excel.look import LINK_BLUE, height_of, lines
from toolkit.excel.sheets import Page, checked, new_book, quoted, safe_text
from toolkit.schema.form import HEADER_ROW, HINT_ROW, TITLE_ROW, Identity

VERSION = "1.0.0"
TITLE = "对比结果"
"""Its one sheet."""

_LONGEST = 300  # characters of a content that are quoted; a cell can hold a hundred times more
_MARGIN = 0.7  # of a column's width, which no text gets
_TINTS = {ADDED: "#E2EFDA", REMOVED: "#F8CFCF"}


class _Column(NamedTuple):
    """A column: its header, its width, and whether its contents stand in the middle."""

    header: str
    width: float
    centred: bool = False


_VILLAGE = _Column("村名", 12)
_CELL = _Column("单元格", 8, centred=True)
_SAID = _Column("原来", 42)
_COLUMNS = (
    _Column("工作表", 13),
    _Column("编号", 14),
    _Column("栏目", 15),
    _Column("变化", 11, centred=True),
    _SAID,
    _Column("现在", 42),
    _CELL,
    _Column("在哪个文件", 10, centred=True),
)


def build_differences(found: Comparison, old_way: str, new_way: str) -> bytes:
    """Return the bytes of a comparison's workbook; equal comparisons give equal bytes.

    `old_way` and `new_way` lead from the workbook's folder to the two files.
    """
    book = new_book()
    page = book.page(TITLE)
    with_village = any(each.village for each in found.differences)
    columns = (*((_VILLAGE,) if with_village else ()), *_COLUMNS)
    page.band(TITLE_ROW, found.title, len(columns), "title", 30)
    hint = f"旧文件：{found.old}；新文件：{found.new}。{found.total}"
    page.band(HINT_ROW, hint, len(columns), "hint", 20)
    last = _write(page, columns, found, {True: old_way, False: new_way})
    for at, remark in enumerate(found.remarks, last + 2):
        page.band(at, remark, len(columns), "hint", 20)
    page.sheet.activate()
    book.stamp(found.title, Identity(DIFF_FORM, VERSION))
    return book.finished()


def _write(
    page: Page, columns: tuple[_Column, ...], found: Comparison, ways: Mapping[bool, str]
) -> int:
    """Write the table, a line for each difference, and how it is printed; return its last row."""
    sheet, width = page.sheet, len(columns)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    page.put_row(HEADER_ROW, [column.header for column in columns], page.book.style("header"))
    sheet.set_row(HEADER_ROW - 1, height_of(1))
    last = HEADER_ROW + max(1, len(found.differences))
    for at, each in enumerate(found.differences, HEADER_ROW + 1):
        _write_line(page, columns, at, each, ways)
    if not found.differences:
        texts = [NONE_DIFFERENT if column is _SAID else None for column in columns]
        page.put_row(last, texts, page.book.style("text"))
    sheet.autofilter(HEADER_ROW - 1, 0, last - 1, width - 1)
    sheet.freeze_panes(HEADER_ROW, 0)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A{HEADER_ROW}:{a1(last, width)}"})
    sheet.hide_gridlines(2)
    page.set_print(landscape=True)
    return last


def _write_line(
    page: Page,
    columns: tuple[_Column, ...],
    row: int,
    each: Difference,
    ways: Mapping[bool, str],
) -> None:
    texts = list(_texts(each))[-len(columns) :]
    tint = {"bg_color": _TINTS[each.kind]} if each.kind in _TINTS else {}
    most = 1
    for at, (column, text) in enumerate(zip(columns, texts, strict=True), 1):
        look = {"num_format": "@", **({"align": "center"} if column.centred else {})}
        if column.header == "变化":
            look |= tint
        way = link_to(ways[each.in_old], f"{quoted(each.sheet)}!{each.cell}")
        if column is _CELL and each.cell and way and row - HEADER_ROW <= MOST_LINKS:
            style = page.book.style("text", **look, font_color=LINK_BLUE, underline=1)
            code = page.sheet.write_url(row - 1, at - 1, way, style, text)
            checked(code, f"{page.title}!{a1(row, at)}")
            continue
        page.put(row, at, text, page.book.style("text", **look))
        most = max(most, lines(text, column.width - _MARGIN))
    page.sheet.set_row(row - 1, height_of(most))


def _texts(each: Difference) -> Iterator[str]:
    """Yield what stands in the columns, the village's first."""
    yield each.village
    yield each.sheet
    yield each.key
    yield each.header
    yield each.kind
    yield from excerpts(each.before, each.after, _LONGEST)
    yield safe_text(each.cell, TITLE)
    yield ("旧文件" if each.in_old else "新文件") if each.cell else ""
