"""What a watch costs while nothing happens, and how soon after a save its line stands there.

The idle polls of folders of 3, 30 and 300 workbooks, as a share of one core at the pace that the
watch keeps, beside a loop that asks `stat` of every file twice a second; both in one run. Then the
seconds from a save to its line and to the report, of which up to one passes until two polls agree.
Then 200 saves in the manners of Excel, WPS and Calc, polled between every two file operations.

    python bench/watching.py [--only-n 3,30,300] [--polls 400] [--saves 200]
"""

import argparse
import datetime as dt
import importlib.util
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from villages import write_villages

from toolkit.watching.folder import Folder
from toolkit.watching.pace import POLL, Pace
from toolkit.watching.rounds import Days, Rounds, Voice

AS_OF = dt.date(2022, 10, 31)
SAVERS = Path(__file__).resolve().parent.parent / "tests" / "watching" / "savers.py"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only-n", default="3,30,300", help="numbers of workbooks")
    parser.add_argument("--polls", type=int, default=400)
    parser.add_argument("--saves", type=int, default=200)
    asked = parser.parse_args()
    for number in map(int, asked.only_n.split(",")):
        with tempfile.TemporaryDirectory() as place:
            files = write_villages(Path(place), number)
            idle(Path(place), files, asked.polls)
            latency(Path(place), files)
    with tempfile.TemporaryDirectory() as place:
        saves(Path(place), asked.saves)


def per_call(work: Callable[[], object], times: int) -> float:
    """Return the CPU seconds of a call, of many."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def idle(folder: Path, files: Sequence[Path], polls: int) -> None:
    """Print what the polls cost while nothing happens."""
    watched = Folder([folder], lambda path: path.name.startswith("核对结果"))
    for _ in range(10):  # the first ones read
        watched.poll()
    ours = per_call(watched.poll, polls)
    plain = per_call(lambda: [os.stat(path) for path in files], polls)  # noqa: PTH116 -- the plainest
    pause = Pace(ours).pause
    print(
        f"{len(files):>4} workbooks idle: {ours * 1e3:.2f} ms a poll every {pause:.1f} s, "
        f"{ours / pause:.2%} of a core; plain stat loop {plain * 1e3:.2f} ms, {plain / POLL:.2%}"
    )


def silent(_: object) -> None:
    """Say nothing."""


def latency(folder: Path, files: Sequence[Path]) -> None:
    """Print how soon after a save the line stands there, and the report."""
    lines: list[float] = []
    voice = Voice(lambda _: lines.append(time.perf_counter()), silent, silent, lambda: None, silent)
    target = folder.with_name(f"{folder.name}-核对结果.xlsx")
    rounds = Rounds([folder], target, Days(AS_OF, lambda: AS_OF), voice)
    start = time.perf_counter()
    rounds.start(time.sleep)
    print(f"{'':>4} start: {time.perf_counter() - start:.2f} s", end="; ")
    to_line, to_report, saved = [], [], files[0].read_bytes()
    other = files[-1].read_bytes()
    for number in range(5):
        time.sleep(POLL * number / 5)
        files[0].write_bytes(saved if number % 2 else other)
        start = time.perf_counter()
        lines.clear()
        while not lines:
            time.sleep(POLL)
            rounds.look()
        to_line.append(lines[0] - start)
        to_report.append(time.perf_counter() - start)
    print(
        f"save to line {min(to_line):.2f} to {max(to_line):.2f} s, "
        f"to report {min(to_report):.2f} to {max(to_report):.2f} s"
    )
    for path in (target, target.with_name(f"{target.name}.bak")):
        path.unlink(missing_ok=True)


def savers() -> ModuleType:
    """Return the manners of saving that the tests use."""
    spec = importlib.util.spec_from_file_location("savers", SAVERS)
    if spec is None or spec.loader is None:
        sys.exit(f"{SAVERS}: not there")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def saves(folder: Path, number: int) -> None:
    """Print what becomes of saves in every manner, checked and reported one by one."""
    manners, chance = savers().SAVERS, random.Random(2022)  # noqa: S311 -- equal data, no secret
    files = write_villages(folder / "村", 3)
    told: list[str] = []
    troubles: list[str] = []
    voice = Voice(
        told.append,
        troubles.append,
        silent,
        lambda: None,
        lambda error: troubles.append(repr(error)),
    )
    rounds = Rounds([folder / "村"], folder / "核对结果.xlsx", Days(AS_OF, lambda: AS_OF), voice)
    rounds.start(lambda _: None)
    path, versions = files[0], [file.read_bytes() for file in files[:2]]
    for at in range(number):
        for _ in manners[at % len(manners)](path, versions[(at + 1) % 2], chance):
            for _ in range(chance.randint(1, 3)):
                rounds.look()
        rounds.look()
        rounds.look()
    results = sum(f" {path.name}：" in line for line in told)
    print(f"{number} saves: {results} results, {len(troubles)} half-written or unreadable")
    if (results, troubles) != (number, []):
        sys.exit(1)


if __name__ == "__main__":
    main()
