"""版头 and 版记 of a paper, from the row of the township's 公文要素 that fits it."""

import re
from collections.abc import Iterator
from typing import Any

from toolkit.forms.township import MINUTES, UPWARD, Formality
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


def head_of(row: Formality | None) -> Head | None:
    """Return the head that a row tells of, None where it tells of none.

    Blank where only its mark or number is left open. Minutes have no number: a row stands for all
    of them. Only papers to a higher organ name who signs them off (GB/T 9704-2012, 7.2.6).
    """
    if row is None or all(row.field(column).empty for column in _HEAD):
        return None
    signers = row.signers if row.sort in UPWARD else None
    return Head(
        mark=tuple(filter(None, _BETWEEN_ORGANS.split(row.printed(Formality.mark)))),
        number="" if row.sort == MINUTES else _number(row),
        copy=_told(row, Formality.copy),
        secrecy=_told(row, Formality.secrecy),
        urgency=_told(row, Formality.urgency),
        signers=signers or (),
    )


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


def notes_of(row: Formality | None) -> tuple[str, ...]:
    """Return what must be said of the head that a row makes, before the paper is used."""
    return tuple(_notes(row)) if row is not None and head_of(row) else ()


def _notes(row: Formality) -> Iterator[str]:
    mark, number = row.field(Formality.mark), row.field(Formality.number)
    if mark.empty:
        yield "发文机关标志没有填写，已留出空白，请在“公文要素”里补填。"
    if row.sort == MINUTES:
        if not number.empty:
            yield f"“公文要素”里的“{number.seen.strip()}”没有印，会议纪要请逐份编号。"
    elif number.empty:
        yield "发文字号没有填写，已留出空白；一份公文一个号，请在“公文要素”里登记。"
    elif number.fault:
        yield f"发文字号“{number.seen.strip()}”{number.fault}，用印前请改正。"
    if row.sort not in UPWARD and not row.field(Formality.signers).empty:
        yield "签发人只印在报告、汇报等上行文上，没有印。"
