"""The line pitch at which the page of the signature carries text (7.3.5).

The document is modelled as a flow of lines; nothing is rendered to find out.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from toolkit.word.document import Addressee, Block, Paragraph, Signature, Table, Title
from toolkit.word.lines import line_count, lines_of
from toolkit.word.page import TEXT_HEIGHT, TEXT_WIDTH, TITLE_LINE, ZI
from toolkit.word.signature import signature_lines
from toolkit.word.styles import KEPT_ROLES
from toolkit.word.tables import column_widths, row_height
from toolkit.word.titles import title_lines

_OTHER_PITCHES = (554, 600)  # 7.3.5.5: 23 and 21 lines to the page
_SHORT_PARAGRAPH = 3  # lines; such a last paragraph may go to the next page with the signature


@dataclass(frozen=True, slots=True)
class _Flow:
    """Lines of one height that follow one another; a height of 0 is the pitch."""

    lines: int
    height: int = 0
    keep: bool = False  # on the page of what follows


def fitting_pitch(blocks: Sequence[Block], wanted: int) -> tuple[int, bool]:
    """Return the pitch at which each signature's page carries text, and whether it does.

    Word and LibreOffice differ in hanging marks and in the line below a title; the pitch
    must do for both. A short last paragraph needs none of this, it is bound to the signature;
    so is a long one if no pitch will do.
    """
    if not any(is_open(before) for before, after in pairwise(blocks) if _is_signature(after)):
        return wanted, True
    flows = [list(_flows(blocks, hang=hang)) for hang in (False, True)]
    for pitch in dict.fromkeys((wanted, *_OTHER_PITCHES)):
        if all(_holds(flow, pitch, snap=snap) for flow in flows for snap in (False, True)):
            return pitch, True
    return wanted, False


def _is_signature(block: Block) -> bool:
    return isinstance(block, Signature)


def is_open(block: Block) -> bool:
    """Say whether a block is too long to be bound to the signature after it.

    LibreOffice would move all of it to the signature's page, where Word moves the last line.
    """
    if isinstance(block, Paragraph):
        *_, last = _paragraph_flows(block, hang=False)
        return last.lines > _SHORT_PARAGRAPH
    return isinstance(block, Table)


def _flows(blocks: Iterable[Block], *, hang: bool) -> Iterator[_Flow | Signature]:
    for block in blocks:
        match block:
            case Title():
                yield _Flow(len(title_lines(block.text)), TITLE_LINE, keep=True)
                yield _Flow(len(lines_of(block.subtitle)) + 1)
            case Addressee():
                for line in lines_of(block.text):
                    yield _Flow(line_count(line, first=0, width=TEXT_WIDTH / ZI, hang=hang))
            case Paragraph():
                yield from _paragraph_flows(block, hang=hang)
            case Table():
                widths = column_widths(block)
                for row in (block.header, *block.rows):
                    yield _Flow(1, row_height(row, widths))
            case Signature():
                yield block


def _paragraph_flows(block: Paragraph, *, hang: bool) -> Iterator[_Flow]:
    keep = block.role in KEPT_ROLES and not block.lead
    for line in lines_of(block.lead + block.text):
        yield _Flow(line_count(line, first=2, width=TEXT_WIDTH / ZI, hang=hang), keep=keep)


def _holds(flows: Sequence[_Flow | Signature], pitch: int, *, snap: bool) -> bool:
    """Say whether each signature stands on a page with text.

    With `snap` the lines stand on the grid, as in LibreOffice, else below one another.
    """
    page = TEXT_HEIGHT // pitch * pitch if snap else TEXT_HEIGHT
    used = 0
    for index, flow in enumerate(flows):
        if isinstance(flow, Signature):
            block = signature_lines(flow, pitch) * pitch
            if index and used + block > page:
                last = flows[index - 1]
                if not isinstance(last, _Flow) or last.height or last.lines > _SHORT_PARAGRAPH:
                    return False
                used = last.lines * pitch  # it goes along
            used += block
            continue
        height = flow.height or pitch
        if snap and height == pitch:
            used = math.ceil(used / pitch) * pitch
        if used + _kept_height(flows, index, pitch) > page:
            used = 0
        for _ in range(flow.lines):
            used = used + height if used + height <= page else height
    return True


def _kept_height(flows: Sequence[_Flow | Signature], start: int, pitch: int) -> int:
    """Return the height of what must share a page: headings, and a line of what follows."""
    total = 0
    for flow in islice(flows, start, None):
        if isinstance(flow, Signature):
            break
        height = flow.height or pitch
        if not flow.keep:
            return total + height
        total += flow.lines * height
    return total


def pitch_notes(wanted: int, pitch: int, *, fits: bool) -> Iterator[str]:
    """Yield what must be said of a pitch that was changed, or of one that does not do."""
    if pitch != wanted:
        yield (
            f"为使落款所在页有正文，全文行距由 {wanted / 20:g} 磅调为 {pitch / 20:g} 磅"
            "（GB/T 9704—2012 第 7.3.5.5 条）。"
        )
    if not fits:
        yield "调整行距后落款所在页仍可能没有正文，请打开文件核对，必要时增减末段文字。"
