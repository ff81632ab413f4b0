"""Cases made of filled workbooks: what villages answer, what the township has set."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cache
from itertools import chain, starmap

from toolkit.findings import Level
from toolkit.forms import township, village
from toolkit.forms.parameters import Parameters
from toolkit.rules.catalogue import RULES
from toolkit.rules.rule import Case, Place, Rule, SheetRef, Stage, Waiver
from toolkit.rules.terms import last_day, rows_of
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.workbook import Workbook

_ALSO_WARN = frozenset({"L102", "L116", "X405", "X406", "X407", "X413"})
"""Rules at level 必改 that only warn where the fault is less certain; a test finds them all."""


def _answerable(rule: Rule) -> Level:
    """Return the level by which a waiver may name a rule."""
    if rule.stage is Stage.TRIAL:
        return Level.INFO
    return Level.WARNING if rule.code in _ALSO_WARN else rule.level


_LEVELS = {rule.code: _answerable(rule) for rule in RULES if rule.stage is not Stage.RETIRED}


_USUAL = Parameters()


def case_of(
    books: Sequence[Workbook],
    as_of: date,
    roster: Sequence[township.Village] = (),
    parameters: Parameters = _USUAL,
    *,
    waivers: Sequence[Waiver] | None = None,
) -> Case:
    """Return the case that workbooks make, with their answers and the names of their villages.

    Answers that are known already are not looked for.
    """
    case = Case(
        books=tuple(books),
        as_of=as_of,
        roster=tuple(roster),
        parameters=parameters,
        villages=dict(_villages(books, roster)),
        levels=_LEVELS,
    )
    if waivers is None:
        waivers = [waiver for book in books for waiver in _answers(book, case)]
    return replace(case, waivers=tuple(waivers))


_Warned = tuple[tuple[Sequence[Place], str], ...]


def _answers(book: Workbook, case: Case) -> Iterator[Waiver]:
    """Yield a village's answers, with the sheet that is meant and whether they answer anything."""
    own = replace(case, books=(book,))

    @cache
    def warned(code: str) -> _Warned:
        return tuple(_warned(code, own))

    for waiver in waivers_of(book):
        if not (waiver.keys or waiver.reach[1] or waiver.months):
            yield waiver  # of a sheet, or of all
            continue
        found = tuple(chain.from_iterable(map(warned, waiver.codes)))
        placed = _placed(waiver, [places[0] for places, _ in found])
        alone = not any(rule.together for rule in RULES if rule.code in waiver.codes)
        yield replace(placed, idle=alone and not any(starmap(placed.covers, found)))


def _warned(code: str, own: Case) -> Iterator[tuple[Sequence[Place], str]]:
    """Yield where a rule warns in a workbook, and of what."""
    for rule in RULES:
        if rule.code == code and not rule.together and rule.stage is Stage.ACTIVE:
            for places, message, *levels in rule(own):
                if (*levels, rule.level)[0] is Level.WARNING:
                    yield places, message


def _placed(waiver: Waiver, warned: Sequence[Place]) -> Waiver:
    """Return an answer that names cells alone with the sheet that is meant, where it is certain.

    That is the only one on which its rules warn, else the only one whose cell they warn of.
    """
    sheet, areas = waiver.reach
    if sheet or not areas or waiver.rows:
        return waiver
    titles = {at.sheet for at in warned}
    if len(titles) > 1:
        titles = {at.sheet for at in warned if waiver.spans(at)}
    return replace(waiver, sheet=titles.pop()) if len(titles) == 1 else waiver


def parameters_of(settings: township.Settings | None) -> Parameters:
    """Return what a township's 参数 decide; what they leave open keeps its default."""
    if settings is None:
        return Parameters()
    told = {each.name: getattr(settings, each.name) for each in fields(Parameters)}
    told["month_before"] = MonthBefore(settings.month_before) if settings.month_before else None
    return Parameters(**{name: value for name, value in told.items() if value is not None})


def waivers_of(book: Workbook) -> Iterator[Waiver]:
    """Yield a village's answers; a row without rule, reason or a readable last day is none."""
    for row in book.rows(village.Waiver):
        if row.rule and row.explanation and not row.field(village.Waiver.until).fault:
            until = last_day(row, book)
            waiver = Waiver(book.path, row.rule, row.place or "", row.explanation, until)
            yield replace(waiver, rows=rows_of(waiver, book)) if waiver.keys else waiver


def _villages(
    books: Sequence[Workbook], roster: Sequence[township.Village]
) -> Iterator[tuple[Place, str]]:
    for book in books:
        yield SheetRef(book.path), village.village_name(book)
    for row in roster:
        yield row.cell(township.Village.code), row.village or ""
