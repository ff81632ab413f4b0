"""Two checks of the same files, compared: what became of each workbook in between."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.findings import Finding
from toolkit.report import CheckReport, FileStatus
from toolkit.watching.folder import Gone, Renamed, Saved
from toolkit.watching.mended import Mended, Moves, mended

Touched = Saved | Renamed | Gone
"""What has become of one file."""


def paired(events: Sequence[Touched], before: CheckReport, after: CheckReport) -> Sequence[Touched]:
    """Return the events; a file that is gone and a new one of its village are one, renamed.

    So a workbook is saved under another name, and the old one deleted.
    """
    was = {file.path: file.village for file in before.files}
    now = {file.path: file.village for file in after.files}
    gone = {was.get(str(each.path)): each for each in events if isinstance(each, Gone)}
    found: list[Touched] = []
    taken: list[Gone] = []
    for event in events:
        village = now.get(str(event.path))
        if isinstance(event, Saved) and event.fresh and village and village in gone:
            former = gone.pop(village)
            taken.append(former)
            found.append(Renamed(event.path, former.path, event.data, event.at))
            found.append(replace(event, fresh=False))
        else:
            found.append(event)
    return [event for event in found if event not in taken]


@dataclass(frozen=True)
class Changes:
    """What lies between two checks."""

    read_before: frozenset[str]
    after: Mapping[str, FileStatus]
    old: Mapping[str, Sequence[Finding]]  # by path, as the files are called now
    new: Mapping[str, Sequence[Finding]]
    told: frozenset[str]  # the files that were saved, renamed or taken away
    former: Mapping[str, str]  # what files were called before, by what they are called now
    moved: Callable[[Path, Path], Moves]  # where the rows of a file of a former name are now
    share_names: bool

    @classmethod
    def between(
        cls,
        before: CheckReport,
        after: CheckReport,
        events: Iterable[Touched],
        moved: Callable[[Path, Path], Moves],
    ) -> "Changes":
        """Return what lies between two checks, and what has happened to files meanwhile."""
        called = {str(e.former): str(e.path) for e in events if isinstance(e, Renamed)}
        return cls(
            frozenset(called.get(f.path, f.path) for f in before.files if f.status == "read"),
            {file.path: file for file in after.files},
            _by_file(before.findings, called),
            _by_file(after.findings, {}),
            frozenset(str(event.path) for event in events),
            {now: former for former, now in called.items()},
            moved,
            before.shares_names or after.shares_names,
        )

    def had(self, path: Path) -> bool:
        """Say whether a file was read before."""
        return str(path) in self.read_before

    def of(self, path: Path) -> Mended:
        """Return what became of the findings on a file."""
        moved = self.moved(Path(self.former.get(str(path), path)), path)
        return mended(self.old.get(str(path), ()), self.new.get(str(path), ()), moved)

    def name(self, path: Path) -> str:
        """Return what people call a file."""
        return str(path) if self.share_names else path.name

    def others(self) -> Iterator[tuple[str, Mended]]:
        """Yield the files that nobody has touched and whose findings are others all the same."""
        for path in sorted({*self.old, *self.new} & self.after.keys() - self.told):
            if self.old.get(path) != self.new.get(path):  # the quick way: most are as they were
                change = self.of(Path(path))
                if not change.nothing:
                    yield self.name(Path(path)), change


def _by_file(
    findings: Iterable[Finding], called: Mapping[str, str]
) -> Mapping[str, Sequence[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        found[called.get(finding.file, finding.file)].append(finding)
    return dict(found)
