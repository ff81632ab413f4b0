"""An independent recount: the example workbooks by openpyxl alone, against the rollup's first page.

Nothing of the toolkit is asked but the command that writes the rollup.
"""

import calendar
import datetime as dt
import re
from itertools import pairwise

import openpyxl
import pytest
from paths import EXAMPLES

AS_OF = dt.date(2022, 10, 31)
DONE = {"已完成", "完成", "已整改", "待验收", "已销号"}
STANDING = {"长期坚持", "持续推进"}


def rows(path, title):
    """Yield the filled rows of a sheet by header, a header without its mark and its unit."""
    _, _, heads, *lines = openpyxl.load_workbook(path, data_only=True)[title].values
    names = [re.split(r"[ \n（]", str(head))[0] for head in heads]
    for line in lines:
        if any(cell is not None for cell in line):
            yield dict(zip(names, line, strict=True))


def day(cell):
    """Return a day however it is written, of simple phrases: “6月底前”, “10月之前”; else None."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    text = str(cell or "")
    if found := re.match(r"(\d{4})[.年-](\d+)[.月-](\d+)日?", text):
        return dt.date(*map(int, found.groups()))
    if found := re.match(r"(?:(\d{4})年)?(\d+)月(底前|之?前)", text):
        year, month = int(found[1] or 2022), int(found[2])
        month -= found[3] != "底前"
        return dt.date(year, month, calendar.monthrange(year, month)[1])
    return None


def recounted():
    """Return the headlines as a colleague counts them who has nothing but the workbooks."""
    books = sorted((EXAMPLES / "村级工作簿").glob("*.xlsx"))
    problems = [row for path in books for row in rows(path, "存在问题")]
    measures = [row for path in books for row in rows(path, "整改措施")]
    meetings = [day(row["会议日期"]) for path in books for row in rows(path, "专题研究会议")]
    done = sum(row["办理状态"] in DONE for row in measures)
    standing = sum(row["办理状态"] in STANDING for row in measures)
    due = [day(row["完成时限"]) for row in measures if row["办理状态"] not in DONE | STANDING]
    closed = [day(row["销号日期"]) for row in problems]
    return {
        "已汇总": len(books),
        "问题": len(problems),
        "问题已销号": sum(each is not None and each <= AS_OF for each in closed),
        "措施": len(measures),
        "已完成": done,
        "长期坚持": standing,
        "完成率": done / (len(measures) - standing),
        "逾期": sum(each is not None and each < AS_OF for each in due),
        "本月专题研究": sum((each.year, each.month) == (2022, 10) for each in meetings if each),
    }


@pytest.fixture
def first_page(zhengdun, tmp_path):
    """Write the examples' rollup and return its first page."""
    target = tmp_path / "镇汇总.xlsx"
    said = zhengdun("consolidate", EXAMPLES, "-o", target, "--as-of", "2022-10-31")
    assert target.exists(), said.err
    return openpyxl.load_workbook(target, data_only=True)["总览"]


def test_the_first_page_says_what_a_recount_by_hand_comes_to(first_page):
    shown = {
        above.value: below.value
        for upper, lower in pairwise(first_page.iter_rows(max_row=20))
        for above, below in zip(upper, lower, strict=True)
        if isinstance(above.value, str)
    }
    wanted = recounted()
    assert {label: shown.get(label) for label in wanted} == pytest.approx(wanted, abs=1e-12)
    assert wanted["措施"] > wanted["已完成"] > 0
    assert wanted["逾期"] > 0


def test_each_villages_line_adds_up_to_it(first_page):
    lines = list(first_page.values)
    at = next(number for number, line in enumerate(lines) if line[0] == "村序号")
    names = [str(name) for name in lines[at]]
    villages = [dict(zip(names, line, strict=True)) for line in lines[at + 1 : at + 4]]
    wanted = recounted()
    for header in ("问题", "问题已销号", "措施", "已完成", "长期坚持", "逾期"):
        assert sum(each[header] for each in villages) == wanted[header]
