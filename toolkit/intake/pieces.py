"""Pieces of lines, the marks that number them, and what a chapter makes of them.

A piece knows where it stands in its line. So each character of a plan can be asked at the end
whether it went into a cell, was a mark, or found no place.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from toolkit.cells import Raw
from toolkit.intake.text import Line
from toolkit.intake.word import numeral
from toolkit.schema.columns import Column, Row
from toolkit.schema.texts import tidy

Cells = Mapping[Column[Any], Raw]


@dataclass(frozen=True, slots=True)
class Piece:
    """The characters of a line from `start` up to `end`."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters."""
        return self.line.text[self.start : self.end]

    def part(self, start: int, end: int | None = None) -> "Piece":
        """Return the piece from one offset within this piece up to another."""
        return Piece(self.line, self.start + start, self.end if end is None else self.start + end)

    def trimmed(self, ends: str = "") -> "Piece":
        """Return the piece without blanks at its ends, and without some marks at its end."""
        text = self.text
        bare = text.rstrip()
        while ends and bare and bare[-1] in ends:
            bare = bare[:-1].rstrip()
        return self.part(len(text) - len(text.lstrip()), len(bare)) if bare else self.part(0, 0)


def whole(line: Line) -> Piece:
    """Return a line as a piece, without blanks at its ends."""
    return Piece(line, 0, len(line.text)).trimmed()


@dataclass
class Part:
    """What a stretch of the plan yields: rows, fields of the profile, an account of its text."""

    rows: list[tuple[type[Row], Cells]] = field(default_factory=list)
    profile: list[Cells] = field(default_factory=list)
    kept: list[Piece] = field(default_factory=list)  # must be found again in a cell
    quoted: list[Piece] = field(default_factory=list)  # must be found again in a note
    marks: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def row(self, kind: type[Row], cells: Cells) -> None:
        """Add a row; cells without content are left out."""
        self.rows.append((kind, {column: raw for column, raw in cells.items() if raw != ""}))

    def keep(self, piece: Piece, ends: str = "") -> str:
        """Return the text of a piece that goes into a cell, without some marks at its end."""
        inner = piece.trimmed(ends)
        self.kept.append(inner)
        self.marks.append(Piece(piece.line, inner.end, piece.end))
        return inner.text

    def drop(self, *pieces: Piece) -> None:
        """Account for marks and labels, which go into no cell."""
        self.marks.extend(pieces)

    def quote(self, piece: Piece, note: str) -> None:
        """Account for a piece that a note repeats word for word."""
        self.quoted.append(piece)
        self.notes.append(note)


# ---- marks

_HAN = "一二三四五六七八九十"
# “3.5公里” and “3、4社” begin with no mark, “1.2022年底前” does.
_YEAR_AHEAD = r"(?![0-9０-９])|(?=(?:19|20)[0-9]{2}年)"
_STYLES: Mapping[str, re.Pattern[str]] = {
    "1.": re.compile(rf"(?P<n>[0-9０-９]{{1,2}})\s*[.．、](?:{_YEAR_AHEAD})\s*"),
    "(1)": re.compile(r"[（(]?\s*(?P<n>[0-9０-９]{1,2})\s*[)）]\s*、?"),
    "①": re.compile("(?P<n>[①-⑳])、?"),
    "一是": re.compile(rf"(?P<n>[{_HAN}]{{1,3}})是[，,：:]?"),
    "第一": re.compile(rf"第(?P<n>[{_HAN}]{{1,3}})[，,、：:]"),
    "(一)": re.compile(rf"[（(]\s*(?P<n>[{_HAN}]{{1,3}})\s*[)）]\s*、?"),
    "一、": re.compile(rf"(?P<n>[{_HAN}]{{1,3}})\s*[、.．]\s*"),
}
_ORDINALS = {numeral(number, "chineseCounting"): number for number in range(1, 100)}
_STOP = re.compile(r"[；;。：:][”’）)]?\s*")


class Item(NamedTuple):
    """One numbered stretch of text; without mark and number where none was written."""

    number: int | None
    mark: Piece | None
    body: Piece


def style_of(piece: Piece) -> str:
    """Return the style of the mark that a piece begins with, "" where it begins with none."""
    return next((name for name, form in _STYLES.items() if form.match(piece.text)), "")


def list_style(pieces: Sequence[Piece]) -> str:
    """Return the style of the first mark that begins a piece, else of the first 一是 within one."""
    first = next((style for style in map(style_of, pieces) if style), "")
    if first:
        return first
    for piece in pieces:
        for stop in _STOP.finditer(piece.text):
            after = piece.part(stop.end())
            style = style_of(after)
            if style and (style != "1." or after.text[0] in "1１"):
                return style
    return ""


def items(piece: Piece, style: str) -> list[Item]:
    """Return a piece cut at its marks of one style.

    A mark stands at the start or after a stop; one that counts backwards is text.
    """
    if not style:
        return [Item(None, None, piece)]
    form, text = _STYLES[style], piece.text
    found: list[tuple[int, int, int]] = []  # number, start and end of the mark
    for at, stop in [(0, ""), *((stop.end(), stop[0]) for stop in _STOP.finditer(text))]:
        match = form.match(text, at)
        if match and style == "1." and stop[:1] in {"：", ":"} and (found or count(match["n"]) > 1):
            continue  # “比例为：3.”: after a colon, only a first number begins a list
        if match and (not found or count(match["n"]) >= found[-1][0]):
            found.append((count(match["n"]), match.start(), match.end()))
    lead = found[0][1] if found else len(text)
    cut = [Item(None, None, piece.part(0, lead))] if lead else []
    ends = [start for _, start, _ in found[1:]] + [len(text)]
    for (number, start, end), last in zip(found, ends, strict=False):
        cut.append(Item(number, piece.part(start, end), piece.part(end, last)))
    return cut


def count(word: str) -> int:
    """Return the number that a mark's numeral names.

    >>> count("１２"), count("③"), count("十一")
    (12, 3, 11)
    """
    if "①" <= word <= "⑳":
        return ord(word) - ord("①") + 1
    digits = tidy(word)
    return int(digits) if digits.isdecimal() else _ORDINALS.get(digits, 0)
