"""Workbooks handed out: to whom, with what in them, and what is never touched."""

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from paths import office
from python_calamine import CalamineWorkbook

from toolkit import flow, results
from toolkit.errors import OutputError, UsageError
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.excel.receipts import earlier_list
from toolkit.findings import Level
from toolkit.forms import carrying, codes, issuing, township, village
from toolkit.forms.issuing import Order
from toolkit.schema.form import META_SHEET, Identity, Local, vertical_row
from toolkit.schema.workbook import Workbook

ROSTER = (
    {"code": "0203", "village": "上河村", "secretary": "王志远", "clerk": "李明"},
    {"code": "0205", "village": "柳湾村"},
)
TOWN = {"county": "清河县", "town": "青石镇", "committee": "中共青石镇委员会"}
VERSION = village.FORM.version
LIST = "发放登记-2022.xlsx"
FIRST, SECOND = "0203-上河村-2022.xlsx", "0205-柳湾村-2022.xlsx"


def a_township(folder: Path, *roster: dict[str, object], **more) -> Path:
    """Write a township's workbook; `types` go to its 字典, all else to its 参数."""
    types = more.pop("types", [])
    filling = {
        township.Township: [TOWN],
        township.Village: list(roster or ROSTER),
        township.Settings: [{"year": 2022, **more}],
        township.TypeCode: types,
    }
    path = folder / "镇级工作簿.xlsx"
    mark = Identity(township.FORM.id, township.FORM.version)
    path.write_bytes(build_workbook(township.FORM, mark, filling))
    return path


def a_village(path: Path, profile: dict[str, object], *people: dict[str, object]) -> Path:
    """Write a village's workbook as a clerk hands it in."""
    path.parent.mkdir(exist_ok=True)
    mark = issuing.identity(str(profile.get("code", "")), str(profile.get("year", "")))
    filling = {village.Profile: [profile], village.Person: list(people)}
    path.write_bytes(build_workbook(village.FORM, mark, filling))
    return path


def opened(path: Path) -> Workbook:
    return read_workbook(path, (village.FORM,))


def profile_of(path: Path) -> village.Profile:
    found = village.profile(opened(path))
    assert found is not None
    return found


def people_of(path: Path) -> list[tuple[str, ...]]:
    """Return the people as their cells show them."""
    return [
        tuple(cell.seen for _, cell in person.filled())
        for person in opened(path).rows(village.Person)
    ]


def cell_of(column: str) -> str:
    """Return where 基本情况 holds a field."""
    return f"B{vertical_row(village.Profile, column)}"


def edit(path: Path, sheet: str, cell: str, content: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = content
    book.save(path)


def notes_on(outcome, name: str) -> str:
    """Return what is said of a file."""
    return "；".join(next(each.notes for each in outcome.written if each.path.name == name))


def listed(path: Path) -> list[list[object]]:
    """Return the lines of a list of receipts below its headers."""
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name("发放登记").to_python()[3:]


@pytest.fixture
def town(tmp_path) -> Path:
    return a_township(tmp_path)


@pytest.fixture
def books(tmp_path) -> Path:
    return tmp_path / "村级工作簿"


# -- to whom --------------------------------------------------------------------------------------


def test_each_village_of_the_roster_gets_its_workbook_and_a_line_in_the_list(town, books):
    outcome = flow.issue(town, books)
    assert outcome.exit_code == 0
    assert [each.path.name for each in outcome.written] == [FIRST, SECOND, LIST]
    assert opened(books / FIRST).identity.line() == f"village-workbook/{VERSION}/0203/2022"
    assert listed(town.parent / LIST) == [
        [1, "0203", "上河村", FIRST, 2022, VERSION, "新发", "", ""],
        [2, "0205", "柳湾村", SECOND, 2022, VERSION, "新发", "", ""],
    ]


def test_what_the_roster_knows_stands_in_the_workbook_issued(town, books):
    flow.issue(town, books)
    own = profile_of(books / FIRST)
    assert (own.year, own.code, own.county, own.town) == (2022, "0203", "清河县", "青石镇")
    assert (own.village, own.secretary, own.clerk) == ("上河村", "王志远", "李明")
    assert people_of(books / FIRST) == [("村党组织书记", "王志远"), ("村文书", "李明")]
    assert people_of(books / SECOND) == []


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"village": "石桥村"}, "村代码或村名没有填好，没有发放。请填好后再发放。"),
        ({"code": "0207"}, "村代码或村名没有填好，没有发放。请填好后再发放。"),
        (
            {"code": "0203", "village": "石桥村"},
            "村代码 0203 与前面的村重复，没有发放。请改正后再发放。",
        ),
        (
            {"code": "二〇七", "village": "石桥村"},
            "村代码“二〇七”看不懂，没有发放。请改成 2 至 12 位数字后再发放。",
        ),
        (
            {"code": 207, "village": "石桥村"},
            (
                "村代码 207 存成了数字，前面的 0 可能丢了，没有发放。"
                "请把单元格设为文本，写成 0207 这样的 4 位后再发放。"
            ),
        ),
    ],
)
def test_a_row_that_gets_no_workbook_is_named_with_the_reason(tmp_path, books, row, why):
    outcome = flow.issue(a_township(tmp_path, *ROSTER, row), books)
    assert outcome.exit_code == 4
    assert outcome.troubles == (f"镇级工作簿.xlsx › 村名册 › 第 6 行：{why}",)
    assert sorted(path.name for path in books.iterdir()) == [FIRST, SECOND]
    last = listed(tmp_path / LIST)[-1]
    assert last[3:7] == ["", "", "", f"未发：{why}"]


def test_codes_that_are_all_numbers_of_one_length_are_issued_and_said(tmp_path, books):
    town = a_township(tmp_path, {"code": 3301, "village": "上河村"})
    outcome = flow.issue(town, books)
    assert outcome.exit_code == 0
    note = "村代码存成了数字，按 3301 理解，请核对前面有没有 0"
    assert notes_on(outcome, "3301-上河村-2022.xlsx") == note


def test_two_villages_of_one_name_are_issued_apart_and_said(tmp_path, books):
    town = a_township(tmp_path, *ROSTER, {"code": "0209", "village": "上河村"})
    outcome = flow.issue(town, books)
    assert notes_on(outcome, FIRST) == "名册里“上河村”不止一行，请核对是不是同一个村"
    assert (books / "0209-上河村-2022.xlsx").exists()
    again = flow.issue(town, books)  # each is known by its code
    assert [notes_on(again, name)[:4] for name in (FIRST, "0209-上河村-2022.xlsx")] == [
        "没有变化"
    ] * 2


def test_empty_rows_between_and_odd_names_do_no_harm(tmp_path, books):
    town = a_township(tmp_path, *ROSTER)
    edit(town, "村名册", "A8", "0211")
    edit(town, "村名册", "B8", "上河/东 沟")
    outcome = flow.issue(town, books)
    assert outcome.exit_code == 0
    assert (books / "0211-上河_东 沟-2022.xlsx").exists()
    assert profile_of(books / "0211-上河_东 沟-2022.xlsx").village == "上河/东 沟"
    assert notes_on(flow.issue(town, books), "0211-上河_东 沟-2022.xlsx") == "没有变化"


def test_sixty_villages_get_sixty_workbooks(tmp_path, books):
    roster = [{"code": f"{code:04}", "village": f"第{code}村"} for code in range(1, 61)]
    outcome = flow.issue(a_township(tmp_path, *roster), books)
    assert len(list(books.iterdir())) == 60
    assert outcome.written[-1].notes == ("新发 60 份。",)


def test_only_the_villages_asked_for_are_issued_by_code_or_name(town, books):
    outcome = flow.issue(town, books, Order(villages=("柳湾村",)))
    assert [path.name for path in books.iterdir()] == [SECOND]
    assert outcome.written[-1].notes == ("新发 1 份，不在本次 1 份。",)
    flow.issue(town, books, Order(villages=(" ０２０３ ",)))
    lines = listed(town.parent / LIST)
    assert [line[3:7] for line in lines] == [
        [FIRST, 2022, VERSION, "新发"],
        [SECOND, 2022, VERSION, "不在本次"],
    ]


def test_faulty_rows_that_nobody_asked_for_are_no_trouble(tmp_path, books):
    town = a_township(tmp_path, *ROSTER, {"village": "石桥村"})
    outcome = flow.issue(town, books, Order(villages=("0203",)))
    assert (outcome.exit_code, outcome.troubles) == (0, ())


def test_a_village_that_is_not_on_the_roster_is_refused_with_those_that_are(town, books):
    with pytest.raises(UsageError) as refused:
        flow.issue(town, books, Order(villages=("0203", "河上村")))
    assert str(refused.value) == (
        "--village 河上村：村名册里没有这个村。名册里有：0203 上河村、0205 柳湾村。"
    )
    assert not books.exists()


def test_a_long_roster_is_not_read_out_whole(tmp_path, books):
    roster = [{"code": f"{code:04}", "village": f"第{code}村"} for code in range(1, 61)]
    with pytest.raises(UsageError, match=r"0020 第20村等 60 个村。$"):
        flow.issue(a_township(tmp_path, *roster), books, Order(villages=("x",)))


def test_a_year_that_nobody_can_read_is_quoted(tmp_path, books):
    town = a_township(tmp_path, year="今年")
    with pytest.raises(UsageError) as refused:
        flow.issue(town, books)
    said = "镇级工作簿.xlsx：“参数”表里年度写的是“今年”，看不懂。请改成四位数字后再发放。"
    assert str(refused.value) == said
    assert flow.issue(town, books, Order(year=2023)).exit_code == 0


def test_a_workbook_without_a_roster_says_what_to_fill_in(tmp_path, books):
    path = tmp_path / "镇级工作簿.xlsx"
    filling = {township.Township: [TOWN], township.Settings: [{"year": 2022}]}
    path.write_bytes(build_workbook(township.FORM, Identity(township.FORM.id, "1.1.1"), filling))
    with pytest.raises(UsageError) as refused:
        flow.issue(path, books)
    said = "镇级工作簿.xlsx：“村名册”里没有填村。请先填好村代码和村名。"
    assert str(refused.value) == said


def test_a_workbook_without_a_year_says_where_to_write_it(tmp_path, books):
    town = a_township(tmp_path, year=None)
    with pytest.raises(UsageError) as refused:
        flow.issue(town, books)
    assert str(refused.value) == "镇级工作簿.xlsx：“参数”表里没有填年度。请填好后再发放。"


def test_only_a_whole_township_workbook_will_do(town, books):
    book = openpyxl.load_workbook(town)
    del book["镇情"]
    book.save(town)
    with pytest.raises(UsageError) as refused:
        flow.issue(town, books)
    said = "镇级工作簿.xlsx：缺少“镇情”或“参数”表。请用完整的镇级工作簿发放。"
    assert str(refused.value) == said


def test_an_issued_workbook_lacks_only_what_the_village_must_fill_in(issued):
    report = flow.check([issued], dt.date(2022, 10, 31))
    wrong = {found.rule for found in report.findings if found.level is Level.ERROR}
    assert wrong == {"C201", "L116"}


# -- as a person runs it --------------------------------------------------------------------------


def test_the_command_finds_the_township_workbook_where_it_is_run(zhengdun, town, monkeypatch):
    monkeypatch.chdir(town.parent)
    said = zhengdun("issue", "-o", "发放")
    assert said.code == 0
    assert said.out.splitlines() == [f"发放/{FIRST}", f"发放/{SECOND}", LIST]
    assert said.err == "  新发 2 份。\n"


def test_the_command_passes_on_year_villages_and_last_years_folder(zhengdun, town, last, books):
    asked = ("--year", 2023, "--village", "0203", "--village", "柳湾村", "--from", last)
    said = zhengdun("issue", town, "-o", books, *asked)
    assert said.code == 0
    assert profile_of(books / "0203-上河村-2023.xlsx").members == 34
    assert (books / "0205-柳湾村-2023.xlsx").exists()


def test_the_command_says_what_it_left_out(zhengdun, tmp_path, books):
    said = zhengdun("issue", a_township(tmp_path, *ROSTER, {"code": "0207"}), "-o", books, "-q")
    assert said.code == 4
    why = "村代码或村名没有填好，没有发放。请填好后再发放。"
    assert said.err == f"镇级工作簿.xlsx › 村名册 › 第 6 行：{why}\n"


# -- what is there already ------------------------------------------------------------------------


def test_a_second_run_changes_nothing(town, books):
    flow.issue(town, books)
    before = {path: path.read_bytes() for path in books.iterdir()}
    outcome = flow.issue(town, books)
    assert [notes_on(outcome, name) for name in (FIRST, SECOND)] == ["没有变化", "没有变化"]
    assert {path: path.read_bytes() for path in books.iterdir()} == before


def test_a_filled_workbook_is_never_written_over(town, books):
    flow.issue(town, books)
    edit(books / FIRST, "基本情况", cell_of("members"), 34)
    before = (books / FIRST).read_bytes()
    a_township(town.parent, {**ROSTER[0], "clerk": "赵强"}, ROSTER[1])
    outcome = flow.issue(town, books)
    assert notes_on(outcome, FIRST) == "已经填写，没有覆盖"
    assert (books / FIRST).read_bytes() == before
    assert [line[6] for line in listed(town.parent / LIST)] == ["已填写", "未变"]


def test_one_that_nobody_has_filled_in_follows_the_roster(town, books):
    flow.issue(town, books)
    before = (books / FIRST).read_bytes()
    a_township(town.parent, {**ROSTER[0], "clerk": "赵强"}, ROSTER[1])
    outcome = flow.issue(town, books)
    assert notes_on(outcome, FIRST) == (
        "还没有填写，已按现在的名册和表样更新，原来的留作 0203-上河村-2022.xlsx.bak；"
        "文书姓名由“李明”改为“赵强”，以名册为准；"
        "工作力量里的村文书由“李明”换成“赵强”，以名册为准"
    )
    assert profile_of(books / FIRST).clerk == "赵强"
    assert people_of(books / FIRST) == [("村党组织书记", "王志远"), ("村文书", "赵强")]
    assert (books / f"{FIRST}.bak").read_bytes() == before
    assert notes_on(outcome, SECOND) == "没有变化"


def test_one_that_nobody_has_filled_in_follows_the_townships_figures(town, books):
    flow.issue(town, books)
    a_township(town.parent, cutoff_day=20)
    outcome = flow.issue(town, books)
    assert notes_on(outcome, SECOND).startswith("还没有填写，已按现在的名册和表样更新")


def test_one_of_an_older_version_is_renewed_while_nobody_has_filled_it_in(town, books):
    books.mkdir()
    entry, organ = rows_of(town)
    filling = issuing.prefilled(entry, organ, 2022)
    line = issuing.issued_line(filling, Local())
    old = Identity(village.FORM.id, "1.0.0", "0203", "2022")
    (books / FIRST).write_bytes(build_workbook(village.FORM, old, filling, issued=line))
    flow.issue(town, books)
    assert opened(books / FIRST).identity.version == VERSION


def test_an_upgrade_parks_nothing_of_what_tells_the_issue(town, books, tmp_path):
    flow.issue(town, books)
    book = openpyxl.load_workbook(books / FIRST)
    book[META_SHEET]["B1"] = "village-workbook/1.0.0/0203/2022"
    book[META_SHEET]["B3"] = "1.0.0"
    book.custom_doc_props["zhengdun.form"].value = "village-workbook/1.0.0/0203/2022"
    book.save(books / FIRST)
    (made,) = flow.upgrade([books / FIRST], tmp_path / "新.xlsx").written
    assert "待迁移 0 格" in made.notes[0]
    assert not issuing.untouched(opened(tmp_path / "新.xlsx"))


def rows_of(town: Path) -> tuple[township.Village, township.Township]:
    book = read_workbook(town, (township.FORM,))
    return book.rows(township.Village)[0], book.rows(township.Township)[0]


def test_a_workbook_under_another_name_is_known_by_its_code_and_not_issued_twice(town, books):
    flow.issue(town, books)
    (books / FIRST).rename(books / "上河（交镇里）.xlsx")
    edit(books / "上河（交镇里）.xlsx", "基本情况", cell_of("members"), 34)
    outcome = flow.issue(town, books)
    assert not (books / FIRST).exists()
    assert notes_on(outcome, "上河（交镇里）.xlsx") == (
        f"已经填写，没有覆盖；文件名与名册不同（按名册是 {FIRST}），按内容认出是这个村的，没有另发"
    )
    assert listed(town.parent / LIST)[0][3] == "上河（交镇里）.xlsx"


def test_a_corrected_name_on_the_roster_renews_the_workbook_where_it_lies(town, books):
    flow.issue(town, books)
    a_township(town.parent, {**ROSTER[0], "village": "上河新村"}, ROSTER[1])
    outcome = flow.issue(town, books)
    assert "文件名与名册不同（按名册是 0203-上河新村-2022.xlsx）" in notes_on(outcome, FIRST)
    assert profile_of(books / FIRST).village == "上河新村"
    assert len(list(books.glob("*.xlsx"))) == 2


def test_two_workbooks_of_one_village_are_said_and_the_filled_one_counts(town, books):
    flow.issue(town, books)
    shutil.copy(books / FIRST, books / "上河村新.xlsx")
    edit(books / "上河村新.xlsx", "基本情况", cell_of("members"), 34)
    outcome = flow.issue(town, books)
    said = notes_on(outcome, "上河村新.xlsx")
    assert said.startswith("已经填写，没有覆盖")
    assert f"{FIRST} 也是这个村的工作簿，请核对后只留一份" in said


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("other form", "不是村级工作簿，没有覆盖。请改名或移走后再试。"),
        ("other village", "里面是0205 柳湾村 2022年度的工作簿，没有覆盖。请改名"),
        ("other year", "里面是0203 上河村 2021年度的工作簿，没有覆盖。请改名"),
    ],
)
def test_something_else_of_that_name_is_left_alone(town, books, content, why):
    books.mkdir()
    target = books / FIRST
    if content == "other form":
        shutil.copy(town, target)
    elif content == "other village":
        a_village(target, {"year": 2022, "code": "0205", "village": "柳湾村"})
    else:
        a_village(target, {"year": 2021, "code": "0203", "village": "上河村"})
    before = target.read_bytes()
    outcome = flow.issue(town, books)
    assert outcome.exit_code == 4
    (trouble,) = outcome.troubles
    assert trouble.startswith(f"{target}：同名的文件{why}")
    assert target.read_bytes() == before
    assert listed(town.parent / LIST)[0][6].startswith(f"未发：同名的文件{why}")


@pytest.mark.parametrize("place", [FIRST, f"上河村/{FIRST}", "0203-上河村-2022(1).xlsx"])
def test_for_a_village_whose_own_file_cannot_be_read_none_is_issued(town, books, place):
    (books / place).parent.mkdir(parents=True)
    (books / place).write_bytes(b"")
    outcome = flow.issue(town, books)
    assert outcome.exit_code == 4
    (trouble,) = outcome.troubles
    which = "同名的文件" if place == FIRST else f"{books / place} "
    assert trouble.startswith(f"{books / FIRST}：{which}读不了，没有覆盖。是空文件")
    assert trouble.endswith("已经没有用的，请改名或移走后再试。")
    assert outcome.passed_over == ()
    assert sorted(path.name for path in books.glob("*-柳湾村-*")) == [SECOND]
    assert listed(town.parent / LIST)[0][3:5] == ["", ""]


def test_a_folder_of_a_villages_file_name_is_said(town, books):
    (books / FIRST).mkdir(parents=True)
    (trouble,) = flow.issue(town, books).troubles
    why = "这个文件名已经被占用。请改名或移走后再试。"
    assert trouble == f"{books / FIRST}：{why}"


def test_files_of_the_folder_that_cannot_be_read_are_said(town, books):
    books.mkdir()
    (books / "上河村.xlsx").write_bytes(b"")
    outcome = flow.issue(town, books)
    assert outcome.exit_code == 0
    (said,) = outcome.passed_over
    assert said.startswith(f"读不了 {books / '上河村.xlsx'}，不知道是哪个村的：是空文件")


def test_workbooks_of_other_years_are_none_of_this_years(town, books):
    a_village(books / "0203-上河村-2021.xlsx", {"year": 2021, "code": "0203", "village": "上河村"})
    flow.issue(town, books)
    assert (books / FIRST).exists()


def test_a_village_whose_filled_workbook_lies_in_a_folder_within_gets_no_second_one(town, books):
    flow.issue(town, books)
    (books / "上河村").mkdir()
    (books / FIRST).rename(books / "上河村" / FIRST)
    edit(books / "上河村" / FIRST, "基本情况", cell_of("members"), 34)
    outcome = flow.issue(town, books)
    assert not (books / FIRST).exists()
    assert outcome.written[0].path == books / "上河村" / FIRST
    assert notes_on(outcome, FIRST) == "已经填写，没有覆盖"
    assert listed(town.parent / LIST)[0][3] == f"上河村/{FIRST}"


def test_an_untouched_workbook_in_a_folder_within_is_renewed_where_it_lies(town, books):
    flow.issue(town, books)
    (books / "上河村").mkdir()
    (books / FIRST).rename(books / "上河村" / FIRST)
    a_township(town.parent, {**ROSTER[0], "clerk": "赵强"}, ROSTER[1])
    flow.issue(town, books)
    assert not (books / FIRST).exists()
    assert profile_of(books / "上河村" / FIRST).clerk == "赵强"


def test_two_workbooks_of_one_name_are_told_apart_by_their_folders(town, books):
    flow.issue(town, books)
    (books / "上河村").mkdir()
    shutil.copy(books / FIRST, books / "上河村" / FIRST)
    said = notes_on(flow.issue(town, books), FIRST)
    assert said == f"没有变化；{books / '上河村' / FIRST} 也是这个村的工作簿，请核对后只留一份"


def test_a_return_copy_beside_its_original_is_passed_over_by_an_issue(town, books):
    flow.issue(town, books)
    edit(books / FIRST, "基本情况", cell_of("members"), 34)
    a_copy_of(books / FIRST, books / "上河村")
    assert notes_on(flow.issue(town, books), FIRST) == "已经填写，没有覆盖"


def test_a_return_copy_that_took_its_originals_place_is_the_villages_workbook(town, books):
    flow.issue(town, books)
    edit(books / FIRST, "基本情况", cell_of("members"), 34)
    copy = a_copy_of(books / FIRST, town.parent / "回传件")
    copy.replace(books / FIRST)
    outcome = flow.issue(town, books)
    assert notes_on(outcome, FIRST) == "已经填写，没有覆盖"
    assert len(list(books.iterdir())) == 2


def a_copy_of(path: Path, folder: Path) -> Path:
    """Return the return copy of a workbook, made in a folder."""
    flow.check_into(flow.Wanted(copies=folder), [path], dt.date(2022, 10, 31))
    assert results.kind_of(folder / path.name) == results.COPY
    return folder / path.name


def test_a_workbook_that_somebody_has_open_is_not_renewed(town, books):
    flow.issue(town, books)
    (books / f"~${FIRST}").write_bytes(b"\x03Li " * 20)
    before = (books / FIRST).read_bytes()
    a_township(town.parent, {**ROSTER[0], "clerk": "赵强"}, ROSTER[1])
    outcome = flow.issue(town, books)
    assert outcome.troubles == (f"{books / FIRST}：可能正被打开，没有更新。请先关闭再试。",)
    assert (outcome.exit_code, (books / FIRST).read_bytes()) == (4, before)


def test_a_workbook_that_changes_meanwhile_is_not_renewed(tmp_path):
    (tmp_path / FIRST).write_bytes(b"filled in just now")
    with pytest.raises(OutputError, match="刚才又有改动，没有更新"):
        results.renew(tmp_path / FIRST, b"anew", "0" * 64)
    assert (tmp_path / FIRST).read_bytes() == b"filled in just now"


# -- whether anybody has written in it ------------------------------------------------------------


@pytest.fixture
def issued(town, books) -> Path:
    flow.issue(town, books)
    return books / FIRST


def test_what_was_issued_is_untouched_however_often_openpyxl_saves_it(issued):
    for _ in range(2):
        openpyxl.load_workbook(issued).save(issued)
    assert issuing.untouched(opened(issued))
    book = openpyxl.load_workbook(issued)
    facts = {line[0].value: line[1].value for line in book[META_SHEET].iter_rows(max_col=2)}
    assert re.fullmatch("[0-9a-f]{32}-[0-9a-f]{32}", facts["发放内容"])


@pytest.mark.office
def test_what_was_issued_is_untouched_after_libreoffice_has_saved_it(issued, tmp_path):
    saved = resaved(issued, tmp_path)
    assert opened(saved).facts.editor.startswith("LibreOffice")
    assert issuing.untouched(opened(saved))
    edit(saved, "工作力量", "A7", "成员")
    assert not issuing.untouched(opened(resaved(saved, tmp_path / "again")))


_FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}


def resaved(path: Path, folder: Path, suffix: str = "xlsx") -> Path:
    """Return a workbook as LibreOffice saves it again."""
    out = folder / "saved"
    kind = f"{suffix}:{_FILTERS[suffix]}"
    words = ("--headless", "--convert-to", kind, "--outdir", out, path)
    home = f"-env:UserInstallation=file://{folder}/home"
    subprocess.run([office(), home, *words], check=True, capture_output=True, timeout=180)
    return out / f"{path.stem}.{suffix}"


@pytest.mark.office
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_one_saved_in_an_old_format_is_blank_but_not_proved_untouched(
    issued, town, tmp_path, suffix
):
    blank = resaved(issued, tmp_path, suffix)
    assert issuing.is_blank(opened(blank))
    assert not issuing.untouched(opened(blank))
    blank.replace(issued.with_suffix(f".{suffix}"))
    issued.unlink()
    outcome = flow.issue(town, issued.parent)
    assert sorted(path.name for path in issued.parent.glob("0203*")) == [f"{issued.stem}.{suffix}"]
    said = notes_on(outcome, f"{issued.stem}.{suffix}")
    assert said == f"看不出是否填过（.{suffix}），没有覆盖"
    assert listed(town.parent / LIST)[0][6] == "看不出是否填过"


@pytest.mark.office
def test_one_filled_in_and_saved_in_an_old_format_is_filled(issued, town, tmp_path):
    edit(issued, "基本情况", cell_of("members"), 34)
    filled = resaved(issued, tmp_path, "xls")
    assert not issuing.is_blank(opened(filled))
    shutil.copy(filled, issued.parent)
    issued.unlink()
    outcome = flow.issue(town, issued.parent)
    assert notes_on(outcome, filled.name) == "已经填写，没有覆盖"
    assert not issued.exists()


def _note(sheet: Worksheet) -> None:
    sheet["B6"].comment = Comment("请核对", "周敏")


TOUCHES = {
    "a field filled in": lambda book: book["基本情况"].__setitem__(cell_of("members"), 34),
    "a field changed": lambda book: book["基本情况"].__setitem__(cell_of("clerk"), "赵强"),
    "a field emptied": lambda book: book["基本情况"].__setitem__(cell_of("clerk"), None),
    "a row added": lambda book: book["存在问题"].__setitem__("B4", "班子不团结"),
    "rows swapped": lambda book: book["工作力量"].move_range("A4:B4", rows=2),
    "a remark beside": lambda book: book["基本情况"].__setitem__("H9", "待核实"),
    "a remark on 填写说明": lambda book: book["填写说明"].__setitem__("J2", "已看"),
    "a formula": lambda book: book["整改目标"].__setitem__("E4", "=1+1"),
    "another sheet": lambda book: book.create_sheet("备注").__setitem__("A1", "记事"),
    "a sheet removed": lambda book: book.remove(book["测评验收"]),
    "a sheet renamed": lambda book: setattr(book["测评验收"], "title", "测评"),
    "a header changed": lambda book: book["存在问题"].__setitem__("G3", "责任人"),
    "a note": lambda book: _note(book["基本情况"]),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_whatever_somebody_adds_or_changes_shows(issued, touch):
    book = openpyxl.load_workbook(issued)
    touch(book)
    book.save(issued)
    assert not issuing.untouched(opened(issued))


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/media/image1.png", b"x"),
        ("xl/charts/chart1.xml", b"<a/>"),
        ("xl/threadedComments/t1.xml", b"<a/>"),
        ("xl/drawings/drawing1.xml", b"<a><oneCellAnchor/></a>"),
    ],
)
def test_what_stands_in_no_cell_shows(issued, part, content):
    with zipfile.ZipFile(issued, "a") as package:
        package.writestr(part, content)
    assert not issuing.untouched(opened(issued))


def test_what_a_check_has_marked_is_nothing_that_somebody_filled_in(issued, town, tmp_path):
    copy = a_copy_of(issued, tmp_path / "回传件")
    marked = openpyxl.load_workbook(copy)
    assert marked.sheetnames[0] == "待改清单"
    assert marked["基本情况"][cell_of("branch")].comment is not None
    assert issuing.untouched(opened(copy))
    copy.replace(issued)
    assert notes_on(flow.issue(town, issued.parent), FIRST) == "没有变化"


RETURNED = {
    "a field filled in": lambda book: book["基本情况"].__setitem__(cell_of("members"), 34),
    "an answer beside the list": lambda book: book["待改清单"].__setitem__("K5", "已改"),
    "a note of one's own": lambda book: _note(book["存在问题"]),
    "a note on the list": lambda book: _note(book["待改清单"]),
}


@pytest.mark.parametrize("touch", RETURNED.values(), ids=RETURNED)
def test_whatever_somebody_adds_to_a_return_copy_shows(issued, tmp_path, touch):
    copy = a_copy_of(issued, tmp_path / "回传件")
    book = openpyxl.load_workbook(copy)
    touch(book)
    book.save(copy)
    assert not issuing.is_blank(opened(copy))


def test_a_drawing_with_nothing_on_it_is_nothing(issued):
    with zipfile.ZipFile(issued, "a") as package:
        package.writestr("xl/drawings/drawing1.xml", b"<wsDr/>")
    assert issuing.untouched(opened(issued))


HARMLESS = {
    "a wider column": lambda sheet: setattr(sheet.column_dimensions["B"], "width", 50),
    "a number as text": lambda sheet: sheet.__setitem__(cell_of("year"), "2022"),
    "a number with decimals": lambda sheet: sheet.__setitem__(cell_of("year"), 2022.0),
    "a blank at the end": lambda sheet: sheet.__setitem__(cell_of("clerk"), "李明 "),
    "a blank in an empty cell": lambda sheet: sheet.__setitem__(cell_of("members"), " "),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_says_nothing_new_leaves_a_workbook_untouched(issued, change):
    book = openpyxl.load_workbook(issued)
    change(book["基本情况"])
    book.save(issued)
    assert issuing.untouched(opened(issued))


def test_a_workbook_that_was_not_issued_is_never_untouched(town, tmp_path):
    entry, organ = rows_of(town)
    filling = issuing.prefilled(entry, organ, 2022)
    path = tmp_path / FIRST
    path.write_bytes(build_workbook(village.FORM, issuing.identity("0203", "2022"), filling))
    assert not issuing.untouched(opened(path))


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (2022, 2022.0, True),
        ("2022", 2022, True),
        ("李明", "李明 \n", True),
        (dt.date(2021, 3, 1), dt.datetime(2021, 3, 1), True),  # noqa: DTZ001 -- as files have it
        (dt.time(9, 30), dt.timedelta(hours=9, minutes=30), True),
        ("0203", 203, False),
        ("李明", "李 明", False),
        (None, "", True),
    ],
)
def test_contents_count_as_a_person_sees_them(one, other, alike):
    digests = {issuing.digest({village.Profile: [{"clerk": raw}]}) for raw in (one, other)}
    assert (len(digests) == 1) is alike


def test_the_order_of_rows_and_the_column_of_a_text_count():
    first, second = {"role": "成员", "name": "甲"}, {"role": "成员", "name": "乙"}
    assert _people(first, second) != _people(second, first)
    assert _people({"name": "甲"}) != _people({"post": "甲"})
    assert _people(first, {}, second) == _people(first, second)


def _people(*records: dict[str, object]) -> str:
    return issuing.digest({village.Person: list(records)})


# -- carried over ---------------------------------------------------------------------------------

LAST = {
    "year": 2021,
    "code": "0203",
    "county": "清河县",
    "town": "青石镇",
    "village": "上河村",
    "branch": "中共青石镇上河村支部委员会",
    "population": "1045人左右",
    "poor": "是",
    "members": 34,
    "secretary": "王志远",
    "secretary_phone": "13800000001",
    "clerk": "李明",
    "clerk_phone": "13800000002",
    "income": 12.5,
    "debt": 3,
    "main_types": "R01",
    "trainings": 2,
    "plan_day": dt.date(2021, 4, 20),
    "cutoff": dt.date(2021, 10, 31),
}
PEOPLE = (
    {"role": "组长", "name": "陈刚", "post": "镇党委副书记", "start": "3月1日"},
    {"role": "村党组织书记", "name": "王志远", "phone": "13800000001"},
    {"role": "成员", "name": "孙立", "end": dt.date(2021, 12, 31)},
    {"role": "成员", "name": "钱进", "end": dt.date(2022, 1, 1)},
    {"role": "村文书", "name": "李明"},
)


@pytest.fixture
def last(tmp_path) -> Path:
    folder = tmp_path / "2021"
    a_village(folder / "0203-上河村-2021.xlsx", LAST, *PEOPLE)
    return folder


def test_profile_and_people_are_carried_over_as_they_stand(town, books, last):
    flow.issue(town, books, Order(last_year=last))
    own = profile_of(books / FIRST)
    assert own.field(village.Profile.population).raw == "1045人左右"
    assert (own.year, own.members, own.poor) == (2022, 34, True)
    assert own.branch == "中共青石镇上河村支部委员会"
    assert own.secretary_phone == "13800000001"


def test_whatever_the_roster_says_otherwise_is_said_and_one_book_says_one_thing(
    tmp_path, books, last
):
    town = a_township(
        tmp_path,
        {**ROSTER[0], "secretary_phone": "13900000009"},
        {"code": "0205", "village": "柳湾村"},
    )
    said = notes_on(flow.issue(town, books, Order(last_year=last)), FIRST)
    assert "支部书记电话由“13800000001”改为“13900000009”，以名册为准" in said
    assert "工作力量里王志远的电话由“13800000001”改为“13900000009”，以名册为准" in said
    assert profile_of(books / FIRST).secretary_phone == "13900000009"
    assert ("村党组织书记", "王志远", "13900000009") in people_of(books / FIRST)


def test_the_county_or_town_that_changed_its_name_is_said(town, books, last):
    a_village(last / "0203-上河村-2021.xlsx", {**LAST, "town": "旧青石乡"}, *PEOPLE)
    said = notes_on(flow.issue(town, books, Order(last_year=last)), FIRST)
    assert "乡镇由“旧青石乡”改为“青石镇”，以名册为准" in said


def test_a_predecessor_s_telephone_is_left_out_and_that_is_said(tmp_path, books, last):
    town = a_township(tmp_path, {**ROSTER[0], "secretary": "赵强"})
    said = notes_on(flow.issue(town, books, Order(last_year=last)), FIRST)
    assert "支部书记电话“13800000001”是前任的，没有带入" in said
    assert "由“王志远”换成“赵强”，以名册为准，那一行的职务等没有带入" in said
    assert profile_of(books / FIRST).field(village.Profile.secretary_phone).empty


def test_what_cannot_be_read_in_the_roster_is_said_with_its_village(tmp_path, books):
    town = a_township(tmp_path, {**ROSTER[0], "secretary_phone": "13800001111、13900002222"})
    said = notes_on(flow.issue(town, books), FIRST)
    assert "书记电话“13800001111、13900002222”读不出" in said
    assert said.endswith("没有写进工作簿，请改正名册")


def test_a_long_name_leaves_the_year_in_the_file_s_name(tmp_path, books):
    town = a_township(tmp_path, {"code": "0203", "village": "长" * 70})
    for year in (2022, 2023):
        outcome = flow.issue(town, books, Order(year=year))
        assert outcome.exit_code == 0
        assert (books / f"0203-{'长' * 55}-{year}.xlsx").exists()


def test_what_belongs_to_the_year_is_not_carried_over(town, books, last):
    flow.issue(town, books, Order(last_year=last))
    own = profile_of(books / FIRST)
    left = ["income", "operating", "debt", "main_types", "trainings", "plan_day", "cutoff"]
    assert [own.fields[name].raw for name in left] == [None] * 7


def test_every_field_but_the_year_itself_that_is_left_out_has_its_reason():
    known = set(village.Profile.columns)
    assert carrying.OF_THE_YEAR.keys() <= known
    assert all(carrying.OF_THE_YEAR.values())
    judged = {column for column in known if column.section == "认定情况"}
    assert judged - carrying.OF_THE_YEAR.keys() == {village.Profile.poor}


def test_who_has_left_before_the_new_year_is_left_out_and_said(town, books, last):
    outcome = flow.issue(town, books, Order(last_year=last))
    assert [person[:2] for person in people_of(books / FIRST)] == [
        ("组长", "陈刚"),
        ("村党组织书记", "王志远"),
        ("成员", "钱进"),
        ("村文书", "李明"),
    ]
    said = notes_on(outcome, FIRST)
    assert said == (
        "沿用 0203-上河村-2021.xlsx 的基本情况和工作力量 4 行，人口、党员等数字请村里核对更新；"
        "孙立任职到上年为止，没有带入工作力量"
    )


def test_a_day_without_its_year_stays_the_day_that_it_was(town, books, last):
    flow.issue(town, books, Order(last_year=last))
    leader = opened(books / FIRST).rows(village.Person)[0]
    assert leader.start == dt.date(2021, 3, 1)


def test_a_number_under_another_unit_stays_the_number_that_it_was(town, books, last):
    edit(
        last / "0203-上河村-2021.xlsx",
        "基本情况",
        f"A{vertical_row(village.Profile, 'area')}",
        "总面积（公顷）",
    )
    edit(last / "0203-上河村-2021.xlsx", "基本情况", cell_of("area"), 2)
    flow.issue(town, books, Order(last_year=last))
    assert profile_of(books / FIRST).area == 30


def test_the_rosters_newer_names_win_and_are_said(tmp_path, books, last):
    newer = {**ROSTER[0], "secretary": "周兴", "branch": "中共青石镇上河村委员会"}
    outcome = flow.issue(a_township(tmp_path, newer), books, Order(last_year=last))
    own = profile_of(books / FIRST)
    assert (own.secretary, own.branch) == ("周兴", "中共青石镇上河村委员会")
    assert own.field(village.Profile.secretary_phone).empty  # the former secretary's
    assert own.clerk_phone == "13800000002"
    said = notes_on(outcome, FIRST)
    assert "支部书记姓名由“王志远”改为“周兴”，以名册为准" in said
    assert "工作力量里的村党组织书记由“王志远”换成“周兴”，以名册为准" in said
    assert "党组织全称由" in said
    assert ("村党组织书记", "周兴") in people_of(books / FIRST)


def test_a_post_that_several_hold_is_left_to_the_village(tmp_path, books, last):
    two = [{"role": "村文书", "name": name} for name in ("李明", "何平")]
    a_village(last / "0203-上河村-2021.xlsx", LAST, *two)
    newer = {**ROSTER[0], "secretary": None, "clerk": "赵强"}
    outcome = flow.issue(a_township(tmp_path, newer), books, Order(last_year=last))
    assert people_of(books / FIRST) == [("村文书", name) for name in ("李明", "何平", "赵强")]
    assert "工作力量里的村文书有 2 人，都不是名册上的“赵强”，请核对" in notes_on(outcome, FIRST)


def test_a_name_spread_over_its_cell_is_the_same_name(tmp_path, books, last):
    a_village(last / "0203-上河村-2021.xlsx", {**LAST, "clerk": "李　明"}, *PEOPLE)
    outcome = flow.issue(a_township(tmp_path), books, Order(last_year=last))
    assert "文书姓名" not in notes_on(outcome, FIRST)
    assert profile_of(books / FIRST).clerk_phone == "13800000002"


def test_a_village_without_last_years_workbook_is_issued_and_said(town, books, last):
    outcome = flow.issue(town, books, Order(last_year=last))
    assert outcome.exit_code == 0
    said = "没有找到这个村以前年度的工作簿，只填了名册里的内容"
    assert notes_on(outcome, SECOND) == said
    assert profile_of(books / SECOND).village == "柳湾村"


def test_a_renumbered_village_is_found_by_its_name(tmp_path, books, last):
    town = a_township(tmp_path, {**ROSTER[0], "code": "0303"})
    outcome = flow.issue(town, books, Order(last_year=last))
    said = notes_on(outcome, "0303-上河村-2022.xlsx")
    assert "村代码由“0203”改为“0303”，以名册为准" in said
    assert profile_of(books / "0303-上河村-2022.xlsx").members == 34


def test_of_two_workbooks_of_one_village_none_is_taken(town, books, last):
    a_village(last / "上河村.xlsx", {**LAST, "members": 36})
    outcome = flow.issue(town, books, Order(last_year=last))
    assert notes_on(outcome, FIRST) == (
        "2021年度的工作簿有 2 份（0203-上河村-2021.xlsx、上河村.xlsx），不知道以哪份为准，"
        "没有沿用。请只留一份后再发放"
    )
    assert profile_of(books / FIRST).field(village.Profile.members).empty


def test_two_of_one_name_are_told_with_their_folders(town, books, last):
    a_village(last / "甲" / "a.xlsx", {**LAST, "code": "0205", "village": "柳湾村"})
    a_village(last / "乙" / "a.xlsx", {**LAST, "code": "0205", "village": "柳湾村"})
    outcome = flow.issue(town, books, Order(last_year=last))
    which = f"{last / '乙' / 'a.xlsx'}、{last / '甲' / 'a.xlsx'}"
    assert f"2021年度的工作簿有 2 份（{which}），不知道以哪份为准" in notes_on(outcome, SECOND)


def test_the_latest_of_several_years_is_taken(town, books, last):
    a_village(last / "0203-上河村-2020.xlsx", {**LAST, "year": 2020, "members": 30})
    flow.issue(town, books, Order(last_year=last))
    assert profile_of(books / FIRST).members == 34


def test_a_return_copy_beside_its_original_is_not_a_second_workbook(town, books, last):
    original = last / "0203-上河村-2021.xlsx"
    flow.check_into(flow.Wanted(copies=last / "回传件"), [original], dt.date(2021, 10, 31))
    outcome = flow.issue(town, books, Order(last_year=last))
    assert notes_on(outcome, FIRST).startswith("沿用 0203-上河村-2021.xlsx")


def test_last_years_files_are_named_where_they_cannot_be_used(town, books, last):
    (last / "坏.xlsx").write_bytes(b"")
    shutil.copy(town, last / "镇级工作簿.xlsx")
    a_village(last / "无年度.xlsx", {"code": "0205", "village": "柳湾村"})
    a_village(last / "新.xlsx", {"code": "0205", "village": "柳湾村", "year": 2022})
    before = {path.name: path.read_bytes() for path in last.iterdir()}
    outcome = flow.issue(town, books, Order(last_year=last))
    assert outcome.exit_code == 3
    unread, yearless = sorted(outcome.troubles)
    assert unread.startswith(f"{last / '坏.xlsx'}：没有沿用。是空文件")
    assert yearless == (
        f"{last / '无年度.xlsx'}：看不出是哪一年度的，没有沿用。请填好年度后再发放。"
    )
    assert outcome.passed_over == (
        f"已跳过 {last / '镇级工作簿.xlsx'}：不是村级工作簿。",
        f"没有沿用 {last / '新.xlsx'}：是 2022 年度的工作簿。",
    )
    assert {path.name: path.read_bytes() for path in last.iterdir()} == before


@pytest.mark.parametrize("year", [2022, 2023])
def test_a_workbook_of_the_same_year_or_a_newer_one_is_refused(town, books, tmp_path, year):
    path = a_village(tmp_path / "甲" / "a.xlsx", {**LAST, "year": year})
    with pytest.raises(UsageError) as refused:
        flow.issue(town, books, Order(last_year=path))
    assert str(refused.value) == (
        f"--from {path}：里面是 {year} 年度的工作簿，不早于要发放的 2022 年度，不能沿用。"
        "请改成上一年度的文件夹。"
    )
    assert not books.exists()


def test_a_folder_that_is_not_there_is_refused(town, books, tmp_path):
    with pytest.raises(UsageError, match="找不到这个文件或文件夹。请核对路径。"):
        flow.issue(town, books, Order(last_year=tmp_path / "无"))


def test_a_workbook_of_last_year_without_a_profile_hands_on_its_people(town, books, last):
    path = last / "0203-上河村-2021.xlsx"
    book = openpyxl.load_workbook(path)
    book.remove(book["基本情况"])
    book.save(path)
    flow.issue(town, books, Order(last_year=last))
    assert ("组长", "陈刚") in [person[:2] for person in people_of(books / FIRST)]
    assert profile_of(books / FIRST).clerk == "李明"


def test_a_folder_without_village_workbooks_is_refused(town, books, tmp_path):
    (tmp_path / "空").mkdir()
    with pytest.raises(UsageError, match="里面没有村级工作簿。请核对文件夹，或去掉 --from"):
        flow.issue(town, books, Order(last_year=tmp_path / "空"))


def test_what_was_carried_over_comes_into_an_untouched_workbook_and_stays_there(town, books, last):
    flow.issue(town, books)
    outcome = flow.issue(town, books, Order(last_year=last))
    assert notes_on(outcome, FIRST).startswith("还没有填写，已按现在的名册和表样更新")
    assert profile_of(books / FIRST).members == 34
    again = flow.issue(town, books)
    assert notes_on(again, FIRST) == "没有变化"
    assert profile_of(books / FIRST).members == 34


def test_a_filled_workbook_gets_nothing_carried_over(town, books, last):
    flow.issue(town, books)
    edit(books / FIRST, "基本情况", cell_of("members"), 40)
    outcome = flow.issue(town, books, Order(last_year=last))
    assert notes_on(outcome, FIRST) == "已经填写，没有覆盖"


# -- what the township decides --------------------------------------------------------------------


def test_the_townships_own_types_come_into_the_dropdown(tmp_path, books):
    types = [
        {"code": "R01", "label": "班子缺配"},
        {"code": "l07", "label": "村霸干扰", "text": "村霸干扰村务的"},
        {"code": "L01", "label": "集体经济空壳"},
        {"code": "X9", "label": "别的"},
        {"code": "L07", "label": "重复"},
    ]
    outcome = flow.issue(a_township(tmp_path, types=types), books)
    assert outcome.passed_over == (
        (
            "镇级工作簿.xlsx › 字典 › 第 7 行：类型代码“X9”不是 R01 至 R10，也不是 L 加两位数字，"
            "没有放进下拉框。"
        ),
        "镇级工作簿.xlsx › 字典 › 第 8 行：类型代码“L07”与前面重复，下拉框里用的是前面那一行。",
    )
    sheet = openpyxl.load_workbook(books / FIRST)["字典"]
    (column,) = [cell.column for cell in sheet[1] if cell.value == "类型"]
    entries = [sheet.cell(row, column).value for row in range(2, 6)]
    assert entries == ["R01 班子缺配", "L07 村霸干扰", "L01 集体经济空壳", None]


def test_a_type_without_its_own_words_keeps_the_forms(tmp_path):
    book = read_workbook(
        a_township(tmp_path, types=[{"code": "R03"}, {"code": "L09"}]), (township.FORM,)
    )
    known, own = issuing.local(book).codelists["类型"].terms
    assert known == codes.TYPES.find("R03")
    assert own.shown == "L09"


def test_a_dictionary_without_a_readable_row_leaves_the_forms_own_list(tmp_path):
    book = read_workbook(a_township(tmp_path, types=[{"label": "无代码"}]), (township.FORM,))
    assert issuing.local(book).codelists == {}


def test_the_townships_figures_go_by_the_forms_names(tmp_path):
    told = {"first_month": 6, "cutoff_day": "20日", "month_before": "当月末"}
    book = read_workbook(a_township(tmp_path, **told), (township.FORM,))
    figures = issuing.local(book).figures
    assert figures == {"专题研究起始月份": 6, "每月截止日": 20, "X月前的含义": "当月末"}
    assert figures.keys() == village.FORM.figures.keys()


def test_a_figure_that_is_not_set_is_the_forms_own(town):
    assert issuing.local(read_workbook(town, (township.FORM,))).figures == {}


FAULTY = {"cutoff_day": 40, "first_month": 13, "month_before": "当月"}


def test_figures_that_cannot_be_used_are_named_and_the_forms_own_are_issued(tmp_path, books):
    outcome = flow.issue(a_township(tmp_path, **FAULTY), books)
    assert outcome.exit_code == 0
    again = "请改正后再发放一次。"
    assert outcome.troubles == (
        (
            "镇级工作簿.xlsx › 参数 › B8：专题研究起始月份“13”不能用（数字不能大于 12），"
            f"发放的工作簿里是默认的 5 月。{again}"
        ),
        (
            "镇级工作簿.xlsx › 参数 › B6：每月截止日“40”不能用（数字不能大于 31），"
            f"发放的工作簿里是默认的 25 日。{again}"
        ),
        (
            "镇级工作簿.xlsx › 参数 › B11：“X月前”的含义“当月”不能用"
            f"（不在“X月前的含义”的选项里），发放的工作簿里是默认的“上月末”。{again}"
        ),
    )
    assert (
        issuing.local(read_workbook(tmp_path / "镇级工作簿.xlsx", (township.FORM,))).figures == {}
    )
    a_township(tmp_path)  # corrected
    assert flow.issue(tmp_path / "镇级工作簿.xlsx", books).troubles == ()


def test_a_filled_workbook_keeps_the_figures_it_was_issued_with_and_that_is_said(town, books):
    flow.issue(town, books)
    edit(books / FIRST, "基本情况", cell_of("members"), 34)
    a_township(town.parent, cutoff_day=20)
    outcome = flow.issue(town, books)
    assert notes_on(outcome, FIRST) == "已经填写，没有覆盖；里面的类型和参数还是发放时的"
    a_township(town.parent)
    assert notes_on(flow.issue(town, books), FIRST) == "已经填写，没有覆盖"


def test_a_township_workbook_that_is_open_is_issued_by_as_it_was_saved(town, books):
    (town.parent / "~$镇级工作簿.xlsx").write_bytes(b"\x04user")
    outcome = flow.issue(town, books)
    assert outcome.exit_code == 0
    assert outcome.passed_over == ("镇级工作簿正被打开，按最后一次保存的内容发放。",)


# -- the list of receipts -------------------------------------------------------------------------


def test_the_list_stands_in_the_folder_itself_where_that_is_in_no_work_folder(town, tmp_path):
    elsewhere = tmp_path / "甲" / "乙"
    outcome = flow.issue(town, elsewhere)
    assert outcome.written[-1].path == elsewhere / LIST
    report = flow.check([elsewhere], dt.date(2022, 10, 31))
    assert report.unreadable == ()
    (skipped,) = [file for file in report.files if file.status == "skipped"]
    assert skipped.name == LIST
    assert flow.issue(town, elsewhere).exit_code == 0


def test_the_list_goes_where_it_is_told_to(town, books, tmp_path):
    flow.issue(town, books, Order(receipts=tmp_path / "表" / "登记.xlsx"))
    assert len(listed(tmp_path / "表" / "登记.xlsx")) == 2


def test_the_list_replaces_nothing_but_itself(town, books):
    book = openpyxl.Workbook()
    book.active["A1"] = "镇里自己的登记"
    book.save(town.parent / LIST)
    before = (town.parent / LIST).read_bytes()
    with pytest.raises(OutputError) as refused:
        flow.issue(town, books)
    assert str(refused.value) == (
        f"{town.parent / LIST}：已经存在，不是以前的发放登记，没有覆盖。"
        "请先把它改名或移走，再发放。"
    )
    assert (town.parent / LIST).read_bytes() == before
    assert not books.exists()


def sign(path: Path, *lines: tuple[object, object]) -> None:
    """Sign a list, from its first village on."""
    book = openpyxl.load_workbook(path)
    for at, (who, day) in enumerate(lines, 4):
        book["发放登记"].cell(at, 8, who)
        book["发放登记"].cell(at, 9, day)
    book.save(path)


def signed(path: Path) -> list[tuple[object, ...]]:
    """Return whose workbook each line is, what became of it, and who has signed."""
    return [(line[1], line[3], line[6], line[7], line[8]) for line in listed(path)]


def test_who_has_signed_stays_on_the_list_until_there_is_another_workbook(town, books):
    flow.issue(town, books)
    place = town.parent / LIST
    sign(place, ("张三", dt.date(2022, 4, 6)), ("李四", "4月6日"))
    a_township(town.parent, {**ROSTER[0], "clerk": "赵强"}, ROSTER[1])
    outcome = flow.issue(town, books)
    assert signed(place) == [
        ("0203", FIRST, "更新", "", ""),
        ("0205", SECOND, "未变", "李四", "4月6日"),
    ]
    assert notes_on(outcome, LIST) == (
        "更新 1 份，未变 1 份。；"
        "上河村换了工作簿，请重新签收；原来签的是“张三 2022-04-06”，没有带过来；"
        f"原来的登记留作 {LIST}.bak"
    )
    assert (town.parent / f"{LIST}.bak").exists()


def test_each_year_has_its_own_list(town, books):
    flow.issue(town, books)
    sign(town.parent / LIST, ("张三", ""), ("李四", ""))
    before = (town.parent / LIST).read_bytes()
    flow.issue(town, books, Order(year=2023))
    assert (town.parent / LIST).read_bytes() == before
    assert [line[7] for line in listed(town.parent / "发放登记-2023.xlsx")] == ["", ""]


def test_a_list_of_another_year_hands_on_no_signature_and_that_is_said(town, books, tmp_path):
    place = tmp_path / "登记.xlsx"
    flow.issue(town, books, Order(receipts=place))
    sign(place, ("张三", ""))
    outcome = flow.issue(town, books, Order(year=2023, receipts=place))
    assert "原来的登记是 2022 年度的，签收没有带过来" in notes_on(outcome, "登记.xlsx")
    assert [line[7] for line in listed(place)] == ["", ""]


def test_signatures_go_with_the_workbook_where_the_roster_corrects_a_code(town, books):
    flow.issue(town, books)
    sign(town.parent / LIST, ("张三", "4月6日"), ("李四", "4月7日"))
    edit(books / SECOND, "基本情况", cell_of("members"), 34)
    # 0205 is another village's code by now.
    renumbered = {"code": "0206", "village": "柳湾村"}
    a_township(town.parent, ROSTER[0], {"code": "0205", "village": "石桥村"}, renumbered)
    edit(books / SECOND, "基本情况", cell_of("code"), "0206")
    flow.issue(town, books)
    assert signed(town.parent / LIST) == [
        ("0203", FIRST, "未变", "张三", "4月6日"),
        ("0205", "0205-石桥村-2022.xlsx", "新发", "", ""),
        ("0206", SECOND, "已填写", "李四", "4月7日"),
    ]


def test_signatures_go_with_the_village_where_its_file_has_another_name(town, books):
    flow.issue(town, books)
    sign(town.parent / LIST, ("张三", "4月6日"))
    (books / FIRST).rename(books / "上河.xlsx")
    flow.issue(town, books)
    assert signed(town.parent / LIST)[0] == ("0203", "上河.xlsx", "未变", "张三", "4月6日")


def test_a_signed_line_whose_village_has_left_the_roster_comes_last_and_stays(town, books):
    flow.issue(town, books)
    sign(town.parent / LIST, ("张三", "4月6日"), ("李四", "4月7日"))
    a_township(town.parent, ROSTER[1])
    outcome = flow.issue(town, books)
    expected = [
        ("0205", SECOND, "未变", "李四", "4月7日"),
        ("0203", FIRST, "已不在名册", "张三", "4月6日"),
    ]
    assert signed(town.parent / LIST) == expected
    assert notes_on(outcome, LIST) == "未变 1 份，已不在名册 1 份。"
    flow.issue(town, books)
    assert signed(town.parent / LIST) == expected
    a_township(town.parent)  # back again
    flow.issue(town, books)
    assert signed(town.parent / LIST)[0] == ("0203", FIRST, "未变", "张三", "4月6日")


@pytest.mark.parametrize("other", ["石桥村", "上河村"])
def test_a_second_row_of_a_code_gets_no_signature_of_the_first(tmp_path, books, other):
    town = a_township(tmp_path, ROSTER[0], {"code": "0203", "village": other})
    flow.issue(town, books)
    sign(tmp_path / LIST, ("张三", "4月6日"))
    a_township(tmp_path, {**ROSTER[0], "clerk": "赵强"}, {"code": "0203", "village": other})
    flow.issue(town, books)
    assert [line[3:] for line in signed(tmp_path / LIST)] == [("", "")] * 2


def test_of_two_signed_lines_of_a_village_the_second_is_said(town, books):
    flow.issue(town, books)
    sign(town.parent / LIST, ("张三", "4月6日"))
    book = openpyxl.load_workbook(town.parent / LIST)
    for at, content in enumerate(("0203", "上河村"), 2):
        book["发放登记"].cell(6, at, content)
    book["发放登记"]["H6"] = "王五"
    book.save(town.parent / LIST)
    said = notes_on(flow.issue(town, books), LIST)
    assert "上河村的签收有两行，“王五”没有带过来，请核对" in said
    assert signed(town.parent / LIST)[0][3:] == ("张三", "4月6日")


def test_what_else_somebody_wrote_on_the_list_is_said_with_its_cells(town, books):
    flow.issue(town, books)
    edit(town.parent / LIST, "发放登记", "K5", "电话通知")
    said = notes_on(flow.issue(town, books), LIST)
    assert "登记表里另外写的（K5）没有带过来" in said
    assert f"原来的登记留作 {LIST}.bak" in said


def test_signatures_are_found_whatever_the_sheet_is_called(town, books):
    flow.issue(town, books)
    sign(town.parent / LIST, ("张三", "4月6日"))
    book = openpyxl.load_workbook(town.parent / LIST)
    book["发放登记"].title = "Sheet1"
    book.save(town.parent / LIST)
    flow.issue(town, books)
    assert signed(town.parent / LIST)[0][3:] == ("张三", "4月6日")


def test_days_of_signing_are_kept_as_days(town, books):
    flow.issue(town, books)
    place = town.parent / LIST
    edit(place, "发放登记", "I4", dt.date(2022, 4, 6))
    flow.issue(town, books)
    assert listed(place)[0][8] == dt.date(2022, 4, 6)
    assert openpyxl.load_workbook(place)["发放登记"]["I4"].is_date


def test_a_list_without_its_headers_or_unreadable_says_that_signatures_are_left(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "发放登记"
    book.active["A1"] = "0203"
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"")
    first, second = (earlier_list(tmp_path / name, 2022) for name in ("a.xlsx", "b.xlsx"))
    assert first == ((), ["原来的登记认不出表头，签收没有带过来"])
    assert second.signed == ()
    assert second.notes[0].startswith("原来的登记读不了，签收没有带过来：是空文件")


def test_the_list_is_set_up_for_a4_across_with_its_headers_on_every_page(town, books):
    flow.issue(town, books)
    sheet = openpyxl.load_workbook(town.parent / LIST)["发放登记"]
    assert sheet["A1"].value == "青石镇2022年度村级工作簿发放登记"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$3"


def test_a_list_that_cannot_be_written_leaves_the_workbooks_issued(town, books, monkeypatch):
    def refuse(target: Path, *_: object) -> None:
        raise OutputError(f"{target}：写不进去。")

    monkeypatch.setattr(results, "replace", refuse)
    outcome = flow.issue(town, books)
    assert outcome.exit_code == 2
    assert outcome.troubles == (f"{town.parent / LIST}：写不进去。",)
    assert (books / FIRST).exists()
