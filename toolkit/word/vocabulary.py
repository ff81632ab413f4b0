"""The names a content template can use: a village's columns, and what is counted of them."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from toolkit.forms import codes, village
from toolkit.forms.village import (
    CLOSED,
    Basis,
    Evaluation,
    Goal,
    Measure,
    Meeting,
    Passage,
    Person,
    Problem,
    Profile,
    Stage,
)
from toolkit.schema.columns import BLANK_IN_PRINT, Column, Field, R, Row
from toolkit.schema.form import Identity
from toolkit.schema.kinds import Context, Day
from toolkit.schema.totals import percentage
from toolkit.schema.workbook import Sheet, Workbook
from toolkit.word.content import fill_text
from toolkit.word.numerals import chinese_ordinal
from toolkit.word.scope import Glossary, Scope

YES = "是"
"""What a name holds that only says whether something is so."""
EACH_ITS_OWN = "见各条措施"
"""The deadline of a problem whose measures have different ones."""

_GOALS_CHAPTER = "整改目标章"  # the section is named as the sheet of goals is
_HELP = {  # the 四个一, as a sentence names them
    "联村县级领导": "县级领导{}联村",
    "包村镇领导": "乡镇领导{}包村",
    "第一书记": "第一书记{}驻村",
    "结对帮扶单位": "{}结对帮扶",
}
_POSTS = (
    Profile.secretaries,
    Profile.deputies,
    Profile.vice_directors,
    Profile.clerks,
    Profile.cross_posts,
)
_MEMBERS = (
    *(Profile.women, Profile.probationary),
    *(Profile.age_30, Profile.age_40, Profile.age_45, Profile.age_50),
    *(Profile.age_60, Profile.age_70, Profile.age_over),
    *(Profile.college, Profile.away),
)
_INCOME = (Profile.income, Profile.operating, Profile.debt)
_PERCENT = frozenset({"%", "％", "百分比", "个百分点"})  # units of a share
_YEAR = re.compile(r"\d{4}年")

Values = dict[str, str]


def vocabulary(book: Workbook, as_of: dt.date) -> Scope:
    """Return the names and tables of one village's workbook on that day."""
    measures = book.rows(Measure)
    meetings = [row for row in book.rows(Meeting) if village.took_place(row, as_of)]
    evaluations = [row for row in book.rows(Evaluation) if village.took_place(row, as_of)]
    problems = book.rows(Problem)
    standing = [measure for measure in measures if village.is_standing(measure)]
    closed = sum(village.closed_by(problem, as_of) for problem in problems)
    values = {
        **_profile(village.profile(book) or blank_row(Profile)),
        **_people(book.rows(Person)),
        **_progress(measures, as_of),
        "数据截止日": Day().text(as_of),
        "问题数": str(len(problems)),
        "销号数": str(closed),
        "有销号": YES if closed else "",
        "长期不止一条": YES if len(standing) > 1 else "",
        "责任齐全": YES if measures and all(map(_is_assigned, measures)) else "",
        "会议数": str(len(meetings)),
    }
    goals = book.rows(Goal)
    tables = {
        Problem.sheet: _problems(problems, measures, as_of),
        "全部措施": _listed(measures, partial(_measure, as_of=as_of)),
        "其他措施": _listed(_unclaimed(problems, measures), partial(_measure, as_of=as_of)),
        "长期措施": _listed(standing, partial(_measure, as_of=as_of)),
        Goal.sheet: _listed(goals, _goal),
        "指标": _listed((g for g in goals if g.indicator and g.current is not None), _goal),
        Stage.sheet: _listed(book.rows(Stage), _stage),
        Meeting.sheet: _listed(meetings),
        Evaluation.sheet: _listed(evaluations, _evaluation),
        Person.sheet: _listed(book.rows(Person)),
        **{kind: _listed(_bases(book, kind)) for kind in (term.code for term in codes.BASES.terms)},
    }
    for section in (term.code for term in codes.SECTIONS.terms):
        tables[_chapter(section)] = _passages(book, section, values)
    shown = ("指标", Evaluation.sheet, "取得成效")
    values["无成效"] = "" if any(tables[name] for name in shown) else YES
    return Scope(values, tables)


def row_values(row: Row) -> Values:
    """Return what each column of a row prints, under its header; "" where nothing stands."""
    return {
        column.header: "" if row.field(column).empty else row.printed(column)
        for column in row.columns
    }


def _is_assigned(measure: Measure) -> bool:
    """Say whether a measure tells who answers for it and until when."""
    return not any(measure.field(each).empty for each in (Measure.owner, Measure.deadline))


def _listed(rows: Iterable[Row], values: Callable[[Any], Values] = row_values) -> list[Scope]:
    """Return a table's rows, counted."""
    return [Scope(ordinals(index) | values(row)) for index, row in enumerate(rows, start=1)]


def ordinals(index: int) -> Values:
    """Return a row's number in its table, in digits and as a heading counts."""
    return {"序号": str(index), "序号汉字": chinese_ordinal(index), "序数": str(index)}


# -- the village ----------------------------------------------------------------------------------


def _profile(profile: Profile) -> Values:
    types = (codes.TYPES.find(code) for code in profile.main_types or ())
    texts = "；".join(term.text.removesuffix("的") for term in types if term)
    values = row_values(profile)
    return values | {
        "认定类型": values[Profile.types_text.header] or texts,
        "一肩挑": YES if profile.both_posts else "",
        "镇政府驻地": YES if profile.seat else "",
        "班子构成": "、".join(_amounts(profile, _POSTS, "名")),
        "党员构成": "、".join(_amounts(profile, _MEMBERS, "名")),
        "集体经济": "，".join(_amounts(profile, _INCOME, "万元")),
    }


def _amounts(profile: Profile, columns: Iterable[Column[Any]], unit: str) -> Iterable[str]:
    """Yield each number that is filled in, 0 too, with its header and unit."""
    for column in columns:
        if not profile.field(column).empty:
            yield f"{column.header}{_with_unit(profile.printed(column), unit)}"


def _with_unit(amount: str, unit: str) -> str:
    """Return an amount with its unit; words in its place stand alone.

    >>> _with_unit("2.5", "万元"), _with_unit("**", "名"), _with_unit("无", "万元")
    ('2.5万元', '**名', '无')
    """
    return amount if amount[-1:].isalpha() else f"{amount}{unit}"


def _people(people: Sequence[Person]) -> Values:
    by_role: dict[str, list[str]] = {term.code: [] for term in codes.ROLES.terms}
    for person in people:
        if person.role:
            by_role[person.role].append(person.printed(Person.name))
    for role in codes.FOUR_ONES:  # one who is written down twice is one
        by_role[role] = list(dict.fromkeys(by_role[role]))
    names = {role: "、".join(found) for role, found in by_role.items()}
    help_given = [sentence.format(names[role]) for role, sentence in _HELP.items() if names[role]]
    # 村委会副主任 is a number of the profile already.
    taken = {column.header for column in Profile.columns}
    values = {f"{role}姓名" if role in taken else role: found for role, found in names.items()}
    return values | {"帮扶力量": "，".join(help_given)}


def _bases(book: Workbook, kind: str) -> list[Basis]:
    return [basis for basis in book.rows(Basis) if basis.kind == kind]


# -- problems and measures ------------------------------------------------------------------------


class _Terms(NamedTuple):
    """Who answers for a problem and until when; and whether its measures disagree on it."""

    owner: str
    deadline: str
    owners_differ: bool
    deadlines_differ: bool


def _progress(measures: Sequence[Measure], as_of: dt.date) -> Values:
    """Return the counts of measures; the rate leaves out those kept up for good."""
    counted = village.progress(measures, as_of)
    return {
        "措施数": str(counted.total),
        "完成数": str(counted.done),
        "推进数": str(counted.going),
        "长期数": str(counted.standing),
        "未启动数": str(counted.idle),
        "未填数": str(counted.unknown),
        "有未填": YES if counted.unknown else "",
        "逾期数": str(counted.late),
        "有逾期": YES if counted.late else "",
        "计算基数": str(counted.base),
        "完成率": percentage(counted.rate),
        "办理统计": _told_apart(counted),
        "措施状况": _of_all(counted),
        "有完成": YES if counted.done else "",
        "有未完成": YES if counted.base > counted.done else "",
    }


def _of_all(counted: village.Progress) -> str:
    """Return the same behind the number of all: what is so of each is said of all."""
    states = [state for state, count in _states(counted) if count]
    if len(states) == 1:
        return f"均{states[0]}" if counted.total > 1 else states[0]
    return f"其中{_told_apart(counted)}" if states else ""


def _told_apart(counted: village.Progress) -> str:
    """Return how many measures there are in each state that there are any in."""
    return "，".join(f"{state}{count}条" for state, count in _states(counted) if count)


def _states(counted: village.Progress) -> tuple[tuple[str, int], ...]:
    return (
        ("已完成", counted.done),
        ("正在推进", counted.going),
        ("尚未启动", counted.idle),
        ("状态未填", counted.unknown),
        ("长期坚持", counted.standing),
    )


def _problems(
    problems: Sequence[Problem], measures: Sequence[Measure], as_of: dt.date
) -> list[Scope]:
    described = Problem.description.header
    scopes: list[Scope] = []
    for index, (problem, own) in enumerate(village.with_measures(problems, measures), start=1):
        terms = _terms(problem, own)
        values = row_values(problem) | ordinals(index) | _progress(own, as_of)
        values |= {
            Problem.owner.header: terms.owner,
            Problem.deadline.header: terms.deadline,
            "问题表述": item(_sentence(values[described] or values[Problem.headline.header])),
            "问题表现": _sentence(values[described]),
            Problem.goal.header: _sentence(values[Problem.goal.header]),
            "整改成效": _effect(own),
            "整改状态": _state(problem, own, as_of),
        }
        if not village.closed_by(problem, as_of):  # a day still to come closes nothing
            values[Problem.closed.header] = ""
        values["整改结果"] = _outcome(values)
        tables = {Measure.sheet: _listed(own, partial(_measure, as_of=as_of, terms=terms))}
        scopes.append(Scope(values, tables))
    return scopes


def _terms(problem: Problem, measures: Sequence[Measure]) -> _Terms:
    """Return a problem's terms: its own, or what its measures say."""
    owner, deadline = _own(problem, Problem.owner), _own(problem, Problem.deadline)
    owners = tuple(dict.fromkeys(_own(measure, Measure.owner) for measure in measures))
    ends = tuple(dict.fromkeys(_own(measure, Measure.deadline) for measure in measures))
    several_owners, several_ends = len(owners) > 1, len(ends) > 1
    everyone = dict.fromkeys(name for names in owners for name in names.split("、") if name)
    return _Terms(
        owner or "、".join(everyone if several_owners else owners),
        deadline or (EACH_ITS_OWN if several_ends else "".join(ends)),
        owners_differ=not owner and several_owners,
        deadlines_differ=not deadline and several_ends,
    )


def _effect(measures: Iterable[Measure]) -> str:
    """Return what the measures that are done have come to, as their notes say."""
    notes = (
        _own(measure, Measure.progress_note) for measure in measures if village.is_done(measure)
    )
    return "；".join(_without_stop(note) for note in notes if note)


def _state(problem: Problem, measures: Sequence[Measure], as_of: dt.date) -> str:
    """Return how far a problem has come; "" where no measure says so."""
    counted = village.progress(measures, as_of)
    if village.relapsed(problem, as_of):
        return "回头看反弹，重新整改"
    if village.closed_by(problem, as_of):
        return CLOSED
    if counted.base and counted.done == counted.base:
        applied = problem.applied is not None and problem.applied <= as_of
        return "措施已完成，已申请销号" if applied else "措施已完成，尚未申请销号"
    told = (
        ("尚未制定整改措施", not measures),
        ("长期坚持", not counted.base),
        ("正在整改", counted.done or counted.going),
        ("尚未启动", counted.idle),
    )
    return next((state for state, holds in told if holds), "")


def _outcome(values: Values) -> str:
    """Return how far a problem has come, and of one that is closed since when."""
    state, day = values["整改状态"], values[Problem.closed.header]
    return f"{day}销号" if day and state == CLOSED else state


def _own(row: Row, column: Column[Any]) -> str:
    return "" if row.field(column).empty else row.printed(column)


def _unclaimed(problems: Sequence[Problem], measures: Sequence[Measure]) -> list[Measure]:
    """Return the measures that belong to no problem of the list: none may vanish from a plan."""
    numbers = {problem.number for problem in problems if problem.number}
    return [measure for measure in measures if measure.problem not in numbers]


def _measure(measure: Measure, as_of: dt.date, terms: _Terms | None = None) -> Values:
    """Return a measure's values, and what it says otherwise than the terms of its problem."""
    values = row_values(measure)
    late = village.days_overdue(measure, as_of)
    values |= {
        Measure.text.header: item(_without_stop(values[Measure.text.header])),
        Measure.progress_note.header: _without_stop(values[Measure.progress_note.header]),
        "另注": _own_terms(values, terms) if terms else "",
        "逾期": str(late) if late else "",
        "办理情况": _handled(measure, values),
        "已办结": YES if village.is_done(measure) else "",
    }
    if measure.number:  # its own, even where it repeats or skips
        values["序数"] = str(int(measure.number.rpartition("M")[2]))
    return values


def _handled(measure: Measure, values: Values) -> str:
    """Return a measure's status and the day it was done, which is not the day it was closed."""
    status = values[Measure.status.header] or BLANK_IN_PRINT
    day = values[Measure.completed.header]
    if not day:
        return status
    if not village.is_done(measure):
        return f"{status}，{Measure.completed.header}{day}"
    return f"{day}完成" if status == village.DONE else f"{day}完成，{status}"


def _own_terms(values: Mapping[str, str], terms: _Terms) -> str:
    """Return a measure's owner and deadline where either is not its problem's, "" where both are.

    Both are said, for half of them would read as if the other half were forgotten; what is not
    filled in is a blank, for nobody has said that the problem's own counts.
    """
    own = (
        (Measure.owner.header, terms.owner, terms.owners_differ),
        (Measure.deadline.header, terms.deadline, terms.deadlines_differ),
    )
    if not any(differ or values[header] != common for header, common, differ in own):
        return ""
    return f"（{'；'.join(f'{header}：{values[header] or BLANK_IN_PRINT}' for header, *_ in own)}）"


def _sentence(text: str) -> str:
    """Return a text as a sentence: with a stop, where it has none."""
    return f"{_without_stop(text)}。" if text and text[-1] not in "。！？…”）" else text


def item(text: str) -> str:
    """Return an item, a blank before a digit that would run into the item's number: 3. 10万元."""
    return f" {text}" if text[:1].isdigit() else text


def _without_stop(text: str) -> str:
    """Return an item of a list without the mark that ends it: the list sets its own."""
    return text.rstrip("。；;，,")


def _chapter(section: str) -> str:
    """Return the name of a section's own paragraphs: one is called as the sheet of goals is."""
    return _GOALS_CHAPTER if section == Goal.sheet else section


# -- goals, stages, evaluations, passages ---------------------------------------------------------


def _goal(goal: Goal) -> Values:
    values = row_values(goal)
    unit = values[Goal.unit.header]
    amounts = {
        name: _with_unit(values[column.header], unit) if values[column.header] else ""
        for name, column in (
            ("整顿前", Goal.baseline),
            ("目标", Goal.target),
            ("目前", Goal.current),
        )
    }
    plan = (f"{name}{amounts[name]}" for name in ("整顿前", "目标") if amounts[name])
    words = "，".join(filter(None, (values[Goal.indicator.header], *plan)))
    return (
        values
        | amounts
        | {
            Goal.title.header: item(_without_stop(values[Goal.title.header])),
            Goal.text.header: _sentence(values[Goal.text.header]),
            "指标表述": words,
            "变化": _change(goal),
        }
    )


def _change(goal: Goal) -> str:
    """Return by how much an indicator has changed, "" where either number is missing."""
    if goal.baseline is None or goal.current is None:
        return ""
    change = goal.current - goal.baseline
    if not change:
        return "持平"
    amount = Goal.current.kind.text(abs(change))
    if (goal.unit or "").strip() in _PERCENT:
        return f"{'提高' if change > 0 else '下降'}{amount}个百分点"
    return f"{'增加' if change > 0 else '减少'}{amount}"


def _stage(stage: Stage) -> Values:
    """Return a stage's values; a year that both ends name is said once."""
    values = row_values(stage)
    start, end = values[Stage.start.header], values[Stage.end.header]
    year = _YEAR.match(start)
    said_once = end.removeprefix(year[0]) if year else end
    return values | {
        Stage.name.header: item(values[Stage.name.header]),
        "起止时间": f"{start}至{said_once}" if start and end else start or end,
    }


def _evaluation(row: Evaluation) -> Values:
    return row_values(row) | {"满意率": percentage(village.satisfaction(row))}


def _passages(book: Workbook, section: str, values: Mapping[str, str]) -> list[Scope]:
    """Return a section's own paragraphs, filled in; titled ones are counted by themselves."""
    scopes: list[Scope] = []
    titled = 0
    for passage in book.rows(Passage):
        if passage.section != section or passage.field(Passage.text).empty:
            continue
        title = _without_stop(fill_text(_own(passage, Passage.title), values))
        text = fill_text(_own(passage, Passage.text), values)
        titled += bool(title)
        own = {
            Passage.title.header: title,
            Passage.text.header: text,
            "全文": f"{title}。{text}" if title else text,
        }
        scopes.append(Scope(row_values(passage) | own | ordinals(titled)))
    return scopes


# -- every name -----------------------------------------------------------------------------------

_DAY = dt.date(2022, 10, 31)  # of the columns' examples


def specimen() -> Scope:
    """Return the vocabulary of a workbook that has something in each table.

    A template is checked against it, as a village may have nothing where a wrong name stands; and
    the catalogue of names takes its examples from it.
    """
    return vocabulary(specimen_book(), _DAY)


def specimen_book() -> Workbook:
    """Return a workbook with a row or more in each sheet, filled in as the columns' examples."""
    roles = (term.shown for term in codes.ROLES.terms)
    going = {"status": "推进中", "progress": "60", "standing": "否", "completed": ""}
    late = {"deadline": "2022年9月底前", "owner": "李明", **going}
    rows: tuple[Row, ...] = (
        example_row(Profile),
        *(example_row(Basis, kind=term.shown) for term in codes.BASES.terms),
        *(example_row(Person, role=role, name=_HELPERS.get(role, "王志远")) for role in roles),
        example_row(Problem, number="P01", closed=""),
        example_row(Goal),
        example_row(Measure, number="P01-M01", problem="P01", **late),
        example_row(Measure, number="P01-M02", problem="P01", standing="否"),
        example_row(Measure, number="P01-M03", problem="P01", status="长期坚持"),
        example_row(Measure, number="P02-M01", problem="P02", **(going | {"status": ""})),
        example_row(Stage),
        example_row(Meeting, decisions="同意入股合作社；10月底前签订协议"),
        example_row(Evaluation),
        *(example_row(Passage, section=term.shown) for term in codes.SECTIONS.terms),
    )
    by_class: dict[type[Row], list[Row]] = {}
    for row in rows:
        by_class.setdefault(type(row), []).append(row)
    sheets = {cls: Sheet(cls, cls.sheet, {}, tuple(of)) for cls, of in by_class.items()}
    identity = Identity(village.FORM.id, village.FORM.version)
    return Workbook("", "", village.FORM, identity, sheets)


_HELPERS = {"结对帮扶单位": "清河县水务局"}


def example_row(cls: type[R], **written: str) -> R:
    """Return a row in which each column's example stands, or what is written instead."""
    fields = {}
    for column in cls.columns:
        text = written.get(column.name, column.example)
        value = column.kind.read(text, Context()).value if text else None
        fields[column.name] = Field(value, text or None)
    return cls("", cls.sheet, fields)


def blank_row(cls: type[R]) -> R:
    """Return a row in which nothing stands."""
    return cls("", cls.sheet, {column.name: Field() for column in cls.columns})


_COUNTS = {
    "措施数": "整改措施的条数。",
    "完成数": "办理状态为已完成、待验收、已销号的措施条数。",
    "推进数": "正在推进的措施条数，包括退回重办的。",
    "长期数": "长期坚持的措施条数。",
    "未启动数": "还没有启动的措施条数。",
    "未填数": "没有填办理状态的措施条数。",
    "有未填": "有没填办理状态的措施时是“是”，没有时为空；供【如有：有未填】判断。",
    "逾期数": "到数据截止日已过完成时限、还没有办结的措施条数。",
    "有逾期": "有逾期措施时是“是”，没有时为空；供【如有：有逾期】判断。",
    "计算基数": "计算完成率的基数：措施数减去长期坚持的。",
    "完成率": "完成数占计算基数的百分比；基数为 0 时为空。",
    "办理统计": "各种办理状态的条数合成一句，没有的不写。",
    "措施状况": "接在措施条数后面的一句，如“其中已完成2条，正在推进1条”“均已完成”。",
    "有完成": "有已完成的措施时是“是”，没有时为空；供【如有：有完成】判断。",
    "有未完成": "长期坚持的不算，还有没完成的措施时是“是”；供【如有：有未完成】判断。",
}
_PASSAGE = {
    "全文": "小标题和文字合成的一段。",
    "小标题": "“方案文字”表里这一段的小标题，末尾的标点由模板写。",
    "文字": "“方案文字”表里这一段的文字，里面的占位符已经换成内容。",
}


def glossary() -> Glossary:
    """Return what the names of a village's workbook hold."""
    sections = [_chapter(term.code) for term in codes.SECTIONS.terms]
    bases = [term.code for term in codes.BASES.terms]
    people = {
        role: f"“工作力量”表里工作角色是“{role}”的人，几个人用顿号隔开。"
        for role in (term.code for term in codes.ROLES.terms)
    }
    measures = (Measure.sheet, "全部措施", "其他措施", "长期措施")
    said = {
        **people,
        **_COUNTS,
        **_SAID,
        **{f"{section}.{name}": about for section in sections for name, about in _PASSAGE.items()},
        **dict.fromkeys(sections, "村里在“方案文字”表为这一部分另写的段落，一段一次。"),
        **{f"{table}.{name}": about for table in measures for name, about in _MEASURE.items()},
    }
    rows: dict[str, type[Row]] = {
        "": Profile,
        **dict.fromkeys(sections, Passage),
        **dict.fromkeys(bases, Basis),
        **dict.fromkeys(measures, Measure),
        **dict.fromkeys((Goal.sheet, "指标"), Goal),
        **{row.sheet: row for row in (Person, Problem, Stage, Meeting, Evaluation)},
    }
    return Glossary(said, rows)


_MEASURE = {
    "措施内容": "措施的内容，末尾的标点由模板写。",
    "进展说明": "措施的进展，末尾的标点由模板写。",
}
_SAID = {
    "序号": "这一行在表里排第几，如“1”。",
    "序号汉字": "这一行排第几，汉字，用在标题里，如“一”。",
    "序数": "同序号；措施用编号里的号码，如 P01-M03 是“3”。",
    "认定类型": "类型表述；没有填的，按主要类型写出全称，用分号隔开。",
    "一肩挑": "书记一肩挑时是“是”，不是时为空；供【如有：一肩挑】判断。",
    "镇政府驻地": "村在镇政府驻地时是“是”，不在时为空；供【如有：镇政府驻地】判断。",
    "班子构成": "填了数的村干部职务和人数，用顿号隔开。",
    "党员构成": "填了数的党员各项人数，用顿号隔开。",
    "集体经济": "填了数的集体收入、经营性收入和负债，用逗号隔开。",
    "村委会副主任姓名": "“工作力量”表里的村委会副主任，几个人用顿号隔开。",
    "帮扶力量": "县级领导联村、乡镇领导包村、第一书记驻村、单位结对帮扶，合成的一句。",
    "数据截止日": "文稿按哪一天统计：生成时写的那一天，没有写的是当天。",
    "问题数": "存在问题的个数。",
    "销号数": "到数据截止日已经销号的问题个数。",
    "有销号": "有已销号的问题时是“是”，没有时为空；供【如有：有销号】判断。",
    "长期不止一条": "长期坚持的措施不止一条时是“是”；供【如有：长期不止一条】判断。",
    "责任齐全": "每条措施都写明责任人和完成时限时是“是”；供【如有：责任齐全】判断。",
    "会议数": "到数据截止日召开的专题研究会议次数。",
    "无成效": "没有指标现值、测评结果和自写的成效时是“是”；供【如有：无成效】判断。",
    "存在问题": "一个问题一次。",
    "存在问题.整改责任人": "问题的责任人；没有填的，合写各条措施的责任人。",
    "存在问题.整改时限": f"问题的时限；没有填的用措施的，各条不同时写“{EACH_ITS_OWN}”。",
    "存在问题.整改目标": "问题的整改目标，写成一句，末尾有句号。",
    "问题表现": "问题的具体表现，写成句子，末尾有句号；没有填的为空。",
    "整改成效": "已办结的措施的进展说明，用分号隔开；没有时为空。",
    "整改状态": "问题整改到哪一步：已销号、正在整改、尚未启动等。",
    "整改结果": "整改状态；已销号的写哪一天销号，如“2022年9月21日销号”。",
    "问题表述": "问题的具体表现，没有填的用问题简述；末尾有句号。",
    "整改措施": "这个问题的措施，一条一次。",
    "全部措施": "所有措施，一条一次。",
    "其他措施": "没有写明问题、或问题编号不在“存在问题”表里的措施，一条一次。",
    "长期措施": "长期坚持的措施，一条一次。",
    "另注": "责任人或时限与问题不同、没有填的，合写成“（责任人：…；完成时限：…）”；都相同时为空。",
    "办理情况": "办理状态和实际完成日期，如“2022年5月27日完成，已销号”。",
    "逾期": "逾期的天数；没有逾期时为空。",
    "已办结": "措施已完成、待验收或已销号时是“是”；供【如有：已办结】判断。",
    "整改目标": "一个目标一次。",
    "整改目标.目标内容": "目标的内容，写成句子，末尾有句号。",
    "整改目标.目标标题": "目标的标题，末尾的标点由模板写。",
    "指标": "填了指标名称和现值的目标，一个一次。",
    "整顿前": "指标的基线值，连同计量单位。",
    "目标": "指标的目标值，连同计量单位。",
    "目前": "指标的现值，连同计量单位。",
    "变化": "现值比基线值增减多少，百分比写几个百分点；相同的写“持平”，缺一个数的为空。",
    "指标表述": "指标名称、整顿前和目标，合成的一句。",
    "阶段安排": "一个阶段一次。",
    "起止时间": "阶段从何时到何时，同一年的年份只写一次。",
    "专题研究会议": "到数据截止日召开的会议，一次会议一次。",
    "测评验收": "到数据截止日的测评和验收，一次测评一次。",
    "满意率": "满意和基本满意票数之和占有效票数的百分比。",
    "工作力量": "一个人一次。",
    "上级文件": "依据的上级文件，一份一次。",
    "三级联评": "认定时的各级评议，一级一次。",
}
"""What no column says: names that are reckoned, and what a row of a table is."""
