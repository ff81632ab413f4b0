"""署名 and 成文日期, with or without room for a seal, or for one seal of each organ (7.3.5)."""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.schema.kinds import Day
from toolkit.word.document import Block, Signature
from toolkit.word.lines import lines_of, spaced_width, width_of
from toolkit.word.markup import CENTRED, LEFT, RIGHT, indent_xml, paragraph_xml, run_xml
from toolkit.word.page import LINE_CELLS, MM_PER_TWIP, ZI

NO_DAY = "＿＿年＿月＿日"
"""成文日期 where none is known: blanks to be filled by hand."""
_DATE_BLANK = 4  # 字 to the right of the date below a seal (7.3.5.1)
_ORGAN_BLANK = 2  # 字 to the right of the organ without seal (7.3.5.2)
_DATE_OFFSET = 2  # 字 from the organ's first character to the date's (7.3.5.2)
_TEXT_BELOW_CENTRE = 0.4  # lines: organ and date sit slightly below the seal's centre (7.3.5.1)
_MOST_ABREAST = 3  # seals of a row (7.3.5.1)
_SEALS_APART = 2  # mm at least: seals neither cross nor touch (7.3.5.1), and are set by hand
_NAMES_APART = 1  # 字


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
    names = lines_of(signature.organ)
    room = sum(_seal_room(signature, pitch))
    if _is_joint(signature, names):
        rows = _joint(names, signature)
        return room + (len(rows.names) - 1) * rows.apart(pitch) + 2
    width = max(map(width_of, names), default=0)
    return room + max(len(names), math.ceil(width / _organ_room(signature))) + 1


def _organ_room(signature: Signature) -> int:
    """Return the 字 an organ's name may fill with its blank kept to the right."""
    return LINE_CELLS - (_DATE_BLANK if signature.seal.sealed else _ORGAN_BLANK)


def signature_xml(signature: Signature, pitch: int, notes_below: int) -> str:
    """Return organ and date with the blank lines the seal needs, 附注 taking those below.

    Each line of the organ is an organ of its own.
    """
    above, below = _seal_room(signature, pitch)
    names, date = lines_of(signature.organ), chinese_date(signature.day)
    keep_date = signature.seal.sealed or notes_below > 0
    left = max(below - notes_below, 0)  # the last of them binds nothing
    if _is_joint(signature, names):
        organs, date_ppr, date = _joint_xml(_joint(names, signature), pitch, date)
    else:
        placed = _sealed if signature.seal.sealed else _unsealed
        organ_ppr, date_ppr = placed(names, date)
        organs = "".join(
            paragraph_xml("GWSign", run_xml(name), organ_ppr, keep=True) for name in names
        )
    return "".join(
        (
            paragraph_xml("GWTo", keep=True) * above,
            organs,
            paragraph_xml("GWSign", run_xml(date), date_ppr, keep=keep_date),
            paragraph_xml("GWTo", keep=True) * (left - 1),
            paragraph_xml("GWTo") * min(left, 1),
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


# -- several organs, each with its seal -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Joint:
    """The organs in rows, and the columns they are centred in."""

    names: Sequence[Sequence[str]]
    centres: Sequence[float]  # 字 from the left edge; the last one is the date's
    seal: float  # mm

    def apart(self, pitch: int) -> int:
        """Return the lines from one row to the next."""
        return math.ceil((self.seal + _SEALS_APART) / MM_PER_TWIP / pitch)


def _is_joint(signature: Signature, names: Sequence[str]) -> bool:
    return signature.seal.sealed and len(names) > 1


def _joint(names: Sequence[str], signature: Signature) -> _Joint:
    """Return as many organs abreast as their seals and names leave room for (7.3.5.1).

    The last organ is centred on the date, so that its seal presses both.
    """
    seal = signature.seal.millimetres / MM_PER_TWIP / ZI  # 字
    apart = _SEALS_APART / MM_PER_TWIP / ZI
    widest = max(map(width_of, names))
    date = width_of(chinese_date(signature.day))
    right = LINE_CELLS - _DATE_BLANK - date / 2
    if widest > date + 2 * _DATE_BLANK:  # it would leave the 版心
        right = max(LINE_CELLS - _ORGAN_BLANK - widest / 2, LINE_CELLS / 2)
    need, half = max(seal + apart, widest + _NAMES_APART), max(seal + apart, widest) / 2
    abreast = max(min(_MOST_ABREAST, len(names), int((right - half) / need) + 1), 1)
    step = min(need + _NAMES_APART, (right - half) / max(abreast - 1, 1))
    centres = [right - step * column for column in reversed(range(abreast))]
    rows = [names[at : at + abreast] for at in range(0, len(names), abreast)]
    return _Joint(rows, centres, signature.seal.millimetres)


def _joint_xml(joint: _Joint, pitch: int, date: str) -> tuple[str, str, str]:
    """Return the rows of organs; the date's pPr and text, set below the last of them."""
    blank = paragraph_xml("GWTo", keep=True) * (joint.apart(pitch) - 1)
    rows = (
        paragraph_xml(
            "GWSign",
            run_xml("".join(f"\t{name}" for name in row)),
            _centres(joint.centres[-len(row) :]),
            keep=True,
        )
        for row in joint.names
    )
    return blank.join(rows), _centres(joint.centres[-1:]), f"\t{date}"


def _centres(centres: Iterable[float]) -> str:
    stops = "".join(f'<w:tab w:val="center" w:pos="{int(centre * ZI)}"/>' for centre in centres)
    return f"<w:tabs>{stops}</w:tabs>"


# -- what must be said ----------------------------------------------------------------------------


def signature_notes(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield what must be said of organs that are too long for their line."""
    for block in blocks:
        if not isinstance(block, Signature):
            continue
        organ = max(lines_of(block.organ), key=width_of, default="")
        date = chinese_date(block.day)
        if width_of(organ) > _organ_room(block):
            yield f"署名“{organ}”一行排不下，请改用规范化简称。"
        elif block.seal.sealed and width_of(organ) > width_of(date) + 2 * _DATE_BLANK:
            yield (f"署名“{organ}”较长，署名按右空二字编排，成文日期随之左移，请核对用印位置。")
