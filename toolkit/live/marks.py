"""Edits made in an open workbook: notes one by one, fills many at once, nothing saved.

Law: a note is written before its fill, and goes after it: what stops between is mended next time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial

import xlwings

from toolkit.cells import fold
from toolkit.errors import LiveError
from toolkit.excel.marks.live import Edit, Lock, Marking, SheetEdits
from toolkit.live import states
from toolkit.live.members import what_for
from toolkit.live.program import OpenBook, RefusedError, step

_LONGEST_ADDRESS = 255  # of Excel's Range
_ROUNDS = 3  # a sheet is not left open before that many waits


def write(open_book: OpenBook, marking: Marking) -> tuple[str, ...]:
    """Make the edits; return a sentence for each sheet that refused them all the same.

    Raises LiveError where the program stays busy or lacks a member.
    """
    said: list[str] = []
    book = open_book.book
    with _still(book.app):
        for each in marking.sheets:
            try:
                _write_sheet(step(partial(_sheet, book, each.sheet)), each)
            except RefusedError:
                said.append(states.protected(each.sheet))
    return tuple(said)


def _sheet(book: xlwings.Book, title: str) -> xlwings.Sheet:
    return book.sheets[title]


@contextmanager
def _still(app: xlwings.App) -> Iterator[None]:
    """Keep the screen as it is meanwhile."""
    doing = what_for("ScreenUpdating")
    was = bool(step(lambda: app.screen_updating, doing))
    try:
        step(partial(_update, app, on=False), doing)
        yield
    except BaseException:
        with suppress(LiveError):  # what stopped it is what people are to be told
            step(partial(_update, app, on=was), doing)
        raise
    step(partial(_update, app, on=was), doing)


def _write_sheet(sheet: xlwings.Sheet, wanted: SheetEdits) -> None:
    with _unlocked(sheet, wanted):
        _fill(sheet, [each for each in wanted.edits if not each.marks])
        for each in wanted.edits:
            if each.note is not None:
                step(partial(_note, sheet, each), what_for("AddComment"))
        _fill(sheet, [each for each in wanted.edits if each.marks])


def _update(app: xlwings.App, *, on: bool) -> None:
    app.screen_updating = on


@contextmanager
def _unlocked(sheet: xlwings.Sheet, wanted: SheetEdits) -> Iterator[None]:
    """Take a protection without password off, and put the very same one on again."""
    if wanted.lock is None:
        yield
        return
    step(lambda: sheet.api.Unprotect(""), what_for("Unprotect"))
    try:
        yield
    finally:
        _protect(sheet, wanted.sheet, wanted.lock)


def _protect(sheet: xlwings.Sheet, title: str, lock: Lock) -> None:
    """Protect a sheet again; raises LiveError that names it where the program does not let us."""
    kinds = (lock.drawing_objects, lock.contents, lock.scenarios, False)
    left = _ROUNDS
    while True:
        left -= 1
        try:
            step(lambda: sheet.api.Protect("", *kinds, *lock.allowed), what_for("Protect"))
        except LiveError as error:
            if not left:
                raise LiveError(
                    f"{error.reason}工作表“{title}”没能恢复保护，"
                    "请在“审阅”里点“保护工作表”（不设密码）。"
                ) from error
        else:
            return


def _note(sheet: xlwings.Sheet, edit: Edit) -> None:
    cell = sheet.range(edit.cell)
    note = cell.note if edit.had_note else None
    text = edit.note or ""
    if not text and not edit.stays:
        if note is not None:
            note.delete()
    elif note is None:
        cell.add_note(text)
    else:
        note.text = text


def _fill(sheet: xlwings.Sheet, edits: Sequence[Edit]) -> None:
    """Fill cells, those of one colour by as few addresses as may be."""
    by_colour: dict[str, list[str]] = {}
    for each in edits:
        if each.fill is not None:
            by_colour.setdefault(each.fill, []).append(each.cell)
    for colour, cells in by_colour.items():
        for address in addresses(cells):
            step(partial(_colour, sheet, address, colour), what_for("Color"))


def _colour(sheet: xlwings.Sheet, address: str, colour: str) -> None:
    sheet.range(address).color = colour or None


def addresses(cells: Sequence[str]) -> Iterator[str]:
    """Yield addresses of all the cells, each no longer than Excel takes.

    >>> list(addresses(["B3", "B4", "D9"]))
    ['B3:B4,D9']
    """
    address = ""
    for part in fold(cells, len(cells)).split("、"):
        if address and len(address) + 1 + len(part) > _LONGEST_ADDRESS:
            yield address
            address = ""
        address = f"{address},{part}" if address else part
    yield address
