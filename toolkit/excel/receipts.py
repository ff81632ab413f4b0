"""Builds the list of receipts: which village got which workbook, with room to sign for it.

What people have typed into the list before, beside the villages, is read back and kept.
"""

from collections.abc import Iterator, Mapping, Sequence
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
from toolkit.schema.form import FIRST_ROW, HEADER_ROW, HINT_ROW, TITLE_ROW, Identity
from toolkit.schema.kinds import as_text

VERSION = "1.0.0"
SHEET = "发放登记"
_HINT = "领取人签名并写日期。再次发放时本表重新生成，没有换工作簿的村，填过的领取人和日期保留。"
_CODE, _WHO, _WHEN = "村代码", "领取人", "领取日期"
_WIDTHS: Mapping[str, float] = {
    "序号": 6,
    _CODE: 11,
    "村名": 18,
    "文件": 38,
    "年度": 7,
    "版本": 8,
    "本次": 34,
    _WHO: 14,
    _WHEN: 14,
}
_CENTRED = frozenset({"序号", _CODE, "年度", "版本", _WHO, _WHEN})
_ROOM = 26  # points: enough to sign in


class Signature(NamedTuple):
    """What stands beside a village: who took the workbook, and when."""

    who: Raw = None
    when: Raw = None


def build_receipts(
    town: str, year: int, receipts: Sequence[Receipt], signed: Mapping[str, Signature]
) -> bytes:
    """Return the bytes of the list; a village that got another workbook signs anew.

    `signed` is what an earlier list held, by village code. Equal input gives equal bytes.
    """
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
        signature = Signature()
        if receipt.fate not in {Fate.NEW, Fate.RENEWED}:
            signature = signed.get(receipt.code, signature)
        _write(page, number, year, receipt, signature)
    last = a1(HEADER_ROW + max(1, len(receipts)), len(_WIDTHS))
    page.sheet.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW}:{last}"})
    page.sheet.freeze_panes(HEADER_ROW, 0)
    page.sheet.repeat_rows(TITLE_ROW - 1, HEADER_ROW - 1)
    page.sheet.hide_gridlines(2)
    page.set_print(landscape=True)
    book.stamp(title, Identity(RECEIPTS_FORM, VERSION, "", str(year)))
    return book.finished()


def _write(page: Page, number: int, year: int, receipt: Receipt, signature: Signature) -> None:
    """Write a village's line."""
    what = receipt.fate.value + (f"：{receipt.why}" if receipt.why else "")
    contents: tuple[Raw, ...] = (
        *(number, receipt.code, receipt.village, receipt.file),
        *(year if receipt.file else None, receipt.version, what, *signature),
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


def signatures(path: Path) -> dict[str, Signature]:
    """Return what an earlier list holds beside its villages, by code; {} where it tells nothing.

    A list that has been damaged stops no issue: it is kept as it was, beside the new one.
    """
    try:
        data = preflight(read_bytes(path)).readable
        grid = read_values(data).grids.get(SHEET, ())
    except Refusal:
        return {}
    return dict(_signed(grid))


def _signed(grid: Grid) -> Iterator[tuple[str, Signature]]:
    """Yield the lines below the headers in which somebody has written."""
    places: list[int] = []
    for line in grid:
        if places:
            code, who, when = (line[at] or None for at in places)
            if code and (who or when):
                yield as_text(code), Signature(who, when)
        elif {_CODE, _WHO, _WHEN} <= {each for each in line if isinstance(each, str)}:
            places = [line.index(header) for header in (_CODE, _WHO, _WHEN)]
