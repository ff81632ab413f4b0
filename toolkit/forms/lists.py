"""The lists of a rectification (问题、措施、责任三个清单) and its close-out register (销号台账).

They are views of the villages' workbooks, reckoned anew each time; nothing is stored in them. The
columns stand in the order that offices know, those of a problem before those of its measures.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from toolkit.cells import Raw
from toolkit.forms import codes, village
from toolkit.forms.village import Measure, Person, Problem, days_overdue, with_measures
from toolkit.schema.columns import Column, Row
from toolkit.schema.workbook import Workbook

FORM_ID, VERSION = "rectification-lists", "1.0.0"
"""What their workbook says it is: no form that anything is read from."""
PROBLEMS, MEASURES, DUTIES, CLOSINGS = "问题清单", "措施清单", "责任清单", "销号台账"
"""The views, in their order."""
UNTOLD = "（没有填）"
"""Under whom a measure stands that names nobody."""
SOURCE = "来源"
"""The last column of every view: where its line comes from, for the screen only."""

_AGREED, _REFUSED = (term.code for term in codes.OPINIONS.terms)
_BRANCH, _TOWN, _COUNTY = "村党支部", "镇党委", "县委组织部"


class Heading(NamedTuple):
    """A column of a view: its header, its width, and whether its contents stand in the middle."""

    text: str
    width: float
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a view, and the row that it comes from."""

    cells: tuple[Raw, ...]
    row: Row

    @property
    def source(self) -> str:
        """The row as people name it."""
        return f"{self.row.sheet_title} 第{self.row.line}行"


@dataclass(frozen=True)
class View:
    """One list, ready to be written."""

    title: str
    hint: str
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    alarming: str = ""  # the column whose numbers somebody must see to


@dataclass(frozen=True, slots=True)
class Part:
    """A village's workbook by what the village is called."""

    village: str
    book: Workbook


_VILLAGE = Heading("村名", 9, centred=True)
_NUMBER, _MEASURE_NUMBER = (
    Heading("问题编号", 7, centred=True),
    Heading("措施编号", 9, centred=True),
)
_HEADLINE, _TEXT = Heading("问题简述", 22), Heading("措施内容", 36)
_OWNER, _DEADLINE = Heading("责任人", 9, centred=True), Heading("完成时限", 15)
_END, _DAYS = Heading("时限截止", 11, centred=True), Heading("逾期天数", 7, centred=True)
_STATUS = Heading("办理状态", 9, centred=True)


def views(parts: Sequence[Part], as_of: dt.date) -> tuple[View, ...]:
    """Return the four views of villages' workbooks on a day."""
    return (
        View(
            PROBLEMS,
            "一行一个问题；“问题状态”由措施和销号日期推算。",
            (
                *(_VILLAGE, _NUMBER, _HEADLINE, Heading("具体表现", 44)),
                *(Heading("类型代码", 9, centred=True), Heading("问题来源", 9, centred=True)),
                *(Heading("发现日期", 11, centred=True), Heading("整改目标", 22)),
                *(Heading("整改责任人", 10, centred=True), Heading("整改时限", 15)),
                *(Heading("问题状态", 9, centred=True), Heading("销号日期", 11, centred=True)),
            ),
            tuple(chain.from_iterable(_problems(part, as_of) for part in parts)),
        ),
        View(
            MEASURES,
            "一行一条措施；“时限截止”由完成时限读出，逾期按截止日期计算。",
            (
                *(_VILLAGE, _MEASURE_NUMBER, _NUMBER, _TEXT, _OWNER, _DEADLINE, _STATUS),
                *(Heading("责任领导", 9, centred=True), Heading("责任单位", 12), _END),
                *(Heading("长期坚持", 6, centred=True), Heading("进度", 6, centred=True)),
                *(Heading("进展说明", 22), Heading("佐证材料", 15)),
                *(Heading("计划资金\n（万元）", 8, centred=True),),
                *(Heading("实际完成日期", 11, centred=True), _DAYS),
            ),
            tuple(chain.from_iterable(_measures(part, as_of) for part in parts)),
            _DAYS.text,
        ),
        View(
            DUTIES,
            "按责任人排列；几个人共同负责的措施，每人名下各列一次。",
            (
                *(_VILLAGE, _OWNER, Heading("职务", 16), Heading("所在单位", 16)),
                *(_MEASURE_NUMBER, Heading("问题简述", 20), Heading("措施内容", 44)),
                *(_DEADLINE, _END, _STATUS, _DAYS),
            ),
            tuple(chain.from_iterable(_duties(part, as_of) for part in parts)),
            _DAYS.text,
        ),
        View(
            CLOSINGS,
            "申请—镇审核—县审核—销号—回头看；截止日期以后的不计。“已等天数”从上一步的日期算起。",
            (
                *(_VILLAGE, _NUMBER, _HEADLINE, Heading("申请日期", 11, centred=True)),
                *(Heading("佐证清单", 30), Heading("镇审核日期", 11, centred=True)),
                *(Heading("镇审核意见", 9, centred=True), Heading("县审核日期", 11, centred=True)),
                *(Heading("县审核意见", 9, centred=True), Heading("销号日期", 11, centred=True)),
                *(Heading("回头看日期", 11, centred=True), Heading("回头看结果", 9, centred=True)),
                *(Heading("问题状态", 9, centred=True), Heading("当前环节", 18)),
                *(Heading("办理单位", 11, centred=True), Heading("已等天数", 7, centred=True)),
            ),
            tuple(chain.from_iterable(_closings(part, as_of) for part in parts)),
        ),
    )


def _own(part: Part) -> Iterator[tuple[Problem, list[Measure]]]:
    return with_measures(part.book.rows(Problem), part.book.rows(Measure))


def shown(row: Row, column: Column[Any]) -> str:
    """Return what stands in a cell, as read where it could be, "" where nothing does."""
    field = row.field(column)
    return field.seen.strip() if field.value is None else column.kind.text(field.value)


def _day(row: Row, column: Column[Any]) -> Raw:
    """Return a day as one, else what stands in its place."""
    value: Raw = getattr(row, column.name)
    return value or shown(row, column) or None


def _end(measure: Measure) -> dt.date | None:
    return measure.deadline.end if measure.deadline else None


def _problems(part: Part, as_of: dt.date) -> Iterator[Line]:
    for problem, own in _own(part):
        cells = (
            part.village,
            *(shown(problem, each) for each in (Problem.number, Problem.headline)),
            *(shown(problem, each) for each in (Problem.description, Problem.types)),
            shown(problem, Problem.source),
            _day(problem, Problem.found),
            *(shown(problem, each) for each in (Problem.goal, Problem.owner, Problem.deadline)),
            village.problem_status(problem, own, as_of),
            _day(problem, Problem.closed),
        )
        yield Line(cells, problem)


def _measures(part: Part, as_of: dt.date) -> Iterator[Line]:
    for measure in part.book.rows(Measure):
        cells = (
            part.village,
            *(shown(measure, each) for each in (Measure.number, Measure.problem, Measure.text)),
            *(shown(measure, each) for each in (Measure.owner, Measure.deadline, Measure.status)),
            *(shown(measure, each) for each in (Measure.leader, Measure.unit)),
            _end(measure),
            *(shown(measure, each) for each in (Measure.standing, Measure.progress)),
            *(shown(measure, each) for each in (Measure.progress_note, Measure.evidence)),
            _amount(measure),
            _day(measure, Measure.completed),
            days_overdue(measure, as_of) or None,
        )
        yield Line(cells, measure)


def _amount(measure: Measure) -> Raw:
    funds = measure.funds
    return shown(measure, Measure.funds) if funds is None else float(funds)


def _duties(part: Part, as_of: dt.date) -> Iterator[Line]:
    """Yield each person's measures: people in the order of 工作力量, nobody's last."""
    people = {row.name: row for row in reversed(part.book.rows(Person)) if row.name}
    order = dict.fromkeys(row.name for row in part.book.rows(Person) if row.name)
    headlines = {row.number: shown(row, Problem.headline) for row in part.book.rows(Problem)}
    owned: dict[str, list[Measure]] = {name: [] for name in order}
    nobodys: list[Measure] = []
    for measure in part.book.rows(Measure):
        for name in measure.owner or ():
            owned.setdefault(name, []).append(measure)
        if not measure.owner:
            nobodys.append(measure)
    for name, measures in (*owned.items(), (UNTOLD, nobodys)):
        person = people.get(name)
        for measure in measures:
            cells = (
                *(part.village, name, shown(person, Person.post) if person else ""),
                _unit(person, measure),
                shown(measure, Measure.number),
                headlines.get(measure.problem, ""),
                *(shown(measure, each) for each in (Measure.text, Measure.deadline)),
                *(
                    _end(measure),
                    shown(measure, Measure.status),
                    days_overdue(measure, as_of) or None,
                ),
            )
            yield Line(cells, measure)


def _unit(person: Person | None, measure: Measure) -> str:
    """Return where a person works, else the unit that answers for the measure."""
    own = shown(person, Person.unit) if person else ""
    return own or shown(measure, Measure.unit)


# -- the close-out chain --------------------------------------------------------------------------


class Step(NamedTuple):
    """How far a problem's close-out has come: what is waited for, of whom, since when."""

    told: str
    waits_for: str = ""
    since: dt.date | None = None


def step_of(problem: Problem, status: str, as_of: dt.date) -> Step:
    """Return how far the close-out of a problem has come by a day; later dates do not count.

    An opinion without a date counts; one given before the village has applied anew does not.
    """
    if village.relapsed(problem, as_of):
        return Step("回头看反弹，待重新整改", _BRANCH, problem.lookback)
    closed = _by(problem.closed, as_of)
    if closed:
        return _looked_back(problem, closed, as_of)
    applied = _by(problem.applied, as_of)
    said = (
        (_TOWN, "镇", problem.town_opinion, problem.town_day),
        (_COUNTY, "县", problem.county_opinion, problem.county_day),
    )
    since = applied
    for who, short, opinion, day in said:
        given = opinion if day is None or day <= as_of else None
        if given == _REFUSED and not (applied and day and applied > day):
            return Step(f"{short}退回，待补充整改", _BRANCH, day)
        if given != _AGREED:
            if not applied:
                return Step(*_UNAPPLIED.get(status, ("还没有申请销号", _BRANCH)))
            return Step("已申请，待镇审核" if who is _TOWN else "镇已同意，待县审核", who, since)
        since = day or since
    return Step("镇、县已同意，待填销号日期", _BRANCH, since)


_UNAPPLIED = {
    village.DONE: ("已完成，待申请销号", _BRANCH),
    village.STANDING: ("长期坚持，还没有申请销号", _BRANCH),
}


def _looked_back(problem: Problem, closed: dt.date, as_of: dt.date) -> Step:
    day, result = problem.lookback, problem.lookback_result
    # One that is yet to come is none, nor is one after which the problem was closed anew.
    if (day and day > as_of) or result == village.REBOUND or not (day or result):
        return Step("已销号，待回头看", _TOWN, closed)
    return Step(f"已回头看{f'（{result}）' if result else ''}")


def _by(day: dt.date | None, as_of: dt.date) -> dt.date | None:
    return day if day and day <= as_of else None


def _closings(part: Part, as_of: dt.date) -> Iterator[Line]:
    for problem, own in _own(part):
        status = village.problem_status(problem, own, as_of)
        step = step_of(problem, status, as_of)
        cells = (
            part.village,
            *(shown(problem, each) for each in (Problem.number, Problem.headline)),
            _day(problem, Problem.applied),
            "；".join(_evidence(own)),
            *(_day(problem, Problem.town_day), shown(problem, Problem.town_opinion)),
            *(_day(problem, Problem.county_day), shown(problem, Problem.county_opinion)),
            *(_day(problem, Problem.closed), _day(problem, Problem.lookback)),
            shown(problem, Problem.lookback_result),
            *(status, step.told, step.waits_for or "—"),
            (as_of - step.since).days if step.since and step.waits_for else None,
        )
        yield Line(cells, problem)


def _evidence(own: Iterable[Measure]) -> Iterator[str]:
    """Yield what proves a problem's measures, each piece once."""
    yield from dict.fromkeys(filter(None, (shown(each, Measure.evidence) for each in own)))


# -- the annex ------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """A problem, or a measure of it, as a line of the annex: who answers for what until when."""

    village: str
    problem: str
    number: str
    text: str
    owner: str
    unit: str
    deadline: str
    status: str


def answers(parts: Iterable[Part], as_of: dt.date) -> Iterator[Answer]:
    """Yield every measure under its problem, problems without any, and measures of no problem."""
    for part in parts:
        claimed: set[int] = set()
        for problem, own in _own(part):
            claimed |= set(map(id, own))
            told = " ".join(
                filter(None, (shown(problem, Problem.number), shown(problem, Problem.headline)))
            )
            for measure in own:
                yield _answer(part.village, told, measure, as_of)
            if not own:
                status = village.problem_status(problem, own, as_of)
                yield Answer(
                    part.village,
                    told,
                    number="",
                    text="（没有措施）",
                    owner=shown(problem, Problem.owner),
                    unit="",
                    deadline=shown(problem, Problem.deadline),
                    status=status,
                )
        for measure in part.book.rows(Measure):
            if id(measure) not in claimed:
                yield _answer(part.village, "（没有对应的问题）", measure, as_of)


def _answer(name: str, problem: str, measure: Measure, as_of: dt.date) -> Answer:
    late = days_overdue(measure, as_of)
    status = shown(measure, Measure.status) + (f"\n逾期{late}天" if late else "")
    return Answer(
        name,
        problem,
        number=shown(measure, Measure.number),
        text=shown(measure, Measure.text),
        owner=_answerable(measure),
        unit=shown(measure, Measure.unit),
        deadline=shown(measure, Measure.deadline),
        status=status.strip(),
    )


def _answerable(measure: Measure) -> str:
    """Return who answers for a measure, and in brackets the leader who is over them."""
    leader = shown(measure, Measure.leader)
    told = (shown(measure, Measure.owner), f"（{leader}）" if leader else "")
    return "\n".join(filter(None, told))
