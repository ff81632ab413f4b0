"""Workbooks in folders: which files are read, and why others are passed over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.excel.preflight import WORKBOOK_SUFFIXES, skip_reason

_OUR_BACKUP = ".bak"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not read, and the reason."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, in order of name, and those passed over."""

    files: tuple[Path, ...]
    skipped: tuple[Skipped, ...]


def find_workbooks(paths: Sequence[Path]) -> Found:
    """Return the workbooks that files and folders (to any depth) hold.

    A file named by hand is always read, whatever its name; a folder is looked through.
    """
    files: dict[Path, None] = {}
    skipped: list[Skipped] = []
    for path in paths:
        for candidate in _walk(path) if path.is_dir() else (path,):
            reason = skip_reason(candidate)
            named = candidate is path
            if not (named or reason or candidate.suffix.lower() in WORKBOOK_SUFFIXES):
                reason = "不是表格文件"
            if reason:
                skipped.append(Skipped(candidate, reason))
            else:
                files.setdefault(candidate)
    return Found(tuple(files), tuple(skipped))


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.is_symlink() and not path.exists():
            continue
        if path.is_dir():
            if not path.name.startswith("."):
                yield from _walk(path)
        elif path.is_file() and not path.name.endswith(_OUR_BACKUP):
            yield path
