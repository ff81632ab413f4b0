"""Python's cyclic garbage collector, at rest while a run makes much and drops little."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Let the collector rest: cells are no garbage, and sifting them costs a tenth to a fifth.

    Measured in `bench/`: a check a tenth, a rollup's writing a fifth.
    """
    resting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if resting:
            gc.enable()


def leave_to_the_system() -> None:
    """Let the process end without its garbage sifted first: that costs a tenth of a short run."""
    atexit.register(gc.freeze)
