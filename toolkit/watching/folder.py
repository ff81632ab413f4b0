"""Files looked at again and again: which were saved, each content whole and told once.

Law: nothing is told of a file that somebody is still writing. Two looks agree on it, and the bytes
are a package whose every part has the right checksum, read at once and closed; while they are read,
a moment, Windows lets nobody rename or delete the file. Nothing here sleeps or asks what time it
is: whoever polls decides how often.

Events of the operating system are not asked for: they fire thrice a save, in the midst of it, and
not at all on network shares.
"""

import hashlib
import os
import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from toolkit.excel.folder import WORKBOOK_SUFFIXES, find_workbooks
from toolkit.excel.gate.parts import MOST_BYTES, Entry, directory, inflate
from toolkit.excel.gate.refusal import Refusal

GONE = 4
"""Polls after which a missing file is gone: to save, programs take it away and put it back."""
PATIENCE = 20
"""Polls after which what is no whole package is told as it is: it does not come to be one."""
OLD = 4
"""The same for the old formats, of which nobody can tell whether they are whole."""
TICK = 5
"""Polls after which a file is read again whose disk may count in steps of two seconds (FAT, some
shares): nobody sees by its time that it was saved twice in one step."""
_OLD_FORMAT = bytes.fromhex("D0CF11E0")
_SECOND = 1_000_000_000


# -- what has happened ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Saved:
    """A file has a content that was not there before; None where nobody lets us read it."""

    path: Path
    data: bytes | None
    at: int  # when it was written, in nanoseconds, by the disk's clock
    fresh: bool  # it was not there before


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file stands under another name, its content as it was."""

    path: Path
    former: Path
    data: bytes | None
    at: int


@dataclass(frozen=True, slots=True)
class Gone:
    """A file is there no more."""

    path: Path


@dataclass(frozen=True, slots=True)
class Lost:
    """A folder cannot be looked into any more: its share, or itself, is away.

    It is one that was asked for, or where a file lies that was.
    """

    folder: Path


@dataclass(frozen=True, slots=True)
class Back:
    """A folder that was lost is there again."""

    folder: Path


Event = Saved | Renamed | Gone | Lost | Back


# -- what is known --------------------------------------------------------------------------------


class Stamp(NamedTuple):
    """What a disk says of a file, which changes whenever it is saved."""

    at: int
    size: int


@dataclass(slots=True)
class _File:
    """One file as the polls have seen it."""

    path: Path
    stamp: Stamp | None = None  # as last seen
    calm: int = 0  # polls since it came to be so
    told: Stamp | None = None  # as it was when its content was told last
    digest: str = ""  # of that content, "" where none was told yet
    missing: int = 0  # polls since it is away

    def see(self, stamp: Stamp) -> None:
        """Take note of what the disk says now."""
        self.calm = self.calm + 1 if stamp == self.stamp and not self.missing else 0
        self.stamp, self.missing = stamp, 0

    @property
    def due(self) -> bool:
        """Whether it is to be read now."""
        if self.stamp != self.told:
            return self.calm > 0
        if self.digest == _UNREAD:
            return self.calm % PATIENCE == 0
        return self.calm == TICK and self.stamp is not None and self.stamp.at % _SECOND == 0


_UNREAD = "unread"  # what stands for the digest of a file that nobody lets us read


@dataclass(slots=True)
class _Root:
    """A folder that was asked for, or where a file lies that was."""

    path: Path
    real: str
    away: int = 0  # polls since it cannot be looked into

    def see(self, *, there: bool) -> Iterator["Lost | Back"]:
        """Take note of whether it can be looked into now; yield what is to be told of that."""
        lost = self.away >= GONE
        self.away = 0 if there else self.away + 1
        if lost and there:
            yield Back(self.path)
        elif self.away == GONE:
            yield Lost(self.path)


@dataclass(slots=True)
class _Seen:
    """What one look at the folders has shown."""

    names: dict[str, os.DirEntry[str]] = field(default_factory=dict)
    blind: list[str] = field(default_factory=list)  # folders that could not be looked into
    walked: set[str] = field(default_factory=set)


class Folder:
    """The workbooks in folders, as `check` finds them, and files named by hand.

    `ours` says of a file that we wrote it, so that nothing is told of it.
    """

    def __init__(self, asked: Sequence[Path], ours: Callable[[Path], bool]) -> None:
        self._ours = ours
        self._roots = [_Root(path, os.path.realpath(path)) for path in asked if path.is_dir()]
        self._single = {path for path in asked if not path.is_dir()}
        homes = dict.fromkeys(path.parent for path in asked if path in self._single)
        self._homes = [_Root(path, os.path.realpath(path)) for path in homes]
        self._beside: set[Path] = set()
        self._files: dict[str, _File] = {}
        self._listed: frozenset[str] = frozenset()  # names of what may be workbooks
        self._closed: Collection[str] = ()  # folders that `check` does not look into
        self._admitted: dict[str, Path] = {}
        self._unsure = True
        self._fresh = True
        self._waiting = False  # for a file that is missing

    @property
    def reachable(self) -> bool:
        """Whether every folder could be looked into at the last poll."""
        return not any(root.away for root in self._roots + self._homes)

    @property
    def pending(self) -> bool:
        """Whether there are files of which nothing was told yet."""
        return any(not file.digest and not file.missing for file in self._files.values())

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that were asked for and told, also while they are away for a moment."""
        told = (file.path for file in self._files.values() if file.digest)
        return tuple(path for path in told if path not in self._beside)

    @property
    def beside(self) -> tuple[Path, ...]:
        """The files that are watched besides, also while they are away for a moment."""
        told = (file.path for file in self._files.values() if file.digest)
        return tuple(path for path in told if path in self._beside)

    def covers(self, path: Path) -> bool:
        """Say whether a file is watched already, or will be as soon as a look has found it."""
        real = Path(os.path.realpath(path))
        return path in self._single or any(real.is_relative_to(root.real) for root in self._roots)

    def admit(self, path: Path) -> bytes | None:
        """Watch a file besides; return its content, None where it cannot be had at this moment."""
        self._beside.add(path)
        file = self._files.setdefault(str(path), _File(path))
        try:
            stamp = _stamp(path.stat())
        except OSError:
            return None
        data = _content(path)
        if data is None or not whole(data):
            return None
        file.stamp = file.told = stamp
        file.digest = _digest(data)
        return data

    def poll(self, *, anyway: bool = False) -> tuple[Event, ...]:
        """Return what has happened since the last poll; at the first one every file is new.

        While a file is missing no new one is told, so that one that takes its place is told with
        it: as renamed, or right after it is gone.

        At the first one files are told as soon as they are whole; `anyway` tells also those that
        are not.
        """
        events = list(self._look())
        known = [file for file in self._files.values() if file.digest]
        self._waiting = any(0 < file.missing < GONE for file in known)
        for file in list(self._files.values()):
            if file.missing >= GONE:
                del self._files[str(file.path)]
                events += [Gone(file.path)] if file.digest else []
            elif not file.missing and (self._fresh or anyway or file.due):
                events += self._told(file, anyway=anyway)
        self._fresh = False
        return tuple(events)

    # -- one look ---------------------------------------------------------------------------------

    def _look(self) -> Iterator[Event]:
        """Bring every file up to date; yield what became of the folders."""
        seen = _Seen()
        for root in self._roots:
            yield from root.see(there=_scan(_way(root.path), root.real, seen, self._closed))
        self._admit_anew(seen)
        stamps = {name: _entry_stamp(seen.names[name]) for name in self._known(seen)}
        named = {path: _stamp_of(path) for path in self._single | self._beside}
        away = {path.parent for path, stamp in named.items() if stamp is _AWAY}
        closed = {folder for folder in away if not _can_list(folder)}
        for home in self._homes:
            yield from home.see(there=home.path not in closed)
        stamps |= {str(p): _HIDDEN if p.parent in closed else named[p] for p in named}
        blind = tuple(f"{folder}{os.sep}" if folder else "" for folder in seen.blind)
        for name, stamp in stamps.items():
            if isinstance(stamp, Stamp):
                path = self._admitted.get(name) or Path(name)
                self._files.setdefault(name, _File(path)).see(stamp)
        for name, file in self._files.items():
            hidden = name.startswith(blind) if blind and name not in stamps else False
            if not hidden and not isinstance(stamps.get(name, _AWAY), Stamp | _Hidden):
                file.missing += 1

    def _known(self, seen: _Seen) -> Iterator[str]:
        return (name for name in seen.names if name in self._admitted)

    def _admit_anew(self, seen: _Seen) -> None:
        """Ask again which files `check` would read, wherever the names are others than before."""
        names = frozenset(seen.names)
        if not self._unsure and names == self._listed:
            return
        found = find_workbooks([root.path for root in self._roots if not root.away])
        files = {str(path): path for path in found.files}
        passed = {str(each.path) for each in found.skipped}
        self._admitted = {name: path for name, path in files.items() if not self._ours(path)}
        self._closed = passed
        self._listed = names
        # What was away for a moment when they were asked for is asked for again.
        below = tuple(f"{each}{os.sep}" for each in passed)
        rest = names - files.keys() - passed
        self._unsure = any(not name.startswith(below) for name in rest)

    # -- one file ---------------------------------------------------------------------------------

    def _told(self, file: _File, *, anyway: bool) -> list[Event]:
        """Return what is to be told of a file, nothing while it is not whole or is as it was."""
        data = _content(file.path)
        if data is None and not os.path.lexists(file.path):
            return []
        if (data is None or not whole(data)) and not anyway and file.calm < _patience(data):
            return []
        digest, before = _digest(data), file.digest
        former = None if before else self._former(digest)
        if former is None and not before and self._waiting and not self._fresh:
            return []  # it may come to stand in the place of what is missing
        file.told, file.digest = file.stamp, digest
        if digest == before:
            return []
        at = file.stamp.at if file.stamp else 0
        if former is not None:
            del self._files[str(former.path)]
            return [Renamed(file.path, former.path, data, at)]
        return [Saved(file.path, data, at, fresh=not before)]

    def _former(self, digest: str) -> _File | None:
        """Return a file that is away and had this content."""
        if digest == _UNREAD:
            return None
        away = (file for file in self._files.values() if file.missing)
        return next((file for file in away if file.digest == digest), None)


# -- what the disk says ---------------------------------------------------------------------------


class _Hidden:
    """What is said of a file that is there, perhaps, but of which the disk says nothing."""


_AWAY, _HIDDEN = None, _Hidden()


def _stamp(state: os.stat_result) -> Stamp:
    return Stamp(state.st_mtime_ns, state.st_size)


def _entry_stamp(entry: os.DirEntry[str]) -> Stamp | _Hidden | None:
    try:
        return _stamp(entry.stat())
    except FileNotFoundError:
        return _AWAY
    except OSError:
        return _HIDDEN


def _stamp_of(path: Path) -> Stamp | _Hidden | None:
    try:
        return _stamp(path.stat())
    except (FileNotFoundError, NotADirectoryError):
        return _AWAY
    except OSError:
        return _HIDDEN


def _can_list(folder: Path) -> bool:
    try:
        with os.scandir(folder):
            return True
    except OSError:
        return False


def _way(folder: Path) -> str:
    """Return what stands before a folder's names as `Path` spells them."""
    return "" if folder == Path() else str(folder)


def _scan(folder: str, real: str, seen: _Seen, closed: Collection[str]) -> bool:
    """Note the names that may be workbooks'; say whether the folder could be looked into.

    This goes on twice a second, and `find_workbooks` would take thirty times as long.
    """
    if real in seen.walked:
        return True
    seen.walked.add(real)
    try:
        with os.scandir(folder or ".") as found:
            entries = list(found)
    except OSError:
        seen.blind.append(folder)
        return False
    for entry in entries:
        name = entry.name
        if name[0] in "~.":
            continue
        path = f"{folder}{os.sep}{name}" if folder else name
        if os.path.splitext(name)[1].lower() in WORKBOOK_SUFFIXES:  # noqa: PTH122 -- twice a second
            seen.names[path] = entry
        elif path not in closed and entry.is_dir():
            link = entry.is_symlink()
            _scan(path, os.path.realpath(path) if link else f"{real}{os.sep}{name}", seen, closed)
    return True


def _content(path: Path) -> bytes | None:
    """Return a file's content, all of one moment; None where that cannot be had now."""
    try:
        before = path.stat()
        if before.st_size > MOST_BYTES:  # the gate refuses it by its size
            return None
        data = path.read_bytes()
        after = path.stat()
    except OSError:
        return None
    same = _stamp(before) == _stamp(after) and before.st_ino == after.st_ino
    return data if same and len(data) == after.st_size else None


def whole(data: bytes) -> bool:
    """Say whether bytes are a package written to its end: every part is there, by its checksum.

    A directory alone proves nothing: where a file is written over in place, the old one stands at
    its end till last. Nor do the parts, whose own headers no reader looks at: they agree as well.
    """
    try:
        parts = directory(data)
        return all(
            inflate(data, part) is not None and _announced(data, part) for part in parts.values()
        )
    except Refusal:
        return False


_OWN_HEADER = struct.Struct("<6xH6x3L")
_TOLD_LATER = 8  # a flag: checksum and sizes stand behind the part
_LONG = 0xFFFFFFFF  # the size stands elsewhere


def _announced(data: bytes, part: Entry) -> bool:
    """Say whether a part's own header says of it what the directory says."""
    flags, crc, packed, size = _OWN_HEADER.unpack_from(data, part.offset)
    if flags & _TOLD_LATER:
        return True
    return crc == part.crc and packed in {part.packed, _LONG} and size in {part.size, _LONG}


def _patience(data: bytes | None) -> int:
    return OLD if data is not None and data.startswith(_OLD_FORMAT) else PATIENCE


def _digest(data: bytes | None) -> str:
    return _UNREAD if data is None else hashlib.sha256(data).hexdigest()
