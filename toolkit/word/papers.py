"""Papers: wording from a content template, facts from a vocabulary, set as 公文."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from toolkit.schema.columns import BLANK_IN_PRINT
from toolkit.schema.kinds import Context, Day
from toolkit.word.content import (
    ANNEX,
    ANNEX_NAME,
    ATTENDANCE,
    BODY,
    COPIES,
    DAY,
    ENCLOSED,
    LANDSCAPE_ANNEX,
    ORGAN,
    TABLE_HEAD,
    TABLE_ROW,
    TITLE,
    TO,
    Content,
    Line,
)
from toolkit.word.document import (
    STANDARD,
    USUAL_SEAL,
    Addressee,
    Attachment,
    AttachmentNote,
    Block,
    Document,
    Head,
    Imprint,
    Paragraph,
    Role,
    Seal,
    Signature,
    Table,
    Title,
    Typography,
)
from toolkit.word.gongwen import Rendered, render
from toolkit.word.scope import Scope

DRAFT = "（征求意见稿）"
"""What a draft bears below its title."""

_ROLES = {
    BODY: Role.BODY,
    "一级标题": Role.LEVEL1,
    "二级标题": Role.LEVEL2,
    "三级标题": Role.LEVEL3,
    "四级标题": Role.LEVEL4,
    "附注": Role.NOTE,
}
_WITH_TEXT = frozenset({Role.LEVEL2, Role.LEVEL3, Role.LEVEL4})
"""The headings that text may follow on their line (7.3.3)."""
_ANNEXES = frozenset({ANNEX, LANDSCAPE_ANNEX})


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paper is set: its seal and type, what a head and an imprint tell, whether a draft."""

    seal: Seal = USUAL_SEAL
    typography: Typography = STANDARD
    head: Head | None = None
    imprint: Imprint | None = None
    draft: bool = False


USUAL = Setting()
"""Sealed, in standard type, without a head, and final."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A paper before it is set: its blocks, what it is called, who signs it, what to say of it."""

    blocks: tuple[Block, ...]
    title: str
    organ: str
    notes: tuple[str, ...] = ()


def write_paper(
    scope: Scope, content: Content, setting: Setting, properties: Mapping[str, str]
) -> Rendered:
    """Return the paper that a template makes of what its names hold, as a .docx."""
    return set_paper(compose(scope, content, setting), setting.typography, properties)


def set_paper(paper: Composed, typography: Typography, properties: Mapping[str, str]) -> Rendered:
    """Return a composed paper as a .docx."""
    document = Document(paper.blocks, paper.title, paper.organ, properties)
    rendered = render(document, typography)
    return replace(rendered, notes=(*paper.notes, *rendered.notes))


def compose(scope: Scope, content: Content, setting: Setting = USUAL) -> Composed:
    """Return the blocks of the paper that a template makes of what its names hold."""
    lines = content.fill(scope)
    body = tuple(_blocks(lines, setting.seal))
    head = (setting.head,) if setting.head else ()
    organ = next((block.organ for block in body if isinstance(block, Signature)), "")
    title = next((block.text for block in body if isinstance(block, Title)), content.name)
    if setting.draft:
        body = tuple(_as_draft(body))
    return Composed((*head, *body, *_imprint(lines, setting)), title, organ, tuple(_notes(lines)))


def _as_draft(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield a paper with the mark of a draft: below every title, first where there is none."""
    if not any(isinstance(block, Title) for block in blocks):
        yield Title(DRAFT)
    for block in blocks:
        if isinstance(block, Title) or (isinstance(block, Attachment) and not block.labelled):
            yield replace(block, subtitle=DRAFT)
        else:
            yield block


# -- blocks ---------------------------------------------------------------------------------------


def _blocks(lines: Sequence[Line], seal: Seal) -> Iterator[Block]:
    """Yield the blocks that filled lines make; several lines may make one."""
    organs: list[str] = []
    annexes, annex = sum(line.style in _ANNEXES for line in lines), 0
    for style, run in _runs(lines):
        if organs and style not in {ORGAN, DAY}:
            yield Signature("\n".join(organs), None, seal)
            organs.clear()
        if style == ANNEX_NAME:
            yield AttachmentNote(tuple(line.text for line in run))
        elif style == TABLE_HEAD:
            yield from _table(run)
        elif style == ORGAN:
            organs += (line.text for line in run)
        elif style != COPIES:
            for line in run:
                annex += style in _ANNEXES
                yield _block(line, organs, seal, annex if annexes > 1 else None)
            organs.clear()
    if organs:
        yield Signature("\n".join(organs), None, seal)


def _runs(lines: Sequence[Line]) -> Iterator[tuple[str, Sequence[Line]]]:
    """Yield each run of lines of one style with it; a table's rows go with its head."""
    start = 0
    for at in range(1, len(lines) + 1):
        style = lines[start].style
        if at < len(lines) and lines[at].style == (TABLE_ROW if style == TABLE_HEAD else style):
            continue
        yield style, lines[start:at]
        start = at


def _table(lines: Sequence[Line]) -> Iterator[Table]:
    """Yield the table of a head and its rows; none where no row came."""
    head, *rows = lines
    if rows:
        yield Table(head.cells, tuple(row.cells for row in rows), head.widths)


def _block(line: Line, organs: Sequence[str], seal: Seal, annex: int | None) -> Block:
    match line.style:
        case style if style == TITLE:
            return Title(line.text)
        case style if style == TO:
            return Addressee(line.text)
        case style if style == DAY:
            return Signature("\n".join(organs), _day(line.text), seal)
        case style if style == ENCLOSED:
            return Attachment(line.text, labelled=False)
        case style if style in _ANNEXES:
            return Attachment(line.text, annex, landscape=style == LANDSCAPE_ANNEX)
        case _:
            return _paragraph(line)


def _paragraph(line: Line) -> Paragraph:
    """Return a paragraph; what follows a heading's first stop is set as body text (7.3.3)."""
    if line.style == ATTENDANCE:
        label, colon, names = line.text.partition("：")
        return Paragraph(names, Role.ATTENDANCE, lead=label + colon)
    role = _ROLES[line.style]
    lead, stop, rest = line.text.partition("。")
    if rest and role in _WITH_TEXT:
        return Paragraph(rest, role, lead=lead + stop)
    return Paragraph(line.text, role)


def _imprint(lines: Iterable[Line], setting: Setting) -> Iterator[Imprint]:
    """Yield the imprint: as it was told, the template's 抄送 where it tells none."""
    copies = "，".join(line.text for line in lines if line.style == COPIES)
    told = setting.imprint
    if told is not None:
        yield told if told.copies else replace(told, copies=copies)
    elif copies:
        yield Imprint(copies)


# -- notes ----------------------------------------------------------------------------------------


def _day(text: str) -> dt.date | None:
    return Day().read(text, Context()).value


def _notes(lines: Sequence[Line]) -> Iterator[str]:
    """Yield what must be said of a 成文日期 printed as blanks, and of 附件 that do not agree."""
    for line, after in pairwise((*lines, Line("", ""))):
        if line.style == ORGAN and after.style not in {ORGAN, DAY}:
            yield f"署名“{line.text}”下面没有成文日期，已留出空白，用印前请补填。"
        if line.style != DAY or _day(line.text) is not None:
            continue
        if line.text == BLANK_IN_PRINT:
            yield "成文日期没有填写，已留出空白，用印前请补填。"
        else:
            yield f"成文日期“{line.text}”读不出，已留出空白，用印前请补填。"
    named = [line.text for line in lines if line.style == ANNEX_NAME]
    titles = [line.text for line in lines if line.style in _ANNEXES]
    if titles and named != titles:
        told = "、".join(named) or "没有写"
        yield f"附件说明（{told}）与附件标题（{'、'.join(titles)}）不一致，用印前请核对。"
