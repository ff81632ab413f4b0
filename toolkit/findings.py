"""A finding: one fault in a workbook, with every cell it was seen in and what to do about it."""

import enum
import re
from dataclasses import dataclass
from pathlib import PurePath

from toolkit.cells import fold


class Level(enum.Enum):
    """How much a finding matters; the value is the word other programs read."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def label(self) -> str:
        """The word clerks read."""
        return _LABELS[self]

    @property
    def rank(self) -> int:
        """0 for the gravest, rising as it matters less."""
        return list(Level).index(self)


_LABELS = {Level.ERROR: "必改", Level.WARNING: "提醒", Level.INFO: "提示"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, what stands there now, and how to put it right."""

    file: str  # the path as it was given
    village: str
    sheet: str
    cells: tuple[str, ...]  # where something is to be done; the header is theirs
    header: str
    level: Level
    rule: str
    seen: str
    message: str
    fix: str
    accepted: bool = False
    beside: tuple[str, ...] = ()  # what these cells do not agree with, right or wrong
    unlike: bool = False  # the cells differ in what stands there; `seen` is the first's

    @property
    def every_cell(self) -> tuple[str, ...]:
        """The cells where something is to be done, then those they were compared with."""
        return self.cells + self.beside

    @property
    def spots(self) -> str:
        """The cells in people's spelling, what they are compared with behind them.

        >>> Finding("", "", "整改措施", ("M5",), "实际完成日期", Level.ERROR, "R301", "", "", "",
        ...     beside=("J5",)).spots
        'M5（对照 J5）'
        """
        return fold(self.cells) + (f"（对照 {fold(self.beside)}）" if self.beside else "")

    def place(self, *, with_path: bool = False) -> str:
        """Return the place in people's spelling: file › sheet › cells（header）."""
        file = self.file if with_path else PurePath(self.file).name
        remarks = [self.header, f"对照 {fold(self.beside)}" if self.beside else ""]
        inside = "；".join(filter(None, remarks))
        spots = fold(self.cells) + (f"（{inside}）" if inside else "")
        return " › ".join(part for part in (file, self.sheet, spots) if part)

    def line(self, *, with_path: bool = False) -> str:
        """Return the finding as the one line that `check` prints.

        A file goes by its name; `with_path` tells files of one name apart.

        >>> print(Finding("上河村.xlsx", "上河村", "整改措施", ("F7",), "完成时限", Level.ERROR,
        ...     "C202", "10月分前", "读不出完成时限", "写日期或“2022年10月底前”。").line())
        【必改】上河村.xlsx › 整改措施 › F7（完成时限）：填的是“10月分前”，读不出完成时限。写日期或“2022年10月底前”。[C202]
        """  # noqa: E501 -- the line is one line
        answered = "（已在情况说明中说明）" if self.accepted else ""
        place = self.place(with_path=with_path)
        return f"【{self.level.label}】{place}：{self.said}。{self.fix}{answered}[{self.rule}]"

    @property
    def said(self) -> str:
        """What stands there and what is wrong with it, without a stop."""
        if not self.seen or self._quotes_itself():
            return self.message.removesuffix("。")
        more = "等" if self.unlike else ""
        return f"填的是“{self.seen}”{more}，{self.message}".removesuffix("。")

    def _quotes_itself(self) -> bool:
        """Say whether the message says already what stands in the cell.

        “按…理解” says what it was read as; that needs what stands there beside it.
        """
        if f"“{self.seen}”" in self.message:
            return True
        at_edges = rf"(?<!\w){re.escape(self.seen)}(?!\w)"
        return not self.message.startswith("按") and bool(re.search(at_edges, self.message))
