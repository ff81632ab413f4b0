"""会议纪要: which meetings get minutes, and what their files are called."""

import datetime as dt
import io
from pathlib import Path

import docx
import pytest
from drawn import drawn
from openxml_audit import OpenXmlValidator

from toolkit.demo import DAY
from toolkit.errors import UsageError
from toolkit.minutes import endings, meetings, minutes
from toolkit.papers import Manner
from toolkit.report import Outcome

BOOK = drawn("""
    # 专题研究会议
    | 会议日期   | 会议类型 | 议题 |
    | 2022-10-13 | 支委会   | 乙   |
    | 2022-09-08 | 支委会   | 甲   |
    | 2022-11-01 | 支委会   | 未到 |
    |            | 支委会   | 无日 |
    | 2022-10-31 | 支委会   | 丙   |
""")


def topics(month: str = "") -> list[str]:
    return [row.topics for row in meetings(BOOK, DAY, month)]


def test_meetings_that_took_place_are_told_in_their_order_the_undated_last():
    assert topics() == ["甲", "乙", "丙", "无日"]


def test_of_a_month_only_its_own_meetings_count():
    assert (topics("2022-10"), topics("2022-09"), topics("2022-08")) == (["乙", "丙"], ["甲"], [])
    assert topics("2022-11") == []  # still to come


def of(work: Path, *names: str, target: str = "公文", **more: object) -> Outcome:
    books = work / "村级工作簿"
    paths = [books / f"{name}-2022.xlsx" for name in names] or [books]
    return minutes(paths, work / target, DAY, manner=Manner(draft=True), **more)


def files(done: Outcome) -> list[str]:
    return [each.path.name.removesuffix("-征求意见稿.docx") for each in done.written]


def test_each_meeting_of_a_month_gets_a_paper_of_its_own(work):
    done = of(work, month="2022-10")
    assert files(done) == [
        "0203-上河村-会议纪要-2022-10-13",
        "0205-柳湾村-会议纪要-2022-10-11",
        "0207-石桥村-会议纪要-2022-10-12",
    ]
    assert (done.troubles, done.exit_code) == ((), 0)


def test_a_village_without_a_meeting_in_the_month_is_told_of_and_is_no_fault(work):
    done = of(work, month="2022-08")
    assert files(done) == ["0205-柳湾村-会议纪要-2022-08-10"]
    assert [line for line in done.passed_over if "会议" in line] == [
        "上河村：没有2022年8月的会议记录，没有生成会议纪要。",
        "石桥村：没有2022年8月的会议记录，没有生成会议纪要。",
    ]
    assert done.exit_code == 0


def test_without_a_month_every_meeting_until_the_day_gets_one(work):
    days = ["04-18", "05-09", "06-14", "07-12", "09-08", "10-13"]
    assert files(of(work, "0203-上河村")) == [f"0203-上河村-会议纪要-2022-{day}" for day in days]


def test_a_second_meeting_of_a_day_is_numbered_and_one_without_a_day_says_so():
    twice = drawn("""
        # 专题研究会议
        | 会议日期   | 会议类型 |
        | 2022-10-13 | 支委会   |
        | 2022-10-13 | 党员大会 |
        | 记不清     | 支委会   |
        | 也记不清   | 支委会   |
    """)
    assert list(endings(meetings(twice, DAY))) == [
        "会议纪要-2022-10-13",
        "会议纪要-2022-10-13-2",
        "会议纪要-日期未填",
        "会议纪要-日期未填-2",
    ]


def test_several_minutes_do_not_go_into_one_file(work):
    done = of(work, "0203-上河村", target="纪要.docx")
    assert (done.written, done.exit_code) == ((), 2)
    assert "有 6 份会议纪要，请用 -o 指定文件夹。" in done.troubles[0]
    with pytest.raises(UsageError, match="有 3 个村"):
        of(work, target="纪要.docx")


def test_the_paper_bears_no_signature_and_is_a_valid_file(work):
    (done,) = of(work, "0205-柳湾村", month="2022-10").written
    document = docx.Document(io.BytesIO(done.path.read_bytes()))
    told = [each.text.replace("\n", "") for each in document.paragraphs if each.text]
    assert told[0] == "青石镇柳湾村党员大会会议纪要"
    assert told[-2:] == [
        "出席：＿＿（应到29人，实到26人）",
        "请假：梁守信等3人（在外务工，已请假）",
    ]
    assert OpenXmlValidator().validate(done.path).errors == []


def test_equal_workbooks_are_equal_bytes(work):
    first = {each.path.name: each.path.read_bytes() for each in of(work, month="2022-10").written}
    again = of(work, target="再", month="2022-10").written
    assert {each.path.name: each.path.read_bytes() for each in again} == first


def test_the_day_of_the_run_decides_which_meetings_are_still_to_come(work):
    books = work / "村级工作簿" / "0203-上河村-2022.xlsx"
    done = minutes([books], work / "公文", dt.date(2022, 5, 8), manner=Manner(draft=True))
    assert files(done) == ["0203-上河村-会议纪要-2022-04-18"]


def test_the_command_takes_a_month_however_it_is_written(work, zhengdun):
    book = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    out = work / "公文"
    done = zhengdun("minutes", book, "-o", out, "--month", "2022年10月", "--as-of", "2022-10-31")
    assert done.code == 0
    assert [path.name for path in out.iterdir()] == ["0205-柳湾村-会议纪要-2022-10-11.docx"]


def test_a_month_that_cannot_be_read_is_refused_before_anything_is_written(work, zhengdun):
    done = zhengdun("minutes", work / "村级工作簿", "-o", work / "公文", "--month", "十月")
    assert (done.code, (work / "公文").exists()) == (2, False)
    assert "月份“十月”读不出来。请写成 2022-10 的样子。" in done.err


def test_where_a_month_had_no_meeting_nobody_is_told_to_correct_anything(work):
    # 上河村 has errors to mend, which would stop a final paper
    done = minutes([work / "村级工作簿" / "0203-上河村-2022.xlsx"], work / "纪要", DAY, "2022-01")
    assert (done.written, done.troubles, done.exit_code) == ((), (), 0)
    assert "上河村：没有2022年1月的会议记录，没有生成会议纪要。" in done.passed_over
