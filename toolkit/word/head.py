"""版头 (7.2): what stands above the red line, from the 份号 to the 发文字号.

All of it flows from the top of the 版心 in lines of known height that stand off the grid, so
that Word, WPS and LibreOffice set it alike: no frame has to find its place.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from toolkit.word.document import Block, Head
from toolkit.word.lines import lines_of, width_of
from toolkit.word.markup import CENTRED, HINT, exactly, paragraph_xml, run_xml, text_xml
from toolkit.word.page import LINE_CELLS, TEXT_WIDTH, ZI
from toolkit.word.styles import RED
from toolkit.word.tables import BARE_CELLS

_MARK_TOP = 1984  # twips: 35 mm from the top of the 版心 to that of the 标志 (7.2.4)
_MARK_TYPE, _LEAST_TYPE = 840, 440  # twips: 42 pt, and the 22 pt of the title
_MARK_SCALE, _LEAST_SCALE = 90, 60  # per cent of a character's width
_MARK_SPACE = 20  # twips between two characters
_MARK_LINE = 25 / 21  # a line's height for that of its characters
_MARK_ROOM = 3_800  # twips: all organs together, so that page 1 still shows text (7.3.3)
_BASELINE = 0.8  # of a line's height, where characters stand; they are 0.8 of their size high
_LEAST_GAP = 20  # twips
_PAPER = "文件"
_PAPER_GAP = 0.5  # characters between the organs and the 文件 at their right
_CELL_SLACK = 120  # twips that keep a name from breaking

_BLANK_LINES = 2  # between 标志 and 发文字号 (7.2.5), and between red line and title (7.3.1)
_SLACK_LINES = 0.25  # so much may two blank lines lack where the number then stands on the grid
_RULE_SPACE, _RULE_WIDTH = 6, 12  # points, eighths of one: 4 mm below the digits (7.2.7)
_RULE_HEIGHT = _RULE_SPACE * 20 + _RULE_WIDTH * 20 // 8  # twips
_RULE = (
    f'<w:pBdr><w:bottom w:val="single" w:sz="{_RULE_WIDTH}" w:space="{_RULE_SPACE}" '
    f'w:color="{RED}"/></w:pBdr>'
)
_SIGNED = "签发人："
_SIDE = 1  # 字 left blank at either side (7.2.5, 7.2.6)
_SIGNERS_ABREAST = 2  # 7.2.6


def head_xml(head: Head, pitch: int) -> str:
    """Return the 版头; what follows it stands two lines below the red line."""
    mark, lines = _mark(head), _lines_above(head)
    line, gap = _above(mark, len(lines), pitch)
    top, bottom = _number_top(mark, pitch), _MARK_TOP + mark.height - mark.rise
    return "".join(
        (
            *(paragraph_xml("GWHead", run_xml(text, face), exactly(line)) for text, face in lines),
            paragraph_xml("GWGap", ppr=exactly(gap)),
            _mark_xml(mark),
            _numbers_xml(head, pitch, top - bottom),
        )
    )


def head_height(head: Head, pitch: int) -> int:
    """Return the twips from the top of the 版心 to that of the title."""
    rows = len(_rows(head))
    return _number_top(_mark(head), pitch) + (rows + _BLANK_LINES) * pitch + _RULE_HEIGHT


def head_notes(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield what must be said of a 发文机关标志 that fits no line."""
    for block in blocks:
        if isinstance(block, Head):
            mark = _mark(block)
            for name in mark.names:
                if mark.lines(name) > 1:
                    yield f"发文机关标志“{name}”一行排不下，请改用规范化简称。"


# -- the lines above the mark ---------------------------------------------------------------------


def _lines_above(head: Head) -> list[tuple[str, str]]:
    """Return 份号, 密级 and 紧急程度 (7.2.1 to 7.2.3), each with its character style."""
    kinds = ((head.copy, ""), (head.secrecy, "GWHei"), (head.urgency, "GWHei"))
    lines = (("".join(lines_of(text)), face) for text, face in kinds)
    return [(line, face) for line, face in lines if line]


def _above(mark: "_Mark", lines: int, pitch: int) -> tuple[int, int]:
    """Return the height of each line above the mark, and that of the gap below them."""
    room = _MARK_TOP - mark.rise
    line = min(pitch, (room - _LEAST_GAP) // lines) if lines else pitch
    return line, room - lines * line


# -- 发文机关标志 ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Mark:
    """The organs' names, the 文件 at their right, and the type in which all fit the 版心."""

    names: tuple[str, ...]
    paper: str
    size: int  # twips
    scale: int  # per cent

    @property
    def line(self) -> int:
        """The height of a line in twips."""
        return int(self.size * _MARK_LINE)

    @property
    def rise(self) -> int:
        """The twips by which the ink begins below the top of its line."""
        return int((self.line - self.size) * _BASELINE)

    @property
    def height(self) -> int:
        """The height of all organs together."""
        return self.line * sum(map(self.lines, self.names))

    def width(self, text: str) -> float:
        """Return the width of a text in twips."""
        return width_of(text) * self.size * self.scale / 100 + len(text) * _MARK_SPACE

    def lines(self, name: str) -> int:
        """Return how many lines a name takes; more than one if it is too long for any type."""
        return max(math.ceil(self.width(name) / self.room), 1)

    @property
    def paper_width(self) -> float:
        """The width of 文件 and the gap before it."""
        return self.width(self.paper) + _PAPER_GAP * self.size * self.scale / 100

    @property
    def room(self) -> float:
        """The width that the organs' names may take."""
        if not self.paper:
            return TEXT_WIDTH
        return TEXT_WIDTH - self.paper_width - 2 * _CELL_SLACK


def _mark(head: Head) -> _Mark:
    """Return the mark (7.2.4): one line, or organs below one another beside their 文件."""
    names = [name.strip() for organ in head.mark for name in lines_of(organ) if name.strip()]
    organs = [organ for name in names if (organ := name.removesuffix(_PAPER))]
    paper = _PAPER if any(name.endswith(_PAPER) for name in names) else ""
    if len(organs) < 2:  # noqa: PLR2004 -- one organ's mark is one line
        organs, paper = ["".join((*organs, paper))], ""
    widest = max(organs, key=width_of)
    beside = f"{widest}{paper}"
    cells = width_of(beside) + (_PAPER_GAP if paper else 0)
    room = TEXT_WIDTH - len(beside) * _MARK_SPACE - (2 * _CELL_SLACK if paper else 0)
    tallest = int(_MARK_ROOM / _MARK_LINE / len(organs)) // 10 * 10
    size = max(min(_MARK_TYPE, tallest), _LEAST_TYPE)
    scale = min(_MARK_SCALE, int(100 * room / (cells * size)))
    if scale < _LEAST_SCALE:
        scale = _LEAST_SCALE
        size = max(int(100 * room / (cells * scale)) // 10 * 10, _LEAST_TYPE)
    return _Mark(tuple(organs), paper, size, scale)


def _mark_xml(mark: _Mark) -> str:
    widest = min(max(map(mark.width, mark.names)), mark.room)
    names = "".join(_name_xml(mark, name, widest) for name in mark.names)
    if not mark.paper:
        return names
    widths = (int(widest) + _CELL_SLACK, int(mark.paper_width) + _CELL_SLACK)
    cells = (names, _name_xml(mark, mark.paper, 0))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    row = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{cell}</w:tc>"
        for width, cell in zip(widths, cells, strict=True)
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/>{BARE_CELLS}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr>"
        f'<w:trHeight w:val="{mark.height}" w:hRule="atLeast"/></w:trPr>{row}</w:tr></w:tbl>'
    )


def _name_xml(mark: _Mark, name: str, width: float) -> str:
    """Return a name in the mark's type, spread to a width where that is more than its own."""
    spread = 0
    if len(name) > 1 and mark.lines(name) == 1:
        spread = max(int((width - mark.width(name)) / (len(name) - 1)), 0)
    pieces = ((name[:-1], spread), (name[-1:], 0)) if spread else ((name, 0),)
    runs = "".join(
        f'<w:r><w:rPr>{HINT}<w:spacing w:val="{_MARK_SPACE + more}"/><w:w w:val="{mark.scale}"/>'
        f'<w:sz w:val="{mark.size // 10}"/><w:szCs w:val="{mark.size // 10}"/></w:rPr>'
        f"{text_xml(piece)}</w:r>"
        for piece, more in pieces
    )
    return paragraph_xml("GWMark", runs, f"{exactly(mark.line)}{CENTRED}")


# -- 发文字号, 签发人, red line --------------------------------------------------------------------


def _number_top(mark: _Mark, pitch: int) -> int:
    """Return the twips from the top of the 版心 to the first line below the mark.

    It stands on the grid, two blank lines below the mark (7.2.5).
    """
    bottom = _MARK_TOP - mark.rise + mark.height
    return math.ceil(bottom / pitch + _BLANK_LINES - _SLACK_LINES) * pitch


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the 发文字号 or of signers: its runs and where they stand."""

    runs: str
    tabs: str = ""
    side: str = ""


def _numbers_xml(head: Head, pitch: int, gap: int) -> str:
    """Return the 发文字号 and the signers beside it, the red line below them."""
    *others, last = _rows(head)
    gaps = [gap, *[0] * len(others)]
    spacings = [exactly(pitch, before=before) for before in gaps]
    spacings[-1] = exactly(pitch, before=gaps[-1], after=_BLANK_LINES * pitch)
    rules = [*[""] * len(others), _RULE]
    return "".join(
        paragraph_xml("GWHead", row.runs, f"{rule}{row.tabs}{spacing}{row.side}", keep=True)
        for row, rule, spacing in zip((*others, last), rules, spacings, strict=True)
    )


def _rows(head: Head) -> list[_Row]:
    """Return the lines from the first signer's to the number's, which is the last signer's."""
    number = "".join(lines_of(head.number))
    signers = [signer for each in head.signers for signer in lines_of(each)]
    if not signers:
        return [_Row(run_xml(number), side=CENTRED)]  # 7.2.5
    for abreast in range(min(_SIGNERS_ABREAST, len(signers)), 0, -1):
        rows = [signers[at : at + abreast] for at in range(0, len(signers), abreast)]
        stops = _stops(signers, abreast)
        start = stops[0] - width_of(_SIGNED) * (len(rows) == 1)
        if _SIDE + width_of(number) + _SIDE <= start:
            break
    texts = ["\t", *["\t"] * (len(rows) - 1)]
    texts[-1] += number
    lines: list[_Row] = []
    for index, (text, row) in enumerate(zip(texts, rows, strict=True)):
        label = "" if index else _SIGNED
        first, *more = stops
        tabs = _tabs(_SIDE, first - width_of(label), *more)
        names = "\t".join(row)
        runs = run_xml(f"{text}\t{label}") + run_xml(names, "GWKai")
        lines.append(_Row(runs, tabs))
    return lines


def _stops(signers: Sequence[str], abreast: int) -> list[float]:
    """Return where each column of signers begins, in 字 from the left edge (7.2.6)."""
    right: float = LINE_CELLS
    stops: list[float] = []
    for column in reversed(range(abreast)):
        right -= _SIDE + max(map(width_of, signers[column::abreast]))
        stops.insert(0, max(right, _SIDE + width_of(_SIGNED) + 1))
    return stops


def _tabs(*stops: float) -> str:
    inner = "".join(f'<w:tab w:val="left" w:pos="{int(stop * ZI)}"/>' for stop in stops)
    return f"<w:tabs>{inner}</w:tabs>"
