"""Rows as classes, columns as descriptors, forms and workbooks made of them."""

import pytest

from toolkit.forms import township, village
from toolkit.schema.columns import ABSENT, BLANK_IN_PRINT, Column, Field, Row
from toolkit.schema.form import (
    FIRST_ROW,
    Form,
    Identity,
    name_of_cell,
    vertical_layout,
    vertical_row,
)
from toolkit.schema.kinds import Names, Number, Text, Whole
from toolkit.schema.texts import header_form


class Field_(Row, sheet="地块", key="number"):  # noqa: N801 -- Field is the library's
    """One field of a village."""

    number = Column("编号", Text(example="D01"), required=True, aliases=("序号", "地块号"))
    area = Column("面积", Number("亩"), help="以确权为准。")
    owners = Column("承包人", Names())


class About(Row, sheet="概况", vertical=True):
    """A vertical sheet in two sections."""

    name = Column("村名", Text(), section="一")
    people = Column("人口", Whole("人"), section="一")
    area = Column("面积", Number("亩"), section="二")


def made(**fields: Field) -> Field_:
    absent = dict.fromkeys((column.name for column in Field_.columns), ABSENT)
    return Field_("村.xlsx", "地块 ", {**absent, **fields})


HELD = Field("D01", " D01", "", "", masked=False, row=4, column=3)


def test_a_column_gives_the_value_on_a_row_and_itself_on_the_class():
    assert made(number=HELD).number == "D01"
    assert made(number=HELD).area is None
    assert Field_.number.header == "编号"
    assert repr(Field_.number) == "<Column 编号>"


def test_a_column_knows_its_labels_unit_and_advice():
    assert Field_.number.labels == ("编号", "序号", "地块号")
    assert (Field_.area.unit, Field_.number.unit) == ("亩", "")
    assert Field_.area.advice == "以确权为准。只填数字，不写单位。"
    assert Field_.number.guide == "例：D01"
    assert Field_.area.guide == Field_.area.advice
    assert (Field_.number.example, Field_.area.example) == ("D01", Number.example)


def test_a_row_class_finds_its_columns_by_any_label():
    assert Field_.columns == (Field_.number, Field_.area, Field_.owners)
    assert Field_.by_label["地块号"] is Field_.number
    assert Field_.key is Field_.number
    assert (About.key, About.vertical) == (None, True)


def test_a_cell_is_addressed_in_the_sheet_as_the_file_spells_it():
    row = made(number=HELD)
    assert str(row.cell(Field_.number)) == "地块 !C4"
    assert row.cell(Field_.number).workbook == "村.xlsx"


def test_a_cell_whose_column_is_missing_is_the_rows_first():
    assert str(made(number=HELD).cell(Field_.area)) == "地块 !A4"
    assert made().line == 1


def test_a_field_knows_whether_anything_stands_there_and_what_is_seen():
    assert (ABSENT.empty, ABSENT.seen) == (True, "")
    assert (HELD.empty, HELD.seen) == (False, " D01")
    assert Field(34, 34.0).seen == "34"


def test_a_document_prints_values_masks_and_visible_blanks():
    row = made(
        number=Field(None, " ** ", masked=True),
        owners=Field(("王志远", "李明"), "王志远，李明"),
    )
    assert row.printed(Field_.number) == "**"
    assert row.printed(Field_.area) == BLANK_IN_PRINT == "＿＿"
    assert row.printed(Field_.owners) == "王志远、李明"


def test_only_filled_cells_are_listed_and_shown():
    row = made(number=HELD)
    assert [column.header for column, _ in row.filled()] == ["编号"]
    assert repr(row) == "Field_(number='D01')"
    assert row.field(Field_.area) is ABSENT


def test_a_section_of_a_vertical_sheet_takes_a_band_of_its_own():
    assert FIRST_ROW == 4
    assert vertical_layout(About) == {"name": 5, "people": 6, "area": 8}
    assert vertical_row(About, "area") == 8
    assert name_of_cell(About, About.area) == "概况_area"


def test_a_form_lists_its_sheets_and_code_lists_in_order():
    form = Form("f", "表", "1.0.0", (About, Field_), "用途", dictionary="选项")
    assert list(form.sheets()) == ["概况", "地块"]
    assert form.codelists() == ()
    assert form.generated_sheets() == {"填写说明", "待改清单", "待改清单(核对)", "选项", "_meta"}
    lists = [each.name for each in village.FORM.codelists()]
    assert lists[:3] == ["是否", "类型", "依据类别"]
    assert len(lists) == len(set(lists))


@pytest.mark.parametrize(
    "line",
    ["village-workbook/1.0.0/0203/2022", "township-rollup/1.10//", "f/2/a b/2022"],
)
def test_an_identity_is_one_line_and_back(line):
    assert Identity.parse(f" {line}\n").line() == line


@pytest.mark.parametrize(
    "line", ["", "///", "2022/4/20/上午", "a/b/c/d", "f/1.0", "f/1.0/a/b/c", "F/1.0/a/b", "f/1.x//"]
)
def test_what_is_no_identity_is_none(line):
    assert Identity.parse(line) is None


@pytest.mark.parametrize(
    "row", [*village.FORM.rows, *township.FORM.rows], ids=lambda row: row.sheet
)
def test_no_two_columns_of_a_sheet_have_the_same_header(row):
    headers = [header_form(column.header) for column in row.columns]
    assert len(headers) == len(set(headers))
    assert all(row.by_label[header] in row.columns for header in headers)


@pytest.mark.parametrize(
    "row", [*village.FORM.rows, *township.FORM.rows], ids=lambda row: row.sheet
)
def test_a_header_is_never_another_columns_alias(row):
    assert [
        column.header
        for column in row.columns
        if row.by_label[header_form(column.header)] is not column
    ] == []
