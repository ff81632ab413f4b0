"""The official statistic of two villages and two urban quarters, counted by hand."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest
from drawn import drawn
from rollup.township_drawn import called, rolled

from toolkit.excel.rollup.book import build_rollup
from toolkit.forms import rollup, township
from toolkit.schema.totals import value_of

UPPER = """
# 基本情况
| 年度               | 2022          |
| 村代码             | '0203         |
| 村名               | 上河村        |
| 主要类型           | R10、L01、R04 |
| 是否脱贫村         | 是            |
| 年初书记是否缺配   | 是            |
| 本年是否已选配书记 | 是            |
| 年初书记是否需调整 | 否            |
| 本年培训书记       | 2             |
| 其中县级及以上培训 | 1             |
| 本年专项整治       | 1             |
| 本年查处违纪违法   | 0             |

# 工作力量
| 工作角色     | 姓名或单位   | 任职起     | 任职止     |
| 联村县级领导 | 陈建国       | 2022-03-01 |            |
| 联村县级领导 | 何明         | 2021-03-01 | 2022-02-28 |
| 包村镇领导   | 刘芳         |            |            |
| 包村镇领导   | 刘芳         |            |            |
| 第一书记     | 赵国强       |            | 2022-10-31 |
| 第一书记     | 钱江         |            | 2022-06-30 |
| 驻村工作队员 | 马明         |            |            |
| 驻村工作队员 | 朱敏         |            | 2023-06-30 |
| 驻村工作队员 | 秦川         |            | 2022-08-31 |
| 结对帮扶单位 | 县农业农村局 |            |            |
| 结对帮扶单位 | 县供销社     |            |            |
| 党建指导员   | 丁洁         |            |            |
| 组长         | 王志远       |            |            |

# 存在问题
| 问题编号 | 问题简述         | 类型代码 | 销号日期   |
| P01      | 村务公开不及时   | R07      | 2022-09-20 |
| P02      | 组织动员力弱     | R10      |            |
| P03      | 党员教育管理不严 | R04      |            |
| P04      | 集体经济薄弱     | L01      | 2022-11-05 |

# 整改措施
| 措施编号 | 问题编号 | 措施内容     | 完成时限    | 办理状态 |
| P02-M01  | P02      | 健全三会一课 | 2022年6月底前 | 已完成 |
| P03-M01  | P03      | 党员积分管理 | 2022年12月底前 | 长期坚持 |
| P04-M01  | P04      | 入股合作社   | 2022年12月底前 | 推进中 |

# 测评验收
| 测评日期   | 组织层级 | 测评方式 | 验收结论 |
| 2022-10-25 | 县级     | 综合验收 | 合格     |
| 2022-09-10 | 县级     | 综合验收 | 不合格   |
"""

LOWER = """
# 基本情况
| 年度               | 2022   |
| 村代码             | '0201  |
| 村名               | 下河村 |
| 主要类型           | R01    |
| 是否脱贫村         | 否     |
| 年初书记是否缺配   | 是     |
| 本年是否已选配书记 | 否     |
| 年初书记是否需调整 | 是     |
| 本年书记是否已调整 | 是     |
| 本年培训书记       | 3      |
| 其中县级及以上培训 | 0      |
| 本年专项整治       | 2      |
| 本年查处违纪违法   | 1      |

# 工作力量
| 工作角色     | 姓名或单位 | 任职止     |
| 联村县级领导 | 陈建国     |            |
| 包村镇领导   | 吴敏       |            |
| 第一书记     | 孙立新     | 2023-12-31 |
| 结对帮扶单位 | 县税务局   |            |

# 存在问题
| 问题编号 | 问题简述     | 类型代码 |
| P01      | 班子配备不齐 | R01      |

# 测评验收
| 测评日期   | 组织层级 | 测评方式 | 验收结论 |
| 2022-10-20 | 镇级     | 会议测评 | 合格     |
| 2022-11-10 | 县级     | 综合验收 | 合格     |
"""

QUARTER = """
# 基本情况
| 年度     | 2022     |
| 村代码   | '0205    |
| 村名     | 城关社区 |
| 主要类型 | R04、R10 |

# 工作力量
| 工作角色 | 姓名或单位 |
| 第一书记 | 李春       |

# 存在问题
| 问题编号 | 问题简述     | 类型代码 | 销号日期   |
| P01      | 服务群众不便 | R10      | 2022-05-05 |

# 测评验收
| 测评日期   | 组织层级 | 测评方式 | 验收结论 |
| 2022-10-25 | 县级     | 综合验收 | 基本合格 |
"""

COMMITTEE = """
# 基本情况
| 年度               | 2022       |
| 村代码             | '0206      |
| 村名               | 向阳居委会 |
| 年初书记是否缺配   | 否         |
| 本年培训书记       | 1          |
| 其中县级及以上培训 | 1          |
| 本年专项整治       | 1          |
| 本年查处违纪违法   | 2          |

# 测评验收
| 测评日期   | 组织层级 | 测评方式 | 验收结论 |
| 2022-08-25 | 县级     | 综合验收 | 合格     |
| 2022-10-25 | 县级     | 综合验收 | 不合格   |
"""

DOUBLED = UPPER.replace("'0203", "'0207").replace("上河村", "石门村")
ROSTER = """
# 村名册
| 村代码 | 村名       |
| '0201  | 下河村     |
| '0203  | 上河村     |
| '0205  | 城关社区   |
| '0206  | 向阳居委会 |
| '0207  | 石门村     |
| '0208  | 柳树村     |
"""

ITEMS = {
    "排查数": (2, 2),
    "其中建档立卡贫困村": (1, 0),
    "整顿提升数": (1, 0),
    "R01": (1, 0),
    "R02": (0, 0),
    "R03": (0, 0),
    "R04": (1, 1),
    "R05": (0, 0),
    "R06": (0, 0),
    "R07": (0, 0),
    "R08": (0, 0),
    "R09": (0, 0),
    "R10": (1, 1),
    "年初缺配": (2, 0),
    "本年已选配": (1, 0),
    "年初需调整": (1, 0),
    "本年已调整": (1, 0),
    "培训": (5, 1),
    "其中县级及以上培训": (1, 1),
    "结对帮扶单位": (3, 0),
    "挂点联系领导": (4, 0),
    "选派第一书记": (2, 1),
    "选派驻村干部": (2, 0),
    "专项整治": (3, 1),
    "解决各类问题": (2, 1),
    "查处违纪违法": (1, 2),
}
"""The 26 items in the order of the official form, of villages and of urban quarters."""


def books():
    """Return the workbooks that came in; the last two differ, so that their village is left out."""
    texts = {"a": UPPER, "b": LOWER, "c": QUARTER, "d": COMMITTEE}
    texts |= {"e": DOUBLED, "f": DOUBLED.replace("入股", "参股")}
    return [called(drawn(text), f"{name}.xlsx", name) for name, text in texts.items()]


def given(as_of=dt.date(2022, 10, 31), held=None, month=""):
    listed = township.roster(drawn(ROSTER, form=township.FORM, name="镇级工作簿.xlsx"))
    return rolled(held or books(), listed=listed, as_of=as_of, month=month or f"{as_of:%Y-%m}")


def short(column):
    """Return a header without the words that say what type a code stands for."""
    return column.header[:3] if column.header.startswith("R") else column.header


def table(made, row, key):
    """Return a table's items by what stands under a key."""
    own = made.tables[row]
    at = own.columns.index(key)
    names = [short(column) for column in own.columns]
    return {
        value_of(line[at]): dict(zip(names, map(value_of, line), strict=True)) for line in own.rows
    }


def test_all_26_items_are_those_counted_by_hand():
    found = table(given(), rollup.PartyTotal, rollup.SORT)
    for at, sort in enumerate(("村", "社区")):
        assert {item: found[sort][item] for item in ITEMS} == {
            item: counts[at] for item, counts in ITEMS.items()
        }, sort


def test_the_statistic_ends_with_villages_and_quarters_together():
    total = given().tables[rollup.PartyTotal].total
    assert [value_of(cell) for cell in total] == ["合计", *(sum(both) for both in ITEMS.values())]


def test_the_items_stand_in_the_official_order_below_their_groups():
    sheet = openpyxl.load_workbook(BytesIO(build_rollup(given())), data_only=True)["党内统计表"]
    head = next(line for line in sheet.iter_rows() if line[0].value == "类别")
    row, first = head[0].row, 2
    assert [str(cell.value)[:3] if str(cell.value)[0] == "R" else cell.value for cell in head][
        1:27
    ] == list(ITEMS)
    groups = [cell for cell in sheet[row - 1] if cell.value]
    spans = [
        area.size["columns"]
        for group in groups
        for area in sheet.merged_cells.ranges
        if group.coordinate == area.coord.partition(":")[0]
    ]
    assert [(group.value, span) for group, span in zip(groups, spans, strict=True)] == [
        ("排查整顿（个）", 3),
        ("主要类型（个）", 10),
        ("党组织书记（人）", 6),
        ("整顿措施（个、人）", 4),
        ("解决突出问题（项、个、例）", 3),
    ]
    assert groups[0].column == first
    assert [sheet.cell(row + 1, 1).value, sheet.cell(row + 2, 1).value] == ["村", "社区"]
    assert sheet.cell(row + 1, 2).value == 2


def test_what_each_item_is_taken_from_stands_on_the_sheet():
    sheet = openpyxl.load_workbook(BytesIO(build_rollup(given())))["党内统计表"]
    shown = {cell.value for line in sheet.iter_rows() for cell in line}
    assert set(rollup.PARTY_DEFINITIONS) <= shown


# -- definition by definition -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("城关社区", "社区"),
        ("城关社区居委会", "社区"),
        ("向阳居委会", "社区"),
        ("向阳居民委员会", "社区"),
        ("社区庄村", "村"),
        ("上河村", "村"),
        ("上河村村民委员会", "村"),
    ],
)
def test_an_urban_quarter_is_known_by_how_its_name_ends(name, sort):
    book = called(drawn(UPPER.replace("上河村", name)), "a.xlsx", "a")
    found = table(given(held=[book]), rollup.PartyTotal, rollup.SORT)
    assert {sort for sort, line in found.items() if line["排查数"]} == {sort}


def test_a_village_that_is_left_out_counts_nowhere():
    found = table(given(), rollup.PartyLine, rollup.VILLAGE_NAME)
    assert set(found) == {"下河村", "上河村", "城关社区", "向阳居委会"}


def test_only_the_countys_last_verdict_by_that_day_raises_a_village():
    raised = [
        name
        for day in (dt.date(2022, 9, 9), dt.date(2022, 10, 24), dt.date(2022, 11, 10))
        for name, line in table(given(day), rollup.PartyLine, rollup.VILLAGE_NAME).items()
        if line["整顿提升数"]
    ]
    # the committee until its second verdict; nobody; the lower village's dated one, too
    assert raised == ["向阳居委会", "向阳居委会", "下河村", "上河村"]


def test_each_type_of_a_village_counts_once_and_local_ones_have_no_item():
    lines = table(given(), rollup.PartyLine, rollup.VILLAGE_NAME)
    types = {
        name: [item for item in ITEMS if item.startswith("R") and line[item]]
        for name, line in lines.items()
    }
    assert types == {
        "下河村": ["R01"],
        "上河村": ["R04", "R10"],
        "城关社区": ["R04", "R10"],
        "向阳居委会": [],
    }


@pytest.mark.parametrize(
    ("day", "leaders", "secretaries", "stationed"),
    [
        (dt.date(2022, 2, 28), 2, 2, 3),  # until the very day it ends, and not before it begins
        (dt.date(2022, 3, 1), 2, 2, 3),
        (dt.date(2022, 8, 31), 2, 1, 3),
        (dt.date(2022, 9, 1), 2, 1, 2),
        (dt.date(2022, 10, 31), 2, 1, 2),
        (dt.date(2022, 11, 1), 2, 0, 2),
        (dt.date(2023, 7, 1), 2, 0, 1),
    ],
)
def test_people_count_as_long_as_they_are_in_office(day, leaders, secretaries, stationed):
    found = table(given(day), rollup.PartyLine, rollup.VILLAGE_NAME)["上河村"]
    items = ("挂点联系领导", "选派第一书记", "选派驻村干部", "结对帮扶单位")
    assert [found[item] for item in items] == [leaders, secretaries, stationed, 2]


def test_who_is_both_leaders_of_a_village_is_one_person():
    text = LOWER.replace("| 包村镇领导   | 吴敏 ", "| 包村镇领导   | 陈建国 ")
    found = table(given(held=[drawn(text)]), rollup.PartyLine, rollup.VILLAGE_NAME)
    assert found["下河村"]["挂点联系领导"] == 1


def test_problems_are_solved_once_struck_off_by_that_day_or_with_all_measures_done():
    def solved(day):
        found = table(given(day), rollup.PartyLine, rollup.VILLAGE_NAME)
        return [found[name]["解决各类问题"] for name in ("上河村", "下河村", "城关社区")]

    assert solved(dt.date(2022, 5, 4)) == [1, 0, 0]  # P02 is done, whatever the day
    assert solved(dt.date(2022, 10, 31)) == [2, 0, 1]
    assert solved(dt.date(2022, 11, 5)) == [3, 0, 1]


@pytest.mark.parametrize(
    ("item", "label", "answers"),
    [
        ("其中建档立卡贫困村", "是否脱贫村", (("是", 1), ("否", 0), ("", None))),
        ("年初缺配", "年初书记是否缺配", (("是", 1), ("否", 0), ("", None))),
        ("本年已选配", "本年是否已选配书记", (("是", 1), ("否", 0), ("", None))),
        ("年初需调整", "年初书记是否需调整", (("是", 1), ("否", 0), ("", None))),
        ("本年已调整", "本年书记是否已调整", (("是", 1), ("否", 0), ("", None))),
        ("培训", "本年培训书记", ((7, 7), (0, 0), ("", None))),
        ("其中县级及以上培训", "其中县级及以上培训", ((7, 7), (0, 0), ("", None))),
        ("专项整治", "本年专项整治", ((7, 7), (0, 0), ("", None))),
        ("查处违纪违法", "本年查处违纪违法", ((7, 7), (0, 0), ("", None))),
    ],
)
def test_what_the_profile_does_not_tell_is_blank_and_not_nought(item, label, answers):
    head = "# 基本情况\n| 年度 | 2022 |\n| 村代码 | '0203 |\n| 村名 | 上河村 |\n"
    for answer, shown in answers:
        found = given(held=[drawn(f"{head}| {label} | {answer} |")])
        line = table(found, rollup.PartyLine, rollup.VILLAGE_NAME)["上河村"]
        assert line[item] == shown
        told = {each for each in ITEMS if line[each]} - {"排查数"}
        assert told == ({item} if shown else set())


def test_the_villages_of_the_list_add_up_to_the_statistic():
    made = given()
    lines = table(made, rollup.PartyLine, rollup.VILLAGE_NAME).values()
    totals = table(made, rollup.PartyTotal, rollup.SORT)
    for item in ITEMS:
        for sort in ("村", "社区"):
            own = [line[item] or 0 for line in lines if line["类别"] == sort]
            assert totals[sort][item] == sum(own), (item, sort)
