"""An official document as values: what is said and in which role, never where it stands."""

import datetime as dt
from collections.abc import Mapping, Sequence
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
    ATTENDANCE = "出席人员"


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
    without them all columns are equal. The columns in `sentences`, counted from 0, begin at the
    left whatever stands in them; others only if a long text wraps in them.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Head:
    """版头 (7.2): who issues the paper, its number, and what is to be known before reading.

    `mark` is the 发文机关标志, one organ each, the leading one first; where several issue the
    paper together, the 文件 at an organ's end, or alone, is set to their right. `number` is the
    发文字号, `copy` the 份号, `urgency` the 紧急程度; `signers` are named on papers to a higher
    organ only (7.2.6).
    """

    mark: tuple[str, ...]
    number: str = ""
    copy: str = ""
    secrecy: str = ""
    urgency: str = ""
    signers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not any(organ.strip() for organ in self.mark):
            raise UsageError("版头缺少发文机关标志，请写明，如：青山镇人民政府文件。")


@dataclass(frozen=True, slots=True)
class AttachmentNote:
    """附件说明 (7.3.4), before the signature; several names are numbered in their order."""

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.names:
            raise ValueError("a note of attachments needs the name of one")


@dataclass(frozen=True, slots=True)
class Attachment:
    """The start of an 附件 on a page of its own (7.3.7).

    The blocks up to the next attachment, or the imprint, are what it holds. On `landscape`
    pages (8) a table fills the long side. A lone attachment has no number. The subtitle is a
    mark such as （截至2022年10月31日） on a line of its own. What a notice issues has no
    label: it is no attachment but the matter itself.
    """

    title: str
    number: int | None = None
    landscape: bool = False
    subtitle: str = ""
    labelled: bool = True

    def __post_init__(self) -> None:
        if not self.labelled and not self.title.strip():
            raise ValueError("a page that begins with no label begins with a title")
        if self.number is not None and self.number < 1:
            raise ValueError("attachments are numbered from 1")


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记 (7.4): who gets copies, who printed the paper, and when; what is empty is left out."""

    copies: str = ""
    organ: str = ""
    day: dt.date | None = None


Block = (
    Head | Title | Addressee | Paragraph | Table | AttachmentNote | Signature | Attachment | Imprint
)


def opens_attendance(blocks: Sequence[Block], at: int) -> bool:
    """Say whether a block is the first that names who was present: a blank line is above (10.3)."""
    return _is_attendance(blocks[at]) and at > 0 and not _is_attendance(blocks[at - 1])


def _is_attendance(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.role is Role.ATTENDANCE


@dataclass(frozen=True, slots=True)
class Document:
    """The blocks in reading order, and what is written into the file's properties.

    A head is the first of them, an imprint the last.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    author: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(isinstance(block, Head) for block in self.blocks[1:]):
            raise ValueError("a head is the first block")
        if any(isinstance(block, Imprint) for block in self.blocks[:-1]):
            raise ValueError("an imprint is the last block")


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
