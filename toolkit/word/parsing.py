"""A template's paragraphs to its nodes; all that is wrong with them is told at once.

Placeholders stand in 【】. In other brackets, such as [ ] and { }, they are understood where their
inside is a name or a control word; anything else there, such as 〔2022〕, is ordinary text.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.word.content import (
    BETWEEN,
    BODY,
    CHAPTER,
    ELSE,
    END,
    OTHER_STYLES,
    STYLES,
    TABLE_HEAD,
    TABLE_ROW,
    TABLE_STYLES,
    Between,
    Break,
    Chapter,
    Condition,
    Content,
    Edge,
    Fault,
    Line,
    Literal,
    Loop,
    Node,
    Slot,
    refused,
)
from toolkit.word.naming import LOOP, WHEN, every_name, near_miss
from toolkit.word.scope import Scope

_OTHER_BRACKETS = {"[": "]", "［": "］", "{": "}", "｛": "｝", "〔": "〕", "〖": "〗"}
_OPENERS = "".join(map(re.escape, _OTHER_BRACKETS))
_BRACKETS = "【】" + _OPENERS + "".join(map(re.escape, _OTHER_BRACKETS.values()))
_PIECE = re.compile(
    rf"【(?P<inside>[^【】]*)】|(?P<opener>[{_OPENERS}])(?P<other>[^{_BRACKETS}]+)(?P<closer>[{_BRACKETS}])"
    rf"|(?P<text>[^{_BRACKETS}]+|.)",
    re.DOTALL,
)
_COLON = re.compile(rf"\s*({LOOP}|{WHEN}|{BETWEEN})\s*[:：]")
_BARE = frozenset({ELSE, END, CHAPTER})
"""The control words that stand alone."""
_EDGE = re.compile(r"[｜|\t]")
_BLANKS = " \u3000"
_WIDTH = re.compile(r"\s*[（(]\s*宽\s*(\d{1,4})\s*[）)]\s*$")


def parse(lines: Sequence[Line], name: str, specimen: Scope | None = None) -> Content:
    """Return the template that lines of wording make.

    Raises a TemplateError that tells every fault; with a specimen also each name that it lacks.
    """
    faults: list[Fault] = []
    content = parsed(lines, name, specimen, faults)
    if faults:
        raise refused(name, faults)
    return content


def parsed(
    lines: Sequence[Line], name: str, specimen: Scope | None, faults: list[Fault]
) -> Content:
    """Return the template as far as lines of wording make one, with what is wrong told besides."""
    names = every_name(specimen) if specimen else {}
    words = [
        word for number, line in enumerate(lines, 1) for word in _read(line, number, names, faults)
    ]
    content = Content(name, _Parser(words, faults).whole())
    _check_tables(content.nodes, None, faults)
    if specimen:
        faults += content.faults(specimen)
    return content


# -- words ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Word:
    """One token of a template: a literal, a placeholder's inside, a cell's or a paragraph's end."""

    kind: str  # literal, placeholder, edge, break
    text: str
    line: int
    end: Break | None = None

    @property
    def opens(self) -> bool:
        """Whether it begins a loop or a condition."""
        return self.kind == "placeholder" and self.text.startswith((f"{LOOP}：", f"{WHEN}："))

    @property
    def ends(self) -> bool:
        """Whether it ends one."""
        return self.kind == "placeholder" and self.text == END

    @property
    def turns(self) -> bool:
        """Whether it begins what is said where there is nothing."""
        return self.kind == "placeholder" and self.text == ELSE

    @property
    def is_control(self) -> bool:
        """Whether it steers the text around it and prints nothing itself."""
        return self.opens or self.ends or self.turns


def _read(line: Line, number: int, names: Collection[str], faults: list[Fault]) -> Iterator[_Word]:
    """Yield the words of a paragraph and its end; one of controls only is no paragraph."""
    words = list(_words(line.text, number, names, faults))
    said = [word for word in words if word.kind != "literal" or word.text.strip()]
    if all(word.is_control for word in said):
        yield from said
        return
    style = _style(line, number, faults)
    if style in TABLE_STYLES:
        yield from _row(words, style, number, faults)
    else:
        yield from words
        yield _Word("break", "", number, Break(style, number))


def _words(text: str, number: int, names: Collection[str], faults: list[Fault]) -> Iterator[_Word]:
    for piece in _PIECE.finditer(text):
        if piece["inside"] is not None:
            yield _placeholder(piece["inside"], number, faults)
        elif piece["other"] is not None:
            yield _in_other_brackets(piece, number, names, faults)
        else:
            if piece["text"] in {"【", "】"}:
                faults.append(Fault(number, f"“{piece['text']}”没有配对。请补上另一半，或删去。"))
            yield _Word("literal", piece["text"], number)


def _placeholder(inside: str, number: int, faults: list[Fault]) -> _Word:
    if not inside.strip():
        faults.append(Fault(number, "【】里没有写名称。请写上名称，如【村名】，或删去。"))
        return _Word("literal", "", number)
    return _Word("placeholder", _uniform(inside), number)


def _uniform(placeholder: str) -> str:
    """Return a placeholder's inside with a full-width colon; the text to set between stays."""
    text = _COLON.sub(r"\1：", placeholder)
    return text if text.startswith(f"{BETWEEN}：") else text.strip()


def _in_other_brackets(
    piece: "re.Match[str]", number: int, names: Collection[str], faults: list[Fault]
) -> _Word:
    """Return a placeholder where the inside is known as one, else the text as it stands."""
    whole, inside = piece[0], piece["other"].strip()
    literal = _Word("literal", whole, number)
    if _OTHER_BRACKETS[piece["opener"]] != piece["closer"]:
        return literal
    if inside in names or inside in _BARE or _COLON.match(inside):
        return _Word("placeholder", _uniform(piece["other"]), number)
    meant = near_miss(inside, (*names, *_BARE))
    if meant:
        told = f"没有“{inside}”这个名称，相近的是【{meant}】"
        faults.append(
            Fault(number, f"“{whole}”像是占位符，{told}。请改正；是普通文字的，请改用（）。")
        )
    return literal


def _style(line: Line, number: int, faults: list[Fault]) -> str:
    if line.style in STYLES:
        return line.style
    if line.style not in OTHER_STYLES:
        told = f"用了样式“{line.style}”，不知道是公文的哪一部分"
        faults.append(Fault(number, f"{told}。请改用：{'、'.join(STYLES)}。"))
    return OTHER_STYLES.get(line.style, BODY)


# -- rows of tables -------------------------------------------------------------------------------


def _row(words: Sequence[_Word], style: str, number: int, faults: list[Fault]) -> Iterator[_Word]:
    """Yield the words of a table's row, its cells parted; a loop around it all goes outside.

    【逐行：…】甲｜乙【结束】 in one paragraph gives a row each time, not one long row.
    """
    parted = _trimmed([part for word in words for part in _parted(word)])
    first, last = _inner(parted)
    inner = parted[first:last]
    _check_edges(inner, number, faults)
    cells = _cells(inner)
    widths: tuple[int, ...] = ()
    if style == TABLE_HEAD:
        widths = _widths([_take_width(cell) for cell in cells], number, faults)
    yield from parted[:first]
    for at, cell in enumerate(cells):
        if at:
            yield _Word("edge", "", number)
        yield from cell
    yield _Word("break", "", number, Break(style, number, len(cells), widths))
    yield from parted[last:]


def _parted(word: _Word) -> Iterator[_Word]:
    if word.kind != "literal":
        yield word
        return
    for at, text in enumerate(_EDGE.split(word.text)):
        if at:
            yield _Word("edge", "", word.line)
        if text:
            yield replace(word, text=text)


def _trimmed(words: Sequence[_Word]) -> list[_Word]:
    """Return a row's words without the blanks beside what begins and ends around it."""
    blank = [word.kind == "literal" and not word.text.strip() for word in words]
    inside = [at for at, word in enumerate(words) if not (blank[at] or word.opens or word.ends)]
    first, last = (inside[0], inside[-1]) if inside else (len(words), -1)
    return [word for at, word in enumerate(words) if first < at < last or not blank[at]]


def _inner(words: Sequence[_Word]) -> tuple[int, int]:
    """Return where a row begins and ends within what is around the whole of it."""
    opened: list[int] = []
    match: dict[int, int | None] = {}  # where what ends here began, None for an earlier paragraph
    turned: set[int | None] = set()
    for at, word in enumerate(words):
        if word.opens:
            opened.append(at)
        elif word.turns:
            turned.add(opened[-1] if opened else None)
        elif word.ends:
            match[at] = opened.pop() if opened else None
    first = next((at for at, word in enumerate(words) if not word.opens), len(words))
    last = len(words)
    while last > first and words[last - 1].ends:
        began = match[last - 1]
        if began in turned or (began is not None and began >= first):
            break
        last -= 1
    kept = {began for end, began in match.items() if end < last and began is not None}
    first = min((at for at in kept if at < first), default=first)
    return first, last


def _check_edges(words: Sequence[_Word], number: int, faults: list[Fault]) -> None:
    """Find cells that would come more or fewer times than once."""
    depth, passed = 0, False
    for word in words:
        closes = word.ends or word.turns
        passed = passed or word.kind == "edge"
        if (word.kind == "edge" and depth) or (closes and passed and not depth):
            told = f"“｜”写在【{LOOP}：…】或【{WHEN}：…】和【{END}】中间，格数会变"
            faults.append(Fault(number, f"{told}。请让它们都在同一格里，或都在整行外面。"))
            return
        depth += word.opens - word.ends


def _cells(words: Iterable[_Word]) -> list[list[_Word]]:
    cells: list[list[_Word]] = [[]]
    for word in words:
        if word.kind == "edge":
            cells.append([])
        else:
            cells[-1].append(word)
    return [_bare(cell) for cell in cells]


def _bare(cell: list[_Word]) -> list[_Word]:
    """Return a cell without the blanks that the template has at its ends."""
    if cell and cell[0].kind == "literal":
        cell[0] = replace(cell[0], text=cell[0].text.lstrip(_BLANKS))
    if cell and cell[-1].kind == "literal":
        cell[-1] = replace(cell[-1], text=cell[-1].text.rstrip(_BLANKS))
    return cell


def _take_width(cell: list[_Word]) -> int | None:
    """Take the width from the end of a head's cell: 措施（宽5）; None where none is written."""
    found = _WIDTH.search(cell[-1].text) if cell and cell[-1].kind == "literal" else None
    if found is None:
        return None
    cell[-1] = replace(cell[-1], text=cell[-1].text[: found.start()])
    return int(found[1])


def _widths(written: Sequence[int | None], number: int, faults: list[Fault]) -> tuple[int, ...]:
    """Return the shares of a table's columns; one that is not told takes the others' mean."""
    told = [width for width in written if width is not None]
    if 0 in told:
        faults.append(Fault(number, "表头里的宽度不能是 0。请写成“措施（宽5）”的样子。"))
        return ()
    if not told:
        return ()
    mean = max(round(sum(told) / len(told)), 1)
    return tuple(width or mean for width in written)


def _check_tables(nodes: Sequence[Node], head: int | None, faults: list[Fault]) -> int | None:
    """Find rows without a head, or with other cells than it has; return the head that holds on.

    A head is the number of its cells. It holds for the rows that follow until other text comes.
    """
    for node in nodes:
        match node:
            case Break(style=style, cells=cells) if style == TABLE_HEAD:
                head = cells
            case Break(style=style) if style == TABLE_ROW:
                _check_row(node, head, faults)
            case Break():
                head = None
            case Loop(body=body):
                after = _check_tables(body, head, faults)
                if after != head:  # the second time round another head holds, or none
                    _check_tables(body, after, faults)
                    head = None
            case Condition(body=body, otherwise=otherwise):
                ways = {_check_tables(way, head, faults) for way in (body, otherwise)}
                head = ways.pop() if len(ways) == 1 else None
            case _:
                pass
    return head


def _check_row(row: Break, head: int | None, faults: list[Fault]) -> None:
    if head is None:
        told = f"这是{TABLE_ROW}，前面没有紧挨着的{TABLE_HEAD}"
        faults.append(Fault(row.line, f"{told}。请在它上面补一行样式为“{TABLE_HEAD}”的文字。"))
    elif head != row.cells:
        told = f"这一行有 {row.cells} 格，表头有 {head} 格"
        faults.append(Fault(row.line, f"{told}。请核对“｜”，让两行格数一样。"))


# -- nodes ----------------------------------------------------------------------------------------


class _Parser:
    """Turns a template's words into nodes, one word at a time; a fault does not stop it."""

    def __init__(self, words: Sequence[_Word], faults: list[Fault]) -> None:
        self.words = words
        self.faults = faults
        self.at = 0
        self.loops = 0  # that stand open

    def whole(self) -> tuple[Node, ...]:
        """Return the whole template's nodes; a closer without its opener is a fault."""
        nodes = list(self._block())
        while self.at < len(self.words):
            word = self.words[self.at]
            opener = f"【{WHEN}：…】" if word.turns else f"【{LOOP}：…】或【{WHEN}：…】"
            self._fault(word, f"【{word.text}】前面没有与它对应的{opener}。请删去或补上。")
            self.at += 1
            nodes += self._block()
        return tuple(nodes)

    def _fault(self, word: _Word, said: str) -> None:
        self.faults.append(Fault(word.line, said))

    def _block(self) -> tuple[Node, ...]:
        """Return the nodes up to a closer, which is left standing."""
        nodes: list[Node] = []
        while self.at < len(self.words) and not self._stands_closer():
            word = self.words[self.at]
            self.at += 1
            nodes.append(self._node(word))
        return tuple(nodes)

    def _node(self, word: _Word) -> Node:
        if word.end is not None:
            return word.end
        if word.kind != "placeholder":
            return Literal(word.text) if word.kind == "literal" else Edge()
        keyword, colon, target = word.text.partition("：")
        match keyword if colon else "":
            case control if control == BETWEEN:
                return self._between(word, target)
            case control if control == LOOP:
                return self._loop(word, target.strip())
            case control if control == WHEN:
                return self._condition(word, target.strip())
            case _:
                return Chapter() if word.text == CHAPTER else Slot(word.text, word.line)

    def _between(self, word: _Word, text: str) -> Between:
        if not self.loops:
            self._fault(word, f"【{word.text}】要写在【{LOOP}：…】和【{END}】之间。")
        return Between(text)

    def _loop(self, word: _Word, name: str) -> Loop:
        self.loops += 1
        body = self._closed(word)
        self.loops -= 1
        return Loop(name, word.line, body)

    def _condition(self, word: _Word, name: str) -> Condition:
        body = self._block()
        otherwise: tuple[Node, ...] = ()
        if self._stands(ELSE):
            self.at += 1
            otherwise = self._closed(word)
        else:
            self._close(word)
        return Condition(name, word.line, body, otherwise)

    def _closed(self, opener: _Word) -> tuple[Node, ...]:
        """Return the nodes up to the end of what was opened; 【否则】 among them is a fault."""
        nodes = list(self._block())
        while self._stands(ELSE):
            told = f"【{ELSE}】只能在【{WHEN}：…】里用一次"
            self._fault(self.words[self.at], f"{told}。请删去或另写一个【{WHEN}：…】。")
            self.at += 1
            nodes += self._block()
        self._close(opener)
        return tuple(nodes)

    def _close(self, opener: _Word) -> None:
        if self._stands(END):
            self.at += 1
        else:
            self._fault(opener, f"【{opener.text}】没有对应的【{END}】。请补上。")

    def _stands_closer(self) -> bool:
        return self._stands(END) or self._stands(ELSE)

    def _stands(self, control: str) -> bool:
        if self.at == len(self.words):
            return False
        word = self.words[self.at]
        return word.kind == "placeholder" and word.text == control
