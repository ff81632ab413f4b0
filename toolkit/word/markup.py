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
_TEXT = '<w:t xml:space="preserve">'
_ATTRIBUTE_ESCAPES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def paragraph_xml(style: str, runs: str = "", ppr: str = "", *, keep: bool = False) -> str:
    """Return a paragraph; with `keep` it stays on the page of what follows."""
    kept = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}{ppr}</w:pPr>{runs}</w:p>'


def run_xml(text: str, face: str = "") -> str:
    """Return a run in the type of a character style, or of its paragraph; "" for no text.

    A short code, as P01-M03 or a telephone number, is not broken at its hyphens.
    """
    if not text:
        return ""
    rpr = f'<w:rStyle w:val="{face}"/>{HINT}' if face else HINT
    return f"<w:r><w:rPr>{rpr}</w:rPr>{text_xml(text)}</w:r>"


def text_xml(text: str) -> str:
    """Return what a run holds of a text: its characters and tabs.

    A hyphen stays one: at w:noBreakHyphen LibreOffice breaks the line all the same, and says it
    twice.
    """
    content = escape(text)
    if "\t" in content:
        content = content.replace("\t", f"</w:t><w:tab/>{_TEXT}")
        return f"{_TEXT}{content}</w:t>".replace(f"{_TEXT}</w:t>", "")
    return f"{_TEXT}{content}</w:t>"


def exactly(twips: int, before: int = 0, after: int = 0) -> str:
    """Return lines of one height, and the blanks above and below their paragraph."""
    return f'<w:spacing w:before="{before}" w:after="{after}" w:line="{twips}" w:lineRule="exact"/>'


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
