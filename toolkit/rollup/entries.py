"""The villages of a rollup: whom the roster expects, who came in, and what became of each."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.errors import ToolkitError
from toolkit.forms import rollup, township, village
from toolkit.forms.rollup import Source
from toolkit.schema.columns import R
from toolkit.schema.totals import Cell
from toolkit.schema.workbook import Workbook

Record = dict[str, Cell]


@dataclass(frozen=True)
class Entry:
    """One village of the rollup; `books` holds its workbook, or nothing if it is left out."""

    number: int
    code: str
    name: str
    listed: str
    fate: str
    books: tuple[Workbook, ...]
    link: str
    secretary: str

    @property
    def label(self) -> str:
        """The village as people name it."""
        return self.name or self.code or f"第 {self.number} 个村"

    def rows(self, row: type[R]) -> list[R]:
        """Return the rows of a sheet of its workbook."""
        return [filled for book in self.books for filled in book.rows(row)]

    def stamp(self) -> Record:
        """Return what every ledger row says of its village."""
        return {"village_no": self.number, "village_code": self.code, "village": self.name}


_Pair = tuple[Workbook, Source]


def entries_of(
    books: Sequence[Workbook], sources: Sequence[Source], roster: Sequence[township.Village]
) -> list[Entry]:
    """Return the villages in the roster's order, then those it does not know."""
    pairs = _pairs(books, sources)
    refused = sorted((source for source in sources if not source.taken), key=source_order)
    fates = {key: s.fate for s in reversed(refused) for key in keys_of(s)}
    own: dict[tuple[str, str], list[_Pair]] = defaultdict(list)
    for pair in pairs:
        own[keys(village.village_code(pair[0]), village.village_name(pair[0]))[0]].append(pair)
    made: list[tuple[_Pair | None, str, str, township.Village | None]] = []
    for line in roster:
        names = keys(line.code or "", line.village or "")
        found = [pair for key in names for pair in own.pop(key, ())]
        for at, pair in enumerate(found):
            made.append((pair, rollup.TWICE if at else rollup.YES, pair[1].fate, line))
        if not found:
            fate = next((fates[key] for key in names if key in fates), rollup.ABSENT_FATE)
            made.append((None, rollup.YES, fate, line))
    known = {id(pair) for pair, *_ in made}
    made.extend((pair, rollup.NO, pair[1].fate, None) for pair in pairs if id(pair) not in known)
    return [_entry(number, *parts) for number, parts in enumerate(made, 1)]


def keys(code: str, name: str) -> list[tuple[str, str]]:
    """Return what a village is known by: its code, and its name where somebody gave no code."""
    return [(kind, text) for kind, text in (("code", code), ("name", name)) if text] or [("", "")]


def keys_of(source: Source) -> list[tuple[str, str]]:
    """Return what a refused file's village is known by; its name as issued tells, if nothing else.

    >>> keys_of(Source("0204-柳树村-2022.xlsx", "未汇总：文件有密码"))
    [('code', '0204'), ('name', '柳树村')]
    """
    issued = re.match(r"(\d{2,12})-([^-]+)-", source.file)
    if issued and not (source.code or source.village):
        return keys(issued[1], issued[2])
    return keys(source.code, source.village)


def _entry(
    number: int, pair: _Pair | None, listed: str, fate: str, line: township.Village | None
) -> Entry:
    book, source = pair or (None, None)
    code, name = (village.village_code(book), village.village_name(book)) if book else ("", "")
    return Entry(
        number=number,
        code=(line.code if line else code) or "",
        name=(line.village if line else name) or "",
        listed=listed,
        fate=fate,
        books=(book,) if book else (),
        link=(source.link or source.file) if source else "",
        secretary=(line.secretary if line else "") or "",
    )


def _pairs(books: Sequence[Workbook], sources: Sequence[Source]) -> list[_Pair]:
    """Return each book with its source, in an order of their own."""
    taken: dict[tuple[str, str], list[Source]] = defaultdict(list)
    for source in sorted((s for s in sources if s.taken), key=source_order):
        taken[source.file, source.sha256].append(source)
    pairs: list[_Pair] = []
    for book in sorted(books, key=lambda book: (book.name, book.sha256, book.path)):
        own = taken[book.name, book.sha256]
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
