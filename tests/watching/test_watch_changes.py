"""Two checks compared: before, less what was mended, with what is new, is what is there now."""

import random

import openpyxl
import pytest

from toolkit import flow
from toolkit.demo import DAY
from toolkit.excel.opened import open_workbook
from toolkit.forms import village
from toolkit.watching.changes import Changes, paired
from toolkit.watching.folder import Gone, Renamed, Saved
from toolkit.watching.moves import moves

SHEETS = ("整改措施", "问题清单", "测评验收")
VALUES = (None, None, "", "9月分前", "不知", 0, -3, "W01", "2022年13月")


def edited(path, chance):
    """Change some cells, and now and then put in a row or take one out."""
    book = openpyxl.load_workbook(path)
    sheets = [book[title] for title in SHEETS if title in book.sheetnames]
    for _ in range(chance.randint(1, 6)):
        sheet = chance.choice(sheets)
        cell = sheet.cell(chance.randint(4, 12), chance.randint(1, 12))
        if not isinstance(cell, openpyxl.cell.cell.MergedCell):
            cell.value = chance.choice(VALUES)
    if chance.random() < 0.5:
        sheet = chance.choice(sheets)
        act = sheet.insert_rows if chance.random() < 0.5 else sheet.delete_rows
        act(chance.randint(5, 9))
    book.save(path)


def grids(path):
    return open_workbook(path, (village.FORM,)).grids


def open_ones(report, path):
    return [each for each in report.findings if each.file == str(path) and not each.accepted]


@pytest.mark.parametrize("seed", range(3))
def test_what_was_there_less_the_mended_with_the_new_is_what_is_there(work, seed):
    chance = random.Random(seed)  # noqa: S311 -- equal data, no secret
    (path,) = (work / "村级工作簿").glob("*柳湾*")
    before, rows = flow.check([path], DAY), grids(path)
    for _ in range(4):
        edited(path, chance)
        after, now = flow.check([path], DAY), grids(path)
        moved = {sheet: moves(rows[sheet], now[sheet]) for sheet in rows}
        event = Saved(path, None, 0, fresh=False)
        change = Changes.between(before, after, [event], lambda *_, moved=moved: moved).of(path)
        was, left = open_ones(before, path), open_ones(after, path)
        assert len(was) - change.fixed - change.answered + len(change.new) == len(left)
        assert set(map(id, change.new)) <= set(map(id, left))
        before, rows = after, now


def test_a_file_gone_and_a_new_one_of_another_village_are_two(work):
    books = work / "村级工作簿"
    one, other = sorted(books.glob("*.xlsx"))[:2]
    report = flow.check([books], DAY)
    events = [Gone(one), Saved(other, None, 7, fresh=True)]
    assert paired(events, report, report) == events
    again = [Gone(one), Saved(one, None, 7, fresh=True)]
    assert paired(again, report, report) == [
        Renamed(one, one, None, 7),
        Saved(one, None, 7, fresh=False),
    ]
