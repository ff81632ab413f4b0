"""The gate in front of calamine: looks at a file's bytes, names what it is, refuses what harms.

calamine ends the whole process on some odd files, takes damaged parts for good ones and shows
error cells as blank. So nothing is handed to it that has not passed here.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from toolkit.excel.gate.glance import is_near, is_plain, without_blank_rows
from toolkit.excel.gate.parts import (
    DOCTYPE,
    Element,
    Entry,
    directory,
    elements,
    folded,
    inflate,
    parse,
)
from toolkit.excel.gate.percents import percent_cells, percent_styles
from toolkit.excel.gate.refusal import DAMAGED, LOCKED, SAVE_AS, SEND_AGAIN, Refusal
from toolkit.excel.gate.shapes import texts_of_old_shapes, texts_of_shapes
from toolkit.excel.gate.signature import ARCHIVE, FOREIGN_PACKAGES, has_old_macros, is_package
from toolkit.excel.gate.survey import Mark, Survey, walk
from toolkit.schema.workbook import FileFacts, Spot

ODD_KINDS = frozenset({".xls", ".et", ".xlsb", ".ods"})
"""Formats on which calamine may end the process: they are read in a process of their own."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet as the workbook lists it; `state` says how it is hidden, "" where it is not."""

    title: str
    state: str
    part: str
    content: bytes
    below: Mark | None = None  # the last of the blank rows that were cut off
    seen: Survey | None = None
    text_boxes: tuple[str, ...] = ()

    def survey(self) -> Survey:
        """Return what the sheet holds that calamine would not tell; raises Refusal if broken."""
        if self.seen is not None:
            return self.seen
        if self.below is None and is_plain(self.content):
            return _NOTHING
        return walk(self.content, self.part, self.below)


@dataclass(frozen=True, slots=True)
class Preflight:
    """What the bytes of a readable workbook say of it.

    `readable` is what calamine may be given: the file itself, or a package in which many blank
    rows are cut out and far cells stand close below the rest (see lift.py).
    """

    kind: str
    sha256: str
    readable: bytes = field(repr=False)
    editor: str = ""
    saved: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    macros: bool = False
    external_links: bool = False
    date_1904: bool = False
    cell_pictures: bool = False
    has_picture_texts: bool = False
    holds_more: bool = False  # notes, pictures, charts: what stands in no cell
    tabs: tuple[Tab, ...] = field(default=(), repr=False)
    strings: bytes = field(default=b"", repr=False)  # the part of shared strings
    percent_styles: frozenset[bytes] = frozenset()

    def percents(self, own: Container[str] = ()) -> Iterator[tuple[str, str]]:
        """Yield title and address of the cells that show percentages, but for the form's sheets."""
        for tab in self.tabs if self.percent_styles else ():
            if tab.title not in own:
                for address in percent_cells(tab.content, self.percent_styles):
                    yield tab.title, address

    def facts(self, own: Container[str] = ()) -> FileFacts:
        """Return what the file says besides its cells, the form's own sheets left out.

        What distant cells say is not known yet. Raises Refusal where a sheet is broken.
        """
        tabs = [tab for tab in self.tabs if tab.title not in own]
        surveys = [(tab.title, tab.survey()) for tab in tabs]
        hidden = [Spot(t.title, "", t.state) for t in tabs if t.state and _FILLED.search(t.content)]
        hidden += _spots((title, seen.hidden) for title, seen in surveys)
        pictures = _spots((title, seen.pictures) for title, seen in surveys)
        return FileFacts(
            kind=self.kind,
            sha256=self.sha256,
            editor=self.editor,
            saved=self.saved,
            macros=self.macros,
            external_links=self.external_links,
            date_1904=self.date_1904,
            errors=tuple(_spots((title, seen.errors) for title, seen in surveys)),
            formulas=tuple(_spots((title, seen.formulas) for title, seen in surveys)),
            pictures=tuple(pictures),
            text_boxes=tuple(Spot(tab.title, "", text) for tab in tabs for text in tab.text_boxes),
            hidden=tuple(hidden),
            phantom=tuple(_spots((title, seen.phantom) for title, seen in surveys)),
        )


_NOTHING = Survey()
_FILLED = re.compile(rb"<(?:[\w.-]+:)?(?:v|is)[\s>]")


def _spots(marks: Iterable[tuple[str, Sequence[Mark]]]) -> list[Spot]:
    return [Spot(title, *mark) for title, each in marks for mark in each]


def preflight(data: bytes, suffix: str = "") -> Preflight:
    """Return what the gate saw; only the suffix of its name tells an .et file from an .xls.

    Raises Refusal where calamine must not go.
    """
    if not is_package(data):
        return Preflight(
            kind=".et" if suffix.lower() == ".et" else ".xls",
            sha256=hashlib.sha256(data).hexdigest(),
            readable=data,
            macros=has_old_macros(data),
        )
    entries = directory(data)
    kind = _kind(data, entries)
    return _look_from_outside(data, entries, kind) if kind else _look(data, entries)


# ---- packages of other kinds

_MANIFEST, _CUSTOM = "meta-inf/manifest.xml", "docprops/custom.xml"


def _kind(data: bytes, entries: Mapping[str, Entry]) -> str:
    """Return the kind of a package read elsewhere, "" for .xlsx; refuse by name all others."""
    mimetype = entries.get("mimetype")
    if mimetype and b"opendocument.spreadsheet" in inflate(data, mimetype):
        return ".ods"
    if "xl/workbook.bin" in entries:
        return ".xlsb"
    for start, sentence in FOREIGN_PACKAGES:
        if any(name.startswith(start) for name in entries):
            raise Refusal(sentence)
    if "_rels/.rels" in entries:
        return ""
    if any(name.startswith("xl/") for name in entries):
        raise Refusal(DAMAGED)
    raise Refusal(ARCHIVE)


def _look_from_outside(data: bytes, entries: Mapping[str, Entry], kind: str) -> Preflight:
    """Return the little there is to be said of .xlsb and .ods, every part found whole."""
    parts: dict[str, bytes] = {}
    for entry in entries.values():  # one after the other, for together they may be large
        part = inflate(data, entry)
        if entry.name in (_MANIFEST, _CUSTOM):
            parts[entry.name] = part
    if b"encryption-data" in parts.get(_MANIFEST, b""):
        raise Refusal(LOCKED)
    return Preflight(
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        readable=data,
        properties=_properties(parts),
        macros=_has_macros(entries),
        external_links=_has_external_links(entries),
    )


def _has_macros(names: Iterable[str]) -> bool:
    return any(name.endswith("vbaproject.bin") for name in names)


def _has_external_links(names: Iterable[str]) -> bool:
    return any("externallinks/" in name for name in names)


# ---- the whole workbook

_STRINGS = re.compile(rb"uniqueCount\s*=\s*[\"'][\s+0]*(\d{1,18})")
_STRINGS_PART = "xl/sharedstrings.xml"  # where calamine looks for them, too
_XML_ENDS = (".xml", ".rels")
_READ_ANYWAY = frozenset({"_rels/.rels", "docprops/app.xml", _CUSTOM})
_NO_TEXT = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_PICTURE = b"DISPIMG("
_NO_CELLS = tuple(
    f"xl/{part}"
    for part in ("comments", "threadedcomments", "media/", "charts/", "embeddings/", "ctrlprops/")
)
_MOST_CELLS = 32 << 20  # bytes of a sheet's filled rows: five times that takes a minute and 800 MB
_TOO_LARGE = "请删除不需要报送的行和列，保存后重新报送。"


@dataclass(slots=True)
class _Parts:
    """The parts of a package as they are judged one by one."""

    content: dict[str, bytes] = field(default_factory=dict)
    below: dict[str, Mark] = field(default_factory=dict)
    surveys: dict[str, Survey] = field(default_factory=dict)
    has_picture_texts: bool = False
    is_shorter: bool = False
    old_drawings: dict[str, bytes] = field(default_factory=dict)

    def take(self, part: bytes, name: str) -> None:
        """Judge a part, and keep it if it is of use."""
        if name.endswith(".vml"):
            self.old_drawings[name] = part
        # Names lie and calamine has its own way to find a sheet: what looks like one is one.
        has_cells, has_strings = b"sheetData" in part, b"uniqueCount" in part
        if not (name.endswith(_XML_ENDS) or has_cells or has_strings):
            return
        _judge_xml(part, name, is_bulk=has_cells or has_strings)
        if has_cells:
            part = self._sheet(part, name)
        if has_strings:
            _judge_strings(part, name)
        if (has_cells or has_strings) and b"(" in part:  # the first question is the cheap one
            self.has_picture_texts |= _PICTURE in part
        self.content[name] = part

    def _sheet(self, part: bytes, name: str) -> bytes:
        kept, below = without_blank_rows(part)
        self.is_shorter |= kept is not part
        if len(kept) > _MOST_CELLS:
            raise Refusal(f"文件内部的 {name} 大得无法读取。{_TOO_LARGE}")
        if below is not None:
            self.below[name] = below
        if not is_near(kept):
            self.surveys[name] = walk(kept, name, below)
        return kept

    def readable(self, data: bytes) -> bytes:
        """Return the package for calamine: as it was, or without what would be a burden."""
        far = {name: seen for name, seen in self.surveys.items() if seen.far}
        if not far and not self.is_shorter:
            return data
        from toolkit.excel.gate.lift import lifted  # noqa: PLC0415 -- for rare files only
        from toolkit.package import zipped  # noqa: PLC0415 -- as above

        changed = {
            name: lifted(self.content[name], seen.far, seen.last, seen.end)
            for name, seen in far.items()
        }
        return zipped({**self.content, **changed})


def _look(data: bytes, entries: Mapping[str, Entry]) -> Preflight:
    """Return what an honest package holds, every part of it unpacked and judged."""
    parts = _Parts()
    for entry in entries.values():
        parts.take(inflate(data, entry), entry.name)
    main, workbook = _main_part(parts.content)
    tabs = tuple(_tabs(main, workbook, parts, entries))
    titles = {tab.part: tab.title for tab in tabs}
    for part, survey in parts.surveys.items():
        if survey.vast:
            raise Refusal(f"工作表“{titles.get(part, part)}”{survey.vast}")
    properties = _properties(parts.content)
    macros = _has_macros(entries)
    types = parts.content.get("[content_types].xml", b"")
    return Preflight(
        kind=".xlsm" if macros or b"macroEnabled" in types else ".xlsx",
        sha256=hashlib.sha256(data).hexdigest(),
        readable=parts.readable(data),
        editor=_editor(parts.content, properties),
        saved=_saved(parts.content),
        properties=properties,
        macros=macros,
        external_links=_has_external_links(entries),
        date_1904=any(element.attributes.get("date1904") in _YES for element in workbook),
        cell_pictures="xl/cellimages.xml" in entries,
        has_picture_texts=parts.has_picture_texts,
        holds_more=_holds_more(parts.content, entries),
        tabs=tabs,
        strings=parts.content.get(_STRINGS_PART, b""),
        percent_styles=percent_styles(_of_type(parts.content, main, "/styles")),
    )


def _holds_more(parts: Mapping[str, bytes], names: Iterable[str]) -> bool:
    """Say whether anything stands in no cell; LibreOffice writes drawings without anything, too."""
    drawn = (part for name, part in parts.items() if name.startswith("xl/drawings/"))
    return any(name.startswith(_NO_CELLS) for name in names) or any(b"Anchor" in p for p in drawn)


def _judge_xml(part: bytes, name: str, *, is_bulk: bool) -> None:
    """Refuse entities, odd encodings and broken XML.

    Sheets and strings are not parsed for that: calamine reads each tag of them and tells.
    """
    if part.startswith(_NO_TEXT) or part[1:2] == b"\0":
        raise Refusal(f"文件内部的 {name} 用了少见的编码，读不了。{SAVE_AS}")
    if not is_bulk and name not in _READ_ANYWAY:
        parse(expat.ParserCreate(), part, name)
    if is_bulk and b"!" in part and b"<!DOCTYPE" in part:  # the first question is the cheap one
        raise Refusal(f"文件内部的 {name} {DOCTYPE}")


def _judge_strings(part: bytes, name: str) -> None:
    """Refuse a count of strings far above the strings: calamine reserves what is announced."""
    strings = part.count(b"<si") + part.count(b":si")
    announced = [int(digits) for digits in _STRINGS.findall(part)]
    if max(announced, default=0) > 2 * strings + 1_000:
        raise Refusal(f"文件内部的 {name} 里的字符串个数与实际不符，不能打开。{SAVE_AS}")


_YES = frozenset({"1", "true"})
_STATES = {"hidden": "隐藏", "veryHidden": "深度隐藏"}
_OF_WORKBOOK = frozenset({"workbook", "workbookPr", "sheet"})
_OF_RELATIONS = frozenset({"Relationship"})
_OF_APP = frozenset({"Application", "AppVersion"})
_OF_CUSTOM = frozenset(
    {"property", "lpwstr", "lpstr", "bstr", "i4", "int", "r8", "bool", "filetime"}
)


def _main_part(parts: Mapping[str, bytes]) -> tuple[str, Sequence[Element]]:
    """Return the name of the workbook's main part and what of it matters."""
    main = next(iter(_targets(parts, "", "officedocument").values()), "")
    if main not in parts:
        raise Refusal(DAMAGED)
    workbook = elements(parts[main], main, _OF_WORKBOOK)
    if not workbook or workbook[0].name != "workbook":
        raise Refusal("不是 Excel 工作簿。请报送填好的 .xlsx 工作簿。")
    if not any(element.name == "sheet" for element in workbook):
        raise Refusal(f"里面一张工作表也没有。{SEND_AGAIN}")
    return main, workbook


def _tabs(
    main: str, workbook: Sequence[Element], parts: _Parts, entries: Mapping[str, Entry]
) -> Iterator[Tab]:
    """Yield the sheets in the order of the tabs; refuse those that are missing."""
    targets = _targets(parts.content, main, "")
    has_drawings = any("/drawings/" in name for name in entries)
    for element in workbook:
        if element.name != "sheet":
            continue
        title = element.attributes.get("name", "")
        part = targets.get(_relation(element), "")
        if part not in entries:
            raise Refusal(f"工作表“{title}”的内容在文件里找不到，文件已损坏。{SEND_AGAIN}")
        yield Tab(
            title,
            _STATES.get(element.attributes.get("state", ""), ""),
            part,
            parts.content.get(part, b""),
            parts.below.get(part),
            parts.surveys.get(part),
            tuple(_text_boxes(part, parts)) if has_drawings else (),
        )


def _text_boxes(sheet: str, parts: _Parts) -> Iterator[str]:
    """Yield what is written in boxes and shapes above a sheet."""
    for name in _targets(parts.content, sheet, "/drawing").values():
        yield from texts_of_shapes(parts.content[name], name) if name in parts.content else ()
    for name in _targets(parts.content, sheet, "/vmldrawing").values():
        yield from texts_of_old_shapes(parts.old_drawings.get(name, b""))


def _relation(element: Element) -> str:
    """Return the relationship id of an element, whatever its prefix."""
    return next((v for k, v in element.attributes.items() if k.endswith(":id")), "")


def _targets(parts: Mapping[str, bytes], source: str, kind: str) -> dict[str, str]:
    """Return the parts a part refers to, by relationship id; `kind` ends the type, if given."""
    folder, _, file = source.rpartition("/")
    name = f"{folder}/_rels/{file}.rels".removeprefix("/")
    if name not in parts:
        return {}
    return {
        element.attributes.get("Id", ""): _resolved(folder, element.attributes.get("Target", ""))
        for element in elements(parts[name], name, _OF_RELATIONS)
        if element.attributes.get("Type", "").lower().endswith(kind)
    }


def _of_type(parts: Mapping[str, bytes], source: str, kind: str) -> bytes:
    """Return the part of a type that another refers to, nothing where there is none."""
    name = next(iter(_targets(parts, source, kind).values()), "")
    return parts.get(name, b"")


def _resolved(folder: str, target: str) -> str:
    r"""Return the folded part name a target means.

    >>> _resolved("xl", r"worksheets\Sheet1.xml"), _resolved("xl", "/xl/a.xml")
    ('xl/worksheets/sheet1.xml', 'xl/a.xml')
    """
    path = folded(target)
    steps: list[str] = []
    for step in (path if path.startswith("/") else f"{folder}/{path}").split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def _properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the custom properties of the document."""
    found: dict[str, str] = {}
    name = ""
    for element in _optional(parts, _CUSTOM, _OF_CUSTOM):
        if element.name == "property":
            name = element.attributes.get("name", "")
            found[name] = ""
        elif name:
            found[name] += "".join(element.text).strip()
    return found


def _editor(parts: Mapping[str, bytes], properties: Mapping[str, str]) -> str:
    """Return the program that saved the file last, with its build where it tells."""
    app = {
        element.name: "".join(element.text).strip()
        for element in _optional(parts, "docprops/app.xml", _OF_APP)
    }
    application, version = app.get("Application", ""), app.get("AppVersion", "")
    build = properties.get("KSOProductBuildVer", "").rpartition("-")[2]
    if build and (not application or application.startswith("WPS")):  # Excel keeps the property
        application, version = application or "WPS", build
    return f"{application} {version}".strip()


_MODIFIED = re.compile(rb"<(?:\w+:)?modified[^>]*>\s*(\d{4}-\d\d-\d\dT\d\d:\d\d)[:.\d]*(Z?)\s*<")
_BEIJING = dt.timedelta(hours=8)  # ahead of the time that programs write into a file


def _saved(parts: Mapping[str, bytes]) -> str:
    """Return when the file says that it was saved last, in Beijing's time, "" where it does not."""
    told = _MODIFIED.search(parts.get("docprops/core.xml", b""))
    if told is None:
        return ""
    try:
        moment = dt.datetime.fromisoformat(told[1].decode())
        return f"{moment + _BEIJING if told[2] else moment:%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        return ""


def _optional(parts: Mapping[str, bytes], name: str, wanted: frozenset[str]) -> list[Element]:
    """Return the wanted elements of a part that need not be there."""
    return elements(parts[name], name, wanted) if name in parts else []
