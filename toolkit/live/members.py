"""The members of Excel that the live commands may use, and no others.

All are as old as Excel 2007, so that WPS is likeliest to have them too.
"""

from dataclasses import dataclass
from typing import Literal

Owner = Literal["Application", "Workbook", "Worksheet", "Range", "Comment"]


@dataclass(frozen=True, slots=True)
class Member:
    """A member of one of Excel's objects, and what it is used for, in the clerk's words."""

    owner: Owner
    name: str
    what: str


MEMBERS = (
    Member("Application", "Name", "查程序名称"),
    Member("Application", "Version", "查程序版本"),
    Member("Application", "OperatingSystem", "看程序是 32 位还是 64 位"),
    Member("Application", "Hwnd", "查窗口号"),
    Member("Application", "Ready", "看程序是否空闲"),
    Member("Application", "Workbooks", "列出打开的工作簿"),
    Member("Application", "ActiveWorkbook", "查当前工作簿"),
    Member("Application", "ActiveSheet", "查程序的当前工作表"),
    Member("Application", "Selection", "查选中的单元格"),
    Member("Application", "Goto", "转到单元格"),
    Member("Application", "ScreenUpdating", "暂停刷新屏幕"),
    Member("Workbook", "Name", "查工作簿名称"),
    Member("Workbook", "FullName", "查工作簿位置"),
    Member("Workbook", "ReadOnly", "查工作簿是否只读"),
    Member("Workbook", "AutoSaveOn", "查是否自动保存"),
    Member("Workbook", "Saved", "查有没有未保存的修改"),
    Member("Workbook", "SaveCopyAs", "另存副本"),
    Member("Workbook", "Worksheets", "列出工作表"),
    Member("Workbook", "ActiveSheet", "查当前工作表"),
    Member("Workbook", "Activate", "切换工作簿"),
    Member("Worksheet", "Name", "查工作表名称"),
    Member("Worksheet", "ProtectContents", "查工作表是否受保护"),
    Member("Worksheet", "Unprotect", "撤销工作表保护"),
    Member("Worksheet", "Protect", "恢复工作表保护"),
    Member("Worksheet", "UsedRange", "查已用区域"),
    Member("Worksheet", "Range", "按地址找单元格"),
    Member("Worksheet", "Cells", "按行列找单元格"),
    Member("Worksheet", "Comments", "列出批注"),
    Member("Worksheet", "Activate", "切换工作表"),
    Member("Worksheet", "Select", "选中工作表"),
    Member("Range", "Address", "查单元格地址"),
    Member("Range", "Value", "读写单元格内容"),
    Member("Range", "NumberFormat", "读写数字格式"),
    Member("Range", "Interior.Color", "读写底色"),
    Member("Range", "Interior.ColorIndex", "清除底色"),
    Member("Range", "AddComment", "加批注"),
    Member("Range", "Comment", "找单元格的批注"),
    Member("Range", "Select", "选中单元格"),
    Member("Comment", "Text", "读写批注"),
    Member("Comment", "Delete", "删除批注"),
)
"""Every one. `live doctor` tries each on a scratch workbook; the tests' programs have no more."""


def what_for(name: str) -> str:
    """Return what a member is used for, by its own name, "" for one that is not in the table.

    >>> what_for("SaveCopyAs"), what_for("Color"), what_for("SaveAs")
    ('另存副本', '读写底色', '')
    """
    return next((each.what for each in MEMBERS if each.name.split(".")[-1] == name), "")
