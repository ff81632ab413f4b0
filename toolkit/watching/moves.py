"""Rows that have moved: where each row of a sheet stands after a save.

Rows are inserted, deleted and sorted, and some are changed at the same time. A row is known by what
stands in it; one that was changed, by what still does.
"""

from collections.abc import Mapping, Sequence

from toolkit.cells import Grid, Raw

_Row = tuple[Raw, ...]


def moves(before: Grid, after: Grid) -> Mapping[int, int]:
    """Return, by its number before, the number of each row that stands elsewhere now; 0 for none.

    Rows that have stayed where they were are left out.

    >>> moves([["甲"], ["乙"], ["丙"]], [["甲"], ["新"], ["乙"], ["丙"]])
    {2: 3, 3: 4}
    """
    old, new = _rows(before), _rows(after)
    top = _alike_at_the_edge(old, new)
    end = _alike_at_the_edge(old[top:][::-1], new[top:][::-1])
    changed = _matched(old[top : len(old) - end], new[top : len(new) - end])
    shift = len(new) - len(old)
    found = {top + at: top + to if to >= 0 else -1 for at, to in changed.items()}
    found |= {at: at + shift for at in range(len(old) - end, len(old))} if shift else {}
    return {at + 1: to + 1 for at, to in found.items() if at != to}


def _rows(grid: Grid) -> list[_Row]:
    """Return the rows with content, without blanks at their ends; no blank rows at the end."""
    rows = [_trimmed(row) for row in grid]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _trimmed(row: Sequence[Raw]) -> _Row:
    cells = [None if cell == "" else cell for cell in row]
    while cells and cells[-1] is None:
        cells.pop()
    return tuple(cells)


def _alike_at_the_edge(old: Sequence[_Row], new: Sequence[_Row]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


def _matched(old: Sequence[_Row], new: Sequence[_Row]) -> dict[int, int]:
    """Return where each row is now, -1 where it is no more: first those that nobody changed."""
    places = _only_once(new)
    found = {at: places[row] for row, at in _only_once(old).items() if row in places}
    taken = set(found.values())
    shift = 0
    for at, row in enumerate(old):
        if at not in found:
            there = {at, at + shift, at + len(new) - len(old)} - taken
            to = max(
                (each for each in there if 0 <= each < len(new)),
                key=lambda each: (_shared(row, new[each]), each == at),
                default=-1,
            )
            if to not in {-1, at} and not _shared(row, new[to]):
                to = -1
            found[at] = to
            taken.add(to)
        if found[at] >= 0:
            shift = found[at] - at
    return found


def _only_once(rows: Sequence[_Row]) -> dict[_Row, int]:
    """Return the place of every row with content that stands there once."""
    places: dict[_Row, list[int]] = {}
    for at, row in enumerate(rows):
        places.setdefault(row, []).append(at)
    return {row: at[0] for row, at in places.items() if len(at) == 1 and row}


def _shared(one: _Row, other: _Row) -> int:
    """Return in how many columns the same stands in both."""
    return sum(a is not None and a == b for a, b in zip(one, other, strict=False))
