"""Builds a rollup's workbook: live totals with their values, in a book that an office can print.

Each total's formula is written from the declaration that its value was reckoned by.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from zipfile import ZipFile

from toolkit.errors import BalanceError
from toolkit.excel.rollup.formulas import layout_of
from toolkit.excel.rollup.front import front_header, write_front
from toolkit.excel.rollup.tables import write_sheet
from toolkit.excel.sheets import new_book
from toolkit.excel.stream import Stretch, finished
from toolkit.excel.values import read_values
from toolkit.forms import ledgers, rollup
from toolkit.forms.rollup import Level, Rollup
from toolkit.garbage import uncollected
from toolkit.schema.form import HEADER_ROW, Identity
from toolkit.schema.totals import CENTS

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
    """Raise BalanceError unless the bytes hold what was reckoned.

    Each ledger must have as many rows as the files had, and each headline come to its total over
    the villages, in exact decimals, as they are read again from the finished file.
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
    for label, total in _headlines(made, data):
        if total != Decimal(str(due[label])):
            said = f"{label}合计应是 {due[label]}，文件里是 {total.normalize():f}"
            raise _unbalanced(said)


def _headlines(made: Rollup, data: bytes) -> Iterator[tuple[str, Decimal]]:
    """Yield what each headline comes to over the villages in a finished file."""
    table = made.tables[rollup.Village]
    others = {row.sheet for row in rollup.TABLES[made.level]} - {rollup.Village.sheet}
    grid = read_values(data, others).grids[rollup.Village.sheet]
    lines = grid[HEADER_ROW:][: len(table.rows)]
    for label, column, _ in rollup.HEADLINES:
        at = table.columns.index(column)
        cells = (line[at] for line in lines if isinstance(line[at], int | float))
        yield label, round(sum((Decimal(str(cell)) for cell in cells), Decimal()), CENTS)


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
