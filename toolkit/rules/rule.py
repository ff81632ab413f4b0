"""What a rule is, what it is asked about, and how its objections become findings.

Law: no row, cell or file is judged by what another rule has already objected to; an empty or
unreadable cell is spoken of once, by its own rule.
"""

import enum
import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from itertools import chain
from typing import Any, cast

from toolkit.cells import CellRef, Raw, place
from toolkit.findings import Finding, Level
from toolkit.forms.parameters import Parameters
from toolkit.schema.columns import Column, R, Row
from toolkit.schema.deadlines import Deadline
from toolkit.schema.kinds import DeadlineKind, Percent, Text, as_text
from toolkit.schema.texts import tidy
from toolkit.schema.workbook import NO_FACTS, Spot, Workbook

_MOST_SEEN = 30
_LEAD = 8  # characters shown before the words that a message quotes


class Stage(enum.Enum):
    """Where a rule stands in its life."""

    TRIAL = "试行"  # reports as 提示, whatever its level
    ACTIVE = "生效"
    RETIRED = "停用"  # keeps its code and page, is never asked


@dataclass(frozen=True, order=True, slots=True)
class SheetRef:
    """A sheet, or with no title a whole file: the place of what stands in no one cell."""

    workbook: str  # its path, as a CellRef has it
    sheet: str = ""


Place = CellRef | SheetRef


def place_of(book: Workbook, spot: Spot) -> Place:
    """Return the place of the reader's remark: its cell, or its sheet where it names none."""
    if not spot.cell:
        return SheetRef(book.path, spot.sheet)
    return CellRef(book.path, spot.sheet, *place(spot.cell))


Objection = tuple[Sequence[Place], str] | tuple[Sequence[Place], str, Level]
"""Cells, the one quoted first, and what is wrong there; a level only if it is not the rule's."""
Objections = Iterator[Objection]


_Area = tuple[int, int, int, int]
"""First row, first column, last row, last column."""

_BETWEEN_CODES = re.compile(r"[、,;/\s\[\]【】()]+")
_BETWEEN_CELLS = re.compile(r"[、,;\s]+")
_KEY = r"P[0-9]{2}(?:-M[0-9]{2})?"
_CELLS_BEHIND = re.compile(
    rf"(?<![A-Z0-9$-])(?:(?:{_KEY}|\$?[A-Z]{{1,3}}\$?[0-9]+(?::\$?[A-Z]{{1,3}}\$?[0-9]+)?)"
    r"(?:[、,;\s]+|$))+$",
    re.IGNORECASE | re.ASCII,
)
_A_KEY = re.compile(_KEY)
_SHORT_KEY = re.compile(r"(?<![A-Z0-9])P([0-9]{1,2})-?M([0-9]{1,2})(?![0-9])", re.IGNORECASE)
_NO_CELL = re.compile(r"P0[0-9]|P[0-9]{2}-M[0-9]{2}")  # but P10 may be either
BY_MONTH = frozenset({"D507"})
"""Rules that warn of months at one cell: an answer says of which."""
_MONTHS_BEHIND = re.compile(r"(?:(?:20[0-9]{2})年)?((?:(?:1[0-2]|[1-9])月[、,;\s]*)+)$")
_HEADER_BEHIND = re.compile(r"(?<=[0-9])\s*\(.*\)$")
_FILE_BEFORE = re.compile(r"^.*\.(?:xls[xm]?|et|ods)\s*›")
_ROUND_A_TITLE = " '\"“”›"


def _full_key(short: "re.Match[str]") -> str:
    """Return a measure's number as sheets have it: P02-M04 for P2-M4."""
    return f"P{int(short[1]):02}-M{int(short[2]):02}"


@dataclass(frozen=True)
class Waiver:
    """A village's answer to a warning: of which rule, in which place, why, until which day."""

    workbook: str
    rule: str  # D505, [D505]; D505、D506
    place: str  # 整改措施, 整改措施!G5:G7、H2, 整改措施表G5, G5; "": everywhere
    explanation: str
    until: date | None = None
    sheet: str = ""
    """The sheet meant where `place` names cells alone; "" where that is not certain."""
    rows: frozenset[tuple[str, int]] = frozenset()
    """Sheet and line of the rows that `place` names by their keys."""
    idle: bool = False
    """Whether nothing is warned of now that it answers; known where it names a spot."""

    def answers(self, code: str, places: Sequence[Place], message: str, as_of: date) -> bool:
        """Say whether it answers a rule's warning at one of the places, and until that day."""
        in_force = self.until is None or self.until >= as_of
        return code in self.codes and in_force and self.covers(places, message)

    def covers(self, places: Sequence[Place], message: str) -> bool:
        """Say whether a warning is where it says: a row by its key only if the first cell is."""
        if self.months and not any(re.search(rf"(?<!\d){n}月", message) for n in self.months):
            return False
        first = places[0]
        if isinstance(first, CellRef) and (first.sheet, first.row) in self.rows:
            return True
        return any(map(self._covers, places))

    def _covers(self, at: Place) -> bool:
        sheet, areas = self.reach
        if areas is None:
            return not sheet or self.names(at.sheet)
        return self.names(at.sheet) and self.spans(at)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The rules it names, as codes are spelled."""
        return tuple(filter(None, _BETWEEN_CODES.split(tidy(self.rule).upper())))

    def names(self, title: str) -> bool:
        """Say whether a sheet of that title is the one it names, or the one meant."""
        return title != "" and (title == self.sheet or self.reach[0] in {title, f"{title}表"})

    def spans(self, at: Place) -> bool:
        """Say whether a place is among the cells it names, on whatever sheet."""
        return isinstance(at, CellRef) and any(
            top <= at.row <= bottom and left <= at.column <= right
            for top, left, bottom, right in self.reach[1] or ()
        )

    @cached_property
    def months(self) -> tuple[int, ...]:
        """The months it names, 8月; only where its rule's warnings are told apart by months."""
        if BY_MONTH.isdisjoint(self.codes):
            return ()
        named = _MONTHS_BEHIND.search(tidy(self.place))
        return tuple(map(int, re.findall("[0-9]+", named[1]))) if named else ()

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys it names: P02-M04; P10 too, though that may also be a cell."""
        _, mark, cells = self._parts
        named = [each for each in _BETWEEN_CELLS.split(cells.upper()) if _A_KEY.fullmatch(each)]
        return tuple(each for each in named if not mark or _NO_CELL.fullmatch(each))

    @cached_property
    def _parts(self) -> tuple[str, str, str]:
        """The sheet, the mark behind it, and what it names there.

        A place may be copied from a line of the report: 整改措施 › G11（完成时限）.
        """
        text = _HEADER_BEHIND.sub("", tidy(self.place))
        text = _MONTHS_BEHIND.sub("", text) if self.months else text
        text = _SHORT_KEY.sub(_full_key, _FILE_BEFORE.sub("", text).replace("›", " ").strip())
        sheet, mark, cells = text.partition("!")
        behind = None if mark else _CELLS_BEHIND.search(text)
        return (text[: behind.start()], "", behind[0].strip()) if behind else (sheet, mark, cells)

    @cached_property
    def reach(self) -> tuple[str, tuple[_Area, ...] | None]:
        """The sheet and its cells, None where all are meant; no cell where they cannot be read."""
        sheet, _, cells = self._parts
        areas: list[_Area] = []
        for area in _BETWEEN_CELLS.split(cells.replace("$", "").upper().strip()) if cells else ():
            if _NO_CELL.fullmatch(area):
                continue
            first, _, last = area.partition(":")
            try:
                areas.append((*place(first), *place(last or first)))
            except ValueError:
                return sheet.strip(_ROUND_A_TITLE), ()
        return sheet.strip(_ROUND_A_TITLE), tuple(areas) if cells else None


class Spoken:
    """One cell that there is something to say of: its row, its column, and the thing."""

    __slots__ = ("column", "row", "value")

    def __init__(self, row: Row, column: Column[Any], value: Any) -> None:  # noqa: ANN401 -- of any kind
        self.row = row
        self.column = column
        self.value = value

    @property
    def header(self) -> str:
        """Its column's header."""
        return self.column.header

    @property
    def cell(self) -> CellRef:
        """Its address."""
        return self.row.cell(self.column)


@dataclass(frozen=True)
class Survey:
    """Every cell of a case, looked at once and sorted by what there is to say of it."""

    empty: tuple[Spoken, ...]  # required, and nothing stands there
    faulty: tuple[Spoken, ...]  # the value is the fault
    noted: tuple[Spoken, ...]  # the value is the note; deadlines stand in their own list
    masked: tuple[Spoken, ...]  # the value is the raw content
    texts: tuple[Spoken, ...]
    deadlines: tuple[Spoken, ...]
    percents: tuple[Spoken, ...]


@dataclass(frozen=True)
class Case:
    """What rules are asked about: workbooks, roster and parameters, as of a day."""

    books: tuple[Workbook, ...]
    as_of: date
    roster: tuple[Row, ...] = ()
    parameters: Parameters = field(default_factory=Parameters)
    waivers: tuple[Waiver, ...] = ()
    villages: Mapping[Place, str] = field(default_factory=dict)
    """The village of a file, or of a cell of the roster."""
    levels: Mapping[str, Level] = field(default_factory=dict)
    """The level at which each rule in force reports: what a waiver may name."""
    _rows: dict[type[Row], tuple[Row, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def rows(self, row: type[R]) -> tuple[R, ...]:
        """Return the filled rows of a sheet over all workbooks."""
        found = self._rows.get(row)
        if found is None:
            found = tuple(chain.from_iterable(book.rows(row) for book in self.books))
            self._rows[row] = found
        return cast("tuple[R, ...]", found)

    @cached_property
    def survey(self) -> Survey:
        """Every cell, looked at once."""
        return _survey(self.books)

    @cached_property
    def prose(self) -> str:
        """All texts in one, so that a word that stands nowhere is soon ruled out."""
        return "\n".join(spoken.value for spoken in self.survey.texts)

    def mentioning(self, *words: str) -> Iterator[Spoken]:
        """Yield each text that holds one of the words."""
        here = [word for word in words if word in self.prose]
        for spoken in self.survey.texts if here else ():
            for word in here:
                if word in spoken.value:
                    yield spoken
                    break


_TEXT, _DEADLINE, _PERCENT = 1, 2, 3


@cache
def _plan(columns: tuple[Column[Any], ...]) -> tuple[tuple[Column[Any], str, bool, int], ...]:
    """Return what a survey asks of each column: its name, required, its list (0: none)."""
    kinds = (Text, DeadlineKind, Percent)
    return tuple(
        (
            column,
            column.name,
            column.required,
            next((n for n, kind in enumerate(kinds, 1) if isinstance(column.kind, kind)), 0),
        )
        for column in columns
    )


def _survey(books: Iterable[Workbook]) -> Survey:
    lists: tuple[list[Spoken], ...] = tuple([] for _ in range(7))
    empty, faulty, noted, masked, *by_kind = lists
    for row in (row for book in books for sheet in book.sheets.values() for row in sheet.rows):
        held = row.fields
        for column, name, required, kind in _plan(row.columns):
            value, raw, note, fault, mask, _, at = held[name]
            if raw is None:
                if required and at:
                    empty.append(Spoken(row, column, None))
                continue
            if kind and value is not None:
                by_kind[kind - 1].append(Spoken(row, column, value))
            if mask:
                masked.append(Spoken(row, column, raw))
            elif fault:
                faulty.append(Spoken(row, column, fault))
            elif note and not (isinstance(value, Deadline) and note == value.note):
                noted.append(Spoken(row, column, note))
    return Survey(*(tuple(found) for found in lists))


def deadlines(case: Case) -> Iterator[tuple[Spoken, Deadline]]:
    """Yield each deadline that could be read, whatever its sheet."""
    for spoken in case.survey.deadlines:
        yield spoken, spoken.value


def version(text: str) -> tuple[int, ...]:
    """Return a version as numbers, () where it is none.

    >>> version("1.10.0"), version("")
    ((1, 10, 0), ())
    """
    parts = text.split(".")
    return tuple(map(int, parts)) if all(part.isdecimal() for part in parts) else ()


# -- rules --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """One question; its docstring is its page: fault, 原因, 改法."""

    code: str
    name: str
    level: Level
    stage: Stage
    fault: str
    why: str
    remedy: str
    ask: Callable[[Case], Objections]
    column_advises: bool = False
    """Whether the column's own sentence says what to do."""

    def __call__(self, case: Case) -> Objections:
        """Yield what the rule objects to."""
        return self.ask(case)

    def __repr__(self) -> str:
        return f"<Rule {self.code} {self.name}>"

    @property
    def together(self) -> bool:
        """Whether it looks at the villages of a township together, not at each by itself."""
        return self.code.startswith("T")

    @property
    def page(self) -> str:
        """The page that `explain` prints."""
        head = f"{self.code} {self.name}（{self.level.label}·{self.stage.value}）"
        return f"{head}\n{self.fault}\n\n原因：{self.why}\n\n改法：{self.remedy}\n"


def rule(
    code: str, level: Level, stage: Stage = Stage.ACTIVE, *, column_advises: bool = False
) -> Callable[[Callable[[Case], Objections]], Rule]:
    """Make a rule of a function; its name is the rule's, its docstring the rule's page."""

    def made(ask: Callable[[Case], Objections]) -> Rule:
        name = ask.__name__.replace("_", "-")
        return Rule(code, name, level, stage, *_page(ask), ask, column_advises)

    return made


def _page(ask: Callable[[Case], Objections]) -> tuple[str, str, str]:
    """Return fault, reason and remedy; raises ValueError where the docstring lacks one."""
    parts = [part.replace("\n", "") for part in inspect.cleandoc(ask.__doc__ or "").split("\n\n")]
    if len(parts) != 3 or not (parts[1].startswith("原因：") and parts[2].startswith("改法：")):  # noqa: PLR2004 -- fault, 原因, 改法
        message = f"{ask.__name__}: the docstring must hold fault, 原因 and 改法"
        raise ValueError(message)
    return parts[0], parts[1].removeprefix("原因："), parts[2].removeprefix("改法：")


# -- findings -----------------------------------------------------------------------------------


def apply_rules(rules: Iterable[Rule], case: Case) -> tuple[Finding, ...]:
    """Return what the rules find, equal faults as one, in the order people read files."""
    asked = [rule for rule in rules if rule.stage is not Stage.RETIRED]
    alone = [rule for rule in asked if not rule.together]
    together = [rule for rule in asked if rule.together]
    waivers: dict[str, list[Waiver]] = defaultdict(list)
    for waiver in case.waivers:
        waivers[waiver.workbook].append(waiver)
    findings: list[tuple[Finding, _Order]] = []
    for book in case.books:
        own = replace(case, books=(book,), waivers=tuple(waivers[book.path]))
        findings += _alone(alone, book, own)
    desks = {row.workbook: _Desk(row.workbook, None, case.roster) for row in case.roster}
    desks |= {book.path: _Desk(book.path, book) for book in case.books}
    findings += _found(together, case, lambda at: desks[at.workbook])
    return tuple(finding for finding, _ in sorted(findings, key=lambda pair: pair[1]))


def _alone(rules: Iterable[Rule], book: Workbook, case: Case) -> "list[tuple[Finding, _Order]]":
    """Return what is found in one workbook by itself."""
    desk = _Desk(book.path, book)
    return _found(rules, case, lambda _: desk)


_Order = tuple[str, int, int, str, tuple[int, int], str, str]
_Key = tuple[str, Level, str, str, str, str, bool]


@dataclass
class _Heap:
    """Objections that make one finding."""

    rule: Rule
    village: str
    advice: str
    rank: int
    cells: dict[str, None] = field(default_factory=dict)
    beside: dict[str, None] = field(default_factory=dict)
    seen: dict[str, None] = field(default_factory=dict)


def _found(
    rules: Iterable[Rule], case: Case, desk_of: Callable[[Place], "_Desk"]
) -> list[tuple[Finding, _Order]]:
    heaps: dict[_Key, _Heap] = {}
    for asked in rules:
        for places, message, *levels in asked(case):
            first = places[0]
            desk = desk_of(first)
            level = Level.INFO if asked.stage is Stage.TRIAL else (*levels, asked.level)[0]
            accepted = level is Level.WARNING and desk.answered(case, asked.code, places, message)
            column, seen = desk.about(first)
            header = column.header if column else ""
            key = (asked.code, level, desk.file, first.sheet, header, message, accepted)
            heap = heaps.get(key)
            if heap is None:
                advice = column.advice if column and asked.column_advises else ""
                rank = desk.rank(first.sheet)
                heap = heaps[key] = _Heap(asked, desk.village(case, first), advice, rank)
            heap.seen[_excerpt(seen, message)] = None
            for at in places:
                if isinstance(at, CellRef) and at.sheet == first.sheet:
                    other, there = desk.about(at)
                    is_like = other is column or not (seen or there)  # or just as empty
                    (heap.cells if is_like else heap.beside)[at.a1] = None
    return [_finding(key, heap) for key, heap in heaps.items()]


_LONGEST_MESSAGE = 1_000  # characters; the rest quotes a cell that holds far too much


def _finding(key: _Key, heap: _Heap) -> tuple[Finding, _Order]:
    code, level, file, sheet, header, message, accepted = key
    finding = Finding(
        file=file,
        village=heap.village,
        sheet=sheet,
        cells=tuple(heap.cells),
        header=header,
        level=level,
        rule=code,
        seen=next(iter(heap.seen)),
        message=message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}…",
        fix=_fix(heap, level),
        accepted=accepted,
        beside=tuple(cell for cell in heap.beside if cell not in heap.cells),
        unlike=len(heap.seen) > 1,
    )
    return finding, _order(finding, heap.rank)


def _order(finding: Finding, rank: int) -> _Order:
    first = place(finding.cells[0]) if finding.cells else (0, 0)
    level = finding.level.rank
    return finding.file, level, rank, finding.sheet, first, finding.rule, finding.message


def order_in(book: Workbook) -> Callable[[Finding], _Order]:
    """Return by what the findings on one workbook are sorted, as `apply_rules` sorts them."""
    desk = _Desk(book.path, book)
    return lambda finding: _order(finding, desk.rank(finding.sheet))


def _fix(heap: _Heap, level: Level) -> str:
    """Return what to do: what the column says, else the rule; a mere reading may stand."""
    if not heap.advice:
        return heap.rule.remedy
    return f"{_MAY_STAND}{heap.advice}" if level is Level.INFO else heap.advice


def shortened(text: str) -> str:
    """Return a text short enough for a line: its beginning, where it is longer."""
    return _excerpt(text, "")


def quoted(text: str) -> str:
    """Return a text in quotation marks, short enough for a line.

    >>> quoted("王志远"), quoted("甲" * 31)
    ('“王志远”', '“甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲甲…”')
    """
    return f"“{shortened(text)}”"


_MOST_NAMED = 5


def some_of(names: Sequence[str], count: str = "人") -> str:
    """Return the first of some names, and how many there are where more are left out.

    >>> some_of(["甲", "乙"]), some_of(list("甲乙丙丁戊己"))
    ('甲、乙', '甲、乙、丙、丁、戊等 6 人')
    """
    told = "、".join(map(shortened, names[:_MOST_NAMED]))
    return told if len(names) <= _MOST_NAMED else f"{told}等 {len(names)} {count}"


_MAY_STAND = "理解正确的不用改；理解错的，按要求改写："


def _excerpt(text: str, message: str) -> str:
    """Return a text short enough for a line, around the words that the message quotes.

    >>> _excerpt("甲" * 20 + "，全村36名党员中，" + "乙" * 20, "“36名党员”与表中不一致")
    '…甲甲甲甲甲，全村36名党员中，乙乙乙乙乙乙乙乙乙乙乙乙乙乙乙…'
    """
    text = " ".join(text.split())
    if len(text) <= _MOST_SEEN:
        return text
    spots = (text.find(words) for words in re.findall("“([^”]+)”", message))
    start = max(0, next((at for at in spots if at >= 0), 0) - _LEAD)
    start = min(start, len(text) - _MOST_SEEN)
    end = start + _MOST_SEEN
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


_ANY_LINE = 0


class _Desk:
    """What is known of one file when an objection to it is written down."""

    def __init__(self, file: str, book: Workbook | None, roster: Sequence[Row] = ()) -> None:
        self.file = file
        self.book = book
        self.roster = roster
        self._lines: dict[str, dict[int, Row]] = {}
        self._places: dict[str, Mapping[int, Column[Any]]] = {}

    def village(self, case: Case, at: Place) -> str:
        """Return the village spoken of, "" where nothing says so."""
        return case.villages.get(at) or case.villages.get(SheetRef(self.file), "")

    def answered(self, case: Case, code: str, places: Sequence[Place], message: str) -> bool:
        """Say whether the village has answered a rule's warning at one of the places it names."""
        return any(
            waiver.workbook == self.file and waiver.answers(code, places, message, case.as_of)
            for waiver in case.waivers
        )

    def rank(self, sheet: str) -> int:
        """Return the sheet's place in the file: the form's order, unknown sheets last."""
        if self.book is None or not sheet:
            return -1
        return self._ranks.get(sheet, len(self._ranks))

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        rows = self.book.form.rows if self.book else ()
        known = [self.book.sheet(row) if self.book else None for row in rows]
        titles = (
            sheet.title if sheet else row.sheet for row, sheet in zip(rows, known, strict=True)
        )
        return {title: at for at, title in enumerate(titles)}

    def about(self, at: Place) -> tuple[Column[Any] | None, str]:
        """Return a cell's column and what a person sees in it."""
        if isinstance(at, SheetRef):
            return None, ""
        column, raw = self._cell(at)
        return column, self._remark(at) if raw is None else as_text(raw)

    def _cell(self, at: CellRef) -> tuple[Column[Any] | None, Raw]:
        """Return the column and content of a row's cell or, without content, of a header."""
        lines = self._lines.get(at.sheet)
        if lines is None:
            lines = self._lines[at.sheet] = dict(self._numbered(at.sheet))
        row = lines.get(at.row) or lines.get(_ANY_LINE)
        if row is not None:
            column = self._columns(at.sheet, row).get(at.row if row.vertical else at.column)
            held = row.field(column) if column else None
            if held and (held.row, held.column) == (at.row, at.column):
                return column, held.raw
        return self._headers.get((at.sheet, at.a1)), None

    def _columns(self, title: str, row: Row) -> Mapping[int, Column[Any]]:
        """Return the columns of a sheet by their place, which is the same in each of its rows."""
        found = self._places.get(title)
        if found is None:
            held = ((row.field(column), column) for column in row.columns)
            found = {(f.row if row.vertical else f.column): column for f, column in held}
            self._places[title] = found
        return found

    @cached_property
    def _headers(self) -> Mapping[tuple[str, str], Column[Any]]:
        sheets = self.book.sheets.values() if self.book else ()
        return {
            (sheet.title, sheet.headers[column.name]): column
            for sheet in sheets
            for column in sheet.row.columns
            if column.name in sheet.headers
        }

    def _numbered(self, title: str) -> Iterator[tuple[int, Row]]:
        """Yield the rows of a sheet with their line; the one of a vertical sheet with any."""
        sheets = self.book.sheets.values() if self.book else ()
        rows = [row for sheet in sheets if sheet.title == title for row in sheet.rows]
        for row in rows or self.roster:
            yield _ANY_LINE if row.vertical else row.line, row

    def _remark(self, at: CellRef) -> str:
        """Return what the reader found in a cell of no row: a stray text, a formula's error."""
        return self._remarks.get((at.sheet, at.a1), "")

    @cached_property
    def _remarks(self) -> Mapping[tuple[str, str], str]:
        facts = self.book.facts if self.book else NO_FACTS
        strays = self.book.strays if self.book else ()
        spots = (*facts.distant, *facts.errors, *strays)  # the last told of a cell counts
        return {(spot.sheet, spot.cell): spot.text for spot in spots}
