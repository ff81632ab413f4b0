"""A village's papers: wording from a content template, facts from the workbook, set as 公文."""

import datetime as dt
from collections.abc import Iterable, Sequence

from toolkit.schema.kinds import Context, Day
from toolkit.schema.workbook import Workbook
from toolkit.word.content import Content, Line
from toolkit.word.document import (
    STANDARD,
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
    "公文正文": Role.BODY,
    "一级标题": Role.LEVEL1,
    "二级标题": Role.LEVEL2,
    "三级标题": Role.LEVEL3,
    "四级标题": Role.LEVEL4,
    "附注": Role.NOTE,
}


def write_paper(
    book: Workbook,
    content: Content,
    as_of: dt.date,
    seal: Seal | None = None,
    typography: Typography = STANDARD,
) -> Rendered:
    """Return the paper that a template makes of a village's workbook on that day."""
    lines = content.fill(vocabulary(book, as_of))
    blocks = tuple(_blocks(lines, seal or Seal()))
    organ = next((block.organ for block in blocks if isinstance(block, Signature)), "")
    title = next((block.text for block in blocks if isinstance(block, Title)), content.name)
    properties = {"zhengdun.source": book.sha256, "zhengdun.as_of": as_of.isoformat()}
    return render(Document(blocks, title, organ, properties), typography)


def _blocks(lines: Sequence[Line], seal: Seal) -> Iterable[Block]:
    organs: list[str] = []
    for line in lines:
        if line.style == "公文标题":
            yield Title(line.text)
        elif line.style == "主送机关":
            yield Addressee(line.text)
        elif line.style == "公文落款":
            organs.append(line.text)
        elif line.style == "成文日期":
            day = Day().read(line.text, Context()).value
            yield Signature("\n".join(organs), day, seal.sealed, seal.millimetres)
            organs.clear()
        else:
            yield _paragraph(line)


def _paragraph(line: Line) -> Paragraph:
    """Return a paragraph; what follows a heading's first stop is set as body text (7.3.3)."""
    role = _ROLES[line.style]
    if role not in (Role.BODY, Role.NOTE, Role.LEVEL1):
        lead, stop, rest = line.text.partition("。")
        if rest:
            return Paragraph(rest, role, lead=lead + stop)
    return Paragraph(line.text, role)
