"""The names that a township's report can use: what its rollup holds, and what is said of it.

A county's report uses the same names; where a township counts by village, it counts by township.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from toolkit.forms import codes, ledgers, rollup, township, village
from toolkit.forms.ledgers import ChangeKind, ChangeLine
from toolkit.forms.rollup import HistoryLine, TypeLine, Village
from toolkit.forms.village import (
    CLOSED,
    DONE,
    GOING,
    IDLE,
    STANDING,
    UNKNOWN,
    Evaluation,
    Measure,
    Problem,
)
from toolkit.schema.columns import BLANK_IN_PRINT, Column, Row
from toolkit.schema.kinds import Day
from toolkit.schema.totals import NO_BASE, percentage
from toolkit.schema.workbook import Workbook
from toolkit.word.numerals import chinese_ordinal
from toolkit.word.scope import Scope
from toolkit.word.town_month import (
    Month,
    Unit,
    days_late,
    number_of,
    on_a_line,
    reason,
    shown_as,
    text_of,
)

TOWN_REPORT = "整顿工作情况汇报"
"""The paper, by the name of its template."""
MOST_IN_TEXT = 5
"""So many overdue measures are listed in the text; more are an annex."""
MOST_NAMED = 12
"""So many names stand in a sentence before it says “等”."""
YES = "是"
"""What a name holds that only says whether something is so."""
_CLAUSE = re.compile("[，。；]")
_LONGEST = 30  # characters of a problem or a measure that a sentence names
_MOST_GRAVEST = 3  # measures that are named as those longest overdue

Values = dict[str, str]


def town_vocabulary(
    book: Workbook, own: township.Township | None = None, *, headed: bool = False
) -> Scope:
    """Return the names and tables of a rollup that was read back.

    `own` is what the township says of itself: how it signs, whom to ask. Under a red head the
    paper is a 报告, one of the fifteen sorts of 公文 as 汇报 is not. Raises ValueError for a
    rollup that does not say its month and its day.
    """
    month = Month(book)
    values = {
        **_whose(month, own),
        "文种": "报告" if headed else "汇报",
        **_villages(month),
        **_progress(month.problems, month.measures),
        **_late(month),
        **_meetings(month),
        **_help(month),
        **_ledgers(month),
        **_ranks(month),
        **_trend(month),
        **_spots(month),
    }
    types = _types(month)
    values["无类型问题数"] = str(len(_untyped(month)) or "")
    values["类型有重复"] = YES if _counts_twice(month, types) else ""
    tables = {
        "整顿村": _listed(month.every, partial(_village, month)),
        "已汇总村": _listed(month.taken, partial(_village, month)),
        "未汇总村": _listed(month.left_out, partial(_village, month)),
        "未登记村": _listed(_unfilled(month), partial(_village, month)),
        "名册外村": _listed(month.strangers, partial(_village, month)),
        "未汇总乡镇": _listed({"名称": name, "原因": why} for name, why in month.lacking_towns),
        "分项": _listed(month.units, partial(_unit, month)),
        "类型": _listed(types),
        "主要类型": _listed(_most_first(types, "村数")),
        "问题类型": _listed(_most_first(types, "问题数")),
        "逾期措施": _listed(month.late, partial(_measure, month)),
        "逾期单位": _listed(_counted(month, month.late)),
        "预警": _listed(_cards(month)),
        "缺会": _listed(_gaps(month)),
        "帮扶力量": _listed(_helpers(month)),
        "帮扶缺项": _listed(_helpers_lacking(month)),
        "必改单位": _listed(_errors(month)),
        "测评": _listed(month.evaluations, partial(_evaluation, month)),
        "满意率": _listed(_satisfaction(month)),
        "验收": _listed(_verdicts(month)),
        "无措施问题": _listed(_without_measures(month), partial(_problem, month)),
        "反弹问题": _listed(_relapsed(month), partial(_problem, month)),
        "待销号问题": _listed(_to_be_closed(month), partial(_problem, month)),
        "未启动单位": _listed(_counted(month, month.of_lot(IDLE))),
        "未填单位": _listed(_counted(month, month.of_lot(UNKNOWN))),
        "临期措施": _listed(month.due, partial(_measure, month)),
        "临期单位": _listed(_counted(month, month.due)),
        "变化": _listed(_changes(month)),
        "历月": _listed(month.history, _past),
    }
    held = Scope(values, tables)
    chapters = {name: _matters(matters, held) for name, matters in _CHAPTERS.items()}
    return Scope(values, {**tables, **chapters})


def _listed(rows: Iterable[Any], values: Callable[[Any], Values] = dict) -> list[Scope]:
    """Return a table's rows, counted."""
    return [
        Scope({"序号": str(index), "序号汉字": chinese_ordinal(index)} | values(row))
        for index, row in enumerate(rows, start=1)
    ]


# -- chapters -------------------------------------------------------------------------------------

_CHAPTERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "主要做法": {
        "关于帮扶": ("帮扶力量",),
        "关于研究": ("有会",),
        "关于台账": ("有登记",),
        "关于进展": ("有措施",),
        "关于测评": ("测评",),
    },
    "存在问题": {
        "关于未汇总": ("未汇总村", "未汇总乡镇", "未登记村"),
        "关于逾期": ("逾期措施",),
        "关于缺会": ("缺会",),
        "关于无措施": ("无措施问题",),
        "关于未启动": ("未启动单位",),
        "关于未填": ("未填单位",),
        "关于反弹": ("反弹问题",),
        "关于责任": ("缺责任人数", "缺时限数"),
        "关于缺帮扶": ("帮扶缺项",),
    },
    "下一步": {
        "关于催报": ("未汇总村", "未汇总乡镇", "未登记村"),
        "关于催办": ("逾期措施",),
        "关于临期": ("临期措施",),
        "关于制定": ("无措施问题", "反弹问题"),
        "关于补会": ("缺会",),
        "关于补填": ("未填单位", "缺责任人数", "缺时限数", "帮扶缺项"),
        "关于销号": ("待销号问题",),
        "关于长期": ("有长期",),
    },
}
"""What a chapter can speak of, each matter with the names of which one must hold something."""


def _matters(matters: Mapping[str, tuple[str, ...]], scope: Scope) -> list[Scope]:
    """Return a row for each matter that there is, so that paragraphs are counted without gaps."""
    due = [
        matter
        for matter, names in matters.items()
        if any(scope.values.get(name) or scope.tables.get(name) for name in names)
    ]
    return _listed({each: YES if each == matter else "" for each in matters} for matter in due)


# -- whose report it is, and of which villages ----------------------------------------------------


def _whose(month: Month, own: township.Township | None) -> Values:
    told = month.told
    county, town = on_a_line(told.county), on_a_line(told.town)
    place = county if month.of_county else town
    called = _called(place, month.of_county)
    signed = f"中共{place}委员会" if town else f"中共{place}委组织部"
    return {
        "县": county,
        "乡镇": "" if month.of_county else town,
        "单位": place,
        "我级": f"我{called}",
        "全级": f"全{called}",
        "县级": YES if month.of_county else "",
        "镇级": "" if month.of_county else YES,
        "分项名称": "乡镇" if month.of_county else "村名",
        "不止一项": YES if len(month.units) > 1 else "",
        "年度": str(told.year or month.year),
        "月份": f"{month.year}年{month.number}月",
        "数据截止日": Day().text(month.as_of),
        "落款单位": (text_of(own, township.Township.committee) if own else "")
        or (signed if place else ""),
        "联系人": text_of(own, township.Township.contact) if own else "",
        "联系电话": text_of(own, township.Township.phone) if own else "",
    }


def _called(place: str, of_county: bool) -> str:  # noqa: FBT001 -- which of two lists applies
    """Return what a unit calls itself, by the end of its name."""
    levels = ("县", "市", "区", "旗") if of_county else ("镇", "乡", "街道")
    return next((level for level in levels if place.endswith(level)), levels[0])


def _villages(month: Month) -> Values:
    listed = [line for line in month.every if line.listed == ledgers.YES]
    taken = [month.name(line) for line in month.taken]
    due = listed if month.has_roster else month.every
    unfilled = _unfilled(month)
    return {
        "整顿村数": str(len(month.every)),
        "整顿村名": "、".join(map(month.name, due)) if len(due) <= MOST_NAMED else "",
        "乡镇数": str(len({on_a_line(line.town) for line in month.every})),
        "名册村数": str(len(listed)) if month.has_roster else "",
        "名册已汇总数": str(len(set(listed) & set(month.taken)) or ""),
        "已汇总数": str(len(taken)),
        "已汇总村称": taken[0] if len(taken) == 1 else f"已汇总的{len(taken)}个村",
        "不止一村": YES if len(taken) > 1 else "",
        "未登记数": str(len(unfilled) or ""),
        "未登记村名": _some([month.name(line) for line in unfilled]),
        "未汇总数": str(len(month.left_out)),
        "未汇总村名": _some([month.name(line) for line in month.left_out]),
        "名册外数": str(len(month.strangers)),
        "名册外村名": _some([month.name(line) for line in month.strangers]),
    }


def _unfilled(month: Month) -> list[Village]:
    """Return the villages taken that have put down neither a problem nor a measure."""
    told = {number_of(line) for line in (*month.problems, *month.measures)}
    return [line for line in month.taken if number_of(line) not in told]


def _some(names: Sequence[str], unit: str = "个村", most: int = MOST_NAMED) -> str:
    """Return names as a sentence lists them.

    >>> _some(["甲村"]), _some(["甲村", "乙村", "丙村"], most=2)
    ('甲村', '甲村、乙村等3个村')
    """
    return "、".join(names[:most]) + (f"等{len(names)}{unit}" if len(names) > most else "")


def _village(month: Month, line: Village) -> Values:
    """Return what a village's own line tells, and how far the village has come."""
    told = {column.header: text_of(line, column) for column in (*_OWN, *_HELPERS)}
    return {
        **told,
        **_unit(month, Unit(month.name(line), frozenset({number_of(line)}))),
        "村名": month.name(line),
        "原因": reason(line.fate or ""),
    }


_OWN = (Village.secretary, Village.main_types, Village.fate)
_HELPERS = (
    Village.county_leader,
    Village.town_leader,
    Village.first_secretary,
    Village.paired_unit,
)


def _unit(month: Month, unit: Unit) -> Values:
    """Return how far a village or a township has come."""
    held = month.held_by(unit)
    progress = _progress(held.problems, held.measures)
    return {
        "名称": unit.name,
        "村数": str(len(unit.numbers)),
        **progress,
        "完成率": progress["完成率"] or NO_BASE,
        "会议数": str(len(held.meetings)),
        "本月会议数": str(_held_now(month, held.meetings)),
    }


# -- problems and measures ------------------------------------------------------------------------

_STATUSES = (CLOSED, DONE, STANDING, GOING, IDLE)
_LOTS = (DONE, GOING, IDLE, STANDING, UNKNOWN)


def _progress(problems: Sequence[Row], measures: Sequence[Row]) -> Values:
    """Return the counts of problems and measures, and how they stand in words."""
    status = Counter(line.field(ledgers.PROBLEM_STATUS).value for line in problems)
    lots = Counter(line.field(ledgers.LOT).value for line in measures)
    return {
        "有登记": YES if problems or measures else "",
        "有问题": YES if problems else "",
        "问题数": str(len(problems)),
        "销号数": str(status[CLOSED]),
        "问题完成数": str(status[DONE]),
        "问题长期数": str(status[STANDING]),
        "问题推进数": str(status[GOING]),
        "问题未启动数": str(status[IDLE]),
        "问题状况": _spread({each: status[each] for each in _STATUSES}, "个"),
        "有措施": YES if measures else "",
        "有完成": YES if lots[DONE] else "",
        "措施数": str(len(measures)),
        "完成数": str(lots[DONE]),
        "推进数": str(lots[GOING]),
        "未启动数": str(lots[IDLE]),
        "长期数": str(lots[STANDING]),
        "有长期": YES if lots[STANDING] else "",
        "未填数": str(lots[UNKNOWN]),
        "措施状况": _spread({each: lots[each] for each in _LOTS}, "条"),
        "逾期数": str(sum(line.field(ledgers.LATE).value == ledgers.YES for line in measures)),
        "计算基数": str(len(measures) - lots[STANDING]),
        "完成率": percentage(_rate(len(measures), lots[DONE], lots[STANDING])),
    }


def _rate(measures: int, done: int, standing: int) -> Fraction | None:
    return Fraction(done, measures - standing) if measures > standing else None


def _spread(counts: Mapping[str, int], unit: str) -> str:
    """Return how many there are of each sort, "" where there are none.

    >>> _spread({"已完成": 2, "推进中": 1, "未启动": 0}, "条"), _spread({"推进中": 3}, "个")
    ('其中已完成2条、推进中1条', '均为推进中')
    """
    found = {sort: count for sort, count in counts.items() if count}
    if len(found) > 1:
        return "其中" + "、".join(f"{sort}{count}{unit}" for sort, count in found.items())
    return next((f"均为{sort}" if n > 1 else sort for sort, n in found.items()), "")


def _measure(month: Month, line: Row) -> Values:
    """Return what a measure's line tells, and by how long it is overdue, if it is."""
    measure = shown_as(Measure, line)
    days = days_late(line)
    return {
        **{column.header: text_of(measure, column) for column in Measure.columns},
        "村名": month.name(line),
        "到期日": text_of(line, ledgers.DUE),
        "逾期天数": str(days or ""),
        "预警": ledgers.card(days) if days else "",
    }


def _counted(month: Month, lines: Iterable[Row]) -> list[Values]:
    """Return how many lines there are of each village or township, the most first."""
    counts = Counter(map(month.unit_of, lines))
    return [{"名称": name, "条数": str(count)} for name, count in counts.most_common()]


def _spots(month: Month) -> Values:
    """Return how many there are of what needs to be seen to, and where, as a sentence lists it."""
    unit = "个乡镇" if month.of_county else "个村"

    def counted(lines: Iterable[Row]) -> str:
        return where(_counted(month, lines))

    def where(rows: Iterable[Values]) -> str:
        told = list(rows)
        if len(told) == 1:  # the sentence has told how many
            return told[0]["名称"]
        return _some([f"{row['名称']}{row['条数']}条" for row in told], unit)

    def named(problems: Iterable[Row]) -> str:
        return _some([_in_words(month, each, Problem.headline) for each in problems], "个")

    gaps = [
        f"{row['名称']}{row['村数']}个村" if month.of_county else f"{row['名称']}（{row['月份']}）"
        for row in _gaps(month)
    ]
    return {
        "预警状况": _spread({row["名称"]: int(row["条数"]) for row in _cards(month)}, "条"),
        "逾期分布": counted(month.late),
        "临期数": str(len(month.due)),
        "临期分布": counted(month.due),
        "未启动分布": counted(month.of_lot(IDLE)),
        "未填分布": counted(month.of_lot(UNKNOWN)),
        "缺会分布": _some(gaps, unit),
        "必改数": str(len(month.errors)),
        "必改分布": where(_errors(month)),
        "无措施问题数": str(len(_without_measures(month))),
        "无措施问题简述": named(_without_measures(month)),
        "反弹问题数": str(len(_relapsed(month))),
        "反弹问题简述": named(_relapsed(month)),
        "待销号数": str(len(_to_be_closed(month))),
        "待销号问题简述": named(_to_be_closed(month)),
        "测评次数": str(len(month.evaluations)),
    }


def _in_words(month: Month, line: Row, column: Column[Any]) -> str:
    """Return a problem or a measure as a sentence names it: its village's, by its first words."""
    text = on_a_line(text_of(line, column)).rstrip("。；;，,") or BLANK_IN_PRINT
    if len(text) > _LONGEST:
        text = _CLAUSE.split(text, maxsplit=1)[0]
    short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return f"{month.name(line)}“{short.replace('“', '‘').replace('”', '’')}”"


def _late(month: Month) -> Values:
    late = month.late
    longest = days_late(late[0]) if late else 0
    gravest = [_in_words(month, line, Measure.text) for line in late if days_late(line) == longest]
    return {
        "逾期村数": str(len(set(map(number_of, late)))),
        "最久措施": _some(gravest, "条", _MOST_GRAVEST),
        "最久天数": str(longest or ""),
        "逾期在正文": YES if 0 < len(late) <= MOST_IN_TEXT else "",
        "逾期在附件": YES if len(late) > MOST_IN_TEXT else "",
        "红牌天数": str(ledgers.RED_CARD_DAYS),
        "临期截止日": Day().text(month.next_month),
    }


def _cards(month: Month) -> list[Values]:
    counts = Counter(ledgers.card(days_late(line)) for line in month.late)
    cards = (ledgers.RED_CARD, ledgers.YELLOW_CARD)
    return [{"名称": card, "条数": str(counts[card])} for card in cards if counts[card]]


# -- problems of which more is to be said ---------------------------------------------------------


def _problem(month: Month, line: Row) -> Values:
    problem = shown_as(Problem, line)
    return {
        **{column.header: text_of(problem, column) for column in Problem.columns},
        "村名": month.name(line),
    }


def _without_measures(month: Month) -> list[Row]:
    """Return the problems still open for which there is no measure."""
    met = {(number_of(line), shown_as(Measure, line).problem) for line in month.measures}
    return [
        line
        for line in month.problems
        if (number_of(line), shown_as(Problem, line).number) not in met
        and line.field(ledgers.PROBLEM_STATUS).value != CLOSED
    ]


def _relapsed(month: Month) -> list[Row]:
    return [
        line for line in month.problems if village.relapsed(shown_as(Problem, line), month.as_of)
    ]


def _to_be_closed(month: Month) -> list[Row]:
    return [line for line in month.problems if line.field(ledgers.PROBLEM_STATUS).value == DONE]


# -- meetings, helpers, ledgers, findings, evaluations --------------------------------------------


def _held_now(month: Month, meetings: Iterable[Row]) -> int:
    now = month.held_in(month.number)
    return sum(line.field(ledgers.PERIOD).value == now for line in meetings)


def _meetings(month: Month) -> Values:
    held = _held_now(month, month.meetings)
    without = [month.name_of(n) for n, months in month.gaps.items() if month.number in months]
    owing = any(month.number in month.owes(line) for line in month.taken)
    return {
        "有会": YES if month.meetings else "",
        "会议数": str(len(month.meetings)),
        "本月会议数": str(held),
        "本月有会": YES if held else "",
        "本月应会": YES if owing else "",
        "本月缺会村名": _some(without),
        "本月缺会村数": str(len(without)),
        "缺会村数": str(len(month.gaps)),
    }


def _gaps(month: Month) -> list[Values]:
    """Return who lacks meetings: a village with its months, a township with its villages."""
    by_unit: dict[str, list[list[int]]] = {}
    for line in month.taken:
        if number_of(line) in month.gaps:
            by_unit.setdefault(month.unit_of(line), []).append(month.gaps[number_of(line)])
    return [
        {
            "名称": name,
            "月份": "、".join(f"{at}月" for at in sorted({at for each in gaps for at in each})),
            "村数": str(len(gaps)),
        }
        for name, gaps in by_unit.items()
    ]


def _help(month: Month) -> Values:
    counts = (line.field(_STATIONED).value for line in month.book.rows(rollup.PartyLine))
    stationed = sum(count for count in counts if isinstance(count, int))
    return {
        "帮扶齐全": "" if _helpers_lacking(month) else YES,
        "驻村干部数": str(stationed or ""),
    }


_STATIONED = rollup.PARTY_ITEMS["stationed"]


def _helpers(month: Month) -> list[Values]:
    """Return how many villages have each of the 四个一 that at least one has."""
    counts = {
        column.header: sum(not line.field(column).empty for line in month.taken)
        for column in _HELPERS
    }
    return [{"名称": name, "村数": str(count)} for name, count in counts.items() if count]


def _helpers_lacking(month: Month) -> list[Values]:
    """Return which villages lack which of the 四个一, together what the same villages lack."""
    lacking: dict[tuple[str, ...], list[str]] = {}
    for column in _HELPERS:
        names = tuple(month.name(line) for line in month.taken if line.field(column).empty)
        if names:
            lacking.setdefault(names, []).append(column.header)
    return [{"名称": "、".join(what), "村名": _some(names)} for names, what in lacking.items()]


def _ledgers(month: Month) -> Values:
    """Return how many measures say who answers for them and until when, and what they cost."""
    measures = [shown_as(Measure, line) for line in month.measures]
    owned = sum(not measure.field(Measure.owner).empty for measure in measures)
    dated = sum(not measure.field(Measure.deadline).empty for measure in measures)
    funds = sum((measure.funds or Decimal() for measure in measures), Decimal())
    return {
        "责任齐全": YES if owned == dated == len(measures) else "",
        "写明责任人数": str(owned or ""),
        "写明时限数": str(dated or ""),
        "缺责任人数": str(len(measures) - owned or ""),
        "缺时限数": str(len(measures) - dated or ""),
        "计划资金": Measure.funds.kind.text(funds) if funds else "",
    }


def _errors(month: Month) -> list[Values]:
    """Return of whom something must be mended, the township's own workbook last."""
    own = [line for line in month.errors if number_of(line) == rollup.TOWN_NO]
    told = _counted(month, (line for line in month.errors if line not in own))
    return [*told, *([{"名称": _TOWN_ITSELF, "条数": str(len(own))}] if own else [])]


_TOWN_ITSELF = "镇级工作簿"


def _evaluation(month: Month, line: Row) -> Values:
    survey = shown_as(Evaluation, line)
    return {
        **{column.header: text_of(survey, column) for column in Evaluation.columns},
        "村名": month.name(line),
        "满意率": percentage(village.satisfaction(survey)),
    }


def _satisfaction(month: Month) -> list[Values]:
    """Return each village's rate of the last survey; nothing of more villages than can be named."""
    surveys = [_evaluation(month, line) for line in sorted(month.evaluations, key=_day)]
    last = {survey["村名"]: survey for survey in surveys if survey["满意率"]}
    told = [last[name] for name in map(month.name, month.taken) if name in last]
    return told if len(told) <= MOST_NAMED else []


def _day(line: Row) -> dt.date:
    return shown_as(Evaluation, line).day or dt.date.min


def _verdicts(month: Month) -> list[Values]:
    """Return which villages got which verdict, by level, the highest level first.

    Of several verdicts of one level on a village the last one counts.
    """
    last: dict[tuple[str, int], str] = {}
    for line in sorted(month.evaluations, key=_day):
        survey = shown_as(Evaluation, line)
        if survey.verdict:
            last[survey.level or "", number_of(line)] = survey.verdict
    named: dict[tuple[str, str], list[str]] = {}
    for (level, number), verdict in last.items():
        named.setdefault((level, verdict), []).append(month.name_of(number))
    levels = [*(term.code for term in reversed(codes.LEVELS.terms)), ""]
    verdicts = [term.code for term in codes.VERDICTS.terms]
    return [
        {
            "组织层级": level,
            "验收结论": verdict,
            "村数": str(len(names)),
            "村名": _some(names),
        }
        for level in levels
        for verdict in verdicts
        if (names := named.get((level, verdict)))
    ]


# -- types ----------------------------------------------------------------------------------------


def _types(month: Month) -> list[Values]:
    """Return the types that occur, named and in the order as the rollup has them."""
    named: dict[str, TypeLine] = {}
    for line in month.book.rows(TypeLine):
        if line.code and line.label:  # the same types stand once more below, by frequency
            named.setdefault(line.code, line)
    counted = ((line, *_of_type(month, code)) for code, line in named.items())
    return [
        {
            **{column.header: text_of(line, column) for column in _TYPE},
            "村数": str(villages),
            "占村比": percentage(_share(villages, len(month.taken))) or NO_BASE,
            "问题数": str(problems),
            "占问题比": percentage(_share(problems, len(month.problems))) or NO_BASE,
        }
        for line, villages, problems in counted
        if villages or problems
    ]


_TYPE = (TypeLine.code, TypeLine.label, TypeLine.text)


def _untyped(month: Month) -> list[Row]:
    return [line for line in month.problems if not text_of(line, ledgers.COUNTED_TYPES)]


def _of_type(month: Month, code: str) -> tuple[int, int]:
    """Return how many villages and problems are of a type; several are listed in a cell."""

    def named(lines: Iterable[Row], column: Column[Any]) -> int:
        return sum(code in text_of(line, column) for line in lines)

    return (
        named(month.taken, Village.main_types),
        named(month.problems, ledgers.COUNTED_TYPES),
    )


def _counts_twice(month: Month, types: Iterable[Values]) -> bool:
    """Say whether a village or a problem has several types."""
    told = list(types)
    villages, problems = (sum(int(row[name]) for row in told) for name in ("村数", "问题数"))
    return villages > len(month.taken) or problems > len(month.problems)


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _most_first(rows: Sequence[Values], name: str) -> list[Values]:
    """Return the rows that have some of what is named, the most first."""
    return sorted((row for row in rows if int(row[name])), key=lambda row: -int(row[name]))


# -- who leads, and what has changed --------------------------------------------------------------


def _ranks(month: Month) -> Values:
    """Return who has the highest rate and who the lowest, nothing where all have the same."""
    rates = {unit.name: _unit(month, unit)["完成率"] for unit in month.units}
    rated = {name: _tenths(rate) for name, rate in rates.items() if rate != NO_BASE}
    best, worst = max(rated.values(), default=None), min(rated.values(), default=None)
    unit = "个乡镇" if month.of_county else "个村"

    def told(rate: Decimal | None, as_word: str, as_rate: str) -> Values:
        names = [name for name, own in rated.items() if own == rate] if best != worst else []
        return {as_word: _some(names, unit), as_rate: rates[names[0]] if names else ""}

    return {**told(best, "领先单位", "领先率"), **told(worst, "落后单位", "落后率")}


def _tenths(rate: str) -> Decimal:
    """Return a percentage as it is printed as a number."""
    return Decimal(rate.removesuffix("%"))


def _trend(month: Month) -> Values:
    """Return the figures of the last month, and by how much this month's are others."""
    before, now = month.before, month.now
    if before is None or now is None:
        return dict.fromkeys(_TREND, "")
    told = _past(before)
    return dict(
        zip(
            _TREND,
            (
                _month_called(before.period or "", month.year),
                told["已汇总数"],
                told["完成率"],
                told["销号数"],
                told["逾期数"],
                _points(_past_rate(before), _past_rate(now)),
                _difference(before.closed, now.closed, "个"),
                _difference(before.late, now.late, "条"),
                YES if before.villages != now.villages else "",
            ),
            strict=True,
        )
    )


_TREND = (
    *("上期", "上期汇总村数", "上期完成率", "上期销号数", "上期逾期数"),
    *("完成率变化", "销号变化", "逾期变化", "汇总村数有变"),
)


def _month_called(period: str, year: int) -> str:
    told, _, month = period.partition("-")
    return f"{int(month)}月" if told == str(year) else f"{told}年{int(month)}月"


def _past_rate(line: HistoryLine) -> Fraction | None:
    if line.measures is None or line.done is None or line.standing is None:
        return None
    return _rate(line.measures, line.done, line.standing)


def _points(before: Fraction | None, now: Fraction | None) -> str:
    """Return by how many points a rate has changed, as the two are printed.

    >>> _points(Fraction(1, 2), Fraction(2, 3)), _points(Fraction(1, 2), Fraction(3, 10))
    ('提高16.7个百分点', '下降20个百分点')
    >>> _points(Fraction(1, 2), Fraction(1, 2)), _points(None, Fraction(1, 2))
    ('持平', '')
    """
    if before is None or now is None:
        return ""
    change = _tenths(percentage(now)) - _tenths(percentage(before))
    points = f"{abs(change):f}".removesuffix(".0")
    return f"{'提高' if change > 0 else '下降'}{points}个百分点" if change else "持平"


def _difference(before: int | None, now: int | None, unit: str) -> str:
    """Return by how many a count has changed.

    >>> _difference(3, 5, "条"), _difference(3, 3, "条"), _difference(None, 3, "条")
    ('增加2条', '持平', '')
    """
    if before is None or now is None:
        return ""
    change = now - before
    return f"{'增加' if change > 0 else '减少'}{abs(change)}{unit}" if change else "持平"


def _past(line: HistoryLine) -> Values:
    """Return the figures of a month as its own rollup had them."""
    year, _, month = (line.period or "").partition("-")
    return {
        "月份": f"{year}年{int(month)}月",
        **{name: text_of(line, column) for name, column in _PAST.items()},
        "完成率": percentage(_past_rate(line)) or NO_BASE,
    }


_PAST: Mapping[str, Column[Any]] = {
    "已汇总数": HistoryLine.villages,
    "未汇总数": HistoryLine.left_out,
    "问题数": HistoryLine.problems,
    "销号数": HistoryLine.closed,
    "措施数": HistoryLine.measures,
    "完成数": HistoryLine.done,
    "长期数": HistoryLine.standing,
    "逾期数": HistoryLine.late,
    "会议数": HistoryLine.meetings,
    "必改数": HistoryLine.errors,
}
_HAPPENED = {
    (ChangeKind.ADDED, "问题"): "新增问题{}个",
    (ChangeKind.ADDED, "措施"): "新增措施{}条",
    (ChangeKind.REMOVED, "问题"): "删除问题{}个",
    (ChangeKind.REMOVED, "措施"): "删除措施{}条",
    (ChangeKind.DONE, "问题"): "销号问题{}个",
    (ChangeKind.DONE, "措施"): "办结措施{}条",
    (ChangeKind.REOPENED, "问题"): "退回整改的问题{}个",
    (ChangeKind.REOPENED, "措施"): "退回整改的措施{}条",
    (ChangeKind.LATE, "措施"): "新逾期措施{}条",
    (ChangeKind.IN_TIME, "措施"): "解除逾期的措施{}条",
    (ChangeKind.POSTPONED, "措施"): "延期的措施{}条",
}
"""What a report says has happened since the last month; the rest is for the rollup."""


def _changes(month: Month) -> Iterator[Values]:
    counts = Counter((line.kind, line.sort) for line in month.book.rows(ChangeLine))
    for (kind, sort), words in _HAPPENED.items():
        if counts[kind.value, sort]:
            yield {"说明": words.format(counts[kind.value, sort])}
