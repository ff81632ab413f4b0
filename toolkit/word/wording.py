"""The office's standing wording: content templates as .docx, built from the package's texts."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import docx
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as DocxParagraph

from toolkit.errors import TemplateError
from toolkit.package import zipped
from toolkit.word.completeness import wanting
from toolkit.word.content import (
    ANNEX,
    CONTROL_STYLE,
    COPIES,
    DAY,
    LANDSCAPE_ANNEX,
    ORGAN,
    STYLES,
    TABLE_HEAD,
    TABLE_ROW,
    TITLE,
    TO,
    Content,
    Line,
    refused,
)
from toolkit.word.package import bare_document, saved
from toolkit.word.page import FANGSONG, HEITI, KAITI, SONGTI, XIAOBIAOSONG
from toolkit.word.parsing import parsed
from toolkit.word.sorts import Sort, sort_named
from toolkit.word.unprinted import unprinted

# How a style looks to who edits the template; the builder sets the page.
_FACES = {
    **dict.fromkeys((TITLE, ANNEX, LANDSCAPE_ANNEX), XIAOBIAOSONG),
    **dict.fromkeys(("一级标题", TABLE_HEAD), HEITI),
    "二级标题": KAITI,
    CONTROL_STYLE: SONGTI,
}
_POINTS = {
    **dict.fromkeys((TITLE, ANNEX, LANDSCAPE_ANNEX), 22),
    **dict.fromkeys((TABLE_HEAD, TABLE_ROW), 12),
    COPIES: 14,
    CONTROL_STYLE: 10,
}
_BODY_POINTS = 16
_ALIGNED = {
    **dict.fromkeys((TITLE, ANNEX, LANDSCAPE_ANNEX), WD_ALIGN_PARAGRAPH.CENTER),
    **dict.fromkeys((ORGAN, DAY), WD_ALIGN_PARAGRAPH.RIGHT),
}
_FLUSH = frozenset({TO, TABLE_HEAD, TABLE_ROW, COPIES})
"""The styles whose paragraphs begin at the left edge."""
_FRAMED = frozenset({TABLE_HEAD, TABLE_ROW})
"""The styles that show a frame, so that rows of tables are known from text."""
_FRAME = (
    f"<w:pBdr {nsdecls('w')}>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="1" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "between")
    )
    + "</w:pBdr>"
)
_GREY = RGBColor(0x80, 0x80, 0x80)
_TEXTS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


# -- read -----------------------------------------------------------------------------------------


def template_from(name: str, path: Path | None) -> Content:
    """Return the office's own template, or the package's where it has none.

    Raises a TemplateError that tells all for which the office's cannot be read or used.
    """
    if path is None:
        return standard_template(name)
    return checked_template(path, sort_named(name))


def checked_template(path: Path, sort: Sort) -> Content:
    """Return a template in a file, whole as its sort asks and every name in it known there.

    Raises a TemplateError that tells all that is wrong with it.
    """
    try:
        data = path.read_bytes()
    except OSError:
        raise TemplateError(
            f"文稿模板“{path}”打不开。请核对文件名，并关闭正在编辑它的程序。"
        ) from None
    return read_template(data, path.stem, sort)


@cache
def standard_template(name: str) -> Content:
    """Return a template as the package ships it."""
    data = files("toolkit.word").joinpath("templates", f"{name}.docx").read_bytes()
    return read_template(data, name)


def read_template(data: bytes, name: str, sort: Sort | None = None) -> Content:
    """Return the template in a .docx; raises TemplateError where it is none.

    With a sort its names are looked at as well, and understood in brackets of any kind, and so
    is whether it makes a whole paper.
    """
    try:
        document = docx.Document(BytesIO(data))
        paragraphs = document.paragraphs
    except Exception:  # noqa: BLE001 -- a damaged file can raise whatever zip, XML and docx raise
        raise TemplateError(
            f"文稿模板《{name}》打不开。请用 Word 或 WPS 另存为 .docx 再用。"
        ) from None
    _refuse_what_would_be_lost(document, name)
    faults = list(unprinted(document))
    lines = [Line(_style_name(each), _text(each)) for each in paragraphs]
    content = parsed(lines, name, sort.specimen() if sort else None, faults)
    if sort:
        faults += wanting(content.nodes, signed=sort.signed)
    if faults:
        raise refused(name, faults)
    return content


def _refuse_what_would_be_lost(document: DocxDocument, name: str) -> None:
    """Raise TemplateError where text stands that is in no paragraph of the body."""
    for place, what in (
        ("./w:tbl", "表格"),
        (".//w:txbxContent", "文本框"),
        ("./w:sdt", "内容控件"),
        ("./w:customXml | ./w:altChunk", "嵌入的内容"),
    ):
        if document.element.body.xpath(place):
            raise TemplateError(
                f"文稿模板《{name}》里有{what}，里面的文字写不进公文。请把文字改成普通段落。"
            )


def _style_name(paragraph: DocxParagraph) -> str:
    style = paragraph.style
    return style.name if style is not None and style.name else "Normal"


def _text(paragraph: DocxParagraph) -> str:
    """Return a paragraph's text over all its runs, tracked changes taken as accepted."""
    nodes = paragraph._p.xpath(".//w:r[not(ancestor::w:moveFrom)]/*")  # noqa: SLF001 -- its own text lacks these
    return "".join(_TEXTS.get(node.tag, "") or _said(node) for node in nodes)


def _said(node: BaseOxmlElement) -> str:
    return node.text or "" if node.tag == qn("w:t") else ""


# -- build ----------------------------------------------------------------------------------------


def wording(name: str) -> tuple[Line, ...]:
    """Return the paragraphs of a template as the package's plain text has them.

    A line is `style|text`; without a style it is a line of controls.
    """
    text = files("toolkit.word").joinpath("templates", f"{name}.txt").read_text("utf-8")
    lines = (line.partition("|") for line in text.splitlines() if line)
    return tuple(Line(style or CONTROL_STYLE, content) for style, _, content in lines)


def template_docx(name: str) -> bytes:
    """Return a template as the .docx that staff edit; equal wording gives equal bytes."""
    document = bare_document()
    for style in list(document.styles):
        if style.type != WD_STYLE_TYPE.PARAGRAPH or style.name != "Normal":
            style.element.getparent().remove(style.element)
    for style_name in (*STYLES, CONTROL_STYLE):
        _dress(document.styles.add_style(style_name, WD_STYLE_TYPE.PARAGRAPH))
    for line in wording(name):
        document.add_paragraph(line.text, style=line.style)
    document.core_properties.title = f"{name}（文稿模板）"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    return zipped(saved(document))


def _dress(style: ParagraphStyle) -> None:
    name = style.name
    face, points = _FACES.get(name, FANGSONG), _POINTS.get(name, _BODY_POINTS)
    style.quick_style = True
    style.font.name = face
    style.font.size = Pt(points)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), face)
    if name == CONTROL_STYLE:
        style.font.color.rgb = _GREY
    if name in _ALIGNED:
        style.paragraph_format.alignment = _ALIGNED[name]
    elif name not in _FLUSH:
        style.paragraph_format.first_line_indent = Pt(2 * points)
    if name in _FRAMED:
        style.element.get_or_add_pPr().append(parse_xml(_FRAME))
