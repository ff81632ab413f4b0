"""What `verify` looks at in a work folder where nobody names anything: its papers, its sources.

A month's report is held against that month's rollup, whatever was handed in since. Letters and
ledgers speak of the villages' workbooks as they then were, so that only the latest month's count.
"""

from collections.abc import Iterator
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.papers import PUBLIC
from toolkit.workfolder import places
from toolkit.workfolder.places import WorkFolder


def everything(place: WorkFolder) -> tuple[Path, ...]:
    """Return the papers of a work folder and what they were made from.

    Raises UsageError where there is no paper.
    """
    papers = (*_papers(place.papers), *sorted(place.rollups.glob(f"*/{places.TOWN_REPORT}")))
    latest = _latest(place)
    if latest is not None:
        papers = (*papers, *_papers(latest / places.NOTICES), *_papers(latest / places.LEDGERS))
    if not papers:
        raise UsageError(f"{place.papers} 和 {place.rollups} 里还没有文稿，没有可核对的。")
    return (*papers, *sources(place))


def sources(place: WorkFolder) -> tuple[Path, ...]:
    """Return what the papers of a work folder are made from: workbooks, and each month's rollup."""
    return (place.books, *sorted(place.rollups.glob(f"*/{places.ROLLUP}")))


def _papers(folder: Path) -> Iterator[Path]:
    """Yield the papers in a folder, but for those for the public."""
    for path in sorted(folder.glob("*.docx")):
        if path.name[0] not in "~." and PUBLIC not in path.name:
            yield path


def _latest(place: WorkFolder) -> Path | None:
    """Return the folder of the latest month that has letters or ledgers."""
    names = (places.NOTICES, places.LEDGERS)
    made = (path.parent for name in names for path in place.rollups.glob(f"{_MONTH}/{name}"))
    return max(made, default=None)


_MONTH = "[0-9][0-9][0-9][0-9]-[01][0-9]"
