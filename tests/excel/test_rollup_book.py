"""The rollup as a workbook: live totals with their values, text as text, links, looks."""

import datetime as dt
import re
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from crafted import edited, part_of
from lxml import etree
from paths import EXAMPLES, office, tool
from python_calamine import CalamineWorkbook
from rollup.township_drawn import (
    FILES,
    LOWER,
    UPPER,
    book,
    called,
    findings,
    made,
    rolled,
    sources,
    terms_of,
    three_books,
)

from toolkit.cells import a1
from toolkit.errors import BalanceError, ToolkitError
from toolkit.excel.opened import open_bytes
from toolkit.excel.rollup import tables as rollup_tables
from toolkit.excel.rollup.book import build_rollup, check_written
from toolkit.excel.rollup.charts import MOST_BARS
from toolkit.forms import ledgers, rollup, village
from toolkit.gathering import gather
from toolkit.inbox import look
from toolkit.rollup.figures import consolidate
from toolkit.rollup.past import past_in
from toolkit.schema.deadlines import MonthBefore


def opened(given, *, values=False):
    return openpyxl.load_workbook(BytesIO(build_rollup(given)), data_only=values)


def formulas(data):
    """Return every formula cell's place with the value stored beside it."""
    live = openpyxl.load_workbook(BytesIO(data))
    shown = openpyxl.load_workbook(BytesIO(data), data_only=True)
    return {
        (sheet.title, cell.coordinate): shown[sheet.title][cell.coordinate].value
        for sheet in live
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    }


def texts(sheet):
    return [cell.value for line in sheet.iter_rows() for cell in line if cell.value is not None]


def said(cell):
    """Return what a cell shows of a text: the number format adds what is for people's eyes only."""
    return cell.value + cell.number_format.removeprefix("@").strip('"')


def nothing():
    return rolled([])


def hostile():
    """Return a rollup of cells that spreadsheets take for patterns, comparisons and numbers."""
    text = UPPER.replace("| 上河村 ", "| '*村? ").replace("| 推进中 ", "| '* ")
    text = text.replace("R10、R04", "r10乱写").replace("| 30 |", "| 三十来张吧 |")
    twin = UPPER.replace("| 上河村 ", "| '<>203 ").replace("'0203", "'203")
    books = [book(text, "0203"), called(book(twin, "0203"), "203.xlsx")]
    return rolled(books, findings())


def doubled():
    """Return a rollup for which the upper village has sent one workbook twice, the lower two."""
    upper = [called(three_books()[0], path, "a") for path in (FILES["0203"], "又.xlsx")]
    other = called(book(LOWER.replace("待验收", "推进中"), "0201"), "下河.xlsx", "b")
    return made([*upper, *three_books()[1:], other])


def planned_late():
    return LOWER.replace("# 存在问题", "| 方案日期 | 2022-08-03 |\n\n# 存在问题", 1)


def early():
    """Return a rollup as of a day before much of what the villages wrote, plans made late."""
    books = [three_books()[0], book(planned_late(), "0201"), three_books()[2]]
    return made(books, as_of=dt.date(2022, 9, 10), month="2022-09")


def test_the_sheets_stand_in_their_order():
    assert opened(made()).sheetnames == [
        "总览",
        "整顿对象一览",
        "类型分布",
        "问题台账",
        "措施台账",
        "专题研究",
        "会议台账",
        "逾期预警",
        "测评验收",
        "与上月对比",
        "变化明细",
        "历月进度",
        "党内统计表",
        "党内统计明细",
        "核查情况",
        "核查明细",
        "数据来源",
        "对账",
        "汇总口径",
    ]


def test_a_village_left_out_is_named_in_red_before_any_figure():
    cell = opened(made())["总览"]["A3"]
    assert cell.value == "未汇总 1 个村——柳树村：文件有密码。"
    assert cell.font.color.rgb == "FFC00000"


def test_every_village_left_out_is_named_however_many_there_are():
    given = replace(made(), left_out=tuple(f"{at}村：未回传" for at in range(30)))
    first, *_, last = (opened(given)["总览"].cell(row, 1).value for row in range(3, 6))
    assert first.startswith("未汇总 30 个村——0村：未回传；1村：未回传；")
    assert (
        last
        == "24村：未回传；25村：未回传；26村：未回传；27村：未回传；28村：未回传；29村：未回传。"
    )


def test_a_town_that_is_complete_says_so():
    given = replace(made(), left_out=(), remarks=("请注意。",))
    sheet = opened(given)["总览"]
    assert [sheet["A3"].value, sheet["A4"].value] == ["名册内的村都已汇总。", "请注意。"]


def test_formulas_use_only_what_every_program_knows():
    live = openpyxl.load_workbook(BytesIO(build_rollup(made())))
    used = {
        name
        for (title, place) in formulas(build_rollup(made()))
        for name in re.findall(r"([A-Z.]+)\(", live[title][place].value)
    }
    assert used <= {"COUNTIFS", "COUNTIF", "SUMIFS", "COUNTA", "SUM", "IF", "OR", "COUNT", "ROUND"}


def test_every_total_has_its_value_beside_the_formula():
    values = formulas(build_rollup(made()))
    assert len(values) > 250
    assert None not in values.values()


def stripped(data):
    """Return a workbook whose formulas have lost their values, so that all must be reckoned."""
    made_anew = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made_anew, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part, times = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
                assert times == part.count(b"</f>")
            new.writestr(name, part)
    return made_anew.getvalue()


def recalculated(data, folder):
    """Return the workbook as LibreOffice reckons it."""
    (folder / "in.xlsx").write_bytes(stripped(data))
    subprocess.run(
        [
            office(),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
            str(folder / "out"),
            str(folder / "in.xlsx"),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return openpyxl.load_workbook(folder / "out" / "in.xlsx", data_only=True)


def continued():
    """Return a rollup that follows one of the month before, in which much was otherwise."""
    before = made(
        [book(UPPER.replace("推进中", "已完成"), "0203"), *three_books()[1:]],
        as_of=dt.date(2022, 9, 30),
        month="2022-09",
    )
    path = Path("九月.xlsx")
    past = past_in(open_bytes(build_rollup(before), path, (rollup.FORM,)).read())
    given = made(past=past)
    assert len(given.tables[rollup.HistoryLine].rows) == 2
    assert given.tables[ledgers.ChangeLine].rows
    return given


def funded():
    """Return a rollup of amounts that no binary number holds: 0.1 and 0.2, thirds, cents."""
    lower = LOWER.replace("| 办理状态 |", "| 办理状态 | 计划资金 |")
    for status, amount in (("已完成", "0.1"), ("待验收", "0.2"), ("不清楚", "0.01")):
        lower = lower.replace(f"| {status}   |", f"| {status} | {amount} |")
    upper = UPPER.replace("| 推进中 | 50 |", "| 推进中 | 3.3333333333333335 |")
    return made([book(upper, "0203"), book(lower, "0201"), three_books()[2]])


def of_examples():
    """Return the examples' rollup."""
    found = gather(look([EXAMPLES]), dt.date(2022, 10, 31), workers=1)
    terms = terms_of(listed=found.inbox.roster, town=found.inbox.town_name)
    return consolidate(found.brought, (), terms, findings=found.findings)


def test_money_is_shown_as_it_adds_up():
    data = build_rollup(funded())
    live = openpyxl.load_workbook(BytesIO(data))["整顿对象一览"]
    shown = openpyxl.load_workbook(BytesIO(data), data_only=True)["整顿对象一览"]
    at = [cell.value for cell in live[3]].index("计划资金（万元）")
    amounts = [shown.cell(row, at + 1).value for row in range(4, 10)]
    assert amounts == [0.31, 3.333333, 0, 0, 0, 3.643333]  # the township's own line has none
    assert all(
        live.cell(row, at + 1).value.startswith("=ROUND(SUM")
        and live.cell(row, at + 1).value.endswith(",6)")
        for row in range(4, 10)
    )


@pytest.mark.office
@pytest.mark.parametrize(
    "given", [made, nothing, hostile, early, doubled, continued, funded, of_examples]
)
def test_reckoning_anew_changes_nothing(given, tmp_path):
    data = build_rollup(given())
    anew = recalculated(data, tmp_path)
    for (title, place), value in formulas(data).items():
        found = anew[title][place].value
        wanted = pytest.approx(value, abs=1e-12) if isinstance(value, float) else value
        assert found == wanted, f"{title}!{place}"


def test_text_that_looks_like_a_formula_stays_text():
    cell = next(
        c for line in opened(made())["问题台账"].iter_rows() for c in line if c.value == "=1+1"
    )
    assert cell.data_type == "s"


@pytest.mark.parametrize(
    "name", ["=1+1", "+A1", "@SUM(1)", "-2", "https://a.b", "{=1}", "*村", "<>"]
)
def test_a_villages_name_stays_text_wherever_it_stands(name):
    text = UPPER.replace("| 上河村 ", f"| '{name} ")
    given = rolled([book(text, "0203")], findings())
    sheets = opened(given)
    places = [c for sheet in sheets for line in sheet.iter_rows() for c in line if c.value == name]
    assert {cell.parent.title for cell in places} >= {
        "总览",
        "整顿对象一览",
        "问题台账",
        "数据来源",
    }
    assert {cell.data_type for cell in places} == {"s"}


def test_each_ledger_row_leads_to_the_cell_it_came_from():
    sheets = opened(made())
    for title in ("问题台账", "措施台账", "会议台账", "测评验收", "逾期预警"):
        sheet = sheets[title]
        headers = [cell.value for cell in sheet[3]]
        at = headers.index("来源文件")
        for line in sheet.iter_rows(min_row=4):
            file, source, row = (cell.value for cell in line[at : at + 3])
            link = line[at + 2].hyperlink
            assert isinstance(row, int)
            assert (link.target, link.location) == (file, f"'{source}'!A{row}")


def test_each_source_named_is_a_row_that_was_read():
    read = {
        (workbook.name, row.sheet_title, row.line)
        for workbook in three_books()
        for sheet in workbook.sheets.values()
        for row in sheet.rows
    }
    given = made()
    for ledger in (*ledgers.LEDGERS.values(), ledgers.OverdueLine):
        table = given.tables[ledger]
        columns = map(table.column, (ledgers.FILE, ledgers.SHEET, ledgers.LINE))
        assert set(zip(*columns, strict=True)) <= read


def test_a_file_in_a_folder_with_odd_signs_is_led_to():
    cell = opened(made(way=lambda _: "收 #1/100%/a.xlsx"))["措施台账"]["X7"]
    assert cell.hyperlink.target == "收%20%231\\100%25\\a.xlsx"


def test_links_beyond_what_excel_takes_are_left_and_the_sheet_says_so(monkeypatch):
    monkeypatch.setattr(rollup_tables, "MOST_LINKS", 4)
    sheet = opened(made())["措施台账"]
    assert sum(1 for line in sheet.iter_rows() for cell in line if cell.hyperlink) == 4
    assert "其中 5 行因 Excel 链接上限没有做成链接" in said(sheet["A2"])
    assert sheet["X12"].value == 7


def test_a_file_whose_way_is_too_long_for_a_link_keeps_its_row():
    far = "长" * 256 + ".xlsx"
    given = made(way=lambda path: far if path == FILES["0203"] else path)
    sheet = opened(given)["措施台账"]
    assert sum(1 for line in sheet.iter_rows() for cell in line if cell.hyperlink) == 3
    assert sheet["X12"].value == 7


def test_a_ledger_that_lost_a_row_is_not_written():
    given = made()
    ledger = given.tables[ledgers.MeasureLedger]
    broken = {**given.tables, ledgers.MeasureLedger: replace(ledger, rows=ledger.rows[1:])}
    with pytest.raises(ToolkitError, match="对账不平"):
        build_rollup(replace(given, tables=broken))


def test_bytes_that_lost_a_row_are_not_published():
    data = build_rollup(made(three_books()[:2]))
    willow = UPPER.replace("'0203", "'0204").replace("上河村", "柳树村")
    more = made([*three_books(), called(book(willow, "0203"), "又.xlsx")])
    with pytest.raises(ToolkitError, match="问题台账应有 12 行，文件里是 7 行"):
        check_written(more, data)


@pytest.mark.parametrize("change", [1, -1])
def test_bytes_whose_villages_come_to_another_total_are_not_published(change):
    given = made()
    data = build_rollup(given)
    number = list(rollup.TABLES[given.level]).index(rollup.Village) + 1
    name = f"xl/worksheets/sheet{number}.xml"
    text = part_of(data, name)
    at = given.tables[rollup.Village].columns.index(rollup.Village.measures) + 1
    first = re.search(rf'<c r="{a1(4, at)}"[^>]*><f>[^<]*</f><v>(\d+)</v>', text)
    changed = first[0].replace(f"<v>{first[1]}<", f"<v>{int(first[1]) + change}<")
    check_written(given, data)
    with pytest.raises(BalanceError, match=f"措施合计应是 9，文件里是 {9 + change}"):
        check_written(given, edited(data, {name: text.replace(first[0], changed)}))


def test_a_ledger_longer_than_a_sheet_leaves_its_totals_in_the_book(monkeypatch):
    monkeypatch.setattr(rollup, "MOST_LINES", 8)
    given = made()
    assert ledgers.MeasureLedger in {table.row for table in rollup.too_long(given)}
    aside = rollup.set_aside(given, {ledgers.MeasureLedger: "镇汇总-措施台账.parquet"})
    book = opened(aside, values=True)
    assert "镇汇总-措施台账.parquet" in "".join(said(c) for c in book["措施台账"]["A"] if c.value)
    assert not any(cell.value == "P01-M01" for line in book["措施台账"].rows for cell in line)
    lines = list(book["总览"].values)
    at = next(n for n, line in enumerate(lines) if "措施" in line)
    shown = dict(zip(lines[at], lines[at + 1], strict=True))
    assert [shown[label] for label in ("措施", "已完成", "完成率", "逾期")] == [9, 4, 0.5, 3]
    upper = next(line for line in lines if line[1] == "上河村")
    assert 6 in upper
    assert formulas(build_rollup(given)).keys() > formulas(build_rollup(aside)).keys()


def test_equal_input_in_any_order_gives_equal_bytes():
    shuffled = made(three_books()[::-1], findings()[::-1], sources()[::-1])
    assert build_rollup(shuffled) == build_rollup(made())


def test_a_due_month_without_meeting_shows_as_missing():
    sheet = opened(made(), values=True)["专题研究"]
    lower = next(line for line in sheet.iter_rows() if line[1].value == "下河村")
    may, november = lower[6], lower[12]
    assert (may.value, may.number_format) == (0, '[=0]"缺";0')
    assert (november.value, november.number_format) == (0, '[=0]"";0')


def test_a_month_before_a_villages_plan_does_not_show_as_missing():
    books = [three_books()[0], book(planned_late(), "0201"), three_books()[2]]
    data = build_rollup(made(books))
    sheet = openpyxl.load_workbook(BytesIO(data))["专题研究"]
    line = next(line for line in sheet.iter_rows() if line[1].value == "下河村")
    assert [line[at].number_format for at in (6, 9)] == ['[=0]"";0', '[=0]"缺";0']
    months = enumerate("CDEFGHIJKL", 1)  # to October, the month reported on
    owed = (f"COUNTIF(${at}4,0)*($Q4<={month})*($R4>={month})" for month, at in months)
    assert line[18].value == f"={'+'.join(owed)}"
    red = {str(each.sqref): each.rules[0].formula[0] for each in sheet.conditional_formatting}
    assert red["G4:G6"] == "AND(ISNUMBER(G4),G4=0,$Q4<=5,$R4>=5)"


def test_ledgers_are_set_up_for_print_and_for_filtering():
    sheet = opened(made())["措施台账"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes; one wide by default
    assert sheet.print_title_rows == "$1:$3"
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D4", "A3:X12")
    assert "&P" in sheet.oddFooter.right.text


def test_the_wall_list_prints_what_a_wall_needs_on_a3():
    sheet = opened(made())["整顿对象一览"]
    headers = [cell.value for cell in sheet[3]]
    assert sheet.page_setup.paperSize == 8
    assert sheet.print_area == "'整顿对象一览'!$A$1:$S$9"  # down to the line of totals
    assert headers.index("核对必改") == 18
    assert {"党组织书记", "主要类型", "措施逾期", "完成率"} <= set(headers[:19])


def test_a_fingerprint_is_printed_in_short_and_kept_in_full():
    digest = "0123456789abcdef" * 4
    given = rolled([called(three_books()[0], FILES["0203"], digest)])
    sheet = opened(given)["数据来源"]
    headers = [cell.value for cell in sheet[3]]
    short, full = headers.index("内容指纹"), headers.index("完整的内容指纹（SHA-256）")
    assert (sheet[4][short].value, sheet[4][full].value) == (digest[:12], digest)
    assert sheet.print_area.split("$")[3] == sheet[4][short].column_letter


def test_a_text_of_several_lines_makes_its_row_higher():
    folded = book(UPPER, "0203")
    sheet = folded.sheets[village.Measure]
    first = sheet.rows[0]
    fields = {
        **first.fields,
        "text": first.fields["text"]._replace(value="入股\n分红\n公示\n续约\n结账"),
    }
    rows = (village.Measure(first.workbook, first.sheet_title, fields), *sheet.rows[1:])
    sheets = {**folded.sheets, village.Measure: replace(sheet, rows=rows)}
    given = rolled([replace(folded, sheets=sheets)])
    heights = opened(given)["措施台账"].row_dimensions
    assert heights[4].height > 5 * 14 > heights[9].height


def test_a_long_text_makes_its_row_higher():
    text = UPPER.replace("入股合作社", "入股合作社并按季度公示收益" * 12)
    given = rolled([book(text, "0203")])
    sheet = opened(given)["措施台账"]
    assert sheet.row_dimensions[4].height > 8 * sheet.row_dimensions[8].height / 2


def charts(data):
    """Return what each native chart holds without being opened: title, then series by name."""
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    space["a"] = "http://schemas.openxmlformats.org/drawingml/2006/main"
    held = {}
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = [name for name in package.namelist() if name.startswith("xl/charts/chart")]
        for root in (etree.fromstring(package.read(name)) for name in names):
            (title,) = root.xpath("//c:title//a:t/text()", namespaces=space)
            held[title] = {
                "".join(series.xpath("c:tx//c:v/text()", namespaces=space)): list(
                    zip(
                        series.xpath("c:cat//c:v/text()", namespaces=space),
                        map(float, series.xpath("c:val//c:v/text()", namespaces=space)),
                        strict=True,
                    )
                )
                for series in root.xpath("//c:ser", namespaces=space)
            }
    return held


def test_the_first_page_has_four_native_charts_with_their_figures():
    held = charts(build_rollup(made()))
    assert held["各村措施进度（条）"] == {
        lot: list(zip(("下河村", "上河村", "柳树村", "石门村"), counts, strict=True))
        for lot, counts in {
            "已完成": (2, 2, 0, 0),
            "推进中": (0, 2, 0, 0),
            "未启动": (0, 1, 0, 0),
            "长期坚持": (0, 1, 0, 0),
            "状态未填": (1, 0, 0, 0),
        }.items()
    }
    assert held["各月专题研究会议（次）"]["专题研究会议"] == [
        (f"{month}月", {5: 1, 6: 2, 7: 1, 10: 1}.get(month, 0)) for month in range(1, 13)
    ]
    assert held["历月措施进度（条）"] == {
        "措施": [("2022-10", 9)],
        "已完成": [("2022-10", 4)],
        "逾期": [("2022-10", 3)],
    }
    ((_, types),) = held["问题类型分布（个，可多选）"].items()
    assert sorted(count for _, count in types) == [0] * (len(types) - 6) + [1, 1, 1, 1, 2, 3]
    assert len(held) == 4


def test_a_chart_of_many_villages_shows_the_first():
    count = MOST_BARS + 1
    texts = [UPPER.replace("'0203", f"'03{at:02d}") for at in range(count)]
    books = [called(book(text, "0203"), f"{at:02d}.xlsx") for at, text in enumerate(texts)]
    given = rolled(books)
    assert given.villages == count
    (shown,) = (
        series for title, series in charts(build_rollup(given)).items() if "前 30 个村" in title
    )
    assert {len(points) for points in shown.values()} == {MOST_BARS}


def test_without_a_roster_nothing_says_that_all_came_in():
    assert opened(nothing())["总览"]["A3"].value == "没有提供村名册，无法清点未回传的村。"


def test_nothing_at_all_still_makes_a_book():
    sheets = opened(nothing(), values=True)
    assert "各村均未登记问题和措施" in "".join(map(str, texts(sheets["总览"])))
    assert said(sheets["问题台账"]["A2"]).endswith("本期没有记录。")
    assert sheets["总览"]._charts == []  # noqa: SLF001 -- openpyxl has no other way to ask


def titles(given):
    """Return how the titles of a rollup's charts begin."""
    with zipfile.ZipFile(BytesIO(build_rollup(given))) as package:
        parts = [n for n in package.namelist() if n.startswith("xl/charts/chart")]
        found = [re.search(r"<a:t>(.{4})", package.read(part).decode()) for part in parts]
    return {each[1] for each in found if each}


def test_from_two_months_on_a_line_shows_how_the_rate_has_changed():
    assert "历月完成率" not in charts(build_rollup(made()))
    ((_, points),) = charts(build_rollup(continued()))["历月完成率"].items()
    # of eight measures that end some day, five were done in September and four in October
    assert points == [("2022-09", 0.625), ("2022-10", 0.5)]


def test_what_there_is_none_of_has_no_chart():
    problems = rolled([book(UPPER.split("# 整改措施", maxsplit=1)[0], "0203")])
    measures = rolled([book("# 整改措施" + UPPER.split("# 整改措施")[1], "0203")])
    assert [titles(problems), titles(measures)] == [
        {"问题类型"},
        {"各村措施", "各月专题", "历月措施"},
    ]


def test_the_definitions_stand_on_the_first_page():
    given = made(month_before=MonthBefore("当月末"))
    assert len(given.notes) == len(rollup.DEFINITIONS) + 1
    assert set(given.notes) <= set(texts(opened(given)["总览"]))


def test_copies_too_many_are_said_in_red_before_all_figures():
    sheet = opened(doubled())["总览"]
    assert sheet["A3"].value.startswith("内容相同的工作簿有 1 份多余的")
    assert sheet["A4"].value.startswith("未汇总 2 个村——下河村：有 2 份内容不同的工作簿（")
    assert [sheet[place].font.color.rgb for place in ("A3", "A4")] == ["FFC00000"] * 2


def test_without_a_roster_the_card_shows_how_many_villages_came_in():
    sheet = opened(rolled(three_books()), values=True)["总览"]
    row = next(c.row for line in sheet.iter_rows() for c in line if c.value == "名册内村数")
    shown = [cell.value for cell in sheet[row + 1] if cell.value is not None]
    assert shown[:3] == ["—", 3, 0]


def test_the_townships_findings_end_the_wall_list():
    sheet = opened(made(), values=True)["整顿对象一览"]
    assert [sheet.cell(line, 3).value for line in (7, 8)] == ["石门村", "（镇级工作簿）"]


def test_another_reader_sees_the_same_ledger():
    given = made()
    sheet = CalamineWorkbook.from_filelike(BytesIO(build_rollup(given))).get_sheet_by_name(
        "措施台账"
    )
    *_, last = sheet.to_python(skip_empty_area=False)
    kept = [
        value if value is not None else "" for value in given.tables[ledgers.MeasureLedger].rows[-1]
    ]
    assert last == kept
    assert dt.date(2022, 7, 31) in last
    assert FILES["0203"] in last


@pytest.mark.parametrize("given", [made, nothing])
def test_the_file_breaks_no_rule_of_its_format(given, tmp_path):
    path = tmp_path / "汇总.xlsx"
    path.write_bytes(build_rollup(given()))
    assert tool("ooxml_validate").Validator().check(path) == []
