"""The pages of this folder, read: what each draws and what must be found in it."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from drawn import NAME, drawn

from toolkit.cells import fold
from toolkit.findings import Finding
from toolkit.forms import township, village
from toolkit.rules.cases import case_of, parameters_of
from toolkit.rules.catalogue import select_rules
from toolkit.rules.rule import Case, apply_rules
from toolkit.schema.form import Form, Identity
from toolkit.schema.workbook import FileFacts, Spot, Workbook

FOLDER = Path(__file__).parent
AS_OF = dt.date(2022, 10, 31)

_BLOCK = re.compile(
    r"^```(workbook|facts|case|findings) ?(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
_ERROR = re.compile(r"#(?:REF!|DIV/0!|N/A|NAME\?|VALUE!|NUM!|NULL!)")


@dataclass(frozen=True)
class Example:
    """One drawing with the lines that a rule must yield for it."""

    prefix: str
    case: Case
    expected: tuple[str, ...]

    def findings(self) -> tuple[Finding, ...]:
        """Return what the rules find."""
        return apply_rules(select_rules([self.prefix]), self.case)

    def lines(self) -> tuple[str, ...]:
        """Return what the rules yield."""
        several = len(self.case.books) > 1
        return tuple(line(finding, several=several) for finding in self.findings())

    def spares(self) -> bool:
        """Say whether something is drawn beside the faults that is rightly not found.

        That is a workbook; or a row, a field or a remark on a sheet in which something is found;
        or a sheet, where whole sheets are at fault.
        """
        found = self.findings()
        sheets = {(each.file, each.sheet) for each in found}
        cells = {(each.file, each.sheet, cell) for each in found for cell in each.cells}
        if not found or {book.path for book in self.case.books} - {each.file for each in found}:
            return True
        if any(each.sheet and not each.cells for each in found):
            return bool({place[:2] for place, *_ in _drawn(self.case)} - sheets)
        return any(
            places[0][:2] in sheets and not cells & {*places} for places in _drawn(self.case)
        )


@dataclass(frozen=True)
class Page:
    """One page: its heading, its text, its examples."""

    path: Path
    text: str
    examples: tuple[Example, ...]

    @property
    def heading(self) -> str:
        """The first line without its mark."""
        return self.text.splitlines()[0].removeprefix("# ")


_Spot = tuple[str, str, str]
"""File, sheet and address."""


def _drawn(case: Case) -> Iterator[tuple[_Spot, ...]]:
    """Yield the cells of each row, of each field of a vertical sheet, of each remark on a file."""
    rows = [row for book in case.books for sheet in book.sheets.values() for row in sheet.rows]
    for row in (*rows, *case.roster):
        cells = [row.cell(column) for column, _ in row.filled()]
        spots = tuple((at.workbook, at.sheet, at.a1) for at in cells)
        yield from ((spot,) for spot in spots) if row.vertical else (spots,)
    for book in case.books:
        facts = book.facts
        remarks = (*book.strays, *book.notes, *facts.hidden, *facts.distant, *facts.phantom)
        yield from (((book.path, each.sheet, each.cell),) for each in remarks)


def line(finding: Finding, *, several: bool = False) -> str:
    """Return a finding as pages spell it: sheet, cells, code, message."""
    place = "!".join(part for part in (finding.sheet, fold(finding.every_cell)) if part)
    file = f"{finding.file} › " if several and place else "" if place else finding.file
    return f"{file}{place} {finding.rule} {finding.message}"


def lines(case: Case, *prefixes: str) -> list[str]:
    """Return what the selected rules find in a case."""
    return [line(finding) for finding in apply_rules(select_rules(prefixes), case)]


def case(*drawings: str, as_of: dt.date = AS_OF) -> Case:
    """Return the case that drawings make."""
    return case_of([book(drawing) for drawing in drawings], as_of)


def book(drawing: str, name: str = NAME, marks: str = "") -> Workbook:
    """Return a drawn workbook; `marks` such as `version=0.9.0 code=0205` set its identity."""
    form: Form = township.FORM if name.startswith("镇级") else village.FORM
    held = dict(mark.split("=", 1) for mark in marks.split())
    identity = Identity(
        form.id,
        held.get("version", form.version),
        held.get("code", name[:4] if name[:4].isdecimal() else ""),
        held.get("year", "2022"),
    )
    found = drawn(_ERROR.sub("", drawing), form, held.get("path", name), identity)
    return replace(found, facts=FileFacts(errors=tuple(_errors(drawing))))


def _errors(drawing: str) -> list[Spot]:
    """Return the cells drawn with a formula's error, as the gate reports them."""
    marked = drawn(drawing)
    return [
        Spot(row.sheet_title, row.cell(column).a1, held.seen)
        for sheet in marked.sheets.values()
        for row in sheet.rows
        for column, held in row.filled()
        if _ERROR.fullmatch(held.seen)
    ]


def stated(facts: FileFacts, lines: str) -> FileFacts:
    """Return facts with those added that lines state.

    `macros`, `kind .xls`, `hidden 整改措施!A7 第 7 至 9 行`, `hidden 草稿 深度隐藏`.
    """
    for stated_line in lines.splitlines():
        name, _, told = stated_line.partition(" ")
        held = getattr(facts, name)
        if isinstance(held, tuple):
            at, _, text = told.partition(" ")
            sheet, _, cell = at.partition("!")
            facts = replace(facts, **{name: (*held, Spot(sheet, cell, text))})
        else:
            facts = replace(facts, **{name: told or True})
    return facts


VERSIONS = {
    "{现用版本}": village.FORM.version,
    "{现用版本，另一说明}": f"{village.FORM.version.rpartition('.')[0]}.99",
}
"""What a page calls the present version of the village workbook, and one of other texts only."""


def read_page(path: Path) -> Page:
    """Return a page; a block of findings closes the example that the blocks before it draw.

    A block of facts says what else is to be known of the workbook drawn before it.
    """
    text = path.read_text(encoding="utf-8")
    for token, version in VERSIONS.items():
        text = text.replace(token, version)
    examples: list[Example] = []
    books: list[Workbook] = []
    as_of = AS_OF
    for kind, head, body in _BLOCK.findall(text):
        if kind == "case":
            as_of = dt.date.fromisoformat(body.removeprefix("as_of:").strip())
        elif kind == "workbook":
            name, _, marks = head.partition(" ")
            books.append(book(body, name or NAME, marks))
        elif kind == "facts":
            books[-1] = replace(books[-1], facts=stated(books[-1].facts, body))
        else:
            expected = tuple(each for each in body.splitlines() if each)
            examples.append(Example(head, _case(books, as_of), expected))
            books, as_of = [], AS_OF
    assert not books, f"{path.name}: a drawing without findings"
    return Page(path, text, tuple(examples))


def _case(books: list[Workbook], as_of: dt.date) -> Case:
    villages = tuple(each for each in books if each.form is village.FORM)
    town = next((each for each in books if each.form is township.FORM), None)
    if town is None:
        return case_of(villages, as_of)
    settings = next(iter(town.rows(township.Settings)), None)
    # A township drawn alone is looked at itself, as `flow.judge` does.
    return case_of(villages or (town,), as_of, township.roster(town), parameters_of(settings))


PAGES = tuple(read_page(path) for path in sorted(FOLDER.glob("*.md")))
