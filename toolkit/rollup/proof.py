"""A rollup read back, held against itself: whether its lists and its ledgers agree.

Law: of a rollup without a fault each line of each ledger belongs to a village that it has taken,
and each ledger holds as many lines as were read from each file, so that nothing of it can get lost
on the way into the next one, nor has got lost since it was written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from toolkit.cells import Raw
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import FindingLine, MeasureLedger, MeetingLedger, ProblemLedger
from toolkit.forms.rollup import PartyLine, SourceFile, Village
from toolkit.schema.columns import Column, Row
from toolkit.schema.workbook import Workbook

CARRIED: tuple[type[Row], ...] = (*ledgers.LEDGERS.values(), FindingLine)
"""The sheets whose lines go on, one by one, into the rollup above."""
_BEGIN_AGAIN = "请用程序重新汇总"


@dataclass(frozen=True)
class _Counted:
    """A figure of the list of villages, and the lines of a ledger that it counts."""

    figure: Column[Any]
    ledger: type[Row]
    which: str = ""
    where: tuple[tuple[Column[Any], str], ...] = ()

    def lines(self, book: Workbook) -> Counter[Raw]:
        """Return how many lines there are of each village."""
        return Counter(
            village_no(row)
            for row in book.rows(self.ledger)
            if all(row.field(on).value == to for on, to in self.where)
        )


_FIGURES = (
    _Counted(Village.problems, ProblemLedger),
    _Counted(Village.measures, MeasureLedger),
    _Counted(Village.meetings, MeetingLedger, "计入的", ((ledgers.COUNTS, ledgers.YES),)),
    _Counted(
        Village.errors, FindingLine, f"{ledgers.MUST}的", ((FindingLine.level, ledgers.MUST),)
    ),
)


def village_no(row: Row) -> Raw:
    """Return under which number a line stands, None where it cannot be read."""
    return cast("Raw", row.fields["village_no"].value)


def faults(book: Workbook) -> Iterator[str]:
    """Yield why nobody can go by a rollup, each with what to do: the plainest reason first."""
    found = chain(_missing(book), _numbering(book), _miscounted(book), _astray(book), _lost(book))
    return (f"{fault}，{_BEGIN_AGAIN}" for fault in found)


def lacks_party_lines(book: Workbook) -> bool:
    """Say whether a rollup does without what the official statistic is made from."""
    return book.sheet(PartyLine) is None


# -- what there has to be -------------------------------------------------------------------------

_WITH_ALL = (1, 1)  # the version of the rollup that has all its sheets, and all later ones


def _missing(book: Workbook) -> Iterator[str]:
    """Yield the sheets that are not there, and the figures that are not in the list."""
    version = tuple(int(part) for part in book.identity.version.split(".") if part.isdecimal())
    due = (PartyLine, SourceFile) if version >= _WITH_ALL else ()
    for row in (Village, *CARRIED, *due):
        if book.sheet(row) is None:
            yield f"缺少“{row.sheet}”"
    told: list[tuple[type[Row], Column[Any]]]
    told = [(Village, counted.figure) for counted in _FIGURES]
    if SourceFile in due:
        told += [(SourceFile, column) for column in (_owner(book), *_READ.values())]
    for row, column in told:
        if book.sheet(row) and not book.has(column, row):
            yield f"“{row.sheet}”缺少“{column.header}”一栏"


def _numbering(book: Workbook) -> Iterator[str]:
    """Yield where the villages of the list are not numbered one by one."""
    listed = Counter(village_no(line) for line in book.rows(Village))
    for line in book.rows(Village):
        number = village_no(line)
        if not isinstance(number, int) or number < rollup.TOWN_NO:
            yield f"“{Village.sheet}”第 {line.line} 行的村序号读不出"
        elif listed[number] > 1:
            yield f"“{Village.sheet}”里村序号 {number} 有 {listed[number]} 行，对不上"
    for number in range(1, len(_villages(book)) + 1):
        if not listed[number]:
            yield f"“{Village.sheet}”缺少村序号 {number}"


def _villages(book: Workbook) -> Mapping[Raw, Village]:
    """Return the villages of the list by their numbers."""
    lines = {village_no(line): line for line in book.rows(Village)}
    return {number: line for number, line in lines.items() if number != rollup.TOWN_NO}


# -- what has to agree ----------------------------------------------------------------------------


def _miscounted(book: Workbook) -> Iterator[str]:
    """Yield where the list says another number of lines than a ledger holds."""
    for counted in _FIGURES:
        held = counted.lines(book)
        header, sheet = counted.figure.header, counted.ledger.sheet
        for line in book.rows(Village):
            field, name = line.field(counted.figure), line.village or ""
            here = held[village_no(line)]
            if field.value is None:
                yield f"“{Village.sheet}”里{name}的{header}读不出"
            elif field.value != here:
                told = f"“{Village.sheet}”里{name}{header}是 {field.value}"
                yield f"{told}，“{sheet}”里{counted.which}有 {here} 行，对不上"


def _astray(book: Workbook) -> Iterator[str]:
    """Yield the lines that are nobody's, and the villages that lack what each one has."""
    villages = _villages(book)
    for row in (*CARRIED, PartyLine):
        for line in book.rows(row):
            number = village_no(line)
            if number == rollup.TOWN_NO and row is FindingLine:
                continue
            if number not in villages:
                told = "读不出" if number is None else f"是 {number}"
                yield f"“{row.sheet}”第 {line.line} 行的村序号{told}，与“{Village.sheet}”对不上"
            elif line.field(ledgers.VILLAGE_NAME).value != villages[number].village:
                yield f"“{row.sheet}”第 {line.line} 行的村名与“{Village.sheet}”对不上"
            elif row is not FindingLine and is_left_out(villages[number]):
                name = villages[number].village or ""
                yield f"{name}没有汇总，“{row.sheet}”第 {line.line} 行却是它的，对不上"
    held = Counter(village_no(line) for line in book.rows(PartyLine))
    for number, line in villages.items():
        due = 0 if is_left_out(line) else 1
        if book.sheet(PartyLine) and held[number] != due:
            told = f"{line.village or ''}在“{PartyLine.sheet}”里有 {held[number]} 行"
            yield f"{told}，应有 {due} 行"
        if line.taken is not None and (line.taken == ledgers.NO) != is_left_out(line):
            told = f"{line.village or ''}的“{Village.taken.header}”和“{Village.fate.header}”"
            yield f"“{Village.sheet}”里{told}对不上"


# -- what was read --------------------------------------------------------------------------------

_READ: Mapping[type[Row], Column[Any]] = {
    ledger: next(c for c in SourceFile.columns if c.name == row.__name__.lower())
    for row, ledger in ledgers.LEDGERS.items()
}
"""By ledger, where the list of files says how many of its lines were read from each file.

It is written as plain numbers, which no program reckons anew when a line is deleted.
"""


def _owner(book: Workbook) -> Column[Any]:
    """Return what a file of the list and the lines read from it have in common."""
    return ledgers.TOWN if book.form is rollup.COUNTY_FORM else ledgers.VILLAGE_NO


def _lost(book: Workbook) -> Iterator[str]:
    """Yield where a ledger holds another number of lines than were read from a file."""
    owner = _owner(book)
    if not all(book.has(column, SourceFile) for column in (owner, *_READ.values())):
        return  # of a version that did without them, else told already
    files = _files(book, owner)
    held = {ledger: _by_owner(book.rows(ledger), owner) for ledger in _READ}
    taken = [line for line in _villages(book).values() if not is_left_out(line)]
    for whose in dict.fromkeys(_value(line, owner) for line in taken):
        for ledger, column in _READ.items():
            yield from _unread(files.get(whose, ()), column, ledger, held[ledger][whose])
    for line in taken:
        if _value(line, owner) not in files:
            yield f"“{SourceFile.sheet}”里没有{line.village or ''}的文件，对不上"


def _unread(
    files: Sequence[Row], column: Column[Any], ledger: type[Row], here: int
) -> Iterator[str]:
    """Yield why the files of one owner do not answer for the lines that a ledger has of it."""
    called = "、".join(str(file.fields["file"].value or "").rpartition("/")[2] for file in files)
    read = [count for file in files if isinstance(count := _value(file, column), int)]
    if len(read) < len(files):
        yield f"“{SourceFile.sheet}”里 {called} 的“{column.header}”行数读不出"
    elif files and sum(read) != here:
        told = f"“{SourceFile.sheet}”里写的是 {sum(read)} 行"
        yield f"“{ledger.sheet}”里来自 {called} 的有 {here} 行，{told}，对不上"


def _files(book: Workbook, owner: Column[Any]) -> Mapping[Raw, Sequence[Row]]:
    """Return the files that went into a rollup, by whose they are."""
    files: dict[Raw, list[Row]] = defaultdict(list)
    for file in book.rows(SourceFile):
        if str(file.fields["fate"].value or "").startswith(rollup.TAKEN):
            files[_value(file, owner)].append(file)
    return files


def _by_owner(rows: Iterable[Row], owner: Column[Any]) -> Counter[Raw]:
    return Counter(_value(row, owner) for row in rows)


def _value(row: Row, column: Column[Any]) -> Raw:
    return cast("Raw", row.field(column).value)


def is_left_out(line: Village) -> bool:
    """Say whether a rollup has left a village of its list out."""
    return (line.fate or "").startswith((rollup.REFUSED, rollup.ABSENT_FATE))
