"""Builds a rollup's workbook: live totals with their values, in a book that an office can print.

Each total's formula is written from the declaration that its value was reckoned by.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO
from itertools import groupby, pairwise
from zipfile import ZipFile

from toolkit.cells import Grid
from toolkit.errors import BalanceError
from toolkit.excel.rollup.formulas import layout_of
from toolkit.excel.rollup.front import front_header, write_front
from toolkit.excel.rollup.tables import write_sheet
from toolkit.excel.sheets import new_book
from toolkit.excel.stream import Stretch, finished
from toolkit.excel.values import read_values
from toolkit.forms import ledgers, rollup
from toolkit.forms.recount import (
    Total,
    as_figure,
    exact,
    is_at_hand,
    is_same,
    recounted,
    recounted_cards,
    recounted_totals,
)
from toolkit.forms.rollup import Level, Rollup
from toolkit.garbage import uncollected
from toolkit.schema.columns import Row
from toolkit.schema.form import HEADER_ROW, Identity

_PIECE = 1 << 20  # bytes of a sheet that are looked through at a time
_NUMBERED = re.compile(rb'<c r="A\d+"(?: s="\d+")?><v>')  # a number in column A: 村序号


def build_rollup(made: Rollup) -> bytes:
    """Return the bytes of a rollup's workbook; equal rollups give equal bytes.

    Raises BalanceError where a ledger in them does not hold as many rows as were read.
    """
    front, *others = rollup.TABLES[made.level]
    with uncollected():
        book = new_book()
        layout = layout_of(made, front_header(made))
        write_front(book.page(front.sheet), made, layout)
        stretches: list[Stretch] = []
        for title, rows in groupby(others, key=lambda row: row.sheet):
            stretches += write_sheet(book.page(title), made, layout, tuple(rows))
        form = rollup.COUNTY_FORM if made.level is Level.COUNTY else rollup.FORM
        book.stamp(made.title, Identity(form.id, form.version, "", str(made.year)))
        data = finished(book, stretches)
    check_written(made, data)
    return data


def check_written(made: Rollup, data: bytes) -> None:
    """Raise BalanceError unless the bytes hold what the rollup's lines come to.

    Each ledger must have as many rows as the files had. The headlines' sums over the villages, the
    cards of the first page and every line of totals are read again from the finished file and
    compared, in exact decimals, with a recount of the lines; of lines that stand in a file of their
    own and are not held any more nothing is recounted.
    """
    balance = made.tables[rollup.Balance]
    items = balance.column(rollup.Balance.item)
    due = dict(zip(items, balance.column(rollup.Balance.parts), strict=True))
    titles = tuple(dict.fromkeys(row.sheet for row in rollup.TABLES[made.level]))
    with ZipFile(BytesIO(data)) as package:
        for ledger in ledgers.LEDGERS.values():
            if ledger in made.elsewhere:
                continue
            part = f"xl/worksheets/sheet{titles.index(ledger.sheet) + 1}.xml"
            written = _numbered(package, part)
            lines = due[f"{ledger.sheet}行数"]
            if written != lines:
                raise _unbalanced(f"{ledger.sheet}应有 {lines} 行，文件里是 {written} 行")
    grids = read_values(data, {*titles} - _TOTALLED_SHEETS).grids
    for place, total, held in (
        *_headlines(made, grids[rollup.Village.sheet]),
        *_cards(made, grids[titles[0]]),
        *_totals(made, grids),
    ):
        if not is_same(total, held):
            shown = as_figure(Decimal(str(held))) if isinstance(held, _NUMBERS) else held
            raise _unbalanced(f"{place}应是 {as_figure(total)}，文件里是 {shown or '空白'}")


_TOTALLED: frozenset[type[Row]] = rollup.TOTALLED
_TOTALLED_SHEETS = {row.sheet for row in _TOTALLED}
_NUMBERS = (int, float, Decimal)
_COMPARED = frozenset({rollup.ChangeCount, rollup.TownChanges})  # in words, where nothing changed
_Held = tuple[str, Total, object]  # what is looked at, what it must be, what the file holds


def _headlines(made: Rollup, grid: Grid) -> Iterator[_Held]:
    """Yield what each headline comes to over the villages in a finished file."""
    table = made.tables[rollup.Village]
    lines = grid[HEADER_ROW:][: len(table.rows)]
    for label, column, whole in rollup.HEADLINES:
        if is_at_hand(made, whole):
            at = table.columns.index(column)
            yield f"{label}合计", recounted(made, whole), exact(line[at] for line in lines)


def _cards(made: Rollup, grid: Grid) -> Iterator[_Held]:
    """Yield the key figures of the first page: each stands below its label."""
    labels = {label for label, _ in rollup.CARDS}
    held: dict[object, object] = {}
    for upper, lower in pairwise(grid[: front_header(made)]):
        shown = {cell for cell in upper if cell != ""}
        if shown and shown <= labels:
            held |= zip(upper, lower, strict=True)
    for label, total in recounted_cards(made):
        yield f"“{rollup.TABLES[made.level][0].sheet}”的{label}", total, held.get(label)


def _totals(made: Rollup, grids: Mapping[str, Grid]) -> Iterator[_Held]:
    """Yield the lines of totals, cell by cell."""
    layout = layout_of(made, front_header(made))
    changed = made.tables[ledgers.ChangeLine].rows and ledgers.ChangeLine not in made.elsewhere
    for row, table in made.tables.items():
        if row not in _TOTALLED or (row in _COMPARED and not changed):
            continue
        spot = layout[row]
        [line] = grids[row.sheet][spot.last : spot.last + 1] or [()]
        held = dict(zip(spot.columns, line[spot.left - 1 :], strict=False))
        for column, total in recounted_totals(made, table):
            place = f"“{row.sheet}”的{column.header}合计"
            yield place, total, held.get(column)


def _unbalanced(said: str) -> BalanceError:
    return BalanceError(
        f"汇总对账不平，没有写出：{said}。"
        "原有的汇总没有改动。这是程序错误，请把报错内容发给技术人员。"
    )


def _numbered(package: ZipFile, part: str) -> int:
    """Return in how many rows of a sheet a number begins the line; the part is read by pieces."""
    found, rest = 0, b""
    with package.open(part) as packed:
        while piece := packed.read(_PIECE):
            rest += piece
            whole = max(0, rest.rfind(b"<row "))
            found += sum(1 for _ in _NUMBERED.finditer(rest, 0, whole))
            rest = rest[whole:]
    return found + len(_NUMBERED.findall(rest))
