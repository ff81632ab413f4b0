"""The figures of a month: what the workbooks bring, made into the rollup's rows and values.

Equal input in any order gives an equal rollup.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from toolkit.errors import UsageError
from toolkit.findings import Finding
from toolkit.findings import Level as Gravity
from toolkit.forms import codes, ledgers, rollup, township, village
from toolkit.forms.ledgers import Contribution, Line, Record
from toolkit.forms.parameters import Parameters
from toolkit.forms.rollup import Level, Rollup, Source
from toolkit.rollup import words
from toolkit.rollup.balance import check_balance, check_seen
from toolkit.rollup.contributions import finding_line
from toolkit.rollup.entries import (
    Entries,
    Entry,
    contribution_order,
    entries_of,
    in_short,
    source_order,
)
from toolkit.rollup.past import Past, compared
from toolkit.rollup.reckoner import Lines, Reckoner
from toolkit.schema.columns import Row
from toolkit.schema.months import due_months
from toolkit.schema.totals import Live, value_of
from toolkit.schema.workbook import Tally

_LOCAL = "本地类型"  # one that nobody has named
_FINGERPRINT = 12  # characters of a SHA-256, enough to tell a township's files apart


@dataclass(frozen=True)
class Terms:
    """What a rollup is of, and what it is reckoned by.

    `month` is written YYYY-MM; `as_of` is the day on which everything is looked at.
    """

    as_of: dt.date
    month: str
    level: Level = Level.TOWNSHIP
    county: str = ""
    town: str = ""
    parameters: Parameters = field(default_factory=Parameters)
    remarks: tuple[str, ...] = ()
    types: tuple[township.TypeCode, ...] = ()
    roster: tuple[township.Village, ...] = ()


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What is reported on, as of which day, and by when villages must have met."""

    year: int
    month: int
    as_of: dt.date
    parameters: Parameters

    def due(self, plan_day: dt.date | None) -> range:
        """Return the months, to the one reported on, in which a village had to meet."""
        due = due_months(
            self.year,
            self.as_of,
            plan_day,
            first_month=self.parameters.first_month,
            cutoff_day=self.parameters.cutoff_day,
        )
        return range(due.start, min(due.stop, self.month + 1))


def consolidate(  # noqa: PLR0913 -- what a month is made from
    brought: Sequence[Contribution],
    sources: Sequence[Source],
    terms: Terms,
    *,
    findings: Sequence[Finding] = (),
    of_towns: Sequence[tuple[str, Line]] = (),
    past: Past | None = None,
    way: Callable[[str], str] = str,
) -> Rollup:
    """Return the rollup of what workbooks have brought.

    `sources` are the files that brought nothing, `findings` those on no village's workbook,
    `of_towns` the lines of those in townships' rollups; `way` leads from the rollup to a file.
    Workbooks of another year than the township's are left out; untold, it is most workbooks' year.
    Without a town the title bears the one that all workbooks name. Raises UsageError for a month
    that is none or is yet to come, ToolkitError if rows or figures do not add up.
    """
    year, number = _year_and_month(terms.month, terms.as_of)
    calendar = _Calendar(year, number, terms.as_of, terms.parameters)
    plan_year = township.most_years((each.year for each in brought), terms.parameters.year, year)
    entries = entries_of(brought, sources, terms.roster, plan_year)
    meant = terms.parameters.month_before
    changes = compared(entries, past, terms.month, year, meant)
    found = [
        *_finding_lines(entries, brought, findings, terms),
        *((rollup.TOWN_NO, town, rollup.TOWN_ITSELF, *line) for town, line in of_towns),
    ]
    lines = _lines(entries, found, terms, calendar)
    lines |= _files(entries, brought, sources, way)
    lines[ledgers.ChangeLine] = [
        _stamped(entries.villages[number - 1], change) if number else (0, town, name, *change)
        for number, town, name, change in changes.lines
    ]
    gone = _gone(entries, sources, terms, past)
    names = _names(rollup.TownChanges)
    lines[rollup.TownChanges] = [
        *lines[rollup.TownChanges],
        *(tuple(map({"town": town}.get, names)) for town in gone),
    ]
    reckoner = Reckoner(terms.level, lines, year, number)
    earlier = [line for line in past.history if str(line[0]) < terms.month] if past else []
    reckoner.history(earlier, terms.month, terms.as_of)
    tables = {row: reckoner.table(row) for row in reckoner.order}
    formulas = {**dict(rollup.CARDS), **({} if _known(entries) else rollup.WITHOUT_ROSTER)}
    cards = {
        label: how if isinstance(how, str) else Live(how, reckoner.value(how, {}))
        for label, how in formulas.items()
    }
    told = words.Month(
        as_of=terms.as_of,
        number=number,
        cards={label: value_of(card) for label, card in cards.items()},
        tables=tables,
    )
    made = Rollup(
        level=terms.level,
        title=f"{in_short(_whose_it_is(terms, entries))}{_TITLE}（{year}年{number}月）",
        as_of=terms.as_of,
        year=year,
        month=number,
        tables={row: tables[row] for row in rollup.TABLES[terms.level]},
        cards=tuple(cards.values()),
        alarms=tuple(words.alarms(entries)),
        left_out=tuple(_left_out(entries, sources, terms.level, gone)),
        remarks=tuple(
            words.remarks(
                entries,
                sources,
                terms.roster,
                (*terms.remarks, *_unlisted_towns(terms, past)),
                of_county=terms.level is Level.COUNTY,
            )
        ),
        notes=tuple(words.notes(terms.parameters.month_before.value)),
        text=words.in_words(told, entries.villages),
        changed=changes.text,
        links={entry.number: way(_brought(entry).path) for entry in entries.taken},
    )
    check_balance(made)
    check_seen(made, _names_seen(brought, sources, way))
    return made


def _gone(
    entries: Entries, sources: Sequence[Source], terms: Terms, past: Past | None
) -> Mapping[str, int]:
    """Return the townships of the month before of which nothing came in, with their villages."""
    if past is None:
        return {}
    refused = (each.village for each in sources if each.fate.startswith(rollup.REFUSED))
    return past.gone(terms.month, (*(entry.town for entry in entries.villages), *refused))


def _unlisted_towns(terms: Terms, past: Past | None) -> Iterator[str]:
    """Yield the word that nobody can tell which townships of a county are lacking."""
    known = past is not None and past.period < terms.month and past.towns
    if terms.level is Level.COUNTY and not known:
        yield "没有乡镇名册，各镇是否报齐请自行核对。"


def _left_out(
    entries: Entries, sources: Sequence[Source], level: Level, gone: Mapping[str, int]
) -> Iterator[str]:
    """Yield who is not in the figures, and why; of a county also the townships."""
    for town, villages in gone.items():
        yield f"{in_short(town)}：上月有，本月没有收到（{villages}个村）"
    for source in sorted(sources, key=source_order) if level is Level.COUNTY else ():
        if source.fate.startswith(rollup.REFUSED):
            yield f"{source.village or source.file}：{source.fate.removeprefix(rollup.REFUSED)}"
    for entry in entries.villages:
        if not entry.brought:
            yield f"{entry.label}：{entry.fate.removeprefix(rollup.REFUSED)}"


def _year_and_month(month: str, as_of: dt.date) -> tuple[int, int]:
    match = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", month)
    if match is None:
        raise UsageError(f"月份“{month}”读不出来。请写成 2022-10 的样子。")
    year, number = int(match[1]), int(match[2])
    if (year, number) > (as_of.year, as_of.month):
        raise UsageError(f"汇总月份 {month} 晚于数据截止日 {as_of}，请核对 --month 和 --as-of。")
    return year, number


_TITLE = "软弱涣散党组织整顿工作月度汇总"


def _known(entries: Entries) -> bool:
    """Say whether every village can be counted: a roster has told which there are, or several."""
    return all(entry.listed for entry in entries.villages)


def _whose_it_is(terms: Terms, entries: Entries) -> str:
    """Return whose rollup it is: as told, else what all workbooks name, "" where they differ."""
    told = terms.county if terms.level is Level.COUNTY else terms.town
    towns = {entry.town for entry in entries.taken if entry.town}
    if told or terms.level is Level.COUNTY:
        return told
    return next(iter(towns)) if len(towns) == 1 else ""


# -- lines ----------------------------------------------------------------------------------------


def _stamped(entry: Entry | None, line: Line) -> Line:
    """Return a line behind whose it is, without the code; the township's own where nobody's."""
    if entry is None:
        return (rollup.TOWN_NO, "", rollup.TOWN_ITSELF, *line)
    return (entry.number, entry.town, entry.name, *line)


def _coded(entry: Entry, line: Line) -> Line:
    """Return a ledger's line behind whose it is."""
    return (entry.number, entry.town, entry.code, entry.name, *line)


def _lines(
    entries: Entries,
    found: Sequence[Line],
    terms: Terms,
    calendar: _Calendar,
) -> Lines:
    """Return the lines of every table, without what is reckoned."""
    taken = entries.taken
    lines: Lines = {
        ledger: [
            _coded(entry, line)
            for entry in taken
            for line in _brought(entry).lines.get(ledger.sheet, ())
        ]
        for ledger in ledgers.LEDGERS.values()
    }
    lines[ledgers.OverdueLine] = _overdue(lines[ledgers.MeasureLedger])
    lines[ledgers.FindingLine] = found
    of_town: list[Record] = [{"village_no": rollup.TOWN_NO, "village": rollup.TOWN_ITSELF}]
    if all(line[0] != rollup.TOWN_NO for line in found):
        of_town = []
    named: list[Record] = [entry.stamp() for entry in entries.villages]
    by_town: list[Record] = [
        {"town": town} for town in dict.fromkeys(entry.town for entry in entries.villages)
    ]
    types = list(_types(taken, terms.types))
    asked: dict[type[Row], Sequence[Record]] = {
        rollup.Village: [*map(_village, entries.villages, _due(entries, calendar)), *of_town],
        rollup.TypeLine: types,
        rollup.Summary: named,
        rollup.MeetingCount: [
            entry.stamp() | due
            for entry, due in zip(entries.villages, _due(entries, calendar), strict=True)
            if entry.brought
        ],
        rollup.MeetingDays: [_meeting_days(entry, calendar) for entry in taken],
        rollup.CheckCount: [*named, *of_town],
        rollup.ChangeCount: [entry.stamp() for entry in taken],
        rollup.PartyLine: [entry.stamp() | dict(_brought(entry).traits) for entry in taken],
        rollup.PartyTotal: [{"sort": sort} for sort in _SORTS],
        rollup.Balance: [{"item": item} for item in _items()],
        rollup.Scope: [_scope(terms, entries, calendar)],
        **dict.fromkeys(_BY_TOWN, by_town),
    }
    for row, records in asked.items():
        lines[row] = _in_order(row, records)
    return lines


def _in_order(row: type[Row], records: Iterable[Record]) -> list[Line]:
    """Return records as lines of a table."""
    names = _names(row)
    return [tuple(map(record.get, names)) for record in records]


_SORTS = (rollup.VILLAGE_SORT, rollup.QUARTER_SORT)
_BY_TOWN = (
    rollup.TownSummary,
    rollup.TownMeetings,
    rollup.TownChecks,
    rollup.TownChanges,
    rollup.PartyTown,
)


def _names(row: type[Row]) -> list[str]:
    return [column.name for column in row.columns]


def _brought(entry: Entry) -> Contribution:
    return cast("Contribution", entry.brought)


def _items() -> Iterator[str]:
    yield from (label for label, _, _ in rollup.HEADLINES)
    yield from (f"{ledger.sheet}行数" for ledger in ledgers.LEDGERS.values())
    yield "有内容的行"


def _overdue(measures: Sequence[Line]) -> list[Line]:
    """Return the overdue measures, the latest first, then in the villages' order."""
    names = _names(ledgers.MeasureLedger)
    late, days = names.index("late"), names.index("days_late")
    taken = [names.index(name) for name in _names(ledgers.OverdueLine) if name != "card"]
    card_at = _names(ledgers.OverdueLine).index("card")
    found: list[Line] = []
    for line in sorted(
        (line for line in measures if line[late] == ledgers.YES),
        key=lambda line: -cast("int", line[days]),
    ):
        own = [line[at] for at in taken]
        own.insert(card_at, ledgers.card(cast("int", line[days])))
        found.append(tuple(own))
    return found


def _due(entries: Entries, calendar: _Calendar) -> list[Record]:
    """Return from which month to which each village had to meet, blanks of those left out."""
    return [
        dict(zip(("since", "until"), _months(entry.brought, calendar), strict=True))
        if entry.brought
        else {}
        for entry in entries.villages
    ]


def _months(brought: Contribution, calendar: _Calendar) -> tuple[int, int]:
    """Return the first and the last month: as the township told, else by the calendar."""
    due = calendar.due(brought.plan_day)
    since, until = brought.since or due.start, brought.until
    return since, max(due.stop - 1, 0) if until is None else until


def _meeting_days(entry: Entry, calendar: _Calendar) -> Record:
    """Return the days of a village's meetings, month by month."""
    names = [column.name for column in village.Meeting.columns]
    day_at = names.index("day")
    counts_at = _names(ledgers.MeetingLedger).index("counts") - len(ledgers.OF_VILLAGE)
    held = [
        cast("dt.date", line[day_at])
        for line in _brought(entry).lines.get(ledgers.MeetingLedger.sheet, ())
        if line[counts_at] == ledgers.YES and isinstance(line[day_at], dt.date)
    ]
    days = sorted(day for day in held if day.year == calendar.year)
    months: Record = {
        f"d{number:02d}": "、".join(f"{day.day}日" for day in days if day.month == number)
        for number in range(1, 13)
    }
    return entry.stamp() | months


def _village(entry: Entry, due: Record) -> Record:
    traits = dict(entry.brought.traits) if entry.brought else {}
    secretary = traits.pop("secretary", "") or entry.secretary
    return {
        **entry.stamp(),
        **traits,
        "secretary": secretary,
        "listed": entry.listed,
        "fate": entry.fate,
        "taken": ledgers.YES if entry.brought else ledgers.NO,
        **due,
    }


def _types(taken: Sequence[Entry], types: Sequence[township.TypeCode]) -> Iterator[Record]:
    """Yield the agreed types, those the township has added, then those only villages name.

    The national types are everywhere the same; a local one is called as the township calls it.
    """
    lines: dict[str, Record] = {
        term.code: {"code": term.code, "label": term.label, "text": term.text}
        for term in codes.TYPES.terms
    }
    for own in types:
        code = (own.code or "").upper()
        if re.fullmatch(codes.LOCAL_TYPE, code, re.ASCII):
            lines[code] = {"code": code, "label": own.label or _LOCAL, "text": own.text or ""}
    named: set[str] = set()
    for entry in taken:
        traits = _brought(entry).traits
        told = "、".join(str(traits.get(name) or "") for name in ("main_types", "problem_types"))
        named.update(filter(None, told.split("、")))
    for code in sorted(named - lines.keys()):
        lines[code] = {"code": code, "label": _LOCAL, "text": ""}
    yield from lines.values()


def _scope(terms: Terms, entries: Entries, calendar: _Calendar) -> Record:
    told, of_county = terms.parameters, terms.level is Level.COUNTY
    return {
        "level": "县" if of_county else "镇",
        "county": terms.county,
        "town": "" if of_county else _whose_it_is(terms, entries),
        "year": calendar.year,
        "period": terms.month,
        "as_of": terms.as_of,
        "first_month": told.first_month,
        "cutoff_day": told.cutoff_day,
        "month_before": told.month_before.value,
        "roster": ledgers.YES if _known(entries) else ledgers.NO,
    }


# -- findings -------------------------------------------------------------------------------------


def _finding_lines(
    entries: Entries,
    brought: Sequence[Contribution],
    findings: Sequence[Finding],
    terms: Terms,
) -> list[Line]:
    """Return the findings in the villages' order, the gravest first, the township's own last."""
    of_path: dict[str, Entry] = {}
    for entry in entries.villages:
        of_path |= dict.fromkeys(entry.aside, entry)
        if entry.brought:
            of_path[entry.brought.key] = entry
    of_line = {
        (entry.code, entry.name): entry for entry in entries.villages if entry.listed == ledgers.YES
    }

    def entry_of(finding: Finding) -> Entry | None:
        name = re.split(r"[\\/]", finding.file)[-1]
        found = of_path.get(finding.file) or of_path.get(name)
        if found or not finding.village:
            return found
        line = township.find(terms.roster, [finding.seen], finding.village)  # one that is missing
        return of_line.get(township.line_key(line)) if line else None

    pairs: list[tuple[Entry | None, Line]] = [
        (of_path.get(each.key), line)
        for each in brought
        for line in each.lines.get(ledgers.FindingLine.sheet, ())
        if each.key in of_path
    ]
    pairs += [
        (entry_of(each), finding_line(each, re.split(r"[\\/]", each.file)[-1])) for each in findings
    ]
    return [_stamped(entry, line) for entry, line in sorted(pairs, key=_finding_order)]


_RANKS = {gravity.label: gravity.rank for gravity in Gravity}


def _finding_order(pair: tuple[Entry | None, Line]) -> tuple[object, ...]:
    entry, (level, rule, place, cells, _, message, _, _, file) = pair
    number = entry.number if entry else _LAST
    return (number, _RANKS.get(str(level), _LAST), *map(str, (file, place, rule, cells, message)))


_LAST = 10**9


# -- files ----------------------------------------------------------------------------------------


def _files(
    entries: Entries,
    brought: Sequence[Contribution],
    sources: Sequence[Source],
    way: Callable[[str], str],
) -> Lines:
    """Return every file that was seen, those in the rollup first, and the tally of its sheets."""
    numbers = {_brought(entry).key: entry for entry in entries.taken}
    files: dict[str, list[Contribution]] = {}
    for each in sorted(brought, key=lambda each: _file_order(each, numbers)):
        files.setdefault(each.path, []).append(each)
    records: list[Record] = []
    tallies: list[Line] = []
    for path, parts in files.items():
        number = len(records) + 1
        entry = numbers.get(parts[0].key)
        fate = rollup.TAKEN if parts[0].part else entries.fates[parts[0].key]
        told = _whose(parts[0], entry) | {"file": way(path) or parts[0].name}
        counts = Counter[str]()
        for part in parts:
            counts.update(part.counts if part.key in numbers else {})
        records.append(told | _seen(parts[0], fate, number) | dict(counts))
        for part in parts:
            left = "" if fate.startswith(rollup.TAKEN) else fate
            tallies += _tallied(part, number, part.village if not part.part else "", left)
    for number, source in enumerate(sorted(sources, key=source_order), len(records) + 1):
        file = way(source.path) if source.path else source.file
        records.append(
            {
                "file_no": number,
                "file": file or source.file,
                "village_code": source.code,
                "village": source.village,
                "town": source.town,
                "fate": source.fate,
                "saved": source.saved,
                "version": source.version,
                "editor": source.editor,
                "fingerprint": source.sha256[:_FINGERPRINT],
                "sha256": source.sha256,
            }
        )
        tallies += [
            _tally_line(tally, number, source.file, "", source.fate) for tally in source.tallies
        ]
    return {rollup.SourceFile: _in_order(rollup.SourceFile, records), ledgers.TallyLine: tallies}


def _names_seen(
    brought: Sequence[Contribution], sources: Sequence[Source], way: Callable[[str], str]
) -> Iterator[str]:
    """Yield each file that was seen, as the rollup names it."""
    yield from (way(path) or name for path, name in {b.path: b.name for b in brought}.items())
    yield from ((way(each.path) if each.path else "") or each.file for each in sources)


def _file_order(each: Contribution, numbers: Mapping[str, Entry]) -> tuple[object, ...]:
    """Return what files are sorted by: those taken as their villages are, then the others."""
    entry = numbers.get(each.key)
    return (
        entry is None and not each.part,
        entry.number if entry and not each.part else 0,
        *contribution_order(each),
    )


def _whose(each: Contribution, entry: Entry | None) -> Record:
    """Return whose a file is: a village's, as the roster or itself tells, or a township's."""
    if each.part:
        return {"town": each.town}
    if entry:
        return entry.stamp()
    return {"village_code": each.code, "village": each.village, "town": each.town}


def _seen(each: Contribution, fate: str, number: int) -> Record:
    return {
        "file_no": number,
        "fate": fate,
        "saved": each.saved,
        "version": each.version,
        "editor": each.editor,
        "fingerprint": each.sha256[:_FINGERPRINT],
        "sha256": each.sha256,
    }


_ENTERED = {row.sheet: ledger.sheet for row, ledger in ledgers.LEDGERS.items()}
_BOOKED: tuple[type[Row], ...] = (
    *ledgers.LEDGERS.values(),
    ledgers.FindingLine,
    rollup.Village,
    rollup.PartyLine,
)
_ENTERED |= {row.sheet: row.sheet for row in _BOOKED}
_USED = {
    row.sheet: f"用于{rollup.Village.sheet}、{rollup.PartyTotal.sheet}"
    for row in (village.Profile, village.Person)
}


def _tallied(each: Contribution, number: int, name: str, fate: str = "") -> Iterator[Line]:
    """Yield what became of the rows of each sheet of a workbook."""
    for tally in each.tallies:
        went = fate or (
            f"记入{_ENTERED[tally.sheet]}"
            if tally.sheet in _ENTERED
            else _USED.get(tally.sheet, "只清点行数" if tally.records else "")
        )
        yield _tally_line(tally, number, each.name, name, went)


def _tally_line(tally: Tally, number: int, file: str, name: str, went: str) -> Line:
    counts = (tally.rows, tally.own, tally.records, tally.aside, tally.loose)
    how = "" if tally.independent else "（旧格式，按读取结果清点）"
    return (number, file, name, tally.sheet, *counts, f"{went}{how}")
