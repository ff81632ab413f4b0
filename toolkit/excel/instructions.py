"""The first sheet of a standard workbook: how to fill it in, and how far one has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolkit.excel.look import (
    DUPLICATE_FILL,
    GREY,
    HEADER_FILL,
    LINK_BLUE,
    MISSING_FILL,
    RED,
    height,
)
from toolkit.excel.records import Record, Records, is_filled, last_row, required
from toolkit.excel.sheets import Content, Formula, Link, Page, Range, when
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import (
    HEADER_ROW,
    HINT_ROW,
    IDENTITY_NAME,
    TITLE_ROW,
    VALUE,
    Form,
    Identity,
    vertical_layout,
)

OPEN_LAYOUT: Mapping[str, bool] = dict.fromkeys(("format_columns", "format_rows"), True)
"""What stays allowed on a locked sheet that is only read."""

_FEW_ENTRIES = 2  # a list this short is spelled out by the advice itself
_WIDTHS = (15, 21, 10, 58, 27)
_LAST = len(_WIDTHS)
_SHEETS_HEADER = ("工作表", "已填", "必填未填", "填写要点", "状态")
_COLUMNS_HEADER = ("工作表", "栏目", "必填", "填写说明", "示例")
_NO_GAPS = "已填各行的必填项都齐了。"
_LEGEND = (
    ({"bg_color": MISSING_FILL}, "浅黄色：必填项还没有填。"),
    ({"bg_color": DUPLICATE_FILL}, "浅红色：编号重复，同一张表里一个编号只能用一次。"),
    ({"bg_color": HEADER_FILL}, "灰色：表头和说明，已锁定，不用改。其余白色的格子都可以填。"),
)


class _Count(NamedTuple):
    """How far a sheet is filled: rows (of a vertical sheet, fields) and gaps, with formulas."""

    filled: Formula
    missing: Content
    gaps: int
    due: int
    due_formula: str


@dataclass
class Instructions:
    """The first sheet: how to fill in, and how far one has come."""

    page: Page
    form: Form
    records: Records
    at: int = TITLE_ROW  # the row to be written next

    def write(self, identity: Identity) -> None:
        """Write the whole sheet, from top to bottom."""
        sheet = self.page.sheet
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        self._band(self.form.title, "title", 36)
        self._band(self.form.purpose, "hint", 22)
        self._steps()
        self._legend()
        self._sheets()
        self._columns()
        self._identity(identity)
        sheet.hide_gridlines(2)
        sheet.protect("", OPEN_LAYOUT)
        sheet.activate()
        sheet.print_area(0, 0, self.at - 1, _LAST - 1)
        self.page.set_print(landscape=False)

    def _band(self, text: str, style: str = "band", height: float = 22) -> None:
        if self.at > HINT_ROW:
            self.page.sheet.set_row(self.at - 1, 9)  # a little air between sections
            self.at += 1
        self.page.band(self.at, text, _LAST, style, height)
        self.at += 1

    def _style(self, name: str, **more: object) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
        return self.page.book.style(name, **more)

    def _wide(self, content: Content, style: Any) -> None:  # noqa: ANN401 -- as above
        """Write a content across columns B to E, as high as its text needs."""
        shown = content.value if isinstance(content, Formula) else content
        self.page.sheet.set_row(self.at - 1, height([(str(shown), sum(_WIDTHS[1:]) * 0.9)]))
        self.page.merged(self.at, (2, _LAST), content, style)
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
        cells = Range(3, first, self.at - 1)
        self.page.colour(cells, when(f"={cells.a1}>0"), "missing")

    def _progress(self, counts: Sequence[_Count], first: int) -> None:
        """Write the share of required cells that are filled, and where the gaps are."""
        gaps, due = sum(count.gaps for count in counts), sum(count.due for count in counts)
        total = f"SUM(C{first}:C{first + len(counts) - 1})"
        all_due = "+".join(count.due_formula for count in counts)
        share = Formula(f"=1-{total}/MAX(1,{all_due})", 1 - gaps / max(1, due))
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
        self._wide(Formula(to_do, shown or _NO_GAPS), self._style("text"))

    def _sheet_line(self, row: type[Row], count: _Count) -> None:
        centred = self._style("text", align="center")
        unit = "项" if row.vertical else "行"
        state = "缺必填项" if count.gaps else "已填写" if count.filled.value else "未填写"
        formula = f'=IF(C{self.at}>0,"缺必填项",IF(B{self.at}=0,"未填写","已填写"))'
        link = self._style("text", font_color=LINK_BLUE, underline=1)
        self.page.sheet.set_row(self.at - 1, height([(row.hint, _WIDTHS[3])]))
        self.page.put(self.at, 1, Link(row.sheet, row.sheet), link)
        self.page.put(
            self.at, 2, count.filled, self._style("text", align="center", num_format=f'0" {unit}"')
        )
        self.page.put(self.at, 3, count.missing, centred)
        self.page.put(self.at, 4, row.hint, self._style("text"))
        self.page.put(self.at, 5, Formula(formula, state), centred)
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
        texts = ((explained, _WIDTHS[3]), (column.example, _WIDTHS[4]))
        self.page.sheet.set_row(self.at - 1, height(texts, 17))
        self.page.put(self.at, 1, title, self._style("text", bold=True))
        self.page.put(self.at, 2, column.header, self._style("text"))
        mark = "必填" if column.required else ""
        self.page.put(self.at, 3, mark, self._style("text", align="center", font_color=RED))
        self.page.put(self.at, 4, explained, self._style("text"))
        self.page.put(self.at, 5, column.example, self._style("text", font_color=GREY))
        self.at += 1

    def _identity(self, identity: Identity) -> None:
        self.at += 1
        self.page.put(self.at, 1, identity.line(), self._style("small"))
        self.page.book.name(IDENTITY_NAME, Range(1, self.at, self.at).on(self.page.title))


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
    needed = required(row)
    gaps = sum(1 for column in needed if not is_filled(record.get(column.name)))
    values = Range(VALUE, HEADER_ROW, max(layout.values())).on(row.sheet)
    cells = ",".join(
        Range(VALUE, layout[column.name], layout[column.name]).on(row.sheet) for column in needed
    )
    filled = sum(1 for column in row.columns if is_filled(record.get(column.name)))
    return _Count(
        Formula(f"=COUNTA({values})-1", filled),
        Formula(f"={len(needed)}-COUNTA({cells})", gaps) if needed else 0,
        gaps,
        len(needed),
        str(len(needed)),
    )


def _count_rows(row: type[Row], records: Sequence[Record], filled_cell: str) -> _Count:
    """Return how far a table is filled.

    The formulas begin at the header, which they take off again: so a row that somebody inserts
    right below the header is still within.
    """
    rows = [record for record in records if any(map(is_filled, record.values()))]
    needed = required(row)
    gaps = sum(1 for record in rows for c in needed if not is_filled(record.get(c.name)))
    last = last_row(records, row)
    spans = {
        column.name: Range(at, HEADER_ROW, last).on(row.sheet)
        for at, column in enumerate(row.columns, 1)
    }
    anything = "+".join(f'({span}<>"")' for span in spans.values())
    cells = ",".join(spans[column.name] for column in needed)
    number = len(needed)
    return _Count(
        Formula(f"=SUMPRODUCT(--({anything}>0))-1", len(rows)),
        Formula(f"={number}*({filled_cell}+1)-COUNTA({cells})", gaps) if needed else 0,
        gaps,
        number * len(rows),
        f"{number}*{filled_cell}",
    )
