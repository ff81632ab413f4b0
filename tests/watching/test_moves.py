"""Rows that have moved: known by what stands in them."""

from toolkit.watching.moves import moves

HEAD = ["编号", "内容", "责任人"]
ROWS = [["W01", "甲", "张"], ["W02", "乙", "李"], ["W03", "丙", "王"], ["W04", "丁", "赵"]]


def test_rows_that_stay_are_not_told_whatever_is_changed_in_them():
    after = [HEAD, ["W01", "甲", ""], ["W02", "新", "新"], ["别的", "全", "换"], ROWS[3]]
    assert moves([HEAD, *ROWS], after) == {}


def test_below_an_inserted_row_all_move_down():
    assert moves(ROWS, [ROWS[0], ["W09", "", ""], *ROWS[1:]]) == {2: 3, 3: 4, 4: 5}


def test_a_deleted_row_is_nowhere_and_all_below_move_up():
    assert moves(ROWS, [ROWS[0], *ROWS[2:]]) == {2: 0, 3: 2, 4: 3}


def test_sorted_rows_are_found_where_they_are_now():
    assert moves(ROWS, [ROWS[3], ROWS[1], ROWS[0], ROWS[2]]) == {1: 3, 3: 4, 4: 1}


def test_a_row_changed_in_the_save_that_inserts_one_above_moves_with_the_others():
    after = [ROWS[0], ["W09", "新", ""], ["W02", "乙", None], *ROWS[2:]]
    assert moves(ROWS, after) == {2: 3, 3: 4, 4: 5}


def test_rows_that_are_numbered_anew_move_all_the_same():
    before = [[1, "甲", "张"], [2, "乙", "李"], [3, "丙", "王"]]
    after = [[1, "甲", "张"], [2, "新", "新"], [3, "乙", "李"], [4, "丙", "王"]]
    assert moves(before, after) == {2: 3, 3: 4}


def test_blanks_at_the_end_of_rows_and_of_the_sheet_are_nothing():
    assert moves(ROWS, [*([*row, "", None] for row in ROWS), ["", ""], []]) == {}
    assert moves([], []) == {}


def test_equal_rows_stay_in_their_order():
    same = ["无", "无", "无"]
    assert moves([ROWS[0], same, same], [ROWS[0], ROWS[1], same, same]) == {2: 3, 3: 4}
