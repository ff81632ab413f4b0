"""How far the villages on a township's roster have come."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.findings import Level
from toolkit.flow import Judged
from toolkit.forms import issuing
from toolkit.inbox import Standing, roster_names, standing


@dataclass(frozen=True)
class Progress:
    """The villages by name: those on the roster, with a workbook, filled in, to be mended."""

    listed: tuple[str, ...]
    issued: tuple[str, ...]  # with a workbook of the year
    blank: tuple[str, ...]  # issued, with nothing filled in since
    faulty: Mapping[str, int]  # how many findings must be mended in a filled one
    own: int  # and how many in the township's own workbook
    found: Standing

    @property
    def filled(self) -> tuple[str, ...]:
        """The villages that have filled in theirs."""
        return tuple(name for name in self.issued if name not in self.blank)

    @property
    def absent(self) -> tuple[str, ...]:
        """The villages of the roster of which no workbook of the year could be read."""
        return tuple(name for name in self.listed if name not in self.issued)


def progress_of(done: Judged) -> Progress:
    """Return how far the villages have come, the roster's first, by what was handed in."""
    town = done.inbox.town_book
    found = standing(done.inbox, done.as_of.year)
    wrong = Counter(each.file for each in done.findings if each.level is Level.ERROR)
    blank = {name for name, books in found.listed.items() if all(map(issuing.is_blank, books))}
    return Progress(
        listed=tuple(roster_names(done.inbox.roster).values()),
        issued=tuple(found.listed),
        blank=tuple(name for name in found.listed if name in blank),
        faulty={
            name: count
            for name, books in (*found.listed.items(), *found.strangers.items())
            if name not in blank and (count := sum(wrong[book.path] for book in books))
        },
        own=wrong[town.path] if town else 0,
        found=found,
    )
