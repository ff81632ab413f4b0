"""`consolidate` within a work folder: which month, as of which day, compared with what."""

import datetime as dt

import openpyxl
import pytest
from worked import work_folder

from toolkit import cli
from toolkit.workfolder.calendar import last_day


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Stand in a work folder, in December."""
    (tmp_path / "青石镇").mkdir()
    root = work_folder(tmp_path / "青石镇")
    monkeypatch.chdir(root)
    monkeypatch.setattr(cli, "_today", lambda: dt.date(2022, 12, 5))
    return root


def scope(path):
    sheet = openpyxl.load_workbook(path, data_only=True)["汇总口径"]
    return {row[0]: row[1] for row in sheet.iter_rows(min_row=4, max_col=2, values_only=True)}


def periods(path):
    sheet = openpyxl.load_workbook(path, data_only=True)["历月进度"]
    return [row[0] for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]


def test_a_month_that_is_over_is_looked_at_as_of_its_last_day(here, zhengdun):
    assert zhengdun("consolidate", "--month", "2022-9", "-q").code == 0
    told = scope(here / "汇总/2022-09/镇汇总.xlsx")
    assert (told["汇总月份"], told["数据截止日"].date()) == ("2022-09", dt.date(2022, 9, 30))


def test_a_month_that_is_going_on_is_looked_at_as_of_today(here, zhengdun):
    zhengdun("consolidate", "-q")
    told = scope(here / "汇总/2022-12/镇汇总.xlsx")
    assert told["数据截止日"].date() == dt.date(2022, 12, 5)


def test_the_month_before_is_found_by_itself(here, zhengdun):
    zhengdun("consolidate", "--month", "2022-08", "-q")
    zhengdun("consolidate", "--month", "2022-10", "-q")
    assert periods(here / "汇总/2022-10/镇汇总.xlsx") == ["2022-08", "2022-10"]


def test_a_rollup_that_goes_elsewhere_is_not_compared_with_this_folders(here, zhengdun, tmp_path):
    zhengdun("consolidate", "--month", "2022-09", "-q")
    elsewhere = tmp_path / "别处.xlsx"
    zhengdun("consolidate", here / "村级工作簿", "-o", elsewhere, "--month", "2022-10", "-q")
    assert periods(elsewhere) == ["2022-10"]


def test_a_month_that_others_have_followed_is_not_made_again_unasked(here, zhengdun):
    zhengdun("consolidate", "--month", "2022-09", "-q")
    zhengdun("consolidate", "--month", "2022-10", "-q")
    before = (here / "汇总/2022-09/镇汇总.xlsx").read_bytes()
    said = zhengdun("consolidate", "--month", "2022-09", "-q")
    assert said.code == 2
    assert "2022-09 的汇总已经做过，之后又做了 2022-10，没有重做。" in said.err
    assert (here / "汇总/2022-09/镇汇总.xlsx").read_bytes() == before
    assert zhengdun("consolidate", "--month", "2022-09", "-o", "又.xlsx", "-q").code == 0
    assert zhengdun("consolidate", "--month", "2022-10", "-q").code == 0  # the latest may be


def test_the_day_of_a_month_is_its_last_or_today():
    assert last_day("2022-09", dt.date(2022, 12, 5)) == dt.date(2022, 9, 30)
    assert last_day("2022-12", dt.date(2022, 12, 5)) == dt.date(2022, 12, 5)
    with pytest.raises(cli.UsageError, match="还没有到"):
        last_day("2023-01", dt.date(2022, 12, 5))


@pytest.mark.usefixtures("here")
def test_how_many_processes_is_a_number_from_one_on(zhengdun):
    said = zhengdun("consolidate", "--workers", "0")
    assert said.code == 2
    assert "要写 1 以上的整数" in said.err
