"""What a program asks of a cell while somebody types: its prompt, its dropdown, its limits.

Every list stands behind a defined name, which Excel 2010, WPS and LibreOffice take alike. A list
of the form's own stands on the hidden sheet; one that another sheet offers grows with that sheet.
"""

import re
from typing import Any

from toolkit.excel.records import Record, last_row
from toolkit.excel.sheets import Range, quoted
from toolkit.schema.codelists import CodeList
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import HEADER_ROW, Form
from toolkit.schema.kinds import Limits, Ref

_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # characters that Excel takes
_UNBOUNDED = 10**15  # a number as large as Excel keeps exactly: asks for a number, no more


def prompt(column: Column[Any]) -> str:
    """Return the input prompt: the column's advice, its unit, an example where there is room."""
    unit = f"（{column.unit}）" if column.unit else ""
    example = f"例：{column.example}" if column.example else ""
    text = "\n".join(part for part in (f"{unit}{column.advice}", example) if part)
    return text if len(text) <= _LONGEST_MESSAGE else column.advice[:_LONGEST_MESSAGE]


def validation(form: Form, column: Column[Any]) -> dict[str, object]:
    """Return the check of a column's cells, in XlsxWriter's words.

    A number of another sheet that is not there yet is warned of; where several entries may stand
    in a cell, a dropdown offers one and forbids none.
    """
    title, message = column.header[:_LONGEST_TITLE], prompt(column)
    options: dict[str, object] = {"input_title": title, "input_message": message}
    limits, offers = column.kind.limits, form.offers_of(column)
    strict = {"error_title": title, "error_message": message}
    if offers is not None:
        listed = {"validate": "list", "source": f"={offered_name(form, offers)}"}
        if isinstance(column.kind, Ref):
            return options | strict | listed | {"error_type": "warning"}
        return options | listed | {"show_error": False}
    if limits is None:
        return options | {"validate": "any"}
    if limits.codelist is None:
        return (
            options | strict | {"validate": limits.type, "error_type": "warning"} | _bounds(limits)
        )
    listed = {"validate": "list", "source": f"={list_name(limits.codelist)}"}
    if limits.strict:
        return options | strict | listed | {"error_type": "stop"}
    return options | listed | {"show_error": False}


def _bounds(limits: Limits) -> dict[str, object]:
    if limits.low is not None and limits.high is None:
        return {"criteria": ">=", "value": limits.low}
    low = -_UNBOUNDED if limits.low is None else limits.low
    high = _UNBOUNDED if limits.high is None else limits.high
    return {"criteria": "between", "minimum": low, "maximum": high}


def list_name(codelist: CodeList) -> str:
    """Return the defined name of a dropdown's entries."""
    return "字典_" + re.sub(r"\W", "_", codelist.name)


def offered_name(form: Form, column: Column[Any]) -> str:
    """Return the defined name of the entries that a column offers to other sheets."""
    row = form.offered()[column]
    return "名单_" + re.sub(r"\W", "_", f"{row.sheet}_{column.header}")


def offered_range(row: type[Row], column: Column[Any], records: list[Record]) -> str:
    """Return the reference to a column's entries, down to the last that is filled.

    It begins at the header, so that a row inserted right below it is within; it moves with the
    rows that people insert, and needs no volatile function.
    """
    at = row.columns.index(column) + 1
    cells = Range(at, HEADER_ROW, last_row(records, row)).on(row.sheet)
    header = Range(at, HEADER_ROW, HEADER_ROW).on(row.sheet)
    last = f'SUMPRODUCT(MAX(({cells}<>"")*ROW({cells})))-ROW({header})+1'
    return f"INDEX({cells},2):INDEX({cells},MAX(2,{last}))"


def whole_column(row: type[Row], column: Column[Any]) -> str:
    """Return the reference to a table's column as far as a sheet goes."""
    letter = Range(row.columns.index(column) + 1, 1, 1).absolute.split("$")[1]
    return f"{quoted(row.sheet)}!${letter}:${letter}"
