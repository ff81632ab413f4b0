"""The ledgers of a rollup: a line for each row of the villages' workbooks, and where it stands.

A ledger is a village's sheet as that form declares it, between the village it belongs to and the
file, sheet and row it came from. The same ledgers are a township's and a county's; the county's
name the township beside the village.
"""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import new_class
from typing import Any, cast

from toolkit.cells import Raw
from toolkit.forms import village
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Day, Text, Whole
from toolkit.schema.totals import Cell, Rate, Ratio
from toolkit.schema.workbook import Tally

YES, NO = "是", "否"
RED_CARD, YELLOW_CARD = "红牌警示", "黄牌提醒"
"""How an overdue measure is called in practice."""
RED_CARD_DAYS = 30
"""Beyond so many days a late measure gets 红牌警示, until then 黄牌提醒.

Both cards are reported of practice, which names no number of days; 30 are our own reading: by then
a whole monthly report has gone by.
"""


def card(days: int) -> str:
    """Return the card that a measure gets which is late by so many days."""
    return RED_CARD if days > RED_CARD_DAYS else YELLOW_CARD


Columns = dict[str, Column[Any]]

# -- whose a line is, and where it stands ---------------------------------------------------------

VILLAGE_NO = Column("村序号", Whole())
TOWN = Column("乡镇", Text(width=10))
VILLAGE_CODE = Column("村代码", Text())
VILLAGE_NAME = Column("村名", Text())
FILE = Column("来源文件", Text(), width=30)
SHEET = Column("来源工作表", Text())
LINE = Column("来源行", Whole())

OF_VILLAGE: Columns = {
    "village_no": VILLAGE_NO,
    "town": TOWN,
    "village_code": VILLAGE_CODE,
    "village": VILLAGE_NAME,
}
"""What every line of a ledger says first; a township's rollup leaves the township out."""
NAMED: Columns = {"village_no": VILLAGE_NO, "town": TOWN, "village": VILLAGE_NAME}
"""The same where the code would be too much."""
OF_SOURCE: Columns = {"source_file": FILE, "source_sheet": SHEET, "source_line": LINE}

# -- what is computed of a line -------------------------------------------------------------------

LOT = Column("统计归类", Text())
PROBLEM_STATUS = Column("问题状态", Text())
DUE = Column("到期日", Day())
COUNTED_TYPES = Column("计入类型", Text())
LATE = Column("是否逾期", Text())
DAYS_LATE = Column("逾期天数", Whole(unit="天"))
CARD = Column("预警", Text())
PERIOD = Column("会议月份", Whole())
COUNTS = Column("是否计入", Text())
SATISFIED = Rate(
    "满意率（满意÷有效票）", Ratio((village.Evaluation.satisfied,), village.Evaluation.valid)
)
CONTENT = Rate(
    "满意率（含基本满意）",
    Ratio((village.Evaluation.satisfied, village.Evaluation.fairly), village.Evaluation.valid),
)


def declared(title: str, hint: str, columns: Columns) -> type[Row]:
    """Return the row class of a sheet whose columns are declared elsewhere."""
    made = new_class(
        title, (Row,), {"sheet": title, "hint": hint}, lambda body: body.update(columns)
    )
    return cast("type[Row]", made)


def _own(row: type[Row]) -> Columns:
    return {column.name: column for column in row.columns}


_TRACE = "一行对应村级工作簿里的一行；点右侧“来源行”可打开原文件核对（来源三列不打印）。"

ProblemLedger = declared(
    "问题台账",
    f"{_TRACE}“问题状态”由措施和销号日期推算；“计入类型”是从类型代码读出、计入“类型分布”的。",
    OF_VILLAGE
    | _own(village.Problem)
    | {"problem_status": PROBLEM_STATUS}
    | OF_SOURCE
    | {"counted_types": COUNTED_TYPES},
)
MeasureLedger = declared(
    "措施台账",
    f"{_TRACE}“到期日”由完成时限读出，逾期按数据截止日计算。",
    OF_VILLAGE
    | _own(village.Measure)
    | {"lot": LOT, "due": DUE, "late": LATE, "days_late": DAYS_LATE}
    | OF_SOURCE,
)
MeetingLedger = declared(
    "会议台账",
    f"{_TRACE}晚于数据截止日的不计入。",
    OF_VILLAGE | _own(village.Meeting) | {"period": PERIOD, "counts": COUNTS} | OF_SOURCE,
)
EvaluationLedger = declared(
    "测评验收",
    f"{_TRACE}晚于数据截止日的不计入。两种满意率都列出，引用时请写明是哪一种。",
    OF_VILLAGE
    | _own(village.Evaluation)
    | {"satisfied_rate": SATISFIED, "content_rate": CONTENT, "counts": COUNTS}
    | OF_SOURCE,
)
LEDGERS: Mapping[type[Row], type[Row]] = {
    village.Problem: ProblemLedger,
    village.Measure: MeasureLedger,
    village.Meeting: MeetingLedger,
    village.Evaluation: EvaluationLedger,
}
"""Which sheet of the villages goes, row by row, into which ledger."""

OverdueLine = declared(
    "逾期预警",
    f"截至数据截止日已过时限仍未完成的措施，逾期最久的排在最前；"
    f"超过 {RED_CARD_DAYS} 天的为{RED_CARD}，其余为{YELLOW_CARD}。",
    NAMED
    | {"card": CARD}
    | {
        name: column
        for name, column in _own(village.Measure).items()
        if name in {"number", "text", "leader", "owner", "deadline", "status", "progress_note"}
    }
    | {"due": DUE, "days_late": DAYS_LATE}
    | OF_SOURCE,
)


class FindingLine(
    Row, sheet="核查明细", hint="逐条列出；“必改”的请村里改正后重新回传。来源文件不打印。"
):
    """One finding, as the return copy words it."""

    village_no = VILLAGE_NO
    town = TOWN
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


class ChangeKind(enum.StrEnum):
    """What can have happened, in the order in which it is told."""

    NEW_VILLAGE = "新纳入"
    RETURNED = "上次未汇总"  # and this time there again
    LACKING = "本月未汇总"
    ADDED = "新增"
    REMOVED = "删除"
    DONE = "办结"
    REOPENED = "退回整改"
    LATE = "新逾期"
    IN_TIME = "解除逾期"
    POSTPONED = "延期"
    ADVANCED = "提前"
    STATUS = "状态变化"
    RENUMBERED = "编号变更"
    PROGRESS = "进展更新"  # how far it has come, but for the status
    EDITED = "内容修改"  # the plan itself


OF_VILLAGES = frozenset({ChangeKind.NEW_VILLAGE, ChangeKind.RETURNED, ChangeKind.LACKING})
"""What happens to a village, or to a whole sheet of it, not to one of its rows."""


class ChangeLine(
    Row,
    sheet="变化明细",
    hint="与上月比，按村、按编号逐条列出；同一条有几处变化的各占一行。",
):
    """One thing that has changed since the month before."""

    village_no = VILLAGE_NO
    town = TOWN
    village = VILLAGE_NAME
    sort = Column("类别", Text())
    number = Column("编号", Text())
    headline = Column("内容", Text(long=True), width=36)
    kind = Column("变化", Text())
    header = Column("栏目", Text())
    before = Column("上月", Text(long=True), width=26)
    after = Column("本月", Text(long=True), width=26)


class TallyLine(
    Row,
    sheet="对账",
    hint="每个文件每张表里有内容的行：独立清点，与读取结果逐行核对；一行只归一类，差额应为 0。",
):
    """The rows of one sheet of one file, by what became of them."""

    file_no = Column("文件序号", Whole())
    file = Column("文件名", Text(), width=30)
    village = VILLAGE_NAME
    place = Column("工作表", Text())
    rows = Column("有内容的行", Whole())
    own = Column("表头和说明", Whole())
    records = Column("记录", Whole())
    aside = Column("合计等", Whole())
    loose = Column("没有读取", Whole())
    fate = Column("去向", Text(), width=24)


# -- what one workbook brings ---------------------------------------------------------------------

Line = tuple[Cell, ...]
Record = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one village brings to a rollup: small, and able to travel between processes.

    A village's workbook brings one, a township's rollup one for each of its villages, which it
    tells apart by a number (`part`). `lines` holds, by the title of a ledger, its lines without the
    columns of `OF_VILLAGE`; those of findings likewise, without `NAMED`. `traits` are the columns
    of the village's own line that are not reckoned. The `tallies` are the file's, and stand with
    the first that it brings.
    """

    path: str
    name: str  # of the file
    part: int = 0
    sha256: str = ""
    editor: str = ""
    saved: str = ""
    version: str = ""
    code: str = ""
    issued: str = ""  # the code that the file was issued under
    village: str = ""
    town: str = ""
    year: int | None = None
    plan_day: dt.date | None = None
    blank: bool = False  # as it was issued
    listed: str = ""  # of a township's own rollup: whether it was on the roster there
    fate: str = ""  # likewise: what became of it there
    since: int | None = None
    until: int | None = None
    traits: Mapping[str, Raw] = field(default_factory=dict)
    lines: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    tallies: tuple[Tally, ...] = ()

    @property
    def key(self) -> str:
        """What tells it from all others of a run."""
        return f"{self.path}#{self.part}" if self.part else self.path

    @property
    def has_errors(self) -> bool:
        """Whether something in it must be mended."""
        return any(line[0] == MUST for line in self.lines.get(FindingLine.sheet, ()))


MUST = "必改"
"""The level of what must be mended, as findings spell it."""
