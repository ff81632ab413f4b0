"""Terms of office and of the plan: who holds a post on a day, which year and month count."""

from collections.abc import Iterable, Iterator
from datetime import date

from toolkit.forms.village import Meeting, Person, Waiver, in_office, plan_day_of, plan_year
from toolkit.rules.rule import Case
from toolkit.rules.rule import Waiver as Answer
from toolkit.schema.workbook import Workbook

_LAST_MONTH, _LAST_DAY = 12, 31


def people_in_office(case: Case, roles: Iterable[str] | None = None) -> Iterator[Person]:
    """Yield who is at work on the day of the check, in some roles or in any."""
    wanted = None if roles is None else frozenset(roles)
    for person in case.rows(Person):
        if in_office(person, case.as_of) and (wanted is None or person.role in wanted):
            yield person


def year_in_force(case: Case, book: Workbook) -> int | None:
    """Return the year of a village's plan, None where T704 says that it is the wrong one."""
    year, decided = plan_year(book), case.parameters.year
    return None if decided and year != decided else year


def plan_day_in_force(case: Case, book: Workbook) -> date | None:
    """Return the day of a village's plan, None where D519 says that it is in another year."""
    day, year = plan_day_of(book), year_in_force(case, book)
    return None if day and year and day.year != year else day


def is_of_another_year(meeting: Meeting, year: int | None) -> bool:
    """Say whether a meeting's day is not in the plan's year; D510 alone speaks of it."""
    return bool(year and meeting.day and meeting.day.year != year)


def last_day(waiver: Waiver, book: Workbook) -> date | None:
    """Return the last day of an answer: as told, else of the plan's year, as the form says."""
    if waiver.until or not waiver.field(Waiver.until).empty:
        return waiver.until
    year = plan_year(book)
    return date(year, _LAST_MONTH, _LAST_DAY) if year else None


def rows_of(answer: Answer, book: Workbook) -> frozenset[tuple[str, int]]:
    """Return sheet and line of the rows whose keys an answer names; on its sheet, if it has one."""
    title = answer.reach[0]
    return frozenset(
        (sheet.title, row.line)
        for sheet in book.sheets.values()
        if sheet.row.key and (not title or answer.names(sheet.title))
        for row in sheet.rows
        if row.field(sheet.row.key).value in answer.keys
    )
