"""The sheet 待迁移 of an upgraded workbook: what its form has no place for any more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.cells import Raw
from toolkit.excel.look import height
from toolkit.excel.sheets import Page, shown_format
from toolkit.schema.form import FIRST_ROW, HEADER_ROW, HINT_ROW, PARKING_SHEET, TITLE_ROW
from toolkit.schema.kinds import as_text

CONTENT = 4
"""The column, counted from 1, of what is parked."""

MOVE_CELL = "还有用的并入相近的栏目（如“进展说明”），没用的删去本行。"
MOVE_NOTE = "还有用的在相应的单元格里插入批注，没用的删去本行。"
"""What is to be done with a line of either sort."""

_HINT = "旧版工作簿里没有对应栏目的内容都在这里。逐行看一遍，全部处理完后删除本表。"
_HEADERS = ("原工作表", "原单元格", "原栏目", "内容", "怎么办")
_WIDTHS = (16, 12, 30, 52, 60)
_TAB = "#C00000"


@dataclass(frozen=True, slots=True)
class Parked:
    """One line: where something stood, under which header if that is known, and what it is."""

    sheet: str
    cell: str
    heading: str
    content: Raw
    advice: str = MOVE_CELL

    @property
    def line(self) -> tuple[Raw, ...]:
        """The cells of the line."""
        return (self.sheet, self.cell, self.heading, self.content, self.advice)


def write_parking(page: Page, parked: Sequence[Parked]) -> None:
    """Write the sheet; nothing in it is locked, for its lines are there to be deleted."""
    last = len(_HEADERS)
    page.band(TITLE_ROW, PARKING_SHEET, last, "title", 32)
    page.band(HINT_ROW, _HINT, last, "hint", 20)
    for at, width in enumerate(_WIDTHS):
        page.sheet.set_column(at, at, width)
    page.sheet.set_row(HEADER_ROW - 1, 26, page.book.style("plain"))
    page.put_row(HEADER_ROW, _HEADERS, page.book.style("header"))
    for at, each in enumerate(parked, FIRST_ROW):
        _write_line(page, at, each)
    page.sheet.freeze_panes(HEADER_ROW, 0)
    page.sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    page.sheet.set_tab_color(_TAB)
    page.set_print(landscape=True)


def _write_line(page: Page, at: int, parked: Parked) -> None:
    texts = zip(map(as_text, parked.line), _WIDTHS, strict=True)
    page.sheet.set_row(at - 1, height(texts))
    for column, content in enumerate(parked.line, 1):
        page.put(at, column, content, _style(page, content))


def _style(page: Page, content: Raw) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    own = "@" if isinstance(content, str) else "General"
    number_format = shown_format(own, content)
    return page.book.style("input", num_format=number_format, align="left", valign="vcenter")


def parked_lines(cells: Mapping[tuple[int, int], Raw]) -> Iterator[tuple[int, Parked]]:
    """Yield what an earlier upgrade parked, with the row it stands in; none without the headers.

    A line whose content has been deleted is done with.
    """
    head = next((row for row, _ in sorted(cells) if _is_head(row, cells)), None)
    if head is None:
        return
    for row in sorted({row for row, column in cells if row > head and column == CONTENT}):
        sheet, cell, heading, advice = (as_text(cells.get((row, at))) for at in (1, 2, 3, 5))
        known = advice if advice in {MOVE_CELL, MOVE_NOTE} else MOVE_CELL
        yield row, Parked(sheet, cell, heading, cells[row, CONTENT], known)


def _is_head(row: int, cells: Mapping[tuple[int, int], Raw]) -> bool:
    return all(cells.get((row, at)) == header for at, header in enumerate(_HEADERS, 1))


def is_furniture(
    at: tuple[int, int], cells: Mapping[tuple[int, int], Raw], lines: Mapping[int, Parked]
) -> bool:
    """Say whether a cell of the sheet is one of its own texts, or tells of a line's origin."""
    row, column = at
    if cells[at] in {PARKING_SHEET, _HINT, MOVE_CELL, MOVE_NOTE, *_HEADERS}:
        return True
    was_a_line = row in lines or cells.get((row, len(_HEADERS))) in {MOVE_CELL, MOVE_NOTE}
    return column < CONTENT and was_a_line
