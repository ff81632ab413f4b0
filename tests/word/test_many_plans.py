"""Five hundred plans: in none does the signature's page lack text, or a table leave the text area.

All are tried on the model of the layout; those that come nearest to the edge of a page are printed.
"""

from collections.abc import Sequence
from functools import cache

import lxml.etree
import pytest
from measured import Page, Printed
from plans import DAY, ORGAN, plans
from samples import W

from toolkit.package import unzipped
from toolkit.word.attachments import note_lines
from toolkit.word.document import (
    STANDARD,
    AttachmentNote,
    Block,
    Document,
    Imprint,
    Paragraph,
    Signature,
    Table,
)
from toolkit.word.fit import LIBREOFFICE, WORD, Fit, Place, Program, fitting, places
from toolkit.word.gongwen import render
from toolkit.word.page import MM_PER_TWIP, TEXT_HEIGHT, TEXT_WIDTH
from toolkit.word.signature import chinese_date

COUNT, SAMPLE = 500, 24
PLANS = plans(COUNT)


@cache
def fits() -> list[Fit]:
    """What is adjusted in each plan."""
    return [fitting(blocks, STANDARD.pitch) for blocks in PLANS]


def placed(number: int, program: Program) -> tuple[Place, ...]:
    """Where a program sets a plan's signature, and its 版记, by the model."""
    return places(PLANS[number], fits()[number], program)


def test_the_signature_of_every_plan_finds_text_and_room_on_its_page():
    for program in (LIBREOFFICE, WORD):
        wrong = [number for number in range(COUNT) if not placed(number, program)[0].is_right]
        assert wrong == []


def test_page_1_shows_text_where_the_signature_leaves_it_any():
    without = {number for number in range(COUNT) if placed(number, LIBREOFFICE)[0].begins > 1}
    assert len(without) <= 3  # a head, a line or three of text, and a seal that takes them along


def test_the_imprint_finds_its_room_as_well():
    apart = {
        number
        for program in (LIBREOFFICE, WORD)
        for number in range(COUNT)
        if not placed(number, program)[-1].is_right
    }
    assert len(apart) <= 2  # where nothing will do it stands on a page of its own


def test_most_plans_keep_their_pitch_and_every_way_out_is_among_them():
    assert fits().count(Fit(STANDARD.pitch)) > 350
    assert {fit.pitch for fit in fits()} > {554, 579, 600}
    assert Fit(STANDARD.pitch, is_bound=True) in fits()


def test_no_table_is_wider_than_the_text():
    """By what is written: the grid and the cells of each row, 版记 and heads among them."""
    seen = 0
    for blocks in PLANS[::5]:
        root = lxml.etree.fromstring(unzipped(render(Document(blocks)).data)["word/document.xml"])
        for table in root.iter(f"{W}tbl"):
            widths = [table.findall(f"{W}tblGrid/{W}gridCol")]
            widths += [row.findall(f"{W}tc/{W}tcPr/{W}tcW") for row in table.iter(f"{W}tr")]
            sums = {sum(int(each.get(f"{W}w")) for each in line) for line in widths}
            assert max(sums) <= (TEXT_HEIGHT if is_turned(table) else TEXT_WIDTH)
            seen += 1
    assert seen > 100


def is_turned(table: lxml.etree._Element) -> bool:
    """Whether a table stands in a section of turned pages: the next page size says so."""
    following = table.xpath("following::w:pgSz[1]", namespaces={"w": W[1:-1]})
    return bool(following) and following[0].get(f"{W}orient") == "landscape"


# -- on paper -------------------------------------------------------------------------------------


def nearest() -> list[int]:
    """The plans whose signature, as LibreOffice sets it, has the least room left or above it."""

    def edge(number: int) -> int:
        place = placed(number, LIBREOFFICE)[0]
        return min(place.left, place.above)

    by_edge = sorted(range(COUNT), key=edge)
    bound = [number for number in by_edge if fits()[number].is_bound]
    return list(dict.fromkeys((*bound[: SAMPLE // 3], *by_edge)))[:SAMPLE]


@pytest.fixture(scope="module")
def printed(on_paper) -> dict[int, Printed]:
    made = {str(number): render(Document(PLANS[number])).data for number in nearest()}
    return {int(name): paper for name, paper in on_paper(made).items()}


def organ_page(paper: Printed) -> int:
    """The page, from 1, where organ and date stand below one another."""
    (number,) = [
        number
        for number, page in enumerate(paper.pages, 1)
        for organ, date in zip(page.lines, page.lines[1:], strict=False)
        if (organ.text, date.text) == (ORGAN, chinese_date(DAY))
    ]
    return number


def body_lines(page: Page, blocks: Sequence[Block]) -> list[str]:
    """The lines of paragraphs and tables above the organ."""
    said = "".join(
        text
        for block in blocks
        if isinstance(block, Paragraph | Table)
        for text in (
            [block.lead, block.text] if isinstance(block, Paragraph) else sum(block.rows, ())
        )
    )
    organ = next(at for at, line in enumerate(page.lines) if line.text == ORGAN)
    lines = [line.text for line in page.lines[:organ]]
    return [line for line in lines if line.lstrip("0123456789") in said]


@pytest.mark.office
def test_those_nearest_to_the_edge_carry_text_on_the_signatures_page(printed):
    assert len(printed) == SAMPLE
    without = [
        number
        for number, paper in printed.items()
        if not body_lines(paper.pages[organ_page(paper) - 1], PLANS[number])
    ]
    assert without == []


@pytest.mark.office
def test_each_signature_stands_where_the_model_says(printed):
    for number, paper in printed.items():
        place = placed(number, LIBREOFFICE)[0]
        assert organ_page(paper) == place.page, number
        page = paper.pages[place.page - 1]
        organ = next(line for line in page.lines if line.text == ORGAN)
        top = 37 + (place.above + lines_above(PLANS[number]) * fits()[number].pitch) * MM_PER_TWIP
        assert organ.baseline - top == pytest.approx(7.7, abs=1), number  # within its line


def lines_above(blocks: Sequence[Block]) -> int:
    """Return how many lines there are from the text to the organ: 附件说明, and blank ones."""
    note = next((block for block in blocks if isinstance(block, AttachmentNote)), None)
    (signature,) = [block for block in blocks if isinstance(block, Signature)]
    seal = signature.seal
    blank = {40: 2, 42: 2, 45: 2, 60: 3}[seal.millimetres] if seal.sealed else 1
    return blank + (1 + sum(note_lines(note, hang=False)) if note else 0)


@pytest.mark.office
def test_the_imprint_stands_on_the_last_page_and_no_page_is_empty(printed):
    for number, paper in printed.items():
        assert all(page.lines for page in paper.pages), number
        if isinstance(PLANS[number][-1], Imprint):
            assert any(line.text.startswith("抄送：") for line in paper.pages[-1].lines), number


@pytest.mark.office
def test_no_glyph_is_lost_and_nothing_stands_outside_the_text(printed):
    for number, paper in printed.items():
        assert paper.lost == {}, number
        for page in paper.pages:
            box = page.text_box
            for line in page.lines:
                assert box.left - 0.5 <= line.left, number
                assert line.glyphs[-1].box.left <= box.right + 0.5, number
                assert line.bottom <= box.bottom + 0.5, number
            for rule in page.rules:
                assert box.left - 0.5 <= rule.left, number
                assert rule.right <= box.right + 0.5, number
