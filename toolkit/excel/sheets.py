"""The pen that new workbooks are written with: cells that hold just what was given.

XlsxWriter only returns a code where it has not written something; here that is an error. Text is
always written as text, whatever it looks like. Rows and columns count from 1.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import escape
from io import BytesIO
from typing import Any, NamedTuple, TypeGuard

from toolkit.cells import Raw, a1, letters
from toolkit.errors import ToolkitError
from toolkit.excel.look import DAY_FORMAT, STYLES, lines
from toolkit.schema.form import FORM_PROPERTY, Identity
from toolkit.schema.kinds import as_text

A3, A4 = 8, 9
"""Sizes of paper, as Excel numbers them."""

_CREATED = dt.datetime(2022, 1, 1)  # noqa: DTZ001 -- a fixed stamp, so that equal input gives equal bytes
_LONGEST_TEXT = 32_767
_NOTE_WIDTH, _NOTE_LINE = 220, 16  # pixels, of a note's box and of a line in it
_NOTE_LETTERS, _NOTE_LINES = 34, 30  # half-width letters on a line, and the most lines shown


class Formula(NamedTuple):
    """A live formula with the value that it has now."""

    text: str
    value: str | float


class Link(NamedTuple):
    """A text that leads to a sheet of the same workbook."""

    text: str
    sheet: str


Content = Raw | Formula | Link


class Note(NamedTuple):
    """A note that somebody hung on a cell (批注)."""

    sheet: str
    row: int
    column: int
    text: str
    author: str = ""


class Range(NamedTuple):
    """A stretch of one column."""

    column: int
    first: int
    last: int

    @property
    def corners(self) -> tuple[int, int, int, int]:
        """The corners as XlsxWriter takes them, counted from 0."""
        return self.first - 1, self.column - 1, self.last - 1, self.column - 1

    @property
    def a1(self) -> str:
        """The address of the first cell."""
        return a1(self.first, self.column)

    @property
    def absolute(self) -> str:
        """The absolute address.

        >>> Range(3, 4, 9).absolute, Range(3, 4, 4).absolute
        ('$C$4:$C$9', '$C$4')
        """
        letter = letters(self.column)
        first = f"${letter}${self.first}"
        return first if self.first == self.last else f"{first}:${letter}${self.last}"

    def on(self, title: str) -> str:
        """Return the absolute reference with a sheet's name."""
        return f"{quoted(title)}!{self.absolute}"


def new_book() -> "Book":
    """Return a workbook without sheets."""
    import xlsxwriter  # noqa: PLC0415 -- slow to load; only who builds workbooks pays for it

    stream = BytesIO()
    return Book(xlsxwriter.Workbook(stream, {"in_memory": True, **_font()}), stream, _plain_sheet())


def _font() -> dict[str, object]:
    """Return the font of cells without one, in whose digits, 8 pixels wide, columns are measured.

    A Chinese Excel has it as its own; XlsxWriter's usual one is missing on many desktops here.
    """
    properties = {"font_name": "宋体", "font_size": 11, "font_scheme": "none"}
    return {"default_format_properties": properties, "default_column_width": 72}


@cache
def _plain_sheet() -> type:
    """Return the class of our sheets, which takes formulas as they stand.

    XlsxWriter looks for thirty functions of Excel 365 in every formula, to mark them; ours hold
    none, and the search took half the time of a workbook.
    """
    from xlsxwriter.worksheet import Worksheet  # noqa: PLC0415 -- as above

    class PlainSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
        def _prepare_formula(self, formula: str, _expand: bool = False) -> str:  # noqa: FBT001, FBT002 -- as there
            return formula.removeprefix("=")

    return PlainSheet


@dataclass
class Book:
    """The workbook being written, with its styles and its sheets by title."""

    file: Any
    stream: BytesIO
    sheet_class: type
    styles: dict[tuple[object, ...], Any] = field(default_factory=dict)
    pages: dict[str, "Page"] = field(default_factory=dict)

    def style(self, name: str, **more: object) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
        """Return the format of a named style, with some properties of its own."""
        known = (name, *more.items())
        if known not in self.styles:
            self.styles[known] = self.file.add_format({**STYLES[name], **more})
        return self.styles[known]

    def page(self, title: str) -> "Page":
        """Return a new sheet, after those there are."""
        self.pages[title] = Page(self, title, self.file.add_worksheet(title, self.sheet_class))
        return self.pages[title]

    def name(self, name: str, reference: str) -> None:
        """Give a range its defined name."""
        checked(self.file.define_name(name, f"={reference}"), name)

    def stamp(self, title: str, identity: Identity) -> None:
        """Write the document properties."""
        self.file.set_properties({"title": title, "created": _CREATED})
        self.file.set_custom_property(FORM_PROPERTY, identity.line(), "text")

    def finished(self) -> bytes:
        """Close the workbook and return its bytes."""
        self.file.close()
        return self.stream.getvalue()


@dataclass
class Page:
    """One sheet being written; `put` is the only way a cell is written."""

    book: Book
    title: str
    sheet: Any

    def put(self, row: int, column: int, content: Content, style: Any) -> None:  # noqa: ANN401 -- XlsxWriter has no types
        """Write one cell. Text stays text, whatever it looks like."""
        sheet, x, y = self.sheet, row - 1, column - 1
        if content is None or content == "":
            code = sheet.write_blank(x, y, None, style)
        elif isinstance(content, str):
            # What is printable through and through, as nearly every text is, XML can hold as well.
            if not content.isprintable() or len(content) > _LONGEST_TEXT // 2:
                content = safe_text(content, self._place(row, column))
            if content.startswith("<r>") and content.endswith("</r>"):  # XlsxWriter's own markup
                content = f'<r><t xml:space="preserve">{escape(content, quote=False)}</t></r>'
            code = sheet.write_string(x, y, content, style)
        elif isinstance(content, Formula):
            code = sheet.write_formula(x, y, content.text, style, content.value)
        elif isinstance(content, Link):
            target = f"internal:{quoted(content.sheet)}!A1"
            code = sheet.write_url(x, y, target, style, content.text)
        elif is_moment(content):
            code = sheet.write_datetime(x, y, content, style)
        elif isinstance(content, int | float) and not isinstance(content, bool):
            code = sheet.write_number(x, y, content, style)
        else:
            code = sheet.write_string(x, y, as_text(content), style)
        if code:
            checked(code, self._place(row, column))

    def _place(self, row: int, column: int) -> str:
        return f"{self.title}!{a1(row, column)}"

    def put_row(self, row: int, contents: Iterable[Content], style: Any) -> None:  # noqa: ANN401 -- as above
        """Write cells side by side in one style, from column A on."""
        for column, content in enumerate(contents, 1):
            self.put(row, column, content, style)

    def note(self, note: Note) -> None:
        """Hang a note on a cell, in a box as high as its text needs."""
        place = self._place(note.row, note.column)
        text = safe_text(note.text, place)
        high = _NOTE_LINE * min(lines(text, _NOTE_LETTERS) + 1, _NOTE_LINES)
        look = {"font_name": "宋体", "font_size": 9, "width": _NOTE_WIDTH, "height": high}
        options = {**look, "author": safe_text(note.author, place)}
        checked(self.sheet.write_comment(note.row - 1, note.column - 1, text, options), place)

    def band(  # noqa: PLR0913, PLR0917 -- what a band consists of
        self,
        row: int,
        text: str,
        last: int,
        style: str,
        height: float,
        at: int = 1,
        *,
        beside: str = "",
    ) -> None:
        """Write a text across the sheet; it runs on over the blank cells beside it, unmerged.

        Its format shows what stands `beside` it, for people's eyes only.
        """
        self.sheet.set_row(row - 1, height, self.book.style("plain"))
        more = {"num_format": f'@"{beside}"'} if beside else {}
        cells = [text if column == at else None for column in range(1, last + 1)]
        self.put_row(row, cells, self.book.style(style, **more))

    def merged(self, row: int, columns: tuple[int, int], content: Content, style: Any) -> None:  # noqa: ANN401 -- as above
        """Write one cell that spans columns; never within a table."""
        first, last = columns
        code = self.sheet.merge_range(row - 1, first - 1, row - 1, last - 1, "", style)
        checked(code, self._place(row, first))
        self.put(row, first, content, style)

    def validate(self, cells: Range, options: Mapping[str, object]) -> None:
        """Lay a check and a prompt over cells."""
        checked(self.sheet.data_validation(*cells.corners, options), f"{self.title}!{cells.a1}")

    def colour(self, cells: Range, rule: Mapping[str, object], style: str) -> None:
        """Colour each cell for which a rule, written for the first one, holds."""
        options = {**rule, "format": self.book.style(style)}
        checked(self.sheet.conditional_format(*cells.corners, options), f"{self.title}!{cells.a1}")

    def set_print(self, *, landscape: bool, paper: int = A4, pages: int = 1) -> None:
        """Set up a paper; the sheet is as wide as so many pages, which follow one another."""
        sheet = self.sheet
        if pages > 1:
            sheet.print_across()
        if landscape:
            sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(pages, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer('&L&"宋体"&9&A&R&"宋体"&9第 &P 页 共 &N 页', {"margin": 0.3})


def when(formula: str) -> Mapping[str, object]:
    """Return the rule of a colour that shows where a formula holds."""
    return {"type": "formula", "criteria": formula}


def quoted(title: str) -> str:
    """Return a sheet's title as references spell it.

    >>> quoted("it's")
    "'it''s'"
    """
    return "'" + title.replace("'", "''") + "'"


def shown_format(own: str, content: Raw) -> str:
    """Return a number format, or one that shows a day or time where it would not.

    >>> shown_format("@", dt.time(9)), shown_format("0.0", 7)
    ('[h]:mm:ss', '0.0')
    """
    if isinstance(content, dt.date):
        return own if "yy" in own else DAY_FORMAT
    if isinstance(content, dt.time | dt.timedelta):
        return "[h]:mm:ss"
    return own


def is_moment(content: object) -> TypeGuard[dt.date | dt.time | dt.timedelta]:
    """Say whether a content is a day or time that a spreadsheet can hold as one."""
    if isinstance(content, dt.date):
        return content.year >= 1900  # noqa: PLR2004 -- the first year of Excel's calendar
    return isinstance(content, dt.time | dt.timedelta)


def checked(code: int, place: str) -> None:
    """Raise where XlsxWriter, which only returns a code, has not written something."""
    if code < 0:
        raise ToolkitError(f"“{place}”写不进工作簿（代码 {code}）。请把这一处告诉技术人员。")


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
