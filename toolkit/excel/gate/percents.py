"""Numbers that a cell shows as percentages: 0.35 under the format 0% is 35% to whoever typed it.

calamine gives the number alone. Excel sets such a format by itself when somebody types 35%.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from math import isfinite

from toolkit.cells import Grid, Raw, place
from toolkit.schema.kinds import plain_number

_SECTION = re.compile(rb"<(?:[\w.-]+:)?cellXfs[\s>].*?</(?:[\w.-]+:)?cellXfs", re.DOTALL)
_STYLE = re.compile(rb"<(?:[\w.-]+:)?xf\s[^<>]*")
_NUMBER_FORMAT = re.compile(rb"\bnumFmtId\s*=\s*[\"'](\d+)")
_OWN_FORMAT = re.compile(rb"<(?:[\w.-]+:)?numFmt\s[^<>]*")
_CODE = re.compile(rb"\bformatCode\s*=\s*(\"[^\"]*\"|'[^']*')")
_NO_SIGN = re.compile(rb"&quot;.*?&quot;|\".*?\"|[\\_*].")  # a text, or a blank that wide
_BUILT_IN = {b"9", b"10"}  # 0% and 0.00%: ISO/IEC 29500-1, 18.8.30
_CELL = re.compile(rb"<(?:[\w.-]+:)?c\s([^<>]*)>")
_ADDRESS = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Z]{1,3}[0-9]{1,7})")
_CELL_STYLE = re.compile(rb"(?:^|\s)s\s*=\s*[\"'](\d+)")


def percent_styles(styles: bytes) -> frozenset[bytes]:
    """Return the numbers, as a cell's `s` spells them, of the cell styles that show percentages."""
    section = _SECTION.search(styles)
    if section is None:
        return frozenset()
    formats = _BUILT_IN | {
        number[1]
        for each in _OWN_FORMAT.findall(styles)
        if (number := _NUMBER_FORMAT.search(each)) and _shows_percent(each)
    }
    return frozenset(
        str(at).encode()
        for at, each in enumerate(_STYLE.findall(section[0]))
        if (number := _NUMBER_FORMAT.search(each)) and number[1] in formats
    )


def _shows_percent(own_format: bytes) -> bool:
    code = _CODE.search(own_format)
    return code is not None and b"%" in _NO_SIGN.sub(b"", code[1][1:-1])


def percent_cells(part: bytes, styles: frozenset[bytes]) -> tuple[str, ...]:
    """Return the addresses of the cells of a sheet that have one of the styles."""
    first, last = part.find(b"sheetData"), part.rfind(b"sheetData")
    marks = (b's="%b"' % style for style in styles)
    if part.find(b"'", first, last) < 0 and all(part.find(each, first, last) < 0 for each in marks):
        return ()  # nearly always, and found out at a glance
    found: list[str] = []
    for attributes in _CELL.findall(part, first, last):
        style, address = _CELL_STYLE.search(attributes), _ADDRESS.search(attributes)
        if style and address and style[1] in styles:
            found.append(address[1].decode())
    return tuple(found)


def as_percents(grid: Grid, addresses: Iterable[str]) -> Grid:
    """Return a sheet's cells with the numbers at those addresses spelled as percentages.

    >>> as_percents([["完成率", 0.35]], ["B1", "B2"])
    [['完成率', '35%']]
    """
    shown: list[list[Raw]] = [list(line) for line in grid]
    for row, column in map(place, addresses):
        cells = shown[row - 1] if row <= len(shown) else []
        raw = cells[column - 1] if column <= len(cells) else ""
        if type(raw) is float and isfinite(raw):
            cells[column - 1] = f"{plain_number(Decimal(f'{raw:.15g}') * 100)}%"
    return shown
