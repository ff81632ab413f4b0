"""Builds 字段表, the declared forms as a workbook that an office reviews: keep, change or drop.

It names no form. A sheet for each form, a row for each column; then all dropdowns, a row for each
entry; before them what the book is for. Beside every row stand blank cells for the office's word.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolkit.excel.contents import content_of
from toolkit.excel.look import LINK_BLUE, QUIET, height
from toolkit.excel.sheets import Content, Link, Page, Range, new_book
from toolkit.schema.codelists import CodeList
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import HEADER_ROW, HINT_ROW, TITLE_ROW, Form, Identity

FIELD_BOOK, VERSION = "field-book", "1.0.0"
"""What the book says it is."""
TITLE, FIRST_SHEET, LISTS_SHEET = "字段表（征求意见）", "使用说明", "下拉选项"
"""Its title, and its sheets besides those of the forms."""
OPINIONS = ("保留", "修改", "删除")
"""What an office may say of a column or an entry that there is."""
ADDED = "增加"
"""What it says of one that it misses."""

_STEPS = {
    "用途": "列出下面各工作簿的全部栏目和下拉选项，请党建办审阅：哪些保留，哪些修改，哪些删除。",
    "怎么提": "在那一行的“意见”里从下拉框选；选“修改”的，在“修改为”里写明改成什么。"
    "没有意见的不用填。",
    "要增加": "要增加栏目或选项的，写在各表末尾的空行里，写清放在哪张工作表、填什么内容。",
    "交回": "填好后在文件名后面加上单位名称（如“字段表-青石镇党建办.xlsx”），发回给提供工作簿的人；"
    "采纳的意见随下一版工作簿发布。",
}
_BLANK_ROWS = 6  # for what the office misses
_WHOLE_SHEET, _WHOLE_LIST = "（整张表）", "（整个列表）"


class _Column(NamedTuple):
    """A column: its header, its width, and whether its contents stand in the middle."""

    header: str
    width: float
    centred: bool = False


_REPLY = (
    _Column("意见", 8, centred=True),
    _Column("修改为", 18),
    _Column("提出人", 8, centred=True),
)
_FIELDS = (
    _Column("序号", 6, centred=True),
    _Column("工作表", 13),
    _Column("栏目", 16),
    _Column("编号／必填", 8, centred=True),
    _Column("内容", 18),
    _Column("单位", 6, centred=True),
    _Column("填写说明", 30),
    _Column("示例", 14),
    _Column("也认作", 15),
    *_REPLY,
)
_ENTRIES = (
    _Column("序号", 6, centred=True),
    _Column("列表", 13),
    _Column("选项", 18),
    _Column("全称", 32),
    _Column("也认作", 24),
    _Column("用在哪里", 28),
    *_REPLY,
)
_BOOKS = (
    _Column("工作簿", 20),
    _Column("全称", 36),
    _Column("版本", 10, centred=True),
    _Column("工作表数", 10, centred=True),
    _Column("栏目数", 10, centred=True),
    _Column("其中必填", 10, centred=True),
)


def build_field_book(forms: Mapping[str, Form]) -> bytes:
    """Return the bytes of the book on forms, by the titles of their sheets.

    Equal forms give equal bytes.
    """
    book = new_book()
    _write_first(book.page(FIRST_SHEET), forms)
    for title, form in forms.items():
        _write_form(book.page(title), form)
    _write_lists(book.page(LISTS_SHEET), forms)
    book.stamp(TITLE, Identity(FIELD_BOOK, VERSION))
    return book.finished()


# ---- tables that the office writes beside


@dataclass
class _Table:
    """A table being written, row by row below its header; its last columns are the office's."""

    page: Page
    columns: tuple[_Column, ...]
    at: int = HEADER_ROW  # the row written last

    def __post_init__(self) -> None:
        for at, column in enumerate(self.columns):
            self.page.sheet.set_column(at, at, column.width)
        headers = [column.header for column in self.columns]
        self.page.put_row(HEADER_ROW, headers, self.page.book.style("header"))
        self.page.sheet.set_row(HEADER_ROW - 1, 28)

    @property
    def first_reply(self) -> int:
        """The column where the office's own begin."""
        return len(self.columns) - len(_REPLY) + 1

    def band(self, text: str) -> None:
        """Write a band that heads the rows below it."""
        self.at += 1
        self.page.band(self.at, text, len(self.columns), "band", 21)

    def add(self, *cells: Content) -> None:
        """Write the next row, as high as its texts need, and blank cells for the office."""
        self.at += 1
        self._fit(cells)
        for at, content in enumerate(cells, 1):
            quiet = {"font_color": QUIET} if at == 1 else {}
            self.page.put(self.at, at, content, self._style("text", at, **quiet))
        self._reply(self.first_reply, OPINIONS)

    def add_blank(self, label: str) -> None:
        """Write a row that is the office's own but for its label."""
        self.at += 1
        self.page.sheet.set_row(self.at - 1, 26)
        self.page.put(self.at, 1, label, self._style("text", 1, font_color=QUIET))
        self._reply(2, (ADDED,))

    def _fit(self, cells: Iterable[Content]) -> None:
        texts = (
            (str(content or ""), column.width - 1)
            for column, content in zip(self.columns, cells, strict=False)
        )
        self.page.sheet.set_row(self.at - 1, height(texts, 18))

    def _style(self, name: str, at: int, **more: object) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
        align = {"align": "center"} if self.columns[at - 1].centred else {}
        return self.page.book.style(name, num_format="@" if at > 1 else "0", **align, **more)

    def _reply(self, first: int, words: tuple[str, ...]) -> None:
        for at in range(first, len(self.columns) + 1):
            self.page.put(self.at, at, None, self._style("input", at, valign="vcenter"))
        self.page.validate(
            Range(self.first_reply, self.at, self.at),
            {
                "validate": "list",
                "source": list(words),
                "error_title": "意见",
                "error_message": f"请从下拉框选：{'、'.join(words)}。",
            },
        )

    def finish(self, title: str, hint: str, frozen: int) -> None:
        """Write what stands above, and set what helps reading on the screen and on paper."""
        sheet, width = self.page.sheet, len(self.columns)
        self.page.band(TITLE_ROW, title, width, "title", 30)
        self.page.band(HINT_ROW, hint, width, "hint", 20)
        sheet.autofilter(HEADER_ROW - 1, 0, self.at - 1, width - 1)
        sheet.freeze_panes(HEADER_ROW, frozen)
        sheet.repeat_rows(HEADER_ROW - 1)
        sheet.print_area(0, 0, self.at - 1, width - 1)
        sheet.hide_gridlines(2)
        self.page.set_print(landscape=True)


# ---- the sheets


def _write_first(page: Page, forms: Mapping[str, Form]) -> None:
    """Write what the book is for, how the office answers, and which forms it tells of."""
    style, last = page.book.style, len(_BOOKS)
    for at, column in enumerate(_BOOKS):
        page.sheet.set_column(at, at, column.width)
    page.band(TITLE_ROW, TITLE, last, "title", 34)
    width = sum(column.width for column in _BOOKS[1:]) * 0.85  # its type is larger than a table's
    for at, (label, step) in enumerate(_STEPS.items(), TITLE_ROW + 1):
        page.sheet.set_row(at - 1, height([(step, width)], 26))
        page.put(at, 1, label, style("label"))
        page.merged(at, (2, last), step, style("step"))
    heads = TITLE_ROW + len(_STEPS) + 2
    page.put_row(heads, [column.header for column in _BOOKS], style("header"))
    for at, cells in enumerate(_told(forms), heads + 1):
        page.sheet.set_row(at - 1, 22)
        for number, (column, content) in enumerate(zip(_BOOKS, cells, strict=True), 1):
            align = {"align": "center"} if column.centred else {}
            look = {"font_color": LINK_BLUE, "underline": 1} if number == 1 else {}
            page.put(at, number, content, style("text", **align, **look))
    page.sheet.hide_gridlines(2)
    page.sheet.print_area(0, 0, heads + len(forms) - 1, last - 1)
    page.sheet.activate()
    page.set_print(landscape=True)


def _told(forms: Mapping[str, Form]) -> Iterator[tuple[Content, ...]]:
    for title, form in forms.items():
        columns = [column for row in form.rows for column in row.columns]
        needed = sum(column.required for column in columns)
        told = (form.title, form.version, len(form.rows), len(columns), needed)
        yield Link(title, title), *told


def _write_form(page: Page, form: Form) -> None:
    """Write every column of every sheet of a form."""
    table = _Table(page, _FIELDS)
    number = 0
    for row in form.rows:
        table.band(row.sheet)
        aliases = "、".join(row.sheet_aliases)
        table.add(None, row.sheet, _WHOLE_SHEET, None, None, None, row.hint, None, aliases)
        section = ""
        for column in row.columns:
            if column.section != section:
                section = column.section
                table.band(f"{row.sheet}　{section}")
            number += 1
            table.add(number, row.sheet, *_field(row, column))
    _write_blank(table, "要增加的栏目")
    hint = f"版本 {form.version}。“也认作”里的写法，表头写成那样也能读出来。"
    table.finish(f"{page.title}的栏目", hint, frozen=3)


def _field(row: type[Row], column: Column[Any]) -> tuple[str, ...]:
    marks = (("编号", column is row.key), ("必填", column.required))
    return (
        column.header,
        "、".join(mark for mark, holds in marks if holds),
        content_of(column.kind),
        column.unit,
        column.advice,
        column.example,
        "、".join(column.aliases),
    )


def _write_lists(page: Page, forms: Mapping[str, Form]) -> None:
    """Write every entry of every dropdown."""
    table = _Table(page, _ENTRIES)
    for codelist, places in _lists(forms).items():
        table.band(codelist.name)
        used = "；\n".join(f"{place}：{'、'.join(names)}" for place, names in places.items())
        table.add(None, codelist.name, _WHOLE_LIST, None, None, used)
        for number, term in enumerate(codelist.terms, 1):
            synonyms = "、".join(term.synonyms)
            table.add(number, codelist.name, term.shown, term.text, synonyms, None)
    _write_blank(table, "要增加的选项")
    hint = "“也认作”里的写法，填成那样也按这一项读取。"
    table.finish("全部下拉选项", hint, frozen=3)


def _write_blank(table: _Table, title: str) -> None:
    """Write rows for what the office misses; each has a label, so that no page is without text."""
    table.band(title)
    for number in range(1, _BLANK_ROWS + 1):
        table.add_blank(f"增{number}")


def _lists(forms: Mapping[str, Form]) -> Mapping[CodeList, Mapping[str, list[str]]]:
    """Return the dropdowns in order of first use, each with the columns that use it by sheet."""
    found: dict[CodeList, dict[str, list[str]]] = {}
    for title, form in forms.items():
        for row in form.rows:
            for column in row.columns:
                limits = column.kind.limits
                if limits is not None and limits.codelist is not None:
                    places = found.setdefault(limits.codelist, {})
                    places.setdefault(f"{title}“{row.sheet}”", []).append(column.header)
    return found
