# ruff: noqa: SLF001 -- python-docx shows its XML under such names
import re

import pytest
from docx.enum.section import WD_ORIENT
from openxml_audit import OpenXmlValidator
from samples import PLAIN, SEALED, W, filled, opened, parts, shown

from toolkit.word.attachments import note_lines, opening_height, sections
from toolkit.word.document import (
    Attachment,
    AttachmentNote,
    Document,
    Imprint,
    Paragraph,
    Table,
    Title,
)
from toolkit.word.gongwen import render

TEXT = Paragraph("正文。")
LEDGER = Table(("序号", "措施"), (("1", "按季度公开财务收支，张贴不少于7天。" * 3),) * 20, (1, 9))
UPRIGHT, TURNED = Attachment("问题清单", 1), Attachment("措施清单", 2, landscape=True)
MIXED = Document(
    (
        Title("通知"),
        TEXT,
        AttachmentNote(("问题清单", "措施清单", "责任清单", "联系表")),
        SEALED,
        UPRIGHT,
        TEXT,
        TURNED,
        LEDGER,
        Attachment("责任清单", 3, landscape=True),
        TEXT,
        Attachment("联系表", 4),
        Table(("姓名", "电话"), (("张志远", "0538-1234567"),)),
        Imprint("县委组织部"),
    )
)


def indented(note: AttachmentNote) -> list[tuple[str, str, str]]:
    """(text, left, hanging) of each name, in hundredths of 字."""
    found = []
    for paragraph in opened(Document((TEXT, note, PLAIN))).paragraphs:
        ind = paragraph._p.find(f"{W}pPr/{W}ind")
        if ind is not None and ind.get(f"{W}hangingChars"):
            sides = (ind.get(f"{W}leftChars"), ind.get(f"{W}hangingChars"))
            found.append((paragraph.text, *sides))
    return found


# --- 附件说明 -------------------------------------------------------------------------


def test_a_lone_attachment_is_named_without_number() -> None:
    assert indented(AttachmentNote(("整顿方案",))) == [("附件：整顿方案", "500", "300")]


def test_several_are_numbered_and_flush_with_the_first_character_of_their_names() -> None:
    assert indented(AttachmentNote(("问题清单", "措施清单", "责任清单"))) == [
        ("附件：1.问题清单", "600", "400"),
        ("2.措施清单", "600", "100"),
        ("3.责任清单", "600", "100"),
    ]


def test_a_number_of_two_figures_moves_left_its_name_does_not() -> None:
    names = tuple(f"清单{number}" for number in range(1, 11))
    assert indented(AttachmentNote(names))[-1] == ("10.清单10", "600", "150")


@pytest.mark.parametrize("mark", ["。", "；", "，", ".", ";", "、", "：", "。；", "！ 。"])
def test_no_mark_stands_after_a_name_and_one_left_out_is_spoken_of(mark) -> None:
    document = Document((TEXT, AttachmentNote((f"整顿方案{mark}",)), PLAIN))
    assert ("主送机关", "附件：整顿方案") in shown(document)
    (note,) = render(document).notes
    assert note == (
        f"附件说明中“整顿方案{mark}”末尾的“{mark}”没有印出"
        "（GB/T 9704—2012 第 7.3.4 条：附件名称后不加标点符号）。"
    )


@pytest.mark.parametrize("name", ["整顿方案（试行）", "“四议两公开”清单", "《方案》", "怎么办？"])
def test_what_belongs_to_a_name_stays(name) -> None:
    document = Document((TEXT, AttachmentNote((f"{name} ",)), PLAIN))
    assert ("主送机关", f"附件：{name}") in shown(document)
    assert render(document).notes == ()


def test_a_name_is_one_paragraph_and_one_of_nothing_is_left_out() -> None:
    names = [text for text, *_ in indented(AttachmentNote(("问题\n清单", "", "。", "措施清单")))]
    assert names == ["附件：1.问题清单", "2.措施清单"]
    assert shown(Document((AttachmentNote(("", "\n")),))) == []


def test_a_note_of_nothing_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="name"):
        AttachmentNote(())


def test_a_blank_line_parts_the_note_from_the_text_and_all_of_it_is_bound_to_the_signature() -> (
    None
):
    document = Document((TEXT, AttachmentNote(("甲", "乙")), PLAIN))
    kept = [(p.text, bool(p.paragraph_format.keep_with_next)) for p in opened(document).paragraphs]
    assert kept[:5] == [
        ("正文。", True),
        ("", True),
        ("附件：1.甲", True),
        ("2.乙", True),
        ("", True),
    ]


def test_without_signature_the_names_are_bound_to_one_another_only() -> None:
    document = Document((TEXT, AttachmentNote(("甲", "乙"))))
    kept = [bool(p.paragraph_format.keep_with_next) for p in opened(document).paragraphs]
    assert kept == [False, True, True, False]


def test_the_lines_of_each_name_are_counted_in_the_room_it_has() -> None:
    """22 字 right of 附件：1. and 23 right of 附件：."""
    assert note_lines(AttachmentNote(("国" * 22, "国" * 23, "国" * 45)), hang=False) == [1, 2, 3]
    assert note_lines(AttachmentNote(("国" * 23,)), hang=False) == [1]
    assert note_lines(AttachmentNote(("国" * 24,)), hang=False) == [2]


# --- 附件 -----------------------------------------------------------------------------


def pages_begun(document: Document) -> list[str]:
    """The texts of the paragraphs that begin a page within their section."""
    return [p.text for p in opened(document).paragraphs if p.paragraph_format.page_break_before]


def test_an_attachment_has_its_label_on_the_first_line_and_its_title_on_the_third() -> None:
    assert shown(Document((TEXT, UPRIGHT, TEXT)))[1:] == [
        ("主送机关", "附件1"),
        ("主送机关", ""),
        ("公文标题", "问题清单"),
        ("主送机关", ""),
        ("公文正文", "正文。"),
    ]


def test_a_lone_attachment_has_no_number_and_its_label_is_black() -> None:
    label = opened(Document((TEXT, Attachment("方案")))).paragraphs[1]
    assert label.text == "附件"
    assert label.runs[0].style.name == "黑体字"


def test_an_attachment_begins_a_page_by_a_break_or_by_a_section_never_by_both() -> None:
    assert pages_begun(MIXED) == ["附件1", "附件3"]
    assert pages_begun(Document((UPRIGHT, TEXT))) == []


def test_a_table_below_a_subtitle_needs_no_blank_line() -> None:
    def between(subtitle: str) -> list[str]:
        return [text for _, text in shown(Document((Attachment("单", subtitle=subtitle), LEDGER)))]

    assert between("（截至10月）") == ["附件", "", "单", "（截至10月）", ""]
    assert between("") == ["附件", "", "单", "", ""]


def test_a_title_of_nothing_leaves_the_label() -> None:
    assert shown(Document((Attachment("", 3), TEXT)))[:2] == [
        ("主送机关", "附件3"),
        ("主送机关", ""),
    ]


def test_what_a_notice_issues_begins_with_its_title_on_a_page_of_its_own() -> None:
    issued = Document((TEXT, SEALED, Attachment("实施方案", labelled=False), TEXT))
    texts = [text for _, text in shown(issued)]
    assert texts[-3:] == ["实施方案", "", "正文。"]
    assert "附件" not in texts
    assert pages_begun(issued) == ["实施方案"]


def test_a_page_without_label_needs_a_title() -> None:
    with pytest.raises(ValueError, match="begins with a title"):
        Attachment(" ", labelled=False)


@pytest.mark.parametrize("number", [0, -1])
def test_attachments_are_numbered_from_1(number) -> None:
    with pytest.raises(ValueError, match="from 1"):
        Attachment("清单", number)


@pytest.mark.parametrize(
    ("attachment", "above_table", "height"),
    [
        (Attachment("单"), False, 3 * 579 + 660),
        (Attachment("单", labelled=False), False, 579 + 660),
        (Attachment("单"), True, 3 * 579 + 660),
        (Attachment("单", subtitle="（甲）"), False, 4 * 579 + 660),
        (Attachment("单", subtitle="（甲）"), True, 3 * 579 + 660),
        (Attachment("国" * 21), False, 3 * 579 + 2 * 660),
    ],
)
def test_the_height_of_the_first_lines_is_that_of_the_label_blanks_and_title(
    attachment, above_table, height
) -> None:
    assert opening_height(attachment, 579, above_table=above_table) == height


# --- sections -------------------------------------------------------------------------


def test_a_section_ends_where_the_page_turns() -> None:
    found = [(is_turned, len(blocks)) for is_turned, blocks in sections(MIXED.blocks)]
    assert found == [(False, 6), (True, 4), (False, 3)]


def test_an_imprint_after_turned_pages_stands_on_an_upright_one() -> None:
    found = list(sections((TURNED, LEDGER, Imprint("甲"))))
    assert found == [(True, [TURNED, LEDGER]), (False, [Imprint("甲")])]


def test_nothing_is_one_upright_section() -> None:
    assert list(sections(())) == [(False, [])]


def test_each_section_has_its_paper_and_its_own_feet() -> None:
    document = opened(MIXED)
    orients = [section.orientation for section in document.sections]
    assert orients == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    turned = [
        "wps:txbx" in foot._element.xml
        for section in document.sections
        for foot in (section.footer, section.even_page_footer)
    ]
    assert turned == [False, False, True, True, False, False]
    assert not any(section.footer.is_linked_to_previous for section in document.sections)


def test_only_a_document_with_turned_pages_has_their_feet() -> None:
    feet = [sum(name.startswith("word/footer") for name in parts(d)) for d in (filled(1, 1), MIXED)]
    assert feet == [2, 4]


def test_a_table_fills_the_long_side_of_a_turned_page_and_the_short_one_of_an_upright_one() -> None:
    widths = [
        sum(int(column.get(f"{W}w")) for column in table._tbl.iter(f"{W}gridCol"))
        for table in opened(MIXED).tables
    ]
    assert widths == [12756, 8844]


def test_a_section_that_ends_in_a_table_ends_in_a_line_too_low_for_another_page() -> None:
    xml = parts(Document((TURNED, LEDGER, UPRIGHT, TEXT)))["word/document.xml"].decode()
    (last,) = re.findall(r"</w:tbl><w:p>(.*?)</w:p>", xml)
    assert 'w:line="20" w:lineRule="exact"' in last
    assert 'w:orient="landscape"' in last


# --- the file, and its look -----------------------------------------------------------

DOCUMENTS = {
    "mixed": MIXED,
    "turned first": Document((TURNED, LEDGER, UPRIGHT, TEXT)),
    "turned last": Document((TEXT, TURNED, LEDGER)),
    "turned, imprint": Document((TEXT, TURNED, LEDGER, Imprint("甲"))),
    "long names": Document((TEXT, AttachmentNote(("甲", "国" * 30)), PLAIN)),
    "long name": Document((TEXT, AttachmentNote(("国" * 30,)), PLAIN)),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_file_is_valid(name, schemas, tmp_path) -> None:
    path = tmp_path / "文.docx"
    path.write_bytes(render(DOCUMENTS[name]).data)
    assert OpenXmlValidator().validate(path).errors == []
    # The schemas know no shape of Word 2010, by which a turned number and a 版记 stand.
    assert [each for each in schemas.check(path) if "wordprocessingShape" not in str(each)] == []


@pytest.fixture(scope="module")
def measured(measure):
    """Each document, measured."""
    return measure({name: render(document).data for name, document in DOCUMENTS.items()})


@pytest.mark.office
def test_the_numbers_of_pages_run_on_over_all_sections_each_at_its_side(measured) -> None:
    pages = measured["mixed"]["pages"]
    turned = [page["width_mm"] > page["height_mm"] for page in pages]
    assert len(pages) >= 7
    assert (turned[0], turned[-1], turned.count(True) >= 3) == (False, False, True)
    for page, is_turned in zip(pages, turned, strict=True):
        foot = page["footer"]
        assert foot["text"] == f"—{page['page']}—"
        assert (foot["turned"], foot["side_ok"]) == (is_turned, True)
        assert foot["dash_gap_mm"] == pytest.approx(7, abs=0.3)
        if is_turned:  # at the same place of the sheet: 28 + 5 mm from the side
            start, end = ("y0_mm", "y1_mm")
            assert page["width_mm"] > 296
            expected = 179.1 if page["page"] % 2 else 33
            assert foot[end if page["page"] % 2 else start] == pytest.approx(expected, abs=0.5)


@pytest.mark.office
def test_a_turned_page_is_even_in_one_document_and_odd_in_another(measured) -> None:
    sides = {
        page["footer"]["side"] for page in measured["mixed"]["pages"] if page["footer"]["turned"]
    }
    assert sides == {"left", "right"}


@pytest.mark.office
def test_no_page_is_blank_and_nothing_is_lost(measured) -> None:
    for name, result in measured.items():
        assert result["missing_characters"] == {}, name
        assert all(page["body_lines"] for page in result["pages"]), name


@pytest.mark.office
def test_labels_and_titles_stand_on_the_first_and_third_line(measured) -> None:
    """7.3.7, as the page of 22 lines has them."""
    (page,) = (p for p in measured["mixed"]["pages"] if p["lines"][0]["text"] == "附件1")
    label, title = page["lines"][:2]
    assert (label["y_mm"], title["y_mm"]) == pytest.approx((44.98, 66.9), abs=0.5)


@pytest.mark.office
@pytest.mark.parametrize(
    ("name", "start", "continued"),
    [("long name", 39.16, 55.84), ("long names", 55.84, 61.38)],
)
def test_a_names_second_line_begins_below_its_first_character(
    measured, name, start, continued
) -> None:
    """7.3.4: 28 + 2, 5 and 6 字."""
    lines = [line for p in measured[name]["pages"] for line in p["lines"] if "国" in line["text"]]
    assert [line["x0_mm"] for line in lines] == pytest.approx([start, continued], abs=0.5)
