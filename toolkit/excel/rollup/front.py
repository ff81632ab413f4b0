"""Writes the first page of a rollup: who is missing, key figures, the month in words, charts."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from toolkit.excel.look import INK, LABEL_FILL, LINE, TALLEST, breadth, pixels
from toolkit.excel.rollup.charts import Kind, kinds, place
from toolkit.excel.rollup.fit import LEAST_HEIGHT
from toolkit.excel.rollup.formulas import Layout, Speller, Spot
from toolkit.excel.rollup.tables import RATE_FORMAT, TableWriter
from toolkit.excel.sheets import Page
from toolkit.excel.stream import put
from toolkit.forms import ledgers, rollup
from toolkit.forms.rollup import Level, Rollup
from toolkit.schema.form import HINT_ROW, TITLE_ROW
from toolkit.schema.kinds import Day
from toolkit.schema.totals import Live, Ratio, value_of

_COLUMNS = len(rollup.Summary.columns)  # as many as a county's
_WIDTHS = (6.5, 12.0, *[6.6] * (_COLUMNS - 2))
_WIDTH = sum(_WIDTHS)
_CARDS_A_ROW = 6
_CARD_WIDTH = _COLUMNS // _CARDS_A_ROW
_NAMED_A_LINE = 12

_SCALE = 81
"""In percent, how large the page is printed: it fits A4 even in a font that replaces 宋体."""
_PAPER = 763 / _SCALE * 100 * 0.96  # points of rows on an A4 page; printers differ a little
_TITLE, _HINT, _CARD, _FIGURE, _GAP, _BAND, _HEADER = 40, 20, 20, 32, 6, 21, 34
_CHARTS_A_LINE = 2
_CHART_ROW = 16  # points; not the 15 of a row without a height, which each program has its own of
_LEAST_CHART, _CHART, _CHART_FRAME = 190, 240, 68
_LEAST_BAR, _BAR = 8.0, 10.5  # points a bar takes, with its label
_ROWS_TOGETHER = 5  # of the table, with its header


def _warnings(made: Rollup) -> list[tuple[str, str]]:
    """Return the lines that come first, each with its style: what is wrong, who is missing."""
    named = [line.rstrip("。") for line in made.left_out]
    lines = ["；".join(names) for names in _batches(named, _NAMED_A_LINE)]
    if lines:
        lines[0] = f"未汇总 {_how_many(made)}——{lines[0]}"
    said = [(f"{line}。", "warning") for line in lines]
    listed = made.tables[rollup.Village].column(rollup.Village.listed)
    if not said and ledgers.YES in listed and "" not in listed:
        whose = "收到的各镇汇总，其" if made.level is Level.COUNTY else ""
        said = [(f"{whose}名册内的村都已汇总。", "story")]
    first, last = ([(text, "warning") for text in texts] for texts in (made.alarms, made.remarks))
    return [*first, *said, *last]


def _how_many(made: Rollup) -> str:
    """Return how many villages are left out; of a county also how many townships."""
    count = len(made.left_out)
    if made.level is Level.TOWNSHIP:
        return f"{count} 个村"
    villages = made.tables[rollup.Village].column(rollup.Village.taken).count(ledgers.NO)
    counts = ((count - villages, "乡镇"), (villages, "村"))
    return "、".join(f"{number} 个{unit}" for number, unit in counts if number)


def _batches(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


@dataclass
class _Pages:
    """Lets blocks follow one another down the paper; one that does not fit begins a new page."""

    left: float = _PAPER
    breaks: list[int] = field(default_factory=list)

    def take(self, row: int, height: float) -> None:
        """Put the block that begins in a row where it stays whole."""
        if height > self.left < _PAPER:
            self.breaks.append(row - 1)
            self.left = _PAPER
        self.left -= height


@dataclass(frozen=True)
class _Plan:
    """What the first page holds from its first chart on, and how high the charts are."""

    charts: Sequence[Kind]
    first: int  # the row in which the charts begin
    chart_rows: int  # of the sheet, under one chart

    @property
    def header(self) -> int:
        """The row in which the table has its header, below its band."""
        return self.first + _lines(self.charts) * self.chart_rows + 1


def _lines(charts: Sequence[Kind]) -> int:
    return -(-len(charts) // _CHARTS_A_LINE)


def _plan(made: Rollup) -> _Plan:
    """Return the plan of a rollup's first page: all on one paper where the table is short."""
    charts = kinds(made)
    cards = len(rollup.CARDS) // _CARDS_A_ROW
    first = 2 + len(_warnings(made)) + 2 * cards + 1 + len(_stories(made)) + 1
    if not charts:
        return _Plan((), first, 0)
    bars = max(kind.bars for kind in charts)
    least = max(_LEAST_CHART, _CHART_FRAME + _LEAST_BAR * bars)
    wanted = max(_CHART, _CHART_FRAME + _BAR * bars)
    room, table = _PAPER - _height_above(made), _table_height(made)
    if room - table >= _lines(charts) * least:
        room -= table
    height = min(wanted, max(least, room / _lines(charts)))
    return _Plan(charts, first, int(height // _CHART_ROW))


def _height_above(made: Rollup) -> float:
    """Return how much of the paper is taken above the charts."""
    cards = len(rollup.CARDS) // _CARDS_A_ROW * (_CARD + _FIGURE)
    texts = [*_warnings(made), *((text, "story") for text in _stories(made))]
    return _TITLE + _HINT + cards + _GAP + sum(_text_height(*text) for text in texts)


def _table_height(made: Rollup) -> float:
    table = made.tables[rollup.TABLES[made.level][0]]
    return _BAND + _HEADER + LEAST_HEIGHT * (len(table.rows) + bool(table.total))


def front_header(made: Rollup) -> int:
    """Return the row in which the first page's table has its header."""
    return _plan(made).header


def _stories(made: Rollup) -> list[str]:
    """Return the month in words, and what has changed since the one before."""
    return [text for text in (made.text, made.changed) if text]


def write_front(page: Page, made: Rollup, layout: Layout) -> None:
    """Write the first page: who is missing, key figures, the month in words, charts, villages."""
    for column, width in enumerate(_WIDTHS):
        page.sheet.set_column(column, column, width)
    page.sheet.set_row(TITLE_ROW - 1, _TITLE)
    title = page.book.style("title", align="center", indent=0)
    page.merged(TITLE_ROW, (1, _COLUMNS), made.title, title)
    page.band(HINT_ROW, f"数据截止日：{Day().text(made.as_of)}", _COLUMNS, "hint", _HINT)
    at = HINT_ROW + 1
    for text, style in _warnings(made):
        at = _paragraph(page, at, text, style)
    at = _cards(page, at, made, layout)
    page.sheet.set_row(at - 1, _GAP)
    at += 1
    for text in _stories(made):
        at = _paragraph(page, at, text, "story")
    plan, spot = _plan(made), layout[rollup.TABLES[made.level][0]]
    _charts(page, plan, made, layout)
    unit = "镇" if made.level is Level.COUNTY else "村"
    page.band(spot.header - 1, f"各{unit}进度", _COLUMNS, "band", _BAND)
    stretch, _ = TableWriter(page, made, layout, spot, _WIDTHS).write(marked=_left_out(made))
    put(stretch)
    at = spot.last + 3
    for note in made.notes:
        at = _paragraph(page, at, note, "note")
    page.sheet.hide_gridlines(2)
    page.set_print(landscape=False)
    page.sheet.set_print_scale(_SCALE)  # a page that is fitted would not begin where it is told
    page.sheet.set_h_pagebreaks(_page_breaks(page, made, plan, spot))
    page.sheet.activate()


def _charts(page: Page, plan: _Plan, made: Rollup, layout: Layout) -> None:
    """Lay the charts two a line, a last one alone over the whole width."""
    width, height = sum(map(pixels, _WIDTHS)), plan.chart_rows * int(_CHART_ROW / 0.75) - 8
    for row in range(plan.first, plan.header - 1):
        page.sheet.set_row(row - 1, _CHART_ROW)
    for number, kind in enumerate(plan.charts):
        line, beside = divmod(number, _CHARTS_A_LINE)
        alone = number == len(plan.charts) - 1 and not beside
        each = width if alone else width // _CHARTS_A_LINE
        box = (beside * (each + 3), each - (0 if alone else 3), height)
        row = plan.first + line * plan.chart_rows
        place(page, row, kind.draw(page, made, layout), box)


def _page_breaks(page: Page, made: Rollup, plan: _Plan, spot: Spot) -> list[int]:
    """Return after which rows a page ends: no chart is torn, nor the notes from one another."""
    pages = _Pages()
    pages.take(TITLE_ROW, _height_above(made))
    for line in range(_lines(plan.charts)):
        pages.take(plan.first + line * plan.chart_rows, plan.chart_rows * _CHART_ROW)
    rows = spot.last - spot.header + 1  # with the line of totals
    whole = min(rows, _ROWS_TOGETHER)
    pages.take(spot.header - 1, _BAND + _HEADER + LEAST_HEIGHT * whole)
    before = len(pages.breaks)
    for row in range(spot.first + whole, spot.first + rows):
        pages.take(row, LEAST_HEIGHT)
    if len(pages.breaks) > before:
        page.sheet.repeat_rows(spot.header - 1)
    notes = [LEAST_HEIGHT, *(_text_height(note, "note") for note in made.notes)]
    pages.take(spot.last + 2, sum(notes))
    return pages.breaks


def _paragraph(page: Page, at: int, text: str, style: str) -> int:
    """Write a text across the page, as high as it needs; return the next row."""
    page.sheet.set_row(at - 1, _text_height(text, style))
    page.merged(at, (1, _COLUMNS), text, page.book.style(style, text_wrap=True))
    return at + 1


def _text_height(text: str, style: str) -> float:
    """Return the height in points of a text that runs across the page."""
    size, above = (10, 4) if style == "note" else (11, 9)
    room = (_WIDTH - 3) * 12 / size
    return min(TALLEST, above + 1.35 * size * -(-breadth(text) // room))


def _cards(page: Page, at: int, made: Rollup, layout: Layout) -> int:
    """Write the key figures, six a row; return the next row."""
    speller, front = Speller(made, layout), rollup.TABLES[made.level][0]
    for number, ((label, _), card) in enumerate(zip(rollup.CARDS, made.cards, strict=True)):
        row = at + 2 * (number // _CARDS_A_ROW)
        first = number % _CARDS_A_ROW * _CARD_WIDTH + 1
        columns = (first, first + _CARD_WIDTH - 1)
        page.sheet.set_row(row - 1, _CARD)
        page.sheet.set_row(row, _FIGURE)
        box = {"border": 1, "border_color": LINE, "bg_color": LABEL_FILL}
        page.merged(row, columns, label, page.book.style("card", **box, bottom=0))
        rate = isinstance(card, Live) and isinstance(card.how, Ratio)
        look = {"num_format": RATE_FORMAT if rate else "0"}
        look |= {} if label in rollup.ALARMING and value_of(card) else {"font_color": INK}
        content = speller.content(card, front, row + 1) if isinstance(card, Live) else card
        page.merged(row + 1, columns, content, page.book.style("number", **box, **look, top=0))
    return at + 2 * (len(rollup.CARDS) // _CARDS_A_ROW)


def _left_out(made: Rollup) -> Container[int]:
    """Return the lines of villages without figures, counted from 0."""
    if made.level is not Level.TOWNSHIP:
        return ()
    taken = made.tables[rollup.Village].column(rollup.Village.taken)
    return {at for at, state in enumerate(taken) if state == ledgers.NO}
