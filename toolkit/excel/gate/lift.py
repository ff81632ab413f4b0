"""Far cells lifted out of a sheet, to stand close below the rest, so that it can be read at all.

calamine reserves a place for every cell between A1 and the last filled one. A single cell at
XFD1048576 ends the process. Below the rest such cells are read like any other, dates, texts and
numbers alike; where they really stand is kept beside.
"""

import re
from collections.abc import Sequence

from toolkit.cells import a1
from toolkit.excel.gate.survey import FarCell

_START_TAG = re.compile(rb"""<([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*?)/?>""")
_ADDRESS = re.compile(rb"""\sr\s*=\s*(?:"[^"]*"|'[^']*')""")


def lifted(part: bytes, far: Sequence[FarCell], last: int, end: int) -> bytes:
    """Return a sheet with each far cell in a row of its own, in column A below row `last`.

    Where they stood, blank cells remain, which calamine passes over; `end` is where the cells of
    the part end.
    """
    kept: list[bytes] = []
    below: list[bytes] = []
    at = 0
    for row, cell in enumerate(far, last + 1):
        tag, attributes, inside = _taken_apart(part, cell)
        prefix = tag[: tag.rfind(b":") + 1]
        blank = b'<%b r="%b"/>' % (tag, a1(cell.row, cell.column).encode())
        kept += [part[at : cell.start], blank]
        at = part.index(b">", cell.end) + 1
        below.append(
            b'<%brow r="%d"><%b r="A%d"%b>%b</%b></%brow>'
            % (prefix, row, tag, row, attributes, inside, tag, prefix)
        )
    return b"".join((*kept, part[at:end], *below, part[end:]))


def _taken_apart(part: bytes, cell: FarCell) -> tuple[bytes, bytes, bytes]:
    """Return tag name, attributes but for the address, and inside of a cell."""
    match = _START_TAG.match(part, cell.start)
    assert match is not None  # noqa: S101 -- expat has seen a tag begin here
    return match[1], _ADDRESS.sub(b"", match[2]), part[match.end() : cell.end]
