"""Marks in a workbook that is open: what is to be changed in it, known from a copy's bytes.

A mark is a block of lines below people's own text in a cell's note, and a fill; its last line says
what the cell was filled with before. So it may move with its row, or be copied, and is still taken
away wherever it stands. A note whose heading people took away is theirs. The fill of a mark whose
note they deleted is no longer told from theirs, nor is the one that a row inserted below a marked
one inherits: it stays until the cell is marked again, which takes a fill in a colour of ours for
one of ours. What people wrote in a note keeps its words, but not what was bold or coloured in
them: an open workbook is given the text of a note as a whole.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from toolkit.cells import place
from toolkit.errors import LiveError, OutputError
from toolkit.excel.marks.fills import cell_fills
from toolkit.excel.marks.notes import (
    FORMER_LINE,
    LIVE,
    LIVE_HEADING,
    OWN_LINE,
    RETURNED,
    Block,
    note_lines,
    note_texts,
    threads,
)
from toolkit.excel.marks.package import Package, Sheet, open_package
from toolkit.excel.marks.styles import LEVEL_FILLS
from toolkit.findings import Finding

MOST_MARKS = 500
"""How many cells of a workbook are marked: notes are written one by one."""

_NO_PACKAGE = (
    "这个工作簿不是普通的 .xlsx 格式，或者内部有残缺，不能做标记。"
    "请另存为“Excel 工作簿 (*.xlsx)”，打开另存的那份再试。"
)
_LEFT = "〔底色未动〕"
_TRUE = ("1", "true")
_ALLOWED = (
    "formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows",
    "insertHyperlinks", "deleteColumns", "deleteRows", "sort", "autoFilter", "pivotTables",
)  # fmt: skip
"""What a protected sheet may allow, in the order of Excel's Protect."""
_SECRETS = ("password", "hashValue", "saltValue", "algorithmName")
_SELECTION = ("selectLockedCells", "selectUnlockedCells")
"""What a protection may say that Protect cannot give back."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be changed at one cell; None is left as it is."""

    cell: str
    had_note: bool
    note: str | None  # the whole text, "" where there shall be no note any more
    fill: str | None  # "#RRGGBB", "" for nothing
    stays: bool = False  # people's own note, though its text is ""

    @property
    def marks(self) -> bool:
        """Whether the cell bears a mark afterwards, as far as the edit tells."""
        return self.note is None or LIVE.begin(self.note) is not None


@dataclass(frozen=True, slots=True)
class Lock:
    """How a sheet without password is protected, to be protected so again."""

    drawing_objects: bool
    contents: bool
    scenarios: bool
    allowed: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class SheetEdits:
    """All that is to be changed on one sheet."""

    sheet: str
    edits: tuple[Edit, ...]
    lock: Lock | None


@dataclass(frozen=True)
class Marking:
    """What is to be changed in a workbook; how many cells bear a mark then; what is to be said."""

    sheets: tuple[SheetEdits, ...]
    marked: int
    notes: tuple[str, ...]


@contextmanager
def _readable() -> Iterator[None]:
    """Say of a package that cannot be read what the person beside the open workbook can do."""
    try:
        yield
    except OutputError as error:
        raise LiveError(_NO_PACKAGE) from error


@_readable()
def marking(data: bytes, findings: Sequence[Finding]) -> Marking:
    """Return what marks the findings and no others; what is marked already is not touched.

    Raises LiveError where the bytes are no .xlsx or .xlsm package.
    """
    package = open_package(data)
    sheets = {sheet.title: sheet for sheet in package.sheets()}
    wanted: dict[str, dict[str, list[Finding]]] = {}
    for finding in sorted(findings, key=lambda each: each.level.rank):
        if finding.sheet in sheets and not finding.accepted:
            cells = wanted.setdefault(finding.sheet, {})
            for cell in dict.fromkeys(finding.cells):
                cells.setdefault(cell, []).append(finding)
    return _marking(package, sheets.values(), wanted)


@_readable()
def unmarking(data: bytes) -> Marking:
    """Return what takes all marks away; raises as `marking`."""
    package = open_package(data)
    return _marking(package, package.sheets(), {})


def _marking(
    package: Package,
    sheets: Iterable[Sheet],
    wanted: Mapping[str, Mapping[str, Sequence[Finding]]],
) -> Marking:
    said: list[str] = []
    seen: list[tuple[_Seen, Mapping[str, Sequence[Finding]]]] = []
    nothing: dict[str, Sequence[Finding]] = {}
    for sheet in sheets:
        cells: Mapping[str, Sequence[Finding]] = wanted.get(sheet.title, nothing)
        if not _can_show(package, sheet):
            continue
        texts = note_texts(package, sheet.part)
        threaded = threads(package, sheet.part)
        marked = {cell for cell, text in texts.items() if _read(text)} - threaded
        open_ = {cell: found for cell, found in cells.items() if cell not in threaded}
        if len(open_) < len(cells):
            many = len(cells) - len(open_)
            said.append(f"工作表“{sheet.title}”有 {many} 处正在用批注讨论，没有加标记。")
        if not marked and not open_:
            continue
        lock, is_locked = _lock(package, sheet.part)
        if is_locked:
            said.append(f"工作表“{sheet.title}”受保护，只列出问题，不做标记。")
            continue
        fills = cell_fills(package, sheet.part, marked | open_.keys())
        seen.append((_Seen(sheet.title, lock, texts, fills, frozenset(marked)), open_))
    order = [
        (found[0].level.rank, at, place(cell), cell)
        for at, (_, open_) in enumerate(seen)
        for cell, found in open_.items()
    ]
    first = {(at, cell) for _, at, _, cell in sorted(order)[:MOST_MARKS]}
    if len(order) > MOST_MARKS:
        said.append(
            f"标记最多加 {MOST_MARKS} 处，其余 {len(order) - MOST_MARKS} 处只列在核对结果里。"
        )
    edits: list[SheetEdits] = []
    for at, (sheet_seen, wanted_here) in enumerate(seen):
        chosen = {cell: found for cell, found in wanted_here.items() if (at, cell) in first}
        own = tuple(sheet_seen.edits(chosen))
        if own:
            edits.append(SheetEdits(sheet_seen.title, own, sheet_seen.lock))
    return Marking(tuple(edits), len(first), tuple(said))


@dataclass(frozen=True)
class _Seen:
    """A sheet that can be marked, as the copy has it."""

    title: str
    lock: Lock | None
    texts: Mapping[str, str]
    fills: Mapping[str, str | None]
    marked: frozenset[str]

    def edits(self, wanted: Mapping[str, Sequence[Finding]]) -> Iterator[Edit]:
        """Yield what is to be changed, by rows."""
        for cell in sorted(self.marked | wanted.keys(), key=place):
            found = wanted.get(cell)
            edit = self._mark(cell, found) if found else self._unmark(cell)
            if edit.note is not None or edit.fill is not None:
                yield edit

    def _mark(self, cell: str, findings: Sequence[Finding]) -> Edit:
        text, fill = self.texts.get(cell), self.fills[cell]
        mark = _read(text or "")
        theirs = mark.theirs if mark else text
        former = _former(mark, fill)
        last = _LEFT if former is None else f"〔原底色：{former or '无'}〕"
        start = () if theirs is None else (theirs,)
        note = "\n".join((*start, LIVE_HEADING, *note_lines(findings), last))
        colour = LEVEL_FILLS[findings[0].level]
        return Edit(
            cell,
            text is not None,
            None if note == text else note,
            None if former is None or fill == colour else colour,
        )

    def _unmark(self, cell: str) -> Edit:
        mark = _read(self.texts[cell])
        theirs = mark.theirs if mark else None
        fill = _restored(mark, self.fills[cell])
        return Edit(cell, had_note=True, note=theirs or "", fill=fill, stays=theirs == "")


@dataclass(frozen=True, slots=True)
class _Mark:
    """A live mark as a note has it: people's own text, and the fill from before, None if left."""

    theirs: str | None  # None where the note is all ours
    former: str | None
    lines: tuple[str, ...]


def _read(text: str) -> _Mark | None:
    """Return the mark in a note, None where there is none."""
    begin = LIVE.begin(text)
    if begin is None:
        return None
    below = text[begin.end() :]
    rest = list(LIVE.rest(below))
    start = [text[: begin.start()]] if begin[0].startswith("\n") else []
    lines = below.split("\n")
    formers = [match[1] for line in lines if (match := FORMER_LINE.fullmatch(line))]
    former = formers[-1] if formers else "无"  # people cut the line off
    theirs = "\n".join((*start, *rest)) if start or rest else None
    own = tuple(line.strip() for line in lines if OWN_LINE.fullmatch(line))
    return _Mark(theirs, "" if former == "无" else former, own)


def _former(mark: _Mark | None, fill: str | None) -> str | None:
    """Return what a cell that is to be marked was filled with before; never a colour of ours."""
    if fill is None:
        return None
    if fill not in LEVEL_FILLS.values():
        return fill
    return (mark.former if mark else "") or ""


def _restored(mark: _Mark | None, fill: str | None) -> str | None:
    """Return what a cell is to be filled with again, None where people chose its fill since."""
    if mark is None or mark.former is None or mark.former == fill:
        return None
    return mark.former if fill in LEVEL_FILLS.values() else None


def _can_show(package: Package, sheet: Sheet) -> bool:
    """Say whether a sheet is one of cells that people see."""
    visible = sheet.element.get("state", "visible") == "visible"
    return bool(sheet.part) and visible and package.read(sheet.part).root.name == "worksheet"


def _lock(package: Package, name: str) -> tuple[Lock | None, bool]:
    """Return how a sheet is protected, and whether it can not be protected so again by us."""
    found = package.read(name).root.child("sheetProtection")
    if found is None or found.get("sheet") not in _TRUE:
        return None, False
    secret = any(found.get(each) for each in _SECRETS)
    if secret or any(found.get(each) in _TRUE for each in _SELECTION):
        return None, True
    return Lock(
        drawing_objects=found.get("objects") in _TRUE,
        contents=True,
        scenarios=found.get("scenarios") in _TRUE,
        allowed=tuple(found.get(each, "1") not in _TRUE for each in _ALLOWED),
    ), False


# ---- what is marked


def marked_cells(data: bytes) -> tuple[tuple[str, str], ...]:
    """Return sheet and cell of each mark in order; of a return copy's, where no other is there.

    Raises as `marking`.
    """
    return tuple(mark_lines(data))


@_readable()
def mark_lines(data: bytes) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return what each mark says of its cell, in the order of the sheets and by rows.

    Raises as `marking`.
    """
    package = open_package(data)
    return dict(_told(package, LIVE)) or dict(_told(package, RETURNED))


def _told(package: Package, block: Block) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    for sheet in package.sheets():
        if not _can_show(package, sheet):
            continue
        texts = note_texts(package, sheet.part)
        for cell in sorted(texts, key=place):
            begin = block.begin(texts[cell])
            if begin:
                lines = texts[cell][begin.end() :].split("\n")
                yield (
                    (sheet.title, cell),
                    tuple(line.strip() for line in lines if OWN_LINE.fullmatch(line)),
                )


def former_fills(package: Package, name: str) -> Mapping[str, str]:
    """Return what the marked cells of a sheet in a closed file are to be filled with again."""
    marks = {
        cell: mark for cell, text in note_texts(package, name).items() if (mark := _read(text))
    }
    if not marks:
        return {}
    fills = cell_fills(package, name, marks)
    wanted = {cell: _restored(mark, fills[cell]) for cell, mark in marks.items()}
    return {cell: fill for cell, fill in wanted.items() if fill is not None}
