"""Which cells show percentages, by the bytes of styles and sheets."""

import pytest

from toolkit.excel.gate.percents import percent_cells, percent_styles

STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="0.0%"/>'
    '<numFmt formatCode="0&quot;%&quot;" numFmtId="165"/>'
    "<numFmt numFmtId='166' formatCode='0\\%'/></numFmts>"
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    '<cellXfs count="7"><xf numFmtId="0"/><xf numFmtId="9"/><xf fontId="1" numFmtId="10"/>'
    '<xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf/></cellXfs>'
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
