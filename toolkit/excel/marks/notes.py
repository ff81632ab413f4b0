"""The notes of a return copy: one at each bad cell, below what people wrote in a note of theirs."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.cells import fold
from toolkit.excel.marks.boxes import draw, drop_drawing, undraw
from toolkit.excel.marks.listing import shortened
from toolkit.excel.marks.package import Package, SheetPart, is_own
from toolkit.excel.marks.splice import Element, Part, cell_text, escaped
from toolkit.findings import Finding, Level

SEPARATOR = "—— 核对意见 ——"
"""The line that our text in a note begins with."""

LIVE_HEADING = "—— 边填边核对 ——"
"""The line that our text in a note of an open workbook begins with."""

AUTHOR = "整顿核对"

_LABELS = "|".join(level.label for level in Level)
OWN_LINE = re.compile(rf"(?:\d+\. )?【(?:{_LABELS})】.*\[\w+\]\s*")
"""A line of ours that tells a finding."""
_OPEN, _CLOSE = r"\s*[〔［\[【（(]\s*", r"[〕］\]】）)]"
FORMER_LINE = re.compile(
    rf"{_OPEN}(?:底色未动|原底色\s*[:：]\s*(?:(?P<none>无)|[#＃]?(?P<fill>[0-9A-Fa-f]{{6}})))"
    rf"(?![0-9A-Za-z])\s*{_CLOSE}?(?P<words>.*)"
)
"""The last line of a live mark: what the cell was filled with before; what people wrote behind."""
_CLOSING = re.compile(rf"{_OPEN}(?:底色未动|原底色)")
"""How that line begins, be it readable or not."""


@dataclass(frozen=True)
class Block:
    """A text of ours within notes: the line it begins with, and whether it tells a former fill."""

    heading: str
    closed: bool

    def begin(self, text: str) -> re.Match[str] | None:
        """Return where it begins in a note, the line feed before it included.

        One that tells a former fill is there only if it does, before another begins.
        """
        found = re.finditer(rf"(?:^|\n){self.heading}(?=\n|$)", text)
        for each in found:
            end = text.find(f"\n{self.heading}\n", each.end())
            lines = text[each.end() : end if end >= 0 else len(text)].split("\n")
            if not self.closed or any(map(_CLOSING.match, lines)):
                return each
        return None

    def rest(self, text: str) -> Iterator[str]:
        """Yield the lines below the heading that people have added or changed."""
        blank = 0
        for line in text.split("\n")[1:]:
            words = self._words(line)
            if words is None:
                continue
            if not words.strip():
                blank += 1
                continue
            yield from [""] * blank
            blank = 0
            yield words

    def _words(self, line: str) -> str | None:
        """Return what people wrote in a line, None where the line is ours."""
        former = FORMER_LINE.fullmatch(line) if self.closed else None
        if former:
            return former["words"].strip(" 　，,。;；〕］】）])") or None
        return None if OWN_LINE.fullmatch(line) or line.strip() == self.heading else line


RETURNED = Block(SEPARATOR, closed=False)
LIVE = Block(LIVE_HEADING, closed=True)

_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_OWN_COMMENTS = "xl/commentsMarks{}.xml"
_NO_COMMENTS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<authors></authors><commentList></commentList></comments>"
)
_LOOK = '<sz val="9"/><color indexed="81"/><rFont val="宋体"/><family val="3"/><charset val="134"/>'


def note_lines(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return what a note says of the findings at its cell, a line each.

    >>> note_lines([Finding("", "", "整改措施", ("F7",), "完成时限", Level.ERROR,
    ...     "C202", "10月分前", "读不出完成时限", "写日期或“2022年10月底前”。")])
    ('【必改】填的是“10月分前”，读不出完成时限。写日期或“2022年10月底前”。[C202]',)
    """
    texts = [
        f"【{each.level.label}】{_one_line(_said(each))}。{_one_line(each.fix)}[{each.rule}]"
        for each in findings
    ]
    if len(texts) == 1:
        return tuple(texts)
    return tuple(f"{number}. {text}" for number, text in enumerate(texts, 1))


def _said(finding: Finding) -> str:
    """Return what is wrong; what stands there only where that is true of each of the cells."""
    said = replace(finding, seen="").said if finding.unlike else finding.said
    return said + (f"（对照 {fold(finding.beside)}）" if finding.beside else "")


def _one_line(text: str) -> str:
    return " ".join(shortened(text).split())


# ---- add


def add_notes(sheet: SheetPart, notes: Mapping[str, Sequence[str]]) -> None:
    """Write notes at cells of a sheet; a cell where people talk in a thread keeps only that."""
    package, name = sheet.package, sheet.name
    threaded = threads(package, name)
    comments_name = package.related(name, "comments")
    if not comments_name:
        comments_name = _OWN_COMMENTS.format(sheet.number)
        package.put(comments_name, _NO_COMMENTS)
        package.declare(comments_name, _COMMENTS_TYPE)
        package.tie(name, "comments", comments_name)
    comments = package.read(comments_name)
    authors = comments.root.all("authors", "author")
    theirs: dict[str, Element] = {}
    for each in comments.root.all("commentList", "comment"):
        theirs[each.get("ref")] = each
    wanted = {cell: texts for cell, texts in notes.items() if cell not in threaded}
    fresh: dict[str, Sequence[str]] = {}
    grown: dict[str, str] = {}
    for cell, texts in wanted.items():
        if cell in theirs:
            grown[cell] = _add_below(comments, theirs[cell], texts)
        else:
            fresh[cell] = texts
    if fresh:
        for group, fragment in (
            ("authors", f"<author>{AUTHOR}</author>"),
            ("commentList", "".join(_comment(*each, len(authors)) for each in fresh.items())),
        ):
            element = comments.root.child(group)
            if element is not None:
                comments.append(element, fragment)
    package.put(comments_name, comments.result())
    whole = {cell: "\n".join((SEPARATOR, *texts)) for cell, texts in fresh.items()}
    draw(sheet, whole, grown)


def threads(package: Package, name: str) -> set[str]:
    """Return the cells of a sheet where people talk in a thread."""
    found = {
        each.get("ref")
        for relation in package.relations(name)
        if relation.kind == "threadedComment" and relation.target
        for each in package.read(relation.target).root.children
    }
    comments = package.related(name, "comments")
    if comments:
        root = package.read(comments).root
        authors = root.all("authors", "author")
        for each in root.all("commentList", "comment"):
            author = each.get("authorId")
            if author.isdecimal() and _name_of(authors, int(author)).startswith("tc="):
                found.add(each.get("ref"))
    return found


_LETTER = re.compile(r"&[^;]*;|\r\n|.", re.DOTALL)
"""How XML spells one character."""
_PIECE = re.compile(r"_x([0-9A-Fa-f]{4})_|(.)", re.DOTALL)


def note_texts(package: Package, name: str) -> dict[str, str]:
    """Return the texts of a sheet's notes by cell, each line ended as Excel ends it there.

    Where a cell has several they are one.
    """
    comments = package.related(name, "comments")
    if not comments:
        return {}
    found: dict[str, str] = {}
    for each in package.read(comments).root.all("commentList", "comment"):
        body, cell = each.child("text"), each.get("ref")
        text = _decoded("".join(piece.text for piece in _texts(body)))[0] if body else ""
        found[cell] = f"{found[cell]}\n{text}" if cell in found else text
    return found


def _decoded(raw: str) -> tuple[str, Sequence[int]]:
    r"""Return a note's text and where each of its characters stands as it is spelled.

    >>> _decoded("a_x000D_\nb")
    ('a\nb', [0, 1, 9, 10])
    """
    if "_x" not in raw and "\r" not in raw:
        return raw, range(len(raw) + 1)
    text: list[str] = []
    places: list[int] = []
    was = ""
    for match in _PIECE.finditer(raw):
        letter = chr(int(match[1], 16)) if match[1] else match[2]
        if (was, letter) != ("\r", "\n"):
            text.append("\n" if letter == "\r" else letter)
            places.append(match.start())
        was = letter
    return "".join(text), [*places, len(raw)]


def _name_of(authors: Sequence[Element], number: int) -> str:
    return authors[number].text if number < len(authors) else ""


def _comment(cell: str, texts: Sequence[str], author: int) -> str:
    return (
        f'<comment ref="{cell}" authorId="{author}"><text>'
        f"<r><rPr><b/>{_LOOK}</rPr><t>{SEPARATOR}</t></r>{_run(texts)}</text></comment>"
    )


def _run(texts: Sequence[str], start: str = "") -> str:
    text = cell_text("\n".join((start, *texts)))
    return f'<r><rPr>{_LOOK}</rPr><t xml:space="preserve">{text}</t></r>'


def _add_below(comments: Part, comment: Element, texts: Sequence[str]) -> str:
    """Add our text to a note, below what stands there, and return all of it."""
    body = comment.child("text")
    if body is None:
        return ""
    runs, plain = body.all("r"), body.child("t")
    ours = f"\n{SEPARATOR}"
    if runs:
        comments.insert(runs[-1].end, _run(texts, ours), body.prefix)
    elif plain is not None:
        comments.append(plain, cell_text("\n".join((ours, *texts))))
    else:
        comments.append(body, _run(texts, ours))
    return "".join((*(each.text for each in _texts(body)), "\n".join((ours, *texts))))


def _texts(body: Element) -> list[Element]:
    """Return the pieces of a note's text; how it is pronounced is none."""
    return [*body.all("t"), *body.all("r", "t")]


# ---- take away


def drop_notes(
    sheet: SheetPart,
    block: Block = RETURNED,
    *,
    saved: bool = False,
    kept: Collection[str] = (),
) -> bool:
    """Take a text of ours out of a sheet's notes, and the notes that hold nothing else.

    The notes of `kept` cells stay, and those where people talk in a thread. Returns whether there
    was any to take away. Once a program has `saved` our notes as its own, a part that is left
    without notes goes, whichever names it tells: no program writes one for no note.
    """
    package, name = sheet.package, sheet.name
    comments_name = package.related(name, "comments")
    if not comments_name:
        return False
    comments = package.read(comments_name)
    gone: set[int] = set()
    touched = False
    everything = comments.root.all("commentList", "comment")
    staying = threads(package, name).union(kept)
    for each in everything:
        body = each.child("text")
        raw = "".join(piece.text for piece in _texts(body)) if body else ""
        text, places = _decoded(raw)
        match = block.begin(text)
        if body is None or match is None or each.get("ref") in staying:
            continue
        touched = True
        rest = "\n".join(block.rest(text[match.end() :]))
        if match[0].startswith("\n") or rest:
            _cut_text(comments, body, places[match.start()], rest)
        else:
            gone.add(id(each))
    if not touched:
        return False
    left = [each for each in everything if id(each) not in gone]
    undraw(sheet, {each.get("ref") for each in everything} - {each.get("ref") for each in left})
    named = _remove_all(comments, everything, left)
    if left or (named and not saved):
        package.put(comments_name, comments.result())
    else:
        package.untie(name, comments_name)
        package.discard(comments_name)
        drop_drawing(sheet, ours=is_own(comments_name, _OWN_COMMENTS))
    return True


def _remove_all(comments: Part, everything: Sequence[Element], left: Sequence[Element]) -> bool:
    """Cut out the notes that are not left, and our name; return whether other names stay."""
    group = comments.root.child("commentList")
    if group is not None and not left and comments.was_empty(group):
        comments.emptied(group, group.inner)
    else:
        kept = {id(each) for each in left}  # to compare them would be to compare all below them
        for each in everything:
            if id(each) not in kept:
                comments.remove(each)
    return _drop_author(comments, left)


def _cut_text(comments: Part, body: Element, at: int, rest: str) -> None:
    """Cut a note's text off at a place; what people added below stays, on a line of its own."""
    rest = f"\n{rest}" if rest and at else rest
    begin = 0
    for piece in _texts(body):
        start, begin = begin, begin + len(piece.text)
        if begin <= at or not piece.text:
            continue
        run = next((each for each in body.all("r") if each.child("t") is piece), None)
        if start < at or rest or run is None:
            _shorten(comments, piece, max(0, at - start), rest)
            rest = ""
        elif len(body.all("r")) == 1 and comments.was_empty(body):
            comments.emptied(body, body.inner)
        else:
            comments.remove(run)


def _shorten(comments: Part, piece: Element, length: int, rest: str) -> None:
    """Cut a piece of text off; what stays keeps its bytes."""
    raw = comments.data[piece.inner : piece.close].decode()
    if "<" in raw:  # what needs no escapes within a piece that is told to have none
        kept, rest = 0, escaped(piece.text[:length]) + cell_text(rest)
    else:
        starts = [match.start() for match in _LETTER.finditer(raw)]
        kept, rest = len(raw[: [*starts, len(raw)][length]].encode()), cell_text(rest)
    if kept or rest:
        comments.replace(piece.inner + kept, piece.close, rest)
    else:
        comments.emptied(piece, piece.inner)


def _drop_author(comments: Part, left: Sequence[Element]) -> bool:
    """Take our name off the end of the authors if no note is ours; return whether others stay."""
    group = comments.root.child("authors")
    authors = group.children if group else []
    mine = str(len(authors) - 1)
    if group and authors and authors[-1].text == AUTHOR:
        if all(each.get("authorId") != mine for each in left):
            if comments.was_empty(group):
                comments.emptied(group, group.inner)
            else:
                comments.remove(authors[-1])
        authors = authors[:-1]
    return any(each.text.strip() for each in authors)
