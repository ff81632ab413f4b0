"""What the bytes of a sheet show at a glance: is anything far away, is anything worth a walk?

Two glances cost next to nothing: can any address be far away at all (then calamine must not see
it), and does the sheet hold anything that calamine would not tell? Only where the answer is not a
plain no, the walk of survey.py follows. Of long sheets the blank rows are cut out before.
"""

import re
from functools import cache
from xml.parsers import expat

from toolkit.excel.gate.survey import FAR_COLUMN, FAR_ROW, PHANTOM_ROWS, SPARSE_SLOTS, Mark

# ---- formats dragged far down

_LONG_PART = 256 << 10
_ROW_NUMBER = re.compile(rb'<row\s[^<>]*?\br="([0-9]{1,7})"')
_CELL_ADDRESS = re.compile(rb'<c\s[^<>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')
_PREFIXED = re.compile(rb"<[^<>\s/]*:(?:row|c|v|is|f)[\s/>]")
_CONTENT = {b"v": b"<v", b"i": b"<is", b"f": b"<f"}


def without_blank_rows(part: bytes) -> tuple[bytes, Mark | None]:
    """Return a long sheet without its blank rows, and the last formatted cell below its content.

    So a million formatted rows cost no more than finding the rows between them. The part comes
    back as it is where it is short or spelled oddly. No mark is given where the content is last;
    the mark's text is the number of its row.
    """
    first, last = part.find(b"<sheetData>"), part.rfind(b"</sheetData>")
    if len(part) < _LONG_PART or not 0 <= first < last or not _is_spelled_out(part, first, last):
        return part, None
    first += len(b"<sheetData>")
    spans = _filled_rows(part, first, last)
    if sum(end - begin for begin, end in spans) * 2 > last - first:
        return part, None
    kept = b"".join((part[:first], *(part[begin:end] for begin, end in spans), part[last:]))
    return kept, _last_formatted(part, spans[-1][1] if spans else first, last)


def _is_spelled_out(part: bytes, first: int, last: int) -> bool:
    """Whether a `<` opens a tag wherever the part is well-formed, and no tag has a prefix."""
    return (
        _find(part, b"!", b"<!", 0, len(part)) < 0
        and _find(part, b"?", b"<?", first, last) < 0
        and (part.find(b":", first, last) < 0 or not _PREFIXED.search(part, first, last))
    )


def _find(part: bytes, letter: bytes, mark: bytes, first: int, last: int) -> int:
    """Return where a mark stands next; its rare letter is looked for first, 20 times faster."""
    at = part.find(letter, first, last)
    return at if at < 0 else part.find(mark, max(first, at - 1), last)


def _filled_rows(part: bytes, first: int, last: int) -> list[tuple[int, int]]:
    """Return where each row that holds something begins and ends, all that lies between if odd."""
    whole = [(first, last)]
    spans: list[tuple[int, int]] = []
    ahead = {letter: _find(part, letter, mark, first, last) for letter, mark in _CONTENT.items()}
    while ahead := {letter: at for letter, at in ahead.items() if at >= 0}:
        content = min(ahead.values())
        begin = part.rfind(b"<row ", first, content)
        end = part.find(b"</row>", content, last)
        if begin < 0 or end < 0 or not _ROW_NUMBER.match(part, begin):
            return whole  # a row that only counts on from the one before, or a broken one
        first = end + len(b"</row>")
        spans.append((begin, first))
        ahead = {
            letter: at if at >= first else _find(part, letter, _CONTENT[letter], first, last)
            for letter, at in ahead.items()
        }
    return spans


def _last_formatted(part: bytes, first: int, last: int) -> Mark | None:
    """Return the last cell of the blank rows at the end, or the last row's first."""
    at = part.rfind(b"<row ", first, last)
    row = _ROW_NUMBER.match(part, at) if at >= 0 else None
    if row is None:
        return None
    cell = _CELL_ADDRESS.match(part, max(at, part.rfind(b"<c ", at, last)))
    return (cell[1].decode() if cell else f"A{int(row[1])}"), row[1].decode()


# ---- at a glance

_ALNUM = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SHAPES = bytes(
    ord('"') if code in b"\"'" else ord("0") if code in _ALNUM else ord(" ") for code in range(256)
)
_KINDS = bytes(
    ord("A") if shape == ord("0") and code > ord("9") else shape
    for code, shape in enumerate(_SHAPES)
)
_FAR = re.compile(rb'"(?:A{3,}0|A{0,2}0{5})')
_LONG = (b'"A0000', b'"0000', b'"AA0000')
_SUSPECT = (b'"e"', b"'e'", b"&#")
_NO_SIZE = (b' width="0"', b' ht="0"')
_FORMULA = re.compile(rb"<(?:[^<>\s/]*:)?f[\s/>]")


def is_near(part: bytes) -> bool:
    """Whether nothing in a sheet can be far, proved in a few scans.

    calamine takes an address only from a quoted value made of letters and digits, whatever the
    quote, the prefix and the order of attributes. So it is enough to see how long such values get.
    Cells without an address move on by one: there are no more of them than there are tags.
    """
    first, last = _bounds(part)
    rows, columns = 999, FAR_COLUMN
    if part.translate(_SHAPES).find(b'"0000', first, last) >= 0:
        kinds = part[first:last].translate(_KINDS)
        is_long = any(mark in kinds for mark in _LONG)
        if (is_long or b'"AAA' in kinds) and _FAR.search(kinds):
            return False
        rows = FAR_ROW if is_long else rows
        columns = FAR_COLUMN if b'"AA0' in kinds else 26
    # Another row takes 6 bytes, another cell 4. 6R × 4C is at most the square of their mean.
    if (6 * rows + 4 * columns + last - first) ** 2 <= 96 * SPARSE_SLOTS:
        return True
    if (rows + columns + part.count(b"<", first, last)) ** 2 <= 4 * SPARSE_SLOTS:
        return True
    return _tame(part, part[first:last], rows, columns)


def is_plain(part: bytes) -> bool:
    """Whether a sheet holds nothing that calamine would not tell, but for pictures in cells."""
    first, last = _bounds(part)
    # One or two letters that are rare in a sheet are looked for first: that is ten times faster.
    if part.find(b"f", first, last) >= 0 and _FORMULA.search(part, first, last):
        return False
    if part.find(b"#", first, last) >= 0 and any(mark in part for mark in _SUSPECT):
        return False  # every error text begins with #
    if part.find(b"hi", 0, last) >= 0 and part.find(b"hidden", 0, last) >= 0:
        return False
    if part.find(b'="0"', 0, last) >= 0 and any(mark in part for mark in _NO_SIZE):
        return False
    return _ends_near_its_content(part, first, last)


_Y = 25


def is_within(part: bytes, rows: int, columns: int) -> bool:
    """Whether all that a sheet holds plainly stands in its first rows and columns; Z is beyond."""
    first, last = _bounds(part)
    if columns > _Y or any(part.find(odd, first, last) >= 0 for odd in (b" r='", b":c ")):
        return False
    if _beyond(columns).search(part, first, last):
        return False
    filled = max(part.rfind(mark, first, last) for mark in (b"<v", b"<is"))
    row = _ROW_NUMBER.match(part, max(0, part.rfind(b"<row ", first, max(filled, first))))
    return filled < 0 or (row is not None and int(row[1]) <= rows)


@cache
def _beyond(columns: int) -> re.Pattern[bytes]:
    """Return what finds the address of a cell right of so many columns."""
    return re.compile(rb' r="(?:[%c-Z]|[A-Z]{2})' % (ord("A") + columns))


def _bounds(part: bytes) -> tuple[int, int]:
    """Return where the cells of a sheet begin and end."""
    first, last = part.find(b"sheetData"), part.rfind(b"sheetData")
    return first, last if last > first else len(part)


def _ends_near_its_content(part: bytes, first: int, last: int) -> bool:
    """Whether no formatted rows can lie far below the last content."""
    end = part.rfind(b"<row ", first, last)
    if end < 0:
        return part.find(b"row", first, last) < 0
    row = _ROW_NUMBER.match(part, end)
    if row is None:
        return False
    if int(row[1]) <= PHANTOM_ROWS:
        return True
    filled = max(part.rfind(mark, first, last) for mark in (b"<v", b"<is"))
    above = _ROW_NUMBER.match(part, max(0, part.rfind(b"<row ", first, max(filled, first))))
    return above is not None and int(row[1]) - int(above[1]) <= PHANTOM_ROWS


def _tame(part: bytes, cells: bytes, rows: int, columns: int) -> bool:
    """Whether even the tags without an address cannot make rows × columns large.

    First every row and cell counts as one without. Where that is too many, those with an address
    are left out: outside comments and CDATA a `<` of well-formed XML opens a tag, so that plain
    counting is exact.
    """
    more_rows = cells.count(b"<row") + cells.count(b":row")
    more_columns = cells.count(b"<c") + cells.count(b":c")
    if (rows + more_rows) * (columns + more_columns) <= SPARSE_SLOTS:
        return True
    if b"<!" in cells or b"<?" in cells:
        return False
    try:
        expat.ParserCreate().Parse(part, True)  # noqa: FBT003 -- expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError):
        return False
    rows += more_rows - cells.count(b'<row r="')
    columns += more_columns - cells.count(b'<c r="')
    return rows * columns <= SPARSE_SLOTS
