"""Ledgers as Parquet: what is longer than a sheet may be, for programs to read.

A column has the type that its kind declares. What stands in a cell and is none of that type, such
as “三十来张” among numbers, goes word for word into a text column beside it, so that nothing that
somebody wrote is lost and the typed column can be reckoned with.
"""

import datetime as dt
import itertools
import os
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from toolkit.cells import Raw
from toolkit.errors import BalanceError, OutputError, UsageError
from toolkit.forms.recount import as_figure, exact
from toolkit.outputs import admit, backup_of, write_output
from toolkit.schema.columns import Column, Row
from toolkit.schema.kinds import Day, Number, Percent, Whole, as_text

VERBATIM = "（原文）"
"""How the name of the column ends that keeps what stands there, where that is not of the type."""

_GROUP = 16_384  # rows; as many are held at a time


# -- places -------------------------------------------------------------------------------------


def admit_ledger(path: Path, row: type[Row]) -> None:
    """Refuse, by an OutputError, a place where anything but an earlier ledger of ours stands."""
    admit(path)
    if path.exists() and not is_ledger(path, row):
        raise OutputError(
            f"{path}：已经存在，不是以前汇总写出的{row.sheet}，没有覆盖。"
            "请把它改名或移走，或者用 -o 另指定文件名。"
        )


def is_ledger(path: Path, row: type[Row]) -> bool:
    """Say whether a file is a Parquet file that we have written of a sheet, by its last bytes.

    The file's metadata are looked at as they are encoded, for pyarrow may not be installed.
    """
    try:
        with path.open("rb") as stream:
            end = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, end - _TAIL))
            length, magic = struct.unpack("<I4s", stream.read(_TAIL))
            stream.seek(max(0, end - _TAIL - length))
            footer = stream.read(length)
    except (OSError, struct.error):
        return False
    title = row.sheet.encode()
    return magic == b"PAR1" and _KEY + bytes([len(title)]) + title in footer


_TAIL = 8  # bytes: how long the metadata are, and the format's name
_KEY = b"\x18\x05sheet\x18"  # a text of five bytes, and the sign of another one, in Thrift


def write_ledger(path: Path, row: type[Row], data: bytes) -> bool:
    """Write a ledger over an earlier one at most; return whether anything had to be written.

    Raises OutputError where something else stands, or nothing can be written.
    """
    return write_output(path, data, partial(admit_ledger, path, row))


def retired(places: Mapping[Path, type[Row]]) -> Iterator[str]:
    """Put ledgers of ours that have become needless out of the way; yield the word on each."""
    for path, row in places.items():
        if is_ledger(path, row):
            backup = backup_of(path)
            try:
                path.replace(backup)
            except OSError:  # somebody has it open
                yield f"{path.name} 是以前写出的，现在不需要了，请移走。"
            else:
                yield f"以前的 {path.name} 不需要了，改名为 {backup.name}。"


# -- contents -----------------------------------------------------------------------------------


def check_ledger(
    data: bytes, row: type[Row], lines: int, sums: Mapping[Column[Any], Decimal]
) -> None:
    """Raise BalanceError unless a finished file holds so many lines, and columns of such sums."""
    from pyarrow import parquet  # noqa: PLC0415 -- an extra, slow to load

    with parquet.ParquetFile(BytesIO(data)) as file:
        written = file.metadata.num_rows
        if written != lines:
            raise _unbalanced(f"{row.sheet}应有 {lines} 行，Parquet 文件里是 {written} 行")
        for column, due in sums.items():
            total = exact(file.read([column.header])[column.header].to_pylist())
            if total != due:
                told = f"应是 {as_figure(due)}，Parquet 文件里是 {as_figure(total)}"
                raise _unbalanced(f"{row.sheet}“{column.header}”合计{told}")


def _unbalanced(said: str) -> BalanceError:
    return BalanceError(
        f"汇总对账不平，没有写出：{said}。原有的汇总没有改动。这是程序错误，请把报错内容发给技术人员。"
    )


def ledger_bytes(row: type[Row], rows: Iterable[Sequence[Raw]]) -> bytes:
    """Return the rows of a sheet, cells in the order of its columns, as a Parquet file.

    Equal rows give equal bytes. Raises UsageError where pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 -- an extra, slow to load
        from pyarrow import parquet  # noqa: PLC0415 -- as above
    except ImportError:
        raise UsageError(
            f"{row.sheet}的行数超过一张工作表的上限，要写成 Parquet 文件，本机没有安装 pyarrow。"
            "请运行 pip install 'zhengdun[parquet]'，或分批汇总。"
        ) from None
    types = {int: pa.int64(), float: pa.float64(), dt.date: pa.date32(), str: pa.string()}
    fields = [
        pa.field(name, types[kind]) for column in row.columns for name, kind in _names(column)
    ]
    schema = pa.schema(fields, {"sheet": row.sheet})
    stream = BytesIO()
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for group in _groups(rows):
            columns = zip(*group, strict=True)
            cells = itertools.chain.from_iterable(map(_split, row.columns, columns))
            arrays = [
                pa.array(map(_utf8, each) if field.type == pa.string() else each, field.type)
                for each, field in zip(cells, fields, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema), _GROUP)
    return stream.getvalue()


_HALVES = re.compile("[\ud800-\udfff]")  # of characters, as in names of files in old bytes


def _utf8(cell: Raw) -> Raw:
    """Return a text as UTF-8 can hold it."""
    return _HALVES.sub("\ufffd", cell) if isinstance(cell, str) and not cell.isprintable() else cell


def _groups(rows: Iterable[Sequence[Raw]]) -> Iterator[list[Sequence[Raw]]]:
    left = iter(rows)
    return iter(lambda: list(itertools.islice(left, _GROUP)), [])


def _type(column: Column[Any]) -> type:
    """Return the type that a column's kind declares."""
    match column.kind:
        case Whole():
            return int
        case Number() | Percent():
            return float
        case Day():
            return dt.date
    return str


def _names(column: Column[Any]) -> Iterator[tuple[str, type]]:
    """Yield the name and the type of each column that a column becomes."""
    own = _type(column)
    yield column.header, own
    if own is not str:
        yield f"{column.header}{VERBATIM}", str


def _split(column: Column[Any], cells: Sequence[Raw]) -> Iterator[list[Raw]]:
    """Yield a column's cells, those that are not of its type apart as texts."""
    own = _type(column)
    if own is str:
        yield [cell if cell is None or type(cell) is str else as_text(cell) for cell in cells]
        return
    fits = _FITS[own]
    yield [cell if fits(cell) else None for cell in cells]
    yield [None if cell is None or fits(cell) else as_text(cell) for cell in cells]


_FITS: dict[type, Callable[[Raw], bool]] = {
    int: lambda cell: type(cell) is int,
    float: lambda cell: type(cell) in {int, float},
    dt.date: lambda cell: type(cell) is dt.date,
}
