"""A township judged again and again: the very findings of a check, each workbook read once."""

import datetime as dt
import random
import shutil
from pathlib import Path

import openpyxl
import pytest
from paths import EXAMPLES
from worked import write

from toolkit import flow
from toolkit.demo import DAY, example_township
from toolkit.excel import opened
from toolkit.inbox import look
from toolkit.report import CheckReport
from toolkit.rules.rule import Rule
from toolkit.schema.deadlines import MonthBefore
from toolkit.watching import judging
from toolkit.watching.folder import Folder, Gone, Saved
from toolkit.watching.judging import Judge
from toolkit.watching.shelf import Shelf

BOOKS = sorted(EXAMPLES.rglob("*.xlsx"))


class Watched:
    """A shelf and a judge that are told of saves as the rounds tell them."""

    def __init__(self, asked: list[Path]) -> None:
        self.folder = Folder(asked, lambda _: False)
        self.shelf = Shelf(self.folder, asked)
        self.judge = Judge()

    def look(self) -> None:
        for _ in range(6):
            for event in self.folder.poll():
                if isinstance(event, Saved):
                    self.shelf.put(event.path, event.data)
                if isinstance(event, Gone):
                    self.shelf.drop(event.path)

    def check(self, day: dt.date) -> CheckReport:
        self.look()
        return self.judge.check(self.shelf.sight(), day)


def spoil(path: Path, chance: random.Random) -> None:
    """Change, empty or double some cells anywhere below the headers, as people do."""
    book = openpyxl.load_workbook(path)
    for _ in range(chance.randint(1, 6)):
        sheet = book[chance.choice(book.sheetnames)]
        line = chance.randint(4, max(5, min(sheet.max_row, 14)))
        at = chance.randint(1, max(1, sheet.max_column))
        texts = [
            None,
            "10月分前",
            13800000000,
            "王志远",
            "2022年11月底前",
            "X" * 1200,
            "0205",
            2021,
        ]
        other = sheet.cell(chance.randint(4, 12), at).value
        cell = sheet.cell(line, at)
        if type(cell).__name__ != "MergedCell":
            cell.value = chance.choice([*texts, other])
    book.save(path)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_the_report_is_the_very_one_of_a_check(work, seed):
    chance = random.Random(seed)  # noqa: S311 -- equal data, no secret
    books, town = work / "村级工作簿", work / "镇级工作簿.xlsx"
    assert len(BOOKS) > 5
    for number, example in enumerate(BOOKS):
        shutil.copy(example, books / f"例{number}-{example.name}")  # the same file twice, too
    watched = Watched([books])
    sorts = set()
    for step in range(7):
        path = chance.choice(sorted(books.iterdir()))
        if step == 3:
            meant = chance.choice(list(MonthBefore)).value
            write(town, example_township().township, due_soon=20 + seed, month_before=meant)
        elif step == 5:
            path.unlink()
        elif step:
            spoil(path, chance)
        day = DAY + dt.timedelta(days=40 * (step // 4))
        report = watched.check(day)
        assert report == flow.check([books], day)
        sorts |= {finding.rule[0] for finding in report.findings}
    assert {"C", "X", "D", "T"} <= sorts


def test_a_single_file_and_its_township_beside_are_judged_as_check_does(work):
    one = work / "村级工作簿" / "0203-上河村-2022.xlsx"
    watched = Watched([one])
    assert watched.check(DAY) == flow.check([one], DAY)


def test_findings_of_both_sorts_on_one_workbook_stand_in_the_order_of_its_sheets(work):
    books = work / "村级工作簿"
    book = openpyxl.load_workbook(books / "0203-上河村-2022.xlsx")
    for cell in (cell for sheet in book for row in sheet for cell in row):
        if cell.value in {"0203", "上河村"}:
            cell.value = "0301" if cell.value == "0203" else "甲村"
    book.save(books / "0301-甲村-2022.xlsx")
    checked = flow.check([books], DAY).findings
    assert Watched([books]).check(DAY).findings == checked
    own = [each for each in checked if each.file.endswith("0301-甲村-2022.xlsx")]
    sorts = "".join("T" if each.rule[0] == "T" else "." for each in own)
    assert "T" in sorts.strip("T")  # between the others


def test_a_save_costs_one_reading_and_the_rules_of_one_workbook(work, monkeypatch):
    books = work / "村级工作簿"
    watched = Watched([books])
    watched.check(DAY)
    read, judged = [], []
    understand, apply_rules = opened.understand, judging.apply_rules

    def understanding(*given, path, **named):
        read.append(Path(path).name)
        return understand(*given, path=path, **named)

    def applying(rules: tuple[Rule, ...], case):
        judged.append((len(case.books), {rule.together for rule in rules}))
        return apply_rules(rules, case)

    monkeypatch.setattr(opened, "understand", understanding)
    monkeypatch.setattr(judging, "apply_rules", applying)
    spoil(books / "0205-柳湾村-2022.xlsx", random.Random(1))  # noqa: S311 -- equal data
    watched.check(DAY)
    assert read == ["0205-柳湾村-2022.xlsx"]
    assert judged == [(1, {False}), (3, {True})]
    read.clear()
    judged.clear()
    watched.check(DAY)
    assert (read, judged) == ([], [(3, {True})])
    watched.check(DAY + dt.timedelta(days=1))  # by another day each is judged, none is read
    assert read == []
    assert judged[1:] == [*[(1, {False})] * 3, (3, {True})]


def test_another_meaning_of_deadlines_has_the_workbooks_understood_anew(work):
    books = work / "村级工作簿"
    watched = Watched([books])
    before = watched.check(DAY)
    write(work / "镇级工作簿.xlsx", example_township().township, month_before="当月末")
    after = watched.check(DAY)
    assert after == flow.check([books], DAY)
    assert after != before


def test_where_nothing_is_left_the_report_is_empty(tmp_path):
    assert Judge().check(look([tmp_path]), DAY) == CheckReport((), (), DAY)
