"""The fingerprint of a workbook in a paper: what is no change, and what is told of one."""

import datetime as dt

import pytest

from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.forms import township, village
from toolkit.word import fingerprint as prints
from toolkit.word.fingerprint import (
    ROWS,
    changes,
    digest_of,
    fingerprint,
    governing,
    recalled,
    remembered,
    reordered,
)


def book_of(tmp_path, **sheets):
    """Write the example's clean workbook with some sheets' rows replaced; return it as read."""
    example = example_township().villages[1]
    filling = dict(example.filling)
    for row, rows in sheets.items():
        filling[getattr(village, row)] = rows
    path = tmp_path / "册.xlsx"
    path.write_bytes(build_workbook(example.form, example.identity, filling))
    return read_workbook(path, (village.FORM,))


MEASURES = [
    {"number": "P01-M01", "problem": "P01", "text": "修渠", "owner": "李明", "status": "推进中"},
    {"number": "P01-M02", "problem": "P01", "text": "开会", "owner": "王志远", "status": "未启动"},
    {"number": "P02-M01", "problem": "P02", "text": "值班", "owner": "赵国强", "status": "未启动"},
]
PEOPLE = [
    {"role": "组长", "name": "周建国", "post": "书记", "unit": "柳湾村"},
    {"role": "成员", "name": "何小梅", "post": "文书", "unit": "柳湾村"},
]


@pytest.fixture
def then(tmp_path):
    return remembered(book_of(tmp_path, Measure=MEASURES, Person=PEOPLE))


def told(then, book) -> list[tuple[object, ...]]:
    """Return each change as its sheet, its row's line, its columns, and what else is said."""
    return [
        (each.sheet, each.row.line if each.row else 0, each.columns, each.gone, each.is_new)
        for each in changes(then, book)
    ]


# -- no change ------------------------------------------------------------------------------------


def test_what_is_written_into_a_paper_is_read_back(tmp_path):
    book = book_of(tmp_path, Measure=MEASURES)
    held = fingerprint([book, book])
    assert recalled({**held, "zhengdun.as_of": "2022-10-31"}) == (remembered(book),) * 2
    assert recalled({}) == ()


def test_no_property_is_longer_than_office_programs_keep_nor_ends_in_a_blank(tmp_path):
    held = fingerprint([book_of(tmp_path)])
    assert len(held) > 3
    assert all(len(value) <= 255 for value in held.values())
    assert all(value == value.strip() for value in held.values())
    assert sorted(held) == [f"{ROWS}{number:03}" for number in range(1, len(held) + 1)]


def test_no_value_stands_in_it(tmp_path):
    book = book_of(tmp_path, Measure=MEASURES)
    whole = "".join(fingerprint([book]).values())
    values = ["周建国", "12000000501", "李明", "修渠", "P01-M02", "柳湾村"]
    assert [value for value in values if value in whole] == []


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 2, 0), (0, 2, 1)])
def test_rows_in_another_order_are_no_change(tmp_path, then, order):
    moved = {"Measure": [MEASURES[at] for at in order], "Person": PEOPLE[::-1]}
    assert told(then, book_of(tmp_path, **moved)) == []


def test_another_spelling_of_the_same_value_is_no_change(tmp_path):
    as_text = [{"role": "组长", "name": "周建国", "start": "2022年4月21日"}]
    as_date = [{"role": "组长", "name": "周建国", "start": dt.date(2022, 4, 21)}]
    assert (
        told(remembered(book_of(tmp_path, Person=as_text)), book_of(tmp_path, Person=as_date)) == []
    )


# -- changes --------------------------------------------------------------------------------------


def test_one_cell_that_is_otherwise_is_told_and_no_other(tmp_path, then):
    rows = [MEASURES[0], {**MEASURES[1], "owner": "钱海"}, MEASURES[2]]
    now = book_of(tmp_path, Measure=rows, Person=PEOPLE)
    assert told(then, now) == [("整改措施", 5, ("owner",), 0, False)]


def test_a_cell_that_is_filled_and_one_that_is_emptied_are_told(tmp_path, then):
    first = {key: value for key, value in MEASURES[0].items() if key != "owner"} | {"funds": 3}
    now = book_of(tmp_path, Measure=[first, *MEASURES[1:]], Person=PEOPLE)
    assert told(then, now) == [("整改措施", 4, ("funds", "owner"), 0, False)]


def test_a_number_that_is_otherwise_is_told_of_the_row_that_is_else_alike(tmp_path, then):
    now = book_of(
        tmp_path, Measure=[{**MEASURES[0], "number": "P01-M09"}, *MEASURES[1:]], Person=PEOPLE
    )
    assert told(then, now) == [("整改措施", 4, ("number",), 0, False)]


def test_rows_that_came_and_went_are_told(tmp_path, then):
    new = {
        "number": "P03-M07",
        "problem": "P03",
        "text": "植树",
        "owner": "孙丽",
        "status": "已完成",
    }
    now = book_of(tmp_path, Measure=[*MEASURES[:2], new], Person=PEOPLE)
    assert told(then, now) == [
        ("整改措施", 6, (), 0, True),
        ("整改措施", 0, (), 1, False),
    ]


def test_rows_without_a_key_are_paired_with_the_nearest(tmp_path, then):
    now = book_of(tmp_path, Measure=MEASURES, Person=[{**PEOPLE[0], "post": "主任"}, PEOPLE[1]])
    assert told(then, now) == [("工作力量", 4, ("post",), 0, False)]


def test_a_key_that_stands_twice_pairs_each_row_with_the_nearest(tmp_path):
    twice = [MEASURES[0], {**MEASURES[1], "number": "P01-M01"}]
    then = remembered(book_of(tmp_path, Measure=twice))
    now = book_of(tmp_path, Measure=[twice[1], {**twice[0], "text": "清淤"}])
    assert told(then, now) == [("整改措施", 5, ("text",), 0, False)]


def test_a_single_record_is_always_itself(tmp_path, then):
    profile = dict(example_township().villages[1].filling[village.Profile][0])
    changed = {name: profile[name] for name in ("year", "code", "village")} | {"members": 30}
    found = told(then, book_of(tmp_path, Profile=[changed], Measure=MEASURES, Person=PEOPLE))
    assert len(found) == 1
    assert found[0][0] == "基本情况"
    assert {"members", "branch"} <= set(found[0][2])
    assert "village" not in found[0][2]


def test_a_sheet_that_came_or_went_is_told(tmp_path, then):
    without = book_of(tmp_path, Measure=[], Person=PEOPLE)
    assert told(then, without) == [("整改措施", 0, (), 3, False)]
    back = told(remembered(without), book_of(tmp_path, Measure=MEASURES, Person=PEOPLE))
    assert [each[1:] for each in back] == [(4, (), 0, True), (5, (), 0, True), (6, (), 0, True)]


# -- long sheets ----------------------------------------------------------------------------------


def test_a_long_sheet_is_told_by_rows_and_a_very_long_one_whole(tmp_path, monkeypatch):
    rows = [{**MEASURES[0], "owner": "钱海"}, *MEASURES[1:]]
    before = book_of(tmp_path, Measure=MEASURES)
    now = book_of(tmp_path, Measure=rows)
    monkeypatch.setattr(prints, "_MOST_CELLS", 10)
    by_rows = remembered(before)
    assert told(by_rows, before) == []
    assert ("整改措施", 4, (), 0, False) in told(by_rows, now)
    assert recalled(fingerprint([before])) == (by_rows,)
    monkeypatch.setattr(prints, "_MOST_ROWS", 2)
    whole = remembered(before)
    assert whole.sheets["整改措施"].whole
    assert told(whole, before) == []
    assert ("整改措施", 0, (), 0, False) in told(whole, now)
    assert recalled(fingerprint([before])) == (whole,)


# -- tampered with --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "|abc|",
        "|#village-workbook|",
        "|#a/b/c;@整改措施=number,owner;abcde|",
        "|#a/b/c;@整改措施=number;abcdefghi|",
    ],
)
def test_what_was_tampered_with_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        recalled({f"{ROWS}001": text})


# -- files, order, the township -------------------------------------------------------------------


def test_several_files_have_one_digest_in_whatever_order_and_one_has_its_own(tmp_path):
    one, other = book_of(tmp_path, Person=PEOPLE), book_of(tmp_path, Person=PEOPLE[:1])
    assert one.facts.sha256 != other.facts.sha256
    assert digest_of([one, other]) == digest_of([other, one])
    assert len({digest_of([one, other]), digest_of([one]), digest_of([other])}) == 3
    assert digest_of([one]) == one.facts.sha256
    assert digest_of([]) == ""


def test_rows_that_changed_places_are_told_by_their_sheet_and_changed_ones_are_not(tmp_path, then):
    moved = book_of(tmp_path, Measure=[MEASURES[1], MEASURES[0], MEASURES[2]], Person=PEOPLE)
    assert reordered(then, moved) == ("整改措施",)
    assert told(then, moved) == []
    other = book_of(tmp_path, Measure=MEASURES[:2], Person=PEOPLE)
    assert reordered(then, other) == ()


def town_of(tmp_path, *rows: dict[str, object]):
    """Write the example's township workbook with other 公文要素; return it as read."""
    example = example_township().township
    filling = {**example.filling, township.Formality: list(rows)}
    path = tmp_path / "镇.xlsx"
    path.write_bytes(build_workbook(example.form, example.identity, filling))
    return read_workbook(path, (township.FORM,))


def given(town, village_name: str):
    row = township.formality(town, "整顿方案", village_name)
    return governing(town, row)


def test_of_the_township_a_paper_remembers_its_own_row_and_no_other(tmp_path):
    common = {"sort": "整顿方案", "copies": "县委办"}
    own = {"sort": "整顿方案", "village": "柳湾村", "number": "青委发〔2022〕8号"}
    before = given(town_of(tmp_path, common, own), "柳湾村")
    assert before is not None
    then = remembered(before)
    for rows, cells in (
        ((common, {**own, "number": "青委发〔2022〕9号"}), ("number",)),
        (({**common, "copies": "县委组织部"}, own), ("copies",)),  # of all villages
        ((common, {**own, "village": "石桥村"}, own), ()),  # another village's
    ):
        now = given(town_of(tmp_path, *rows), "柳湾村")
        assert tuple(name for each in changes(then, now) for name in each.columns) == cells


def test_without_a_township_there_is_nothing_to_remember():
    assert governing(None, None) is None
