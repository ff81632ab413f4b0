"""A rollup's totals counted again, line by line: what a finished book is compared with.

Law: nothing is shared with whoever reckoned the totals. Amounts are added in exact decimals.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from toolkit.cells import Raw
from toolkit.forms import rollup
from toolkit.forms.ledgers import YES
from toolkit.forms.rollup import Rollup, Table
from toolkit.schema.columns import Column
from toolkit.schema.totals import (
    CENTS,
    NO_BASE,
    Amount,
    Count,
    Figure,
    Formula,
    Month,
    Part,
    Rate,
    Ratio,
    Sum,
)

Total = Decimal | str
"""What a total comes to: a number, or the words that stand where there is none."""

_NEAR, _DIGITS = Decimal("1e-12"), Decimal("1e-14")
"""How far a number may be off that a cell holds: it keeps fifteen digits, a ratio has more."""


def exact(values: Iterable[object]) -> Decimal:
    """Return the sum of what is a number, to the cents that amounts keep."""
    numbers = (value for value in values if isinstance(value, int | float))
    return round(sum((Decimal(str(value)) for value in numbers), Decimal()), CENTS)


def is_same(due: Total, held: object) -> bool:
    """Say whether what a cell of a file holds is a total.

    >>> is_same(Decimal("3.1"), 3.1), is_same(Decimal(3), 3.000001), is_same("—", "—")
    (True, False, True)
    """
    if isinstance(due, str):
        return held == due
    if not isinstance(held, int | float | Decimal):
        return False
    return abs(Decimal(str(held)) - due) <= max(_NEAR, abs(due) * _DIGITS)


def as_figure(total: Total) -> str:
    """Return a total as messages print it.

    >>> as_figure(Decimal("120.50")), as_figure(Decimal(1) / 3), as_figure("—")
    ('120.5', '0.333333', '—')
    """
    if isinstance(total, str):
        return total
    shown = round(total, CENTS).normalize()
    return f"{shown:f}"


def recounted(made: Rollup, how: Formula) -> Total:
    """Return what a count, a sum or their ratio over whole tables comes to."""
    match how:
        case Count() | Sum():
            return _counted(made, how)
        case Ratio():
            return _share(how, lambda part: _counted(made, part))
        case _:
            raise TypeError(how)


def is_at_hand(made: Rollup, how: Formula) -> bool:
    """Say whether every line that a total is of is held, and not in a file of its own alone."""
    parts = (*how.parts, how.whole, *how.less) if isinstance(how, Ratio) else (how,)
    sheets = (part.sheet for part in parts if isinstance(part, Count | Sum))
    return all(sheet not in made.elsewhere or made.tables[sheet].rows for sheet in sheets)


def recounted_cards(made: Rollup) -> Iterator[tuple[str, Total]]:
    """Yield the key figures of the first page that can be counted, each with its label."""
    known = YES in made.tables[rollup.Scope].column(rollup.Scope.roster)
    formulas = {**dict(rollup.CARDS), **({} if known else rollup.WITHOUT_ROSTER)}
    for label, how in formulas.items():
        if isinstance(how, str):
            yield label, how
        elif is_at_hand(made, how):
            yield label, recounted(made, how)


def recounted_totals(made: Rollup, table: Table) -> Iterator[tuple[Column[Any], Total]]:
    """Yield what a table's line of totals must say, column by column."""
    sums: dict[Column[Any], Decimal] = {
        column: exact(table.column(column))
        for column in table.columns
        if isinstance(column, Figure | Amount)
    }

    def number(part: Part) -> Decimal:
        return sums.get(part, Decimal()) if isinstance(part, Column) else _counted(made, part)

    yield from sums.items()
    for column in table.columns:
        if isinstance(column, Rate) and is_at_hand(made, column.how):
            yield column, _share(column.how, number)


def _counted(made: Rollup, how: Part) -> Decimal:
    """Return a count or sum over a table, line by line."""
    match how:
        case Count(sheet, where):
            amounts: Sequence[Raw] = (1,) * len(made.tables[sheet].rows)
        case Sum(sheet, column, where):
            amounts = made.tables[sheet].column(column)
        case _:
            raise TypeError(how)
    for on, to in where:
        wanted = made.year * 100 + (to.number or made.month) if isinstance(to, Month) else to
        met = (cell == wanted for cell in made.tables[sheet].column(on))
        amounts = [amount if so else 0 for amount, so in zip(amounts, met, strict=True)]
    return exact(filter(None, amounts))


def _share(how: Ratio, number: Callable[[Part], Decimal]) -> Total:
    base = number(how.whole) - sum(map(number, how.less))
    return sum(map(number, how.parts), Decimal()) / base if base > 0 else NO_BASE
