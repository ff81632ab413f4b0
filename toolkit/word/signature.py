"""署名 and 成文日期, with or without room for a seal (7.3.5)."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator

from toolkit.schema.kinds import Day
from toolkit.word.document import Block, Signature
from toolkit.word.lines import lines_of, sanitize, spaced_width, width_of
from toolkit.word.markup import CENTRED, LEFT, RIGHT, indent_xml, paragraph_xml, run_xml
from toolkit.word.page import LINE_CELLS, MM_PER_TWIP

NO_DAY = "＿＿年＿月＿日"
"""成文日期 where none is known: blanks to be filled by hand."""
_DATE_BLANK = 4  # 字 to the right of the date below a seal (7.3.5.1)
_ORGAN_BLANK = 2  # 字 to the right of the organ without seal (7.3.5.2)
_DATE_OFFSET = 2  # 字 from the organ's first character to the date's (7.3.5.2)
_TEXT_BELOW_CENTRE = 0.4  # lines: organ and date sit slightly below the seal's centre (7.3.5.1)


def chinese_date(day: dt.date | None) -> str:
    """Return 成文日期: arabic figures, the full year, no leading zeros (7.3.5.4).

    >>> chinese_date(dt.date(2026, 8, 5))
    '2026年8月5日'
    """
    return Day().text(day) if day else NO_DAY


def _seal_room(signature: Signature, pitch: int) -> tuple[int, int]:
    """Return the blank lines above the organ and below the date.

    The seal's top must be within one line of the text (7.3.5.1), its bottom on the page.
    """
    if not signature.seal.sealed:
        return 1, 0  # 7.3.5.2
    radius = signature.seal.millimetres / MM_PER_TWIP / pitch / 2  # lines
    above = math.ceil(radius + _TEXT_BELOW_CENTRE - 1)
    below = math.ceil(above + 1 - _TEXT_BELOW_CENTRE + radius) - above - 2
    return above, below


def signature_lines(signature: Signature, pitch: int) -> int:
    """Return how many lines a signature takes, the blank ones included."""
    width = max(map(width_of, lines_of(signature.organ)), default=0)
    organ = max(len(lines_of(signature.organ)), math.ceil(width / _organ_room(signature)))
    return sum(_seal_room(signature, pitch)) + organ + 1


def _organ_room(signature: Signature) -> int:
    """Return the 字 an organ's name may fill with its blank kept to the right."""
    return LINE_CELLS - (_DATE_BLANK if signature.seal.sealed else _ORGAN_BLANK)


def signature_xml(signature: Signature, pitch: int, notes_below: int) -> str:
    """Return organ and date with the blank lines the seal needs, 附注 taking those below."""
    above, below = _seal_room(signature, pitch)
    names, date = lines_of(signature.organ), chinese_date(signature.day)
    organ_ppr, date_ppr = _sealed(names, date) if signature.seal.sealed else _unsealed(names, date)
    keep_date = signature.seal.sealed or notes_below > 0
    return "".join(
        (
            paragraph_xml("GWTo", keep=True) * above,
            *(paragraph_xml("GWSign", run_xml(name), organ_ppr, keep=True) for name in names),
            paragraph_xml("GWSign", run_xml(date), date_ppr, keep=keep_date),
            paragraph_xml("GWTo") * max(below - notes_below, 0),
        )
    )


def _sealed(names: Iterable[str], date: str) -> tuple[str, str]:
    """Return the pPr of organ and date: both centred in a box that ends at the right edge."""
    organ = max(map(width_of, names), default=0)
    left = LINE_CELLS - 2 * _DATE_BLANK - width_of(date)
    if organ > width_of(date) + 2 * _DATE_BLANK:  # it would leave the 版心
        left = max(LINE_CELLS - _DATE_BLANK - organ, 0)
    ppr = indent_xml(left=left) + CENTRED
    return ppr, ppr


def _unsealed(names: Iterable[str], date: str) -> tuple[str, str]:
    """Return the pPr of organ and date (7.3.5.2), automatic spacing allowed for."""
    organ = max(map(width_of, names), default=0)
    wide = spaced_width(date)
    if wide <= organ:
        left = max(LINE_CELLS - _ORGAN_BLANK - organ, 0)
        return indent_xml(left=left) + LEFT, indent_xml(left=left + _DATE_OFFSET) + LEFT
    right = _ORGAN_BLANK + _DATE_OFFSET + wide - organ
    return indent_xml(right=right) + RIGHT, indent_xml(right=_ORGAN_BLANK) + RIGHT


def signature_notes(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield what must be said of organs that are too long for their line."""
    for block in blocks:
        if not isinstance(block, Signature):
            continue
        organ = max(map(width_of, lines_of(block.organ)), default=0)
        if organ > _organ_room(block):
            yield f"署名“{sanitize(block.organ)}”一行排不下，请改用规范化简称。"
        elif block.seal.sealed and organ > width_of(chinese_date(block.day)) + 2 * _DATE_BLANK:
            yield (
                f"署名“{sanitize(block.organ)}”较长，署名按右空二字编排，"
                "成文日期随之左移，请核对用印位置。"
            )
