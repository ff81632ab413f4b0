"""The package without its text: page, page numbers, settings, made once for each typography."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.document import DocumentPart

from toolkit.word.landscape import TURNED_PAGE, turned_foot
from toolkit.word.markup import HINT, XML_HEAD, paragraph_xml
from toolkit.word.package import bare_document, saved
from toolkit.word.page import FOOT_TYPE
from toolkit.word.properties import APP, APP_XML, CUSTOM
from toolkit.word.styles import font_table_xml, styles_xml

_SIDES = {"default": "right", "even": "left"}  # 7.5: where a page's number stands
_UPRIGHT_PAGE = (  # 5.1, 5.2.1
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" '
    'w:header="851" w:footer="1440" w:gutter="0"/>'
)


@dataclass(frozen=True, slots=True)
class Shell:
    """A package without its text: the main part's name, its ends, and the other parts.

    `upright` and `turned` are the properties of a section of such pages; those of the last
    section stand between the text and `after`.
    """

    main: str
    before: bytes
    after: bytes
    parts: Mapping[str, bytes]
    upright: str
    turned: str


@lru_cache(maxsize=16)
def shell(
    latin: str,
    pitch: int,
    has_custom: bool,  # noqa: FBT001 -- lru_cache keys
    has_turned: bool = False,  # noqa: FBT001, FBT002
) -> Shell:
    """Return python-docx's template with our page, styles and settings in place of its own.

    Only a document that `has_turned` pages has their feet.
    """
    document = bare_document()
    package = document.part.package
    document.element.body.remove(document.element.body.sectPr)
    _, upright = _feet(document.part)
    names, turned = _feet(document.part) if has_turned else ([], {})
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
    parts |= {name: turned_foot(parts[name], number) for number, name in enumerate(names, 1)}
    start, _, end = parts.pop(main).partition(b"<w:body/>")
    return Shell(
        main,
        start + b"<w:body>",
        b"</w:body>" + end,
        parts,
        _section(upright, _UPRIGHT_PAGE, pitch),
        _section(turned, TURNED_PAGE, pitch),
    )


def _feet(main: DocumentPart) -> tuple[list[str], dict[str, str]]:
    """Add the feet of odd and of even pages; return their parts' names and their relations."""
    names, relations = [], {}
    for pages, side in _SIDES.items():
        part, relations[pages] = main.add_footer_part()  # type: ignore[no-untyped-call]  # as python-docx leaves it
        for paragraph in part.element.xpath("w:p"):
            part.element.remove(paragraph)
        part.element.append(_parsed(_number(side)))
        names.append(part.partname.membername)
    return names, relations


def _number(side: str) -> str:
    """Return the page number between two 一字线, one character from that side (7.5)."""
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
    return paragraph_xml("GWFoot", "".join(mark(HINT, run) for run in runs), ppr)


def _parsed(xml: str) -> BaseOxmlElement:
    """Return the element of a piece of WordprocessingML that declares no namespace."""
    return parse_xml(re.sub(r"^<[\w:]+", rf"\g<0> {nsdecls('w')}", xml))


def _section(feet: Mapping[str, str], page: str, pitch: int) -> str:
    """Return the properties of a section: its feet, paper, margins and the grid of lines."""
    references = "".join(
        f'<w:footerReference w:type="{pages}" r:id="{relation}"/>'
        for pages, relation in feet.items()
    )
    return (
        f'<w:sectPr>{references}{page}<w:cols w:space="425"/>'
        f'<w:docGrid w:type="lines" w:linePitch="{pitch}"/></w:sectPr>'
    )


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
