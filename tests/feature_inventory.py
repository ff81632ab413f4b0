"""What a workbook holds besides its values, read from its XML: what a load and save must keep.

It shares no code with any library that writes workbooks. Defaults count as if they were written, so
that two writers' files compare; styles are followed to what they say, for their numbers change.
"""

import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils import rows_from_range
from template_profile import Package, all_of

_OFF = {"0", "false", "none", ""}
_USUAL = {("val", "1"), ("val", "single")}  # bold is bold, and a line under a text single
_PARTS_OF_LOOK = ("font", "fill", "border")

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Features:
    """All features of a workbook, by the place where they stand."""

    names: Facts
    properties: Facts
    sheets: Mapping[str, Facts]  # by title


def features(data: bytes) -> Features:
    """Return what a workbook holds besides its values."""
    package = Package(data, frozenset())
    book = package.tree("xl/workbook.xml")
    titles = [sheet.get("name") for sheet in all_of(book, "sheet")]
    names = {
        (
            name.get("name"),
            titles[int(name.get("localSheetId"))] if name.get("localSheetId") else "",
        ): (
            frozenset((name.text or "").replace("$", "").replace("'", "").split(",")),
            name.get("hidden", "0") in _OFF,
        )
        for name in all_of(book, "definedName")
    }
    states = {sheet.get("name"): sheet.get("state", "visible") for sheet in all_of(book, "sheet")}
    styles = Styles(package)
    notes = _notes(data)
    return Features(
        names,
        {
            one.get("name"): "".join(one.itertext())
            for one in all_of(package.tree("docProps/custom.xml"), "property")
        }
        if "docProps/custom.xml" in package.parts
        else {},
        {
            title: _sheet(sheet, styles) | {"state": states[title], "notes": notes.get(title, {})}
            for title, sheet in package.sheets.items()
        },
    )


class Styles:
    """What the numbers of styles stand for."""

    def __init__(self, package: Package) -> None:
        tree = package.tree("xl/styles.xml")
        self._own = {f.get("numFmtId"): f.get("formatCode") for f in all_of(tree, "numFmt")}
        self._parts = {
            part: [_plain(one) for one in all_of(tree, f"{part}s")[0]] for part in _PARTS_OF_LOOK
        }
        self._cells = [self._cell(xf) for xf in all_of(tree, "cellXfs")[0]]
        self._fills = [_plain(one) for one in all_of(tree, "dxf")]

    def _cell(self, xf: etree._Element) -> Facts:
        number = xf.get("numFmtId", "0")
        facts: dict[str, Any] = {"format": self._own.get(number, BUILTIN_FORMATS.get(int(number)))}
        for part in _PARTS_OF_LOOK:
            facts[part] = self._parts[part][int(xf.get(f"{part}Id", 0))]
        for part in ("alignment", "protection"):
            facts[part] = [_plain(one) for one in all_of(xf, part)]
        facts["locked"] = [one.get("locked", "1") not in _OFF for one in all_of(xf, "protection")]
        return facts

    def cell(self, number: str | None) -> Facts:
        """Return a cell's style."""
        return self._cells[int(number or 0)]

    def fill(self, number: str | None) -> Any:
        """Return what a conditional format lays over a cell."""
        return self._fills[int(number or 0)]


def _plain(element: etree._Element) -> tuple[Any, ...]:
    """Return an element as comparable values, without what says nothing."""
    name = etree.QName(element).localname
    attributes = frozenset(
        (key, _colour(value))
        for key, value in element.attrib.items()
        if not _says_nothing(key, value)
    )
    inner = frozenset(
        plain
        for child in element
        if isinstance(child.tag, str) and _matters(plain := _plain(child))
    )
    return name, attributes, inner, (element.text or "").strip()


def _matters(plain: tuple[Any, ...]) -> bool:
    """Say whether an element says anything: an empty side of a border does not."""
    return plain[0] in {"b", "i", "u", "strike"} or any(plain[1:])


def _says_nothing(key: str, value: str) -> bool:
    return (
        value in _OFF
        or (key, value) in _USUAL
        or key in {"patternType", "scheme", "family", "charset", "indexed"}
    )


def _colour(value: str) -> str:
    """Return a colour without its opacity, which writers give as 00 or FF."""
    return value[2:].upper() if len(value) == 8 and value[:2] in {"FF", "00"} else value


def _sheet(sheet: etree._Element, styles: Styles) -> Facts:
    return {
        "checks": _checks(sheet),
        "fills": _fills(sheet, styles),
        "cells": _cells(sheet, styles),
        "columns": _columns(sheet, styles),
        "rows": {
            row.get("r"): (float(row.get("ht", 0)), row.get("hidden", "0") not in _OFF)
            for row in all_of(sheet, "row")
            if row.get("ht") or row.get("hidden")
        },
        "merged": {merged.get("ref") for merged in all_of(sheet, "mergeCell")},
        "filter": [found.get("ref") for found in all_of(sheet, "autoFilter")],
        "panes": [
            (
                pane.get("topLeftCell"),
                pane.get("xSplit", "0"),
                pane.get("ySplit", "0"),
                pane.get("state"),
            )
            for pane in all_of(sheet, "pane")
        ],
        "gridlines": [view.get("showGridLines", "1") for view in all_of(sheet, "sheetView")],
        "protection": [
            {key for key in _LOCKS if one.get(key, "0") not in _OFF}
            | {f"free {key}" for key in _OPENED if one.get(key, "1") in _OFF}
            for one in all_of(sheet, "sheetProtection")
        ],
        "links": {(link.get("ref"), link.get("location")) for link in all_of(sheet, "hyperlink")},
        "print": _print(sheet),
    }


def _cells(sheet: etree._Element, styles: Styles) -> Facts:
    """Return the style of each cell that can be seen.

    Of merged ones that is the first, whose lines openpyxl puts round the whole area.
    """
    merged, covered = set(), set()
    for area in all_of(sheet, "mergeCell"):
        first, *others = (cell for line in rows_from_range(area.get("ref")) for cell in line)
        merged.add(first)
        covered.update(others)
    found = {}
    for cell in all_of(sheet, "c"):
        style = styles.cell(cell.get("s"))
        if cell.get("r") in merged:
            style = {part: told for part, told in style.items() if part != "border"}
        if cell.get("r") not in covered:
            found[cell.get("r")] = style
    return found


_LOCKS = ("sheet", "objects", "scenarios", "selectLockedCells", "selectUnlockedCells")
"""Free unless the file says otherwise."""
_WORK = """formatCells formatColumns formatRows insertColumns insertRows insertHyperlinks
    deleteColumns deleteRows sort autoFilter pivotTables"""
_OPENED = tuple(_WORK.split())
"""Locked with the sheet unless the file says otherwise."""


def _checks(sheet: etree._Element) -> set[tuple[Any, ...]]:
    found = set()
    for check in all_of(sheet, "dataValidation"):
        told = {
            "type": "none",
            "operator": "between",
            "errorStyle": "stop",
            **{key: value for key, value in check.attrib.items() if value not in _OFF},
        }
        areas = frozenset(told.pop("sqref").split())
        formulas = tuple(formula.text or "" for formula in all_of(check, "formula1", "formula2"))
        texts = {
            key: value.replace("_x000a_", "\n").replace("_x000A_", "\n")
            for key, value in told.items()
        }
        found.add((areas, formulas, frozenset(texts.items())))
    return found


def _fills(sheet: etree._Element, styles: Styles) -> list[tuple[Any, ...]]:
    """Return the conditional formats in the order in which they hold."""
    rules = [
        (
            int(rule.get("priority")),
            rule.getparent().get("sqref"),
            rule.get("type"),
            tuple(formula.text for formula in all_of(rule, "formula")),
            styles.fill(rule.get("dxfId")),
            rule.get("stopIfTrue", "0"),
        )
        for rule in all_of(sheet, "cfRule")
    ]
    return [rule[1:] for rule in sorted(rules, key=lambda rule: rule[0])]


def _columns(sheet: etree._Element, styles: Styles) -> Facts:
    """Return the width, style and hiding of each column that is told of, the last ones as one."""
    return {
        (at if at < 64 else "further"): (
            round(float(one.get("width", 0)), 2),
            one.get("hidden", "0") not in _OFF,
            styles.cell(one.get("style")),
        )
        for one in all_of(sheet, "col")
        for at in range(int(one.get("min")), min(int(one.get("max")), 64) + 1)
    }


def _print(sheet: etree._Element) -> Facts:
    kept = ("paperSize", "orientation", "fitToWidth", "fitToHeight", "scale")
    [setup] = all_of(sheet, "pageSetup") or [None]
    return {
        "setup": {} if setup is None else {key: setup.get(key) for key in kept if setup.get(key)},
        "fit": [
            one.get("fitToPage") not in _OFF
            for one in all_of(sheet, "pageSetUpPr")
            if one.get("fitToPage")
        ],
        "margins": [
            {key: float(value) for key, value in one.attrib.items()}
            for one in all_of(sheet, "pageMargins")
        ],
        "centred": [
            {key for key, value in one.attrib.items() if value not in _OFF}
            for one in all_of(sheet, "printOptions")
        ],
        "texts": [
            re.sub(r"(&\d+) +", r"\1", one.text)  # a blank behind a size is none of the text
            for one in all_of(sheet, "oddHeader", "oddFooter")
            if one.text
        ],
        "breaks": [one.get("id") for one in all_of(sheet, "brk")],
    }


def _notes(data: bytes) -> dict[str, dict[str, str]]:
    """Return the texts of the notes by sheet and address."""
    package = Package(data, frozenset())
    links = package.tree("xl/_rels/workbook.xml.rels")
    targets = {link.get("Id"): link.get("Target").rpartition("/")[2] for link in links}
    found: dict[str, dict[str, str]] = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for sheet in all_of(package.tree("xl/workbook.xml"), "sheet"):
            [key] = [value for name, value in sheet.attrib.items() if name.endswith("}id")]
            rels = f"xl/worksheets/_rels/{targets[key]}.rels"
            if rels not in package.parts:
                continue
            for link in package.tree(rels):
                if link.get("Type").endswith("/comments"):
                    target = link.get("Target").lstrip("/").replace("../", "xl/")
                    tree = etree.fromstring(archive.read(target))
                    found[sheet.get("name")] = {
                        one.get("ref"): "".join(text.text or "" for text in all_of(one, "t"))
                        for one in all_of(tree, "comment")
                    }
    return found
