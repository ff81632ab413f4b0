"""A village's papers: wording from a content template, facts from the workbook, set as 公文."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from toolkit.schema.columns import BLANK_IN_PRINT
from toolkit.schema.kinds import Context, Day
from toolkit.schema.workbook import Workbook
from toolkit.word.content import BODY, Content, Line
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
    Title,
    Typography,
)
from toolkit.word.gongwen import Rendered, render
from toolkit.word.vocabulary import vocabulary

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


def write_paper(
    book: Workbook,
    content: Content,
    as_of: dt.date,
    seal: Seal = USUAL_SEAL,
    typography: Typography = STANDARD,
) -> Rendered:
    """Return the paper that a template makes of a village's workbook on that day."""
    lines = content.fill(vocabulary(book, as_of))
    blocks = tuple(_blocks(lines, seal))
    organ = next((block.organ for block in blocks if isinstance(block, Signature)), "")
    title = next((block.text for block in blocks if isinstance(block, Title)), content.name)
    properties = {"zhengdun.source": book.facts.sha256, "zhengdun.as_of": as_of.isoformat()}
    rendered = render(Document(blocks, title, organ, properties), typography)
    return replace(rendered, notes=(*_day_notes(lines), *rendered.notes))


def _blocks(lines: Sequence[Line], seal: Seal) -> Iterator[Block]:
    organs: list[str] = []
    for line in lines:
        if line.style == "公文标题":
            yield Title(line.text)
        elif line.style == "主送机关":
            yield Addressee(line.text)
        elif line.style == "公文落款":
            organs.append(line.text)
        elif line.style == "成文日期":
            yield Signature("\n".join(organs), _day(line.text), seal)
            organs.clear()
        else:
            yield _paragraph(line)
    if organs:
        yield Signature("\n".join(organs), None, seal)


def _paragraph(line: Line) -> Paragraph:
    """Return a paragraph; what follows a heading's first stop is set as body text (7.3.3)."""
    role = _ROLES[line.style]
    lead, stop, rest = line.text.partition("。")
    if rest and role in _WITH_TEXT:
        return Paragraph(rest, role, lead=lead + stop)
    return Paragraph(line.text, role)


def _day(text: str) -> dt.date | None:
    return Day().read(text, Context()).value


def _day_notes(lines: Iterable[Line]) -> Iterator[str]:
    """Yield what must be said of a 成文日期 that is printed as blanks."""
    for line in lines:
        if line.style != "成文日期" or _day(line.text) is not None:
            continue
        if line.text == BLANK_IN_PRINT:
            yield "成文日期没有填写，已留出空白，用印前请补填。"
        else:
            yield f"成文日期“{line.text}”读不出，已留出空白，用印前请补填。"
