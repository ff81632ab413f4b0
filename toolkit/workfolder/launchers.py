"""What people double-click, or drop files on: a launcher for each chore, on Windows and elsewhere.

Law: a .cmd holds ASCII only. A console reads it in whatever code page it has, so all Chinese comes
from the program, and so do the names of what it writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chore:
    """The command that a launcher runs; whether it does so beside a running Excel.

    Such a one is for Windows alone, and does not keep its window open when all went well.
    """

    command: str
    beside_excel: bool = False


CHORES: Mapping[str, Chore] = {
    "发放": Chore("issue"),
    "核对": Chore("check --save"),
    "边填边核对": Chore("watch"),
    "标出问题": Chore("live mark", beside_excel=True),
    "下一处": Chore("live next", beside_excel=True),
    "清除标记": Chore("live unmark", beside_excel=True),
    "月度汇总": Chore("month"),
    "生成方案": Chore("plan"),
    "征求意见稿": Chore("plan --draft"),
}
"""What the launchers are for, by the name under which people know each."""

# `%*` hands over what was dropped as Windows has quoted it. It never stands in a block, which a
# bracket in a name would close, nor after `call`, which would take a `%` in a name for its own;
# there is no delayed expansion, which would take a `!`.
_CMD = r"""@echo off
rem Double-click this file, or drop workbooks or folders on it.
setlocal EnableExtensions DisableDelayedExpansion
chcp 65001 >nul
set PYTHONUTF8=1
set "CODE=2"
pushd "%~dp0"
if errorlevel 1 goto unreachable
for %%P in (zhengdun.exe) do if not "%%~$PATH:P"=="" goto program
py -c "import toolkit" >nul 2>nul
if not errorlevel 1 goto launcher
python -c "import toolkit" >nul 2>nul
if not errorlevel 1 goto python
echo zhengdun is not installed on this computer. Install Python 3.11 or later,
echo then the zhengdun package with: py -m pip install PACKAGE
echo.
for %%F in (*.txt) do type "%%F"
goto done
:unreachable
echo This folder cannot be opened: "%~dp0"
goto done
:program
zhengdun.exe {command}
goto ran
:launcher
py -m toolkit {command}
goto ran
:python
python -m toolkit {command}
:ran
set "CODE=%ERRORLEVEL%"
:done
popd
{pause}
exit /b %CODE%
"""

_PAUSE = "echo.\npause"
_PAUSE_ON_TROUBLE = 'if not "%CODE%"=="0" pause'

_SH = """#!/bin/sh
# 双击或在终端运行；后面可以写工作簿或文件夹。
for given do
    shift
    case $given in
    /*) ;;
    *) [ ! -e "$given" ] || given=$PWD/$given ;;
    esac
    set -- "$@" "$given"
done
CDPATH='' cd -- "$(dirname -- "$0")" || exit 2
export PYTHONUTF8=1
if command -v zhengdun >/dev/null 2>&1; then
    zhengdun {command} "$@"
elif python3 -c 'import toolkit' >/dev/null 2>&1; then
    python3 -m toolkit {command} "$@"
elif python -c 'import toolkit' >/dev/null 2>&1; then
    python -m toolkit {command} "$@"
else
    echo '这台电脑没有装 zhengdun。请先装 Python 3.11 以上版本，再用 pip 装 zhengdun 安装包。' >&2
    (exit 2)
fi
code=$?
if [ -t 0 ] && [ -t 1 ]; then
    printf '按回车键关闭。'
    read -r _
fi
exit $code
"""


def launchers() -> Mapping[str, bytes]:
    """Return the launchers by file name; those that end in .sh are to be made executable."""
    made: dict[str, bytes] = {}
    for name, chore in CHORES.items():
        pause = _PAUSE_ON_TROUBLE if chore.beside_excel else _PAUSE
        handed = "" if chore.beside_excel else " %*"  # the open workbook is meant, none dropped
        text = _CMD.format(command=f"{chore.command}{handed}", pause=pause)
        made[f"{name}.cmd"] = text.replace("\n", "\r\n").encode("ascii")
        if not chore.beside_excel:
            made[f"{name}.sh"] = _SH.format(command=chore.command).encode()
    return made
