"""A table as wide as the 版心: its columns, the room its cells take, its XML."""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, pairwise

from toolkit.word.document import Table
from toolkit.word.lines import line_count, lines_of, width_of
from toolkit.word.markup import LEFT, exactly, last_bound, paragraph_xml, run_xml
from toolkit.word.page import CELL_LINE, CELL_MARGIN, CELL_TYPE, LEAST_ROW, TEXT_HEIGHT, TEXT_WIDTH

AFTER_TABLE = paragraph_xml("GWTo", ppr=f'<w:snapToGrid w:val="0"/>{exactly(20)}')
"""The paragraph Word wants after a table, too low to need another page."""

BARE_CELLS = (
    "<w:tblCellMar>"
    + "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    + "</w:tblCellMar>"
)
"""Cells whose text reaches their edges, for a table that only places it."""

_MOST_CENTRED = 14  # 字: a longer text that wraps is a sentence and begins at the left


def column_widths(table: Table, *, is_turned: bool = False) -> list[int]:
    """Return the widths of the columns in twips; their sum is that of the 版心 (8)."""
    width = TEXT_HEIGHT if is_turned else TEXT_WIDTH
    shares = table.widths or (1,) * len(table.header)
    total = sum(shares)
    ends = [0, *(width * share // total for share in accumulate(shares))]
    return [b - a for a, b in pairwise(ends)]


def row_height(row: Iterable[str], widths: Iterable[int]) -> int:
    """Return the height of a row in twips."""
    lines = max(_cell_lines(cell, width) for cell, width in zip(row, widths, strict=True))
    return max(lines * CELL_LINE, LEAST_ROW)


def _cell_lines(text: str, width: int) -> int:
    room = (width - 2 * CELL_MARGIN) / CELL_TYPE
    return sum(line_count(t, first=0, width=max(room, 1), hang=False) for t in lines_of(text))


def table_xml(
    table: Table, *, bound: bool, is_turned: bool = False, least_row: int = LEAST_ROW
) -> str:
    """Return a table; the head row is repeated on each page and stays with the first row.

    No row is torn that a page can hold, none but the head row is lower than `least_row`. With
    `bound` the last row stays on the page of what follows.
    """
    widths = column_widths(table, is_turned=is_turned)
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(widths)
    aligns = [
        LEFT if at in table.sentences or any(_is_sentence(text, width) for text in column) else ""
        for at, (column, width) in enumerate(zip(columns, widths, strict=True))
    ]
    page = (TEXT_WIDTH if is_turned else TEXT_HEIGHT) - row_height(table.header, widths)
    centred = [""] * len(widths)
    head = _row(table.header, widths, centred, face="GWHei", keep=bool(table.rows), kind=_HEAD_ROW)
    whole, torn = (f"<w:trPr>{split}{_height(least_row)}</w:trPr>" for split in (_WHOLE, ""))
    rows: list[str] = []
    for row, keep in last_bound(table.rows, bound=bound):
        kind, ppr = (whole, aligns) if _fits(row, widths, page) else (torn, aligns)
        if kind == whole and not rows:
            kind, ppr = torn, [f"{_LINES_TOGETHER}{align}" for align in aligns]
        rows.append(_row(row, widths, ppr, keep=keep, kind=kind))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = _properties(sum(widths))
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(rows)}</w:tbl>"


def _is_sentence(text: str, width: int) -> bool:
    """Say whether a text is read from the left: long, and on more lines than one."""
    return len(text) > _MOST_CENTRED and any(
        width_of(line) > _MOST_CENTRED and _cell_lines(line, width) > 1 for line in lines_of(text)
    )


# -- rows -----------------------------------------------------------------------------------------

_WHOLE = "<w:cantSplit/>"
# The first row is held together by its lines: where it only just fits a page and may not be split,
# LibreOffice drops the rows below it.
_LINES_TOGETHER = "<w:keepLines/>"


def _height(least: int) -> str:
    return f'<w:trHeight w:val="{least}" w:hRule="atLeast"/>'


_HEAD_ROW = f"<w:trPr>{_WHOLE}{_height(LEAST_ROW)}<w:tblHeader/></w:trPr>"


def _fits(row: Sequence[str], widths: Sequence[int], page: int) -> bool:
    """Say whether a page can hold a row below the head row; only a taller one may be torn."""
    longest = max(map(len, row))  # no line holds less than a character
    return longest * CELL_LINE <= page or row_height(row, widths) <= page


def _row(  # noqa: PLR0913 -- six facts of a row, named at the call
    row: Iterable[str],
    widths: Iterable[int],
    aligns: Iterable[str],
    *,
    kind: str,
    face: str = "",
    keep: bool = False,
) -> str:
    parts = [kind]
    for text, width, align in zip(row, widths, aligns, strict=True):
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        )
        lines = lines_of(text) or [""]  # an empty cell, too, must hold a paragraph
        parts += [paragraph_xml("GWCell", run_xml(line, face), align, keep=keep) for line in lines]
        parts.append("</w:tc>")
    return f"<w:tr>{''.join(parts)}</w:tr>"


@cache
def _properties(width: int) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>' for side in sides
    )
    margins = "".join(f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    return (
        f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
    )
