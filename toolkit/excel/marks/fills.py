"""What cells are filled with, by their own style, and one fill put in the place of another."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.cells import a1, place
from toolkit.excel.marks.package import Package
from toolkit.excel.marks.splice import Element, Part, read_part, tag_of

_TRUE, _FALSE = ("1", "true"), ("0", "false")
_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")


@dataclass(frozen=True)
class SheetFills:
    """What the cells of a sheet are filled with: "#RRGGBB", "" for nothing, None for the rest.

    A cell's own style counts, then its row's, then its column's. The rest are patterns, gradients
    and colours of a theme, which an edit could not give back.
    """

    fills: Sequence[str | None]
    unlocked: Collection[int]
    columns: Sequence[tuple[int, int, int]]
    rows: Mapping[int, int]
    cells: Mapping[str, int]

    def fill(self, cell: str) -> str | None:
        """Return what a cell is filled with."""
        return self._of(self._style(cell))

    def column_fill(self, cell: str) -> str | None:
        """Return what the column of a cell is filled with."""
        return self._of(self._column(place(cell)[1]))

    def is_unlocked(self, cell: str) -> bool:
        """Whether people may write in a cell while the sheet is protected."""
        return self._style(cell) in self.unlocked

    def filled(self, colours: Collection[str]) -> Iterator[str]:
        """Yield the cells that a style of their own fills with one of some colours."""
        for cell, style in self.cells.items():
            if self._of(style) in colours:
                yield cell

    def _of(self, style: int) -> str | None:
        return self.fills[style] if style < len(self.fills) else ""

    def _style(self, cell: str) -> int:
        row, column = place(cell)
        style = self.cells.get(cell, self.rows.get(row))
        return self._column(column) if style is None else style

    def _column(self, column: int) -> int:
        spans = (style for first, last, style in self.columns if first <= column <= last)
        return next(spans, 0)


def sheet_fills(package: Package, name: str) -> SheetFills:
    """Return what the cells of a sheet are filled with."""
    root = read_part(package.parts[name], whole=True).root
    rows = {
        number: _number(row.get("s"))
        for number, row in _rows(root)
        if row.get("s") and row.get("customFormat") in _TRUE
    }
    columns = tuple(
        (int(each.get("min", "1")), int(each.get("max", "0")), _number(each.get("style")))
        for each in root.all("cols", "col")
    )
    cells = {cell: _number(each.get("s")) for cell, each in _cells(root)}
    return SheetFills(_fills(package), unlocked(package), columns, rows, cells)


def cell_fills(package: Package, name: str, cells: Iterable[str]) -> Mapping[str, str | None]:
    """Return what cells of a sheet are filled with, as `SheetFills` tells it."""
    fills = sheet_fills(package, name)
    return {cell: fills.fill(cell) for cell in cells}


def unlocked(package: Package, colours: Collection[str] | None = None) -> frozenset[int]:
    """Return the styles of cells to be written in, of all or of those filled with some colours."""
    name = package.related(package.workbook, "styles")
    if not name:
        return frozenset()
    styles = package.read(name).root.all("cellXfs", "xf")
    return frozenset(
        number
        for number, (style, fill) in enumerate(zip(styles, _fills(package), strict=True))
        if (lock := style.child("protection")) is not None
        and lock.get("locked") in _FALSE
        and (colours is None or fill in colours)
    )


def _number(style: str) -> int:
    return int(style) if style.isdecimal() else 0


def _rows(root: Element) -> Iterator[tuple[int, Element]]:
    """Yield the rows with their numbers; one that tells none follows the one before."""
    number = 0
    for row in root.all("sheetData", "row"):
        number = int(row.get("r")) if row.get("r").isdecimal() else number + 1
        yield number, row


def _cells(root: Element) -> Iterator[tuple[str, Element]]:
    """Yield the cells with their addresses; one that tells none follows the one before."""
    for number, row in _rows(root):
        column = 0
        for cell in row.all("c"):
            address = cell.get("r") or a1(number, column + 1)
            column = place(address)[1]
            yield address, cell


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


def refill(package: Package, name: str, wanted: Mapping[str, str]) -> frozenset[str]:
    """Fill cells of a sheet otherwise: their styles then differ in nothing else.

    Returns the cells that are filled so; where there is no such cell or style it stays as it is.
    """
    styles_name = package.related(package.workbook, "styles")
    if not wanted or not styles_name:
        return frozenset()
    part = read_part(package.parts[name], whole=True)
    styles = _Styles(package.read(styles_name))
    done: set[str] = set()
    for address, cell in _cells(part.root):
        if address not in wanted:
            continue
        old = _number(cell.get("s"))
        new = styles.with_fill(old, wanted[address])
        if new is None:
            continue
        done.add(address)
        if cell.get("s"):
            part.set(cell, "s", str(new))
        elif new != old:
            at = cell.start + len(f"<{tag_of(cell)}".encode())
            part.replace(at, at, f' s="{new}"')
    package.put(styles_name, styles.result())
    package.put(name, part.result())
    return frozenset(done)


_Look = tuple[frozenset[tuple[str, str]], bytes]


@dataclass
class _Styles:
    """The styles of a workbook and those that are to be added, all at once."""

    part: Part
    looks: list[_Look] = field(default_factory=list)
    numbers: dict[_Look, int] = field(default_factory=dict)
    colours: list[str | None] = field(default_factory=list)
    new_styles: list[str] = field(default_factory=list)
    new_fills: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.looks = [self._look(each) for each in self.part.root.all("cellXfs", "xf")]
        for number, look in enumerate(self.looks):
            self.numbers.setdefault(look, number)
        self.colours = [_colour(each) for each in self.part.root.all("fills", "fill")]

    def with_fill(self, style: int, colour: str) -> int | None:
        """Return the number of the style that is another one with a fill, None if it is none."""
        if style >= len(self.looks):
            return None
        fill = self._fill_number(colour)
        if fill is None:
            return None
        told, content = self.looks[style]
        wanted = frozenset({**dict(told), "fillId": str(fill)}.items()), content
        if wanted not in self.numbers:
            self.numbers[wanted] = len(self.looks) + len(self.new_styles)
            old = self.part.root.all("cellXfs", "xf")[style]
            raw = self.part.data[old.start : old.end].decode()
            fresh, told_one = re.subn(r"(\sfillId\s*=\s*[\"'])\d+", rf"\g<1>{fill}", raw, count=1)
            if not told_one:
                fresh = raw.replace(tag_of(old), f'{tag_of(old)} fillId="{fill}"', 1)
            self.new_styles.append(fresh)
        return self.numbers[wanted]

    def result(self) -> bytes:
        """Return the part with what is added."""
        fills, styles = self.part.root.child("fills"), self.part.root.child("cellXfs")
        if fills is not None and self.new_fills:
            self.part.count(fills, len(self.new_fills))
            self.part.append(fills, "".join(self.new_fills))
        if styles is not None and self.new_styles:
            self.part.count(styles, len(self.new_styles))
            self.part.replace(styles.close, styles.close, "".join(self.new_styles))
        return self.part.result()

    def _look(self, style: Element) -> _Look:
        """Return what a style says, whether its fill is said to count or not."""
        told = {key: value for key, value in style.attributes.items() if key != "applyFill"}
        return frozenset(told.items()), self.part.data[style.inner : style.close]

    def _fill_number(self, colour: str) -> int | None:
        """Return the number of a fill, None where there can be none of it."""
        if colour not in self.colours:
            if not colour:
                return 0
            if self.part.root.child("fills") is None:
                return None
            solid = f'<fgColor rgb="FF{colour[1:]}"/><bgColor indexed="64"/>'
            fill = f'<fill><patternFill patternType="solid">{solid}</patternFill></fill>'
            self.new_fills.append(fill)
            self.colours.append(colour)
        return self.colours.index(colour)
