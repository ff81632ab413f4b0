"""Why an open workbook cannot be got at: one sentence for each state, with the next step.

Law: a sentence is one line, and names what can be done without the program that is missing.
"""

import sys
from collections.abc import Iterable

from toolkit.errors import LiveError

SYSTEM: str = sys.platform

NOT_WINDOWS = (
    "直接连接 Excel 只能在 Windows 上用。请改用：zhengdun check 文件，或 zhengdun watch 文件夹。"
)
MACOS = "直接连接只支持 Windows 上的 Excel 或 WPS 表格；请用 zhengdun watch 文件夹。"
NO_XLWINGS = (
    "没有装 Excel 连接组件。请运行 pip install xlwings pywin32"
    "（不装也能用 zhengdun check 和 zhengdun watch）。"
)
CHANGED_XLWINGS = (
    'Excel 连接组件的版本不合适，没有连接。请运行 pip install "xlwings>=0.37.5,<0.38"'
    "（不装也能用 zhengdun check 和 zhengdun watch）。"
)
NOTHING_OPEN = (
    "没有找到打开的 Excel 或 WPS 表格。请先打开要核对的文件；"
    "如果 Excel 是“以管理员身份”打开的，请正常打开。"
)
NO_BOOK = "没有找到可以核对的工作簿。请先打开要核对的文件；如果窗口上方有黄条，请先点“启用编辑”。"
BUSY = "Excel 或 WPS 表格正忙。请按 Esc 或回车结束单元格编辑，关掉对话框，再试一次。"
CLOSED = "工作簿或程序已经关闭，没有做完。请重新打开文件再试。"
REFUSED = "Excel 或 WPS 表格没有接受这一步操作。请看看工作簿、工作表是否受保护，再试一次。"
NOT_COPIED = (
    "Excel 或 WPS 表格没能另存副本，没有核对。请先保存，再用 zhengdun check 文件；"
    "磁盘快满时请先清理。"
)
ENCRYPTED = "文件被加密软件保护，程序读不出来。请联系本单位管理员。"
LOCKED = (
    "这个工作簿设了打开密码，或者是旧版 .xls 格式，程序读不出来。请另存为不带密码的 .xlsx 再试。"
)
NO_MARKS = "没有标记。请先运行 zhengdun live mark。"
READ_ONLY = "这个工作簿是以只读方式打开的，只列出问题，不做标记。"
NEVER_SAVED, IN_CLOUD = "还没有存到这台电脑上", "存在云盘里"
"""What follows the name of a workbook that lies in no folder of this computer."""
NO_TOWNSHIP = "没有找到镇级工作簿，按默认参数核对。"
NOT_SAVED = "没有保存"
MARKS_SAVED, CLEARING_SAVED = "自动保存开着，标记会随文件保存", "自动保存开着，清除会随文件保存"
"""What becomes of it in the file itself."""


def require_windows(system: str | None = None) -> None:
    """Refuse, by a LiveError, a system whose programs cannot be attached to.

    Asked before xlwings is imported.
    """
    system = SYSTEM if system is None else system
    if system == "darwin":
        raise LiveError(MACOS)
    if system != "win32":
        raise LiveError(NOT_WINDOWS)


_PROTECTED = "受保护，只列出问题，不做标记。"


def protected(sheet: str) -> str:
    """Return what is said of a sheet that cannot be written on.

    >>> print(protected("花名册"))
    工作表“花名册”受保护，只列出问题，不做标记。
    """
    return f"工作表“{sheet}”{_PROTECTED}"


def is_protected(said: str) -> bool:
    """Say whether a sentence tells of a sheet that cannot be written on.

    >>> is_protected(protected("花名册")), is_protected(READ_ONLY)
    (True, False)
    """
    return said.endswith(_PROTECTED)


def all_hidden(sheets: Iterable[str]) -> str:
    """Return what is said where marks stand on hidden sheets alone.

    >>> print(all_hidden(["会议"]))
    标记都在隐藏的工作表“会议”里。请先取消隐藏，或者运行 zhengdun live unmark 清除。
    """
    told = "”“".join(sheets)
    return f"标记都在隐藏的工作表“{told}”里。请先取消隐藏，或者运行 zhengdun live unmark 清除。"


def still_marked(sheet: str) -> str:
    """Return what is said of a sheet whose marks cannot be taken away.

    >>> print(still_marked("花名册"))
    工作表“花名册”受保护，没有清除标记。请先撤销保护再试。
    """
    return f"工作表“{sheet}”受保护，没有清除标记。请先撤销保护再试。"


def unsupported(what: str) -> str:
    """Return what is said of a member that the program has not.

    >>> print(unsupported("另存副本"))
    这个版本的 Excel 或 WPS 表格不支持“另存副本”。请先保存，再用 zhengdun check 文件。
    """
    return f"这个版本的 Excel 或 WPS 表格不支持“{what}”。请先保存，再用 zhengdun check 文件。"


def not_open(name: str, names: Iterable[str]) -> str:
    """Return what is said of a workbook that is none of those which are open.

    >>> print(not_open("下河", ["0203-上河村-2022.xlsx"]))
    没有打开名为“下河”的工作簿。现在打开的是：0203-上河村-2022.xlsx。
    """
    return f"没有打开名为“{name}”的工作簿。现在打开的是：{'、'.join(names)}。"


def several(name: str, names: Iterable[str]) -> str:
    """Return what is said where a name may mean two of the workbooks that are open.

    >>> print(several("河村", ["上河村.xlsx", "下河村.xlsx"]))
    叫“河村”的工作簿不止一个：上河村.xlsx、下河村.xlsx。请用 --book 写全名；同名的请只留一个打开。
    """
    told = "、".join(names)
    return f"叫“{name}”的工作簿不止一个：{told}。请用 --book 写全名；同名的请只留一个打开。"
