"""Laws of reading: what people do to a workbook's shape changes no record, and nothing is lost."""

import copy
import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from crafted import cells_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit.cells import Raw, a1, place
from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.read import understand
from toolkit.forms import village
from toolkit.schema.columns import Column, Field, Row
from toolkit.schema.form import VERTICAL_HEADERS, Identity
from toolkit.schema.kinds import Code, Day, Names, Number, Ref, Text, Whole
from toolkit.schema.workbook import Workbook

NAME = "0205-柳湾村-2022.xlsx"
IDENTITY = Identity(village.FORM.id, village.FORM.version, "0205", "2022")
TABLES = tuple(row for row in village.FORM.rows if not row.vertical)
HEAD, FIRST = 2, 3  # lines of a table, counted from 0
Grid = list[list[Any]]


@cache
def _base() -> dict[str, Grid]:
    """The cells of the example village that has no findings."""
    example = next(book for book in example_township().villages if book.file_name == NAME)
    data = build_workbook(example.form, example.identity, example.filling)
    own = {row.sheet: row for row in village.FORM.rows}
    return {
        title: [line[: len(own[title].columns)] for line in grid]
        for title, grid in cells_of(data).items()
        if title in own
    }


@dataclass
class Disturbed:
    """A workbook's cells after a mixture of disturbances, and what must be said of them."""

    grids: dict[str, Grid]
    merged: dict[str, list[Any]] = field(default_factory=dict)
    noted: dict[str, set[str]] = field(default_factory=dict)  # sheet: content that needs a note
    headers: dict[str, set[str]] = field(default_factory=dict)  # sheet: label that needs one
    titles: dict[str, str] = field(default_factory=dict)  # new title: sheet
    strangers: int = 0  # filled cells of columns that nobody knows

    def read(self) -> Workbook:
        return understand(self.grids, village.FORM, IDENTITY, path=NAME, merged=self.merged)


def said(book: Workbook) -> dict[str, Counter[str]]:
    """What the records of each sheet say, in whatever order they stand."""
    return {
        row.sheet: Counter(
            str([(c.name, f.value) for c, f in each.filled()]) for each in book.rows(row)
        )
        for row in village.FORM.rows
    }


@cache
def undisturbed() -> dict[str, Counter[str]]:
    book = understand(_base(), village.FORM, IDENTITY, path=NAME)
    assert (book.notes, book.strays, book.extra_sheets) == ((), (), ())
    return said(book)


# -- what is done to a cell: what stands there then, and whether that needs a word

WIDE = {ord(char): ord(char) + 0xFEE0 for char in "0123456789.-PM"}
PADDED = ("{} ", "\u3000{}", "\xa0{}\n")
HAN = "〇一二三四五六七八九"


def as_number(raw: float, way: str) -> tuple[str, bool]:
    plain = f"{raw:g}" if raw < 1_000_000 else f"{raw:.0f}"
    ways = {"plain": plain, "wide": plain.translate(WIDE), "unit": f"{plain} "}
    return ways[way], way == "wide"


def as_day(raw: dt.date, way: str) -> tuple[str | float, bool]:
    ways: dict[str, str | float] = {
        "dots": f"{raw.year}.{raw.month}.{raw.day}",
        "slashes": f"{raw:%Y/%m/%d}",
        "words": f"{raw.year}年{raw.month}月{raw.day}日",
        "short": f"{raw.year % 100}.{raw.month}.{raw.day}",
        "digits": f"{raw:%Y%m%d}",
        "number": float(f"{raw:%Y%m%d}"),
        "serial": float((raw - dt.date(1899, 12, 30)).days),
        "moment": f"{raw.year}-{raw.month}-{raw.day} 00:00:00",
        "han": "".join(HAN[int(digit)] for digit in str(raw.year)) + f"年{raw.month}月{raw.day}日",
    }
    return ways[way], True


DAY_WAYS = ("dots", "slashes", "words", "short", "digits", "number", "serial", "moment", "han")


def disturbed_cell(draw: st.DrawFn, column: Column[Any], raw: Raw) -> tuple[Raw, bool]:
    """Another spelling of a cell's content, and whether it needs a note."""
    kind = column.kind
    if isinstance(raw, dt.date) and isinstance(kind, Day):
        return as_day(raw, draw(st.sampled_from(DAY_WAYS)))
    if isinstance(raw, float) and isinstance(kind, Whole | Number):
        return as_number(raw, draw(st.sampled_from(["plain", "wide", "unit"])))
    if not isinstance(raw, str):
        return raw, False
    ways = [(padding.format(raw), False) for padding in PADDED]
    if isinstance(kind, Code | Ref):
        ways += [(raw.translate(WIDE), True), (raw.lower(), True), (f"\u200b{raw}", True)]
    if isinstance(kind, Names) and "、" in raw:
        ways += [(raw.replace("、", mark), True) for mark in " ，；\n"]
    if isinstance(kind, Text):
        ways.append((f"{raw[:1]}\u200b{raw[1:]}", True))
    return draw(st.sampled_from(ways))


def disturbed_header(draw: st.DrawFn, column: Column[Any]) -> tuple[str, bool]:
    """Another wording of a header, and whether it needs a note."""
    header = column.header
    ways = [
        (f"{header} *", False),
        (f" {header}", False),
        (f"{header[:1]} {header[1:]}", True),
        (f"{header[:2]}\n{header[2:]}", len(header) > 2),
        (f"{header}：", True),
        (f"★{header}", True),
        (f"{header}（必填）", True),
        *((alias, True) for alias in column.aliases),
    ]
    if column.unit:
        ways.append((f"{header}（{column.unit}）", True))
    return draw(st.sampled_from(ways))


# -- what is done to a sheet and to a file


def disturb_table(draw: st.DrawFn, row: type[Row], done: Disturbed) -> None:
    """Do any mixture to a sheet of one record a row."""
    grid = done.grids[row.sheet]
    noted, labels = (
        done.noted.setdefault(row.sheet, set()),
        done.headers.setdefault(row.sheet, set()),
    )
    head, body = list(grid[HEAD]), [list(line) for line in grid[FIRST:]]
    body = draw(st.permutations(body)) if draw(st.booleans()) else body
    for at, column in enumerate(row.columns):
        if draw(st.integers(0, 4)) == 0:
            head[at], needs_note = disturbed_header(draw, column)
            labels |= {head[at]} if needs_note else set()
        if draw(st.integers(0, 3)) == 0:
            for line in body:
                if line[at] not in ("", None):
                    line[at], needs_note = disturbed_cell(draw, column, line[at])
                    noted |= {str(line[at])} if needs_note else set()
    areas = disturbed_runs(draw, body)
    order = list(draw(st.permutations(range(len(head))))) if draw(st.booleans()) else None
    lines = [head, *body]
    if order:
        lines = [[line[at] for at in order] for line in lines]
        areas = [(top, order.index(at), bottom) for top, at, bottom in areas]
    for at in sorted(draw(st.lists(st.integers(0, len(head)), max_size=2)), reverse=True):
        content = draw(st.sampled_from(["", "阴"]))
        done.strangers += content != "" and len(lines)
        for number, line in enumerate(lines):
            line.insert(at, content if number else content and "天气")
        areas = [(top, place + (place >= at), bottom) for top, place, bottom in areas]
    for gap in draw(st.lists(st.integers(1, len(lines)), max_size=2)):
        lines.insert(gap, draw(st.sampled_from([[], ["", None], ["\u3000"]])))
        areas = [
            (top + (top >= gap), place, bottom + (bottom >= gap)) for top, place, bottom in areas
        ]
    right = draw(st.integers(0, 2))
    titles = [[f"附件3：{row.sheet}表（续）"]], [[f"柳湾村{row.sheet}表"]]
    above = draw(st.sampled_from([grid[:HEAD], [], *titles, [[]] * 20]))
    done.strangers += above == titles[1]  # the form's title is another
    done.grids[row.sheet] = [["" for _ in range(right)] + list(line) for line in [*above, *lines]]
    done.merged[row.sheet] = [
        ((len(above) + top, right + at), (len(above) + bottom, right + at))
        for top, at, bottom in areas
    ]


def disturbed_runs(draw: st.DrawFn, body: Grid) -> list[tuple[int, int, int]]:
    """Merge some runs of equal cells: lines counted from the head, which is 0."""
    areas = []
    for at in range(1, len(body[0]) if body else 0):
        for top in range(len(body) - 1):
            raw = body[top][at]
            if raw not in ("", None) and body[top + 1][at] == raw and draw(st.booleans()):
                body[top + 1][at] = ""
                areas.append((top + 1, at, top + 2))
    return areas


def disturb_profile(draw: st.DrawFn, done: Disturbed) -> None:
    """Do any mixture to the sheet of one record."""
    row, right = village.Profile, draw(st.integers(0, 2))
    by_header = {column.header: column for column in row.columns}
    lines = []
    for line in done.grids[row.sheet]:
        new, column = list(line), by_header.get(str(line[0]).rstrip(" *") if line else "")
        if column is not None and draw(st.integers(0, 5)) == 0:
            new[0] = draw(st.sampled_from([f"{column.header}：", f"1.{column.header}"]))
            done.headers.setdefault(row.sheet, set()).add(new[0])
        if column is not None and new[1] not in ("", None) and draw(st.integers(0, 5)) == 0:
            new[1], needs_note = disturbed_cell(draw, column, new[1])
            done.noted.setdefault(row.sheet, set()).update({str(new[1])} if needs_note else set())
        lines += [["" for _ in range(right)] + new, *([[]] * (draw(st.integers(0, 9)) == 0))]
    done.grids[row.sheet] = lines


TITLES = ("{}表", " {}", "1.{}", "{}（柳湾村）", "附件2：{}", "{} (2)")


@st.composite
def disturbed(draw: st.DrawFn) -> Disturbed:
    """A valid workbook after any mixture of what people do to one."""
    done = Disturbed(copy.deepcopy(_base()))
    for row in draw(st.lists(st.sampled_from(TABLES), min_size=1, max_size=3, unique=True)):
        disturb_table(draw, row, done)
    disturb_profile(draw, done)
    for sheet in draw(st.lists(st.sampled_from(list(done.grids)), max_size=3, unique=True)):
        done.titles[draw(st.sampled_from(TITLES)).format(sheet)] = sheet
    new = {sheet: title for title, sheet in done.titles.items()}
    order = draw(st.permutations(list(done.grids)))
    done.grids = {new.get(sheet, sheet): done.grids[sheet] for sheet in order}
    done.merged = {new.get(sheet, sheet): areas for sheet, areas in done.merged.items()}
    return done


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(disturbed())
def test_whatever_is_done_to_its_shape_a_workbook_says_the_same_and_each_change_is_told(done):
    book = done.read()
    assert said(book) == undisturbed()
    assert (len(book.strays), book.extra_sheets) == (done.strangers, ())
    notes = {(spot.sheet, spot.text) for spot in book.notes}
    for title, sheet in done.titles.items():
        assert (title, f"工作表按“{sheet}”读取") in notes
    told = {(spot.sheet, spot.cell) for spot in book.notes}
    assert set(reworded(done, book)) <= told
    for held, is_lent in odd_fields(done, book):
        assert held.note.startswith("合并单元格，" * is_lent), held
        assert held.note, held


def reworded(done: Disturbed, book: Workbook) -> list[tuple[str, str]]:
    """The headers that were reworded: sheet and cell."""
    return [
        (sheet.title, cell)
        for row, sheet in book.sheets.items()
        for cell in sheet.headers.values()
        for number, at in [place(cell)]
        if done.grids[sheet.title][number - 1][at - 1] in done.headers.get(row.sheet, ())
    ]


def odd_fields(done: Disturbed, book: Workbook) -> list[tuple[Field, bool]]:
    """The fields that need a note, and whether their content stands in a merged cell above."""
    return [
        (held, is_lent)
        for row, sheet in book.sheets.items()
        for each in sheet.rows
        for _, held in each.filled()
        for is_lent in [not bare(cell_at(done.grids[sheet.title], held))]
        if is_lent or str(held.raw) in done.noted.get(row.sheet, ())
    ]


def cell_at(grid: Grid, held: Field) -> Raw:
    return next(iter(grid[held.row - 1][held.column - 1 : held.column]), None)


# -- nothing is lost

SHEETS = (*village.FORM.sheets(), "整改措施 (2)", "1.存在问题", "整改措失", "Sheet1", "台账")
WORDS = st.one_of(
    st.sampled_from(
        [
            *(
                "合计",
                "小计",
                "填表人：李明",
                "整改措施",
                "项目",
                "填写内容",
                "单位",
                "怎么填",
                "同上",
            ),
            *("P01-M01", "P01", "王志远", "2022年6月底前", "右", "计划资金（元）", "责任人："),
            *(label for row in TABLES for column in row.columns[:4] for label in column.labels),
            *(column.header for column in village.Profile.columns[:8]),
        ]
    ),
    st.floats(allow_nan=False, width=16),
    st.booleans(),
    st.dates(),
    st.text(max_size=3),
)
LINE = st.lists(st.one_of(st.sampled_from(["", None, " ", "\u200b"]), WORDS), max_size=6)
HEADS = st.sampled_from(TABLES).flatmap(
    lambda row: st.permutations([column.header for column in row.columns])
)
PROFILES = [[column.header, "7", column.unit, column.guide] for column in village.Profile.columns]
LINES = st.one_of(LINE, HEADS, st.sampled_from(PROFILES))
AREAS = st.tuples(*[st.integers(0, 5)] * 4).map(
    lambda at: ((min(at[:2]), min(at[2:])), (max(at[:2]), max(at[2:])))
)
UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x1f\x7f-\x9f]")


def bare(raw: Raw) -> str:
    return UNSEEN.sub("", "" if raw is None else str(raw))


def furniture(row: type[Row]) -> set[str]:
    """What the form itself puts on a sheet besides headers."""
    texts = {row.hint, row.sheet, *row.sheet_aliases}
    if row.vertical:
        texts |= {*VERTICAL_HEADERS.values(), *(column.section for column in row.columns)}
        texts |= {text for column in row.columns for text in (column.unit, column.guide)}
    return {re.sub(r"[*＊]", "", bare(text)) for text in texts}


def buckets(book: Workbook, title: str) -> list[str]:
    """Every cell of a sheet that the workbook gives an account of."""
    sheet = next(each for each in book.sheets.values() if each.title == title)
    headers = list(sheet.headers.values())
    held = [
        a1(each.row, each.column)
        for record in sheet.rows
        for each in record.fields.values()
        if not each.empty and not each.note.startswith("合并单元格") and "，合并" not in each.note
    ]
    strays = [spot.cell for spot in book.strays if spot.sheet == title]
    aside = [spot.cell for spot in book.notes if spot.sheet == title and spot.cell]
    return [*headers, *held, *strays, *(cell for cell in aside if cell not in headers)]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    grids=st.dictionaries(st.sampled_from(SHEETS), st.lists(LINES, max_size=7), max_size=4),
    areas=st.lists(AREAS, max_size=2),
)
def test_every_cell_of_every_sheet_is_in_just_one_place(grids: Mapping[str, Grid], areas):
    merged = dict.fromkeys(grids, areas)
    book = understand(grids, village.FORM, IDENTITY, path=NAME, merged=merged)
    titles = {sheet.title: row for row, sheet in book.sheets.items()}
    extra = [spot.sheet for spot in book.extra_sheets]
    assert len(extra) == len(set(extra))
    assert not titles.keys() & set(extra)
    for title, grid in grids.items():
        shown = {
            a1(number, at): raw
            for number, line in enumerate(grid, 1)
            for at, raw in enumerate(line, 1)
            if bare(raw)
        }
        if title not in titles:
            assert (title in extra) == bool(shown)
            continue
        accounted = buckets(book, title)
        assert len(accounted) == len(set(accounted))
        assert set(accounted) <= shown.keys()
        row = titles[title]
        rest = [bare(raw) for cell, raw in shown.items() if cell not in accounted]
        rest = [re.sub(r"[*＊]", "", text) for text in rest]
        assert set(rest) <= furniture(row)
