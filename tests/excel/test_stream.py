"""Rows set into their sheets while the workbook is packed, as the pen itself would write them."""

import datetime as dt
import subprocess
import zipfile
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paths import office
from python_calamine import CalamineWorkbook

from toolkit.errors import ToolkitError
from toolkit.excel.links import link_to
from toolkit.excel.sheets import Formula, Range, new_book
from toolkit.excel.stream import Line, Looks, Stretch, finished, put

TITLE = "措施台账"
TIP = '打开"原文件"的这一行'
WAYS = (
    "村级工作簿/上河村 #1.xlsx",
    "../下河村.xlsx",
    "./100%.xlsx",
    "D:/村/石桥村.xlsx",
    "//省/村.xlsx",
)
HEADER, LEFT = 3, 2
MORNING = dt.datetime(2022, 9, 30, 8, 30)  # noqa: DTZ001 -- a cell has no zone
FIRST_MORNING = dt.datetime(1900, 1, 2, 6)  # noqa: DTZ001 -- as above

ROWS = [
    ("上河村", 3, 0.125, dt.date(2022, 9, 30), None),
    ("", -7, 1e15, MORNING, True),
    ("一\n二 ", 0, 2 / 3, dt.time(8, 30), dt.timedelta(hours=30)),
    (" <a & b>", 12, 1.0, dt.date(1900, 1, 1), dt.date(1899, 12, 31)),
    ("_x000D_是字", 10**14, 5.5, dt.date(1900, 3, 1), FIRST_MORNING),
    ('=HYPERLINK("x")', 1, 0.1 + 0.2, "2022年9月", "\x07铃\r\n声\ud800"),
    ("上河村", 3, 0.5, Formula("=$B9<9", "—"), Formula('=IF(B9<9,"是","否")', "是")),
    ("末行", 3, 0.5, Formula("=B10/3", 1.0), Formula("=B10&C10", "")),
]
HEIGHTS = [18.5, 15, 34, 409, 20, 20.25, 48, 18.5]
LINKED = {0: WAYS[0], 2: WAYS[0], 3: WAYS[1], 4: WAYS[4], 5: WAYS[2], 6: WAYS[3]}


def looks(book):
    """The columns' looks, two sorts of rows by turns."""
    return [
        [
            Looks(
                book.style("text", num_format=shape, align=align),
                book.style("text", num_format="0.0%", align=align),
            )
            for shape in ("@", "@", "@", 'yyyy"-"mm"-"dd', 'yyyy"-"mm"-"dd')
        ]
        for align in ("left", "center")
    ]


def frame(rows):
    """A workbook with all but the rows: another sheet, a header, totals and colours, a chart."""
    book = new_book()
    book.page("总览").put(1, 1, "上河村", book.style("title"))
    page = book.page(TITLE)
    page.band(1, TITLE, 6, "title", 30)
    last = HEADER + len(rows)
    for column in range(LEFT, LEFT + 5):
        page.put(HEADER, column, f"栏{column}", book.style("header"))
    page.put(last + 1, LEFT, "合计", book.style("total"))
    page.put(last + 1, LEFT + 1, Formula(f"=SUM(C4:C{last})", 7), book.style("total"))
    rule = {"type": "cell", "criteria": ">", "value": 9}
    page.colour(Range(3, HEADER + 1, last), rule, "late")
    page.sheet.autofilter(HEADER - 1, LEFT - 1, last - 1, LEFT + 3)
    chart = book.file.add_chart({"type": "bar"})
    chart.add_series({"values": f"='{TITLE}'!$C$4:$C${last}"})
    page.sheet.insert_chart("J3", chart)
    page.set_print(landscape=True)
    return book, page


def link(at, row):
    """The link of a row, for one of them to a file and to no place in it."""
    return link_to(LINKED[at], "" if at == 3 else f"'整改措施'!A{row}") if at in LINKED else ""


def made(rows, heights):
    book, page = frame(rows)
    lines = (
        Line(row, height, at % 2, link(at, at + 7))
        for at, (row, height) in enumerate(zip(rows, heights, strict=True))
    )
    return book, Stretch(page, HEADER, LEFT, len(rows), looks(book), lines, LEFT + 1, TIP)


def streamed(rows=ROWS, heights=HEIGHTS):
    book, stretch = made(rows, heights)
    return finished(book, [stretch])


def by_pen(rows=ROWS, heights=HEIGHTS):
    """The same workbook, each cell written by the pen."""
    book, stretch = made(rows, heights)
    put(stretch)
    return book.finished()


def cells(data, *, values=False):
    """All that openpyxl sees of the sheet's cells."""
    sheet = openpyxl.load_workbook(BytesIO(data), data_only=values)[TITLE]
    return {
        cell.coordinate: (
            cell.value,
            cell.data_type,
            cell.number_format,
            cell.alignment.horizontal,
            cell.font.b,
            cell.border.left.style,
            cell.hyperlink
            and (cell.hyperlink.target, cell.hyperlink.location, cell.hyperlink.tooltip),
        )
        for line in sheet.iter_rows()
        for cell in line
    }


def sheet_of(data):
    return openpyxl.load_workbook(BytesIO(data))[TITLE]


def test_each_cell_is_what_the_pen_would_have_written():
    assert cells(streamed()) == cells(by_pen())
    assert cells(streamed(), values=True) == cells(by_pen(), values=True)
    assert len(cells(streamed())) == 12 * 6


def test_calamine_reads_the_same_as_well():
    ours, theirs = (
        CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name(TITLE).to_python()
        for data in (streamed(), by_pen())
    )
    assert ours == theirs
    assert ours[3][1:5] == ["上河村", 3.0, 0.125, dt.date(2022, 9, 30)]


def test_rows_are_as_high_as_the_pen_would_have_made_them():
    ours, theirs = (
        {row: each.height for row, each in sheet_of(data).row_dimensions.items()}
        for data in (streamed(), by_pen())
    )
    assert ours == theirs
    assert (ours[4], ours[7]) == (18.75, 408.75)


def test_what_frames_the_rows_stays():
    ours, theirs = sheet_of(streamed()), sheet_of(by_pen())
    assert ours.dimensions == theirs.dimensions == "A1:F12"
    assert ours.auto_filter.ref == theirs.auto_filter.ref == "B3:F11"
    assert [str(each.sqref) for each in ours.conditional_formatting] == ["C4:C11"]
    assert ours.print_options.horizontalCentered
    assert len(ours._charts) == len(theirs._charts) == 1  # noqa: SLF001 -- openpyxl tells nowhere else


def test_links_lead_where_the_pen_leads():
    sheet = sheet_of(streamed())
    assert {
        cell.coordinate: (cell.hyperlink.target, cell.hyperlink.location)
        for (cell,) in sheet["C4:C11"]
        if cell.hyperlink
    } == {
        "C4": ("村级工作簿\\上河村%20%231.xlsx", "'整改措施'!A7"),
        "C6": ("村级工作簿\\上河村%20%231.xlsx", "'整改措施'!A9"),
        "C7": ("..\\下河村.xlsx", None),
        "C8": ("file:///\\\\省\\村.xlsx", "'整改措施'!A11"),
        "C9": ("100%25.xlsx", "'整改措施'!A12"),
        "C10": ("file:///D:\\村\\石桥村.xlsx", "'整改措施'!A13"),
    }


def test_a_file_that_many_rows_lead_to_is_named_once():
    with zipfile.ZipFile(BytesIO(streamed())) as package:
        relations = package.read("xl/worksheets/_rels/sheet2.xml.rels").decode()
    assert relations.count('Type="http') == 1 + 5  # the chart's, and one for each file


def test_tables_one_below_the_other_stand_each_below_its_header():
    book = new_book()
    page = book.page(TITLE)
    style = book.style("text")
    stretches = []
    for header, names in ((8, "丙丁"), (2, "甲乙")):
        page.put(header, 1, f"表{header}", book.style("header"))
        lines = [Line((name,), 20) for name in names]
        stretches.append(Stretch(page, header, 1, 2, [[Looks(style, style)]], lines))
    page.put(5, 1, "合计", style)
    data = finished(book, stretches)
    values = [cell.value for (cell,) in sheet_of(data).iter_rows()]
    assert values == [None, "表2", "甲", "乙", "合计", None, None, "表8", "丙", "丁"]


def test_a_workbook_without_rows_to_set_in_is_packed_as_it_is():
    book = new_book()
    book.page(TITLE).put(1, 1, "甲", book.style("text"))
    assert sheet_of(finished(book, []))["A1"].value == "甲"


def test_equal_rows_give_equal_bytes():
    assert streamed() == streamed()


def test_lines_are_asked_for_only_while_they_are_packed():
    book, page = frame(ROWS)
    asked = []

    def lines():
        for row, height in zip(ROWS, HEIGHTS, strict=True):
            asked.append(row)
            yield Line(row, height)

    stretch = Stretch(page, HEADER, LEFT, len(ROWS), looks(book), lines())
    assert asked == []
    finished(book, [stretch])
    assert asked == ROWS


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=6))
def test_any_text_comes_back_as_the_pen_would_have_written_it(texts):
    rows = [(text, 1, 2.0, text, text[::-1]) for text in texts]
    heights = [20.0] * len(rows)
    ours, theirs = (
        CalamineWorkbook.from_filelike(BytesIO(make(rows, heights)))
        .get_sheet_by_name(TITLE)
        .to_python()
        for make in (streamed, by_pen)
    )
    assert ours == theirs


def test_a_text_too_long_for_a_cell_is_refused_with_its_place():
    rows = [("长" * 32_768, 1, 1, None, None)]
    with pytest.raises(ToolkitError, match="“措施台账!B4”的文字有 32768 个字"):
        streamed(rows, [20])


@pytest.mark.office
def test_libreoffice_reads_what_stands_there(tmp_path):
    soffice = office()
    book = tmp_path / "台账.xlsx"
    book.write_bytes(streamed())
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += [
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2",
    ]
    subprocess.run(
        [*command, "--outdir", tmp_path, book], check=True, capture_output=True, timeout=120
    )
    (made,) = tmp_path.glob("*.csv")
    text = made.read_text(encoding="utf-8")
    assert text.splitlines()[3].startswith(",上河村,300%,12.5%,2022-09-30")
    assert " <a & b>" in text
