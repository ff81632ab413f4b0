"""The names that 会议纪要 can use: one meeting of a village, and all that its plan can use."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from toolkit.forms.village import Meeting, Problem
from toolkit.schema.kinds import Day
from toolkit.schema.workbook import Workbook
from toolkit.word import vocabulary
from toolkit.word.scope import Glossary, Scope

_CALLED = {
    "支委会": "支部委员会会议",
    "党员大会": "党员大会会议",
    "两委联席会": "“两委”联席会议",
    "整顿工作专题会": "整顿工作专题会议",
    "其他": "会议",
}
"""What a title calls a meeting where its type alone is no name of one."""
_STOPS = "。；;，,、"
_OWN_NUMBER = re.compile(r"[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)、．.](?!\d)")
STUDIED, ITEMS = "所研究的问题", "逐条议定事项"
PRESENT = "出席人员"
"""What the workbook does not hold: a place to be filled in by hand, so that it is spoken of."""


def minutes_vocabulary(book: Workbook, meeting: Meeting, as_of: dt.date) -> Scope:
    """Return the names and tables of one meeting, with those of its village on that day."""
    base = vocabulary.vocabulary(book, as_of)
    own = vocabulary.row_values(meeting)
    items = list(_items(own[Meeting.decisions.header]))
    values = {
        **base.values,
        **own,
        Meeting.topics.header: own[Meeting.topics.header].rstrip(_STOPS),
        Meeting.follow_up.header: own[Meeting.follow_up.header].rstrip(_STOPS),
        PRESENT: "",
        "会议名称": _CALLED.get(meeting.kind or "其他", meeting.kind or ""),
        "上次会议日期": _last_before(book, meeting),
        "多条议定事项": vocabulary.YES if len(items) > 1 else "",
    }
    tables = {
        **base.tables,
        STUDIED: list(_studied(book.rows(Problem), meeting)),
        ITEMS: items,
    }
    return Scope(values, tables)


def _last_before(book: Workbook, meeting: Meeting) -> str:
    """Return the day of the meeting before, "" where the workbook holds none."""
    day = meeting.day
    days = [row.day for row in book.rows(Meeting) if row.day and day and row.day < day]
    return Day().text(max(days)) if days else ""


def _studied(problems: Sequence[Problem], meeting: Meeting) -> Iterator[Scope]:
    """Yield the problems that the meeting dealt with; one that is not listed by its number."""
    by_number = {problem.number: problem for problem in problems}
    for index, number in enumerate(meeting.problems or (), start=1):
        held = by_number.get(number)
        row = vocabulary.row_values(held or vocabulary.blank_row(Problem))
        yield Scope(vocabulary.ordinals(index) | row | {Problem.number.header: number})


def _items(decisions: str) -> Iterator[Scope]:
    """Yield what was decided, item by item; an item keeps a number of its own."""
    parts = (part.strip().rstrip(_STOPS) for part in re.split(r"[；;\n]", decisions))
    for index, part in enumerate(filter(None, parts), start=1):
        numbered = part if _OWN_NUMBER.match(part) else f"{index}.{vocabulary.item(part)}"
        yield Scope(vocabulary.ordinals(index) | {"事项": part, "编号事项": numbered})


# -- every name -----------------------------------------------------------------------------------


def specimen() -> Scope:
    """Return the vocabulary of a meeting that has something in each table."""
    book = vocabulary.specimen_book()
    meeting = book.rows(Meeting)[0]
    day = (meeting.day or dt.date.max) - dt.timedelta(days=31)
    base = minutes_vocabulary(book, meeting, meeting.day or day)
    return Scope({**base.values, "上次会议日期": Day().text(day)}, base.tables)


def glossary() -> Glossary:
    """Return what the names of a meeting and its village hold."""
    base = vocabulary.glossary()
    own = {c.header: f"本次会议的{c.header}，照“{Meeting.sheet}”表填的。" for c in Meeting.columns}
    return Glossary({**base.said, **own, **_SAID}, {**base.rows, STUDIED: Problem})


_SAID = {
    Meeting.topics.header: "本次会议的议题，末尾的标点由模板写。",
    Meeting.follow_up.header: "上次会议议定的事落实得怎样，末尾的标点由模板写。",
    PRESENT: "出席人员的姓名；工作簿里只有人数，所以总是留空，由村里补填。",
    "会议名称": "按会议类型写的名称，如“支部委员会会议”。",
    "上次会议日期": "本次会议以前最近一次会议的日期；没有时为空。",
    "多条议定事项": "议定事项用分号或换行分成几条时是“是”，只有一条时为空。",
    STUDIED: "会议研究的问题，一个一次，按“研究的问题”栏的顺序。",
    ITEMS: "议定事项，用分号或换行分开的，一条一次。",
    f"{ITEMS}.事项": "这一条议定事项，末尾的标点由模板写。",
    f"{ITEMS}.编号事项": "带序号的议定事项；自己写了序号的照原样。",
}
