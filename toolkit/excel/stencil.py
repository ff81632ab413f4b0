"""Many workbooks of one form, alike but for their texts: each sort is built once, then filled in.

A township issues the same workbook to all its villages but for a dozen names. One is built with
marks for texts, and the texts of each village are set into its parts. A village whose texts are
out of the ordinary gets a workbook of its own building; both say the same, cell by cell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from toolkit.cells import Raw
from toolkit.excel.blank import build_workbook, room
from toolkit.excel.look import breadth, lines
from toolkit.package import unzipped, zipped
from toolkit.schema.columns import Row
from toolkit.schema.form import Filling, Form, Identity, Local

_OPEN, _CLOSE = "\ue000", "\ue001"  # of a mark; private characters, which no plain text holds
_PADDING = "-"
_WITH_TEXTS = frozenset({"xl/sharedStrings.xml", "docProps/custom.xml"})
_MOST = 16  # stencils kept at a time; workbooks that carry figures over are each of their own sort
_LONGEST = 8_000  # characters; what is longer is out of the ordinary

_Shape = tuple[object, ...]


@dataclass
class Stencils:
    """The workbooks of a form that one township issues, each sort as it was built first."""

    form: Form
    local: Local
    cut: dict[_Shape, dict[str, bytes]] = field(default_factory=dict)

    def build(self, identity: Identity, filling: Filling, issued: str = "") -> bytes:
        """Return the bytes of a workbook that says what `build_workbook` would.

        Equal input gives equal bytes, whatever was built before. Raises what that raises.
        """
        texts = [identity.code, issued, *_texts(filling)]
        if not all(map(_is_plain, texts)):
            return build_workbook(self.form, identity, filling, local=self.local, issued=issued)
        marks = _marks(texts)
        own = (identity.form, identity.version, identity.year, *map(bool, texts[:2]))
        shape = (*own, *_shape(filling))
        if shape not in self.cut:
            while len(self.cut) >= _MOST:
                del self.cut[next(iter(self.cut))]
            self.cut[shape] = unzipped(self._marked(identity, filling, marks))
        parts = dict(self.cut[shape])
        for name in _WITH_TEXTS & parts.keys():
            parts[name] = _filled(parts[name], texts)
        return zipped(parts)

    def _marked(self, identity: Identity, filling: Filling, marks: list[str]) -> bytes:
        """Return the workbook with a mark for each text, as broad as the text."""
        code, issued, *others = marks
        left = iter(others)
        marked: Filling = {
            row: [
                {name: next(left) if _is_text(raw) else raw for name, raw in _in_order(row, record)}
                for record in records
            ]
            for row, records in filling.items()
        }
        own = Identity(identity.form, identity.version, code, identity.year)
        return build_workbook(self.form, own, marked, local=self.local, issued=issued)


def _is_text(raw: Raw) -> bool:
    return isinstance(raw, str) and raw != ""


def _in_order(row: type[Row], record: Mapping[str, Raw]) -> Iterator[tuple[str, Raw]]:
    """Yield what a record holds in the order of its columns; raises KeyError for one unknown."""
    for unknown in record.keys() - {column.name for column in row.columns}:
        raise KeyError(unknown)
    for column in row.columns:
        if column.name in record:
            yield column.name, record[column.name]


def _texts(filling: Filling) -> Iterator[str]:
    for row, records in filling.items():
        for record in records:
            yield from (str(raw) for _, raw in _in_order(row, record) if _is_text(raw))


def _is_plain(text: str) -> bool:
    """Say whether a text stands in a part as it is, but for the marks of XML."""
    ordinary = text.isprintable() and text == text.strip() and len(text) <= _LONGEST
    return ordinary and "_x" not in text


def _marks(texts: list[str]) -> list[str]:
    """Return a mark for each text, padded to its breadth, so that rows become as high."""
    marks = [f"{_OPEN}{number}{_CLOSE}" if text else "" for number, text in enumerate(texts)]
    return [
        mark + _PADDING * (breadth(text) - breadth(mark))
        for mark, text in zip(marks, texts, strict=True)
    ]


def _filled(part: bytes, texts: list[str]) -> bytes:
    """Return a part with the texts in place of the marks, whatever these are padded with."""
    whole = part.decode()
    for number, text in enumerate(texts):
        before, mark, behind = whole.partition(f"{_OPEN}{number}{_CLOSE}")
        while mark:
            before += escape(text, quote=False)
            rest, mark, end = behind.lstrip(_PADDING).partition(f"{_OPEN}{number}{_CLOSE}")
            before, behind = before + rest, end
        whole = before
    return whole.encode()


def _shape(filling: Filling) -> Iterator[object]:
    """Yield all that a filling holds but the words of its texts: of these, how many lines."""
    for row, records in filling.items():
        yield row.sheet
        columns = {column.name: column for column in row.columns}
        for record in records:
            yield None
            for name, raw in _in_order(row, record):
                width = room(row, columns[name])
                yield name, lines(str(raw), width) if _is_text(raw) else (type(raw), raw)
