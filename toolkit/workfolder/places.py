"""A township's work folder: what lies where in it, and the one in which somebody stands."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.excel.folder import COPIES_FOLDER, REPORT_FILE
from toolkit.forms import BOOKS_FOLDER, TOWNSHIP_FILE, is_work_folder

BOOKS, ROLLUPS, PAPERS, TEMPLATES = BOOKS_FOLDER, "汇总", "公文", "文稿模板"
"""The folders of a work folder."""
ROLLUP, TOWN_REPORT, FINGERPRINTS = "镇汇总.xlsx", "整顿工作情况汇报.docx", "报送指纹.txt"
REPORT, COPIES = REPORT_FILE, COPIES_FOLDER
"""The results of a month, and of a check."""
NOTICES, LEDGERS = "催办通知", "整顿台账"
"""The folders of a month's letters to the villages and of its ledgers."""
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """A work folder by its root, which is spelled as people shall read it."""

    root: Path

    @property
    def township(self) -> Path:
        """The township's own workbook."""
        return self.root / TOWNSHIP_FILE

    @property
    def books(self) -> Path:
        """Where the villages' workbooks go out and come in."""
        return self.root / BOOKS

    @property
    def rollups(self) -> Path:
        """Where each month has its folder."""
        return self.root / ROLLUPS

    @property
    def papers(self) -> Path:
        """Where the formal papers go."""
        return self.root / PAPERS

    @property
    def templates(self) -> Path:
        """Where the office edits the standing wording of its papers."""
        return self.root / TEMPLATES

    @property
    def report(self) -> Path:
        """The findings of a check between the months."""
        return self.root / REPORT

    @property
    def copies(self) -> Path:
        """The return copies of such a check."""
        return self.root / COPIES

    @property
    def upgraded(self) -> Path:
        """Where upgraded workbooks wait for somebody to put them into the old ones' place."""
        return self.root / "新版工作簿"

    def month(self, month: str) -> Path:
        """Return the folder of a month written YYYY-MM."""
        return self.rollups / month

    def rollup(self, month: str) -> Path:
        """Return the rollup of a month."""
        return self.month(month) / ROLLUP

    def holds(self, path: Path) -> bool:
        """Say whether a file lies, or would lie, in the folder."""
        return path.absolute().parent.resolve().is_relative_to(self.root.resolve())

    def rollup_before(self, month: str) -> Path | None:
        """Return the rollup of the latest month of the year before a month, None without one."""
        names = (path.parent.name for path in self.rollups.glob(f"{month[:4]}-*/{ROLLUP}"))
        earlier = [name for name in names if _MONTH.fullmatch(name) and name < month]
        return self.rollup(max(earlier)) if earlier else None

    def template(self, name: str) -> Path | None:
        """Return the office's own template of a paper, None where it has none."""
        path = self.templates / f"{name}.docx"
        return path if path.is_file() else None

    def later_month(self, month: str) -> str:
        """Return the latest month that was made after one, "" where none was.

        Letters or ledgers alone, which are also asked for between the months, make none.
        """
        made = (path for mark in (ROLLUP, FINGERPRINTS) for path in self.rollups.glob(f"*/{mark}"))
        names = (path.parent.name for path in made)
        return max((name for name in names if _MONTH.fullmatch(name) and name > month), default="")

    def last_month(self, year: int | None = None) -> str:
        """Return the latest month, of a year if one is told, that has a rollup, "" where none."""
        months = (path.parent.name for path in self.rollups.glob(f"*/{ROLLUP}"))
        of_year = (name for name in months if not year or name.startswith(f"{year}-"))
        return max(filter(_MONTH.fullmatch, of_year), default="")


def find(start: Path) -> WorkFolder | None:
    """Return the work folder that a folder is or lies in, None where there is none.

    The way to it is told as seen from where the program runs, if that lies in it.
    """
    here = start.absolute()
    place = next(filter(is_work_folder, (here, *here.parents)), None)
    if place is None:
        return None
    if start == Path() or start.absolute() != place:
        return WorkFolder(_readable(place))
    return WorkFolder(start)


def spare_history(place: WorkFolder, name: str) -> None:
    """Refuse, by a UsageError, to put another rollup into a month that others have followed."""
    later = place.later_month(name)
    if later and place.rollup(name).exists():
        raise UsageError(
            f"{name} 的汇总已经做过，之后又做了 {later}，没有重做。"
            f"确实要重做，请运行 zhengdun month {name} --again，或者用 -o 另存到别处。"
        )


def half_made(place: Path) -> Iterator[str]:
    """Yield what a folder lacks to be a work folder, where it bears one of the two marks."""
    marks = {place / TOWNSHIP_FILE: TOWNSHIP_FILE, place / BOOKS: f"{BOOKS}文件夹"}
    lacking = [told for path, told in marks.items() if not path.exists()]
    if len(lacking) == 1:
        yield f"这里缺{lacking[0]}，还不是工作文件夹。放回来，或运行 zhengdun init . 补齐。"


def _readable(place: Path) -> Path:
    """Return “..” and the like for a folder in which the program runs, any other as it is."""
    return Path(os.path.relpath(place)) if Path.cwd().is_relative_to(place) else place
