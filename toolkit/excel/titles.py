"""Which sheet of a file is which of the form's, where titles were changed or sheets copied.

Law: a sheet is taken under another title only where its headers fit one missing sheet, and it
alone; what is not taken is named, with what it looks like.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.cells import Grid
from toolkit.excel.headers import filled, fit, is_as_issued
from toolkit.excel.own_sheets import generated
from toolkit.schema.columns import Row
from toolkit.schema.form import MARKS_SHEET, Form
from toolkit.schema.texts import header_form
from toolkit.schema.workbook import Spot

_NEAR = 75  # rapidfuzz score: one wrong character of four
_FITS = 0.6  # share of the columns by which headers alone name a sheet
_WHOLLY, _HARDLY = 0.9, 0.4  # such shares tell that two sheets' titles were swapped
_FEWEST = 2
_ROUND_IT = re.compile(
    r"^(附件|附表|表)?[(]?([0-9]{1,2}|[一二三四五六七八九十]{1,3})?[)]?[.、:_\- ]*"
    r"|[(][^()]*[)]$|(-|的)?(副本|复制|备份)[0-9]*$|表$"
)

Grids = Mapping[str, Grid]


def find_sheets(grids: Grids, form: Form) -> dict[type[Row], str]:
    """Return the title of each of the form's sheets that a file holds."""
    chosen: dict[type[Row], str] = {row: row.sheet for row in form.rows if row.sheet in grids}
    _take_swapped(chosen, grids, form)
    if len(chosen) == len(form.rows):
        return chosen
    taken = {*chosen.values(), *generated(grids, form)}
    free = [title for title in grids if title not in taken]
    for row in form.rows:
        alike = [title for title in free if header_form(title) == header_form(row.sheet)]
        if row not in chosen and alike:
            chosen[row] = alike[0]
            free.remove(alike[0])
    claims = [(title, _claimed(grids[title], title, form)) for title in free]
    for row in form.rows:
        titles = [title for title, claimed in claims if claimed is row]
        if row not in chosen and len(titles) == 1:
            chosen[row] = titles[0]
    return chosen


def _take_swapped(chosen: dict[type[Row], str], grids: Grids, form: Form) -> None:
    """Give sheets that hold each other's headers, or those of a missing one, to whom they fit."""
    doubtful = {
        row: title
        for row, title in chosen.items()
        if not row.vertical and not is_as_issued(row, grids[title])
    }
    claims: dict[type[Row], str] = {}
    owners = {
        row: other
        for row, title in doubtful.items()
        if fit(row, grids[title])[1] < _HARDLY
        for other in form.rows
        if fit(other, grids[title])[1] >= _WHOLLY
    }
    for row, other in owners.items():
        is_free = other not in chosen or other in owners
        if is_free and list(owners.values()).count(other) == 1:
            claims[other] = doubtful[row]
    for row in owners:
        if doubtful[row] in claims.values():
            del chosen[row]
    chosen |= claims


def extra_sheets(grids: Grids, form: Form, chosen: Mapping[type[Row], str]) -> Iterator[Spot]:
    """Yield each sheet that holds something and is none of the form's; the text says what it is."""
    known = {*chosen.values(), *generated(grids, form)}
    for title, grid in grids.items():
        if title not in known and any(map(filled, grid)):
            yield Spot(title, "", _looks_like(title, grids, form, chosen))


def _looks_like(title: str, grids: Grids, form: Form, chosen: Mapping[type[Row], str]) -> str:
    row = _claimed(grids[title], title, form)
    if row is None:
        alike = [row for row in form.rows if _is_near(title, row)]
        if len(alike) != 1:
            return "不是规定的工作表，没有读取"
        return f"表名像是“{alike[0].sheet}”，但表头不符，没有读取"
    original = chosen.get(row)
    if original is None:
        return f"像是“{row.sheet}”，但同样的表不止一张，没有读取"
    if _contents(grids[title]) == _contents(grids[original]):
        return f"与“{original}”内容完全相同，没有读取"
    return f"像是“{original}”的副本或续表，内容与它不同，没有读取"


def _contents(grid: Grid) -> dict[tuple[int, int], Any]:
    return {
        (number, at): raw for number, line in enumerate(grid) for at, raw in filled(line).items()
    }


def _claimed(grid: Grid, title: str, form: Form) -> type[Row] | None:
    """Return the one sheet of the form that a sheet is by title and headers, or by headers."""
    fits = {row: fit(row, grid) for row in form.rows}
    alike = [row for row in form.rows if _is_near(title, row)]
    if len(alike) == 1:
        known, share = fits[alike[0]]
        best = max(fits.values(), key=lambda pair: pair[1])
        if known >= _FEWEST and share == best[1]:
            return alike[0]
    by_headers = [
        row for row, (known, share) in fits.items() if known >= _FEWEST and share >= _FITS
    ]
    return by_headers[0] if len(by_headers) == 1 else None


def _is_near(title: str, row: type[Row]) -> bool:
    """Say whether a title resembles that of a sheet."""
    if title.startswith(MARKS_SHEET):  # which only sounds like 整改清单
        return False
    from rapidfuzz import fuzz  # noqa: PLC0415 -- only a sheet of an unknown title pays for it

    core, names = _core(title), (row.sheet, *row.sheet_aliases)
    return row.sheet in core or any(fuzz.ratio(core, _core(name)) >= _NEAR for name in names)


def _core(title: str) -> str:
    """Return a title without its number, the marks of a copy and the word 表.

    >>> [_core(title) for title in ("1.整改措施", "附件3：整改措施表（上河村）", "整改措施 - 副本")]
    ['整改措施', '整改措施', '整改措施']
    """
    text = header_form(title)
    while (shorter := _ROUND_IT.sub("", text)) not in ("", text):
        text = shorter
    return text
