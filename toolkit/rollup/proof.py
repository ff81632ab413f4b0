"""A rollup read back, held against itself: whether its list of villages and its ledgers agree.

Law: of a rollup without a fault each line of each ledger belongs to a village that it has taken,
so that nothing of it can get lost on the way into the next one.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, cast

from toolkit.cells import Raw
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import FindingLine, MeasureLedger, MeetingLedger, ProblemLedger
from toolkit.forms.rollup import PartyLine, Village
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
    found = chain(_missing(book), _numbering(book), _miscounted(book), _astray(book))
    return (f"{fault}，{_BEGIN_AGAIN}" for fault in found)


def lacks_party_lines(book: Workbook) -> bool:
    """Say whether a rollup does without what the official statistic is made from."""
    return book.sheet(PartyLine) is None


# -- what there has to be -------------------------------------------------------------------------

_WITH_PARTY_LINES = (1, 1)  # the version of the rollup that has them, and all later ones


def _missing(book: Workbook) -> Iterator[str]:
    """Yield the sheets that are not there, and the figures that are not in the list."""
    version = tuple(int(part) for part in book.identity.version.split(".") if part.isdecimal())
    due = (PartyLine,) if version >= _WITH_PARTY_LINES else ()
    for row in (Village, *CARRIED, *due):
        if book.sheet(row) is None:
            yield f"缺少“{row.sheet}”"
    for counted in _FIGURES:
        if book.sheet(Village) and not book.has(counted.figure, Village):
            yield f"“{Village.sheet}”缺少“{counted.figure.header}”一栏"


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


def is_left_out(line: Village) -> bool:
    """Say whether a rollup has left a village of its list out."""
    return (line.fate or "").startswith((rollup.REFUSED, rollup.ABSENT_FATE))
