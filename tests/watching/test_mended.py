"""What a save has mended: findings paired however rows have moved."""

from dataclasses import replace

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


def test_an_inserted_row_changes_nothing():
    before = [finding("F7", "甲"), finding("F8", "乙"), finding("F9", "丙")]
    after = [finding("F8", "甲"), finding("F9", "乙"), finding("F10", "丙")]
    assert mended(before, after).nothing


def test_an_inserted_row_changes_nothing_where_the_sentence_names_the_place():
    before = [finding("F7", message="与第 9 行重复，见 F9")]
    after = [finding("F8", message="与第 10 行重复，见 F10")]
    assert mended(before, after).nothing


def test_what_is_changed_and_still_wrong_is_neither_fixed_nor_new():
    assert mended([finding("F7", "10月分前")], [finding("F7", "十月分前")]).nothing


def test_equal_faults_are_paired_one_by_one():
    before = [finding("F7"), finding("F8")]
    found = mended(before, [finding("F8")])
    assert (found.fixed, found.new) == (1, ())


def test_a_fault_in_fewer_cells_is_partly_fixed_and_in_more_cells_new():
    many, fewer = finding("F7 F8 F9"), finding("F7 F9")
    assert mended([many], [fewer]).told == "部分改好 1 条"
    assert mended([fewer], [many]).new == (many,)


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
