"""Every file that was seen, in 数据来源 and 对账: also those that brought no village's figures."""

import hashlib

import openpyxl
import pytest

from toolkit import flow
from toolkit.demo import DAY


def listed(path, title):
    lines = list(openpyxl.load_workbook(path, data_only=True)[title].iter_rows(values_only=True))
    head = next(line for line in lines if "文件名" in line)
    rows = [dict(zip(head, line, strict=True)) for line in lines[lines.index(head) + 1 :]]
    return [row for row in rows if isinstance(row["文件序号"], int)]


@pytest.fixture
def target(work):
    for folder in ("甲", "乙"):
        place = work / "村级工作簿" / folder
        place.mkdir()
        (place / "坏.xlsx").write_bytes(f"PK{folder}".encode())
    target = work / "汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], target, DAY)
    return target


def test_two_unreadable_files_of_one_name_are_told_apart_and_have_their_hash(target):
    broken = {row["文件名"]: row for row in listed(target, "数据来源") if "坏" in row["文件名"]}
    assert sorted(broken) == ["村级工作簿/乙/坏.xlsx", "村级工作簿/甲/坏.xlsx"]
    for name, row in broken.items():
        data = (target.parent / name).read_bytes()
        assert row["完整的内容指纹（SHA-256）"] == hashlib.sha256(data).hexdigest()
        assert row["处理结果"].startswith("未汇总：")


def test_the_townships_own_workbook_is_counted_row_by_row_too(target):
    (town,) = [row for row in listed(target, "数据来源") if "镇级工作簿" in row["文件名"]]
    assert town["有内容的行"] > 0
    assert town["对账差额"] == 0
    assert town["表格版本"]
    sheets = [row for row in listed(target, "对账") if "镇级工作簿" in row["文件名"]]
    assert {"镇情", "村名册", "参数"} <= {row["工作表"] for row in sheets}
    assert sum(row["有内容的行"] for row in sheets) == town["有内容的行"]
    (roster,) = [row for row in sheets if row["工作表"] == "村名册"]
    assert roster["记录"] == 3
