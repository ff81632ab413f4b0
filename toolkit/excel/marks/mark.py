"""The return copy (回传件): a village's own workbook with the findings marked in it.

Bad cells are filled by conditional formats of ours and get notes; a first sheet lists what is to
be changed, with links. Only these are set in, as pieces of XML, and the next check cuts them out
again: whatever people have made stays as it is, byte for byte.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.cells import fold, place
from toolkit.errors import OutputError
from toolkit.excel.marks.beside import Beside, texts_beside
from toolkit.excel.marks.boxes import WORKSHEET_ORDER
from toolkit.excel.marks.fills import refill
from toolkit.excel.marks.listing import Head, entries, list_sheet, print_titles
from toolkit.excel.marks.live import former_fills
from toolkit.excel.marks.merged import merged_cells
from toolkit.excel.marks.notes import LIVE, add_notes, drop_notes, note_lines
from toolkit.excel.marks.package import NOT_A_WORKBOOK, Package, Sheet, SheetPart, open_package
from toolkit.excel.marks.splice import Element, Part, escaped, relationship_prefix
from toolkit.excel.marks.styles import MarkStyles, add_styles, drop_styles
from toolkit.excel.sheets import quoted
from toolkit.findings import Finding, Level
from toolkit.package import zipped
from toolkit.report import counts
from toolkit.schema.form import MARKS_NAME, MARKS_SHEET, MARKS_SHEET_BESIDE, MARKS_TITLE

_STATE_NAME = "整顿核对_原状"
_LONGEST_STATE = 250  # Excel takes 255 characters of text in a formula
_MOST_NOTES = 500
_OWN_SHEET = "xl/worksheets/sheetMarks.xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_OF_A_SHEET = ("comments", "vmlDrawing", "threadedComment", "drawing", "printerSettings")
_OUR_RULE = re.compile(f'"待改：(?:{"|".join(level.label for level in Level)})"<>""')
_TRUE = ("1", "true")

_WORKBOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets",
    "functionGroups", "externalReferences", "definedNames", "calcPr", "oleSize",
    "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
    "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip


def marked(data: bytes, findings: Sequence[Finding], checked: str, whose: str = "") -> bytes:
    """Return a copy of a workbook with findings marked, and no mark of an earlier check.

    What people wrote beside the list of that check stands below the new one.

    `checked` is the day of the check as people read it, `whose` the village and its file. What
    is answered in 情况说明 is listed only. Raises OutputError where the file is no .xlsx or .xlsm
    package.
    """
    package = open_package(data)
    beside = _clear(package)
    sheets = package.sheets()
    if not sheets:
        raise OutputError(NOT_A_WORKBOOK)
    styles = add_styles(package)
    state: list[str] = []
    fewer = False
    for number, sheet in enumerate(sheets):
        own = [each for each in findings if each.sheet == sheet.title and not each.accepted]
        if sheet.part:
            state += _deselect(package, sheet.part, number)
            fewer |= _mark_sheet(package, sheet.part, number, own, styles)
    listed = entries(findings, [sheet.title for sheet in sheets if sheet.part])
    note = f"批注每张表最多加 {_MOST_NOTES} 处，其余的只涂颜色。" if fewer else ""
    head = Head(checked, whose, counts(findings), note)
    package.put(_OWN_SHEET, list_sheet(listed, head, beside, styles))
    package.declare(_OWN_SHEET, _SHEET_TYPE)
    tie = package.tie(package.workbook, "worksheet", _OWN_SHEET)
    _enter(package, sheets, tie, state, has_table=bool(listed))
    return zipped(package.finished())


def cleared(data: bytes) -> bytes:
    """Return a workbook without the marks of an earlier check, the very same if it has none.

    Nor does it keep the marks that were made while it was open: they are in its notes and fills.
    For whoever takes a workbook over for good, as an upgrade does: what we wrote in it is no
    content. What people wrote beside our list goes with it: see `written_beside`. Raises
    OutputError as `marked` does.
    """
    package = open_package(data)
    before = dict(package.parts)
    _clear(package)
    parts = package.finished()
    return data if parts == before else zipped(parts)


def written_beside(data: bytes) -> tuple[Beside, ...]:
    """Return what people wrote beside the list of an earlier check, () where there is no list.

    Raises OutputError as `marked` does.
    """
    package = open_package(data)
    known = _find(package)
    return texts_beside(package, known.sheet) if known else ()


# ---- one sheet


def _mark_sheet(
    package: Package, name: str, number: int, findings: Sequence[Finding], styles: MarkStyles
) -> bool:
    """Fill and note the cells of findings; return whether there were too many for notes."""
    part = package.read(name)
    if part.root.name != "worksheet":
        return False
    merged = merged_cells(part.root)
    by_cell: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda each: each.level.rank):
        for cell in dict.fromkeys(map(merged.head, finding.cells)):
            by_cell.setdefault(cell, []).append(finding)
    if not by_cell:
        return False
    beside = {merged.head(cell) for finding in findings for cell in finding.beside}
    beside -= by_cell.keys()
    _fill(part, by_cell, sorted(beside, key=place), styles)
    first = sorted(by_cell, key=lambda cell: (by_cell[cell][0].level.rank, place(cell)))
    noted = sorted(first[:_MOST_NOTES], key=place)
    notes = {cell: note_lines(by_cell[cell]) for cell in noted}
    add_notes(SheetPart(package, name, part, number), notes)
    package.put(name, part.result())
    return len(first) > _MOST_NOTES


def _fill(
    part: Part,
    by_cell: Mapping[str, Sequence[Finding]],
    beside: Sequence[str],
    styles: MarkStyles,
) -> None:
    """Lay a colour over cells, that of the gravest finding, before all other rules.

    Cells that others are compared with get the lightest: they may well be right.
    """
    blocks: list[str] = []
    for level in Level:
        cells = [cell for cell, found in by_cell.items() if found[0].level is level]
        cells += beside if level is Level.INFO else ()
        if cells:
            blocks.append(
                f'<conditionalFormatting sqref="{fold(cells, len(cells)).replace("、", " ")}">'
                f'<cfRule type="expression" dxfId="{styles.fills[level]}"'
                f' priority="{len(blocks) + 1}">'
                f"<formula>{escaped(_rule(level))}</formula></cfRule></conditionalFormatting>"
            )
    _shift_priorities(part, len(blocks))
    part.insert_child("conditionalFormatting", "".join(blocks), WORKSHEET_ORDER)


def _rule(level: Level) -> str:
    """Return a formula that is always true, and known again whichever program has rewritten it."""
    return f'"待改：{level.label}"<>""'


def _shift_priorities(part: Part, by: int) -> None:
    for rule in part.root.walk():
        if rule.name == "cfRule" and not _is_ours(rule) and rule.get("priority").isdecimal():
            part.set(rule, "priority", str(int(rule.get("priority")) + by))


def _is_ours(rule: Element) -> bool:
    formula = rule.child("formula")
    return formula is not None and bool(_OUR_RULE.fullmatch(formula.text.replace(" ", "")))


def _unfill(part: Part) -> None:
    """Take our colours off a sheet, and give the other rules the ranks that they had."""
    ours = 0
    others: list[int] = []
    for block in part.root.all("conditionalFormatting"):
        rules = block.all("cfRule")
        mine = [rule for rule in rules if _is_ours(rule)]
        ours += len(mine)
        for each in [block] if len(mine) == len(rules) and rules else mine:
            part.remove(each)
    others = [
        int(rule.get("priority"))
        for rule in part.root.walk()
        if rule.name == "cfRule" and not _is_ours(rule) and rule.get("priority").isdecimal()
    ]
    if ours and min(others, default=0) >= ours:
        _shift_priorities(part, -ours)


def _deselect(package: Package, name: str, number: int) -> list[str]:
    """Make a sheet one that is not shown at first; return how it was."""
    if b"tabSelected" not in package.parts[name]:
        return []
    part = package.read(name)
    was: list[str] = []
    for at, view in enumerate(part.root.all("sheetViews", "sheetView")):
        value = view.get("tabSelected")
        if value in _TRUE:
            part.set(view, "tabSelected", "0")
            was.append(f"{number}.{at}={value}")
    package.put(name, part.result())
    return was


# ---- the workbook


def _enter(
    package: Package, sheets: Sequence[Sheet], tie: str, state: Sequence[str], *, has_table: bool
) -> None:
    """Put our sheet before all others, and open the workbook on it."""
    part = package.read(package.workbook)
    state = [*_open_first(part), *state]
    for name in part.root.all("definedNames", "definedName"):
        local = name.get("localSheetId")
        if local.isdecimal():
            part.set(name, "localSheetId", str(int(local) + 1))
    title = _free_title([sheet.title for sheet in sheets])
    prefix, declaration = relationship_prefix(part)
    ids = [int(id_) for sheet in sheets if (id_ := sheet.element.get("sheetId")).isdecimal()]
    home = sheets[0].element
    part.insert(
        home.start,
        f'<sheet{declaration} name="{escaped(title)}" sheetId="{max(ids, default=0) + 1}"'
        f' {prefix}:id="{tie}"/>',
        home.prefix,
    )
    while len(" ".join(state)) > _LONGEST_STATE:
        state = state[:-1]
    printed = escaped(print_titles(title, has_table=has_table))
    names = (
        f'<definedName name="_xlnm.Print_Titles" localSheetId="0">{printed}'
        f'</definedName><definedName name="{MARKS_NAME}" hidden="1">{escaped(quoted(title))}!$A$1'
        f'</definedName><definedName name="{_STATE_NAME}" hidden="1">"{" ".join(state)}"'
        "</definedName>"
    )
    element = part.root.child("definedNames")
    if element is None:
        part.insert_child(
            "definedNames", f"<definedNames\t>{names}</definedNames>", _WORKBOOK_ORDER
        )
    else:
        part.append(element, names)
    package.put(package.workbook, part.result())


def _free_title(titles: Sequence[str]) -> str:
    """Return the title of our sheet: the usual one, unless people have a sheet of that title."""
    taken = {title.casefold() for title in titles}
    wanted = [MARKS_SHEET, MARKS_SHEET_BESIDE]
    wanted += [f"{MARKS_SHEET_BESIDE}{number}" for number in range(2, len(taken) + 2)]
    return next(title for title in wanted if title not in taken)


def _open_first(part: Part) -> list[str]:
    """Make a workbook open on its first sheet; return how it was."""
    was: list[str] = []
    for at, view in enumerate(part.root.all("bookViews", "workbookView")):
        for name in ("activeTab", "firstSheet"):
            value = view.get(name)
            if value:
                part.set(view, name, "0")
                was.append(f"{name}.{at}={value}")
    return was


# ---- marks taken away


@dataclass(frozen=True)
class _Known:
    """Our sheet as found in a workbook: its number, and what was selected before it came."""

    number: int
    sheet: Sheet
    state: Mapping[str, str]


def _clear(package: Package) -> tuple[Beside, ...]:
    """Take all marks out of a package; return what people wrote beside our list."""
    known = _find(package)
    beside = texts_beside(package, known.sheet) if known else ()
    was = _leave(package, known)
    for number, sheet in enumerate(package.sheets()):
        if sheet.part:
            _clear_sheet(package, sheet.part, number, was)
    if known is not None:
        drop_styles(package)
    return beside


def _clear_sheet(package: Package, name: str, number: int, was: Mapping[str, str]) -> None:
    selected = any(key.startswith(f"{number}.") for key in was)
    coloured = b"conditionalFormatting" in package.parts[name]
    if not (selected or coloured or package.related(name, "comments")):
        return
    fills = former_fills(package, name)
    left = fills.keys() - refill(package, name, fills)  # their notes tell what was there
    part = package.read(name)
    for at, view in enumerate(part.root.all("sheetViews", "sheetView")):
        if f"{number}.{at}" in was:
            part.set(view, "tabSelected", was[f"{number}.{at}"])
    _unfill(part)
    sheet = SheetPart(package, name, part, number)
    drop_notes(sheet, saved=drop_notes(sheet, LIVE, saved=True, kept=left))
    package.put(name, part.result())


def _find(package: Package) -> _Known | None:
    """Return our sheet, known by its title or its name, and by what stands in its first cell."""
    names = {
        each.get("name"): each.text
        for each in package.read(package.workbook).root.all("definedNames", "definedName")
        if not each.get("localSheetId")
    }
    words = names.get(_STATE_NAME, "").strip('"').split()
    state = dict(word.split("=", 1) for word in words if "=" in word)
    title = names.get(MARKS_NAME, "").rpartition("!")[0]
    if title.startswith("'"):
        title = title[1:-1].replace("''", "'")
    for number, sheet in enumerate(package.sheets()):
        called = sheet.title == title or sheet.title.startswith(MARKS_SHEET)
        if called and sheet.part and _first_text(package, sheet.part) == MARKS_TITLE:
            return _Known(number, sheet, state)
    return None


_FIRST_CELL = re.compile(
    rb"<(?:[\w.-]+:)?c\s[^>]*?r=[\"']A1[\"'][^>]*>(.*?)</(?:[\w.-]+:)?c\s*>", re.DOTALL
)
_TAGS = re.compile(r"<[^>]*>")


def _first_text(package: Package, name: str) -> str:
    """Return the text in a sheet's first cell, "" if there is none."""
    cell = _FIRST_CELL.search(package.parts[name])
    text = html.unescape(_TAGS.sub("", cell[1].decode(errors="replace"))) if cell else ""
    shared = package.related(package.workbook, "sharedStrings")
    if not text.isdecimal() or not shared:
        return text
    texts = package.read(shared).root.children
    return "".join(each.text for each in texts[int(text)].walk()) if int(text) < len(texts) else ""


def _leave(package: Package, known: _Known | None) -> Mapping[str, str]:
    """Take our sheet out of the workbook; return what is to be selected again."""
    part = package.read(package.workbook)
    names = part.root.all("definedNames", "definedName")
    gone = [each for each in names if each.get("name") in (MARKS_NAME, _STATE_NAME)]
    was: Mapping[str, str] = {}
    if known is not None:
        was = _open_as_before(part, known)
        for name in names:
            local = name.get("localSheetId")
            if not local.isdecimal() or name in gone:
                continue
            if int(local) == known.number:
                gone.append(name)
            elif int(local) > known.number:
                part.set(name, "localSheetId", str(int(local) - 1))
        part.remove(known.sheet.element)
    _drop_names(part, gone)
    package.put(package.workbook, part.result())
    if known is not None:
        ties = package.relations(known.sheet.part)
        for target in sorted({tie.target for tie in ties if tie.kind in _OF_A_SHEET} - {""}):
            package.discard(target)
        package.untie(package.workbook, known.sheet.part)
        package.discard(known.sheet.part)
    return was


def _drop_names(part: Part, gone: Sequence[Element]) -> None:
    group = part.root.child("definedNames")
    if group is None or not gone:
        return
    alone = len(gone) == len(group.children)
    if alone and part.created(group):
        part.remove(group)
    elif alone:
        part.emptied(group, group.inner)
    else:
        for each in gone:
            part.remove(each)


def _open_as_before(part: Part, known: _Known) -> Mapping[str, str]:
    """Undo `_open_first`; return which sheets were selected, {} where that has changed since."""
    was: Mapping[str, str] = known.state
    for at, view in enumerate(part.root.all("bookViews", "workbookView")):
        for name in ("activeTab", "firstSheet"):
            value = view.get(name, "0")
            if not value.isdecimal():
                continue
            if int(value) > known.number:
                part.set(view, name, str(int(value) - 1))
                if name == "activeTab":
                    was = {}
            elif int(value) == known.number:
                part.set(view, name, known.state.get(f"{name}.{at}", "0"))
    return was
