"""A work folder made: what lies in it, and that nothing which stands there is touched."""

import errno
import os
from pathlib import Path

import docx
import openpyxl
import pytest

from toolkit.errors import OutputError
from toolkit.excel.opened import read_workbook
from toolkit.forms import township
from toolkit.word.sorts import SORTS
from toolkit.workfolder import kit
from toolkit.workfolder.places import find

MADE = sorted(
    [
        *("使用说明.txt", "镇级工作簿.xlsx", "公文", "村级工作簿", "汇总", "文稿模板"),
        *(f"文稿模板/{sort.name}.docx" for sort in SORTS),
        *("发放.cmd", "核对.cmd", "月度汇总.cmd", "生成方案.cmd", "征求意见稿.cmd"),
        *("边填边核对.cmd", "标出问题.cmd", "下一处.cmd", "清除标记.cmd"),
        *("发放.sh", "核对.sh", "月度汇总.sh", "生成方案.sh", "征求意见稿.sh", "边填边核对.sh"),
    ]
)

LIVE = ("边填边核对.cmd", "标出问题.cmd", "下一处.cmd", "清除标记.cmd")


def held(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def state(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_new_folder_holds_what_a_township_needs_and_is_a_work_folder(tmp_path):
    folder = tmp_path / "上级" / "青石镇"
    (written,) = kit.make(folder).written
    assert held(folder) == MADE
    assert written.path == folder
    assert written.notes[0].startswith(f"新建 {len(MADE)} 项：")
    assert written.notes[1].startswith("下一步：打开里面的“镇级工作簿.xlsx”")
    assert find(folder) is not None


def test_the_township_workbook_is_blank_but_for_the_national_types_and_the_year(tmp_path):
    kit.make(tmp_path, 2022)
    book = read_workbook(tmp_path / "镇级工作簿.xlsx", (township.FORM,))
    assert [row.code for row in book.rows(township.TypeCode)][:2] == ["R01", "R02"]
    (settings,) = book.rows(township.Settings)
    assert settings.year == 2022
    assert book.identity.line() == f"township-workbook/{township.FORM.version}//2022"
    assert book.rows(township.Village) == ()


def test_without_a_year_none_is_written(tmp_path):
    kit.make(tmp_path)
    book = read_workbook(tmp_path / "镇级工作簿.xlsx", (township.FORM,))
    assert [row.year for row in book.rows(township.Settings)] in ([], [None])
    assert book.identity.year == ""


def test_the_wording_can_be_edited_in_word(tmp_path):
    kit.make(tmp_path)
    texts = [p.text for p in docx.Document(str(tmp_path / "文稿模板" / "整顿方案.docx")).paragraphs]
    assert any("【乡镇】" in text for text in texts)


def test_the_instructions_open_in_an_old_editor_and_name_what_is_there(tmp_path):
    kit.make(tmp_path)
    data = (tmp_path / "使用说明.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n") == 17
    text = data.decode("utf-8-sig")
    named = {*("镇级工作簿.xlsx", "村级工作簿", "汇总", "公文", "文稿模板"), "发放.cmd", "核对.cmd"}
    told = ("“公文要素”", "plan --issued", "minutes", "summary", "verify", "--redact", "--pdf")
    assert all(word in text for word in told)
    assert all(
        f"“{name}”" in text
        for name in {*named, "月度汇总.cmd", "生成方案.cmd", "征求意见稿.cmd", *LIVE}
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no executable files")
def test_the_shell_twins_can_be_run_and_nothing_else(tmp_path):
    kit.make(tmp_path)
    runnable = {path.name for path in tmp_path.iterdir() if path.is_file() and os.access(path, 1)}
    assert runnable == {
        *("发放.sh", "核对.sh", "边填边核对.sh", "月度汇总.sh", "生成方案.sh", "征求意见稿.sh")
    }


def test_made_twice_nothing_changes_and_it_is_said(tmp_path):
    kit.make(tmp_path)
    before = state(tmp_path)
    (written,) = kit.make(tmp_path, 2023).written
    assert state(tmp_path) == before
    assert held(tmp_path) == MADE
    assert written.notes[0].startswith(f"已有的保留原样，{len(MADE)} 项：")
    assert written.notes[1:] == ("下一步：在里面运行 zhengdun，看做到哪一步了。",)


def test_what_people_have_changed_is_kept_and_what_is_missing_is_added(tmp_path):
    kit.make(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "镇级工作簿.xlsx")
    book["镇情"]["B5"] = "青石镇"
    book.save(tmp_path / "镇级工作簿.xlsx")
    (tmp_path / "使用说明.txt").write_text("我们自己的", "utf-8")
    for gone in ("核对.cmd", "核对.sh"):
        (tmp_path / gone).unlink()
    (tmp_path / "公文").rmdir()
    before = state(tmp_path)
    (written,) = kit.make(tmp_path).written
    assert written.notes[0] == "新建 3 项：公文、核对.cmd、核对.sh。"
    assert {path: told for path, told in state(tmp_path).items() if path in before} == before
    assert held(tmp_path) == MADE


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "文件").touch()
    with pytest.raises(OutputError, match="文件：这是文件，不是文件夹"):
        kit.make(tmp_path / "文件")
    with pytest.raises(OutputError, match=r"文件名或路径太长，没有写成。请换一个短一些的名字。$"):
        kit.make(tmp_path / ("长" * 200))
    assert held(tmp_path) == ["文件"]


def test_a_folder_that_the_disk_does_not_take_is_said(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    with pytest.raises(OutputError, match=r"文件夹建不了。请检查磁盘和权限，或换一个地方。$"):
        kit.make(tmp_path / "青石镇")
    assert held(tmp_path) == []


def test_a_link_is_kept_as_it_is(tmp_path):
    (tmp_path / "使用说明.txt").symlink_to(tmp_path / "没有")
    kit.make(tmp_path)
    assert (tmp_path / "使用说明.txt").is_symlink()
    assert not (tmp_path / "没有").exists()
