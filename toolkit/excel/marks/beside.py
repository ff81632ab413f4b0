"""What people wrote on the list of findings, beside our lines and below them: it is kept.

The list itself is made anew at every check; what they changed within one of its lines goes with it.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.cells import a1, place
from toolkit.excel.marks.package import Package, Sheet
from toolkit.excel.marks.splice import Element, read_part
from toolkit.findings import Level
from toolkit.schema.form import MARKS_KEPT
from toolkit.schema.texts import is_blank

FIRST_HEADER, CELL_COLUMN, TEXT_COLUMN, LAST_COLUMN = "序号", 4, 5, 9
"""Of a list: its first header, where a kept line has cell and text, and its last column."""

_TITLE_ROWS = 2
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RULE = re.compile(r"[A-Z]\d+")
_LABELS = {level.label for level in Level}
_DAY_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The built-in number formats of days and times (ISO/IEC 29500-1, 18.8.30)."""
_DAY_CODE = re.compile(r"[yd年月日]")
_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 -- a cell's day has no zone
_LAST_DAY = 2_958_466


@dataclass(frozen=True, slots=True)
class Beside:
    """A text that people wrote on a list: the title of its sheet, the cell, and the text."""

    sheet: str
    cell: str
    text: str


def texts_beside(package: Package, sheet: Sheet) -> tuple[Beside, ...]:
    """Return what people wrote on a sheet of ours, what was kept from earlier lists first."""
    lines: dict[int, dict[int, str]] = {}
    for cell, text in _cells(package, sheet.part):
        row, column = place(cell)
        lines.setdefault(row, {})[column] = text
    kept: list[Beside] = []
    fresh: list[Beside] = []
    is_kept = False
    for row, line in sorted(lines.items()):
        own = _own_columns(row, line)
        if line.get(1) == MARKS_KEPT:
            own, is_kept = {1}, True
        elif is_kept and TEXT_COLUMN in line and _ADDRESS.fullmatch(line.get(CELL_COLUMN, "")):
            own = {CELL_COLUMN, TEXT_COLUMN}
            kept.append(Beside(sheet.title, line[CELL_COLUMN], line[TEXT_COLUMN]))
        fresh += (
            Beside(sheet.title, a1(row, column), text)
            for column, text in sorted(line.items())
            if column not in own
        )
    notes = (Beside(sheet.title, *each) for each in _notes(package, sheet.part))
    return (*kept, *fresh, *notes)


def _own_columns(row: int, line: Mapping[int, str]) -> set[int]:
    """Return the columns of a line that we fill."""
    if row <= _TITLE_ROWS:
        return {1}
    first = line.get(1, "")
    if first == FIRST_HEADER:
        return set(range(1, LAST_COLUMN + 1))
    # The number, level and rule that we write tell our line; people may have changed one of them.
    known = {
        1: first.isdecimal(),
        2: line.get(2) in _LABELS,
        LAST_COLUMN: bool(_RULE.fullmatch(line.get(LAST_COLUMN, ""))),
    }
    if sum(known.values()) < len(known) - 1:
        return set()
    return {column for column in range(1, LAST_COLUMN + 1) if known.get(column, True)}


def _cells(package: Package, name: str) -> Iterator[tuple[str, str]]:
    """Yield the cells of a sheet that show something."""
    shared = package.related(package.workbook, "sharedStrings")
    texts = package.read(shared).root.children if shared else []
    days = _day_styles(package)
    rows = read_part(package.parts[name], whole=True).root.all("sheetData", "row")
    for number, row in enumerate(rows, 1):
        for at, cell in enumerate(row.all("c"), 1):
            address = cell.get("r")
            if not _ADDRESS.fullmatch(address):  # left out, as some writers do
                address = a1(int(row.get("r", str(number))), at)
            text = _shown(cell, texts, days)
            if not is_blank(text):
                yield address, text


def _shown(cell: Element, texts: Sequence[Element], days: set[str]) -> str:
    """Return what a cell shows; of a formula that has no result yet, the formula."""
    inline, value, formula = (cell.child(name) for name in ("is", "v", "f"))
    if inline is not None:
        return _text_of(inline)
    if value is None or not value.text:
        return f"={formula.text}" if formula is not None and formula.text else ""
    if cell.get("t") == "s":
        number = int(value.text) if value.text.isdecimal() else len(texts)
        return _text_of(texts[number]) if number < len(texts) else ""
    if cell.get("t", "n") == "n" and cell.get("s") in days:
        return _day(value.text)
    return _plain(value.text)


def _text_of(element: Element) -> str:
    """Return a text; how it is pronounced is none."""
    return _plain("".join(each.text for each in (*element.all("t"), *element.all("r", "t"))))


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _day(number: str) -> str:
    """Return a number of days as a day, or day and time, where the calendar has it."""
    days = float(number) if _NUMBER.fullmatch(number) else 0.0
    if not 1 <= days < _LAST_DAY:
        return number
    moment = _ZERO + dt.timedelta(seconds=round(days * 86_400))
    return f"{moment:%Y-%m-%d}" if days.is_integer() else f"{moment:%Y-%m-%d %H:%M}"


def _day_styles(package: Package) -> set[str]:
    """Return the numbers of the styles that show a number as a day, counted from 1900."""
    name = package.related(package.workbook, "styles")
    facts = package.read(package.workbook).root.child("workbookPr")
    if not name or (facts is not None and facts.get("date1904") in {"1", "true"}):
        return set()
    root = package.read(name).root
    own = {
        each.get("numFmtId")
        for each in root.all("numFmts", "numFmt")
        if _DAY_CODE.search(each.get("formatCode"))
    }
    own |= {str(number) for number in _DAY_FORMATS}
    styles = enumerate(root.all("cellXfs", "xf"))
    return {str(number) for number, each in styles if each.get("numFmtId") in own}


def _notes(package: Package, name: str) -> Iterator[tuple[str, str]]:
    comments = package.related(name, "comments")
    if comments:
        for each in package.read(comments).root.all("commentList", "comment"):
            body = each.child("text")
            text = _text_of(body) if body is not None else ""
            if not is_blank(text):
                yield each.get("ref"), f"批注：{text}"
