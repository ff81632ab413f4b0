"""A rollup's ledger as one block of values under the same headers of an open sheet.

Law: nothing is written where the headers differ, or where anything else would be written over;
what stood there is kept in a copy beside the workbook.
"""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import filterfalse, groupby
from pathlib import Path
from typing import Any

import xlwings

from toolkit import flow, results
from toolkit.cells import Area, Grid, Raw, a1, place
from toolkit.errors import LiveError, OutputError, UsageError
from toolkit.excel.gate.preflight import preflight
from toolkit.excel.gate.refusal import Refusal
from toolkit.excel.values import Values, read_values
from toolkit.forms import rollup
from toolkit.forms.ledgers import LEDGERS, ChangeLine, FindingLine, OverdueLine
from toolkit.live.commands import Seen
from toolkit.live.members import what_for
from toolkit.live.program import setting, step
from toolkit.report import Outcome, Track, Written
from toolkit.schema.columns import Row
from toolkit.schema.form import HEADER_ROW
from toolkit.schema.kinds import Day
from toolkit.schema.workbook import Spot

_LEDGERS: tuple[type[Row], ...] = (
    rollup.Village,
    *LEDGERS.values(),
    OverdueLine,
    ChangeLine,
    FindingLine,
)
TITLES = tuple(row.sheet for row in _LEDGERS)
"""The sheets of a rollup that can be put into an open workbook: one table, a village's number
first in each line."""

Corner = tuple[int, int]
"""Row and column of a cell, counted from 1."""

_TEXT, _GENERAL = "@", "General"
_HEAD_LINES = 30  # where the headers are looked for


@dataclass(frozen=True)
class Block:
    """Lines of values at a place of a sheet; blank ones below blank what stood there before."""

    sheet: str
    row: int  # of the first line, counted from 1, as the column
    column: int
    lines: tuple[tuple[Raw, ...], ...]
    records: int  # how many of the lines say anything
    stands: bool  # whether the very same stand there already

    def runs(self) -> Iterator[tuple[Corner, Corner, bool]]:
        """Yield, column by column, the adjoining cells of text and those of numbers or days.

        Each by its first and last cell, and whether it is text. A blank goes with those above it.
        """
        for column, cells in enumerate(zip(*self.lines, strict=True), self.column):
            is_text: bool | None = None
            sorts = [is_text := _is_text(cell, is_text) for cell in cells]
            line = self.row
            for sort, run in groupby(sorts):
                count = len(list(run))
                if sort is not None:
                    yield (line, column), (line + count - 1, column), sort
                line += count

    def looks(self, spot: Corner) -> str:
        """Return how a number or day is shown where text was shown before."""
        row, column = spot
        value = self.lines[row - self.row][column - self.column]
        return Day.number_format if isinstance(value, dt.date) else _GENERAL


def _is_text(cell: Raw, above: bool | None) -> bool | None:  # noqa: FBT001 -- what the cell above is
    return above if cell in {None, ""} else isinstance(cell, str)


def write(  # noqa: PLR0913, PLR0917 -- what a rollup is made from, and where it goes
    seen: Seen,
    paths: Sequence[Path],
    sheet: str,
    as_of: dt.date,
    track: Track,
    previous: Path | None = None,
) -> Outcome:
    """Village workbooks on the disk to the lines of a ledger under an open sheet's headers.

    Raises LiveError where the sheet is not there, is protected or does not let us, OutputError
    where its headers are not the rollup's or something else stands in the way, and as a rollup
    does.
    """
    lies = seen.lying("不能先留备份，没有写入")
    if seen.book.read_only:
        raise LiveError("这个工作簿是以只读方式打开的，没有写入。请正常打开后再试。")
    title = sheet or str(step(lambda: seen.book.book.sheets.active.name))
    if title not in TITLES:
        raise UsageError(f"工作表“{title}”不是汇总表里的。用 --sheet 写明：{'、'.join(TITLES)}。")
    now, hidden = _cells(seen)
    if title not in now.grids:
        raise LiveError(f"打开的工作簿里没有工作表“{title}”。请先建好，或另用 --sheet 写明。")
    made, outcome = _rolled_up(paths, as_of, track, previous)
    if made is None:
        return outcome
    block = block_of(made[title], now.grids[title], title)
    _require_plain(block, now.merged[title], [spot for spot in hidden if spot.sheet == title])
    told = (f"“{title}” {block.records} 行", *_fill(seen, block, lies))
    return Outcome((Written(lies, told),), outcome.troubles, outcome.exit_code, outcome.passed_over)


def _rolled_up(
    paths: Sequence[Path], as_of: dt.date, track: Track, previous: Path | None
) -> tuple[Any, Outcome]:
    """Return the cells of a rollup made for the moment, None where there is none, and its fate."""
    with tempfile.TemporaryDirectory(prefix="zhengdun-", ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "镇汇总.xlsx"
        outcome = flow.consolidate(paths, target, as_of, track=track, previous=previous)
        if len(outcome.written) > 1:  # tables longer than a sheet stand in files of their own
            raise OutputError("台账超过一张工作表的行数，没有写入。请用 zhengdun consolidate。")
        made = read_values(target.read_bytes()).grids if outcome.written else None
    return made, outcome


def _cells(seen: Seen) -> tuple[Values, Sequence[Spot]]:
    """Return an open workbook's cells, and its hidden rows, each by the first filled cell."""
    try:
        gate = preflight(seen.data, seen.path.suffix)
        hidden = [spot for spot in gate.facts().hidden if spot.text.endswith("行")]
        return read_values(gate.readable), hidden
    except Refusal as error:
        raise LiveError(f"{seen.book.name}：{error}") from None


# -- where it goes --------------------------------------------------------------------------------


def block_of(made: Grid, now: Grid, title: str) -> Block:
    """Return what goes where on a sheet, from the rollup's sheet and the open one.

    Raises OutputError where the headers differ, or something else stands in the way.
    """
    headers = tuple(map(_words, made[HEADER_ROW - 1]))
    header, first = _head(headers, now, title)
    width = len(headers)
    fresh = list(_records(made[HEADER_ROW:], 0, width))
    former = list(_records(now[header:], first, width))
    _require_room(now, header, len(former), len(fresh), title)
    blank = ((None,) * width,) * (len(former) - len(fresh))
    lines = (*fresh, *blank)
    return Block(title, header + 1, first + 1, lines, len(fresh), stands=lines == tuple(former))


def _words(raw: Raw) -> str:
    return "".join(raw.split()) if isinstance(raw, str) else "" if raw is None else str(raw)


def _head(headers: Sequence[str], now: Grid, title: str) -> tuple[int, int]:
    """Return the number of the line that holds the headers, and the place of the first of them."""
    nearest: Sequence[str] = ()
    for number, line in enumerate(now[:_HEAD_LINES], 1):
        words = [_words(raw) for raw in line]
        filled = [at for at, word in enumerate(words) if word]
        held = words[filled[0] : filled[-1] + 1] if filled else []
        if held == list(headers):
            return number, filled[0]
        nearest = max(nearest, held, key=lambda each: len({*headers} & {*each}))
    raise OutputError(f"工作表“{title}”{_unlike(headers, nearest)}")


_MOST_NAMED = 5


def _unlike(headers: Sequence[str], held: Sequence[str]) -> str:
    """Return in what the headers of a sheet differ from the rollup's, and what to do."""
    if not {*headers} & {*held}:
        return "里没有找到镇汇总的表头，没有写入。请先把镇汇总里这张表的表头复制过来。"
    lacking = [each for each in headers if each not in held]
    more = [each for each in held if each and each not in headers]
    said = [f"少{_named(lacking)}"] * bool(lacking) + [f"多{_named(more)}"] * bool(more)
    said = said or [_elsewhere(headers, held)]
    return f"的表头和镇汇总不一致，没有写入：{'，'.join(said)}。请改成一样再试。"


def _elsewhere(headers: Sequence[str], held: Sequence[str]) -> str:
    """Return where the headers of a sheet, all of them the rollup's, stand otherwise."""
    for at, (header, other) in enumerate(zip(headers, held, strict=False), 1):
        if header != other:
            return f"次序不同，第 {at} 栏应当是“{header}”"
    return "有重复或空着的栏"


def _named(headers: Sequence[str]) -> str:
    told = "、".join(f"“{each}”" for each in headers[:_MOST_NAMED])
    return told if len(headers) <= _MOST_NAMED else f"{told}等 {len(headers)} 栏"


def _records(lines: Grid, first: int, width: int) -> Iterator[tuple[Raw, ...]]:
    """Yield the lines of a ledger: each begins with its village's number."""
    for line in lines:
        cells = [*line[first : first + width]]
        if not cells or isinstance(cells[0], bool) or not isinstance(cells[0], int | float):
            return
        cells += [None] * (width - len(cells))
        yield tuple(None if cell == "" else cell for cell in cells)


def _require_room(now: Grid, header: int, former: int, fresh: int, title: str) -> None:
    """Refuse, by an OutputError, to write over what is no line of the former block."""
    for number, line in enumerate(now[header + former : header + fresh], header + former + 1):
        if any(raw not in {None, ""} for raw in line):
            raise OutputError(
                f"工作表“{title}”第 {number} 行不是台账的内容，要写的 {fresh} 行放不下，没有写入。"
                "请把它移到别处再试。"
            )


def _require_plain(block: Block, merged: Sequence[Area], hidden: Sequence[Spot]) -> None:
    """Refuse, by an OutputError, to write into merged cells, or into lines that nobody sees."""
    last = block.row + len(block.lines) - 1
    where = f"工作表“{block.sheet}”"
    for (top, _), (bottom, _) in merged:
        if top < last and bottom + 1 >= block.row:
            raise OutputError(f"{where}第 {top + 1} 行有合并的单元格，没有写入。请取消合并再试。")
    for spot in hidden:
        if block.row <= place(spot.cell)[0] <= last:
            raise OutputError(f"{where}{spot.text}是隐藏的，没有写入。请取消隐藏或筛选再试。")


# -- writing --------------------------------------------------------------------------------------


def _fill(seen: Seen, block: Block, lies: Path) -> Iterator[str]:
    """Write a block into the open sheet, after a copy of the workbook; yield what is to be said."""
    if block.stands:
        yield "内容没有变化，没有重写"
        return
    sheet = step(lambda: seen.book.book.sheets[block.sheet], what_for("Worksheets"))
    if step(lambda: bool(sheet.api.ProtectContents), what_for("ProtectContents")):
        raise LiveError(f"工作表“{block.sheet}”受保护，没有写入。请先撤销保护再试。")
    backup = _kept(seen, lies)
    try:
        put(sheet, block)
    except LiveError as error:
        raise LiveError(f"{error.reason}写入前的内容在 {backup.name}。") from error
    yield f"写入前的内容在 {backup.name}"
    yield "没有保存；写入以前的操作不能再撤销"


_MOST_KEPT = 999


def _kept(seen: Seen, lies: Path) -> Path:
    """Keep what the workbook holds now beside it, under a name that nothing has; return the place.

    Raises OutputError where none can be had.
    """
    first = lies.with_stem(f"{lies.stem}-备份")
    place = next(filterfalse(os.path.lexists, results.numbered(first, _MOST_KEPT)), None)
    if place is None:
        raise OutputError(f"{first}：备份太多，没有写入。请把旧的备份移走再试。")
    results.create(place, seen.data)
    return place


def put(sheet: xlwings.Sheet, block: Block) -> None:
    """Write a block into an open sheet.

    Raises LiveError that says what was changed, where the program does not let us.
    """
    shown = 0
    try:
        for first, last, is_text in block.runs():
            look = _TEXT if is_text else block.looks(first)
            area = f"{a1(*first)}:{a1(*last)}"
            shown += step(partial(_show, sheet, area, look), what_for("NumberFormat"))
        step(partial(_put, sheet, a1(block.row, block.column), block.lines), what_for("Value"))
    except LiveError as error:
        so_far = f"改了 {shown} 处数字格式，内容没有写进去" if shown else "没有改动"
        raise LiveError(f"{error.reason}工作表“{block.sheet}”{so_far}。") from error


def _show(sheet: xlwings.Sheet, area: str, look: str) -> bool:
    """Let cells show text as text; numbers their own way, but where they were text before.

    Return whether that was to be changed.
    """
    cells = sheet.api.Range(area)
    if look != _TEXT and cells.NumberFormat not in {_TEXT, None}:
        return False
    with setting(cells, "NumberFormat"):
        cells.NumberFormat = look
    return True


def _put(sheet: xlwings.Sheet, cell: str, lines: Sequence[Sequence[Raw]]) -> None:
    first = sheet.range(cell)
    with setting(first.api, "Value"):
        first.value = [list(line) for line in lines]
