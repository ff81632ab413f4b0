"""Cases made of filled workbooks: what villages answer, what the township has set."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

from toolkit.findings import Level
from toolkit.forms import township, village
from toolkit.rules.catalogue import RULES
from toolkit.rules.rule import Case, Parameters, Place, SheetRef, Stage, Waiver
from toolkit.schema.workbook import Workbook

V = TypeVar("V")

_LEVELS = {
    rule.code: Level.INFO if rule.stage is Stage.TRIAL else rule.level
    for rule in RULES
    if rule.stage is not Stage.RETIRED
}


def case_of(
    books: Sequence[Workbook],
    as_of: date,
    roster: Sequence[township.Village] = (),
    settings: township.Settings | None = None,
) -> Case:
    """Return the case that workbooks make, with their answers and the names of their villages."""
    return Case(
        books=tuple(books),
        as_of=as_of,
        roster=tuple(roster),
        parameters=parameters_of(settings),
        waivers=tuple(waiver for book in books for waiver in waivers_of(book)),
        villages=dict(_villages(books, roster)),
        levels=_LEVELS,
    )


def parameters_of(settings: township.Settings | None) -> Parameters:
    """Return what a township's 参数 decide; what they leave open keeps its default."""
    usual = Parameters()
    if settings is None:
        return usual
    return Parameters(
        year=settings.year,
        first_month=_set(settings.first_month, usual.first_month),
        cutoff_day=_set(settings.cutoff_day, usual.cutoff_day),
        quorum=_set(settings.quorum, usual.quorum),
        due_soon=_set(settings.due_soon, usual.due_soon),
        pass_score=_set(settings.pass_score, usual.pass_score),
        satisfaction=_set(settings.satisfaction, usual.satisfaction),
        tolerance=_set(settings.tolerance, usual.tolerance),
        dissatisfied=_set(settings.dissatisfied, usual.dissatisfied),
        immediate_days=_set(settings.immediate_days, usual.immediate_days),
        lookback_days=_set(settings.lookback_days, usual.lookback_days),
    )


def _set(value: V | None, usual: V) -> V:
    return usual if value is None else value


def waivers_of(book: Workbook) -> Iterator[Waiver]:
    """Yield a village's answers; a row without rule, reason or a readable last day is none."""
    for row in book.rows(village.Waiver):
        if row.rule and row.explanation and not row.field(village.Waiver.until).fault:
            yield Waiver(book.path, row.rule, row.place or "", row.explanation, row.until)


def _villages(
    books: Sequence[Workbook], roster: Sequence[township.Village]
) -> Iterator[tuple[Place, str]]:
    for book in books:
        yield SheetRef(book.path), village.village_name(book)
    for row in roster:
        yield row.cell(township.Village.code), row.village or ""
