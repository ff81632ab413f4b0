# ruff: noqa: E501 -- a drawn table is read across
"""公文要素: which row fits a paper, and the 版头 and 版记 that it makes."""

import datetime as dt

import pytest
from drawn import drawn

from toolkit.forms import township
from toolkit.forms.township import as_draft, formality
from toolkit.word.document import Head, Imprint
from toolkit.word.formalities import (
    NO_NUMBER,
    faults_of,
    head_of,
    imprint_of,
    is_secret,
    joint_organs,
    notes_of,
)
from toolkit.word.sorts import SORTS


def town(rows: str, committee: str = ""):
    """The township workbook with these lines of 公文要素."""
    text = f"""
        # 镇情
        | 项目       | 填写内容    |
        | 镇党委全称 | {committee} |
        # 公文要素
        {rows.strip()}
    """
    return drawn(text, township.FORM, "镇级工作簿.xlsx")


COMMON_AND_OWN = town("""
        | 文稿     | 村名   | 份号    | 发文机关标志       | 发文字号          | 抄送       | 印发机关 | 印发日期   |
        | 印发通知 |        | '000009 | 中共青石镇委员会文件 | 青委发〔2022〕7号 | 县委组织部 | 镇党建办 | 2022-04-28 |
        | 印发通知 | 上河村 |         |                    | 青委发〔2022〕8号 |            |          | 2022-05-06 |
        | 印发通知 | '0207  |         |                    | 青委发〔2022〕9号 |            |          |            |
        | 印发通知 | 上河村 |         |                    | 青委发〔2022〕99号 |           |          |            |
""")


# -- which row fits -------------------------------------------------------------------------------


def told(row, *names: str):
    return tuple(getattr(row, name) for name in names)


def test_a_village_s_own_cells_go_before_the_common_ones_and_the_first_of_two_rows_counts():
    row = formality(COMMON_AND_OWN, "印发通知", "上河村", "0203")
    assert told(row, "mark", "number", "copies", "printer", "day") == (
        *("中共青石镇委员会文件", "青委发〔2022〕8号", "县委组织部", "镇党建办"),
        dt.date(2022, 5, 6),
    )


def test_a_village_without_a_row_of_its_own_takes_no_number_of_all_villages():
    row = formality(COMMON_AND_OWN, "印发通知", "柳湾村", "0205")
    assert told(row, "mark", "number", "copy", "day") == (
        *("中共青石镇委员会文件", None, None),
        dt.date(2022, 4, 28),
    )


def test_a_village_is_known_by_its_code_as_well():
    assert formality(COMMON_AND_OWN, "印发通知", "石桥村", "0207").number == "青委发〔2022〕9号"


def test_what_the_township_itself_sends_takes_the_number_of_the_row_without_a_village():
    assert formality(COMMON_AND_OWN, "印发通知").number == "青委发〔2022〕7号"


def test_a_village_s_row_serves_no_other_village():
    only = town("| 文稿 | 村名 | 发文机关标志 |\n| 整顿方案 | 上河村 | 上河村文件 |")
    assert formality(only, "整顿方案", "上河村").mark == "上河村文件"
    assert formality(only, "整顿方案", "柳湾村") is None
    assert formality(only, "整改情况报告", "上河村") is None


def test_without_a_township_workbook_no_row_fits():
    assert formality(None, "印发通知", "上河村") is None


@pytest.mark.parametrize(
    "rows",
    [
        "| 文稿 | 发文字号 |",
        "| 文稿 | 村名 | 发文字号 |\n| 印发通知 | 上河村 | 青委发〔2022〕8号 |",
    ],
    ids=["no row", "a row without a mark"],
)
def test_what_the_township_issues_bears_its_own_full_name_where_no_mark_is_told(rows):
    book = town(rows, "中共青石镇委员会")
    assert formality(book, "印发通知", "上河村").mark == "中共青石镇委员会文件"
    assert formality(book, "整顿方案", "上河村") is None


def test_a_township_that_does_not_say_its_name_has_no_mark():
    assert formality(town("| 文稿 | 村名 |"), "印发通知", "上河村") is None


def test_the_sorts_on_the_sheet_are_the_sorts_that_are_printed():
    assert {term.code for term in township.PAPERS.terms} == {sort.name for sort in SORTS}


# -- a number belongs to one paper ----------------------------------------------------------------


MONTHLY = town("""
        | 文稿             | 村名   | 月份    | 份号    | 发文机关标志 | 发文字号           | 印发机关 | 印发日期   |
        | 整顿工作情况汇报 |        |         | '000001 | 甲镇文件     | 青委发〔2022〕30号 | 镇党建办 | 2022-09-30 |
        | 整顿工作情况汇报 |        | 2022-10 | '000002 |              | 青委发〔2022〕36号 |          | 2022-10-31 |
        | 催办通知         |        | 2022-10 |         | 甲镇文件     | 青委发〔2022〕40号 | 镇党建办 | 2022-10-26 |
        | 催办通知         | 上河村 |         |         |              | 青委发〔2022〕41号 |          | 2022-09-26 |
        | 整顿方案         | 上河村 |         |         | 上河村文件   | 上支发〔2022〕1号  |          | 2022-04-20 |
""")


def test_the_row_of_the_month_counts_and_leaves_what_it_does_not_tell_to_the_row_without():
    row = formality(MONTHLY, "整顿工作情况汇报", month="2022-10")
    assert told(row, "mark", "number", "copy", "printer", "day") == (
        *("甲镇文件", "青委发〔2022〕36号", "000002", "镇党建办"),
        dt.date(2022, 10, 31),
    )
    assert notes_of(row) == ()


def test_in_another_month_neither_number_nor_copy_nor_day_is_printed_again():
    row = formality(MONTHLY, "整顿工作情况汇报", month="2022-11")
    assert head_of(row) == Head(("甲镇文件",), NO_NUMBER)
    assert imprint_of(row) == Imprint("", "镇党建办")
    assert notes_of(row) == (
        "公文要素第 2 行没有写月份，发文字号、份号、印发日期没有印，请写明是哪个月的。",
    )


def test_a_village_s_row_without_a_month_hides_no_day_of_the_month_and_both_withhold_the_number():
    row = formality(MONTHLY, "催办通知", "上河村", "0203", "2022-10")
    assert told(row, "mark", "number", "day") == ("甲镇文件", None, dt.date(2022, 10, 26))
    assert notes_of(row) == ("公文要素第 5 行没有写月份，发文字号没有印，请写明是哪个月的。",)


def test_a_number_of_all_villages_is_said_to_be_left_out_for_want_of_a_village_not_unfilled():
    row = formality(MONTHLY, "催办通知", "柳湾村", "0205", "2022-10")
    assert head_of(row).number == NO_NUMBER
    assert notes_of(row) == ("公文要素第 4 行没有写村名，发文字号没有印，请分村各写一行。",)
    issued = formality(COMMON_AND_OWN, "印发通知", "柳湾村", "0205", "2022-10")
    assert notes_of(issued) == (
        "公文要素第 2 行没有写村名，发文字号、份号没有印，请分村各写一行。",
    )


def test_a_paper_that_comes_once_asks_for_no_month():
    row = formality(MONTHLY, "整顿方案", "上河村", "0203", "2022-11")
    assert told(row, "number", "day") == ("上支发〔2022〕1号", dt.date(2022, 4, 20))
    assert notes_of(row) == ()


def test_a_month_that_cannot_be_read_is_none_and_called_so():
    book = town(
        "| 文稿 | 月份 | 发文字号 | 印发机关 |\n"
        "| 整顿工作情况汇报 | 十月 | 青委发〔2022〕36号 | 镇党建办 |"
    )
    row = formality(book, "整顿工作情况汇报", month="2022-10")
    assert head_of(row) is None
    assert notes_of(row) == ("公文要素第 2 行月份读不出，发文字号没有印。",)


def test_a_draft_bears_neither_number_nor_day_and_says_so():
    book = as_draft(COMMON_AND_OWN)
    row = formality(book, "印发通知", "上河村", "0203")
    assert head_of(row) == Head(("中共青石镇委员会文件",), NO_NUMBER)
    assert imprint_of(row) == Imprint("县委组织部", "镇党建办")
    assert notes_of(row) == (
        "征求意见稿的发文字号、印发日期没有印。",
        "公文要素第 2 行没有写村名，份号没有印，请分村各写一行。",
    )
    empty = drawn("# 镇情\n| 项目 | 内容 |\n| 乡镇 | 青石镇 |", township.FORM, "镇级工作簿.xlsx")
    assert as_draft(empty).rows(township.Formality) == ()


# -- the head -------------------------------------------------------------------------------------


def one(cells: str):
    """The row of a sheet with one line; a header and a cell a line."""
    pairs = [line.split(maxsplit=1) for line in cells.strip().splitlines()]
    head, body = ("| " + " | ".join(part) + " |" for part in zip(*pairs, strict=True))
    (row,) = town(f"{head}\n        {body}").rows(township.Formality)
    return row


def test_a_full_row_makes_a_full_head():
    row = one("""
        文稿 整改情况报告
        份号 '000003
        密级和保密期限 机密★1年
        紧急程度 特急
        发文机关标志 中共青石镇委员会、青石镇人民政府文件
        发文字号 青委发〔2022〕8号
        签发人 王志远、李明
    """)
    assert head_of(row) == Head(
        mark=("中共青石镇委员会", "青石镇人民政府文件"),
        number="青委发〔2022〕8号",
        copy="000003",
        secrecy="机密★1年",
        urgency="特急",
        signers=("王志远", "李明"),
    )
    assert notes_of(row) == ("联合行文的发文机关有 2 个，请核对署名的机关是否齐全。",)


def test_a_row_that_tells_only_of_the_imprint_makes_no_head():
    row = one("文稿 整顿方案\n抄送 县委组织部")
    assert (head_of(row), notes_of(row)) == (None, ())
    assert (head_of(None), imprint_of(None), notes_of(None)) == (None, None, ())


def test_a_number_not_registered_yet_is_a_visible_blank_and_spoken_of():
    row = one("文稿 整顿方案\n发文机关标志 中共青石镇委员会文件")
    assert NO_NUMBER == "＿＿〔＿＿〕＿＿号"
    assert head_of(row) == Head(("中共青石镇委员会文件",), NO_NUMBER)
    assert notes_of(row) == (
        "发文字号没有填写，已留出空白；一份公文一个号，请在“公文要素”里登记。",
    )


def test_a_mark_that_is_not_told_is_a_visible_blank_and_spoken_of():
    row = one("文稿 整顿方案\n发文字号 青委发〔2022〕8号")
    assert head_of(row) == Head(("＿＿",), "青委发〔2022〕8号")
    assert notes_of(row) == ("发文机关标志没有填写，已留出空白，请在“公文要素”里补填。",)


def test_a_number_in_the_wrong_form_is_printed_as_it_stands_and_spoken_of():
    row = one("文稿 整顿方案\n发文机关标志 中共青石镇委员会文件\n发文字号 青委发8号")
    assert head_of(row).number == "青委发8号"
    assert notes_of(row) == ("公文要素!C2 发文字号“青委发8号”没有年份，请改正。",)


def test_only_papers_to_a_higher_organ_name_who_signs_them_off():
    row = one("文稿 印发通知\n发文机关标志 甲镇文件\n发文字号 青委发〔2022〕8号\n签发人 王志远")
    assert head_of(row).signers == ()
    assert notes_of(row) == ("签发人只印在报告、汇报等上行文上，没有印。",)
    up = one(
        "文稿 整顿工作情况汇报\n发文机关标志 甲镇文件\n发文字号 青委发〔2022〕8号\n签发人 王志远"
    )
    assert (head_of(up).signers, notes_of(up)) == (("王志远",), ())


def test_minutes_have_a_mark_and_no_number_of_a_row_that_is_for_all_of_them():
    row = one("文稿 会议纪要\n发文机关标志 上河村会议纪要\n发文字号 上支纪〔2022〕3号")
    assert head_of(row) == Head(("上河村会议纪要",))
    assert notes_of(row) == ("“公文要素”里的“上支纪〔2022〕3号”没有印，会议纪要请逐份编号。",)
    assert notes_of(one("文稿 会议纪要\n发文机关标志 上河村会议纪要")) == ()


def test_what_cannot_be_read_is_said_cell_by_cell():
    row = one("""
        文稿 整顿方案
        份号 1
        紧急程度 很急
        发文机关标志 甲镇文件
        发文字号 青委发〔2022〕8号
        印发日期 四月
    """)
    first, second, third = faults_of(row)
    assert first == "公文要素!B2 份号“1”要填 6 位数字，请改正。"
    assert second.startswith("公文要素!C2 紧急程度“很急”")
    assert third.startswith("公文要素!F2 印发日期“四月”")
    assert notes_of(row) == (first, second, third)
    assert faults_of(None) == faults_of(one("文稿 整顿方案\n发文机关标志 甲镇文件")) == ()


def test_what_minutes_do_not_print_is_no_fault_of_theirs():
    assert faults_of(one("文稿 会议纪要\n发文机关标志 上河村\n发文字号 上支纪3号")) == ()


def test_a_paper_is_secret_where_its_row_says_so():
    assert is_secret(one("文稿 整顿方案\n密级和保密期限 机密★1年"))
    assert not is_secret(one("文稿 整顿方案\n发文机关标志 甲镇文件"))
    assert not is_secret(None)


def test_organs_that_issue_together_are_named_without_the_word_for_a_paper():
    row = one("文稿 印发通知\n发文机关标志 中共青石镇委员会、青石镇人民政府文件")
    assert joint_organs(row) == ("中共青石镇委员会", "青石镇人民政府")
    assert joint_organs(one("文稿 印发通知\n发文机关标志 甲镇文件")) == ()
    assert joint_organs(one("文稿 印发通知\n印发机关 镇党建办")) == joint_organs(None) == ()


# -- the imprint ----------------------------------------------------------------------------------


def test_the_imprint_says_who_gets_copies_who_printed_and_when():
    row = one(
        "文稿 整顿方案\n抄送 县委组织部，县农业农村局\n印发机关 镇党建办\n印发日期 2022-04-28"
    )
    assert imprint_of(row) == Imprint("县委组织部，县农业农村局", "镇党建办", dt.date(2022, 4, 28))


def test_the_label_and_the_stop_of_the_copies_are_not_said_twice():
    assert imprint_of(one("文稿 整顿方案\n抄送 抄送：县委组织部。")) == Imprint("县委组织部")


def test_a_row_that_tells_nothing_of_the_imprint_makes_none():
    assert imprint_of(one("文稿 整顿方案\n发文机关标志 甲镇文件")) is None
