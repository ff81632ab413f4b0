"""How objections become findings: merged, sorted, quoted, answered."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from drawn import drawn
from rule_pages import book, case

from toolkit.cells import fold
from toolkit.findings import Finding, Level
from toolkit.forms import township
from toolkit.forms.village import Measure
from toolkit.rules.cases import case_of, parameters_of
from toolkit.rules.catalogue import select_rules
from toolkit.rules.rule import (
    Case,
    Objections,
    Parameters,
    Rule,
    SheetRef,
    Stage,
    Waiver,
    apply_rules,
    quoted,
    rule,
    some_of,
)
from toolkit.schema.workbook import FileFacts, Spot

TWO_VAGUE_DEADLINES = """
    # 整改措施
    | 措施编号 | 完成时限     |
    | P01-M01  | 2022年10月前 |
    | P01-M02  | 2022年10月前 |
"""


def found(checked: Case, *prefixes: str) -> tuple[Finding, ...]:
    """Return the findings of some rules."""
    return apply_rules(select_rules(prefixes), checked)


def answered(waiver: str, *prefixes: str, as_of: dt.date = dt.date(2022, 10, 31)) -> list[bool]:
    """Return which findings on two vague deadlines a row of 情况说明 answers."""
    drawing = f"""{TWO_VAGUE_DEADLINES}
    # 情况说明
    | 规则编号 | 位置 | 说明 | 有效期至 |
    {waiver}
    """
    return [each.accepted for each in found(case(drawing, as_of=as_of), *(prefixes or ("D501",)))]


# -- one finding --------------------------------------------------------------------------------


def test_a_finding_names_file_village_cell_header_content_fault_and_remedy() -> None:
    drawing = """
        # 基本情况
        | 村名 | 上河村 |
        # 整改措施
        | 措施编号 | 完成时限   |
        | P01-M01  | 10月分前   |
    """
    (finding,) = found(case(drawing), "C202")
    assert finding == Finding(
        file="0203-上河村-2022.xlsx",
        village="上河村",
        sheet="整改措施",
        cells=("B2",),
        header="完成时限",
        level=Level.ERROR,
        rule="C202",
        seen="10月分前",
        message="读不出完成时限",
        fix=Measure.deadline.advice,
    )
    assert finding.line() == (
        "【必改】0203-上河村-2022.xlsx › 整改措施 › B2（完成时限）：填的是“10月分前”，"
        "读不出完成时限。写日期或“2022年10月底前”；需长期坚持的写“2022年10月底前，并长期坚持”。"
        "[C202]"
    )


def places(case: Case, *prefixes: str) -> list[tuple[str, str, str]]:
    return [(each.sheet, fold(each.cells), each.rule) for each in found(case, *prefixes)]


def test_a_line_does_not_quote_the_cell_when_the_message_does() -> None:
    drawing = """
        # 整改措施
        | 措施编号 |
        | P01-M01  |
        | P01-M01  |
    """
    (finding,) = found(case(drawing), "C204")
    assert finding.seen == "P01-M01"
    assert "填的是" not in finding.line()


def test_equal_faults_of_a_column_are_one_finding() -> None:
    (finding,) = found(case(TWO_VAGUE_DEADLINES), "D501")
    assert finding.cells == ("B2", "B3")
    assert finding.seen == "2022年10月前"


def test_equal_faults_of_unlike_cells_quote_the_first_and_say_that_there_are_others() -> None:
    drawing = """
        # 整改措施
        | 措施编号 | 办理状态 |
        | P01-M01  | 整改中   |
        | P01-M02  | 正在推进 |
    """
    (finding,) = found(case(drawing), "C203")
    assert (finding.cells, finding.seen, finding.unlike) == (("B2", "B3"), "整改中", True)
    assert "填的是“整改中”等，按“推进中”理解。" in finding.line()


def test_cells_that_one_is_compared_with_stand_apart() -> None:
    drawing = """
        # 整改措施
        | 措施编号 | 办理状态 | 实际完成日期 |
        | P01-M01  | 已完成   |              |
    """
    (finding,) = found(case(drawing), "R301")
    assert (finding.cells, finding.header, finding.beside) == (("C2",), "实际完成日期", ("B2",))
    assert " › C2（实际完成日期；对照 B2）：" in finding.line()


def test_equal_faults_of_two_files_stay_two_findings() -> None:
    books = (
        book(TWO_VAGUE_DEADLINES, "0203-上河村-2022.xlsx"),
        book(TWO_VAGUE_DEADLINES, "0204-下河村-2022.xlsx"),
    )
    findings = found(case_of(books, dt.date(2022, 10, 31)), "D501")
    assert [each.file for each in findings] == ["0203-上河村-2022.xlsx", "0204-下河村-2022.xlsx"]


def test_a_long_text_is_quoted_around_the_words_at_fault() -> None:
    drawing = f"""
        # 基本情况
        | 党员总数 | 34 |
        # 存在问题
        | 问题编号 | 具体表现 |
        | P01 | {"甲" * 40}，全村36名党员中，{"乙" * 40} |
    """
    (finding,) = found(case(drawing), "X405")
    assert finding.seen == f"…{'甲' * 7}，全村36名党员中，{'乙' * 13}…"


def test_a_fault_across_sheets_lists_the_cells_of_the_first() -> None:
    drawing = """
        # 基本情况
        | 党员总数 | 34 |
        # 存在问题
        | 问题编号 | 具体表现       |
        | P01      | 全村36名党员。 |
    """
    (finding,) = found(case(drawing), "X405")
    assert (finding.sheet, finding.cells) == ("存在问题", ("B2",))


def test_findings_stand_in_the_order_of_file_level_sheet_cell_and_code() -> None:
    drawing = """
        # 随手记
        | 草稿 |
        # 整改措施
        | 措施编号 | 完成时限     | 措施内容 |
        | P01-M09  | 2022年10月前 | 台帐     |
        | P01-M01  | 看情况       | 峻工     |
        # 存在问题
        | 问题编号 | 问题简述 |
        | P01      | 台帐     |
    """
    assert places(case(drawing), "C2", "D501", "L105", "W602", "X404") == [
        ("整改措施", "B3", "C202"),
        ("存在问题", "B2", "W602"),
        ("整改措施", "A2", "X404"),
        ("整改措施", "B2", "D501"),
        ("整改措施", "C2", "W602"),
        ("整改措施", "C3", "W602"),
        ("随手记", "", "L105"),
    ]


def test_a_header_cell_is_quoted_by_its_header_alone() -> None:
    drawing = """
        # 基本情况
        | 年度 | 2022 |
        # 专题研究会议
        | 会议日期 |
    """
    (finding,) = found(case(drawing), "D507")
    assert (finding.cells, finding.header, finding.seen) == (("A1",), "会议日期", "")


def test_a_village_not_handed_in_is_shown_in_the_township_workbook() -> None:
    roster = """
        # 村名册
        | 村代码 | 村名   |
        | '0204  | 下河村 |
    """
    town = book(roster, "镇级工作簿.xlsx")
    (finding,) = found(case_of((), dt.date(2022, 10, 31), township.roster(town)), "T")
    assert (finding.file, finding.village, finding.header, finding.seen) == (
        "镇级工作簿.xlsx",
        "下河村",
        "村代码",
        "0204",
    )


def test_two_files_of_one_name_are_told_apart_by_their_paths() -> None:
    drawing = """
        # 基本情况
        | 村代码 | '0203 |
    """
    twins = tuple(book(drawing, marks=f"path={folder}/同名.xlsx") for folder in "甲乙")
    (finding,) = found(case_of(twins, dt.date(2022, 10, 31)), "T703")
    assert finding.message == "与 甲/同名.xlsx 重复，村代码都是 0203"


def test_a_sheet_read_under_another_title_is_named_without_a_cell() -> None:
    drawing = """
        # 阶段\u200b安排
        | 阶段名称 |
        | 集中整顿 |
    """
    (finding,) = found(case(drawing), "L103")
    assert (finding.cells, finding.message) == ((), "工作表按“阶段安排”读取")


def test_a_township_workbook_among_the_villages_is_none_of_them() -> None:
    town = book("# 镇情\n| 乡镇 | 青石镇 |", "镇级工作簿.xlsx")
    assert found(case_of([town], dt.date(2022, 10, 31)), "T") == ()


# -- no cascade ---------------------------------------------------------------------------------


def test_an_empty_workbook_is_only_told_which_sheets_it_lacks() -> None:
    findings = apply_rules(select_rules(), case(""))
    assert {each.rule for each in findings} == {"L101"}


def test_a_sheet_with_keys_alone_is_only_told_which_columns_it_lacks() -> None:
    drawing = """
        # 基本情况
        | 年度 | 2022 |
        # 存在问题
        | 问题编号 |
        | P01 |
        # 整改措施
        | 措施编号 |
        | P01-M01 |
        # 专题研究会议
        | 地点 |
        | 村委会 |
        # 测评验收
        | 综合得分 |
        | 86 |
    """
    findings = apply_rules(select_rules(), case(drawing))
    assert {each.rule for each in findings} == {"L101", "L102"}


def test_an_unreadable_cell_is_spoken_of_once() -> None:
    drawing = """
        # 整改措施
        | 措施编号 | 完成时限 | 办理状态 | 进度 | 实际完成日期 |
        | P01-M01  | 尽快     | 快了     | 过半 | 月底         |
    """
    findings = apply_rules(select_rules(["C", "R", "X", "D"]), case(drawing))
    assert {each.rule for each in findings} == {"C202"}


def test_the_text_of_a_formula_error_is_no_second_fault() -> None:
    drawing = """
        # 整改措施
        | 措施编号 | 进度    |
        | P01-M01  | #DIV/0! |
    """
    broken = replace(drawn(drawing), facts=FileFacts(errors=(Spot("整改措施", "B2", "#DIV/0!"),)))
    checked = Case((broken,), dt.date(2022, 10, 31))
    assert [(each.rule, each.seen) for each in found(checked, "C")] == [("C205", "#DIV/0!")]


# -- waivers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "waiver",
    [
        "| D501 |  | 按当月末执行 |  |",
        "| ｄ501 | 整改措施 | 按当月末执行 |  |",
        "| D501 | 整改措施！B2:B3 | 按当月末执行 | 2022-10-31 |",
        "| D501 | 整改措施!$B$2、$B$3 | 按当月末执行 |  |",
    ],
)
def test_a_warning_answered_in_the_sheet_is_accepted(waiver: str) -> None:
    assert answered(waiver) == [True]


@pytest.mark.parametrize(
    "waiver",
    [
        "| D502 |  | 按当月末执行 |  |",
        "|  | 整改措施 | 按当月末执行 |  |",
        "| D501 | 存在问题 | 按当月末执行 |  |",
        "| D501 | 整改措施!C2 | 按当月末执行 |  |",
        "| D501 | 整改措施!第二行 | 按当月末执行 |  |",
        "| D501 |  |  |  |",
        "| D501 |  | 按当月末执行 | 2022-10-30 |",
        "| D501 |  | 按当月末执行 | 月底 |",
    ],
)
def test_a_warning_is_not_accepted_for_another_rule_place_day_or_without_words(waiver: str) -> None:
    assert answered(waiver) == [False]


def test_a_waiver_for_one_cell_leaves_the_other() -> None:
    assert answered("| D501 | 整改措施!B3 | 按当月末执行 |  |") == [False, True]


def test_one_village_does_not_answer_for_another() -> None:
    books = [book(TWO_VAGUE_DEADLINES, marks=f"path={folder}/同名.xlsx") for folder in "甲乙"]
    whole = case_of(books, dt.date(2022, 10, 31))
    waiver = Waiver(books[1].path, "D501", "", "按当月末执行")
    findings = found(replace(whole, waivers=(waiver,)), "D501")
    assert {each.file: each.accepted for each in findings} == {
        "甲/同名.xlsx": False,
        "乙/同名.xlsx": True,
    }


def test_an_error_cannot_be_answered() -> None:
    drawing = """
        # 整改措施
        | 措施编号 |
        | P01-M01  |
        | P01-M01  |
        # 情况说明
        | 规则编号 | 位置 | 说明         |
        | C204     |      | 就是这样编的 |
        | L101     |      | 不需要       |
    """
    assert not any(each.accepted for each in found(case(drawing), "C204", "L101"))


def test_a_waiver_for_a_cell_does_not_answer_for_the_sheet() -> None:
    drawing = """
        # 阶段安排
        | 阶段名称 | 结束时间       |
        | 集中整顿 | 2022年9月底前 |
        # 情况说明
        | 规则编号 | 位置        | 说明   |
        | L102     | 阶段安排!A1 | 不需要 |
    """
    assert not any(each.accepted for each in found(case(drawing), "L102"))


# -- rules themselves ---------------------------------------------------------------------------


def _vague(checked: Case) -> Objections:
    """时限含糊。

    原因：说不清
    哪一天。

    改法：写清楚。
    """
    for measure in checked.rows(Measure):
        yield [measure.cell(Measure.deadline)], "含糊"


def made(stage: Stage, level: Level = Level.ERROR) -> Rule:
    """Return a rule that objects to every deadline."""
    return rule("D599", level, stage)(_vague)


def test_a_trial_rule_reports_as_information() -> None:
    findings = apply_rules([made(Stage.TRIAL)], case(TWO_VAGUE_DEADLINES))
    assert [each.level for each in findings] == [Level.INFO]


def test_a_retired_rule_is_not_asked() -> None:
    assert apply_rules([made(Stage.RETIRED)], case(TWO_VAGUE_DEADLINES)) == ()


def test_a_rule_takes_name_and_page_from_its_function() -> None:
    vague = made(Stage.ACTIVE)
    assert (vague.name, vague.fault, vague.why, vague.remedy) == (
        "-vague",
        "时限含糊。",
        "说不清哪一天。",
        "写清楚。",
    )
    assert vague.page.startswith("D599 -vague（必改·生效）\n时限含糊。")
    assert repr(vague) == "<Rule D599 -vague>"


def test_a_rule_without_a_page_cannot_be_made() -> None:
    def bare(checked: Case) -> Objections:
        """只有一句话。"""
        yield [SheetRef(checked.books[0].name)], ""

    with pytest.raises(ValueError, match="bare"):
        rule("D598", Level.ERROR)(bare)


def test_parameters_left_open_keep_their_defaults() -> None:
    drawing = """
        # 参数
        | 年度 | 2023 |
        | 专题研究起始月份 | 3 |
        | 临期提醒天数 |  |
    """
    town = book(drawing, "镇级工作簿.xlsx")
    settings = town.rows(township.Settings)[0]
    assert parameters_of(settings) == Parameters(year=2023, first_month=3)
    assert parameters_of(None) == Parameters()


def test_whatever_a_township_has_set_is_what_rules_ask() -> None:
    drawing = """
        # 参数
        | 年度             | 2023 |
        | 每月截止日       | 20   |
        | 专题研究起始月份 | 3    |
        | 会议到会比例     | 60   |
        | 临期提醒天数     | 0    |
        | 验收合格分数     | 80   |
        | 满意度合格线     | 95   |
        | 不满意票上限     | 40   |
        | 立行立改天数     | 10   |
        | 回头看期限       | 180  |
        | 百分数容差       | 1    |
    """
    settings = book(drawing, "镇级工作簿.xlsx").rows(township.Settings)[0]
    assert parameters_of(settings) == Parameters(
        year=2023,
        first_month=3,
        cutoff_day=20,
        quorum=Decimal(60),
        due_soon=0,
        pass_score=Decimal(80),
        satisfaction=Decimal(95),
        tolerance=Decimal(1),
        dissatisfied=Decimal(40),
        immediate_days=10,
        lookback_days=180,
    )


# -- what serves every form, what a line quotes -------------------------------------------------


def test_a_township_s_percentages_are_asked_for_when_they_may_be_fractions() -> None:
    drawing = """
        # 参数
        | 年度         | 2022 |
        | 会议到会比例 | 0.5  |
        | 满意度合格线 | 0.9  |
        | 不满意票上限 | 1    |
        | 百分数容差   | 0.5  |
    """
    town = book(drawing, "镇级工作簿.xlsx")
    findings = found(case_of((town,), dt.date(2022, 10, 31)), "C207")
    assert [each.message for each in findings] == [
        "按 0.5% 读取，可能是把 50% 填成了小数",
        "按 0.9% 读取，可能是把 90% 填成了小数",
        "按 1% 读取，可能是把 100% 填成了小数",
    ]


def test_a_cell_of_thousands_of_names_is_one_short_line() -> None:
    listed = "、".join(f"{chr(0x4E00 + n)}小明" for n in range(3000))
    drawing = f"""
        # 基本情况
        | 支部书记姓名 | 王志远 |
        # 工作力量
        | 工作角色 | 姓名或单位 |
        | 村党组织书记 | {listed} |
        # 整改措施
        | 措施编号 | 责任领导 | 责任人 |
        | P01-M01 | {listed.replace("小", "大")} | {listed.replace("小", "大")} |
    """
    findings = found(case(drawing), "X409", "X410", "X422")
    assert sorted({each.rule for each in findings}) == ["X409", "X410", "X422"]
    assert len(findings) == 3
    assert all(len(each.message) < 60 and "等 3000 人" in each.message for each in findings)


def test_a_long_name_is_quoted_by_its_beginning() -> None:
    assert quoted("王志远") == "“王志远”"
    assert quoted("甲" * 31) == f"“{'甲' * 30}…”"


def test_the_first_five_names_are_told_and_how_many_there_are() -> None:
    assert some_of(list("甲乙丙丁戊")) == "甲、乙、丙、丁、戊"
    assert some_of(list("甲乙丙丁戊己"), "条") == "甲、乙、丙、丁、戊等 6 条"
