"""Texts as lines: what they are cleaned of, how wide they are, how many lines they fill."""

import math
import re
import unicodedata
from functools import cache

CLOSING = "，。、；：？！）》〉」』】〕］｝’”…,.;:?!)]}%％"
OPENING = "（《〈「『【〔［｛‘“([{"
_AUTOMATIC_SPACE = 0.25  # 字: Word and LibreOffice set it between Chinese and digits or letters
_JOINT = re.compile("(?<=[0-9A-Za-z])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])")
_UNBROKEN = re.compile(f"[{re.escape(OPENING)}]*(?:[!-~]+|.)[{re.escape(CLOSING)}]*", re.DOTALL)
NEWLINE = re.compile(r"\r\n|\r|\n")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sanitize(text: str) -> str:
    r"""Return the text with U+FFFD for each character XML cannot hold.

    >>> sanitize("a\x07b")
    'a\ufffdb'
    """
    return _NO_XML.sub("\ufffd", text)


def width_of(text: str) -> float:
    """Return the width of a text in 字, automatic spacing left out.

    >>> width_of("2026年8月22日")
    6.5
    """
    return sum(map(_cell, text))


@cache
def _cell(char: str) -> float:
    return 1 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def spaced_width(text: str) -> float:
    """Return the width of a text in 字 with automatic spacing."""
    return width_of(text) + _AUTOMATIC_SPACE * len(_JOINT.findall(text))


def lines_of(text: str) -> list[str]:
    """Return the lines of a text; empty ones are layout, and the layout is ours."""
    return [line for line in NEWLINE.split(sanitize(text)) if line]


def line_count(text: str, *, first: float, width: float, hang: bool) -> int:
    """Return how many lines of `width` 字 a paragraph fills.

    `first` is the first line's indent; with `hang` a closing mark may stand outside the line,
    as in Word, without it never, as in LibreOffice.
    """
    joints = {match.start() for match in _JOINT.finditer(text)}
    lines, used = 1, first
    for match in _UNBROKEN.finditer(text):
        chunk = match[0]
        size = width_of(chunk) + (_AUTOMATIC_SPACE if match.start() in joints else 0)
        least = size - _cell(chunk[-1]) if hang and chunk[-1] in CLOSING else size
        if used + least <= width:
            used += size
        elif size <= width:
            lines, used = lines + 1, size
        else:  # a long word, broken anywhere
            more = math.ceil((used + size) / width) - 1
            lines, used = lines + more, used + size - more * width
    return lines
