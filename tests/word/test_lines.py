from toolkit.word.lines import line_count, line_counts


def filled_by(text: str, *, hang: bool = False) -> int:
    return line_count(text, first=2, width=28, hang=hang)


def test_lines_are_counted_in_cells_of_28() -> None:
    assert [filled_by("国" * n) for n in (1, 26, 27, 54, 55)] == [1, 1, 2, 2, 3]
    assert filled_by("a" * 51) == 1
    # A word longer than a line begins one of its own: 1 + 56 + 56 + 8.
    assert filled_by("国" + "a" * 120) == 4


def test_a_closing_mark_takes_its_neighbour_to_the_next_line_unless_it_may_hang() -> None:
    text = "国" * 26 + "。"
    assert (filled_by(text), filled_by(text, hang=True)) == (2, 1)


def test_what_must_not_begin_or_end_a_line_moves_with_its_neighbour() -> None:
    assert filled_by("国" * 25 + "（国") == 2
    assert filled_by("国" * 24 + "（国") == 1
    # Below 24 characters the bracket that opens goes down with what it opens, and with the digits
    # after it: 2 + 24, then 28, and one more.
    assert filled_by("国" * 25 + "（2022" + "国" * 26) == 3
    assert filled_by("（" * 60) == 3  # nothing but marks is broken anywhere


def test_only_one_mark_hangs() -> None:
    text = "国" * 26 + "”。"
    assert (filled_by(text), filled_by(text, hang=True)) == (2, 2)
    text = "国" * 26 + "，" + "国" * 28
    assert (filled_by(text), filled_by(text, hang=True)) == (3, 2)


def test_the_space_between_chinese_and_digits_counts_but_at_the_start_of_a_line() -> None:
    assert filled_by("国" * 12 + "12" + "国" * 13) == 2  # 26 and two quarters
    assert filled_by("国" * 12 + "12" + "国" * 12) == 1
    assert filled_by("国" * 26 + "12" + "国" * 27) == 3  # 1 and a quarter, and 27


def test_type_of_condensed_body_text_is_a_little_narrower_in_libreoffice() -> None:
    # LibreOffice sets this on one line, measured; by half widths it has 28.25 characters.
    text = "元增加到5万元以上（含5万元），甲类问题12个、乙类问题7"
    assert line_counts(text, first=0, width=8844 / 315) == (1, 2)
    assert line_counts("国" * 26, first=2, width=28) == (1, 1)
    assert line_counts("国" * 26 + "。", first=2, width=28) == (2, 1)
