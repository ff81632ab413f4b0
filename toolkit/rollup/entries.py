"""The villages of a rollup: whom the roster expects, who came in, and what became of each."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from toolkit.errors import ToolkitError
from toolkit.forms import rollup, township, village
from toolkit.forms.rollup import Source
from toolkit.schema.columns import R
from toolkit.schema.totals import Cell
from toolkit.schema.workbook import Workbook

Record = dict[str, Cell]
Pair = tuple[Workbook, Source]


@dataclass(frozen=True)
class Entry:
    """One line of the rollup; `books` holds its workbook, or nothing if it is left out.

    A village with several workbooks has a line for each; `first` is the number of its first.
    """

    number: int
    first: int
    code: str
    name: str
    label: str  # as people name the village, with its code where another is called the same
    listed: str
    fate: str
    books: tuple[Workbook, ...]
    others: tuple[Pair, ...]  # its workbooks of another year
    refused: tuple[Source, ...]  # its files that could not be read
    link: str
    secretary: str

    def rows(self, row: type[R]) -> list[R]:
        """Return the rows of a sheet of its workbook."""
        return [filled for book in self.books for filled in book.rows(row)]

    def stamp(self) -> Record:
        """Return what every ledger row says of its village."""
        return {"village_no": self.number, "village_code": self.code, "village": self.name}


@dataclass
class _Village:
    """What was found of one village."""

    line: township.Village | None = None
    taken: list[Pair] = field(default_factory=list)
    others: list[Pair] = field(default_factory=list)
    refused: list[Source] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Its code, the roster's if it is on it."""
        first = next((book for book, _ in (*self.taken, *self.others)), None)
        return (self.line.code if self.line else village.village_code(first) if first else "") or ""

    @property
    def name(self) -> str:
        """Its name, the roster's if it is on it."""
        first = next((book for book, _ in (*self.taken, *self.others)), None)
        told = self.line.village if self.line else village.village_name(first) if first else ""
        return told or ""


def entries_of(
    books: Sequence[Workbook],
    sources: Sequence[Source],
    roster: Sequence[township.Village],
    year: int,
) -> list[Entry]:
    """Return the villages in the roster's order, then those it does not know."""
    found: dict[tuple[str, str], _Village] = {}
    for line in roster:
        found.setdefault(("code", line.code or ""), _Village(line))
    for book, source in _pairs(books, sources):
        own = found.setdefault(_key(book, roster), _Village())
        book_year = village.plan_year(book)
        if book_year in {None, year}:
            own.taken.append((book, source))
        else:
            fate = f"{rollup.REFUSED}年度是 {book_year}，本次汇总 {year} 年度"
            own.others.append((book, replace(source, fate=fate)))
    for source in sorted(sources, key=source_order):
        known = _line_of(source, roster)
        if known is not None:
            found["code", known.code or ""].refused.append(source)
    names = Counter(each.name for each in found.values())
    made: list[Entry] = []
    for each in found.values():
        made.extend(_entries(each, len(made) + 1, alone=names[each.name] == 1))
    return made


def _entries(each: _Village, number: int, *, alone: bool) -> list[Entry]:
    """Return a village's lines: one for each workbook that is taken, at least one."""
    label = each.name or each.code or f"第 {number} 个村"
    if each.name and not alone:
        label = f"{each.name}（{each.code or f'第 {number} 个村'}）"
    aside = [*(source for _, source in each.others), *each.refused]
    first = Entry(
        number=number,
        first=number,
        code=each.code,
        name=each.name,
        label=label,
        listed=rollup.YES if each.line else rollup.NO,
        fate=aside[0].fate if aside else rollup.ABSENT_FATE,
        books=(),
        others=tuple(each.others),
        refused=tuple(each.refused),
        link="",
        secretary=(each.line.secretary if each.line else "") or "",
    )
    made = [
        replace(first, fate=source.fate, books=(book,), link=source.link or source.file)
        for book, source in each.taken
    ]
    again = [
        replace(entry, number=number + at, listed=rollup.TWICE, others=(), refused=())
        for at, entry in enumerate(made)
    ]
    return [*made[:1], *again[1:]] or [first]


def _key(book: Workbook, roster: Sequence[township.Village]) -> tuple[str, str]:
    """Return what a workbook's village is known by: its code, else its name, else its file."""
    line = township.match(book, roster)
    code = line.code if line else village.village_code(book)
    name = village.village_name(book)
    told = (("code", code), ("name", name), ("file", book.path or book.name))
    return next((kind, text) for kind, text in told if text)


def _line_of(source: Source, roster: Sequence[township.Village]) -> township.Village | None:
    """Return the roster's line of a file that could not be read, None where nothing tells it."""
    if not source.fate.startswith(rollup.REFUSED):
        return None
    code, name = source.code, source.village
    if not code and not name:
        code, name = township.issued_as(source.file)
    return township.find(roster, [code], name)


def _pairs(books: Sequence[Workbook], sources: Sequence[Source]) -> list[Pair]:
    """Return each book with its source, in an order of their own."""
    taken: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in sorted((s for s in sources if s.taken), key=source_order):
        taken[source.file, source.sha256].append(source)
    pairs: list[Pair] = []
    for book in sorted(books, key=lambda book: (book.name, book.facts.sha256, book.path)):
        own = taken[book.name, book.facts.sha256]
        if not own:
            raise ToolkitError(f"汇总对账不平：{book.name} 已读取，但没有登记在数据来源里。")
        pairs.append((book, own.pop(0)))
    left = [source.file for own in taken.values() for source in own]
    if left:
        raise ToolkitError(f"汇总对账不平：{'、'.join(left)} 登记为已汇总，但没有读到内容。")
    return sorted(
        pairs, key=lambda pair: (village.village_code(pair[0]), village.village_name(pair[0]))
    )


def source_order(source: Source) -> tuple[str, ...]:
    """Return what sources are sorted by, so that their order never matters."""
    return (source.file, source.link, source.sha256, source.code, source.fate)
