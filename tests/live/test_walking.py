"""From mark to mark through an open workbook."""

import pytest
from live_engine import MISSING, REFUSED, ComError, FakeApp, FakeBook
from paths import EXAMPLES

from toolkit.live import program
from toolkit.live.walking import walk

DATA = (EXAMPLES / "村级工作簿" / "0203-上河村-2022.xlsx").read_bytes()
PLACES = (("存在问题", "C7"), ("存在问题", "B9"), ("整改措施", "A4"))


@pytest.mark.parametrize(
    ("sheet", "cell", "forward", "found"),
    [
        ("存在问题", "C7", True, ("存在问题", "B9")),
        ("存在问题", "D8", True, ("存在问题", "B9")),
        ("存在问题", "D8", False, ("存在问题", "C7")),
        ("存在问题", "B9", True, ("整改措施", "A4")),
        ("整改措施", "A4", True, ("存在问题", "C7")),
        ("存在问题", "C7", False, ("整改措施", "A4")),
        ("基本情况", "A1", True, ("存在问题", "C7")),
    ],
)
def test_the_next_mark_is_the_one_after_the_selection_and_round(excel, sheet, cell, forward, found):
    book = excel.open(DATA, "C:/村/0203-上河村-2022.xlsx")
    book.backend.activate(sheet)
    book.backend.select(sheet, cell)
    assert walk(program.attach(), PLACES, forward=forward) == found
    assert (book.backend.active(), book.backend.selection()) == found
    assert excel.edits == []


def test_without_a_mark_nothing_is_selected(excel):
    book = excel.open(DATA, "C:/村/0203-上河村-2022.xlsx")
    assert walk(program.attach(), (("没有这张表", "A1"),), forward=True) is None
    assert book.backend.selection() == "A1"
    assert excel.edits == []


def test_a_workbook_behind_another_comes_forward(excel):
    behind = excel.open(DATA, "C:/村/0203-上河村-2022.xlsx")
    excel.open(DATA, "C:/村/别的.xlsx")
    walk(program.attach("上河村"), PLACES, forward=True)
    assert excel.first.active is behind


@pytest.mark.parametrize("number", [REFUSED, MISSING], ids=["a chart", "a shape"])
@pytest.mark.parametrize(
    ("forward", "found"), [(True, ("存在问题", "C7")), (False, ("整改措施", "A4"))]
)
def test_from_a_chart_or_a_shape_it_goes_on_from_the_top_of_its_sheet(
    excel, monkeypatch, number, forward, found
):
    def selection(_):
        raise ComError(number)

    book = excel.open(DATA, "C:/村/0203-上河村-2022.xlsx")
    book.backend.activate("存在问题")
    monkeypatch.setattr(FakeApp, "Selection", property(selection))
    assert walk(program.attach(), PLACES, forward=forward) == found
    assert book.backend.active() == found[0]
    assert book.backend.selection() == found[1]


@pytest.mark.parametrize("number", [REFUSED, MISSING])
def test_where_no_sheet_can_be_told_it_starts_at_the_first(excel, monkeypatch, number):
    book = excel.open(DATA, "C:/村/0203-上河村-2022.xlsx")
    book.backend.activate("整改措施")
    program_book = program.attach()

    def sheet(_):
        raise ComError(number)

    monkeypatch.setattr(FakeBook, "ActiveSheet", property(sheet))
    assert walk(program_book, PLACES, forward=True) == ("存在问题", "C7")
