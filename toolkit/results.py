"""Results in their places: each replaces nothing, or an earlier result of its own kind.

Law: no workbook that somebody handed in or filled in is ever written over, wherever it lies. What
can be refused is refused before anything is read, and again at the moment of writing.
"""

import contextlib
import hashlib
import itertools
import os
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from toolkit.differences import DIFF_FORM
from toolkit.errors import EditedError, OutputError, UsageError
from toolkit.excel.folder import WORKBOOK_SUFFIXES, find_workbooks
from toolkit.forms import lists, rollup, township, village
from toolkit.forms.issuing import RECEIPTS_FORM
from toolkit.outputs import admit, admit_folder, backup_of, safe_name, write_output
from toolkit.report import REPORT_FORM, Written
from toolkit.schema.form import FORM_PROPERTY, MARKS_NAME

REPORT, ROLLUP, COPY, PAPER = REPORT_FORM, rollup.FORM.id, "return-copy", "paper"
"""The kinds of results: a check's workbook, a rollup, a return copy; any text or paper."""
RECEIPTS = RECEIPTS_FORM
"""One more: the list of who has got a workbook."""
_WORDS = {
    REPORT: "核对结果",
    ROLLUP: "汇总表",
    COPY: "回传件",
    PAPER: "文稿",
    RECEIPTS: "发放登记",
    lists.FORM_ID: "整顿台账",
    DIFF_FORM: "对比结果",
}
_FILLED = {village.FORM.id, township.FORM.id}
_STRANGE = "workbook"


# -- what stands in a place ---------------------------------------------------------------------

_MOST_BYTES = 4_000_000  # of a part; ours hold a few hundred
_FORM = re.compile(rf'"{re.escape(FORM_PROPERTY)}"[^>]*>\s*<[^>]*>\s*([a-z][a-z0-9-]*)/'.encode())
_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


def kind_of(path: Path) -> str:
    """Return what kind of result a file is, or the form that it is filled from.

    Two small parts of a package tell. Another workbook is "workbook", any other file a paper.
    """
    try:
        with zipfile.ZipFile(path) as package:
            book = _part(package, "xl/workbook.xml")
            form = _FORM.search(_part(package, "docprops/custom.xml"))
    except _BROKEN:
        book, form = b"", None
    if MARKS_NAME.encode() in book:
        return COPY
    if book and form:
        return form[1].decode()
    return _STRANGE if book or path.suffix.lower() in WORKBOOK_SUFFIXES else PAPER


def _part(package: zipfile.ZipFile, folded: str) -> bytes:
    """Return the beginning of a part, b"" where there is none."""
    name = next((name for name in package.namelist() if name.casefold() == folded), None)
    if name is None:
        return b""
    with package.open(name) as part:
        return part.read(_MOST_BYTES)


def is_as_written(paper: Path) -> bool:
    """Say whether a paper holds the text that it was written with; one without a stamp does not."""
    from toolkit.word.properties import CUSTOM, TEXT, text_digest  # noqa: PLC0415 -- python-docx loads slowly

    stamp = re.compile(rf'"{re.escape(TEXT)}"[^>]*>\s*<[^>]*>\s*([0-9a-f]{{64}})'.encode())
    try:
        with zipfile.ZipFile(paper) as package:
            text = _part(package, "word/document.xml")
            told = stamp.search(_part(package, CUSTOM.casefold()))
    except _BROKEN:
        return False
    return told is not None and told[1].decode() == text_digest(text)


# -- places that are refused --------------------------------------------------------------------


def named(target: Path, suffix: str, *, or_folder: bool = False) -> None:
    """Refuse, by a UsageError, a result's name that its program would not know."""
    if target.suffix.lower() != suffix and not (or_folder and not target.suffix):
        folder = "，或者写文件夹的名字" if or_folder else ""
        raise UsageError(f"{target}：结果文件名要以 {suffix} 结尾{folder}。请改正 -o。")


def spare(target: Path, kind: str, inputs: Iterable[Path] = ()) -> None:
    """Refuse, by a UsageError or OutputError, a place that a result of a kind must not take.

    `inputs` are the files that are going to be read; an earlier result may lie among them.
    """
    admit(target)
    if not _stands(target):
        return
    found, place = kind_of(target), os.path.realpath(target)
    handed_in = found in {_STRANGE, PAPER} and any(
        os.path.realpath(path) == place for path in inputs
    )
    if found in _FILLED or handed_in:
        raise UsageError(f"{target}：这是村里或镇里的工作簿，不能当作结果文件。{_elsewhere(kind)}")
    if kind == ROLLUP and found == rollup.COUNTY_FORM.id:
        found = ROLLUP
    if found != kind:
        raise OutputError(
            f"{target}：已经存在，不是以前的{_WORDS[kind]}，没有覆盖。{_elsewhere(kind)}"
        )


def _stands(target: Path) -> bool:
    """Say whether a file stands there; one that we are not given, an OutputError refuses."""
    try:
        with target.open("rb"):
            return True
    except FileNotFoundError:
        return False
    except OSError:
        raise OutputError(
            f"{target}：打不开，没有覆盖。可能正被别的程序占用，或没有权限。请关闭或检查后再试。"
        ) from None


def _elsewhere(kind: str) -> str:
    """Return how the person says where else a result shall go."""
    if kind == RECEIPTS:
        return "请先把它改名或移走，再发放。"
    return "请用 --mark 另指定文件夹。" if kind == COPY else "请用 -o 另指定文件名。"


def unused(target: Path) -> None:
    """Refuse, by an OutputError, a place that is taken, to a workbook that people will fill in."""
    admit(target)
    if target.exists():
        raise OutputError(f"{target}：已经存在，没有覆盖。请用 -o 另指定文件名，或先移走原文件。")


def apart(folder: Path, asked: Sequence[Path], inputs: Iterable[Path]) -> None:
    """Refuse, by a UsageError, to put return copies where workbooks lie that are to be read.

    A folder within one that is checked is passed over, so that it may hold nothing but copies.
    """
    admit_folder(folder)
    place = folder.resolve()
    homes = {home for path in inputs for home in (path.parent.resolve(), path.resolve().parent)}
    if place in homes | {path.resolve() for path in asked}:
        raise UsageError(
            f"{folder}：和报送的工作簿在同一个文件夹里，回传件会被当成报送的工作簿。"
            "请用 --mark 另指定文件夹，如“回传件”。"
        )
    within = any(path.is_dir() and path.resolve() in place.parents for path in asked)
    held = find_workbooks([folder]).files if within and folder.is_dir() else ()
    strange = next((path for path in held if kind_of(path) != COPY), None)
    if strange is not None:
        raise UsageError(
            f"{folder}：里面的 {strange.name} 不是回传件，放回传件会漏掉它。"
            "请用 --mark 另指定文件夹，如“回传件”。"
        )


# -- names and ways -----------------------------------------------------------------------------


def free_name(name: str, source: Path, taken: set[str]) -> str:
    """Return a name that no other result of the run has taken, and take it.

    The folders of the file that the result is made from go before a name that is taken.

    >>> taken: set[str] = set()
    >>> [free_name("册.xlsx", Path(each), taken) for each in ("甲/册.xlsx", "乙/村/册.xlsx")]
    ['册.xlsx', '村-册.xlsx']
    """
    for wanted in _names(name, source):
        folded = unicodedata.normalize("NFC", wanted).casefold()  # as disks compare names
        if folded not in taken:
            taken.add(folded)
            return wanted
    raise AssertionError  # pragma: no cover -- the names never end


def _names(name: str, source: Path) -> Iterator[str]:
    """Yield the name, then longer and longer ones, then numbered ones."""
    yield name
    longer = name
    for folder in source.absolute().parents:
        if folder.name:
            longer = f"{safe_name(folder.name)}-{longer}"
            yield longer
    for number in itertools.count(2):
        yield f"{number}-{name}"


MOST_NAMES = 9
"""How many names a report may bear: one that is refused so often is refused for good."""


def numbered(target: Path, most: int = MOST_NAMES) -> Iterator[Path]:
    """Yield the place of a result, then its name with a number, for one whose own is taken.

    >>> [place.name for place in numbered(Path("核对结果.xlsx"), 3)]
    ['核对结果.xlsx', '核对结果-2.xlsx', '核对结果-3.xlsx']
    """
    yield target
    for number in range(2, most + 1):
        yield target.with_stem(f"{target.stem}-{number}")


def way_to(folder: Path, file: Path) -> str:
    """Return the relative way from a folder to a file, "" where there is none (another drive)."""
    try:
        return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return ""


# -- writing ------------------------------------------------------------------------------------


def replace(target: Path, data: bytes, kind: str, *notes: str) -> Written:
    """Write a result, over an earlier one of its kind at most; return what is to be said of it."""
    open_now = (_OPEN,) if is_open(target) else ()
    fresh = write_output(target, data, partial(spare, target, kind))
    return Written(target, (*notes, *(open_now if fresh else ("内容没有变化，没有重写",))))


_OPEN = "它可能正被打开，请关闭后再打开，看到的才是新的"


def rewrite(target: Path, data: bytes, *notes: str) -> Written:
    """Write a paper that people may edit, over one at most that nobody has edited.

    Raises an EditedError where somebody has.
    """
    spare(target, PAPER)
    stands = _stands(target)
    if not write_output(target, data, partial(_require_unedited, target, data)):
        return Written(target, (*notes, "内容没有变化，没有重写"))
    kept = (f"原来的留作 {backup_of(target).name}。",) if stands else ()
    return Written(target, (*notes, *kept))


def _require_unedited(target: Path, data: bytes) -> None:
    spare(target, PAPER)
    if _stands(target) and target.read_bytes() != data and not is_as_written(target):
        raise EditedError(f"{target}：有人改过，没有覆盖。要重新生成，请先移走或改名。")


def create(target: Path, data: bytes, *notes: str) -> Written:
    """Write a workbook that people will fill in, over none; return what is to be said of it."""
    write_output(target, data, partial(unused, target))
    return Written(target, notes)


def renew(target: Path, data: bytes, sha256: str, *notes: str) -> Written:
    """Write a workbook anew that nobody has filled in yet, as told by the content judged.

    Raises an OutputError where it is another content by now, or somebody has it open.
    """
    write_output(target, data, partial(_require_untouched, target, sha256))
    return Written(target, notes)


def _require_untouched(target: Path, sha256: str) -> None:
    if is_open(target):
        raise OutputError(f"{target}：可能正被打开，没有更新。请先关闭再试。")
    if hashlib.sha256(target.read_bytes()).hexdigest() != sha256:
        raise OutputError(f"{target}：刚才又有改动，没有更新。请再做一次。")


def is_open(target: Path) -> bool:
    """Say whether an office program seems to have a workbook open, by the lock file beside it."""
    with contextlib.suppress(OSError):  # reading or writing will tell what is wrong
        return any(target.with_name(lock.format(target.name)).exists() for lock in _LOCKS)
    return False


_LOCKS = ("~${}", ".~{}", ".~lock.{}#")
"""The names of the lock files of Excel, WPS and LibreOffice, from the workbook's."""
