"""A township's rollup read back: what each of its villages brings to the county's."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from toolkit.cells import Raw
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import Contribution, Line
from toolkit.forms.rollup import PartyLine, Scope, Village
from toolkit.rollup.contributions import plain
from toolkit.schema.columns import Row
from toolkit.schema.totals import Rate
from toolkit.schema.workbook import Workbook


@dataclass(frozen=True)
class TownRollup:
    """What a township's rollup says: of which month, reckoned how, and what its villages bring."""

    town: str
    scope: Scope | None
    brought: tuple[Contribution, ...]
    own: tuple[Line, ...]  # the findings on the township's own workbook
    fault: str = ""  # why nobody can go by it

    @property
    def period(self) -> str:
        """The month, written YYYY-MM, "" where it is not told."""
        return (self.scope.period if self.scope else "") or ""


def town_rollup(book: Workbook) -> TownRollup:
    """Return a township's rollup as the county takes it."""
    scope = next(iter(book.rows(Scope)), None)
    town = (scope.town if scope else "") or book.name
    own: _Own = {ledger: _by_village(book, ledger) for ledger in _CARRIED}
    party = {_number(row): row for row in book.rows(PartyLine)}
    brought = tuple(
        _contribution(book, town, scope, line, own, party)
        for line in book.rows(Village)
        if _number(line) != rollup.TOWN_NO
    )
    if brought:
        brought = (replace(brought[0], tallies=book.tallies), *brought[1:])
    return TownRollup(
        town,
        scope,
        brought,
        own[ledgers.FindingLine].get(rollup.TOWN_NO, ()),
        next(_contradictions(book, own), ""),
    )


_LISTED = {ledgers.ProblemLedger: Village.problems, ledgers.MeasureLedger: Village.measures}


def _contradictions(book: Workbook, own: "_Own") -> Iterator[str]:
    """Yield where the list of villages says another number of lines than the ledgers hold."""
    for line in book.rows(Village):
        for ledger, column in _LISTED.items():
            held = len(own[ledger].get(_number(line), ()))
            listed = line.fields[column.name].value
            if listed is not None and listed != held:
                told = f"{line.village or ''}{column.header}是 {listed}"
                yield f"“{Village.sheet}”里{told}，“{ledger.sheet}”里有 {held} 行，对不上"


_CARRIED: tuple[type[Row], ...] = (*ledgers.LEDGERS.values(), ledgers.FindingLine)
_Own = Mapping[type[Row], Mapping[Raw, tuple[Line, ...]]]


def _number(row: Row) -> Raw:
    return cast("Raw", row.fields["village_no"].value)


def _by_village(book: Workbook, ledger: type[Row]) -> Mapping[Raw, tuple[Line, ...]]:
    """Return the lines of a ledger by the number of their village, without whose they are."""
    found: dict[Raw, list[Line]] = defaultdict(list)
    for row in book.rows(ledger):
        found[_number(row)].append(tuple(_carried(row, ledger, book)))
    return {number: tuple(lines) for number, lines in found.items()}


def _carried(row: Row, ledger: type[Row], book: Workbook) -> Iterator[Raw]:
    """Yield a line's cells; where it stands is from now on a place in the township's rollup."""
    place: Mapping[object, Raw] = {
        ledgers.FILE: book.name,
        ledgers.SHEET: row.sheet_title,
        ledgers.LINE: row.line,
    }
    for column in ledger.columns:
        if column in _WHOSE:
            continue
        if isinstance(column, Rate):
            yield None  # reckoned anew
        elif column in place and ledger is not ledgers.FindingLine:
            yield place[column]
        else:
            yield plain(row, column)


_WHOSE = frozenset(ledgers.OF_VILLAGE.values())


def _contribution(  # noqa: PLR0913, PLR0917 -- what a village's line stands beside
    book: Workbook,
    town: str,
    scope: Scope | None,
    line: Village,
    own: _Own,
    party: Mapping[Raw, Row],
) -> Contribution:
    number = _number(line)
    lines = {ledger.sheet: own[ledger].get(number, ()) for ledger in _CARRIED}
    counts = {
        row.__name__.lower(): len(lines[ledger.sheet]) for row, ledger in ledgers.LEDGERS.items()
    }
    return Contribution(
        path=book.path,
        name=book.name,
        part=int(cast("int", number)) if isinstance(number, int) else line.line,
        sha256=book.facts.sha256,
        editor=book.facts.editor,
        saved=book.facts.saved,
        version=book.identity.version,
        code=line.village_code or "",
        village=line.village or "",
        town=town,
        year=scope.year if scope else None,
        listed=line.listed or "",
        fate=line.fate or "",
        since=line.since,
        traits={**_told(line), **_told(party.get(number))},
        lines=lines,
        counts=counts,
    )


def _told(row: Row | None) -> dict[str, Raw]:
    """Return what a village's line tells that is not reckoned."""
    if row is None:
        return {}
    return {
        column.name: plain(row, column)
        for column in row.columns
        if column not in _SAID and getattr(column, "how", None) is None
    }


_SAID = frozenset(
    {*ledgers.OF_VILLAGE.values(), Village.listed, Village.fate, Village.taken, rollup.SINCE}
)
