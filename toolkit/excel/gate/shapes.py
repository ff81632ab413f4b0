"""The texts of boxes and shapes that float above a sheet's cells, where no reader looks."""

import re
from collections.abc import Iterator
from xml.parsers import expat

from toolkit.excel.gate.parts import parse, unprefixed

MOST_SHOWN = 50
"""Characters of a text that are told."""

_MOST_LOOKED_AT = 4_000  # bytes of one text, and characters; formats take most of them
_NO_TEXT_BOX = re.compile(
    rb"ObjectType\s*=\s*[\"'](?:Note|Button|Checkbox|Radio|Drop|List|Spin|Scroll)[\"']"
)
_TAG = re.compile(r"<[^>]*>")


def texts_of_shapes(drawing: bytes, name: str) -> Iterator[str]:
    """Yield the text of each shape of a drawing part, none twice for older programs.

    Raises Refusal where the part is broken.
    """
    walk = _Walk()
    parser = expat.ParserCreate()
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.data
    parse(parser, drawing, name)
    yield from filter(None, map(_shown, walk.texts))


class _Walk:
    """A walk through a drawing that keeps what is written in its shapes."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._fallbacks = 0
        self._is_in_body = self._is_in_text = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        """A start tag: `txBody` begins a text, `t` a run of it."""
        match unprefixed(tag):
            case "Fallback":
                self._fallbacks += 1
            case "txBody" if not self._fallbacks:
                self.texts.append("")
                self._is_in_body = True
            case "t":
                self._is_in_text = self._is_in_body

    def end(self, tag: str) -> None:
        """An end tag; that of a paragraph parts words."""
        match unprefixed(tag):
            case "Fallback":
                self._fallbacks -= 1
            case "txBody":
                self._is_in_body = False
            case "t":
                self._is_in_text = False
            case "p" if self._is_in_body and len(self.texts[-1]) < _MOST_LOOKED_AT:
                self.texts[-1] += " "

    def data(self, piece: str) -> None:
        """A piece of text, kept where it is a shape's."""
        if self._is_in_text and len(self.texts[-1]) < _MOST_LOOKED_AT:
            self.texts[-1] += piece


def texts_of_old_shapes(drawing: bytes) -> Iterator[str]:
    """Yield the text of each shape of a VML part, which need not be well-formed XML.

    Notes and the controls of a form are none.
    """
    from html import unescape  # noqa: PLC0415 -- for rare files only

    for shape in drawing.split(b"</v:shape>")[:-1]:
        box = shape[shape.rfind(b"<v:textbox") :].partition(b"</v:textbox>")
        if box[1] and not _NO_TEXT_BOX.search(shape):
            markup = box[0][:_MOST_LOOKED_AT].decode("utf-8", errors="replace")
            text = _shown(unescape(_TAG.sub("", markup)))
            if text:
                yield text


def _shown(text: str) -> str:
    return " ".join(text.split())[:MOST_SHOWN]
