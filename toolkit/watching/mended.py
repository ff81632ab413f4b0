"""What a save has mended: the findings before and after it, paired however rows have moved."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of the findings on one workbook; answered ones are none any more."""

    fixed: int
    answered: int  # in 情况说明
    partly: int  # seen in fewer cells than before
    new: tuple[Finding, ...]  # or seen in more cells
    left: tuple[Finding, ...]

    @property
    def nothing(self) -> bool:
        """Whether all is as it was."""
        return not (self.fixed or self.answered or self.partly or self.new)

    @property
    def told(self) -> str:
        """What has become of them, in words, "" where all is as it was.

        >>> Mended(2, 0, 1, (), ()).told
        '改好 2 条，部分改好 1 条'
        """
        said = (
            ("改好", self.fixed),
            ("已说明", self.answered),
            ("部分改好", self.partly),
            ("新出", len(self.new)),
        )
        return "，".join(f"{word} {number} 条" for word, number in said if number)


def mended(before: Iterable[Finding], after: Sequence[Finding]) -> Mended:
    """Return what became of the findings on a workbook.

    Two are the same fault where rule, sheet, column, what stands there and the sentence are; rows
    that were inserted move neither. Failing that, where rule, sheet and column are the same and
    they share a cell: what stood there was changed and is still wrong.
    """
    was = [finding for finding in before if not finding.accepted]
    pairs = list(_pairs(was, after))
    old = {id(one) for one, _ in pairs}
    known = {id(other): one for one, other in pairs}
    left = tuple(finding for finding in after if not finding.accepted)
    grown = [id(b) for a, b in pairs if len(b.cells) > len(a.cells)]
    new = tuple(each for each in left if id(each) not in known or id(each) in grown)
    return Mended(
        fixed=sum(id(each) not in old for each in was),
        answered=sum(b.accepted for _, b in pairs),
        partly=sum(len(b.cells) < len(a.cells) and not b.accepted for a, b in pairs),
        new=new,
        left=left,
    )


_PLACE = re.compile(r"[A-Z]{1,3}[0-9]+|第 ?[0-9]+ ?行")


def _same(finding: Finding) -> Hashable:
    """Return the fault without its place, which also its sentence may name."""
    said = _PLACE.sub("", finding.message)
    return finding.rule, finding.sheet, finding.header, finding.seen, said


def _just_there(finding: Finding) -> Hashable:
    return _same(finding), finding.cells


def _pairs(
    before: Sequence[Finding], after: Sequence[Finding]
) -> Iterator[tuple[Finding, Finding]]:
    """Yield each finding with what it is afterwards, the surest pairs first."""
    for key in (_just_there, _same):
        found = list(_by(key, before, after))
        yield from found
        paired = {id(each) for pair in found for each in pair}
        before = [each for each in before if id(each) not in paired]
        after = [each for each in after if id(each) not in paired]
    yield from _overlapping(before, after)


def _by(
    key: Callable[[Finding], Hashable], before: Iterable[Finding], after: Iterable[Finding]
) -> Iterator[tuple[Finding, Finding]]:
    waiting: dict[Hashable, list[Finding]] = defaultdict(list)
    for each in before:
        waiting[key(each)].append(each)
    for each in after:
        if waiting[key(each)]:
            yield waiting[key(each)].pop(0), each


def _overlapping(
    before: Iterable[Finding], after: Iterable[Finding]
) -> Iterator[tuple[Finding, Finding]]:
    rest = list(after)
    for one in before:
        for other in rest:
            if _column(one) == _column(other) and not set(one.cells).isdisjoint(other.cells):
                yield one, other
                rest.remove(other)
                break


def _column(finding: Finding) -> Hashable:
    return finding.rule, finding.sheet, finding.header


# -- what is left ---------------------------------------------------------------------------------


def left_over(findings: Iterable[Finding]) -> str:
    """Return how many findings of each level are open, "" where none is.

    >>> left_over(())
    ''
    """
    found = [finding.level for finding in findings if not finding.accepted]
    return "、".join(f"{level.label} {found.count(level)} 条" for level in Level if level in found)
