"""What `live doctor` tries on a scratch workbook, and how it leaves it."""

import locale
import re
from importlib import import_module
from io import BytesIO

import com_stubs
import openpyxl
import pytest
from live_engine import ComError, FakeApp, FakeBook, FakeInterior, FakeNote, FakeRange, FakeSheet
from openpyxl.comments import Comment

from toolkit.live import doctor, trials
from toolkit.live.members import MEMBERS
from toolkit.live.trials import PROBES

NAMES = [f"{member.owner}.{member.name}" for member in MEMBERS]
STEPS = [
    "核对：读取没有保存的内容",
    "标记：加上、改写、清除",
    "标记：在受保护的工作表上，保护原样恢复",
    "下一处：在同一张工作表上",
    "下一处：到另一张工作表上",
    "汇总：写入一块内容",
]
ALL = len(NAMES) + len(STEPS)
SPOILT = "这个工作簿没有完全还原，请直接关掉，不要保存。"


def scratch(sheets: int = 2, **cells: str) -> bytes:
    """Return a workbook as a program makes it anew, with nothing but these cells."""
    book = openpyxl.Workbook()
    for cell, text in cells.items():
        book.active[cell] = text
    for _ in range(sheets - 1):
        book.create_sheet()
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def lines(said, mark: str) -> list[str]:
    """Return what bears a mark, without what it is for and why."""
    assert said.code == 0, said.err
    found = [line for line in said.out.splitlines() if line.startswith(mark)]
    return [re.split("　|（", line[2:])[0] for line in found]


def why(said, name: str) -> str:
    """Return the whole line of one of them."""
    told = said.out.splitlines()
    [line] = [line for line in told if re.split("　|（", line[2:])[0] == name]
    return line


def as_blank_as_before(book: FakeBook) -> bool:
    """Say whether a workbook that was blank holds nothing at all."""
    sheets = openpyxl.load_workbook(BytesIO(book.bytes())).worksheets
    return not any(sheet.protection.sheet for sheet in sheets) and not any(
        cell.value or cell.comment or cell.fill.fill_type or cell.number_format != "General"
        for sheet in sheets
        for row in sheet.rows
        for cell in row
    )


def test_every_member_of_the_table_is_tried_and_every_step():
    assert list(PROBES) == [*NAMES, *STEPS]


def test_what_is_needed_is_tried_too():
    assert {need for probe in PROBES.values() for need in probe.needs} <= set(NAMES)


def test_a_program_that_has_all_is_told_so_with_its_versions(zhengdun, excel):
    excel.open(scratch(), path="")
    said = zhengdun("live", "doctor")
    assert said.code == 0, said.err
    program, system, ours, *told, total, where = said.out.splitlines()
    assert program == "程序：Excel 16.0（Windows (64-bit) NT 10.00），自动保存没有开"
    assert re.fullmatch("系统：.+，.+，区域 .+，编码 .+", system)
    assert re.fullmatch(
        r"zhengdun [\d.]+，Python [\d.]+（64 位），xlwings 0\.37\.\d+，pywin32 .+", ours
    )
    assert "√ Workbook.SaveCopyAs　另存副本" in told
    assert [line[0] for line in told] == ["√"] * ALL, said.out
    assert total == f"共 {ALL} 项：能用 {ALL} 项（√），不能用 0 项（×），没有试 0 项（－）。"
    assert "docs/实机核对记录.md" in where


def test_the_scratch_workbook_is_as_blank_as_it_was_and_not_saved(zhengdun, excel):
    book = excel.open(scratch(), path="")
    assert SPOILT not in zhengdun("live", "doctor").out
    assert as_blank_as_before(book)
    assert (book.backend.active(), book.backend.selection()) == ("Sheet", "A1")
    assert book.app.screen_updating[-1]


def test_with_one_sheet_alone_nothing_is_said_of_another(zhengdun, excel):
    excel.open(scratch(1), path="")
    said = zhengdun("live", "doctor")
    assert (lines(said, "×"), lines(said, "－")) == ([], ["下一处：到另一张工作表上"])
    assert "在空白工作簿里加一张空白工作表" in why(said, "下一处：到另一张工作表上")


def test_protect_is_told_all_sixteen_by_their_places(zhengdun, excel, monkeypatch):
    told = []
    protect = FakeSheet.Protect

    def noted(self, *given: object) -> None:
        told.append(given)
        protect(self, *given)

    monkeypatch.setattr(FakeSheet, "Protect", noted)
    excel.open(scratch(), path="")
    assert lines(zhengdun("live", "doctor"), "×") == []
    kinds = ("", True, True, True, False)
    allowed = (False, True, True, False, True, False, False, True, True, True, False)
    assert set(told) == {(*kinds, *allowed)}  # our own, and what the copy says of it


# -- what does not work ---------------------------------------------------------------------------

CONNECTING = {
    "Application.Name",
    "Application.Version",
    "Application.Hwnd",
    "Application.Workbooks",
    "Application.ActiveWorkbook",
    "Workbook.Name",
    "Workbook.FullName",
    "Workbook.ReadOnly",
    "Workbook.Worksheets",
}
"""What is needed to attach at all."""


@pytest.fixture
def desktop(monkeypatch):
    """Have a blank workbook open in a program over COM stubs, as on Windows."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    named = {f"{each.owner}.{each.name.partition('.')[0]}" for each in MEMBERS}
    with com_stubs.windows(frozenset({*named, "Interior.Color", "Interior.ColorIndex"})) as made:
        monkeypatch.setattr(import_module("toolkit.live.states"), "SYSTEM", "win32")
        yield made


@pytest.fixture
def scratch_book(desktop, tmp_path) -> com_stubs.Workbook:
    """Have a blank workbook open in a program that registered itself, as WPS does."""
    app = com_stubs.Application(desktop, "WPS Spreadsheets")
    desktop.registered["Ket.Application"] = app
    return com_stubs.Workbook(app, tmp_path / "空白.xlsx", scratch())


@pytest.mark.usefixtures("scratch_book")
def test_over_com_all_works_too(zhengdun):
    said = zhengdun("live", "doctor")
    assert said.out.startswith("程序：WPS 表格 16.0（")
    assert (len(lines(said, "√")), lines(said, "×"), lines(said, "－")) == (ALL, [], [])
    assert SPOILT not in said.out


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.usefixtures("scratch_book")
def test_a_member_that_is_missing_is_the_one_that_is_told(name, zhengdun, desktop):
    desktop.lacking = frozenset({name.replace("Range.Interior.", "Interior.")})
    said = zhengdun("live", "doctor")
    if name in CONNECTING:
        assert lines(said, "×") == ["连接打开的工作簿"]
        assert len(lines(said, "√")) == len(lines(said, "－")) == 0
        return
    assert lines(said, "×") == [name]
    assert "ComError -2147352570" in why(said, name)
    untried = lines(said, "－")
    assert len(lines(said, "√")) == ALL - 1 - len(untried)
    for each in untried:
        assert name in needed(each)


def needed(name: str) -> set[str]:
    """Return all that must work before something is tried."""
    return set(PROBES[name].needs).union(*map(needed, PROBES[name].needs))


def test_what_needs_a_missing_member_is_not_held_against_the_program(zhengdun, excel):
    excel.open(scratch(), path="").app.missing = {"AddComment"}
    said = zhengdun("live", "doctor")
    assert lines(said, "×") == ["Range.AddComment"]
    assert lines(said, "－") == ["Comment.Text", "Comment.Delete", *STEPS[1:3]]
    assert why(said, "Comment.Text").endswith("（没有试，先要能用 Range.AddComment）")
    assert f"能用 {ALL - 5} 项（√），不能用 1 项（×），没有试 4 项（－）。" in said.out


def test_where_nothing_can_be_attached_to_the_record_says_why(zhengdun, excel):
    excel.open(scratch(), path="").app.missing = {"FullName"}
    said = zhengdun("live", "doctor")
    assert "× 连接打开的工作簿（这个版本的 Excel 或 WPS 表格不支持“查工作簿位置”。" in said.out
    assert "没有连上，其余的都没有试。" in said.out
    assert re.search("^系统：", said.out, re.MULTILINE)


def nothing(*_: object) -> None:
    """Take what is told, and do nothing."""


def first_area_alone(self: FakeInterior, colour: int) -> None:
    """Fill as a program does that knows no unions."""
    FakeInterior(FakeRange(self.cells.sheet, self.cells.areas[:1]))._set(  # noqa: SLF001
        "Interior.Color", "#FF0000" if colour == 255 else "#F8CFCF"
    )


def digits_read(self: FakeRange, value: object) -> None:
    """Make numbers of digits though the cell shows text."""
    write_value(self, 12.0 if value == "0012" else value)


def locked_otherwise(self: FakeSheet, password: str, *given: bool) -> None:
    """Protect by four options alone, as a program does that has not the others."""
    protect(self, password, *given[:4])


def short(self: FakeNote, text: str | None = None) -> str:
    """Keep a note's first line only."""
    return note_text(self, text and text.splitlines()[0])


write_value, protect, note_text = FakeRange.Value.fset, FakeSheet.Protect, FakeNote.Text
WRONG = {
    "Range.Value": (FakeRange, "Value", FakeRange.Value.setter(nothing)),
    "Range.NumberFormat": (FakeRange, "Value", FakeRange.Value.setter(digits_read)),
    "Range.Interior.Color": (FakeInterior, "Color", FakeInterior.Color.setter(first_area_alone)),
    "Range.Interior.ColorIndex": (
        FakeInterior,
        "ColorIndex",
        FakeInterior.ColorIndex.setter(nothing),
    ),
    "Range.AddComment": (FakeRange, "AddComment", nothing),
    "Comment.Text": (FakeNote, "Text", short),
    "Comment.Delete": (FakeNote, "Delete", nothing),
    "Worksheet.Protect": (FakeSheet, "Protect", nothing),
    "Application.ScreenUpdating": (
        FakeApp,
        "ScreenUpdating",
        FakeApp.ScreenUpdating.setter(nothing),
    ),
    "Range.Select": (FakeRange, "Select", nothing),
    STEPS[2]: (FakeSheet, "Protect", locked_otherwise),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_taken_and_not_done_does_not_work(name, zhengdun, excel, monkeypatch):
    excel.open(scratch(), path="")
    monkeypatch.setattr(*WRONG[name])
    assert name in lines(zhengdun("live", "doctor"), "×")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\xd0\xcf\x11\xe0", "副本不是普通的工作簿"), (b"PK", "工作簿自己的位置或保存状态变了")],
)
def test_the_copy_and_the_workbook_itself_are_looked_at(
    content, reason, zhengdun, excel, monkeypatch
):
    book = excel.open(scratch(), path="")
    copy = FakeBook.SaveCopyAs

    def spoiling(self: FakeBook, path: str) -> None:
        copy(self, path)
        if path.endswith("另存.xlsx"):  # the probe's own
            with open(path, "wb") as file:  # noqa: PTH123
                file.write(content)
            book.backend.path = "C:\\新的.xlsx"

    monkeypatch.setattr(FakeBook, "SaveCopyAs", spoiling)
    said = zhengdun("live", "doctor")
    assert lines(said, "×") == ["Workbook.SaveCopyAs"]
    assert reason in why(said, "Workbook.SaveCopyAs")


def test_a_copy_of_the_last_saved_state_is_no_copy(zhengdun, excel, monkeypatch):
    excel.open(scratch(), path="")
    monkeypatch.setattr(FakeBook, "SaveCopyAs", lambda _, path: save(path, scratch()))
    said = zhengdun("live", "doctor")
    assert lines(said, "×")[0] == STEPS[0]
    assert "副本里没有还没保存的内容" in why(said, STEPS[0])


def save(path: str, data: bytes) -> None:
    """Write bytes to a path, as a program does."""
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(data)


# -- busy -----------------------------------------------------------------------------------------


def test_a_program_that_is_busy_between_is_waited_for(zhengdun, excel, monkeypatch, pauses):
    book = excel.open(scratch(), path="")
    busy_at(monkeypatch, book, "Range.Value", 3)
    said = zhengdun("live", "doctor")
    assert len(lines(said, "√")) == ALL
    assert len(pauses) == 3


def test_a_program_that_stays_busy_ends_the_record_with_3(zhengdun, excel, monkeypatch):
    book = excel.open(scratch(), path="")
    busy_at(monkeypatch, book, "Comment.Text", busy=True)
    said = zhengdun("live", "doctor")
    assert (said.code, said.out) == (3, "")
    assert "正忙" in said.err
    assert said.err.strip().endswith(SPOILT)  # a note is left, and cannot be taken away


def test_a_program_busy_in_the_first_trial_has_spoilt_nothing(zhengdun, excel, monkeypatch):
    book = excel.open(scratch(), path="")
    busy_at(monkeypatch, book, "Application.Name", 10)  # as often as it is asked
    said = zhengdun("live", "doctor")
    assert said.code == 3
    assert "正忙" in said.err
    assert SPOILT not in said.err
    assert as_blank_as_before(book)


def busy_at(monkeypatch, book: FakeBook, name: str, busy: int | bool) -> None:
    """Have a program be busy from the moment at which something is tried."""
    probe, begun = PROBES[name], []

    def act(bench: trials.Bench) -> object:
        if not begun:
            begun.append(True)
            book.app.busy = busy
        return probe.act(bench)

    monkeypatch.setattr(trials, "PROBES", PROBES | {name: trials.Probe(act, probe.needs)})


def test_a_program_that_is_closed_meanwhile_ends_the_record_with_3(zhengdun, excel, monkeypatch):
    excel.open(scratch(), path="")

    def gone(_: object) -> None:
        raise ComError(-2147417848, "被调用的对象已与其客户端断开连接。")

    monkeypatch.setattr(trials, "PROBES", PROBES | {"Range.Value": trials.Probe(gone)})
    said = zhengdun("live", "doctor")
    assert said.code == 3
    assert said.err.startswith("工作簿或程序已经关闭，没有做完。")


def test_who_stops_it_finds_the_workbook_blank(excel, monkeypatch):
    book = excel.open(scratch(), path="")

    def stopped(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(trials, "PROBES", PROBES | {STEPS[-1]: trials.Probe(stopped)})
    with pytest.raises(KeyboardInterrupt):
        doctor.record()
    assert book.app.edits
    assert as_blank_as_before(book)


def test_a_fault_of_whatever_kind_is_told_by_its_name(zhengdun, excel, monkeypatch):
    excel.open(scratch(), path="")
    broken = trials.Probe(lambda _: "".index("试"))
    monkeypatch.setattr(trials, "PROBES", PROBES | {"Range.Value": broken})
    assert why(zhengdun("live", "doctor"), "Range.Value").endswith("（ValueError）")


# -- the workbook ---------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["cell", "note", "read-only"])
@pytest.mark.parametrize("missing", [set(), {"SaveCopyAs"}])
def test_a_workbook_that_holds_anything_is_refused_untouched(what, missing, zhengdun, excel):
    book = excel.open(scratch(C3="张三") if what == "cell" else scratch(), path="")
    if what == "note":
        book.backend.set_note("Sheet", "D4", "村里写的")
    book.read_only = what == "read-only"
    book.app.missing = missing
    said = zhengdun("live", "doctor")
    assert said.code == 3
    assert said.err.strip().endswith("请新建一个空白工作簿，再运行 live doctor。")
    assert excel.edits == []


def test_a_workbook_that_saves_itself_is_refused_untouched(zhengdun, excel):
    book = excel.open(scratch(), path="https://example.org/空白.xlsx")
    book.AutoSaveOn = True
    said = zhengdun("live", "doctor")
    assert said.code == 3
    assert said.err.strip() == (
        "空白.xlsx 开着“自动保存”，没有试。请新建一个空白工作簿，不要保存，再运行 live doctor。"
    )
    assert excel.edits == []


def test_a_program_that_knows_no_such_saving_is_told_so(zhengdun, excel):
    excel.open(scratch(), path="").app.missing = {"AutoSaveOn", "OperatingSystem"}
    assert "程序：Excel 16.0（查不出位数），自动保存查不出" in zhengdun("live", "doctor").out


def test_the_looks_that_a_blank_workbook_came_with_are_no_content(zhengdun, excel):
    book = openpyxl.load_workbook(BytesIO(scratch()))
    book.active["H1"].number_format = "0.00"
    book.active["H2"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    stream = BytesIO()
    book.save(stream)
    excel.open(stream.getvalue(), path="")
    said = zhengdun("live", "doctor")
    assert len(lines(said, "√")) == ALL
    assert SPOILT not in said.out


@pytest.mark.parametrize("missing", ["Interior.ColorIndex", "Delete"])
def test_what_cannot_be_taken_back_is_said(missing, zhengdun, excel):
    excel.open(scratch(), path="").app.missing = {missing}
    assert SPOILT in zhengdun("live", "doctor").out


def test_a_protection_that_stays_is_said(zhengdun, excel, monkeypatch):
    excel.open(scratch(), path="")
    monkeypatch.setattr(trials, "_UNDO", (lambda bench: bench.page.Protect(""),))
    assert SPOILT in zhengdun("live", "doctor").out


def test_a_note_that_people_write_meanwhile_is_seen():
    book = openpyxl.load_workbook(BytesIO(scratch()))
    book.active["B2"].comment = Comment("村里写的", "村文书")
    stream = BytesIO()
    book.save(stream)
    assert set(doctor._copied(stream.getvalue())) == {  # noqa: SLF001  what is compared
        ("Sheet", "B2", "批注", "村里写的")
    }


def test_a_program_that_is_gone_in_the_end_leaves_the_record(zhengdun, excel, monkeypatch):
    book = excel.open(scratch(), path="")

    def gone(_: object) -> None:
        book.app.busy = True

    monkeypatch.setattr(trials, "_UNDO", (gone,))
    said = zhengdun("live", "doctor")
    assert said.code == 0
    assert SPOILT in said.out


# -- the record -----------------------------------------------------------------------------------


def test_the_record_can_be_written_to_a_file(zhengdun, excel, tmp_path):
    excel.open(scratch(), path="")
    said = zhengdun("live", "doctor", "-o", tmp_path / "记录.txt")
    assert said.code == 0
    assert "√ Range.AddComment　加批注" in (tmp_path / "记录.txt").read_text("utf-8")


def test_a_region_that_python_does_not_know_is_no_fault(zhengdun, excel, monkeypatch):
    def unknown() -> None:
        raise ValueError("unknown locale")

    excel.open(scratch(), path="")
    monkeypatch.setattr(locale, "getlocale", unknown)
    assert "，区域 查不出，编码 " in zhengdun("live", "doctor").out


def test_the_help_asks_for_a_record_and_sends_it_nowhere(zhengdun):
    said = zhengdun("live", "doctor", "--help").out
    assert "写成记录。" in said
    assert "我们" not in said
