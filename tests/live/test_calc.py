"""A real program beside the toolkit: LibreOffice Calc with a village's workbook open in it.

The live commands reach it through the test engine's place of Excel (live_calc.py); a watch sees
what it really saves. That proves what a program does with our edits, and nothing about Excel.
"""

import datetime as dt
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import xlwings
from feature_inventory import features
from live_calc import CalcBackend
from live_engine import Desk
from live_office import LiveOffice, running
from paths import EXAMPLES

from toolkit import flow
from toolkit.excel.folder import REPORT_FILE
from toolkit.live import commands
from toolkit.watching.rounds import Voice, watch

pytestmark = pytest.mark.office

NAME = "0203-上河村-2022.xlsx"
DAY = dt.date(2022, 10, 31)
MEASURES = "整改措施"
RED = "#F8CFCF"
"""The fill of a 必改."""


@pytest.fixture(scope="module")
def calc() -> Iterator[LiveOffice]:
    with running() as suite:
        yield suite


@pytest.fixture
def book(tmp_path) -> Path:
    """A village's workbook in a folder of its own: two 必改 and nineteen 提醒."""
    return Path(shutil.copy(EXAMPLES / "村级工作簿" / NAME, tmp_path))


@pytest.fixture
def village(excel: Desk, calc: LiveOffice, book: Path) -> CalcBackend:
    """The same workbook, open in Calc, which the live commands take for Excel."""
    backend = CalcBackend(calc, book)
    excel.open_backend(backend)
    return backend


Look = dict[tuple[str, str], str]


def notes(village: CalcBackend) -> Look:
    """The notes of a workbook, by sheet and cell."""
    return {
        (sheet, cell): text
        for sheet in village.sheets()
        for cell, text in village.notes(sheet).items()
    }


def mark() -> flow.Checked:
    return commands.check(commands.see(), DAY, None, mark=True)


def unmark() -> None:
    commands.unmark(commands.see())


def kept(calc: LiveOffice):
    """What Calc saves of a workbook besides its values; each row as high as its contents need."""
    calc.fit()
    return features(calc.saved())


# ---- what Calc itself does with what we write


def test_calc_reckons_and_shows_what_is_written_into_it(village):
    village.unprotect(MEASURES)
    village.set_number_format(MEASURES, "P40:P41", "@")
    village.write(MEASURES, "P40:Q41", [["0203", 1.5], [None, 2.0]])
    village.set_formula(MEASURES, "R40", "=SUM(整改措施!Q40:Q41,10)")
    assert village.read(MEASURES, "P40:R41") == [["0203", 1.5, 13.5], [None, 2.0, None]]
    assert village.formula(MEASURES, "R40") == "=SUM(整改措施!Q40:Q41,10)"
    assert village.formula(MEASURES, "P40") == "0203"
    assert village.number_format(MEASURES, "P40:P41") == "@"
    assert village.number_format(MEASURES, "Q40") == "General"
    assert village.number_format(MEASURES, "P40:Q40") is None
    village.set_formula(MEASURES, "R41", '=VLOOKUP("没有",P40:Q41,2,FALSE)')
    assert village.read(MEASURES, "R41") == [["#N/A"]]
    assert village.used(MEASURES) == (41, 18)


def test_calc_shows_and_takes_away_a_fill_and_a_note(village):
    village.set_fill(MEASURES, ["F7", "G8:G9"], RED)
    assert [village.fill(MEASURES, cell) for cell in ("F7", "G8", "F8")] == [RED, RED, ""]
    assert village.fill(MEASURES, "F7:F8") is None
    village.set_fill(MEASURES, ["F7"], "")
    assert village.fill(MEASURES, "F7") == ""
    village.set_note(MEASURES, "F7", "一\n二")
    village.set_note(MEASURES, "F7", "三")
    village.set_note(MEASURES, "G7", "四")
    village.set_note(MEASURES, "G7", "")
    assert village.notes(MEASURES) == {"F7": "三"}


def test_calc_lifts_a_protection_and_gives_it_back_unless_the_password_is_wrong(village):
    assert village.protected(MEASURES)
    village.unprotect(MEASURES)
    assert not village.protected(MEASURES)
    village.protect(MEASURES, "密码")
    village.unprotect(MEASURES, "不对")
    assert village.protected(MEASURES)
    village.unprotect(MEASURES, "密码")
    assert not village.protected(MEASURES)


def test_xlwings_writes_and_selects_in_calc_as_it_would_in_excel(excel, village):
    village.unprotect(MEASURES)
    sheet = xlwings.books.active.sheets[MEASURES]
    ids = sheet.range("P40:P41")
    ids.value = "110101199003077238"
    assert village.read(MEASURES, "P40") == [[110101199003077000.0]]
    ids.number_format = "@"
    ids.value = [["110101199003077238"], [None]]
    assert village.read(MEASURES, "P40:P41") == [["110101199003077238"], [None]]
    sheet.range("P42").value = "=1/0"
    assert sheet.range("P40:P42").options(ndim=2, err_to_str=True).value == [
        ["110101199003077238"],
        [None],
        ["#DIV/0!"],
    ]
    sheet.range("P40,Q42").color = RED
    assert sheet.range("Q42").color == (248, 207, 207)
    sheet.range("P40").add_note("一")
    sheet.range("P40").note.text = "二"
    assert village.notes(MEASURES) == {"P40": "二"}
    assert [note.location.address for note in sheet.notes] == ["$P$40"]
    sheet.range("P40").note.delete()
    assert sheet.range("P40").note is None
    sheet.api.Activate()
    sheet.range("P41").select()
    assert (village.active(), village.selection()) == (MEASURES, "P41")
    assert excel.edits[0] == ("Value", MEASURES, "P40:P41")


# ---- the live commands


def found(checked: flow.Checked) -> set[tuple[str, str, tuple[str, ...]]]:
    return {(each.rule, each.sheet, each.cells) for each in checked.report.findings}


def test_a_check_sees_what_is_typed_and_not_saved_and_changes_nothing(excel, calc, book, village):
    on_disk = book.read_bytes()
    before = commands.check(commands.see(), DAY, None, mark=False)
    assert ("C202", MEASURES, ("G4",)) not in found(before)
    calc.enter(MEASURES, [("G4", "10月分前"), ("A7", "P01-M05")])
    after = commands.check(commands.see(), DAY, None, mark=False)
    assert ("C202", MEASURES, ("G4",)) in found(after) - found(before)
    assert {rule for rule, sheet, _ in found(before) - found(after)} >= {"C204", "X404"}
    assert "填的是“10月分前”，读不出完成时限" in after.shown
    assert book.read_bytes() == on_disk
    assert notes(village) == {}
    assert excel.edits == []


def test_marks_are_seen_in_the_running_program_and_the_sheets_are_protected_again(village):
    protected = {sheet for sheet in village.sheets() if village.protected(sheet)}
    assert MEASURES in protected
    mark()
    seen = notes(village)
    assert village.fill(MEASURES, "A6") == village.fill(MEASURES, "A7") == RED
    assert "P01-M03 用了 2 次" in seen[MEASURES, "A6"]
    assert "[C204]" in seen[MEASURES, "A7"]
    assert village.fill(MEASURES, "A8") == ""
    assert (MEASURES, "A8") not in seen
    assert village.fill("存在问题", "C7") == RED  # one of its two findings is a 必改
    assert {"[X405]", "[X406]"} <= set(re.findall(r"\[\w+\]", seen["存在问题", "C7"]))
    assert village.fill("依据文件", "D4") not in {"", RED}
    assert {sheet for sheet in village.sheets() if village.protected(sheet)} == protected


@pytest.mark.usefixtures("village")
def test_to_mark_twice_is_to_mark_once(excel, calc):
    mark()
    first, edits = features(calc.saved()), list(excel.edits)
    assert edits != []
    mark()
    assert excel.edits == edits
    assert features(calc.saved()) == first


def test_after_a_correction_only_the_marks_that_hold_are_left(calc, village):
    mark()
    calc.enter(MEASURES, [("A7", "P01-M05")])
    mark()
    assert {"A6", "A7", "A9"} & set(village.notes(MEASURES)) == set()
    assert village.fill(MEASURES, "A6") == village.fill(MEASURES, "A7") == ""
    assert village.fill("存在问题", "C7") == RED


def test_unmarking_gives_back_all_that_people_had_made(calc, village):
    village.set_note("存在问题", "C7", "镇里问过，村里再核一遍")
    village.set_fill("存在问题", ["C7"], "#FFFF00")
    village.set_fill(MEASURES, ["A7"], "#00B0F0")
    before = kept(calc)
    assert before.sheets["存在问题"]["notes"] == {"C7": "镇里问过，村里再核一遍"}
    mark()
    assert village.notes("存在问题")["C7"].startswith("镇里问过，村里再核一遍\n")
    assert village.fill(MEASURES, "A7") == RED
    marked = kept(calc)
    assert marked.sheets[MEASURES]["cells"] != before.sheets[MEASURES]["cells"]
    assert marked.sheets[MEASURES]["protection"] == before.sheets[MEASURES]["protection"]
    unmark()
    assert kept(calc) == before


def test_marks_go_with_their_rows_and_are_taken_away_wherever_they_stand(calc, book, village):
    rows = "A4:N26"
    calc.sort(MEASURES, rows, 0, ascending=False)
    sorted_only = kept(calc)
    calc.open_file(book)  # as it was
    mark()
    calc.sort(MEASURES, rows, 0, ascending=False)
    twice = [
        f"A{row}" for row in range(4, 27) if village.read(MEASURES, f"A{row}") == [["P01-M03"]]
    ]
    assert len(twice) == 2
    assert not {"A6", "A7"} & set(twice)
    assert [village.fill(MEASURES, cell) for cell in twice] == [RED, RED]
    assert all("[C204]" in village.notes(MEASURES)[cell] for cell in twice)
    unmark()
    assert kept(calc) == sorted_only


def test_next_goes_from_problem_to_problem_through_the_sheets_and_round(calc, village):
    mark()
    calc.order("activate", "填写说明")

    seen = commands.see()

    def step(*, forward: bool = True) -> str:
        commands.step(seen, forward=forward)
        return f"{village.active()}!{village.selection()}"

    first = [step() for _ in range(11)]
    assert first == [
        "基本情况!B40",
        "依据文件!D4",
        "存在问题!H4",
        "存在问题!H5",
        "存在问题!H6",
        "存在问题!C7",
        "存在问题!H7",
        "整改措施!G4",
        "整改措施!G5",
        "整改措施!A6",
        "整改措施!G6",
    ]
    assert step(forward=False) == "整改措施!A6"
    village.activate("方案文字")
    village.select("方案文字", "C8")
    assert step() == "基本情况!B40"
    assert step(forward=False) == "方案文字!C8"
    [line, *_] = commands.step(seen, forward=True)
    assert line.startswith("基本情况!B40：")


# ---- a watched folder


class Clerk:
    """Somebody at work while a watch sleeps: an act at each sleep, and Ctrl-C after the last."""

    def __init__(self, *acts: Callable[[], object]) -> None:
        self._acts = iter(acts)
        self.told: list[str] = []  # what the watch tells, "·" for each look

    def sleep(self, _seconds: float) -> None:
        act = next(self._acts, None)
        if act is None:
            raise KeyboardInterrupt
        act()
        self.told.append("·")

    def watch(self, folder: Path) -> int:
        voice = Voice(self.told.append, pytest.fail, lambda _: None, lambda: None, pytest.fail)
        return watch([folder], None, DAY, voice, today=lambda: DAY, sleep=self.sleep)


def look() -> None:
    """Let the watch look once more."""


def without_time(line: str) -> str:
    return re.sub(r"^(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d ", "", line)


def test_a_watch_tells_each_real_save_by_calc_once_and_nothing_of_its_lock_file(calc, book):
    lock = book.with_name(f".~lock.{NAME}#")

    def correct() -> None:
        assert lock.exists()
        calc.enter(MEASURES, [("A7", "P01-M05")])  # the number that was given twice

    def spoil_and_save() -> None:
        calc.enter(MEASURES, [("G4", "10月分前")])
        calc.save()

    clerk = Clerk(
        *(lambda: calc.open_file(book), look, correct, look, calc.save, look, look),
        *(spoil_and_save, look, look, calc.close, look, look),
    )
    assert clerk.watch(book.parent) == 0
    assert not lock.exists()
    wrong = (
        f"  【必改】{NAME} › 整改措施 › G4（完成时限）：填的是“10月分前”，读不出完成时限。"
        "写日期或“2022年10月底前”；需长期坚持的写“2022年10月底前，并长期坚持”。[C202]"
    )
    # Told at the second look that finds the file alike.
    assert [without_time(line) for line in clerk.told] == [
        *("·" * 6),
        f"{NAME}：改好 2 条，还有必改 1 条、提醒 18 条。",
        *("·" * 3),
        f"{NAME}：部分改好 1 条，新出 1 条，还有必改 2 条、提醒 18 条。",
        wrong,
        *("·" * 4),
    ]
    report = openpyxl.load_workbook(book.with_name(REPORT_FILE))
    texts = {str(cell.value) for sheet in report for row in sheet.iter_rows() for cell in row}
    assert any("10月分前" in text for text in texts)
    assert not any("P01-M03" in text for text in texts)
