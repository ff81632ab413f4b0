"""The fingerprint of what a paper was made from: short digests in its properties, and no values.

A digest is of what a cell prints, never of how it is spelled or shaped: the same workbook saved by
another program, with its rows sorted or its columns moved, has the same fingerprint. The digests
are short, so that they tell a change and give nobody a name or a number.
"""

import hashlib
import string
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from toolkit.forms.township import Formality, Settings, Township
from toolkit.schema.columns import ABSENT, Column, Row
from toolkit.schema.workbook import Sheet, Workbook

T = TypeVar("T")

AS_OF, SOURCE, WORDING = "zhengdun.as_of", "zhengdun.source", "zhengdun.wording"
"""The properties that tell the day, the content of the files, and the template of a paper."""
FOR_PUBLIC = "zhengdun.public"
"""The property of a version for the public, which remembers nothing of its source."""
ROWS = "zhengdun.rows."
"""How the names of the properties begin that hold it; numbers follow."""
_PIECE = 240  # characters: office programs cut a property that is longer than 255
_MOST_CELLS, _MOST_ROWS = 1500, 600  # of a sheet told by cells, by rows; a larger one is told whole
_BOOK, _SHEET, _BY_ROWS, _WHOLE = "#", "@", "=", "!"
_NOTHING = "-"
_SIGNS = string.ascii_letters + string.digits + "_*"
_LENGTH = 3  # signs of 6 bits; of two that differ one pair in 262,144 looks alike


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is remembered: the digest of its key, and those of its cells by column.

    Of a row of a long sheet there is one digest, under "".
    """

    key: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Record:
    """A sheet as it is remembered; of a very long one, only the digest of all its rows."""

    title: str
    lines: tuple[Line, ...] = ()
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A workbook as a paper remembers it: which form, whose, of which year, and its sheets."""

    form: str
    code: str
    year: str
    sheets: Mapping[str, Record] = field(default_factory=dict)


@lru_cache(maxsize=1 << 16)  # villages of a township say much alike
def _digest(text: str) -> str:
    number = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest())
    return "".join(_SIGNS[number >> shift & 63] for shift in range(0, 6 * _LENGTH, 6))


def digest_of(books: Iterable[Workbook]) -> str:
    """Return the digest of the files that a paper was made from, in whatever order they came.

    Of one file it is the file's own, of none "".
    """
    digests = sorted(book.facts.sha256 for book in books)
    if len(digests) < 2:  # noqa: PLR2004 -- of several
        return "".join(digests)
    return hashlib.sha256("".join(digests).encode()).hexdigest()


# -- taken ----------------------------------------------------------------------------------------


def remembered(book: Workbook) -> Remembered:
    """Return a workbook as a paper remembers it."""
    told = (_record(cls, sheet.rows) for cls, sheet in book.sheets.items() if sheet.rows)
    identity = book.identity
    records = {record.title: record for record in told}
    return Remembered(identity.form, identity.code, identity.year, records)


def _record(cls: type[Row], rows: Sequence[Row]) -> Record:
    cells = sum(not field.empty for row in rows for field in row.fields.values())
    if cells <= _MOST_CELLS:
        return Record(cls.sheet, tuple(map(line_of, rows)))
    if len(rows) <= _MOST_ROWS:
        return Record(cls.sheet, tuple(map(_short_line, rows)))
    return Record(cls.sheet, whole=_whole(rows))


def line_of(row: Row) -> Line:
    """Return a row as it is remembered."""
    cells = {column.name: _digest(row.printed(column)) for column, _ in row.filled()}
    return Line(_key(row), cells)


def _key(row: Row) -> str:
    key = type(row).key
    return _NOTHING if key is None or row.field(key).empty else _digest(row.printed(key))


def _short_line(row: Row) -> Line:
    return Line(_key(row), {"": _digest(_said(row))})


def _said(row: Row) -> str:
    return "\0".join(f"{column.name}={row.printed(column)}" for column, _ in row.filled())


def _whole(rows: Iterable[Row]) -> str:
    return _digest("\n".join(sorted(map(_said, rows))))


# -- of the township ------------------------------------------------------------------------------

_SET = (Settings.sealed, Settings.seal_mm, Settings.latin_font)


def governing(town: Workbook | None, row: Formality | None) -> Workbook | None:
    """Return what a paper takes from the township's workbook, as a workbook; None without one.

    That is how its organs are called, seal and type, and the `row` that gives the paper its head
    and imprint: of the latter what stands in a cell, be it in the village's row or in that of all.
    """
    if town is None:
        return None
    told: dict[type[Row], Row | None] = {
        Township: next(iter(town.rows(Township)), None),
        Settings: _only(next(iter(town.rows(Settings)), None), _SET),
        Formality: _only(row, Formality.columns),
    }
    sheets = {
        cls: Sheet(cls, cls.sheet, {}, (each,)) for cls, each in told.items() if each is not None
    }
    return replace(town, sheets=sheets)


def _only(row: Row | None, columns: Iterable[Column[Any]]) -> Row | None:
    """Return a row with some columns' cells alone, None where nothing stands in them."""
    if row is None:
        return None
    named = {column.name for column in columns}
    held = {
        name: cell if name in named and cell.column else ABSENT for name, cell in row.fields.items()
    }
    if all(cell.empty for cell in held.values()):
        return None
    return type(row)(row.workbook, row.sheet_title, held)


# -- written and read -----------------------------------------------------------------------------


def fingerprint(books: Iterable[Workbook]) -> Mapping[str, str]:
    """Return the properties that remember what a paper was made from."""
    text = ";".join(line for book in books for line in _spelled(remembered(book)))
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    return {f"{ROWS}{number:03}": f"|{piece}|" for number, piece in enumerate(pieces, 1)}


def _spelled(book: Remembered) -> Iterator[str]:
    """Yield the lines that spell a workbook: its own, then each sheet's and each row's."""
    yield f"{_BOOK}{book.form}/{book.code}/{book.year}"
    for record in book.sheets.values():
        if record.whole:
            yield f"{_SHEET}{record.title}{_WHOLE}{record.whole}"
            continue
        names = tuple(dict.fromkeys(name for line in record.lines for name in line.cells))
        yield f"{_SHEET}{record.title}{_BY_ROWS}{','.join(names)}"
        for line in record.lines:
            cells = "".join(line.cells.get(name, _NOTHING) for name in names)
            yield line.key + cells


def recalled(properties: Mapping[str, str]) -> tuple[Remembered, ...]:
    """Return the workbooks that a paper remembers, () where it remembers none.

    Raises ValueError where the properties were tampered with.
    """
    pieces = [properties[name][1:-1] for name in sorted(properties) if name.startswith(ROWS)]
    lines = "".join(pieces).split(";") if pieces else []
    starts = [at for at, line in enumerate(lines) if line.startswith(_BOOK)]
    if not lines:
        return ()
    if starts[:1] != [0]:
        raise ValueError("no workbook is named first")
    return tuple(
        _book(lines[start:end])
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    )


def _book(lines: Sequence[str]) -> Remembered:
    head, *rest = lines
    form, code, year = head.removeprefix(_BOOK).split("/")
    starts = [at for at, line in enumerate(rest) if line.startswith(_SHEET)]
    records = (
        _sheet(rest[start:end]) for start, end in zip(starts, [*starts[1:], len(rest)], strict=True)
    )
    return Remembered(form, code, year, {record.title: record for record in records})


def _sheet(lines: Sequence[str]) -> Record:
    head, *rows = lines
    title, mark, names = head.removeprefix(_SHEET).partition(_BY_ROWS)
    if not mark:
        title, _, whole = title.partition(_WHOLE)
        return Record(title, whole=whole)
    return Record(title, tuple(_line(row, names.split(",")) for row in rows))


def _line(spelled: str, names: Sequence[str]) -> Line:
    """Return the row that a line spells: digests, or - where nothing stands."""
    signs: list[str] = []
    at = 0
    while at < len(spelled):
        length = 1 if spelled[at] == _NOTHING else _LENGTH
        signs.append(spelled[at : at + length])
        at += length
    key, *cells = signs
    told = zip(names, cells, strict=True)
    return Line(key, {name: sign for name, sign in told if sign != _NOTHING})


# -- compared -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """What is otherwise now: a row's columns, a new row, rows that are gone, or a whole sheet."""

    sheet: str
    row: Row | None = None
    columns: tuple[str, ...] = ()  # names; () for a row that is new, or changed who knows where
    gone: int = 0
    is_new: bool = False


def changes(then: Remembered, book: Workbook) -> Iterator[Change]:
    """Yield what a workbook holds otherwise than a paper remembers."""
    now = {cls.sheet: sheet for cls, sheet in book.sheets.items()}
    for title in dict.fromkeys((*then.sheets, *now)):
        record = then.sheets.get(title, Record(title))
        sheet = now.get(title)
        rows = sheet.rows if sheet else ()
        yield from _whole_change(record, rows) if record.whole else _of_rows(record, rows)


def _whole_change(record: Record, rows: Sequence[Row]) -> Iterator[Change]:
    if _whole(rows) != record.whole:
        yield Change(record.title)


def _of_rows(record: Record, rows: Sequence[Row]) -> Iterator[Change]:
    """Yield what became of the rows that are not as before: changed, new, gone."""
    short = any("" in line.cells for line in record.lines)
    lines = [(row, _short_line(row) if short else line_of(row)) for row in rows]
    left = Counter(map(_spelt, record.lines))
    left.subtract(_spelt(line) for _, line in lines)
    old = _beyond(record.lines, left, _spelt)
    fresh = _beyond(
        lines, Counter({spelt: -n for spelt, n in left.items()}), lambda e: _spelt(e[1])
    )
    lone = len(record.lines) == len(lines) == 1
    for fits in (_is_of_one_key, _is_alike, lambda *_: lone):
        for before, (row, line) in _paired(old, fresh, fits):
            old.remove(before)
            fresh.remove((row, line))
            yield Change(record.title, row, _differing(before, line))
    yield from (Change(record.title, row, is_new=True) for row, _ in fresh)
    if old:
        yield Change(record.title, gone=len(old))


def reordered(then: Remembered, book: Workbook) -> tuple[str, ...]:
    """Return the sheets whose rows are those that a paper remembers, in another order."""
    now = {cls.sheet: _record(cls, sheet.rows) for cls, sheet in book.sheets.items()}
    return tuple(
        title
        for title, record in then.sheets.items()
        if title in now and now[title].lines != record.lines and _sorted(now[title], record)
    )


def _sorted(one: Record, other: Record) -> bool:
    return Counter(map(_spelt, one.lines)) == Counter(map(_spelt, other.lines))


_Spelt = tuple[str, frozenset[tuple[str, str]]]
_Fresh = tuple[Row, Line]


def _spelt(line: Line) -> _Spelt:
    return line.key, frozenset(line.cells.items())


def _beyond(items: Iterable[T], left: Counter[_Spelt], spelt: Callable[[T], _Spelt]) -> list[T]:
    """Return of alike items as many as there are more of them than on the other side."""
    found: list[T] = []
    for item in items:
        if left[spelt(item)] > 0:
            left[spelt(item)] -= 1
            found.append(item)
    return found


def _paired(
    old: Sequence[Line], fresh: Sequence[_Fresh], fits: Callable[[Line, _Fresh], bool]
) -> list[tuple[Line, _Fresh]]:
    """Return rows of then and now that fit each other, the nearest first; each row once."""
    near = [
        (-_equal(before, now[1]), at, to)
        for at, before in enumerate(old)
        for to, now in enumerate(fresh)
        if fits(before, now)
    ]
    gone: set[int] = set()
    come: set[int] = set()
    pairs: list[tuple[Line, _Fresh]] = []
    for _, at, to in sorted(near):
        if at not in gone and to not in come:
            gone.add(at)
            come.add(to)
            pairs.append((old[at], fresh[to]))
    return pairs


def _is_of_one_key(before: Line, now: _Fresh) -> bool:
    return now[0].vertical or (before.key != _NOTHING and before.key == now[1].key)


def _is_alike(before: Line, now: _Fresh) -> bool:
    """Say whether half of the cells of a row, or more, stand in another."""
    return 2 * _equal(before, now[1]) >= len(before.cells)


def _equal(before: Line, now: Line) -> int:
    return sum(now.cells.get(name) == sign for name, sign in before.cells.items())


def _differing(before: Line, now: Line) -> tuple[str, ...]:
    """Return the columns in which two rows differ, those that hold something now first."""
    names = dict.fromkeys((*now.cells, *before.cells))
    return tuple(n for n in names if n and now.cells.get(n) != before.cells.get(n))
