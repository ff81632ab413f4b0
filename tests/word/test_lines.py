from toolkit.word.lines import line_count


def filled_by(text: str, *, hang: bool = False) -> int:
    return line_count(text, first=2, width=28, hang=hang)


def test_lines_are_counted_in_cells_of_28() -> None:
    assert [filled_by("国" * n) for n in (1, 26, 27, 54, 55)] == [1, 1, 2, 2, 3]
    assert filled_by("a" * 51) == 1
    assert filled_by("国" + "a" * 120) == 3


def test_a_closing_mark_takes_its_neighbour_to_the_next_line_unless_it_may_hang() -> None:
    text = "国" * 26 + "。"
    assert (filled_by(text), filled_by(text, hang=True)) == (2, 1)
