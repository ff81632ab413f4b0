"""The pen that new workbooks are written with: one look, and cells that hold just what was given.

XlsxWriter only returns a code where it has not written something; here that is an error. Text is
always written as text, whatever it looks like. Rows and columns count from 1.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from toolkit.cells import Raw, a1, letters
from toolkit.errors import ToolkitError
from toolkit.schema.form import FORM_PROPERTY, Identity
from toolkit.schema.kinds import as_text

_CREATED = dt.datetime(2022, 1, 1)  # noqa: DTZ001 -- a fixed stamp, so that equal input gives equal bytes
_LONGEST_TEXT = 32_767
DAY_FORMAT = 'yyyy"-"mm"-"dd'

# ---- the look

RED, INK, GREY, LINE = "#8C1C1C", "#262626", "#7F7F7F", "#BFBFBF"
HEADER_FILL, LABEL_FILL, BAND_FILL = "#EDEDED", "#F7F7F7", "#F6EAE8"
MISSING_FILL, DUPLICATE_FILL = "#FFF4C2", "#F8CFCF"
_HEADING = {"font_name": "微软雅黑", "font_color": INK, "valign": "vcenter"}
_BODY = {"font_name": "宋体", "font_size": 10, "font_color": INK, "valign": "top"}
_BOXED = {"border": 1, "border_color": LINE, "text_wrap": True}
STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {**_HEADING, "font_size": 16, "bold": True, "font_color": "#FFFFFF", "bg_color": RED},
    "hint": {**_HEADING, "font_size": 9, "font_color": "#595959"},
    "band": {
        **_HEADING,
        "font_size": 11,
        "bold": True,
        "font_color": RED,
        "bg_color": BAND_FILL,
        "bottom": 1,
        "bottom_color": LINE,
    },
    "header": {
        **_HEADING,
        **_BOXED,
        "font_size": 10,
        "bold": True,
        "align": "center",
        "bg_color": HEADER_FILL,
    },
    "label": {**_HEADING, **_BOXED, "font_size": 10, "bg_color": LABEL_FILL},
    "text": {**_BODY, **_BOXED, "valign": "vcenter"},
    "plain": _BODY,
    "alarm": {"bg_color": DUPLICATE_FILL, "font_color": RED, "bold": True},
    "total": {**_BODY, **_BOXED, "valign": "vcenter", "bold": True, "bg_color": LABEL_FILL},
    "warning": {
        **_HEADING,
        "font_size": 11,
        "bold": True,
        "font_color": "#C00000",
        "bg_color": "#FDECEA",
    },
    "note": {**_HEADING, "font_size": 9, "font_color": GREY, "text_wrap": True},
    "story": {**_HEADING, "font_size": 11, "text_wrap": True},
    "card": {**_HEADING, "font_size": 9, "font_color": "#595959", "align": "center"},
    "number": {**_HEADING, "font_size": 18, "bold": True, "font_color": RED, "align": "center"},
}


class Formula(NamedTuple):
    """A live formula with the value that it has now."""

    text: str
    value: str | float


class Link(NamedTuple):
    """A text that leads to a sheet of the same workbook."""

    text: str
    sheet: str


Content = Raw | Formula | Link


@dataclass
class Book:
    """The workbook being written, with its styles."""

    file: Any
    styles: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def style(self, name: str, **more: object) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
        """Return the format of a named style, with some properties of its own."""
        known = (name, *more.items())
        if known not in self.styles:
            self.styles[known] = self.file.add_format({**STYLES[name], **more})
        return self.styles[known]

    def page(self, title: str) -> "Page":
        """Return a new sheet, after those there are."""
        return Page(self, title, self.file.add_worksheet(title))

    def stamp(self, title: str, identity: Identity) -> None:
        """Write the document properties."""
        self.file.set_properties({"title": title, "created": _CREATED})
        self.file.set_custom_property(FORM_PROPERTY, identity.line(), "text")


@dataclass
class Page:
    """One sheet being written; `put` is the only way a cell is written."""

    book: Book
    title: str
    sheet: Any

    def put(self, row: int, column: int, content: Content, style: Any) -> None:  # noqa: ANN401 -- XlsxWriter has no types
        """Write one cell. Text stays text, whatever it looks like."""
        sheet, at = self.sheet, (row - 1, column - 1)
        if content is None or content == "":
            code = sheet.write_blank(*at, None, style)
        elif isinstance(content, Formula):
            code = sheet.write_formula(*at, content.text, style, content.value)
        elif isinstance(content, Link):
            target = f"internal:{quoted(content.sheet)}!A1"
            code = sheet.write_url(*at, target, style, content.text)
        elif _is_moment(content):
            code = sheet.write_datetime(*at, content, style)
        elif isinstance(content, int | float) and not isinstance(content, bool):
            code = sheet.write_number(*at, content, style)
        else:
            text = safe_text(as_text(content), f"{self.title}!{a1(row, column)}")
            code = sheet.write_string(*at, text, style)
        if code:
            checked(code, f"{self.title}!{a1(row, column)}")

    def put_row(self, row: int, contents: Iterable[Content], style: Any) -> None:  # noqa: ANN401 -- as above
        """Write cells side by side in one style, from column A on."""
        for column, content in enumerate(contents, 1):
            self.put(row, column, content, style)

    def band(self, row: int, text: str, last: int, style: str, height: float) -> None:
        """Write a text across the sheet; it runs on over the blank cells beside it, unmerged."""
        self.sheet.set_row(row - 1, height, self.book.style("plain"))
        self.put_row(row, (text, *[None] * (last - 1)), self.book.style(style))

    def merged(self, row: int, columns: tuple[int, int], content: Content, style: Any) -> None:  # noqa: ANN401 -- as above
        """Write one cell that spans columns; never within a table."""
        first, last = columns
        code = self.sheet.merge_range(row - 1, first - 1, row - 1, last - 1, "", style)
        checked(code, f"{self.title}!{a1(row, first)}")
        self.put(row, first, content, style)


def quoted(title: str) -> str:
    """Return a sheet's title as references spell it.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + title.replace("'", "''") + "'"


def span(column: int, first: int, last: int) -> str:
    """Return the absolute address of a stretch of one column.

    >>> span(3, 4, 9)
    '$C$4:$C$9'
    """
    return f"${letters(column)}${first}:${letters(column)}${last}"


def _is_moment(content: object) -> bool:
    """Say whether a content is a day or time that a spreadsheet can hold as one."""
    if isinstance(content, dt.date):
        return content.year >= 1900  # noqa: PLR2004 -- the first year of Excel's calendar
    return isinstance(content, dt.time | dt.timedelta)


def checked(code: int, place: str) -> None:
    """Raise where XlsxWriter, which only returns a code, has not written something."""
    if code < 0:
        raise ToolkitError(f"“{place}”写不进工作簿（代码 {code}）。请把这一处告诉工具的维护人员。")


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def safe_text(text: str, place: str) -> str:
    """Return a text as XML can hold it; what it cannot becomes U+FFFD, for all to see."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNWRITABLE.sub("\ufffd", text)
    if len(text) > _LONGEST_TEXT // 2:
        units = len(text.encode("utf-16-le")) // 2
        if units > _LONGEST_TEXT:
            raise ToolkitError(
                f"“{place}”的文字有 {units} 个字，一格最多放 {_LONGEST_TEXT} 个。请分成几格填写。"
            )
    return text
