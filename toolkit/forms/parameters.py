"""Parameters: what a township may decide for itself, and what holds where it decides nothing."""

from dataclasses import dataclass
from decimal import Decimal

from toolkit.schema.deadlines import MonthBefore

FIRST_MONTH, CUTOFF_DAY, MONTH_BEFORE = "专题研究起始月份", "每月截止日", "X月前的含义"
"""What those parameters are called that the villages' own workbooks reckon with."""


@dataclass(frozen=True)
class Parameters:
    """What a township may decide for itself, as far as rules, rollup and workbooks ask."""

    year: int | None = None
    first_month: int = 5
    """The month from which on a village meets every month: the seed plan's first meeting."""
    cutoff_day: int = 25
    month_before: MonthBefore = MonthBefore.STRICT
    quorum: Decimal = Decimal(50)
    due_soon: int = 15
    pass_score: Decimal = Decimal(70)
    satisfaction: Decimal = Decimal(90)
    tolerance: Decimal = Decimal("0.5")
    """How far a printed percentage may be off, in units of its last digit."""
    dissatisfied: Decimal = Decimal(50)
    """The share of 不满意 ballots above which nobody passes; 50 % as 淳化 has it."""
    immediate_days: int = 30
    """In how many days from the plan what is to be put right at once must be done."""
    lookback_days: int = 365
    """In how many days from the closing of a problem it must be looked at again; 菏泽: a year."""
