"""A document laid out after GB/T 9704-2012, to the millimetre and to the character.

python-docx makes the package once for each typography; a document is then one string of XML
set into it, so that thousands of documents cost little, and equal documents are equal bytes.
Clause numbers are those of the standard. Two units rule the page: the twip (1/20 pt) and the
字, the width of one character of 三号 type condensed to 28 in a line.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, islice, pairwise
from typing import TypeVar
from xml.sax.saxutils import escape

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import _Footer

from toolkit.word.document import (
    STANDARD,
    Addressee,
    Block,
    Document,
    Paragraph,
    Role,
    Signature,
    Table,
    Title,
    Typography,
)
from toolkit.word.package import bare_document, saved, zipped

_T = TypeVar("_T")

ZI = 315  # twips: 15.75 pt, so that 28 fill the 156 mm of 5.2.1 (5.2.3)
LINE_CELLS = 28  # 5.2.3
TEXT_WIDTH = 8844  # twips: 156 mm (5.2.1)
TEXT_HEIGHT = 12756  # twips: 225 mm (5.2.1)
MM_PER_TWIP = 25.4 / 1440

OTHER_PITCHES = (554, 600)  # 7.3.5.5: 23 and 21 lines to the page
SHORT_PARAGRAPH = 3  # lines; such a last paragraph may go to the next page with the signature

FANGSONG = "仿宋_GB2312"  # 5.2.2
HEITI = "黑体"  # 7.3.3, first level
KAITI = "楷体_GB2312"  # 7.3.3, second level
XIAOBIAOSONG = "方正小标宋简体"  # 7.3.1
SONGTI = "宋体"  # 7.5
_SUBSTITUTES = {FANGSONG: "仿宋", KAITI: "楷体", XIAOBIAOSONG: "方正小标宋_GBK"}

TITLE_CELLS = 20  # characters of 二号 (22 pt) in 156 mm
_TITLE_LINE = 660  # twips
_CELL_LINE = 360  # twips
_CELL_TYPE = 240  # twips: the 12 pt characters of a table
_CELL_MARGIN = 57  # twips
_FOOT_TYPE = 280  # twips: 四号 (7.5)
_LEAST_ROW = 454  # twips

_STYLES = {
    Role.BODY: "GWBody",
    Role.LEVEL1: "1",
    Role.LEVEL2: "2",
    Role.LEVEL3: "3",
    Role.LEVEL4: "4",
    Role.NOTE: "GWNote",
}
_LEAD_STYLES = {Role.LEVEL1: "GWHei", Role.LEVEL2: "GWKai"}  # below, the type is that of the body
_KEPT_ROLES = frozenset({Role.LEVEL1, Role.LEVEL2})  # their styles keep them with what follows

_STAMP = "1980-01-01T00:00:00Z"  # the same, so that equal documents are equal bytes
_HINT = '<w:rFonts w:hint="eastAsia"/>'  # else Word takes “ ” … — from the latin font
_CENTRED = '<w:jc w:val="center"/>'
_XML_HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A .docx, the line pitch it was given, and what the person at the desk should know."""

    data: bytes
    pitch: int
    notes: tuple[str, ...] = ()


def render(document: Document, typography: Typography = STANDARD) -> Rendered:
    """Return the document as a .docx.

    The pitch is changed throughout (7.3.5.5) when the page of the signature would else
    carry no text; `notes` then says so.
    """
    blocks = [block for block in document.blocks if not _is_void(block)]
    pitch, fits = _fitting_pitch(blocks, typography.pitch)
    shell = _shell(typography.latin_font, pitch, bool(document.properties))
    parts = {
        **shell.parts,
        shell.main: shell.before + _body(blocks, pitch, fits=fits).encode() + shell.after,
        "docProps/core.xml": _core(document.title, document.author).encode(),
    }
    if document.properties:
        parts[_CUSTOM[1:]] = _custom(document.properties).encode()
    notes = (*_pitch_notes(typography.pitch, pitch, fits=fits), *_signature_notes(blocks))
    return Rendered(zipped(parts), pitch, notes)


# --- text -----------------------------------------------------------------------------

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_CLOSING = "，。、；：？！）》〉」』】〕］｝’”…,.;:?!)]}%％"
_OPENING = "（《〈「『【〔［｛‘“([{"
_AUTOMATIC_SPACE = 0.25  # 字: Word and LibreOffice set it between Chinese and digits or letters
_JOINT = re.compile("(?<=[0-9A-Za-z])(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])")
_UNBROKEN = re.compile(f"[{re.escape(_OPENING)}]*(?:[!-~]+|.)[{re.escape(_CLOSING)}]*", re.DOTALL)


def sanitize(text: str) -> str:
    r"""Return the text with U+FFFD for each character XML cannot hold.

    >>> sanitize("a\x07b")
    'a\ufffdb'
    """
    return _NO_XML.sub("\ufffd", text)


def width_of(text: str) -> float:
    """Return the width of a text in 字, automatic spacing left out.

    >>> width_of("2026年8月22日")
    6.5
    """
    return sum(map(_cell, text))


@cache
def _cell(char: str) -> float:
    return 1 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def _spaced(text: str) -> float:
    """Return the width of a text in 字 with automatic spacing."""
    return width_of(text) + _AUTOMATIC_SPACE * len(_JOINT.findall(text))


def _lines(text: str) -> list[str]:
    """Return the lines of a text; empty ones are layout, and the layout is ours."""
    return [line for line in _NEWLINE.split(sanitize(text)) if line]


def _line_count(text: str, *, first: float, width: float, hang: bool) -> int:
    """Return how many lines of `width` 字 a paragraph fills.

    `first` is the first line's indent; with `hang` a closing mark may stand outside the line,
    as in Word, without it never, as in LibreOffice.
    """
    joints = {match.start() for match in _JOINT.finditer(text)}
    lines, used = 1, first
    for match in _UNBROKEN.finditer(text):
        chunk = match[0]
        size = width_of(chunk) + (_AUTOMATIC_SPACE if match.start() in joints else 0)
        least = size - _cell(chunk[-1]) if hang and chunk[-1] in _CLOSING else size
        if used + least <= width:
            used += size
        elif size <= width:
            lines, used = lines + 1, size
        else:  # a long word, broken anywhere
            more = math.ceil((used + size) / width) - 1
            lines, used = lines + more, used + size - more * width
    return lines


# --- titles ---------------------------------------------------------------------------

_WORDS = """
软弱涣散基层党组织 软弱涣散村党组织 软弱涣散党组织 软弱涣散村 软弱涣散 后进村党组织 后进党组织
村级党组织 基层党组织 村党组织 党组织 村党支部委员会 党支部委员会 村党支部 党支部 党总支 党委 党员
村民委员会 村委会 委员会 人民政府 办公室 组织部 领导小组 工作专班 村级集体经济 集体经济 村干部
集中整顿 整顿提升 整顿转化 整顿 整改落实 整改 排查 专题研究 民主测评 考核验收 验收 销号 攻坚 行动
实施方案 整顿方案 整改方案 工作方案 方案 情况报告 情况汇报 情况通报 工作报告 工作汇报 工作总结
工作计划 工作台账 工作要点 任务清单 问题清单 措施清单 责任清单 会议纪要 实施意见 指导意见
报告 汇报 通报 通知 请示 批复 意见 决定 总结 计划 清单 台账 工作 情况 有关 问题 进展 年度
关于 印发 转发 报送 开展 做好 加强 推进 进一步 全面 扎实 建立 成立 调整 召开 申请 同意
基层党建 党建引领 党建 乡村振兴 乡村治理 基层治理 全面从严治党 主题教育 中共 征求意见稿
"""
_LEADING = "开展 做好 加强 推进 进一步 全面 扎实 建立 成立 调整 召开 中共"
_TRAILING = """
工作 情况 有关 问题 进展 报告 汇报 通报 通知 请示 批复 意见 决定 总结 计划 清单 台账 方案
情况报告 情况汇报 情况通报 委员会 领导小组 党支部 党委 办公室 年度 印发 转发 报送
"""
_WHOLE_WORDS = sorted(_WORDS.split(), key=len, reverse=True)
_LEADING_WORDS = frozenset(_LEADING.split())  # not the last word of a line
_TRAILING_WORDS = frozenset(_TRAILING.split())  # not the first word of a line
_NO_LINE_STARTS = frozenset(f"{_CLOSING}的和与及等 \u3000—～-")
_NO_LINE_ENDS = frozenset(_OPENING)
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<name>《[^《》]*》)",
            r"〔\d+〕\d*号?",
            r"[\d〇一二三四五六七八九十]+(?:[—～至-]\d+)*年度?(?:\d+月(?:\d+日|份)?)?",
            r"[A-Za-z0-9.%]+[个项条名月季]?",
            *_WHOLE_WORDS,
            r"(?P<other>.)",
        )
    ),
    re.DOTALL,
)
_MOST_BALANCED = 4  # lines; a longer title is filled line by line
# What a break costs, against the difference of the lines' lengths in 字.
_FREE, _BETWEEN_WORDS, _WITHIN_NAME, _AFTER_ABOUT, _PHRASE, _WITHIN_UNKNOWN = 0, 1, 3, 2, 4, 9
_EXTRA_LINE, _WAIST, _RECTANGLE, _STUB = 10, 12, 2, 8
_SHORT_LINE = 4  # 字


@lru_cache(maxsize=4096)
def title_lines(text: str) -> tuple[str, ...]:
    """Return the lines of a title: words whole, the shape a trapezoid or a rhombus (7.3.1).

    Line breaks in the text are kept. No other character is added or lost.

    >>> title_lines("关于印发《青山镇软弱涣散基层党组织集中整顿实施方案》的通知")
    ('关于印发《青山镇软弱涣散基层党组织', '集中整顿实施方案》的通知')
    """
    return tuple(line for part in _lines(text) for line in _balanced(part))


def _balanced(text: str) -> tuple[str, ...]:
    if _spaced(text) <= TITLE_CELLS:
        return (text,)
    breaks = _title_breaks(text)
    least = math.ceil(_spaced(text) / TITLE_CELLS)
    costs: dict[tuple[int, ...], float] = {}
    for count in range(least, min(least + 2, _MOST_BALANCED + 1)):
        for cuts in _cuts(text, 0, tuple(breaks), count):
            ends = (0, *cuts, len(text))
            shape = _shape_cost([_spaced(text[a:b]) for a, b in pairwise(ends)])
            costs[ends] = shape + sum(breaks[cut] for cut in cuts) + _EXTRA_LINE * (count - least)
    ends = min(costs, key=lambda key: costs[key]) if costs else _filled(text, breaks)
    return tuple(text[a:b] for a, b in pairwise(ends))


def _title_breaks(text: str) -> dict[int, int]:
    """Return what a line break would cost before each character that may begin a line."""
    tokens = list(_title_tokens(text))
    breaks: dict[int, int] = {}
    for start, token, is_known in tokens:
        if not is_known:
            inner = range(start + 2, start + len(token) - 1)
            breaks.update(dict.fromkeys(inner, _WITHIN_UNKNOWN))
    for (_, before, _), (start, after, _) in pairwise(tokens):
        cost = _BETWEEN_WORDS
        if after in _TRAILING_WORDS or before in _LEADING_WORDS:
            cost = _PHRASE
        elif before == "关于":
            cost = _AFTER_ABOUT
        breaks[start] = cost + (_WITHIN_NAME if text.count("《", 0, start) else 0)
    for at in range(1, len(text)):
        if text[at] in _NO_LINE_STARTS or text[at - 1] in _NO_LINE_ENDS:
            breaks.pop(at, None)
        elif text[at] == "《" or text[at - 1] in f"{_CLOSING} \u3000":
            breaks[at] = _FREE
    return dict(sorted(breaks.items()))


def _title_tokens(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield (start, word, is it known); characters of no known word stay together."""
    start, unknown = 0, ""
    for match in _TOKEN.finditer(text):
        if match["other"]:
            unknown += match[0]
            continue
        if unknown:
            yield start, unknown, False
        start, unknown = match.end(), ""
        if match["name"] and width_of(match[0]) > TITLE_CELLS:
            yield match.start(), "《", True
            for at, token, is_known in _title_tokens(match[0][1:-1]):
                yield match.start() + 1 + at, token, is_known
            yield match.end() - 1, "》", True
        else:
            yield match.start(), match[0], True
    if unknown:
        yield start, unknown, False


def _cuts(text: str, start: int, breaks: Sequence[int], count: int) -> Iterator[tuple[int, ...]]:
    """Yield each way to break text[start:] into `count` lines that fit."""
    if count == 1:
        if _spaced(text[start:]) <= TITLE_CELLS:
            yield ()
        return
    for index, cut in enumerate(breaks):
        if _spaced(text[start:cut]) > TITLE_CELLS:
            return
        if _spaced(text[cut:]) <= TITLE_CELLS * (count - 1):
            for rest in _cuts(text, cut, breaks[index + 1 :], count - 1):
                yield (cut, *rest)


def _shape_cost(widths: Sequence[float]) -> float:
    """Return how far lines of these lengths are from a trapezoid or a rhombus."""
    spread = max(widths) - min(widths)
    cost = spread or _RECTANGLE
    if widths[-1] < _SHORT_LINE:
        cost += _STUB
    for before, middle, after in zip(widths, widths[1:], widths[2:], strict=False):
        if middle < before and middle < after:
            cost += _WAIST
    return cost


def _filled(text: str, breaks: Mapping[int, int]) -> tuple[int, ...]:
    """Return the ends of lines filled one by one: too long, or too odd, to be balanced."""
    ends = [0]
    last = 0  # the last place where a line may end
    for at in range(1, len(text)):
        if at in breaks:
            last = at
        if _spaced(text[ends[-1] : at + 1]) > TITLE_CELLS:
            ends.append(last if last > ends[-1] else at)
    return (*ends, len(text))


# --- the fit of the signature (7.3.5) -------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Flow:
    """Lines of one height that follow one another; a height of 0 is the pitch."""

    lines: int
    height: int = 0
    keep: bool = False  # on the page of what follows


def _fitting_pitch(blocks: Sequence[Block], wanted: int) -> tuple[int, bool]:
    """Return the pitch at which each signature's page carries text, and whether it does.

    Word and LibreOffice differ in hanging marks and in the line below a title; the pitch
    must do for both. A short last paragraph needs none of this, it is bound to the signature;
    so is a long one if no pitch will do.
    """
    if not any(_is_open(before) for before, after in pairwise(blocks) if _is_signature(after)):
        return wanted, True
    flows = [list(_flows(blocks, hang=hang)) for hang in (False, True)]
    for pitch in dict.fromkeys((wanted, *OTHER_PITCHES)):
        if all(_holds(flow, pitch, snap=snap) for flow in flows for snap in (False, True)):
            return pitch, True
    return wanted, False


def _is_signature(block: Block) -> bool:
    return isinstance(block, Signature)


def _is_open(block: Block) -> bool:
    """Tell whether a block is too long to be bound to the signature after it.

    LibreOffice would move all of it to the signature's page, where Word moves the last line.
    """
    if isinstance(block, Paragraph):
        *_, last = _paragraph_flows(block, hang=False)
        return last.lines > SHORT_PARAGRAPH
    return isinstance(block, Table)


def _flows(blocks: Iterable[Block], *, hang: bool) -> Iterator[_Flow | Signature]:
    for block in blocks:
        match block:
            case Title():
                yield _Flow(len(title_lines(block.text)), _TITLE_LINE, keep=True)
                yield _Flow(len(_lines(block.subtitle)) + 1)
            case Addressee():
                for line in _lines(block.text):
                    yield _Flow(_line_count(line, first=0, width=TEXT_WIDTH / ZI, hang=hang))
            case Paragraph():
                yield from _paragraph_flows(block, hang=hang)
            case Table():
                widths = _column_widths(block)
                for row in (block.header, *block.rows):
                    yield _Flow(1, _row_height(row, widths))
            case Signature():
                yield block


def _paragraph_flows(block: Paragraph, *, hang: bool) -> Iterator[_Flow]:
    keep = block.role in _KEPT_ROLES and not block.lead
    for runs in _paragraph_runs(block):
        text = "".join(text for text, _ in runs)
        yield _Flow(_line_count(text, first=2, width=TEXT_WIDTH / ZI, hang=hang), keep=keep)


def _row_height(row: Iterable[str], widths: Iterable[int]) -> int:
    lines = max(_cell_lines(cell, width) for cell, width in zip(row, widths, strict=True))
    return max(lines * _CELL_LINE, _LEAST_ROW)


def _cell_lines(text: str, width: int) -> int:
    room = (width - 2 * _CELL_MARGIN) / _CELL_TYPE
    return sum(_line_count(t, first=0, width=max(room, 1), hang=False) for t in _lines(text))


def _holds(flows: Sequence[_Flow | Signature], pitch: int, *, snap: bool) -> bool:
    """Tell whether each signature stands on a page with text.

    With `snap` the lines stand on the grid, as in LibreOffice, else below one another.
    """
    page = TEXT_HEIGHT // pitch * pitch if snap else TEXT_HEIGHT
    used = 0
    for index, flow in enumerate(flows):
        if isinstance(flow, Signature):
            block = _signature_lines(flow, pitch) * pitch
            if index and used + block > page:
                last = flows[index - 1]
                if not isinstance(last, _Flow) or last.height or last.lines > SHORT_PARAGRAPH:
                    return False
                used = last.lines * pitch  # it goes along
            used += block
            continue
        height = flow.height or pitch
        if snap and height == pitch:
            used = math.ceil(used / pitch) * pitch
        if used + _kept_height(flows, index, pitch) > page:
            used = 0
        for _ in range(flow.lines):
            used = used + height if used + height <= page else height
    return True


def _kept_height(flows: Sequence[_Flow | Signature], start: int, pitch: int) -> int:
    """Return the height of what must share a page: headings, and a line of what follows."""
    total = 0
    for flow in islice(flows, start, None):
        if isinstance(flow, Signature):
            break
        height = flow.height or pitch
        if not flow.keep:
            return total + height
        total += flow.lines * height
    return total


def _pitch_notes(wanted: int, pitch: int, *, fits: bool) -> Iterator[str]:
    if pitch != wanted:
        yield (
            f"为使落款所在页有正文，全文行距由 {wanted / 20:g} 磅调为 {pitch / 20:g} 磅"
            "（GB/T 9704—2012 第 7.3.5.5 条）。"
        )
    if not fits:
        yield "调整行距后落款所在页仍可能没有正文，请打开文件核对，必要时增减末段文字。"


# --- the signature (7.3.5) ------------------------------------------------------------

NO_DAY = "＿＿年＿月＿日"
"""成文日期 where none is known: blanks to be filled by hand."""
_DATE_BLANK = 4  # 字 to the right of the date below a seal (7.3.5.1)
_ORGAN_BLANK = 2  # 字 to the right of the organ without seal (7.3.5.2)
_DATE_OFFSET = 2  # 字 from the organ's first character to the date's (7.3.5.2)
_TEXT_BELOW_CENTRE = 0.4  # lines: organ and date sit slightly below the seal's centre (7.3.5.1)


def chinese_date(day: dt.date | None) -> str:
    """Return 成文日期: arabic figures, the full year, no leading zeros (7.3.5.4).

    >>> chinese_date(dt.date(2026, 8, 5))
    '2026年8月5日'
    """
    return f"{day.year}年{day.month}月{day.day}日" if day else NO_DAY


def _seal_room(signature: Signature, pitch: int) -> tuple[int, int]:
    """Return the blank lines above the organ and below the date.

    The seal's top must be within one line of the text (7.3.5.1), its bottom on the page.
    """
    if not signature.sealed:
        return 1, 0  # 7.3.5.2
    radius = signature.seal_mm / MM_PER_TWIP / pitch / 2  # lines
    above = math.ceil(radius + _TEXT_BELOW_CENTRE - 1)
    below = math.ceil(above + 1 - _TEXT_BELOW_CENTRE + radius) - above - 2
    return above, below


def _signature_lines(signature: Signature, pitch: int) -> int:
    width = max(map(width_of, _lines(signature.organ)), default=0)
    organ = max(len(_lines(signature.organ)), math.ceil(width / _organ_room(signature)))
    return sum(_seal_room(signature, pitch)) + organ + 1


def _organ_room(signature: Signature) -> int:
    """Return the 字 an organ's name may fill with its blank kept to the right."""
    return LINE_CELLS - (_DATE_BLANK if signature.sealed else _ORGAN_BLANK)


def _signature(signature: Signature, pitch: int, notes_below: int) -> str:
    above, below = _seal_room(signature, pitch)
    names, date = _lines(signature.organ), chinese_date(signature.day)
    organ_ppr, date_ppr = _sealed(names, date) if signature.sealed else _unsealed(names, date)
    keep_date = signature.sealed or notes_below > 0
    return "".join(
        (
            _p("GWTo", keep=True) * above,
            *(_p("GWSign", _run(name), organ_ppr, keep=True) for name in names),
            _p("GWSign", _run(date), date_ppr, keep=keep_date),
            _p("GWTo") * max(below - notes_below, 0),
        )
    )


def _sealed(names: Iterable[str], date: str) -> tuple[str, str]:
    """Return the pPr of organ and date: both centred in a box that ends at the right edge."""
    organ = max(map(width_of, names), default=0)
    left = LINE_CELLS - 2 * _DATE_BLANK - width_of(date)
    if organ > width_of(date) + 2 * _DATE_BLANK:  # it would leave the 版心
        left = max(LINE_CELLS - _DATE_BLANK - organ, 0)
    ppr = _ind(left=left) + _CENTRED
    return ppr, ppr


def _unsealed(names: Iterable[str], date: str) -> tuple[str, str]:
    """Return the pPr of organ and date (7.3.5.2), automatic spacing allowed for."""
    organ = max(map(width_of, names), default=0)
    wide = _spaced(date)
    if wide <= organ:
        left = max(LINE_CELLS - _ORGAN_BLANK - organ, 0)
        align = '<w:jc w:val="left"/>'
        return _ind(left=left) + align, _ind(left=left + _DATE_OFFSET) + align
    align = '<w:jc w:val="right"/>'
    right = _ORGAN_BLANK + _DATE_OFFSET + wide - organ
    return _ind(right=right) + align, _ind(right=_ORGAN_BLANK) + align


def _signature_notes(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if not isinstance(block, Signature):
            continue
        organ = max(map(width_of, _lines(block.organ)), default=0)
        if organ > _organ_room(block):
            yield f"署名“{sanitize(block.organ)}”一行排不下，请改用规范化简称。"
        elif block.sealed and organ > width_of(chinese_date(block.day)) + 2 * _DATE_BLANK:
            yield (
                f"署名“{sanitize(block.organ)}”较长，署名按右空二字编排，"
                "成文日期随之左移，请核对用印位置。"
            )


# --- body -----------------------------------------------------------------------------


def _is_void(block: Block) -> bool:
    """Tell whether a block has no text and so leaves no paragraph."""
    match block:
        case Paragraph():
            return not _lines(block.lead + block.text)
        case Addressee():
            return not _lines(block.text)
        case _:
            return False


def _body(blocks: Sequence[Block], pitch: int, *, fits: bool) -> str:
    parts: list[str] = []
    for index, block in enumerate(blocks):
        after = blocks[index + 1] if index + 1 < len(blocks) else None
        bound = isinstance(after, Signature) and not (fits and _is_open(block))
        match block:
            case Title():
                parts.append(_title(block, bound=bound))
            case Addressee():
                lines = _lines(block.text)
                parts += [_p("GWTo", _run(t), keep=k) for t, k in _bound(lines, bound=bound)]
            case Paragraph():
                parts += _paragraph(block, bound=bound)
            case Table():
                parts.append(_table(block, bound=bound))
                if after is None or isinstance(after, Table):
                    parts.append(_p("GWTo"))  # Word wants a paragraph there
            case Signature():
                parts.append(_signature(block, pitch, _notes_from(blocks[index + 1 :])))
    return "".join(parts)


def _notes_from(blocks: Iterable[Block]) -> int:
    """Return how many paragraphs of 附注 (7.3.6) come first."""
    count = 0
    for block in blocks:
        if not isinstance(block, Paragraph) or block.role is not Role.NOTE:
            break
        count += len(_paragraph_runs(block))
    return count


def _bound(items: Sequence[_T], *, bound: bool) -> Iterator[tuple[_T, bool]]:
    """Yield each item and whether it is the last one and bound to what follows."""
    for left, item in enumerate(items, 1 - len(items)):
        yield item, bound and not left


def _title(title: Title, *, bound: bool) -> str:
    lines = title_lines(title.text)
    marks = _lines(title.subtitle)
    return "".join(
        (
            _p("GWTitle", _LINE_BREAK.join(map(_run, lines))) if lines else "",
            *(_p("GWSubtitle", _run(mark)) for mark in marks),
            _p("GWTo", keep=bound),  # 7.3.2: one blank line below the title
        )
    )


def _paragraph(block: Paragraph, *, bound: bool) -> Iterator[str]:
    style = _STYLES[Role.BODY if block.lead else block.role]
    for runs, keep in _bound(_paragraph_runs(block), bound=bound):
        yield _p(style, "".join(_run(text, face) for text, face in runs), keep=keep)


def _paragraph_runs(block: Paragraph) -> list[list[tuple[str, str]]]:
    """Return the paragraphs of a block, each as its runs: (text, character style)."""
    paragraphs: list[list[tuple[str, str]]] = [[]]
    for text, face in ((block.lead, _LEAD_STYLES.get(block.role, "")), (block.text, "")):
        first, *others = _NEWLINE.split(sanitize(text))
        paragraphs[-1].append((first, face))
        paragraphs += [[(other, face)] for other in others]
    filled = [[run for run in runs if run[0]] for runs in paragraphs]
    return [runs for runs in filled if runs]


def _column_widths(table: Table) -> list[int]:
    """Return the widths of the columns in twips; their sum is that of the 版心."""
    shares = table.widths or (1,) * len(table.header)
    total = sum(shares)
    ends = [0, *(TEXT_WIDTH * share // total for share in accumulate(shares))]
    return [b - a for a, b in pairwise(ends)]


def _table(table: Table, *, bound: bool) -> str:
    widths = _column_widths(table)
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(widths)
    aligns = [
        '<w:jc w:val="left"/>' if any(_cell_lines(text, width) > 1 for text in column) else ""
        for column, width in zip(columns, widths, strict=True)
    ]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row(table.header, widths, [""] * len(widths), face="GWHei", is_head=True)
    rows = [_row(row, widths, aligns, keep=keep) for row, keep in _bound(table.rows, bound=bound)]
    return f"<w:tbl>{_TABLE_PROPERTIES}<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(rows)}</w:tbl>"


def _row(  # noqa: PLR0913 -- six facts of a row, named at the call
    row: Iterable[str],
    widths: Iterable[int],
    aligns: Iterable[str],
    *,
    face: str = "",
    keep: bool = False,
    is_head: bool = False,
) -> str:
    parts = [_HEAD_ROW if is_head else _PLAIN_ROW]
    for text, width, align in zip(row, widths, aligns, strict=True):
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        )
        # An empty cell, too, must hold a paragraph.
        parts += [_p("GWCell", _run(line, face), align, keep=keep) for line in _lines(text) or [""]]
        parts.append("</w:tc>")
    return f"<w:tr>{''.join(parts)}</w:tr>"


_LINE_BREAK = f"<w:r><w:rPr>{_HINT}</w:rPr><w:br/></w:r>"
_PLAIN_ROW = f'<w:trPr><w:cantSplit/><w:trHeight w:val="{_LEAST_ROW}" w:hRule="atLeast"/></w:trPr>'
_HEAD_ROW = _PLAIN_ROW.replace("</w:trPr>", "<w:tblHeader/></w:trPr>")
_TABLE_PROPERTIES = (
    f'<w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
    + "".join(f'<w:{side} w:w="{_CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    + "</w:tblCellMar></w:tblPr>"
)


def _p(style: str, runs: str = "", ppr: str = "", *, keep: bool = False) -> str:
    kept = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}{ppr}</w:pPr>{runs}</w:p>'


def _run(text: str, face: str = "") -> str:
    if not text:
        return ""
    rpr = f'<w:rStyle w:val="{face}"/>{_HINT}' if face else _HINT
    content = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
        for part in text.split("\t")
    )
    return f"<w:r><w:rPr>{rpr}</w:rPr>{content}</w:r>"


def _ind(**sides: float) -> str:
    """Return indents in 字, written twice: LibreOffice reads twips, Word prefers characters."""
    attributes = " ".join(
        f'w:{side}Chars="{int(blank * 100)}" w:{side}="{int(blank * ZI)}"'
        for side, blank in sides.items()
    )
    return f"<w:ind {attributes}/>"


# --- the shell: all of the package but the text ---------------------------------------

_CUSTOM = "/docProps/custom.xml"
_VT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_FIRST_PROPERTY = 2  # 0 and 1 are taken by the format
_ATTRIBUTE_ESCAPES = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_NO_STYLES = (  # the defaults Word expects beside Normal
    '<w:style w:type="character" w:default="1" w:styleId="a0">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/>'
    '<w:unhideWhenUsed/></w:style><w:style w:type="table" w:default="1" w:styleId="a1">'
    '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
    '<w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
    '<w:top w:w="0" w:type="dxa"/><w:left w:w="108" w:type="dxa"/>'
    '<w:bottom w:w="0" w:type="dxa"/><w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '</w:style><w:style w:type="numbering" w:default="1" w:styleId="a2">'
    '<w:name w:val="No List"/><w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/>'
    "</w:style>"
)
_APP = (
    f"{_XML_HEAD}<Properties"
    ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>zhengdun</Application></Properties>"
)


@dataclass(frozen=True, slots=True)
class _Shell:
    """A package without its text: the main part's name, its ends, and the other parts."""

    main: str
    before: bytes
    after: bytes
    parts: Mapping[str, bytes]


@lru_cache(maxsize=16)
def _shell(latin: str, pitch: int, has_custom: bool) -> _Shell:  # noqa: FBT001 -- lru_cache keys
    """Return python-docx's template with our page, styles and settings in place of its own."""
    document = bare_document()
    package = document.part.package
    section = document.sections[0]
    _fill_footer(section.footer, "right")  # odd pages (7.5)
    _fill_footer(section.even_page_footer, "left")
    _set_page(document.element.body.sectPr, pitch)
    if has_custom:
        part = Part(PackURI(_CUSTOM), CONTENT_TYPE.OFC_CUSTOM_PROPERTIES, b"", package)
        package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
    main = document.part.partname.membername
    parts = saved(document) | {
        "docProps/app.xml": _APP.encode(),
        "word/fontTable.xml": _font_table().encode(),
        "word/settings.xml": _settings(pitch).encode(),
        "word/styles.xml": _styles(latin, pitch).encode(),
    }
    start, body, rest = parts.pop(main).partition(b"<w:body>")
    return _Shell(main, start + body, rest, parts)


def _fill_footer(footer: _Footer, side: str) -> None:
    """Set the page number between two 一字线, one character from that side (7.5)."""
    footer.is_linked_to_previous = False
    for paragraph in footer.paragraphs:
        footer._element.remove(paragraph._p)  # noqa: SLF001 -- python-docx has no other way
    mark = "<w:r><w:rPr>{}</w:rPr>{}</w:r>".format
    field = '<w:fldChar w:fldCharType="{}"/>'.format
    runs = (
        '<w:t xml:space="preserve">— </w:t>',
        field("begin"),
        '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
        field("separate"),
        "<w:t>1</w:t>",
        field("end"),
        '<w:t xml:space="preserve"> —</w:t>',
    )
    ppr = f'<w:ind w:{side}Chars="100" w:{side}="{_FOOT_TYPE}"/><w:jc w:val="{side}"/>'
    xml = _p("GWFoot", "".join(mark(_HINT, run) for run in runs), ppr)
    footer._element.append(_parsed(xml))  # noqa: SLF001


def _parsed(xml: str) -> BaseOxmlElement:
    """Return the element of a piece of WordprocessingML that declares no namespace."""
    return parse_xml(re.sub(r"^<[\w:]+", rf"\g<0> {nsdecls('w')}", xml))


def _set_page(section: BaseOxmlElement, pitch: int) -> None:
    """Set paper, margins (5.1, 5.2.1) and the grid of lines."""
    for name in ("pgSz", "pgMar", "cols", "docGrid"):
        for element in section.findall(qn(f"w:{name}")):
            section.remove(element)
    margins = (
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" '
        'w:header="851" w:footer="1440" w:gutter="0"/>'
    )
    grid = f'<w:docGrid w:type="lines" w:linePitch="{pitch}"/>'
    for xml in ('<w:pgSz w:w="11906" w:h="16838"/>', margins, '<w:cols w:space="425"/>', grid):
        section.append(_parsed(xml))


def _fonts(face: str, latin: str) -> str:
    names = {"ascii": latin or face, "hAnsi": latin or face, "eastAsia": face}
    attributes = " ".join(f'w:{name}="{_attribute(font)}"' for name, font in names.items())
    return f'<w:rFonts w:hint="eastAsia" {attributes} w:cs="Times New Roman"/>'


def _styles(latin: str, pitch: int) -> str:
    """Return styles.xml; every font by its name, as WPS misses fonts named by a theme."""
    body = _fonts(FANGSONG, latin)
    size = '<w:sz w:val="32"/><w:szCs w:val="32"/>'  # 三号 (5.2.2)
    indent = _ind(firstLine=2)  # 7.3.3
    heads = (
        # level, keepNext as in _KEPT_ROLES, font
        (1, "<w:keepNext/>", _fonts(HEITI, latin)),
        (2, "<w:keepNext/>", _fonts(KAITI, latin)),
        (3, "", ""),
        (4, "", ""),
    )
    kai, hei = _fonts(KAITI, latin), _fonts(HEITI, latin)
    title = f"{_fonts(XIAOBIAOSONG, latin)}{_sized(44)}"
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>'
        '<w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:overflowPunct w:val="1"/>'
        f'{_exactly(pitch)}<w:jc w:val="both"/></w:pPr>'
        f'<w:rPr>{body}<w:spacing w:val="-5"/>{size}</w:rPr></w:style>'
    )
    styles = (
        normal,
        _NO_STYLES,
        *(
            _style(
                str(level),
                f"heading {level}",
                f'{keep}{indent}<w:outlineLvl w:val="{level - 1}"/>',
                face,
                following="GWBody",
            )
            for level, keep, face in heads
        ),
        _style("GWBody", "公文正文", indent),
        _style("GWNote", "附注", indent),
        _style("GWTo", "主送机关"),
        _style("GWSign", "落款"),
        _style("GWTitle", "公文标题", f"<w:keepNext/>{_off_grid(_TITLE_LINE)}{_CENTRED}", title),
        _style("GWSubtitle", "公文副标题", f"<w:keepNext/>{_CENTRED}", kai),
        _style("GWFoot", "页码", _off_grid(_FOOT_TYPE), f"{_fonts(SONGTI, '')}{_sized(28)}"),
        _style("GWCell", "表格文字", f"{_off_grid(_CELL_LINE)}{_CENTRED}", _sized(24)),
        _style("GWHei", "黑体字", "", hei, kind="character"),
        _style("GWKai", "楷体字", "", kai, kind="character"),
    )
    return (
        f"{_XML_HEAD}<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>{body}{size}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault/></w:docDefaults>{''.join(styles)}</w:styles>"
    )


def _style(  # noqa: PLR0913 -- the parts of a style in the schema's order
    identity: str,
    name: str,
    ppr: str = "",
    rpr: str = "",
    *,
    following: str = "",
    kind: str = "paragraph",
) -> str:
    own = "" if name.startswith("heading") else ' w:customStyle="1"'
    parts = (
        f'<w:style w:type="{kind}"{own} w:styleId="{identity}"><w:name w:val="{name}"/>',
        f'<w:basedOn w:val="{"a" if kind == "paragraph" else "a0"}"/>',
        f'<w:next w:val="{following}"/>' if following else "",
        "<w:qFormat/>",
        f"<w:pPr>{ppr}</w:pPr>" if ppr else "",
        f"<w:rPr>{rpr}</w:rPr>" if rpr else "",
        "</w:style>",
    )
    return "".join(parts)


def _exactly(twips: int) -> str:
    return f'<w:spacing w:before="0" w:after="0" w:line="{twips}" w:lineRule="exact"/>'


def _off_grid(twips: int) -> str:
    return f'<w:snapToGrid w:val="0"/>{_exactly(twips)}'


def _sized(half_points: int) -> str:
    """Return type that is not condensed; only the body's lines of 28 need that."""
    return f'<w:spacing w:val="0"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _settings(pitch: int) -> str:
    return (
        f"{_XML_HEAD}<w:settings {nsdecls('w')}>"
        '<w:zoom w:percent="100"/><w:bordersDoNotSurroundHeader/><w:bordersDoNotSurroundFooter/>'
        '<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        f'<w:drawingGridVerticalSpacing w:val="{pitch // 2}"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def _font_table() -> str:
    """Return fontTable.xml: what a computer without a font may take instead."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
        for name, other in _SUBSTITUTES.items()
    )
    return f"{_XML_HEAD}<w:fonts {nsdecls('w')}>{fonts}</w:fonts>"


def _core(title: str, author: str) -> str:
    return (
        f"{_XML_HEAD}<cp:coreProperties {nsdecls('cp', 'dc', 'dcterms', 'xsi')}>"
        f"<dc:title>{_value(title)}</dc:title><dc:creator>{_value(author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{_STAMP}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{_STAMP}</dcterms:modified>'
        "</cp:coreProperties>"
    )


def _custom(properties: Mapping[str, str]) -> str:
    items = "".join(
        f'<property fmtid="{_CUSTOM_FORMAT}" pid="{number}" name="{_attribute(name)}">'
        f"<vt:lpwstr>{_value(properties[name])}</vt:lpwstr></property>"
        for number, name in enumerate(sorted(properties), _FIRST_PROPERTY)
    )
    return (
        f"{_XML_HEAD}<Properties"
        ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
        f' xmlns:vt="{_VT}">{items}</Properties>'
    )


def _attribute(text: str) -> str:
    return escape(sanitize(text), _ATTRIBUTE_ESCAPES)


def _value(text: str) -> str:
    return escape(sanitize(text), {"\r": "&#13;"})  # else a reader makes it a newline
