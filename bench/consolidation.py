"""The monthly consolidation, against the script that a colleague would write.

The script reads each sheet of each workbook by `pd.read_excel(engine="openpyxl")`, puts the frames
of a sheet one below the other and writes them by `to_excel`. It neither checks, links nor proves.
Its reading is measured on 30 of the files and scaled to all of them; its writing on as many rows as
300 villages have, made of the 30 files' ten times over; 3,000 villages are taken as ten times 300.

Ours is `zhengdun consolidate` as a person runs it, a process of its own with all that it starts.
The steps are clocked apart from that, in one process.

    python bench/consolidation.py [--only-n 30,300,3000] [--rounds 3]
    python bench/consolidation.py --cluster [--only-n 30000]
"""

import argparse
import datetime as dt
import functools
import importlib
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from villages import write_villages

CHECKOUT = Path(__file__).resolve().parent.parent
AS_OF = "2022-10-31"
SIZES = (30, 300, 3_000)
SCRIPT_VILLAGES, SAMPLE = 300, 30
PROVINCE = 30_000

SCRIPT = """
import json, sys, time
import pandas as pd

SHEETS = ["基本情况", "依据文件", "工作力量", "存在问题", "整改目标", "整改措施", "阶段安排",
          "专题研究会议", "测评验收", "方案文字", "情况说明"]
target, times, *files = sys.argv[1:]
frames = {sheet: [] for sheet in SHEETS}
start = time.process_time()
for path in files:
    for sheet in SHEETS:
        frame = pd.read_excel(path, sheet_name=sheet, engine="openpyxl", header=2)
        frame.insert(0, "file", path)
        frames[sheet].append(frame)
read = time.process_time()
with pd.ExcelWriter(target, engine="openpyxl") as writer:
    for sheet, found in frames.items():
        pd.concat(found * int(times)).to_excel(writer, sheet_name=sheet, index=False)
print(json.dumps({"read": (read - start) / len(files), "write": time.process_time() - read}))
"""


# -- a run, and what it takes ---------------------------------------------------------------------


class Cost(NamedTuple):
    """What one run took: seconds, and megabytes at most."""

    wall: float
    cpu: float  # with all processes that it started
    largest: float  # memory of the largest of them
    together: float  # of all at once, what they share counted once


def run(command: Sequence[str]) -> Cost:
    """Run a command to its end; a failure ends the measurement with what it said."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(command, stdout=said, stderr=said, cwd=CHECKOUT)  # noqa: S603 -- our own interpreter
        watch = _Watch(running.pid)
        code = running.wait()
        wall = time.perf_counter() - start
        watch.stop()
        if code:
            said.seek(0)
            sys.exit(said.read().decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, watch.largest / 1024, watch.together / 1024)


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants, ten times a second (Linux only)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.largest = self.together = 0
        self.start()

    def run(self) -> None:
        """Look until the process has ended."""
        while not self._ended.wait(0.1):
            pids = list(_family(self._pid))
            self.largest = max(self.largest, *(_kilobytes(pid, "status", "VmHWM") for pid in pids))
            shared = sum(_kilobytes(pid, "smaps_rollup", "Pss") for pid in pids)
            self.together = max(self.together, shared)

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:  # it has ended meanwhile
            continue
        for child in children:
            yield from _family(int(child))


def _kilobytes(pid: int, file: str, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)


def ours(folder: Path, *more: str) -> list[str]:
    """Return the command that consolidates a folder, into a file beside it."""
    target = str(folder.with_suffix(".xlsx"))
    command = [sys.executable, "-m", "toolkit", "consolidate", str(folder), "-o", target]
    return [*command, "--as-of", AS_OF, "--quiet", *more]


def script(files: Sequence[Path], folder: Path) -> Mapping[str, float]:
    """Return what the colleague's script takes: to read a file, to write 300 villages' rows."""
    sample = [str(path) for path in files[:: len(files) // SAMPLE]][:SAMPLE]
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [
            *(sys.executable, "-c", SCRIPT, str(folder / "script.xlsx")),
            *(str(SCRIPT_VILLAGES // SAMPLE), *sample),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: Mapping[str, float] = json.loads(done.stdout)
    return told


# -- the steps ------------------------------------------------------------------------------------

STEPS: Mapping[str, Sequence[str]] = {
    "read": ("toolkit.gathering:open_one", "toolkit.excel.opened:Opened.read"),
    "check": ("toolkit.gathering:apply_rules",),
    "contributions": ("toolkit.gathering:contribution_of",),
    "figures": ("toolkit.rollup.figures:consolidate",),
    "book": ("toolkit.excel.rollup.book:build_rollup",),
    "proof": (
        "toolkit.gathering:check_contribution",
        "toolkit.rollup.figures:check_balance",
        "toolkit.excel.rollup.book:check_written",
    ),
}
REST = "the rest"


class _Clock:
    """Adds up the CPU time of steps; one that calls another is not charged for it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._running = [REST]
        self._since = time.process_time()

    def wrapped(self, step: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is clocked for a step."""

        @functools.wraps(work)
        def clocked(*given: Any, **named: Any) -> Any:  # noqa: ANN401 -- it wraps any function
            self._turn(step)
            try:
                return work(*given, **named)
            finally:
                self._turn(None)

        return clocked

    def _turn(self, step: str | None) -> None:
        now = time.process_time()
        self.spent[self._running[-1]] += now - self._since
        if step is None:
            self._running.pop()
        else:
            self._running.append(step)
        self._since = now


@contextmanager
def _clocked(clock: _Clock) -> Iterator[None]:
    """Clock every step for a while; a name that is gone raises AttributeError."""
    patches = []
    for step, places in STEPS.items():
        for place in places:
            module, _, name = place.partition(":")
            owner: Any = importlib.import_module(module)
            *classes, name = name.split(".")
            for each in classes:
                owner = getattr(owner, each)
            patches.append(patch.object(owner, name, clock.wrapped(step, getattr(owner, name))))
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def steps(folder: Path) -> Mapping[str, float]:
    """Return the CPU seconds of each step, all in this process."""
    from toolkit import flow  # noqa: PLC0415 -- not before others are measured
    from toolkit.excel.rollup import book  # noqa: F401, PLC0415 -- loaded before the clock starts
    from toolkit.rollup import figures  # noqa: F401, PLC0415 -- as above

    clock = _Clock()
    with _clocked(clock):
        flow.consolidate(
            [folder],
            folder.with_suffix(".xlsx"),
            dt.date.fromisoformat(AS_OF),
            scale=flow.Scale(workers=1),
        )
        clock.wrapped(REST, int)()  # charges what has passed since the last step
    return clock.spent


# -- what is measured -----------------------------------------------------------------------------


def consolidating(rounds: int, sizes: Sequence[int] = SIZES) -> None:
    """Consolidate townships of several sizes, against the script; print ratios and steps."""
    with tempfile.TemporaryDirectory() as temporary:
        places = {size: Path(temporary) / str(size) for size in sizes}
        files = {size: write_villages(place, size) for size, place in places.items()}
        sample = files.get(SCRIPT_VILLAGES) or files[max(sizes)]
        theirs = script(sample, Path(temporary))
        whole = SCRIPT_VILLAGES * theirs["read"] + theirs["write"]
        print(
            f"the script: {theirs['read'] * 1000:.0f} ms CPU to read a workbook (of "
            f"{min(SAMPLE, len(sample))}), {theirs['write']:.1f} s to write {SCRIPT_VILLAGES}; "
            f"{whole:.0f} s for {SCRIPT_VILLAGES} villages"
        )
        for size, place in places.items():
            costs = [run(ours(place)) for _ in range(rounds if size < max(SIZES) else 1)]
            cpu, script_cpu = min(cost.cpu for cost in costs), whole * size / SCRIPT_VILLAGES
            print(
                f"consolidate {size} villages: {min(cost.wall for cost in costs):.2f} s wall"
                f"{' (1.5 s)' if size == min(SIZES) else ''}, {cpu:.1f} s CPU with its workers; "
                f"the script {script_cpu:.0f} s, {script_cpu / cpu:.1f} × (10 ×); memory at most "
                f"{max(cost.largest for cost in costs):.0f} MB in one process, "
                f"{max(cost.together for cost in costs):.0f} MB in all"
                f"{' (800 MB)' if size == max(SIZES) else ''}"
            )
            spent = steps(place)
            in_all = sum(spent.values())
            shares = (f"{step} {spent[step] / in_all:.0%}" for step in (*STEPS, REST))
            print(f"  in one process {in_all:.1f} s CPU: {', '.join(shares)}")


def on_cluster(sizes: Sequence[int]) -> None:
    """Consolidate a province through a Dask cluster of this machine, and compare a sample."""
    from distributed import LocalCluster  # noqa: PLC0415 -- for this alone

    cores = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with tempfile.TemporaryDirectory() as temporary, LocalCluster(**cores) as local:
        through = ("--cluster", local.scheduler_address)
        place = Path(temporary) / "sample"
        write_villages(place, SCRIPT_VILLAGES)
        made = []
        for how in (("--workers", "1"), through):
            run(ours(place, *how))
            made.append(place.with_suffix(".xlsx").read_bytes())
        alike = "the same bytes" if made[0] == made[1] else "OTHER BYTES"
        print(f"{SCRIPT_VILLAGES} villages through the cluster and serially: {alike}")
        for size in sizes:
            place = Path(temporary) / str(size)
            start = time.perf_counter()
            write_villages(place, size)
            print(f"{size} villages written in {time.perf_counter() - start:.0f} s")
            cost = run(ours(place, *through))
            written = sorted(Path(temporary).glob(f"{size}*"))
            print(
                f"consolidate {size} villages through a Dask cluster: {cost.wall:.0f} s wall, "
                f"{cost.cpu:.0f} s CPU besides its workers', {cost.together:.0f} MB; written: "
                + ", ".join(
                    f"{each.name} {each.stat().st_size >> 20} MB"
                    for each in written
                    if each.is_file()
                )
            )


def main() -> None:
    """Measure, here or through a cluster."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="the least of these counts")
    parser.add_argument("--only-n", default="", help="how many villages, with commas")
    parser.add_argument("--cluster", action="store_true", help="through a Dask cluster instead")
    options = parser.parse_args()
    sizes = tuple(map(int, filter(None, options.only_n.split(","))))
    if options.cluster:
        on_cluster(sizes or (PROVINCE,))
    else:
        consolidating(options.rounds, sizes or SIZES)


if __name__ == "__main__":
    main()
