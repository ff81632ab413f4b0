"""Content templates: a .docx that staff edit, read as wording with places for values.

The style of a paragraph gives its role, its text holds placeholders. A template is parsed and its
wording rebuilt through the builder, never rendered in place: split runs cannot break a placeholder,
and an edit cannot break the page.

* 【党员总数】                    a value
* 【逐行：存在问题】…【结束】       once for every row; 【隔开：；】 stands between two rows only
* 【如有：依据】…【否则】…【结束】   where there is something, or else
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.errors import TemplateError
from toolkit.schema.columns import BLANK_IN_PRINT

STYLES = (
    *("公文标题", "主送机关", "公文正文", "一级标题", "二级标题", "三级标题", "四级标题"),
    *("附注", "公文落款", "成文日期"),
)
"""The styles whose names give a paragraph its role; a paragraph typed in Normal is 公文正文."""

CONTROL_STYLE = "控制行"
"""The style of paragraphs that hold loops and conditions only."""

LOOP, WHEN, ELSE, BETWEEN, END = "逐行", "如有", "否则", "隔开", "结束"
_PLACEHOLDER = re.compile(r"【([^【】]{1,60})】")
_PIECE = re.compile(rf"{_PLACEHOLDER.pattern}|([^【】]+|[【】])")


@dataclass(frozen=True)
class Scope:
    """The values and tables that placeholders name; a row's scope looks on in its parent's."""

    values: Mapping[str, str]
    tables: Mapping[str, Sequence["Scope"]] = field(default_factory=dict)
    parent: "Scope | None" = None

    def value(self, name: str) -> str | None:
        """Return a value, "" where the workbook holds none, None where no such name exists."""
        if name in self.values:
            return self.values[name]
        return self.parent.value(name) if self.parent else None

    def table(self, name: str) -> Sequence["Scope"] | None:
        """Return a table's rows, None where no such table exists."""
        if name in self.tables:
            return self.tables[name]
        return self.parent.table(name) if self.parent else None

    def names(self) -> tuple[str, ...]:
        """Return every name that can be used here, nearest first."""
        own = (*self.values, *self.tables)
        above = self.parent.names() if self.parent else ()
        return tuple(dict.fromkeys((*own, *above)))


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph with its style's name; as written in a template, or as filled."""

    style: str
    text: str


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str
    line: int


@dataclass(frozen=True, slots=True)
class _Between:
    text: str


@dataclass(frozen=True, slots=True)
class _Break:
    """The end of a paragraph."""

    style: str


@dataclass(frozen=True, slots=True)
class _Branch:
    """A loop or condition with what stands inside."""

    kind: str
    name: str
    line: int
    body: tuple["_Node", ...]
    otherwise: tuple["_Node", ...] = ()


_Node = _Literal | _Slot | _Between | _Break | _Branch


@dataclass(frozen=True, slots=True)
class _Word:
    """One token of a template: a literal, a placeholder's inside, or a paragraph's end."""

    kind: str  # literal, placeholder, break
    text: str
    line: int


@dataclass(frozen=True)
class Content:
    """A parsed template."""

    name: str
    nodes: tuple[_Node, ...]

    def fill(self, scope: Scope) -> tuple[Line, ...]:
        """Return the paragraphs that the template gives; TemplateError on a name unknown here."""
        lines: list[Line] = []
        pending: list[str] = []
        for piece in _walk(self.nodes, scope, self.name):
            if isinstance(piece, _Break):
                text = "".join(pending)
                if text:
                    lines.append(Line(piece.style, text))
                pending.clear()
            else:
                pending.append(piece)
        return tuple(lines)


def _walk(
    nodes: Sequence[_Node], scope: Scope, name: str, *, last: bool = True
) -> Iterator["str | _Break"]:
    for node in nodes:
        if isinstance(node, _Break):
            yield node
        elif isinstance(node, _Literal):
            yield node.text
        elif isinstance(node, _Between):
            if not last:
                yield node.text
        elif isinstance(node, _Branch):
            yield from _walk_branch(node, scope, name, last=last)
        else:
            value = scope.value(node.name)
            if value is None:
                raise _unknown(name, node.line, node.name, scope)
            yield value or BLANK_IN_PRINT


def _walk_branch(node: _Branch, scope: Scope, name: str, *, last: bool) -> Iterator["str | _Break"]:
    rows = scope.table(node.name)
    if node.kind == LOOP:
        if rows is None:
            raise _unknown(name, node.line, node.name, scope)
        for index, row in enumerate(rows, start=1):
            yield from _walk(node.body, row, name, last=index == len(rows))
        return
    present = scope.value(node.name) if rows is None else bool(rows)
    if present is None:
        raise _unknown(name, node.line, node.name, scope)
    yield from _walk(node.body if present else node.otherwise, scope, name, last=last)


def _unknown(template: str, line: int, placeholder: str, scope: Scope) -> TemplateError:
    names = "、".join(scope.names())
    return TemplateError(
        f"文稿模板《{template}》第 {line} 段：【{placeholder}】没有对应的内容。可用的有：{names}。"
    )


def parse(lines: Sequence[Line], name: str) -> Content:
    """Return the template that lines of wording make; TemplateError where a loop stays open."""
    return Content(name, _Parser(tuple(_words(lines, name)), name).whole())


def _words(lines: Sequence[Line], name: str) -> Iterator[_Word]:
    for number, line in enumerate(lines, start=1):
        only_controls = True
        words: list[_Word] = []
        for match in _PIECE.finditer(line.text):
            if match[1] is None:
                only_controls = only_controls and not match[2].strip()
                words.append(_Word("literal", match[2], number))
                continue
            text = match[1].strip().replace(":", "：")
            only_controls = only_controls and _is_control(text)
            words.append(_Word("placeholder", text, number))
        if only_controls:
            # A paragraph of controls only is an instruction, not a paragraph.
            yield from (word for word in words if word.kind == "placeholder")
            continue
        yield from words
        yield _Word("break", _style(line, number, name), number)


def _style(line: Line, number: int, name: str) -> str:
    if line.style in STYLES:
        return line.style
    if line.style in ("Normal", CONTROL_STYLE):
        return "公文正文"
    raise TemplateError(
        f"文稿模板《{name}》第 {number} 段用了样式“{line.style}”，不知道是公文的哪一部分。"
        f"请改用：{'、'.join(STYLES)}。"
    )


def _is_control(text: str) -> bool:
    return text in (ELSE, END) or text.startswith((f"{LOOP}：", f"{WHEN}："))


class _Parser:
    """Turns a template's words into nodes, one word at a time."""

    def __init__(self, words: Sequence[_Word], name: str) -> None:
        self.words = words
        self.name = name
        self.at = 0

    def whole(self) -> tuple[_Node, ...]:
        """Return the whole template's nodes; raises TemplateError on a closer without opener."""
        nodes = self._block()
        if self.at < len(self.words):
            word = self.words[self.at]
            raise TemplateError(
                f"文稿模板《{self.name}》第 {word.line} 段：【{word.text}】前面没有与它对应的"
                f"【{LOOP}：…】或【{WHEN}：…】。请删去或补上。"
            )
        return nodes

    def _block(self) -> tuple[_Node, ...]:
        """Return the nodes up to a closer, which is left standing."""
        nodes: list[_Node] = []
        while self.at < len(self.words) and not self._stands(END) and not self._stands(ELSE):
            word = self.words[self.at]
            self.at += 1
            nodes.append(self._node(word))
        return tuple(nodes)

    def _node(self, word: _Word) -> _Node:
        if word.kind == "literal":
            return _Literal(word.text)
        if word.kind == "break":
            return _Break(word.text)
        if word.text.startswith(f"{BETWEEN}："):
            return _Between(word.text.removeprefix(f"{BETWEEN}："))
        if _is_control(word.text):
            return self._branch(word)
        return _Slot(word.text, word.line)

    def _branch(self, word: _Word) -> _Branch:
        kind, _, target = word.text.partition("：")
        body = self._block()
        otherwise: tuple[_Node, ...] = ()
        if kind == WHEN and self._stands(ELSE):
            self.at += 1
            otherwise = self._block()
        if not self._stands(END):
            raise TemplateError(
                f"文稿模板《{self.name}》第 {word.line} 段：【{word.text}】没有对应的【{END}】。"
                "请补上。"
            )
        self.at += 1
        return _Branch(kind, target.strip(), word.line, body, otherwise)

    def _stands(self, control: str) -> bool:
        if self.at == len(self.words):
            return False
        word = self.words[self.at]
        return word.kind == "placeholder" and word.text == control


def fill_text(text: str, scope: Scope) -> str:
    """Return a village's own wording with the placeholders it uses filled in.

    Only values; a name that does not exist stays as it stands, and a rule speaks of it.
    """

    def value(match: "re.Match[str]") -> str:
        found = scope.value(match[1])
        return match[0] if found is None else found or BLANK_IN_PRINT

    return _PLACEHOLDER.sub(value, text)
