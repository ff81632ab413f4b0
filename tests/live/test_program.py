"""Attaching to a program, choosing the workbook, its copy, and what may go wrong."""

import atexit
import importlib
import sys
from io import BytesIO
from pathlib import Path
from types import ModuleType, SimpleNamespace

import openpyxl
import pytest
import xlsxwriter
import xlwings
from live_engine import BUSY, MISSING, NOT_RUNNING, REFUSED, Api, AppOver, ComError, ForbiddenMember

from toolkit.errors import LiveError, UsageError
from toolkit.live import program, states
from toolkit.live.program import RefusedError, UnsupportedError, attach, content, step

SHANGHE, XIAHE = "/村级工作簿/0203-上河村-2022.xlsx", "/村级工作簿/0204-下河村-2022.xlsx"


def workbook(**cells: object) -> bytes:
    """Return a workbook whose sheet 甲 has those cells, and whose sheet 乙 has none."""
    book = openpyxl.Workbook()
    book.active.title = "甲"
    book.create_sheet("乙")
    for address, value in cells.items():
        book["甲"][address] = value
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell(data: bytes, address: str) -> object:
    """Return what a cell of sheet 甲 holds."""
    return openpyxl.load_workbook(BytesIO(data))["甲"][address].value


@pytest.fixture
def copies(monkeypatch, tmp_path) -> Path:
    """Return the folder in which copies are made."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


# -- which program, which workbook ----------------------------------------------------------------


def test_the_active_workbook_is_taken_and_told_who_it_is(excel):
    excel.open(workbook(), SHANGHE)
    excel.open(workbook(), XIAHE)
    found = attach()
    assert (found.program, found.version, found.name) == ("Excel", "16.0", Path(XIAHE).name)
    assert found.path == Path(XIAHE)
    assert not found.read_only


def test_no_program_and_no_workbook_are_two_states(excel):
    with pytest.raises(LiveError) as refused:
        attach()
    assert str(refused.value) == states.NOTHING_OPEN
    excel.app()
    with pytest.raises(LiveError) as refused:
        attach()
    assert str(refused.value) == states.NO_BOOK


def test_a_workbook_in_protected_view_must_be_enabled_first(excel):
    excel.open(workbook(), SHANGHE)
    excel.first.protected_view = True
    with pytest.raises(LiveError, match="启用编辑"):
        attach()


def test_one_with_a_yellow_bar_or_hidden_workbooks_alone_does_not_hide_the_one_below(excel):
    excel.open(workbook(), "/某处/PERSONAL.XLSB")
    excel.first.protected_view = True
    excel.app().open(workbook(), SHANGHE)
    assert attach().path == Path(SHANGHE)


def test_a_full_name_with_its_folders_means_one_of_two(excel):
    excel.open(workbook(), "/旧/花名册.xlsx")
    excel.app().open(workbook(), "/新/花名册.xlsx")
    assert attach("/新/花名册.xlsx").path == Path("/新/花名册.xlsx")


def test_one_in_a_cloud_is_told_apart_from_one_never_saved(excel):
    excel.open(workbook(), "https://d.docs.live.net/abc/花名册.xlsx")
    assert attach().in_cloud
    excel.open(workbook())
    assert not attach().in_cloud


def test_whether_a_program_saves_by_itself_is_asked_of_a_workbook_in_a_cloud_alone(excel):
    book = excel.open(workbook(), "https://d.docs.live.net/abc/花名册.xlsx")
    assert not program.saves_itself(attach())
    book.AutoSaveOn = True
    assert program.saves_itself(attach())
    excel.first.missing.add("AutoSaveOn")
    assert not program.saves_itself(attach())
    excel.open(workbook(), SHANGHE).AutoSaveOn = True
    assert not program.saves_itself(attach())


def test_an_empty_program_on_top_does_not_hide_the_one_below(excel):
    excel.app()
    excel.app().open(workbook(), SHANGHE)
    assert attach().path == Path(SHANGHE)


@pytest.mark.parametrize("name", ["0203-上河村-2022.XLSX", "0203-上河村-2022", "上河", "0203"])
def test_a_name_means_a_workbook_whole_without_suffix_or_in_part(excel, name):
    excel.open(workbook(), SHANGHE)
    excel.open(workbook(), XIAHE)
    assert attach(name).path == Path(SHANGHE)


def test_a_whole_name_goes_before_the_part_of_another(excel):
    excel.open(workbook(), "/甲/花名册.xlsx")
    excel.open(workbook(), "/甲/新花名册.xlsx")
    assert attach("花名册").name == "花名册.xlsx"


def test_a_part_of_two_names_lists_both(excel):
    excel.open(workbook(), SHANGHE)
    excel.open(workbook(), XIAHE)
    with pytest.raises(UsageError) as refused:
        attach("河村")
    assert SHANGHE in str(refused.value)
    assert XIAHE in str(refused.value)


def test_one_name_in_two_programs_is_told_by_its_folders(excel):
    excel.open(workbook(), "/旧/花名册.xlsx")
    excel.app().open(workbook(), "/新/花名册.xlsx")
    with pytest.raises(UsageError, match=r"/旧/花名册\.xlsx、/新/花名册\.xlsx"):
        attach("花名册.xlsx")


def test_a_name_that_is_not_open_lists_what_is(excel):
    excel.open(workbook(), SHANGHE)
    with pytest.raises(LiveError, match=r"现在打开的是：0203-上河村-2022\.xlsx。"):
        attach("石桥")


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ("", None),
        ("https://d.docs.live.net/abc/花名册.xlsx", None),
        ("D:\\村\\花名册.xlsx", Path("D:\\村\\花名册.xlsx")),
    ],
)
def test_a_workbook_never_saved_or_in_a_cloud_lies_nowhere(excel, place, path):
    excel.open(workbook(), place)
    found = attach()
    assert found.path == path
    assert found.name == ("花名册.xlsx" if place else "工作簿1")


def test_a_read_only_workbook_says_so(excel):
    excel.open(workbook(), SHANGHE).read_only = True
    assert attach().read_only


def test_wps_may_answer_in_the_place_of_excel(excel):
    excel.app("WPS Spreadsheets", "12.0").open(workbook(), SHANGHE)
    assert attach().program == "WPS 表格"


def test_a_program_without_a_window_is_passed_over(excel, monkeypatch):
    excel.app()
    excel.app().open(workbook(), SHANGHE)
    whole = xlwings.App.books

    def books(app):
        if app.pid == 1:
            raise OSError("no such window")
        return whole.fget(app)

    monkeypatch.setattr(xlwings.App, "books", property(books))
    assert attach().path == Path(SHANGHE)


# -- WPS by its registered name -------------------------------------------------------------------


@pytest.fixture
def registered(excel, monkeypatch):
    """Have programs registered by name, and no Excel; return what runs by which name."""
    running: dict[str, object] = {}

    def find(program_id: str) -> object:
        if program_id not in running:
            raise ComError(NOT_RUNNING)
        return running[program_id]

    client = ModuleType("win32com.client")
    client.GetActiveObject = find
    monkeypatch.setitem(sys.modules, "win32com", ModuleType("win32com"))
    monkeypatch.setitem(sys.modules, "win32com.client", client)
    windows = SimpleNamespace(
        App=lambda xl: next(AppOver(app) for app in excel.apps if app is xl),
        COMRetryObjectWrapper=lambda raw: raw,
    )
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    monkeypatch.setattr(program, "_excels", list)
    return running


@pytest.mark.parametrize("name", ["Ket.Application", "ET.Application"])
def test_wps_is_found_by_either_name_where_no_excel_is(excel, registered, name):
    wps = registered[name] = excel.app("WPS Spreadsheets")
    wps.open(workbook(), SHANGHE)
    assert attach().program == "WPS 表格"
    assert attach("上河").path == Path(SHANGHE)


@pytest.mark.usefixtures("registered")
def test_nothing_runs_by_any_name():
    with pytest.raises(LiveError) as refused:
        attach()
    assert str(refused.value) == states.NOTHING_OPEN


# -- busy, refused, missing, gone -----------------------------------------------------------------


def test_a_cell_being_edited_ends_in_a_sentence_after_three_seconds(excel, pauses):
    excel.open(workbook(), SHANGHE)
    excel.first.busy = True
    with pytest.raises(LiveError) as refused:
        attach()
    assert str(refused.value) == states.BUSY
    assert pauses == [0.3] * 9


def test_a_program_that_comes_free_is_waited_for(excel, pauses):
    excel.open(workbook(), SHANGHE)
    excel.first.busy = 4
    assert attach().path == Path(SHANGHE)
    assert pauses == [0.3] * 4


def test_a_program_that_says_it_is_not_ready_is_not_touched(excel, pauses):
    excel.open(workbook(), SHANGHE)
    excel.first.ready = False
    with pytest.raises(LiveError) as refused:
        attach()
    assert str(refused.value) == states.BUSY
    assert pauses == [0.3] * 10


def test_a_program_that_cannot_say_whether_it_is_ready_is(excel):
    excel.open(workbook(), SHANGHE)
    excel.first.missing.add("Ready")
    assert attach().path == Path(SHANGHE)


def failing(error: Exception):
    """Return a step that fails."""

    def act():
        raise error

    return act


def editing() -> ComError:
    """Return the general error by which Excel says that a cell is being edited."""
    error = ComError(REFUSED)
    error.args = (REFUSED, "", (0, "Excel", "", "", 0, -2146777998), None)
    return error


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (ComError(BUSY), LiveError, states.BUSY),
        (ComError(-2147417846), LiveError, states.BUSY),  # to be tried later
        (editing(), LiveError, states.BUSY),
        (ComError(REFUSED), RefusedError, states.REFUSED),
        (ComError(-2147417848), LiveError, states.CLOSED),  # disconnected
        (ComError(MISSING), UnsupportedError, states.unsupported("加批注")),
        (ComError(-2147352570), UnsupportedError, states.unsupported("加批注")),  # unknown name
        (AttributeError("<unknown>.Color"), UnsupportedError, states.unsupported("加批注")),
    ],
)
@pytest.mark.usefixtures("pauses")
def test_what_a_program_answers_is_told_to_people(error, kind, sentence):
    with pytest.raises(LiveError) as refused:
        step(failing(error), "加批注")
    assert type(refused.value) is kind
    assert str(refused.value) == sentence


@pytest.mark.usefixtures("pauses")
def test_xlwings_giving_up_is_a_busy_program(monkeypatch):
    class ExcelBusyError(Exception):
        pass

    windows = SimpleNamespace(ExcelBusyError=ExcelBusyError)
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    with pytest.raises(LiveError) as refused:
        step(failing(ExcelBusyError()))
    assert str(refused.value) == states.BUSY


@pytest.mark.parametrize(
    ("message", "what"),
    [("<unknown>.SaveCopyAs", "另存副本"), ("<unknown>.Nothing", "这一步操作")],
)
@pytest.mark.usefixtures("pauses")
def test_a_missing_member_is_told_by_what_it_is_for(message, what):
    with pytest.raises(UnsupportedError) as refused:
        step(failing(AttributeError(message)))
    assert str(refused.value) == states.unsupported(what)


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda: 1 / 0, ZeroDivisionError),
        (lambda: object().Color, AttributeError),
        (lambda: None.no_such_thing, AttributeError),
        (lambda: list(3), TypeError),
    ],
)
def test_a_fault_of_ours_is_no_state_of_the_program(act, kind, pauses):
    with pytest.raises(kind):
        step(act)
    assert pauses == []


def test_a_member_that_is_there_after_all_was_asked_of_a_busy_program(pauses):
    answers = [AttributeError("<unknown>.Color")] * 3

    def act():
        if answers:
            raise answers.pop()
        return 7

    assert step(act) == 7
    assert pauses == [0.3] * 3


@pytest.mark.usefixtures("pauses")
def test_a_collection_that_gives_no_answer_is_a_busy_program_s():
    with pytest.raises(LiveError) as refused:
        step(failing(TypeError("This object does not support enumeration")))
    assert str(refused.value) == states.BUSY


@pytest.mark.usefixtures("pauses")
def test_a_click_into_a_cell_is_a_general_error_without_details_and_means_busy():
    error = ComError(REFUSED)
    error.args = (REFUSED, "发生意外。", None, None)
    with pytest.raises(LiveError) as refused:
        step(failing(error))
    assert str(refused.value) == states.BUSY


@pytest.mark.usefixtures("pauses")
def test_a_property_that_cannot_be_set_though_it_is_there_is_refused():
    thing = SimpleNamespace(Color=7)

    def act():
        with program.setting(thing, "Color"):
            raise AttributeError("Property '<unknown>.Color' can not be set.")

    with pytest.raises(RefusedError):
        step(act)


@pytest.mark.usefixtures("pauses")
def test_a_property_that_cannot_be_set_of_a_busy_program_is_told_as_busy():
    class Thing:
        @property
        def Color(self):  # noqa: N802  COM's name
            raise ComError(BUSY)

    def act():
        with program.setting(Thing(), "Color"):
            raise AttributeError("Property '<unknown>.Color' can not be set.")

    with pytest.raises(LiveError) as refused:
        step(act)
    assert str(refused.value) == states.BUSY


# -- the copy -------------------------------------------------------------------------------------


def test_the_content_has_what_was_not_saved_and_leaves_no_copy(excel, copies):
    book = excel.open(workbook(A1="旧"), SHANGHE)
    book.backend.write("甲", "A1", [["新"]])
    assert cell(content(attach()), "A1") == "新"
    assert list(copies.iterdir()) == []
    assert attach().path == Path(SHANGHE)
    assert excel.edits == []


def test_the_copy_keeps_the_format_of_the_workbook(excel, monkeypatch):
    book = excel.open(workbook(), "/村/花名册.xlsm")
    asked: list[str] = []
    whole = book.backend.copy
    monkeypatch.setattr(book.backend, "copy", lambda path: (asked.append(path), whole(path)))
    content(attach())
    assert asked[0].endswith(".xlsm")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"E-SafeNet\x00LOCK", states.ENCRYPTED),
        (bytes.fromhex("D0CF11E0A1B11AE1"), states.LOCKED),
    ],
)
def test_a_copy_that_is_no_workbook_says_why(excel, copies, monkeypatch, data, sentence):
    book = excel.open(workbook(), SHANGHE)
    monkeypatch.setattr(book.backend, "copy", lambda path: Path(path).write_bytes(data))
    with pytest.raises(LiveError) as refused:
        content(attach())
    assert str(refused.value) == sentence
    assert list(copies.iterdir()) == []


def test_a_program_that_cannot_copy_asks_for_saving(excel, copies):
    excel.open(workbook(), SHANGHE)
    excel.first.missing.add("SaveCopyAs")
    with pytest.raises(LiveError, match="不支持“另存副本”。请先保存，再用 zhengdun check"):
        content(attach())
    assert list(copies.iterdir()) == []


def test_a_copy_that_was_not_made_is_said(excel, monkeypatch):
    book = excel.open(workbook(), SHANGHE)
    monkeypatch.setattr(book.backend, "copy", lambda _path: None)
    with pytest.raises(LiveError) as refused:
        content(attach())
    assert str(refused.value) == states.NOT_COPIED


def test_a_copy_that_a_scanner_holds_is_removed_later(excel, copies, pauses, monkeypatch):
    excel.open(workbook(), SHANGHE)
    held = [PermissionError(), PermissionError()]
    whole = Path.unlink

    def unlink(path, **given):
        if held:
            raise held.pop()
        whole(path, **given)

    monkeypatch.setattr(Path, "unlink", unlink)
    content(attach())
    assert pauses == [0.3, 0.3]
    assert list(copies.iterdir()) == []


def test_a_copy_that_stays_held_does_not_stop_us(excel, pauses, monkeypatch):
    excel.open(workbook(A1="甲"), SHANGHE)
    monkeypatch.setattr(Path, "unlink", lambda _path, **_given: failing(PermissionError())())
    assert cell(content(attach()), "A1") == "甲"
    assert pauses == [0.3] * 10


# -- xlwings disarmed -----------------------------------------------------------------------------


def test_what_xlwings_would_do_at_the_end_is_taken_back(monkeypatch):
    done: list[object] = []
    monkeypatch.setattr(atexit, "unregister", done.append)
    windows = SimpleNamespace(cleanup=print, N_COM_ATTEMPTS=0, App=1, COMRetryObjectWrapper=2)
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    program.disarm()
    assert done == [print]
    assert windows.N_COM_ATTEMPTS == 20


def test_an_xlwings_without_its_private_names_is_refused(monkeypatch):
    windows = SimpleNamespace(cleanup=print, App=1, COMRetryObjectWrapper=2)
    monkeypatch.setattr(xlwings, "_xlwindows", windows, raising=False)
    with pytest.raises(LiveError) as refused:
        program.disarm()
    assert str(refused.value) == states.CHANGED_XLWINGS


def test_a_computer_without_xlwings_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "xlwings", None)
    monkeypatch.delitem(sys.modules, "toolkit.live.program")
    with pytest.raises(LiveError) as refused:
        importlib.import_module("toolkit.live.program")
    assert str(refused.value) == states.NO_XLWINGS


def test_xlwings_without_its_windows_part_is_the_same(monkeypatch):
    monkeypatch.setattr(xlwings.engines, "active", None)
    with pytest.raises(LiveError) as refused:
        attach()
    assert str(refused.value) == states.NO_XLWINGS


# -- the stand-in has Excel's habits --------------------------------------------------------------


@pytest.fixture
def sheet(excel):
    """Return sheet 甲 of an open workbook."""
    excel.open(workbook(A1=7, A2="甲"), SHANGHE)
    return attach().book.sheets["甲"]


def test_an_id_number_loses_its_end_where_the_cell_is_no_text(sheet):
    sheet.range("B1").value = "330681196001011234"
    sheet.range("B2").number_format = "@"
    sheet.range("B2").value = "330681196001011234"
    assert sheet.range("B1:B2").value == [3.30681196001011e17, "330681196001011234"]


def test_numbers_are_floats_and_errors_are_numbers(sheet, excel):
    excel.first.active.backend.write("甲", "C1:D1", [["#N/A", 1]])
    assert sheet.range("C1:D1").raw_value == ((-2146826246, 1.0),)
    assert sheet.range("A1").raw_value == 7.0
    assert sheet.range("C1").options(err_to_str=True).value == "#N/A"


def test_what_looks_like_a_day_becomes_one(sheet):
    sheet.range("B1").value = [["2022-10-01", "3-1"]]
    # 2022-10-01 is day 44835 from 1899-12-30, 2022-03-01 day 44621
    assert sheet.range("B1").number_format == "yyyy/m/d"
    assert sheet.range("C1").number_format == "yyyy/m/d"


def test_a_second_note_and_a_cell_of_another_sheet_are_refused(sheet):
    sheet.range("A1").add_note("甲")
    with pytest.raises(ComError):
        sheet.range("A1").api.AddComment("乙")
    with pytest.raises(ComError):
        sheet.book.sheets["乙"].range("A1").select()
    sheet.book.sheets["乙"].impl.activate()
    sheet.book.sheets["乙"].range("C3").select()
    assert sheet.book.app.selection.address == "$C$3"


@pytest.mark.parametrize(
    "change",
    [
        lambda cell: cell.add_note("甲"),
        lambda cell: setattr(cell, "color", (255, 199, 206)),
        lambda cell: setattr(cell, "color", None),
        lambda cell: setattr(cell, "value", "甲"),
    ],
)
def test_a_protected_sheet_refuses_until_it_is_unprotected(sheet, excel, change):
    sheet.api.Protect("", True, True, True, False, True)
    with pytest.raises(ComError):
        change(sheet.range("A1"))
    sheet.api.Unprotect("")
    change(sheet.range("A1"))
    assert len(excel.edits) == 3


def test_a_password_must_be_known(sheet):
    sheet.api.Protect("秘密")
    with pytest.raises(ComError):
        sheet.api.Unprotect("")
    sheet.api.Unprotect("秘密")
    assert not sheet.api.ProtectContents


def test_the_copy_has_marks_protection_and_what_formulas_came_to(excel):
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        made = book.add_worksheet("甲")
        made.protect("", {"format_cells": True})
        made.write_formula("C1", "=1+1", None, 2)
        made.write_formula("C2", '="甲"&"乙"', None, "甲乙")
        made.write_formula("C3", "=1/0", None, "#DIV/0!")
        made.write_formula("C4", "=1=1", None, True)
    opened = excel.open(stream.getvalue(), SHANGHE)
    live = attach().book.sheets["甲"]
    live.api.Unprotect("")
    live.range("A1,B2:B3").color = (255, 199, 206)
    live.range("A1").add_note("看这里")
    live.api.Protect("", *(True,) * 3, False, True)
    found = openpyxl.load_workbook(BytesIO(opened.bytes()), data_only=True)["甲"]
    assert [found[f"C{row}"].value for row in range(1, 5)] == [2, "甲乙", "#DIV/0!", True]
    assert found["B3"].fill.fgColor.rgb == "FFFFC7CE"
    assert found["A1"].comment.text == "看这里"
    assert found.protection.sheet
    assert not found.protection.formatCells


def test_sorted_rows_take_their_notes_and_fills_along(excel):
    book = excel.open(workbook(A1="丙", A2="乙", A3="甲"), SHANGHE)
    live = attach().book.sheets["甲"]
    live.range("A1").color = (255, 255, 0)
    live.range("A1").add_note("丙的")
    book.sort("甲", 1, 3, 1)
    # by code point: 丙 4E19, 乙 4E59, 甲 7532
    assert live.range("A1:A3").value == ["丙", "乙", "甲"]
    book.sort("甲", 1, 3, 1, reverse=True)
    assert live.range("A1:A3").value == ["甲", "乙", "丙"]
    assert live.range("A3").note.text == "丙的"
    assert live.range("A3").color == (255, 255, 0)
    assert live.range("A1").note is None


def test_no_other_member_may_be_used(sheet):
    with pytest.raises(ForbiddenMember, match=r"Workbook\.SaveAs is not in"):
        sheet.book.api.SaveAs("甲.xlsx")
    with pytest.raises(ForbiddenMember, match="a program would be started"):
        xlwings.App()


def test_an_address_longer_than_excel_takes_is_refused(sheet):
    with pytest.raises(ComError):
        sheet.range(",".join(["AA1000"] * 37))  # 37 × 6 + 36 commas = 258
    assert isinstance(sheet.range("A1").api, Api)
