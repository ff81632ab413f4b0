"""Documents to try things on, and how to look into what they become."""

import datetime as dt
import io
import zipfile

import docx

from toolkit.word.document import (
    STANDARD,
    Addressee,
    Document,
    Paragraph,
    Role,
    Seal,
    Signature,
    Table,
    Title,
    Typography,
)
from toolkit.word.gongwen import render

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = dt.date(2026, 8, 22)
SEALED = Signature("中共青山镇委员会", DAY, Seal())
PLAIN = Signature("青山村村民委员会", DAY, Seal(sealed=False))

PLAN = Document(
    (
        Title("中共青山镇委员会关于2026年度软弱涣散基层党组织集中整顿的实施方案", "（征求意见稿）"),
        Addressee("各村党组织，镇直各单位："),
        Paragraph("根据青组通〔2026〕8号文件要求，结合我镇实际，制定本方案。"),
        Paragraph("一、总体要求", Role.LEVEL1),
        Paragraph("聚焦“班子不团结”等突出问题……逐村销号——不留死角，A & B <C> 5<6。" * 9),
        Paragraph("（一）上河村党支部", Role.LEVEL2),
        Paragraph("1. 集体经济薄弱。", Role.LEVEL3),
        Paragraph("（1）年收入3.6万元。", Role.LEVEL4),
        Paragraph(
            "成立由书记任组长的领导小组。\n每月研究一次。", Role.LEVEL2, lead="（二）成立机构。"
        ),
        Paragraph("党委统一领导。", Role.LEVEL1, lead="组织领导。"),
        Table(
            ("序号", "措施"),
            (("1", "流转土地120亩，" * 9), ("", "张三\n李四\n王五")),
            (1, 5),
        ),
        Paragraph("各村要压实责任。"),
        SEALED,
        Paragraph("（联系人：王五）", Role.NOTE),
    ),
    title="实施方案",
    author="青山镇",
    properties={"来源": 'a"b<c>&\n', "fingerprint": "0f"},
)


def opened(document: Document, typography: Typography = STANDARD):
    """The rendered document as python-docx reads it."""
    return docx.Document(io.BytesIO(render(document, typography).data))


def parts(document: Document, typography: Typography = STANDARD) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(render(document, typography).data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def filled(lines: int, last: int, *ending, title: str = "") -> Document:
    """`lines` paragraphs of one line, a paragraph of `last` lines, and the ending."""
    head = (Title(title),) if title else ()
    body = [Paragraph("国" * 26)] * lines
    return Document((*head, *body, Paragraph("民" * (28 * last - 4)), *(ending or (SEALED,))))


def shown(document: Document) -> list[tuple[str, str]]:
    """(style, text) of each paragraph outside tables."""
    return [(p.style.name, p.text) for p in opened(document).paragraphs]
