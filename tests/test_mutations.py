"""What people and programs do to a workbook, one test a kind, and what must come of it.

The base is a valid village workbook with thirty measures. Whatever is done to it, no row is lost,
and what is read otherwise than it stands is said at its cell.
"""

import copy
import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import crafted
import pytest
from crafted import Paint, cells_of

from toolkit import flow
from toolkit.cells import Raw, a1, place
from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.findings import Finding
from toolkit.forms import village
from toolkit.inbox import open_inbox
from toolkit.schema.columns import Row
from toolkit.schema.form import Identity
from toolkit.schema.workbook import Workbook

NAME = "0205-柳湾村-2022.xlsx"
AS_OF = dt.date(2022, 10, 31)
IDENTITY = Identity(village.FORM.id, village.FORM.version, "0205", "2022")
MEASURES = village.Measure.sheet
HEAD, FIRST, LAST = 2, 3, 32  # lines of the sheet 整改措施, counted from 0
ROWS = range(FIRST, LAST + 1)

Grids = dict[str, list[list[Any]]]


# -- the base, and what is done to it


@cache
def _base() -> Grids:
    """The cells of a village workbook with thirty measures, nothing wrong with any."""
    example = next(book for book in example_township().villages if book.file_name == NAME)
    measures = [dict(each) for each in example.filling[village.Measure]]
    measures += [
        {**measures[0], "number": f"P01-M{n:02}", "text": f"{measures[0]['text']}，第 {n} 步"}
        for n in range(5, 25)
    ]
    filling = {**example.filling, village.Measure: measures}
    grids = cells_of(build_workbook(village.FORM, IDENTITY, filling))
    grids[MEASURES] = grids[MEASURES][: LAST + 1]
    return grids


def base() -> Grids:
    return copy.deepcopy(_base())


def saved(
    grids: Mapping[str, list[list[Any]]],
    paint: Paint | None = None,
    options: Mapping[str, Any] | None = None,
) -> bytes:
    """The bytes of a workbook of those cells; `paint` does to 整改措施 what cells cannot show."""
    return crafted.saved(grids, IDENTITY, (MEASURES, paint), options)


def patched(data: bytes, part: str, old: str, new: str) -> bytes:
    """The same workbook with a stretch of XML replaced in one of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w") as target:
        for info in source.infolist():
            text = source.read(info)
            if info.filename == part:
                assert text.count(old.encode()) == 1, old
                text = text.replace(old.encode(), new.encode())
            target.writestr(info, text)
    return file.getvalue()


# -- what came of it


@dataclass(frozen=True)
class Outcome:
    book: Workbook
    findings: tuple[Finding, ...]

    def said(self, sheet: str, cell: str = "") -> list[str]:
        """What is said at a cell, or of a sheet as a whole, with the rule that says it."""
        return [
            f"{each.rule} {each.message}"
            for each in self.findings
            if each.sheet == sheet and (cell in each.cells if cell else not each.cells)
        ]


@pytest.fixture
def check(tmp_path):
    def checked(data: bytes) -> Outcome:
        path = tmp_path / NAME
        path.write_bytes(data)
        (book,) = open_inbox([path]).villages
        return Outcome(book, flow.check([path], AS_OF).findings)

    return checked


def records(book: Workbook, row: type[Row] = village.Measure) -> list[dict[str, object]]:
    return [{c.header: f.value for c, f in each.filled()} for each in book.rows(row)]


@pytest.fixture
def said(check):
    """What the measures of the untouched base say."""
    outcome = check(saved(base()))
    assert outcome.findings == ()
    assert len(outcome.book.rows(village.Measure)) == 30
    return records(outcome.book)


def column_of(row: type[Row], header: str) -> int:
    return [column.header for column in row.columns].index(header)


AT = {column.header: at for at, column in enumerate(village.Measure.columns)}


def strays(book: Workbook) -> dict[str, str]:
    return {spot.cell: spot.text for spot in book.strays}


# -- layout


def test_header_spaces(check, said):
    grids = base()
    grids[MEASURES][HEAD][AT["责任人"]] = "责 任人 "
    grids[MEASURES][HEAD][AT["完成时限"]] = "完成\n时限"
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    assert outcome.said(MEASURES, a1(3, AT["责任人"] + 1)) == ["L103 表头按“责任人”读取"]
    assert outcome.said(MEASURES, a1(3, AT["完成时限"] + 1)) == ["L103 表头按“完成时限”读取"]


def test_columns_swapped(check, said):
    grids = base()
    one, other = AT["责任领导"], AT["办理状态"]
    for line in grids[MEASURES][HEAD:]:
        line[one], line[other] = line[other], line[one]
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    assert outcome.said(MEASURES) == ["L103 栏目的先后与发放时不同，按栏目名称读取"]


def test_missing_column(check, said):
    grids = base()
    for line in grids[MEASURES][HEAD:]:
        del line[AT["完成时限"]]
    outcome = check(saved(grids))
    for record in said:
        del record["完成时限"]
    assert records(outcome.book) == said
    assert "L102 缺少“完成时限”这一栏" in outcome.said(MEASURES)


def test_data_offset_col_B(check, said):  # noqa: N802 -- named as the table names it
    grids = base()
    grids[MEASURES] = [["", *line] for line in grids[MEASURES]]
    outcome = check(saved(grids))
    assert (records(outcome.book), outcome.findings) == (said, ())
    assert outcome.book.rows(village.Measure)[0].cell(village.Measure.number).a1 == "B4"


def test_header_20_rows_down(check, said):
    grids = base()
    grids[MEASURES] = [[""] for _ in range(20)] + grids[MEASURES]
    outcome = check(saved(grids))
    assert (records(outcome.book), outcome.findings) == (said, ())
    assert outcome.book.rows(village.Measure)[29].cell(village.Measure.number).a1 == "A53"


def funded() -> tuple[Grids, int]:
    """The base with ten thousand yuan planned for each measure, and the column of it."""
    grids, at = base(), AT["计划资金"]
    for number in ROWS:
        grids[MEASURES][number][at] = 1.0
    return grids, at


@pytest.mark.parametrize(("word", "stated"), [("小计", 10.0), ("合计", 10.0)])
def test_subtotal_rows_inside_that_agree(check, word, stated):
    grids, at = funded()
    line: list[Raw] = [""] * len(AT)
    line[0], line[at] = word, stated
    grids[MEASURES].insert(FIRST + 10, line)
    outcome = check(saved(grids))
    assert len(records(outcome.book)) == 30
    note = f"L103 “{word}”一行与上面各行之和相符，不作为记录读取"
    assert outcome.said(MEASURES, "A14") == outcome.said(MEASURES, a1(14, at + 1)) == [note]
    assert outcome.book.strays == ()


def test_subtotal_rows_inside_that_disagree(check):
    grids, at = funded()
    for number, word, stated in ((10, "小计", 10.0), (21, "小计", 9.0), (32, "合计", 31.0)):
        line: list[Raw] = [""] * len(AT)
        line[0], line[at] = word, stated
        grids[MEASURES].insert(FIRST + number, line)
    outcome = check(saved(grids))
    assert len(records(outcome.book)) == 30
    assert outcome.said(MEASURES, a1(14, at + 1))[0].startswith("L103")
    assert outcome.said(MEASURES, a1(25, at + 1)) == ["L104 “小计”写的是 9，上面各行之和是 10"]
    assert outcome.said(MEASURES, a1(36, at + 1)) == ["L104 “合计”写的是 31，上面各行之和是 30"]
    assert outcome.said(MEASURES, "A36") == ["L104 “合计”一行不作为记录读取"]


def test_hidden_row_and_hidden_column(check, said):
    def paint(_, sheet):
        sheet.set_row(FIRST + 1, None, None, {"hidden": True})
        sheet.set_column(AT["责任人"], AT["责任人"], None, None, {"hidden": True})

    outcome = check(saved(base(), paint))
    assert records(outcome.book) == said
    hidden = [line for each in outcome.findings for line in [f"{each.rule} {each.message}"]]
    assert sorted(line[:4] for line in hidden) == ["L109", "L109"]


def test_stray_cell_XFD1048576(check, said):  # noqa: N802 -- named as the table names it
    def paint(_, sheet):
        sheet.write(1_048_575, 16_383, "远")

    outcome = check(saved(base(), paint))
    assert records(outcome.book) == said
    assert outcome.said(MEASURES, "XFD1048576") == ["L111 离表格太远，没有读取"]


def test_error_NA(check):  # noqa: N802 -- named as the table names it
    def paint(_, sheet):
        sheet.write_formula(FIRST, AT["责任人"], "=NA()", None, "#N/A")

    outcome = check(saved(base(), paint))
    assert len(records(outcome.book)) == 30
    assert outcome.said(MEASURES, a1(FIRST + 1, AT["责任人"] + 1)) == [
        "C205 公式出错，没有可用的内容"
    ]


def test_formula_stale_cache(check):
    def paint(_, sheet):
        sheet.write_formula(FIRST, AT["计划资金"], "=1+1", None, 7)

    outcome = check(saved(base(), paint))
    assert records(outcome.book)[0]["计划资金"] == 7
    assert outcome.said(MEASURES, a1(FIRST + 1, AT["计划资金"] + 1)) == [
        "C208 是公式，按上次保存的结果读取"
    ]


def test_second_sheet_with_data(check, said):
    grids = base()
    grids["整改措施（续）"] = [grids[MEASURES][HEAD], grids[MEASURES][FIRST]]
    grids["台账"] = [["上河村", 3.0]]
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    assert outcome.said("整改措施（续）") == [
        "L105 “整改措施（续）”像是“整改措施”的副本或续表，内容与它不同，没有读取"
    ]
    assert outcome.said("台账") == ["L105 “台账”不是规定的工作表，没有读取"]


@pytest.mark.parametrize("copied", ["整改措施 (2)", "整改措施（2）", "整改措施 - 副本"])
def test_second_sheet_that_is_a_copy(check, said, copied):
    grids = base()
    grids = {copied: copy.deepcopy(grids[MEASURES]), **grids}
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    assert outcome.said(copied) == [f"L105 “{copied}”与“整改措施”内容完全相同，没有读取"]


def test_very_hidden_sheet(check, said):
    grids = base()
    grids["底稿"] = [["上年台账"], ["P01-M01"]]
    data = patched(
        saved(grids),
        "xl/workbook.xml",
        '<sheet name="底稿"',
        '<sheet state="veryHidden" name="底稿"',
    )
    outcome = check(data)
    assert records(outcome.book) == said
    assert outcome.said("底稿") == ["L110 “底稿”被深度隐藏，不是规定的工作表，没有读取"]


def test_vertical_merge_in_data(check):
    spanned = {
        "责任人": "按“{}”理解",
        "完成时限": "按“2022-06-30 前”理解",
        "问题编号": "按“{}”理解",
    }
    full, grids = base(), base()
    first = {header: full[MEASURES][4][AT[header]] for header in spanned}
    first["完成时限"] = "2022年6月底前"
    for number in (4, 5, 6):
        for header, content in first.items():
            full[MEASURES][number][AT[header]] = content
            grids[MEASURES][number][AT[header]] = content if number == 4 else ""

    def paint(_, sheet):
        for header, content in first.items():
            sheet.merge_range(4, AT[header], 6, AT[header], content)

    outcome = check(saved(grids, paint))
    assert records(outcome.book) == records(check(saved(full)).book)
    for header, note in spanned.items():
        for row in (6, 7):
            told = f"C203 合并单元格，{note.format(first[header])}"
            assert outcome.said(MEASURES, a1(row, AT[header] + 1)) == [told]


def test_two_tables_side_by_side(check, said):
    grids = base()
    for number, line in enumerate(grids[MEASURES]):
        line += ["", *(line if number >= HEAD else [])]
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    right = range(len(AT) + 1, 2 * len(AT) + 1)
    shown = {
        a1(number + 1, at + 1)
        for number in range(HEAD, LAST + 1)
        for at in right
        if grids[MEASURES][number][at] != ""
    }
    assert set(strays(outcome.book)) == shown
    assert outcome.said(MEASURES, a1(4, right[0] + 1)) == ["L104 右侧还有一张表，没有读取"]


def test_protected_sheet(check, said):
    def paint(_, sheet):
        sheet.protect("secret")

    outcome = check(saved(base(), paint))
    assert (records(outcome.book), outcome.findings) == (said, ())


@pytest.mark.parametrize("title", ["整改措施表", "整改措施 ", "1.整改措施", "整改措失", "Sheet1"])
def test_renamed_sheet(check, said, title):
    grids = {title if each == MEASURES else each: lines for each, lines in base().items()}
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    assert outcome.said(title) == ["L103 工作表按“整改措施”读取"]
    assert outcome.book.extra_sheets == ()


def test_two_line_headers(check, said):
    grids = base()
    upper, three = list(grids[MEASURES][HEAD]), ("责任领导", "责任人", "责任单位")
    lower: list[Raw] = [""] * len(AT)
    for header in three:
        lower[AT[header]], upper[AT[header]] = grids[MEASURES][HEAD][AT[header]], ""
    upper[AT["责任领导"]] = "责任落实"
    grids[MEASURES][HEAD : HEAD + 1] = [upper, lower]
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    cell = a1(3, AT["责任领导"] + 1)
    assert outcome.said(MEASURES, cell) == ["L103 两行表头，“责任落实”是几栏共同的标题"]
    assert outcome.book.strays == ()


def test_header_with_unit_mark_and_colon(check, said):
    grids = base()
    for header, label in {
        "计划资金": "计划资金（万元）",
        "责任人": "★责任人：",
        "进度": "进度(%)",
    }.items():
        grids[MEASURES][HEAD][AT[header]] = label
        grids[MEASURES][FIRST][AT["计划资金"]] = 12.5
    said[0]["计划资金"] = Decimal("12.5")
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    assert outcome.said(MEASURES, a1(3, AT["责任人"] + 1)) == ["L103 表头按“责任人”读取"]


def test_header_with_another_unit(check):
    grids, at = funded()
    grids[MEASURES][HEAD][at] = "计划资金（元）"
    grids[MEASURES][FIRST][at] = 125000.0
    outcome = check(saved(grids))
    assert records(outcome.book)[0]["计划资金"] == Decimal("12.5")
    said_of_it = "L103 表头按“计划资金”读取，数字由“元”换算成“万元”"
    assert outcome.said(MEASURES, a1(3, at + 1)) == [said_of_it]
    assert outcome.said(MEASURES, a1(4, at + 1)) == ["C203 按 12.5 万元理解"]


def test_header_given_twice(check, said):
    grids = base()
    for line in grids[MEASURES][HEAD:]:
        line.append(line[AT["责任人"]])
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    letter = a1(1, AT["责任人"] + 1)[:-1]
    message = f"L104 “责任人”栏不止一列，只读取了 {letter} 列"
    assert outcome.said(MEASURES, a1(4, len(AT) + 1)) == [message]
    assert len(outcome.book.strays) == 31


def test_header_repeated_and_text_below(check, said):
    grids = base()
    grids[MEASURES].insert(FIRST + 15, list(grids[MEASURES][HEAD]))
    grids[MEASURES] += [[], ["填表人：李明"], [""] * 30 + ["此表一式两份"]]
    outcome = check(saved(grids))
    assert records(outcome.book) == said
    assert outcome.said(MEASURES, "A19") == ["L103 重复的表头，不作为记录读取"]
    assert strays(outcome.book) == {"A36": "填表人：李明", "AE37": "此表一式两份"}


def test_horizontal_merge_in_data(check, said):
    def paint(_, sheet):
        sheet.merge_range(4, AT["责任领导"], 4, AT["责任人"], "高建平")

    grids = base()
    grids[MEASURES][4][AT["责任领导"]], grids[MEASURES][4][AT["责任人"]] = "高建平", ""
    outcome = check(saved(grids, paint))
    said[1] |= {"责任领导": ("高建平",)}
    del said[1]["责任人"]
    assert records(outcome.book) == said
    note = "C203 与右边的“责任人”合并，只算“责任领导”"
    assert note in outcome.said(MEASURES, a1(5, AT["责任领导"] + 1))
    assert "C201 必填，现在空着" in outcome.said(MEASURES, a1(5, AT["责任人"] + 1))


# -- cells: sheet's row, header, content, what it is read as, what is said there

M, P, W, B = village.Measure, village.Profile, village.Person, village.Problem
DAY = dt.date(2022, 4, 3)
CELLS = {
    "thousands_separator": (P, "总面积", "1,200.50", Decimal("1200.50"), "C203 按 1200.5 理解"),
    "unit_suffix_元": (
        M,
        "计划资金",
        "1200.5元",
        Decimal("0.12005"),
        "C212 按 0.12005 万元理解，请确认",
    ),
    "unit_suffix_亩": (P, "总面积", "8507亩", Decimal(8507), "C203 按 8507 理解"),
    "fullwidth_digits": (P, "总面积", "１２００．５", Decimal("1200.5"), "C203 按 1200.5 理解"),
    "wan_unit": (P, "总人口", "1.2万", 12000, "C212 按 12000 人理解，请确认"),
    "approximate": (P, "总面积", "约8500余亩", Decimal(8500), "C210 按 8500 理解（约数）"),
    "range": (P, "总面积", "8000-9000亩", None, "C202 是一个范围，这一格只能填一个数"),
    "code_zero_width": (M, "措施编号", "\u200bP01-M01\ufeff", "P01-M01", "C203 按 P01-M01 理解"),
    "code_three_digits": (
        M,
        "措施编号",
        "P01-M100",
        None,
        "C202 编号里的数字只能有两位，要写成 P01-M01 的样子",
    ),
    "phone_leading_zero_lost": (
        W,
        "联系电话",
        2887654321.0,
        None,
        "C202 像是座机号，开头的 0 丢了",
    ),
    "two_phones": (
        W,
        "联系电话",
        "13800000000/13900000000",
        None,
        "C202 一格只能填一个电话号码",
    ),
    "scientific_text": (
        W,
        "联系电话",
        "1.38E+10",
        None,
        "C202 存成了科学计数，末几位可能已经丢失",
    ),
    "date_text_dots": (B, "发现日期", "2022.4.3", DAY, "C203 按 2022-04-03 理解"),
    "date_two_digit_year": (B, "发现日期", "22.4.3", DAY, "C203 按 2022-04-03 理解"),
    "date_impossible": (B, "发现日期", "2022-2-30", None, "C202 日历上没有这一天"),
    "date_8_digits": (B, "发现日期", 20220403.0, DAY, "C203 按 2022-04-03 理解"),
    "date_year_month": (B, "发现日期", 2022.2, None, "C202 只写到月，没有写哪一天"),
    "deadline_year_month": (M, "完成时限", "2022.1", None, "C202 分不清是 1 月还是 10 月"),
    "date_with_time": (
        B,
        "发现日期",
        dt.datetime(2022, 4, 3, 23, 59, 59),  # noqa: DTZ001 -- a cell knows no zone
        DAY,
        "C203 只取日期 2022-04-03",
    ),
    "tick_marks": (M, "是否长期坚持", "√", True, "C203 按“是”理解"),
    "formula_injection_text": (M, "措施内容", "=HYPERLINK(1)", "=HYPERLINK(1)", ""),
    "x_escape_literal": (M, "措施内容", "_x0041_", "_x0041_", ""),
    "text_32767": (M, "措施内容", "长" * 32_767, "长" * 32_767, ""),
    "newline_in_name": (W, "姓名或单位", "高建\n平", "高建平", "C203 去掉了换行"),
    "newline_in_names": (M, "责任人", "高\n建平", ("高建平",), "C203 按“高建平”理解"),
    "minority_name_dots": (
        M,
        "责任领导",
        "阿卜杜拉•买买提",
        ("阿卜杜拉·买买提",),
        "C203 按“阿卜杜拉·买买提”理解",
    ),
    "compat_char": (
        M,
        "责任领导",
        "\uf9ba明",
        ("\uf9ba明",),
        "C203 “\uf9ba”是特殊编码的字，看似相同却查不到，请用输入法重新输入",
    ),
    "ditto_mark": (M, "责任领导", "同上", None, "C202 排序后无法判断指哪一行，请写出具体内容"),
    "ditto_mark_of_a_day": (
        B,
        "发现日期",
        "〃",
        None,
        "C202 排序后无法判断指哪一行，请写出具体内容",
    ),
    "float_precision": (M, "计划资金", 1200.4999999999998, Decimal("1200.5"), ""),
    "long_number_as_text": (
        W,
        "职务",
        620123456789012345.0,
        "6.20123456789012e+17",
        "C209 存成了数字，第 15 位以后已经丢失",
    ),
    "percent_fraction": (M, "进度", 0.855, Decimal("0.855"), "C207"),
    "percent_text": (M, "进度", "85.5%", Decimal("85.5"), "C203 按 85.5 理解"),
}


OF_READING = ("C202", "C203", "C207", "C209", "C210", "C212")


@pytest.mark.parametrize("case", CELLS.values(), ids=CELLS)
def test_cell(check, case):
    row, header, raw, value, message = case
    column = row.columns[column_of(row, header)]
    grids, said_before = base(), check(saved(base())).book
    held = said_before.rows(row)[0].cell(column)
    number, at = place(held.a1)
    grids[row.sheet][number - 1][at - 1] = raw
    outcome = check(saved(grids))
    assert [len(outcome.book.rows(each)) for each in village.FORM.rows] == [
        len(said_before.rows(each)) for each in village.FORM.rows
    ]
    assert getattr(outcome.book.rows(row)[0], column.name) == value
    said_there = outcome.said(row.sheet, held.a1)
    reading = [line for line in said_there if line.startswith(OF_READING)]
    assert len(reading) == bool(message)
    assert all(line.startswith(message) for line in reading)


PROBLEMS = "存在问题"
FOUND = column_of(village.Problem, "发现日期")


def found_days(outcome: Outcome) -> list[object]:
    return [each.found for each in outcome.book.rows(village.Problem)]


def test_date_negative_serial(check):
    grids = base()
    grids[PROBLEMS][FIRST][FOUND] = dt.date(2022, 4, 3)
    sheet = f"xl/worksheets/sheet{list(grids).index(PROBLEMS) + 1}.xml"
    data = saved(grids)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.read(sheet).count(b"<v>44654</v>") == 1
    outcome = check(patched(data, sheet, "<v>44654</v>", "<v>-1</v>"))
    cell = a1(FIRST + 1, FOUND + 1)
    assert found_days(outcome)[0] is None
    assert outcome.said(PROBLEMS, cell) == ["C202 读不出日期"]


def test_date_1904_system(check):
    plain = check(saved(base()))
    moved = check(saved(base(), None, {"date_1904": True}))
    assert found_days(moved) == found_days(plain)
    assert records(moved.book) == records(plain.book)
    assert None not in found_days(plain)


@pytest.mark.parametrize(
    ("number", "number_format", "value", "message"),
    [
        (0.855, "0%", Decimal("85.5"), "C203 按 85.5 理解"),
        (0.855, '[Red]0.0"％" %', Decimal("85.5"), "C203 按 85.5 理解"),
        (35, "0.00%", None, "C202 数字不能大于 100"),  # shows 3500%
        (0.855, '0.000"%"', Decimal("0.855"), "C207 按 0.855% 读取，可能是把 85.5% 填成了小数"),
        (85.5, "0.0", Decimal("85.5"), ""),
    ],
)
def test_percent_under_a_format(check, number, number_format, value, message):
    def paint(book, sheet):
        look = book.add_format({"num_format": number_format})
        sheet.write_number(FIRST, AT["进度"], number, look)

    outcome = check(saved(base(), paint))
    assert outcome.book.rows(village.Measure)[0].progress == value
    told = outcome.said(MEASURES, a1(FIRST + 1, AT["进度"] + 1))
    assert [each for each in told if each.startswith("C2")] == ([message] if message else [])


def test_number_overflow(check):
    grids = base()
    grids[MEASURES][FIRST][AT["计划资金"]] = 7654321
    sheet = f"xl/worksheets/sheet{list(grids).index(MEASURES) + 1}.xml"
    outcome = check(patched(saved(grids), sheet, "<v>7654321</v>", "<v>1e400</v>"))
    assert outcome.said(MEASURES, a1(4, AT["计划资金"] + 1)) == ["C202 数字超出范围"]


def test_rich_text(check, said):
    def paint(book, sheet):
        bold = book.add_format({"bold": True})
        sheet.write_rich_string(FIRST, AT["措施内容"], "修建", bold, "灌溉", "渠")

    said[0]["措施内容"] = "修建灌溉渠"
    assert records(check(saved(base(), paint)).book) == said


def test_inline_string(check, said):
    outcome = check(saved(base(), None, {"constant_memory": True}))
    assert records(outcome.book) == said


STRINGS = "xl/sharedStrings.xml"


def with_text(xml: str) -> bytes:
    """The base with that XML as the content of the first measure."""
    grids = base()
    grids[MEASURES][FIRST][AT["措施内容"]] = "甲乙丙丁"
    return patched(saved(grids), STRINGS, "<si><t>甲乙丙丁</t></si>", f"<si>{xml}</si>")


@pytest.mark.parametrize(
    ("xml", "text", "message"),
    [
        ('<t>王志远</t><rPh sb="0" eb="1"><t>wang</t></rPh>', "王志远", ""),  # phonetic_runs
        ("<t>修渠_x000D_\n建池</t>", "修渠\n建池", ""),
        ("<t>修渠_xD83D_</t>", "修渠\ufffd", "C203 有损坏的字符，用“\ufffd”代替"),
        ('<t xml:space="preserve"> 修渠\u00a0\u200b</t>', "修渠", "C203 去掉了看不见的字符"),
    ],
    ids=["phonetic_runs", "carriage_return", "lone_surrogate_escape", "odd_blanks"],
)
def test_text_as_the_file_spells_it(check, xml, text, message):
    outcome = check(with_text(xml))
    cell = a1(FIRST + 1, AT["措施内容"] + 1)
    assert outcome.book.rows(village.Measure)[0].text == text
    assert outcome.said(MEASURES, cell) == ([message] if message else [])


def test_hyperlink_on_blank(check, said):
    def paint(_, sheet):
        sheet.write_url(FIRST, AT["佐证材料"], "https://example.org", None, "")

    grids = base()
    grids[MEASURES][FIRST][AT["佐证材料"]] = ""
    said[0].pop("佐证材料", None)
    assert records(check(saved(grids, paint)).book) == said


@pytest.mark.parametrize("number_format", [14, *range(27, 37), *range(50, 59)])
def test_date_in_a_chinese_built_in_format(check, number_format):
    grids = base()
    grids[PROBLEMS][FIRST][FOUND] = DAY
    data = saved(grids)
    styles = '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
    data = patched(data, "xl/styles.xml", styles, "")
    data = patched(data, "xl/styles.xml", '<xf numFmtId="164" ', f'<xf numFmtId="{number_format}" ')
    assert found_days(check(data))[0] == DAY


def test_code_mismatch(check):
    grids = base()
    grids[MEASURES][FIRST][AT["措施编号"]] = "P02-M40"
    outcome = check(saved(grids))
    assert len(records(outcome.book)) == 30
    assert any(line.startswith("X4") for line in outcome.said(MEASURES, "A4"))


def test_code_short(check):
    grids = base()
    outcome = check(saved(_with_code(grids, 205.0)))
    message = "C203 按 205 理解；存成了数字，前面的 0 可能丢了"
    assert message in outcome.said("基本情况", "B6")


def _with_code(grids: Grids, code: Raw) -> Grids:
    for line in grids["基本情况"]:
        if line and str(line[0]).startswith("村代码"):
            line[1] = code
    return grids
