"""催办通知: what a village is reminded of, as a letter of its township and as a text to be pasted.

Both say the same; the letter lists, the text counts and names the gravest.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from toolkit.cells import fold
from toolkit.findings import Finding
from toolkit.forms.ledgers import RED_CARD, YELLOW_CARD
from toolkit.forms.reminding import Late, Reminder, Soon
from toolkit.forms.village import Measure, Problem
from toolkit.report import one_line
from toolkit.schema.columns import BLANK_IN_PRINT, Column, Row
from toolkit.schema.kinds import Day
from toolkit.word.document import (
    STANDARD,
    USUAL_SEAL,
    Addressee,
    Block,
    Document,
    Paragraph,
    Role,
    Seal,
    Signature,
    Table,
    Title,
    Typography,
)
from toolkit.word.gongwen import Rendered, render
from toolkit.word.numerals import chinese_ordinal

NOTICE = "催办通知"
MOST_LATE, MOST_SOON, MOST_ERRORS = 5, 4, 10
"""As many rows of each sort as a letter lists, so that it is one or two pages long."""

_MOST_IN_TEXT = 3  # measures named in a text to be pasted
_MOST_NUMBERS = 8  # of measures that are only named by number
_MOST_CELLS = 2  # of a finding that are named
_LONGEST, _LONGEST_SAID = 22, 60  # characters: two and four lines of their columns
_LONGEST_IN_TEXT = 10  # characters of a measure that a text quotes
_LONGEST_QUOTED = 12  # characters of what stands in a faulty cell
_QUOTED = re.compile(f"“([^“”]{{{_LONGEST_QUOTED + 1},}})”")
# Shares of the width: twips, as a measure's number needs them in any type, and a card's name.
_WIDTHS_LATE = (1200, 2944, 1010, 1750, 860, 1080)
_WIDTHS_SOON = (1200, 3814, 1010, 1960, 860)
_WIDTHS_ERRORS = (620, 3900, 4324)


@dataclass(frozen=True, slots=True)
class Sender:
    """The township that reminds: what it is called, who signs, whom to ask."""

    town: str = BLANK_IN_PRINT
    office: str = f"{BLANK_IN_PRINT}党建办"
    contact: str = ""
    phone: str = ""


# -- the letter -----------------------------------------------------------------------------------


def write_notice(
    reminder: Reminder,
    sender: Sender,
    seal: Seal = USUAL_SEAL,
    typography: Typography = STANDARD,
) -> Rendered:
    """Return a village's letter."""
    properties = {"zhengdun.source": reminder.source, "zhengdun.as_of": reminder.as_of.isoformat()}
    blocks = (
        Title(NOTICE),
        Addressee(f"{_said(reminder.village)}党支部："),
        Paragraph(_opening(reminder, sender)),
        *_chapters(reminder),
        Paragraph(_closing(reminder, sender)),
        Signature(_said(sender.office), reminder.as_of, seal),
    )
    title = f"{_said(reminder.village)}{NOTICE}"
    return render(Document(blocks, title, _said(sender.office), properties), typography)


def _opening(reminder: Reminder, sender: Sender) -> str:
    day = Day().text(reminder.as_of)
    return (
        f"{_said(sender.town)}软弱涣散党组织整顿工作按月调度。"
        f"截至{day}，你村有下列事项需要抓紧办理，现予催办。"
    )


def _closing(reminder: Reminder, sender: Sender) -> str:
    """Return what is asked for, short enough to go with the signature to its page."""
    if reminder.several:
        asked = "回复以哪一份为准"
    elif reminder.absent:
        asked = "报填好的工作簿；一时不能报送的，请说明原因"
    else:
        asked = "报更新后的工作簿；一时不能办结的，书面说明原因和打算"
    contact = "，".join(filter(None, (_said(sender.contact), _said(sender.phone))))
    return (
        f"请于{Day().text(reminder.by)}前{asked}。"
        f"有困难请及时联系{f'（{contact}）' if contact else ''}。"
    )


def _chapters(reminder: Reminder) -> Iterator[Block]:
    """Yield the matters that there are, each under a heading with its number."""
    matters = ((heading, list(blocks)) for heading, blocks in _matters(reminder))
    told = [(heading, blocks) for heading, blocks in matters if blocks]
    for number, (heading, blocks) in enumerate(told, 1):
        yield Paragraph(f"{chinese_ordinal(number)}、{heading}", Role.LEVEL1)
        yield from blocks


def _matters(reminder: Reminder) -> Iterator[tuple[str, Iterator[Block]]]:
    yield "报送工作簿", _nothing_came(reminder)
    yield f"回头看反弹的问题（{len(reminder.relapses)}个）", _relapses(reminder.relapses)
    yield f"逾期未办结的措施（{_cards(reminder)}）", _late(reminder.late)
    yield f"临近时限的措施（{len(reminder.soon)}条）", _soon(reminder.soon)
    yield "专题研究", _gaps(reminder.gaps)
    yield "工作簿核对结果", _faults(reminder)


def _nothing_came(reminder: Reminder) -> Iterator[Block]:
    if reminder.absent:
        told = _said(reminder.absent)
        yield Paragraph(f"{told}。没有工作簿，整顿进展无法核对和汇总。")
    if reminder.several:
        yield Paragraph(f"{_which_one(reminder.several)}。在此以前，你村的整顿进展没有汇总。")


def _which_one(names: Sequence[str]) -> str:
    """Return what a village is asked of which several workbooks have come that differ."""
    came = f"收到 {len(names)} 份内容不同的工作簿（{'、'.join(map(_said, names))}）"
    return f"{came}，请确认以哪一份为准，报镇党建办"


def _relapses(problems: Sequence[Problem]) -> Iterator[Block]:
    if problems:
        named = "；".join(map(_relapse, problems))
        yield Paragraph(f"{named}。销号以后又出现的，要补充措施、限期改正，再按程序申请销号。")


def _relapse(problem: Problem) -> str:
    number, headline = (_printed(problem, each) for each in (Problem.number, Problem.headline))
    told = f"（{_short(headline, _LONGEST)}）" if problem.headline else ""
    return f"{number}{told}回头看反弹，请重新整改"


def _late(late: Sequence[Late]) -> Iterator[Block]:
    if not late:
        return
    rows = tuple(
        (
            *_measure(each.measure),
            f"{each.days}天",
            each.card + ("\n已作说明" if each.explained else ""),
        )
        for each in late[:MOST_LATE]
    )
    yield Table(("编号", "措施", "责任人", "完成时限", "逾期", "提醒"), rows, _WIDTHS_LATE)
    yield from _rest("条逾期措施", (each.measure for each in late[MOST_LATE:]))


def _cards(reminder: Reminder) -> str:
    yellow = len(reminder.late) - reminder.red
    told = ((RED_CARD, reminder.red), (YELLOW_CARD, yellow))
    return "、".join(f"{card}{count}条" for card, count in told if count)


def _soon(soon: Sequence[Soon]) -> Iterator[Block]:
    if not soon:
        return
    rows = tuple((*_measure(each.measure), _left(each)) for each in soon[:MOST_SOON])
    yield Table(("编号", "措施", "责任人", "完成时限", "还有"), rows, _WIDTHS_SOON)
    yield from _rest("条临期措施", (each.measure for each in soon[MOST_SOON:]))


def _left(soon: Soon) -> str:
    return f"{soon.days}天" if soon.days else "当天"


def _rest(what: str, measures: Iterable[Measure]) -> Iterator[Block]:
    """Yield the numbers of the measures for which the table has no room."""
    numbers = [_printed(measure, Measure.number) for measure in measures]
    if numbers:
        more = "等，见整顿台账" if len(numbers) > _MOST_NUMBERS else ""
        yield Paragraph(f"另有{len(numbers)}{what}：{'、'.join(numbers[:_MOST_NUMBERS])}{more}。")


def _gaps(gaps: Sequence[str]) -> Iterator[Block]:
    if gaps:
        yield Paragraph(
            f"{'；'.join(map(_said, gaps))}。开过会的，请补登记；"
            "没有开的，请在“情况说明”表里写明原因，以后按月召开。"
        )


def _faults(reminder: Reminder) -> Iterator[Block]:
    errors, warnings = reminder.errors, reminder.warnings
    if errors:
        yield Paragraph(f"必改{len(errors)}条，不改正会影响汇总和公文，改法见回传件：")
        rows = tuple(
            (str(number), _place(finding), _short(_fault(finding), _LONGEST_SAID))
            for number, finding in enumerate(errors[:MOST_ERRORS], 1)
        )
        yield Table(("序号", "位置", "问题"), rows, _WIDTHS_ERRORS)
    among = "（包括上面的逾期、缺会）" if reminder.late or reminder.gaps else ""
    told = (
        (max(len(errors) - MOST_ERRORS, 0), "必改{}条"),
        (warnings, f"提醒{{}}条{among}还没有改正或者说明"),
    )
    counted = "、".join(text.format(count) for count, text in told if count)
    if counted:
        besides = "另有" if errors else ""
        yield Paragraph(f"{besides}{counted}，请对照回传件逐条核对。")


def _fault(finding: Finding) -> str:
    """Return what is wrong, with no more of what stands there than it is known by."""
    seen, said = _said(finding.seen), _said(finding.said)
    whole = f"“{seen}”"
    if len(seen) > _LONGEST_QUOTED:
        said = said.replace(whole, f"“{_short(seen, _LONGEST_QUOTED)}”")
    return _QUOTED.sub(lambda quoted: f"“{_short(quoted[1], _LONGEST_QUOTED)}”", said)


def _place(finding: Finding) -> str:
    """Return where a finding is, with a few of its cells."""
    spots = fold(finding.cells, _MOST_CELLS) + (f"（{finding.header}）" if finding.header else "")
    return _said(" › ".join(filter(None, (finding.sheet, spots)))) or "整个文件"


def _measure(measure: Measure) -> tuple[str, str, str, str]:
    return (
        _printed(measure, Measure.number),
        _short(_printed(measure, Measure.text), _LONGEST),
        _printed(measure, Measure.owner),
        _printed(measure, Measure.deadline),
    )


def _printed(row: Row, column: Column[Any]) -> str:
    return _said(row.printed(column))


def _said(text: str) -> str:
    """Return a text from a workbook on one line, with nothing that a program would obey."""
    return one_line(" ".join(text.split()))


def _short(text: str, most: int) -> str:
    """Return the beginning of a text that is too long.

    >>> _short("入股肉羊养殖合作社", 6), _short("入股", 6)
    ('入股肉羊养…', '入股')
    """
    said = _said(text)
    return said if len(said) <= most else f"{said[: most - 1]}…"


# -- the text to be pasted ------------------------------------------------------------------------


def chat_text(reminder: Reminder, sender: Sender) -> str:
    """Return a village's text: who gets it, for the sender to see, then what is to be pasted."""
    to = " ".join(filter(None, (_said(reminder.clerk), _said(reminder.phone)))) or BLANK_IN_PRINT
    items = list(_items(reminder))
    name = _said(reminder.clerk) or f"{_said(reminder.village)}负责同志"
    contact = " ".join(filter(None, (_said(sender.contact), _said(sender.phone))))
    signed = "，".join(filter(None, (_said(sender.office), contact)))
    day, by = reminder.as_of, reminder.by
    greeting = f"{name}，您好！截至{day.month}月{day.day}日，"
    asked = f"请在{by.month}月{by.day}日前{_asked(reminder)}。"
    lines = (
        f"■ {_said(reminder.village)}　发给：{to}",
        f"{greeting}{_said(reminder.village)}整顿工作还有这些事请抓紧：",
        *(f"{number}. {item}。" for number, item in enumerate(items, 1)),
        f"{asked}有困难请随时联系，谢谢！",
        f"（{signed}）",
    )
    return "\n".join(lines)


def _asked(reminder: Reminder) -> str:
    if reminder.several:
        return "回复"
    return "把填好的工作簿报来" if reminder.absent else "办结或说明情况，把工作簿报来"


def _items(reminder: Reminder) -> Iterator[str]:
    if reminder.absent:
        yield _said(reminder.absent).replace("你村", "村里")
    if reminder.several:
        yield _which_one(reminder.several)
    for problem in reminder.relapses:
        yield _relapse(problem)
    if reminder.late:
        named = "、".join(
            _named(each.measure, reminder.as_of, -each.days, f"已过{each.days}天")
            for each in reminder.late[:_MOST_IN_TEXT]
        )
        more = "等" if len(reminder.late) > _MOST_IN_TEXT else ""
        yield f"逾期措施{len(reminder.late)}条（{_cards(reminder)}）：{named}{more}"
    if reminder.soon:
        named = "、".join(
            _named(each.measure, reminder.as_of, each.days)
            for each in reminder.soon[:_MOST_IN_TEXT]
        )
        more = "等" if len(reminder.soon) > _MOST_IN_TEXT else ""
        yield f"快到时限的措施{len(reminder.soon)}条：{named}{more}"
    if reminder.gaps:
        yield f"{'；'.join(map(_said, reminder.gaps))}，请补登记或说明原因"
    if reminder.errors or reminder.warnings:
        told = (("必改", len(reminder.errors)), ("提醒", reminder.warnings))
        counted = "、".join(f"{word}{count}条" for word, count in told if count)
        yield f"工作簿有{counted}，请按回传件改正或说明"


def _named(measure: Measure, as_of: dt.date, days: int, *more: str) -> str:
    """Return a measure as its village knows it: number, beginning, and in brackets its day.

    That is so many days from now; its year is told only where it is another.
    """
    number, text = (_printed(measure, each) for each in (Measure.number, Measure.text))
    end = as_of + dt.timedelta(days)
    year = f"{end.year}年" if end.year != as_of.year else ""
    told = "，".join((f"{year}{end.month}月{end.day}日到期", *more))
    return f"{number} {_short(text, _LONGEST_IN_TEXT)}（{told}）"


def chat_file(texts: Sequence[str], quiet: Sequence[str], heading: str) -> bytes:
    """Return the file of all texts, as Windows' editor and the office's read it."""
    parts = [f"{_said(heading)}\n每村一段，复制“■”行下面的文字发给村里。", *texts]
    if quiet:
        parts.append(f"没有需要催办的村：{'、'.join(map(_said, quiet))}。")
    text = "\n\n".join(parts) + "\n"
    return text.replace("\n", "\r\n").encode("utf-8-sig")
