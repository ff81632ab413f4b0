"""The first sheet of a standard workbook: how to fill it in, and how far one has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.excel.lists import BROKEN, Lists, Told
from toolkit.excel.look import (
    CLASH_FILL,
    GREY,
    HEADER_FILL,
    LATE_FILL,
    LINK_BLUE,
    MISSING_FILL,
    OPEN_LAYOUT,
    RED,
    SUM_FILL,
    UNFIT_FILL,
    WARNING,
    height,
)
from toolkit.excel.progress import Count, count
from toolkit.excel.records import Records
from toolkit.excel.sheets import Content, Formula, Link, Page, Range, when
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import HINT_ROW, IDENTITY_NAME, TITLE_ROW, Form, Identity

SAMPLE = "时限"
"""What stands in the legend in the colours of what is late."""

_FEW_ENTRIES = 2  # a list this short is spelled out by the advice itself
_WIDTHS = (13, 19, 9, 52, 27)
_LAST = len(_WIDTHS)
_SHEETS_HEADER = ("工作表", "已填", "必填未填", "填写要点", "状态")
_PROGRESS_LINES = 4  # the share that is filled, and three things to be filled next
_COLUMNS_HEADER = ("工作表", "栏目", "必填", "填写说明", "示例")
_MISSING = ({"bg_color": MISSING_FILL}, "浅黄色：必填项还没有填。")
_CLASH = ({"bg_color": CLASH_FILL}, "浅红色：编号重复，或者要引用的编号在那张表里查不到。")
_UNFIT = (
    {"bg_color": UNFIT_FILL},
    "浅橙色：该填日期或数字的写成了文字，或者不是下拉框里的选项。请照单元格旁的提示改。",
)
_SUM = ({"bg_color": SUM_FILL}, "浅紫色：数字对不上，合计不等于总数，或者其中的一项大于总数。")
_LATE = (
    {"bg_color": LATE_FILL, "font_color": WARNING, "bold": True},
    "深粉色、红字：写明月、日的时限已过，措施还没有办结。填了“数据截止日期”的按那一天算，没填的按今天算。",
)
_LOCKED = ({"bg_color": HEADER_FILL}, "灰色：表头和说明，已锁定，不用改。其余白色的格子都可以填。")


def _legend_of(form: Form) -> list[tuple[Mapping[str, object], str]]:
    """Return the fills that a form's sheets may show, with what each means."""
    sums = [_SUM] if form.adds_up else []
    late = [_LATE] if form.lateness() else []
    return [_MISSING, _CLASH, _UNFIT, *sums, *late, _LOCKED]


@dataclass
class Instructions:
    """The first sheet: how to fill in, and how far one has come."""

    page: Page
    form: Form
    records: Records
    at: int = TITLE_ROW  # the row to be written next

    def write(self, identity: Identity, lists: Lists) -> None:
        """Write the whole sheet, from top to bottom, and the hidden one whose figures it shows."""
        sheet = self.page.sheet
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        self._band(self.form.title, "title", 36)
        self._band(self.form.purpose, "hint", 22)
        self._steps()
        self._sheets(lists)
        self._legend()
        self._example()
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
        for look, meaning in _legend_of(self.form):
            sample = SAMPLE if "font_color" in look else None
            self.page.put(self.at, 1, sample, self._style("text", align="center", **look))
            self._wide(meaning, self._style("step"))

    def _example(self) -> None:
        """Write one case as it is told over several sheets."""
        if self.form.shown:
            self._band("填写示例")
        for row, columns in self.form.shown.items():
            self.page.put(self.at, 1, row.sheet, self._style("text", bold=True))
            shown = "　｜　".join(f"{each.header}：{each.example}" for each in columns)
            self._wide(shown, self._style("text", font_color=GREY))

    def _sheets(self, lists: Lists) -> None:
        """Write how far each sheet is filled and what it is for."""
        self._band("各表说明和填报进度")
        first = self.at + _PROGRESS_LINES + bool(self.form.monthly) + 1  # below the header
        places = [Range(2, at, at) for at, _ in enumerate(self.form.rows, first)]
        counts = [
            count(row, self.records[row], place.a1)
            for row, place in zip(self.form.rows, places, strict=True)
        ]
        told = lists.write([place.on(self.page.title) for place in places])
        self._progress(counts, first)
        self._next(told)
        self.page.put_row(self.at, _SHEETS_HEADER, self._style("header"))
        self.at += 1
        for row, each in zip(self.form.rows, counts, strict=True):
            self._sheet_line(row, each)
        cells = Range(3, first, self.at - 1)
        self.page.colour(cells, when(f"={cells.a1}>0"), "missing")

    def _progress(self, counts: Sequence[Count], first: int) -> None:
        """Write the share of required cells that are filled."""
        gaps, due = sum(each.gaps for each in counts), sum(each.due for each in counts)
        total = f"SUM(C{first}:C{first + len(counts) - 1})"
        all_due = "+".join(each.due_formula for each in counts)
        share = Formula(f'=IFERROR(1-{total}/MAX(1,{all_due}),"{BROKEN}")', 1 - gaps / max(1, due))
        percent = self._style("text", num_format="0%", bold=True, align="left")
        self.page.put(self.at, 1, "必填项完成率", self._style("label"))
        self._wide(share, percent)

    def _next(self, told: Told) -> None:
        """Write the first few things to be filled next, and the months that have nothing."""
        for number, formula in enumerate(told.next_ones):
            label = "接下来填" if number == 0 else None
            self.page.put(self.at, 1, label, self._style("label"))
            self._wide(formula, self._style("text"))
        if told.months is not None:
            self.page.put(self.at, 1, "逐月检查", self._style("label"))
            self._wide(told.months, self._style("text"))

    def _sheet_line(self, row: type[Row], count: Count) -> None:
        centred = self._style("text", align="center")
        unit = "项" if row.vertical else "行"
        blank, lacking = (("还没有填", "未填写"), ("缺必填项", "已填写"))
        state = (lacking if count.filled.value else blank)[not count.gaps]
        told = (f'IF(C{self.at}>0,"{some}","{none}")' for some, none in (blank, lacking))
        formula = f"=IF(B{self.at}=0,{','.join(told)})"
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
        self.page.sheet.repeat_rows(self.at - 1)  # at the head of the pages that follow
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
