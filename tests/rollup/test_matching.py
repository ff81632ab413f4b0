"""Which row of a month is which of the month before, against pairs thought out by hand."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.rollup.matching import Marks, likeness, match

BUILD = "硬化村组道路三公里并安装路灯"
BUILT = "硬化村组道路五公里并安装路灯"  # eleven of thirteen pairs of neighbours: 11/13
LEASE = "流转闲置土地发展中药材种植"
SCHOOL = "每月举办一次农民夜校"


def row(key, text, standing="推进中"):
    return (key, text, standing)


def marks(row):
    key, text, standing = row
    return Marks((key,), text, row, standing)


def told(before, now, *, by_likeness=True):
    """Return what was matched, each row by its key and the first character of its text."""

    def short(row):
        return row[0] + row[1][:1]

    matched = match(before, now, marks, by_likeness=by_likeness)
    return {
        "kept": [(short(old), short(new)) for old, new in matched.kept],
        "renamed": [(short(old), short(new)) for old, new in matched.renamed],
        "removed": [short(each) for each in matched.removed],
        "added": [short(each) for each in matched.added],
    }


def test_a_text_that_was_edited_and_moved_down_is_found_by_its_likeness():
    before = [row("1", LEASE), row("2", BUILD)]
    now = [row("1", LEASE), row("2", SCHOOL), row("3", BUILT)]
    assert told(before, now) == {
        "kept": [("1流", "1流")],
        "renamed": [("2硬", "3硬")],
        "removed": [],
        "added": ["2每"],
    }
    by_key = told(before, now, by_likeness=False)  # the text of a person, say, is a mere name
    assert (by_key["kept"], by_key["added"]) == ([("1流", "1流"), ("2硬", "2每")], ["3硬"])


def test_a_text_that_was_edited_where_it_stands_keeps_its_row():
    assert told([row("1", BUILD)], [row("1", BUILT)])["kept"] == [("1硬", "1硬")]


def test_of_two_texts_equally_like_it_none_is_chosen():
    before = [row("1", BUILD)]
    now = [row("2", BUILT), row("3", BUILT)]
    assert told(before, now) == {
        "kept": [],
        "renamed": [],
        "removed": ["1硬"],
        "added": ["2硬", "3硬"],
    }
    assert told(now, before)["removed"] == ["2硬", "3硬"]


def test_where_likeness_leaves_a_choice_the_key_decides():
    now = [row("2", BUILT), row("1", BUILT)]
    assert told([row("1", BUILD)], now)["kept"] == [("1硬", "1硬")]


def test_a_likeness_is_only_taken_from_the_text_that_is_liker_still():
    liker = BUILD.replace("三公里", "三公里半")  # twelve of 13 and of 14: 24/27
    found = told([row("1", BUILD)], [row("2", BUILT), row("3", liker)])
    assert (found["renamed"], found["added"]) == ([("1硬", "3硬")], ["2硬"])


def test_a_text_in_wholly_other_words_stays_its_row_while_no_number_moves():
    assert told([row("1", LEASE)], [row("1", SCHOOL)])["kept"] == [("1流", "1每")]
    moved = told([row("1", LEASE), row("2", BUILD)], [row("1", SCHOOL), row("3", BUILD)])
    assert (moved["renamed"], moved["removed"], moved["added"]) == (
        [("2硬", "3硬")],
        ["1流"],
        ["1每"],
    )


def test_a_number_filled_in_is_no_number_that_has_moved():
    found = told([row("1", LEASE), row("", BUILD)], [row("1", SCHOOL), row("2", BUILD)])
    assert (found["kept"], found["renamed"]) == ([("1流", "1每")], [("硬", "2硬")])


def test_a_text_in_wholly_other_words_of_another_standing_is_another_row():
    found = told([row("1", LEASE, "已完成")], [row("1", SCHOOL, "未启动")])
    assert (found["kept"], found["removed"], found["added"]) == ([], ["1流"], ["1每"])


@pytest.mark.parametrize("text", ["", "流转闲置土地二十亩，建设冷库一座"])
def test_a_blank_or_related_text_keeps_the_row_of_its_number_whatever_its_standing(text):
    assert likeness(LEASE, text) < 0.6
    found = told([row("1", LEASE, "已完成")], [row("1", text, "未启动")])
    assert found["kept"] == [("1流", f"1{text[:1]}")]


def test_where_hundreds_of_rows_were_reworded_the_numbers_alone_are_gone_by():
    texts = [f"第{n}项：{n * 7919 % 9973}户改厕" for n in range(1, 301)]
    before = [row(str(n), text) for n, text in enumerate(texts, 1)]
    now = [row(str(n + 1), f"{text}。") for n, text in enumerate(texts, 1)]
    found = told(before, now)
    assert found["renamed"] == []
    assert told(before[:20], now[:20])["renamed"] == [
        (f"{n}第", f"{n + 1}第") for n in range(1, 21)
    ]


def test_likeness_counts_neighbours_and_passes_over_signs():
    assert likeness(BUILD, BUILT) == 11 / 13
    assert likeness("建章立制", "建章，立制。") == 1.0
    assert likeness("路", "路") == likeness("", "") == 0.0  # too short to be like anything


_rows = st.lists(
    st.builds(
        row,
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", BUILD, BUILT, LEASE, f"{LEASE}和养殖", SCHOOL, "路"]),
        st.sampled_from(["推进中", "已完成"]),
    ),
    max_size=6,
)


@given(_rows, _rows, st.booleans())
def test_the_states_exchanged_give_the_answer_exchanged(before, now, by_likeness):
    there = match(before, now, marks, by_likeness=by_likeness)
    back = match(now, before, marks, by_likeness=by_likeness)
    for one, other in ((there.kept, back.kept), (there.renamed, back.renamed)):
        assert Counter(one) == Counter((old, new) for new, old in other)
    assert Counter(there.removed) == Counter(back.added)
    assert Counter(there.added) == Counter(back.removed)


@given(_rows, _rows)
def test_a_pair_has_one_key_or_texts_that_are_alike(before, now):
    matched = match(before, now, marks, by_likeness=True)
    assert all(old[0] == new[0] for old, new in matched.kept)
    for old, new in matched.renamed:
        assert old[0] != new[0]
        assert old[1] == new[1] or likeness(old[1], new[1]) >= 0.6
