"""How often to look: as often as costs no more than a hundredth of a core."""

from dataclasses import dataclass

POLL = 0.5
"""Seconds between two looks, at least."""
_SHARE = 0.01  # of one core, at most
_SMOOTH = 0.1  # the weight of the last look: Windows clocks CPU time in steps of 16 ms


@dataclass(frozen=True, slots=True)
class Pace:
    """How often to look, by what a look costs at which nothing has happened."""

    cost: float = 0.0  # seconds of CPU that a look takes, smoothed

    @property
    def pause(self) -> float:
        """Seconds until the next look."""
        return max(POLL, self.cost / _SHARE)

    def after(self, cost: float) -> "Pace":
        """Return the pace after a look at which nothing had happened.

        >>> [round(pace.pause, 1) for pace in (Pace(0.001).after(0.001), Pace(0.02).after(0.02))]
        [0.5, 2.0]
        """
        return Pace(self.cost + _SMOOTH * (cost - self.cost) if self.cost else cost)
