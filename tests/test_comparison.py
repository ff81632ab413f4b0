"""Two workbooks compared, drawn and as files, against differences thought out by hand."""

import re
import shutil
from dataclasses import replace

import openpyxl
import pytest
from drawn import drawn
from hypothesis import given
from hypothesis import strategies as st
from worked import write_village

from toolkit.comparison import KNOWN_BY, compare_books, compared
from toolkit.demo import example_township
from toolkit.errors import OtherFormError, UnreadableError, UsageError
from toolkit.excel.blank import build_workbook
from toolkit.forms import rollup, township, village
from toolkit.schema.form import Identity
from toolkit.schema.workbook import Spot

BOOK = """
# 基本情况
| 年度     | 2022       |
| 村代码   | '0203      |
| 村名     | 上河村     |
| 党员总数 | 34         |
| 方案日期 | 2022-04-20 |

# 依据文件
| 依据类别 | 发文机关 | 文件标题 | 发文字号 | 评议层级 |
| 上级文件 | 县委组织部 | 集中整顿实施方案 | 清组发〔2022〕40号 | |
| 三级联评 | | | | 村级 |
| 三级联评 | | | | 镇级 |

# 工作力量
| 工作角色 | 姓名或单位 | 职务 |
| 组长 | 王志远 | 村党支部书记 |
| 成员 | 李明 | 文书 |

# 存在问题
| 问题编号 | 问题简述 | 类型代码 | 整改时限 |
| P01 | 村级集体经济薄弱 | L01 | 2022年10月底前 |
| P02 | 组织动员力弱 | R10 | 2022年10月底前 |

# 整改目标
| 目标标题 | 目标内容 | 目标值 |
| 发展壮大集体经济 | 增加分红收入 | 5 |

# 整改措施
| 措施编号 | 问题编号 | 措施内容 | 责任人 | 完成时限 | 办理状态 | 计划资金 |
| P01-M01 | P01 | 入股合作社 | 王志远 | 2022年10月底前 | 推进中 | 50 |
| P01-M02 | P01 | 流转土地 | 李明 | 2022年12月底前 | 未启动 | |
| P02-M01 | P02 | 健全三会一课 | 王志远 | 立行立改 | 已完成 | |

# 阶段安排
| 阶段名称 | 结束时间 |
| 开展集中整顿 | 2022年10月底前 |

# 专题研究会议
| 会议日期 | 会议类型 | 议题 |
| 2022-05-12 | 支委会 | 研究方案 |
| 2022-06-08 | 党员大会 | 通报进展 |

# 测评验收
| 测评日期 | 组织层级 | 测评方式 | 满意 |
| 2022-10-20 | 镇级 | 会议测评 | 30 |

# 方案文字
| 所在章节 | 小标题 | 文字 |
| 整顿要求 | | 加强领导。 |
| 整顿要求 | | 严肃纪律。 |

# 情况说明
| 规则编号 | 位置 | 说明 |
| D507 | 8月 | 8月防汛没有召开 |
"""


def changed(*edits, text=BOOK):
    """Return the drawing with lines replaced; each must be there just once."""
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def lines(*edits, text=BOOK):
    """Return the differences that edits make, in the words of the screen."""
    return said_of(drawn(text), drawn(changed(*edits, text=text)))


def said_of(old, new):
    return [each.line for each in compare_books(old, new).differences]


# -- what is a difference -----------------------------------------------------------------------


def test_a_workbook_does_not_differ_from_itself():
    assert lines() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("| 党员总数 | 34 ", "| 党员总数 | 35 ", "【修改】基本情况 › 党员总数：34 → 35（B4）"),
        ("| 党员总数 | 34 ", "| 党员总数 | ", "【修改】基本情况 › 党员总数：34 → 空（B4）"),
        ("| 文书 |", "| 专职文书 |", "【修改】工作力量 › 成员 李明 › 职务：文书 → 专职文书（C3）"),
        (
            "| P02 | 组织动员力弱 | R10 | 2022年10月底前 |",
            "| P02 | 组织动员力弱 | R10 | 2022年12月底前 |",
            "【修改】存在问题 › P02 › 整改时限：2022年10月底前 → 2022年12月底前（D3）",
        ),
        (
            "| 推进中 | 50 |",
            "| 推进中 | 60 |",
            "【修改】整改措施 › P01-M01 › 计划资金：50 → 60（G2）",
        ),
        (
            "| 增加分红收入 | 5 |",
            "| 增加分红收入 | 6 |",
            "【修改】整改目标 › 发展壮大集体经济 › 目标值：5 → 6（C2）",
        ),
        (
            "| 镇级 | 会议测评 | 30 |",
            "| 镇级 | 会议测评 | 31 |",
            "【修改】测评验收 › 2022-10-20 镇级 会议测评 › 满意：30 → 31（D2）",
        ),
        (
            "| 严肃纪律。 |",
            "| 严明纪律。 |",
            "【修改】方案文字 › 整顿要求 › 文字：严肃纪律。 → 严明纪律。（C3）",
        ),
        (
            "8月防汛没有召开",
            "8月防汛未开",
            "【修改】情况说明 › D507 8月 › 说明：8月防汛没有召开 → 8月防汛未开（C2）",
        ),
        (
            "| 开展集中整顿 | 2022年10月底前 |",
            "| 开展集中整顿 | 2022年11月底前 |",
            "【修改】阶段安排 › 开展集中整顿 › 结束时间：2022年10月底前 → 2022年11月底前（B2）",
        ),
        (
            "| 2022-06-08 | 党员大会 | 通报进展 |",
            "| 2022-06-09 | 党员大会 | 通报进展 |",
            "【修改】专题研究会议 › 2022-06-09 党员大会 › 会议日期：2022-06-08 → 2022-06-09（A3）",
        ),
        (
            "| 成员 | 李明 |",
            "| 副组长 | 李明 |",
            "【修改】工作力量 › 副组长 李明 › 工作角色：成员 → 副组长（A3）",
        ),
        (
            "| 三级联评 | | | | 镇级 |",
            "| 三级联评 | 党员大会 | | | 镇级 |",
            "【修改】依据文件 › 三级联评 镇级 › 发文机关：空 → 党员大会（B4）",
        ),
    ],
)
def test_an_edited_cell_is_named_by_sheet_row_and_header(old, new, said):
    assert lines((old, new)) == [said]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| 党员总数 | 34 ", "| 党员总数 | 34名 "),
        ("| 党员总数 | 34 ", "| 党员总数 | ３４ "),
        ("| 方案日期 | 2022-04-20 |", "| 方案日期 | 2022年4月20日 |"),
        ("| 王志远 | 2022年10月底前 | 推进中 |", "| 王志远 | 2022.10底前 | 整改中 |"),
        ("| 李明 | 2022年12月底前 |", "| 李明 | １２月底前 |"),
        ("| L01 | 2022年10月底前 |", "| 集体经济薄弱 | 十月底前 |"),
        ("| 2022-05-12 | 支委会 |", "| 2022.5.12 | 支部委员会 |"),
        ("| P01-M02 | P01 |", "| Ｐ０１－Ｍ０２ | p1 |"),
        ("清组发〔2022〕40号", "清组发〔２０２２〕４０号"),
    ],
)
def test_a_value_written_in_another_way_is_none(old, new):
    assert lines((old, new)) == []


def test_what_cannot_be_read_differs_as_it_stands():
    assert lines(("| 党员总数 | 34 ", "| 党员总数 | 很多 ")) == [
        "【修改】基本情况 › 党员总数：34 → 很多（B4）"
    ]


def test_rows_that_come_and_go_are_told_whole_with_the_file_they_are_in():
    gone = "| P01-M02 | P01 | 流转土地 | 李明 | 2022年12月底前 | 未启动 | |"
    come = "| P02-M02 | P02 | 培训村干部 | 刘芳 | 2022年8月底前 | 未启动 | |"
    assert lines((gone, come)) == [
        "【新增】整改措施 › P02-M02：培训村干部（C3）",
        "【删除】整改措施 › P01-M02：流转土地（旧文件 C3）",
    ]


def test_rows_in_another_order_are_no_difference():
    upper, lower = "| 整顿要求 | | 加强领导。 |", "| 整顿要求 | | 严肃纪律。 |"
    assert lines((f"{upper}\n{lower}", f"{lower}\n{upper}")) == []


def test_a_problem_put_in_first_renumbers_the_others():
    assert lines(
        ("| P02 | 组织动员力弱", "| P03 | 组织动员力弱"),
        ("| P01 | 村级集体经济薄弱 |", "| P01 | 班子缺配 | R01 | |\n| P02 | 村级集体经济薄弱 |"),
    ) == [
        "【新增】存在问题 › P01：班子缺配（B2）",
        "【编号变更】存在问题 › P02 › 问题编号：P01 → P02（A3）",
        "【编号变更】存在问题 › P03 › 问题编号：P02 → P03（A4）",
    ]


def test_a_measure_put_in_before_one_that_was_edited_leaves_that_one_its_cells():
    long = "聘请县农技员每季度开展种植技术培训"
    text = changed(("| P01-M02 | P01 | 流转土地 |", f"| P01-M02 | P01 | {long} |"))
    put_in = "| P01-M02 | P01 | 硬化通组道路 | 王志远 | | 未启动 | |"
    moved = f"| P01-M03 | P01 | {long}和现场指导 |"
    assert lines((f"| P01-M02 | P01 | {long} |", f"{put_in}\n{moved}"), text=text) == [
        "【新增】整改措施 › P01-M02：硬化通组道路（C3）",
        "【编号变更】整改措施 › P01-M03 › 措施编号：P01-M02 → P01-M03（A4）",
        f"【修改】整改措施 › P01-M03 › 措施内容：{long} → {long}和现场指导（C4）",
    ]


def test_names_that_are_like_each_other_are_no_proof():
    assert lines(("| 成员 | 李明 |", "| 副组长 | 李明明 |")) == [
        "【新增】工作力量 › 副组长 李明明：李明明（B3）",
        "【删除】工作力量 › 成员 李明：李明（旧文件 B3）",
    ]


def test_a_row_without_a_key_goes_by_its_line():
    assert lines(
        ("| D507 | 8月 | 8月防汛没有召开 |", "| D507 | 8月 | 8月防汛没有召开 |\n| | | 另有说明 |")
    ) == ["【新增】情况说明 › 第 3 行：另有说明（C3）"]


def test_a_column_that_the_new_workbook_lacks_is_told_by_its_old_cell():
    without = re.sub(r"(?m)^(\| (?:工作角色|组长|成员) .*?\|.*?)\|[^|]*\|$", r"\1|", BOOK)
    assert said_of(drawn(BOOK), drawn(without)) == [
        "【修改】工作力量 › 组长 王志远 › 职务：村党支部书记 → 空（旧文件 C2）",
        "【修改】工作力量 › 成员 李明 › 职务：文书 → 空（旧文件 C3）",
    ]


def test_a_profile_that_is_missing_loses_field_by_field():
    without = BOOK.replace("# 基本情况", "# 别的表")
    said = said_of(drawn(BOOK), drawn(without))
    assert said[0] == "【修改】基本情况 › 年度：2022 → 空（旧文件 B1）"
    assert [line.split(" › ")[0] for line in said] == ["【修改】基本情况"] * 5


def test_what_stands_outside_of_every_column_is_compared_too():
    aside = drawn(BOOK)
    noted = replace(aside, strays=(Spot("整改措施", "Z9", "待核实"),))
    moved = replace(aside, strays=(Spot("整改措施", "Z12", "待核实"),))
    assert said_of(aside, noted) == ["【新增】整改措施 › 栏外内容：待核实（Z9）"]
    assert said_of(noted, aside) == ["【删除】整改措施 › 栏外内容：待核实（旧文件 Z9）"]
    assert said_of(noted, moved) == []


TOWN = """
# 镇情
| 镇代码 | '02   |
| 乡镇   | 青石镇 |

# 村名册
| 村代码 | 村名   | 支部书记 |
| '0201  | 下河村 | 孙立新   |
| '0203  | 上河村 | 王志远   |

# 参数
| 年度 | 2022 |

# 字典
| 类型代码 | 简称         |
| L01      | 集体经济薄弱 |
"""


def test_township_workbooks_are_compared_as_well():
    edits = (("孙立新", "吴敏"), ("| 年度 | 2022 |", "| 年度 | 2023 |"), ("| L01 ", "| L07 "))
    books = [drawn(text, form=township.FORM) for text in (TOWN, changed(*edits, text=TOWN))]
    assert said_of(*books) == [
        "【修改】村名册 › 0201 › 支部书记：孙立新 → 吴敏（C2）",
        "【修改】参数 › 年度：2022 → 2023（B1）",
        "【编号变更】字典 › L07 › 类型代码：L01 → L07（A2）",
    ]


def test_every_table_has_something_that_its_rows_are_known_by():
    tables = {
        row for form in (village.FORM, township.FORM) for row in form.rows if not row.vertical
    }
    assert set(KNOWN_BY) == tables
    for row, known in KNOWN_BY.items():
        assert {*known.key, *known.text} <= set(row.columns)
        assert row.key is None or known.key == (row.key,)


_cells = st.sampled_from(["", "P01", "P02", "流转土地", "入股合作社", "2022年10月底前", "已完成"])
_rows = st.lists(st.lists(_cells, min_size=4, max_size=4), max_size=5)


def _table(rows):
    header = "| 措施编号 | 措施内容 | 完成时限 | 办理状态 |"
    return drawn("# 整改措施\n" + "\n".join([header, *(f"| {' | '.join(row)} |" for row in rows)]))


@given(_rows, _rows)
def test_backwards_the_old_is_new_and_nothing_else_changes(before, now):
    old, new = _table(before), _table(now)
    there, back = (compare_books(*each).differences for each in ((old, new), (new, old)))
    opposite = {"新增": "删除", "删除": "新增"}
    assert sorted((d.kind, d.header, d.before, d.after) for d in there) == sorted(
        (opposite.get(d.kind, d.kind), d.header, d.after, d.before) for d in back
    )
    assert compare_books(old, old).differences == ()
    kinds = [d.kind for d in there if not d.header]  # whole rows
    grown = len(new.rows(village.Measure)) - len(old.rows(village.Measure))
    assert kinds.count("新增") - kinds.count("删除") == grown


# -- rollups ------------------------------------------------------------------------------------

SEPTEMBER = """
# 汇总口径
| 乡镇     | 青石镇 |
| 年度     | 2022   |
| 汇总月份 | 2022-09 |
| X月前的含义 | 上月末 |

# 整顿对象一览
| 村序号 | 村代码 | 村名   | 是否汇总 |
| 1 | '0203 | 上河村 | 是 |
| 2 | '0205 | 柳湾村 | 是 |
| 3 | '0207 | 石桥村 | 否 |

# 问题台账
| 村序号 | 村代码 | 村名   | 问题编号 | 问题简述 | 类型代码 | 整改时限 | 销号日期 | 问题状态 |
| 1 | '0203 | 上河村 | P01 | 集体经济薄弱 | L01 | 10月底前 | | 推进中 |
| 1 | '0203 | 上河村 | P02 | 组织动员力弱 | R10 | 10月底前 | | 推进中 |
| 2 | '0205 | 柳湾村 | P01 | 班子缺配 | R01 | 10月底前 | | 推进中 |

# 措施台账
|村代码| 村名 | 措施编号 | 措施内容 | 责任人 | 完成时限 | 办理状态 | 统计归类 | 到期日 | 是否逾期 |
| '0203 | 上河村 | P01-M01 | 入股合作社 | 王志远 | 9月底前 | 推进中 | 推进中 | 2022-09-30 | 否 |
| '0203 | 上河村 | P01-M02 | 流转土地 | 李明 | 12月底前 | 推进中 | 推进中 | 2022-12-31 | 否 |
| '0205 | 柳湾村 | P01-M01 | 选配支委 | 孙立新 | 立行立改 | 未启动 | 未启动 | | 否 |

# 会议台账
| 村序号 | 村代码 | 村名   | 会议日期 | 会议类型 | 议题 |
| 1 | '0203 | 上河村 | 2022-09-08 | 支委会 | 研究方案 |
| 2 | '0205 | 柳湾村 | 2022-09-09 | 支委会 | 研究选配 |

# 测评验收
| 村序号 | 村代码 | 村名   | 测评日期 | 组织层级 | 测评方式 | 满意 |
| 1 | '0203 | 上河村 | 2022-09-20 | 村级 | 会议测评 | 30 |
"""


def test_two_months_rollups_are_told_by_what_happened():
    october = changed(
        ("2022-09 |", "2022-10 |"),
        ("| 2 | '0205 | 柳湾村 | 是 |", "| 2 | '0205 | 柳湾村 | 否 |"),
        ("| 3 | '0207 | 石桥村 | 否 |", "| 3 | '0207 | 石桥村 | 是 |\n| 4 | '0209 | 石门村 | 是 |"),
        ("| 2 | '0205 | 柳湾村 | P01 | 班子缺配 | R01 | 10月底前 | | 推进中 |\n", ""),
        (
            "| '0205 | 柳湾村 | P01-M01 | 选配支委 | 孙立新 | 立行立改 | 未启动 | 未启动 | |",
            "| '0203 | 上河村 | P01-M03 | 修路 | 李明 | 12月底前 | 未启动 | 未启动 | 2022-12-31 |",
        ),
        (
            "| 2 | '0205 | 柳湾村 | 2022-09-09 | 支委会 | 研究选配 |",
            "| 1 | '0203 | 上河村 | 2022-10-09 | 支委会 | 研究销号 |",
        ),
        ("| R10 | 10月底前 | | 推进中 |", "| R10 | 10月底前 | 2022-10-20 | 已销号 |"),
        ("| 2022-09-30 | 否 |", "| 2022-09-30 | 是 |"),
        ("| 会议测评 | 30 |", "| 会议测评 | 32 |"),
        text=SEPTEMBER,
    )
    old, new = (drawn(text, form=rollup.FORM, name="镇汇总.xlsx") for text in (SEPTEMBER, october))
    assert said_of(old, new) == [
        "【办结】上河村 › 问题台账 › P02 › 问题状态：推进中 → 已销号（I3）",
        "【新逾期】上河村 › 措施台账 › P01-M01 › 是否逾期：未逾期 → 逾期（J2）",
        "【新增】上河村 › 措施台账 › P01-M03：修路（C4）",
        "【本月未汇总】柳湾村 › 整顿对象一览",
        "【上次未汇总】石桥村 › 整顿对象一览",
        "【新纳入】石门村 › 整顿对象一览",
        "【新增】上河村 › 会议台账 › 2022-10-09 支委会：研究销号（F3）",
        "【修改】上河村 › 测评验收 › 2022-09-20 村级 会议测评 › 满意：30 → 32（G2）",
    ]
    assert compare_books(old, new).about == "青石镇"
    assert [each.line for each in compare_books(new, old).differences][2:3] == [
        "【删除】上河村 › 措施台账 › P01-M03：修路（旧文件 C4）"
    ]


def test_an_edit_of_several_columns_leads_to_the_first_of_them():
    edits = (
        ("| 李明 | 12月底前 | 推进中 |", "| 刘芳 | 11月底前 | 推进中 |"),
        ("2022-12-31", "2022-11-30"),
    )
    old, new = (drawn(t, form=rollup.FORM) for t in (SEPTEMBER, changed(*edits, text=SEPTEMBER)))
    assert said_of(old, new) == [
        "【提前】上河村 › 措施台账 › P01-M02 › 完成时限：12月底前 → 11月底前（F3）",
        "【内容修改】上河村 › 措施台账 › P01-M02 › 责任人：李明 → 刘芳（E3）",
    ]


def test_a_village_under_another_code_is_compared_and_its_code_is_told():
    now = (
        SEPTEMBER.replace("'0203", "'0204")
        .replace("| 推进中 | 推进中 | 2022-12-31 |", "| 已完成 | 已完成 | 2022-12-31 |")
        .replace("| 会议测评 | 30 |", "| 会议测评 | 32 |")
    )
    assert said_of(*(drawn(text, form=rollup.FORM) for text in (SEPTEMBER, now))) == [
        "【办结】上河村 › 措施台账 › P01-M02 › 办理状态：推进中 → 已完成（G3）",
        "【修改】上河村 › 测评验收 › 2022-09-20 村级 会议测评 › 满意：30 → 32（G2）",
        "【修改】上河村 › 整顿对象一览 › 村代码：0203 → 0204（B2）",
    ]


def test_a_meeting_that_two_villages_held_on_one_topic_stays_the_village_s():
    held = "| 2 | '0205 | 柳湾村 | 2022-09-09 | 支委会 | 研究选配 |"
    now = changed(
        ("| 1 | '0203 | 上河村 | 2022-09-08 | 支委会 | 研究方案 |\n", ""),
        (held, f"{held}\n| 2 | '0205 | 柳湾村 | 2022-09-12 | 支委会 | 研究方案 |"),
        text=SEPTEMBER,
    )
    assert said_of(*(drawn(text, form=rollup.FORM) for text in (SEPTEMBER, now))) == [
        "【删除】上河村 › 会议台账 › 2022-09-08 支委会：研究方案（旧文件 F2）",
        "【新增】柳湾村 › 会议台账 › 2022-09-12 支委会：研究方案（F3）",
    ]


UNREAD = """
# 核查明细
| 村序号 | 村名 | 级别 | 规则 | 工作表 | 问题 |
| 2 | 柳湾村 | 必改 | L101 | 整改措施 | 缺少“整改措施”工作表 |
| 2 | 柳湾村 | 必改 | L102 | 专题研究会议 | 找不到表头，整张表都没有读取 |
"""


def test_a_sheet_that_could_not_be_read_on_one_side_is_one_difference_in_one_line():
    lost = ("| '0205 | 柳湾村 | P01-M01", "| 2 | '0205 | 柳湾村 | 2022-09-09")
    kept = [line for line in SEPTEMBER.split("\n") if not line.startswith(lost)]
    now = "\n".join(kept) + UNREAD
    old, new = (drawn(text, form=rollup.FORM) for text in (SEPTEMBER, now))
    assert said_of(old, new) == [
        "【本月未汇总】柳湾村 › 措施台账",
        "【本月未汇总】柳湾村 › 会议台账",
    ]
    assert said_of(new, old) == [
        "【上次未汇总】柳湾村 › 措施台账",
        "【上次未汇总】柳湾村 › 会议台账",
    ]


TRAITS = """
# 汇总口径
| 乡镇     | 青石镇 |
| 年度     | 2022   |
| 汇总月份 | 2022-09 |
| 数据截止日 | 2022-09-30 |
| 每月截止日 | 25 |
| X月前的含义 | 上月末 |

# 整顿对象一览
| 村序号 | 村代码 | 村名   | 党组织书记 | 包村镇领导 | 问题数 | 是否在册 | 回传情况 | 是否汇总 |
| 1 | '0203 | 上河村 | 王志远 | 何晓东 | 4 | 是 | 已汇总 | 是 |
| 2 | '0205 | 柳湾村 | 周建国 | 何晓东 | 3 | 是 | 已汇总 | 是 |
| 3 | '0207 | 石桥村 | 马占林 | 何晓东 | 0 | 是 | 未回传 | 否 |

# 党内统计明细
| 村序号 | 村名   | 类别 | 排查数 | 培训 |
| 1 | 上河村 | 村 | 1 | 2 |
| 2 | 柳湾村 | 村 | 1 | 1 |
"""


def rollups(*edits):
    """Return two rollups that differ by edits."""
    return [drawn(text, form=rollup.FORM) for text in (TRAITS, changed(*edits, text=TRAITS))]


def test_what_a_rollup_says_of_a_village_itself_is_compared_and_nothing_that_is_reckoned():
    books = rollups(
        (
            "| 上河村 | 王志远 | 何晓东 | 4 | 是 | 已汇总 |",
            "| 上河村 | 王志远 | 李强 | 5 | 否 | 忽略 |",
        ),
        ("| 3 | '0207 | 石桥村 | 马占林 |", "| 3 | '0207 | 石桥村 | 马占山 |"),  # not taken
        ("| 1 | 上河村 | 村 | 1 | 2 |", "| 1 | 上河村 | 村 | 0 | 3 |"),
        ("| 每月截止日 | 25 |", "| 每月截止日 | 20 |"),
    )
    assert said_of(*books) == [
        "【修改】上河村 › 整顿对象一览 › 包村镇领导：何晓东 → 李强（E2）",
        "【修改】上河村 › 整顿对象一览 › 是否在册：是 → 否（G2）",
        "【修改】上河村 › 党内统计明细 › 培训：2 → 3（E2）",
        "【修改】汇总口径 › 每月截止日：25 → 20（B5）",
    ]


def test_a_village_of_the_official_statistic_is_found_by_its_number_in_its_own_book():
    books = rollups(
        ("| 1 | '0203 | 上河村 |", "| 2 | '0203 | 上河村 |"),
        ("| 2 | '0205 | 柳湾村 |", "| 1 | '0205 | 柳湾新村 |"),
        ("| 1 | 上河村 | 村 |", "| 2 | 上河村 | 村 |"),
        (
            "| 2 | 柳湾村 | 村 | 1 | 1 |",
            "| 1 | 柳湾新村 | 社区 | 1 | 1 |\n| 9 | 无名村 | 村 | 1 | 1 |",
        ),
    )
    assert said_of(*books) == [
        "【修改】柳湾新村 › 整顿对象一览 › 村名：柳湾村 → 柳湾新村（C3）",
        "【修改】柳湾新村 › 党内统计明细 › 类别：村 → 社区（C3）",
    ]


def test_the_day_counts_only_within_a_month():
    day = ("| 数据截止日 | 2022-09-30 |", "| 数据截止日 | 2022-10-31 |")
    month = ("2022-09 |", "2022-10 |")
    assert said_of(*rollups(day)) == [
        "【修改】汇总口径 › 数据截止日：2022-09-30 → 2022-10-31（B4）"
    ]
    assert said_of(*rollups(day, month)) == []


def test_a_comparison_of_rollups_is_called_by_its_months_and_says_what_it_passes_over():
    old, new = rollups(("2022-09 |", "2022-10 |"))
    passed = "历月进度、核查明细、数据来源和由台账算出的各表、各栏没有对比。"
    found = compare_books(old, new)
    assert (found.title, found.remarks) == ("青石镇2022-09 与 2022-10 汇总对比", (passed,))
    backwards = compare_books(new, old)
    assert backwards.title == "青石镇2022-10 与 2022-09 汇总对比"
    assert backwards.remarks == ("左边的月份比右边的晚，请核对先后。", passed)
    bare = drawn(TRAITS.replace("| 汇总月份 | 2022-09 |\n", ""), form=rollup.FORM)
    assert compare_books(old, bare).title == "青石镇汇总对比"
    assert compare_books(old, bare).remarks == (passed,)
    assert compare_books(drawn(BOOK), drawn(BOOK)).title == "上河村工作簿对比结果"


def test_a_rollup_that_does_not_say_what_it_covers_is_compared_all_the_same():
    bare = SEPTEMBER[SEPTEMBER.index("# 整顿对象一览") :]
    assert said_of(*(drawn(text, form=rollup.FORM) for text in (SEPTEMBER, bare))) == []


def test_rollups_of_two_townships_are_refused():
    other = changed(("| 乡镇     | 青石镇 |", "| 乡镇 | 白水镇 |"), text=SEPTEMBER)
    books = [
        drawn(text, form=rollup.FORM, name=n)
        for text, n in ((SEPTEMBER, "1.xlsx"), (other, "2.xlsx"))
    ]
    with pytest.raises(UsageError, match=r"是青石镇，.* 是白水镇，不能对比。请换成同一个镇"):
        compare_books(*books)


# -- files --------------------------------------------------------------------------------------


@pytest.fixture
def pair(tmp_path):
    """Two workbooks of 上河村, the same but for one cell, of one name in two folders."""
    example = example_township().villages[0]
    paths = []
    for folder, members in (("旧", 34), ("新", 36)):
        (tmp_path / folder).mkdir()
        profile = {**example.filling[village.Profile][0], "members": members}
        filling = {**example.filling, village.Profile: [profile]}
        paths.append(tmp_path / folder / example.file_name)
        paths[-1].write_bytes(build_workbook(example.form, example.identity, filling))
    return paths


def test_two_files_are_told_apart_by_their_folders_where_their_names_are_one(pair):
    found = compared(*pair)
    assert (found.old, found.new) == ("旧/0203-上河村-2022.xlsx", "新/0203-上河村-2022.xlsx")
    assert found.about == "上河村"
    assert [(d.header, d.before, d.after) for d in found.differences] == [("党员总数", "34", "36")]
    assert found.remarks == ()


def test_files_of_two_names_go_by_their_names(pair, tmp_path):
    other = tmp_path / "上河村.xlsx"
    shutil.copy(pair[1], other)
    assert (compared(pair[0], other).old, compared(pair[0], other).new) == (
        "0203-上河村-2022.xlsx",
        "上河村.xlsx",
    )


def test_workbooks_of_two_villages_are_refused(pair, tmp_path):
    other = tmp_path / "柳湾村.xlsx"
    write_village(other, code="0205", village="柳湾村")
    with pytest.raises(UsageError) as refused:
        compared(pair[0], other)
    assert str(refused.value) == (
        "0203-上河村-2022.xlsx 是上河村（0203），柳湾村.xlsx 是柳湾村（0205），不能对比。"
        "请换成同一个村的工作簿。"
    )


def test_a_village_without_a_code_is_compared_with_any():
    books = [
        drawn(
            changed(("| 村代码   | '0203      |", f"| 村代码   | {code} |")),
            identity=Identity("village-workbook", "1.0.2"),
        )
        for code in ("'0203", "")
    ]
    compare_books(*books)


def test_workbooks_of_two_kinds_are_refused(pair, tmp_path):
    town = example_township().township
    path = tmp_path / town.file_name
    path.write_bytes(build_workbook(town.form, town.identity, town.filling))
    with pytest.raises(UsageError, match="是《软弱涣散党组织整顿村级工作簿》，镇级工作簿"):
        compared(pair[0], path)
    assert compared(path, path).about == "青石镇"


def test_workbooks_of_two_townships_are_refused():
    books = [
        drawn(changed(("'02   ", code), text=TOWN), form=township.FORM) for code in ("'02", "'03")
    ]
    with pytest.raises(UsageError, match="请换成同一个镇的工作簿。"):
        compare_books(*books)


def test_another_version_and_sheets_that_are_nobodys_are_remarked():
    old = drawn(BOOK, identity=Identity("village-workbook", "", "0203"))
    new = replace(drawn(BOOK), extra_sheets=(Spot("附件", "", ""), Spot("照片", "", "")))
    assert list(compare_books(old, new).remarks) == [
        f"表格版本不同：未写明 → {village.FORM.version}。旧版没有的栏目按空着对比。",
        "不是本工具的工作表，没有对比：附件、照片。",
    ]


# -- the command --------------------------------------------------------------------------------


def test_the_command_says_what_was_changed_to_what(zhengdun, pair):
    said = zhengdun("diff", *pair)
    assert (said.code, said.err) == (0, "")
    (line, total) = said.out.splitlines()
    assert re.fullmatch(r"【修改】基本情况 › 党员总数：34 → 36（B\d+）", line)
    assert total == "共 1 处不同：修改 1。"


def test_where_nothing_differs_the_command_says_so(zhengdun, pair):
    said = zhengdun("diff", pair[0], pair[0])
    assert (said.code, said.out) == (0, "没有不同。\n")


def test_the_command_writes_a_workbook_and_writes_it_again(zhengdun, pair, tmp_path):
    target = tmp_path / "对比.xlsx"
    said = zhengdun("diff", *pair, "-o", target)
    assert (said.code, said.out) == (0, f"{target}\n")
    assert said.err == "  共 1 处不同：修改 1。\n"
    sheet = openpyxl.load_workbook(target)["对比结果"]
    assert [cell.value for cell in sheet[4]][2:6] == ["党员总数", "修改", "34", "36"]
    assert "内容没有变化" in zhengdun("diff", *pair, "-o", target).err


def test_quiet_is_quiet(zhengdun, pair, tmp_path):
    target = tmp_path / "对比.xlsx"
    assert zhengdun("diff", *pair, "-o", target, "-q").err == ""


def test_neither_of_the_two_is_ever_written_over(zhengdun, pair):
    before = [path.read_bytes() for path in pair]
    said = zhengdun("diff", *pair, "-o", pair[1])
    assert said.code == 2
    assert "这是村里或镇里的工作簿" in said.err
    assert [path.read_bytes() for path in pair] == before


def test_a_file_that_cannot_be_read_makes_exit_code_3(zhengdun, pair, tmp_path):
    empty = tmp_path / "空.xlsx"
    empty.write_bytes(b"")
    for words in ((pair[0], empty), (empty, pair[0]), (pair[0], tmp_path / "没有.xlsx")):
        assert zhengdun("diff", *words).code == 3
    with pytest.raises(UnreadableError):
        compared(pair[0], empty)


def test_a_comparison_is_no_workbook_to_compare(zhengdun, pair, tmp_path):
    target = tmp_path / "对比.xlsx"
    zhengdun("diff", *pair, "-o", target)
    with pytest.raises(OtherFormError):
        compared(pair[0], target)


def test_a_result_that_is_no_workbook_is_refused_before_anything_is_read(zhengdun, tmp_path):
    said = zhengdun("diff", tmp_path / "甲.xlsx", tmp_path / "乙.xlsx", "-o", tmp_path / "对比.txt")
    assert said.code == 2
    assert "结果文件名要以 .xlsx 结尾" in said.err
