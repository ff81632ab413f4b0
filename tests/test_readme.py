"""What the READMEs show is what the program says."""

import re
import shlex
import shutil
import sys

import pytest
from paths import CHECKOUT, EXAMPLES

from toolkit import cli

ELISION = "…"


def commands(name: str) -> list[tuple[str, list[str]]]:
    """Return each command shown, with the lines it is shown to print."""
    shown: list[tuple[str, list[str]]] = []
    for block in re.findall(
        r"```console\n(.*?)```", (CHECKOUT / name).read_text("utf-8"), re.DOTALL
    ):
        for line in block.splitlines():
            if line.startswith("$ "):
                shown.append((line.removeprefix("$ "), []))
            else:
                shown[-1][1].append(line)
    return shown


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_each_command_shown_prints_what_is_shown(name, tmp_path, monkeypatch, capsys):
    work = shutil.copytree(EXAMPLES, tmp_path / "青石镇")
    monkeypatch.chdir(work)
    assert commands(name)
    for command, expected in commands(name):
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit):
            cli.main()
        said = capsys.readouterr()
        assert (said.out + said.err).splitlines() == expected, command
