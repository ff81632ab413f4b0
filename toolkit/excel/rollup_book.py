"""Writes a rollup as a workbook that an office can print: live totals with their values.

Each total's formula is written from the declaration that its value was reckoned by. Text from the
villages is only ever written as text; a link leads only to a file that was read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from io import BytesIO
from itertools import groupby
from typing import Any, cast

from toolkit.cells import Raw, a1, letters
from toolkit.errors import ToolkitError
from toolkit.excel.sheets import (
    DAY_FORMAT,
    LABEL_FILL,
    RED,
    Book,
    Content,
    Formula,
    Page,
    checked,
    quoted,
    span,
)
from toolkit.forms import rollup
from toolkit.forms.rollup import Cell, Live, Rollup
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import HEADER_ROW, HINT_ROW, TITLE_ROW, Identity
from toolkit.schema.kinds import Day, as_text
from toolkit.schema.texts import display_width

MOST_LINKS = 65_530
"""As many links as Excel lets one sheet have."""

_LAST_LINE = 1_048_576
_LONGEST_TARGET = 255  # of the file's name, and of the place within it
_TALLEST = 409  # points; no row may be higher
_LINE_HEIGHT = 13.5
_A4 = 9
_WIDEST_WORD, _WIDEST_WORD_OF_LEDGER, _NARROWEST = 16, 12, 5.5
_RATE_FORMAT = "0.0%"
_width = lru_cache(maxsize=1 << 16)(display_width)  # the same words stand in many rows


def build_rollup(made: Rollup) -> bytes:
    """Return the bytes of a rollup's workbook; equal rollups give equal bytes.

    Raises ToolkitError where a ledger does not hold just the rows that were read.
    """
    import xlsxwriter  # noqa: PLC0415 -- slow to load; only who builds workbooks pays for it

    rollup.check_balance(made)
    stream = BytesIO()
    book = Book(xlsxwriter.Workbook(stream, {"in_memory": True}))
    layout = _layout(made)
    _write_summary(book.page(rollup.Summary.sheet), made, layout)
    for title, rows in groupby(rollup.ROWS[1:], key=lambda row: row.sheet):
        _write_sheet(book.page(title), made, layout, tuple(rows))
    book.stamp(made.title, Identity(rollup.FORM_ID, rollup.VERSION, "", made.period))
    book.file.close()
    return stream.getvalue()


# ---- where everything stands


@dataclass(frozen=True)
class _Spot:
    """Where a table stands: its sheet, its header's row, its rows, its first column."""

    row: type[Row]
    header: int
    count: int
    left: int = 1

    @property
    def first(self) -> int:
        """The first row of data."""
        return self.header + 1

    @property
    def last(self) -> int:
        """The last row of data; an empty table keeps one blank row."""
        return self.header + max(1, self.count)

    def at(self, column: Column[Any]) -> int:
        """Return the number of a column."""
        return self.left + self.row.columns.index(column)

    def range(self, column: Column[Any]) -> str:
        """Return the reference to a whole column."""
        return f"{quoted(self.row.sheet)}!{span(self.at(column), self.first, self.last)}"


_Layout = Mapping[type[Row], _Spot]
_INDENTED: Mapping[type[Row], int] = {rollup.Balance: 2}  # below a narrow first column


def _layout(made: Rollup) -> _Layout:
    """Return where each table stands, before anything is written that refers to it."""
    spots: dict[type[Row], _Spot] = {}
    for _, rows in groupby(rollup.ROWS, key=lambda row: row.sheet):
        header = HEADER_ROW
        for row in rows:
            if row is rollup.Summary:
                header = _summary_header(made)
            table = made.tables[row]
            spots[row] = spot = _Spot(row, header, len(table.rows), _INDENTED.get(row, 1))
            if spot.last > _LAST_LINE - 1:
                raise ToolkitError(
                    f"{row.sheet}有 {len(table.rows)} 行，超过一张工作表的上限。请分批汇总。"
                )
            header = spot.last + bool(table.total) + 3  # a blank row and a band between
    return spots


# ---- formulas


@dataclass(frozen=True)
class _Speller:
    """Spells the declared totals as formulas of Excel 2010."""

    made: Rollup
    layout: _Layout

    def content(self, cell: Cell, own: type[Row], line: int) -> Content:
        """Return what to write for a cell that stands in a line of a table."""
        if not isinstance(cell, Live):
            return cell
        text = self.spelled(cell.how, own, line)
        return Formula(f"={text}", cast("str | float", cell.value))

    def spelled(  # noqa: PLR0911 -- one for each way of reckoning
        self, how: rollup.Formula | Column[Any], own: type[Row], line: int
    ) -> str:
        """Return a formula's text without its equals sign."""
        match how:
            case rollup.Count(sheet, ()):
                return f"COUNTA({self.layout[sheet].range(sheet.columns[0])})"
            case rollup.Count(_, where):
                return f"COUNTIFS({self._where(how.sheet, where, own, line)})"
            case rollup.Sum(sheet, column, ()):
                return f"SUM({self.layout[sheet].range(column)})"
            case rollup.Sum(sheet, column, where):
                tested = self._where(sheet, where, own, line)
                return f"SUMIFS({self.layout[sheet].range(column)},{tested})"
            case rollup.Rest(whole, parts):
                return f"{self._sum((whole,), own, line)}-{self._sum(parts, own, line)}"
            case rollup.Gaps(columns):
                due = [columns[number - 1] for number in self.made.due_months]
                counted = (f"COUNTIF({self.spelled(column, own, line)},0)" for column in due)
                return "+".join(counted) or "0"
            case rollup.Ratio(parts, whole, less):
                base = self._sum((whole,), own, line)
                if less:
                    base = f"({base}-{self._sum(less, own, line)})"
                told = f"COUNT({self._listed(parts, own, line)})=0"
                share = f"{self._sum(parts, own, line)}/{base}"
                return f'IF(OR({told},{base}<=0),"{rollup.NO_BASE}",{share})'
            case Column():
                return f"${letters(self.layout[own].at(how))}{line}"

    def _sum(self, parts: Sequence[rollup.Part], own: type[Row], line: int) -> str:
        return f"SUM({self._listed(parts, own, line)})"

    def _listed(self, parts: Sequence[rollup.Part], own: type[Row], line: int) -> str:
        return ",".join(self.spelled(part, own, line) for part in parts)

    def _where(self, sheet: type[Row], where: rollup.Where, own: type[Row], line: int) -> str:
        spot = self.layout[sheet]
        return ",".join(
            f"{spot.range(column)},{self._wanted(to, own, line)}" for column, to in where
        )

    def _wanted(self, to: rollup.Match, own: type[Row], line: int) -> str:
        match to:
            case rollup.Own(column):
                return self.spelled(column, own, line)
            case rollup.Holding(column):
                return f'"*"&{self.spelled(column, own, line)}&"*"'
            case rollup.Month(number):
                return str(self.made.year * 100 + (number or self.made.month))
            case str():
                return f'"{to}"'


# ---- tables


@dataclass
class _Links:
    """Leads from a ledger's rows to the rows of the files that they came from."""

    page: Page
    ways: Mapping[int, str]
    laid: int = field(default=0)
    left: int = field(default=0)

    def lay(self, line: int, column: int, record: Mapping[str, Raw], style: Any) -> None:  # noqa: ANN401 -- XlsxWriter has no types
        """Lay the link of one row; without it where Excel would refuse it."""
        way = self.ways.get(cast("int", record["village_no"]), "")
        place = f"{quoted(as_text(record['source_sheet']))}!A{record['source_line']}"
        fits = len(way) <= _LONGEST_TARGET and len(place) <= _LONGEST_TARGET
        if self.laid >= MOST_LINKS or not way or not fits:
            self.left += 1
            return
        target = f"external:{_escaped(way)}#{place}"
        code = self.page.sheet.write_url(
            line - 1, column - 1, target, style, "x", "打开原文件的这一行"
        )
        checked(code, f"{self.page.title}!{a1(line, column)}")
        self.laid += 1


def _escaped(way: str) -> str:
    """Return a file's name as a link spells it: what would end or change the address is escaped.

    >>> _escaped("汇总 #1/100%.xlsx")
    '汇总%20%231/100%25.xlsx'
    """
    return "".join(f"%{ord(char):02X}" if char in '%# "<>[]^`{}' else char for char in way)


def _write_sheet(page: Page, made: Rollup, layout: _Layout, rows: tuple[type[Row], ...]) -> None:
    """Write a sheet of one table, or of several one below the other."""
    spots = [layout[row] for row in rows]
    last = max(spot.left - 1 + len(spot.row.columns) for spot in spots)
    widths = _widths(made, spots, last)
    for column, width in enumerate(widths, 1):
        page.sheet.set_column(column - 1, column - 1, width)
    when = f"（{made.year}年{made.month}月，截至 {made.as_of}）"
    page.band(TITLE_ROW, f"{rows[0].sheet}{when}", last, "title", 30)
    notes = [_Table(page, made, layout, spot, widths).write() for spot in spots]
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
    _set_print(page, landscape=True)
    if _is_ledger(rows[0]):  # where a row came from is of use on the screen only
        page.sheet.print_area(0, 0, main.last - 1, main.at(rollup.FILE) - 2)


def _is_ledger(row: type[Row]) -> bool:
    return rollup.LINE in row.columns


def _frozen(row: type[Row]) -> int:
    """Return how many columns stay in sight: up to the village's name."""
    return row.columns.index(rollup.VILLAGE_NAME) + 1 if rollup.VILLAGE_NAME in row.columns else 1


def _set_print(page: Page, *, landscape: bool) -> None:
    """Set up A4, as wide as the sheet."""
    sheet = page.sheet
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_footer('&L&"宋体"&9&A&R&"宋体"&9第 &P 页 共 &N 页', {"margin": 0.3})


def _widths(made: Rollup, spots: Sequence[_Spot], last: int) -> list[float]:
    """Return each column's width: what its contents take, within reason."""
    widths = [_NARROWEST] * last
    for spot in spots:
        table = made.tables[spot.row]
        for index, column in enumerate(spot.row.columns):
            at = spot.left - 1 + index
            shown = [_shown(row[index]) for row in (*table.rows, *filter(None, [table.total]))]
            need = max((_width(t) for text in shown for t in text.split("\n")), default=0)
            header = 2 * -(-len(column.header) // 3)  # headers wrap into three lines at most
            widths[at] = max(widths[at], min(need, _widest(spot.row, column)) + 1.7, header + 1.7)
    return widths


def _widest(row: type[Row], column: Column[Any]) -> float:
    """Return how wide a column may grow; a ledger's many columns must fit on a page."""
    if _is_ledger(row):
        return column.width / 2 if column.kind.long else _WIDEST_WORD_OF_LEDGER
    return column.width if column.kind.long else _WIDEST_WORD


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    value = rollup.value_of(cell)
    return f"{value:.1%}" if isinstance(value, float) and isinstance(cell, Live) else as_text(value)


@dataclass
class _Table:
    """One table being written at its place."""

    page: Page
    made: Rollup
    layout: _Layout
    spot: _Spot
    widths: Sequence[float]
    styles: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def write(self) -> str:
        """Write header, rows and totals; return what the sheet's hint must add."""
        table = self.made.tables[self.spot.row]
        for column in self.spot.row.columns:
            self.page.put(
                self.spot.header,
                self.spot.at(column),
                column.header,
                self.page.book.style("header"),
            )
        self._height(self.spot.header, [column.header for column in self.spot.row.columns], 15)
        links = _Links(self.page, self.made.links)
        for line, row in enumerate(table.rows, self.spot.first):
            self._line(line, row, "text", links)
        if not table.rows:
            self._line(self.spot.first, (None,) * len(self.spot.row.columns), "text", links)
        if table.total:
            self._line(self.spot.last + 1, table.total, "total", links)
        self._alarms()
        said = "" if table.rows else "本期没有记录。"
        if links.left:
            said += f"其中 {links.left} 行因 Excel 链接上限没有做成链接。"
        return said

    def _line(self, line: int, row: tuple[Cell, ...], look: str, links: _Links) -> None:
        speller = _Speller(self.made, self.layout)
        columns = self.spot.row.columns
        self._height(line, [_shown(cell) for cell in row])
        for at, (column, cell) in enumerate(zip(columns, row, strict=True), self.spot.left):
            linked = column is rollup.LINE and cell is not None
            number = isinstance(rollup.value_of(cell), int | float)
            style = self._style(column, look, number=number, linked=linked)
            if linked:
                record = {c.name: rollup.value_of(v) for c, v in zip(columns, row, strict=True)}
                links.lay(line, at, record, style)
            self.page.put(line, at, speller.content(cell, self.spot.row, line), style)

    @cached_property
    def centred(self) -> frozenset[Column[Any]]:
        """The columns that hold no more than a word or a number."""
        rows = self.made.tables[self.spot.row].rows
        return frozenset(
            column
            for index, column in enumerate(self.spot.row.columns)
            if not column.kind.long
            and all(_width(_shown(row[index])) <= _WIDEST_WORD for row in rows)
        )

    def _style(self, column: Column[Any], look: str, *, number: bool, linked: bool) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
        """Return a cell's look: by its column, and by what stands there."""
        known = (column, look, number, linked)
        if known not in self.styles:
            total = look == "total" and column in rollup.MONTHS
            shape = "0" if total else _shape(column, self.made, number=number)
            more: dict[str, object] = {"num_format": shape}
            if column in self.centred:
                more["align"] = "center"
            if linked:
                more |= {"font_color": "#1F4E79", "underline": 1}
            self.styles[known] = self.page.book.style(look, **more)
        return self.styles[known]

    def _height(self, line: int, texts: Sequence[str], per_line: float = _LINE_HEIGHT) -> None:
        """Set a row as high as its texts, wrapped into their columns, need."""
        lines = 1
        for text, width in zip(texts, self.widths[self.spot.left - 1 :], strict=False):
            if not text:
                continue
            room = max(2.0, width - 1.2)
            need = sum(max(1, -(-_width(part) // room)) for part in text.split("\n"))
            lines = max(lines, int(need))
        self.page.sheet.set_row(line - 1, min(_TALLEST, per_line * lines + 5))

    def _alarms(self) -> None:
        """Colour what somebody must see to: overdue, without a meeting, to be corrected."""
        alarm = self.page.book.style("alarm")
        for column in self.spot.row.columns:
            rule = self._alarm(column)
            if rule is not None:
                at = self.spot.at(column) - 1
                corners = (self.spot.first - 1, at, self.spot.last - 1, at)
                code = self.page.sheet.conditional_format(*corners, {**rule, "format": alarm})
                checked(code, f"{self.page.title}!{a1(self.spot.first, at + 1)}")

    def _alarm(self, column: Column[Any]) -> dict[str, object] | None:
        row = self.spot.row
        if column in {rollup.Village.late, rollup.Village.errors, rollup.Summary.late}:
            return {"type": "cell", "criteria": ">", "value": 0}
        if column in {rollup.CheckCount.errors, rollup.MeetingCount.gaps, rollup.DAYS_LATE}:
            return {"type": "cell", "criteria": ">", "value": 0}
        if row is rollup.MeetingCount and column in self._due():
            first = a1(self.spot.first, self.spot.at(column))
            return {"type": "formula", "criteria": f"=AND(ISNUMBER({first}),{first}=0)"}
        if column in {rollup.LATE, rollup.Village.taken, rollup.FindingLine.level}:
            word = {rollup.LATE: rollup.YES, rollup.Village.taken: rollup.NO}.get(column, "必改")
            return {"type": "cell", "criteria": "==", "value": f'"{word}"'}
        return None

    def _due(self) -> list[Column[Any]]:
        return [rollup.MONTHS[number - 1] for number in self.made.due_months]


def _shape(column: Column[Any], made: Rollup, *, number: bool) -> str:
    """Return a cell's number format: text stays text, a due month shows that it is missing."""
    if isinstance(column, rollup.Rate):
        return _RATE_FORMAT
    if column in rollup.MONTHS:
        due = rollup.MONTHS.index(column) + 1 in made.due_months
        return '[=0]"缺";0' if due else '[=0]"";0'
    if column is rollup.PERIOD:
        return '0000"-"00'
    if isinstance(column.kind, Day):
        return DAY_FORMAT
    return "General" if number else "@"


# ---- the first page

_COLUMNS = len(rollup.Summary.columns)
_SUMMARY_WIDTHS = (6.5, 13.0, *[7.7] * (_COLUMNS - 2))
_SUMMARY_WIDTH = sum(_SUMMARY_WIDTHS)
_CARDS_A_ROW = 6
_CARD_WIDTH = _COLUMNS // _CARDS_A_ROW
_CHART_ROWS, _CHART_ROW_HEIGHT = 21, 15.0
_MOST_BARS = 25
_NAMED_A_LINE = 12
_LOOKS = {
    rollup.Summary.done: "#2E7D4F",
    rollup.Summary.going: "#E0A030",
    rollup.Summary.idle: "#B8B8B8",
    rollup.Summary.standing: "#5B7FA6",
    rollup.Summary.unknown: "#7A5C8E",
}


def _warnings(made: Rollup) -> list[tuple[str, str]]:
    """Return the lines that come first, each with its style: who is missing, what to mind."""
    lines = ["；".join(names) for names in _batches(made.left_out, _NAMED_A_LINE)]
    if lines:
        lines[0] = f"未汇总 {len(made.left_out)} 个村——{lines[0]}"
    said = [(f"{line}。", "warning") for line in lines]
    if not lines and rollup.YES in made.tables[rollup.Village].column(rollup.Village.listed):
        said = [("名册内的村都已汇总。", "story")]
    return [*said, *((remark, "warning") for remark in made.remarks)]


def _batches(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _has_charts(made: Rollup) -> bool:
    return any(made.tables[ledger].rows for ledger in (rollup.MeasureLedger, rollup.ProblemLedger))


def _summary_header(made: Rollup) -> int:
    """Return the row in which the first page's table has its header."""
    above = 2 + len(_warnings(made)) + 2 * (len(rollup.CARDS) // _CARDS_A_ROW) + 2
    return above + (_CHART_ROWS if _has_charts(made) else 0) + 2


def _write_summary(page: Page, made: Rollup, layout: _Layout) -> None:
    """Write the first page: who is missing, key figures, the month in words, charts, villages."""
    for column, width in enumerate(_SUMMARY_WIDTHS):
        page.sheet.set_column(column, column, width)
    page.sheet.set_row(TITLE_ROW - 1, 40)
    title = page.book.style("title", align="center")
    page.merged(TITLE_ROW, (1, _COLUMNS), made.title, title)
    day = f"{made.as_of.year}年{made.as_of.month}月{made.as_of.day}日"
    page.band(HINT_ROW, f"数据截止日：{day}", _COLUMNS, "hint", 20)
    at = HINT_ROW + 1
    for text, style in _warnings(made):
        at = _paragraph(page, at, text, style)
    at = _cards(page, at, made, layout)
    page.sheet.set_row(at - 1, 6)
    at = _paragraph(page, at + 1, made.text, "story")
    if _has_charts(made):
        for row in range(at, at + _CHART_ROWS):
            page.sheet.set_row(row - 1, _CHART_ROW_HEIGHT)
        _charts(page, at, made, layout)
    spot = layout[rollup.Summary]
    page.band(spot.header - 1, "各村进度", _COLUMNS, "band", 21)
    _Table(page, made, layout, spot, _SUMMARY_WIDTHS).write()
    _name_left_out(page, made, spot)
    at = spot.last + 3
    for note in rollup.DEFINITIONS:
        at = _paragraph(page, at, note, "note")
    _set_print(page, landscape=False)
    page.sheet.activate()


def _paragraph(page: Page, at: int, text: str, style: str) -> int:
    """Write a text across the page, as high as it needs; return the next row."""
    size = 9 if style == "note" else 11
    room = (_SUMMARY_WIDTH - 4) * 10 / size
    lines = -(-_width(text) // room)
    page.sheet.set_row(at - 1, min(_TALLEST, 6 + 1.5 * size * lines))
    page.merged(at, (1, _COLUMNS), text, page.book.style(style, text_wrap=True))
    return at + 1


def _cards(page: Page, at: int, made: Rollup, layout: _Layout) -> int:
    """Write the key figures, six a row; return the next row."""
    speller = _Speller(made, layout)
    for number, ((label, _), card) in enumerate(zip(rollup.CARDS, made.cards, strict=True)):
        row = at + 2 * (number // _CARDS_A_ROW)
        first = number % _CARDS_A_ROW * _CARD_WIDTH + 1
        columns = (first, first + _CARD_WIDTH - 1)
        page.sheet.set_row(row - 1, 20)
        page.sheet.set_row(row, 32)
        box = {"border": 1, "border_color": "#BFBFBF", "bg_color": LABEL_FILL}
        page.merged(row, columns, label, page.book.style("card", **box, bottom=0))
        rate = isinstance(card.how, rollup.Ratio)
        look = {"num_format": _RATE_FORMAT if rate else "0"}
        look |= {} if label in rollup.ALARMING and card.value else {"font_color": "#262626"}
        content = speller.content(card, rollup.Summary, row + 1)
        page.merged(row + 1, columns, content, page.book.style("number", **box, **look, top=0))
    return at + 2 * (len(rollup.CARDS) // _CARDS_A_ROW)


def _name_left_out(page: Page, made: Rollup, spot: _Spot) -> None:
    """Write the names of villages without figures in red."""
    villages = made.tables[rollup.Village]
    taken = villages.column(rollup.Village.taken)
    names = villages.column(rollup.VILLAGE_NAME)
    red = page.book.style("text", font_color="#C00000", align="center", num_format="@")
    for line, (name, state) in enumerate(zip(names, taken, strict=True), spot.first):
        if state == rollup.NO:
            page.put(line, spot.at(rollup.VILLAGE_NAME), name, red)


def _charts(page: Page, at: int, made: Rollup, layout: _Layout) -> None:
    """Lay two native charts side by side: measures by status and village, problems by type."""
    height = _CHART_ROWS * _CHART_ROW_HEIGHT / 0.75 - 8  # points to pixels
    width = sum(int(w * 7 + 5) for w in _SUMMARY_WIDTHS)
    charts = []
    if made.tables[rollup.MeasureLedger].rows:
        charts.append(_progress_chart(page, layout[rollup.Summary]))
    if made.tables[rollup.ProblemLedger].rows:
        charts.append(_type_chart(page, layout[rollup.TypeLine]))
    each = width // len(charts)
    for number, chart in enumerate(charts):
        chart.set_size({"width": each - 6, "height": height})
        offset = {"x_offset": number * each + 3, "y_offset": 4, "object_position": 2}
        checked(page.sheet.insert_chart(at - 1, 0, chart, offset), page.title)


_FONT = {"name": "微软雅黑", "size": 9, "color": "#404040"}
_TITLE_FONT = {"name": "微软雅黑", "size": 11, "bold": True, "color": RED}


def _progress_chart(page: Page, spot: _Spot) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    """Return a bar of measures for each village, split by status."""
    chart = page.book.file.add_chart({"type": "bar", "subtype": "stacked"})
    last = min(spot.last, spot.first + _MOST_BARS - 1)
    for column, colour in _LOOKS.items():
        chart.add_series(
            {
                "name": [spot.row.sheet, spot.header - 1, spot.at(column) - 1],
                "categories": _reference(spot, rollup.VILLAGE_NAME, last),
                "values": _reference(spot, column, last),
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    more = f"（前 {_MOST_BARS} 个村）" if last < spot.last else ""
    _dress(chart, f"各村措施进度（条）{more}", legend=True)
    return chart


def _type_chart(page: Page, spot: _Spot) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    """Return a bar of problems for each type."""
    chart = page.book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": [spot.row.sheet, spot.header - 1, spot.at(rollup.TypeLine.problems) - 1],
            "categories": _reference(spot, rollup.TypeLine.label, spot.last),
            "values": _reference(spot, rollup.TypeLine.problems, spot.last),
            "fill": {"color": RED},
            "gap": 40,
        }
    )
    _dress(chart, "问题类型分布（个，可多选）", legend=False)
    return chart


def _reference(spot: _Spot, column: Column[Any], last: int) -> list[object]:
    at = spot.at(column) - 1
    return [spot.row.sheet, spot.first - 1, at, last - 1, at]


def _dress(chart: Any, title: str, *, legend: bool) -> None:  # noqa: ANN401 -- XlsxWriter has no types
    """Give a chart the book's look."""
    chart.set_title({"name": title, "name_font": _TITLE_FONT, "overlay": False})
    chart.set_y_axis(  # first village on top, and the scale below
        {
            "reverse": True,
            "crossing": "max",
            "interval_unit": 1,
            "num_font": {**_FONT, "size": 8},
            "line": {"color": "#BFBFBF"},
        }
    )
    chart.set_x_axis(
        {
            "num_font": _FONT,
            "num_format": "0",
            "major_gridlines": {"visible": True, "line": {"color": "#E6E6E6"}},
            "line": {"none": True},
        }
    )
    chart.set_legend({"position": "bottom", "font": _FONT} if legend else {"none": True})
    chart.set_chartarea({"border": {"color": "#D9D9D9"}})
    chart.set_plotarea({"fill": {"none": True}})
