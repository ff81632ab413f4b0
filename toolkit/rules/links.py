"""X4xx: between rows and sheets: what refers to what, and figures given in two places."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

from toolkit.cells import CellRef, place
from toolkit.findings import Level
from toolkit.forms.codes import FOUR_ONES, LEVELS
from toolkit.forms.village import (
    AGE_BANDS,
    PARTS,
    Basis,
    Evaluation,
    Goal,
    Measure,
    Meeting,
    Person,
    Problem,
    Profile,
    Stage,
    Waiver,
    closed_by,
    in_office,
    is_done,
    is_standing,
    plan_day_of,
    relapsed,
    satisfaction,
    took_place,
    with_measures,
)
from toolkit.rules.prose import CLAIM, COUNTED, IN_ALL, counts, shares
from toolkit.rules.rule import BY_MONTH, Case, Objections, Spoken, quoted, rule, some_of
from toolkit.rules.rule import Stage as Life
from toolkit.rules.rule import Waiver as Answer
from toolkit.rules.terms import last_day, people_in_office, rows_of
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Day, plain_number
from toolkit.schema.texts import has_mask, is_mask, names
from toolkit.schema.totals import percentage
from toolkit.schema.workbook import Workbook

_on = Day().text
_P, _M = len("P00"), len("P00-M")

# -- problems and measures ----------------------------------------------------------------------


@rule("X401", Level.ERROR)
def problem_without_measure(case: Case) -> Objections:
    """问题没有对应的整改措施。

    原因：问题没有措施，就没有责任人和时限，无法销号。

    改法：在“整改措施”表里补写措施，“问题编号”填这个问题的编号。
    """
    for book in case.books:
        for problem in _without_measure(book):
            yield [problem.cell(Problem.number)], f"问题 {problem.number} 没有整改措施"


def _without_measure(book: Workbook) -> Iterator[Problem]:
    """Yield each problem that no measure is for, as far as the sheet of measures can tell."""
    if not (book.has(Measure.problem, Measure) or book.has(Measure.number, Measure)):
        return
    measures = book.rows(Measure)
    if not measures:
        return  # L116 speaks of the whole sheet
    answered = {row.problem for row in measures} | {(row.number or "")[:_P] for row in measures}
    for problem in book.rows(Problem):
        if problem.number and problem.number not in answered:
            yield problem


@rule("X402", Level.ERROR)
def reference_to_no_problem(case: Case) -> Objections:
    """引用的问题编号不存在。

    原因：“存在问题”表里没有这个编号，措施或会议就找不到对应的问题。

    改法：改成“存在问题”表里已有的编号；漏填问题的，先补填问题。
    """
    for book in case.books:
        known = {problem.number for problem in book.rows(Problem)}
        if not known or None in known or not book.has(Problem.number, Problem):
            continue  # an unreadable number may be the one meant; L116 speaks of an empty sheet
        for measure in book.rows(Measure):
            if measure.problem and measure.problem not in known:
                yield [measure.cell(Measure.problem)], f"“存在问题”表里没有 {measure.problem}"
        for meeting in book.rows(Meeting):
            for number in meeting.problems or ():
                if number not in known:
                    yield [meeting.cell(Meeting.problems)], f"“存在问题”表里没有 {number}"


@rule("X403", Level.ERROR)
def number_under_another_problem(case: Case) -> Objections:
    """措施编号与问题编号不一致。

    原因：措施编号由问题编号加序号组成，两处不一致，无法判断措施属于哪个问题。

    改法：核对措施针对的问题，改正填错的编号。
    """
    for measure in case.rows(Measure):
        number, problem = measure.number, measure.problem
        if number and problem and number[:_P] != problem:
            cells = [measure.cell(Measure.number), measure.cell(Measure.problem)]
            yield cells, f"措施编号 {number} 属于 {number[:_P]}，问题编号填的是 {problem}"


@rule("X404", Level.WARNING)
def numbering_gap(case: Case) -> Objections:
    """编号不连续。

    原因：编号中断，多为漏填或编错。

    改法：漏填的补填；没有漏填的，依次重新编号。
    """
    for book in case.books:
        problems = {row.number: row for row in reversed(book.rows(Problem)) if row.number}
        yield from _gaps("", problems, Problem.number)
        measures: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in book.rows(Measure):
            if row.number:
                measures[row.number[:_M]].setdefault(row.number, row)
        for prefix, same in measures.items():
            yield from _gaps(prefix, same, Measure.number)


def _gaps(prefix: str, rows: dict[str, Any], column: Column[str]) -> Objections:
    """Yield the row behind each gap in numbers that end in two digits."""
    numbers = sorted(rows)
    before = [f"{prefix or 'P'}00", *numbers]
    for last, number in pairwise(before):
        at, to = int(last[-2:]), int(number[-2:])
        if to > at + 1:
            lead = prefix or "P"
            lost = (
                f"{lead}{at + 1:02}" if to == at + 2 else f"{lead}{at + 1:02} 至 {lead}{to - 1:02}"
            )
            yield [rows[number].cell(column)], f"{number} 之前缺 {lost}"


# -- figures in words ---------------------------------------------------------------------------


@rule("X405", Level.ERROR)
def count_unlike_the_profile(case: Case) -> Objections:
    """文字里的人数、户数与“基本情况”表不一致。

    原因：同一份材料里的数应当一致，以“基本情况”表为准。

    改法：改正文字；表里的数有误的，改表。“方案文字”表里可以用【党员总数】引用。
    """
    for book in case.books:
        profile = next(iter(book.rows(Profile)), None)
        if profile is None:
            continue
        for spoken in _essays(case, *IN_ALL):
            if not CLAIM.search(spoken.value):
                continue
            for column, unit, word, pattern in COUNTED:
                if word not in spoken.value:
                    continue
                for quote, said, told, level in counts(pattern, column, spoken.value, profile):
                    count = profile.fields[told.name].value
                    if count is not None and said != count:
                        cells = [spoken.cell, profile.cell(told)]
                        yield cells, f"{quoted(quote)}与“{told.header}”{count} {unit}不一致", level


@rule("X406", Level.ERROR)
def percentage_that_does_not_recompute(case: Case) -> Objections:
    """文字里的百分比与人数、户数的计算结果不符。

    原因：百分比与人数、户数不符，必有一处有误；只差末位的，多为截断而没有四舍五入。
    允许的误差（默认 0.5 个末位，由镇里在“参数”表里规定）以内的不报。

    改法：按人数重新计算，四舍五入；人数写错的，改人数。
    """
    for spoken in _essays(case, "%", "％"):
        for part, base, printed in shares(spoken.value):
            exact = Decimal(part) * 100 / base
            digit = Decimal(1).scaleb(int(printed.as_tuple().exponent))
            if abs(exact - printed) <= digit * case.parameters.tolerance:
                continue
            right = exact.quantize(digit, ROUND_HALF_UP)
            if right == printed:
                continue  # it cannot be printed any nearer, whatever is tolerated
            ratio = f"{part}/{base} 是 {right}%"
            if exact.quantize(digit, ROUND_DOWN) == printed:
                yield [spoken.cell], f"{ratio}，“{printed}%”似为截断而非四舍五入", Level.WARNING
            else:
                yield [spoken.cell], f"{ratio}，写的是“{printed}%”"


def _essays(case: Case, *words: str) -> Iterator[Spoken]:
    """Yield the village's own long texts that hold one of the words."""
    for spoken in case.mentioning(*words):
        if spoken.column.kind.long and not isinstance(spoken.row, Basis | Waiver):
            yield spoken


# -- figures of the profile ---------------------------------------------------------------------


@rule("X407", Level.ERROR)
def age_bands_not_adding_up(case: Case) -> Objections:
    """各年龄段党员合计与党员总数不符。

    原因：七个年龄段合计应当等于党员总数；只填其中几段（按“提醒”报告），公文里的占比没有依据。

    改法：对照党员花名册改正，没有人的年龄段填 0；一时查不清的，七个年龄段都不填。
    """
    for profile in case.rows(Profile):
        held = [(band, profile.fields[band.name]) for band in AGE_BANDS.parts]
        filled = [(band, cell.value) for band, cell in held if isinstance(cell.value, int)]
        unread = any(cell.raw is not None and cell.value is None for _, cell in held)
        if not filled or unread or profile.members is None:
            continue
        total, left = sum(count for _, count in filled), len(AGE_BANDS.parts) - len(filled)
        if total != profile.members:
            cells = [profile.cell(band) for band, _ in filled] + [profile.cell(Profile.members)]
            more = f"，还有 {left} 个年龄段没填" if left else ""
            sums = f"各年龄段合计 {total} 人，党员总数 {profile.members} 名{more}"
            lacking = left and total < profile.members
            yield cells, sums, Level.WARNING if lacking else Level.ERROR


@rule("X408", Level.ERROR)
def part_greater_than_whole(case: Case) -> Objections:
    """分项数大于总数。

    原因：分项数不会大于总数，两个数至少有一个填错。核对的有：
    女性党员、预备党员、大专及以上学历党员、流出党员、近三年发展党员与党员总数；
    党员总数、总户数、外出务工与总人口；
    支部书记、副支书、村委会副主任、交叉任职的两委委员与村“两委”班子；
    耕地面积、林地面积与总面积；其中经营性收入与上年村集体收入；
    其中县级及以上培训与本年培训书记。

    改法：核对这两个数，改正填错的一个；注意计量单位。
    """
    for profile in case.rows(Profile):
        for part, whole in ((each.part, each.whole) for each in PARTS):
            many: Any = profile.fields[part.name].value
            few: Any = profile.fields[whole.name].value
            if many is not None and few is not None and many > few:
                said = f"{part.header} {part.kind.text(many)} {part.unit}"
                total = f"{whole.header}只有 {whole.kind.text(few)} {whole.unit}"
                yield [profile.cell(part), profile.cell(whole)], f"{said}，{total}"


# -- people -------------------------------------------------------------------------------------

_POSTS = (
    (Profile.secretary, "村党组织书记"),
    (Profile.clerk, "村文书"),
)


@rule("X409", Level.WARNING)
def name_told_two_ways(case: Case) -> Objections:
    """村党组织书记、文书的姓名在两张表里不一致。

    原因：“基本情况”和“工作力量”填的是同一个人，姓名应当一致。

    改法：以现任为准改正；已经换人的，前任在“工作力量”里填“任职止”。
    """
    for profile in case.rows(Profile):
        for column, role in _POSTS:
            name = cast("str | None", profile.fields[column.name].value)
            people = people_in_office(case, [role])
            listed = {each for person in people for each in names(person.name or "")}
            if not name or _masked(name, *listed):
                continue
            if listed and _solid(name) not in map(_solid, listed):
                cells: list[CellRef] = [profile.cell(column)]
                yield cells, f"“工作力量”里的{role}是{some_of(sorted(listed))}"


@rule("X410", Level.WARNING)
def owner_not_at_work(case: Case) -> Objections:
    """责任人不在“工作力量”表里。

    原因：登记了责任人的职务和电话，才便于督办；已经离任的，要换成接手的人。

    改法：姓名写错的请改正；漏登记的，在“工作力量”表里补一行；已经离任的，改填现任。
    """
    listed = {each for row in case.rows(Person) if row.name for each in names(row.name)}
    if not listed:
        return
    present = {each for row in people_in_office(case) for each in names(row.name or "")}
    owners: tuple[tuple[Sequence[Row], Column[tuple[str, ...]]], ...] = (
        (case.rows(Problem), Problem.owner),
        (case.rows(Measure), Measure.owner),
        (case.rows(Meeting), Meeting.owner),
    )
    for rows, column in owners:
        for row in rows:
            owners_told = cast("tuple[str, ...]", row.fields[column.name].value or ())
            yield from _absent([row.cell(column)], owners_told, listed)
            gone = [each for each in owners_told if each in listed and each not in present]
            if gone and _is_open(row, case.as_of) and not _masked(*gone):
                yield [row.cell(column)], f"{some_of(gone)}已经离任"


def _is_open(row: Row, as_of: date) -> bool:
    """Say whether a problem or measure still needs somebody; a meeting is over."""
    if isinstance(row, Problem):
        return not closed_by(row, as_of)
    return isinstance(row, Measure) and not is_done(row)


def _absent(cells: list[CellRef], told: Sequence[str], known: set[str]) -> Objections:
    """Yield the names of a cell that are not known; many of them as one."""
    lost = [name for name in told if name not in known and not _masked(name)]
    if len(lost) > _FEW_NAMES:
        yield cells, f"{some_of(lost)}不在“工作力量”表里"
        return
    for name in lost:
        yield cells, f"{quoted(name)}不在“工作力量”表里"


_FEW_NAMES = 5


def _solid(name: str) -> str:
    """Return a name without the blanks that spread it."""
    return "".join(name.split())


def _masked(*found: str) -> bool:
    """Say whether a mask lies over any of the names."""
    return any(is_mask(name) or has_mask(name) for name in found)


@rule("X411", Level.WARNING)
def main_type_without_problem(case: Case) -> Objections:
    """认定的主要类型没有对应的问题。

    原因：认定的类型要落到具体问题上，整改措施才有针对性。

    改法：主要类型以县里认定为准，填错的改正；漏填问题的补填。
    """
    for profile in case.rows(Profile):
        for code in _types_without_problem(case, profile):
            yield [profile.cell(Profile.main_types)], f"“存在问题”表里没有类型为 {code} 的问题"


def _types_without_problem(case: Case, profile: Profile) -> list[str]:
    """Return the main types that no problem is of, () where a problem's types are not told."""
    kinds = [problem.types for problem in case.rows(Problem)]
    if not kinds or None in kinds:
        return []
    seen = {code for types in kinds for code in types or ()}
    return [code for code in profile.main_types or () if code not in seen]


# -- answers to warnings ------------------------------------------------------------------------


@rule("X412", Level.WARNING)
def waiver_that_answers_nothing(case: Case) -> Objections:
    """情况说明填写有误，未予采用。

    原因：编号、位置写错，已经过期，或者说明的不是“提醒”，程序就不会按已说明处理。

    改法：改正这一行，或者删去；位置最好写这一行的编号，如 P02-M04，排序、插行以后也不会错位。
    """
    for book in case.books if case.levels else ():
        for row in book.rows(Waiver):
            if row.rule is None:
                continue  # C201 asks for it
            answer = Answer(book.path, row.rule, row.place or "", row.explanation or "")
            levels = {code: case.levels.get(code) for code in answer.codes}
            for code, level in levels.items():
                if level is not Level.WARNING:
                    yield [row.cell(Waiver.rule)], *_unanswerable(code, level)
            if Level.WARNING not in levels.values():
                continue
            if lost := _lost(book, answer, case.waivers):
                yield [row.cell(Waiver.place)], lost
                continue
            until = last_day(row, book)
            if until and until < case.as_of:
                told = "有效期已过" if row.until else f"没有填有效期，只在{until.year}年度有效"
                said = f"{told}，不再采用；仍然需要的，改有效期"
                yield [row.cell(Waiver.until)], said, Level.INFO
            elif said := _useless(answer, case.waivers):
                yield [row.cell(Waiver.place)], said, Level.INFO


def _useless(answer: Answer, taken: Sequence[Answer]) -> str:
    """Return why an answer in force does not do what is wanted of it, "" where it does."""
    idle = {(each.rule, each.place) for each in taken if each.idle}
    if (answer.rule, answer.place) in idle:
        return _IDLE
    return "" if BY_MONTH.isdisjoint(answer.codes) or answer.months else _EVERY_MONTH


_IDLE = "现在没有这条提醒，可以删去；行有移动的，位置改写编号，如 P02-M04"
_EVERY_MONTH = "没有写月份，以后缺的月份也不再提醒；请在位置写明月份，如“8月”"


def _unanswerable(code: str, level: Level | None) -> tuple[str, Level]:
    """Return why a rule cannot be answered: there is none, or it does not warn."""
    if level is None:
        return f"没有编号为{quoted(code)}的规则，请照抄核对结果方括号里的编号", Level.WARNING
    if level is Level.ERROR:
        return f"{code} 报告的“必改”不能用说明代替，请直接改正", Level.INFO
    return f"{code} 只是“提示”，不用说明", Level.INFO


def _lost(book: Workbook, answer: Answer, taken: Sequence[Answer]) -> str:
    """Return why a waiver's place is none of the workbook's, "" where it is one."""
    title, areas = answer.reach
    where = answer.place
    titles = [sheet.title for sheet in book.sheets.values()]
    titles += [spot.sheet for spot in book.extra_sheets]
    if title and not any(map(answer.names, titles)):
        return f"没有{quoted(title)}这张工作表，请照抄核对结果里的表名"
    if areas is None or rows_of(answer, book):
        return ""
    if not areas and answer.keys:
        on = f"“{title}”表" if title else "各表"
        return f"{on}里没有编号 {some_of(answer.keys, '个')}，请写表里已有的编号"
    if not areas:
        return f"{quoted(where)}无法读取，请写成“整改措施!G5”的样子"
    unplaced = {(each.rule, each.place) for each in taken if not each.sheet}
    if title or (answer.rule, where) not in unplaced:
        return ""
    return f"{quoted(where)}没有写明是哪张工作表，请写成“整改措施!G5”的样子"


# -- what is said to be done, and what is -------------------------------------------------------


@rule("X413", Level.ERROR)
def closed_with_open_measures(case: Case) -> Objections:
    """问题已销号或申请销号，还有措施没有办结。

    原因：措施全部办结（长期坚持的除外）以后才能申请销号，否则汇总数前后矛盾。

    改法：措施确已办结的，改办理状态；没有办结的，删去销号、申请日期。
    """
    for book in case.books:
        for problem, measures in with_measures(book.rows(Problem), book.rows(Measure)):
            closed = closed_by(problem, case.as_of)
            if not (closed or problem.applied) or (not closed and _reopened(problem, case.as_of)):
                continue
            unfinished = [
                measure.cell(Measure.status)
                for measure in measures
                if measure.status and not is_done(measure) and not is_standing(measure)
            ]
            if unfinished and closed:
                yield unfinished, f"问题 {problem.number} 已经销号，措施还没有办结"
            elif unfinished:
                said = f"问题 {problem.number} 已经申请销号，措施还没有办结"
                yield unfinished, said, Level.WARNING


def _reopened(problem: Problem, as_of: date) -> bool:
    """Say whether a problem is to be worked on again: sent back, or come back."""
    return _sent_back(problem) or relapsed(problem, as_of)


def _sent_back(problem: Problem) -> bool:
    return "退回" in (problem.town_opinion, problem.county_opinion)


@rule("X414", Level.WARNING)
def measure_struck_off_alone(case: Case) -> Objections:
    """措施的办理状态是已销号，问题没有销号日期。

    原因：销号以问题为单位，经镇、县同意后填写销号日期，汇总按这个日期统计。

    改法：问题已经销号的，补填销号日期；还没有销号的，措施状态改为“已完成”。
    """
    for book in case.books:
        for problem, measures in with_measures(book.rows(Problem), book.rows(Measure)):
            held = problem.field(Problem.closed)
            if held.column and held.empty:
                for measure in measures:
                    if measure.status == "已销号":
                        said = f"措施已销号，问题 {problem.number} 没有填销号日期"
                        yield [measure.cell(Measure.status)], said


@rule("X415", Level.WARNING)
def completed_after_close_out(case: Case) -> Objections:
    """措施的完成日期晚于问题的申请或销号日期。

    原因：措施完成以后才能申请销号，日期颠倒就像是先销号、后整改。

    改法：对照佐证材料，改正实际完成日期或销号各环节的日期。
    """
    for book in case.books:
        for problem, measures in with_measures(book.rows(Problem), book.rows(Measure)):
            column = Problem.applied if problem.applied else Problem.closed
            day = problem.fields[column.name].value
            if not isinstance(day, date) or _sent_back(problem):
                continue
            for measure in measures:
                if measure.completed and day < measure.completed <= case.as_of:
                    said = f"晚于问题 {problem.number} 的{column.header}{_on(day)}"
                    yield [measure.cell(Measure.completed), problem.cell(column)], said


@rule("X416", Level.WARNING)
def deadline_after_the_problem_s(case: Case) -> Objections:
    """措施的完成时限晚于问题的整改时限。

    原因：措施没有全部完成，问题不能按期销号。

    改法：时限写错的改正；确需推迟的，先报镇党建办同意。
    """
    for book in case.books:
        last = _last_stage_end(book)
        for problem, measures in with_measures(book.rows(Problem), book.rows(Measure)):
            whole = problem.deadline
            if whole is None or whole.end is None or whole.ambiguity:
                continue  # D501 speaks of what has two meanings
            for measure in measures:
                part = measure.deadline
                if not part or not part.end or part.ambiguity or (last and part.end > last):
                    continue  # D502 speaks of what outlasts the last stage
                if part.end > whole.end:
                    cells = [measure.cell(Measure.deadline), problem.cell(Problem.deadline)]
                    yield cells, f"晚于问题 {problem.number} 的整改时限{_on(whole.end)}"


def _last_stage_end(book: Workbook) -> date | None:
    """Return the day on which the last stage ends, None where not every stage tells its end."""
    ends = [stage.end.end if stage.end else None for stage in book.rows(Stage)]
    known = [end for end in ends if end]
    return max(known) if known and len(known) == len(ends) else None


@rule("X417", Level.WARNING)
def sent_back_and_nothing_reopened(case: Case) -> Objections:
    """审核退回或回头看反弹，措施仍全部是办结。

    原因：退回和反弹的问题要继续整改，措施全部办结就无事可做。

    改法：把需要补充整改的措施改为“退回”或“推进中”，或者补写新的措施。
    """
    for book in case.books:
        for problem, measures in with_measures(book.rows(Problem), book.rows(Measure)):
            if not measures or not all(map(is_done, measures)):
                continue
            opinions = (Problem.town_opinion, Problem.county_opinion)
            said = [column for column in opinions if _refused(problem, column)]
            if relapsed(problem, case.as_of):
                said.append(Problem.lookback_result)
            for column in said:
                word = problem.fields[column.name].value
                told = f"{column.header}是“{word}”，{problem.number} 的措施仍全部是办结"
                yield [problem.cell(column)], told


def _refused(problem: Problem, column: Column[str]) -> bool:
    return problem.fields[column.name].value == "退回" and not problem.closed


# -- meetings and what they studied -------------------------------------------------------------


@rule("X418", Level.INFO)
def problem_never_studied(case: Case) -> Objections:
    """整改期限已过半，没有会议研究过这个问题。

    原因：每个问题都应当专题研究，推动措施落实。

    改法：研究过的，在会议的“研究的问题”一栏补上编号；没有研究的，列入下次会议。
    """
    for book in case.books:
        plan_day, meetings = plan_day_of(book), book.rows(Meeting)
        held = [row for row in meetings if took_place(row, case.as_of)]
        studied = {number for row in held for number in row.problems or ()}
        unread = any(row.problems is None and not row.field(Meeting.problems).empty for row in held)
        if plan_day is None or unread or not studied:
            continue
        bare = {problem.number for problem in _without_measure(book)}  # X401 speaks of them
        for problem in book.rows(Problem):
            deadline = problem.deadline
            if not problem.number or problem.number in studied | bare or not deadline:
                continue
            if deadline.end and (case.as_of - plan_day) * 2 > deadline.end - plan_day:
                said = f"整改期限已过半，没有会议研究过 {problem.number}"
                yield [problem.cell(Problem.number)], said


@rule("X419", Level.INFO)
def last_decisions_not_followed_up(case: Case) -> Objections:
    """以前的会议有议定事项，没有填落实情况。

    原因：上次议定的事办到哪一步，下次会议应当先通报，环环相扣。

    改法：在“上次决议落实情况”一栏写明办理结果，如“路灯维修已完成”。
    """
    held = [row for row in case.rows(Meeting) if row.day and row.day <= case.as_of]
    decided = min((row.day for row in held if row.decisions and row.day), default=None)
    for meeting in held:
        told = meeting.field(Meeting.follow_up)
        if decided and meeting.day and meeting.day > decided and told.column and told.empty:
            yield [meeting.cell(Meeting.follow_up)], "以前的会议有议定事项，没有填落实情况"


@rule("X420", Level.INFO, Life.TRIAL)
def minutes_alike(case: Case) -> Objections:
    """几次会议的议题和议定事项一字不差。

    原因：内容完全相同，看不出每次会议研究了什么。

    改法：对照会议记录，写出每次会议实际研究和议定的事；重复登记的，删去一行。
    """
    alike: dict[tuple[str, str], list[Meeting]] = defaultdict(list)
    for meeting in case.rows(Meeting):
        if meeting.topics and meeting.decisions:
            alike[meeting.topics, meeting.decisions].append(meeting)
    for same in alike.values():
        if len(same) > 1:
            cells = [meeting.cell(Meeting.topics) for meeting in same]
            yield cells, f"{len(same)} 次会议的议题和议定事项完全相同"


@rule("X421", Level.INFO)
def measure_written_twice(case: Case) -> Objections:
    """两条措施的内容一字不差。

    原因：不同的问题要有不同的措施，照抄的措施没有针对性，办结情况也会重复统计。

    改法：重复填报的删去一条；确实都要做的，分别写明针对哪个问题做什么。
    """
    written: dict[str, dict[str, Measure]] = defaultdict(dict)
    for measure in case.rows(Measure):
        if measure.text and measure.number and not measure.field(Measure.text).masked:
            written[measure.text].setdefault(measure.number, measure)
    for same in written.values():
        if len(same) > 1:  # two of one number are C204's
            cells = [measure.cell(Measure.text) for measure in same.values()]
            yield cells, f"{some_of(list(same), '条')} 的措施内容完全相同"


# -- who is at work -----------------------------------------------------------------------------


@rule("X422", Level.INFO)
def leader_not_at_work(case: Case) -> Objections:
    """责任领导、主持人或记录人不在“工作力量”表里。

    原因：表里登记了职务，才看得出由谁牵头、由谁主持。

    改法：姓名写错的请改正；漏登记的，在“工作力量”表里补一行。
    """
    known = {_solid(each) for row in case.rows(Person) if row.name for each in names(row.name)}
    if not known:
        return
    for profile in case.rows(Profile):
        known |= {_solid(name) for name in (profile.secretary, profile.clerk) if name}
    for measure in case.rows(Measure):
        leaders = tuple(map(_solid, measure.leader or ()))
        yield from _absent([measure.cell(Measure.leader)], leaders, known)
    for meeting in case.rows(Meeting):
        for column, written in (
            (Meeting.chair, meeting.chair),
            (Meeting.recorder, meeting.recorder),
        ):
            told = tuple(map(_solid, names(_ASIDE.sub("", written or ""))))
            yield from _absent([meeting.cell(column)], told, known)


_ASIDE = re.compile(r"[（(][^（）()]*[）)]")


@rule("X423", Level.INFO)
def four_ones_incomplete(case: Case) -> Objections:
    """“四个一”帮扶力量没有登记齐。

    原因：“四个一”是县级领导联村、镇领导包村、第一书记驻村、机关单位结对，各地可有不同。

    改法：漏登记的，在“工作力量”表里补一行；当地没有这一项的，不用改。
    """
    for book in case.books:
        sheet = book.sheet(Person)
        roles = {row.role for row in book.rows(Person) if in_office(row, case.as_of)}
        lacking = [role for role in FOUR_ONES if role not in roles]
        header = sheet.headers.get(Person.role.name) if sheet else None
        if sheet and header and 0 < len(lacking) < len(FOUR_ONES) and None not in roles:
            at = CellRef(book.path, sheet.title, *place(header))
            yield [at], f"“四个一”还没有登记{'、'.join(lacking)}"


_TWO_COMMITTEES = frozenset(
    ("村党组织书记", "村党组织副书记", "支部委员", "村委会主任", "村委会副主任", "村委会委员")
)


@rule("X424", Level.INFO)
def committee_unlike_the_people(case: Case) -> Objections:
    """登记的两委成员与班子人数不符。

    原因：方案里写的班子人数取自“基本情况”，成员名单取自“工作力量”，两处应当相符。

    改法：补登记漏掉的成员，或者改正班子人数；一人多职的只计一次。
    """
    people = people_in_office(case, _TWO_COMMITTEES)
    listed = {_solid(each) for row in people for each in names(row.name or "")}
    if not listed or _masked(*listed):
        return
    for profile in case.rows(Profile):
        if profile.committee is not None and profile.committee != len(listed):
            said = f"填的是 {profile.committee} 人，“工作力量”登记了两委成员 {len(listed)} 人"
            yield [profile.cell(Profile.committee)], said


@rule("X425", Level.INFO)
def phone_told_two_ways(case: Case) -> Objections:
    """同一个人登记了不同的电话。

    原因：电话不一致，催办、核实时就可能找不到人。

    改法：核对电话，改正填错的；确实是两个人同名的，不用改。
    """
    phones: dict[str, dict[str, CellRef]] = defaultdict(dict)
    for person in case.rows(Person):
        if person.name and person.phone and not person.field(Person.name).masked:
            phones[_solid(person.name)].setdefault(person.phone, person.cell(Person.phone))
    for profile in case.rows(Profile):
        for name, phone, column in (
            (profile.secretary, profile.secretary_phone, Profile.secretary_phone),
            (profile.clerk, profile.clerk_phone, Profile.clerk_phone),
        ):
            if name and phone and not _masked(name):
                phones[_solid(name)].setdefault(phone, profile.cell(column))
    for name, cells in phones.items():
        if len(cells) > 1:
            yield list(cells.values()), f"{quoted(name)}登记了 {len(cells)} 个不同的电话"


# -- what does not go together ------------------------------------------------------------------


@rule("X426", Level.WARNING)
def branch_unlike_the_village(case: Case) -> Objections:
    """党组织全称里没有本村、本乡镇的名称。

    原因：党组织全称用作公文落款，应当与印章和村名一致。

    改法：对照印章改正全称，如“中共青石镇上河村支部委员会”；村名、乡镇写错的，改正村名、乡镇。
    """
    for profile in case.rows(Profile):
        branch, village, town = profile.branch, profile.village, profile.town
        if not branch or not village or _masked(branch, village, town or ""):
            continue
        if village.removesuffix("村").removesuffix("行政") not in branch:
            cells = [profile.cell(Profile.branch), profile.cell(Profile.village)]
            yield cells, f"没有村名{quoted(village)}"
        elif town and town not in branch and _A_TOWN.search(branch.replace(village, "")):
            cells = [profile.cell(Profile.branch), profile.cell(Profile.town)]
            yield cells, f"写的不是{quoted(town)}"


_A_TOWN = re.compile("[镇乡]|街道")
_HOUSEHOLD = (Decimal("1.5"), Decimal(10))


@rule("X427", Level.INFO)
def implausible_household(case: Case) -> Objections:
    """平均每户的人数不合常理。

    原因：平均每户不到 1.5 人或超过 10 人的，多为户数、人口填反或少填一位。

    改法：对照户籍资料核对总户数和总人口；确实如此的，不用改。
    """
    low, high = _HOUSEHOLD
    for profile in case.rows(Profile):
        households, people = profile.households, profile.population
        if not households or not people or people < households:
            continue  # X408 speaks of more households than people
        each = Decimal(people) / households
        if not low <= each <= high:
            size = plain_number(_beyond(each, low, high))
            cells = [profile.cell(Profile.population), profile.cell(Profile.households)]
            yield cells, f"{households} 户 {people} 人，平均每户 {size} 人"


def _beyond(each: Decimal, low: Decimal, high: Decimal) -> Decimal:
    """Return a mean as it is printed, never as the very limit that it is beyond.

    >>> _beyond(Decimal("1.497"), *_HOUSEHOLD), _beyond(Decimal("1.2345"), *_HOUSEHOLD)
    (Decimal('1.49'), Decimal('1.2'))
    """
    rough = each.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if not low <= rough <= high:
        return rough
    return each.quantize(Decimal("0.01"), ROUND_DOWN if each < low else ROUND_UP)


@rule("X428", Level.WARNING)
def land_greater_than_area(case: Case) -> Objections:
    """耕地与林地合计大于总面积。

    原因：耕地和林地都是总面积的一部分，合计不会大于总面积。

    改法：核对三个面积，注意计量单位都是亩。
    """
    for profile in case.rows(Profile):
        whole, farmland, forest = profile.area, profile.farmland, profile.forest
        if whole is None or farmland is None or forest is None:
            continue
        if farmland <= whole >= forest and farmland + forest > whole:
            columns = (Profile.area, Profile.farmland, Profile.forest)
            total = plain_number(farmland + forest)
            said = f"耕地、林地合计 {total} 亩，总面积只有 {plain_number(whole)} 亩"
            yield [profile.cell(column) for column in columns], said


@rule("X429", Level.WARNING)
def more_due_than_members(case: Case) -> Objections:
    """党员大会应到人数多于党员总数。

    原因：党员大会应到的是本支部党员，列席人员不计入。

    改法：改正应到人数；党员总数有误的，改“基本情况”表。
    """
    for profile in case.rows(Profile):
        for meeting in case.rows(Meeting) if profile.members is not None else ():
            due, members = meeting.due, profile.members
            if meeting.kind == "党员大会" and due is not None and members and due > members:
                cells = [meeting.cell(Meeting.due), profile.cell(Profile.members)]
                yield cells, f"党员大会应到 {due} 人，党员总数只有 {members} 名"


_ROUNDING = Decimal("0.5")  # of its last digit, by which a rounded number may be off


@rule("X430", Level.INFO, Life.TRIAL)
def satisfaction_told_otherwise(case: Case) -> Objections:
    """目标里的满意率现值与测评结果不符。

    原因：整改情况报告引用目标的现值，也引用测评票数，两处应当算得出同一个数。

    改法：按测评票数重新计算现值；引用的是别的测评的，在“情况说明”表里写明。
    """
    surveys = [row for row in case.rows(Evaluation) if took_place(row, case.as_of)]
    rates = [rate for row in surveys if (rate := satisfaction(row)) is not None]
    rates += [Fraction(row.satisfied, row.valid) for row in surveys if row.satisfied and row.valid]
    for goal in case.rows(Goal) if rates else ():
        current = goal.current
        if current is None or goal.unit not in {"%", "％"} or "满意" not in (goal.indicator or ""):
            continue
        digit = Decimal(1).scaleb(min(int(current.as_tuple().exponent), 0))
        off = Fraction(digit * max(case.parameters.tolerance, _ROUNDING))  # as the cell can hold it
        if all(abs(rate * 100 - Fraction(current)) > off for rate in rates):
            said = f"现值是 {plain_number(current)}%，按测评票数是 {percentage(rates[0])}"
            yield [goal.cell(Goal.current)], said


@rule("X431", Level.WARNING)
def assessment_out_of_order(case: Case) -> Objections:
    """三级联评的日期先后颠倒。

    原因：三级联评由村到镇、由镇到县，上一级的评议不会早于下一级。

    改法：对照评议材料改正日期或评议层级。
    """
    first: dict[str, Basis] = {}
    for basis in case.rows(Basis):
        if basis.kind == "三级联评" and basis.level and basis.day:
            before = first.setdefault(basis.level, basis)
            if before.day and basis.day < before.day:
                first[basis.level] = basis
    ranks = [first[term.code] for term in LEVELS.terms if term.code in first]
    for lower, upper in pairwise(ranks):
        if lower.day and upper.day and upper.day < lower.day:
            cells = [upper.cell(Basis.day), lower.cell(Basis.day)]
            yield cells, f"{upper.level}评议{_on(upper.day)}早于{lower.level}评议{_on(lower.day)}"


# -- posts, acceptance and the designation ------------------------------------------------------


@rule("X432", Level.WARNING)
def both_posts_told_otherwise(case: Case) -> Objections:
    """书记是否一肩挑，与“工作力量”表里的人选不符。

    原因：一肩挑是村党组织书记兼任村委会主任，“基本情况”和“工作力量”要能对上。

    改法：以现任为准改正；已经换人的，前任在“工作力量”里填“任职止”。
    """
    for profile in case.rows(Profile):
        secretaries, heads = _in_office(case, "村党组织书记"), _in_office(case, "村委会主任")
        if not heads or not secretaries or _masked(*heads, *secretaries):
            continue
        both, cell = profile.both_posts, profile.cell(Profile.both_posts)
        listed = some_of(sorted(heads))
        if both is True and not heads & secretaries:
            told = some_of(sorted(secretaries))
            yield [cell], f"“工作力量”里的村党组织书记是{told}，村委会主任是{listed}"
        elif both is False and heads == secretaries:
            yield [cell], f"“工作力量”里的村党组织书记、村委会主任都是{listed}"


def _in_office(case: Case, role: str) -> set[str]:
    """Return who holds a post, by 工作力量."""
    people = people_in_office(case, [role])
    return {_solid(name) for row in people for name in names(row.name or "")}


@rule("X433", Level.WARNING)
def closed_without_acceptance(case: Case) -> Objections:
    """问题已销号，没有合格的验收结论。

    原因：销号以验收合格、基本合格为依据，验收不合格的要继续整改。

    改法：在“测评验收”表里补登记验收结论；没有验收的，删去销号日期。
    """
    for book in case.books:
        held = [row for row in book.rows(Evaluation) if took_place(row, case.as_of)]
        untold = any(row.verdict is None and _speaks(row) for row in held)
        if untold or not book.has(Evaluation.verdict, Evaluation):
            continue
        passed = any(row.verdict in {"合格", "基本合格"} for row in held)
        judged = [row for row in held if row.verdict and row.day]
        for problem in book.rows(Problem):
            if not problem.closed or not closed_by(problem, case.as_of):
                continue
            before = [row for row in judged if row.day and row.day <= problem.closed]
            last = max(before, key=lambda row: row.day or date.min, default=None)
            cells = [problem.cell(Problem.closed)]
            if last and last.verdict == "不合格":
                said = "已销号，销号前最近一次验收结论是“不合格”"
                yield [*cells, last.cell(Evaluation.verdict)], said
            elif not passed:
                yield cells, "已销号，“测评验收”表里没有“合格”“基本合格”的结论"


def _speaks(survey: Evaluation) -> bool:
    """Say whether C202 or R324 speaks of a verdict that is not told."""
    return survey.score is not None or not survey.field(Evaluation.verdict).empty


@rule("X434", Level.WARNING)
def problem_without_owner_or_deadline(case: Case) -> Objections:
    """问题没有责任人或时限，各条措施里也没有。

    原因：责任人和时限填在问题或者措施里都可以，都不填就无人负责、无法督办。

    改法：在问题里填，或者逐条填在措施里。
    """
    pairs: tuple[tuple[Column[Any], Column[Any]], ...] = (
        (Problem.owner, Measure.owner),
        (Problem.deadline, Measure.deadline),
    )
    for book in case.books:
        for problem, measures in with_measures(book.rows(Problem), book.rows(Measure)):
            lacking = [
                own
                for own, part in pairs
                if problem.field(own).column
                and problem.field(own).empty
                and all(measure.field(part).empty for measure in measures)
            ]
            if measures and lacking:
                said = f"没有填{'和'.join(column.header for column in lacking)}，各条措施里也没有填"
                yield [problem.cell(column) for column in lacking], said


@rule("X435", Level.INFO)
def problem_of_another_type(case: Case) -> Objections:
    """问题的类型不在认定的主要类型里。

    原因：整改针对认定的类型，类型以外的问题可能是类型代码填错，也可能是主要类型漏填。

    改法：类型代码填错的改正；主要类型以县里认定为准，确属另外查摆的问题，不用改。
    """
    for profile in case.rows(Profile):
        main = profile.main_types
        if not main or _types_without_problem(case, profile):
            continue  # X411 speaks of a main type that no problem is of
        for problem in case.rows(Problem):
            if problem.types and not set(problem.types) & set(main):
                cells = [problem.cell(Problem.types), profile.cell(Profile.main_types)]
                yield cells, f"主要类型里没有 {'、'.join(problem.types)}"


@rule("X436", Level.INFO)
def person_listed_twice(case: Case) -> Objections:
    """“工作力量”表里有完全相同的两行。

    原因：同一个人、同一个职务登记两遍，人数和公文里的名单都会重复。

    改法：删去多余的一行；确实是两个人同名的，填职务、电话加以区分。
    """
    for book in case.books:
        alike: dict[tuple[str, ...], list[Person]] = defaultdict(list)
        people = Counter(_solid(person.name or "") for person in book.rows(Person))
        for person in book.rows(Person):
            if people[_solid(person.name or "")] > 1 and not _masked(person.name or ""):
                alike[tuple(_solid(held.seen) for held in person.fields.values())].append(person)
        for same in alike.values():
            if len(same) > 1 and same[0].role and same[0].name:
                cells = [person.cell(Person.name) for person in same]
                yield cells, f"{quoted(same[0].name or '')}的 {len(same)} 行完全相同"
