"""Rows by the hundred thousand, spelled one by one while their sheets are packed.

A pen that keeps every cell until the end takes a hundred times the memory. So it writes what
frames the rows, and they are set in afterwards, each as `Page.put` would have written it.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from itertools import chain, count, islice
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from toolkit.cells import Raw, a1, letters, place
from toolkit.excel.sheets import Book, Formula, Page, is_moment, safe_text
from toolkit.package import entry, unzipped
from toolkit.schema.kinds import as_text


class Looks(NamedTuple):
    """The formats of one column's cells: of text and days, and of numbers."""

    text: Any
    number: Any


class Line(NamedTuple):
    """One row: its cells from the stretch's first column on, and how it looks."""

    cells: Sequence[Raw | Formula]
    height: float  # in points
    looks: int = 0  # which of the stretch's
    link: str = ""  # as `link_to` spells it


@dataclass(frozen=True)
class Stretch:
    """Rows that follow one another below a header, which the page holds already.

    The cell of the column `linked` leads to what its row was made from.
    """

    page: Page
    header: int
    left: int
    count: int
    looks: Sequence[Sequence[Looks]]
    lines: Iterable[Line]
    linked: int = 0
    tip: str = ""


def put(stretch: Stretch) -> None:
    """Write rows by the pen all the same: a chart that shows them keeps what it finds there."""
    page = stretch.page
    for row, line in enumerate(stretch.lines, stretch.header + 1):
        page.sheet.set_row(row - 1, line.height)
        looks = stretch.looks[line.looks]
        for column, (cell, look) in enumerate(zip(line.cells, looks, strict=True), stretch.left):
            value = cell.value if isinstance(cell, Formula) else cell
            style = look.number if isinstance(value, int | float) else look.text
            if line.link and column == stretch.linked:
                page.sheet.write_url(row - 1, column - 1, line.link, style, "x", stretch.tip)
            page.put(row, column, cell, style)


def finished(book: Book, stretches: Sequence[Stretch]) -> bytes:
    """Close a workbook and return its bytes, with the stretches of rows in their places.

    Equal rows give equal bytes. Raises ToolkitError where a cell cannot hold its text.
    """
    texts = _Texts()
    sheets: dict[str, _Sheet] = {}
    for number, page in enumerate(book.pages.values(), 1):
        own = [_Rows(each, texts) for each in stretches if each.page is page]
        if own:
            sheets[f"{_SHEETS}sheet{number}.xml"] = _Sheet(own)
    parts = unzipped(book.finished())
    texts.known_before = parts[_SHARED].count(b"<si>")
    late: dict[str, Iterable[bytes]] = {}
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for name, part in parts.items():
            if name in sheets:
                _pack(package, name, sheets[name].pieces(part))
                if sheets[name].is_linked:
                    relations = name.replace(_SHEETS, f"{_SHEETS}_rels/") + ".rels"
                    late[relations] = [sheets[name].related(parts.get(relations, _NO_RELATIONS))]
            elif name not in late and name != _SHARED:
                _pack(package, name, [part])
        late[_SHARED] = texts.pieces(parts[_SHARED])
        for name, pieces in late.items():
            _pack(package, name, pieces)
    return stream.getvalue()


def _pack(package: ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    with package.open(entry(name), "w") as packed:
        for piece in pieces:
            packed.write(piece)


_SHEETS, _SHARED = "xl/worksheets/", "xl/sharedStrings.xml"
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns='
    b'"http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


# -- texts ----------------------------------------------------------------------------------------

_BATCH = 64  # of texts or rows that are packed at a time
_ESCAPE = re.compile("(?=_x[0-9a-fA-F]{4}_)")  # what a spreadsheet would take for a character


class _Texts(dict[str, str]):
    """How a cell that holds a text goes on: it refers to the list of all texts."""

    known_before: int = 0

    def __missing__(self, text: str) -> str:
        found = self[text] = f' t="s"><v>{self.known_before + len(self)}</v></c>'
        return found

    def pieces(self, part: bytes) -> Iterator[bytes]:
        """Yield the list of shared strings with ours at its end, some at a time."""
        head, _, rest = part.partition(b"<sst ")
        _, _, known = rest.partition(b">")
        yield head
        yield f'<sst xmlns="{_MAIN}" uniqueCount="{self.known_before + len(self)}">'.encode()
        yield known.removesuffix(b"</sst>")
        texts = iter(self)
        while batch := "".join(f"<si>{_spelled(text)}</si>" for text in islice(texts, _BATCH)):
            yield batch.encode()
        yield b"</sst>"


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _spelled(text: str) -> str:
    keep = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f"<t{keep}>{_ESCAPE.sub('_x005F', escape(text, quote=False))}</t>"


# -- rows -----------------------------------------------------------------------------------------

_FIGURES = frozenset({int, float})
_LONG = 16_000  # characters, from which on it matters how long a text is in UTF-16
_PIXEL = 0.75  # points
_USUAL_HEIGHT = 20  # pixels, of a row that says nothing of its height


class _Rows:
    """The rows of one stretch, as a sheet's part holds them."""

    def __init__(self, stretch: Stretch, texts: _Texts) -> None:
        self.stretch = stretch
        self.links: list[tuple[str, str]] = []  # cell and what it leads to
        self.width = len(stretch.looks[0])
        self._texts = texts
        # A format is in the workbook only if its number is asked for before that is closed.
        self._marks = [
            [
                (f'<c r="{letters(at)}', *(f'" s="{each._get_xf_index()}"' for each in looks))  # noqa: SLF001 -- told nowhere else
                for at, looks in enumerate(columns, stretch.left)
            ]
            for columns in stretch.looks
        ]

    def pieces(self) -> Iterator[bytes]:
        """Yield the rows, some at a time."""
        rows = map(self._row, self.stretch.lines, count(self.stretch.header + 1))
        while batch := "".join(islice(rows, _BATCH)):
            yield batch.encode()

    def _row(self, line: Line, number: int) -> str:
        texts = self._texts
        spelled = [f'<row r="{number}"{_height(line.height)}>']
        for cell, (start, text, figure) in zip(line.cells, self._marks[line.looks], strict=True):
            if cell is None or cell == "":
                spelled.append(f"{start}{number}{text}/>")
            elif type(cell) is str:
                if not cell.isprintable() or len(cell) > _LONG:
                    where = f"{self.stretch.page.title}!{start.removeprefix(_CELL)}{number}"
                    cell = safe_text(cell, where)  # noqa: PLW2901 -- the same text, mended
                spelled.append(f"{start}{number}{text}{texts[cell]}")
            elif type(cell) in _FIGURES:
                spelled.append(f"{start}{number}{figure}><v>{cell:.16G}</v></c>")
            else:
                spelled.append(f"{start}{number}{self._odd(cell, text, figure)}")
        if line.link:
            self.links.append((a1(number, self.stretch.linked), line.link))
        spelled.append("</row>")
        return "".join(spelled)

    def _odd(self, cell: Raw | Formula, text: str, figure: str) -> str:
        """Return how a cell that is neither text nor whole number goes on, with its style."""
        if isinstance(cell, Formula):
            formula = escape(cell.text.removeprefix("="), quote=False)
            live = f"<f>{formula}</f><v>{escape(str(cell.value), quote=False)}</v></c>"
            if isinstance(cell.value, str):
                kind = ' t="str"' if cell.value else ""
                return f"{text}{kind}>{live}"
            return f"{figure}>{live}"
        if is_moment(cell):
            return f"{text}><v>{_serial(cell):.16G}</v></c>"
        style = figure if isinstance(cell, bool) else text
        return f"{style}{self._texts[as_text(cell)]}"


_CELL = '<c r="'


def _height(points: float) -> str:
    pixels = int(points / _PIXEL + 0.5)
    return "" if pixels == _USUAL_HEIGHT else f' ht="{pixels * _PIXEL:.16g}" customHeight="1"'


_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 -- cells know no zones
_LEAP_DAY = 60  # 29 February 1900, which never was


def _serial(moment: dt.date | dt.time | dt.timedelta) -> float:
    """Return a day or time as the number that a cell holds."""
    match moment:
        case dt.timedelta():
            passed = moment
        case dt.time():
            passed = dt.datetime.combine(_EPOCH, moment) - _EPOCH
        case dt.datetime():
            passed = moment - _EPOCH
        case _:
            passed = dt.datetime.combine(moment, dt.time()) - _EPOCH
    days = passed.days + (passed.seconds + passed.microseconds / 1e6) / 86_400
    return days - 1 if isinstance(moment, dt.date) and days <= _LEAP_DAY else days


# -- sheets ---------------------------------------------------------------------------------------

_REACH = re.compile(rb'<dimension ref="[A-Z]+[0-9]+(?::([A-Z]+[0-9]+))?"/>')
_BEHIND_LINKS = b"<printOptions "  # what follows them in every sheet of ours


class _Sheet:
    """A sheet's part with stretches of rows, one below the other."""

    def __init__(self, stretches: Iterable[_Rows]) -> None:
        self._stretches = sorted(stretches, key=lambda rows: rows.stretch.header)
        self._targets: dict[str, str] = {}  # of links: each with the name of its relationship

    def pieces(self, part: bytes) -> Iterator[bytes]:
        """Yield the part with the rows in their places, some at a time."""
        part = self._reaching(part)
        at = 0
        for rows in self._stretches:
            header = part.index(b'<row r="%d" ' % rows.stretch.header)
            end = part.index(b"</row>", header) + len(b"</row>")
            yield part[at:end]
            yield from rows.pieces()
            at = end
        links = "".join(chain.from_iterable(map(self._links, self._stretches)))
        end = part.index(_BEHIND_LINKS, at) if links else len(part)
        yield part[at:end]
        if links:
            yield f"<hyperlinks>{links}</hyperlinks>".encode()
            yield part[end:]

    @property
    def is_linked(self) -> bool:
        """Whether a row leads to its source."""
        return bool(self._targets)

    def _reaching(self, part: bytes) -> bytes:
        """Return a part that tells how far its rows reach, once they are all there."""
        told = _REACH.search(part)
        corner = place(told[1].decode()) if told and told[1] else (1, 1)
        ends = [
            (each.stretch.header + each.stretch.count, each.stretch.left + each.width - 1)
            for each in self._stretches
        ]
        row, column = (max(each) for each in zip(corner, *ends, strict=True))
        return _REACH.sub(f'<dimension ref="A1:{a1(row, column)}"/>'.encode(), part, count=1)

    def _links(self, rows: _Rows) -> Iterator[str]:
        tip = escape(rows.stretch.tip)
        for cell, link in rows.links:
            way, _, goal = link.removeprefix("external:").partition("#")
            name = self._targets.setdefault(way, f"link{len(self._targets) + 1}")
            there = f' location="{escape(goal)}"' if goal else ""
            yield f'<hyperlink ref="{cell}" r:id="{name}"{there} tooltip="{tip}"/>'

    def related(self, part: bytes) -> bytes:
        """Return the sheet's relationships with those of its links."""
        ours = "".join(
            f'<Relationship Id="{name}" Type="{_HYPERLINK}"'
            f' Target="{escape(_as_excel(way))}" TargetMode="External"/>'
            for way, name in self._targets.items()
        )
        return part.replace(b"</Relationships>", f"{ours}</Relationships>".encode())


def _as_excel(way: str) -> str:
    r"""Return a way to a file as Excel writes it.

    >>> _as_excel("./村级工作簿/上河村.xlsx"), _as_excel("D:/上河村.xlsx")
    ('村级工作簿\\上河村.xlsx', 'file:///D:\\上河村.xlsx')
    """
    target = way.replace("/", "\\").removeprefix(".\\")
    absolute = target.startswith("\\\\") or target[1:2] == ":"
    return f"file:///{target}" if absolute else target
