"""The text of a Word file, paragraph by paragraph, with the numbers that Word itself counts.

A clerk's plan numbers its chapters and measures now by hand, now by Word: then the number stands
in no text and is computed here. Paragraphs beside the running text are told apart, not dropped.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

_MOST_PARTS, _MOST_UNPACKED = 5_000, 256 << 20
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COPY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", _COPY})
_ASIDES = {f"{_W}tbl": "表格", f"{_W}txbxContent": "文本框"}
_BREAKS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}
_HYPHEN = f"{_W}noBreakHyphen"
_OTHER_PARTS = re.compile(r"/word/(?:header|footer|footnotes|endnotes|comments)\d*\.xml")
_PAGE_NUMBER = re.compile(r"[\s第页共/—–―－\-·\d]*")
_DAMAGED = "文件没有传完或已损坏，读不了。请用 Word 或 WPS 重新打开、保存后再读入。"
_HAN = "零一二三四五六七八九"
_HAN_FORMATS = re.compile("chinese|japanese|ideograph|taiwanese", re.IGNORECASE)
_TEN = 10


class Damaged(Exception):  # noqa: N818 -- a verdict that the caller completes with the file's name
    """The sentence of a refusal, without the file's name."""


def word_lines(data: bytes) -> Iterator[tuple[int, str, str]]:
    """Yield number, text and, if it stands beside the running text, place of each paragraph."""
    _judge(data)
    from docx import Document  # noqa: PLC0415 -- slow to load, and a plain text needs none of it
    from docx.opc.exceptions import OpcError  # noqa: PLC0415 -- as above
    from docx.oxml import parse_xml  # noqa: PLC0415 -- as above

    try:
        document = Document(io.BytesIO(data))
        others = sorted(
            (str(part.partname), part.blob)
            for part in document.part.package.iter_parts()
            if _OTHER_PARTS.fullmatch(str(part.partname))
        )
        parts: list[tuple[str, Any, _Counter | None]] = [
            ("", document.element.body, _Counter(_numbering(document)))
        ]
        parts += [("页眉、页脚或批注", parse_xml(blob), None) for _, blob in others]
    except (OpcError, KeyError, ValueError, AttributeError, TypeError, zipfile.BadZipFile,
            zlib.error, SyntaxError):  # fmt: skip
        raise Damaged(_DAMAGED) from None
    number = 0
    for place, root, counter in parts:
        for paragraph in root.iter(f"{_W}p"):
            above = {ancestor.tag for ancestor in paragraph.iterancestors()}
            if above & _GONE:
                continue
            number += 1
            aside = place or next((_ASIDES[tag] for tag in _ASIDES if tag in above), "")
            mark = counter.mark(paragraph) if counter else ""
            text = "".join(_runs(paragraph))
            if place and _PAGE_NUMBER.fullmatch(text):
                continue
            for index, line in enumerate(text.split("\n")):
                yield number, mark * (not index and bool(line.strip())) + line, aside


def _judge(data: bytes) -> None:
    """Refuse a package that is no Word file or that would harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            names = {entry.filename for entry in entries}
            if "xl/workbook.xml" in names:
                raise Damaged("是 Excel 工作簿，不是方案。请选方案的 Word 或文本文件。")
            if "word/document.xml" not in names:
                raise Damaged("不是 Word 文稿，读不了。请用 Word 或 WPS 另存为 .docx 后再读入。")
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > _MOST_PARTS or unpacked > _MOST_UNPACKED:
                raise Damaged("文件展开后大得不正常，不予读取。请重新保存后再读入。")
            if any(entry.flag_bits & 1 for entry in entries):
                raise Damaged("文件设有打开密码，读不了。请去掉密码，保存后再读入。")
            if package.testzip() is not None:
                raise Damaged(_DAMAGED)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
        raise Damaged(_DAMAGED) from None


def _runs(element: Any) -> Iterator[str]:  # noqa: ANN401 -- lxml ships no types
    """Yield the text below a paragraph, without deleted words and without text boxes."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == _HYPHEN:
            yield "-"
        elif child.tag not in _GONE and child.tag not in {f"{_W}txbxContent", f"{_W}pPr"}:
            yield from _runs(child)


# ---- numbers that Word counts


class _Counter:
    """Counts numbered paragraphs as Word does: a level goes up, the levels below start anew."""

    def __init__(self, numbering: "_Numbering") -> None:
        self._numbering = numbering
        self._counts: dict[str, dict[int, int]] = {}

    def mark(self, paragraph: Any) -> str:  # noqa: ANN401 -- lxml ships no types
        """Return the number of a paragraph as Word shows it, "" where it shows none."""
        style = _value(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        list_id, level = _list_of(paragraph) or self._numbering.of_style.get(style, ("", 0))
        abstract = self._numbering.abstract.get(list_id, "")
        levels = self._numbering.levels.get(abstract)
        if not levels or level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        counts[level] = counts[level] + 1 if level in counts else levels[level].start
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            if other not in levels:
                return ""
            form = "decimal" if levels[level].legal else levels[other].format
            return numeral(counts.get(other, levels[other].start), form)

        return re.sub(r"%(\d)", shown, levels[level].text)


class _Level:
    """How one level of a list counts."""

    def __init__(self, level: Any) -> None:  # noqa: ANN401 -- lxml ships no types
        start = _value(level.find(f"{_W}start"))
        self.start = int(start) if start.isdecimal() else 1
        self.format = _value(level.find(f"{_W}numFmt")) or "decimal"
        self.legal = level.find(f"{_W}isLgl") is not None  # all numbers of the mark in digits
        self.text = "" if self.format in {"bullet", "none"} else _value(level.find(f"{_W}lvlText"))


class _Numbering:
    """The lists of a document: which levels a list has, which list a style brings along."""

    def __init__(self) -> None:
        self.levels: dict[str, dict[int, _Level]] = {}
        self.abstract: dict[str, str] = {}
        self.of_style: dict[str, tuple[str, int]] = {}


def _numbering(document: Any) -> _Numbering:  # noqa: ANN401 -- python-docx ships no types
    """Return the lists that the document declares."""
    found = _Numbering()
    for style in document.styles.element.iter(f"{_W}style"):
        if listed := _list_of(style):
            found.of_style[style.get(f"{_W}styleId", "")] = listed
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering"):
            _declare(relation.target_part.element, found)
    return found


def _declare(root: Any, found: _Numbering) -> None:  # noqa: ANN401 -- lxml ships no types
    for abstract in root.iter(f"{_W}abstractNum"):
        found.levels[abstract.get(f"{_W}abstractNumId", "")] = {
            int(level.get(f"{_W}ilvl", "0")): _Level(level) for level in abstract.iter(f"{_W}lvl")
        }
    for number in root.iter(f"{_W}num"):
        found.abstract[number.get(f"{_W}numId", "")] = _value(number.find(f"{_W}abstractNumId"))


def _list_of(element: Any) -> tuple[str, int] | None:  # noqa: ANN401 -- lxml ships no types
    """Return list and level that a paragraph or style names, None where it names no list."""
    listed = element.find(f"{_W}pPr/{_W}numPr")
    list_id = _value(listed.find(f"{_W}numId")) if listed is not None else ""
    if not list_id:
        return None
    level = _value(listed.find(f"{_W}ilvl"))
    return list_id, int(level) if level.isdecimal() else 0


def _value(element: Any) -> str:  # noqa: ANN401 -- lxml ships no types
    return "" if element is None else str(element.get(f"{_W}val", ""))


def numeral(number: int, form: str) -> str:
    """Return a number as a list shows it.

    >>> [numeral(12, form) for form in ("decimal", "chineseCounting", "decimalEnclosedCircle")]
    ['12', '十二', '⑫']
    """
    if "Circle" in form and 1 <= number <= 2 * _TEN:
        return chr(0x2460 + number - 1)
    if _HAN_FORMATS.match(form) and 1 <= number < _TEN * _TEN:
        tens, ones = divmod(number, _TEN)
        ten = (_HAN[tens] if tens > 1 else "") + "十" if tens else ""
        return ten + (_HAN[ones] if ones else "")
    return str(number)
