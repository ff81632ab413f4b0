"""The village workbook as it was at version 0.9: the form that the upgrade is proved with.

Against the present form: other orders and sections, other headers (aliases of the present ones), a
sheet under another title, a column and a field that are gone, a sheet that is gone.
"""

import datetime as dt

from toolkit.forms import codes, village
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import Filling, Form, Identity
from toolkit.schema.kinds import (
    Choice,
    Choices,
    Code,
    Day,
    DeadlineKind,
    Digits,
    Names,
    Number,
    Ref,
    Text,
    Whole,
)

_PROBLEM_NUMBER = Code("P00", how="从 P01 起编号。")


class Profile(Row, sheet="基本情况", vertical=True, hint="逐项填写，不要留空。"):
    """The village; the Party members came first, and there was a head of the work team."""

    members = Column("党员人数", Whole("名", example="34"), required=True, section="党员队伍")
    income = Column("上年村集体收入", Number("万元", example="12"), section="党员队伍")
    year = Column("年度", Whole("年", example="2022"), required=True, section="村情概况")
    code = Column("村代码", Digits(), required=True, section="村情概况", help="问镇里。")
    town = Column("镇", Text(example="青石镇"), required=True, section="村情概况")
    village = Column("行政村", Text(example="上河村"), required=True, section="村情概况")
    branch = Column("党支部名称", Text(example="中共上河村支部"), required=True, section="村情概况")
    team_head = Column("驻村工作队长", Text(example="周敏"), section="村情概况", help="写姓名。")
    plan_day = Column("成文日期", Day(), required=True, section="村情概况")


class Problem(Row, sheet="问题清单", key="number", hint="一个问题一行。", blank_rows=6):
    """One problem; the sheet is 存在问题 now."""

    headline = Column("问题名称", Text(example="集体经济薄弱"), required=True)
    number = Column("编号", _PROBLEM_NUMBER, required=True)
    types = Column("问题类型", Choices(codes.TYPES, codes.LOCAL_TYPE), required=True)
    description = Column("问题描述", Text(long=True, example="没有稳定的增收项目。"))
    found = Column("发现时间", Day())


class Measure(Row, sheet="整改措施", key="number", hint="一条措施一行。", blank_rows=6):
    """One measure; who pressed for it (督办领导) is asked no more."""

    number = Column("编号", Code("P00-M00"), required=True)
    problem = Column("对应问题", Ref(_PROBLEM_NUMBER, "问题清单"), required=True)
    overseer = Column("督办领导", Names())
    status = Column("状态", Choice(codes.STATUSES), required=True)
    text = Column("措施", Text(long=True, example="入股合作社。"), required=True)
    funds = Column("资金", Number("万元", example="50"))
    owner = Column("整改责任人", Names(), required=True)
    deadline = Column("时限", DeadlineKind(), required=True)
    completed = Column("完成日期", Day())


class Visit(Row, sheet="帮扶走访", hint="走访一次一行。", blank_rows=4):
    """One visit; the sheet is gone."""

    day = Column("走访日期", Day(), required=True)
    who = Column("走访干部", Names(), required=True)
    times = Column("走访户数", Whole("户", example="5"))


FORM_0_9 = Form(
    id=village.FORM.id,
    title=village.FORM.title,
    version="0.9.0",
    rows=(Measure, Problem, Profile, Visit),
    purpose="试行版。",
    steps=("逐表填写。",),
)

IDENTITY_0_9 = Identity(village.FORM.id, "0.9.0", "0203", "2022")

FILLING_0_9: Filling = {
    Profile: [
        {
            "members": 34,
            "income": "约12.5万元",
            "year": 2022,
            "code": "0203",
            "town": "青石镇",
            "village": "上河村",
            "branch": "中共青石镇上河村支部委员会",
            "team_head": "周敏",
            "plan_day": dt.date(2022, 4, 20),
        }
    ],
    Problem: [
        {"headline": "集体经济薄弱", "number": "P02", "types": "L01", "description": "一\n二"},
        {"headline": "班子缺配", "number": "P01", "types": "R01", "found": dt.date(2022, 3, 1)},
    ],
    Measure: [
        {
            "number": "P02-M01",
            "problem": "P02",
            "overseer": "赵国强",
            "status": "整改中",
            "text": "=入股合作社",
            "funds": "５０",
            "owner": "王志远",
            "deadline": "2022年10月底前",
        },
        {
            "number": "P01-M01",
            "problem": "P01",
            "status": "差不多了",
            "text": "选配书记",
            "funds": 0.1,
            "owner": "李明",
            "deadline": dt.date(2022, 6, 30),
            "completed": dt.datetime.fromisoformat("2022-06-15T09:30"),
        },
    ],
    Visit: [
        {"day": dt.date(2022, 5, 1), "who": "周敏", "times": 3},
        {"day": "五月中旬", "who": "周敏、李明"},
    ],
}
"""31 values on fields that the present form has, 7 on the field, column and sheet that are gone."""
