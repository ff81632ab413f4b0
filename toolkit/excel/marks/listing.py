"""The first sheet of a return copy: what is to be changed, a line each, with links to the cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.cells import letters, place
from toolkit.excel.look import RED, breadth, height
from toolkit.excel.marks.beside import (
    CELL_COLUMN,
    FIRST_HEADER,
    LAST_COLUMN,
    TEXT_COLUMN,
    Beside,
)
from toolkit.excel.marks.splice import cell_text, escaped
from toolkit.excel.marks.styles import MarkStyles
from toolkit.excel.sheets import quoted
from toolkit.findings import Finding, Level
from toolkit.schema.form import MARKS_KEPT, MARKS_TITLE

_INTRO_ROW, HEADER_ROW = 2, 3
_WIDTHS: Mapping[str, float] = {
    FIRST_HEADER: 6,
    "级别": 7,
    "工作表": 13,
    "单元格": 16,
    "栏目": 16,
    "现在填的": 24,
    "问题": 38,
    "怎么改": 38,
    "规则": 8,
}
_LINK_COLUMN, _LAST_COLUMN = letters(CELL_COLUMN), letters(LAST_COLUMN)
_LINK_WIDTH = 18
_MOST_SHOWN = 200  # characters of a text; the whole one stands in its cell
_LEVELS = (
    "必改：改正后报送。提醒：请核对，有误的改正；确有原因的，在“情况说明”表里写明规则（如 D505）、"
    "位置（如 整改措施!G10）和原因。提示：已按通常意思读取，读对了的不用改。"
)
_GUIDE = (
    "点击“单元格”一栏可跳到要改的地方，相应单元格已标色并加批注（浅蓝色的是提示和供对照的单元格）。"
    "改完请保存并重新报送，下次核对会换上新的清单。"
)
_NOTHING = "没有要改的地方。"
_ANSWERED = "灰色的已在“情况说明”表里写明，不用再改。"
_MANY_READINGS = 3
_READINGS = "写法不规范，已按通常意思读取，各格读作什么见批注"

_START = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    f'<sheetPr><tabColor rgb="FF{RED.removeprefix("#")}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
)
_FORMAT = '<sheetFormatPr defaultRowHeight="15"/>'
_VIEW = (
    '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/></sheetViews>'
    f"{_FORMAT}"
)
_FROZEN_VIEW = (
    '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
    f'<pane ySplit="{HEADER_ROW}" topLeftCell="A{HEADER_ROW + 1}" activePane="bottomLeft"'
    ' state="frozen"/>'
    f'<selection pane="bottomLeft" activeCell="A{HEADER_ROW + 1}" sqref="A{HEADER_ROW + 1}"/>'
    f"</sheetView></sheetViews>{_FORMAT}"
)
_PRINT = (
    '<printOptions horizontalCentered="1"/>'
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'
    '<headerFooter><oddFooter>&amp;L&amp;"宋体"&amp;9&amp;F　&amp;A'
    '&amp;R&amp;"宋体"&amp;9第 &amp;P 页 共 &amp;N 页</oddFooter></headerFooter>'
)


@dataclass(frozen=True)
class Entry:
    """A finding as it is listed; `link` is where its first cell is, "" where there is none."""

    finding: Finding
    link: str


def entries(findings: Sequence[Finding], titles: Sequence[str]) -> tuple[Entry, ...]:
    """Return findings in the order of the list, what is answered last, with their links."""

    def rank(finding: Finding) -> tuple[bool, int, int, tuple[int, int]]:
        sheet = titles.index(finding.sheet) if finding.sheet in titles else len(titles)
        at = sheet if finding.sheet else -1
        return finding.accepted, finding.level.rank, at, _first(finding)

    return tuple(
        Entry(each, _link(each) if each.sheet in titles else "")
        for each in sorted(_gathered(findings), key=rank)
    )


def _gathered(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield findings; many readings of one column, each harmless, become a single line."""
    alike: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings:
        told = (each.rule, each.level, each.accepted, each.sheet, each.header, each.fix)
        alike.setdefault(told, []).append(each)
    for group in alike.values():
        first = group[0]
        if first.level is Level.INFO and first.header and len(group) > _MANY_READINGS:
            cells = tuple(cell for each in group for cell in each.cells)
            beside = tuple(cell for each in group for cell in each.beside)
            yield replace(first, cells=cells, beside=beside, unlike=True, message=_READINGS)
        else:
            yield from group


def _first(finding: Finding) -> tuple[int, int]:
    return min(map(place, finding.cells), default=(0, 0))


def _link(finding: Finding) -> str:
    first = min(finding.cells, key=place, default="A1")
    return f"{quoted(finding.sheet)}!{first}"


@dataclass(frozen=True)
class Head:
    """What heads the list: the day of the check, whose it is, how much was found, a remark."""

    checked: str
    whose: str
    counts: str
    note: str = ""


def list_sheet(
    listed: Sequence[Entry], head: Head, beside: Sequence[Beside], styles: MarkStyles
) -> bytes:
    """Return the sheet as a part of a workbook; what stood beside an earlier list goes below."""
    intro = _intro([each.finding for each in listed], head)
    rows = [
        _row(1, 30, [(MARKS_TITLE, "title"), *[("", "title")] * (len(_WIDTHS) - 1)], styles),
        _row(
            _INTRO_ROW,
            height([(intro, sum(_WIDTHS.values()) * 0.9)], 24),
            [(intro, "intro"), *[("", "intro")] * (len(_WIDTHS) - 1)],
            styles,
        ),
    ]
    if listed:
        rows.append(_row(HEADER_ROW, 24, [(name, "header") for name in _WIDTHS], styles))
    rows += [
        _row(HEADER_ROW + number, _height(each), _cells(number, each), styles)
        for number, each in enumerate(listed, 1)
    ]
    kept = HEADER_ROW + len(listed) + 1 + bool(listed)  # below a blank line
    rows += _kept_rows(kept, beside, styles)
    last = kept + len(beside) if beside else HEADER_ROW + len(listed) if listed else _INTRO_ROW
    merges = [(1, _INTRO_ROW)]
    if beside:
        merges += [(1, kept), *((TEXT_COLUMN, at) for at in range(kept + 1, last + 1))]
    parts = (
        _START,
        f'<dimension ref="A1:{_LAST_COLUMN}{last}"/>',
        _FROZEN_VIEW if listed else _VIEW,
        f"<cols>{''.join(_columns())}</cols>",
        f"<sheetData>{''.join(rows)}</sheetData>",
        f'<mergeCells count="{len(merges)}">',
        *(f'<mergeCell ref="{letters(at)}{row}:{_LAST_COLUMN}{row}"/>' for at, row in merges),
        "</mergeCells>",
        _links(listed),
        _PRINT,
        "</worksheet>",
    )
    return "".join(parts).encode()


def _kept_rows(first: int, beside: Sequence[Beside], styles: MarkStyles) -> Iterator[str]:
    """Yield what people wrote beside an earlier list, each with the cell that it stood in."""
    if not beside:
        return
    yield _row(first, 24, [(MARKS_KEPT, "intro"), *[("", "intro")] * (LAST_COLUMN - 1)], styles)
    width = sum(list(_WIDTHS.values())[TEXT_COLUMN - 1 :]) * 0.95
    for at, each in enumerate(beside, first + 1):
        cells = [*[("", "text")] * (CELL_COLUMN - 1), (each.cell, "centre"), (each.text, "text")]
        cells += [("", "text")] * (LAST_COLUMN - TEXT_COLUMN)
        yield _row(at, height([(each.text, width)], 24), cells, styles)


def print_titles(title: str, *, has_table: bool) -> str:
    """Return the rows that every printed page of the list begins with."""
    first, last = (HEADER_ROW, HEADER_ROW) if has_table else (1, _INTRO_ROW)
    return f"{quoted(title)}!${first}:${last}"


def _intro(findings: Sequence[Finding], head: Head) -> str:
    """Return what the list is, when it was made, and how to work with it."""
    answered = _ANSWERED if any(each.accepted for each in findings) else ""
    whose = f"{head.whose}　" if head.whose else ""
    first = f"{whose}核对日期：{head.checked}　{head.counts}。"
    if not findings:
        return first + _NOTHING
    return f"{first}\n{_LEVELS}\n{_GUIDE}{answered}{head.note}"


def _columns() -> Iterator[str]:
    for number, width in enumerate(_WIDTHS.values(), 1):
        yield f'<col min="{number}" max="{number}" width="{width + 0.7109375}" customWidth="1"/>'


def _texts(entry: Entry) -> tuple[str, ...]:
    """Return what stands in the columns after the number."""
    finding = entry.finding
    spots = finding.spots or ("整张表" if finding.sheet else "整个文件")
    message = shortened(finding.message)
    if breadth(spots) > _LINK_WIDTH:
        # LibreOffice shows a link on one line only: the rest of the cells are named beside it.
        message += f"\n单元格：{spots}"
        spots = _in_short(finding)
    seen = f"{finding.seen}等" if finding.unlike and finding.seen else finding.seen
    texts = (finding.sheet, finding.header, seen, finding.fix)
    sheet, header, seen, fix = map(shortened, texts)
    return (finding.level.label, sheet, spots, header, seen, message, fix, finding.rule)


def _in_short(finding: Finding) -> str:
    """Return where the link leads to, and of how many cells that is the first.

    >>> _in_short(Finding("", "", "测评验收", ("F4",), "有效票数", Level.ERROR, "R322", "", "", "",
    ...     beside=("G4", "H4", "I4")))
    'F4'
    """
    first = min(finding.cells, key=place)
    several = len(set(finding.cells))
    return f"{first}等 {several} 处" if several > 1 else first


def shortened(text: str) -> str:
    """Return a text that is not too long for a line of the list."""
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"


def _cells(number: int, entry: Entry) -> list[tuple[str, str]]:
    """Return the texts of a row with the styles they are written in."""
    grey = "grey " if entry.finding.accepted else ""
    text, centre = f"{grey}text", f"{grey}centre"
    level = centre if grey else entry.finding.level.value
    link = f"{grey}link" if entry.link else centre
    styles = (centre, level, centre, link, centre, text, text, text, centre)
    return list(zip((str(number), *_texts(entry)), styles, strict=True))


def _height(entry: Entry) -> float:
    texts = zip(_texts(entry), list(_WIDTHS.values())[1:], strict=True)
    return height([(text, width * 0.95) for text, width in texts], 24)


def _row(number: int, points: float, cells: Sequence[tuple[str, str]], styles: MarkStyles) -> str:
    """Return a row of text cells; nothing in it can become a formula."""
    columns = [chr(ord("A") + at) for at in range(len(cells))]
    written = (
        f'<c r="{column}{number}" s="{styles.cells[style]}" t="inlineStr">'
        f'<is><t xml:space="preserve">{cell_text(text)}</t></is></c>'
        if text
        else f'<c r="{column}{number}" s="{styles.cells[style]}"/>'
        for column, (text, style) in zip(columns, cells, strict=True)
    )
    return f'<row r="{number}" ht="{points:g}" customHeight="1">{"".join(written)}</row>'


def _links(listed: Sequence[Entry]) -> str:
    links = [
        f'<hyperlink ref="{_LINK_COLUMN}{HEADER_ROW + number}" location="{escaped(each.link)}"/>'
        for number, each in enumerate(listed, 1)
        if each.link
    ]
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
