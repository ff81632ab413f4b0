"""What a row of 情况说明 may name, and how: several rules, a sheet and its cells, cells alone."""

import datetime as dt

import pytest
from rule_pages import PAGES, case

from toolkit.cells import CellRef
from toolkit.findings import Level
from toolkit.rules.catalogue import RULES, select_rules
from toolkit.rules.rule import SheetRef, Waiver, apply_rules

DAY = dt.date(2022, 10, 31)
TWO_SHEETS = """
    # 存在问题
    | 问题编号 | 整改时限     |
    | P01      | 2022年10月前 |
    # 整改措施
    | 措施编号 | 完成时限     | 办理状态 |
    | P01-M01  | 2022年10月前 | 推进中   |
    | P01-M02  | 2022年11月前 | 推进中   |
"""


def accepted(waiver: str, code: str = "D501") -> list[str]:
    """Return the places of a rule's findings that a row of 情况说明 answers."""
    drawing = f"""{TWO_SHEETS}
    # 情况说明
    | 规则编号 | 位置 | 说明 |
    {waiver}
    """
    findings = apply_rules(select_rules([code]), case(drawing))
    return [f"{each.sheet}!{','.join(each.cells)}" for each in findings if each.accepted]


@pytest.mark.parametrize(
    "rule", ["D505", "[D505]", "【D505】", "D501、D505", "D501，D505", "D501 d505", "D505/D501"]
)
def test_a_waiver_names_one_rule_or_several(rule: str) -> None:
    assert accepted(f"| {rule} |  | 已报镇党建办 |", "D505") == ["整改措施!B2"]


def test_a_waiver_answers_for_no_rule_that_it_does_not_name() -> None:
    assert accepted("| D501、D502 |  | 已报镇党建办 |", "D505") == []


@pytest.mark.parametrize(
    "place",
    [
        "整改措施!B2",
        "整改措施！B2",
        "整改措施 B2",
        "整改措施表B2",
        "整改措施表 b2、H9",
        "整改措施!$B$2",
        "整改措施 › B2（完成时限）",
        "整改措施 › B2（完成时限；对照 C2）",
        "0203-上河村-2022.xlsx › 整改措施 › B2、B4（完成时限）",
        "P01-M01",
        "p01-m01、P07-M01",
        "整改措施 P01-M01",
        "整改措施!P01-M01",
        "P1-M1",
        "Ｐ０１－Ｍ０１",
    ],
)
def test_a_place_is_read_however_the_sheet_and_its_cell_are_joined(place: str) -> None:
    assert accepted(f"| D501 | {place} | 按当月末执行 |") == ["整改措施!B2"]


def test_a_cell_alone_is_on_the_only_sheet_of_which_the_rule_warns() -> None:
    assert accepted("| D505 | B2 | 已报镇党建办 |", "D505") == ["整改措施!B2"]


def test_a_cell_alone_is_on_the_only_sheet_where_the_rule_warns_of_it() -> None:
    assert accepted("| D501 | B3 | 按当月末执行 |") == ["整改措施!B3"]


def test_a_cell_alone_that_may_be_on_two_sheets_answers_for_neither() -> None:
    assert accepted("| D501 | B2 | 按当月末执行 |") == []


def test_a_sheet_alone_is_meant_whole_and_no_other() -> None:
    waiver = Waiver("甲.xlsx", "D501", "整改措施表", "按当月末执行")
    assert waiver.answers("D501", [SheetRef("甲.xlsx", "整改措施")], "", DAY)
    assert not waiver.answers("D501", [SheetRef("甲.xlsx", "存在问题")], "", DAY)


@pytest.mark.parametrize(
    ("place", "reach"),
    [
        ("Sheet1", ("Sheet1", None)),  # no cell SHEET1, nor ET1 of the sheet She
        ("Sheet1!B2:C3", ("Sheet1", ((2, 2, 3, 3),))),
        ("整改措施 第二行", ("整改措施 第二行", None)),
        ("整改措施!B2、第二行", ("整改措施", ())),
        ("B2、C3", ("", ((2, 2, 2, 2), (3, 3, 3, 3)))),
        ("整改措施!", ("整改措施", None)),
        ("P01-M01", ("", ())),
        ("整改措施 P01-M01、B2", ("整改措施", ((2, 2, 2, 2),))),
        ("整改措施 › B2（县（市、区））", ("整改措施", ((2, 2, 2, 2),))),
        ("8月", ("8月", None)),  # of D501 it is no month
    ],
)
def test_what_is_no_cell_is_part_of_the_sheet_s_title(
    place: str, reach: tuple[str, tuple[tuple[int, ...], ...] | None]
) -> None:
    assert Waiver("甲.xlsx", "D501", place, "").reach == reach


def test_cells_alone_answer_for_nothing_where_no_sheet_is_known() -> None:
    waiver = Waiver("甲.xlsx", "D501", "B2", "按当月末执行")
    assert waiver.spans(CellRef("甲.xlsx", "整改措施", 2, 2))
    assert not waiver.answers("D501", [CellRef("甲.xlsx", "整改措施", 2, 2)], "", DAY)


# -- rows by their keys, months, the last day ---------------------------------------------------


def test_an_answer_by_key_follows_its_row_wherever_the_row_is_sorted() -> None:
    rows = ["| P01-M01 | 2022年10月前 |", "| P01-M02 | 2022年11月前 |", "| P01-M03 | 2022年9月前 |"]
    for order in (rows, rows[::-1]):
        drawing = "\n".join(
            [
                *("# 整改措施", "| 措施编号 | 完成时限 |", *order),
                *("# 情况说明", "| 规则编号 | 位置 | 说明 |", "| D501 | P01-M01 | 按当月末执行 |"),
            ]
        )
        findings = apply_rules(select_rules(["D501"]), case(drawing))
        line = order.index(rows[0]) + 2
        assert [each.cells for each in findings if each.accepted] == [(f"B{line}",)]


def test_an_answer_by_key_is_none_where_the_row_is_only_compared_with() -> None:
    drawing = """
        # 存在问题
        | 问题编号 | 整改时限       |
        | P01      | 2022年9月底前  |
        # 整改措施
        | 措施编号 | 问题编号 | 完成时限       |
        | P01-M01  | P01      | 2022年10月底前 |
        # 情况说明
        | 规则编号 | 位置 | 说明 |
        | X416     | {}   | 已报镇党建办 |
    """
    taken = {
        key: [
            each.accepted for each in apply_rules(select_rules(["X416"]), case(drawing.format(key)))
        ]
        for key in ("P01", "P01-M01")
    }
    assert taken == {"P01": [False], "P01-M01": [True]}


@pytest.mark.parametrize(("place", "line"), [("P10", "B2"), ("存在问题 P10", "B2")])
def test_p10_is_the_problem_of_that_number_where_there_is_one(place: str, line: str) -> None:
    drawing = f"""
        # 存在问题
        | 问题编号 | 整改时限     |
        | P10      | 2022年10月前 |
        | P11      | 2022年9月前  |
        # 情况说明
        | 规则编号 | 位置 | 说明 |
        | D501 | {place} | 按当月末执行 |
    """
    findings = apply_rules(select_rules(["D501"]), case(drawing))
    assert [each.cells for each in findings if each.accepted] == [(line,)]


def test_behind_an_exclamation_mark_p10_is_a_cell() -> None:
    assert Waiver("甲.xlsx", "D501", "存在问题!P10", "").keys == ()
    assert Waiver("甲.xlsx", "D501", "存在问题!P09", "").keys == ("P09",)


MEETINGS = """
    # 基本情况
    | 年度 | 2022 |
    # 专题研究会议
    | 会议日期   |
    | 2022-05-10 |
    | 2022-06-10 |
    | 2022-07-10 |
    # 情况说明
    | 规则编号 | 位置 | 说明 |
"""


@pytest.mark.parametrize(
    ("place", "open_months"),
    [
        ("8月", ["2022年9月、10月没有专题研究会议"]),
        ("2022年8月", ["2022年9月、10月没有专题研究会议"]),
        ("专题研究会议 8月、9月", ["2022年10月没有专题研究会议"]),
        ("1月", ["2022年8月、9月、10月没有专题研究会议"]),
        ("专题研究会议!A1", []),
        ("", []),
    ],
)
def test_an_answer_for_a_month_does_not_hide_later_months(
    place: str, open_months: list[str]
) -> None:
    drawing = f"{MEETINGS}| D507 | {place} | 汛期 |"
    findings = apply_rules(select_rules(["D507"]), case(drawing))
    assert [each.message for each in findings if not each.accepted] == open_months


@pytest.mark.parametrize(
    ("as_of", "taken"), [(dt.date(2022, 12, 31), [True]), (dt.date(2023, 1, 1), [False])]
)
def test_an_answer_without_a_last_day_holds_for_the_year_of_the_plan(
    as_of: dt.date, taken: list[bool]
) -> None:
    drawing = """
        # 基本情况
        | 年度 | 2022 |
        # 整改措施
        | 措施编号 | 完成时限      | 办理状态 |
        | P01-M01  | 2022年9月底前 | 推进中   |
        # 情况说明
        | 规则编号 | 说明         | 有效期至 |
        | D505     | 已报镇党建办 |          |
    """
    findings = apply_rules(select_rules(["D505"]), case(drawing, as_of=as_of))
    assert [each.accepted for each in findings] == taken


def test_a_sheet_s_answer_is_none_for_a_warning_of_the_whole_file() -> None:
    waiver = Waiver("甲.xlsx", "L106", "整改措失", "表名写错")
    assert not waiver.answers("L106", [SheetRef("甲.xlsx")], "版本旧", DAY)


# -- levels that depend on what is found --------------------------------------------------------


def levels(code: str, drawing: str) -> list[tuple[str, Level]]:
    """Return the first cell and level of what a rule finds."""
    return [
        (each.cells[0], each.level) for each in apply_rules(select_rules([code]), case(drawing))
    ]


def test_evidence_lacking_is_grave_once_a_measure_or_its_problem_is_struck_off() -> None:
    drawing = """
        # 存在问题
        | 问题编号 | 销号日期   |
        | P01      | 2022-09-21 |
        # 整改措施
        | 措施编号 | 问题编号 | 办理状态 | 佐证材料 |
        | P01-M01  | P01      | 已完成   |          |
        | P02-M01  | P02      | 已销号   |          |
        | P02-M02  | P02      | 待验收   |          |
    """
    assert levels("R302", drawing) == [
        ("D2", Level.ERROR),
        ("D3", Level.ERROR),
        ("D4", Level.WARNING),
    ]


@pytest.mark.parametrize(
    ("bands", "level"),
    [
        ("| 30岁及以下 | 3 |", Level.WARNING),
        ("| 30岁及以下 | 40 |", Level.ERROR),
    ],
)
def test_age_bands_are_at_fault_where_they_exceed_and_only_doubtful_where_some_are_missing(
    bands: str, level: Level
) -> None:
    drawing = f"""
        # 基本情况
        | 党员总数 | 34 |
        {bands}
    """
    assert [each for _, each in levels("X407", drawing)] == [level]


def test_rules_that_a_waiver_may_answer_though_their_level_is_grave_are_those_that_also_warn() -> (
    None
):
    told = {
        finding.rule
        for page in PAGES
        for example in page.examples
        for finding in example.findings()
        if finding.level is Level.WARNING
    }
    grave = {each.code for each in RULES if each.level is Level.ERROR}
    answerable = {code for code, level in case().levels.items() if level is Level.WARNING}
    assert answerable & grave == told & grave


def test_an_accepted_answer_to_a_grave_rule_s_warning_is_not_called_wrong() -> None:
    drawing = """
        # 基本情况
        | 党员总数 | 34 |
        | 30岁及以下 | 3 |
        # 情况说明
        | 规则编号 | 位置 | 说明 |
        | X407     |      | 正在核查 |
    """
    findings = apply_rules(select_rules(["X407", "X412"]), case(drawing))
    assert [(each.rule, each.accepted) for each in findings] == [("X407", True)]
