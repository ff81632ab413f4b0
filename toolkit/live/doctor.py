"""Every member that the live commands use, tried on a blank workbook: what this computer can do.

Law: it works on a workbook that holds nothing, leaves it as blank as it was, and never saves it.
"""

import contextlib
import importlib.metadata
import platform
import struct
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit import __version__
from toolkit.errors import LiveError
from toolkit.live import program
from toolkit.live.members import MEMBERS, Member
from toolkit.live.program import OpenBook

WORKS, FAILS = "√", "×"
"""What stands before a member that works, and before one that does not; known to every console."""
_CELL, _TRIED, _COLOUR = "B2", "试", 255
_GENERAL, _NO_FILL = "General", -4142  # xlColorIndexNone
_WHERE_TO = "请把以上全文发给技术人员；技术人员贴进程序仓库的 docs/实机核对记录.md。"


@dataclass(frozen=True)
class _Bench:
    """What the members are tried on."""

    app: Any
    book: Any
    sheet: Any
    folder: Path

    @property
    def cell(self) -> Any:  # noqa: ANN401 -- a COM object
        """The cell that is written to, and blanked afterwards."""
        return self.sheet.Range(_CELL)


@dataclass(frozen=True, slots=True)
class Trial:
    """A member that was tried: what was wrong with it, "" where it works."""

    member: Member
    fault: str

    @property
    def line(self) -> str:
        """The line that people read."""
        mark = FAILS if self.fault else WORKS
        wrong = f"（{self.fault}）" if self.fault else ""
        return f"{mark} {self.member.owner}.{self.member.name}　{self.member.what}{wrong}"


def record(name: str = "") -> tuple[str, ...]:
    """Return the lines of a record: versions, then every member and whether it works.

    Raises LiveError where no workbook can be got at, or where the one meant holds anything.
    """
    opened = program.attach(name)
    _require_blank(opened)
    trials = _tried(opened)
    fine = sum(not trial.fault for trial in trials)
    left = () if _is_left_blank(opened) else ("这个工作簿没有完全还原，请直接关掉，不要保存。",)
    return (
        *_versions(opened),
        *(trial.line for trial in trials),
        f"共 {len(trials)} 项，能用 {fine} 项，不能用 {len(trials) - fine} 项。",
        *left,
        _WHERE_TO,
    )


def _versions(opened: OpenBook) -> Iterator[str]:
    bits = struct.calcsize("P") * 8
    asked = ""
    with contextlib.suppress(Exception):  # tried by itself below
        asked = f"（{opened.book.app.api.OperatingSystem}）"
    yield f"程序：{opened.program} {opened.version}{asked}"
    yield f"系统：{platform.platform()}"
    libraries = "，".join(f"{each} {_version(each)}" for each in ("xlwings", "pywin32"))
    yield f"zhengdun {__version__}，Python {platform.python_version()}（{bits} 位），{libraries}"


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "没有装"


# -- a blank workbook -----------------------------------------------------------------------------


def _require_blank(opened: OpenBook) -> None:
    if opened.read_only or not _is_blank(opened):
        raise LiveError(
            f"{opened.name} 里有内容或只能读，没有试。请新建一个空白工作簿，再运行 live doctor。"
        )


def _is_blank(opened: OpenBook) -> bool:
    """Say whether no cell of a workbook holds anything, and no sheet a note."""
    return program.step(
        lambda: all(
            _says_nothing(sheet.used_range.options(ndim=2).value) and not list(sheet.notes)
            for sheet in opened.book.sheets
        )
    )


def _is_left_blank(opened: OpenBook) -> bool:
    with contextlib.suppress(LiveError):  # who cannot be asked, cannot be relied on
        return _is_blank(opened)
    return False


def _says_nothing(lines: Any) -> bool:  # noqa: ANN401 -- values as xlwings reads them
    return all(value is None for line in lines for value in line)


# -- the trials -----------------------------------------------------------------------------------


def _tried(opened: OpenBook) -> Sequence[Trial]:
    """Return every member, tried in the order of the table; the cell is blanked in the end."""
    with tempfile.TemporaryDirectory(prefix="zhengdun-", ignore_cleanup_errors=True) as folder:
        sheet = opened.book.sheets.active
        bench = _Bench(opened.book.app.api, opened.book.api, sheet.api, Path(folder))
        try:
            return [
                Trial(member, _fault(PROBES[member.owner, member.name], bench))
                for member in MEMBERS
            ]
        finally:
            for undo in _UNDO:
                with contextlib.suppress(Exception):  # what was not done needs no undoing
                    undo(bench)


def _fault(probe: "Probe", bench: _Bench) -> str:
    """Return what went wrong when a member was tried, "" where nothing did."""
    try:
        probe(bench)
    except _WithoutEffectError:
        return "没有起作用"
    except Exception as error:  # noqa: BLE001 -- whatever COM answers is what the record is for
        number = getattr(error, "hresult", None)
        return f"{type(error).__name__} {number}" if number else type(error).__name__
    return ""


Probe = Callable[[_Bench], object]


def _said(name: str) -> Probe:
    """Return what reads a member of the program, to see whether it answers."""
    return lambda bench: getattr(bench.app, name)


def _go(bench: _Bench) -> None:
    """Go to the cell, as the program itself knows it: xlwings wraps what it gives."""
    cell = bench.cell
    bench.app.Goto(vars(cell).get("_inner", cell))


def _pause_drawing(bench: _Bench) -> None:
    was = bench.app.ScreenUpdating
    bench.app.ScreenUpdating = False
    bench.app.ScreenUpdating = was


def _copy(bench: _Bench) -> None:
    copy = bench.folder / "副本.xlsx"
    bench.book.SaveCopyAs(str(copy))
    _require(copy.read_bytes().startswith(b"PK"))


def _protect(bench: _Bench) -> None:
    bench.sheet.Protect("")
    try:
        _require(bench.sheet.ProtectContents)
    finally:
        bench.sheet.Unprotect("")


def _write(bench: _Bench) -> None:
    bench.cell.Value = _TRIED
    _require(bench.cell.Value == _TRIED)


def _show_as_text(bench: _Bench) -> None:
    bench.cell.NumberFormat = "@"
    _require(bench.cell.NumberFormat == "@")


def _fill(bench: _Bench) -> None:
    bench.cell.Interior.Color = _COLOUR
    _require(bench.cell.Interior.Color == _COLOUR)


def _take_fill(bench: _Bench) -> None:
    bench.cell.Interior.ColorIndex = _NO_FILL
    _require(bench.cell.Interior.ColorIndex == _NO_FILL)


def _note(bench: _Bench) -> None:
    """Write a note at the cell, where none stands."""
    with contextlib.suppress(Exception):  # where none stands, or none can be taken away
        bench.cell.Comment.Delete()
    bench.cell.AddComment(_TRIED)


def _with_note(probe: Probe) -> Probe:
    """Return what tries a member of a note that stands at the cell."""

    def tried(bench: _Bench) -> None:
        _note(bench)
        probe(bench)

    return tried


def _require(seen: object) -> None:
    """Refuse, by a _WithoutEffectError, what a program has taken and not done."""
    if not seen:
        raise _WithoutEffectError


class _WithoutEffectError(Exception):
    """A member answered, and nothing came of it."""


def _take_note(bench: _Bench) -> None:
    bench.cell.Comment.Delete()
    _require(bench.cell.Comment is None)


PROBES: Mapping[tuple[str, str], Probe] = {
    **{
        ("Application", name): _said(name)
        for name in (
            *("Name", "Version", "OperatingSystem", "Hwnd", "Ready", "Workbooks"),
            *("ActiveWorkbook", "ActiveSheet", "Selection"),
        )
    },
    ("Application", "Goto"): _go,
    ("Application", "ScreenUpdating"): _pause_drawing,
    ("Workbook", "Name"): lambda bench: bench.book.Name,
    ("Workbook", "FullName"): lambda bench: bench.book.FullName,
    ("Workbook", "ReadOnly"): lambda bench: bench.book.ReadOnly,
    ("Workbook", "SaveCopyAs"): _copy,
    ("Workbook", "Worksheets"): lambda bench: bench.book.Worksheets,
    ("Workbook", "ActiveSheet"): lambda bench: bench.book.ActiveSheet,
    ("Workbook", "Activate"): lambda bench: bench.book.Activate(),
    ("Worksheet", "Name"): lambda bench: bench.sheet.Name,
    ("Worksheet", "ProtectContents"): lambda bench: bench.sheet.ProtectContents,
    ("Worksheet", "Unprotect"): lambda bench: bench.sheet.Unprotect(""),
    ("Worksheet", "Protect"): _protect,
    ("Worksheet", "UsedRange"): lambda bench: bench.sheet.UsedRange,
    ("Worksheet", "Range"): lambda bench: bench.cell,
    ("Worksheet", "Cells"): lambda bench: bench.sheet.Cells(2, 2),
    ("Worksheet", "Comments"): lambda bench: bench.sheet.Comments,
    ("Worksheet", "Activate"): lambda bench: bench.sheet.Activate(),
    ("Worksheet", "Select"): lambda bench: bench.sheet.Select(),
    ("Range", "Address"): lambda bench: bench.cell.Address,
    ("Range", "Value"): _write,
    ("Range", "NumberFormat"): _show_as_text,
    ("Range", "Interior.Color"): _fill,
    ("Range", "Interior.ColorIndex"): _take_fill,
    ("Range", "AddComment"): _note,
    ("Range", "Comment"): _with_note(lambda bench: _require(bench.cell.Comment)),
    ("Range", "Select"): lambda bench: bench.cell.Select(),
    ("Comment", "Text"): _with_note(lambda bench: _require(bench.cell.Comment.Text() == _TRIED)),
    ("Comment", "Delete"): _with_note(_take_note),
}
"""How each member is tried: what writes looks whether it was written."""


def _blank(bench: _Bench) -> None:
    bench.cell.Value = None


def _show_as_before(bench: _Bench) -> None:
    bench.cell.NumberFormat = _GENERAL


_UNDO: tuple[Probe, ...] = (
    lambda bench: bench.sheet.Unprotect(""),
    lambda bench: bench.cell.Comment.Delete(),
    _take_fill,
    _show_as_before,
    _blank,
    lambda bench: bench.sheet.Range("A1").Select(),
)
"""What leaves the workbook as it was, each whether the others worked or not."""
