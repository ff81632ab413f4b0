import re

import pytest
from openxml_audit import OpenXmlValidator
from samples import opened, parts, shown

from toolkit.errors import UsageError
from toolkit.word.document import (
    Addressee,
    Document,
    Head,
    Paragraph,
    Title,
    Typography,
)
from toolkit.word.gongwen import render
from toolkit.word.head import head_height

PARTY, TOWN = "中共青石镇委员会", "青石镇人民政府"
NUMBER = "青石委发〔2022〕8号"
ALONE = Head((f"{PARTY}文件",), NUMBER)
FULL = Head((f"{TOWN}文件",), NUMBER, "000001", "机密★1年", "特急", ("张志远",))
JOINT = Head((PARTY, TOWN, "文件"), NUMBER, copy="000001")
STACKED = Head((PARTY, TOWN), NUMBER)
REST = (
    Title("关于开展集中整顿的通知"),
    Addressee("各村党组织："),
    Paragraph("请照此办理。" * 30),
)


def with_head(head: Head) -> Document:
    return Document((head, *REST))


def headed(head: Head) -> list[tuple[str, str]]:
    """(style, text) of the paragraphs above the title."""
    said = shown(with_head(head))
    return said[: said.index(("公文标题", REST[0].text))]


def main(head: Head, pitch: int = 579) -> str:
    return parts(with_head(head), Typography(pitch=pitch))["word/document.xml"].decode()


def mark_types(xml: str) -> set[tuple[int, int]]:
    """(width in per cent, half-points) of the runs of the mark."""
    return {
        (int(w), int(sz)) for w, sz in re.findall(r'<w:w w:val="(\d+)"/><w:sz w:val="(\d+)"', xml)
    }


# --- what stands where ----------------------------------------------------------------


def test_what_is_to_be_known_first_stands_above_the_mark_each_on_its_line() -> None:
    assert headed(FULL) == [
        ("版头", "000001"),
        ("版头", "机密★1年"),
        ("版头", "特急"),
        ("间隔", ""),
        ("发文机关标志", "青石镇人民政府文件"),
        ("版头", "\t青石委发〔2022〕8号\t签发人：张志远"),
    ]


def test_what_is_not_given_leaves_no_line() -> None:
    assert headed(ALONE) == [
        ("间隔", ""),
        ("发文机关标志", "中共青石镇委员会文件"),
        ("版头", "青石委发〔2022〕8号"),
    ]
    urgent = Head((TOWN,), urgency="特急")
    assert [text for _, text in headed(urgent)] == ["特急", "", "青石镇人民政府", ""]


def test_each_of_them_is_one_line_whatever_was_typed() -> None:
    typed = Head((TOWN,), copy="\n" * 2000, secrecy="机密★\n1年", urgency="\n")
    assert [text for _, text in headed(typed)] == ["机密★1年", "", TOWN, ""]


def test_the_secrecy_and_the_urgency_are_black_the_copy_is_not() -> None:
    paragraphs = opened(with_head(FULL)).paragraphs[:3]
    faces = [paragraph.runs[0].style.name for paragraph in paragraphs]
    assert faces == ["Default Paragraph Font", "黑体字", "黑体字"]


def test_a_signers_label_is_in_the_type_of_the_text_his_name_in_kaiti() -> None:
    label, name = opened(with_head(FULL)).paragraphs[5].runs
    assert (label.text, name.text) == ("\t青石委发〔2022〕8号\t签发人：", "张志远")
    assert (label.style.name, name.style.name) == ("Default Paragraph Font", "楷体字")


def test_the_mark_and_the_line_are_red() -> None:
    package = parts(with_head(ALONE))
    styles = package["word/styles.xml"].decode()
    assert re.search(r'w:styleId="GWMark">.*?<w:color w:val="FF0000"/>', styles)
    assert '<w:bottom w:val="single" w:sz="12" w:space="6" w:color="FF0000"/>' in main(ALONE)


def test_a_head_without_organ_is_refused_in_plain_words() -> None:
    for mark in ((), ("",), (" ", "\n")):
        with pytest.raises(UsageError, match="缺少发文机关标志"):
            Head(mark)


# --- the mark fits the 版心 -----------------------------------------------------------


@pytest.mark.parametrize(
    ("characters", "scale", "half_points"),
    [
        (10, 90, 84),  # 10 × (840 × 0.90 + 20) = 7760 of 8844 twips
        (11, 90, 84),  # 8536
        (12, 85, 84),  # 12 × (840 × 0.85 + 20) = 8808
        (16, 63, 84),  # 16 × (840 × 0.63 + 20) = 8787
        (20, 60, 70),  # 20 × (700 × 0.60 + 20) = 8800
        (30, 60, 45),  # 30 × (450 × 0.60 + 20) = 8700
    ],
)
def test_a_long_mark_is_narrowed_first_and_then_made_smaller(
    characters, scale, half_points
) -> None:
    head = Head(("国" * characters,), NUMBER)
    assert mark_types(main(head)) == {(scale, half_points)}
    assert render(with_head(head)).notes == ()


def test_a_mark_too_long_for_any_type_is_spoken_of() -> None:
    (note,) = render(with_head(Head(("国" * 40,), NUMBER))).notes
    assert note == f"发文机关标志“{'国' * 40}”一行排不下，请改用规范化简称。"


def test_two_lines_of_a_mark_too_long_take_their_room() -> None:
    """22 pt type stands in lines of 523 twips: 2441 and 2964 / 579, + 2, are 6.2 and 7.1."""
    one, two = (head_height(Head(("国" * count,), NUMBER), 579) for count in (31, 40))
    assert two - one == 579


# --- several organs -------------------------------------------------------------------


def table_of(head: Head) -> list[list[str]]:
    (table,) = opened(with_head(head)).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


@pytest.mark.parametrize(
    "mark",
    [
        (PARTY, TOWN, "文件"),
        (f"{PARTY}文件", TOWN),
        (PARTY, f"{TOWN}文件"),
        (f"{PARTY}\n{TOWN}文件",),
    ],
)
def test_organs_stand_below_one_another_and_their_paper_beside_them(mark) -> None:
    assert table_of(Head(mark, NUMBER)) == [["中共青石镇委员会\n青石镇人民政府", "文件"]]


def test_an_organ_and_its_paper_given_apart_are_one_line() -> None:
    assert headed(Head((TOWN, "文件"), NUMBER))[1] == ("发文机关标志", "青石镇人民政府文件")


def test_organs_without_paper_are_stacked() -> None:
    assert [text for _, text in headed(STACKED)] == ["", PARTY, TOWN, NUMBER]


def test_a_shorter_name_is_spread_to_the_width_of_the_longest() -> None:
    """8 characters of 776 twips beside 7: 776 more, among 6 gaps, is 129 and 20 of its own."""
    spacings = re.findall(r'<w:spacing w:val="(\d+)"/><w:w ', main(JOINT))
    assert spacings == ["20", "149", "20", "20"]


@pytest.mark.parametrize("characters", [8, 12, 20, 60, 500])
def test_organs_and_their_paper_are_no_wider_than_the_text_area(characters) -> None:
    xml = main(Head(("国" * characters, TOWN, "文件"), NUMBER))
    assert sum(map(int, re.findall(r'<w:gridCol w:w="(\d+)"', xml))) <= 8844


def test_a_mark_of_paper_alone_is_printed() -> None:
    assert headed(Head(("文件",), NUMBER))[1] == ("发文机关标志", "文件")


def test_many_organs_are_set_smaller_and_leave_the_page_to_the_text() -> None:
    """7.3.3: page 1 shows text; four organs in 42 pt take 4000 of 12756 twips."""
    heads = [Head(("国" * 8,) * count, NUMBER) for count in (3, 4, 5, 8)]
    sizes = [max(size for _, size in mark_types(main(head))) for head in heads]
    assert sizes == [84, 79, 63, 44]
    assert head_height(heads[-1], 579) < 12756 - 5 * 579


# --- 发文字号 and 签发人 --------------------------------------------------------------


def signed(*signers: str, number: str = NUMBER) -> list[str]:
    return [text for style, text in headed(Head((TOWN,), number, signers=signers))][2:]


def test_signers_stand_two_a_line_and_the_number_on_the_line_of_the_last() -> None:
    assert signed("张志远", "王小") == [f"\t{NUMBER}\t签发人：张志远\t王小"]
    assert signed("张志远", "王小", "欧阳致远") == [
        "\t\t签发人：张志远\t王小",
        f"\t{NUMBER}\t欧阳致远",
    ]
    assert signed("张志远", "王小", "欧阳致远", "李明") == [
        "\t\t签发人：张志远\t王小",
        f"\t{NUMBER}\t欧阳致远\t李明",
    ]


def test_signers_end_one_character_from_the_right_edge_and_are_aligned() -> None:
    """27 − 3 = 24, the other column 24 − 1 − 4 = 19, the label 4 before it; the number at 1."""
    xml = main(Head((TOWN,), NUMBER, signers=("张志远", "王小明", "欧阳致远", "李小明")))
    tabs = [re.findall(r'w:pos="(\d+)"', each) for each in re.findall(r"<w:tabs>.*?</w:tabs>", xml)]
    assert tabs == [["315", str(15 * 315), str(24 * 315)], ["315", str(19 * 315), str(24 * 315)]]


def test_signers_beside_a_long_number_stand_one_a_line() -> None:
    """1 + 17 + 1 字 leave 9 of the 28: 签发人： and three characters, but no six."""
    long = "国" * 12 + "〔2022〕1号"
    assert signed("张志远", "王小明", number=long) == ["\t\t签发人：张志远", f"\t{long}\t王小明"]


def test_a_number_that_leaves_no_room_stands_beside_the_last_signer_all_the_same() -> None:
    endless = "国" * 30
    assert signed("张志远", "王小明", number=endless)[-1] == f"\t{endless}\t王小明"


def test_a_number_is_one_line_whatever_was_typed() -> None:
    assert headed(Head((TOWN,), "青政发\n〔2022〕8号"))[-1] == ("版头", "青政发〔2022〕8号")


# --- heights --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "pitch", "lines"),
    [
        (ALONE, 579, 7),  # the mark ends at 2856 twips; 2856 / 579 + 2 = 6.9
        (ALONE, 554, 7),  # 7.16: what two blank lines lack is 4 mm
        (ALONE, 600, 7),  # 6.76
        (FULL, 579, 7),  # the lines above the mark take no room of their own
        (JOINT, 579, 9),  # 3856 / 579 + 2 = 8.66
        (STACKED, 579, 9),
    ],
)
def test_the_number_stands_on_the_grid_two_lines_below_the_mark(head, pitch, lines) -> None:
    """Then its own line, 6 pt and the 1.5 pt of the red line, and two blank lines."""
    assert head_height(head, pitch) == lines * pitch + pitch + 150 + 2 * pitch


def test_each_row_of_signers_makes_the_head_a_line_higher() -> None:
    three = Head((TOWN,), NUMBER, signers=("甲", "乙", "丙"))
    assert head_height(three, 579) - head_height(Head((TOWN,), NUMBER), 579) == 579


def test_lines_above_the_mark_are_pressed_where_the_pitch_is_wide() -> None:
    """1984 − 128 − 20 twips for three lines: 612."""
    assert main(FULL, 700).count('w:line="612"') == 3
    assert main(FULL, 579).count('w:line="612"') == 0


# --- the file, and its look -----------------------------------------------------------

HEADS = {
    "alone": ALONE,
    "full": FULL,
    "joint": JOINT,
    "stacked": STACKED,
    "four": Head((PARTY, TOWN, "青石镇人民代表大会主席团", "共青团青石镇委员会", "文件"), NUMBER),
    "long": Head(("中共山东省青山县青石镇委员会党的建设工作领导小组办公室文件",), NUMBER),
    "signers": Head((TOWN,), NUMBER, signers=("张志远", "王小明", "欧阳致远")),
    "hostile": Head(("A & B <C>\x07",), "]]>\t&amp;", "'\"", "𠮷", "😀", ("<b>",)),
}


@pytest.mark.parametrize("name", HEADS)
def test_the_file_is_valid(name, schemas, tmp_path) -> None:
    path = tmp_path / "文.docx"
    path.write_bytes(render(with_head(HEADS[name])).data)
    assert OpenXmlValidator().validate(path).errors == []
    assert schemas.check(path) == []


def test_hostile_text_is_text() -> None:
    texts = [text for _, text in headed(HEADS["hostile"])]
    assert texts == ["'\"", "𠮷", "😀", "", "A & B <C>\ufffd", "\t]]>\t&amp;\t签发人：<b>"]


@pytest.fixture(scope="module")
def measured(measure):
    """The first page with each head, measured."""
    documents = {name: render(with_head(head)).data for name, head in HEADS.items()}
    return {name: result["pages"][0] for name, result in measure(documents).items()}


def line_with(page: dict, text: str) -> dict:
    return next(line for line in page["lines"] if text in line["text"])


@pytest.mark.office
@pytest.mark.parametrize("name", ["alone", "full", "joint", "stacked", "four", "signers"])
def test_the_marks_ink_begins_72_mm_from_the_edge_of_the_sheet(measured, name) -> None:
    """7.2.4: 35 mm below the 版心."""
    tops = [line["ink_mm"][1] for line in measured[name]["lines"] if line["size_pt"] > 30]
    assert min(tops) == pytest.approx(72, abs=0.5)


@pytest.mark.office
@pytest.mark.parametrize("name", [name for name in HEADS if name != "hostile"])
def test_nothing_of_a_head_leaves_the_text_area(measured, name) -> None:
    box = measured[name]["text_box_mm"]
    assert box["left"] >= 28 - 0.5
    assert box["right"] <= 184 + 0.5
    for line in measured[name]["lines"]:
        if "ink_mm" in line:
            assert line["ink_mm"][0] >= 28
            assert line["ink_mm"][2] <= 184


@pytest.mark.office
def test_the_number_stands_two_lines_below_the_mark_the_red_line_4_mm_below_it(measured) -> None:
    """7.2.5, 7.2.7; the line is as wide as the 版心 for every head."""
    assert line_with(measured["alone"], NUMBER)["y_mm"] == pytest.approx(116.5, abs=0.5)
    for name in ("alone", "full", "joint", "four", "long", "signers"):
        page = measured[name]
        (rule,) = (rule for rule in page["rules"] if rule["rgb"] == [1.0, 0.0, 0.0])
        y = line_with(page, NUMBER)["y_mm"]
        assert rule["y_mm"] - y == pytest.approx(4.2, abs=0.4)
        assert (rule["x0_mm"], rule["x1_mm"]) == pytest.approx((28, 184), abs=0.2)


@pytest.mark.office
@pytest.mark.parametrize("name", [name for name in HEADS if name != "hostile"])
def test_the_title_stands_where_the_head_is_reckoned_to_end(measured, name) -> None:
    """A title's characters stand at 0.8 of its line of 660 twips."""
    expected = 37 + (head_height(HEADS[name], 579) + 0.8 * 660) * 25.4 / 1440
    assert line_with(measured[name], REST[0].text)["y_mm"] == pytest.approx(expected, abs=0.5)


@pytest.mark.office
def test_the_paper_of_several_organs_is_centred_beside_them(measured) -> None:
    lines = {line["text"]: line for line in measured["joint"]["lines"]}
    middle = (lines[PARTY]["y_mm"] + lines[TOWN]["y_mm"]) / 2
    assert lines["文件"]["y_mm"] == pytest.approx(middle, abs=0.3)
    assert lines["文件"]["x0_mm"] > lines[PARTY]["x1_mm"] + 2
    ends = [(lines[name]["ink_mm"][0], lines[name]["x1_mm"]) for name in (PARTY, TOWN)]
    assert ends[0] == pytest.approx(ends[1], abs=2)


@pytest.mark.office
def test_number_and_signer_leave_a_character_blank_at_either_side(measured) -> None:
    line = line_with(measured["full"], NUMBER)
    assert (line["x0_mm"], line["x1_mm"]) == pytest.approx((28 + 5.56, 184 - 5.56), abs=0.6)
