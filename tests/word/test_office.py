import pytest
from samples import DAY, PLAN, filled

from toolkit.word.document import Addressee, Document, Paragraph, Seal, Signature
from toolkit.word.gongwen import render

SWEEP = {
    f"{name}-{lines}-{last}": filled(lines, last, title=title)
    for lines in range(13, 25)
    for last in (1, 3, 6)
    for name, title in (("plain", ""), ("titled", "上河村集中整顿实施方案"))
}
UNSEALED = {
    organ: Document((Paragraph("正文。"), Signature(organ, DAY, Seal(sealed=False))))
    for organ in ("镇党委", "青山镇人民政府", "青山村村民委员会", "中共青山镇委员会办公室")
}
SAMPLES = {
    "国": Document((Addressee("国" * 1848),)),
    "plan": PLAN,
    "sealed": filled(2, 2),
    "long organ": filled(2, 2, Signature("国" * 22, DAY, Seal())),
    **UNSEALED,
    **SWEEP,
}


@pytest.fixture(scope="module")
def measured(measure):
    """Every sample, measured."""
    return measure({name: render(document).data for name, document in SAMPLES.items()})


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
