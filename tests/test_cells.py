"""Addresses, spelled as the name box of Excel spells them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.cells import CellRef, a1, fold, letters, place


@pytest.mark.parametrize(
    ("row", "column", "address"),
    [(1, 1, "A1"), (7, 26, "Z7"), (7, 27, "AA7"), (7, 702, "ZZ7"), (1048576, 16384, "XFD1048576")],
)
def test_an_address_is_that_of_row_and_column_counted_from_one(row, column, address):
    assert a1(row, column) == address
    assert place(address) == (row, column)


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_every_address_leads_back_to_its_place(row, column):
    assert place(a1(row, column)) == (row, column)


@pytest.mark.parametrize(
    "text", ["", "A", "7", "A0", "a7", "A7:B9", "AAAA1", "A12345678", "Ａ7", " A7"]
)
def test_what_is_no_address_is_refused_by_name(text):
    with pytest.raises(ValueError, match=f"not a cell address: {re.escape(text)}$"):
        place(text)


def test_letters_run_on_after_z():
    assert [letters(column) for column in (1, 26, 27, 52, 53)] == ["A", "Z", "AA", "AZ", "BA"]


def test_a_reference_is_printed_as_sheet_and_address():
    at = CellRef("0203-上河村-2022.xlsx", "整改措施", row=7, column=28)
    assert (str(at), at.a1) == ("整改措施!AB7", "AB7")


def test_references_sort_by_file_sheet_row_and_column():
    one, two, ten = (CellRef("a.xlsx", "表", row, 1) for row in (1, 2, 10))
    assert sorted([ten, two, one]) == [one, two, ten]


@pytest.mark.parametrize(
    ("addresses", "folded"),
    [
        ([], ""),
        (["C7"], "C7"),
        (["C7", "C7"], "C7"),
        (["C7", "D7"], "C7、D7"),
        (["C8", "C7", "C9"], "C7:C9"),
        (["C9", "C7", "C8", "E4"], "E4、C7:C9"),
        (["C7", "C9"], "C7、C9"),
        (["D7", "C7", "D8", "C8"], "C7:C8、D7:D8"),
        (["AA1", "B1"], "B1、AA1"),
    ],
)
def test_addresses_are_folded_down_their_columns_in_reading_order(addresses, folded):
    assert fold(addresses) == folded


def test_only_so_many_are_shown_and_the_number_of_all_is_said():
    every_other = [f"A{row}" for row in range(1, 51, 2)]
    assert fold(every_other).endswith("A39等 25 处")
    assert fold(every_other[:20]).endswith("A39")
