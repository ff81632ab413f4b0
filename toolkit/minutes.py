"""会议纪要 of villages: one for each meeting on the rectification that their workbooks record."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from toolkit.forms import village
from toolkit.forms.township import MINUTES
from toolkit.forms.village import Meeting
from toolkit.inbox import Inbox, untracked
from toolkit.papers import USUAL, Manner, Paper, Worded, Wording, write_papers
from toolkit.report import Outcome, Track
from toolkit.schema.kinds import Day
from toolkit.schema.workbook import Workbook


def minutes(  # noqa: PLR0913, PLR0917 -- what `write_papers` takes, and a month
    paths: Sequence[Path],
    target: Path,
    as_of: dt.date,
    month: str = "",
    template: Path | None = None,
    track: Track = untracked,
    manner: Manner = USUAL,
) -> Outcome:
    """Village workbooks to the minutes of their meetings until that day, or of a month, 2022-10.

    A village without a meeting gives none, which is said and is no fault; so does a meeting that is
    still to come. Raises TemplateError where the office's wording is of no use.
    """
    without: list[str] = []
    worded = minutes_wording(as_of, month, template, without.append)
    done = write_papers(Paper(MINUTES, template, as_of), paths, target, track, manner, worded)
    return replace(done, passed_over=(*done.passed_over, *without))


def minutes_wording(
    as_of: dt.date,
    month: str = "",
    template: Path | None = None,
    tell: Callable[[str], object] = lambda _: None,
) -> Wording:
    """Return what words the minutes of a village, and tells where it has none.

    Raises TemplateError where the office's wording is of no use.
    """
    from toolkit.word.minutes_vocabulary import minutes_vocabulary  # noqa: PLC0415 -- python-docx loads slowly
    from toolkit.word.wording import template_from  # noqa: PLC0415 -- as above

    content = template_from(MINUTES, template)
    when = _month(month) if month else f"{Day().text(as_of)}以前"

    def worded(_: Inbox, book: Workbook) -> Iterator[Worded]:
        found = meetings(book, as_of, month)
        if not found:
            name = village.village_name(book) or book.name
            tell(f"{name}：没有{when}的会议记录，没有生成{MINUTES}。")
        for ending, meeting in zip(endings(found), found, strict=True):
            yield Worded(ending, minutes_vocabulary(book, meeting, as_of), content)

    return worded


def meetings(book: Workbook, as_of: dt.date, month: str = "") -> list[Meeting]:
    """Return a village's meetings that took place, in their order; of a month where one is told.

    One without a readable day comes last, and in no month.
    """
    held = [row for row in book.rows(Meeting) if village.took_place(row, as_of)]
    if month:
        held = [row for row in held if row.day and f"{row.day:%Y-%m}" == month]
    return sorted(held, key=lambda row: row.day or dt.date.max)


def endings(held: Sequence[Meeting]) -> Iterator[str]:
    """Yield what the name of each one's file ends with; of a second one on a day with a 2."""
    so_far: Counter[str] = Counter()
    for row in held:
        day = f"{row.day:%Y-%m-%d}" if row.day else "日期未填"
        so_far[day] += 1
        yield f"{MINUTES}-{day}" + (f"-{so_far[day]}" if so_far[day] > 1 else "")


def _month(month: str) -> str:
    year, number = month.split("-")
    return f"{year}年{int(number)}月"
