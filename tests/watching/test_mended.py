"""What a save has mended: findings paired however rows have moved."""

from dataclasses import replace

import pytest

from toolkit.findings import Finding, Level
from toolkit.watching.mended import left_over, mended


def finding(cells, seen="10月分前", message="读不出完成时限", **told):
    usual = Finding(
        "上河村.xlsx",
        "上河村",
        "整改措施",
        tuple(cells.split()),
        "完成时限",
        Level.ERROR,
        "C202",
        seen,
        message,
        "写日期。",
    )
    return replace(usual, **told)


def test_what_is_there_no_more_is_fixed_and_what_was_not_there_is_new():
    stays, goes, comes = finding("F7"), finding("F9", "下月"), finding("F12", "年前")
    found = mended([stays, goes], [stays, comes])
    assert (found.fixed, found.answered, found.partly) == (1, 0, 0)
    assert found.new == (comes,)
    assert found.left == (stays, comes)
    assert found.told == "改好 1 条，新出 1 条"


INSERTED = {"整改措施": {7: 8, 8: 9, 9: 10}}


def test_an_inserted_row_changes_nothing():
    before = [finding("F7", "甲"), finding("F8", "乙"), finding("F9", "丙")]
    after = [finding("F8", "甲"), finding("F9", "乙"), finding("F10", "丙")]
    assert mended(before, after, INSERTED).nothing


def test_an_inserted_row_changes_nothing_where_the_sentence_names_the_place():
    before = [finding("F7", message="与第 9 行重复，见 F9")]
    after = [finding("F8", message="与第 10 行重复，见 F10")]
    assert mended(before, after, INSERTED).nothing


def test_rows_of_another_sheet_have_not_moved():
    found = mended([finding("F7", sheet="问题")], [finding("F8", sheet="问题")], INSERTED)
    assert found.told == "改好 1 条，新出 1 条"


@pytest.mark.parametrize("seen", ["", "十月分前"])
def test_one_cell_put_right_and_another_of_its_column_spoilt_is_one_mended_and_one_new(seen):
    spoilt = finding("E6", seen)
    found = mended([finding("E5", seen)], [spoilt])
    assert found.told == "改好 1 条，新出 1 条"
    assert found.new == found.worse == (spoilt,)


def test_a_fault_on_a_row_that_was_deleted_is_mended():
    found = mended(
        [finding("F7", "甲"), finding("F8", "乙")],
        [finding("F7", "乙")],
        {"整改措施": {7: 0, 8: 7}},
    )
    assert found.told == "改好 1 条"


def test_of_two_that_share_a_cell_the_one_of_the_same_sentence_is_the_same():
    before = [finding("F7 F8", message="写反了"), finding("F7 F9", message="空着")]
    after = [finding("F7", message="空着"), finding("F7", message="写反了")]
    assert mended(before, after).told == "部分改好 2 条"
    assert mended(before[:1], after).new == (after[0],)


def test_what_is_changed_and_still_wrong_is_neither_fixed_nor_new():
    assert mended([finding("F7", "10月分前")], [finding("F7", "十月分前")]).nothing


def test_equal_faults_are_paired_one_by_one():
    before = [finding("F7"), finding("F8")]
    found = mended(before, [finding("F8")])
    assert (found.fixed, found.new) == (1, ())


def test_a_fault_in_fewer_cells_is_partly_mended_and_in_more_cells_none_more():
    many, fewer = finding("F7 F8 F9"), finding("F7 F9")
    assert mended([many], [fewer]).told == "部分改好 1 条"
    found = mended([fewer], [many])
    assert (found.told, found.new, found.worse) == ("1 条多了几格", (), (many,))


def test_a_fault_that_has_left_one_cell_for_another_is_partly_mended_and_grown():
    found = mended([finding("F7 F9")], [finding("F8 F9")])
    assert found.told == "部分改好 1 条，1 条多了几格"


def test_the_first_of_its_cells_mended_leaves_the_rest_of_a_fault():
    before = finding("F7 F8", "甲", unlike=True)
    after = finding("F8", "乙")
    assert mended([before], [after]).told == "部分改好 1 条"


def test_another_column_or_rule_in_the_same_cell_is_another_fault():
    before = finding("F7", "甲")
    assert mended([before], [finding("F7", "乙", rule="C203")]).told == "改好 1 条，新出 1 条"
    assert mended([before], [finding("F7", "乙", header="责任人")]).told == "改好 1 条，新出 1 条"


def test_an_answered_finding_is_open_no_more():
    open_one = finding("F7")
    answered = replace(open_one, accepted=True)
    found = mended([open_one], [answered])
    assert (found.fixed, found.answered, found.left) == (0, 1, ())
    assert found.told == "已说明 1 条"
    assert mended([answered], [answered]).nothing
    assert mended([answered], [open_one]).new == (open_one,)
    assert mended([answered], []).nothing


def test_what_is_left_is_told_by_level_without_the_answered():
    found = [
        finding("F7"),
        finding("F8"),
        finding("F9", level=Level.INFO),
        finding("F9", level=Level.WARNING, accepted=True),
    ]
    assert left_over(found) == "必改 2 条、提示 1 条"
