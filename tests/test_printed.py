"""The workbooks on paper, as LibreOffice prints them: nothing cut off, no page for nothing.

What is proved holds for this office suite and its fonts. Heights are judged as the file has them:
LibreOffice would fit rows to their texts, so they are pinned before it prints.
"""

import datetime as dt
import io
import re
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from paths import EXAMPLES, office
from pictures import Leaf, printed, without_blanks

from toolkit import flow
from toolkit.demo import ExampleBook, example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.look import CLASH_FILL
from toolkit.forms import township, village
from toolkit.package import rewrite
from toolkit.schema.form import Identity

pytestmark = pytest.mark.office

_SENTENCE = "对照问题清单逐条整改，责任到人、时限到天，每月由党支部书记主持研究一次进展并张榜公布；"
_A4, _A3 = (595, 842), (842, 1191)


def long_village() -> bytes:
    """Return a village's workbook of 60 measures, each of a paragraph or two."""
    identity = Identity(village.FORM.id, village.FORM.version, "0203", "2022")
    measures = [
        {
            "number": f"P{1 + at // 6:02}-M{1 + at % 6:02}",
            "problem": f"P{1 + at // 6:02}",
            "text": f"第{at + 1}条：{_SENTENCE * (1 + at % 5)}完成第{at + 1}条。",
            "owner": "王志远、李明、赵国强",
            "deadline": "2022年10月底前，并长期坚持",
            "status": "推进中",
            "progress_note": _SENTENCE * (at % 3),
        }
        for at in range(60)
    ]
    problems = [
        {
            "number": f"P{at:02}",
            "headline": f"第{at}个问题：集体经济薄弱，增收渠道单一",
            "description": _SENTENCE * 6,
            "types": "R01、L01",
        }
        for at in range(1, 11)
    ]
    profile = {"year": 2022, "cutoff": dt.date(2022, 4, 30)}  # else it would tell of today
    return build_workbook(
        village.FORM,
        identity,
        {village.Profile: [profile], village.Problem: problems, village.Measure: measures},
    )


def built(example: ExampleBook) -> bytes:
    return build_workbook(example.form, example.identity, example.filling)


def second_rollup() -> bytes:
    """Return the example township's rollup of October, with September's before it."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        town = shutil.copytree(EXAMPLES, folder / "青石镇")
        before, now = folder / "九月.xlsx", folder / "十月.xlsx"
        books = [town / "村级工作簿"]
        flow.consolidate(books, before, dt.date(2022, 9, 30))
        flow.consolidate(books, now, dt.date(2022, 10, 31), previous=before)
        return now.read_bytes()


ROLLUP = "两个月的汇总"
BOOKS: Mapping[str, bytes] = {
    "空白村级": build_workbook(village.FORM, Identity(village.FORM.id, village.FORM.version)),
    "示范村": built(example_township().villages[0]),
    "六十条措施": long_village(),
    "空白镇级": build_workbook(
        township.FORM, Identity(township.FORM.id, township.FORM.version), township.NATIONAL
    ),
    "示范镇": built(example_township().township),
    "字段表": flow.field_book(),
    ROLLUP: second_rollup(),
}
each_book = pytest.mark.parametrize("name", BOOKS)
each_form = pytest.mark.parametrize("name", [name for name in BOOKS if name != ROLLUP])


def as_stored(part: str, content: bytes) -> bytes:
    """Return a sheet whose rows keep the heights that the file gives them."""
    if not part.startswith("xl/worksheets/"):
        return content
    return re.sub(rb'(<row [^>]*\bht="[0-9.]+")(?! customHeight)', rb'\1 customHeight="1"', content)


@pytest.fixture(scope="module")
def papers() -> Mapping[str, list[Leaf]]:
    return printed({name: rewrite(data, as_stored) for name, data in BOOKS.items()}, office())


class Line(NamedTuple):
    """A stretch of text as drawn: where it begins, its size, and what it may be drawn within."""

    x: float
    y: float
    size: float
    clip: tuple[float, float, float, float]

    @property
    def is_cut(self) -> bool:
        """Whether part of the characters' ink lies outside."""
        left, bottom, right, top = self.clip
        low, high = self.y - 0.08 * self.size, self.y + 0.8 * self.size
        slack = 0.1 * self.size
        is_high_enough = low >= bottom - slack and high <= top + slack
        return not (is_high_enough and left - slack <= self.x <= right)


_NUMBER = r"(-?[0-9.]+)"
_OPERATOR = re.compile(
    rf"(?P<save>\bq\b)|(?P<restore>\bQ\b)"
    rf"|(?P<clip>{' '.join([_NUMBER] * 4)} re\s+W\*? n)"
    rf"|(?P<text>{_NUMBER} {_NUMBER} (?:Td|Tm)\s+/F[0-9]+ {_NUMBER} Tf)"
)


def lines(leaf: Leaf) -> Iterator[Line]:
    """Yield the texts of a page as LibreOffice's PDF draws them.

    It lays a clip over a cell's text only where the cell is too small for it.
    """
    page = leaf.page
    stream = b"\n".join(page.parent.xref_stream(number) for number in page.get_contents())
    clip = (0.0, 0.0, page.rect.width, page.rect.height)
    kept = []
    for found in _OPERATOR.finditer(stream.decode("latin-1")):
        if found["save"]:
            kept.append(clip)
        elif found["restore"]:
            clip = kept.pop()
        elif found["clip"]:
            x, y, width, height = map(float, found.groups()[3:7])
            left, bottom, right, top = clip
            clip = (max(left, x), max(bottom, y), min(right, x + width), min(top, y + height))
        else:
            x, y, size = map(float, found.groups()[8:11])
            yield Line(x, y, size, clip)


def at(leaf: Leaf, line: Line) -> str:
    """Return the text that runs over the place where a line begins."""
    height = leaf.page.rect.height
    blocks = leaf.page.get_text("dict", flags=0)["blocks"]
    return "".join(
        "".join(span["text"] for span in each["spans"])
        for block in blocks
        for each in block["lines"]
        if each["bbox"][0] - 1 <= line.x <= each["bbox"][2]
        and abs(height - each["spans"][0]["origin"][1] - line.y) < 0.5 * line.size
    )


def by_sheet(leaves: list[Leaf]) -> Mapping[str, list[Leaf]]:
    found: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        found.setdefault(leaf.sheet, []).append(leaf)
    return found


def spreads(name: str, leaves: list[Leaf]) -> Mapping[str, list[str]]:
    """Return the texts of each sheet's pages, those that lie side by side together."""
    found = {}
    for sheet, own in by_sheet(leaves).items():
        wide = opened(name)[sheet].page_setup.fitToWidth or 1
        assert len(own) % wide == 0, sheet
        texts = [leaf.text for leaf in own]
        found[sheet] = ["".join(texts[at : at + wide]) for at in range(0, len(texts), wide)]
    return found


@cache
def opened(name: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(BOOKS[name]), data_only=True)


def seen(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield sheet, cell and text of every text and day that is to be printed."""
    for sheet in opened(name):
        if sheet.sheet_state != "visible":
            continue
        for row in printed_rows(sheet):
            for cell in row:
                value = cell.value
                if isinstance(value, dt.datetime):
                    value = f"{value:%Y-%m-%d}"
                if isinstance(value, str):
                    yield sheet.title, cell.coordinate, without_blanks(value)


def printed_rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a sheet, as far as they are printed."""
    if not sheet.print_area:
        return sheet.iter_rows()
    area = sheet.print_area.rsplit("!", 1)[1].replace("$", "")
    left, top, right, bottom = range_boundaries(area)
    return sheet.iter_rows(top, bottom, left, right)


def without_signs(text: str) -> str:
    """Return a text without ✓ and its like, whose own font puts them on a line of their own."""
    return "".join(char for char in text if not unicodedata.category(char).startswith("S"))


@each_book
def test_every_text_of_every_sheet_stands_whole_on_its_pages(papers, name):
    texts = {
        sheet: without_signs("".join(leaf.text for leaf in leaves))
        for sheet, leaves in by_sheet(papers[name]).items()
    }
    missing = [
        (sheet, cell, text)
        for sheet, cell, text in seen(name)
        if without_signs(text) not in texts[sheet]
    ]
    assert missing == []


@each_book
def test_no_line_is_cut_off_by_its_cell(papers, name):
    cut = [
        (leaf.sheet, leaf.number, at(leaf, line))
        for leaf in papers[name]
        for line in lines(leaf)
        if line.is_cut
    ]
    assert cut == []


def test_a_row_too_low_for_its_text_is_found_out():
    low = rewrite(BOOKS["示范村"], with_rows_of_one_line)
    (leaves,) = printed({"low": low}, office()).values()
    cut = {at(leaf, line) for leaf in leaves for line in lines(leaf) if line.is_cut}
    assert "60周岁以上老人上门办理养老保险资格认证" in cut  # the second line of a measure
    assert "上河村" not in cut


def with_rows_of_one_line(part: str, content: bytes) -> bytes:
    """Return a sheet all of whose rows are too low for two lines."""
    low = re.sub(rb'\bht="[0-9.]+"', b'ht="16"', content)
    return as_stored(part, low)


def test_the_fills_that_warn_are_printed_too(papers):
    """Of several conditions that hold for a cell, LibreOffice lays on only the first."""
    leaf = by_sheet(papers["示范村"])["整改措施"][0]  # two measures are numbered P01-M03
    fills = {each["fill"] for each in leaf.page.get_drawings() if each.get("fill")}
    assert CLASH_FILL in {"#" + "".join(f"{round(255 * part):02X}" for part in f) for f in fills}


@each_book
def test_no_number_is_too_wide_for_its_cell(papers, name):
    assert [(leaf.sheet, leaf.number) for leaf in papers[name] if "##" in leaf.text] == []


@each_book
def test_no_page_is_printed_for_nothing(papers, name):
    """A page says more than the headers that are repeated on it; a form's first page is one."""
    assert [leaf.number for leaf in papers[name] if not leaf.text] == []
    empty = [
        (sheet, number)
        for sheet, texts in spreads(name, papers[name]).items()
        for number, text in enumerate(texts, 1)
        if number > 1 and beyond(text, headings(name, sheet)) == ""
    ]
    assert empty == []


@cache
def headings(name: str, sheet: str) -> list[str]:
    """Return the texts of the rows that are repeated on each page of a sheet."""
    page = opened(name)[sheet]
    if not page.print_title_rows:
        return []
    first, last = map(int, re.findall(r"\d+", page.print_title_rows))
    repeated = [row for row in printed_rows(page) if first <= row[0].row <= last]
    values = [cell.value for row in repeated for cell in row]
    return [without_blanks(str(value)) for value in values if value is not None]


def beyond(text: str, heads: list[str]) -> str:
    """Return what a page says besides its headings."""
    for head in sorted(heads, key=len, reverse=True):
        text = text.replace(head, "", 1)
    return text


@each_book
def test_headings_are_repeated_on_every_page_of_a_sheet(papers, name):
    lacking = [
        (sheet, number, head)
        for sheet, texts in spreads(name, papers[name]).items()
        for number, text in enumerate(texts, 1)
        for head in headings(name, sheet)
        if number >= first_headed(name, sheet, texts)
        if head not in text
    ]
    assert lacking == []


def first_headed(name: str, sheet: str, texts: list[str]) -> int:
    """Return from which page on a sheet's headings stand: a lower table's not on those above it."""
    rows = opened(name)[sheet].print_title_rows or ""
    if not rows.startswith("$") or rows.startswith("$1:"):
        return 1
    heads = headings(name, sheet)
    return next(at for at, text in enumerate(texts, 1) if all(head in text for head in heads))


def test_a_long_ledger_runs_over_pages_that_all_bear_its_headers(papers):
    pages = spreads("六十条措施", papers["六十条措施"])["整改措施"]
    assert len(pages) > 2
    heads = headings("六十条措施", "整改措施")
    assert [column.header for column in village.Measure.columns if column.required] == [
        head.removesuffix("*") for head in heads if head.endswith("*")
    ]
    assert "第60条" in pages[-1]


def test_of_pages_side_by_side_each_bears_the_numbers_of_its_rows(papers):
    left, right, *_ = (leaf.text for leaf in by_sheet(papers["六十条措施"])["整改措施"])
    assert all(f"P01-M0{at}" in text for text in (left, right) for at in range(1, 5))
    assert "措施内容*" in left
    assert "佐证材料" in right


@each_book
def test_pages_are_numbered_through_in_the_order_of_the_sheets(papers, name):
    leaves = papers[name]
    assert [leaf.number for leaf in leaves] == list(range(1, len(leaves) + 1))
    assert {leaf.of for leaf in leaves} == {len(leaves)}
    visible = [sheet.title for sheet in opened(name) if sheet.sheet_state == "visible"]
    assert list(by_sheet(leaves)) == visible


def test_of_a_rollup_only_the_first_page_and_its_terms_stand_upright(papers):
    papers_of = {sheet.title: sheet.page_setup.paperSize for sheet in opened(ROLLUP)}
    for leaf in papers[ROLLUP]:
        size = leaf.page.rect
        sides = sorted((round(size.width), round(size.height)))
        assert sides == list({8: _A3, 9: _A4}[int(papers_of[leaf.sheet])])
        assert (size.width < size.height) == (leaf.sheet in {"总览", "汇总口径"})


def test_all_that_a_rollup_says_first_stands_on_one_page(papers):
    first, notes = by_sheet(papers[ROLLUP])["总览"]
    said = ("月度汇总", "数据截止日", "核对必改", "截至2022年10月31日", "与2022年9月相比")
    charts = ("各村措施进度", "问题类型分布", "各月专题研究会议", "历月措施进度")
    assert all(text in first.text for text in (*said, *charts, "各村进度", "石桥村", "合计"))
    assert notes.text.startswith("已完成：")


def test_the_text_of_a_rollup_is_printed_in_eight_points_at_least(papers):
    small = {}
    for sheet, leaves in by_sheet(papers[ROLLUP]).items():
        sizes = Counter(round(line.size, 1) for leaf in leaves for line in lines(leaf))
        # Heads and hints are smaller; most of a sheet are its rows, of the first page charts.
        if sheet != "总览" and (body := sizes.most_common(1)[0][0]) < 8:
            small[sheet] = body
    assert small == {}
    first, _ = by_sheet(papers[ROLLUP])["总览"]
    assert 8 < next(line.size for line in lines(first) if "上河村" in at(first, line)) < 9


@each_form
def test_the_paper_is_a4_and_ledgers_lie_on_their_side(papers, name):
    rows = {row.sheet: row for form in (village.FORM, township.FORM) for row in form.rows}
    for leaf in papers[name]:
        size = leaf.page.rect
        upright = size.width < size.height
        assert sorted((round(size.width), round(size.height))) == list(_A4)
        row = rows.get(leaf.sheet)
        assert upright == (name != "字段表" and (row is None or row.vertical))
