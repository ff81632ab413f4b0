import pytest

from toolkit.errors import TemplateError
from toolkit.word.content import STYLES, Content, Line, fill_text, parse
from toolkit.word.scope import Scope

BODY = "公文正文"
MEASURES = [Scope({"措施": "入股"}), Scope({"措施": "修路"})]
VILLAGE = Scope(
    {"村名": "竹园村", "党员": "0", "海拔": "", "目标": "全村的"},
    {
        "问题": [
            Scope({"简述": "经济弱", "目标": ""}, {"措施表": MEASURES}),
            Scope({"简述": "人心散", "目标": "聚人心"}, {"措施表": []}),
        ],
        "会议": [],
    },
)


def template(*texts: str, style: str = BODY) -> Content:
    return parse([Line(style, text) for text in texts], "方案")


def filled(*texts: str) -> list[str]:
    return [line.text for line in template(*texts).fill(VILLAGE)]


def refusal(*texts: str, style: str = BODY) -> str:
    with pytest.raises(TemplateError) as caught:
        template(*texts, style=style).fill(VILLAGE)
    return str(caught.value)


# -- values ---------------------------------------------------------------------------------------


def test_a_placeholder_becomes_its_value() -> None:
    assert filled("【村名】有党员【 党员 】名。") == ["竹园村有党员0名。"]


def test_a_value_that_is_missing_shows_as_a_blank() -> None:
    assert filled("海拔【海拔】米") == ["海拔＿＿米"]


def test_a_value_is_never_read_as_a_template() -> None:
    scope = Scope({"文字": "按【村名】和【逐行：问题】办"})
    (line,) = template("【文字】").fill(scope)
    assert line.text == "按【村名】和【逐行：问题】办"


def test_a_paragraph_of_nothing_is_not_printed() -> None:
    assert filled("【如有：海拔】高【结束】", "  ", "", "甲") == ["甲"]
    assert filled("甲【如有：海拔】高【结束】") == ["甲"]


# -- loops ----------------------------------------------------------------------------------------


def test_a_loop_in_a_paragraph_repeats_its_text_and_parts_it_between_rows_only() -> None:
    assert filled("有【逐行：问题】【简述】【隔开：；】【结束】。") == ["有经济弱；人心散。"]


def test_a_loop_around_paragraphs_repeats_them_and_leaves_no_line_of_its_own() -> None:
    assert filled("【逐行：问题】", "【简述】", "在【村名】", "【结束】") == [
        *("经济弱", "在竹园村"),
        *("人心散", "在竹园村"),
    ]


def test_a_loop_within_a_loop_runs_over_the_rows_own_table() -> None:
    inner = "【逐行：措施表】【措施】、【简述】【隔开：，】【结束】"
    assert filled(f"【逐行：问题】【简述】：{inner}【隔开：；】【结束】") == [
        "经济弱：入股、经济弱，修路、经济弱；人心散："
    ]


def test_a_separator_keeps_its_blanks_and_counts_in_a_condition_too() -> None:
    text = "【逐行：问题】【简述】【如有：村名】【隔开: | 】【结束】【结束】"
    assert filled(text) == ["经济弱 | 人心散"]


def test_an_empty_table_prints_nothing() -> None:
    assert filled("【逐行：会议】", "会议", "【结束】", "甲") == ["甲"]


def test_a_name_means_what_it_means_nearest() -> None:
    assert filled("【逐行：问题】【如有：目标】【目标】【否则】无【结束】【结束】【目标】") == [
        "无聚人心全村的"
    ]


# -- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [("村名", "有"), ("海拔", "无"), ("党员", "有"), ("问题", "有"), ("会议", "无")],
)
def test_a_condition_asks_for_a_value_or_a_row_and_0_is_a_value(name, text) -> None:
    assert filled(f"【如有：{name}】有【否则】无【结束】") == [text]


def test_a_condition_around_paragraphs_chooses_between_them() -> None:
    lines = ("【如有: 海拔】", "高", "【否则】", "低", "【结束】")
    assert filled(*lines) == ["低"]


def test_a_half_width_colon_will_do() -> None:
    assert filled("【如有:村名】有【结束】【逐行: 会议】【结束】") == ["有"]


# -- styles ---------------------------------------------------------------------------------------


def test_the_style_of_a_paragraph_gives_its_role() -> None:
    lines = [Line(style, "甲") for style in STYLES]
    assert parse(lines, "方案").fill(VILLAGE) == tuple(lines)


@pytest.mark.parametrize(
    ("style", "role"),
    [("Normal", BODY), ("控制行", BODY), ("Title", "公文标题"), ("Heading 2", "二级标题")],
)
def test_words_own_styles_are_understood(style, role) -> None:
    assert template("甲", style=style).fill(VILLAGE) == (Line(role, "甲"),)


def test_another_style_is_refused_with_the_styles_there_are() -> None:
    assert refusal("甲", style="List Paragraph") == (
        "文稿模板《方案》第 1 段：用了样式“List Paragraph”，不知道是公文的哪一部分。"
        "请改用：公文标题、主送机关、公文正文、一级标题、二级标题、三级标题、四级标题、附注、"
        "公文落款、成文日期。"
    )


def test_a_blank_paragraph_may_have_any_style() -> None:
    assert template(" ", "【如有：村名】", "【结束】", style="List Paragraph").fill(VILLAGE) == ()


# -- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (
            ("甲", "【村民】"),
            "第 2 段：【村民】没有对应的内容。可用的有：村名、党员、海拔、目标。",
        ),
        (("【问题】",), "第 1 段：【问题】没有对应的内容。可用的有：村名、党员、海拔、目标。"),
        (
            ("【逐行：村名】", "【结束】"),
            "第 1 段：【逐行：村名】没有对应的内容。可用的有：问题、会议。",
        ),
        (
            ("【如有：钱】有【结束】",),
            "第 1 段：【如有：钱】没有对应的内容。可用的有：村名、党员、海拔、目标、问题、会议。",
        ),
        (("甲", "【逐行：问题】", "乙"), "第 2 段：【逐行：问题】没有对应的【结束】。请补上。"),
        (("【如有：村名】甲",), "第 1 段：【如有：村名】没有对应的【结束】。请补上。"),
        (
            ("甲【结束】",),
            "第 1 段：【结束】前面没有与它对应的【逐行：…】或【如有：…】。请删去或补上。",
        ),
        (("甲", "【否则】"), "第 2 段：【否则】前面没有与它对应的【如有：…】。请删去或补上。"),
        (
            ("【逐行：问题】", "【否则】", "【结束】"),
            "第 2 段：【否则】只能在【如有：…】里用一次。请删去或另写一个【如有：…】。",
        ),
        (
            ("【如有：村名】甲【否则】乙【否则】丙【结束】",),
            "第 1 段：【否则】只能在【如有：…】里用一次。请删去或另写一个【如有：…】。",
        ),
        (("甲【隔开：；】",), "第 1 段：【隔开：；】要写在【逐行：…】和【结束】之间。"),
        (("甲", "【村名"), "第 2 段：“【”没有配对。请补上另一半，或删去。"),
        (("村名】",), "第 1 段：“】”没有配对。请补上另一半，或删去。"),
    ],
)
def test_a_slip_is_refused_in_one_sentence_with_its_paragraph(texts, fault) -> None:
    assert refusal(*texts) == f"文稿模板《方案》{fault}"


def test_of_many_names_the_ten_nearest_are_offered_with_their_number() -> None:
    scope = Scope({f"名{number}": "" for number in range(40)} | {"党员总数": "", "总人口": ""})
    with pytest.raises(TemplateError) as caught:
        template("【党员总人数】").fill(scope)
    offer = str(caught.value).partition("相近的有：")[2]
    names = offer.removesuffix("（共 42 个可用）。").split("、")
    assert len(names) == 10
    assert set(names[:2]) == {"党员总数", "总人口"}


@pytest.mark.parametrize(
    "texts",
    [
        ("【如有：海拔】【没有】【结束】",),
        ("【如有：村名】甲【否则】【没有】【结束】",),
        ("【如有：没有】【结束】",),
        ("【逐行：问题】", "【逐行：措施表】", "甲【没有】", "【结束】", "【结束】"),
        ("【逐行：没有】", "【结束】"),
    ],
)
def test_a_check_finds_a_wrong_name_wherever_it_stands(texts) -> None:
    with pytest.raises(TemplateError, match="没有】没有对应的内容"):
        template(*texts).check(VILLAGE)


def test_a_check_passes_what_could_be_filled() -> None:
    template(
        "甲【逐行：问题】【简述】【隔开：；】【结束】", "【如有：海拔】【海拔】【结束】"
    ).check(VILLAGE)


# -- a village's own words ------------------------------------------------------------------------


def test_own_words_are_filled_with_values_and_keep_what_names_nothing() -> None:
    text = "【村名】海拔【 海拔 】米，【没有】【逐行：问题】【问题】【"
    assert fill_text(text, VILLAGE.values) == "竹园村海拔＿＿米，【没有】【逐行：问题】【问题】【"
