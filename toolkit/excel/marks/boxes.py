"""The boxes that notes are drawn in: a part of its own kind, often not well-formed XML."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from toolkit.cells import a1, place
from toolkit.excel.look import lines
from toolkit.excel.marks.package import Package, SheetPart, is_own
from toolkit.excel.marks.splice import Part, as_utf8, relationship_prefix

WORKSHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState",
    "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting",
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects",
    "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The children of a worksheet in the order of its schema (ISO/IEC 29500-1, CT_Worksheet)."""

_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_OWN_DRAWING = "xl/drawings/vmlDrawingMarks{}.vml"
_SHAPE = re.compile(rb"<((?:[\w.-]+:)?)shape(?=[\s>]).*?</\1shape\s*>", re.DOTALL)
_NOTE = re.compile(rb"ObjectType\s*=\s*[\"']Note[\"']")
_ANCHOR = re.compile(rb"<(?:[\w.-]+:)?Anchor\s*>([\s\d,]*)</")
_KEPT = re.compile(rb" alt=\"\xe6\xa0\xb8\xe5\xaf\xb9\xe5\x89\x8d\xef\xbc\x9a([\s\d,]*)\"")
_NAMESPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
# Its attributes stand in an order of our own, by which it is known again.
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" o:spt="202" coordsize="21600,21600"'
    ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_TYPE_AT_END = re.compile(
    rb"<v:shapetype (?:xmlns:\w=\"[^\"]*\" )*%b(?=</)"
    % re.escape(_SHAPE_TYPE.removeprefix("<v:shapetype ")).encode()
)
_BOX_WIDTH, _WIDE_BOX_WIDTH = 280, 420
_LINE, _MARGIN = 16, 14  # pixels
_CHARACTER = 6.5  # pixels that half a Chinese character takes, rather too many
_MANY_LINES = 14


@dataclass(frozen=True)
class Grid:
    """How wide the columns and how high the rows of a sheet are, in pixels, counted from 0."""

    columns: Mapping[int, int]
    column: int
    rows: Mapping[int, int]
    row: int

    def anchor(self, cell: str, width: int, height: int) -> tuple[int, ...]:
        """Return where a box beside a cell stands: column, pixels into it, row, pixels, twice."""
        row, column = place(cell)
        left = column if column <= _LAST_LEFT else column - 8
        top = max(0, min(row - 2, _LAST_TOP))
        right, inset = self._reach(left, 15 + width, self.columns, self.column)
        bottom, below = self._reach(top, 10 + height, self.rows, self.row)
        return left, 15, top, 10, right, inset, bottom, below

    def height(self, anchor: Sequence[int]) -> int:
        """Return how high a box is."""
        rows = range(anchor[2], anchor[6])
        return sum(self.rows.get(row, self.row) for row in rows) - anchor[3] + anchor[7]

    def width(self, anchor: Sequence[int]) -> int:
        """Return how wide a box is."""
        columns = range(anchor[0], anchor[4])
        wide = sum(self.columns.get(column, self.column) for column in columns)
        return wide - anchor[1] + anchor[5]

    def bottom(self, anchor: Sequence[int], height: int) -> tuple[int, ...]:
        """Return the place of a box that has become so high."""
        return (*anchor[:6], *self._reach(anchor[2], anchor[3] + height, self.rows, self.row))

    @staticmethod
    def _reach(at: int, far: int, sizes: Mapping[int, int], usual: int) -> tuple[int, int]:
        while far >= sizes.get(at, usual):
            far -= sizes.get(at, usual)
            at += 1
        return at, far


_LAST_LEFT, _LAST_TOP = 16_370, 1_048_500
_ROW = re.compile(rb"<(?:[\w.-]+:)?row(?=\s)([^>]*)>")
_TRUE = ("1", "true")
_MOST_ROWS, _MOST_COLUMNS = 20_000, 1_000


def grid_of(sheet: Part) -> Grid:
    """Return the sizes of a sheet's columns and rows."""
    columns: dict[int, int] = {}
    for each in sheet.root.all("cols", "col"):
        hidden = each.get("hidden") in _TRUE
        size = 0 if hidden else int(_number(each.get("width"), 9.14) * 7 + 0.5)
        first, last = (int(_number(each.get(name), 1)) for name in ("min", "max"))
        for column in range(first, min(last, _MOST_COLUMNS) + 1):
            columns[column - 1] = size
    rows: dict[int, int] = {}
    data = sheet.root.child("sheetData")
    tags = _ROW.finditer(sheet.data, data.inner, data.close) if data else iter(())
    for match in islice(tags, _MOST_ROWS):
        at, points = _value(match[1], b"r"), _value(match[1], b"ht")
        hidden = _value(match[1], b"hidden") in _TRUE
        if at.isdecimal() and (points or hidden):
            rows[int(at) - 1] = 0 if hidden else int(_number(points, 15) * 4 / 3 + 0.5)
    usual = sheet.root.child("sheetFormatPr")
    wide = _number(usual.get("defaultColWidth") if usual else "", 9.14)
    high = _number(usual.get("defaultRowHeight") if usual else "", 15)
    return Grid(columns, max(1, int(wide * 7 + 0.5)), rows, max(1, int(high * 4 / 3 + 0.5)))


def _number(text: str, usual: float) -> float:
    """Return a size, a usual one where none is written."""
    return float(text) if re.fullmatch(r"\d{1,7}(\.\d+)?", text) else usual


def _value(tag: bytes, name: bytes) -> str:
    match = re.search(rb"(?<![\w:])%b\s*=\s*[\"']([^\"']*)" % name, tag)
    return match[1].decode(errors="replace") if match else ""


def _tall(text: str, width: int) -> int:
    return lines(text, width / _CHARACTER) * _LINE + _MARGIN


def draw(sheet: SheetPart, fresh: Mapping[str, str], grown: Mapping[str, str]) -> None:
    """Draw a box for each new note, and make those higher that hold more now."""
    package, grid = sheet.package, grid_of(sheet.part)
    home = _drawing(sheet)
    if not home and fresh:
        home = _new_home(sheet)
    if not home:
        return
    data = as_utf8(package.parts[home])
    if grown:
        data = _SHAPE.sub(lambda shape: _higher(shape[0], grid, grown), data)
    if fresh:
        first = _first_id(data)
        boxes = [
            _box(cell, text, first + at, grid) for at, (cell, text) in enumerate(fresh.items())
        ]
        data = _with_boxes(data, "".join(boxes))
    package.put(home, data)


def _new_home(sheet: SheetPart) -> str:
    """Give a sheet a part for the boxes of its notes."""
    package = sheet.package
    home = _OWN_DRAWING.format(sheet.number)
    package.put(home, _new_drawing(package))
    package.declare(home, _DRAWING_TYPE)
    tie = package.tie(sheet.name, "vmlDrawing", home)
    prefix, declaration = relationship_prefix(sheet.part)
    element = f'<legacyDrawing{declaration} {prefix}:id="{tie}"/>'
    sheet.part.insert_child("legacyDrawing", element, WORKSHEET_ORDER)
    return home


def _drawing(sheet: SheetPart) -> str:
    """Return the part that a sheet's notes are drawn in, "" if it has none."""
    element = sheet.part.root.child("legacyDrawing")
    tie = element.get("id") if element else ""
    ties = sheet.package.relations(sheet.name)
    return next((each.target for each in ties if tie and each.id == tie), "")


def _new_drawing(package: Package) -> bytes:
    """Return a part without boxes; its numbers begin beyond those of all others."""
    taken = [
        int(number)
        for name, data in package.parts.items()
        if name.lower().endswith(".vml")
        for numbers in re.findall(rb"idmap\s[^>]*?data\s*=\s*[\"']([\d,\s]*)", data)
        for number in numbers.split(b",")
        if number.strip()
    ]
    spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _NAMESPACES.items())
    return (
        f'<xml {spaces}><o:shapelayout v:ext="edit">'
        f'<o:idmap v:ext="edit" data="{max(taken, default=0) + 1}"/></o:shapelayout></xml>'
    ).encode()


def _first_id(data: bytes) -> int:
    maps = re.findall(rb"idmap\s[^>]*?data\s*=\s*[\"'](\d+)", data)
    taken = [int(each) for each in re.findall(rb"_x0000_s(\d+)", data)]
    return max((1024 * int(maps[0]) if maps else 1024), *taken, 0) + 1


def _with_boxes(data: bytes, boxes: str) -> bytes:
    """Return a drawing with boxes added at its end."""
    if re.search(rb"id\s*=\s*[\"']_x0000_t202[\"']", data) is None:
        boxes = _SHAPE_TYPE + boxes
    head = data[: data.find(b">", data.find(b"<xml")) + 1]
    for prefix, space in _NAMESPACES.items():
        if f'xmlns:{prefix}="{space}"'.encode() not in head:
            boxes = re.sub(r"<v:shape(type)? ", rf'\g<0>xmlns:{prefix}="{space}" ', boxes)
    end = data.rfind(b"</")
    return data[:end] + boxes.encode() + data[end:]


def _box(cell: str, text: str, number: int, grid: Grid) -> str:
    """Return the box of a note, hidden until the cell is pointed at."""
    row, column = place(cell)
    wide = _WIDE_BOX_WIDTH if lines(text, _BOX_WIDTH / _CHARACTER) > _MANY_LINES else _BOX_WIDTH
    high = _tall(text, wide)
    anchor = ", ".join(map(str, grid.anchor(cell, wide, high)))
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
        f"margin-left:60pt;margin-top:2pt;width:{wide * 0.75:g}pt;height:{high * 0.75:g}pt;"
        'z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
        '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
        '<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
        f"<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>"
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row - 1}</x:Row><x:Column>{column - 1}</x:Column>"
        "</x:ClientData></v:shape>"
    )


def _cell_of(shape: bytes) -> str:
    """Return the cell that a shape is the note of, "" if it is none."""
    row = re.search(rb"<(?:[\w.-]+:)?Row\s*>\s*(\d+)", shape)
    column = re.search(rb"<(?:[\w.-]+:)?Column\s*>\s*(\d+)", shape)
    if row is None or column is None or _NOTE.search(shape) is None:
        return ""
    return a1(int(row[1]) + 1, int(column[1]) + 1)


def _higher(shape: bytes, grid: Grid, grown: Mapping[str, str]) -> bytes:
    """Return a box that is high enough for its text; its old place is kept in its description."""
    anchor = _ANCHOR.search(shape)
    text = grown.get(_cell_of(shape), "")
    if not text or anchor is None or re.search(rb"\salt\s*=", shape):
        return shape
    old = [int(each) for each in anchor[1].split(b",") if each.strip()]
    if len(old) != len(("column", "inset") * 4):
        return shape
    wanted = _tall(text, max(60, grid.width(old)))
    if grid.height(old) >= wanted:
        return shape
    new = ", ".join(map(str, grid.bottom(old, wanted))).encode()
    placed = shape[: anchor.start(1)] + new + shape[anchor.end(1) :]
    kept = ' alt="核对前：'.encode() + anchor[1] + b'"'
    at = placed.index(b"shape") + len(b"shape")
    return placed[:at] + kept + placed[at:]


def undraw(sheet: SheetPart, gone: set[str]) -> None:
    """Take away the boxes of notes, and give the others back the height that they had."""
    package = sheet.package
    for relation in package.relations(sheet.name):
        if relation.kind == "vmlDrawing" and relation.target:
            data = as_utf8(package.parts[relation.target])
            data = _SHAPE.sub(lambda shape: _without(shape[0], gone), data)
            data = _TYPE_AT_END.sub(b"", data)
            package.put(relation.target, data)


def _without(shape: bytes, gone: set[str]) -> bytes:
    if _cell_of(shape) in gone:
        return b""
    kept, anchor = _KEPT.search(shape), _ANCHOR.search(shape)
    if kept is None or anchor is None:
        return shape
    # Rows inserted meanwhile have moved the box: then it stays as it is.
    if _corner(kept[1]) == _corner(anchor[1]):
        shape = shape[: anchor.start(1)] + kept[1] + shape[anchor.end(1) :]
    return shape.replace(kept[0], b"", 1)


def _corner(anchor: bytes) -> list[bytes]:
    """Return all of an anchor but its lower end."""
    return [each.strip() for each in anchor.split(b",")[:6]]


def drop_drawing(sheet: SheetPart, *, ours: bool) -> None:
    """Take away a drawing that holds nothing any more.

    If the notes are `ours` and the drawing is not, it was there before them and stays.
    """
    home = _drawing(sheet)
    element = sheet.part.root.child("legacyDrawing")
    if element is None or not home or (ours and not is_own(home, _OWN_DRAWING)):
        return
    if _SHAPE.search(sheet.package.parts[home]) is None:
        sheet.part.remove(element)
        sheet.package.untie(sheet.name, home)
        sheet.package.discard(home)
