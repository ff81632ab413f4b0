"""Rows of two states of one sheet, each matched with what it was before.

Law: every row of either state is in just one place of the answer, and the states exchanged give
the answer exchanged.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

_ALIKE = 0.6
"""From this likeness on a text is taken for another in new words.

One character replaced leaves a text of six at 0.6, one of twenty at 0.89. Of the 334 pairs of
measures of one village in the worked examples, which are all different ones, none passes 0.37.
"""
_RELATED = 0.2
"""Below this likeness two texts have nothing to do with each other: 333 of those 334 pairs."""
_MOST_COMPARED = 40_000  # pairs of texts: two hundred rows, each of them reworded
_WORDS = re.compile(r"\w+")


class Marks(NamedTuple):
    """What a row is known by: its key (may be blank), its text, and all that it says.

    `standing` is what must be the same on both rows where nothing but their key is.
    """

    key: tuple[str, ...]
    text: str
    content: Hashable
    standing: Hashable = None


@dataclass(frozen=True)
class Matched(Generic[T]):
    """The rows of two states: before and now beside each other, and those without a partner."""

    kept: tuple[tuple[T, T], ...]  # under its own key
    renamed: tuple[tuple[T, T], ...]  # the same text, or one like it, under another key
    removed: tuple[T, ...]
    added: tuple[T, ...]


Rows = dict[int, Marks]
"""The rows that have no partner yet, by their place."""
Pair = tuple[int, int]


def match(
    before: Sequence[T], now: Sequence[T], marks: Callable[[T], Marks], *, by_likeness: bool = False
) -> Matched[T]:
    """Return the rows of two states, matched.

    What is equal throughout belongs together, then what has key and text in common, then a text
    that each state has once, under whatever key, and last the key alone. Several rows of one key
    are matched in their order.

    `by_likeness` is for texts that are sentences under a running number. Before the key alone,
    two texts that are left belong together, under whatever key, if each is like the other and
    less like any third; where several are equally like it, none is chosen. And the key alone is
    believed only if a text is blank or both are related. Texts that have nothing to do with each
    other are one row reworded throughout if no number has moved on the sheet and the standing is
    the same; else one row is gone and another has come.
    """
    old_marks, new_marks = (tuple(map(marks, rows)) for rows in (before, now))
    old, new = dict(enumerate(old_marks)), dict(enumerate(new_marks))
    kept = _taken(old, new, lambda row: row)
    kept += _taken(old, new, lambda row: (row.key, row.text) if row.text else None)
    renamed = _taken(old, new, lambda row: row.text or None, once=True)
    fit: Callable[[Marks, Marks], bool] | None = None
    if by_likeness:
        for old_at, new_at in _alike(old, new):
            same_key = old.pop(old_at).key == new.pop(new_at).key
            (kept if same_key else renamed).append((old_at, new_at))
        keys = ((old_marks[one].key, new_marks[other].key) for one, other in renamed)
        fit = partial(_believed, moved=any(any(one) and any(other) for one, other in keys))
    kept += _taken(old, new, lambda row: row.key if any(row.key) else None, fit=fit)

    def rows(pairs: Iterable[Pair]) -> tuple[tuple[T, T], ...]:
        in_order = sorted(pairs, key=lambda pair: pair[1])
        return tuple((before[old_at], now[new_at]) for old_at, new_at in in_order)

    return Matched(
        rows(kept), rows(renamed), tuple(before[at] for at in old), tuple(now[at] for at in new)
    )


def _taken(
    old: Rows,
    new: Rows,
    sign: Callable[[Marks], Hashable | None],
    *,
    once: bool = False,
    fit: Callable[[Marks, Marks], bool] | None = None,
) -> list[Pair]:
    """Take from either state the rows that share a sign and fit, and return them as pairs.

    `once` leaves those alone whose sign several rows of one state have.
    """
    places: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((old, new)):
        for at, row in rows.items():
            told = sign(row)
            if told is not None:
                places[told][side].append(at)
    pairs = [
        (old_at, new_at)
        for olds, news in places.values()
        if not once or (len(olds) == len(news) == 1)
        for old_at, new_at in zip(olds, news, strict=False)  # the longer side's rest is alone
        if fit is None or fit(old[old_at], new[new_at])
    ]
    for old_at, new_at in pairs:
        del old[old_at], new[new_at]
    return pairs


# -- likeness -----------------------------------------------------------------------------------


def likeness(one: str, other: str) -> float:
    """Return how much two texts have in common: of both their pairs of neighbours, which share.

    Neighbours are characters side by side; signs and blanks are passed over (Dice's coefficient).

    >>> likeness("流转闲置土地", "流转土地"), likeness("修路、修渠", "修路修渠。")
    (0.5, 1.0)
    >>> likeness("流转闲置土地", "健全三会一课")
    0.0
    """
    return _share(_neighbours(one), _neighbours(other))


def _neighbours(text: str) -> frozenset[str]:
    said = "".join(_WORDS.findall(text))
    return frozenset(map("".join, pairwise(said)))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other) or 1)


def _alike(old: Rows, new: Rows) -> list[Pair]:
    """Return the rows whose texts are like each other, and less like any third."""
    if len(old) * len(new) > _MOST_COMPARED:
        return []
    olds, news = ({at: _neighbours(row.text) for at, row in each.items()} for each in (old, new))
    shares = {
        (old_at, new_at): share
        for old_at, one in olds.items()
        for new_at, other in news.items()
        if (share := _share(one, other)) >= _ALIKE
    }
    likest = tuple(_likest(shares, side) for side in (0, 1))
    return [pair for pair in shares if all(pair in each for each in likest)]


def _likest(shares: Mapping[Pair, float], side: int) -> set[Pair]:
    """Return for each row of a state the pair in which it is likest, if there is just one."""
    found: dict[int, list[Pair]] = {}
    for pair, share in shares.items():
        others = found.setdefault(pair[side], [])
        most = shares[others[0]] if others else 0.0
        if share > most:
            others[:] = [pair]
        elif share == most:
            others.append(pair)
    return {pairs[0] for pairs in found.values() if len(pairs) == 1}


def _believed(one: Marks, other: Marks, *, moved: bool) -> bool:
    """Say whether a key alone makes two rows one, where numbers may have moved."""
    if not one.text or not other.text or likeness(one.text, other.text) >= _RELATED:
        return True
    return not moved and one.standing == other.standing
