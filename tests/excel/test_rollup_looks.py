"""How a rollup looks: charts that hold what they claim, colours, pages, links."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils import range_boundaries
from rollup.township_drawn import UPPER, book, called, made, rolled

from toolkit.excel.look import CLASH_FILL, GOOD_FILL, MISSING_FILL, pixels
from toolkit.excel.rollup import book as rollup_book
from toolkit.excel.rollup import fit
from toolkit.excel.rollup.book import build_rollup
from toolkit.excel.rollup.charts import MOST_BARS, ranked_types
from toolkit.excel.rollup.front import _PAPER, _Pages, front_header
from toolkit.excel.rollup.tables import CHANGES
from toolkit.excel.sheets import A3, A4
from toolkit.forms import ledgers, rollup
from toolkit.forms.rollup import Rollup
from toolkit.schema.totals import value_of

_NAMES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
}


class Series(NamedTuple):
    """One series of a chart: where its cells stand, and what the chart says is in them."""

    name: str
    categories: tuple[str, list[str]]
    values: tuple[str, list[float]]


@cache
def data_of(name: str) -> bytes:
    return build_rollup(GIVEN[name]())


def sheets(data: bytes, *, values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def two_months() -> Rollup:
    """The drawn township after a month in which it had fewer measures done."""
    given = made()
    history = given.tables[rollup.HistoryLine]
    now = history.rows[0]
    names = [column.name for column in history.columns]
    before = dict(zip(names, map(value_of, now), strict=True))
    before |= {"period": "2022-09", "as_of": dt.date(2022, 9, 30), "done": 2, "late": 1}
    before |= {"rate": 0.25, "source": "九月.xlsx"}
    earlier = tuple(before[name] for name in names)
    tables = {**given.tables, rollup.HistoryLine: replace(history, rows=(earlier, now))}
    return replace(given, tables=tables)


def many() -> Rollup:
    """A township of more villages than a chart shows and a page holds."""
    texts = [UPPER.replace("'0203", f"'03{at:02d}") for at in range(60)]
    return rolled([called(book(text, "0203"), f"{at:02d}.xlsx") for at, text in enumerate(texts)])


def problems_alone() -> Rollup:
    return rolled([book(UPPER.split("# 整改措施", maxsplit=1)[0], "0203")])


def nothing() -> Rollup:
    return rolled([], [], [])


GIVEN = {
    "one month": made,
    "two months": two_months,
    "many": many,
    "problems alone": problems_alone,
    "nothing": nothing,
}
TITLES = {
    "one month": [
        "各村措施进度（条）",
        "问题类型分布（个，可多选）",
        "各月专题研究会议（次）",
        "历月措施进度（条）",
    ],
    "problems alone": ["问题类型分布（个，可多选）"],
    "nothing": [],
}
TITLES["two months"] = [*TITLES["one month"], "历月完成率"]
TITLES["many"] = ["各村措施进度（条）（前 30 个村）", *TITLES["one month"][1:]]


def charts(data: bytes) -> dict[str, list[Series]]:
    """Return the series of every chart by the chart's title, in the order of the parts."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        count = sum(name.startswith("xl/charts/chart") for name in package.namelist())
        for number in range(1, count + 1):
            chart = etree.fromstring(package.read(f"xl/charts/chart{number}.xml"))
            [title] = chart.xpath("//c:title//a:t/text()", namespaces=_NAMES)
            found[title] = [_series(each) for each in chart.iterfind(".//c:ser", _NAMES)]
    return found


def _series(element: Any) -> Series:
    def held(part: str) -> tuple[str, list[str]]:
        [reference] = element.xpath(f"c:{part}//c:f/text()", namespaces=_NAMES)
        return reference, element.xpath(f"c:{part}//c:pt/c:v/text()", namespaces=_NAMES)

    [name, *_] = element.xpath("c:tx//c:v/text()", namespaces=_NAMES)
    reference, values = held("val")
    return Series(name, held("cat"), (reference, [float(value) for value in values]))


def cells(book: Any, reference: str) -> list[Any]:
    """Return what stands in the cells that a chart refers to."""
    title, area = reference.rsplit("!", 1)
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    rows = book[title.strip("'")].iter_rows(top, bottom, left, right, values_only=True)
    return [value for row in rows for value in row]


# ---- charts


@pytest.mark.parametrize("name", GIVEN)
def test_each_chart_is_there_only_if_it_has_something_to_show(name):
    assert list(charts(data_of(name))) == TITLES[name]


@pytest.mark.parametrize("name", ["one month", "two months", "many"])
def test_every_series_holds_what_its_cells_hold_and_as_many_labels(name):
    book = sheets(data_of(name))
    for title, series in charts(data_of(name)).items():
        assert series, title
        for each in series:
            assert each.categories[1] == cells(book, each.categories[0]), title
            assert each.values[1] == cells(book, each.values[0]), title
            assert len(each.values[1]) == len(each.categories[1]) > 0, title
        assert any(any(each.values[1]) for each in series), title


def test_the_parts_of_a_villages_bar_are_its_measures_by_status():
    parts = charts(data_of("one month"))["各村措施进度（条）"]
    assert [each.name for each in parts] == ["已完成", "推进中", "未启动", "长期坚持", "状态未填"]
    upper = parts[0].categories[1].index("上河村")
    assert [each.values[1][upper] for each in parts] == [2, 2, 1, 1, 0]


def test_the_types_that_occur_are_ranked_and_no_others():
    [types] = charts(data_of("one month"))["问题类型分布（个，可多选）"]
    assert types.categories[1][:2] == ["制度虚设", "服务弱"]
    assert types.values[1] == [3, 2, 1, 1, 1, 1]  # R01, R07, L01 and the local L07 occur once


def test_the_ranking_is_live_and_is_not_printed():
    live = sheets(data_of("one month"), values=False)["类型分布"]
    count = len(made().tables[rollup.TypeLine].rows)
    header = 3 + count + 3
    assert live.cell(header, 6).value == "问题数"
    assert live.cell(header + 1, 6).value == "=F7"  # R04 is the fourth, below a header in row 3
    assert live.print_area == f"'类型分布'!$A$1:$G${3 + count}"
    assert len(ranked_types(made())) == 6


def test_without_problems_no_types_are_ranked():
    sheet = sheets(data_of("nothing"))["类型分布"]
    assert sheet.max_row == 3 + len(nothing().tables[rollup.TypeLine].rows)


def test_of_many_villages_the_first_are_shown():
    bars = charts(data_of("many"))["各村措施进度（条）（前 30 个村）"]
    assert {len(each.values[1]) for each in bars} == {MOST_BARS}


def test_a_scale_of_small_counts_goes_by_ones():
    with zipfile.ZipFile(io.BytesIO(data_of("problems alone"))) as package:
        chart = package.read("xl/charts/chart1.xml").decode()
    assert '<c:majorUnit val="1"/>' in chart


def anchors(data: bytes, part: str = "xl/drawings/drawing1.xml") -> list[tuple[int, ...]]:
    """Return left, right, top and bottom of each chart in pixels of the sheet."""
    book = sheets(data)["总览"]
    widths = [pixels(book.column_dimensions[letter].width - 5 / 8) for letter in "ABC"]
    edges = [0, widths[0], widths[0] + widths[1]]
    edges += [edges[2] + widths[2] * at for at in range(1, 11)]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        drawing = etree.fromstring(package.read(part))

    def number(of: Any, path: str) -> int:
        return int(of.findtext(path, namespaces=_NAMES))

    found = []
    for each in drawing.iterfind("xdr:twoCellAnchor", _NAMES):
        left, right = (
            edges[number(each, f"xdr:{end}/xdr:col")] + number(each, f"xdr:{end}/xdr:colOff") / 9525
            for end in ("from", "to")
        )
        top, bottom = (number(each, f"xdr:{end}/xdr:row") for end in ("from", "to"))
        found.append((round(left), round(right), top, bottom - top))
    return found


def test_four_charts_fill_the_page_two_a_line_and_equally_high():
    data = data_of("one month")
    one, two, three, four = anchors(data)
    width = 57 + 101 + 10 * 58  # the columns of the first page, 6.5, 12 and 6.6 wide
    assert (one[0], two[1]) == (three[0], four[1]) == (0, width)
    assert 0 < two[0] - one[1] < 10
    assert one[2] == two[2] < three[2] == four[2]
    assert len({high for *_, high in (one, two, three, four)}) == 1


def test_a_chart_alone_takes_the_whole_width():
    [(left, right, _, _)] = anchors(data_of("problems alone"))
    assert (left, right) == (0, 738)


# ---- the first page's paper


def test_all_of_a_small_township_stands_on_one_page_and_its_notes_on_the_next():
    sheet = sheets(data_of("two months"))["总览"]
    [only] = [each.id for each in sheet.row_breaks.brk]
    first_note = next(c.row for [c, *_] in sheet.iter_rows() if str(c.value).startswith("已完成："))
    assert sheet.cell(only, 1).value == "合计"
    assert first_note == only + 2  # below a blank row
    assert not sheet.print_title_rows


def test_a_long_table_goes_on_under_its_header():
    sheet = sheets(data_of("many"))["总览"]
    header = next(c.row for [c, *_] in sheet.iter_rows() if c.value == "村序号")
    assert sheet.print_title_rows == f"${header}:${header}"
    breaks = [each.id for each in sheet.row_breaks.brk]
    assert breaks[0] == header - 2  # the charts fill the first page
    assert len(breaks) == 2


@pytest.mark.parametrize("name", ["one month", "two months", "many"])
def test_ledgers_beside_the_book_change_nothing_on_the_first_page(name):
    given = GIVEN[name]()
    files = dict.fromkeys((ledgers.MeasureLedger, ledgers.ProblemLedger), "另册.parquet")
    aside = rollup.set_aside(given, files)
    assert front_header(aside) == front_header(given)
    assert list(charts(build_rollup(aside))) == list(charts(build_rollup(given)))


def test_the_first_page_is_printed_at_a_scale_so_that_its_breaks_count():
    sheet = sheets(data_of("one month"))["总览"]
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.scale == 81


def test_a_block_that_does_not_fit_begins_a_page_unless_it_has_one_already():
    pages = _Pages()
    pages.take(1, _PAPER - 10)
    pages.take(30, 11)
    pages.take(31, _PAPER - 11)
    assert (pages.breaks, pages.left) == ([29], 0)
    endless = _Pages()
    endless.take(1, 2 * _PAPER)
    assert endless.breaks == []


# ---- the other sheets


def test_a_months_rate_has_its_line_once_there_are_two():
    [line] = charts(data_of("two months"))["历月完成率"]
    assert (line.categories[1], line.values[1]) == (["2022-09", "2022-10"], [0.25, 0.5])
    assert len(sheets(data_of("one month"))["历月进度"]._charts) == 0  # noqa: SLF001 -- openpyxl has no other way to ask


def test_without_changes_the_comparison_is_a_sentence_instead_of_a_grid():
    given = replace(made(), changed="没有上月的汇总，不作对比。")
    sheet = sheets(build_rollup(given))["与上月对比"]
    said = [cell.value for line in sheet.iter_rows() for cell in line if cell.value]
    assert said == ["与上月对比", "没有上月的汇总，不作对比。"]


def changed() -> Rollup:
    """A rollup in which one measure is new and one was closed."""
    given = made()
    table = given.tables[ledgers.ChangeLine]
    line = {
        "village_no": 1,
        "village": "下河村",
        "sort": "措施",
        "number": "P01-M01",
        "headline": "入股合作社",
    }
    rows = tuple(
        tuple((line | {"kind": kind}).get(column.name) for column in table.columns)
        for kind in ("新增", "办结")
    )
    return replace(given, tables={**given.tables, ledgers.ChangeLine: replace(table, rows=rows)})


def fills(sheet: Any, area: str) -> dict[str, str]:
    """Return the fill that each condition over an area lays on it."""
    [rules] = [each.rules for each in sheet.conditional_formatting if str(each.sqref) == area]
    return {rule.formula[0]: f"#{rule.dxf.fill.bgColor.rgb[2:]}" for rule in rules}


def test_changes_are_coloured_by_what_they_mean():
    book = sheets(build_rollup(changed()))
    sheet = book["变化明细"]
    header = next(c.row for line in sheet.iter_rows() for c in line if c.value == "变化")
    top, last = header + 1, header + 2
    laid = fills(sheet, f"F{top}:F{last}")
    assert laid[f'F{top}="新增"'] == laid[f'F{top}="新逾期"'] == CLASH_FILL
    assert laid[f'F{top}="退回整改"'] == CLASH_FILL
    assert laid[f'F{top}="延期"'] == MISSING_FILL
    assert laid[f'F{top}="办结"'] == GOOD_FILL
    assert set(CHANGES) <= set(rollup.KINDS_OF_CHANGE)
    villages = len(made().tables[rollup.ChangeCount].rows)
    assert fills(book["与上月对比"], f"C4:C{3 + villages}") == {"C4>0": CLASH_FILL}


def test_red_and_yellow_cards_have_their_colours():
    sheet = sheets(data_of("one month"))["逾期预警"]
    headers = [cell.value for cell in sheet[3]]
    rows = len(made().tables[ledgers.OverdueLine].rows)
    card = "ABCDEFGHIJKL"[headers.index("预警")]
    days = "ABCDEFGHIJKL"[headers.index("逾期天数")]
    wanted = {f'${card}4="红牌警示"': CLASH_FILL, f'${card}4="黄牌提醒"': MISSING_FILL}
    assert fills(sheet, f"{card}4:{card}{3 + rows}") == wanted
    assert fills(sheet, f"{days}4:{days}{3 + rows}") == wanted


def test_a_difference_in_the_balance_would_be_red():
    sheet = sheets(data_of("one month"))["对账"]
    last = 3 + len(made().tables[rollup.Balance].rows)
    assert fills(sheet, f"D4:D{last}") == {"AND(ISNUMBER(D4),D4<>0)": CLASH_FILL}


def test_the_official_statistic_has_its_groups_above_and_its_definitions_below():
    sheet = sheets(data_of("one month"))["党内统计表"]
    assert [c.value for c in sheet[3] if c.value] == [words for words, _ in rollup.PARTY_GROUPS]
    heads = [cell.value for cell in sheet[4]]
    assert (heads[0], len(heads)) == ("类别", 27)
    texts = [sheet.cell(row, 1).value for row in range(5, sheet.max_row + 1)]
    assert tuple(texts[-len(rollup.PARTY_DEFINITIONS) :]) == rollup.PARTY_DEFINITIONS
    assert texts[0] == "村"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B5", "$1:$4")
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (A3, "landscape")


def test_a_file_that_was_read_is_led_to_by_its_name_and_no_other():
    given = made()
    sheet = sheets(build_rollup(given))["数据来源"]
    headers = [cell.value for cell in sheet[3]]
    file, village = headers.index("文件名"), headers.index("村序号")
    led = {
        line[file].value: line[file].hyperlink.target
        for line in sheet.iter_rows(min_row=4)
        if line[file].hyperlink
    }
    assert led == {name: name for name in given.links.values()}
    names = {line[file].value for line in sheet.iter_rows(min_row=4) if line[village].value}
    assert set(led) <= names


def test_a_file_too_far_away_for_a_link_keeps_its_name():
    far = "长" * 256 + ".xlsx"
    given = made(way=lambda _: far)
    sheet = sheets(build_rollup(given))["数据来源"]
    assert not [c for line in sheet.iter_rows() for c in line if c.hyperlink]
    assert far in {c.value for line in sheet.iter_rows() for c in line}


def test_a_short_sheet_is_as_wide_as_its_title():
    sheet = sheets(data_of("one month"))["核查情况"]
    assert sheet["F3"].value is not None
    assert sheet["G3"].value is None
    shown = "核查情况（2022年10月，截至2022年10月31日）"  # 16 points: 20 of 2 digits and 9 of 1
    assert sum(pixels(sheet.column_dimensions["A"].width) for _ in range(6)) > len(shown) * 16 * 1.0


def test_what_is_too_wide_for_a4_goes_to_a3_as_one_page():
    book_ = sheets(data_of("one month"))
    papers = {sheet.title: sheet.page_setup.paperSize for sheet in book_}
    assert {title for title, paper in papers.items() if paper == A3} >= {
        "整顿对象一览",
        "问题台账",
        "措施台账",
        "党内统计表",
        "数据来源",
    }
    assert {papers[title] for title in ("逾期预警", "核查情况", "核查明细", "对账")} == {A4}


def test_what_is_too_wide_even_for_a3_goes_on_beside_it_with_the_villages_names(monkeypatch):
    monkeypatch.setattr(fit, "_ROOM", {A4: 700.0, A3: 1000.0})
    sheet = sheets(build_rollup(made()))["措施台账"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (A3, 2)
    assert sheet.print_title_cols == "$A:$C"
    assert (sheet["A1"].value, sheet["D1"].value) == (None, "措施台账")
    assert [sheet.cell(3, column).value for column in (1, 2, 3)] == ["村序号", "村代码", "村名"]


def widths(text: str) -> dict[str, float]:
    """Return how wide the measures' columns are where one measure has this text."""
    given = rolled([book(UPPER.replace("入股合作社", text), "0203")])
    sheet = sheets(build_rollup(given), values=False)["措施台账"]
    return {c.value: sheet.column_dimensions[c.column_letter].width for c in sheet[3]}


def test_a_text_widens_its_column_up_to_a_limit_and_no_other():
    short, long, longer = (widths("入股合作社" * times) for times in (1, 3, 30))
    assert short["措施内容"] < long["措施内容"] == pytest.approx(longer["措施内容"], abs=3)
    assert short["完成时限"] == pytest.approx(long["完成时限"], abs=2)


@pytest.mark.parametrize(("above", "is_parted"), [(5, False), (20, True), (30, False)])
def test_a_table_below_another_begins_a_page_where_its_head_would_end_one(above, is_parted):
    """A page that lies on its side has room for 21 rows below its headings."""
    given = made()
    table = given.tables[rollup.Balance]
    filler = ("再核对", *[0] * (len(table.columns) - 1))
    rows = tuple([*table.rows, *[filler] * above][:above])
    tables = {**given.tables, rollup.Balance: replace(table, rows=rows)}
    sheet = sheets(build_of(replace(given, tables=tables)))["对账"]
    band = next(c.row for [c, *_] in sheet.iter_rows() if str(c.value).startswith("每个文件"))
    assert [each.id for each in sheet.row_breaks.brk] == [band - 1] * is_parted
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage


def build_of(given: Rollup) -> bytes:
    """Return the bytes of a rollup whose balance is not looked at."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rollup_book, "check_written", lambda *_: None)
        return build_rollup(given)
