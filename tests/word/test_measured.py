"""Formal documents on paper: each figure of GB/T 9704-2012, with its clause, measured on the PDF.

LibreOffice sets them, all in one run; lengths are millimetres.
"""

import datetime as dt
import re
from itertools import pairwise

import pytest
from measured import (
    FANGSONG,
    HEITI,
    KAITI,
    SONGTI,
    UPRIGHT,
    XIAOBIAOSONG,
    Line,
    Page,
    Printed,
)
from paths import SEED, office
from worked import work_folder

from toolkit import flow, papers
from toolkit.demo import DAY as DEMO_DAY
from toolkit.issued import write_issued
from toolkit.word.document import (
    PLAN,
    Addressee,
    Attachment,
    AttachmentNote,
    Block,
    Document,
    Head,
    Imprint,
    Paragraph,
    Role,
    Seal,
    Signature,
    Table,
    Title,
)
from toolkit.word.gongwen import render

pytestmark = pytest.mark.office

DAY, ORGAN = dt.date(2026, 8, 22), "中共青山镇委员会"
LINE, ZI = 10.213, 5.556  # 28.95 pt, 15.75 pt
TEXT = (
    "聚焦“班子不团结、制度不健全”等突出问题，按照“一村一策”的要求，逐村研究、逐条整改、逐项销号，"
    "确保2026年10月底前按期转化；集体经济收入由3.6万元增加到5万元以上（含5万元），群众满意率达到90%。"
)
LEVELS = (
    Paragraph("一、总体要求", Role.LEVEL1),
    Paragraph(TEXT),
    Paragraph("（一）摸清底数", Role.LEVEL2),
    Paragraph(f"1.全面排查。{TEXT}", Role.LEVEL3),
    Paragraph(f"（1）逐户走访。{TEXT}", Role.LEVEL4),
)
HEADER = ("序号", "整改措施", "责任人", "完成时限")
SHARES = (1, 6, 2, 3)


def rows(count: int) -> tuple[tuple[str, ...], ...]:
    """As many rows, every third of two lines."""
    text = "利用闲置校舍兴办竹编加工点，组织党员带头入股"
    return tuple(
        (str(n), text * (1 + (n % 3 == 0)), "孙立、李惠", "2026年10月底前")
        for n in range(1, count + 1)
    )


ONE_PAGE: tuple[Block, ...] = (
    Title("上河村2026年度软弱涣散党组织整顿实施方案"),
    Addressee("各村党组织，镇直各单位："),
    Paragraph("为抓好整顿工作，结合我村实际，制定本方案。"),
    Paragraph("一、总体要求", Role.LEVEL1),
    Paragraph("党委统一领导，党支部具体落实，党员带头参与，群众全程监督。"),
    Paragraph("（一）成立机构。", Role.LEVEL2),
    Paragraph("成立由书记任组长的领导小组，每月研究一次。"),
    Signature(ORGAN, DAY, Seal()),
)
TWELVE_PAGES: tuple[Block, ...] = (
    Title("中共青山镇委员会关于2026年度软弱涣散基层党组织集中整顿的实施方案", "（征求意见稿）"),
    Addressee("各村党组织，镇直各单位："),
    Paragraph(TEXT),
    *(LEVELS * 5),
    Paragraph("二、整改措施", Role.LEVEL1),
    Paragraph("整改措施如下表。"),
    Table(HEADER, rows(60), SHARES),
    *(LEVELS * 5),
    Paragraph(TEXT * 2),
    Signature(ORGAN, DAY, Seal()),
)
TOWNSHIP: tuple[Block, ...] = (
    Head(
        ("青山镇人民政府文件",),
        "青政发〔2026〕8号",
        copy="000001",
        secrecy="机密★1年",
        urgency="特急",
    ),
    Title("青山镇人民政府关于印发《上河村软弱涣散党组织整顿实施方案》的通知"),
    Addressee("各村民委员会，镇政府各办公室："),
    Paragraph(TEXT),
    Paragraph("各村要压实责任，抓好落实。"),
    AttachmentNote(("上河村软弱涣散党组织整顿实施方案", "上河村整改措施清单")),
    Signature("青山镇人民政府", DAY, Seal()),
    Attachment("上河村软弱涣散党组织整顿实施方案", 1),
    *LEVELS,
    Paragraph(TEXT * 3),
    Attachment("上河村整改措施清单", 2, landscape=True),
    Table(HEADER, rows(40), SHARES),
    Imprint(
        "县委组织部，县民政局，县农业农村局，县乡村振兴局，各村党支部",
        "青山镇党政办公室",
        dt.date(2026, 8, 25),
    ),
)
PETITION: tuple[Block, ...] = (  # 上行文: it names its signers
    Head(("青山镇人民政府文件",), "青政发〔2026〕9号", signers=("王志远", "李明")),
    Title("青山镇人民政府关于调整整顿对象的请示"),
    Addressee("县人民政府："),
    Paragraph("妥否，请批示。"),
    Signature("青山镇人民政府", DAY, Seal()),
)
SHORT, ANNEX = Paragraph("正文。"), Attachment("整改措施清单", 2, landscape=True)
UNSEALED = ("镇党委", "青山镇人民政府", "青山村村民委员会", "中共青山镇委员会办公室")
SEALS = (40, 42, 45, 50)


def signed(organ: str, seal: Seal) -> tuple[Block, ...]:
    return (Paragraph("各村要压实责任，抓好落实。"), Signature(organ, DAY, seal))


DOCUMENTS: dict[str, tuple[Block, ...]] = {
    "full": (Addressee("国" * 1848),),
    "one page": ONE_PAGE,
    "twelve pages": TWELVE_PAGES,
    "township": TOWNSHIP,
    "petition": PETITION,
    "turned after one page": (SHORT, ANNEX, Table(HEADER, rows(20), SHARES)),
    "turned after two": (SHORT, Attachment("甲", 1), SHORT, ANNEX, Table(HEADER, rows(20), SHARES)),
    **{organ: signed(organ, Seal(sealed=False)) for organ in UNSEALED},
    **{f"seal {mm}": signed(ORGAN, Seal(millimetres=mm)) for mm in SEALS},
}
SEALED = ("one page", "twelve pages", "township", "petition", *(f"seal {mm}" for mm in SEALS))
WHOLE = (*DOCUMENTS, "issued", "seed")


@pytest.fixture(scope="module")
def printed(on_paper, tmp_path_factory) -> dict[str, Printed]:
    """Every document as printed, the seed's plan among them where the seed is."""
    office()
    data = {name: render(Document(blocks)).data for name, blocks in DOCUMENTS.items()}
    data["issued"] = plan_as_issued(tmp_path_factory.mktemp("issued"))
    if SEED.exists():
        data["seed"] = plan_of_the_seed(tmp_path_factory.mktemp("seed"))
    return on_paper(data)


def plan_as_issued(folder) -> bytes:
    """A village's plan as the township of the example issues it."""
    work = work_folder(folder)
    book = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    (written,) = write_issued([book], work / "公文", DEMO_DAY).written
    return written.path.read_bytes()


def plan_of_the_seed(folder) -> bytes:
    """The real plan, taken into a workbook and written anew."""
    book, paper = folder / "0203-整顿村-2022.xlsx", folder / "方案.docx"
    assert flow.take_in(SEED, book, "0203").exit_code == 0
    day = dt.date(2022, 10, 31)
    made = papers.write_papers(papers.Paper(PLAN, None, day), [book], paper, manner=DRAFT)
    assert made.written != ()
    return made.written[0].path.read_bytes()


DRAFT = papers.Manner(draft=True)  # the real plan has faults that must be mended


@pytest.fixture
def document(request, printed) -> Printed:
    """The document that a test is given by name."""
    if request.param == "seed" and "seed" not in printed:
        pytest.skip("the real plan is not beside the checkout")
    return printed[request.param]


def each(*names: str):
    return pytest.mark.parametrize("document", names, indirect=True)


def upright(document: Printed) -> list[tuple[int, Page]]:
    pages = enumerate(document.pages, 1)
    return [(number, page) for number, page in pages if page.width < page.height]


def turned(document: Printed) -> list[tuple[int, Page]]:
    pages = enumerate(document.pages, 1)
    return [(number, page) for number, page in pages if page.width > page.height]


# -- page (5) -------------------------------------------------------------------------------------


@each("one page")
def test_the_short_paper_is_one_page(document):
    assert len(document.pages) == 1


@each("twelve pages")
def test_the_long_paper_is_twelve_pages(document):
    assert len(document.pages) == 12


@each(*WHOLE)
def test_the_paper_is_a4(document):
    for page in document.pages:
        sides = sorted((page.width, page.height))
        assert sides == pytest.approx([210, 297], abs=0.2)  # 5.2.1


@each("full")
def test_a_page_of_text_is_22_lines_of_28_characters_28_mm_from_the_left_37_from_the_top(document):
    assert len(document.pages) == 3
    for page in document.pages:
        assert [len(line.glyphs) for line in page.lines] == [28] * 22  # 5.2.3
        assert page.pitch == pytest.approx(LINE, abs=0.02)  # 3.2
        assert all(line.left == pytest.approx(28, abs=0.1) for line in page.lines)  # 5.2.1
        assert page.lines[0].right == pytest.approx(184, abs=0.5)  # 28 + 156
        # 37 and 225 mm, less the blank of a line (3.2) above the first characters, below the last.
        assert page.lines[0].top == pytest.approx(40.0, abs=0.5)
        assert page.lines[-1].bottom == pytest.approx(260.1, abs=0.5)


@each("seed", "twelve pages")
def test_pages_between_the_first_and_the_last_are_full(document):
    pages = [page for page in document.pages[1:-2] if not page.rules]  # without tables
    assert pages != []
    for page in pages:
        # A heading that would end a page goes on with its text.
        assert len(page.lines) in (21, 22)
        assert page.pitch == pytest.approx(LINE, abs=0.04)  # 楷体 stands a little higher


@each(*WHOLE)
def test_nothing_stands_outside_the_text_area_but_one_hanging_mark_a_line(document):
    for page in document.pages:
        box = page.text_box  # 5.2.1
        for line in page.lines:
            assert line.left >= box.left - 0.5
            assert line.top >= box.top - 0.5
            assert line.bottom <= box.bottom + 0.5
            outside = [glyph for glyph in line.glyphs if glyph.box.right > box.right + 0.5]
            assert len(outside) <= 1
            assert {glyph.text for glyph in outside} <= set("，。、；：？！”’）》")
        for rule in page.rules:
            assert box.left - 0.5 <= rule.left
            assert rule.right <= box.right + 0.5
            assert box.top - 0.5 <= rule.y <= box.bottom + 0.5


@each(*WHOLE)
def test_no_glyph_is_lost(document):
    assert document.lost == {}


# -- page numbers (7.5, 8) ------------------------------------------------------------------------


@each("full", "seed", "twelve pages", "township")
def test_page_numbers_stand_right_on_odd_and_left_on_even_pages_7_mm_below_the_text(document):
    for number, page in upright(document):
        foot = page.foot
        assert foot.text == f"—{number}—"
        assert (foot.face, foot.points, foot.is_turned) == (SONGTI, 14, False)
        assert foot.gap == pytest.approx(7, abs=0.3)
        blank = 14 * 25.4 / 72  # 空一字 of 四号
        if number % 2:
            assert foot.box.right == pytest.approx(184 - blank, abs=0.5)
        else:
            assert foot.box.left == pytest.approx(28 + blank, abs=0.5)


@each("township", "turned after one page", "turned after two")
def test_a_turned_page_has_its_number_at_the_same_place_of_the_sheet(document):
    pages = turned(document)
    assert {number % 2 for number, _ in pages} == {0, 1}  # odd and even ones
    assert pages[0][0] > 1  # the first stands behind an upright one
    for number, page in pages:
        foot = page.foot
        assert (foot.text, foot.is_turned) == (f"—{number}—", True)
        assert foot.box.right < 35  # the sheet's foot is the left edge of what is read
        assert foot.gap == pytest.approx(7, abs=0.3)
        blank = 14 * 25.4 / 72
        if number % 2:  # the sheet's right is the foot of what is read
            assert foot.box.bottom == pytest.approx(184 - blank, abs=0.5)
        else:
            assert foot.box.top == pytest.approx(28 + blank, abs=0.5)


# -- levels (7.3.1 to 7.3.3) ----------------------------------------------------------------------


@each("one page", "twelve pages", "township")
def test_a_title_is_of_22_points_in_its_own_type_and_centred(document):
    title = [line for line in document.pages[0].lines if line.points == 22]
    assert title != []
    for line in title:
        assert line.face == XIAOBIAOSONG  # 7.3.1
        assert line.centre == pytest.approx((28 + 184) / 2, abs=0.5)


@each("twelve pages", "township")
def test_each_level_has_its_type_and_an_indent_of_two_characters(document):
    found = set()
    types = {"一、": HEITI, "（一）": KAITI, "1.": FANGSONG, "（1）": FANGSONG}  # 7.3.3
    for _, page in upright(document):
        for line in page.lines:
            start = next((each for each in types if line.text.startswith(each)), "")
            if start and line.points == 16:
                found.add(start)
                assert line.face == types[start]
                assert line.left == pytest.approx(28 + 2 * ZI, abs=0.3)
    assert found == set(types)


@each("seed", "twelve pages")
def test_body_text_is_of_16_points_each_paragraph_indented_by_two_characters(document):
    texts = [line for page in document.pages for line in page.lines if line.points == 16]
    assert len(texts) > 50
    left = {round((line.left - 28) / ZI) for line in texts if line.left < 28 + 4 * ZI}
    assert left == {0, 2}  # 7.3.3
    faces = [line.face for line in texts]
    assert faces.count(FANGSONG) > len(faces) / 2  # 5.2.2


@each("one page", "township", "seed")
def test_page_1_shows_body_text(document):
    lines = document.pages[0].lines
    heading = max(at for at, line in enumerate(lines) if line.points == 22)
    assert len(lines) > heading + 2  # 7.3.3: addressee and at least a line of text


@each("one page", "twelve pages")
def test_the_addressee_stands_below_a_blank_line_and_at_the_left_edge(document):
    page = document.pages[0]
    to = page.line("各村党组织")
    assert to.left == pytest.approx(28, abs=0.3)  # 7.3.2
    above = page.lines[page.at(to) - 1]
    assert to.baseline - above.baseline == pytest.approx(2 * LINE, abs=1.5)


# -- signatures (7.3.5) ---------------------------------------------------------------------------


def signature(document: Printed) -> tuple[Page, Line, Line]:
    """The page of the signature, organ and date."""
    for page in document.pages:
        for organ, date in pairwise(page.lines):
            is_date = re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", date.text)
            if is_date and date.points == 16 and date.centre > 106:
                return page, organ, date
    pytest.fail("no signature")


@each(*SEALED, "seed")
def test_a_sealed_organ_is_centred_on_its_date_which_keeps_4_characters_free(document):
    _, organ, date = signature(document)
    assert organ.centre == pytest.approx(date.centre, abs=0.5)  # 7.3.5.1
    # Automatic spacing, five quarters of a character, widens the date to both sides.
    assert (184 - date.right) / ZI == pytest.approx(4 - 5 * 0.25 / 2, abs=0.3)


@each(*UNSEALED)
def test_an_unsealed_date_begins_two_characters_right_of_its_organ(document):
    _, organ, date = signature(document)
    assert (date.left - organ.left) / ZI == pytest.approx(2, abs=0.25)  # 7.3.5.2
    assert (184 - min(organ.right, date.right)) / ZI > 1.75
    assert date.baseline - organ.baseline == pytest.approx(LINE, abs=0.05)


@each(*SEALED, "seed")
def test_the_seal_has_its_room_and_its_top_stands_within_a_line_of_the_text(document, request):
    name = request.node.callspec.params["document"]
    wide = int(name.removeprefix("seal ")) if name.startswith("seal ") else 42
    page, organ, date = signature(document)
    text = page.lines[page.at(organ) - 1]
    # Organ and date stand slightly below the seal's centre: by 0.4 of a line.
    centre = (organ.top + date.bottom) / 2 - 0.4 * LINE
    top, bottom = centre - wide / 2, centre + wide / 2
    assert 0 < top - text.bottom < LINE  # 7.3.5.1
    assert bottom < UPRIGHT.bottom
    below = page.lines[page.at(date) + 1 :]
    assert all(line.top > bottom for line in below)
    assert all(rule.y > bottom for rule in page.rules if rule.y > date.baseline)


@each(*SEALED, *UNSEALED, "seed")
def test_the_signatures_page_carries_body_text(document):
    page, organ, _ = signature(document)
    above = page.lines[: page.at(organ)]
    assert any(line.points == 16 and len(line.glyphs) > 5 for line in above)  # 7.3.5
    assert not any("此页无正文" in line.text for line in page.lines)


# -- 版头 (7.2) -----------------------------------------------------------------------------------


@each("township", "petition", "issued")
def test_the_mark_begins_72_mm_from_the_papers_edge_and_is_red_and_centred(document):
    page = document.pages[0]
    (mark,) = [line for line in page.lines if line.points > 30]
    assert mark.text in {"青山镇人民政府文件", "中共青石镇委员会文件"}
    assert page.ink_tops[mark.text] == pytest.approx(37 + 35, abs=0.5)  # 7.2.4
    assert mark.centre == pytest.approx((28 + 184) / 2, abs=0.5)
    assert mark.face == XIAOBIAOSONG
    assert page.is_red(mark)


@each("township", "petition", "issued")
def test_the_red_line_is_156_mm_wide_and_4_mm_below_the_number(document):
    page = document.pages[0]
    number = next(line for line in page.lines if re.match("青[政党]发〔20[0-9]{2}〕", line.text))
    rule = page.rules[0]
    assert rule.y - number.baseline == pytest.approx(4, abs=0.5)  # 7.2.7
    assert (rule.left, rule.right) == pytest.approx((28, 184), abs=0.5)
    assert rule.colour == pytest.approx((1, 0, 0), abs=0.01)
    assert 0.35 <= rule.points * 25.4 / 72 <= 0.6
    mark = next(line for line in page.lines if line.points > 30)
    # Two blank lines lie between the mark and the number (7.2.5): about three from foot to foot.
    assert number.top - mark.bottom == pytest.approx(2 * LINE + 3, abs=4)
    title = next(line for line in page.lines if line.points == 22)
    assert title.top - rule.y == pytest.approx(2 * LINE, abs=4)  # 7.3.1


@each("township")
def test_number_secrecy_and_urgency_stand_on_lines_of_their_own_at_the_left(document):
    lines = document.pages[0].lines[:3]
    assert [line.text for line in lines] == ["000001", "机密★1年", "特急"]  # 7.2.1 to 7.2.3
    assert all(line.left == pytest.approx(28, abs=0.3) for line in lines)
    assert [line.points for line in lines] == [16] * 3
    assert {line.face for line in lines[1:]} == {HEITI}


@each("petition")
def test_signers_stand_right_on_the_numbers_line_which_begins_left(document):
    line = next(line for line in document.pages[0].lines if "签发人" in line.text)
    assert line.text == "青政发〔2026〕9号签发人：王志远李明"
    assert line.left == pytest.approx(28 + ZI, abs=0.4)  # 7.2.5: 左空一字
    assert (184 - line.right) / ZI == pytest.approx(1, abs=0.6)  # 7.2.6: 右空一字
    assert {glyph.face for glyph in line.glyphs[-5:]} == {KAITI}


# -- 附件, 版记 (7.3.4, 7.3.7, 7.4) ----------------------------------------------------------------


@each("township")
def test_the_note_of_attachments_is_indented_and_its_names_are_flush(document):
    page, organ, _ = signature(document)
    first, second = page.line("附件：1."), page.line("2.")
    assert first.left == pytest.approx(28 + 2 * ZI, abs=0.4)  # 7.3.4
    names = [next(glyph for glyph in line.glyphs if glyph.text == "上") for line in (first, second)]
    assert names[0].x == pytest.approx(names[1].x, abs=0.4)
    text = page.lines[page.at(first) - 1]
    assert first.baseline - text.baseline == pytest.approx(2 * LINE, abs=0.1)  # a blank line
    assert page.at(second) < page.at(organ)


@each("township")
def test_an_attachment_begins_a_page_with_its_label_and_has_its_title_on_line_3(document):
    for start, title in (("附件1", "上河村软弱涣散"), ("附件2", "上河村整改措施清单")):
        page = document.pages[document.page_of(start) - 1]
        label, heading = page.lines[0], page.lines[1]
        assert (label.text, label.face, label.points) == (start, HEITI, 16)  # 7.3.7
        assert heading.text.startswith(title)
        assert (heading.face, heading.points) == (XIAOBIAOSONG, 22)
        assert label.left == pytest.approx(page.text_box.left, abs=0.3)
        # LibreOffice sets the whole lines of the grid in the middle of the text's height.
        spare = (page.text_box.bottom - page.text_box.top) % LINE / 2
        assert label.baseline - page.text_box.top == pytest.approx(7.82 + spare, abs=0.5)
        # Two lines and the greater height of its type below the label.
        assert heading.baseline - label.baseline == pytest.approx(21.9, abs=0.7)
        assert heading.centre == pytest.approx(
            (page.text_box.left + page.text_box.right) / 2, abs=0.5
        )


@each("township")
def test_the_imprint_ends_the_last_page_between_three_rules(document):
    page = document.pages[-1]
    assert page.width < page.height
    first, middle, last = page.rules
    assert last.y == pytest.approx(262, abs=0.5)  # 7.4.1: at the foot of the 版心
    for rule in page.rules:
        assert (rule.left, rule.right) == pytest.approx((28, 184), abs=0.5)
    assert [round(rule.points * 25.4 / 72, 2) for rule in (first, last)] == pytest.approx(
        [0.35, 0.35], abs=0.08
    )
    assert middle.points < first.points
    copies, printed = page.line("抄送："), page.line("青山镇党政办公室")
    blank = 14 * 25.4 / 72  # 空一字 of 四号
    assert copies.left == pytest.approx(28 + blank, abs=0.4)  # 7.4.2
    assert (copies.points, printed.points, copies.face) == (14, 14, FANGSONG)
    assert printed.text == "青山镇党政办公室2026年8月25日印发"  # 7.4.3
    assert 184 - printed.right == pytest.approx(blank, abs=0.5)
    assert first.y < copies.top < middle.y < printed.top < last.y
    *_, end = page.lines[: page.at(printed)]
    assert end.text.endswith("。")


# -- tables ---------------------------------------------------------------------------------------


@each("twelve pages", "township")
def test_a_table_is_as_wide_as_the_text_and_repeats_its_head_on_every_page(document):
    count = 0
    for page in document.pages:
        heads = [line for line in page.lines if line.text == "".join(HEADER)]
        told = [line for line in page.lines if line.points == 12]
        if not told:
            continue
        count += 1
        assert heads == [told[0]]  # the first of the table on each page
        assert told[0].face == HEITI
        box = page.text_box
        within = [rule for rule in page.rules if rule.y > told[0].top - 3]
        assert min(rule.left for rule in within) >= box.left - 0.3
        assert max(rule.right for rule in within) <= box.right + 0.3
        wide = max(rule.right for rule in within) - min(rule.left for rule in within)
        assert wide == pytest.approx(box.right - box.left, abs=0.6)
    assert count >= 2
