"""Pictures of the formal papers for the documentation: pages as LibreOffice prints them.

`make pictures` draws docs/papers/ anew; a test tells when a paper has changed since. The type is of
fonts that stand in for those of the papers. Needs what `pictures.py` needs.
"""

import datetime as dt
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pymupdf
from pictures import CHECKOUT, INDEX, SOURCES_FILE, digest, redraw
from PIL import Image

from toolkit import issued, minutes
from toolkit.inbox import untracked

FOLDER = CHECKOUT / "docs" / "papers"
_TOWN, _AS_OF = CHECKOUT / "examples" / "青石镇", dt.date(2022, 10, 31)
_VILLAGE = _TOWN / "村级工作簿" / "0205-柳湾村-2022.xlsx"
_DPI, _GREYS, _SECONDS = 90, 16, 300
_STAND_INS = {
    "仿宋_GB2312": ("FandolFang R", "AR PL UMing CN", "Noto Serif CJK SC"),
    "楷体_GB2312": ("AR PL KaitiM GB", "AR PL UKai CN"),
    "黑体": ("FandolHei", "WenQuanYi Zen Hei", "Noto Sans CJK SC"),
    "方正小标宋简体": ("Noto Serif CJK SC", "AR PL UMing CN"),
    "宋体": ("AR PL UMing CN", "Noto Serif CJK SC"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A paper to draw: its name, what is to be seen, and the pages wanted, from 1, -1 the last."""

    name: str
    about: str
    pages: tuple[int, ...]


PICTURES = (
    Picture("印发通知", "镇党委印发整顿方案：版头、印章位置、印发的方案、版记。", (1, 2, -1)),
    Picture("整顿方案", "村级整顿实施方案。", (1, -1)),
    Picture(
        "整改情况报告", "村级整改情况报告：逐个问题写明措施、成效、状态，指标前后对比。", (1, 2, -1)
    ),
    Picture("整顿工作情况汇报", "镇级汇报：数字都取自镇汇总，逾期清单是横排附件。", (1, 2, 4, 5)),
    Picture("会议纪要", "一次专题研究会议一份。", (1,)),
    Picture("催办通知", "催办通知：逾期、临期、缺会、必改，一村一份。", (1,)),
    Picture("整顿台账（附件）", "横排附件，页码转向，单双页位置不同。", (1, 2)),
)


def papers() -> Mapping[str, bytes]:
    """Return the papers by name, as the example's work folder holds them or gives them."""
    month = _TOWN / "汇总" / "2022-10"
    kept = {
        "整顿方案": _TOWN / "公文" / "0205-柳湾村-整顿方案.docx",
        "整改情况报告": _TOWN / "公文" / "0205-柳湾村-整改情况报告-2022-10.docx",
        "整顿工作情况汇报": month / "整顿工作情况汇报.docx",
        "催办通知": month / "催办通知" / "0207-石桥村-催办通知.docx",
        "整顿台账（附件）": month / "整顿台账" / "整顿台账（附件）.docx",
    }
    with tempfile.TemporaryDirectory() as temporary:
        made = {name: Path(temporary) / f"{name}.docx" for name in ("印发通知", "会议纪要")}
        issued.write_issued([_VILLAGE], made["印发通知"], _AS_OF)
        minutes.minutes([_VILLAGE], made["会议纪要"], _AS_OF, "2022-10", None, untracked)
        return {each.name: {**kept, **made}[each.name].read_bytes() for each in PICTURES}


def drawn(office: str) -> Mapping[str, bytes]:
    """Return every file of the folder by name: the pictures, their index, what they were made of.

    Raises CalledProcessError where the office suite fails.
    """
    made = papers()
    files: dict[str, bytes] = {}
    index = ["# 公文图样\n", "由 `make pictures` 生成，请不要手工修改。字体是替代字体。\n"]
    for each, pdf in zip(PICTURES, _printed(made, office), strict=True):
        index.append(f"## {each.name}\n\n{each.about}\n")
        pages = pymupdf.open(stream=pdf)
        for number in each.pages:
            at = number % (len(pages) + 1)  # the last is counted from behind
            name = f"{each.name}-{at}.png"
            files[name] = _grey(pages[at - 1])
            index.append(f"![{each.name}，第 {at} 页，共 {len(pages)} 页]({name})\n")
    files[INDEX] = "\n".join(index).encode()
    digests = {name: digest(data) for name, data in made.items()}
    files[SOURCES_FILE] = (json.dumps(digests, ensure_ascii=False, indent=2) + "\n").encode()
    return files


def _printed(made: Mapping[str, bytes], office: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = [folder / f"{number}.docx" for number in range(len(made))]
        for path, data in zip(files, made.values(), strict=True):
            path.write_bytes(data)
        fonts = folder / "fonts.conf"
        fonts.write_text(_fonts(), encoding="utf-8")
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
        subprocess.run(  # noqa: S603 -- the office suite, on files that we have written
            [*command, *map(str, files)],
            env=os.environ | {"FONTCONFIG_FILE": str(fonts)},
            check=True,
            capture_output=True,
            timeout=_SECONDS,
        )
        for path in files:
            yield path.with_suffix(".pdf").read_bytes()


def _fonts() -> str:
    """Return a fontconfig file: what the system has, and which of it stands in for which font."""
    rules = (
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        '<edit name="family" mode="prepend" binding="same">'
        f"{''.join(f'<string>{each}</string>' for each in families)}</edit></match>"
        for name, families in _STAND_INS.items()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
        f"{''.join(rules)}</fontconfig>"
    )


def _grey(page: pymupdf.Page) -> bytes:
    """Return a page as a PNG of few colours: paper, ink and the red of a head."""
    pixels = page.get_pixmap(dpi=_DPI, alpha=False)
    image = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
    stream = io.BytesIO()
    image.quantize(_GREYS).save(stream, "PNG", optimize=True)
    return stream.getvalue()


if __name__ == "__main__":
    sys.exit(redraw(FOLDER, drawn))
