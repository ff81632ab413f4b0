"""Which rows of a sheet show something: counted from its bytes, whatever the reader makes of them.

The second witness of the conservation ledger: neither calamine nor the reader has a part in it.
Blank is what shows nothing to a person: a text of blanks, a formula whose result is "". An error
shows, and so does a formula that no program has reckoned yet, which calamine both takes for blank.
"""

import re
import sys
from collections.abc import Container, Iterator, Sequence
from xml.parsers import expat

from toolkit.excel.gate.parts import parse, unprefixed
from toolkit.schema.texts import is_blank

Rows = tuple[int, ...]
"""Numbers of rows, counted from 1, each once and in order."""


def rows_shown(part: bytes, name: str, blanks: Container[bytes] = frozenset()) -> Rows:
    """Return the rows of a sheet that show something; `blanks` are the blank shared strings.

    Raises Refusal where the part is broken.
    """
    first, last = part.find(b"<sheetData"), part.rfind(b"</sheetData>")
    is_plain = 0 <= first < last and not _is_odd(part, first, last)
    rows = _glimpsed(part[first:last], blanks) if is_plain else None
    return tuple(sorted(set(_walked(part, name, blanks) if rows is None else rows)))


def blank_strings(part: bytes, name: str) -> frozenset[bytes]:
    """Return the places, as cells spell them, of those shared strings that show nothing.

    Raises Refusal where the part is broken.
    """
    if part.count(b"<si>") != part.count(b"<si") or b":si" in part or _is_odd(part, 0, len(part)):
        texts = enumerate(_strings(part, name))
        return frozenset(b"%d" % at for at, text in texts if _is_nothing(text))
    return frozenset(
        b"%d" % part.count(b"<si>", 0, found.start())
        for found in _DOUBTFUL.finditer(part)
        if _is_nothing(_text(part[found.end() : part.find(b"</si>", found.end())]))
    )


# A letter, digit or the first byte of nearly all Han characters shows; & and _ may spell a blank.
_DOUBTFUL = re.compile(rb"<si>(?!<t[^<>]*>[0-9A-Za-z\xe4-\xe9])")
_TEXT = re.compile(rb"<t(?:\s[^<>]*)?>([^<]*)")
_SPOKEN = re.compile(rb"<rPh[^<>]*/>|<rPh.*?</rPh>", re.DOTALL)
_ESCAPED = re.compile("_x00([0-9A-Fa-f]{2})_")  # how a file spells a control character


def _text(string: bytes) -> str:
    """Return what a shared string says, without the hints on how it is spoken."""
    own = _SPOKEN.sub(b"", string) if b"<rPh" in string else string
    return _unescaped(b"".join(_TEXT.findall(own)))


_REFERENCE = re.compile("&(?:#(?:([0-9]{1,7})|x([0-9A-Fa-f]{1,6}))|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def _unescaped(text: bytes) -> str:
    """Return a text as XML means it; html.unescape takes 128 to 159 for letters of Windows."""
    return _REFERENCE.sub(_meant, text.decode(errors="replace"))


def _meant(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code <= sys.maxunicode else found[0]


def _is_nothing(text: str) -> bool:
    return is_blank(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))


def _is_odd(part: bytes, first: int, last: int) -> bool:
    """Say whether a `<` may open something else than a tag; the rare letter is looked for first."""
    return part.find(b"!", first, last) >= 0 and part.find(b"<!", first, last) >= 0


# ---- at a glance

_ROW = re.compile(  # of which the first filled cell holds a number or a shared string's place
    rb'(?:|[^<>]*?\s)r="([0-9]{1,7})"[^<>]*>(?:<c r="[A-Z]{1,3}\1"[^<>]*/>)*'
    rb'<c r="[A-Z]{1,3}\1"(?: s="[0-9]+")?( t="s")?><v>([0-9]+)'
)
_CELL = re.compile(
    rb'<c r="[A-Z]{1,3}([0-9]{1,7})"([^<>]*)>(<f[^<>]*/>|<f[^<>]*>[^<]*</f>)?'
    rb"(?:<v>([^<]*)</v>|<v/>|<is><t[^<>]*>([^<]*)</t></is>)?</c>"
)
_ADDRESS = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
_ROW_NUMBER = re.compile(rb'(?:|[^<>]*?\s)r="([0-9]{1,7})"')

_END = b"</row>"


def _glimpsed(cells: bytes, blanks: Container[bytes]) -> list[int] | None:
    """Return the rows that show something, None where one is spelled as few programs do it."""
    # A letter that is rare in a sheet is looked for first: that is ten times faster.
    fills = (b"f" in cells and b"<f" in cells) or (b"i" in cells and b"<is" in cells)
    look, look_at_last, size = _ROW.match, _ADDRESS.match, len(_END)
    rows: list[bytes] = []
    head, *lines = cells.split(b"<row ")
    if b"<row" in head:
        return None
    for line in lines:
        if b"<v" not in line and not (fills and (b"<f" in line or b"<is" in line)):
            continue
        row = look(line)
        if row is None or (blanks and row[2] and row[3] in blanks):
            row = _ROW_NUMBER.match(line)
            shows = _shows_any(line, blanks)
            if row is None or shows is None:
                return None
            if not shows:
                continue
        at = line.rfind(b"<c ")
        last = look_at_last(line, at)
        # A cell of another row, or another row, without a number, behind this one.
        if last is None or last[1] != row[1] or line.find(_END, at) + size != len(line):
            return None
        rows.append(row[1])
    return list(map(int, rows))


def _shows_any(line: bytes, blanks: Container[bytes]) -> bool | None:
    """Say whether a cell of a row shows something, None where the walk has to tell."""
    if b"<c>" in line:
        return None
    at = 0
    while (at := line.find(b"<c ", at)) >= 0:
        end = line.find(b">", at)
        if not line.endswith(b"/", at, end):
            cell = _CELL.match(line, at)
            if cell is None:
                return None
            if _shows(cell, blanks):
                return True
        at = end
    return False


def _shows(cell: re.Match[bytes], blanks: Container[bytes]) -> bool:
    """Say whether a cell shows something; most are told without a look at their text."""
    attributes, formula, value, inline = cell.group(2, 3, 4, 5)
    found = _TYPE.search(attributes)
    kind = found[1].decode() if found else ""
    if value and value.isalnum() and kind != "inlineStr":
        return kind != "s" or value not in blanks
    texts = [_unescaped(text or b"") for text in (value, inline)]
    return _fills(
        kind, texts, blanks, None if formula is None else formula.decode(errors="replace")
    )


_PICTURE = "DISPIMG("  # a picture in a cell, whatever its result
_TYPE = re.compile(rb'\st="([A-Za-z]+)"')


def _fills(kind: str, texts: Sequence[str], blanks: Container[bytes], formula: str | None) -> bool:
    """Say whether a cell of a kind shows anything, whose texts are a value and an inline string."""
    value, inline = texts
    if not _is_nothing(inline) or (formula and _PICTURE in formula):
        return True
    # A formula without a result has yet to be reckoned, but for a text: "" is one.
    if formula is not None and kind != "str" and not (value + inline).strip():
        return True
    if kind == "s":
        return bool(value.strip()) and value.strip().encode() not in blanks
    return kind != "inlineStr" and not _is_nothing(value)


# ---- cell by cell


class _Walk:
    """A walk through one sheet; a cell or row without an address follows the one before."""

    def __init__(self, blanks: Container[bytes]) -> None:
        self.blanks = blanks
        self.rows: list[int] = []
        self.row = 1
        self.cell = 0  # the row of the cell that is open, 0 where none is
        self.kind = ""
        self.open = ""
        self.texts: dict[str, str] = {}
        self.is_phonetic = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag."""
        bare = unprefixed(tag)
        if bare == "row":
            self.row = _number(attributes.get("r", ""), self.row)
        elif bare == "c":
            self.cell = _number(attributes.get("r", "").lstrip(_LETTERS), self.row)
            self.kind = attributes.get("t", "")
            self.texts.clear()
        elif bare == "rPh":
            self.is_phonetic = True
        elif bare in ("v", "t", "f") and not self.is_phonetic:
            self.open = bare
            self.texts.setdefault(bare, "")

    def end(self, tag: str) -> None:
        """An end tag."""
        bare = unprefixed(tag)
        if bare == "row":
            self.row += 1
        elif bare == "c":
            texts = self.texts.get("v", ""), self.texts.get("t", "")
            if _fills(self.kind, texts, self.blanks, self.texts.get("f")):
                self.rows.append(self.cell)
            self.cell = 0
        elif bare == "rPh":
            self.is_phonetic = False
        elif bare == self.open:
            self.open = ""

    def data(self, piece: str) -> None:
        """A piece of text."""
        if self.open and self.cell:
            self.texts[self.open] = self.texts.get(self.open, "") + piece


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


_MOST_DIGITS = 7


def _number(digits: str, otherwise: int) -> int:
    is_one = digits.isdecimal() and len(digits) <= _MOST_DIGITS
    return int(digits) if is_one else otherwise


def _walked(part: bytes, name: str, blanks: Container[bytes]) -> list[int]:
    walk = _Walk(blanks)
    parser = expat.ParserCreate()
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.data
    parse(parser, part, name)
    return walk.rows


def _strings(part: bytes, name: str) -> Iterator[str]:
    """Yield the shared strings of a part in order, without the hints on how they are spoken."""
    found: list[list[str]] = []
    path: list[str] = []

    def start(tag: str, _: dict[str, str]) -> None:
        path.append(unprefixed(tag))
        if path[-1] == "si":
            found.append([])

    def data(piece: str) -> None:
        if path[-1] == "t" and found and "rPh" not in path:
            found[-1].append(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = data
    parse(parser, part, name)
    return map("".join, found)
