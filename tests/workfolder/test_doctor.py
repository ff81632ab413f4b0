"""What `zhengdun doctor` says of a computer."""

import importlib
import io
import re
import sys
import tempfile
import tomllib
from types import SimpleNamespace
from typing import Self

import pytest
from paths import CHECKOUT

from toolkit.live import states
from toolkit.live.parts import Part, State, version_of
from toolkit.workfolder import doctor
from toolkit.workfolder.doctor import LIBRARIES, Diagnosis, diagnosis


@pytest.fixture(autouse=True)
def _on_linux(monkeypatch):
    monkeypatch.setattr(states, "SYSTEM", "linux")


def told(word: str) -> str:
    """Return the one line that names something."""
    [line] = [line for line in diagnosis(CHECKOUT, None).lines if word in line]
    return line


def test_it_asks_for_every_library_that_the_package_declares():
    declared = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.match(r"[A-Za-z0-9-]+", each)[0] for each in declared["dependencies"]]
    assert sorted(LIBRARIES) == sorted(names)


def test_a_sound_computer_is_told_its_versions_and_ends_with_0(zhengdun, work, monkeypatch):
    monkeypatch.chdir(work)
    said = zhengdun("doctor")
    assert said.code == 0
    first, *_, last = said.out.splitlines()
    assert re.fullmatch(r"√ zhengdun \d+\.\d+\.\d+，Python 3\.\d+\.\d+（\d\d 位），.+", first)
    assert re.search(r"^√ python-calamine \d+\.", said.out, re.MULTILINE)
    assert f"√ 工作文件夹：{work}" in said.out
    assert last.startswith("可以使用。")
    assert "×" not in said.out


def test_quiet_it_says_the_verdict_alone(zhengdun):
    [line] = zhengdun("doctor", "-q").out.splitlines()
    assert line.startswith("可以使用。")


def test_what_it_says_can_be_sent_as_a_file(zhengdun, tmp_path):
    said = zhengdun("doctor", "-o", tmp_path / "检查.txt")
    assert (said.code, said.out.strip()) == (0, str(tmp_path / "检查.txt"))
    assert (tmp_path / "检查.txt").read_text("utf-8").startswith("√ zhengdun ")
    assert zhengdun("doctor", "-o", tmp_path / "检查.xlsx").code == 2


def test_what_nothing_works_without_makes_2_and_the_rest_does_not():
    fine, lacking, broken = (Part(state, "某项") for state in State)
    assert Diagnosis((fine, lacking)).exit_code == 0
    assert Diagnosis((fine, lacking)).lines[-1] == "可以使用。另有 1 项没有（－），不影响其余的。"
    assert Diagnosis((fine,)).lines[-1] == "可以使用。"
    assert Diagnosis((broken, fine, broken)).exit_code == 2
    assert Diagnosis((broken, fine, broken)).lines[-1] == "有 2 项必须先修好（×）。"


def test_a_library_that_is_missing_or_does_not_load_is_broken(monkeypatch):
    monkeypatch.setattr(doctor, "version_of", {"click": "8.1", "rapidfuzz": "3.9"}.get)
    monkeypatch.setitem(sys.modules, "rapidfuzz", None)  # importing it fails
    assert told("click") == "√ click 8.1"
    assert (
        told("rapidfuzz") == "× rapidfuzz 3.9 载入出错（ModuleNotFoundError）：请重新安装 zhengdun"
    )
    assert told("pandas") == "× 没有装 pandas：请重新安装 zhengdun"
    assert told("xlwings") == "－ 没有装 xlwings：只影响 zhengdun live"
    assert told("pyarrow") == "－ 没有装 pyarrow：只影响超过一张工作表的台账"


def test_a_version_that_nobody_has_installed_is_none():
    assert not version_of("no-such-library")


def test_xlwings_is_not_loaded_for_its_version(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlwings", None)  # loading it would fail
    assert told("xlwings").startswith("√ xlwings 0.37.")


def test_a_python_too_old_is_broken(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 8, 10))
    assert told("Python").startswith("× ")
    assert told("Python").endswith("；要 3.11 以上，请重新安装")


def test_a_temporary_folder_that_cannot_be_written_is_broken(monkeypatch):
    def full(**_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    assert told("临时文件夹") == "× 临时文件夹写不进去。请检查磁盘空间和权限。"


@pytest.mark.parametrize(
    ("encoding", "line"),
    [
        ("gbk", "√ 窗口的编码是 gbk，可以显示汉字"),
        (
            "ascii",
            r"－ 窗口的编码是 ascii，显示不了汉字，会显示成 \u 开头的编号。请改成 UTF-8 或 GBK。",
        ),
    ],
)
def test_the_console_is_asked_whether_it_shows_chinese(encoding, line, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert told("窗口") == line


def test_every_mark_is_known_to_a_console_in_gbk():
    assert [state.value.encode("gbk") for state in State]


def test_outside_a_work_folder_it_says_so_and_what_a_half_made_one_lacks(tmp_path):
    lines = diagnosis(tmp_path, None).lines
    assert "－ 这里不是工作文件夹，命令里要写明文件。" in lines
    (tmp_path / "村级工作簿").mkdir()
    assert any(
        line.startswith("－ 这里缺镇级工作簿.xlsx") for line in diagnosis(tmp_path, None).lines
    )


@pytest.mark.parametrize(("program", "mark"), [(None, "－"), (print, "√")])
def test_what_makes_a_pdf_is_looked_for_and_not_started(program, mark, monkeypatch):
    monkeypatch.setattr(doctor, "find_program", lambda: program)
    assert told("--pdf").startswith(mark)


# -- fonts ----------------------------------------------------------------------------------------


def with_fonts(monkeypatch, *names: str) -> None:
    monkeypatch.setattr(doctor, "_LISTED", (lambda: frozenset(names),))


def test_fonts_are_known_by_chinese_and_english_names(monkeypatch):
    with_fonts(monkeypatch, "fangsong", "黑体", "楷体_gb2312", "方正小标宋简体")
    assert told("字体") == "√ 公文用的字体齐全：仿宋、黑体、楷体、小标宋"


def test_the_fonts_that_are_missing_are_named(monkeypatch):
    with_fonts(monkeypatch, "simhei", "kaiti")
    assert told("字体").startswith("－ 没有公文用的仿宋、小标宋字体：")


def test_where_nobody_can_list_the_fonts_that_is_said(monkeypatch):
    with_fonts(monkeypatch)
    assert told("字体") == "－ 查不出这台电脑装了哪些字体；文稿照常生成"


def test_linux_is_asked_by_fontconfig(monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda _: "fc-list")
    answer = "仿宋,FangSong\n黑体\nKaiTi\n方正小标宋简体,FZXiaoBiaoSong-B05S\n".encode()
    monkeypatch.setattr(doctor.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=answer))
    assert told("字体").startswith("√ ")
    monkeypatch.setattr(doctor.shutil, "which", lambda _: None)
    assert told("字体") == "－ 查不出这台电脑装了哪些字体；文稿照常生成"


def test_fontconfig_that_does_not_start_is_no_fault(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise OSError(8, "broken")

    monkeypatch.setattr(doctor.shutil, "which", lambda _: "fc-list")
    monkeypatch.setattr(doctor.subprocess, "run", broken)
    assert told("字体") == "－ 查不出这台电脑装了哪些字体；文稿照常生成"


class _Key:
    """A key of the registry: the fonts that it lists."""

    def __init__(self, *values: str) -> None:
        self.values = values

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class _Registry:
    """The module `winreg`, with one list of fonts for all; this user has none."""

    HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER = range(2)

    def OpenKey(self, root: int, _: str) -> _Key:  # noqa: N802 -- as Windows calls it
        if root == self.HKEY_CURRENT_USER:
            raise FileNotFoundError(2, "no key")
        return _Key("仿宋 & 新仿宋 (TrueType)", "SimHei (TrueType)", "楷体_GB2312 (TrueType)")

    def QueryInfoKey(self, key: _Key) -> tuple[int, int, int]:  # noqa: N802 -- as above
        return 0, len(key.values), 0

    def EnumValue(self, key: _Key, at: int) -> tuple[str, str, int]:  # noqa: N802 -- as above
        return key.values[at], "font.ttf", 1


def test_windows_is_asked_by_its_registry(monkeypatch):
    monkeypatch.setitem(sys.modules, "winreg", _Registry())
    assert told("字体").startswith("－ 没有公文用的小标宋字体：")


# -- live -----------------------------------------------------------------------------------------


def test_where_there_is_no_windows_live_is_lacking_and_the_reason_is_told():
    assert told("zhengdun live").startswith(
        "－ zhengdun live 用不了：直接连接 Excel 只能在 Windows 上用"
    )


def test_on_windows_live_can_be_tried(monkeypatch):
    monkeypatch.setattr(states, "SYSTEM", "win32")
    importlib.import_module("toolkit.live.program")
    assert told("zhengdun live").startswith("√ zhengdun live 可以用")
