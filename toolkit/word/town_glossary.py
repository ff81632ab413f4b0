"""What the names of a township's report hold, with a rollup that has something under each."""

import datetime as dt
from collections.abc import Mapping

from toolkit.forms import ledgers, rollup, township, village
from toolkit.forms.ledgers import (
    NO,
    YES,
    ChangeKind,
    ChangeLine,
    EvaluationLedger,
    FindingLine,
    MeasureLedger,
    MeetingLedger,
    ProblemLedger,
)
from toolkit.forms.rollup import HistoryLine, PartyLine, SourceFile, TypeLine, Village
from toolkit.forms.village import Evaluation, Measure, Problem
from toolkit.schema.columns import Field, R, Row
from toolkit.schema.form import Identity
from toolkit.schema.workbook import Sheet, Workbook
from toolkit.word.scope import Glossary, Scope
from toolkit.word.town_month import COUNTY_FORM
from toolkit.word.town_vocabulary import MOST_IN_TEXT, MOST_NAMED, town_vocabulary
from toolkit.word.vocabulary import example_row

_DAY = dt.date(2022, 10, 31)
_TOWN = "青石镇"


def specimen() -> Scope:
    """Return the names of a rollup that has something in each table, with examples.

    It is a county's, which alone can lack townships.
    """
    measure, problem = _own(Measure), _own(Problem)
    late = {"lot": village.GOING, "late": YES, "days_late": 31, "due": dt.date(2022, 9, 30)}
    open_one = {"lot": village.GOING, "late": NO, "due": dt.date(2022, 11, 30)}
    survey = _own(Evaluation) | {"counts": YES, "level": "镇级", "verdict": "合格"}
    rows: tuple[Row, ...] = (
        _row(Village, **_village(1, "上河村"), listed=YES),
        _row(Village, **_village(2, "柳湾村", "白水镇"), listed=NO),
        _row(Village, **_village(4, "沙坪村"), listed=YES),
        _line(Village, 3, "石桥村", fate=rollup.ABSENT_FATE, listed=YES),
        _line(ProblemLedger, 1, **problem, problem_status=village.DONE, counted_types="R10"),
        _line(
            *(ProblemLedger, 1),
            **problem | {"number": "P09", "lookback_result": "反弹"},
            problem_status=village.GOING,
        ),
        _line(MeasureLedger, 1, **measure | late),
        _line(MeasureLedger, 1, **measure | open_one),
        *(_line(MeasureLedger, 2, **measure, lot=lot) for lot in (village.IDLE, village.UNKNOWN)),
        _line(MeasureLedger, 2, **measure, lot=village.STANDING),
        _line(MeetingLedger, 1, counts=YES, period=202210),
        _line(EvaluationLedger, 1, **survey),
        _line(FindingLine, 1, level=ledgers.MUST),
        _row(TypeLine, code="R10", label="服务弱", text="党组织服务意识差、服务能力弱的"),
        _row(ChangeLine, kind=ChangeKind.DONE.value, sort="措施"),
        _row(HistoryLine, period="2022-09", villages=2, closed=0, late=2, **_COUNTED),
        _row(HistoryLine, period="2022-10", villages=2, closed=0, late=1, **_COUNTED),
        _line(PartyLine, 1, stationed=2),
        _row(SourceFile, file="黑石镇汇总.xlsx", village="黑石镇", fate=f"{rollup.REFUSED}打不开"),
        _row(
            rollup.Scope,
            county="清河县",
            town=_TOWN,
            year=2022,
            period="2022-10",
            as_of=_DAY,
        ),
    )
    by_class: dict[type[Row], list[Row]] = {}
    for row in rows:
        by_class.setdefault(type(row), []).append(row)
    sheets = {cls: Sheet(cls, cls.sheet, {}, tuple(of)) for cls, of in by_class.items()}
    identity = Identity(COUNTY_FORM.id, COUNTY_FORM.version)
    return town_vocabulary(
        Workbook("", "", COUNTY_FORM, identity, sheets), example_row(township.Township)
    )


_COUNTED: Mapping[str, object] = {"measures": 5, "done": 2, "standing": 1}


def _village(number: int, name: str, town: str = _TOWN) -> dict[str, object]:
    """Return what a village's own line says, without who leads the village from the county."""
    return {
        "village_no": number,
        "town": town,
        "village": name,
        "secretary": "王志远",
        "main_types": "R10",
        "town_leader": "何晓东",
        "first_secretary": "刘洋",
        "paired_unit": "县农业农村局",
        "fate": rollup.TAKEN,
        "since": 9,
        "until": 10,
    }


def _own(cls: type[Row]) -> dict[str, object]:
    """Return the examples of a village's sheet as values of a ledger's line."""
    row = example_row(cls)
    return {column.name: row.field(column).value for column in cls.columns}


def _line(cls: type[R], at: int, whose: str = "上河村", /, **values: object) -> R:
    """Return a line of a village."""
    return _row(cls, village_no=at, town=_TOWN, village=whose, **values)


def _row(cls: type[R], /, **values: object) -> R:
    """Return a row in which these values stand."""
    fields = {}
    for column in cls.columns:
        value = values.get(column.name)
        fields[column.name] = Field() if value is None else Field(value, str(value))
    return cls("", cls.sheet, fields)


def glossary() -> Glossary:
    """Return what the names of a rollup hold."""
    rows: Mapping[str, type[Row]] = {
        **dict.fromkeys(("逾期措施", "临期措施"), Measure),
        **dict.fromkeys(("无措施问题", "反弹问题", "待销号问题"), Problem),
        **dict.fromkeys(("测评", "满意率"), Evaluation),
    }
    return Glossary(_SAID, rows)


def _flag(name: str, when: str) -> dict[str, str]:
    return {name: f"{when}时是“是”，不是时为空；供【如有：{name}】判断。"}


_ROWS = "一行一次"
_WHERE = f"各村（县里是各乡镇）分别有几条，写在一句话里，最多 {MOST_NAMED} 个"
_SAID = {
    "序号": "这一行在表里排第几，如“1”。",
    "序号汉字": "这一行排第几，汉字，用在标题里，如“一”。",
    # whose report it is
    "县": "“汇总口径”里的县（区）。",
    "乡镇": "“汇总口径”里的乡镇；县里的汇报为空。",
    "单位": "写汇报的镇或县的名称。",
    "我级": "自称，如“我镇”“我乡”“我县”。",
    "全级": "如“全镇”“全乡”“全县”。",
    **_flag("县级", "由全县汇总生成"),
    **_flag("镇级", "由镇汇总生成"),
    "分项名称": "进展表第一栏的名称：“村名”，县里是“乡镇”。",
    **_flag("不止一项", "进展表不止一行"),
    "年度": "整顿年度。",
    "月份": "汇总的月份，如“2022年10月”。",
    "历月.月份": "这一行的月份。",
    "缺会.月份": "缺会的月份，用顿号隔开，如“6月、8月”。",
    "数据截止日": "汇总按哪一天计算。",
    "文种": "“汇报”；印红头的是“报告”。",
    "落款单位": "“镇情”里的镇党委全称；没有的由名称写成，县里是县委组织部。",
    "联系人": "“镇情”里的联系人；没有填时为空。",
    "联系电话": "“镇情”里的联系电话；没有填时为空。",
    # villages
    "整顿村数": "汇总里的村数，包括没有汇总的。",
    "整顿村名": f"名册里的村（没有名册的，汇总里的村）；多于 {MOST_NAMED} 个时为空。",
    "乡镇数": "汇总里的乡镇数。",
    "名册村数": "村名册里的村数；没有名册时为空。",
    "名册已汇总数": "名册里已汇总的村数；一个也没有时为空。",
    "已汇总数": "已汇总的村数。",
    "已汇总村称": "如“已汇总的3个村”；只有一个村时是村名。",
    **_flag("不止一村", "已汇总的不止一个村"),
    "未汇总数": "没有汇总的村数。",
    "未汇总村名": f"没有汇总的村，最多写 {MOST_NAMED} 个村名。",
    "未登记数": "已汇总、但没有登记问题和措施的村数；没有时为空。",
    "未登记村名": f"已汇总、但没有登记问题和措施的村，最多写 {MOST_NAMED} 个村名。",
    "名册外数": "不在名册而一并汇总的村数。",
    "名册外村名": f"不在名册而一并汇总的村，最多写 {MOST_NAMED} 个村名。",
    "村名": "村的名称，县里前面带乡镇。",
    "帮扶缺项.村名": f"没有登记这一种力量的村，最多写 {MOST_NAMED} 个。",
    "验收.村名": f"得到这个结论的村，最多写 {MOST_NAMED} 个。",
    "村数": "有几个村。",
    "原因": "没有汇总的原因。",
    "党组织书记": "村党组织书记。",
    "主要类型": "村的主要类型的代码；【逐行：主要类型】是有村的各个类型，村多的在前，一个一次。",
    "回传情况": "工作簿的处理结果。",
    "联村县级领导": "联村县级领导的姓名。",
    "包村镇领导": "包村镇领导的姓名。",
    "第一书记": "第一书记的姓名。",
    "结对帮扶单位": "结对帮扶单位的名称。",
    "名称": "村名、乡镇名等，这一行说的是谁。",
    "条数": "有几条。",
    # problems and measures
    **_flag("有登记", "登记了问题或措施"),
    **_flag("有问题", "登记了问题"),
    "问题数": "问题个数。",
    "销号数": "已销号的问题个数。",
    "问题完成数": "措施全部完成、尚未销号的问题个数。",
    "问题长期数": "其余措施都在长期坚持的问题个数。",
    "问题推进数": "推进中的问题个数。",
    "问题未启动数": "未启动的问题个数。",
    "问题状况": "各种状态的问题各几个，如“其中已销号1个、推进中7个”。",
    **_flag("有措施", "登记了措施"),
    "措施数": "措施条数。",
    **_flag("有完成", "有已完成的措施"),
    "完成数": "已完成的措施条数。",
    "推进数": "推进中的措施条数。",
    "未启动数": "未启动的措施条数。",
    "长期数": "长期坚持的措施条数。",
    **_flag("有长期", "有长期坚持的措施"),
    "未填数": "没有填办理状态的措施条数。",
    "措施状况": "各种状态的措施各几条，如“其中已完成20条、推进中10条”。",
    "逾期数": "逾期的措施条数。",
    "计算基数": "计算完成率的基数：措施数减去长期坚持的。",
    "完成率": "完成数占计算基数的百分比；基数为 0 时为空，表里是“—”。",
    "计划资金": "各条措施计划资金的合计，万元；没有时为空。",
    **_flag("责任齐全", "每条措施都写明了责任人和完成时限"),
    "写明责任人数": "写明责任人的措施条数；没有时为空。",
    "写明时限数": "写明完成时限的措施条数；没有时为空。",
    "缺责任人数": "没有写明责任人的措施条数；没有时为空。",
    "缺时限数": "没有写明完成时限的措施条数；没有时为空。",
    # what is to be seen to
    "逾期村数": "有逾期措施的村数。",
    "最久措施": "逾期最久的措施，村名和措施内容的前几个字；并列的最多写 3 条。",
    "最久天数": "逾期最久的天数；没有逾期时为空。",
    **_flag("逾期在正文", f"逾期措施有 1 至 {MOST_IN_TEXT} 条、列在正文里"),
    **_flag("逾期在附件", f"逾期措施多于 {MOST_IN_TEXT} 条、列在附件里"),
    "预警状况": "两种预警各几条，如“其中红牌警示5条、黄牌提醒3条”“均为红牌警示”。",
    "红牌天数": "逾期超过多少天是红牌警示。",
    "逾期天数": "逾期的天数；没有逾期时为空。",
    "预警": "红牌警示或黄牌提醒；【逐行：预警】是有措施的各种预警，一种一次。",
    "到期日": "由完成时限读出的日期。",
    "临期截止日": "下一个月的最后一天。",
    "临期数": "到下月底以前到期、还没有完成的措施条数。",
    "逾期分布": f"逾期措施{_WHERE}。",
    "临期分布": f"临期措施{_WHERE}。",
    "未启动分布": f"未启动的措施{_WHERE}。",
    "未填分布": f"没有填办理状态的措施{_WHERE}。",
    "必改分布": f"必改项{_WHERE}；镇级工作簿的在最后。",
    "缺会分布": f"缺会的村和月份，县里是各乡镇的村数，最多 {MOST_NAMED} 个。",
    "必改数": "工作簿核对的必改项条数。",
    "无措施问题数": "没有措施、尚未销号的问题个数。",
    "无措施问题简述": "这些问题的村名和问题简述。",
    "反弹问题数": "回头看反弹的问题个数。",
    "反弹问题简述": "这些问题的村名和问题简述。",
    "待销号数": "措施全部完成、尚未销号的问题个数。",
    "待销号问题简述": "这些问题的村名和问题简述。",
    # meetings, helpers, evaluations
    **_flag("有会", "登记了专题研究会议"),
    "会议数": "计入的专题研究会议次数；各月的是当月次数。",
    "本月会议数": "本月的专题研究会议次数。",
    **_flag("本月有会", "本月有专题研究会议"),
    **_flag("本月应会", "本月有应当研究的村"),
    "本月缺会村名": f"本月应当研究而没有会议记录的村，最多写 {MOST_NAMED} 个。",
    "本月缺会村数": "本月应当研究而没有会议记录的村数。",
    "缺会村数": "有缺会月份的村数。",
    **_flag("帮扶齐全", "已汇总的村四种帮扶力量都登记了"),
    "驻村干部数": "在任的驻村工作队员人数；没有时为空。",
    "测评次数": "登记的测评和验收次数。",
    "满意率": "满意和基本满意票数之和占有效票数的比例；【逐行：满意率】一村一次，"
    f"取最近一次测评，多于 {MOST_NAMED} 个村时不列。",
    "组织层级": "村级、镇级或县级。",
    "验收结论": "合格、基本合格或不合格。",
    # types
    "无类型问题数": "没有填类型的问题个数；没有时为空。",
    **_flag("类型有重复", "有村或问题有几个类型、各类型之和大于总数"),
    "类型代码": "类型的代码，如“R10”。",
    "简称": "类型的简称。",
    "全称": "类型的全称；没有时为空。",
    "占村比": "占已汇总村数的百分比。",
    "占问题比": "占问题总数的百分比。",
    # who leads, and what has changed
    "领先单位": "完成率最高的村（县里是乡镇）；都一样时为空。",
    "领先率": "最高的完成率。",
    "落后单位": "完成率最低的村（县里是乡镇）；都一样时为空。",
    "落后率": "最低的完成率。",
    "上期": "上一次汇总的月份，如“9月”；没有时为空。",
    "上期汇总村数": "上期已汇总的村数。",
    "上期完成率": "上期的完成率。",
    "上期销号数": "上期已销号的问题个数。",
    "上期逾期数": "上期的逾期措施条数。",
    "完成率变化": "与上期比，如“提高4.5个百分点”“持平”；无法比时为空。",
    "销号变化": "与上期比，如“增加1个”“持平”。",
    "逾期变化": "与上期比，如“减少2条”“持平”。",
    **_flag("汇总村数有变", "与上期汇总的村数不同"),
    "说明": "发生的变化，如“办结措施5条”。",
    # tables
    "整顿村": f"汇总里的每个村，{_ROWS}。",
    "已汇总村": f"已汇总的村，{_ROWS}。",
    "未汇总村": f"没有汇总的村，{_ROWS}。",
    "未登记村": f"已汇总、但没有登记问题和措施的村，{_ROWS}。",
    "名册外村": f"不在名册而一并汇总的村，{_ROWS}。",
    "未汇总乡镇": f"没有汇总的乡镇，{_ROWS}；只有县里的汇报有。",
    "分项": f"已汇总的村（县里是乡镇）和各自的进展，{_ROWS}。",
    "类型": f"有村或有问题的类型，按代码的次序，{_ROWS}。",
    "问题类型": f"有问题的类型，问题多的在前，{_ROWS}。",
    "逾期措施": f"逾期的措施，逾期久的在前，{_ROWS}。",
    "逾期单位": f"有逾期措施的村（县里是乡镇），多的在前，{_ROWS}。",
    "缺会": f"缺会的村（县里是乡镇），{_ROWS}。",
    "帮扶力量": "有村登记了的帮扶力量和村数，一种一次。",
    "帮扶缺项": "有村没有登记的帮扶力量和村名；缺的村相同的，几种力量写在一起。",
    "必改单位": f"有必改项的村（县里是乡镇），多的在前，镇级工作簿在最后，{_ROWS}。",
    "测评": f"计入的测评和验收，{_ROWS}。",
    "验收": "各级的验收结论和村数，一种结论一次。",
    "无措施问题": f"没有措施、尚未销号的问题，{_ROWS}。",
    "反弹问题": f"回头看反弹的问题，{_ROWS}。",
    "待销号问题": f"措施全部完成、尚未销号的问题，{_ROWS}。",
    "未启动单位": f"有未启动措施的村（县里是乡镇），多的在前，{_ROWS}。",
    "未填单位": f"有措施没填办理状态的村（县里是乡镇），多的在前，{_ROWS}。",
    "临期措施": f"到下月底以前到期、还没有完成的措施，先到期的在前，{_ROWS}。",
    "临期单位": f"有临期措施的村（县里是乡镇），多的在前，{_ROWS}。",
    "变化": "与上期比，问题和措施发生的变化，一种一次。",
    "历月": f"本年各月的汇总数字，到本月为止，{_ROWS}。",
    "主要做法": "这一章要写的各项，一项一次；用【如有：关于帮扶】等判断是哪一项。",
    "存在问题": "这一章要写的各项，一项一次；用【如有：关于逾期】等判断是哪一项。",
    "下一步": "这一章要写的各项，一项一次；用【如有：关于催办】等判断是哪一项。",
    **_flag("关于帮扶", "写帮扶力量"),
    **_flag("关于研究", "写专题研究"),
    **_flag("关于台账", "写台账"),
    **_flag("关于进展", "写措施进展"),
    **_flag("关于测评", "写测评验收"),
    **_flag("关于未汇总", "写没有汇总的村和乡镇"),
    **_flag("关于逾期", "写逾期措施"),
    **_flag("关于缺会", "写缺会"),
    **_flag("关于无措施", "写没有措施的问题"),
    **_flag("关于未启动", "写未启动的措施"),
    **_flag("关于未填", "写没填办理状态的措施"),
    **_flag("关于反弹", "写反弹的问题"),
    **_flag("关于责任", "写没有写明责任人、时限的措施"),
    **_flag("关于缺帮扶", "写没有登记的帮扶力量"),
    **_flag("关于催报", "写催报工作簿"),
    **_flag("关于催办", "写催办逾期措施"),
    **_flag("关于临期", "写临期措施"),
    **_flag("关于制定", "写补充措施"),
    **_flag("关于补会", "写补齐专题研究"),
    **_flag("关于补填", "写补填台账"),
    **_flag("关于销号", "写办理销号"),
    **_flag("关于长期", "写长期坚持"),
}
