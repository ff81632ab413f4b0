"""The hidden sheet behind a workbook: the entries of its dropdowns, and what its formulas need.

Lists stand a list a column, then the figures, the months and the things to be filled next. The
sheet is generated and locked; nobody fills it in, and nothing on it is read back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from toolkit.cells import letters
from toolkit.excel.checks import list_name, offered_name, offered_range
from toolkit.excel.look import OPEN_LAYOUT
from toolkit.excel.months import Months, Places, figure_name
from toolkit.excel.phrases import END, behind_day, behind_month
from toolkit.excel.progress import tasks
from toolkit.excel.records import Records
from toolkit.excel.sheets import Content, Formula, Page, Range, quoted
from toolkit.excel.tints import DAY_ENDINGS, DAY_NAME, MONTH_ENDINGS, YEAR_NAME
from toolkit.schema.codelists import CodeList
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import Form, Local
from toolkit.schema.months import MONTHS
from toolkit.schema.signals import Monthly
from toolkit.schema.texts import display_width

_FIRST = 2  # the first row below a heading
FIGURE_HEADINGS = ("参数", "值", "月份")
ENDING_HEADINGS = ("月后写法", "加几个月", "哪一天", "日后写法")
TASK_HEADINGS = ("待办", "序号", "行号")
HEADINGS = (*FIGURE_HEADINGS, *ENDING_HEADINGS, *TASK_HEADINGS)
"""What heads the columns beside the lists."""


ALL_FILLED = "必填项都齐了。"
BROKEN = "工作表或栏目被删过、换过，这里算不出来。请向镇党建办另要一份，把内容粘贴过去。"
"""What is said where formulas have lost what they refer to."""


class Told(NamedTuple):
    """What the instructions show of the hidden sheet."""

    months: Formula | None
    next_ones: tuple[Formula, ...]


@dataclass
class Lists:
    """The hidden sheet being written, and where on it others find what they show."""

    page: Page
    form: Form
    local: Local
    records: Records
    year: int = 0  # of the workbook's identity; 0 where it has none
    at: int = 1  # the column to be written next

    def write(self, counts: Sequence[str]) -> Told:
        """Write the sheet; return what the instructions show of it.

        `counts` are the cells that hold how many rows each sheet has.
        """
        for codelist in self.form.codelists():
            self._list(self.local.codelists.get(codelist.name, codelist))
        for column, row in self.form.offered().items():
            reference = offered_range(row, column, list(self.records[row]))
            self.page.book.name(offered_name(self.form, column), reference)
        story = self._months(self.form.monthly) if self.form.monthly else None
        told = Told(story, self._tasks(counts))
        self.page.sheet.protect("", OPEN_LAYOUT)
        self.page.sheet.hide()
        return told

    def _head(self, heading: str, width: float) -> int:
        """Begin a column; return its number."""
        at, self.at = self.at, self.at + 1
        self.page.sheet.set_column(at - 1, at - 1, width)
        self.page.put(1, at, heading, self.page.book.style("header"))
        return at

    def _put(self, row: int, at: int, content: Content) -> str:
        """Write one cell; return its reference."""
        self.page.put(row, at, content, self._plain)
        return Range(at, row, row).on(self.page.title)

    @property
    def _plain(self) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
        return self.page.book.style("plain")

    def _list(self, codelist: CodeList) -> None:
        at = self._head(codelist.name, max(map(display_width, codelist.shown)) + 2)
        text = self.page.book.style("plain", num_format="@")
        for row, entry in enumerate(codelist.shown, _FIRST):
            self.page.put(row, at, entry, text)
        cells = Range(at, _FIRST, _FIRST + len(codelist.shown) - 1)
        self.page.book.name(list_name(codelist), cells.on(self.page.title))

    def _months(self, monthly: Monthly) -> Formula:
        """Write the figures and the months; return what is to be said of the months."""
        figures = {**self.form.figures, **self.local.figures}
        names, values, months = (self._head(heading, 16) for heading in FIGURE_HEADINGS)
        for row, (name, value) in enumerate(figures.items(), _FIRST):
            self._put(row, names, name)
            self.page.book.name(figure_name(name), self._put(row, values, value))
        end = _FIRST + len(figures)
        year, day, first, last, story = (Range(values, end + step, end + step) for step in range(5))
        each = [Range(months, row, row) for row, _ in enumerate(MONTHS, _FIRST)]
        places = Places(first.absolute, last.absolute, tuple(cell.absolute for cell in each))
        told = Months(monthly, self.records, figures, places, self.year)
        lines = (
            (year, YEAR_NAME, told.year()),
            (day, DAY_NAME, told.day()),
            (first, "首月", told.first()),
            (last, "末月", told.last()),
            (story, "缺月", told.story()),
        )
        for cell, label, formula in lines:
            self._put(cell.first, names, label)
            self._put(cell.first, values, formula)
        for cell, formula in zip(each, told.each(), strict=True):
            self._put(cell.first, months, formula)
        for name, cell in ((DAY_NAME, day), (YEAR_NAME, year)):
            self.page.book.name(name, cell.on(self.page.title))
        for late in self.form.lateness():
            self._endings(MonthBefore(str(figures[late.month_before])))
        whole = story.on(self.page.title)
        return Formula(f'=IF(ISERROR({whole}),"{BROKEN}",{whole})', told.story().value)

    def _endings(self, month_before: MonthBefore) -> None:
        """Write what may stand behind a month and behind a day in a deadline."""
        texts, months, days, others = (self._head(heading, 12) for heading in ENDING_HEADINGS)
        known = list(behind_month(month_before))
        for row, ending in enumerate(known, _FIRST):
            self._put(row, texts, ending.text + END)
            self._put(row, months, ending.months)
            self._put(row, days, ending.day)
        last = _FIRST + len(known) - 1
        title, corner = quoted(self.page.title), letters(days)
        self.page.book.name(MONTH_ENDINGS, f"{title}!${letters(texts)}${_FIRST}:${corner}${last}")
        of_day = list(behind_day())
        for row, text in enumerate(of_day, _FIRST):
            self._put(row, others, text + END)
        cells = Range(others, _FIRST, _FIRST + len(of_day) - 1)
        self.page.book.name(DAY_ENDINGS, cells.on(self.page.title))

    def _tasks(self, counts: Sequence[str]) -> tuple[Formula, ...]:
        """Write what may have to be filled next; return the first few that really have to be."""
        texts, numbers, rows = (self._head(heading, 12) for heading in TASK_HEADINGS)
        found = list(tasks(self.form, self.records, counts))
        open_ones = 0
        for at, task in enumerate(found, _FIRST):
            gap = Range(rows, at, at)
            if task.row is not None:
                self._put(at, rows, task.row)
            text = task.text.text.replace("{row}", gap.absolute)
            self._put(at, texts, task.text._replace(text=text))
            open_ones += bool(task.text.value)
            here, above = Range(texts, at, at).absolute, Range(numbers, at - 1, at - 1).absolute
            formula = f'=N({above})+IF({here}="",0,1)'
            self._put(at, numbers, Formula(formula, open_ones))
        last = _FIRST + len(found) - 1
        all_texts, all_numbers = (
            Range(at, _FIRST, last).on(self.page.title) for at in (texts, numbers)
        )
        shown = [str(task.text.value) for task in found if task.text.value]
        whole = Range(numbers, last, last).on(self.page.title)
        return tuple(
            Formula(
                f'=IF(ISERROR({whole}),"{broken}",IF({whole}<{number},"{other}",'
                f"INDEX({all_texts},MATCH({number},{all_numbers},0))))",
                shown[number - 1] if number <= len(shown) else other,
            )
            for number, (other, broken) in enumerate(((ALL_FILLED, BROKEN), ("", ""), ("", "")), 1)
        )
