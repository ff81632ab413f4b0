"""What a template needs to make a whole paper: one title, a body, a signature with its date.

A paper without its title could not bear the mark of a draft; one whose organ and date are parted
would be signed twice.
"""

from collections.abc import Iterable, Iterator, Sequence

from toolkit.word.content import (
    ANNEX,
    ANNEX_NAME,
    COPIES,
    DAY,
    LANDSCAPE_ANNEX,
    NOTE,
    ORGAN,
    TITLE,
    TO,
    Break,
    Condition,
    Fault,
    Loop,
    Node,
)
from toolkit.word.naming import LOOP, WHEN

_NO_BODY = frozenset(
    {TITLE, TO, ORGAN, DAY, NOTE, ANNEX_NAME, ANNEX, LANDSCAPE_ANNEX, COPIES},
)
"""The styles that tell something about a paper, and nothing of what it says."""


def wanting(nodes: Sequence[Node], *, signed: bool) -> Iterator[Fault]:
    """Yield what a template lacks, or has at the wrong place; line 0 where it has no place.

    Signed or not, an organ is followed by its date.
    """
    ends = tuple(_ends(nodes))
    yield from _wanting_title(nodes, [end.line for end in ends if end.style == TITLE])
    if all(end.style in _NO_BODY for end in ends):
        yield Fault(0, "没有正文。请把正文各段的样式设成“公文正文”或各级标题。")
    styles = {end.style for end in ends}
    if signed and not styles & {ORGAN, DAY}:
        yield Fault(0, f"没有落款。请在正文后面补上样式为“{ORGAN}”和“{DAY}”的两段。")
        return
    faults: list[Fault] = []
    _check_undated(_signatures(nodes, frozenset({None}), faults), faults)
    yield from dict.fromkeys(faults)


def _ends(nodes: Iterable[Node]) -> Iterator[Break]:
    """Yield the ends of all paragraphs, wherever they stand."""
    for node in nodes:
        match node:
            case Break():
                yield node
            case Loop(body=body):
                yield from _ends(body)
            case Condition(body=body, otherwise=otherwise):
                yield from _ends((*body, *otherwise))
            case _:
                pass


# -- title ----------------------------------------------------------------------------------------


def _wanting_title(nodes: Sequence[Node], lines: Sequence[int]) -> Iterator[Fault]:
    if not lines:
        yield Fault(0, f"没有标题。请把标题那一段的样式设成“{TITLE}”。")
        return
    least = _least_titles(nodes)
    if not least:
        told = f"{TITLE}写在【{LOOP}：…】或没有【否则】的【{WHEN}：…】里，不一定印出来"
        yield Fault(lines[0], f"{told}。请移到外面，或补上【否则】和另一个标题。")
    elif least > 1:
        told = f"{TITLE}不止一段，标题只写一段，长标题由程序分行"
        yield Fault(lines[-1], f"{told}。请并成一段，或改用别的样式。")


def _least_titles(nodes: Iterable[Node]) -> int:
    """Return how many titles are printed whatever a workbook holds; one without words is none."""
    count, says = 0, False
    for node in nodes:
        match node:
            case Break(style=style):
                count += says and style == TITLE
                says = False
            case Condition(body=body, otherwise=otherwise):
                count += min(_least_titles(body), _least_titles(otherwise))
                says = says or _says_something(node)
            case _:
                says = says or _says_something(node)
    return count


def _says_something(node: Node) -> bool:
    """Say whether words are printed whatever a workbook holds; a value leaves a blank at least."""
    if isinstance(node, Condition):
        return all(any(map(_says_something, way)) for way in (node.body, node.otherwise))
    return not isinstance(node, Break | Loop)


# -- signature ------------------------------------------------------------------------------------

_Before = frozenset[Break | None]
"""The paragraphs that may be the last before a place, None at the beginning."""


def _signatures(nodes: Iterable[Node], before: _Before, faults: list[Fault]) -> _Before:
    """Find organs and dates that are parted on every way; return what may stand last."""
    for node in nodes:
        match node:
            case Break(style=style):
                if style == DAY:
                    _check_unsigned(node, before, faults)
                elif style != ORGAN:
                    _check_undated(before, faults)
                before = frozenset({node})
            case Loop(body=body):
                before |= _signatures(body, before, faults)
            case Condition(body=body, otherwise=otherwise):
                before = _signatures(body, before, faults) | _signatures(otherwise, before, faults)
            case _:
                pass
    return before


def _check_unsigned(day: Break, before: _Before, faults: list[Fault]) -> None:
    if not any(end is not None and end.style == ORGAN for end in before):
        told = f"{DAY}上面没有紧挨着的{ORGAN}"
        faults.append(Fault(day.line, f"{told}。请把“{ORGAN}”写在它的上一段。"))


def _check_undated(before: _Before, faults: list[Fault]) -> None:
    organs = [end for end in before if end is not None and end.style == ORGAN]
    if organs and len(organs) == len(before):
        told = f"{ORGAN}下面没有紧挨着的{DAY}"
        faults += (Fault(organ.line, f"{told}。请把“{DAY}”写在它的下一段。") for organ in organs)
