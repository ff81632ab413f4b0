"""Where each millisecond of a check goes: CPU time a workbook, stage by stage, beside the limits.

The stages are clocked by wrapping the functions named below; a stage's time is its own, without
that of stages it calls. What the clocks themselves cost is measured and shown.

    python bench/stages.py [--villages 60] [--rounds 7]
"""

import argparse
import datetime as dt
import functools
import hashlib
import importlib
import io
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.parsers import expat

from township import build_township

from toolkit import flow
from toolkit.report import as_json, as_text
from toolkit.rules.catalogue import RULES
from toolkit.rules.rule import Case, Objections, Rule

AS_OF = dt.date(2022, 10, 31)

STAGES: Sequence[tuple[str, Sequence[str]]] = (
    ("read the bytes", ("toolkit.excel.opened:read_bytes",)),
    ("gate: directory of the package", ("toolkit.excel.gate.preflight:directory",)),
    ("gate: inflate and CRC of every part", ("toolkit.excel.gate.preflight:inflate",)),
    (
        "gate: scans of the sheets' bytes",
        (
            "toolkit.excel.gate.preflight:without_blank_rows",
            "toolkit.excel.gate.preflight:is_near",
            "toolkit.excel.gate.preflight:is_plain",
        ),
    ),
    (
        "gate: XML of the small parts",
        ("toolkit.excel.gate.preflight:parse", "toolkit.excel.gate.preflight:elements"),
    ),
    ("gate: walks through odd sheets", ("toolkit.excel.gate.preflight:walk",)),
    ("gate: the rest, with the fingerprint", ("toolkit.excel.opened:preflight",)),
    ("calamine: cells", ("toolkit.excel.opened:read_values",)),
    ("understand: cells to records", ("toolkit.excel.opened:understand",)),
    ("findings: gathered, worded, sorted", ("toolkit.flow:apply_rules",)),
    ("report", ()),
)
FAMILIES = {
    "L": "layout and identity",
    "C": "cells",
    "R": "one row",
    "X": "between sheets",
    "D": "dates and stages",
    "W": "wording",
    "T": "between villages",
}


class Clock:
    """Adds up the CPU time of stages that call one another."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self.calls = 0
        self._running: list[str] = []
        self._since = 0.0

    def within(self, stage: str, work: Callable[..., Any], *given: Any, **named: Any) -> Any:  # noqa: ANN401 -- it wraps any function
        """Return what work returns, its time counted for a stage."""
        self._turn(stage)
        try:
            return work(*given, **named)
        finally:
            self._turn(None)

    def _turn(self, stage: str | None) -> None:
        now = time.process_time()
        if self._running:
            self.spent[self._running[-1]] += now - self._since
        if stage is None:
            self._running.pop()
        else:
            self._running.append(stage)
            self.calls += 1
        self._since = time.process_time()


@contextmanager
def clocked(clock: Clock) -> Iterator[None]:
    """Wrap the functions of every stage for a while; a name that is gone raises AttributeError."""
    patches = []
    for stage, places in STAGES:
        for place in places:
            module, _, name = place.partition(":")
            function = getattr(importlib.import_module(module), name)
            wrapped = functools.partial(clock.within, stage, function)
            patches.append(patch(f"{module}.{name}", wrapped))
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def clocked_rule(rule: Rule, clock: Clock) -> Rule:
    """Return a rule whose questions are clocked for its family."""
    stage = f"rules: {FAMILIES[rule.code[0]]}"

    def ask(case: Case) -> Objections:
        return iter(clock.within(stage, lambda: list(rule.ask(case))))

    return replace(rule, ask=ask)


def check(folder: Path, clock: Clock | None = None) -> float:
    """Check a township and write its reports; return the CPU seconds."""
    start = time.process_time()
    if clock is None:
        written(flow.check([folder], AS_OF))
    else:
        rules = [clocked_rule(rule, clock) for rule in RULES]
        with clocked(clock):
            report = clock.within("the rest of the run", flow.check, [folder], AS_OF, rules)
        clock.within("report", written, report)
    return time.process_time() - start


def written(report: Any) -> int:  # noqa: ANN401 -- a report
    """Return the length of a report as people and as programs read it."""
    return len(as_text(report)) + len(as_json(report))


# -- the limits of performance.md, on these very files --------------------------------------------


def limits(files: Sequence[Path]) -> Mapping[str, float]:
    """Return what the least that any reader must do costs, in CPU seconds for all files."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- for this alone

    contents = [path.read_bytes() for path in files]
    unpacked = [_unpacked(data) for data in contents]

    def calamine(data: bytes) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for title in book.sheet_names:
            book.get_sheet_by_name(title).to_python(skip_empty_area=False)

    return {
        "sha256 of the file": _cpu(hashlib.sha256, contents),
        "inflate and CRC of every part, by zipfile": _cpu(_unpacked, contents),
        "expat over every part, bare": _cpu(_tokenised, unpacked),
        BASE: _cpu(calamine, contents),
    }


BASE = "calamine, every sheet, no gate"


def _unpacked(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return [package.read(name) for name in package.namelist()]


def _tokenised(parts: Sequence[bytes]) -> None:
    for part in parts:
        expat.ParserCreate().Parse(part, True)  # noqa: FBT003 -- expat takes no keyword


def _cpu(work: Callable[[Any], object], things: Sequence[Any]) -> float:
    start = time.process_time()
    for thing in things:
        work(thing)
    return time.process_time() - start


# -- the table ------------------------------------------------------------------------------------


def main() -> None:
    """Print the table, in milliseconds a workbook; of several rounds the least figure counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--villages", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = build_township(folder, options.villages)
        check(folder)  # loads what is loaded on first use
        wholes, stages, edges = [], [], []
        for _ in range(options.rounds):
            wholes.append(check(folder))
            clock = Clock()
            check(folder, clock)
            stages.append(clock.spent)
            edges.append(limits(files))
    whole = min(wholes)
    own = {name: min(each.get(name, 0.0) for each in stages) for name in _order(stages[0])}
    floor = {name: min(each[name] for each in edges) for name in edges[0]}
    base = floor[BASE]
    _print("stage", own, options.villages, base)
    _print(
        "", {"all stages": sum(own.values()), "the same, unclocked": whole}, options.villages, base
    )
    print()
    _print("limit", floor, options.villages, base)
    print(f"\n{clock.calls / options.villages:.0f} clock calls a workbook", file=sys.stderr)


def _order(stages: Mapping[str, float]) -> list[str]:
    """Return the names of the stages as a workbook passes them."""
    first = [name for name, _ in STAGES if name != "report"]
    rules = [f"rules: {name}" for name in FAMILIES.values()]
    order = [*first[:-1], *rules, first[-1], "report", "the rest of the run"]
    return [name for name in order if name in stages]


def _print(head: str, seconds: Mapping[str, float], books: int, base: float) -> None:
    if head:
        print(f"{f'{head}, CPU time a workbook':48}{'ms':>8}{'× calamine':>12}")
    for name, each in seconds.items():
        print(f"{name:48}{each / books * 1000:8.2f}{each / base:12.2f}")


if __name__ == "__main__":
    main()
