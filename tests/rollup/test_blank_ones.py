"""A workbook as it was issued, beside the one that was filled in."""

import shutil

import openpyxl
import pytest
from rollup.township_drawn import AS_OF
from worked import write

from toolkit import flow
from toolkit.demo import example_township
from toolkit.excel.opened import read_workbook
from toolkit.forms import village
from toolkit.gathering import gather
from toolkit.inbox import look
from toolkit.rollup.entries import entries_of

UPPER = "0203-上河村-2022.xlsx"


@pytest.fixture
def issued(tmp_path):
    """Return a folder of three workbooks, as they were issued."""
    town = tmp_path / "发放" / "镇级工作簿.xlsx"
    town.parent.mkdir()
    write(town, example_township().township)
    flow.issue(town, town.parent / "村级工作簿")
    return town.parent / "村级工作簿"


def fates(folder):
    brought = gather(look([folder]), AS_OF, workers=1).brought
    entries = entries_of(brought, (), (), 2022)
    by_key = {each.key: each.name for each in brought}
    return {by_key[key]: fate for key, fate in entries.fates.items()}


def test_the_filled_one_counts_and_the_blank_one_is_passed_over(issued, work):
    filled = work / "村级工作簿" / UPPER
    shutil.copy(filled, issued / "上河村（填好）.xlsx")
    assert read_workbook(issued / UPPER, (village.FORM,)).facts.issued
    told = fates(issued)
    assert told["上河村（填好）.xlsx"] == "已汇总（有必改项）"
    assert told[UPPER] == "忽略：还没有填，以 上河村（填好）.xlsx 为准"


def test_two_filled_ones_that_differ_settle_nothing_whatever_lies_blank_beside(issued, work):
    shutil.copy(work / "村级工作簿" / UPPER, issued / "甲.xlsx")
    shutil.copy(work / "村级工作簿" / UPPER, issued / "乙.xlsx")
    book = openpyxl.load_workbook(issued / "乙.xlsx")
    book["存在问题"]["B4"] = "改过的问题"
    book.save(issued / "乙.xlsx")
    told = fates(issued)
    assert told["甲.xlsx"] == "未汇总：有 2 份内容不同的工作簿（乙.xlsx、甲.xlsx），请只留一份"
    assert told[UPPER] == "忽略：还没有填"


def test_a_village_whose_workbooks_are_all_blank_still_has_one(issued):
    shutil.copy(issued / UPPER, issued / "副本.xlsx")
    book = openpyxl.load_workbook(issued / "副本.xlsx")
    book.save(issued / "副本.xlsx")  # other bytes, still nothing filled in
    told = fates(issued)
    assert sorted(fate[:3] for name, fate in told.items() if "河" in name or "副" in name) == [
        "已汇总",
        "忽略：",
    ]
