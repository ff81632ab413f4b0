"""The gate in front of calamine: looks at a file's bytes, names what it is, refuses what harms.

calamine ends the whole process on some odd files, takes damaged parts for good ones and shows
error cells as blank. So nothing is handed to it that has not passed here. Of each sheet the gate
first asks a question that costs next to nothing: can any address in it be far away at all? Only
where the answer is not a plain no, expat walks through the sheet and counts.
"""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from xml.parsers import expat

from toolkit.cells import a1
from toolkit.errors import UnreadableError

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb"})
"""What can be a returned workbook, by its name; what it is, its bytes say."""

_MOST_PARTS = 1_000
_MOST_BYTES = 512 << 20
_PACKED_PART = 1 << 20
_PACKED_RATIO = 500  # 0.2 %: formats dragged to the end compress to 4 %, bombs to 0.1 %
_SMALL_STREAM = 64 << 10  # deflate yields at most 1,032 times as much: no need to count along
_SPARSE_SLOTS = 5_000_000
_SPARSE_FILL = 0.01
_MOST_SLOTS = 25_000_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_FAR_ROW, _FAR_COLUMN = 10_000, 702  # ZZ


NO_RESULT = "公式还没有结果"


@dataclass(frozen=True, slots=True)
class Preflight:
    """What the bytes of a readable workbook say of it.

    An error cell is (sheet title, address, error text); the text is NO_RESULT for a formula that
    no program has reckoned yet, which calamine would show as a blank.
    """

    sha256: str
    editor: str
    properties: Mapping[str, str]
    macros: bool
    external_links: bool
    error_cells: tuple[tuple[str, str, str], ...]


def preflight(data: bytes, name: str) -> Preflight:
    """Return what the gate saw; raises UnreadableError where calamine must not go."""
    try:
        _recognise(data)
        entries = _directory(data)
        _foreign(data, entries)
        return _look(data, entries)
    except _Refused as refused:
        raise UnreadableError(f"{name}：{refused}") from None


class _Refused(Exception):  # noqa: N818 -- a verdict on its way to preflight, which adds the name
    """The sentence of a refusal, still without the file's name."""


# ---- files in a folder that are no workbooks

_SKIPPED_STARTS = (
    ("~$", "Excel 或 WPS 的锁文件，原文件可能正被打开，请保存并关闭后再交"),
    (".~lock.", "LibreOffice 的锁文件，原文件可能正被打开，请保存并关闭后再交"),
    (".~", "WPS 的锁文件，原文件可能正被打开，请保存并关闭后再交"),
    ("._", "苹果电脑附带的说明文件，不是工作簿"),
    ("~", "办公软件的临时文件，不是交来的工作簿"),
    (".", "隐藏文件，不是交来的工作簿"),
)
_SKIPPED_ENDS = (
    (".tmp", "临时文件，不是交来的工作簿"),
    (".crdownload", "没有下载完的文件，请重新下载"),
    (".part", "没有下载完的文件，请重新下载"),
    (".bak", "备份文件，不是交来的工作簿"),
    ("#", "锁文件，不是交来的工作簿"),
)
_SKIPPED_NAMES = {"thumbs.db": "Windows 的缩略图缓存", "desktop.ini": "Windows 的文件夹设置"}


def skip_reason(path: Path) -> str:
    """Return why a file in a folder is passed over, or "" where it is to be looked at.

    >>> skip_reason(Path("村级工作簿/Thumbs.db"))
    'Windows 的缩略图缓存'
    >>> skip_reason(Path("村级工作簿/0203-上河村-2022.xlsx"))
    ''
    """
    name = path.name.casefold()
    if name in _SKIPPED_NAMES:
        return _SKIPPED_NAMES[name]
    for start, reason in _SKIPPED_STARTS:
        if name.startswith(start):
            return reason
    for end, reason in _SKIPPED_ENDS:
        if name.endswith(end):
            return reason
    return ""


# ---- what is it, if it is no package

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后再交。"
_SEND_AGAIN = "请在原电脑上重新打开、保存后再交。"
_DAMAGED = f"文件没有传完或已损坏，读不了。{_SEND_AGAIN}"
_PICTURE = "是图片，不是工作簿。请交填好的 .xlsx 原件。"
_ARCHIVE = "是压缩包，不是工作簿。请解压后交里面的 .xlsx 文件。"
_STARTS = (
    (b"%PDF", "是 PDF 文件，不是工作簿。请交填好的 .xlsx 原件。"),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"RIFF", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"Rar!", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"{\\rtf", "是 Word 文稿，不是工作簿。请交填好的 .xlsx 工作簿。"),
    (b"PK\5\6", "是空的压缩包，里面什么也没有。请交填好的 .xlsx 工作簿。"),
)
_OLD_FORMAT = f"是老格式工作簿（.xls 或 .et），读不了。{_SAVE_AS}"
_BIFF = re.compile(rb"\x09[\0\2\4\x08].\0", re.DOTALL)  # a bare stream of Excel 2 to 95
_WEB_PAGE = re.compile(rb"<!doctype\s+html|<html|<table|<head|<meta|mime-version:", re.IGNORECASE)
_SPREADSHEET_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"


def _recognise(data: bytes) -> None:
    """Refuse by name whatever does not begin like a package."""
    if not data:
        raise _Refused("是空文件，没有内容。请重新保存后再交。")
    if data.startswith(b"PK\3\4"):
        return
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise _Refused("文件设有打开密码，读不了。请去掉密码另存后再交。")
        raise _Refused(_OLD_FORMAT)
    for start, sentence in _STARTS:
        if data.startswith(start):
            raise _Refused(sentence)
    if _BIFF.match(data):
        raise _Refused(_OLD_FORMAT)
    if not data.strip(b"\0"):
        raise _Refused(f"文件里全是空字节，内容已经丢失。{_SEND_AGAIN}")
    raise _Refused(_text_kind(data))


def _text_kind(data: bytes) -> str:
    """Return the sentence for bytes that may be text."""
    head = data[:4096]
    if _SPREADSHEET_2003 in head:
        return f"是 XML 表格（Excel 2003 格式），读不了。{_SAVE_AS}"
    if _WEB_PAGE.match(head.removeprefix(b"\xef\xbb\xbf").lstrip()):
        return f"是网页，只是改名成了工作簿，读不了。{_SAVE_AS}"
    for encoding in ("utf-8", "utf-16", "gb18030"):
        if encoding == "utf-16" and head[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        text = data.decode(encoding, errors="replace")
        if "\0" not in text and text.count("\ufffd") * 20 <= len(text):
            return f"是纯文本或 CSV 文件，不是工作簿。{_SAVE_AS}"
    return f"不是 Excel 工作簿，或已损坏，读不了。{_SEND_AGAIN}"


# ---- the package

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_STORED, _DEFLATED = 0, 8
_UTF8_NAME = 0x800


class _Entry(NamedTuple):
    """One part as the directory of the package announces it; its name folded."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def _directory(data: bytes) -> Mapping[str, _Entry]:
    """Return the parts by folded name, after all that can be judged without unpacking."""
    end = _end_record(data)
    count, length, start = end
    if count > _MOST_PARTS:
        raise _Refused(
            f"文件内部有 {count} 个组成文件，超过 {_MOST_PARTS} 个，不像正常的工作簿。"
            "请把表格复制到新的工作簿里再交。"
        )
    entries: dict[str, _Entry] = {}
    for entry in _entries(data[start : start + length], count):
        _judge_name(entry.name)
        if entry.name in entries:
            raise _Refused(f"文件内部的 {entry.name} 有重名，可能被改动过。{_SEND_AGAIN}")
        entries[entry.name] = entry
    _judge_sizes(entries)
    return entries


def _end_record(data: bytes) -> tuple[int, int, int]:
    """Return number of entries, length and start of the directory.

    Readers differ in how they find it. Where there is more than one place to look, calamine
    could read another package than the one judged here: such a file is refused.
    """
    tail = len(data) - min(len(data), _END.size + _LONGEST_COMMENT)
    at = data.rfind(b"PK\5\6", tail)
    if at < 0 or at + _END.size > len(data) or data.find(b"PK\5\6", tail) != at:
        raise _Refused(_DAMAGED)
    _, disk, first_disk, here, count, length, start, comment = _END.unpack_from(data, at)
    whole = at + _END.size + comment == len(data) and start + length == at
    if not whole or disk or first_disk or here != count:
        raise _Refused(_DAMAGED)
    return count, length, start


def _entries(directory: bytes, count: int) -> Iterator[_Entry]:
    """Yield the entries of a directory."""
    at = 0
    for _ in range(count):
        if at + _CENTRAL.size > len(directory):
            raise _Refused(_DAMAGED)
        (
            magic, _, _, flags, method, _, _, crc, packed, size,
            named, extra, comment, _, _, _, offset,
        ) = _CENTRAL.unpack_from(directory, at)  # fmt: skip
        at += _CENTRAL.size
        if magic != b"PK\1\2":
            raise _Refused(_DAMAGED)
        raw = directory[at : at + named]
        name = raw.decode("utf-8" if flags & _UTF8_NAME else "cp437", errors="replace")
        yield _Entry(_folded(name), flags, method, crc, packed, size, offset)
        at += named + extra + comment
    if at != len(directory):
        raise _Refused(_DAMAGED)


def _folded(name: str) -> str:
    """Return a part name as it is compared: letter case and kind of slash do not count."""
    return name.replace("\\", "/").lower()


def _judge_name(name: str) -> None:
    """Refuse names that lead out of the package."""
    if name.startswith("/") or ".." in name.split("/") or "\0" in name or ":" in name:
        raise _Refused("文件内部有来历不明的文件名，不能打开。请向报送人核实。")


def _judge_sizes(entries: Mapping[str, _Entry]) -> None:
    """Refuse what announces itself as a bomb."""
    total = sum(entry.size for entry in entries.values())
    if total > _MOST_BYTES:
        raise _Refused(
            f"解开后有 {total >> 20} MB，超过 {_MOST_BYTES >> 20} MB。"
            "请删去多余的工作表和图片后再交。"
        )
    for entry in entries.values():
        if entry.size > _PACKED_PART and entry.packed * _PACKED_RATIO < entry.size:
            raise _Refused(
                f"文件内部的 {entry.name} 压缩比异常，可能有害，不能打开。"
                "请把表格复制到新的工作簿里再交。"
            )


_FOREIGN = (
    ("xl/workbook.bin", f"是二进制工作簿（.xlsb），读不了。{_SAVE_AS}"),
    ("word/", "是 Word 文稿，不是工作簿。请交填好的 .xlsx 工作簿。"),
    ("ppt/", "是 PowerPoint 演示文稿，不是工作簿。请交填好的 .xlsx 工作簿。"),
)


def _foreign(data: bytes, entries: Mapping[str, _Entry]) -> None:
    """Refuse by name packages of another kind."""
    mimetype = entries.get("mimetype")
    if mimetype and b"opendocument.spreadsheet" in _inflate(data, mimetype):
        raise _Refused(f"是 LibreOffice 表格（.ods），读不了。{_SAVE_AS}")
    for start, sentence in _FOREIGN:
        if any(name.startswith(start) for name in entries):
            raise _Refused(sentence)
    if "_rels/.rels" in entries:
        return
    if any(name.startswith("xl/") for name in entries):
        raise _Refused(_DAMAGED)
    raise _Refused(_ARCHIVE)


def _inflate(data: bytes, entry: _Entry) -> bytes:
    """Return the bytes of a part, never more than announced, and right by their checksum."""
    at = entry.offset
    if data[at : at + 4] != b"PK\3\4" or at + _LOCAL.size > len(data):
        raise _Refused(_DAMAGED)
    if entry.flags & 1:
        raise _Refused("文件设有压缩密码，读不了。请去掉密码另存后再交。")
    at += _LOCAL.size + data[at + 26] + data[at + 28] + (data[at + 27] + data[at + 29] << 8)
    packed = data[at : at + entry.packed]
    if entry.method == _DEFLATED:
        body = _inflated(packed, entry)
    elif entry.method == _STORED:
        body = packed
    else:
        raise _Refused(f"用了少见的压缩方法，读不了。{_SAVE_AS}")
    if len(body) != entry.size or zlib.crc32(body) != entry.crc:
        raise _Refused(f"文件内部的 {entry.name} 校验和不符，文件已损坏。{_SEND_AGAIN}")
    return body


def _inflated(packed: bytes, entry: _Entry) -> bytes:
    """Return a deflated part, cut one byte after its announced size."""
    try:
        if len(packed) <= _SMALL_STREAM:
            return zlib.decompress(packed, -15, entry.size or 1)
        return zlib.decompressobj(-15).decompress(packed, entry.size + 1)
    except zlib.error:
        raise _Refused(f"文件内部的 {entry.name} 解不开，文件已损坏。{_SEND_AGAIN}") from None


# ---- XML


_DOCTYPE = "里有 DOCTYPE 声明，可能有害，不能打开。请向报送人核实。"


class _Element(NamedTuple):
    """An element: its name without prefix, its attributes, its own text."""

    name: str
    attributes: Mapping[str, str]
    text: list[str]


def _unprefixed(name: str) -> str:
    """Return a name without its prefix, which calamine ends at the first colon."""
    return name.partition(":")[2] or name


def _elements(part: bytes, name: str, wanted: frozenset[str]) -> list[_Element]:
    """Return the wanted elements of a small part in order, each with the text up to the next."""
    found: list[_Element] = []
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal text
        bare = _unprefixed(tag)
        text = []
        if bare in wanted:
            found.append(_Element(bare, attributes, text))

    def data(piece: str) -> None:
        text.append(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = data
    _parse(parser, part, name)
    return found


def _parse(parser: expat.XMLParserType, part: bytes, name: str) -> None:
    """Let expat run over a part; refuse what is not well-formed, and any DOCTYPE."""

    def doctype(*_: object) -> None:
        raise _Refused(f"文件内部的 {name} {_DOCTYPE}")

    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(part, True)  # noqa: FBT003 -- expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError):
        raise _Refused(f"文件内部的 {name} 内容残缺，文件已损坏。{_SEND_AGAIN}") from None


# ---- one sheet


@dataclass(frozen=True, slots=True)
class _Survey:
    """What a sheet part holds that calamine would not tell; what of it calamine cannot bear."""

    errors: tuple[tuple[str, str], ...] = ()
    vast: str = ""


_NOTHING = _Survey()
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


def _near(part: bytes) -> bool:
    """Whether nothing in a sheet can be far and no cell shows an error, proved in a few scans.

    calamine takes an address only from a quoted value made of letters and digits, whatever the
    quote, the prefix and the order of attributes. So it is enough to see how long such values get.
    Cells without an address move on by one: there are no more of them than there are tags.
    """
    first, last = part.find(b"sheetData"), part.rfind(b"sheetData")
    last = last if last > first else len(part)
    if part.find(b"#", first, last) >= 0 and any(mark in part for mark in _SUSPECT):
        return False  # every error text begins with #
    if not _all_reckoned(part, first, last):
        return False
    rows, columns = 999, _FAR_COLUMN
    if part.translate(_SHAPES).find(b'"0000', first, last) >= 0:
        kinds = part[first:last].translate(_KINDS)
        is_long = any(mark in kinds for mark in _LONG)
        if (is_long or b'"AAA' in kinds) and _FAR.search(kinds):
            return False
        rows = 9_999 if is_long else rows
        columns = _FAR_COLUMN if b'"AA0' in kinds else 26
    # Another row takes 6 bytes, another cell 4. 6R × 4C is at most the square of their mean.
    if (6 * rows + 4 * columns + last - first) ** 2 <= 96 * _SPARSE_SLOTS:
        return True
    if (rows + columns + part.count(b"<", first, last)) ** 2 <= 4 * _SPARSE_SLOTS:
        return True
    return _tame(part, part[first:last], rows, columns)


def _all_reckoned(part: bytes, first: int, last: int) -> bool:
    """Whether each formula, spelled as programs spell it, is followed by a result."""
    formulas = part.count(b"<f", first, last)
    if not formulas:
        return part.find(b":f", first, last) < 0
    return (
        part.count(b"</f><v>", first, last) == formulas
        and part.find(b"</f><v></v>", first, last) < 0
        and part.find(b":f", first, last) < 0
    )


def _tame(part: bytes, cells: bytes, rows: int, columns: int) -> bool:
    """Whether even the tags without an address cannot make rows × columns large.

    First every row and cell counts as one without. Where that is too many, those with an address
    are left out: outside comments and CDATA a `<` of well-formed XML opens a tag, so that plain
    counting is exact.
    """
    more_rows = cells.count(b"<row") + cells.count(b":row")
    more_columns = cells.count(b"<c") + cells.count(b":c")
    if (rows + more_rows) * (columns + more_columns) <= _SPARSE_SLOTS:
        return True
    if b"<!" in cells or b"<?" in cells:
        return False
    try:
        expat.ParserCreate().Parse(part, True)  # noqa: FBT003 -- expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError):
        return False
    rows += more_rows - cells.count(b'<row r="')
    columns += more_columns - cells.count(b'<c r="')
    return rows * columns <= _SPARSE_SLOTS


_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_ROW = re.compile(r"[0-9]{1,7}")


class _Walk:
    """A walk through one sheet that counts as calamine does, implied addresses included."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.row, self.column = 1, 0
        self.cell: tuple[int, int] | None = None
        self.is_error = self.in_value = self.is_reckoned = self.is_text = False
        self.text: list[str] = []
        self.filled = 0
        self.lowest = self.rightmost = (0, 0)
        self.errors: list[tuple[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A start tag: `c` and `row` set the place, `v` and `is` fill it."""
        bare = _unprefixed(tag)
        if bare == "c" and self.cell is None:
            self.column += 1
            self.cell = self._place(attributes.get("r"))
            self.column = self.cell[1]
            self.is_error = attributes.get("t") == "e"
            self.is_text = attributes.get("t") == "str"  # whose result may well be no text at all
            self.is_reckoned = False
        elif bare == "f" and self.cell is not None:
            self.is_reckoned = True
        elif bare == "row":
            self._begin_row(attributes.get("r"))
        elif self.cell is not None and bare in ("v", "is"):
            self.in_value = True
            self._fill(*self.cell)

    def end(self, tag: str) -> None:
        """An end tag: the cell or row is left."""
        bare = _unprefixed(tag)
        if bare == "c" and self.cell is not None:
            shown = "".join(self.text).strip()
            if self.is_error and shown:
                self.errors.append((a1(*self.cell), shown))
            elif self.is_reckoned and not shown and not self.is_text:
                self.errors.append((a1(*self.cell), NO_RESULT))
            self.cell = None
            self.text.clear()
        elif bare == "row":
            self.row, self.column = self.row + 1, 0
        elif bare in ("v", "is"):
            self.in_value = False

    def data(self, piece: str) -> None:
        """A piece of text, kept where it names an error or is a formula's result."""
        if self.in_value and (self.is_error or self.is_reckoned):
            self.text.append(piece)

    def survey(self) -> _Survey:
        """Return the result of the walk."""
        slots = self.lowest[0] * self.rightmost[1]
        return _Survey(tuple(self.errors), self._vast(slots))

    def _vast(self, slots: int) -> str:
        rows, columns = self.lowest[0], self.rightmost[1]
        if slots > _SPARSE_SLOTS and self.filled < slots * _SPARSE_FILL:
            row_is_worse = rows * _FAR_COLUMN >= columns * _FAR_ROW
            far = a1(*(self.lowest if row_is_worse else self.rightmost))
            return (
                f"的单元格 {far} 远离正文，整张表因此大得无法读取。"
                "请删除该单元格所在的行和列，保存后再交。"
            )
        if slots > _MOST_SLOTS:
            return (
                f"一直填到 {a1(rows, columns)}，大得无法读取。"
                "请删除不需要报送的行和列，保存后再交。"
            )
        return ""

    def _begin_row(self, number: str | None) -> None:
        if number is None:
            return
        if not _ROW.fullmatch(number) or not 1 <= int(number) <= _LAST_ROW:
            raise self._no_address(number)
        self.row = int(number)

    def _place(self, address: str | None) -> tuple[int, int]:
        row, column = self.row, self.column
        if address is not None:
            match = _CELL.fullmatch(address)
            if match is None:
                raise self._no_address(address)
            row, column = int(match[2]), 0
            for letter in match[1].upper():
                column = column * 26 + ord(letter) - 64
        if not 1 <= row <= _LAST_ROW or column > _LAST_COLUMN:
            raise self._no_address(address or f"第 {row} 行第 {column} 列")
        return row, column

    def _no_address(self, address: str) -> _Refused:
        return _Refused(
            f"文件内部的 {self.name} 里有不存在的单元格地址“{address[:20]}”，文件已损坏。"
            f"{_SEND_AGAIN}"
        )

    def _fill(self, row: int, column: int) -> None:
        self.filled += 1
        if row > self.lowest[0]:
            self.lowest = (row, column)
        if column > self.rightmost[1]:
            self.rightmost = (row, column)


def _walk(part: bytes, name: str) -> _Survey:
    """Return the survey of a sheet, every cell looked at."""
    walk = _Walk(name)
    parser = expat.ParserCreate()
    parser.StartElementHandler = walk.start
    parser.EndElementHandler = walk.end
    parser.CharacterDataHandler = walk.data
    _parse(parser, part, name)
    return walk.survey()


# ---- the whole workbook

_STRINGS = re.compile(rb"uniqueCount\s*=\s*[\"'][\s+0]*(\d{1,18})")
_XML_ENDS = (".xml", ".rels")
_READ_ANYWAY = frozenset({"_rels/.rels", "docprops/app.xml", "docprops/custom.xml"})
_NO_TEXT = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


def _look(data: bytes, entries: Mapping[str, _Entry]) -> Preflight:
    """Return what an honest package holds, every part of it unpacked and judged."""
    surveys: dict[str, _Survey] = {}
    parts: dict[str, bytes] = {}
    for entry in entries.values():
        part, name = _inflate(data, entry), entry.name
        # Names lie and calamine has its own way to find a sheet: what looks like one is one.
        has_cells, has_strings = b"sheetData" in part, b"uniqueCount" in part
        if name.endswith(_XML_ENDS) or has_cells or has_strings:
            _judge_xml(part, name, is_bulk=has_cells or has_strings)
            parts[name] = part
        if has_cells:
            surveys[name] = _NOTHING if _near(part) else _walk(part, name)
        if has_strings:
            _judge_strings(part, name)
    return _report(data, parts, surveys, entries)


def _judge_xml(part: bytes, name: str, *, is_bulk: bool) -> None:
    """Refuse entities, odd encodings and broken XML.

    Sheets and strings are not parsed for that: calamine reads each tag of them and tells.
    """
    if part.startswith(_NO_TEXT) or part[1:2] == b"\0":
        raise _Refused(f"文件内部的 {name} 用了少见的编码，读不了。{_SAVE_AS}")
    if not is_bulk and name not in _READ_ANYWAY:
        _parse(expat.ParserCreate(), part, name)
    if is_bulk and b"!" in part and b"<!DOCTYPE" in part:  # the first question is the cheap one
        raise _Refused(f"文件内部的 {name} {_DOCTYPE}")


def _judge_strings(part: bytes, name: str) -> None:
    """Refuse a count of strings far above the strings: calamine reserves what is announced."""
    strings = part.count(b"<si") + part.count(b":si")
    announced = [int(digits) for digits in _STRINGS.findall(part)]
    if max(announced, default=0) > 2 * strings + 1_000:
        raise _Refused(f"文件内部的 {name} 里的字符串个数与实际不符，不能打开。{_SAVE_AS}")


_OF_WORKBOOK = frozenset({"workbook", "sheet"})
_OF_RELATIONS = frozenset({"Relationship"})
_OF_APP = frozenset({"Application", "AppVersion"})
_OF_CUSTOM = frozenset(
    {"property", "lpwstr", "lpstr", "bstr", "i4", "int", "r8", "bool", "filetime"}
)


def _report(
    data: bytes,
    parts: Mapping[str, bytes],
    surveys: Mapping[str, _Survey],
    entries: Mapping[str, _Entry],
) -> Preflight:
    """Return the findings under the titles of their sheets; refuse sheets missing or vast."""
    titles = _titles(parts, entries)
    for part, survey in surveys.items():
        if survey.vast:
            raise _Refused(f"工作表“{titles.get(part, part)}”{survey.vast}")
    shown = [(title, surveys[part]) for part, title in titles.items() if part in surveys]
    properties = _properties(parts)
    return Preflight(
        sha256=hashlib.sha256(data).hexdigest(),
        editor=_editor(parts, properties),
        properties=MappingProxyType(properties),
        macros=any(name.endswith("vbaproject.bin") for name in entries),
        external_links=any("externallinks/" in name for name in entries),
        error_cells=tuple((title, *error) for title, survey in shown for error in survey.errors),
    )


def _titles(parts: Mapping[str, bytes], entries: Mapping[str, _Entry]) -> dict[str, str]:
    """Return the titles of the sheets by part, in the order of the tabs."""
    main = next(iter(_targets(parts, "", "officedocument").values()), "")
    if main not in parts:
        raise _Refused(_DAMAGED)
    workbook = _elements(parts[main], main, _OF_WORKBOOK)
    if not workbook or workbook[0].name != "workbook":
        raise _Refused("不是 Excel 工作簿。请交填好的 .xlsx 工作簿。")
    targets = _targets(parts, main, "")
    titles: dict[str, str] = {}
    for element in workbook:
        if element.name != "sheet":
            continue
        title = element.attributes.get("name", "")
        part = targets.get(_relation(element), "")
        if part not in entries:
            raise _Refused(f"工作表“{title}”的内容在文件里找不到，文件已损坏。{_SEND_AGAIN}")
        titles[part] = title
    if not titles:
        raise _Refused(f"里面一张工作表也没有。{_SEND_AGAIN}")
    return titles


def _relation(element: _Element) -> str:
    """Return the relationship id of an element, whatever its prefix."""
    return next((v for k, v in element.attributes.items() if k.endswith(":id")), "")


def _targets(parts: Mapping[str, bytes], source: str, kind: str) -> dict[str, str]:
    """Return the parts a part refers to, by relationship id; `kind` ends the type, if given."""
    folder, _, file = source.rpartition("/")
    name = f"{folder}/_rels/{file}.rels".removeprefix("/")
    if name not in parts:
        return {}
    return {
        element.attributes.get("Id", ""): _resolved(folder, element.attributes.get("Target", ""))
        for element in _elements(parts[name], name, _OF_RELATIONS)
        if element.attributes.get("Type", "").lower().endswith(kind)
    }


def _resolved(folder: str, target: str) -> str:
    r"""Return the folded part name a target means.

    >>> _resolved("xl", r"worksheets\Sheet1.xml"), _resolved("xl", "/xl/a.xml")
    ('xl/worksheets/sheet1.xml', 'xl/a.xml')
    """
    path = _folded(target)
    steps: list[str] = []
    for step in (path if path.startswith("/") else f"{folder}/{path}").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the custom properties of the document."""
    found: dict[str, str] = {}
    name = ""
    for element in _optional(parts, "docprops/custom.xml", _OF_CUSTOM):
        if element.name == "property":
            name = element.attributes.get("name", "")
            found[name] = ""
        elif name:
            found[name] += "".join(element.text).strip()
    return found


def _editor(parts: Mapping[str, bytes], properties: Mapping[str, str]) -> str:
    """Return the program that saved the file last, with its build where it tells."""
    app = {
        element.name: "".join(element.text).strip()
        for element in _optional(parts, "docprops/app.xml", _OF_APP)
    }
    application, version = app.get("Application", ""), app.get("AppVersion", "")
    build = properties.get("KSOProductBuildVer", "").rpartition("-")[2]
    if build and (not application or application.startswith("WPS")):  # Excel keeps the property
        application, version = application or "WPS", build
    return f"{application} {version}".strip()


def _optional(parts: Mapping[str, bytes], name: str, wanted: frozenset[str]) -> list[_Element]:
    """Return the wanted elements of a part that need not be there."""
    return _elements(parts[name], name, wanted) if name in parts else []
