"""What may stand in a column's cells, in the words of the people who fill them in."""

from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.schema import kinds
from toolkit.schema.kinds import Kind, Limits, as_text

CONTENTS: Mapping[type[Kind[Any]], str] = {
    kinds.Text: "文字",
    kinds.Whole: "整数",
    kinds.Number: "数字",
    kinds.Percent: "百分数",
    kinds.Day: "日期",
    kinds.DeadlineKind: "时限",
    kinds.YesNo: "是或否",
    kinds.Choice: "选一项",
    kinds.Choices: "可选多项",
    kinds.Code: "编号",
    kinds.Digits: "数字代码",
    kinds.Phone: "电话号码",
    kinds.DocumentNumber: "发文字号",
    kinds.Month: "年月",
    kinds.Names: "姓名或名称",
    kinds.Ref: "编号",
    kinds.Refs: "编号，可填多个",
}
"""What people call the contents of each kind of column."""


def content_of(kind: Kind[Any]) -> str:
    """Return what may stand in a column's cells: sort, dropdown, sheet referred to, range.

    >>> content_of(kinds.Whole("人")), content_of(kinds.Code("P00"))
    ('整数，不小于 0', '编号，如 P01')
    """
    parts = [CONTENTS[type(kind)]]
    match kind:
        case kinds.Choice() | kinds.Choices():
            parts.append(f"见“{kind.codelist.name}”")
        case kinds.Ref() | kinds.Refs():
            parts.append(f"见“{kind.target}”表")
        case kinds.Code():
            parts.append(f"如 {kind.example}")
        case kinds.Text(long=True):
            parts.append("可以分段")
        case _:
            parts += _range(kind.limits)
    return "，".join(parts)


def _range(limits: Limits | None) -> Iterator[str]:
    low, high = (limits.low, limits.high) if limits else (None, None)
    if low is not None and high is not None:
        yield f"{as_text(low)} 至 {as_text(high)}"
    elif low is not None:
        yield f"不小于 {as_text(low)}"
    elif high is not None:
        yield f"不大于 {as_text(high)}"
