"""Pictures of the workbooks for the documentation: each page as it is printed.

`make pictures` draws docs/pictures/ anew, through LibreOffice; a test tells when a workbook has
changed since. Needs soffice, PyMuPDF, Pillow and NumPy.
"""

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pymupdf
from PIL import Image

from toolkit.forms import township, village
from toolkit.package import unzipped
from toolkit.schema.form import INSTRUCTIONS_SHEET, Form

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDER = CHECKOUT / "docs" / "pictures"
INDEX, SOURCES_FILE = "README.md", "sources.json"

_DPI, _COLOURS = 150, 8  # enough to read the smallest type, and to tell ink from red
_GREYS = range(0, 256, 36)  # of the edges of letters
_FOOT = 34  # points at the foot of a page, where the title of the sheet and the number stand
_FOOTER = re.compile(r"(.+)第(\d+)页共(\d+)页")
_NO_CLIP = pymupdf.TEXTFLAGS_TEXT & ~pymupdf.TEXT_CLIP  # the text that is hidden as well
_SECONDS = 300  # for the office suite


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook to draw: what its pictures' names begin with, and the sheets wanted of it."""

    name: str
    title: str
    file: str
    form: Form
    sheets: tuple[str, ...]


def _all_sheets(form: Form) -> tuple[str, ...]:
    return (INSTRUCTIONS_SHEET, *form.sheets())


SOURCES = (
    Source(
        "村级工作簿",
        "村级工作簿（示范村，已填）",
        "examples/青石镇/村级工作簿/0203-上河村-2022.xlsx",
        village.FORM,
        _all_sheets(village.FORM),
    ),
    Source(
        "空白村级工作簿",
        "空白的村级工作簿",
        "templates/村级工作簿.xlsx",
        village.FORM,
        (INSTRUCTIONS_SHEET,),
    ),
    Source(
        "镇级工作簿",
        "镇级工作簿（示范镇，已填）",
        "examples/青石镇/镇级工作簿.xlsx",
        township.FORM,
        _all_sheets(township.FORM),
    ),
)


# ---- printing


@dataclass(frozen=True)
class Leaf:
    """One printed page: its sheet, its number in the whole and the number of all, as it says."""

    sheet: str
    number: int
    of: int
    page: pymupdf.Page

    @cached_property
    def text(self) -> str:
        """The text above the foot, without blanks and new lines, hidden text included."""
        return without_blanks(self.page.get_text(flags=_NO_CLIP, clip=self.body))

    @property
    def body(self) -> pymupdf.Rect:
        """The page above its foot."""
        whole = self.page.rect
        return pymupdf.Rect(whole.x0, whole.y0, whole.x1, whole.y1 - _FOOT)


def without_blanks(text: str) -> str:
    """Return a text without blanks and new lines."""
    return "".join(text.split())


def printed(books: Mapping[str, bytes], office: str) -> Mapping[str, list[Leaf]]:
    """Return the pages of workbooks, by name, as the office suite prints them.

    Raises CalledProcessError where it fails, and ValueError for a page that does not say whose
    it is.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = {name: folder / f"{number}.xlsx" for number, name in enumerate(books)}
        for name, path in files.items():
            path.write_bytes(books[name])
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run(  # noqa: S603 -- the office suite, on files that we have written
            [*command, *files.values()], check=True, capture_output=True, timeout=_SECONDS
        )
        return {
            name: list(_leaves(path.with_suffix(".pdf").read_bytes()))
            for name, path in files.items()
        }


def _leaves(pdf: bytes) -> Iterator[Leaf]:
    for page in pymupdf.open(stream=pdf):
        whole = page.rect
        foot = pymupdf.Rect(whole.x0, whole.y1 - _FOOT, whole.x1, whole.y1)
        said = without_blanks(page.get_text(clip=foot, sort=True))
        footer = _FOOTER.fullmatch(said)
        if footer is None:
            raise ValueError(f"page {page.number + 1}: no footer in “{said}”")
        yield Leaf(footer[1], int(footer[2]), int(footer[3]), page)


# ---- drawing


def drawn(office: str) -> Mapping[str, bytes]:
    """Return every file of the folder by name: the pictures, their index, what they were made of.

    Raises ValueError where a workbook's printed sheets are not those that its form declares.
    """
    books = {source.file: (CHECKOUT / source.file).read_bytes() for source in SOURCES}
    pages = printed(books, office)
    files: dict[str, bytes] = {}
    index = ["# 工作簿图样\n", "由 `make pictures` 生成，请不要手工修改。\n"]
    for source in SOURCES:
        leaves = pages[source.file]
        seen = tuple(dict.fromkeys(leaf.sheet for leaf in leaves))
        if seen != _all_sheets(source.form):
            raise ValueError(f"{source.file}: printed {seen}")
        index.append(f"## {source.title}\n")
        for sheet in source.sheets:
            index.append(f"### {sheet}\n\n{_hint(source.form, sheet)}\n")
            own = [leaf for leaf in leaves if leaf.sheet == sheet]
            for number, leaf in enumerate(own, 1):
                name = f"{source.name}-{sheet}-{number}.png"
                files[name] = _picture(leaf.page)
                of = f"，第 {number} 页，共 {len(own)} 页" if len(own) > 1 else ""
                index.append(f"![{source.title}：{sheet}{of}]({name})\n")
    files[INDEX] = "\n".join(index).encode()
    digests = {source.file: digest(books[source.file]) for source in SOURCES}
    files[SOURCES_FILE] = (json.dumps(digests, ensure_ascii=False, indent=2) + "\n").encode()
    return files


def _hint(form: Form, sheet: str) -> str:
    return next((row.hint for row in form.rows if row.sheet == sheet), form.purpose)


def _picture(page: pymupdf.Page) -> bytes:
    """Return a page as a PNG of few colours: its fills, what else covers most of it, and greys."""
    pixels = page.get_pixmap(dpi=_DPI, alpha=False)
    parts = np.frombuffer(pixels.samples, np.uint8).reshape(-1, 3).astype(np.int64)
    codes = parts @ (1 << 16, 1 << 8, 1)
    seen, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    most = _parts(seen[np.argsort(-counts, kind="stable")[:_COLOURS]])
    palette = np.concatenate([*_fills(page), most, np.repeat(_GREYS, 3).reshape(-1, 3)])
    apart = ((_parts(seen)[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2)
    nearest = apart.argmin(axis=1).astype(np.uint8)
    image = Image.frombytes("P", (pixels.width, pixels.height), nearest[places].tobytes())
    image.putpalette(palette.astype(np.uint8).tobytes())
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _fills(page: pymupdf.Page) -> list[np.ndarray]:
    """Return the colours that areas are filled with: on a small sample hangs what it means."""
    fills = dict.fromkeys(each["fill"] for each in page.get_drawings() if each.get("fill"))
    return [np.rint(np.array(fill) * 255).astype(np.int64).reshape(1, 3) for fill in fills]


def _parts(codes: np.ndarray) -> np.ndarray:
    """Return the red, green and blue of colours written as one number."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)


def digest(package: bytes) -> str:
    """Return the SHA-256 of a package's parts: another zlib packs the same parts otherwise."""
    whole = hashlib.sha256()
    for name, data in sorted(unzipped(package).items()):
        whole.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return whole.hexdigest()


def redraw(folder: Path, draw: Callable[[str], Mapping[str, bytes]]) -> int:
    """Draw a folder anew by what draws its files with the office suite; return the exit code."""
    office = shutil.which("soffice")
    if office is None:
        print("soffice (LibreOffice) is not installed")
        return 1
    files = draw(office)
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        if old.name not in files:
            old.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    print(f"{len(files)} files, {sum(map(len, files.values())) / 1e6:.1f} MB in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(redraw(FOLDER, drawn))
