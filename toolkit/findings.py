"""A finding: one fault in a workbook, with every cell it was seen in and what to do about it."""

import enum
from dataclasses import dataclass

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

    file: str
    village: str
    sheet: str
    cells: tuple[str, ...]
    header: str
    level: Level
    rule: str
    seen: str
    message: str
    fix: str
    accepted: bool = False

    @property
    def place(self) -> str:
        """The place in people's spelling: file › sheet › cells（header）."""
        spots = fold(self.cells) + (f"（{self.header}）" if self.header else "")
        return " › ".join(part for part in (self.file, self.sheet, spots) if part)

    def line(self) -> str:
        """Return the finding as the one line that `check` prints."""
        quote = self.seen and self.seen not in self.message  # a message may quote it already
        seen = f"填的是“{self.seen}”，" if quote else ""
        answered = "（已在情况说明中说明）" if self.accepted else ""
        message = f"{seen}{self.message}"
        return f"【{self.level.label}】{self.place}：{message}。{self.fix}{answered}[{self.rule}]"
