"""A month in one command: what was handed in is read and judged once, then a step for each result.

Law: a result that cannot be written stops no other.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit import flow, ledgers, notices, reporting, results
from toolkit.errors import ToolkitError, UsageError
from toolkit.excel.folder import find_workbooks
from toolkit.forms import TOWNSHIP_FILE, issuing, village
from toolkit.garbage import uncollected
from toolkit.gathering import gathered
from toolkit.inbox import Inbox, look, open_governed, untracked
from toolkit.outputs import admit_folder
from toolkit.report import CheckReport, Outcome, Track, Written, gravest
from toolkit.returns import return_copies
from toolkit.rules.cases import parameters_of
from toolkit.schema.kinds import Day
from toolkit.turns import turn
from toolkit.word.town_vocabulary import TOWN_REPORT
from toolkit.workfolder import places
from toolkit.workfolder.calendar import end_of, first_day, latest_month
from toolkit.workfolder.fingerprints import as_file, fingerprints, is_as_kept
from toolkit.workfolder.places import WorkFolder
from toolkit.workfolder.progress import Progress, progress_of

# -- the steps ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Month:
    """What every step works from: the month, its folder, and what was handed in, judged."""

    name: str  # YYYY-MM
    folder: Path
    done: flow.Judged
    before: Path | None  # the rollup of the month before
    report: CheckReport
    template: Callable[[str], Path | None]  # the office's own wording of a paper, by its sort


@dataclass(frozen=True, slots=True)
class Step:
    """One result of a month, by the name of its file or folder, and what makes it."""

    name: str
    make: Callable[[Month, Path], Outcome]
    source: str = ""  # the result of the same run that it is made from


def _report(month: Month, target: Path) -> Outcome:
    return Outcome((flow.write_report(month.report, "xlsx", target),))


def _copies(month: Month, target: Path) -> Outcome:
    admit_folder(target)
    inbox = month.done.inbox
    needless = {book.path for book in inbox.villages if issuing.is_blank(book)}
    needless |= {inbox.town_book.path} if inbox.town_book else set()
    copies = return_copies(month.report, target, needless)
    written = (Written(target, (f"{len(copies.written)} 份。",)),) if copies.written else ()
    held = find_workbooks([target]).files if target.is_dir() else ()
    stale = _stale(target, held, copies)
    return Outcome(written, (*copies.troubles, *stale), copies.exit_code)


def _stale(folder: Path, held: Iterable[Path], made: Outcome) -> Iterator[str]:
    """Yield the word on what an earlier run has left behind in a folder that is sent out."""
    fresh = {each.path for each in made.written}
    kept = " ".join(made.troubles)  # one that could not be replaced is named there
    left = [path.name for path in held if path not in fresh and str(path) not in kept]
    if left:
        yield f"{folder} 里的 {'、'.join(left)} 不是这次的，请移走，免得发错。"


def _rollup(month: Month, target: Path) -> Outcome:
    as_of, before = month.done.as_of, flow.past_of(month.before)
    with uncollected():  # here, for a workbook that does not add up shall stop no other result
        found = gathered(month.done.inbox, month.done.findings, as_of)
    return flow.write_rollup(found, as_of, target, month.name, before)


def _town_report(month: Month, target: Path) -> Outcome:
    wording = month.template(TOWN_REPORT)
    return reporting.month_report(month.folder / places.ROLLUP, target, wording)


def _notices(month: Month, target: Path) -> Outcome:
    made = notices.write_notices(month.done, target, month.template)
    letters = sum(each.path.suffix == ".docx" for each in made.written)
    written = (Written(target, (f"{letters} 份。",)),) if made.written else ()
    stale = _stale(target, sorted(target.glob("*.docx")), made)
    return Outcome(written, (*made.troubles, *stale), made.exit_code)


def _ledgers(month: Month, target: Path) -> Outcome:
    made = ledgers.write_ledgers(month.done, target)
    names = "、".join(each.path.name for each in made.written)
    written = (Written(target, (f"{names}。",)),) if made.written else ()
    return Outcome(written, made.troubles, made.exit_code)


def _fingerprints(month: Month, target: Path) -> Outcome:
    lines = fingerprints(month.report.files, target.parent)
    written = results.replace(target, as_file(lines), results.PAPER, f"{len(lines)} 个文件。")
    return Outcome((written,))


STEPS = (
    Step(places.REPORT, _report),
    Step(places.COPIES, _copies),
    Step(places.ROLLUP, _rollup),
    Step(places.TOWN_REPORT, _town_report, source=places.ROLLUP),
    Step(places.NOTICES, _notices),
    Step(places.LEDGERS, _ledgers),
    Step(places.FINGERPRINTS, _fingerprints),
)
"""What a month makes, in order; a further result is a further row."""


# -- the run ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MonthDone:
    """What a month has come to, as it is told on one screen."""

    heading: str
    remark: str
    written: tuple[Written, ...]
    needs: tuple[str, ...]  # what people must see to, the gravest first
    advice: str
    passed_over: tuple[str, ...]
    exit_code: int


def run(  # noqa: PLR0913 -- what a month is made from
    place: WorkFolder,
    name: str = "",
    as_of: dt.date | None = None,
    *,
    today: dt.date,
    again: bool = False,
    track: Track = untracked,
) -> MonthDone:
    """Check, copy, roll up and fingerprint a month of a work folder, one run at a time.

    Without a name it is the latest month whose cut-off day has come; without a day it is the
    month's last, or today where that is earlier. Raises UsageError for a month that is none, is
    yet to come or is of another year, for one whose results are history unless they are wanted
    `again`, and for a folder in which nothing was handed in; UnreadableError where the township's
    own workbook cannot be read. Nothing is written then. OutputError: another run is at it.
    """
    with turn(place.root):  # what a month holds shall be of one reading
        return _run(place, name, as_of, today, again=again, track=track)


def _run(  # noqa: PLR0913 -- as above
    place: WorkFolder,
    name: str,
    as_of: dt.date | None,
    today: dt.date,
    *,
    again: bool,
    track: Track,
) -> MonthDone:
    first = first_day(name, as_of or today) if name else None
    sight = look([place.books])
    if not sight.files:
        raise UsageError(
            f"{place.books}：里面没有工作簿。"
            "请先运行 zhengdun issue 发放，或把村里交来的工作簿放进去。"
        )
    with uncollected():
        inbox = open_governed(sight, track, counted=True)
        chosen = "" if first else _chosen(inbox, as_of or today)
        first = first or _latest(inbox, as_of or today)
        _require_year(first, parameters_of(inbox.settings).year)
        day = as_of or min(end_of(first), today)
        done = flow.judged(inbox, day)
    month = f"{first:%Y-%m}"
    before = place.rollup_before(month)
    made = Month(month, place.month(month), done, before, flow.report_of(done), place.template)
    if not again:
        _spare_history(made, place)
    outcomes: list[Outcome] = []
    for step in STEPS:
        outcomes.append(_made(step, made, outcomes))
    written = tuple(each for outcome in outcomes for each in outcome.written)
    now = progress_of(done)
    needs = (*_untaken(made, outcomes), *_doubtful(now), *_unfinished(now))
    sent_back = now.faulty and any(each.path.name == places.COPIES for each in written)
    return MonthDone(
        heading=f"{first.year}年{first.month}月，以 {Day().text(day)} 为准。{chosen}",
        remark=OPEN if results.is_open(place.township) else "",
        written=written,
        needs=tuple(dict.fromkeys(needs)),
        advice=_ADVICE.format(made.folder / places.COPIES, place.books) if sent_back else "",
        passed_over=inbox.passed_over,
        exit_code=gravest([made.report.exit_code(), *(each.exit_code for each in outcomes)]),
    )


def _made(step: Step, month: Month, earlier: Iterable[Outcome]) -> Outcome:
    """Return what a step has made; where it could not, why.

    What an earlier run has left is no source of a result.
    """
    fresh = {each.path.name for outcome in earlier for each in outcome.written}
    if step.source and step.source not in fresh:
        return Outcome((), (f"{month.folder / step.name}：{step.source} 没有写成，没有生成。",))
    try:
        return step.make(month, month.folder / step.name)
    except ToolkitError as error:
        return Outcome((), (str(error),), error.exit_code)


# -- which month --------------------------------------------------------------------------------


def _require_year(first: dt.date, year: int | None) -> None:
    """Refuse, by a UsageError, a month of another year than the township's."""
    if year and first.year != year:
        raise UsageError(
            f"“参数”里的年度是 {year}，不能做 {first:%Y-%m} 的汇总。请核对月份和“参数”里的年度。"
        )


def _spare_history(month: Month, place: WorkFolder) -> None:
    """Refuse, by a UsageError, to put other contents into a month that others have followed."""
    later = place.later_month(month.name)
    made = any((month.folder / name).exists() for name in (places.ROLLUP, places.FINGERPRINTS))
    if made and later and not is_as_kept(month.report.files, month.folder):
        raise UsageError(
            f"{month.name} 的汇总已经做过，之后又做了 {later}；现在的工作簿和当时的不一样，"
            "没有重做。确实要用现在的工作簿重做，请加 --again。"
        )


def _cutoff(inbox: Inbox) -> int:
    return parameters_of(inbox.settings).cutoff_day


def _chosen(inbox: Inbox, today: dt.date) -> str:
    """Return by what a month was chosen that nobody has named."""
    year, cutoff = parameters_of(inbox.settings).year, _cutoff(inbox)
    if latest_month(today, cutoff, None) != latest_month(today, cutoff, year):
        return f"没有写月份，取 {year} 年度的最后一个月。"
    return f"没有写月份，按每月截止日（{cutoff}日）取最近的一个月。"


def _latest(inbox: Inbox, today: dt.date) -> dt.date:
    return latest_month(today, _cutoff(inbox), parameters_of(inbox.settings).year)


# -- what people must see to --------------------------------------------------------------------


def _untaken(month: Month, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield what could not be written or taken in, and why.

    A file of a village that is named as left out is not named again.
    """
    lines = month.report.troubles
    told = [line for outcome in outcomes for line in outcome.troubles if line not in lines]
    yield from told
    for file, line in zip(month.report.unreadable, lines, strict=True):
        reason = file.reason.rstrip("。")
        if not any(each.rstrip("。").endswith(f"：{reason}") for each in told):
            yield line


def _doubtful(now: Progress) -> Iterator[str]:
    """Yield which workbooks the rollup holds twice, or should perhaps not hold, or does not."""
    found = now.found
    for name, books in found.strangers.items():
        if sum(not issuing.is_blank(book) for book in books) > 1:
            continue  # the rollup tells that it has taken none of them
        held = "、".join(sorted(book.name for book in books))
        yield f"{name}（{held}）：不在村名册里，数字已计入合计。请核对名册，或把工作簿移走。"
    for book in found.others:
        year = village.plan_year(book)
        yield f"{book.name}：年度是 {year}，不是 {found.year}，没有汇总。请移走。"
    for path, other in found.copies.items():
        yield f"{Path(path).name}：内容与 {other} 相同，只计一份。请移走。"


def _unfinished(now: Progress) -> Iterator[str]:
    """Yield what must be filled in or mended."""
    if now.own:
        yield f"{TOWNSHIP_FILE}：必改 {now.own} 条。"
    yield from (f"{name}：发放的工作簿还没有填。" for name in now.blank)
    most_first = sorted(now.faulty.items(), key=lambda each: -each[1])
    yield from (f"{name}：必改 {count} 条。" for name, count in most_first)


OPEN = f"{TOWNSHIP_FILE} 正被打开，按最后一次保存的内容处理。"
"""What is said where somebody has the township's workbook open."""
_ADVICE = "请把 {} 里的工作簿发回有必改项的村，改好放回 {}，再做一次。"
_MOST = 12  # lines; with what was written that is one screen


def screen(done: MonthDone) -> Iterator[str]:
    """Yield the lines that tell a person at the desk what a month has come to."""
    yield done.heading
    if done.remark:
        yield done.remark
    for each in done.written:
        yield f"{each.path}　{''.join(each.notes)}"
    if not done.needs:
        yield "没有需要人工处理的。"
        return
    yield "需要人工处理："
    yield from (f"  {need}" for need in done.needs[:_MOST])
    rest = len(done.needs) - _MOST
    if rest > 0:
        reported = any(each.path.name == places.REPORT for each in done.written)
        yield f"  还有 {rest} 项{f'，见 {places.REPORT}' if reported else ''}。"
    if done.advice:
        yield done.advice
