"""Whether papers still hold: what is said of one whose workbook, or whose own words, changed."""

import datetime as dt
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from paths import office
from worked import write_village

from toolkit import flow, ledgers
from toolkit.demo import DAY
from toolkit.errors import UsageError
from toolkit.issued import write_issued
from toolkit.ledgers import ANNEX, ledger
from toolkit.minutes import minutes
from toolkit.notices import remind
from toolkit.package import unzipped, zipped
from toolkit.papers import Manner, Paper, write_papers
from toolkit.reporting import report
from toolkit.verification import verify
from toolkit.word import fingerprint
from toolkit.word.document import PLAN, SUMMARY
from toolkit.word.fingerprint import ROWS
from toolkit.workfolder.kit import template

SINCE = "（以 2022年10月31日 为准生成）"


@pytest.fixture
def book(work) -> Path:
    return work / "村级工作簿" / "0205-柳湾村-2022.xlsx"


@pytest.fixture
def plan(work, book) -> Path:
    (written,) = write_papers(Paper(PLAN, None, DAY), [book], work / "方案.docx").written
    return written.path


def put(path: Path, sheet: str, cell: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def said(*paths: Path) -> tuple[list[str], int]:
    """Return what is said of documents, without their places, and the exit code."""
    done = verify(paths)
    lines = [
        line.removeprefix(f"{verdict.document}：")
        for verdict in done.verdicts
        for line in verdict.lines
    ]
    return [*lines, *done.troubles], done.exit_code


# -- it holds -------------------------------------------------------------------------------------


def test_a_paper_holds_whose_workbook_is_as_it_was(plan, book, work):
    assert said(plan, book) == ([f"与工作簿一致{SINCE}。"], 0)
    assert said(plan, work / "村级工作簿") == ([f"与工作簿一致{SINCE}。"], 0)  # it is found there


def swap(path: Path, sheet: str, one: int, other: int) -> None:
    """Exchange the contents of two rows."""
    book = openpyxl.load_workbook(path)
    held = book[sheet]
    for column in range(1, held.max_column + 1):
        upper, lower = held.cell(one, column), held.cell(other, column)
        upper.value, lower.value = lower.value, upper.value
    book.save(path)


def test_it_holds_whatever_saved_the_workbook_and_however_it_looks(plan, book):
    saved = openpyxl.load_workbook(book)
    for cell in saved["整改措施"][4]:
        cell.font = openpyxl.styles.Font(bold=True)
    saved.save(book)
    assert said(plan, book) == ([f"与工作簿一致{SINCE}。"], 0)


def test_rows_in_another_order_are_told_where_the_paper_would_have_another_order(plan, book):
    swap(book, "整改措施", 4, 5)
    assert said(plan, book) == (
        [f"与工作簿不一致{SINCE}：整改措施里行的次序变了，重新生成次序会不同。"],
        1,
    )
    swap(book, "整改措施", 4, 5)
    swap(book, "专题研究会议", 4, 5)  # a plan tells of no meeting
    assert said(plan, book) == ([f"与工作簿一致{SINCE}。"], 0)


@pytest.mark.office
def test_it_holds_when_another_program_has_saved_the_workbook(plan, book, tmp_path):
    subprocess.run(
        [
            office(),
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            *("--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "另存", book),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    saved = tmp_path / "另存" / book.name
    assert saved.read_bytes() != book.read_bytes()
    assert said(plan, saved, book.parent.parent / "镇级工作簿.xlsx") == (
        [f"与工作簿一致{SINCE}。"],
        0,
    )


def test_what_does_not_show_in_a_paper_is_told_as_no_harm_to_it(plan, book):
    put(book, "整改措施", "N4", "进展另有说明")  # a plan tells no progress
    lines, code = said(plan, book)
    assert lines == [f"与工作簿一致{SINCE}；工作簿改动的 1 处都不影响这份文稿。"]
    assert code == 0


def test_a_draft_is_judged_like_any_other(work, book):
    done = write_papers(Paper(PLAN, None, DAY), [book], work / "a.docx", manner=Manner(draft=True))
    (written,) = done.written
    assert said(written.path, book) == ([f"与工作簿一致{SINCE}。"], 0)
    put(book, "整改措施", "N4", "进展另有说明")
    assert said(written.path, book)[1] == 0


# -- it does not ----------------------------------------------------------------------------------


def test_of_a_cell_that_was_changed_exactly_that_is_told(plan, book):
    put(book, "整改措施", "E4", "钱大海")
    assert said(plan, book) == (
        [
            f"与工作簿不一致{SINCE}，工作簿有 1 处改动。",
            "  整改措施 E4（责任人）：现在是“钱大海”。",
        ],
        1,
    )


def test_of_cells_emptied_and_rows_gone_it_is_told_what_is_there_now(plan, book):
    saved = openpyxl.load_workbook(book)
    saved["整改措施"]["E4"] = None
    saved["存在问题"].delete_rows(4)
    long = "长" * 40
    saved["整改目标"]["C4"] = long
    saved.save(book)
    lines, code = said(plan, book)
    assert code == 1
    assert "  整改措施 E4（责任人）：现在是空的。" in lines
    assert "  存在问题：少了 1 行。" in lines
    assert any(line.endswith(f"：现在是“{'长' * 29}…”。") for line in lines)


def test_a_row_that_was_added_is_told_with_what_it_begins_with(plan, book):
    saved = openpyxl.load_workbook(book)
    sheet = saved["整改措施"]
    row = next(r for r in range(4, 99) if sheet.cell(r, 1).value is None)
    for column, value in enumerate(("P01-M77", "P01", "植树造林"), 1):
        sheet.cell(row, column).value = value
    saved.save(book)
    lines, _ = said(plan, book)
    assert f"  整改措施 第 {row} 行：是新加的（P01-M77，P01）。" in lines


def test_a_document_that_was_edited_is_said_first(plan, book):
    paper = docx.Document(str(plan))
    paper.add_paragraph("后加的一段")
    paper.save(str(plan))
    lines, code = said(plan, book)
    assert lines == [
        f"工作簿没有变化{SINCE}，但文稿不是生成时的样子。",
        "  文稿生成以后被人改过或另存过；文字改没改，请对照工作簿看。",
    ]
    assert code == 1
    put(book, "整改措施", "E4", "钱大海")
    lines, code = said(plan, book)
    assert lines[1].startswith("  文稿生成以后被人改过")
    assert lines[2:] == ["  整改措施 E4（责任人）：现在是“钱大海”。"]


def test_another_wording_by_now_is_told_and_is_no_fault(work, book, plan):
    own = work / "我们的.docx"
    own.write_bytes(template(PLAN))
    paper = docx.Document(str(own))
    paper.add_paragraph("另一句话", style="公文正文")
    paper.save(str(own))
    done = verify([plan, book], lambda _: own)
    (verdict,) = done.verdicts
    assert verdict.lines[1] == f"  文稿模板《{PLAN}》已改动；现在重新生成，文字会不一样。"
    assert done.exit_code == 0
    own.unlink()
    (verdict,) = verify([plan, book], lambda _: own).verdicts
    assert verdict.lines[1] == f"  文稿模板《{PLAN}》现在用不了或找不到，没有和它核对。"


# -- which workbook -------------------------------------------------------------------------------


def test_a_paper_of_another_village_is_told_from_one_whose_workbook_changed(plan, work):
    other = work / "村级工作簿" / "0203-上河村-2022.xlsx"
    lines, code = said(plan, other)
    assert lines == [
        f"不是用 {other.name} 生成的，是用另一个工作簿（0205，2022年）。请换成那一份再核对。"
    ]
    assert code == 1


def test_where_its_workbook_is_missing_or_there_are_two_that_is_said(plan, book, work):
    book.unlink()
    (line,), code = said(plan, work / "村级工作簿")
    assert line == "没有找到生成它的工作簿（0205，2022年）。请写明工作簿。"
    assert code == 3
    for name in ("甲.xlsx", "乙.xlsx"):
        write_village(work / "村级工作簿" / name, code="0205", village="柳湾村", location=name)
    (line,), code = said(plan, work / "村级工作簿")
    assert line.startswith("有 2 份工作簿都像是生成它的（")
    assert code == 3


def test_of_two_copies_the_one_that_the_paper_was_made_from_counts(plan, book):
    shutil.copy(book, book.with_name("副本.xlsx"))
    put(book.with_name("副本.xlsx"), "整改措施", "E4", "钱大海")
    assert said(plan, book.parent) == ([f"与工作簿一致{SINCE}。"], 0)
    put(book, "基本情况", "B4", openpyxl.load_workbook(book)["基本情况"]["B4"].value)  # saved anew
    assert said(plan, book.parent) == ([f"与工作簿一致{SINCE}。"], 0)


def test_a_township_report_is_judged_by_its_rollup(work):
    rollup = work / "镇汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], rollup, DAY)
    (written,) = report([rollup], work / "汇报.docx").written
    assert said(written.path, rollup)[1] == 0
    write_village(
        work / "村级工作簿" / "0205-柳湾村-2022.xlsx", code="0205", village="柳湾村", members=31
    )
    flow.consolidate([work / "村级工作簿"], rollup, DAY)
    lines, code = said(written.path, rollup)
    assert code == 1
    # 31 members of whom the ages tell 29: an error that the rollup counts
    assert any(
        line.startswith("  整顿对象一览 ") and line.endswith("（核对必改）：现在是“2”。")
        for line in lines
    )


def test_a_summary_is_a_villages_paper_too(work, book):
    (written,) = write_papers(Paper(SUMMARY, None, DAY), [book], work / "报告.docx").written
    assert said(written.path, book) == ([f"与工作簿一致{SINCE}。"], 0)


def test_a_plan_as_the_township_issues_it_and_minutes_are_judged_too(work, book):
    issued = write_issued([book], work / "印发", DAY)
    told = minutes([book], work / "纪要", DAY)
    assert issued.written
    assert told.written
    for each in (*issued.written, *told.written):
        assert said(each.path, book) == ([f"与工作簿一致{SINCE}。"], 0)
    put(book, "整改措施", "E4", "钱大海")
    assert said(issued.written[0].path, book)[0][1] == "  整改措施 E4（责任人）：现在是“钱大海”。"


def test_of_issued_plans_and_minutes_what_they_do_not_print_is_no_harm(work, book):
    (issued,) = write_issued([book], work / "印发", DAY).written
    first, *_ = minutes([book], work / "纪要", DAY).written
    put(book, "整改措施", "N4", "进展另有说明")
    for each in (issued, first):
        assert said(each.path, book) == (
            [f"与工作簿一致{SINCE}；工作簿改动的 1 处都不影响这份文稿。"],
            0,
        )
    (work / "镇级工作簿.xlsx").unlink()  # nobody could issue it now
    assert said(issued.path, book)[1] == 1


def number_cell(work: Path, whose: str) -> str:
    """The cell of 公文要素 with the 发文字号 of an issued plan."""
    sheet = openpyxl.load_workbook(work / "镇级工作簿.xlsx")["公文要素"]
    column = next(cell.column_letter for cell in sheet[3] if cell.value == "发文字号")
    line = next(row[0].row for row in sheet.iter_rows(min_row=4) if row[1].value == whose)
    return f"{column}{line}"


def test_what_the_township_gives_a_paper_is_told_by_its_cell(work, book):
    (issued,) = write_issued([book], work / "印发", DAY).written
    assert said(issued.path, book) == ([f"与工作簿一致{SINCE}。"], 0)
    cell = number_cell(work, "柳湾村")
    put(work / "镇级工作簿.xlsx", "公文要素", cell, "青党发〔2022〕99号")
    assert said(issued.path, book) == (
        [
            f"与工作簿不一致{SINCE}，工作簿有 1 处改动。",
            f"  镇级工作簿 公文要素 {cell}（发文字号）：现在是“青党发〔2022〕99号”。",
        ],
        1,
    )
    put(work / "镇级工作簿.xlsx", "公文要素", cell, None)
    lines, code = said(issued.path, book)
    assert code == 1
    assert lines[1].startswith("  镇级工作簿 公文要素 ")
    assert lines[1].endswith("（发文字号）：现在是空的。")


def test_what_the_township_says_for_another_village_is_no_change(work, book):
    (issued,) = write_issued([book], work / "印发", DAY).written
    put(work / "镇级工作簿.xlsx", "公文要素", number_cell(work, "石桥村"), "青党发〔2022〕99号")
    assert said(issued.path, book) == ([f"与工作簿一致{SINCE}。"], 0)


def test_of_a_plan_a_change_of_the_townships_name_is_no_harm_and_one_of_its_seal_is(
    plan, work, book
):
    put(work / "镇级工作簿.xlsx", "镇情", "B8", "中共青石镇工作委员会")
    assert said(plan, book) == (
        [f"与工作簿一致{SINCE}；工作簿改动的 1 处都不影响这份文稿。"],
        0,
    )
    sheet = openpyxl.load_workbook(work / "镇级工作簿.xlsx")["参数"]
    cell = next(f"B{row[0].row}" for row in sheet.iter_rows() if row[0].value == "公文是否加盖印章")
    put(work / "镇级工作簿.xlsx", "参数", cell, "否")
    lines, code = said(plan, book)
    assert code == 1
    assert f"  镇级工作簿 参数 {cell}（公文是否加盖印章）：现在是“否”。" in lines


def test_without_the_township_it_is_said_that_its_part_was_not_looked_at(
    plan, book, tmp_path_factory
):
    apart = tmp_path_factory.mktemp("别处") / "里面"
    apart.mkdir()
    shutil.copy(book, apart)
    assert said(plan, apart) == (
        [
            f"与工作簿一致{SINCE}。",
            "  没有找到镇级工作簿，文号、落款等没有核对；要核对，请一并写上镇级工作簿。",
        ],
        0,
    )
    assert said(plan, apart, book.parent.parent / "镇级工作簿.xlsx")[0] == [
        f"与工作簿一致{SINCE}。"
    ]


def test_the_report_of_a_month_is_judged_by_that_months_rollup(work):
    rollups = [work / month / "镇汇总.xlsx" for month in ("9月", "10月")]
    days = [dt.date(2022, 9, 30), DAY]
    for path, day in zip(rollups, days, strict=True):
        path.parent.mkdir()
        flow.consolidate([work / "村级工作簿"], path, day)
    (written,) = report([rollups[0]], work / "汇报.docx").written
    assert said(written.path, *rollups)[1] == 0


def test_a_letter_and_an_annex_tell_the_cell_that_was_changed(work):
    books = work / "村级工作簿"
    remind([books], work / "催办", DAY)
    ledger([books], work / "台账", DAY)
    letter, annex = work / "催办" / "0203-上河村-催办通知.docx", work / "台账" / ANNEX
    for each in (letter, annex):
        assert said(each, books) == ([f"与工作簿一致{SINCE}。"], 0)
    put(books / "0203-上河村-2022.xlsx", "整改措施", "E4", "钱大海")
    for each in (letter, annex):
        lines, code = said(each, books)
        assert lines == [
            f"与工作簿不一致{SINCE}，工作簿有 1 处改动。",
            "  整改措施 E4（责任人）：现在是“钱大海”。",
        ]
        assert code == 1


def test_an_annex_of_very_many_villages_remembers_files_and_is_judged_by_them(work, monkeypatch):
    monkeypatch.setattr(ledgers, "_MOST_REMEMBERED", 2)
    books = work / "村级工作簿"
    ledger([books], work / "台账", DAY)
    annex = work / "台账" / ANNEX
    assert said(annex, books) == ([f"与工作簿一致{SINCE}。"], 0)
    paper = docx.Document(str(annex))
    paper.add_paragraph("后加的一段")
    paper.save(str(annex))
    lines, code = said(annex, books)
    assert (lines[0], code) == (f"工作簿没有变化{SINCE}，但文稿不是生成时的样子。", 1)
    put(books / "0203-上河村-2022.xlsx", "整改措施", "E4", "钱大海")
    ledger([books], work / "台账二", DAY)
    put(books / "0203-上河村-2022.xlsx", "整改措施", "E4", "孙大海")
    lines, code = said(work / "台账二" / ANNEX, books)
    assert lines == [
        f"工作簿在生成以后改过或另存过{SINCE}；这种文稿不记逐格的指纹，说不出改在哪里。"
    ]
    assert code == 1


# -- what cannot be judged ------------------------------------------------------------------------


def test_a_version_for_the_public_remembers_nothing(work, book):
    done = write_papers(Paper(PLAN, None, DAY), [book], work / "公文", manner=Manner(redacted=True))
    (written,) = done.written
    assert said(written.path, book) == (["这是公开版，不带来源指纹。请核对正式的文稿。"], 3)
    write_papers(Paper(PLAN, None, DAY), [book], work / "公文")
    assert said(work / "公文", book) == (
        [f"与工作簿一致{SINCE}。"],
        0,
    )  # of a folder it is no matter


def test_a_folder_of_nothing_but_versions_for_the_public_is_told(work, book):
    write_papers(Paper(PLAN, None, DAY), [book], work / "公开", manner=Manner(redacted=True))
    with pytest.raises(UsageError, match="文件夹里只有公开版。"):
        verify([work / "公开", book])


def test_a_letter_to_a_village_that_sent_nothing_has_no_source(work):
    (work / "村级工作簿" / "0207-石桥村-2022.xlsx").unlink()
    remind([work / "村级工作簿"], work / "催办", DAY)
    assert said(work / "催办" / "0207-石桥村-催办通知.docx", work / "村级工作簿") == (
        ["写的时候这个村没有报工作簿，没有来源可核对。"],
        0,
    )


def without_properties(path: Path) -> None:
    path.write_bytes(
        zipped({k: v for k, v in unzipped(path.read_bytes()).items() if "custom" not in k})
    )


def tampered(path: Path) -> None:
    parts = unzipped(path.read_bytes())
    text = parts["docProps/custom.xml"].decode()
    parts["docProps/custom.xml"] = text.replace(f"{ROWS}001", f"{ROWS}900").encode()
    path.write_bytes(zipped(parts))


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (
            lambda path: path.write_bytes(b"x"),
            "打不开，可能已损坏，或正被别的程序占用。请核对后再试。",
        ),
        (lambda path: path.unlink(), "没有这个文件。请核对文件名。"),
        (without_properties, "不带来源指纹，没法核对：不是程序生成的，或是旧版程序生成的。"),
        (tampered, "来源指纹不完整，没法核对。请用程序重新生成这份文稿。"),
    ],
)
def test_what_cannot_be_judged_is_said(plan, book, harm, line):
    harm(plan)
    assert said(plan, book) == ([line], 3)


def retold(path: Path, old: str, new: str) -> None:
    """Put something else into what a document says of itself."""
    parts = unzipped(path.read_bytes())
    text = parts["docProps/custom.xml"].decode()
    assert old in text
    parts["docProps/custom.xml"] = text.replace(old, new).encode()
    path.write_bytes(zipped(parts))


def test_a_document_that_does_not_tell_its_day_or_wording_is_judged_all_the_same(plan, book):
    retold(plan, "2022-10-31", "不详")
    assert said(plan, book) == (["与工作簿一致。"], 0)
    retold(plan, "zhengdun.wording", "zhengdun.other")
    assert said(plan, book) == (["与工作簿一致。"], 0)
    put(book, "整改措施", "N4", "进展另有说明")  # whether it would read alike nobody can tell
    lines, code = said(plan, book)
    assert lines[1:] == ["  整改措施 N4（佐证材料）：现在是“进展另有说明”。"]
    assert code == 1


def test_a_column_that_the_form_has_no_more_is_told(plan, book):
    retold(plan, "=number,problem,", "=number,gone,")
    put(book, "整改措施", "E4", "钱大海")
    lines, code = said(plan, book)
    assert code == 1
    assert "  整改措施 第 4 行：原有的一栏现在没有了。" in lines
    assert any(line.startswith("  整改措施 B4（问题编号）：现在是“") for line in lines)


def test_of_a_long_sheet_rows_are_told_and_of_a_very_long_one_that_it_is_another(
    work, book, monkeypatch
):
    monkeypatch.setattr(fingerprint, "_MOST_CELLS", 40)
    write_papers(Paper(PLAN, None, DAY), [book], work / "一.docx")
    monkeypatch.setattr(fingerprint, "_MOST_ROWS", 3)
    write_papers(Paper(PLAN, None, DAY), [book], work / "二.docx")
    put(book, "整改措施", "E4", "钱大海")
    lines, code = said(work / "一.docx", book)
    assert lines[1:] == ["  整改措施 第 4 行：有改动（P01-M01，P01）。"]
    assert code == 1
    lines, code = said(work / "二.docx", book)
    assert lines[1:] == ["  整改措施：有改动（行数多，不逐格说明）。"]


def test_a_workbook_under_a_documents_name_is_no_document(plan, book):
    shutil.copy(book, plan)
    assert said(plan, book) == (["不是 Word 文稿（.docx）。请核对文件。"], 3)


def test_a_workbook_that_cannot_be_read_is_a_trouble_and_the_others_are_judged(plan, work):
    (work / "村级工作簿" / "0203-上河村-2022.xlsx").write_bytes(b"")
    lines, code = said(plan, work / "村级工作簿")
    assert lines[0] == f"与工作簿一致{SINCE}。"
    assert lines[1].startswith("0203-上河村-2022.xlsx：")
    assert code == 3


def test_a_rollup_that_cannot_be_read_is_a_trouble(plan, book, work):
    rollup = work / "镇汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], rollup, DAY)
    with zipfile.ZipFile(rollup) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    rollup.write_bytes(zipped({**parts, "xl/worksheets/sheet1.xml": b"<broken"}))
    lines, code = said(plan, book, rollup)
    assert lines[0] == f"与工作簿一致{SINCE}。"
    assert lines[1].startswith(f"{rollup}：")
    assert code == 3


def test_without_a_document_or_a_workbook_there_is_nothing_to_judge(plan, book, tmp_path):
    with pytest.raises(UsageError, match="没有写明要核对的文稿"):
        verify([book])
    with pytest.raises(UsageError, match="没有写明和哪个工作簿核对"):
        verify([plan])
    (tmp_path / "空").mkdir()
    with pytest.raises(UsageError, match="里面没有标准工作簿"):
        verify([plan, tmp_path / "空"])


# -- the command ----------------------------------------------------------------------------------


def test_in_a_work_folder_every_paper_is_judged_without_a_word(zhengdun, work, monkeypatch):
    monkeypatch.chdir(work)
    zhengdun("plan", "--draft", "--as-of", "2022-10-31")
    told = zhengdun("verify")
    assert told.code == 0
    assert [line.partition("：")[0] for line in told.out.splitlines()] == [
        f"公文/{village}-整顿方案-征求意见稿.docx"
        for village in ("0203-上河村", "0205-柳湾村", "0207-石桥村")
    ]
    put(work / "村级工作簿" / "0205-柳湾村-2022.xlsx", "整改措施", "E4", "钱大海")
    told = zhengdun("verify", "公文/0205-柳湾村-整顿方案-征求意见稿.docx")
    assert told.code == 1
    assert told.out.splitlines()[1:] == ["  整改措施 E4（责任人）：现在是“钱大海”。"]
    assert len(zhengdun("verify", "-q").out.splitlines()) == 3


def test_in_a_work_folder_the_months_reports_letters_and_ledgers_are_judged_too(
    zhengdun, work, monkeypatch
):
    monkeypatch.chdir(work)
    told = zhengdun("verify")
    assert told.code == 2
    assert told.err == "公文 和 汇总 里还没有文稿，没有可核对的。\n"
    zhengdun("month", "2022-09", "--as-of", "2022-09-30")
    zhengdun("month", "2022-10", "--as-of", "2022-10-31")
    zhengdun("summary", "汇总/2022-09/镇汇总.xlsx")
    told = zhengdun("verify")
    assert told.code == 0
    lines = told.out.splitlines()
    assert [line.partition("：")[0] for line in lines] == [
        "公文/青石镇-2022-09-整顿工作情况汇报.docx",
        "汇总/2022-09/整顿工作情况汇报.docx",
        "汇总/2022-10/整顿工作情况汇报.docx",
        "汇总/2022-10/催办通知/0203-上河村-催办通知.docx",
        "汇总/2022-10/催办通知/0207-石桥村-催办通知.docx",
        "汇总/2022-10/整顿台账/整顿台账（附件）.docx",
    ]
    assert all("：与工作簿一致（以 2022年" in line for line in lines)
    assert zhengdun("verify", "公文/青石镇-2022-09-整顿工作情况汇报.docx").code == 0


def test_from_outside_a_work_folder_its_own_templates_are_used_all_the_same(
    zhengdun, work, book, tmp_path_factory, monkeypatch
):
    (work / "文稿模板").mkdir()
    own = docx.Document(io.BytesIO(template(PLAN)))
    own.add_paragraph("另一句话", style="公文正文")
    own.save(str(work / "文稿模板" / f"{PLAN}.docx"))
    monkeypatch.chdir(tmp_path_factory.mktemp("外面"))
    zhengdun("plan", book, "-o", "方案.docx", "--as-of", "2022-10-31")
    assert any("另一句话" in each.text for each in docx.Document("方案.docx").paragraphs)
    told = zhengdun("verify", "方案.docx", book)
    assert told.out == f"方案.docx：与工作簿一致{SINCE}。\n"


def test_a_number_that_was_reckoned_is_told_with_two_places(plan, book):
    sheet = openpyxl.load_workbook(book)["基本情况"]
    row = next(cell.row for cell in sheet["A"] if "收入" in str(cell.value))
    put(book, "基本情况", f"B{row}", 86.6666666666667)
    lines, _ = said(plan, book)
    assert lines[1].endswith("：现在是“86.66”。")
