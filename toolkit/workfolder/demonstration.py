"""The example township's work folder: made, issued, filled in, run for a month, its papers written.

What stands there already is kept, so that the example can be made again.
"""

from collections.abc import Iterator
from pathlib import Path

from toolkit import flow, papers, results
from toolkit.demo import DAY, Example, ExampleBook, example_township
from toolkit.excel.opened import read_workbook
from toolkit.forms import issuing, township, village
from toolkit.report import Outcome
from toolkit.schema.form import Local
from toolkit.word.document import PAPERS
from toolkit.workfolder import kit, month
from toolkit.workfolder.places import WorkFolder


def demonstrate(folder: Path) -> Iterator[str]:
    """Make the example in a folder, and yield a line for each step and result.

    Raises OutputError where another township's workbook, or another village's, stands there.
    """
    place = WorkFolder(folder)
    example = example_township()
    yield f"示范乡镇放在“{folder}”，以 {DAY} 为准。"
    _write_township(place, example.township)
    kit.make(folder)
    yield f"工作文件夹　{folder}"
    yield from _lines("发放", _issue(place, example))
    own = issuing.local(read_workbook(place.township, (township.FORM,)))
    for book in example.villages:
        _fill_in(place.books / book.file_name, book, own)
        yield f"填写　{place.books / book.file_name}"
    yield from month.screen(month.run(place, f"{DAY:%Y-%m}", DAY, today=DAY))
    for name in PAPERS:
        yield from _papers(place, example, papers.Paper(name, place.template(name), DAY))


def _papers(place: WorkFolder, example: Example, paper: papers.Paper) -> Iterator[str]:
    """Write what may be sealed, and of villages with errors a draft, as an office would."""
    done = papers.write_papers(paper, [place.books], place.papers)
    yield from (*_lines(paper.name, done), *done.troubles)
    whole = " ".join(each.path.name for each in done.written)
    names = (book.file_name for book in example.villages)
    left = [place.books / name for name in names if name.rpartition("-")[0] not in whole]
    draft = papers.Manner(draft=True)
    yield from _lines(paper.name, papers.write_papers(paper, left, place.papers, manner=draft))


def _lines(step: str, outcome: Outcome) -> Iterator[str]:
    for each in outcome.written:
        yield "　".join((step, str(each.path), *each.notes))


def _write_township(place: WorkFolder, book: ExampleBook) -> None:
    from toolkit.excel.blank import build_workbook  # noqa: PLC0415 -- XlsxWriter loads slowly

    data = build_workbook(book.form, book.identity, book.filling)
    if not place.township.is_file() or place.township.read_bytes() != data:
        results.create(place.township, data)


def _issue(place: WorkFolder, example: Example) -> Outcome:
    """Issue the villages' workbooks, unless that has been done."""
    if all((place.books / book.file_name).exists() for book in example.villages):
        return Outcome(())
    return flow.issue(place.township, place.books)


def _fill_in(path: Path, book: ExampleBook, own: Local) -> None:
    """Put a village's answers into the workbook that it was issued."""
    from toolkit.excel.blank import build_workbook  # noqa: PLC0415 -- XlsxWriter loads slowly

    issued = read_workbook(path, (village.FORM,))
    line = issued.facts.issued
    data = build_workbook(book.form, book.identity, book.filling, local=own, issued=line)
    if path.read_bytes() == data:
        return
    if issuing.untouched(issued):
        path.unlink()
    results.create(path, data)
