"""What differs between two workbooks, place by place, as people read it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

DIFF_FORM = "diff-report"
"""What a workbook of differences says it is."""
NONE_DIFFERENT = "没有不同。"
NOTHING = "空"
"""What is said of a cell that holds nothing."""

ADDED, REMOVED, EDITED, RENUMBERED = "新增", "删除", "修改", "编号变更"
"""What can have happened to a row or a cell."""

_LONGEST_SHOWN = 60  # characters of a content that a line of a terminal quotes
_CONTEXT = 8  # characters that are quoted before what differs


@dataclass(frozen=True, slots=True)
class Difference:
    """One row or cell that is not what it was."""

    kind: str
    sheet: str
    key: str  # what the row is known by, "" where the sheet holds one record
    header: str = ""  # "" where the whole row is meant
    before: str = ""
    after: str = ""
    cell: str = ""
    in_old: bool = False  # the cell is one of the old workbook
    village: str = ""  # where the workbooks hold several

    @property
    def line(self) -> str:
        """The one line that the screen shows.

        >>> print(Difference("修改", "整改措施", "P01-M02", "责任人", "王志远", "", "E7").line)
        【修改】整改措施 › P01-M02 › 责任人：王志远 → 空（E7）
        >>> print(Difference("删除", "整改措施", "P01-M03", before="入股", cell="A8",
        ...     in_old=True).line)
        【删除】整改措施 › P01-M03：入股（旧文件 A8）
        """
        place = " › ".join(filter(None, (self.village, self.sheet, self.key, self.header)))
        said = self._said
        return f"【{self.kind}】{place}{'：' if said else ''}{said}{self._where}"

    @property
    def _said(self) -> str:
        before, after = excerpts(self.before, self.after, _LONGEST_SHOWN)
        if self.kind in {ADDED, REMOVED} or not (before or after):
            return before or after
        return f"{before or NOTHING} → {after or NOTHING}"

    @property
    def _where(self) -> str:
        if not self.cell:
            return ""
        return f"（旧文件 {self.cell}）" if self.in_old else f"（{self.cell}）"


@dataclass(frozen=True)
class Comparison:
    """What two workbooks of one kind have not in common."""

    old: str  # the files' names
    new: str
    about: str  # whose workbooks they are
    differences: tuple[Difference, ...]
    remarks: tuple[str, ...] = ()
    kind: str = "工作簿对比结果"  # what a title calls it, behind whose workbooks they are

    @property
    def title(self) -> str:
        """What stands above it.

        >>> Comparison("", "", "上河村", ()).title
        '上河村工作簿对比结果'
        """
        return f"{self.about}{self.kind}"

    @property
    def total(self) -> str:
        """How many differences of each kind there are, in words."""
        if not self.differences:
            return NONE_DIFFERENT
        kinds = Counter(each.kind for each in self.differences)
        told = "，".join(f"{kind} {count}" for kind, count in kinds.items())
        return f"共 {len(self.differences)} 处不同：{told}。"

    @property
    def lines(self) -> Iterator[str]:
        """The lines that the screen shows."""
        yield from (each.line for each in self.differences)
        yield self.total


def excerpts(before: str, after: str, most: int) -> tuple[str, str]:
    """Return of two texts what differs, with the words around it, where they are long.

    >>> excerpts("十分薄弱", "较为薄弱", 20)
    ('十分薄弱', '较为薄弱')
    >>> excerpts("村集体经济收入主要靠土地流转，每年五千元", "村集体经济收入主要靠土地流转，每年八千元", 14)
    ('…靠土地流转，每年五千元', '…靠土地流转，每年八千元')
    """  # noqa: E501 -- two long texts
    if max(len(before), len(after)) <= most:
        return before, after
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    )
    start = same - _CONTEXT if same > _CONTEXT + 1 else 0
    return _excerpt(before, start, most), _excerpt(after, start, most)


def _excerpt(text: str, start: int, most: int) -> str:
    rest = text[start:]
    shown = rest if len(rest) <= most else f"{rest[: most - 1]}…"
    return f"…{shown}" if start else shown
