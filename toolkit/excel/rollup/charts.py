"""Draws a rollup's native charts from its own cells: none that is empty, all of one height."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from toolkit.excel.look import LINE, RED, pixels
from toolkit.excel.rollup.formulas import Layout, Spot
from toolkit.excel.sheets import Page, checked
from toolkit.forms import ledgers, rollup
from toolkit.forms.rollup import Level, Rollup
from toolkit.forms.village import UNKNOWN
from toolkit.schema.columns import Column, Row
from toolkit.schema.totals import value_of

MOST_BARS = 30
"""Of so many villages the chart of their measures can still be read on one page."""

RANKING_BELOW = 3
"""How many rows below the table of types the header of their ranking stands."""

_LABELLED_BARS = 12  # up to so many, a bar's parts say their numbers
_WHOLE_STEPS = 5  # up to which number a scale must be told to go by ones
_STATES = {
    "已完成": "#2E7D4F",
    "推进中": "#E0A030",
    "未启动": "#B8B8B8",
    "长期坚持": "#5B7FA6",
    UNKNOWN: "#7A5C8E",
}
_MONTHS_FIGURES = {
    rollup.HistoryLine.measures: "#B8B8B8",
    rollup.HistoryLine.done: "#2E7D4F",
    rollup.HistoryLine.late: RED,
}
_BLUE = "#5B7FA6"
_FONT = {"name": "微软雅黑", "size": 9, "color": "#404040"}
_SMALL = {**_FONT, "size": 8}
_SMALLEST = {**_FONT, "size": 7}
_MANY = {"x": 0.2, "y": 0.12, "width": 0.76, "height": 0.74}  # of a chart, for many bars
_TITLE_FONT = {"name": "微软雅黑", "size": 11, "bold": True, "color": RED}
_NO_NOUGHT = "0;;"  # a number's format which shows nothing for 0

Chart = Any  # XlsxWriter has no types


class Kind(NamedTuple):
    """A kind of chart: how it is drawn, and how many bars lie one below the other in it."""

    draw: Callable[[Page, Rollup, Layout], Chart]
    bars: int


def kinds(made: Rollup) -> list[Kind]:
    """Return the charts of the first page; what there is nothing of is not drawn."""
    chosen = []
    if made.tables[ledgers.MeasureLedger].rows or ledgers.MeasureLedger in made.elsewhere:
        units = len(made.tables[rollup.TABLES[made.level][0]].rows)
        chosen.append(Kind(_status_chart, min(units, MOST_BARS)))
    if ranked := ranked_types(made):
        chosen.append(Kind(_type_chart, len(ranked)))
    if any(_meetings(made)):
        chosen.append(Kind(_meeting_chart, 0))
    if any(_figures(made, rollup.HistoryLine, rollup.HistoryLine.measures)):
        chosen.append(Kind(_history_chart, 0))
    return chosen


def ranked_types(made: Rollup) -> list[int]:
    """Return which rows of the table of types occur among problems, the most frequent first."""
    counts = _figures(made, rollup.TypeLine, rollup.TypeLine.problems)
    return sorted((at for at, count in enumerate(counts) if count), key=lambda at: -counts[at])


def place(page: Page, row: int, chart: Chart, box: Sequence[float]) -> None:
    """Lay a chart over the sheet from a row on: its left edge, width and height in pixels."""
    left, width, height = box
    chart.set_size({"width": width, "height": height})
    offset = {"x_offset": left, "y_offset": 4, "object_position": 1}
    checked(page.sheet.insert_chart(row - 1, 0, chart, offset), page.title)


def rate_chart(page: Page, made: Rollup, spot: Spot, widths: Sequence[float]) -> None:
    """Lay the line of how much was done, month by month, below the table; from two months on."""
    if len(made.tables[spot.row].rows) > 1:
        chart = page.book.file.add_chart({"type": "line"})
        chart.add_series(
            {
                **_source(spot, rollup.HistoryLine.period, rollup.HistoryLine.rate, spot.last),
                "line": {"color": _STATES["已完成"], "width": 2.25},
                "marker": {"type": "circle", "size": 7, "fill": {"color": _STATES["已完成"]}},
                "data_labels": {
                    "value": True,
                    "position": "above",
                    "num_format": "0.0%",
                    "font": _FONT,
                },
            }
        )
        _dress(chart, "历月完成率", across=False)
        scale = {"num_font": _FONT, "num_format": "0%", "min": 0, "max": 1, "major_unit": 0.2}
        chart.set_y_axis({**scale, "major_gridlines": _GRID, "line": {"none": True}})
        place(page, spot.last + 2, chart, (0, sum(map(pixels, widths)), 300))


# ---- the charts of the first page


def _status_chart(page: Page, made: Rollup, layout: Layout) -> Chart:
    """Return a bar of measures for each village, split by status."""
    spot = layout[rollup.TABLES[made.level][0]]
    chart = page.book.file.add_chart({"type": "bar", "subtype": "stacked"})
    last = min(spot.last, spot.first + MOST_BARS - 1)
    bars = last - spot.first + 1
    named = ledgers.VILLAGE_NAME if ledgers.VILLAGE_NAME in spot.columns else ledgers.TOWN
    labels = {"value": True, "num_format": _NO_NOUGHT, "font": {**_SMALL, "color": "#FFFFFF"}}
    for header, colour in _STATES.items():
        column = spot.row.by_label[header]
        chart.add_series(
            {
                **_source(spot, named, column, last),
                "fill": {"color": colour},
                "gap": 50,
                **({"data_labels": labels} if bars <= _LABELLED_BARS else {}),
            }
        )
    unit = "村" if named is ledgers.VILLAGE_NAME else "镇"
    more = f"（前 {MOST_BARS} 个{unit}）" if last < spot.last else ""
    most = max(_figures(made, spot.row, spot.row.by_label["措施"]))
    _dress(chart, f"各{unit}措施进度（条）{more}", legend=True, bars=bars, most=most)
    return chart


def _type_chart(page: Page, made: Rollup, layout: Layout) -> Chart:
    """Return a bar of problems for each type that occurs, the most frequent on top."""
    spot, ranked = layout[rollup.TypeLine], ranked_types(made)
    first = spot.last + RANKING_BELOW  # counted from 0, the row below the ranking's header
    last = first + len(ranked) - 1
    label, count = (spot.at(c) - 1 for c in (rollup.TypeLine.label, rollup.TypeLine.problems))
    chart = page.book.file.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": [spot.row.sheet, first - 1, count],
            "categories": [spot.row.sheet, first, label, last, label],
            "values": [spot.row.sheet, first, count, last, count],
            "fill": {"color": RED},
            "gap": 40,
            "data_labels": {"value": True, "font": _SMALL},
        }
    )
    most = _figures(made, rollup.TypeLine, rollup.TypeLine.problems)[ranked[0]]
    _dress(chart, "问题类型分布（个，可多选）", bars=len(ranked), most=most)
    return chart


def _meeting_chart(page: Page, made: Rollup, layout: Layout) -> Chart:
    """Return a column of meetings for each month, of all villages."""
    spot = layout[_meeting_table(made)]
    first = spot.at(spot.row.by_label["1月"]) - 1
    total = spot.last  # the line of totals stands below, counted from 0 here
    chart = page.book.file.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": "专题研究会议",
            "categories": [spot.row.sheet, spot.header - 1, first, spot.header - 1, first + 11],
            "values": [spot.row.sheet, total, first, total, first + 11],
            "fill": {"color": _BLUE},
            "gap": 60,
            "data_labels": {"value": True, "num_format": _NO_NOUGHT, "font": _SMALL},
        }
    )
    _dress(chart, "各月专题研究会议（次）", across=False, most=max(_meetings(made)))
    return chart


def _history_chart(page: Page, made: Rollup, layout: Layout) -> Chart:
    """Return columns of all, done and late measures for each month so far."""
    spot = layout[rollup.HistoryLine]
    chart = page.book.file.add_chart({"type": "column"})
    months = spot.last - spot.header
    for column, colour in _MONTHS_FIGURES.items():
        chart.add_series(
            {
                **_source(spot, rollup.HistoryLine.period, column, spot.last),
                "fill": {"color": colour},
                "gap": 120 if months > 1 else 300,
                **({"data_labels": {"value": True, "font": _SMALL}} if months <= 6 else {}),  # noqa: PLR2004 -- more months, and the numbers run into one another
            }
        )
    most = max(_figures(made, rollup.HistoryLine, rollup.HistoryLine.measures))
    _dress(chart, "历月措施进度（条）", legend=True, across=False, most=most)
    return chart


# ---- what they are drawn from, and their looks


def _meeting_table(made: Rollup) -> type[Row]:
    return rollup.TownMeetings if made.level is Level.COUNTY else rollup.MeetingCount


def _meetings(made: Rollup) -> list[float]:
    """Return how many meetings there were in each month."""
    table = made.tables[_meeting_table(made)]
    first = table.columns.index(table.row.by_label["1月"])
    return [_number(value_of(cell)) for cell in table.total[first : first + 12]]


def _figures(made: Rollup, row: type[Row], column: Column[Any]) -> list[float]:
    return [_number(value) for value in made.tables[row].column(column)]


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0


def _source(
    spot: Spot, named: Column[Any], column: Column[Any], last: int
) -> Mapping[str, Sequence[object]]:
    """Return what a series is called and drawn from: the header, and two columns of a table."""
    return {
        "name": [spot.row.sheet, spot.header - 1, spot.at(column) - 1],
        "categories": _reference(spot, named, last),
        "values": _reference(spot, column, last),
    }


def _reference(spot: Spot, column: Column[Any], last: int) -> Sequence[object]:
    at = spot.at(column) - 1
    return [spot.row.sheet, spot.first - 1, at, last - 1, at]


_GRID = {"visible": True, "line": {"color": "#E6E6E6"}}


def _dress(  # noqa: PLR0913 -- what differs between charts
    chart: Chart,
    title: str,
    *,
    legend: bool = False,
    across: bool = True,
    bars: int = 0,
    most: float = 0,
) -> None:
    """Give a chart the book's look; bars lie `across`, columns stand."""
    chart.set_title({"name": title, "name_font": _TITLE_FONT, "overlay": False})
    font = _SMALL if bars <= _LABELLED_BARS else _SMALLEST
    level = {**font, "rotation": 0}  # said outright, or LibreOffice leaves every other one out
    names = {"interval_unit": 1, "num_font": level, "line": {"color": LINE}}
    scale = {
        "num_font": _SMALL,
        "num_format": "0",
        "min": 0,
        "major_gridlines": _GRID,
        "line": {"none": True},
        **({"major_unit": 1} if most <= _WHOLE_STEPS else {}),  # else 0 0 1 1 for halves
    }
    if across:  # first village on top, and the scale below
        chart.set_y_axis({**names, "reverse": True, "crossing": "max"})
        chart.set_x_axis(scale)
    else:
        chart.set_x_axis(names)
        chart.set_y_axis(scale)
    chart.set_legend({"position": "bottom", "font": _SMALL} if legend else {"none": True})
    chart.set_chartarea({"border": {"color": "#D9D9D9"}})
    room = {"layout": _MANY} if bars > _LABELLED_BARS else {}
    chart.set_plotarea({"fill": {"none": True}, **room})
