"""Workbooks in folders: which files are read, and why others are passed over."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.excel.preflight import WORKBOOK_SUFFIXES, skip_reason


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that is not read, and the reason."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The files to read, in order of name, and those passed over."""

    files: tuple[Path, ...]
    skipped: tuple[Skipped, ...]


_ARCHIVES = frozenset({".zip", ".rar", ".7z"})


def find_workbooks(paths: Sequence[Path]) -> Found:
    """Return the workbooks that files and folders (to any depth) hold, each of them once.

    A file named by hand is read whatever it is, unless an office program keeps it for itself; a
    folder is looked through.
    """
    files: dict[str, Path] = {}  # where it really is -> as it was found
    skipped: dict[Path, Skipped] = {}
    walked: set[str] = set()
    for path in paths:
        for candidate, why in _walk(path, walked) if path.is_dir() else ((path, ""),):
            reason = why or skip_reason(candidate)
            if not reason and candidate is not path and not _is_workbook(candidate):
                packed = candidate.suffix.lower() in _ARCHIVES
                reason = "压缩包，请解压后再交" if packed else "不是表格文件"
            if not reason:
                first = files.setdefault(os.path.realpath(candidate), candidate)
                is_link = os.path.abspath(first) != os.path.abspath(candidate)  # noqa: PTH100 -- a Path keeps its ..
                reason = f"与“{first}”是同一个文件" if is_link else ""
            if reason:
                skipped.setdefault(candidate, Skipped(candidate, reason))
    return Found(tuple(files.values()), tuple(skipped.values()))


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in WORKBOOK_SUFFIXES


def _walk(folder: Path, walked: set[str]) -> Iterator[tuple[Path, str]]:
    """Yield what a folder holds, and why it is passed over if that is plain from what it is.

    Each folder is looked through once, so that links leading back to it do no harm.
    """
    real = os.path.realpath(folder)  # unlike resolve, it bears a link to itself
    if real in walked:
        return
    walked.add(real)
    try:
        paths = sorted(folder.iterdir(), key=lambda path: path.name)
    except PermissionError:
        yield folder, "没有权限，文件夹打不开"
        return
    for path in paths:
        if path.is_file():
            yield path, ""
        elif not path.is_dir():
            yield path, "链接指向的文件找不到" if path.is_symlink() else "不是普通文件"
        elif path.name.startswith("."):
            yield path, "隐藏文件夹，没有查看"
        elif _is_workbook(path):
            yield path, "是文件夹，不是工作簿"
        else:
            yield from _walk(path, walked)
