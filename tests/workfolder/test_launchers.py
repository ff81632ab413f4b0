"""The launchers: their bytes, and the shell twins run for real."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from worked import work_folder

import toolkit
from toolkit import cli
from toolkit.workfolder.launchers import CHORES, launchers

CMD = {name: data for name, data in launchers().items() if name.endswith(".cmd")}
BESIDE_EXCEL = {
    "标出问题",
    "下一处",
    "清除标记",
}  # they work on what is open, not on what is dropped
SPOKEN = "（一）报 送 [终]&稿!%PATH%'$x.xlsx"


def lines(data: bytes) -> list[str]:
    return data.decode("ascii").split("\r\n")


# -- on Windows, as far as bytes tell -----------------------------------------------------------


@pytest.mark.parametrize("name", CMD)
def test_a_console_of_any_code_page_reads_a_cmd_alike(name):
    data = CMD[name]
    assert data.isascii()
    assert data.endswith(b"\r\n")
    assert data.count(b"\n") == data.count(b"\r") == data.count(b"\r\n")


@pytest.mark.parametrize("name", CMD)
def test_a_cmd_sets_up_what_the_program_needs_before_it_does_anything(name):
    told = lines(CMD[name])
    assert told[0] == "@echo off"
    assert told[2:6] == [
        "setlocal EnableExtensions DisableDelayedExpansion",
        "chcp 65001 >nul",
        "set PYTHONUTF8=1",
        'set "CODE=2"',
    ]
    assert 'pushd "%~dp0"' in told  # a drive letter for a share, too


@pytest.mark.parametrize("name", CMD)
def test_a_cmd_jumps_only_to_labels_that_it_has_and_balances_what_it_opens(name):
    told = lines(CMD[name])
    labels = [line[1:] for line in told if line.startswith(":")]
    assert len(labels) == len(set(labels))
    assert set(re.findall(r"goto (\w+)", "\n".join(told))) <= set(labels)
    assert all(line.count('"') % 2 == 0 for line in told)
    assert all(line.count("(") == line.count(")") for line in told)  # no block over lines


@pytest.mark.parametrize("name", CMD)
def test_no_mark_in_a_files_name_means_anything_to_a_cmd(name):
    told = lines(CMD[name])
    text = "\n".join(told)
    assert "!" not in text  # nothing that delayed expansion would take for a name
    assert "call " not in text  # it would expand a percent sign in a name
    handed = [line for line in told if "%*" in line]
    assert len(handed) == (0 if Path(name).stem in BESIDE_EXCEL else 3)
    assert all(line.endswith(" %*") and "(" not in line for line in handed)  # in no block


@pytest.mark.parametrize(("name", "chore"), CHORES.items())
def test_a_cmd_runs_its_chore_by_whichever_way_the_program_is_there(name, chore):
    told = lines(CMD[f"{name}.cmd"])
    handed = "" if name in BESIDE_EXCEL else " %*"
    assert [line for line in told if chore.command in line] == [
        f"zhengdun.exe {chore.command}{handed}",
        f"py -m toolkit {chore.command}{handed}",
        f"python -m toolkit {chore.command}{handed}",
    ]


@pytest.mark.parametrize("name", CMD)
def test_a_cmd_keeps_its_window_open_and_hands_the_exit_code_on(name):
    told = lines(CMD[name])
    on_trouble = ['if not "%CODE%"=="0" pause']
    pause = on_trouble if Path(name).stem in BESIDE_EXCEL else ["echo.", "pause"]
    end = told.index("popd")
    assert told[end + 1 :] == [*pause, "exit /b %CODE%", ""]
    ran = told.index(":ran")
    assert told[ran + 1] == 'set "CODE=%ERRORLEVEL%"'
    assert told[ran - 1].startswith("python -m toolkit ")  # the last way falls through to it


def test_each_launcher_names_a_command_that_there_is():
    for chore in CHORES.values():
        word, *options = chore.command.split()
        command = cli.cli.commands[word]
        if chore.beside_excel:
            command, options = command.commands[options[0]], options[1:]
        known = {name for each in command.params for name in each.opts}
        assert set(options) <= known


def test_what_works_beside_excel_has_no_twin_where_there_is_no_excel():
    assert {name for name in CHORES if f"{name}.sh" not in launchers()} == BESIDE_EXCEL


# -- elsewhere, run -----------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder with launchers, in a place with an awkward name."""
    place = tmp_path / "工作 (2022)"
    place.mkdir()
    for name, data in launchers().items():
        (place / name).write_bytes(data)
        (place / name).chmod(0o755)
    return place


@pytest.fixture
def example(folder) -> Path:
    """The same as the example's work folder."""
    return work_folder(folder)


@pytest.fixture
def programs(tmp_path) -> Path:
    """A folder of programs that holds what a shell script needs, and no zhengdun."""
    place = tmp_path / "bin"
    place.mkdir()
    for name in ("sh", "dirname"):
        program = shutil.which(name)
        assert program is not None
        (place / name).symlink_to(program)
    return place


def put(programs: Path, name: str, script: str) -> None:
    (programs / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (programs / name).chmod(0o755)


def run(launcher: Path, programs: Path, *words: str, at: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(launcher), *words],
        cwd=at,
        env={"PATH": str(programs), "HOME": str(at), "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


HOME = Path(toolkit.__file__).parent.parent
REAL = f'PYTHONPATH="{HOME}" exec "{sys.executable}" -m toolkit "$@"'
FAKE = 'printf "%s\\n" "$PWD" "$PYTHONUTF8" "$@"; exit 4'


@pytest.mark.parametrize(
    ("name", "command"),
    [(name, chore.command) for name, chore in CHORES.items() if name not in BESIDE_EXCEL],
)
def test_a_shell_twin_runs_its_chore_in_its_own_folder_and_hands_the_code_on(
    folder, programs, tmp_path, name, command
):
    put(programs, "zhengdun", FAKE)
    done = run(folder / f"{name}.sh", programs, at=tmp_path)
    assert done.stdout.splitlines() == [str(folder), "1", *command.split()]
    assert (done.returncode, done.stderr) == (4, "")


def test_what_is_dropped_is_passed_on_whatever_its_name(folder, programs, tmp_path):
    put(programs, "zhengdun", FAKE)
    (tmp_path / SPOKEN).touch()
    words = (SPOKEN, str(folder / "村级工作簿"), "--as-of", "2022-10-31", "没有的.xlsx")
    done = run(folder / "核对.sh", programs, *words, at=tmp_path)
    assert (
        done.stdout.splitlines()[2:]
        == [
            *("check", "--save"),
            str(tmp_path / SPOKEN),  # told from where it was dropped
            *words[1:],
        ]
    )


@pytest.mark.parametrize("python", ["python3", "python"])
def test_without_the_command_a_python_that_has_the_package_will_do(
    folder, programs, tmp_path, python
):
    put(programs, python, f'[ "$1" = -c ] && exit 0; {FAKE}')
    done = run(folder / "月度汇总.sh", programs, at=tmp_path)
    assert done.stdout.splitlines()[2:] == ["-m", "toolkit", "month"]
    assert done.returncode == 4


def test_where_nothing_is_installed_that_is_said(folder, programs, tmp_path):
    put(programs, "python3", "exit 1")  # a Python without the package
    done = run(folder / "核对.sh", programs, at=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("这台电脑没有装 zhengdun。")


def test_the_real_program_checks_a_dropped_workbook(example, programs, tmp_path):
    put(programs, "zhengdun", REAL)
    dropped = tmp_path / SPOKEN
    shutil.copy(example / "村级工作簿" / "0203-上河村-2022.xlsx", dropped)
    done = run(example / "核对.sh", programs, str(dropped), "--as-of", "2022-10-31", at=tmp_path)
    assert done.returncode == 1
    assert "已写入 核对结果.xlsx" in done.stderr
    assert (example / "核对结果.xlsx").is_file()
    assert [path.name for path in (example / "回传件").iterdir()] == [SPOKEN]


def test_the_real_program_runs_a_month(example, programs, tmp_path):
    put(programs, "zhengdun", REAL)
    done = run(example / "月度汇总.sh", programs, "2022-10", at=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith(
        "2022年10月，以 2022年10月31日 为准。\n汇总/2022-10/核对结果.xlsx"
    )


def test_a_terminal_waits_until_somebody_has_read(folder, programs, tmp_path):
    put(programs, "zhengdun", "exit 3")
    main, end = os.openpty()
    try:
        process = subprocess.Popen(
            [str(folder / "核对.sh")],
            cwd=tmp_path,
            env={"PATH": str(programs), "LC_ALL": "C.UTF-8"},
            stdin=end,
            stdout=end,
            stderr=end,
        )
        shown = b""
        while "按回车键关闭。".encode() not in shown:
            shown += os.read(main, 1000)
        assert process.poll() is None
        os.write(main, b"\n")
        assert process.wait(timeout=20) == 3
    finally:
        os.close(end)
        os.close(main)
