"""The line pitch at which the page of the signature carries text (7.3.5).

The document is modelled as a flow of lines and rows over pages; nothing is rendered to find out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, product

from toolkit.word.attachments import note_lines, opening_height
from toolkit.word.document import (
    Addressee,
    Attachment,
    AttachmentNote,
    Block,
    Head,
    Imprint,
    Paragraph,
    Role,
    Signature,
    Table,
    Title,
    opens_attendance,
)
from toolkit.word.head import head_height
from toolkit.word.imprint import imprint_height
from toolkit.word.lines import attendance_indent, line_counts, lines_of
from toolkit.word.page import LEAST_ROW, TEXT_HEIGHT, TEXT_WIDTH, TITLE_LINE, ZI
from toolkit.word.signature import signature_lines
from toolkit.word.styles import KEPT_ROLES
from toolkit.word.tables import column_widths, row_height
from toolkit.word.titles import title_lines

_NEAR_PITCHES = (554, 600)  # 7.3.5.5: 23 and 21 lines to the page
_FAR_PITCHES = (531, 637, 508, 671)  # 24, 20, 25 and 19 lines, where nothing nearer will do
_ODD_PITCHES = range(508, 672, 7)  # they leave part of a line, but move what stands below a table
_ROWS = (480, 430, 510, 400, 540, 570, 600, 630, 660, 690)  # twips; no clause speaks of rows
_BORDER = 10  # twips
_LONG_PARAGRAPH = 15  # lines: of so many, one more or less than reckoned may come to be set
_SHORT_PARAGRAPH = 3  # lines; such a last paragraph may go to the next page with the signature


@dataclass(frozen=True, slots=True)
class Program:
    """How a program sets lines: where Word and LibreOffice differ, and WPS may be as either."""

    hangs: bool  # a closing mark may stand outside the line
    moves_whole: bool  # all of a paragraph goes along with what it is kept with, else a line
    ends_on_grid: bool  # a page ends where the last whole line of the pitch does


LIBREOFFICE = Program(hangs=False, moves_whole=True, ends_on_grid=True)
WORD = Program(hangs=True, moves_whole=False, ends_on_grid=False)
_PROGRAMS = (LIBREOFFICE, WORD, Program(hangs=False, moves_whole=False, ends_on_grid=False))


@dataclass(frozen=True, slots=True)
class Fit:
    """What is adjusted so that a signature finds text on its page."""

    pitch: int  # twips
    is_bound: bool = False  # a long text before a signature is bound to it, as a short one is
    least_row: int = LEAST_ROW  # twips: of a table before a signature
    begins_late: bool = False  # no adjustment brings text onto page 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a signature with its 附件说明, or a 版记, comes to stand; pages are counted from 1."""

    page: int
    above: int  # twips of the page above it
    left: int  # twips of the page that are left below it; negative where it is torn
    is_imprint: bool
    has_text: bool  # above it on its page; also where there is none at all
    begins: int = 1  # the page on which the text begins

    @property
    def is_right(self) -> bool:
        """Whether it has its room; a signature has it on a page with text (7.3.5)."""
        return self.left >= 0 and (self.is_imprint or self.has_text)


def fitting(blocks: Sequence[Block], wanted: int) -> Fit:
    """Return the least adjustment by which each signature finds text and room on its page.

    Page 1 shows text (7.3.3), and the 版记 finds its room on the last one. Word and LibreOffice
    differ in hanging marks and in what goes along with a signature; the adjustment does for
    both. A short last paragraph is always bound to the signature; a long one is where none of
    the pitches near the wanted one will do without. Where they do not, the rows of a table may.
    """
    if not _needs_room(blocks):
        return Fit(wanted)
    flow = tuple(_flow(blocks))
    has_table = any(isinstance(item, _Rows) and item.is_last for item in flow)
    tries = list(_adjustments(wanted, has_table=has_table))
    flows = (flow, *(tuple(_lengthened(flow, by)) for by in (1, -1)))
    for fit in tries[: 2 * (1 + len(_NEAR_PITCHES))]:
        if all(_holds(each, fit, from_page_1=True, with_imprint=True) for each in flows):
            return fit
    # In need the imprint stands on a page of its own, or page 1 ends with the addressee.
    for from_page_1, with_imprint in product((True, False), repeat=2):
        for fit in tries:
            if _holds(flow, fit, from_page_1=from_page_1, with_imprint=with_imprint):
                return replace(fit, begins_late=not from_page_1)
    return Fit(wanted, is_bound=True)


def _lengthened(flow: Iterable["_Item"], by: int) -> Iterator["_Item"]:
    """Yield a flow whose long paragraphs are some lines longer: widths are not known to a hair."""
    for item in flow:
        if isinstance(item, _Lines) and min(item.counts) >= _LONG_PARAGRAPH:
            without, with_hanging = item.counts
            yield replace(item, counts=(without + by, with_hanging + by))
        else:
            yield item


def _adjustments(wanted: int, *, has_table: bool) -> Iterator[Fit]:
    """Yield what may be adjusted, the least first."""
    either = (False, True)
    near = tuple(dict.fromkeys((wanted, *_NEAR_PITCHES)))
    odd = sorted(_ODD_PITCHES, key=lambda pitch: abs(pitch - wanted))
    for is_bound, pitch in product(either, near):
        yield Fit(pitch, is_bound)
    for least_row, is_bound in product(_ROWS if has_table else (), either):
        yield Fit(wanted, is_bound, least_row)
    for pitch, is_bound in product((*_FAR_PITCHES, *odd), either):
        yield Fit(pitch, is_bound)


def _needs_room(blocks: Sequence[Block]) -> bool:
    """Say whether anything can go amiss: short texts are bound to their signatures anyhow."""
    return any(isinstance(block, Head | AttachmentNote | Imprint) for block in blocks) or any(
        isinstance(after, Signature) and is_open(before) for before, after in pairwise(blocks)
    )


def is_open(block: Block) -> bool:
    """Say whether a block is too long to be bound, without need, to the signature after it.

    LibreOffice would move all of it to the signature's page, where Word moves the last line.
    """
    if isinstance(block, Paragraph):
        *_, (last, _) = _counts(block, TEXT_WIDTH)
        return last > _SHORT_PARAGRAPH
    return isinstance(block, Table)


def _holds(flow: Sequence["_Item"], fit: Fit, *, from_page_1: bool, with_imprint: bool) -> bool:
    return all(
        (place.is_right or (place.is_imprint and not with_imprint))
        and (place.begins <= 1 or not from_page_1)
        for program in _PROGRAMS
        for place in _places(flow, fit, program)
    )


def places(blocks: Sequence[Block], fit: Fit, program: Program) -> tuple[Place, ...]:
    """Return where a program sets each signature, and the 版记."""
    return tuple(_places(tuple(_flow(blocks)), fit, program))


def fit_notes(wanted: int, fit: Fit) -> Iterator[str]:
    """Yield what must be said of each adjustment, and of text that does not begin on page 1."""
    if fit.begins_late:
        yield (
            "首页排不下正文，不合 GB/T 9704—2012 第 7.3.3 条，请打开文件核对，"
            "必要时精简标题、发文机关标志，或者增加正文。"
        )
    if fit.pitch != wanted:
        yield (
            f"为使落款所在页有正文，全文行距由 {wanted / 20:g} 磅调为 {fit.pitch / 20:g} 磅"
            "（GB/T 9704—2012 第 7.3.5.5 条）。"
        )
    if fit.least_row != LEAST_ROW:
        yield (
            f"为使落款所在页有正文，落款前表格的最小行高由 {LEAST_ROW / 20:g} 磅"
            f"调为 {fit.least_row / 20:g} 磅。"
        )
    if fit.is_bound:
        yield (
            "为使落款所在页有正文，末段（表格末行）随落款排到下一页，上一页下方可能留有空白。"
            "请打开文件核对，必要时增减末段文字。"
        )


# -- what flows -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lines:
    """Lines of one paragraph: how many without hanging marks, and with them."""

    counts: tuple[int, int]
    height: int = 0  # twips; 0 is the pitch
    keep: bool = False  # on the page of what follows
    leads: bool = False  # to a table, with which it is kept if it is short
    is_last: bool = False  # before a signature, with which a long one is kept where it must be
    is_text: bool = True


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table: the height of its head row, which each page repeats, and of the others."""

    head: int
    rows: tuple[int, ...]  # 0 where it is the least
    is_last: bool  # before a signature


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The start of a page of that height, and what an attachment begins with."""

    height: int
    attachment: Attachment
    above_table: bool


@dataclass(frozen=True, slots=True)
class _Tail:
    """A signature and the lines of the 附件说明 above it, which nothing parts."""

    note: tuple[int, int]
    signature: Signature


_Item = _Lines | _Rows | _Sheet | _Tail | Head | Imprint


def _flow(blocks: Sequence[Block]) -> Iterator[_Item]:
    width, note = TEXT_WIDTH, (0, 0)
    for at, (block, after) in enumerate(zip(blocks, (*blocks[1:], None), strict=True)):
        yield from _blank_above(blocks, at)
        is_last, leads = isinstance(after, Signature | AttachmentNote), isinstance(after, Table)
        match block:
            case Title():
                yield from _title(block, leads=leads or is_last)
            case Addressee() | Paragraph():
                *others, last = _text(block, width)
                yield from others
                yield replace(last, leads=leads, is_last=is_last)
            case Table():
                widths = column_widths(block, is_turned=width != TEXT_WIDTH)
                head, *rows = (_row_height(row, widths) for row in (block.header, *block.rows))
                yield _Rows(max(head, LEAST_ROW), tuple(rows), is_last)
                if leads:
                    yield _Lines((1, 1), is_text=False)  # else the two would be one
            case AttachmentNote():
                without, with_hanging = (1 + sum(note_lines(block, hang=h)) for h in (False, True))
                note = without, with_hanging
            case Signature():
                yield _Tail(note, block)
                note = 0, 0
            case Attachment():
                sides = (TEXT_WIDTH, TEXT_HEIGHT)
                width, height = reversed(sides) if block.landscape else sides
                yield _Sheet(height, block, above_table=leads)
            case Head() | Imprint():
                yield block


def _blank_above(blocks: Sequence[Block], at: int) -> Iterator[_Lines]:
    if opens_attendance(blocks, at):
        yield _Lines((1, 1), keep=True, is_text=False)


def _row_height(row: Sequence[str], widths: Sequence[int]) -> int:
    """Return the height that a row needs, with its border; 0 for a low one, which has room."""
    height = row_height(row, widths)
    return 0 if height == LEAST_ROW else height + _BORDER


def _title(title: Title, *, leads: bool) -> Iterator[_Lines]:
    lines, marks = len(title_lines(title.text)), len(lines_of(title.subtitle))
    if lines:
        yield _Lines((lines, lines), TITLE_LINE, keep=True, is_text=False)
    if marks:
        yield _Lines((marks, marks), keep=True, is_text=False)
    yield _Lines((1, 1), leads=leads, is_text=False)


def _text(block: Addressee | Paragraph, width: int) -> list[_Lines]:
    is_text = isinstance(block, Paragraph)
    keep = isinstance(block, Paragraph) and block.role in KEPT_ROLES and not block.lead
    return [_Lines(counts, keep=keep, is_text=is_text) for counts in _counts(block, width)]


def _counts(block: Addressee | Paragraph, width: int) -> list[tuple[int, int]]:
    """Return the lines that each paragraph of a block fills, without hanging marks and with."""
    first, text = 0, block.text
    if isinstance(block, Paragraph) and block.role is Role.ATTENDANCE:
        room = width / ZI - attendance_indent(block.lead)
        return [line_counts(line, first=0, width=room) for line in lines_of(text) or [""]]
    if isinstance(block, Paragraph):
        first, text = 2, block.lead + text
    return [line_counts(line, first=first, width=width / ZI) for line in lines_of(text)]


# -- where it comes to stand ----------------------------------------------------------------------


class _Page:
    """The page that is being filled, as a program fills it; all heights are twips."""

    def __init__(self, pitch: int, program: Program) -> None:
        self.pitch = pitch
        self.program = program
        self.number = self.used = 0
        self.sheet = self.height = TEXT_HEIGHT
        self.begins = self.text_on = 0  # the pages of the first text, and of the last
        self.table_on = 0  # where the table before began
        self.turn()

    def turn(self, sheet: int = 0, *, again: bool = False) -> None:
        """Begin the next page, or this one again, whose text may have another height."""
        self.sheet = self.height = sheet or self.sheet
        if self.program.ends_on_grid:
            self.height -= self.sheet % self.pitch
        self.number += not again
        self.used = 0

    def make_room(self, need: int) -> None:
        """Begin a page where this one has no room for what must stand together."""
        if self.used and self.used + need > self.height:
            self.turn()

    def set_lines(self, count: int, height: int) -> None:
        """Set lines, each on the page that has room for it."""
        here = max((self.height - self.used) // height, 0)
        while count > here:
            count -= here
            self.turn()
            here = max(self.height // height, 1)
        self.used += count * height

    def set_rows(self, table: _Rows) -> None:
        """Set a table; each page it reaches repeats the head row."""
        self.table_on = self.number
        self.used += table.head
        for row in table.rows:
            if self.used + row + _BORDER > self.height and self.used > table.head:
                self.turn()
                self.used = table.head
            self.used += min(row, self.height - self.used)  # a taller one is torn
        self.used += _BORDER

    def move_row(self, table: _Rows, need: int) -> None:
        """Take the last row to the next page, if it is bound to what has no room on this one.

        LibreOffice does so on the first page of a table only.
        """
        can_move = not self.program.moves_whole or self.table_on == self.number
        if table.rows and can_move and self.used + need > self.height:
            self.turn()
            self.used = table.head + table.rows[-1]
            self.text_on = self.number


def _places(flow: Sequence[_Item], fit: Fit, program: Program) -> Iterator[Place]:
    page = _Page(fit.pitch, program)
    items = list(_adjusted(flow, fit, program))
    before: _Item | None = None
    for index, item in enumerate(items):
        if not (isinstance(before, _Lines) and before.keep):  # else it got its room with that
            page.make_room(_together(items, index, page))
        if isinstance(item, _Tail | Imprint):
            if isinstance(before, _Rows) and before.is_last and fit.is_bound:
                page.move_row(before, _height(item, page))
            yield _placed(item, page)
        else:
            _set(item, page, is_first=before is None)
        before = item


def _set(item: _Lines | _Rows | _Sheet | Head, page: _Page, *, is_first: bool) -> None:
    is_text = isinstance(item, _Rows) or (isinstance(item, _Lines) and item.is_text)
    if is_text or isinstance(item, _Sheet):
        page.begins = page.begins or page.number
    match item:
        case _Lines():
            page.set_lines(item.counts[page.program.hangs], item.height or page.pitch)
        case _Rows():
            page.set_rows(item)
        case _Sheet():
            page.turn(item.height, again=is_first)
            page.used = opening_height(item.attachment, page.pitch, above_table=item.above_table)
        case Head():
            page.used = head_height(item, page.pitch)
    if is_text:
        page.text_on = page.number


def _placed(item: _Tail | Imprint, page: _Page) -> Place:
    """Return where something stands whose parts stay together, and set it there."""
    if isinstance(item, Imprint) and page.sheet != TEXT_HEIGHT:
        page.turn(TEXT_HEIGHT)  # it stands on an upright page
    need = _height(item, page)
    left = page.height - page.used - need
    is_imprint, has_text = isinstance(item, Imprint), page.text_on in (0, page.number)
    place = Place(page.number, page.used, left, is_imprint, has_text, page.begins)
    if left < 0:
        page.turn()
    page.used += need
    return place


def _adjusted(flow: Sequence[_Item], fit: Fit, program: Program) -> Iterator[_Item]:
    """Yield what flows, the ends of texts kept with what follows as a program keeps them."""
    for item in flow:
        if isinstance(item, _Rows):
            least = fit.least_row if item.is_last else LEAST_ROW
            yield replace(item, rows=tuple(max(row, least) for row in item.rows))
        elif isinstance(item, _Lines) and _goes_along(item, is_bound=fit.is_bound):
            count = item.counts[program.hangs]
            if count > 1 and not program.moves_whole:
                yield replace(item, counts=(count - 1, count - 1))
                count = 1
            yield replace(item, counts=(count, count), keep=True)
        else:
            yield item


def _goes_along(lines: _Lines, *, is_bound: bool) -> bool:
    """Say whether a paragraph's end is bound to what follows: a long one's only where it must."""
    if lines.counts[False] <= _SHORT_PARAGRAPH:
        return lines.leads or lines.is_last
    return lines.is_last and is_bound


def _together(items: Sequence[_Item], start: int, page: _Page) -> int:
    """Return the height of what must share a page: what is kept, and the first of what follows."""
    total = 0
    for item in islice(items, start, None):
        match item:
            case _Lines():
                height = item.height or page.pitch
                if not item.keep:
                    return total + height
                total += item.counts[page.program.hangs] * height
            case _Rows():
                return total + item.head + sum(item.rows[:1]) + _BORDER
            case _Tail():
                return total + _height(item, page) if total else 0
            case _:
                break
    return total


def _height(item: _Tail | Imprint, page: _Page) -> int:
    if isinstance(item, Imprint):
        return imprint_height(item)
    lines = item.note[page.program.hangs] + signature_lines(item.signature, page.pitch)
    return lines * page.pitch
