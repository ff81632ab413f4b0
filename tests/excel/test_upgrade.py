"""An upgrade: a filled 0.9 workbook becomes a present one, and nothing of it is lost."""

import datetime as dt
import io
import re
import subprocess
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from forms_0_9 import FILLING_0_9, FORM_0_9, IDENTITY_0_9, Measure, Problem, Profile, Visit
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openxml_audit import OpenXmlValidator
from paths import office, tool

from toolkit import flow
from toolkit.demo import example_township
from toolkit.errors import OtherFormError, OutputError, ToolkitError, UnreadableError
from toolkit.excel.blank import build_workbook
from toolkit.excel.headers import filled
from toolkit.excel.marks.mark import marked
from toolkit.excel.opened import open_bytes, read_workbook
from toolkit.excel.own_texts import own_texts
from toolkit.excel.parking import MOVE_CELL, MOVE_NOTE
from toolkit.excel.upgrading.inventory import take_inventory
from toolkit.excel.upgrading.upgrade import Upgraded, upgrade
from toolkit.excel.values import read_values
from toolkit.findings import Finding, Level
from toolkit.forms import township, village
from toolkit.package import rewrite, unzipped, zipped
from toolkit.schema.form import (
    FORM_PROPERTY,
    INSTRUCTIONS_SHEET,
    META_SHEET,
    PARKING_SHEET,
    Filling,
    Identity,
)
from toolkit.schema.texts import header_core, header_form, is_blank

FORMS = (village.FORM, township.FORM)
NEW = {
    Profile: village.Profile,
    Problem: village.Problem,
    Measure: village.Measure,
}
"""The sheets of 0.9 that there still are; columns of one name hold one thing."""

GONE = {(Profile, "team_head"), (Measure, "overseer")}


VERSION = village.FORM.version


def old_bytes(filling: Filling = FILLING_0_9) -> bytes:
    return build_workbook(FORM_0_9, IDENTITY_0_9, filling)


@cache
def filled_0_9() -> bytes:
    return old_bytes()


def edited(data: bytes, edit: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The workbook as somebody with openpyxl leaves it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def upgraded(data: bytes, folder: Path, forms=FORMS) -> Upgraded:
    path = folder / "0203-上河村-2022.xlsx"
    path.write_bytes(data)
    return upgrade(path, forms)


@pytest.fixture(scope="module")
def result(tmp_path_factory) -> Upgraded:
    """The upgrade of the fixture as it is."""
    return upgraded(filled_0_9(), tmp_path_factory.mktemp("upgraded"))


def with_edit(edit: Callable[[openpyxl.Workbook], None], folder: Path) -> Upgraded:
    return upgraded(edited(filled_0_9(), edit), folder)


def written(result: Upgraded) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(result.data))


def read_back(result: Upgraded, folder: Path, form=village.FORM):
    path = folder / "新.xlsx"
    path.write_bytes(result.data)
    return read_workbook(path, (form,))


def parked(result: Upgraded) -> list[tuple]:
    """The lines of 待迁移, without the advice, as another program reads them."""
    lines = written(result)[PARKING_SHEET].iter_rows(min_row=4, values_only=True)
    return [tuple(cell or "" for cell in line[:4]) for line in lines]


def notes(result: Upgraded) -> dict[str, tuple[str, str]]:
    """Each note by its cell: author and text."""
    return {
        # openpyxl reads an author without a name as the word None.
        f"{sheet.title}!{cell.coordinate}": (
            cell.comment.author.replace("None", ""),
            cell.comment.text,
        )
        for sheet in written(result).worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.comment
    }


def kept(filling: Filling) -> dict[type, list[dict]]:
    """What of a 0.9 filling the present form has a place for, by present sheet."""
    return {
        new: [
            {name: raw for name, raw in record.items() if (old, name) not in GONE}
            for record in filling.get(old, ())
        ]
        for old, new in NEW.items()
    }


def raws(book, row) -> list[dict]:
    return [{c.name: field.raw for c, field in each.filled()} for each in book.rows(row)]


PARKED_0_9 = [
    ("整改措施", "C4", "措施编号 P02-M01 的督办领导", "赵国强"),
    ("基本情况", "B13", "驻村工作队长", "周敏"),
    ("帮扶走访", "A4", "走访日期", dt.datetime.fromisoformat("2022-05-01")),
    ("帮扶走访", "B4", "走访干部", "周敏"),
    ("帮扶走访", "C4", "走访户数（户）", 3),
    ("帮扶走访", "A5", "走访日期", "五月中旬"),
    ("帮扶走访", "B5", "走访干部", "周敏、李明"),
]


# -- values


def test_every_value_stands_at_its_field_as_it_was_typed_and_in_its_order(result, tmp_path):
    book = read_back(result, tmp_path)
    for row, records in kept(FILLING_0_9).items():
        assert raws(book, row) == records
    assert [row.number for row in book.rows(village.Measure)] == ["P02-M01", "P01-M01"]
    assert [row.number for row in book.rows(village.Problem)] == ["P02", "P01"]


def test_each_cell_keeps_its_type_in_the_file_whatever_its_column_asks_for(result):
    sheet = written(result)["整改措施"]
    header = {header_core(cell.value)[0]: cell.column for cell in sheet[3]}
    first, second = (
        {name: sheet.cell(row, column) for name, column in header.items()} for row in (4, 5)
    )
    assert (first["措施内容"].value, first["措施内容"].data_type) == ("=入股合作社", "s")
    assert (first["计划资金"].value, first["计划资金"].data_type) == ("５０", "s")
    assert (second["计划资金"].value, second["计划资金"].data_type) == (0.1, "n")
    assert second["办理状态"].value == "差不多了"  # no entry of the list: the next check says so
    assert second["完成时限"].value == dt.datetime.fromisoformat("2022-06-30")
    assert second["实际完成日期"].value == dt.datetime.fromisoformat("2022-06-15T09:30")


def test_what_has_no_place_is_parked_with_where_it_stood_and_what_to_do(result):
    assert parked(result) == PARKED_0_9
    sheet = written(result)[PARKING_SHEET]
    assert [cell.value for cell in sheet[3]] == ["原工作表", "原单元格", "原栏目", "内容", "怎么办"]
    assert {sheet.cell(row, 5).value for row in range(4, 11)} == {MOVE_CELL}
    assert not sheet.protection.sheet
    assert sheet.sheet_state == "visible"


def test_the_counts_are_those_of_a_count_by_hand(result):
    # 9 fields of the profile, 4 and 4 of the problems, 8 and 8 of the measures, 5 of the visits.
    proof = result.proof
    assert (proof.values_before, proof.carried, proof.parked) == (38, 31, 7)
    assert (proof.values_after, proof.split) == (38, 0)
    assert (proof.notes_before, proof.notes_carried, proof.notes_after) == (0, 0, 0)
    assert proof.line == (
        "迁移 31 格，批注 0 条；待迁移 7 格；旧工作簿 38 格，新工作簿 38 格，数目一致。"
    )
    assert result.notes == (
        f"版本 0.9.0 升为 {VERSION}。{proof.line}",
        "没有对应栏目的内容在“待迁移”表里，共 7 行，请逐行处理，全部处理完后删除这张表。",
    )


def test_a_workbook_without_anything_to_park_has_no_such_sheet(tmp_path):
    filling = {Problem: FILLING_0_9[Problem]}
    result = upgraded(old_bytes(filling), tmp_path)
    assert PARKING_SHEET not in written(result).sheetnames
    assert result.parked == ()
    assert result.proof.line == (
        "迁移 8 格，批注 0 条；待迁移 0 格；旧工作簿 8 格，新工作簿 8 格，数目一致。"
    )


def test_a_blank_workbook_is_upgraded_to_the_blank_one(tmp_path):
    result = upgraded(old_bytes({}), tmp_path)
    identity = replace(IDENTITY_0_9, version=VERSION)
    assert result.data == build_workbook(village.FORM, identity)


def test_equal_input_gives_equal_bytes_and_leaves_the_original_alone(result, tmp_path):
    assert result.data == upgraded(filled_0_9(), tmp_path).data
    assert [path.name for path in tmp_path.iterdir()] == ["0203-上河村-2022.xlsx"]
    assert (tmp_path / "0203-上河村-2022.xlsx").read_bytes() == filled_0_9()


def test_a_check_of_the_result_asks_for_no_sheet_column_or_version(result, tmp_path):
    path = tmp_path / "0203-上河村-2022.xlsx"
    path.write_bytes(result.data)
    report = flow.check([path], dt.date(2022, 6, 16))
    found = {finding.rule for finding in report.findings}
    assert not found & {"L101", "L102", "L103", "L104", "L106"}
    # 0.9 had no 工作力量: the check asks for its rows, not for the sheet.
    assert {(f.rule, f.sheet) for f in report.findings if f.rule.startswith("L1")} <= {
        ("L105", PARKING_SHEET),
        ("L116", "工作力量"),
    }
    assert "L105" in found
    # What could not be read stays in its cell, and is found there.
    assert [(f.sheet, f.cells) for f in report.findings if f.seen == "差不多了"] == [
        ("整改措施", ("J5",))
    ]


cells = st.one_of(
    st.text("上河村P0１1-.,，。:：\n\t '=+_xX*＊%合是万元\u3000\u200b<&\"", max_size=9),
    st.sampled_from(["_x0041_", "P01-M01", "2022.4.20", "编号", "问题名称", "√"]),
    st.integers(-(10**10), 10**10),
    st.floats(-1e9, 1e9).map(lambda number: float(f"{number:.12g}")),
    st.dates(dt.date(1901, 1, 1), dt.date(2100, 1, 1)),
)


def records_of(row) -> st.SearchStrategy:
    return st.lists(
        st.dictionaries(st.sampled_from([column.name for column in row.columns]), cells),
        max_size=1 if row.vertical else 4,
    )


def test_a_row_that_looks_like_a_sum_in_the_new_order_stays_and_the_check_speaks_of_it(tmp_path):
    """What stood before 合计 is parked, so the reader takes the row for no record."""
    result = upgraded(old_bytes({Measure: [{"overseer": "赵国强", "status": "合计"}]}), tmp_path)
    assert written(result)["整改措施"]["J4"].value == "合计"
    path = tmp_path / "新.xlsx"
    path.write_bytes(result.data)
    report = flow.check([path], dt.date(2022, 6, 16))
    assert [(f.sheet, f.cells) for f in report.findings if f.rule == "L104"] == [
        ("整改措施", ("J4",))
    ]


ANY_DAY = dt.date(2022, 1, 1)


def plain(records: list[dict]) -> list[dict]:
    """A number that a date's format shows as a time of day, as the duration it is."""
    return [
        {
            name: dt.datetime.combine(ANY_DAY, raw) - dt.datetime.combine(ANY_DAY, dt.time())
            if isinstance(raw, dt.time)
            else raw
            for name, raw in record.items()
        }
        for record in records
    ]


def is_more_than_a_remark(record):
    """Say whether what the new form keeps of a measure is as much a record as it was."""
    held = {name for name, raw in record.items() if not (isinstance(raw, str) and is_blank(raw))}
    return "overseer" not in held or len(held) != 2


@settings(max_examples=12, deadline=None)
@example({Problem: [{"number": "P01", "found": 1.9}]})
@example({Measure: [{"number": "P01-M01", "completed": 6.103515625e-05}]})
@given(st.fixed_dictionaries({row: records_of(row) for row in FORM_0_9.rows}))
def test_whatever_a_0_9_workbook_holds_comes_over_or_is_parked(tmp_path_factory, filling):
    # A lone cell, all that the new form has a place for, reads as somebody's remark.
    assume(all(map(is_more_than_a_remark, filling.get(Measure, []))))
    folder = tmp_path_factory.mktemp("upgrade")
    old = old_bytes(filling)
    result = upgraded(old, folder)
    typed = [raw for rows in filling.values() for record in rows for raw in record.values()]
    shown = [raw for raw in typed if not (isinstance(raw, str) and is_blank(raw))]
    assert result.proof.balances
    assert result.proof.values_before == len(shown)
    before = read_workbook(folder / "0203-上河村-2022.xlsx", FORMS)
    after = read_back(result, folder)
    for row in NEW.values():
        assert plain(raws(after, row)) == plain(raws(before, row))
    carried = sum(len(record) for row in NEW.values() for record in raws(after, row))
    assert result.proof.carried == carried
    assert len(result.parked) == len(shown) - carried


def test_a_number_that_a_dates_format_shows_as_no_day_stays_that_number(tmp_path):
    odd = [-1, 0, 60, 2958466, 13812345678, -3.5, 60.5]
    problems = [{"number": f"P{at:02}", "found": raw} for at, raw in enumerate(odd, 1)]
    result = upgraded(old_bytes({Problem: problems}), tmp_path)
    assert result.proof.carried == 14
    part = unzipped(result.data)["xl/worksheets/sheet5.xml"].decode()
    assert re.findall(r'<c r="F\d+" s="\d+"><v>(.*?)</v>', part) == [str(raw) for raw in odd]


@pytest.mark.parametrize("raw", [1, 1.9, 31.25, 59, 59.99999, 61, 61.5])
def test_a_day_around_february_1900_stays_the_number_that_the_file_holds(tmp_path, raw):
    """Excel counts a 29 February 1900; a writer that does not would be a day off."""
    result = upgraded(old_bytes({Problem: [{"number": "P01", "found": raw}]}), tmp_path)
    part = unzipped(result.data)["xl/worksheets/sheet5.xml"].decode()
    assert re.findall(r'<c r="F4" s="\d+"><v>(.*?)</v>', part) == [str(raw)]


def test_such_a_day_is_parked_as_its_number_too(tmp_path):
    result = upgraded(old_bytes({Visit: [{"day": 1.9}]}), tmp_path)
    assert parked(result) == [("帮扶走访", "A4", "走访日期", 1.9)]


def test_days_of_a_file_that_counts_from_1904_are_the_same_days(tmp_path):
    def edit(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    result = with_edit(edit, tmp_path)
    book = read_back(result, tmp_path)
    assert village.profile(book).plan_day == dt.date(2022, 4, 20)
    assert ("帮扶走访", "A4", "走访日期", dt.datetime.fromisoformat("2022-05-01")) in parked(result)


# -- what people write beside the form


def remark(sheet: str, cell: str, content: object) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        if sheet not in book.sheetnames:
            book.create_sheet(sheet)
        book[sheet][cell] = content

    return edit


@pytest.mark.parametrize(
    ("sheet", "cell", "content", "heading"),
    [
        ("整改措施", "J9", "县里来看过", ""),  # beside the table
        ("整改措施", "J5", "县里来看过", "措施编号 P01-M01"),  # beside a record
        ("整改措施", "A6", "合计", "编号"),  # no record: a sum's label …
        ("整改措施", "C5", "周敏", "措施编号 P01-M01 的督办领导"),  # a column that is gone
        ("整改措施", "J3", "备注", ""),  # a header of somebody's own, nothing below it
        ("整改措施", "D1", "初稿", ""),  # in the title's line
        ("基本情况", "F9", "以公安数为准", "村代码"),  # right of the form
        ("基本情况", "C9", "人", "村代码"),  # in the unit's column, where 0.9 had nothing
        ("基本情况", "D6", "见台账", "上年村集体收入"),  # over the form's own advice
        ("基本情况", "A20", "另有说明", ""),  # a line of its own
        ("帮扶走访", "F1", "初稿", ""),  # on a sheet that is gone
        ("帮扶走访", "E5", 7, ""),
        # on the sheets that nobody fills in
        (INSTRUCTIONS_SHEET, "G4", "请先看这里", ""),
        (INSTRUCTIONS_SHEET, "A3", "镇里说明", ""),  # between title and steps
        (INSTRUCTIONS_SHEET, "B6", "镇里说明", ""),  # before the next band
        (INSTRUCTIONS_SHEET, "A20", "镇里说明", ""),  # on a colour
        (INSTRUCTIONS_SHEET, "F14", 5, ""),  # beside the progress
        (INSTRUCTIONS_SHEET, "C16", "都填了", ""),  # over a count
        (INSTRUCTIONS_SHEET, "C28", "选填", ""),  # where a column is not required
        (INSTRUCTIONS_SHEET, "B90", "镇里说明", ""),  # below all
        (META_SHEET, "A7", "第二联", ""),
        (META_SHEET, "C1", "第二联", ""),
        ("字典", "A40", "村里自己的类型", ""),  # below a list
        ("字典", "A2", "村里自己的类型", ""),  # over an entry
        ("字典", "Z1", "村里自己的清单", ""),
        ("字典", "Z2", "甲", ""),
        # … with a title of ours
        ("待改清单", "A1", "村里自己的清单", ""),
        ("待改清单(核对)", "B2", 3, ""),
    ],
)
def test_a_remark_is_parked_wherever_it_stands(tmp_path, sheet, cell, content, heading):
    lines = parked(with_edit(remark(sheet, cell, content), tmp_path))
    assert (sheet, cell, heading, content) in lines
    assert sorted(map(str, lines)) == sorted(
        map(str, [*PARKED_0_9, (sheet, cell, heading, content)])
    )


def test_a_remark_that_looks_like_a_band_is_parked_and_so_is_a_band_of_another_version(tmp_path):
    """Only its text tells what the form wrote: a colour can be painted on anything."""

    def edit(book):
        sheet = book["基本情况"]
        sheet["A20"], sheet["A20"].fill = "镇里已核", copy(sheet["A4"].fill)
        assert sheet["A4"].value == "党员队伍"
        sheet["A7"] = "村情（已核）"

    lines = parked(with_edit(edit, tmp_path))
    assert ("基本情况", "A20", "", "镇里已核") in lines
    assert ("基本情况", "A7", "", "村情（已核）") in lines
    assert len(lines) == len(PARKED_0_9) + 2


def test_nothing_on_the_sheets_that_nobody_fills_in_is_parked_that_the_form_wrote(tmp_path):
    """Not even where old titles, steps and hints are no longer those of the present form."""
    own = {INSTRUCTIONS_SHEET, META_SHEET, "字典"}
    assert not [line for line in parked(upgraded(filled_0_9(), tmp_path)) if line[0] in own]
    entitled = replace(FORM_0_9, title="旧标题", purpose="旧用途。", steps=("一。", "二。"))
    old = build_workbook(entitled, IDENTITY_0_9, FILLING_0_9)
    assert parked(upgraded(old, tmp_path)) == PARKED_0_9


# -- a return copy

FAULT = Finding(
    "",
    "",
    "整改措施",
    ("E4",),
    "措施",
    Level.ERROR,
    "C301",
    "=入股合作社",
    "写得太短",
    "写明做法。",
)


def test_a_return_copy_is_upgraded_as_if_it_had_never_been_marked(result, tmp_path):
    assert upgraded(marked(filled_0_9(), [FAULT], "2022-06-16"), tmp_path) == result


def test_what_people_wrote_beside_our_list_is_parked_and_counted(tmp_path):
    def edit(book):
        book["待改清单"]["J4"] = "已问县里"
        book["待改清单"]["D4"].comment = Comment("看过了", "张会计")
        book["整改措施"]["E4"].comment = Comment(
            "村里改过\n" + book["整改措施"]["E4"].comment.text, "张会计"
        )

    old = edited(marked(filled_0_9(), [FAULT], "2022-06-16"), edit)
    result = upgraded(old, tmp_path)
    assert parked(result) == [
        ("待改清单", "J4", "", "已问县里"),
        ("待改清单", "D4", "", "批注：看过了"),
        *PARKED_0_9,
    ]
    assert (result.proof.values_before, result.proof.parked, result.proof.values_after) == (
        40,
        9,
        40,
    )
    assert notes(result) == {"整改措施!C4": ("张会计", "村里改过")}


def test_a_file_that_marks_cannot_be_taken_from_is_upgraded_as_it_is(result, tmp_path, monkeypatch):
    def refuse(_):
        raise OutputError("做不了回传件")

    monkeypatch.setattr("toolkit.excel.upgrading.upgrade.cleared", refuse)
    assert upgraded(filled_0_9(), tmp_path) == result


# -- formatted rows


def test_blank_formatted_rows_are_cut_before_the_count_and_no_cell_with_them(result, tmp_path):
    parts = unzipped(filled_0_9())
    name = "xl/worksheets/sheet2.xml"
    style = re.search(rb'<c r="A5" (s="\d+")', parts[name])[1]
    blank = b"".join(
        b'<row r="%d"><c r="A%d" %b/><c r="B%d" %b/></row>' % (at, at, style, at, style)
        for at in range(200, 9000)
    )
    far = b'<row r="9000"><c r="J9000" t="str"><v>\xe8\xbf\x9c</v></c></row>'
    parts[name] = parts[name].replace(b"</sheetData>", blank + far + b"</sheetData>")
    data = zipped(parts)
    inventory = take_inventory(data, "")
    assert inventory.cells["整改措施"][9000, 10].raw == "远"
    again = upgraded(data, tmp_path)
    assert sorted(map(str, parked(again))) == sorted(
        map(str, [*PARKED_0_9, ("整改措施", "J9000", "", "远")])
    )
    assert again.proof.carried == result.proof.carried


def test_a_column_of_somebodys_own_is_parked_under_its_header(tmp_path):
    def edit(book):
        sheet = book["整改措施"]
        sheet["J3"], sheet["J4"], sheet["J5"] = "备注", "已签协议", 4

    lines = parked(with_edit(edit, tmp_path))
    assert [line for line in lines if line[2].endswith("备注")] == [
        ("整改措施", "J4", "措施编号 P02-M01 的备注", "已签协议"),
        ("整改措施", "J5", "措施编号 P01-M01 的备注", 4),
    ]
    assert len(lines) == len(PARKED_0_9) + 2


def test_a_field_of_somebodys_own_is_parked_under_its_label(tmp_path):
    def edit(book):
        sheet = book["基本情况"]
        sheet["A20"], sheet["B20"] = "村医", "孙强"

    assert ("基本情况", "B20", "村医", "孙强") in parked(with_edit(edit, tmp_path))


def test_a_sheet_of_somebodys_own_is_parked_whole_row_by_row(tmp_path):
    def edit(book):
        sheet = book.create_sheet("走访记录")
        sheet.append(["户主", None, "户数"])
        sheet.append(["王五", "√", 3])

    assert parked(with_edit(edit, tmp_path))[len(PARKED_0_9) :] == [
        ("走访记录", "A1", "", "户主"),
        ("走访记录", "C1", "", "户数"),
        ("走访记录", "A2", "", "王五"),
        ("走访记录", "B2", "", "√"),
        ("走访记录", "C2", "", 3),
    ]


def test_blanks_and_invisible_characters_count_as_nothing(tmp_path):
    result = with_edit(remark("整改措施", "J9", " \u3000\u200b"), tmp_path)
    assert result.proof.values_before == 38


def test_without_the_old_instructions_old_texts_are_parked_rather_than_guessed_at(tmp_path):
    def edit(book):
        del book[INSTRUCTIONS_SHEET]

    result = with_edit(edit, tmp_path)
    assert set(map(str, PARKED_0_9[:2])) < set(map(str, parked(result)))
    assert ("整改措施", "A2", "", "一条措施一行。") in parked(result)
    assert result.proof.carried == 31
    assert result.proof.balances


# -- formulas, errors, merged cells, loose things


def with_formula(cell: bytes, formula: str, value: str, kind: str = "") -> bytes:
    """The workbook with a formula in a cell of 整改措施, saved with a value or without."""

    def change(part: str, content: bytes) -> bytes:
        if part != "xl/worksheets/sheet2.xml":
            return content
        new = rf'<c r="{cell.decode()}"\1{kind}><f>{formula}</f>{value}</c>'.encode()
        changed, count = re.subn(
            rb'<c r="' + cell + rb'"( s="\d+")(?: t="\w+")?(?:/>|>.*?</c>)', new, content
        )
        assert count == 1
        return changed

    return rewrite(filled_0_9(), change)


def test_a_formula_becomes_what_it_came_to_and_that_is_said(tmp_path):
    result = upgraded(with_formula(b"F5", "1/4", "<v>0.25</v>"), tmp_path)
    sheet = written(result)["整改措施"]
    assert [cell.value for cell in sheet[5] if cell.value == 0.25] == [0.25]
    assert "公式改成了算好的数：整改措施!F5。" in result.notes
    assert (result.proof.carried, result.proof.values_after) == (31, 38)


@pytest.mark.parametrize(
    ("formula", "value", "kind"),
    [("1/0", "<v>#DIV/0!</v>", ' t="e"'), ("F4*2", "", "")],
    ids=["an error", "no result yet"],
)
def test_a_formula_that_came_to_nothing_is_parked_as_its_text(tmp_path, formula, value, kind):
    result = upgraded(with_formula(b"F5", formula, value, kind), tmp_path)
    assert ("整改措施", "F5", "措施编号 P01-M01 的资金（万元）", f"={formula}") in parked(result)
    assert written(result)[PARKING_SHEET]["D5"].data_type == "s"
    assert (result.proof.carried, result.proof.parked) == (30, 8)


def test_merged_cells_are_taken_apart_each_with_what_it_showed(tmp_path):
    def edit(book):
        book["整改措施"]["G5"] = None
        book["整改措施"].merge_cells("G4:G5")

    result = with_edit(edit, tmp_path)
    book = read_back(result, tmp_path)
    assert [row.owner for row in book.rows(village.Measure)] == [("王志远",), ("王志远",)]
    assert result.proof.line == (
        "迁移 30 格，批注 0 条；待迁移 7 格；"
        "旧工作簿 37 格，新工作簿 38 格（合并单元格拆开多出 1 格），数目一致。"
    )
    assert "合并的单元格拆开填写：整改措施!G5。" in result.notes


def test_what_a_merged_area_hides_is_not_lost(tmp_path):
    parts = unzipped(filled_0_9())
    name = "xl/worksheets/sheet2.xml"
    merge = b'</autoFilter><mergeCells count="1"><mergeCell ref="G4:H5"/></mergeCells>'
    parts[name] = re.sub(rb"(<autoFilter[^>]*)/>", rb"\1>" + merge, parts[name])
    result = upgraded(zipped(parts), tmp_path)
    book = read_back(result, tmp_path)
    assert [row.owner for row in book.rows(village.Measure)] == [("王志远",), ("李明",)]
    assert (result.proof.carried, result.proof.split) == (31, 0)


def test_pictures_and_macros_are_said_to_stay_behind(tmp_path):
    parts = unzipped(filled_0_9()) | {"xl/media/image1.png": b"", "xl/vbaProject.bin": b""}
    result = upgraded(zipped(parts), tmp_path)
    assert result.notes[-2:] == (
        "图片、图表和附件共 1 个没有搬过来，请从旧工作簿里复制。",
        "宏没有搬过来。",
    )


def test_links_stay_behind_and_their_cells_are_named(tmp_path):
    def edit(book):
        book["整改措施"]["E4"].hyperlink = "https://example.com/"
        for row in range(10, 40):
            book["基本情况"].cell(row, 6).hyperlink = "#填写说明!A1"

    assert with_edit(edit, tmp_path).notes[-1] == (
        "链接共 31 处没有搬过来，文字已保留：整改措施!E4；基本情况!F10:F39。"
    )


def test_text_boxes_stay_behind_and_are_counted_once(tmp_path):
    box = b"<xdr:sp><xdr:txBody><a:p/></xdr:txBody></xdr:sp>"
    again = b"<mc:Fallback>" + box + b"</mc:Fallback>"
    parts = unzipped(filled_0_9()) | {
        "xl/drawings/drawing1.xml": b"<xdr:wsDr>" + box + again + b"</xdr:wsDr>",
        "xl/drawings/drawing2.xml": b"<xdr:wsDr><xdr:pic/>" + box + b"</xdr:wsDr>",
        "xl/drawings/vmlDrawing1.vml": b"<xml/>",
    }
    result = upgraded(zipped(parts), tmp_path)
    assert result.notes[-1] == "文本框和图形共 2 个没有搬过来，请从旧工作簿里复制。"


# -- notes

NOTES = {
    ("整改措施", "E4"): ("镇党建办", "周敏:\n请写明股金。"),
    ("整改措施", "I4"): ("", "还没有完成"),  # a blank cell of a filled row
    ("整改措施", "H3"): ("李明", "这一栏写到月"),
    ("整改措施", "A1"): ("李明", "二稿"),
    ("基本情况", "B5"): ("李明", "以党员册为准"),
    ("基本情况", "A5"): ("李明", "包括预备党员"),
    ("基本情况", "D5"): ("李明", "看不懂"),
    ("问题清单", "B5"): ("李明", "先整改"),
    # no place for these
    ("整改措施", "C4"): ("王志远", "已调走"),
    ("整改措施", "A9"): ("", "下次再填"),
    ("帮扶走访", "A5"): ("李明", "日期待查"),
    (INSTRUCTIONS_SHEET, "A1"): ("李明", "已读"),
}


def hang_notes(book: openpyxl.Workbook) -> None:
    for (sheet, cell), (author, text) in NOTES.items():
        book[sheet][cell].comment = Comment(text, author)


def test_every_note_hangs_on_its_cell_with_its_author_and_text(tmp_path):
    assert notes(with_edit(hang_notes, tmp_path)) == {
        "整改措施!C4": ("镇党建办", "周敏:\n请写明股金。"),
        "整改措施!M4": ("", "还没有完成"),
        "整改措施!G3": ("李明", "这一栏写到月"),
        "整改措施!A1": ("李明", "二稿"),
        "基本情况!B37": ("李明", "以党员册为准"),
        "基本情况!A37": ("李明", "包括预备党员"),
        "基本情况!D37": ("李明", "看不懂"),
        "存在问题!A5": ("李明", "先整改"),
    }


def test_a_note_without_a_place_is_parked_with_its_author(tmp_path):
    result = with_edit(hang_notes, tmp_path)
    assert parked(result)[len(PARKED_0_9) :] == [
        (INSTRUCTIONS_SHEET, "A1", "批注（李明）", "已读"),
        ("整改措施", "C4", "批注（王志远）", "已调走"),
        ("整改措施", "A9", "批注", "下次再填"),
        ("帮扶走访", "A5", "批注（李明）", "日期待查"),
    ]
    assert [line.advice for line in result.parked[-4:]] == [MOVE_NOTE] * 4
    assert result.proof.line == (
        "迁移 31 格，批注 8 条；待迁移 7 格、批注 4 条；"
        "旧工作簿 38 格，新工作簿 42 格（待迁移的批注占 4 格），数目一致。"
    )


def test_a_note_without_a_text_is_kept(tmp_path):
    def edit(book):
        book["整改措施"]["J9"].comment = Comment("", "李明")

    assert parked(with_edit(edit, tmp_path))[-1] == (
        "整改措施",
        "J9",
        "批注（李明）",
        "（没有文字的批注）",
    )


# -- once more


def next_version() -> tuple:
    return (replace(village.FORM, version="1.1.0"),)


def test_a_later_upgrade_carries_the_parked_lines_along(tmp_path):
    first = with_edit(hang_notes, tmp_path)
    second = upgraded(first.data, tmp_path, next_version())
    assert parked(second) == parked(first)
    assert [line.advice for line in second.parked] == [line.advice for line in first.parked]
    assert notes(second) == notes(first)
    assert (second.proof.values_before, second.proof.parked) == (42, 11)
    assert raws(read_back(second, tmp_path, *next_version()), village.Measure) == raws(
        read_back(first, tmp_path), village.Measure
    )


def test_a_line_that_is_done_with_is_dropped_and_a_remark_on_the_sheet_is_not(result, tmp_path):
    def edit(book):
        sheet = book[PARKING_SHEET]
        sheet["D4"] = None
        sheet["F5"], sheet["E6"], sheet["A20"] = "问镇里", "已问", "其余以后再说"
        sheet["D7"].comment = Comment("哪一天？", "李明")

    second = upgraded(edited(result.data, edit), tmp_path, next_version())
    assert parked(second) == [
        *PARKED_0_9[1:],
        (PARKING_SHEET, "F5", "", "问镇里"),
        (PARKING_SHEET, "E6", "", "已问"),
        (PARKING_SHEET, "A20", "", "其余以后再说"),
    ]
    assert notes(second) == {"待迁移!D6": ("李明", "哪一天？")}


def test_a_sheet_of_that_name_without_its_headers_is_parked_like_any_other(tmp_path):
    def edit(book):
        book.create_sheet(PARKING_SHEET).append(["张三", 5])

    assert parked(with_edit(edit, tmp_path))[:2] == [
        (PARKING_SHEET, "A1", "", "张三"),
        (PARKING_SHEET, "B1", "", 5),
    ]


# -- which workbook it is


def test_a_present_workbook_is_left_as_it_is(tmp_path):
    data = build_workbook(village.FORM, Identity(village.FORM.id, VERSION, "0203", "2022"))
    assert upgraded(data, tmp_path) == Upgraded(b"", (f"已是现用版本 {VERSION}，不用升级。",))


def test_a_newer_workbook_is_refused_with_the_advice_to_update(tmp_path):
    data = build_workbook(village.FORM, Identity(village.FORM.id, "99.0.0", "0203", "2022"))
    with pytest.raises(UnreadableError) as refused:
        upgraded(data, tmp_path)
    assert str(refused.value) == (
        f"0203-上河村-2022.xlsx：工作簿版本 99.0.0，新于本程序的 {VERSION}。请先更新程序再试。"
    )


def test_code_and_year_are_those_that_the_file_was_issued_with(result, tmp_path):
    book = read_back(result, tmp_path)
    assert book.identity == Identity("village-workbook", VERSION, "0203", "2022")


def test_where_the_marks_are_lost_the_profile_tells_code_and_year(tmp_path):
    def edit(book):
        del book[INSTRUCTIONS_SHEET], book[META_SHEET]
        del book.custom_doc_props[FORM_PROPERTY]

    result = with_edit(edit, tmp_path)
    assert result.notes[0].startswith(f"版本 不明 升为 {VERSION}。迁移 31 格，")
    book = read_back(result, tmp_path)
    assert book.identity == Identity("village-workbook", VERSION, "0203", "2022")


def test_a_rollup_or_other_file_is_refused_as_ever(tmp_path):
    stray = tmp_path / "甲.xlsx"
    stray.write_bytes(b"no workbook")
    with pytest.raises(UnreadableError):
        upgrade(stray, FORMS)
    with pytest.raises(OtherFormError):
        upgraded(filled_0_9(), tmp_path, (township.FORM,))


def test_an_old_format_is_to_be_saved_as_xlsx_first(tmp_path, monkeypatch):
    def as_xls(data, path, forms):
        opened = open_bytes(data, path, forms)
        return replace(opened, facts=replace(opened.facts, kind=".xls"))

    monkeypatch.setattr("toolkit.excel.upgrading.upgrade.open_bytes", as_xls)
    with pytest.raises(UnreadableError) as refused:
        upgraded(filled_0_9(), tmp_path)
    assert str(refused.value) == (
        "0203-上河村-2022.xlsx：是 .xls 格式，不能直接升级。"
        "请用 Excel 或 WPS 打开，另存为 .xlsx 再试。"
    )


def test_a_township_workbook_of_an_older_version_is_upgraded_as_well(tmp_path):
    own = example_township().township
    older = replace(own.identity, version="0.9.0")
    result = upgraded(build_workbook(own.form, older, own.filling), tmp_path)
    again = replace(own.identity, version=own.form.version)
    assert result.data == build_workbook(own.form, again, own.filling)
    assert result.proof.parked == 0


def test_a_township_workbook_from_before_the_elements_of_papers_gets_their_sheet(tmp_path):
    rows = tuple(row for row in township.FORM.rows if row is not township.Formality)
    older = replace(township.FORM, version="1.1.1", rows=rows)
    own = example_township().township
    filling = {row: lines for row, lines in own.filling.items() if row in rows}
    result = upgraded(
        build_workbook(older, replace(own.identity, version="1.1.1"), filling), tmp_path
    )
    again = replace(own.identity, version=township.FORM.version)
    assert result.data == build_workbook(township.FORM, again, filling)
    assert result.notes[0].startswith(f"版本 1.1.1 升为 {township.FORM.version}。")
    assert (result.proof.parked, result.parked) == (0, ())


# -- the proof


def test_a_loss_stops_the_upgrade_and_is_told_with_its_counts(tmp_path, monkeypatch):
    def lossy(form, identity, filling=None, **more):
        short = {row: records[:1] for row, records in (filling or {}).items()}
        return build_workbook(form, identity, short, **more)

    monkeypatch.setattr("toolkit.excel.upgrading.upgrade.build_workbook", lossy)
    with pytest.raises(ToolkitError) as stopped:
        upgraded(filled_0_9(), tmp_path)
    assert "新工作簿 26 格，数目不一致。" in str(stopped.value)
    assert "整改措施!A5" in str(stopped.value)


def test_a_value_that_is_not_what_it_was_stops_the_upgrade_though_the_counts_agree(
    tmp_path, monkeypatch
):
    def careless(form, identity, filling=None, **more):
        changed = {
            row: [{n: 35 if raw == 34 else raw for n, raw in each.items()} for each in records]
            for row, records in (filling or {}).items()
        }
        return build_workbook(form, identity, changed, **more)

    monkeypatch.setattr("toolkit.excel.upgrading.upgrade.build_workbook", careless)
    with pytest.raises(ToolkitError) as stopped:
        upgraded(filled_0_9(), tmp_path)
    assert "数目一致。基本情况!B5等 1 处前后不同。" in str(stopped.value)


def test_a_parked_line_that_is_not_what_it_was_stops_the_upgrade(tmp_path, monkeypatch):
    def careless(form, identity, filling=None, *, notes=(), parked=()):
        changed = [replace(each, content="？") for each in parked]
        return build_workbook(form, identity, filling, notes=notes, parked=changed)

    monkeypatch.setattr("toolkit.excel.upgrading.upgrade.build_workbook", careless)
    with pytest.raises(ToolkitError, match=r"整改措施!C4、基本情况!B13、.*等 7 处前后不同。"):
        upgraded(filled_0_9(), tmp_path)


def test_a_lost_note_stops_the_upgrade(tmp_path, monkeypatch):
    def forgetful(form, identity, filling=None, *, notes=(), parked=()):
        return build_workbook(form, identity, filling, notes=notes[1:], parked=parked)

    monkeypatch.setattr("toolkit.excel.upgrading.upgrade.build_workbook", forgetful)
    with pytest.raises(ToolkitError) as stopped:
        with_edit(hang_notes, tmp_path)
    assert "数目不一致" in str(stopped.value)
    assert "的批注" in str(stopped.value)


def test_a_file_that_openpyxl_stumbles_over_is_refused_in_a_sentence(tmp_path):
    parts = unzipped(filled_0_9())
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"<fills", b"<filth", 1)
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(b"</fills>", b"</filth>", 1)
    with pytest.raises(UnreadableError) as refused:
        upgraded(zipped(parts), tmp_path)
    assert "没有升级。请用 Excel 或 WPS 打开后另存为 .xlsx 再试。" in str(refused.value)


def test_the_instructions_of_every_form_tell_its_columns_and_what_stands_beside_them():
    """An older workbook's own instructions are all that an upgrade knows of its form."""
    nothing = replace(village.FORM, rows=())
    for form in (*FORMS, FORM_0_9):
        data = build_workbook(form, Identity(form.id, form.version))
        grid = read_values(data).grids[INSTRUCTIONS_SHEET]
        told = own_texts(nothing, map(filled, grid))
        for row in form.rows:
            hint = {header_form(row.hint)} - {""}
            assert {header_form(row.sheet)} | hint <= told.headings_of([row.sheet])
            labels = told.labels_of([row.sheet])
            headers = {h for column in row.columns for h in (column.header, column.headed)}
            assert set(labels) == set(map(header_form, headers))
            for column in row.columns:
                beside = {header_form(text) for text in (column.unit, column.guide)} - {""}
                assert beside <= labels[header_form(column.header)]


# -- the file


def test_the_result_is_valid_office_open_xml(tmp_path):
    path = tmp_path / "新.xlsx"
    path.write_bytes(with_edit(hang_notes, tmp_path).data)
    assert OpenXmlValidator().validate(path).errors == []
    assert tool("ooxml_validate").Validator().check(path) == []


@pytest.mark.office
def test_the_result_opens_in_libreoffice_with_its_notes(tmp_path):
    path = tmp_path / "新.xlsx"
    path.write_bytes(with_edit(hang_notes, tmp_path).data)
    profile = (tmp_path / "profile").as_uri()
    command = [office(), f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", path],
        check=True,
        capture_output=True,
    )
    again = openpyxl.load_workbook(tmp_path / "out" / "新.xlsx")
    found = [
        cell.comment.text
        for sheet in again.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if cell.comment
    ]
    assert sorted(found) == sorted(text for _, text in notes_of_0_9_with_a_place())


def notes_of_0_9_with_a_place() -> Iterable[tuple[str, str]]:
    return list(NOTES.values())[:8]
