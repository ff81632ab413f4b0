"""The styles of 公文, and the fonts that may stand in for theirs."""

from docx.oxml.ns import nsdecls

from toolkit.word.document import Role
from toolkit.word.markup import CENTRED, XML_HEAD, attribute, exactly, indent_xml
from toolkit.word.page import (
    CELL_LINE,
    FANGSONG,
    FOOT_TYPE,
    HEITI,
    IMPRINT_LINE,
    KAITI,
    SONGTI,
    TITLE_LINE,
    XIAOBIAOSONG,
)

STYLES = {
    Role.BODY: "GWBody",
    Role.LEVEL1: "1",
    Role.LEVEL2: "2",
    Role.LEVEL3: "3",
    Role.LEVEL4: "4",
    Role.NOTE: "GWNote",
    Role.ATTENDANCE: "GWTo",
}
"""The paragraph style of each role."""
LEAD_STYLES = {Role.LEVEL1: "GWHei", Role.LEVEL2: "GWKai", Role.ATTENDANCE: "GWHei"}
"""The character style of a lead; below the second level the type is that of the body."""
KEPT_ROLES = frozenset({Role.LEVEL1, Role.LEVEL2})
"""The roles whose styles keep them with what follows."""

RED = "FF0000"
"""The colour of the 发文机关标志 and of the line below the 版头 (7.2.4, 7.2.7)."""

_SUBSTITUTES = {FANGSONG: "仿宋", KAITI: "楷体", XIAOBIAOSONG: "方正小标宋_GBK"}
_NO_STYLES = (  # the defaults Word expects beside Normal
    '<w:style w:type="character" w:default="1" w:styleId="a0">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/>'
    '<w:unhideWhenUsed/></w:style><w:style w:type="table" w:default="1" w:styleId="a1">'
    '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
    '<w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '</w:style><w:style w:type="numbering" w:default="1" w:styleId="a2">'
    '<w:name w:val="No List"/><w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
    "</w:style>"
)


def _fonts(face: str, latin: str) -> str:
    names = {"ascii": latin or face, "hAnsi": latin or face, "eastAsia": face}
    attributes = " ".join(f'w:{name}="{attribute(font)}"' for name, font in names.items())
    return f'<w:rFonts w:hint="eastAsia" {attributes} w:cs="Times New Roman"/>'


def styles_xml(latin: str, pitch: int) -> str:
    """Return styles.xml; every font by its name, as WPS misses fonts named by a theme."""
    body = _fonts(FANGSONG, latin)
    size = '<w:sz w:val="32"/><w:szCs w:val="32"/>'  # 三号 (5.2.2)
    indent = indent_xml(firstLine=2)  # 7.3.3
    kai, hei = _fonts(KAITI, latin), _fonts(HEITI, latin)
    heads = ((Role.LEVEL1, hei), (Role.LEVEL2, kai), (Role.LEVEL3, ""), (Role.LEVEL4, ""))
    title = f"{_fonts(XIAOBIAOSONG, latin)}{_sized(44)}"
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:overflowPunct w:val="1"/>'
        f'{exactly(pitch)}<w:jc w:val="both"/></w:pPr>'
        f'<w:rPr>{body}<w:spacing w:val="-5"/>{size}</w:rPr></w:style>'
    )
    styles = (
        normal,
        _NO_STYLES,
        *(
            _style(
                STYLES[role],
                f"heading {level}",
                f"{'<w:keepNext/>' if role in KEPT_ROLES else ''}{indent}"
                f'<w:outlineLvl w:val="{level - 1}"/>',
                face,
                following="GWBody",
            )
            for level, (role, face) in enumerate(heads, 1)
        ),
        _style("GWBody", "公文正文", indent),
        _style("GWNote", "附注", indent),
        _style("GWTo", "主送机关"),
        _style("GWSign", "落款"),
        _style("GWTitle", "公文标题", f"<w:keepNext/>{_off_grid(TITLE_LINE)}{CENTRED}", title),
        _style("GWSubtitle", "公文副标题", f"<w:keepNext/>{CENTRED}", kai),
        _style("GWHead", "版头", _off_grid(pitch)),
        _style(
            "GWMark",
            "发文机关标志",
            f'<w:snapToGrid w:val="0"/>{CENTRED}',
            f'{_fonts(XIAOBIAOSONG, latin)}<w:color w:val="{RED}"/>',
        ),
        _style("GWImprint", "版记", _off_grid(IMPRINT_LINE), _sized(2 * FOOT_TYPE // 20)),
        _style("GWGap", "间隔", '<w:snapToGrid w:val="0"/>'),
        _style("GWFoot", "页码", _off_grid(FOOT_TYPE), f"{_fonts(SONGTI, '')}{_sized(28)}"),
        _style("GWCell", "表格文字", f"{_off_grid(CELL_LINE)}{CENTRED}", _sized(24)),
        _style("GWHei", "黑体字", "", hei, kind="character"),
        _style("GWKai", "楷体字", "", kai, kind="character"),
    )
    return (
        f"{XML_HEAD}<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{body}{size}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault/></w:docDefaults>{''.join(styles)}</w:styles>"
    )


def _style(  # noqa: PLR0913 -- the parts of a style in the schema's order
    identity: str,
    name: str,
    ppr: str = "",
    rpr: str = "",
    *,
    following: str = "",
    kind: str = "paragraph",
) -> str:
    own = "" if name.startswith("heading") else ' w:customStyle="1"'
    parts = (
        f'<w:style w:type="{kind}"{own} w:styleId="{identity}"><w:name w:val="{name}"/>',
        f'<w:basedOn w:val="{"a" if kind == "paragraph" else "a0"}"/>',
        f'<w:next w:val="{following}"/>' if following else "",
        "<w:qFormat/>",
        f"<w:pPr>{ppr}</w:pPr>" if ppr else "",
        f"<w:rPr>{rpr}</w:rPr>" if rpr else "",
        "</w:style>",
    )
    return "".join(parts)


def _off_grid(twips: int) -> str:
    return f'<w:snapToGrid w:val="0"/>{exactly(twips)}'


def _sized(half_points: int) -> str:
    """Return type that is not condensed; only the body's lines of 28 need that."""
    return f'<w:spacing w:val="0"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def font_table_xml() -> str:
    """Return fontTable.xml: what a computer without a font may take instead."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
        for name, other in _SUBSTITUTES.items()
    )
    return f"{XML_HEAD}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
