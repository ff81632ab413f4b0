"""What a village workbook costs us, as ratios against a baseline measured in the same run.

Each pair is measured in turn, so that a busy machine burdens both; the least of several rounds
counts. Figures in brackets are the goals.
"""

import datetime as dt
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
ROUNDS = 15


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


def least(*works: Callable[[], float], rounds: int = ROUNDS) -> list[float]:
    """Return the least figure of each of several works, measured in turn."""
    figures = [[work() for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*figures, strict=True)]


def reading() -> None:
    """Read and check one workbook, alone and beside its township, against pandas reading it."""
    import pandas as pd  # noqa: PLC0415 -- the baseline

    from toolkit import flow  # noqa: PLC0415 -- not before start-up is measured

    with tempfile.TemporaryDirectory() as temporary:
        for beside in sorted(EXAMPLE.glob("*.xlsx")):
            alone = Path(shutil.copy(beside, temporary))
            ours, with_township, theirs = least(
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


def starting() -> None:
    """Start the program, against what click alone costs."""
    python = sys.executable
    book = next(EXAMPLE.glob("*.xlsx"))
    check = [python, "-m", "toolkit", "check", str(book), "--as-of", AS_OF.isoformat()]
    helped, click, checked = least(
        lambda: wall([python, "-m", "toolkit", "--help"]),
        lambda: wall([python, "-c", "import click"]),
        lambda: wall(check),
    )
    ratio = helped / click
    print(f"zhengdun --help: {helped:.0f} ms, import click: {click:.0f} ms; {ratio:.1f} × (4 ×)")
    print(f"zhengdun check of one workbook, cold: {checked:.0f} ms (400 ms)")


if __name__ == "__main__":
    starting()
    reading()
