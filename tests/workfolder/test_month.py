"""A month in one command: what it writes, what it tells, and that a second run changes nothing."""

import datetime as dt
import hashlib
import io
import os
import shutil
import subprocess
from pathlib import Path

import docx
import openpyxl
import pytest
from worked import write, write_village

from toolkit import flow, inbox, notices, results
from toolkit.demo import DAY, example_township
from toolkit.errors import OutputError, UnreadableError, UsageError
from toolkit.excel.blank import build_workbook
from toolkit.forms import issuing, village
from toolkit.report import FileStatus
from toolkit.schema.form import NOWHERE, Identity
from toolkit.word.wording import template_docx
from toolkit.workfolder import month
from toolkit.workfolder.fingerprints import changed_since, fingerprints
from toolkit.workfolder.places import WorkFolder

UPPER, WILLOW, BRIDGE = "0203-上河村-2022.xlsx", "0205-柳湾村-2022.xlsx", "0207-石桥村-2022.xlsx"
TODAY = dt.date(2023, 2, 1)


@pytest.fixture
def place(work) -> WorkFolder:
    return WorkFolder(work)


@pytest.fixture
def here(place, monkeypatch) -> WorkFolder:
    """The same, seen from within."""
    monkeypatch.chdir(place.root)
    return WorkFolder(Path())


@pytest.fixture
def swift(monkeypatch) -> None:
    """Make no result but the fingerprints, where the others are not asked about."""
    monkeypatch.setattr(month, "STEPS", month.STEPS[-1:])


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


# -- what it writes -----------------------------------------------------------------------------


def test_a_month_is_seven_results_in_a_folder_of_its_own(place):
    done = month.run(place, "2022-10", today=TODAY)
    folder = place.root / "汇总" / "2022-10"
    assert sorted(path.name for path in folder.iterdir()) == [
        *("催办通知", "回传件", "报送指纹.txt", "整顿台账", "整顿工作情况汇报.docx"),
        *("核对结果.xlsx", "镇汇总.xlsx"),
    ]
    copies = [UPPER, WILLOW, BRIDGE]  # the township reads of its own in 核对结果.xlsx
    assert sorted(path.name for path in (folder / "回传件").iterdir()) == copies
    names = ["核对结果.xlsx", "回传件", "镇汇总.xlsx", "整顿工作情况汇报.docx"]
    names += ["催办通知", "整顿台账", "报送指纹.txt"]
    assert [each.path for each in done.written] == [folder / name for name in names]
    assert done.exit_code == 1  # there is something to mend
    assert openpyxl.load_workbook(folder / "镇汇总.xlsx").sheetnames[0] == "总览"


def test_a_second_run_changes_nothing(place):
    month.run(place, "2022-10", today=TODAY)
    before = state(place.root)
    done = month.run(place, "2022-10", today=TODAY + dt.timedelta(days=30))
    assert state(place.root) == before  # a month that is over is judged by its last day
    assert "内容没有变化，没有重写" in done.written[0].notes


def test_everything_is_read_and_judged_once(place, monkeypatch):
    opened: list[Path] = []
    judgings: list[object] = []
    open_bytes, judge = inbox.open_bytes, flow.judge

    def note_opening(data: bytes, path: Path, *rest: object, **told: object) -> object:
        opened.append(path)
        return open_bytes(data, path, *rest, **told)

    def note_judging(*given: object, **told: object) -> object:
        judgings.append(given)
        return judge(*given, **told)

    monkeypatch.setattr(inbox, "open_bytes", note_opening)
    monkeypatch.setattr(flow, "judge", note_judging)
    month.run(place, "2022-10", today=TODAY)
    assert sorted(path.name for path in opened) == [UPPER, WILLOW, BRIDGE, "镇级工作簿.xlsx"]
    assert len(judgings) == 1


def test_a_month_is_compared_with_the_latest_before_it(place):
    def changed(name: str) -> str:
        month.run(place, name, today=TODAY)
        page = openpyxl.load_workbook(place.rollup(name))["总览"]
        return "".join(str(cell.value) for row in page for cell in row)

    assert "没有上月的汇总，不作对比。" in changed("2022-08")
    assert "与2022年8月相比，" in changed("2022-10")
    assert "与2022年10月相比，" in changed("2022-11")
    history = openpyxl.load_workbook(place.rollup("2022-11"), data_only=True)["历月进度"]
    months = [row[0].value for row in history.iter_rows(min_row=4) if row[0].value]
    assert months == ["2022-08", "2022-10", "2022-11"]


def test_its_results_are_those_of_the_single_commands(place):
    month.run(place, "2022-10", DAY, today=TODAY)
    apart = place.root / "汇总" / "另做"  # as deep, so that links lead alike
    wanted = flow.Wanted("xlsx", apart / "核对结果.xlsx", apart / "回传件")
    flow.check_into(wanted, [place.books], DAY)
    flow.consolidate([place.books], apart / "镇汇总.xlsx", DAY, "2022-10")
    together = state(place.month("2022-10"))
    for name, (data, _) in state(apart).items():
        assert together[name][0] == data, name


def test_anybody_can_prove_what_was_handed_in(place):
    month.run(place, "2022-10", today=TODAY)
    folder = place.month("2022-10")
    title, *lines = (folder / "报送指纹.txt").read_text("utf-8").splitlines()
    assert title.startswith("# ")
    digest = hashlib.sha256((place.books / UPPER).read_bytes()).hexdigest()
    assert lines[0] == f"{digest}  ../../村级工作簿/{UPPER}"
    assert [line[66:] for line in lines[1:]] == [
        f"../../村级工作簿/{WILLOW}",
        f"../../村级工作簿/{BRIDGE}",
        "../../镇级工作簿.xlsx",
    ]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_reads_the_fingerprints_of_readable_and_unreadable_files(place):
    odd = place.books / "怪\n名\\字.xlsx"
    odd.write_bytes(b"no workbook")
    old = place.books / os.fsdecode("旧名.xlsx".encode("gbk"))
    old.write_bytes(b"")
    (place.books / WILLOW).rename(place.books / "柳 湾 (1).xlsx")
    month.run(place, "2022-10", today=TODAY)
    words = ["sha256sum", "-c", "--strict", "报送指纹.txt"]
    done = subprocess.run(words, cwd=place.month("2022-10"), capture_output=True, check=False)
    assert (done.returncode, done.stdout.count(b": OK")) == (0, 6)
    (place.books / UPPER).write_bytes(b"changed")
    done = subprocess.run(words, cwd=place.month("2022-10"), capture_output=True, check=False)
    assert (done.returncode, done.stdout.count(b": OK")) == (1, 5)


def test_a_file_without_a_content_has_no_fingerprint(tmp_path):
    (tmp_path / "册.xlsx").write_bytes(b"x")
    files = [
        FileStatus(str(tmp_path / "册.xlsx"), "unreadable"),
        FileStatus(str(tmp_path / "没有.xlsx"), "unreadable"),
        FileStatus(str(tmp_path / "锁.xlsx"), "skipped"),
    ]
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of x
    assert fingerprints(files, tmp_path) == (f"{digest}  册.xlsx",)


def test_the_papers_and_results_of_other_months_are_left_alone(place):
    month.run(place, "2022-09", today=TODAY)
    before = state(place.month("2022-09"))
    month.run(place, "2022-10", today=TODAY)
    assert state(place.month("2022-09")) == before


# -- one result that fails ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["核对结果.xlsx", "整顿工作情况汇报.docx", "报送指纹.txt"])
def test_a_result_that_cannot_be_written_stops_no_other(place, name):
    folder = place.month("2022-10")
    (folder / name).mkdir(parents=True)  # a folder lies in its place
    done = month.run(place, "2022-10", today=TODAY)
    assert len(done.written) == 6
    assert all(each.path.exists() for each in done.written)
    assert done.needs[0].startswith(f"{folder / name}：这是文件夹，不能当作结果文件。")
    assert done.exit_code == 2


def test_without_a_rollup_there_is_no_report_and_an_older_rollup_is_none(place):
    month.run(place, "2022-10", today=TODAY)
    folder = place.month("2022-10")
    report = (folder / "整顿工作情况汇报.docx").read_bytes()
    (folder / "镇汇总.xlsx").unlink()
    (folder / "镇汇总.xlsx").mkdir()  # a folder lies in its place
    done = month.run(place, "2022-10", today=TODAY)
    names = ["核对结果.xlsx", "回传件", "催办通知", "整顿台账", "报送指纹.txt"]
    assert [each.path.name for each in done.written] == names
    assert done.needs[0].startswith(f"{folder / '镇汇总.xlsx'}：这是文件夹，不能当作结果文件。")
    assert done.needs[1] == (
        f"{folder / '整顿工作情况汇报.docx'}：镇汇总.xlsx 没有写成，没有生成。"
    )
    assert done.exit_code == 2
    assert (folder / "整顿工作情况汇报.docx").read_bytes() == report


def test_the_report_is_of_this_runs_rollup_in_the_offices_own_words(place):
    wording = place.template("整顿工作情况汇报") or place.templates / "整顿工作情况汇报.docx"
    wording.parent.mkdir(exist_ok=True)
    own = docx.Document(io.BytesIO(template_docx("整顿工作情况汇报")))
    own.paragraphs[2].runs[0].text = "措施【措施数】条，逾期【逾期数】条。"
    own.save(wording)
    month.run(place, "2022-10", today=TODAY)
    report = place.month("2022-10") / "整顿工作情况汇报.docx"
    told = [paragraph.text for paragraph in docx.Document(report).paragraphs]
    assert "措施42条，逾期8条。" in told


def test_a_report_that_somebody_has_edited_stays_and_is_told(place):
    month.run(place, "2022-10", today=TODAY)
    report = place.month("2022-10") / "整顿工作情况汇报.docx"
    edited = docx.Document(report)
    edited.paragraphs[-1].add_run("（已核实）")
    edited.save(report)
    kept = report.read_bytes()
    done = month.run(place, "2022-10", today=TODAY)
    assert report.read_bytes() == kept
    assert f"{report}：有人改过，没有覆盖。要重新生成，请先移走或改名。" in done.needs
    assert done.exit_code == 4


def test_return_copies_without_a_place_stop_no_other_result(place):
    folder = place.month("2022-10")
    folder.mkdir(parents=True)
    (folder / "回传件").write_text("我是文件")
    done = month.run(place, "2022-10", today=TODAY)
    assert [each.path.name for each in done.written] == [
        *("核对结果.xlsx", "镇汇总.xlsx", "整顿工作情况汇报.docx"),
        *("催办通知", "整顿台账", "报送指纹.txt"),
    ]
    assert done.needs[0].startswith(f"{folder / '回传件'}：这是文件，不是文件夹")
    assert (folder / "回传件").read_text() == "我是文件"


def test_a_step_that_a_month_gains_is_a_row_more(place, monkeypatch):
    def refuse(made: month.Month, target: Path) -> flow.Outcome:
        raise OutputError(f"{target.name}：{made.name} 写不进去。")

    monkeypatch.setattr(month, "STEPS", (month.Step("新表.xlsx", refuse), *month.STEPS))
    done = month.run(place, "2022-10", today=TODAY)
    assert done.needs[0] == "新表.xlsx：2022-10 写不进去。"
    assert len(done.written) == 7


# -- which month, as of which day ---------------------------------------------------------------


@pytest.mark.usefixtures("swift")
@pytest.mark.parametrize(
    ("today", "heading", "name"),
    [
        # 每月截止日 is the 25th in the example
        (dt.date(2022, 10, 25), "2022年10月，以 2022年10月25日 为准。", "2022-10"),
        (dt.date(2022, 10, 24), "2022年9月，以 2022年9月30日 为准。", "2022-09"),
        (dt.date(2022, 12, 31), "2022年12月，以 2022年12月31日 为准。", "2022-12"),
    ],
)
def test_without_a_month_the_latest_is_taken_whose_cutoff_day_has_come(place, today, heading, name):
    done = month.run(place, today=today)
    assert done.heading == f"{heading}没有写月份，按每月截止日（25日）取最近的一个月。"
    assert (place.month(name) / "报送指纹.txt").is_file()


@pytest.mark.usefixtures("swift")
def test_after_the_year_its_last_month_is_taken(place):
    assert month.run(place, today=dt.date(2023, 3, 28)).heading == (
        "2022年12月，以 2022年12月31日 为准。没有写月份，取 2022 年度的最后一个月。"
    )


@pytest.mark.usefixtures("swift")
@pytest.mark.parametrize(
    "name",
    ["2022-10", "2022/10", "2022.10", "202210", "2022年10月", "2022 年 10 月", "２０２２－１０"],
)
def test_a_month_is_read_as_people_write_it(place, name):
    assert month.run(place, name, today=TODAY).heading.startswith("2022年10月，")
    assert (place.month("2022-10") / "报送指纹.txt").is_file()


@pytest.mark.usefixtures("swift")
def test_a_month_that_is_going_on_is_judged_as_of_today(place):
    assert month.run(place, "2022-10", today=dt.date(2022, 10, 5)).heading == (
        "2022年10月，以 2022年10月5日 为准。"
    )


@pytest.mark.usefixtures("swift")
def test_a_day_that_is_told_holds_for_month_and_findings(place):
    done = month.run(place, "", dt.date(2022, 10, 26), today=TODAY)
    assert done.heading.startswith("2022年10月，以 2022年10月26日 为准。")


@pytest.mark.usefixtures("swift")
@pytest.mark.parametrize("name", ["2022-13", "20221", "0000-01", "C:\\册.xlsx", "10"])
def test_a_month_that_is_none_is_refused(place, name):
    with pytest.raises(UsageError, match=r"^月份“.*”读不出来。请写成 2022-10 的样子。$"):
        month.run(place, name, today=TODAY)
    assert not place.rollups.exists()


@pytest.mark.usefixtures("swift")
def test_a_month_to_come_is_refused(place):
    with pytest.raises(UsageError, match=r"^2023-03 还没有到（以 2023年2月1日 为准）"):
        month.run(place, "2023-03", today=TODAY)
    with pytest.raises(UsageError, match=r"^2022-11 还没有到（以 2022年10月31日 为准）"):
        month.run(place, "2022-11", DAY, today=TODAY)


@pytest.mark.usefixtures("swift")
def test_a_file_in_a_months_place_is_told_so(here):
    with pytest.raises(UsageError) as refused:
        month.run(here, f"村级工作簿/{UPPER}", today=TODAY)
    assert str(refused.value) == (
        f"月份“村级工作簿/{UPPER}”读不出来。请写成 2022-10 的样子。"
        "这是文件或文件夹；要核对它，请运行 zhengdun check。"
    )


@pytest.mark.usefixtures("swift")
@pytest.mark.parametrize("name", ["2023-01", "2021-12"])
def test_a_month_of_another_year_than_the_townships_is_refused(place, name):
    with pytest.raises(UsageError) as refused:
        month.run(place, name, today=TODAY)
    assert str(refused.value) == (
        f"“参数”里的年度是 2022，不能做 {name} 的汇总。请核对月份和“参数”里的年度。"
    )
    assert not place.rollups.exists()


# -- what is never written over, or made at all -------------------------------------------------


def change(place: WorkFolder, name: str = WILLOW) -> None:
    """Let a village hand in another content."""
    write_village(place.books / name, clerk="改过的")


def test_a_month_that_others_have_followed_is_history(here):
    month.run(here, "2022-09", today=TODAY)
    month.run(here, "2022-10", today=TODAY)
    month.run(here, "2022-09", today=TODAY)  # nothing has changed, and nothing is
    change(here)
    before = state(here.rollups)
    with pytest.raises(UsageError) as refused:
        month.run(here, "2022-09", today=TODAY)
    assert str(refused.value) == (
        "2022-09 的汇总已经做过，之后又做了 2022-10；现在的工作簿和当时的不一样，没有重做。"
        "确实要用现在的工作簿重做，请加 --again。"
    )
    assert state(here.rollups) == before
    month.run(here, "2022-10", today=TODAY)  # the latest is made anew at any time
    month.run(here, "2022-09", today=TODAY, again=True)
    for name in ("2022-09", "2022-10"):
        assert changed_since(flow.check([here.books], DAY).files, here.month(name)) == 0


@pytest.mark.usefixtures("swift")
def test_a_month_that_lacks_a_workbook_by_now_is_history_too(here):
    month.run(here, "2022-09", today=TODAY)
    month.run(here, "2022-10", today=TODAY)
    (here.books / WILLOW).unlink()
    with pytest.raises(UsageError, match="请加 --again"):
        month.run(here, "2022-09", today=TODAY)


def test_a_village_that_has_filled_in_nothing_is_sent_no_return_copy(here):
    blank = Identity(village.FORM.id, village.FORM.version, "0205", "2022")
    filling = {village.Profile: [{"year": 2022, "code": "0205", "village": "柳湾村"}]}
    line = issuing.issued_line(filling, NOWHERE)
    (here.books / WILLOW).write_bytes(build_workbook(village.FORM, blank, filling, issued=line))
    month.run(here, "2022-10", today=TODAY)
    copies = {path.name for path in (here.month("2022-10") / "回传件").iterdir()}
    assert copies == {UPPER, BRIDGE}


@pytest.mark.usefixtures("swift")
def test_a_month_left_out_is_made_up_for_whatever_came_after(here):
    month.run(here, "2022-10", today=TODAY)
    change(here)
    month.run(here, "2022-09", today=TODAY)
    assert (here.month("2022-09") / "报送指纹.txt").is_file()


def test_without_a_readable_township_workbook_nothing_is_written(here):
    month.run(here, "2022-10", today=TODAY)
    before = state(here.rollups)
    here.township.write_bytes(b"")
    with pytest.raises(UnreadableError) as refused:
        month.run(here, "2022-10", today=TODAY)
    assert str(refused.value).startswith("镇级工作簿.xlsx：")
    assert str(refused.value).endswith("没有它的名册和参数，什么都没有生成。")
    assert state(here.rollups) == before


def test_a_copy_of_the_township_workbook_rules_nothing_and_is_sent_back_to_nobody(here):
    write(here.books / "镇级工作簿.xlsx", example_township().township, year=2021)
    done = month.run(here, "2022-10", DAY, today=TODAY)
    said = "村级工作簿/镇级工作簿.xlsx：是镇级工作簿的副本，没有使用。请移走。"
    assert done.needs[0] == said
    assert done.exit_code == 3
    copies = here.month("2022-10") / "回传件"
    assert sorted(path.name for path in copies.iterdir()) == [UPPER, WILLOW, BRIDGE]


@pytest.mark.usefixtures("swift")
def test_a_folder_without_workbooks_is_told_so(place):
    shutil.rmtree(place.books)
    place.books.mkdir()
    with pytest.raises(UsageError, match="里面没有工作簿。请先运行 zhengdun issue 发放"):
        month.run(place, "2022-10", today=TODAY)


# -- what people must see to --------------------------------------------------------------------


def test_the_screen_tells_what_is_written_and_what_needs_a_human(here):
    lines = list(month.screen(month.run(here, "2022-10", DAY, today=TODAY)))
    assert lines[0] == "2022年10月，以 2022年10月31日 为准。"
    assert [line.partition("　")[0] for line in lines[1:8]] == [
        "汇总/2022-10/核对结果.xlsx",
        "汇总/2022-10/回传件",
        "汇总/2022-10/镇汇总.xlsx",
        "汇总/2022-10/整顿工作情况汇报.docx",
        "汇总/2022-10/催办通知",
        "汇总/2022-10/整顿台账",
        "汇总/2022-10/报送指纹.txt",
    ]
    assert lines[8] == "需要人工处理："
    assert [line.partition("：")[0] for line in lines[9:11]] == ["  石桥村", "  上河村"]
    assert lines[11:] == [
        "请把 汇总/2022-10/回传件 里的工作簿发回有必改项的村，改好放回 村级工作簿，再做一次。"
    ]


def test_a_township_without_faults_needs_nobody(here):
    for name in (UPPER, BRIDGE):
        (here.books / name).unlink()
    book = example_township().township
    kept = [row for row in book.filling[flow.township.Village] if row["village"] == "柳湾村"]
    elements = book.filling[flow.township.Formality]
    own = [row for row in elements if row.get("village", "") in {"", None, "柳湾村"}]
    filling = {**book.filling, flow.township.Village: kept, flow.township.Formality: own}
    write(here.township, type(book)(book.file_name, book.form, book.identity, filling))
    done = month.run(here, "2022-10", DAY, today=TODAY)
    assert (done.needs, done.exit_code) == ((), 0)
    assert list(month.screen(done))[8:] == ["没有需要人工处理的。"]
    (here.books / "残缺.xlsx").write_bytes(b"")
    lines = list(month.screen(month.run(here, "2022-10", DAY, today=TODAY)))
    assert lines[8] == "需要人工处理："
    assert lines[9].startswith("  残缺.xlsx：")
    assert len(lines) == 10  # nothing is to be sent back


def test_a_village_that_has_not_returned_is_named_and_the_exit_code_is_4(here):
    (here.books / WILLOW).unlink()
    done = month.run(here, "2022-10", DAY, today=TODAY)
    assert done.needs[0].startswith("柳湾村：")
    assert done.exit_code == 4


def test_an_unreadable_file_of_a_village_is_told_once(here):
    (here.books / WILLOW).write_bytes(b"")
    done = month.run(here, "2022-10", DAY, today=TODAY)
    (told,) = [need for need in done.needs if "空" in need]
    assert told.startswith("柳湾村：")
    assert done.exit_code == 4


def test_an_unreadable_file_of_nobody_is_told_and_the_exit_code_is_3(here):
    (here.books / "残缺.xlsx").write_bytes(b"")
    done = month.run(here, "2022-10", DAY, today=TODAY)
    assert done.needs[0].startswith("残缺.xlsx：")
    assert done.exit_code == 3


def test_a_copy_of_a_workbook_counts_once_and_is_told(here):
    shutil.copy(here.books / UPPER, here.books / "上河村（1）.xlsx")
    done = month.run(here, "2022-10", DAY, today=TODAY)
    names = sorted([UPPER, "上河村（1）.xlsx"])
    assert f"{names[1]}：内容与 {names[0]} 相同，只计一份。请移走。" in done.needs
    sheet = openpyxl.load_workbook(here.rollup("2022-10"), data_only=True)["措施台账"]
    assert sum(isinstance(row[0].value, int) for row in sheet.iter_rows(min_row=4)) == 42


def test_return_copies_of_an_earlier_run_are_told(here):
    month.run(here, "2022-10", DAY, today=TODAY)
    (here.books / WILLOW).unlink()
    done = month.run(here, "2022-10", DAY, today=TODAY)
    told = f"汇总/2022-10/回传件 里的 {WILLOW} 不是这次的，请移走，免得发错。"
    assert done.needs[0] == told


def test_workbooks_that_the_rollup_holds_twice_or_should_not_hold_are_named(here):
    write_village(here.books / "柳湾村(1).xlsx", code="0205", village="柳湾村", location="别处")
    shutil.copy(here.books / BRIDGE, here.books / "石桥村(1).xlsx")
    write_village(here.books / "0203-上河村-2021.xlsx", code="0203", village="上河村", year=2021)
    write_village(here.books / "0901-远山村.xlsx", code="0901", village="远山村", year=2022)
    done = month.run(here, "2022-10", DAY, today=TODAY)
    doubled = f"柳湾村：有 2 份内容不同的工作簿（{WILLOW}、柳湾村(1).xlsx），"
    assert done.needs[0].startswith(doubled)
    others = [need for need in done.needs if not need.startswith(doubled)]
    assert others[:2] == [
        "远山村（0901-远山村.xlsx）：不在村名册里，数字已计入合计。请核对名册，或把工作簿移走。",
        "0203-上河村-2021.xlsx：年度是 2021，不是 2022，没有汇总。请移走。",
    ]
    rollup = next(each for each in done.written if each.path.name == "镇汇总.xlsx")
    assert rollup.notes[0].startswith("汇总 3 个村（其中名册外 1 个）。")  # a copy counts once
    assert done.exit_code == 4


def test_a_return_copy_that_cannot_be_replaced_is_not_said_to_be_an_earlier_runs(here, monkeypatch):
    month.run(here, "2022-10", DAY, today=TODAY)
    write = results.write_output

    def refuse(path: Path, *more: object) -> bool:
        if path.name == WILLOW:
            raise OutputError(f"{path}：写不进去。")
        return write(path, *more)

    monkeypatch.setattr(results, "write_output", refuse)
    done = month.run(here, "2022-10", DAY, today=TODAY)
    assert done.needs[0] == f"汇总/2022-10/回传件/{WILLOW}：写不进去。"
    assert not any("不是这次的" in need for need in done.needs)


def test_where_nothing_can_be_written_one_line_says_so_and_nothing_is_advised(here, monkeypatch):
    def refuse(*_: object) -> bool:
        raise OutputError("汇总：这个文件夹写不进去。")

    monkeypatch.setattr(results, "write_output", refuse)
    for number in range(20):
        (here.books / f"残缺{number:02}.xlsx").write_bytes(b"")
    done = month.run(here, "2022-10", DAY, today=TODAY)
    assert (done.needs.count("汇总：这个文件夹写不进去。"), done.advice) == (1, "")
    # 1, the report that lacks its rollup, 20 and 2 are more than 12
    assert list(month.screen(done))[-1] == "  还有 12 项。"


@pytest.mark.usefixtures("swift")
@pytest.mark.parametrize("lock", ["~$镇级工作簿.xlsx", ".~镇级工作簿.xlsx"])
def test_a_township_workbook_that_is_open_is_said(here, lock):
    lines = list(month.screen(month.run(here, "2022-10", DAY, today=TODAY)))
    assert not any("正被打开" in line for line in lines)
    (here.root / lock).write_bytes(b"x")
    lines = list(month.screen(month.run(here, "2022-10", DAY, today=TODAY)))
    assert lines[1] == "镇级工作簿.xlsx 正被打开，按最后一次保存的内容处理。"


def test_what_does_not_fit_one_screen_is_counted(here):
    for number in range(20):
        (here.books / f"残缺{number:02}.xlsx").write_bytes(b"")
    lines = list(month.screen(month.run(here, "2022-10", DAY, today=TODAY)))
    assert len(lines) == 1 + 7 + 1 + 12 + 1 + 1
    assert lines[9].startswith("  残缺00.xlsx：")
    assert lines[-2] == "  还有 10 项，见 核对结果.xlsx。"  # 8 files, 2 villages


@pytest.mark.usefixtures("swift")
def test_files_that_nobody_handed_in_are_passed_over(here):
    (here.books / "~$0203-上河村-2022.xlsx").write_bytes(b"x" * 165)
    done = month.run(here, "2022-10", DAY, today=TODAY)
    (told,) = done.passed_over
    assert told.startswith("已跳过 村级工作簿/~$0203-上河村-2022.xlsx")


@pytest.mark.usefixtures("swift")
def test_the_months_changed_files_are_counted(here):
    month.run(here, "2022-10", DAY, today=TODAY)
    folder = here.month("2022-10")
    files = flow.check([here.books], DAY).files
    assert changed_since(files, folder) == 0
    (here.books / "残缺.xlsx").write_bytes(b"")
    write(here.books / WILLOW, example_township().villages[0])
    assert changed_since(flow.check([here.books], DAY).files, folder) == 2
    (here.books / BRIDGE).unlink()
    assert changed_since(flow.check([here.books], DAY).files, folder) == 3  # and one is gone
    (folder / "报送指纹.txt").unlink()
    assert changed_since(files, folder) == 4


# -- the letters --------------------------------------------------------------------------------


def texts(path: Path) -> str:
    document = docx.Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_the_letters_of_a_month_are_worded_as_the_office_words_them(place):
    template = place.template("催办通知") or place.templates / "催办通知.docx"
    template.parent.mkdir(exist_ok=True)
    template.write_bytes(template_docx("催办通知"))
    wording = docx.Document(str(template))
    wording.paragraphs[-3].insert_paragraph_before("请各村支部书记亲自过问。", style="公文正文")
    wording.save(str(template))
    done = month.run(place, "2022-10", today=TODAY)
    (letters,) = (each.path for each in done.written if each.path.name == "催办通知")
    for letter in letters.glob("*.docx"):
        assert "请各村支部书记亲自过问。" in texts(letter)


def test_a_letter_prints_what_the_workbook_says_but_for_what_a_rule_names(place):
    book = openpyxl.load_workbook(place.books / UPPER)
    row = next(line for line in book["整改措施"].iter_rows(min_row=4) if line[0].value == "P02-M04")
    row[2].value = "走访(入户),座谈。。"  # late since June
    book.save(place.books / UPPER)
    done = notices.remind([place.books], place.root / "催办", DAY)
    (letter,) = (each for each in done.written if each.path.name.startswith("0203"))
    assert "走访（入户），座谈。" in texts(letter.path)
    assert any("文稿里按规则更正了标点" in note for note in letter.notes)
