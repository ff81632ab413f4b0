"""Which of the workbooks handed in a township's notices and ledgers are made from.

One of each village, of the year: those that the rollup does not take are left out here as well.
Villages that are not on the roster count, as they do there; what nobody has filled in is apart.
"""

import datetime as dt
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.forms import issuing, township, village
from toolkit.inbox import Inbox, roster_names, standing
from toolkit.schema.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Held:
    """A workbook, by what its village is called, and the roster's line of it if there is one."""

    village: str
    book: Workbook
    line: township.Village | None = None


@dataclass(frozen=True, slots=True)
class Doubled:
    """A village with workbooks that differ, so that nobody can tell which one counts."""

    village: str
    books: tuple[Workbook, ...]
    line: township.Village | None = None


_Whose = tuple[str, tuple[Workbook, ...], township.Village | None]
"""A village's name, its workbooks, and the roster's line of it."""


@dataclass(frozen=True)
class Taken:
    """The workbooks that count, the roster's villages first, and what is beside them."""

    books: tuple[Held, ...]
    blank: tuple[Held, ...]  # as they were issued
    doubled: tuple[Doubled, ...]  # none of which counts
    absent: tuple[tuple[str, township.Village], ...]  # villages of which none of the year was read
    left_out: tuple[str, ...]  # workbooks that do not count, each with the reason


def take(inbox: Inbox, as_of: dt.date, named: Container[str] = ()) -> Taken:
    """Return which workbooks count; one that was `named` by hand, by its path, always does."""
    found = standing(inbox, as_of.year)
    lines = {name: line for line, name in roster_names(inbox.roster).items()}
    books: list[Held] = []
    blank: list[Held] = []
    left_out: list[str] = []
    for book in found.others:
        if book.path in named:
            books.append(Held(_called(book), book))
        else:
            told = f"年度是 {village.plan_year(book)}，不是 {found.year}"
            left_out.append(f"{book.name}：{told}，没有采用。")
    doubled: list[Doubled] = []
    strangers: list[_Whose] = []
    for name, own in found.strangers.items():
        if _filled(own) or any(book.path in named for book in own):
            strangers.append((name, own, None))
        else:
            left_out += [f"{book.name}：不在村名册里，也没有填，没有采用。" for book in own]
    listed: list[_Whose] = [(name, own, lines.get(name)) for name, own in found.listed.items()]
    for name, own, line in listed + strangers:
        held = [Held(name, book, line) for book in _counted(own, named)]
        books += [each for each in held if not issuing.is_blank(each.book)]
        blank += [each for each in held if issuing.is_blank(each.book)]
        if not held:
            doubled.append(Doubled(name, tuple(_filled(own)), line))
            left_out.append(_several(doubled[-1]))
    places = {name: at for at, name in enumerate(lines)}
    return Taken(
        _in_order(books, places),
        _in_order(blank, places),
        tuple(doubled),
        tuple((name, line) for name, line in lines.items() if name not in found.listed),
        tuple(dict.fromkeys(left_out)),
    )


def _counted(own: Sequence[Workbook], named: Container[str]) -> Sequence[Workbook]:
    """Return a village's workbooks that count: those named, else the only one that is filled in.

    Copies of one content are one; where nobody has filled any in, the first counts.
    """
    by_hand = [book for book in own if book.path in named]
    if by_hand:
        return by_hand
    filled = {book.facts.sha256 or book.path: book for book in reversed(_filled(own))}
    if len(filled) > 1:
        return ()
    return tuple(filled.values()) or own[:1]


def _filled(own: Sequence[Workbook]) -> Sequence[Workbook]:
    return [book for book in own if not issuing.is_blank(book)]


def _several(each: Doubled) -> str:
    held = "、".join(sorted(book.name for book in each.books))
    return f"{each.village}：有 {len(each.books)} 份工作簿（{held}），没有采用。请只留一份。"


def _called(book: Workbook) -> str:
    return village.village_name(book) or village.village_code(book) or Path(book.name).stem


def _in_order(found: Sequence[Held], places: Mapping[str, int]) -> tuple[Held, ...]:
    """Return workbooks in the roster's order, those that are not on it last."""
    return tuple(sorted(found, key=lambda each: places.get(each.village, len(places))))
