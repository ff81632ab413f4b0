"""What is really sent to Excel: xlwings' own Windows engine over COM objects of ours.

Nothing here proves what Excel answers. It proves what we ask of it, and it fails when a new xlwings
no longer has what we rely on.
"""

import ast
import inspect
import os
import subprocess
import sys
from importlib import import_module
from io import BytesIO
from pathlib import Path

import com_stubs
import openpyxl
import pytest
import xlwings
from com_stubs import BUSY, NO_CLASS, NOT_RUNNING, Application, ForbiddenMember, Workbook, windows
from openpyxl.comments import Comment
from paths import CHECKOUT
from worked import work_folder

import toolkit
from toolkit import flow, papers
from toolkit.errors import LiveError
from toolkit.live.members import MEMBERS
from toolkit.report import Outcome

SOURCES = sorted(Path(toolkit.__file__).parent.rglob("*.py"))
PLAIN = frozenset(
    """Application.Name Application.Hwnd Application.Workbooks Application.ActiveWorkbook
    Application.ScreenUpdating Application.Selection Workbook.Name Workbook.Worksheets
    Worksheet.Name Worksheet.Range Worksheet.Cells Worksheet.Activate Worksheet.Comments
    Range.Address Range.Interior Interior.Color Interior.ColorIndex Range.AddComment Range.Select
    Range.Value Range.NumberFormat Range.Comment Comment.Text Comment.Delete""".split()  # noqa: SIM905  a table
)


def two_sheets() -> bytes:
    """Return a workbook of two empty sheets."""
    book = openpyxl.Workbook()
    book.active.title = "甲"
    book.create_sheet("乙")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def child(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run code in a Python of its own, to its very end."""
    paths = os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "tests")])
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths, **environment},
    )


# -- what xlwings does by itself ------------------------------------------------------------------


@pytest.fixture
def plain():
    """Have xlwings over a desktop, with one Excel and one workbook in it; nothing of ours."""
    with windows(PLAIN) as desktop:
        app = Application(desktop)
        desktop.windows.append(app)
        Workbook(app, Path("某处") / "花名册.xlsx", two_sheets())
        yield desktop


def test_a_fill_is_sent_as_a_number_with_blue_first(plain):
    xlwings.books.active.sheets["乙"].range("C3,D4:D6").color = (255, 199, 206)
    # FFC7CE: 0xCE × 65536 + 0xC7 × 256 + 0xFF
    assert plain.traffic == ["乙!C3,D4:D6.Interior.Color = 13551615"]


def test_no_fill_is_sent_as_a_colour_index(plain):
    xlwings.books.active.sheets["乙"].range("C3").color = None
    assert plain.traffic == ["乙!C3.Interior.ColorIndex = -4142"]


def test_a_note_is_added_changed_and_deleted_by_members_of_2007(plain):
    cell = xlwings.books.active.sheets["乙"].range("C3")
    cell.add_note("缺时限")
    cell.note.text = "缺单位"
    cell.note.delete()
    assert plain.traffic == [
        "乙!C3.AddComment('缺时限')",
        "乙!C3.Comment.Text('缺单位')",
        "乙!C3.Comment.Delete()",
    ]


def test_a_block_of_values_is_sent_at_once(plain):
    page = xlwings.books.active.sheets["乙"]
    page.range("A1:B2").number_format = "@"
    page.range("A1").value = [["001", "甲"], ["002", None]]
    assert plain.traffic == [
        "乙!A1:B2.NumberFormat = '@'",
        "乙!A1:B2.Value = [['001', '甲'], ['002', '']]",
    ]


def test_a_busy_program_is_asked_for_ever_unless_the_tries_are_limited(plain, monkeypatch):
    app = xlwings.apps.active
    assert xlwings._xlwindows.N_COM_ATTEMPTS == 0  # noqa: SLF001  0 = without end, and our cure
    monkeypatch.setattr(xlwings._xlwindows, "N_COM_ATTEMPTS", 20)  # noqa: SLF001
    app.api  # noqa: B018  the object itself is got while there is time
    plain.asked.clear()
    plain.busy = 1000
    with pytest.raises(com_stubs.ComError) as raised:
        app.api.Name  # noqa: B018
    assert raised.value.hresult == BUSY
    assert plain.asked == ["Application.Name"] * 20


def test_a_program_too_busy_to_be_asked_for_names_ends_in_its_own_error(plain, monkeypatch):
    app = xlwings.apps.active
    monkeypatch.setattr(xlwings._xlwindows, "N_COM_ATTEMPTS", 20)  # noqa: SLF001
    app.api  # noqa: B018
    plain.busy, plain.names_rejected = 1000, True
    with pytest.raises(xlwings._xlwindows.ExcelBusyError):  # noqa: SLF001
        app.api.Name  # noqa: B018
    assert 1000 - plain.busy == 20


def test_xlwings_has_the_private_names_that_we_rely_on(plain):
    private = xlwings._xlwindows  # noqa: SLF001
    assert "xl" in inspect.signature(private.App).parameters
    assert callable(private.cleanup)
    assert isinstance(private.N_COM_ATTEMPTS, int)
    app = private.App(xl=private.COMRetryObjectWrapper(com_stubs.Seen(plain.windows[0])))
    assert xlwings.App(impl=app).books.active.name == "花名册.xlsx"


@pytest.mark.usefixtures("plain")
def test_a_member_outside_the_table_ends_a_test_whatever_catches_it():
    with pytest.raises(ForbiddenMember, match=r"Application\.DisplayAlerts"):
        xlwings.apps.active.quit()


def test_an_address_longer_than_255_characters_is_refused(plain):
    long = ",".join(f"A{row}" for row in range(1, 80))
    assert len(long) > 255
    with pytest.raises(com_stubs.ComError):
        xlwings.books.active.sheets["乙"].range(long)
    assert plain.traffic == []


def test_nothing_of_the_stubs_is_left_behind():
    before = set(sys.modules)
    with windows(PLAIN):
        assert "pythoncom" in sys.modules
    left = {"pythoncom", "pywintypes", "win32com.client", "xlwings._xlwindows"} & set(sys.modules)
    assert not left - before
    assert not hasattr(xlwings, "_xlwindows")


# -- the kill at the end --------------------------------------------------------------------------

END = """
import subprocess
subprocess.CREATE_NO_WINDOW = 0  # Windows has it
import com_stubs
desk = com_stubs.windows(frozenset())
desk.__enter__()
{more}
"""


def killed(folder: Path, more: str) -> list[str]:
    """Return what a process has called at its end, on a machine where a bare Excel runs."""
    log = folder / "called"
    listed = "\\n\\n\\nEXCEL.EXE 4711 Console 1 9 K\\n"
    for name, answer in (("tasklist", listed), ("taskkill", "")):
        script = folder / name
        script.write_text(f'#!/bin/sh\necho "{name} $*" >> "{log}"\nprintf "{answer}"\n')
        script.chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    done = child(END.format(more=more), PATH=path)
    assert (done.returncode, done.stderr) == (0, "")
    return log.read_text().splitlines() if log.exists() else []


def test_xlwings_kills_every_bare_excel_at_the_end_of_a_process(tmp_path):
    assert killed(tmp_path, "") == [
        "tasklist /FI IMAGENAME eq EXCEL.exe",
        "taskkill /PID 4711 /F",
    ]


def test_the_stubs_leave_no_kill_behind(tmp_path):
    assert killed(tmp_path, "desk.__exit__(None, None, None)") == []


def test_our_process_kills_no_excel_at_its_end(tmp_path):
    assert killed(tmp_path, "import toolkit.live.program") == []


# -- what is never there --------------------------------------------------------------------------


def test_the_command_line_imports_neither_xlwings_nor_what_attaches():
    done = child(
        "import sys, toolkit.cli\n"
        "print([name for name in sys.modules"
        " if name.startswith('xlwings') or name.startswith('toolkit.live.')])"
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="there it goes on to look for Excel")
def test_a_live_command_without_windows_says_one_line_and_ends_with_3():
    code = (
        "import sys\n"
        "from toolkit import cli\n"
        "sys.argv = ['zhengdun', 'live', 'check']\n"
        "try:\n    cli.main()\n"
        "finally:\n    print([name for name in sys.modules if name.startswith('xlwings')])"
    )
    done = child(code)
    assert done.returncode == 3
    assert done.stdout == "[]\n"
    assert len(done.stderr.splitlines()) == 1
    assert "Windows" in done.stderr


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_source_goes_near_what_has_another_licence(source):
    text = source.read_text(encoding="utf-8")
    for word in ("xlwings.pro", "XLWINGS_LICENSE", "LICENSE_KEY", "license_key"):
        assert word not in text
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("xlwings"):
            assert "pro" not in (node.module or "").split(".")
            assert "pro" not in [name.name for name in node.names]
        if isinstance(node, ast.Import):
            assert not any(name.name.startswith("xlwings.pro") for name in node.names)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) != ("xlwings", "pro")


# -- what our commands send -----------------------------------------------------------------------

DAY = ("--as-of", "2022-10-31")
NAME = "0205-柳湾村-2022.xlsx"
PERMITTED = frozenset(
    name
    for member in MEMBERS
    for first, _, part in [member.name.partition(".")]
    for name in (f"{member.owner}.{first}", *([f"{first}.{part}"] if part else []))
)
NOTE = (
    "—— 边填边核对 ——\n"
    "【必改】填的是“10月分前”，读不出完成时限。"
    "写日期或“2022年10月底前”；需长期坚持的写“2022年10月底前，并长期坚持”。[C202]\n"
    "〔原底色：无〕"
)
RED = 13619192  # F8CFCF: 0xCF × 65536 + 0xCF × 256 + 0xF8
PROTECT = (
    "'', "  # no password
    "True, True, True, False, "  # drawings, contents, scenarios; for the program itself too
    "False, True, True, "  # formatting of cells, columns, rows
    "False, True, False, "  # inserting of columns, rows, links
    "False, True, "  # deleting of columns, rows
    "True, True, False"  # sorting, filters, pivot tables
)


def without_copies(traffic: list[str]) -> list[str]:
    """Return the traffic but for the copies that every command has made for it first."""
    return [line for line in traffic if ".SaveCopyAs(" not in line]


@pytest.fixture
def desk(monkeypatch):
    """Have our commands run over a desktop, as on Windows; nothing is open there yet."""
    pauses = []
    monkeypatch.setattr("time.sleep", pauses.append)
    with windows(PERMITTED) as desktop:
        desktop.pauses = pauses
        monkeypatch.setattr(import_module("toolkit.live.states"), "SYSTEM", "win32")
        yield desktop


def village(folder: Path, deadline: str = "10月分前") -> Path:
    """Write a village's workbook in which one deadline stands so, and return where it lies."""
    work_folder(folder)
    path = folder / "村级工作簿" / NAME
    book = openpyxl.load_workbook(path)
    book["整改措施"]["G7"] = deadline
    book.save(path)
    return path


WAYS = ("window", "name")


def present(desktop, path: Path, way: str, name: str = "Microsoft Excel") -> Workbook:
    """Have a workbook open in a program that is found by its window, or by WPS's own name."""
    app = Application(desktop, name)
    if way == "window":
        desktop.windows.append(app)
    else:
        desktop.registered["Ket.Application"] = app
    return Workbook(app, path, path.read_bytes())


@pytest.fixture
def opened(desk, tmp_path) -> Workbook:
    """Have a village's workbook with one fault open in Excel."""
    return present(desk, village(tmp_path), "window")


def test_the_workbook_is_found_in_the_topmost_window_and_nothing_is_changed(opened):
    program = import_module("toolkit.live.program")
    found = program.attach()
    assert (found.program, found.name) == ("Excel", NAME)
    assert found.path == Path(opened.FullName)
    assert not found.read_only
    assert opened.desktop.traffic == []
    assert not [each for each in opened.desktop.asked if each.startswith("GetActiveObject")]


def test_the_content_comes_from_one_copy_that_is_gone_afterwards(opened, tmp_path):
    program = import_module("toolkit.live.program")
    data = program.content(program.attach())
    assert data == (tmp_path / "村级工作簿" / NAME).read_bytes()
    [sent] = opened.desktop.traffic
    place = Path(ast.literal_eval(sent.removeprefix(f"{NAME}.SaveCopyAs(").removesuffix(")")))
    assert place.suffix == ".xlsx"
    assert not place.exists()
    assert not place.parent.exists()


def test_check_changes_nothing_in_the_open_workbook(opened, zhengdun):
    said = zhengdun("live", "check", *DAY)
    assert said.code == 1
    assert "[C202]" in said.out
    assert len(opened.desktop.traffic) == 1
    assert opened.desktop.traffic[0].startswith(f"{NAME}.SaveCopyAs(")


def test_a_mark_unprotects_writes_note_and_fill_and_protects_as_before(opened, zhengdun):
    assert zhengdun("live", "mark", *DAY).code == 1
    assert without_copies(opened.desktop.traffic) == [
        "Application.ScreenUpdating = False",
        "整改措施.Unprotect('')",
        f"整改措施!G7.AddComment({NOTE!r})",
        f"整改措施!G7.Interior.Color = {RED}",
        f"整改措施.Protect({PROTECT})",
        "Application.ScreenUpdating = True",
    ]


def test_a_second_mark_sends_nothing(opened, zhengdun):
    zhengdun("live", "mark", *DAY)
    opened.desktop.traffic.clear()
    assert zhengdun("live", "mark", *DAY).code == 1
    assert without_copies(opened.desktop.traffic) == []


def test_unmark_deletes_the_note_and_the_fill(opened, zhengdun):
    zhengdun("live", "mark", *DAY)
    opened.desktop.traffic.clear()
    assert zhengdun("live", "unmark").code == 0
    assert without_copies(opened.desktop.traffic) == [
        "Application.ScreenUpdating = False",
        "整改措施.Unprotect('')",
        "整改措施!G7.Interior.ColorIndex = -4142",  # the note, which knows the fill, goes last
        "整改措施!G7.Comment.Delete()",
        f"整改措施.Protect({PROTECT})",
        "Application.ScreenUpdating = True",
    ]


def test_a_persons_note_gets_our_lines_below_and_keeps_its_own_after_all(desk, tmp_path, zhengdun):
    path = village(tmp_path)
    book = openpyxl.load_workbook(path)
    book["整改措施"]["G7"].comment = Comment("已问过曹书记", "何小梅")
    book.save(path)
    present(desk, path, "window")
    zhengdun("live", "mark", *DAY)
    zhengdun("live", "unmark")
    assert [line for line in desk.traffic if "Comment" in line] == [
        f"整改措施!G7.Comment.Text({'已问过曹书记' + chr(10) + NOTE!r})",
        "整改措施!G7.Comment.Text('已问过曹书记')",
    ]


@pytest.mark.parametrize("step", ["next", "prev"])
def test_a_step_activates_the_sheet_and_selects_the_cell(opened, zhengdun, step):
    zhengdun("live", "mark", *DAY)
    opened.desktop.traffic.clear()
    assert zhengdun("live", step).out.startswith("整改措施!G7：【必改】")
    assert without_copies(opened.desktop.traffic) == ["整改措施.Activate()", "整改措施!G7.Select()"]


def test_addresses_are_never_longer_than_255_characters(desk, tmp_path, zhengdun):
    path = village(tmp_path)
    book = openpyxl.load_workbook(path)
    page = book["整改措施"]
    for row in range(14, 314, 2):  # every other row: 150 cells that no range can hold together
        for column in range(2, 15):
            page.cell(row, column).value = page.cell(7, column).value
        page.cell(row, 1).value = f"P01-M{row}"
        page.cell(row, 7).value = "10月分前"
    book.save(path)
    present(desk, path, "window")
    zhengdun("live", "mark", *DAY)
    fills = [line for line in desk.traffic if f".Interior.Color = {RED}" in line]
    spots = [line.removeprefix("整改措施!").partition(".")[0] for line in fills]
    assert sum(len(each.split(",")) for each in spots) >= 151
    assert max(map(len, spots)) <= 255  # as Excel counts them too; the desktop refuses longer ones
    assert len(spots) < 20


# -- which program --------------------------------------------------------------------------------


def asked_for(desktop) -> list[str]:
    """Return the names under which a program was looked for."""
    return [each for each in desktop.asked if each.startswith("GetActiveObject")]


@pytest.mark.parametrize(
    ("registered", "looked"),
    [
        ("Ket.Application", ["GetActiveObject Ket.Application"]),
        ("ET.Application", ["GetActiveObject Ket.Application", "GetActiveObject ET.Application"]),
    ],
)
def test_without_an_excel_window_wps_is_asked_for_by_its_names(desk, tmp_path, registered, looked):
    path = village(tmp_path)
    app = Application(desk, "WPS Spreadsheets")
    desk.registered[registered] = app
    Workbook(app, path, path.read_bytes())
    found = import_module("toolkit.live.program").attach()
    assert (found.program, found.name) == ("WPS 表格", NAME)
    assert asked_for(desk) == looked


def test_a_window_of_excels_kind_is_called_what_it_calls_itself(desk, tmp_path):
    present(desk, village(tmp_path), "window", "WPS 表格")
    assert import_module("toolkit.live.program").attach().program == "WPS 表格"


@pytest.mark.parametrize("error", [NOT_RUNNING, NO_CLASS])
def test_a_name_that_nobody_answers_to_means_that_nothing_is_open(desk, error):
    desk.registered = {"Ket.Application": error, "ET.Application": error}
    with pytest.raises(LiveError, match="没有找到打开的 Excel 或 WPS 表格"):
        import_module("toolkit.live.program").attach()
    assert len(asked_for(desk)) == 2


def test_a_bare_excel_without_a_workbook_does_not_hide_wps(desk, tmp_path):
    desk.windows.append(Application(desk))
    path = village(tmp_path)
    app = Application(desk, "WPS Spreadsheets", hwnd=12)
    desk.registered["Ket.Application"] = app
    Workbook(app, path, path.read_bytes())
    assert import_module("toolkit.live.program").attach().program == "WPS 表格"


def test_wps_is_marked_and_stepped_through_by_the_same_members(desk, tmp_path, zhengdun):
    present(desk, village(tmp_path), "name", "WPS Spreadsheets")
    assert zhengdun("live", "mark", *DAY).code == 1
    assert zhengdun("live", "next").code == 0
    assert without_copies(desk.traffic)[-2:] == ["整改措施.Activate()", "整改措施!G7.Select()"]


# -- when it does not go ---------------------------------------------------------------------------


@pytest.mark.parametrize("names_rejected", [False, True])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("command", ["check", "mark", "next"])
def test_a_busy_program_is_told_of_after_a_finite_wait(  # noqa: PLR0913, PLR0917 -- fixtures
    desk, tmp_path, zhengdun, names_rejected, way, command
):
    present(desk, village(tmp_path), way)
    desk.busy, desk.names_rejected = 10**6, names_rejected
    said = zhengdun("live", command)
    assert (said.code, said.out) == (3, "")
    assert said.err == (
        "Excel 或 WPS 表格正忙。请按 Esc 或回车结束单元格编辑，关掉对话框，再试一次。\n"
    )
    assert 10**6 - desk.busy < 2000
    assert 1 < sum(desk.pauses) < 10


WORDS = {  # `doctor` tells of a member which was busy what it tells of one that is missing
    "check": DAY,
    "mark": DAY,
    "unmark": (),
    "next": (),
    "plan": DAY,
    "rollup": ("--sheet", "核查明细", *DAY),
}


@pytest.fixture
def once(monkeypatch):
    """Have what is reckoned from the copies reckoned once: it asks the program for nothing."""
    kept: dict[str, object] = {}
    check, consolidate = flow.check, flow.consolidate

    def checked(*told, **named):
        return kept.setdefault("check", kept.get("check") or check(*told, **named))

    def rolled_up(paths, target, *told, **named):
        if "rollup" not in kept:
            outcome = consolidate(paths, target, *told, **named)
            kept["rollup"] = outcome, target.read_bytes()
        outcome, data = kept["rollup"]
        target.write_bytes(data)
        return outcome

    monkeypatch.setattr(flow, "check", checked)
    monkeypatch.setattr(flow, "consolidate", rolled_up)
    monkeypatch.setattr(flow, "write_report", lambda *_: None)
    monkeypatch.setattr(papers, "write_papers", lambda *_, **__: Outcome(()))


@pytest.fixture
def run(desk, tmp_path, zhengdun, once):  # noqa: ARG001 -- what it needs besides
    """Return what runs a command beside a program that gets busy, as it is told."""
    path = village(tmp_path)
    given = [path]
    register = ledger(tmp_path / "全镇台账.xlsx")
    opened = present(desk, path, "window")
    zhengdun("live", "mark", *DAY)
    marked = tmp_path / "标了的.xlsx"
    opened.SaveCopyAs(str(marked))
    open_for = {"check": path, "mark": path, "plan": path, "rollup": register}

    def called(command, free, busy, names_rejected):
        desk.windows.clear()
        desk.traffic.clear()
        present(desk, open_for.get(command, marked), "window")
        desk.free, desk.busy, desk.names_rejected = free, busy, names_rejected
        paths = given if command == "rollup" else ()
        said = zhengdun("live", command, *paths, *WORDS[command])
        left = desk.free, desk.busy
        desk.free = desk.busy = 0
        return said, *left

    return called


def seen_by(run) -> int:
    """Return how many calls all commands begin with alike: a check makes no others."""
    _, left, _ = run("check", 1000, 1, names_rejected=False)
    return 1000 - left


@pytest.mark.parametrize("names_rejected", [False, True], ids=["calls", "names"])
@pytest.mark.parametrize("command", WORDS)
def test_at_whichever_call_a_program_gets_busy_for_good_people_are_told_that_it_is(
    run, desk, command, names_rejected
):
    stride = 5 if names_rejected else 2  # a whole round takes a minute
    for free in range(0 if command == "check" else seen_by(run), 1000, stride):
        said, _, left = run(command, free, 10**6, names_rejected)
        if left == 10**6:  # none of its calls was rejected any more
            break
        assert said.code == 3, (free, desk.asked[-1], said.err)
        assert sum("正忙" in line for line in said.err.splitlines()) == 1, (free, said.err)
    assert left == 10**6
    assert said.code in {0, 1, 4}


@pytest.mark.parametrize("names_rejected", [False, True], ids=["calls", "names"])
@pytest.mark.parametrize("command", WORDS)
def test_at_whichever_call_a_program_gets_busy_for_a_moment_it_is_waited_for(
    run, desk, command, names_rejected
):
    undisturbed, *_ = run(command, 0, 0, names_rejected)
    sent = without_copies(desk.traffic)
    for free in range(0 if command == "check" else seen_by(run), 1000, 11):
        said, _, left = run(command, free, 30, names_rejected)
        assert said.code == undisturbed.code, (free, desk.asked[-1], said.err)
        assert without_copies(desk.traffic) == sent
        if left == 30:
            break


@pytest.mark.parametrize("names_rejected", [False, True])
def test_an_edit_that_ends_in_time_is_waited_for(opened, zhengdun, names_rejected):
    opened.desktop.busy, opened.desktop.names_rejected = 50, names_rejected
    assert zhengdun("live", "check", *DAY).code == 1
    assert opened.desktop.pauses


@pytest.mark.parametrize("way", WAYS)
def test_a_program_without_savecopyas_is_told_of_by_what_it_lacks(desk, tmp_path, zhengdun, way):
    present(desk, village(tmp_path), way, "WPS Spreadsheets")
    desk.lacking = frozenset({"Workbook.SaveCopyAs"})
    said = zhengdun("live", "check", *DAY)
    assert (said.code, said.out) == (3, "")
    assert "不支持“另存副本”" in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["App", "cleanup", "N_COM_ATTEMPTS", "COMRetryObjectWrapper"])
def test_an_xlwings_without_what_we_rely_on_is_refused_before_anything_is_done(name, monkeypatch):
    with windows(PERMITTED) as desktop:
        engine = xlwings._xlwindows  # noqa: SLF001
        kept = engine.cleanup
        monkeypatch.delattr(engine, name)
        with pytest.raises(LiveError, match="版本不合适"):
            import_module("toolkit.live.program")
        engine.cleanup = kept
        assert desktop.asked == []


def test_what_starts_ends_or_saves_a_program_is_not_in_the_table():
    names = {member.name.split(".")[0] for member in MEMBERS}
    never = {"Quit", "Close", "Save", "SaveAs", "Open", "Add", "Run", "Kill", "DisplayAlerts"}
    assert not names & never
    assert not {"Formula2", "AddCommentThreaded"} & names


def test_what_xlwings_asks_by_itself_is_listed_apart_with_its_reason():
    assert not PERMITTED & com_stubs.INTERNAL.keys()
    assert all(com_stubs.INTERNAL.values())


# -- the rollup's block, and the record -----------------------------------------------------------

FINDINGS = [
    *("村序号", "村名", "级别", "规则", "工作表", "单元格", "表头"),
    *("问题", "改法", "已说明", "来源文件"),
]


def ledger(path: Path) -> Path:
    """Write the township's own workbook: the headers of a ledger, its numbers as text so far."""
    book = openpyxl.Workbook()
    book.active.title = "核查明细"
    book.active.append(FINDINGS)
    for cell in book.active["A"]:
        cell.number_format = "General"
    book.save(path)
    return path


def test_a_ledger_is_sent_as_one_block_after_its_texts_were_made_text(desk, tmp_path, zhengdun):
    workbook = village(tmp_path)
    present(desk, ledger(tmp_path / "全镇台账.xlsx"), "window")
    said = zhengdun("live", "rollup", workbook, "--sheet", "核查明细", *DAY)
    assert said.code == 4  # two villages have sent nothing, as `consolidate` says it
    *formats, values = without_copies(desk.traffic)
    # the village's number is a number: nothing is said of how column A shows it
    assert formats == [
        f"核查明细!{letter}2:{letter}4.NumberFormat = '@'" for letter in "BCDEFGHIJK"
    ]
    place, _, sent = values.partition(" = ")
    assert place == "核查明细!A2:K4.Value"
    lines = ast.literal_eval(sent)
    assert [line[:7] for line in lines] == [
        [1.0, "上河村", "提醒", "T701", "村名册", "A4", "村代码"],
        [2.0, "柳湾村", "必改", "C202", "整改措施", "G7", "完成时限"],
        [3.0, "石桥村", "提醒", "T701", "村名册", "A6", "村代码"],
    ]
    assert {len(line) for line in lines} == {11}


def test_the_record_tries_every_member_and_leaves_no_trace(desk, tmp_path, zhengdun):
    book = openpyxl.Workbook()
    book.create_sheet()  # a second blank one, so that going from sheet to sheet is tried as well
    book.save(tmp_path / "空白.xlsx")
    scratch = present(desk, tmp_path / "空白.xlsx", "window")
    said = zhengdun("live", "doctor")
    assert said.code == 0
    assert "×" not in said.out.replace("不能用 0 项（×）", "")
    assert "不能用 0 项（×），没有试 0 项（－）。" in said.out
    assert PERMITTED - set(desk.asked) == set()
    assert "Application.Goto(Sheet!B2)" in desk.traffic
    scratch.SaveCopyAs(str(tmp_path / "以后.xlsx"))
    for page in openpyxl.load_workbook(tmp_path / "以后.xlsx"):
        cells = [cell for row in page.iter_rows() for cell in row]
        assert [cell.coordinate for cell in cells if cell.value is not None or cell.comment] == []
        assert {cell.fill.fill_type for cell in cells} <= {None}
        assert {cell.number_format for cell in cells} <= {"General"}
        assert not page.protection.sheet
