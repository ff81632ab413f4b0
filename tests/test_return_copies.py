"""Return copies as `check --mark` makes them: of what, where, and what is never touched."""

import datetime as dt

import pytest

from toolkit import flow
from toolkit.errors import UsageError
from toolkit.excel.opened import read_bytes

DAY = dt.date(2022, 10, 31)


def lines(report) -> list[str]:
    return [finding.line() for finding in report.findings]


def test_every_workbook_that_was_read_gets_a_copy_and_none_is_touched(work):
    books = work / "村级工作簿"
    before = {path: read_bytes(path) for path in books.iterdir()}
    report = flow.check([books], DAY)
    outcome = flow.return_copies(report, [books], work / "回传件")
    assert sorted(path.name for path in (work / "回传件").iterdir()) == [
        "0203-上河村-2022.xlsx",
        "0205-柳湾村-2022.xlsx",
        "0207-石桥村-2022.xlsx",
        "镇级工作簿.xlsx",
    ]
    assert (outcome.troubles, outcome.exit_code) == ((), 0)
    assert {path: read_bytes(path) for path in books.iterdir()} == before


def test_a_copy_that_comes_back_unchanged_has_the_same_findings(work):
    books = work / "村级工作簿"
    report = flow.check([books], DAY)
    flow.return_copies(report, [books], work / "回传件")
    again = flow.check([work / "回传件"], DAY)
    assert lines(again) == lines(report)
    second = flow.return_copies(again, [work / "回传件"], work / "再次回传")
    assert [read_bytes(each.path) for each in second.written] == [
        read_bytes(work / "回传件" / each.path.name) for each in second.written
    ]


@pytest.mark.parametrize("folder", ["村级工作簿", "村级工作簿/回传件"])
def test_copies_never_lie_among_the_workbooks_handed_in(work, folder):
    books = work / "村级工作簿"
    with pytest.raises(UsageError, match="回传件会被当成交来的工作簿"):
        flow.return_copies(flow.check([books], DAY), [books], work / folder)
    assert sorted(path.suffix for path in books.iterdir()) == [".xlsx"] * 3


def test_beside_a_single_file_a_folder_of_copies_may_lie(work):
    book = work / "村级工作簿" / "0203-上河村-2022.xlsx"
    target = work / "村级工作簿" / "回传件"
    flow.return_copies(flow.check([book], DAY), [book], target)
    assert [path.name for path in target.iterdir()] == [book.name]


def test_two_files_of_one_name_get_two_copies(work):
    name = "0205-柳湾村-2022.xlsx"
    for folder in ("甲", "乙"):
        (work / folder).mkdir()
        (work / folder / name).write_bytes(read_bytes(work / "村级工作簿" / name))
    paths = [work / "甲" / name, work / "乙" / name]
    flow.return_copies(flow.check(paths, DAY), paths, work / "回传件")
    assert sorted(path.name for path in (work / "回传件").iterdir()) == [name, f"乙-{name}"]


def test_a_workbook_changed_after_the_check_is_not_marked(work):
    book = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    report = flow.check([book], DAY)
    book.write_bytes(read_bytes(work / "村级工作簿" / "0203-上河村-2022.xlsx"))
    outcome = flow.return_copies(report, [book], work / "回传件")
    assert outcome.troubles == (f"{book}：核对后又有改动，没有做回传件。请重新核对。",)
    assert (outcome.exit_code, (work / "回传件").exists()) == (4, False)


def test_the_command_tells_of_its_copies_beside_the_findings(work, zhengdun):
    books, target = work / "村级工作簿", work / "回传件"
    said = zhengdun("check", str(books), "--as-of", "2022-10-31", "--mark", str(target))
    assert said.code == 1
    assert f"回传件 4 份，在 {target}。" in said.err
    assert "回传件" not in said.out
