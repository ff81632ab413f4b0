"""版记 (7.4): who gets copies, who printed the paper and when, at the foot of the last page.

Its table stands in a box at a fixed place of the sheet, so that its last line coincides with the
lower edge of the 版心; Word would also float a bare table there, LibreOffice leaves one as wide
as the 版心 in the flow. A paragraph of the same height keeps the room free: where the page has
none left, it takes the box with it to the next. That the last page be an even one (7.5) is left
to who prints the paper: blank pages would depend on the printer.
"""

from collections.abc import Iterable, Iterator

from toolkit.word.document import Block, Imprint
from toolkit.word.landscape import DRAWING, SHAPE
from toolkit.word.lines import line_count, lines_of
from toolkit.word.markup import RIGHT, exactly, paragraph_xml, run_xml
from toolkit.word.page import (
    EMU_PER_TWIP,
    FOOT_EDGE,
    FOOT_TYPE,
    IMPRINT_LINE,
    LEFT_EDGE,
    TEXT_WIDTH,
)
from toolkit.word.signature import chinese_date
from toolkit.word.tables import BARE_CELLS

_COPIES = "抄送："
_ENDS = "；;，,、.．。 \u3000"
_OUTER, _INNER = 8, 6  # eighths of a point: 0.35 and 0.25 mm (7.4.1)
_DATE_WIDTH = 3_600  # twips: 2022年12月31日印发 and the blank to its right
_CELLS = TEXT_WIDTH / FOOT_TYPE  # characters of 四号 in a line
_SIDE = 1  # characters left blank at either side (7.4.2, 7.4.3)
_HANGING = 3  # characters: 抄送：
_SPARE = 2 * IMPRINT_LINE  # twips that the box may grow by, upwards
_MOST_HEIGHT = 12_000  # twips: 24 lines, which a page holds at any pitch
_TAIL = 20  # twips: the paragraph that must follow a table


def imprint_xml(imprint: Imprint) -> str:
    """Return the 版记 in its box, and the paragraph that keeps its room."""
    height = imprint_height(imprint)
    tall = height + _SPARE
    content = _table(imprint) + paragraph_xml("GWGap", ppr=exactly(_TAIL))
    top = FOOT_EDGE + _TAIL - tall
    wide, long = TEXT_WIDTH * EMU_PER_TWIP, tall * EMU_PER_TWIP
    box = (
        '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        'relativeHeight="9" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="page"><wp:posOffset>'
        f"{LEFT_EDGE * EMU_PER_TWIP}</wp:posOffset></wp:positionH>"
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{top * EMU_PER_TWIP}</wp:posOffset>'
        f'</wp:positionV><wp:extent cx="{wide}" cy="{long}"/><wp:wrapNone/>'
        '<wp:docPr id="9" name="版记"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{DRAWING}"><a:graphicData uri="{SHAPE}">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{long}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln>'
        f"</wps:spPr><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx>"
        '<wps:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b">'
        "<a:noAutofit/></wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        "</w:drawing></w:r>"
    )
    return paragraph_xml("GWGap", box, exactly(height))


def imprint_height(imprint: Imprint) -> int:
    """Return the height of the 版记 in twips, no more than a page holds."""
    return min(_whole_height(imprint), _MOST_HEIGHT)


def _whole_height(imprint: Imprint) -> int:
    width = _CELLS - 2 * _SIDE - _HANGING
    copies = sum(line_count(t, first=0, width=width, hang=False) for t in _copies(imprint))
    organ = "".join(lines_of(imprint.organ))
    date = _date(imprint)
    room = (TEXT_WIDTH - (_DATE_WIDTH if date else 0)) / FOOT_TYPE - _SIDE
    printed = line_count(organ, first=0, width=room, hang=False) if organ or date else 0
    rules = _OUTER * 20 // 8 * 2
    return (copies + printed) * IMPRINT_LINE + rules


def is_blank(imprint: Imprint) -> bool:
    """Say whether a 版记 would hold nothing."""
    return not (_copies(imprint) or lines_of(imprint.organ) or imprint.day)


def imprint_notes(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield which marks at the end of the list of copies gave way to its full stop.

    And that a page does not hold them all, or that there is no date, where it is so.
    """
    for block in blocks:
        if isinstance(block, Imprint):
            if lines_of(block.organ) and block.day is None:
                yield "版记没有印发日期，已留出空白，请补填。"
            if _whole_height(block) > _MOST_HEIGHT:
                yield "版记一页排不下，超出的部分不会印出，请精简抄送机关。"
            text = "".join(lines_of(block.copies)[-1:])
            marks = text[len(text.rstrip(_ENDS)) :].strip()
            if marks not in {"", "。"}:
                yield f"抄送机关末尾的“{marks}”已改为句号（GB/T 9704—2012 第 7.4.2 条）。"


def _copies(imprint: Imprint) -> list[str]:
    """Return the lines of those who get copies, a full stop at their end (7.4.2)."""
    lines = lines_of(imprint.copies.strip().removeprefix(_COPIES))
    if lines:
        lines[-1] = f"{lines[-1].rstrip(_ENDS)}。"
    return lines


def _date(imprint: Imprint) -> str:
    """Return when the paper was printed; blanks to be filled where only the organ is told."""
    return f"{chinese_date(imprint.day)}印发" if imprint.day or lines_of(imprint.organ) else ""


def _table(imprint: Imprint) -> str:
    """Return a row for the copies and one for the organ and the date, lines between (7.4.1)."""
    copies = "".join(
        paragraph_xml(
            "GWImprint",
            run_xml(line if number else f"{_COPIES}{line}"),
            _indent(left=_SIDE + _HANGING, hanging=0 if number else _HANGING, right=_SIDE),
        )
        for number, line in enumerate(_copies(imprint))
    )
    date, organ = _date(imprint), "".join(lines_of(imprint.organ))
    printed = paragraph_xml("GWImprint", run_xml(organ), _indent(left=_SIDE))
    dated = paragraph_xml("GWImprint", run_xml(date), f"{_indent(right=_SIDE)}{RIGHT}")
    rows: list[list[tuple[int, str]]] = []
    if copies:
        rows.append([(TEXT_WIDTH, copies)])
    if date:
        rows.append([(TEXT_WIDTH - _DATE_WIDTH, printed), (_DATE_WIDTH, dated)])
    grid = "".join(
        f'<w:gridCol w:w="{width}"/>' for width in (TEXT_WIDTH - _DATE_WIDTH, _DATE_WIDTH)
    )
    weights = [_OUTER, *[_INNER] * (len(rows) - 1), _OUTER]
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"{BARE_CELLS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        + "".join(
            _row(row, above, below)
            for row, above, below in zip(rows, weights, weights[1:], strict=False)
        )
        + "</w:tbl>"
    )


def _row(cells: list[tuple[int, str]], above: int, below: int) -> str:
    parts = ["<w:tr>"]
    span = '<w:gridSpan w:val="2"/>' if len(cells) == 1 else ""
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="{weight}" w:space="0" w:color="auto"/>'
        for side, weight in (("top", above), ("bottom", below))
    )
    for width, content in cells:
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}'
            f'<w:tcBorders>{borders}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>'
            f"{content}</w:tc>"
        )
    return f"{''.join(parts)}</w:tr>"


def _indent(**sides: float) -> str:
    """Return indents in characters of 四号."""
    attributes = " ".join(
        f'w:{side}Chars="{int(blank * 100)}" w:{side}="{int(blank * FOOT_TYPE)}"'
        for side, blank in sides.items()
    )
    return f"<w:ind {attributes}/>"
