"""Where results may go: over nothing, or over an earlier result of their own kind."""

import io
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from forms_0_9 import FILLING_0_9, FORM_0_9, IDENTITY_0_9
from worked import write, write_village

from toolkit import flow, papers, results
from toolkit.demo import DAY, example_township
from toolkit.errors import OutputError, ToolkitError, UsageError
from toolkit.excel.blank import build_workbook
from toolkit.excel.rollup import book as rollup_book
from toolkit.results import COPY, PAPER, REPORT, ROLLUP, free_name, kind_of

BOOKS, BOOK = "村级工作簿", "村级工作簿/0203-上河村-2022.xlsx"
CLEAN = "村级工作簿/0205-柳湾村-2022.xlsx"  # the one that has nothing to mend


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Path:
    """A township folder with one result of each kind."""
    folder = tmp_path_factory.mktemp("青石镇")
    (folder / BOOKS).mkdir()
    example = example_township()
    write(folder / example.township.file_name, example.township)
    for book in example.villages:
        write(folder / BOOKS / book.file_name, book)
    flow.check_into(
        flow.Wanted("xlsx", folder / "核对.xlsx", folder / "回传件"),
        [folder / BOOKS, folder / "镇级工作簿.xlsx"],
        DAY,
    )
    flow.consolidate([folder / BOOKS], folder / "汇总.xlsx", DAY)
    papers.write_papers(papers.Paper("整顿方案", None, DAY), [folder / CLEAN], folder / "方案.docx")
    (folder / "别的.xlsx").write_bytes(foreign())
    (folder / "别的.txt").write_text("别的")
    return folder


def foreign() -> bytes:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    return stream.getvalue()


# -- what a file is


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (BOOK, "village-workbook"),
        ("镇级工作簿.xlsx", "township-workbook"),
        ("核对.xlsx", REPORT),
        ("汇总.xlsx", ROLLUP),
        ("回传件/0203-上河村-2022.xlsx", COPY),
        ("回传件/镇级工作簿.xlsx", COPY),
        ("方案.docx", PAPER),
        ("别的.txt", PAPER),
        ("别的.xlsx", "workbook"),
    ],
)
def test_a_file_is_known_by_what_it_holds(full, name, kind):
    assert kind_of(full / name) == kind


def test_a_workbook_is_known_under_any_name_and_after_another_program_has_saved_it(full, tmp_path):
    (tmp_path / "册.txt").write_bytes((full / BOOK).read_bytes())
    assert kind_of(tmp_path / "册.txt") == "village-workbook"
    book = openpyxl.load_workbook(full / "回传件" / Path(BOOK).name)
    book.save(tmp_path / "另存.xlsx")
    assert kind_of(tmp_path / "另存.xlsx") == COPY


@pytest.mark.parametrize("name", ["旧.xls", "坏.xlsx", "旧.et", "旧.ODS"])
def test_what_is_named_like_a_workbook_and_cannot_be_looked_into_counts_as_one(tmp_path, name):
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0")
    assert kind_of(tmp_path / name) == "workbook"


def test_a_package_that_breaks_off_within_a_part_is_borne(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", os.urandom(2000))
    data = bytearray(stream.getvalue())
    data[60:900] = bytes(840)
    (tmp_path / "坏.xlsx").write_bytes(data)
    assert kind_of(tmp_path / "坏.xlsx") == "workbook"


# -- who may replace what


def run(result: str, folder: Path, target: Path) -> None:
    """Make a result in a place."""
    books = [folder / BOOKS]
    if result == "report":
        flow.check_into(flow.Wanted("xlsx", target), books, DAY)
    elif result == "text":
        flow.check_into(flow.Wanted("text", target), [folder / BOOK], DAY)
    elif result == "rollup":
        flow.consolidate(books, target, DAY)
    else:
        papers.write_papers(papers.Paper("整顿方案", None, DAY), [folder / CLEAN], target)


@pytest.mark.parametrize(
    ("result", "name"),
    [
        *(("report", each) for each in (BOOK, "镇级工作簿.xlsx", "汇总.xlsx", "别的.xlsx")),
        *(("rollup", each) for each in (BOOK, "镇级工作簿.xlsx", "核对.xlsx", "别的.xlsx")),
        ("report", f"回传件/{Path(BOOK).name}"),
        ("rollup", f"回传件/{Path(BOOK).name}"),
    ],
)
def test_a_result_never_takes_the_place_of_another_kind(full, result, name, monkeypatch):
    before = (full / name).read_bytes()
    for module, reading in ((flow, "open_all"), (papers, "open_governed")):
        monkeypatch.setattr(module, reading, lambda *_: pytest.fail("read before it was refused"))
    with pytest.raises(ToolkitError, match=r"不能当作结果文件|没有覆盖") as refused:
        run(result, full, full / name)
    assert str(refused.value).startswith(f"{full / name}：")
    assert (full / name).read_bytes() == before


@pytest.mark.parametrize(("result", "name"), [("text", "册.txt"), ("paper", "册.docx")])
def test_a_text_or_paper_never_takes_the_place_of_a_workbook_under_a_false_name(work, result, name):
    (work / name).write_bytes((work / BOOK).read_bytes())
    with pytest.raises(UsageError, match="这是村里或镇里的工作簿"):
        run(result, work, work / name)
    (work / name).write_bytes(foreign())
    with pytest.raises(OutputError, match="已经存在，不是以前的文稿，没有覆盖"):
        run(result, work, work / name)


def test_an_earlier_report_among_the_workbooks_is_said_to_be_none_of_the_rollups(full):
    with pytest.raises(OutputError, match=r"核对\.xlsx：已经存在，不是以前的汇总表，没有覆盖"):
        flow.consolidate([full], full / "核对.xlsx", DAY)


def test_a_file_that_is_read_is_never_a_result_whatever_it_is(work):
    odd = work / "旧册.txt"  # an old workbook under a false name, named by hand
    odd.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(UsageError, match="这是村里或镇里的工作簿"):
        flow.check_into(flow.Wanted("text", odd), [odd], DAY)
    other = odd.rename(work / "旧册.docx")
    with pytest.raises(UsageError, match="这是村里或镇里的工作簿"):
        papers.write_papers(papers.Paper("整顿方案", None, DAY), [other], other)
    other.rename(odd)
    assert odd.read_bytes() == b"\xd0\xcf\x11\xe0"


@pytest.mark.parametrize(
    ("result", "name"),
    [("report", "核对.xlsx"), ("rollup", "汇总.xlsx"), ("text", "核对.txt"), ("paper", "文.docx")],
)
def test_a_result_takes_the_place_of_its_own_kind_and_keeps_the_former(work, result, name):
    target = work / name
    run(result, work, target)
    first = target.read_bytes()
    write(work / BOOK, example_township().villages[1])
    write_village(work / CLEAN, code="0205", village="柳湾村", location="别处")
    run(result, work, target)
    assert target.read_bytes() != first
    assert target.with_name(f"{name}.bak").read_bytes() == first


def test_what_comes_into_a_place_while_the_run_goes_on_is_spared_too(work, monkeypatch):
    target = work / "汇总.xlsx"
    build = rollup_book.build_rollup

    def build_slowly(*given):
        target.write_bytes(foreign())
        return build(*given)

    monkeypatch.setattr(rollup_book, "build_rollup", build_slowly)
    with pytest.raises(OutputError, match="不是以前的汇总表"):
        run("rollup", work, target)
    assert kind_of(target) == "workbook"


# -- names


def test_a_name_taken_is_told_apart_by_folders_and_then_by_numbers():
    taken: set[str] = set()
    paths = ["/交/甲/册.xlsx", "/交/乙/册.xlsx", "/送/乙/册.xlsx", "/送/乙/册.XLSX"]
    names = [free_name(Path(each).name, Path(each), taken) for each in paths]
    assert names == ["册.xlsx", "乙-册.xlsx", "送-乙-册.xlsx", "2-册.XLSX"]
    assert len({name.casefold() for name in names}) == 4


def test_a_name_is_taken_however_its_accents_are_composed():
    taken: set[str] = set()
    free_name("é.xlsx", Path("/甲/é.xlsx"), taken)
    assert free_name("e\u0301.xlsx", Path("/乙/e\u0301.xlsx"), taken) == "乙-e\u0301.xlsx"


def test_there_is_no_way_to_another_drive(monkeypatch):
    def no_way(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr(results.os.path, "relpath", no_way)
    assert results.way_to(Path("甲"), Path("乙/册.xlsx")) == ""


def test_two_papers_of_one_village_are_two_files(work):
    for folder in ("甲", "乙"):
        (work / folder).mkdir()
        (work / folder / "册.xlsx").write_bytes((work / CLEAN).read_bytes())
    paper = papers.Paper("整顿方案", None, DAY)
    papers.write_papers(paper, [work / "甲" / "册.xlsx", work / "乙" / "册.xlsx"], work / "公文")
    name = "0205-柳湾村-整顿方案.docx"
    assert sorted(path.name for path in (work / "公文").iterdir()) == [name, f"甲-{name}"]


# -- upgrade


@pytest.fixture
def old(tmp_path) -> Path:
    """Two workbooks of an older version under one name, in two folders."""
    folder = tmp_path / "旧"
    for name in ("甲", "乙"):
        (folder / name).mkdir(parents=True)
        data = build_workbook(FORM_0_9, IDENTITY_0_9, FILLING_0_9)
        (folder / name / "册.xlsx").write_bytes(data)
    return folder


def test_workbooks_of_one_name_are_upgraded_to_two_files(old, tmp_path):
    outcome = flow.upgrade([old], tmp_path / "新")
    assert [each.path.name for each in outcome.written] == ["册.xlsx", "甲-册.xlsx"]
    assert (outcome.troubles, outcome.exit_code) == ((), 0)


def test_a_second_upgrade_covers_nothing_and_says_so_of_each(old, tmp_path):
    flow.upgrade([old], tmp_path / "新")
    before = {path: path.read_bytes() for path in (tmp_path / "新").iterdir()}
    outcome = flow.upgrade([old], tmp_path / "新")
    assert outcome.troubles == tuple(
        f"{old / folder / '册.xlsx'}：{tmp_path / '新' / name}：已经存在，没有覆盖。"
        "请用 -o 另指定文件名，或先移走原文件。"
        for folder, name in (("乙", "册.xlsx"), ("甲", "甲-册.xlsx"))
    )
    assert (outcome.written, outcome.exit_code) == ((), 4)
    assert {path: path.read_bytes() for path in (tmp_path / "新").iterdir()} == before


def test_one_that_is_not_upgraded_is_named_by_its_path_and_exits_4(old, tmp_path):
    (old / "甲" / "册.xlsx").write_bytes(b"")
    outcome = flow.upgrade([old], tmp_path / "新")
    (trouble,) = outcome.troubles
    assert trouble.startswith(f"{old / '甲' / '册.xlsx'}：")
    assert trouble.count("册.xlsx") == 1
    assert (len(outcome.written), outcome.exit_code) == (1, 4)


def test_where_none_can_be_read_the_exit_code_tells(old, tmp_path):
    for folder in ("甲", "乙"):
        (old / folder / "册.xlsx").write_bytes(b"")
    assert flow.upgrade([old], tmp_path / "新").exit_code == 3
    assert not (tmp_path / "新").exists()


def test_one_of_the_present_version_is_passed_over_and_takes_no_name(old, work):
    outcome = flow.upgrade([old, work / BOOK], work / "新")
    assert [each.path.name for each in outcome.written] == ["册.xlsx", "甲-册.xlsx"]
    (line,) = outcome.passed_over
    assert line.startswith(f"{work / BOOK}：已是现用版本")
    assert outcome.exit_code == 0


def test_a_single_upgrade_never_takes_the_place_of_a_file(old):
    one = old / "甲" / "册.xlsx"
    before = one.read_bytes()
    with pytest.raises(OutputError, match="已经存在，没有覆盖"):
        flow.upgrade([one], one)
    with pytest.raises(UsageError, match="有 2 个工作簿，请用 -o 指定文件夹"):
        flow.upgrade([old], old / "新.xlsx")
    assert one.read_bytes() == before
