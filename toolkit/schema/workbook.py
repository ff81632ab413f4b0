"""A filled workbook as it was read: rows with their cells, and everything that found no place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from toolkit.schema.columns import Column, R, Row
from toolkit.schema.form import Form, Identity


@dataclass(frozen=True, slots=True)
class Spot:
    """A remark on one cell: its address and what is to be said of it."""

    sheet: str
    cell: str
    text: str
    why: str = ""  # of a stray, whose text is its content: why it found no place, if known


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file's bytes say of it besides its cells' contents.

    Each spot's text says what is there; of sheets that the form generates only far cells are told.
    """

    kind: str = ".xlsx"  # by its bytes, whatever its name says
    sha256: str = ""
    editor: str = ""  # the program that saved it last, with its build
    saved: str = ""  # when that was, as the file says, in Beijing's time
    macros: bool = False
    external_links: bool = False
    date_1904: bool = False  # days are counted from 1904, so a bare number of days is another day
    errors: tuple[Spot, ...] = ()  # cells that show #REF! and the like, or no result yet
    formulas: tuple[Spot, ...] = ()  # cells reckoned by a formula; the text is the formula
    pictures: tuple[Spot, ...] = ()  # pictures put into cells (DISPIMG)
    text_boxes: tuple[Spot, ...] = ()  # without a cell; the text is the beginning of the box's
    hidden: tuple[Spot, ...] = ()  # hidden rows, columns and sheets that hold something
    distant: tuple[Spot, ...] = ()  # filled cells far from all others
    phantom: tuple[Spot, ...] = ()  # formatted rows far below the last content
    issued: str = ""  # what it was issued with, "" where it was not
    holds_more: bool = False  # notes, pictures, charts of people's own: what stands in no cell


NO_FACTS = FileFacts()
"""Of cells that come from no file."""


@dataclass(frozen=True)
class Sheet:
    """One sheet as found: its title in the file, the cell of each header, its rows."""

    row: type[Row]
    title: str
    headers: Mapping[str, str]  # column name -> address of the header cell
    rows: tuple[Row, ...]
    missing: tuple[Column[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """The rows of one sheet that show something, each in one bucket; counted twice.

    `rows` is what a scan of the file's bytes counts, the rest what the reader accounts for. A row
    of several kinds of cells counts as the first of records, aside, loose and own that it holds.
    """

    sheet: str
    rows: int
    own: int  # what the form puts there: titles, headers, labels without an answer
    records: int
    aside: int  # right sums and repeated headers, each with a note
    loose: int  # what was not taken, each with a finding
    off: tuple[int, ...] = ()  # rows on which the two disagree, or that stand in two buckets
    independent: bool = True  # of an old format nothing but the reader's own cells can be counted


@dataclass(frozen=True)
class Workbook:
    """A file read against its form. Nothing in it has been judged."""

    path: str
    name: str
    form: Form
    identity: Identity
    sheets: Mapping[type[Row], Sheet]
    facts: FileFacts = NO_FACTS
    notes: tuple[Spot, ...] = ()  # headers and sheets taken for others, sums and heads set aside
    strays: tuple[Spot, ...] = ()  # filled cells that belong to no column
    extra_sheets: tuple[Spot, ...] = ()  # the text says what the sheet looks like
    tallies: tuple[Tally, ...] = ()  # of every sheet, in the file's order, where it was counted

    def rows(self, row: type[R]) -> tuple[R, ...]:
        """Return the filled rows of a sheet, () where the sheet is missing."""
        sheet = self.sheets.get(row)
        return cast("tuple[R, ...]", sheet.rows) if sheet else ()

    def sheet(self, row: type[Row]) -> Sheet | None:
        """Return a sheet as found, None where it is missing."""
        return self.sheets.get(row)

    def has(self, column: Column[Any], row: type[Row]) -> bool:
        """Say whether the file has the column at all."""
        sheet = self.sheets.get(row)
        return sheet is not None and column not in sheet.missing
