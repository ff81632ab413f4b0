"""A paper made of workbooks: mended for print, worded, marked with what it came from, and set."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from toolkit.schema.workbook import Workbook
from toolkit.word.content import Content
from toolkit.word.fingerprint import AS_OF, FOR_PUBLIC, SOURCE, WORDING, digest_of, fingerprint
from toolkit.word.gongwen import Rendered
from toolkit.word.hygiene import Mended, for_print, notes
from toolkit.word.papers import Setting, compose, set_paper
from toolkit.word.redaction import Masks, Redactor, redacted
from toolkit.word.scope import Scope


@dataclass(frozen=True)
class Source:
    """What a paper is made from: workbooks as papers print them, and the day.

    Whoever words a paper takes its names from these books, not from those that were read.
    """

    books: tuple[Workbook, ...]
    as_of: dt.date
    mended: tuple[Mended, ...]
    marks: Mapping[str, str]
    """The properties by which it can be told later whether the paper still holds."""

    @property
    def book(self) -> Workbook:
        """The workbook of a paper that is made from one."""
        return self.books[0]


def source_of(as_of: dt.date, *books: Workbook, town: Workbook | None = None) -> Source:
    """Return what a paper is made from, and, as `governing` has it, what the township gives it."""
    read = (*books, *((town,) if town else ()))
    found = [for_print(book) for book in read]
    return Source(
        tuple(book for book, _ in found[: len(books)]),
        as_of,
        tuple(cell for _, cells in found for cell in cells),
        {AS_OF: as_of.isoformat(), SOURCE: digest_of(books), **fingerprint(read)},
    )


def make(
    source: Source, scope: Scope, content: Content, setting: Setting, masks: Masks | None = None
) -> Rendered:
    """Return the paper that a template makes of a source; with masks, for the public.

    Its notes tell the corrections that were made, what is left blank, what was masked. A paper for
    the public remembers nothing of its source.
    """
    paper = compose(scope, content, setting)
    told = (*notes(content, scope, paper.blocks, source.mended), *paper.notes)
    marks = {**source.marks, WORDING: wording_mark(content)}
    if masks is not None:
        masks = masks.within(book.path for book in source.books)
        blocks, said = redacted(paper.blocks, masks)
        paper = replace(paper, blocks=blocks, title=Redactor(masks).text(paper.title))
        told = (*told, *said)
        marks = {AS_OF: source.as_of.isoformat(), FOR_PUBLIC: "1"}
    return set_paper(replace(paper, notes=told), setting.typography, marks)


@lru_cache(maxsize=8)  # one template words all papers of a run
def wording_mark(content: Content) -> str:
    """Return what tells a template from any other: its name, and a digest of what it says."""
    return f"{content.name} {hashlib.sha256(repr(content.nodes).encode()).hexdigest()[:16]}"
