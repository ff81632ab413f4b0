"""Which cells show percentages, by the bytes of styles and sheets."""

import datetime as dt

import pytest

from toolkit.excel.gate.percents import as_percents, percent_cells, percent_styles

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="0.0%"/>'
    '<numFmt formatCode="0&quot;%&quot;" numFmtId="165"/>'
    "<numFmt numFmtId='166' formatCode='0\\%'/>"
    "<numFmt numFmtId='167' formatCode='0\"%\"'/>"
    '<numFmt numFmtId="168" formatCode="0_%"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    '<cellXfs count="9"><xf numFmtId="0"/><xf numFmtId="9"/><xf fontId="1" numFmtId="10"/>'
    '<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf/>'
    '<xf numFmtId="167"/><xf numFmtId="168"/></cellXfs>'
)


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_style_shows_percentages_by_its_number_format(prefix):
    styles = STYLES.replace("</", "\1").replace("<", f"<{prefix}").replace("\1", f"</{prefix}")
    assert percent_styles(styles.encode()) == {b"1", b"2", b"3"}


def test_without_cell_styles_nothing_shows_percentages():
    assert percent_styles(b"<styleSheet/>") == frozenset()
    assert percent_styles(b"") == frozenset()


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="K4" s="1"><v>1</v></c>',
        "<c s='1' r='K4'><v>1</v></c>",
        '<x:c r="K4" s="1" t="n"><x:v>1</x:v></x:c>',
        '<c\nr="K4"\ns="1"/>',
    ],
)
def test_a_cell_is_found_however_its_tag_is_spelled(cell):
    part = f'<sheetData><row r="4"><c r="A4" s="11"/>{cell}</row></sheetData>'
    assert percent_cells(part.encode(), frozenset({b"1"})) == ("K4",)


def test_a_cell_of_another_style_is_none():
    part = b'<sheetData><row r="4" s="1"><c r="A4" s="2"/><c r="B4"/></row></sheetData>'
    assert percent_cells(part, frozenset({b"1"})) == ()


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(0.35, "35%"), (1.0, "100%"), (-0.005, "-0.5%"), (0.285, "28.5%"), (1.1 - 1.0, "10%")],
)
def test_a_number_is_spelled_as_its_cell_shows_it(raw, shown):
    assert as_percents([["", raw]], ["B1"]) == [["", shown]]


@pytest.mark.parametrize("raw", ["35%", "", True, float("inf"), dt.date(2022, 4, 20)])
def test_what_is_no_number_stays_as_it_is(raw):
    assert as_percents([[raw]], ["A1"]) == [[raw]]


def test_beyond_the_cells_that_are_filled_there_is_nothing_to_spell():
    assert as_percents([[0.5], [0.5]], ["B1", "A9", "A2"]) == [[0.5], ["50%"]]
