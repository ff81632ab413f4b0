"""Faults: whatever the disk does, at whatever moment, each result is the old one or the new one."""

import contextlib
import errno
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from faults import AFTER, BEFORE, Ended, Fault, held, restore, run, warm_up
from worked import work_folder, write

from toolkit.demo import example_township
from toolkit.turns import LOCK

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the faults befall a forked child")

EVERY = bool(os.environ.get("ZHENGDUN_FAULTS"))  # else of most runs every fifth call or fewer
TEMPORARY = re.compile(r"\.zhengdun-[a-z0-9_]{8}\.tmp$")
BOOK, TOWN = "村级工作簿/0203-上河村-2022.xlsx", "镇级工作簿.xlsx"
ROLLUP = "汇总/2022-10/镇汇总.xlsx"
COMMANDS = {
    "consolidate": ("consolidate", "-o", ROLLUP, "--as-of"),
    "month": ("month", "2022-10", "--as-of"),
    "check": ("check", "-o", "核对结果.xlsx", "--mark", "回传件", "--as-of"),
    "plan": ("plan", "--draft", "-o", "公文", "--as-of"),
}
MONTH = ("核对结果.xlsx", "镇汇总.xlsx", "回传件/0203-上河村-2022.xlsx")
OLDER, OLD, NEW = "2022-10-05", "2022-10-20", "2022-10-31"


@dataclass(frozen=True)
class Case:
    """A command before which stood older results, and what an undisturbed run of it gives."""

    folder: Path
    words: Sequence[str]
    before: dict[str, bytes]
    after: dict[str, bytes]
    plain: Ended

    @property
    def inputs(self) -> dict[str, bytes]:
        """What the run has not changed; the list of receipts tells of every run anew."""
        return {
            name: data
            for name, data in self.before.items()
            if self.after[name] == data and not name.startswith("发放登记")
        }

    @property
    def results(self) -> set[str]:
        """What the run writes, but for the backups."""
        return {
            name
            for name, data in self.after.items()
            if self.before.get(name) != data and not name.endswith(".bak")
        }


def one_village(folder: Path) -> Path:
    """A work folder whose township has one village with findings."""
    work_folder(folder)
    for path in (folder / "村级工作簿").iterdir():
        if path.name != Path(BOOK).name:
            path.unlink()
    return folder


@pytest.fixture(scope="module")
def cases(tmp_path_factory) -> dict[str, Case]:
    """Every command that writes results, over results of two earlier runs."""
    made = {}
    with contextlib.chdir(one_village(tmp_path_factory.mktemp("warm"))):
        for words in (*((*words, NEW) for words in COMMANDS.values()), ("issue",)):
            warm_up(words)
    for name, words in COMMANDS.items():
        folder = one_village(tmp_path_factory.mktemp(name))
        for day in (OLDER, OLD):
            run((*words, day), folder)
        made[name] = case(folder, (*words, NEW))
    folder = one_village(tmp_path_factory.mktemp("issue"))
    for days in (20, 21, 22):
        write(folder / TOWN, example_township().township, cutoff_day=days)
        if days < 22:
            run(("issue",), folder)
    made["issue"] = case(folder, ("issue",))
    return made


def case(folder: Path, words: Sequence[str]) -> Case:
    before = held(folder)
    plain = run(words, folder)
    return Case(folder, words, before, held(folder), plain)


def test_an_undisturbed_run_replaces_every_result_and_keeps_the_previous_one(cases):
    wanted = {
        "consolidate": (4, {ROLLUP}),  # two villages are missed
        "month": (4, {f"汇总/2022-10/{name}" for name in MONTH}),
        "check": (1, {"核对结果.xlsx", "回传件/0203-上河村-2022.xlsx"}),
        "plan": (0, {"公文/0203-上河村-整顿方案-征求意见稿.docx"}),
        "issue": (0, {f"村级工作簿/{name}-2022.xlsx" for name in ("0205-柳湾村", "0207-石桥村")}),
    }
    for name, (code, results) in wanted.items():
        made = cases[name]
        assert (made.plain.code, results - made.results) == (code, set())
        for result in results:
            older = made.before[f"{result}.bak"]
            assert made.after[f"{result}.bak"] == made.before[result] != older
        assert not leftovers(made.after)


def leftovers(files: dict[str, bytes]) -> list[str]:
    return [name for name in files if TEMPORARY.search(name) or name.endswith(LOCK)]


def record(trials: int, told: str) -> None:
    """Keep the figures of a full trial."""
    assert trials
    if EVERY:
        with Path(os.environ["ZHENGDUN_FAULTS"]).open("a") as figures:
            figures.write(f"{told}\n")


# -- the n-th call, for every n


def nths(made: Case, *, reading: bool = False) -> range:
    """The calls of a run: all of those with which the rollup is written."""
    restore(made.folder, made.before)
    calls = run(made.words, made.folder, reading=reading).calls
    assert len(calls) > 20
    if EVERY or (ROLLUP in made.words and not reading):
        return range(len(calls))
    return range(0, len(calls), 5 if len(calls) < 60 else 13)


def judged(made: Case, ended: Ended, *, sorts: Sequence[str]) -> dict[str, bytes]:
    """Require what holds whatever happens; return what the folder holds."""
    now = held(made.folder)
    assert "Traceback" not in ended.said, ended.said
    assert {name: now.get(name) for name in made.inputs} == made.inputs
    for name in made.results:
        assert now.get(name) in (made.before.get(name), made.after[name]), (name, sorts)
        # The previous version is never without a place.
        if name in made.before:
            kept = (now[name], now.get(f"{name}.bak"))
            assert made.before[name] in kept, (name, sorts)
    known = made.before.keys() | made.after.keys()
    assert [name for name in now if name not in known and name not in leftovers(now)] == []
    return now


@dataclass
class Reruns:
    """What a further run makes of what was left: tried once for everything that can be left."""

    made: Case
    known: set[frozenset[tuple[str, bytes]]]

    def check(self, now: dict[str, bytes]) -> None:
        state = frozenset(
            (TEMPORARY.sub("temporary", name), b"" if name.endswith(LOCK) else data)
            for name, data in now.items()  # a lock file says which process had it
        )
        if state in self.known:
            return
        self.known.add(state)
        ended = run(self.made.words, self.made.folder)
        assert ended.code == self.made.plain.code, ended.said
        after = held(self.made.folder)
        assert not leftovers(after)
        assert {name: after[name] for name in self.made.results} == {
            name: self.made.after[name] for name in self.made.results
        }


@pytest.mark.parametrize("name", [*COMMANDS, "issue"])
def test_killed_at_any_call_a_run_leaves_whole_results_and_the_next_one_makes_good(cases, name):
    made, trials = cases[name], 0
    reruns = Reruns(made, set())
    for nth in nths(made):
        for moment in (BEFORE, AFTER) if EVERY else ((BEFORE, AFTER)[nth % 2],):
            restore(made.folder, made.before)
            ended = run(made.words, made.folder, Fault(nth, moment))
            assert ended.code == -9, ended.said
            reruns.check(judged(made, ended, sorts=(name, str(nth), moment)))
            trials += 1
    record(trials, f"{name}: {trials} kills, {len(reruns.known)} states left")


FAULTS = (errno.EIO, errno.ENOSPC, errno.EACCES)


@pytest.mark.parametrize("name", [*COMMANDS, "issue"])
def test_whichever_call_fails_each_result_is_whole_and_a_sentence_says_so(cases, name):
    made, trials = cases[name], 0
    reruns = Reruns(made, set())
    for nth in nths(made):
        for error in FAULTS if EVERY else (FAULTS[nth % 3],):
            restore(made.folder, made.before)
            ended = run(made.words, made.folder, Fault(nth, error))
            now = judged(made, ended, sorts=(name, str(nth), os.strerror(error)))
            if all(now.get(result) == made.after[result] for result in made.results):
                assert ended.code == made.plain.code, ended.said
            else:
                assert ended.code in {2, 4}, (nth, error, ended.said)
                assert re.search(SENTENCE, ended.said), ended.said
            reruns.check(now)
            trials += 1
    record(trials, f"{name}: {trials} failures, {len(reruns.known)} states left")


SENTENCE = r"磁盘空间不够|写入出错（代码 5）|写不进去|打不开|读取文件出错"


@pytest.mark.parametrize("name", ["consolidate", "check"])
def test_whatever_cannot_be_looked_at_is_said_in_plain_words(cases, name):
    made, trials = cases[name], 0
    for nth in nths(made, reading=True):
        for error in FAULTS[::2] if EVERY else (FAULTS[::2][nth % 2],):
            restore(made.folder, made.before)
            ended = run(made.words, made.folder, Fault(nth, error), reading=True)
            now = held(made.folder)
            assert "Traceback" not in ended.said, ended.said
            assert ended.code in {0, 1, 2, 3, 4}, (nth, error, ended.said)
            assert not leftovers(now)
            assert {each: now[each] for each in made.inputs} == made.inputs
            for result in made.results:
                with zipfile.ZipFile(made.folder / result) as package:
                    assert package.testzip() is None
            trials += 1
    record(trials, f"{name}: {trials} failures to look")
