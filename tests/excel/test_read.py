"""A filled workbook read against its form: what is found, where, and what has no place in it."""

import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from crafted import replaced
from drawn import NAME, drawn, drawn_grids
from forms_0_9 import FILLING_0_9, FORM_0_9, IDENTITY_0_9
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.cells import Raw, a1, place
from toolkit.demo import ExampleBook, example_township
from toolkit.errors import UnreadableError
from toolkit.excel.blank import build_workbook
from toolkit.excel.headers import find_header
from toolkit.excel.marks.mark import marked
from toolkit.excel.opened import open_bytes, open_workbook, read_bytes, read_workbook
from toolkit.excel.read import understand
from toolkit.findings import Finding, Level
from toolkit.forms import township, village
from toolkit.schema.columns import Column, Row
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.form import FORM_PROPERTY, MARKS_TITLE, VERTICAL_HEADERS, Form, Identity
from toolkit.schema.kinds import Number, Text
from toolkit.schema.workbook import FileFacts, Workbook

FORMS = (village.FORM, township.FORM)
THIS_VERSION = Identity(village.FORM.id, village.FORM.version, "0203", "2022")
Grids = Mapping[str, Sequence[Sequence[Raw]]]


def book_of(grids: Grids, identity: Identity = THIS_VERSION, **more: Any) -> Workbook:
    return understand(grids, village.FORM, identity, path=NAME, **more)


def data_of_version(data: bytes, version: str) -> bytes:
    """The workbook with another version in its mark."""
    part = "docProps/custom.xml"
    have = f"{village.FORM.id}/{village.FORM.version}/"
    return replaced(part, have, f"{village.FORM.id}/{version}/", data)


def spots(found) -> list[str]:
    return [f"{spot.sheet}!{spot.cell} {spot.text}" for spot in found]


def records(book: Workbook, row: type[Row]) -> list[dict[str, object]]:
    """What each record says, by header, blanks left out."""
    return [{c.header: f.value for c, f in each.filled()} for each in book.rows(row)]


def addresses(book: Workbook, row: type[Row]) -> list[dict[str, str]]:
    return [{c.header: each.cell(c).a1 for c, _ in each.filled()} for each in book.rows(row)]


MEASURES = """
# 整改措施
| 措施编号 | 问题编号 | 措施内容     | 责任人 | 完成时限       | 计划资金 |
| P01-M01  | P01      | 入股合作社   | 王志远 | 2022年10月底前 | 50       |
| P02-M01  | P02      | 每月公开账目 | 李明   | 2022年6月底前  |          |
| P01-M02  | P01      | 修建灌溉渠   | 王志远 | 2022年9月底前  | 12.5万元 |
"""
TABLE = drawn_grids(MEASURES)["整改措施"]
SAID = records(drawn(MEASURES), village.Measure)


# -- tables


def test_each_row_is_a_record_and_each_cell_knows_its_address():
    book = drawn(MEASURES)
    first, second, third = book.rows(village.Measure)
    assert (first.number, first.text, first.owner) == ("P01-M01", "入股合作社", ("王志远",))
    assert third.cell(village.Measure.funds).a1 == "F4"
    assert third.field(village.Measure.funds).raw == "12.5万元"
    assert third.field(village.Measure.funds).note == "按 12.5 理解"
    assert second.field(village.Measure.funds).empty
    assert second.cell(village.Measure.funds).a1 == "F3"
    assert (book.strays, book.notes) == ((), ())


def test_a_missing_column_is_named_and_its_cells_are_absent():
    book = drawn(MEASURES)
    sheet = book.sheet(village.Measure)
    assert [column.header for column in sheet.missing] == [
        column.header
        for column in village.Measure.columns
        if column.header
        not in ("措施编号", "问题编号", "措施内容", "责任人", "完成时限", "计划资金")
    ]
    assert not book.has(village.Measure.status, village.Measure)
    assert book.has(village.Measure.funds, village.Measure)
    first = book.rows(village.Measure)[0]
    assert first.status is None
    assert first.cell(village.Measure.status).a1 == "A2"  # the row's own first cell


def test_a_missing_sheet_is_not_among_the_sheets():
    book = drawn(MEASURES)
    assert list(book.sheets) == [village.Measure]
    assert book.sheet(village.Problem) is None
    assert book.rows(village.Problem) == ()
    assert not book.has(village.Problem.number, village.Problem)


@pytest.mark.parametrize("label", ["整改时限", "完成时间", "时限", "整 改\n时 限 *"])
def test_an_alias_is_taken_for_the_header_and_said(label):
    book = drawn(MEASURES.replace("完成时限", label.replace("\n", "")))
    assert records(book, village.Measure) == SAID
    assert spots(book.notes) == ["整改措施!E1 表头按“完成时限”读取"]


@pytest.mark.parametrize("label", ["完成时限", "完成时限 *", "*完成时限", "完成时限＊"])
def test_a_header_marked_as_required_is_the_same_header(label):
    book = drawn(MEASURES.replace("完成时限", label))
    assert records(book, village.Measure) == SAID
    assert book.notes == ()


@pytest.mark.parametrize(
    "label",
    [
        "完 成 时 限",
        "完成\u3000时限＊",
        "完成\n时限",
        "完成时限：",
        "完成时限（年月日）",
        "★完成时限",
        "5.完成时限",
        "（五）完成时限【必填】",
        "整改时限：",
    ],
)
def test_a_header_with_something_round_its_words_is_taken_for_it_and_said(label):
    table = [[label if raw == "完成时限" else raw for raw in line] for line in TABLE]
    book = book_of({"整改措施": table})
    assert records(book, village.Measure) == SAID
    assert spots(book.notes) == ["整改措施!E1 表头按“完成时限”读取"]


def test_headers_are_found_though_every_one_of_them_has_something_round_it():
    table = [[f"{raw}：" for raw in TABLE[0]], *TABLE[1:]]
    book = book_of({"整改措施": [["整改措施"], *table]})
    assert records(book, village.Measure) == SAID
    assert len(book.notes) == 6


def test_a_header_that_names_another_unit_makes_numbers_of_that_unit():
    book = drawn("""
        # 整改措施
        | 措施编号 | 计划资金（元） |
        | P01-M01  | 125000         |
        | P01-M02  | 3万元          |
        | 合计     | 155000         |
    """)
    assert [str(each.funds) for each in book.rows(village.Measure)] == ["12.5", "3"]
    assert spots(book.notes) == [
        "整改措施!B1 表头按“计划资金”读取，数字由“元”换算成“万元”",
        "整改措施!A4 “合计”一行与上面各行之和相符，不作为记录读取",
        "整改措施!B4 “合计”一行与上面各行之和相符，不作为记录读取",
    ]


def test_a_wrong_sum_below_a_header_that_names_another_unit_is_told_in_the_columns_own():
    book = drawn(
        "# 整改措施\n| 措施编号 | 计划资金（元） |\n| P01-M01 | 125000 |\n| 合计 | 130000 |"
    )
    assert [spot.why for spot in book.strays] == [
        "“合计”一行不作为记录读取",
        "“合计”写的是 13 万元，上面各行之和是 12.5 万元",
    ]


def test_columns_in_another_order_than_the_forms_are_read_by_name_and_that_is_said():
    book = drawn("# 整改措施\n| 问题编号 | 措施编号 |\n| P01 | P01-M01 |")
    assert records(book, village.Measure) == [{"措施编号": "P01-M01", "问题编号": "P01"}]
    assert spots(book.notes) == ["整改措施! 栏目的先后与发放时不同，按栏目名称读取"]


# -- headers of two lines, tables side by side


def test_headers_of_two_lines_are_taken_together():
    book = drawn("""
        # 整改措施
        | 整改措施 |        |        |            |
        | 措施编号 | 责任   |        | 完成时限   |
        |          | 责任人 | 责任单位 |          |
        | P01-M01  | 王志远 | 党支部 | 2022年6月底前 |
    """)
    assert addresses(book, village.Measure) == [
        {"措施编号": "A4", "责任人": "B4", "责任单位": "C4", "完成时限": "D4"}
    ]
    assert book.sheet(village.Measure).headers == {
        "number": "A2",
        "owner": "B3",
        "unit": "C3",
        "deadline": "D2",
    }
    assert spots(book.notes) == ["整改措施!B2 两行表头，“责任”是几栏共同的标题"]
    assert book.strays == ()


def test_headers_of_which_most_stand_in_the_lower_line_are_taken_together():
    book = drawn("""
        # 整改措施
        | 措施编号 | 责任     |        |          |
        |          | 责任领导 | 责任人 | 责任单位 |
        | P01-M01  | 钱进     | 王志远 | 党支部   |
    """)
    assert [list(each) for each in records(book, village.Measure)] == [
        ["措施编号", "责任领导", "责任人", "责任单位"]
    ]
    assert spots(book.notes) == ["整改措施!B1 两行表头，“责任”是几栏共同的标题"]


def test_a_heading_that_runs_over_lines_is_told_in_one():
    grid = [["整改措施"], ["", "责任\n 主体", ""], *(line[2:5] for line in TABLE)]
    book = book_of({"整改措施": grid}, merged={"整改措施": [((1, 1), (1, 2))]})
    assert spots(book.notes) == ["整改措施!B2 两行表头，“责任主体”是几栏共同的标题"]


def test_a_heading_merged_over_several_headers_is_told_from_a_stray():
    grid = [["整改措施"], ["", "责任", ""], *(line[2:5] for line in TABLE)]
    merged = {"整改措施": [((1, 1), (1, 2))]}
    book = book_of({"整改措施": grid}, merged=merged)
    assert spots(book.notes) == ["整改措施!B2 两行表头，“责任”是几栏共同的标题"]
    assert book.strays == ()
    title_over_all = {"整改措施": [((1, 0), (1, 2))]}
    book = book_of({"整改措施": [["整改措施"], ["台账"], *grid[2:]]}, merged=title_over_all)
    assert spots(book.strays) == ["整改措施!A2 台账"]


def test_what_stands_beside_a_heading_over_several_headers_is_not_lost():
    grid = [["责任", "", "填表人：李明"], *(line[3:6] for line in TABLE)]
    book = book_of({"整改措施": grid}, merged={"整改措施": [((0, 0), (0, 1))]})
    assert spots(book.notes) == ["整改措施!A1 两行表头，“责任”是几栏共同的标题"]
    assert spots(book.strays) == ["整改措施!C1 填表人：李明"]


def test_a_header_given_once_more_in_the_line_below_is_a_stray():
    book = drawn("# 整改措施\n| 措施编号 | 责任人 | |\n| | | 责任人 |\n| P01-M01 | 李明 | |")
    assert records(book, village.Measure) == [{"措施编号": "P01-M01", "责任人": ("李明",)}]
    assert spots(book.strays) == ["整改措施!C2 责任人"]


def test_a_line_of_data_below_the_headers_is_no_second_line_of_them():
    book = drawn("# 存在问题\n| 问题编号 | 问题简述 |  |\n| P01 | 类型 | 来源 |")
    assert records(book, village.Problem) == [{"问题编号": "P01", "问题简述": "类型"}]
    assert spots(book.strays) == ["存在问题!C2 来源"]


@pytest.mark.parametrize("gap", [[], [""]])
def test_of_a_table_repeated_beside_itself_no_cell_is_mixed_in_or_lost(gap):
    left = [line[:4] for line in TABLE]
    right = [line[:3] + line[4:] for line in TABLE]
    grid = [[*one, *gap, *other] for one, other in zip(left, right, strict=True)]
    book = book_of({"整改措施": [*grid, [""] * (4 + len(gap)) + ["P09-M09"]]})
    assert records(book, village.Measure) == records(book_of({"整改措施": left}), village.Measure)
    assert len(book.strays) == 4 * 5 - 1 + 1  # one of the funds is blank
    assert {spot.why for spot in book.strays} == {"右侧还有一张表，没有读取"}


def test_another_table_behind_a_gap_is_said_to_be_one():
    book = drawn("""
        # 存在问题
        | 问题编号 | 问题简述   |  | 品种 | 单价 |
        | P01      | 集体经济弱 |  | 肉羊 | 9    |
    """)
    assert records(book, village.Problem) == [{"问题编号": "P01", "问题简述": "集体经济弱"}]
    assert [(spot.cell, spot.why) for spot in book.strays] == [
        (cell, "右侧还有一张表，没有读取") for cell in ("D1", "E1", "D2", "E2")
    ]


@pytest.mark.parametrize(
    ("header", "label"),
    [("措施内容", "措施内"), ("完成时限", "完成期时限"), ("责任人", "责任人员")],
)
def test_a_header_with_a_slip_of_the_pen_is_taken_for_it_and_said(header, label):
    book = drawn(MEASURES.replace(header, label))
    assert records(book, village.Measure) == SAID
    assert [spot.text for spot in book.notes] == [f"表头按“{header}”读取"]


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("镇审核日期", "村审核日期"),  # one character, another thing
        ("镇审核意见", "县审核说明"),
        ("问题简述", "备注"),
    ],
)
def test_a_header_of_another_meaning_is_no_slip(header, label):
    book = drawn(f"""
        # 存在问题
        | 问题编号 | {label} |
        | P01      | 某事    |
    """)
    assert header in [column.header for column in book.sheet(village.Problem).missing]
    assert spots(book.strays) == [f"存在问题!B1 {label}", "存在问题!B2 某事"]


def test_the_proper_header_goes_before_an_alias_that_stands_left_of_it():
    book = drawn("""
        # 整改措施
        | 整改责任人 | 责任人 | 措施编号 |
        | 钱进       | 王志远 | P01-M01  |
    """)
    assert records(book, village.Measure) == [{"责任人": ("王志远",), "措施编号": "P01-M01"}]
    assert spots(book.strays) == ["整改措施!A1 整改责任人", "整改措施!A2 钱进"]


def test_a_header_given_twice_counts_once_and_the_second_column_is_not_lost():
    book = drawn("""
        # 整改措施
        | 措施编号 | 责任人 | 责任人 |
        | P01-M01  | 王志远 | 李明   |
    """)
    assert records(book, village.Measure) == [{"措施编号": "P01-M01", "责任人": ("王志远",)}]
    assert spots(book.strays) == ["整改措施!C1 责任人", "整改措施!C2 李明"]
    assert {spot.why for spot in book.strays} == {"“责任人”栏不止一列，只读取了 B 列"}


def test_columns_that_nobody_knows_and_notes_beside_the_table_are_strays():
    book = drawn("""
        # 存在问题
        | 问题编号 | 天气 | 问题简述   |  |          |
        | P01      | 晴   | 集体经济弱 |  | 已请示镇 |
        |          | 雨   |            |  |          |
    """)
    assert records(book, village.Problem) == [{"问题编号": "P01", "问题简述": "集体经济弱"}]
    assert spots(book.strays) == [
        "存在问题!B1 天气",
        "存在问题!B2 晴",
        "存在问题!E2 已请示镇",
        "存在问题!B3 雨",
    ]


@pytest.mark.parametrize("line", ["合计", "合　计：", "小计", "本页小计", "总 计"])
def test_sums_below_a_table_are_strays_and_no_records(line):
    book = drawn(f"{MEASURES}| {line} | | 3条 | | | 62.5 |\n")
    assert records(book, village.Measure) == SAID
    assert spots(book.strays) == [f"整改措施!A5 {line}", "整改措施!C5 3条", "整改措施!F5 62.5"]
    word = line.replace("　", "").replace(" ", "").rstrip("：")
    assert {spot.why for spot in book.strays} == {f"“{word}”一行不作为记录读取"}


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ("62.5", None),
        ("62.5万元", None),
        ("70", "“合计”写的是 70，上面各行之和是 62.5"),
        ("若干", "“合计”一行不作为记录读取"),
    ],
)
def test_a_line_of_nothing_but_a_right_sum_is_set_aside_and_a_wrong_one_told(stated, why):
    book = drawn(f"{MEASURES}| 合计 | | | | | {stated} |\n")
    assert records(book, village.Measure) == SAID
    if why is None:
        note = "“合计”一行与上面各行之和相符，不作为记录读取"
        assert spots(book.notes) == [f"整改措施!A5 {note}", f"整改措施!F5 {note}"]
        assert book.strays == ()
    else:
        assert book.notes == ()
        assert [(spot.cell, spot.text) for spot in book.strays] == [("A5", "合计"), ("F5", stated)]
        assert book.strays[1].why == why


def test_a_lone_word_of_sums_is_a_stray():
    assert spots(drawn(f"{MEASURES}| 合计 |\n").strays) == ["整改措施!A5 合计"]


def test_a_sum_beneath_a_column_that_nobody_knows_makes_no_record():
    book = drawn("# 整改措施\n| 顺序 | 措施编号 | 资金 |\n| 1 | P01-M01 | 5 |\n| 合计 | | 5 |")
    assert len(records(book, village.Measure)) == 1
    assert [spot.cell for spot in book.notes] == ["C1", "A3", "C3"]


def test_each_subtotal_counts_the_lines_since_the_last_and_the_total_all():
    book = drawn("""
        # 整改措施
        | 措施编号 | 计划资金 |
        | P01-M01  | 5        |
        | 小计     | 5        |
        | P02-M01  | 6        |
        | P02-M02  |          |
        | 小计     | 7        |
        | 合计     | 11       |
    """)
    assert [spot.cell for spot in book.notes] == ["A3", "B3", "A7", "B7"]
    assert [(spot.cell, spot.why) for spot in book.strays] == [
        ("A6", "“小计”一行不作为记录读取"),
        ("B6", "“小计”写的是 7，上面各行之和是 6"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "填表人：李明",
        "填 表 人: 李明",
        "联系电话：13800000000",
        "备注：数字截至月底",
        "注：无",
        "※ 不含预备党员",
        "填表人： | 李明",
        "填报单位：上河村 | 审核人：王志远 | 填报日期：10月31日",
    ],
)
def test_signatures_below_a_table_are_strays_and_no_records(line):
    book = drawn(f"{MEASURES}| {line} |\n")
    assert records(book, village.Measure) == SAID
    cells = [cell.strip() for cell in line.split("|")]
    assert [spot.text for spot in book.strays] == cells


def test_a_row_that_begins_like_a_signature_but_goes_on_is_read():
    book = drawn("""
        # 阶段安排
        | 阶段名称         | 结束时间       | 阶段任务 |
        | 注：第一阶段摸排 | 2022年5月底前  | 走访     |
    """)
    assert [record["阶段任务"] for record in records(book, village.Stage)] == ["走访"]
    assert book.strays == ()


def test_a_sum_within_the_table_ends_nothing():
    lines = MEASURES.strip().splitlines()
    book = drawn("\n".join([*lines[:3], "| | 小计 | | | | 50 |", *lines[3:]]))
    assert records(book, village.Measure) == SAID
    note = "“小计”一行与上面各行之和相符，不作为记录读取"
    assert spots(book.notes) == [f"整改措施!B3 {note}", f"整改措施!F3 {note}"]
    assert book.strays == ()


def test_the_head_repeated_further_down_is_set_aside_and_no_record():
    lines = MEASURES.strip().splitlines()
    book = drawn("\n".join([*lines[:3], "| 整改措施 |", lines[1], *lines[3:]]))
    assert records(book, village.Measure) == SAID
    assert [spot.cell for spot in book.notes] == ["A3", "A4", "B4", "C4", "D4", "E4", "F4"]
    assert {spot.text for spot in book.notes} == {"重复的表头，不作为记录读取"}
    assert book.strays == ()


def test_a_content_that_only_resembles_a_sum_or_signature_is_read():
    book = drawn("""
        # 方案文字
        | 所在章节 | 小标题     | 文字                   |
        | 前言     | 注重实效   | 合计投入 50 万元       |
        | 前言     | 负责到底   | 备注：以上数字截至月底 |
    """)
    assert len(book.rows(village.Passage)) == 2
    assert book.strays == ()


def test_what_stands_above_the_headers_is_a_stray_unless_the_form_put_it_there():
    book = drawn(f"""
        # 整改措施
        | 上河村整改措施表 | | |
        | {village.Measure.hint} | | |
        | 填表人：李明 | 2022-10-31 | |
        | 措施编号 | 问题编号 | 责任人 |
        | P01-M01  | P01      | 王志远 |
    """)
    assert [list(each.values()) for each in addresses(book, village.Measure)] == [
        ["A5", "B5", "C5"]
    ]
    assert spots(book.strays) == [
        "整改措施!A1 上河村整改措施表",
        "整改措施!A3 填表人：李明",
        "整改措施!B3 2022-10-31",
    ]


@pytest.mark.parametrize(
    "title", ["整改措施", " 整 改 措 施 ", "一、整改措施", "附件3：整改措施表（续）", "整改台账"]
)
def test_the_title_of_a_sheet_is_no_stray_however_it_is_numbered(title):
    grids = {"整改措施": [[title], ["措施编号", "责任人"], ["P01-M01", "王志远"]]}
    assert book_of(grids).strays == ()


LOST = "存在问题还有一条：三社道路塌方未处理"


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_lone_text_that_only_mentions_the_sheet_is_a_stray(line):
    lines = [["存在问题"], [village.Problem.hint], ["问题编号", "具体表现"], ["P01", "软弱"]]
    lines.insert(line, [LOST])
    assert spots(book_of({"存在问题": lines}).strays) == [f"存在问题!A{line + 1} {LOST}"]


def test_the_title_once_more_below_a_table_is_told():
    grids = {"存在问题": [["问题编号", "具体表现"], ["P01", "软弱"], ["存在问题"]]}
    assert spots(book_of(grids).notes) == ["存在问题!A3 重复的表头，不作为记录读取"]


def instructions(hint: str = "", **columns: tuple[str, str]) -> list[list[Raw]]:
    """The sheet 填写说明 of an older form: a sheet's hint, then what it says of its columns."""
    lines = [[header, "", explained, example] for header, (explained, example) in columns.items()]
    return [
        ["工作表", "已填", "必填未填", "填写要点", "状态"],
        ["整改措施", 0.0, 0.0, hint, ""],
        ["工作表", "栏目", "必填", "填写说明", "示例"],
        *(["基本情况" if number == 0 else "", *line] for number, line in enumerate(lines)),
    ]


@pytest.mark.parametrize("version", ["0.9.0", "1.0.9", "1.9.0", ""])
def test_above_a_table_only_the_hint_that_an_older_form_tells_of_is_no_stray(version):
    grids = drawn_grids("""
        # 整改措施
        | 整改措施 | |
        | 旧版的填写提示 | |
        | 以上由镇里填写 | |
        | 措施编号 | 责任人 |
        | P01-M01  | 王志远 |
    """)
    grids["填写说明"] = instructions("旧版的填写提示")
    other = Identity(village.FORM.id, version, "0203", "2022")
    assert spots(book_of(grids, other).strays) == ["整改措施!A3 以上由镇里填写"]
    del grids["填写说明"]
    assert spots(book_of(grids, other).strays) == [
        "整改措施!A2 旧版的填写提示",
        "整改措施!A3 以上由镇里填写",
    ]


def test_a_sheet_without_headers_is_all_stray():
    book = drawn("""
        # 整改措施
        | 整改措施 |
        | 入股合作社 |
    """)
    assert spots(book.strays) == ["整改措施!A1 整改措施", "整改措施!A2 入股合作社"]
    sheet = book.sheet(village.Measure)
    assert (sheet.headers, sheet.rows, sheet.missing) == ({}, (), village.Measure.columns)


def test_headers_are_looked_for_in_forty_rows_and_no_further():
    blank = [[""] * 6]
    assert records(book_of({"整改措施": blank * 39 + TABLE}), village.Measure) == SAID
    assert records(book_of({"整改措施": blank * 40 + TABLE}), village.Measure) == []


def test_a_table_moved_down_and_right_is_read_with_its_real_addresses():
    grid = [[""] * 9] * 20 + [["", "", *row] for row in TABLE]
    book = book_of({"整改措施": grid})
    assert records(book, village.Measure) == SAID
    assert addresses(book, village.Measure)[0] == {
        "措施编号": "C22",
        "问题编号": "D22",
        "措施内容": "E22",
        "责任人": "F22",
        "完成时限": "G22",
        "计划资金": "H22",
    }
    assert book.sheet(village.Measure).headers["number"] == "C21"


@pytest.mark.parametrize("blank", ["", None, " ", "\u3000", "\xa0\n", "\u200b", "\x00"])
def test_a_cell_that_shows_nothing_is_blank(blank):
    book = book_of({"存在问题": [["问题编号", "问题简述"], ["P01", blank], [blank, blank]]})
    assert records(book, village.Problem) == [{"问题编号": "P01"}]
    assert book.strays == ()


@pytest.mark.parametrize("raw", [0.0, False])
def test_a_zero_is_not_blank(raw):
    book = book_of({"整改措施": [["措施编号", "天气"], ["P01-M01", raw]]})
    assert [spot.cell for spot in book.strays] == ["B1", "B2"]


def test_rows_shorter_or_longer_than_the_head_are_read_as_far_as_they_go():
    book = book_of({"存在问题": [["问题编号", "问题简述"], ["P01"], ["P02", "弱", "多"]]})
    assert records(book, village.Problem) == [
        {"问题编号": "P01"},
        {"问题编号": "P02", "问题简述": "弱"},
    ]
    assert spots(book.strays) == ["存在问题!C3 多"]


def test_a_cell_merged_with_those_below_it_speaks_for_them_and_says_so():
    grid = [
        ["措施编号", "问题编号", "责任人"],
        ["P01-M01", "P01", "王志远"],
        ["P01-M02", "", ""],
        ["", "", ""],
        ["P02-M01", "P02", ""],
    ]
    within, beyond = ((1, 1), (2, 1)), ((1, 2), (99, 2))
    in_the_head, below_the_last = ((0, 0), (0, 2)), ((9, 0), (12, 0))
    areas = [within, beyond, in_the_head, below_the_last]
    book = book_of({"整改措施": grid}, merged={"整改措施": areas})
    assert records(book, village.Measure) == [
        {"措施编号": "P01-M01", "问题编号": "P01", "责任人": ("王志远",)},
        {"措施编号": "P01-M02", "问题编号": "P01", "责任人": ("王志远",)},
        {"措施编号": "P02-M01", "问题编号": "P02", "责任人": ("王志远",)},
    ]
    second = book.rows(village.Measure)[1]
    assert second.field(village.Measure.problem).note == "合并单元格，按“P01”理解"
    assert second.cell(village.Measure.problem).a1 == "B3"


def test_what_a_merged_deadline_or_odd_number_was_read_as_is_said_with_the_merge():
    grid = [
        ["措施编号", "问题编号", "完成时限"],
        ["P01-M01", "p1", "2022年6月底前"],
        ["P01-M02", "", ""],
    ]
    merged = {"整改措施": [((1, 1), (2, 1)), ((1, 2), (2, 2))]}
    second = book_of({"整改措施": grid}, merged=merged).rows(village.Measure)[1]
    assert second.field(village.Measure.problem).note == "合并单元格，按 P01 理解"
    assert second.field(village.Measure.deadline).note == "合并单元格，按“2022-06-30 前”理解"
    assert second.field(village.Measure.deadline).note != second.deadline.note


def test_a_cell_merged_with_those_right_of_it_speaks_for_its_own_column_and_says_so():
    grid = [
        ["措施编号", "责任领导", "责任人", "完成时限"],
        ["P01-M01", "王志远", "", ""],
        ["P01-M02", "", "", "2022年6月底前"],
    ]
    merged = {"整改措施": [((1, 1), (2, 2))]}
    book = book_of({"整改措施": grid}, merged=merged)
    assert [each.leader for each in book.rows(village.Measure)] == [("王志远",), ("王志远",)]
    assert [each.owner for each in book.rows(village.Measure)] == [None, None]
    across = "与右边的“责任人”合并，只算“责任领导”"
    assert [each.field(village.Measure.leader).note for each in book.rows(village.Measure)] == [
        across,
        f"{across}，合并单元格，按“王志远”理解",
    ]


def test_cells_merged_beyond_the_table_or_in_no_column_of_it_need_no_word():
    grid = [["措施编号", "", "责任人"], ["P01-M01", "甲", "王志远"]]
    merged = {"整改措施": [((1, 1), (1, 2)), ((1, 2), (1, 5))]}
    book = book_of({"整改措施": grid}, merged=merged)
    assert book.rows(village.Measure)[0].field(village.Measure.owner).note == ""


def test_merged_cells_that_hold_nothing_lend_nothing():
    merged = {"整改措施": [((1, 1), (2, 1))]}
    grid = [["措施编号", "问题编号"], ["P01-M01", ""], ["P01-M02", ""]]
    book = book_of({"整改措施": grid}, merged=merged)
    assert records(book, village.Measure) == [{"措施编号": "P01-M01"}, {"措施编号": "P01-M02"}]


# -- laws of a table

ALIASES = {"完成时限": "整改时限", "责任人": "具体责任人", "计划资金": "资金", "措施内容": "措施"}


@st.composite
def disturbed(draw: st.DrawFn) -> list[list[Raw]]:
    """The table as people leave it: columns and rows in any order, gaps anywhere, other headers."""
    order = draw(st.permutations(range(len(TABLE[0]))))
    body = draw(st.permutations(TABLE[1:]))
    head = [draw(st.sampled_from([h, ALIASES.get(h, h), f"{h} *", f" {h}"])) for h in TABLE[0]]
    rows = [[row[at] for at in order] for row in (head, *body)]
    gaps = draw(st.lists(st.integers(0, len(rows)), max_size=5))
    for at in sorted(gaps, reverse=True):
        rows.insert(at, draw(st.sampled_from([[], [""], [None, " "], ["\u3000"] * 8])))
    for at in draw(st.lists(st.integers(0, len(order)), max_size=3)):
        for row in rows:
            row.insert(at, "")
    return rows


def by_number(said):
    return sorted(said, key=lambda record: record["措施编号"])


@given(disturbed())
def test_order_gaps_and_aliases_change_no_record_and_each_cell_is_where_it_says(grid):
    book = book_of({"整改措施": grid})
    assert by_number(records(book, village.Measure)) == by_number(SAID)
    assert book.strays == ()
    for row in book.rows(village.Measure):
        for column, held in row.filled():
            at = row.cell(column)
            assert grid[at.row - 1][at.column - 1] == held.raw
            assert place(at.a1) == (held.row, held.column)


# -- nothing is lost

WORDS = st.one_of(
    st.sampled_from(
        [
            *(label for column in village.Measure.columns for label in column.labels),
            *("P01-M01", "P01", "王志远", "2022年6月底前", "填表人：李明", "合计", "整改措施"),
            *("基本情况", "村干部队伍", "项目", "填写内容", "单位", "怎么填", "亩", "名", "写全称"),
            village.Measure.hint,
            village.Profile.hint,
            *(column.header for column in village.Profile.columns[:12]),
            *(column.guide for column in village.Profile.columns[:12]),
        ]
    ),
    st.floats(allow_nan=False, width=16),
    st.booleans(),
    st.dates(),
    st.timedeltas(),
    st.text(max_size=4),
)
LINES = st.lists(st.one_of(st.sampled_from(["", None, " ", "\u200b"]), WORDS), max_size=7)
HEADS = st.permutations([column.header for column in village.Measure.columns]).map(lambda h: h[:6])
PROFILES = st.permutations([[c.header, "7", c.unit, c.guide] for c in village.Profile.columns[:6]])


UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x1f\x7f-\x9f]")


def shows(raw: Raw) -> bool:
    """Whether a cell shows something, as the tests see it."""
    return raw is not None and UNSEEN.sub("", str(raw)) != ""


def furniture(row: type[Row]) -> set[str]:
    texts = {row.hint, *(c.section for c in row.columns), *VERTICAL_HEADERS.values()}
    texts |= {text for c in row.columns for text in (c.unit, c.guide)} if row.vertical else set()
    return {re.sub(r"[\s*＊]", "", text) for text in texts}


@pytest.mark.parametrize("row", [village.Measure, village.Profile], ids=lambda row: row.sheet)
@settings(max_examples=300)
@given(
    parts=st.lists(
        st.one_of(LINES.map(lambda line: [line]), HEADS.map(lambda head: [head]), PROFILES),
        max_size=8,
    )
)
def test_every_cell_that_shows_something_is_in_just_one_place(row, parts):
    grid = [line for part in parts for line in part]
    book = book_of({row.sheet: grid})
    sheet = book.sheet(row)
    shown = {
        a1(number, at): raw
        for number, line in enumerate(grid, 1)
        for at, raw in enumerate(line, 1)
        if shows(raw)
    }
    headers = list(sheet.headers.values())
    held = [
        a1(each.row, each.column)
        for record in sheet.rows
        for each in record.fields.values()
        if not each.empty
    ]
    strays = [spot.cell for spot in book.strays]
    accounted = [*headers, *held, *strays]
    accounted += [spot.cell for spot in book.notes if spot.cell and spot.cell not in headers]
    assert len(accounted) == len(set(accounted))
    assert set(accounted) <= set(shown)
    rest = [str(raw) for cell, raw in shown.items() if cell not in accounted]
    rest = [re.sub(r"[\s*＊\u200b]", "", text) for text in rest]
    assert {text for text in rest if row.sheet not in text} <= furniture(row)


def test_a_thousand_strays_are_listed_without_delay():
    book = book_of({"整改措施": [["天气"] * 20] * 1_000})
    assert len(book.strays) == 20_000


# -- vertical sheets

PROFILE = """
# 基本情况
| 项目     | 填写内容  | 单位 | 怎么填 |
| 村情概况 |           |      |        |
| 年度     | 2022      | 年   |        |
| 村名     | 上河村    |      | 写全称，如“上河村”。 |
| 总面积   | 8507亩    | 亩   | 只填数字，不写单位。 |
| 方案日期 | 4月20日   |      |        |
"""


def profile_of(book: Workbook) -> dict[str, object]:
    return records(book, village.Profile)[0]


PROFILE_SAID = profile_of(drawn(PROFILE))


def test_a_vertical_sheet_is_one_record_with_an_address_for_each_field():
    book = drawn(PROFILE)
    assert {name: str(value) for name, value in PROFILE_SAID.items()} == {
        "年度": "2022",
        "村名": "上河村",
        "总面积": "8507",
        "方案日期": "2022-04-20",
    }
    assert addresses(book, village.Profile) == [
        {"年度": "B3", "村名": "B4", "总面积": "B5", "方案日期": "B6"}
    ]
    assert book.sheet(village.Profile).headers["village"] == "A4"
    assert book.strays == ()


def test_a_field_left_blank_still_has_its_address():
    book = drawn("# 基本情况\n| 村名 | |\n| 年度 | 2022 |")
    record = book.rows(village.Profile)[0]
    assert (record.village, record.cell(village.Profile.village).a1) == (None, "B1")
    assert record.line == 2  # of the first field declared


@given(order=st.permutations(PROFILE.strip().splitlines()[2:]), right=st.integers(0, 3))
def test_labels_in_another_order_or_column_change_no_record(order, right):
    head, columns = PROFILE.strip().splitlines()[:2]
    grid = drawn_grids("\n".join([head, columns, *order]))["基本情况"]
    moved = [["" for _ in range(right)] + line for line in grid]
    book = book_of({"基本情况": moved}, Identity(village.FORM.id, village.FORM.version))
    assert profile_of(book) == PROFILE_SAID  # the short date too, wherever the year stands
    assert book.strays == ()


def test_the_year_of_the_profile_goes_before_that_of_the_identity():
    year_before = Identity(village.FORM.id, village.FORM.version, "0203", "2021")
    book = book_of(drawn_grids(PROFILE), year_before)
    assert str(profile_of(book)["方案日期"]) == "2022-04-20"
    other = drawn_grids(PROFILE.replace("| 年度     | 2022 ", "| 年份     | 2022 "))
    assert str(profile_of(book_of(other, year_before))["方案日期"]) == "2021-04-20"


def test_the_year_of_the_profile_is_what_other_sheets_read_short_dates_by():
    measures = "# 整改措施\n| 措施编号 | 实际完成日期 |\n| P01-M01 | 5月1日 |"
    book = drawn(f"{measures}\n{PROFILE}", identity=Identity(village.FORM.id, village.FORM.version))
    assert str(book.rows(village.Measure)[0].completed) == "2022-05-01"


def test_contents_are_found_below_their_header_where_a_column_was_put_between():
    book = drawn("""
        # 基本情况
        | 项目 | 说明   | 填写内容 |
        | 年度 | 自然年 | 2022     |
        | 村名 |        | 上河村   |
    """)
    assert profile_of(book) == {"年度": 2022, "村名": "上河村"}
    assert spots(book.strays) == ["基本情况!B1 说明", "基本情况!B2 自然年"]


def test_of_a_label_given_twice_the_first_counts_and_the_second_is_not_lost():
    book = drawn("""
        # 基本情况
        | 村名 | 上河村 |
        | 年度 | 2022   |
        | 村名 | 下河村 |
    """)
    assert profile_of(book) == {"村名": "上河村", "年度": 2022}
    assert spots(book.strays) == ["基本情况!A3 村名", "基本情况!B3 下河村"]


def test_the_proper_label_goes_before_an_alias_that_stands_above_it():
    book = drawn("# 基本情况\n| 人口 | 900 |\n| 总人口 | 1045 |\n| 年度 | 2022 |")
    assert profile_of(book) == {"总人口": 1045, "年度": 2022}
    assert spots(book.strays) == ["基本情况!A1 人口", "基本情况!B1 900"]


def test_an_alias_of_a_label_is_taken_for_it_and_said():
    book = drawn("# 基本情况\n| 海拔 | 1000 |\n| 年度 | 2022 |")
    assert list(profile_of(book)) == ["年度", "平均海拔"]
    assert spots(book.notes) == ["基本情况!A1 表头按“平均海拔”读取"]


def test_a_label_with_something_round_its_words_is_taken_for_it_and_said():
    book = drawn("# 基本情况\n| 1.年度： | 2022 |\n| 总面积（公顷） | 12 |\n| 村 名 | 上河村 |")
    said = {key: str(value) for key, value in profile_of(book).items()}
    assert said == {"年度": "2022", "村名": "上河村", "总面积": "180"}
    assert book.rows(village.Profile)[0].field(village.Profile.area).note == "按 180 亩理解"
    assert spots(book.notes) == [
        "基本情况!A3 表头按“村名”读取",
        "基本情况!A1 表头按“年度”读取",
        "基本情况!A2 表头按“总面积”读取，数字由“公顷”换算成“亩”",
    ]


def test_labels_are_found_though_every_one_of_them_has_something_round_it():
    book = drawn("# 基本情况\n| | 年度： | 2022 |\n| | 村名： | 上河村 |")
    assert profile_of(book) == {"年度": 2022, "村名": "上河村"}


def test_unknown_labels_and_text_beside_a_field_are_strays():
    book = drawn("""
        # 基本情况
        | 上河村基本情况 | | | | |
        | 年度       | 2022   | 年 | 去年是2021 | 已核 |
        | 村名       | 上河村 |    |            |      |
        | 驻村干部数 | 3      | 名 |            |      |
        | 填表人：李明 |      |    |            |      |
    """)
    assert spots(book.strays) == [
        "基本情况!A1 上河村基本情况",
        "基本情况!D2 去年是2021",
        "基本情况!E2 已核",
        "基本情况!A4 驻村干部数",
        "基本情况!B4 3",
        "基本情况!C4 名",
        "基本情况!A5 填表人：李明",
    ]


@pytest.mark.parametrize("version", ["0.9.0", "1.0.9", ""])
def test_beside_a_field_only_what_an_older_form_tells_of_is_no_stray(version):
    grids = drawn_grids("""
        # 基本情况
        | 年度       | 2022   | 年份           | 旧提示 | 已核         |
        | 行政村     | 上河村 |                | 例：甲 |              |
        | 常住户数   | 200    | 其中空挂户35户 | 旧提示 | 年份         |
        | 户籍人口数 | 1045   | 人             |        |              |
    """)
    grids["填写说明"] = instructions(年度=("单位：年份。旧提示", ""), 行政村=("", "甲"))
    other = Identity(village.FORM.id, version, "0203", "2022")
    strays = spots(book_of(grids, other).strays)
    assert {"基本情况!E1 已核", "基本情况!C3 其中空挂户35户", "基本情况!D3 旧提示"} <= set(strays)
    assert not {spot[:7] for spot in strays} & {"基本情况!C1", "基本情况!D1", "基本情况!D2"}


def test_of_an_older_workbook_only_what_has_no_place_now_is_a_stray():
    data = build_workbook(FORM_0_9, IDENTITY_0_9, FILLING_0_9)
    book = open_bytes(data, Path(NAME), FORMS).read()
    assert spots(book.strays) == [
        "基本情况!A13 驻村工作队长",
        "基本情况!B13 周敏",
        "整改措施!C3 督办领导",
        "整改措施!C4 赵国强",
    ]


def test_a_lone_text_below_the_fields_is_a_stray_though_it_names_the_sheet():
    text = "以上基本情况有误，党员应为36名，请镇里更正"
    grids = {"基本情况": [["基本情况"], ["年度", 2022.0], ["村名", "上河村"], [], [text]]}
    assert spots(book_of(grids).strays) == [f"基本情况!A5 {text}"]
    grids["基本情况"][4] = ["基本情况"]
    assert spots(book_of(grids).strays) == ["基本情况!A5 基本情况"]


def test_a_vertical_sheet_without_labels_holds_an_empty_record():
    book = drawn("# 基本情况\n| 上河村 | 2022 |")
    assert profile_of(book) == {}
    assert spots(book.strays) == ["基本情况!A1 上河村", "基本情况!B1 2022"]
    assert book.sheet(village.Profile).missing == village.Profile.columns


# -- the sheets of a file


def test_a_sheet_title_with_blanks_is_the_same_sheet_and_that_is_said():
    book = book_of({" 整改措施　": TABLE})
    assert records(book, village.Measure) == SAID
    assert spots(book.notes) == [" 整改措施　! 工作表按“整改措施”读取"]
    assert book.rows(village.Measure)[0].cell(village.Measure.number).sheet == " 整改措施　"


@pytest.mark.parametrize("order", [("整改措施", "整改措施 "), ("整改措施 ", "整改措施")])
def test_the_proper_title_goes_before_one_with_blanks_which_is_not_lost(order):
    grids = {"整改措施": TABLE, "整改措施 ": [["措施编号"], ["P09-M01"]]}
    book = book_of({title: grids[title] for title in order})
    assert records(book, village.Measure) == SAID
    assert spots(book.extra_sheets) == ["整改措施 ! 表名像是“整改措施”，但表头不符，没有读取"]


@pytest.mark.parametrize(
    "title",
    [
        "整改措施表",
        "1.整改措施",
        "（三）整改措施",
        "附件3：整改措施",
        "整改措失",
        "上河村整改措施",
        "整改措施（上河村）",
        "整改措施 (2)",
        "整改措施 - 副本",
    ],
)
def test_a_title_that_is_nearly_right_is_taken_where_the_headers_fit(title):
    book = book_of({title: TABLE})
    assert records(book, village.Measure) == SAID
    assert spots(book.notes) == [f"{title}! 工作表按“整改措施”读取"]
    assert book.extra_sheets == ()


def test_a_title_that_is_nearly_right_is_not_taken_where_the_headers_are_anothers():
    problems = [[column.header for column in village.Problem.columns], ["P01", "弱"]]
    book = book_of({"整改措施表": problems})
    assert list(book.sheets) == [village.Problem]
    book = book_of({"整改措施表": problems, "存在问题": problems})
    assert list(book.sheets) == [village.Problem]
    assert spots(book.extra_sheets) == ["整改措施表! 与“存在问题”内容完全相同，没有读取"]
    book = book_of({"整改措施表": [["甲"], ["乙"]]})
    assert spots(book.extra_sheets) == ["整改措施表! 表名像是“整改措施”，但表头不符，没有读取"]


@pytest.mark.parametrize("row", village.FORM.rows, ids=lambda row: row.sheet)
def test_each_sheet_is_known_by_its_headers_alone(row):
    head = [column.header for column in row.columns]
    grid = [[header, "7"] for header in head] if row.vertical else [head, ["7"] * len(head)]
    book = book_of({"Sheet1": [["上河村"], *grid]})
    assert list(book.sheets) == [row]
    assert spots(book.notes)[0] == f"Sheet1! 工作表按“{row.sheet}”读取"


def test_of_two_sheets_that_may_be_the_missing_one_neither_is_taken():
    book = book_of({"整改措施 (2)": TABLE, "整改措施 (3)": TABLE})
    assert list(book.sheets) == []
    assert spots(book.extra_sheets) == [
        f"{title}! 像是“整改措施”，但同样的表不止一张，没有读取"
        for title in ("整改措施 (2)", "整改措施 (3)")
    ]


def test_a_sheet_that_may_be_two_of_the_forms_is_not_taken():
    book = book_of({"存在问题和整改措施": [["问题编号", "责任人"], ["P01", "李明"]]})
    assert list(book.sheets) == []
    assert spots(book.extra_sheets) == ["存在问题和整改措施! 不是规定的工作表，没有读取"]


def test_a_sheet_that_goes_on_with_another_is_said_to_look_like_it():
    book = book_of({"整改措施": TABLE, "续": [village_headers(), ["P09-M01"]]})
    assert records(book, village.Measure) == SAID
    assert spots(book.extra_sheets) == ["续! 像是“整改措施”的副本或续表，内容与它不同，没有读取"]


def village_headers() -> list[Raw]:
    return [column.header for column in village.Measure.columns]


class Renamed(Row, sheet="地块", aliases=("地块台账", "田亩")):
    """A sheet with other names."""

    name = Column("名称", Text())
    size = Column("大小", Number("亩"))


LAND = Form("land", "地块册", "1.0.0", (Renamed,), "用途")


@pytest.mark.parametrize("title", ["地块台账", "田 亩", "地块台账（2022）"])
def test_a_sheet_goes_by_the_names_that_the_form_knows_it_by(title):
    grid = [["名称", "大小"], ["东沟", 3.0]]
    book = understand({title: grid}, LAND, Identity("land", "1.0.0"), path=NAME)
    assert [each.name for each in book.rows(Renamed)] == ["东沟"]
    assert spots(book.notes) == [f"{title}! 工作表按“地块”读取"]


def test_a_sheet_that_goes_by_a_known_name_and_has_other_headers_is_not_taken():
    book = understand({"田亩": [["甲", "乙"]]}, LAND, Identity("land", "1.0.0"), path=NAME)
    assert spots(book.extra_sheets) == ["田亩! 表名像是“地块”，但表头不符，没有读取"]


def test_extra_sheets_are_named_if_they_hold_anything():
    book = book_of({"整改措施": TABLE, "Sheet1": [], "Sheet2": [[" ", None]], "台账": [["", 0.0]]})
    assert spots(book.extra_sheets) == ["台账! 不是规定的工作表，没有读取"]


def test_sheets_without_answers_are_no_extra_sheets():
    book = book_of({"填写说明": [["怎样填"]], "字典": [["是"]], "_meta": [["标识"]]})
    assert (book.extra_sheets, book.strays) == ((), ())


# -- what people write on the sheets that the form fills itself

LISTED = [
    [MARKS_TITLE],
    ["上河村　核对日期：2022年10月31日"],
    ["序号", "级别", "工作表", "单元格", "栏目", "现在填的", "问题", "怎么改", "规则"],
    ["1", "必改", "整改措施", "E4", "完成时限", "尽快", "读不出完成时限", "写日期", "C202"],
    ["2", "提醒", "", "整个文件", "", "", "没有测评", "请补测评", "M604"],
]


def list_with(*cells: tuple[str, Raw]) -> list[list[Raw]]:
    """Our list of findings with something more in it."""
    grid = [[*line, *[""] * (12 - len(line))] for line in (*LISTED, *[[]] * 3)]
    for address, raw in cells:
        row, column = place(address)
        grid[row - 1][column - 1] = raw
    return grid


@pytest.mark.parametrize("title", ["待改清单", "待改清单(核对)", "待改清单(核对)2"])
def test_what_is_answered_beside_or_below_our_list_is_named(title):
    assert book_of({title: list_with()}).strays == ()
    grid = list_with(("B1", "李明看过"), ("J3", "答复"), ("J4", "已改为6月底"), ("A7", 3.0))
    book = book_of({title: grid, "整改措施": TABLE})
    assert spots(book.strays) == [
        f"{title}!B1 李明看过",
        f"{title}!J3 答复",
        f"{title}!J4 已改为6月底",
        f"{title}!A7 3",
    ]
    why = f"写在“{title}”里的内容没有读取，请写到“情况说明”表或相应单元格"
    assert {spot.why for spot in book.strays} == {why}
    assert book.extra_sheets == ()


def test_a_return_copys_own_list_holds_nothing_that_people_wrote():
    found = [
        Finding(NAME, "0203", "整改措施", (cell,), "责任人", level, rule, "空着。", "填写。", "")
        for cell, level, rule in (("E4", Level.ERROR, "C201"), ("E5", Level.INFO, "L103"))
    ]
    copy = marked(filled(), found, "2022年10月31日")
    opened = open_bytes(copy, Path(NAME), FORMS)
    assert [line[:1] for line in opened.grids["待改清单"][3:]] == [["1"], ["2"]]
    assert opened.read().strays == ()


@pytest.mark.parametrize("title", ["待改清单", "待改清单(核对)"])
def test_a_list_of_peoples_own_is_an_extra_sheet(title):
    book = book_of({title: [["我村还要改的"], ["修路"]], "整改措施": TABLE})
    assert spots(book.extra_sheets) == [f"{title}! 不是规定的工作表，没有读取"]
    assert book.strays == ()


def test_the_form_that_has_no_sheet_for_explanations_names_none():
    grids = {"待改清单": list_with(("J4", "已改"))}
    identity = Identity(township.FORM.id, township.FORM.version)
    book = understand(grids, township.FORM, identity, path=NAME)
    assert book.strays[0].why == "写在“待改清单”里的内容没有读取，请写到相应单元格"


def written_on(title: str, *addresses: str, form: Form = village.FORM) -> bytes:
    """A built workbook with a text in some cells of a sheet, saved by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(build_workbook(form, Identity(form.id, form.version))))
    for address in addresses:
        book[title][address] = "请镇里核实"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_sheets_that_hold_just_what_the_form_puts_there_are_not_read(tmp_path, form):
    own = {"填写说明", form.dictionary, "_meta"}
    for data in (build_workbook(form, Identity(form.id, form.version)), written_on("填写说明")):
        opened = open_workbook(saved(tmp_path / NAME, data), FORMS)
        assert own & opened.grids.keys() == {"_meta"}  # which tells what was issued


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("填写说明", ["F6", "A198", "AA1"]),
        ("字典", ["A102", "X1", "Z3"]),
        ("_meta", ["C1", "A7", "B99"]),
    ],
)
def test_what_is_written_beyond_what_the_form_fills_is_named(tmp_path, title, cells):
    for cell in cells:
        book = read_workbook(saved(tmp_path / NAME, written_on(title, cell)), FORMS)
        assert spots(book.strays) == [f"{title}!{cell} 请镇里核实"]
        assert book.strays[0].why.startswith(f"写在“{title}”里的内容没有读取，")
    both = read_workbook(saved(tmp_path / NAME, written_on(title, *cells)), FORMS)
    assert sorted(spot.cell for spot in both.strays) == sorted(cells)


def test_of_another_version_it_is_named_where_the_form_is_known_to_end(tmp_path):
    data = written_on("填写说明", "A198", "F1")
    older = data_of_version(data, "0.9.0")
    book = read_workbook(saved(tmp_path / NAME, older), FORMS)
    assert book.identity.version == "0.9.0"
    assert spots(book.strays) == ["填写说明!F1 请镇里核实", "填写说明!A198 请镇里核实"]
    lost = {"填写说明": [["只剩一行"], ["", "", "", "", "", "旁批"]], "字典": [["是"] * 20]}
    other = Identity(village.FORM.id, "0.9.0")
    assert spots(book_of(lost, other).strays) == ["填写说明!F2 旁批"]


def test_bare_numbers_of_days_are_counted_as_the_file_counts_them():
    grids = {
        "基本情况": [["年度", 2022.0]],
        "存在问题": [["问题编号", "发现日期"], ["P01", 43192.0]],
    }
    for since_1904, day in ((True, "2022-04-03"), (False, "2018-04-02")):
        book = book_of(grids, facts=FileFacts(date_1904=since_1904))
        assert str(book.rows(village.Problem)[0].found) == day


# -- files


@cache
def filled() -> bytes:
    book = _example()
    return build_workbook(book.form, book.identity, book.filling)


def _example() -> ExampleBook:
    return example_township().villages[0]


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_workbook(path, FORMS)
    return str(caught.value)


def test_a_built_workbook_is_read_back_whole(tmp_path):
    path = saved(tmp_path / NAME, filled())
    book = read_workbook(path, FORMS)
    example = _example()
    assert (book.form, book.identity, book.name) == (village.FORM, example.identity, NAME)
    assert book.path == str(path)
    assert (book.strays, book.notes, book.facts.errors, book.extra_sheets) == ((), (), (), ())
    for row, given_rows in example.filling.items():
        assert [[c.name for c, _ in each.filled()] for each in book.rows(row)] == [
            [c.name for c in row.columns if c.name in record] for record in given_rows
        ]
    assert len(book.facts.sha256) == 64


MARKS = {"property", "_meta", "填写说明"}


def without(marks: set[str]) -> bytes:
    """The filled workbook, opened and saved again, without some of the places of its identity."""
    book = openpyxl.load_workbook(io.BytesIO(filled()))
    line = _example().identity.line()
    if "property" in marks:
        del book.custom_doc_props[FORM_PROPERTY]
    for title in marks - {"property"}:
        for cell in (cell for cells in book[title].iter_rows() for cell in cells):
            if cell.value == line:
                cell.value = None
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("left", sorted(MARKS))
def test_any_one_of_the_three_marks_is_enough(tmp_path, left):
    book = read_workbook(saved(tmp_path / NAME, without(MARKS - {left})), FORMS)
    assert book.identity == _example().identity


def test_a_workbook_that_lost_all_its_marks_is_known_by_its_sheets(tmp_path):
    book = read_workbook(saved(tmp_path / NAME, without(MARKS)), FORMS)
    assert (book.form, book.identity) == (village.FORM, Identity(village.FORM.id, ""))
    assert len(book.rows(village.Measure)) == len(_example().filling[village.Measure])


def made(sheets: Mapping[str, Sequence[Sequence[object]]], mark: str = "") -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    if mark:
        book.set_custom_property(FORM_PROPERTY, mark)
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


USE = "《软弱涣散党组织整顿村级工作簿》或《软弱涣散党组织整顿镇级工作簿》"
NOT_OURS = f"{NAME}：不是本工具发放的工作簿，认不出是哪种表。请用{USE}填写后重新报送。"


@pytest.mark.parametrize(
    "sheets",
    [
        {"Sheet1": []},
        {"Sheet1": [["措施编号", "责任人"], ["P01-M01", "王志远"]]},
        {"整改措施": [["措施编号"]], "Sheet1": []},  # one title may be chance
        {"填写说明": [["2022/4/20/上午", "a/b/c/d"]]},  # four words are no mark
    ],
)
def test_a_workbook_of_others_is_refused(tmp_path, sheets):
    assert refusal(saved(tmp_path / NAME, made(sheets))) == NOT_OURS


def test_another_standard_workbook_is_refused_as_such(tmp_path):
    path = saved(tmp_path / NAME, made({"总览": []}, "township-rollup/1.0.0//2022"))
    assert refusal(path) == f"{NAME}：这是另一种标准工作簿，不能用在这里。请换成{USE}。"


def test_a_known_mark_goes_before_one_that_is_not(tmp_path):
    sheets = {"_meta": [["标识", "somebody-else/1.0/a/b"], ["标识", THIS_VERSION.line()]]}
    book = read_workbook(saved(tmp_path / NAME, made(sheets)), FORMS)
    assert book.identity == THIS_VERSION


def test_a_chart_on_a_sheet_of_its_own_does_no_harm(tmp_path):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_custom_property(FORM_PROPERTY, THIS_VERSION.line())
    sheet = book.add_worksheet("整改措施")
    for number, row in enumerate(TABLE):
        sheet.write_row(number, 0, row)
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=整改措施!$F$2:$F$4"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()
    found = read_workbook(saved(tmp_path / NAME, file.getvalue()), FORMS)
    assert records(found, village.Measure) == SAID


def test_merged_cells_of_a_file_are_seen(tmp_path):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_custom_property(FORM_PROPERTY, THIS_VERSION.line())
    sheet = book.add_worksheet("整改措施")
    sheet.write_row("C5", ["措施编号", "问题编号"])
    sheet.write_column("C6", ["P01-M01", "P01-M02"])
    sheet.merge_range("D6:D7", "P01")
    book.close()
    found = read_workbook(saved(tmp_path / NAME, file.getvalue()), FORMS)
    assert records(found, village.Measure) == [
        {"措施编号": "P01-M01", "问题编号": "P01"},
        {"措施编号": "P01-M02", "问题编号": "P01"},
    ]
    assert addresses(found, village.Measure)[0] == {"措施编号": "C6", "问题编号": "D6"}


def test_cells_with_formula_errors_are_listed(tmp_path):
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_custom_property(FORM_PROPERTY, THIS_VERSION.line())
    sheet = book.add_worksheet("整改措施")
    sheet.write_row(0, 0, ["措施编号", "计划资金"])
    sheet.write_row(1, 0, ["P01-M01"])
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    book.close()
    found = read_workbook(saved(tmp_path / NAME, file.getvalue()), FORMS)
    assert spots(found.facts.errors) == ["整改措施!B2 #DIV/0!"]
    assert records(found, village.Measure) == [{"措施编号": "P01-M01"}]


def test_the_meaning_of_before_a_month_reaches_the_cells(tmp_path):
    table = [["措施编号", "完成时限"], ["P01-M01", "2022年10月前"]]
    path = saved(tmp_path / NAME, made({"整改措施": table}, THIS_VERSION.line()))
    strict = read_workbook(path, FORMS)
    inclusive = open_workbook(path, FORMS).read(MonthBefore.INCLUSIVE)
    ends = [book.rows(village.Measure)[0].deadline.end for book in (strict, inclusive)]
    assert [str(end) for end in ends] == ["2022-09-30", "2022-10-31"]


# -- files that cannot be read


def test_a_file_that_is_not_there_is_named(tmp_path):
    assert refusal(tmp_path / NAME) == f"{NAME}：找不到这个文件。请核对路径和文件名。"


def test_a_folder_is_no_file(tmp_path):
    assert refusal(tmp_path) == f"{tmp_path.name}：这是文件夹，不是工作簿。"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            PermissionError(13, "Permission denied"),
            f"{NAME}：文件打不开，可能正被占用或没有读取权限。请先关闭打开它的程序再试。",
        ),
        (
            OSError(5, "Input/output error"),
            f"{NAME}：读取文件出错（代码 5）。请检查磁盘或网络后再试。",
        ),
    ],
)
def test_a_file_that_the_system_withholds_is_told_in_plain_words(monkeypatch, error, sentence):
    def withheld(_):
        raise error

    monkeypatch.setattr(Path, "read_bytes", withheld)
    with pytest.raises(UnreadableError) as caught:
        read_bytes(Path(NAME))
    assert str(caught.value) == sentence


def test_an_empty_file_is_named(tmp_path):
    assert refusal(saved(tmp_path / NAME, b"")) == f"{NAME}：是空文件，没有内容。请重新保存后报送。"


class PanicException(BaseException):
    """What calamine raises where its own code gives up."""


DAMAGED = f"{NAME}：工作簿内容损坏，读不了。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送。"


def with_calamine_raising(monkeypatch, error: BaseException) -> None:
    class Broken:
        @staticmethod
        def from_filelike(_):
            raise error

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Broken)


@pytest.mark.parametrize(
    "error",
    [
        python_calamine.CalamineError("no"),
        python_calamine.XmlError("no"),
        PanicException("attempt to subtract with overflow"),
    ],
)
def test_whatever_calamine_stumbles_over_is_a_damaged_file(tmp_path, monkeypatch, error):
    with_calamine_raising(monkeypatch, error)
    assert refusal(saved(tmp_path / NAME, filled())) == DAMAGED


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError(), RuntimeError("a bug")])
def test_what_is_no_fault_of_the_file_is_not_blamed_on_it(tmp_path, monkeypatch, error):
    with_calamine_raising(monkeypatch, error)
    with pytest.raises(type(error)):
        read_workbook(saved(tmp_path / NAME, filled()), FORMS)


# -- headers that turn the meaning


@pytest.mark.parametrize(
    ("label", "header"),
    [
        ("未收回票数", "收回票数"),
        ("较满意", "满意"),
        ("满意率", "满意"),
        ("非常满意", "满意"),
        ("了解", "不了解"),
        ("应收回票数", "收回票数"),
        ("满意（%）", "满意"),
    ],
)
def test_a_header_with_a_word_more_or_less_that_turns_its_meaning_is_not_taken_for_it(
    label, header
):
    book = drawn(f"""
        # 测评验收
        | 测评日期   | 发出票数 | {label} |
        | 2022-10-31 | 40       | 3       |
    """)
    assert header in [column.header for column in book.sheet(village.Evaluation).missing]
    assert spots(book.strays) == [f"测评验收!C1 {label}", "测评验收!C2 3"]
    assert book.notes == ()


@pytest.mark.parametrize("word", ["未", "不", "较", "拟", "上年", "其中"])
def test_of_no_sheet_a_header_is_taken_that_begins_with_a_word_which_turns_it(word):
    for row in (row for row in village.FORM.rows if not row.vertical):
        for column in row.columns:
            label = f"{word}{column.header}"
            rest = [other.header for other in row.columns if other is not column]
            header = find_header(row, [[label, *rest]])
            assert label in row.by_label or column not in header.columns.values()


def test_a_column_of_running_numbers_is_not_said_to_be_a_second_number():
    book = drawn("# 整改措施\n| 序号 | 措施编号 | 责任人 |\n| 1 | P01-M01 | 李明 |")
    assert [(spot.cell, spot.why) for spot in book.strays] == [("A1", ""), ("A2", "")]


def test_one_alias_in_a_line_of_contents_makes_no_header_of_it():
    book = drawn("""
        # 整改措施
        | 整改措施 |
        | P01-M01 | P01 | 措施 | 王志远 |
        | P01-M02 | P01 | 走访 | 李明   |
    """)
    assert book.rows(village.Measure) == ()
    assert len(book.strays) == 9
    assert book.sheet(village.Measure).missing == village.Measure.columns


# -- lines that are no records


@pytest.mark.parametrize(
    ("line", "cell"),
    [
        ("| （盖章） |", "A5"),
        ("| | | | 上河村党支部（盖章） |", "D5"),
        ("| 说明：P02-M04因票据问题推迟 |", "A5"),
        ("| 书记签字：周建国 |", "A5"),
        ("| 填表人：何小梅 |", "A5"),
        ("| 一、P01 |", "A5"),
        ("| | 第二部分 |", "B5"),
        ("| | | 合计 10 条措施 |", "C5"),
    ],
)
def test_a_remark_on_a_line_of_its_own_is_no_record_and_one_stray(line, cell):
    book = drawn(f"{MEASURES}{line}\n")
    assert records(book, village.Measure) == SAID
    assert [(spot.cell, spot.why) for spot in book.strays] == [
        (cell, "这一行不像一条记录，没有读取")
    ]


@pytest.mark.parametrize(
    ("line", "word"),
    [("共计", "共计"), ("合计10条", "合计"), ("共计：3 项", "共计")],
)
def test_a_sum_with_its_count_in_the_same_cell_is_no_record(line, word):
    book = drawn(f"{MEASURES}| {line} |\n")
    assert records(book, village.Measure) == SAID
    assert [(spot.text, spot.why) for spot in book.strays] == [
        (line, f"“{word}”一行不作为记录读取")
    ]


def test_a_heading_merged_across_the_table_is_no_record():
    grid = [*TABLE[:2], ["党建工作", "", "", "", "", ""], *TABLE[2:]]
    book = book_of({"整改措施": grid}, merged={"整改措施": [((2, 0), (2, 5))]})
    assert records(book, village.Measure) == SAID
    assert spots(book.strays) == ["整改措施!A3 党建工作"]


@pytest.mark.parametrize("line", ["| P03-M01 |", "| | | 走访困难户 |"])
def test_a_record_hardly_begun_is_a_record(line):
    assert len(drawn(f"{MEASURES}{line}\n").rows(village.Measure)) == 4


def test_a_line_of_one_cell_below_a_merged_number_is_a_record():
    grid = [["问题编号", "具体表现", "整改目标"], ["P01", "软弱", "转化"], ["", "合计三条", ""]]
    book = book_of({"存在问题": grid}, merged={"存在问题": [((1, 0), (2, 0))]})
    assert [each.number for each in book.rows(village.Problem)] == ["P01", "P01"]


def test_a_label_given_twice_says_which_line_was_read():
    book = drawn("# 基本情况\n| 总人口 | 1045 |\n| 总户数 | 301 |\n| 人口 | 998 |")
    assert book.rows(village.Profile)[0].population == 1045
    assert [(spot.cell, spot.why) for spot in book.strays] == [
        ("A3", "“总人口”不止一行，只读取了第 1 行"),
        ("B3", "“总人口”不止一行，只读取了第 1 行"),
    ]


# -- a table below another, titles swapped


@pytest.mark.parametrize(
    "head",
    [
        "| 问题编号 | 问题简述 | 具体表现 |",  # another sheet's
        "| 措施编号 | 责任人 | 措施内容 |",  # its own, in another order
    ],
)
def test_a_second_head_below_ends_the_table(head):
    book = drawn(f"{MEASURES}{head}\n| P09-M09 | 李明 | 走访 |\n")
    assert records(book, village.Measure) == SAID
    assert [(spot.cell, spot.why) for spot in book.strays] == [
        (cell, "下面还有一张表，没有读取") for cell in ("A5", "B5", "C5", "A6", "B6", "C6")
    ]


def test_a_record_that_begins_with_a_word_of_headers_is_no_second_head():
    book = drawn(f"{MEASURES}| 时限 | P01 | 走访 | 李明 |\n")
    assert len(book.rows(village.Measure)) == 4


def head_of(row: type[Row]) -> list[str]:
    return [column.header for column in row.columns]


def test_two_sheets_with_each_others_titles_are_read_by_their_headers_and_that_is_said():
    grids = {
        "整改措施": [head_of(village.Problem), ["P01", "班子软弱"]],
        "存在问题": [head_of(village.Measure), ["P01-M01", "P01", "入股合作社"]],
    }
    book = book_of(grids)
    assert [each.headline for each in book.rows(village.Problem)] == ["班子软弱"]
    assert [each.text for each in book.rows(village.Measure)] == ["入股合作社"]
    assert sorted(spots(book.notes)) == [
        "存在问题! 工作表按“整改措施”读取",
        "整改措施! 工作表按“存在问题”读取",
    ]


def test_a_sheet_with_the_headers_of_a_missing_one_is_read_as_that():
    book = book_of({"整改措施": [head_of(village.Problem), ["P01", "班子软弱"]]})
    assert list(book.sheets) == [village.Problem]
    assert spots(book.notes) == ["整改措施! 工作表按“存在问题”读取"]


def test_of_three_sheets_with_titles_moved_on_by_one_each_is_found():
    book = book_of(
        {
            "整改措施": [head_of(village.Problem), ["P01"]],
            "存在问题": [head_of(village.Stage), ["摸排"]],
        }
    )
    assert {row: sheet.title for row, sheet in book.sheets.items()} == {
        village.Problem: "整改措施",
        village.Stage: "存在问题",
    }


def test_a_sheet_whose_headers_fit_two_titles_stays_where_it_is():
    stages = [head_of(village.Stage), ["摸排"]]
    book = book_of({"整改措施": stages, "存在问题": stages})
    assert village.Stage not in book.sheets


def test_a_sheet_with_the_headers_of_one_that_is_there_stays_what_its_title_says():
    problems = [head_of(village.Problem), ["P01", "班子软弱"]]
    book = book_of({"整改措施": problems, "存在问题": problems})
    assert book.sheet(village.Problem).title == "存在问题"
    assert book.sheet(village.Measure).title == "整改措施"


# -- nothing to say


def test_a_mark_for_nothing_in_a_cell_that_may_be_empty_is_read_as_empty():
    book = drawn("""
        # 整改措施
        | 措施编号 | 责任领导 | 责任人 | 完成时限 | 计划资金 | 进度 | 实际完成日期 |
        | P01-M01  | 无       | 李明   | /        | —        | －   | 没有         |
    """)
    (row,) = book.rows(village.Measure)
    assert {c.header: f.note or f.fault for c, f in row.filled() if f.value is None} == {
        "责任领导": "按没有理解",
        "完成时限": "读不出完成时限",  # required
        "计划资金": "“—”不是数字，没有的填 0，不清楚的先空着",
        "进度": "按没有理解",
        "实际完成日期": "按没有理解",
    }


def test_a_mark_for_nothing_beside_a_label_is_read_as_empty():
    book = drawn("# 基本情况\n| 村名 | 上河村 |\n| 方案日期 | / |\n| 数据截止日期 | 无 |")
    (row,) = book.rows(village.Profile)
    assert row.field(village.Profile.plan_day).fault == "读不出日期"  # required
    assert row.field(village.Profile.cutoff).note == "按没有理解"


def test_a_unit_in_a_label_counts_for_every_bare_number_beside_it():
    book = drawn("# 基本情况\n| 上年村集体收入（元） | 24000左右 |\n| 集体负债（元） | 五千 |")
    (row,) = book.rows(village.Profile)
    assert (str(row.income), str(row.debt)) == ("2.4", "0.5")


@pytest.mark.parametrize(("unit", "area"), [("平方公里", "3000"), ("公顷", "30"), ("㎡", "0.003")])
def test_an_area_is_reckoned_from_the_unit_in_its_label(unit, area):
    book = drawn(f"# 基本情况\n| 村名 | 上河村 |\n| 总面积（{unit}） | 2 |")
    assert book.rows(village.Profile)[0].printed(village.Profile.area) == area
