"""Rows of two states of one sheet, each matched with what it was before.

Law: every row of either state is in just one place of the answer, and the states exchanged give
the answer exchanged.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Marks(NamedTuple):
    """What a row is known by: its key (may be blank), its text, and all that it says."""

    key: tuple[str, ...]
    text: str
    content: Hashable


@dataclass(frozen=True)
class Matched(Generic[T]):
    """The rows of two states: before and now beside each other, and those without a partner."""

    kept: tuple[tuple[T, T], ...]  # under its own key
    renamed: tuple[tuple[T, T], ...]  # the same text under another key
    removed: tuple[T, ...]
    added: tuple[T, ...]


Rows = dict[int, Marks]
"""The rows that have no partner yet, by their place."""
Pair = tuple[int, int]


def match(before: Sequence[T], now: Sequence[T], marks: Callable[[T], Marks]) -> Matched[T]:
    """Return the rows of two states, matched.

    What is equal throughout belongs together, then what has key and text in common, then a text
    that each state has once, under whatever key, and last the key alone. Several rows of one key
    are matched in their order.
    """
    old, new = (dict(enumerate(map(marks, rows))) for rows in (before, now))
    kept = _taken(old, new, lambda row: row)
    kept += _taken(old, new, lambda row: (row.key, row.text) if row.text else None)
    renamed = _taken(old, new, lambda row: row.text or None, once=True)
    kept += _taken(old, new, lambda row: row.key if any(row.key) else None)

    def rows(pairs: Iterable[Pair]) -> tuple[tuple[T, T], ...]:
        in_order = sorted(pairs, key=lambda pair: pair[1])
        return tuple((before[old_at], now[new_at]) for old_at, new_at in in_order)

    return Matched(
        rows(kept), rows(renamed), tuple(before[at] for at in old), tuple(now[at] for at in new)
    )


def _taken(
    old: Rows, new: Rows, sign: Callable[[Marks], Hashable | None], *, once: bool = False
) -> list[Pair]:
    """Take from either state the rows that share a sign, and return them as pairs.

    `once` leaves those alone whose sign several rows of one state have.
    """
    places: defaultdict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((old, new)):
        for at, row in rows.items():
            told = sign(row)
            if told is not None:
                places[told][side].append(at)
    pairs = [
        pair
        for olds, news in places.values()
        if not once or (len(olds) == len(news) == 1)
        for pair in zip(olds, news, strict=False)  # the longer side's rest has no partner
    ]
    for old_at, new_at in pairs:
        del old[old_at], new[new_at]
    return pairs
