"""`python -m toolkit`, stopped by Ctrl-C at whatever moment: a sentence and never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

PRESSED = """
import os, runpy, signal, sys

class Press:
    def __init__(self):
        self.times = {times}

    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            exec("press.press()", globals())  # as where a dataclass is made

    def press(self):
        if self.times:
            self.times -= 1
            os.kill(os.getpid(), signal.SIGINT)

class Errors:
    def __getattr__(self, name):
        return getattr(sys.__stderr__, name)

    def write(self, text):
        sys.__stderr__.write(text)
        press.press()  # while it stops

press = Press()
sys.stderr = Errors()
sys.meta_path.insert(0, press)
sys.argv = ["zhengdun", *{words!r}]
runpy.run_module("toolkit", run_name="__main__")
"""


def run(module: str, times: int, *words: str) -> tuple[int, str, str]:
    """Run a command and press Ctrl-C when it loads a module, and again when it says so."""
    code = PRESSED.format(module=module, times=times, words=words)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("module", ["click", "toolkit.watching.rounds", "toolkit.flow"])
def test_a_watch_that_is_stopped_while_it_loads_says_so_and_all_is_well(tmp_path, module, times):
    assert run(module, times, "watch", str(tmp_path)) == (0, "", "已停止。\n")
    assert list(tmp_path.iterdir()) == []


def test_any_other_command_stopped_while_it_loads_says_so(tmp_path):
    assert run("click", 1, "check", str(tmp_path)) == (2, "", "已停止。\n")
