"""A filled workbook, read against its form: reads everything, judges nothing.

Law: nothing is lost. Every cell that shows something is a header, a field of a row, a text that the
form itself puts there, or a stray, which is listed with its address.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from toolkit.cells import Raw, a1
from toolkit.schema.columns import ABSENT, Column, Field, Row
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import VALUE, VERTICAL_HEADERS, Form, Identity
from toolkit.schema.kinds import Context, as_text
from toolkit.schema.texts import header_form, is_blank, tidy
from toolkit.schema.workbook import NO_FACTS, FileFacts, Sheet, Spot, Workbook

Grid = Sequence[Sequence[Raw]]
"""A sheet's cells from A1 on; "" or None where nothing stands."""

Area = tuple[tuple[int, int], tuple[int, int]]
"""Merged cells: (row, column) of the first and of the last, counted from 0."""


# -- what it says -------------------------------------------------------------------------------


def understand(  # noqa: PLR0913 -- what is known of a file, by name
    grids: Mapping[str, Grid],
    form: Form,
    identity: Identity,
    *,
    path: str,
    facts: FileFacts = NO_FACTS,
    month_before: MonthBefore = MonthBefore.STRICT,
    merged: Mapping[str, Sequence[Area]] | None = None,
) -> Workbook:
    """Return the workbook that sheets of cells make when read against a form."""
    by_title = {tidy(title): title for title in grids} | {title: title for title in grids}
    year = int(identity.year) if identity.year.isdecimal() else None
    is_current = identity.version == form.version
    reader = _Reader(path, Context(year, month_before), merged or {}, is_current=is_current)
    sheets: dict[type[Row], Sheet] = {}
    # Vertical sheets first: the profile's year is what other sheets' short dates are read by.
    for row in sorted(form.rows, key=lambda row: not row.vertical):
        title = by_title.get(row.sheet)
        if title is None:
            continue
        if title != row.sheet:
            reader.notes.append(Spot(title, "", f"工作表按“{row.sheet}”读取"))
        read = reader.vertical if row.vertical else reader.table
        sheets[row] = read(row, title, grids[title])
    known = {sheet.title for sheet in sheets.values()} | form.generated_sheets()
    return Workbook(
        path=path,
        name=Path(path).name,
        form=form,
        identity=identity,
        sheets=sheets,
        facts=facts,
        notes=tuple(reader.notes),
        strays=tuple(reader.strays),
        extra_sheets=tuple(
            t for t, grid in grids.items() if t not in known and any(map(_filled, grid))
        ),
    )


_HEADER_SEARCH = 40  # rows in which a moved header is looked for
_NEAR = 80  # rapidfuzz score from which a header may be a slip of the pen
_TOTALS = frozenset({"合计", "小计", "总计", "累计", "本页合计", "本页小计"})
_SIGNATURE = re.compile(
    "(填表|填报|制表|审核|审批|负责|联系|经办|报送)(人|单位|日期|时间|电话|部门)?:|备注:|注:|※"
)

Filled = Mapping[int, Raw]
"""What stands in a line of cells, by place counted from 0."""


def _filled(cells: Sequence[Raw]) -> Filled:
    return {
        at: raw
        for at, raw in enumerate(cells)
        if raw is not None
        and raw != ""
        and (type(raw) is not str or raw[0].isalnum() or not is_blank(raw))  # the dear one last
    }


def _form(raw: Raw) -> str:
    """Return a label as it is compared, "" where there is no text."""
    return header_form(raw) if isinstance(raw, str) else ""


class _Header(NamedTuple):
    """The row of a table's headers, counted from 0, and the columns below them, by place."""

    row: int
    columns: Mapping[int, Column[Any]]
    words: frozenset[str]  # what repeats of the head are told by


class _Reader:
    """Reads one file's sheets; `context` gains the year once the profile is read."""

    def __init__(
        self,
        workbook: str,
        context: Context,
        merged: Mapping[str, Sequence[Area]],
        *,
        is_current: bool,
    ) -> None:
        self.workbook = workbook
        self.context = context
        self.merged = merged
        self.is_current = is_current  # the form's own texts are those that the file was made with
        self.notes: list[Spot] = []
        self.strays: list[Spot] = []

    def _stray(self, title: str, row: int, cells: Filled, own: Container[int] = ()) -> None:
        """List the cells of a line that are not among its own."""
        self.strays += [
            Spot(title, a1(row + 1, at + 1), as_text(raw))
            for at, raw in cells.items()
            if at not in own
        ]

    def _is_heading(self, row: type[Row], cells: Filled) -> bool:
        """Say whether a line is the form's title or hint, be it in other words."""
        if len(cells) != 1:
            return False
        text = tidy(as_text(*cells.values()))
        return row.sheet in text or text == tidy(row.hint)

    def _take_header(self, title: str, address: str, label: str, column: Column[Any]) -> None:
        """Say of a header or label that it was taken for a column under another name."""
        if label != header_form(column.header):
            self.notes.append(Spot(title, address, f"表头按“{column.header}”读取"))

    # -- a table: one record a row

    def table(self, row: type[Row], title: str, grid: Grid) -> Sheet:
        """Return a sheet of one record a row."""
        header = self._find_header(row, title, grid)
        if header is None:
            for number, cells in enumerate(map(_filled, grid)):
                self._stray(title, number, cells)
            return Sheet(row, title, {}, (), row.columns)
        for number, cells in enumerate(map(_filled, grid[: header.row])):
            is_old_hint = not self.is_current and len(cells) == 1 and number == header.row - 1
            if not is_old_hint and not self._is_heading(row, cells):
                self._stray(title, number, cells)
        records = tuple(self._records(row, title, grid, header))
        headers = {column.name: a1(header.row + 1, at + 1) for at, column in header.columns.items()}
        missing = tuple(column for column in row.columns if column.name not in headers)
        return Sheet(row, title, headers, records, missing)

    def _find_header(self, row: type[Row], title: str, grid: Grid) -> _Header | None:
        """Return the row in which most headers stand; the sheet's title alone is none."""
        best, most = -1, 0
        for number, line in enumerate(grid[:_HEADER_SEARCH]):
            known = row.by_label.keys() & set(map(_form, line))
            if len(known) > most and known != {header_form(row.sheet)}:
                best, most = number, len(known)
            if 2 * most > len(row.columns):
                break
        return self._header(row, title, best, _filled(grid[best])) if most else None

    def _header(self, row: type[Row], title: str, number: int, cells: Filled) -> _Header:
        """Return which column each header names: by its own name, by an alias, by a near miss."""
        labels = {at: header_form(as_text(raw)) for at, raw in cells.items()}
        own = _own_names(row.columns)
        columns: dict[int, Column[Any]] = {}
        for at in sorted(labels, key=lambda at: labels[at] not in own):
            column = row.by_label.get(labels[at])
            if column is not None and column not in columns.values():
                columns[at] = column
        for at in sorted(labels.keys() - columns.keys()):
            column = _near_miss(labels[at], [c for c in row.columns if c not in columns.values()])
            if column is not None:
                columns[at] = column
        for at in sorted(columns):
            self._take_header(title, a1(number + 1, at + 1), labels[at], columns[at])
        self._stray(title, number, cells, columns)
        words = {*labels.values(), header_form(row.sheet), header_form(row.hint)}
        return _Header(number, {at: columns[at] for at in sorted(columns)}, frozenset(words))

    def _records(self, row: type[Row], title: str, grid: Grid, header: _Header) -> Iterator[Row]:
        """Yield each filled row below the headers; what belongs to none becomes a stray."""
        readers = [(at, column.name, column.kind.read) for at, column in header.columns.items()]
        absent = {column.name: ABSENT for column in row.columns}
        covered = _covered(grid, header.row, self.merged.get(title, ()))
        context = self.context
        for number in range(header.row + 1, len(grid)):
            cells = _filled(grid[number])
            if not cells:
                continue
            if cells.keys().isdisjoint(header.columns) or _is_aside(cells, header):
                self._stray(title, number, cells)
                continue
            if not cells.keys() <= header.columns.keys():
                self._stray(title, number, cells, header.columns)
            fields = absent.copy()
            line = number + 1
            for at, name, read in readers:
                raw = cells.get(at)
                lent = covered.get((number, at)) if covered and raw is None else None
                if raw is None and lent is None:
                    fields[name] = Field(None, None, "", "", False, line, at + 1)  # noqa: FBT003 -- by place: made for every blank cell, and by name takes twice as long
                    continue
                seen = lent if raw is None else raw
                value, note, fault, masked = read(seen, context)
                if lent is not None:
                    note = note or f"合并单元格，按“{as_text(lent)}”理解"
                fields[name] = Field(value, seen, note, fault, masked, line, at + 1)
            yield row(self.workbook, title, fields)

    # -- a vertical sheet: one record, a field a row

    def vertical(self, row: type[Row], title: str, grid: Grid) -> Sheet:
        """Return a sheet of one record, its labels in one column, the contents beside them."""
        lines = [_filled(line) for line in grid]
        label_at, places = self._find_labels(row, title, lines)
        value_at = _value_column(lines, label_at)
        fields = {column.name: ABSENT for column in row.columns}
        # The year first, wherever it stands: the other fields' short dates are read by it.
        for column, number in sorted(places.items(), key=lambda place: place[0].name != "year"):
            raw = lines[number].get(value_at)
            if raw is None:
                fields[column.name] = Field(row=number + 1, column=value_at + 1)
                continue
            value, note, fault, masked = column.kind.read(raw, self.context)
            fields[column.name] = Field(value, raw, note, fault, masked, number + 1, value_at + 1)
            if column.name == "year" and isinstance(value, int):
                self.context = Context(value, self.context.month_before)
        self._vertical_strays(row, title, lines, (label_at, value_at), places)
        headers = {
            column.name: a1(places[column] + 1, label_at + 1)
            for column in row.columns
            if column in places
        }
        missing = tuple(column for column in row.columns if column not in places)
        return Sheet(row, title, headers, (row(self.workbook, title, fields),), missing)

    def _find_labels(
        self, row: type[Row], title: str, lines: Sequence[Filled]
    ) -> tuple[int, Mapping[Column[Any], int]]:
        """Return the column in which most labels stand, and the line of each; the first counts."""
        hits = Counter(
            at for cells in lines for at, raw in cells.items() if _form(raw) in row.by_label
        )
        label_at = min(hits, key=lambda at: (-hits[at], at), default=0)
        labels = [_form(cells.get(label_at)) for cells in lines]
        own = _own_names(row.columns)
        places: dict[Column[Any], int] = {}
        for number in sorted(range(len(labels)), key=lambda number: labels[number] not in own):
            column = row.by_label.get(labels[number])
            if column is not None and column not in places:
                places[column] = number
                self._take_header(title, a1(number + 1, label_at + 1), labels[number], column)
        return label_at, places

    def _vertical_strays(
        self,
        row: type[Row],
        title: str,
        lines: Sequence[Filled],
        own: tuple[int, int],
        places: Mapping[Column[Any], int],
    ) -> None:
        """List what is neither label nor content of a field, nor a text that the form puts there.

        Beside a field stand its unit and guide; an older form may have worded them differently.
        """
        by_line = {number: column for column, number in places.items()}
        furniture = _furniture(row.columns)
        beside = () if self.is_current else (own[1] + 1, own[1] + 2)
        for number, cells in enumerate(lines):
            column = by_line.get(number)
            if column is not None:
                texts = _beside(column)
                known = [at for at, raw in cells.items() if at > own[1] and _form(raw) in texts]
                self._stray(title, number, cells, (*own, *beside, *known))
            elif not self._is_heading(row, cells):
                known = [at for at, raw in cells.items() if _form(raw) in furniture]
                self._stray(title, number, cells, known)


@cache
def _own_names(columns: tuple[Column[Any], ...]) -> frozenset[str]:
    """Return the headers that a form gives to a sheet, as they are compared."""
    return frozenset(header_form(column.header) for column in columns)


@cache
def _furniture(columns: tuple[Column[Any], ...]) -> frozenset[str]:
    """Return what stands on a vertical sheet besides its fields."""
    texts = (*VERTICAL_HEADERS.values(), *(column.section for column in columns))
    return frozenset(map(header_form, texts)) - {""}


@cache
def _beside(column: Column[Any]) -> frozenset[str]:
    """Return what stands beside a field of a vertical sheet."""
    return frozenset({header_form(column.unit), header_form(column.guide)}) - {""}


def _near_miss(label: str, columns: Sequence[Column[Any]]) -> Column[Any] | None:
    """Return the column whose header a label misspells, None where that is not certain."""
    if not columns:
        return None
    from rapidfuzz import fuzz, process  # noqa: PLC0415 -- only a header slip pays for it

    headers = [header_form(column.header) for column in columns]
    hit = process.extractOne(label, headers, scorer=fuzz.ratio, score_cutoff=_NEAR)
    if hit is None:
        return None
    header, score, index = hit
    # 镇审核日期 and 县审核日期 score just 80, and so do 主持人 and 主持.
    return columns[index] if score > _NEAR or label in header or header in label else None


def _is_aside(cells: Filled, header: _Header) -> bool:
    """Say whether a line of a table is no record: a sum, a signature, the head once more."""
    first, *others = map(_form, cells.values())
    if first.rstrip(":") in _TOTALS:
        return True
    if _SIGNATURE.match(first):  # a label with its content beside it, or several with theirs
        beside = first.endswith(":") and len(others) == 1
        return beside or all(map(_SIGNATURE.match, others))
    return first in header.words and all(_form(raw) in header.words for raw in cells.values())


def _covered(grid: Grid, header_row: int, areas: Iterable[Area]) -> Mapping[tuple[int, int], Raw]:
    """Return what merged cells hide: below the headers, a cell speaks for those merged below it."""
    covered: dict[tuple[int, int], Raw] = {}
    for (top, at), (bottom, _) in areas:
        if top <= header_row or top >= len(grid):
            continue
        raw = _filled(grid[top]).get(at)
        for number in range(top + 1, min(bottom + 1, len(grid))):
            if raw is None or (number, at) in covered:
                break
            covered[number, at] = raw
    return covered


def _value_column(lines: Sequence[Filled], label_at: int) -> int:
    """Return the column of a vertical sheet's contents: below its header, else by the labels."""
    under = (
        at
        for cells in lines[:_HEADER_SEARCH]
        for at, raw in cells.items()
        if at > label_at and raw == VERTICAL_HEADERS[VALUE]
    )
    return next(under, label_at + 1)
