"""What placeholders can name: the values and tables of a village, and of each row in a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scope:
    """Values by name, "" where the workbook holds none, and tables of further scopes."""

    values: Mapping[str, str]
    tables: Mapping[str, Sequence["Scope"]] = field(default_factory=dict)


Scopes = tuple[Scope, ...]
"""A row and what it stands in, nearest first: a name means what it means nearest."""


def find(name: str, scopes: Scopes) -> str | Sequence[Scope] | None:
    """Return the value or the rows that a name means, None where it means nothing."""
    for scope in scopes:
        if name in scope.values:
            return scope.values[name]
        if name in scope.tables:
            return scope.tables[name]
    return None


def value_names(scopes: Scopes) -> Iterator[str]:
    """Yield each name of a value, nearest first; one may come twice."""
    for scope in scopes:
        yield from scope.values


def table_names(scopes: Scopes) -> Iterator[str]:
    """Yield each name of a table, nearest first; one may come twice."""
    for scope in scopes:
        yield from scope.tables
