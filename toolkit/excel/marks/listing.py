"""The first sheet of a return copy: what is to be changed, a line each, with links to the cells."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.cells import fold, place
from toolkit.excel.look import RED, breadth, height
from toolkit.excel.marks.splice import cell_text, escaped
from toolkit.excel.marks.styles import MarkStyles
from toolkit.excel.sheets import quoted
from toolkit.findings import Finding, Level

TITLE = "待改清单（整顿核对）"
"""What stands in the first cell of the sheet, and tells it from a sheet of people's own."""

HEADER_ROW = 3
_WIDTHS: Mapping[str, float] = {
    "序号": 6,
    "级别": 7,
    "工作表": 13,
    "单元格": 16,
    "栏目": 16,
    "现在填的": 24,
    "问题": 38,
    "怎么改": 38,
    "规则": 8,
}
_LINK_COLUMN, _LAST_COLUMN = "D", "I"
_LINK_WIDTH = 18
_MOST_SHOWN = 200  # characters of a text; the whole one stands in its cell
_GUIDE = (
    "点击“单元格”一栏可跳到要改的地方，那里涂了颜色、加了批注；"
    "改完保存后重新交来即可，下次核对会换上新的清单。"
)
_NOTHING = "没有要改的地方。"
_ANSWERED = "灰色的已在情况说明中说明，不用再改。"

_START = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    f'<sheetPr><tabColor rgb="FF{RED.removeprefix("#")}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
)
_VIEW = (
    '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
    f'<pane ySplit="{HEADER_ROW}" topLeftCell="A{HEADER_ROW + 1}" activePane="bottomLeft"'
    ' state="frozen"/>'
    f'<selection pane="bottomLeft" activeCell="A{HEADER_ROW + 1}" sqref="A{HEADER_ROW + 1}"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
)
_PRINT = (
    '<printOptions horizontalCentered="1"/>'
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>'
    '<headerFooter><oddFooter>&amp;L&amp;"宋体"&amp;9&amp;A'
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
        for each in sorted(findings, key=rank)
    )


def _first(finding: Finding) -> tuple[int, int]:
    return min(map(place, finding.cells), default=(0, 0))


def _link(finding: Finding) -> str:
    first = min(finding.cells, key=place, default="A1")
    return f"{quoted(finding.sheet)}!{first}"


def list_sheet(listed: Sequence[Entry], checked: str, note: str, styles: MarkStyles) -> bytes:
    """Return the sheet as a part of a workbook; `note` is one more sentence for its head."""
    intro = _intro([each.finding for each in listed], checked) + note
    last = HEADER_ROW + len(listed)
    rows = [
        _row(1, 30, [(TITLE, "title"), *[("", "title")] * (len(_WIDTHS) - 1)], styles),
        _row(
            2,
            height([(intro, sum(_WIDTHS.values()) * 0.9)], 24),
            [(intro, "intro"), *[("", "intro")] * (len(_WIDTHS) - 1)],
            styles,
        ),
        _row(HEADER_ROW, 24, [(name, "header") for name in _WIDTHS], styles),
    ]
    rows += [
        _row(HEADER_ROW + number, _height(each), _cells(number, each), styles)
        for number, each in enumerate(listed, 1)
    ]
    parts = (
        _START,
        f'<dimension ref="A1:{_LAST_COLUMN}{last}"/>',
        _VIEW,
        f"<cols>{''.join(_columns())}</cols>",
        f"<sheetData>{''.join(rows)}</sheetData>",
        f'<mergeCells count="1"><mergeCell ref="A2:{_LAST_COLUMN}2"/></mergeCells>',
        _links(listed),
        _PRINT,
        "</worksheet>",
    )
    return "".join(parts).encode()


def print_titles(title: str) -> str:
    """Return the rows that every printed page of the list begins with."""
    return f"{quoted(title)}!${HEADER_ROW}:${HEADER_ROW}"


def _intro(findings: Sequence[Finding], checked: str) -> str:
    """Return what the list is and when it was made."""
    to_do = Counter(each.level for each in findings if not each.accepted)
    counts = "，".join(f"{level.label} {to_do[level]} 条" for level in Level)
    answered = _ANSWERED if any(each.accepted for each in findings) else ""
    return f"核对日期 {checked}；{counts}。{_GUIDE if findings else _NOTHING}{answered}"


def _columns() -> Iterator[str]:
    for number, width in enumerate(_WIDTHS.values(), 1):
        yield f'<col min="{number}" max="{number}" width="{width + 0.7109375}" customWidth="1"/>'


def _texts(entry: Entry) -> tuple[str, ...]:
    """Return what stands in the columns after the number."""
    finding = entry.finding
    spots = fold(finding.cells) or ("整张表" if finding.sheet else "整个文件")
    message = shortened(finding.message)
    if breadth(spots) > _LINK_WIDTH:
        # LibreOffice shows a link on one line only: the rest of the cells are named beside it.
        message += f"\n单元格：{spots}"
        spots = f"{spots.partition('、')[0]}等 {len(set(finding.cells))} 处"
    texts = (finding.sheet, finding.header, finding.seen, finding.fix)
    sheet, header, seen, fix = map(shortened, texts)
    return (finding.level.label, sheet, spots, header, seen, message, fix, finding.rule)


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
