# ruff: noqa: SLF001 -- python-docx shows its XML, and we some of our sums, under such names
import datetime as dt
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import time
import warnings
import zipfile
from pathlib import Path
from types import ModuleType

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openxml_audit import OpenXmlValidator

from toolkit.word import gongwen
from toolkit.word.document import (
    Addressee,
    Document,
    Paragraph,
    Role,
    Signature,
    Table,
    Title,
    Typography,
)
from toolkit.word.gongwen import chinese_date, render, sanitize, title_lines

TOOLS = Path(__file__).resolve().parents[3] / "shared" / "tools"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = dt.date(2026, 8, 22)
SEALED = Signature("中共青山镇委员会", DAY, sealed=True)
PLAIN = Signature("青山村村民委员会", DAY, sealed=False)

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


def opened(document: Document, typography: Typography = gongwen.STANDARD):
    """The rendered document as python-docx reads it."""
    return docx.Document(io.BytesIO(render(document, typography).data))


def parts(document: Document, typography: Typography = gongwen.STANDARD) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(render(document, typography).data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def roots(document: Document) -> list[etree._Element]:
    return [
        etree.fromstring(data)
        for name, data in parts(document).items()
        if name.startswith("word/") and name.endswith(".xml")
    ]


def filled(lines: int, last: int, *ending, title: str = "") -> Document:
    """`lines` paragraphs of one line, a paragraph of `last` lines, and the ending."""
    head = (Title(title),) if title else ()
    body = [Paragraph("国" * 26)] * lines
    return Document((*head, *body, Paragraph("民" * (28 * last - 4)), *(ending or (SEALED,))))


def shown(document: Document) -> list[tuple[str, str]]:
    """(style, text) of each paragraph outside tables."""
    return [(p.style.name, p.text) for p in opened(document).paragraphs]


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


@given(st.text(st.characters()))
def test_breaking_a_title_adds_and_loses_no_character(text) -> None:
    assert "".join(title_lines(text)) == sanitize(text).replace("\n", "").replace("\r", "")


@given(st.text(st.sampled_from("青山镇关于《的和》，。软弱涣散党组织2026年 工作A"), max_size=90))
def test_no_line_of_a_title_begins_with_a_mark_or_is_too_long(text) -> None:
    lines = title_lines(text)
    assert all(gongwen._spaced(line) <= 20 for line in lines)
    if len(lines) < 3 and "的的" not in text and "，，" not in text:
        assert not any(line[0] in "的和" for line in lines[1:] if len(lines[0]) < 18)


def test_what_xml_cannot_hold_becomes_a_replacement_character() -> None:
    dirty = "甲\x00乙\x0b丙\ud800丁\uffff戊"
    document = Document(
        (Title(dirty), Addressee(dirty), Paragraph(dirty), Signature(dirty, DAY, sealed=True)),
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


# --- titles (7.3.1) -------------------------------------------------------------------

TITLES = (
    "上河村软弱涣散基层党组织集中整顿实施方案",
    "青山镇2026年软弱涣散基层党组织/集中整顿工作实施方案",
    "青山镇人民政府关于2026年度/软弱涣散村党组织集中整顿工作情况的报告",
    "关于印发《青山镇软弱涣散基层党组织/集中整顿实施方案》的通知",
    "青山镇上河村党支部关于/集中整顿工作进展情况的报告",
    "关于召开2026年第三季度/软弱涣散基层党组织集中整顿/专题研究会议的通知",
    "中共青山镇委员会关于进一步做好2026年度/软弱涣散基层党组织排查整顿工作的通知",
    "关于转发《关于做好整顿工作的通知》的通知",
    "关于成立青山镇软弱涣散基层党组织/集中整顿工作领导小组的通知",
    "上河村党支部关于召开/专题组织生活会的情况报告",
)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_broken_between_words_into_a_pleasing_shape(title) -> None:
    assert "/".join(title_lines(title.replace("/", ""))) == title


def test_the_author_may_break_a_title() -> None:
    assert title_lines("上河村\n整顿方案") == ("上河村", "整顿方案")


def test_a_title_of_unknown_words_is_still_broken_to_fit() -> None:
    assert [len(line) for line in title_lines("国" * 30)] in ([14, 16], [16, 14], [15, 15])


def test_a_very_long_title_is_filled_line_by_line() -> None:
    lines = title_lines("关于集中整顿工作情况的报告" * 9)
    assert len(lines) == 6
    assert all(len(line) <= 20 for line in lines)
    assert [len(line) for line in title_lines("》" * 50)] == [20, 20, 10]


def test_a_rhombus_is_better_than_an_hourglass() -> None:
    assert gongwen._shape_cost([10, 16, 11]) < gongwen._shape_cost([16, 10, 16])
    assert gongwen._shape_cost([16, 17]) < gongwen._shape_cost([16, 16])
    assert gongwen._shape_cost([16, 12]) < gongwen._shape_cost([16, 3])


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
    assert len(fonts) == 9
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
    assert styles.count('w:ascii="A &amp; B"') == 8
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
    root = etree.fromstring(parts(PLAN)["docProps/custom.xml"])
    assert [(p.get("pid"), p.get("name"), p[0].text) for p in root] == [
        ("2", "fingerprint", "0f"),
        ("3", "来源", 'a"b<c>&\n'),
    ]


def test_a_document_without_properties_has_no_such_part() -> None:
    assert "docProps/custom.xml" not in parts(Document((Paragraph("甲"),)))


def test_equal_documents_are_equal_bytes_whenever_they_are_made(monkeypatch) -> None:
    first = render(PLAN).data
    gongwen._shell.cache_clear()
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


def test_the_file_passes_the_schemas_of_the_standard_for_office_files(tmp_path) -> None:
    path = tmp_path / "文.docx"
    path.write_bytes(render(PLAN).data)
    assert tool("ooxml_validate").Validator().check(path) == []


# --- tables ---------------------------------------------------------------------------


def test_a_table_is_as_wide_as_the_text_and_repeats_its_head() -> None:
    (table,) = opened(PLAN).tables
    widths = [int(c.get(f"{W}w")) for c in table._tbl.iter(f"{W}gridCol")]
    assert widths == [1474, 7370]
    assert sum(widths) == 8844
    assert len(list(table._tbl.iter(f"{W}tblHeader"))) == 1


def test_a_column_of_long_texts_is_set_left_and_others_centred() -> None:
    (table,) = opened(PLAN).tables
    aligns = [[c.paragraphs[0].alignment for c in row.cells] for row in table.rows]
    assert [[a if a is None else a.name for a in row] for row in aligns] == [
        [None, None],
        [None, "LEFT"],
        [None, "LEFT"],
    ]


def test_a_paragraph_parts_two_tables_and_ends_the_document() -> None:
    table = Table(("甲",), ())
    assert [p.text for p in opened(Document((table, table))).paragraphs] == ["", ""]


# --- signatures (7.3.5) ---------------------------------------------------------------


def signed(signature: Signature, *more) -> list[tuple[str, bool, dict[str, int]]]:
    """(text, is kept with next, indents in hundredths of 字) of the paragraphs after the text."""
    paragraphs = opened(Document((Paragraph("正文。"), signature, *more))).paragraphs
    result = []
    for paragraph in paragraphs:
        ind = paragraph._p.find(f"{W}pPr/{W}ind")
        sides = (
            {} if ind is None else {side: ind.get(f"{W}{side}Chars") for side in ("left", "right")}
        )
        blanks = {side: int(blank) for side, blank in sides.items() if blank}
        result.append((paragraph.text, bool(paragraph.paragraph_format.keep_with_next), blanks))
    return result


def test_a_sealed_signature_has_two_lines_above_and_one_below_all_bound_to_the_text() -> None:
    assert signed(SEALED) == [
        ("正文。", True, {}),
        ("", True, {}),
        ("", True, {}),
        ("中共青山镇委员会", True, {"left": 1350}),
        ("2026年8月22日", True, {"left": 1350}),
        ("", False, {}),
    ]


def test_indents_are_written_in_twips_too() -> None:
    xml = parts(Document((Paragraph("正文。"), SEALED)))["word/document.xml"].decode()
    assert '<w:ind w:leftChars="1350" w:left="4252"/><w:jc w:val="center"/>' in xml


@pytest.mark.parametrize(
    ("seal_mm", "above", "below"), [(40, 2, 1), (42, 2, 1), (45, 2, 1), (50, 2, 2), (60, 3, 2)]
)
def test_the_seals_top_is_within_a_line_of_the_text_and_its_bottom_on_the_page(
    seal_mm, above, below
) -> None:
    texts = [text for text, *_ in signed(Signature("甲", DAY, sealed=True, seal_mm=seal_mm))]
    assert texts == ["正文。", *[""] * above, "甲", "2026年8月22日", *[""] * below]


def test_an_unsealed_signature_sets_the_date_two_characters_right_of_the_organ() -> None:
    assert signed(PLAIN) == [
        ("正文。", True, {}),
        ("", True, {}),
        ("青山村村民委员会", True, {"left": 1800}),
        ("2026年8月22日", False, {"left": 2000}),
    ]


def test_an_organ_shorter_than_the_date_leaves_the_date_two_characters_from_the_edge() -> None:
    assert signed(Signature("镇党委", DAY, sealed=False))[2:] == [
        ("镇党委", True, {"right": 875}),
        ("2026年8月22日", False, {"right": 200}),
    ]


def test_a_note_below_the_signature_takes_the_reserved_line() -> None:
    note = Paragraph("（联系人：王五）", Role.NOTE)
    assert [text for text, *_ in signed(SEALED, note)][-2:] == ["2026年8月22日", note.text]
    assert signed(PLAIN, note)[-2] == ("2026年8月22日", True, {"left": 2000})


def test_a_long_organ_keeps_two_characters_to_its_right_and_is_spoken_of() -> None:
    organ = "国" * 22
    signature = Signature(organ, DAY, sealed=True)
    assert signed(signature)[3] == (organ, True, {"left": 200})
    (note,) = render(Document((signature,))).notes
    assert "署名按右空二字编排" in note


@pytest.mark.parametrize("sealed", [True, False])
def test_an_organ_that_fits_no_line_is_spoken_of(sealed) -> None:
    (note,) = render(Document((Signature("国" * 30, DAY, sealed=sealed),))).notes
    assert "一行排不下" in note


def test_the_lines_of_an_organ_are_signed_below_one_another() -> None:
    lines = [text for text, *_ in signed(Signature("甲村\n乙村", DAY, sealed=False))]
    assert lines == ["正文。", "", "甲村", "乙村", "2026年8月22日"]


def test_a_date_has_no_leading_zeros() -> None:
    assert chinese_date(dt.date(2026, 8, 5)) == "2026年8月5日"


# --- the fit (7.3.5.5) ----------------------------------------------------------------


def test_the_pitch_stays_where_the_signature_finds_text_anyhow() -> None:
    assert [render(filled(n, last)).pitch for n in range(8, 24) for last in (1, 3)] == [579] * 32
    assert render(filled(9, 6)).notes == ()


@pytest.mark.parametrize(("lines", "pitch"), [(11, 579), (12, 554), (16, 600), (17, 579)])
def test_the_pitch_is_changed_where_the_signature_would_stand_alone(lines, pitch) -> None:
    rendered = render(filled(lines, 6))
    assert rendered.pitch == pitch
    assert len(rendered.notes) == (pitch != 579)
    styles = parts(filled(lines, 6))["word/styles.xml"].decode()
    assert f'w:line="{pitch}" w:lineRule="exact"' in styles
    assert ('w:line="579"' in styles) == (pitch == 579)


def test_the_note_names_both_pitches_in_points() -> None:
    (note,) = render(filled(12, 6)).notes
    assert note == (
        "为使落款所在页有正文，全文行距由 28.95 磅调为 27.7 磅（GB/T 9704—2012 第 7.3.5.5 条）。"
    )


def kept_last(document: Document) -> bool:
    *_, last = (p for p in opened(document).paragraphs if p.text.startswith("民"))
    return bool(last.paragraph_format.keep_with_next)


def test_a_long_last_paragraph_is_bound_only_where_no_pitch_will_do() -> None:
    assert not kept_last(filled(9, 6))
    assert kept_last(filled(9, 3))
    assert kept_last(filled(14, 6))
    (note,) = render(filled(14, 6)).notes
    assert note.startswith("调整行距后落款所在页仍可能没有正文")


def test_a_table_before_the_signature_counts_as_text() -> None:
    def notes(rows: int) -> int:
        return len(render(Document((Table(("号", "事"), (("1", "甲"),) * rows), SEALED))).notes)

    assert [notes(rows) for rows in (15, 20, 21, 27, 28)] == [0, 0, 1, 1, 0]


def test_a_heading_is_reckoned_with_the_page_of_its_text() -> None:
    long = Paragraph("民" * (28 * 6 - 4))
    heading = Paragraph("一、要求", Role.LEVEL1)
    lines = [Paragraph("国" * 26)] * 20
    document = Document((Addressee("各村："), *lines, heading, long, SEALED, long, PLAIN, heading))
    assert render(document).pitch == 579


def test_a_second_signature_and_a_first_one_without_text_need_no_room() -> None:
    assert render(Document((SEALED, PLAIN))).pitch == 579
    long = Paragraph("民" * (28 * 6 - 4))
    short = [Paragraph("民" * 26)] * 15
    assert render(Document((*short, SEALED, long, SEALED))).pitch == 579


def test_every_signature_is_considered() -> None:
    long, short = Paragraph("民" * (28 * 6 - 4)), Paragraph("民" * 20)
    heading = Paragraph("一、要求", Role.LEVEL1)
    first = (long, SEALED, heading, SEALED, short)
    assert render(Document((*first, SEALED))).pitch == 579  # the last one goes on with its text
    assert render(Document((*[short] * 12, *first, SEALED))).pitch == 554


def lines_of(text: str, *, hang: bool = False) -> int:
    return gongwen._line_count(text, first=2, width=28, hang=hang)


def test_lines_are_counted_in_cells_of_28() -> None:
    assert [lines_of("国" * n) for n in (1, 26, 27, 54, 55)] == [1, 1, 2, 2, 3]
    assert lines_of("a" * 51) == 1
    assert lines_of("国" + "a" * 120) == 3


def test_a_closing_mark_takes_its_neighbour_to_the_next_line_unless_it_may_hang() -> None:
    text = "国" * 26 + "。"
    assert (lines_of(text), lines_of(text, hang=True)) == (2, 1)


# --- as LibreOffice sets it -----------------------------------------------------------


def tool(name: str) -> ModuleType:
    """A tool of the workshop; a test that needs it is skipped where it is missing."""
    path = TOOLS / f"{name}.py"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


SWEEP = {
    f"{name}-{lines}-{last}": filled(lines, last, title=title)
    for lines in range(13, 25)
    for last in (1, 3, 6)
    for name, title in (("plain", ""), ("titled", "上河村集中整顿实施方案"))
}
UNSEALED = {
    organ: Document((Paragraph("正文。"), Signature(organ, DAY, sealed=False)))
    for organ in ("镇党委", "青山镇人民政府", "青山村村民委员会", "中共青山镇委员会办公室")
}
SAMPLES = {
    "国": Document((Addressee("国" * 1848),)),
    "plan": PLAN,
    "sealed": filled(2, 2),
    "long organ": filled(2, 2, Signature("国" * 22, DAY, sealed=True)),
    **UNSEALED,
    **SWEEP,
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> dict[str, dict]:
    """Every sample, set by one run of LibreOffice and measured."""
    measure = tool("measure_gongwen")
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice (soffice) is missing")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SWIG's types, not ours
        measure.load_pymupdf()
    folder = tmp_path_factory.mktemp("office")
    fonts = folder / "fonts.conf"
    fonts.write_text(measure.fontconfig_xml([]), encoding="utf-8")
    files = {name: folder / f"{number}.docx" for number, name in enumerate(SAMPLES)}
    for name, path in files.items():
        path.write_bytes(render(SAMPLES[name]).data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run(  # noqa: S603 -- our own files
        [measure.find_soffice(), profile, *options, *map(str, files.values())],
        env=os.environ | {"FONTCONFIG_FILE": str(fonts), "SAL_USE_VCLPLUGIN": "svp"},
        check=True,
        capture_output=True,
        timeout=120,
    )
    return {
        name: measure.measure_pdf(path, path.with_suffix(".pdf")) for name, path in files.items()
    }


def signature_page(result: dict) -> dict:
    (page,) = (page for page in result["pages"] if page["signature"])
    return page


@pytest.mark.office
def test_a_page_holds_22_lines_of_28_characters_within_the_margins(measured) -> None:
    pages = measured["国"]["pages"]
    assert [(p["body_lines"], p["max_chars"]) for p in pages] == [(22, 28)] * 3
    for page in pages:
        assert page["line_pitch_pt"] == pytest.approx(28.95, abs=0.05)
        box = page["text_box_mm"]
        assert [box[side] for side in ("left", "right", "top", "bottom")] == pytest.approx(
            [28.05, 183.63, 40.0, 260.1], abs=0.5
        )


@pytest.mark.office
def test_page_numbers_are_right_on_odd_and_left_on_even_pages(measured) -> None:
    odd, even, _ = (page["footer"] for page in measured["国"]["pages"])
    assert (odd["text"], odd["side"], even["text"], even["side"]) == ("—1—", "right", "—2—", "left")
    assert (odd["x1_mm"], even["x0_mm"]) == pytest.approx((179.1, 33.0), abs=0.5)
    assert (odd["dash_gap_mm"], even["dash_gap_mm"]) == pytest.approx((7, 7), abs=0.3)


@pytest.mark.office
def test_no_character_is_lost(measured) -> None:
    assert {
        n: r["missing_characters"] for n, r in measured.items() if r["missing_characters"]
    } == {}


@pytest.mark.office
@pytest.mark.parametrize(("sample", "right_blank"), [("sealed", 3.5), ("long organ", 9.2)])
def test_a_sealed_organ_is_centred_on_its_date(measured, sample, right_blank) -> None:
    signature = signature_page(measured[sample])["signature"]
    assert signature["centre_difference_mm"] == pytest.approx(0, abs=0.5)
    assert signature["date_right_blank_zi"] == pytest.approx(right_blank, abs=0.3)
    assert signature["blank_lines_above"] == 2


@pytest.mark.office
@pytest.mark.parametrize("organ", UNSEALED)
def test_an_unsealed_date_begins_two_characters_right_of_its_organ(measured, organ) -> None:
    signature = signature_page(measured[organ])["signature"]
    assert signature["date_offset_zi"] == pytest.approx(2, abs=0.25)
    assert signature["blank_lines_above"] == 1
    assert signature["organ_right_blank_zi"] > 1.75
    assert signature["date_right_blank_zi"] > 0


@pytest.mark.office
@pytest.mark.parametrize("sample", SWEEP)
def test_the_page_of_the_signature_carries_text(measured, sample) -> None:
    page = signature_page(measured[sample])
    assert page["signature"]["body_lines_above"] >= 1
    assert page["page"] == len(measured[sample]["pages"])
