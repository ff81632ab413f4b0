"""Writes the first page of a rollup: who is missing, key figures, the month in words, charts."""

from collections.abc import Sequence
from typing import Any

from toolkit.excel.look import INK, LABEL_FILL, LINE, RED, TALLEST, WARNING, breadth
from toolkit.excel.rollup.formulas import Layout, Speller, Spot
from toolkit.excel.rollup.tables import RATE_FORMAT, TableWriter
from toolkit.excel.sheets import Page, checked
from toolkit.forms import rollup
from toolkit.forms.rollup import Rollup
from toolkit.schema.columns import Column
from toolkit.schema.form import HINT_ROW, TITLE_ROW
from toolkit.schema.kinds import Day
from toolkit.schema.totals import Live, Ratio, value_of

_COLUMNS = len(rollup.Summary.columns)
_WIDTHS = (6.5, 13.0, *[7.7] * (_COLUMNS - 2))
_WIDTH = sum(_WIDTHS)
_CARDS_A_ROW = 6
_CARD_WIDTH = _COLUMNS // _CARDS_A_ROW
_CHART_ROWS, _CHART_ROW_HEIGHT = 21, 15.0
MOST_BARS = 25
_NAMED_A_LINE = 12
_LOOKS = {
    rollup.Summary.done: "#2E7D4F",
    rollup.Summary.going: "#E0A030",
    rollup.Summary.idle: "#B8B8B8",
    rollup.Summary.standing: "#5B7FA6",
    rollup.Summary.unknown: "#7A5C8E",
}


def _warnings(made: Rollup) -> list[tuple[str, str]]:
    """Return the lines that come first, each with its style: what is wrong, who is missing."""
    lines = ["；".join(names) for names in _batches(made.left_out, _NAMED_A_LINE)]
    if lines:
        lines[0] = f"未汇总 {len(made.left_out)} 个村——{lines[0]}"
    said = [(f"{line}。", "warning") for line in lines]
    if not said and rollup.YES in made.tables[rollup.Village].column(rollup.Village.listed):
        said = [("名册内的村都已汇总。", "story")]
    first, last = ([(text, "warning") for text in texts] for texts in (made.alarms, made.remarks))
    return [*first, *said, *last]


def _batches(items: Sequence[str], size: int) -> list[Sequence[str]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _has_charts(made: Rollup) -> bool:
    return any(made.tables[ledger].rows for ledger in (rollup.MeasureLedger, rollup.ProblemLedger))


def front_header(made: Rollup) -> int:
    """Return the row in which the first page's table has its header."""
    above = 2 + len(_warnings(made)) + 2 * (len(rollup.CARDS) // _CARDS_A_ROW) + 2
    return above + (_CHART_ROWS if _has_charts(made) else 0) + 2


def write_front(page: Page, made: Rollup, layout: Layout) -> None:
    """Write the first page: who is missing, key figures, the month in words, charts, villages."""
    for column, width in enumerate(_WIDTHS):
        page.sheet.set_column(column, column, width)
    page.sheet.set_row(TITLE_ROW - 1, 40)
    title = page.book.style("title", align="center", indent=0)
    page.merged(TITLE_ROW, (1, _COLUMNS), made.title, title)
    page.band(HINT_ROW, f"数据截止日：{Day().text(made.as_of)}", _COLUMNS, "hint", 20)
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
    TableWriter(page, made, layout, spot, _WIDTHS).write()
    _name_left_out(page, made, spot)
    at = spot.last + 3
    for note in made.notes:
        at = _paragraph(page, at, note, "note")
    page.sheet.hide_gridlines(2)
    page.set_print(landscape=False)
    page.sheet.activate()


def _paragraph(page: Page, at: int, text: str, style: str) -> int:
    """Write a text across the page, as high as it needs; return the next row."""
    size = 9 if style == "note" else 11
    room = (_WIDTH - 4) * 10 / size
    lines = -(-breadth(text) // room)
    page.sheet.set_row(at - 1, min(TALLEST, 6 + 1.5 * size * lines))
    page.merged(at, (1, _COLUMNS), text, page.book.style(style, text_wrap=True))
    return at + 1


def _cards(page: Page, at: int, made: Rollup, layout: Layout) -> int:
    """Write the key figures, six a row; return the next row."""
    speller = Speller(made, layout)
    for number, ((label, _), card) in enumerate(zip(rollup.CARDS, made.cards, strict=True)):
        row = at + 2 * (number // _CARDS_A_ROW)
        first = number % _CARDS_A_ROW * _CARD_WIDTH + 1
        columns = (first, first + _CARD_WIDTH - 1)
        page.sheet.set_row(row - 1, 20)
        page.sheet.set_row(row, 32)
        box = {"border": 1, "border_color": LINE, "bg_color": LABEL_FILL}
        page.merged(row, columns, label, page.book.style("card", **box, bottom=0))
        rate = isinstance(card, Live) and isinstance(card.how, Ratio)
        look = {"num_format": RATE_FORMAT if rate else "0"}
        look |= {} if label in rollup.ALARMING and value_of(card) else {"font_color": INK}
        content = speller.content(card, rollup.Summary, row + 1) if isinstance(card, Live) else card
        page.merged(row + 1, columns, content, page.book.style("number", **box, **look, top=0))
    return at + 2 * (len(rollup.CARDS) // _CARDS_A_ROW)


def _name_left_out(page: Page, made: Rollup, spot: Spot) -> None:
    """Write the names of villages without figures in red."""
    villages = made.tables[rollup.Village]
    taken = villages.column(rollup.Village.taken)
    names = villages.column(rollup.VILLAGE_NAME)
    red = page.book.style("text", font_color=WARNING, align="center", num_format="@")
    for line, (name, state) in enumerate(zip(names, taken, strict=True), spot.first):
        if state == rollup.NO:
            page.put(line, spot.at(rollup.VILLAGE_NAME), name, red)


def _charts(page: Page, at: int, made: Rollup, layout: Layout) -> None:
    """Lay two native charts side by side: measures by status and village, problems by type."""
    height = _CHART_ROWS * _CHART_ROW_HEIGHT / 0.75 - 8  # points to pixels
    width = sum(int(w * 7 + 5) for w in _WIDTHS)
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


def _progress_chart(page: Page, spot: Spot) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    """Return a bar of measures for each village, split by status."""
    chart = page.book.file.add_chart({"type": "bar", "subtype": "stacked"})
    last = min(spot.last, spot.first + MOST_BARS - 1)
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
    more = f"（前 {MOST_BARS} 个村）" if last < spot.last else ""
    _dress(chart, f"各村措施进度（条）{more}", legend=True)
    return chart


def _type_chart(page: Page, spot: Spot) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
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


def _reference(spot: Spot, column: Column[Any], last: int) -> list[object]:
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
            "line": {"color": LINE},
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
