"""Content templates: a .docx that staff edit, read as wording with places for values.

The style of a paragraph gives its role, its text holds placeholders. A template is parsed and its
wording rebuilt through the builder, never rendered in place: split runs cannot break a placeholder,
and an edit cannot break the page.

* 【党员总数】                    a value; a visible blank where the workbook holds none
* 【逐行：存在问题】…【结束】       once for every row; 【隔开：；】 stands between two rows only
* 【如有：依据】…【否则】…【结束】   where there is something, or else; the number 0 is something
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.errors import TemplateError
from toolkit.schema.columns import BLANK_IN_PRINT
from toolkit.word.scope import Scope, Scopes, find, table_names, value_names

BODY = "公文正文"
STYLES = (
    *("公文标题", "主送机关", BODY, "一级标题", "二级标题", "三级标题", "四级标题"),
    *("附注", "公文落款", "成文日期"),
)
"""The styles whose names give a paragraph its role."""
CONTROL_STYLE = "控制行"
"""The style of paragraphs that hold loops and conditions only."""
_OTHER_STYLES = {  # what Word and WPS themselves offer
    "Normal": BODY,
    CONTROL_STYLE: BODY,
    "Title": "公文标题",
    "Heading 1": "一级标题",
    "Heading 2": "二级标题",
    "Heading 3": "三级标题",
    "Heading 4": "四级标题",
}

LOOP, WHEN, ELSE, BETWEEN, END = "逐行", "如有", "否则", "隔开", "结束"
_PLACEHOLDER = re.compile("【([^【】]+)】")
_PIECE = re.compile(rf"{_PLACEHOLDER.pattern}|([^【】]+|[【】])")
_COLON = re.compile(rf"\s*({LOOP}|{WHEN}|{BETWEEN})\s*[:：]")
_MOST_NAMES = 10  # offered in a message


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
class _Loop:
    """What is said of every row of a table."""

    name: str
    line: int
    body: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    """What is said where there is something, and where there is not."""

    name: str
    line: int
    body: tuple["_Node", ...]
    otherwise: tuple["_Node", ...]


_Node = _Literal | _Slot | _Between | _Break | _Loop | _Condition


# -- fill -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Content:
    """A parsed template."""

    name: str
    nodes: tuple[_Node, ...]

    def fill(self, scope: Scope) -> tuple[Line, ...]:
        """Return the paragraphs that the template gives; TemplateError on a name unknown here."""
        lines: list[Line] = []
        pending: list[str] = []
        for piece in self._filled(self.nodes, (scope,), last=True):
            if isinstance(piece, str):
                pending.append(piece)
                continue
            text = "".join(pending)
            if text:
                lines.append(Line(piece.style, text))
            pending.clear()
        return tuple(lines)

    def check(self, scope: Scope) -> None:
        """Raise TemplateError at the first unknown name, also where nothing would be printed.

        Of each table one row is looked at, so the scope given has one in each.
        """
        self._check(self.nodes, (scope,))

    def _filled(
        self, nodes: Sequence[_Node], scopes: Scopes, *, last: bool
    ) -> Iterator[str | _Break]:
        for node in nodes:
            match node:
                case _Literal():
                    yield node.text
                case _Slot():
                    yield self._value(node, scopes) or BLANK_IN_PRINT
                case _Between():
                    if not last:
                        yield node.text
                case _Break():
                    yield node
                case _Loop():
                    rows = self._rows(node, scopes)
                    for left, row in enumerate(rows, 1 - len(rows)):
                        yield from self._filled(node.body, (row, *scopes), last=not left)
                case _Condition():
                    chosen = node.body if self._something(node, scopes) else node.otherwise
                    yield from self._filled(chosen, scopes, last=last)

    def _check(self, nodes: Sequence[_Node], scopes: Scopes) -> None:
        for node in nodes:
            match node:
                case _Slot():
                    self._value(node, scopes)
                case _Loop():
                    for row in self._rows(node, scopes)[:1]:
                        self._check(node.body, (row, *scopes))
                case _Condition():
                    self._something(node, scopes)
                    self._check((*node.body, *node.otherwise), scopes)
                case _:
                    pass

    def _value(self, node: _Slot, scopes: Scopes) -> str:
        found = find(node.name, scopes)
        if isinstance(found, str):
            return found
        raise self._unknown(node.line, node.name, node.name, value_names(scopes))

    def _rows(self, node: _Loop, scopes: Scopes) -> Sequence[Scope]:
        found = find(node.name, scopes)
        if found is None or isinstance(found, str):
            raise self._unknown(node.line, f"{LOOP}：{node.name}", node.name, table_names(scopes))
        return found

    def _something(self, node: _Condition, scopes: Scopes) -> bool:
        found = find(node.name, scopes)
        if found is None:
            names = (*value_names(scopes), *table_names(scopes))
            raise self._unknown(node.line, f"{WHEN}：{node.name}", node.name, names)
        return bool(found)

    def _unknown(
        self, line: int, placeholder: str, name: str, names: Iterable[str]
    ) -> TemplateError:
        offer = _offer(name, tuple(dict.fromkeys(names)))
        return _fault(self.name, line, f"【{placeholder}】没有对应的内容。{offer}")


def _fault(template: str, line: int, fault: str) -> TemplateError:
    return TemplateError(f"文稿模板《{template}》第 {line} 段：{fault}")


def _offer(name: str, names: Sequence[str]) -> str:
    """Return the names that exist, of many the nearest."""
    if len(names) <= _MOST_NAMES:
        return f"可用的有：{'、'.join(names)}。"
    from rapidfuzz import process  # noqa: PLC0415 -- only a slip in a template pays for it

    near = [hit[0] for hit in process.extract(name, names, limit=_MOST_NAMES)]
    return f"相近的有：{'、'.join(near)}（共 {len(names)} 个可用）。"


def fill_text(text: str, values: Mapping[str, str]) -> str:
    """Return a village's own wording with the placeholders it uses filled in.

    Only values; a name that does not exist stays as it stands, and a rule speaks of it.
    """

    def value(match: "re.Match[str]") -> str:
        found = values.get(match[1].strip())
        return match[0] if found is None else found or BLANK_IN_PRINT

    return _PLACEHOLDER.sub(value, text)


# -- parse ----------------------------------------------------------------------------------------


def parse(lines: Sequence[Line], name: str) -> Content:
    """Return the template that lines of wording make; TemplateError where they make none."""
    return Content(name, _Parser(tuple(_words(lines, name)), name).whole())


@dataclass(frozen=True, slots=True)
class _Word:
    """One token of a template: a literal, a placeholder's inside, or a paragraph's end."""

    kind: str  # literal, placeholder, break
    text: str
    line: int

    @property
    def is_control(self) -> bool:
        """Whether it steers the text around it and prints nothing itself."""
        steers = self.text in (ELSE, END) or self.text.startswith((f"{LOOP}：", f"{WHEN}："))
        return self.kind == "placeholder" and steers


def _words(lines: Sequence[Line], name: str) -> Iterator[_Word]:
    for number, line in enumerate(lines, start=1):
        words = [
            _Word("placeholder", _uniform(match[1]), number)
            if match[1]
            else _Word("literal", match[2], number)
            for match in _PIECE.finditer(line.text)
        ]
        alone = next((word.text for word in words if word.text in ("【", "】")), "")
        if alone:
            raise _fault(name, number, f"“{alone}”没有配对。请补上另一半，或删去。")
        said = [word for word in words if word.kind != "literal" or word.text.strip()]
        if all(word.is_control for word in said):
            # A paragraph of controls only is an instruction, not a paragraph.
            yield from said
            continue
        yield from words
        yield _Word("break", _style(line, number, name), number)


def _uniform(placeholder: str) -> str:
    """Return a placeholder's inside with a full-width colon; the text to set between stays."""
    text = _COLON.sub(r"\1：", placeholder)
    return text if text.startswith(f"{BETWEEN}：") else text.strip()


def _style(line: Line, number: int, name: str) -> str:
    if line.style in STYLES:
        return line.style
    if line.style in _OTHER_STYLES:
        return _OTHER_STYLES[line.style]
    raise _fault(
        name,
        number,
        f"用了样式“{line.style}”，不知道是公文的哪一部分。请改用：{'、'.join(STYLES)}。",
    )


class _Parser:
    """Turns a template's words into nodes, one word at a time."""

    def __init__(self, words: Sequence[_Word], name: str) -> None:
        self.words = words
        self.name = name
        self.at = 0
        self.loops = 0  # that stand open

    def whole(self) -> tuple[_Node, ...]:
        """Return the whole template's nodes; raises TemplateError on a closer without opener."""
        nodes = self._block()
        if self.at < len(self.words):
            word = self.words[self.at]
            opener = f"【{WHEN}：…】" if word.text == ELSE else f"【{LOOP}：…】或【{WHEN}：…】"
            fault = f"【{word.text}】前面没有与它对应的{opener}。请删去或补上。"
            raise _fault(self.name, word.line, fault)
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
        keyword, colon, target = word.text.partition("：")
        if colon and keyword == BETWEEN:
            return self._between(word, target)
        if colon and keyword == LOOP:
            return self._loop(word, target.strip())
        if colon and keyword == WHEN:
            return self._condition(word, target.strip())
        return _Slot(word.text, word.line)

    def _between(self, word: _Word, text: str) -> _Between:
        if not self.loops:
            fault = f"【{word.text}】要写在【{LOOP}：…】和【{END}】之间。"
            raise _fault(self.name, word.line, fault)
        return _Between(text)

    def _loop(self, word: _Word, name: str) -> _Loop:
        self.loops += 1
        body = self._block()
        self.loops -= 1
        self._close(word)
        return _Loop(name, word.line, body)

    def _condition(self, word: _Word, name: str) -> _Condition:
        body = self._block()
        otherwise: tuple[_Node, ...] = ()
        if self._stands(ELSE):
            self.at += 1
            otherwise = self._block()
        self._close(word)
        return _Condition(name, word.line, body, otherwise)

    def _close(self, opener: _Word) -> None:
        if self._stands(ELSE):
            fault = f"【{ELSE}】只能在【{WHEN}：…】里用一次。请删去或另写一个【{WHEN}：…】。"
            raise _fault(self.name, self.words[self.at].line, fault)
        if not self._stands(END):
            fault = f"【{opener.text}】没有对应的【{END}】。请补上。"
            raise _fault(self.name, opener.line, fault)
        self.at += 1

    def _stands(self, control: str) -> bool:
        if self.at == len(self.words):
            return False
        word = self.words[self.at]
        return word.kind == "placeholder" and word.text == control
