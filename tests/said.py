"""All that a workbook says, as values that can be compared."""

from collections.abc import Callable

from toolkit.cells import Raw
from toolkit.schema.workbook import Workbook


def _as_it_stands(raw: Raw) -> Raw:
    return raw


def said(book: Workbook, spelled: Callable[[Raw], Raw] = _as_it_stands) -> dict[str, object]:
    """Return contents, readings, notes, faults and addresses of each cell, and what is left over.

    `spelled` is applied to the contents, where two readers may differ in what does not matter.
    """
    told: dict[str, object] = {
        f"# {sheet.title}": (
            sheet.headers,
            [column.header for column in sheet.missing],
            [
                {name: field._replace(raw=spelled(field.raw)) for name, field in row.fields.items()}
                for row in sheet.rows
            ],
        )
        for sheet in book.sheets.values()
    }
    return told | {
        "identity": book.identity,
        "strays": book.strays,
        "notes": book.notes,
        "extra sheets": book.extra_sheets,
    }
