"""The watch: one calm line a save, the report beside, nothing left behind."""

import datetime as dt
import os
import random
import signal
import time
from pathlib import Path

import openpyxl
import pytest
from savers import SAVERS
from worked import write, write_village

from toolkit import flow, outputs
from toolkit.demo import DAY, example_township
from toolkit.errors import OutputError, UnreadableError, UsageError
from toolkit.watching import rounds
from toolkit.watching.folder import GONE, PATIENCE
from toolkit.watching.rounds import Days, Pace, Rounds, Voice, watch

LIUWAN, SHANGHE = "0205-柳湾村-2022.xlsx", "0203-上河村-2022.xlsx"
CLOCK = 1_667_196_202  # 2022-10-31 14:03:22 in Beijing


@pytest.fixture(autouse=True)
def _beijing(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class Desk:
    """A watch that is polled by hand, and what it says."""

    def __init__(self, work: Path, paths=None, days=None):
        self.told, self.said, self.noted, self.rung = [], [], [], 0
        self.work, self.books = work, work / "村级工作簿"
        self.report = work / "核对结果.xlsx"
        voice = Voice(self.told.append, self.said.append, self.noted.append, self.ring)
        days = days or Days(DAY, lambda: DAY)
        self.rounds = Rounds(paths or [self.books], self.report, days, voice)

    def ring(self):
        self.rung += 1

    def start(self):
        self.slept = []
        self.rounds.start(self.slept.append)
        return self

    def look(self, times=2):
        """Poll; return what was told and what was said as a trouble in the meantime."""
        told, said = len(self.told), len(self.said)
        for _ in range(times):
            self.rounds.look()
        return self.told[told:], self.said[said:]


@pytest.fixture
def desk(work):
    return Desk(work).start()


def fill(path: Path, sheet: str, cells: dict[str, object]) -> None:
    """Change cells as a person does, at a known time."""
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)
    os.utime(path, (CLOCK + 0.5, CLOCK + 0.5))


def column(path: Path, sheet: str, header: str) -> tuple[str, int]:
    """Return the letter of a column and its first row of content."""
    for row in openpyxl.load_workbook(path)[sheet].iter_rows(max_row=6):
        for cell in row:
            if str(cell.value).startswith(header):
                return cell.column_letter, cell.row + 1
    raise AssertionError(header)


def rows_of(path: Path) -> list[str]:
    book = openpyxl.load_workbook(path)
    return [" ".join(str(v) for v in r if v is not None) for s in book for r in s.values]


def test_the_start_says_what_is_watched_and_writes_the_report(desk):
    assert desk.noted == [
        (
            f"正在看 {desk.books}：3 个工作簿，必改 16 条、提醒 31 条、提示 61 条。"
            "保存后自动核对，按 Ctrl+C 结束。"
        ),
        f"核对结果在 {desk.report}，每次保存后更新。",
    ]
    assert flow.check([desk.books], DAY).exit_code() == 1
    assert desk.report.is_file()
    assert (desk.told, desk.said, desk.slept) == ([], [], [])


def test_a_new_fault_is_told_in_a_line_and_listed_and_its_mending_as_well(desk):
    path = desk.books / LIUWAN
    letter, row = column(path, "整改措施", "完成时限")
    was = openpyxl.load_workbook(path)["整改措施"][f"{letter}{row}"].value
    fill(path, "整改措施", {f"{letter}{row}": "9月分前"})
    told, said = desk.look()
    assert told[0].startswith(f"14:03:22 {LIUWAN}：新出 1 条，还有必改 1 条")
    assert told[1].startswith(f"  【必改】{LIUWAN} › 整改措施 › {letter}{row}（完成时限）：")
    assert len(told) == 2
    assert said == []
    assert desk.rung == 1
    assert any("9月分前" in line for line in rows_of(desk.report))
    fill(path, "整改措施", {f"{letter}{row}": was})
    told, _ = desk.look()
    assert told == [f"14:03:22 {LIUWAN}：改好 1 条，没有问题了。"]
    assert desk.rung == 1
    assert not any("9月分前" in line for line in rows_of(desk.report))


def test_a_save_that_changes_no_finding_is_told_with_what_is_left(desk):
    fill(desk.books / SHANGHE, "整改措施", {"L4": "年度计划已备案，逐月落实"})
    told, _ = desk.look()
    assert len(told) == 1
    assert told[0].startswith(f"14:03:22 {SHANGHE}：还有必改 ")


def test_a_save_that_changes_no_byte_says_nothing(desk):
    for path in desk.books.iterdir():
        os.utime(path, (CLOCK + 0.5, CLOCK + 0.5))
    before = desk.report.read_bytes()
    assert desk.look(20) == ([], [])
    assert desk.report.read_bytes() == before


def test_the_reports_own_writing_starts_nothing(work):
    desk = Desk(work, [work / "村级工作簿"])
    desk.report = desk.books / "核对结果.xlsx"
    desk.rounds = Rounds(
        [desk.books],
        desk.report,
        Days(DAY, lambda: DAY),
        Voice(desk.told.append, desk.said.append, desk.noted.append, desk.ring),
    )
    desk.start()
    assert desk.report.is_file()
    assert desk.look(20) == ([], [])
    fill(desk.books / LIUWAN, "整改措施", {"L4": "年度计划已备案，逐月落实"})
    told, _ = desk.look(20)
    assert len(told) == 1


def test_a_new_file_a_copy_of_another_is_told_and_what_it_does_to_the_other(desk):
    copy = desk.books / "复件.xlsx"
    copy.write_bytes((desk.books / LIUWAN).read_bytes())
    os.utime(copy, (CLOCK + 0.5, CLOCK + 0.5))
    told, _ = desk.look()
    assert told[0] == "14:03:22 复件.xlsx：新增的工作簿，必改 1 条。"
    assert told[1].startswith(f"  【必改】复件.xlsx：与 {LIUWAN} 完全相同。")
    copy.rename(desk.books / "0101.xlsx")  # the later of two names is the one objected to
    told, _ = desk.look()
    assert told == [
        "复件.xlsx 改名为 0101.xlsx。",
        "  同时，0101.xlsx：改好 1 条，没有问题了。",
        f"  同时，{LIUWAN}：新出 1 条，还有必改 1 条。",
        told[3],
    ]
    (desk.books / "0101.xlsx").unlink()
    told, _ = desk.look(GONE)
    assert told == [
        "0101.xlsx：已经不在这里，核对结果不再列出它。",
        f"  同时，{LIUWAN}：改好 1 条，没有问题了。",
    ]


def test_a_renamed_workbook_is_told_once_and_the_report_follows(desk):
    (desk.books / LIUWAN).rename(desk.books / "柳湾.xlsx")
    assert desk.look(20) == ([f"{LIUWAN} 改名为 柳湾.xlsx。"], [])
    text = "\n".join(rows_of(desk.report))
    assert "柳湾.xlsx" in text
    assert LIUWAN not in text


def test_a_deleted_workbook_is_told_once_and_its_village_is_missed(desk):
    (desk.books / LIUWAN).unlink()
    told, _ = desk.look(20)
    assert told[0] == f"{LIUWAN}：已经不在这里，核对结果不再列出它。"
    assert told[1].startswith("  同时，镇级工作簿.xlsx：新出 1 条，")
    assert len(told) == 2


def test_what_cannot_be_read_is_said_once_and_when_it_can_be_read(desk):
    path, good = desk.books / LIUWAN, (desk.books / LIUWAN).read_bytes()
    path.write_bytes(b"rubbish")
    os.utime(path, (CLOCK + 0.5, CLOCK + 0.5))
    told, said = desk.look(3 * PATIENCE)
    assert len(said) == 1
    assert said[0].startswith(f"14:03:22 {LIUWAN}：")
    path.write_bytes(good)
    os.utime(path, (CLOCK + 1.5, CLOCK + 1.5))
    told, said = desk.look(5)
    assert told[0] == f"14:03:23 {LIUWAN}：现在能读了，没有发现问题。"
    assert said == []


def test_what_cannot_be_read_at_the_start_is_said_then_and_once(work):
    (work / "村级工作簿" / LIUWAN).write_bytes(b"rubbish")
    desk = Desk(work).start()
    assert desk.slept == [0.5]
    assert [line.startswith(f"{LIUWAN}：") for line in desk.said] == [True]
    assert desk.look(3 * PATIENCE) == ([], [])


def test_a_file_somebody_keeps_for_himself_is_said_once(desk, monkeypatch):
    path = desk.books / LIUWAN
    path.write_bytes(b"other")
    os.utime(path, (CLOCK + 0.5, CLOCK + 0.5))
    read = Path.read_bytes

    def read_bytes(self):
        if self == path:
            raise PermissionError(13, "in use", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    monkeypatch.setattr("toolkit.excel.opened.time.sleep", lambda _: None)
    _, said = desk.look(5 * PATIENCE)
    assert said == [
        f"14:03:22 {LIUWAN}：文件打不开，可能正被占用或没有读取权限。请先关闭打开它的程序再试。"
    ]


def test_the_township_workbook_changes_what_all_are_judged_by(desk):
    write(desk.work / "镇级工作簿.xlsx", example_township().township, due_soon="过几天")
    os.utime(desk.work / "镇级工作簿.xlsx", (CLOCK + 0.5, CLOCK + 0.5))
    told, _ = desk.look()
    assert told[0].startswith("14:03:22 镇级工作簿.xlsx：新出 1 条，还有必改 1 条")
    assert "临期提醒天数" in told[1]


def test_a_faultless_township_workbook_beside_a_single_file_is_told_all_the_same(work):
    one = work / "村级工作簿" / LIUWAN
    desk = Desk(work, [one]).start()
    assert desk.noted[0].startswith(f"正在看 {one}：1 个工作簿，没有发现问题。")
    write(work / "镇级工作簿.xlsx", example_township().township, due_soon=20)
    os.utime(work / "镇级工作簿.xlsx", (CLOCK + 0.5, CLOCK + 0.5))
    told, _ = desk.look()
    assert told == ["14:03:22 镇级工作簿.xlsx：各村按它现在的参数和名册重新核对。"]
    (work / "村级工作簿" / SHANGHE).unlink()
    assert desk.look(10) == ([], [])


def test_two_township_workbooks_are_said_once_and_do_not_end_the_watch(tmp_path, work):
    place = tmp_path / "散件"
    place.mkdir()
    (work / "村级工作簿" / LIUWAN).rename(place / LIUWAN)
    for name in ("镇甲.xlsx", "镇乙.xlsx"):
        write(place / name, example_township().township)
    desk = Desk(work, [place]).start()
    # in a work folder its own township workbook is used; the two are copies gone astray
    assert len(desk.said) == 2
    for name in ("村级工作簿", "镇级工作簿.xlsx"):
        (work / name).rename(work / f"旧{name}")
    (place / LIUWAN).write_bytes((work / "旧村级工作簿" / SHANGHE).read_bytes())
    _, said = desk.look(5)
    assert [line.startswith("找到两个镇级工作簿：") for line in said] == [True]
    (place / LIUWAN).write_bytes((work / "旧村级工作簿" / "0207-石桥村-2022.xlsx").read_bytes())
    assert desk.look(5) == ([], [])
    (place / "镇乙.xlsx").unlink()
    told, said = desk.look(10)
    assert said == []
    assert any(f" {LIUWAN}：" in line for line in told)


def test_trouble_with_the_disk_in_a_check_is_said_and_the_save_told_later(desk, monkeypatch):
    check = flow.check

    def broken(*_, **__):
        raise OSError(5, "no answer")

    with monkeypatch.context() as patch:
        patch.setattr(rounds.flow, "check", broken)
        fill(desk.books / LIUWAN, "整改措施", {"L4": "年度计划已备案，逐月落实"})
        assert desk.look() == (
            [],
            ["读写出错（代码 5），这一次没有核对，下次保存后再核对。"],
        )
    assert rounds.flow.check is check
    fill(desk.books / SHANGHE, "整改措施", {"L4": "年度计划已备案，逐月落实"})
    told, _ = desk.look()
    assert [line.split("：")[0] for line in told if line[0] == "1"] == [
        f"14:03:22 {LIUWAN}",
        f"14:03:22 {SHANGHE}",
    ]


def test_an_empty_folder_is_watched_until_something_comes(tmp_path):
    desk = Desk(tmp_path, [tmp_path]).start()
    assert desk.noted[0].startswith(f"正在看 {tmp_path}：还没有工作簿。")
    write_village(tmp_path / "甲.xlsx", code="0301", village="甲村", year=2022)
    told, _ = desk.look()
    assert "：新增的工作簿，" in told[0]
    (tmp_path / "甲.xlsx").unlink()
    told, said = desk.look(10)
    assert told == ["甲.xlsx：已经不在这里，核对结果不再列出它。"]
    assert said == []


def test_a_workbook_of_another_kind_says_nothing_unless_it_takes_the_place_of_one(desk):
    flow.write_field_book(desk.work / "字段表.xlsx")
    report = desk.report.read_bytes()
    (desk.books / "上月核对.xlsx").write_bytes(report)
    assert desk.look(5) == ([], [])
    (desk.books / LIUWAN).write_bytes(report)
    os.utime(desk.books / LIUWAN, (CLOCK + 0.5, CLOCK + 0.5))
    _, said = desk.look(5)
    assert said == [f"14:03:22 {LIUWAN}：这是汇总表或其他标准工作簿，不是村级工作簿。不再核对。"]


def test_more_than_five_new_faults_and_five_other_workbooks_are_counted(desk):
    for number in range(8):
        (desk.books / f"复件{number}.xlsx").write_bytes((desk.books / LIUWAN).read_bytes())
    desk.look()
    path = desk.books / LIUWAN
    letter, row = column(path, "整改措施", "完成时限")
    fill(
        path,
        "整改措施",
        {
            f"{where}{at}": "不知"
            for where in (letter, "B", "J", "K", "I", "M")
            for at in (row, row + 3)
        },
    )
    told, _ = desk.look()
    listed = [line for line in told if line.startswith("  【必改】")]
    assert sum(f"】{LIUWAN} ›" in line for line in listed) == 5
    assert "  另有新出的必改 1 条，见 核对结果.xlsx。" in told
    assert sum(line.startswith("  同时，") for line in told) == 5
    assert told[-1] == "  另有 3 个工作簿的结果也变了。"


def test_a_new_day_is_judged_by_before_a_save_is(work):
    today = [dt.date(2022, 10, 31)]
    desk = Desk(work, days=Days(None, lambda: today[0])).start()
    today[0] = dt.date(2022, 12, 31)
    fill(desk.books / LIUWAN, "整改措施", {"L4": "年度计划已备案，逐月落实"})
    told, _ = desk.look()
    assert desk.noted[-1].startswith("日期到了2022年12月31日，按这一天计算：必改")
    assert told[0].startswith(f"2022-10-31 14:03:22 {LIUWAN}：")
    assert "新出" not in told[0]
    assert len(told) == 1


def test_a_work_folder_stands_for_its_villages(work):
    desk = Desk(work, [work]).start()
    assert desk.noted[0].startswith(f"正在看 {work / '村级工作簿'}：3 个工作簿，")


def test_a_place_that_is_not_there_is_refused(work):
    with pytest.raises(UnreadableError, match=r"没有.xlsx：找不到这个文件或文件夹。"):
        Desk(work, [work / "没有.xlsx"])


def test_a_folder_that_is_away_is_said_and_when_it_is_back(desk):
    desk.books.rename(desk.work / "断了")
    assert desk.look(20) == ([], [f"{desk.books}：现在打不开，可能是网络断了。恢复后接着看。"])
    (desk.work / "断了").rename(desk.books)
    assert desk.look(20) == ([], [])
    assert desk.noted[-1] == f"{desk.books}：又能打开了，接着看。"


def test_saves_in_every_manner_give_one_line_each_and_the_report_is_never_half_a_township(desk):
    chance = random.Random(3)  # noqa: S311 -- equal data, no secret
    path = desk.books / LIUWAN
    plain = path.read_bytes()
    fill(path, "整改措施", {"L4": "年度计划已备案，逐月落实"})
    other = path.read_bytes()
    path.write_bytes(plain)
    os.utime(path, (CLOCK - 0.5, CLOCK - 0.5))
    desk.look(5)
    for number, save in enumerate((*SAVERS, *SAVERS)):
        told = []
        for step, _ in enumerate(save(path, plain if number % 2 else other, chance)):
            told += desk.look(1)[0]
            if step == 3:  # another workbook is saved meanwhile: this one is judged as it was
                fill(desk.books / SHANGHE, "整改措施", {"L4": f"第{number}次检查，逐月落实"})
                os.utime(desk.books / SHANGHE, (CLOCK + number + 0.5,) * 2)
        told += desk.look(3)[0]
        assert sum(f" {LIUWAN}：" in line for line in told) == 1
        assert sum(f" {SHANGHE}：" in line for line in told) == 1
        assert len(told) == 2
    assert desk.said == []


# -- the report -----------------------------------------------------------------------------------


@pytest.fixture
def locked(monkeypatch):
    """Refuse to give names to files, as Windows does while Excel has them open."""
    names: set[Path] = set()
    replace = Path.replace

    def refused(self, target):
        if Path(target) in names:
            raise PermissionError(13, "in use", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    return names


def test_a_report_that_is_open_goes_to_a_numbered_name_and_comes_back(desk, locked):
    locked.add(desk.report)
    numbered = desk.work / "核对结果-2.xlsx"
    letter, row = column(desk.books / LIUWAN, "整改措施", "完成时限")
    fill(desk.books / LIUWAN, "整改措施", {f"{letter}{row + 1}": "年底分前"})
    _, said = desk.look()
    assert said == [
        (
            f"{desk.report}：写不进去，可能正在 Excel、WPS 或 Word 中打开。请先关闭再试。"
            f"结果先写在 {numbered}，能写时自动写回。"
        )
    ]
    assert numbered.is_file()
    fill(desk.books / LIUWAN, "整改措施", {f"{letter}{row}": "9月分前"})
    assert desk.look()[1] == []
    assert any("9月分前" in line for line in rows_of(numbered))
    locked.clear()
    fill(desk.books / LIUWAN, "整改措施", {f"{letter}{row}": "11月分前"})
    assert desk.look()[1] == []
    assert desk.noted[-1] == f"核对结果又写在 {desk.report} 了。"
    assert any("11月分前" in line for line in rows_of(desk.report))
    left = {path.name for path in desk.work.iterdir() if path.name.startswith("核对结果")}
    assert left <= {"核对结果.xlsx", "核对结果.xlsx.bak"}


def test_a_numbered_report_that_somebody_has_changed_stays(desk, locked):
    numbered = desk.work / "核对结果-2.xlsx"
    letter, row = column(desk.books / LIUWAN, "整改措施", "完成时限")
    locked.add(desk.report)
    fill(desk.books / LIUWAN, "整改措施", {f"{letter}{row}": "9月分前"})
    desk.look()
    fill(numbered, openpyxl.load_workbook(numbered).sheetnames[0], {"Z1": "已打电话"})
    locked.clear()
    fill(desk.books / LIUWAN, "整改措施", {f"{letter}{row}": "11月分前"})
    desk.look()
    assert "已打电话" in "\n".join(rows_of(numbered))


def test_a_folder_in_which_nothing_can_be_written_is_said_once(work, monkeypatch):
    def refused(path, *_):
        raise OutputError(f"{path.parent}：这个文件夹写不进去。请换一个文件夹，或检查权限后再试。")

    with monkeypatch.context() as patch:
        patch.setattr("toolkit.results.write_output", refused)
        desk = Desk(work).start()
        assert desk.said == [f"{work}：这个文件夹写不进去。请换一个文件夹，或检查权限后再试。"]
        fill(desk.books / LIUWAN, "整改措施", {"L4": "年度计划已报备案，逐月落实"})
        told, said = desk.look()
        assert (len(told), said) == (1, [])
    fill(desk.books / LIUWAN, "整改措施", {"L4": "年度计划报了备案，逐月落实"})
    desk.look()
    assert desk.noted[-1] == f"核对结果又能写了，在 {desk.report}。"


def test_where_every_name_is_taken_that_is_said(desk, locked):
    names = [desk.work / f"核对结果-{number}.xlsx" for number in range(2, 10)]
    locked.update([desk.report, *names])
    letter, row = column(desk.books / LIUWAN, "整改措施", "完成时限")
    fill(desk.books / LIUWAN, "整改措施", {f"{letter}{row}": "9月分前"})
    _, said = desk.look()
    assert said == [f"{desk.report}：写不进去，可能正在 Excel、WPS 或 Word 中打开。请先关闭再试。"]


def test_two_watches_on_one_folder_say_the_same_and_leave_one_report(work):
    first, second = Desk(work).start(), Desk(work).start()
    letter, row = column(first.books / LIUWAN, "整改措施", "完成时限")
    fill(first.books / LIUWAN, "整改措施", {f"{letter}{row}": "9月分前"})
    told = [each.look(10) for each in (first, second)]
    assert told[0] == told[1]
    assert len(told[0][0]) == 2
    assert first.look(10) == ([], [])
    reports = [path.name for path in work.glob("核对结果*.xlsx")]
    assert reports == ["核对结果.xlsx"]


# -- its end --------------------------------------------------------------------------------------


class Sleeper:
    """Lets a watch run for some polls; each sleep may do something first; then Ctrl-C."""

    def __init__(self, *deeds):
        self.deeds, self.slept = list(deeds), []

    def __call__(self, seconds):
        self.slept.append(seconds)
        if not self.deeds:
            raise KeyboardInterrupt
        self.deeds.pop(0)()


def listened(lines):
    return Voice(lines.append, lines.append, lines.append, lambda: None)


def test_ctrl_c_ends_it_with_a_line_and_exit_code_0(work):
    lines, sleep = [], Sleeper(lambda: None, lambda: None)
    spent = iter(range(100))
    code = watch(
        [work / "村级工作簿"],
        None,
        DAY,
        listened(lines),
        today=lambda: DAY,
        sleep=sleep,
        spent=lambda: next(spent) / 10,
    )
    assert code == 0
    assert lines[-1] == "已停止。"
    assert (work / "村级工作簿" / "核对结果.xlsx").is_file()
    assert sleep.slept == [0.5, pytest.approx(10.0), pytest.approx(10.0)]


def test_a_poll_at_which_something_was_saved_does_not_slow_it_down(work):
    def save():
        fill(work / "村级工作簿" / LIUWAN, "整改措施", {"L4": "年度计划已报备案，逐月落实"})

    lines, sleep = [], Sleeper(save, lambda: None)
    watch(
        [work / "村级工作簿" / LIUWAN],
        work / "核对结果.xlsx",
        DAY,
        listened(lines),
        today=lambda: DAY,
        sleep=sleep,
        spent=lambda: 0.0,
    )
    assert sleep.slept == [0.5, 0.5, 0.5]
    assert sum(LIUWAN in line and line.startswith("14:") for line in lines) == 1


def test_without_a_place_the_report_of_a_single_file_goes_beside_it(work):
    watch(
        [work / "村级工作簿" / LIUWAN],
        None,
        DAY,
        listened([]),
        today=lambda: DAY,
        sleep=Sleeper(),
    )
    assert (work / "村级工作簿" / "核对结果.xlsx").is_file()


STEPS = ["mkstemp", "fsync", "replace", "read_bytes"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_in_the_midst_of_writing_leaves_a_whole_report_and_nothing_else(
    work, monkeypatch, step, times
):
    place = {"mkstemp": outputs.tempfile, "fsync": outputs.os}.get(step, Path)
    real = getattr(place, step)
    pressed = []

    def interrupted(*given, **named):
        done = real(*given, **named)
        if (
            "核对结果" in str(given[:1])
            or ".zhengdun-" in str(given) + str(done)
            or step == "fsync"
        ):
            for _ in range(times):
                pressed.append(1)
                os.kill(os.getpid(), signal.SIGINT)
        return done

    (work / "核对结果.xlsx").unlink(missing_ok=True)
    before = set(work.rglob("*"))
    lines = []
    monkeypatch.setattr(place, step, interrupted)
    code = watch(
        [work / "村级工作簿"],
        work / "核对结果.xlsx",
        DAY,
        listened(lines),
        today=lambda: DAY,
        sleep=Sleeper(),
    )
    monkeypatch.undo()
    assert pressed
    assert code == 0
    assert lines[-1] == "已停止。"
    assert set(work.rglob("*")) - before == {work / "核对结果.xlsx"}
    assert any("必改" in line for line in rows_of(work / "核对结果.xlsx"))


@pytest.mark.parametrize("moment", ["look", "open_one", "report_file"])
def test_ctrl_c_at_another_moment_leaves_nothing(work, monkeypatch, moment):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    place = {
        "look": "toolkit.flow.look",
        "open_one": "toolkit.watching.rounds.open_one",
        "report_file": "toolkit.flow.report_file",
    }[moment]
    before = set(work.rglob("*"))
    monkeypatch.setattr(place, interrupted)
    lines = []
    code = watch(
        [work / "村级工作簿"],
        work / "核对结果.xlsx",
        DAY,
        listened(lines),
        today=lambda: DAY,
        sleep=Sleeper(),
    )
    assert (code, lines[-1]) == (0, "已停止。")
    assert set(work.rglob("*")) == before


def test_the_pace_keeps_to_its_share_of_a_core():
    assert Pace().pause == 0.5
    assert Pace(0.004).pause == 0.5
    assert Pace(0.02).pause == pytest.approx(2.0)
    once = Pace(0.001).after(0.016)  # a step of the clock of Windows
    assert once.pause == 0.5


def test_a_fault_of_use_at_the_start_of_a_check_is_said_and_nothing_is_written(work, monkeypatch):
    def refused(*_, **__):
        raise UsageError("找到两个镇级工作簿：甲、乙。请只留下正在使用的一个。")

    monkeypatch.setattr(rounds.flow, "check", refused)
    desk = Desk(work).start()
    assert desk.said == ["找到两个镇级工作簿：甲、乙。请只留下正在使用的一个。"]
    assert "还没有核对成" in desk.noted[0]
    assert not desk.report.exists()


# -- the command ----------------------------------------------------------------------------------


def stopped(_):
    raise KeyboardInterrupt


def test_the_command_watches_the_work_folder_it_is_run_in(work, zhengdun, monkeypatch):
    monkeypatch.chdir(work)
    monkeypatch.setattr(
        rounds.watch, "__kwdefaults__", {**rounds.watch.__kwdefaults__, "sleep": stopped}
    )
    said = zhengdun("watch", "--as-of", "2022-10-31")
    assert (said.code, said.out) == (0, "")
    first, second, last = said.err.splitlines()
    assert first.startswith("正在看 村级工作簿：3 个工作簿，必改 16 条")
    assert (second, last) == ("核对结果在 核对结果.xlsx，每次保存后更新。", "已停止。")
    assert (work / "核对结果.xlsx").is_file()


def test_the_command_is_silent_where_it_is_told_to(work, zhengdun, monkeypatch):
    monkeypatch.setattr(
        rounds.watch, "__kwdefaults__", {**rounds.watch.__kwdefaults__, "sleep": stopped}
    )
    said = zhengdun("watch", work, "-q")
    assert (said.code, said.out, said.err) == (0, "", "")


def test_the_command_refuses_what_is_not_there(tmp_path, zhengdun):
    said = zhengdun("watch", tmp_path / "没有")
    assert said.code == 3
    assert said.err == f"{tmp_path / '没有'}：找不到这个文件或文件夹。请核对路径和名称。\n"
