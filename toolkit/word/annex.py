"""整顿台账 as an annex (附件) in landscape: problems, measures, who answers for them.

A page of GB/T 9704-2012 turned: the same 版心, its long side across (clause 8), and the page
number at the same place of the sheet, so that the turned number reads when the sheet stands up.
"""

import datetime as dt
import re
from collections.abc import Container, Iterator, Mapping, Sequence

from toolkit.forms.lists import Answer
from toolkit.package import zipped
from toolkit.schema.kinds import Day
from toolkit.word.document import STANDARD, Typography
from toolkit.word.lines import line_count, lines_of
from toolkit.word.markup import LEFT, LINE_BREAK, paragraph_xml, run_xml
from toolkit.word.page import CELL_LINE, CELL_MARGIN, CELL_TYPE, LEAST_ROW, TEXT_HEIGHT, TEXT_WIDTH
from toolkit.word.properties import CORE, CUSTOM, TEXT, core_xml, custom_xml, text_digest
from toolkit.word.shell import shell
from toolkit.word.titles import title_lines

_WIDTH, _HEIGHT = TEXT_HEIGHT, TEXT_WIDTH  # twips: the 版心 turned
_OWNERS = "责任人\n（责任领导）"
_HEAD = ("村名", "问题", "措施编号", "措施内容", _OWNERS, "责任单位", "完成时限", "办理状态")
_WIDTHS = (960, 1900, 1200, 2776, 1560, 1340, 1780, 1240)  # twips; their sum is the width
_TEXT_AT, _PROBLEM_AT = _HEAD.index("措施内容"), _HEAD.index("问题")
_SPREAD = frozenset({_PROBLEM_AT, _TEXT_AT})  # columns of sentences, which begin at the left

_PAGE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="1588" w:right="2098" w:bottom="1474" w:left="1984" '
    'w:header="851" w:footer="851" w:gutter="0"/>'
)
_UPRIGHT = re.compile(rb"<w:pgSz[^>]*/><w:pgMar[^>]*/>")
_FOOT = re.compile(rb"(<w:p>.*</w:p>)", re.DOTALL)
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
# EMU: where the turned number's box stands on the sheet, 156 mm long beside the 版心's short side.
_BOX_X, _BOX_Y, _BOX_WIDE, _BOX_LONG = 910800, 1008000, 180000, 5616000


def write_annex(
    title: str,
    answers: Sequence[Answer],
    as_of: dt.date,
    source: str,
    typography: Typography = STANDARD,
) -> bytes:
    """Return the annex as a .docx; with villages in a column where there are several.

    `source` is the digest of what it was made from. Equal input gives equal bytes.
    """
    package = shell(typography.latin_font, typography.pitch, has_custom=True)
    body = "".join(_body(title, answers, as_of)).encode()
    parts = {
        **_turned(package.parts),
        package.main: package.before + body + _UPRIGHT.sub(_PAGE.encode(), package.after),
        CORE: core_xml(title, "").encode(),
    }
    properties = {"zhengdun.source": source, "zhengdun.as_of": as_of.isoformat()}
    properties[TEXT] = text_digest(parts[package.main])
    return zipped({**parts, CUSTOM: custom_xml(properties).encode()})


def _body(title: str, answers: Sequence[Answer], as_of: dt.date) -> Iterator[str]:
    yield paragraph_xml("GWTo", run_xml("附件", "GWHei"))  # 7.3.7
    yield paragraph_xml("GWTo")
    yield paragraph_xml("GWTitle", LINE_BREAK.join(map(run_xml, title_lines(title))))
    yield paragraph_xml("GWSubtitle", run_xml(f"（截至{Day().text(as_of)}）"))
    yield _table(answers)
    yield paragraph_xml("GWTo")  # Word wants a paragraph there


# -- the table ------------------------------------------------------------------------------------

_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_TABLE = (
    f'<w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>'
    + "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in _SIDES)
    + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
    + "".join(f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    + "</w:tblCellMar></w:tblPr>"
)


def _table(answers: Sequence[Answer]) -> str:
    """Return the table; each row says whose it is, so that any page can be read alone."""
    several = len({answer.village for answer in answers}) > 1
    widths, shift = list(_WIDTHS), 0
    if not several:
        widths[_TEXT_AT] += widths[0]
        shift = 1
    spread = {at - shift for at in _SPREAD}
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths[shift:])
    head = _row(_HEAD[shift:], widths[shift:], frozenset(), is_head=True)
    rows = "".join(_row(answer[shift:], widths[shift:], spread) for answer in answers)
    return f"<w:tbl>{_TABLE}<w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"


def _row(
    texts: Sequence[str], widths: Sequence[int], spread: Container[int], *, is_head: bool = False
) -> str:
    """Return a row; none is torn that a page could hold."""
    tall = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
    whole = "<w:cantSplit/>" if tall * CELL_LINE < _HEIGHT - 2 * LEAST_ROW else ""
    head = "<w:tblHeader/>" if is_head else ""
    parts = [f'<w:trPr>{whole}<w:trHeight w:val="{LEAST_ROW}" w:hRule="atLeast"/>{head}</w:trPr>']
    face = "GWHei" if is_head else ""
    for at, (text, width) in enumerate(zip(texts, widths, strict=True)):
        side = LEFT if at in spread else ""
        lines = lines_of(text) or [""]  # an empty cell, too, must hold a paragraph
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        )
        parts += [paragraph_xml("GWCell", run_xml(line, face), side) for line in lines]
        parts.append("</w:tc>")
    return f"<w:tr>{''.join(parts)}</w:tr>"


def _lines(text: str, width: int) -> int:
    room = (width - 2 * CELL_MARGIN) / CELL_TYPE
    return sum(line_count(each, first=0, width=room, hang=False) for each in lines_of(text))


# -- the turned page number -----------------------------------------------------------------------


def _turned(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the parts with each foot's number in a box at the left, turned by a right angle."""
    feet = sorted(name for name, part in parts.items() if b"<w:ftr" in part)
    turned = dict(parts)
    for number, name in enumerate(feet, 1):
        before, paragraph, after = _FOOT.split(parts[name])
        start, end = _box(number)
        turned[name] = before + start.encode() + paragraph + end.encode() + after
    return turned


def _box(number: int) -> tuple[str, str]:
    """Return the paragraph of a foot, before and after what stands in its box."""
    start = (
        '<w:p><w:pPr><w:pStyle w:val="GWFoot"/></w:pPr><w:r><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{number + 1}" behindDoc="0" locked="0" layoutInCell="1" '
        'allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{_BOX_X}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{_BOX_Y}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{_BOX_WIDE}" cy="{_BOX_LONG}"/><wp:wrapNone/>'
        f'<wp:docPr id="{number}" name="页码{number}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{_DRAWING}"><a:graphicData uri="{_SHAPE}">'
        '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{_BOX_WIDE}" cy="{_BOX_LONG}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln>'
        "</wps:spPr><wps:txbx><w:txbxContent>"
    )
    end = (
        '</w:txbxContent></wps:txbx><wps:bodyPr vert="vert" wrap="square" '
        'lIns="0" tIns="0" rIns="0" bIns="0" anchor="t"><a:noAutofit/></wps:bodyPr></wps:wsp>'
        "</a:graphicData></a:graphic></wp:anchor></w:drawing></w:r></w:p>"
    )
    return start, end
