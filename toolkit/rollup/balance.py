"""The conservation ledger (对账): no rollup is published that does not add up.

Each row of each sheet of each file is counted twice, by the scan of the bytes and by the reader,
and is in one bucket; each cell that was read stands in its ledger; each headline is reckoned twice,
village by village and over the ledgers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from toolkit.cells import Raw
from toolkit.errors import BalanceError
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import Contribution, Line
from toolkit.forms.recount import as_figure, exact, is_same, recounted
from toolkit.forms.rollup import Level, Rollup
from toolkit.schema.columns import Column, Row
from toolkit.schema.totals import value_of
from toolkit.schema.workbook import Workbook


def check_balance(made: Rollup) -> None:
    """Raise BalanceError unless every figure agrees with what it was made from."""
    for fault in (*_unequal(made), *_miscounted(made), *_recounted(made)):
        raise _unbalanced(fault)


def _unequal(made: Rollup) -> Iterator[str]:
    """Yield the headlines whose sum over the villages is not the total, in exact decimals."""
    balance = made.tables[rollup.Balance]
    items = balance.column(rollup.Balance.item)
    parts, wholes = (balance.column(c) for c in (rollup.Balance.parts, rollup.Balance.whole))
    for item, part, whole in zip(items, parts, wholes, strict=True):
        if Decimal(str(part)) != Decimal(str(whole)):
            yield f"{item}合计 {part}，汇总数 {whole}"
    files = made.tables[rollup.SourceFile]
    names = files.column(_file_column("file"))
    for name, rest in zip(names, files.column(_file_column("rest")), strict=True):
        if rest:
            yield f"{name}有 {rest} 行没有着落"


def _recounted(made: Rollup) -> Iterator[str]:
    """Yield the headlines that a plain count of villages and ledgers does not come to."""
    balance = made.tables[rollup.Balance]
    said = dict(
        zip(balance.column(rollup.Balance.item), balance.column(rollup.Balance.whole), strict=True)
    )
    for label, column, whole in rollup.HEADLINES:
        listed, booked = exact(made.tables[rollup.Village].column(column)), recounted(made, whole)
        if not (is_same(booked, listed) and is_same(booked, said[label])):
            parts = f"{as_figure(listed)}，台账 {as_figure(booked)}"
            yield f"{label}各村合计 {parts}，汇总数 {said[label]}"


def _miscounted(made: Rollup) -> Iterator[str]:
    """Yield the ledgers that do not hold just the rows read, village by village or file by file."""
    files = made.tables[rollup.SourceFile]
    unit = ledgers.TOWN if made.level is Level.COUNTY else ledgers.VILLAGE_NO
    owners = files.column(unit)
    for row, ledger in ledgers.LEDGERS.items():
        read: Counter[Raw] = Counter()
        for owner, count in zip(owners, files.column(_file_column(_key(row))), strict=True):
            if isinstance(count, int):
                read[owner] += count
        booked = Counter(made.tables[ledger].column(unit))
        for owner in sorted({*read, *booked}, key=str):
            if read[owner] != booked[owner]:
                held = f"读到 {read[owner]} 行，台账 {booked[owner]} 行"
                yield f"{ledger.sheet}（{unit.header} {owner}：{held}）"


def _file_column(name: str) -> Column[Any]:
    return next(column for column in rollup.SourceFile.columns if column.name == name)


def check_seen(made: Rollup, seen: Iterable[str]) -> None:
    """Raise BalanceError unless each file that was seen, by name, has one line in the rollup."""
    files = made.tables[rollup.SourceFile]
    told, due = Counter(files.column(_file_column("file"))), Counter[Raw](seen)
    for name in sorted({*told, *due}, key=str):
        if told[name] != due[name]:
            held = f"见到 {due[name]} 次，列出 {told[name]} 次"
            raise _unbalanced(f"“{rollup.SourceFile.sheet}”里的{name}{held}")


# -- what one workbook brings -------------------------------------------------------------------


def check_contribution(brought: Contribution) -> None:
    """Raise BalanceError unless a workbook's rows are all accounted for, each of them once.

    Of a township's rollup the first of its villages alone brings the tallies.
    """
    for fault in _unaccounted(brought):
        raise _unsettled(f"{brought.name}{fault}")


def _unaccounted(brought: Contribution) -> Iterator[str]:
    if not brought.tallies and not brought.part:
        yield "没有清点过行数"
    for tally in brought.tallies:
        parts = tally.own + tally.records + tally.aside + tally.loose
        if tally.off or parts != tally.rows:
            where = f"第 {tally.off[0]} 行" if tally.off else f"{tally.rows} 行中的 {parts} 行"
            yield f"“{tally.sheet}”{where}，清点和读取的结果不一致"
    for row, ledger in ledgers.LEDGERS.items():
        lines, count = brought.lines.get(ledger.sheet, ()), brought.counts.get(_key(row), 0)
        if len(lines) != count:
            yield f"“{row.sheet}”读到 {count} 行，记入台账 {len(lines)} 行"
        at = ledger.columns.index(ledgers.LINE) - len(ledgers.OF_VILLAGE)
        for number, times in Counter(value_of(line[at]) for line in lines).items():
            if times > 1:
                yield f"“{row.sheet}”第 {number} 行记入台账 {times} 次"


def check_booked(book: Workbook, brought: Contribution) -> None:
    """Raise BalanceError unless the ledgers hold each line and cell that a workbook has.

    The lines are as many as were tallied, under the title that the sheet has in the file; under
    each of the form's columns as many cells show something as were read.
    """
    for row, ledger in ledgers.LEDGERS.items():
        for fault in _unbooked(book, row, brought.lines.get(ledger.sheet, ())):
            raise _unsettled(f"{brought.name}“{row.sheet}”{fault}")


def _unbooked(book: Workbook, row: type[Row], lines: Sequence[Line]) -> Iterator[str]:
    sheet = book.sheet(row)
    title = sheet.title if sheet else ""
    records = sum(tally.records for tally in book.tallies if tally.sheet == title)
    if records != len(lines):
        yield f"清点到 {records} 行记录，记入台账 {len(lines)} 行"
    rows = book.rows(row)
    for at, column in enumerate(row.columns):
        read = sum(not each.field(column).empty for each in rows)
        booked = sum(line[at] not in _NOTHING for line in lines)
        if read != booked:
            yield f"的“{column.header}”读到 {read} 格，记入台账 {booked} 格"


_NOTHING = (None, "")


def _key(row: type) -> str:
    return row.__name__.lower()


def _unbalanced(said: str) -> BalanceError:
    return BalanceError(
        f"汇总对账不平，没有写出：{said}。原有的汇总没有改动。这是程序错误，请把报错内容发给技术人员。"
    )


def _unsettled(said: str) -> BalanceError:
    """Return the word on a single workbook, about which its office can do something."""
    return BalanceError(
        f"汇总对账不平，没有写出：{said}。原有的汇总没有改动。"
        "请用 Excel 或 WPS 打开它另存一次再试，或先移走；并把报错内容发给技术人员。"
    )
