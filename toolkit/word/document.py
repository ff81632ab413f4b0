"""An official document as values: what is said and in which role, never where it stands."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from toolkit.errors import UsageError

PLAN, SUMMARY = "整顿方案", "整改情况报告"
PAPERS = (PLAN, SUMMARY)
"""The papers of a village; each has a content template of its name."""

_LEAST_PITCH, _MOST_PITCH = 500, 700
_SEALS_MM = range(30, 61)


class Role(Enum):
    """The part a paragraph plays."""

    BODY = "正文"
    LEVEL1 = "一级标题"
    LEVEL2 = "二级标题"
    LEVEL3 = "三级标题"
    LEVEL4 = "四级标题"
    NOTE = "附注"


@dataclass(frozen=True, slots=True)
class Title:
    """标题, with a mark such as （征求意见稿） on a line of its own below it.

    A newline in the text is a line break the author insists on.
    """

    text: str
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """主送机关, colon included."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; each newline in it begins another one of the same role.

    A `lead` is the heading that opens the paragraph, set in the heading's type:
    Paragraph("成立由……", Role.LEVEL2, lead="（一）成立机构，加强领导。").
    """

    text: str
    role: Role = Role.BODY
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as wide as the 版心; the head row is repeated on each page.

    `widths` are shares, not measures: (1, 3) makes the second column three times as wide;
    without them all columns are equal.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        columns = len(self.header)
        if not columns:
            raise ValueError("a table needs a head row")
        if any(len(row) != columns for row in self.rows):
            raise ValueError(f"each row of a table must have the {columns} cells of its head row")
        if self.widths and (len(self.widths) != columns or min(self.widths) < 1):
            raise ValueError(f"a table of {columns} columns needs as many positive widths")


@dataclass(frozen=True, slots=True)
class Seal:
    """Whether a paper is to be sealed, and how wide the seal is.

    The usual seal of a township or a village is 42 mm wide, that of a county 45 mm.
    """

    sealed: bool = True
    millimetres: int = 42

    def __post_init__(self) -> None:
        if self.millimetres not in _SEALS_MM:
            raise UsageError(
                f"印章直径写的是 {self.millimetres} 毫米，"
                f"应在 {_SEALS_MM[0]} 至 {_SEALS_MM[-1]} 毫米之间。"
            )


USUAL_SEAL = Seal()
"""What a paper is signed for unless its township says otherwise."""


@dataclass(frozen=True, slots=True)
class Signature:
    """署名 and 成文日期, with room for the seal when there is to be one; no day prints blanks."""

    organ: str
    day: dt.date | None
    seal: Seal = USUAL_SEAL


Block = Title | Addressee | Paragraph | Table | Signature


@dataclass(frozen=True, slots=True)
class Document:
    """The blocks in reading order, and what is written into the file's properties."""

    blocks: tuple[Block, ...]
    title: str = ""
    author: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Typography:
    """What an office may set for itself.

    `latin_font` is the font of digits and letters; without it they take the font of the
    Chinese text beside them, as the standard knows no other. `pitch` is the distance of two
    lines in twentieths of a point: 579 fills the 版心 with 22 lines.
    """

    latin_font: str = ""
    pitch: int = 579

    def __post_init__(self) -> None:
        if not _LEAST_PITCH <= self.pitch <= _MOST_PITCH:
            raise UsageError(
                f"行距写的是 {self.pitch / 20:g} 磅，"
                f"应在 {_LEAST_PITCH / 20:g} 至 {_MOST_PITCH / 20:g} 磅之间。"
            )


STANDARD = Typography()
