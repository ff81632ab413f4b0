"""A village's workbook as an openpyxl script writes it: the baseline of issue.py."""

import io
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.formatting.rule import Rule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink

from toolkit.excel.blank import build_workbook
from toolkit.forms import issuing, village
from toolkit.forms.issuing import Roster
from toolkit.schema.form import FIRST_ROW, VALUE, Filling, Identity, vertical_layout

_OF_A_CHECK = (
    "type operator errorStyle formula1 formula2 allowBlank showInputMessage showErrorMessage "
    "promptTitle prompt errorTitle error"
)
_CHECK = _OF_A_CHECK.split()
_PRINT = ("paperSize", "orientation", "fitToWidth", "fitToHeight")
_MARGINS = ("left", "right", "top", "bottom", "header", "footer")
_OF_PROTECTION = (
    "sheet formatCells formatColumns formatRows insertColumns insertRows insertHyperlinks "
    "deleteColumns deleteRows sort autoFilter pivotTables objects scenarios"
)
_FREE = _OF_PROTECTION.split()


class Look(NamedTuple):
    """How a cell looks: the objects from which openpyxl makes a style."""

    font: Font
    fill: PatternFill
    border: Border
    alignment: Alignment
    protection: Protection
    number_format: str


@dataclass
class SheetPlan:
    """What one sheet holds, as plain lists."""

    title: str
    state: str
    cells: list[tuple[int, int, object, int]] = field(default_factory=list)  # look: its number
    checks: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    colours: list[tuple[str, int, str, Any]] = field(default_factory=list)
    widths: list[tuple[str, float, int, int, int]] = field(default_factory=list)
    heights: list[tuple[int, float]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    setup: dict[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    """What every village's workbook holds."""

    looks: list[Look]
    sheets: list[SheetPlan]
    names: list[tuple[str, str]]
    line: str  # the identity of the workbook that was read, to be put in each one's own


class Issued(NamedTuple):
    """What one village's workbook holds besides."""

    file: str
    line: str
    cells: Mapping[str, Sequence[tuple[int, int, object]]]


def prepared(roster: Roster) -> tuple[Plan, list[Issued]]:
    """Return what all workbooks hold, and what each village's holds besides."""
    # The first one's workbook, whose own contents are taken out; their looks stay.
    filling = issuing.prefilled(roster.entries[0], roster.town, roster.year)
    nobody = Identity(village.FORM.id, village.FORM.version, "0000", str(roster.year))
    plan = read(build_workbook(village.FORM, nobody, filling, local=roster.local), nobody.line())
    for sheet in plan.sheets:
        own = {(row, column) for row, column, _ in _cells(filling).get(sheet.title, ())}
        sheet.cells = [
            (row, column, None if (row, column) in own else value, look)
            for row, column, value, look in sheet.cells
        ]
    return plan, [
        Issued(
            issuing.village_file(entry, roster.year),
            issuing.identity(entry.code or "", str(roster.year)).line(),
            _cells(issuing.prefilled(entry, roster.town, roster.year)),
        )
        for entry in roster.entries
    ]


def _cells(filling: Filling) -> Mapping[str, Sequence[tuple[int, int, object]]]:
    """Return what a filling puts into each sheet: row, column, content."""
    return {
        row.sheet: [
            (
                vertical_layout(row)[name] if row.vertical else at,
                VALUE if row.vertical else 1 + [c.name for c in row.columns].index(name),
                raw,
            )
            for at, record in enumerate(records, FIRST_ROW)
            for name, raw in record.items()
        ]
        for row, records in filling.items()
    }


def read(data: bytes, line: str) -> Plan:
    """Return a workbook as plain lists."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    looks: dict[tuple[Any, ...], int] = {}
    objects: list[Look] = []

    def look(cell: Any) -> int:  # noqa: ANN401 -- a cell or a column, as openpyxl has them
        key = tuple(cell._style)  # noqa: SLF001 -- tells equal looks
        if key not in looks:
            looks[key] = len(objects)
            parts = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection)
            objects.append(Look(*map(copy, parts), cell.number_format))
        return looks[key]

    sheets = [_sheet(sheet, look) for sheet in book.worksheets]
    names = [(name, defined.attr_text) for name, defined in book.defined_names.items()]
    return Plan(objects, sheets, names, line)


def _sheet(sheet: Any, look: Any) -> SheetPlan:  # noqa: ANN401 -- as above
    plan = SheetPlan(sheet.title, sheet.sheet_state)
    plan.merged = [str(area) for area in sheet.merged_cells.ranges]
    for line in sheet.iter_rows():
        for cell in line:
            if cell.has_style or cell.value is not None:
                plan.cells.append((cell.row, cell.column, cell.value, look(cell)))
            if getattr(cell, "hyperlink", None):
                plan.links.append((cell.coordinate, cell.hyperlink.location))
    for check in sheet.data_validations.dataValidation:
        plan.checks.append(({name: getattr(check, name) for name in _CHECK}, str(check.sqref)))
    for area in sheet.conditional_formatting:
        plan.colours += [
            (str(area.sqref), rule.priority, rule.formula[0], rule.dxf) for rule in area.rules
        ]
    plan.widths = [
        (letter, one.width, one.min, one.max, look(one) if one.has_style else -1)
        for letter, one in sheet.column_dimensions.items()
    ]
    plan.heights = [(at, one.height) for at, one in sheet.row_dimensions.items() if one.height]
    plan.setup = {
        "print": {name: getattr(sheet.page_setup, name) for name in _PRINT},
        "margins": {name: getattr(sheet.page_margins, name) for name in _MARGINS},
        "fit": sheet.sheet_properties.pageSetUpPr is not None
        and sheet.sheet_properties.pageSetUpPr.fitToPage,
        "centred": sheet.print_options.horizontalCentered,
        "footer": [
            (side, part.text, part.font, part.size)
            for side in ("left", "right")
            if (part := getattr(sheet.oddFooter, side)).text
        ],
        "titles": sheet.print_title_rows,
        "title columns": sheet.print_title_cols,
        "area": sheet.print_area or None,
        "panes": sheet.freeze_panes,
        "filter": sheet.auto_filter.ref,
        "lines": sheet.sheet_view.showGridLines,
        "high": sheet.sheet_format.defaultRowHeight,
        "free": {name: getattr(sheet.protection, name) for name in _FREE},
    }
    return plan


# ---- what the clock sees


def write(plan: Plan, issued: Issued, path: Path) -> None:
    """Write one village's workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    styles = _styles(book, plan.looks)
    for sheet in plan.sheets:
        _write_sheet(book.create_sheet(sheet.title), sheet, styles, plan.line, issued)
    for name, text in plan.names:
        book.defined_names[name] = DefinedName(name, attr_text=text)
    book.custom_doc_props.append(StringProperty(name="zhengdun.form", value=issued.line))
    book.save(path)


def _styles(book: openpyxl.Workbook, looks: Sequence[Look]) -> list[Any]:
    """Return a style for each look; a scratch sheet holds the cells that they are made with."""
    scratch = book.create_sheet("scratch")
    styles = []
    for at, look in enumerate(looks, 1):
        cell = scratch.cell(at, 1)
        cell.font, cell.fill, cell.border = look.font, look.fill, look.border
        cell.alignment, cell.protection = look.alignment, look.protection
        cell.number_format = look.number_format
        styles.append(cell._style)  # noqa: SLF001 -- many times quicker than six properties a cell
    book.remove(scratch)
    return styles


def _write_sheet(
    sheet: Any,  # noqa: ANN401 -- as above
    plan: SheetPlan,
    styles: Sequence[Any],
    line: str,
    issued: Issued,
) -> None:
    sheet.sheet_state = plan.state
    for row, column, value, look in plan.cells:
        cell = sheet.cell(row, column, issued.line if value == line else value)
        cell._style = styles[look]  # noqa: SLF001 -- as above
    for row, column, value in issued.cells.get(plan.title, ()):
        sheet.cell(row, column).value = value
    for options, area in plan.checks:
        check = DataValidation(**options)
        check.add(area)
        sheet.add_data_validation(check)
    for area, priority, formula, look in plan.colours:
        rule = Rule(type="expression", dxf=look, priority=priority, formula=[formula])
        sheet.conditional_formatting.add(area, rule)
    for letter, width, first, last, look in plan.widths:
        column = sheet.column_dimensions[letter]
        column.width, column.min, column.max = width, first, last
        if look >= 0:
            column._style = styles[look]  # noqa: SLF001 -- as above
    for at, height in plan.heights:
        sheet.row_dimensions[at].height = height
    for area in plan.merged:
        sheet.merge_cells(area)
    for address, target in plan.links:
        sheet[address].hyperlink = Hyperlink(ref=address, location=target)
    _set_up(sheet, plan.setup)


def _set_up(sheet: Any, setup: Mapping[str, Any]) -> None:  # noqa: ANN401 -- as above
    for name, value in setup["print"].items():
        setattr(sheet.page_setup, name, value)
    for name, value in setup["margins"].items():
        setattr(sheet.page_margins, name, value)
    for name, value in setup["free"].items():
        setattr(sheet.protection, name, value)
    sheet.sheet_properties.pageSetUpPr.fitToPage = setup["fit"]
    sheet.print_options.horizontalCentered = setup["centred"]
    for side, text, font, size in setup["footer"]:
        part = getattr(sheet.oddFooter, side)
        part.text, part.font, part.size = text, font, size
    if setup["titles"]:
        sheet.print_title_rows = setup["titles"]
    if setup["title columns"]:
        sheet.print_title_cols = setup["title columns"]
    if setup["area"]:
        sheet.print_area = setup["area"]
    sheet.freeze_panes = setup["panes"]
    sheet.auto_filter.ref = setup["filter"]
    sheet.sheet_view.showGridLines = setup["lines"]
    sheet.sheet_format.defaultRowHeight = setup["high"]
