"""Fills of cells as styles.xml has them, and one put in the place of another in a closed file."""

import re
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from feature_inventory import features
from openxml_audit import OpenXmlValidator

from toolkit.excel.marks.fills import cell_fills, refill, unlocked
from toolkit.excel.marks.package import open_package
from toolkit.package import unzipped, zipped

SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

AS_EXCEL = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    f'<styleSheet xmlns="{MAIN}"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac"'
    ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac">'
    '<numFmts count="1"><numFmt numFmtId="176" formatCode="0.0&quot;户&quot;"/></numFmts>'
    '<fonts count="2" x14ac:knownFonts="1">'
    '<font><sz val="11"/><color theme="1"/><name val="宋体"/><family val="2"/></font>'
    '<font><b/><sz val="10"/><color rgb="FF333333"/><name val="微软雅黑"/></font></fonts>'
    '<fills count="6"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFF8CFCF"/>'
    '<bgColor indexed="64"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor theme="4" tint="0.59999389629810485"/>'
    '<bgColor indexed="64"/></patternFill></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFFFFF00"/>'
    '<bgColor indexed="64"/></patternFill></fill>'
    '<fill><gradientFill degree="90"><stop position="0"><color rgb="FFFFFFFF"/></stop>'
    '<stop position="1"><color theme="4"/></stop></gradientFill></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left style="thin"><color auto="1"/></left><right/><top/><bottom/><diagonal/></border>'
    "</borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="176" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1"'
    ' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1">'
    '<alignment horizontal="left" wrapText="1"/><protection locked="0"/></xf>'
    '<xf numFmtId="0" fontId="0" fillId="3" borderId="0" xfId="0" applyFill="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="5" borderId="0" xfId="0" applyFill="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="4" borderId="0" xfId="0" applyFill="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="2" borderId="0" xfId="0" applyFill="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="1" borderId="0" xfId="0" applyFill="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles>'
    '<dxfs count="1"><dxf><fill><patternFill><bgColor rgb="FFFFC7CE"/></patternFill></fill></dxf>'
    '</dxfs><tableStyles count="0" defaultTableStyle="TableStyleMedium2"'
    ' defaultPivotStyle="PivotStyleLight16"/></styleSheet>'
)
ROWS = (
    '<row r="2"><c r="A2" s="1"/><c r="B2" s="2"/><c r="C2" s="3"/><c r="D2" s="4"/>'
    '<c r="E2" s="5"/><c r="F2" s="6"/><c r="G2"/></row>'
    '<row r="3" s="4" customFormat="1"><c r="A3"/><c r="B3" s="5"/></row>'
    '<row r="4" s="4"><c r="B4" s="5"/></row>'
)
COLUMNS = '<cols><col min="3" max="4" width="9" style="4" customWidth="1"/></cols>'


def with_prefix(part):
    """Return a part as a program spells it that gives its elements a prefix."""
    part = re.sub(r"<(/?)(?=\w+[\s/>])", r"<\1x:", part)
    return part.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')


def book(styles=AS_EXCEL, rows=ROWS):
    """Return a workbook of one sheet with these styles, and cells that have them."""
    stream = BytesIO()
    made = xlsxwriter.Workbook(stream)
    made.add_worksheet("甲")
    made.close()
    parts = unzipped(stream.getvalue())
    sheet = re.sub(
        "<sheetData.*?/>", f"{COLUMNS}<sheetData>{rows}</sheetData>", parts[SHEET].decode()
    )
    return zipped({**parts, SHEET: sheet.encode(), STYLES: styles.encode()})


def refilled(data, wanted):
    package = open_package(data)
    refill(package, SHEET, wanted)
    return zipped(package.finished())


def styles_of(data):
    return unzipped(data)[STYLES].decode()


def cells_of(data):
    return features(data).sheets["甲"]["cells"]


def test_a_cell_s_own_style_counts_then_its_row_s_then_its_column_s():
    cells = ("A2", "B2", "C2", "D2", "E2", "F2", "G2", "A3", "B3", "E3", "E4", "C4", "D9", "E9")
    assert cell_fills(open_package(book()), SHEET, cells) == {
        "A2": "#F8CFCF",
        "B2": None,  # a colour of the theme
        "C2": None,  # a gradient
        "D2": "#FFFF00",
        "E2": "#F8CFCF",
        "F2": None,  # a pattern
        "G2": "",
        "A3": "",  # there, without a style
        "B3": "#F8CFCF",
        "E3": "#FFFF00",  # of its row
        "E4": "",  # the row's style is not said to count
        "C4": "#FFFF00",  # of its column
        "D9": "#FFFF00",
        "E9": "",
    }


def test_without_styles_nothing_is_filled_and_nothing_can_be():
    parts = unzipped(book())
    ties = "xl/_rels/workbook.xml.rels"
    parts[ties] = re.sub(rb"<Relationship [^>]*styles.xml[^>]*/>", b"", parts[ties])
    data = zipped(parts)
    assert cell_fills(open_package(data), SHEET, ("A2",)) == {"A2": ""}
    assert unzipped(refilled(data, {"A2": ""})) == parts


@pytest.mark.parametrize("spelled", [str, with_prefix], ids=["as Excel", "with a prefix"])
def test_a_fill_and_a_style_that_are_not_there_are_added_and_differ_in_nothing_else(
    spelled, tmp_path
):
    before = book(spelled(AS_EXCEL))
    after = refilled(before, {"A2": "#00B0F0"})
    path = tmp_path / "甲.xlsx"
    path.write_bytes(after)
    assert OpenXmlValidator().validate(path).errors == []

    # as openpyxl reads it
    old, new = (openpyxl.load_workbook(BytesIO(data))["甲"] for data in (before, after))
    filled, was = new["A2"], old["A2"]
    assert (filled.fill.fill_type, filled.fill.fgColor.rgb) == ("solid", "FF00B0F0")
    for part in ("number_format", "font", "border", "alignment", "protection"):
        assert repr(getattr(filled, part)) == repr(getattr(was, part))
    assert filled.number_format == '0.0"户"'
    assert filled.protection.locked is False
    for cell in ("B2", "C2", "D2", "E2", "F2", "G2", "A3", "B3", "B4"):
        assert repr(new[cell].fill) == repr(old[cell].fill)

    # as it stands in the XML
    wanted, other = cells_of(before), cells_of(after)
    assert {cell for cell in wanted if wanted[cell] != other[cell]} == {"A2"}
    assert {key for key in wanted["A2"] if wanted["A2"][key] != other["A2"][key]} == {"fill"}
    assert "00B0F0" in str(other["A2"]["fill"])

    # all that was there stands as it stood, and the counts tell of one more
    text = styles_of(after)
    assert re.search(r"fills count=\"7\"", text)
    assert re.search(r"cellXfs count=\"8\"", text)
    grown = re.sub(r'(fills|cellXfs) count="\d"', r"\1", text)
    was_text = re.sub(r'(fills|cellXfs) count="\d"', r"\1", spelled(AS_EXCEL))
    added = re.sub(
        r"(<(?:x:)?fill><(?:x:)?patternFill [^>]*><(?:x:)?fgColor rgb=.FF00B0F0.*?</(?:x:)?fill>)",
        "",
        grown,
    )
    added = re.sub(r"(<(?:x:)?xf [^>]*fillId=\"6\".*?</(?:x:)?xf>)", "", added)
    assert added == was_text


def test_a_style_that_is_there_is_taken_and_none_is_added():
    """A2's other self, without a fill, is none of the styles; E2's is the first."""
    data = book()
    plain = refilled(data, {"E2": ""})
    assert styles_of(plain) == AS_EXCEL
    assert '<c r="E2" s="0"/>' in unzipped(plain)[SHEET].decode()
    yellow = refilled(data, {"E2": "#FFFF00"})
    assert styles_of(yellow) == AS_EXCEL
    assert '<c r="E2" s="4"/>' in unzipped(yellow)[SHEET].decode()


def test_cells_of_one_style_share_the_one_that_is_added():
    rows = '<row r="2"><c r="A2" s="1"/><c r="B2" s="1"/><c r="C2"/></row>'
    after = refilled(book(rows=rows), {"A2": "", "B2": "", "C2": ""})
    assert '<c r="A2" s="7"/><c r="B2" s="7"/><c r="C2"/>' in unzipped(after)[SHEET].decode()
    assert 'cellXfs count="8"' in styles_of(after)
    assert 'fills count="6"' in styles_of(after)


def test_a_style_that_is_not_there_is_left_as_it_is():
    rows = '<row r="2"><c r="A2" s="99"/></row>'
    data = book(rows=rows)
    assert unzipped(refilled(data, {"A2": "#FFFF00"})) == unzipped(data)
    assert cell_fills(open_package(data), SHEET, ("A2",)) == {"A2": ""}


def test_where_no_fill_is_told_of_a_cell_stays_as_it_is():
    styles = re.sub("<fills.*</fills>", "", AS_EXCEL)
    rows = '<row r="2"><c r="E2" s="5"/></row>'
    data = book(styles, rows)
    assert cell_fills(open_package(data), SHEET, ("E2",)) == {"E2": ""}
    package = open_package(data)
    assert refill(package, SHEET, {"E2": "#00B0F0"}) == set()
    assert zipped(package.finished()) == data


SOLID = '<patternFill patternType="solid">{}</patternFill>'


@pytest.mark.parametrize(
    ("fill", "colour"),
    [
        ("", ""),
        ("<patternFill/>", ""),
        (SOLID.format(""), None),
        (SOLID.format('<fgColor rgb="00ffff00"/>'), "#FFFF00"),
        (SOLID.format('<fgColor rgb="FFFF00"/>'), "#FFFF00"),
        (SOLID.format('<fgColor rgb="黄"/>'), None),
        (SOLID.format('<fgColor rgb="FFFFFF00" tint="0.4"/>'), None),
    ],
)
def test_a_fill_is_known_for_what_it_shows(fill, colour):
    styles = AS_EXCEL.replace('<fills count="6">', '<fills count="7">')
    styles = styles.replace("</fills>", f"<fill>{fill}</fill></fills>")
    styles = styles.replace('fillId="1"', 'fillId="6"')
    assert cell_fills(open_package(book(styles)), SHEET, ("F2",)) == {"F2": colour}


def test_rows_and_cells_that_tell_no_place_follow_the_one_before():
    rows = (
        '<row r="2"><c s="1"/><c s="3"/><c r="E2" s="5"/><c s="4"/></row>'
        '<row><c s="5"/></row><row r="7" s="4" customFormat="1"/><row><c s="4"/></row>'
    )
    data = book(rows=rows)
    wanted = {"A2": "#F8CFCF", "B2": None, "E2": "#F8CFCF", "F2": "#FFFF00", "A3": "#F8CFCF"}
    wanted |= {"G7": "#FFFF00", "A8": "#FFFF00"}
    assert cell_fills(open_package(data), SHEET, wanted) == wanted
    package = open_package(data)
    assert refill(package, SHEET, {"A3": "", "F2": "", "B9": ""}) == {"A3", "F2"}
    assert unzipped(zipped(package.finished()))[SHEET].decode().count('s="0"') == 2


def test_a_cell_without_a_style_gets_one_and_one_without_a_fill_s_number_gets_that():
    rows = '<row r="2"><c r="A2"/><c r="B2" s="6"/></row>'
    styles = AS_EXCEL.replace(
        '<xf numFmtId="0" fontId="0" fillId="1"', '<xf numFmtId="9" fontId="0"'
    )
    after = refilled(book(styles, rows), {"A2": "#FFFF00", "B2": "#FFFF00"})
    assert '<c s="4" r="A2"/><c r="B2" s="7"/>' in unzipped(after)[SHEET].decode()
    assert '<xf fillId="4" numFmtId="9" fontId="0"' in styles_of(after)


def test_all_styles_and_fills_are_added_at_once():
    """Each of 300 cells gets a colour of its own, and the part is read but once."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="{row % 2}"/></row>' for row in range(1, 301))
    data = book(rows=rows)
    colours = {f"A{row}": f"#00{row:04X}" for row in range(1, 301)}
    package = open_package(data)
    written = []
    put = package.put
    package.put = lambda name, content: (written.append(name), put(name, content))
    assert refill(package, SHEET, colours) == set(colours)
    assert sorted(written) == [STYLES, SHEET]
    after = zipped(package.finished())
    assert cell_fills(open_package(after), SHEET, colours) == colours
    assert re.search(r'fills count="306".*cellXfs count="307"', styles_of(after))


def test_cells_to_be_written_in_are_told_of_all_colours_or_of_some():
    package = open_package(book())
    assert unlocked(package) == {1}
    assert unlocked(package, ("#F8CFCF",)) == {1}
    assert unlocked(package, ("#FFFF00",)) == frozenset()
