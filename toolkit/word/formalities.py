"""版头 and 版记 of a paper, from the row of the township's 公文要素 that fits it."""

import re
from collections.abc import Iterator
from typing import Any

from toolkit.cells import a1
from toolkit.forms.township import DRAFTED, ISSUED, MINUTES, OF_ONE_MONTH, UPWARD, Formality
from toolkit.schema.columns import BLANK_IN_PRINT, Column
from toolkit.word.document import Head, Imprint

NO_NUMBER = f"{BLANK_IN_PRINT}〔{BLANK_IN_PRINT}〕{BLANK_IN_PRINT}号"
"""What stands in the place of a 发文字号 that is not registered yet."""

_HEAD = (
    *(Formality.mark, Formality.number, Formality.copy, Formality.secrecy, Formality.urgency),
    Formality.signers,
)
_IMPRINT = (Formality.copies, Formality.printer, Formality.day)
_BETWEEN_ORGANS = re.compile(r"\s*[、；;\n]\s*")
_LABEL = re.compile(r"^抄\s*送\s*[:：]\s*")
_PAPER = re.compile("文件$")
_ADVICE = {"没有写村名": "，请分村各写一行", "没有写月份": "，请写明是哪个月的"}
"""What is to be done about a cell that serves no paper, by the end of why."""


def head_of(row: Formality | None) -> Head | None:
    """Return the head that a row tells of, None where it tells of none.

    Blank where only its mark or number is left open. Minutes have no number: a row stands for all
    of them. Only papers to a higher organ name who signs them off (GB/T 9704-2012, 7.2.6).
    """
    if row is None or all(row.field(column).empty for column in _HEAD):
        return None
    signers = row.signers if row.sort in UPWARD else None
    return Head(
        mark=_organs(row),
        number="" if row.sort == MINUTES else _number(row),
        copy=_told(row, Formality.copy),
        secrecy=_told(row, Formality.secrecy),
        urgency=_told(row, Formality.urgency),
        signers=signers or (),
    )


def _organs(row: Formality) -> tuple[str, ...]:
    """Return the organs of the mark, as it has them."""
    return tuple(filter(None, _BETWEEN_ORGANS.split(row.printed(Formality.mark))))


def _number(row: Formality) -> str:
    return NO_NUMBER if row.field(Formality.number).empty else row.printed(Formality.number)


def _told(row: Formality, column: Column[Any]) -> str:
    """Return what stands in a cell, "" where nothing does."""
    return "" if row.field(column).empty else row.printed(column)


def imprint_of(row: Formality | None) -> Imprint | None:
    """Return the imprint that a row tells of, None where it tells of none.

    The label and the stop of 抄送 are set by the standard (7.4.2), not taken from the cell.
    """
    if row is None or all(row.field(column).empty for column in _IMPRINT):
        return None
    copies = _LABEL.sub("", _told(row, Formality.copies)).rstrip("。")
    return Imprint(copies, _told(row, Formality.printer), row.day)


def joint_organs(row: Formality | None) -> tuple[str, ...]:
    """Return the organs that issue a paper together, without 文件; none where it is one alone."""
    if row is None or row.field(Formality.mark).empty:
        return ()
    organs = tuple(filter(None, (_PAPER.sub("", each).strip() for each in _organs(row))))
    return organs if len(organs) > 1 else ()


def is_secret(row: Formality | None) -> bool:
    """Say whether a paper is classified, and so has no version for the public."""
    return row is not None and not row.field(Formality.secrecy).empty


# -- what is to be said of it ---------------------------------------------------------------------


def faults_of(row: Formality | None) -> tuple[str, ...]:
    """Return what cannot be read of all that a row prints; a paper with such is no final one."""
    return tuple(_faults(row)) if row is not None else ()


def _faults(row: Formality) -> Iterator[str]:
    for column, field in row.filled():
        if field.fault and column in (*_HEAD, *_IMPRINT) and not _is_left_out(row, column):
            where = f"{Formality.sheet}!{a1(field.row, field.column)}"
            yield f"{where} {column.header}“{field.seen.strip()}”{field.fault}，请改正。"


def _is_left_out(row: Formality, column: Column[Any]) -> bool:
    """Say whether a sort of paper does not print what a column holds."""
    if column is Formality.number:
        return row.sort == MINUTES
    return column is Formality.signers and row.sort not in UPWARD


def notes_of(row: Formality | None) -> tuple[str, ...]:
    """Return what must be said of the head and imprint that a row makes, before a paper is used."""
    return tuple(_notes(row)) if row is not None else ()


def _notes(row: Formality) -> Iterator[str]:
    yield from _withheld(row)
    yield from _faults(row)
    if head_of(row) is None:
        return
    mark, number = row.field(Formality.mark), row.field(Formality.number)
    if mark.empty:
        yield "发文机关标志没有填写，已留出空白，请在“公文要素”里补填。"
    if row.sort == MINUTES:
        if not number.empty:
            yield f"“公文要素”里的“{number.seen.strip()}”没有印，会议纪要请逐份编号。"
    elif number.empty and not number.note:
        yield "发文字号没有填写，已留出空白；一份公文一个号，请在“公文要素”里登记。"
    if row.sort not in UPWARD and not row.field(Formality.signers).empty:
        yield "签发人只印在报告、汇报等上行文上，没有印。"
    organs = joint_organs(row)
    if organs and row.sort != ISSUED:
        yield f"联合行文的发文机关有 {len(organs)} 个，请核对署名的机关是否齐全。"


def _withheld(row: Formality) -> Iterator[str]:
    """Yield what is filled in but not printed, and why."""
    columns = [column for column in OF_ONE_MONTH if not _is_left_out(row, column)]
    reasons = {column: row.field(column).note for column in columns if row.field(column).empty}
    for why in dict.fromkeys(filter(None, reasons.values())):
        what = "、".join(column.header for column, reason in reasons.items() if reason == why)
        comma = "，" if why != DRAFTED else "的"
        advice = next((said for end, said in _ADVICE.items() if why.endswith(end)), "")
        yield f"{why}{comma}{what}没有印{advice}。"
