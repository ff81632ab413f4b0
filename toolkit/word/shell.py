"""The package without its text: page, page numbers, settings, made once for each typography."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer

from toolkit.word.markup import HINT, XML_HEAD, paragraph_xml
from toolkit.word.package import bare_document, saved
from toolkit.word.page import FOOT_TYPE
from toolkit.word.properties import APP, APP_XML, CUSTOM
from toolkit.word.styles import font_table_xml, styles_xml


@dataclass(frozen=True, slots=True)
class Shell:
    """A package without its text: the main part's name, its ends, and the other parts."""

    main: str
    before: bytes
    after: bytes
    parts: Mapping[str, bytes]


@lru_cache(maxsize=16)
def shell(latin: str, pitch: int, has_custom: bool) -> Shell:  # noqa: FBT001 -- lru_cache keys
    """Return python-docx's template with our page, styles and settings in place of its own."""
    document = bare_document()
    package = document.part.package
    section = document.sections[0]
    _fill_footer(section.footer, "right")  # odd pages (7.5)
    _fill_footer(section.even_page_footer, "left")
    _set_page(document.element.body.sectPr, pitch)
    if has_custom:
        part = Part(PackURI(f"/{CUSTOM}"), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, b"", package)
        package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    main = document.part.partname.membername
    parts = saved(document) | {
        APP: APP_XML.encode(),
        "word/fontTable.xml": font_table_xml().encode(),
        "word/settings.xml": _settings(pitch).encode(),
        "word/styles.xml": styles_xml(latin, pitch).encode(),
    }
    start, body, rest = parts.pop(main).partition(b"<w:body>")
    return Shell(main, start + body, rest, parts)


def _fill_footer(footer: _Footer, side: str) -> None:
    """Set the page number between two 一字线, one character from that side (7.5)."""
    footer.is_linked_to_previous = False
    for paragraph in footer.paragraphs:
        footer._element.remove(paragraph._p)  # noqa: SLF001 -- python-docx has no other way
    mark = "<w:r><w:rPr>{}</w:rPr>{}</w:r>".format
    field = '<w:fldChar w:fldCharType="{}"/>'.format
    runs = (
        '<w:t xml:space="preserve">— </w:t>',
        field("begin"),
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        field("separate"),
        "<w:t>1</w:t>",
        field("end"),
        '<w:t xml:space="preserve"> —</w:t>',
    )
    ppr = f'<w:ind w:{side}Chars="100" w:{side}="{FOOT_TYPE}"/><w:jc w:val="{side}"/>'
    xml = paragraph_xml("GWFoot", "".join(mark(HINT, run) for run in runs), ppr)
    footer._element.append(_parsed(xml))  # noqa: SLF001


def _parsed(xml: str) -> BaseOxmlElement:
    """Return the element of a piece of WordprocessingML that declares no namespace."""
    return parse_xml(re.sub(r"^<[\w:]+", rf"\g<0> {nsdecls('w')}", xml))


def _set_page(section: BaseOxmlElement, pitch: int) -> None:
    """Set paper, margins (5.1, 5.2.1) and the grid of lines."""
    for name in ("pgSz", "pgMar", "cols", "docGrid"):
        for element in section.findall(qn(f"w:{name}")):
            section.remove(element)
    margins = (
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" '
        'w:header="851" w:footer="1440" w:gutter="0"/>'
    )
    grid = f'<w:docGrid w:type="lines" w:linePitch="{pitch}"/>'
    for xml in ('<w:pgSz w:w="11906" w:h="16838"/>', margins, '<w:cols w:space="425"/>', grid):
        section.append(_parsed(xml))


def _settings(pitch: int) -> str:
    return (
        f"{XML_HEAD}<w:settings {nsdecls('w')}>"
        '<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>'
        '<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        f'<w:drawingGridVerticalSpacing w:val="{pitch // 2}"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )
