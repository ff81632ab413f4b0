"""What many tests work with: the command line as a person runs it, and a work folder."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from worked import work_folder

from toolkit import cli

# In CI the same examples are drawn each time: a commit is judged by what it changes.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def zhengdun(monkeypatch, capsys):
    """Run a command as a person does; no traceback may ever show."""

    def call(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["zhengdun", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        code = ended.value.code
        return Said(code if isinstance(code, int) else 0, said.out, said.err)

    return call


@pytest.fixture
def work(tmp_path) -> Path:
    """Make a work folder: the township's workbook above the villages'."""
    return work_folder(tmp_path)


collect_ignore = ["office_child.py"]  # run by the system's own Python, which alone has `uno`
