# ruff: noqa: E501 -- a drawn table is read across
"""催办通知: what the letter lists, what the text says, and that neither obeys what villages write."""

import datetime as dt
import io
from dataclasses import replace

import docx
import pytest
from drawn import drawn
from openxml_audit import OpenXmlValidator

from toolkit.findings import Finding, Level
from toolkit.forms.ledgers import RED_CARD_DAYS
from toolkit.forms.reminding import (
    NOTHING_CAME,
    Late,
    Reminder,
    late_measures,
    missing_months,
    next_cutoff,
    relapses,
    soon_measures,
    unanswered,
)
from toolkit.forms.village import Measure
from toolkit.word.content import Line
from toolkit.word.document import Head, Seal
from toolkit.word.notice import chat_file, chat_text, write_notice
from toolkit.word.notice_vocabulary import Sender, specimen
from toolkit.word.papers import Setting
from toolkit.word.parsing import parse

DAY = dt.date(2022, 10, 31)
BY = dt.date(2022, 11, 25)
OFFICE = Sender("青石镇", "青石镇党建工作办公室", "周敏", "12000000200")

# By 31 October: M01 is 31 days late, M02 30, M03 done, M04 kept up, M05 due on the day itself,
# M06 in 15 days, M07 in 16, M08 without a status 62 late, M09 without a readable day.
BOOK = drawn("""
    # 整改措施
    | 措施编号 | 问题编号 | 措施内容     | 责任人     | 完成时限            | 办理状态 |
    | P01-M01  | P01      | 入股合作社   | 王志远     | 2022-09-30          | 推进中   |
    | P01-M02  | P01      | 修路         | 李明、杨丽 | 2022年10月1日前     | 未启动   |
    | P01-M03  | P01      | 清账         | 李明       | 2022-09-30          | 已完成   |
    | P01-M04  | P01      | 按月公开     | 李明       | 2022年5月底前并长期坚持 | 长期坚持 |
    | P01-M05  | P01      | 办夜校       | 李明       | 2022-10-31          | 推进中   |
    | P01-M06  | P01      | 种树         | 李明       | 2022-11-15          | 推进中   |
    | P01-M07  | P01      | 栽花         | 李明       | 2022-11-16          | 推进中   |
    | P01-M08  | P01      | 走访         |            | 2022-08-30          |          |
    | P01-M09  | P01      | 调解         | 李明       | 看情况              | 推进中   |
""")


def finding(rule: str, level: Level, *cells: str, message: str = "不对", accepted: bool = False):
    return Finding(
        "0203-上河村-2022.xlsx", "上河村", "整改措施", cells, "完成时限", level, rule, "", message,
        "改正。", accepted,
    )  # fmt: skip


def reminder(**told: object) -> Reminder:
    return Reminder("上河村", DAY, BY, "0203", "李明", "12000000302", **told)


def opened(told: Reminder, sender: Sender = OFFICE, seal: Seal = Seal()):  # noqa: B008 -- a frozen value
    return docx.Document(io.BytesIO(write_notice(told, sender, Setting(seal)).data))


def texts(document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs if paragraph.text]


def cells(document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


# -- what there is to remind of -------------------------------------------------------------------


def numbers(found) -> list[tuple[str, int]]:
    return [(each.measure.number, each.days) for each in found]


def test_late_is_what_is_open_after_its_day_the_latest_first():
    late = late_measures(BOOK, (), DAY)
    assert numbers(late) == [("P01-M08", 62), ("P01-M01", 31), ("P01-M02", 30)]


def test_beyond_thirty_days_the_card_is_red():
    assert RED_CARD_DAYS == 30
    late = late_measures(BOOK, (), DAY)
    assert [each.card for each in late] == ["红牌警示", "红牌警示", "黄牌提醒"]
    assert reminder(late=late).red == 2


def test_a_village_that_has_answered_for_a_late_measure_is_known_by_its_cell():
    found = (
        finding("D505", Level.WARNING, "E2", accepted=True),  # the deadline of P01-M01
        finding("D505", Level.WARNING, "E3"),
        finding("D502", Level.WARNING, "E9", accepted=True),
    )
    late = late_measures(BOOK, found, DAY)
    assert [each.explained for each in late] == [False, True, False]


@pytest.mark.parametrize(
    ("within", "soon"),
    [
        (0, [("P01-M05", 0)]),
        (15, [("P01-M05", 0), ("P01-M06", 15)]),
        (16, [("P01-M05", 0), ("P01-M06", 15), ("P01-M07", 16)]),
    ],
)
def test_near_is_what_is_open_within_the_townships_days(within, soon):
    assert numbers(soon_measures(BOOK, DAY, within)) == soon


def test_months_that_the_village_has_answered_for_are_not_asked_again():
    found = (
        finding("D507", Level.WARNING, "A3", message="2022年8月没有专题研究会议。"),
        finding("D507", Level.WARNING, "A3", message="2022年7月没有专题研究会议", accepted=True),
    )
    assert missing_months(found) == ("2022年8月没有专题研究会议",)


def test_only_warnings_without_an_answer_are_counted():
    found = [
        finding("D505", Level.WARNING, "E2", accepted=True),
        finding("D501", Level.WARNING, "E3"),
        finding("C201", Level.ERROR, "E4"),
        finding("C203", Level.INFO, "E5"),
    ]
    assert unanswered(found) == 1


@pytest.mark.parametrize(
    ("day", "cutoff", "by"),
    [
        ((2022, 10, 31), 25, (2022, 11, 25)),
        ((2022, 10, 25), 25, (2022, 11, 25)),  # the day itself has come
        ((2022, 10, 1), 25, (2022, 10, 25)),
        ((2022, 12, 31), 25, (2023, 1, 25)),
        ((2022, 10, 31), 31, (2022, 11, 30)),
        ((2024, 1, 31), 31, (2024, 2, 29)),
    ],
)
def test_the_answer_is_due_on_the_cut_off_day_that_comes_next(day, cutoff, by):
    assert next_cutoff(dt.date(*day), cutoff) == dt.date(*by)


# -- the letter -----------------------------------------------------------------------------------


def test_a_letter_goes_to_the_branch_by_its_full_name():
    told = replace(reminder(absent=NOTHING_CAME), branch="中共青石镇上河村支部委员会")
    assert texts(opened(told))[1] == "中共青石镇上河村支部委员会："


def test_a_letter_of_everything_reads_as_an_office_writes_it():
    found = (finding("D505", Level.WARNING, "E2", accepted=True),)
    told = reminder(
        late=late_measures(BOOK, found, DAY),
        soon=soon_measures(BOOK, DAY, 15),
        gaps=("2022年8月没有专题研究会议",),
        errors=(finding("C202", Level.ERROR, "E7", "E10", message="读不出完成时限"),),
        warnings=4,
    )
    document = opened(told)
    assert texts(document) == [
        "关于软弱涣散党组织整顿工作的催办通知",
        "上河村党支部：",
        "青石镇软弱涣散党组织整顿工作按月调度。截至2022年10月31日，你村有下列事项需要抓紧办理，现予催办。",
        "一、逾期未办结的措施（红牌警示2条、黄牌提醒1条）",
        "二、临近时限的措施（2条）",
        "三、专题研究",
        "2022年8月没有专题研究会议。开过会的，请补登记；没有开的，请在“情况说明”表里写明原因，以后按月召开。",
        "四、工作簿核对结果",
        "必改1条，不改正会影响汇总和公文，改法见回传件：",
        "另有提醒4条（包括上面的逾期、缺会）还没有改正或者说明，请对照回传件逐条核对。",
        "请于2022年11月25日前报更新后的工作簿；一时不能办结的，书面说明原因和打算。有困难请及时联系（周敏，12000000200）。",
        "青石镇党建工作办公室",
        "2022年10月31日",
    ]
    assert cells(document) == [
        [
            ["编号", "措施", "责任人", "完成时限", "逾期", "提醒"],
            ["P01-M08", "走访", "＿＿", "2022-08-30", "62天", "红牌警示"],
            ["P01-M01", "入股合作社", "王志远", "2022-09-30", "31天", "红牌警示\n已作说明"],
            ["P01-M02", "修路", "李明、杨丽", "2022年10月1日前", "30天", "黄牌提醒"],
        ],
        [
            ["编号", "措施", "责任人", "完成时限", "还有"],
            ["P01-M05", "办夜校", "李明", "2022-10-31", "当天"],
            ["P01-M06", "种树", "李明", "2022-11-15", "15天"],
        ],
        [
            ["序号", "位置", "问题"],
            ["1", "整改措施 › E7、E10（完成时限）", "读不出完成时限"],
        ],
    ]


def test_a_village_of_which_nothing_came_is_asked_for_its_workbook():
    said = texts(opened(reminder(absent=NOTHING_CAME)))
    assert said[3:6] == [
        "一、报送工作簿",
        "还没有收到你村的工作簿。没有工作簿，整顿进展无法核对和汇总。",
        "请于2022年11月25日前报填好的工作簿；一时不能报送的，请说明原因。有困难请及时联系（周敏，12000000200）。",
    ]


def test_what_is_told_of_nobody_stays_a_visible_blank():
    said = texts(opened(reminder(gaps=("8月没有会议",), warnings=1), Sender()))
    assert said[2].startswith("＿＿软弱涣散党组织整顿工作按月调度。")
    assert said[6].startswith("提醒1条（包括上面的逾期、缺会）还没有改正或者说明，请对照回传件")
    assert said[-3].endswith("有困难请及时联系。")
    assert said[-2:] == ["＿＿党建办", "2022年10月31日"]


def test_of_two_workbooks_that_differ_the_village_says_which_counts():
    told = reminder(several=("上河村.xlsx", "上河村（改）.xlsx"))
    assert told.needed
    asked = "收到 2 份内容不同的工作簿（上河村.xlsx、上河村（改）.xlsx），请确认以哪一份为准，报镇党建办"
    assert texts(opened(told))[3:6] == [
        "一、报送工作簿",
        f"{asked}。在此以前，你村的整顿进展没有汇总。",
        "请于2022年11月25日前回复以哪一份为准。有困难请及时联系（周敏，12000000200）。",
    ]
    assert f"\n1. {asked}。\n请在11月25日前回复。有困难" in chat_text(told, OFFICE)


# By 31 October: P03 has come back, P04 will; P05 was struck off anew.
RELAPSED = drawn("""
    # 存在问题
    | 问题编号 | 问题简述 | 销号日期   | 回头看日期 | 回头看结果 |
    | P02      | 账目不清 | 2022-09-20 | 2022-10-20 | 巩固       |
    | P03      | 班子不和 | 2022-09-20 | 2022-10-20 | 反弹       |
    | P04      | 办事不公 | 2022-09-20 | 2022-11-20 | 反弹       |
    | P05      | 服务不力 | 2022-10-30 | 2022-10-20 | 反弹       |
    | P06      |          | 2022-09-20 |            | 反弹       |
""")


def test_a_problem_that_has_come_back_is_to_be_worked_on_again():
    found = relapses(RELAPSED, DAY)
    assert [problem.number for problem in found] == ["P03", "P06"]
    told = reminder(relapses=found)
    assert told.needed
    assert texts(opened(told))[3:5] == [
        "一、回头看反弹的问题（2个）",
        (
            "P03（班子不和）回头看反弹，请重新整改；P06回头看反弹，请重新整改。"
            "销号以后又出现的，要补充措施、限期改正，再按程序申请销号。"
        ),
    ]
    said = chat_text(told, OFFICE)
    assert "\n1. P03（班子不和）回头看反弹，请重新整改。\n2. P06回头看反弹" in said


def test_warnings_alone_are_no_reason_for_a_letter():
    assert not reminder(warnings=3).needed
    assert reminder(errors=(finding("C201", Level.ERROR, "E2"),)).needed


@pytest.mark.parametrize(
    ("seen", "message", "said"),
    [
        ("10月分前", "读不出完成时限", "填的是“10月分前”，读不出完成时限"),
        (
            "入股肉羊养殖合作社并按年分红给村集体",
            "不在“办理状态”的选项里",
            "填的是“入股肉羊养殖合作社并按…”，不在“办理状态”的选项里",
        ),
        (
            "",
            "与“入股肉羊养殖合作社并按年分红给村集体”不一致",
            "与“入股肉羊养殖合作社并按…”不一致",
        ),
        ("说“一套”做“另一套”是不行的事情", "太长", "填的是“说“一套”做“另一套”…”，太长"),
    ],
)
def test_of_a_fault_the_quotation_is_cut_and_never_what_is_wrong(seen, message, said):
    one = replace(finding("C202", Level.ERROR, "E7", message=message), seen=seen)
    assert cells(opened(reminder(errors=(one,))))[0][1][2] == said


def test_even_a_long_message_ends_within_its_cell():
    one = finding("C202", Level.ERROR, "E7", message="很长的话" * 20)
    assert cells(opened(reminder(errors=(one,))))[0][1][2] == "很长的话" * 14 + "很长的…"


def many(count: int):
    lines = "\n".join(
        f"| P{n // 10 + 1:02}-M{n % 10 + 1:02} | P01 | {'措施很长' * 20} | 王志远 | 2022-09-{n % 28 + 1:02} | 推进中 |"
        for n in range(count)
    )
    return drawn(f"""
        # 整改措施
        | 措施编号 | 问题编号 | 措施内容 | 责任人 | 完成时限 | 办理状态 |
        {lines}
    """)


def test_what_the_table_has_no_room_for_is_named_by_number():
    book = many(40)
    errors = tuple(finding("C201", Level.ERROR, f"E{n}") for n in range(2, 16))
    late = late_measures(book, (), DAY)
    document = opened(reminder(late=late, errors=errors, warnings=3))
    assert [len(table) for table in cells(document)] == [1 + 5, 1 + 10]
    text = cells(document)[0][1][1]
    assert text == f"{'措施很长' * 5}措…"
    (rest,) = (each for each in texts(document) if each.startswith("另有35条"))
    named = "、".join(each.measure.number for each in late[5:13])
    assert rest == f"另有35条逾期措施：{named}等，见整顿台账。"
    assert any(each.startswith("另有必改4条、提醒3条（包括") for each in texts(document))


def test_several_findings_without_a_place_still_have_one():
    nowhere = Finding("册.xlsx", "上河村", "", (), "", Level.ERROR, "T703", "", "有两份", "删。")
    assert cells(opened(reminder(errors=(nowhere,))))[0][1] == ["1", "整个文件", "有两份"]


def test_equal_input_gives_equal_bytes_that_the_standard_admits(tmp_path):
    told = reminder(late=late_measures(many(40), (), DAY), soon=soon_measures(BOOK, DAY, 15))
    first, second = (write_notice(told, OFFICE).data for _ in range(2))
    assert first == second
    path = tmp_path / "通知.docx"
    path.write_bytes(first)
    assert OpenXmlValidator().validate(path).errors == []


@pytest.mark.office
def test_a_letter_of_much_stays_within_two_pages(measure):
    told = reminder(
        late=late_measures(many(40), (), DAY),
        gaps=("2022年8月没有专题研究会议",),
        errors=tuple(finding("C201", Level.ERROR, f"E{n}") for n in range(2, 16)),
        warnings=30,
    )
    measured = measure({"通知": write_notice(told, OFFICE).data})["通知"]
    assert len(measured["pages"]) == 2
    assert measured["missing_characters"] == {}


@pytest.mark.office
def test_no_heading_of_a_column_is_torn(measure):
    told = reminder(late=late_measures(BOOK, (), DAY), soon=soon_measures(BOOK, DAY, 15))
    measured = measure({"通知": write_notice(told, OFFICE).data})["通知"]
    assert len(measured["pages"]) == 1


def test_an_office_words_its_letters_itself():
    lines = (
        Line("公文标题", "关于抓紧整改的提醒函"),
        Line(
            "公文正文",
            "【村名】：【章序号】、逾期【逾期数】条。【如有：临期数】【临期数】【否则】无临期【结束】",
        ),
        Line("表头", "编号（宽2）｜措施（宽3）｜还有几天"),
        Line("表格行", "【逐行：全部逾期措施】【措施编号】｜【措施内容】｜-【逾期天数】【结束】"),
        Line("公文落款", "[发文单位]"),
        Line("成文日期", "【数据截止日】"),
    )
    content = parse(lines, "我镇催办", specimen())
    document = docx.Document(
        io.BytesIO(
            write_notice(reminder(late=late_measures(BOOK, (), DAY)), OFFICE, content=content).data
        )
    )
    assert texts(document) == [
        "关于抓紧整改的提醒函",
        "上河村：一、逾期3条。无临期",
        "青石镇党建工作办公室",
        "2022年10月31日",
    ]
    assert cells(document) == [
        [
            ["编号", "措施", "还有几天"],
            ["P01-M08", "走访", "-62"],
            ["P01-M01", "入股合作社", "-31"],
            ["P01-M02", "修路", "-30"],
        ]
    ]
    assert document.core_properties.title == "关于抓紧整改的提醒函"


def test_a_letter_can_be_a_draft_and_bear_a_head():
    head = Head(("中共青石镇委员会文件",), "青委发〔2022〕8号")
    told = reminder(gaps=("8月没有会议",))
    said = write_notice(told, OFFICE, Setting(head=head, draft=True)).data
    shown = texts(docx.Document(io.BytesIO(said)))
    assert "（征求意见稿）" in shown
    assert any("青委发〔2022〕8号" in text for text in shown)


# -- the text to be pasted ------------------------------------------------------------------------


def test_the_text_counts_and_names_the_gravest():
    told = reminder(
        late=late_measures(many(5), (), DAY),
        soon=soon_measures(BOOK, DAY, 15),
        gaps=("2022年8月没有专题研究会议",),
        errors=(finding("C202", Level.ERROR, "E7"),),
        warnings=4,
    )
    said = chat_text(told, OFFICE)
    assert said.split("\n") == [
        "■ 上河村　发给：李明 12000000302",
        "李明，您好！截至10月31日，上河村整顿工作还有这些事请抓紧：",
        (
            "1. 逾期措施5条（红牌警示5条）：P01-M01 措施很长措施很长措…（9月1日到期，已过60天）、"
            "P01-M02 措施很长措施很长措…（9月2日到期，已过59天）、"
            "P01-M03 措施很长措施很长措…（9月3日到期，已过58天）等。"
        ),
        "2. 快到时限的措施2条：P01-M05 办夜校（10月31日到期）、P01-M06 种树（11月15日到期）。",
        "3. 2022年8月没有专题研究会议，请补登记或说明原因。",
        "4. 工作簿有必改1条、提醒4条，请按回传件改正或说明。",
        "请在11月25日前办结或说明情况，把工作簿报来。有困难请随时联系，谢谢！",
        "（青石镇党建工作办公室，周敏 12000000200）",
    ]
    assert len(said) <= 400


def test_a_day_of_another_year_is_told_with_its_year():
    said = chat_text(reminder(late=(Late(BOOK.rows(Measure)[1], 396),)), OFFICE)
    assert "P01-M02 修路（2021年9月30日到期，已过396天）" in said


def test_whom_nobody_knows_is_a_blank_and_the_village_is_addressed():
    told = Reminder("上河村", DAY, BY, absent=NOTHING_CAME)
    heading, greeting, first, *_ = chat_text(told, Sender()).split("\n")
    assert heading == "■ 上河村　发给：＿＿"
    assert greeting.startswith("上河村负责同志，您好！")
    assert first == "1. 还没有收到村里的工作簿。"
    assert "\n请在11月25日前把填好的工作簿报来。有困难" in chat_text(told, Sender())
    assert chat_text(told, Sender()).endswith("\n（＿＿党建办）")


def test_more_that_is_near_than_a_text_names_ends_in_an_and_so_on():
    day = dt.date(2022, 8, 31)
    told = replace(reminder(soon=soon_measures(many(5), day, 15)), as_of=day)
    assert "P01-M03 措施很长措施很长措…（9月3日到期）等。" in chat_text(told, OFFICE)


def test_the_file_is_for_windows_and_names_who_needs_nothing_once():
    data = chat_file(["■ 甲\n乙"], ["丙村", "丁村"], "青石镇催办通知")
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text == (
        "青石镇催办通知\r\n每村一段，复制“■”行下面的文字发给村里。\r\n\r\n■ 甲\r\n乙\r\n\r\n"
        "没有需要催办的村：丙村、丁村。\r\n"
    )
    assert "没有需要催办" not in chat_file([], [], "青石镇").decode("utf-8-sig")


# -- what villages write obeys nobody -------------------------------------------------------------


def test_hostile_text_is_text():
    book = drawn("""
        # 整改措施
        | 措施编号 | 问题编号 | 措施内容 | 责任人 | 完成时限 | 办理状态 |
        | P01-M01 | P01 | =HYPERLINK("http://x") | <王志远& | 2022-09-30 | 推进中 |
    """)
    late = late_measures(book, (), DAY)
    told = Reminder("上河\x07村\n乙", DAY, BY, "0203", "李\u202e明", "1", late=late)
    document = opened(told)
    assert texts(document)[1] == "上河\ufffd村 乙党支部："
    assert cells(document)[0][1][1:3] == ['=HYPERLINK("http://x")', "<王志远&"]
    assert chat_text(told, OFFICE).split("\n")[0] == "■ 上河\ufffd村 乙　发给：李\ufffd明 1"


def test_the_card_stands_beside_the_days():
    (measure, *_) = BOOK.rows(type(late_measures(BOOK, (), DAY)[0].measure))
    assert [Late(measure, days).card for days in (1, 30, 31)] == [
        "黄牌提醒",
        "黄牌提醒",
        "红牌警示",
    ]
