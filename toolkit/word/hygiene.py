"""Text hygiene: the few corrections that a rule names, made in the paper and told of each.

All else is printed to the character. The workbook is never changed: what is mended is the reading
that a paper is made from, and each correction knows its cell and the rule that asks for it:

* W604  a half-width mark between Chinese: , ; : ? ! and a pair of brackets
* W604  one mark written twice: 。。 ，， ；； 、、 ：：
* W601  a year in other brackets than 〔〕 in a 发文字号

What a cell hides behind a mask (***) is left blank. That a list sets its own marks, and so prints
an item without the one that ends it, is layout and no correction.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.cells import a1
from toolkit.forms.township import MINUTES
from toolkit.schema.columns import BLANK_IN_PRINT, Field, Row
from toolkit.schema.kinds import Text
from toolkit.schema.texts import is_mask
from toolkit.schema.workbook import Sheet, Workbook
from toolkit.word.content import Condition, Content, Literal, Loop, Node, Slot
from toolkit.word.document import Block, Head
from toolkit.word.lines import sanitize
from toolkit.word.scope import Scope, Scopes, find
from toolkit.word.words import words

MARKS, NUMBERS = "W604", "W601"
"""The rules that ask for corrections: of marks, and of the brackets in a 发文字号."""

_HALF = re.compile(r"(?<=[一-龥”》）])[,;:?!](?=\D|$)")
_PAIR = re.compile(r"\([^()]*\)")
_BRACKET = re.compile(r"(?<=[一-龥])[()](?=[一-龥\d]|$)")
_TWICE = re.compile(
    "(?<!。)。。(?!。)|(?<!，)，，(?!，)|(?<!；)；；(?!；)|(?<!、)、、(?!、)|(?<!：)：：(?!：)"
)
_NUMBER = re.compile(
    r"(?<=[发办函字通组委])第?\s*([\[［(（〔])\s*\d{4}\s*年?\s*([\]］)）〕])\s*第?\d+\s*号"
)
# Without one of these there is nothing to do.
_SLIPS = re.compile(r"[,;:?!(\[\]［］（）]|。。|，，|；；|、、|：：")
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}


@dataclass(frozen=True, slots=True)
class Correction:
    """What a rule asks for: what stood in a text, where, and what is printed in its place."""

    start: int
    before: str
    after: str
    rule: str


def corrections(text: str) -> tuple[Correction, ...]:
    """Return what is corrected in a text, in its order.

    >>> [(each.before, each.after, each.rule) for each in corrections("清组发[2022]40号,落实。。")]
    [('[', '〔', 'W601'), (']', '〕', 'W601'), (',', '，', 'W604'), ('。。', '。', 'W604')]
    """
    if _SLIPS.search(text) is None:
        return ()
    brackets = {each.start: each for each in (*_pairs(text), *_numbers(text))}
    bracketed = corrected(text, (brackets[start] for start in sorted(brackets)))
    found = (*brackets.values(), *_marks(bracketed))  # no bracket shifts what stands behind it
    return tuple(sorted(found, key=lambda each: each.start))


def _numbers(text: str) -> Iterator[Correction]:
    for match in _NUMBER.finditer(text):
        for group, right in ((1, "〔"), (2, "〕")):
            if match[group] != right:
                yield Correction(match.start(group), match[group], right, NUMBERS)


def _pairs(text: str) -> Iterator[Correction]:
    """Yield both brackets of each pair of which one, at least, stands at a Chinese character."""
    for match in _PAIR.finditer(text):
        ends = (match.start(), match.end() - 1)
        if any(_BRACKET.match(text, at) for at in ends):
            yield from (Correction(at, text[at], _FULL[text[at]], MARKS) for at in ends)


def _marks(text: str) -> Iterator[Correction]:
    for match in _HALF.finditer(text):
        yield Correction(match.start(), match[0], _FULL[match[0]], MARKS)
    for match in _TWICE.finditer(text):
        yield Correction(match.start(), match[0], match[0][0], MARKS)


def corrected(text: str, made: Iterable[Correction]) -> str:
    """Return a text with corrections made in it.

    >>> corrected("走访(入户),座谈", corrections("走访(入户),座谈"))
    '走访（入户），座谈'
    """
    parts: list[str] = []
    done = 0
    for each in made:
        parts += (text[done : each.start], each.after)
        done = each.start + len(each.before)
    return "".join((*parts, text[done:]))


# -- a workbook as it is printed ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mended:
    """A cell that is printed otherwise than it stands in the workbook."""

    sheet: str
    cell: str
    text: str  # as it is printed
    made: tuple[Correction, ...]


def for_print(book: Workbook) -> tuple[Workbook, tuple[Mended, ...]]:
    """Return a workbook as papers print it, and the cells whose text was corrected for that.

    What is nothing but a mask counts as empty, and prints a visible blank.
    """
    mended: list[Mended] = []
    sheets = {cls: _sheet(sheet, mended) for cls, sheet in book.sheets.items()}
    return replace(book, sheets=sheets), tuple(mended)


def _sheet(sheet: Sheet, mended: list[Mended]) -> Sheet:
    rows = tuple(_row(row, mended) for row in sheet.rows)
    changed = any(new is not old for new, old in zip(rows, sheet.rows, strict=True))
    return replace(sheet, rows=rows) if changed else sheet


def _row(row: Row, mended: list[Mended]) -> Row:
    """Return a row as it is printed: itself where nothing in it is printed otherwise."""
    fields: dict[str, Field] = {}
    for column, field in row.filled():
        value = field.value
        if field.masked:
            fields[column.name] = _unmasked(field)
        elif isinstance(value, str) and isinstance(column.kind, Text):
            made = corrections(value)
            if made:
                text = corrected(value, made)
                fields[column.name] = field._replace(value=text)
                cell = a1(field.row, field.column)
                mended.append(Mended(row.sheet_title, cell, text, made))
    if all(new is row.fields[name] for name, new in fields.items()):
        return row
    return type(row)(row.workbook, row.sheet_title, {**row.fields, **fields})


def _unmasked(field: Field) -> Field:
    """Return a cell without what is nothing but a mask: empty, or a blank for the name of each."""
    value = field.value
    if value is None or (isinstance(value, str) and is_mask(value)):
        return field._replace(value=None, raw=None)
    if isinstance(value, tuple):
        return field._replace(value=tuple(BLANK_IN_PRINT if is_mask(n) else n for n in value))
    return field  # a text that hides a word is printed as it stands, and a rule speaks of it


# -- what is said of it ---------------------------------------------------------------------------

_PIECES = re.compile(r"[。；\n]|【[^【】]*】")  # where the text of a cell may be parted in a paper
_MOST_TOLD = 8  # places left blank; whoever fills in those sees the others
_MASK = re.compile("[*＊]{2,}")
_BLANK = re.compile(f"{BLANK_IN_PRINT[0]}{{2,}}")


def notes(
    content: Content, scope: Scope, blocks: Sequence[Block], mended: Iterable[Mended]
) -> tuple[str, ...]:
    """Return what is to be said of a paper's words: corrections, blanks, what no file can hold.

    Of corrections only those that the paper prints.
    """
    texts = tuple(words(blocks))
    found = (
        _corrections(texts, mended),
        _blanks(blocks, content, scope),
        _masks(texts, content),
        _unheld(texts),
    )
    return tuple(note for note in found if note)


def _corrections(texts: Sequence[str], mended: Iterable[Mended]) -> str:
    whole = "".join(texts)
    told = "；".join(f"{m.sheet} {m.cell} {_made(m)}" for m in mended if _is_printed(m.text, whole))
    return told and f"文稿里按规则更正了标点，工作簿没有改，请照改：{told}。"


def _is_printed(text: str, whole: str) -> bool:
    """Say whether a paper holds a text, whatever it has parted it into."""
    pieces = (piece.strip(" ，,；;") for piece in _PIECES.split(text))
    return all(piece in whole for piece in pieces)


def _made(cell: Mended) -> str:
    """Return what was corrected in a cell, by rule.

    >>> _made(Mended("存在问题", "C7", "", corrections("走访,座谈,了解(入户)。")))
    '“,”改为“，”2 处、“(”改为“（”、“)”改为“）”（W604）'
    """
    by_rule: dict[str, Counter[str]] = {}
    for each in cell.made:
        counted = by_rule.setdefault(each.rule, Counter())
        counted[f"“{each.before}”改为“{each.after}”"] += 1
    return "，".join(
        "、".join(f"{said}{n} 处" if n > 1 else said for said, n in counted.items()) + f"（{rule}）"
        for rule, counted in by_rule.items()
    )


def _blanks(blocks: Iterable[Block], content: Content, scope: Scope) -> str:
    """Return how many places are left blank, and which: what of which row of the workbook.

    Of a head it is told elsewhere.
    """
    held = words(block for block in blocks if not isinstance(block, Head))
    count = sum(len(_BLANK.findall(text)) for text in held)
    if not count:
        return ""
    named = Counter(_empty(content.nodes, (scope,)))
    told = [f"{name} {n} 处" if n > 1 else name for name, n in named.items()]
    told += ["文字里的空"] if count > named.total() else []
    listed = "、".join(told[:_MOST_TOLD]) + ("等" if len(told) > _MOST_TOLD else "")
    return f"有 {count} 处留空（{BLANK_IN_PRINT}）：{listed}。{_when(content)}请补填。"


def _empty(nodes: Iterable[Node], scopes: Scopes, place: str = "") -> Iterator[str]:
    """Yield what each place is called that a template, or a cell, leaves blank."""
    for node in nodes:
        match node:
            case Literal():
                for match in _BLANK.finditer(node.text):
                    yield f"模板“{node.text[: match.start()][-_AROUND:]}”后面的空"
            case Slot():
                told = _empty_in(node.name, find(node.name, scopes))
                yield from (f"{place}{each}" for each in told)
            case Loop():
                for at, row in enumerate(find(node.name, scopes) or (), 1):
                    if isinstance(row, Scope):
                        yield from _empty(node.body, (row, *scopes), _called(row, node.name, at))
            case Condition():
                chosen = node.body if find(node.name, scopes) else node.otherwise
                yield from _empty(chosen, scopes, place)
            case _:
                pass


def _empty_in(name: str, text: object) -> Iterator[str]:
    """Yield the name of a value that is empty, or what each blank within it is called."""
    if not text:
        yield name
    for match in _BLANK.finditer(text if isinstance(text, str) else ""):
        label = _LABEL.search(str(text)[: match.start()])
        yield label[1] if label else name


_LABEL = re.compile("([一-龥]{2,8})[：:]$")  # before a blank within a text: 责任人：＿＿
_AROUND = 6  # characters before a blank that are told of its place


def _called(row: Scope, table: str, at: int) -> str:
    """Return what a row is known by: the number that it has in the workbook, else its place.

    >>> _called(Scope({"措施编号": "P02-M03", "问题编号": "P02"}), "措施", 7)
    'P02-M03 '
    >>> _called(Scope({"姓名": ""}), "工作力量", 2)
    '工作力量第 2 行'
    """
    number = next((text for name, text in row.values.items() if name.endswith("编号") and text), "")
    return f"{number} " if number else f"{table}第 {at} 行"


def _when(content: Content) -> str:
    """Return until when a paper is to be complete; minutes bear no seal."""
    return "定稿前" if content.name == MINUTES else "用印前"


def _masks(texts: Iterable[str], content: Content) -> str:
    count = sum(len(_MASK.findall(text)) for text in texts)
    told = f"文字里有 {count} 处脱敏符号（如 ***），照原样印出，{_when(content)}请补填。"
    return told if count else ""


def _unheld(texts: Iterable[str]) -> str:
    count = sum(sanitize(text).count("\ufffd") for text in texts)
    return f"有 {count} 个字符存不进文稿，印成了“\ufffd”，请核对。" if count else ""
