"""Workbooks cut from one stencil say what a workbook of their own building says."""

import io
import re

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from template_profile import breaches

from toolkit.excel.blank import build_workbook
from toolkit.excel.stencil import Stencils
from toolkit.forms import village
from toolkit.package import unzipped
from toolkit.schema.form import NOWHERE, Filling, Identity

NAMES = ("上河村", "柳湾村", "青石镇", "青石镇", "R&D<村>", "A", "一村", "石桥 村")


def identity(code: str = "0203", year: str = "2022") -> Identity:
    return Identity(village.FORM.id, village.FORM.version, code, year)


def filling(*names: str, year: int = 2022) -> Filling:
    """What a township knows of a village, told by as many names as are given."""
    columns = ("code", "county", "town", "village", "branch", "secretary", "clerk")
    profile = dict(zip(columns, names, strict=False))
    return {
        village.Profile: [{"year": year, **profile}],
        village.Person: [{"role": "村党组织书记", "name": names[-1]}],
    }


def cells(data: bytes) -> dict[str, object]:
    """Every cell of every sheet, formulas as such; row heights; the identity in the properties."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    found = {
        f"{sheet.title}!{cell.coordinate}": (cell.value, cell.data_type, cell.style_id)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
    }
    heights = {
        f"{sheet.title} {at}": d.height for sheet in book for at, d in sheet.row_dimensions.items()
    }
    return {**found, **heights, "property": book.custom_doc_props.props[0].value}


def built(whose: Identity, known: Filling, issued: str = "") -> bytes:
    return build_workbook(village.FORM, whose, known, issued=issued)


def stencils() -> Stencils:
    return Stencils(village.FORM, NOWHERE)


def test_each_village_s_workbook_says_what_its_own_building_would():
    cut = stencils()
    for at, names in enumerate((NAMES[:7], NAMES[1:8], NAMES[::-1][:7])):
        whose, known = identity(f"02{at:02}"), filling(*names)
        made = cut.build(whose, known, f"digest-{at}")
        assert cells(made) == cells(built(whose, known, f"digest-{at}"))
    assert len(cut.cut) == 1


def test_only_two_parts_differ_from_village_to_village():
    cut = stencils()
    one, two = (
        unzipped(cut.build(identity(c), filling(*n)))
        for c, n in (("01", NAMES[:7]), ("02", NAMES[1:8]))
    )
    assert {name for name in one if one[name] != two[name]} == {
        "xl/sharedStrings.xml",
        "docProps/custom.xml",
    }


def test_what_was_built_before_does_not_matter():
    alone = stencils().build(identity(), filling(*NAMES[1:8]))
    cut = stencils()
    for names in (NAMES[:7], NAMES[2:8], NAMES[:2]):
        cut.build(identity("0207"), filling(*names))
    assert cut.build(identity(), filling(*NAMES[1:8])) == alone


def test_the_order_in_which_a_record_s_contents_are_given_does_not_matter():
    cut = stencils()
    cut.build(identity(), {village.Profile: [{"town": "青石镇", "village": "上河村"}]})
    other = {village.Profile: [{"village": "柳湾村", "town": "白石镇"}]}
    assert cells(cut.build(identity(), other)) == cells(built(identity(), other))


def test_a_text_of_more_lines_makes_its_row_higher():
    cut = stencils()
    for branch in ("中共青石镇上河村支部委员会", "中共清河县青石镇上河村第一网格支部委员会"):
        known = filling("0203", "清河县", "青石镇", "上河村", branch, "王志远")
        assert cells(cut.build(identity(), known)) == cells(built(identity(), known))
    assert len(cut.cut) == 2


def test_rows_are_as_high_as_by_building_whatever_was_cut_before():
    cut = stencils()
    for wide in (*range(1, 130, 3), 54, 55, 108, 109):
        branch = "中" * (wide // 2) + "a" * (wide % 2)
        known = filling("0203", "清河县", "青石镇", "上河村", branch, "王" * (wide // 2 + 1))
        made, own = cut.build(identity(), known), built(identity(), known)
        assert heights(made) == heights(own), wide
        assert stencils().build(identity(), known) == made, wide


def heights(data: bytes) -> list[bytes]:
    parts = unzipped(data)
    return [
        row
        for at in (2, 4)
        for row in re.findall(rb'ht="[0-9.]+"', parts[f"xl/worksheets/sheet{at}.xml"])
    ]


def test_of_many_sorts_only_the_last_few_are_kept():
    cut = stencils()
    for year in range(2000, 2030):
        cut.build(identity(), filling("0203", year=year))
    assert len(cut.cut) == 16


@pytest.mark.parametrize(
    "odd", [" 上河村", "上河\n村", "上河_x0041_村", "村\ue0000\ue001", "甲\x07乙", "长" * 9_000]
)
def test_texts_out_of_the_ordinary_make_a_workbook_of_their_own_building(odd):
    cut = stencils()
    known = filling("0203", "清河县", "青石镇", odd)
    assert cut.build(identity(), known, "d") == built(identity(), known, "d")
    assert cut.cut == {}


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), min_size=7, max_size=7
    )
)
def test_whatever_the_texts_are_a_stencil_and_a_building_say_the_same(names):
    cut = stencils()
    cut.build(identity(), filling(*NAMES[:7]))
    known = filling(*names)
    assert cells(cut.build(identity("99", ""), known)) == cells(built(identity("99", ""), known))


def test_what_has_no_place_is_refused_as_by_building():
    with pytest.raises(KeyError):
        stencils().build(identity(), {village.Profile: [{"nmae": "错"}]})


def test_a_workbook_from_a_stencil_keeps_to_the_profile():
    cut = stencils()
    cut.build(identity(), filling(*NAMES[:7]))
    found = breaches(
        cut.build(identity("0205"), filling(*NAMES[1:8])), frozenset(village.FORM.sheets())
    )
    assert [(breach.rule, breach.what) for breach in found] == [("clock", "TODAY")]  # 数据日
