"""What one workbook brings to a rollup: its rows as the ledgers hold them, its findings, its tally.

Law: everything that a rollup says of a village's workbook is in its contribution, so that a
workbook may be read wherever there is room, and forgotten.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from toolkit.cells import Raw, fold
from toolkit.findings import Finding
from toolkit.forms import codes, issuing, ledgers, village
from toolkit.forms.ledgers import Contribution, Line
from toolkit.schema.columns import Column, Row
from toolkit.schema.totals import CENTS, Cell
from toolkit.schema.workbook import Workbook

_MOST_EXACT = 10**15  # from here on a cell's number no longer keeps each digit
QUARTERS = ("社区", "社区居委会", "居委会", "居民委员会")
"""How the names of urban quarters end, which the official statistic counts apart from villages."""


def contribution_of(book: Workbook, findings: Iterable[Finding], as_of: dt.date) -> Contribution:
    """Return what a village's workbook brings, as it stood on a day, with what is found in it."""
    profile = village.profile(book)
    lines = {
        ledgers.ProblemLedger.sheet: tuple(_problems(book, as_of)),
        ledgers.MeasureLedger.sheet: tuple(_measures(book, as_of)),
        ledgers.MeetingLedger.sheet: tuple(_meetings(book, as_of)),
        ledgers.EvaluationLedger.sheet: tuple(_evaluations(book, as_of)),
        ledgers.FindingLine.sheet: tuple(finding_line(f, book.name) for f in findings),
    }
    return Contribution(
        path=book.path,
        name=book.name,
        sha256=book.facts.sha256,
        editor=book.facts.editor,
        saved=book.facts.saved,
        version=book.identity.version,
        code=village.village_code(book),
        issued=book.identity.code,
        village=village.village_name(book),
        town=(profile.town or "") if profile else "",
        year=village.plan_year(book),
        plan_day=village.plan_day_of(book),
        blank=issuing.is_blank(book),
        traits=_traits(book, as_of),
        lines=lines,
        counts={row.__name__.lower(): len(book.rows(row)) for row in book.form.rows},
        tallies=book.tallies,
    )


# -- ledgers ------------------------------------------------------------------------------------


def plain(row: Row, column: Column[Any]) -> Raw:
    """Return what a ledger shows of a cell: its value, else what stands there, word for word."""
    cell = row.field(column)
    if cell.value is None:
        return cell.seen or None
    held = cell.value if isinstance(cell.value, int) else column.kind.plain(cell.value)
    if column in _SUMMED and isinstance(held, float):
        held = round(held, CENTS)
    exact = isinstance(held, str | dt.date) or abs(cast("float", held)) < _MOST_EXACT
    return held if exact and not isinstance(held, bool) else column.kind.text(cell.value)


_SUMMED = frozenset({village.Measure.funds})
"""Amounts that are added up: kept to the cent that a sum keeps, else thirds would not add up."""


def _line(row: Row, book: Workbook, computed: Iterable[Cell], after: Iterable[Cell] = ()) -> Line:
    """Return a row as its ledger holds it: what stands there, what is computed, and from where."""
    own = (plain(row, column) for column in row.columns)
    return (*own, *computed, book.name, row.sheet_title, row.line, *after)


def _problems(book: Workbook, as_of: dt.date) -> Iterator[Line]:
    pairs = village.with_measures(book.rows(village.Problem), book.rows(village.Measure))
    for problem, own in pairs:
        status = village.problem_status(problem, own, as_of)
        yield _line(problem, book, (status,), ("、".join(problem.types or ()),))


def _measures(book: Workbook, as_of: dt.date) -> Iterator[Line]:
    for measure in book.rows(village.Measure):
        days = village.days_overdue(measure, as_of)
        due = measure.deadline.end if measure.deadline else None
        yield _line(measure, book, (village.lot(measure), due, _yes(days > 0), days or None))


def _meetings(book: Workbook, as_of: dt.date) -> Iterator[Line]:
    for meeting in book.rows(village.Meeting):
        day = meeting.day
        period = day.year * 100 + day.month if day else None
        yield _line(meeting, book, (period, _yes(village.took_place(meeting, as_of))))


def _evaluations(book: Workbook, as_of: dt.date) -> Iterator[Line]:
    for survey in book.rows(village.Evaluation):
        yield _line(survey, book, (None, None, _yes(village.took_place(survey, as_of))))


def _yes(so: bool) -> str:  # noqa: FBT001 -- the value itself
    return ledgers.YES if so else ledgers.NO


def finding_line(finding: Finding, file: str) -> Line:
    """Return a finding as the ledger of findings holds it."""
    return (
        finding.level.label,
        finding.rule,
        finding.sheet,
        fold(finding.every_cell),
        finding.header,
        finding.said,
        finding.fix,
        _yes(finding.accepted),
        file,
    )


# -- the village's own lines --------------------------------------------------------------------

_HELPERS = ("county_leader", "town_leader", "first_secretary", "paired_unit")
_YES_NO = ("poor", "vacant", "appointed", "to_replace", "replaced")
_COUNTS = ("trainings", "county_trainings", "campaigns", "offences")
_POSTS = {
    "paired_units": ("结对帮扶单位",),
    "leaders": ("联村县级领导", "包村镇领导"),
    "first_secretaries": ("第一书记",),
    "stationed": ("驻村工作队员",),
}
"""Which roles the official statistic counts under 整顿措施."""


def _traits(book: Workbook, as_of: dt.date) -> dict[str, Raw]:
    """Return what a village's lines say that is not reckoned from the ledgers."""
    profile = village.profile(book)
    people = book.rows(village.Person)
    seen = dict.fromkeys(code for p in book.rows(village.Problem) for code in p.types or ())
    main = profile.main_types or () if profile else ()
    own = (profile.secretary if profile else None) or _called(people, "村党组织书记")
    return {
        "secretary": own,
        "main_types": "、".join(main),
        "problem_types": "、".join(sorted(seen)),
        **{
            name: _called(people, role)
            for name, role in zip(_HELPERS, codes.FOUR_ONES, strict=True)
        },
        **_party_facts(book, profile, people, as_of),
    }


def _called(people: Sequence[village.Person], role: str) -> str:
    return "、".join(dict.fromkeys(p.name for p in people if p.role == role and p.name))


def _party_facts(
    book: Workbook,
    profile: village.Profile | None,
    people: Sequence[village.Person],
    as_of: dt.date,
) -> dict[str, Raw]:
    """Return a village's own numbers in the official statistic, a blank where none is told."""
    name = village.village_name(book)
    facts: dict[str, Raw] = {"sort": "社区" if name.endswith(QUARTERS) else "村"}
    for each in _YES_NO:
        told = getattr(profile, each) if profile else None
        facts[each] = None if told is None else int(told)
    for each in _COUNTS:
        facts[each] = getattr(profile, each) if profile else None
    for each, roles in _POSTS.items():
        posted = (p for p in people if p.role in roles and _is_posted(p, as_of))
        facts[each] = len({p.name for p in posted if p.name})
    facts["raised"] = int(_is_raised(book, as_of))
    return facts


def _is_posted(person: village.Person, as_of: dt.date) -> bool:
    """Say whether a person is in office on that day: neither gone nor yet to come."""
    begun = person.start is None or person.start <= as_of
    return begun and village.in_office(person, as_of)


def _is_raised(book: Workbook, as_of: dt.date) -> bool:
    """Say whether the county's last verdict by that day is that the village has passed."""
    verdicts = [
        (survey.day or dt.date.min, at, survey.verdict)
        for at, survey in enumerate(book.rows(village.Evaluation))
        if survey.level == "县级" and survey.verdict and village.took_place(survey, as_of)
    ]
    return bool(verdicts) and max(verdicts)[-1] == "合格"
