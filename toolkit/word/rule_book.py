"""Builds 规则手册, the book of rules that an office prints: a list by family, then each in full.

No 公文: A4 in type that reads well on a desk. It is plain WordprocessingML set into python-docx's
package, so that equal rules give equal bytes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from docx.document import Document as DocxDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from toolkit.findings import Level
from toolkit.package import zipped
from toolkit.report import RuleFamily, RulePage
from toolkit.word.markup import CENTRED, XML_HEAD, attribute, paragraph_xml, run_xml
from toolkit.word.package import bare_document, saved
from toolkit.word.page import HEITI, SONGTI
from toolkit.word.properties import APP, APP_XML, CORE, core_xml

TITLE = "核对规则手册"

_SUBTITLE = "软弱涣散党组织整顿工作簿"
_INTRODUCTION = (
    "村级、镇级工作簿报送以后，程序按这些规则逐条核对。核对结果每一条末尾的编号，就是规则编号；"
    "按编号在本手册里可以查到：为什么查，怎么改。"
)
_LEVELS = {
    Level.ERROR: "不改正，汇总和公文会出错或者留空。改正后重新报送。",
    Level.WARNING: "可能有误，请核对。确有原因的，在“情况说明”表里写明，以后按已说明处理。",
    Level.INFO: "程序已按通常意思读取，或者提前提醒。核对无误的，可以不改。",
}
_STAGES = "标“试行”的规则一律按提示报告；标“停用”的只保留编号，不再核对。"
_USUAL_STAGE = "生效"

_WIDTH = 9354  # twips: A4 less margins of 22.5 mm
_CODE, _FAULT, _LEVEL = 1100, 6954, 1300
_BORDER = "BFBFBF"
_SHADE, _BAND_SHADE = "EDEDED", "F7F7F7"


def rule_book(families: Sequence[RuleFamily]) -> bytes:
    """Return the book of rules as a .docx; equal rules give equal bytes."""
    document = bare_document()
    _set_page(document)
    main = document.part.partname.membername
    parts = saved(document)
    before, body, after = parts[main].partition(b"<w:body>")
    parts |= {
        main: before + body + "".join(_body(families)).encode() + after,
        APP: APP_XML.encode(),
        CORE: core_xml(f"{_SUBTITLE}{TITLE}", "").encode(),
        "word/settings.xml": _SETTINGS.encode(),
        "word/styles.xml": _styles().encode(),
    }
    return zipped(parts)


# ---- the text


def _body(families: Sequence[RuleFamily]) -> Iterator[str]:
    yield paragraph_xml("RBTitle", run_xml(_SUBTITLE))
    yield paragraph_xml("RBTitle", run_xml(TITLE))
    yield paragraph_xml("RBText", run_xml(_INTRODUCTION))
    yield from _entries((level.label, text) for level, text in _LEVELS.items())
    yield paragraph_xml("RBText", run_xml(_STAGES))
    yield paragraph_xml("1", run_xml("目录"))
    yield _contents(families)
    number = 0
    for place, family in enumerate(families):
        apart = "" if place else "<w:pageBreakBefore/>"
        yield paragraph_xml("1", run_xml(f"{family.letter}　{family.title}"), apart)
        for page in family.pages:
            yield _heading(page, number)
            yield from _entries((("原因", page.why), ("改法", page.remedy)))
            number += 1


def _heading(page: RulePage, number: int) -> str:
    """Return a rule's heading, with the mark that the list of contents leads to."""
    start = f'<w:bookmarkStart w:id="{number}" w:name="{attribute(page.code)}"/>'
    runs = run_xml(f"{page.code}　{_fault(page)}（{_standing(page)}）")
    return paragraph_xml("2", f'{start}{runs}<w:bookmarkEnd w:id="{number}"/>')


def _fault(page: RulePage) -> str:
    return page.fault.removesuffix("。")


def _standing(page: RulePage) -> str:
    """Return a rule's level, and its stage where that is not the usual one."""
    return page.level.label + (f"·{page.stage}" if page.stage != _USUAL_STAGE else "")


def _entries(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield paragraphs that hang below their labels, together on one page."""
    known = list(entries)
    for left, (label, text) in enumerate(known, 1 - len(known)):
        runs = run_xml(f"{label}：", "RBStrong") + run_xml(text)
        yield paragraph_xml("RBEntry", runs, keep=bool(left))


def _contents(families: Sequence[RuleFamily]) -> str:
    columns = (_CODE, _FAULT, _LEVEL)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    rows = [_row([("规则", _CODE), ("查什么", _FAULT), ("级别", _LEVEL)], _SHADE, is_head=True)]
    for family in families:
        rows.append(_row([(f"{family.letter}　{family.title}", _WIDTH)], _BAND_SHADE))
        rows += [
            _row([(page.code, _CODE), (_fault(page), _FAULT), (_standing(page), _LEVEL)])
            for page in family.pages
        ]
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_BORDER}"/>' for side in sides
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{borders}'
        f'</w:tblBorders><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )


def _row(cells: Sequence[tuple[str, int]], shade: str = "", *, is_head: bool = False) -> str:
    """Return a row; a shaded one is a heading, any other leads from its code to the rule."""
    head = "<w:tblHeader/>" if is_head else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    parts = [f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>"]
    for text, width in cells:
        span = '<w:gridSpan w:val="3"/>' if width == _WIDTH else ""
        run = run_xml(text, "RBStrong" if shade else "")
        if width == _CODE and not shade:
            run = f'<w:hyperlink w:anchor="{attribute(text)}" w:history="1">{run}</w:hyperlink>'
        side = "" if width in (_FAULT, _WIDTH) and not is_head else CENTRED
        cell = paragraph_xml("RBCell", run, side, keep=bool(shade))
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}'
            f'<w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
        )
    return f"{''.join(parts)}</w:tr>"


# ---- the page


def _set_page(document: DocxDocument) -> None:
    """Set paper, margins, and a foot that counts the pages."""
    section = document.sections[0]
    for name, value in (("page_width", 11906), ("page_height", 16838)):
        setattr(section, name, value * 635)  # twips to English metric units
    for side in ("left_margin", "right_margin"):
        setattr(section, side, (11906 - _WIDTH) // 2 * 635)
    for side in ("top_margin", "bottom_margin"):
        setattr(section, side, 1304 * 635)
    for side in ("header_distance", "footer_distance"):
        setattr(section, side, 680 * 635)
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    field = (
        f'{mark("begin")}<w:r><w:instrText xml:space="preserve"> {{}} </w:instrText></w:r>'
        f"{mark('separate')}{run_xml('1')}{mark('end')}"
    ).format
    runs = (run_xml("第 "), field("PAGE"), run_xml(" 页　共 "), field("NUMPAGES"), run_xml(" 页"))
    for part, xml in (
        (section.header, paragraph_xml("RBHead", run_xml(f"{_SUBTITLE}{TITLE}"))),
        (section.footer, paragraph_xml("RBFoot", "".join(runs))),
    ):
        part.is_linked_to_previous = False
        for paragraph in part.paragraphs:
            part._element.remove(paragraph._p)  # noqa: SLF001 -- python-docx has no other way
        declared = re.sub(r"^<[\w:]+", rf"\g<0> {nsdecls('w')}", xml)
        part._element.append(parse_xml(declared))  # noqa: SLF001 -- as above


_SETTINGS = (
    f'{XML_HEAD}<w:settings {nsdecls("w")}><w:zoom w:percent="100"/>'
    '<w:defaultTabStop w:val="420"/><w:characterSpacingControl w:val="compressPunctuation"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
)


def _styles() -> str:
    """Return styles.xml; every font by its name, as WPS misses fonts named by a theme."""
    song, hei = _fonts(SONGTI), _fonts(HEITI)
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{song}{_size(21)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    kept = "<w:keepNext/><w:keepLines/>"
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="4" w:space="4" w:color="{_BORDER}"/></w:pBdr>'
    hanging = '<w:ind w:left="630" w:hanging="630"/>'
    grey = '<w:color w:val="595959"/>'
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>'
        f"<w:qFormat/><w:pPr>{_space(0, 0)}</w:pPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="a0">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="a1"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
        '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr></w:style>"
    )
    strong = (
        '<w:style w:type="character" w:customStyle="1" w:styleId="RBStrong">'
        f'<w:name w:val="手册强调"/><w:basedOn w:val="a0"/><w:rPr>{hei}</w:rPr></w:style>'
    )
    styles = (
        normal,
        _style("1", "heading 1", f'{kept}{_space(240, 120)}<w:outlineLvl w:val="0"/>', hei, 30),
        _style("2", "heading 2", f'{kept}{_space(200, 40)}<w:outlineLvl w:val="1"/>', hei, 23),
        _style("RBTitle", "手册标题", f"{_space(60, 60)}{CENTRED}", hei, 40),
        _style("RBText", "手册正文", f'{_space(120, 120)}<w:ind w:firstLine="420"/>'),
        _style("RBEntry", "手册条目", f"<w:keepLines/>{_space(20, 20)}{hanging}"),
        _style("RBCell", "手册表格", _space(30, 30, 240), "", 20),
        _style("RBHead", "手册页眉", f"{rule}{_space(0, 0, 240)}{CENTRED}", grey, 18),
        _style("RBFoot", "手册页脚", f"{_space(0, 0, 240)}{CENTRED}", grey, 18),
        strong,
    )
    return f"{XML_HEAD}<w:styles {nsdecls('w')}>{defaults}{''.join(styles)}</w:styles>"


def _style(identity: str, name: str, ppr: str, rpr: str = "", half_points: int = 21) -> str:
    own = "" if name.startswith("heading") else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{own} w:styleId="{identity}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="a"/><w:qFormat/><w:pPr>{ppr}</w:pPr>'
        f"<w:rPr>{rpr}{_size(half_points)}</w:rPr></w:style>"
    )


def _fonts(face: str) -> str:
    return (
        f'<w:rFonts w:hint="eastAsia" w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" '
        'w:cs="Times New Roman"/>'
    )


def _size(half_points: int) -> str:
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _space(before: int, after: int, line: int = 324) -> str:
    """Return the room around a paragraph and between its lines; 240 is single."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{line}" w:lineRule="auto"/>'
