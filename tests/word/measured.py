"""What LibreOffice makes of documents, measured on the PDF: lines, glyphs, rules, page numbers.

All lengths are millimetres from the upper left corner of the page as it is shown; sizes of type are
points. Blanks are no glyphs. The fonts of the standard are replaced by free ones, which moves no
line, as every line has an exact height.
"""

import io
import os
import subprocess
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from unicodedata import category, normalize
from xml.sax.saxutils import escape

from lxml import etree
from paths import office

_MM = 25.4 / 72  # of a point
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SAME_LINE, _BIG_TYPE = 0.35, 30  # mm between baselines; points
_DASHES = "—–―─－"
_SECONDS = 150
FANGSONG, KAITI, HEITI, XIAOBIAOSONG, SONGTI = range(5)
_FAMILIES = (  # the fonts of the standard, and those that stand in for them here
    (FANGSONG, "仿宋_GB2312", ("FandolFang R", "Noto Serif CJK SC"), ""),
    (KAITI, "楷体_GB2312", ("AR PL KaitiM GB", "AR PL UKai CN"), ""),
    (HEITI, "黑体", ("FandolHei", "WenQuanYi Zen Hei"), "medium"),
    (XIAOBIAOSONG, "方正小标宋简体", ("FandolSong", "Noto Serif CJK SC"), "bold"),
    (SONGTI, "宋体", ("AR PL UMing CN", "AR PL SungtiL GB"), ""),
)
_FACES = {  # what the PDF calls them
    "FandolFang": FANGSONG,
    "KaitiMGB": KAITI,
    "ARPLKaiti": KAITI,
    "GBZenKai": KAITI,
    "UKai": KAITI,
    "FandolHei": HEITI,
    "WenQuanYi": HEITI,
    "FandolSong": XIAOBIAOSONG,
    "UMing": SONGTI,
    "Sungti": SONGTI,
}


class Box(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float


UPRIGHT, TURNED = Box(28, 37, 184, 262), Box(35, 28, 260, 184)
"""The 版心 (5.2.1), and that of a landscape page (8)."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A visible character."""

    text: str
    x: float  # where it begins
    y: float  # its baseline
    box: Box
    points: float
    font: str
    colour: int  # as sRGB
    is_upright: bool

    @property
    def face(self) -> int | None:
        """Which font of the standard it is in."""
        return next((face for name, face in _FACES.items() if name in self.font), None)


@dataclass(frozen=True)
class Line:
    """The glyphs of one baseline, from left to right."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)

    @cached_property
    def baseline(self) -> float:
        return median(glyph.y for glyph in self.glyphs)

    @cached_property
    def points(self) -> float:
        return Counter(round(glyph.points, 1) for glyph in self.glyphs).most_common(1)[0][0]

    @property
    def face(self) -> int | None:
        return Counter(glyph.face for glyph in self.glyphs).most_common(1)[0][0]

    @property
    def left(self) -> float:
        return self.glyphs[0].x

    @property
    def right(self) -> float:
        return max(glyph.box.right for glyph in self.glyphs)

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def top(self) -> float:
        """The upper edge of the characters' boxes."""
        return self.baseline - 0.88 * self.points * _MM

    @property
    def bottom(self) -> float:
        return self.baseline + 0.12 * self.points * _MM


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line that lies level."""

    left: float
    right: float
    y: float
    points: float
    colour: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Foot:
    """A page number; `gap` is the distance from the 版心 to the middle of its dashes' ink."""

    text: str
    box: Box
    gap: float
    face: int | None
    points: float
    is_turned: bool


@dataclass(frozen=True)
class Page:
    """A page, its number apart from its lines."""

    width: float
    height: float
    lines: tuple[Line, ...]
    sideways: tuple[Glyph, ...]
    foot: Foot | None
    rules: tuple[Rule, ...]
    ink_tops: Mapping[str, float]  # of lines in big type

    @property
    def text_box(self) -> Box:
        """The 版心 of such a page."""
        return TURNED if self.width > self.height else UPRIGHT

    def line(self, start: str) -> Line:
        """Return the line that begins so."""
        return next(line for line in self.lines if line.text.startswith(start))

    def is_red(self, line: Line) -> bool:
        """Say whether a line is of pure red."""
        return {glyph.colour for glyph in line.glyphs} == {0xFF0000}

    def at(self, line: Line) -> int:
        """Return which of the page's lines it is, from 0."""
        return self.lines.index(line)

    @property
    def pitch(self) -> float:
        """The usual distance of two lines."""
        steps = [after.baseline - before.baseline for before, after in pairwise(self.lines)]
        usual = median(steps)
        near = [step for step in steps if abs(step - usual) < usual / 10]
        return sum(near) / len(near)


@dataclass(frozen=True, slots=True)
class Printed:
    """A document as printed; `lost` are the characters of its file that no page shows."""

    pages: tuple[Page, ...]
    lost: Counter[str]

    def page_of(self, start: str) -> int:
        """Return the number, from 1, of the last page with a line that begins so."""
        return max(
            number
            for number, page in enumerate(self.pages, 1)
            if any(line.text.startswith(start) for line in page.lines)
        )


# -- LibreOffice ----------------------------------------------------------------------------------


def printed(documents: Mapping[str, bytes], folder: Path) -> dict[str, Printed]:
    """Return documents as LibreOffice prints them, all in one run; skips the test without it."""
    program = office()
    files = {name: folder / f"{number}.docx" for number, name in enumerate(documents)}
    for name, path in files.items():
        path.write_bytes(documents[name])
    fonts = folder / "fonts.conf"
    fonts.write_text(_fonts(), encoding="utf-8")
    options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *options,
            *map(str, files.values()),
        ],
        env=os.environ | {"FONTCONFIG_FILE": str(fonts), "SAL_USE_VCLPLUGIN": "svp"},
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    return {name: _measured(path) for name, path in files.items()}


def _fonts() -> str:
    """Return a fontconfig file: what the system has, and who stands in for whom."""
    aliases = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        '<edit name="family" mode="prepend" binding="same">'
        + "".join(f"<string>{escape(family)}</string>" for family in families)
        + "</edit>"
        + (
            f'<edit name="weight" mode="assign" binding="same"><const>{weight}</const></edit>'
            if weight
            else ""
        )
        + "</match>"
        for _, name, families, weight in _FAMILIES
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include>{aliases}</fontconfig>'
    )


# -- the PDF --------------------------------------------------------------------------------------


def _measured(path: Path) -> Printed:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # types of SWIG, not ours
        import pymupdf  # noqa: PLC0415 -- it warns as it is loaded

        with pymupdf.open(path.with_suffix(".pdf")) as pdf:
            pages = tuple(_page(page) for page in pdf)
    shown = Counter[str]()
    for page in pages:
        for line in page.lines:
            shown.update(visible(line.text))
        shown.update(visible("".join(glyph.text for glyph in page.sideways)))
    return Printed(pages, visible(written(path.read_bytes())) - shown)


def written(data: bytes) -> str:
    """Return all text of a .docx's main part, boxes for older programs left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    for fallback in root.iter(_FALLBACK):
        fallback.clear()
    return "".join(
        "-" if node.tag == f"{_W}noBreakHyphen" else node.text or ""
        for node in root.iter(f"{_W}t", f"{_W}noBreakHyphen")
    )


def visible(text: str) -> Counter[str]:
    """Return how often each character shows; a hyphen that does not break looks as any other."""
    return Counter(_folded(char) for char in text if _shows(char))


def _shows(char: str) -> bool:
    return not char.isspace() and category(char) not in ("Cc", "Cf")


def _folded(char: str) -> str:
    """Return the usual character for those that a PDF confuses with it."""
    if char == "\u2011":
        return "-"
    code = ord(char)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        return normalize("NFKC", char)
    return char


def _page(page: Any) -> Page:
    glyphs = list(_glyphs(page))
    upright = _lines(glyph for glyph in glyphs if glyph.is_upright)
    sideways = sorted((g for g in glyphs if not g.is_upright), key=lambda glyph: glyph.box.top)
    width, height = page.rect.width * _MM, page.rect.height * _MM
    foot: tuple[Glyph, ...] = ()
    if upright and upright[-1].baseline > UPRIGHT.bottom and _is_number(upright[-1].text):
        foot = upright.pop().glyphs
    elif _is_number("".join(glyph.text for glyph in sideways)):
        foot, sideways = tuple(sideways), []
    return Page(
        width,
        height,
        tuple(upright),
        tuple(sideways),
        _foot(page, foot, TURNED if width > height else UPRIGHT) if foot else None,
        tuple(_rules(page)),
        {line.text: _ink_top(page, line) for line in upright if line.points >= _BIG_TYPE},
    )


def _glyphs(page: Any) -> Iterator[Glyph]:
    for block in page.get_text("rawdict")["blocks"]:
        for line in block.get("lines", ()):
            is_upright = line["dir"][0] > 0.99
            for span in line["spans"]:
                for char in span["chars"]:
                    if _shows(char["c"][:1]):
                        yield Glyph(
                            char["c"],
                            char["origin"][0] * _MM,
                            char["origin"][1] * _MM,
                            Box(*(side * _MM for side in char["bbox"])),
                            span["size"],
                            span["font"],
                            span["color"],
                            is_upright,
                        )


def _lines(glyphs: Iterable[Glyph]) -> list[Line]:
    groups: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda each: each.y):
        if groups and glyph.y - groups[-1][0].y <= _SAME_LINE:
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return [Line(tuple(sorted(group, key=lambda each: each.x))) for group in groups]


def _is_number(text: str) -> bool:
    return text[:1] in tuple(_DASHES) and text.strip(_DASHES).isdecimal()


def _foot(page: Any, glyphs: Sequence[Glyph], text_box: Box) -> Foot:
    left, top, right, bottom = zip(*(glyph.box for glyph in glyphs), strict=True)
    dash = glyphs[0]
    ink = _ink(
        page, Box(*(side + pad for side, pad in zip(dash.box, (-0.4, -0.4, 0.4, 0.4), strict=True)))
    )
    gap = (
        (ink.top + ink.bottom) / 2 - text_box.bottom
        if dash.is_upright
        else text_box.left - (ink.left + ink.right) / 2
    )
    box = Box(min(left), min(top), max(right), max(bottom))
    text = "".join(glyph.text for glyph in glyphs)
    return Foot(text, box, gap, glyphs[1].face, glyphs[1].points, not dash.is_upright)


def _ink_top(page: Any, line: Line) -> float:
    size = line.points * _MM
    return _ink(
        page, Box(line.left, line.baseline - size, line.right, line.baseline + size / 3)
    ).top


def _ink(page: Any, clip: Box) -> Box:
    """Return the extent of what is dark in a part of the page."""
    import pymupdf  # noqa: PLC0415 -- as above

    zoom, dark = 12, 200
    area = pymupdf.Rect(*(side / _MM for side in clip))
    matrix = pymupdf.Matrix(zoom, zoom)
    shown = page.get_pixmap(matrix=matrix, clip=area, colorspace=pymupdf.csGRAY)
    width, height, data = shown.width, shown.height, shown.samples
    rows = [y for y in range(height) if min(data[y * width : (y + 1) * width]) < dark]
    columns = [x for x in range(width) if min(data[x::width]) < dark]
    left, right = ((shown.x + x) / zoom * _MM for x in (columns[0], columns[-1] + 1))
    top, bottom = ((shown.y + y) / zoom * _MM for y in (rows[0], rows[-1] + 1))
    return Box(left, top, right, bottom)


def _rules(page: Any) -> Iterator[Rule]:
    """Yield the lines that lie level and are longer than 20 mm, from the top down."""
    found = {}
    for drawing in page.get_drawings():
        rect = drawing["rect"]
        if rect.width * _MM < 20 or rect.height * _MM > 1:
            continue
        left, right, y = rect.x0 * _MM, rect.x1 * _MM, (rect.y0 + rect.y1) / 2 * _MM
        colour = tuple(drawing["color"] or drawing["fill"] or ())
        found[round(y, 2), round(left, 2)] = Rule(
            left, right, y, drawing["width"] or rect.height, colour
        )
    for place in sorted(found):
        yield found[place]
