"""The figures of a month: villages' workbooks and findings into the rollup's rows and values.

Equal input in any order gives an equal rollup. The home of pandas: it reckons every total that
`forms.rollup` declares, from the same declaration that the book's formula is written from.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, cast

from toolkit.cells import Raw, fold
from toolkit.errors import ToolkitError, UsageError
from toolkit.findings import Finding
from toolkit.forms import codes, rollup, township, village
from toolkit.forms.rollup import Cell, Formula, Live, Rollup, Source, Table
from toolkit.schema.columns import Column, Row
from toolkit.schema.workbook import Workbook

_MOST_EXACT = 10**15  # from here on a cell's number no longer keeps each digit
_FINGERPRINT = 12  # characters of a SHA-256, enough to tell a township's files apart
_LONGEST_NAMED = 3  # villages that the plain-words paragraph names before it says “等”

Record = dict[str, Cell]
Records = Mapping[type[Row], Sequence[Record]]


def consolidate(  # noqa: PLR0913, PLR0917 -- what a month is made from, in the order of work
    books: Sequence[Workbook],
    findings: Sequence[Finding],
    sources: Sequence[Source],
    roster: Sequence[township.Village],
    as_of: dt.date,
    month: str,
    first_month: int = 5,
    town: str = "",
) -> Rollup:
    """Return the rollup of the books as they stood on a day, for a month written YYYY-MM.

    Each book is one of the sources that were taken; every source is listed. Without a `town` the
    title bears the one that all books name. Raises UsageError for
    a month that is none, ToolkitError if rows or files do not add up.
    """
    year, number = _year_and_month(month)
    entries = _entries(books, sources, roster)
    due_months = tuple(range(first_month, number + 1))
    records = _records(entries, findings, sources, as_of, year)
    reckoner = _Reckoner(records, year, number, due_months)
    tables = {row: reckoner.table(row) for row in _ORDER}
    made = Rollup(
        title=f"{town or _town(books)}软弱涣散党组织整顿工作月度汇总（{year}年{number}月）",
        as_of=as_of,
        year=year,
        month=number,
        due_months=due_months,
        tables={row: tables[row] for row in rollup.ROWS},
        cards=tuple(Live(how, reckoner.value(how, {})) for _, how in rollup.CARDS),
        left_out=tuple(
            f"{entry.label}：{entry.fate.removeprefix(rollup.REFUSED)}"
            for entry in entries
            if not entry.books
        ),
        remarks=tuple(_remarks(entries, sources, roster)),
        text="",
        links={entry.number: entry.link for entry in entries if entry.books},
    )
    rollup.check_balance(made)
    _check_rows(made, books)
    return replace(made, text="".join(_sentences(made, entries)))


def _check_rows(made: Rollup, books: Sequence[Workbook]) -> None:
    """Raise ToolkitError unless the ledgers hold just the rows of the books, each of them once."""
    for row, ledger in rollup.LEDGERS.items():
        read: Counter[tuple[Raw, ...]] = Counter(
            (book.name, each.sheet_title, each.line) for book in books for each in book.rows(row)
        )
        table = made.tables[ledger]
        files, sheets = table.column(rollup.FILE), table.column(rollup.SHEET)
        booked: Counter[tuple[Raw, ...]] = Counter(
            zip(files, sheets, table.column(rollup.LINE), strict=True)
        )
        off = (read - booked) + (booked - read)
        if off:
            file, sheet, line = min(off, key=str)
            raise ToolkitError(
                f"汇总对账不平，没有写出：{file}“{sheet}”第 {line} 行与{ledger.sheet}对不上。"
                "这是程序错误，请把报错内容发给维护人员。"
            )


def _year_and_month(month: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)
    if match is None:
        raise UsageError(f"月份“{month}”读不出来。请写成 2022-10 的样子。")
    return int(match[1]), int(match[2])


def _town(books: Iterable[Workbook]) -> str:
    """Return the town that all books name, "" where they name none or several."""
    profiles = [village.profile(book) for book in books]
    towns = {profile.town for profile in profiles if profile and profile.town}
    return next(iter(towns)) if len(towns) == 1 else ""


# -- villages -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Entry:
    """One village of the rollup; `books` holds its workbook, or nothing if it is left out."""

    number: int
    code: str
    name: str
    listed: str
    fate: str
    books: tuple[Workbook, ...]
    link: str
    secretary: str

    @property
    def label(self) -> str:
        """The village as people name it."""
        return self.name or self.code or f"第 {self.number} 个村"

    def stamp(self) -> Record:
        """Return what every ledger row says of its village."""
        return {"village_no": self.number, "village_code": self.code, "village": self.name}


_Pair = tuple[Workbook, Source]


def _entries(
    books: Sequence[Workbook], sources: Sequence[Source], roster: Sequence[township.Village]
) -> list[_Entry]:
    """Return the villages in the roster's order, then those it does not know."""
    pairs = _pairs(books, sources)
    refused = sorted((source for source in sources if not source.taken), key=_source_order)
    fates = {key: s.fate for s in reversed(refused) for key in _keys_of(s)}
    own: dict[tuple[str, str], list[_Pair]] = defaultdict(list)
    for pair in pairs:
        own[_keys(village.village_code(pair[0]), village.village_name(pair[0]))[0]].append(pair)
    made: list[tuple[_Pair | None, str, str, township.Village | None]] = []
    for line in roster:
        keys = _keys(line.code or "", line.village or "")
        found = [pair for key in keys for pair in own.pop(key, ())]
        for at, pair in enumerate(found):
            made.append((pair, rollup.TWICE if at else rollup.YES, pair[1].fate, line))
        if not found:
            fate = next((fates[key] for key in keys if key in fates), rollup.ABSENT_FATE)
            made.append((None, rollup.YES, fate, line))
    known = {id(pair) for pair, *_ in made}
    made.extend((pair, rollup.NO, pair[1].fate, None) for pair in pairs if id(pair) not in known)
    return [_entry(number, *parts) for number, parts in enumerate(made, 1)]


def _keys(code: str, name: str) -> list[tuple[str, str]]:
    """Return what a village is known by: its code, and its name where somebody gave no code."""
    return [(kind, text) for kind, text in (("code", code), ("name", name)) if text] or [("", "")]


def _keys_of(source: Source) -> list[tuple[str, str]]:
    """Return what a refused file's village is known by; its name as issued tells, if nothing else.

    >>> _keys_of(Source("0204-柳树村-2022.xlsx", "未汇总：文件有密码"))
    [('code', '0204'), ('name', '柳树村')]
    """
    issued = re.match(r"(\d{2,12})-([^-]+)-", source.file)
    if issued and not (source.code or source.village):
        return _keys(issued[1], issued[2])
    return _keys(source.code, source.village)


def _entry(
    number: int, pair: _Pair | None, listed: str, fate: str, line: township.Village | None
) -> _Entry:
    book, source = pair or (None, None)
    code, name = (village.village_code(book), village.village_name(book)) if book else ("", "")
    return _Entry(
        number=number,
        code=(line.code if line else code) or "",
        name=(line.village if line else name) or "",
        listed=listed,
        fate=fate,
        books=(book,) if book else (),
        link=(source.link or source.file) if source else "",
        secretary=(line.secretary if line else "") or "",
    )


def _pairs(books: Sequence[Workbook], sources: Sequence[Source]) -> list[_Pair]:
    """Return each book with its source, in an order of their own."""
    taken: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in sorted((s for s in sources if s.taken), key=_source_order):
        taken[source.file, source.sha256].append(source)
    pairs: list[_Pair] = []
    for book in sorted(books, key=lambda book: (book.name, book.sha256, book.path)):
        own = taken[book.name, book.sha256]
        if not own:
            raise ToolkitError(f"汇总对账不平：{book.name} 已读取，但没有登记在数据来源里。")
        pairs.append((book, own.pop(0)))
    left = [source.file for own in taken.values() for source in own]
    if left:
        raise ToolkitError(f"汇总对账不平：{'、'.join(left)} 登记为已汇总，但没有读到内容。")
    return sorted(
        pairs, key=lambda pair: (village.village_code(pair[0]), village.village_name(pair[0]))
    )


def _source_order(source: Source) -> tuple[str, ...]:
    return (source.file, source.link, source.sha256, source.code, source.fate)


# -- rows ---------------------------------------------------------------------------------------


def _records(
    entries: Sequence[_Entry],
    findings: Sequence[Finding],
    sources: Sequence[Source],
    as_of: dt.date,
    year: int,
) -> Records:
    """Return the rows of every table, without what is reckoned."""
    taken = [entry for entry in entries if entry.books]
    measures = [record for entry in taken for record in _measures(entry, as_of)]
    numbered: list[Record] = [
        {"village_no": entry.number, "village": entry.name} for entry in entries
    ]
    return {
        rollup.ProblemLedger: [record for entry in taken for record in _problems(entry)],
        rollup.MeasureLedger: measures,
        rollup.MeetingLedger: [record for entry in taken for record in _meetings(entry)],
        rollup.EvaluationLedger: [
            record for entry in taken for record in _ledger(entry, village.Evaluation)
        ],
        rollup.OverdueLine: sorted(
            (record for record in measures if record["late"] == rollup.YES),
            key=lambda record: -cast("int", record["days_late"]),  # stable: then by village
        ),
        rollup.FindingLine: _finding_lines(entries, findings, sources),
        rollup.CheckCount: numbered,
        rollup.MeetingCount: [numbered[entry.number - 1] for entry in taken],
        rollup.MeetingDays: [_meeting_days(entry, year) for entry in taken],
        rollup.Village: [_village(entry) for entry in entries],
        rollup.TypeLine: _type_lines(taken),
        rollup.Summary: numbered,
        rollup.SourceFile: _source_files(entries, sources),
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


def _ledger(entry: _Entry, row: type[Row], rows: Iterable[Row] | None = None) -> Iterator[Record]:
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


def _rows(entry: _Entry, row: type[Any]) -> list[Any]:
    return [filled for book in entry.books for filled in book.rows(row)]


def _measures(entry: _Entry, as_of: dt.date) -> Iterator[Record]:
    measures: list[village.Measure] = _rows(entry, village.Measure)
    for measure, record in zip(measures, _ledger(entry, village.Measure), strict=True):
        days = days_late(measure, as_of)
        yield record | {
            "lot": rollup.lot(measure.status),
            "due": measure.deadline.end if measure.deadline else None,
            "late": rollup.YES if days else rollup.NO,
            "days_late": days or None,
        }


def days_late(measure: village.Measure, as_of: dt.date) -> int:
    """Return for how many days a measure has been overdue on a day; 0 if it is not.

    A date that has passed counts even where the deadline goes on with 长期坚持; a measure whose
    own status is 长期坚持, or that is done, is never overdue.
    """
    if measure.deadline is None or measure.deadline.end is None:
        return 0
    if rollup.lot(measure.status) in {rollup.DONE, rollup.STANDING}:
        return 0
    return max(0, (as_of - measure.deadline.end).days)


def _problems(entry: _Entry) -> Iterator[Record]:
    problems: list[village.Problem] = _rows(entry, village.Problem)
    lots: dict[str | None, list[str]] = defaultdict(list)
    for measure in _rows(entry, village.Measure):
        lots[measure.problem].append(rollup.lot(measure.status))
    for problem, record in zip(problems, _ledger(entry, village.Problem), strict=True):
        own = lots.get(problem.number, []) if problem.number else []
        yield record | {"problem_status": problem_status(problem, own)}


def problem_status(problem: village.Problem, lots: Sequence[str]) -> str:
    """Return how far a problem has come, from its closing date and the lots of its measures."""
    if problem.closed is not None:
        return rollup.CLOSED
    found = set(lots)
    if not found - {rollup.IDLE, rollup.UNKNOWN}:
        return rollup.IDLE
    if found == {rollup.DONE}:
        return rollup.DONE
    return rollup.STANDING if found <= {rollup.DONE, rollup.STANDING} else rollup.GOING


def _meetings(entry: _Entry) -> Iterator[Record]:
    meetings: list[village.Meeting] = _rows(entry, village.Meeting)
    for meeting, record in zip(meetings, _ledger(entry, village.Meeting), strict=True):
        day = meeting.day
        yield record | {"period": day.year * 100 + day.month if day else None}


def _meeting_days(entry: _Entry, year: int) -> Record:
    """Return the days of a village's meetings, month by month."""
    meetings: list[village.Meeting] = _rows(entry, village.Meeting)
    days = sorted(meeting.day for meeting in meetings if meeting.day and meeting.day.year == year)
    months: Record = {
        f"d{number:02d}": "、".join(f"{day.day}日" for day in days if day.month == number)
        for number in range(1, 13)
    }
    return {"village_no": entry.number, "village": entry.name, **months}


def _village(entry: _Entry) -> Record:
    profile = next((village.profile(book) for book in entry.books), None)
    people: list[village.Person] = _rows(entry, village.Person)
    problems: list[village.Problem] = _rows(entry, village.Problem)
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
        "taken": rollup.YES if entry.books else rollup.NO,
        "secretary": own or called("村党组织书记") or entry.secretary,
        "main_types": "、".join(main),
        "problem_types": "、".join(sorted(seen)),
        **dict(zip(helpers, map(called, codes.FOUR_ONES), strict=True)),
    }


def _type_lines(taken: Sequence[_Entry]) -> list[Record]:
    """Return the agreed types, then the local ones that only villages name."""
    lines: dict[str, Record] = {
        term.code: {"code": term.code, "label": term.label, "text": term.text}
        for term in codes.TYPES.terms
    }
    named: set[str] = set()
    for entry in taken:
        for filled in _rows(entry, village.Profile):
            named.update(filled.main_types or ())
        for filled in _rows(entry, village.Problem):
            named.update(filled.types or ())
    for code in sorted(named - lines.keys()):
        lines[code] = {"code": code, "label": "本地类型", "text": ""}
    return list(lines.values())


def _finding_lines(
    entries: Sequence[_Entry], findings: Sequence[Finding], sources: Sequence[Source]
) -> list[Record]:
    """Return the findings in the villages' order, the gravest first; no number is no village."""
    by_code = {entry.code: entry for entry in reversed(entries)}
    of_file: dict[str, list[_Entry]] = defaultdict(list)
    for entry in entries:
        for book in entry.books:
            of_file[book.name].append(entry)
    for source in sources:
        code = _keys_of(source)[0][1]
        if not source.taken and code in by_code:
            of_file[source.file].append(by_code[code])

    def entry_of(finding: Finding) -> _Entry | None:
        near = of_file.get(finding.file, [])
        named = [entry for entry in near if finding.village in {entry.name, entry.code}]
        return next(iter(named or near), None)

    def order(pair: tuple[_Entry | None, Finding]) -> tuple[Any, ...]:
        entry, finding = pair
        number = entry.number if entry else len(entries) + 1
        place = (finding.file, finding.sheet, finding.rule, finding.cells, finding.message)
        return (number, finding.level.rank, *place)

    return [
        {
            "village_no": entry.number if entry else None,
            "village": entry.name if entry else finding.village or "（全镇）",
            "level": finding.level.label,
            "rule": finding.rule,
            "place": finding.sheet,
            "cells": fold(finding.cells),
            "header": finding.header,
            "message": (f"填的是“{finding.seen}”，" if finding.seen else "") + finding.message,
            "fix": finding.fix,
            "accepted": rollup.YES if finding.accepted else rollup.NO,
            "source_file": finding.file,
        }
        for entry, finding in sorted(((entry_of(f), f) for f in findings), key=order)
    ]


def _source_files(entries: Sequence[_Entry], sources: Sequence[Source]) -> list[Record]:
    """Return every file that was seen, those in the rollup first, with the rows read from it."""
    by_key = {(s.file, s.sha256, s.link or s.file): s for s in sources if s.taken}
    records: list[Record] = []
    for entry in entries:
        for book in entry.books:
            source = by_key[book.name, book.sha256, entry.link]
            counts = {row.__name__.lower(): len(book.rows(row)) for row in rollup.COUNTED}
            records.append({**_seen(source), **entry.stamp(), **counts})
    refused = sorted((source for source in sources if not source.taken), key=_source_order)
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


# -- totals -------------------------------------------------------------------------------------

_ORDER: tuple[type[Row], ...] = (
    *rollup.LEDGERS.values(),
    rollup.OverdueLine,
    rollup.FindingLine,
    rollup.CheckCount,
    rollup.MeetingCount,
    rollup.MeetingDays,
    rollup.Village,
    rollup.TypeLine,
    rollup.Summary,
    rollup.SourceFile,
    rollup.Balance,
)
"""Every table, after those that it is reckoned from."""


@dataclass
class _Reckoner:
    """Fills in what is declared as reckoned, table by table."""

    records: Records
    year: int
    month: int
    due_months: tuple[int, ...]
    frames: dict[type[Row], Any] = field(default_factory=dict)
    groups: dict[tuple[object, ...], dict[Raw, int]] = field(default_factory=dict)

    def table(self, row: type[Row]) -> Table:
        """Return a table with its reckoned cells and its line of totals; later ones may use it."""
        import pandas as pd  # noqa: PLC0415 -- slow to load, and only consolidate needs it

        made = [self._record(row, record) for record in self.records[row]]
        values = [{name: rollup.value_of(cell) for name, cell in record.items()} for record in made]
        names = [column.name for column in row.columns]
        self.frames[row] = pd.DataFrame(values, columns=pd.Index(names), dtype=object)
        rows = tuple(tuple(record.get(name) for name in names) for record in made)
        return Table(row, rows, self._total(row) if row in rollup.TOTALLED else ())

    def _record(self, row: type[Row], record: Record) -> Record:
        made = dict(record)
        if row is rollup.Balance:
            made |= self._balance(cast("str", record["ledger"]))
        for column in row.columns:
            how = getattr(column, "how", None)
            if how is not None:
                made[column.name] = Live(how, self.value(how, made))
        return made

    def _balance(self, title: str) -> Record:
        """Return what the files say a ledger must hold, and what it holds."""
        row, ledger = next(pair for pair in rollup.LEDGERS.items() if pair[1].sheet == title)
        counted = next(c for c in rollup.SourceFile.columns if c.name == row.__name__.lower())
        read, taken = rollup.Sum(rollup.SourceFile, counted), rollup.Count(ledger)
        return {
            "read": Live(read, self.value(read, {})),
            "taken": Live(taken, self.value(taken, {})),
        }

    def _total(self, row: type[Row]) -> tuple[Cell, ...]:
        """Return the line of totals: sums of counts, ratios of sums."""
        record: Record = {}
        for column in row.columns:
            if isinstance(column, rollup.Figure):
                how: Formula = rollup.Sum(row, column)
                record[column.name] = Live(how, self.value(how, {}))
            elif isinstance(column, rollup.Rate):
                record[column.name] = Live(column.how, self.value(column.how, record))
        return ("合计", *(record.get(column.name) for column in row.columns[1:]))

    def value(self, how: Formula, record: Record) -> Raw:
        """Return what a formula comes to in a row whose other cells are known."""
        match how:
            case rollup.Count(sheet, where):
                return self._grouped(sheet, None, where, record)
            case rollup.Sum(sheet, column, where):
                return self._grouped(sheet, column, where, record)
            case rollup.Rest(whole, parts):
                return int(self._sum((whole,), record) - self._sum(parts, record))
            case rollup.Gaps(columns):
                due = [columns[number - 1] for number in self.due_months]
                return sum(1 for column in due if self._number(column, record) == 0)
            case rollup.Ratio(parts, whole, less):
                base = self._sum((whole,), record) - self._sum(less, record)
                told = any(self._number(part, record) is not None for part in parts)
                return self._sum(parts, record) / base if told and base > 0 else rollup.NO_BASE

    def _number(self, part: rollup.Part, record: Record) -> float | None:
        if isinstance(part, Column):
            value = rollup.value_of(record.get(part.name))
        else:
            value = self.value(part, record)
        return value if isinstance(value, int | float) else None

    def _sum(self, parts: Sequence[rollup.Part], record: Record) -> float:
        return sum(self._number(part, record) or 0 for part in parts)

    def _grouped(
        self,
        sheet: type[Row],
        column: Column[Any] | None,
        where: rollup.Where,
        record: Record,
    ) -> int:
        """Return the count, or a column's sum, of the rows that meet the conditions.

        Rows that meet the fixed conditions are found once and split by what varies from row to
        row, so that a table costs one pass for a column, however many villages there are.
        """
        varying = [(on, to) for on, to in where if isinstance(to, rollup.Own | rollup.Holding)]
        fixed = tuple((on.name, self._fixed(to)) for on, to in where if (on, to) not in varying)
        key = varying[0][0].name if varying else ""
        known = (sheet, column.name if column else "", fixed, key)
        if known not in self.groups:
            frame = self.frames[sheet]
            for name, wanted in fixed:
                frame = frame[frame[name] == wanted]
            self.groups[known] = _split(frame, key, column.name if column else "")
        totals = self.groups[known]
        if not varying:
            return sum(totals.values())
        sought = rollup.value_of(record[varying[0][1].column.name])
        if isinstance(varying[0][1], rollup.Own):
            return totals.get(sought, 0)
        text = str(sought).casefold()  # as spreadsheets compare
        return sum(number for cell, number in totals.items() if text in str(cell).casefold())

    def _fixed(self, to: rollup.Match) -> Raw:
        if isinstance(to, rollup.Month):
            return self.year * 100 + (to.number or self.month)
        return cast("Raw", to)


def _split(frame: Any, key: str, column: str) -> dict[Raw, int]:  # noqa: ANN401 -- no pandas here
    """Return a column's sums, or the numbers of rows, by what stands under the key."""
    if not key:
        return {"": int(frame[column].fillna(0).sum()) if column else len(frame)}
    groups = frame[column].groupby(frame[key]).sum() if column else frame[key].value_counts()
    return {group: int(total) for group, total in groups.items()}


# -- words --------------------------------------------------------------------------------------


def _remarks(
    entries: Sequence[_Entry], sources: Sequence[Source], roster: Sequence[township.Village]
) -> Iterator[str]:
    """Yield what the first page must say besides the figures."""
    if not roster:
        yield "没有提供村名册，无法清点未回传的村。"
    strangers = [entry.label for entry in entries if entry.listed == rollup.NO]
    if roster and strangers:
        yield f"不在村名册而有回传的：{'、'.join(strangers)}（数字已计入汇总）。"
    twice = [entry.label for entry in entries if entry.listed == rollup.TWICE]
    if twice:
        yield f"同一村有两份以上工作簿都计入了汇总：{'、'.join(dict.fromkeys(twice))}。"
    named = {key for entry in entries if not entry.books for key in _keys(entry.code, entry.name)}
    refused = [source for source in sources if source.fate.startswith(rollup.REFUSED)]
    others = sum(1 for source in refused if named.isdisjoint(_keys_of(source)))
    if others:
        yield f"另有 {others} 个文件没有汇总，逐个原因见“数据来源”。"


def percent(ratio: Raw) -> str:
    """Return a ratio as the text prints it, rounded half up to one decimal.

    >>> percent(0.125), percent(2 / 3), percent("—")
    ('12.5%', '66.7%', '—')
    """
    if not isinstance(ratio, int | float):
        return str(ratio)
    points = Decimal(repr(float(ratio))) * 100
    return f"{points.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def _sentences(made: Rollup, entries: Sequence[_Entry]) -> Iterator[str]:
    """Yield the month in plain words."""
    value = {label: card.value for (label, _), card in zip(rollup.CARDS, made.cards, strict=True)}
    yield f"截至{made.as_of.year}年{made.as_of.month}月{made.as_of.day}日，"
    taken = sum(1 for entry in entries if entry.books)
    if any(entry.listed != rollup.NO for entry in entries):
        yield f"名册内整顿村{value['名册内村数']}个，"
    yield f"共汇总{taken}个村的工作簿"
    yield f"，未汇总{value['未汇总']}个。" if value["未汇总"] else "。"
    if not value["问题"] and not value["措施"]:
        yield "各村均未登记问题和措施。"
    else:
        yield from _progress(made, value)
    yield from _meeting_words(made, value)
    if made.tables[rollup.FindingLine].rows:
        yield f"核查发现必改项{value['核查必改']}条，详见“核查情况”。"
    else:
        yield "核查未发现问题。"


def _progress(made: Rollup, value: Mapping[str, Raw]) -> Iterator[str]:
    status = made.tables[rollup.ProblemLedger].column(rollup.PROBLEM_STATUS)
    kinds = (rollup.CLOSED, rollup.DONE, rollup.STANDING, rollup.GOING, rollup.IDLE)
    parts = [f"{kind}{status.count(kind)}个" for kind in kinds if kind in status]
    yield f"共登记问题{value['问题']}个" + (f"（{'、'.join(parts)}）" if parts else "")
    base = cast("int", value["措施"]) - cast("int", value["长期坚持"])
    yield f"，制定措施{value['措施']}条，其中已完成{value['已完成']}条"
    yield f"、长期坚持{value['长期坚持']}条；"
    if base:
        yield f"扣除长期坚持后以{base}条为基数，完成率{percent(value['完成率'])}。"
    else:
        yield "没有可计算完成率的措施。"
    yield from _late_words(made)


def _late_words(made: Rollup) -> Iterator[str]:
    late = made.tables[rollup.OverdueLine]
    if not late.rows:
        yield "没有逾期措施。"
        return
    names = late.column(rollup.VILLAGE_NAME)
    days = late.column(rollup.DAYS_LATE)
    number = late.column(village.Measure.number)[0] or ""
    villages = len(set(late.column(rollup.VILLAGE_NO)))
    yield f"逾期措施{len(late.rows)}条，涉及{villages}个村，"
    yield f"最久的是{names[0]}{number}，已逾期{days[0]}天。"


def _meeting_words(made: Rollup, value: Mapping[str, Raw]) -> Iterator[str]:
    counts = made.tables[rollup.MeetingCount]
    this_month = counts.column(rollup.MONTHS[made.month - 1])
    names = counts.column(rollup.VILLAGE_NAME)
    yield f"本月召开专题研究会议{value['本月专题研究']}次"
    idle = [str(name) for name, held in zip(names, this_month, strict=True) if not held]
    if idle and made.month in made.due_months:
        more = "等" if len(idle) > _LONGEST_NAMED else ""
        yield f"，{'、'.join(idle[:_LONGEST_NAMED])}{more}{len(idle)}个村本月没有会议记录"
    yield "。"
