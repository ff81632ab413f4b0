"""How the workbooks that we write look: colours, styles, and rows as high as their texts need."""

from collections.abc import Iterable, Mapping

from toolkit.schema.kinds import Day

DAY_FORMAT = Day.number_format
RED, INK, GREY, LINE, LINK_BLUE = "#8C1C1C", "#262626", "#7F7F7F", "#BFBFBF", "#1F4E79"
QUIET, WARNING = "#595959", "#C00000"
HEADER_FILL, LABEL_FILL, BAND_FILL = "#EDEDED", "#F7F7F7", "#F6EAE8"
MISSING_FILL, CLASH_FILL = "#FFF4C2", "#F8CFCF"
UNFIT_FILL, SUM_FILL, LATE_FILL, GOOD_FILL = "#FBDDB5", "#E3D8F1", "#F4B6AE", "#DDF0E2"

_HEADING = {"font_name": "微软雅黑", "font_color": INK, "valign": "vcenter"}
_BODY = {"font_name": "宋体", "font_size": 10, "font_color": INK, "valign": "top"}
_LINES = {"border": 1, "border_color": LINE}
_BOXED = {**_LINES, "text_wrap": True}
_STRONG = {**_HEADING, "font_size": 11, "bold": True}
_TEXT = {**_BODY, **_BOXED, "valign": "vcenter"}
_TITLE = {"font_size": 16, "bold": True, "font_color": "#FFFFFF", "bg_color": RED, "indent": 1}
_BAND = {"font_color": RED, "bg_color": BAND_FILL, "bottom": 1, "bottom_color": LINE, "indent": 1}
_HEADER = {"font_size": 10, "bold": True, "align": "center", "bg_color": HEADER_FILL}
STYLES: Mapping[str, Mapping[str, object]] = {
    # bands across a sheet, headers, labels
    "title": {**_HEADING, **_TITLE},
    "hint": {**_HEADING, "font_size": 9, "font_color": QUIET, "indent": 1},
    "band": {**_STRONG, **_BAND},
    "header": {**_HEADING, **_BOXED, **_HEADER},
    "label": {**_HEADING, **_BOXED, "font_size": 10, "bg_color": LABEL_FILL, "indent": 1},
    # cells that people fill in
    "input": {**_BODY, **_BOXED, "locked": False},
    "value": {**_TEXT, "font_size": 11, "align": "left", "locked": False},
    "open": {**_BODY, "text_wrap": True, "locked": False},
    "free": {**_BODY, "locked": False},
    # cells that they read
    "text": _TEXT,
    "total": {**_TEXT, "bold": True, "bg_color": LABEL_FILL},
    "step": {**_BODY, "font_size": 11, "valign": "vcenter", "text_wrap": True, "indent": 1},
    "plain": _BODY,
    "small": {**_BODY, "font_size": 8, "font_color": "#A6A6A6"},
    # the first page of a rollup
    "warning": {**_STRONG, "font_color": WARNING, "bg_color": "#FDECEA"},
    "remark": {**_HEADING, "font_size": 10, "font_color": GREY, "indent": 1},
    "note": {**_HEADING, "font_size": 10, "font_color": GREY, "text_wrap": True},
    "story": {**_HEADING, "font_size": 11, "text_wrap": True},
    "card": {**_HEADING, "font_size": 9, "font_color": QUIET, "align": "center"},
    "number": {**_HEADING, "font_size": 18, "bold": True, "font_color": RED, "align": "center"},
    # laid over a cell while a condition holds
    "lines": _LINES,
    "missing": {**_LINES, "bg_color": MISSING_FILL},
    "clash": {**_LINES, "bg_color": CLASH_FILL},
    "unfit": {**_LINES, "bg_color": UNFIT_FILL},
    "sum": {**_LINES, "bg_color": SUM_FILL},
    "late": {**_LINES, "bg_color": LATE_FILL, "font_color": WARNING, "bold": True},
    "alarm": {"bg_color": CLASH_FILL, "font_color": RED, "bold": True},
    "concern": {"bg_color": CLASH_FILL},
    "caution": {"bg_color": MISSING_FILL},
    "good": {"bg_color": GOOD_FILL},
}

OPEN_LAYOUT: Mapping[str, bool] = dict.fromkeys(("format_columns", "format_rows"), True)
"""What stays allowed on a locked sheet that is only read."""

BLANK_HEIGHT, TALLEST = 20, 409
"""The height in points of a row that holds nothing yet, and of the highest that there can be."""

_LINE_HEIGHT = 14
_DIGIT = 8  # pixels, of the font that columns are measured in


def pixels(width: float) -> int:
    """Return how many pixels of the screen a column of a width takes.

    >>> pixels(10), pixels(7.7)
    (85, 67)
    """
    return int(width * _DIGIT + 0.5) + 5


def height(texts: Iterable[tuple[str, float]], least: float = BLANK_HEIGHT) -> float:
    """Return the height, in points, of a row whose texts wrap in columns of these widths."""
    return height_of(max(lines(text, width) for text, width in texts), least)


def height_of(count: int, least: float = BLANK_HEIGHT) -> float:
    """Return the height, in points, of a row of so many lines."""
    return min(TALLEST, max(least, count * _LINE_HEIGHT + 6))


def lines(text: str, width: float) -> int:
    r"""Return how many lines a text takes, rather one too many than one too few.

    >>> lines("村级集体经济", 12), lines("村级集体经济薄弱", 12), lines("一\n二", 12)
    (1, 2, 2)
    """
    if 2 * len(text) <= width and "\n" not in text:  # nearly always, and quickly told
        return 1
    taken = 0
    for line in text.split("\n"):
        long = breadth(line)
        # A line that is broken may end two places early, before a character that stays whole.
        taken += 1 if long <= width else -int(-long // max(1, width - 2))
    return taken


def breadth(text: str) -> int:
    """Return the width of a line, quickly: all but ASCII is taken for wide.

    >>> breadth("P01 组织")
    8
    """
    return 2 * len(text) - len(text.encode("ascii", "ignore"))
