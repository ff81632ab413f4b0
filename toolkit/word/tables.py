"""A table as wide as the 版心: its columns, the room its cells take, its XML."""

from collections.abc import Iterable
from itertools import accumulate, pairwise

from toolkit.word.document import Table
from toolkit.word.lines import line_count, lines_of
from toolkit.word.markup import LEFT, last_bound, paragraph_xml, run_xml
from toolkit.word.page import CELL_LINE, CELL_MARGIN, CELL_TYPE, LEAST_ROW, TEXT_WIDTH

_PLAIN_ROW = f'<w:trPr><w:cantSplit/><w:trHeight w:val="{LEAST_ROW}" w:hRule="atLeast"/></w:trPr>'
_HEAD_ROW = _PLAIN_ROW.replace("</w:trPr>", "<w:tblHeader/></w:trPr>")
_TABLE_PROPERTIES = (
    f'<w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
    + "".join(f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    + "</w:tblCellMar></w:tblPr>"
)


def column_widths(table: Table) -> list[int]:
    """Return the widths of the columns in twips; their sum is that of the 版心."""
    shares = table.widths or (1,) * len(table.header)
    total = sum(shares)
    ends = [0, *(TEXT_WIDTH * share // total for share in accumulate(shares))]
    return [b - a for a, b in pairwise(ends)]


def row_height(row: Iterable[str], widths: Iterable[int]) -> int:
    """Return the height of a row in twips."""
    lines = max(_cell_lines(cell, width) for cell, width in zip(row, widths, strict=True))
    return max(lines * CELL_LINE, LEAST_ROW)


def _cell_lines(text: str, width: int) -> int:
    room = (width - 2 * CELL_MARGIN) / CELL_TYPE
    return sum(line_count(t, first=0, width=max(room, 1), hang=False) for t in lines_of(text))


def table_xml(table: Table, *, bound: bool) -> str:
    """Return a table; the head row is repeated on each page, no row is torn."""
    widths = column_widths(table)
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(widths)
    aligns = [
        LEFT if any(_cell_lines(text, width) > 1 for text in column) else ""
        for column, width in zip(columns, widths, strict=True)
    ]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = _row(table.header, widths, [""] * len(widths), face="GWHei", is_head=True)
    rows = [
        _row(row, widths, aligns, keep=keep) for row, keep in last_bound(table.rows, bound=bound)
    ]
    return f"<w:tbl>{_TABLE_PROPERTIES}<w:tblGrid>{grid}</w:tblGrid>{head}{''.join(rows)}</w:tbl>"


def _row(  # noqa: PLR0913 -- six facts of a row, named at the call
    row: Iterable[str],
    widths: Iterable[int],
    aligns: Iterable[str],
    *,
    face: str = "",
    keep: bool = False,
    is_head: bool = False,
) -> str:
    parts = [_HEAD_ROW if is_head else _PLAIN_ROW]
    for text, width, align in zip(row, widths, aligns, strict=True):
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        )
        lines = lines_of(text) or [""]  # an empty cell, too, must hold a paragraph
        parts += [paragraph_xml("GWCell", run_xml(line, face), align, keep=keep) for line in lines]
        parts.append("</w:tc>")
    return f"<w:tr>{''.join(parts)}</w:tr>"
