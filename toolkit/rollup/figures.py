"""The figures of a month: villages' workbooks and findings into the rollup's rows and values.

Equal input in any order gives an equal rollup.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, cast

from toolkit.cells import Raw, fold
from toolkit.errors import UsageError
from toolkit.findings import Finding
from toolkit.forms import codes, rollup, township, village
from toolkit.forms.rollup import Rollup, Source
from toolkit.rollup import words
from toolkit.rollup.balance import check_balance, check_rows
from toolkit.rollup.entries import Entry, Record, entries_of, source_order
from toolkit.rollup.reckoner import ORDER, Reckoner, Records
from toolkit.schema.columns import Column, Row
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.months import due_months
from toolkit.schema.totals import Live, value_of
from toolkit.schema.workbook import Workbook

_MOST_EXACT = 10**15  # from here on a cell's number no longer keeps each digit
_LOCAL = "本地类型"  # one that nobody has named
_FINGERPRINT = 12  # characters of a SHA-256, enough to tell a township's files apart


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What is reported on, as of which day, and by when villages must have met."""

    year: int
    month: int
    as_of: dt.date
    first_month: int
    cutoff_day: int

    def due(self, plan_day: dt.date | None) -> range:
        """Return the months, to the one reported on, in which a village had to meet."""
        due = due_months(
            self.year,
            self.as_of,
            plan_day,
            first_month=self.first_month,
            cutoff_day=self.cutoff_day,
        )
        return range(due.start, min(due.stop, self.month + 1))


def consolidate(  # noqa: PLR0913 -- what a month is made from
    books: Sequence[Workbook],
    findings: Sequence[Finding],
    sources: Sequence[Source],
    *,
    roster: Sequence[township.Village],
    as_of: dt.date,
    month: str,
    first_month: int,
    cutoff_day: int,
    types: Sequence[township.TypeCode] = (),
    town: str = "",
    plan_year: int | None = None,
    month_before: str = MonthBefore.STRICT.value,
) -> Rollup:
    """Return the rollup of the books as they stood on a day, for a month written YYYY-MM.

    Each book is one of the sources that were taken; every source is listed. Books of another year
    than `plan_year` are left out; untold, it is most books' year. `month_before` says how their
    “X月前” were read. Without a `town` the title bears the one that all books name. Raises
    UsageError for a month that is none or is yet to come, ToolkitError if rows or files do not
    add up.
    """
    year, number = _year_and_month(month, as_of)
    calendar = _Calendar(year, number, as_of, first_month, cutoff_day)
    entries = entries_of(books, sources, roster, township.year_of(books, plan_year, year))
    taken = [book for entry in entries for book in entry.books]
    due_months = tuple(calendar.due(None))
    records = _records(
        entries,
        _finding_lines(entries, findings, roster),
        _source_files(entries, sources),
        calendar,
        types,
    )
    reckoner = Reckoner(records, year, number, due_months)
    tables = {row: reckoner.table(row) for row in ORDER}
    formulas = {**dict(rollup.CARDS), **({} if roster else rollup.WITHOUT_ROSTER)}
    cards = {
        label: how if isinstance(how, str) else Live(how, reckoner.value(how, {}))
        for label, how in formulas.items()
    }
    told = words.Month(
        as_of=as_of,
        number=number,
        due=number in due_months,
        cards={label: value_of(card) for label, card in cards.items()},
        tables=tables,
    )
    made = Rollup(
        title=f"{town or _town(taken)}软弱涣散党组织整顿工作月度汇总（{year}年{number}月）",
        as_of=as_of,
        year=year,
        month=number,
        due_months=due_months,
        tables={row: tables[row] for row in rollup.ROWS},
        cards=tuple(cards.values()),
        alarms=tuple(words.alarms(entries)),
        left_out=tuple(
            f"{entry.label}：{entry.fate.removeprefix(rollup.REFUSED)}"
            for entry in entries
            if not entry.books
        ),
        remarks=tuple(words.remarks(entries, sources, roster)),
        notes=tuple(words.notes(month_before)),
        text=words.in_words(told, entries),
        links={entry.number: entry.link for entry in entries if entry.books},
    )
    check_balance(made)
    check_rows(made, taken)
    return made


def _year_and_month(month: str, as_of: dt.date) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", month)
    if match is None:
        raise UsageError(f"月份“{month}”读不出来。请写成 2022-10 的样子。")
    year, number = int(match[1]), int(match[2])
    if (year, number) > (as_of.year, as_of.month):
        raise UsageError(f"汇总月份 {month} 晚于数据截止日 {as_of}，请核对 --month 和 --as-of。")
    return year, number


def _town(books: Iterable[Workbook]) -> str:
    """Return the town that all books name, "" where they name none or several."""
    profiles = [village.profile(book) for book in books]
    towns = {profile.town for profile in profiles if profile and profile.town}
    return next(iter(towns)) if len(towns) == 1 else ""


# -- rows ---------------------------------------------------------------------------------------


def _records(
    entries: Sequence[Entry],
    findings: list[Record],
    files: list[Record],
    calendar: _Calendar,
    types: Sequence[township.TypeCode],
) -> Records:
    """Return the rows of every table, without what is reckoned."""
    taken = [entry for entry in entries if entry.books]
    measures = [record for entry in taken for record in _measures(entry, calendar.as_of)]
    numbered: list[Record] = [
        {"village_no": entry.number, "village": entry.name} for entry in entries
    ]
    of_town: list[Record] = [{"village_no": rollup.TOWN_NO, "village": rollup.TOWN}]
    if all(record["village_no"] != rollup.TOWN_NO for record in findings):
        of_town = []
    return {
        rollup.ProblemLedger: [
            record for entry in taken for record in _problems(entry, calendar.as_of)
        ],
        rollup.MeasureLedger: measures,
        rollup.MeetingLedger: [
            record for entry in taken for record in _meetings(entry, calendar.as_of)
        ],
        rollup.EvaluationLedger: [
            record for entry in taken for record in _evaluations(entry, calendar.as_of)
        ],
        rollup.OverdueLine: sorted(
            (record for record in measures if record["late"] == rollup.YES),
            key=lambda record: -cast("int", record["days_late"]),  # stable: then by village
        ),
        rollup.FindingLine: findings,
        rollup.CheckCount: [*numbered, *of_town],
        rollup.MeetingCount: [
            numbered[entry.number - 1] | {"since": _first_due(entry, calendar)} for entry in taken
        ],
        rollup.MeetingDays: [_meeting_days(entry, calendar) for entry in taken],
        rollup.Village: [*map(_village, entries), *of_town],
        rollup.TypeLine: _type_lines(taken, types),
        rollup.Summary: numbered,
        rollup.SourceFile: files,
        rollup.Balance: [{"ledger": ledger.sheet} for ledger in rollup.LEDGERS.values()],
    }


def _plain(row: Row, column: Column[Any]) -> Raw:
    """Return what a ledger shows of a cell: its value, else what stands there, word for word."""
    cell = row.field(column)
    if cell.value is None:
        return cell.seen or None
    plain = cell.value if isinstance(cell.value, int) else column.kind.plain(cell.value)
    exact = isinstance(plain, str | dt.date) or abs(cast("float", plain)) < _MOST_EXACT
    return plain if exact and not isinstance(plain, bool) else column.kind.text(cell.value)


def _ledger(entry: Entry, row: type[Row], rows: Iterable[Row] | None = None) -> Iterator[Record]:
    """Yield a village's rows as its ledger holds them: whose, what, and from where."""
    for book in entry.books:
        for filled in book.rows(row) if rows is None else rows:
            record: Record = entry.stamp()
            record |= {column.name: _plain(filled, column) for column in row.columns}
            record |= {
                "source_file": book.name,
                "source_sheet": filled.sheet_title,
                "source_line": filled.line,
            }
            yield record


def _measures(entry: Entry, as_of: dt.date) -> Iterator[Record]:
    measures = entry.rows(village.Measure)
    for measure, record in zip(measures, _ledger(entry, village.Measure), strict=True):
        days = village.days_overdue(measure, as_of)
        yield record | {
            "lot": village.lot(measure),
            "due": measure.deadline.end if measure.deadline else None,
            "late": _yes(days > 0),
            "days_late": days or None,
        }


def _problems(entry: Entry, as_of: dt.date) -> Iterator[Record]:
    pairs = village.with_measures(entry.rows(village.Problem), entry.rows(village.Measure))
    for (problem, own), record in zip(pairs, _ledger(entry, village.Problem), strict=True):
        yield record | {
            "problem_status": village.problem_status(problem, own, as_of),
            "counted_types": "、".join(problem.types or ()),
        }


def _meetings(entry: Entry, as_of: dt.date) -> Iterator[Record]:
    meetings = entry.rows(village.Meeting)
    for meeting, record in zip(meetings, _ledger(entry, village.Meeting), strict=True):
        day = meeting.day
        yield record | {
            "period": day.year * 100 + day.month if day else None,
            "counts": _yes(village.took_place(meeting, as_of)),
        }


def _evaluations(entry: Entry, as_of: dt.date) -> Iterator[Record]:
    surveys = entry.rows(village.Evaluation)
    for survey, record in zip(surveys, _ledger(entry, village.Evaluation), strict=True):
        yield record | {"counts": _yes(village.took_place(survey, as_of))}


def _yes(so: bool) -> str:  # noqa: FBT001 -- the value itself
    return rollup.YES if so else rollup.NO


def _first_due(entry: Entry, calendar: _Calendar) -> int:
    """Return the first month in which a village has to meet."""
    return calendar.due(village.plan_day_of(entry.books[0])).start


def _meeting_days(entry: Entry, calendar: _Calendar) -> Record:
    """Return the days of a village's meetings, month by month."""
    held = [m for m in entry.rows(village.Meeting) if village.took_place(m, calendar.as_of)]
    days = sorted(m.day for m in held if m.day and m.day.year == calendar.year)
    months: Record = {
        f"d{number:02d}": "、".join(f"{day.day}日" for day in days if day.month == number)
        for number in range(1, 13)
    }
    return {"village_no": entry.number, "village": entry.name, **months}


def _village(entry: Entry) -> Record:
    profile = next((village.profile(book) for book in entry.books), None)
    people = entry.rows(village.Person)
    problems = entry.rows(village.Problem)
    main = profile.main_types or () if profile else ()
    seen = dict.fromkeys(code for problem in problems for code in problem.types or ())

    def called(role: str) -> str:
        return "、".join(dict.fromkeys(p.name for p in people if p.role == role and p.name))

    own = profile.secretary if profile and profile.secretary else ""
    helpers = ("county_leader", "town_leader", "first_secretary", "paired_unit")
    return {
        **entry.stamp(),
        "listed": entry.listed,
        "fate": entry.fate,
        "taken": rollup.TWICE if entry.listed == rollup.TWICE else _yes(bool(entry.books)),
        "secretary": own or called("村党组织书记") or entry.secretary,
        "main_types": "、".join(main),
        "problem_types": "、".join(sorted(seen)),
        **dict(zip(helpers, map(called, codes.FOUR_ONES), strict=True)),
    }


def _type_lines(taken: Sequence[Entry], types: Sequence[township.TypeCode]) -> list[Record]:
    """Return the agreed types, those the township has added, then those only villages name.

    The national types are everywhere the same; a local one is called as the township calls it.
    """
    agreed = codes.TYPES.terms
    lines: dict[str, Record] = {
        term.code: {"code": term.code, "label": term.label, "text": term.text} for term in agreed
    }
    for own in types:
        code = (own.code or "").upper()
        if re.fullmatch(codes.LOCAL_TYPE, code, re.ASCII):
            lines[code] = {"code": code, "label": own.label or _LOCAL, "text": own.text or ""}
    named: set[str] = set()
    for entry in taken:
        for profile in entry.rows(village.Profile):
            named.update(profile.main_types or ())
        for problem in entry.rows(village.Problem):
            named.update(problem.types or ())
    for code in sorted(named - lines.keys()):
        lines[code] = {"code": code, "label": _LOCAL, "text": ""}
    return list(lines.values())


def _finding_lines(
    entries: Sequence[Entry], findings: Sequence[Finding], roster: Sequence[township.Village]
) -> list[Record]:
    """Return the findings in the villages' order, the gravest first, the township's own last."""
    of_book = {book.path: entry for entry in entries for book in entry.books}
    of_book |= {book.path: entry for entry in entries for book, _ in entry.others}
    of_refused = {source.file: entry for entry in entries for source in entry.refused}
    of_line = {entry.code: entry for entry in entries if entry.listed == rollup.YES}

    def entry_of(finding: Finding) -> Entry | None:
        found = of_book.get(finding.file) or of_refused.get(PurePath(finding.file).name)
        if found or not finding.village:
            return found
        line = township.find(roster, [finding.seen], finding.village)  # one that is missing
        return of_line.get(line.code or "") if line else None

    def order(pair: tuple[Entry | None, Finding]) -> tuple[Any, ...]:
        entry, finding = pair
        number = entry.number if entry else len(entries) + 1
        file = PurePath(finding.file).name
        place = (file, finding.sheet, finding.rule, finding.every_cell, finding.message)
        return (number, finding.level.rank, *place)

    return [
        {
            "village_no": entry.number if entry else rollup.TOWN_NO,
            "village": entry.name if entry else rollup.TOWN,
            "level": finding.level.label,
            "rule": finding.rule,
            "place": finding.sheet,
            "cells": fold(finding.every_cell),
            "header": finding.header,
            "message": finding.said,
            "fix": finding.fix,
            "accepted": _yes(finding.accepted),
            "source_file": PurePath(finding.file).name,
        }
        for entry, finding in sorted(((entry_of(f), f) for f in findings), key=order)
    ]


def _source_files(entries: Sequence[Entry], sources: Sequence[Source]) -> list[Record]:
    """Return every file that was seen, those in the rollup first, with the rows read from it."""
    by_key = {(s.file, s.sha256, s.link or s.file): s for s in sources if s.taken}
    records: list[Record] = []
    for entry in entries:
        for book in entry.books:
            source = by_key[book.name, book.facts.sha256, entry.link]
            counts = {row.__name__.lower(): len(book.rows(row)) for row in rollup.COUNTED}
            records.append({**_seen(source), **entry.stamp(), **counts})
    others = [source for entry in entries for _, source in entry.others]
    refused = sorted([*others, *(s for s in sources if not s.taken)], key=source_order)
    records.extend({**_seen(source), "village_no": None} for source in refused)
    return records


def _seen(source: Source) -> Record:
    return {
        "file": source.link or source.file,
        "village_code": source.code,
        "village": source.village,
        "fate": source.fate,
        "version": source.version,
        "editor": source.editor,
        "fingerprint": source.sha256[:_FINGERPRINT],
        "sha256": source.sha256,
    }
