"""Edits made in an open workbook: notes one by one, fills many at once, nothing saved.

Law: a note is written before its fill, and goes after it: what stops between is mended next time.
The program's own objects are asked, in one step each: xlwings' take four times as many calls.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import xlwings

from toolkit.cells import fold
from toolkit.errors import LiveError
from toolkit.excel.marks.live import Edit, Lock, Marking, SheetEdits
from toolkit.live.members import what_for
from toolkit.live.program import OpenBook, RefusedError, UnsupportedError, setting, step

_LONGEST_ADDRESS = 255  # of Excel's Range
_NO_FILL = -4142  # xlColorIndexNone
_ROUNDS = 3  # what must be put back is not given up before that many waits


@dataclass(frozen=True)
class Written:
    """What became of the edits of a marking."""

    made: int  # cells at which all was done
    refused: tuple[Edit, ...]  # of cells at which the program would not
    locked: tuple[SheetEdits, ...]  # of sheets whose protection it would not take off

    @property
    def is_whole(self) -> bool:
        """Whether everything was done."""
        return not self.refused and not self.locked


def write(open_book: OpenBook, marking: Marking) -> Written:
    """Make the edits, and return what was really done; what is refused stops no other.

    Raises LiveError where the program stays busy or lacks a member.
    """
    refused: list[Edit] = []
    locked: list[SheetEdits] = []
    book = open_book.book
    with _still(book):
        for each in marking.sheets:
            sheet = step(partial(_sheet, book, each.sheet), what_for("Worksheets"))
            with _unlocked(sheet, each) as is_open:
                if is_open:
                    refused += _write_sheet(sheet, each)
                else:
                    locked.append(each)
    asked = sum(len(each.edits) for each in marking.sheets)
    left = len(refused) + sum(len(each.edits) for each in locked)
    return Written(asked - left, tuple(refused), tuple(locked))


def _sheet(book: xlwings.Book, title: str) -> Any:  # noqa: ANN401 -- a COM object, here and below
    return book.sheets[title].api


@contextmanager
def _still(book: xlwings.Book) -> Iterator[None]:
    """Keep the screen as it is meanwhile, in a program that can.

    It is let go in any case, however it was found: one that a broken run left so shows people
    nothing of what they do.
    """
    doing = what_for("ScreenUpdating")
    with suppress(UnsupportedError, RefusedError):
        step(partial(_update, book, on=False), doing)
    let_go = partial(_insist, partial(_update, book, on=True), doing)
    try:
        yield
    except BaseException:
        with suppress(LiveError):  # what stopped it is what people are to be told
            let_go()
        raise
    with suppress(UnsupportedError, RefusedError):
        let_go()


def _update(book: xlwings.Book, *, on: bool) -> None:
    app = book.app.api
    with setting(app, "ScreenUpdating"):
        app.ScreenUpdating = on


def _insist(act: Callable[[], None], doing: str) -> None:
    """Put something back, with more patience than with a step; raises LiveError in the end."""
    for _ in range(_ROUNDS - 1):
        with suppress(LiveError):
            step(act, doing)
            return
    step(act, doing)


def _write_sheet(sheet: Any, wanted: SheetEdits) -> Iterator[Edit]:  # noqa: ANN401
    """Make the edits of a sheet; yield those that were refused, wholly or in part."""
    failed = _fill(sheet, [each for each in wanted.edits if not each.marks])
    for each in wanted.edits:
        if each.note is not None and each.cell not in failed:
            try:
                step(partial(_note, sheet, each), what_for("AddComment"))
            except RefusedError:
                failed.add(each.cell)
    marks = [each for each in wanted.edits if each.marks and each.cell not in failed]
    failed |= _fill(sheet, marks)
    yield from (each for each in wanted.edits if each.cell in failed)


@contextmanager
def _unlocked(sheet: Any, wanted: SheetEdits) -> Iterator[bool]:  # noqa: ANN401
    """Take a protection without password off, and put the very same one on again.

    Say whether the sheet is open now.
    """
    if wanted.lock is None:
        yield True
        return
    try:
        step(lambda: sheet.Unprotect(""), what_for("Unprotect"))
    except RefusedError:  # it has got a password meanwhile, or the workbook is a shared one
        yield False
        return
    try:
        yield True
    finally:
        _protect(sheet, wanted.sheet, wanted.lock)


def _protect(sheet: Any, title: str, lock: Lock) -> None:  # noqa: ANN401
    """Protect a sheet again; raises LiveError that names it where the program does not let us."""
    kinds = (lock.drawing_objects, lock.contents, lock.scenarios, False)
    try:
        _insist(lambda: sheet.Protect("", *kinds, *lock.allowed), what_for("Protect"))
    except LiveError as error:
        raise LiveError(
            f"{error.reason}工作表“{title}”没能恢复保护，请在“审阅”里点“保护工作表”（不设密码）。"
        ) from error


def _note(sheet: Any, edit: Edit) -> None:  # noqa: ANN401
    cell = sheet.Range(edit.cell)
    note = cell.Comment if edit.had_note else None
    text = edit.note or ""
    if not text and not edit.stays:
        if note is not None:
            note.Delete()
    elif note is None:
        cell.AddComment(text)
    else:
        note.Text(text)


def _fill(sheet: Any, edits: Sequence[Edit]) -> set[str]:  # noqa: ANN401
    """Fill cells, those of one colour by as few addresses as may be; return those refused."""
    by_colour: dict[str, list[str]] = {}
    for each in edits:
        if each.fill is not None:
            by_colour.setdefault(each.fill, []).append(each.cell)
    failed: set[str] = set()
    for colour, cells in by_colour.items():
        for part in parts(cells):
            try:
                step(partial(_colour, sheet, _address(part), colour), what_for("Color"))
            except RefusedError:
                failed |= _refusing(sheet, part, colour)
    return failed


def _refusing(sheet: Any, cells: Sequence[str], colour: str) -> set[str]:  # noqa: ANN401
    """Fill cells one by one, that the program refused together; return those it still refuses."""
    failed: set[str] = set()
    for cell in cells:
        try:
            step(partial(_colour, sheet, cell, colour), what_for("Color"))
        except RefusedError:
            failed.add(cell)
    return failed


def _colour(sheet: Any, address: str, colour: str) -> None:  # noqa: ANN401
    interior = sheet.Range(address).Interior
    if not colour:
        with setting(interior, "ColorIndex"):
            interior.ColorIndex = _NO_FILL
        return
    with setting(interior, "Color"):
        interior.Color = int.from_bytes(bytes.fromhex(colour[1:]), "little")  # blue first


def _address(cells: Sequence[str]) -> str:
    return fold(cells, len(cells)).replace("、", ",")


def parts(cells: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield cells, so many at a time that Excel takes the address of them all.

    >>> list(parts(["B3", "B4", "D9"]))
    [['B3', 'B4', 'D9']]
    """
    part: list[str] = []
    for cell in cells:
        if part and len(_address([*part, cell])) > _LONGEST_ADDRESS:
            yield part
            part = []
        part.append(cell)
    yield part
