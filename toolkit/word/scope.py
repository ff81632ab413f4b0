"""What placeholders can name: the values and tables of a paper's source, and of a table's rows.

A glossary says of each name what it holds; the catalogue of placeholders is made from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.schema.columns import Column, Row


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


Path = tuple[str, ...]
"""The tables, outermost first, in whose rows a name stands; () for what stands in no loop."""


def walk(scope: Scope, path: Path = ()) -> Iterator[tuple[Path, Scope]]:
    """Yield a specimen's scopes, each with its path; of a table its first row."""
    yield path, scope
    for name, rows in scope.tables.items():
        for row in rows[:1]:
            yield from walk(row, (*path, name))


# -- what a name holds ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Glossary:
    """What the names of a vocabulary hold, each in a sentence.

    `rows` are the rows behind a table, or behind the values of no table (""): a column's header
    is described by the column. `said` holds the sentence of any other name, and of a table; a
    name that means another thing in one table stands there as "table.name".
    """

    said: Mapping[str, str]
    rows: Mapping[str, type[Row]] = field(default_factory=dict)

    def of_value(self, path: Path, name: str) -> str:
        """Return what a value holds, "" where nothing says so."""
        table = path[-1] if path else ""
        own = self.said.get(f"{table}.{name}", "") if table else ""
        return own or self._of_column(table, name) or self.said.get(name, "")

    def _of_column(self, table: str, name: str) -> str:
        row = self.rows.get(table)
        found = next((each for each in row.columns if each.header == name), None) if row else None
        return "" if found is None else _told(found)

    def of_table(self, name: str) -> str:
        """Return what a row of a table is, "" where nothing says so."""
        row = self.rows.get(name)
        return self.said.get(name, "") or (row.hint if row else "")


def _told(column: Column[Any]) -> str:
    """Return what a column holds: where it is filled in, its unit, and what belongs there."""
    sheet = column.owner.sheet if column.owner and issubclass(column.owner, Row) else ""
    unit = f"，单位：{column.unit}" if column.unit else ""
    return f"“{sheet}”表{unit}。{column.note}"
