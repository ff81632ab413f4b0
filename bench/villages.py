"""Villages by the thousand: what the consolidation is measured on.

A dozen workbooks are built, the rest cut from them: only the parts that hold a village's code and
name are packed anew, which takes 1 ms instead of 50. Each has some 40 measures, 10 problems and 6
meetings; of every three, two hold the examples' faults. Equal seeds give equal bytes.
"""

import random
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from toolkit.cells import Raw
from toolkit.demo import ExampleBook, example_township
from toolkit.excel.blank import build_workbook
from toolkit.forms import township, village
from toolkit.schema.form import Identity

PATTERNS = 12  # workbooks of their own building
MEASURES, PROBLEMS, MEETINGS = 40, 10, 6
_STAND_IN = "90909"  # stands for a village's code, also in its name
_YEAR = "2022"


def write_villages(folder: Path, villages: int, seed: int = 2022) -> list[Path]:
    """Write a township's workbook and those of its villages; return the villages' files."""
    example = example_township()
    chance = random.Random(seed)  # noqa: S311 -- equal data, no secret
    clean = example.villages[1]
    patterns = [
        _Pattern.of(_pattern(example.villages[number % len(example.villages)], clean, chance))
        for number in range(PATTERNS)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for number in range(1, villages + 1):
        path = folder / f"{_code(number)}-{_name(number)}-{_YEAR}.xlsx"
        path.write_bytes(patterns[number % PATTERNS].cut(_code(number)))
        files.append(path)
    roster = [
        {"code": _code(number), "village": _name(number)} for number in range(1, villages + 1)
    ]
    own = example.township
    filling = {**own.filling, township.Village: roster}
    (folder / own.file_name).write_bytes(build_workbook(own.form, own.identity, filling))
    return files


def _code(number: int) -> str:
    return f"{number:05}"


def _name(number: int) -> str:
    return f"第{_code(number)}村"


# -- workbooks of their own building --------------------------------------------------------------


def _pattern(book: ExampleBook, clean: ExampleBook, chance: random.Random) -> bytes:
    """Return an example's workbook, with rows after its own as a clean one has them."""
    profile = dict(next(iter(book.filling[village.Profile])))
    profile |= {"code": _STAND_IN, "village": f"第{_STAND_IN}村"}
    problems = [dict(each) for each in book.filling[village.Problem]]
    measures = [dict(each) for each in book.filling[village.Measure]]
    meetings = [dict(each) for each in book.filling[village.Meeting]]
    people = {key: measures[0][key] for key in ("leader", "owner", "unit") if key in measures[0]}
    known = {str(each["number"]) for each in problems}
    for number in range(len(problems) + 1, PROBLEMS + 1):
        if f"P{number:02}" not in known:
            problems.append({**_open(clean, chance), "number": f"P{number:02}"})
            problems[-1] |= {
                "description": f"第{_STAND_IN}村第{number}个问题：检查时发现，尚未整改到位。"
            }
            problems[-1] |= {"owner": people["owner"]} if "owner" in people else {}
    for at in range(MEASURES - len(measures)):
        problem = str(problems[at % len(problems)]["number"])
        last = sum(str(each.get("problem")) == problem for each in measures)
        measure = {**_usual(clean, chance), **people, "problem": problem}
        measure["number"] = f"{problem}-M{last + 1:02}"
        measure["text"] = f"{measure['text']}（第{_STAND_IN}村第{at + 1}次推进）"
        measures.append(measure)
    filling = {
        **book.filling,
        village.Profile: [profile],
        village.Problem: problems,
        village.Measure: measures,
        village.Meeting: meetings[:MEETINGS],
    }
    identity = Identity(book.form.id, book.form.version, _STAND_IN, _YEAR)
    return build_workbook(book.form, identity, filling)


def _open(clean: ExampleBook, chance: random.Random) -> dict[str, Raw]:
    """Return a problem that is not closed yet."""
    return dict(chance.choice([p for p in clean.filling[village.Problem] if "closed" not in p]))


def _usual(clean: ExampleBook, chance: random.Random) -> dict[str, Raw]:
    """Return a measure of any status but 已销号, which only a closed problem has."""
    return dict(
        chance.choice([m for m in clean.filling[village.Measure] if m["status"] != "已销号"])
    )


# -- workbooks cut from them ----------------------------------------------------------------------


class _Part(NamedTuple):
    """One part of a package: as it is packed, or unpacked where it holds the stand-in."""

    name: bytes
    crc: int
    packed: bytes
    size: int
    text: str = ""


class _Pattern(NamedTuple):
    """A workbook to cut others from."""

    parts: Sequence[_Part]

    @classmethod
    def of(cls, data: bytes) -> "_Pattern":
        """Return the pattern that a workbook makes."""
        return cls(tuple(_parts(data)))

    def cut(self, code: str) -> bytes:
        """Return the workbook of the village with a code."""
        out, directory = bytearray(), bytearray()
        for part in self.parts:
            if part.text:
                part = _packed(part.name, part.text.replace(_STAND_IN, code).encode())  # noqa: PLW2901
            head = struct.pack(
                "<5H3L2H",
                *(20, 0x800, zipfile.ZIP_DEFLATED, 0, 0x21),
                *(part.crc, len(part.packed), part.size, len(part.name), 0),
            )
            directory += b"PK\1\2\x14\0" + head + struct.pack("<3H2L", 0, 0, 0, 0, len(out))
            directory += part.name
            out += b"PK\3\4" + head + part.name + part.packed
        ends = struct.pack(
            "<4s4H2LH", b"PK\5\6", 0, 0, *[len(self.parts)] * 2, len(directory), len(out), 0
        )
        return bytes(out + directory + ends)


def _parts(data: bytes) -> Iterator[_Part]:
    with zipfile.ZipFile(BytesIO(data)) as package:
        for name in package.namelist():
            content = package.read(name)
            part = _packed(name.encode(), content)
            yield part._replace(text=content.decode()) if _STAND_IN.encode() in content else part


def _packed(name: bytes, content: bytes) -> _Part:
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(content) + packer.flush()
    return _Part(name, zlib.crc32(content), packed, len(content))
