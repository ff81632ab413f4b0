"""The styles of the marks, appended to a workbook's own: nothing there is renumbered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.excel.look import (
    BAND_FILL,
    GREY,
    HEADER_FILL,
    INK,
    LINE,
    LINK_BLUE,
    QUIET,
    RED,
)
from toolkit.excel.marks.package import Package
from toolkit.excel.marks.splice import Part, closed, opened, prefixed
from toolkit.findings import Level

LEVEL_FILLS: Mapping[Level, str] = {
    Level.ERROR: "#F8CFCF",
    Level.WARNING: "#FCE4C8",
    Level.INFO: "#DCE9F5",
}
"""What a cell is filled with; red, orange and blue are told apart in grey print by the words."""

_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs",
    "tableStyles", "colors", "extLst",
)  # fmt: skip
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_OWN_PART = "xl/stylesMarks.xml"
_NO_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<styleSheet xmlns="{_MAIN}"></styleSheet>'
).encode()


def _rgb(colour: str) -> str:
    return f'rgb="FF{colour.removeprefix("#")}"'


def _font(name: str, size: int, colour: str, more: str = "") -> str:
    return f'<font>{more}<sz val="{size}"/><color {_rgb(colour)}/><name val="{name}"/></font>'


def _fill(colour: str) -> str:
    solid = f'<fgColor {_rgb(colour)}/><bgColor indexed="64"/>'
    return f'<fill><patternFill patternType="solid">{solid}</patternFill></fill>'


_HEADING, _BODY = "微软雅黑", "宋体"
_FONTS = {
    "title": _font(_HEADING, 16, "#FFFFFF", "<b/>"),
    "intro": _font(_HEADING, 10, QUIET),
    "header": _font(_HEADING, 10, INK, "<b/>"),
    "body": _font(_BODY, 10, INK),
    "link": _font(_BODY, 10, LINK_BLUE, "<u/>"),
    "grey": _font(_BODY, 10, GREY),
    "grey link": _font(_BODY, 10, GREY, "<u/>"),
}
_FILLS = {
    "title": _fill(RED),
    "intro": _fill(BAND_FILL),
    "header": _fill(HEADER_FILL),
    **{level.value: _fill(colour) for level, colour in LEVEL_FILLS.items()},
}
_EDGES = "".join(
    f'<{side} style="thin"><color {_rgb(LINE)}/></{side}>'
    for side in ("left", "right", "top", "bottom")
)
_BORDERS = {"box": f"<border>{_EDGES}<diagonal/></border>"}
_LEFT = '<alignment horizontal="left" vertical="center" wrapText="1" indent="1"/>'
_CENTRE = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
_BAND = '<alignment horizontal="left" vertical="center" indent="1"/>'


@dataclass(frozen=True)
class _Format:
    """A cell format by the names of what it is made of."""

    font: str
    alignment: str
    fill: str = ""
    border: str = "box"


_FORMATS = {
    "title": _Format("title", _BAND, "title", ""),
    "intro": _Format("intro", _LEFT, "intro", ""),
    "header": _Format("header", _CENTRE, "header"),
    "text": _Format("body", _LEFT),
    "centre": _Format("body", _CENTRE),
    "link": _Format("link", _CENTRE),
    **{level.value: _Format("body", _CENTRE, level.value) for level in Level},
    "grey text": _Format("grey", _LEFT),
    "grey centre": _Format("grey", _CENTRE),
    "grey link": _Format("grey link", _CENTRE),
}

_DXFS = tuple(
    f'<dxf><fill><patternFill patternType="solid"><fgColor {_rgb(colour)}/>'
    f"<bgColor {_rgb(colour)}/></patternFill></fill></dxf>"
    for colour in LEVEL_FILLS.values()
)

_PLAIN_FONT = f'<font><sz val="11"/><name val="{_BODY}"/></font>'
_NO_FILLS = (
    '<fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
)
_NO_BORDER = "<border><left/><right/><top/><bottom/><diagonal/></border>"
_PLAIN = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
_FIRST = {
    "fonts": (_PLAIN_FONT, 1),
    "fills": (_NO_FILLS, 2),
    "borders": (_NO_BORDER, 1),
    "cellXfs": (_PLAIN, 1),
}
"""What stands first in each group, and how many: all that has no style of its own looks so."""


@dataclass(frozen=True)
class MarkStyles:
    """The numbers that the styles of the marks have in one workbook."""

    cells: Mapping[str, int]
    fills: Mapping[Level, int]


def add_styles(package: Package) -> MarkStyles:
    """Append the styles of the marks and return their numbers."""
    name = package.related(package.workbook, "styles")
    if not name:
        name = _OWN_PART
        package.put(name, _NO_STYLES)
        package.declare(name, _TYPE)
        package.tie(package.workbook, "styles", name)
    part = opened(package.read(name))
    at = {group: _append(part, group, own) for group, own in _GROUPS.items()}
    first = _append(part, "cellXfs", _xfs(at["fonts"], at["fills"], at["borders"]))
    dxfs = _append(part, "dxfs", _DXFS)
    package.put(name, part.result())
    return MarkStyles(
        {format_: first + n for n, format_ in enumerate(_FORMATS)},
        {level: dxfs + n for n, level in enumerate(LEVEL_FILLS)},
    )


def drop_styles(package: Package) -> None:
    """Cut off the styles of the marks, where they still stand as they were appended."""
    name = package.related(package.workbook, "styles")
    if not name:
        return
    part = package.read(name)
    left = {group: _before(part, group, own) for group, own in _GROUPS.items()}
    xfs = _xfs(left["fonts"], left["fills"], left["borders"])
    everything = {**_GROUPS, "cellXfs": xfs, "dxfs": _DXFS}
    # All or none: a program that has written the styles anew has given them other numbers.
    if not all(_ends_with(part, group, own) for group, own in everything.items()):
        return
    for group, own in everything.items():
        _strip(part, group, own)
    if name == _OWN_PART and part.result() == _NO_STYLES:
        package.untie(package.workbook, name)
        package.discard(name)
    else:
        package.put(name, closed(part))


_GROUPS: Mapping[str, Sequence[str]] = {
    "fonts": tuple(_FONTS.values()),
    "fills": tuple(_FILLS.values()),
    "borders": tuple(_BORDERS.values()),
}


def _xfs(fonts: int, fills: int, borders: int) -> Sequence[str]:
    """Return the cell formats, given the numbers of the first font, fill and border of ours."""
    return tuple(
        f'<xf numFmtId="0" fontId="{fonts + list(_FONTS).index(each.font)}"'
        f' fillId="{fills + list(_FILLS).index(each.fill) if each.fill else 0}"'
        f' borderId="{borders if each.border else 0}" applyFont="1" applyFill="1"'
        f' applyBorder="1" applyAlignment="1">{each.alignment}</xf>'
        for each in _FORMATS.values()
    )


def _append(part: Part, group: str, own: Sequence[str]) -> int:
    """Append to a group and return the number of the first appended."""
    element = part.root.child(group)
    there = len(element.children) if element else 0
    first, firsts = ("", 0) if there else _FIRST.get(group, ("", 0))
    fragment, many = first + "".join(own), firsts + len(own)
    if element is None:
        content = f'<{group} count="{many}"\t>{fragment}</{group}>'
        part.insert_child(group, content, _ORDER)
    else:
        part.count(element, many)
        part.append(element, fragment)
    return there + firsts


def _before(part: Part, group: str, own: Sequence[str]) -> int:
    """Return how many stand before those that were appended."""
    element = part.root.child(group)
    return len(element.children) - len(own) if element else 0


def _ends_with(part: Part, group: str, own: Sequence[str]) -> bool:
    element = part.root.child(group)
    if element is None:
        return False
    fragment = prefixed("".join(own), element.prefix).encode()
    return part.data[element.inner : element.close].endswith(fragment)


def _strip(part: Part, group: str, own: Sequence[str]) -> None:
    """Cut what was appended off a group."""
    element = part.root.child(group)
    if element is None:
        return
    if part.created(element):
        part.remove(element)
        return
    first, many = "".join(own), len(own)
    if part.was_empty(element):
        # It got the first entries with ours; in any other group they are its own.
        usual, usually = _FIRST.get(group, ("", 0))
        first, many = usual + first, usually + many
    part.count(element, -many)
    part.emptied(element, element.close - len(prefixed(first, element.prefix).encode()))
