import datetime as dt
import re

import pytest
from openxml_audit import OpenXmlValidator
from samples import W, opened, parts, shown

from toolkit.word.document import Document, Head, Imprint, Paragraph, Title
from toolkit.word.gongwen import render
from toolkit.word.imprint import imprint_height

DAY = dt.date(2022, 4, 20)
COPIES = "县委组织部，县委办公室"
MANY = "，".join(["县委党的建设工作领导小组办公室"] * 6)
FULL = Imprint(COPIES, "青石镇党政综合办公室", DAY)


def after_text(imprint: Imprint, lines: int = 1) -> Document:
    return Document((*[Paragraph("国" * 26)] * lines, imprint))


def rows(imprint: Imprint) -> list[list[str]]:
    """The texts of the cells, paragraphs parted by a stroke."""
    body = opened(after_text(imprint)).element.body
    return [
        [
            "/".join("".join(t.text for t in p.iter(f"{W}t")) for p in cell.iter(f"{W}p"))
            for cell in row.iter(f"{W}tc")
        ]
        for row in body.iter(f"{W}tr")
    ]


def test_copies_stand_above_the_organ_and_the_date() -> None:
    assert rows(FULL) == [
        ["抄送：县委组织部，县委办公室。"],
        ["青石镇党政综合办公室", "2022年4月20日印发"],
    ]


@pytest.mark.parametrize(
    ("imprint", "expected"),
    [
        (Imprint(COPIES), [["抄送：县委组织部，县委办公室。"]]),
        (Imprint(organ="办公室"), [["办公室", "＿＿年＿月＿日印发"]]),
        (Imprint(day=DAY), [["", "2022年4月20日印发"]]),
        (Imprint(organ="办\n公室", day=DAY), [["办公室", "2022年4月20日印发"]]),
    ],
)
def test_what_is_not_given_is_left_out(imprint, expected) -> None:
    assert rows(imprint) == expected


@pytest.mark.parametrize("imprint", [Imprint(), Imprint(" \n", "\n"), Imprint("抄送：")])
def test_an_imprint_of_nothing_leaves_nothing(imprint) -> None:
    assert shown(Document((Paragraph("甲"), imprint))) == [("公文正文", "甲")]


@pytest.mark.parametrize("copies", ["县委。", "县委", "抄送：县委", "抄送：县委。", " 县委 "])
def test_the_list_of_copies_ends_in_one_full_stop_and_begins_with_its_name_once(copies) -> None:
    assert rows(Imprint(copies)) == [["抄送：县委。"]]
    assert render(after_text(Imprint(copies))).notes == ()


def test_an_organ_without_a_day_leaves_blanks_for_it_and_says_so() -> None:
    (note,) = render(after_text(Imprint(organ="办公室"))).notes
    assert note == "版记没有印发日期，已留出空白，请补填。"
    assert render(after_text(Imprint(organ="办公室", day=DAY))).notes == ()


def test_a_mark_that_gave_way_to_the_full_stop_is_spoken_of() -> None:
    (note,) = render(after_text(Imprint("县委；"))).notes
    assert note == "抄送机关末尾的“；”已改为句号（GB/T 9704—2012 第 7.4.2 条）。"


def test_each_line_of_the_copies_is_a_paragraph_flush_with_the_first_name() -> None:
    """4 characters of 四号: the blank one and 抄送：."""
    xml = parts(after_text(Imprint("县委\n各村")))["word/document.xml"].decode()
    assert rows(Imprint("县委\n各村")) == [["抄送：县委/各村。"]]
    assert re.findall(r'w:left="1120" w:hangingChars="\d+" w:hanging="(\d+)"', xml) == ["840", "0"]


def test_the_outer_lines_are_thicker_than_the_one_between() -> None:
    """7.4.1: 0.35 mm is 8 eighths of a point, 0.25 mm nearly 6."""
    xml = parts(after_text(FULL))["word/document.xml"].decode()
    borders = re.findall(r"<w:tcBorders>(.*?)</w:tcBorders>", xml)
    weights = [re.findall(r'<w:(top|bottom) [^>]*w:sz="(\d)"', each) for each in borders]
    assert weights == [
        [("top", "8"), ("bottom", "6")],
        [("top", "6"), ("bottom", "8")],
        [("top", "6"), ("bottom", "8")],
    ]


@pytest.mark.parametrize(
    ("imprint", "lines"),
    [
        (Imprint(COPIES), 1),
        (Imprint("国" * 25), 1),  # 8844 / 280 less 1 + 3 + 1 is 26.6, and there is a full stop
        (Imprint("国" * 26), 2),
        (Imprint("国\n国"), 2),
        (Imprint(organ="办公室"), 1),
        (FULL, 2),
        (Imprint(organ="国" * 17, day=DAY), 1),  # (8844 − 3600) / 280 − 1 is 17.7
        (Imprint(organ="国" * 18, day=DAY), 2),
    ],
)
def test_its_height_is_that_of_its_lines_and_rules(imprint, lines) -> None:
    assert imprint_height(imprint) == lines * 500 + 40


def test_more_copies_than_a_page_holds_are_spoken_of_and_keep_no_more_room_than_one() -> None:
    """23 lines of 26 characters are 597 and the full stop; another line is too much."""
    held, endless = Imprint("国" * 597), Imprint("国" * 10_000)
    assert imprint_height(held) == 23 * 500 + 40
    assert render(after_text(held)).notes == ()
    assert imprint_height(endless) == 12_000
    (note,) = render(after_text(endless)).notes
    assert note == "版记一页排不下，超出的部分不会印出，请精简抄送机关。"


def test_a_paragraph_of_the_same_height_keeps_its_room() -> None:
    xml = parts(after_text(FULL))["word/document.xml"].decode()
    assert f'w:line="{imprint_height(FULL)}" w:lineRule="exact"' in xml


def test_what_xml_cannot_hold_becomes_a_replacement_character() -> None:
    printed = rows(Imprint("甲\x07乙", "丙\x00", DAY))
    assert printed == [["抄送：甲\ufffd乙。"], ["丙\ufffd", "2022年4月20日印发"]]


# --- the file, and its look -----------------------------------------------------------

DOCUMENTS = {
    "short": after_text(FULL),
    "many": after_text(Imprint(MANY, "国" * 20, DAY)),
    "only copies": after_text(Imprint(COPIES)),
    "room": after_text(FULL, 20),  # 20 × 579 + 1040 of 12756
    "no room": after_text(FULL, 22),
    "hostile": after_text(Imprint("A & B <C>]]>", "<b>", DAY)),
    "headed": Document((Head(("青石镇人民政府",), "青政发〔2022〕8号"), Title("通知"), FULL)),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_file_is_valid(name, tmp_path) -> None:
    path = tmp_path / "文.docx"
    path.write_bytes(render(DOCUMENTS[name]).data)
    assert OpenXmlValidator().validate(path).errors == []


@pytest.fixture(scope="module")
def measured(measure):
    """Each document, measured."""
    return measure({name: render(document).data for name, document in DOCUMENTS.items()})


@pytest.mark.office
@pytest.mark.parametrize("name", DOCUMENTS)
def test_its_last_line_coincides_with_the_foot_of_the_text_area_of_the_last_page(
    measured, name
) -> None:
    """7.4.1: 297 − 35 mm, as wide as the 版心."""
    last = measured[name]["pages"][-1]
    rules = [rule for rule in last["rules"] if rule["rgb"] == [0.0, 0.0, 0.0]]
    bottom = max(rules, key=lambda rule: rule["y_mm"])
    assert bottom["y_mm"] == pytest.approx(262, abs=0.5)
    for rule in rules:
        assert (rule["x0_mm"], rule["x1_mm"]) == pytest.approx((28, 184), abs=0.2)
    assert measured[name]["missing_characters"] == {}


@pytest.mark.office
def test_its_lines_are_as_thick_as_the_standard_wants(measured) -> None:
    widths = [rule["width_pt"] * 25.4 / 72 for rule in measured["short"]["pages"][0]["rules"]]
    assert widths == pytest.approx([0.35, 0.25, 0.35], abs=0.02)


@pytest.mark.office
def test_it_leaves_a_character_blank_at_either_side(measured) -> None:
    """7.4.2, 7.4.3: 四号 is 4.94 mm wide."""
    lines = measured["short"]["pages"][0]["lines"]
    copies, printed = (next(x for x in lines if word in x["text"]) for word in ("抄送", "印发"))
    assert copies["x0_mm"] == pytest.approx(28 + 4.94, abs=0.3)
    assert (printed["x0_mm"], printed["x1_mm"]) == pytest.approx((32.94, 184 - 4.94), abs=0.3)


@pytest.mark.office
def test_copies_go_on_below_the_first_name(measured) -> None:
    lines = measured["many"]["pages"][0]["lines"]
    first = next(index for index, line in enumerate(lines) if "抄送" in line["text"])
    assert lines[first + 1]["x0_mm"] == pytest.approx(28 + 4 * 4.94, abs=0.3)


@pytest.mark.office
def test_it_goes_to_the_next_page_where_the_text_leaves_no_room(measured) -> None:
    pages = {name: len(measured[name]["pages"]) for name in ("room", "no room")}
    assert pages == {"room": 1, "no room": 2}


@pytest.mark.office
def test_it_covers_no_text(measured) -> None:
    for name in ("room", "many", "headed"):
        (page,) = measured[name]["pages"]
        top = min(rule["y_mm"] for rule in page["rules"] if rule["rgb"] == [0.0, 0.0, 0.0])
        body = [line for line in page["lines"] if line["size_pt"] > 15]
        assert max(line["y_mm"] for line in body) < top
