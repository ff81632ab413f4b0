"""Amounts add up to what a cell can hold, whichever way they are added and however large."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rollup.township_drawn import brought, roster, terms_of, three_books

from toolkit.excel.rollup.book import build_rollup, check_written
from toolkit.forms import ledgers, rollup, village
from toolkit.rollup.figures import consolidate
from toolkit.schema.totals import held

MEASURES = ledgers.MeasureLedger.sheet
AT = [column.name for column in village.Measure.columns].index("funds")


def rolled_with(amounts_by_village):
    """Return the rollup of villages whose first measure is repeated, once for each amount."""
    made = []
    for each, amounts in zip(brought(three_books())[0][:2], amounts_by_village, strict=True):
        line = next(iter(brought(three_books())[0][0].lines[MEASURES]))
        lines = tuple((*line[:AT], amount, *line[AT + 1 :]) for amount in amounts)
        counts = {**each.counts, "measure": len(lines)}
        made.append(replace(each, lines={**each.lines, MEASURES: lines}, counts=counts))
    return consolidate(made, (), terms_of(listed=roster()))


def funds(made):
    """Return the amounts of the villages, and both ways in which their sum was reckoned."""
    villages = made.tables[rollup.Village].column(rollup.Village.funds)
    balance = made.tables[rollup.Balance]
    at = balance.column(rollup.Balance.item).index("计划资金（万元）")
    sides = (rollup.Balance.parts, rollup.Balance.whole, rollup.Balance.rest)
    return villages, [balance.column(side)[at] for side in sides]


def test_an_account_number_among_the_amounts_is_added_to_fifteen_digits():
    made = rolled_with([[622202123456789.35, 0.37], [50.5]])
    villages, sides = funds(made)
    assert sorted(filter(None, villages)) == [50.5, 622202123456790]
    assert sides == [622202123456840, 622202123456840, 0]
    check_written(made, build_rollup(made))


@pytest.mark.parametrize(
    ("total", "cell"),
    [
        ("0.30", 0.3),
        ("0", 0),
        ("12.0000005", 12),
        ("12.0000015", 12.000002),
        ("123456789012.345", 123456789012.345),
        ("123456789012345.67", 123456789012346),
        ("1234567890123456", 1234567890123460),
    ],
)
def test_a_sum_is_rounded_once_to_what_a_cell_keeps(total, cell):
    assert (held(Decimal(total)), type(held(Decimal(total)))) == (cell, type(cell))


CENTS = st.integers(0, 10**17 - 1).map(lambda cents: cents / 100)
SMALL = st.integers(0, 10**6).map(lambda cents: cents / 100)
AMOUNTS = st.lists(st.one_of(CENTS, SMALL, st.none(), st.just("约五十")), max_size=12)


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(AMOUNTS, min_size=2, max_size=2))
def test_whatever_the_amounts_are_the_two_ways_agree(amounts):
    made = rolled_with(amounts)  # raises BalanceError where they do not
    _, (parts, whole, rest) = funds(made)
    exact = sum(
        (Decimal(str(each)) for own in amounts for each in own if isinstance(each, float)),
        Decimal(),
    )
    assert (parts, rest) == (whole, 0)
    assert abs(Decimal(str(whole)) - exact) <= exact * Decimal("5e-15")
