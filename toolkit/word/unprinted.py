"""What Word shows of a template and no paper would print: each is a fault of its paragraph.

Comments, bookmarks, links and tracked changes are no such things: their text is kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Footer, _Header
from docx.text.paragraph import Paragraph

from toolkit.word.content import Fault

_THINGS = (
    ("w:drawing", "有图片或图形，印不出来。请删去。"),
    ("w:pict", "有图片或图形，印不出来。请删去。"),
    ("w:object", "有插入的对象，印不出来。请删去，要印的内容改成文字。"),
    ("m:oMath", "有公式，印不出来。请改成文字。"),
    ("w:sym", "有插入的符号，印不出来。请删去，用输入法重新输入。"),
    ("w:ruby", "有拼音标注，会和文字混在一起。请去掉拼音。"),
    ("w:footnoteReference", "有脚注，印不出来。请改成正文里的文字。"),
    ("w:endnoteReference", "有尾注，印不出来。请改成正文里的文字。"),
)
"""What holds more than the text of a paragraph, and what to do about it."""
_NUMBERED = "用了自动编号，编号印不出来。请把编号改成文字。"
_FIELD = "用了域（自动更新的日期、编号等），印出来不会更新。请改成文字或占位符。"
_LINK = re.compile(r"\s*HYPERLINK\b", re.IGNORECASE)
_UNLIKE = (
    (("w:vanish",), "有隐藏的文字“{}”，会印出来。请删去，或取消隐藏。"),
    (("w:strike", "w:dstrike"), "有带删除线的文字“{}”，会印成普通文字。请删去，或去掉删除线。"),
)
"""How text may look that is printed as if it did not."""
_OFF = frozenset({"0", "false", "off"})
_PAGE_NUMBER = re.compile(r"[\d\s—–－\-·/第共页]*")
_Styles = Mapping[str, BaseOxmlElement]
"""The styles of a document by what paragraphs and runs call them."""
_SHOWN = 20  # characters of a text that is quoted


def unprinted(document: DocxDocument) -> Iterator[Fault]:
    """Yield what would be lost or printed unlike it looks; 页眉 and 页脚 have no paragraph (0)."""
    styles = {style.style_id: style.element for style in document.styles}
    for number, paragraph in enumerate(document.paragraphs, 1):
        for said in dict.fromkeys(_in_paragraph(paragraph, styles)):
            yield Fault(number, said)
    for said in dict.fromkeys(_around(document)):
        yield Fault(0, said)


# -- paragraphs -----------------------------------------------------------------------------------


def _in_paragraph(paragraph: Paragraph, styles: _Styles) -> Iterator[str]:
    element = paragraph._p  # noqa: SLF001 -- python-docx tells nothing of numbers and fields
    worn = _based(styles, paragraph.style.style_id if paragraph.style is not None else "")
    if _is_numbered((element, *worn)) and paragraph.text.strip():
        yield _NUMBERED
    for tag, said in _THINGS:
        if next(element.iter(qn(tag)), None) is not None:
            yield said
    if any(code.strip() and not _LINK.match(code) for code in _fields(element)):
        yield _FIELD
    for tags, said in _UNLIKE:
        text = "".join(_text_with(tags, element, styles, worn))
        if text.strip():
            yield said.format(text[:_SHOWN] + "…" * (len(text) > _SHOWN))


def _based(styles: _Styles, style_id: str) -> list[BaseOxmlElement]:
    """Return a style and those that it is based on, nearest first, each once."""
    found: dict[str, BaseOxmlElement] = {}
    while style_id in styles and style_id not in found:
        found[style_id] = styles[style_id]
        style_id = next(iter(found[style_id].xpath("./w:basedOn/@w:val")), "")
    return list(found.values())


def _fields(element: BaseOxmlElement) -> Iterator[str]:
    """Yield the codes of a paragraph's fields, each from its beginning to its text."""
    code = ""
    for node in element.iter(qn("w:instrText"), qn("w:fldChar"), qn("w:fldSimple")):
        if node.tag == qn("w:instrText"):
            code += node.text or ""
            continue
        yield code
        code = node.get(qn("w:instr"), "")
    yield code


def _is_numbered(holders: Sequence[BaseOxmlElement]) -> bool:
    """Say whether Word numbers a paragraph; the nearest of itself and its styles decides."""
    lists = (found for each in holders for found in each.xpath("./w:pPr/w:numPr/w:numId/@w:val"))
    return next(lists, "0") != "0"


def _text_with(
    tags: Sequence[str],
    element: BaseOxmlElement,
    styles: _Styles,
    worn: Sequence[BaseOxmlElement],
) -> Iterator[str]:
    """Yield the texts of a paragraph that look a way, of their own or by their styles."""
    for run in element.xpath(".//w:r[not(ancestor::w:moveFrom)]"):
        own = next(iter(run.xpath("./w:rPr/w:rStyle/@w:val")), "")
        holders = (run, *_based(styles, own), *worn)
        if any(_is_on(tag, holders) for tag in tags):
            yield from (node.text or "" for node in run.iter(qn("w:t")))


def _is_on(tag: str, holders: Sequence[BaseOxmlElement]) -> bool:
    """Say whether a property of text is on; the nearest that tells it decides."""
    found = (node for each in holders for node in each.xpath(f"./w:rPr/{tag}"))
    node = next(found, None)
    return node is not None and node.get(qn("w:val"), "1") not in _OFF


# -- headers and footers --------------------------------------------------------------------------


def _around(document: DocxDocument) -> Iterator[str]:
    """Yield what stands in headers and footers; a page number is set by the paper itself."""
    even = document.settings.odd_and_even_pages_header_footer
    for section in document.sections:
        for name, part in _edges(section, even=even):
            if part.is_linked_to_previous:
                continue
            element = part._element  # noqa: SLF001 -- text also in boxes
            text = "".join(node.text or "" for node in element.iter(qn("w:t"))).strip()
            if not _PAGE_NUMBER.fullmatch(text):
                shown = text[:_SHOWN] + "…" * (len(text) > _SHOWN)
                yield f"{name}里有文字“{shown}”，印不出来。请移到正文里，或删去。"
            if element.xpath("(.//w:drawing|.//w:pict|.//w:object)[not(.//w:txbxContent)]"):
                yield f"{name}里有图片或图形，印不出来。请删去。"


def _edges(section: Section, *, even: bool) -> Iterator[tuple[str, _Header | _Footer]]:
    """Yield the headers and footers that a section shows."""
    yield from (("页眉", section.header), ("页脚", section.footer))
    if section.different_first_page_header_footer:
        yield from (("页眉", section.first_page_header), ("页脚", section.first_page_footer))
    if even:
        yield from (("页眉", section.even_page_header), ("页脚", section.even_page_footer))
