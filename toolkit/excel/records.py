"""What is to be written into a form's sheets, and how far down they are checked and counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from toolkit.cells import Raw
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import FIRST_ROW, Filling, Form

Record = Mapping[str, Raw]
Records = Mapping[type[Row], Sequence[Record]]

_CHECKED_ROWS = 1_000  # how far down a table is checked, coloured and counted while people type


def records_of(form: Form, filling: Filling) -> Records:
    """Return what is to be written, for every sheet; nothing given may find no place."""
    for row, records in filling.items():
        if row not in form.rows:
            raise KeyError(row.sheet)
        known = {column.name for column in row.columns}
        for unknown in (name for record in records for name in record if name not in known):
            raise KeyError(unknown)
        if row.vertical and len(records) > 1:
            raise ValueError(f"{row.sheet} holds one record, not {len(records)}")
    return {row: filling.get(row, ()) for row in form.rows}


def is_filled(raw: Raw) -> bool:
    """Say whether something stands in a cell, as a spreadsheet's TRIM sees it."""
    return raw is not None and (not isinstance(raw, str) or raw.strip(" ") != "")


def required(row: type[Row]) -> list[Column[Any]]:
    """Return the columns that must be filled."""
    return [column for column in row.columns if column.required]


_SPARE_ROWS = 3  # that stand ready below the filled ones, however many these are


def last_bordered_row(records: Sequence[Record], row: type[Row]) -> int:
    """Return the last row of a table that stands ready, lined, to be filled in."""
    return FIRST_ROW - 1 + max(row.blank_rows, len(records) + _SPARE_ROWS)


def last_row(records: Sequence[Record], row: type[Row]) -> int:
    """Return the last row of a table that is checked and counted."""
    return max(FIRST_ROW - 1 + _CHECKED_ROWS, last_bordered_row(records, row))
