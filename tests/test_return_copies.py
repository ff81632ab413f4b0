"""Return copies as `check --mark` makes them: of what, where, and what is never touched."""

import datetime as dt

import pytest
from worked import write

from toolkit import flow
from toolkit.demo import example_township
from toolkit.errors import ToolkitError
from toolkit.excel.opened import read_bytes
from toolkit.returns import return_copies

DAY = dt.date(2022, 10, 31)


def lines(report) -> list[str]:
    return [finding.line() for finding in report.findings]


def test_every_workbook_that_was_read_gets_a_copy_and_none_is_touched(work):
    books = work / "村级工作簿"
    before = {path: read_bytes(path) for path in books.iterdir()}
    report = flow.check([books], DAY)
    outcome = return_copies(report, work / "回传件")
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
    return_copies(report, work / "回传件")
    again = flow.check([work / "回传件"], DAY)
    assert lines(again) == lines(report)
    second = return_copies(again, work / "再次回传")
    assert [read_bytes(each.path) for each in second.written] == [
        read_bytes(work / "回传件" / each.path.name) for each in second.written
    ]


def mark(paths, folder):
    """Check files and folders with their return copies in a folder."""
    return flow.check_into(flow.Wanted(copies=folder), paths, DAY)


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(paths, folder) -> str:
    """Return why return copies are refused; nothing has been read or written by then."""
    before = sorted(folder.parent.rglob("*"))
    with pytest.raises(ToolkitError) as caught:
        flow.check_into(flow.Wanted(copies=folder), paths, DAY, track=untouched)
    assert sorted(folder.parent.rglob("*")) == before
    return str(caught.value)


def untouched(_):
    raise AssertionError("something is read before the places are judged")


@pytest.mark.parametrize(
    ("asked", "folder"),
    [
        ("村级工作簿", "村级工作簿"),
        ("村级工作簿", "."),  # where the township's workbook lies, which is read with them
        ("村级工作簿/0203-上河村-2022.xlsx", "村级工作簿"),
        (".", "村级工作簿"),
        ("", ""),
    ],
)
def test_copies_never_lie_among_the_workbooks_handed_in(work, asked, folder):
    told = refused([work / asked], work / folder)
    assert told.startswith(f"{work / folder}：")
    assert told.endswith("请用 --mark 另指定文件夹，如“回传件”。")


def test_a_linked_workbooks_own_folder_is_one_of_those_handed_in(work):
    (work / "链接").mkdir()
    link = work / "链接" / "册.xlsx"
    link.symlink_to(work / "村级工作簿" / "0203-上河村-2022.xlsx")
    assert "在同一个文件夹里" in refused([link], work / "村级工作簿")


def test_a_file_is_no_folder_of_copies(work):
    (work / "回传件").write_text("我是文件")
    assert "这是文件，不是文件夹" in refused([work / "村级工作簿"], work / "回传件")


def test_a_folder_of_copies_within_the_folder_checked_is_passed_over_by_name(work):
    books, target = work / "村级工作簿", work / "村级工作簿" / "回传件"
    first = mark([books], target)
    again = mark([books], target)
    assert lines(again.report) == lines(first.report)
    assert again.report.remarks == (f"已跳过 {target}：这里放回传件，没有查看。",)
    assert len(names(target)) == 3


def test_return_copies_in_a_folder_looked_through_are_no_workbooks_handed_in(work):
    month = work / "汇总" / "2022-10"
    flow.check_into(
        flow.Wanted("xlsx", month / "核对结果.xlsx", month / "回传件"), [work / "村级工作簿"], DAY
    )
    (work / "汇总" / "0203-上河村-2022.xlsx").write_bytes(
        read_bytes(work / "村级工作簿" / "0203-上河村-2022.xlsx")
    )
    report = flow.check([work / "汇总"], DAY)
    assert [file.name for file in report.checked] == ["0203-上河村-2022.xlsx", "镇级工作簿.xlsx"]
    assert f"已跳过 {month / '回传件'}：这里放回传件，没有查看。" in report.remarks
    # without a report beside it such a folder is whoever's who named it
    (month / "核对结果.xlsx").unlink()
    assert len(flow.check([work / "汇总"], DAY).checked) == 5


def test_of_a_work_folders_own_workbook_a_copy_is_made_only_if_it_is_named(work):
    town, target = work / "镇级工作簿.xlsx", work / "回传件"
    mark([work], target)
    assert town.name not in names(target)
    mark([town], target)
    assert town.name in names(target)


def test_a_folder_within_that_holds_other_workbooks_is_not_passed_over_but_refused(work):
    book = work / "村级工作簿" / "0203-上河村-2022.xlsx"
    books, target = work / "村级工作簿", work / "村级工作簿" / "回传件"
    told = refused([books], books)
    assert told.startswith(f"{books}：")
    mark([books], target)
    book.rename(target / "补交.xlsx")
    assert "里面的 补交.xlsx 不是回传件，放回传件会漏掉它。" in refused([books], target)


def test_the_townships_own_workbook_is_never_written_over(work):
    (work / "交来").mkdir()
    book = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    book.rename(work / "交来" / "镇级工作簿.xlsx")  # a village's, under the township's name
    before = read_bytes(work / "镇级工作簿.xlsx")
    done = mark([work / "村级工作簿", work / "交来" / "镇级工作簿.xlsx"], work / "回传件")
    assert done.exit_code == 1
    assert read_bytes(work / "镇级工作簿.xlsx") == before


def test_a_workbook_that_is_no_copy_keeps_its_place_and_the_others_get_theirs(work):
    target = work / "上次"
    target.mkdir()
    other = target / "0205-柳湾村-2022.xlsx"
    other.write_bytes(read_bytes(work / "村级工作簿" / "0203-上河村-2022.xlsx"))
    (target / "0207-石桥村-2022.xlsx").write_text("别的内容")
    before = {path: path.read_bytes() for path in target.iterdir()}
    done = mark([work / "村级工作簿"], target)
    assert done.troubles == (
        f"{other}：这是村里或镇里的工作簿，不能当作结果文件。请用 --mark 另指定文件夹。",
        (
            f"{target / '0207-石桥村-2022.xlsx'}：已经存在，不是以前的回传件，没有覆盖。"
            "请用 --mark 另指定文件夹。"
        ),
    )
    assert done.exit_code == 4
    assert done.written == (f"回传件 1 份，在 {target}。",)
    assert {path: path.read_bytes() for path in before} == before


def test_a_copy_takes_the_place_of_the_copy_before(work):
    books, target = work / "村级工作簿", work / "回传件"
    mark([books], target)
    write(books / "0205-柳湾村-2022.xlsx", example_township().villages[0])
    done = mark([books], target)
    assert (done.troubles, done.written) == ((), (f"回传件 3 份，在 {target}。",))
    assert names(target).count("0205-柳湾村-2022.xlsx.bak") == 1


def test_beside_a_single_file_a_folder_of_copies_may_lie(work):
    book = work / "村级工作簿" / "0203-上河村-2022.xlsx"
    target = work / "村级工作簿" / "回传件"
    mark([book], target)
    assert names(target) == [book.name]


def test_files_of_one_name_get_a_copy_each_whatever_folders_they_lie_in(work):
    data = read_bytes(work / "村级工作簿" / "0205-柳湾村-2022.xlsx")
    paths = [work / each for each in ("交/丙/册.xlsx", "交/甲/村/册.xlsx", "交/乙/村/册.xlsx")]
    paths.append(work / "交" / "丁" / "册.XLSX")  # one name to Windows
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_bytes(data)
    mark([work / "交"], work / "回传件")
    assert set(names(work / "回传件")) == {
        *("册.XLSX", "丙-册.xlsx", "村-册.xlsx", "甲-村-册.xlsx"),  # in the order of their paths
    }


def test_a_workbook_changed_after_the_check_is_not_marked(work):
    book = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    report = flow.check([book], DAY)
    book.write_bytes(read_bytes(work / "村级工作簿" / "0203-上河村-2022.xlsx"))
    outcome = return_copies(report, work / "回传件")
    assert outcome.troubles == (f"{book}：核对后又有改动，没有做回传件。请重新核对。",)
    assert (outcome.exit_code, (work / "回传件").exists()) == (4, False)


def test_the_command_tells_of_its_copies_beside_the_findings(work, zhengdun):
    books, target = work / "村级工作簿", work / "回传件"
    said = zhengdun("check", str(books), "--as-of", "2022-10-31", "--mark", str(target))
    assert said.code == 1
    assert f"回传件 3 份，在 {target}。" in said.err
    assert "回传件" not in said.out
