"""Laws of all rules: the seed's own faults are found, order and blanks change nothing."""

# ruff: noqa: E501 -- a row of a drawn sheet stands on one line

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from rule_pages import book, case, lines

from toolkit.findings import Level
from toolkit.forms.village import FORM
from toolkit.rules.catalogue import RULES, select_rules
from toolkit.rules.rule import apply_rules
from toolkit.rules.wording import KNOWN_NAMES
from toolkit.word.vocabulary import vocabulary

# The sentences are the real plan's own; only names of places are masked in it.
SEED = """
    # 基本情况
    | 年度 | 2022 |
    | 党组织全称 | 中共**镇**村支部委会 |
    | 总户数 | 301 |
    | 总人口 | 1045 |
    | 党员总数 | 34 |
    | 女性党员 | 4 |
    | 30岁及以下 | 3 |
    | 31至40岁 | 5 |
    | 41至45岁 | 4 |
    | 方案日期 | 2022-04-20 |
    # 存在问题
    | 问题编号 | 问题简述 | 具体表现 |
    | P01 | 作用发挥不好 | 党员队伍老龄化问题凸显，全村36名党员中，30岁及以下的3人占比8.3%，31岁到40岁的5人占比13.8%，41岁到45岁的4人占比11.1%。 |
    # 整改措施
    | 措施编号 | 问题编号 | 措施内容 | 责任人 | 完成时限 |
    | P01-M01 | P01 | 坚持把发展村集体经济作为建强基层党组织的主要抓手 | *** | 2022年10月前及长期坚持 |
    | P01-M02 | P01 | 积极争取中央三部委村级集体经济资金50万元 | *** | 2022年10月前及长期坚持 |
    | P01-M03 | P01 | 发挥好“党支部+”模式作用，推动全村经济快速发展 | *** | 2022年10月前及长期坚持 |
    | P01-M03 | P01 | 继续将发展壮大村级集体经济资金10万元投资**开元农民专业合作社 | *** | 2022年10月前及长期坚持 |
    | P01-M04 | P01 | 对***社、***社5公里通社、通田间道路进行开挖整修 | *** | 2022年10月前及长期坚持 |
    | P01-M06 | P01 | 种植大葱80余亩，带动周边群众务工20余人 | *** | 2022年10月前及长期坚持 |
    # 阶段安排
    | 阶段名称 | 结束时间 |
    | 开展集中整顿 | 2022年5月到9月低前 |
    | 开展自查评估 | 2022年10月中旬前 |
    | 巩固提高阶段 | 2022年10月底前 |
    # 方案文字
    | 所在章节 | 文字 |
    | 前言 | 按照《2022年度软弱涣散基层党组织集中整顿实施方案的通知》（县委组发〔2022〕40号）精神，特制定如下方案： |
    | 整顿要求 | 及时建立软弱涣散党组织整改工作台帐，将各项工作措施落实到人，进一步靠实工作责任。 |
"""


def test_the_faults_of_the_real_plan_are_found_at_their_cells() -> None:
    assert lines(case(SEED), "C204", "X4", "D501", "D509", "W6") == [
        "存在问题!C2 X405 “全村36名党员”与“党员总数”34 名不一致",
        "整改措施!A4:A5 C204 P01-M03 用了 2 次",
        "基本情况!B2 W602 “支部委会”应为“支部委员会”",
        "基本情况!B5、B7:B9 X407 各年龄段合计 12 人，党员总数 34 名，还有 4 个年龄段没填",
        "存在问题!C2 X406 5/36 是 13.9%，“13.8%”似为截断而非四舍五入",
        "整改措施!E2:E7 D501 “2022年10月前”可理解为9月30日前或10月31日前，现按2022年9月30日计算，请写成“2022年9月底前”或“2022年10月底前”，原有的“及长期坚持”照写",
        "整改措施!A7 X404 P01-M06 之前缺 P01-M05",
        "阶段安排!B2 D509 “低”应为“底”",
        "阶段安排!B3 D501 “2022年10月中旬前”可理解为10月10日前或10月20日前，现按2022年10月20日计算，请写成“2022年10月10日前”或“2022年10月20日前”",
        "方案文字!B3 W602 “台帐”应为“台账”",
    ]


def test_a_truncated_percentage_is_only_a_warning() -> None:
    (finding,) = apply_rules(select_rules(["X406"]), case(SEED))
    assert finding.level is Level.WARNING


def test_every_name_that_documents_fill_in_may_stand_in_a_passage() -> None:
    scope = vocabulary(book(""), dt.date(2022, 10, 31))
    assert set(scope.values) == KNOWN_NAMES


def table(columns: list[int], blanks: list[int]) -> str:
    """Return the sheet 整改措施 with its columns in some order and blank rows before some rows."""
    rows = [
        ["措施编号", "问题编号", "措施内容", "责任人", "完成时限", "办理状态", "进度"],
        ["P01-M01", "P01", "建立台帐", "王志远", "2022年9月底前", "推进中", "100"],
        ["P01-M03", "P02", "修路,修灯", "", "尽快", "整改中", "0.6"],
        ["P01-M03", "P01", "养猪", "***", "2022年10月前", "已完成", "80"],
    ]
    drawn = ["# 整改措施"]
    for number, row in enumerate(rows):
        drawn += ["| ' |"] * blanks[number]
        drawn.append(f"| {' | '.join(row[at] for at in columns)} |")
    return "\n".join(drawn)


def faults(drawing: str) -> set[tuple[str, str, str, int]]:
    """Return what is found, whatever the cell."""
    asked = select_rules(["C", "R", "X", "D", "W"])
    return {
        (each.rule, each.header, each.message, len(each.cells))
        for each in apply_rules(asked, case(drawing))
    }


@given(st.permutations(range(7)), st.lists(st.integers(0, 3), min_size=4, max_size=4))
def test_order_of_columns_and_blank_rows_change_no_fault(
    columns: list[int], blanks: list[int]
) -> None:
    assert faults(table(columns, blanks)) == faults(table(list(range(7)), [0, 0, 0, 0]))


def test_asking_one_rule_finds_what_asking_all_finds_of_it() -> None:
    together = apply_rules(RULES, case(SEED))
    apart = [finding for rule in RULES for finding in apply_rules([rule], case(SEED))]
    assert sorted(map(repr, together)) == sorted(map(repr, apart))


def test_the_form_s_own_examples_have_nothing_to_mend() -> None:
    drawing = "\n".join(
        f"# {row.sheet}\n"
        + (
            "\n".join(f"| {column.header} | {column.example} |" for column in row.columns)
            if row.vertical
            else f"| {' | '.join(column.header for column in row.columns)} |\n"
            f"| {' | '.join(column.example for column in row.columns)} |"
        )
        for row in FORM.rows
    )
    findings = apply_rules(
        select_rules(["L", "C2", "W"]), case(drawing, as_of=dt.date(2022, 4, 30))
    )
    assert [each.line() for each in findings if each.level is not Level.INFO] == []
