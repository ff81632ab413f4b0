"""How far the villages on a township's roster have come."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.findings import Level
from toolkit.flow import Judged
from toolkit.forms import issuing, township, village
from toolkit.schema.workbook import Workbook


@dataclass(frozen=True)
class Progress:
    """The villages by name: those on the roster, with a workbook, filled in, to be mended."""

    listed: tuple[str, ...]
    issued: tuple[str, ...]
    blank: tuple[str, ...]  # issued, with nothing filled in since
    faulty: Mapping[str, int]  # how many findings must be mended in a filled one
    own: int  # and how many in the township's own workbook

    @property
    def filled(self) -> tuple[str, ...]:
        """The villages that have filled in theirs."""
        return tuple(name for name in self.issued if name not in self.blank)

    @property
    def absent(self) -> tuple[str, ...]:
        """The villages of the roster of which no workbook could be read."""
        return tuple(name for name in self.listed if name not in self.issued)


def progress_of(done: Judged) -> Progress:
    """Return how far the villages have come, the roster's first, by what was handed in."""
    names = _names(done.inbox.roster)
    town = done.inbox.town_book
    wrong = Counter(each.file for each in done.findings if each.level is Level.ERROR)
    issued: dict[str, list[Workbook]] = {}
    for book in done.inbox.villages:
        line = township.match(book, tuple(names))
        told = names[line] if line else village.village_name(book)
        issued.setdefault(told or book.name, []).append(book)
    blank = {name for name, books in issued.items() if all(map(issuing.untouched, books))}
    return Progress(
        listed=tuple(names.values()),
        issued=tuple(issued),
        blank=tuple(name for name in issued if name in blank),
        faulty={
            name: count
            for name, books in issued.items()
            if name not in blank and (count := sum(wrong[book.path] for book in books))
        },
        own=wrong[town.path] if town else 0,
    )


def _names(roster: Sequence[township.Village]) -> Mapping[township.Village, str]:
    """Return what each village of the roster is called, with its code where two share a name."""
    names = Counter(row.village for row in roster)
    return {
        row: f"{row.village}（{row.code}）"
        if names[row.village] > 1
        else row.village or row.code or ""
        for row in roster
    }
