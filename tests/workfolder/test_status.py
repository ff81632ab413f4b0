"""Where things stand, in five lines."""

import datetime as dt
from pathlib import Path

import pytest
from worked import write, write_village

from toolkit import flow
from toolkit.demo import DAY, example_township
from toolkit.forms import township
from toolkit.workfolder import kit, month
from toolkit.workfolder.places import WorkFolder
from toolkit.workfolder.status import status

WILLOW = "0205-柳湾村-2022.xlsx"


@pytest.fixture
def here(work, monkeypatch) -> WorkFolder:
    """The example's work folder, seen from within."""
    monkeypatch.chdir(work)
    return WorkFolder(Path())


def told(place: WorkFolder, today: dt.date = DAY) -> list[str]:
    lines = list(status(place, today))
    assert len(lines) == 5
    return lines


def test_a_folder_just_made_asks_for_the_roster(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    kit.make(Path())
    assert told(WorkFolder(Path())) == [
        "（镇名没有填）（年度没有填），名册 0 个村，见 镇级工作簿.xlsx。",
        "工作簿：已发放 0 个村，已填报 0 个，没有填 0 个，缺 0 个。",
        # county, town, committee and year are required
        "核对：以 2022年10月31日 为准，有必改项的 0 个，镇级工作簿必改 4 条，读不了的文件 0 个。",
        "最近一次汇总：还没有。",
        "下一步：填好 镇级工作簿.xlsx 的“镇情”“村名册”“参数”，再运行 zhengdun issue。",
    ]


def test_villages_without_a_workbook_are_to_be_issued_one(here):
    for path in here.books.iterdir():
        path.unlink()
    lines = told(here)
    assert lines[0] == "青石镇 2022 年度，名册 3 个村，见 镇级工作簿.xlsx。"
    assert lines[1] == (
        "工作簿：已发放 0 个村，已填报 0 个，没有填 0 个，缺 3 个（上河村、柳湾村、石桥村）。"
    )
    assert lines[4] == "下一步：运行 zhengdun issue，给还没有工作簿的村发放。"


def test_workbooks_as_issued_are_to_be_sent_out(here):
    for path in here.books.iterdir():
        path.unlink()
    flow.issue(here.township, here.books)
    lines = told(here)
    assert lines[1] == (
        "工作簿：已发放 3 个村，已填报 0 个，没有填 3 个（上河村、柳湾村、石桥村），缺 0 个。"
    )
    assert "有必改项的 0 个" in lines[2]  # what nobody has filled in is not wrong yet
    assert lines[4] == ("下一步：把 村级工作簿 里的工作簿发给各村，填好收回后运行 zhengdun check。")


def test_a_months_rollup_is_due_after_its_cutoff_day(here):
    assert told(here)[4] == "下一步：运行 zhengdun month 2022-10，做当月汇总。"
    assert (
        told(here, dt.date(2022, 10, 24))[4] == "下一步：运行 zhengdun month 2022-09，做当月汇总。"
    )


def test_what_must_be_mended_is_named_and_sent_back(here):
    month.run(here, "2022-10", DAY, today=DAY)
    lines = told(here)
    assert lines[2].startswith(
        "核对：以 2022年10月31日 为准，有必改项的 2 个（上河村 2 条、石桥村 "
    )
    assert lines[3] == "最近一次汇总：2022-10（汇总/2022-10/镇汇总.xlsx）。"
    assert lines[4] == (
        "下一步：把 汇总/2022-10 里的回传件发回各村，改好收回后运行 zhengdun month 2022-10。"
    )


def test_a_rollup_that_no_longer_holds_is_to_be_made_again(here):
    month.run(here, "2022-10", DAY, today=DAY)
    book = example_township().villages[1]
    fewer = {row: rows for row, rows in book.filling.items() if row.sheet != "测评验收"}
    write(here.books / WILLOW, type(book)(book.file_name, book.form, book.identity, fewer))
    lines = told(here)
    assert lines[3].endswith("，此后改动过的文件 1 个。")
    assert lines[4] == "下一步：运行 zhengdun month 2022-10，做当月汇总。"


def test_an_unreadable_file_comes_first(here):
    (here.books / WILLOW).write_bytes(b"")
    lines = told(here)
    assert "缺 1 个（柳湾村）" in lines[1]
    assert "读不了的文件 1 个" in lines[2]
    assert lines[4] == "下一步：有文件读不了，运行 zhengdun check 看是哪几个。"


def test_where_all_is_well_the_papers_are_next(here):
    book = example_township().township
    kept = [row for row in book.filling[township.Village] if row["village"] == "柳湾村"]
    filling = {**book.filling, township.Village: kept, township.Formality: []}
    write(here.township, type(book)(book.file_name, book.form, book.identity, filling))
    for path in here.books.iterdir():
        if path.name != WILLOW:
            path.unlink()
    month.run(here, "2022-10", DAY, today=DAY)
    assert told(here)[4] == "下一步：运行 zhengdun plan 和 zhengdun summary，生成公文。"


def test_villages_of_one_name_are_told_apart_and_the_townships_own_faults_are_counted(here):
    book = example_township().township
    upper, willow, bridge = book.filling[township.Village]
    twins = [upper, {**willow, "village": "上河村"}, bridge, {**bridge, "village": "又一村"}]
    filling = {**book.filling, township.Village: twins, township.Formality: []}
    write(here.township, type(book)(book.file_name, book.form, book.identity, filling))
    for path in here.books.iterdir():
        if path.name != WILLOW:
            path.unlink()
    lines = told(here)
    assert lines[1].endswith("缺 3 个（上河村（0203）、石桥村、又一村）。")
    assert "镇级工作簿必改 1 条" in lines[2]  # 0207 stands there twice
    assert lines[4] == "下一步：运行 zhengdun check，改好 镇级工作簿.xlsx 的必改项。"
    assert "镇级工作簿.xlsx：必改 1 条。" in month.run(here, "2022-10", DAY, today=DAY).needs


def test_only_the_first_of_many_villages_are_named(here):
    villages = [{"code": f"{number:04}", "village": f"村{number}"} for number in range(1, 8)]
    book = example_township().township
    filling = {**book.filling, township.Village: villages}
    write(here.township, type(book)(book.file_name, book.form, book.identity, filling))
    for path in here.books.iterdir():
        path.unlink()
    assert "缺 7 个（村1、村2、村3、村4、村5等）" in told(here)[1]


def test_workbooks_of_another_year_off_the_roster_or_too_many_are_counted_apart(here):
    write_village(here.books / "0999-无名村-2022.xlsx", code="0999", village="无名村")
    write_village(here.books / "0205-柳湾村-2021.xlsx", year=2021)
    write_village(here.books / "0207-石桥村-2021.xlsx", code="0207", village="石桥村", year=2021)
    write_village(here.books / "柳湾村(1).xlsx")
    assert told(here)[1] == (
        "工作簿：已发放 3 个村，已填报 3 个，没有填 0 个，缺 0 个，"
        "另有不是本年度 2 份、名册外 1 份、重复 1 份。"
    )


def test_last_years_workbook_is_none_of_this_year(here):
    (here.books / WILLOW).unlink()
    write_village(here.books / "0205-柳湾村-2021.xlsx", year=2021)
    lines = told(here)
    assert lines[1].endswith("已填报 2 个，没有填 0 个，缺 1 个（柳湾村），另有不是本年度 1 份。")
    assert lines[4] == "下一步：运行 zhengdun issue，给还没有工作簿的村发放。"


def test_months_of_another_year_are_none_of_this_year(here):
    here.month("2021-12").mkdir(parents=True)
    here.rollup("2021-12").touch()
    assert told(here)[3] == "最近一次汇总：还没有。"


def test_the_latest_month_that_was_made_is_made_again_not_one_before_it(here):
    month.run(here, "2022-10", DAY, today=DAY)
    write_village(here.books / WILLOW, clerk="改过的")
    # on the 20th the latest month whose cut-off day has come would be September
    assert told(here, dt.date(2022, 10, 20))[4] == (
        "下一步：运行 zhengdun month 2022-10，做当月汇总。"
    )


def test_an_unreadable_township_workbook_is_all_there_is_to_say(here):
    here.township.write_bytes(b"")
    lines = list(status(here, DAY))
    assert len(lines) == 2
    assert lines[0].startswith("镇级工作簿.xlsx：读不了。")
    assert lines[1] == "下一步：换上能打开的 镇级工作簿.xlsx（可以用备份），再运行 zhengdun。"


def test_a_township_workbook_that_is_open_is_said(here):
    (here.root / "~$镇级工作簿.xlsx").write_bytes(b"x")
    lines = list(status(here, DAY))
    assert len(lines) == 6
    assert lines[0] == "镇级工作簿.xlsx 正被打开，按最后一次保存的内容处理。"


@pytest.mark.parametrize("year", [20222, "今年"])
def test_a_year_that_is_filled_in_wrongly_is_shown(here, year):
    write(here.township, example_township().township, year=year)
    assert told(here)[0].startswith(f"青石镇（年度“{year}”填得不对），名册 3 个村")
