# ruff: noqa: E501 -- a paragraph is one line, here as there
"""会议纪要 word for word, and the names that it is worded with."""

import datetime as dt

import pytest
from drawn import drawn

from toolkit.forms.township import MINUTES
from toolkit.forms.village import Meeting, Problem
from toolkit.word import minutes_vocabulary as minutes
from toolkit.word import vocabulary
from toolkit.word.scope import walk
from toolkit.word.wording import standard_template

AS_OF = dt.date(2022, 10, 31)

BOOK = drawn("""
    # 基本情况
    | 项目 | 填写内容 |
    | 乡镇 | 云岭镇   |
    | 村名 | 竹园村   |
    # 存在问题
    | 问题编号 | 问题简述     |
    | P01      | 集体经济薄弱 |
    | P02      | 组织生活松散 |
    # 专题研究会议
    | 会议日期   | 会议类型   | 地点   | 主持人 | 记录人 | 应到人数 | 实到人数 | 缺席人员及原因 | 研究的问题 | 议题                   | 议定事项                             | 落实责任人 | 落实时限      | 上次决议落实情况 |
    | 2022-06-14 | 两委联席会 | 村委会 | 周明   | 吴芳   | 7        | 6        | 郑强（请假）   | P02、P01   | 研究入股和主题党日。   | 10万元入股合作社；每月5日开展主题党日。 | 周明、吴芳 | 2022年6月底前 | 首次研究         |
    | 2022-07-11 | 党员大会   | 广场   | 周明   |        |          | 20       |                | P09        | 审议设岗定责方案       | 设岗21个                             |            |               |                  |
    | 2022-05-09 | 其他       |        | 周明   | 吴芳   | 5        | 5        |                |            | 部署排查               |                                      |            |               |                  |
""")


def worded(meeting: Meeting) -> list[str]:
    """The minutes' paragraphs, each as the template's text writes one: style|text."""
    scope = minutes.minutes_vocabulary(BOOK, meeting, AS_OF)
    return [f"{each.style}|{each.text}" for each in standard_template(MINUTES).fill(scope)]


FULL = """
公文标题|云岭镇竹园村“两委”联席会议纪要
公文正文|时间：2022年6月14日
公文正文|地点：村委会
公文正文|主持：周明
公文正文|记录：吴芳
一级标题|一、上次议定事项落实情况
公文正文|首次研究。
一级标题|二、会议议题
公文正文|研究入股和主题党日。
公文正文|会议对照问题清单，研究了以下问题：组织生活松散；集体经济薄弱。
一级标题|三、议定事项
公文正文|1. 10万元入股合作社。
公文正文|2.每月5日开展主题党日。
公文正文|落实责任人：周明、吴芳。落实时限：2022年6月底前。
出席人员|出席：＿＿（应到7人，实到6人）
出席人员|请假：郑强（请假）
"""

WITH_GAPS = """
公文标题|云岭镇竹园村党员大会会议纪要
公文正文|时间：2022年7月11日
公文正文|地点：广场
公文正文|主持：周明
公文正文|记录：＿＿
一级标题|一、上次议定事项落实情况
公文正文|2022年6月14日会议议定事项的落实情况：＿＿。
一级标题|二、会议议题
公文正文|审议设岗定责方案。
公文正文|会议对照问题清单，研究了以下问题：＿＿。
一级标题|三、议定事项
公文正文|设岗21个。
公文正文|落实责任人：＿＿。落实时限：＿＿。
出席人员|出席：＿＿（应到＿＿人，实到20人）
"""

FIRST = """
公文标题|云岭镇竹园村会议纪要
公文正文|时间：2022年5月9日
公文正文|地点：＿＿
公文正文|主持：周明
公文正文|记录：吴芳
一级标题|一、上次议定事项落实情况
公文正文|本次会议是首次专题研究，没有上次议定事项。
一级标题|二、会议议题
公文正文|部署排查。
一级标题|三、议定事项
公文正文|＿＿。
公文正文|落实责任人：＿＿。落实时限：＿＿。
出席人员|出席：＿＿（应到5人，实到5人）
"""


@pytest.mark.parametrize(("at", "text"), list(enumerate([FULL, WITH_GAPS, FIRST])))
def test_the_minutes_say_word_for_word_what_the_office_would_say(at, text):
    assert worded(BOOK.rows(Meeting)[at]) == text.strip().splitlines()


def scope_of(decisions: str):
    book = drawn(f"""
        # 专题研究会议
        | 会议日期   | 会议类型 | 议定事项    |
        | 2022-06-14 | 碰头会   | {decisions} |
    """)
    (meeting,) = book.rows(Meeting)
    return minutes.minutes_vocabulary(book, meeting, AS_OF)


@pytest.mark.parametrize(
    ("decisions", "items"),
    [
        ("修路", ["1.修路"]),
        ("修路；清账；", ["1.修路", "2.清账"]),
        ("（1）修路；（2）清账", ["（1）修路", "（2）清账"]),
        ("1.修路；2.清账", ["1.修路", "2.清账"]),
        ("1.5公里路月底完工；清账", ["1. 1.5公里路月底完工", "2.清账"]),
        ("一、修路；清账", ["一、修路", "2.清账"]),
        ("", []),
    ],
)
def test_what_was_decided_is_told_item_by_item(decisions, items):
    rows = scope_of(decisions).tables[minutes.ITEMS]
    assert [row.values["编号事项"] for row in rows] == items


def test_a_meeting_whose_type_cannot_be_read_is_called_a_meeting():
    assert scope_of("修路").values["会议名称"] == "会议"


def test_the_meeting_hides_no_name_of_the_village():
    village = set(vocabulary.specimen().values)
    assert village.isdisjoint(column.header for column in Meeting.columns)
    assert village.isdisjoint({"会议名称", "上次会议日期", "多条议定事项", minutes.PRESENT})
    assert {minutes.STUDIED, minutes.ITEMS}.isdisjoint(vocabulary.specimen().tables)


def test_the_specimen_has_something_in_each_of_its_own_names():
    scope = minutes.specimen()
    own = {column.header for column in Meeting.columns} | {"会议名称", "上次会议日期"}
    assert [name for name in own if not scope.values[name]] == []
    assert scope.tables[minutes.STUDIED][0].values[Problem.number.header] == "P01"
    assert len(scope.tables[minutes.ITEMS]) == 2


def test_every_name_has_its_sentence():
    glossary = minutes.glossary()
    silent = [
        (path, name)
        for path, scope in walk(minutes.specimen())
        for name in scope.values
        if not glossary.of_value(path, name)
    ]
    assert silent == []
