"""R3xx: one row by itself: a measure, a meeting, a survey, a problem's way off the list."""

import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

from toolkit.findings import Level
from toolkit.forms.codes import DONE, STANDING, TYPES
from toolkit.forms.village import (
    BALLOTS,
    CLOSED,
    COUNTED,
    IDLE,
    Basis,
    Evaluation,
    Goal,
    Measure,
    Meeting,
    Person,
    Problem,
    Profile,
    closed_by,
    satisfaction,
)
from toolkit.rules.rule import Case, Objections, Stage, quoted, rule
from toolkit.rules.terms import is_of_another_year, year_in_force
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Day, plain_number
from toolkit.schema.texts import names
from toolkit.schema.totals import percentage

_on = Day().text
_NEARLY = "基本完成"
_WHOLE = 100
_PERCENT_UNITS = frozenset({"%", "％", "百分点", "个百分点"})
_REASONS = (*"因假病事差务医住陪探学会（(", "外出", "培训", "值班")
_ABSENT_NONE = frozenset({"无", "没有", "0", "/", "-"})
_NOBODY = re.compile(r"[无没未全0０零/—-]")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_HEADS = re.compile(r"(\d+)\s*[人名]")
_A_NAME = re.compile(r"[一-龥·]{2,4}")
_NAMES_NO_PAPER = frozenset(
    [
        *("有", "已有", "齐全", "完备", "资料齐全", "材料齐全", "附件", "见附件", "详见附件", "略"),
        *(
            "是",
            "√",
            "无",
            "没有",
            "已完成",
            "完成",
            "已整改",
            "已落实",
            "已办结",
            "见台账",
            "见档案",
        ),
    ]
)
_NUMBERED_YEAR = re.compile(r"[〔\[［【（(]\s*(\d{4})")


def _left_empty(row: Row, column: Column[Any]) -> bool:
    """Say whether the sheet has the column and nothing stands in the row's cell."""
    held = row.fields[column.name]
    return held.raw is None and held.column > 0


# -- measures -----------------------------------------------------------------------------------


@rule("R301", Level.ERROR)
def done_without_day(case: Case) -> Objections:
    """措施已办结，没有填实际完成日期。

    原因：没有完成日期，无法认定是否按时完成。

    改法：补填实际完成日期；还没有完成的，改正办理状态。
    """
    for measure in case.rows(Measure):
        if measure.status in DONE and _left_empty(measure, Measure.completed):
            cells = [measure.cell(Measure.completed), measure.cell(Measure.status)]
            yield cells, f"办理状态是“{measure.status}”，没有填实际完成日期"


@rule("R302", Level.WARNING)
def done_without_evidence(case: Case) -> Objections:
    """措施已办结，没有填佐证材料。

    原因：没有佐证材料，销号审核时无法认定已经办结；已经销号的必须有。

    改法：填写材料名称，如“入股协议、会议记录”。
    """
    for book in case.books:
        closed = {row.number for row in book.rows(Problem) if closed_by(row, case.as_of)}
        for measure in book.rows(Measure):
            if measure.status not in DONE or not _left_empty(measure, Measure.evidence):
                continue
            cells = [measure.cell(Measure.evidence)]
            said = f"办理状态是“{measure.status}”，没有填佐证材料"
            if measure.problem and measure.problem in closed:
                yield cells, f"问题 {measure.problem} 已销号，没有填佐证材料", Level.ERROR
            else:
                yield cells, said, Level.ERROR if measure.status == CLOSED else Level.WARNING


@rule("R303", Level.WARNING)
def completed_but_not_done(case: Case) -> Objections:
    """已填实际完成日期，办理状态仍未办结。

    原因：日期与状态不一致，汇总时按状态计为未完成。

    改法：已经完成的，把办理状态改为“已完成”；没有完成的，删去完成日期。
    """
    settled = DONE | {STANDING, _NEARLY}
    for measure in case.rows(Measure):
        if measure.completed and measure.status and measure.status not in settled:
            cells = [measure.cell(Measure.status), measure.cell(Measure.completed)]
            yield cells, f"已填完成日期，办理状态仍是“{measure.status}”"


@rule("R304", Level.WARNING)
def progress_against_status(case: Case) -> Objections:
    """进度与办理状态不一致。

    原因：进度 100% 与“推进中”、进度不足 100% 与“已完成”，必有一处有误。

    改法：对照实际办理情况，改正进度或办理状态。
    """
    settled = DONE | {STANDING, _NEARLY}
    for measure in case.rows(Measure):
        progress, status = measure.progress, measure.status
        if progress is None or status is None:
            continue
        full = progress == _WHOLE
        if (full and status not in settled) or (not full and status in DONE):
            cells = [measure.cell(Measure.progress), measure.cell(Measure.status)]
            yield cells, f"进度 {plain_number(progress)}%，办理状态是“{status}”"


@rule("R305", Level.WARNING)
def standing_told_two_ways(case: Case) -> Objections:
    """是否长期坚持，前后填写不一致。

    原因：长期坚持的措施单独统计，填写不一致会造成统计错误。

    改法：需要长期坚持的，“是否长期坚持”填“是”；不需要的，改正时限或办理状态。
    """
    for measure in case.rows(Measure):
        if measure.standing is not False:
            continue
        deadline = measure.deadline
        for told, column in (
            (deadline is not None and deadline.standing, Measure.deadline),
            (measure.status == STANDING, Measure.status),
        ):
            if told:
                cells = [measure.cell(Measure.standing), measure.cell(column)]
                yield cells, f"填的是“否”，{column.header}写的是长期坚持"


@rule("R306", Level.INFO)
def measure_without_unit(case: Case) -> Objections:
    """措施没有填责任单位。

    原因：责任既要落实到人，也要落实到单位，便于督办。

    改法：填写责任单位，如“上河村党支部”。
    """
    for measure in case.rows(Measure):
        if _left_empty(measure, Measure.unit):
            yield [measure.cell(Measure.unit)], "没有填责任单位"


@rule("R307", Level.INFO)
def done_without_note(case: Case) -> Objections:
    """措施已办结，没有填进展说明。

    原因：整改情况报告逐条写明做了什么，取自“进展说明”。

    改法：写一两句做了什么、有什么结果，如“合作社已签订入股协议”。
    """
    for measure in case.rows(Measure):
        if measure.status in DONE and _left_empty(measure, Measure.progress_note):
            said = f"办理状态是“{measure.status}”，没有填进展说明"
            yield [measure.cell(Measure.progress_note)], said


@rule("R308", Level.INFO, Stage.TRIAL)
def evidence_that_names_nothing(case: Case) -> Objections:
    """佐证材料没有写出材料名称。

    原因：只写“有”“见附件”，销号审核时不知道要看哪一份材料。

    改法：写出材料名称，如“入股协议、会议记录”。
    """
    for measure in case.rows(Measure):
        evidence = (measure.evidence or "").strip("。；; ")
        if measure.status in DONE and evidence in _NAMES_NO_PAPER:
            yield [measure.cell(Measure.evidence)], f"只写了{quoted(evidence)}，没有写出材料名称"


@rule("R309", Level.WARNING)
def idle_with_progress(case: Case) -> Objections:
    """措施未启动，进度却不是 0。

    原因：已经有进度就是已经启动，汇总时按状态计为未启动。

    改法：已经开始办理的，办理状态改为“推进中”；没有开始的，进度填 0。
    """
    for measure in case.rows(Measure):
        progress = measure.progress
        if measure.status == IDLE and progress is not None and 1 <= progress < _WHOLE:
            cells = [measure.cell(Measure.status), measure.cell(Measure.progress)]
            yield cells, f"办理状态是“{IDLE}”，进度是 {plain_number(progress)}%"


# -- meetings -----------------------------------------------------------------------------------


@rule("R311", Level.ERROR)
def more_present_than_due(case: Case) -> Objections:
    """实到人数多于应到人数。

    原因：实到多于应到，无法认定会议是否有效。

    改法：对照签到表改正其中一个数；列席人员不计入实到人数。
    """
    for meeting in case.rows(Meeting):
        due, present = meeting.due, meeting.present
        if due is not None and present is not None and present > due:
            cells = [meeting.cell(Meeting.present), meeting.cell(Meeting.due)]
            yield cells, f"实到 {present} 人，应到只有 {due} 人"


@rule("R312", Level.WARNING)
def quorum_not_reached(case: Case) -> Objections:
    """到会人数没有达到规定比例。

    原因：到会人数须超过应到人数的规定比例（默认 50%，由镇里在“参数”表里规定），
    规定 100% 的须全部到会，否则不能形成决议。

    改法：人数填错的请改正；确实不足的，重新召开会议并登记。
    """
    quorum = case.parameters.quorum
    whole = quorum >= _WHOLE  # no share is above it: then all must be there
    for meeting in case.rows(Meeting):
        due, present = meeting.due, meeting.present
        if not due or present is None:
            continue
        if present < due if whole else present * _WHOLE <= due * quorum:
            cells = [meeting.cell(Meeting.present), meeting.cell(Meeting.due)]
            asked = f"没有{'达到' if whole else '超过'} {plain_number(quorum)}%"
            yield cells, f"应到 {due} 人，实到 {present} 人，{asked}"


@rule("R313", Level.WARNING)
def decision_without_owner(case: Case) -> Objections:
    """会议有议定事项，没有填落实责任人或落实时限。

    原因：议定事项没有责任人和时限，难以落实。

    改法：补填落实责任人和落实时限；多个事项的，按议定事项的顺序写。
    """
    for meeting in case.rows(Meeting):
        if not meeting.decisions:
            continue
        empty = [c for c in (Meeting.owner, Meeting.by) if _left_empty(meeting, c)]
        if empty:
            said = f"有议定事项，没有填{'和'.join(column.header for column in empty)}"
            yield [meeting.cell(column) for column in empty], said


@rule("R314", Level.WARNING)
def absence_not_explained(case: Case) -> Objections:
    """有人缺席，没有写明姓名和原因。

    原因：会议记录应当写明缺席人员和原因。

    改法：写明缺席人员和原因，如“赵国强（请假）”。
    """
    for meeting in case.rows(Meeting):
        due, present = meeting.due, meeting.present
        if due is None or present is None or present >= due:
            continue
        absent = meeting.absent
        cells = [meeting.cell(Meeting.absent), meeting.cell(Meeting.present)]
        if _left_empty(meeting, Meeting.absent) or absent in _ABSENT_NONE:
            yield cells, f"缺席 {due - present} 人，没有写明姓名和原因"
        elif absent and not _explains(absent):
            yield cells[:1], "缺席人员没有写明原因"


@rule("R315", Level.WARNING)
def chair_keeps_the_record(case: Case) -> Objections:
    """主持人和记录人是同一个人。

    原因：主持会议的人同时作记录，难以记全，会议记录的效力也容易受到质疑。

    改法：核对会议记录，填写实际作记录的人；以后另定一人记录。
    """
    for meeting in case.rows(Meeting):
        chair, recorder = meeting.chair, meeting.recorder
        if chair and chair == recorder and not meeting.field(Meeting.chair).masked:
            cells = [meeting.cell(Meeting.recorder), meeting.cell(Meeting.chair)]
            yield cells, f"主持人和记录人都是{quoted(chair)}"


@rule("R316", Level.WARNING)
def absent_though_all_came(case: Case) -> Objections:
    """应到人数和实到人数相同，却写了缺席人员。

    原因：有人缺席，实到就少于应到，人数和名单必有一处有误。

    改法：对照签到表改正人数；没有人缺席的，删去缺席人员。
    """
    for meeting in case.rows(Meeting):
        due, absent = meeting.due, meeting.absent
        if due is not None and due == meeting.present and absent and not _NOBODY.match(absent):
            cells = [meeting.cell(Meeting.absent), meeting.cell(Meeting.present)]
            yield cells, f"应到、实到都是 {due} 人，却写了缺席人员"


@rule("R317", Level.INFO, Stage.TRIAL)
def absent_not_as_many_as_named(case: Case) -> Objections:
    """写明的缺席人员与缺席人数不符。

    原因：应到减去实到就是缺席人数，缺席的人应当逐个写明。

    改法：对照签到表补全或改正；人数多的可以写“赵国强等3人（在外务工）”。
    """
    for meeting in case.rows(Meeting):
        due, present, told = meeting.due, meeting.present, _absent(meeting.absent or "")
        if due is None or present is None or present >= due or not told:
            continue
        if told != due - present:
            cells = [meeting.cell(Meeting.absent), meeting.cell(Meeting.present)]
            yield cells, f"缺席 {due - present} 人，写明的有 {told} 人"


def _absent(text: str) -> int:
    """Return how many people a note on absence names, 0 where that is not certain.

    >>> _absent("赵国强、李 明（请假）"), _absent("梁守信等3人（务工）"), _absent("赵国强因病请假")
    (2, 3, 0)
    """
    listed = _ASIDE.sub("", text)
    heads = _HEADS.findall(listed)
    if heads:
        return int(heads[0]) if len(heads) == 1 else 0
    parts = names(listed)
    certain = all(_A_NAME.fullmatch(part) and not _explains(part) for part in parts)
    return len(parts) if certain else 0


def _explains(absent: str) -> bool:
    """Say whether a note on absence holds a reason."""
    return any(word in absent for word in _REASONS)


@rule("R318", Level.WARNING)
def owner_without_decision(case: Case) -> Objections:
    """填了落实责任人或时限，没有填议定事项。

    原因：不写明定了什么，责任人和时限就没有对象，下次会议无法回查。

    改法：补填议定事项；会议没有议定事项的，删去责任人和时限。
    """
    for meeting in case.rows(Meeting):
        if _left_empty(meeting, Meeting.decisions):
            filled = [c for c in (Meeting.owner, Meeting.by) if not meeting.field(c).empty]
            if filled:
                said = f"填了{'、'.join(c.header for c in filled)}，没有填议定事项"
                yield [meeting.cell(c) for c in (Meeting.decisions, *filled)], said


@rule("R319", Level.WARNING)
def due_before_the_meeting(case: Case) -> Objections:
    """议定事项的落实时限早于会议日期。

    原因：会议还没有开，议定的事项已经到期。

    改法：对照会议记录，改正落实时限或会议日期。
    """
    for book in case.books:
        year = year_in_force(case, book)
        for meeting in book.rows(Meeting):
            day, by = meeting.day, meeting.by
            if is_of_another_year(meeting, year):
                continue
            if day and by and by.end and by.end < day:
                cells = [meeting.cell(Meeting.by), meeting.cell(Meeting.day)]
                yield cells, f"落实时限到{_on(by.end)}，早于会议日期{_on(day)}"


# -- surveys and acceptance ---------------------------------------------------------------------


@rule("R321", Level.ERROR)
def ballots_out_of_order(case: Case) -> Objections:
    """发出、收回、有效票数的数量关系颠倒。

    原因：收回的票不会多于发出的票，有效票不会多于收回的票。

    改法：对照测评记录改正票数。
    """
    columns = (*(each.whole for each in COUNTED), COUNTED[-1].part)
    for survey in case.rows(Evaluation):
        counted = [(column, survey.fields[column.name].value) for column in columns]
        filled = [(column, count) for column, count in counted if isinstance(count, int)]
        for (more, many), (less, few) in pairwise(filled):
            if few > many:
                cells = [survey.cell(less), survey.cell(more)]
                yield cells, f"{less.header} {few} 张，{more.header}只有 {many} 张"


@rule("R322", Level.ERROR)
def ballots_not_adding_up(case: Case) -> Objections:
    """各选项票数合计与有效票数不符。

    原因：每张有效票只能选一项，四项合计应当等于有效票数。

    改法：对照计票单改正；没有票的选项填 0。
    """
    options = BALLOTS.parts
    for survey in case.rows(Evaluation):
        counts = [getattr(survey, column.name) for column in options]
        total, valid = sum(count or 0 for count in counts), survey.valid
        if valid is None or (None in counts and total <= valid):
            continue
        if total != valid:
            cells = [survey.cell(column) for column in (Evaluation.valid, *options)]
            yield cells, f"各选项合计 {total} 张，有效票 {valid} 张"


@rule("R323", Level.WARNING)
def passed_below_the_line(case: Case) -> Objections:
    """验收结论为合格，得分或满意率没有达到合格线。

    原因：验收结论应当与合格分数（默认 70 分，由镇里在“参数”表里规定）和
    满意度合格线（默认 90%，由镇里在“参数”表里规定）相符。

    改法：核对得分和票数；确实没有达到的，改正验收结论。
    """
    least, line = case.parameters.pass_score, case.parameters.satisfaction
    for survey in case.rows(Evaluation):
        if survey.verdict != "合格":
            continue
        cells = [survey.cell(Evaluation.verdict)]
        if survey.score is not None and survey.score < least:
            score = f"综合得分 {plain_number(survey.score)}，合格线是 {plain_number(least)}"
            yield [*cells, survey.cell(Evaluation.score)], score
        share = satisfaction(survey)
        if share is not None and share * _WHOLE < Fraction(line):
            pleased = [survey.cell(c) for c in (Evaluation.satisfied, Evaluation.fairly)]
            rate = f"满意和基本满意占有效票的 {percentage(share)}，合格线是 {plain_number(line)}%"
            yield [*cells, *pleased], rate


@rule("R324", Level.INFO)
def score_without_verdict(case: Case) -> Objections:
    """填了综合得分，没有填验收结论。

    原因：汇总和销号按验收结论统计，只有得分看不出是否合格。

    改法：按验收意见选填“合格”“基本合格”或“不合格”；还没有定的可以先空着。
    """
    for survey in case.rows(Evaluation):
        if survey.score is not None and _left_empty(survey, Evaluation.verdict):
            score = plain_number(survey.score)
            cells = [survey.cell(Evaluation.verdict), survey.cell(Evaluation.score)]
            yield cells, f"综合得分 {score}，没有填验收结论"


@rule("R325", Level.WARNING)
def verdict_without_grounds(case: Case) -> Objections:
    """填了验收结论，没有得分，也没有票数。

    原因：验收结论要以打分或测评为依据。

    改法：补填综合得分，或者有效票数和各选项票数。
    """
    grounds = (Evaluation.score, Evaluation.valid, Evaluation.satisfied)
    for survey in case.rows(Evaluation):
        if survey.verdict and all(_left_empty(survey, column) for column in grounds):
            cells = [survey.cell(Evaluation.verdict), survey.cell(Evaluation.score)]
            yield cells, f"验收结论是“{survey.verdict}”，没有填得分，也没有填票数"


@rule("R326", Level.WARNING)
def passed_against_the_ballots(case: Case) -> Objections:
    """不满意票超过规定比例，验收结论却是通过。

    原因：不满意票超过规定比例（默认 50%，由镇里在“参数”表里规定）的，不能评为合格或基本合格。

    改法：核对票数；票数无误的，验收结论改为“不合格”。
    """
    most, line = case.parameters.dissatisfied, case.parameters.satisfaction
    for survey in case.rows(Evaluation):
        against, valid, verdict = survey.dissatisfied, survey.valid, survey.verdict
        if not valid or against is None or verdict not in {"合格", "基本合格"}:
            continue
        share = satisfaction(survey)
        told = verdict == "合格" and share is not None and share * _WHOLE < Fraction(line)
        if not told and Fraction(against * _WHOLE, valid) > Fraction(most) and against <= valid:
            columns = (Evaluation.verdict, Evaluation.dissatisfied, Evaluation.valid)
            rate = percentage(Fraction(against, valid))
            said = f"不满意票占有效票的 {rate}，超过 {plain_number(most)}%，结论是“{verdict}”"
            yield [survey.cell(column) for column in columns], said


@rule("R327", Level.ERROR)
def more_aware_than_asked(case: Case) -> Objections:
    """知晓人数多于参加测评的人数。

    原因：知晓率按参加测评的人数计算，不会超过 100%。

    改法：对照测评记录改正；知晓人数只计参加测评的人。
    """
    columns = (*(each.whole for each in COUNTED), COUNTED[-1].part)
    for survey in case.rows(Evaluation):
        counts = [survey.fields[column.name].value for column in columns]
        asked = max((count for count in counts if isinstance(count, int)), default=None)
        if asked is not None and survey.aware is not None and survey.aware > asked:
            said = f"知晓 {survey.aware} 人，参加测评的最多 {asked} 人"
            yield [survey.cell(Evaluation.aware)], said


# -- close-out and goals ------------------------------------------------------------------------


@rule("R331", Level.ERROR)
def close_out_out_of_order(case: Case) -> Objections:
    """销号各环节的日期先后颠倒。

    原因：问题发现以后，依次经过村申请、镇审核、县审核、销号、回头看。

    改法：对照审批材料改正日期。
    """
    steps = (
        Problem.found,
        Problem.applied,
        Problem.town_day,
        Problem.county_day,
        Problem.closed,
        Problem.lookback,
    )
    for problem in case.rows(Problem):
        taken = [(step, day) for step in steps if (day := getattr(problem, step.name))]
        for (before, first), (after, then) in pairwise(taken):
            if then < first:
                cells = [problem.cell(after), problem.cell(before)]
                yield cells, f"{after.header}{_on(then)}早于{before.header}{_on(first)}"


@rule("R332", Level.ERROR)
def closed_without_consent(case: Case) -> Objections:
    """已填销号日期，镇或县没有审核同意。

    原因：镇、县两级都同意以后才能销号。

    改法：补填审核意见；没有同意的，删去销号日期。
    """
    for problem in case.rows(Problem):
        if not problem.closed:
            continue
        for column in (Problem.town_opinion, Problem.county_opinion):
            held = problem.fields[column.name]
            if _left_empty(problem, column) or held.value == "退回":
                said = f"是“{held.value}”" if held.value else "空着"
                cells = [problem.cell(column), problem.cell(Problem.closed)]
                yield cells, f"已填销号日期，{column.header}{said}"


@rule("R333", Level.WARNING)
def opinion_half_told(case: Case) -> Objections:
    """审核意见和审核日期只填了一项。

    原因：意见和日期要能与审批材料对上，缺一项就不能作为销号的依据。

    改法：对照审批材料补填；还没有审核的，两项都不填。
    """
    pairs: tuple[tuple[Column[Any], Column[Any]], ...] = (
        (Problem.town_opinion, Problem.town_day),
        (Problem.county_opinion, Problem.county_day),
    )
    for problem in case.rows(Problem):
        for opinion, day in pairs:
            if not problem.field(opinion).empty and _left_empty(problem, day):
                yield [problem.cell(day)], f"填了{opinion.header}，没有填{day.header}"
            elif problem.closed:
                continue  # R332 asks for the opinion
            elif not problem.field(day).empty and _left_empty(problem, opinion):
                yield [problem.cell(opinion)], f"填了{day.header}，没有填{opinion.header}"


@rule("R334", Level.WARNING)
def reviewed_without_application(case: Case) -> Objections:
    """已经审核或销号，没有填申请销号日期。

    原因：销号从村里申请开始，没有申请，后面的环节就没有依据。

    改法：对照申请材料补填申请销号日期；还没有申请的，删去后面的日期。
    """
    for problem in case.rows(Problem):
        if not _left_empty(problem, Problem.applied):
            continue
        for column in (Problem.town_day, Problem.county_day, Problem.closed):
            if problem.fields[column.name].value is not None:
                cells = [problem.cell(Problem.applied), problem.cell(column)]
                yield cells, f"已填{column.header}，没有填申请销号日期"
                break


@rule("R335", Level.WARNING)
def lookback_half_told(case: Case) -> Objections:
    """回头看日期和回头看结果只填了一项。

    原因：回头看既要写明哪天看的，也要写明是巩固还是反弹，缺一项就无法统计。

    改法：对照回头看记录补填；还没有回头看的，两项都不填。
    """
    columns: tuple[Column[Any], Column[Any]] = (Problem.lookback, Problem.lookback_result)
    for problem in case.rows(Problem):
        for told, asked in (columns, columns[::-1]):
            if not problem.field(told).empty and _left_empty(problem, asked):
                cells = [problem.cell(asked), problem.cell(told)]
                yield cells, f"填了{told.header}，没有填{asked.header}"


@rule("R341", Level.WARNING)
def goal_without_change(case: Case) -> Objections:
    """目标值与基线值相同。

    原因：目标值与现状相同，看不出整顿要达到的效果。

    改法：改正目标值；不是数字指标的，基线值、目标值都不填。
    """
    for goal in case.rows(Goal):
        if goal.target is not None and goal.target == goal.baseline:
            cells = [goal.cell(Goal.target), goal.cell(Goal.baseline)]
            yield cells, "目标值与基线值相同"


@rule("R342", Level.WARNING)
def figure_without_unit(case: Case) -> Objections:
    """目标填了数字，没有填计量单位。

    原因：数字没有计量单位，写进公文会产生歧义。

    改法：补填计量单位，如“万元”“人”“%”。
    """
    for goal in case.rows(Goal):
        if (goal.target is not None or goal.baseline is not None) and _left_empty(goal, Goal.unit):
            yield [goal.cell(Goal.unit)], "填了基线值或目标值，没有填计量单位"


@rule("R343", Level.WARNING)
def fraction_for_percentage(case: Case) -> Objections:
    """计量单位是百分数，填的是小数。

    原因：单元格设成百分比格式后，85% 存成 0.85，写进公文会成为 0.85%。

    改法：把单元格改成常规格式，填百分号前的数字，如 85；确实不超过 1% 的，在“情况说明”表里写明。
    """
    for goal in case.rows(Goal):
        if goal.unit not in _PERCENT_UNITS:
            continue
        for column in (Goal.baseline, Goal.target, Goal.current):
            value: Any = goal.fields[column.name].value
            # 1个百分点 is a likely step, 1% an unlikely level.
            doubtful = value is not None and (0 < value < 1 or (value == 1 and goal.unit in "%％"))
            if doubtful:
                read, meant = plain_number(value), plain_number(value * _WHOLE)
                said = f"计量单位是{goal.unit}，填的是 {read}，是不是 {meant}{goal.unit}"
                yield [goal.cell(column)], said


# -- people and documents -----------------------------------------------------------------------


@rule("R351", Level.WARNING)
def term_ends_before_it_begins(case: Case) -> Objections:
    """任职止早于任职起。

    原因：任职起止颠倒，就无法判断这个人现在是否在任。

    改法：对照任职文件改正；还在任的，任职止不填。
    """
    for person in case.rows(Person):
        if person.start and person.end and person.end < person.start:
            cells = [person.cell(Person.end), person.cell(Person.start)]
            yield cells, f"任职止{_on(person.end)}早于任职起{_on(person.start)}"


@rule("R352", Level.WARNING)
def document_of_another_year(case: Case) -> Objections:
    """发文字号里的年份与发文日期的年份不同。

    原因：发文字号按年份编排，年份应当就是发文的年份。

    改法：对照文件原件，改正发文字号或日期。
    """
    for basis in case.rows(Basis):
        numbered = _NUMBERED_YEAR.search(basis.number or "")
        if numbered and basis.day and int(numbered[1]) != basis.day.year:
            cells = [basis.cell(Basis.number), basis.cell(Basis.day)]
            yield cells, f"发文字号是{numbered[1]}年的，日期是{_on(basis.day)}"


# -- the designation ----------------------------------------------------------------------------


@rule("R361", Level.ERROR)
def secretary_found_where_none_was_lacking(case: Case) -> Objections:
    """书记已选配、已调整，年初却没有缺配、不需调整。

    原因：党内统计表分别统计年初缺配、需调整和本年已选配、已调整的，后者不会多于前者。

    改法：对照任免文件改正填错的一项；年初没有缺配、不需调整的，后一项填“否”。
    """
    for profile in case.rows(Profile):
        for settled, lacking in _ANSWERED:
            if _settled_though_not_lacking(profile, settled, lacking):
                cells = [profile.cell(settled), profile.cell(lacking)]
                yield cells, f"{settled.header}填的是“是”，{lacking.header}填的是“否”"


_ANSWERED = (
    (Profile.appointed, Profile.vacant),
    (Profile.replaced, Profile.to_replace),
)


def _settled_though_not_lacking(
    profile: Profile, settled: Column[bool], lacking: Column[bool]
) -> bool:
    """Say whether something was put right that was not wrong."""
    answers = [profile.fields[column.name].value for column in (settled, lacking)]
    return answers == [True, False]


@rule("R362", Level.WARNING)
def type_against_the_secretary_s_post(case: Case) -> Objections:
    """主要类型与年初书记的配备情况不符。

    原因：主要类型是班子缺配、书记不胜任的，年初书记一般就是缺配、需调整的，两处要能对上。

    改法：以县里认定为准，改正填错的一项；书记在职、缺的是其他成员的，在“情况说明”表里写明。
    """
    for profile in case.rows(Profile):
        for code, (settled, column) in zip(("R01", "R02"), _ANSWERED, strict=True):
            if _settled_though_not_lacking(profile, settled, column):
                continue  # R361 speaks of it
            if code in (profile.main_types or ()) and profile.fields[column.name].value is False:
                cells = [profile.cell(column), profile.cell(Profile.main_types)]
                yield cells, f"主要类型有“{_TYPES[code]}”，{column.header}填的是“否”"


_TYPES = {term.code: term.shown for term in TYPES.terms}
