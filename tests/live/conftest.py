"""A desk with programs on it that are not there, for all that is done beside an open workbook."""

from collections.abc import Iterator

import pytest
from live_engine import Desk, desk

from toolkit.live import program, states


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """Make every wait for a busy program last no time; return how long each would have been."""
    waited: list[float] = []
    monkeypatch.setattr(program, "sleep", waited.append)
    return waited


@pytest.fixture
def windows(monkeypatch) -> None:
    """Have this computer run Windows, as far as it is asked."""
    monkeypatch.setattr(states, "SYSTEM", "win32")


@pytest.fixture
def excel(pauses, windows) -> Iterator[Desk]:  # noqa: ARG001  what it needs besides
    """Have xlwings over a desk on which no program runs yet; `excel.open(data, path)` starts it."""
    with desk() as made:
        yield made
