"""The return copy: marks set in, and taken out again without a trace."""

import base64
import dataclasses
import datetime as dt
import re
import subprocess
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openxml_audit import OpenXmlValidator
from paths import EXAMPLES, office, tool

from toolkit import flow
from toolkit.errors import OutputError
from toolkit.excel.marks.beside import Beside
from toolkit.excel.marks.mark import cleared, marked, written_beside
from toolkit.findings import Finding, Level
from toolkit.package import unzipped, zipped

# openpyxl, by which the copies are looked at, says which extensions it would lose.
pytestmark = pytest.mark.filterwarnings("ignore:.* extension is not supported:UserWarning")

DAY = "2022-10-31"
SEPARATOR = "—— 核对意见 ——"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BOOKS = sorted((EXAMPLES / "村级工作簿").glob("*.xlsx"))


def fault(sheet="甲", *cells, level=Level.ERROR, rule="C202", accepted=False, **more):
    texts = {
        "header": "时限",
        "seen": "10月分前",
        "message": "读不出时限",
        "fix": "写日期。",
        **more,
    }
    return Finding(
        file="甲.xlsx", village="", sheet=sheet, cells=cells, level=level, rule=rule,
        accepted=accepted, **texts,
    )  # fmt: skip


FAULTS = (
    fault("乙", "A1"),
    fault("甲", "C5", "C6", "C7", level=Level.WARNING, rule="D501"),
    fault("甲", "C6", "B2"),
    fault("甲", "E9", level=Level.INFO, rule="C203"),
)


def plain(build=None):
    """Return a workbook of two sheets; `build` may write more into it."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": dt.datetime.fromisoformat("2022-01-01")})  # not the clock's
    first, second = book.add_worksheet("甲"), book.add_worksheet("乙")
    first.write_row(2, 0, ["编号", "名称", "时限"])
    first.write_row(4, 0, ["P01", "值", "10月分前"])
    if build:
        build(book, first, second)
    book.close()
    return stream.getvalue()


def rich(book, first, second):
    """Write all that must outlive the marks."""
    red = book.add_format({"bg_color": "#FF0000"})
    first.write_formula("D1", "=1+1", None, 2)
    first.write_comment("B2", "村里自己的批注", {"author": "张会计"})
    first.write_comment("H2", "另一条", {"author": "张会计", "visible": True})
    first.conditional_format("A1:C9", {"type": "cell", "criteria": ">", "value": 5, "format": red})
    first.conditional_format("A1:C9", {"type": "data_bar", "bar_only": True})
    first.data_validation("A5", {"validate": "list", "source": ["是", "否"]})
    first.insert_image("F12", "dot.png", {"image_data": BytesIO(DOT)})
    first.insert_button("F20", {"caption": "按钮"})
    first.insert_textbox("H20", "文本框")
    first.protect("", {"sort": True})
    first.set_column("C:C", 3)
    first.set_row(5, 44)
    first.repeat_rows(2)
    second.print_area("A1:B9")
    second.set_landscape()
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=甲!$D$1:$D$1"})
    second.insert_chart("C3", chart)
    second.add_sparkline("B1", {"range": "甲!A1:A5"})
    book.define_name("全局", "=甲!$A$1")
    book.define_name("乙!局部", "=乙!$A$1")
    second.activate()
    second.set_first_sheet()


def changed(data, name, *pairs):
    """Return a workbook in one part of which texts are replaced."""
    parts = unzipped(data)
    for old, new in pairs:
        assert old in parts[name].decode()
        parts[name] = parts[name].decode().replace(old, new).encode()
    return zipped(parts)


def without(data, *names):
    return zipped({name: part for name, part in unzipped(data).items() if name not in names})


STYLES_RELATION = re.compile(r"<Relationship [^>]*relationships/styles[^>]*>")


def without_styles():
    data = without(plain(), "xl/styles.xml")
    for name, pattern in (
        ("xl/_rels/workbook.xml.rels", STYLES_RELATION),
        ("[Content_Types].xml", re.compile("<Override [^>]*styles[^>]*>")),
    ):
        found = pattern.search(unzipped(data)[name].decode())[0]
        data = changed(data, name, (found, ""))
    return data


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def prefixed(data):
    """Return a workbook whose parts spell the main namespace with a prefix."""
    parts = unzipped(data)
    for name, part in parts.items():
        if MAIN.encode() in part and name.startswith("xl/"):
            text = re.sub(r"<(/?)(?=[A-Za-z])(?!\w+:)", r"<\1x:", part.decode())
            parts[name] = text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"').encode()
    return zipped(parts)


def through_openpyxl(data):
    book = openpyxl.load_workbook(BytesIO(data))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


X14 = (
    '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    "<x14:conditionalFormattings><x14:conditionalFormatting"
    ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:cfRule type="expression" priority="3" id="{00000000-000E-0000-0000-000001000000}">'
    "<xm:f>TRUE</xm:f></x14:cfRule><xm:sqref>A1</xm:sqref></x14:conditionalFormatting>"
    "</x14:conditionalFormattings></ext></extLst></worksheet>"
)
SHAPES = {
    "plain": plain,
    "rich": lambda: plain(rich),
    "prefixed": lambda: prefixed(plain(rich)),
    "openpyxl": lambda: through_openpyxl(plain(rich)),
    "x14": lambda: changed(plain(), "xl/worksheets/sheet1.xml", ("</worksheet>", X14)),
    "no styles": without_styles,
    "empty styles": lambda: zipped(
        {**unzipped(plain()), "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"/>'.encode()}
    ),
    "empty groups": lambda: zipped(
        {
            **unzipped(plain()),
            "xl/styles.xml": (
                f'<styleSheet xmlns="{MAIN}"><fonts count="0"/><dxfs/></styleSheet>'.encode()
            ),
        }
    ),
    "empty names": lambda: changed(
        plain(), "xl/workbook.xml", ("<calcPr", "<definedNames /><calcPr")
    ),
    "no dxfs": lambda: changed(plain(), "xl/styles.xml", ('<dxfs count="0"/>', "")),
    "button": lambda: plain(lambda _, first, __: first.insert_button("F20", {"caption": "按钮"})),
}  # fmt: skip


@pytest.fixture(params=SHAPES)
def book(request):
    return SHAPES[request.param]()


# ---- the laws


def test_what_was_marked_is_cleared_byte_for_byte(book):
    marks = marked(book, FAULTS, DAY)
    assert marks != book
    assert list(unzipped(cleared(marks)).items()) == list(unzipped(book).items())


def test_marking_again_changes_nothing(book):
    marks = marked(book, FAULTS, DAY)
    assert marked(marks, FAULTS, DAY) == marks


def test_other_findings_take_the_place_of_the_old_ones(book):
    assert marked(marked(book, FAULTS, DAY), FAULTS[:1], DAY) == marked(book, FAULTS[:1], DAY)


def test_a_workbook_without_marks_stays_the_very_same(book):
    assert cleared(book) is book


def test_parts_that_hold_no_mark_are_untouched():
    before, after = unzipped(plain(rich)), unzipped(marked(plain(rich), FAULTS, DAY))
    touched = {name for name, part in before.items() if after[name] != part}
    assert touched == {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/worksheets/_rels/sheet2.xml.rels",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
    }


def test_nothing_in_a_marked_copy_breaks_the_schema(book, tmp_path):
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    before.write_bytes(book)
    after.write_bytes(marked(book, FAULTS, DAY))
    check = tool("ooxml_validate").Validator().check
    known = {(each.code, each.message) for each in check(before)}
    assert [each for each in check(after) if (each.code, each.message) not in known] == []


# ---- colours


def rules(data, sheet):
    """Return each rule of a sheet as (cells, formula, colour, priority)."""
    ranges = openpyxl.load_workbook(BytesIO(data))[sheet].conditional_formatting
    return {
        (str(area.sqref), rule.formula[0], rule.dxf.fill.bgColor.rgb, rule.priority)
        for area in ranges
        for rule in area.rules
        if rule.formula
    }


def test_each_cell_is_filled_with_the_colour_of_its_gravest_finding():
    assert rules(marked(plain(), FAULTS, DAY), "甲") == {
        ("B2 C6", '"待改：必改"<>""', "FFF8CFCF", 1),
        ("C5 C7", '"待改：提醒"<>""', "FFFCE4C8", 2),
        ("E9", '"待改：提示"<>""', "FFDCE9F5", 3),
    }


def test_rules_of_the_form_come_after_ours():
    shades = rules(marked(plain(rich), FAULTS, DAY), "甲")
    assert ("A1:C9", "5", "FFFF0000", 4) in shades
    copy = unzipped(marked(SHAPES["x14"](), FAULTS, DAY))
    assert '<x14:cfRule type="expression" priority="6"' in copy["xl/worksheets/sheet1.xml"].decode()


def test_a_rule_that_shares_its_block_with_ours_stays():
    """As when a program has put rules for the same cells together."""
    data = marked(plain(), [fault("甲", "A1")], DAY)
    other = '<cfRule type="expression" priority="2"><formula>1</formula></cfRule>'
    name = "xl/worksheets/sheet1.xml"
    data = changed(data, name, ("</conditionalFormatting>", f"{other}</conditionalFormatting>"))
    sheet = unzipped(cleared(data))[name].decode()
    assert f'sqref="A1">{other.replace("2", "1")}</conditionalFormatting>' in sheet
    assert "待改" not in sheet


# ---- notes


def notes(data, sheet="甲"):
    """Return the notes of a sheet by cell."""
    cells = openpyxl.load_workbook(BytesIO(data))[sheet]._cells.values()  # noqa: SLF001 -- all there are
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def test_a_note_says_what_is_wrong_and_what_to_do():
    copy = marked(plain(), FAULTS, DAY)
    said = "填的是“10月分前”，读不出时限。写日期。"
    assert notes(copy) == {
        "B2": f"{SEPARATOR}\n【必改】{said}[C202]",
        "C5": f"{SEPARATOR}\n【提醒】{said}[D501]",
        "C6": f"{SEPARATOR}\n1. 【必改】{said}[C202]\n2. 【提醒】{said}[D501]",
        "C7": f"{SEPARATOR}\n【提醒】{said}[D501]",
        "E9": f"{SEPARATOR}\n【提示】{said}[C203]",
    }
    assert openpyxl.load_workbook(BytesIO(copy))["甲"]["C5"].comment.author == "整顿核对"


def test_a_note_of_the_village_stays_above_ours():
    copy = marked(plain(rich), FAULTS, DAY)
    assert notes(copy)["B2"].startswith(f"村里自己的批注\n{SEPARATOR}\n【必改】")
    assert notes(copy)["H2"] == "另一条"
    assert openpyxl.load_workbook(BytesIO(copy))["甲"]["B2"].comment.author == "张会计"
    assert notes(cleared(copy)) == {"B2": "村里自己的批注", "H2": "另一条"}


def anchors(data, name="xl/drawings/vmlDrawing1.vml"):
    """Return where the boxes of notes stand, by row and column counted from 0."""
    boxes = {}
    for shape in unzipped(data)[name].decode().split("</v:shape>"):
        row, column = (re.search(rf"<x:{axis}>(\d+)<", shape) for axis in ("Row", "Column"))
        if row and column:
            anchor = re.search("<x:Anchor>([^<]*)<", shape)[1]
            boxes[int(row[1]), int(column[1])] = [int(each) for each in anchor.split(",")]
    return boxes


def test_the_box_of_a_village_s_note_grows_downwards_only():
    long = fault("甲", "B2", message="很长的一句话" * 12)
    before = anchors(plain(rich))[1, 1]
    after = anchors(marked(plain(rich), [long], DAY))[1, 1]
    assert after[:6] == before[:6]
    assert after[6] > before[6]


def test_a_box_that_has_moved_since_is_left_where_it_is():
    copy = marked(plain(rich), [fault("甲", "B2", message="很长的一句话" * 12)], DAY)
    name = "xl/drawings/vmlDrawing1.vml"
    box = ", ".join(map(str, anchors(copy)[1, 1]))
    moved = "2, 15, 9" + box.removeprefix("2, 15, 0")
    assert moved != box
    back = cleared(changed(copy, name, (f">{box}<", f">{moved}<")))
    assert moved in unzipped(back)[name].decode()
    assert "核对前" not in unzipped(back)[name].decode()


@pytest.mark.parametrize(
    ("spelled", "kept"),
    [
        ("<t>甲&#x4E59;&amp;</t>", "甲乙&"),
        ("<r><t>甲</t></r><r><rPr><b/></rPr><t>乙</t></r>", "甲乙"),
        ("<t/>", ""),
        ("<r><t/></r>", ""),
        ("", ""),
    ],
)
def test_a_note_however_spelled_comes_back_as_it_was(spelled, kept):
    data = plain(lambda _, first, __: first.write_comment("C6", "原文"))
    text = re.search("<text>.*</text>", unzipped(data)["xl/comments1.xml"].decode())[0]
    body = f"<text>{spelled}</text>" if spelled else "<text/>"
    data = changed(data, "xl/comments1.xml", (text, body))
    copy = marked(data, FAULTS, DAY)
    assert notes(copy)["C6"].startswith(f"{kept}\n{SEPARATOR}\n1. 【必改】")
    assert unzipped(cleared(copy)) == unzipped(data)


def test_what_people_write_below_our_text_is_kept():
    copy = marked(plain(rich), FAULTS, DAY)
    parts = unzipped(copy)
    for name in ("xl/comments1.xml",):
        text = parts[name].decode().replace("[C202]</t>", "[C202]\n已经问过县里</t>")
        parts[name] = text.replace("[D501]</t>", "[D501]\n等回复</t>").encode()
    back = cleared(zipped(parts))
    assert notes(back)["B2"] == "村里自己的批注\n已经问过县里"
    assert notes(back)["C5"] == "等回复"
    again = marked(back, FAULTS, DAY)
    assert notes(again)["C5"].startswith(f"等回复\n{SEPARATOR}\n【提醒】")
    assert notes(cleared(again)) == notes(back)


def test_a_cell_with_a_thread_gets_no_note():
    data = plain(lambda _, first, __: first.write_comment("C5", "甲说", {"author": "tc={1}"}))
    assert set(notes(marked(data, FAULTS, DAY))) == {"B2", "C5", "C6", "C7", "E9"}
    assert notes(marked(data, FAULTS, DAY))["C5"] == "甲说"


def test_a_thread_is_known_by_its_part_too():
    parts = unzipped(plain())
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}" Target="../threadedComments/t1.xml"/></Relationships>'
    ).encode()
    parts["xl/threadedComments/t1.xml"] = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="C6" id="{1}"><text>x</text></threadedComment></ThreadedComments>'
    )
    data = zipped(parts)
    assert set(notes(marked(data, FAULTS, DAY))) == {"B2", "C5", "C7", "E9"}
    assert unzipped(cleared(marked(data, FAULTS, DAY))) == parts


def test_boxes_are_as_high_as_their_text_and_numbered_apart():
    """Rows are 20 pixels high; a text of four lines takes 78 pixels, of 20 lines far more."""
    few, many = fault("甲", "B20"), fault("甲", "C20", message="字" * 190)
    copy = marked(plain(), [few, many, fault("乙", "A1")], DAY)
    boxes = anchors(copy, "xl/drawings/vmlDrawingMarks0.vml")
    heights = {cell: (box[6] - box[2]) * 20 - box[3] + box[7] for cell, box in boxes.items()}
    assert 60 <= heights[19, 1] <= 110
    assert heights[19, 2] >= 9 * 16
    drawn = [part.decode() for name, part in unzipped(copy).items() if name.endswith(".vml")]
    shapes = re.findall(r'id="(_x0000_s\d+)"', "".join(drawn))
    assert len(shapes) == len(set(shapes)) == 3


def test_boxes_stay_on_the_sheet():
    copy = marked(plain(), [fault("甲", "XFD1048576", "A1")], DAY)
    boxes = anchors(copy, "xl/drawings/vmlDrawingMarks0.vml").values()
    assert all(box[0] <= box[4] < 16_384 and box[2] <= box[6] < 1_048_576 for box in boxes)


def test_hidden_columns_and_rows_take_no_room():
    def hide(_, first, __):
        first.set_column("D:F", None, None, {"hidden": True})
        first.set_row(6, None, None, {"hidden": True})

    shown = anchors(marked(plain(), [fault("甲", "C6")], DAY), "xl/drawings/vmlDrawingMarks0.vml")
    hidden = anchors(
        marked(plain(hide), [fault("甲", "C6")], DAY), "xl/drawings/vmlDrawingMarks0.vml"
    )
    assert hidden[5, 2][4] == shown[5, 2][4] + 3
    assert hidden[5, 2][6] == shown[5, 2][6] + 1


def test_no_sheet_gets_more_than_500_notes_and_the_list_says_so():
    cells = [f"A{row}" for row in range(1, 601)]
    copy = marked(plain(), [fault("甲", *cells, level=Level.INFO), fault("甲", "B700")], DAY)
    assert len(notes(copy)) == 500
    assert "B700" in notes(copy)
    assert ("A1:A600", '"待改：提示"<>""', "FFDCE9F5", 2) in rules(copy, "甲")
    assert "批注每张表最多加 500 处" in listed(copy)[1][0]


# ---- the list


def listed(data, title="待改清单"):
    """Return the rows of the list."""
    sheet = openpyxl.load_workbook(BytesIO(data))[title]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_list_is_the_first_sheet_and_says_what_it_is():
    copy = marked(plain(rich), FAULTS, DAY)
    book = openpyxl.load_workbook(BytesIO(copy))
    assert book.sheetnames == ["待改清单", "甲", "乙"]
    assert book.active.title == "待改清单"
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["待改清单"]
    rows = listed(copy)
    assert rows[0][0] == "待改清单（整顿核对）"
    first, levels, guide = rows[1][0].split("\n")
    assert first == "核对日期：2022-10-31　必改 2 条，提醒 1 条，提示 1 条。"
    assert levels.startswith("必改：改正后报送。提醒：请核对，")
    assert "提示：已按通常意思读取" in levels
    assert guide.endswith("改完请保存并重新报送，下次核对会换上新的清单。")
    assert rows[2] == [
        "序号", "级别", "工作表", "单元格", "栏目", "现在填的", "问题", "怎么改", "规则",
    ]  # fmt: skip


def test_findings_are_listed_by_level_sheet_and_cell_with_links():
    findings = (
        *FAULTS,
        fault("甲", accepted=True, level=Level.ERROR, rule="R1"),
        fault("甲", rule="L103", header="", seen="", message="少了“名称”一栏", fix="补上。"),
        fault("没有的表", "A1", rule="L104"),
        fault("", rule="L105"),
    )
    copy = marked(plain(), findings, DAY)
    rows = [(row[1], row[2], row[3], row[8]) for row in listed(copy)[3:]]
    assert rows == [
        ("必改", None, "整个文件", "L105"),
        ("必改", "甲", "整张表", "L103"),
        ("必改", "甲", "B2、C6", "C202"),
        ("必改", "乙", "A1", "C202"),
        ("必改", "没有的表", "A1", "L104"),
        ("提醒", "甲", "C5:C7", "D501"),
        ("提示", "甲", "E9", "C203"),
        ("必改", "甲", "整张表", "R1"),
    ]
    sheet = openpyxl.load_workbook(BytesIO(copy))["待改清单"]
    links = [sheet.cell(row, 4).hyperlink for row in range(4, 12)]
    assert [link and link.location for link in links] == [
        None, "'甲'!A1", "'甲'!B2", "'乙'!A1", None, "'甲'!C5", "'甲'!E9", "'甲'!A1",
    ]  # fmt: skip
    assert sheet.cell(4, 2).fill.fgColor.rgb == "FFF8CFCF"
    assert sheet.cell(11, 7).font.color.rgb == "FF7F7F7F"
    assert listed(copy)[1][0].endswith("灰色的已在“情况说明”表里写明，不用再改。")


def test_what_is_answered_is_listed_only():
    copy = marked(plain(), [fault("甲", "A1", accepted=True)], DAY)
    assert notes(copy) == {}
    assert rules(copy, "甲") == set()
    assert "必改 1 条，提醒 0 条，提示 0 条，其中已说明 1 条。" in listed(copy)[1][0]


def test_a_workbook_without_findings_is_told_so():
    """In one line, below the title; there is no table without lines."""
    data = marked(plain(), [], DAY, "上河村")
    assert [row[0] for row in listed(data)] == [
        "待改清单（整顿核对）",
        "上河村　核对日期：2022-10-31　必改 0 条，提醒 0 条，提示 0 条。没有要改的地方。",
    ]
    sheet = openpyxl.load_workbook(BytesIO(data))["待改清单"]
    assert (sheet.freeze_panes, sheet.print_title_rows) == (None, "$1:$2")
    assert marked(data, [], DAY, "上河村") == data


def test_many_readings_of_one_column_are_one_line_and_each_cell_keeps_its_note():
    readings = [
        fault(
            "甲", f"C{row}", level=Level.INFO, seen=f"{row}月底", message=f"按2022年{row}月底理解"
        )
        for row in (4, 5, 6, 7)
    ]
    copy = marked(plain(), [*readings, fault("甲", "B9")], DAY)
    assert [(row[3], row[5], row[6]) for row in listed(copy)[3:]] == [
        ("B9", "10月分前", "读不出时限"),
        ("C4:C7", "4月底等", "写法不规范，已按通常意思读取，各格读作什么见批注"),
    ]
    assert "按2022年6月底理解" in notes(copy)["C6"]
    three = marked(plain(), readings[:3], DAY)
    assert [row[3] for row in listed(three)[3:]] == ["C4", "C5", "C6"]


def test_cells_that_others_are_compared_with_are_lightly_filled_and_get_no_note():
    copy = marked(plain(), [fault("甲", "F4", beside=("G4", "H4")), fault("甲", "H4")], DAY)
    assert rules(copy, "甲") == {
        ("F4 H4", '"待改：必改"<>""', "FFF8CFCF", 1),
        ("G4", '"待改：提示"<>""', "FFDCE9F5", 2),
    }
    assert set(notes(copy)) == {"F4", "H4"}
    assert "（对照 G4、H4）。" in notes(copy)["F4"]
    assert listed(copy)[3][3] == "F4（对照 G4、H4）"
    assert "对照" not in listed(copy)[4][3]
    sheet = openpyxl.load_workbook(BytesIO(copy))["待改清单"]
    assert [sheet.cell(row, 4).hyperlink.location for row in (4, 5)] == ["'甲'!F4", "'甲'!H4"]


# ---- what people write beside the list

KEPT = "村里写在清单旁的话（左边是原来的单元格）"


def written_on(data, cells, title="待改清单"):
    """The workbook after people wrote on a sheet, saved by another program."""
    book = openpyxl.load_workbook(BytesIO(data))
    for cell, content in cells.items():
        if isinstance(content, Comment):
            book[title][cell].comment = content
        else:
            book[title][cell] = content
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def kept(data):
    """What stands below the list: old cells and texts."""
    rows = listed(data)
    at = [row[0] for row in rows].index(KEPT)
    return [(row[3], row[4]) for row in rows[at + 1 :]]


def test_what_people_write_beside_the_list_stands_below_the_next_one():
    typed = {
        "J4": "已问县里",
        "K2": 7,
        "J5": dt.date(2022, 11, 3),
        "O5": dt.time(9),
        "J6": dt.datetime.fromisoformat("2022-11-03T09:30"),
        "C12": "其余下周改",
        "B1": "镇里收",
        "L1": "=1+1",
        "B6": "已改",  # over a level
        "I7": "改好了",  # over a rule
        "M1": " \u3000",
        "D4": Comment("看过了", "张会计"),
        "N3": True,
    }
    wrote = written_on(marked(plain(), FAULTS, DAY), typed)
    again = marked(wrote, FAULTS[:1], "2022-11-30")
    assert kept(again) == [
        ("B1", "镇里收"),
        ("L1", "=1+1"),
        ("K2", "7"),
        ("N3", "1"),
        ("J4", "已问县里"),
        ("J5", "2022-11-03"),
        ("O5", "0.375"),
        ("B6", "已改"),
        ("J6", "2022-11-03 09:30"),
        ("I7", "改好了"),
        ("C12", "其余下周改"),
        ("D4", "批注：看过了"),
    ]
    assert [row[3] for row in listed(again)[3:4]] == ["A1"]
    sheet = openpyxl.load_workbook(BytesIO(again))["待改清单"]
    assert "E7:I7" in sheet.merged_cells
    assert sheet["E7"].data_type == "s"


@pytest.mark.parametrize("findings", [FAULTS, ()])
def test_what_was_kept_is_kept_at_every_further_check(findings):
    wrote = written_on(marked(plain(), FAULTS, DAY), {"J4": "甲_乙<&", "J5": "一\n二"})
    second = marked(wrote, findings, DAY)
    assert marked(second, findings, DAY) == second
    third = marked(through_openpyxl(marked(second, FAULTS[:2], DAY)), findings, DAY)
    assert kept(third) == kept(second) == [("J4", "甲_乙<&"), ("J5", "一\n二")]
    more = marked(written_on(second, {"K1": "三"}), findings, DAY)
    assert kept(more) == [*kept(second), ("K1", "三")]


def test_a_line_written_below_what_was_kept_is_kept_with_it_and_a_deleted_one_is_not():
    second = marked(written_on(marked(plain(), FAULTS, DAY), {"J4": "甲", "J5": "乙"}), [], DAY)
    assert [row[0] for row in listed(second)].index(KEPT) == 3
    third = marked(written_on(second, {"D5": None, "E5": None, "D9": "A1", "J6": "丙"}), [], DAY)
    assert kept(third) == [("J5", "乙"), ("J6", "丙"), ("D9", "A1")]


def test_days_of_a_file_that_counts_from_1904_stay_the_numbers_they_are():
    book = openpyxl.load_workbook(BytesIO(marked(plain(), FAULTS, DAY)))
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book["待改清单"]["J4"] = dt.date(2022, 11, 3)
    stream = BytesIO()
    book.save(stream)
    assert kept(marked(stream.getvalue(), [], DAY)) == [("J4", "43406")]


def cells_of(xml):
    """A marked workbook with cells of these bytes in a row of its own on the list."""
    name = "xl/worksheets/sheetMarks.xml"
    row = f'<row r="20">{xml}</row></sheetData>'
    return changed(marked(plain(), FAULTS, DAY), name, ("</sheetData>", row))


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<c/><c><v>5</v></c>", ("B20", "5")),
        ('<c r="J20"><f>SUM(A1)</f></c>', ("J20", "=SUM(A1)")),
        ('<c r="J20" t="str"><f>A1</f><v>一</v></c>', ("J20", "一")),
        ('<c r="J20" t="inlineStr"><is><r><t>一</t></r></is></c>', ("J20", "一")),
        ('<c r="J20" t="inlineStr"><is><t>一</t><rPh><t>y</t></rPh></is></c>', ("J20", "一")),
        # openpyxl does not undo the escape of what only looks like one
        ('<c r="J20" t="str"><v>a_x005F_x0041_</v></c>', ("J20", "a_x005F_x0041_")),
        ('<c r="J20" t="str"><v>a_x0041_</v></c>', ("J20", "aA")),
    ],
)  # fmt: skip
def test_a_text_beside_the_list_is_read_however_it_is_spelled(xml, said):
    assert kept(marked(cells_of(xml), [], DAY)) == [said]


@pytest.mark.parametrize("findings", [FAULTS, ()])
def test_a_list_with_texts_kept_below_it_is_valid_office_open_xml(findings, tmp_path):
    path = tmp_path / "甲.xlsx"
    wrote = cells_of('<c r="J20" t="str"><v>一</v></c><c r="K20" t="str"><v>二</v></c>')
    path.write_bytes(marked(wrote, findings, DAY))
    assert kept(path.read_bytes()) == [("J20", "一"), ("K20", "二")]
    assert tool("ooxml_validate").Validator().check(path) == []
    assert OpenXmlValidator().validate(path).errors == []


def test_a_cell_of_the_list_that_leads_to_no_shared_text_says_nothing():
    data = cells_of('<c r="J20" t="s"><v>999</v></c><c r="K20" t="s"><v>x</v></c>')
    assert KEPT not in [row[0] for row in listed(marked(data, [], DAY))]


def test_what_stands_beside_the_list_is_told_to_who_clears_it():
    wrote = written_on(marked(plain(), FAULTS, DAY), {"J4": "已问县里"})
    assert written_beside(wrote) == (Beside("待改清单", "J4", "已问县里"),)
    assert written_beside(plain()) == ()
    assert openpyxl.load_workbook(BytesIO(cleared(wrote))).sheetnames == ["甲", "乙"]


def test_texts_stay_texts_and_long_ones_are_shortened():
    copy = marked(
        plain(), [fault("甲", "A1", seen="=1+1", message="_x000D_<&\x07", fix="长" * 999)], DAY
    )
    row = listed(copy)[3]
    # What only looks like an escape is escaped itself; openpyxl does not undo that.
    assert row[5:8] == ["=1+1", "_x005F_x000D_<&\ufffd", "长" * 199 + "…"]
    assert openpyxl.load_workbook(BytesIO(copy))["待改清单"]["F4"].data_type == "s"


def test_many_cells_are_named_beside_the_problem():
    """LibreOffice shows a link on one line only."""
    row = listed(marked(plain(), [fault("甲", "A1", "B3", "C5", "D7", "E9", "F11")], DAY))[3]
    assert row[3] == "A1等 6 处"
    assert row[6] == "读不出时限\n单元格：A1、B3、C5、D7、E9、F11"


def test_the_list_prints_on_landscape_pages_with_its_header():
    sheet = openpyxl.load_workbook(BytesIO(marked(plain(rich), FAULTS, DAY)))["待改清单"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "A4"


def test_names_of_single_sheets_stay_with_their_sheets():
    book = openpyxl.load_workbook(BytesIO(marked(plain(rich), FAULTS, DAY)))
    assert book["乙"].defined_names["局部"].value == "乙!$A$1"
    assert book["乙"].print_area == "'乙'!$A$1:$B$9"
    assert book["甲"].print_title_rows == "$3:$3"


def test_a_sheet_of_that_title_of_the_village_s_own_is_left_alone():
    def own(book, *_):
        book.add_worksheet("待改清单").write("A1", "村里自己的清单")

    data = plain(own)
    copy = marked(data, FAULTS, DAY)
    assert openpyxl.load_workbook(BytesIO(copy)).sheetnames == [
        "待改清单(核对)", "甲", "乙", "待改清单",
    ]  # fmt: skip
    assert listed(copy)[0][0] == "村里自己的清单"
    assert unzipped(cleared(copy)) == unzipped(data)


def test_a_list_whose_name_is_lost_is_known_by_its_first_cell():
    copy = marked(plain(), FAULTS, DAY)
    found = re.search('<definedName name="整顿核对_待改清单".*?</definedName>', workbook(copy))[0]
    assert unzipped(cleared(changed(copy, "xl/workbook.xml", (found, "")))) == unzipped(plain())


def test_a_list_that_people_have_renamed_is_known_by_its_name():
    copy = marked(plain(), FAULTS, DAY)
    copy = changed(copy, "xl/workbook.xml", ('"待改清单"', '"张\'三"'), ("'待改清单'", "'张''三'"))
    assert unzipped(cleared(copy)) == unzipped(plain())


def test_notes_and_names_that_people_add_to_the_list_leave_no_loose_part_behind():
    book = openpyxl.load_workbook(BytesIO(marked(plain(), FAULTS, DAY)))
    book["待改清单"]["A9"].comment = Comment("看过了", "张会计")
    book["待改清单"].print_area = "A1:B9"
    stream = BytesIO()
    book.save(stream)
    back = cleared(stream.getvalue())
    assert openpyxl.load_workbook(BytesIO(back)).sheetnames == ["甲", "乙"]
    assert not [name for name in unzipped(back) if "comment" in name or name.endswith(".vml")]
    assert "definedName " not in workbook(back)


def test_a_part_in_utf_16_is_marked_and_then_spelled_in_utf_8():
    parts = unzipped(plain())
    text = parts["xl/worksheets/sheet1.xml"].decode()
    wide = text.replace("UTF-8", "UTF-16").encode("utf-16")
    copy = marked(zipped({**parts, "xl/worksheets/sheet1.xml": wide}), FAULTS, DAY)
    assert ("E9", '"待改：提示"<>""', "FFDCE9F5", 3) in rules(copy, "甲")
    assert unzipped(cleared(copy))["xl/worksheets/sheet1.xml"].decode() == text


def test_macros_stay_and_so_does_the_kind_of_the_file():
    parts = unzipped(plain())
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macros = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    types = parts["[Content_Types].xml"].replace(kind.encode(), macros.encode())
    parts = {**parts, "[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf macros"}
    copy = unzipped(marked(zipped(parts), FAULTS, DAY))
    assert copy["xl/vbaProject.bin"] == b"\xd0\xcf macros"
    assert macros in copy["[Content_Types].xml"].decode()


def test_names_whose_list_was_deleted_go_too():
    copy = marked(plain(), FAULTS, DAY)
    book = openpyxl.load_workbook(BytesIO(copy))
    del book["待改清单"]
    stream = BytesIO()
    book.save(stream)
    assert "整顿核对" not in workbook(cleared(stream.getvalue()))


def test_a_sheet_moved_before_the_list_stays():
    copy = marked(plain(rich), FAULTS, DAY)
    book = openpyxl.load_workbook(BytesIO(copy))
    book.move_sheet("待改清单", offset=1)
    book.active = 2
    stream = BytesIO()
    book.save(stream)
    back = openpyxl.load_workbook(BytesIO(cleared(stream.getvalue())))
    assert back.sheetnames == ["甲", "乙"]
    assert back.active.title == "乙"
    assert back["乙"].print_area == "'乙'!$A$1:$B$9"


def workbook(data):
    return unzipped(data)["xl/workbook.xml"].decode()


def test_a_hundred_selected_sheets_are_all_deselected():
    def group(book, *_):
        for number in range(100):
            book.add_worksheet(f"表{number}").select()

    copy = marked(plain(group), FAULTS, DAY)
    book = openpyxl.load_workbook(BytesIO(copy))
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["待改清单"]
    state = re.search('name="整顿核对_原状" hidden="1">"(.*?)"<', workbook(copy))[1]
    assert len(state) <= 250


def test_chart_sheets_are_passed_over():
    def chart(book, *_):
        sheet = book.add_chartsheet("图")
        figure = book.add_chart({"type": "column"})
        figure.add_series({"values": "=甲!$A$1:$A$2"})
        sheet.set_chart(figure)
        sheet.activate()

    data = plain(chart)
    copy = marked(data, [*FAULTS, fault("图", "A1")], DAY)
    assert unzipped(cleared(copy)) == unzipped(data)
    assert "待改：" not in unzipped(copy)["xl/chartsheets/sheet1.xml"].decode()


# ---- other programs


def test_marks_are_found_again_after_openpyxl():
    saved = through_openpyxl(marked(plain(rich), FAULTS, DAY))
    _assert_clean(cleared(saved), {"B2": "村里自己的批注", "H2": "另一条"})
    assert marked(marked(saved, FAULTS, DAY), FAULTS, DAY) == marked(saved, FAULTS, DAY)


def _assert_clean(data, own_notes):
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames == ["甲", "乙"]
    assert not [name for name in book.defined_names if "整顿核对" in name]
    assert notes(data) == own_notes
    assert not notes(data, "乙")
    for sheet in book:
        formulas = [rule.formula for area in sheet.conditional_formatting for rule in area.rules]
        assert not [formula for formula in formulas if formula and "待改" in formula[0]]


@pytest.mark.office
def test_marks_are_found_again_after_libreoffice(tmp_path):
    path = tmp_path / "甲.xlsx"
    path.write_bytes(marked(plain(rich), FAULTS, DAY))
    saved = _through_office(path, "xlsx").read_bytes()
    assert {row[3] for row in listed(saved)[3:]} == {"A1", "B2、C6", "C5:C7", "E9"}
    sheet = openpyxl.load_workbook(BytesIO(saved))["待改清单"]
    assert sheet["D4"].hyperlink.location.replace("'", "") == "甲!B2"
    _assert_clean(cleared(saved), {"B2": "村里自己的批注", "H2": "另一条"})
    assert marked(marked(saved, FAULTS, DAY), FAULTS, DAY) == marked(saved, FAULTS, DAY)


def _through_office(path: Path, kind: str) -> Path:
    folder = path.parent / "out"
    home = f"-env:UserInstallation=file://{path.parent / 'home'}"
    command = [office(), home, "--headless", "--convert-to", kind, "--outdir", folder, path]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{path.stem}.{kind}"


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_second_check_of_an_example_finds_the_same(path, tmp_path):
    data = path.read_bytes()
    day = dt.date(2022, 10, 31)
    found = flow.check([path], day).findings
    findings = [each for each in found if each.file == str(path)]
    copy = tmp_path / path.name
    copy.write_bytes(marked(data, findings, DAY))
    again = flow.check([copy], day).findings
    assert [dataclasses.replace(each, file=str(path)) for each in again] == list(findings)
    assert unzipped(cleared(copy.read_bytes())) == unzipped(data)
    lines = {(row[2] or "", row[8]) for row in listed(copy.read_bytes())[3:]}
    assert lines == {(each.sheet, each.rule) for each in findings}
    assert tool("ooxml_validate").Validator().check(copy) == []
    assert OpenXmlValidator().validate(copy).errors == []


# ---- what cannot be marked


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\3\4 cut short",
        zipped({"word/document.xml": b"<w/>"}),
        without(plain(), "[Content_Types].xml"),
        changed(plain(), "_rels/.rels", ("xl/workbook.xml", "docProps/app.xml")),
    ],
)
@pytest.mark.parametrize("change", [cleared, lambda data: marked(data, FAULTS, DAY)])
def test_what_is_no_workbook_is_refused_with_advice(data, change):
    with pytest.raises(
        OutputError, match=r"不是 \.xlsx 工作簿，做不了回传件。请用 Excel 或 WPS 另存为"
    ):
        change(data)


def test_a_workbook_without_sheets_is_refused():
    data = plain()
    sheets = re.search("<sheets>.*</sheets>", workbook(data))[0]
    with pytest.raises(OutputError, match="做不了回传件"):
        marked(changed(data, "xl/workbook.xml", (sheets, "<sheets/>")), FAULTS, DAY)


def test_the_strict_format_is_refused_with_advice():
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    with pytest.raises(OutputError, match="严格 Open XML"):
        marked(changed(plain(), "xl/workbook.xml", (MAIN, strict)), FAULTS, DAY)


@pytest.mark.parametrize("broken", ["<worksheet>", "<!DOCTYPE worksheet><worksheet/>"])
def test_a_damaged_part_is_refused_with_advice(broken):
    parts = {**unzipped(plain()), "xl/worksheets/sheet1.xml": broken.encode()}
    with pytest.raises(OutputError, match="内部有残缺，做不了回传件"):
        marked(zipped(parts), FAULTS, DAY)
