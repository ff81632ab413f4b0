"""What people write in a cell, what it is read as, what is said of it; expected values by hand."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.forms import codes, township, village
from toolkit.schema.columns import Column
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.kinds import (
    Amount,
    Choice,
    Choices,
    Code,
    Context,
    Day,
    DeadlineKind,
    Digits,
    DocumentNumber,
    Kind,
    Month,
    Names,
    Number,
    Percent,
    Phone,
    Reading,
    Ref,
    Refs,
    Text,
    Whole,
    YesNo,
    as_text,
    if_nothing,
    parse_number,
    plain_number,
    reading_in,
)

IN_2022 = Context(2022)
MASKED = Reading(None, "脱敏符号，按未填处理", "", masked=True)
TYPES = Choices(codes.TYPES, codes.LOCAL_TYPE)
PROBLEM, MEASURE = Code("P00"), Code("P00-M00")
NAN, INF = float("nan"), float("inf")


def at(*moment):
    return dt.datetime(*moment)  # noqa: DTZ001 -- a cell knows no zone


def read(kind, raw, context=IN_2022):
    return kind.read(raw, context)


def understood(kind, raw):
    """The value of a reading that has no fault, with its note."""
    reading = read(kind, raw)
    assert reading.fault == ""
    return reading.value, reading.note


def fault(kind, raw):
    """The fault of a reading that has no value."""
    reading = read(kind, raw)
    assert reading.value is None
    assert not reading.masked
    return reading.fault


COMPATIBLE = "“\uf9ba”是特殊编码的字，看似相同却查不到，请用输入法重新输入"


# -- what holds for every kind

EVERY_KIND = (
    Whole("人"),
    Number("万元"),
    Percent(),
    Day(),
    DeadlineKind(),
    YesNo(),
    Choice(codes.STATUSES),
    TYPES,
    MEASURE,
    Digits(),
    Phone(),
    DocumentNumber(),
    Month(),
    Names(),
    Ref(PROBLEM, "存在问题"),
    Refs(PROBLEM, "存在问题"),
    Text(),
)
RAWS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789０１年月日.-,万千百十元人余约*X某√是P M、 /#eE", max_size=12),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: type(kind).__name__)
@settings(deadline=None)  # cn2an takes its time to load
@given(raw=RAWS)
def test_any_content_is_read_as_a_value_or_a_fault_or_a_mask_and_never_as_two(kind, raw):
    reading = read(kind, raw)
    assert (reading.value is not None) + bool(reading.fault) <= 1
    assert reading.value is not None or reading.fault or reading.masked


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: type(kind).__name__)
@pytest.mark.parametrize(
    "text",
    ["5" + " " * 30_000 + "x", "9" * 30_000, "十" * 30_000, "李 " * 15_000, "P01、" * 8_000],
    ids=["blanks", "digits", "numerals", "names", "codes"],
)
def test_a_very_long_text_is_read_within_a_moment(kind, text):
    reading = read(kind, text)  # the suite's own clock would show a slow pattern: it took minutes
    assert reading.value is not None or reading.fault or reading.masked


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: type(kind).__name__)
def test_the_example_of_each_kind_is_read_without_note_or_fault(kind):
    reading = read(kind, kind.example)
    assert (reading.fault, reading.masked) == ("", False)
    assert reading.note == ("" if not isinstance(kind, DeadlineKind) else "按“2022-10-31 前”理解")


ROWS = (*village.FORM.rows, *township.FORM.rows)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.sheet)
def test_the_example_of_each_column_of_a_workbook_has_no_fault(row):
    assert [
        (column.header, reading.fault)
        for column in row.columns
        if (reading := read(column.kind, column.example)).fault or reading.value is None
    ] == []


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: type(kind).__name__)
def test_what_a_document_prints_is_read_back_as_the_same_value(kind):
    value = read(kind, kind.example).value
    assert read(kind, kind.text(value)).value == value


@pytest.mark.parametrize("mask", ["*", "**", "***", "＊＊", "×", "××", "XX", "xx", "某某", "〇〇"])
@pytest.mark.parametrize(
    "kind",
    [Whole("人"), Number("亩"), Percent(), Day(), DeadlineKind(), Digits(), Choice(codes.STATUSES)],
    ids=lambda kind: type(kind).__name__,
)
def test_a_mask_counts_as_not_filled_and_is_said(kind, mask):
    assert read(kind, mask) == MASKED


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (Whole("人"), "12XX"),
        (Number("亩"), "3*** 亩"),
        (Day(), "2022年XX月XX日"),
        (DeadlineKind(), "2022年XX月底前"),
        (Digits(), "02**"),
        (YesNo(), "**"),
        (TYPES, "***"),
        (MEASURE, "**"),
        (Refs(PROBLEM, "存在问题"), "**"),
    ],
)
def test_a_content_masked_in_part_counts_as_not_filled(kind, raw):
    assert read(kind, raw) == MASKED


def test_a_kind_must_say_how_it_reads():
    with pytest.raises(NotImplementedError):
        Kind().read("甲", IN_2022)
    assert (Kind().limits, Kind().text(7), Kind().plain(7)) == (None, "7", "7")


# -- what a person sees


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        (None, ""),
        ("", ""),
        (" 甲 ", " 甲 "),
        (34.0, "34"),
        (34, "34"),
        (0.1 + 0.2, "0.3"),
        (1200.4999999999998, "1200.5"),
        (-1.0, "-1"),
        (13800000000.0, "13800000000"),
        (4.412e17, "4.412e+17"),
        (NAN, "nan"),
        (INF, "inf"),
        (True, "是"),
        (False, "否"),
        (dt.date(2022, 4, 20), "2022-04-20"),
        (at(2022, 4, 20, 8, 30), "2022-04-20 08:30"),
        (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
    ],
)
def test_the_raw_content_as_a_person_sees_it(raw, seen):
    assert as_text(raw) == seen


# -- numbers


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        (34.0, 34, ""),
        (34, 34, ""),
        ("34", 34, ""),
        (" 34 ", 34, ""),
        ("34.0", 34, ""),
        ("0", 0, ""),
        ("３４", 34, "按 34 理解"),
        ("\u200b34", 34, "按 34 理解"),
        ("1,045", 1045, "按 1045 理解"),
        ("1，045", 1045, "按 1045 理解"),
        ("１，０４５人", 1045, "按 1045 理解"),
        ("34人", 34, "按 34 理解"),
        ("34 名", 34, "按 34 理解"),
        ("34人。", 34, "按 34 理解"),
        ("1045人次", 1045, "按 1045 理解"),
        ("共34名", 34, "按 34 理解"),
        ("达34人", 34, "按 34 理解"),
        ("约34人", 34, "按 34 理解（约数）"),
        ("大约40人", 40, "按 40 理解（约数）"),
        ("近40", 40, "按 40 理解（约数）"),
        ("不足40人", 40, "按 40 理解（约数）"),
        ("超过40人", 40, "按 40 理解（约数）"),
        ("至少 40 人", 40, "按 40 理解（约数）"),
        ("34余人", 34, "按 34 理解（约数）"),
        ("30多人", 30, "按 30 理解（约数）"),
        ("30来人", 30, "按 30 理解（约数）"),
        ("34人左右", 34, "按 34 理解（约数）"),
        ("40人以上", 40, "按 40 理解（约数）"),
        ("约三十六人", 36, "按 36 理解（约数）"),
        ("1万", 10000, "按 10000 人理解"),
        ("2千余人", 2000, "按 2000 人理解（约数）"),
        ("三十六", 36, "按 36 理解"),
        ("三十六名", 36, "按 36 理解"),
        ("两百余人", 200, "按 200 理解（约数）"),
        ("一千零四十五", 1045, "按 1045 理解"),
        ("〇", 0, "按 0 理解"),
        ("1.38E+10", 13800000000, "按 13800000000 理解"),
    ],
)
def test_a_count_of_people_is_read_from(raw, value, note):
    assert understood(Whole("人"), raw) == (value, note)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("若干", "读不出数字"),
        ("34户", "读不出数字"),  # the column counts people
        ("34人（含预备1人）", "读不出数字"),
        ("34-36", "是一个范围，这一格只能填一个数"),
        ("20-30人", "是一个范围，这一格只能填一个数"),
        ("20人～30人", "是一个范围，这一格只能填一个数"),
        ("约20至30人", "是一个范围，这一格只能填一个数"),
        ("三到五人", "是一个范围，这一格只能填一个数"),
        ("七八个", "是一个范围，这一格只能填一个数"),
        ("三四十人", "是一个范围，这一格只能填一个数"),
        ("十七八人", "是一个范围，这一格只能填一个数"),
        ("三六", "读不出数字"),
        ("2022-04", "读不出数字"),  # a month, no range
        ("2022-04-03", "读不出数字"),
        ("同上", "排序后无法判断指哪一行，请写出具体内容"),
        ("34,36", "读不出数字"),  # two numbers, no thousands
        ("3 4", "读不出数字"),
        ("零十一", "读不出数字"),
        ("无", "读不出数字"),
        ("—", "读不出数字"),
        ("#N/A", "显示的是公式错误，没有可用的内容"),
        ("#REF!", "显示的是公式错误，没有可用的内容"),
        ("nan", "读不出数字"),
        ("Infinity", "读不出数字"),
        ("1_000", "读不出数字"),
        ("٣٤", "读不出数字"),
        ("1e400", "读不出数字"),
        ("1e9999999999", "读不出数字"),
        ("9" * 40, "数字超出范围"),
        ("1e99", "数字超出范围"),
        (1e300, "数字超出范围"),
        (NAN, "数字超出范围"),
        (INF, "数字超出范围"),
        (-INF, "数字超出范围"),
        (34.5, "这一格要填整数"),
        ("1.5", "这一格要填整数"),
        (-1.0, "数字不能小于 0"),
        ("-1", "数字不能小于 0"),
        (True, "这一格要填数字，现在是日期或是否值"),
        (dt.date(2022, 1, 1), "这一格要填数字，现在是日期或是否值"),
        (dt.time(0, 0), "这一格要填数字，现在是日期或是否值"),
        (dt.timedelta(hours=1), "这一格要填数字，现在是日期或是否值"),
    ],
)
def test_no_count_of_people_is_read_from(raw, reason):
    assert fault(Whole("人"), raw) == reason


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        ("2000万", "万元", "2000"),
        ("12.5万元", "万元", "12.5"),
        ("¥12.5", "万元", "12.5"),
        ("五万", "万元", "5"),
        ("8507亩", "亩", "8507"),
        ("8,507.3 亩", "亩", "8507.3"),
        ("20千米", "公里", "20"),
        ("20KM", "公里", "20"),
        ("三百零一户", "户", "301"),
        ("9个", "个", "9"),
        ("85.5%", "%", "85.5"),
        ("８５．５％", "%", "85.5"),
        ("百分之八十", "%", "80"),
        (".5", "万元", "0.5"),
    ],
)
def test_an_amount_is_read_in_the_unit_of_its_column(raw, unit, value):
    number, note = understood(Number(unit), raw)
    assert number == Decimal(value)
    assert note == f"按 {value} 理解"


@pytest.mark.parametrize(
    ("raw", "unit", "value", "note"),
    [
        ("2000万", "元", "20000000", "按 20000000 元理解"),
        ("2000万元", "元", "20000000", "按 20000000 元理解"),
        ("1.2万", "元", "12000", "按 12000 元理解"),
        ("2千万", "元", "20000000", "按 20000000 元理解"),
        ("2千万", "万元", "2000", "按 2000 万元理解"),
        ("2千余万元", "万元", "2000", "按 2000 万元理解（约数）"),
        ("12余万元", "万元", "12", "按 12 理解（约数）"),
        ("12万多元", "万元", "12", "按 12 理解（约数）"),
        ("125000元", "万元", "12.5", "按 12.5 万元理解"),
        ("￥1,200元", "万元", "0.12", "按 0.12 万元理解"),
        ("1.2亿", "万元", "12000", "按 12000 万元理解"),
        ("1.2亿元", "万元", "12000", "按 12000 万元理解"),
        ("1.2千元", "元", "1200", "按 1200 元理解"),
        ("1.2万亩", "亩", "12000", "按 12000 亩理解"),
        ("12公顷", "亩", "180", "按 180 亩理解"),
        ("8500余亩", "亩", "8500", "按 8500 理解（约数）"),
        ("约20公里", "公里", "20", "按 20 理解（约数）"),
        ("20里", "公里", "10", "按 10 公里理解"),
        ("20华里", "公里", "10", "按 10 公里理解"),
        ("2000米", "公里", "2", "按 2 公里理解"),
        ("20公里以内", "公里", "20", "按 20 理解（约数）"),
    ],
)
def test_a_converted_or_approximate_amount_is_said_to_be_so(raw, unit, value, note):
    assert understood(Number(unit), raw) == (Decimal(value), note)


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        (125000.0, "按 12.5 万元理解"),
        ("125000", "按 12.5 万元理解"),
        ("12.5万元", "按 12.5 理解"),  # its own unit goes before that of the header
        (0.0, "按 0 理解"),
        ("18000余", "按 1.8 万元理解（约数）"),
        ("24000左右", "按 2.4 万元理解（约数）"),
        ("五千", "按 0.5 万元理解"),
        ("5000.", "按 0.5 万元理解"),
        ("2万", "按 2 理解"),
        ("5千", "按 0.5 万元理解"),
    ],
)
def test_bare_numbers_are_read_in_the_unit_that_the_header_names(raw, note):
    assert reading_in(Number("万元"), "元")(raw, IN_2022).note == note


@pytest.mark.parametrize("raw", ["5至8万元", "5-8", "5万—8万"])
def test_two_amounts_with_a_dash_between_are_said_to_be_a_range(raw):
    assert fault(Number("万元"), raw) == "是一个范围，这一格只能填一个数"


@pytest.mark.parametrize(
    ("raw", "unit"),
    [
        ("5千", "万元"),  # 5千元 or 5千万元?
        ("3块", "元"),
        ("20公里", "亩"),
        ("5万元", ""),
        ("百分之八十", "人"),
        ("百分之八十元", "元"),
        ("2万余万", "元"),
        ("一万二千", "亩"),
    ],
)
def test_an_amount_whose_size_is_not_certain_is_not_read(raw, unit):
    assert fault(Number(unit), raw) == "读不出数字"


def test_an_amount_keeps_its_exact_decimals():
    assert understood(Number("元"), 1200.4999999999998) == (Decimal("1200.5"), "")
    assert understood(Number("元"), "1200.50") == (Decimal("1200.50"), "")
    assert parse_number("1200.50", "元") == Amount(Decimal("1200.50"), exact=True)


def test_a_percentage_beyond_its_bounds_is_a_fault():
    assert fault(Percent(), "120%") == "数字不能大于 100"
    assert fault(Percent(), -0.5) == "数字不能小于 0"
    assert fault(Whole(low=2000, high=2099), 22.0) == "数字不能小于 2000"


def test_the_limits_of_a_number_are_those_of_its_column():
    limits = Whole(low=2000, high=2099).limits
    assert (limits.type, limits.low, limits.high) == ("whole", 2000, 2099)


def test_numbers_are_printed_plainly_and_kept_as_numbers():
    assert plain_number(Decimal("2E+7")) == "20000000"
    assert Number().text(Decimal("15234.80")) == "15234.8"
    assert Number().plain(Decimal("15234.80")) == 15234.8
    assert Percent().text(Decimal("85.50")) == "85.5%"
    assert Percent().plain(Decimal("85.50")) == 85.5


# -- days

APRIL_3 = dt.date(2022, 4, 3)


@pytest.mark.parametrize(
    "raw",
    [
        "2022.4.3",
        "2022-4-3",
        "2022/4/3",
        "2022/04/03",
        "2022年4月3日",
        "2022年04月03日",
        "2022 年 4 月 3 日",
        "2022年4月3号",
        "2022年4月3",
        "22年4月3日",
        "22.4.3",
        "22/04/03",
        "22-4-3",
        "２０２２年４月３日",
        "２０２２－０４－０３",
        "2022。4。3",
        "2022、4、3",
        "2022,4,3",
        "2022—4—3",
        "2022·4·3",
        "2022.04.03.",
        "2022年4月3日（星期日）",
        "2022年4月3日 星期日",
        "2022年4月3日上午",
        "2022/4/3 8:30",
        "2022-04-03 00:00:00",
        "2022-04-03T08:30:00.000",
        "二〇二二年四月三日",
        "二零二二年四月三日",
        "20220403",
        20220403.0,
        20220403,
    ],
)
def test_the_third_of_april_is_read_from(raw):
    assert understood(Day(), raw) == (APRIL_3, "按 2022-04-03 理解")


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("二〇二二年十月十日", dt.date(2022, 10, 10)),
        ("二〇二二年十二月三十一日", dt.date(2022, 12, 31)),
        ("二〇二二年二月二十日", dt.date(2022, 2, 20)),
    ],
)
def test_chinese_digits_of_a_date_are_read_place_by_place(raw, day):
    assert read(Day(), raw).value == day


@pytest.mark.parametrize("raw", ["2022-04-03", " 2022-04-03", at(2022, 4, 3), APRIL_3])
def test_a_day_that_stands_there_plainly_needs_no_note(raw):
    assert understood(Day(), raw) == (APRIL_3, "")


def test_two_digits_are_a_year_only_beside_a_plan_that_says_so():
    assert read(Day(), "22.4.3", Context()).fault == "读不出日期"
    assert read(Day(), "22.4.3", Context(2024)).fault == "读不出日期"
    assert read(Day(), "22年4月3日", Context()).value == APRIL_3


@pytest.mark.parametrize("raw", [43192.0, "43192"])
def test_a_bare_number_is_counted_from_1904_in_a_file_that_counts_so(raw):
    note = "单元格不是日期格式，按 2022-04-03 理解"
    since_1904 = Context(2022, date_1904=True)
    assert read(Day(), raw, since_1904) == Reading(APRIL_3, note)
    assert read(DeadlineKind(), raw if raw != "43192" else 43192, since_1904).value.end == APRIL_3


@pytest.mark.parametrize(
    ("raw", "context"),
    [
        (at(1905, 7, 14, 9, 36), IN_2022),  # what 2022.4 is under a date format
        (at(1909, 7, 15, 9, 36), Context(2022, date_1904=True)),
    ],
)
def test_a_month_under_a_date_format_is_no_day_of_1905(raw, context):
    assert read(Day(), raw, context).fault == "只写到月，没有写哪一天"
    assert read(DeadlineKind(), raw, context).value.end == dt.date(2022, 4, 30)


def test_a_year_under_a_date_format_is_no_day_of_1905():
    assert fault(Day(), dt.date(1905, 7, 14)) == "读不出日期"
    assert fault(DeadlineKind(), dt.date(1905, 7, 14)) == "读不出完成时限"
    assert fault(DeadlineKind(), at(1905, 7, 14, 2, 24)) == "分不清是 1 月还是 10 月"
    assert fault(Day(), dt.date(1905, 1, 1)) == "日期要在 1950 至 2099 年之间"  # number 1828


def test_a_time_of_day_is_dropped_with_a_note():
    noon = at(2022, 4, 3, 23, 59, 59)
    assert understood(Day(), noon) == (APRIL_3, "只取日期 2022-04-03")


@pytest.mark.parametrize("raw", [44654.0, 44654, "44654"])
def test_a_date_kept_as_a_plain_number_is_read_with_a_note(raw):
    note = "单元格不是日期格式，按 2022-04-03 理解"
    assert understood(Day(), raw) == (APRIL_3, note)


@pytest.mark.parametrize("raw", ["4月3日", "4.3", "4-3", "四月三日"])
def test_a_date_without_a_year_takes_that_of_the_plan_and_says_so(raw):
    note = "按 2022-04-03 理解（年份取自本年度）"
    assert understood(Day(), raw) == (APRIL_3, note)
    assert read(Day(), raw, Context()) == Reading(None, fault="读不出日期")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("待定", "读不出日期"),
        ("2022年4月3日前", "读不出日期"),
        ("15/05/20", "读不出日期"),  # 2015 is far from the plan's year
        ("3.4.22", "读不出日期"),
        ("3/4/2022", "读不出日期"),
        ("同上", "排序后无法判断指哪一行，请写出具体内容"),
        ("#N/A", "显示的是公式错误，没有可用的内容"),
        ("4、3", "读不出日期"),
        ("二十", "读不出日期"),
        ("十十月3日", "读不出日期"),
        ("٢٠٢٢-٠٤-٠٣", "读不出日期"),
        ("1e400", "读不出日期"),
        ("2022年4月3日" * 9, "读不出日期"),
        ("2022.2", "只写到月，没有写哪一天"),
        (2022.2, "只写到月，没有写哪一天"),
        ("2022年4月", "只写到月，没有写哪一天"),
        ("2022-02-30", "日历上没有这一天"),
        ("2022年13月1日", "日历上没有这一天"),
        ("99999999", "日历上没有这一天"),
        (20220230.0, "日历上没有这一天"),
        ("1922-04-03", "日期要在 1950 至 2099 年之间"),
        (dt.date(1899, 12, 31), "日期要在 1950 至 2099 年之间"),
        (dt.date(20, 5, 15), "日期要在 1950 至 2099 年之间"),
        (at(1899, 12, 30, 8), "日期要在 1950 至 2099 年之间"),
        (-1.0, "读不出日期"),
        (0.0, "读不出日期"),
        (18263.0, "读不出日期"),  # 1949-12-31
        (44654.5, "读不出日期"),
        (NAN, "读不出日期"),
        (INF, "读不出日期"),
        (dt.time(0, 0), "读不出日期"),  # what calamine makes of the number -1
        (dt.timedelta(days=44654), "读不出日期"),
        (True, "读不出日期"),
    ],
)
def test_no_day_is_read_from(raw, reason):
    assert fault(Day(), raw) == reason


# -- deadlines

END_OF_OCTOBER = dt.date(2022, 10, 31)


@pytest.mark.parametrize(
    ("raw", "text", "note"),
    [
        ("2022年10月底前", "2022年10月底前", "按“2022-10-31 前”理解"),
        ("10月底前", "10月底前", "按“2022-10-31 前”理解"),
        (" 2022.10.31\u200b", "2022.10.31", "按“2022-10-31 前”理解"),
        (END_OF_OCTOBER, "2022年10月31日", ""),
        (at(2022, 10, 31, 8), "2022年10月31日", "只取日期 2022-10-31"),
        (20221031.0, "2022年10月31日", "按 2022-10-31 理解"),
        (44865.0, "2022年10月31日", "单元格不是日期格式，按 2022-10-31 理解"),
        ("2022.10", "2022.10", "按“2022-10-31 前”理解"),
    ],
)
def test_a_deadline_at_the_end_of_october_is_read_from(raw, text, note):
    value, said = understood(DeadlineKind(), raw)
    assert (value.end, value.text, said) == (END_OF_OCTOBER, text, note)
    assert DeadlineKind().text(value) == text


def test_the_meaning_of_before_a_month_is_the_townships():
    inclusive = Context(2022, MonthBefore.INCLUSIVE)
    assert read(DeadlineKind(), "2022年10月前").value.end == dt.date(2022, 9, 30)
    assert read(DeadlineKind(), "2022年10月前", inclusive).value.end == END_OF_OCTOBER


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("尽快", "读不出完成时限"),
        ("10月分前", "读不出完成时限"),
        (2022.0, "读不出完成时限"),
        (2022.1, "分不清是 1 月还是 10 月"),  # 2022.10 typed as a number
        ("2022.1", "分不清是 1 月还是 10 月"),  # and made a text later
        (" ２０２２．１", "分不清是 1 月还是 10 月"),
        ("同上", "排序后无法判断指哪一行，请写出具体内容"),
        (dt.date(1899, 12, 31), "日期要在 1950 至 2099 年之间"),
        (dt.time(0, 0), "读不出完成时限"),
        (INF, "读不出完成时限"),
        (True, "读不出完成时限"),
    ],
)
def test_no_deadline_is_read_from(raw, reason):
    assert fault(DeadlineKind(), raw) == reason


@pytest.mark.parametrize("raw", ["2022.01", "2022-1", "2022/1", "2022年1月", "2022.1月"])
def test_a_january_that_can_be_no_october_is_read(raw):
    assert read(DeadlineKind(), raw).value.end == dt.date(2022, 1, 31)


def test_a_month_kept_as_a_number_is_read_where_it_can_mean_only_one():
    assert read(DeadlineKind(), 2022.9).value.end == dt.date(2022, 9, 30)


# -- yes and no


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("是", True, ""),
        ("否", False, ""),
        (" 是", True, ""),
        (True, True, ""),
        (False, False, ""),
        *((raw, True, "按“是”理解") for raw in ("√", "✓", "✔️", "☑", "V", "v", "对", "有", "是的")),
        *((raw, True, "按“是”理解") for raw in ("Y", "yes", "TRUE", "1", 1.0, "是。")),
        *((raw, False, "按“否”理解") for raw in ("×", "✗", "X", "x", "无", "没有", "不是")),
        *((raw, False, "按“否”理解") for raw in ("N", "No", "false", "0", 0.0)),
    ],
)
def test_yes_and_no_are_read_from(raw, value, note):
    assert understood(YesNo(), raw) == (value, note)


@pytest.mark.parametrize("raw", ["也许", "是，2021年", 2.0, dt.date(2022, 1, 1), "P"])
def test_neither_yes_nor_no_is_read_from(raw):
    assert fault(YesNo(), raw) == "只能填“是”或“否”"


def test_yes_and_no_are_printed_as_words():
    assert (YesNo().text(value=True), YesNo().text(value=False)) == ("是", "否")


# -- terms


@pytest.mark.parametrize(
    ("raw", "code", "note"),
    [
        ("已完成", "已完成", ""),
        (" 已完成 ", "已完成", ""),
        ("已 完成", "已完成", "按“已完成”理解"),
        ("已完成。", "已完成", "按“已完成”理解"),
        ("“已完成”", "已完成", "按“已完成”理解"),
        ("完成", "已完成", "按“已完成”理解"),
        ("正在整改", "推进中", "按“推进中”理解"),
        ("办结", "已销号", "按“已销号”理解"),
    ],
)
def test_a_status_is_read_from_its_word_or_another_for_it(raw, code, note):
    assert understood(Choice(codes.STATUSES), raw) == (code, note)


@pytest.mark.parametrize("raw", ["逾期", "同上河村", "#1", 1.0, True, dt.date(2022, 1, 1)])
def test_what_is_no_status_is_not_read(raw):
    assert fault(Choice(codes.STATUSES), raw) == "不在“办理状态”的选项里"


R10 = "党组织服务意识差、服务能力弱、群众意见大的"
L01 = "发展思路不清、集体经济薄弱的"


@pytest.mark.parametrize(
    ("raw", "found", "note"),
    [
        ("R01", ("R01",), ""),
        ("R01 班子缺配", ("R01",), ""),
        ("R01、R10", ("R01", "R10"), ""),
        ("R10，R01", ("R10", "R01"), ""),
        ("R10 服务弱、L01 集体经济薄弱", ("R10", "L01"), ""),
        ("L07", ("L07",), ""),  # a township's own
        ("r01", ("R01",), "按“R01 班子缺配”理解"),
        ("R1", ("R01",), "按“R01 班子缺配”理解"),
        ("Ｒ０１", ("R01",), "按“R01 班子缺配”理解"),
        ("R01班子缺配", ("R01",), "按“R01 班子缺配”理解"),
        ("班子缺配", ("R01",), "按“R01 班子缺配”理解"),
        ("l07 自定", ("L07",), "按“L07 自定”理解"),
        ("R01 R02", ("R01", "R02"), ""),
        ("R01/R02", ("R01", "R02"), ""),
        ("R01\nR02", ("R01", "R02"), ""),
        ("L07 L08", ("L07", "L08"), ""),
        ("L07 村霸干扰、R10", ("L07", "R10"), ""),  # as a township's own dropdown writes it
        ("R01、R01", ("R01",), "按“R01 班子缺配”理解"),
        ("集体经济薄弱、服务弱", ("L01", "R10"), "按“L01 集体经济薄弱、R10 服务弱”理解"),
        (R10, ("R10",), "按“R10 服务弱”理解"),
        (R10.removesuffix("的"), ("R10",), "按“R10 服务弱”理解"),
        (f"{R10}；{L01}。", ("R10", "L01"), "按“R10 服务弱、L01 集体经济薄弱”理解"),
    ],
)
def test_types_are_read_from_codes_labels_and_their_full_wording(raw, found, note):
    assert understood(TYPES, raw) == (found, note)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("R11", "“R11”不在“类型”的选项里"),
        ("R01、R99", "“R99”不在“类型”的选项里"),
        ("R01R02", "“R01R02”不在“类型”的选项里"),
        (1.0, "“1”不在“类型”的选项里"),
        ("、", "没有写选项"),
    ],
)
def test_types_that_are_not_in_the_list_are_named(raw, reason):
    assert fault(TYPES, raw) == reason


def test_local_codes_are_taken_only_where_the_column_admits_them():
    assert fault(Choices(codes.TYPES), "L07") == "“L07”不在“类型”的选项里"


# -- codes


@pytest.mark.parametrize(
    "raw",
    [
        "Ｐ０１－Ｍ０３",
        "p01m03",
        "P1-M3",
        "P1M3",
        "P01M03",
        "P01 - M03",
        "P01—M03",
        "P01–M03",
        "P01‐M03",
        "P01_M03",
        "P01.M03",
        "P 01-M 03",
        "\u200bP01-M03\ufeff",
    ],
)
def test_a_measures_number_in_odd_spelling_is_read_with_a_note(raw):
    assert understood(MEASURE, raw) == ("P01-M03", "按 P01-M03 理解")
    assert understood(Ref(MEASURE, "整改措施"), raw) == ("P01-M03", "按 P01-M03 理解")


@pytest.mark.parametrize("raw", ["P01-M03", "P01-M03 "])
def test_a_measures_number_in_full_form_needs_no_note(raw):
    assert understood(MEASURE, raw) == ("P01-M03", "")


@pytest.mark.parametrize(
    "raw",
    ["P01", "M03", "P0103", "P01-M03、P01-M04", 1.0, "P٠١-M٠٣", "P-M", "措施3"],
)
def test_what_is_no_measures_number_is_not_read(raw):
    assert fault(MEASURE, raw) == "编号要写成 P01-M01 的样子"


@pytest.mark.parametrize("raw", ["P001-M03", "P01-M100", "p1-m100", "Ｐ０１－Ｍ１００"])
def test_a_number_beyond_99_is_told_that_there_are_two_digits(raw):
    said = "编号里的数字只能有两位，要写成 P01-M01 的样子"
    assert fault(MEASURE, raw) == said
    assert fault(Refs(MEASURE, "整改措施"), raw) == said


DITTOS = ["同上", "同 上", "同上。", " 同上 ", "同前", "〃", "″", '"']


@pytest.mark.parametrize("kind", EVERY_KIND, ids=lambda kind: type(kind).__name__)
@pytest.mark.parametrize("raw", DITTOS)
def test_a_ditto_mark_is_a_fault_that_says_why_whatever_the_kind(kind, raw):
    if isinstance(kind, Refs):
        assert fault(kind, raw)
    else:
        assert fault(kind, raw) == "排序后无法判断指哪一行，请写出具体内容"


@pytest.mark.parametrize(
    ("raw", "found", "note"),
    [
        ("P01、P02", ("P01", "P02"), ""),
        ("P01 P02", ("P01", "P02"), ""),
        ("P1,p2", ("P01", "P02"), "按 P01、P02 理解"),
        ("P01、p2", ("P01", "P02"), "按 P01、P02 理解"),
    ],
)
def test_the_problems_of_a_meeting_are_read_from(raw, found, note):
    assert understood(Refs(PROBLEM, "存在问题"), raw) == (found, note)


@pytest.mark.parametrize("raw", ["P01-P03", "P01、问题二", "全部", "、"])
def test_problems_that_are_not_numbered_one_by_one_are_not_read(raw):
    assert fault(Refs(PROBLEM, "存在问题"), raw) == "编号要写成 P01 的样子"


def test_references_say_where_their_numbers_come_from():
    assert Ref(PROBLEM, "存在问题").how == "填“存在问题”表里已有的编号，如 P01。"
    assert Refs(PROBLEM, "存在问题").how == "填“存在问题”表里已有的编号，多个用“、”隔开。"
    assert Refs(PROBLEM, "存在问题").text(("P01", "P02")) == "P01、P02"
    assert TYPES.text(("R01", "L07")) == "R01、L07"


@pytest.mark.parametrize(
    ("raw", "code", "note"),
    [
        ("0203", "0203", ""),
        ("０２０３", "0203", "按 0203 理解"),
        ("02 03", "0203", "按 0203 理解"),
        (203.0, "203", "按 203 理解；存成了数字，前面的 0 可能丢了"),
    ],
)
def test_a_villages_code_is_read_and_lost_zeros_are_feared(raw, code, note):
    assert understood(Digits(), raw) == (code, note)


@pytest.mark.parametrize("raw", ["0203村", "1", "620123456789012345", "٠٢٠٣", "①②", 203.5, True])
def test_what_is_no_villages_code_is_not_read(raw):
    assert fault(Digits(), raw) == "要填 2 至 12 位数字"


@pytest.mark.parametrize("raw", ["00001", "0000001", "一号"])
def test_a_code_of_a_fixed_length_says_how_many_digits_it_has(raw):
    assert understood(Digits(low=6, high=6), "000001") == ("000001", "")
    assert fault(Digits(low=6, high=6), raw) == "要填 6 位数字"


@pytest.mark.parametrize(
    ("raw", "number", "note"),
    [
        ("青委发〔2022〕8号", "青委发〔2022〕8号", ""),
        (" 青委发〔2022〕8号 ", "青委发〔2022〕8号", ""),
        ("青委发[2022]8号", "青委发〔2022〕8号", "按 青委发〔2022〕8号 理解"),
        ("青委发（2022）第08号", "青委发〔2022〕8号", "按 青委发〔2022〕8号 理解"),
        ("青委发【2022年】 8 号", "青委发〔2022〕8号", "按 青委发〔2022〕8号 理解"),
        ("青委发〔２０２２〕８号", "青委发〔2022〕8号", "按 青委发〔2022〕8号 理解"),
        ("青委发〔2022〕108", "青委发〔2022〕108号", "按 青委发〔2022〕108号 理解"),
    ],
)
def test_a_documents_number_is_read_and_spelled_as_the_standard_has_it(raw, number, note):
    assert understood(DocumentNumber(), raw) == (number, note)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("青委发〔22〕8号", "年份要写全四位"),
        ("青委发8号", "没有年份"),
        ("青委发2022年8号", "不像一个发文字号"),
        ("〔2022〕8号", "不像一个发文字号"),
        ("青委发〔2022〕0号", "不像一个发文字号"),
        ("青委发〔2022〕号", "不像一个发文字号"),
        ("待定", "不像一个发文字号"),
        (8, "没有年份"),
    ],
)
def test_what_is_no_documents_number_is_not_read(raw, reason):
    assert fault(DocumentNumber(), raw) == reason


def test_a_documents_number_masked_in_part_counts_as_not_filled():
    assert read(DocumentNumber(), "青委发〔2022〕**号") == MASKED


@pytest.mark.parametrize(
    ("raw", "month", "note"),
    [
        ("2022-10", "2022-10", ""),
        ("2022-9", "2022-09", "按 2022-09 理解"),
        ("2022年10月", "2022-10", "按 2022-10 理解"),
        ("２０２２年１０月份", "2022-10", "按 2022-10 理解"),
        ("2022.9", "2022-09", "按 2022-09 理解"),
        ("2022—10", "2022-10", "按 2022-10 理解"),
        (202210, "2022-10", "按 2022-10 理解"),
        (dt.date(2022, 10, 1), "2022-10", "单元格是日期，按 2022-10 理解"),
        (dt.datetime(2022, 10, 1, tzinfo=dt.UTC), "2022-10", "单元格是日期，按 2022-10 理解"),
    ],
)
def test_a_month_is_read_from(raw, month, note):
    assert understood(Month(), raw) == (month, note)


@pytest.mark.parametrize(
    "raw", ["2022-13", "10月", 2022.1, "2022-10-31", "202213", "每月", dt.date(2453, 8, 1), 20221]
)
def test_what_names_no_month_of_a_year_is_not_read(raw):
    assert fault(Month(), raw) == "读不出是哪年哪月"


def test_a_month_masked_in_part_counts_as_not_filled():
    assert read(Month(), "2022-**") == MASKED


# -- people


@pytest.mark.parametrize(
    ("raw", "number", "note"),
    [
        ("13800000000", "13800000000", ""),
        (13800000000.0, "13800000000", ""),
        ("028-87654321", "028-87654321", ""),
        ("02887654321", "02887654321", ""),
        ("8765432", "8765432", ""),
        ("138 0000 0000", "13800000000", "按 13800000000 理解"),
        ("138-0000-0000", "13800000000", "按 13800000000 理解"),
        ("１３８００００００００", "13800000000", "按 13800000000 理解"),
        ("+86 13800000000", "13800000000", "按 13800000000 理解"),
        ("（028）87654321", "028-87654321", "按 028-87654321 理解"),
        ("028—87654321", "028-87654321", "按 028-87654321 理解"),
    ],
)
def test_a_telephone_number_is_read_from(raw, number, note):
    assert understood(Phone(), raw) == (number, note)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("无", "不像一个电话号码"),
        ("1380000000", "不像一个电话号码"),
        ("13800000000（文书）", "不像一个电话号码"),
        (13800000000.5, "不像一个电话号码"),
        ("13800000000/13900000000", "一格只能填一个电话号码"),
        ("13800000000、13900000000", "一格只能填一个电话号码"),
        ("1.38E+10", "存成了科学计数，末几位可能已经丢失"),
        (2887654321.0, "像是座机号，开头的 0 丢了"),
        ("2887654321", "座机号缺开头的 0"),
    ],
)
def test_what_is_no_telephone_number_is_told_why(raw, reason):
    assert fault(Phone(), raw) == reason


@pytest.mark.parametrize("raw", ["***", "138****0000", "138XXXX0000", "138xxxx0000"])
def test_a_masked_telephone_number_stays_as_it_stands(raw):
    assert read(Phone(), raw) == Reading(raw, masked=True)


@pytest.mark.parametrize(
    ("raw", "found", "note"),
    [
        ("王志远", ("王志远",), ""),
        ("王志远、李明", ("王志远", "李明"), ""),
        ("王志远，李明", ("王志远", "李明"), "按“王志远、李明”理解"),
        ("王志远 李明", ("王志远", "李明"), "按“王志远、李明”理解"),
        ("王志远\n李明", ("王志远", "李明"), "按“王志远、李明”理解"),
        ("王志远、李 明", ("王志远", "李明"), "按“王志远、李明”理解"),
        ("李　明", ("李明",), "按“李明”理解"),
        ("李\n明", ("李明",), "按“李明”理解"),
        ("王 志 远", ("王志远",), "按“王志远”理解"),
        ("李 明 王 强", ("李明", "王强"), "按“李明、王强”理解"),
        ("王志远、", ("王志远",), "按“王志远”理解"),
        ("阿卜杜拉•买买提", ("阿卜杜拉·买买提",), "按“阿卜杜拉·买买提”理解"),
        ("王\n志远", ("王志远",), "按“王志远”理解"),
        ("王志\n远", ("王志远",), "按“王志远”理解"),
        ("\ufa0e明", ("\ufa0e明",), ""),  # a character in its own right
        ("\uf9ba明", ("\uf9ba明",), COMPATIBLE),  # none is folded into another
    ],
)
def test_names_are_read_from(raw, found, note):
    assert understood(Names(), raw) == (found, note)
    assert Names().text(found) == "、".join(found)


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("*** ***", ("***", "***")),
        ("王志远、×××", ("王志远", "×××")),
        ("李某某", ("李某某",)),
        ("某某", ("某某",)),
    ],
)
def test_masked_names_stay_as_they_stand(raw, found):
    assert read(Names(), raw) == Reading(found, masked=True)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("、、", "读不出姓名"),
        ("同上", "排序后无法判断指哪一行，请写出具体内容"),
        ("#REF!", "显示的是公式错误，没有可用的内容"),
    ],
)
def test_no_names_are_read_from(raw, reason):
    assert fault(Names(), raw) == reason


@pytest.mark.parametrize("raw", [6.22848040256489e18, 1e15, -1e15, float("inf")])
def test_a_number_of_more_than_fifteen_digits_names_nobody(raw):
    assert fault(Names(), raw) == "存成了数字，末几位已经丢失"


@pytest.mark.parametrize("kind", [MEASURE, Ref(PROBLEM, "存在问题"), Refs(PROBLEM, "存在问题")])
def test_such_a_number_is_no_code_either(kind):
    assert fault(kind, 6.22848040256489e18).startswith("编号要写成 ")


def test_such_a_number_is_none_of_a_lists_terms():
    assert fault(Choice(codes.STATUSES), 6.22848040256489e18).startswith("不在“")


# -- words


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("上河村", "上河村", ""),
        ("  上河村\n", "上河村", ""),
        ("第一行\n第二行", "第一行第二行", "去掉了换行"),
        ("第一行 \r\n 第二行", "第一行第二行", "去掉了换行"),
        ("Line one\nline two", "Line one line two", "去掉了换行"),
        ("\uf9ba解", "\uf9ba解", COMPATIBLE),
        ("上_xD83D_河", "上\ufffd河", "有损坏的字符，用“\ufffd”代替"),
        ("_xDir_", "_xDir_", ""),
        ("上\xa0河", "上 河", ""),
        ("Ｐ０１", "Ｐ０１", ""),
        ("=HYPERLINK(1)", "=HYPERLINK(1)", ""),
        ("_x0041_", "_x0041_", ""),
        ("X光机", "X光机", ""),
        ("某些群众", "某些群众", ""),
        ("上\u200b河村", "上河村", "去掉了看不见的字符"),
        ("上\x0b河村", "上河村", "去掉了看不见的字符"),
        ("上\ud83d河村", "上\ufffd河村", "有损坏的字符，用“\ufffd”代替"),
        (34.0, "34", ""),
        (True, "是", "按“是”理解"),
        (dt.date(2022, 4, 3), "2022-04-03", "按“2022-04-03”理解"),
        (dt.time(8, 30), "08:30:00", "按“08:30:00”理解"),
        ("长" * 32_767, "长" * 32_767, ""),
    ],
)
def test_words_are_read_as_they_stand(raw, value, note):
    reading = read(Text(), raw)
    assert reading == Reading(value, note)


@pytest.mark.parametrize("raw", ["第一行\n第二行", "第一行\r\n第二行"])
def test_a_long_text_keeps_its_lines(raw):
    assert read(Text(long=True), raw) == Reading("第一行\n第二行")


@pytest.mark.parametrize("raw", ["**村", "＊＊县", "××村", "XX村", "某县某镇", "某某", "XX"])
def test_words_with_a_mask_in_them_stay_and_are_marked(raw):
    assert read(Text(), raw) == Reading(raw, masked=True)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("#N/A", "显示的是公式错误，没有可用的内容"),
        ("#DIV/0!", "显示的是公式错误，没有可用的内容"),
        ("同上", "排序后无法判断指哪一行，请写出具体内容"),
        ("〃", "排序后无法判断指哪一行，请写出具体内容"),
        (NAN, "数字超出范围"),
        (INF, "数字超出范围"),
    ],
)
def test_words_that_say_nothing_are_a_fault(raw, reason):
    assert fault(Text(), raw) == reason


@pytest.mark.parametrize("raw", ["#1机井", "同上河村"])
def test_words_that_only_look_like_it_are_read(raw):
    assert understood(Text(), raw) == (raw, "")


# -- what a spreadsheet can check while somebody types


def test_limits_are_those_that_the_reader_judges_by():
    assert (Whole().limits.type, Whole().limits.low, Whole().limits.strict) == ("whole", 0, False)
    assert (Percent().limits.type, Percent().limits.high) == ("decimal", 100)
    assert (Day().limits.low, Day().limits.high) == (dt.date(1950, 1, 1), dt.date(2099, 12, 31))
    assert Choice(codes.STATUSES).limits.codelist is codes.STATUSES
    assert YesNo().limits.codelist.shown == ("是", "否")
    assert (TYPES.limits.strict, Text().limits, MEASURE.limits) == (False, None, None)


def test_a_day_is_printed_and_kept_as_a_day():
    assert Day().text(APRIL_3) == "2022年4月3日"
    assert Day().plain(APRIL_3) == APRIL_3


def test_a_column_speaks_with_its_kinds_voice():
    column = Column("总面积", Number("亩"), help="以确权面积为准。")
    assert (column.unit, column.advice) == (
        "亩",
        "以确权面积为准。只填数字，不写单位。",
    )


@pytest.mark.parametrize(
    ("raw", "value"),
    [("12", "120000"), (12.0, "120000"), ("2000万", "20000000"), ("1.2亿", "120000000")],
)
def test_bare_numbers_may_be_meant_in_a_larger_unit(raw, value):
    assert reading_in(Number("元"), "万元")(raw, IN_2022).value == Decimal(value)


def test_a_size_that_no_unit_settles_is_not_read_in_another_unit_either():
    assert reading_in(Number("元"), "万元")("5千", IN_2022).fault == "读不出数字"
    assert reading_in(Number("元"), "万元")(True, IN_2022).fault.startswith("这一格要填数字")


@pytest.mark.parametrize(
    ("raw", "value", "note"),
    [
        ("95%", "95", "按 95（%）理解"),
        ("百分之八十", "80", "按 80（%）理解"),
        ("达到90%以上", "90", "按 90（%）理解，其余的话请写到文字栏里"),
        ("≥3", "3", "按 3 理解，其余的话请写到文字栏里"),
        ("不低于3", "3", "按 3 理解，其余的话请写到文字栏里"),
        ("约85", "85", "按 85 理解（约数）"),
        ("85%左右", "85", "按 85（%）理解（约数）"),
        ("二十", "20", "按 20 理解"),
        ("1,200", "1200", "按 1200 理解"),
    ],
)
def test_a_figure_of_any_unit_is_taken_from_among_its_words(raw, value, note):
    assert understood(Number(), raw) == (Decimal(value), note)


@pytest.mark.parametrize("raw", ["3-5", "90%至95%"])
def test_a_figure_of_any_unit_is_one_number(raw):
    assert fault(Number(), raw) == "是一个范围，这一格只能填一个数"


@pytest.mark.parametrize("raw", ["/", "—", "－", "——", "无", "没有", "无。"])
@pytest.mark.parametrize(
    "kind", [Day(), DeadlineKind(), Percent(), Phone(), Names(), Choice(codes.STATUSES)]
)
def test_a_mark_for_nothing_is_told_from_what_cannot_be_read(kind, raw):
    reading = kind.read(raw, IN_2022)
    assert reading.fault
    assert if_nothing(kind, raw, reading) == Reading(None, note="按没有理解")


@pytest.mark.parametrize(
    ("kind", "raw"), [(Day(), "无法确定"), (Day(), 0.5), (YesNo(), "无"), (Phone(), "1380")]
)
def test_what_is_no_mark_for_nothing_stays_as_it_was_read(kind, raw):
    reading = kind.read(raw, IN_2022)
    assert if_nothing(kind, raw, reading) is reading


def test_of_a_number_nobody_can_tell_whether_nothing_means_nought():
    reading = if_nothing(Whole("人"), "无", Whole("人").read("无", IN_2022))
    assert reading.fault == "“无”不是数字，没有的填 0，不清楚的先空着"


def test_a_term_broken_over_two_lines_is_found():
    assert understood(Choice(codes.STATUSES), "已完\n成") == ("已完成", "按“已完成”理解")
