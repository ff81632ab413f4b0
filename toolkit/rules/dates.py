"""D5xx: deadlines, stages and months; what is late is reckoned as of a day, never typed."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from toolkit.cells import CellRef, place
from toolkit.findings import Level
from toolkit.forms.village import (
    Basis,
    Evaluation,
    Measure,
    Meeting,
    Problem,
    Profile,
    Stage,
    days_overdue,
    is_done,
    is_standing,
    plan_day_of,
    plan_year,
    took_place,
)
from toolkit.rules.rule import Case, Objections, Place, Spoken, Waiver, deadlines, rule
from toolkit.rules.rule import Stage as Life
from toolkit.rules.terms import is_of_another_year, plan_day_in_force, year_in_force
from toolkit.schema.columns import Column, Row
from toolkit.schema.deadlines import Deadline
from toolkit.schema.kinds import Day
from toolkit.schema.months import due_months
from toolkit.schema.workbook import Workbook

_on = Day().text
_A_DAY = re.compile(r"[日号底末中]|\d[-./]\d+[-./]\d")
_BEGINS = {"初": 1, "上旬": 1, "中旬": 11, "下旬": 21}
_A_BEGINNING = re.compile("|".join(_BEGINS))


@rule("D501", Level.WARNING)
def ambiguous_deadline(case: Case) -> Objections:
    """时限没有写明到哪一天，可能有不同理解。

    原因：同一句话算到哪一天，村里和镇里可能理解不同，是否逾期就有争议。
    “10月前”按规定的含义（默认上月末，由镇里在“参数”表里规定）计算。

    改法：写明到哪一天，或者哪月底。
    """
    for spoken, deadline in deadlines(case):
        if deadline.ambiguity and spoken.column is Stage.start:
            yield [spoken.cell], _start_in_doubt(deadline)
        elif deadline.ambiguity:
            yield [spoken.cell], _end_in_doubt(deadline)


_EITHER = re.compile(
    r"“(?P<words>[^”]+)”可理解为(?:(?P<year>\d+)年)?(?P<month>\d+)月(?P<day>\d+)日前"
    r"或(?:(?P<other_year>\d+)年)?(?P<other_month>\d+)月(?P<other_day>\d+)日前"
)
_VAGUE = re.compile(r"“([^”]+)”没有确切日期，按(\d+)月(\d+)日理解")


def _end_in_doubt(deadline: Deadline) -> str:
    """Return what is in doubt of an end, how it counts, and the spellings that are in no doubt."""
    doubt, end = deadline.ambiguity, deadline.end
    if end is None or deadline.stages:  # of several ends it may be another that is in doubt
        return doubt
    if either := _EITHER.fullmatch(doubt):
        first, then = (_a_day(either, end.year, which) for which in ("", "other_"))
        before, found, kept = deadline.text.partition(either["words"])
        part = f"把“{found}”" if found and before else ""
        as_before = f"，原有的“{kept}”照写" if kept.strip("。 ") and not before else ""
        right = f"请{part}写成“{_by(first)}”或“{_by(then)}”{as_before}"
        return f"{doubt}，现按{_on(end)}计算，{right}"
    vague = _VAGUE.fullmatch(doubt)
    if vague and (end.month, end.day) == (int(vague[2]), int(vague[3])):
        return f"“{vague[1]}”没有确切日期，现按{_on(end)}计算，请写成“{_by(end)}”或者别的确切日期"
    return f"{doubt}，现按{_on(end)}计算" if "可理解为" in doubt else doubt


def _a_day(either: "re.Match[str]", year: int, which: str) -> date:
    """Return one of the two days, of the year given where the sentence names none."""
    told = either[f"{which}year"]
    return date(int(told or year), int(either[f"{which}month"]), int(either[f"{which}day"]))


def _start_in_doubt(deadline: Deadline) -> str:
    """Return what is in doubt of a beginning, and how it counts."""
    vague, first = _VAGUE.fullmatch(deadline.ambiguity), _first_day(deadline)
    if vague is None or first is None:
        return deadline.ambiguity
    day = _on(first)
    return f"“{vague[1]}”没有确切日期，现按{day}开始计算，请写成“{day}”或者别的确切日期"


def _by(end: date) -> str:
    """Return the spelling of a deadline that has but one meaning.

    >>> _by(date(2022, 9, 30)), _by(date(2022, 10, 20))
    ('2022年9月底前', '2022年10月20日前')
    """
    if (end + timedelta(days=1)).month != end.month:
        return f"{end.year}年{end.month}月底前"
    return f"{_on(end)}前"


@rule("D502", Level.WARNING)
def deadline_after_last_stage(case: Case) -> Objections:
    """时限晚于最后一个阶段的结束时间。

    原因：整顿已经结束，措施还没有到期，不能按期销号。

    改法：时限写错的改正；确需推迟的，先报镇党建办同意。
    """
    ends = [stage.end.end if stage.end else None for stage in case.rows(Stage)]
    last = max((end for end in ends if end), default=None)
    if last is None or None in ends:
        return  # a stage without a readable end is D504's or C202's
    for spoken, deadline in _plans(case):
        if deadline.end and deadline.end > last:
            yield [spoken.cell], f"{spoken.header}晚于最后阶段的结束日期{_on(last)}"


@rule("D503", Level.WARNING)
def deadline_before_plan(case: Case) -> Objections:
    """时限早于方案日期。

    原因：方案还没有制定，措施已经到期。

    改法：改正时限或方案日期；已经做完的，写明实际完成日期。
    """
    plan_day = _plan_day(case)
    for spoken, deadline in _plans(case) if plan_day else ():
        if deadline.end and plan_day and deadline.end < plan_day:
            yield [spoken.cell], f"{spoken.header}早于方案日期{_on(plan_day)}"


@rule("D504", Level.WARNING)
def stages_out_of_order(case: Case) -> Objections:
    """阶段安排前后颠倒、重叠或没有结束日期。

    原因：阶段是公文“时限要求”一章的依据，应当首尾相接。

    改法：按先后顺序填写，后一阶段的开始不早于前一阶段的结束。
    """
    dated = []
    for stage in case.rows(Stage):
        if stage.end is None:
            continue
        if stage.end.end is None:
            yield [stage.cell(Stage.end)], "没有确切的结束日期"
            continue
        start = _first_day(stage.start) or stage.end.start
        if start and start > stage.end.end:
            cells = [stage.cell(Stage.end), stage.cell(Stage.start)]
            yield cells, f"{_on(stage.end.end)}结束，早于开始日期{_on(start)}"
        dated.append((stage, start, stage.end.end))
    for (_, _, before), (stage, start, end) in pairwise(dated):
        if end < before:
            yield [stage.cell(Stage.end)], f"{_on(end)}结束，早于上一阶段的结束日期{_on(before)}"
        elif start and start < before:
            column = Stage.start if stage.start else Stage.end
            yield [stage.cell(column)], f"{_on(start)}开始，早于上一阶段的结束日期{_on(before)}"


@rule("D505", Level.WARNING)
def overdue(case: Case) -> Objections:
    """措施已过时限，还没有办结。

    原因：逾期按时限和核对日期计算，要列入逾期预警。

    改法：抓紧办理，办结后改办理状态；确需延期的，报镇党建办同意后，在“情况说明”表里写明原因和新的时限。
    """
    for measure, end in _open(case):
        late = days_overdue(measure, case.as_of)
        if late:
            late_by = f"{_on(end)}到期，已过 {late} 天，办理状态是“{measure.status}”"
            yield [measure.cell(Measure.deadline)], late_by


@rule("D506", Level.INFO)
def due_soon(case: Case) -> Objections:
    """措施临近时限。

    原因：时限前若干天（默认 15 天，由镇里在“参数”表里规定）开始提醒，免得逾期。

    改法：抓紧办理，办结后改办理状态，并填实际完成日期和佐证材料。
    """
    for measure, end in _open(case):
        left = (end - case.as_of).days
        if 0 <= left <= case.parameters.due_soon:
            ahead = f"{_on(end)}到期，还有 {left} 天" if left else f"{_on(end)}到期，就在核对当天"
            yield [measure.cell(Measure.deadline)], ahead


@rule("D507", Level.WARNING)
def month_without_meeting(case: Case) -> Objections:
    """有的月份没有专题研究会议。

    原因：整顿期间每月至少专题研究 1 次，从起始月份（默认 5 月，由镇里在“参数”表里规定）起，
    过了每月截止日（默认 25 日，由镇里在“参数”表里规定）核对。

    改法：开过会的，补登记；没有开的，在“情况说明”表里写明原因，位置写月份，如“8月”，以后按月召开。
    """
    for book in case.books:
        year, sheet = year_in_force(case, book), book.sheet(Meeting)
        if year is None or sheet is None or Meeting.day in sheet.missing:
            continue
        held = {
            row.day.month
            for row in book.rows(Meeting)
            # D510 speaks of a meeting of another year; the month may well be right.
            if row.day and (took_place(row, case.as_of) or is_of_another_year(row, year))
        }
        missed = [month for month in _months(case, book, year) if month not in held]
        answered = {month for each in case.waivers if _is_for(each, case) for month in each.months}
        for months in (set(missed) - answered, set(missed) & answered):
            if months:  # a village's answer for August is none for September
                told = "、".join(f"{month}月" for month in sorted(months))
                yield [_header(book)], f"{year}年{told}没有专题研究会议"


def _is_for(answer: Waiver, case: Case) -> bool:
    """Say whether a village's answer is for months without a meeting, and in force."""
    in_force = answer.until is None or answer.until >= case.as_of
    return "D507" in answer.codes and in_force


@rule("D508", Level.WARNING)
def completed_out_of_time(case: Case) -> Objections:
    """完成、销号日期在核对日期以后，或者早于方案日期。

    原因：还没有到的日子不能算完成；方案之前做完的事不是这次整顿的成果。

    改法：改正日期；方案之前就已立行立改的，在“情况说明”表里写明。
    """
    plan_day = _plan_day(case)
    ended = [(row.cell(Measure.completed), row.completed) for row in case.rows(Measure)]
    ended += [(row.cell(Problem.closed), row.closed) for row in case.rows(Problem) if row.closed]
    for cell, day in ended:
        if day and day > case.as_of:
            yield [cell], _too_late(case)
        elif day and plan_day and day < plan_day:
            yield [cell], f"早于方案日期{_on(plan_day)}"


@rule("D509", Level.WARNING)
def slip_in_deadline(case: Case) -> Objections:
    """时限里有错字。

    原因：错字会照印到公文里；这次已按正确的字理解。

    改法：改正错字，如“9月低前”改为“9月底前”。
    """
    for spoken, deadline in deadlines(case):
        for slip in deadline.slips:
            wrong, _, right = slip.partition("→")
            yield [spoken.cell], f"“{wrong}”应为“{right}”"


@rule("D510", Level.WARNING)
def meeting_out_of_time(case: Case) -> Objections:
    """会议日期在核对日期以后，或者不在整顿年度。

    原因：还没有开的会不能登记；别的年度的会不能算作这次整顿的专题研究。

    改法：改正会议日期；计划中的会议等开过以后再登记。
    """
    for book in case.books:
        year = year_in_force(case, book)
        for meeting in book.rows(Meeting):
            if meeting.day and meeting.day > case.as_of:
                yield [meeting.cell(Meeting.day)], _too_late(case)
            elif is_of_another_year(meeting, year):
                yield [meeting.cell(Meeting.day)], f"不在整顿年度{year}年"


@rule("D511", Level.INFO)
def stages_with_a_gap(case: Case) -> Objections:
    """前后两个阶段之间空了一段时间。

    原因：阶段应当首尾相接，空出来的时间没有安排工作。

    改法：把后一阶段的开始提前，或者推后前一阶段的结束。
    """
    for before, stage in pairwise(case.rows(Stage)):
        (begun, ended), (start, end) = _span(before), _span(stage)
        known = [day for day in (begun, ended, start, end) if day]
        if known != sorted(known):
            continue  # D504 speaks of a pair that is out of order
        column = Stage.start if stage.start else Stage.end
        if ended and start and (start - ended).days > _A_WEEK:
            said = f"{_on(start)}开始，与上一阶段的结束日期{_on(ended)}之间"
            yield [stage.cell(column)], f"{said}空了 {(start - ended).days - 1} 天"


def _span(stage: Stage) -> tuple[date | None, date | None]:
    """Return the first and the last day of a stage, as far as it tells them."""
    end = stage.end
    start = _first_day(stage.start) or (end.start if end else None)
    return start, end.end if end else None


_A_WEEK = 7
_DAYS_A_MONTH = 30.5
_MOST_MONTHS_OFF = 0.75
_MONTHS_TOLD = re.compile(
    "(?:集中|为期|利用|历时)(?:用)?([一二两三四五六七八九十]|[0-9]{1,2})个(半?)月"
)
_NUMERALS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2}


@rule("D512", Level.INFO, Life.TRIAL)
def duration_unlike_dates(case: Case) -> Objections:
    """阶段写的时长与起止时间不符。

    原因：写“集中一个月”，起止时间却是四个月，公文前后矛盾。

    改法：改正时长或者起止时间。
    """
    for stage in case.rows(Stage):
        told = _MONTHS_TOLD.search(f"{stage.name or ''}\n{stage.task or ''}")
        start, end = _span(stage)
        if not told or not start or not end or start > end:
            continue
        number = _NUMERALS[told[1]] if told[1] in _NUMERALS else int(told[1])
        if abs(((end - start).days + 1) / _DAYS_A_MONTH - number - bool(told[2]) / 2) > (
            _MOST_MONTHS_OFF
        ):
            cells = [stage.cell(Stage.task), stage.cell(Stage.end)]
            yield cells, f"写的是“{told[0]}”，起止时间是{_on(start)}至{_on(end)}"


@rule("D513", Level.WARNING)
def day_not_come_yet(case: Case) -> Objections:
    """已经发生的事，日期在核对日期以后。

    原因：还没有到的日子不能登记为已经发现、审核、测评。

    改法：改正日期；计划中的事等办过以后再填。
    """
    past: tuple[tuple[type[Row], tuple[Column[date], ...]], ...] = (
        (Basis, (Basis.day,)),
        (
            Problem,
            (
                Problem.found,
                Problem.applied,
                Problem.town_day,
                Problem.county_day,
                Problem.lookback,
            ),
        ),
        (Evaluation, (Evaluation.day,)),
    )
    for kind, columns in past:
        for row in case.rows(kind):
            for column in columns:
                day = row.fields[column.name].value
                if isinstance(day, date) and day > case.as_of:
                    yield [row.cell(column)], _too_late(case)


@rule("D514", Level.WARNING)
def immediate_still_open(case: Case) -> Objections:
    """立行立改的措施，过了规定天数还没有办结。

    原因：立行立改没有写日期，不算逾期，从方案日期算起超过规定天数
    （默认 30 天，由镇里在“参数”表里规定）的要提醒。

    改法：抓紧办理，办结后改办理状态；一时办不完的，把时限改成具体日期。
    """
    plan_day = _plan_day(case)
    past = (case.as_of - plan_day).days if plan_day else 0
    for measure in case.rows(Measure) if past > case.parameters.immediate_days else ():
        deadline = measure.deadline
        if not deadline or not deadline.immediate or deadline.end or not measure.status:
            continue
        if deadline.ambiguity:
            continue  # D501 speaks of “限期整改”
        if not is_done(measure) and not is_standing(measure):
            said = f"方案日期以后已过 {past} 天，办理状态是“{measure.status}”"
            yield [measure.cell(Measure.deadline)], said


@rule("D515", Level.INFO)
def lookback_overdue(case: Case) -> Objections:
    """销号以后过了规定天数，没有回头看。

    原因：销号的问题要在规定天数（默认 365 天，由镇里在“参数”表里规定）内跟踪问效，防止反弹。

    改法：开展“回头看”，填写回头看日期和结果。
    """
    for problem in case.rows(Problem):
        held, closed = problem.field(Problem.lookback), problem.closed
        if not closed or not held.column or not held.empty:
            continue
        past = (case.as_of - closed).days
        # R335 asks for the day where the result is told.
        if past > case.parameters.lookback_days and problem.field(Problem.lookback_result).empty:
            said = f"{_on(closed)}销号，已过 {past} 天，没有填回头看日期"
            yield [problem.cell(Problem.lookback)], said


@rule("D516", Level.WARNING)
def data_out_of_date(case: Case) -> Objections:
    """数据截止日期早于最近一次截止日。

    原因：每月截止日（默认 25 日，由镇里在“参数”表里规定）以后报送的，数据应当截止到那一天以后。

    改法：按最新情况更新各表，再改数据截止日期。
    """
    for book in case.books:
        due = _last_cutoff(case, book)
        for profile in book.rows(Profile):
            if profile.cutoff and due and profile.cutoff < due:
                said = f"早于本次核对的截止日{_on(due)}，请更新"
                yield [profile.cell(Profile.cutoff)], said


@rule("D517", Level.WARNING)
def day_after_the_data(case: Case) -> Objections:
    """完成、销号、会议日期晚于“基本情况”里的数据截止日期。

    原因：数据截止到哪一天，就登记到哪一天的事，两处应当相符。

    改法：日期填错的改正；数据已经更新的，改数据截止日期。
    """
    for book in case.books:
        due = _last_cutoff(case, book)
        for profile in book.rows(Profile):
            cutoff = profile.cutoff
            if cutoff is None or (due and cutoff < due):
                continue  # D516 asks for another cut-off day
            ended: list[tuple[CellRef, date | None]] = [
                *((row.cell(Measure.completed), row.completed) for row in book.rows(Measure)),
                *((row.cell(Problem.closed), row.closed) for row in book.rows(Problem)),
                *((row.cell(Meeting.day), row.day) for row in book.rows(Meeting)),
            ]
            for cell, day in ended:
                if day and cutoff < day <= case.as_of:
                    said = f"晚于“基本情况”里的数据截止日期{_on(cutoff)}"
                    yield [cell, profile.cell(Profile.cutoff)], said


@rule("D518", Level.WARNING)
def deadline_without_end(case: Case) -> Objections:
    """时限只写了时长或频次，没有截止日期。

    原因：“集中一个月”没有写从哪天算起，“每月”没有写到哪天为止，都不能判断是否逾期。

    改法：加上截止日期，如“2022年10月底前，每月一次”；不定期限、一直要做的，写“长期坚持”。
    """
    for spoken, deadline in deadlines(case):
        row = spoken.row
        if isinstance(row, Stage) or deadline.end or deadline.ambiguity or deadline.standing:
            continue  # of stages D504 speaks, of doubts D501
        if isinstance(row, Measure) and (is_standing(row) or row.standing):
            continue
        told = [] if deadline.duration_months is None else ["时长"]
        told += ["频次"] if deadline.recurring else []
        if told:
            said = f"只写了{'和'.join(told)}，没有截止日期，不能判断是否逾期"
            yield [spoken.cell], said


@rule("D519", Level.WARNING)
def plan_of_another_year(case: Case) -> Objections:
    """方案日期不在整顿年度。

    原因：方案日期是公文的成文日期，别的年度的日期会使时限、会议、销号都无法核对。

    改法：改正方案日期或年度；方案确实是上年年底制定的，在“情况说明”表里写明。
    """
    for book in case.books:
        year = year_in_force(case, book)
        for profile in book.rows(Profile):
            if year and profile.plan_day and profile.plan_day.year != year:
                yield [profile.cell(Profile.plan_day)], f"不在整顿年度{year}年"


def _last_cutoff(case: Case, book: Workbook) -> date | None:
    """Return the last day of the plan's year by which data were due before the check's day.

    None where none was: a workbook of next year, a plan made after that day.
    """
    year, as_of = plan_year(book) or case.as_of.year, case.as_of
    asked = min(as_of, date(year + 1, 1, 1))
    over = asked.day > case.parameters.cutoff_day
    month = asked if over else asked.replace(day=1) - timedelta(days=1)
    day = min(case.parameters.cutoff_day, monthrange(month.year, month.month)[1])
    due = month.replace(day=day)
    plan_day = plan_day_of(book)
    return None if due.year != year or (plan_day and due < plan_day) else due


def _plan_day(case: Case) -> date | None:
    """Return the day of the plan of a case's one village."""
    return next((plan_day_in_force(case, book) for book in case.books if book.rows(Profile)), None)


def _too_late(case: Case) -> str:
    """Return the sentence that a day has not come yet."""
    return f"晚于核对日期{_on(case.as_of)}"


def _plans(case: Case) -> Iterator[tuple[Spoken, Deadline]]:
    """Yield the deadlines of problems and measures."""
    for spoken, deadline in deadlines(case):
        if isinstance(spoken.row, Measure | Problem):
            yield spoken, deadline


def _open(case: Case) -> Iterator[tuple[Measure, date]]:
    """Yield each measure that waits for its day, with the day."""
    for measure in case.rows(Measure):
        deadline = measure.deadline
        if measure.status is None or is_done(measure) or is_standing(measure):
            continue  # C201 and C202 speak of statuses that say nothing
        if deadline and deadline.end:
            yield measure, deadline.end


def _first_day(start: Deadline | None) -> date | None:
    """Return the day on which a stage begins: “2022年5月” and “2022年5月初” on the first."""
    if start is None or start.start or start.end is None:
        return start.start if start else None
    part = _A_BEGINNING.search(start.text)
    if part:
        return start.end.replace(day=_BEGINS[part[0]])
    return start.end if _A_DAY.search(start.text) else start.end.replace(day=1)


def _months(case: Case, book: Workbook, year: int) -> range:
    """Return the months of a year by whose end a village must have met."""
    decided = case.parameters
    return due_months(
        year,
        case.as_of,
        plan_day_of(book),
        first_month=decided.first_month,
        cutoff_day=decided.cutoff_day,
    )


def _header(book: Workbook) -> Place:
    """Return the header cell of 会议日期."""
    sheet = book.sheets[Meeting]
    return CellRef(book.path, sheet.title, *place(sheet.headers[Meeting.day.name]))
