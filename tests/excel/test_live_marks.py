"""Marks of an open workbook, known from its bytes: what is to be written, and how it goes again."""

import datetime as dt
import re
from io import BytesIO

import openpyxl
import pytest
from feature_inventory import features
from forms_0_9 import FILLING_0_9, FORM_0_9, IDENTITY_0_9
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import GradientFill, PatternFill
from openpyxl.styles.colors import Color
from paths import EXAMPLES

from toolkit import flow
from toolkit.cells import a1
from toolkit.errors import LiveError
from toolkit.excel.blank import build_workbook
from toolkit.excel.marks.live import (
    Edit,
    Lock,
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
