"""Where a work folder stands, in five lines, the last of them what to do next."""

import datetime as dt
from collections.abc import Iterator, Sequence

from toolkit import flow, results
from toolkit.forms import township
from toolkit.garbage import uncollected
from toolkit.inbox import Inbox, look, lost, open_all
from toolkit.rules.cases import parameters_of
from toolkit.schema.kinds import Day
from toolkit.workfolder.calendar import latest_month
from toolkit.workfolder.fingerprints import changed_since
from toolkit.workfolder.month import OPEN
from toolkit.workfolder.places import WorkFolder
from toolkit.workfolder.progress import Progress, progress_of

_MOST_NAMES = 5


def status(place: WorkFolder, today: dt.date) -> Iterator[str]:
    """Yield whose folder it is, how far the villages are, what is wrong, the last month, the next.

    Before them a line where somebody has the township's workbook open; where it cannot be read,
    nothing but that, and what to do.
    """
    sight = look([place.books])
    with uncollected():
        done = flow.judged(open_all(sight), today)
    if results.is_open(place.township):
        yield OPEN
    own = lost(sight, done.inbox)
    if own:
        yield f"{own.path}：读不了。{own.reason}"
        yield f"下一步：换上能打开的 {place.township}（可以用备份），再运行 zhengdun。"
        return
    yield from _lines(place, done, today)


def _lines(place: WorkFolder, done: flow.Judged, today: dt.date) -> Iterator[str]:
    inbox, now = done.inbox, progress_of(done)
    year = parameters_of(inbox.settings).year
    whose = f"{inbox.town_name or '（镇名没有填）'}{_year(inbox)}"
    yield f"{whose}，名册 {len(now.listed)} 个村，见 {place.township}。"
    yield (
        f"工作簿：已发放 {len(now.issued)} 个村，已填报 {len(now.filled)} 个，"
        f"没有填 {_counted(now.blank)}，缺 {_counted(now.absent)}{_beside(now)}。"
    )
    faulty = tuple(f"{name} {count} 条" for name, count in now.faulty.items())
    own = f"镇级工作簿必改 {now.own} 条，" if now.own else ""
    yield (
        f"核对：以 {Day().text(today)} 为准，有必改项的 {_counted(faulty)}，{own}"
        f"读不了的文件 {len(inbox.troubles)} 个。"
    )
    last = place.last_month(year)
    changed = changed_since(inbox.files, place.month(last)) if last else 0
    since = f"，此后改动过的文件 {changed} 个" if changed else ""
    told = f"{last}（{place.rollup(last)}）{since}" if last else "还没有"
    yield f"最近一次汇总：{told}。"
    yield f"下一步：{_next(place, now, inbox, today, '' if changed else last)}"


def _year(inbox: Inbox) -> str:
    """Return the year, or what is wrong with it."""
    year = parameters_of(inbox.settings).year
    if year:
        return f" {year} 年度"
    seen = inbox.settings.field(township.Settings.year).seen if inbox.settings else ""
    return f"（年度“{seen}”填得不对）" if seen else "（年度没有填）"


def _beside(now: Progress) -> str:
    """Return how many workbooks there are that are no village's of the year, or one too many."""
    found = now.found
    numbers = {
        "不是本年度 {} 份": len(found.others),
        "名册外 {} 份": sum(map(len, found.strangers.values())),
        "重复 {} 份": len(found.copies) + sum(len(books) - 1 for books in found.listed.values()),
    }
    told = "、".join(words.format(number) for words, number in numbers.items() if number)
    return f"，另有{told}" if told else ""


def _counted(names: Sequence[str]) -> str:
    """Return how many there are, and the first few of them."""
    if not names:
        return "0 个"
    more = "等" if len(names) > _MOST_NAMES else ""
    return f"{len(names)} 个（{'、'.join(names[:_MOST_NAMES])}{more}）"


def _next(place: WorkFolder, now: Progress, inbox: Inbox, today: dt.date, last: str) -> str:
    """Return the one thing to do now, with the command that does it.

    `last` is the latest month whose rollup still holds.
    """
    parameters = parameters_of(inbox.settings)
    due = f"{latest_month(today, parameters.cutoff_day, parameters.year):%Y-%m}"
    month = max(due, place.last_month(parameters.year))
    unset = not (now.listed and inbox.town_name and parameters.year)
    steps = (
        (bool(inbox.troubles), "有文件读不了，运行 zhengdun check 看是哪几个。"),
        (unset, f"填好 {place.township} 的“镇情”“村名册”“参数”，再运行 zhengdun issue。"),
        (bool(now.own), f"运行 zhengdun check，改好 {place.township} 的必改项。"),
        (bool(now.absent), "运行 zhengdun issue，给还没有工作簿的村发放。"),
        (
            not now.filled,
            f"把 {place.books} 里的工作簿发给各村，填好收回后运行 zhengdun check。",
        ),
        (last < month, f"运行 zhengdun month {month}，做当月汇总。"),
        (
            bool(now.faulty),
            f"把 {place.month(last)} 里的回传件发回各村，改好收回后运行 zhengdun month {last}。",
        ),
        (True, "运行 zhengdun plan 和 zhengdun summary，生成公文。"),
    )
    return next(what for due, what in steps if due)
