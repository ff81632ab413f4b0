"""Texts as lines: what they are cleaned of, how wide they are, how many lines they fill."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

CLOSING = "，。、；：？！）》〉」』】〕］｝’”…,.;:?!)]}%％"
OPENING = "（《〈「『【〔［｛‘“([{"
_AUTOMATIC_SPACE = 0.25  # 字: Word and LibreOffice set it between Chinese and digits or letters
_JOINT = re.compile("(?<=[0-9A-Za-z])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])")
_CLOSES, _OPENS = frozenset(CLOSING), frozenset(OPENING)
_IN_WORDS = frozenset(map(chr, range(0x21, 0x7F)))  # between two of them no line ends
NEWLINE = re.compile(r"\r\n|\r|\n")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Cells(dict[str, float]):
    """The width of each character in 字, found when it is first met."""

    def __init__(self, half: float, joint: float) -> None:
        super().__init__()
        self.half = half  # of digits and letters
        self.joint = joint  # of automatic spacing

    def __missing__(self, char: str) -> float:
        width = self[char] = 1 if unicodedata.east_asian_width(char) in "WFA" else self.half
        return width


_CELLS = _Cells(0.5, _AUTOMATIC_SPACE)
# What LibreOffice makes of 16 pt type condensed by 0.25, in parts of 15.75 pt.
_CONDENSED = _Cells(0.489, 0.2285)


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
    return sum(map(_CELLS.__getitem__, text))


ATTENDANCE_INDENT = 2  # 字 to the left of 出席 (10.3)


def attendance_indent(label: str) -> float:
    """Return the 字 to the left of the names that follow a label, those of later lines too (10.3).

    >>> attendance_indent("出席：")
    5
    """
    return ATTENDANCE_INDENT + width_of(label)


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
    if _cannot_fill(text, width - first):
        return 1
    return _broken(text, _CELLS, first, width, hang=hang)


def line_counts(text: str, *, first: float, width: float) -> tuple[int, int]:
    """Return how many lines a paragraph of body text fills in LibreOffice, and in Word."""
    if _cannot_fill(text, width - first):
        return 1, 1
    return (
        _broken(text, _CONDENSED, first, width, hang=False),
        _broken(text, _CELLS, first, width, hang=True),
    )


def _cannot_fill(text: str, room: float) -> bool:
    """Say whether a text fits one line even if it were all Chinese and joints."""
    return len(text) * (1 + _AUTOMATIC_SPACE) <= room


def _ends(text: str, cells: _Cells) -> Sequence[float]:
    """Return where each character ends, had the text one endless line."""
    widths = list(map(cells.__getitem__, text))
    for match in _JOINT.finditer(text):
        widths[match.start()] += cells.joint
    return list(accumulate(widths))


def _broken(text: str, cells: _Cells, first: float, width: float, *, hang: bool) -> int:
    """Return how many lines there are when each takes what it holds."""
    ends = _ends(text, cells)
    lines, start, gone, room = 1, 0, 0.0, width - first
    while True:
        end = bisect_right(ends, gone + room, start)
        if end == len(text) or (hang and end == len(text) - 1 and text[end] in _CLOSES):
            return lines
        start = _line_end(text, start, end, hang=hang)
        lines, room = lines + 1, width
        gone = ends[start] - cells[text[start]]  # no automatic space begins a line


def _line_end(text: str, start: int, end: int, *, hang: bool) -> int:
    """Return where the next line begins, of which `end` characters would fit this one."""
    at = end + (hang and text[end] in _CLOSES)
    while at > start and not _may_break(text, at):
        at -= 1
    return at if at > start else max(end, start + 1)  # a long word is broken anywhere


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after in _CLOSES or before in _OPENS:
        return False
    return not (before in _IN_WORDS and after in _IN_WORDS)
