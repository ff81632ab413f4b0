"""A filled workbook, read against its form: reads everything, judges nothing.

Law: nothing is lost. Every cell that shows something is a header, a field of a row, a text that the
form itself puts there, or a stray, which is listed with its address.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.cells import Area, Filled, Grid, Raw, a1
from toolkit.excel.headers import (
    SEARCH,
    Header,
    filled,
    find_header,
    heads_a_table,
    is_reworded,
    named,
    other_unit,
    own_names,
)
from toolkit.excel.own_sheets import added
from toolkit.excel.own_texts import OwnTexts, bands_of, is_heading, names_of, own_texts
from toolkit.excel.tally import Account, Count, tallies
from toolkit.excel.titles import extra_sheets, find_sheets
from toolkit.schema.columns import ABSENT, Column, Field, Row
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import INSTRUCTIONS_SHEET, VALUE, VERTICAL_HEADERS, Form, Identity
from toolkit.schema.kinds import (
    Code,
    Context,
    Number,
    Ref,
    Whole,
    as_text,
    if_nothing,
    plain_number,
    reading_in,
)
from toolkit.schema.texts import header_form
from toolkit.schema.totals import Rate
from toolkit.schema.workbook import NO_FACTS, FileFacts, Sheet, Spot, Workbook

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
    counts: Sequence[Count] = (),
) -> Workbook:
    """Return the workbook that sheets of cells make when read against a form.

    It has tallies where the rows of its file were counted.
    """
    year = int(identity.year) if identity.year.isdecimal() else None
    context = Context(year, month_before, facts.date_1904)
    older = grids.get(INSTRUCTIONS_SHEET, ()) if identity.version != form.version else ()
    reader = _Reader(path, context, merged or {}, own_texts(form, map(filled, older)), form.rows)
    chosen = find_sheets(grids, form)
    sheets: dict[type[Row], Sheet] = {}
    # Vertical sheets first: the profile's year is what other sheets' short dates are read by.
    for row in sorted(form.rows, key=lambda row: not row.vertical):
        title = chosen.get(row)
        if title is None:
            continue
        if title != row.sheet:
            reader.notes.append(Spot(title, "", f"工作表按“{row.sheet}”读取"))
        read = reader.vertical if row.vertical else reader.table
        sheets[row] = read(row, title, grids[title])
    book = Workbook(
        path=path,
        name=Path(path).name,
        form=form,
        identity=identity,
        sheets=sheets,
        facts=facts,
        notes=tuple(reader.notes),
        strays=(*reader.strays, *added(grids, form, identity)),
        extra_sheets=tuple(extra_sheets(grids, form, chosen)),
    )
    if not counts:
        return book
    return replace(book, tallies=tuple(tallies(counts, book, reader.accounts, grids)))


_BREAK = re.compile(r"\s*\n\s*")
_TOTAL = re.compile("(?P<word>(?:本页)?(?:合计|小计|总计|累计|共计))(?::?[0-9]+[条个项人次行]?)?:?")
_SIGNATURE = re.compile(
    "(填表|填报|制表|审核|审批|负责|联系|经办|报送)(人|单位|日期|时间|电话|部门)?:|备注:|注:|※"
)


_ASIDE = re.compile(
    "(说明|备注|注|附注):|※|(合计|小计|总计|累计|共计)|[(]?(公章|盖章|签章|签字|签名)[)]?:?$"
    "|.{1,12}(签字|签名|签章|盖章)[)]?:|.{0,20}[(](公章|盖章|签章|签字|签名)[)]$"
)
_NO_RECORD = "这一行不像一条记录，没有读取"
_BELOW = "下面还有一张表，没有读取"
_A_TABLE = 3  # so many headers make another table
_NARROW = 2  # a sheet of so few columns may well have a record of one cell


def _form(raw: Raw) -> str:
    """Return a label as it is compared, "" where there is no text."""
    return header_form(raw) if isinstance(raw, str) else ""


class _Reader:
    """Reads one file's sheets; `context` gains the year once the profile is read."""

    def __init__(
        self,
        workbook: str,
        context: Context,
        merged: Mapping[str, Sequence[Area]],
        own: OwnTexts,
        rows: tuple[type[Row], ...],
    ) -> None:
        self.workbook = workbook
        self.rows = rows
        self.labels = _labels(rows)
        self.context = context
        self.merged = merged
        self.own = own  # what the form wrote on the sheets, also the older one of this file
        self.notes: list[Spot] = []
        self.strays: list[Spot] = []
        self.accounts: dict[str, Account] = defaultdict(Account)

    def _stray(
        self, title: str, row: int, cells: Filled, own: Container[int] = (), why: str = ""
    ) -> None:
        """List the cells of a line that are not among its own."""
        self.strays += [
            Spot(title, a1(row + 1, at + 1), as_text(raw), why)
            for at, raw in cells.items()
            if at not in own
        ]

    def aside(self, title: str, row: int, cells: Iterable[int], note: str) -> None:
        """Say of cells that hold no answer what they were taken for."""
        self.notes += [Spot(title, a1(row + 1, at + 1), note) for at in cells]

    def _is_heading(self, row: type[Row], title: str, cells: Filled) -> bool:
        """Say whether a line holds nothing but the form's title or hint."""
        if len(cells) != 1:
            return False
        text = as_text(*cells.values())
        if text in {row.sheet, row.hint}:
            return True
        return is_heading(text, self.own.headings_of(names_of(row, title)))

    def _take_header(
        self, title: str, address: str, label: Raw, column: Column[Any], unit: str = ""
    ) -> None:
        """Say of a header or label that it was taken for a column under another name or unit."""
        if is_reworded(label, column):
            note = f"表头按“{column.header}”读取"
            note += f"，数字由“{unit}”换算成“{column.unit}”" if unit else ""
            self.notes.append(Spot(title, address, note))

    # -- a table: one record a row

    def table(self, row: type[Row], title: str, grid: Grid) -> Sheet:
        """Return a sheet of one record a row."""
        areas = self.merged.get(title, ())
        header = find_header(row, grid, areas)
        if header is None:
            for number, cells in enumerate(map(filled, grid)):
                self._stray(title, number, cells)
            return Sheet(row, title, {}, (), row.columns)
        taken = {(label.row, at) for at, label in (*header.labels.items(), *header.groups)}
        own = self.accounts[title].own
        own += {number + 1 for number, _ in taken}
        for number, cells in enumerate(map(filled, grid[: header.row])):
            rest = {at: raw for at, raw in cells.items() if (number, at) not in taken}
            if number < header.first and self._is_heading(row, title, rest):
                own.append(number + 1)
            else:
                self._stray(title, number, rest)
        if not header.as_issued:
            self._headers(row, title, header)
        body = _Body(self, row, title, header)
        body.read(grid, areas)
        missing = tuple(column for column in row.columns if column.name not in header.addresses)
        return Sheet(row, title, header.addresses, tuple(body.records), missing)

    def _headers(self, row: type[Row], title: str, header: Header) -> None:
        """Say what the headers were taken for, and list those that nobody knows."""
        for at, column in header.columns.items():
            label, address = header.labels[at], header.addresses[column.name]
            self._take_header(title, address, label.raw, column, header.units.get(at, ""))
        for at, label in header.groups:
            note = f"两行表头，“{_BREAK.sub('', as_text(label.raw))}”是几栏共同的标题"
            self.aside(title, label.row, [at], note)
        self.strays += [
            Spot(title, a1(label.row + 1, at + 1), as_text(label.raw), header.why(at))
            for at, label in header.labels.items()
            if at not in header.columns
        ]
        order = [column for column in row.columns if column in header.columns.values()]
        if order != list(header.columns.values()):
            self.notes.append(Spot(title, "", "栏目的先后与发放时不同，按栏目名称读取"))

    # -- a vertical sheet: one record, a field a row

    def vertical(self, row: type[Row], title: str, grid: Grid) -> Sheet:
        """Return a sheet of one record, its labels in one column, the contents beside them."""
        lines = [filled(line) for line in grid]
        label_at, places = self._find_labels(row, title, lines)
        value_at = _value_column(lines, label_at)
        fields = {column.name: ABSENT for column in row.columns}
        # The year first, wherever it stands: the other fields' short dates are read by it.
        for column, number in sorted(places.items(), key=lambda place: place[0].name != "year"):
            raw = lines[number].get(value_at)
            if raw is None:
                fields[column.name] = Field(row=number + 1, column=value_at + 1)
                continue
            unit = other_unit(lines[number][label_at], column)
            reading = reading_in(column.kind, unit)(raw, self.context)
            if not column.required:
                reading = if_nothing(column.kind, raw, reading)
            value, note, fault, masked = reading
            fields[column.name] = Field(value, raw, note, fault, masked, number + 1, value_at + 1)
            if column.name == "year" and isinstance(value, int):
                self.context = replace(self.context, year=value)
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
        ) or Counter(at for cells in lines for at, raw in cells.items() if named(row, raw))
        label_at = min(hits, key=lambda at: (-hits[at], at), default=0)
        labels = [cells.get(label_at) for cells in lines]
        own = own_names(row.columns)
        places: dict[Column[Any], int] = {}
        for number in sorted(
            range(len(labels)), key=lambda number: _form(labels[number]) not in own
        ):
            column = named(row, labels[number])
            if column is not None and column not in places:
                places[column] = number
                label = labels[number]
                unit = other_unit(label, column)
                self._take_header(title, a1(number + 1, label_at + 1), label, column, unit)
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
        first = min(by_line, default=0)
        furniture = bands_of(row.columns)
        former = self.own.labels_of(names_of(row, title))
        owns = self.accounts[title].own
        for number, cells in enumerate(lines):
            column = by_line.get(number)
            texts = former.get(_form(cells.get(own[0])), frozenset())
            if column is not None:
                texts |= _beside(column)
                known = [at for at, raw in cells.items() if at > own[1] and _form(raw) in texts]
                self._stray(title, number, cells, (*own, *known))
                owns += [] if own[1] in cells else [number + 1]
            elif number >= first or not self._is_heading(row, title, cells):
                texts |= furniture
                known = [at for at, raw in cells.items() if _form(raw) in texts]
                twin = named(row, cells.get(own[0]))
                why = ""
                if twin is not None and twin in places:
                    why = f"“{twin.header}”不止一行，只读取了第 {places[twin] + 1} 行"
                    known = []
                self._stray(title, number, cells, known, why)
                owns += [number + 1] if known else []
            else:
                owns.append(number + 1)


class _Body:
    """What stands below a table's headers, read line by line."""

    def __init__(self, reader: _Reader, row: type[Row], title: str, header: Header) -> None:
        self.reader = reader
        self.row = row
        self.title = title
        self.header = header
        self.reads = {
            at: reading_in(column.kind, header.units.get(at, ""))
            for at, column in header.columns.items()
        }
        self.records: list[Row] = []
        self._since = 0  # the first record that no sum has counted

    def read(self, grid: Grid, areas: Sequence[Area]) -> None:
        """Read each filled line as a record; what belongs to none becomes a stray."""
        header, context = self.header, self.reader.context
        readers = [(at, col.name, self.reads[at], col) for at, col in header.columns.items()]
        absent = {column.name: ABSENT for column in self.row.columns}
        below = [area for area in areas if area[0][0] > header.row]
        covered, across = _covered(grid, below), _across(grid, below, header)
        for number, cells in self._records(grid, covered, across):
            fields = absent.copy()
            line = number + 1
            for at, name, read, column in readers:
                raw = cells.get(at)
                lent = covered.get((number, at)) if covered and raw is None else None
                if raw is None and lent is None:
                    fields[name] = Field(None, None, "", "", False, line, at + 1)  # noqa: FBT003 -- by place: made for every blank cell, and by name takes twice as long
                    continue
                seen = lent if raw is None else raw
                value, note, fault, masked = reading = read(seen, context)
                if fault and not column.required:
                    value, note, fault, masked = if_nothing(column.kind, seen, reading)
                if lent is not None:
                    note = "合并单元格，" + (note or f"按“{as_text(lent)}”理解")
                if across and (number, at) in across:
                    note = "，".join(filter(None, (across[number, at], note)))
                fields[name] = Field(value, seen, note, fault, masked, line, at + 1)
            self.records.append(self.row(self.reader.workbook, self.title, fields))

    def _records(
        self, grid: Grid, covered: Container[tuple[int, int]], across: Container[tuple[int, int]]
    ) -> Iterator[tuple[int, Filled]]:
        """Yield the lines that are records, to the end of the table; list what stands in others."""
        for number in range(self.header.row + 1, len(grid)):
            cells = filled(grid[number])
            if self._is_below(cells):
                for later in range(number, len(grid)):
                    self._stray(later, filled(grid[later]), _BELOW)
                return
            if len(cells) == 1 and self._is_aside(number, cells, covered, across):
                self._stray(number, cells, _NO_RECORD)
            elif cells and self._is_record(number, cells):
                yield number, cells

    def _is_below(self, cells: Filled) -> bool:
        """Say whether another table, or this one in another order, begins in a line."""
        if len(cells) < _A_TABLE or _form(next(iter(cells.values()))) not in self.reader.labels:
            return False
        words = [_form(raw) for raw in cells.values()]
        if sum(word in self.reader.labels for word in words) < _A_TABLE:
            return False
        repeats = self.header.words.issuperset(words) and not self.header.is_out_of_order(cells)
        return not repeats and heads_a_table(self.reader.rows, cells)

    def _is_aside(
        self,
        number: int,
        cells: Filled,
        covered: Container[tuple[int, int]],
        across: Container[tuple[int, int]],
    ) -> bool:
        """Say whether a line of one cell is a remark, a heading or a signature, and no record."""
        columns = self.header.columns
        ((at, raw),) = cells.items()
        column = columns.get(at)
        if column is None or len(columns) <= _NARROW:
            return False
        form = _form(raw)
        if form in self.header.words or _total_word(form):
            return False
        if any((number, other) in covered for other in columns):
            return False
        if _ASIDE.match(form) or _SIGNATURE.match(form):
            return True
        if (number, at) in across:
            return True
        reading = self.reads[at](raw, self.reader.context)
        return isinstance(column.kind, Code | Ref) and bool(reading.fault)

    def _is_record(self, number: int, cells: Filled) -> bool:
        """Say whether a line is a record; list those of its cells that are none of a record's."""
        header = self.header
        if cells.keys() <= header.columns.keys():
            own, table = cells, cells
        else:
            end = min(header.others, default=max(cells) + 1)
            table = {at: raw for at, raw in cells.items() if at < end}
            own = {at: raw for at, raw in table.items() if at in header.columns}
            self._stray(number, {at: raw for at, raw in cells.items() if at >= end})
        if not own:
            self._stray(number, table)
            return False
        first = _form(next(iter(table.values())))
        if word := _total_word(first):
            self._sum(number, table, word)
        elif _SIGNATURE.match(first) and _is_signature(table):
            self._stray(number, table, _NO_RECORD)
        elif first in header.words and header.words.issuperset(map(_form, table.values())):
            self._aside(number, table, "重复的表头，不作为记录读取")
        else:
            self._stray(number, {at: raw for at, raw in table.items() if at not in own})
            return True
        return False

    def _stray(self, number: int, cells: Filled, why: str = "") -> None:
        self.reader.strays += [
            Spot(self.title, a1(number + 1, at + 1), as_text(raw), why or self.header.why(at))
            for at, raw in cells.items()
        ]

    def _aside(self, number: int, cells: Filled, note: str) -> None:
        self.reader.aside(self.title, number, cells, note)
        self.reader.accounts[self.title].aside.append(number + 1)

    def _sum(self, number: int, cells: Filled, word: str) -> None:
        """Set a line aside that holds nothing but right sums; of any other, cells are strays."""
        columns = self.header.columns  # a rate is no sum
        stated = [at for at in list(cells)[1:] if not isinstance(columns.get(at), Rate)]
        wrong = {at: why for at in stated if (why := self._wrong_sum(at, cells[at], word))}
        self._since = len(self.records)
        if stated and not wrong:
            self._aside(number, cells, f"“{word}”一行与上面各行之和相符，不作为记录读取")
            return
        for at, raw in cells.items():
            self._stray(number, {at: raw}, wrong.get(at) or _no_record(word))

    def _wrong_sum(self, at: int, raw: Raw, word: str) -> str:
        """Return what is wrong with a sum, "" where it is that of all lines or the last ones."""
        column = self.header.columns.get(at)
        if column is None or not isinstance(column.kind, Whole | Number):
            return _no_record(word)
        value = self.reads[at](raw, self.reader.context).value
        if value is None:
            return _no_record(word)
        of_all = _total(self.records, column)
        of_last = _total(self.records[self._since :], column)
        if value in (of_all, of_last):
            return ""
        due = of_last if "小计" in word else of_all
        unit = f" {column.unit}" if at in self.header.units else ""
        wrote, sums_to = plain_number(Decimal(value)), plain_number(due)
        return f"“{word}”写的是 {wrote}{unit}，上面各行之和是 {sums_to}{unit}"


def _total(records: Iterable[Row], column: Column[Any]) -> Decimal:
    values = (column.__get__(each, Row) for each in records)
    return sum((Decimal(value) for value in values if value is not None), Decimal())


def _no_record(word: str) -> str:
    return f"“{word}”一行不作为记录读取"


@cache
def _labels(rows: tuple[type[Row], ...]) -> frozenset[str]:
    """Return all headers by which columns are found."""
    return frozenset().union(*(row.by_label for row in rows))


def _total_word(form: str) -> str:
    """Return the word that makes a text the head of a line of sums, "" where there is none."""
    match = _TOTAL.fullmatch(form)
    return match["word"] if match else ""


@cache
def _beside(column: Column[Any]) -> frozenset[str]:
    """Return what stands beside a field of a vertical sheet."""
    return frozenset({header_form(column.unit), header_form(column.guide)}) - {""}


def _is_signature(cells: Filled) -> bool:
    """Say whether a line is a label with its content beside it, or several with theirs."""
    first, *others = map(_form, cells.values())
    beside = first.endswith(":") and len(others) == 1
    return beside or all(map(_SIGNATURE.match, others))


def _covered(grid: Grid, areas: Iterable[Area]) -> Mapping[tuple[int, int], Raw]:
    """Return what merged cells hide: a cell speaks for those merged below it."""
    covered: dict[tuple[int, int], Raw] = {}
    for (top, at), (bottom, _) in areas:
        if top >= len(grid):
            continue
        raw = filled(grid[top]).get(at)
        for number in range(top + 1, min(bottom + 1, len(grid))):
            if raw is None or (number, at) in covered:
                break
            covered[number, at] = raw
    return covered


def _across(grid: Grid, areas: Iterable[Area], header: Header) -> Mapping[tuple[int, int], str]:
    """Return the notes on cells merged with those right of them: they speak for one column."""
    across: dict[tuple[int, int], str] = {}
    for (top, left), (bottom, right) in areas:
        hidden = [column.header for at, column in header.columns.items() if left < at <= right]
        if hidden and left in header.columns:
            note = f"与右边的“{'、'.join(hidden)}”合并，只算“{header.columns[left].header}”"
            across |= {(number, left): note for number in range(top, min(bottom + 1, len(grid)))}
    return across


def _value_column(lines: Sequence[Filled], label_at: int) -> int:
    """Return the column of a vertical sheet's contents: below its header, else by the labels."""
    under = (
        at
        for cells in lines[:SEARCH]
        for at, raw in cells.items()
        if at > label_at and raw == VERTICAL_HEADERS[VALUE]
    )
    return next(under, label_at + 1)
