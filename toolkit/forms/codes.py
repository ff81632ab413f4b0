"""The agreed terms: types of weak branch, statuses, roles, meetings and the rest."""

from toolkit.schema.codelists import CodeList, Term

TYPES = CodeList(
    "类型",
    (
        # R01–R10: the ten types of the yearly 党内统计 form 整顿软弱涣散基层党组织情况.
        Term("R01", "班子缺配", text="党组织班子配备不齐、书记长期缺职、工作处于停滞状态的"),
        Term(
            "R02", "书记不胜任", text="党组织书记不胜任现职、工作不在状态、严重影响班子整体战斗力的"
        ),
        Term("R03", "班子不团结", text="班子不团结、内耗严重、工作不能正常开展的"),
        Term("R04", "制度虚设", text="组织制度形同虚设、不开展党组织活动的"),
        Term("R05", "拉票贿选", text="换届选举拉票贿选问题突出的"),
        Term("R06", "宗族宗教黑恶", text="宗族宗教和黑恶势力干扰渗透严重的"),
        Term("R07", "公开与管理混乱", text="村务居务财务公开和民主管理混乱的"),
        Term("R08", "治安信访集中", text="社会治安问题和信访矛盾纠纷集中的"),
        Term("R09", "无场所", text="无固定办公活动场所及便民服务设施的"),
        Term("R10", "服务弱", text="党组织服务意识差、服务能力弱、群众意见大的"),
        # L01–: additions that places have made; a township keeps its own list.
        Term("L01", "集体经济薄弱", text="发展思路不清、集体经济薄弱的"),
        Term("L02", "监督机构虚设", text="村民代表会议、村务监督委员会未设立或形同虚设的"),
        Term("L03", "惠农政策不公", text="执行惠农政策不公开不公正、引发不满的"),
        Term("L04", "党员发展停滞", text="连续两年以上无发展党员对象的"),
        Term("L05", "考核测评靠后", text="年度绩效考核末位或满意度测评低于六成的"),
        Term("L06", "换届遗留问题", text="未按期完成换届，或换届后问题依然存在的"),
    ),
)
LOCAL_TYPE = r"L\d{2}"

STATUSES = CodeList(
    "办理状态",
    (
        Term("未启动", synonyms=("未开始", "待整改", "待派")),
        Term("推进中", synonyms=("整改中", "正在整改", "处置中", "正在推进", "办理中")),
        Term("基本完成"),
        Term("已完成", synonyms=("已整改", "完成", "整改到位", "立行立改已完成", "已整改到位")),
        Term("长期坚持", synonyms=("持续整改", "持续推进", "长期任务", "取得阶段性成效")),
        Term("待验收", synonyms=("待核验", "申请销号")),
        Term("已销号", synonyms=("已验收", "已摘牌", "清零", "办结", "已消号")),
        Term("退回", synonyms=("驳回", "补充整改", "二次整改")),
    ),
)
DONE = frozenset({"已完成", "待验收", "已销号"})
"""Statuses of a measure on which nothing remains to be done in the village."""
STANDING = "长期坚持"
"""Counted apart: neither done nor under way."""

SOURCES = CodeList(
    "问题来源",
    tuple(
        Term(code, synonyms=synonyms)
        for code, synonyms in (
            ("支委会", ("支部委员会",)),
            ("党员大会评议", ("党员评议",)),
            ("走访", ("走访群众", "走访党员群众代表", "入户走访")),
            ("群众意见", ("征求意见", "征求党员群众意见", "群众反映")),
            ("县级反馈", ("上级反馈",)),
            ("巡察", ("巡察反馈",)),
            ("三级联评", ()),
            ("其他", ()),
        )
    ),
)

ROLES = CodeList(
    "工作角色",
    (
        Term("组长", synonyms=("领导小组组长",)),
        Term("副组长", synonyms=("领导小组副组长",)),
        Term("成员", synonyms=("领导小组成员",)),
        Term("办公室主任", synonyms=("领导小组办公室主任",)),
        # 四个一: one county leader, one township leader, one First Secretary, one paired unit.
        Term("联村县级领导", synonyms=("县级领导", "联村领导", "包联县领导", "县级班子成员")),
        Term("包村镇领导", synonyms=("镇领导", "包村领导", "乡镇班子成员", "包抓领导")),
        Term("第一书记", synonyms=("驻村第一书记",)),
        Term("结对帮扶单位", synonyms=("结对单位", "帮扶单位", "县直机关单位")),
        Term("驻村工作队员", synonyms=("驻村干部", "工作队员")),
        Term("党建指导员"),
        Term("村党组织书记", synonyms=("支部书记", "村书记", "党支部书记")),
        Term("村党组织副书记", synonyms=("副支书", "支部副书记", "副书记")),
        Term("支部委员", synonyms=("支委", "委员")),
        Term("村委会主任", synonyms=("村主任",)),
        Term("村委会副主任", synonyms=("副主任",)),
        Term("村委会委员"),
        Term("监委会主任", synonyms=("村务监督委员会主任",)),
        Term("村文书", synonyms=("专职化文书", "文书")),
    ),
)
FOUR_ONES = ("联村县级领导", "包村镇领导", "第一书记", "结对帮扶单位")

MEETINGS = CodeList(
    "会议类型",
    (
        Term("支委会", synonyms=("支部委员会会议", "支部委员会")),
        Term("党员大会", synonyms=("支部党员大会",)),
        Term("两委联席会", synonyms=("两委会", "村两委会议", "两委联席会议", "村“两委”会议")),
        Term("村民代表会议", synonyms=("村民代表大会",)),
        Term("整顿工作专题会", synonyms=("专题会", "专题研究会")),
        Term("其他"),
    ),
)

BASES = CodeList(
    "依据类别",
    (Term("上级文件", synonyms=("文件",)), Term("三级联评", synonyms=("联评",))),
)
LEVELS = CodeList(
    "组织层级",
    (
        Term("村级", synonyms=("村", "村自查")),
        Term("镇级", synonyms=("镇", "乡镇", "乡级", "镇初验")),
        Term("县级", synonyms=("县", "区", "市级", "县验收")),
    ),
)
EVALUATIONS = CodeList(
    "测评方式",
    (
        Term("会议测评", synonyms=("民主测评",)),
        Term("入户调查", synonyms=("入户",)),
        Term("电话测评", synonyms=("电话",)),
        Term("第三方评估", synonyms=("第三方",)),
        Term("综合验收", synonyms=("考核验收", "验收")),
    ),
)
VERDICTS = CodeList(
    "验收结论",
    (Term("合格", synonyms=("通过",)), Term("基本合格"), Term("不合格", synonyms=("未通过",))),
)
OPINIONS = CodeList("审核意见", (Term("同意"), Term("退回", synonyms=("不同意",))))
LOOKBACKS = CodeList("回头看结果", (Term("巩固"), Term("反弹")))
SECTIONS = CodeList(
    "方案章节",
    tuple(
        Term(code)
        for code in (
            "前言",
            "基本情况",
            "存在的问题分析",
            "整改目标",
            "整改具体措施",
            "时限要求",
            "整顿要求",
            "主要做法",
            "取得成效",
            "存在不足",
            "下一步打算",
        )
    ),
)
