"""Marks of an open workbook, known from its bytes: what is to be written, and how it goes again."""

from io import BytesIO

import openpyxl
import pytest
from feature_inventory import features
from openpyxl.comments import Comment
from openpyxl.styles import GradientFill, PatternFill
from openpyxl.styles.colors import Color
from paths import EXAMPLES

from toolkit.excel.marks.live import (
    Edit,
    Lock,
    mark_lines,
    marked_cells,
    marking,
    unmarking,
)
from toolkit.excel.marks.mark import cleared, marked
from toolkit.findings import Finding, Level

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
                cell.comment = Comment(edit.note, "村文书") if edit.note else None
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


EVERYWHERE = ("B2", "B3", "B4", "B5", "B6", "B7", "C2", "E9")


def test_to_mark_twice_is_to_mark_once():
    data = book(looks)
    once = applied(data, marking(data, [fault(*EVERYWHERE)]))
    again = marking(once, [fault(*EVERYWHERE)])
    assert again.sheets == ()
    assert again.marked == 8


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
        "B2": RED, "B3": None, "B4": None, "B5": None, "B6": None, "B7": RED, "C2": RED, "E9": RED,
    }  # fmt: skip
    assert wanted["B2"].note == f"黄的\n{MARK}".replace("无", "#FFFF00")
    assert wanted["B3"].note.endswith("\n〔底色未动〕")
    assert wanted["B7"].note == f"镇里问过\n再核一遍\n{MARK}"


def test_a_mended_cell_loses_its_mark_and_a_milder_one_changes_colour():
    data = book()
    once = applied(data, marking(data, [fault("C5", "C6")]))
    wanted = marking(once, [fault("C6", level=Level.WARNING, rule="D501")])
    first, second = edits(wanted)
    assert first == Edit("C5", True, "", "")
    assert (second.cell, second.fill) == ("C6", ORANGE)
    assert second.note.endswith("[D501]\n〔原底色：无〕")


def test_a_colour_of_ours_without_a_note_is_never_taken_for_theirs():
    def orphan(sheet):
        sheet["C5"].fill = PatternFill("solid", fgColor="FFF8CFCF")

    assert edits(unmarking(book(orphan))) == []
    assert edits(marking(book(orphan), [fault("C5")])) == [Edit("C5", False, MARK, None)]


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


def test_hidden_sheets_are_left():
    def hidden(sheet):
        sheet.parent.create_sheet("乙")
        sheet.sheet_state = "veryHidden"

    assert marking(book(hidden), [fault("C5")]).sheets == ()


def test_a_return_copy_is_marked_beside_its_own_notes_and_both_go():
    data = book(looks)
    back = marked(data, [fault("B7", "C5")], "2022-10-31")
    assert marked_cells(back) == (("甲", "C5"), ("甲", "B7"))
    live = applied(back, marking(back, [fault("B7")]))
    assert dict(mark_lines(live)) == {("甲", "B7"): (LINE,)}
    assert features(cleared(live)).sheets["甲"] == features(data).sheets["甲"]
    assert "边填边核对" not in str(features(marked(live, [fault("B7")], "2022-10-31")))
