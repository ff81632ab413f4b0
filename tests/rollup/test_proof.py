"""A rollup held against what it says was read: a line that was deleted is missed, none else is."""

import datetime as dt
import io
import subprocess

import openpyxl
import pytest
from paths import EXAMPLES, office
from rollup.township_drawn import (
    LOWER,
    UPPER,
    book,
    brought,
    called,
    made,
    terms_of,
    three_books,
)

from toolkit import flow
from toolkit.excel.opened import read_workbook
from toolkit.excel.rollup.book import build_rollup
from toolkit.forms import ledgers, rollup
from toolkit.forms.rollup import Level
from toolkit.rollup.contributions import contribution_of
from toolkit.rollup.county import town_rollup
from toolkit.rollup.figures import consolidate
from toolkit.rollup.past import past_in
from toolkit.rollup.proof import faults
from toolkit.schema.form import FORM_PROPERTY

AS_OF = dt.date(2022, 10, 31)
NEXT = "，请用程序重新汇总"


@pytest.fixture(scope="module")
def drawn() -> bytes:
    """Return the rollup of the drawn township: 1 下河村, 2 上河村, 3 柳树村 left out, 4 石门村."""
    return build_rollup(made(town="青石镇", county="清河县"))


def reread(data, path, forms=(rollup.FORM, rollup.COUNTY_FORM)):
    path.write_bytes(data)
    return read_workbook(path, forms, counted=True)


def column(sheet, header):
    return next(cell.column for cell in sheet[3] if cell.value == header)


def edited(data, edit):
    """Return a rollup as its sheets' values stand after an edit."""
    made_up = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    edit(made_up)
    out = io.BytesIO()
    made_up.save(out)
    return out.getvalue()


def put(made_up, title, row, header, value):
    sheet = made_up[title]
    assert sheet.cell(row, column(sheet, header)).value != value
    sheet.cell(row, column(sheet, header)).value = value


# -- what was lost ------------------------------------------------------------------------------


def without_a_problem(made_up):
    """Take 上河村's P02 away, and let the list of villages recount, as Excel does on saving."""
    sheet = made_up["问题台账"]
    (row,) = (
        at
        for at in range(4, sheet.max_row + 1)
        if sheet.cell(at, 1).value == 2 and sheet.cell(at, column(sheet, "问题编号")).value == "P02"
    )
    sheet.delete_rows(row)
    put(made_up, "整顿对象一览", 5, "问题数", 4)


def without_two_meetings(made_up):
    sheet = made_up["会议台账"]
    row = next(at for at in range(4, sheet.max_row + 1) if sheet.cell(at, 1).value == 2)
    sheet.delete_rows(row, 2)
    put(made_up, "整顿对象一览", 5, "专题研究累计", 3)


def without_an_evaluation(made_up):
    made_up["测评验收"].delete_rows(4)  # of which no list of villages has a figure


def with_a_measure_copied(made_up):
    sheet = made_up["措施台账"]  # begins with three of 下河村
    sheet.insert_rows(5)
    for cell in sheet[4]:
        sheet.cell(5, cell.column).value = cell.value
    put(made_up, "整顿对象一览", 4, "措施数", 4)


def without_the_list_of_files(made_up):
    del made_up["数据来源"]


def without_a_file(made_up):
    sheet = made_up["数据来源"]
    (row,) = (r for r in range(4, sheet.max_row + 1) if sheet.cell(r, 2).value == 4)
    sheet.delete_rows(row)


def without_a_column(made_up):
    sheet = made_up["数据来源"]
    sheet.delete_cols(column(sheet, "整改措施"))


def without_numbers(made_up):
    sheet = made_up["数据来源"]
    sheet.delete_cols(column(sheet, "村序号"))


def with_a_count_cleared(made_up):
    put(made_up, "数据来源", 4, "整改措施", None)


UPPER_FILE = "0203-上河村-2022.xlsx"
LOST = {
    without_a_problem: f"“问题台账”里来自 {UPPER_FILE} 的有 4 行，“数据来源”里写的是 5 行，对不上",
    without_two_meetings: (
        f"“会议台账”里来自 {UPPER_FILE} 的有 3 行，“数据来源”里写的是 5 行，对不上"
    ),
    without_an_evaluation: (
        f"“测评验收”里来自 {UPPER_FILE} 的有 1 行，“数据来源”里写的是 2 行，对不上"
    ),
    with_a_measure_copied: (
        "“措施台账”里来自 0201-下河村-2022.xlsx 的有 4 行，“数据来源”里写的是 3 行，对不上"
    ),
    without_the_list_of_files: "缺少“数据来源”",
    without_a_file: "“数据来源”里没有石门村的文件，对不上",
    without_a_column: "“数据来源”缺少“整改措施”一栏",
    without_numbers: "“数据来源”缺少“村序号”一栏",
    with_a_count_cleared: "“数据来源”里 0201-下河村-2022.xlsx 的“整改措施”行数读不出",
}


@pytest.mark.parametrize("edit", LOST, ids=lambda edit: edit.__name__)
def test_what_was_deleted_since_a_rollup_was_written_is_missed(drawn, tmp_path, edit):
    read = reread(edited(drawn, edit), tmp_path / "镇汇总.xlsx")
    assert list(faults(read)) == [LOST[edit] + NEXT]
    assert town_rollup(read).fault == LOST[edit] + NEXT
    past = past_in(read)
    assert past.unfit == "上月汇总的台账不全，没有对比；历月进度照常接上，其中上月的数字请核对。"
    assert [line[0] for line in past.history] == ["2022-10"]


def test_the_way_to_a_file_is_no_part_of_its_name(tmp_path):
    data = build_rollup(made(way=lambda path: f"../../村级工作簿/{path}" if path else ""))
    read = reread(edited(data, without_a_problem), tmp_path / "镇汇总.xlsx")
    (told,) = faults(read)
    assert f"来自 {UPPER_FILE} 的有 4 行" in told


def test_an_older_rollup_may_do_without_the_list_of_files(drawn, tmp_path):
    def older(made_up):
        del made_up["数据来源"]
        (mark,) = (each for each in made_up.custom_doc_props.props if each.name == FORM_PROPERTY)
        mark.value = mark.value.replace(rollup.FORM.version, "1.0.0")

    assert list(faults(reread(edited(drawn, older), tmp_path / "镇汇总.xlsx"))) == []


@pytest.mark.office
def test_a_row_deleted_in_libreoffice_is_missed_though_it_recounts_the_rest(tmp_path):
    program, source = office(), tmp_path / "改" / "镇汇总.xlsx"
    source.parent.mkdir()
    flow.consolidate([EXAMPLES / "村级工作簿"], source, AS_OF, "2022-10")
    made_up = openpyxl.load_workbook(source)  # its formulas, without results
    sheet = made_up["问题台账"]
    assert [sheet.cell(5, column(sheet, header)).value for header in ("村名", "问题编号")] == [
        "上河村",
        "P02",
    ]
    for cell in sheet[5]:
        cell.value = None
    made_up.save(source)
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(tmp_path / '用户').as_uri()}",
            *("--headless", "--convert-to", "xlsx", "--outdir", tmp_path, source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    read = read_workbook(tmp_path / "镇汇总.xlsx", (rollup.FORM,))
    first = read.rows(rollup.Village)[0]
    assert (first.village, first.problems) == ("上河村", 3)  # recounted
    assert list(faults(read)) == [
        f"“问题台账”里来自 {UPPER_FILE} 的有 3 行，“数据来源”里写的是 4 行，对不上{NEXT}"
    ]


# -- what was not -------------------------------------------------------------------------------


def rolled_over(folder, books, tmp_path):
    """Return a rollup of a folder's workbooks, as it is read back."""
    target = tmp_path / "镇汇总.xlsx"
    flow.consolidate([folder / name for name in books], target, AS_OF, "2022-10")
    return read_workbook(target, (rollup.FORM,))


def test_the_examples_rollup_lacks_nothing(work, tmp_path):
    read = rolled_over(work, ["村级工作簿"], tmp_path)
    assert len(read.rows(ledgers.MeasureLedger)) == 23 + 10 + 9
    assert list(faults(read)) == []


def copies():
    """Return a village's workbook, one with the same content, and another village's two."""
    return [
        called(book(UPPER, "0203"), f"甲/{UPPER_FILE}", "a"),
        called(book(UPPER, "0203"), f"乙/{UPPER_FILE}", "a"),
        called(book(LOWER, "0201"), "0201-下河村-2022.xlsx", "b"),
        called(book(LOWER.replace("不清楚", "推进中"), "0201"), "下河村（新）.xlsx", "c"),
    ]


def test_copies_and_villages_left_out_are_no_loss(tmp_path):
    own, _ = brought(copies())
    read = reread(build_rollup(consolidate(own, (), terms_of())), tmp_path / "镇汇总.xlsx")
    told = {(row.village, row.taken) for row in read.rows(rollup.Village)}
    assert told == {("上河村", "是"), ("下河村", "否")}
    assert sorted(str(row.fields["fate"].value)[:3] for row in read.rows(rollup.SourceFile)) == [
        "已汇总",
        "忽略：",
        "未汇总",
        "未汇总",
    ]
    assert list(faults(read)) == []


def test_rows_that_were_no_records_are_no_loss(work, tmp_path):
    path = work / "村级工作簿" / UPPER_FILE
    made_up = openpyxl.load_workbook(path)
    sheet = made_up["存在问题"]
    last = max(at for at in range(4, sheet.max_row + 1) if sheet.cell(at, 1).value)
    sheet.cell(last + 1, 1).value = "合计"
    sheet.cell(last + 3, 30).value = "写在表外的一句话"
    made_up.save(path)
    read = rolled_over(work, ["村级工作簿"], tmp_path)
    (file,) = (row for row in read.rows(rollup.SourceFile) if row.fields["village_no"].value == 1)
    assert file.fields["problem"].value == 4  # P01 to P04: neither the sum nor the remark
    booked = [row for row in read.rows(ledgers.ProblemLedger) if row.village == "上河村"]
    assert len(booked) == 4
    assert list(faults(read)) == []


# -- a county -----------------------------------------------------------------------------------


def county(tmp_path, *towns):
    """Return a county's rollup of drawn townships, as it is read back."""
    own = []
    for town, books in towns:
        contributions = [contribution_of(each, (), AS_OF) for each in books]
        data = build_rollup(consolidate(contributions, (), terms_of(town=town)))
        own += town_rollup(reread(data, tmp_path / f"{town}.xlsx")).brought
    return build_rollup(consolidate(own, (), terms_of(level=Level.COUNTY, county="清河县")))


def test_a_county_is_held_against_its_townships_counts(tmp_path):
    data = county(
        tmp_path,
        ("青石镇", three_books()),
        ("白水镇", [book(LOWER, "0201")]),
        ("空镇", copies()[2:]),
    )
    whole = reread(data, tmp_path / "全县汇总.xlsx")
    assert {line.town for line in whole.rows(rollup.Village)} == {"青石镇", "白水镇", "空镇"}
    assert list(faults(whole)) == []

    def cut(made_up):
        sheet = made_up["测评验收"]
        towns = [sheet.cell(at, column(sheet, "乡镇")).value for at in (4, 5)]
        assert towns == ["青石镇"] * 2
        sheet.delete_rows(5)

    assert list(faults(reread(edited(data, cut), tmp_path / "全县汇总.xlsx"))) == [
        f"“测评验收”里来自 青石镇.xlsx 的有 1 行，“数据来源”里写的是 2 行，对不上{NEXT}"
    ]
