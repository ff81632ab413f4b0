"""The month in plain words: what the first page says besides the figures."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from toolkit.cells import Raw
from toolkit.forms import rollup, township, village
from toolkit.forms.ledgers import (
    DAYS_LATE,
    NO,
    PROBLEM_STATUS,
    VILLAGE_NO,
    YES,
    FindingLine,
    OverdueLine,
    ProblemLedger,
)
from toolkit.forms.rollup import MONTHS, REFUSED, MeetingCount, Source, Table
from toolkit.rollup.entries import Entries, Entry, in_short
from toolkit.schema.columns import Row
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.kinds import Day
from toolkit.schema.totals import percentage

_LONGEST_NAMED = 3  # villages that a sentence names before it says “等”


@dataclass(frozen=True)
class Month:
    """What a month's sentences are made from."""

    as_of: dt.date
    number: int
    cards: Mapping[str, Raw]
    tables: Mapping[type[Row], Table]


def notes(month_before: str) -> Iterator[str]:
    """Yield what each figure means, and how a month's “before” was read."""
    yield from rollup.DEFINITIONS
    day = "9月30日" if MonthBefore(month_before) is MonthBefore.STRICT else "10月31日"
    yield f"到期日：“X月前”按{month_before}计算，如“10月前”算到{day}。"


def alarms(entries: Entries) -> Iterator[str]:
    """Yield what the figures must not be read without."""
    ignored = [fate for fate in entries.fates.values() if fate.startswith(rollup.IGNORED)]
    if ignored:
        yield f"内容相同的工作簿有 {len(ignored)} 份多余的，每个村只计了一份，见“数据来源”。"


def remarks(
    entries: Entries,
    sources: Sequence[Source],
    roster: Sequence[township.Village],
    told: Sequence[str] = (),
    *,
    of_county: bool = False,
) -> Iterator[str]:
    """Yield what the first page must say besides the figures: first what is `told`."""
    yield from told
    if not roster and not of_county:
        yield "没有提供村名册，无法清点未回传的村。"
    unknown = dict.fromkeys(in_short(e.town) for e in entries.villages if not e.listed)
    if of_county and unknown:
        yield f"没有村名册的乡镇：{_some(list(unknown), '个乡镇')}（未回传的村无法清点）。"
    strangers = [e.label for e in entries.taken if e.listed == NO]
    if (roster or of_county) and strangers:
        yield f"不在村名册而有回传的：{_some(strangers)}（数字已计入汇总）。"
    for code, count in Counter(line.code for line in roster if line.code).items():
        if count > 1:
            names = dict.fromkeys(line.village or "" for line in roster if line.code == code)
            called = "、".join(filter(None, names))
            yield f"村名册里村代码 {code}（{called}）写了 {count} 次，按村名分别清点，请改正。"
    said = {path for entry in entries.villages if not entry.brought for path in entry.aside}
    older = [
        fate
        for path, fate in entries.fates.items()
        if fate.startswith(REFUSED) and path not in said
    ]
    if older:
        yield f"另有 {len(older)} 份其他年度的工作簿没有汇总，见“数据来源”。"
    refused = [source for source in sources if source.fate.startswith(REFUSED)]
    others = [source for source in refused if source.file not in said]
    if others:
        yield f"另有 {len(others)} 个文件没有汇总，逐个原因见“数据来源”。"


_MOST_LISTED = 12


def _some(names: Sequence[str], unit: str = "个村") -> str:
    more = f"等 {len(names)} {unit}" if len(names) > _MOST_LISTED else ""
    return "、".join(names[:_MOST_LISTED]) + more


def in_words(month: Month, entries: Sequence[Entry]) -> str:
    """Return the month in plain words."""
    return "".join(_sentences(month, entries))


def _sentences(month: Month, entries: Sequence[Entry]) -> Iterator[str]:
    value = month.cards
    yield f"截至{Day().text(month.as_of)}，"
    taken = sum(entry.brought is not None for entry in entries)
    if any(entry.listed == YES for entry in entries):
        yield f"名册内整顿村{value['名册内村数']}个，"
    yield f"共汇总{taken}个村的工作簿"
    yield f"，未汇总{value['未汇总']}个。" if value["未汇总"] else "。"
    if not value["问题"] and not value["措施"]:
        yield "各村均未登记问题和措施。"
    else:
        yield from _progress(month)
        yield from _late_words(month, entries)
    yield from _meeting_words(month, entries)
    if month.tables[FindingLine].rows:
        yield f"核对发现必改项{value['核对必改']}条，详见“{FindingLine.sheet}”。"
    else:
        yield "核对未发现问题。"


def _progress(month: Month) -> Iterator[str]:
    value = month.cards
    status = month.tables[ProblemLedger].column(PROBLEM_STATUS)
    kinds = (village.CLOSED, village.DONE, village.STANDING, village.GOING, village.IDLE)
    parts = [f"{kind}{status.count(kind)}个" for kind in kinds if kind in status]
    yield f"共登记问题{value['问题']}个" + (f"（{'、'.join(parts)}）" if parts else "")
    base = cast("int", value["措施"]) - cast("int", value["长期坚持"])
    yield f"，制定措施{value['措施']}条，其中已完成{value['已完成']}条"
    yield f"、长期坚持{value['长期坚持']}条；"
    if base:
        rate = percentage(cast("float", value["完成率"]))
        yield f"扣除长期坚持后以{base}条为基数，完成率{rate}。"
    else:
        yield "没有可计算完成率的措施。"


def _late_words(month: Month, entries: Sequence[Entry]) -> Iterator[str]:
    late = month.tables[OverdueLine]
    if not late.rows:
        yield "没有逾期措施。"
        return
    owners = [entries[cast("int", number) - 1] for number in late.column(VILLAGE_NO)]
    days = late.column(DAYS_LATE)
    number = late.column(village.Measure.number)[0] or ""
    villages = len({owner.number for owner in owners})
    yield f"逾期措施{len(late.rows)}条，涉及{villages}个村，"
    yield f"最久的是{owners[0].label}{number}，已逾期{days[0]}天。"


def _meeting_words(month: Month, entries: Sequence[Entry]) -> Iterator[str]:
    counts = month.tables[MeetingCount]
    columns = (VILLAGE_NO, MONTHS[month.number - 1], MeetingCount.since, MeetingCount.until)
    idle = [
        entries[cast("int", number) - 1].label
        for number, held, since, until in zip(*map(counts.column, columns), strict=True)
        if not held and cast("int", since) <= month.number <= cast("int", until)
    ]
    held = month.cards["本月专题研究"]
    yield f"本月召开专题研究会议{held}次" if held else "本月没有召开专题研究会议"
    if idle:
        more = "等" if len(idle) > _LONGEST_NAMED else ""
        yield f"，{'、'.join(idle[:_LONGEST_NAMED])}{more}{len(idle)}个村本月没有会议记录"
    yield "。"
