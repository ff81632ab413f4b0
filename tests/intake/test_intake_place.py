"""A plan taken in becomes its village's workbook, where the other commands look for it."""

from pathlib import Path

import openpyxl
import pytest
from worked import work_folder

from toolkit import flow
from toolkit.errors import OutputError, UsageError
from toolkit.excel.opened import read_workbook
from toolkit.forms import issuing, village
from toolkit.schema.form import vertical_row
from toolkit.schema.workbook import Workbook

UPPER, WILLOW = "0203-上河村-2022.xlsx", "0205-柳湾村-2022.xlsx"
PLAN = "整顿方案\n一、基本情况\n我村有党员34名。\n中共青石镇{}支部委员会\n2022年4月20日\n"


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """Make the example's work folder with its villages' workbooks as issued; we stand in it."""
    work_folder(tmp_path)
    for path in (tmp_path / "村级工作簿").iterdir():
        path.unlink()
    flow.issue(tmp_path / "镇级工作簿.xlsx", tmp_path / "村级工作簿")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def a_plan(name: str) -> Path:
    """Write a village's plan where we stand."""
    path = Path("方案.txt")
    path.write_text(PLAN.format(name), "utf-8")
    return path


def opened(path: Path) -> Workbook:
    return read_workbook(path, (village.FORM,))


def fill(path: Path) -> None:
    """Write into an issued workbook, as a clerk does."""
    book = openpyxl.load_workbook(path)
    book["基本情况"].cell(vertical_row(village.Profile, "members"), 2, 36)
    book.save(path)


@pytest.mark.parametrize("words", [(), ("--code", "0203")])
def test_a_plan_goes_to_its_village_by_the_roster_in_place_of_the_blank_one(here, zhengdun, words):
    place = here / "村级工作簿" / UPPER
    before = place.read_bytes()
    said = zhengdun("intake", a_plan("上河村"), *words)
    assert said.code == 0
    assert said.out == f"村级工作簿/{UPPER}\n"
    kept = f"发放的那份还没有填写，留作 {UPPER}.bak；方案里没有而那里预填了的（如联系电话），请补上"
    assert kept in said.err
    assert place.with_name(f"{UPPER}.bak").read_bytes() == before
    book = opened(place)
    own = village.profile(book)
    assert own is not None
    assert (own.code, own.village, own.members) == ("0203", "上河村", 34)
    assert book.identity.line() == f"village-workbook/{village.FORM.version}/0203/2022"
    assert not issuing.is_blank(book)


def test_a_village_without_a_workbook_gets_the_plans_under_its_own_name(here, zhengdun):
    (here / "村级工作簿" / UPPER).unlink()
    said = zhengdun("intake", a_plan("上河村"))
    assert (said.code, said.out) == (0, f"村级工作簿/{UPPER}\n")


def test_a_plan_without_its_year_gets_the_townships_in_its_name(here, zhengdun):
    plan = a_plan("上河村")
    plan.write_text(plan.read_text("utf-8").replace("2022年4月20日\n", ""), "utf-8")
    said = zhengdun("intake", plan)
    assert (said.code, said.out) == (0, f"村级工作簿/{UPPER}\n")
    assert opened(here / "村级工作簿" / UPPER).identity.year == "2022"


def test_a_filled_workbook_is_never_replaced_by_a_plan(here, zhengdun):
    place = here / "村级工作簿" / UPPER
    fill(place)
    before = place.read_bytes()
    said = zhengdun("intake", a_plan("上河村"))
    assert said.code == 2
    told = f"村级工作簿/{UPPER}：上河村的工作簿已经填写，没有覆盖。请用 -o 另指定文件名。\n"
    assert said.err == told
    said = zhengdun("intake", a_plan("上河村"), "-o", place, "--code", "0203")
    assert said.code == 2
    assert said.err == f"{place}：已经存在，没有覆盖。请用 -o 另指定文件名，或先移走原文件。\n"
    assert place.read_bytes() == before


def test_a_villages_own_file_that_cannot_be_read_stops_its_plan(here, zhengdun):
    place = here / "村级工作簿" / UPPER
    place.write_bytes(b"")
    said = zhengdun("intake", a_plan("上河村"))
    assert said.code == 2
    assert said.err.startswith(f"村级工作簿/{UPPER}：同名的文件读不了，没有覆盖。是空文件")


def test_a_damaged_file_that_is_named_is_never_replaced(here, zhengdun):
    place = here / "村级工作簿" / UPPER
    place.write_bytes(b"")
    said = zhengdun("intake", a_plan("上河村"), "-o", place)
    assert (said.code, said.err.startswith(f"{place}：已经存在，没有覆盖。")) == (2, True)
    assert place.read_bytes() == b""


def test_an_issued_workbook_that_is_named_makes_room_for_its_plan(here, zhengdun):
    place = here / "村级工作簿" / UPPER
    assert zhengdun("intake", a_plan("上河村"), "-o", place).code == 0
    own = village.profile(opened(place))
    assert own is not None
    assert (own.code, own.members) == ("0203", 34)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            (),
            (
                "里面是柳湾村的工作簿，方案里的村名是“上河村”，没有覆盖。"
                "请核对 -o，或用 --code 写村代码。"
            ),
        ),
        (
            ("--code", "0203"),
            "里面是 0205 柳湾村 的工作簿，不是 0203 的，没有覆盖。请核对 -o 和 --code。",
        ),
    ],
)
def test_another_villages_workbook_makes_no_room(here, zhengdun, words, why):
    place = here / "村级工作簿" / WILLOW
    before = place.read_bytes()
    said = zhengdun("intake", a_plan("上河村"), "-o", place, *words)
    assert (said.code, said.err) == (2, f"{place}：{why}\n")
    assert place.read_bytes() == before


@pytest.mark.usefixtures("here")
def test_a_code_of_a_village_with_another_name_is_followed_and_said(zhengdun):
    said = zhengdun("intake", a_plan("上河村"), "--code", "0205")
    assert (said.code, said.out) == (0, f"村级工作簿/{WILLOW}\n")
    assert "方案里的村名是“上河村”，0205 是柳湾村，请核对" in said.err


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [
        (
            "上河村",
            ("--code", "0999"),
            "--code 0999：村名册里没有这个村代码，或这一行没有填好。请核对。",
        ),
        (
            "东沟村",
            (),
            "方案.txt：按方案里的村名“东沟村”在村名册里找不到唯一的村。请用 --code 写村代码。",
        ),
    ],
)
def test_a_plan_whose_village_the_roster_does_not_tell_is_refused(here, zhengdun, name, words, why):
    before = {path.name: path.read_bytes() for path in (here / "村级工作簿").iterdir()}
    said = zhengdun("intake", a_plan(name), *words)
    assert (said.code, said.err) == (2, f"{why}\n")
    assert {path.name: path.read_bytes() for path in (here / "村级工作簿").iterdir()} == before


@pytest.mark.usefixtures("here")
def test_a_place_where_nothing_looks_is_said(zhengdun):
    said = zhengdun("intake", a_plan("上河村"), "-o", UPPER, "--code", "0203")
    assert (said.code, said.out) == (0, f"{UPPER}\n")
    assert "核对和汇总看不到它，要用请移到 村级工作簿 里" in said.err


@pytest.mark.usefixtures("here")
def test_a_plan_that_names_no_village_is_refused_without_a_code(zhengdun):
    plan = a_plan("上河村")
    plan.write_text("整顿方案\n一、基本情况\n我村有党员34名。\n", "utf-8")
    said = zhengdun("intake", plan)
    why = "方案里没有写明村名，在村名册里找不到唯一的村。请用 --code 写村代码。"
    assert (said.code, said.err) == (2, f"方案.txt：{why}\n")
    assert zhengdun("intake", plan, "--code", "0203").out == f"村级工作簿/{UPPER}\n"


def test_outside_a_work_folder_the_place_must_be_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="不知道工作簿放在哪里。请用 -o 指定文件名。"):
        flow.take_in(a_plan("上河村"), None)


def test_a_workbook_that_is_filled_in_meanwhile_is_not_replaced(here):
    place = here / "村级工作簿" / UPPER
    found = flow.place_told(place)
    fill(place)
    with pytest.raises(OutputError, match="刚才又有改动，没有更新"):
        found.take(b"anew")
