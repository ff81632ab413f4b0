"""The example township 青石镇 and three of its villages, all invented, as readable tables."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from toolkit.cells import Raw
from toolkit.forms import township, village
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import Filling, Form, Identity
from toolkit.schema.kinds import Day
from toolkit.schema.texts import header_form

DAY = dt.date(2022, 10, 31)
"""The day as of which the example is looked at."""
_FOLDER = "青石镇"
_TOWNSHIP = "镇级工作簿"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RULE = re.compile(r"[|\s:-]+")  # the line under a table's headers
_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class ExampleBook:
    """One example workbook: what `build_workbook` takes, and the name its file goes by."""

    file_name: str
    form: Form
    identity: Identity
    filling: Filling


@dataclass(frozen=True)
class Example:
    """A township's workbook and those of its villages, in the order of their codes."""

    township: ExampleBook
    villages: tuple[ExampleBook, ...]


def example_township() -> Example:
    """Return the example that the package ships."""
    sources = {
        source.name.removesuffix(".md"): source.read_text("utf-8")
        for source in files(__name__).joinpath(_FOLDER).iterdir()
        if source.name.endswith(".md")
    }
    own = sources.pop(_TOWNSHIP)
    return Example(
        example_book(f"{_TOWNSHIP}.xlsx", township.FORM, own),
        tuple(
            example_book(f"{name}.xlsx", village.FORM, sources[name]) for name in sorted(sources)
        ),
    )


def example_book(file_name: str, form: Form, text: str) -> ExampleBook:
    """Return the workbook that a text of tables fills in.

    Raises ValueError for a sheet or header that the form lacks, and for a row of another length.
    """
    filling: dict[type[Row], Sequence[dict[str, Raw]]] = {}
    by_sheet = {row.sheet: row for row in form.rows}
    for title, lines in tables(text):
        row = by_sheet.pop(title, None)
        if row is None:
            raise ValueError(f"no such sheet, or a second time: {title}")
        if not lines or any(len(line) != len(lines[0]) for line in lines):
            raise ValueError(f"no table, or a row too long or short: {title}")
        head, *body = zip(*lines[1:], strict=True) if row.vertical else lines
        columns = [_column(row, header) for header in head]
        filling[row] = [
            {column.name: _raw(cell, column) for column, cell in cells if cell}
            for cells in (list(zip(columns, line, strict=True)) for line in body)
        ]
    heads = [record for row in filling if row.vertical for record in filling[row]]
    code, year = (
        next((str(head[name]) for head in heads if name in head), "") for name in ("code", "year")
    )
    return ExampleBook(file_name, form, Identity(form.id, form.version, code, year), filling)


def _column(row: type[Row], header: str) -> Column[Any]:
    column = row.by_label.get(header_form(header))
    if column is None:
        raise ValueError(f"no such column in {row.sheet}: {header}")
    return column


def tables(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    r"""Yield each table below a `# title`, headers first; other lines are for the reader.

    In a cell `\|` is a bar and `<br>` a new line.

    >>> list(tables("# 甲\n\n| 项目 | 内容 |\n|---|---|\n| 子 | 一\\|二<br>三 |"))
    [('甲', [['项目', '内容'], ['子', '一|二\n三']])]
    """
    for block in re.split(r"^\s*# ", text, flags=re.MULTILINE)[1:]:
        title, *lines = (line.strip() for line in block.splitlines())
        bars = (line for line in lines if line.startswith("|") and not _RULE.fullmatch(line))
        yield title, [[_unescaped(cell) for cell in _BAR.split(line)[1:-1]] for line in bars]


def _unescaped(cell: str) -> str:
    return cell.strip().replace("\\|", "|").replace("<br>", "\n")


def _raw(cell: str, column: Column[Any]) -> Raw:
    # A code or telephone number stays text, whatever it looks like.
    if isinstance(column.kind, Day) and _DAY.fullmatch(cell):
        return dt.date.fromisoformat(cell)
    if column.kind.number_format != "@" and _NUMBER.fullmatch(cell):
        return float(cell) if "." in cell else int(cell)
    return cell
