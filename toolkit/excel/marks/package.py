"""The package of a workbook that is marked: its parts, and how they are tied together."""

import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from urllib.parse import unquote

from toolkit.errors import OutputError
from toolkit.excel.marks.splice import RELATIONSHIPS, Element, Part, escaped, read_part
from toolkit.package import unzipped

NOT_A_WORKBOOK = (
    "这个文件不是 .xlsx 工作簿，做不了回传件。请用 Excel 或 WPS 另存为 .xlsx 后再核对。"
)
_STRICT = (
    "这个工作簿是“严格 Open XML”格式，做不了回传件。"
    "请用 Excel 另存为“Excel 工作簿 (*.xlsx)”后再核对。"
)
_TYPES = "[Content_Types].xml"
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_NEW_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"\t>'
    b"</Relationships>"
)


@dataclass(frozen=True)
class Relation:
    """One tie from a part to another; `target` is the name of the part, "" if it lies outside."""

    id: str
    kind: str
    target: str
    element: Element


@dataclass(frozen=True)
class Sheet:
    """A tab of the workbook and the part that holds it, "" where there is none."""

    title: str
    part: str
    element: Element


@dataclass
class Package:
    """The parts by name, in order; a part is read when it is first asked for."""

    parts: dict[str, bytes]
    workbook: str = ""
    folded: dict[str, str] = field(default_factory=dict)
    known: dict[str, tuple[bytes, Part]] = field(default_factory=dict)
    declared: list[tuple[str, str]] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)

    def read(self, name: str) -> Part:
        """Return a part to be changed; one that has not changed since is not read again."""
        data = self.parts[name]
        if name not in self.known or self.known[name][0] is not data:
            self.known[name] = (data, read_part(data))
        part = self.known[name][1]
        return Part(part.data, part.root)

    def found(self, name: str) -> str:
        """Return a part's name as the package spells it, "" if there is no such part."""
        return self.folded.get(_key(name), "")

    def put(self, name: str, data: bytes) -> None:
        """Set a part, at the end if it is new; what it was before is not kept any longer."""
        if name in self.known and self.known[name][0] is not data:
            del self.known[name]
        self.parts[name] = data
        self.folded[_key(name)] = name

    def drop(self, name: str) -> None:
        """Take a part out."""
        del self.parts[name]
        del self.folded[_key(name)]

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the tabs in their order."""
        parts = {relation.id: relation.target for relation in self.relations(self.workbook)}
        root = self.read(self.workbook).root
        return tuple(
            Sheet(each.get("name"), parts.get(each.get("id"), ""), each)
            for each in root.all("sheets", "sheet")
        )

    # -- ties

    def relations(self, name: str) -> tuple[Relation, ...]:
        """Return the ties of a part."""
        home = self.found(_relations_of(name))
        if not home:
            return ()
        return tuple(
            Relation(each.get("Id"), _last(each.get("Type")), self._target(name, each), each)
            for each in self.read(home).root.all("Relationship")
        )

    def related(self, name: str, kind: str) -> str:
        """Return the first part of a kind that a part is tied to, "" if there is none."""
        return next((each.target for each in self.relations(name) if each.kind == kind), "")

    def _target(self, source: str, relation: Element) -> str:
        if relation.get("TargetMode") == "External":
            return ""
        target = unquote(relation.get("Target")).replace("\\", "/")
        folder = "" if target.startswith("/") else posixpath.dirname(source.replace("\\", "/"))
        return self.found(posixpath.normpath(posixpath.join(folder, target.lstrip("/"))))

    def tie(self, source: str, kind: str, target: str) -> str:
        """Tie a part to another; returns the id of the tie."""
        home = self.found(_relations_of(source)) or _relations_of(source)
        if home not in self.parts:
            self.put(home, _NEW_RELATIONS)
            self.declare(home, _RELATIONS_TYPE)
        part = self.read(home)
        taken = {each.get("Id") for each in part.root.children}
        number = next(n for n in range(1, len(taken) + 2) if f"rIdMark{n}" not in taken)
        part.append(
            part.root,
            f'<Relationship Id="rIdMark{number}" Type="{RELATIONSHIPS}/{kind}"'
            f' Target="/{escaped(target)}"/>',
        )
        self.put(home, part.result())
        return f"rIdMark{number}"

    def untie(self, source: str, target: str) -> None:
        """Undo the ties from a part to another."""
        home = self.found(_relations_of(source))
        part = self.read(home)
        ties = [each.element for each in self.relations(source) if each.target == target]
        if len(ties) == len(part.root.children):
            part.emptied(part.root, part.root.inner)
        else:
            for tie in ties:
                part.remove(tie)
        if part.result() == _NEW_RELATIONS:
            self._forget(home)
        else:
            self.put(home, part.result())

    # -- types

    def declare(self, name: str, content_type: str) -> None:
        """Say what a new part is, unless its name tells."""
        self.declared.append((name, content_type))

    def discard(self, name: str) -> None:
        """Take out a part and its own ties."""
        home = self.found(_relations_of(name))
        if home:
            self._forget(home)
        self._forget(name)

    def _forget(self, name: str) -> None:
        self.drop(name)
        self.forgotten.add(f"/{_key(name)}")

    def finished(self) -> dict[str, bytes]:
        """Return the parts, their list of types as it is now."""
        home = self.found(_TYPES)
        part = self.read(home)
        entries = part.root.children
        for entry in entries:
            if unquote(entry.get("PartName")).lower() in self.forgotten:
                part.remove(entry)
        defaults = {entry.get("Extension").lower() for entry in entries}
        overrides = [
            f'<Override PartName="/{escaped(name)}" ContentType="{content_type}"/>'
            for name, content_type in self.declared
            if name.endswith(".xml") or name.rpartition(".")[2] not in defaults
        ]
        if overrides:
            part.append(part.root, "".join(overrides))
        self.put(home, part.result())
        return self.parts


@dataclass(frozen=True)
class SheetPart:
    """A sheet that is being changed: its package, name, part, and number from 0."""

    package: Package
    name: str
    part: Part
    number: int


def is_own(name: str, pattern: str) -> bool:
    """Whether a part has a name that we give, which other programs do not keep.

    >>> is_own("xl/commentsMarks3.xml", "xl/commentsMarks{}.xml")
    True
    """
    start, end = pattern.split("{}")
    return name.startswith(start) and name.endswith(end)


def _relations_of(name: str) -> str:
    folder, file = posixpath.split(name.replace("\\", "/"))
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _key(name: str) -> str:
    """Return a part's name as names are compared: letter case and kind of slash do not count."""
    return name.replace("\\", "/").lower()


def _last(kind: str) -> str:
    return kind.rpartition("/")[2]


def open_package(data: bytes) -> Package:
    """Return the package of a workbook; raises OutputError where it cannot be marked."""
    try:
        parts = unzipped(data)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError):
        raise OutputError(NOT_A_WORKBOOK) from None
    package = Package(parts)
    package.folded = {_key(name): name for name in parts}
    package.workbook = package.related("", "officeDocument")
    if not package.workbook or not package.found(_TYPES):
        raise OutputError(NOT_A_WORKBOOK)
    if re.search(rb"<\s*(?:[\w.-]+:)?workbook\b", package.parts[package.workbook]) is None:
        raise OutputError(NOT_A_WORKBOOK)
    root = package.read(package.workbook).root
    if any("purl.oclc.org/ooxml" in value for value in root.attributes.values()):
        raise OutputError(_STRICT)
    return package
