"""A workbook's cells as calamine reads them, at their true addresses."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from toolkit.cells import Area, Grid
from toolkit.excel.gate.refusal import LOCKED, Refusal

_DAMAGED = "工作簿内容损坏，读不了。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送。"
MOST_SLOTS = 5_000_000
"""How many cells an old workbook may have, blank ones between them included."""

_STATES = {"Hidden": "隐藏", "VeryHidden": "深度隐藏"}


@dataclass(frozen=True, slots=True)
class Values:
    """The cells of each sheet, which of them are merged, and how a sheet is hidden, if it is."""

    grids: Mapping[str, Grid]
    merged: Mapping[str, Sequence[Area]]
    states: Mapping[str, str]


def read_values(data: bytes, own: Container[str] = (), *, most_slots: int | None = None) -> Values:
    """Return the cells of each sheet but the form's own.

    Raises Refusal where calamine cannot read the file, or a sheet has more than `most_slots`.
    """
    from python_calamine import (  # noqa: PLC0415 -- its one home
        CalamineError,
        CalamineWorkbook,
        PasswordError,
    )

    grids: dict[str, Grid] = {}
    merged: dict[str, Sequence[Area]] = {}
    states: dict[str, str] = {}
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        for each in book.sheets_metadata:
            title, hiding = each.name, str(each.visible).rpartition(".")[2]
            if title in own or str(each.typ).endswith("ChartSheet"):  # a chart has no cells
                continue
            sheet = book.get_sheet_by_name(title)
            if most_slots is not None:
                most_slots -= _slots(title, sheet.end, most_slots)
            # Never the default, which trims leading blanks and so moves every address.
            grids[title] = sheet.to_python(skip_empty_area=False)
            merged[title] = sheet.merged_cell_ranges or ()
            if hiding in _STATES:
                states[title] = _STATES[hiding]
        return Values(grids, merged, states)
    except PasswordError:
        raise Refusal(LOCKED) from None
    except (CalamineError, OSError):
        pass
    except BaseException as error:
        # A Rust panic is no Exception; by this name, and only here, it is a damaged file.
        if type(error).__name__ != "PanicException":
            raise
    raise Refusal(_DAMAGED)


def _slots(title: str, end: tuple[int, int] | None, most: int) -> int:
    """Return how many cells a sheet has; raises Refusal where they are too many."""
    rows, columns = (end[0] + 1, end[1] + 1) if end else (0, 0)
    if rows * columns > most:
        raise Refusal(
            f"工作表“{title}”有 {rows} 行、{columns} 列，大得无法读取。"
            "请删除不需要报送的行和列，另存为 .xlsx 后重新报送。"
        )
    return rows * columns
