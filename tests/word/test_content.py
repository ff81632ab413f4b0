import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import FaultyTemplateError
from toolkit.word.content import STYLES, Content, Line, fill_text, names_used
from toolkit.word.parsing import parse
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
    with pytest.raises(FaultyTemplateError) as caught:
        template(*texts, style=style).fill(VILLAGE)
    return str(caught.value)


def known(*texts: str, style: str = BODY) -> Content:
    """A template that is read knowing a village's names."""
    return parse([Line(style, text) for text in texts], "方案", VILLAGE)


def faults(*lines: str | tuple[str, str]) -> list[str]:
    """All that is said of a template, without its name; a line is text or (style, text)."""
    made = [Line(*line) if isinstance(line, tuple) else Line(BODY, line) for line in lines]
    with pytest.raises(FaultyTemplateError) as caught:
        parse(made, "方案", VILLAGE)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return [said.removeprefix("文稿模板《方案》") for said in caught.value.faults]


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
    filled_in = parse([Line(style, "甲") for style in STYLES], "方案").fill(VILLAGE)
    assert [(line.style, line.text) for line in filled_in] == [(style, "甲") for style in STYLES]


@pytest.mark.parametrize(
    ("style", "role"),
    [("Normal", BODY), ("控制行", BODY), ("Title", "公文标题"), ("Heading 2", "二级标题")],
)
def test_words_own_styles_are_understood(style, role) -> None:
    assert template("甲", style=style).fill(VILLAGE) == (Line(role, "甲"),)


def test_another_style_is_refused_with_the_styles_there_are() -> None:
    assert refusal("甲", style="List Paragraph") == (
        "文稿模板《方案》第 1 段：用了样式“List Paragraph”，不知道是公文的哪一部分。"
        "请改用：公文标题、主送机关、公文正文、一级标题、二级标题、三级标题、四级标题、出席人员、附注、"
        "附件说明、公文落款、成文日期、附件标题、横排附件标题、表头、表格行、抄送。"
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
        (
            ("【问题】",),
            (
                "第 1 段：【问题】是一张表，不是一项内容。请写【逐行：问题】…【结束】，"
                "里面可用的有：简述、目标。"
            ),
        ),
        (
            ("【会议】",),
            "第 1 段：【会议】是一张表，不是一项内容。请写【逐行：会议】…【结束】。",
        ),
        (
            ("【逐行：村名】", "【结束】"),
            (
                "第 1 段：【逐行：村名】里的“村名”是一项内容，不是表，请直接写【村名】。"
                "可用的表有：问题、会议。"
            ),
        ),
        (
            ("【逐行：会】", "【结束】"),
            "第 1 段：【逐行：会】没有对应的内容。可用的有：问题、会议。",
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
    with pytest.raises(FaultyTemplateError) as caught:
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
    with pytest.raises(FaultyTemplateError, match="没有】没有对应的内容"):
        template(*texts).check(VILLAGE)


def test_a_check_passes_what_could_be_filled() -> None:
    template(
        "甲【逐行：问题】【简述】【隔开：；】【结束】", "【如有：海拔】【海拔】【结束】"
    ).check(VILLAGE)


# -- all at once ----------------------------------------------------------------------------------


def test_all_faults_are_told_at_once_in_the_order_of_the_paragraphs() -> None:
    assert faults(
        "甲【】",
        "【结束】乙【村民】",
        ("List Paragraph", "丙"),
        "【逐行：问题】【简书】",
    ) == [
        "第 1 段：【】里没有写名称。请写上名称，如【村名】，或删去。",
        "第 2 段：【结束】前面没有与它对应的【逐行：…】或【如有：…】。请删去或补上。",
        "第 2 段：【村民】没有对应的内容。可用的有：村名、党员、海拔、目标。",
        f"第 3 段：用了样式“List Paragraph”，不知道是公文的哪一部分。请改用：{'、'.join(STYLES)}。",
        "第 4 段：【逐行：问题】没有对应的【结束】。请补上。",
        "第 4 段：【简书】没有对应的内容。可用的有：简述、目标、村名、党员、海拔。",
    ]


def test_the_same_slip_twice_in_a_paragraph_is_told_once() -> None:
    assert len(faults("【村民】和【村民】")) == 1


def test_what_an_unknown_loop_holds_is_not_held_against_it() -> None:
    assert faults("【逐行：没有】【甲】【结束】") == [
        "第 1 段：【逐行：没有】没有对应的内容。可用的有：问题、会议。"
    ]


# -- names in the wrong place ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("【简述】", "【简述】只能用在【逐行：问题】里。请移到里面，或换一个名称。"),
        (
            "【措施】",
            "【措施】只能用在【逐行：问题】里的【逐行：措施表】里。请移到里面，或换一个名称。",
        ),
        (
            "【逐行：问题】【措施】【结束】",
            "【措施】只能用在【逐行：措施表】里。请移到里面，或换一个名称。",
        ),
        (
            "【逐行：措施表】【结束】",
            "【逐行：措施表】只能用在【逐行：问题】里。请移到里面，或换一个名称。",
        ),
        (
            "【如有：简述】有【结束】",
            "【如有：简述】只能用在【逐行：问题】里。请移到里面，或换一个名称。",
        ),
    ],
)
def test_a_name_outside_its_loop_is_told_where_it_belongs(text, said) -> None:
    assert faults(text) == [f"第 1 段：{said}"]


def test_of_many_loops_that_hold_a_name_three_are_told() -> None:
    scope = Scope({}, {f"表{number}": [Scope({"甲": ""})] for number in range(1, 6)})
    with pytest.raises(
        FaultyTemplateError, match="【逐行：表1】、【逐行：表2】、【逐行：表3】等里"
    ):
        parse([Line(BODY, "【甲】")], "方案", scope)


def test_where_nothing_can_be_named_it_is_said() -> None:
    with pytest.raises(FaultyTemplateError, match="【甲】没有对应的内容。这里没有可用的名称。"):
        parse([Line(BODY, "【甲】")], "方案", Scope({}))


# -- other brackets -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["[村名]", "［ 村名 ］", "{村名}", "｛村名｝", "〔村名〕", "〖村名〗"]
)
def test_a_known_name_counts_in_any_brackets(text) -> None:
    assert known(f"{text}好").fill(VILLAGE) == (Line(BODY, "竹园村好"),)


@pytest.mark.parametrize(
    "text",
    ["清组发〔2022〕40号", "[2022]40号", "{甲}", "[村名", "村名]", "[村名}", "[村[名]", "a[0]"],
)
def test_what_is_no_name_in_other_brackets_stays_as_it_stands(text) -> None:
    assert known(text).fill(VILLAGE) == (Line(BODY, text),)


def test_loops_and_conditions_count_in_any_brackets() -> None:
    text = "[逐行:问题]{简述}[隔开：；][结束]。｛如有：海拔｝高［否则］低〔结束〕"
    assert known(text).fill(VILLAGE) == (Line(BODY, "经济弱；人心散。低"),)


def test_a_near_miss_in_other_brackets_is_a_slip() -> None:
    scope = Scope({"党员总数": "21"})
    with pytest.raises(FaultyTemplateError) as caught:
        parse([Line(BODY, "[党员总人数]名，[经济]")], "方案", scope)
    assert caught.value.faults == (
        (
            "文稿模板《方案》第 1 段：“[党员总人数]”像是占位符，没有“党员总人数”这个名称，"
            "相近的是【党员总数】。请改正；是普通文字的，请改用（）。"
        ),
    )


def test_an_unknown_name_in_full_brackets_is_a_slip_also_where_others_are_text() -> None:
    assert faults("[甲]【乙】") == [
        "第 1 段：【乙】没有对应的内容。可用的有：村名、党员、海拔、目标。"
    ]


# -- chapters -------------------------------------------------------------------------------------


def test_chapters_are_counted_as_far_as_they_are_printed() -> None:
    lines = ("【章序号】、甲", "【如有：海拔】", "【章序号】、乙", "【结束】", "[章序号]、丙")
    assert [line.text for line in known(*lines).fill(VILLAGE)] == ["一、甲", "二、丙"]


def test_each_paper_counts_its_own_chapters() -> None:
    content = template("【章序号】、甲")
    assert content.fill(VILLAGE) == content.fill(VILLAGE) == (Line(BODY, "一、甲"),)


# -- tables ---------------------------------------------------------------------------------------

HEAD, ROW = "表头", "表格行"
CELLS = Scope(
    {"空": "", "话": "甲｜乙\t丙|丁"},
    {"行": [Scope({"编号": "1", "措施": "a｜b\tc|d"}), Scope({"编号": "2", "措施": ""})]},
)


def table(*lines: tuple[str, str], scope: Scope = CELLS) -> list[tuple[str, ...]]:
    return [line.cells for line in parse([Line(*each) for each in lines], "方案").fill(scope)]


@pytest.mark.parametrize("mark", ["｜", "|", "\t", " ｜　", "｜ "])
def test_cells_are_parted_by_a_bar_or_a_tab(mark) -> None:
    assert table((HEAD, f"编号{mark}措施")) == [("编号", "措施")]


def test_what_a_value_holds_stays_in_its_cell() -> None:
    lines = (
        (HEAD, "编号｜措施"),
        ("控制行", "【逐行：行】"),
        (ROW, "【编号】｜【措施】"),
        ("控制行", "【结束】"),
        (ROW, "合计｜【话】"),
    )
    assert table(*lines) == [
        ("编号", "措施"),
        ("1", "a｜b\tc|d"),
        ("2", "＿＿"),
        ("合计", "甲｜乙\t丙|丁"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "【逐行：行】【编号】｜甲【结束】",
        " 【逐行：行】 【编号】｜甲 【结束】 ",
        "【逐行：行】【如有：编号】【编号】｜甲【结束】【结束】",
    ],
)
def test_a_loop_around_a_whole_row_gives_a_row_each_time(row) -> None:
    assert table((HEAD, "编号｜措施"), (ROW, row)) == [
        *(("编号", "措施"), ("1", "甲"), ("2", "甲"))
    ]


def test_a_loop_may_begin_and_end_beside_its_row() -> None:
    rows = ((ROW, "【逐行：行】【编号】｜甲"), ("控制行", "【结束】"))
    assert table((HEAD, "编号｜措施"), *rows) == [*(("编号", "措施"), ("1", "甲"), ("2", "甲"))]
    rows = (("控制行", "【逐行：行】"), (ROW, "【编号】｜甲【结束】"))
    assert table((HEAD, "编号｜措施"), *rows) == [*(("编号", "措施"), ("1", "甲"), ("2", "甲"))]


def test_a_condition_or_a_loop_may_stand_within_a_cell() -> None:
    row = "【如有：空】有【否则】—【结束】｜【逐行：行】【编号】【隔开：、】【结束】"
    assert table((HEAD, "甲｜乙"), (ROW, row)) == [("甲", "乙"), ("—", "1、2")]


def test_an_empty_row_is_not_printed() -> None:
    row = "【如有：空】有【结束】｜"
    assert table((HEAD, "甲｜乙"), (ROW, row)) == [("甲", "乙")]


def test_a_head_without_words_is_still_the_head_of_its_rows() -> None:
    assert table((HEAD, "（宽3）｜"), (ROW, "甲｜乙")) == [("", ""), ("甲", "乙")]


@pytest.mark.parametrize(
    ("head", "cells", "widths"),
    [
        ("编号｜措施", ("编号", "措施"), ()),
        ("编号（宽2）｜措施（宽5）", ("编号", "措施"), (2, 5)),
        ("编号(宽 2)｜措施 （ 宽５ ）", ("编号", "措施"), (2, 5)),
        ("编号（宽2）｜措施（宽5）｜责任人", ("编号", "措施", "责任人"), (2, 5, 4)),
        ("【空】年（宽2）｜宽（宽1）", ("＿＿年", "宽"), (2, 1)),
        ("措施（宽）｜措施（宽五）", ("措施（宽）", "措施（宽五）"), ()),
    ],
)
def test_a_head_tells_the_widths_of_its_columns(head, cells, widths) -> None:
    (line,) = parse([Line(HEAD, head)], "方案").fill(CELLS)
    assert (line.cells, line.widths) == (cells, widths)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (
            [(HEAD, "甲｜乙"), (ROW, "丙｜丁｜戊")],
            "第 2 段：这一行有 3 格，表头有 2 格。请核对“｜”，让两行格数一样。",
        ),
        (
            [(HEAD, "甲｜乙"), "【逐行：问题】", (ROW, "丙"), "【结束】"],
            "第 3 段：这一行有 1 格，表头有 2 格。请核对“｜”，让两行格数一样。",
        ),
        (
            [(ROW, "甲｜乙")],
            "第 1 段：这是表格行，前面没有紧挨着的表头。请在它上面补一行样式为“表头”的文字。",
        ),
        (
            [(HEAD, "甲"), "文", (ROW, "乙")],
            "第 3 段：这是表格行，前面没有紧挨着的表头。请在它上面补一行样式为“表头”的文字。",
        ),
        (
            [(HEAD, "甲"), "【逐行：问题】", (ROW, "乙"), "文", "【结束】"],
            "第 3 段：这是表格行，前面没有紧挨着的表头。请在它上面补一行样式为“表头”的文字。",
        ),
        (
            ["【如有：海拔】", (HEAD, "甲"), "【结束】", (ROW, "乙")],
            "第 4 段：这是表格行，前面没有紧挨着的表头。请在它上面补一行样式为“表头”的文字。",
        ),
        (
            [(HEAD, "甲（宽0）｜乙（宽2）")],
            "第 1 段：表头里的宽度不能是 0。请写成“措施（宽5）”的样子。",
        ),
        *(
            (
                [(HEAD, "甲｜乙｜丙"), (ROW, row)],
                (
                    "第 2 段：“｜”写在【逐行：…】或【如有：…】和【结束】中间，格数会变。"
                    "请让它们都在同一格里，或都在整行外面。"
                ),
            )
            for row in (
                "甲｜【如有：海拔】乙｜丙【结束】",
                "【如有：海拔】甲｜乙【结束】｜丙",
                "【如有：海拔】甲｜乙｜丙【否则】丁｜戊｜己【结束】",
            )
        ),
    ],
)
def test_a_row_that_cannot_be_one_is_a_slip(lines, fault) -> None:
    assert fault in faults(*lines)


@pytest.mark.parametrize(
    "lines",
    [
        ["【逐行：问题】", (HEAD, "甲"), (ROW, "乙"), "【结束】", "文"],
        [
            (HEAD, "甲"),
            "【如有：海拔】",
            (ROW, "乙"),
            "【否则】",
            (ROW, "丙"),
            "【结束】",
            (ROW, "丁"),
        ],
        [(HEAD, "甲"), "【逐行：会议】", (ROW, "乙"), "【结束】", (ROW, "合计")],
        ["【如有：海拔】", (HEAD, "甲"), "【否则】", (HEAD, "乙"), "【结束】", (ROW, "丙")],
    ],
)
def test_rows_may_stand_around_and_within_loops_below_their_head(lines) -> None:
    made = [Line(*line) if isinstance(line, tuple) else Line(BODY, line) for line in lines]
    assert parse(made, "方案", VILLAGE).nodes


def test_a_row_torn_by_a_closer_of_an_earlier_paragraph_is_a_slip() -> None:
    lines = ["【如有：海拔】", (HEAD, "甲｜乙"), (ROW, "丙｜丁【否则】戊"), "【结束】"]
    assert any("格数会变" in fault for fault in faults(*lines))


# -- laws -----------------------------------------------------------------------------------------

_PIECES = (
    *("甲", " ", "｜", "【村名】", "【海拔】", "【简述】", "【没有】", "[村名]", "[2022]", "【】"),
    *("【", "】", "[", "（宽3）", "【章序号】", "【隔开：；】"),
    *(
        "【逐行：问题】",
        "【逐行：会议】",
        "【逐行：措施表】",
        "【如有：海拔】",
        "【否则】",
        "【结束】",
    ),
)
_PARAGRAPHS = st.tuples(
    st.sampled_from((BODY, HEAD, ROW, ROW, "控制行", "一级标题")),
    st.lists(st.sampled_from(_PIECES), max_size=7).map("".join),
)


@given(st.lists(_PARAGRAPHS, max_size=8))
def test_a_template_that_is_taken_can_be_filled_and_its_rows_have_the_cells_of_their_heads(lines):
    try:
        content = parse([Line(*line) for line in lines], "方案", VILLAGE)
    except FaultyTemplateError as refused:
        assert all("段：" in fault for fault in refused.faults)  # noqa: PT017 -- either is right
        return
    head = 0
    for line in content.fill(VILLAGE):
        if line.style == ROW:
            assert len(line.cells) == head
        head = len(line.cells)


@given(st.lists(st.text(alphabet="甲【】[]｛｝：逐行结束｜\t\n ", max_size=30), max_size=5))
def test_any_text_is_taken_or_refused_in_sentences(texts):
    try:
        parse([Line(BODY, text) for text in texts], "方案", VILLAGE).fill(VILLAGE)
    except FaultyTemplateError as refused:
        assert refused.faults  # noqa: PT017 -- either is right


# -- what a template uses -------------------------------------------------------------------------


def test_what_a_template_uses_is_told_with_what_is_a_table() -> None:
    text = "【村名】【逐行：问题】【简述】【结束】【如有：海拔】【党员】【否则】【目标】【结束】"
    assert list(names_used(template(text).nodes)) == [
        *(("村名", False), ("问题", True), ("简述", False), ("党员", False), ("目标", False))
    ]


# -- a village's own words ------------------------------------------------------------------------


def test_own_words_are_filled_with_values_and_keep_what_names_nothing() -> None:
    text = "【村名】海拔【 海拔 】米，【没有】【逐行：问题】【问题】【"
    assert fill_text(text, VILLAGE.values) == "竹园村海拔＿＿米，【没有】【逐行：问题】【问题】【"
