"""Hostile text: each character of it reaches the file, or the paper's notes say which did not."""

import datetime as dt
import io

import docx
import pytest
from docx.oxml.ns import qn
from drawn import drawn_grids
from openxml_audit import OpenXmlValidator

from toolkit.excel.read import understand
from toolkit.forms import village
from toolkit.forms.village import Measure
from toolkit.schema.form import Identity
from toolkit.schema.texts import clean
from toolkit.word.content import Line
from toolkit.word.document import (
    PLAN,
    SUMMARY,
    Addressee,
    Attachment,
    AttachmentNote,
    Block,
    Document,
    Head,
    Imprint,
    Paragraph,
    Role,
    Signature,
    Table,
    Title,
)
from toolkit.word.gongwen import Rendered, render
from toolkit.word.hygiene import corrected, corrections
from toolkit.word.making import make, source_of
from toolkit.word.papers import USUAL, write_paper
from toolkit.word.parsing import parse
from toolkit.word.scope import Scope
from toolkit.word.vocabulary import vocabulary
from toolkit.word.wording import standard_template

DAY = dt.date(2026, 9, 30)
HOSTILE = {
    "signs of XML": "A & B <C> 5<6",
    "entities": "&amp;&#10;&lt;b&gt;&nbsp;",
    "a paragraph of XML": "<w:p><w:r><w:t>假段落</w:t></w:r></w:p>",
    "the end of CDATA": "甲]]>乙<![CDATA[丙",
    "a comment": "<!--甲--><?xml version='1.0'?>",
    "quotes": "“甲”'乙'\"丙\"‘丁’",
    "emoji": "👨\u200d👩\u200d👧🇨🇳👍🏽",
    "beyond the basic plane": "𠮷野家𬱖𪚥",
    "combining marks": "e\u0301 A\u030a か\u3099 a\u0323\u0308",
    "compatibility forms": "ﬁ①㎡㈱⼀神",
    "from right to left": "مرحبا שלום \u202eabc\u202c",
    "zero width": "甲\u200b乙\ufeff丙\u00ad丁\u2060戊",
    "private use": "甲\ue000\uf8ff乙",
    "blanks": "甲\u00a0乙\u3000丙  丁",
    "hyphens": "P01-M03、0731-1234567、甲\u2011乙-丙—丁",
    "a formula": '=HYPERLINK("http://例.cn","点")',
    "other templates": "{{甲}}{%乙%}${丙}%s%(丁)s{0}\\n\\u0041",
    "a placeholder": "【党员总数】【村名】",
    "a loop": "【逐行：存在问题】甲【结束】",
    "half a placeholder": "甲【乙",
    "a style": "公文标题|甲",
    "cells": "甲｜乙",
    "long": "长" * 10_000,
    "a long word": "x" * 3_000,
    "marks only": "。。。，，，！！！（（（《《《",
}
UNHELD = {
    "control characters": "甲\x00乙\x07丙\x1b丁\x0b戊",
    "no characters": "甲\ufffe乙\uffff",
    "half a surrogate": "甲\ud800乙\udfff",
}
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
unheld = pytest.mark.parametrize("text", UNHELD.values(), ids=UNHELD)


def read(data: bytes) -> str:
    """All that stands in a document, each paragraph on a line; a title's line break is none."""
    body = docx.Document(io.BytesIO(data)).element.body
    return "\n".join(
        "".join(
            "-" if node.tag == qn("w:noBreakHyphen") else node.text or ""
            for node in paragraph.iter(qn("w:t"), qn("w:noBreakHyphen"))
        )
        for paragraph in body.iter(qn("w:p"))
    )


def blocks(text: str) -> dict[str, tuple[Block, ...]]:
    """The text in every place that a document has for one."""
    return {
        "title": (Title(text),),
        "subtitle": (Title("题", text),),
        "addressee": (Addressee(text),),
        "paragraph": (Paragraph(text),),
        "heading": (Paragraph(text, Role.LEVEL1),),
        "lead": (Paragraph("文", Role.LEVEL2, lead=text),),
        "note": (Paragraph(text, Role.NOTE),),
        "head of a table": (Table((text, "乙"), (("1", "2"),)),),
        "cell": (Table(("甲", "乙"), (("1", text),)),),
        "organ": (Paragraph("文"), Signature(text, DAY)),
        "number": (Head(("青山镇文件",), text),),
        "urgency": (Head(("青山镇文件",), "1号", urgency=text),),
        "signer": (Head(("青山镇文件",), "1号", signers=(text,)),),
        "note of attachments": (AttachmentNote((f"{text}清单", "乙")),),
        "attachment": (Attachment(text, 1),),
        "copies": (Imprint(f"{text}各村"),),
        "printer": (Imprint("各村", text, DAY),),
    }


@hostile
def test_it_arrives_to_the_character_wherever_it_stands(text):
    for place, document in blocks(text).items():
        assert text in read(render(Document(document, title=text, author=text)).data), place


@hostile
def test_a_mark_of_an_organ_is_spread_but_whole(text):
    data = render(Document((Head((text, "县委")), Paragraph("文")))).data
    assert text in read(data)


@unheld
def test_what_no_file_can_hold_leaves_a_visible_sign_at_its_place(text):
    shown = "".join(char if "\u4e00" <= char <= "\u9fff" else "\ufffd" for char in text)
    for place, document in blocks(text).items():
        assert shown in read(render(Document(document)).data), place


@pytest.mark.parametrize("text", ["甲\t乙", "甲\n乙\r\n丙\r丁", "\n甲\n\n乙\n"])
def test_tabs_and_newlines_part_what_they_parted(text):
    (first, *others) = text.split()
    said = read(render(Document((Paragraph(text), Table(("头",), ((text,),))))).data)
    assert [line for line in said.split("\n") if line] == (
        ["甲乙", "头", "甲乙"] if "\t" in text else [first, *others, "头", first, *others]
    )


@pytest.mark.parametrize("text", [*HOSTILE.values(), *UNHELD.values()], ids=[*HOSTILE, *UNHELD])
def test_the_file_stays_valid(text, tmp_path):
    path = tmp_path / "文.docx"
    everywhere = [block for kind in blocks(text[:400]).values() for block in kind]
    inner = [block for block in everywhere if not isinstance(block, Head | Imprint)]
    document = Document((Head((text[:30],), text[:30]), *inner, Imprint(text[:400])))
    path.write_bytes(render(document).data)
    assert OpenXmlValidator().validate(path).errors == []


# -- as a value of a template ---------------------------------------------------------------------


@hostile
def test_a_value_is_printed_and_never_read_as_a_template(text):
    content = parse([Line("公文正文", "先【甲】后")], "样")
    table = parse([Line("表头", "头｜尾"), Line("表格行", "【甲】｜乙")], "样")
    scope = Scope({"甲": text, "党员总数": "99", "村名": "上河村"}, {"存在问题": []})
    assert f"先{text}后" in read(write_paper(scope, content, USUAL, {}).data)
    made = docx.Document(io.BytesIO(write_paper(scope, table, USUAL, {}).data))
    assert ["".join(read_cell(cell).split()) for cell in made.tables[0].rows[1].cells] == [
        *("".join(text.split()), "乙")
    ]


def read_cell(cell) -> str:
    return "".join(paragraph.text for paragraph in cell.paragraphs)


# -- as a cell of a workbook ----------------------------------------------------------------------

VILLAGE = """
    # 基本情况
    | 项目     | 填写内容 |
    | 年度     | 2026     |
    | 村名     | 上河村   |
    | 党员总数 | 21       |
    # 存在问题
    | 问题编号 | 问题简述     | 具体表现 |
    | P01      | 集体经济薄弱 | 在此     |
    # 整改措施
    | 措施编号 | 问题编号 | 措施内容 | 责任人 | 办理状态 | 进展说明 |
    | P01-M01  | P01      | 甲在此乙 | 孙立   | 推进中   | 在此     |
"""


def paper_of(text: str, name: str) -> tuple[Rendered, str]:
    """The paper of a village that has written the text into three cells, and what reading says."""
    grids = drawn_grids(VILLAGE)
    for rows in grids.values():
        for row in rows:
            row[:] = [each.replace("在此", text) if isinstance(each, str) else each for each in row]
    identity = Identity(village.FORM.id, village.FORM.version, "0203", "2026")
    book = understand(grids, village.FORM, identity, path="0203-上河村-2026.xlsx")
    source = source_of(DAY, book)
    made = make(source, vocabulary(source.book, DAY), standard_template(name), USUAL)
    (measure,) = book.rows(Measure)
    return made, measure.field(Measure.text).note


@hostile
@pytest.mark.parametrize("name", [PLAN, SUMMARY])
def test_what_a_village_has_written_is_in_its_papers_to_the_character_or_told(text, name):
    made, told = paper_of(text, name)
    said = read(made.data)
    printed = corrected(clean(f"甲{text}乙"), corrections(clean(f"甲{text}乙")))
    assert printed in said
    if printed != f"甲{text}乙".replace("\xa0", " "):  # a blank is a blank
        assert told == "去掉了看不见的字符" or any("更正了标点" in note for note in made.notes)


@unheld
@pytest.mark.parametrize("name", [PLAN, SUMMARY])
def test_what_no_file_can_hold_is_told(text, name):
    made, told = paper_of(text, name)
    said = read(made.data)
    assert told or any("字符" in note for note in made.notes)
    assert not set(text) & set(said) - set("甲乙丙丁戊")
    assert "甲" in said
