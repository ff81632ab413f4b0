"""Content templates: a .docx that staff edit, read as wording with places for values.

The style of a paragraph gives its role, its text holds placeholders. A template is parsed and its
wording rebuilt through the builder, never rendered in place: split runs cannot break a placeholder,
and an edit cannot break the page.

* 【党员总数】                    a value; a visible blank where the workbook holds none
* 【逐行：存在问题】…【结束】       once for every row; 【隔开：；】 stands between two rows only
* 【如有：依据】…【否则】…【结束】   where there is something, or else; the number 0 is something
* 【章序号】                      一、二、三…: the chapters that are printed, counted

A row of a table is a paragraph whose cells are parted by ｜ or a tab. They are parted as written
in the template: what a value holds stays in its cell.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.errors import FaultyTemplateError
from toolkit.schema.columns import BLANK_IN_PRINT
from toolkit.word.naming import no_table, no_value, nothing
from toolkit.word.numerals import chinese_ordinal
from toolkit.word.scope import Path, Scope, Scopes, find

TITLE, TO, BODY, ATTENDANCE, NOTE = "公文标题", "主送机关", "公文正文", "出席人员", "附注"
ORGAN, DAY = "公文落款", "成文日期"
ANNEX_NAME, ANNEX, LANDSCAPE_ANNEX = "附件说明", "附件标题", "横排附件标题"
TABLE_HEAD, TABLE_ROW, COPIES = "表头", "表格行", "抄送"
STYLES = (
    *(TITLE, TO, BODY, "一级标题", "二级标题", "三级标题", "四级标题"),
    *(ATTENDANCE, NOTE, ANNEX_NAME, ORGAN, DAY),
    *(ANNEX, LANDSCAPE_ANNEX, TABLE_HEAD, TABLE_ROW, COPIES),
)
"""The styles whose names give a paragraph its role."""
ENCLOSED = "印发文件标题"
"""A style that no office writes: the title of a paper that is issued within another."""
CONTROL_STYLE = "控制行"
"""The style of paragraphs that hold loops and conditions only."""
OTHER_STYLES: Mapping[str, str] = {
    "Normal": BODY,
    CONTROL_STYLE: BODY,
    "Title": TITLE,
    "Heading 1": "一级标题",
    "Heading 2": "二级标题",
    "Heading 3": "三级标题",
    "Heading 4": "四级标题",
}
"""What Word and WPS themselves offer, and the role that it has here."""
TABLE_STYLES = frozenset({TABLE_HEAD, TABLE_ROW})

ELSE, BETWEEN, END, CHAPTER = "否则", "隔开", "结束", "章序号"
CELL_MARK = "｜"
"""What parts two cells where a table's row is told as text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph with its style's name; as written in a template, or as filled.

    A filled row of a table has its cells, its head the widths that were written.
    """

    style: str
    text: str
    cells: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()


# -- nodes ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that is printed as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Chapter:
    """A place for the number of a chapter, reckoned as the paper is filled."""


@dataclass(frozen=True, slots=True)
class Between:
    """Text that stands between two rows of a loop only."""

    text: str


@dataclass(frozen=True, slots=True)
class Edge:
    """The end of a cell that is not its row's last."""


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a paragraph; of a row of a table with how many cells it has."""

    style: str
    line: int
    cells: int = 0
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Loop:
    """What is said of every row of a table."""

    name: str
    line: int
    body: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Condition:
    """What is said where there is something, and where there is not."""

    name: str
    line: int
    body: tuple["Node", ...]
    otherwise: tuple["Node", ...]


Node = Literal | Slot | Chapter | Between | Edge | Break | Loop | Condition


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template, at which of its paragraphs; 0 where at none."""

    line: int
    said: str


def refused(template: str, faults: Iterable[Fault]) -> FaultyTemplateError:
    """Return the error that tells all faults of a template, a sentence a line, in their order."""
    told = dict.fromkeys(sorted(faults, key=lambda fault: fault.line))
    places = ((f"第 {fault.line} 段" if fault.line else "", fault.said) for fault in told)
    return FaultyTemplateError(
        *(f"文稿模板《{template}》{place}：{said}" for place, said in places)
    )


# -- fill -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Content:
    """A parsed template."""

    name: str
    nodes: tuple[Node, ...]

    def fill(self, scope: Scope) -> tuple[Line, ...]:
        """Return the paragraphs that the template gives; TemplateError on a name unknown here."""
        lines: list[Line] = []
        cells: list[str] = []
        pending: list[str] = []
        chapters = itertools.count(1)
        for piece in self._filled(self.nodes, (scope,), last=True):
            if isinstance(piece, str):
                pending.append(piece)
                continue
            if isinstance(piece, Chapter):
                pending.append(chinese_ordinal(next(chapters)))
                continue
            cells.append("".join(pending))
            pending.clear()
            if isinstance(piece, Break):
                if any(cells) or piece.style == TABLE_HEAD:  # rows may follow a head without words
                    lines.append(_line(piece, tuple(cells)))
                cells.clear()
        return tuple(lines)

    def check(self, specimen: Scope) -> None:
        """Raise TemplateError telling every unknown name, also where nothing would be printed."""
        faults = tuple(self.faults(specimen))
        if faults:
            raise refused(self.name, faults)

    def faults(self, specimen: Scope) -> Iterator[Fault]:
        """Yield what is wrong with the names; of each of the specimen's tables one row counts."""
        yield from _unknown(self.nodes, (specimen,), ())

    def _filled(
        self, nodes: Sequence[Node], scopes: Scopes, *, last: bool
    ) -> Iterator[str | Chapter | Edge | Break]:
        for node in nodes:
            match node:
                case Literal():
                    yield node.text
                case Slot():
                    yield self._value(node, scopes) or BLANK_IN_PRINT
                case Between():
                    if not last:
                        yield node.text
                case Chapter() | Edge() | Break():
                    yield node
                case Loop():
                    rows = self._rows(node, scopes)
                    for left, row in enumerate(rows, 1 - len(rows)):
                        yield from self._filled(node.body, (row, *scopes), last=not left)
                case Condition():
                    chosen = node.body if self._something(node, scopes) else node.otherwise
                    yield from self._filled(chosen, scopes, last=last)

    def _value(self, node: Slot, scopes: Scopes) -> str:
        found = find(node.name, scopes)
        if isinstance(found, str):
            return found
        raise refused(self.name, [Fault(node.line, no_value(node.name, scopes, ()))])

    def _rows(self, node: Loop, scopes: Scopes) -> Sequence[Scope]:
        found = find(node.name, scopes)
        if found is None or isinstance(found, str):
            raise refused(self.name, [Fault(node.line, no_table(node.name, scopes, ()))])
        return found

    def _something(self, node: Condition, scopes: Scopes) -> bool:
        found = find(node.name, scopes)
        if found is None:
            raise refused(self.name, [Fault(node.line, nothing(node.name, scopes, ()))])
        return bool(found)


def _line(end: Break, cells: tuple[str, ...]) -> Line:
    if end.cells:
        return Line(end.style, CELL_MARK.join(cells), cells, end.widths)
    return Line(end.style, cells[0])


# -- names ----------------------------------------------------------------------------------------


def _unknown(nodes: Sequence[Node], scopes: Scopes, loops: Path) -> Iterator[Fault]:
    """Yield the names that a specimen does not hold where a template uses them."""
    for node in nodes:
        match node:
            case Slot():
                if not isinstance(find(node.name, scopes), str):
                    yield Fault(node.line, no_value(node.name, scopes, loops))
            case Loop():
                rows = find(node.name, scopes)
                if rows is None or isinstance(rows, str):  # of what it holds nobody can tell
                    yield Fault(node.line, no_table(node.name, scopes, loops))
                    continue
                for row in rows[:1]:
                    yield from _unknown(node.body, (row, *scopes), (*loops, node.name))
            case Condition():
                if find(node.name, scopes) is None:
                    yield Fault(node.line, nothing(node.name, scopes, loops))
                yield from _unknown((*node.body, *node.otherwise), scopes, loops)
            case _:
                pass


def names_used(nodes: Sequence[Node]) -> Iterator[tuple[str, bool]]:
    """Yield each name that a template uses, and whether as a table; one may come twice."""
    for node in nodes:
        match node:
            case Slot():
                yield node.name, False
            case Loop():
                yield node.name, True
                yield from names_used(node.body)
            case Condition():
                yield from names_used((*node.body, *node.otherwise))
            case _:
                pass


# -- a village's own words ------------------------------------------------------------------------

_PLACEHOLDER = re.compile("【([^【】]+)】")


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Return a village's own wording with the placeholders it uses filled in.

    Only values; a name that does not exist stays as it stands, and a rule speaks of it.
    """

    def value(match: "re.Match[str]") -> str:
        found = values.get(match[1].strip())
        return match[0] if found is None else found or BLANK_IN_PRINT

    return _PLACEHOLDER.sub(value, text)
