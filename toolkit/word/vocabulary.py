"""The names a content template can use: a village's columns, and what is counted of them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

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
from toolkit.schema.columns import Row
from toolkit.schema.kinds import Day
from toolkit.schema.workbook import Workbook
from toolkit.word.content import Scope, fill_text
from toolkit.word.numerals import chinese_ordinal

_GOALS_CHAPTER = "整改目标章"  # the section is named as the sheet of goals is


def vocabulary(book: Workbook, as_of: dt.date) -> Scope:
    """Return the names and tables of one village's workbook on that day."""
    profile = village.profile(book)
    measures = book.rows(Measure)
    values = _row_values(profile) if profile else dict.fromkeys(_headers(Profile), "")
    values |= _yes(profile)
    values |= _people(book.rows(Person))
    values |= _progress(measures, as_of)
    meetings = [
        meeting for meeting in book.rows(Meeting) if meeting.day is None or meeting.day <= as_of
    ]
    values |= {
        "截止日期": Day().text(as_of),
        "问题数": str(len(book.rows(Problem))),
        "会议数": str(len(meetings)),
    }
    tables: dict[str, Sequence[Scope]] = {}
    root = Scope(values, tables)
    tables |= {
        Problem.sheet: _problems(book, root, as_of),
        "其他措施": _measure_scopes(_unclaimed(book), None, root, as_of),
        Goal.sheet: [_goal(goal, root, index) for index, goal in enumerate(book.rows(Goal), 1)],
        "指标": _numbered(
            (g for g in book.rows(Goal) if g.indicator and g.current is not None), root
        ),
        Stage.sheet: [
            _stage(stage, root, index) for index, stage in enumerate(book.rows(Stage), 1)
        ],
        Meeting.sheet: _numbered(meetings, root),
        Evaluation.sheet: [
            _evaluation(row, root, index) for index, row in enumerate(book.rows(Evaluation), 1)
        ],
        Person.sheet: _numbered(book.rows(Person), root),
        **{kind: _numbered(_bases(book, kind), root) for kind in ("上级文件", "三级联评")},
    }
    standing = [measure for measure in measures if village.is_standing(measure)]
    tables["长期措施"] = _measure_scopes(standing, None, root, as_of)
    for section in (term.code for term in codes.SECTIONS.terms):
        name = _GOALS_CHAPTER if section == Goal.sheet else section
        tables[name] = _passages(book, section, root)
    shown = ("指标", Evaluation.sheet, "取得成效")
    values["无成效"] = "" if any(tables[name] for name in shown) else "是"
    return root


def _headers(row: type[Row]) -> tuple[str, ...]:
    return tuple(column.header for column in row.columns)


def _row_values(row: Row) -> dict[str, str]:
    """Return what each column prints under its header, "" where nothing stands."""
    return {
        column.header: "" if row.field(column).empty else row.printed(column)
        for column in row.columns
    }


def _numbered(rows: Iterable[Row], parent: Scope) -> list[Scope]:
    return [
        Scope(_row_values(row) | _ordinals(index), parent=parent)
        for index, row in enumerate(rows, start=1)
    ]


def _ordinals(index: int) -> dict[str, str]:
    return {"序号": str(index), "序号汉字": chinese_ordinal(index)}


def _yes(profile: Profile | None) -> dict[str, str]:
    """Return names that are there only where the answer is yes."""
    return {
        "一肩挑": "是" if profile and profile.both_posts else "",
        "镇政府驻地": "是" if profile and profile.seat else "",
    }


def _people(people: Sequence[Person]) -> dict[str, str]:
    by_role: dict[str, list[str]] = {}
    for person in people:
        if person.role:
            by_role.setdefault(person.role, []).append(person.printed(Person.name))
    values = {term.code: "、".join(by_role.get(term.code, ())) for term in codes.ROLES.terms}
    helpers = [f"{role}{values[role]}" for role in codes.FOUR_ONES if values[role]]
    return values | {"帮扶力量": f"落实{'、'.join(helpers)}帮扶整顿" if helpers else ""}


def _progress(measures: Sequence[Measure], as_of: dt.date) -> dict[str, str]:
    """Return the counts of measures; the rate leaves out those kept up for good."""
    done = sum(map(village.is_done, measures))
    standing = sum(map(village.is_standing, measures))
    idle = sum(measure.status in (None, "未启动") for measure in measures)
    late = sum(bool(village.days_overdue(measure, as_of)) for measure in measures)
    base = len(measures) - standing
    return {
        "措施数": str(len(measures)),
        "完成数": str(done),
        "推进数": str(base - done - idle),
        "长期数": str(standing),
        "长期措施数": str(standing),
        "未启动数": str(idle),
        "逾期数": str(late),
        "有逾期": "是" if late else "",
        "完成率": f"{100 * done / base:.1f}%" if base else "",
    }


def _problems(book: Workbook, root: Scope, as_of: dt.date) -> list[Scope]:
    scopes: list[Scope] = []
    for index, problem in enumerate(book.rows(Problem), start=1):
        measures = [m for m in book.rows(Measure) if m.problem and m.problem == problem.number]
        tables: dict[str, Sequence[Scope]] = {}
        owner, deadline = _shared(problem, measures)
        values = _row_values(problem) | _ordinals(index) | _progress(measures, as_of)
        values |= {
            Problem.owner.header: owner,
            Problem.deadline.header: deadline,
            "问题表述": values[Problem.description.header] or values[Problem.headline.header],
        }
        scope = Scope(values, tables, root)
        tables[Measure.sheet] = _measure_scopes(measures, (owner, deadline), scope, as_of)
        scopes.append(scope)
    return scopes


def _shared(problem: Problem, measures: Sequence[Measure]) -> tuple[str, str]:
    """Return who answers for a problem and until when; its measures say so where it does not."""
    owners = dict.fromkeys(
        m.printed(Measure.owner) for m in measures if not m.field(Measure.owner).empty
    )
    ends = dict.fromkeys(
        m.printed(Measure.deadline) for m in measures if not m.field(Measure.deadline).empty
    )
    owner = "、".join(dict.fromkeys("、".join(owners).split("、"))) if owners else ""
    deadline = next(iter(ends)) if len(ends) == 1 else ""
    if not problem.field(Problem.owner).empty:
        owner = problem.printed(Problem.owner)
    if not problem.field(Problem.deadline).empty:
        deadline = problem.printed(Problem.deadline)
    return owner, deadline


def _unclaimed(book: Workbook) -> list[Measure]:
    """Return the measures that belong to no problem of the list: none may vanish from a plan."""
    numbers = {problem.number for problem in book.rows(Problem) if problem.number}
    return [measure for measure in book.rows(Measure) if measure.problem not in numbers]


def _measure_scopes(
    measures: Iterable[Measure], shared: tuple[str, str] | None, parent: Scope, as_of: dt.date
) -> list[Scope]:
    scopes: list[Scope] = []
    for index, measure in enumerate(measures, start=1):
        values = _row_values(measure) | _ordinals(index)
        late = village.days_overdue(measure, as_of)
        values |= {
            Measure.text.header: _without_stop(values[Measure.text.header]),
            Measure.progress_note.header: _without_stop(values[Measure.progress_note.header]),
            "序数": _own_ordinal(measure, index),
            "另注": _own_terms(values, shared) if shared else "",
            "逾期": str(late) if late else "",
        }
        scopes.append(Scope(values, parent=parent))
    return scopes


def _own_ordinal(measure: Measure, index: int) -> str:
    """Return the number a plan prints: the measure's own, even where it repeats or skips."""
    number = measure.number
    return str(int(number.rpartition("M")[2])) if number else str(index)


def _own_terms(values: Mapping[str, str], shared: tuple[str, str]) -> str:
    """Return what a measure says otherwise than its problem: owner, deadline."""
    terms = [
        f"{label}：{own}"
        for label, own, common in (
            ("责任人", values[Measure.owner.header], shared[0]),
            ("完成时限", values[Measure.deadline.header], shared[1]),
        )
        if own and own != common
    ]
    return f"（{'；'.join(terms)}）" if terms else ""


def _without_stop(text: str) -> str:
    """Return an item of a list without the mark that ends it: the list sets its own."""
    return text.rstrip("。；;，,")


def _goal(goal: Goal, parent: Scope, index: int) -> Scope:
    values = _row_values(goal) | _ordinals(index)
    title = Goal.title.header
    values[title] = _without_stop(values[title])
    values["指标表述"] = ""
    if goal.indicator and goal.target is not None:
        unit = goal.unit or ""
        values["指标表述"] = (
            f"{goal.indicator}：基线值{goal.printed(Goal.baseline)}{unit}，"
            f"目标值{goal.printed(Goal.target)}{unit}"
        )
    return Scope(values, parent=parent)


def _stage(stage: Stage, parent: Scope, index: int) -> Scope:
    values = _row_values(stage) | _ordinals(index)
    ends = [values[Stage.start.header], values[Stage.end.header]]
    values["起止时间"] = "至".join(end for end in ends if end)
    return Scope(values, parent=parent)


def _evaluation(row: Evaluation, parent: Scope, index: int) -> Scope:
    values = _row_values(row) | _ordinals(index)
    values["满意率"] = ""
    if row.valid and row.satisfied is not None:
        content = row.satisfied + (row.fairly or 0)
        values["满意率"] = f"{100 * content / row.valid:.1f}%"
    return Scope(values, parent=parent)


def _bases(book: Workbook, kind: str) -> list[Basis]:
    return [basis for basis in book.rows(Basis) if basis.kind == kind]


def _passages(book: Workbook, section: str, root: Scope) -> list[Scope]:
    """Return a section's own paragraphs; titled ones are counted by themselves."""
    scopes: list[Scope] = []
    titled = 0
    for passage in book.rows(Passage):
        if passage.section != section or passage.field(Passage.text).empty:
            continue
        values = _row_values(passage)
        titled += bool(values[Passage.title.header])
        title = _without_stop(values[Passage.title.header])
        text = fill_text(values[Passage.text.header], root)
        values |= {
            Passage.title.header: title,
            Passage.text.header: text,
            "全文": f"{title}。{text}" if title else text,
        }
        scopes.append(Scope(values | _ordinals(titled or 1), parent=root))
    return scopes
