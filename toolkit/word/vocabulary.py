"""The names a content template can use: a village's columns, and what is counted of them."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from toolkit.forms import codes, village
from toolkit.forms.village import (
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
from toolkit.schema.kinds import Day
from toolkit.schema.totals import percentage
from toolkit.schema.workbook import Sheet, Workbook
from toolkit.word.content import fill_text
from toolkit.word.numerals import chinese_ordinal
from toolkit.word.scope import Scope

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
_YEAR = re.compile(r"\d{4}年")

Values = dict[str, str]


def vocabulary(book: Workbook, as_of: dt.date) -> Scope:
    """Return the names and tables of one village's workbook on that day."""
    measures = book.rows(Measure)
    meetings = [row for row in book.rows(Meeting) if village.took_place(row, as_of)]
    evaluations = [row for row in book.rows(Evaluation) if village.took_place(row, as_of)]
    problems = book.rows(Problem)
    values = {
        **_profile(village.profile(book) or _row(Profile)),
        **_people(book.rows(Person)),
        **_progress(measures, as_of),
        "数据截止日": Day().text(as_of),
        "问题数": str(len(problems)),
        "销号数": str(sum(village.closed_by(problem, as_of) for problem in problems)),
        "会议数": str(len(meetings)),
    }
    goals = book.rows(Goal)
    standing = [measure for measure in measures if village.is_standing(measure)]
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
        name = _GOALS_CHAPTER if section == Goal.sheet else section
        tables[name] = _passages(book, section, values)
    shown = ("指标", Evaluation.sheet, "取得成效")
    values["无成效"] = "" if any(tables[name] for name in shown) else YES
    return Scope(values, tables)


def _row_values(row: Row) -> Values:
    """Return what each column prints under its header, "" where nothing stands."""
    return {
        column.header: "" if row.field(column).empty else row.printed(column)
        for column in row.columns
    }


def _listed(rows: Iterable[Row], values: Callable[[Any], Values] = _row_values) -> list[Scope]:
    """Return a table's rows, counted."""
    return [Scope(_ordinals(index) | values(row)) for index, row in enumerate(rows, start=1)]


def _ordinals(index: int) -> Values:
    return {"序号": str(index), "序号汉字": chinese_ordinal(index), "序数": str(index)}


# -- the village ----------------------------------------------------------------------------------


def _profile(profile: Profile) -> Values:
    types = (codes.TYPES.find(code) for code in profile.main_types or ())
    texts = "；".join(term.text.removesuffix("的") for term in types if term)
    values = _row_values(profile)
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
            yield f"{column.header}{profile.printed(column)}{unit}"


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
    }


def _problems(
    problems: Sequence[Problem], measures: Sequence[Measure], as_of: dt.date
) -> list[Scope]:
    described = Problem.description.header
    scopes: list[Scope] = []
    for index, (problem, own) in enumerate(village.with_measures(problems, measures), start=1):
        terms = _terms(problem, own)
        values = _row_values(problem) | _ordinals(index) | _progress(own, as_of)
        values |= {
            Problem.owner.header: terms.owner,
            Problem.deadline.header: terms.deadline,
            "问题表述": _item(_sentence(values[described] or values[Problem.headline.header])),
            Problem.goal.header: _sentence(values[Problem.goal.header]),
        }
        if not village.closed_by(problem, as_of):  # a day still to come closes nothing
            values[Problem.closed.header] = ""
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


def _own(row: Row, column: Column[Any]) -> str:
    return "" if row.field(column).empty else row.printed(column)


def _unclaimed(problems: Sequence[Problem], measures: Sequence[Measure]) -> list[Measure]:
    """Return the measures that belong to no problem of the list: none may vanish from a plan."""
    numbers = {problem.number for problem in problems if problem.number}
    return [measure for measure in measures if measure.problem not in numbers]


def _measure(measure: Measure, as_of: dt.date, terms: _Terms | None = None) -> Values:
    """Return a measure's values, and what it says otherwise than the terms of its problem."""
    values = _row_values(measure)
    late = village.days_overdue(measure, as_of)
    values |= {
        Measure.text.header: _item(_without_stop(values[Measure.text.header])),
        Measure.progress_note.header: _without_stop(values[Measure.progress_note.header]),
        "另注": _own_terms(values, terms) if terms else "",
        "逾期": str(late) if late else "",
    }
    if measure.number:  # its own, even where it repeats or skips
        values["序数"] = str(int(measure.number.rpartition("M")[2]))
    return values


def _own_terms(values: Mapping[str, str], terms: _Terms) -> str:
    notes = [
        f"{header}：{own or BLANK_IN_PRINT}"
        for header, common, differ in (
            (Measure.owner.header, terms.owner, terms.owners_differ),
            (Measure.deadline.header, terms.deadline, terms.deadlines_differ),
        )
        if (own := values[header]) != common and (own or differ)
    ]
    return f"（{'；'.join(notes)}）" if notes else ""


def _sentence(text: str) -> str:
    """Return a text as a sentence: with a stop, where it has none."""
    return f"{_without_stop(text)}。" if text and text[-1] not in "。！？…”）" else text


def _item(text: str) -> str:
    """Return an item, a blank before a digit that would run into the item's number: 3. 10万元."""
    return f" {text}" if text[:1].isdigit() else text


def _without_stop(text: str) -> str:
    """Return an item of a list without the mark that ends it: the list sets its own."""
    return text.rstrip("。；;，,")


# -- goals, stages, evaluations, passages ---------------------------------------------------------


def _goal(goal: Goal) -> Values:
    values = _row_values(goal)
    unit = values[Goal.unit.header]
    amounts = {
        name: f"{values[column.header]}{unit}" if values[column.header] else ""
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
            Goal.title.header: _item(_without_stop(values[Goal.title.header])),
            Goal.text.header: _sentence(values[Goal.text.header]),
            "指标表述": words,
        }
    )


def _stage(stage: Stage) -> Values:
    """Return a stage's values; a year that both ends name is said once."""
    values = _row_values(stage)
    start, end = values[Stage.start.header], values[Stage.end.header]
    year = _YEAR.match(start)
    said_once = end.removeprefix(year[0]) if year else end
    return values | {
        Stage.name.header: _item(values[Stage.name.header]),
        "起止时间": f"{start}至{said_once}" if start and end else start or end,
    }


def _evaluation(row: Evaluation) -> Values:
    return _row_values(row) | {"满意率": percentage(village.satisfaction(row))}


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
        scopes.append(Scope(_row_values(passage) | own | _ordinals(titled)))
    return scopes


# -- every name -----------------------------------------------------------------------------------


def specimen() -> Scope:
    """Return the vocabulary of a workbook that has something in each table.

    A template is checked against it, as a village may have nothing where a wrong name stands.
    """
    rows: tuple[Row, ...] = (
        _row(Profile),
        *(_row(Basis, kind=term.code) for term in codes.BASES.terms),
        _row(Person),
        _row(Problem, number="P01"),
        _row(Goal, indicator=YES, current=1),
        _row(Measure, problem="P01"),
        _row(Measure, status=codes.STANDING),
        _row(Stage),
        _row(Meeting),
        _row(Evaluation),
        *(_row(Passage, section=term.code, text=YES) for term in codes.SECTIONS.terms),
    )
    by_class: dict[type[Row], list[Row]] = {}
    for row in rows:
        by_class.setdefault(type(row), []).append(row)
    sheets = {cls: Sheet(cls, cls.sheet, {}, tuple(of)) for cls, of in by_class.items()}
    identity = Identity(village.FORM.id, village.FORM.version)
    return vocabulary(Workbook("", "", village.FORM, identity, sheets), dt.date.min)


def _row(cls: type[R], **values: object) -> R:
    """Return a row in which only these values stand."""
    fields = {
        column.name: Field(values[column.name], YES) if column.name in values else Field()
        for column in cls.columns
    }
    return cls("", cls.sheet, fields)
