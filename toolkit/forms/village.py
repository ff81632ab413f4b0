"""The village workbook (村级工作簿): one village's rectification of one year."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from toolkit.findings import Level
from toolkit.forms import codes
from toolkit.forms.parameters import CUTOFF_DAY, FIRST_MONTH, MONTH_BEFORE, Parameters
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import Form
from toolkit.schema.kinds import (
    Choice,
    Choices,
    Code,
    Day,
    DeadlineKind,
    Digits,
    Names,
    Number,
    Percent,
    Phone,
    Ref,
    Refs,
    Text,
    Whole,
    YesNo,
)
from toolkit.schema.signals import AtMost, Late, Monthly, Sum
from toolkit.schema.workbook import Workbook


def _people(example: int) -> Whole:
    """Return a count of people; the examples of a form agree with one another."""
    return Whole(unit="人", example=str(example))


_PROBLEM_NUMBER = Code("P00", how="从 P01 起依次编号，不重复。")
_LONG = Text(long=True, example="（按实际情况填写）", width=46)


class Profile(
    Row,
    sheet="基本情况",
    vertical=True,
    hint="一行一项，填在“填写内容”一列；确实没有的数字填 0，不清楚的先空着。",
    aliases=("村情概况", "基础信息", "基本信息"),
):
    """What the village is, and what the plan's first chapter says of it."""

    year = Column(
        "年度",
        Whole(unit="年", low=2000, high=2099, example="2022"),
        required=True,
        help="整顿工作所在年度。",
        section="村情概况",
    )
    code = Column("村代码", Digits(), required=True, help="由镇里统一编定。", section="村情概况")
    county = Column(
        "县（市、区）",
        Text(example="清河县"),
        help="写全称，如“清河县”。",
        aliases=("县", "县区"),
        section="村情概况",
    )
    town = Column(
        "乡镇",
        Text(example="青石镇"),
        required=True,
        help="写全称，如“青石镇”。",
        aliases=("镇", "乡（镇）"),
        section="村情概况",
    )
    village = Column(
        "村名",
        Text(example="上河村"),
        required=True,
        help="写全称，如“上河村”。",
        aliases=("行政村",),
        section="村情概况",
    )
    branch = Column(
        "党组织全称",
        Text(example="中共青石镇上河村支部委员会", width=30),
        required=True,
        help="写全称，用作公文落款，如“中共青石镇上河村支部委员会”。",
        aliases=("党支部名称", "落款单位"),
        section="村情概况",
    )
    location = Column(
        "地理位置",
        Text(example="青石镇北部"),
        section="村情概况",
        help="村在何处，如“青石镇北部”。",
    )
    seat = Column("是否镇政府驻地", YesNo(), section="村情概况")
    distance = Column("距县城", Number("公里", example="20"), section="村情概况")
    terrain = Column(
        "地形地貌", Text(example="浅山丘陵地带"), section="村情概况", help="如“浅山丘陵地带”。"
    )
    elevation = Column(
        "平均海拔",
        Number("米", low=-200, high=6000, example="1000"),
        aliases=("平均海拔高度", "海拔"),
        section="村情概况",
    )
    area = Column("总面积", Number("亩"), section="村情概况")
    farmland = Column(
        "耕地面积", Number("亩", example="3200"), aliases=("耕地",), section="村情概况"
    )
    forest = Column("林地面积", Number("亩", example="6100"), aliases=("林地",), section="村情概况")
    groups = Column(
        "村民小组", Whole("个", example="9"), aliases=("村民小组数", "社"), section="村情概况"
    )
    households = Column("总户数", Whole("户", example="301"), aliases=("户数",), section="村情概况")
    population = Column(
        "总人口", Whole("人", example="1045"), aliases=("人口",), section="村情概况"
    )
    workers = Column("外出务工", Whole("人", example="210"), section="村情概况")

    committee = Column(
        "村“两委”班子",
        Whole("人", example="7"),
        aliases=("两委人数", "两委班子人数"),
        help="两委班子成员总数，交叉任职的只计一次。",
        section="村干部队伍",
    )
    secretaries = Column("支部书记", Whole("名", example="1"), section="村干部队伍")
    both_posts = Column("书记是否一肩挑", YesNo(), aliases=("一肩挑",), section="村干部队伍")
    deputies = Column(
        "副支书", Whole("名", example="1"), aliases=("支部副书记",), section="村干部队伍"
    )
    vice_directors = Column(
        "村委会副主任", Whole("名", example="1"), aliases=("副主任",), section="村干部队伍"
    )
    clerks = Column(
        "专职化文书", Whole("名", example="1"), aliases=("文书人数",), section="村干部队伍"
    )
    cross_posts = Column(
        "交叉任职的两委委员", Whole("名", example="2"), aliases=("交叉任职",), section="村干部队伍"
    )
    reserves = Column("村级后备干部", Whole("名", example="3"), section="村干部队伍")
    secretary = Column("支部书记姓名", Text(example="王志远"), section="村干部队伍")
    secretary_phone = Column("支部书记电话", Phone(), section="村干部队伍")
    clerk = Column("文书姓名", Text(example="李明"), aliases=("填报人",), section="村干部队伍")
    clerk_phone = Column("文书电话", Phone(), section="村干部队伍")

    members = Column(
        "党员总数",
        Whole("名", example="34"),
        required=True,
        aliases=("党员人数", "党员数"),
        help="包括预备党员。",
        section="党员队伍",
    )
    women = Column("女性党员", Whole("名", example="4"), aliases=("女党员",), section="党员队伍")
    probationary = Column("预备党员", Whole("名", example="1"), section="党员队伍")
    # The ten bands of 党内统计, taken together in the pairs that villages write.
    age_30 = Column(
        "30岁及以下",
        _people(3),
        section="党员队伍",
        help="七个年龄段要么都填，要么都不填，合计等于党员总数。",
    )
    age_40 = Column("31至40岁", _people(5), section="党员队伍")
    age_45 = Column("41至45岁", _people(4), section="党员队伍")
    age_50 = Column("46至50岁", _people(6), section="党员队伍")
    age_60 = Column("51至60岁", _people(8), section="党员队伍")
    age_70 = Column("61至70岁", _people(5), section="党员队伍")
    age_over = Column("71岁及以上", _people(3), section="党员队伍")
    college = Column("大专及以上学历党员", _people(6), section="党员队伍")
    away = Column("流出党员", _people(8), section="党员队伍")
    recruited = Column("近三年发展党员", _people(2), section="党员队伍")

    income = Column(
        "上年村集体收入",
        Number("万元", example="12.5"),
        aliases=("村集体收入", "村集体经济收入"),
        section="集体经济",
    )
    operating = Column("其中经营性收入", Number("万元", example="0.5"), section="集体经济")
    debt = Column("集体负债", Number("万元", example="0"), section="集体经济")

    main_types = Column(
        "主要类型",
        Choices(codes.TYPES, codes.LOCAL_TYPE),
        section="认定情况",
        example="L01",
        help="认定为软弱涣散党组织的类型。",
        aliases=("类型",),
    )
    types_text = Column(
        "类型表述",
        Text(example="村级集体经济薄弱、组织动员力弱", width=30),
        help="上级认定时的原话。",
        section="认定情况",
    )
    poor = Column(
        "是否脱贫村",
        YesNo(),
        aliases=("建档立卡贫困村",),
        section="认定情况",
        help="原建档立卡贫困村填“是”。",
    )
    vacant = Column("年初书记是否缺配", YesNo(), section="认定情况")
    appointed = Column("本年是否已选配书记", YesNo(), section="认定情况")
    to_replace = Column("年初书记是否需调整", YesNo(), section="认定情况")
    replaced = Column("本年书记是否已调整", YesNo(), section="认定情况")
    trainings = Column("本年培训书记", Whole("人次", example="2"), section="认定情况")
    county_trainings = Column("其中县级及以上培训", Whole("人次", example="1"), section="认定情况")
    campaigns = Column("本年专项整治", Whole("项", example="1"), section="认定情况")
    offences = Column("本年查处违纪违法", Whole("例", example="0"), section="认定情况")

    plan_day = Column(
        "方案日期",
        Day(example="2022-04-20"),
        required=True,
        help="公文落款的成文日期。",
        aliases=("成文日期",),
        section="公文",
    )
    cutoff = Column(
        "数据截止日期",
        Day(example="2022-10-31"),
        section="公文",
        help="本次填报的数据截止到哪一天。",
    )


class Basis(
    Row,
    sheet="依据文件",
    hint="上级文件和三级联评各占一行。",
    aliases=("文件依据", "认定依据", "上级文件"),
    blank_rows=12,
):
    """What the designation rests on: documents of higher organs, and the three-level assessment."""

    kind = Column("依据类别", Choice(codes.BASES), required=True)
    organ = Column(
        "发文机关",
        Text(example="县委组织部"),
        aliases=("评议组织", "发文单位"),
        width=16,
        help="上级文件填发文机关，三级联评填评议组织。",
    )
    title = Column(
        "文件标题",
        Text(example="2022年度集中整顿实施方案", long=True),
        width=40,
        aliases=("标题", "文件名称"),
        help="写全称，不加书名号。",
    )
    number = Column(
        "发文字号",
        Text(example="清组发〔2022〕40号"),
        aliases=("文号",),
        width=22,
        help="年份用六角括号〔〕，如“清组发〔2022〕40号”。",
    )
    day = Column("日期", Day(), help="发文或评议的日期。")
    level = Column("评议层级", Choice(codes.LEVELS), aliases=("层级",), help="三级联评填写。")
    way = Column(
        "评议方式",
        Text(example="党员大会评议"),
        aliases=("方式",),
        width=16,
        help="三级联评填写，如“党员大会评议”。",
    )
    result = Column(
        "评议结果",
        Text(example="确定为软弱涣散党组织"),
        aliases=("结果",),
        width=20,
        help="三级联评填写。",
    )


class Person(
    Row,
    sheet="工作力量",
    aliases=("工作专班", "整顿力量", "工作人员"),
    if_empty=Level.WARNING,
    hint="一人一行：领导小组、四个一、村两委成员。一人多职的分行填写。",
    blank_rows=19,
):
    """One person, or paired unit, at work on the rectification."""

    role = Column("工作角色", Choice(codes.ROLES, width=16), required=True, aliases=("角色",))
    name = Column(
        "姓名或单位",
        Text(example="王志远"),
        required=True,
        width=20,
        aliases=("姓名", "单位名称"),
        help="一格只填一人；结对单位填单位全称。",
    )
    post = Column("职务", Text(example="村党支部书记"), width=22)
    unit = Column("所在单位", Text(example="上河村"), aliases=("派出单位",), width=20)
    phone = Column("联系电话", Phone(), aliases=("电话",))
    start = Column("任职起", Day(), aliases=("起始日期",))
    end = Column("任职止", Day(), aliases=("结束日期",))


class Problem(
    Row,
    sheet="存在问题",
    key="number",
    hint="一个问题一行，编号依次为 P01、P02……",
    aliases=("问题清单", "问题台账", "突出问题"),
    if_empty=Level.ERROR,
):
    """One problem found, from its discovery to its being struck off the list."""

    number = Column("问题编号", _PROBLEM_NUMBER, required=True, aliases=("编号", "序号"), width=10)
    headline = Column(
        "问题简述",
        Text(example="村级集体经济薄弱", long=True),
        required=True,
        width=22,
        aliases=("问题", "存在问题", "问题名称"),
        help="一句话，用作方案里的问题标题。",
    )
    description = Column(
        "具体表现",
        _LONG,
        example="村集体主要靠土地流转收入，没有稳定的增收项目。",
        aliases=("问题描述", "表现"),
        width=44,
        help="方案第二部分的正文，写现象、数字和原因，不写序号。",
    )
    types = Column(
        "类型代码",
        Choices(codes.TYPES, codes.LOCAL_TYPE),
        required=True,
        example="L01",
        aliases=("问题类型", "类型"),
        width=12,
    )
    source = Column("问题来源", Choice(codes.SOURCES), aliases=("来源",), width=10)
    found = Column("发现日期", Day(), aliases=("发现时间",), width=11)
    owner = Column(
        "整改责任人",
        Names(),
        offers=Person.name,
        aliases=("责任人",),
        help="各条措施责任人相同时填在这里即可。",
        width=12,
    )
    deadline = Column("整改时限", DeadlineKind(), aliases=("完成时限", "整改期限"), width=16)
    goal = Column("整改目标", Text(example="年经营性收入达到5万元", long=True), width=24)
    applied = Column("申请销号日期", Day(), aliases=("申请日期",), width=11)
    town_day = Column("镇审核日期", Day(), width=11)
    town_opinion = Column("镇审核意见", Choice(codes.OPINIONS), width=9)
    county_day = Column("县审核日期", Day(), width=11)
    county_opinion = Column("县审核意见", Choice(codes.OPINIONS), width=9)
    closed = Column("销号日期", Day(), help="镇、县都同意以后填写。", width=11)
    lookback = Column("回头看日期", Day(), width=11)
    lookback_result = Column("回头看结果", Choice(codes.LOOKBACKS), width=9)


class Goal(
    Row,
    sheet="整改目标",
    hint="一个目标一行；有数字指标的把基线值、目标值填全。",
    aliases=("整顿目标", "目标任务"),
    blank_rows=12,
):
    """One aim of the rectification, in words and, where it can be measured, in numbers."""

    title = Column(
        "目标标题",
        Text(example="发展壮大集体经济，增强带富能力", long=True),
        required=True,
        width=34,
        help="一句话，不写序号。",
    )
    text = Column(
        "目标内容",
        _LONG,
        example="依托肉羊养殖合作社增加分红收入，带动群众增收。",
        width=50,
        aliases=("目标",),
    )
    indicator = Column("指标名称", Text(example="村集体经营性收入"), width=20, aliases=("指标",))
    unit = Column("计量单位", Text(example="万元"), aliases=("单位",))
    baseline = Column("基线值", Number(low=None, example="0.5"), help="整顿开始时的数。")
    target = Column("目标值", Number(low=None, example="5"))
    current = Column("现值", Number(low=None, example="3.2"), help="数据截止日的数。")


class Measure(
    Row,
    sheet="整改措施",
    key="number",
    aliases=("措施清单", "措施台账", "整改清单", "整改台账", "任务清单"),
    if_empty=Level.ERROR,
    blank_rows=45,
    hint="一条措施一行，写明属于哪个问题、谁负责、何时完成；办理情况每月更新。",
):
    """One rectification measure; belongs to one problem."""

    number = Column(
        "措施编号",
        Code("P00-M00", how="问题编号加序号，如 P01-M03。"),
        required=True,
        aliases=("编号", "序号"),
        width=10,
    )
    problem = Column(
        "问题编号", Ref(_PROBLEM_NUMBER, "存在问题"), required=True, aliases=("对应问题",), width=10
    )
    text = Column(
        "措施内容",
        _LONG,
        example="入股肉羊养殖合作社，签订协议，按年分红。",
        required=True,
        width=46,
        aliases=("整改措施", "措施"),
        help="写做什么、做到什么程度，不写序号。",
    )
    leader = Column(
        "责任领导", Names(), offers=Person.name, aliases=("包抓领导", "牵头领导"), width=12
    )
    owner = Column(
        "责任人",
        Names(),
        offers=Person.name,
        required=True,
        aliases=("整改责任人", "具体责任人"),
        help="要与“工作力量”表里的姓名一致。",
        width=12,
    )
    unit = Column(
        "责任单位",
        Names(example="上河村党支部", how="填单位全称，多个用“、”隔开。"),
        aliases=("牵头单位", "配合单位"),
        width=14,
    )
    deadline = Column(
        "完成时限",
        DeadlineKind(),
        required=True,
        aliases=("整改时限", "整改期限", "完成时间", "整顿时限", "转化时限", "时限"),
        width=17,
    )
    standing = Column(
        "是否长期坚持",
        YesNo(),
        aliases=("长期坚持",),
        help="完成后还要一直做下去的填“是”。",
        width=9,
    )
    funds = Column("计划资金", Number("万元", example="50"), aliases=("资金",), width=9)
    status = Column(
        "办理状态",
        Choice(codes.STATUSES),
        example="已完成",
        required=True,
        aliases=("状态", "进展"),
        help="逾期不用填，由程序按时限计算。",
        width=10,
    )
    progress = Column("进度", Percent(example="100"), aliases=("进度%", "完成率"), width=8)
    progress_note = Column(
        "进展说明",
        Text(long=True, example="合作社已签订入股协议"),
        width=32,
        aliases=("完成情况", "整改情况"),
    )
    completed = Column(
        "实际完成日期", Day(), aliases=("完成日期",), help="办理状态为“已完成”时必填。", width=11
    )
    evidence = Column(
        "佐证材料",
        Text(long=True, example="入股协议、会议记录"),
        width=20,
        aliases=("成效/佐证材料",),
        help="写材料名称；办理状态为“已完成”时必填。",
    )


class Stage(
    Row,
    sheet="阶段安排",
    hint="一个阶段一行，按先后顺序填。",
    aliases=("时间安排", "时限要求", "步骤安排"),
    blank_rows=8,
):
    """One phase of the timetable."""

    name = Column(
        "阶段名称", Text(example="开展集中整顿"), required=True, width=24, aliases=("阶段",)
    )
    start = Column(
        "开始时间",
        DeadlineKind(example="2022年5月", width=18),
        aliases=("开始日期", "开始"),
        help="只有截止时间的阶段可以不填。",
    )
    end = Column(
        "结束时间",
        DeadlineKind(example="2022年10月底前", width=18),
        required=True,
        aliases=("结束日期", "结束"),
    )
    task = Column(
        "阶段任务",
        _LONG,
        example="对照问题清单逐条整改，每月研究一次进展。",
        width=64,
        aliases=("任务",),
    )


class Meeting(
    Row,
    sheet="专题研究会议",
    aliases=("专题研究", "专题会议", "会议台账", "会议记录"),
    blank_rows=24,
    hint="每月至少专题研究 1 次整顿工作，一次会议一行，会后及时登记。",
):
    """One meeting of the village branch on the rectification."""

    day = Column("会议日期", Day(), required=True, aliases=("日期", "时间", "会议时间"), width=11)
    kind = Column("会议类型", Choice(codes.MEETINGS), required=True, aliases=("类型",))
    place = Column("地点", Text(example="村党群服务中心"), aliases=("会议地点",), width=14)
    chair = Column("主持人", Text(example="王志远"), required=True, offers=Person.name, width=10)
    recorder = Column("记录人", Text(example="李明"), required=True, offers=Person.name, width=10)
    due = Column("应到人数", Whole("人", example="7"), required=True, aliases=("应到",), width=9)
    present = Column(
        "实到人数",
        Whole("人", example="6"),
        required=True,
        aliases=("实到",),
        help="列席人员不计入。",
        width=9,
    )
    absent = Column(
        "缺席人员及原因",
        Text(long=True, example="赵国强（请假）"),
        width=18,
        aliases=("缺席", "请假人员"),
        help="有人缺席时必填，写明姓名和原因。",
    )
    problems = Column(
        "研究的问题", Refs(_PROBLEM_NUMBER, "存在问题"), aliases=("问题编号",), width=12
    )
    topics = Column(
        "议题", Text(long=True, example="研究集体资金入股事项"), required=True, width=28
    )
    decisions = Column(
        "议定事项",
        Text(long=True, example="同意入股，月底前签订协议"),
        width=34,
        aliases=("决议", "会议决定"),
    )
    owner = Column(
        "落实责任人",
        Names(),
        offers=Person.name,
        aliases=("责任人",),
        help="有议定事项时必填。",
        width=12,
    )
    by = Column(
        "落实时限",
        DeadlineKind(example="2022年6月底前"),
        aliases=("完成时限",),
        help="有议定事项时必填。",
        width=17,
    )
    follow_up = Column(
        "上次决议落实情况",
        Text(long=True, example="路灯维修已完成"),
        width=28,
        aliases=("上次落实",),
    )


class Evaluation(
    Row,
    sheet="测评验收",
    hint="一次测评或验收一行；没有票数的验收只填得分和结论。",
    aliases=("测评", "验收", "民主测评", "验收测评"),
    blank_rows=12,
):
    """One survey or acceptance, in ballots and verdict."""

    day = Column("测评日期", Day(), required=True, aliases=("日期",))
    level = Column("组织层级", Choice(codes.LEVELS), required=True)
    kind = Column("测评方式", Choice(codes.EVALUATIONS), required=True, aliases=("方式",))
    sent = Column("发出票数", Whole("张", example="40"), aliases=("发出",))
    returned = Column("收回票数", Whole("张", example="39"), aliases=("收回",))
    valid = Column("有效票数", Whole("张", example="38"), aliases=("有效",))
    satisfied = Column("满意", Whole("张", example="30"), aliases=("满意票",))
    fairly = Column("基本满意", Whole("张", example="6"), aliases=("基本满意票",))
    dissatisfied = Column("不满意", Whole("张", example="1"), aliases=("不满意票",))
    unknown = Column("不了解", Whole("张", example="1"), aliases=("不了解票",))
    aware = Column("知晓人数", _people(36), aliases=("知晓",))
    score = Column("综合得分", Number("分", high=100, example="86"), aliases=("得分",))
    verdict = Column("验收结论", Choice(codes.VERDICTS), aliases=("结论",))


class Passage(
    Row,
    sheet="方案文字",
    blank_rows=24,
    hint="只填与通用文稿不同的段落；不填的用文稿模板里的通用文字。数字用【党员总数】这样的占位符引用“基本情况”表。",
):
    """One paragraph of the plan in the village's own words; empty means the template's wording."""

    section = Column("所在章节", Choice(codes.SECTIONS, width=18), required=True, aliases=("章节",))
    title = Column(
        "小标题",
        Text(example="成立机构，加强领导", long=True),
        width=26,
        help="没有小标题的段落不填。",
    )
    text = Column(
        "文字",
        _LONG,
        example="成立整顿工作领导小组，由党支部书记任组长。",
        help="一段一行，一格不超过 1000 字。",
        width=80,
        aliases=("内容", "正文"),
    )


class Waiver(
    Row,
    sheet="情况说明",
    blank_rows=12,
    hint="核对结果中的“提醒”如确有原因，在这里说明；“必改”不能用说明代替改正。排序、插行以后单元格会变，位置最好写编号。",
):
    """The village's answer to a warning."""

    rule = Column("规则编号", Text(example="D507"), required=True, help="核对结果方括号里的编号。")
    place = Column(
        "位置",
        Text(example="8月", width=20),
        width=20,
        help="最好写编号，如“P02-M04”；也可写“整改措施!G5”，缺会写月份，如“8月”；不填表示全部。",
    )
    explanation = Column(
        "说明",
        _LONG,
        example="8月防汛没有召开，9月初补开，有会议记录。",
        required=True,
        width=60,
        aliases=("原因",),
    )
    until = Column(
        "有效期至", Day(example="2022-12-31"), help="到期后重新提醒；不填表示到本年度12月31日为止。"
    )


# -- what the workbook itself shows while somebody types -----------------------------------------

AGE_BANDS = Sum(
    Profile.members,
    (
        Profile.age_30,
        Profile.age_40,
        Profile.age_45,
        Profile.age_50,
        Profile.age_60,
        Profile.age_70,
        Profile.age_over,
    ),
)
PARTS = (
    AtMost(Profile.women, Profile.members),
    AtMost(Profile.probationary, Profile.members),
    AtMost(Profile.college, Profile.members),
    AtMost(Profile.away, Profile.members),
    AtMost(Profile.recruited, Profile.members),
    AtMost(Profile.members, Profile.population),
    AtMost(Profile.households, Profile.population),
    AtMost(Profile.workers, Profile.population),
    AtMost(Profile.secretaries, Profile.committee),
    AtMost(Profile.deputies, Profile.committee),
    AtMost(Profile.vice_directors, Profile.committee),
    AtMost(Profile.cross_posts, Profile.committee),
    AtMost(Profile.farmland, Profile.area),
    AtMost(Profile.forest, Profile.area),
    AtMost(Profile.operating, Profile.income),
    AtMost(Profile.county_trainings, Profile.trainings),
)
BALLOTS = Sum(
    Evaluation.valid,
    (Evaluation.satisfied, Evaluation.fairly, Evaluation.dissatisfied, Evaluation.unknown),
)
COUNTED = (
    AtMost(Evaluation.returned, Evaluation.sent),
    AtMost(Evaluation.valid, Evaluation.returned),
)
LATE = Late(
    Measure.deadline,
    Measure.status,
    tuple(
        term.code for term in codes.STATUSES.terms if term.code not in {*codes.DONE, codes.STANDING}
    ),
    MONTH_BEFORE,
)
ATTENDANCE = AtMost(Meeting.present, Meeting.due)

FORM = Form(
    id="village-workbook",
    title="软弱涣散党组织整顿村级工作簿",
    version="1.0.2",
    rows=(
        Profile,
        Basis,
        Person,
        Problem,
        Goal,
        Measure,
        Stage,
        Meeting,
        Evaluation,
        Passage,
        Waiver,
    ),
    purpose="本工作簿由村党组织填写，每月更新一次，镇里据此核对、汇总并生成公文。",
    steps=(
        "先填“基本情况”，再填“工作力量”“存在问题”“整改措施”，其余各表随工作开展填写。",
        "带 * 的是必填项；有下拉箭头的从下拉框选择；单元格旁的提示说明填什么。",
        "表头和灰色部分不要改动；可以排序、筛选，也可以在末尾接着往下填。",
        "日期写成 2022-06-15；时限可以写“2022年10月底前”；数字不带单位。",
        "填完保存为 .xlsx，文件名不要改，按时交镇党建办。",
    ),
    signals={
        Profile: (AGE_BANDS, *PARTS),
        Measure: (LATE,),
        Meeting: (ATTENDANCE,),
        Evaluation: (BALLOTS, *COUNTED),
    },
    monthly=Monthly(
        row=Meeting,
        day=Meeting.day,
        profile=Profile,
        year=Profile.year,
        start=Profile.plan_day,
        as_of=Profile.cutoff,
        first_month=FIRST_MONTH,
        cutoff_day=CUTOFF_DAY,
    ),
    figures={
        FIRST_MONTH: Parameters.first_month,
        CUTOFF_DAY: Parameters.cutoff_day,
        MONTH_BEFORE: Parameters.month_before.value,
    },
    shown={
        Problem: (
            Problem.number,
            Problem.headline,
            Problem.description,
            Problem.types,
            Problem.source,
            Problem.owner,
            Problem.deadline,
            Problem.goal,
        ),
        Measure: (
            Measure.number,
            Measure.problem,
            Measure.text,
            Measure.owner,
            Measure.deadline,
            Measure.funds,
            Measure.status,
            Measure.progress_note,
            Measure.completed,
            Measure.evidence,
        ),
        Meeting: (
            Meeting.day,
            Meeting.kind,
            Meeting.chair,
            Meeting.recorder,
            Meeting.due,
            Meeting.present,
            Meeting.absent,
            Meeting.problems,
            Meeting.topics,
            Meeting.decisions,
            Meeting.owner,
            Meeting.by,
        ),
    },
)


def profile(book: Workbook) -> Profile | None:
    """Return the village's profile, None where the sheet is missing."""
    return next(iter(book.rows(Profile)), None)


def village_name(book: Workbook) -> str:
    """Return the village's name as filled in, "" where it is not."""
    found = profile(book)
    return (found.village or "") if found else ""


def village_code(book: Workbook) -> str:
    """Return the village's code: of the profile, else of the workbook's identity."""
    found = profile(book)
    return (found.code if found and found.code else "") or book.identity.code


def plan_year(book: Workbook) -> int | None:
    """Return the year of the rectification: of the profile, else of the workbook's identity."""
    found = profile(book)
    if found and found.year:
        return found.year
    return int(book.identity.year) if book.identity.year.isdecimal() else None


def plan_day_of(book: Workbook) -> dt.date | None:
    """Return the day of the village's plan, None where it is not told."""
    found = profile(book)
    return found.plan_day if found else None


def in_office(person: Person, as_of: dt.date) -> bool:
    """Say whether a person has not left the post by that day; an end may lie ahead."""
    return person.end is None or person.end >= as_of


# -- how far things have come ---------------------------------------------------------------------
#
# One definition for rules, papers and rollup. All of it is as of a day: what is dated later has
# not happened yet and counts nowhere; D508 and D510 speak of it.

DONE, GOING, IDLE, STANDING, UNKNOWN = "已完成", "推进中", "未启动", codes.STANDING, "状态未填"
"""The five lots of measures; every measure is in just one."""
CLOSED = "已销号"
"""The status of a problem that has been struck off; else it has one of the first four lots'."""
REBOUND = codes.LOOKBACKS.terms[1].code
"""The result of a look-back that has found a problem come back."""


def lot(measure: Measure) -> str:
    """Return which of the five lots a measure's status puts it in; unreadable is as good as empty.

    A status is taken as it stands on the sheet, whatever day is asked about.
    """
    if measure.status is None:
        return UNKNOWN
    if measure.status in codes.DONE:
        return DONE
    return measure.status if measure.status in {IDLE, STANDING} else GOING


def is_done(measure: Measure) -> bool:
    """Say whether nothing remains to be done on a measure."""
    return lot(measure) == DONE


def is_standing(measure: Measure) -> bool:
    """Say whether a measure is being kept up for good; such ones are counted apart."""
    return lot(measure) == STANDING


def days_overdue(measure: Measure, as_of: dt.date) -> int:
    """Return the days by which a measure is late on that day, 0 where it is not.

    Lateness is computed, never typed: the dated part of the deadline has passed, also where it
    goes on with 长期坚持, and the measure is neither done nor being kept up for good. One without
    a status is late too, for nothing says that it is done; D505 alone is silent on it, as C201
    or C202 asks for the status already.
    """
    deadline = measure.deadline
    if deadline is None or deadline.end is None or is_done(measure) or is_standing(measure):
        return 0
    return max((as_of - deadline.end).days, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many measures there are, in each lot and late, on a day."""

    total: int
    done: int
    going: int
    idle: int
    standing: int
    unknown: int
    late: int

    @property
    def base(self) -> int:
        """What the rate is reckoned on: all but those kept up for good."""
        return self.total - self.standing

    @property
    def rate(self) -> Fraction | None:
        """The share that is done (完成率), None where there is nothing to reckon on."""
        return Fraction(self.done, self.base) if self.base else None


def progress(measures: Sequence[Measure], as_of: dt.date) -> Progress:
    """Return how many measures are done, under way, standing and late on that day."""
    lots = Counter(map(lot, measures))
    return Progress(
        total=len(measures),
        done=lots[DONE],
        going=lots[GOING],
        idle=lots[IDLE],
        standing=lots[STANDING],
        unknown=lots[UNKNOWN],
        late=sum(days_overdue(measure, as_of) > 0 for measure in measures),
    )


def with_measures(
    problems: Iterable[Problem], measures: Iterable[Measure]
) -> Iterator[tuple[Problem, list[Measure]]]:
    """Yield each problem with its measures; of two with one number the first has them all."""
    own: dict[str, list[Measure]] = defaultdict(list)
    for measure in measures:
        if measure.problem:
            own[measure.problem].append(measure)
    for problem in problems:
        yield problem, own.pop(problem.number or "", [])


def relapsed(problem: Problem, as_of: dt.date) -> bool:
    """Say whether a look-back by that day has found a problem come back (反弹).

    A later closing settles it; a look-back without a date counts.
    """
    looked_back, closed = problem.lookback, problem.closed
    if problem.lookback_result != REBOUND or (looked_back and looked_back > as_of):
        return False
    return not (looked_back and closed and looked_back < closed <= as_of)


def closed_by(problem: Problem, as_of: dt.date) -> bool:
    """Say whether a problem had been struck off the list by that day, and has not come back."""
    closed = problem.closed is not None and problem.closed <= as_of
    return closed and not relapsed(problem, as_of)


def problem_status(problem: Problem, measures: Iterable[Measure], as_of: dt.date) -> str:
    """Return how far a problem has come: from its closing day, else from its measures' lots.

    One that has come back is under way, also where all its measures are done.
    """
    if closed_by(problem, as_of):
        return CLOSED
    found = set(map(lot, measures))
    if found <= {IDLE, UNKNOWN}:
        return IDLE
    if relapsed(problem, as_of):
        return GOING
    if found == {DONE}:
        return DONE
    return STANDING if found <= {DONE, STANDING} else GOING


def took_place(row: Meeting | Evaluation, as_of: dt.date) -> bool:
    """Say whether a meeting or evaluation counts on that day; an undated one does."""
    return row.day is None or row.day <= as_of


def satisfaction(survey: Evaluation) -> Fraction | None:
    """Return the share of ballots that are 满意 or 基本满意 (满意率), None where it is not told.

    A blank 基本满意 is nought; a blank 满意 or 有效票数 leaves nothing to reckon on.
    """
    if survey.satisfied is None or not survey.valid:
        return None
    return Fraction(survey.satisfied + (survey.fairly or 0), survey.valid)
