"""A page turned: the same 版心, its long side across, the number where the sheet has it (8).

The page number stands at the same place of the sheet as on the other pages, so that it reads
when the sheet stands up: in a box at the left edge, turned by a right angle.
"""

import re

TURNED_PAGE = (
    '<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>'
    '<w:pgMar w:top="1588" w:right="2098" w:bottom="1474" w:left="1984" '
    'w:header="851" w:footer="851" w:gutter="0"/>'
)
"""The paper and its margins: those of 5.2.1, turned."""

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SHAPE = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
"""The namespaces of a box in the text; the others are declared by the part."""

_FOOT = re.compile(rb"(<w:p>.*</w:p>)", re.DOTALL)
# EMU: where the turned number's box stands on the sheet, 156 mm long beside the 版心's short side.
_BOX_X, _BOX_Y, _BOX_WIDE, _BOX_LONG = 910800, 1008000, 180000, 5616000


def turned_foot(part: bytes, number: int) -> bytes:
    """Return the part of a foot with its paragraph in a box at the left, turned.

    `number` tells the boxes of a document from one another.
    """
    before, paragraph, after = _FOOT.split(part)
    start, end = _box(number)
    return before + start.encode() + paragraph + end.encode() + after


def _box(number: int) -> tuple[str, str]:
    """Return the paragraph of a foot, before and after what stands in its box.

    Text goes round it, though none comes near: a box that text may cover, LibreOffice sets into the
    corner of the first turned page behind an upright one.
    """
    start = (
        '<w:p><w:pPr><w:pStyle w:val="GWFoot"/></w:pPr><w:r><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{number + 1}" behindDoc="0" locked="0" layoutInCell="1" '
        'allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="page"><wp:posOffset>{_BOX_X}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="page"><wp:posOffset>{_BOX_Y}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{_BOX_WIDE}" cy="{_BOX_LONG}"/><wp:wrapSquare wrapText="bothSides"/>'
        f'<wp:docPr id="{number}" name="页码{number}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic xmlns:a="{DRAWING}"><a:graphicData uri="{SHAPE}">'
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
