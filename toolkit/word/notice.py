"""催办通知: what a village is reminded of, as a letter of its township and as a text to be pasted.

The letter is worded by a content template and lists; the text counts and names the gravest.
"""

import datetime as dt
from collections.abc import Iterator, Sequence

from toolkit.forms.reminding import Reminder
from toolkit.forms.village import Measure, Problem
from toolkit.schema.columns import BLANK_IN_PRINT
from toolkit.word.content import Content
from toolkit.word.fingerprint import AS_OF, SOURCE
from toolkit.word.gongwen import Rendered
from toolkit.word.making import Source, make
from toolkit.word.notice_vocabulary import NOTICE, Sender, cards, printed, reminding, said, short
from toolkit.word.papers import USUAL, Setting, write_paper
from toolkit.word.wording import standard_template

_MOST_IN_TEXT = 3  # measures named in a text to be pasted
_LONGEST = 22  # characters of a problem
_LONGEST_IN_TEXT = 10  # characters of a measure that a text quotes


# -- the letter -----------------------------------------------------------------------------------


def write_notice(
    reminder: Reminder,
    sender: Sender,
    setting: Setting = USUAL,
    content: Content | None = None,
    source: Source | None = None,
) -> Rendered:
    """Return a village's letter, in the office's own wording where it has one.

    It remembers the cells of its `source`; of a village that has sent none, what stands for it.
    """
    scope, wording = reminding(reminder, sender), content or standard_template(NOTICE)
    if source is not None:
        return make(source, scope, wording, setting)
    properties = {SOURCE: reminder.source, AS_OF: reminder.as_of.isoformat()}
    return write_paper(scope, wording, setting, properties)


# -- the text to be pasted ------------------------------------------------------------------------


def chat_text(reminder: Reminder, sender: Sender) -> str:
    """Return a village's text: who gets it, for the sender to see, then what is to be pasted."""
    to = " ".join(filter(None, (said(reminder.clerk), said(reminder.phone)))) or BLANK_IN_PRINT
    items = list(_items(reminder))
    name = said(reminder.clerk) or f"{said(reminder.village)}负责同志"
    contact = " ".join(filter(None, (said(sender.contact), said(sender.phone))))
    signed = "，".join(filter(None, (said(sender.office), contact)))
    day, by = reminder.as_of, reminder.by
    greeting = f"{name}，您好！截至{day.month}月{day.day}日，"
    asked = f"请在{by.month}月{by.day}日前{_asked(reminder)}。"
    lines = (
        f"■ {said(reminder.village)}　发给：{to}",
        f"{greeting}{said(reminder.village)}整顿工作还有这些事请抓紧：",
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
        yield said(reminder.absent).replace("你村", "村里")
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
        yield f"逾期措施{len(reminder.late)}条（{cards(reminder)}）：{named}{more}"
    if reminder.soon:
        named = "、".join(
            _named(each.measure, reminder.as_of, each.days)
            for each in reminder.soon[:_MOST_IN_TEXT]
        )
        more = "等" if len(reminder.soon) > _MOST_IN_TEXT else ""
        yield f"快到时限的措施{len(reminder.soon)}条：{named}{more}"
    if reminder.gaps:
        yield f"{'；'.join(map(said, reminder.gaps))}，请补登记或说明原因"
    if reminder.errors or reminder.warnings:
        told = (("必改", len(reminder.errors)), ("提醒", reminder.warnings))
        counted = "、".join(f"{word}{count}条" for word, count in told if count)
        yield f"工作簿有{counted}，请按回传件改正或说明"


def _which_one(names: Sequence[str]) -> str:
    """Return what a village is asked of which several workbooks have come that differ."""
    came = f"收到 {len(names)} 份内容不同的工作簿（{'、'.join(map(said, names))}）"
    return f"{came}，请确认以哪一份为准，报镇党建办"


def _relapse(problem: Problem) -> str:
    number, headline = (printed(problem, each) for each in (Problem.number, Problem.headline))
    told = f"（{short(headline, _LONGEST)}）" if problem.headline else ""
    return f"{number}{told}回头看反弹，请重新整改"


def _named(measure: Measure, as_of: dt.date, days: int, *more: str) -> str:
    """Return a measure as its village knows it: number, beginning, and in brackets its day.

    That is so many days from now; its year is told only where it is another.
    """
    number, text = (printed(measure, each) for each in (Measure.number, Measure.text))
    end = as_of + dt.timedelta(days)
    year = f"{end.year}年" if end.year != as_of.year else ""
    told = "，".join((f"{year}{end.month}月{end.day}日到期", *more))
    return f"{number} {short(text, _LONGEST_IN_TEXT)}（{told}）"


def chat_file(texts: Sequence[str], quiet: Sequence[str], heading: str) -> bytes:
    """Return the file of all texts, as Windows' editor and the office's read it."""
    parts = [f"{said(heading)}\n每村一段，复制“■”行下面的文字发给村里。", *texts]
    if quiet:
        parts.append(f"没有需要催办的村：{'、'.join(map(said, quiet))}。")
    text = "\n\n".join(parts) + "\n"
    return text.replace("\n", "\r\n").encode("utf-8-sig")
