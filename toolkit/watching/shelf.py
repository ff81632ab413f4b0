"""The files at hand: each content opened once and understood once, never one being written."""

import contextlib
import os
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from toolkit.cells import Grid
from toolkit.excel.gate.parts import MOST_BYTES, too_large
from toolkit.excel.opened import Opened
from toolkit.forms import township
from toolkit.inbox import FORMS, Sight, look, open_one
from toolkit.report import FileStatus
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import Form
from toolkit.schema.workbook import Workbook
from toolkit.watching.folder import Folder
from toolkit.watching.mended import Moves
from toolkit.watching.moves import moves

_NOT_YET = "正在保存，存好后再核对"


@dataclass(frozen=True)
class _Kept(Opened):
    """A file whose workbook is kept, as the township means its deadlines now."""

    _understood: dict[MonthBefore, Workbook] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def read(self, month_before: MonthBefore = MonthBefore.STRICT) -> Workbook:
        """Return the workbook, the very same one as long as its deadlines are meant alike."""
        if month_before not in self._understood:
            self._understood.clear()
            self._understood[month_before] = super().read(month_before)
        return self._understood[month_before]


class Shelf:
    """Opens what was told of the files in a folder; it is the `Opener` of the watch."""

    def __init__(self, folder: Folder, asked: Sequence[Path]) -> None:
        self._folder = folder
        self._asked = asked
        self._held: dict[Path, bytes | None] = {}  # None once opened, or where nobody may read it
        self._former: dict[Path, Mapping[str, Grid]] = {}  # as it was when it was told last
        self._opened: dict[Path, dict[Sequence[Form], Opened | FileStatus]] = defaultdict(dict)

    def put(self, path: Path, data: bytes | None) -> None:
        """Hold a new content of a file, None where nobody lets us read it."""
        self.drop(path)
        self._held[path] = data

    def drop(self, path: Path) -> None:
        """Hold a file no more; its cells are remembered until `settle`."""
        if path not in self._former:
            self._former[path] = self._grids(path)
        self._held.pop(path, None)
        self._opened.pop(path, None)

    def settle(self) -> None:
        """Forget what files were before."""
        self._former.clear()

    def moved(self, former: Path, path: Path) -> Moves:
        """Return where the rows of a file are now that was called otherwise, perhaps, before."""
        before, after = self._former.get(former, {}), self._grids(path)
        both = before.keys() & after.keys()
        return {sheet: moves(before[sheet], after[sheet]) for sheet in both}

    def _grids(self, path: Path) -> Mapping[str, Grid]:
        found = self._opened.get(path, {}).values()
        return next((each.grids for each in found if isinstance(each, Opened)), {})

    def form_of(self, path: Path) -> Form | None:
        """Return what a file was opened as, None where it was not."""
        found = self._opened.get(path, {}).values()
        return next((each.form for each in found if isinstance(each, Opened)), None)

    def __call__(
        self,
        path: Path,
        asked: Container[Path],
        forms: Sequence[Form] = FORMS,
        *,
        counted: bool = False,
    ) -> Opened | FileStatus:
        """Return a file that is a workbook of ours, else what is to be said of it."""
        if path not in self._held:
            if self._folder.covers(path):
                return FileStatus(str(path), "skipped", reason=_NOT_YET)
            self._held[path] = self._folder.admit(path)
        known = self._opened[path]
        if forms in known:
            return known[forms]
        data = self._held[path]
        if data is None:
            return _refused(path) or open_one(path, asked, forms, counted=counted)
        found = open_one(path, asked, forms, counted=counted, read=lambda _: data)
        known[forms] = _Kept(**vars(found)) if isinstance(found, Opened) else found
        self._held[path] = None
        return known[forms]

    def sight(self) -> Sight:
        """Return what lies there; what a program has taken away for a moment lies there still.

        Raises UnreadableError where a folder that is asked for cannot be entered.
        """
        seen = look(self._asked, opener=self)
        away = [path for path in self._folder.paths if path not in seen.files]
        if away:
            there = set(map(os.path.realpath, seen.files))  # it may be spelled otherwise
            away = [p for p in away if self.form_of(p) and os.path.realpath(p) not in there]
            files = tuple(sorted({*seen.files, *away}))
            skipped = tuple(each for each in seen.skipped if each.path not in files)
            seen = replace(seen, files=files, skipped=skipped)
        if seen.township is None:
            beside = (path for path in self._folder.beside if path not in seen.files)
            towns = (path for path in beside if self.form_of(path) is township.FORM)
            seen = replace(seen, township=next(towns, None))
        return seen


def _refused(path: Path) -> FileStatus | None:
    """Return what is to be said of a file too large to be read again and again for its print."""
    with contextlib.suppress(OSError):
        size = path.stat().st_size
        if size > MOST_BYTES:
            return FileStatus(str(path), "unreadable", reason=too_large(size))
    return None
