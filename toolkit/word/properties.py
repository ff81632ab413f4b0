"""What a .docx says of itself: title, author, dates, the source it was made from, its own text."""

import hashlib
from collections.abc import Mapping
from xml.sax.saxutils import escape

from docx.oxml.ns import nsdecls

from toolkit.word.lines import sanitize
from toolkit.word.markup import XML_HEAD, attribute

CORE, CUSTOM, APP = "docProps/core.xml", "docProps/custom.xml", "docProps/app.xml"
"""The parts of the package that hold them."""
TEXT = "zhengdun.text"
"""The property that tells the text as it was written, so that an edited one is known."""
APP_XML = (
    f"{XML_HEAD}<Properties"
    ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>zhengdun</Application></Properties>"
)

_STAMP = "1980-01-01T00:00:00Z"  # the same, so that equal documents are equal bytes
_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_FIRST_PROPERTY = 2  # 0 and 1 are taken by the format


def core_xml(title: str, author: str) -> str:
    """Return core.xml; its dates are fixed, so that equal documents are equal bytes."""
    return (
        f"{XML_HEAD}<cp:coreProperties {nsdecls('cp', 'dc', 'dcterms', 'xsi')}>"
        f"<dc:title>{_value(title)}</dc:title><dc:creator>{_value(author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_STAMP}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_STAMP}</dcterms:modified>'
        "</cp:coreProperties>"
    )


def custom_xml(properties: Mapping[str, str]) -> str:
    """Return custom.xml with the properties in the order of their names."""
    items = "".join(
        f'<property fmtid="{_CUSTOM_FORMAT}" pid="{number}" name="{attribute(name)}">'
        f"<vt:lpwstr>{_value(properties[name])}</vt:lpwstr></property>"
        for number, name in enumerate(sorted(properties), _FIRST_PROPERTY)
    )
    return (
        f"{XML_HEAD}<Properties"
        ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        f' xmlns:vt="{_VT}">{items}</Properties>'
    )


def text_digest(main: bytes) -> str:
    """Return what tells the text part of one document from any other."""
    return hashlib.sha256(main).hexdigest()


def _value(text: str) -> str:
    return escape(sanitize(text), {"\r": "&#13;"})  # else a reader makes it a newline
