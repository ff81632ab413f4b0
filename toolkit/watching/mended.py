"""What a save has mended: the findings before and after it, paired however rows have moved."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from toolkit.findings import Finding, Level

Moves = Mapping[str, Mapping[int, int]]
"""By sheet, where its rows have moved to, as `moves` tells."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of the findings on one workbook; answered ones are none any more.

    Of those that were open, less `fixed` and `answered`, with `new`, those in `left` are open.
    """

    fixed: int
    answered: int  # in 情况说明
    partly: int  # seen no more in some of the cells
    grown: tuple[Finding, ...]  # seen in further cells
    new: tuple[Finding, ...]
    left: tuple[Finding, ...]

    @property
    def nothing(self) -> bool:
        """Whether all is as it was."""
        return not self.told

    @property
    def worse(self) -> tuple[Finding, ...]:
        """What was not there before, or not in all its cells, as people read it."""
        worse = {id(each) for each in self.new + self.grown}
        return tuple(each for each in self.left if id(each) in worse)

    @property
    def told(self) -> str:
        """What has become of them, in words, "" where all is as it was.

        >>> Mended(2, 0, 1, (), (), ()).told
        '改好 2 条，部分改好 1 条'
        """
        said = (
            ("改好 {} 条", self.fixed),
            ("已说明 {} 条", self.answered),
            ("部分改好 {} 条", self.partly),
            ("{} 条多了几格", len(self.grown)),
            ("新出 {} 条", len(self.new)),
        )
        return "，".join(words.format(number) for words, number in said if number)


def mended(before: Iterable[Finding], after: Sequence[Finding], moves: Moves = {}) -> Mended:  # noqa: B006 -- nobody changes it
    """Return what became of the findings on a workbook, some of whose rows may have moved.

    Two are the same fault where rule, sheet and column are and they share a cell; of several, where
    what stands there and the sentence are the same as well.
    """
    was = [_Placed(each, _now(each, moves)) for each in before if not each.accepted]
    pairs = list(_pairs(was, [_Placed(each, each.cells) for each in after]))
    old = {id(one.finding) for one, _ in pairs}
    known = {id(other.finding) for _, other in pairs}
    open_still = [(one, other) for one, other in pairs if not other.finding.accepted]
    left = tuple(finding for finding in after if not finding.accepted)
    return Mended(
        fixed=sum(id(each.finding) not in old for each in was),
        answered=len(pairs) - len(open_still),
        partly=sum(not set(one.cells) <= set(other.cells) for one, other in open_still),
        grown=tuple(b.finding for a, b in open_still if not set(b.cells) <= set(a.cells)),
        new=tuple(each for each in left if id(each) not in known),
        left=left,
    )


def together(changes: Sequence[Mended]) -> Mended:
    """Return what became of the findings on several workbooks."""
    return Mended(
        fixed=sum(each.fixed for each in changes),
        answered=sum(each.answered for each in changes),
        partly=sum(each.partly for each in changes),
        grown=tuple(chain.from_iterable(each.grown for each in changes)),
        new=tuple(chain.from_iterable(each.new for each in changes)),
        left=tuple(chain.from_iterable(each.left for each in changes)),
    )


@dataclass(frozen=True, slots=True)
class _Placed:
    """A finding, and its cells as they are called after the save."""

    finding: Finding
    cells: tuple[str, ...]


_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")
_PLACE = re.compile(r"[A-Z]{1,3}[0-9]+|第 ?[0-9]+ ?行")


def _now(finding: Finding, moves: Moves) -> tuple[str, ...]:
    """Return the cells of a finding where they stand now; one whose row is gone is called row 0."""
    moved = moves.get(finding.sheet)
    if not moved:
        return finding.cells

    def now(cell: re.Match[str]) -> str:
        return f"{cell[1]}{moved.get(int(cell[2]), int(cell[2]))}"

    return tuple(_CELL.sub(now, cell) for cell in finding.cells)


def _column(placed: _Placed) -> Hashable:
    return placed.finding.rule, placed.finding.sheet, placed.finding.header


def _fault(placed: _Placed) -> Hashable:
    """Return the fault without its place, which also its sentence may name."""
    said = _PLACE.sub("", placed.finding.message)
    return _column(placed), placed.finding.seen, said


def _pairs(
    before: Iterable[_Placed], after: Sequence[_Placed]
) -> Iterator[tuple[_Placed, _Placed]]:
    """Yield each finding with what it is afterwards, the surest pairs first."""
    alike: dict[Hashable, list[_Placed]] = defaultdict(list)
    for each in after:
        alike[_fault(each), each.cells].append(each)
    rest, taken = [], set()
    for one in before:
        if found := alike.get((_fault(one), one.cells)):
            other = found.pop(0)
            taken.add(id(other))
            yield one, other
        else:
            rest.append(one)
    yield from _overlapping(rest, [each for each in after if id(each) not in taken])


def _overlapping(
    before: Iterable[_Placed], after: Iterable[_Placed]
) -> Iterator[tuple[_Placed, _Placed]]:
    """Yield those of the same column that share a cell, those of the same sentence first."""
    by_cell: dict[Hashable, dict[int, _Placed]] = defaultdict(dict)
    for each in after:
        for cell in each.cells:
            by_cell[_column(each), cell][id(each)] = each
    rest = list(before)
    for same in (_fault, _column):
        left = []
        for one in rest:
            there = (by_cell[_column(one), cell].values() for cell in one.cells)
            found = (each for each in chain.from_iterable(there) if same(each) == same(one))
            other = next(found, None)
            if other is None:
                left.append(one)
                continue
            for cell in other.cells:
                del by_cell[_column(other), cell][id(other)]
            yield one, other
        rest = left


# -- what is left ---------------------------------------------------------------------------------


def left_over(findings: Iterable[Finding]) -> str:
    """Return how many findings of each level are open, "" where none is.

    >>> left_over(())
    ''
    """
    found = [finding.level for finding in findings if not finding.accepted]
    return "、".join(f"{level.label} {found.count(level)} 条" for level in Level if level in found)
