"""The collector: at rest while a run goes on, and not asked to sift what a process leaves."""

import gc
import subprocess
import sys

from toolkit.garbage import uncollected

_END = """
import atexit, gc
from toolkit.garbage import leave_to_the_system
atexit.register(lambda: print(gc.get_freeze_count() > 1000))
leave_to_the_system()
"""


def test_it_rests_within_and_works_again_afterwards():
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_is_left_at_the_end_is_not_sifted():
    done = subprocess.run([sys.executable, "-c", _END], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
