"""What Excel or WPS on this computer can do, tried on a blank workbook, as a record of lines.

Law: it works on a workbook that holds nothing, leaves it as blank as it was or says so, and never
saves it.
"""

import contextlib
import locale
import platform
import struct
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import xlwings

from toolkit import __version__
from toolkit.errors import LiveError
from toolkit.excel.marks.notes import note_texts
from toolkit.excel.marks.package import open_package
from toolkit.excel.marks.splice import read_part
from toolkit.excel.values import read_values
from toolkit.live import program
from toolkit.live.members import what_for
from toolkit.live.parts import Part, State, version_of
from toolkit.live.program import OpenBook, RefusedError, UnsupportedError, step
from toolkit.live.trials import Bench, blank, tried

_WHERE_TO = "请把以上全文发给技术人员；技术人员贴进程序仓库的 docs/实机核对记录.md。"
_SPOILT = "这个工作簿没有完全还原，请直接关掉，不要保存。"


def record(name: str = "") -> tuple[str, ...]:
    """Return the lines of a record: versions, then every member and step, and whether it works.

    Raises LiveError where no workbook can be got at, where the one meant holds anything or saves
    itself, or where the program stays busy.
    """
    try:
        opened = program.attach(name)
        sheet = _sheet(opened)
    except UnsupportedError as error:
        failed = Part(State.BROKEN, f"连接打开的工作簿（{error.reason}）")
        return (*_computer(), str(failed), "没有连上，其余的都没有试。", _WHERE_TO)
    before = _require_blank(opened)
    with tempfile.TemporaryDirectory(prefix="zhengdun-", ignore_cleanup_errors=True) as folder:
        bench = Bench(opened, sheet, Path(folder) / "另存.xlsx")
        versions = (_program(opened), *_computer())
        try:
            parts = tried(bench)
        except LiveError as error:
            raise LiveError("".join((error.reason, *_blanked(bench, before)))) from error
        except BaseException:
            blank(bench)
            raise
        left = _blanked(bench, before)
    return (*versions, *map(str, parts), _total(parts), *left, _WHERE_TO)


def _total(parts: tuple[Part, ...]) -> str:
    states = Counter(part.state for part in parts)
    fine, broken = states[State.FINE], states[State.BROKEN]
    return (
        f"共 {len(parts)} 项：能用 {fine} 项（√），不能用 {broken} 项（×），"
        f"没有试 {states[State.LACKING]} 项（－）。"
    )


def _program(opened: OpenBook) -> str:
    bits = _asked(opened, "OperatingSystem")
    saves = _asked(opened, "AutoSaveOn")
    told = {"True": "开着", "False": "没有开"}.get(saves, "查不出")
    return f"程序：{opened.program} {opened.version}（{bits or '查不出位数'}），自动保存{told}"


def _asked(opened: OpenBook, member: str) -> str:
    """Return what the program says of itself, "" where it cannot."""
    owner = opened.book if member == "AutoSaveOn" else opened.book.app
    try:
        return str(step(lambda: getattr(owner.api, member)))
    except (UnsupportedError, RefusedError):
        return ""


def _computer() -> Iterator[str]:
    """Yield what this computer is, and what of ours is on it."""
    bits = struct.calcsize("P") * 8
    region = "查不出"
    with contextlib.suppress(ValueError):  # one that Python does not know
        region = locale.getlocale()[0] or region
    yield (
        f"系统：{platform.platform()}，{platform.machine()}，"
        f"区域 {region}，编码 {locale.getpreferredencoding(do_setlocale=False)}"
    )
    libraries = "，".join(
        f"{each} {version_of(each) or '没有装'}" for each in ("xlwings", "pywin32")
    )
    yield f"zhengdun {__version__}，Python {platform.python_version()}（{bits} 位），{libraries}"


# -- a blank workbook -----------------------------------------------------------------------------

Held = frozenset[tuple[str, ...]]
"""What a workbook holds: its sheets, cells, and what is in and on them."""


def _sheet(opened: OpenBook) -> xlwings.Sheet:
    """Return the sheet that things are tried on: the active one, where the program can say."""
    with contextlib.suppress(UnsupportedError, RefusedError):
        return step(lambda: opened.book.sheets.active)
    return step(lambda: opened.book.sheets[0], what_for("Worksheets"))


def _require_blank(opened: OpenBook) -> Held:
    """Return what a workbook holds beside contents; raises LiveError where it has any."""
    held = _held(opened)
    if opened.read_only or any(what in {"内容", "批注"} for _, _, what, *_ in held):
        raise LiveError(
            f"{opened.name} 里有内容或只能读，没有试。请新建一个空白工作簿，再运行 live doctor。"
        )
    if _asked(opened, "AutoSaveOn") == "True":
        raise LiveError(
            f"{opened.name} 开着“自动保存”，没有试。"
            "请新建一个空白工作簿，不要保存，再运行 live doctor。"
        )
    return held


def _blanked(bench: Bench, before: Held) -> tuple[str, ...]:
    """Blank a workbook; return what is to be said where it is not as it was."""
    blank(bench)
    try:
        same = _held(bench.opened) == before
    except LiveError:  # who cannot be asked, cannot be relied on
        same = False
    return () if same else (_SPOILT,)


def _held(opened: OpenBook) -> Held:
    """Return what a workbook holds, by a copy; where there is none, by the program itself."""
    try:
        data = program.content(opened)
    except UnsupportedError:
        return step(lambda: frozenset(_shown(opened)))
    return frozenset(_copied(data))


def _copied(data: bytes) -> Iterator[tuple[str, ...]]:
    for title, lines in read_values(data).grids.items():
        values = [value for line in lines for value in line if value not in {None, ""}]
        yield from ((title, "", "内容", str(value)) for value in values)
    package = open_package(data)
    for sheet in package.sheets():
        texts = note_texts(package, sheet.part)
        yield from ((sheet.title, cell, "批注", text) for cell, text in texts.items())
        root = read_part(package.parts[sheet.part], whole=True).root
        if root.child("sheetProtection"):
            yield sheet.title, "", "保护"
        for cell in root.all("sheetData", "row", "c"):
            if cell.get("s", "0") != "0":  # a fill, or how numbers are shown
                yield sheet.title, cell.get("r"), "样式"


def _shown(opened: OpenBook) -> Iterator[tuple[str, ...]]:
    for sheet in opened.book.sheets:
        lines = sheet.used_range.options(ndim=2).value
        values = [value for line in lines for value in line if value not in {None, ""}]
        yield from ((sheet.name, "", "内容", str(value)) for value in values)
        yield from ((sheet.name, "", "批注", note.text) for note in sheet.notes)
