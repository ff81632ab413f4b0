"""The disk as it is: full, closed to us, held by others, changing meanwhile, full of noise."""

import contextlib
import errno
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from faults import Fault, finish, run, start, warm_up
from worked import work_folder, write_village

from toolkit.errors import UnreadableError
from toolkit.excel.opened import read_workbook
from toolkit.forms import village

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="the commands run in forked children"
)

AS_OF = ("--as-of", "2022-10-31")
ROLLUP = ("consolidate", "村级工作簿", "-o", "汇总/镇汇总.xlsx", *AS_OF)
NOBODY = 65534


@pytest.fixture(scope="module")
def rolled_up(tmp_path_factory) -> Path:
    """A work folder with a rollup of an earlier day; whoever changes it works on a copy."""
    folder = work_folder(tmp_path_factory.mktemp("青石镇"))
    with contextlib.chdir(folder):
        warm_up((*ROLLUP[:-1], "2022-10-20"))
    return folder


@pytest.fixture
def here(rolled_up, tmp_path) -> Path:
    tmp_path.chmod(0o755)
    return shutil.copytree(rolled_up, tmp_path / "青石镇")


def rollup(folder: Path) -> bytes:
    return (folder / "汇总" / "镇汇总.xlsx").read_bytes()


# -- no room


@contextlib.contextmanager
def small_disk(place: Path, kilobytes: int):
    """Mount a disk of a size; skips the test where that is not allowed."""
    place.mkdir(exist_ok=True)
    size = f"size={kilobytes}k"
    mount = [shutil.which("mount") or "", "-t", "tmpfs", "-o", size, "zhengdun", str(place)]
    if not mount[0] or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield place
    finally:
        subprocess.run([shutil.which("umount") or "", str(place)], check=True)


def test_on_a_full_disk_the_previous_rollup_stays_and_with_room_the_next_run_succeeds(
    here, tmp_path
):
    size = len(rollup(here))
    with small_disk(tmp_path / "小盘", 4 * (size // 1024) + 8) as disk:
        shutil.copytree(here / "汇总", disk / "汇总")
        command = (*ROLLUP[:3], disk / "汇总" / "镇汇总.xlsx", *AS_OF)
        old = rollup(disk)
        filler = disk / "别的文件"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        ended = run(command, here)
        assert ended.code == 2
        assert "磁盘空间不够，没有写成，原有文件没有改动。请清理磁盘后再试。" in ended.said
        assert rollup(disk) == old
        assert [path.name for path in (disk / "汇总").iterdir()] == ["镇汇总.xlsx"]
        filler.unlink()
        assert run(command, here).code == 0
        assert rollup(disk) != old
        assert (disk / "汇总" / "镇汇总.xlsx.bak").read_bytes() == old


def test_a_folder_made_for_a_result_that_found_no_room_is_taken_back(here, tmp_path):
    with small_disk(tmp_path / "小盘", 32) as disk:
        ended = run((*ROLLUP[:3], disk / "汇总" / "2022-10" / "镇汇总.xlsx", *AS_OF), here)
        assert (ended.code, list(disk.iterdir())) == (2, [])


def test_without_room_for_temporary_files_everything_is_written_all_the_same(here, tmp_path):
    with small_disk(tmp_path / "小盘", 4) as disk:
        with contextlib.suppress(OSError), (disk / "满").open("wb", buffering=0) as file:
            while file.write(bytes(512)):
                pass
        ended = run(ROLLUP, here, prepare=lambda: os.environ.update(TMPDIR=str(disk)))
        assert ended.code == 0, ended.said


# -- no entry


def as_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else"
)


@root
@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (0o755, "汇总/镇汇总.xlsx：写不进去，可能正在 Excel、WPS 或 Word 中打开。请先关闭再试。"),
        (0o700, "汇总：这个文件夹写不进去。请换一个文件夹，或检查权限后再试。"),
    ],
)
def test_where_we_may_not_write_the_rollup_stays_and_its_place_is_named(rolled_up, mode, said):
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        here = shutil.copytree(rolled_up, Path(open_to_all) / "青石镇")
        here.chmod(0o755)
        (here / "汇总").chmod(mode)
        old = rollup(here)
        ended = run(ROLLUP, here, prepare=as_nobody)
        assert (ended.code, ended.said) == (2, f"{said}\n")
        assert rollup(here) == old
        assert [path.name for path in (here / "汇总").iterdir()] == ["镇汇总.xlsx"]


@pytest.mark.parametrize("winerror", [5, 32, 33])
@pytest.mark.parametrize(("times", "code"), [(3, 0), (99, 2)])
def test_a_rollup_that_windows_holds_is_waited_for_then_left(here, winerror, times, code):
    old = rollup(here)

    fault = Fault(0, errno.EACCES, times, "replace", winerror)
    ended = run(ROLLUP, here, fault, prepare=lambda: setattr(time, "sleep", lambda _: None))
    assert ended.code == code, ended.said
    assert (rollup(here) == old) is (code == 2)
    if code:
        assert (
            "镇汇总.xlsx：写不进去，可能正在 Excel、WPS 或 Word 中打开。请先关闭再试。"
            in ended.said
        )
        assert run(ROLLUP, here).code == 0


CHATTR = shutil.which("chattr") or ""


@pytest.mark.skipif(not CHATTR, reason="files cannot be made immutable here")
def test_a_rollup_that_may_not_be_changed_stays(here):
    target, old = here / "汇总" / "镇汇总.xlsx", rollup(here)
    if subprocess.run([CHATTR, "+i", target], capture_output=True, check=False).returncode:
        pytest.skip("files cannot be made immutable here")
    try:
        ended = run(ROLLUP, here)
    finally:
        subprocess.run([CHATTR, "-i", target], check=True)
    assert (ended.code, rollup(here)) == (2, old)
    assert "写不进去" in ended.said
    assert [path.name for path in (here / "汇总").iterdir()] == ["镇汇总.xlsx"]


def test_of_a_rollup_that_seems_to_be_open_it_is_said_how_to_see_the_new_one(here):
    (here / "汇总" / "~$镇汇总.xlsx").write_bytes(b"")
    ended = run(ROLLUP, here)
    assert ended.code == 0
    assert "它可能正被打开，请关闭后再打开，看到的才是新的" in ended.said


# -- no place for a file


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.mkdir, "这是文件夹，不能当作结果文件。"),
        (os.mkfifo, "这是链接或设备，不能当作结果文件。"),
        (lambda path: path.symlink_to("没有.xlsx"), "这是链接或设备，不能当作结果文件。"),
        (lambda path: path.symlink_to(path.name), "这是链接或设备，不能当作结果文件。"),
    ],
)
@pytest.mark.parametrize(
    "words",
    [
        ("consolidate", "村级工作簿", "-o"),
        ("check", "村级工作簿", "-o"),
        ("fields", "-o"),
        ("rules", "-o"),
    ],
)
def test_what_is_no_file_is_no_result(here, make, said, words):
    target = here / ("结果.docx" if words[0] == "rules" else "结果.xlsx")
    make(target)
    ended = run((*words, target.name), here)
    assert (ended.code, said in ended.said) == (2, True), ended.said


# -- several at once


def test_of_three_months_made_at_once_everything_that_is_left_is_of_one_of_them(here):
    months = [("month", "2022-10", "--as-of", f"2022-10-{day}") for day in range(28, 31)]
    kept = ("镇汇总.xlsx", "核对结果.xlsx", "回传件/0203-上河村-2022.xlsx")

    def results(folder: Path) -> tuple[bytes, ...]:
        return tuple((folder / "汇总" / "2022-10" / name).read_bytes() for name in kept)

    alone = set()
    for words in months:
        assert run(words, here).code == 1
        alone.add(results(here))
    assert len(alone) == 3
    ends = [finish(begun) for begun in [start(words, here) for words in months]]
    # Each has waited for the one before, the last perhaps in vain.
    assert [each for each in ends if each.code != 1 and "正在写这里" not in each.said] == []
    assert results(here) in alone
    assert not list(here.rglob(".zhengdun*"))


# -- a source that changes while it is read


@pytest.fixture(scope="module")
def versions(tmp_path_factory) -> tuple[bytes, bytes]:
    """Two versions of a village's workbook."""
    path = tmp_path_factory.mktemp("版本") / "0205.xlsx"
    made = []
    for code in ("0205", "0299"):
        write_village(path, code=code, village="柳湾村", year=2022)
        made.append(path.read_bytes())
    return made[0], made[1]


def slowly(path: Path) -> bytes:
    """Read as from a slow share: in eight pieces."""
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        pieces = []
        while piece := file.read(size // 8 + 1):
            pieces.append(piece)
            time.sleep(0.0002)
    return b"".join(pieces)


def in_place(path: Path, data: bytes) -> None:
    with path.open("r+b", buffering=0) as file:
        for start in range(0, len(data), 4096):
            file.write(data[start : start + 4096])
        file.truncate(len(data))


def by_replace(path: Path, data: bytes) -> None:
    fresh = path.with_name("新")
    fresh.write_bytes(data)
    fresh.replace(path)


@contextlib.contextmanager
def rewriting(path: Path, versions, way, pauses: float):
    """Have a workbook rewritten again and again by a program beside us."""
    child = os.fork()
    if child == 0:
        draw = random.Random(5)  # noqa: S311 -- no secret
        while True:
            for data in versions:
                way(path, data)
                time.sleep(draw.random() * pauses)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@pytest.mark.parametrize("way", [in_place, by_replace])
def test_of_a_workbook_that_is_being_rewritten_no_mixture_is_read(
    versions, way, tmp_path, monkeypatch
):
    path = tmp_path / "0205.xlsx"
    path.write_bytes(versions[0])
    codes = Counter()
    monkeypatch.setattr(Path, "read_bytes", slowly)
    with rewriting(path, versions, way, 0.02):
        for _ in range(TRIALS):
            try:
                book = read_workbook(path, (village.FORM,))
            except UnreadableError as refused:
                codes[refused.reason[:8]] += 1
            else:
                codes[village.village_code(book)] += 1
                assert book.facts.sha256 in [sha256(each).hexdigest() for each in versions]
    assert codes.keys() <= {"0205", "0299", "文件正在被修改，"}, codes
    assert codes["0205"]
    assert codes["0299"]


TRIALS = 100


def test_a_workbook_that_is_being_changed_is_named_and_the_others_go_on(here):
    book = here / "村级工作簿" / "0205-柳湾村-2022.xlsx"

    def changing() -> None:
        real = Path.read_bytes

        def read(path: Path) -> bytes:
            data = real(path)
            if path.name == book.name:
                os.utime(path, ns=(0, next(moments)))
            return data

        moments = iter(range(1, 99))
        Path.read_bytes = read

    ended = run(ROLLUP, here, prepare=changing)
    assert ended.code == 4
    assert "柳湾村：文件正在被修改，请稍后再试。" in ended.said
    assert "汇总 2 个村" in ended.said


# -- noise


NOISE = {
    "~$0203-上河村-2022.xlsx": "Excel 或 WPS 的锁文件",
    ".DS_Store": "隐藏文件",
    "Thumbs.db": "Windows 的缩略图缓存",
    "desktop.ini": "Windows 的文件夹设置",
    "A1B2.tmp": "临时文件",
    "悬空.xlsx": "链接指向的文件找不到",
    "管道.xlsx": "不是普通文件",
    "文件夹.xlsx": "是文件夹，不是工作簿",
    "自己": "链接指向的文件找不到",
}


def test_whatever_lies_among_the_workbooks_each_thing_is_told_and_nothing_hangs(here):
    books = here / "村级工作簿"
    for name in list(NOISE)[:5]:
        (books / name).touch()
    (books / "悬空.xlsx").symlink_to("没有.xlsx")
    (books / "自己").symlink_to("自己")
    (books / "回头").symlink_to("..")
    os.mkfifo(books / "管道.xlsx")
    (books / "文件夹.xlsx").mkdir()
    (books / "零字节.xlsx").touch()
    old_bytes = os.fsencode(books) + b"/" + "新村".encode("gbk") + b".xlsx"
    Path(os.fsdecode(old_bytes)).touch()
    for number in range(2000):
        (books / f"照片{number:04}.jpg").touch()
    ended = run(ROLLUP, here)
    assert ended.code == 3, ended.said  # every village of the roster is there
    sheet = openpyxl.load_workbook(here / "汇总" / "镇汇总.xlsx")["数据来源"]
    told = [[str(cell) for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
    for name, reason in {**NOISE, "零字节.xlsx": "空文件"}.items():
        assert [reason in " ".join(row) for row in told if name in row] == [True], name
    assert sum("照片" in " ".join(row) for row in told) == 2000
    assert [row for row in told if any("\ufffd" in cell or "\\x" in cell for cell in row)]
    assert "已跳过" in ended.said


@pytest.mark.parametrize("name", ["管道.xlsx", "管道"])
def test_a_pipe_named_by_hand_is_not_waited_for(here, name):
    os.mkfifo(here / name)
    ended = run(("consolidate", name, "村级工作簿", "-o", "汇总/镇汇总.xlsx"), here)
    assert f"已跳过 {name}：不是普通文件。" in ended.said
