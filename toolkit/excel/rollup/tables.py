"""Writes the tables of a rollup: as wide and high as their contents need, each row traceable.

Text from the villages is only ever written as text; a link leads only to a file that was read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from toolkit.cells import Raw, a1
from toolkit.excel.links import MOST_LINKS, link_to
from toolkit.excel.look import DAY_FORMAT, LINK_BLUE, breadth, height_of, lines
from toolkit.excel.rollup.formulas import Layout, Speller, Spot
from toolkit.excel.sheets import A3, A4, Page, checked, quoted, when
from toolkit.forms import rollup
from toolkit.forms.rollup import Rollup, Table
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import HEADER_ROW, HINT_ROW, TITLE_ROW
from toolkit.schema.kinds import Day, as_text
from toolkit.schema.totals import Cell, Live, Rate, percentage, value_of

RATE_FORMAT = "0.0%"
_LAST_ROW = "1048576"
_WIDEST_WORD, _WIDEST_WORD_OF_LEDGER, _NARROWEST = 16, 12, 5.5
_MARGIN = 1.7  # what a column takes beyond its text
_ON_ONE_LINE, _ON_TWO_LINES = 3, 8  # characters of a header


def write_sheet(page: Page, made: Rollup, layout: Layout, rows: Sequence[type[Row]]) -> None:
    """Write a sheet of one table, or of several one below the other."""
    spots = [layout[row] for row in rows]
    last = max(spot.left - 1 + len(spot.row.columns) for spot in spots)
    tables = [_Measured.of(made.tables[spot.row]) for spot in spots]
    widths = _widths(spots, tables, last)
    for column, width in enumerate(widths, 1):
        page.sheet.set_column(column - 1, column - 1, width)
    when_made = f"（{made.year}年{made.month}月，截至{Day().text(made.as_of)}）"
    page.band(TITLE_ROW, f"{rows[0].sheet}{when_made}", last, "title", 30)
    notes = [
        TableWriter(page, made, layout, spot, widths).write(table)
        for spot, table in zip(spots, tables, strict=True)
    ]
    page.band(HINT_ROW, rows[0].hint + notes[0], last, "hint", 20)
    for spot in spots[1:]:
        page.band(spot.header - 1, spot.row.hint, last, "band", 21)
    main = max(spots, key=lambda spot: len(spot.row.columns))
    page.sheet.autofilter(main.header - 1, 0, main.last - 1, len(main.row.columns) - 1)
    if len(spots) == 1:
        page.sheet.freeze_panes(HEADER_ROW, _frozen(rows[0]))
        page.sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    else:
        page.sheet.freeze_panes(TITLE_ROW, 2)
        page.sheet.repeat_rows(main.header - 1)
    page.sheet.hide_gridlines(2)
    page.set_print(landscape=True, paper=A3 if main.row in rollup.ON_A3 else A4)
    printed = rollup.LAST_PRINTED.get(main.row)
    if printed is not None:  # the rest is of use on the screen only
        end = max(spot.last + bool(made.tables[spot.row].total) for spot in spots)
        page.sheet.print_area(0, 0, end - 1, main.at(printed) - 1)


def _frozen(row: type[Row]) -> int:
    """Return how many columns stay in sight: up to the village's name."""
    return row.columns.index(rollup.VILLAGE_NAME) + 1 if rollup.VILLAGE_NAME in row.columns else 1


# ---- widths and heights


class _Words(NamedTuple):
    """What one column shows, line by line, and how wide it is."""

    texts: Sequence[str]
    need: int
    folded: bool  # whether a text has lines of its own


@dataclass(frozen=True)
class _Measured:
    """A table with what its columns show, the line of totals last."""

    table: Table
    columns: Sequence[_Words]

    @classmethod
    def of(cls, table: Table) -> "_Measured":
        """Return a table measured, column by column."""
        rows = [*table.rows, table.total] if table.total else table.rows
        columns = zip(*rows, strict=True) if rows else ((),) * len(table.row.columns)
        return cls(table, [_words(cells) for cells in columns])


def _words(cells: Iterable[Cell]) -> _Words:
    texts = [cell if type(cell) is str else shown(cell) for cell in cells]
    need, folded = 0, False
    for text in set(texts):
        if "\n" in text:
            folded = True
            need = max(need, *map(breadth, text.split("\n")))
        elif 2 * len(text) > need:
            need = max(need, breadth(text))
    return _Words(texts, need, folded)


def shown(cell: Cell) -> str:
    """Return what a cell shows."""
    value = value_of(cell)
    if isinstance(value, float) and isinstance(cell, Live):
        return percentage(value)
    return as_text(value)


def _widest(row: type[Row], column: Column[Any]) -> float:
    """Return how wide a column may grow; a ledger's many columns must fit on a page."""
    if rollup.LINE not in row.columns or column is rollup.FILE:
        return column.width if column.kind.long else max(column.width, _WIDEST_WORD)
    return column.width / 2 if column.kind.long else _WIDEST_WORD_OF_LEDGER


def _widths(spots: Sequence[Spot], tables: Sequence[_Measured], last: int) -> list[float]:
    """Return each column's width: what its contents take, within reason."""
    widths = [_NARROWEST] * last
    for spot, table in zip(spots, tables, strict=True):
        for at, (column, words) in enumerate(
            zip(spot.row.columns, table.columns, strict=True), spot.left - 1
        ):
            need = max(min(words.need, _widest(spot.row, column)), _header_width(column.header))
            widths[at] = max(widths[at], need + _MARGIN)
    return widths


def _header_width(header: str) -> int:
    """Return how wide a header is, broken into lines of much the same length."""
    long = len(header)
    return 2 * (long if long <= _ON_ONE_LINE else -(-long // (2 if long <= _ON_TWO_LINES else 3)))


def _heights(table: _Measured, widths: Sequence[float]) -> list[float]:
    """Return how high each row must be for its texts, wrapped into their columns."""
    counts = [1] * (len(table.table.rows) + bool(table.table.total))
    for words, width in zip(table.columns, widths, strict=False):
        room = width - 0.7
        if words.need <= room and not words.folded:
            continue
        for number, text in enumerate(words.texts):
            if 2 * len(text) > room or "\n" in text:
                counts[number] = max(counts[number], lines(text, room))
    return [height_of(count, _LEAST_HEIGHT) for count in counts]


_LEAST_HEIGHT = 18.5


# ---- links


@dataclass
class _Links:
    """Leads from a ledger's rows to the rows of the files that they came from."""

    page: Page
    ways: Mapping[int, str]
    laid: int = field(default=0)
    left: int = field(default=0)
    starts: dict[tuple[Raw, Raw], str] = field(default_factory=dict)

    def lay(self, at: tuple[int, int], aim: tuple[Raw, Raw], number: Raw, style: Any) -> None:  # noqa: ANN401 -- XlsxWriter has no types
        """Lay the link of one row, to a village's sheet; without it where Excel would refuse it."""
        if aim not in self.starts:
            self.starts[aim] = self._start(*aim)
        start = self.starts[aim]
        if self.laid >= MOST_LINKS or not start:
            self.left += 1
            return
        row, column = at
        code = self.page.sheet.write_url(
            row - 1, column - 1, f"{start}{number}", style, "x", "打开原文件的这一行"
        )
        checked(code, f"{self.page.title}!{a1(row, column)}")
        self.laid += 1

    def _start(self, village: Raw, sheet: Raw) -> str:
        """Return a link up to the row's number, "" where Excel would not take it."""
        way = self.ways.get(cast("int", village), "")
        return link_to(way, f"{quoted(as_text(sheet))}!A{_LAST_ROW}").removesuffix(_LAST_ROW)


# ---- one table


class _Styles(NamedTuple):
    """A column's looks: of text and days, and of numbers."""

    text: Any
    number: Any


@dataclass
class TableWriter:
    """One table being written at its place."""

    page: Page
    made: Rollup
    layout: Layout
    spot: Spot
    widths: Sequence[float]

    def write(self, measured: _Measured | None = None) -> str:
        """Write header, rows and totals; return what the sheet's hint must add."""
        table = self.made.tables[self.spot.row]
        measured = measured or _Measured.of(table)
        self._header()
        links = _Links(self.page, self.made.links)
        speller = Speller(self.made, self.layout)
        heights = _heights(measured, self.widths[self.spot.left - 1 :])
        rows = table.rows or ((None,) * len(self.spot.row.columns),)
        heights += [_LEAST_HEIGHT] * (not table.rows)
        since = self._since(table)
        styles = {first: self._styles(measured, "text", first) for first in set(since)}
        lines = zip(rows, heights, since, strict=False)
        for line, (row, height, first) in enumerate(lines, self.spot.first):
            self.page.sheet.set_row(line - 1, height)
            self._line(line, row, styles[first], speller)
        if rollup.LINE in self.spot.row.columns:
            self._links(table, links)
        if table.total:
            line = self.spot.last + 1
            self.page.sheet.set_row(line - 1, _LEAST_HEIGHT)
            self._line(line, table.total, self._styles(measured, "total"), speller)
        self._alarms()
        said = "" if table.rows else "本期没有记录。"
        if links.left:
            said += f"其中 {links.left} 行因 Excel 链接上限没有做成链接。"
        return said

    def _since(self, table: Table) -> Sequence[int]:
        """Return the first month that each row has to answer for, 1 where it asks for none."""
        if table.row is not rollup.MeetingCount or not table.rows:
            return [1] * max(1, len(table.rows))
        return cast("tuple[int, ...]", table.column(rollup.MeetingCount.since))

    def _header(self) -> None:
        header = self.page.book.style("header")
        count = 1
        for column, width in zip(
            self.spot.row.columns, self.widths[self.spot.left - 1 :], strict=False
        ):
            self.page.put(self.spot.header, self.spot.at(column), column.header, header)
            count = max(count, -int(-len(column.header) // max(1, (width - 1.2) // 2)))
        self.page.sheet.set_row(self.spot.header - 1, height_of(count, _LEAST_HEIGHT))

    def _line(
        self, line: int, row: tuple[Cell, ...], styles: Sequence[_Styles], speller: Speller
    ) -> None:
        put = self.page.put
        for at, (cell, style) in enumerate(zip(row, styles, strict=True), self.spot.left):
            if cell is None or type(cell) is str:
                put(line, at, cell, style.text)
            elif isinstance(cell, Live):
                look = style.number if isinstance(cell.value, int | float) else style.text
                put(line, at, speller.content(cell, self.spot.row, line), look)
            else:
                put(line, at, cell, style.number if isinstance(cell, int | float) else style.text)

    def _links(self, table: Table, links: _Links) -> None:
        """Lay a link on each row's number, then write the number again, which the link took."""
        at = self.spot.at(rollup.LINE)
        style = self.page.book.style(
            "text", num_format="General", align="center", font_color=LINK_BLUE, underline=1
        )
        villages, sheets = table.column(rollup.VILLAGE_NO), table.column(rollup.SHEET)
        numbers = enumerate(table.column(rollup.LINE), self.spot.first)
        for village, sheet, (line, number) in zip(villages, sheets, numbers, strict=True):
            links.lay((line, at), (village, sheet), number, style)
            self.page.put(line, at, number, style)

    def _styles(self, measured: _Measured, look: str, since: int = 1) -> list[_Styles]:
        """Return each column's looks, in rows that have to answer for the months from one on."""
        found: list[_Styles] = []
        for column, words in zip(self.spot.row.columns, measured.columns, strict=True):
            centred = not column.kind.long and words.need <= _WIDEST_WORD
            more = {"align": "center"} if centred else {}
            due = self._is_due(column, since)
            shapes = [_shape(column, due=due, number=number) for number in (False, True)]
            if look == "total" and column in rollup.MONTHS:
                shapes = ["0", "0"]  # a total of nought is no gap
            found.append(
                _Styles(*(self.page.book.style(look, num_format=s, **more) for s in shapes))
            )
        return found

    def _alarms(self) -> None:
        """Colour what somebody must see to: overdue, without a meeting, to be corrected."""
        for column in self.spot.row.columns:
            rule = self._alarm(column)
            if rule is not None:
                self.page.colour(self.spot.cells(column), rule, "alarm")

    def _alarm(self, column: Column[Any]) -> Mapping[str, object] | None:
        if column in _ALARMING:
            return {"type": "cell", "criteria": ">", "value": 0}
        if self._is_due(column):
            first = self.spot.cells(column).a1
            since = f"${self.spot.cells(rollup.MeetingCount.since).a1}"
            month = rollup.MONTHS.index(column) + 1
            return when(f"=AND(ISNUMBER({first}),{first}=0,{since}<={month})")
        if column in _ALARMING_WORDS:
            return {"type": "cell", "criteria": "==", "value": f'"{_ALARMING_WORDS[column]}"'}
        return None

    def _is_due(self, column: Column[Any], since: int = 1) -> bool:
        """Say whether it is a month in which villages had to meet, from that month on."""
        if column not in rollup.MONTHS:
            return False
        month = rollup.MONTHS.index(column) + 1
        return since <= month and month in self.made.due_months


_ALARMING = frozenset(
    {
        rollup.Village.late,
        rollup.Village.errors,
        rollup.Summary.late,
        rollup.CheckCount.errors,
        rollup.MeetingCount.gaps,
        rollup.DAYS_LATE,
    }
)
_ALARMING_WORDS: Mapping[Column[Any], str] = {
    rollup.LATE: rollup.YES,
    rollup.Village.taken: rollup.NO,
    rollup.FindingLine.level: "必改",
}


def _shape(column: Column[Any], *, due: bool, number: bool) -> str:
    """Return a cell's number format: text stays text, a due month shows that it is missing."""
    if isinstance(column, Rate):
        return RATE_FORMAT
    if column in rollup.MONTHS:
        return '[=0]"缺";0' if due else '[=0]"";0'
    if column is rollup.PERIOD:
        return '0000"-"00'
    if isinstance(column.kind, Day):
        return DAY_FORMAT
    return "General" if number else "@"
