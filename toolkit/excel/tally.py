"""The conservation ledger of one file: each row that shows something is accounted for, once.

Two witnesses: a scan of the bytes counts the rows, and what the reader made of the file accounts
for them. Where they disagree about a row, it is named; so nothing is lost without being seen.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.cells import Grid, place
from toolkit.excel.gate.preflight import Preflight
from toolkit.excel.gate.rows import Rows, blank_strings, rows_shown
from toolkit.excel.headers import filled
from toolkit.excel.own_sheets import generated, own_lines
from toolkit.schema.workbook import Sheet, Spot, Tally, Workbook


@dataclass(frozen=True, slots=True)
class Count:
    """The rows of one sheet that show something, as its bytes have them.

    `unread` are those of the form's own sheets that the reader need not, or cannot, see: all rows
    of a sheet that is as it was issued; of any other errors, pictures, formulas not yet reckoned.
    """

    title: str
    rows: Rows
    unread: Rows = ()
    independent: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """The rows of one sheet, counted from 1, of which no record and no stray tells."""

    own: list[int] = field(default_factory=list)
    aside: list[int] = field(default_factory=list)


def counted_rows(
    gate: Preflight, grids: Mapping[str, Grid], untouched: Container[str], ours: Container[str]
) -> Iterator[Count]:
    """Yield the count of each sheet; of old formats, which have no bytes to scan, that of its grid.

    `ours` are the form's own sheets, `untouched` those of them that are as they were issued.
    Raises Refusal where a sheet is broken.
    """
    if not gate.tabs:
        for title, grid in grids.items():
            yield Count(title, tuple(_filled_lines(grid)), independent=False)
        return
    blanks = blank_strings(gate.strings, "xl/sharedStrings.xml") if gate.strings else frozenset()
    for tab in gate.tabs:
        rows = rows_shown(tab.content, tab.part, blanks)
        unread: Rows = ()
        if tab.title in untouched:
            unread = rows
        elif tab.title in ours:
            seen = tab.survey()
            unread = tuple({place(address)[0] for address, _ in (*seen.errors, *seen.pictures)})
        yield Count(tab.title, rows, unread, independent=True)


def tallies(
    counts: Iterable[Count],
    book: Workbook,
    accounts: Mapping[str, Account],
    grids: Mapping[str, Grid],
) -> Iterator[Tally]:
    """Yield the tally of each sheet that was counted: what became of its rows, and where is doubt.

    Records and strays are taken from the workbook itself, not from what the reader says of them.
    """
    sheets = {sheet.title: sheet for sheet in book.sheets.values()}
    ours = generated(grids, book.form)
    extra = {spot.sheet for spot in book.extra_sheets}
    facts = book.facts
    loose = _by_sheet((*book.strays, *facts.errors, *facts.distant, *facts.pictures))
    for count in counts:
        title = count.title
        grid = grids.get(title, ())
        account = accounts.get(title) or Account()
        own, missed = [*account.own], loose.get(title, set())
        if title in ours:
            own += {*own_lines(grid, title, book.form, book.identity), *count.unread}
        elif title in extra:
            missed = missed.union(_filled_lines(grid))
        records = list(_records(sheets[title])) if title in sheets else []
        yield _tally(count, own, records, account.aside, missed)


def _tally(
    count: Count,
    own: Sequence[int],
    records: Sequence[int],
    aside: Sequence[int],
    loose: Iterable[int],
) -> Tally:
    taken = {*records}
    put_aside = {*aside} - taken
    missed = {*loose} - taken - put_aside
    furniture = {*own} - taken - put_aside - missed
    off = (taken | put_aside | missed | furniture).symmetric_difference(count.rows)
    entered = (*own, *records, *aside)
    if len(entered) > len({*entered}):
        off.update(row for row, times in Counter(entered).items() if times > 1)
    return Tally(
        sheet=count.title,
        rows=len(count.rows),
        own=len(furniture),
        records=len(taken),
        aside=len(put_aside),
        loose=len(missed),
        off=tuple(sorted(off)),
        independent=count.independent,
    )


def _records(sheet: Sheet) -> Iterator[int]:
    """Yield the row of each record; of a vertical sheet, the row of each answer."""
    for record in sheet.rows:
        if sheet.row.vertical:
            yield from (cell.row for _, cell in record.filled())
        else:
            yield record.line


def _by_sheet(spots: Iterable[Spot]) -> Mapping[str, set[int]]:
    """Return the rows of cells by sheet."""
    rows: dict[str, set[int]] = {}
    for spot in spots:
        if spot.cell:
            rows.setdefault(spot.sheet, set()).add(place(spot.cell)[0])
    return rows


def _filled_lines(grid: Grid) -> Iterator[int]:
    return (number for number, line in enumerate(grid, 1) if filled(line))
