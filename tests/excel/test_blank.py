"""The blank workbook: what it offers, what it forbids, and that it reads back as it was filled."""

import datetime as dt
import io
import re
import subprocess
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from paths import office, tool
from python_calamine import CalamineWorkbook

from toolkit.cells import Raw, a1, letters
from toolkit.errors import ToolkitError
from toolkit.excel.blank import REQUIRED_MARK, build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.forms import township, village
from toolkit.package import rewrite
from toolkit.schema.codelists import CodeList, Term
from toolkit.schema.columns import Column, Row
from toolkit.schema.form import (
    FIRST_ROW,
    FORM_PROPERTY,
    HEADER_ROW,
    IDENTITY_NAME,
    INSTRUCTIONS_SHEET,
    META_SHEET,
    VALUE,
    Filling,
    Form,
    Identity,
    name_of_cell,
    vertical_layout,
)
from toolkit.schema.kinds import Choice, Context, Day, DeadlineKind, Digits, Number, Text, Whole
from toolkit.schema.texts import tidy

FORMS = (village.FORM, township.FORM)
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


class Item(Row, sheet="物品", key="code", hint="一件一行。", blank_rows=3):
    """A small table of the tests' own."""

    code = Column("编号", Digits(), required=True)
    name = Column("名称", Text(example=""))
    colour = Column("颜色", Choice(CodeList("颜色 (常用)", (Term("红"), Term("蓝")))))
    price = Column("单价", Number("元", low=None), required=True)
    share = Column("折扣", Number("%", low=None, high=100))
    day = Column("购置日期", Day())
    due = Column("归还时限", DeadlineKind())


class Owner(Row, sheet="物主", vertical=True):
    """A small vertical sheet; nothing in it is required."""

    name = Column("姓名", Text(example="王志远"))
    age = Column("年龄", Whole("岁", high=150), section="其他")


SMALL = Form("small", "小工作簿", "1.0.0", (Item, Owner), purpose="试用。", steps=("填。",))


def identity(form: Form) -> Identity:
    return Identity(form.id, form.version, "0203", "2022")


@cache
def blank_bytes(form: Form) -> bytes:
    return build_workbook(form, identity(form))


@cache
def filled_bytes(form: Form) -> bytes:
    return build_workbook(form, identity(form), examples(form))


def example(column: Column) -> Raw:
    """The column's own example, typed as a clerk's spreadsheet would hold it."""
    kind = column.kind.limits.type if column.kind.limits else ""
    if kind in {"whole", "decimal"}:
        return float(column.example)
    return dt.date.fromisoformat(column.example) if kind == "date" else column.example


def examples(form: Form) -> Filling:
    return {row: [{column.name: example(column) for column in row.columns}] for row in form.rows}


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def grid(data: bytes, title: str) -> list[list[object]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return book.get_sheet_by_name(title).to_python(skip_empty_area=False)


def small(*items: dict[str, Raw]) -> bytes:
    return build_workbook(SMALL, identity(SMALL), {Item: items})


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def input_cells(row: type[Row]) -> Iterable[tuple[Column, str]]:
    """Each column with the first cell in which it is filled in."""
    layout = vertical_layout(row)
    for at, column in enumerate(row.columns, 1):
        yield column, a1(layout[column.name], VALUE) if row.vertical else a1(FIRST_ROW, at)


def validation_at(sheet: Worksheet, address: str):
    [found] = [v for v in sheet.data_validations.dataValidation if address in v.sqref]
    return found


def instructions(data: bytes) -> dict[str, list[object]]:
    """The lines of the first sheet by what stands in column A; the progress table comes first."""
    found: dict[str, list[object]] = {}
    for cells in grid(data, INSTRUCTIONS_SHEET):
        found.setdefault(str(cells[0]), cells[1:])
    return found


# ---- equal bytes, one identity


@every_form
def test_equal_input_gives_equal_bytes(form):
    assert build_workbook(form, identity(form), examples(form)) == filled_bytes(form)


@every_form
def test_every_entry_of_the_package_carries_the_same_fixed_date(form):
    with zipfile.ZipFile(io.BytesIO(blank_bytes(form))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@every_form
def test_the_sheets_stand_in_the_order_of_the_form(form):
    book = opened(blank_bytes(form))
    assert book.sheetnames == [INSTRUCTIONS_SHEET, *form.sheets(), form.dictionary, META_SHEET]
    assert book[form.dictionary].sheet_state == "hidden"
    assert book[META_SHEET].sheet_state == "veryHidden"
    assert book.active.title == INSTRUCTIONS_SHEET


@every_form
def test_the_identity_stands_in_three_places(form):
    book = opened(blank_bytes(form))
    line = identity(form).line()
    assert book.custom_doc_props[FORM_PROPERTY].value == line
    [(title, address)] = book.defined_names[IDENTITY_NAME].destinations
    assert (title, book[title][address].value) == (INSTRUCTIONS_SHEET, line)
    meta = dict(book[META_SHEET].values)
    assert meta["工作簿标识"] == line
    assert [meta[label] for label in ("表格", "版本", "代码", "年度", "名称")] == [
        form.id,
        form.version,
        "0203",
        "2022",
        form.title,
    ]


@every_form
@pytest.mark.parametrize("kept", ["property", "instructions", "meta"])
def test_the_identity_is_read_when_two_of_its_places_are_destroyed(form, kept, tmp_path):
    book = opened(blank_bytes(form))
    if kept != "property":
        del book.custom_doc_props[FORM_PROPERTY]
    if kept != "instructions":
        del book[INSTRUCTIONS_SHEET]
        del book.defined_names[IDENTITY_NAME]
    if kept != "meta":
        del book[META_SHEET]
    book.save(tmp_path / "工作簿.xlsx")
    assert read_workbook(tmp_path / "工作簿.xlsx", FORMS).identity == identity(form)


@every_form
def test_nothing_else_on_the_first_sheet_looks_like_an_identity(form):
    texts = [str(cell) for cells in grid(blank_bytes(form), INSTRUCTIONS_SHEET) for cell in cells]
    assert [text for text in texts if text.count("/") == 3] == [identity(form).line()]


# ---- reading back


@every_form
def test_a_workbook_filled_with_each_kinds_own_example_reads_back_equal(form, tmp_path):
    path = tmp_path / "0203-上河村-2022.xlsx"
    path.write_bytes(filled_bytes(form))
    book = read_workbook(path, FORMS)
    assert (book.form, book.identity) == (form, identity(form))
    assert (book.notes, book.strays, book.facts.errors, book.extra_sheets) == ((), (), (), ())
    for row in form.rows:
        [record] = book.rows(row)
        raws = {column.name: record.field(column).raw for column in row.columns}
        assert raws == {column.name: example(column) for column in row.columns}
        values = {column.name: record.field(column).value for column in row.columns}
        context = Context(2022)
        assert values == {c.name: c.kind.read(example(c), context).value for c in row.columns}
        assert [f.fault for f in record.fields.values()] == [""] * len(row.columns)


@every_form
def test_a_blank_workbook_reads_back_empty(form, tmp_path):
    (tmp_path / "空.xlsx").write_bytes(blank_bytes(form))
    book = read_workbook(tmp_path / "空.xlsx", FORMS)
    assert (book.notes, book.strays, book.facts.errors, book.extra_sheets) == ((), (), (), ())
    assert [list(record.filled()) for row in form.rows for record in book.rows(row)] == [
        [] for row in form.rows if row.vertical
    ]
    assert [sheet.missing for sheet in book.sheets.values()] == [()] * len(form.rows)


@every_form
def test_headers_are_the_columns_own_with_a_mark_where_required(form):
    book = opened(blank_bytes(form))
    for row in form.rows:
        headers = [
            (
                column.header
                if row.vertical or not column.unit
                else f"{column.header}\n（{column.unit}）"
            )
            + REQUIRED_MARK * column.required
            for column in row.columns
        ]
        layout = vertical_layout(row).values()
        sheet = book[row.sheet]
        shown = (
            [sheet.cell(at, 1).value for at in layout]
            if row.vertical
            else [cell.value for cell in sheet[HEADER_ROW]]
        )
        assert shown == headers


@every_form
def test_no_two_columns_of_a_sheet_answer_to_the_same_label(form):
    for row in form.rows:
        labels = [re.sub(r"\s", "", tidy(label)) for c in row.columns for label in c.labels]
        assert sorted(labels) == sorted(set(labels)), row.sheet


@every_form
def test_each_field_of_a_vertical_sheet_has_its_name(form):
    book = opened(blank_bytes(form))
    for row in (row for row in form.rows if row.vertical):
        for column, address in input_cells(row):
            [(title, place)] = book.defined_names[name_of_cell(row, column)].destinations
            assert (title, place.replace("$", "")) == (row.sheet, address)


# ---- checks, prompts, dropdowns


@every_form
def test_every_input_cell_prompts_with_its_columns_advice(form):
    book = opened(blank_bytes(form))
    for row in form.rows:
        for column, address in input_cells(row):
            check = validation_at(book[row.sheet], address)
            assert check.showInputMessage
            assert check.promptTitle == column.header
            assert column.advice in check.prompt
            assert len(check.promptTitle) <= 32
            assert len(check.prompt) <= 255
            assert not column.unit or f"（{column.unit}）" in check.prompt


@every_form
def test_what_is_refused_is_refused_with_the_prompts_own_sentence(form):
    book = opened(blank_bytes(form))
    for row in form.rows:
        for column, address in input_cells(row):
            check, limits = validation_at(book[row.sheet], address), column.kind.limits
            offered = form.offers_of(column) is not None
            if limits is None and not offered:
                assert check.type is None
                continue
            assert check.type == ("list" if offered else limits.type)
            if not check.showErrorMessage:  # an offer: several entries, or others, may stand there
                assert check.type == "list"
                assert offered or not limits.strict
                continue
            assert (check.errorTitle, check.error) == (check.promptTitle, check.prompt)
            is_list = check.type == "list" and not offered
            assert (check.errorStyle or "stop") == ("stop" if is_list else "warning")


def test_a_number_of_another_sheet_is_offered_from_the_rows_that_are_there():
    book = opened(blank_bytes(village.FORM))
    check = validation_at(book["整改措施"], "B4")
    assert (check.type, check.formula1) == ("list", "名单_存在问题_问题编号")
    assert book.defined_names["名单_存在问题_问题编号"].value == (
        "INDEX('存在问题'!$A$3:$A$1003,2):INDEX('存在问题'!$A$3:$A$1003,MAX(2,"
        "SUMPRODUCT(MAX(('存在问题'!$A$3:$A$1003<>\"\")*ROW('存在问题'!$A$3:$A$1003)))"
        "-ROW('存在问题'!$A$3)+1))"
    )
    owner = validation_at(book["整改措施"], "E4")
    assert (owner.formula1, owner.showErrorMessage) == ("名单_工作力量_姓名或单位", False)


@every_form
def test_every_dropdown_resolves_to_the_entries_of_its_list(form):
    book = opened(blank_bytes(form))
    for row in form.rows:
        for column, address in input_cells(row):
            limits = column.kind.limits
            if limits is None or limits.codelist is None:
                continue
            name = validation_at(book[row.sheet], address).formula1
            [(title, cells)] = book.defined_names[name].destinations
            entries = [cell.value for [cell] in book[title][cells]]
            assert title == form.dictionary
            assert entries == list(limits.codelist.shown)
            column_letter = cells.split("$")[1]
            assert book[title][f"{column_letter}1"].value == limits.codelist.name


def test_a_number_without_bounds_is_still_asked_to_be_a_number():
    sheet = opened(small())[Item.sheet]
    price, share = validation_at(sheet, "D4"), validation_at(sheet, "E4")
    assert (price.operator, price.formula1, price.formula2) == (
        None,  # between
        "-1000000000000000",
        "1000000000000000",
    )
    assert (share.formula1, share.formula2) == ("-1000000000000000", "100")
    assert validation_at(opened(small())[Owner.sheet], "B6").formula2 == "150"


def test_a_lower_bound_alone_is_checked_alone():
    sheet = opened(blank_bytes(village.FORM))["测评验收"]
    check = validation_at(sheet, "D4")
    assert (check.type, check.operator, check.formula1) == ("whole", "greaterThanOrEqual", "0")


def test_a_long_advice_gives_up_its_example_before_it_is_cut():
    class Wordy(Row, sheet="长"):
        fits = Column("甲", Text(example="例子" * 10), help="很" * 250)
        cut = Column("乙", Text(), help="很" * 300)

    sheet = opened(build_workbook(Form("w", "长", "1.0.0", (Wordy,), ""), identity(SMALL)))["长"]
    assert validation_at(sheet, "A4").prompt == "很" * 250
    assert validation_at(sheet, "B4").prompt == "很" * 255


def test_checks_reach_far_below_the_bordered_rows():
    sheet = opened(small())[Item.sheet]
    assert next(str(v.sqref) for v in sheet.data_validations.dataValidation) == "A4:A1003"


# ---- what is written stays what it was


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "http://a.cn", "{=1}", "0203", "1e5", "_x0041_"],
)
def test_text_stays_text_whatever_it_looks_like(text):
    data = small({"name": text})
    assert grid(data, Item.sheet)[FIRST_ROW - 1][1] == text
    assert "<f>" not in parts(data)["xl/worksheets/sheet2.xml"]
    assert "hyperlink" not in parts(data)["xl/worksheets/sheet2.xml"]


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_any_text_of_ordinary_characters_reads_back_equal(text):
    expected = text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert grid(small({"name": text}), Item.sheet)[FIRST_ROW - 1][1] == expected


def test_what_xml_cannot_hold_becomes_a_visible_mark():
    data = small({"name": "甲\x00乙\x1b丙\ud800丁\r\n戊\r己\t庚"})
    assert grid(data, Item.sheet)[FIRST_ROW - 1][1] == "甲�乙�丙�丁\n戊\n己\t庚"


def test_a_text_too_long_for_a_cell_is_refused_with_its_place():
    assert small({"name": "长" * 32_767})
    with pytest.raises(ToolkitError, match="“物品!B5”的文字有 32768 个字"):
        small({}, {"name": "😀" * 16_384})


def test_days_and_times_stay_days_and_times_even_in_a_column_of_phrases():
    day, moment = dt.date(2022, 10, 31), dt.datetime.fromisoformat("2022-10-31 09:30")
    data = small({"day": moment, "due": day, "name": dt.timedelta(hours=30)})
    cells = grid(data, Item.sheet)[FIRST_ROW - 1]
    assert (cells[5], cells[6], cells[1]) == (moment, day, dt.timedelta(hours=30))


def test_a_day_before_the_spreadsheets_calendar_is_written_as_text():
    assert grid(small({"day": dt.date(1899, 5, 4)}), Item.sheet)[3][5] == "1899-05-04"


def test_truth_is_written_in_words():
    row = grid(small({"name": True, "colour": False}), Item.sheet)[FIRST_ROW - 1]
    assert (row[1], row[2]) == ("是", "否")


def test_numbers_stay_numbers():
    assert grid(small({"price": 12.5, "name": 7}), Item.sheet)[FIRST_ROW - 1][1:4] == [7, "", 12.5]


@pytest.mark.parametrize(
    ("filling", "error"),
    [
        ({Item: [{"nmae": "错"}]}, KeyError),
        ({village.Profile: []}, KeyError),
        ({Owner: [{}, {}]}, ValueError),
    ],
)
def test_what_would_find_no_place_is_refused(filling, error):
    with pytest.raises(error):
        build_workbook(SMALL, identity(SMALL), filling)


# ---- locks, colours, print


@every_form
def test_headers_are_locked_and_everything_to_be_filled_is_not(form):
    book = opened(filled_bytes(form))
    for row in form.rows:
        sheet = book[row.sheet]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert {cell.protection.locked for [*cells] in sheet["A1:D3"] for cell in cells} == {True}
        for _, address in input_cells(row):
            assert not sheet[address].protection.locked
            if row.vertical:
                around = [sheet[address].offset(column=step) for step in (-1, 1, 2)]
                assert [cell.protection.locked for cell in around] == [True] * 3


@pytest.mark.parametrize(("filled", "last"), [(0, 6), (2, 8), (5, 11)])
def test_lines_are_drawn_round_the_rows_that_stand_ready_and_every_filled_one(filled, last):
    codes = [{"code": f"{number:02d}"} for number in range(filled)]
    sheet = opened(small(*codes))[Item.sheet]
    last_ones = {str(a.sqref): a.rules[-1] for a in sheet.conditional_formatting}
    assert {area: rule.formula[0] for area, rule in last_ones.items()} == {
        f"{at}4:{at}1003": f"OR(ROW()<={last},COUNTA($A4:$G4)>0)" for at in "ABCDEFG"
    }
    rules = [rule for area in sheet.conditional_formatting for rule in area.rules]
    assert {rule.dxf.border.bottom.style for rule in rules} == {"thin"}  # the fills, too
    assert sheet.print_area == ""  # paper shows what is filled in, however far down
    assert sheet.max_row == 3 + filled


def test_tables_may_be_sorted_filtered_and_lengthened():
    for row in (row for row in village.FORM.rows if not row.vertical):
        sheet = opened(blank_bytes(village.FORM))[row.sheet]
        flags = sheet.protection  # openpyxl says whether a thing is forbidden
        assert not any((flags.sort, flags.autoFilter, flags.insertRows, flags.deleteRows))
        assert not any((flags.formatColumns, flags.formatRows))
        assert sheet.auto_filter.ref.startswith("A3:")
        assert sheet.freeze_panes in {"A4", "B4"}
        end = letters(len(row.columns) + 1)
        styles = [sheet.column_dimensions[at] for at in ("A", end)]
        assert not any(each.protection.locked for each in styles)  # as far down as the sheet goes
        assert (styles[1].min, styles[1].max) == (len(row.columns) + 1, 16_384)  # and to its end


@every_form
def test_instructions_dictionary_and_meta_are_locked(form):
    book = opened(blank_bytes(form))
    for title in form.generated_sheets() & set(book.sheetnames):
        assert book[title].protection.sheet


def colours(sheet: Worksheet) -> list[tuple[str, str]]:
    return [
        (str(area.sqref), rule.formula[0])
        for area in sheet.conditional_formatting
        for rule in area.rules
    ]


def test_what_is_missing_repeated_or_unfit_is_coloured_in_that_order():
    found = colours(opened(small())[Item.sheet])
    assert [each for each in found if "ROW()" not in each[1]] == [
        ("A4:A1003", 'AND(TRIM(A4)="",SUMPRODUCT(LEN(TRIM($A4:$G4)))>0)'),
        ("A4:A1003", 'AND(A4<>"",SUMPRODUCT(--($A$4:$A$1003=A4))>1)'),
        ("C4:C1003", 'AND(TRIM(C4)<>"",COUNTIF(字典_颜色__常用_,TRIM(C4))=0)'),
        ("D4:D1003", 'AND(TRIM(D4)="",SUMPRODUCT(LEN(TRIM($A4:$G4)))>0)'),
        ("D4:D1003", 'AND(TRIM(D4)<>"",NOT(ISNUMBER(D4)),ISERROR(VALUE(D4)))'),
        ("E4:E1003", 'AND(TRIM(E4)<>"",NOT(ISNUMBER(E4)),ISERROR(VALUE(E4)))'),
        ("F4:F1003", 'AND(TRIM(F4)<>"",NOT(ISNUMBER(F4)),ISERROR(VALUE(F4)))'),
    ]


def test_a_required_field_of_a_vertical_sheet_is_coloured_while_it_is_empty():
    formulas = colours(opened(blank_bytes(village.FORM))["基本情况"])
    for column, address in input_cells(village.Profile):
        assert ((address, f'TRIM({address})=""') in formulas) == column.required


def test_numbers_that_contradict_one_another_are_coloured():
    formulas = colours(opened(blank_bytes(village.FORM))["测评验收"])
    parts = "$G4,$H4,$I4,$J4"
    sums = (
        f"AND(ISNUMBER($F4),COUNT({parts})>0,OR(COUNT({parts})=4,SUM({parts})>$F4),"
        f"SUM({parts})<>$F4)"
    )
    assert [area for area, formula in formulas if formula == sums] == [
        f"{at}4:{at}1003" for at in "FGHIJ"
    ]
    assert ("E4:E1003", "AND(ISNUMBER($E4),ISNUMBER($D4),$E4>$D4)") in formulas


@every_form
def test_each_sheet_prints_on_a4_as_wide_as_the_page(form):
    book = opened(blank_bytes(form))
    for row in form.rows:
        sheet = book[row.sheet]
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == ("portrait" if row.vertical else "landscape")
        wide = {"存在问题", "整改措施", "专题研究会议"}  # two pages, the numbers on both
        assert (sheet.page_setup.fitToWidth or 1) == (2 if row.sheet in wide else 1)
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_cols == (None if row.vertical else "$A:$A")
        assert sheet.print_title_rows == "$1:$3"
        assert sheet.oddFooter.right.text == "第 &P 页 共 &N 页"
        if row.vertical:
            last = f"$D${max(vertical_layout(row).values())}"
            assert sheet.print_area == f"'{row.sheet}'!$A$1:{last}"


def test_rows_are_high_enough_for_their_text_and_free_to_grow():
    data = small({"name": "很长的名称" * 20}, {"name": "短"}, {"name": "行\n" * 60})
    sheet = opened(data)[Item.sheet]
    heights = [sheet.row_dimensions[at].height for at in range(FIRST_ROW, FIRST_ROW + 3)]
    assert heights == pytest.approx([17 * 14 + 6, 20, 409], abs=0.5)  # whole pixels
    head, _, rows = parts(data)["xl/worksheets/sheet2.xml"].partition("<sheetData>")
    assert "customHeight" not in rows
    assert re.search(r'<sheetFormatPr defaultRowHeight="20(\.\d+)?" customHeight="1"/>', head)


# ---- instructions


@every_form
def test_instructions_hold_purpose_steps_and_every_column(form):
    cells = [cell for line in grid(blank_bytes(form), INSTRUCTIONS_SHEET) for cell in line]
    assert {form.title, form.purpose, *form.steps} <= set(cells)
    assert [row.hint for row in form.rows if row.hint not in cells] == []
    headers = [column.header for row in form.rows for column in row.columns]
    assert [header for header in headers if header not in cells] == []


def test_each_sheet_is_linked_from_the_instructions():
    links = parts(blank_bytes(village.FORM))["xl/worksheets/sheet1.xml"]
    targets = re.findall(r'<hyperlink [^>]*location="([^"]*)"', links)
    assert targets == [f"'{title}'!A1" for title in village.FORM.sheets()]


def test_progress_counts_filled_rows_and_empty_required_cells():
    data = build_workbook(
        SMALL,
        identity(SMALL),
        {
            Item: [{"code": "01", "price": 3}, {"code": "02"}, {}, {"name": "", "day": None}],
            Owner: [{"name": "王志远", "age": None}],
        },
    )
    lines = instructions(data)
    assert lines["物品"] == [2, 1, "一件一行。", "缺必填项"]
    assert lines["物主"] == [1, 0, "", "已填写"]
    assert lines["必填项完成率"][0] == 0.75
    assert lines["接下来填"][0] == "“物品”第 5 行的“单价”没有填"


def test_progress_of_a_blank_workbook_names_what_is_still_missing():
    lines = instructions(blank_bytes(village.FORM))
    required = sum(column.required for column in village.Profile.columns)
    assert lines["基本情况"][:2] == [0, required]
    assert lines["整改措施"][3] == "还没有填"
    assert lines["整改目标"][3] == "未填写"
    shown = [line[:2] for line in grid(blank_bytes(village.FORM), INSTRUCTIONS_SHEET)]
    at = next(number for number, line in enumerate(shown) if line[0] == "接下来填")
    assert shown[at : at + 3] == [
        ["接下来填", "“基本情况”里的“年度”没有填"],
        ["", "“基本情况”里的“村代码”没有填"],
        ["", "“基本情况”里的“乡镇”没有填"],
    ]
    assert instructions(filled_bytes(village.FORM))["接下来填"][0] == "必填项都齐了。"


# ---- the file as a file


@every_form
def test_only_classic_features_are_used(form):
    for name, text in parts(filled_bytes(form)).items():
        assert "x14" not in text, name
        assert "extLst" not in text, name
        assert "_xlfn" not in text, name
        assert "cm=" not in text, name
    book = opened(filled_bytes(form))
    assert [str(r) for row in form.rows for r in book[row.sheet].merged_cells.ranges] == []


@every_form
def test_no_formula_stands_in_a_sheet_that_is_read_back(form):
    texts = parts(filled_bytes(form))
    formulas = [name for name, text in texts.items() if "<f>" in text and "worksheets" in name]
    assert formulas == [f"xl/worksheets/sheet{at}.xml" for at in (1, len(form.rows) + 2)]


def inventory(book: openpyxl.Workbook) -> dict[str, object]:
    return {
        "names": {name: defined.value for name, defined in book.defined_names.items()},
        "property": book.custom_doc_props[FORM_PROPERTY].value,
        "states": [sheet.sheet_state for sheet in book],
        "sheets": {
            sheet.title: (
                len(sheet.data_validations.dataValidation),
                colours(sheet),
                sheet.auto_filter.ref,
                sheet.freeze_panes,
                sheet.print_area,
                sheet.print_title_rows,
                sheet.protection.sheet,
                {at: line.height for at, line in sheet.row_dimensions.items()},
                {str(area) for area in sheet.merged_cells.ranges},
            )
            for sheet in book
        },
    }


@every_form
def test_everything_survives_openpyxl(form):
    data = filled_bytes(form)
    before = opened(data)
    again = io.BytesIO()
    before.save(again)
    after = opened(again.getvalue())
    assert inventory(after) == inventory(opened(data))
    checks = sum(text.count("<dataValidation ") for text in parts(data).values())
    assert checks == sum(len(row.columns) for row in form.rows)
    assert checks == sum(
        text.count("<dataValidation ") for text in parts(again.getvalue()).values()
    )


@pytest.mark.parametrize("build", [blank_bytes, filled_bytes], ids=["blank", "filled"])
@every_form
def test_the_file_obeys_the_standard(form, build, tmp_path):
    path = tmp_path / "工作簿.xlsx"
    path.write_bytes(build(form))
    assert tool("ooxml_validate").Validator().check(path) == []


# ---- LibreOffice


def converted(data: bytes, suffix: str, folder: Path) -> bytes:
    """What LibreOffice makes of a workbook."""
    source = folder / "工作簿.xlsx"
    source.write_bytes(data)
    profile = (folder / "profile").as_uri()
    command = [office(), f"-env:UserInstallation={profile}", "--headless", "--convert-to", suffix]
    subprocess.run(
        [*command, "--outdir", str(folder / "out"), str(source)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (folder / "out" / f"工作簿.{suffix}").read_bytes()


def without_cached_values(data: bytes) -> bytes:
    """The same workbook as if nobody had ever calculated it."""
    return rewrite(data, lambda _, content: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content))


PARTLY = {
    village.Profile: [{"village": "上河村", "year": 2022}],
    village.Measure: [{"number": "P01-M01"}, {"problem": "P01", "text": "做"}, {}],
    township.Village: [{"code": "0203", "village": "上河村"}, {"code": "203"}],
}


@pytest.mark.office
@every_form
def test_libreoffice_counts_as_we_do(form, tmp_path):
    filling = {row: records for row, records in PARTLY.items() if row in form.rows}
    data = build_workbook(form, identity(form), filling)
    again = converted(without_cached_values(data), "xlsx", tmp_path)
    ours, theirs = grid(data, INSTRUCTIONS_SHEET), grid(again, INSTRUCTIONS_SHEET)
    for line, other in zip(ours, theirs, strict=True):
        if line[0] == "逐月检查":  # without a day of its own the workbook looks at today
            assert other[1].startswith("缺 5月")
            continue
        assert other[:5] == [
            pytest.approx(cell) if isinstance(cell, float) else cell for cell in line[:5]
        ]
    assert any(line[4] == "缺必填项" for line in ours)


@pytest.mark.office
@every_form
def test_libreoffice_prints_every_sheet_and_no_empty_page(form, tmp_path):
    pymupdf = pytest.importorskip("pymupdf")
    with pymupdf.open("pdf", converted(filled_bytes(form), "pdf", tmp_path)) as pdf:
        pages = [page.get_text() for page in pdf]
    shown = "".join(pages)
    assert [title for title in form.sheets() if title not in shown] == []
    assert "###" not in shown
    assert "#NAME?" not in shown
    assert [text for text in pages if len(text) < 40] == []
