"""What is tried on a blank workbook: each member by itself, then whole steps by the commands' code.

Law: what writes is read back; what cannot be tried without another that failed is not held against
the program; the cells that were written to are blanked afterwards.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import xlwings

from toolkit.errors import LiveError
from toolkit.excel.marks.live import Lock, marking, unmarking
from toolkit.excel.values import read_values
from toolkit.findings import Finding, Level
from toolkit.live import block, marks, program, states
from toolkit.live.members import MEMBERS
from toolkit.live.parts import Part, State
from toolkit.live.program import OpenBook, RefusedError, UnsupportedError, setting, step
from toolkit.live.walking import walk

_CELL, _OTHER, _SQUARE = "B2", "C3", "B2:C3"
_UNION = "B2,D4:D6"  # as `mark` fills what is apart
_ALL = "B2:E9"  # of all that is written to
_COLOUR, _NO_FILL = 255, -4142  # red; xlColorIndexNone
_TEXT, _GENERAL = "@", "General"
_LONG = "—— 试 ——\n" + "批注" * 150  # notes of ours have lines, and more than 255 characters
_DIGITS = "0012"  # Excel makes 12 of it where it may
_LOCK = Lock(
    drawing_objects=True,
    contents=True,
    scenarios=True,
    allowed=(False, True, True, False, True, False, False, True, True, True, False),
)
"""How our own workbooks are protected."""


@dataclass(frozen=True)
class Bench:
    """The workbook that things are tried on, its sheet, and where a copy may be put."""

    opened: OpenBook
    sheet: xlwings.Sheet
    copy: Path

    @property
    def app(self) -> Any:  # noqa: ANN401 -- a COM object, here and below
        """The program."""
        return self.opened.book.app.api

    @property
    def book(self) -> Any:  # noqa: ANN401
        """The workbook."""
        return self.opened.book.api

    @property
    def page(self) -> Any:  # noqa: ANN401
        """The sheet."""
        return self.sheet.api

    def at(self, address: str) -> Any:  # noqa: ANN401
        """Return cells of the sheet."""
        return self.page.Range(address)

    def read(self) -> bytes:
        """Return a copy of it as it is now."""
        return program.content(self.opened)


@dataclass(frozen=True, slots=True)
class Probe:
    """How something is tried, and what must have worked before."""

    act: Callable[[Bench], object]
    needs: tuple[str, ...] = ()


def tried(bench: Bench) -> tuple[Part, ...]:
    """Return what came of every probe: the members in the order of the table, then the steps.

    Raises LiveError where the program stays busy, or is gone.
    """
    parts: dict[str, Part] = {}
    for name in PROBES:
        _try(name, bench, parts)
    return tuple(parts[name] for name in PROBES)


def _try(name: str, bench: Bench, parts: dict[str, Part]) -> None:
    """Try what has not been tried yet, after all that it needs."""
    if name in parts:
        return
    needs = PROBES[name].needs
    for need in needs:
        _try(need, bench, parts)
    lacking = next((need for need in needs if parts[need].state is not State.FINE), "")
    if lacking:
        state, why = State.LACKING, f"没有试，先要能用 {lacking}"
    else:
        state, why = _outcome(PROBES[name], bench)
    what = f"{name}　{_WHAT[name]}" if name in _WHAT else name
    parts[name] = Part(state, f"{what}（{why}）" if why else what)


_WHAT = {f"{each.owner}.{each.name}": each.what for each in MEMBERS}


def _outcome(probe: Probe, bench: Bench) -> tuple[State, str]:
    """Return what came of a probe, and why; raises LiveError where no other can go on."""
    try:
        step(partial(probe.act, bench))
    except _NotTriedError as error:
        return State.LACKING, str(error)
    except _WithoutEffectError as error:
        return State.BROKEN, str(error)
    except (RefusedError, UnsupportedError) as error:
        return State.BROKEN, _named(error.__cause__ or error)
    except LiveError as error:
        if error.reason.startswith((states.BUSY, states.CLOSED)):
            raise
        return State.BROKEN, error.reason
    except Exception as error:  # noqa: BLE001 -- whatever comes of it is what the record is for
        return State.BROKEN, _named(error)
    return State.FINE, ""


def _named(error: BaseException) -> str:
    number = getattr(error, "hresult", None)
    return f"{type(error).__name__} {number}" if number else type(error).__name__


class _NotTriedError(Exception):
    """What a probe needs is not in the workbook; the sentence says what."""


class _WithoutEffectError(Exception):
    """The program answered, and nothing or something else came of it."""


def _require(seen: object, otherwise: str = "没有起作用") -> None:
    """Refuse, by a _WithoutEffectError, what a program has taken and not done."""
    if not seen:
        raise _WithoutEffectError(otherwise)


def _set(thing: Any, member: str, value: object) -> None:  # noqa: ANN401 -- a COM object
    with setting(thing, member):
        setattr(thing, member, value)


# -- member by member -----------------------------------------------------------------------------


def _answers(name: str) -> Probe:
    """Return what reads a member, to see whether it answers."""
    owner, _, member = name.partition(".")
    thing = {"Application": "app", "Workbook": "book", "Worksheet": "page"}[owner]
    return Probe(lambda bench: getattr(getattr(bench, thing), member))


def _select(bench: Bench) -> None:
    """Select a cell as the commands do, its workbook and sheet brought forward."""
    bench.book.Activate()
    bench.page.Activate()
    bench.at(_OTHER).Select()
    _require(bench.app.Selection.Address == "$C$3")


def _go(bench: Bench) -> None:
    """Go to a cell, as the program itself knows it: xlwings wraps what it gives."""
    cell = bench.at(_CELL)
    bench.app.Goto(vars(cell).get("_inner", cell))
    _require(bench.app.Selection.Address == "$B$2")


def _pause_drawing(bench: Bench) -> None:
    _set(bench.app, "ScreenUpdating", value=False)
    try:
        _require(not bench.app.ScreenUpdating)
    finally:
        _set(bench.app, "ScreenUpdating", value=True)


def _save_copy(bench: Bench) -> None:
    """Have a copy made; the workbook itself stays what and where it was."""
    was = bench.book.FullName, bench.book.Saved
    bench.book.SaveCopyAs(str(bench.copy))
    _require(bench.copy.read_bytes().startswith(b"PK"), "副本不是普通的工作簿，可能被加了密")
    _require((bench.book.FullName, bench.book.Saved) == was, "工作簿自己的位置或保存状态变了")


def _each(several: Any) -> None:  # noqa: ANN401 -- a COM object
    for _ in several:
        pass


def _take_cells(bench: Bench) -> None:
    """Take cells by an address, by one of several areas, and by two corners."""
    bench.at(_SQUARE), bench.at(_UNION)
    bench.page.Range(bench.at(_CELL), bench.at(_OTHER))


def _tell_addresses(bench: Bench) -> None:
    _require(bench.at(_UNION).Address == "$B$2,$D$4:$D$6")
    corners = bench.page.Range(bench.at(_CELL), bench.at(_OTHER))
    _require(corners.Address == "$B$2:$C$3")


def _protect(bench: Bench) -> None:
    _lock(bench)
    try:
        _require(bench.page.ProtectContents)
    finally:
        bench.page.Unprotect("")
    _require(not bench.page.ProtectContents, "没有撤得掉")


def _lock(bench: Bench) -> None:
    """Protect the sheet as the commands do: all sixteen by their places."""
    kinds = (_LOCK.drawing_objects, _LOCK.contents, _LOCK.scenarios, False)
    bench.page.Protect("", *kinds, *_LOCK.allowed)


def _write_values(bench: Bench) -> None:
    """Write a block at once; a blank cell goes as an empty text, as xlwings sends it."""
    _set(bench.at(_SQUARE), "Value", [["试", 3.0], ["甲", ""]])
    _require(bench.at(_CELL).Value == "试")
    _require([[*line] for line in bench.at(_SQUARE).Value] in _WRITTEN)


_WRITTEN = ([["试", 3.0], ["甲", None]], [["试", 3.0], ["甲", ""]])


def _show_as_text(bench: Bench) -> None:
    """Write digits into cells that show text: they stay as they are."""
    cells = bench.at(_SQUARE)
    _set(cells, "NumberFormat", _TEXT)
    _set(bench.at(_CELL), "Value", _DIGITS)
    _require(cells.NumberFormat == _TEXT)
    _require(bench.at(_CELL).Value == _DIGITS, "文本格式里的数字变了")


def _fill(bench: Bench) -> None:
    """Fill cells that are apart at once."""
    _set(bench.at(_UNION).Interior, "Color", _COLOUR)
    _require(all(bench.at(each).Interior.Color == _COLOUR for each in _FILLED))


def _take_fill(bench: Bench) -> None:
    _set(bench.at(_UNION).Interior, "Color", _COLOUR)
    _set(bench.at(_UNION).Interior, "ColorIndex", _NO_FILL)
    _require(all(bench.at(each).Interior.ColorIndex == _NO_FILL for each in _FILLED))


_FILLED = ("B2", "D4", "D6")


def _note(bench: Bench) -> Any:  # noqa: ANN401 -- a COM object
    """Return the note at a cell, written if none stands there."""
    if bench.at(_CELL).Comment is None:
        bench.at(_CELL).AddComment("试")
    note = bench.at(_CELL).Comment
    _require(note is not None)
    return note


def _change_note(bench: Bench) -> None:
    """Put a long text of several lines in the place of a note's."""
    _note(bench).Text(_LONG)
    _require(_note(bench).Text().splitlines() == _LONG.splitlines())


def _take_note(bench: Bench) -> None:
    _note(bench).Delete()
    _require(bench.at(_CELL).Comment is None)


_HERE = ("Worksheet.Range",)
_SELECTED = (*_HERE, "Range.Address", "Application.Selection")
_BY_MEMBER: Mapping[str, Probe] = {
    **{
        name: _answers(name)
        for name in (
            *("Application.Name", "Application.Version", "Application.OperatingSystem"),
            *("Application.Hwnd", "Application.Ready", "Application.Workbooks"),
            *("Application.ActiveWorkbook", "Application.ActiveSheet", "Application.Selection"),
            *("Workbook.Name", "Workbook.FullName", "Workbook.ReadOnly", "Workbook.AutoSaveOn"),
            *("Workbook.Saved", "Workbook.ActiveSheet"),
            *("Worksheet.Name", "Worksheet.ProtectContents", "Worksheet.UsedRange"),
        )
    },
    "Application.Goto": Probe(_go, _SELECTED),
    "Application.ScreenUpdating": Probe(_pause_drawing),
    "Workbook.SaveCopyAs": Probe(_save_copy, ("Workbook.FullName", "Workbook.Saved")),
    "Workbook.Worksheets": Probe(lambda bench: _each(bench.book.Worksheets)),
    "Workbook.Activate": Probe(lambda bench: bench.book.Activate()),
    "Worksheet.Unprotect": Probe(lambda bench: bench.page.Unprotect("")),
    "Worksheet.Protect": Probe(_protect, ("Worksheet.Unprotect", "Worksheet.ProtectContents")),
    "Worksheet.Range": Probe(_take_cells),
    "Worksheet.Cells": Probe(lambda bench: bench.page.Cells(2, 2)),
    "Worksheet.Comments": Probe(lambda bench: _each(bench.page.Comments)),
    "Worksheet.Activate": Probe(lambda bench: bench.page.Activate()),
    "Worksheet.Select": Probe(lambda bench: bench.page.Select()),
    "Range.Address": Probe(_tell_addresses, _HERE),
    "Range.Value": Probe(_write_values, _HERE),
    "Range.NumberFormat": Probe(_show_as_text, (*_HERE, "Range.Value")),
    "Range.Interior.Color": Probe(_fill, _HERE),
    "Range.Interior.ColorIndex": Probe(_take_fill, (*_HERE, "Range.Interior.Color")),
    "Range.AddComment": Probe(_note, (*_HERE, "Range.Comment")),
    "Range.Comment": Probe(lambda bench: bench.at(_CELL).Comment, _HERE),
    "Range.Select": Probe(_select, (*_SELECTED, "Workbook.Activate", "Worksheet.Activate")),
    "Comment.Text": Probe(_change_note, ("Range.AddComment",)),
    "Comment.Delete": Probe(_take_note, ("Range.AddComment",)),
}


# -- whole steps, by what the commands call -------------------------------------------------------


def _title(bench: Bench) -> str:
    return str(step(lambda: bench.sheet.name))


def _read_unsaved(bench: Bench) -> None:
    """Read from a copy what was never saved."""
    step(partial(_write_values, bench))
    _require(_lines(bench, 2) == [["试", 3.0], ["甲", ""]], "副本里没有还没保存的内容")


def _lines(bench: Bench, width: int) -> Any:  # noqa: ANN401 -- cells of any kind
    """Return what a copy holds from the first cell on, in two lines."""
    rows = read_values(bench.read()).grids[_title(bench)]
    return [[*row[1 : 1 + width]] for row in rows[1:3]]


def _mark(bench: Bench) -> None:
    """Mark cells, mark them otherwise, and take the marks away."""
    for words in ("头一遍", "第二遍"):
        found = _findings(_title(bench), words)
        marks.write(bench.opened, marking(bench.read(), found))
        _require(not marking(bench.read(), found).sheets, "写上的批注或底色和要写的不一样")
    marks.write(bench.opened, unmarking(bench.read()))
    _require(not unmarking(bench.read()).sheets, "标记没有清除干净")


def _findings(sheet: str, words: str) -> tuple[Finding, ...]:
    cells = ("B2", "D4", "D5")
    return (Finding("", "", sheet, cells, "试", Level.ERROR, "T000", "试", words, words),)


def _mark_protected(bench: Bench) -> None:
    """Mark on a sheet that is protected without a password; it is protected as before."""
    step(partial(_lock, bench))
    try:
        _mark(bench)
        [again] = marking(bench.read(), _findings(_title(bench), "试")).sheets
        _require(again.lock == _LOCK, "保护的选项没有原样恢复")
    finally:
        step(lambda: bench.page.Unprotect(""))


def _put_block(bench: Bench) -> None:
    """Write a ledger's lines: digits as text, a number, a day, blanks."""
    day = dt.date(2022, 10, 31)
    lines = ((_DIGITS, 3.0, day), ("2022-10-31", None, None))
    block.put(bench.sheet, block.Block(_title(bench), 2, 2, lines, len(lines), stands=False))
    wanted = [[_DIGITS, 3.0, day], ["2022-10-31", "", ""]]
    _require(_lines(bench, 3) == wanted, "写上的和要写的不一样")


def _walk(bench: Bench) -> None:
    """Go to a marked cell of the sheet."""
    _go_on(bench, _title(bench))


def _walk_elsewhere(bench: Bench) -> None:
    """Go to a marked cell of another sheet."""
    titles = step(lambda: [sheet.name for sheet in bench.opened.book.sheets])
    others = [title for title in titles if title != _title(bench)]
    if not others:
        raise _NotTriedError("没有试，要试请在空白工作簿里加一张空白工作表")
    _go_on(bench, others[0])


def _go_on(bench: Bench, title: str) -> None:
    walk(bench.opened, [(title, _OTHER)], forward=True)
    step(lambda: _require(bench.app.Selection.Address == "$C$3"))
    step(lambda: _require(bench.book.ActiveSheet.Name == title))


_COPIED = ("Workbook.SaveCopyAs", "Worksheet.Name", "Worksheet.Range")
_MARKED = (
    *_COPIED,
    *("Workbook.Worksheets", "Application.ScreenUpdating"),
    *("Range.AddComment", "Range.Comment", "Comment.Text", "Comment.Delete"),
    *("Range.Interior.Color", "Range.Interior.ColorIndex"),
)
_WALKED = (
    *("Application.ActiveWorkbook", "Workbook.Name", "Workbook.Worksheets"),
    *("Workbook.ActiveSheet", "Worksheet.Name", "Range.Select"),
)
_BY_STEP: Mapping[str, Probe] = {
    "核对：读取没有保存的内容": Probe(_read_unsaved, (*_COPIED, "Range.Value")),
    "标记：加上、改写、清除": Probe(_mark, _MARKED),
    "标记：在受保护的工作表上，保护原样恢复": Probe(
        _mark_protected, (*_MARKED, "Worksheet.Protect", "Worksheet.Unprotect")
    ),
    "下一处：在同一张工作表上": Probe(_walk, _WALKED),
    "下一处：到另一张工作表上": Probe(_walk_elsewhere, _WALKED),
    "汇总：写入一块内容": Probe(
        _put_block, (*_COPIED, "Worksheet.Cells", "Range.Value", "Range.NumberFormat")
    ),
}

PROBES: Mapping[str, Probe] = {
    **{name: _BY_MEMBER[name] for name in _WHAT},
    **_BY_STEP,
}
"""How each member and each step is tried, in the order in which they are told."""


# -- afterwards -----------------------------------------------------------------------------------


def blank(bench: Bench) -> None:
    """Take back all that may have been written, each whether the others can be or not."""
    for undo in _UNDO:
        with suppress(Exception):  # what was not done needs no undoing; what is left is told
            step(partial(undo, bench))


def _delete_note(cell: str, bench: Bench) -> None:
    note = bench.at(cell).Comment
    if note is not None:
        note.Delete()


_UNDO: tuple[Callable[[Bench], object], ...] = (
    lambda bench: _set(bench.app, "ScreenUpdating", value=True),
    lambda bench: bench.page.Unprotect(""),
    *(partial(_delete_note, cell) for cell in ("B2", "D4", "D5")),
    lambda bench: _set(bench.at(_ALL).Interior, "ColorIndex", _NO_FILL),
    lambda bench: _set(bench.at(_ALL), "Value", ""),
    lambda bench: _set(bench.at(_ALL), "NumberFormat", _GENERAL),
    lambda bench: bench.page.Activate(),
    lambda bench: bench.at("A1").Select(),
)
