"""Builds a check's workbook: figures by file and by rule, and every finding with its link.

Text from the workbooks is only ever written as text; the sums are live and hold their values.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import NamedTuple

from toolkit.cells import a1, fold
from toolkit.excel.links import MOST_LINKS, link_to
from toolkit.excel.look import (
    INK,
    LABEL_FILL,
    LINE,
    LINK_BLUE,
    QUIET,
    WARNING,
    breadth,
    height_of,
    lines,
)
from toolkit.excel.sheets import (
    Content,
    Formula,
    Page,
    Range,
    checked,
    new_book,
    quoted,
    safe_text,
)
from toolkit.findings import Finding, Level
from toolkit.report import REPORT_FORM, CheckReport, RulePage, Tally
from toolkit.schema.form import HEADER_ROW, HINT_ROW, TITLE_ROW, Identity
from toolkit.schema.kinds import Day

VERSION = "1.0.0"
OVERVIEW, BY_RULE, DETAILS = "概况", "按规则", "明细"
"""Its sheets."""

_PLAIN: Mapping[str, object] = {}
_RED: Mapping[str, object] = {"font_color": WARNING, "bold": True}
_COLOURS = {Level.ERROR: WARNING, Level.WARNING: "#9C5700", Level.INFO: QUIET}
_MARGIN = 0.7  # of a column's width, which no text gets
_MOST_NAMED = 10  # villages
_CARDS = HINT_ROW + 1
_NOTHING = "没有查出问题"


class _Column(NamedTuple):
    """A column: its header, its width, and whether its contents stand in the middle."""

    header: str
    width: float
    centred: bool = False


class _Cell(NamedTuple):
    """A content that looks its own way, or leads somewhere."""

    content: Content
    look: Mapping[str, object] = _PLAIN
    target: str = ""


_FILES = (
    _Column("村名", 13),
    _Column("文件", 32),
    _Column("状态", 9, centred=True),
    *(_Column(level.label, 8, centred=True) for level in Level),
    _Column("已说明", 8, centred=True),
    _Column("编辑软件", 24),
    _Column("说明", 44),
)
_RULES = (
    _Column("规则", 8, centred=True),
    _Column("级别", 11, centred=True),
    _Column("查什么", 50),
    _Column("条数", 8, centred=True),
    _Column("单元格数", 10, centred=True),
    _Column("村数", 7, centred=True),
    _Column("涉及的村", 58),
)
_SPOT_WIDTH = 12
_SAID = _Column("问题", 32)
_FINDINGS = (
    _Column("级别", 6.5, centred=True),
    _Column("村名", 10),
    _Column("文件", 15),
    _Column("工作表", 11),
    _Column("单元格", _SPOT_WIDTH),
    _Column("栏目", 12),
    _Column("现在填的", 20),
    _SAID,
    _Column("怎么改", 34),
    _Column("规则", 7, centred=True),
    _Column("是否已说明", 8, centred=True),
)


def build_report(
    report: CheckReport, rules: Mapping[str, RulePage], ways: Mapping[str, str]
) -> bytes:
    """Return the bytes of a check's workbook; equal reports give equal bytes.

    `rules` are the pages by code; `ways` lead by path from the workbook's folder to the files.
    """
    book = new_book()
    title = f"核对结果（核对日期：{Day().text(report.as_of)}）"
    _write_overview(book.page(OVERVIEW), report, ways, title)
    _write_rules(book.page(BY_RULE), report, rules)
    _write_findings(book.page(DETAILS), report, ways)
    book.stamp(title, Identity(REPORT_FORM, VERSION, "", report.as_of.isoformat()))
    return book.finished()


# ---- tables


@dataclass
class _Table:
    """A table being written, row by row below its header."""

    page: Page
    columns: Sequence[_Column]
    header: int = HEADER_ROW
    rows: int = 0
    links: int = 0
    unlinked: int = 0
    _at: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._at = {column.header: at for at, column in enumerate(self.columns, 1)}
        for at, column in enumerate(self.columns):
            self.page.sheet.set_column(at, at, column.width)
        self.page.put_row(self.header, self._at, self.page.book.style("header"))
        most = max(lines(each.header, each.width - _MARGIN) for each in self.columns)
        self.page.sheet.set_row(self.header - 1, height_of(most))

    @property
    def last(self) -> int:
        """The last row so far, the header's where there is none."""
        return self.header + self.rows

    def add(self, *cells: Content | _Cell, base: str = "text") -> None:
        """Write the next row, as high as its texts need."""
        self.rows += 1
        most = 1
        for column, given in zip(self.columns, cells, strict=True):
            cell = given if isinstance(given, _Cell) else _Cell(given)
            self._put(column, cell, base)
            if isinstance(cell.content, str):
                most = max(most, lines(cell.content, column.width - _MARGIN))
        self.page.sheet.set_row(self.last - 1, height_of(most))

    def _put(self, column: _Column, cell: _Cell, base: str) -> None:
        at = self._at[column.header]
        is_text = isinstance(cell.content, str)
        look = {
            **({"align": "center"} if column.centred else {}),
            **({"num_format": "@"} if is_text else {}),
            **cell.look,
        }
        if not cell.target or self.links == MOST_LINKS:
            self.unlinked += bool(cell.target)
            self.page.put(self.last, at, cell.content, self.page.book.style(base, **look))
            return
        self.links += 1
        style = self.page.book.style(base, **look, font_color=LINK_BLUE, underline=1)
        place = f"{self.page.title}!{a1(self.last, at)}"
        text = safe_text(str(cell.content), place)
        code = self.page.sheet.write_url(self.last - 1, at - 1, cell.target, style, text)
        checked(code, place)

    def cells(self, header: str) -> Range:
        """Return the cells under a header so far."""
        return Range(self._at[header], self.header + 1, max(self.header + 1, self.last))

    def sum(self, header: str, value: int) -> Formula:
        """Return the live sum of the cells under a header, with the value that they come to."""
        return Formula(f"=SUM({self.cells(header).absolute})", value)

    def finish(self, frozen: int) -> None:
        """Set a filter on the rows so far, and what helps reading on the screen and on paper."""
        sheet, last, width = self.page.sheet, max(self.header + 1, self.last), len(self.columns)
        sheet.autofilter(self.header - 1, 0, last - 1, width - 1)
        sheet.freeze_panes(self.header, frozen)
        sheet.repeat_rows(self.header - 1)
        sheet.ignore_errors({"number_stored_as_text": f"A{self.header}:{a1(last, width)}"})
        sheet.hide_gridlines(2)
        self.page.set_print(landscape=True)


def _bands(page: Page, title: str, hint: str, columns: Sequence[_Column]) -> None:
    page.band(TITLE_ROW, title, len(columns), "title", 30)
    page.band(HINT_ROW, hint, len(columns), "hint", 20)


# ---- the sheets


def _write_overview(page: Page, report: CheckReport, ways: Mapping[str, str], title: str) -> None:
    _bands(page, title, "点文件名可以打开工作簿；逐条的问题在“明细”表。", _FILES)
    tallies = report.tallies()
    table = _Table(page, _FILES, header=_CARDS + 3)
    for tally in tallies:
        table.add(*_file(tally, ways))
    table.finish(frozen=2)
    sums = [
        table.sum(level.label, sum(tally.levels[level] for tally in tallies)) for level in Level
    ]
    sums.append(table.sum("已说明", sum(tally.accepted for tally in tallies)))
    states = table.cells("状态")
    counted = [
        (word, Formula(f'=COUNTIF({states.absolute},"{word}")', _those(tallies, word)))
        for word in ("已读取", "读不了", "跳过")
    ]
    page.colour(
        table.cells(Level.ERROR.label), {"type": "cell", "criteria": ">", "value": 0}, "alarm"
    )
    table.add("合计", None, None, *sums, None, None, base="total")
    headers = (*(level.label for level in Level), "已说明")
    _cards(page, [*counted, *zip(headers, sums, strict=True)])
    page.sheet.activate()


def _those(tallies: Iterable[Tally], state: str) -> int:
    return sum(tally.file.state == state for tally in tallies)


def _file(tally: Tally, ways: Mapping[str, str]) -> Iterable[Content | _Cell]:
    file = tally.file
    figures = (*tally.levels.values(), tally.accepted)
    is_read = file.status == "read"
    yield file.village
    yield _Cell(file.name, target=link_to(ways.get(file.path, "")))
    yield _Cell(file.state, _RED if file.status == "unreadable" else _PLAIN)
    yield from figures if is_read else (None,) * len(figures)
    yield file.editor
    yield file.reason or ("" if any(figures) else _NOTHING)


def _cards(page: Page, cards: Iterable[tuple[str, Formula]]) -> None:
    """Write the sums above their columns."""
    page.sheet.set_row(_CARDS - 1, 20)
    page.sheet.set_row(_CARDS, 32)
    page.sheet.set_row(_CARDS + 1, 6)
    box = {"border": 1, "border_color": LINE, "bg_color": LABEL_FILL}
    alarming = {"读不了", Level.ERROR.label}
    for at, (label, figure) in enumerate(cards, 1):
        look = {} if label in alarming and figure.value else {"font_color": INK}
        page.put(_CARDS, at, label, page.book.style("card", **box, bottom=0))
        page.put(_CARDS + 1, at, figure, page.book.style("number", **box, **look, top=0))


def _write_rules(page: Page, report: CheckReport, rules: Mapping[str, RulePage]) -> None:
    _bands(page, "按规则", "查出问题的规则，各查出多少。", _RULES)
    table = _Table(page, _RULES)
    by_rule: dict[str, list[Finding]] = {code: [] for code in rules}
    for finding in report.findings:
        by_rule[finding.rule].append(finding)
    cells = 0
    for code, found in by_rule.items():
        if found:
            table.add(*_rule(rules[code], found))
            cells += _cells(found)
    if not report.findings:
        table.add(None, None, f"{_NOTHING}。", None, None, None, None)
    table.finish(frozen=1)
    sums = (table.sum("条数", len(report.findings)), table.sum("单元格数", cells))
    table.add("合计", None, None, *sums, None, None, base="total")


def _rule(page: RulePage, found: Sequence[Finding]) -> Iterable[Content | _Cell]:
    villages = list(dict.fromkeys(finding.village for finding in found if finding.village))
    more = f"等 {len(villages)} 个村" if len(villages) > _MOST_NAMED else ""
    yield page.code
    yield _level(*sorted({finding.level for finding in found}, key=lambda level: level.rank))
    yield page.fault
    yield len(found)
    yield _cells(found)
    yield len(villages)
    yield "、".join(villages[:_MOST_NAMED]) + more


def _cells(found: Iterable[Finding]) -> int:
    return sum(len(finding.cells) for finding in found)


def _level(*levels: Level) -> _Cell:
    """Return the words for levels, the gravest first, in its colour."""
    look = {"font_color": _COLOURS[levels[0]], "bold": levels[0] is Level.ERROR}
    return _Cell("、".join(level.label for level in levels), look)


def _write_findings(page: Page, report: CheckReport, ways: Mapping[str, str]) -> None:
    table = _Table(page, _FINDINGS)
    for finding in report.findings:
        table.add(*_finding(finding, ways.get(finding.file, "")))
    if not report.findings:
        table.add(*(f"{_NOTHING}。" if each is _SAID else None for each in _FINDINGS))
    table.finish(frozen=2)
    hint = "点单元格的地址，可以打开工作簿的这一格。"
    if table.unlinked:
        hint += f"Excel 的链接有上限，后面 {table.unlinked} 处没有做成链接。"
    _bands(page, "明细", hint, _FINDINGS)


def _finding(finding: Finding, way: str) -> Iterable[Content | _Cell]:
    """Yield one finding; one that names no cell leads to its file, whose sheet may be missing."""
    place = f"{quoted(finding.sheet)}!{finding.cells[0]}" if finding.cells else ""
    spots, where = fold(finding.cells) or ("整张表" if finding.sheet else "整个文件"), ""
    if finding.beside or breadth(spots) > _SPOT_WIDTH:
        # A link stands on one line only: the rest of the cells are named beside it.
        several = len(set(finding.cells))
        where = f"\n单元格：{finding.spots}"
        spots = f"{finding.cells[0]}等 {several} 处" if several > 1 else finding.cells[0]
    yield _level(finding.level)
    yield finding.village
    yield PurePath(finding.file).name
    yield finding.sheet
    yield _Cell(spots, target=link_to(way, place))
    yield finding.header
    yield finding.seen
    yield _Cell(f"{finding.message}{where}", {"num_format": "General"})
    yield _Cell(finding.fix, {"num_format": "General"})
    yield finding.rule
    yield "是" if finding.accepted else ""
