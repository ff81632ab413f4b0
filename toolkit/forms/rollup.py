"""The monthly rollup (汇总): its sheets, and how every total of it is reckoned, declared once.

The rollup of a township and that of a county have the same sheets; where the one counts by
village, the other counts by township.
"""

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from toolkit.cells import Raw
from toolkit.forms import codes, village
from toolkit.forms.ledgers import (
    COUNTED_TYPES,
    COUNTS,
    FILE,
    LATE,
    LEDGERS,
    LOT,
    MUST,
    NAMED,
    NO,
    OF_VILLAGES,
    PERIOD,
    PROBLEM_STATUS,
    TOWN,
    VILLAGE_CODE,
    VILLAGE_NAME,
    VILLAGE_NO,
    YES,
    ChangeKind,
    ChangeLine,
    Columns,
    EvaluationLedger,
    FindingLine,
    MeasureLedger,
    MeetingLedger,
    OverdueLine,
    ProblemLedger,
    TallyLine,
    declared,
)
from toolkit.forms.village import CLOSED, DONE, GOING, IDLE, STANDING, UNKNOWN
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import Form
from toolkit.schema.kinds import Day, Text, Whole, YesNo
from toolkit.schema.totals import (
    NO_BASE,
    Amount,
    Cell,
    Count,
    Figure,
    Formula,
    Gaps,
    Holding,
    Month,
    Naming,
    Own,
    Plus,
    Rate,
    Ratio,
    Rest,
    Sum,
    Where,
    value_of,
)
from toolkit.schema.workbook import Tally

# -- the agreed words ---------------------------------------------------------------------------


class Level(enum.Enum):
    """Whose rollup it is; the value is the word of the command line."""

    TOWNSHIP = "township"
    COUNTY = "county"


ABSENT_FATE = "未回传"
TAKEN, REFUSED, IGNORED = "已汇总", "未汇总：", "忽略："
"""How the fate of a file begins that went into the rollup, that should have, that need not."""
TAKEN_WITH_ERRORS = f"{TAKEN}（有必改项）"
TOWN_NO, TOWN_ITSELF = 0, "（镇级工作簿）"
"""Under what the findings stand that no village has to answer for."""

_DONE_WORDS = "、".join(f"“{t.code}”" for t in codes.STATUSES.terms if t.code in codes.DONE)
DEFINITIONS = (
    f"已完成：办理状态为{_DONE_WORDS}的措施；“基本完成”“退回”计入推进中。",
    "长期坚持：办理状态为“长期坚持”的单独计数，既不算完成，也不算推进中。",
    "完成率＝已完成÷（措施总数－长期坚持），没有可计算的措施时显示“—”。",
    "状态未填：办理状态空着或者读不出的措施，计入措施总数和完成率的基数。",
    "逾期：到期日早于数据截止日，且不是已完成、也不是长期坚持的措施；状态未填的也算。",
    "到期日：“某日前并长期坚持”的按该日期计算；立行立改等没有到期日的、读不出日期的不计逾期。",
    "问题状态：已到销号日期的为已销号，回头看反弹的除外；所属措施全部完成的为已完成；其余措施都在长期坚持的为长期坚持。",
    "问题状态：没有措施的、措施都未启动（或状态未填）的为未启动；其他为推进中。",
    "数据截止日以后的销号、会议、测评一律不计；会议、测评仍列在台账里，注明“否”。",
    "核对必改：收到的工作簿里要改正的条数，含未汇总的村。",
    "合计都是公式，随台账变化；台账每行右侧写明来自哪个文件、哪张表、哪一行。",
)
"""The footnotes of the first page: what each figure means."""
PARTY_DEFINITIONS = (
    "按党内统计“整顿软弱涣散基层党组织情况”26 项的次序。",
    "名称以“社区”“居委会”结尾的列入社区，其余列入村。",
    "排查数为已汇总的村数；整顿提升数为县级验收结论为“合格”的村数；建档立卡贫困村按“是否脱贫村”统计。",
    "主要类型按各村“主要类型”统计，一村有几个类型的各计 1 个。",
    "书记各项、专项整治、查处违纪违法按“基本情况”统计，培训计人次。",
    "解决各类问题为已销号和已完成的问题数。",
    "整顿措施各项按“工作力量”中截至数据截止日在任的统计。",
    "挂点联系领导为联村县级领导和包村镇领导，驻村干部为驻村工作队员。",
    "各村分别统计，一人（一个单位）联系几个村的计几次。",
    "村里没有填的按 0 计，是哪些项见“党内统计明细”的空格。",
)
"""What each item of the official statistic is taken from."""

_MINE: Where = ((VILLAGE_NO, Own(VILLAGE_NO)),)
_OF_TOWN: Where = ((TOWN, Own(TOWN)),)
_COUNTING: Where = ((COUNTS, YES),)
_TOWN_UNIT: Columns = {"town": TOWN}

# -- one village, one line ------------------------------------------------------------------------

SINCE, UNTIL = Column("起算月份", Whole()), Column("应会至", Whole())
"""From which month of the year to which a village had to meet every month; 0 to none yet."""


_FUNDS = village.Measure.funds


class Village(
    Row,
    sheet="整顿对象一览",
    hint="一村一行，按村名册排列；不在名册的排在最后。用A3纸打印；“核对必改”右侧各栏不打印。",
):
    """One village under rectification: what it is, who helps, how far it has come."""

    village_no = VILLAGE_NO
    town = TOWN
    village_code = VILLAGE_CODE
    village = VILLAGE_NAME
    secretary = Column("党组织书记", Text())
    main_types = Column("主要类型", Text())
    county_leader, town_leader, first_secretary, paired_unit = (
        Column(role, Text()) for role in codes.FOUR_ONES
    )
    problems = Figure("问题数", Count(ProblemLedger, _MINE))
    problems_closed = Figure("问题已销号", Count(ProblemLedger, (*_MINE, (PROBLEM_STATUS, CLOSED))))
    measures = Figure("措施数", Count(MeasureLedger, _MINE))
    done = Figure("措施已完成", Count(MeasureLedger, (*_MINE, (LOT, DONE))))
    standing = Figure("措施长期坚持", Count(MeasureLedger, (*_MINE, (LOT, STANDING))))
    late = Figure("措施逾期", Count(MeasureLedger, (*_MINE, (LATE, YES))))
    rate = Rate("完成率", Ratio((done,), measures, (standing,)))
    meetings = Figure("专题研究累计", Count(MeetingLedger, (*_MINE, *_COUNTING)))
    meetings_now = Figure(
        "专题研究本月", Count(MeetingLedger, (*_MINE, *_COUNTING, (PERIOD, Month())))
    )
    errors = Figure("核对必改", Count(FindingLine, (*_MINE, (FindingLine.level, MUST))))
    # From here on for the screen only: what a wall list can do without.
    listed = Column("是否在册", Text())
    fate = Column("回传情况", Text(), width=20)
    taken = Column("是否汇总", Text())
    since = SINCE
    until = UNTIL
    problem_types = Column("问题涉及类型", Text())
    problems_done = Figure("问题已完成", Count(ProblemLedger, (*_MINE, (PROBLEM_STATUS, DONE))))
    problems_standing = Figure(
        "问题长期坚持", Count(ProblemLedger, (*_MINE, (PROBLEM_STATUS, STANDING)))
    )
    problems_going = Figure("问题推进中", Count(ProblemLedger, (*_MINE, (PROBLEM_STATUS, GOING))))
    problems_idle = Figure("问题未启动", Count(ProblemLedger, (*_MINE, (PROBLEM_STATUS, IDLE))))
    going = Figure("措施推进中", Count(MeasureLedger, (*_MINE, (LOT, GOING))))
    idle = Figure("措施未启动", Count(MeasureLedger, (*_MINE, (LOT, IDLE))))
    unknown = Figure("措施状态未填", Count(MeasureLedger, (*_MINE, (LOT, UNKNOWN))))
    funds = Amount("计划资金", "万元", Sum(MeasureLedger, _FUNDS, _MINE))
    warnings = Figure("核对提醒", Count(FindingLine, (*_MINE, (FindingLine.level, "提醒"))))
    infos = Figure("核对提示", Count(FindingLine, (*_MINE, (FindingLine.level, "提示"))))


class TypeLine(
    Row,
    sheet="类型分布",
    hint="一村、一个问题都可以有几个类型，各类型之和会大于总数；占比的基数是已汇总的村数、问题总数。",
):
    """How often one type occurs, among villages and among problems."""

    code = Column("类型代码", Text())
    label = Column("简称", Text())
    text = Column("全称", Text(long=True), width=60)
    villages = Figure(
        "主要类型村数",
        Count(Village, ((Village.main_types, Holding(code)), (Village.taken, YES))),
    )
    villages_share = Rate("占已汇总村", Ratio((villages,), Count(Village, ((Village.taken, YES),))))
    problems = Figure("问题数", Count(ProblemLedger, ((COUNTED_TYPES, Holding(code)),)))
    problems_share = Rate("占问题总数", Ratio((problems,), Count(ProblemLedger)))


# -- one line a village, or a township ------------------------------------------------------------


def _progress(unit: Columns, mine: Where) -> Columns:
    counted = {
        "problems": ("问题", Village.problems),
        "closed": ("问题已销号", Village.problems_closed),
        "measures": ("措施", Village.measures),
        "done": ("已完成", Village.done),
        "going": ("推进中", Village.going),
        "idle": ("未启动", Village.idle),
        "standing": ("长期坚持", Village.standing),
        "unknown": (UNKNOWN, Village.unknown),
        "late": ("逾期", Village.late),
    }
    made: Columns = {
        name: Figure(header, Sum(Village, column, mine))
        for name, (header, column) in counted.items()
    }
    made["rate"] = Rate("完成率", Ratio((made["done"],), made["measures"], (made["standing"],)))
    return unit | made


Summary = declared(
    "总览", "", _progress({"village_no": VILLAGE_NO, "village": VILLAGE_NAME}, _MINE)
)
"""One village's line on the first page."""
_TAKEN_VILLAGES = Figure("已汇总村", Count(Village, (*_OF_TOWN, (Village.taken, YES))))
TownSummary = declared("总览", "", _progress(_TOWN_UNIT | {"villages": _TAKEN_VILLAGES}, _OF_TOWN))
"""One township's line on the first page of a county."""


class MeetingCount(
    Row,
    sheet="专题研究",
    hint="各村每月专题研究次数。红色“缺”：从起算月份起应当研究而没有会议记录的月份；未汇总的村不列。",
):
    """One village's meetings, month by month."""

    village_no = VILLAGE_NO
    town = TOWN
    village = VILLAGE_NAME
    months = (m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12) = tuple(
        Figure(f"{number}月", Count(MeetingLedger, (*_MINE, *_COUNTING, (PERIOD, Month(number)))))
        for number in range(1, 13)
    )
    held = Figure("累计次数", Count(MeetingLedger, (*_MINE, *_COUNTING)))
    other = Figure("其他年份或日期读不出", Rest(held, months))
    since = SINCE
    until = UNTIL
    gaps = Figure("缺会月数", Gaps(months, since, until))


MONTHS: tuple[Column[Any], ...] = MeetingCount.months


def _of_months() -> Iterator[tuple[str, Column[Any]]]:
    for number, month in enumerate(MONTHS, 1):
        yield f"m{number:02d}", Figure(f"{number}月", Sum(MeetingCount, month, _OF_TOWN))


TownMeetings = declared(
    "专题研究",
    "各镇每月专题研究次数和缺会月数。",
    _TOWN_UNIT
    | dict(_of_months())
    | {
        "held": Figure("累计次数", Sum(MeetingCount, MeetingCount.held, _OF_TOWN)),
        "gaps": Figure("缺会月数", Sum(MeetingCount, MeetingCount.gaps, _OF_TOWN)),
    },
)
MeetingDays = declared(
    "专题研究",
    "各次会议的日期；同一天开几次的写几次。",
    NAMED | {f"d{number:02d}": Column(f"{number}月", Text()) for number in range(1, 13)},
)


def _checks(unit: Columns, mine: Where) -> Columns:
    def of(level: str) -> Count:
        return Count(FindingLine, (*mine, (FindingLine.level, level)))

    answered = Count(FindingLine, (*mine, (FindingLine.accepted, YES)))
    return unit | {
        "errors": Figure(MUST, of(MUST)),
        "warnings": Figure("提醒", of("提醒")),
        "infos": Figure("提示", of("提示")),
        "accepted": Figure("其中已说明", answered),
    }


CHECKS_HINT = "核对结果的条数；一条可能涉及多个单元格。逐条见“核查明细”。"
CheckCount = declared("核查情况", f"各村{CHECKS_HINT}", _checks(NAMED, _MINE))
"""What the check of one village's workbook came to."""
TownChecks = declared("核查情况", f"各镇{CHECKS_HINT}", _checks(_TOWN_UNIT, _OF_TOWN))

# -- what has changed, and how it came to this ----------------------------------------------------

KINDS_OF_CHANGE = tuple(kind for kind in ChangeKind if kind not in OF_VILLAGES)
"""What can have happened to a row."""


def _changes(unit: Columns, mine: Where) -> Columns:
    return unit | {
        f"kind{at}": Figure(kind.value, Count(ChangeLine, (*mine, (ChangeLine.kind, kind.value))))
        for at, kind in enumerate(KINDS_OF_CHANGE)
    }


_IN_DETAIL = f"问题和措施合计，问题销号计入“办结”；逐条见“{ChangeLine.sheet}”。"
ChangeCount = declared("与上月对比", f"各村变化的处数，{_IN_DETAIL}", _changes(NAMED, _MINE))
TownChanges = declared(
    "与上月对比", f"各镇变化的处数，{_IN_DETAIL}", _changes(_TOWN_UNIT, _OF_TOWN)
)

_DONE_OF = Ratio(
    (Count(MeasureLedger, ((LOT, DONE),)),),
    Count(MeasureLedger),
    (Count(MeasureLedger, ((LOT, STANDING),)),),
)
_TAKEN_ALL = Count(Village, ((Village.taken, YES),))
_LEFT_OUT = Count(Village, ((Village.taken, NO),))
_HELD_NOW = Count(MeetingLedger, (*_COUNTING, (PERIOD, Month())))
_MUSTS = Count(FindingLine, ((FindingLine.level, MUST),))


class HistoryLine(
    Row,
    sheet="历月进度",
    hint="以前各月照抄当月的汇总；本月一行是公式。",
):
    """The figures of one month; earlier months stand as their own rollups had them."""

    period = Column("月份", Text())
    as_of = Column("数据截止日", Day())
    villages = Figure("已汇总村", _TAKEN_ALL)
    left_out = Figure("未汇总村", _LEFT_OUT)
    problems = Figure("问题", Count(ProblemLedger))
    closed = Figure("问题已销号", Count(ProblemLedger, ((PROBLEM_STATUS, CLOSED),)))
    measures = Figure("措施", Count(MeasureLedger))
    done = Figure("已完成", Count(MeasureLedger, ((LOT, DONE),)))
    standing = Figure("长期坚持", Count(MeasureLedger, ((LOT, STANDING),)))
    rate = Rate("完成率", _DONE_OF)
    late = Figure("逾期", Count(MeasureLedger, ((LATE, YES),)))
    meetings = Figure("当月专题研究", _HELD_NOW)
    errors = Figure("核对必改", _MUSTS)
    source = Column("来源", Text(), width=38)


# -- the official statistic -----------------------------------------------------------------------

VILLAGE_SORT, QUARTER_SORT = "村", "社区"
_NATIONAL = tuple(term for term in codes.TYPES.terms if term.code.startswith("R"))


def _facts() -> Iterator[tuple[str, Column[Any]]]:
    """Yield the 26 items in their official order (domain reference 2.3)."""
    yield "screened", Figure("排查数", Count(Village, (*_MINE, (Village.taken, YES))))
    yield "poor", Figure("其中建档立卡贫困村")
    yield "raised", Figure("整顿提升数")
    for term in _NATIONAL:
        where: Where = (*_MINE, (Village.main_types, Naming(term.code)), (Village.taken, YES))
        yield term.code, Figure(f"{term.code}{term.label}", Count(Village, where))
    yield "vacant", Figure("年初缺配")
    yield "appointed", Figure("本年已选配")
    yield "to_replace", Figure("年初需调整")
    yield "replaced", Figure("本年已调整")
    yield "trainings", Figure("培训")
    yield "county_trainings", Figure("其中县级及以上培训")
    yield "paired_units", Figure("结对帮扶单位")
    yield "leaders", Figure("挂点联系领导")
    yield "first_secretaries", Figure("选派第一书记")
    yield "stationed", Figure("选派驻村干部")
    yield "campaigns", Figure("专项整治")
    solved = (Village.problems_closed, Village.problems_done)
    yield "solved", Figure("解决各类问题", Plus(tuple(Sum(Village, c, _MINE) for c in solved)))
    yield "offences", Figure("查处违纪违法")


PARTY_ITEMS: Columns = dict(_facts())
PARTY_GROUPS = (
    ("排查整顿（个）", 3),
    ("主要类型（个）", 10),
    ("党组织书记（人）", 6),
    ("整顿措施（个、人）", 4),
    ("解决突出问题（项、个、例）", 3),
)
"""What stands above the 26 items, and how many each spans."""
SORT = Column("类别", Text())
PartyLine = declared(
    "党内统计明细", "党内统计表各项的村级明细。", NAMED | {"sort": SORT} | PARTY_ITEMS
)
"""What one village counts for in the official statistic."""


def _party(unit: Columns, mine: Where) -> Columns:
    return unit | {
        name: Figure(column.header, Sum(PartyLine, column, mine))
        for name, column in PARTY_ITEMS.items()
    }


PartyTotal = declared(
    "党内统计表",
    "整顿软弱涣散基层党组织情况，按党内统计的 26 项排列；各项口径见表下说明。",
    _party({"sort": SORT}, ((SORT, Own(SORT)),)),
)
"""The official statistic: villages, quarters, and in total."""
PartyTown = declared("党内统计表", "各镇情况。", _party(_TOWN_UNIT, _OF_TOWN))

# -- where it all comes from ----------------------------------------------------------------------

COUNTED = tuple(row for row in village.FORM.rows if not row.vertical)
"""The sheets of a village's workbook whose rows are counted, file by file."""
FILE_NO = Column("文件序号", Whole())
_FILE: Where = ((TallyLine.file_no, Own(FILE_NO)),)
_TALLIED = (TallyLine.own, TallyLine.records, TallyLine.aside, TallyLine.loose)

_SEEN: Columns = {
    "file_no": FILE_NO,
    "village_no": VILLAGE_NO,
    "town": TOWN,
    "file": Column("文件名", Text(), width=60),
    "village_code": VILLAGE_CODE,
    "village": VILLAGE_NAME,
    "fate": Column("处理结果", Text(), width=20),
    "saved": Column("最后保存时间", Text()),
}
_SEEN |= {row.__name__.lower(): Figure(row.sheet) for row in COUNTED}
_SEEN |= {
    "rows": Figure("有内容的行", Sum(TallyLine, TallyLine.rows, _FILE)),
    "rest": Figure(
        "对账差额",
        Rest(
            Sum(TallyLine, TallyLine.rows, _FILE),
            tuple(Sum(TallyLine, column, _FILE) for column in _TALLIED),
        ),
    ),
}
FINGERPRINT = Column("内容指纹", Text())
_SEEN |= {
    "fingerprint": FINGERPRINT,
    "version": Column("表格版本", Text()),
    "editor": Column("最后保存软件", Text(), width=24),
    "sha256": Column("完整的内容指纹（SHA-256）", Text(), width=66),
}
SourceFile = declared(
    "数据来源",
    "本次见到的每个文件和从中读到的行数。没有进台账的表只清点行数，内容以村级工作簿为准；最右三栏不打印。",
    _SEEN,
)


class Balance(Row, sheet="对账", hint="汇总与来源的核对；差额不为 0 的汇总不会写出。"):
    """One figure reckoned in two ways."""

    item = Column("项目", Text(), width=30)
    parts = Figure("各村（各文件）合计")
    whole = Figure("汇总数")
    rest = Figure("差额", Rest(parts, (whole,)))


class Scope(
    Row,
    sheet="汇总口径",
    vertical=True,
    hint="这份汇总是怎么算的；上级汇总和下月对比都以此为准，请勿改动。",
):
    """What a rollup covers and what it was reckoned by."""

    level = Column("汇总级别", Text())
    county = Column("县（区）", Text())
    town = Column("乡镇", Text())
    year = Column("年度", Whole())
    period = Column("汇总月份", Text())
    as_of = Column("数据截止日", Day())
    first_month = Column("专题研究起始月份", Whole())
    cutoff_day = Column("每月截止日", Whole())
    month_before = Column("X月前的含义", Text())
    roster = Column("有无村名册", YesNo())


# -- the book -------------------------------------------------------------------------------------

_Rows = tuple[type[Row], ...]
TABLES: Mapping[Level, _Rows] = {
    Level.TOWNSHIP: (
        Summary,
        Village,
        TypeLine,
        ProblemLedger,
        MeasureLedger,
        MeetingCount,
        MeetingDays,
        MeetingLedger,
        OverdueLine,
        EvaluationLedger,
        ChangeCount,
        ChangeLine,
        HistoryLine,
        PartyTotal,
        PartyLine,
        CheckCount,
        FindingLine,
        SourceFile,
        Balance,
        TallyLine,
        Scope,
    ),
    Level.COUNTY: (
        TownSummary,
        Village,
        TypeLine,
        ProblemLedger,
        MeasureLedger,
        TownMeetings,
        MeetingCount,
        MeetingLedger,
        OverdueLine,
        EvaluationLedger,
        TownChanges,
        ChangeLine,
        HistoryLine,
        PartyTotal,
        PartyTown,
        PartyLine,
        TownChecks,
        FindingLine,
        SourceFile,
        Balance,
        TallyLine,
        Scope,
    ),
}
"""Every table in the book's order; tables of one sheet stand one below the other."""

ON_A3 = frozenset({Village, ProblemLedger, MeasureLedger, MeetingLedger, PartyTotal, PartyLine})
"""Tables always on A3; others go there where A4 would be too small for what they hold."""

GROUPED: Mapping[type[Row], tuple[tuple[str, int], ...]] = {PartyTotal: PARTY_GROUPS}
"""Tables with a line of groups above their headers: each group's words, and how many it spans."""

LAST_PRINTED: Mapping[type[Row], Column[Any]] = {
    Village: Village.errors,
    **{
        ledger: ledger.columns[ledger.columns.index(FILE) - 1]
        for ledger in (*LEDGERS.values(), OverdueLine)
    },
    FindingLine: FindingLine.accepted,
    SourceFile: FINGERPRINT,
}
"""The last column that is printed, where those right of it are for the screen only."""

TOTALLED = frozenset(
    {
        Summary,
        TownSummary,
        Village,
        MeetingCount,
        TownMeetings,
        CheckCount,
        TownChecks,
        ChangeCount,
        TownChanges,
        PartyLine,
        PartyTotal,
        PartyTown,
        SourceFile,
    }
)
"""Tables that end with a line of totals."""

_READ_BACK: _Rows = (
    Village,
    *LEDGERS.values(),
    HistoryLine,
    PartyLine,
    FindingLine,
    SourceFile,
    Scope,
)
FORM = Form(
    id="township-rollup",
    title="软弱涣散党组织整顿工作汇总",
    version="1.1.0",
    rows=_READ_BACK,
    purpose="由程序从各村工作簿生成，供上级汇总和下月对比。",
    derived=frozenset(
        row.sheet for rows in TABLES.values() for row in rows if row not in _READ_BACK
    ),
)
"""A township's rollup as a standard workbook: what of it is read back."""
COUNTY_FORM = replace(FORM, id="county-rollup", title="软弱涣散党组织整顿工作全县汇总")
"""That of a county, of which the same is read back for the next month's comparison."""

CARDS: tuple[tuple[str, Formula], ...] = (
    ("名册内村数", Count(Village, ((Village.listed, YES),))),
    ("已汇总", Count(Village, ((Village.listed, YES), (Village.taken, YES)))),
    ("未汇总", _LEFT_OUT),
    ("问题", Count(ProblemLedger)),
    ("问题已销号", Count(ProblemLedger, ((PROBLEM_STATUS, CLOSED),))),
    ("本月专题研究", _HELD_NOW),
    ("措施", Count(MeasureLedger)),
    ("已完成", Count(MeasureLedger, ((LOT, DONE),))),
    ("完成率", _DONE_OF),
    ("长期坚持", Count(MeasureLedger, ((LOT, STANDING),))),
    ("逾期", Count(MeasureLedger, ((LATE, YES),))),
    ("核对必改", _MUSTS),
)
"""The key figures of the first page, in the order of its cards."""
WITHOUT_ROSTER: Mapping[str, Formula | str] = {"名册内村数": NO_BASE, "已汇总": _TAKEN_ALL}
"""What stands on a card instead where there is no roster to count by."""

ALARMING = frozenset({"未汇总", "逾期", "核对必改"})
"""The cards that should stand at nought."""

HEADLINES: tuple[tuple[str, Column[Any], Formula], ...] = (
    ("问题", Village.problems, Count(ProblemLedger)),
    (
        "问题已销号",
        Village.problems_closed,
        Count(ProblemLedger, ((PROBLEM_STATUS, CLOSED),)),
    ),
    ("措施", Village.measures, Count(MeasureLedger)),
    ("措施已完成", Village.done, Count(MeasureLedger, ((LOT, DONE),))),
    ("措施推进中", Village.going, Count(MeasureLedger, ((LOT, GOING),))),
    ("措施未启动", Village.idle, Count(MeasureLedger, ((LOT, IDLE),))),
    ("措施长期坚持", Village.standing, Count(MeasureLedger, ((LOT, STANDING),))),
    ("措施状态未填", Village.unknown, Count(MeasureLedger, ((LOT, UNKNOWN),))),
    ("措施逾期", Village.late, Count(MeasureLedger, ((LATE, YES),))),
    ("专题研究累计", Village.meetings, Count(MeetingLedger, _COUNTING)),
    ("专题研究本月", Village.meetings_now, _HELD_NOW),
    ("核对必改", Village.errors, _MUSTS),
    ("计划资金（万元）", Village.funds, Sum(MeasureLedger, _FUNDS)),
)
"""The figures whose sum over the villages must be what the ledgers come to."""

# -- nouns --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was seen and brought nothing, and why."""

    file: str
    fate: str  # 未汇总：… or 忽略：… with the reason
    sha256: str = ""
    code: str = ""
    village: str = ""
    town: str = ""
    path: str = ""  # where its name alone would not tell it from others
    saved: str = ""
    version: str = ""
    editor: str = ""
    tallies: tuple[Tally, ...] = ()


@dataclass(frozen=True)
class Table:
    """A filled table: its columns, as far as the rollup shows them, and cells in their order."""

    row: type[Row]
    columns: tuple[Column[Any], ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()

    def column(self, column: Column[Any]) -> tuple[Raw, ...]:
        """Return the values under a column."""
        at = self.columns.index(column)
        return tuple(value_of(row[at]) for row in self.rows)

    def whole(self, line: tuple[Cell, ...]) -> tuple[Raw, ...]:
        """Return a line's values under every column of its class, shown or not."""
        values = dict(zip(self.columns, map(value_of, line), strict=True))
        return tuple(values.get(column) for column in self.row.columns)


@dataclass(frozen=True)
class Rollup:
    """One month of a township or county, reckoned and ready to be written."""

    level: Level
    title: str
    as_of: dt.date
    year: int
    month: int
    tables: Mapping[type[Row], Table]
    cards: tuple[Cell, ...]
    alarms: tuple[str, ...]  # what makes the figures wrong, said before all else
    left_out: tuple[str, ...]  # villages not in the figures, each with the reason
    remarks: tuple[str, ...]
    notes: tuple[str, ...]  # what each figure means
    text: str
    changed: str  # the comparison with the month before, in words
    links: Mapping[int, str]  # village number -> way to its file
    elsewhere: Mapping[type[Row], str] = field(default_factory=dict)
    """The tables that are longer than a sheet, with the name of the file that holds them."""

    @property
    def villages(self) -> int:
        """How many villages are in the figures."""
        return self.tables[Village].column(Village.taken).count(YES)

    @property
    def period(self) -> str:
        """The month as file names spell it."""
        return f"{self.year}-{self.month:02d}"


MOST_LINES = 1_048_000
"""As many lines as a table may have: a sheet's 1,048,576 rows, less room for heads and totals."""


def too_long(made: Rollup) -> Iterator[Table]:
    """Yield the tables that are longer than a sheet."""
    return (table for table in made.tables.values() if len(table.rows) > MOST_LINES)


def set_aside(made: Rollup, files: Mapping[type[Row], str]) -> Rollup:
    """Return a rollup without the lines of the tables that stand in files of their own."""
    without = {row: replace(made.tables[row], rows=()) for row in files}
    return replace(made, tables={**made.tables, **without}, elsewhere=files)


def shown_columns(row: type[Row], level: Level) -> tuple[Column[Any], ...]:
    """Return the columns of a table that a rollup shows: a township's does not name itself."""
    if level is Level.COUNTY or row is Scope:
        return row.columns
    return tuple(column for column in row.columns if column is not TOWN)
