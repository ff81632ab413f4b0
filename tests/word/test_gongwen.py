import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator
from samples import DAY, PLAIN, PLAN, W, filled, opened, parts, shown

from toolkit.word.document import (
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
from toolkit.word.lines import sanitize
from toolkit.word.shell import shell


def roots(document: Document) -> list[etree._Element]:
    return [
        etree.fromstring(data)
        for name, data in parts(document).items()
        if name.startswith("word/") and name.endswith(".xml")
    ]


# --- every character ------------------------------------------------------------------


@given(st.lists(st.text(st.characters()), max_size=6))
def test_each_character_of_a_text_is_read_back_from_the_file(texts) -> None:
    read = [p.text for p in opened(Document(tuple(map(Paragraph, texts)))).paragraphs]
    lines = sanitize("\n".join(texts)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert read == [line for line in lines if line]


@given(st.text(st.characters(), min_size=1))
def test_each_character_of_a_cell_is_read_back_from_the_file(text) -> None:
    table = opened(Document((Table((text,), ((text,),)),))).tables[0]
    expected = "".join(sanitize(text).split()) or "—"
    assert ["".join(row.cells[0].text.split()) or "—" for row in table.rows] == [expected] * 2


def test_what_xml_cannot_hold_becomes_a_replacement_character() -> None:
    dirty = "甲\x00乙\x0b丙\ud800丁\uffff戊"
    document = Document(
        (Title(dirty), Addressee(dirty), Paragraph(dirty), Signature(dirty, DAY, Seal())),
        title=dirty,
        author=dirty,
        properties={dirty: dirty},
    )
    clean = "甲\ufffd乙\ufffd丙\ufffd丁\ufffd戊"
    assert [t for _, t in shown(document) if t] == [clean, clean, clean, clean, "2026年8月22日"]
    assert opened(document).core_properties.title == clean


def test_tabs_and_runs_of_spaces_survive() -> None:
    assert shown(Document((Paragraph("\t甲  乙\t"),))) == [("公文正文", "\t甲  乙\t")]


def test_a_newline_begins_a_paragraph_of_the_same_role() -> None:
    document = Document((Paragraph("一、甲\r\n二、乙\r\r三、丙\n", Role.LEVEL1), Addressee("a\nb")))
    assert shown(document) == [
        ("Heading 1", "一、甲"),
        ("Heading 1", "二、乙"),
        ("Heading 1", "三、丙"),
        ("主送机关", "a"),
        ("主送机关", "b"),
    ]


# --- roles ----------------------------------------------------------------------------


def test_each_role_has_its_own_style() -> None:
    assert shown(PLAN) == [
        (
            "公文标题",
            "中共青山镇委员会关于2026年度\n软弱涣散基层党组织集中整顿的实施方案",
        ),
        ("公文副标题", "（征求意见稿）"),
        ("主送机关", ""),
        ("主送机关", "各村党组织，镇直各单位："),
        ("公文正文", "根据青组通〔2026〕8号文件要求，结合我镇实际，制定本方案。"),
        ("Heading 1", "一、总体要求"),
        ("公文正文", PLAN.blocks[4].text),
        ("Heading 2", "（一）上河村党支部"),
        ("Heading 3", "1. 集体经济薄弱。"),
        ("Heading 4", "（1）年收入3.6万元。"),
        ("公文正文", "（二）成立机构。成立由书记任组长的领导小组。"),
        ("公文正文", "每月研究一次。"),
        ("公文正文", "组织领导。党委统一领导。"),
        ("公文正文", "各村要压实责任。"),
        ("主送机关", ""),
        ("主送机关", ""),
        ("落款", "中共青山镇委员会"),
        ("落款", "2026年8月22日"),
        ("附注", "（联系人：王五）"),
    ]


@pytest.mark.parametrize(
    ("role", "face"), [(Role.LEVEL1, "黑体字"), (Role.LEVEL2, "楷体字"), (Role.LEVEL3, None)]
)
def test_a_lead_is_set_in_the_type_of_its_level(role, face) -> None:
    (paragraph,) = opened(Document((Paragraph("文。", role, lead="题。"),))).paragraphs
    lead, text = paragraph.runs
    assert [lead.text, text.text] == ["题。", "文。"]
    assert lead.style.name == (face or "Default Paragraph Font")
    assert text.style.name == "Default Paragraph Font"


def test_a_blank_line_stands_above_those_present_and_none_between_them():
    present, absent = (
        Paragraph("周明", Role.ATTENDANCE, lead=f"{how}：") for how in ("出席", "请假")
    )
    assert [text for _, text in shown(Document((Paragraph("议定。"), present, absent)))] == [
        *("议定。", "", "出席：周明", "请假：周明"),
    ]


def test_the_names_of_those_present_hang_after_their_label():
    names = Paragraph("周明、吴芳", Role.ATTENDANCE, lead="出席：")
    (paragraph,) = opened(Document((names,))).paragraphs
    faces = [(run.text, run.style.name) for run in paragraph.runs]
    assert faces == [("出席：", "黑体字"), ("周明、吴芳", "Default Paragraph Font")]
    # 10.3: the label two 字 from the left, its names behind its three.
    form = paragraph.paragraph_format
    assert (form.left_indent.twips, form.first_line_indent.twips) == (5 * 315, -3 * 315)


def test_a_lead_that_ends_in_a_newline_stands_on_its_own() -> None:
    assert shown(Document((Paragraph("文", Role.LEVEL2, lead="题\n"),))) == [
        ("公文正文", "题"),
        ("公文正文", "文"),
    ]


def test_blank_blocks_leave_no_empty_paragraph() -> None:
    assert shown(Document((Paragraph(""), Paragraph("\n"), Addressee(""), Paragraph("甲")))) == [
        ("公文正文", "甲")
    ]


def test_a_title_of_nothing_leaves_its_blank_line_only() -> None:
    assert shown(Document((Title(""),))) == [("主送机关", "")]


# --- a valid and equal file -----------------------------------------------------------

PPR = """
pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs kinsoku
wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN adjustRightInd snapToGrid spacing
ind jc textDirection outlineLvl rPr sectPr
"""
PPR_ORDER = PPR.split()


def test_the_properties_of_paragraphs_are_in_the_schemas_order() -> None:
    seen = 0
    for root in roots(PLAN):
        for ppr in root.iter(f"{W}pPr"):
            order = [PPR_ORDER.index(etree.QName(child).localname) for child in ppr]
            assert order == sorted(set(order))
            seen += 1
    assert seen > 30


def test_every_run_carries_the_east_asian_hint() -> None:
    runs = [run for root in roots(PLAN) for run in root.iter(f"{W}r")]
    hints = [run.find(f"{W}rPr/{W}rFonts") for run in runs]
    assert len(runs) > 40
    assert all(hint is not None and hint.get(f"{W}hint") == "eastAsia" for hint in hints)


def test_no_font_is_named_by_a_theme_and_each_style_names_all_four() -> None:
    fonts = [f for root in roots(PLAN) for f in root.iter(f"{W}rFonts") if len(f.attrib) > 1]
    assert len(fonts) == 10
    for font in fonts:
        assert {etree.QName(name).localname for name in font.attrib} == {
            "hint",
            "ascii",
            "hAnsi",
            "eastAsia",
            "cs",
        }


def test_a_latin_font_is_set_in_every_style_but_the_page_number() -> None:
    styles = parts(PLAN, Typography(latin_font="A & B"))["word/styles.xml"].decode()
    assert styles.count('w:ascii="A &amp; B"') == 9
    assert styles.count('w:ascii="宋体"') == 1


def test_the_page_is_that_of_the_standard() -> None:
    (section,) = opened(PLAN).sections
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm, 1) for margin in margins] == [37.0, 35.0, 28.0, 26.0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    assert section.even_page_footer.paragraphs[0].text == "— 1 —"


def test_every_part_of_the_template_that_is_not_ours_is_gone() -> None:
    assert sorted(parts(PLAN)) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/app.xml",
        "docProps/core.xml",
        "docProps/custom.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/fontTable.xml",
        "word/footer1.xml",
        "word/footer2.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
    ]


def test_custom_properties_are_written_in_the_order_of_their_names() -> None:
    package = parts(PLAN)
    root = etree.fromstring(package["docProps/custom.xml"])
    text = hashlib.sha256(package["word/document.xml"]).hexdigest()
    assert [(p.get("pid"), p.get("name"), p[0].text) for p in root] == [
        ("2", "fingerprint", "0f"),
        ("3", "zhengdun.text", text),
        ("4", "来源", 'a"b<c>&\n'),
    ]


def test_a_document_without_properties_has_no_such_part() -> None:
    assert "docProps/custom.xml" not in parts(Document((Paragraph("甲"),)))


def test_equal_documents_are_equal_bytes_whenever_they_are_made(monkeypatch) -> None:
    first = render(PLAN).data
    shell.cache_clear()
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert render(PLAN).data == first
    properties = opened(PLAN).core_properties
    assert properties.created == properties.modified
    assert properties.author == "青山镇"


@pytest.mark.parametrize("document", [PLAN, filled(3, 2, PLAIN), Document(())])
def test_the_file_is_valid(document, tmp_path) -> None:
    path = tmp_path / "文.docx"
    path.write_bytes(render(document).data)
    assert OpenXmlValidator().validate(path).errors == []


def test_the_file_passes_the_schemas_of_the_standard_for_office_files(schemas, tmp_path) -> None:
    path = tmp_path / "文.docx"
    path.write_bytes(render(PLAN).data)
    assert schemas.check(path) == []
