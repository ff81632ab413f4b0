"""Pictures for the manual page on checking while a workbook is filled in, docs/边填边核对.md.

`make pictures` draws docs/manual/ anew; a test tells when the product shows something else since.
Every word in them comes from the product, run over a copy of the example; the frame of the window,
the corners that tell of notes and the box of one note are drawn beside it. Needs what `pictures.py`
needs, and fontconfig with a CJK font.
"""

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pymupdf
from openpyxl import load_workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from pictures import CHECKOUT, SOURCES_FILE, Leaf, digest, printed, redraw
from PIL import Image, ImageDraw, ImageFont

from toolkit import flow
from toolkit.excel.folder import REPORT_FILE
from toolkit.excel.marks.live import Marking, SheetEdits, marking
from toolkit.excel.marks.package import open_package
from toolkit.excel.report_book import DETAILS
from toolkit.forms import BOOKS_FOLDER
from toolkit.package import zipped
from toolkit.schema.texts import display_width
from toolkit.watching.rounds import Voice, watch

FOLDER = CHECKOUT / "docs" / "manual"
WINDOW, MARKED, LISTED = "窗口.png", "标记.png", "明细.png"

_TOWN, _AS_OF = CHECKOUT / "examples" / "青石镇", dt.date(2022, 10, 31)
_UPPER, _STONE = "0203-上河村-2022.xlsx", "0207-石桥村-2022.xlsx"
_SHEET, _SEEN, _CELL = "整改措施", "A1:J12", "G6"  # what is shown of the marked workbook
_FINDINGS = 7  # shown of the list


# ---- what the product says


@dataclass(frozen=True, slots=True)
class Save:
    """A workbook as somebody saves it: when, and what was typed into which cells of a sheet."""

    time: dt.time
    file: str
    sheet: str
    typed: Mapping[str, str]


SAVES = (
    Save(dt.time(14, 3, 22), _UPPER, _SHEET, {"A7": "P01-M05"}),
    Save(
        dt.time(14, 20, 5),
        _STONE,
        _SHEET,
        {"E10": "石永福", "M5": "5月32日"},
    ),
    Save(dt.time(14, 21, 40), _STONE, _SHEET, {"M5": "2022-05-20"}),
)
"""An afternoon: what was wrong put right, one slip made and mended."""


@dataclass(frozen=True)
class Shown:
    """What the pictures show: the window's lines, a workbook and its marks, a list of findings."""

    window: tuple[str, ...]
    book: bytes
    marking: Marking
    report: bytes

    @property
    def marks(self) -> SheetEdits:
        """The marks on the sheet that is shown."""
        return next(each for each in self.marking.sheets if each.sheet == _SHEET)

    def digests(self) -> Mapping[str, str]:
        """Return what tells whether a picture still shows what the product says, by picture."""
        marks = f"{digest(self.book)}\n{self.marks}"
        return {
            WINDOW: hashlib.sha256("\n".join(self.window).encode()).hexdigest(),
            MARKED: hashlib.sha256(marks.encode()).hexdigest(),
            LISTED: digest(self.report),
        }


def shown() -> Shown:
    """Return what the product says of the example, and of a few saves in a copy of it."""
    with tempfile.TemporaryDirectory() as temporary:
        town = Path(shutil.copytree(_TOWN, Path(temporary) / _TOWN.name))
        path = town / BOOKS_FOLDER / _STONE
        book = path.read_bytes()
        report = flow.check((town,), _AS_OF)
        flow.write_report(report, "xlsx", town / REPORT_FILE)
        listed = (town / REPORT_FILE).read_bytes()
        marks = marking(book, [each for each in report.findings if each.file == str(path)])
        return Shown(tuple(_watched(town)), book, marks, listed)


def _typed(data: bytes, sheet: str, typed: Mapping[str, str]) -> bytes:
    """Return a workbook with texts typed into cells of a sheet that are there already."""
    package = open_package(data)
    name = next(each.part for each in package.sheets() if each.title == sheet)
    xml = package.parts[name].decode()
    for cell, text in typed.items():
        found = re.compile(rf'<c r="{cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)')
        new = rf'<c r="{cell}"\1 t="inlineStr"><is><t>{text}</t></is></c>'
        xml, count = found.subn(new, xml)
        if count != 1:
            raise ValueError(f"{sheet}!{cell}: {count} cells")
    package.put(name, xml.encode())
    return zipped(package.finished())


def _watched(town: Path) -> Iterator[str]:
    """Yield the lines of a watch over a work folder in which the saves are made."""
    said: list[str] = []
    pauses = 0

    def sleep(_seconds: float) -> None:
        """Save the next workbook, or end the watch, whenever all has been still for a while."""
        nonlocal pauses
        pauses += 1
        number, rest = divmod(pauses, _CALM)
        if rest == 0 and number > len(SAVES):
            raise KeyboardInterrupt
        if rest == 0:
            _save(SAVES[number - 1])

    voice = Voice(said.append, said.append, said.append, ring=lambda: None, fault=_raised)
    with contextlib.chdir(town):
        watch(
            (Path(BOOKS_FOLDER),),
            Path(REPORT_FILE),
            None,
            voice,
            today=lambda: _AS_OF,
            sleep=sleep,
            spent=lambda: 0.0,
        )
    for line in said:
        yield from line.splitlines()


_CALM = 10  # polls


def _raised(error: Exception) -> None:
    raise error


def _save(save: Save) -> None:
    """Save a workbook as somebody at the desk does, at the time that is told."""
    path = Path(BOOKS_FOLDER, save.file)
    path.write_bytes(_typed(path.read_bytes(), save.sheet, save.typed))
    at = dt.datetime.combine(_AS_OF, save.time).timestamp()
    os.utime(path, (at, at))


# ---- drawing

_DPI, _COLOURS = 140, 192


def drawn(office: str) -> Mapping[str, bytes]:
    """Return every file of the folder by name: the pictures, and what they were made of.

    Raises CalledProcessError where the office suite or fontconfig fails, and ValueError where a
    sheet is not printed as it is to be seen.
    """
    said = shown()
    pages = printed({MARKED: _marked(said.book, said.marks), LISTED: said.report}, office)
    files = {
        WINDOW: _png(_window("边填边核对", said.window)),
        MARKED: _png(_sheet(_first(pages[MARKED], _SHEET), said.marks)),
        LISTED: _png(_list(_first(pages[LISTED], DETAILS))),
    }
    text = json.dumps(said.digests(), ensure_ascii=False, indent=2)
    return files | {SOURCES_FILE: f"{text}\n".encode()}


def _first(leaves: Sequence[Leaf], sheet: str) -> pymupdf.Page:
    return next(leaf.page for leaf in leaves if leaf.sheet == sheet)


def _pixels(page: pymupdf.Page, clip: pymupdf.Rect) -> Image.Image:
    pixels = page.get_pixmap(dpi=_DPI, alpha=False, clip=clip)
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def _png(image: Image.Image) -> bytes:
    """Return a picture as a PNG of few colours."""
    stream = io.BytesIO()
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
    return stream.getvalue()


# -- text in a grid


@cache
def _font(pixels: int) -> ImageFont.FreeTypeFont:
    """Return a font in which a Chinese character is as wide as two letters."""
    command = ["fc-match", "-f", "%{file}|%{index}", "Noto Sans Mono CJK SC"]
    told = subprocess.run(  # noqa: S603 -- fontconfig, on words of ours
        command, check=True, capture_output=True, text=True, timeout=60
    )
    file, _, index = told.stdout.partition("|")
    return ImageFont.truetype(file, pixels, index=int(index or 0))


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, pixels: int, ink: str
) -> None:
    """Draw a line as a console sets it, each character in its own places of a grid."""
    left, top = at
    for each in text:
        draw.text((left, top), each, ink, _font(pixels))
        left += display_width(each) * pixels / 2


def _broken(line: str, width: int) -> Iterator[str]:
    """Yield a line as a console breaks it, wherever it is full."""
    part = ""
    for each in line:
        if display_width(part + each) > width:
            yield part
            part = ""
        part += each
    yield part


# -- the window

_TYPE, _LEADING, _WIDTH, _EDGE, _BAR = 22, 34, 100, 18, 46


def _window(title: str, lines: Sequence[str]) -> Image.Image:
    """Return a console window with what stands in it."""
    rows = [part for line in lines for part in _broken(line, _WIDTH)]
    size = (_WIDTH * _TYPE // 2 + 2 * _EDGE, _BAR + 2 * _EDGE + len(rows) * _LEADING)
    image = Image.new("RGB", size, "#0C0C0C")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], _BAR), "#E6E6E6")
    _write(draw, (_EDGE, 8), title, _TYPE, "#202020")
    for number, row in enumerate(rows):
        _write(draw, (_EDGE, _BAR + _EDGE + number * _LEADING), row, _TYPE, "#E8E8E8")
    return image


# -- the marked sheet

_CORNER, _ASIDE = 10, 180  # pixels; what a note's box needs beside the sheet
_NOTE_TYPE, _NOTE_LEADING, _NOTE_WIDTH, _NOTE_EDGE = 18, 26, 44, 10


def _marked(book: bytes, marks: SheetEdits) -> bytes:
    """Return a workbook with the marks of a sheet set, to be printed with its headings."""
    workbook = load_workbook(io.BytesIO(book))
    sheet: Worksheet = workbook[marks.sheet]
    for edit in marks.edits:
        if edit.fill:
            sheet[edit.cell].fill = PatternFill("solid", fgColor=edit.fill.removeprefix("#"))
    sheet.print_options.headings = True
    sheet.print_area = _SEEN
    sheet.page_setup.fitToWidth = 1
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _sheet(page: pymupdf.Page, marks: SheetEdits) -> Image.Image:
    """Return a printed sheet with the corners that tell of notes, and one note's box beside it."""
    boxes = _headings(page)
    seen = pymupdf.Rect()
    for box in boxes.values():
        seen |= box
    sheet = _pixels(page, seen)
    image = Image.new("RGB", (sheet.width + _ASIDE, sheet.height), "white")
    image.paste(sheet)
    draw = ImageDraw.Draw(image)
    for edit in marks.edits:
        column, row = _parted(edit.cell)
        if edit.note and column in boxes and row in boxes:
            spot = pymupdf.Point(boxes[column].x1, boxes[row].y0) - seen.tl
            right, top = (part * _DPI / 72 for part in spot)
            draw.polygon([(right - _CORNER, top), (right, top), (right, top + _CORNER)], "#C00000")
            if edit.cell == _CELL:
                beside = (right, top, edit.note)
    _note(draw, *beside)
    return image


def _parted(cell: str) -> tuple[str, str]:
    """Return the column's letters and the row's number of an address."""
    column = cell.rstrip("0123456789")
    return column, cell.removeprefix(column)


def _headings(page: pymupdf.Page) -> Mapping[str, pymupdf.Rect]:
    """Return the boxes of the columns' letters and of the rows' numbers, by what stands in them."""
    boxes = [each["rect"] for each in page.get_drawings() if each.get("color") == (0, 0, 0)]
    named = {page.get_textbox(box).strip(): box for box in boxes}
    return {name: box for name, box in named.items() if re.fullmatch("[A-Z]+|[0-9]+", name)}


def _note(draw: ImageDraw.ImageDraw, right: float, top: float, text: str) -> None:
    """Draw a note's box beside the corner of its cell, as a sheet shows it under the pointer."""
    lines = [part for line in text.splitlines() for part in _broken(line, _NOTE_WIDTH)]
    left, upper = right + 2 * _CORNER, top - 2 * _CORNER
    width = _NOTE_WIDTH * _NOTE_TYPE // 2 + 2 * _NOTE_EDGE
    lower = upper + len(lines) * _NOTE_LEADING + 2 * _NOTE_EDGE
    draw.line((right, top, left, upper + _NOTE_EDGE), "#404040", 2)
    draw.rectangle((left, upper, left + width, lower), "#FFFFE1", "#404040", 2)
    for number, line in enumerate(lines):
        spot = (left + _NOTE_EDGE, upper + _NOTE_EDGE + number * _NOTE_LEADING)
        _write(draw, spot, line, _NOTE_TYPE, "#000000")


# -- the list


def _list(page: pymupdf.Page) -> Image.Image:
    """Return the upper part of a printed list, as far as the findings that are shown."""
    lines = [each["rect"] for each in page.get_drawings() if each["rect"].height < 1]
    ends = sorted({round(line.y0) for line in lines if line.width > _LEADING})
    whole = page.rect
    lower = ends[_FINDINGS + 1]  # above it the header's two lines
    edge = min(line.x0 for line in lines)
    return _pixels(page, pymupdf.Rect(edge - 4, edge, whole.x1 - edge + 4, lower))


if __name__ == "__main__":
    sys.exit(redraw(FOLDER, drawn))
