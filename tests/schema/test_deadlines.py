"""The grammar of 完成时限, held against the table of phrasings seen in real plans.

Every expectation is derived by hand from that table and its rules; the plan's year is 2022.
"""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.schema.deadlines import Deadline, MonthBefore, parse_deadline

YEAR = 2022
STANDING = MappingProxyType({"standing": True})
AT_ONCE = MappingProxyType({"immediate": True})
AGAIN = MappingProxyType({"recurring": True})


def days(start: str | None, end: str | None, **more: object) -> dict[str, object]:
    """Return the expected dates, written as in the table."""
    return {
        "start": date.fromisoformat(start) if start else None,
        "end": date.fromisoformat(end) if end else None,
        **more,
    }


def by(end: str, **more: object) -> dict[str, object]:
    """Return the expectation of an end without a start."""
    return days(None, end, **more)


def stages(*ends: str) -> tuple[date, ...]:
    """Return the expected ends of a staged target."""
    return tuple(map(date.fromisoformat, ends))


def facts(phrase: str, year: int | None = YEAR, **options: MonthBefore) -> dict[str, object]:
    """Return what was understood, but for the wording of the ambiguity."""
    read = parse_deadline(phrase, year, **options)
    assert read is not None, f"“{phrase}” is unreadable"
    fields = ("start", "end", "standing", "immediate", "recurring", "slips", "stages")
    return {name: getattr(read, name) for name in (*fields, "duration_months")}


def expected(**given_facts: object) -> dict[str, object]:
    """Return the expectation, filled up with what an empty deadline says."""
    empty = {"start": None, "end": None, "standing": False, "immediate": False, "recurring": False}
    return {**empty, "slips": (), "stages": (), "duration_months": None, **given_facts}


LOW = ("低→底",)
TABLE = [  # row of the table, phrase, what it states
    (1, "2022年10月前及长期坚持", by("2022-09-30", standing=True)),
    (2, "2022年6月前及长期坚持", by("2022-05-31", standing=True)),
    (3, "2022年10月之前及长期坚持", by("2022-09-30", standing=True)),
    (4, "2022年5月到9月低前", days("2022-05-01", "2022-09-30", slips=LOW)),
    (5, "2022年10月中旬前", by("2022-10-20")),
    (6, "2022年10月底前", by("2022-10-31")),
    (7, "x月x日前完成整改,今后长期坚持", STANDING),
    (8, "3月1日至3月6日", days("2022-03-01", "2022-03-06")),
    (9, "2017年2月开始至5月底", days("2017-02-01", "2017-05-31")),
    (10, "集中一个月", {"duration_months": 1.0}),
    (11, "从2020年7月开始,到2021年8月底结束", days("2020-07-01", "2021-08-31")),
    (12, "利用1年半时间", {"duration_months": 18.0}),
    (13, "截止2020年7月底", by("2020-07-31")),
    (13, "截至2020年7月底", by("2020-07-31")),
    (14, "到 2019年底", by("2019-12-31")),
    (15, "集中2018、2019两年时间", days("2018-01-01", "2019-12-31")),
    (16, "7月底前", by("2022-07-31")),
    (16, "9月底前", by("2022-09-30")),
    (16, "12月底前", by("2022-12-31")),
    (17, "年底前", by("2022-12-31")),
    (18, "在2019年底能够退出销号", by("2019-12-31")),
    (19, "6月底", by("2022-06-30")),
    (20, "4月初前", by("2022-04-10")),
    (21, "3-4月", days("2022-03-01", "2022-04-30")),
    (21, "3-12月", days("2022-03-01", "2022-12-31")),
    (22, "9至10月中旬", days("2022-09-01", "2022-10-20")),
    (23, "9月13日至10月16日", days("2022-09-13", "2022-10-16")),
    (24, "7月13日—7月20日", days("2022-07-13", "2022-07-20")),
    (25, "7月20日前", by("2022-07-20")),
    (25, "8月20日前", by("2022-08-20")),
    (26, "7月22日下午5时前", by("2022-07-22")),
    (27, "在2024年6月底前完成", by("2024-06-30")),
    (28, "2023年8月1日至8月31日", days("2023-08-01", "2023-08-31")),
    (28, "2023年9月1日至10月15日", days("2023-09-01", "2023-10-15")),
    (
        28,
        "2023年8月1日至8月31日; 2023年9月1日至10月15日",
        days("2023-08-01", "2023-10-15", stages=stages("2023-08-31", "2023-10-15")),
    ),
    (29, "2021年第一季度", by("2021-03-31")),
    (30, "从2020年11月开始,到2021年3月底", days("2020-11-01", "2021-03-31")),
    (31, "到2025年底", by("2025-12-31")),
    (31, "2025年底", by("2025-12-31")),
    (31, "2027年", days("2027-01-01", "2027-12-31")),
    (
        32,
        "到 2018 年底…到2019年底…到2020年",
        by("2020-12-31", stages=stages("2018-12-31", "2019-12-31", "2020-12-31")),
    ),
    (33, "立行立改", AT_ONCE),
    (33, "立整立改", AT_ONCE),
    (33, "立查立改", AT_ONCE),
    (33, "即查即改", AT_ONCE),
    (33, "限期整改", AT_ONCE),
    (33, "即知即改", AT_ONCE),
    (33, "边巡边改", AT_ONCE),
    (33, "边审边改", AT_ONCE),
    (34, "持续整改", STANDING),
    (34, "长期坚持", STANDING),
    (34, "今后长期坚持", STANDING),
    (34, "“当下改”与“长久立”", STANDING),
    (35, "每月", AGAIN),
    (35, "半月一报告", AGAIN),
    (35, "每周五下午", AGAIN),
    (35, "每个月末", AGAIN),
    (35, "每周五下午, 每个月末", AGAIN),
    (35, "每季度最后一个月底", AGAIN),
    (35, "每周至少2个半天", AGAIN),
    (36, "每年年初", AGAIN),
    (36, "每年年底", AGAIN),
    (37, "继续跟踪问效1年", {"duration_months": 12.0}),
    (37, "将挂牌时间延长1年", {"duration_months": 12.0}),
    (37, "经过3个月集中整改", {"duration_months": 3.0}),
    (38, "计划9月底峻工", by("2022-09-30", slips=("峻→竣",))),
    (39, "长期", STANDING),
    (39, "2022.10", by("2022-10-31")),
    (39, "2022-10", by("2022-10-31")),
    (39, "2022/10/31", by("2022-10-31")),
    (39, "10.31前", by("2022-10-31")),
    (39, "十月底前", by("2022-10-31")),
    (39, "〇二二年十月底前", by("2022-10-31", slips=("〇二二→二〇二二",))),
    (39, "２０２２年１０月底前", by("2022-10-31")),
]


@pytest.mark.parametrize(("row", "phrase", "states"), TABLE)
def test_every_phrasing_of_the_table_states_what_the_table_says(row, phrase, states):
    assert facts(phrase) == expected(**states), f"row {row}"


def test_the_table_above_leaves_no_row_out():
    assert {row for row, _, _ in TABLE} == set(range(1, 40))


FURTHER = [
    # figures
    ("2022.10.31", by("2022-10-31")),
    ("2022-10-31", by("2022-10-31")),
    ("2022-10-31 00:00:00", by("2022-10-31")),
    ("2022-10-31 17:30前", by("2022-10-31")),
    ("20221031", by("2022-10-31")),
    ("２０２２／１０／３１", by("2022-10-31")),
    ("2022.10月底前", by("2022-10-31")),
    ("2022.5.1-9.30", days("2022-05-01", "2022-09-30")),
    ("2022-5-9月", days("2022-05-01", "2022-09-30")),
    ("2022.5—2023.3", days("2022-05-01", "2023-03-31")),
    ("二〇二二年十月三十一日前", by("2022-10-31")),
    ("二零二二年十二月底前", by("2022-12-31")),
    ("二○二二年五月至九月底前", days("2022-05-01", "2022-09-30")),
    ("九至十月中旬", days("2022-09-01", "2022-10-20")),
    ("2022 年 10 月 31 日 前", by("2022-10-31")),
    # before and within
    ("2022年10月31日以前", by("2022-10-31")),
    ("2022年10月31日截止", by("2022-10-31")),
    ("截止到2022年10月31日止", by("2022-10-31")),
    ("到2022年10月止", by("2022-10-31")),
    ("2022年10月内", by("2022-10-31")),
    ("2022年10月份内", by("2022-10-31")),
    ("2022年内", by("2022-12-31")),
    ("最迟于2022年10月底之前整改到位。", by("2022-10-31")),
    ("完成时限：2022年10月底前", by("2022-10-31")),
    ("力争12月20日下班前全部完成", by("2022-12-20")),
    ("10月月底前", by("2022-10-31")),
    # ranges
    ("2022年5月1-15日", days("2022-05-01", "2022-05-15")),
    ("2022年5月1日－15日", days("2022-05-01", "2022-05-15")),
    ("2022年5–9月", days("2022-05-01", "2022-09-30")),
    ("2022年5月~9月", days("2022-05-01", "2022-09-30")),
    ("2022年5月～9月", days("2022-05-01", "2022-09-30")),
    ("2022年5月集中整改至9月底", days("2022-05-01", "2022-09-30")),
    ("2022年5月长期坚持到9月底", days("2022-05-01", "2022-09-30")),
    ("自2022年5月起至9月底止", days("2022-05-01", "2022-09-30")),
    ("2022年5月启动，9月底前完成", days("2022-05-01", "2022-09-30")),
    ("从2022年5月到2022年9月", days("2022-05-01", "2022-09-30")),
    ("从2022年5月", days("2022-05-01", None)),
    ("2022年5月起长期坚持", days("2022-05-01", None, standing=True)),
    ("2018-2019年", days("2018-01-01", "2019-12-31")),
    ("2018、2019年内", days("2018-01-01", "2019-12-31")),
    ("1-2季度", days("2022-01-01", "2022-06-30")),
    ("5月上旬至6月下旬", days("2022-05-01", "2022-06-30")),
    ("5月中旬至6月", days("2022-05-11", "2022-06-30")),
    # quarters, halves, years
    ("一季度末", by("2022-03-31")),
    ("第三季度", by("2022-09-30")),
    ("上半年", by("2022-06-30")),
    ("2023年下半年", by("2023-12-31")),
    ("年内", by("2022-12-31")),
    ("年终", by("2022-12-31")),
    ("全年", days("2022-01-01", "2022-12-31")),
    ("今年年底前", by("2022-12-31")),
    ("明年3月底前", by("2023-03-31")),
    ("本年度", days("2022-01-01", "2022-12-31")),
    ("2019年年底", by("2019-12-31")),
    ("2022年2月下旬", by("2022-02-28")),
    ("2024年2月底前", by("2024-02-29")),
    # compounds
    ("2022年10月底前，并长期坚持", by("2022-10-31", standing=True)),
    ("立行立改，长期坚持", {"immediate": True, "standing": True}),
    ("2022年每月一次", days("2022-01-01", "2022-12-31", recurring=True)),
    ("限期整改，2022年10月底前", by("2022-10-31")),
    ("7月底和9月底前", by("2022-09-30", stages=stages("2022-07-31", "2022-09-30"))),
    (
        "2018、2019年，2020年底",
        days("2018-01-01", "2020-12-31", stages=stages("2019-12-31", "2020-12-31")),
    ),
    ("一年内", {"duration_months": 12.0}),
    ("两月", {"duration_months": 2.0}),
    ("1个半月", {"duration_months": 1.5}),
    ("半年", {"duration_months": 6.0}),
    ("每年10月底前", AGAIN),
    ("每月25日前", AGAIN),
    ("每月10日前报告", AGAIN),
    ("每年两次，2022年底前", by("2022-12-31", recurring=True)),
    ("长期坚持到2022年底", by("2022-12-31")),
]


@pytest.mark.parametrize(("phrase", "states"), FURTHER)
def test_other_ways_to_write_the_same_are_read_too(phrase, states):
    assert facts(phrase) == expected(**states)


UNREADABLE = [
    "",
    " ",
    "，",
    "完成整改",
    "已完成",
    "已于2022年10月完成",
    "尽快",
    "适时",
    "尽快，2022年10月底前",
    "10月分前",
    "10月前后",
    "10月底左右",
    "10月中前",
    "x月x日前",
    "20xx年x月底前",
    "2022年10月底前，x月x日验收，长期坚持",  # which of the two dates holds?
    "2月30日前",
    "2022-02-29",
    "13月底前",
    "120月前",
    "2022年第五季度",
    "0季度",
    "1022年底前",
    "2022",  # a number, not a date
    "〇二二",
    "10",
    "10-31",  # October to…, or the 31st?
    "10.31.5",
    "20-25日",
    "15日前",
    "2022年5日",
    "三四月",
    "二十两日",
    "二百二十日",
    "10 12月底前",
    "7月20日8月20日前",
    "7月20日前至8月20日",
    "2022年5月至",
    "2022年5月至9",
    "2022年5月3-6月",
    "上半年3-4季度",
    "5-上半年",
    "5-2023年",
    "2022年5-2023年",
    "2022年9月至2022年5月",
    "3月6日至3月1日",
    "2022年9月至9月前",
    "2022年10月底前，2022年5月底前",
    "从2022年5月开始，5月前完成",
    "7月20日前，7月10日前",
    "第一季度初",
    "前",
    "底前",
    "2018、2019三年时间",
    "2018、2020年",
    "2018、2019两年，6月底前",
    "2018、1019年",
    "3年前",
    "两年半年",
    "1年，3个月",
    "每年3月至5月",
    "每年3月、9月",
    "2018、" * 8000 + "2019年",
    "7月22日0时前",
    "五一前",
    "春节前",
    "月底前",
]


@pytest.mark.parametrize("phrase", UNREADABLE, ids=lambda phrase: phrase[:20])
def test_what_cannot_be_read_with_certainty_is_not_read(phrase):
    assert parse_deadline(phrase, YEAR) is None


AMBIGUOUS = [
    ("2022年10月前", "“2022年10月前”可理解为9月30日前或10月31日前"),
    ("10月前", "“10月前”可理解为9月30日前或10月31日前"),
    ("10月以前", "“10月以前”可理解为9月30日前或10月31日前"),
    ("2022年5月到9月前", "“9月前”可理解为8月31日前或9月30日前"),
    ("2023年1月前", "“2023年1月前”可理解为2022年12月31日前或2023年1月31日前"),
    ("第三季度前", "“第3季度前”可理解为6月30日前或9月30日前"),
    ("2022年10月上旬前", "“2022年10月上旬前”可理解为9月30日前或10月10日前"),
    ("2022年10月中旬前", "“2022年10月中旬前”可理解为10月10日前或10月20日前"),
    ("4月初前", "“4月初”没有确切日期，按4月10日理解"),
    ("4月初", "“4月初”没有确切日期，按4月10日理解"),
    ("年初", "“年初”没有确切日期，按1月31日理解"),
    ("年中前", "“年中”没有确切日期，按6月30日理解"),
    ("三月内", "“3月内”可理解为3月31日前或3个月内"),
    ("22年10月底前", "“22年”按2022年理解"),
    ("限期整改", "“限期整改”没有写明期限"),
    ("x月x日前完成整改,今后长期坚持", "“x月x日”还是占位符，没有填写日期"),
    ("11月至3月", "“3月”没有写明年份，又早于前面的日期，按2023年理解"),
    (
        "6月前，10月前",
        "“6月前”可理解为5月31日前或6月30日前；“10月前”可理解为9月30日前或10月31日前",
    ),
]


@pytest.mark.parametrize(("phrase", "sentence"), AMBIGUOUS)
def test_a_phrase_with_two_meanings_says_which_they_are(phrase, sentence):
    read = parse_deadline(phrase, YEAR)
    assert read is not None
    assert read.ambiguity == sentence


PLAIN = [
    "2022年10月底前",
    "2022年10月31日前",
    "10月20日前",
    "年底前",
    "2022年10月内",
    "2022年10月",
    "9至10月中旬",
    "一季度末",
    "2022-10-31",
    "立行立改",
    "长期坚持",
    "每年年初",
    "集中一个月",
    "限期整改，10月底前",
]


@pytest.mark.parametrize("phrase", PLAIN)
def test_a_phrase_with_one_meaning_is_not_called_ambiguous(phrase):
    read = parse_deadline(phrase, YEAR)
    assert read is not None
    assert read.ambiguity == ""


BOTH = [  # phrase, end under 上月末, end under 当月末
    ("2022年10月前及长期坚持", "2022-09-30", "2022-10-31"),
    ("2022年6月之前", "2022-05-31", "2022-06-30"),
    ("2023年1月以前", "2022-12-31", "2023-01-31"),
    ("2024年3月前", "2024-02-29", "2024-03-31"),
    ("2022年前", "2021-12-31", "2022-12-31"),
    ("三季度前", "2022-06-30", "2022-09-30"),
    ("2022年5月至9月前", "2022-08-31", "2022-09-30"),
    # on these the township's convention has no say
    ("10月底前", "2022-10-31", "2022-10-31"),
    ("10月20日前", "2022-10-20", "2022-10-20"),
    ("10月中旬前", "2022-10-20", "2022-10-20"),
    ("4月初前", "2022-04-10", "2022-04-10"),
    ("10月内", "2022-10-31", "2022-10-31"),
    ("10月", "2022-10-31", "2022-10-31"),
]


@pytest.mark.parametrize(("phrase", "strict", "inclusive"), BOTH)
def test_the_township_decides_what_a_month_before_means(phrase, strict, inclusive):
    ends = [facts(phrase, month_before=meaning)["end"] for meaning in MonthBefore]
    assert ends == [date.fromisoformat(strict), date.fromisoformat(inclusive)]


def test_a_month_before_is_strict_unless_the_township_says_otherwise():
    assert parse_deadline("10月前", YEAR) == parse_deadline("10月前", YEAR, MonthBefore.STRICT)


INHERITED = [  # phrase, year of the plan, start, end
    ("10月底前", 2023, None, "2023-10-31"),
    ("2020年7月至9月", 2023, "2020-07-01", "2020-09-30"),
    ("2020年12月1日至15日", 2023, "2020-12-01", "2020-12-15"),
    ("2022年11月至3月", 2022, "2022-11-01", "2023-03-31"),
    ("2022年11月至次年3月", 2022, "2022-11-01", "2023-03-31"),
    ("11月至3月底", 2021, "2021-11-01", "2022-03-31"),
    ("11月20日至2月10日", 2021, "2021-11-20", "2022-02-10"),
    ("5月至2023年9月", 2022, "2022-05-01", "2023-09-30"),
    ("2022年11月至3月；4月底前", None, "2022-11-01", "2023-04-30"),
    ("2020年7月开始，9月底前", None, "2020-07-01", "2020-09-30"),
]


@pytest.mark.parametrize(("phrase", "year", "start", "end"), INHERITED)
def test_a_date_without_a_year_takes_that_of_the_date_before_or_of_the_plan(
    phrase, year, start, end
):
    read = facts(phrase, year)
    wanted = days(start, end)
    assert (read["start"], read["end"]) == (wanted["start"], wanted["end"])


@pytest.mark.parametrize(
    "phrase", ["10月底前", "年底前", "3-4月", "10.31前", "今年底", "10月底前，长期坚持"]
)
def test_without_any_year_a_date_that_needs_one_is_unreadable(phrase):
    assert parse_deadline(phrase) is None


@pytest.mark.parametrize("phrase", ["立行立改", "长期坚持", "每月", "集中一个月", "2022年10月底前"])
def test_what_needs_no_year_is_read_without_one(phrase):
    assert parse_deadline(phrase) == parse_deadline(phrase, YEAR)


def test_a_year_no_plan_can_be_of_makes_no_date():
    assert [parse_deadline("1月前", year) for year in (0, 1, 1899, 2200, 10**9)] == [None] * 5


READINGS = [
    ("2022年5月到9月低前", "2022-05-01 至 2022-09-30"),
    ("2022年10月前及长期坚持", "2022-09-30 前，并长期坚持"),
    ("长期坚持", "长期坚持（无截止日期）"),
    ("立行立改", "立行立改"),
    ("立行立改，长期坚持", "立行立改，并长期坚持"),
    ("每月", "定期开展（无截止日期）"),
    ("2022年每月", "2022-01-01 至 2022-12-31，定期开展"),
    ("1个半月", "为期 1.5 个月（无截止日期）"),
    ("2022年5月起", "2022-05-01 起（无截止日期）"),
    ("2018年底，2019年底", "分阶段 2018-12-31、2019-12-31 前"),
    ("3-4月，9月底前", "2022-03-01 起，分阶段 2022-04-30、2022-09-30 前"),
]


@pytest.mark.parametrize(("phrase", "reading"), READINGS)
def test_the_reading_tells_a_clerk_how_the_phrase_was_understood(phrase, reading):
    read = parse_deadline(phrase, YEAR)
    assert read is not None
    assert read.reading == reading


def test_a_deadline_made_from_a_date_cell_has_a_reading():
    assert Deadline("2022-10-31", end=date(2022, 10, 31)).reading == "2022-10-31 前"


PIECES = sorted({char for _, phrase, _ in TABLE for char in phrase} | {"年", "底", "季", "上"})
PHRASES = st.one_of(
    st.text(max_size=20),
    st.text(PIECES, max_size=14),
    st.lists(
        st.sampled_from(
            [phrase for _, phrase, _ in TABLE] + ["至", "前", "及", "，", "开始", "底"]
        ),
        max_size=4,
    ).map("".join),
)
YEARS = st.one_of(st.none(), st.integers(), st.integers(2015, 2030))


@given(PHRASES, YEARS, st.sampled_from(MonthBefore))
def test_any_text_is_read_or_refused_and_kept_as_written(text, year, month_before):
    read = parse_deadline(text, year, month_before)
    assert read is None or (read.text == text and read.reading)


@given(PHRASES, YEARS)
def test_what_is_read_states_something_and_never_ends_before_it_starts(text, year):
    read = parse_deadline(text, year)
    if read is None:
        return
    said = (read.start, read.end, read.duration_months, read.standing or None)
    assert any(fact is not None for fact in said) or read.immediate or read.recurring
    assert read.start is None or read.end is None or read.start <= read.end
    assert list(read.stages) == sorted(read.stages)
    assert not read.stages or read.stages[-1] == read.end


WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


@given(PHRASES, YEARS)
def test_full_width_figures_and_marks_mean_the_same_as_half_width_ones(text, year):
    narrow, wide = parse_deadline(text, year), parse_deadline(text.translate(WIDE), year)
    assert (narrow and replace(narrow, text="")) == (wide and replace(wide, text=""))


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_is_found_again_however_it_is_spelled(day):
    spellings = (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y.%m.%d}前",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日前",
    )
    assert {facts(spelling, None)["end"] for spelling in spellings} == {day}


@pytest.mark.parametrize("phrase", ["2022年10月31", "10月31", "10月31前", "2022年10月31之前"])
def test_a_day_at_the_end_may_lack_its_word(phrase):
    assert facts(phrase) == expected(**by("2022-10-31"))


@pytest.mark.parametrize("phrase", ["2月30", "10月3、5", "每月10"])
def test_a_number_behind_a_month_that_is_no_day_at_its_end_is_not_read(phrase):
    assert parse_deadline(phrase, YEAR) is None
