"""Marks in a workbook that is open: what is to be changed in it, known from a copy's bytes.

A mark is a block of lines below people's own text in a cell's note, and a fill; its last line says
what the cell was filled with before. So it may move with its row, or be copied, and is still taken
away wherever it stands. A note without that line, or whose heading people took away, is theirs.

A fill of ours without a mark is a left-over: a row inserted below a marked one inherits it, a note
was deleted. It is taken away where nobody else can well have made it: in a form of ours, in a cell
to be written in, on a sheet that is protected without password, and so that no cell can be
formatted; no such cell is issued with a colour of a mark. Then the cell is filled as its column
is. Where the sheet is not so protected people are told of it. In a workbook with no mark at all,
and elsewhere, such a colour is people's own and comes back.

What people wrote in a note keeps its words, but not what was bold or coloured in them: an open
workbook is given the text of a note as a whole.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from toolkit.cells import place
from toolkit.errors import LiveError, OutputError
from toolkit.excel.marks.fills import SheetFills, sheet_fills, unlocked
from toolkit.excel.marks.merged import Merged, merged_cells
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
from toolkit.schema.form import META_SHEET

MOST_MARKS = 500
"""How many cells of a workbook are marked: notes are written one by one."""

_NO_PACKAGE = (
    "这个工作簿不是普通的 .xlsx 格式，或者内部有残缺，不能做标记。"
    "请另存为“Excel 工作簿 (*.xlsx)”，打开另存的那份再试。"
)
_LEFT = "〔底色未动〕"
_COLOURS = frozenset(LEVEL_FILLS.values())
_MOST_NAMED = 5
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
        if self.note is None:
            return self.fill is None or self.fill in _COLOURS
        return LIVE.begin(self.note) is not None


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
    pages = _pages(package)
    wanted: dict[str, dict[str, list[Finding]]] = {}
    for finding in sorted(findings, key=lambda each: each.level.rank):
        page = pages.get(finding.sheet)
        if page is not None and not finding.accepted:
            cells = wanted.setdefault(finding.sheet, {})
            for cell in dict.fromkeys(map(page.merged.head, finding.cells)):
                cells.setdefault(cell, []).append(finding)
    return _marking(package, pages, wanted, hidden=False)


@_readable()
def unmarking(data: bytes) -> Marking:
    """Return what takes all marks away, on hidden sheets too; raises as `marking`."""
    package = open_package(data)
    return _marking(package, _pages(package), {}, hidden=True)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A live mark as a note has it: people's own text, and the fill from before, None if left."""

    theirs: str | None  # None where the note is all ours
    former: str | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Page:
    """A sheet of cells, as the copy has it."""

    title: str
    part: str
    is_hidden: bool
    merged: Merged
    texts: Mapping[str, str]
    threaded: frozenset[str]
    marks: Mapping[str, _Mark]


def _pages(package: Package) -> Mapping[str, _Page]:
    return {
        sheet.title: _page(package, sheet)
        for sheet in package.sheets()
        if _has_cells(package, sheet)
    }


def _has_cells(package: Package, sheet: Sheet) -> bool:
    return bool(sheet.part) and package.read(sheet.part).root.name == "worksheet"


def _page(package: Package, sheet: Sheet) -> _Page:
    texts = note_texts(package, sheet.part)
    threaded = frozenset(threads(package, sheet.part))
    marks = {
        cell: mark
        for cell, text in texts.items()
        if cell not in threaded and (mark := _read(text)) is not None
    }
    is_hidden = sheet.element.get("state", "visible") != "visible"
    merged = merged_cells(package.read(sheet.part).root)
    return _Page(sheet.title, sheet.part, is_hidden, merged, texts, threaded, marks)


_Wanted = Mapping[str, Sequence[Finding]]
"""The findings of a sheet by the cells that are to be marked."""


def _marking(
    package: Package,
    pages: Mapping[str, _Page],
    wanted: Mapping[str, _Wanted],
    *,
    hidden: bool,
) -> Marking:
    said: list[str] = []
    mind = _mind(package, pages)
    seen: list[tuple[_Seen, _Wanted]] = []
    for page in pages.values():
        cells = wanted.get(page.title, {})
        if page.is_hidden and not hidden:
            if cells:
                said.append(f"工作表“{page.title}”是隐藏的，{len(cells)} 处只列出，没有加标记。")
            continue
        open_ = {cell: found for cell, found in cells.items() if cell not in page.threaded}
        if len(open_) < len(cells):
            many = len(cells) - len(open_)
            said.append(f"工作表“{page.title}”有 {many} 处正在用批注讨论，没有加标记。")
        if not page.marks and not open_ and not mind.can_be_left:
            continue
        lock, is_locked = _lock(package, page.part)
        if not is_locked:
            seen.append((_Seen(page, lock, sheet_fills(package, page.part), mind), open_))
        elif page.marks or open_:
            said.append(f"工作表“{page.title}”受保护，只列出问题，不做标记。")
    chosen, more = _first(seen)
    said += more
    edits = [
        SheetEdits(each.page.title, own, each.lock)
        for each, cells in chosen
        if (own := tuple(each.edits(cells)))
    ]
    said += _doubtful(chosen)
    return Marking(tuple(edits), sum(len(cells) for _, cells in chosen), tuple(said))


def _first(
    seen: Sequence[tuple["_Seen", _Wanted]],
) -> tuple[Sequence[tuple["_Seen", _Wanted]], Sequence[str]]:
    """Return the cells that are marked, the gravest first, and what is said of the others."""
    order = sorted(
        (found[0].level.rank, at, place(cell), cell)
        for at, (_, cells) in enumerate(seen)
        for cell, found in cells.items()
    )
    first = {(at, cell) for _, at, _, cell in order[:MOST_MARKS]}
    chosen = [
        (each, {cell: found for cell, found in cells.items() if (at, cell) in first})
        for at, (each, cells) in enumerate(seen)
    ]
    more = len(order) - MOST_MARKS
    if more <= 0:
        return chosen, ()
    return chosen, (f"标记最多加 {MOST_MARKS} 处，其余 {more} 处只列在核对结果里。",)


def _doubtful(seen: Sequence[tuple["_Seen", _Wanted]]) -> Iterator[str]:
    """Yield what is said of fills that are left because nothing tells what was there before."""
    unknown = [f"{each.page.title}!{cell}" for each, _ in seen for cell in each.unknown()]
    if unknown:
        yield (
            f"{_named(unknown)} 的批注里读不出原来的底色，底色没有改动。"
            "请自己改回来；工作表受保护的，先撤销保护。"
        )
    left = [f"{each.page.title}!{cell}" for each, cells in seen for cell in each.left(cells)]
    if left:
        yield (
            f"{_named(left)} 有标记的底色，没有批注，可能是插行、复制带来的，没有改动。"
            "不是自己涂的，请把底色改成“无填充”；工作表受保护的，先撤销保护。"
        )


def _named(cells: Sequence[str]) -> str:
    more = f" 等 {len(cells)} 格" if len(cells) > _MOST_NAMED else ""
    return "、".join(cells[:_MOST_NAMED]) + more


@dataclass(frozen=True)
class _Mind:
    """What a workbook lets us think of a colour of ours without a mark."""

    is_issued: bool
    has_marks: bool
    can_be_left: bool


def _mind(package: Package, pages: Mapping[str, _Page]) -> _Mind:
    is_issued = META_SHEET in pages
    has_marks = any(page.marks for page in pages.values())
    can_be_left = (is_issued or has_marks) and bool(unlocked(package, _COLOURS))
    return _Mind(is_issued, has_marks, can_be_left)


@dataclass(frozen=True)
class _Seen:
    """A sheet that can be marked, and what its cells are filled with."""

    page: _Page
    lock: Lock | None
    fills: SheetFills
    mind: _Mind

    def edits(self, wanted: Mapping[str, Sequence[Finding]]) -> Iterator[Edit]:
        """Yield what is to be changed, by rows."""
        left = {cell for cell in self._left_over() if self._base(cell) is not None}
        for cell in sorted(self.page.marks.keys() | wanted.keys() | left, key=place):
            found = wanted.get(cell)
            if found:
                edit = self._mark(cell, found)
            elif cell in self.page.marks:
                edit = self._unmark(cell)
            else:
                edit = Edit(cell, cell in self.page.texts, None, self._base(cell))
            if edit.note is not None or edit.fill is not None:
                yield edit

    def restored(self) -> Mapping[str, str]:
        """Return what cells are to be filled with again, the covered ones of an area too."""
        fills = {edit.cell: edit.fill for edit in self.edits({}) if edit.fill is not None}
        covered = {
            cell: fills[head]
            for cell in self.fills.filled(_COLOURS)
            if (head := self.page.merged.head(cell)) in fills
        }
        return {**fills, **covered}

    def unknown(self) -> list[str]:
        """Return the marked cells of a colour of ours that do not tell what was there before."""
        return [
            cell
            for cell in sorted(self.page.marks, key=place)
            if self.page.marks[cell].former is None
            and self.fills.fill(cell) in _COLOURS
            and self._base(cell) is None
        ]

    def left(self, wanted: Collection[str]) -> list[str]:
        """Return the left-overs that people are to look at, those to be marked left out."""
        left = (cell for cell in self._left_over() if self._base(cell) is None)
        return sorted(set(left) - set(wanted), key=place)

    def _left_over(self) -> Iterator[str]:
        """Yield the cells to be written in that have a colour of ours, but no mark."""
        if not self.mind.can_be_left:
            return
        for cell in self.fills.filled(_COLOURS):
            known = {cell, self.page.merged.head(cell)}
            told = known & (self.page.marks.keys() | self.page.threaded)
            own = self.fills.column_fill(cell) in _COLOURS
            if not told and not own and self.fills.is_unlocked(cell):
                yield cell

    def _base(self, cell: str) -> str | None:
        """Return the fill of a cell's column where a colour of ours can only be ours, else None."""
        if not self.mind.is_issued or self.lock is None or not self.fills.is_unlocked(cell):
            return None
        if not self.lock.contents or self.lock.allowed[_ALLOWED.index("formatCells")]:
            return None
        base = self.fills.column_fill(cell)
        return None if base in _COLOURS else base

    def _mark(self, cell: str, findings: Sequence[Finding]) -> Edit:
        text, fill = self.page.texts.get(cell), self.fills.fill(cell)
        mark = self.page.marks.get(cell)
        theirs = mark.theirs if mark else text
        former = self._former(cell)
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
        mark, fill = self.page.marks[cell], self.fills.fill(cell)
        former = self._base(cell) if mark.former is None else mark.former
        back = former if fill in _COLOURS and former != fill else None  # else people chose it since
        theirs = mark.theirs
        return Edit(cell, had_note=True, note=theirs or "", fill=back, stays=theirs == "")

    def _former(self, cell: str) -> str | None:
        """Return what a cell that is to be marked was filled with before, None where it is left."""
        fill, mark, base = self.fills.fill(cell), self.page.marks.get(cell), self._base(cell)
        if fill is None or fill not in _COLOURS:
            return fill
        if mark is not None:
            return base if mark.former is None else mark.former
        if base is not None:
            return base
        return "" if self.mind.has_marks else fill


def _read(text: str) -> _Mark | None:
    """Return the mark in a note, None where there is none."""
    begin = LIVE.begin(text)
    if begin is None:
        return None
    below = text[begin.end() :]
    rest = list(LIVE.rest(below))
    start = [text[: begin.start()]] if begin[0].startswith("\n") else []
    lines = below.split("\n")
    formers = [match for line in lines if (match := FORMER_LINE.fullmatch(line))]
    former = _told_fill(formers[-1]) if formers else None
    theirs = "\n".join((*start, *rest)) if start or rest else None
    return _Mark(theirs, former, _own_lines(below))


def _told_fill(line: re.Match[str]) -> str | None:
    if line["fill"]:
        return f"#{line['fill'].upper()}"
    return "" if line["none"] else None


def _own_lines(below: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in below.split("\n") if OWN_LINE.fullmatch(line))


def _lock(package: Package, name: str) -> tuple[Lock | None, bool]:
    """Return how a sheet is protected, and whether it can not be protected so again by us.

    One whose objects alone are protected takes no note either.
    """
    found = package.read(name).root.child("sheetProtection")
    if found is None or not any(found.get(each) in _TRUE for each in ("sheet", "objects")):
        return None, False
    secret = any(found.get(each) for each in _SECRETS)
    if secret or any(found.get(each) in _TRUE for each in _SELECTION):
        return None, True
    return Lock(
        drawing_objects=found.get("objects") in _TRUE,
        contents=found.get("sheet") in _TRUE,
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

    A covered cell of an area is told by the area's first; hidden sheets are left out. Raises as
    `marking`.
    """
    package = open_package(data)
    pages = [page for page in _pages(package).values() if not page.is_hidden]
    return _told(pages, LIVE) or _told(pages, RETURNED)


@_readable()
def hidden_marks(data: bytes) -> tuple[str, ...]:
    """Return the titles of the hidden sheets that bear marks; raises as `marking`."""
    pages = [page for page in _pages(open_package(data)).values() if page.is_hidden]
    told = _told(pages, LIVE) or _told(pages, RETURNED)
    return tuple(dict.fromkeys(title for title, _ in told))


def _told(pages: Iterable[_Page], block: Block) -> Mapping[tuple[str, str], tuple[str, ...]]:
    told: dict[tuple[str, str], tuple[str, ...]] = {}
    for page in pages:
        for cell in sorted(page.texts.keys() - page.threaded, key=place):
            begin = block.begin(page.texts[cell])
            if begin:
                key = page.title, page.merged.head(cell)
                told[key] = told.get(key, ()) + _own_lines(page.texts[cell][begin.end() :])
    return told


def former_fills(package: Package, name: str) -> Mapping[str, str]:
    """Return what the cells of a sheet in a closed file are to be filled with again."""
    pages = _pages(package)
    page = next((each for each in pages.values() if each.part == name), None)
    mind = _mind(package, pages)
    if page is None or not (page.marks or mind.can_be_left):
        return {}
    lock, _ = _lock(package, name)
    return _Seen(page, lock, sheet_fills(package, name), mind).restored()
