"""The monthly rollup (镇汇总): its sheets, and how every total of it is reckoned, declared once.

A ledger is a village's sheet as that form declares it, between the village it belongs to and the
file, sheet and row it came from.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import new_class
from typing import Any, cast

from toolkit.cells import Raw
from toolkit.forms import codes, village
from toolkit.forms.village import CLOSED, DONE, GOING, IDLE, STANDING, UNKNOWN
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Day, Text, Whole
from toolkit.schema.totals import (
    NO_BASE,
    Cell,
    Count,
    Figure,
    Formula,
    Gaps,
    Holding,
    Month,
    Own,
    Rate,
    Ratio,
    Rest,
    Sum,
    Where,
    value_of,
)

FORM_ID, VERSION = "township-rollup", "1.0.0"

# -- the agreed words ---------------------------------------------------------------------------

YES, NO, TWICE = "是", "否", "重复"
ABSENT_FATE = "未回传"
TAKEN, REFUSED = "已汇总", "未汇总："
"""How the fate of a file begins that went into the rollup, and of one that should have."""
TOWN_NO, TOWN = 0, "（镇级工作簿）"
"""Under what the findings stand that no village has to answer for."""

_DONE_WORDS = "、".join(f"“{t.code}”" for t in codes.STATUSES.terms if t.code in codes.DONE)
DEFINITIONS = (
    f"已完成：办理状态为{_DONE_WORDS}的措施；“基本完成”“退回”计入推进中。",
    "长期坚持：办理状态为“长期坚持”的单独计数，既不算完成，也不算推进中。",
    "完成率＝已完成÷（措施总数－长期坚持），没有可计算的措施时显示“—”。",
    "状态未填：办理状态空着或者读不出的措施，计入措施总数和完成率的基数。",
    "逾期：到期日早于数据截止日，且不是已完成、也不是长期坚持的措施；状态未填的也算。",
    "到期日：“某日前并长期坚持”的按该日期计算；立行立改等没有到期日的、读不出日期的不计逾期。",
    "问题状态：已到销号日期的为已销号；所属措施全部完成的为已完成；其余措施都在长期坚持的为长期坚持。",
    "问题状态：没有措施的、措施都未启动（或状态未填）的为未启动；其他为推进中。",
    "数据截止日以后的销号、会议、测评一律不计；会议、测评仍列在台账里，注明“否”。",
    "合计都是公式，随台账变化；台账每行右侧写明来自哪个文件、哪张表、哪一行。",
)
"""The footnotes of the first page: what each figure means."""

# -- ledgers ------------------------------------------------------------------------------------

VILLAGE_NO = Column("村序号", Whole())
VILLAGE_CODE = Column("村代码", Text())
VILLAGE_NAME = Column("村名", Text())
FILE = Column("来源文件", Text(), width=30)
SHEET = Column("来源工作表", Text())
LINE = Column("来源行", Whole())

LOT = Column("统计归类", Text())
PROBLEM_STATUS = Column("问题状态", Text())
DUE = Column("到期日", Day())
COUNTED_TYPES = Column("计入类型", Text())
LATE = Column("是否逾期", Text())
DAYS_LATE = Column("逾期天数", Whole(unit="天"))
PERIOD = Column("会议月份", Whole())
COUNTS = Column("是否计入", Text())
SATISFIED = Rate(
    "满意率（满意÷有效票）", Ratio((village.Evaluation.satisfied,), village.Evaluation.valid)
)
CONTENT = Rate(
    "满意率（含基本满意）",
    Ratio((village.Evaluation.satisfied, village.Evaluation.fairly), village.Evaluation.valid),
)

_Columns = dict[str, Column[Any]]
_OF_VILLAGE: _Columns = {
    "village_no": VILLAGE_NO,
    "village_code": VILLAGE_CODE,
    "village": VILLAGE_NAME,
}
_OF_SOURCE: _Columns = {"source_file": FILE, "source_sheet": SHEET, "source_line": LINE}


def _sheet(title: str, hint: str, columns: _Columns) -> type[Row]:
    """Return the row class of a sheet whose columns are declared elsewhere."""
    made = new_class(
        title, (Row,), {"sheet": title, "hint": hint}, lambda body: body.update(columns)
    )
    return cast("type[Row]", made)


def _own(row: type[Row]) -> _Columns:
    return {column.name: column for column in row.columns}


_TRACE = "一行对应村级工作簿里的一行；点右侧“来源行”可打开原文件核对（来源三列不打印）。"

ProblemLedger = _sheet(
    "问题台账",
    f"{_TRACE}“问题状态”由措施和销号日期推算；“计入类型”是从类型代码读出、计入“类型分布”的。",
    _OF_VILLAGE
    | _own(village.Problem)
    | {"problem_status": PROBLEM_STATUS}
    | _OF_SOURCE
    | {"counted_types": COUNTED_TYPES},
)
MeasureLedger = _sheet(
    "措施台账",
    f"{_TRACE}“到期日”由完成时限读出，逾期按数据截止日计算。",
    _OF_VILLAGE
    | _own(village.Measure)
    | {"lot": LOT, "due": DUE, "late": LATE, "days_late": DAYS_LATE}
    | _OF_SOURCE,
)
MeetingLedger = _sheet(
    "会议台账",
    f"{_TRACE}晚于数据截止日的不计入。",
    _OF_VILLAGE | _own(village.Meeting) | {"period": PERIOD, "counts": COUNTS} | _OF_SOURCE,
)
EvaluationLedger = _sheet(
    "测评验收",
    f"{_TRACE}晚于数据截止日的不计入。两种满意率都列出，引用时请写明是哪一种。",
    _OF_VILLAGE
    | _own(village.Evaluation)
    | {"satisfied_rate": SATISFIED, "content_rate": CONTENT, "counts": COUNTS}
    | _OF_SOURCE,
)
LEDGERS: Mapping[type[Row], type[Row]] = {
    village.Problem: ProblemLedger,
    village.Measure: MeasureLedger,
    village.Meeting: MeetingLedger,
    village.Evaluation: EvaluationLedger,
}
"""Which sheet of the villages goes, row by row, into which ledger."""

OverdueLine = _sheet(
    "逾期预警",
    "截至数据截止日已过时限仍未完成的措施，逾期最久的排在最前。",
    _OF_VILLAGE
    | {
        name: column
        for name, column in _own(village.Measure).items()
        if name in {"number", "text", "leader", "owner", "deadline", "status", "progress_note"}
    }
    | {"due": DUE, "days_late": DAYS_LATE}
    | _OF_SOURCE,
)

# -- tables -------------------------------------------------------------------------------------

_MINE: Where = ((VILLAGE_NO, Own(VILLAGE_NO)),)
_COUNTING: Where = ((COUNTS, YES),)
_MEETINGS: Where = (*_MINE, *_COUNTING)


class FindingLine(
    Row, sheet="核查情况", hint="逐条列出；“必改”的请村里改正后重新回传。来源文件不打印。"
):
    """One finding, as the return copy words it."""

    village_no = VILLAGE_NO
    village = VILLAGE_NAME
    level = Column("级别", Text())
    rule = Column("规则", Text())
    place = Column("工作表", Text())
    cells = Column("单元格", Text())
    header = Column("表头", Text())
    message = Column("问题", Text(long=True), width=40)
    fix = Column("改法", Text(long=True), width=40)
    accepted = Column("已说明", Text())
    source_file = FILE


class CheckCount(Row, sheet="核查情况", hint="各村核对结果的条数；一条可能涉及多个单元格。"):
    """What the check of one village's workbook came to."""

    village_no = VILLAGE_NO
    village = VILLAGE_NAME
    errors = Figure("必改", Count(FindingLine, (*_MINE, (FindingLine.level, "必改"))))
    warnings = Figure("提醒", Count(FindingLine, (*_MINE, (FindingLine.level, "提醒"))))
    infos = Figure("提示", Count(FindingLine, (*_MINE, (FindingLine.level, "提示"))))
    accepted = Figure("其中已说明", Count(FindingLine, (*_MINE, (FindingLine.accepted, YES))))


def _month_counts() -> Iterator[Figure]:
    for number in range(1, 13):
        where = (*_MEETINGS, (PERIOD, Month(number)))
        yield Figure(f"{number}月", Count(MeetingLedger, where))


class MeetingCount(
    Row,
    sheet="专题研究",
    hint="各村每月专题研究次数。红色“缺”：从起算月份起应当研究而没有会议记录的月份；未汇总的村不列。",
):
    """One village's meetings, month by month."""

    village_no = VILLAGE_NO
    village = VILLAGE_NAME
    months = (m01, m02, m03, m04, m05, m06, m07, m08, m09, m10, m11, m12) = tuple(_month_counts())
    held = Figure("累计次数", Count(MeetingLedger, _MEETINGS))
    other = Figure("其他年份或日期读不出", Rest(held, months))
    since = Column("起算月份", Whole())
    gaps = Figure("缺会月数", Gaps(months, since))


MONTHS: tuple[Column[Any], ...] = MeetingCount.months

_DAYS_OF_MONTHS: _Columns = {"village_no": VILLAGE_NO, "village": VILLAGE_NAME}
_DAYS_OF_MONTHS |= {f"d{number:02d}": Column(f"{number}月", Text()) for number in range(1, 13)}
MeetingDays = _sheet(
    "专题研究",
    "各次会议的日期；同一天开几次的写几次。",
    _DAYS_OF_MONTHS,
)


class Village(
    Row,
    sheet="整顿对象一览",
    hint="一村一行，按村名册排列；不在名册的排在最后。用A3纸打印；“核对必改”右侧各栏不打印。",
):
    """One village under rectification: what it is, who helps, how far it has come."""

    village_no = VILLAGE_NO
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
    meetings = Figure("专题研究累计", Count(MeetingLedger, _MEETINGS))
    meetings_now = Figure("专题研究本月", Count(MeetingLedger, (*_MEETINGS, (PERIOD, Month()))))
    errors = Figure("核对必改", Sum(CheckCount, CheckCount.errors, _MINE))
    # From here on for the screen only: what a wall list can do without.
    listed = Column("是否在册", Text())
    fate = Column("回传情况", Text())
    taken = Column("是否汇总", Text())
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
    warnings = Figure("核对提醒", Sum(CheckCount, CheckCount.warnings, _MINE))
    infos = Figure("核对提示", Sum(CheckCount, CheckCount.infos, _MINE))


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


class Summary(Row, sheet="总览"):
    """One village's line on the first page."""

    village_no = VILLAGE_NO
    village = VILLAGE_NAME
    problems = Figure("问题", Sum(Village, Village.problems, _MINE))
    closed = Figure("问题已销号", Sum(Village, Village.problems_closed, _MINE))
    measures = Figure("措施", Sum(Village, Village.measures, _MINE))
    done = Figure("已完成", Sum(Village, Village.done, _MINE))
    going = Figure("推进中", Sum(Village, Village.going, _MINE))
    idle = Figure("未启动", Sum(Village, Village.idle, _MINE))
    standing = Figure("长期坚持", Sum(Village, Village.standing, _MINE))
    unknown = Figure(UNKNOWN, Sum(Village, Village.unknown, _MINE))
    late = Figure("逾期", Sum(Village, Village.late, _MINE))
    rate = Rate("完成率", Ratio((done,), measures, (standing,)))


COUNTED = tuple(row for row in village.FORM.rows if not row.vertical)
"""The sheets of a village's workbook whose rows are counted, file by file."""

_SEEN: _Columns = {
    "village_no": VILLAGE_NO,
    "file": Column("文件名", Text(), width=26),
    "village_code": VILLAGE_CODE,
    "village": VILLAGE_NAME,
    "fate": Column("处理结果", Text()),
}
_SEEN |= {row.__name__.lower(): Figure(row.sheet) for row in COUNTED}
FINGERPRINT = Column("内容指纹", Text())
_SEEN["fingerprint"] = FINGERPRINT
_SEEN["version"] = Column("表格版本", Text())
_SEEN["editor"] = Column("最后保存软件", Text(), width=24)
_SEEN["sha256"] = Column("完整的内容指纹（SHA-256）", Text(), width=66)
SourceFile = _sheet(
    "数据来源",
    "本次见到的每个文件和从中读到的行数。没有进台账的表只清点行数，内容以村级工作簿为准；最右三栏不打印。",
    _SEEN,
)


class Balance(
    Row, sheet="数据来源", hint="对账：各文件读到的行数之和应等于台账的行数；不平的汇总不会写出。"
):
    """One ledger against the files that it was made from."""

    ledger = Column("台账", Text())
    read = Figure("各文件合计")
    taken = Figure("台账行数")
    rest = Figure("差额", Rest(read, (taken,)))


ROWS: tuple[type[Row], ...] = (
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
    CheckCount,
    FindingLine,
    SourceFile,
    Balance,
)
"""Every table in the book's order; tables of one sheet stand one below the other."""

ON_A3 = frozenset({Village, ProblemLedger, MeasureLedger, MeetingLedger})
"""Tables too wide to be read on A4."""

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

TOTALLED = frozenset({Summary, Village, MeetingCount, CheckCount, SourceFile})
"""Tables that end with a line of totals."""

_DONE_OF = Ratio(
    (Count(MeasureLedger, ((LOT, DONE),)),),
    Count(MeasureLedger),
    (Count(MeasureLedger, ((LOT, STANDING),)),),
)
CARDS: tuple[tuple[str, Formula], ...] = (
    ("名册内村数", Count(Village, ((Village.listed, YES),))),
    ("已汇总", Count(Village, ((Village.listed, YES), (Village.taken, YES)))),
    ("未汇总", Count(Village, ((Village.taken, NO),))),
    ("问题", Count(ProblemLedger)),
    ("问题已销号", Count(ProblemLedger, ((PROBLEM_STATUS, CLOSED),))),
    ("本月专题研究", Count(MeetingLedger, (*_COUNTING, (PERIOD, Month())))),
    ("措施", Count(MeasureLedger)),
    ("已完成", Count(MeasureLedger, ((LOT, DONE),))),
    ("完成率", _DONE_OF),
    ("长期坚持", Count(MeasureLedger, ((LOT, STANDING),))),
    ("逾期", Count(MeasureLedger, ((LATE, YES),))),
    ("核对必改", Count(FindingLine, ((FindingLine.level, "必改"),))),
)
"""The key figures of the first page, in the order of its cards."""
WITHOUT_ROSTER: Mapping[str, Formula | str] = {
    "名册内村数": NO_BASE,
    "已汇总": Count(Village, ((Village.taken, YES),)),
}
"""What stands on a card instead where there is no roster to count by."""

ALARMING = frozenset({"未汇总", "逾期", "核对必改"})
"""The cards that should stand at nought."""

# -- nouns --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """One file that was seen, and what became of it."""

    file: str
    fate: str  # 已汇总 / 已汇总（有必改项） / 未汇总：… or 忽略：… with the reason
    sha256: str = ""
    editor: str = ""
    version: str = ""
    code: str = ""
    village: str = ""
    link: str = ""  # the way to it from the rollup's folder; "" if it lies beside the rollup

    @property
    def taken(self) -> bool:
        """Whether its rows are in the rollup."""
        return self.fate.startswith(TAKEN)


@dataclass(frozen=True)
class Table:
    """A filled table: cells in the order of its class's columns."""

    row: type[Row]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()

    def column(self, column: Column[Any]) -> tuple[Raw, ...]:
        """Return the values under a column."""
        at = self.row.columns.index(column)
        return tuple(value_of(row[at]) for row in self.rows)


@dataclass(frozen=True)
class Rollup:
    """One month of a township, reckoned and ready to be written."""

    title: str
    as_of: dt.date
    year: int
    month: int
    due_months: tuple[int, ...]  # months of the year in which every village had to meet
    tables: Mapping[type[Row], Table]
    cards: tuple[Cell, ...]
    alarms: tuple[str, ...]  # what makes the figures wrong, said before all else
    left_out: tuple[str, ...]  # villages not in the figures, each with the reason
    remarks: tuple[str, ...]
    notes: tuple[str, ...]  # what each figure means
    text: str
    links: Mapping[int, str]  # village number -> way to its file

    @property
    def villages(self) -> int:
        """How many villages are in the figures; one with two workbooks is one."""
        return self.tables[Village].column(Village.taken).count(YES)

    @property
    def period(self) -> str:
        """The month as file names spell it."""
        return f"{self.year}-{self.month:02d}"
