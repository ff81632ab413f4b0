"""What cells are filled with, by their own style, and one fill put in the place of another."""

import re
from collections.abc import Iterable, Iterator, Mapping

from toolkit.cells import place
from toolkit.excel.marks.package import Package
from toolkit.excel.marks.splice import Element, Part, read_part

_TRUE = ("1", "true")
_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


def cell_fills(package: Package, name: str, cells: Iterable[str]) -> Mapping[str, str | None]:
    """Return what cells of a sheet are filled with: "#RRGGBB", "" for nothing, None for the rest.

    A cell's own style counts, then its row's, then its column's. The rest are patterns, gradients
    and colours of a theme, which an edit could not give back.
    """
    root = read_part(package.parts[name], whole=True).root
    fills = _fills(package)
    columns = _columns(root)
    rows = {row.get("r"): row for row in root.all("sheetData", "row")}
    found: dict[str, str | None] = {}
    for cell in cells:
        number, column = place(cell)
        row = rows.get(str(number))
        style = _style(row, cell) if row is not None else ""
        style = style or columns.get(column, "0")
        at = int(style) if style.isdecimal() else 0
        found[cell] = fills[at] if at < len(fills) else ""
    return found


def _style(row: Element, cell: str) -> str:
    """Return the number of a cell's own style, or of its row's."""
    own = next((each for each in row.children if each.get("r") == cell), None)
    if own is not None:
        return own.get("s", "0")
    return row.get("s") if row.get("customFormat") in _TRUE else ""


def _columns(root: Element) -> Mapping[int, str]:
    return {
        column: each.get("style", "0")
        for each in root.all("cols", "col")
        for column in range(int(each.get("min", "1")), int(each.get("max", "0")) + 1)
    }


def _fills(package: Package) -> list[str | None]:
    """Return what each style of a workbook fills a cell with."""
    name = package.related(package.workbook, "styles")
    if not name:
        return []
    root = package.read(name).root
    fills = [_colour(each) for each in root.all("fills", "fill")]
    numbers = (each.get("fillId", "0") for each in root.all("cellXfs", "xf"))
    return [fills[int(at)] if int(at) < len(fills) else "" for at in numbers]


def _colour(fill: Element) -> str | None:
    pattern = fill.child("patternFill")
    if pattern is None:
        return "" if not fill.children else None
    kind = pattern.get("patternType", "none")
    if kind == "none":
        return ""
    front = pattern.child("fgColor")
    rgb = _RGB.fullmatch(front.get("rgb")) if front is not None else None
    if kind != "solid" or front is None or rgb is None or front.get("tint"):
        return None
    return f"#{rgb[1].upper()}"


# ---- in a closed file


def refill(package: Package, name: str, wanted: Mapping[str, str]) -> None:
    """Fill cells of a sheet otherwise: their styles then differ in nothing else."""
    styles_name = package.related(package.workbook, "styles")
    if not wanted or not styles_name:
        return
    part = read_part(package.parts[name], whole=True)
    known: dict[tuple[int, str], int] = {}
    for cell in _cells(part, wanted):
        old = int(cell.get("s")), wanted[cell.get("r")]
        if old not in known:
            known[old] = _with_fill(package, styles_name, *old)
        part.set(cell, "s", str(known[old]))
    package.put(name, part.result())


def _cells(part: Part, wanted: Mapping[str, str]) -> Iterator[Element]:
    for cell in part.root.all("sheetData", "row", "c"):
        if cell.get("r") in wanted and cell.get("s").isdecimal():
            yield cell


def _with_fill(package: Package, name: str, style: int, colour: str) -> int:
    """Return the number of the style that is another one with a fill; it is added if need be."""
    fill = _fill_number(package, name, colour)
    part = package.read(name)
    group = part.root.child("cellXfs")
    if group is None or style >= len(group.children):
        return style
    old = group.children[style]
    looks = [_look(part, each) for each in group.children]
    wanted = ({**looks[style][0], "fillId": str(fill)}, looks[style][1])
    if wanted in looks:
        return looks.index(wanted)
    raw = part.data[old.start : old.end].decode()
    new = re.sub(r"(\sfillId\s*=\s*[\"'])\d+", rf"\g<1>{fill}", raw, count=1)
    part.count(group, 1)
    part.replace(group.close, group.close, new)
    package.put(name, part.result())
    return len(group.children)


def _look(part: Part, style: Element) -> tuple[Mapping[str, str], bytes]:
    """Return what a style says, whether its fill is said to count or not."""
    told = {key: value for key, value in style.attributes.items() if key != "applyFill"}
    return told, part.data[style.inner : style.close]


def _fill_number(package: Package, name: str, colour: str) -> int:
    """Return the number of a fill; it is added if need be."""
    part = package.read(name)
    group = part.root.child("fills")
    known = [_colour(each) for each in group.children] if group else []
    if colour in known:
        return known.index(colour)
    if group is None or not colour:
        return 0
    solid = f'<fgColor rgb="FF{colour[1:]}"/><bgColor indexed="64"/>'
    part.count(group, 1)
    part.append(group, f'<fill><patternFill patternType="solid">{solid}</patternFill></fill>')
    package.put(name, part.result())
    return len(known)
