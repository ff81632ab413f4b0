"""Shares as people read them."""

from fractions import Fraction

import pytest

from toolkit.schema.totals import percentage


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0005, "0.1%"),
        (0.66666, "66.7%"),
        (1.0, "100.0%"),
        (1e-05, "0.0%"),
        (Fraction(1001, 2000), "50.1%"),
        (1001 / 2000, "50.1%"),
        (Fraction(0), "0.0%"),
        (None, ""),
    ],
)
def test_a_share_is_rounded_half_up_to_one_decimal(share, said):
    assert percentage(share) == said


def test_a_share_reads_the_same_whether_it_is_exact_or_a_cells_number():
    shares = [Fraction(part, whole) for whole in range(1, 81) for part in range(whole + 1)]
    assert [percentage(share) for share in shares] == [percentage(float(s)) for s in shares]
