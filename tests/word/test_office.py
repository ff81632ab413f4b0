import pytest
from measured import Line, Page, Printed
from samples import DAY, PLAN, filled

from toolkit.word.document import Addressee, Document, Seal, Signature
from toolkit.word.gongwen import render
from toolkit.word.signature import chinese_date

pytestmark = pytest.mark.office

SWEEP = {
    f"{name}-{lines}-{last}": filled(lines, last, title=title)
    for lines in range(13, 25)
    for last in (1, 3, 6)
    for name, title in (("plain", ""), ("titled", "上河村集中整顿实施方案"))
}
SAMPLES = {
    "marks": Document((Addressee("国" * 27 + "，" + "国" * 28),)),
    "plan": PLAN,
    "long organ": filled(2, 2, Signature("国" * 22, DAY, Seal())),
    **SWEEP,
}
ZI = 5.556  # mm


@pytest.fixture(scope="module")
def printed(on_paper) -> dict[str, Printed]:
    """Every sample, on paper."""
    return on_paper({name: render(document).data for name, document in SAMPLES.items()})


def signature(paper: Printed) -> tuple[Page, Line, Line]:
    """The page of the signature, organ and date."""
    (found,) = [
        (page, page.lines[at - 1], line)
        for page in paper.pages
        for at, line in enumerate(page.lines)
        if line.text == chinese_date(DAY)
    ]
    return found


def test_no_character_is_lost(printed) -> None:
    assert {name: paper.lost for name, paper in printed.items() if paper.lost} == {}


def test_a_closing_mark_that_would_begin_a_line_takes_a_character_with_it(printed) -> None:
    lines = [line.text for page in printed["marks"].pages for line in page.lines]
    assert lines == ["国" * 27 + "，", "国" * 28]


def test_an_organ_too_long_for_its_date_keeps_two_characters_free_and_its_centre(printed) -> None:
    page, organ, date = signature(printed["long organ"])
    assert organ.centre == pytest.approx(date.centre, abs=0.5)
    assert (184 - organ.right) / ZI == pytest.approx(2, abs=0.1)
    assert page.at(organ) == 4  # below two lines of one paragraph and two of the other


@pytest.mark.parametrize("sample", SWEEP)
def test_the_page_of_the_signature_carries_text(printed, sample) -> None:
    page, organ, _ = signature(printed[sample])
    assert any(set(line.text) <= {"国", "民"} for line in page.lines[: page.at(organ)])
    assert page is printed[sample].pages[-1]
