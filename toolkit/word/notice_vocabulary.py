"""The names that a 催办通知 can use: what a village is reminded of, by whom, until when."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.cells import fold
from toolkit.findings import Finding, Level
from toolkit.forms.ledgers import RED_CARD, YELLOW_CARD
from toolkit.forms.reminding import NOTHING_CAME, Late, Reminder, Soon
from toolkit.forms.village import Measure, Problem
from toolkit.report import one_line
from toolkit.schema.columns import BLANK_IN_PRINT, Column, Row
from toolkit.schema.kinds import Day
from toolkit.word.scope import Glossary, Scope
from toolkit.word.vocabulary import YES, Values, example_row, ordinals, row_values

NOTICE = "催办通知"
MOST_LATE, MOST_SOON, MOST_ERRORS = 5, 4, 10
"""As many rows of each sort as a letter lists, so that it is one or two pages long."""

_MOST_NUMBERS = 8  # of measures that are only named by number
_MOST_CELLS = 2  # of a finding that are named
_LONGEST, _LONGEST_SAID = 22, 60  # characters: two and four lines of their columns
_LONGEST_QUOTED = 12  # characters of what stands in a faulty cell
_QUOTED = re.compile(f"“([^“”]{{{_LONGEST_QUOTED + 1},}})”")


@dataclass(frozen=True, slots=True)
class Sender:
    """The township that reminds: what it is called, who signs, whom to ask."""

    town: str = BLANK_IN_PRINT
    office: str = f"{BLANK_IN_PRINT}党建办"
    contact: str = ""
    phone: str = ""


def reminding(reminder: Reminder, sender: Sender) -> Scope:
    """Return the names and tables of what one village is reminded of."""
    late, soon, errors = reminder.late, reminder.soon, reminder.errors
    values = {
        "村名": said(reminder.village),
        "党组织全称": said(reminder.branch) or f"{said(reminder.village)}党支部",
        "乡镇": said(sender.town),
        "发文单位": said(sender.office),
        "联系方式": "，".join(filter(None, (said(sender.contact), said(sender.phone)))),
        "数据截止日": Day().text(reminder.as_of),
        "回复期限": Day().text(reminder.by),
        "没有工作簿": YES if reminder.no_book else "",
        "未报原因": said(reminder.absent),
        "份数": _counted(len(reminder.several)),
        "反弹数": _counted(len(reminder.relapses)),
        "警示统计": cards(reminder),
        "逾期数": _counted(len(late)),
        "其余逾期数": _counted(len(late[MOST_LATE:])),
        "其余逾期编号": _numbers(each.measure for each in late[MOST_LATE:]),
        "临期数": _counted(len(soon)),
        "其余临期数": _counted(len(soon[MOST_SOON:])),
        "其余临期编号": _numbers(each.measure for each in soon[MOST_SOON:]),
        "有核对结果": YES if errors or reminder.warnings else "",
        "必改数": _counted(len(errors)),
        "其余必改数": _counted(len(errors[MOST_ERRORS:])),
        "提醒数": _counted(reminder.warnings),
        "提醒包括前述": YES if late or reminder.gaps else "",
        "有未列": YES if errors[MOST_ERRORS:] or reminder.warnings else "",
    }
    every_late, every_soon = _listed(map(_late, late)), _listed(map(_soon, soon))
    every_error = _listed(map(_error, errors))
    tables = {
        "多份工作簿": _listed({"文件名": said(name)} for name in reminder.several),
        "反弹问题": _listed(map(_relapse, reminder.relapses)),
        "逾期措施": every_late[:MOST_LATE],
        "全部逾期措施": every_late,
        "临期措施": every_soon[:MOST_SOON],
        "全部临期措施": every_soon,
        "缺会": _listed({"缺会情况": said(gap)} for gap in reminder.gaps),
        "必改项": every_error[:MOST_ERRORS],
        "全部必改项": every_error,
    }
    return Scope(values, tables)


def _counted(number: int) -> str:
    """Return a number, "" for none, so that a condition can ask for it."""
    return str(number) if number else ""


def _listed(rows: Iterable[Values]) -> list[Scope]:
    return [Scope(ordinals(index) | row) for index, row in enumerate(rows, start=1)]


def cards(reminder: Reminder) -> str:
    """Return how many red and yellow cards a village's late measures have."""
    yellow = len(reminder.late) - reminder.red
    told = ((RED_CARD, reminder.red), (YELLOW_CARD, yellow))
    return "、".join(f"{card}{count}条" for card, count in told if count)


# -- rows -----------------------------------------------------------------------------------------


def _columns(row: Row) -> Values:
    return {name: said(value) for name, value in row_values(row).items()}


def _relapse(problem: Problem) -> Values:
    values = _columns(problem)
    return values | {"问题摘要": short(values[Problem.headline.header], _LONGEST)}


def _measure(measure: Measure) -> Values:
    values = _columns(measure)
    return values | {"措施摘要": short(values[Measure.text.header], _LONGEST)}


def _late(late: Late) -> Values:
    card = late.card + ("\n已作说明" if late.explained else "")
    return _measure(late.measure) | {"逾期天数": str(late.days), "警示": card}


def _soon(soon: Soon) -> Values:
    return _measure(soon.measure) | {"还有": f"{soon.days}天" if soon.days else "当天"}


def _error(finding: Finding) -> Values:
    return {"位置": _place(finding), "问题": short(_fault(finding), _LONGEST_SAID)}


def _numbers(measures: Iterable[Measure]) -> str:
    """Return the numbers of the measures for which a table has no room."""
    numbers = [printed(measure, Measure.number) for measure in measures]
    more = "等，见整顿台账" if len(numbers) > _MOST_NUMBERS else ""
    return "、".join(numbers[:_MOST_NUMBERS]) + more


def _fault(finding: Finding) -> str:
    """Return what is wrong, with no more of what stands there than it is known by."""
    seen, told = said(finding.seen), said(finding.said)
    whole = f"“{seen}”"
    if len(seen) > _LONGEST_QUOTED:
        told = told.replace(whole, f"“{short(seen, _LONGEST_QUOTED)}”")
    return _QUOTED.sub(lambda quoted: f"“{short(quoted[1], _LONGEST_QUOTED)}”", told)


def _place(finding: Finding) -> str:
    """Return where a finding is, with a few of its cells."""
    spots = fold(finding.cells, _MOST_CELLS) + (f"（{finding.header}）" if finding.header else "")
    return said(" › ".join(filter(None, (finding.sheet, spots)))) or "整个文件"


# -- words ----------------------------------------------------------------------------------------


def printed(row: Row, column: Column[Any]) -> str:
    """Return what a row prints under a column, as it may be said."""
    return said(row.printed(column))


def said(text: str) -> str:
    """Return a text from a workbook on one line, with nothing that a program would obey."""
    return one_line(" ".join(text.split()))


def short(text: str, most: int) -> str:
    """Return the beginning of a text that is too long.

    >>> short("入股肉羊养殖合作社", 6), short("入股", 6)
    ('入股肉羊养…', '入股')
    """
    told = said(text)
    return told if len(told) <= most else f"{told[: most - 1]}…"


# -- every name -----------------------------------------------------------------------------------

_DAY, _BY = dt.date(2022, 10, 31), dt.date(2022, 11, 25)


def specimen() -> Scope:
    """Return the names of a reminder that has something of everything, with examples."""
    measure = example_row(Measure, status="推进中")
    error = Finding(
        *("", "上河村", "整改措施", ("F7",), "完成时限", Level.ERROR, "C202", "尽快"),
        "读不出完成时限",
        "请写明年月日。",
    )
    told = Reminder(
        *("上河村", _DAY, _BY, "0203", "李明", "13800000000"),
        *("中共青石镇上河村支部委员会", NOTHING_CAME),
        several=("上河村.xlsx", "上河村（改）.xlsx"),
        relapses=(example_row(Problem, number="P03", lookback_result="反弹"),),
        late=(Late(measure, 31, explained=True), *[Late(measure, 12)] * MOST_LATE),
        soon=(Soon(measure, 15),) * (MOST_SOON + 1),
        gaps=("2022年8月没有专题研究会议",),
        errors=(error,) * (MOST_ERRORS + 1),
        warnings=3,
    )
    return reminding(told, Sender("青石镇", "青石镇党建工作办公室", "周敏", "13800000001"))


def glossary() -> Glossary:
    """Return what the names of a reminder hold."""
    measures = ("逾期措施", "全部逾期措施", "临期措施", "全部临期措施")
    rows: Mapping[str, type[Row]] = {**dict.fromkeys(measures, Measure), "反弹问题": Problem}
    return Glossary(_SAID, rows)


_ROW = "一条一次"
_SAID = {
    "序号": "这一行在表里排第几，如“1”。",
    "序号汉字": "这一行排第几，汉字，如“一”。",
    "序数": "同序号。",
    "村名": "被催办的村。",
    "党组织全称": "村党组织的全称；名册和工作簿都没有填的，是“村名＋党支部”。",
    "乡镇": "“镇情”表里的乡镇名称。",
    "发文单位": "落款的单位：“镇情”表里填的，没有填的是“乡镇＋党建办”。",
    "联系方式": "联系人和电话，用逗号隔开；都没有填时为空。",
    "数据截止日": "按哪一天计算逾期和临期。",
    "回复期限": "下一个报送截止日。",
    "没有工作簿": "没有可以核对的工作簿时是“是”；供【如有：没有工作簿】判断。",
    "未报原因": "为什么没有工作簿可以核对，如没有收到、没有填、打不开；有工作簿时为空。",
    "份数": "收到几份内容不同的工作簿；没有这种情况时为空。",
    "反弹数": "回头看反弹的问题个数；没有时为空。",
    "警示统计": "红牌警示、黄牌提醒各几条。",
    "逾期数": "逾期未办结的措施条数；没有时为空。",
    "其余逾期数": f"除“逾期措施”列出的 {MOST_LATE} 条以外，还有几条；没有时为空。",
    "其余逾期编号": f"其余逾期措施的编号，最多写 {_MOST_NUMBERS} 个。",
    "临期数": "临近时限的措施条数；没有时为空。",
    "其余临期数": f"除“临期措施”列出的 {MOST_SOON} 条以外，还有几条；没有时为空。",
    "其余临期编号": f"其余临期措施的编号，最多写 {_MOST_NUMBERS} 个。",
    "有核对结果": "有必改项或者提醒时是“是”；供【如有：有核对结果】判断。",
    "必改数": "必改项的条数；没有时为空。",
    "其余必改数": f"除“必改项”列出的 {MOST_ERRORS} 条以外，还有几条；没有时为空。",
    "提醒数": "还没有改正或说明的提醒条数；没有时为空。",
    "提醒包括前述": "有逾期措施或缺会时是“是”：提醒里也有它们。",
    "有未列": "有没列出的必改项、或者有提醒时是“是”；供【如有：有未列】判断。",
    "多份工作簿": "收到几份不同的工作簿时，一份一次。",
    "文件名": "工作簿的文件名。",
    "反弹问题": "销号以后回头看反弹的问题，一个一次。",
    "问题摘要": f"问题简述，最多 {_LONGEST} 字。",
    "逾期措施": f"逾期未办结的措施，逾期长的在前，最多 {MOST_LATE} 条，{_ROW}。",
    "全部逾期措施": f"逾期未办结的全部措施，{_ROW}。",
    "临期措施": f"临近时限的措施，最近的在前，最多 {MOST_SOON} 条，{_ROW}。",
    "全部临期措施": f"临近时限的全部措施，{_ROW}。",
    "措施摘要": f"措施内容，最多 {_LONGEST} 字。",
    "逾期天数": "到数据截止日逾期几天。",
    "警示": "红牌警示或黄牌提醒；村里已经说明的，另起一行写“已作说明”。",
    "还有": "离时限还有几天，如“15天”；就是当天的写“当天”。",
    "缺会": "没有专题研究会议的月份，一个月一次。",
    "缺会情况": "哪年哪月没有专题研究会议。",
    "必改项": f"工作簿里的必改项，最多 {MOST_ERRORS} 条，{_ROW}。",
    "全部必改项": f"工作簿里的全部必改项，{_ROW}。",
    "位置": "必改项在哪张工作表、哪个单元格、哪一栏。",
    "问题": f"必改项错在哪里，最多 {_LONGEST_SAID} 字。",
}
