"""What the first sheet tells of the way still to go: next things, months without a meeting.

LibreOffice reckons the same formulas in `test_live.py` and `test_blank.py`; here stands what they
are to say.
"""

import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from toolkit.excel.blank import build_workbook
from toolkit.forms import township, village
from toolkit.forms.codes import TYPES
from toolkit.schema.codelists import CodeList, Term
from toolkit.schema.form import INSTRUCTIONS_SHEET, NOWHERE, Filling, Form, Identity, Local

PROFILE = {
    "year": 2022,
    "code": "0203",
    "town": "青石镇",
    "village": "上河村",
    "branch": "中共青石镇上河村支部委员会",
    "members": 34,
    "plan_day": dt.date(2022, 4, 20),
}


def built(form: Form, filling: Filling, local: Local = NOWHERE) -> CalamineWorkbook:
    data = build_workbook(form, Identity(form.id, form.version), filling, local=local)
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


def told(filling: Filling, local: Local = NOWHERE) -> dict[str, list[str]]:
    """The lines of the progress by their label, each with those below it that have none."""
    book = built(village.FORM, filling, local)
    found: dict[str, list[str]] = {}
    label = ""
    for line in book.get_sheet_by_name(INSTRUCTIONS_SHEET).to_python(skip_empty_area=False):
        label = str(line[0]) or label
        found.setdefault(label, []).append(str(line[1]))
    return found


def test_the_next_things_are_told_in_the_order_of_the_sheets():
    profile = {**PROFILE, "members": None}
    filling = {
        village.Profile: [profile],
        village.Problem: [{"number": "P01", "headline": "集体经济薄弱"}],
    }
    assert told(filling)["接下来填"] == [
        "“基本情况”里的“党员总数”没有填",
        "“工作力量”还没有填",
        "“存在问题”第 4 行的“类型代码”没有填",
    ]


def test_of_a_table_the_first_row_with_a_gap_is_told_with_its_first_empty_column():
    filling = {
        village.Profile: [PROFILE],
        village.Person: [{"role": "组长", "name": "王志远"}],
        village.Problem: [{"number": "P01", "headline": "散", "types": "R10"}],
        village.Measure: [
            {},
            {"number": "P01-M01", "problem": "P01", "status": "推进中"},
            {"text": "做"},
        ],
    }
    assert told(filling)["接下来填"] == ["“整改措施”第 5 行的“措施内容”没有填", "", ""]


def test_when_all_is_filled_that_is_said():
    filling = {
        village.Profile: [PROFILE],
        village.Person: [{"role": "组长", "name": "王志远"}],
        village.Problem: [{"number": "P01", "headline": "散", "types": "R10"}],
        village.Measure: [
            {
                "number": "P01-M01",
                "problem": "P01",
                "text": "做",
                "owner": "王志远",
                "deadline": "2022年10月底前",
                "status": "推进中",
            }
        ],
    }
    assert told(filling)["接下来填"] == ["必填项都齐了。", "", ""]


def meetings(*days: dt.date) -> Filling:
    return {village.Meeting: [{"day": day} for day in days]}


MAY_AND_JULY = meetings(dt.date(2022, 5, 10), dt.date(2022, 7, 9), dt.date(2021, 6, 1))
NONE_DUE, ALL_HELD = "还没有到期的月份。", "到期的月份都有记录。"


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        # the first month is May; a month is due from its 25th on
        ({"cutoff": dt.date(2022, 8, 24)}, "缺 6月的“专题研究会议”。"),
        ({"cutoff": dt.date(2022, 8, 25)}, "缺 6月、8月的“专题研究会议”。"),
        ({"cutoff": dt.date(2022, 5, 24)}, NONE_DUE),
        ({"cutoff": dt.date(2022, 5, 25)}, ALL_HELD),
        # the plan is later than May
        ({"cutoff": dt.date(2022, 7, 31), "plan_day": dt.date(2022, 7, 1)}, ALL_HELD),
        # a plan of the year before says nothing of months
        (
            {"cutoff": dt.date(2022, 6, 30), "plan_day": dt.date(2021, 11, 1)},
            "缺 6月的“专题研究会议”。",
        ),
        # the day is after the year, before it, not told; the year is not told
        (
            {"cutoff": dt.date(2023, 1, 5)},
            "缺 6月、8月、9月、10月、11月、12月的“专题研究会议”。",
        ),
        ({"cutoff": dt.date(2021, 12, 31)}, NONE_DUE),
        ({}, NONE_DUE),
        ({"cutoff": "2022年8月31日"}, "缺 6月、8月的“专题研究会议”。"),  # a day in words
        ({"cutoff": "2022.8.24"}, "缺 6月的“专题研究会议”。"),
        ({"cutoff": dt.date(2022, 8, 24), "year": "2022"}, "缺 6月的“专题研究会议”。"),
        # what is no day, or no year, is asked for first
        ({"cutoff": "2022年8月底"}, "先把“数据截止日期”填对，再看这里。"),
        ({"cutoff": dt.date(2022, 8, 31), "year": None}, "先把“年度”填对，再看这里。"),
        ({"cutoff": dt.date(2022, 8, 31), "plan_day": "4月20日"}, "先把“方案日期”填对，再看这里。"),
    ],
)
def test_the_months_without_a_meeting_are_told_as_of_the_day_of_the_data(profile, expected):
    filling = {village.Profile: [{**PROFILE, **profile}], **MAY_AND_JULY}
    assert told(filling)["逐月检查"] == [expected]


def test_where_the_year_is_not_filled_in_the_issued_one_counts():
    filling = {village.Profile: [{**PROFILE, "year": None, "cutoff": dt.date(2022, 8, 24)}]}
    filling |= MAY_AND_JULY
    data = build_workbook(village.FORM, Identity(village.FORM.id, "1", "0203", "2022"), filling)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(INSTRUCTIONS_SHEET)
    lines = {str(line[0]): line[1] for line in sheet.to_python(skip_empty_area=False)}
    assert lines["逐月检查"] == "缺 6月的“专题研究会议”。"


def test_days_written_as_texts_are_asked_for_before_a_month_is_missed():
    held = {
        village.Meeting: [{"day": dt.date(2022, 5, 9)}, {"day": "6月10日"}, {"day": "2022.7.1"}]
    }
    filling = {village.Profile: [{**PROFILE, "cutoff": dt.date(2022, 7, 31)}], **held}
    assert told(filling)["逐月检查"] == [
        "有 2 个“会议日期”不是日期，改成 2022-06-15 的样子再看这里。"
    ]


def test_two_empty_ledgers_that_must_not_be_empty_count_as_gaps():
    lines = built(village.FORM, {village.Profile: [PROFILE]}).get_sheet_by_name(INSTRUCTIONS_SHEET)
    table = lines.to_python(skip_empty_area=False)[:30]  # the example below names sheets again
    shown = {str(line[0]): line for line in table}
    assert shown["存在问题"][1:3] + shown["存在问题"][4:] == [0, 3, "还没有填"]
    assert shown["整改措施"][1:3] + shown["整改措施"][4:] == [0, 6, "还没有填"]
    assert shown["整改目标"][1:3] + shown["整改目标"][4:] == [0, 0, "未填写"]
    assert shown["必填项完成率"][1] == pytest.approx(7 / 16)  # of 7 fields and two rows


def test_a_cell_that_holds_only_blanks_holds_nothing():
    filling = {village.Profile: [{**PROFILE, "branch": " "}], village.Problem: [{"number": "  "}]}
    assert told(filling)["接下来填"][:2] == [
        "“基本情况”里的“党组织全称”没有填",
        "“工作力量”还没有填",
    ]


def test_the_township_s_own_months_count():
    local = Local(figures={"专题研究起始月份": 7, "每月截止日": 31})
    for day, expected in (
        (dt.date(2022, 8, 30), ALL_HELD),
        (dt.date(2022, 8, 31), "缺 8月的“专题研究会议”。"),
        (dt.date(2022, 9, 29), "缺 8月的“专题研究会议”。"),
        (dt.date(2022, 9, 30), "缺 8月、9月的“专题研究会议”。"),  # September has 30 days
    ):
        filling = {village.Profile: [{**PROFILE, "cutoff": day}], **MAY_AND_JULY}
        assert told(filling, local)["逐月检查"] == [expected]


def test_a_township_s_own_types_are_offered_instead_of_the_usual_ones():
    own = CodeList(TYPES.name, (Term("R10", "服务弱"), Term("L07", "合村不合心")))
    book = built(village.FORM, {}, Local(codelists={TYPES.name: own}))
    [column] = [
        cells
        for cells in zip(*book.get_sheet_by_name("字典").to_python(), strict=True)
        if cells[0] == "类型"
    ]
    assert [cell for cell in column[1:] if cell] == ["R10 服务弱", "L07 合村不合心"]


def test_a_form_without_months_tells_of_none():
    book = built(township.FORM, {})
    sheet = book.get_sheet_by_name(INSTRUCTIONS_SHEET)
    labels = [str(line[0]) for line in sheet.to_python(skip_empty_area=False)]
    assert "接下来填" in labels
    assert "逐月检查" not in labels


def test_a_number_that_can_be_no_year_stops_no_workbook():
    filling = {village.Profile: [{"year": 575295324}]}
    assert build_workbook(village.FORM, Identity(village.FORM.id, village.FORM.version), filling)
