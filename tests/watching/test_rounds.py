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
from toolkit.watching import rounds, shelf
from toolkit.watching.changes import Changes
from toolkit.watching.folder import GONE, PATIENCE, Gone, Saved
from toolkit.watching.pace import Pace
from toolkit.watching.publishing import RETRY
from toolkit.watching.rounds import Days, Rounds, Voice, report_place, watch
from toolkit.watching.telling import Telling

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
        self.told, self.said, self.noted, self.rung, self.faults = [], [], [], 0, []
        self.work, self.books = work, work / "村级工作簿"
        self.report = work / "核对结果.xlsx"
        voice = Voice(
            self.told.append, self.said.append, self.noted.append, self.ring, self.faults.append
        )
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
        Voice(desk.told.append, desk.said.append, desk.noted.append, desk.ring, print),
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
        "复件.xlsx 改名为 0101.xlsx：改好 1 条，没有问题了。",
        f"  同时，{LIUWAN}：新出 1 条，还有必改 1 条。",
        told[2],
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
    judged = "14:03:22 镇级工作簿.xlsx：各村按它现在的参数和名册重新核对"
    assert told[0] == f"{judged}；它自己新出 1 条，还有必改 1 条。"
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
    def broken(*_, **__):
        raise OSError(5, "no answer")

    with monkeypatch.context() as patch:
        patch.setattr(shelf, "look", broken)
        fill(desk.books / LIUWAN, "整改措施", {"L4": "年度计划已备案，逐月落实"})
        assert desk.look() == (
            [],
            ["读写出错（代码 5），这一次没有核对，下次保存后再核对。"],
        )
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
    meanwhile = [line for line in told if line.startswith("  同时，")]
    assert len(meanwhile) == 1
    assert meanwhile[0].startswith("  同时，另有 8 个工作簿的结果也变了：改好 ")


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


# -- what has moved, and what is away -------------------------------------------------------------


def test_one_blank_filled_and_another_left_is_one_mended_and_one_new_which_is_listed(desk):
    path = desk.books / LIUWAN
    letter, row = column(path, "整改措施", "责任人")
    first, second = f"{letter}{row}", f"{letter}{row + 1}"
    name = openpyxl.load_workbook(path)["整改措施"][first].value
    fill(path, "整改措施", {first: None})
    desk.look()
    fill(path, "整改措施", {first: name, second: None})
    told, _ = desk.look()
    assert told[0].startswith(f"14:03:22 {LIUWAN}：改好 1 条，新出 1 条，还有必改 1 条")
    assert told[1].startswith(f"  【必改】{LIUWAN} › 整改措施 › {second}（")


def test_a_row_inserted_above_a_fault_neither_mends_it_nor_makes_a_new_one(desk):
    path = desk.books / LIUWAN
    letter, row = column(path, "整改措施", "完成时限")
    fill(path, "整改措施", {f"{letter}{row + 1}": "9月分前"})
    desk.look()
    book = openpyxl.load_workbook(path)
    sheet = book["整改措施"]
    rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=row)]
    for at, line in enumerate([rows[0], [None] * len(rows[0]), *rows[1:-1]], start=row):
        for place, value in enumerate(line, start=1):
            sheet.cell(at, place).value = value
    book.save(path)
    told, _ = desk.look()
    assert "改好" not in told[0]
    assert f"{letter}{row + 2}" not in "".join(told)


def test_a_workbook_saved_under_another_name_with_a_change_is_renamed_and_told(desk):
    path, other = desk.books / LIUWAN, desk.books / "柳湾定稿.xlsx"
    letter, row = column(path, "整改措施", "完成时限")
    fill(path, "整改措施", {f"{letter}{row}": "9月分前"})
    path.rename(other)
    told, _ = desk.look(2 * GONE)
    assert told[0] == f"{LIUWAN} 改名为 柳湾定稿.xlsx。"
    assert told[1].startswith("14:03:22 柳湾定稿.xlsx：新出 1 条，还有必改 1 条")
    assert len(told) == 3


def test_a_workbook_moved_into_a_folder_is_moved(desk):
    (desk.books / "一片").mkdir()
    (desk.books / LIUWAN).rename(desk.books / "一片" / LIUWAN)
    assert desk.look(20)[0] == [f"{LIUWAN} 移到 一片。"]
    (desk.books / "一片" / LIUWAN).rename(desk.books / "柳湾.xlsx")
    assert desk.look(20)[0] == [f"{LIUWAN} 移到 {desk.books}，改名为 柳湾.xlsx。"]


def test_a_file_whose_name_was_shared_is_gone_by_its_path(desk):
    (desk.books / "一片").mkdir()
    twin = desk.books / "一片" / LIUWAN
    twin.write_bytes((desk.books / LIUWAN).read_bytes())
    desk.look(5)
    twin.unlink()
    assert desk.look(10)[0][0] == f"{twin}：已经不在这里，核对结果不再列出它。"


def test_while_the_work_folder_is_away_nothing_is_checked_and_no_folder_is_made(work, tmp_path):
    desk = Desk(work, [work]).start()
    away = tmp_path.with_name(f"{tmp_path.name}-断了")
    work.rename(away)
    told, said = desk.look(20)
    assert (told, len(said)) == ([], 1)
    assert not work.exists()
    away.rename(work)
    assert desk.look(20) == ([], [])


def test_what_is_saved_beside_while_the_folder_is_away_is_told_when_it_is_back(desk):
    desk.books.rename(desk.work / "断了")
    desk.look(5)
    report = desk.report.read_bytes()
    write(desk.work / "镇级工作簿.xlsx", example_township().township, due_soon=20)
    assert desk.look(10) == ([], [])
    assert desk.report.read_bytes() == report
    (desk.work / "断了").rename(desk.books)
    told, _ = desk.look(5)
    assert "镇级工作簿.xlsx：各村按它现在的参数和名册重新核对" in told[0]


def test_many_files_saved_at_once_are_told_in_a_line_and_the_worst_five(desk):
    letter, row = column(desk.books / LIUWAN, "整改措施", "完成时限")
    for number in range(6):
        path = desk.books / f"复件{number}.xlsx"
        path.write_bytes((desk.books / LIUWAN).read_bytes())
        fill(path, "整改措施", {f"{letter}{row}": f"{number}月分前"})
    told, said = desk.look(2)
    assert told[0].startswith("6 个文件一起有了变化：新出 ")
    assert sum(line.startswith("  【必改】") for line in told) == 5
    assert told[-1].startswith("  另有新出的必改 ")
    assert len(told) == 7
    assert said == []


def test_of_many_at_once_it_is_told_how_many_cannot_be_read_and_how_many_are_gone(desk):
    before = flow.check([desk.books], DAY)
    bad, gone = desk.books / SHANGHE, desk.books / LIUWAN
    bad.write_bytes(b"rubbish")
    gone.unlink()
    after = flow.check([desk.books], DAY)
    events = [Saved(bad, b"rubbish", 0, fresh=False), Gone(gone)]
    events += [Gone(desk.books / f"复件{number}.xlsx") for number in range(4)]
    changes = Changes.between(before, after, events, lambda *_: {})
    first, second, *_ = Telling(changes, lambda _: None, DAY, "核对结果.xlsx").lines(events)
    assert first.text.startswith("6 个文件一起有了变化（1 个读不了、5 个已经不在这里）：改好 ")
    assert second.trouble
    assert second.text.startswith(f"  {SHANGHE}：是纯文本")


@pytest.mark.parametrize("at", [0, -11_644_473_600, 15_032_385_535, 2**38])
def test_of_a_disk_without_a_clock_no_time_is_told(desk, at):
    event = Saved(desk.books / LIUWAN, b"", at * 1_000_000_000, fresh=False)
    report = flow.check([desk.books], DAY)
    changes = Changes.between(report, report, [event], lambda *_: {})
    (line,) = Telling(changes, lambda _: None, DAY, "核对结果.xlsx").lines([event])
    assert line.text == f"{LIUWAN}：没有发现问题。"


def test_a_bug_in_a_line_is_told_once_and_ends_no_watch(desk, monkeypatch):
    bug = ZeroDivisionError()

    def burst(*_):
        raise bug

    monkeypatch.setattr(rounds, "paired", burst)
    for text in ("一", "二"):
        fill(desk.books / LIUWAN, "整改措施", {"L4": f"年度计划已报备案，逐月落实{text}"})
        assert desk.look() == ([], [])
    assert desk.faults == [bug]


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


def test_a_report_kept_from_us_is_written_in_its_place_as_soon_as_that_is_free(desk, locked):
    locked.add(desk.report)
    letter, row = column(desk.books / LIUWAN, "整改措施", "完成时限")
    fill(desk.books / LIUWAN, "整改措施", {f"{letter}{row}": "9月分前"})
    desk.look()
    locked.clear()
    assert desk.look(RETRY) == ([], [])
    assert desk.noted[-1] == f"核对结果又写在 {desk.report} 了。"
    assert any("9月分前" in line for line in rows_of(desk.report))
    assert not (desk.work / "核对结果-2.xlsx").exists()


def test_a_folder_that_bears_the_reports_name_makes_it_take_a_number(work):
    (work / "核对结果.xlsx").mkdir()
    desk = Desk(work).start()
    assert (work / "核对结果-2.xlsx").is_file()
    assert desk.noted[-1] == f"核对结果在 {work / '核对结果-2.xlsx'}，每次保存后更新。"


def test_a_report_that_was_not_written_is_not_said_to_be_anywhere(work, monkeypatch):
    def refused(path, *_):
        raise OutputError(f"{path.parent}：这个文件夹写不进去。请换一个文件夹，或检查权限后再试。")

    with monkeypatch.context() as patch:
        patch.setattr("toolkit.results.write_output", refused)
        desk = Desk(work).start()
        assert desk.noted[-1] == "核对结果没有写成，能写时再写。"
    assert desk.look(RETRY) == ([], [])
    assert desk.noted[-1] == f"核对结果又能写了，在 {desk.report}。"
    assert desk.report.is_file()


def test_a_report_that_another_watch_has_written_is_not_written_over(desk):
    fill(desk.report, "明细", {"Z1": "另一个窗口"})
    numbered = desk.work / "核对结果-2.xlsx"
    letter, row = column(desk.books / LIUWAN, "整改措施", "完成时限")
    for text in ("9月分前", "10月分前"):
        fill(desk.books / LIUWAN, "整改措施", {f"{letter}{row}": text})
        desk.look()
    assert any("另一个窗口" in line for line in rows_of(desk.report))
    assert any("10月分前" in line for line in rows_of(numbered))
    (said,) = desk.said
    refused = f"{desk.report}：刚才有别人改写，可能另一个窗口也在看这里，没有覆盖。"
    assert said == f"{refused}结果先写在 {numbered}，能写时自动写回。"


def test_a_report_left_under_a_number_by_an_earlier_watch_is_named_once(work):
    desk = Desk(work).start()
    (work / "核对结果-2.xlsx").write_bytes(desk.report.read_bytes())
    (work / "核对结果-3.xlsx").write_bytes(b"mine")
    desk = Desk(work).start()
    assert desk.noted[-1] == "以前留下的 核对结果-2.xlsx 不再更新，看完可以删除。"


def test_a_workbook_of_a_village_that_bears_the_reports_name_is_watched(work):
    books = work / "村级工作簿"
    (books / LIUWAN).rename(books / "核对结果.xlsx")
    before = (books / "核对结果.xlsx").read_bytes()
    lines = []
    days = Days(DAY, lambda: DAY)
    Rounds([books], books / "核对结果.xlsx", days, listened(lines)).start(lambda _: None)
    assert "3 个工作簿" in lines[0]
    assert (books / "核对结果.xlsx").read_bytes() == before
    assert (books / "核对结果-2.xlsx").is_file()


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
    return Voice(lines.append, lines.append, lines.append, lambda: None, lines.append)


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


def test_without_a_place_the_report_of_a_single_file_goes_beside_it_under_its_name(work):
    watch(
        [work / "村级工作簿" / LIUWAN],
        None,
        DAY,
        listened([]),
        today=lambda: DAY,
        sleep=Sleeper(),
    )
    assert (work / "村级工作簿" / f"核对结果-{LIUWAN}").is_file()
    assert not (work / "村级工作簿" / "核对结果.xlsx").exists()


def test_a_watch_on_some_of_the_files_does_not_take_the_report_of_them_all(work):
    one, other = work / "村级工作簿" / LIUWAN, work / "村级工作簿" / SHANGHE
    assert report_place([one], work) == work / f"核对结果-{LIUWAN}"
    assert report_place([one, other], work) == work / "核对结果-部分.xlsx"
    assert report_place([one, work], work) == work / "核对结果.xlsx"
    assert report_place([work], None) == work / "核对结果.xlsx"


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
        "look": "toolkit.watching.shelf.look",
        "open_one": "toolkit.watching.shelf.open_one",
        "report_file": "toolkit.watching.publishing.report_file",
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


def test_what_stops_a_check_is_said_at_the_start_and_the_watch_goes_on(tmp_path):
    place = tmp_path / "散件"
    place.mkdir()
    for name in ("镇甲.xlsx", "镇乙.xlsx"):
        write(place / name, example_township().township)
    write_village(place / "甲.xlsx", code="0301", village="甲村", year=2022)
    with pytest.raises(UsageError) as refused:
        flow.check([place], DAY)
    desk = Desk(tmp_path, [place]).start()
    assert desk.said == [str(refused.value)]
    assert desk.said[0].startswith("找到两个镇级工作簿：")
    assert "还没有核对成" in desk.noted[0]
    assert not desk.report.exists()
    (place / "镇乙.xlsx").unlink()
    assert desk.look(10) == ([], [])
    # What it had to say at the start, it says now: nothing of it was brought about by a save.
    assert desk.noted[1].startswith("现在核对成了：1 个工作簿，提醒 ")
    assert desk.noted[2] == f"核对结果在 {desk.report}，每次保存后更新。"
    assert desk.report.is_file()


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


def test_the_command_writes_the_report_where_it_is_told_to(work, zhengdun, monkeypatch):
    monkeypatch.setattr(
        rounds.watch, "__kwdefaults__", {**rounds.watch.__kwdefaults__, "sleep": stopped}
    )
    said = zhengdun("watch", work, "-o", work / "给书记.xlsx")
    assert said.code == 0
    assert f"核对结果在 {work / '给书记.xlsx'}，每次保存后更新。" in said.err
    assert not (work / "核对结果.xlsx").exists()
    assert zhengdun("watch", work, "-o", work / "给书记.docx").code == 2


def test_the_command_refuses_what_is_not_there(tmp_path, zhengdun):
    said = zhengdun("watch", tmp_path / "没有")
    assert said.code == 3
    assert said.err == f"{tmp_path / '没有'}：找不到这个文件或文件夹。请核对路径和名称。\n"
