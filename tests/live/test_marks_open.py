"""Marks in an open workbook: written, moved with their rows, taken away, and what stops between."""

import pytest
from feature_inventory import features
from live_engine import REFUSED, ComError
from paths import EXAMPLES

from toolkit.errors import LiveError
from toolkit.excel.marks.live import marked_cells, marking, unmarking
from toolkit.findings import Finding, Level
from toolkit.live import marks, program

DATA = (EXAMPLES / "村级工作簿" / "0203-上河村-2022.xlsx").read_bytes()
SHEET = "整改措施"
RED = "#F8CFCF"


def fault(*cells, sheet=SHEET):
    return Finding(
        "上河村.xlsx", "", sheet, cells, "时限", Level.ERROR, "C202", "旧", "读不出时限", "写日期。"
    )


@pytest.fixture
def book(excel):
    """A village's workbook, open, with a note and a fill of people's in it."""
    opened = excel.open(DATA, "C:/村/0203-上河村-2022.xlsx")
    opened.backend.set_note(SHEET, "C5", "镇里问过")
    opened.backend.set_fill(SHEET, ["C5"], "#FFFF00")
    return opened


def mark(*cells):
    open_book = program.attach()
    wanted = marking(program.content(open_book), [fault(*cells)] if cells else [])
    return marks.write(open_book, wanted) if wanted.sheets else marks.Written(0, (), ())


def unmark():
    open_book = program.attach()
    return marks.write(open_book, unmarking(program.content(open_book)))


def test_unmarking_gives_back_all_that_people_had_made(book):
    before = features(book.bytes())
    mark("A4", "C5", "G7")
    assert [book.backend.fill(SHEET, cell) for cell in ("A4", "C5", "G7")] == [RED] * 3
    assert book.backend.notes(SHEET)["C5"].startswith("镇里问过\n—— 边填边核对 ——\n")
    assert unmark() == marks.Written(3, (), ())
    assert features(book.bytes()) == before


@pytest.mark.usefixtures("book")
def test_a_second_mark_writes_nothing(excel):
    mark("A4", "C5")
    done = list(excel.edits)
    mark("A4", "C5")
    assert excel.edits == done != []


def test_marks_go_with_sorted_rows_and_are_taken_away_there(book):
    book.sort(SHEET, 4, 12, 1, reverse=True)
    sorted_only = features(book.bytes())
    book.sort(SHEET, 4, 12, 1)
    mark("A4", "C5", "G7")
    book.sort(SHEET, 4, 12, 1, reverse=True)
    assert (SHEET, "A4") not in marked_cells(book.bytes())
    unmark()
    assert features(book.bytes()) == sorted_only


def test_a_program_busy_midway_leaves_what_the_next_mark_and_unmark_mend(book, excel, monkeypatch):
    before = features(book.bytes())
    app, write = excel.first, book.backend.set_note

    def stop(title, cell, text):
        write(title, cell, text)
        app.busy = 12  # more than one step waits for, less than the protection does

    monkeypatch.setattr(book.backend, "set_note", stop)
    with pytest.raises(LiveError, match="正忙"):
        mark("A4", "C5", "G7")
    app.busy = False
    assert book.backend.protected(SHEET)
    assert app.screen_updating[-1] is True
    monkeypatch.setattr(book.backend, "set_note", write)
    mark("A4", "C5", "G7")
    assert len(marked_cells(book.bytes())) == 3
    unmark()
    assert features(book.bytes()) == before


def test_a_sheet_that_stays_unprotected_is_named(book, excel, monkeypatch):
    def stop(*_):
        excel.first.busy = True

    monkeypatch.setattr(book.backend, "set_note", stop)
    with pytest.raises(LiveError, match=f"正忙.*工作表“{SHEET}”没能恢复保护"):
        mark("A4")


def test_addresses_are_cut_before_256_characters():
    cells = [f"A{row}" for row in range(1, 400, 2)]
    found = list(marks.parts(cells))
    assert max(len(",".join(part)) for part in found) <= 255
    assert len(",".join(found[0])) > 250
    assert [cell for part in found for cell in part] == cells


def test_an_empty_note_of_people_s_is_there_again(book):
    book.backend.set_note(SHEET, "C6", "")
    before = features(book.bytes())
    assert before.sheets[SHEET]["notes"]["C6"] == ""
    mark("C6")
    assert book.backend.notes(SHEET)["C6"].startswith("\n—— 边填边核对 ——\n")
    unmark()
    assert features(book.bytes()) == before


def test_a_note_that_was_deleted_meanwhile_is_no_matter(book):
    mark("A4", "C5")
    open_book = program.attach()
    wanted = unmarking(program.content(open_book))
    book.backend.set_note(SHEET, "A4", None)
    book.backend.set_note(SHEET, "C5", None)
    assert marks.write(open_book, wanted) == marks.Written(2, (), ())
    assert book.backend.notes(SHEET) == {"C5": "镇里问过"}
    assert book.backend.fill(SHEET, "A4") == ""


OTHER = "存在问题"


def lock_of(book, sheet=SHEET):
    """Return how a sheet is protected, as openpyxl has it."""
    return dict(book.backend.book[sheet].protection)


def test_a_sheet_that_refuses_is_said_and_the_others_are_marked(book):
    open_book = program.attach()
    wanted = marking(program.content(open_book), [fault("A4"), fault("C4", sheet=OTHER)])
    assert [each.sheet for each in wanted.sheets] == [OTHER, SHEET]
    book.backend.book[OTHER].protection.set_password("别人刚设的")
    locked = lock_of(book, OTHER)
    done = marks.write(open_book, wanted)
    assert (done.made, done.refused, [each.sheet for each in done.locked]) == (1, (), [OTHER])
    assert not done.is_whole
    assert marked_cells(book.bytes()) == ((SHEET, "A4"),)
    assert lock_of(book, OTHER) == locked


ODD = {
    "objects": True, "scenarios": False, "formatCells": False, "formatColumns": True,
    "formatRows": False, "insertColumns": True, "insertRows": False, "insertHyperlinks": False,
    "deleteColumns": True, "deleteRows": True, "sort": False, "autoFilter": True,
    "pivotTables": False,
}  # fmt: skip


def protect_oddly(book):
    for name, value in ODD.items():
        setattr(book.backend.book[SHEET].protection, name, value)
    book.backend.touched = True


def test_a_sheet_is_protected_again_exactly_as_it_was(book):
    protect_oddly(book)
    before = lock_of(book)
    mark("A4", "C5")
    assert lock_of(book) == before
    unmark()
    assert lock_of(book) == before


@pytest.mark.parametrize("stage", ["note", "fill"])
def test_it_is_protected_as_it_was_also_when_a_write_is_refused_midway(book, monkeypatch, stage):
    protect_oddly(book)
    before = lock_of(book)
    everything = features(book.bytes())
    name = f"set_{stage}"
    write = getattr(book.backend, name)

    def refuse(title, place, text):
        if "C5" in place:
            raise ComError(REFUSED)
        write(title, place, text)

    monkeypatch.setattr(book.backend, name, refuse)
    done = mark("A4", "C5", "G7")
    assert (done.made, [edit.cell for edit in done.refused]) == (2, ["C5"])
    assert lock_of(book) == before
    assert [book.backend.fill(SHEET, cell) for cell in ("A4", "C5", "G7")] == [RED, "#FFFF00", RED]
    monkeypatch.setattr(book.backend, name, write)
    unmark()
    assert lock_of(book) == before
    assert features(book.bytes()) == everything


def test_a_mark_whose_fill_cannot_be_restored_keeps_the_note_that_knows_it(book, monkeypatch):
    mark("A4", "G7")
    write = book.backend.set_fill

    def refuse(title, areas, colour):
        if "G7" in areas:
            raise ComError(REFUSED)
        write(title, areas, colour)

    monkeypatch.setattr(book.backend, "set_fill", refuse)
    assert [edit.cell for edit in unmark().refused] == ["G7"]
    assert marked_cells(book.bytes()) == ((SHEET, "G7"),)


@pytest.mark.usefixtures("book")
def test_the_screen_is_let_go_also_where_something_had_left_it_still(excel):
    excel.first.screen_updating.append(False)
    mark("A4")
    assert excel.first.screen_updating[-1] is True


def test_a_program_that_cannot_keep_its_screen_still_is_marked_all_the_same(book, excel):
    excel.first.missing.add("ScreenUpdating")
    mark("A4")
    assert marked_cells(book.bytes()) == ((SHEET, "A4"),)


def test_a_sheet_without_protection_gets_none(book, excel):
    book.backend.unprotect(SHEET, "")
    mark("A4")
    assert not book.backend.protected(SHEET)
    assert not [edit for edit in excel.edits if edit[0] in {"Protect", "Unprotect"}]


def test_a_mark_that_only_says_something_else_writes_no_fill(book, excel):
    mark("A4")
    book.backend.set_note(SHEET, "A4", book.backend.notes(SHEET)["A4"].replace("写日期", "写几月"))
    done = len(excel.edits)
    mark("A4")
    assert [edit[0] for edit in excel.edits[done:]] == ["Unprotect", "Comment.Text", "Protect"]
