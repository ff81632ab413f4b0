# ruff: noqa: SLF001 -- python-docx shows its XML under such names
import datetime as dt

import pytest
from samples import DAY, PLAIN, SEALED, W, opened, parts

from toolkit.word.document import Document, Paragraph, Role, Seal, Signature
from toolkit.word.gongwen import render
from toolkit.word.signature import NO_DAY, chinese_date


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
    texts = [text for text, *_ in signed(Signature("甲", DAY, Seal(millimetres=seal_mm)))]
    assert texts == ["正文。", *[""] * above, "甲", "2026年8月22日", *[""] * below]


def test_an_unsealed_signature_sets_the_date_two_characters_right_of_the_organ() -> None:
    assert signed(PLAIN) == [
        ("正文。", True, {}),
        ("", True, {}),
        ("青山村村民委员会", True, {"left": 1800}),
        ("2026年8月22日", False, {"left": 2000}),
    ]


def test_an_organ_shorter_than_the_date_leaves_the_date_two_characters_from_the_edge() -> None:
    assert signed(Signature("镇党委", DAY, Seal(sealed=False)))[2:] == [
        ("镇党委", True, {"right": 875}),
        ("2026年8月22日", False, {"right": 200}),
    ]


def test_a_note_below_the_signature_takes_the_reserved_line() -> None:
    note = Paragraph("（联系人：王五）", Role.NOTE)
    assert [text for text, *_ in signed(SEALED, note)][-2:] == ["2026年8月22日", note.text]
    assert signed(PLAIN, note)[-2] == ("2026年8月22日", True, {"left": 2000})


def test_a_long_organ_keeps_two_characters_to_its_right_and_is_spoken_of() -> None:
    organ = "国" * 22
    signature = Signature(organ, DAY, Seal())
    assert signed(signature)[3] == (organ, True, {"left": 200})
    (note,) = render(Document((signature,))).notes
    assert "署名按右空二字编排" in note


@pytest.mark.parametrize("sealed", [True, False])
def test_an_organ_that_fits_no_line_is_spoken_of(sealed) -> None:
    (note,) = render(Document((Signature("国" * 30, DAY, Seal(sealed=sealed)),))).notes
    assert "一行排不下" in note


def test_the_lines_of_an_organ_are_signed_below_one_another() -> None:
    lines = [text for text, *_ in signed(Signature("甲村\n乙村", DAY, Seal(sealed=False)))]
    assert lines == ["正文。", "", "甲村", "乙村", "2026年8月22日"]


def test_no_day_prints_blanks_to_be_filled_by_hand() -> None:
    assert chinese_date(None) == NO_DAY == "＿＿年＿月＿日"
    assert signed(Signature("中共青山镇委员会", None))[3:5] == [
        ("中共青山镇委员会", True, {"left": 1300}),
        (NO_DAY, True, {"left": 1300}),
    ]
    assert signed(Signature("青山村村民委员会", None, Seal(sealed=False)))[2:] == [
        ("青山村村民委员会", True, {"left": 1800}),
        (NO_DAY, False, {"left": 2000}),
    ]


def test_a_date_has_no_leading_zeros() -> None:
    assert chinese_date(dt.date(2026, 8, 5)) == "2026年8月5日"
