"""Workbooks drawn as Markdown tables, so that a test shows the cells it speaks of."""

import re
from collections.abc import Iterator
from pathlib import Path

from toolkit.cells import Raw
from toolkit.excel.read import understand
from toolkit.forms import village
from toolkit.schema.form import Form, Identity
from toolkit.schema.workbook import Workbook

NAME = "0203-上河村-2022.xlsx"


def drawn(
    text: str,
    form: Form = village.FORM,
    name: str = NAME,
    identity: Identity | None = None,
) -> Workbook:
    """Return the workbook that a drawing shows: `# sheet title`, then a table from A1 on.

    A vertical sheet is drawn as it is filled, a label and its content a row. A cell that looks
    like a plain number is one; `'7` is the text 7. A row of bars and blanks is a blank row.
    """
    grids = drawn_grids(text)
    identity = identity or Identity(form.id, form.version, "0203", "2022")
    return understand(grids, form, identity, path=str(Path(name)))


def drawn_grids(text: str) -> dict[str, list[list[Raw]]]:
    """Return the cells that a drawing shows, by sheet title."""
    return dict(_grids(text))


def _grids(text: str) -> Iterator[tuple[str, list[list[Raw]]]]:
    for block in re.split(r"^\s*# ", text, flags=re.MULTILINE)[1:]:
        title, *lines = [line.strip() for line in block.strip().splitlines()]
        rows = [
            [_raw(cell.strip()) for cell in line.strip("|").split("|")]
            for line in lines
            if line.startswith("|") and not re.fullmatch(r"[|\s:]*-[|\s:-]*", line)
        ]
        yield title.strip(), rows


def _raw(cell: str) -> Raw:
    if cell.startswith("'"):
        return cell[1:]
    return float(cell) if re.fullmatch(r"-?\d+(\.\d+)?", cell) else cell
