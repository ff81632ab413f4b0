"""Folders: which files are taken for workbooks, and why others are passed over."""

import os
from pathlib import Path

import pytest

from toolkit.excel.folder import WORKBOOK_SUFFIXES, Skipped, find_workbooks, skip_reason


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = Path("村级工作簿")
    made.mkdir()
    return made


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"PK")


def found(*paths: Path) -> list[str]:
    return [path.as_posix() for path in find_workbooks(paths).files]


def reasons(*paths: Path) -> dict[str, str]:
    return {each.path.as_posix(): each.reason for each in find_workbooks(paths).skipped}


def test_workbooks_are_found_at_any_depth_in_order_of_name(folder):
    put(folder, "0203.xlsx", "0201.XLSX", "甲片/0202.xlsm", "0204.xls", "0205.et", "0206.ods")
    assert found(folder) == [
        "村级工作簿/0201.XLSX",
        "村级工作簿/0203.xlsx",
        "村级工作簿/0204.xls",
        "村级工作簿/0205.et",
        "村级工作簿/0206.ods",
        "村级工作簿/甲片/0202.xlsm",
    ]
    assert reasons(folder) == {}


LOCKED = "原文件可能正被打开，请关闭后重新报送"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("~$0203.xlsx", f"Excel 或 WPS 的锁文件，{LOCKED}"),
        (".~0203.xlsx", f"WPS 的锁文件，{LOCKED}"),
        (".~lock.0203.xlsx#", f"LibreOffice 的锁文件，{LOCKED}"),
        ("~wrd0001.xlsx", "办公软件的临时文件，不是报送的工作簿"),
        ("._0203.xlsx", "苹果电脑附带的说明文件，不是工作簿"),
        (".0203.xlsx", "隐藏文件，不是报送的工作簿"),
        (".zhengdun-x.tmp", "隐藏文件，不是报送的工作簿"),
        ("0203.xlsx.tmp", "临时文件，不是报送的工作簿"),
        ("0203.xlsx.bak", "备份文件，不是报送的工作簿"),
        ("0203.xlsx.crdownload", "没有下载完的文件，请重新下载"),
        ("Thumbs.db", "Windows 的缩略图缓存"),
        ("方案.docx", "不是表格文件"),
        ("说明", "不是表格文件"),
    ],
)
def test_a_file_passed_over_is_named_with_the_reason(folder, name, reason):
    put(folder, "0203.xlsx", name)
    assert found(folder) == ["村级工作簿/0203.xlsx"]
    assert reasons(folder) == {f"村级工作簿/{name}": reason}


def test_a_file_named_by_hand_is_read_whatever_it_is(folder):
    put(folder, "方案.docx", "数据.csv")
    files = [folder / "方案.docx", folder / "数据.csv", folder / "没有.xlsx"]
    assert find_workbooks(files).files == tuple(files)  # what they are, reading will say


def test_a_lock_file_named_by_hand_is_passed_over_all_the_same(folder):
    put(folder, "~$0203.xlsx")
    assert find_workbooks([folder / "~$0203.xlsx"]).files == ()
    assert list(reasons(folder / "~$0203.xlsx")) == ["村级工作簿/~$0203.xlsx"]


@pytest.mark.parametrize(
    "again",
    [
        "村级工作簿/0203.xlsx",
        "./村级工作簿/0203.xlsx",
        "村级工作簿/../村级工作簿/0203.xlsx",
        "村级工作簿",
    ],
)
def test_a_file_given_twice_is_read_once(folder, again):
    put(folder, "0203.xlsx")
    assert found(folder / "0203.xlsx", Path(again)) == ["村级工作簿/0203.xlsx"]


def test_a_file_given_twice_as_it_stands_needs_no_word(folder):
    put(folder, "0203.xlsx", "~$0203.xlsx")
    absolute = Path.cwd() / folder / "0203.xlsx"
    assert reasons(folder / "0203.xlsx", absolute) == {}
    assert list(reasons(folder, folder)) == ["村级工作簿/~$0203.xlsx"]


def test_a_folder_given_twice_is_looked_through_once(folder):
    put(folder, "0203.xlsx", "说明.txt")
    twice = find_workbooks([folder, folder, Path.cwd()])
    assert twice.files == (folder / "0203.xlsx",)
    assert twice.skipped == (Skipped(folder / "说明.txt", "不是表格文件"),)


def test_a_link_to_a_file_already_found_is_said_to_be_the_same(folder):
    put(folder, "0203.xlsx")
    (folder / "0204.xlsx").symlink_to(Path("0203.xlsx"))
    assert found(folder) == ["村级工作簿/0203.xlsx"]
    assert reasons(folder) == {"村级工作簿/0204.xlsx": "与“村级工作簿/0203.xlsx”是同一个文件"}


def test_a_link_to_a_file_elsewhere_is_read(folder, tmp_path):
    put(tmp_path, "别处/0203.xlsx")
    (folder / "0203.xlsx").symlink_to(tmp_path / "别处" / "0203.xlsx")
    assert found(folder) == ["村级工作簿/0203.xlsx"]


def test_a_link_that_leads_nowhere_is_named(folder):
    (folder / "0203.xlsx").symlink_to("没有.xlsx")
    assert found(folder) == []
    assert reasons(folder) == {"村级工作簿/0203.xlsx": "链接指向的文件找不到"}


def test_links_that_lead_back_up_do_no_harm(folder):
    put(folder, "甲片/0203.xlsx", "乙片/0204.xlsx")
    (folder / "甲片" / "上").symlink_to("..")
    (folder / "甲片" / "自").symlink_to("自")
    (folder / "乙片" / "甲").symlink_to("../甲片")
    assert found(folder) == ["村级工作簿/乙片/0204.xlsx", "村级工作簿/乙片/甲/0203.xlsx"]
    assert reasons(folder) == {"村级工作簿/乙片/甲/自": "链接指向的文件找不到"}


def test_a_folder_named_like_a_workbook_is_named_and_not_looked_through(folder):
    put(folder, "0203.xlsx/xl/workbook.xml", "0204.xlsx")
    assert found(folder) == ["村级工作簿/0204.xlsx"]
    assert reasons(folder) == {"村级工作簿/0203.xlsx": "是文件夹，不是工作簿"}


def test_a_hidden_folder_is_named_and_not_looked_through(folder):
    put(folder, ".旧版/0203.xlsx")
    assert found(folder) == []
    assert reasons(folder) == {"村级工作簿/.旧版": "隐藏文件夹，没有查看"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_what_is_no_file_at_all_is_named(folder):
    os.mkfifo(folder / "0203.xlsx")
    assert found(folder) == []
    assert reasons(folder) == {"村级工作簿/0203.xlsx": "不是普通文件"}


def test_a_folder_that_may_not_be_opened_is_named_and_the_rest_is_read(folder, monkeypatch):
    put(folder, "0203.xlsx", "甲片/0204.xlsx")
    listed = Path.iterdir

    def iterdir(path):
        if path.name == "甲片":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    assert found(folder) == ["村级工作簿/0203.xlsx"]
    assert reasons(folder) == {"村级工作簿/甲片": "没有权限，文件夹打不开"}


def test_what_the_disk_does_not_tell_of_is_named_or_read_to_learn_why(folder, monkeypatch):
    put(folder, "0203.xlsx", "照片.jpg", "0204.xlsx")
    real = Path.is_file

    def is_file(path):
        if path.name in {"0204.xlsx", "照片.jpg"}:
            raise OSError(5, "Input/output error")
        return real(path)

    monkeypatch.setattr(Path, "is_file", is_file)
    assert found(folder) == ["村级工作簿/0203.xlsx", "村级工作簿/0204.xlsx"]
    assert reasons(folder) == {"村级工作簿/照片.jpg": "读不出来（代码 5）"}


def test_a_folder_that_the_disk_does_not_give_is_named(folder, monkeypatch):
    put(folder, "0203.xlsx")

    def broken(_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "iterdir", broken)
    assert reasons(folder) == {"村级工作簿": "文件夹打不开（代码 5）"}


def test_what_a_killed_run_has_left_there_was_handed_in_by_nobody(folder):
    put(folder, "0203.xlsx", ".zhengdun.lock", ".zhengdun-k3v_9x2a.tmp")
    assert found(folder) == ["村级工作簿/0203.xlsx"]
    assert reasons(folder) == {}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
def test_a_pipe_named_by_hand_is_passed_over(folder):
    os.mkfifo(folder / "0203.xlsx")
    assert found(folder / "0203.xlsx") == []
    assert reasons(folder / "0203.xlsx") == {"村级工作簿/0203.xlsx": "不是普通文件"}


def test_names_in_old_bytes_are_found(folder):
    name = "村".encode("gbk")
    Path(os.fsdecode(os.fsencode(folder) + b"/" + name + b".xlsx")).write_bytes(b"PK")
    assert [os.fsencode(path.name) for path in find_workbooks([folder]).files] == [name + b".xlsx"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("0203.xlsx", ""),
        ("~WRL0001.xlsx", "办公软件的临时文件，不是报送的工作簿"),
        (".DS_Store", "隐藏文件，不是报送的工作簿"),
        ("A1B2.TMP", "临时文件，不是报送的工作簿"),
        ("0203.xlsx.part", "没有下载完的文件，请重新下载"),
        ("0203.xlsx#", "锁文件，不是报送的工作簿"),
        ("Desktop.ini", "Windows 的文件夹设置"),
        ("~$不在.xlsx", f"Excel 或 WPS 的锁文件，{LOCKED}"),
    ],
)
def test_a_name_alone_is_reason_enough(name, reason):
    assert skip_reason(Path("村级工作簿") / name) == reason


def test_the_suffixes_of_workbooks_are_lower_case():
    assert {".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb"} == WORKBOOK_SUFFIXES


# -- who has the workbook open


def lock(ansi: bytes, name: str = "", at: int = 55) -> bytes:
    """A lock file as Excel (at 55), Word and some builds of WPS (at 54) write it."""
    head = (bytes([len(ansi)]) + ansi).ljust(at, b" ")
    return head + len(name).to_bytes(2, "little") + name.ljust(54).encode("utf-16-le")


BY_ZHANG = "原文件可能正被 张三 打开，请关闭后重新报送"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("~$0203.xlsx", lock("张三".encode("gbk"), "张三"), f"Excel 或 WPS 的锁文件，{BY_ZHANG}"),
        ("~$0203.xlsx", lock(b"????", "张三", 54), f"Excel 或 WPS 的锁文件，{BY_ZHANG}"),
        ("~$0203.xlsx", b"\4" + "张三".encode("gbk"), f"Excel 或 WPS 的锁文件，{BY_ZHANG}"),
        (".~0203.xlsx", lock("张三".encode("gbk"), "张三"), f"WPS 的锁文件，{BY_ZHANG}"),
        (
            ".~lock.0203.xlsx#",
            "张三,zs,PC-01,20.04.2022 08:30,file:///C:/;".encode(),
            f"LibreOffice 的锁文件，{BY_ZHANG}",
        ),
        (
            ".~lock.0203.xlsx#",
            ",张三,PC-01,20.04.2022 08:30,file:///C:/;".encode(),
            f"LibreOffice 的锁文件，{BY_ZHANG}",
        ),
        (
            ".~lock.0203.xlsx#",
            "张三\\, 村文书,zs,PC-01,;".encode(),
            "LibreOffice 的锁文件，原文件可能正被 张三, 村文书 打开，请关闭后重新报送",
        ),
        ("~$0203.xlsx", b"", f"Excel 或 WPS 的锁文件，{LOCKED}"),
        ("~$0203.xlsx", bytes(165), f"Excel 或 WPS 的锁文件，{LOCKED}"),
        ("~$0203.xlsx", b"x" * 165, f"Excel 或 WPS 的锁文件，{LOCKED}"),
        ("~$0203.xlsx", lock(b"\1\2", "\1\2"), f"Excel 或 WPS 的锁文件，{LOCKED}"),
        (".~lock.0203.xlsx#", b",,;", f"LibreOffice 的锁文件，{LOCKED}"),
    ],
)
def test_a_lock_file_tells_who_has_the_workbook_open(folder, name, content, reason):
    (folder / name).write_bytes(content)
    assert reasons(folder) == {f"村级工作簿/{name}": reason}


def test_a_lock_file_that_may_not_be_read_is_passed_over_without_a_name(folder, monkeypatch):
    def withheld(*_):
        raise PermissionError

    (folder / "~$0203.xlsx").write_bytes(lock(b"", "张三"))
    monkeypatch.setattr(Path, "open", withheld)
    assert reasons(folder) == {"村级工作簿/~$0203.xlsx": f"Excel 或 WPS 的锁文件，{LOCKED}"}
