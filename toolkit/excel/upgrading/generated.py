"""What an older form wrote on the sheets that nobody fills in; all else there people wrote.

The older form is not at hand. Its text on 填写说明 is known by its place, for every version builds
that sheet alike; the entries of 字典 are told there or are the present form's; _meta repeats the
identity. Where somebody has overwritten an explanation on the locked 填写说明, right in its place,
that cannot be told from the older form's own wording.
"""

import re
from collections.abc import Iterator, Mapping

from toolkit.excel.blank import meta_facts
from toolkit.excel.instructions import SAMPLE
from toolkit.excel.lists import HEADINGS
from toolkit.excel.upgrading.inventory import Cells, Item, Place
from toolkit.schema.form import (
    HINT_ROW,
    INSTRUCTIONS_SHEET,
    ISSUED_LABEL,
    META_SHEET,
    TITLE_ROW,
    Form,
    Identity,
)
from toolkit.schema.kinds import as_text

_STEPS, _LEGEND, _SHEETS, _COLUMNS = "填写步骤", "颜色说明", "各表说明和填报进度", "栏目说明"
_EXAMPLE = "填写示例"
_BANDS = (_STEPS, _LEGEND, _SHEETS, _COLUMNS, _EXAMPLE)
_PROGRESS = ("必填项完成率", "接下来填", "逐月检查", "还要补填", "")
_SHEETS_HEADER = ("工作表", "已填")
_REQUIRED = ("必填", "必填未填", "")
_FIRST, _SECOND, _THIRD, _LAST = 1, 2, 3, 5
_TABLE = range(_FIRST, _LAST + 1)
_ENTRIES = re.compile("可选：(.*)。")
_ISSUED = re.compile("[0-9a-f-]+")

Line = Mapping[int, Item]


def own_places(
    title: str, sheets: Mapping[str, Cells], form: Form, identity: Identity
) -> frozenset[Place]:
    """Return the cells of a generated sheet that hold what the form itself wrote."""
    cells = sheets[title]
    instructions = sheets.get(INSTRUCTIONS_SHEET, {})
    if title == META_SHEET:
        return frozenset(_of_meta(cells, form, identity, instructions))
    if title == INSTRUCTIONS_SHEET:
        return frozenset(_of_instructions(cells))
    return frozenset(_of_dictionary(cells, form, instructions))


def _of_instructions(cells: Cells) -> Iterator[Place]:
    lines: dict[int, dict[int, Item]] = {}
    for (row, column), item in cells.items():
        lines.setdefault(row, {})[column] = item
    bands = {row: text for row, line in lines.items() if _is_band(text := _text(line, _FIRST))}
    section = ""
    for row, line in lines.items():
        if row in bands:
            section = bands[row]
            columns: tuple[int, ...] = (_FIRST,)
        elif not section:
            columns = (_FIRST,) if row <= HINT_ROW else ()
        elif row + 1 in bands:  # a little air between sections
            columns = ()
        else:
            columns = tuple(_of_line(section, line))
        yield from ((row, column) for column in columns if column in line)


def _is_band(text: str) -> bool:
    """Say whether a text begins a section; what stands below the identity is nobody's section."""
    return text in _BANDS or Identity.parse(text) is not None


def _of_line(section: str, line: Line) -> Iterator[int]:
    """Yield the columns of a line of 填写说明 that the form fills."""
    first, second, third = (_text(line, column) for column in (_FIRST, _SECOND, _THIRD))
    reckoned = {column for column, item in line.items() if item.formula}
    if section == _STEPS:
        yield from (_FIRST, _SECOND) if first.isdecimal() else ()
    elif section == _LEGEND:
        yield from (_FIRST, _SECOND) if first == SAMPLE else (_SECOND,)
    elif section == _EXAMPLE:
        yield from (_FIRST, _SECOND)
    elif section == _SHEETS and (first, second) != _SHEETS_HEADER:
        if first in _PROGRESS:
            yield from {_FIRST, _SECOND} & {_FIRST, *reckoned}
        elif {_SECOND, _LAST} <= reckoned:
            # Of a sheet without required columns, the number of gaps is a plain 0.
            yield from (column for column in _TABLE if column != _THIRD or _is_count(line))
    elif section in {_SHEETS, _COLUMNS} and second:
        yield from (column for column in _TABLE if column != _THIRD or third in _REQUIRED)


def _is_count(line: Line) -> bool:
    return _THIRD in line and (bool(line[_THIRD].formula) or not isinstance(line[_THIRD].raw, str))


def _text(line: Line, column: int) -> str:
    return as_text(line[column].raw) if column in line else ""


def _of_dictionary(cells: Cells, form: Form, instructions: Cells) -> Iterator[Place]:
    """Yield the entries that either form is known to have, and what heads a list of such."""
    lists = form.codelists()
    known = {entry for codelist in lists for entry in codelist.shown}
    for item in instructions.values():
        match = _ENTRIES.search(as_text(item.raw))
        known.update(match[1].split("、") if match else ())
    entries = [at for at, item in cells.items() if at[0] > 1 and as_text(item.raw) in known]
    columns = {column for _, column in entries}
    yield from entries
    behind = {column for (row, column), item in cells.items() if row == 1 and item.raw in HEADINGS}
    yield from (at for at in cells if at[1] in behind)
    yield from ((1, column) for column in sorted(columns) if (1, column) in cells)


def _of_meta(cells: Cells, form: Form, identity: Identity, instructions: Cells) -> Iterator[Place]:
    """Yield the identity, as the sheet or another mark of the file tells it, and the issue."""
    texts = {at: as_text(item.raw) for at, item in cells.items()}
    told = Identity.parse(texts.get((1, _SECOND), "")) or identity
    facts = {*meta_facts(form.title, told)}
    if (TITLE_ROW, _FIRST) in instructions:
        facts.update(meta_facts(as_text(instructions[TITLE_ROW, _FIRST].raw), told))
    for row in {row for row, _ in cells}:
        label, text = (texts.get((row, at), "") for at in (_FIRST, _SECOND))
        if (label, text) in facts or (label == ISSUED_LABEL and _ISSUED.fullmatch(text)):
            yield from ((row, column) for column in (_FIRST, _SECOND) if (row, column) in cells)
