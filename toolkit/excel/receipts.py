"""Builds the list of receipts: which village got which workbook, with room to sign for it.

What people have typed into the list before, beside the villages, is read back and kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from toolkit.cells import Grid, Raw, a1
from toolkit.excel.gate.preflight import preflight
from toolkit.excel.gate.refusal import Refusal
from toolkit.excel.look import WARNING, height
from toolkit.excel.opened import read_bytes
from toolkit.excel.sheets import Page, new_book, shown_format
from toolkit.excel.values import read_values
from toolkit.forms.issuing import RECEIPTS_FORM, Fate, Receipt
from toolkit.schema.form import (
    FIRST_ROW,
    FORM_PROPERTY,
    HEADER_ROW,
    HINT_ROW,
    TITLE_ROW,
    Identity,
)
from toolkit.schema.kinds import as_text

VERSION = "1.0.0"
SHEET = "发放登记"
_HINT = (
    "领取人签名并写日期。再次发放时本表重新生成：没有换工作簿的村，填过的领取人和日期保留；"
    "已不在名册的，移到最后。"
)
_CODE, _VILLAGE, _FILE, _VERSION = "村代码", "村名", "文件", "版本"
_WHO, _WHEN = "领取人", "领取日期"
_WIDTHS: Mapping[str, float] = {
    "序号": 6,
    _CODE: 11,
    _VILLAGE: 18,
    _FILE: 38,
    "年度": 7,
    _VERSION: 8,
    "本次": 34,
    _WHO: 14,
    _WHEN: 14,
}
_CENTRED = frozenset({"序号", _CODE, "年度", _VERSION, _WHO, _WHEN})
_ROOM = 26  # points: enough to sign in


def build_receipts(town: str, year: int, receipts: Sequence[Receipt]) -> bytes:
    """Return the bytes of the list; equal input gives equal bytes."""
    book = new_book()
    page = book.page(SHEET)
    title = f"{town}{year}年度村级工作簿发放登记"
    for at, width in enumerate(_WIDTHS.values()):
        page.sheet.set_column(at, at, width)
    page.band(TITLE_ROW, title, len(_WIDTHS), "title", 32)
    page.band(HINT_ROW, _HINT, len(_WIDTHS), "hint", 20)
    page.put_row(HEADER_ROW, _WIDTHS, book.style("header"))
    page.sheet.set_row(HEADER_ROW - 1, 24)
    for number, receipt in enumerate(receipts, 1):
        _write(page, number, year, receipt)
    last = a1(HEADER_ROW + max(1, len(receipts)), len(_WIDTHS))
    page.sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW}:{last}"})
    page.sheet.freeze_panes(HEADER_ROW, 0)
    page.sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    page.sheet.hide_gridlines(2)
    page.set_print(landscape=True)
    book.stamp(title, Identity(RECEIPTS_FORM, VERSION, "", str(year)))
    return book.finished()


def _write(page: Page, number: int, year: int, receipt: Receipt) -> None:
    """Write a village's line."""
    what = receipt.fate.value + (f"：{receipt.why}" if receipt.why else "")
    contents: tuple[Raw, ...] = (
        *(number, receipt.code, receipt.village, receipt.file),
        *(year if receipt.file else None, receipt.version, what, receipt.who, receipt.when),
    )
    at = HEADER_ROW + number
    texts = ((as_text(raw), width) for raw, width in zip(contents, _WIDTHS.values(), strict=True))
    page.sheet.set_row(at - 1, height(texts, _ROOM))
    for column, (header, content) in enumerate(zip(_WIDTHS, contents, strict=True), 1):
        page.put(at, column, content, _style(page, header, content, receipt))


def _style(page: Page, header: str, content: Raw, receipt: Receipt) -> Any:  # noqa: ANN401 -- XlsxWriter has no types
    look: dict[str, object] = {"align": "center"} if header in _CENTRED else {"indent": 1}
    if header == "本次" and receipt.fate is Fate.NONE:
        look["font_color"] = WARNING
    number_format = shown_format("@" if isinstance(content, str) else "General", content)
    return page.book.style("text", num_format=number_format, **look)


# -- what an earlier list holds -------------------------------------------------------------------


class Earlier(NamedTuple):
    """The lines of an earlier list that are signed, and what else of it is not carried on."""

    signed: Sequence[Receipt] = ()
    notes: Sequence[str] = ()


def earlier_list(path: Path, year: int) -> Earlier:
    """Return what people have written in a list of the same year.

    One that has been damaged stops no issue: it is kept as it was, beside the new one. Raises
    UnreadableError where the system does not give it, or it is larger than any workbook.
    """
    data = read_bytes(path)
    try:
        gate = preflight(data)
        grids = read_values(gate.readable).grids
    except Refusal as refused:
        return Earlier((), [f"原来的登记读不了，签收没有带过来：{refused}"])
    mark = Identity.parse(gate.properties.get(FORM_PROPERTY, ""))
    if mark and mark.year != str(year):
        return Earlier((), [f"原来的登记是 {mark.year} 年度的，签收没有带过来"])
    for grid in grids.values():
        places = _places(grid)
        if places:
            return _read(grid, places)
    return Earlier((), ["原来的登记认不出表头，签收没有带过来"])


def _places(grid: Grid) -> Mapping[str, tuple[int, int]]:
    """Return where the headers stand, by line and column; {} where those that matter do not."""
    for number, line in enumerate(grid):
        texts = [as_text(raw).strip() for raw in line]
        if {_CODE, _WHO, _WHEN} <= set(texts):
            return {header: (number, texts.index(header)) for header in _WIDTHS if header in texts}
    return {}


def _read(grid: Grid, places: Mapping[str, tuple[int, int]]) -> Earlier:
    """Return the signed lines below the headers, and say which cells are none of the list's."""
    above, _ = places[_CODE]
    own = {column for _, column in places.values()}
    signed: list[Receipt] = []
    beside: list[str] = []
    for number, line in enumerate(grid[above + 1 :], above + 2):
        texts = {header: as_text(line[at]).strip() for header, (_, at) in places.items()}
        who, when = (line[places[header][1]] for header in (_WHO, _WHEN))
        beside += (
            a1(number, at + 1)
            for at, raw in enumerate(line)
            if at not in own and as_text(raw).strip()
        )
        if texts[_WHO] or texts[_WHEN]:
            village, file, version = (texts.get(each, "") for each in (_VILLAGE, _FILE, _VERSION))
            line_of = Receipt(texts[_CODE], village, Fate.GONE, file, version)
            signed.append(replace(line_of, who=who or None, when=when or None))
    notes = [f"登记表里另外写的（{'、'.join(beside)}）没有带过来"] if beside else []
    return Earlier(signed, notes)
