"""What our work costs, as ratios against a baseline measured in the same run.

Each pair is measured in turn, so that a busy machine burdens both; the least of several rounds
counts. Figures in brackets are the goals.

    python bench/bench.py [--rounds 5]
        [--only starting,reading,township,issuing,consolidating,papers]
"""

import argparse
import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
EXAMPLE = CHECKOUT / "examples" / "青石镇" / "村级工作簿"
AS_OF = dt.date(2022, 10, 31)
SAMPLE = 30  # of the township's files, for the baseline


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, in milliseconds."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def wall(command: list[str]) -> float:
    """Return the wall time of a whole process, in milliseconds."""
    start = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- our own interpreter
    return (time.perf_counter() - start) * 1000


def least(rounds: int, *works: Callable[[], float]) -> list[float]:
    """Return the least figure of each of several works, measured in turn."""
    figures = [[work() for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*figures, strict=True)]


def starting(rounds: int) -> None:
    """Start the program, against what click alone costs."""
    python = sys.executable
    book = next(EXAMPLE.glob("*.xlsx"))
    check = [python, "-m", "toolkit", "check", str(book), "--as-of", AS_OF.isoformat()]
    helped, click, checked = least(
        rounds,
        lambda: wall([python, "-m", "toolkit", "--help"]),
        lambda: wall([python, "-c", "import click"]),
        lambda: wall(check),
    )
    ratio = helped / click
    print(f"zhengdun --help: {helped:.0f} ms, import click: {click:.0f} ms; {ratio:.1f} × (4 ×)")
    print(f"zhengdun check of one workbook, cold: {checked:.0f} ms (400 ms)")


def reading(rounds: int) -> None:
    """Read and check one workbook, alone and beside its township, against pandas reading it."""
    import pandas as pd  # noqa: PLC0415 -- the baseline

    from toolkit import flow  # noqa: PLC0415 -- not before start-up is measured

    with tempfile.TemporaryDirectory() as temporary:
        for beside in sorted(EXAMPLE.glob("*.xlsx")):
            alone = Path(shutil.copy(beside, temporary))
            ours, with_township, theirs = least(
                rounds,
                lambda book=alone: cpu(lambda: flow.check([book], AS_OF)),
                lambda book=beside: cpu(lambda: flow.check([book], AS_OF)),
                lambda book=alone: cpu(
                    lambda: pd.read_excel(book, engine="openpyxl", sheet_name=None, header=None)
                ),
            )
            print(
                f"read and check {alone.name}: {ours:.1f} ms CPU, with the township's workbook "
                f"{with_township:.1f} ms; pandas with openpyxl only reads: {theirs:.1f} ms; "
                f"1/{theirs / ours:.1f} (1/6)"
            )


# Run by an interpreter of its own, whose memory is then that of the work alone. What is loaded on
# first use is loaded before the clock starts; how often the program is started is no matter here.
CHECK = """
import datetime as dt, json, sys, time
from pathlib import Path
from toolkit import flow

folder, as_of = Path(sys.argv[1]), dt.date.fromisoformat(sys.argv[2])
flow.check([min(folder.glob("0*.xlsx"))], as_of)
start = time.process_time()
report = flow.check([folder], as_of)
spent = time.process_time() - start
print(json.dumps({"ms": spent * 1000, "files": len(report.files), "found": len(report.findings)}))
print(open("/proc/self/status").read() if sys.platform == "linux" else "", file=sys.stderr)
"""
PANDAS = """
import json, sys, time
import pandas as pd

def read(path):
    pd.read_excel(path, engine="openpyxl", sheet_name=None)

read(sys.argv[1])
start = time.process_time()
for path in sys.argv[1:]:
    read(path)
print(json.dumps({"ms": (time.process_time() - start) * 1000}))
print(open("/proc/self/status").read() if sys.platform == "linux" else "", file=sys.stderr)
"""


def apart(script: str, *arguments: str) -> dict[str, float]:
    """Return what a script in a process of its own says, with its peak of memory in MB."""
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    told: dict[str, float] = json.loads(done.stdout)
    peaks = [line.split()[1] for line in done.stderr.splitlines() if line.startswith("VmHWM")]
    return told | {"peak": int(peaks[0]) / 1024 if peaks else float("nan")}


def township(rounds: int) -> None:
    """Check a township of 300 villages by every rule, against pandas reading its files."""
    from township import build_township  # noqa: PLC0415 -- it needs the package, starting does not

    with tempfile.TemporaryDirectory() as temporary:
        files = build_township(Path(temporary))
        sample = [str(path) for path in files[:: len(files) // SAMPLE]]
        checks, readings = [], []
        for _ in range(rounds):
            checks.append(apart(CHECK, temporary, AS_OF.isoformat()))
            readings.append(apart(PANDAS, *sample))
        ours = min(check["ms"] for check in checks) / len(files)
        theirs = min(reading["ms"] for reading in readings) / len(sample)
        last = checks[-1]
        print(
            f"check of {last['files']:.0f} workbooks, every rule, {last['found']:.0f} findings: "
            f"{ours:.2f} ms CPU a book; pandas with openpyxl only reads: {theirs:.1f} ms; "
            f"{theirs / ours:.1f} × faster (5 ×, 8 × in sight)"
        )
        print(
            f"peak of memory: {max(check['peak'] for check in checks):.0f} MB (120 MB); "
            f"pandas: {max(reading['peak'] for reading in readings):.0f} MB"
        )


def issuing(rounds: int) -> None:
    """Issue 300 workbooks, against an openpyxl script writing the same cells and checks."""
    import issue  # noqa: PLC0415 -- as the township

    issue.issuing(rounds)


def consolidating(rounds: int) -> None:
    """Consolidate 30, 300 and 3,000 villages, against a pandas script that only stacks sheets."""
    import consolidation  # noqa: PLC0415 -- as the township

    consolidation.consolidating(rounds)


def papers(rounds: int) -> None:
    """Make the plans of 300 villages, against docxtpl rendering the same paragraphs."""
    import papers  # noqa: PLC0415 -- as the township

    papers.papers(rounds)


MEASURES = {
    "starting": starting,
    "reading": reading,
    "township": township,
    "issuing": issuing,
    "consolidating": consolidating,
    "papers": papers,
}
FEW_ROUNDS = {"township": 3, "issuing": 5, "consolidating": 5, "papers": 5}
"""Of those that take long, one round for so many of the others."""


def main() -> None:
    """Measure what is asked for, all by default."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="the least of these counts")
    parser.add_argument("--only", default=",".join(MEASURES), help="which measures, with commas")
    options = parser.parse_args()
    for name in options.only.split(","):
        MEASURES[name](-(-options.rounds // FEW_ROUNDS.get(name, 1)))


if __name__ == "__main__":
    main()
