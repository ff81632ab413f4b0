"""Three hundred plans, against docxtpl rendering the same paragraphs; and where our time goes.

Ours is what `zhengdun plan` does once the workbooks are read: marks mended, names gathered, the
template filled, the layout fitted, notes told, the document set and packed. docxtpl is given the
paragraphs ready, so that it has only to render: a template of one loop, in which each style has a
paragraph of its own, opened, rendered and saved for every plan, as its manual shows. Neither writes
to the disk. Each is run by an interpreter of its own, in turn.

    python bench/papers.py [--rounds 3] [--villages 300]
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

CHECKOUT = Path(__file__).resolve().parent.parent
VILLAGES = 300

COMMON = """
import datetime as dt, json, pickle, sys, time
from pathlib import Path
from toolkit.excel.opened import read_workbook
from toolkit.forms import village
from toolkit.word.document import PLAN
from toolkit.word.fit import LIBREOFFICE, fitting, places
from toolkit.word.making import make, source_of
from toolkit.word.papers import USUAL, compose, set_paper
from toolkit.word.vocabulary import vocabulary
from toolkit.word.wording import standard_template

DAY = dt.date(2022, 10, 31)
content = standard_template(PLAN)
files = sorted(Path(sys.argv[1]).glob("0*.xlsx"))
books = [read_workbook(path, (village.FORM,)) for path in files]

def plan(book):
    source = source_of(DAY, book)
    return make(source, vocabulary(source.book, DAY), content, USUAL)
"""
OURS = f"""{COMMON}
plan(books[0])
start = time.process_time()
sizes = [len(plan(book).data) for book in books]
spent = time.process_time() - start
composed = []
for book in books:
    source = source_of(DAY, book)
    composed.append((compose(vocabulary(source.book, DAY), content, USUAL), source.marks))
start = time.process_time()
for paper, marks in composed:
    set_paper(paper, USUAL.typography, marks)
alone = time.process_time() - start
told = {{"ms": spent * 1000, "alone": alone * 1000, "kb": sum(sizes) / len(sizes) / 1024}}
print(json.dumps(told))
"""
WORDED = f"""{COMMON}
lines = []
pages = []
for book in books:
    scope = vocabulary(source_of(DAY, book).book, DAY)
    blocks = compose(scope, content, USUAL).blocks
    fit = fitting(blocks, USUAL.typography.pitch)
    pages.append(places(blocks, fit, LIBREOFFICE)[-1].page)
    lines.append([{{"style": line.style, "text": line.text}} for line in content.fill(scope)])
Path(sys.argv[2]).write_bytes(pickle.dumps(lines))
print(json.dumps({{"least": min(pages), "most": max(pages)}}))
"""
THEIRS = """
import io, json, pickle, sys, time
from pathlib import Path
from docxtpl import DocxTemplate

template, plans = sys.argv[1], pickle.loads(Path(sys.argv[2]).read_bytes())

def render(lines):
    document = DocxTemplate(template)
    document.render({"lines": lines}, autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    return len(stream.getvalue())

render(plans[0])
start = time.process_time()
sizes = [render(lines) for lines in plans]
spent = time.process_time() - start
print(json.dumps({"ms": spent * 1000, "kb": sum(sizes) / len(sizes) / 1024}))
"""


def docxtpl_template(path: Path) -> None:
    """Write docxtpl's template: our own template's styles, a paragraph in each, one loop."""
    import docx  # noqa: PLC0415 -- not before others are measured

    from toolkit.word.document import PLAN  # noqa: PLC0415 -- as above
    from toolkit.word.wording import template_docx, wording  # noqa: PLC0415 -- as above

    path.write_bytes(template_docx(PLAN))
    document = docx.Document(str(path))
    for paragraph in document.paragraphs:
        paragraph._p.getparent().remove(paragraph._p)  # noqa: SLF001 -- python-docx has no other way
    document.add_paragraph("{%p for line in lines %}")
    for style in dict.fromkeys(line.style for line in wording(PLAN)):
        document.add_paragraph(f"{{%p if line.style == '{style}' %}}")
        document.add_paragraph("{{ line.text }}", style=style)
        document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p endfor %}")
    document.save(str(path))


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


# -- stages ---------------------------------------------------------------------------------------

STAGES = (
    ("fingerprint of the workbook, marks mended", "toolkit.word.making:source_of"),
    ("vocabulary: the names a template can use", "toolkit.word.vocabulary:vocabulary"),
    ("fill: the template's wording, as blocks", "toolkit.word.making:compose"),
    ("notes: what is corrected, left blank", "toolkit.word.making:notes"),
    ("fit: the model of the layout", "toolkit.word.gongwen:fitting"),
    ("xml: the text", "toolkit.word.gongwen:_body"),
    ("zip", "toolkit.word.gongwen:zipped"),
)


def stages(folder: Path, rounds: int) -> None:
    """Show what each stage of a plan takes, the least of some rounds."""
    found = [_round(folder) for _ in range(rounds)]
    pages, least = found[0][0], {name: min(told[name] for _, told in found) for name in found[0][1]}
    rest = least["all"] - sum(spent for name, spent in least.items() if name != "all")
    for name, spent in {**least, "the rest": rest}.items():
        print(f"  {name}: {spent:.2f} ms")
    print(f"  a plan of {pages} pages; goal of all: 12 ms")


def _round(folder: Path) -> tuple[int, dict[str, float]]:
    """Return the pages of a village's plan, and the milliseconds of each stage and of all."""
    from stages import Clock  # noqa: PLC0415 -- as the template

    space: dict[str, Any] = {}
    with patch.object(sys, "argv", ["", str(folder)]):
        exec(COMMON, space)  # noqa: S102 -- our own script
    books, times = space["books"][:12], 5
    clock = Clock()
    with ExitStack() as stack:
        for name, place in STAGES:
            module, _, function = place.partition(":")
            work = getattr(importlib.import_module(module), function)
            wrapped = partial(clock.within, name, work)
            stack.enter_context(patch(f"{module}.{function}", wrapped))
            if function in space:
                stack.enter_context(patch.dict(space, {function: wrapped}))
        space["plan"](books[0])
        clock.spent.clear()
        start = time.process_time()
        for _ in range(times):
            for book in books:
                space["plan"](book)
        whole = time.process_time() - start
    blocks = space["compose"](
        space["vocabulary"](books[0], space["DAY"]), space["content"], space["USUAL"]
    ).blocks
    fit = space["fitting"](blocks, 579)
    (place,) = space["places"](blocks, fit, space["LIBREOFFICE"])
    count = len(books) * times
    told = {name: clock.spent[name] * 1000 / count for name, _ in STAGES}
    return place.page, {**told, "all": whole * 1000 / count}


# -- the comparison -------------------------------------------------------------------------------


def papers(rounds: int, villages: int = VILLAGES) -> None:
    """Make the plans of a township, against docxtpl rendering the same paragraphs."""
    from villages import write_villages  # noqa: PLC0415 -- it needs the package

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_villages(folder / "in", villages)
        template, lines = str(folder / "template.docx"), str(folder / "lines.pickle")
        docxtpl_template(Path(template))
        pages = apart(WORDED, str(folder / "in"), lines)
        pairs = [
            (apart(OURS, str(folder / "in")), apart(THEIRS, template, lines)) for _ in range(rounds)
        ]
        ours, theirs = (min(pair, key=lambda told: told["ms"]) for pair in zip(*pairs, strict=True))
        whole = [other["ms"] / mine["ms"] for mine, other in pairs]
        alone = [other["ms"] / mine["alone"] for mine, other in pairs]
        print(
            f"{villages} plans of {pages['least']:.0f} to {pages['most']:.0f} pages: "
            f"{ours['ms'] / villages:.1f} ms CPU each (12 ms; {ours['kb']:.0f} KB), of which "
            f"{ours['alone'] / villages:.1f} to set what is worded; docxtpl renders the same "
            f"paragraphs in {theirs['ms'] / villages:.1f} ms ({theirs['kb']:.0f} KB): "
            f"{min(whole):.1f} to {max(whole):.1f} × ours by rounds (1 ×), "
            f"{min(alone):.1f} to {max(alone):.1f} × to set alone"
        )
        stages(folder / "in", rounds)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="the least of these counts")
    parser.add_argument("--villages", type=int, default=VILLAGES, help="on the roster")
    options = parser.parse_args()
    papers(options.rounds, options.villages)


if __name__ == "__main__":
    main()
