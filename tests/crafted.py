"""Workbooks crafted part by part, as no program would write them."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import xlsxwriter

from toolkit.cells import Raw
from toolkit.excel.opened import open_bytes
from toolkit.forms import township, village
from toolkit.schema.form import FORM_PROPERTY, Identity

Grids = Mapping[str, Sequence[Sequence[Any]]]
Paint = Callable[[Any, Any], None]
"""What is done to one sheet once its cells are written: to the book, to the sheet."""
SHEET = "xl/worksheets/sheet1.xml"


def drawn(cells: Mapping[str, object] | None = None) -> bytes:
    """A workbook of one sheet."""
    return _drawn(tuple((cells or {"A1": "措施编号", "A2": 7}).items()))


@cache
def _drawn(cells: tuple[tuple[str, object], ...]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("整改措施")
    for address, value in cells:
        sheet.write(address, value)
    book.close()
    return file.getvalue()


def cells_of(data: bytes) -> dict[str, list[list[Raw]]]:
    """The cells of a workbook's sheets, to be changed and read again."""
    grids = open_bytes(data, Path("村.xlsx"), (village.FORM, township.FORM)).grids
    return {title: [list(line) for line in grid] for title, grid in grids.items()}


def saved(
    grids: Grids,
    identity: Identity,
    paint: tuple[str, Paint | None] = ("", None),
    options: Mapping[str, Any] | None = None,
) -> bytes:
    """The bytes of a workbook of those cells; `paint` does to a sheet what cells cannot show."""
    file = io.BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {**settings, **(options or {})})
    book.set_custom_property(FORM_PROPERTY, identity.line())
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    painted, brush = paint
    for title, lines in grids.items():
        sheet = book.add_worksheet(title)
        for number, line in enumerate(lines):
            for at, raw in enumerate(line):
                if isinstance(raw, dt.date):
                    sheet.write_datetime(number, at, raw, day)
                elif raw not in ("", None):
                    sheet.write(number, at, raw)
        if brush and title == painted:
            brush(book, sheet)
    book.close()
    return file.getvalue()


def edited(data: bytes, changes: Mapping[str, str | bytes | None]) -> bytes:
    """The package with parts replaced, added or, where None, left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts: dict[str, str | bytes | None] = {name: old.read(name) for name in old.namelist()}
    return packed({**parts, **changes})


def packed(parts: Mapping[str, str | bytes | None]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return file.getvalue()


def part_of(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def replaced(name: str, old: str, new: str, data: bytes | None = None) -> bytes:
    data = data or drawn()
    text = part_of(data, name)
    assert old in text
    return edited(data, {name: text.replace(old, new)})


def sheet_of(rows: str, prefix: str = "") -> str:
    colon = f"{prefix}:" if prefix else ""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    declared = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{colon}worksheet {declared}="{space}">'
        f"<{colon}sheetData>{rows}</{colon}sheetData></{colon}worksheet>"
    )


def with_rows(rows: str, prefix: str = "") -> bytes:
    return edited(drawn(), {SHEET: sheet_of(rows, prefix)})


def custom(**properties: str) -> str:
    """The part of custom properties."""
    inside = "".join(
        f'<property name="{name}"><vt:lpwstr>{text}</vt:lpwstr></property>\n'
        for name, text in properties.items()
    )
    return f'<Properties xmlns:vt="v">\n{inside}</Properties>'
