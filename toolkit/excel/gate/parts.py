"""The parts of a package: its directory judged, each part unpacked no further than announced."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import NamedTuple
from xml.parsers import expat

from toolkit.excel.gate.refusal import DAMAGED, FILL_IN, SAVE_AS, SEND_AGAIN, Refusal

MOST_BYTES = 256 << 20
"""How much a workbook may take, unpacked: of 300 from all the world none takes more than 64 MB."""
_MOST_PARTS = 1_000
_PACKED_PART = 1 << 20
_PACKED_RATIO = 500  # 0.2 %: formats dragged to the end compress to 4 %, bombs to 0.1 %
_SMALL_STREAM = 64 << 10  # deflate yields at most 1,032 times as much: no need to count along
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_STORED, _DEFLATED = 0, 8
_UTF8_NAME = 0x800


class Entry(NamedTuple):
    """One part as the directory of the package announces it; its name folded, and as spelled."""

    name: str
    spelled: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def directory(data: bytes) -> Mapping[str, Entry]:
    """Return the parts by folded name, after all that can be judged without unpacking."""
    end = _end_record(data)
    count, length, start = end
    if count > _MOST_PARTS:
        raise Refusal(
            f"文件内部有 {count} 个组成文件，超过 {_MOST_PARTS} 个，不像正常的工作簿。{FILL_IN}"
        )
    entries: dict[str, Entry] = {}
    for entry in _entries(data[start : start + length], count):
        _judge_name(entry.name)
        if entry.name in entries:
            raise Refusal(f"文件内部的 {entry.name} 有重名，可能被改动过。{SEND_AGAIN}")
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
        raise Refusal(DAMAGED)
    _, disk, first_disk, here, count, length, start, comment = _END.unpack_from(data, at)
    whole = at + _END.size + comment == len(data) and start + length == at
    if not whole or disk or first_disk or here != count:
        raise Refusal(DAMAGED)
    return count, length, start


def _entries(directory: bytes, count: int) -> Iterator[Entry]:
    """Yield the entries of a directory."""
    at = 0
    for _ in range(count):
        if at + _CENTRAL.size > len(directory):
            raise Refusal(DAMAGED)
        (
            magic, _, _, flags, method, _, _, crc, packed, size,
            named, extra, comment, _, _, _, offset,
        ) = _CENTRAL.unpack_from(directory, at)  # fmt: skip
        at += _CENTRAL.size
        if magic != b"PK\1\2":
            raise Refusal(DAMAGED)
        raw = directory[at : at + named]
        name = raw.decode("utf-8" if flags & _UTF8_NAME else "cp437", errors="replace")
        yield Entry(folded(name), raw, flags, method, crc, packed, size, offset)
        at += named + extra + comment
    if at != len(directory):
        raise Refusal(DAMAGED)


def folded(name: str) -> str:
    """Return a part name as it is compared: letter case and kind of slash do not count."""
    return name.replace("\\", "/").lower()


def _judge_name(name: str) -> None:
    """Refuse names that lead out of the package."""
    if name.startswith("/") or ".." in name.split("/") or "\0" in name or ":" in name:
        raise Refusal("文件内部有来历不明的文件名，不能打开。请向报送人核实。")


def too_large(size: int, subject: str = "文件") -> str:
    """Return why a workbook is refused that takes so many bytes, packed as it is or unpacked."""
    megabytes = -(-size >> 20)  # rounded up, so that it is more than what is allowed
    return (
        f"{subject}有 {megabytes} MB，超过 {MOST_BYTES >> 20} MB。"
        "请删去多余的行、工作表和图片后重新报送。"
    )


def _judge_sizes(entries: Mapping[str, Entry]) -> None:
    """Refuse what announces itself as a bomb."""
    total = sum(entry.size for entry in entries.values())
    if total > MOST_BYTES:
        raise Refusal(too_large(total, "解开后"))
    for entry in entries.values():
        if entry.size > _PACKED_PART and entry.packed * _PACKED_RATIO < entry.size:
            raise Refusal(f"文件内部的 {entry.name} 压缩比异常，可能有害，不能打开。{FILL_IN}")


def inflate(data: bytes, entry: Entry) -> bytes:
    """Return the bytes of a part, never more than announced, and right by their checksum."""
    at = entry.offset
    if data[at : at + 4] != b"PK\3\4" or at + _LOCAL.size > len(data):
        raise Refusal(DAMAGED)
    if entry.flags & 1:
        raise Refusal("文件设有压缩密码，读不了。请去掉密码另存后重新报送。")
    named, extra = data[at + 26] + (data[at + 27] << 8), data[at + 28] + (data[at + 29] << 8)
    at += _LOCAL.size
    if data[at : at + named] != entry.spelled:  # of two names, readers choose one or the other
        raise Refusal(DAMAGED)
    at += named + extra
    packed = data[at : at + entry.packed]
    if entry.method == _DEFLATED:
        body = _inflated(packed, entry)
    elif entry.method == _STORED:
        body = packed
    else:
        raise Refusal(f"用了少见的压缩方法，读不了。{SAVE_AS}")
    if len(body) != entry.size or zlib.crc32(body) != entry.crc:
        raise Refusal(f"文件内部的 {entry.name} 校验和不符，文件已损坏。{SEND_AGAIN}")
    return body


def _inflated(packed: bytes, entry: Entry) -> bytes:
    """Return a deflated part, cut one byte after its announced size."""
    try:
        if len(packed) <= _SMALL_STREAM:
            return zlib.decompress(packed, -15, entry.size or 1)
        stream, body, left = zlib.decompressobj(-15), BytesIO(), entry.size + 1
        for at in range(0, len(packed), _SMALL_STREAM):
            left -= body.write(stream.decompress(packed[at : at + _SMALL_STREAM], left))
            if not left:
                break
        return body.getvalue()
    except zlib.error:
        raise Refusal(f"文件内部的 {entry.name} 解不开，文件已损坏。{SEND_AGAIN}") from None


DOCTYPE = "里有 DOCTYPE 声明，可能有害，不能打开。请向报送人核实。"


class Element(NamedTuple):
    """An element: its name without prefix, its attributes, its own text."""

    name: str
    attributes: Mapping[str, str]
    text: list[str]


def unprefixed(name: str) -> str:
    """Return a name without its prefix, which calamine ends at the first colon."""
    return name.partition(":")[2] or name


def elements(part: bytes, name: str, wanted: frozenset[str]) -> list[Element]:
    """Return the wanted elements of a small part in order, each with the text up to the next."""
    found: list[Element] = []
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal text
        bare = unprefixed(tag)
        text = []
        if bare in wanted:
            found.append(Element(bare, attributes, text))

    def data(piece: str) -> None:
        text.append(piece)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = data
    parse(parser, part, name)
    return found


def parse(parser: expat.XMLParserType, part: bytes, name: str) -> None:
    """Let expat run over a part; refuse what is not well-formed, and any DOCTYPE."""

    def doctype(*_: object) -> None:
        raise Refusal(f"文件内部的 {name} {DOCTYPE}")

    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(part, True)  # noqa: FBT003 -- expat takes no keyword
    except (expat.ExpatError, ValueError, LookupError):
        raise Refusal(f"文件内部的 {name} 内容残缺，文件已损坏。{SEND_AGAIN}") from None
