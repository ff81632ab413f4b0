import datetime as dt

import pytest
from drawn import drawn
from villages import EMPTY, FULL, SMALL

from toolkit.forms import village
from toolkit.word.scope import Scope
from toolkit.word.vocabulary import specimen, vocabulary

AS_OF = dt.date(2026, 9, 30)


def names(text: str, as_of: dt.date = AS_OF) -> Scope:
    return vocabulary(drawn(text), as_of)


def picked(scope: Scope, *wanted: str) -> list[str]:
    return [scope.values[name] for name in wanted]


def column(rows, name: str) -> list[str]:
    return [row.values[name] for row in rows]


# -- counts ---------------------------------------------------------------------------------------

LEDGER = """
    # 存在问题
    | 问题编号 | 问题简述 | 销号日期   |
    | P01      | 经济弱   | 2026-09-30 |
    | P02      | 人心散   | 2026-10-01 |
    # 整改措施
    | 措施编号 | 问题编号 | 措施内容 | 完成时限   | 办理状态 |
    | P01-M01  | P01      | 甲       | 2026-08-31 | 已完成   |
    | P01-M02  | P01      | 乙       | 2026-08-31 | 待验收   |
    | P01-M03  | P01      | 丙       | 2026-08-31 | 已销号   |
    | P01-M04  | P01      | 丁       | 2026-08-31 | 推进中   |
    | P01-M05  | P01      | 戊       | 2026-09-30 | 推进中   |
    | P01-M06  | P01      | 己       | 2026-08-31 | 长期坚持 |
    | P01-M07  | P01      | 庚       | 2026-09-29 | 未启动   |
    | P02-M01  | P02      | 辛       | 2026-12-31 |          |
    | P02-M02  | P02      | 壬       | 长期坚持   | 长期坚持 |
    | P02-M03  | P02      | 癸       |            | 退回     |
"""


def test_measures_are_counted_by_what_is_left_to_do_and_the_rate_leaves_out_standing_ones() -> None:
    scope = names(LEDGER)
    assert picked(scope, "措施数", "完成数", "推进数", "长期数", "未启动数", "逾期数") == [
        *("10", "3", "3", "2", "1", "2")
    ]
    assert picked(scope, "未填数", "有未填") == ["1", "是"]
    assert picked(scope, "计算基数", "完成率", "有逾期") == ["8", "37.5%", "是"]
    assert picked(scope, "问题数", "销号数") == ["2", "1"]


def test_each_problem_has_its_own_counts() -> None:
    first, second = names(LEDGER).tables["存在问题"]
    assert picked(
        first, "措施数", "完成数", "推进数", "长期数", "未启动数", "逾期数", "完成率"
    ) == [*("7", "3", "2", "1", "1", "2", "50.0%")]
    assert picked(second, "措施数", "完成数", "逾期数", "完成率") == ["3", "0", "0", "0.0%"]


def test_a_closing_day_still_to_come_closes_nothing() -> None:
    assert column(names(LEDGER).tables["存在问题"], "销号日期") == ["2026年9月30日", ""]


def test_days_overdue_are_counted_from_the_day_after_the_deadline() -> None:
    rows = names(LEDGER).tables["全部措施"]
    assert column(rows, "逾期") == ["", "", "", "30", "", "", "1", "", "", ""]


def test_a_rate_of_nothing_is_blank_and_a_count_of_nothing_is_0() -> None:
    scope = vocabulary(EMPTY, AS_OF)
    assert picked(scope, "措施数", "问题数", "销号数", "会议数", "长期数") == ["0"] * 5
    assert picked(scope, "完成率", "有逾期", "村名") == ["", "", ""]


def test_meetings_and_evaluations_after_the_day_are_left_out() -> None:
    scope = vocabulary(SMALL, AS_OF)
    assert scope.values["会议数"] == "2"
    assert column(scope.tables["测评验收"], "满意率") == ["90.6%", ""]
    assert column(scope.tables["测评验收"], "综合得分") == ["", "88"]


def test_nothing_to_show_is_a_name_of_its_own() -> None:
    assert vocabulary(EMPTY, AS_OF).values["无成效"] == "是"
    assert vocabulary(SMALL, AS_OF).values["无成效"] == ""


# -- the village ----------------------------------------------------------------------------------


def test_what_the_profile_holds_is_told_in_lists_with_0_and_masks_as_they_stand() -> None:
    scope = names("""
        # 基本情况
        | 项目               | 填写内容 |
        | 支部书记           | 1        |
        | 副支书             | 0        |
        | 交叉任职的两委委员 | **       |
        | 30岁及以下         | 3        |
        | 上年村集体收入     | 2.50     |
        | 集体负债           | 0        |
        | 类型表述           | 组织涣散 |
        | 主要类型           | R10      |
        | 书记是否一肩挑     | 否       |
        | 是否镇政府驻地     | 是       |
    """)
    assert picked(scope, "班子构成", "党员构成", "集体经济") == [
        "支部书记1名、副支书0名、交叉任职的两委委员**名",
        "30岁及以下3名",
        "上年村集体收入2.5万元，集体负债0万元",
    ]
    assert picked(scope, "认定类型", "一肩挑", "镇政府驻地") == ["组织涣散", "", "是"]


def test_types_without_words_of_their_own_are_told_in_the_official_ones() -> None:
    text = "# 基本情况\n| 项目 | 填写内容 |\n| 主要类型 | L01、L77、R09 |"
    assert names(text).values["认定类型"] == (
        "发展思路不清、集体经济薄弱；无固定办公活动场所及便民服务设施"
    )


def test_people_stand_under_their_roles_and_helpers_in_a_sentence() -> None:
    scope = vocabulary(FULL, AS_OF)
    assert picked(scope, "组长", "成员", "村文书") == ["孙立", "赵青、马兰", ""]
    assert scope.values["帮扶力量"] == (
        "县级领导高远联村，乡镇领导林涛包村，第一书记何苗驻村，县林业局结对帮扶"
    )
    assert vocabulary(EMPTY, AS_OF).values["帮扶力量"] == ""


def test_a_role_named_like_a_number_of_the_profile_does_not_hide_it() -> None:
    scope = names("""
        # 基本情况
        | 项目         | 填写内容   |
        | 村委会副主任 | 2          |
        # 工作力量
        | 工作角色     | 姓名或单位 |
        | 村委会副主任 | 陈平       |
        | 村委会副主任 | 杨丽       |
        |              | 无名       |
    """)
    assert picked(scope, "村委会副主任", "村委会副主任姓名") == ["2", "陈平、杨丽"]


# -- problems and measures ------------------------------------------------------------------------


def shown(text: str) -> list[tuple[str, str, list[str]]]:
    """(owner, deadline, what the measures say otherwise) of each problem."""
    return [
        (*picked(problem, "整改责任人", "整改时限"), column(problem.tables["整改措施"], "另注"))
        for problem in names(text).tables["存在问题"]
    ]


MEASURES = "\n# 整改措施\n| 问题编号 | 措施内容 | 责任人 | 完成时限 |\n"
PROBLEMS = "# 存在问题\n| 问题编号 | 问题简述 | 整改责任人 | 整改时限 |\n"


def test_what_measures_share_is_said_once_at_their_problem() -> None:
    measures = "| P01 | 甲 | 周明 | 6月底前 |\n| P01 | 乙 | 周明 | 6月底前 |"
    assert shown(f"{PROBLEMS}| P01 | 散 | | |{MEASURES}{measures}") == [
        ("周明", "6月底前", ["", ""])
    ]


def test_where_measures_differ_each_says_its_own_and_one_that_says_nothing_shows_it() -> None:
    measures = "| P01 | 甲 | 周明 | 6月底前 |\n| P01 | 乙 | 吴芳、周明 | |"
    assert shown(f"{PROBLEMS}| P01 | 散 | | |{MEASURES}{measures}") == [
        (
            "周明、吴芳",
            "见各条措施",
            [
                "（责任人：周明；完成时限：6月底前）",
                "（责任人：吴芳、周明；完成时限：＿＿）",
            ],
        )
    ]


def test_a_measure_says_what_differs_from_what_its_problem_says() -> None:
    measures = "| P01 | 甲 | 周明 | |\n| P01 | 乙 | | 7月底前 |"
    assert shown(f"{PROBLEMS}| P01 | 散 | 周明 | 6月底前 |{MEASURES}{measures}") == [
        (
            *("周明", "6月底前"),
            ["（责任人：周明；完成时限：＿＿）", "（责任人：＿＿；完成时限：7月底前）"],
        )
    ]


def test_a_measure_without_an_owner_does_not_take_its_problems() -> None:
    measures = "| P01 | 甲 | 周明 | 6月底前 |\n| P01 | 乙 | | 6月底前 |"
    assert shown(f"{PROBLEMS}| P01 | 散 | 周明 | 6月底前 |{MEASURES}{measures}") == [
        ("周明", "6月底前", ["", "（责任人：＿＿；完成时限：6月底前）"])
    ]


HANDLED = """
    # 存在问题
    | 问题编号 | 问题简述 | 销号日期   | 回头看结果 | 回头看日期 |
    | P01      | 甲       | 2022-09-21 |            |            |
    | P02      | 乙       | 2022-06-01 | 反弹       | 2022-08-01 |
    | P03      | 丙       |            |            |            |
    # 整改措施
    | 问题编号 | 措施内容 | 完成时限   | 办理状态 | 实际完成日期 | 进展说明 |
    | P01      | 一       | 2022-05-31 | 已销号   | 2022-05-27   | 上墙     |
    | P01      | 二       | 2022-05-31 | 已完成   | 2022-05-28   |          |
    | P01      | 三       | 2022-05-31 | 待验收   |              |          |
    | P01      | 四       | 2022-12-31 | 推进中   | 2022-05-29   |          |
    | P01      | 五       | 2022-12-31 |          |              |          |
    | P03      | 六       | 2022-06-21 | 已完成   | 2022-07-01   | 修好     |
"""


def test_the_day_on_which_a_measure_was_done_is_not_that_of_its_closing() -> None:
    assert column(names(HANDLED, dt.date(2022, 10, 31)).tables["全部措施"], "办理情况") == [
        *("2022年5月27日完成，已销号", "2022年5月28日完成", "待验收"),
        *("推进中，实际完成日期2022年5月29日", "＿＿", "2022年7月1日完成"),
    ]


def test_the_day_on_which_a_problem_was_closed_is_said_to_be_that() -> None:
    assert column(names(HANDLED, dt.date(2022, 10, 31)).tables["存在问题"], "整改结果") == [
        *("2022年9月21日销号", "回头看反弹，重新整改", "措施已完成，尚未申请销号")
    ]


def test_a_measure_counts_by_its_status_on_any_day_as_it_does_in_the_rollup() -> None:
    scope = names(HANDLED, dt.date(2022, 6, 30))  # the sixth was done in July
    assert picked(scope, "完成数", "推进数", "逾期数") == ["4", "1", "0"]


def test_what_is_so_of_all_measures_is_said_of_all() -> None:
    one, other = ("# 整改措施\n| 措施内容 | 办理状态 |", "| 甲 | 已完成 |")
    assert names(f"{one}\n{other}").values["措施状况"] == "已完成"
    assert names(f"{one}\n{other}\n{other}").values["措施状况"] == "均已完成"
    mixed = names(f"{one}\n{other}\n| 乙 | 推进中 |").values
    assert mixed["措施状况"] == "其中已完成1条，正在推进1条"
    assert (mixed["有完成"], mixed["有未完成"]) == ("是", "是")
    assert names(f"{one}\n{other}").values["有未完成"] == ""


def test_a_share_changes_by_points_and_words_bear_no_unit() -> None:
    scope = names("""
        # 基本情况
        | 项目           | 填写内容 |
        | 上年村集体收入 | 2.50     |
        | 集体负债       | 无       |
        # 整改目标
        | 目标标题 | 指标名称 | 计量单位 | 基线值 | 目标值 | 现值 |
        | 甲       | 参会率   | %        | 62.1   | 80     | 89.7 |
        | 乙       | 参会率   | %        | 62     | 80     | 60   |
        | 丙       | 收入     | 万元     | 1      | 暂无   | 3    |
    """)
    assert scope.values["集体经济"] == "上年村集体收入2.5万元，集体负债无"
    assert column(scope.tables["整改目标"], "变化") == [
        "提高27.6个百分点",
        "下降2个百分点",
        "增加2",
    ]
    assert column(scope.tables["整改目标"], "目标") == ["80%", "80%", "暂无"]


def test_a_problem_without_measures_has_blanks_for_its_terms() -> None:
    assert shown(f"{PROBLEMS}| P01 | 散 | | |") == [("", "", [])]


def test_masked_owners_are_all_printed() -> None:
    measures = "| P01 | 甲 | ***、*** | |"
    assert shown(f"{PROBLEMS}| P01 | 散 | | |{MEASURES}{measures}")[0][0] == "***、***"


def test_no_measure_is_lost_and_none_is_printed_twice() -> None:
    measures = "| P01 | 甲 | | |\n| P09 | 乙 | | |\n| | 丙 | | |"
    scope = names(f"{PROBLEMS}| P01 | 散 | | |\n| P01 | 弱 | | |\n| | 空 | | |{MEASURES}{measures}")
    tables = [problem.tables["整改措施"] for problem in scope.tables["存在问题"]]
    assert [column(rows, "措施内容") for rows in tables] == [["甲"], [], []]
    assert column(scope.tables["其他措施"], "措施内容") == ["乙", "丙"]


def test_a_measure_prints_its_own_number_even_where_it_repeats_or_skips() -> None:
    numbers = ("P01-M01", "P01-M03", "P01-M03", "", "P01-M12")
    rows = "\n".join(f"| {number} | 甲 |" for number in numbers)
    scope = names(f"# 整改措施\n| 措施编号 | 措施内容 |\n{rows}")
    assert column(scope.tables["全部措施"], "序数") == ["1", "3", "3", "4", "12"]


def test_items_of_a_list_lose_the_mark_that_ends_them_and_nothing_else() -> None:
    texts = ("入股。", "修路；", "“三变”改革，", "A & B <C>【村名】")
    rows = "\n".join(f"| {text} |" for text in texts)
    scope = names(f"# 整改措施\n| 措施内容 |\n{rows}")
    assert column(scope.tables["全部措施"], "措施内容") == [
        *("入股", "修路", "“三变”改革", "A & B <C>【村名】")
    ]


def test_a_digit_is_kept_apart_from_the_number_before_it() -> None:
    scope = names("""
        # 存在问题
        | 问题编号 | 问题简述     |
        | P01      | 36名党员老化 |
        # 整改措施
        | 问题编号 | 措施内容     |
        | P01      | 10万元入股   |
        # 整改目标
        | 目标标题     |
        | 5年发展规划  |
        # 阶段安排
        | 阶段名称     |
        | 100天攻坚    |
    """)
    (problem,) = scope.tables["存在问题"]
    assert problem.values["问题表述"] == " 36名党员老化。"
    assert column(problem.tables["整改措施"], "措施内容") == [" 10万元入股"]
    assert column(scope.tables["整改目标"], "目标标题") == [" 5年发展规划"]
    assert column(scope.tables["阶段安排"], "阶段名称") == [" 100天攻坚"]


# -- goals, stages, passages ----------------------------------------------------------------------


def test_an_indicator_is_told_with_its_unit_as_far_as_it_is_known() -> None:
    scope = names("""
        # 整改目标
        | 目标标题 | 目标内容 | 指标名称 | 计量单位 | 基线值 | 目标值 | 现值 |
        | 甲。     | 增收     | 收入     | 万元     | 0      | 5      | 2.5  |
        | 乙       | 满意！   | 满意率   | %        |        | 90     |      |
        | 丙       |          | 干部     |          |        |        | 3    |
        | 丁       |          |          |          |        |        |      |
    """)
    goals = scope.tables["整改目标"]
    assert column(goals, "指标表述") == [
        "收入，整顿前0万元，目标5万元",
        "满意率，目标90%",
        "干部",
        "",
    ]
    assert column(goals, "目标标题") == ["甲", "乙", "丙", "丁"]
    assert column(goals, "目标内容") == ["增收。", "满意！", "", ""]
    assert column(scope.tables["指标"], "目前") == ["2.5万元", "3"]


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026年4月", "2026年9月底前", "2026年4月至9月底前"),
        ("2026年11月", "2027年1月底前", "2026年11月至2027年1月底前"),
        ("4月", "9月底前", "4月至9月底前"),
        ("", "2026年9月低前", "2026年9月低前"),
        ("2026年4月", "", "2026年4月"),
        ("", "", ""),
    ],
)
def test_a_stage_is_told_from_when_to_when_with_the_year_once(start, end, said) -> None:
    scope = names(f"# 阶段安排\n| 阶段名称 | 开始时间 | 结束时间 |\n| 甲 | {start} | {end} |")
    assert column(scope.tables["阶段安排"], "起止时间") == [said]


def test_a_villages_own_words_are_filled_and_their_titles_counted() -> None:
    scope = names("""
        # 基本情况
        | 项目     | 填写内容 |
        | 党员总数 | 21       |
        # 方案文字
        | 所在章节 | 小标题          | 文字                               |
        | 整顿要求 |                 | 【党员总数】名党员，【总户数】户   |
        | 整顿要求 | 管好【党员总数】人。 | 【没有】【逐行：存在问题】。   |
        | 整顿要求 | 空的            |                                    |
        | 整顿要求 | 抓常            | 常抓。                             |
        | 整改目标 |                 | 目标如下：                         |
    """)
    rows = scope.tables["整顿要求"]
    assert column(rows, "全文") == [
        "21名党员，＿＿户",
        "管好21人。【没有】【逐行：存在问题】。",
        "抓常。常抓。",
    ]
    assert column(rows, "小标题") == ["", "管好21人", "抓常"]
    assert column(rows, "序号汉字")[1:] == ["一", "二"]
    assert column(scope.tables["整改目标章"], "文字") == ["目标如下："]
    assert scope.tables["整改目标"] == []


# -- how far a problem has come -------------------------------------------------------------------

STATES = """
    # 存在问题
    | 问题编号 | 问题简述 | 申请销号日期 | 销号日期   | 回头看日期 | 回头看结果 |
    | P01      | 甲       |              | 2026-08-01 |            |            |
    | P02      | 乙       |              | 2026-08-01 | 2026-09-01 | 反弹       |
    | P03      | 丙       |              |            |            |            |
    | P04      | 丁       |              |            |            |            |
    | P05      | 戊       | 2026-09-30   |            |            |            |
    | P06      | 己       | 2026-10-01   |            |            |            |
    | P07      | 庚       |              |            |            |            |
    | P08      | 辛       |              |            |            |            |
    | P09      | 壬       |              |            |            |            |
    | P10      | 癸       |              | 2026-10-01 |            |            |
    # 整改措施
    | 问题编号 | 措施内容 | 办理状态 |
    | P01      | 甲       | 已完成   |
    | P02      | 乙       | 已完成   |
    | P04      | 丁       | 长期坚持 |
    | P05      | 戊       | 已完成   |
    | P05      | 戊       | 长期坚持 |
    | P06      | 己       | 已完成   |
    | P07      | 庚       | 已完成   |
    | P07      | 庚       | 未启动   |
    | P08      | 辛       | 未启动   |
    | P09      | 壬       |          |
    | P10      | 癸       | 推进中   |
"""


def test_a_problem_tells_how_far_it_has_come() -> None:
    assert column(names(STATES).tables["存在问题"], "整改状态") == [
        "已销号",
        "回头看反弹，重新整改",
        "尚未制定整改措施",
        "长期坚持",
        "措施已完成，已申请销号",
        "措施已完成，尚未申请销号",
        "正在整改",
        "尚未启动",
        "",
        "正在整改",
    ]


def test_only_what_is_done_tells_an_effect() -> None:
    scope = names("""
        # 存在问题
        | 问题编号 | 问题简述 |
        | P01      | 甲       |
        | P02      | 乙       |
        # 整改措施
        | 问题编号 | 措施内容 | 办理状态 | 进展说明   |
        | P01      | 甲       | 已完成   | 已到账；   |
        | P01      | 乙       | 待验收   |            |
        | P01      | 丙       | 已销号   | 修路400米。 |
        | P02      | 丁       | 推进中   | 已签协议   |
    """)
    first, second = scope.tables["存在问题"]
    assert picked(first, "整改成效", "办理统计") == ["已到账；修路400米", "已完成3条"]
    assert picked(second, "整改成效", "办理统计") == ["", "正在推进1条"]
    assert column(first.tables["整改措施"], "已办结") == ["是", "是", "是"]
    assert column(second.tables["整改措施"], "已办结") == [""]


def test_every_state_that_there_is_one_of_is_counted_in_a_sentence() -> None:
    assert names(LEDGER).values["办理统计"] == (
        "已完成3条，正在推进3条，尚未启动1条，状态未填1条，长期坚持2条"
    )
    assert vocabulary(EMPTY, AS_OF).values["办理统计"] == ""


# -- names ----------------------------------------------------------------------------------------


def shape(scope: Scope) -> dict[str, object]:
    """A scope's names, with those of each table's first row."""
    tables = {name: shape(rows[0]) if rows else {} for name, rows in scope.tables.items()}
    return dict.fromkeys(scope.values, ()) | tables


def test_the_specimen_has_a_row_in_every_table_and_the_names_of_any_village() -> None:
    found = shape(specimen())
    assert all(found[name] for name in specimen().tables)
    assert found["存在问题"]["整改措施"]
    assert shape(vocabulary(EMPTY, AS_OF)).keys() == found.keys()
    full = shape(vocabulary(FULL, AS_OF))
    assert all(names == found[table] for table, names in full.items() if names)


def test_nothing_that_is_counted_hides_a_column_of_the_profile() -> None:
    rows = "\n".join(f"| {each.header} | {each.example} |" for each in village.Profile.columns)
    drawing = drawn(f"# 基本情况\n| 项目 | 填写内容 |\n{rows}")
    scope, profile = vocabulary(drawing, AS_OF), village.profile(drawing)
    assert {
        each.header
        for each in profile.columns
        if scope.values[each.header] != profile.printed(each)
    } == set()


def test_no_name_is_both_a_value_and_a_table() -> None:
    scope = specimen()
    assert not scope.values.keys() & scope.tables.keys()
    assert not {"整改措施"} & scope.tables["存在问题"][0].values.keys()


def test_a_workbook_without_any_sheet_has_every_name() -> None:
    scope = vocabulary(drawn(""), AS_OF)
    assert scope.values.keys() == specimen().values.keys()


def test_every_column_of_the_form_can_be_named() -> None:
    found = shape(specimen())
    for row in (village.Person, village.Problem, village.Goal, village.Stage, village.Meeting):
        assert {each.header for each in row.columns} <= found[row.sheet].keys()
    assert {each.header for each in village.Profile.columns} <= found.keys()
