"""Three hundred workbooks issued, against an openpyxl script that writes the same ones.

The script is what a colleague would write who knows openpyxl well. Before the clock starts it has
read one of our workbooks into plain lists: cells, looks, checks, conditional formats, names,
widths, heights, print set-up, protection. Then it writes them anew for each village, with the
village's own identity and prefilled cells; cells take their style from one made per workbook,
which is the quickest way that openpyxl has. Ours is `zhengdun issue` as a person runs it: the
roster read, what lies in the folder looked at, workbooks written and named, receipts listed.

    python bench/issue.py [--rounds 3] [--villages 300] [--profile]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VILLAGES = 300
_HERE = str(Path(__file__).resolve().parent)

# Each is run by an interpreter of its own. What is loaded on first use is loaded before the clock
# starts: how often the program is started is no matter here.
OURS = """
import cProfile, json, pstats, sys, tempfile, time
from pathlib import Path
from toolkit import flow
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.forms import issuing, village
from toolkit.forms.issuing import Order
from toolkit.forms.township import FORM as township_form

township, first, profile = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "profile"
with tempfile.TemporaryDirectory() as warm, tempfile.TemporaryDirectory() as out:
    flow.issue(township, Path(warm), Order(villages=(first,)))
    watch = cProfile.Profile()
    if profile:
        watch.enable()
    start = time.process_time()
    outcome = flow.issue(township, Path(out))
    spent = time.process_time() - start
    watch.disable()
    if profile:
        pstats.Stats(watch, stream=sys.stderr).sort_stats("cumulative").print_stats(60)
        pstats.Stats(watch, stream=sys.stderr).sort_stats("tottime").print_stats(40)
    files = list(Path(out).glob("0*.xlsx"))
    size = sum(file.stat().st_size for file in files)
    roster = issuing.roster_of(read_workbook(township, (township_form,)))
    entries = roster.entries[:30]
    start = time.process_time()
    for entry in entries:
        known = issuing.prefilled(entry, roster.town, roster.year)
        build_workbook(village.FORM, issuing.identity(entry.code, str(roster.year)), known)
    built = (time.process_time() - start) / len(entries)
told = {"ms": spent * 1000, "files": len(files), "kb": size / len(files) / 1024}
print(json.dumps({**told, "built": built * 1000}))
"""
THEIRS = """
import json, sys, tempfile, time
from pathlib import Path
sys.path.insert(0, sys.argv[3])
import by_openpyxl
from toolkit.excel.opened import read_workbook
from toolkit.forms import issuing, township

book = read_workbook(Path(sys.argv[1]), (township.FORM,))
plan, villages = by_openpyxl.prepared(issuing.roster_of(book))
with tempfile.TemporaryDirectory() as warm, tempfile.TemporaryDirectory() as out:
    by_openpyxl.write(plan, villages[0], Path(warm) / "0.xlsx")
    start = time.process_time()
    for village in villages:
        by_openpyxl.write(plan, village, Path(out) / village.file)
    spent = time.process_time() - start
    files = list(Path(out).glob("0*.xlsx"))
    size = sum(file.stat().st_size for file in files)
print(json.dumps({"ms": spent * 1000, "files": len(files), "kb": size / len(files) / 1024}))
"""


def township_file(folder: Path, villages: int) -> Path:
    """Write a township's workbook with so many villages on its roster, some less known."""
    from toolkit.demo import example_township  # noqa: PLC0415 -- not before others are measured
    from toolkit.excel.blank import build_workbook  # noqa: PLC0415 -- as above
    from toolkit.forms import township  # noqa: PLC0415 -- as above

    own = example_township().township
    roster = [
        {
            "code": f"{number:04}",
            "village": f"第{number}村",
            "branch": f"中共青石镇第{number}村支部委员会",
            "secretary": f"王志{number}",
            "secretary_phone": f"138{number:08}",
            "clerk": f"李明{number}",
            "clerk_phone": f"139{number:08}",
        }
        for number in range(1, villages + 1)
    ]
    for number, known in enumerate(roster):
        for unknown in ("clerk_phone", "clerk", "secretary_phone")[: number % 4]:
            del known[unknown]
    path = folder / own.file_name
    path.write_bytes(
        build_workbook(own.form, own.identity, {**own.filling, township.Village: roster})
    )
    return path


def apart(script: str, *arguments: str) -> Mapping[str, float]:
    """Return what a script in a process of its own says."""
    done = subprocess.run(  # noqa: S603 -- our own interpreter
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    told: Mapping[str, float] = json.loads(done.stdout)
    return told


def issuing(rounds: int, villages: int = VILLAGES) -> None:
    """Issue a township's workbooks, against openpyxl writing the same cells and checks."""
    with tempfile.TemporaryDirectory() as temporary:
        township = str(township_file(Path(temporary), villages))
        pairs = [
            (apart(OURS, township, "0001", ""), apart(THEIRS, township, "", _HERE))
            for _ in range(rounds)
        ]
    ours, theirs = (min(pair, key=lambda told: told["ms"]) for pair in zip(*pairs, strict=True))
    best = min(mine["ms"] / other["ms"] for mine, other in pairs)
    worst = max(mine["ms"] / other["ms"] for mine, other in pairs)
    print(
        f"issue {ours['files']:.0f} workbooks: {ours['ms'] / villages:.1f} ms CPU each "
        f"({ours['kb']:.0f} KB); openpyxl writing {theirs['files']:.0f} such: "
        f"{theirs['ms'] / villages:.1f} ms ({theirs['kb']:.0f} KB); "
        f"{ours['ms'] / theirs['ms']:.2f} of its time (0.50), by rounds {best:.2f} to {worst:.2f}; "
        f"a workbook of its own building {ours['built']:.1f} ms, "
        f"{ours['built'] * villages / theirs['ms']:.2f}"
    )


def main() -> None:
    """Measure, or show where our time goes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="the least of these counts")
    parser.add_argument("--villages", type=int, default=VILLAGES, help="on the roster")
    parser.add_argument("--profile", action="store_true", help="show where our time goes instead")
    options = parser.parse_args()
    if not options.profile:
        issuing(options.rounds, options.villages)
        return
    with tempfile.TemporaryDirectory() as temporary:
        township = str(township_file(Path(temporary), options.villages))
        print(apart(OURS, township, "0001", "profile"))


if __name__ == "__main__":
    main()
