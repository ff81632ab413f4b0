"""WordprocessingML of the smallest pieces: run, paragraph, indent, attribute."""

from collections.abc import Iterator, Sequence
from typing import TypeVar
from xml.sax.saxutils import escape

from toolkit.word.lines import sanitize
from toolkit.word.page import ZI

_T = TypeVar("_T")

XML_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
HINT = '<w:rFonts w:hint="eastAsia"/>'  # else Word takes “ ” … — from the latin font
LEFT, CENTRED, RIGHT = (f'<w:jc w:val="{side}"/>' for side in ("left", "center", "right"))
LINE_BREAK = f"<w:r><w:rPr>{HINT}</w:rPr><w:br/></w:r>"
_ATTRIBUTE_ESCAPES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def paragraph_xml(style: str, runs: str = "", ppr: str = "", *, keep: bool = False) -> str:
    """Return a paragraph; with `keep` it stays on the page of what follows."""
    kept = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}{ppr}</w:pPr>{runs}</w:p>'


def run_xml(text: str, face: str = "") -> str:
    """Return a run in the type of a character style, or of its paragraph; "" for no text."""
    if not text:
        return ""
    rpr = f'<w:rStyle w:val="{face}"/>{HINT}' if face else HINT
    content = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
        for part in text.split("\t")
    )
    return f"<w:r><w:rPr>{rpr}</w:rPr>{content}</w:r>"


def indent_xml(**sides: float) -> str:
    """Return indents in 字, written twice: LibreOffice reads twips, Word prefers characters."""
    attributes = " ".join(
        f'w:{side}Chars="{int(blank * 100)}" w:{side}="{int(blank * ZI)}"'
        for side, blank in sides.items()
    )
    return f"<w:ind {attributes}/>"


def last_bound(items: Sequence[_T], *, bound: bool) -> Iterator[tuple[_T, bool]]:
    """Yield each item and whether it is the last one and bound to what follows."""
    for left, item in enumerate(items, 1 - len(items)):
        yield item, bound and not left


def attribute(text: str) -> str:
    """Return a text as the value of an attribute."""
    return escape(sanitize(text), _ATTRIBUTE_ESCAPES)
