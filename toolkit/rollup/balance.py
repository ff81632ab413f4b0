"""The conservation ledger (对账): no rollup is published that does not add up.

Each row of each sheet of each file is counted twice, by the scan of the bytes and by the reader,
and is in one bucket; each headline is reckoned twice, village by village and over the ledgers.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from toolkit.cells import Raw
from toolkit.errors import BalanceError
from toolkit.forms import ledgers, rollup
from toolkit.forms.ledgers import Contribution
from toolkit.forms.rollup import Level, Rollup
from toolkit.schema.columns import Column
from toolkit.schema.totals import CENTS, Count, Formula, Month, Sum, value_of


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
        listed, booked = _exact(made.tables[rollup.Village].column(column)), _plainly(made, whole)
        if not listed == booked == Decimal(str(said[label])):
            parts = f"{listed.normalize():f}，台账 {booked.normalize():f}"
            yield f"{label}各村合计 {parts}，汇总数 {said[label]}"


def _exact(values: Iterable[Raw]) -> Decimal:
    numbers = (value for value in values if isinstance(value, int | float))
    return round(sum((Decimal(str(value)) for value in numbers), Decimal()), CENTS)


def _plainly(made: Rollup, how: Formula) -> Decimal:
    """Return a count or sum over a ledger, row by row: without the reckoner, and without pandas."""
    match how:
        case Count(sheet, where):
            amounts: Sequence[Raw] = (1,) * len(made.tables[sheet].rows)
        case Sum(sheet, column, where):
            amounts = made.tables[sheet].column(column)
        case _:
            raise TypeError(how)
    for on, to in where:
        wanted = made.year * 100 + (to.number or made.month) if isinstance(to, Month) else to
        met = (cell == wanted for cell in made.tables[sheet].column(on))
        amounts = [amount if so else 0 for amount, so in zip(amounts, met, strict=True)]
    return _exact(amounts)


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


_LEDGERS = {row.sheet: ledger.sheet for row, ledger in ledgers.LEDGERS.items()}


def check_contribution(brought: Contribution) -> None:
    """Raise BalanceError unless a workbook's rows are all accounted for, each of them once."""
    for tally in brought.tallies:
        parts = tally.own + tally.records + tally.aside + tally.loose
        if tally.off or parts != tally.rows:
            where = f"第 {tally.off[0]} 行" if tally.off else f"{tally.rows} 行中的 {parts} 行"
            raise _unbalanced(f"{brought.name}“{tally.sheet}”{where}，清点和读取的结果不一致")
    for row, ledger in ledgers.LEDGERS.items():
        lines, count = brought.lines.get(ledger.sheet, ()), brought.counts.get(_key(row), 0)
        if len(lines) != count:
            held = f"读到 {count} 行，记入台账 {len(lines)} 行"
            raise _unbalanced(f"{brought.name}“{row.sheet}”{held}")
        at = ledger.columns.index(ledgers.LINE) - len(ledgers.OF_VILLAGE)
        for number, times in Counter(value_of(line[at]) for line in lines).items():
            if times > 1:
                held = f"第 {number} 行记入台账 {times} 次"
                raise _unbalanced(f"{brought.name}“{row.sheet}”{held}")


def _key(row: type) -> str:
    return row.__name__.lower()


def _unbalanced(said: str) -> BalanceError:
    return BalanceError(
        f"汇总对账不平，没有写出：{said}。原有的汇总没有改动。这是程序错误，请把报错内容发给技术人员。"
    )
