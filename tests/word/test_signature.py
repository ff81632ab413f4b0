# ruff: noqa: SLF001 -- python-docx shows its XML under such names
import datetime as dt
import itertools

import pytest
from samples import DAY, PLAIN, SEALED, W, opened, parts

from toolkit.word.document import Document, Paragraph, Role, Seal, Signature, Typography
from toolkit.word.gongwen import render
from toolkit.word.signature import NO_DAY, chinese_date, signature_lines


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


# --- several organs, each with its seal -----------------------------------------------

ORGANS = ("青石镇人民政府", "青石镇党委", "青石镇人大", "青石镇妇联", "青石镇团委")


def jointly(count: int, seal_mm: int = 42) -> Signature:
    return Signature("\n".join(ORGANS[:count]), DAY, Seal(millimetres=seal_mm))


def centres(signature: Signature) -> list[list[float]]:
    """The places, in mm from the left of the 版心, that the names and the date are centred on."""
    found = []
    for paragraph in opened(Document((Paragraph("正文。"), signature))).paragraphs:
        stops = [
            int(tab.get(f"{W}pos")) for tab in paragraph._p.iter(f"{W}tab") if tab.get(f"{W}pos")
        ]
        if stops:
            found.append([stop * 25.4 / 1440 for stop in stops])
    return found


def test_organs_stand_abreast_the_last_one_above_the_date() -> None:
    assert [text for text, *_ in signed(jointly(2))] == [
        *("正文。", "", ""),
        "\t青石镇人民政府\t青石镇党委",
        "\t2026年8月22日",
        "",
    ]


@pytest.mark.parametrize(
    ("count", "seal_mm", "rows"),
    [
        (2, 42, [2]),
        (3, 42, [3]),
        (4, 42, [3, 1]),
        (5, 42, [3, 2]),
        (3, 45, [2, 1]),  # three of 45 mm and 2 mm between them leave the 版心
        (2, 60, [2]),
        (3, 60, [2, 1]),
    ],
)
def test_up_to_three_seals_stand_abreast_as_their_width_allows(count, seal_mm, rows) -> None:
    *organs, date = centres(jointly(count, seal_mm))
    assert [len(row) for row in organs] == rows
    assert date == [organs[-1][-1]]


@pytest.mark.parametrize("seal_mm", range(30, 61))
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_seals_neither_touch_nor_leave_the_text_area(count, seal_mm) -> None:
    """7.3.5.1; a row's distance is counted in lines of 10.21 mm."""
    *organs, _ = centres(jointly(count, seal_mm))
    for row in organs:
        assert row[0] >= seal_mm / 2
        assert row[-1] + seal_mm / 2 <= 156
        assert all(after - before >= seal_mm + 1.9 for before, after in itertools.pairwise(row))
    texts = [text for text, *_ in signed(jointly(count, seal_mm))]
    starts = [index for index, text in enumerate(texts) if "青石镇" in text]
    assert all((b - a) * 10.21 > seal_mm for a, b in itertools.pairwise(starts))


def test_the_date_of_a_joint_signature_leaves_four_characters_blank() -> None:
    """It is 6.5 字 wide: its middle stands 7.25 字 from the right."""
    *_, date = centres(jointly(2))
    assert date == pytest.approx([(28 - 7.25) * 315 * 25.4 / 1440], abs=0.1)


def test_names_abreast_leave_a_character_between_them() -> None:
    """Two names of 13 字 need 14 and half of one, and the date leaves 20.75."""
    short, long = (Signature(f"{'国' * n}\n{'民' * n}", DAY, Seal()) for n in (12, 14))
    assert [len(row) for row in centres(short)] == [2, 1]
    assert [len(row) for row in centres(long)] == [1, 1, 1]


def test_a_long_organ_among_several_moves_the_date_and_is_spoken_of_by_its_own_name() -> None:
    signature = Signature(f"{'国' * 20}\n青石镇党委", DAY)
    assert {round(place) for (place,) in centres(signature)} == {
        round((26 - 10) * 315 * 25.4 / 1440)
    }
    (note,) = render(Document((signature,))).notes
    assert note.startswith(f"署名“{'国' * 20}”较长")


def test_an_endless_organ_among_several_stays_on_the_page() -> None:
    signature = Signature(f"{'国' * 60}\n青石镇党委", DAY)
    assert all(place == pytest.approx(77.8, abs=0.1) for (place,) in centres(signature))
    (note,) = render(Document((signature,))).notes
    assert "一行排不下" in note


@pytest.mark.parametrize("seal_mm", [42, 45, 60])
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("pitch", [554, 579, 600])
def test_the_lines_reckoned_are_those_written(count, seal_mm, pitch) -> None:
    signature = jointly(count, seal_mm)
    written = opened(Document((Paragraph("正文。"), signature)), Typography(pitch=pitch)).paragraphs
    assert signature_lines(signature, pitch) == len(written) - 1


def test_all_of_a_joint_signature_is_bound_to_the_text() -> None:
    kept = [keep for _, keep, _ in signed(jointly(4))]
    assert kept == [*[True] * (len(kept) - 1), False]


@pytest.mark.office
def test_joint_organs_are_centred_where_they_are_reckoned(measure) -> None:
    signatures = {"two": jointly(2), "three": jointly(3), "blank": Signature("甲村\n乙村", None)}
    documents = {
        name: render(Document((Paragraph("正文。"), signature))).data
        for name, signature in signatures.items()
    }
    for name, result in measure(documents).items():
        (page,) = result["pages"]
        organs, date = page["lines"][1:3]
        *_, (last,) = centres(signatures[name])
        assert (date["x0_mm"] + date["x1_mm"]) / 2 == pytest.approx(28 + last, abs=0.5)
        assert organs["x0_mm"] > 28
        assert organs["x1_mm"] < 184
