"""整顿工作情况汇报: each sentence and number, against a township that is thought out by hand."""

import datetime as dt
import itertools
import re
from collections import Counter
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
from paths import EXAMPLES
from rollup.township_drawn import (
    EMPTY,
    LOWER,
    UPPER,
    book,
    called,
    findings,
    made,
    rolled,
    roster,
)

from toolkit.excel.opened import read_workbook
from toolkit.excel.rollup.book import build_rollup
from toolkit.findings import Level
from toolkit.forms import rollup, township
from toolkit.forms.ledgers import ChangeKind
from toolkit.forms.rollup import Level as Whose
from toolkit.forms.rollup import Rollup, Source
from toolkit.rollup.past import Past, past_in
from toolkit.schema.workbook import Workbook
from toolkit.word.scope import Scope, walk
from toolkit.word.sorts import sort_named
from toolkit.word.town_glossary import glossary, specimen
from toolkit.word.town_month import COUNTY_FORM, TOWN_FORM, Month
from toolkit.word.town_vocabulary import MOST_NAMED, TOWN_REPORT, town_vocabulary
from toolkit.word.vocabulary import example_row
from toolkit.word.wording import standard_template, template_docx

OF_TOWN = {"town": "青石镇", "county": "清河县"}
SEPTEMBER = {"as_of": dt.date(2022, 9, 30), "month": "2022-09"}


def read_back(given: Rollup, folder: Path) -> Workbook:
    path = folder / "镇汇总.xlsx"
    path.write_bytes(build_rollup(given))
    return read_workbook(path, (TOWN_FORM, COUNTY_FORM))


def past_of(given: Rollup, folder: Path) -> Past:
    path = folder / "上月.xlsx"
    path.write_bytes(build_rollup(given))
    return past_in(read_workbook(path, (rollup.FORM, rollup.COUNTY_FORM)))


@pytest.fixture
def names(tmp_path):
    """Return what a report can say of a rollup."""
    return lambda given, own=None: town_vocabulary(read_back(given, tmp_path), own)


def lines(scope: Scope) -> list[str]:
    return [line.text for line in standard_template(TOWN_REPORT).fill(scope)]


@pytest.fixture
def said(names):
    """Return the lines of the report of a rollup, each on its own."""
    return lambda given, own=None: lines(names(given, own))


def chapter(report: list[str], title: str) -> list[str]:
    """Return the lines below a heading, to the next one."""
    start = report.index(title) + 1
    ends = [at for at in range(start, len(report)) if report[at][1:2] == "、"]
    return report[start : min(ends, default=len(report))]


def table(scope: Scope, name: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row.values[column] for column in columns) for row in scope.tables[name]]


# -- a busy township with a month before --------------------------------------------------------
#
# Three villages came in, 柳树村 did not. Of 9 measures 4 are done (P02-M02, P03-M01 above, two of
# 下河村), 1 is kept up, so 8 are the base. P02-M01 of 下河村 was due on 31 May, P04-M01 of 上河村
# on 31 July, its P01-M01 on 30 September: the last was not late yet in September.


@pytest.fixture(scope="module")
def busy(tmp_path_factory) -> Workbook:
    folder = tmp_path_factory.mktemp("busy")
    past = past_of(made(**SEPTEMBER, **OF_TOWN), folder)
    return read_back(made(past=past, **OF_TOWN), folder)


@pytest.fixture(scope="module")
def report(busy) -> list[str]:
    return lines(town_vocabulary(busy, example_row(township.Township)))


def test_it_is_addressed_titled_signed_and_dated_as_of_the_rollups_day(report):
    assert report[:3] == [
        "中共青石镇委员会关于2022年10月软弱涣散基层党组织整顿工作情况的汇报",
        "中共清河县委组织部：",
        "现将我镇2022年10月软弱涣散基层党组织整顿工作情况汇报如下，数字截至2022年10月31日。",
    ]
    assert report[-3:] == [
        "中共青石镇委员会",
        "2022年10月31日",
        "（联系人：周敏，联系电话：13800000000）",
    ]


def test_the_first_chapter_says_who_came_in_and_what_there_is(report):
    assert chapter(report, "一、基本情况") == [
        (
            "全镇列入整顿的村4个（下河村、上河村、柳树村、石门村），本次汇总3个，未汇总1个（柳树村），"
            "以下数字只含已汇总的村。已汇总的村中，没有登记问题和措施的1个（石门村）。"
        ),
        (
            "已汇总的3个村共查摆问题7个，其中已销号1个、已完成1个、长期坚持1个、推进中2个、未启动2个；"
            "制定整改措施9条，其中已完成4条、推进中2条、未启动1条、长期坚持1条、状态未填1条。"
            "措施计划资金合计50万元。"
        ),
        (
            "按主要类型分，班子缺配1个村、服务弱1个村、集体经济薄弱1个村。类型分布见下表，"
            "一个村、一个问题有几个类型的每个类型各计一次，占比以已汇总的3个村、7个问题为基数。"
        ),
        "代码｜类型｜村数｜占已汇总村｜问题数｜占问题总数",
        "R01｜党组织班子配备不齐、书记长期缺职、工作处于停滞状态的｜1｜33.3%｜1｜14.3%",
        "R04｜组织制度形同虚设、不开展党组织活动的｜0｜0.0%｜3｜42.9%",
        "R07｜村务居务财务公开和民主管理混乱的｜0｜0.0%｜1｜14.3%",
        "R10｜党组织服务意识差、服务能力弱、群众意见大的｜1｜33.3%｜2｜28.6%",
        "L01｜发展思路不清、集体经济薄弱的｜1｜33.3%｜1｜14.3%",
        "L07｜本地类型｜0｜0.0%｜1｜14.3%",
    ]


def test_the_second_chapter_says_only_what_is_recorded(report):
    assert chapter(report, "二、主要做法和工作进展") == [
        (
            "（一）落实包抓帮扶。已汇总的3个村中，有联村县级领导的1个、有包村镇领导的1个、"
            "有第一书记的1个、有结对帮扶单位的1个。"
        ),
        "（二）坚持专题研究。累计召开专题研究会议6次，其中本月1次。",
        "（三）实行台账管理。问题7个、措施9条登记台账。",
        (
            "（四）推进整改落实。扣除长期坚持的1条，以8条措施为基数，已完成4条，完成率50.0%。"
            "完成率最高的是下河村（66.7%），最低的是上河村（40.0%）。"
            "与9月相比，完成率持平（9月为50.0%），已销号问题持平，逾期措施增加1条。"
            "其间新逾期措施1条。进展情况见下表。"
        ),
        "村名｜问题｜已销号｜措施｜已完成｜推进中｜未启动｜长期坚持｜逾期｜完成率",
        "下河村｜2｜0｜3｜2｜0｜0｜0｜1｜66.7%",
        "上河村｜5｜1｜6｜2｜2｜1｜1｜2｜40.0%",
        "石门村｜0｜0｜0｜0｜0｜0｜0｜0｜—",
        "合计｜7｜1｜9｜4｜2｜1｜1｜3｜50.0%",
        "各月进展情况见下表。",
        "月份｜汇总村｜问题｜已销号｜措施｜已完成｜长期坚持｜完成率｜逾期｜当月会议",
        "2022年9月｜3｜7｜1｜9｜4｜1｜50.0%｜2｜0",
        "2022年10月｜3｜7｜1｜9｜4｜1｜50.0%｜3｜1",
        (
            "（五）组织测评验收。登记测评、验收2次。"
            "最近一次测评的满意率（满意和基本满意票数之和占有效票数的比例）：上河村94.7%。"
            "尚无验收结论。"
        ),
    ]


def test_the_third_chapter_names_what_is_lacking_and_where(report):
    assert chapter(report, "三、存在问题") == [
        "（一）报送不齐。没有汇总的村：柳树村（文件有密码）。没有登记问题和措施的村：石门村。",
        (
            "（二）措施逾期。超过时限没有完成的措施3条，涉及2个村（上河村2条、下河村1条），"
            "均为红牌警示（逾期超过30天的为红牌警示，其余为黄牌提醒）。"
            "逾期最久的是下河村“修订议事规则”，已逾期153天。逐条情况见下表。"
        ),
        "村名｜编号｜措施内容｜责任人｜完成时限｜逾期天数",
        "下河村｜P02-M01｜修订议事规则｜＿＿｜2022-05-31｜153",
        "上河村｜P04-M01｜党员积分管理｜王志远｜2022年7月底前，并长期坚持｜92",
        "上河村｜P01-M01｜入股合作社｜王志远｜2022年9月底前｜31",
        (
            "（三）专题研究缺会。应当研究而没有会议记录的村3个："
            "下河村（5月、6月、8月、9月、10月）、上河村（7月、8月、9月）、"
            "石门村（5月、6月、7月、8月、9月、10月）。"
        ),
        "（四）措施没有启动。尚未启动的措施1条：上河村。",
        "（五）进度没有填报。没有填写办理状态的措施1条：下河村。",
        "（六）责任没有逐条写明。没有写明责任人的措施3条。",
        (
            "（七）帮扶力量登记不全。尚未登记的："
            "联村县级领导、包村镇领导、第一书记、结对帮扶单位（下河村、石门村）。"
        ),
    ]


def test_the_fourth_chapter_says_what_is_to_be_done_about_it(report):
    assert chapter(report, "四、下一步打算")[:6] == [
        "（一）催报工作簿。督促柳树村报送工作簿，下次一并汇总。督促石门村登记问题和措施。",
        "（二）催办逾期措施。对逾期的3条措施逐条核实原因、明确办结时间：上河村2条、下河村1条。",
        (
            "（三）补齐专题研究。缺会的村开过会的补登记，没有开的说明原因，以后按月研究："
            "下河村（5月、6月、8月、9月、10月）、上河村（7月、8月、9月）、"
            "石门村（5月、6月、7月、8月、9月、10月）。"
        ),
        ("（四）补全台账。补填措施的办理状态：下河村。逐条写明措施的责任人。补登记帮扶力量。"),
        (
            "（五）办理销号。措施全部完成、尚未销号的问题1个，按程序申请、审核："
            "下河村“班子配备不齐”。"
        ),
        "（六）抓好长期坚持。对长期坚持的1条措施按月更新进展，防止反弹。",
    ]


# -- nought and one -----------------------------------------------------------------------------

GOOD = """
# 基本情况
| 年度         | 2022   |
| 村代码       | '0203  |
| 乡镇         | 青石乡 |
| 村名         | 上河村 |

# 工作力量
| 工作角色     | 姓名或单位   |
| 联村县级领导 | 陈建国       |
| 包村镇领导   | 刘芳         |
| 第一书记     | 赵国强       |
| 结对帮扶单位 | 县农业农村局 |
| 驻村工作队员 | 李阳         |

# 存在问题
| 问题编号 | 问题简述         | 类型代码 |
| P01      | 村级集体经济薄弱 | L01      |

# 整改措施
| 措施编号 | 问题编号 | 措施内容   | 责任人 | 完成时限       | 办理状态 |
| P01-M01  | P01      | 入股合作社 | 王志远 | 2022年11月底前 | 推进中   |

# 专题研究会议
| 会议日期   | 会议类型 | 议题     |
| 2022-05-12 | 支委会   | 研究方案 |
| 2022-06-08 | 支委会   | 研究入股 |
| 2022-07-28 | 支委会   | 研究入股 |
| 2022-08-09 | 支委会   | 研究入股 |
| 2022-09-09 | 支委会   | 研究入股 |
| 2022-10-09 | 支委会   | 研究分红 |
"""


def test_a_township_of_one_village_without_a_fault_says_nothing_of_nought(said):
    report = said(rolled([book(GOOD, "0203")], town="青石乡", county="清河县"))
    assert report[2:] == [
        "现将我乡2022年10月软弱涣散基层党组织整顿工作情况汇报如下，数字截至2022年10月31日。",
        "一、基本情况",
        "全乡本次汇总1个村（上河村），没有村名册，是否报齐未作清点。",
        "上河村共查摆问题1个，推进中；制定整改措施1条，推进中。",
        "类型分布见下表，占比以已汇总的1个村、1个问题为基数。",
        "代码｜类型｜村数｜占已汇总村｜问题数｜占问题总数",
        "L01｜发展思路不清、集体经济薄弱的｜0｜0.0%｜1｜100.0%",
        "二、主要做法和工作进展",
        (
            "（一）落实包抓帮扶。上河村有联村县级领导、包村镇领导、第一书记和结对帮扶单位。"
            "驻村工作队员1名。"
        ),
        "（二）坚持专题研究。累计召开专题研究会议6次，其中本月1次。",
        "（三）实行台账管理。问题1个、措施1条登记台账，措施逐条写明了责任人和完成时限。",
        "（四）推进整改落实。1条措施中，尚无完成的，完成率0.0%。进展情况见下表。",
        "村名｜问题｜已销号｜措施｜已完成｜推进中｜未启动｜长期坚持｜逾期｜完成率",
        "上河村｜1｜0｜1｜0｜1｜0｜0｜0｜0.0%",
        "三、存在问题",
        "截至2022年10月31日，没有逾期的措施，专题研究没有缺会。",
        "四、下一步打算",
        "（一）盯紧到期措施。2022年11月30日以前到期的措施1条，督促按期办结：上河村。",
        "中共青石乡委员会",
        "2022年10月31日",
    ]


def test_where_nothing_is_left_to_do_one_sentence_closes_the_chapter(said):
    closed = GOOD.replace("| 类型代码 |", "| 类型代码 | 销号日期 |").replace(
        "L01      |\n", "L01 | 2022-10-20 |\n"
    )
    report = said(rolled([book(closed.replace("推进中 ", "已销号"), "0203")], town="青石乡"))
    assert "上河村共查摆问题1个，已销号；制定整改措施1条，已完成。" in report
    assert chapter(report, "四、下一步打算")[0] == "继续按月调度、核对和汇总。"


def test_a_village_with_an_empty_workbook_gives_no_figures(said):
    report = said(rolled([book(EMPTY, "0205")]))
    assert report[0].startswith("中共青石镇委员会关于")  # its villages name it
    assert report[1] == "中共＿＿委组织部："  # nobody has named the county
    assert chapter(report, "一、基本情况")[1:] == ["石门村尚未登记问题和措施。"]
    assert chapter(report, "二、主要做法和工作进展") == [
        "截至2022年10月31日，没有帮扶、研究和进展的登记。"
    ]


def test_without_a_month_before_nothing_is_compared(said):
    report = "\n".join(said(made(**OF_TOWN)))
    assert "相比" not in report
    assert "各月进展" not in report
    assert "其间" not in report


def test_all_villages_in_is_said_in_a_word(said):
    books = [book(UPPER, "0203"), book(LOWER, "0201"), book(EMPTY, "0205")]
    listed = [line for line in roster() if line.village != "柳树村"]
    report = said(rolled(books, listed=listed, **OF_TOWN))
    assert chapter(report, "一、基本情况")[0] == (
        "全镇列入整顿的村3个（下河村、上河村、石门村），已全部汇总。"
        "已汇总的村中，没有登记问题和措施的1个（石门村）。"
    )
    (one,) = [line for line in roster() if line.village == "上河村"]
    alone = said(rolled([book(UPPER, "0203")], listed=[one], **OF_TOWN))
    assert chapter(alone, "一、基本情况")[0] == "全镇列入整顿的村1个（上河村），已汇总。"


def test_a_village_that_is_not_on_the_roster_is_named_as_such(said):
    (one,) = [line for line in roster() if line.village == "柳树村"]
    report = said(rolled([book(UPPER, "0203")], listed=[one], **OF_TOWN))
    assert chapter(report, "一、基本情况")[0] == (
        "全镇列入整顿的村1个（柳树村），未汇总1个（柳树村），以下数字只含已汇总的村。"
        "另有不在村名册的1个村（上河村）一并汇总。"
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("长期坚持", "措施都是长期坚持的，不计算完成率。进展情况见下表。"),
        ("已完成", "1条措施中，已完成1条，完成率100.0%。进展情况见下表。"),
    ],
)
def test_the_rate_is_said_with_what_it_is_reckoned_on(said, status, words):
    text = GOOD.replace("推进中 ", status)
    report = said(rolled([book(text, "0203")]))
    assert f"（四）推进整改落实。{words}" in report


def test_problems_without_measures_are_named_and_given_some(said):
    text = GOOD.split("# 整改措施", maxsplit=1)[0] + "# 整改措施\n| 措施编号 | 问题编号 |\n"
    report = said(rolled([book(text, "0203")]))
    assert "上河村共查摆问题1个，未启动；尚未制定整改措施。" in report
    assert "（二）实行台账管理。问题1个登记台账。" in report
    assert "（二）问题没有措施。没有制定措施的问题1个：上河村“村级集体经济薄弱”。" in report
    assert (
        "（一）补充整改措施。对没有措施的问题（上河村“村级集体经济薄弱”）制定措施，"
        "明确责任人和时限。" in report
    )


def test_a_relapse_is_told_and_mended(said):
    head, row = "| 类型代码 |", "L01      |\n"
    text = GOOD.replace(head, f"{head} 销号日期 | 回头看日期 | 回头看结果 |").replace(
        row, "L01 | 2022-08-01 | 2022-10-01 | 反弹 |\n"
    )
    report = said(rolled([book(text, "0203")]))
    assert "（一）问题反弹。“回头看”发现反弹的问题1个：上河村“村级集体经济薄弱”。" in report
    assert (
        "（二）补充整改措施。对反弹的问题（上河村“村级集体经济薄弱”）重新整改，"
        "整改到位后再按程序销号。" in report
    )


def test_neither_owners_nor_deadlines_are_said_to_be_told_where_they_are_not(said):
    text = GOOD.replace("王志远 |", "|").replace("2022年11月底前 |", "|")
    report = said(rolled([book(text, "0203")]))
    assert "（三）实行台账管理。问题1个、措施1条登记台账。" in report
    assert "（一）责任没有逐条写明。没有写明责任人的措施1条，没有写明完成时限的措施1条。" in report
    assert "（一）补全台账。逐条写明措施的责任人。逐条写明措施的完成时限。" in report


def test_under_a_red_head_the_paper_is_a_report(tmp_path):
    given = read_back(rolled([book(GOOD, "0203")], town="青石乡", county="清河县"), tmp_path)
    assert lines(town_vocabulary(given))[0].endswith("工作情况的汇报")
    headed = town_vocabulary(given, headed=True)
    assert lines(headed)[0] == (
        "中共青石乡委员会关于2022年10月软弱涣散基层党组织整顿工作情况的报告"
    )
    assert "整顿工作情况报告如下，" in lines(headed)[2]


def test_problems_without_a_type_are_counted_beside_the_table(said):
    more = "L01      |\n| P02      | 议事不规范       |          |\n"
    report = said(rolled([book(GOOD.replace("L01      |\n", more), "0203")]))
    assert (
        "类型分布见下表，占比以已汇总的1个村、2个问题为基数。没有填类型的问题1个，不在表内。"
        in report
    )


def test_what_the_office_has_to_mend_itself_is_not_reported(report):
    assert [line for line in report if "必改" in line or "回传" in line] == []


def test_no_sentence_names_a_problem_or_a_measure_by_its_code(report):
    sentences = [line for line in report if "｜" not in line]
    assert [line for line in sentences if re.search(r"P\d\d", line)] == []


def test_a_long_measure_is_named_by_its_first_clause(names):
    long = "把发展集体经济作为支部书记领办事项，每月研究1次，按照本村土地和区位条件排定年度项目清单"
    endless = long.replace("，", "")
    for text, told in ((long, "把发展集体经济作为支部书记领办事项"), (endless, f"{endless[:29]}…")):
        late = GOOD.replace("入股合作社 |", f"{text} |").replace("2022年11月底前", "2022年9月底前")
        scope = names(rolled([book(late, "0203")]))
        assert scope.values["最久措施"] == f"上河村“{told}”"


# -- trend --------------------------------------------------------------------------------------


def test_a_trend_is_told_in_points_of_the_printed_rates(said, tmp_path):
    # September: 4 of 8. October: P01-M01 of 上河村 is done and late no more, so 5 of 8; P04 closed.
    past = past_of(made(**SEPTEMBER, **OF_TOWN), tmp_path)
    upper = UPPER.replace("2022年9月底前 | 推进中 |", "2022年9月底前 | 已完成 |").replace(
        "| P04      | 党员教育管理不严   | R04      |            |",
        "| P04      | 党员教育管理不严   | R04      | 2022-10-20 |",
    )
    books = [book(upper, "0203"), book(LOWER, "0201"), book(EMPTY, "0205")]
    report = "\n".join(said(made(books, past=past, **OF_TOWN)))
    assert (
        "与9月相比，完成率提高12.5个百分点（9月为50.0%），已销号问题增加1个，逾期措施持平。"
        "其间销号问题1个、办结措施1条。" in report
    )


def test_a_trend_over_other_villages_says_so(said, tmp_path):
    past = past_of(rolled([book(LOWER, "0201")], **SEPTEMBER, **OF_TOWN), tmp_path)
    report = "\n".join(said(made(past=past, **OF_TOWN)))
    assert (
        "与9月相比，完成率下降16.7个百分点（9月为66.7%），已销号问题增加1个，逾期措施增加2条；"
        "9月汇总的是1个村，村数不同。" in report
    )


def test_what_is_told_of_changes_is_what_the_rollup_lists(busy):
    told = Counter((line.kind, line.sort) for line in busy.rows(rollup.ChangeLine))
    assert told[ChangeKind.LATE.value, "措施"] == 1
    assert table(town_vocabulary(busy), "变化", "说明") == [("新逾期措施1条",)]


# -- many ---------------------------------------------------------------------------------------


def many(count: int) -> Rollup:
    """Return a township of so many villages like 下河村, each with a measure late for 153 days."""
    books = []
    for number in range(count):
        name = f"{chr(0x4E00 + 40 * number)}家村"
        text = LOWER.replace("下河村", name).replace("'0201", f"'{number:04}")
        drawn = called(book(text, "0201"), f"{number:04}-{name}-2022.xlsx", str(number))
        books.append(drawn)
    return rolled(books, **OF_TOWN)


def test_more_overdue_measures_than_the_text_holds_are_an_annex(names):
    scope = names(many(6))
    filled = standard_template(TOWN_REPORT).fill(scope)
    titles = [line.text for line in filled if line.style in {"附件说明", "横排附件标题"}]
    assert titles == ["逾期措施清单", "逾期措施清单"]
    rows = [line.cells for line in filled if line.style == "表格行" and len(line.cells) == 9]
    assert len(rows) == 6
    assert rows[0][0] == "1"
    assert rows[0][2:] == (
        "P02-M01",
        "修订议事规则",
        "＿＿",
        "2022-05-31",
        "",
        "153",
        "红牌警示",
    )
    assert not any(line.text.startswith("村名｜编号") for line in filled)
    five = standard_template(TOWN_REPORT).fill(names(many(5)))
    assert not any(line.style == "横排附件标题" for line in five)
    assert sum(line.text.endswith("｜153") for line in five) == 5


def test_no_sentence_names_more_villages_than_one_can_read(names):
    scope = names(many(MOST_NAMED + 1))
    assert scope.values["整顿村名"] == ""
    assert scope.values["逾期分布"].endswith("等13个村")
    assert scope.values["逾期分布"].count("、") == MOST_NAMED - 1
    assert scope.values["最久措施"].endswith("等13条")
    assert scope.values["领先单位"] == ""  # all have the same rate
    assert scope.tables["满意率"] == []


def test_two_cards_are_counted_apart(names):
    text = LOWER.replace("2022-05-31 | 不清楚", "2022-10-20 | 不清楚")
    scope = names(rolled([book(UPPER, "0203"), book(text, "0201")]))
    assert scope.values["预警状况"] == "其中红牌警示2条、黄牌提醒1条"
    assert table(scope, "预警", "名称", "条数") == [("红牌警示", "2"), ("黄牌提醒", "1")]


# -- evaluations --------------------------------------------------------------------------------


def test_the_last_verdict_of_a_level_counts_and_the_highest_level_stands_first(names):
    survey = "| 测评日期 | 组织层级 | 测评方式 | 验收结论 |\n"
    rows = (
        "| 2022-10-20 | 镇级 | 综合验收 | 合格 |\n"
        "| 2022-08-20 | 镇级 | 综合验收 | 不合格 |\n"
        "| 2022-10-25 | 县级 | 综合验收 | 基本合格 |\n"
    )
    scope = names(rolled([book(f"{GOOD}\n# 测评验收\n{survey}{rows}", "0203")]))
    assert table(scope, "验收", "组织层级", "验收结论", "村名") == [
        ("县级", "基本合格", "上河村"),
        ("镇级", "合格", "上河村"),
    ]
    assert (
        "（五）组织测评验收。登记测评、验收3次。"
        "验收结论：县级验收基本合格1个村（上河村）、镇级验收合格1个村（上河村）。" in lines(scope)
    )


# -- a county -----------------------------------------------------------------------------------


def of_county(**more: object) -> Rollup:
    lower = book(LOWER.replace("青石镇", "白水镇"), "0201")
    told = {"level": Whose.COUNTY, "county": "清河县"}
    return rolled([book(UPPER, "0203"), lower], **told, **more)


def test_a_county_counts_by_township_and_names_villages_with_theirs(said):
    report = said(of_county())
    assert report[0] == "中共清河县委组织部关于2022年10月软弱涣散基层党组织整顿工作情况的汇报"
    assert report[1] == "中共＿＿委组织部："
    assert "乡镇｜问题｜已销号｜措施｜已完成｜推进中｜未启动｜长期坚持｜逾期｜完成率" in report
    assert "白水镇｜2｜0｜3｜2｜0｜0｜0｜1｜66.7%" in report
    text = "\n".join(report)
    assert "全县2个乡镇本次汇总2个村（白水镇下河村、青石镇上河村），没有村名册" in text
    assert "完成率最高的是白水镇（66.7%），最低的是青石镇（40.0%）。" in text
    assert "涉及2个村（青石镇2条、白水镇1条）" in text
    assert "应当研究而没有会议记录的村2个：白水镇1个村、青石镇1个村。" in text
    assert report[-2:] == ["中共清河县委组织部", "2022年10月31日"]


def test_a_county_names_the_townships_that_it_lacks(said, tmp_path):
    past = past_of(of_county(**SEPTEMBER), tmp_path)
    broken = Source("黑石镇.xlsx", "未汇总：文件打不开，请重新报送。")
    told = {"level": Whose.COUNTY, "county": "清河县", "past": past, "seen": [broken]}
    report = said(rolled([book(UPPER, "0203")], **told))
    assert (
        "（一）报送不齐。没有汇总的乡镇：白水镇（上月有，本月没有收到）；"
        "黑石镇.xlsx（文件打不开，请重新报送）。" in report
    )
    assert "（一）催报工作簿。督促白水镇、黑石镇.xlsx报送汇总。" in report


def test_a_fault_of_the_townships_own_workbook_stands_last(names):
    own = replace(findings()[0], file="", level=Level.ERROR)
    scope = names(made(found=[*findings(), own], **OF_TOWN))
    assert table(scope, "必改单位", "名称", "条数") == [("上河村", "1"), ("镇级工作簿", "1")]


# -- true to the workbook on the disk -----------------------------------------------------------


def cells(path: Path, title: str) -> list[dict[str, object]]:
    """Return the rows of a sheet below its headers, read by openpyxl alone."""
    grid = list(openpyxl.load_workbook(path, data_only=True)[title].iter_rows(values_only=True))
    head = [str(cell or "").split("\n")[0] for cell in grid[2]]
    body = [dict(zip(head, row, strict=True)) for row in grid[3:]]
    return [row for row in body if row[head[0]] not in {None, "合计"}]


@pytest.fixture(scope="module")
def example() -> Path:
    return EXAMPLES / "汇总" / "2022-10" / "镇汇总.xlsx"


@pytest.fixture(scope="module")
def of_example(example) -> Scope:
    return town_vocabulary(read_workbook(example, (TOWN_FORM,)))


def test_each_headline_figure_of_the_example_is_the_ledgers(example, of_example):
    problems, measures = cells(example, "问题台账"), cells(example, "措施台账")
    meetings, villages = cells(example, "会议台账"), cells(example, "整顿对象一览")
    found, surveys = cells(example, "核查明细"), cells(example, "测评验收")
    lots = Counter(row["统计归类"] for row in measures)
    states = Counter(row["问题状态"] for row in problems)
    held = [row for row in meetings if row["是否计入"] == "是"]
    expected = {
        "名册村数": sum(row["是否在册"] == "是" for row in villages),
        "已汇总数": sum(row["是否汇总"] == "是" for row in villages),
        "未汇总数": sum(row["是否汇总"] == "否" for row in villages),
        "问题数": len(problems),
        "销号数": states["已销号"],
        "问题推进数": states["推进中"],
        "问题长期数": states["长期坚持"],
        "问题未启动数": states["未启动"],
        "措施数": len(measures),
        "完成数": lots["已完成"],
        "推进数": lots["推进中"],
        "未启动数": lots["未启动"],
        "长期数": lots["长期坚持"],
        "计算基数": len(measures) - lots["长期坚持"],
        "逾期数": sum(row["是否逾期"] == "是" for row in measures),
        "逾期村数": len({row["村名"] for row in measures if row["是否逾期"] == "是"}),
        "最久天数": max(row["逾期天数"] or 0 for row in measures),
        "会议数": len(held),
        "本月会议数": sum(row["会议月份"] == 202210 for row in held),
        "必改数": sum(row["级别"] == "必改" for row in found),
        "测评次数": sum(row["是否计入"] == "是" for row in surveys),
        "写明责任人数": sum(row["责任人"] is not None for row in measures),
        "写明时限数": sum(row["完成时限"] is not None for row in measures),
        "临期数": sum(
            row["统计归类"] in {"推进中", "未启动", "状态未填"}
            and row["到期日"] is not None
            and "2022-10-31" <= f"{row['到期日']:%Y-%m-%d}" <= "2022-11-30"
            for row in measures
        ),
    }
    assert {name: of_example.values[name] for name in expected} == {
        name: str(count) for name, count in expected.items()
    }
    rate = lots["已完成"] / (len(measures) - lots["长期坚持"])
    assert of_example.values["完成率"] == f"{rate:.1%}"
    assert float(of_example.values["计划资金"]) == pytest.approx(
        sum(row["计划资金（万元）"] or 0 for row in measures)
    )


def test_the_cards_of_the_first_page_say_the_same(example, of_example):
    page = list(openpyxl.load_workbook(example, data_only=True)["总览"].iter_rows(values_only=True))
    cards: dict[str, object] = {}
    for labels, figures in itertools.pairwise(page):
        if "名册内村数" in labels or "完成率" in labels:
            cards |= {str(a): b for a, b in zip(labels, figures, strict=True) if a}
        if len(cards) == 12:
            break
    told = {"名册内村数": "名册村数", "问题": "问题数", "问题已销号": "销号数", "措施": "措施数"}
    told |= {"已完成": "完成数", "长期坚持": "长期数", "逾期": "逾期数", "核对必改": "必改数"}
    told |= {"本月专题研究": "本月会议数", "未汇总": "未汇总数", "已汇总": "已汇总数"}
    for card, name in told.items():
        assert of_example.values[name] == str(cards[card]), card


def test_each_line_of_each_table_is_a_line_of_the_rollup(example, of_example):
    villages = cells(example, "整顿对象一览")
    columns = ("名称", "问题数", "销号数", "措施数", "完成数", "长期数", "逾期数", "会议数")
    headers = ("村名", "问题数", "问题已销号", "措施数", "措施已完成", "措施长期坚持")
    headers += ("措施逾期", "专题研究累计")
    assert table(of_example, "分项", *columns) == [
        tuple(str(row[header]) for header in headers) for row in villages
    ]
    rates = [f"{row['完成率']:.1%}" for row in villages]
    assert [row.values["完成率"] for row in of_example.tables["分项"]] == rates
    late = cells(example, "逾期预警")
    assert table(of_example, "逾期措施", "村名", "措施编号", "逾期天数", "预警") == [
        (row["村名"], row["措施编号"], str(row["逾期天数"]), row["预警"]) for row in late
    ]
    types = [row for row in cells(example, "类型分布")[:16] if row["主要类型村数"] or row["问题数"]]
    assert table(of_example, "类型", "类型代码", "村数", "占村比", "问题数", "占问题比") == [
        (
            row["类型代码"],
            str(row["主要类型村数"]),
            f"{row['占已汇总村']:.1%}",
            str(row["问题数"]),
            f"{row['占问题总数']:.1%}",
        )
        for row in types
    ]
    gaps = {row["村名"]: row["缺会月数"] for row in cells(example, "专题研究")[:3]}
    told = {row["名称"]: row["月份"] for row in (each.values for each in of_example.tables["缺会"])}
    assert {name: text.count("月") for name, text in told.items()} == {
        name: count for name, count in gaps.items() if count
    }


def test_the_examples_report_speaks_as_an_officer_would(of_example):
    report = lines(of_example)
    assert (
        "（四）推进整改落实。扣除长期坚持的11条，以31条措施为基数，已完成20条，完成率64.5%。"
        "完成率最高的是柳湾村（87.5%），最低的是石桥村（37.5%）。进展情况见下表。" in report
    )
    assert (
        "（二）专题研究缺会。应当研究而没有会议记录的村2个：上河村（8月）、石桥村（8月）。"
        in report
    )
    assert "合计｜10｜1｜42｜20｜10｜1｜11｜8｜64.5%" in report


# -- names and template -------------------------------------------------------------------------


def test_the_specimen_has_a_row_in_each_table_and_each_name_is_explained():
    told = glossary()
    used: set[str] = set()
    for path, scope in walk(specimen()):
        assert all(scope.tables.values()), [n for n, rows in scope.tables.items() if not rows]
        assert [name for name in scope.values if not told.of_value(path, name)] == []
        assert [name for name in scope.tables if not told.of_table(name)] == []
        used |= {*scope.values, *scope.tables}
        used |= {f"{path[-1]}.{name}" for name in scope.values} if path else set()
    assert set(told.said) <= used


def test_the_template_is_the_texts_and_names_only_what_there_is():
    assert sort_named(TOWN_REPORT).specimen is specimen
    standard_template(TOWN_REPORT).check(specimen())
    standing = files("toolkit.word").joinpath("templates", f"{TOWN_REPORT}.docx")
    assert standing.read_bytes() == template_docx(TOWN_REPORT)


def test_a_rollup_of_little_gives_each_name_that_the_specimen_gives(names):
    small = names(rolled([book(EMPTY, "0205")]))
    every = specimen()
    assert set(small.values) == set(every.values)
    assert set(small.tables) == set(every.tables)


def test_a_rollup_without_its_month_is_no_month(busy):
    sheets = {cls: sheet for cls, sheet in busy.sheets.items() if cls is not rollup.Scope}
    with pytest.raises(ValueError, match="without its month"):
        Month(replace(busy, sheets=sheets))


def test_a_place_calls_itself_by_the_end_of_its_name(names):
    for town, called_so in (("青石镇", "我镇"), ("青石乡", "我乡"), ("城关街道", "我街道")):
        assert names(rolled([book(GOOD, "0203")], town=town)).values["我级"] == called_so
    for county, called_so in (("清河县", "全县"), ("清河区", "全区"), ("清河市", "全市")):
        given = rolled([book(UPPER, "0203")], level=Whose.COUNTY, county=county)
        assert names(given).values["全级"] == called_so


def test_what_a_village_is_called_steers_nothing(names):
    odd = GOOD.replace("上河村", "上【村名】&<河>村")
    scope = names(rolled([book(odd, "0203")], town="青石镇"))
    assert "上【村名】&<河>村共查摆问题1个，推进中；制定整改措施1条，推进中。" in lines(scope)
