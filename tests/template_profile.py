"""What a standard workbook must not hold, so that Excel 2010, WPS and LibreOffice open it alike.

`breaches` knows the package's XML and nothing of the program that wrote it. What is allowed is
listed, of parts, of a sheet's elements and of functions; whatever is not is a breach.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from typing import NamedTuple

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils import range_boundaries

_PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core|custom)\.xml"
    r"|xl/(?:workbook|styles|sharedStrings|theme/theme\d+)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/worksheets/(?:_rels/)?sheet\d+\.xml(?:\.rels)?"
    r"|xl/comments(?:/comment)?\d+\.xml|xl/drawings/(?:vmlDrawing|commentsDrawing)\d+\.vml"
)
"""The parts of a plain workbook; notes have a text part and a drawing for old programs."""

_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_OF_A_SHEET = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetProtection autoFilter mergeCells
    conditionalFormatting dataValidations hyperlinks printOptions pageMargins pageSetup headerFooter
    rowBreaks colBreaks legacyDrawing"""
_ELEMENTS = frozenset(_OF_A_SHEET.split())
"""What of a worksheet's elements openpyxl keeps and every program knows."""

_OF_2007 = """
    ABS AND CHAR CHOOSE CODE COLUMN COLUMNS CONCATENATE COUNT COUNTA COUNTBLANK COUNTIF COUNTIFS
    DATE DATEVALUE DAY EDATE EOMONTH EXACT FALSE FIND HLOOKUP IF IFERROR INDEX INT ISBLANK ISERROR
    ISNA ISNUMBER ISTEXT LARGE LEFT LEN LOOKUP LOWER MATCH MAX MID MIN MOD MONTH N NOT OFFSET OR
    REPT RIGHT ROUND ROUNDDOWN ROUNDUP ROW ROWS SEARCH SMALL SUBSTITUTE SUM SUMIF SUMIFS SUMPRODUCT
    T TEXT TRIM TRUE UPPER VALUE VLOOKUP WEEKDAY YEAR"""
_FUNCTIONS = frozenset(_OF_2007.split())
"""Functions of Excel 2007 that WPS and LibreOffice reckon alike.

Not INDIRECT, which a renamed sheet breaks.
"""

_CLOCK = frozenset({"TODAY", "NOW"})
"""Their results are others the next day; where a form wants one, it has to say so."""

_LOCAL_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Built-in formats of dates and times, which each program and country shows otherwise."""

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_CALL = re.compile(r"([A-Za-z_][\w.]*)\s*\(")
_NAME = re.compile(r"[^\W\d][\w.]*")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|[RrCc]\d*|(?i:true|false)")
_OTHER_FILE = re.compile(r"\[\d+\]|\[[^\]]+\.xls\w*\]")
_STRUCTURED = re.compile(r"[^\W\d]\w*\[[^\]]*\]")
_LONGEST_FORMULA, _LONGEST_CHECK, _LONGEST_TEXT, _DEEPEST = 8_192, 255, 255, 64
_LONGEST_TITLE, _LONGEST_MESSAGE, _LONGEST_SHEET, _LONGEST_CELL = 32, 255, 31, 32_767
_ZIP64 = (b"PK\x06\x06", b"PK\x06\x07")
_STREAMED = 0x08  # sizes follow the content instead of standing before it


class Breach(NamedTuple):
    """One thing that must not be: which, where, and what stands there."""

    rule: str
    where: str
    what: str = ""


@dataclass(frozen=True)
class Formula:
    """A formula of a cell, check, colour or name, without its leading “=”."""

    of: str  # cell, check, colour, name
    where: str
    text: str
    sheet: str = ""

    @property
    def bare(self) -> str:
        """The formula without its quoted texts."""
        return _TEXT.sub('""', self.text)


@dataclass(frozen=True)
class Package:
    """A workbook's parts, parsed once."""

    data: bytes
    read_back: frozenset[str]  # titles of the sheets whose cells are read back
    trees: dict[str, etree._Element] = field(default_factory=dict)

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """The contents by name."""
        with zipfile.ZipFile(BytesIO(self.data)) as package:
            return {name: package.read(name) for name in package.namelist()}

    def tree(self, name: str) -> etree._Element:
        """Return a part as a tree."""
        if name not in self.trees:
            self.trees[name] = etree.fromstring(self.parts[name])
        return self.trees[name]

    @cached_property
    def sheets(self) -> dict[str, etree._Element]:
        """The worksheets by title."""
        links = self.tree("xl/_rels/workbook.xml.rels")
        targets = {link.get("Id"): link.get("Target").lstrip("/") for link in links}
        found = {}
        for sheet in all_of(self.tree("xl/workbook.xml"), "sheet"):
            [key] = [value for name, value in sheet.attrib.items() if name.endswith("}id")]
            target = targets[key]
            found[sheet.get("name")] = self.tree(
                target if target.startswith("xl/") else f"xl/{target}"
            )
        return found

    @cached_property
    def formulas(self) -> list[Formula]:
        """Every formula in the file."""
        return list(_formulas(self))

    @cached_property
    def names(self) -> dict[str, str]:
        """The defined names with what they stand for."""
        found = all_of(self.tree("xl/workbook.xml"), "definedName")
        return {name.get("name"): name.text or "" for name in found}


def all_of(tree: etree._Element, *names: str) -> list[etree._Element]:
    """Return the elements of some local names, anywhere below, in order."""
    return [e for e in tree.iter() if isinstance(e.tag, str) and etree.QName(e).localname in names]


def _formulas(package: Package) -> Iterator[Formula]:
    for title, sheet in package.sheets.items():
        for cell in all_of(sheet, "c"):
            for formula in all_of(cell, "f"):
                yield Formula("cell", f"{title}!{cell.get('r')}", formula.text or "", title)
        for check in all_of(sheet, "dataValidation"):
            for formula in all_of(check, "formula1", "formula2"):
                yield Formula("check", f"{title}!{check.get('sqref')}", formula.text or "", title)
        for area in all_of(sheet, "conditionalFormatting"):
            for formula in all_of(area, "formula"):
                yield Formula("colour", f"{title}!{area.get('sqref')}", formula.text or "", title)
    for name, text in package.names.items():
        yield Formula("name", name, text)


def breaches(data: bytes, read_back: frozenset[str] = frozenset()) -> list[Breach]:
    """Return all that a workbook must not hold; in the sheets read back no formula either."""
    package = Package(data, read_back)
    return [breach for rule in RULES for breach in rule(package)]


# ---- the package and its parts


def _package(package: Package) -> Iterator[Breach]:
    if any(mark in package.data for mark in _ZIP64):
        yield Breach("zip64", "package")
    with zipfile.ZipFile(BytesIO(package.data)) as archive:
        for entry in archive.infolist():
            if entry.flag_bits & _STREAMED:
                yield Breach("streamed", entry.filename)
    for name in package.parts:
        if not _PARTS.fullmatch(name):
            yield Breach("part", name)
    types = all_of(package.tree("[Content_Types].xml"), "Override")
    [main] = [t.get("ContentType") for t in types if t.get("PartName") == "/xl/workbook.xml"]
    if main != _MAIN:
        yield Breach("macros", "[Content_Types].xml", main)


def _every_part(package: Package) -> Iterator[Breach]:
    for name, content in package.parts.items():
        if not name.endswith((".xml", ".rels")):
            continue
        tree = package.tree(name)
        for element in all_of(tree, "extLst", "AlternateContent"):
            yield Breach("extension", name, etree.QName(element).localname)
        if b"office/spreadsheetml/2009/9" in content or b"spreadsheetml/2010/11" in content:
            yield Breach("later namespace", name)
        for link in all_of(tree, "Relationship"):
            if link.get("TargetMode") == "External":
                yield Breach("external", name, link.get("Target"))


def _book(package: Package) -> Iterator[Breach]:
    book = package.tree("xl/workbook.xml")
    for element in all_of(book, "workbookProtection", "fileSharing", "externalReferences"):
        yield Breach("book", "xl/workbook.xml", etree.QName(element).localname)
    for title in package.sheets:
        if len(title) > _LONGEST_SHEET or re.search(r"[\[\]:*?/\\]|^'|'$", title):
            yield Breach("sheet title", title)


def _names(package: Package) -> Iterator[Breach]:
    for name, text in package.names.items():
        if name.startswith("_xlnm."):
            continue
        if not _NAME.fullmatch(name) or len(name) > 255 or _LIKE_A_CELL.fullmatch(name):
            yield Breach("name", name, text)
        if "#REF!" in text or not text:
            yield Breach("name leads nowhere", name, text)


# ---- sheets


def _sheets(package: Package) -> Iterator[Breach]:
    for title, sheet in package.sheets.items():
        for element in sheet:
            if (name := etree.QName(element).localname) not in _ELEMENTS:
                yield Breach("element", title, name)
        for protection in all_of(sheet, "sheetProtection"):
            if kept := {"password", "hashValue", "saltValue"} & set(protection.attrib):
                yield Breach("password", title, ", ".join(sorted(kept)))
        if title in package.read_back:
            for merged in all_of(sheet, "mergeCell"):
                yield Breach("merged", title, merged.get("ref"))
        for text in all_of(
            sheet, "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader"
        ):
            if len(text.text or "") > _LONGEST_MESSAGE:
                yield Breach("footer", title, text.text)


def _cells(package: Package) -> Iterator[Breach]:
    for title, sheet in package.sheets.items():
        for cell in all_of(sheet, "c"):
            where = f"{title}!{cell.get('r')}"
            if {"cm", "vm"} & set(cell.attrib):
                yield Breach("dynamic array", where)
            for formula in all_of(cell, "f"):
                if formula.get("t", "normal") != "normal":
                    yield Breach("kind of formula", where, formula.get("t"))
                if title in package.read_back:
                    yield Breach("formula read back", where, formula.text or "")
    for text in all_of(package.tree("xl/sharedStrings.xml"), "si"):
        if all_of(text, "r", "rPh"):
            yield Breach("rich text", "xl/sharedStrings.xml", "".join(text.itertext()))
        if len("".join(text.itertext()).encode("utf-16-le")) // 2 > _LONGEST_CELL:
            yield Breach("long text", "xl/sharedStrings.xml")


# ---- formulas


def _formula_texts(package: Package) -> Iterator[Breach]:
    for formula in package.formulas:
        where = f"{formula.of} {formula.where}"
        for rule, what in (*_words(formula), *_sizes(formula)):
            yield Breach(rule, where, what)


def _words(formula: Formula) -> Iterator[tuple[str, str]]:
    """Yield what a formula must not call or refer to."""
    bare, text = formula.bare, formula.text
    for name in _CALL.findall(bare):
        if name.upper() in _CLOCK:
            yield "clock", name
        elif name.upper() not in _FUNCTIONS:
            yield "function", name
    if "_xlfn" in bare or "_xlws" in bare or "#" in bare.replace("#REF!", ""):
        yield "later formula", text
    if _OTHER_FILE.search(bare):
        yield "external", text
    elif _STRUCTURED.search(bare):
        yield "structured", text
    if formula.of in {"check", "colour"} and "!" in bare.replace("#REF!", ""):
        yield "other sheet", text


def _sizes(formula: Formula) -> Iterator[tuple[str, str]]:
    """Yield in what a formula is too long or too deep."""
    longest = _LONGEST_CHECK if formula.of == "check" else _LONGEST_FORMULA
    if len(formula.text) > longest:
        yield "long formula", f"{len(formula.text)}"
    if any(len(text) - 2 > _LONGEST_TEXT for text in _TEXT.findall(formula.text)):
        yield "long text in a formula", ""
    if _depth(formula.bare) > _DEEPEST:
        yield "deep formula", f"{_depth(formula.bare)}"


def _depth(formula: str) -> int:
    deepest = depth = 0
    for letter in formula:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    return deepest


# ---- checks and colours


def _checks(package: Package) -> Iterator[Breach]:
    for title, sheet in package.sheets.items():
        for check in all_of(sheet, "dataValidation"):
            where = f"{title}!{check.get('sqref')}"
            for name in ("promptTitle", "errorTitle"):
                if _units(check.get(name, "")) > _LONGEST_TITLE:
                    yield Breach("long title", where, check.get(name))
            for name in ("prompt", "error"):
                if _units(check.get(name, "")) > _LONGEST_MESSAGE:
                    yield Breach("long message", where, check.get(name))
            if check.get("type") != "list":
                continue
            source = "".join(formula.text or "" for formula in all_of(check, "formula1"))
            if _NAME.fullmatch(source) and source not in package.names:
                yield Breach("name leads nowhere", where, source)


def _units(text: str) -> int:
    """Return the length of a text as Excel counts it, line ends as one."""
    return len(text.replace("_x000a_", "\n").replace("_x000A_", "\n").encode("utf-16-le")) // 2


def _colours(package: Package) -> Iterator[Breach]:
    formats = all_of(package.tree("xl/styles.xml"), "dxf")
    for title, sheet in package.sheets.items():
        for rule in all_of(sheet, "cfRule"):
            where = f"{title}!{rule.getparent().get('sqref')}"
            if rule.get("type") != "expression":
                yield Breach("kind of colour", where, rule.get("type"))
                continue
            look = formats[int(rule.get("dxfId"))]
            parts = {etree.QName(part).localname for part in look}
            if not parts <= {"fill", "font", "border"}:
                yield Breach("not a fill", where, ", ".join(sorted(parts)))


def _overlaps(package: Package) -> Iterator[Breach]:
    """Yield colours laid over parts of others: of such, LibreOffice shows a single one."""
    for title, sheet in package.sheets.items():
        areas = [area.get("sqref") for area in all_of(sheet, "conditionalFormatting")]
        boxes = [(area, box) for area in areas for box in map(range_boundaries, area.split())]
        for at, (area, box) in enumerate(boxes):
            for other, its in boxes[at + 1 :]:
                if _meet(box, its):
                    yield Breach("colours overlap", title, f"{area}, {other}")


_Box = tuple[int, int, int, int]  # the first column and row of an area, and the last ones


def _meet(one: _Box, other: _Box) -> bool:
    return all(one[at] <= other[at + 2] and other[at] <= one[at + 2] for at in (0, 1))


# ---- number formats


def _number_formats(package: Package) -> Iterator[Breach]:
    styles = package.tree("xl/styles.xml")
    own = {int(f.get("numFmtId")): f.get("formatCode") for f in all_of(styles, "numFmt")}
    [formats] = all_of(styles, "cellXfs")
    for used in sorted({int(xf.get("numFmtId", 0)) for xf in formats}):
        if used in own:
            if _shows_days(own[used]) and not is_date_format(own[used]):
                yield Breach("date unseen", "xl/styles.xml", own[used])
        elif used in _LOCAL_DATES or used not in BUILTIN_FORMATS:
            yield Breach("built-in date", "xl/styles.xml", str(used))


def _shows_days(code: str) -> bool:
    """Say whether a format's letters, outside quotes, are those of days and times."""
    bare = re.sub(r'"[^"]*"|\\.|_.|\[\$[^\]]*\]', "", code.split(";", 1)[0]).lower()
    bare = re.sub(r"general|\[(?!h+\]|m+\]|s+\])[^\]]*\]", "", bare)
    return bool(re.search(r"[ymdhsae]", bare)) and not re.search(r"[0#]e[+-]", bare)


RULES: tuple[Callable[[Package], Iterator[Breach]], ...] = (
    _package,
    _every_part,
    _book,
    _names,
    _sheets,
    _cells,
    _formula_texts,
    _checks,
    _colours,
    _overlaps,
    _number_formats,
)
"""Everything that is looked at."""
