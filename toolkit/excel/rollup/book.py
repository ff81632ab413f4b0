"""Builds a rollup's workbook: live totals with their values, in a book that an office can print.

Each total's formula is written from the declaration that its value was reckoned by.
"""

import re
from io import BytesIO
from itertools import groupby
from zipfile import ZipFile

from toolkit.errors import ToolkitError
from toolkit.excel.rollup.formulas import layout_of
from toolkit.excel.rollup.front import front_header, write_front
from toolkit.excel.rollup.tables import write_sheet
from toolkit.excel.sheets import new_book
from toolkit.forms import rollup
from toolkit.forms.rollup import Rollup
from toolkit.garbage import uncollected
from toolkit.schema.form import Identity

_TITLES = tuple(dict.fromkeys(row.sheet for row in rollup.ROWS))
_NUMBERED = re.compile(rb'<c r="A\d+"(?: s="\d+")?><v>')  # a number in column A: 村序号


def build_rollup(made: Rollup) -> bytes:
    """Return the bytes of a rollup's workbook; equal rollups give equal bytes.

    Raises ToolkitError where a ledger in them does not hold as many rows as were read.
    """
    with uncollected():
        book = new_book()
        layout = layout_of(made, front_header(made))
        write_front(book.page(rollup.Summary.sheet), made, layout)
        for title, rows in groupby(rollup.ROWS[1:], key=lambda row: row.sheet):
            write_sheet(book.page(title), made, layout, tuple(rows))
        book.stamp(made.title, Identity(rollup.FORM_ID, rollup.VERSION, "", made.period))
        data = book.finished()
    check_written(made, data)
    return data


def check_written(made: Rollup, data: bytes) -> None:
    """Raise ToolkitError unless each ledger in the bytes has as many rows as the files had."""
    balance = made.tables[rollup.Balance]
    ledgers = balance.column(rollup.Balance.ledger)
    read = dict(zip(ledgers, balance.column(rollup.Balance.read), strict=True))
    with ZipFile(BytesIO(data)) as package:
        for ledger in rollup.LEDGERS.values():
            part = f"xl/worksheets/sheet{_TITLES.index(ledger.sheet) + 1}.xml"
            written = len(_NUMBERED.findall(package.read(part)))
            due = read[ledger.sheet]
            if written != due:
                raise ToolkitError(
                    f"汇总对账不平，没有写出：{ledger.sheet}应有 {due} 行，文件里是 {written} 行。"
                    "这是程序错误，请把报错内容发给技术人员。"
                )
