"""What a glance tells of the sheets that the form fills itself."""

import pytest

from toolkit.excel.gate.glance import is_within

ROW = '<row r="{row}"><c r="{cell}" t="s"><v>1</v></c></row>'


def part(*rows: str) -> bytes:
    return f'<worksheet r="Z9"><sheetData>{"".join(rows)}</sheetData></worksheet>'.encode()


def cell(address: str, row: int) -> str:
    return ROW.format(row=row, cell=address)


@pytest.mark.parametrize("rows", [[], [cell("A1", 1)], [cell("E1", 1), cell("A9", 9)]])
def test_what_lies_within_is_seen_to(rows):
    assert is_within(part(*rows), 9, 5)


@pytest.mark.parametrize("address", ["F1", "Z1", "AA1", "XFD1"])
def test_a_cell_right_of_the_columns_is_seen(address):
    assert not is_within(part(cell("A1", 1), cell(address, 1), cell("A2", 2)), 9, 5)


def test_of_very_many_columns_nothing_is_known():
    assert is_within(part(cell("A1", 1)), 9, 25)
    assert not is_within(part(cell("Z1", 1)), 9, 25)
    assert not is_within(part(cell("A1", 1)), 9, 26)


@pytest.mark.parametrize("filling", ["<v>1</v>", "<is><t>字</t></is>", "<f>1</f><v>1</v>"])
def test_a_filled_cell_below_the_rows_is_seen(filling):
    below = f'<row r="10"><c r="A10">{filling}</c></row>'
    assert not is_within(part(cell("A1", 1), below, '<row r="11"/>'), 9, 5)


def test_formatted_cells_below_the_rows_are_nothing():
    assert is_within(part(cell("A9", 9), '<row r="10" s="1"><c r="A10" s="1"/></row>'), 9, 5)


@pytest.mark.parametrize(
    "rows",
    [
        "<row r='1'><c r='A1'><v>1</v></c></row>",
        '<row><c r="A1"><v>1</v></c></row>',
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_of_what_is_spelled_oddly_nothing_is_known(rows):
    assert not is_within(part(rows), 9, 5)
