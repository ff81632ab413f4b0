"""Writes the tables of a rollup: as wide and high as their contents need, each row traceable.

Text from the villages is only ever written as text; a link leads only to a file that was read.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from toolkit.cells import Raw, a1
from toolkit.excel.links import MOST_LINKS, link_to
from toolkit.excel.look import DAY_FORMAT, LINK_BLUE, WARNING, height_of, lines
from toolkit.excel.rollup.charts import RANKING_BELOW, ranked_types, rate_chart
from toolkit.excel.rollup.fit import (
    DIGIT,
    FILE_NAME,
    LEAST_HEIGHT,
    WIDEST_WORD,
    Fit,
    Measured,
    fitted,
    headed,
    least_width,
    page_breaks,
    row_heights,
)
from toolkit.excel.rollup.formulas import Layout, Speller, Spot
from toolkit.excel.sheets import Formula, Page, quoted, when
from toolkit.excel.stream import Line, Looks, Stretch, put
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import ChangeKind
from toolkit.forms.rollup import Rollup, Table
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import (
    HEADER_ROW,
    HINT_ROW,
    LABEL,
    TITLE_ROW,
    VALUE,
    VERTICAL_HEADERS,
    vertical_layout,
)
from toolkit.schema.kinds import Day, as_text
from toolkit.schema.totals import Amount, Cell, Figure, Live, Rate, value_of

RATE_FORMAT = "0.0%"
_LAST_ROW = "1048576"


def write_sheet(
    page: Page, made: Rollup, layout: Layout, rows: Sequence[type[Row]]
) -> Sequence[Stretch]:
    """Write a sheet of one table, or of several one below the other; return their rows."""
    if rows[0].vertical:
        write_vertical(page, made.tables[rows[0]])
        return ()
    unchanged = not made.tables[ledgers.ChangeLine].rows
    if rows[0] in _COMPARED and unchanged and ledgers.ChangeLine not in made.elsewhere:
        _write_unchanged(page, made, rows[0])
        return ()
    spots = [layout[row] for row in rows]
    tables = [Measured.of(made.tables[spot.row]) for spot in spots]
    main = max(spots, key=lambda spot: len(spot.columns))
    heading = _heading(made)
    fit = fitted(spots, tables, main, least_width(spots, heading))
    for column, width in enumerate(fit.widths, 1):
        page.sheet.set_column(column - 1, column - 1, width)
    last = len(fit.widths)
    # Columns that are repeated on pages side by side hold no title, which they would cut off.
    at = 1 if fit.pages == 1 else _frozen(main) + 1
    page.band(TITLE_ROW, main.row.sheet, last, "title", 30, at, beside=heading)
    written = [
        TableWriter(page, made, layout, spot, fit.widths).write(table)
        for spot, table in zip(spots, tables, strict=True)
    ]
    stretches, notes = zip(*written, strict=True)
    if main.row is rollup.HistoryLine:
        put(*stretches)
        stretches = ()
    page.band(HINT_ROW, rows[0].hint, last, "hint", 20, at, beside=notes[0])
    for spot, note in zip(spots[1:], notes[1:], strict=True):
        page.band(spot.header - 1, spot.row.hint, last, "band", 21, beside=note)
    _write_below(page, made, spots, fit.widths)
    page.sheet.autofilter(main.header - 1, 0, main.last - 1, len(main.columns) - 1)
    _set_up(page, spots, tables, main, fit)
    return stretches


def _set_up(
    page: Page, spots: Sequence[Spot], tables: Sequence[Measured], main: Spot, fit: Fit
) -> None:
    """Set up what stays in sight, and how the sheet is printed."""
    alone = len(spots) == 1
    if alone:
        page.sheet.freeze_panes(main.header, _frozen(main))
        page.sheet.repeat_rows(TITLE_ROW - 1, main.header - 1)
    else:
        page.sheet.freeze_panes(TITLE_ROW, 2)
        page.sheet.repeat_rows(main.header - 1)
    page.sheet.hide_gridlines(2)
    page.set_print(landscape=True, paper=fit.paper, pages=fit.pages)
    if fit.pages > 1:
        page.sheet.repeat_columns(0, _frozen(main) - 1)
    elif not alone:  # on a sheet that is fitted to its pages, Excel heeds no break
        page.sheet.set_print_scale(fit.scale)
        page.sheet.set_h_pagebreaks(page_breaks(spots, tables, fit))
    if fit.printed < len(fit.widths) or main.row is rollup.TypeLine:  # the rest is for the screen
        last = spots[-1].last + bool(tables[-1].table.total)
        page.sheet.print_area(0, 0, last - 1, fit.printed - 1)


def _heading(made: Rollup) -> str:
    """Return what stands beside a sheet's title."""
    return f"（{made.year}年{made.month}月，截至{Day().text(made.as_of)}）"


_COMPARED = frozenset({rollup.ChangeCount, rollup.TownChanges})


def _write_unchanged(page: Page, made: Rollup, row: type[Row]) -> None:
    """Write in words that nothing has changed, or why nothing was compared."""
    page.sheet.set_column(0, 0, 100)
    page.band(TITLE_ROW, row.sheet, 1, "title", 30, beside=_heading(made))
    page.put(HEADER_ROW, 1, made.changed, page.book.style("story", indent=1))
    page.sheet.set_row(HEADER_ROW - 1, height_of(1 + lines(made.changed, 85)))
    page.sheet.hide_gridlines(2)
    page.set_print(landscape=True)


def _frozen(spot: Spot) -> int:
    """Return how many columns stay in sight: up to the village's name."""
    return spot.at(ledgers.VILLAGE_NAME) if ledgers.VILLAGE_NAME in spot.columns else 1


# ---- what stands below the tables


def _write_below(page: Page, made: Rollup, spots: Sequence[Spot], widths: Sequence[float]) -> None:
    """Write what a sheet holds besides its tables."""
    [first, *_] = spots
    if first.row is rollup.PartyTotal:
        below = spots[-1].last + bool(made.tables[spots[-1].row].total) + 2
        for line, text in enumerate(rollup.PARTY_DEFINITIONS, below):
            page.band(line, text, len(widths), "remark", LEAST_HEIGHT)
    elif first.row is rollup.TypeLine:
        _write_ranking(page, made, first)
    elif first.row is rollup.HistoryLine:
        rate_chart(page, made, first, widths)


def _write_ranking(page: Page, made: Rollup, spot: Spot) -> None:
    """Write the types that occur, the most frequent first, for the first page's chart."""
    ranked = ranked_types(made)
    if not ranked:
        return
    header = spot.last + RANKING_BELOW
    title = "问题涉及的类型，按问题数从多到少（“总览”的图由此画出，不打印）"
    page.band(header - 1, title, len(spot.columns), "band", 21)
    page.put_row(header, (c.header for c in spot.columns), page.book.style("header"))
    page.sheet.set_row(header - 1, 2 * LEAST_HEIGHT)
    table = made.tables[spot.row]
    for line, at in enumerate(ranked, header + 1):
        page.sheet.set_row(line - 1, LEAST_HEIGHT)
        for column, cell in zip(spot.columns, table.rows[at], strict=True):
            place, value = spot.at(column), value_of(cell)
            look = _shape(column, due=False, number=isinstance(value, int | float))
            more = {} if column.kind.long else {"align": "center"}
            style = page.book.style("text", num_format=look, **more)
            live = Formula(f"={a1(spot.first + at, place)}", cast("str | float", value))
            page.put(line, place, live if isinstance(cell, Live) else value, style)


def write_vertical(page: Page, table: Table) -> None:
    """Write a sheet of one record: a label and its content a row."""
    row = table.row
    page.sheet.set_column(LABEL - 1, LABEL - 1, 24)
    page.sheet.set_column(VALUE - 1, VALUE - 1, 36)
    page.band(TITLE_ROW, row.sheet, VALUE, "title", 30)
    page.band(HINT_ROW, row.hint, VALUE, "hint", 20)
    header = page.book.style("header")
    for column in (LABEL, VALUE):
        page.put(HEADER_ROW, column, VERTICAL_HEADERS[column], header)
    places = vertical_layout(row)
    for column, cell in zip(table.columns, *table.rows, strict=True):
        line = places[column.name]
        page.sheet.set_row(line - 1, LEAST_HEIGHT)
        page.put(line, LABEL, column.header, page.book.style("text"))
        value = value_of(cell)
        look = _shape(column, due=False, number=isinstance(value, int))
        page.put(line, VALUE, value, page.book.style("text", num_format=look, align="left"))
    page.sheet.hide_gridlines(2)
    page.set_print(landscape=False)


# ---- links


@dataclass
class _Links:
    """Leads from a table's rows to the files, and the rows in them, that they came from."""

    ways: Mapping[int, str]
    laid: int = field(default=0)
    left: int = field(default=0)
    starts: dict[tuple[Raw, Raw], str] = field(default_factory=dict)

    def to_row(self, village: Raw, sheet: Raw, number: Raw) -> str:
        """Return the link to a row of a village's sheet, "" where Excel would refuse it."""
        aim = (village, sheet)
        if aim not in self.starts:
            self.starts[aim] = self._start(*aim)
        start = self.starts[aim]
        return self._laid(f"{start}{number}" if start else "")

    def to_file(self, village: Raw, name: Raw) -> str:
        """Return the link to a file that was read, "" for any other or where Excel refuses it."""
        way = self.ways.get(cast("int", village), "")
        return self._laid(link_to(way)) if way.endswith(as_text(name)) else ""

    def _laid(self, link: str) -> str:
        """Return a link that a sheet still has room for, and count it."""
        if self.laid >= MOST_LINKS or not link:
            self.left += 1
            return ""
        self.laid += 1
        return link

    def _start(self, village: Raw, sheet: Raw) -> str:
        """Return a link up to the row's number, "" where Excel would not take it."""
        way = self.ways.get(cast("int", village), "")
        return link_to(way, f"{quoted(as_text(sheet))}!A{_LAST_ROW}").removesuffix(_LAST_ROW)


# ---- one table


_NONE_DUE = (1, 0)


class _Sort(NamedTuple):
    """What rows have in common that look alike."""

    due: tuple[int, int]  # the first and the last month that they have to answer for
    absent: bool  # of villages that are not in the figures, whose noughts say nothing
    linked: bool
    marked: bool


@dataclass
class TableWriter:
    """One table being written at its place."""

    page: Page
    made: Rollup
    layout: Layout
    spot: Spot
    widths: Sequence[float]

    def write(
        self, measured: Measured | None = None, marked: Container[int] = ()
    ) -> tuple[Stretch, str]:
        """Write header and totals; return the rows, and what the sheet's hint must add.

        Of the rows that are `marked`, counted from 0, the village's name is red.
        """
        table = self.made.tables[self.spot.row]
        measured = measured or Measured.of(table)
        self._header()
        self._groups()
        links = _Links(self.made.links)
        ways = self._ways(table, links)
        sorts = [
            _Sort(due, absent, bool(way), at in marked)
            for at, (due, absent, way) in enumerate(
                zip(self._due(table), self._absent(table), ways, strict=True)
            )
        ]
        known = {sort: at for at, sort in enumerate(dict.fromkeys(sorts))}
        rows = table.rows or ((None,) * len(self.spot.columns),)
        heights = row_heights(measured, self.widths[self.spot.left - 1 :])
        heights = heights if table.rows else [LEAST_HEIGHT, *heights]
        speller = Speller(self.made, self.layout)
        if table.total:
            line = self.spot.last + 1
            self.page.sheet.set_row(line - 1, LEAST_HEIGHT)
            self._line(line, table.total, self._styles(measured, "total"), speller)
        self._alarms()
        file = self.made.elsewhere.get(table.row)
        said = f"行数超过一张工作表的上限，全部在“{file}”里；合计为固定值。" if file else ""
        said = said if table.rows or file else "本期没有记录。"
        if links.left:
            said += f"其中 {links.left} 行因 Excel 链接上限没有做成链接。"
        linked, tip = _LINKED.get(self.spot.row, (ledgers.LINE, "打开原文件的这一行"))
        stretch = Stretch(
            self.page,
            self.spot.header,
            self.spot.left,
            len(rows),
            [self._looks(measured, sort, linked) for sort in known],
            (
                Line(self._cells(row, line, speller), height, known[sort], way)
                for line, (row, height, sort, way) in enumerate(
                    zip(rows, heights, sorts, ways, strict=False), self.spot.first
                )
            ),
            self.spot.at(linked) if linked in self.spot.columns else 0,
            tip,
        )
        return stretch, said

    def _ways(self, table: Table, links: _Links) -> Sequence[str]:
        """Return the link of each row, "" for those that have none."""
        if not table.rows:
            return [""]
        if self.spot.row is rollup.SourceFile:
            names = table.column(FILE_NAME)
            return list(map(links.to_file, table.column(ledgers.VILLAGE_NO), names))
        if ledgers.LINE not in self.spot.columns:
            return [""] * len(table.rows)
        villages, sheets = table.column(ledgers.VILLAGE_NO), table.column(ledgers.SHEET)
        return list(map(links.to_row, villages, sheets, table.column(ledgers.LINE)))

    def _cells(self, row: Sequence[Cell], line: int, speller: Speller) -> Sequence[Raw | Formula]:
        return [
            speller.content(cell, self.spot.row, line) if isinstance(cell, Live) else cell
            for cell in row
        ]

    def _due(self, table: Table) -> Sequence[tuple[int, int]]:
        """Return the months that each row has to answer for, none where it asks for none."""
        if table.row is not rollup.MeetingCount or not table.rows:
            return [_NONE_DUE] * max(1, len(table.rows))
        columns = (rollup.MeetingCount.since, rollup.MeetingCount.until)
        return cast("list[tuple[int, int]]", list(zip(*map(table.column, columns), strict=True)))

    def _absent(self, table: Table) -> Sequence[bool]:
        """Return of each row whether it is a village's that is not in the figures."""
        if table.row not in _OF_VILLAGES or not table.rows:
            return [False] * max(1, len(table.rows))
        listed = self.made.tables[rollup.Village]
        states = zip(
            listed.column(ledgers.VILLAGE_NO), listed.column(rollup.Village.taken), strict=True
        )
        absent = {number for number, state in states if state == ledgers.NO}
        return [number in absent for number in table.column(ledgers.VILLAGE_NO)]

    def _header(self) -> None:
        header = self.page.book.style("header")
        count = 1
        for column, width in zip(
            self.spot.columns, self.widths[self.spot.left - 1 :], strict=False
        ):
            text = headed(column)
            self.page.put(self.spot.header, self.spot.at(column), text, header)
            count = max(count, -int(-len(text) // max(1, (width - 0.5) / DIGIT // 2)))
        self.page.sheet.set_row(self.spot.header - 1, height_of(count, LEAST_HEIGHT))

    def _groups(self) -> None:
        """Write what spans several headers above them."""
        groups = rollup.GROUPED.get(self.spot.row, ())
        last = self.spot.left + len(self.spot.columns)
        at = last - sum(span for _, span in groups)
        for column in range(self.spot.left, at if groups else 0):
            self.page.put(self.spot.header - 1, column, None, self.page.book.style("header"))
        for words, span in groups:
            columns = (at, at + span - 1)
            self.page.merged(self.spot.header - 1, columns, words, self.page.book.style("header"))
            at += span

    def _line(
        self, line: int, row: tuple[Cell, ...], styles: Sequence[Looks], speller: Speller
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

    def _looks(self, measured: Measured, sort: _Sort, linked: Column[Any]) -> Sequence[Looks]:
        """Return each column's looks in rows of a sort."""
        looks = self._styles(measured, "text", sort.due, absent=sort.absent)
        own = {}
        if sort.linked:
            shape = _shape(linked, due=False, number=linked is ledgers.LINE)
            align = {"align": "center"} if linked is ledgers.LINE else {}
            own[linked] = {"num_format": shape, **align, "font_color": LINK_BLUE, "underline": 1}
        if sort.marked:
            own[ledgers.VILLAGE_NAME] = {
                "font_color": WARNING,
                "align": "center",
                "num_format": "@",
            }
        for column, more in own.items():
            style = self.page.book.style("text", **more)
            looks[self.spot.columns.index(column)] = Looks(style, style)
        return looks

    def _styles(
        self,
        measured: Measured,
        look: str,
        months: tuple[int, int] = _NONE_DUE,
        *,
        absent: bool = False,
    ) -> list[Looks]:
        """Return each column's looks, in rows that have to answer for the months from one on."""
        found: list[Looks] = []
        for column, words in zip(self.spot.columns, measured.columns, strict=True):
            centred = not column.kind.long and words.need <= WIDEST_WORD
            more = {"align": "center"} if centred else {}
            due = self._is_due(column, months)
            shapes = [_shape(column, due=due, number=number) for number in (False, True)]
            if absent and isinstance(column, Figure | Amount):
                shapes = [_SAYS_NOTHING, _SAYS_NOTHING]
            if look == "total" and column in rollup.MONTHS:
                shapes = ["0", "0"]  # a total of nought is no gap
            found.append(Looks(*(self.page.book.style(look, num_format=s, **more) for s in shapes)))
        return found

    def _alarms(self) -> None:
        """Colour what somebody must see to: overdue, without a meeting, to be corrected."""
        for column in self.spot.columns:
            cells = self.spot.cells(column)
            for formula, look in self._colours(column, cells.a1):
                self.page.colour(cells, when(formula), look)

    def _colours(self, column: Column[Any], cell: str) -> Iterator[tuple[str, str]]:
        """Yield when the first cell of a column is coloured, and how."""
        if self.spot.row is ledgers.OverdueLine and column in {ledgers.CARD, ledgers.DAYS_LATE}:
            card = f"${self.spot.cells(ledgers.CARD).a1}"
            yield f'={card}="{ledgers.RED_CARD}"', "alarm"
            yield f'={card}="{ledgers.YELLOW_CARD}"', "caution"
        elif column in _ALARMING:
            yield f"=AND(ISNUMBER({cell}),{cell}>0)", "alarm"
        elif column in _RESTS:
            yield f"=AND(ISNUMBER({cell}),{cell}<>0)", "alarm"
        elif column in rollup.MONTHS:
            since, until = (
                f"${self.spot.cells(each).a1}"
                for each in (rollup.MeetingCount.since, rollup.MeetingCount.until)
            )
            month = rollup.MONTHS.index(column) + 1
            owed = f"{since}<={month},{until}>={month}"
            yield f"=AND(ISNUMBER({cell}),{cell}=0,{owed})", "alarm"
        elif column in _ALARMING_WORDS:
            yield f'={cell}="{_ALARMING_WORDS[column]}"', "alarm"
        elif column is ledgers.ChangeLine.kind:
            for kind, look in CHANGES.items():
                yield f'={cell}="{kind}"', look
        elif self.spot.row in {rollup.ChangeCount, rollup.TownChanges} and column.header in CHANGES:
            yield f"={cell}>0", CHANGES[column.header]

    def _is_due(self, column: Column[Any], months: tuple[int, int]) -> bool:
        """Say whether it is a month among those that a row has to answer for."""
        if column not in rollup.MONTHS:
            return False
        first, last = months
        return first <= rollup.MONTHS.index(column) + 1 <= last


_LINKED = {rollup.SourceFile: (FILE_NAME, "打开这个文件")}
"""Which column leads to a row's source where it is not its number there, and what it says."""
_ALARMING = frozenset(
    {
        rollup.Village.late,
        rollup.Village.errors,
        *(row.by_label["逾期"] for row in (rollup.Summary, rollup.TownSummary)),
        *(row.by_label[ledgers.MUST] for row in (rollup.CheckCount, rollup.TownChecks)),
        rollup.MeetingCount.gaps,
        ledgers.DAYS_LATE,
    }
)
_ALARMING_WORDS: Mapping[Column[Any], str] = {
    ledgers.LATE: ledgers.YES,
    rollup.Village.taken: ledgers.NO,
    ledgers.FindingLine.level: ledgers.MUST,
}
_RESTS = frozenset({rollup.Balance.rest, rollup.SourceFile.by_label["对账差额"]})
CHANGES: Mapping[str, str] = {
    ChangeKind.ADDED: "concern",
    ChangeKind.REOPENED: "concern",
    ChangeKind.LATE: "concern",
    ChangeKind.REMOVED: "caution",
    ChangeKind.POSTPONED: "caution",
    ChangeKind.DONE: "good",
    ChangeKind.IN_TIME: "good",
}
"""How the kinds of change are coloured that somebody must look at, or may be glad of."""


_OF_VILLAGES = frozenset({rollup.Village, rollup.Summary})
_SAYS_NOTHING = '[=0]"—";0'
"""How a nought is shown that stands for a village of which nothing came in."""


def _shape(column: Column[Any], *, due: bool, number: bool) -> str:
    """Return a cell's number format: text stays text, a due month shows that it is missing."""
    if isinstance(column, Rate):
        return RATE_FORMAT
    if column in rollup.MONTHS:
        return '[=0]"缺";0' if due else '[=0]"";0'
    if column is ledgers.PERIOD:
        return '0000"-"00'
    if isinstance(column.kind, Day):
        return DAY_FORMAT
    return "General" if number else "@"
