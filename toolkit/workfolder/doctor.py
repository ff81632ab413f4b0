"""What works on this computer: Python, its libraries, PDF, fonts, files, the console, Excel.

Law: it only looks. No program of the person's is started, and nothing is left behind.
"""

import contextlib
import importlib
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit import __version__, results
from toolkit.errors import LiveError
from toolkit.live import states
from toolkit.live.parts import Part, State, version_of
from toolkit.pdf import find_program
from toolkit.report import Outcome, one_line
from toolkit.workfolder.places import WorkFolder, half_made

_XLWINGS = "xlwings"
_LEAST_PYTHON = (3, 11)

LIBRARIES = (
    *("click", "cn2an", "defusedxml", "openpyxl", "pandas", "python-calamine", "python-docx"),
    *("rapidfuzz", "xlsxwriter", _XLWINGS),
)
"""What the package declares that it needs."""
_MODULES = {"python-calamine": "python_calamine", "python-docx": "docx"}
"""The modules of libraries that are called otherwise."""
_EXTRAS = {"distributed": "“--cluster”在集群上汇总", "pyarrow": "超过一张工作表的台账"}
"""What needs the libraries that one can do without."""
_FONTS = {
    "仿宋": ("仿宋_gb2312", "仿宋", "fangsong_gb2312", "fangsong", "stfangsong", "华文仿宋"),
    "黑体": ("黑体", "simhei", "stheiti", "华文黑体"),
    "楷体": ("楷体_gb2312", "楷体", "kaiti_gb2312", "kaiti", "stkaiti", "华文楷体"),
    "小标宋": ("方正小标宋简体", "方正小标宋_gbk", "fzxiaobiaosong-b05s", "fzxiaobiaosong-b05"),
}
"""The fonts of formal papers (GB/T 9704), and what a computer calls them, in small letters."""


@dataclass(frozen=True)
class Diagnosis:
    """All that was looked at, in the order in which it is told."""

    parts: tuple[Part, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that people read, and what they come to."""
        states = Counter(part.state for part in self.parts)
        broken, lacking = states[State.BROKEN], states[State.LACKING]
        verdict = f"有 {broken} 项必须先修好（×）。" if broken else "可以使用。"
        if lacking:
            verdict += f"另有 {lacking} 项没有（－），不影响其余的。"
        return (*map(str, self.parts), verdict)

    @property
    def exit_code(self) -> int:
        """Return 2 where something is broken without which nothing works, else 0."""
        return 2 if any(part.state is State.BROKEN for part in self.parts) else 0


def diagnosis(here: Path, home: WorkFolder | None) -> Diagnosis:
    """Return what works on this computer, for somebody in a folder and perhaps a work folder."""
    return Diagnosis(
        (
            _program(),
            *_libraries(),
            _temporary(),
            _console(),
            _work_folder(here, home),
            _pdf(),
            *_fonts(),
            _live(),
        )
    )


def _program() -> Part:
    version, bits = platform.python_version(), struct.calcsize("P") * 8
    system = " ".join(filter(None, (platform.system(), platform.release(), platform.machine())))
    fits = sys.version_info >= _LEAST_PYTHON
    least = "" if fits else f"；要 {'.'.join(map(str, _LEAST_PYTHON))} 以上，请重新安装"
    said = f"zhengdun {__version__}，Python {version}（{bits} 位），{system}{least}"
    return Part(State.FINE if fits else State.BROKEN, said)


# -- libraries ------------------------------------------------------------------------------------


def _libraries() -> Iterator[Part]:
    """Yield the libraries that the package asks for, then those that it can do without."""
    yield from map(_library, LIBRARIES)
    for name, purpose in _EXTRAS.items():
        version = version_of(name)
        said = f"{name} {version}" if version else f"没有装 {name}：只影响{purpose}"
        yield Part(State.FINE if version else State.LACKING, said)


def _library(name: str) -> Part:
    """Return whether a library is there and loads; xlwings is left to `live`, which tames it."""
    version = version_of(name)
    if not version and name == _XLWINGS:
        return Part(State.LACKING, f"没有装 {name}：只影响 zhengdun live")
    if not version:
        return Part(State.BROKEN, f"没有装 {name}：请重新安装 zhengdun")
    try:
        if name != _XLWINGS:
            importlib.import_module(_MODULES.get(name, name))
    except Exception as error:  # noqa: BLE001 -- a library may fail to load by anything
        told = f"{name} {version} 载入出错（{type(error).__name__}）：请重新安装 zhengdun"
        return Part(State.BROKEN, told)
    return Part(State.FINE, f"{name} {version}")


# -- files and the console ------------------------------------------------------------------------


def _temporary() -> Part:
    try:
        with tempfile.TemporaryFile(prefix="zhengdun-") as file:
            file.write(b"zhengdun")
        place = tempfile.gettempdir()
    except OSError:  # of no place, too
        return Part(State.BROKEN, "临时文件夹写不进去。请检查磁盘空间和权限。")
    return Part(State.FINE, f"临时文件夹可以写：{place}")


def _console() -> Part:
    encoding = str(getattr(sys.stdout, "encoding", "") or "ascii")
    try:
        "核对：必改、提醒。".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        told = "显示不了汉字，会显示成 \\u 开头的编号。请改成 UTF-8 或 GBK。"
        return Part(State.LACKING, f"窗口的编码是 {encoding}，{told}")
    return Part(State.FINE, f"窗口的编码是 {encoding}，可以显示汉字")


def _work_folder(here: Path, home: WorkFolder | None) -> Part:
    if home is not None:
        return Part(State.FINE, f"工作文件夹：{home.root.absolute()}")
    lacking = next(half_made(here), "这里不是工作文件夹，命令里要写明文件。")
    return Part(State.LACKING, lacking)


# -- papers ---------------------------------------------------------------------------------------


def _pdf() -> Part:
    if find_program() is None:
        return Part(State.LACKING, "没有找到 LibreOffice 或 Word：--pdf 用不了，Word 文稿照常生成")
    return Part(State.FINE, "有 LibreOffice 或 Word，可以用 --pdf 生成 PDF")


def _fonts() -> Iterator[Part]:
    families = next(filter(None, (listed() for listed in _LISTED)), frozenset())
    if not families:
        yield Part(State.LACKING, "查不出这台电脑装了哪些字体；文稿照常生成")
        return
    lacking = [font for font, names in _FONTS.items() if not families.intersection(names)]
    if lacking:
        told = "在这台电脑上打印和转 PDF 时会用别的字体；文稿本身不受影响"
        yield Part(State.LACKING, f"没有公文用的{'、'.join(lacking)}字体：{told}")
    else:
        yield Part(State.FINE, f"公文用的字体齐全：{'、'.join(_FONTS)}")


def _on_windows() -> frozenset[str]:
    """Return the fonts that Windows lists, for all and for this user."""
    with contextlib.suppress(ImportError):
        registry: Any = importlib.import_module("winreg")
        roots = (registry.HKEY_LOCAL_MACHINE, registry.HKEY_CURRENT_USER)
        return frozenset(name for root in roots for name in _registered(registry, root))
    return frozenset()


_REGISTERED = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"


def _registered(registry: Any, root: object) -> Iterator[str]:  # noqa: ANN401 -- a module of Windows
    with contextlib.suppress(OSError), registry.OpenKey(root, _REGISTERED) as key:
        for at in range(registry.QueryInfoKey(key)[1]):
            told = str(registry.EnumValue(key, at)[0])  # 仿宋 & 新仿宋 (TrueType)
            yield from _names(told.partition(" (")[0].replace(" & ", ","))


def _by_fontconfig() -> frozenset[str]:
    """Return the fonts that Linux lists."""
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(  # noqa: S603 -- a program of this computer, words of ours
            [program, ":", "family"], capture_output=True, timeout=30, check=False
        )
        text = done.stdout.decode(errors="replace")
        return frozenset(name for line in text.splitlines() for name in _names(line))
    return frozenset()


def _names(told: str) -> Iterator[str]:
    return (name.strip().lower() for name in told.split(",") if name.strip())


_LISTED: tuple[Callable[[], frozenset[str]], ...] = (_on_windows, _by_fontconfig)


# -- Excel ----------------------------------------------------------------------------------------


def _live() -> Part:
    try:
        states.require_windows()
        importlib.import_module("toolkit.live.program")
    except LiveError as error:
        return Part(State.LACKING, f"zhengdun live 用不了：{error}")
    told = "可以用；Excel 或 WPS 里打开一个空白工作簿，用 zhengdun live doctor 逐项试"
    return Part(State.FINE, f"zhengdun live {told}")


# -- as a file ------------------------------------------------------------------------------------


def write(lines: Sequence[str], target: Path) -> Outcome:
    """What was looked at to a text file, over an earlier one at most."""
    results.named(target, ".txt")
    results.spare(target, results.PAPER)
    text = "".join(f"{one_line(line)}\n" for line in lines)
    return Outcome((results.replace(target, text.encode(), results.PAPER),))
