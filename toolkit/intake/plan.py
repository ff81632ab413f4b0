"""An existing plan, read into rows of the village workbook.

Laws: nothing is lost (each character goes into a cell, is a mark, or is listed as unplaced);
nothing is corrected; every reading that is not plain is said in a note.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.cells import Raw
from toolkit.errors import UnreadableError
from toolkit.forms import village
from toolkit.forms.village import Measure, Problem, Profile
from toolkit.intake import chapters
from toolkit.intake.chapters import Block, Chapter, chapter_named
from toolkit.intake.extracts import type_codes
from toolkit.intake.pieces import Part, Piece, count, whole
from toolkit.intake.profile import spelled_out
from toolkit.intake.text import Line, read_lines
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import Filling
from toolkit.schema.kinds import Context, Day, as_text
from toolkit.schema.texts import has_mask

__all__ = ["Intake", "Line", "Unplaced", "read_plan", "take_in"]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Words of a plan that no sheet has a place for."""

    line: int
    text: str
    place: str = field(default="", compare=False)


@dataclass(frozen=True)
class Intake:
    """What a plan became: rows, what found no place, and every reading that was made."""

    filling: Filling
    unplaced: tuple[Unplaced, ...]
    notes: tuple[str, ...]


def read_plan(path: Path) -> tuple[Line, ...]:
    """Return the lines of a plan; raises UnreadableError, one sentence, if it is none."""
    lines = read_lines(path)
    found = _chapters([whole(line) for line in lines if line.text.strip()])
    if {kind for kind, _ in found.pieces} <= {Chapter.PREAMBLE, None} and not any(
        re.search("整顿|整改", line.text) for line in lines
    ):
        raise UnreadableError(
            f"{path.name}：不像整顿方案，没有找到“基本情况”“存在问题”“整改措施”等章节。请核对文件。"
        )
    return lines


def take_in(lines: Sequence[Line]) -> Intake:
    """Return the rows that a plan fills."""
    pieces = [whole(line) for line in lines if line.text.strip() and not line.aside]
    body, signature = _sign_off(pieces)
    found = _chapters(body)
    found = _with_measures(found)
    year, year_note = _year(found, signature)
    parts = [found.part, signature, *_read(found, year)]
    fields, part = _profile(parts, year)
    part.notes += year_note
    parts.append(part)
    return Intake(
        _filling(parts, fields), _unplaced(lines, parts, fields), _notes(parts, lines, found)
    )


# ---- chapters

_HEADING = re.compile(
    r"(?:(?P<n>[一二三四五六七八九十]{1,3})\s*[、.．]|第(?P<m>[一二三四五六七八九十]{1,3})(?:部分|章)[、：:]?)\s*"
    r"(?P<title>[^。：:；;\s]{2,20})(?P<end>[。：:\s]\s*|$)"
)
_BARE = re.compile(
    "(?:基本情况|村情概况|存在的?(?:主要|突出)?问题(?:分析)?|主要问题|问题分析|(?:整改|整顿|工作)目标"
    "|整改具体措施|整改措施|工作措施|(?:整改|整顿)?时限要求|时间安排|方法步骤|阶段安排|实施步骤"
    "|(?:整顿|工作)要求|组织保障|保障措施|组织领导)"
)
_ENCLOSURE = re.compile(r"附件\s*\d*\s*[：:]")


@dataclass
class _Found:
    """The plan's chapters in the order written, and its headings."""

    pieces: list[tuple[Chapter | None, list[Piece]]]
    part: Part

    def of(self, chapter: Chapter) -> list[Piece]:
        """Return all pieces of a chapter, even if it was written in two places."""
        return [piece for kind, pieces in self.pieces if kind is chapter for piece in pieces]


def _chapters(pieces: Sequence[Piece]) -> _Found:
    found = _Found([(Chapter.PREAMBLE, [])], Part())
    last = 0
    for piece in pieces:
        if _ENCLOSURE.match(piece.text):
            continue  # listed as unplaced
        kinds = {kind for kind, _ in found.pieces}
        match = _HEADING.match(piece.text)
        if match and _opens(match, kinds, last):
            last = count(match["n"] or match["m"])
            title, at = match["title"], match.end()
        elif _BARE.fullmatch(piece.text) and chapter_named(piece.text) not in kinds:
            title, at = piece.text, len(piece.text)
        else:
            found.pieces[-1][1].append(piece)
            continue
        kind = chapter_named(title)
        rest = piece.part(at).trimmed()
        found.pieces.append((kind, [rest] if rest.text else []))
        if kind is None:
            found.part.notes.append(f"{piece.line.place}“{title}”一章在工作簿里没有对应的位置")
            continue
        found.part.drop(piece.part(0, at))
        if title != kind.value:
            found.part.notes.append(
                f"{piece.line.place}“{title}”一章按“{kind.value}”读，原标题不保留"
            )
    return found


def _with_measures(found: _Found) -> _Found:
    """Return the chapters; one on problems that holds their measures too is read as such."""
    for index, (kind, pieces) in enumerate(found.pieces):
        if kind is Chapter.PROBLEMS and any(map(chapters.begins_measures, pieces)):
            found.pieces[index] = (Chapter.MEASURES, pieces)
            found.part.notes.append("问题与措施写在同一章，按“整改具体措施”读")
    return found


def _opens(match: re.Match[str], kinds: set[Chapter | None], last: int) -> bool:
    """Say whether a numbered heading opens a chapter, or only numbers a paragraph of one."""
    number, kind = count(match["n"] or match["m"]), chapter_named(match["title"])
    if kind is None:
        return number > last and not match["end"].strip("\n ") and "，" not in match["title"]
    return kind not in kinds or number > last


def _read(found: _Found, year: int | None) -> Iterator[Part]:
    """Yield what each chapter becomes."""
    yield chapters.preamble(found.of(Chapter.PREAMBLE))
    yield chapters.profile(found.of(Chapter.PROFILE), year)
    described, texts = chapters.problems(found.of(Chapter.PROBLEMS))
    yield described
    yield chapters.goals(found.of(Chapter.GOALS))
    planned, blocks = chapters.measures(found.of(Chapter.MEASURES), year)
    yield planned
    yield _paired(texts, blocks)
    yield chapters.stages(found.of(Chapter.STAGES), year)
    yield chapters.requirements(found.of(Chapter.REQUIREMENTS))


# ---- problems and their measures


def _paired(texts: Sequence[str], blocks: Sequence[Block]) -> Part:
    """Join descriptions and blocks in the order written; what is left over stays by itself."""
    part = Part()
    owned = _owned(texts, blocks)
    loose = [block for block in blocks if block not in owned]
    for index in range(max(len(texts), len(owned))):
        number = f"P{index + 1:02}"
        cells: dict[Column[Any], Raw] = {Problem.number: number}
        if index < len(texts):
            cells[Problem.description] = texts[index]
        if index < len(owned):
            block = owned[index]
            own = block.cells.pop(Problem.description, "")
            if own:
                cells[Problem.description] = "\n".join(
                    str(text) for text in (cells.get(Problem.description), own) if text
                )
            cells |= block.cells
            part.notes.append(f"“{block.word or block.place}”按 {number} 编号")
            if chapters.number_of(block) not in {0, index + 1}:
                part.notes.append(f"“{block.word}”的序号与先后顺序不一致，按先后顺序编号")
        cells |= _typed(part, number, cells)
        part.row(Problem, cells)
    for block in blocks:
        number = f"P{owned.index(block) + 1:02}" if block in owned else ""
        _measure_rows(part, block, number)
    if texts and blocks and len(texts) != len(owned):
        part.notes.append(
            f"问题分析写了 {len(texts)} 个问题，措施部分写了 {len(owned)} 个，按先后顺序配对，"
            f"多出的单独成行，请核对"
        )
    if loose:
        part.notes.append("措施没有写明对应哪个问题，“问题编号”未填，请补充")
    if any(kind is Measure for kind, _ in part.rows):
        part.notes.append("方案没有办理情况，各条措施的办理状态都填“未启动”")
    return part


def _owned(texts: Sequence[str], blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks that are a problem's: those with a heading, else a single one's."""
    if len(texts) == len(blocks) == 1:
        return list(blocks)
    return [block for block in blocks if block.word or Problem.headline in block.cells]


def _typed(part: Part, number: str, cells: dict[Column[Any], Raw]) -> dict[Column[Any], Raw]:
    headline = str(cells.get(Problem.headline, ""))
    described = str(cells.get(Problem.description, "")).split("。")[0]
    typed = type_codes(headline or described, f"{number} ")
    part.notes += typed.notes
    if headline:
        return {Problem.types: typed.codes}
    first = described.split("\n")[0].rstrip("；;：: ")
    if 0 < len(first) <= _LONGEST_HEADLINE:
        part.notes.append(f"{number} 没有问题标题，“问题简述”取具体表现的第一句“{first}”，请核对")
        return {Problem.headline: first, Problem.types: typed.codes}
    part.notes.append(f"{number} 没有问题标题，“问题简述”未填，请补充")
    return {Problem.types: typed.codes}


_LONGEST_HEADLINE = 30


def _measure_rows(part: Part, block: Block, problem: str) -> None:
    last = 0
    for number, cells in zip(block.numbers, block.measures, strict=True):
        last = last + 1 if number is None else number
        code = f"{problem}-M{last:02}" if problem else ""
        part.row(Measure, {Measure.number: code, Measure.problem: problem, **cells})
    if problem and not block.measures:
        part.notes.append(f"{problem} 没有写整改措施")


# ---- signature, year, profile

_DATE = re.compile(
    r"(?P<branch>\S.*\s)?(?P<date>(?:\d{4}|[〇零○Oo一二三四五六七八九]{4}|[*＊×Xx]{1,4})\s*年"
    r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[*＊×Xx]{1,2})\s*月"
    r"\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[*＊×Xx]{1,2})\s*日)"
)
_BRANCH = re.compile(r"[^。；：，、（）《》]{2,40}")
_BODY = re.compile("支部|支委|委员会|党委|党总支|党组")
_LAST_LINES, _BEFORE_DATE = 8, 3
_TOWN = re.compile(
    r"中共(?P<county>[^县市区]{1,6}[县市区])?(?P<town>[^镇乡]{1,8}(?:镇|乡|街道))"
    r"(?P<village>\S{1,10}?(?:村|社区))"
)


def _sign_off(pieces: Sequence[Piece]) -> tuple[list[Piece], Part]:
    """Return the pieces before the signature, and the signature; what follows it is left out."""
    part = Part()
    first = max(len(pieces) - _LAST_LINES, 0)
    for index in range(len(pieces) - 1, first - 1, -1):
        match = _DATE.fullmatch(pieces[index].text)
        if match and not any(_HEADING.match(later.text) for later in pieces[index:]):
            break
    else:
        if pieces and pieces[-1].text.startswith("中共") and _is_branch(pieces[-1].text):
            part.profile.append({Profile.branch: part.keep(pieces[-1])})
            part.notes.append("方案没有成文日期，“方案日期”未填，请补充")
            return list(pieces[:-1]), part
        part.notes.append("方案末尾没有落款和成文日期，“党组织全称”“方案日期”未填，请补充")
        return list(pieces), part
    _date(part, pieces[index].part(*match.span("date")))
    if match["branch"]:
        part.profile.append({Profile.branch: part.keep(pieces[index].part(0, match.end("branch")))})
        return list(pieces[:index]), part
    for before in range(index - 1, max(index - 1 - _BEFORE_DATE, -1), -1):
        if _is_branch(pieces[before].text):
            part.profile.append({Profile.branch: part.keep(pieces[before])})
            return list(pieces[:before]), part
    part.notes.append("成文日期前没有党组织名称，“党组织全称”未填，请补充")
    return list(pieces[:index]), part


def _is_branch(text: str) -> bool:
    return bool(_BRANCH.fullmatch(text) and _BODY.search(text) and not _HEADING.match(text))


def _date(part: Part, piece: Piece) -> None:
    reading = Day().read(piece.text, Context())
    if reading.value is None:
        part.profile.append({Profile.plan_day: part.keep(piece)})
        part.notes.append(f"成文日期“{piece.text}”读不出日期，照原文填")
        return
    part.profile.append({Profile.plan_day: reading.value})
    if Day().text(reading.value) == piece.text:
        part.kept.append(piece)
    else:
        part.quote(piece, f"成文日期“{piece.text}”按 {reading.value} 理解")


def _year(found: _Found, signature: Part) -> tuple[int | None, list[str]]:
    """Return the plan's year: of its preamble, else of its date."""
    for piece in found.of(Chapter.PREAMBLE):
        if match := re.search(r"(20\d{2})年度", piece.text):
            return int(match[1]), []
    for cells in signature.profile:
        day = cells.get(Profile.plan_day)
        if isinstance(day, dt.date):
            return day.year, [f"未写明年度，按 {day.year} 年（成文日期）"]
    return None, ["未写明年度，“年度”未填，请补充"]


def _profile(parts: Sequence[Part], year: int | None) -> tuple[dict[Column[Any], Raw], Part]:
    """Return the fields of the profile; of two contents the first holds, and a note says so."""
    part = Part()
    fields: dict[Column[Any], Raw] = {} if year is None else {Profile.year: year}
    for cells in (cells for each in parts for cells in each.profile):
        for column, raw in cells.items():
            if raw != "" and fields.setdefault(column, raw) != raw:
                part.notes.append(
                    f"“{column.header}”前后两处不同：{as_text(fields[column])}、{as_text(raw)}，"
                    f"按前一处填"
                )
    if match := _TOWN.match(str(fields.get(Profile.branch, ""))):
        for column, group in (
            (Profile.county, "county"),
            (Profile.town, "town"),
            (Profile.village, "village"),
        ):
            if match[group] and column not in fields:
                fields[column] = match[group]
                part.notes.append(f"“{column.header}”取自落款：{match[group]}")
    if isinstance(members := fields.get(Profile.members), int):
        part.notes += _other_counts(parts, members)
    bands = [column for column in Profile.columns if column.name.startswith("age_")]
    filled = [column for column in bands if column in fields]
    if filled and len(filled) < len(bands):
        part.notes.append(f"七个年龄段中方案只写了 {len(filled)} 个，其余未填，请补充")
    return fields, part


_ALL_MEMBERS = re.compile(r"(?:全村|本村|支部|现有|共有)[^，。；\d]{0,4}(\d+)名党员")


def _other_counts(parts: Sequence[Part], members: int) -> list[str]:
    """Return a remark on each count of all members that differs from the profile's."""
    texts = [str(raw) for part in parts for _, row in part.rows for raw in row.values()]
    counts = [match for text in texts for match in _ALL_MEMBERS.finditer(text)]
    return [
        f"“{match[0]}”与党员总数 {members} 不同，照原文保留，请核对"
        for match in counts
        if int(match[1]) != members
    ]


# ---- the account


def _filling(parts: Sequence[Part], fields: dict[Column[Any], Raw]) -> Filling:
    """Return the rows by sheet, in the form's order."""
    filling: dict[type[Row], list[dict[str, Raw]]] = {
        Profile: [{column.name: fields[column] for column in Profile.columns if column in fields}]
    }
    for kind in village.FORM.rows:
        for part in parts:
            for row, cells in part.rows:
                if row is kind:
                    named = {column.name: raw for column, raw in cells.items()}
                    filling.setdefault(kind, []).append(named)
    return filling


def _unplaced(
    lines: Sequence[Line], parts: Sequence[Part], fields: dict[Column[Any], Raw]
) -> tuple[Unplaced, ...]:
    """Return what no part accounts for, or accounts for without holding it."""
    cells = [raw for part in parts for _, row in part.rows for raw in row.values()]
    days = [Day().text(raw) for raw in fields.values() if isinstance(raw, dt.date)]
    texts = [spelled_out(as_text(raw), fields) for raw in (*cells, *fields.values())] + days
    held, said = "\0".join(texts), "\0".join(note for part in parts for note in part.notes)
    covered: dict[int, set[int]] = {}
    for part in parts:
        sound = [piece for piece in part.kept if piece.text in held]
        sound += [piece for piece in part.quoted if piece.text in said]
        for piece in (*part.marks, *sound):
            covered.setdefault(id(piece.line), set()).update(range(piece.start, piece.end))
    found: list[Unplaced] = []
    for line in lines:
        known = covered.get(id(line), set())
        left = "".join("\0" if at in known else char for at, char in enumerate(line.text))
        found += [
            Unplaced(line.number, text.strip(), line.place)
            for text in left.split("\0")
            if text.strip()
        ]
    return tuple(found)


def _notes(parts: Sequence[Part], lines: Sequence[Line], found: _Found) -> tuple[str, ...]:
    """Return all remarks, each once, and those on the plan as a whole."""
    notes = [note for part in parts for note in part.notes]
    order = list(Chapter)[1:]
    present = [kind for kind, _ in found.pieces if kind in order]
    notes += [f"方案没有“{kind.value}”一章" for kind in order if kind not in present]
    if present != sorted(present, key=order.index):
        notes.append("方案各章的先后与通用文稿不同，工作簿不记章节先后")
    text = "\n".join(line.text for line in lines)
    if has_mask(text):
        notes.append("方案里有脱敏符号，照原样保留，请补填真实内容")
    if "【" in text:
        notes.append("方案里有【】，生成公文时会当作占位符，请改用其他括号")
    return tuple(dict.fromkeys(notes))
