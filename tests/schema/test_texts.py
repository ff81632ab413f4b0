"""Typed text: its width, stray characters, masks, numerals and lists of names."""

from itertools import product

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.schema.codelists import CodeList, Term
from toolkit.schema.texts import (
    _usual_numerals,
    chinese_number,
    clean,
    display_width,
    has_mask,
    has_odd_characters,
    header_form,
    is_blank,
    is_mask,
    names,
    tidy,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("上河村", "上河村"),
        ("\u3000上河村\xa0", "上河村"),
        ("上\xa0河", "上 河"),
        ("一\r\n二\r三\u2028四", "一\n二\n三\n四"),
        ("\u200b上\ufeff河\x00村\x7f", "上河村"),
        ("甲\ud83d乙", "甲\ufffd乙"),
        ("全角，（）", "全角，（）"),
        ("𠮷", "𠮷"),
    ],
)
def test_a_text_is_cleaned_of_what_nobody_sees_and_of_nothing_else(text, cleaned):
    assert clean(text) == cleaned


@given(st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs", "Cc", "Cf"])))
def test_cleaning_twice_changes_nothing_more_and_the_result_can_be_written(text):
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.encode().decode() == cleaned


@given(st.text())
def test_a_blank_text_is_one_of_which_cleaning_leaves_nothing(text):
    assert is_blank(text) == (clean(text) == "")


def test_odd_characters_are_told_from_plain_ones():
    assert has_odd_characters("上\u200b河")
    assert has_odd_characters("上\ud83d")
    assert not has_odd_characters("上 河\n\t村\xa0\u3000")


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        (" Ｐ０１－Ｍ０３\u200b ", "P01-M03"),
        ("（一）：；，", "(一):;,"),
        ("✔\ufe0f", "✔"),
        ("完成　时限", "完成 时限"),
        (" ascii ", "ascii"),
    ],
)
def test_a_text_is_tidied_to_half_width(text, tidied):
    assert tidy(text) == tidied


@pytest.mark.parametrize("label", ["责任人", "责 任人 *", "责\n任人＊", "　责任人\u200b"])
def test_a_header_is_found_however_it_is_spaced_and_marked(label):
    assert header_form(label) == "责任人"


@pytest.mark.parametrize(
    "text", ["*", "***", "＊＊ ＊＊", "×", "XX", "xx", "某", "某某", "○○", "**、**"]
)
def test_a_mask_is_known_by_its_signs(text):
    assert is_mask(text)


@pytest.mark.parametrize("text", ["", "X", "x", "○", "**村", "某村", "李明", "0", "、"])
def test_what_is_more_or_less_than_a_mask_is_none(text):
    assert not is_mask(text)


@pytest.mark.parametrize("text", ["**村", "××", "20XX年", "某县", "李某某"])
def test_a_text_masked_in_part_is_known(text):
    assert has_mask(text)


@pytest.mark.parametrize("text", ["上河村", "X光机", "某些群众", "xx"])
def test_a_text_without_a_mask_is_known(text):
    assert not has_mask(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", 0),
        ("〇", 0),
        ("十", 10),
        ("十六", 16),
        ("三十六", 36),
        ("一百二", 120),
        ("两千", 2000),
        ("三千五", 3500),
        ("一万二千", 12000),
        ("二〇二二", 2022),
        ("一点五", 1.5),
        ("", None),
        ("村", None),
        ("百", None),
        ("十十", None),
        ("零十一", None),
        ("一" * 21, None),
    ],
)
def test_chinese_numerals_spell(text, number):
    assert chinese_number(text) == number


def test_the_numbers_below_a_thousand_are_read_as_the_library_spells_and_reads_them():
    spelled = {
        cn2an.an2cn(n).removeprefix("一" if 10 <= n < 20 else " "): n for n in range(1, 1000)
    }
    assert spelled == _usual_numerals()
    assert [text for text, n in spelled.items() if cn2an.cn2an(text, "smart") != n] == []


def test_no_heap_of_numerals_is_more_than_a_number_or_none():
    spelled = (chinese_number("".join(heap)) for heap in product("零〇一两十百万点半", repeat=3))
    assert {type(number) for number in spelled} <= {int, float, type(None)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王志远、李明，赵国强,钱进；孙 强/周敏。", "王志远 李明 赵国强 钱进 孙强 周敏"),
        ("王 志 远", "王志远"),
        ("李 明 王 强", "李明 王强"),
        ("王志远 李 明 赵国强", "王志远 李明 赵国强"),
        ("*** ***、***", "*** *** ***"),
        ("P01 P02", "P01 P02"),
        ("A B", "A B"),
        ("古丽·热依木 买买提•艾力", "古丽·热依木 买买提·艾力"),
        ("县委组织部、县民政局", "县委组织部 县民政局"),
        ("、 ,", ""),
        ("", ""),
    ],
)
def test_names_are_told_apart(text, found):
    assert " ".join(names(text)) == found


@given(st.lists(st.text("王李赵志国明远强·", min_size=2, max_size=4), max_size=6))
def test_names_are_the_same_whatever_stands_between_them(people):
    for between in "、，,；;/\n 　":
        assert names(between.join(people)) == tuple(people)


def test_width_counts_a_chinese_character_twice():
    assert display_width("P01 组织，") == 10


COLOURS = CodeList(
    "颜色",
    (
        Term("C01", "红", ("赤", "Red"), "像火一样的"),
        Term("C02", "蓝"),
        Term("绿"),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "C01",
        "c01",
        "Ｃ０１",
        "红",
        "C01 红",
        "C01红",
        "赤",
        "RED",
        "像火一样的",
        "像火一样",
        "“红”。",
    ],
)
def test_a_term_is_found_by_code_label_wording_and_synonym(text):
    assert COLOURS.find(text) is COLOURS.terms[0]


@pytest.mark.parametrize("text", ["", "。", "C1", "C03", "红蓝"])
def test_no_term_is_found_by_what_is_not_in_the_list(text):
    assert COLOURS.find(text) is None


def test_the_dropdown_shows_code_and_label():
    assert COLOURS.shown == ("C01 红", "C02 蓝", "绿")
