"""Damaged copies of a workbook: bytes changed blindly, and XML changed so that it stays whole."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping

# -- bytes: what disks, shares and interrupted transfers do ------------------------------------


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to twenty bits turned over."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def overwritten(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to twenty of them replaced."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut_off(data: bytes, chance: random.Random) -> bytes:
    """Return the first part of the bytes, often nearly all of them."""
    most = chance.choice((len(data), min(len(data), 64)))
    return data[: len(data) - chance.randint(1, most)]


def zeroed(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a run of them set to zero."""
    start, end = _run(data, chance)
    return data[:start] + bytes(end - start) + data[end:]


def doubled(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with a run of them written twice."""
    start, end = _run(data, chance)
    return data[:end] + data[start:end] + data[end:]


def left_out(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes without a run of them."""
    start, end = _run(data, chance)
    return data[:start] + data[end:]


def swapped(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with two blocks of a disk's sector exchanged."""
    size = 512
    one, other = sorted(chance.sample(range(max(2, len(data) // size)), 2))
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    blocks[one], blocks[other] = blocks[other], blocks[one]
    return b"".join(blocks)


def hit_in_directory(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to four changed where the package lists its parts."""
    start = data.find(b"PK\1\2")
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(start, len(data))] = chance.randrange(256)
    return bytes(changed)


def hit_in_header(data: bytes, chance: random.Random) -> bytes:
    """Return the bytes with one to four changed where a part begins, its name included."""
    start = chance.choice([found.start() for found in re.finditer(b"PK\3\4", data)])
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        changed[min(start + chance.randrange(60), len(data) - 1)] = chance.randrange(256)
    return bytes(changed)


def _run(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(len(data), start + chance.randint(1, chance.choice((16, 512, 8192))))


def altered_within(data: bytes, chance: random.Random) -> bytes:
    """Return a package of which one part says something else, its checksum left as it was.

    So a transfer program looks that mends what it packs, or a disk that hits an unpacked part.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
        true = {info.filename: info.CRC for info in package.infolist()}
    name = chance.choice([name for name, part in parts.items() if part])
    new = packed({**parts, name: overwritten(parts[name], chance)})
    return _with_checksum(new, name, true[name])


def _with_checksum(data: bytes, name: str, crc: int) -> bytes:
    """Return a package with another checksum written for a part, both times it is written."""
    changed = bytearray(data)
    for sign, at_crc, at_name in ((b"PK\3\4", 14, 30), (b"PK\1\2", 16, 46)):
        for found in re.finditer(re.escape(sign), data):
            if data.startswith(name.encode(), found.start() + at_name):
                start = found.start() + at_crc
                changed[start : start + 4] = crc.to_bytes(4, "little")
    return bytes(changed)


Damage = Callable[[bytes, random.Random], bytes]

BYTES: tuple[Damage, ...] = (
    flipped,
    overwritten,
    cut_off,
    zeroed,
    doubled,
    left_out,
    swapped,
    hit_in_directory,
    hit_in_header,
    altered_within,
)
"""Damage that no honest program does: the workbook must be refused, or read as it was."""


# -- XML: what other programs write, and what nobody should -------------------------------------

_ATTRIBUTE = re.compile(rb'\s[\w:]+="[^"]*"')
_DIGITS = re.compile(rb'(?<=[">])[0-9]+(?:\.[0-9]+)?(?=["<])')
_VALUE = re.compile(rb'(?<==")[^"]*(?=")')
_LEAF = re.compile(rb"<([\w:]+)((?:\s[^<>]*)?)>([^<>]*)</\1>|<([\w:]+)(\s[^<>]*)?/>")
_STRANGE = (
    b"0",
    b"-1",
    b"1e308",
    b"4294967296",
    b"",
    b"NaN",
    b"XFD1048576",
    b"A0",
    "\ud7ff".encode(),
)


def without_attribute(part: bytes, chance: random.Random) -> bytes:
    """Return a part with one attribute taken from one tag."""
    return _without(part, chance, _ATTRIBUTE)


def without_element(part: bytes, chance: random.Random) -> bytes:
    """Return a part with one element that holds no other left out."""
    return _without(part, chance, _LEAF)


def _without(part: bytes, chance: random.Random, pattern: re.Pattern[bytes]) -> bytes:
    found = _one(part, chance, pattern)
    return part[: found.start()] + part[found.end() :] if found else part


def with_other_digits(part: bytes, chance: random.Random) -> bytes:
    """Return a part with one number changed."""
    found = _one(part, chance, _DIGITS)
    if found is None:
        return part
    number = str(chance.choice((0, 1, 7, 99, 65_536, 10**9))).encode()
    return part[: found.start()] + number + part[found.end() :]


def with_strange_value(part: bytes, chance: random.Random) -> bytes:
    """Return a part with one attribute saying what it never should."""
    found = _one(part, chance, _VALUE)
    if found is None:
        return part
    return part[: found.start()] + chance.choice(_STRANGE) + part[found.end() :]


def with_other_tag(part: bytes, chance: random.Random) -> bytes:
    """Return a part with one sort of tag going by another name throughout."""
    names = sorted(set(re.findall(rb"<([A-Za-z]\w*)[\s/>]", part)))
    if not names:
        return part
    name = chance.choice(names)
    other = chance.choice((name + b"x", b"c", b"row", b"v"))
    return re.sub(rb"(</?)" + re.escape(name) + rb"(?=[\s/>])", rb"\1" + other, part)


def with_element_twice(part: bytes, chance: random.Random) -> bytes:
    """Return a part with one element that holds no other written twice."""
    found = _one(part, chance, _LEAF)
    return part[: found.end()] + found[0] + part[found.end() :] if found else part


def _one(part: bytes, chance: random.Random, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
    start = chance.randrange(len(part)) if part else 0
    return pattern.search(part, start) or pattern.search(part)


MUTATIONS: tuple[Damage, ...] = (
    without_attribute,
    without_element,
    with_other_digits,
    with_strange_value,
    with_other_tag,
    with_element_twice,
)
"""Changes to one part of a package; the part stays well-formed XML, as a rule."""


def mutated(data: bytes, mutate: Damage, chance: random.Random) -> bytes:
    """Return a package with one of its XML parts changed, properly packed again."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(parts))
    return packed({**parts, name: mutate(parts[name], chance)})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a package of the parts, in their order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED, 1)
    return file.getvalue()
