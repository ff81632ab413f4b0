"""Whose a workbook is, where the roster or the workbook is amiss."""

from dataclasses import replace

import pytest
from drawn import drawn
from rollup.township_drawn import brought, terms_of

from toolkit.findings import Finding, Level
from toolkit.forms import ledgers, rollup, township, village
from toolkit.forms.township import file_order, find, line_key, whose
from toolkit.inbox import FileStatus, Inbox, standing
from toolkit.rollup.contributions import finding_line
from toolkit.rollup.entries import entries_of
from toolkit.rollup.figures import consolidate
from toolkit.schema.form import Identity

HEAD = "# 村名册\n| 村代码 | 村名 |\n"


def roster(*lines):
    text = HEAD + "".join(f"| {code} | {name} |\n" for code, name in lines)
    return township.roster(drawn(text, form=township.FORM, name="镇级工作簿.xlsx"))


def book(code, name, issued="", file="", problem="村务公开不及时"):
    told = f"# 基本情况\n| 年度 | 2022 |\n| 村代码 | {code} |\n| 村名 | {name} |\n"
    text = f"{told}\n# 存在问题\n| 问题编号 | 问题简述 |\n| P01 | {problem} |\n"
    identity = Identity(village.FORM.id, village.FORM.version, issued, "2022")
    made = drawn(text, name=file or f"{issued}-{name}-2022.xlsx", identity=identity)
    return replace(made, facts=replace(made.facts, sha256=f"{code}{name}{issued}{problem}"))


def entered(books, listed):
    """Return the entries of a roster's villages, and of others, once those workbooks came in."""
    return entries_of(brought(books)[0], (), listed, 2022)


def lines_of(books, listed):
    """Return of each village its name, whether it is listed, and whose file it was taken from."""
    return [
        (entry.code, entry.name, entry.listed, entry.brought.name if entry.brought else "")
        for entry in entered(books, listed).villages
    ]


# -- two lines of one code ------------------------------------------------------------------------

TWICE = (("'0203", "上河村"), ("'0205", "柳湾村"), ("'0205", "石桥村"))


def test_of_two_lines_with_one_code_each_village_has_its_own_workbook():
    books = [book("'0205", "柳湾村", "0205"), book("'0207", "石桥村", "0207")]
    assert lines_of(books, roster(*TWICE)) == [
        ("0203", "上河村", "是", ""),
        ("0205", "柳湾村", "是", "0205-柳湾村-2022.xlsx"),
        ("0205", "石桥村", "是", "0207-石桥村-2022.xlsx"),
    ]


@pytest.mark.parametrize(
    ("told", "name", "meant"),
    [
        (["0205"], "石桥村", "石桥村"),
        (["0205"], "柳湾村", "柳湾村"),
        (["0205"], "", "柳湾村"),  # the first, where nothing tells
        (["0205"], "上河村", "柳湾村"),
        (["0203", "0205"], "石桥村", "石桥村"),
        (["0999"], "石桥村", "石桥村"),
        ([], "石桥村", "石桥村"),
        (["0999"], "别的村", None),
    ],
)
def test_of_two_lines_with_one_code_the_name_tells(told, name, meant):
    line = find(roster(*TWICE), told, name)
    assert (line.village if line else None) == meant


def test_a_line_that_is_written_twice_is_one_village():
    twice = roster(("'0205", "柳湾村"), ("'0205", "柳湾村"), ("", "石桥村"), ("", "石桥村"))
    books = [book("'0205", "柳湾村", "0205"), book("", "石桥村")]
    assert [line[1:3] for line in lines_of(books, twice)] == [("柳湾村", "是"), ("石桥村", "是")]
    assert len({line_key(line) for line in twice}) == 2


LACKING = Finding(
    file="镇级工作簿.xlsx",
    village="石桥村",
    sheet="村名册",
    cells=("A4",),
    header="村代码",
    level=Level.WARNING,
    rule="T701",
    seen="0205",
    message="没有读到石桥村的工作簿",
    fix="催报",
)


def test_what_a_county_is_told_of_a_roster_is_counted_in_a_line_of_its_own():
    told = finding_line(replace(LACKING, level=Level.ERROR), LACKING.file)
    terms = terms_of(level=rollup.Level.COUNTY)
    books = brought([book("'0205", "柳湾村", "0205")])[0]
    given = consolidate(books, (), terms, of_towns=[("青石镇", told)])
    villages = given.tables[rollup.Village]
    assert villages.column(rollup.Village.village) == ("柳湾村", rollup.TOWN_ITSELF)
    assert villages.column(rollup.Village.errors) == (0, 1)


def test_a_workbook_that_lacks_is_told_with_the_village_it_lacks_of():
    listed = roster(*TWICE)
    terms = terms_of(listed=listed)
    given = consolidate(brought([])[0], (), terms, findings=[LACKING])
    (line,) = given.tables[ledgers.FindingLine].rows
    assert given.tables[ledgers.FindingLine].column(ledgers.VILLAGE_NAME) == ("石桥村",)
    assert line[0] == 3


def test_the_inbox_keeps_the_workbooks_of_two_lines_with_one_code_apart():
    books = (book("'0205", "柳湾村", "0205"), book("'0207", "石桥村", "0207"))
    town = drawn(HEAD + "".join(f"| {c} | {n} |\n" for c, n in TWICE), form=township.FORM)
    found = standing(inbox(town, *books), 2022)
    assert {name: [each.name for each in own] for name, own in found.listed.items()} == {
        "柳湾村": ["0205-柳湾村-2022.xlsx"],
        "石桥村": ["0207-石桥村-2022.xlsx"],
    }
    assert (found.strangers, found.twice) == ({}, {})


def inbox(town, *books):
    told = tuple(FileStatus(each.path, "read") for each in books)
    return Inbox(villages=books, town_book=town, files=told)


# -- a line without a code ------------------------------------------------------------------------


def test_a_line_without_a_code_is_expected_and_known_by_its_name():
    listed = roster(("'0203", "上河村"), ("", "柳湾村"), ("", "石桥村"), ("", ""))
    books = [book("'0205", "柳湾村", "0205")]
    assert lines_of(books, listed) == [
        ("0203", "上河村", "是", ""),
        ("0205", "柳湾村", "是", "0205-柳湾村-2022.xlsx"),  # its workbook tells the code
        ("", "石桥村", "是", ""),
    ]
    given = consolidate(brought(books)[0], (), terms_of(listed=listed))
    assert given.remarks == ()
    assert [line.split("：")[0] for line in given.left_out] == ["上河村", "石桥村"]
    assert given.tables[rollup.Village].column(rollup.Village.listed) == ("是", "是", "是")


# -- a file that was copied from another village --------------------------------------------------

LISTED = (("'0205", "柳湾村"), ("'0207", "石桥村"))


def test_a_copied_file_of_a_foreign_village_is_a_stranger_and_not_a_second_workbook():
    books = [book("'0207", "石桥村", "0207"), book("'0299", "外来村", "0207", "外来.xlsx")]
    assert lines_of(books, roster(*LISTED)) == [
        ("0205", "柳湾村", "是", ""),
        ("0207", "石桥村", "是", "0207-石桥村-2022.xlsx"),
        ("0299", "外来村", "否", "外来.xlsx"),
    ]


@pytest.mark.parametrize(
    ("code", "name", "meant"),
    [
        ("0299", "外来村", None),
        ("0299", "石桥村", "石桥村"),  # the code alone is wrong
        ("0299", "", "石桥村"),
        ("", "石桥新村", "石桥村"),  # the name alone is new
        ("0207", "石桥新村", "石桥村"),
        ("207", "石桥新村", "石桥村"),  # a spreadsheet has taken the nought
        ("0205", "外来村", "柳湾村"),  # its own code is listed
        ("0205", "石桥村", "石桥村"),
    ],
)
def test_code_and_name_must_both_be_anothers_to_make_a_stranger(code, name, meant):
    line = whose("0207-石桥村-2022.xlsx", (code, "0207"), name, roster(*LISTED))
    assert (line.village if line else None) == meant


# -- copies of one content ------------------------------------------------------------------------

NAMED = ("0207-石桥村-2022 (1).xlsx", "新建.xlsx", "0207-石桥村-2022.xlsx", "石桥.xlsx")


def test_of_files_with_one_content_that_named_as_issued_counts():
    assert sorted(NAMED, key=file_order) == [NAMED[2], NAMED[0], NAMED[1], NAMED[3]]
    books = [book("'0207", "石桥村", "0207", file) for file in NAMED]
    found = entered(books, roster(*LISTED))
    assert [entry.brought.name for entry in found.taken] == [NAMED[2]]
    told = f"忽略：与 {NAMED[2]} 内容相同"
    assert [found.fates[file] for file in NAMED] == [told, told, "已汇总", told]


@pytest.mark.parametrize("files", [NAMED, NAMED[::-1]])
def test_so_does_it_in_the_inbox_and_every_copy_names_it(files):
    town = drawn(HEAD + "| '0207 | 石桥村 |\n", form=township.FORM)
    books = [book("'0207", "石桥村", "0207", file) for file in files]
    found = standing(inbox(town, *books), 2022)
    assert [each.name for each in found.listed["石桥村"]] == [NAMED[2]]
    assert found.copies == {name: NAMED[2] for name in NAMED if name != NAMED[2]}
