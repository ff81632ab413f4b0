"""Workbooks in folders: which files are read, and why others are passed over."""

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.outputs import is_stray

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb"})
"""What can be a returned workbook, by its name; what it is, its bytes say."""


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


def find_workbooks(paths: Sequence[Path], copies: Path | None = None) -> Found:
    """Return the workbooks that files and folders (to any depth) hold, each of them once.

    A file named by hand is read whatever it is, unless an office program keeps it for itself; a
    folder is looked through, but for that which this very run's return copies go to.
    """
    own = os.path.realpath(copies) if copies else ""
    files: dict[str, Path] = {}  # where it really is -> as it was found
    skipped: dict[Path, Skipped] = {}
    walked: set[str] = set()
    for path in paths:
        for candidate, why in _walk(path, walked, own) if _is_folder(path) else _named(path):
            reason = why or skip_reason(candidate)
            if not reason and candidate is not path and not _is_workbook(candidate):
                packed = candidate.suffix.lower() in _ARCHIVES
                reason = "压缩包，请解压后报送" if packed else "不是表格文件"
            if not reason:
                first = files.setdefault(os.path.realpath(candidate), candidate)
                is_link = os.path.abspath(first) != os.path.abspath(candidate)  # noqa: PTH100 -- a Path keeps its ..
                reason = f"与“{first}”是同一个文件" if is_link else ""
            if reason:
                skipped.setdefault(candidate, Skipped(candidate, reason))
    return Found(tuple(files.values()), tuple(skipped.values()))


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower() in WORKBOOK_SUFFIXES


def _is_folder(path: Path) -> bool:
    with contextlib.suppress(OSError):  # reading will tell what is wrong
        return path.is_dir()
    return False


def _named(path: Path) -> Iterator[tuple[Path, str]]:
    """Yield a file named by hand, and why it is passed over if it may never end, as a pipe."""
    reason = ""
    with contextlib.suppress(OSError):
        reason = _NO_FILE if path.exists() and not path.is_file() else ""
    yield path, reason


_NO_FILE = "不是普通文件"


def _walk(folder: Path, walked: set[str], own: str) -> Iterator[tuple[Path, str]]:
    """Yield what a folder holds, and why it is passed over if that is plain from what it is.

    Each folder is looked through once, so that links leading back to it do no harm.
    """
    real = os.path.realpath(folder)  # unlike resolve, it bears a link to itself
    if real in walked:
        return
    walked.add(real)
    try:
        paths = sorted(folder.iterdir(), key=lambda path: path.name)
        any(path.is_file() for path in paths[:1])  # a folder may show its names and nothing more
    except PermissionError:
        yield folder, "没有权限，文件夹打不开"
        return
    except OSError as error:
        yield folder, f"文件夹打不开（代码 {error.errno}）"
        return
    for path in paths:
        if is_stray(path):  # what a run of ours has left there, nobody has handed in
            continue
        try:
            yield from _seen(path, walked, own)
        except OSError as error:  # reading a workbook will tell what is wrong
            yield path, "" if _is_workbook(path) else f"读不出来（代码 {error.errno}）"


def _seen(path: Path, walked: set[str], own: str) -> Iterator[tuple[Path, str]]:
    """Yield what stands in a folder under one name, or below it."""
    if path.is_file():
        yield path, ""
    elif not path.is_dir():
        yield path, "链接指向的文件找不到" if path.is_symlink() else _NO_FILE
    elif path.name.startswith("."):
        yield path, "隐藏文件夹，没有查看"
    elif _is_workbook(path):
        yield path, "是文件夹，不是工作簿"
    elif (own and os.path.realpath(path) == own) or _holds_copies(path):
        yield path, "这里放回传件，没有查看"
    else:
        yield from _walk(path, walked, own)


COPIES_FOLDER, REPORT_FILE = "回传件", "核对结果.xlsx"
"""Where a work folder's return copies go, and the report beside it."""


def _holds_copies(folder: Path) -> bool:
    """Say whether return copies were put there; any other folder of the name may be a village's."""
    return folder.name == COPIES_FOLDER and folder.with_name(REPORT_FILE).exists()


# -- files that are no workbooks, by their names --------------------------------------------------

_OPEN = "原文件可能正被打开，请关闭后重新报送"
_SKIPPED_STARTS = (
    ("~$", f"Excel 或 WPS 的锁文件，{_OPEN}"),
    (".~lock.", f"LibreOffice 的锁文件，{_OPEN}"),
    (".~", f"WPS 的锁文件，{_OPEN}"),
    ("._", "苹果电脑附带的说明文件，不是工作簿"),
    ("~", "办公软件的临时文件，不是报送的工作簿"),
    (".", "隐藏文件，不是报送的工作簿"),
)
_SKIPPED_ENDS = (
    (".tmp", "临时文件，不是报送的工作簿"),
    (".crdownload", "没有下载完的文件，请重新下载"),
    (".part", "没有下载完的文件，请重新下载"),
    (".bak", "备份文件，不是报送的工作簿"),
    ("#", "锁文件，不是报送的工作簿"),
)
_SKIPPED_NAMES = {"thumbs.db": "Windows 的缩略图缓存", "desktop.ini": "Windows 的文件夹设置"}


def skip_reason(path: Path) -> str:
    """Return why a file in a folder is passed over, or "" where it is to be looked at.

    A lock file is read for the name of the person who has the workbook open.

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
            owner = _owner(path) if reason.endswith(_OPEN) else ""
            return reason.replace("正被打开", f"正被 {owner} 打开") if owner else reason
    for end, reason in _SKIPPED_ENDS:
        if name.endswith(end):
            return reason
    return ""


# -- who has a workbook open ----------------------------------------------------------------------

_LOCK_BYTES = 1024
_NAME_PLACES = (55, 54)  # of the length before a UTF-16 name: in Excel's lock files, in Word's
_LONGEST_NAME = 54
_COMMA = re.compile(r"(?<!\\),")  # LibreOffice writes a comma within a field as \,


def _owner(lock: Path) -> str:
    """Return who holds a lock file, "" where it does not tell."""
    try:
        if not lock.is_file():  # what is neither file nor folder may never answer
            return ""
        with lock.open("rb") as file:
            head = file.read(_LOCK_BYTES)
    except OSError:
        return ""
    names = _office_names(head)
    if lock.name.casefold().startswith(".~lock."):
        names = _libreoffice_names(head)
    return next((name for name in names if name and name.isprintable()), "")


def _office_names(head: bytes) -> Iterator[str]:
    """Yield what may be the user's name: in UTF-16, then as the computer's own code page has it.

    The lock files of Excel and WPS: a length and the name, padded to 55 bytes; then both again.
    """
    for at in _NAME_PLACES:
        length = int.from_bytes(head[at : at + 2], "little")
        name = head[at + 2 : at + 2 + 2 * length]
        if 0 < length <= _LONGEST_NAME and len(name) == 2 * length:
            yield name.decode("utf-16-le", errors="replace").strip()
    if head and head[0] <= _LONGEST_NAME:
        yield head[1 : 1 + head[0]].decode("gb18030", errors="ignore").strip()


def _libreoffice_names(head: bytes) -> Iterator[str]:
    """Yield the user's name as entered in LibreOffice, then the computer's name for the user."""
    fields = _COMMA.split(head.decode("utf-8", errors="replace"))
    if len(fields) > 2:  # noqa: PLR2004 -- two names, then the computer's
        yield from (field.replace("\\,", ",").strip() for field in fields[:2])
