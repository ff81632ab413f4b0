"""The sheets that a form fills by itself, and what people wrote on them all the same.

They are locked or made anew by every check, so nobody looks there for answers; yet clerks answer
beside the list of findings. Law: what they write there is named like any other text without place.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from toolkit.cells import Filled, Grid, a1
from toolkit.excel.gate.glance import is_within
from toolkit.excel.gate.preflight import Tab
from toolkit.excel.headers import filled
from toolkit.schema.form import (
    INSTRUCTIONS_SHEET,
    ISSUED_LABEL,
    MARKS_KEPT,
    MARKS_SHEET,
    MARKS_SHEET_BESIDE,
    MARKS_TITLE,
    META_SHEET,
    Form,
    Identity,
)
from toolkit.schema.kinds import as_text
from toolkit.schema.workbook import Spot

_LIST_COLUMNS, _LIST_HEADER = 9, 2  # the latter counted from 0
_RULE = re.compile("[A-Z][0-9]{3}")
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_META_LINES, _META_COLUMNS = 6, 2  # and a line of a workbook that a township issued
_INSTRUCTION_COLUMNS = 5
_INSTRUCTION_LINES = 22  # besides what depends on the form
_BEHIND_LISTS = 3  # columns of the tasks that stand beside the lists
_BEHIND_MONTHS = 3  # of the figures and months, where a form has them
_BEHIND_ENDINGS = 4  # of the endings of deadlines, where it tells of lateness
_ENDINGS = 98  # as many spellings of what may stand behind a month
_EXPLANATIONS = "情况说明"
_ALL = 16_384  # as many columns as a sheet has


def generated(grids: Mapping[str, Grid], form: Form) -> frozenset[str]:
    """Return the titles of the sheets that hold no answers; a list of people's own is none."""
    lists = {title for title, grid in grids.items() if _is_our_list(title, grid)}
    return form.generated_sheets() - {MARKS_SHEET, MARKS_SHEET_BESIDE} | lists


def _is_our_list(title: str, grid: Grid) -> bool:
    return title.startswith(MARKS_SHEET) and bool(grid) and MARKS_TITLE in grid[0][:1]


def untouched(tabs: Sequence[Tab], form: Form, identity: Identity) -> frozenset[str]:
    """Return the titles of those that hold nothing but what the present form puts there.

    They need not be read. An older form's tell what that form looked like.
    """
    if identity.version != form.version:
        return frozenset()
    extents = _extents(form)
    return frozenset(
        tab.title
        for tab in tabs
        if tab.title in extents and is_within(tab.content, *extents[tab.title])
    )


@cache
def _extents(form: Form) -> Mapping[str, tuple[int, int]]:
    """Return how many rows and columns of each sheet a form fills."""
    columns = sum(len(row.columns) for row in form.rows)
    example = 2 + len(form.shown) if form.shown else 0
    told = bool(form.monthly) + form.adds_up + bool(form.lateness())
    lines = _INSTRUCTION_LINES + len(form.steps) + len(form.rows) + columns + example + told
    behind = _BEHIND_LISTS + (_BEHIND_MONTHS if form.monthly else 0)
    behind += _BEHIND_ENDINGS if form.lateness() else 0
    return {
        INSTRUCTIONS_SHEET: (lines, _INSTRUCTION_COLUMNS),
        form.dictionary: (1 + _longest_column(form), len(form.codelists()) + behind),
        META_SHEET: (_META_LINES, _META_COLUMNS),
    }


def _longest_column(form: Form) -> int:
    """Return how far down the hidden sheet goes: entries of a list, months, things to be filled."""
    fields = (column.required for row in form.rows if row.vertical for column in row.columns)
    tables = [row for row in form.rows if not row.vertical]
    gaps = sum(any(column.required for column in row.columns) for row in tables)
    tasks = sum(fields) + gaps + sum(row.if_empty is not None for row in tables)
    lists = (len(codelist.shown) for codelist in form.codelists())
    return max(tasks, _ENDINGS if form.lateness() else 0, *lists)


def added(grids: Mapping[str, Grid], form: Form, identity: Identity) -> Iterator[Spot]:
    """Yield the texts that stand on these sheets outside what the form fills."""
    own = generated(grids, form)
    for title in (title for title in grids if title in own):
        filled_lines = [filled(line) for line in grids[title]]
        lines, owns = _told_apart(title, filled_lines, form, identity)
        yield from _beyond(title, lines, owns, form)


def own_lines(grid: Grid, title: str, form: Form, identity: Identity) -> list[int]:
    """Return the lines, counted from 1, of such a sheet that hold what the form puts there."""
    lines = [filled(line) for line in grid]
    rest, owns = _told_apart(title, lines, form, identity)
    return [
        number
        for number, (cells, left, own) in enumerate(zip(lines, rest, owns, strict=True), 1)
        if len(left) < len(cells) or any(at < own for at in left)
    ]


def _told_apart(
    title: str, lines: Sequence[Filled], form: Form, identity: Identity
) -> tuple[Sequence[Filled], Sequence[int]]:
    """Return the lines without longer lists, and how many cells of each are the form's at most."""
    is_present = identity.version == form.version
    extents = _extents(form)
    if title.startswith(MARKS_SHEET):
        return lines, [_of_the_list(number, cells) for number, cells in enumerate(lines)]
    if title not in extents or (title == form.dictionary and not is_present):  # it is not known
        return lines, [_ALL] * len(lines)
    rows, columns = extents[title]
    if title == INSTRUCTIONS_SHEET:
        rows = _end_of_instructions(lines, rows if is_present else len(lines))
    elif title == META_SHEET:
        rows += _is_issued(lines[rows : rows + 1])
    else:
        lines = list(_without_longer_lists(lines, rows, columns))
    return lines, [columns if number < rows else 0 for number in range(len(lines))]


def _beyond(title: str, lines: Sequence[Filled], owns: Sequence[int], form: Form) -> Iterator[Spot]:
    """Yield the cells of a sheet that stand right of its own; `owns` tells how many those are."""
    where = f"“{_EXPLANATIONS}”表或相应单元格" if _EXPLANATIONS in form.sheets() else "相应单元格"
    why = f"写在“{title}”里的内容没有读取，请写到{where}"
    for number, (cells, own) in enumerate(zip(lines, owns, strict=True), 1):
        for at, raw in cells.items():
            if at >= own:
                yield Spot(title, a1(number, at + 1), as_text(raw), why)


def _of_the_list(number: int, cells: Filled) -> int:
    """Return how many cells of a line of the list are the list's own."""
    if number < _LIST_HEADER:
        return 1
    texts = [as_text(cells.get(at)) for at in range(_LIST_COLUMNS)]
    is_kept = not any(texts[:3]) and _ADDRESS.fullmatch(texts[3]) and texts[4]
    if texts[0] == MARKS_KEPT or is_kept:  # told when it was written, and kept since
        return _LIST_COLUMNS
    count, rule = texts[0], texts[-1]
    is_line = number == _LIST_HEADER or (count.isdecimal() and _RULE.fullmatch(rule))
    return _LIST_COLUMNS if is_line else 0


def _is_issued(lines: Sequence[Filled]) -> bool:
    return any(cells.get(0) == ISSUED_LABEL for cells in lines)


def _without_longer_lists(lines: Sequence[Filled], rows: int, columns: int) -> Iterator[Filled]:
    """Yield the lines of the hidden sheet without the entries that a township's own lists add."""
    above = lines[0].keys() if lines else set()
    for number, cells in enumerate(lines):
        longer = {at for at in cells if at < columns and at in above} if number >= rows else set()
        above = cells.keys() if number < rows else longer
        yield {at: raw for at, raw in cells.items() if at not in longer}


def _end_of_instructions(lines: Sequence[Filled], rows: int) -> int:
    """Return the last line of 填写说明, which says whose workbook it is."""
    marked = (
        number
        for number, cells in enumerate(lines, 1)
        if isinstance(line := cells.get(0), str) and Identity.parse(line)
    )
    return max(marked, default=rows)
