"""From one marked cell to the next: the sheet comes to the front, the cell is selected."""

import re
from collections.abc import Sequence
from functools import partial

import xlwings

from toolkit.cells import place
from toolkit.live.members import what_for
from toolkit.live.program import OpenBook, RefusedError, UnsupportedError, step

Spot = tuple[int, int, int]
"""Number of the sheet, row, column."""


def walk(
    open_book: OpenBook, places: Sequence[tuple[str, str]], *, forward: bool
) -> tuple[str, str] | None:
    """Select the first of some places after the selection, or the last before it; return it.

    The sheets are gone through in their order, each by rows, and from the last to the first. None
    where there is no place. Raises LiveError where the program does not let us.
    """
    book = open_book.book
    titles: list[str] = step(partial(_titles, book), what_for("Worksheets"))
    spots = sorted(
        ((titles.index(title), *place(cell)), (title, cell))
        for title, cell in places
        if title in titles
    )
    if not spots:
        return None
    _bring_forward(book)
    here = _here(book, titles)
    if forward:
        found = next((each for spot, each in spots if spot > here), spots[0][1])
    else:
        found = next((each for spot, each in reversed(spots) if spot < here), spots[-1][1])
    title, cell = found
    step(partial(_activate, book, title), what_for("Activate"))
    step(lambda: book.sheets[title].api.Range(cell).Select(), "选中单元格")
    return found


def _titles(book: xlwings.Book) -> list[str]:
    return [sheet.name for sheet in book.sheets]


def _activate(book: xlwings.Book, title: str = "") -> None:
    """Bring a workbook or one of its sheets forward.

    xlwings' own `activate` cannot do it in a program that was found by its name.
    """
    (book.sheets[title] if title else book).impl.activate()


def _bring_forward(book: xlwings.Book) -> None:
    """Make the workbook the active one of its program, unless it is."""
    active = step(lambda: book.app.api.ActiveWorkbook, what_for("ActiveWorkbook"))
    if active is None or step(lambda: active.Name) != step(lambda: book.name):
        step(partial(_activate, book), "切换工作簿")


_FIRST = re.compile(r"\$?([A-Z]*)\$?([0-9]*)")  # whole columns have no row


def _corner(book: xlwings.Book) -> tuple[int, int]:
    """Return row and column of the first selected cell; xlwings hides that a program is busy."""
    selection = book.app.api.Selection
    found = _FIRST.match(selection.Address) if selection else None
    return place(f"{found[1] or 'A'}{found[2] or 1}") if found else (0, 0)


def _here(book: xlwings.Book, titles: Sequence[str]) -> Spot:
    """Return where the selection is; before all cells of the sheet where it is none of cells."""
    try:
        title = step(lambda: book.sheets.active.name)
    except (RefusedError, UnsupportedError):
        return -1, 0, 0
    try:
        row, column = step(partial(_corner, book), what_for("Selection"))
    except (RefusedError, UnsupportedError):
        row, column = 0, 0
    return (titles.index(title) if title in titles else -1), row, column
