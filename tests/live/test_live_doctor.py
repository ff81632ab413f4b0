"""What `live doctor` tries on a scratch workbook, and how it leaves it."""

import re
from io import BytesIO

import openpyxl
import pytest
from live_engine import FakeRange

from toolkit.live import doctor
from toolkit.live.doctor import PROBES
from toolkit.live.members import MEMBERS

TRIED = len(MEMBERS)


def scratch(**cells: str) -> bytes:
    """Return a workbook as a program makes it anew, with nothing but these cells."""
    book = openpyxl.Workbook()
    for cell, text in cells.items():
        book.active[cell] = text
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_every_member_of_the_table_is_tried_and_no_other():
    assert set(PROBES) == {(member.owner, member.name) for member in MEMBERS}


def test_a_program_that_has_all_is_told_so_with_its_versions(zhengdun, excel):
    excel.open(scratch(), path="")
    said = zhengdun("live", "doctor")
    assert said.code == 0, said.err
    program, system, ours, *lines, total, where = said.out.splitlines()
    assert program.startswith("程序：Excel ")
    assert program.endswith("（Windows (64-bit) NT 10.00）")
    assert system.startswith("系统：")
    assert re.fullmatch(
        r"zhengdun [\d.]+，Python [\d.]+（64 位），xlwings 0\.37\.\d+，pywin32 .+", ours
    )
    assert "√ Workbook.SaveCopyAs　另存副本" in lines
    assert [line[0] for line in lines] == ["√"] * TRIED, said.out
    assert total == f"共 {TRIED} 项，能用 {TRIED} 项，不能用 0 项。"
    assert "docs/实机核对记录.md" in where


def test_a_member_that_is_missing_is_told_and_stops_no_other(zhengdun, excel):
    book = excel.open(scratch(), path="")
    book.app.missing = {"Interior.Color", "Goto"}
    said = zhengdun("live", "doctor")
    assert said.code == 0
    failed = [line for line in said.out.splitlines() if line.startswith("×")]
    assert [line.split("（")[0] for line in failed] == [
        "× Application.Goto　转到单元格",
        "× Range.Interior.Color　读写底色",
    ]
    assert all("-2147352573" in line or "Error" in line for line in failed)
    assert f"能用 {TRIED - 2} 项，不能用 2 项。" in said.out


def test_a_member_without_effect_does_not_work(zhengdun, excel, monkeypatch):
    excel.open(scratch(), path="")
    monkeypatch.setattr(FakeRange, "Value", None)  # what is written is forgotten
    assert "× Range.Value　读写单元格内容（没有起作用）" in zhengdun("live", "doctor").out


def test_the_scratch_workbook_is_as_blank_as_it_was_and_not_saved(zhengdun, excel):
    book = excel.open(scratch(), path="")
    zhengdun("live", "doctor")
    [sheet] = openpyxl.load_workbook(BytesIO(book.bytes())).worksheets
    cell = sheet["B2"]
    assert (cell.value, cell.comment, cell.number_format) == (None, None, "General")
    assert cell.fill.fill_type is None
    assert not sheet.protection.sheet
    assert all(each.value is None for row in sheet.rows for each in row)
    assert book.backend.selection() == "A1"


@pytest.mark.parametrize("what", ["cell", "note", "read-only"])
def test_a_workbook_that_holds_anything_is_refused_untouched(what, zhengdun, excel):
    book = excel.open(scratch(C3="张三") if what == "cell" else scratch(), path="")
    if what == "note":
        book.backend.set_note("Sheet", "D4", "村里写的")
    book.read_only = what == "read-only"
    said = zhengdun("live", "doctor")
    assert said.code == 3
    assert said.err.strip().endswith("请新建一个空白工作簿，再运行 live doctor。")
    assert excel.edits == []


def test_the_record_can_be_written_to_a_file(zhengdun, excel, tmp_path):
    excel.open(scratch(), path="")
    said = zhengdun("live", "doctor", "-o", tmp_path / "记录.txt")
    assert said.code == 0
    assert "√ Range.AddComment　加批注" in (tmp_path / "记录.txt").read_text("utf-8")


def test_a_workbook_that_a_program_does_not_let_us_blank_is_said_to_be_spoiled(
    zhengdun, excel, monkeypatch
):
    excel.open(scratch(), path="")
    monkeypatch.setattr(doctor, "_UNDO", ())
    assert "这个工作簿没有完全还原，请直接关掉，不要保存。" in zhengdun("live", "doctor").out


def test_a_program_that_is_gone_in_the_end_leaves_the_record(zhengdun, excel, monkeypatch):
    book = excel.open(scratch(), path="")

    def gone(_: object) -> None:
        book.app.busy = True

    monkeypatch.setattr(doctor, "_UNDO", (gone,))
    said = zhengdun("live", "doctor")
    assert said.code == 0
    assert "这个工作簿没有完全还原" in said.out
