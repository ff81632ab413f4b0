"""Where every cell and note of an older workbook goes: to its field, or to the sheet 待迁移."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.cells import Filled, Raw, a1, place
from toolkit.excel.blank import REQUIRED_MARK
from toolkit.excel.marks.beside import Beside
from toolkit.excel.own_texts import OwnTexts, Texts, bands_of, names_of, own_texts
from toolkit.excel.parking import (
    CONTENT,
    MOVE_NOTE,
    Parked,
    is_furniture,
    parked_lines,
)
from toolkit.excel.sheets import Note
from toolkit.excel.upgrading.generated import own_places
from toolkit.excel.upgrading.inventory import Address, Cells, Inventory, Item, Place, is_sure
from toolkit.schema.columns import Field, Row
from toolkit.schema.form import (
    ADVICE,
    FIRST_ROW,
    HEADER_ROW,
    HINT_ROW,
    INSTRUCTIONS_SHEET,
    LABEL,
    MARKS_SHEET,
    MARKS_SHEET_BESIDE,
    PARKING_SHEET,
    TITLE_ROW,
    UNIT,
    VALUE,
    vertical_layout,
)
from toolkit.schema.kinds import as_text
from toolkit.schema.texts import header_form
from toolkit.schema.workbook import Sheet, Workbook


@dataclass
class Move:
    """Where each cell and note of the old file goes; filled in sheet by sheet."""

    filling: dict[type[Row], list[dict[str, Raw]]] = field(default_factory=dict)
    targets: dict[Address, Address] = field(default_factory=dict)  # also of blank fields
    carried: list[Address] = field(default_factory=list)
    split: list[Address] = field(default_factory=list)  # blank, once merged with the cell above
    furniture: int = 0  # cells that hold what the form itself wrote
    parked: list[Parked] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    parked_notes: int = 0

    @property
    def parked_cells(self) -> int:
        """The lines on 待迁移 that hold a cell's content, not a note's."""
        return len(self.parked) - self.parked_notes

    def settle(self, at: Address, item: Item, *, is_own: bool) -> None:
        """Count a cell as the form's own text, or park it."""
        if is_own:
            self.furniture += 1
        else:
            self.park(at, None, item)

    def park(self, at: Address, header: Item | None, item: Item, key: str = "") -> None:
        """Give a cell a line of its own on 待迁移, under its header and its record's number."""
        label = _heading(as_text(header.result)) if header else ""
        heading = f"{key} 的{label}" if key and label else key or label
        self.parked.append(Parked(at[0], a1(*at[1:]), heading, item.result))


def _heading(header: str) -> str:
    r"""Return a header on one line, without the mark of the required.

    >>> _heading("计划资金\n（万元） *")
    '计划资金（万元）'
    """
    return header.removesuffix(REQUIRED_MARK).replace("\n", "")


def plan_move(book: Workbook, old: Inventory, beside: Sequence[Beside] = ()) -> Move:
    """Return where every cell and note of a file goes, as read and as counted.

    `beside` is what people wrote beside our list of findings, which the file no longer holds.
    """
    move = Move()
    texts = own_texts(book.form, _lines(old.cells.get(INSTRUCTIONS_SHEET, {})))
    bands = bands_of(tuple(column for row in book.form.rows for column in row.columns))
    known = {sheet.title: sheet for sheet in book.sheets.values()}
    _keep_parked(move, old.cells.get(PARKING_SHEET, {}))
    move.parked += [Parked(each.sheet, each.cell, "", each.text) for each in beside]
    generated = book.form.generated_sheets() - {MARKS_SHEET, MARKS_SHEET_BESIDE}
    for title, cells in old.cells.items():
        if title == PARKING_SHEET:
            continue
        if title in generated:
            own = own_places(title, old.cells, book.form, book.identity)
            for at, item in cells.items():
                move.settle((title, *at), item, is_own=at in own)
            continue
        settled: set[Place] = set()
        if title in known:
            settled = _carry(move, known[title], old)
            head = _head_of(known[title], texts)
        else:
            head = _head_of_lost(title, cells, texts, bands)
        rest = {at: item for at, item in cells.items() if at not in settled}
        sort = _sort_vertical if head.vertical else _sort_table
        sort(move, title, rest, head)
    _hang_notes(move, old.notes)
    return move


def _carry(move: Move, sheet: Sheet, old: Inventory) -> set[Place]:
    """Take over the records of a sheet, raw as they were typed; return the cells they stood in."""
    title, new, cells = sheet.title, sheet.row.sheet, old.cells[sheet.title]
    layout = vertical_layout(sheet.row) if sheet.row.vertical else {}
    records = move.filling.setdefault(sheet.row, [])
    settled: set[Place] = set()
    for line, row in enumerate(sheet.rows, FIRST_ROW):
        for number, column in enumerate(sheet.row.columns, 1):
            found = row.field(column)
            if not found.column:
                continue
            spot = (layout[column.name], VALUE) if layout else (line, number)
            move.targets[title, found.row, found.column] = (new, *spot)
            if layout:  # the unit and the advice beside the field
                move.targets[title, found.row, found.column + 1] = (new, spot[0], UNIT)
                move.targets[title, found.row, found.column + 2] = (new, spot[0], ADVICE)
            if not found.empty:
                settled.add((found.row, found.column))
        records.append({column.name: _typed(cell, old, cells) for column, cell in row.filled()})
    for number, column in enumerate(sheet.row.columns, 1):
        if column.name in sheet.headers:
            spot = (layout[column.name], LABEL) if layout else (HEADER_ROW, number)
            move.targets[title, *place(sheet.headers[column.name])] = (new, *spot)
    for line in (TITLE_ROW, HINT_ROW):
        move.targets.setdefault((title, line, 1), (new, line, 1))
    for at in sorted(settled):
        (move.carried if at in cells else move.split).append((title, *at))
    return settled


def _typed(found: Field, old: Inventory, cells: Cells) -> Raw:
    """Return what was typed; of a number shown as no day, or as one before March 1900, the number.

    Those days writers count differently.
    """
    item = cells.get((found.row, found.column))
    if item is None or (is_sure(found.raw) and old.keeps(item, found.raw) is not False):
        return found.raw
    return item.stored


def _keep_parked(move: Move, cells: Cells) -> None:
    """Take over what an earlier upgrade parked, line by line; what else stands there is parked."""
    raws = {at: item.result for at, item in cells.items()}
    lines = dict(parked_lines(raws))
    for number, (row, parked) in enumerate(lines.items(), FIRST_ROW):
        move.parked.append(parked)
        move.targets[PARKING_SHEET, row, CONTENT] = (PARKING_SHEET, number, CONTENT)
    for at, item in cells.items():
        if at[1] == CONTENT and at[0] in lines:
            continue
        move.settle((PARKING_SHEET, *at), item, is_own=is_furniture(at, raws, lines))


# -- what the form wrote and what people wrote --------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Head:
    """How a sheet of the old file is laid out, and which texts the form itself puts there."""

    vertical: bool
    at: int  # the row of a table's headers, the column of a vertical sheet's labels; 0 if none
    labels: Mapping[str, Texts]
    headings: Texts
    columns: frozenset[Place] = frozenset()  # the headers that the reader knew
    keys: Mapping[int, str] = field(default_factory=dict)  # by row, which record stands there

    def knows(self, at: Place, item: Item) -> bool:
        """Say whether a cell among the headers is one of the form's."""
        return at in self.columns or _label(item) in self.labels


def _label(item: Item | None) -> str:
    """Return a text as labels are compared, "" where there is none."""
    return header_form(item.raw) if item and isinstance(item.raw, str) else ""


def _lines(cells: Cells) -> Iterable[Filled]:
    """Return what stands in a sheet's lines, by place counted from 0."""
    lines: dict[int, dict[int, Raw]] = {}
    for (row, column), item in cells.items():
        lines.setdefault(row, {})[column - 1] = item.raw
    return lines.values()


def _head_of(sheet: Sheet, texts: OwnTexts) -> _Head:
    """Return the layout of a sheet that the reader has understood."""
    columns = frozenset(map(place, sheet.headers.values()))
    names = names_of(sheet.row, sheet.title)
    labels = texts.labels_of(names)
    vertical = sheet.row.vertical
    at = next((spot[1] if vertical else spot[0] for spot in columns), 0)
    headings = texts.headings_of(names) | bands_of(sheet.row.columns)
    return _Head(vertical, at, labels, headings, columns, dict(_keys(sheet)))


def _keys(sheet: Sheet) -> Iterator[tuple[int, str]]:
    """Yield the rows whose record has a number, each with what that is called."""
    for row in sheet.rows:
        key = row.field(sheet.row.key) if sheet.row.key else None
        if sheet.row.key and key and not key.empty:
            yield key.row, f"{sheet.row.key.header} {as_text(key.raw)}"


def _head_of_lost(title: str, cells: Cells, texts: OwnTexts, bands: Texts) -> _Head:
    """Return the layout of a sheet that the form no longer has, as far as the old file tells it."""
    labels = texts.labels_of((title,))
    hits = [at for at, item in cells.items() if _label(item) in labels]
    rows, columns = Counter(row for row, _ in hits), Counter(column for _, column in hits)
    vertical = max(columns.values(), default=0) > max(rows.values(), default=0)
    most = (columns if vertical else rows).most_common(1)
    headings = texts.headings_of((title,)) | bands
    return _Head(vertical, most[0][0] if most else 0, labels, headings)


def _sort_table(move: Move, title: str, cells: Cells, head: _Head) -> None:
    """Settle what is no record's in a table: above the headers, among them, below them."""
    headers = {column: item for (row, column), item in cells.items() if row == head.at}
    used: set[int] = set()
    for (row, column), item in cells.items():
        if row > head.at:
            header = headers.get(column)
            move.park((title, row, column), header, item, head.keys.get(row, ""))
            used.add(column)
    for at, item in cells.items():
        if at[0] == head.at:
            is_own = at[1] in used or head.knows(at, item)
            move.settle((title, *at), item, is_own=is_own)
        elif at[0] < head.at:
            move.settle((title, *at), item, is_own=_label(item) in head.headings)


def _sort_vertical(move: Move, title: str, cells: Cells, head: _Head) -> None:
    """Settle what is no record's on a vertical sheet: labels, and what stands beside them."""
    labels = {row: item for (row, column), item in cells.items() if column == head.at}
    fields = {row for row, item in labels.items() if head.knows((row, head.at), item)}
    first = min(fields, default=0)
    used: set[int] = set()
    for (row, column), item in cells.items():
        if column == head.at:
            continue
        label = labels.get(row)
        beside = head.labels.get(_label(label), frozenset())
        if _label(item) in (head.headings if row < first else beside):
            move.furniture += 1
        else:
            move.park((title, row, column), label, item)
            used.add(row)
    for row, item in labels.items():
        is_own = row in fields or row in used or _label(item) in head.headings
        move.settle((title, row, head.at), item, is_own=is_own)


# -- notes --------------------------------------------------------------------------------------


def _hang_notes(move: Move, notes: Iterable[Note]) -> None:
    """Hang each note on its cell's new place; park the text of one that has none."""
    taken: set[Address] = set()
    for note in notes:
        target = move.targets.get((note.sheet, note.row, note.column))
        if target is not None and target not in taken:
            taken.add(target)
            move.notes.append(Note(*target, note.text, note.author))
            continue
        heading = f"批注（{note.author}）" if note.author.strip() else "批注"
        text = note.text or "（没有文字的批注）"
        where = a1(note.row, note.column)
        move.parked.append(Parked(note.sheet, where, heading, text, MOVE_NOTE))
        move.parked_notes += 1
