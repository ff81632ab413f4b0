"""How Excel, WPS and Calc save a workbook, one file operation at a time.

Each yields after every operation, so that somebody may look at the folder in between.
"""

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

Save = Callable[[Path, bytes, random.Random], Iterator[None]]


def package(chance: random.Random, size: int = 6_000) -> bytes:
    """Return a package as small as can be, every one of the same length."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/worksheets/sheet1.xml", chance.randbytes(size))
    return out.getvalue()


def _chunks(data: bytes, chance: random.Random) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        step = chance.randint(400, 3_000)
        yield data[at : at + step]
        at += step


def _written(path: Path, data: bytes, chance: random.Random, mode: str = "wb") -> Iterator[None]:
    """Write a file slowly."""
    with path.open(mode) as file:
        yield
        for chunk in _chunks(data, chance):
            file.write(chunk)
            file.flush()
            yield
        file.truncate()


def excel(path: Path, data: bytes, chance: random.Random) -> Iterator[None]:
    """A file of a random name is written, the old one renamed away, the new one renamed to it."""
    lock = path.with_name(f"~${path.name}")
    lock.write_bytes(b"\4\xd0\xbb")
    yield
    fresh = path.with_name(f"{chance.getrandbits(32):08X}")
    yield from _written(fresh, data, chance)
    old = path.with_name(f"{chance.getrandbits(32):08X}.tmp")
    if path.exists():
        path.rename(old)
        yield
    fresh.rename(path)
    yield
    old.unlink(missing_ok=True)
    yield
    lock.unlink()
    yield


def wps_in_place(path: Path, data: bytes, chance: random.Random) -> Iterator[None]:
    """The file is emptied and written anew."""
    yield from _written(path, data, chance)
    yield


def over_the_old(path: Path, data: bytes, chance: random.Random) -> Iterator[None]:
    """The file is written over from its beginning; its old end stands there till last."""
    yield from _written(path, data, chance, "r+b" if path.exists() else "wb")
    yield


def wps_anew(path: Path, data: bytes, chance: random.Random) -> Iterator[None]:
    """The file is deleted and made again."""
    lock = path.with_name(f".~{path.name}")
    lock.write_bytes(b"")
    yield
    path.unlink(missing_ok=True)
    yield
    yield from _written(path, data, chance)
    lock.unlink()
    yield


def calc(path: Path, data: bytes, chance: random.Random) -> Iterator[None]:
    """A temporary file is written and renamed to it."""
    lock = path.with_name(f".~lock.{path.name}#")
    lock.write_text(",李四,,,;", "utf-8")
    yield
    fresh = path.with_name(f"lu{chance.getrandbits(40):010x}.tmp")
    yield from _written(fresh, data, chance)
    fresh.replace(path)
    yield
    lock.unlink()
    yield


SAVERS: tuple[Save, ...] = (excel, wps_in_place, over_the_old, wps_anew, calc)
