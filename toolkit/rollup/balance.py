"""No rollup is published whose ledgers do not hold just the rows that were read."""

from collections import Counter
from collections.abc import Sequence

from toolkit.cells import Raw
from toolkit.errors import ToolkitError
from toolkit.forms import rollup
from toolkit.forms.rollup import Rollup
from toolkit.schema.workbook import Workbook


def check_balance(made: Rollup) -> None:
    """Raise ToolkitError unless every ledger holds just the rows read, village by village."""
    files = made.tables[rollup.SourceFile]
    numbers = files.column(rollup.VILLAGE_NO)
    for row, ledger in rollup.LEDGERS.items():
        counted = next(c for c in rollup.SourceFile.columns if c.name == row.__name__.lower())
        read = {
            number: count
            for number, count in zip(numbers, files.column(counted), strict=True)
            if count  # files not taken have none
        }
        booked = Counter(made.tables[ledger].column(rollup.VILLAGE_NO))
        if read != booked:
            off = sorted({*read, *booked}, key=str)
            places = "、".join(
                f"村序号 {no}：读到 {read.get(no, 0)} 行，台账 {booked[no]} 行"
                for no in off
                if read.get(no, 0) != booked[no]
            )
            raise _unbalanced(f"{ledger.sheet}（{places}）")


def check_rows(made: Rollup, books: Sequence[Workbook]) -> None:
    """Raise ToolkitError unless the ledgers hold just the rows of the books, each of them once."""
    for row, ledger in rollup.LEDGERS.items():
        read: Counter[tuple[Raw, ...]] = Counter(
            (book.name, each.sheet_title, each.line) for book in books for each in book.rows(row)
        )
        table = made.tables[ledger]
        files, sheets = table.column(rollup.FILE), table.column(rollup.SHEET)
        booked: Counter[tuple[Raw, ...]] = Counter(
            zip(files, sheets, table.column(rollup.LINE), strict=True)
        )
        off = (read - booked) + (booked - read)
        if off:
            file, sheet, line = min(off, key=str)
            raise _unbalanced(f"{file}“{sheet}”第 {line} 行与{ledger.sheet}对不上")


def _unbalanced(said: str) -> ToolkitError:
    return ToolkitError(f"汇总对账不平，没有写出：{said}。这是程序错误，请把报错内容发给技术人员。")
