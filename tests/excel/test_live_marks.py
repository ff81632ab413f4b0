"""Marks of an open workbook, known from its bytes: what is to be written, and how it goes again."""

import datetime as dt
import re
from copy import copy
from io import BytesIO

import openpyxl
import pytest
from feature_inventory import features
from forms_0_9 import FILLING_0_9, FORM_0_9, IDENTITY_0_9
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import GradientFill, PatternFill, Protection
from openpyxl.styles.colors import Color
from paths import EXAMPLES

from toolkit import flow
from toolkit.cells import a1
from toolkit.errors import LiveError
from toolkit.excel.blank import build_workbook
from toolkit.excel.marks.live import (
    Edit,
    Lock,
    Marking,
    hidden_marks,
    mark_lines,
    marked_cells,
    marking,
    unmarking,
)
from toolkit.excel.marks.mark import cleared, marked
from toolkit.excel.opened import open_bytes
from toolkit.excel.upgrading.upgrade import upgrade
from toolkit.findings import Finding, Level
from toolkit.forms import issuing, village
from toolkit.package import unzipped, zipped

BOOKS = sorted((EXAMPLES / "村级工作簿").glob("*.xlsx"))
RED, ORANGE = "#F8CFCF", "#FCE4C8"
LINE = "【必改】填的是“10月分前”，读不出时限。写日期。[C202]"
MARK = f"—— 边填边核对 ——\n{LINE}\n〔原底色：无〕"


def fault(*cells, sheet="甲", level=Level.ERROR, rule="C202", accepted=False):
    return Finding(
        "甲.xlsx", "", sheet, cells, "时限", level, rule, "10月分前", "读不出时限", "写日期。",
        accepted,
    )  # fmt: skip


def book(build=lambda _: None):
    """Return a workbook of one sheet, on which `build` may write more."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "甲"
    for row in sheet["A1:E9"]:
        for cell in row:
            cell.value = "值"
    build(sheet)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def applied(data, wanted):
    """Return the workbook with all edits made, as a program would."""
    made = openpyxl.load_workbook(BytesIO(data))
    for one in wanted.sheets:
        for edit in one.edits:
            cell = made[one.sheet][edit.cell]
            if edit.note is not None:
                assert edit.had_note == (cell.comment is not None)
                author = cell.comment.author if cell.comment else "村文书"
                stays = edit.note or edit.stays
                cell.comment = Comment(edit.note, author) if stays else None
            if edit.fill is not None:
                cell.fill = (
                    PatternFill("solid", fgColor=f"FF{edit.fill[1:]}")
                    if edit.fill
                    else PatternFill()
                )
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def edits(wanted):
    return [edit for one in wanted.sheets for edit in one.edits]


def test_a_finding_gives_its_cell_a_note_and_a_fill():
    assert edits(marking(book(), [fault("C5")])) == [Edit("C5", False, MARK, RED)]


def test_what_is_answered_and_what_stands_on_no_sheet_is_not_marked():
    wanted = marking(book(), [fault("C5", accepted=True), fault("C5", sheet="乙")])
    assert (wanted.sheets, wanted.marked, wanted.notes) == ((), 0, ())


def looks(sheet):
    """Fill and note cells in every way that must outlive a mark."""
    sheet["B2"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["B3"].fill = PatternFill("lightUp", fgColor="FF00FF00")
    sheet["B4"].fill = GradientFill(stop=("FFFFFF", "FF0000"))
    sheet["B5"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.4))
    sheet["B6"].fill = PatternFill("solid", fgColor=Color(indexed=13))
    sheet["B7"].comment = Comment("镇里问过\n再核一遍", "何小梅")
    sheet["B2"].comment = Comment("黄的", "何小梅")
    sheet["C2"].number_format = "0.00%"
    sheet["C7"].comment = Comment("", "何小梅")


EVERYWHERE = ("B2", "B3", "B4", "B5", "B6", "B7", "C2", "C7", "E9")


def test_to_mark_twice_is_to_mark_once():
    data = book(looks)
    once = applied(data, marking(data, [fault(*EVERYWHERE)]))
    again = marking(once, [fault(*EVERYWHERE)])
    assert again.sheets == ()
    assert again.marked == 9


@pytest.mark.parametrize("away", [lambda data: applied(data, unmarking(data)), cleared])
def test_marks_go_without_a_trace_whether_open_or_closed(away):
    data = book(looks)
    once = applied(data, marking(data, [fault(*EVERYWHERE)]))
    assert features(once) != features(data)
    assert features(away(once)) == features(data)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.name)
@pytest.mark.parametrize("away", [lambda data: applied(data, unmarking(data)), cleared])
def test_our_own_workbooks_are_as_before(path, away):
    data = applied(path.read_bytes(), unmarking(path.read_bytes()))  # as openpyxl writes it
    found = [fault("A4", "G4", "C6", sheet="整改措施"), fault("C4", "H4", sheet="存在问题")]
    once = applied(data, marking(data, found))
    assert len(marked_cells(once)) == 5
    assert features(away(once)) == features(data)


def test_only_a_plain_fill_is_changed_and_the_note_says_which_it_was():
    wanted = {edit.cell: edit for edit in edits(marking(book(looks), [fault(*EVERYWHERE)]))}
    assert {cell: edit.fill for cell, edit in wanted.items()} == {
        "B2": RED, "B3": None, "B4": None, "B5": None, "B6": None, "B7": RED, "C2": RED,
        "C7": RED, "E9": RED,
    }  # fmt: skip
    assert wanted["B2"].note == f"黄的\n{MARK}".replace("无", "#FFFF00")
    assert wanted["B3"].note.endswith("\n〔底色未动〕")
    assert wanted["B7"].note == f"镇里问过\n再核一遍\n{MARK}"
    assert wanted["C7"].note == f"\n{MARK}"


def test_a_mended_cell_loses_its_mark_and_a_milder_one_changes_colour():
    data = book()
    once = applied(data, marking(data, [fault("C5", "C6")]))
    wanted = marking(once, [fault("C6", level=Level.WARNING, rule="D501")])
    first, second = edits(wanted)
    assert first == Edit("C5", True, "", "")
    assert (second.cell, second.fill) == ("C6", ORANGE)
    assert second.note.endswith("[D501]\n〔原底色：无〕")


def orphan(sheet):
    """Fill a cell with a colour of ours, as a row inserted below a marked one may be."""
    sheet["C5"].fill = PatternFill("solid", fgColor="FFF8CFCF")


def test_in_a_workbook_without_marks_a_colour_of_ours_is_people_s_and_comes_back():
    data = book(orphan)
    assert edits(unmarking(data)) == []
    once = applied(data, marking(data, [fault("C5", level=Level.WARNING)]))
    assert features(once) != features(data)
    assert features(applied(once, unmarking(once))) == features(data)
    assert features(cleared(once)) == features(data)


def test_in_a_workbook_with_marks_a_colour_of_ours_without_a_note_is_not_taken_for_theirs():
    def with_a_mark(sheet):
        orphan(sheet)
        sheet["A1"].comment = Comment(MARK, "何小梅")

    assert edits(marking(book(with_a_mark), [fault("A1", "C5")])) == [
        Edit("A1", True, None, RED),
        Edit("C5", False, MARK, None),
    ]


def test_what_people_add_to_our_note_and_a_fill_they_choose_since_stay_theirs():
    def touched(sheet):
        sheet["C5"].comment = Comment(f"{MARK}\n已改，待复核", "何小梅")
        sheet["C5"].fill = PatternFill("solid", fgColor="FF00B0F0")

    assert edits(unmarking(book(touched))) == [Edit("C5", True, "已改，待复核", None)]
    [edit] = edits(marking(book(touched), [fault("C5")]))
    assert edit == Edit("C5", True, f"已改，待复核\n{MARK}".replace("无", "#00B0F0"), RED)


def test_a_copied_mark_goes_and_a_note_without_its_heading_is_theirs():
    def copied(sheet):
        for cell in ("C5", "D8"):
            sheet[cell].comment = Comment(MARK, "何小梅")
            sheet[cell].fill = PatternFill("solid", fgColor="FFF8CFCF")
        sheet["E1"].comment = Comment(f"{LINE}\n〔原底色：无〕", "何小梅")

    data = book(copied)
    assert edits(marking(data, [fault("C5")])) == [Edit("D8", True, "", "")]
    assert features(cleared(data)).sheets["甲"]["notes"] == {"E1": f"{LINE}\n〔原底色：无〕"}


def test_five_hundred_cells_are_marked_the_gravest_first_and_the_rest_is_said():
    mild = fault(*(f"A{row}" for row in range(1, 501)), level=Level.WARNING)
    wanted = marking(book(), [mild, fault("E9", "E8")])
    assert wanted.marked == 500
    assert {"E8", "E9", "A498"} <= {edit.cell for edit in edits(wanted)}
    assert "A499" not in {edit.cell for edit in edits(wanted)}
    assert wanted.notes == ("标记最多加 500 处，其余 2 处只列在核对结果里。",)


def test_a_protection_without_password_is_told_in_full_and_one_with_is_left():
    def locked(sheet):
        sheet.protection.enable()
        sheet.protection.objects, sheet.protection.sort = True, False

    def secret(sheet):
        sheet.protection.set_password("密")
        sheet.protection.enable()

    [one] = marking(book(locked), [fault("C5")]).sheets
    assert one.lock == Lock(True, True, False, (*(False,) * 8, True, False, False))
    wanted = marking(book(secret), [fault("C5")])
    assert wanted.sheets == ()
    assert wanted.notes == ("工作表“甲”受保护，只列出问题，不做标记。",)


@pytest.mark.parametrize("contents", ["", ' sheet="0"'])
def test_a_sheet_whose_objects_alone_are_protected_is_locked_too(contents):
    name = "xl/worksheets/sheet1.xml"
    parts = unzipped(book())
    lock = f'</sheetData><sheetProtection{contents} objects="1"/>'.encode()
    data = zipped({**parts, name: parts[name].replace(b"</sheetData>", lock)})
    [one] = marking(data, [fault("C5")]).sheets
    assert one.lock == Lock(True, False, False, (False,) * 11)


def hiding(data, state="hidden"):
    """Return the workbook with its sheet hidden behind another."""
    made = openpyxl.load_workbook(BytesIO(data))
    made["甲"].sheet_state = state
    made.create_sheet("乙")
    made.active = 1
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_left_and_it_is_said_where_there_is_a_finding(state):
    data = hiding(book(), state)
    told = "工作表“甲”是隐藏的，2 处只列出，没有加标记。"
    assert marking(data, [fault("C5", "C6")]) == Marking((), 0, (told,))
    assert marking(data, [fault("C5", sheet="乙")]).notes == ()


def test_marks_on_a_sheet_hidden_since_are_taken_away_but_not_walked_to():
    data = book(looks)
    once = hiding(applied(data, marking(data, [fault(*EVERYWHERE)])))
    assert marking(once, []).sheets == ()
    assert marked_cells(once) == ()
    assert hidden_marks(once) == ("甲",)
    assert features(applied(once, unmarking(once))) == features(hiding(data))
    assert hidden_marks(hiding(data)) == ()


# ---- merged cells


def merged(sheet):
    sheet.merge_cells("B2:C3")
    sheet["B2"].comment = Comment("问过", "何小梅")


def test_what_is_found_on_covered_cells_is_marked_at_the_area_s_first_together():
    found = [fault("C3", level=Level.WARNING, rule="D501"), fault("B3", "C2", "D4")]
    first, second = edits(marking(book(merged), found))
    assert (first.cell, first.fill, second.cell) == ("B2", RED, "D4")
    assert first.note == (
        f"问过\n—— 边填边核对 ——\n1. {LINE}\n"
        f"2. {LINE.replace('必改', '提醒').replace('C202', 'D501')}\n〔原底色：无〕"
    )


def test_the_first_cell_stands_for_a_mark_on_a_covered_one():
    """As a return copy of before had it, or the cells were merged since."""

    def build(sheet):
        sheet["C3"].comment = Comment(MARK, "何小梅")
        sheet["B2"].comment = Comment(MARK.replace("C202", "D501"), "何小梅")

    name = "xl/worksheets/sheet1.xml"
    parts = unzipped(book(build))
    area = b'</sheetData><mergeCells count="1"><mergeCell ref="B2:C3"/></mergeCells>'
    data = zipped({**parts, name: parts[name].replace(b"</sheetData>", area)})
    assert dict(mark_lines(data)) == {("甲", "B2"): (LINE.replace("C202", "D501"), LINE)}


def test_the_covered_cells_that_a_program_filled_too_are_restored_in_a_closed_file():
    data = book(merged)
    once = openpyxl.load_workbook(BytesIO(applied(data, marking(data, [fault("C3")]))))
    for cell in ("B3", "C2", "C3"):
        once["甲"][cell].fill = PatternFill("solid", fgColor="FFF8CFCF")
    stream = BytesIO()
    once.save(stream)
    assert features(stream.getvalue()) != features(data)
    assert features(cleared(stream.getvalue())) == features(data)


def test_a_return_copy_has_its_note_at_the_area_s_first_cell():
    back = marked(book(merged), [fault("C3", "B3"), fault("E9")], "2022-10-31")
    assert marked_cells(back) == (("甲", "B2"), ("甲", "E9"))
    assert features(back).sheets["甲"]["notes"]["B2"].count("【必改】") == 1


def test_a_return_copy_is_marked_beside_its_own_notes_and_both_go():
    data = book(looks)
    back = marked(data, [fault("B7", "C5")], "2022-10-31")
    assert marked_cells(back) == (("甲", "C5"), ("甲", "B7"))
    live = applied(back, marking(back, [fault("B7")]))
    assert dict(mark_lines(live)) == {("甲", "B7"): (LINE,)}
    assert features(cleared(live)).sheets["甲"] == features(data).sheets["甲"]
    assert "边填边核对" not in str(features(marked(live, [fault("B7")], "2022-10-31")))


def test_an_empty_note_of_people_s_is_left_when_the_mark_goes():
    data = book(looks)
    once = applied(data, marking(data, [fault("C7", "E9")]))
    assert edits(unmarking(once)) == [
        Edit("C7", True, "", "", stays=True),
        Edit("E9", True, "", ""),
    ]


def test_a_cell_that_is_talked_of_in_a_thread_is_left_and_said():
    def talked(sheet):
        sheet["C5"].comment = Comment("[Threaded comment]", "tc={1}")

    wanted = marking(book(talked), [fault("C5", "C6")])
    assert edits(wanted) == [Edit("C6", False, MARK, RED)]
    assert (wanted.marked, wanted.notes) == (
        1,
        ("工作表“甲”有 1 处正在用批注讨论，没有加标记。",),
    )


def test_a_mark_that_was_made_a_talk_of_since_is_left():
    def talked(sheet):
        sheet["C5"].comment = Comment(MARK, "tc={1}")
        sheet["C5"].fill = PatternFill("solid", fgColor="FFF8CFCF")

    assert unmarking(book(talked)).sheets == ()


@pytest.mark.parametrize("away", [lambda data: applied(data, unmarking(data)), cleared])
def test_marks_go_from_rows_that_were_moved_by_one_inserted(away):
    def with_a_row(data):
        made = openpyxl.load_workbook(BytesIO(data))
        made["甲"].insert_rows(3)
        stream = BytesIO()
        made.save(stream)
        return stream.getvalue()

    data = book(looks)
    moved = with_a_row(applied(data, marking(data, [fault(*EVERYWHERE)])))
    assert marked_cells(moved)[2] == ("甲", "B4")
    assert features(away(moved)) == features(with_a_row(data))


def test_what_is_bold_in_a_note_stays_so_in_a_file_that_was_closed():
    def noted(sheet):
        sheet["C5"].comment = Comment("此处换掉", "何小梅")

    name = "xl/comments/comment1.xml"
    parts = unzipped(book(noted))
    rich = "<r><rPr><b/></rPr><t>何小梅:</t></r><r><t>问过"
    [old] = re.findall(rb"<text>.*?</text>", parts[name])

    def told(text):
        new = f"<text>{rich}{text}</t></r></text>".encode()
        return zipped({**parts, name: parts[name].replace(old, new)})

    assert unzipped(cleared(told(f"\n{MARK}")))[name] == unzipped(told(""))[name]
    assert edits(unmarking(told(f"\n{MARK}"))) == [Edit("C5", True, "何小梅:问过", None)]


# ---- notes as programs and people write them


NOTES = "xl/comments/comment1.xml"


def spelled(*notes, authors=("何小梅",), fill="FFF8CFCF"):
    """Return a workbook of which C5 is filled, and its notes as they stand in the XML."""

    def build(sheet):
        sheet["C5"].fill = PatternFill("solid", fgColor=fill)
        sheet["C5"].comment = Comment("此处换掉", "何小梅")

    parts = unzipped(book(build))
    text = parts[NOTES].decode()
    told = "".join(
        f'<comment ref="C5" authorId="{author}"><text><t xml:space="preserve">{note}</t></text>'
        "</comment>"
        for author, note in notes
    )
    names = "".join(f"<author>{name}</author>" for name in authors)
    text = re.sub("<commentList>.*</commentList>", f"<commentList>{told}</commentList>", text)
    text = re.sub("<authors>.*</authors>", f"<authors>{names}</authors>", text)
    return zipped({**parts, NOTES: text.encode()})


def left(data):
    """Return what is left of C5 in the closed file: its note, and whether it is ours still."""
    sheet = openpyxl.load_workbook(BytesIO(cleared(data)))["甲"]
    note, fill = sheet["C5"].comment, sheet["C5"].fill
    return note and note.text, fill.fgColor.rgb[2:] if fill.fill_type else ""


@pytest.mark.parametrize(
    ("line", "fill"),
    [
        ("〔原底色：#FFFF00〕", "#FFFF00"),
        ("[原底色: #ffff00]", "#FFFF00"),
        ("［原底色：＃FFFF00］", "#FFFF00"),
        ("（原底色:FFFF00）", "#FFFF00"),
        ("  【 原底色 ： #FfFf00 】  ", "#FFFF00"),
        ("〔原底色：无〕", ""),
        ("(原底色:无)", ""),
    ],
)
def test_the_line_of_the_former_fill_is_read_however_it_is_spelled(line, fill):
    data = spelled((0, MARK.replace("〔原底色：无〕", line)))
    assert edits(unmarking(data)) == [Edit("C5", True, "", fill)]
    assert left(data) == (None, fill.removeprefix("#"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("〔原底色：#FFFF00〕 已改", "已改"),
        ("〔原底色：#FFFF00，别删〕", "别删"),
        ("〔原底色：#FFFF00〕。", ""),
    ],
)
def test_what_people_wrote_behind_the_former_fill_is_theirs(line, words):
    data = spelled((0, MARK.replace("〔原底色：无〕", line)))
    assert edits(unmarking(data)) == [Edit("C5", True, words, "#FFFF00")]
    assert left(data) == (words or None, "FFFF00")


@pytest.mark.parametrize("line", ["〔原底色：黄〕", "〔原底色：#FFFF001〕", "〔原底色〕"])
def test_a_former_fill_that_cannot_be_read_leaves_the_fill_and_is_said(line):
    data = spelled((0, MARK.replace("〔原底色：无〕", line)))
    told = (
        "甲!C5 的批注里读不出原来的底色，底色没有改动。请自己改回来；工作表受保护的，先撤销保护。"
    )
    wanted = unmarking(data)
    assert (edits(wanted), wanted.notes) == ([Edit("C5", True, line, None)], (told,))
    assert left(data) == (line, "F8CFCF")
    again = marking(data, [fault("C5", level=Level.WARNING)])
    assert (edits(again)[0].fill, again.notes) == (None, (told,))


@pytest.mark.parametrize(
    "text",
    ["—— 边填边核对 ——", "—— 边填边核对 ——\n人写的", f"—— 边填边核对 ——\n{LINE}"],
)
def test_a_heading_without_the_former_fill_is_people_s(text):
    data = spelled((0, text))
    assert unmarking(data).sheets == ()
    assert marked_cells(data) == ()
    assert cleared(data) == data
    once = applied(data, marking(data, [fault("C5")]))
    assert [edit.note for edit in edits(unmarking(once))] == [text]
    assert left(once)[0] == text


def test_people_s_blank_lines_stay():
    theirs = "上\n\n\n下"
    data = spelled((0, f"{theirs}\n{MARK}\n\n我加的\n\n第二行\n\n"))
    whole = f"{theirs}\n\n我加的\n\n第二行"
    assert edits(unmarking(data)) == [Edit("C5", True, whole, "")]
    assert left(data) == (whole, "")


@pytest.mark.parametrize(
    "feed", ["\n", "_x000D_\n", "&#13;\n", "&#13;", "&#10;", "_x000a_", "_x000D__x000A_"]
)
def test_a_mark_goes_however_its_lines_end(feed):
    """What people wrote above keeps its spelling to the byte."""
    above = f"a &lt;{feed}_x005F_x000D_&#x4E2D;"
    data = spelled((0, feed.join((above, *MARK.split("\n"), "下 &amp; _x005F_x0041_"))))
    theirs = "a <\n_x000D_中\n下 & _x0041_"
    assert edits(unmarking(data)) == [Edit("C5", True, theirs, "")]
    assert f">{above}\n下 &amp; _x005F_x0041_<" in unzipped(cleared(data))[NOTES].decode()
    alone = spelled((0, feed.join(MARK.split("\n"))))
    assert left(alone) == (None, "")


def test_a_mark_goes_from_a_text_that_is_told_to_need_no_escapes():
    data = spelled((0, f"<![CDATA[a < b\n{MARK}]]>"))
    assert left(data) == ("a < b", "")


def test_a_mark_that_was_made_a_talk_of_stays_in_a_closed_file_too():
    data = spelled((0, MARK), authors=("tc={1}",))
    assert marked_cells(data) == ()
    assert cleared(data) == data


@pytest.mark.parametrize("notes", [(MARK, "人写"), ("人写", MARK)])
def test_two_notes_of_one_cell_are_read_together_and_people_s_stays(notes):
    data = spelled(*((0, note) for note in notes))
    assert edits(unmarking(data)) == [Edit("C5", True, "人写", "")]
    assert left(data) == ("人写", "")


@pytest.mark.parametrize("change", ["no number", "no cell"])
def test_cells_without_an_address_are_counted_and_where_a_fill_cannot_come_back_the_note_stays(
    change,
):
    name = "xl/worksheets/sheet1.xml"
    data = spelled((0, MARK))
    parts = unzipped(data)
    text = parts[name].decode()
    if change == "no number":
        text = re.sub(r'(<(?:row|c)) r="\w+"', r"\1", text)
    else:
        [style] = re.findall(r'<c r="C5" s="(\d+)"', text)
        text = re.sub(r'<c r="C5".*?</c>', "", text)
        text = text.replace(
            "<sheetData>",
            f'<cols><col min="3" max="3" width="9" style="{style}"/></cols><sheetData>',
        )
        text = re.sub("<cols><col[^>]*></cols>(?=<cols>)", "", text)
    spelled_so = zipped({**parts, name: text.encode()})
    assert edits(unmarking(spelled_so)) == [Edit("C5", True, "", "")]
    note = openpyxl.load_workbook(BytesIO(cleared(spelled_so)))["甲"]["C5"].comment
    if change == "no number":
        assert note is None
        assert left(spelled_so)[1] == ""
    else:
        assert note.text == MARK


@pytest.mark.parametrize("act", [lambda data: marking(data, []), unmarking, marked_cells])
@pytest.mark.parametrize(
    "change",
    [
        lambda _: {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"},
        lambda parts: {**parts, "xl/worksheets/sheet1.xml": b"<worksheet>"},
    ],
    ids=["no .xlsx", "damaged"],
)
def test_of_what_cannot_be_marked_it_is_said_what_to_do_with_the_open_workbook(change, act):
    data = zipped(change(unzipped(book())))
    with pytest.raises(LiveError) as caught:
        act(data)
    assert str(caught.value) == (
        "这个工作簿不是普通的 .xlsx 格式，或者内部有残缺，不能做标记。"
        "请另存为“Excel 工作簿 (*.xlsx)”，打开另存的那份再试。"
    )


# ---- a workbook that was saved with its marks


@pytest.fixture
def issued(work):
    """A village's workbook as the township issues it, and saved once."""
    for path in (work / "村级工作簿").iterdir():
        path.unlink()
    flow.issue(work / "镇级工作簿.xlsx", work / "村级工作簿")
    path = work / "村级工作簿" / "0203-上河村-2022.xlsx"
    return applied(path.read_bytes(), unmarking(path.read_bytes()))


def opened(data):
    return open_bytes(data, BOOKS[0], (village.FORM,)).read()


@pytest.fixture(scope="module")
def filled():
    """A village's workbook as the township issued it and the village filled it."""
    data = BOOKS[0].read_bytes()
    return applied(data, unmarking(data))


def after(data, build):
    """Return the workbook as `build` leaves it."""
    made = openpyxl.load_workbook(BytesIO(data))
    build(made)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def inherited(*cells, of="A4", sheet="整改措施"):
    """Let cells look as a marked one does, as rows inserted below it do."""

    def build(made):
        for cell in cells:
            made[sheet][cell].fill = copy(made[sheet][of].fill)
            made[sheet][cell].protection = copy(made[sheet][of].protection)

    return build


AWAY = [lambda data: applied(data, unmarking(data)), cleared]


@pytest.mark.parametrize("away", AWAY, ids=["open", "closed"])
def test_a_left_over_fill_goes_from_a_protected_sheet_of_ours(filled, away):
    once = applied(filled, marking(filled, [fault("A4", sheet="整改措施")]))
    data = after(once, inherited("A40", "A41"))
    assert unmarking(data).notes == ()
    assert features(away(data)) == features(after(filled, inherited("A40", "A41")))
    orphans = after(applied(once, unmarking(once)), inherited("A40"))  # the mark itself is gone
    alone = after(orphans, lambda made: red(made["整改措施"]["A40"]))
    assert features(away(alone)) == features(orphans)


def red(cell):
    cell.fill = PatternFill("solid", fgColor="FFF8CFCF")


def test_to_mark_takes_left_over_fills_away_too_and_knows_what_was_there_before(filled):
    once = applied(filled, marking(filled, [fault("A4", sheet="整改措施")]))
    data = after(once, inherited("A40", "A41"))
    wanted = marking(data, [fault("A4", "A41", sheet="整改措施")])
    assert edits(wanted) == [Edit("A40", False, None, ""), Edit("A41", False, MARK, None)]
    assert [edit.marks for edit in edits(wanted)] == [False, True]
    again = applied(data, wanted)
    assert marking(again, [fault("A4", "A41", sheet="整改措施")]).sheets == ()


def test_a_former_fill_that_cannot_be_read_is_the_column_s_on_a_protected_sheet_of_ours(filled):
    once = applied(filled, marking(filled, [fault("A4", sheet="整改措施")]))

    def cut(made):
        note = made["整改措施"]["A4"].comment
        note.text = note.text.replace("无", "没有")

    wanted = unmarking(after(once, cut))
    assert edits(wanted) == [Edit("A4", True, "〔原底色：没有〕", "")]
    assert wanted.notes == ()
    [edit] = edits(marking(after(once, cut), [fault("A4", sheet="整改措施")]))
    assert edit.note == f"〔原底色：没有〕\n{MARK}"


@pytest.mark.parametrize(
    "free",
    [
        lambda sheet: sheet.protection.disable(),
        lambda sheet: setattr(sheet.protection, "formatCells", False),
    ],
    ids=["no protection", "cells may be formatted"],
)
def test_a_left_over_fill_that_may_be_people_s_is_left_and_told_five_by_name(filled, free):
    once = applied(filled, marking(filled, [fault("A4", sheet="整改措施")]))
    cells = [f"A{row}" for row in range(40, 46)]
    data = after(after(once, inherited(*cells)), lambda made: free(made["整改措施"]))
    told = (
        "整改措施!A40、整改措施!A41、整改措施!A42、整改措施!A43、整改措施!A44 等 6 格 "
        "有标记的底色，没有批注，可能是插行、复制带来的，没有改动。"
        "不是自己涂的，请把底色改成“无填充”；工作表受保护的，先撤销保护。"
    )
    wanted = unmarking(data)
    assert [edit.cell for edit in edits(wanted)] == ["A4"]
    assert wanted.notes == (told,)
    some = marking(data, [fault(*cells[:5], sheet="整改措施")])
    assert some.notes == (told.replace(told[: told.index(" 有")], "整改措施!A45"),)


def test_no_left_over_are_locked_cells_whole_columns_talks_and_other_workbooks(filled):
    """The legend of the issued form has the colour of a mark; its cells are locked."""

    def build(made):
        sheet = made["整改措施"]
        red(sheet["A1"])  # a locked one
        sheet["B40"].comment = Comment("[Threaded comment]", "tc={1}")
        red(sheet["B40"])
        red(sheet["C40"])
        sheet.column_dimensions["C"].fill = copy(sheet["C40"].fill)

    data = after(filled, build)
    assert unmarking(data) == Marking((), 0, ())
    assert cleared(data) == data

    def unlocked(sheet):
        red(sheet["C5"])
        sheet["C5"].protection = Protection(locked=False)
        sheet.protection.enable()

    other = book(unlocked)
    assert unmarking(other) == Marking((), 0, ())
    assert cleared(other) == other


def test_of_a_sheet_with_a_password_left_over_fills_are_not_told(filled):
    once = after(filled, lambda made: red(made["整改措施"]["A40"]))
    data = after(once, lambda made: made["整改措施"].protection.set_password("密"))
    assert unmarking(data) == Marking((), 0, ())


@pytest.mark.parametrize("returned", [False, True])
def test_an_issued_workbook_saved_with_marks_counts_as_untouched(issued, returned):
    found = [fault("A4", "G4", sheet="整改措施"), fault("C4", sheet="存在问题")]
    data = marked(issued, found, "2022-10-31") if returned else issued
    saved = applied(data, marking(data, found))
    assert len(marked_cells(saved)) == 3
    assert issuing.untouched(opened(issued))
    assert issuing.untouched(opened(saved))
    assert not opened(saved).facts.holds_more


def test_a_note_of_people_s_beside_a_mark_counts(issued):
    made = openpyxl.load_workbook(BytesIO(issued))
    made["整改措施"]["A4"].comment = Comment("镇里问过", "何小梅")
    stream = BytesIO()
    made.save(stream)
    data = stream.getvalue()
    saved = applied(data, marking(data, [fault("A4", "G4", sheet="整改措施")]))
    assert not issuing.untouched(opened(saved))


def test_a_return_copy_of_a_workbook_saved_with_marks_is_that_of_one_without(work):
    path = work / "村级工作簿" / "0203-上河村-2022.xlsx"
    before = applied(path.read_bytes(), unmarking(path.read_bytes()))
    copies = []
    found = []
    for number, data in enumerate(
        (before, applied(before, marking(before, [fault("A4", "G6", sheet="整改措施")])))
    ):
        path.write_bytes(data)
        wanted = flow.Wanted(copies=work / f"回传件{number}")
        done = flow.check_into(wanted, [path], dt.date(2022, 10, 31))
        found.append([finding.line() for finding in done.report.findings])
        copies.append((work / f"回传件{number}" / path.name).read_bytes())
    assert found[0] == found[1] != []
    assert features(copies[0]) == features(copies[1])
    assert "边填边核对" not in str(features(copies[1]))


def test_an_upgrade_of_a_workbook_saved_with_marks_is_that_of_one_without(tmp_path):
    def noted(sheet):
        sheet["B4"].comment = Comment("镇里问过", "何小梅")

    made = openpyxl.load_workbook(BytesIO(build_workbook(FORM_0_9, IDENTITY_0_9, FILLING_0_9)))
    noted(made["整改措施"])
    stream = BytesIO()
    made.save(stream)
    before = stream.getvalue()
    saved = applied(before, marking(before, [fault("B4", "C4", sheet="整改措施")]))
    assert len(marked_cells(saved)) == 2
    path = tmp_path / "0203-上河村-2022.xlsx"
    results = []
    for data in (before, saved):
        path.write_bytes(data)
        results.append(upgrade(path, (village.FORM,)))
    assert results[0] == results[1]
    assert "镇里问过" in str(features(results[1].data))


# ---- any fills, notes and findings

PLACES = [a1(row, column) for row in range(1, 5) for column in range(1, 4)]
FILLS = st.sampled_from(
    [
        PatternFill("solid", fgColor="FFFFFF00"),
        PatternFill("solid", fgColor="FF00B0F0"),
        PatternFill("lightUp", fgColor="FF00FF00"),
        PatternFill("solid", fgColor=Color(theme=4, tint=0.4)),
        GradientFill(stop=("FFFFFF", "FF0000")),
    ]
)
TEXTS = st.text(st.sampled_from("问过\n—【】〔〕 a"), max_size=12)
FAULTS = st.builds(
    lambda cells, level: fault(*cells, level=level),
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=4, unique=True),
    st.sampled_from(Level),
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PLACES), FILLS, max_size=5),
    st.dictionaries(st.sampled_from(PLACES), TEXTS, max_size=5),
    st.lists(FAULTS, min_size=1, max_size=4),
    st.lists(FAULTS, max_size=3),
)
def test_whatever_is_filled_and_noted_marks_go_without_a_trace(fills, notes, first, second):
    def build(sheet):
        for cell, fill in fills.items():
            sheet[cell].fill = fill
        for cell, text in notes.items():
            sheet[cell].comment = Comment(text, "何小梅")

    data = book(build)
    once = applied(data, marking(data, first))
    assert marking(once, first).sheets == ()
    twice = applied(once, marking(once, second))
    wanted = {cell for finding in second for cell in finding.cells}
    assert {cell for _, cell in marked_cells(twice)} == wanted
    assert features(twice) == features(applied(data, marking(data, second)))
    for marks in (once, twice):
        assert features(applied(marks, unmarking(marks))) == features(data)
        assert features(cleared(marks)) == features(data)
