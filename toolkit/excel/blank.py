"""Builds the blank (or prefilled) standard workbook of a form; it serves every form and names none.

Only features that Excel 2010, WPS and LibreOffice share, and that survive a round trip through
openpyxl: classic validation through defined names, classic fills, plain formulas. No formula
stands in a cell that is read back, no merged cell in a table. Rows and columns count from 1.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NamedTuple

from toolkit.cells import Raw, a1, letters
from toolkit.errors import ToolkitError
from toolkit.excel.package import rewrite
from toolkit.schema.codelists import CodeList
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import (
    ADVICE,
    FIRST_ROW,
    FORM_PROPERTY,
    HEADER_ROW,
    HINT_ROW,
    IDENTITY_NAME,
    INSTRUCTIONS_SHEET,
    LABEL,
    META_SHEET,
    TITLE_ROW,
    UNIT,
    VALUE,
    Filling,
    Form,
    Identity,
    name_of_cell,
    vertical_layout,
)
from toolkit.schema.kinds import Limits, as_text
from toolkit.schema.texts import display_width

REQUIRED_MARK = " *"
"""What follows the header of a column that must be filled."""

_CREATED = dt.datetime(2022, 1, 1)  # noqa: DTZ001 -- a fixed stamp, so that equal input gives equal bytes
_CHECKED_ROWS = 1_000  # how far down a table is checked, coloured and counted while people type
_LONGEST_TEXT = 32_767
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
_UNBOUNDED = 10**15  # a number as large as Excel keeps exactly: asks for a number, no more
_DAY_FORMAT = 'yyyy"-"mm"-"dd'
_FEW_ENTRIES = 2  # a list this short is spelled out by the advice itself


def build_workbook(form: Form, identity: Identity, filling: Filling | None = None) -> bytes:
    """Return the bytes of a form's workbook, filled in as far as `filling` goes.

    Equal input gives equal bytes. Raises KeyError for a sheet or column that the form lacks, and
    ToolkitError, naming sheet and cell, for what a cell cannot hold.
    """
    import xlsxwriter  # noqa: PLC0415 -- slow to load; only who builds workbooks pays for it

    records = _records(form, filling or {})
    stream = BytesIO()
    book = _Book(xlsxwriter.Workbook(stream, {"in_memory": True}))
    instructions = book.page(INSTRUCTIONS_SHEET)
    for row in form.rows:
        write = _write_vertical if row.vertical else _write_table
        write(book.page(row.sheet), row, records[row])
    _write_dictionary(book.page(form.dictionary), form.codelists())
    _write_meta(book.page(META_SHEET), form, identity)
    _Instructions(instructions, form, records).write(identity)
    book.stamp(form, identity)
    book.file.close()
    return rewrite(stream.getvalue(), _let_rows_grow)


def _let_rows_grow(part: str, content: bytes) -> bytes:
    """Return a sheet whose rows keep their heights, but grow when somebody types more.

    XlsxWriter marks every height as set by hand; Excel then never fits the row to its text again.
    """
    if not part.startswith("xl/worksheets/"):
        return content
    return content.replace(b' customHeight="1"', b"")


Record = Mapping[str, Raw]
Records = Mapping[type[Row], Sequence[Record]]


def _records(form: Form, filling: Filling) -> Records:
    """Return what is to be written, for every sheet; nothing given may find no place."""
    for row, records in filling.items():
        if row not in form.rows:
            raise KeyError(row.sheet)
        known = {column.name for column in row.columns}
        for unknown in (name for record in records for name in record if name not in known):
            raise KeyError(unknown)
        if row.vertical and len(records) > 1:
            raise ValueError(f"{row.sheet} holds one record, not {len(records)}")
    return {row: filling.get(row, ()) for row in form.rows}


def _is_filled(raw: Raw) -> bool:
    """Say whether something stands in a cell, as the COUNTA of a spreadsheet sees it."""
    return raw is not None and raw != ""


def _required(row: type[Row]) -> list[Column[Any]]:
    return [column for column in row.columns if column.required]


def _header(column: Column[Any]) -> str:
    return f"{column.header}{REQUIRED_MARK}" if column.required else column.header


# ---- the look

_RED, _INK, _GREY, _LINE = "#8C1C1C", "#262626", "#7F7F7F", "#BFBFBF"
_HEADER_FILL, _LABEL_FILL, _BAND_FILL = "#EDEDED", "#F7F7F7", "#F6EAE8"
_MISSING_FILL, _DUPLICATE_FILL = "#FFF4C2", "#F8CFCF"
_HEADING = {"font_name": "微软雅黑", "font_color": _INK, "valign": "vcenter"}
_BODY = {"font_name": "宋体", "font_size": 10, "font_color": _INK, "valign": "top"}
_BOXED = {"border": 1, "border_color": _LINE, "text_wrap": True}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "title": {
        **_HEADING,
        "font_size": 16,
        "bold": True,
        "font_color": "#FFFFFF",
        "bg_color": _RED,
        "indent": 1,
    },
    "hint": {**_HEADING, "font_size": 9, "font_color": "#595959", "indent": 1},
    "band": {
        **_HEADING,
        "font_size": 11,
        "bold": True,
        "font_color": _RED,
        "bg_color": _BAND_FILL,
        "bottom": 1,
        "bottom_color": _LINE,
        "indent": 1,
    },
    "header": {
        **_HEADING,
        **_BOXED,
        "font_size": 10,
        "bold": True,
        "align": "center",
        "bg_color": _HEADER_FILL,
    },
    "label": {**_HEADING, **_BOXED, "font_size": 10, "bg_color": _LABEL_FILL, "indent": 1},
    "input": {**_BODY, **_BOXED, "locked": False},
    "value": {
        **_BODY,
        **_BOXED,
        "font_size": 11,
        "align": "left",
        "valign": "vcenter",
        "locked": False,
    },
    "free": {**_BODY, "locked": False},
    "text": {**_BODY, **_BOXED, "valign": "vcenter"},
    "step": {**_BODY, "font_size": 11, "valign": "vcenter", "text_wrap": True, "indent": 1},
    "plain": _BODY,
    "small": {**_BODY, "font_size": 8, "font_color": "#A6A6A6"},
    "missing": {"bg_color": _MISSING_FILL},
    "duplicate": {"bg_color": _DUPLICATE_FILL},
}


class _Formula(NamedTuple):
    """A live formula with the value that it has now."""

    text: str
    value: str | float


class _Link(NamedTuple):
    """A text that leads to a sheet of the same workbook."""

    text: str
    sheet: str


Content = Raw | _Formula | _Link


@dataclass
class _Book:
    """The workbook being written, with its styles."""

    file: Any
    styles: dict[tuple[object, ...], Any] = field(default_factory=dict)

    def style(self, name: str, **more: object) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
        """Return the format of a named style, with some properties of its own."""
        known = (name, *more.items())
        if known not in self.styles:
            self.styles[known] = self.file.add_format({**_STYLES[name], **more})
        return self.styles[known]

    def page(self, title: str) -> "_Page":
        """Return a new sheet, after those there are."""
        return _Page(self, title, self.file.add_worksheet(title))

    def name(self, name: str, reference: str) -> None:
        """Give a range its defined name."""
        _checked(self.file.define_name(name, f"={reference}"), name)

    def stamp(self, form: Form, identity: Identity) -> None:
        """Write the document properties."""
        self.file.set_properties({"title": form.title, "created": _CREATED})
        self.file.set_custom_property(FORM_PROPERTY, identity.line(), "text")


@dataclass
class _Page:
    """One sheet being written; `put` is the only way a cell is written."""

    book: _Book
    title: str
    sheet: Any

    def put(self, row: int, column: int, content: Content, style: Any) -> None:  # noqa: ANN401 -- XlsxWriter has no types
        """Write one cell. Text stays text, whatever it looks like."""
        sheet, at = self.sheet, (row - 1, column - 1)
        if content is None or content == "":
            code = sheet.write_blank(*at, None, style)
        elif isinstance(content, _Formula):
            code = sheet.write_formula(*at, content.text, style, content.value)
        elif isinstance(content, _Link):
            target = f"internal:{_quoted(content.sheet)}!A1"
            code = sheet.write_url(*at, target, style, content.text)
        elif _is_moment(content):
            code = sheet.write_datetime(*at, content, style)
        elif isinstance(content, int | float) and not isinstance(content, bool):
            code = sheet.write_number(*at, content, style)
        else:
            text = _safe_text(as_text(content), f"{self.title}!{a1(row, column)}")
            code = sheet.write_string(*at, text, style)
        if code < 0:
            raise _not_written(f"{self.title}!{a1(row, column)}", code)

    def put_row(self, row: int, contents: Iterable[Content], style: Any) -> None:  # noqa: ANN401 -- as above
        """Write cells side by side in one style, from column A on."""
        for column, content in enumerate(contents, 1):
            self.put(row, column, content, style)

    def band(self, row: int, text: str, last: int, style: str, height: float) -> None:
        """Write a text across the sheet; it runs on over the blank cells beside it, unmerged."""
        self.sheet.set_row(row - 1, height, self.book.style("plain"))
        self.put_row(row, (text, *[None] * (last - 1)), self.book.style(style))

    def validate(self, cells: "_Range", options: Mapping[str, object]) -> None:
        """Lay a check and a prompt over cells."""
        _checked(self.sheet.data_validation(*cells.corners, options), f"{self.title}!{cells.a1}")

    def colour(self, cells: "_Range", formula: str, style: str) -> None:
        """Colour each cell for which the formula, written for the first one, holds."""
        options = {"type": "formula", "criteria": formula, "format": self.book.style(style)}
        _checked(self.sheet.conditional_format(*cells.corners, options), f"{self.title}!{cells.a1}")

    def refer(self, cells: "_Range") -> str:
        """Return the absolute reference to cells, with the sheet's name."""
        return f"{_quoted(self.title)}!{cells.absolute}"


class _Range(NamedTuple):
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
        """The absolute address."""
        letter = letters(self.column)
        first = f"${letter}${self.first}"
        return first if self.first == self.last else f"{first}:${letter}${self.last}"


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'"


def _is_moment(content: object) -> bool:
    """Say whether a content is a day or time that a spreadsheet can hold as one."""
    if isinstance(content, dt.date):
        return content.year >= 1900  # noqa: PLR2004 -- the first year of Excel's calendar
    return isinstance(content, dt.time | dt.timedelta)


def _checked(code: int, place: str) -> None:
    """Raise where XlsxWriter, which only returns a code, has not written something."""
    if code < 0:
        raise _not_written(place, code)


def _not_written(place: str, code: int) -> ToolkitError:
    return ToolkitError(f"“{place}”写不进工作簿（代码 {code}）。请把这一处告诉工具的维护人员。")


_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _safe_text(text: str, place: str) -> str:
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


# ---- checks and prompts


def _prompt(column: Column[Any]) -> str:
    """Return the input prompt: the column's advice, its unit, an example where there is room."""
    unit = f"（{column.unit}）" if column.unit else ""
    example = f"例：{column.example}" if column.example else ""
    text = "\n".join(part for part in (f"{unit}{column.advice}", example) if part)
    return text if len(text) <= _LONGEST_MESSAGE else column.advice[:_LONGEST_MESSAGE]


def _validation(column: Column[Any]) -> dict[str, object]:
    """Return the check of a column's cells, in XlsxWriter's words."""
    title, prompt = column.header[:_LONGEST_TITLE], _prompt(column)
    options: dict[str, object] = {"input_title": title, "input_message": prompt}
    limits = column.kind.limits
    if limits is None:
        return options | {"validate": "any"}
    options |= {"error_title": title, "error_message": prompt}
    if limits.codelist is not None:
        style = "stop" if limits.strict else "information"
        source = f"={_list_name(limits.codelist)}"
        return options | {"validate": "list", "source": source, "error_type": style}
    return options | {"validate": limits.type, "error_type": "warning"} | _bounds(limits)


def _bounds(limits: Limits) -> dict[str, object]:
    if limits.low is not None and limits.high is None:
        return {"criteria": ">=", "value": limits.low}
    low = -_UNBOUNDED if limits.low is None else limits.low
    high = _UNBOUNDED if limits.high is None else limits.high
    return {"criteria": "between", "minimum": low, "maximum": high}


def _list_name(codelist: CodeList) -> str:
    """Return the defined name of a dropdown's entries."""
    return "字典_" + re.sub(r"\W", "_", codelist.name)


def _number_format(column: Column[Any], raw: Raw) -> str:
    """Return the column's number format, or one that shows a day or time where it would not."""
    own = column.kind.number_format
    if isinstance(raw, dt.date):
        return own if "yy" in own else _DAY_FORMAT
    if isinstance(raw, dt.time | dt.timedelta):
        return "[h]:mm:ss"
    return own


# ---- sheets that people fill in

_BLANK_HEIGHT, _LINE_HEIGHT, _TALLEST = 20, 14, 409


def _height(texts: Iterable[tuple[str, float]], least: float = _BLANK_HEIGHT) -> float:
    """Return the height, in points, of a row whose texts wrap in columns of these widths."""
    lines = max(_lines(text, width) for text, width in texts)
    return min(_TALLEST, max(least, lines * _LINE_HEIGHT + 6))


def _lines(text: str, width: float) -> int:
    r"""Return how many lines a text takes, rather one too many than one too few.

    >>> _lines("村级集体经济", 12), _lines("村级集体经济薄弱", 12), _lines("一\n二", 12)
    (1, 2, 2)
    """
    taken = 0
    for line in text.split("\n"):
        long = 2 * len(line) if 2 * len(line) <= width else display_width(line)
        # A line that is broken may end two places early, before a character that stays whole.
        taken += 1 if long <= width else -int(-long // max(1, width - 2))
    return taken


_OPEN_TABLE = dict.fromkeys(
    ("sort", "autofilter", "format_columns", "format_rows", "insert_rows", "delete_rows"), True
)
_OPEN_LAYOUT = dict.fromkeys(("format_columns", "format_rows"), True)


def _last_row(records: Sequence[Record], row: type[Row]) -> int:
    """Return the last row of a table that is checked and counted."""
    return FIRST_ROW - 1 + max(_CHECKED_ROWS, len(records) + row.blank_rows)


def _write_table(page: _Page, row: type[Row], records: Sequence[Record]) -> None:
    """Write a sheet of one record a row."""
    last = len(row.columns)
    _head(page, row, last)
    for at, column in enumerate(row.columns, 1):
        # The style of the whole column leaves what lies below the bordered rows open for more.
        page.sheet.set_column(at - 1, at - 1, column.width, _input_style(page, column))
        page.put(HEADER_ROW, at, _header(column), _head_style(page, "header", column))
    _write_body(page, row, records)
    _check_table(page, row, _last_row(records, row))
    page.sheet.autofilter(HEADER_ROW - 1, 0, _last_row(records, row) - 1, last - 1)
    page.sheet.freeze_panes(HEADER_ROW, 1 if row.key is row.columns[0] else 0)
    page.sheet.protect("", _OPEN_TABLE)
    _set_print(page, FIRST_ROW - 1 + len(records) + row.blank_rows, last, landscape=True)


def _head(page: _Page, row: type[Row], last: int) -> None:
    page.sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    page.band(TITLE_ROW, row.sheet, last, "title", 32)
    page.band(HINT_ROW, row.hint, last, "hint", 20)
    page.sheet.set_row(HEADER_ROW - 1, 32, page.book.style("plain"))
    page.sheet.set_selection(FIRST_ROW - 1, 0, FIRST_ROW - 1, 0)


def _head_style(page: _Page, name: str, column: Column[Any]) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    return page.book.style(name, font_color=_RED if column.required else _INK)


def _input_style(page: _Page, column: Column[Any], raw: Raw = None) -> Any:  # noqa: ANN401 -- as above
    limits = column.kind.limits
    centred = limits is not None and limits.type in {"list", "date"}
    number_format = _number_format(column, raw)
    return page.book.style(
        "input", num_format=number_format, align="center" if centred else "general"
    )


def _write_body(page: _Page, row: type[Row], records: Sequence[Record]) -> None:
    """Write the records, then blank rows."""
    styles = [_input_style(page, column) for column in row.columns]
    # Unlocked as far as the sheet goes: Excel deletes no row that holds a locked cell.
    free = page.book.style("free")
    for at, record in enumerate(records, FIRST_ROW):
        texts = ((as_text(record.get(c.name)), c.width) for c in row.columns)
        page.sheet.set_row(at - 1, _height(texts), free)
        for number, column in enumerate(row.columns, 1):
            raw = record.get(column.name)
            page.put(at, number, raw, _input_style(page, column, raw))
    first_blank = FIRST_ROW + len(records)
    for at in range(first_blank, first_blank + row.blank_rows):
        page.sheet.set_row(at - 1, _BLANK_HEIGHT, free)
        for number, style in enumerate(styles, 1):
            page.put(at, number, None, style)


def _check_table(page: _Page, row: type[Row], last: int) -> None:
    """Lay checks, prompts and colours over a table."""
    line = f"${letters(1)}{FIRST_ROW}:${letters(len(row.columns))}{FIRST_ROW}"
    for at, column in enumerate(row.columns, 1):
        cells = _Range(at, FIRST_ROW, last)
        page.validate(cells, _validation(column))
        if column.required:
            page.colour(cells, f'=AND({cells.a1}="",COUNTA({line})>0)', "missing")
        if column is row.key:
            # Not COUNTIF, which takes the codes 0203 and 203 for the same number.
            same = f"SUMPRODUCT(--({cells.absolute}={cells.a1}))>1"
            page.colour(cells, f'=AND({cells.a1}<>"",{same})', "duplicate")


_WIDTHS = {LABEL: 22, VALUE: 34, UNIT: 8, ADVICE: 58}
_VERTICAL_HEADERS = {LABEL: "项目", VALUE: "填写内容", UNIT: "单位", ADVICE: "怎么填"}


def _write_vertical(page: _Page, row: type[Row], records: Sequence[Record]) -> None:
    """Write a sheet of one record, a field a row."""
    _head(page, row, ADVICE)
    for at, width in _WIDTHS.items():
        page.sheet.set_column(at - 1, at - 1, width)
        page.put(HEADER_ROW, at, _VERTICAL_HEADERS[at], page.book.style("header"))
    record = records[0] if records else {}
    layout = vertical_layout(row)
    section = ""
    for column in row.columns:
        at = layout[column.name]
        if column.section != section:
            section = column.section
            page.band(at - 1, section, ADVICE, "band", 21)
        _write_field(page, row, column, at, record.get(column.name))
    first = layout[row.columns[0].name] - 1
    page.sheet.set_selection(first, VALUE - 1, first, VALUE - 1)
    page.sheet.freeze_panes(HEADER_ROW, 0)
    page.sheet.hide_gridlines(2)
    page.sheet.protect("", _OPEN_LAYOUT)
    _set_print(page, max(layout.values()), ADVICE, landscape=False)


def _write_field(page: _Page, row: type[Row], column: Column[Any], at: int, raw: Raw) -> None:
    """Write one field of a vertical sheet: label, content, unit, advice."""
    cells = _Range(VALUE, at, at)
    text = page.book.style("text", font_color="#595959")
    advice = column.advice or f"例：{column.example}"
    texts = ((as_text(raw), _WIDTHS[VALUE] * 0.9), (advice, _WIDTHS[ADVICE]))
    page.sheet.set_row(at - 1, _height(texts))
    page.put(at, LABEL, _header(column), _head_style(page, "label", column))
    page.put(at, VALUE, raw, page.book.style("value", num_format=_number_format(column, raw)))
    page.put(at, UNIT, column.unit, page.book.style("text", align="center", font_color="#595959"))
    page.put(at, ADVICE, advice, text)
    page.book.name(name_of_cell(row, column), page.refer(cells))
    page.validate(cells, _validation(column))
    if column.required:
        page.colour(cells, f'={cells.a1}=""', "missing")


def _set_print(page: _Page, last_row: int, last: int, *, landscape: bool) -> None:
    """Set up A4, as wide as the sheet, down to the last row with borders."""
    sheet = page.sheet
    sheet.print_area(0, 0, last_row - 1, last - 1)
    if landscape:
        sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.set_footer('&L&"宋体"&9&A&R&"宋体"&9第 &P 页 共 &N 页', {"margin": 0.3})


# ---- sheets that nobody fills in


def _write_dictionary(page: _Page, codelists: Sequence[CodeList]) -> None:
    """Write the dropdowns' entries, a list a column, and name them."""
    for at, codelist in enumerate(codelists, 1):
        page.sheet.set_column(at - 1, at - 1, max(map(display_width, codelist.shown)) + 2)
        page.put(1, at, codelist.name, page.book.style("header"))
        for row, entry in enumerate(codelist.shown, 2):
            page.put(row, at, entry, page.book.style("plain", num_format="@"))
        page.book.name(_list_name(codelist), page.refer(_Range(at, 2, len(codelist.shown) + 1)))
    page.sheet.protect("", _OPEN_LAYOUT)
    page.sheet.hide()


def _write_meta(page: _Page, form: Form, identity: Identity) -> None:
    """Write who the workbook is, where no menu shows it."""
    page.sheet.set_column(0, 1, 36)
    facts = (
        ("工作簿标识", identity.line()),
        ("表格", identity.form),
        ("版本", identity.version),
        ("代码", identity.code),
        ("年度", identity.year),
        ("名称", form.title),
    )
    for at, fact in enumerate(facts, 1):
        page.put_row(at, fact, page.book.style("plain", num_format="@"))
    page.sheet.protect("", _OPEN_LAYOUT)
    page.sheet.very_hidden()


_GUIDE_WIDTHS = (15, 21, 10, 58, 27)
_GUIDE_LAST = len(_GUIDE_WIDTHS)
_SHEETS_HEADER = ("工作表", "已填", "必填未填", "填写要点", "状态")
_COLUMNS_HEADER = ("工作表", "栏目", "必填", "填写说明", "示例")
_NO_GAPS = "已填各行的必填项都齐了。"
_LEGEND = (
    ({"bg_color": _MISSING_FILL}, "浅黄色：必填项还没有填。"),
    ({"bg_color": _DUPLICATE_FILL}, "浅红色：编号重复，同一张表里一个编号只能用一次。"),
    ({"bg_color": _HEADER_FILL}, "灰色：表头和说明，已锁定，不用改。其余白色的格子都可以填。"),
)


class _Count(NamedTuple):
    """How far a sheet is filled: rows (of a vertical sheet, fields) and gaps, with formulas."""

    filled: _Formula
    missing: Content
    gaps: int
    due: int
    due_formula: str


@dataclass
class _Instructions:
    """The first sheet: how to fill in, and how far one has come."""

    page: _Page
    form: Form
    records: Records
    at: int = TITLE_ROW  # the row to be written next

    def write(self, identity: Identity) -> None:
        """Write the whole sheet, from top to bottom."""
        sheet = self.page.sheet
        for column, width in enumerate(_GUIDE_WIDTHS):
            sheet.set_column(column, column, width)
        self._band(self.form.title, "title", 36)
        self._band(self.form.purpose, "hint", 22)
        self._steps()
        self._legend()
        self._sheets()
        self._columns()
        self._identity(identity)
        sheet.hide_gridlines(2)
        sheet.protect("", _OPEN_LAYOUT)
        sheet.activate()
        _set_print(self.page, self.at, _GUIDE_LAST, landscape=False)

    def _band(self, text: str, style: str = "band", height: float = 22) -> None:
        if self.at > HINT_ROW:
            self.page.sheet.set_row(self.at - 1, 9)  # a little air between sections
            self.at += 1
        self.page.band(self.at, text, _GUIDE_LAST, style, height)
        self.at += 1

    def _style(self, name: str, **more: object) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
        return self.page.book.style(name, **more)

    def _wide(self, content: Content, style: Any) -> None:  # noqa: ANN401 -- as above
        """Write a content across columns B to E, as high as its text needs."""
        shown = content.value if isinstance(content, _Formula) else content
        row = self.at - 1
        self.page.sheet.set_row(row, _height([(str(shown), sum(_GUIDE_WIDTHS[1:]) * 0.9)]))
        _checked(
            self.page.sheet.merge_range(row, 1, row, _GUIDE_LAST - 1, "", style), self.page.title
        )
        self.page.put(self.at, 2, content, style)
        self.at += 1

    def _steps(self) -> None:
        self._band("填写步骤")
        for number, step in enumerate(self.form.steps, 1):
            self.page.put(self.at, 1, number, self._style("step", align="center", indent=0))
            self._wide(step, self._style("step"))

    def _legend(self) -> None:
        self._band("颜色说明")
        for look, meaning in _LEGEND:
            self.page.put(self.at, 1, None, self._style("text", **look))
            self._wide(meaning, self._style("step"))

    def _sheets(self) -> None:
        """Write what each sheet is for and how far it is filled."""
        self._band("各表说明和填报进度")
        first = self.at + 3  # below two lines of progress and the header
        counts = [
            _count(row, self.records[row], f"B{at}") for at, row in enumerate(self.form.rows, first)
        ]
        self._progress(counts, first)
        self.page.put_row(self.at, _SHEETS_HEADER, self._style("header"))
        self.at += 1
        for row, count in zip(self.form.rows, counts, strict=True):
            self._sheet_line(row, count)
        cells = _Range(3, first, self.at - 1)
        self.page.colour(cells, f"={cells.a1}>0", "missing")

    def _progress(self, counts: Sequence[_Count], first: int) -> None:
        """Write the share of required cells that are filled, and where the gaps are."""
        gaps, due = sum(count.gaps for count in counts), sum(count.due for count in counts)
        total = f"SUM(C{first}:C{first + len(counts) - 1})"
        all_due = "+".join(count.due_formula for count in counts)
        share = _Formula(f"=1-{total}/MAX(1,{all_due})", 1 - gaps / max(1, due))
        percent = self._style("text", num_format="0%", bold=True, align="left")
        self.page.put(self.at, 1, "必填项完成率", self._style("label"))
        self._wide(share, percent)
        cells = [f"C{first + number}" for number in range(len(counts))]
        lines = [f"“{row.sheet}”缺 " for row in self.form.rows]
        parts = (
            f'IF({cell}>0,"{line}"&{cell}&" 项　","")'
            for cell, line in zip(cells, lines, strict=True)
        )
        shown = "".join(
            f"{line}{count.gaps} 项　"
            for line, count in zip(lines, counts, strict=True)
            if count.gaps
        )
        to_do = f'=IF({total}=0,"{_NO_GAPS}",{"&".join(parts)})'
        self.page.put(self.at, 1, "还要补填", self._style("label"))
        self._wide(_Formula(to_do, shown or _NO_GAPS), self._style("text"))

    def _sheet_line(self, row: type[Row], count: _Count) -> None:
        centred = self._style("text", align="center")
        unit = "项" if row.vertical else "行"
        state = "缺必填项" if count.gaps else "已填写" if count.filled.value else "未填写"
        formula = f'=IF(C{self.at}>0,"缺必填项",IF(B{self.at}=0,"未填写","已填写"))'
        link = self._style("text", font_color="#1F4E79", underline=1)
        self.page.sheet.set_row(self.at - 1, _height([(row.hint, _GUIDE_WIDTHS[3])]))
        self.page.put(self.at, 1, _Link(row.sheet, row.sheet), link)
        self.page.put(
            self.at, 2, count.filled, self._style("text", align="center", num_format=f'0" {unit}"')
        )
        self.page.put(self.at, 3, count.missing, centred)
        self.page.put(self.at, 4, row.hint, self._style("text"))
        self.page.put(self.at, 5, _Formula(formula, state), centred)
        self.at += 1

    def _columns(self) -> None:
        """Write what belongs into each column of each sheet."""
        self._band("栏目说明")
        self.page.put_row(self.at, _COLUMNS_HEADER, self._style("header"))
        self.at += 1
        for row in self.form.rows:
            for column in row.columns:
                self._column_line(row, column)

    def _column_line(self, row: type[Row], column: Column[Any]) -> None:
        title = row.sheet if column is row.columns[0] else ""
        explained = _explained(column)
        texts = ((explained, _GUIDE_WIDTHS[3]), (column.example, _GUIDE_WIDTHS[4]))
        self.page.sheet.set_row(self.at - 1, _height(texts, 17))
        self.page.put(self.at, 1, title, self._style("text", bold=True))
        self.page.put(self.at, 2, column.header, self._style("text"))
        mark = "必填" if column.required else ""
        self.page.put(self.at, 3, mark, self._style("text", align="center", font_color=_RED))
        self.page.put(self.at, 4, explained, self._style("text"))
        self.page.put(self.at, 5, column.example, self._style("text", font_color=_GREY))
        self.at += 1

    def _identity(self, identity: Identity) -> None:
        self.at += 1
        self.page.put(self.at, 1, identity.line(), self._style("small"))
        self.page.book.name(IDENTITY_NAME, self.page.refer(_Range(1, self.at, self.at)))


def _explained(column: Column[Any]) -> str:
    """Return the advice on a column with its unit and the entries of its dropdown."""
    parts = [f"单位：{column.unit}。"] if column.unit else []
    parts.append(column.advice)
    limits = column.kind.limits
    if limits is not None and limits.codelist and len(limits.codelist.terms) > _FEW_ENTRIES:
        parts.append(f"可选：{'、'.join(limits.codelist.shown)}。")
    return "".join(parts)


def _count(row: type[Row], records: Sequence[Record], filled_cell: str) -> _Count:
    return _count_fields(row, records) if row.vertical else _count_rows(row, records, filled_cell)


def _count_fields(row: type[Row], records: Sequence[Record]) -> _Count:
    """Return how far a vertical sheet is filled; its formulas begin at the header, as below."""
    record = records[0] if records else {}
    layout = vertical_layout(row)
    required = _required(row)
    gaps = sum(1 for column in required if not _is_filled(record.get(column.name)))
    sheet = _quoted(row.sheet)
    values = f"{sheet}!{_Range(VALUE, HEADER_ROW, max(layout.values())).absolute}"
    cells = ",".join(
        f"{sheet}!{_Range(VALUE, layout[column.name], layout[column.name]).absolute}"
        for column in required
    )
    filled = sum(1 for column in row.columns if _is_filled(record.get(column.name)))
    return _Count(
        _Formula(f"=COUNTA({values})-1", filled),
        _Formula(f"={len(required)}-COUNTA({cells})", gaps) if required else 0,
        gaps,
        len(required),
        str(len(required)),
    )


def _count_rows(row: type[Row], records: Sequence[Record], filled_cell: str) -> _Count:
    """Return how far a table is filled.

    The formulas begin at the header, which they take off again: so a row that somebody inserts
    right below the header is still within.
    """
    rows = [record for record in records if any(map(_is_filled, record.values()))]
    required = _required(row)
    gaps = sum(1 for record in rows for c in required if not _is_filled(record.get(c.name)))
    last, sheet = _last_row(records, row), _quoted(row.sheet)
    spans = {
        column.name: f"{sheet}!{_Range(at, HEADER_ROW, last).absolute}"
        for at, column in enumerate(row.columns, 1)
    }
    anything = "+".join(f'({span}<>"")' for span in spans.values())
    needed = ",".join(spans[column.name] for column in required)
    number = len(required)
    return _Count(
        _Formula(f"=SUMPRODUCT(--({anything}>0))-1", len(rows)),
        _Formula(f"={number}*({filled_cell}+1)-COUNTA({needed})", gaps) if required else 0,
        gaps,
        number * len(rows),
        f"{number}*{filled_cell}",
    )
