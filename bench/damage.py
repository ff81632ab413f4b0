"""Ten thousand damaged copies of the example workbooks, and what became of each.

Damage to the bytes must end in a refusal in words, or in the records as they were. A change to the
XML of a part, properly packed again, makes another honest file: there it counts that nothing
breaks, hangs or grows, and how often other records come without another finding is shown only.

    python bench/damage.py [--copies 10000] [--seed 0]
"""

import argparse
import dataclasses
import datetime as dt
import faulthandler
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(CHECKOUT / "tests")]

from damaged import BYTES, MUTATIONS, Damage, mutated  # noqa: E402 -- the suite's own
from said import said  # noqa: E402 -- as above

from toolkit import flow  # noqa: E402 -- after the path is set
from toolkit.excel.opened import read_workbook  # noqa: E402 -- as above
from toolkit.forms import township, village  # noqa: E402 -- as above
from toolkit.report import CheckReport  # noqa: E402 -- as above

EXAMPLES = CHECKOUT / "examples" / "青石镇" / "村级工作簿"
AS_OF = dt.date(2022, 10, 31)
MOST_SECONDS = 10
ENDS = ("refused", "as before", "other, with a finding", "other, in silence", "broken")

Told = tuple[object, ...]


def told(path: Path) -> Told:
    """Return all that a file says but its fingerprint, which any change must change."""
    book = read_workbook(path, (village.FORM, township.FORM))
    return said(book), dataclasses.replace(book.facts, sha256="")


def found(report: CheckReport) -> set[str]:
    """Return the findings as lines."""
    return {finding.line() for finding in report.findings}


def end_of(copy: Path, truth: Told, known: set[str]) -> str:
    """Return what became of one copy, beside what the undamaged file says."""
    faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
    try:
        report = flow.check([copy], AS_OF)
        if report.unreadable:
            sentence = report.unreadable[0].reason
            whole = re.fullmatch(".*[\u4e00-\u9fff].*。", sentence)
            return "refused" if whole and report.exit_code() == 3 else f"broken: {sentence}"  # noqa: PLR2004 -- the exit code itself
        if told(copy) == truth:
            return "as before"
        return "other, with a finding" if found(report) - known else "other, in silence"
    except Exception as error:  # noqa: BLE001 -- any at all is what is looked for
        return f"broken: {error!r}"
    finally:
        faulthandler.cancel_dump_traceback_later()


Way = Callable[[bytes, random.Random], bytes]


def ends(way: Way, copies: int, seed: str, folder: Path) -> Iterator[str]:
    """Yield what became of each copy that a way of damage made, the examples taken in turn."""
    books = [
        (path.name, path.read_bytes(), told(path), found(flow.check([path], AS_OF)))
        for path in sorted(EXAMPLES.glob("*.xlsx"))
    ]
    for number in range(copies):
        name, data, truth, known = books[number % len(books)]
        copy = folder / name
        copy.write_bytes(way(data, random.Random(f"{seed} {number}")))  # noqa: S311 -- repeatable, not secret
        end = end_of(copy, truth, known)
        if end.startswith(("broken", "other")):
            print(f"    {name}, copy {number}: {end}", file=sys.stderr)
        yield end.partition(":")[0]


def table(ways: Sequence[tuple[str, Way]], copies: int, seed: int, folder: Path) -> Counter[str]:
    """Print a line for each way of damage; return the sums."""
    sums: Counter[str] = Counter()
    for name, way in ways:
        counts = Counter(ends(way, copies // len(ways), f"{seed} {name}", folder))
        sums += counts
        print(f"{name:20}", *(f"{counts[end]:>{len(end) + 2}}" for end in ENDS), flush=True)
    print(f"{'together':20}", *(f"{sums[end]:>{len(end) + 2}}" for end in ENDS))
    return sums


def in_a_part(mutate: Damage) -> Way:
    """Return the way that changes one part of a package."""
    return lambda data, chance: mutated(data, mutate, chance)


def main() -> int:
    """Print the tables; return 1 where a damaged copy was read otherwise or broke the reader."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--copies", type=int, default=10_000, help="with bytes damaged")
    parser.add_argument("--mutations", type=int, default=3_000, help="with XML changed")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        head = f"{'':20} " + " ".join(f"{end:>{len(end) + 2}}" for end in ENDS)
        print(f"bytes damaged\n{head}")
        ways = [(each.__name__, each) for each in BYTES]
        of_bytes = table(ways, options.copies, options.seed, Path(folder))
        print(f"\nXML changed, packed again\n{head}")
        ways = [(each.__name__, in_a_part(each)) for each in MUTATIONS]
        of_xml = table(ways, options.mutations, options.seed, Path(folder))
    print(f"\n{time.perf_counter() - start:.0f} s")
    harm = of_bytes["other, in silence"] + of_bytes["other, with a finding"]
    return int(bool(harm + of_bytes["broken"] + of_xml["broken"]))


if __name__ == "__main__":
    sys.exit(main())
