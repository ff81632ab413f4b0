"""The chapters of a plan: each makes rows of its pieces and accounts for every character."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import takewhile
from typing import Any

from toolkit.cells import Raw
from toolkit.forms.village import Basis, Goal, Measure, Passage, Person, Problem, Profile, Stage
from toolkit.intake.extracts import bases, people, stated_types, type_codes
from toolkit.intake.pieces import Cells, Item, Part, Piece, count, items, list_style, style_of
from toolkit.intake.profile import age_bands, read_profile
from toolkit.intake.text import Line
from toolkit.schema.columns import Column
from toolkit.schema.deadlines import parse_deadline


class Chapter(Enum):
    """What a chapter holds; the value is the section its own paragraphs are filed under."""

    PREAMBLE = "前言"
    PROFILE = "基本情况"
    PROBLEMS = "存在的问题分析"
    GOALS = "整改目标"
    MEASURES = "整改具体措施"
    STAGES = "时限要求"
    REQUIREMENTS = "整顿要求"


_BY_WORDS = (  # the first that fits decides
    ("总体要求|总体思路|指导思想", None),
    ("基本情况|概况|村情", Chapter.PROFILE),
    ("时限|时间|步骤|阶段|进度安排", Chapter.STAGES),
    ("问题.*措施", Chapter.MEASURES),
    ("保障|组织领导|组织机构|成立组织", Chapter.REQUIREMENTS),
    ("措施", Chapter.MEASURES),
    ("目标", Chapter.GOALS),
    ("问题", Chapter.PROBLEMS),
    ("要求", Chapter.REQUIREMENTS),
)


def chapter_named(title: str) -> Chapter | None:
    """Return the chapter that a heading names, None for one that the workbook has no place for.

    >>> [chapter_named(title) for title in ("主要问题", "组织保障", "指导思想")]
    [<Chapter.PROBLEMS: '存在的问题分析'>, <Chapter.REQUIREMENTS: '整顿要求'>, None]
    """
    return next((chapter for words, chapter in _BY_WORDS if re.search(words, title)), None)


def _passage(part: Part, chapter: Chapter, piece: Piece) -> str:
    text = part.keep(piece)
    part.row(Passage, {Passage.section: chapter.value, Passage.text: text})
    return text


# ---- words before the first chapter, and the profile

_SENTENCE = re.compile("[。；：，]")
_TITLE = re.compile(r"[^。；：，]{2,60}(?:方案|意见|计划)(?:[（(][^（）()]*[)）])?")


def preamble(pieces: Sequence[Piece]) -> Part:
    """Take the title, and what the plan rests on."""
    part = Part()
    head = list(takewhile(lambda piece: not _SENTENCE.search(piece.text), pieces))
    if not any(_TITLE.fullmatch(piece.text) for piece in head):
        head = []
    for piece in head:
        note = f"标题“{piece.text}”没有存放的格子，公文标题由文稿模板生成，请核对是否一致"
        part.quote(piece, note)
    for piece in pieces[len(head) :]:
        rows, notes = bases(_passage(part, Chapter.PREAMBLE, piece))
        for cells in rows:
            part.row(Basis, cells)
        part.notes += notes
    return part


def profile(pieces: Sequence[Piece], year: int | None) -> Part:
    """Take the village's figures out of its paragraphs, which keep their wording."""
    part = Part()
    known: dict[Column[Any], Raw] = {}
    for piece in pieces:
        reading = read_profile(piece.text, known, year)
        known |= {column: raw for column, raw in reading.fields.items() if column not in known}
        cells = {Passage.section: Chapter.PROFILE.value, Passage.text: reading.text}
        part.row(Passage, cells)
        part.kept.append(piece)
        part.notes += reading.notes
    part.profile.append(known)
    return part


# ---- lists of paragraphs


def _numbered(pieces: Sequence[Piece]) -> Iterator[Item]:
    """Yield the numbered stretches of some paragraphs, and what stands before or between them."""
    style = list_style(pieces)
    for piece in pieces:
        yield from items(piece, style)


def _order_note(numbers: Sequence[int | None], what: str, outcome: str) -> list[str]:
    """Return a remark on numbers that repeat or skip."""
    known = [number for number in numbers if number is not None]
    if known == list(range(1, len(known) + 1)):
        return []
    return [f"{what}的序号有重复或跳号（{'、'.join(map(str, known))}），{outcome}"]


def problems(pieces: Sequence[Piece]) -> tuple[Part, list[str]]:
    """Take the problems' descriptions, which other chapters add to."""
    part = Part()
    found: list[str] = []
    numbers: list[int | None] = []
    for number, mark, body in _numbered(pieces):
        if mark is not None:
            part.drop(mark)
            numbers.append(number)
            found.append(part.keep(body))
        elif found:
            found[-1] += ("\n" if found[-1] else "") + part.keep(body)
            part.notes.append(
                f"{body.line.place}没有序号，接在第 {len(found)} 个问题的具体表现之后"
            )
        else:
            text = _passage(part, Chapter.PROBLEMS, body)
            if types := stated_types(text):
                typed = type_codes(types, "认定")
                part.notes += typed.notes
                part.profile.append({Profile.types_text: types, Profile.main_types: typed.codes})
    for text in found:
        bands, notes = age_bands(text)
        part.profile.append(bands)
        part.notes += notes
    part.notes += _order_note(numbers, "问题", "按先后顺序编号")
    return part, found


def goals(pieces: Sequence[Piece]) -> Part:
    """Take the aims: the first sentence is an aim's title, the rest its text."""
    part = Part()
    found: list[tuple[str, list[str]]] = []
    numbers: list[int | None] = []
    for number, mark, body in _numbered(pieces):
        if mark is not None:
            part.drop(mark)
            numbers.append(number)
            title, rest = _first_sentence(part, body)
            found.append((title, [rest] if rest else []))
        elif found:
            if found[-1][1]:
                part.notes.append(
                    f"{body.line.place}没有序号，接在第 {len(found)} 个目标的内容之后"
                )
            found[-1][1].append(part.keep(body))
        else:
            _passage(part, Chapter.GOALS, body)
    for title, texts in found:
        part.row(Goal, {Goal.title: title, Goal.text: "\n".join(texts)})
    part.notes += _order_note(numbers, "目标", "按先后顺序填写")
    return part


def _first_sentence(part: Part, piece: Piece) -> tuple[str, str]:
    """Return the first sentence without its stop, and the rest."""
    stop = piece.text.find("。")
    if stop < 0:
        return part.keep(piece, "；;"), ""
    part.drop(piece.part(stop, stop + 1))
    return part.keep(piece.part(0, stop)), part.keep(piece.part(stop + 1), "；;")


_LONGEST_HEADING = 30


def requirements(pieces: Sequence[Piece]) -> Part:
    """Take the closing demands, and the people they name."""
    part = Part()
    titled = ""  # a heading that waits for its text
    for _, mark, body in _numbered(pieces):
        _name_people(part, body.text)
        if mark is not None:
            part.drop(mark)
        title, text = "", body
        stop = body.text.find("。")
        if mark is not None and 0 < (stop if stop >= 0 else len(body.text)) <= _LONGEST_HEADING:
            if stop >= 0:
                part.drop(body.part(stop, stop + 1))
            title = part.keep(body.part(0, stop if stop >= 0 else None), "；;")
            text = body.part(stop + 1) if stop >= 0 else body.part(len(body.text))
        if titled and mark is not None:
            part.row(Passage, _requirement("", titled))
            titled = ""
        if title and not text.text.strip():
            part.drop(text)
            titled = title
            continue
        part.row(Passage, _requirement(title or titled, part.keep(text)))
        titled = ""
    if titled:
        part.row(Passage, _requirement("", titled))
    return part


def _requirement(title: str, text: str) -> Cells:
    section = Chapter.REQUIREMENTS.value
    return {Passage.section: section, Passage.title: title, Passage.text: text}


def _name_people(part: Part, text: str) -> None:
    rows, notes = people(text)
    for cells in rows:
        part.row(Person, cells)
        part.notes.append(f"“工作力量”的{cells[Person.role]}“{cells[Person.name]}”取自“整顿要求”")
    part.notes += notes


# ---- stages

_TIME = re.compile(
    r"[（(](?P<phrase>(?:时间[：:])?[^（）()]*(?:[\d０-９*]|[一二三四五六七八九十]月|[年月]底)[^（）()]*)"
    r"[)）](?P<end>[。：:，,；;]?)"
)
_CONNECTORS = (
    re.compile("[至到]"),
    re.compile("[—–―─~～]+"),
    re.compile(r"(?<!-)[-－](?!-)"),
)
_LONGEST_NAME = 40


def stages(pieces: Sequence[Piece], year: int | None) -> Part:
    """Take the phases: name and time from the numbered line, the task from what follows."""
    part = Part()
    found: list[tuple[dict[Column[Any], Raw], list[str]]] = []
    for _, mark, body in _numbered(pieces):
        time = _TIME.search(body.text)
        heads = time is not None and time.start() <= _LONGEST_NAME
        heads = heads and "。" not in body.text[: time.start() if time else 0]
        if mark is None and not heads:
            if found:
                found[-1][1].append(part.keep(body))
            else:
                _passage(part, Chapter.STAGES, body)
            continue
        if mark is not None:
            part.drop(mark)
        cells: dict[Column[Any], Raw] = {}
        if time is not None and heads:
            cells[Stage.name] = part.keep(body.part(0, time.start()))
            part.drop(body.part(time.start(), time.start("phrase")))
            part.drop(body.part(time.end("phrase"), time.end()))
            cells |= _span(part, body.part(*time.span("phrase")), str(cells[Stage.name]), year)
            rest = part.keep(body.part(time.end()))
        else:
            cells[Stage.name], rest = _first_sentence(part, body)
            part.notes.append(f"阶段“{cells[Stage.name]}”没有写明时间，“结束时间”未填，请补充")
        found.append((cells, [rest] if rest else []))
    for cells, tasks in found:
        part.row(Stage, {**cells, Stage.task: "\n".join(tasks)})
    return part


def _span(part: Part, phrase: Piece, name: str, year: int | None) -> Cells:
    """Return start and end of a stage as written; what cannot be parted stays one phrase."""
    text = phrase.text
    for connector in _CONNECTORS:
        match = connector.search(text)
        if match is None or not match.start() or match.end() == len(text):
            continue
        start, end = phrase.part(0, match.start()), phrase.part(match.end())
        together, alone = parse_deadline(text, year), parse_deadline(end.text, year)
        if together and parse_deadline(start.text, year) is None:
            break
        if together and (alone is None or alone.end != together.end):
            break  # its year stands at the start
        part.drop(phrase.part(*match.span()))
        cells = {Stage.start: part.keep(start, "，,"), Stage.end: part.keep(end)}
        part.notes.append(
            f"阶段“{name}”的时间“{text}”拆为开始时间“{cells[Stage.start]}”、"
            f"结束时间“{cells[Stage.end]}”"
        )
        return cells
    part.notes.append(f"阶段“{name}”的时间“{text}”填入“结束时间”")
    return {Stage.end: part.keep(phrase)}


# ---- measures


class Label(Enum):
    """What a label such as 整改责任人： announces; the value is its spellings."""

    MEASURES = "(?:整改|整顿|具体|工作|整改具体|具体整改)?措施"
    OWNER = "(?:整改|具体|整顿)?责任人|(?:整改)?负责人"
    LEADER = "(?:责任|包抓|牵头)领导"
    UNIT = "(?:整改)?责任单位|牵头单位|配合单位"
    DEADLINE = "(?:完成|整改|整顿|转化)?时限|整改期限|完成期限|(?:完成|整改)时间"
    GOAL = "(?:整改)?目标"
    DESCRIPTION = "(?:具体|问题)表现"


_LABELS = "|".join(f"(?P<{label.name}>{label.value})" for label in Label)
_AT_START = re.compile(
    r"(?:[（(]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[)）、.．]\s*)?"
    rf"[【\[]?(?:{_LABELS})[】\]]?\s*(?:[：:]|$)\s*"
)
_WITHIN = re.compile(
    rf"(?<=[。；;，,、\s])(?=整改|整顿|责任|负责|完成|具体责任|包抓|牵头|配合|转化|时限)"
    rf"(?:{_LABELS})\s*[：:]\s*"
)
_PROBLEM = re.compile(
    r"(?:[（(]?(?:[一二三四五六七八九十]{1,2}|\d{1,2})[)）、.．]\s*)?"
    r"问题\s*(?P<n>[一二三四五六七八九十]{1,3}|[0-9０-９]{1,2})\s*(?:[：:、.．，,]|\s|$)\s*"
)
_STANDING = re.compile("长期|持续整改")


@dataclass
class Block:
    """One problem's part of the chapter on measures."""

    word: str  # 问题一, as written; "" where no number is written
    place: str
    cells: dict[Column[Any], Raw] = field(default_factory=dict)
    measures: list[dict[Column[Any], Raw]] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)  # where each measure begins
    first_open: int = 0  # measures before this one have had their turn of labels
    ahead: set[Column[Any]] = field(default_factory=set)  # said before any measure: for them all


@dataclass
class _Reader:
    """Reads the chapter line by line; knows whose block it is in and which label holds."""

    year: int | None
    style: str
    part: Part = field(default_factory=Part)
    blocks: list[Block] = field(default_factory=list)
    label: Label | None = None
    waits: bool = False  # the label stood alone: what it announces follows
    within: bool = False  # the label stands in a measure's own line

    def begin(self, piece: Piece, headed: bool) -> None:  # noqa: FBT001 -- what the next line says
        """Read a line outside of labels: a problem's heading, a lead-in, a measure gone on."""
        match = _PROBLEM.match(piece.text)
        style = style_of(piece)
        if match:
            self._open(piece, match.end(), f"问题{match['n']}")
        elif headed and style:
            item = items(piece, style)[0]
            self._open(piece, len(item.mark.text) if item.mark else 0, "")
        elif not self.blocks and not style:
            _passage(self.part, Chapter.MEASURES, piece)
        elif not self.blocks:
            self.blocks.append(Block("", piece.line.place))
            self.label = Label.MEASURES
            self._measures(piece)
        elif Problem.headline not in self.blocks[-1].cells and self.label is None:
            self._headline(piece)
        elif self.label is None and not style:
            self._described(piece)
        elif self.label in {None, Label.MEASURES} or (style and not self.blocks[-1].measures):
            self._measures(piece)
        elif self._goes_on(piece, style):
            self.label = Label.MEASURES
            if not self.within:
                self.blocks[-1].first_open = len(self.blocks[-1].measures)
            self._measures(piece)
        else:
            self._value(piece)

    def _goes_on(self, piece: Piece, style: str) -> bool:
        """Say whether a line after a label's content is the next measure of the list."""
        block = self.blocks[-1]
        if self.waits or not style or style != self.style or not block.measures:
            return False
        number = items(piece, style)[0].number or 0
        return number > (block.numbers[-1] or 0)

    def labelled(self, label: Label, mark: Piece, value: Piece) -> None:
        """Read what follows a label."""
        self.part.drop(mark)
        if not self.blocks:
            self.blocks.append(Block("", mark.line.place))
        self.label = label
        self.waits = not value.text.strip()
        self.within = mark.line in self.blocks[-1].lines[-1:]
        if label is Label.MEASURES:
            self.style = list_style([value])
        if not value.text.strip():
            self.part.drop(value)
        elif label is Label.MEASURES:
            self._measures(value)
        else:
            cut = items(value, self.style if self.blocks[-1].measures else "")
            own_only = cut[0].mark is not None or len(cut) == 1
            self._value(value if own_only else cut[0].body)
            if not own_only:  # it was one measure's own deadline, and the next measure follows
                self.label = Label.MEASURES
                self._measures(value.part(len(cut[0].body.text)))

    def _open(self, piece: Piece, at: int, word: str) -> None:
        self.blocks.append(Block(word, piece.line.place))
        self.label, self.style = None, ""
        self.part.drop(piece.part(0, at))
        if piece.part(at).text.strip():
            self._headline(piece.part(at))

    def _headline(self, piece: Piece) -> None:
        self.blocks[-1].cells[Problem.headline] = self.part.keep(piece, "。；;：:")

    def _described(self, piece: Piece) -> None:
        block = self.blocks[-1]
        before = block.cells.get(Problem.description)
        text = self.part.keep(piece)
        block.cells[Problem.description] = f"{before}\n{text}" if before else text
        self.part.notes.append(f"{piece.line.place}没有标签，按{block.word}的具体表现填")

    def _measures(self, piece: Piece) -> None:
        block = self.blocks[-1]
        style = self.style or style_of(piece)
        self.style = style
        cut = items(piece, style)
        for number, mark, body in cut:
            if mark is not None:
                self.part.drop(mark)
            elif block.measures:
                last = block.measures[-1]
                last[Measure.text] = f"{last[Measure.text]}\n{self.part.keep(body, '；;。')}"
                self.part.notes.append(f"{body.line.place}没有序号，接在{block.word}上一条措施之后")
                continue
            elif len(cut) > 1 or body.text.rstrip().endswith(("：", ":")):
                continue  # a lead-in, which has no place in a list of measures: listed as unplaced
            block.numbers.append(number)
            block.lines.append(piece.line)
            block.measures.append({Measure.text: self.part.keep(body, "；;。")})

    def _value(self, piece: Piece) -> None:
        """Read an owner, a deadline or the like; it holds for the measures that still lack one.

        In a measure's own line it holds for that line only.
        """
        block, label = self.blocks[-1], self.label
        own, each = _COLUMNS[label] if label else (None, None)
        first = block.first_open
        if self.within:
            first = block.lines.index(block.lines[-1])
        open_measures = [m for m in block.measures[first:] if each and each not in m]
        taken = own in block.cells if own else True
        if (taken and not open_measures) or (own is None and not block.measures):
            return  # a line that belongs to nothing before it: listed as unplaced
        self.waits = False
        text = self.part.keep(piece, "。；;")
        if own and own not in block.cells:
            block.cells[own] = text
            if not block.measures:
                block.ahead.add(own)
        for measure in open_measures:
            if each:
                measure[each] = text


_COLUMNS: dict[Label, tuple[Column[Any] | None, Column[Any] | None]] = {
    Label.OWNER: (Problem.owner, Measure.owner),
    Label.LEADER: (None, Measure.leader),
    Label.UNIT: (None, Measure.unit),
    Label.DEADLINE: (Problem.deadline, Measure.deadline),
    Label.GOAL: (Problem.goal, None),
    Label.DESCRIPTION: (Problem.description, None),
}


def measures(pieces: Sequence[Piece], year: int | None) -> tuple[Part, list[Block]]:
    """Take problem after problem: headline, measures, who answers for them and until when."""
    reader = _Reader(year, "")
    for index, piece in enumerate(pieces):
        following = pieces[index + 1].text if index + 1 < len(pieces) else ""
        headed = _label(_AT_START.match(following)) in {Label.MEASURES, Label.DESCRIPTION}
        at = 0
        label: Label | None = None
        mark = piece.part(0, 0)
        for match in _labels(piece.text):
            before = piece.part(at, match.start())
            bare = before.trimmed("，,、")
            reader.part.drop(Piece(piece.line, max(bare.end, before.start), before.end))
            _hand_over(reader, label, mark, bare, headed=False)
            label, mark, at = _label(match), piece.part(*match.span()), match.end()
        _hand_over(reader, label, mark, piece.part(at), headed=headed)
    for block in reader.blocks:
        _complete(block, reader.part, year)
    return reader.part, reader.blocks


def _hand_over(
    reader: _Reader, label: Label | None, mark: Piece, value: Piece, *, headed: bool
) -> None:
    if label is not None:
        reader.labelled(label, mark, value)
    elif value.text.strip():
        reader.begin(value, headed)


def begins_measures(piece: Piece) -> bool:
    """Say whether a piece begins with the label of measures."""
    match = _AT_START.match(piece.text)
    colon = match is not None and match[0].rstrip().endswith(("：", ":"))
    return colon and _label(match) is Label.MEASURES


def _labels(text: str) -> Iterator[re.Match[str]]:
    first = _AT_START.match(text)
    if first:
        yield first
    yield from _WITHIN.finditer(text, first.end() if first else 0)


def _label(match: re.Match[str] | None) -> Label | None:
    return Label[str(match.lastgroup)] if match else None


def _complete(block: Block, part: Part, year: int | None) -> None:
    """Give each measure what its problem says for all, and say what is odd in the numbers."""
    name = block.word or f"{block.place}起"
    for own, each in _COLUMNS.values():
        if own is None or each is None or own not in block.cells or not block.measures:
            continue
        if own in block.ahead:
            for measure in block.measures:
                measure.setdefault(each, block.cells[own])
            continue
        said = [measure[each] for measure in block.measures if each in measure]
        if len(said) < len(block.measures):
            part.notes.append(f"{name}有的措施没有写“{own.header}”，未填，请核对")
        if len({*said}) > 1 or len(said) < len(block.measures):
            del block.cells[own]
        if len({*said}) > 1:
            part.notes.append(f"{name}的“{own.header}”各条措施不同，只填在“整改措施”表")
    for measure in block.measures:
        phrase = str(measure.get(Measure.deadline, ""))
        deadline = parse_deadline(phrase, year)
        if deadline.standing if deadline else _STANDING.search(phrase):
            measure[Measure.standing] = "是"
        measure[Measure.status] = "未启动"
    part.notes += _order_note(block.numbers, f"{name}的措施", "措施编号照原序号")


def number_of(block: Block) -> int:
    """Return the number that a block's heading names, 0 where it names none."""
    return count(block.word.removeprefix("问题")) if block.word else 0
