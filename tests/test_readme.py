"""What the READMEs show is what the program says."""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from paths import CHECKOUT, EXAMPLES

from toolkit import cli
from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook

ELISION = "…"
Shown = list[tuple[str, list[str]]]


def blocks(name: str) -> list[Shown]:
    """Return the commands that each block shows, with the lines that each is shown to print."""
    text = (CHECKOUT / name).read_text("utf-8")
    found: list[Shown] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        shown: Shown = []
        for line in block.splitlines():
            if line.startswith("$ "):
                shown.append((line.removeprefix("$ "), []))
            else:
                shown[-1][1].append(line)
        found.append(shown)
    return found


def from_nothing(shown: Shown) -> bool:
    """Say whether a block begins in an empty directory."""
    return shown[0][0].startswith("zhengdun init ")


def agree(said: list[str], shown: list[str]) -> bool:
    """Say whether what is said is what is shown, where … stands for anything within a line."""
    patterns = [".*".join(map(re.escape, line.split(ELISION))) for line in shown]
    return len(said) == len(shown) and all(map(re.fullmatch, patterns, said))


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command as a person does; return the lines it prints."""

    def call(command: str) -> list[str]:
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit):
            cli.main()
        said = capsys.readouterr()
        return (said.out + said.err).splitlines()

    return call


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_each_command_shown_prints_what_is_shown(name, tmp_path, monkeypatch, run):
    monkeypatch.chdir(shutil.copytree(EXAMPLES, tmp_path / "青石镇"))
    shown = [each for block in blocks(name) if not from_nothing(block) for each in block]
    assert shown
    for command, expected in shown:
        said = run(command)
        assert agree(said, expected), (command, said)


def test_five_lines_lead_from_an_empty_directory_to_finished_papers(tmp_path, monkeypatch, run):
    monkeypatch.chdir(tmp_path)
    (shown,) = filter(from_nothing, blocks("README.md"))
    assert len(shown) == 5
    for command, expected in shown:
        if command.startswith("cd "):
            monkeypatch.chdir(command.removeprefix("cd "))
            continue
        said = run(command)
        assert agree(said, expected), (command, said)
        fill_in(tmp_path / "青石镇", command)
    made = {path.relative_to(tmp_path / "青石镇").as_posix() for path in tmp_path.rglob("*.*")}
    assert {"汇总/2022-10/镇汇总.xlsx", "公文/0205-柳湾村-整顿方案.docx"} <= made


def fill_in(folder: Path, after: str) -> None:
    """Fill in, after a command, what people would: the township's workbook, then the villages'."""
    example = example_township()
    filled = {
        "init": [(folder, example.township)],
        "issue": [(folder / "村级工作簿", book) for book in example.villages],
    }
    for place, book in filled.get(after.split()[1], []):
        assert (place / book.file_name).is_file()  # it was there to be filled in
        data = build_workbook(book.form, book.identity, book.filling)
        (place / book.file_name).write_bytes(data)


def test_an_elision_stands_for_part_of_a_line_only():
    assert agree(["必改 3 条。"], ["必改 … 条。"])
    assert not agree(["必改 3 条。", "多一行"], ["必改 … 条。"])
    assert not agree(["必改 3 条"], ["必改 … 条。"])
