"""A township's rollup read back: what each of its villages brings to the county's."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import cast

from toolkit.cells import Raw
from toolkit.errors import BalanceError
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import Contribution, Line
from toolkit.forms.rollup import PartyLine, Scope, Village
from toolkit.rollup.contributions import plain
from toolkit.rollup.proof import CARRIED, faults, lacks_party_lines, village_no
from toolkit.schema.columns import Row
from toolkit.schema.totals import Rate
from toolkit.schema.workbook import Workbook


@dataclass(frozen=True)
class TownRollup:
    """What a township's rollup says: of which month, reckoned how, and what its villages bring."""

    town: str
    scope: Scope | None
    brought: tuple[Contribution, ...] = ()
    own: tuple[Line, ...] = ()  # the findings on the township's own workbook
    fault: str = ""  # why nobody can go by it, and what to do
    remark: str = ""  # what it lacks, being of an older version

    @property
    def period(self) -> str:
        """The month, written YYYY-MM, "" where it is not told."""
        return (self.scope.period if self.scope else "") or ""


def town_rollup(book: Workbook) -> TownRollup:
    """Return a township's rollup as the county takes it; one with a fault brings nothing.

    Raises BalanceError where not every line of its ledgers is brought, each of them once.
    """
    scope = next(iter(book.rows(Scope)), None)
    town = (scope.town if scope else "") or book.name
    fault = next(chain(_misdated(scope), faults(book)), "")
    if fault:
        return TownRollup(town, scope, fault=fault)
    own: _Own = {ledger: _by_village(book, ledger) for ledger in CARRIED}
    party = {village_no(row): row for row in book.rows(PartyLine)}
    brought = tuple(
        _contribution(book, town, scope, line, own, party)
        for line in book.rows(Village)
        if village_no(line) != rollup.TOWN_NO
    )
    of_town = own[ledgers.FindingLine].get(rollup.TOWN_NO, ())
    _check(book, brought, of_town)
    if brought:
        brought = (replace(brought[0], tallies=book.tallies), *brought[1:])
    lacking = f"{town}的汇总没有“{PartyLine.sheet}”，“{rollup.PartyTotal.sheet}”缺该镇的部分数字。"
    return TownRollup(
        town, scope, brought, of_town, remark=lacking if lacks_party_lines(book) else ""
    )


def _misdated(scope: Scope | None) -> Iterator[str]:
    """Yield why a rollup's own day cannot be gone by; one without a month is of no month."""
    if scope is None or not scope.period:
        return
    if scope.as_of is None:
        yield f"“{Scope.sheet}”里的数据截止日读不出，请用程序重新汇总"
    elif scope.period > f"{scope.as_of:%Y-%m}":
        told = f"汇总月份 {scope.period} 晚于数据截止日 {scope.as_of}"
        yield f"“{Scope.sheet}”里{told}，对不上，请用程序重新汇总"


def _check(book: Workbook, brought: Sequence[Contribution], of_town: Sequence[Line]) -> None:
    """Raise BalanceError unless the villages bring each line that was read and was tallied."""
    tallied = {tally.sheet: tally.records for tally in book.tallies}
    for ledger in CARRIED:
        read, sheet = len(book.rows(ledger)), book.sheet(ledger)
        taken = sum(len(each.lines[ledger.sheet]) for each in brought)
        taken += len(of_town) if ledger is ledgers.FindingLine else 0
        counted = tallied.get(sheet.title, read) if sheet else read
        if not taken == read == counted:
            told = f"清点到 {counted} 行，读到 {read} 行，汇总 {taken} 行"
            raise BalanceError(
                f"汇总对账不平，没有写出：{book.name}“{ledger.sheet}”{told}。"
                "原有的汇总没有改动。这是程序错误，请把报错内容发给技术人员。"
            )


_Own = Mapping[type[Row], Mapping[Raw, tuple[Line, ...]]]


def _by_village(book: Workbook, ledger: type[Row]) -> Mapping[Raw, tuple[Line, ...]]:
    """Return the lines of a ledger by the number of their village, without whose they are."""
    found: dict[Raw, list[Line]] = defaultdict(list)
    for row in book.rows(ledger):
        found[village_no(row)].append(tuple(_carried(row, ledger, book)))
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
    number = village_no(line)
    lines = {ledger.sheet: own[ledger].get(number, ()) for ledger in CARRIED}
    counts = {
        row.__name__.lower(): len(lines[ledger.sheet]) for row, ledger in ledgers.LEDGERS.items()
    }
    return Contribution(
        path=book.path,
        name=book.name,
        part=cast("int", number),
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
        until=line.until,
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
    {
        *ledgers.OF_VILLAGE.values(),
        Village.listed,
        Village.fate,
        Village.taken,
        rollup.SINCE,
        rollup.UNTIL,
    }
)
