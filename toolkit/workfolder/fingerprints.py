"""What was handed in, in proof: the SHA-256 of every file, as `sha256sum -c` reads them."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from toolkit.errors import UnreadableError
from toolkit.excel.opened import read_bytes
from toolkit.report import FileStatus
from toolkit.results import way_to
from toolkit.workfolder.places import FINGERPRINTS

_HOW = f"# 报送文件的 SHA-256；在这个文件夹里运行 sha256sum -c {FINGERPRINTS} 可以核对"


def fingerprints(files: Iterable[FileStatus], folder: Path) -> tuple[str, ...]:
    """Return a line of `sha256sum` for each file handed in that has a content, readable or not.

    Paths lead from a folder.
    """
    return tuple(_lines(sorted(files, key=lambda file: file.path), folder))


def as_file(lines: Iterable[str]) -> bytes:
    """Return the lines as a file, which says itself how it is used."""
    return "".join(f"{line}\n" for line in (_HOW, *lines)).encode(errors="surrogateescape")


def changed_since(files: Iterable[FileStatus], folder: Path) -> int:
    """Return how many files have come, gone or changed since a month was made of them."""
    now, then = map(_by_path, (fingerprints(files, folder), _kept(folder)))
    return sum(now.get(path) != then.get(path) for path in now.keys() | then.keys())


def is_as_kept(files: Iterable[FileStatus], folder: Path) -> bool:
    """Say whether the files are those that a month was made from, no more and no fewer."""
    return set(fingerprints(files, folder)) == _kept(folder)


def _by_path(lines: Iterable[str]) -> dict[str, str]:
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines)}


def _kept(folder: Path) -> set[str]:
    try:
        text = (folder / FINGERPRINTS).read_bytes().decode(errors="surrogateescape")
    except OSError:
        return set()
    return {line for line in text.split("\n") if line and not line.startswith("#")}


def _lines(files: Iterable[FileStatus], folder: Path) -> Iterator[str]:
    for file in files:
        path = Path(file.path)
        digest = file.sha256 or _digest(path)
        if file.status == "skipped" or not digest:
            continue
        way = way_to(folder, path) or str(path.absolute())
        # As sha256sum has it, a line whose path needs escapes begins with one.
        spelled = way.replace("\\", r"\\").replace("\n", r"\n").replace("\r", r"\r")
        yield f"{'' if spelled == way else chr(92)}{digest}  {spelled}"


def _digest(path: Path) -> str:
    """Return the fingerprint of a file that could not be understood, "" where it has no content."""
    try:
        return hashlib.sha256(read_bytes(path)).hexdigest()
    except UnreadableError:
        return ""
