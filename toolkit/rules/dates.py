"""D5xx: deadlines, stages and months; what is late is reckoned as of a day, never typed."""

import re
from collections.abc import Iterator
from datetime import date
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
    due_months,
    is_done,
    is_standing,
    plan_day_of,
    plan_year,
    took_place,
)
from toolkit.rules.rule import Case, Objections, Place, Spoken, deadlines, rule
from toolkit.rules.rule import Stage as Life
from toolkit.schema.columns import Column, Row
from toolkit.schema.deadlines import Deadline
from toolkit.schema.workbook import Workbook

_A_DAY = re.compile(r"[日号底末旬初中]|\d[-./]\d+[-./]\d")


@rule("D501", Level.WARNING)
def ambiguous_deadline(case: Case) -> Objections:
    """时限有两种理解。

    原因：同一句话算到哪一天，村里和镇里可能理解不同，是否逾期就有争议。

    改法：写明到哪一天或哪月底，如“2022年10月底前”。
    """
    for spoken, deadline in deadlines(case):
        if deadline.ambiguity:
            open_ended = deadline.end is None or "可理解为" not in deadline.ambiguity
            taken = "" if open_ended else f"，现按 {deadline.end} 计算"
            yield [spoken.cell], f"{deadline.ambiguity}{taken}"


@rule("D502", Level.WARNING)
def deadline_after_last_stage(case: Case) -> Objections:
    """时限晚于最后一个阶段的结束时间。

    原因：整顿已经结束，措施还没有到期，不能按期销号。

    改法：把时限提前，或者调整阶段安排；需要长期做的写“并长期坚持”。
    """
    ends = [stage.end.end if stage.end else None for stage in case.rows(Stage)]
    last = max((end for end in ends if end), default=None)
    if last is None or None in ends:
        return  # a stage without a readable end is D504's or C202's
    for spoken, deadline in _plans(case):
        if deadline.end and deadline.end > last:
            yield [spoken.cell], f"{spoken.header}晚于最后阶段的结束日期 {last}"


@rule("D503", Level.WARNING)
def deadline_before_plan(case: Case) -> Objections:
    """时限早于方案日期。

    原因：方案还没有制定，措施已经到期。

    改法：改正时限或方案日期；已经做完的，写明实际完成日期。
    """
    plan_day = next((profile.plan_day for profile in case.rows(Profile)), None)
    for spoken, deadline in _plans(case) if plan_day else ():
        if deadline.end and plan_day and deadline.end < plan_day:
            yield [spoken.cell], f"{spoken.header}早于方案日期 {plan_day}"


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
            yield cells, f"结束 {stage.end.end}，早于开始 {start}"
        dated.append((stage, start, stage.end.end))
    for (_, _, before), (stage, start, end) in pairwise(dated):
        if end < before:
            yield [stage.cell(Stage.end)], f"结束 {end}，早于上一阶段的结束 {before}"
        elif start and start < before:
            column = Stage.start if stage.start else Stage.end
            yield [stage.cell(column)], f"开始 {start}，早于上一阶段的结束 {before}"


@rule("D505", Level.WARNING)
def overdue(case: Case) -> Objections:
    """措施已过时限，还没有办结。

    原因：逾期按时限和数据截止日计算，要列入逾期预警。

    改法：抓紧办理，办结后改办理状态；确需延期的，在“情况说明”中说明。
    """
    for measure, end in _open(case):
        late = days_overdue(measure, case.as_of)
        if late:
            late_by = f"{end} 到期，已过 {late} 天，办理状态是“{measure.status}”"
            yield [measure.cell(Measure.deadline)], late_by


@rule("D506", Level.INFO)
def due_soon(case: Case) -> Objections:
    """措施临近时限。

    原因：提前提醒，免得逾期；提前几天由参数表规定。

    改法：抓紧办理，办结后改办理状态，并填实际完成日期和佐证材料。
    """
    for measure, end in _open(case):
        left = (end - case.as_of).days
        if 0 <= left <= case.parameters.due_soon:
            ahead = f"{end} 到期，还有 {left} 天" if left else f"{end} 今天到期"
            yield [measure.cell(Measure.deadline)], ahead


@rule("D507", Level.WARNING)
def month_without_meeting(case: Case) -> Objections:
    """有的月份没有专题研究会议。

    原因：整顿期间每月至少专题研究 1 次。

    改法：开过会的补登记；没有开的尽快召开，不要补造记录。
    """
    for book in case.books:
        year, sheet = plan_year(book), book.sheet(Meeting)
        if year is None or sheet is None or Meeting.day in sheet.missing:
            continue
        rows = (row for row in book.rows(Meeting) if took_place(row, case.as_of))
        held = {(day.year, day.month) for row in rows if (day := row.day)}
        missed = [month for month in _months(case, book, year) if (year, month) not in held]
        if missed:
            spots = "、".join(map(str, missed))
            yield [_header(book)], f"{year} 年 {spots} 月没有专题研究会议"


@rule("D508", Level.WARNING)
def completed_out_of_time(case: Case) -> Objections:
    """完成、销号日期在数据截止日以后，或者早于方案日期。

    原因：还没有到的日子不能算完成；方案之前做完的事不是这次整顿的成果。

    改法：改正日期；方案之前就已立行立改的，在“情况说明”中说明。
    """
    plan_day = next((profile.plan_day for profile in case.rows(Profile)), None)
    ended = [(row.cell(Measure.completed), row.completed) for row in case.rows(Measure)]
    ended += [(row.cell(Problem.closed), row.closed) for row in case.rows(Problem) if row.closed]
    for cell, day in ended:
        if day and day > case.as_of:
            yield [cell], f"晚于数据截止日 {case.as_of}"
        elif day and plan_day and day < plan_day:
            yield [cell], f"早于方案日期 {plan_day}"


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
    """会议日期在数据截止日以后，或者不在整顿年度。

    原因：还没有开的会不能登记；别的年度的会不能算作这次整顿的专题研究。

    改法：改正会议日期；计划中的会议等开过以后再登记。
    """
    for book in case.books:
        year = plan_year(book)
        for meeting in book.rows(Meeting):
            if meeting.day and meeting.day > case.as_of:
                yield [meeting.cell(Meeting.day)], f"晚于数据截止日 {case.as_of}"
            elif meeting.day and year and meeting.day.year != year:
                yield [meeting.cell(Meeting.day)], f"不在整顿年度 {year} 年"


@rule("D511", Level.INFO)
def stages_with_a_gap(case: Case) -> Objections:
    """前后两个阶段之间空了一段时间。

    原因：阶段应当首尾相接，空出来的时间没有安排工作。

    改法：把后一阶段的开始提前，或者推后前一阶段的结束。
    """
    for before, stage in pairwise(case.rows(Stage)):
        ended = before.end.end if before.end else None
        column = Stage.start if stage.start else Stage.end
        start = _first_day(stage.start) or (stage.end.start if stage.end else None)
        if ended and start and (start - ended).days > _A_WEEK:
            said = f"{start} 开始，与上一阶段的结束 {ended} 之间空了 {(start - ended).days - 1} 天"
            yield [stage.cell(column)], said


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
        end = stage.end.end if stage.end else None
        start = _first_day(stage.start) or (stage.end.start if stage.end else None)
        if not told or not start or not end or start > end:
            continue
        number = _NUMERALS[told[1]] if told[1] in _NUMERALS else int(told[1])
        if abs(((end - start).days + 1) / _DAYS_A_MONTH - number - bool(told[2]) / 2) > (
            _MOST_MONTHS_OFF
        ):
            cells = [stage.cell(Stage.task), stage.cell(Stage.end)]
            yield cells, f"写的是“{told[0]}”，起止时间是 {start} 至 {end}"


@rule("D513", Level.WARNING)
def day_not_come_yet(case: Case) -> Objections:
    """已经发生的事，日期在数据截止日以后。

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
                    yield [row.cell(column)], f"晚于数据截止日 {case.as_of}"


@rule("D514", Level.WARNING)
def immediate_still_open(case: Case) -> Objections:
    """立行立改的措施，过了规定天数还没有办结。

    原因：立行立改没有写日期，不算逾期，从方案日期算起超过规定天数的要提醒。

    改法：抓紧办理，办结后改办理状态；一时办不完的，把时限改成具体日期。
    """
    plan_day = next((profile.plan_day for profile in case.rows(Profile)), None)
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

    原因：销号的问题要跟踪问效，防止反弹；期限由镇里在参数表中规定。

    改法：开展“回头看”，填写回头看日期和结果。
    """
    for problem in case.rows(Problem):
        held = problem.field(Problem.lookback)
        past = (case.as_of - problem.closed).days if problem.closed else 0
        if past > case.parameters.lookback_days and held.empty and held.column:
            said = f"{problem.closed} 销号，已过 {past} 天，没有填回头看日期"
            yield [problem.cell(Problem.lookback)], said


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
    """Return the day on which a stage begins; “2022年5月” begins on its first."""
    if start is None or start.start or start.end is None:
        return start.start if start else None
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
