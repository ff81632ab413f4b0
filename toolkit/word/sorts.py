"""The sorts of paper that a content template words, each with the names that it can use."""

from collections.abc import Callable
from dataclasses import dataclass

from toolkit.errors import UsageError
from toolkit.forms.township import ISSUED, MINUTES
from toolkit.word import (
    issued_vocabulary,
    minutes_vocabulary,
    notice_vocabulary,
    town_glossary,
    vocabulary,
)
from toolkit.word.document import PLAN, SUMMARY
from toolkit.word.notice_vocabulary import NOTICE
from toolkit.word.scope import Glossary, Scope
from toolkit.word.town_vocabulary import TOWN_REPORT


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of paper: what it is for, the names it can use with examples, what they hold.

    Minutes are not signed (GB/T 9704-2012, 10.3); all others bear an organ and a date (7.3.5).
    """

    name: str
    about: str
    specimen: Callable[[], Scope]
    glossary: Callable[[], Glossary]
    signed: bool = True


SORTS: tuple[Sort, ...] = (
    Sort(PLAN, "村级整顿实施方案，一村一份。", vocabulary.specimen, vocabulary.glossary),
    Sort(SUMMARY, "村级整改情况报告，一村一份。", vocabulary.specimen, vocabulary.glossary),
    Sort(
        TOWN_REPORT,
        "镇里（县里）写给上级的工作情况汇报，由汇总表生成。",
        town_glossary.specimen,
        town_glossary.glossary,
    ),
    Sort(
        NOTICE,
        "镇里发给村里的催办通知，一村一份。",
        notice_vocabulary.specimen,
        notice_vocabulary.glossary,
    ),
    Sort(
        MINUTES,
        "村里专题研究会议的纪要，一次会议一份。",
        minutes_vocabulary.specimen,
        minutes_vocabulary.glossary,
        signed=False,
    ),
    Sort(
        ISSUED,
        "镇党委印发整顿方案的通知，一村一份；方案接在后面，用整顿方案的模板。",
        issued_vocabulary.specimen,
        issued_vocabulary.glossary,
    ),
)
"""Every sort, in the order of the work; an office's own template bears the name of its sort."""


def sort_named(name: str) -> Sort:
    """Return the sort of a name; raises UsageError where there is none."""
    for sort in SORTS:
        if sort.name == name:
            return sort
    known = "、".join(sort.name for sort in SORTS)
    raise UsageError(f"没有“{name}”这一种文稿。可以是：{known}。")
