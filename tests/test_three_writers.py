"""The same workbook as several programs save it: the records and the findings are the same."""

import dataclasses
import datetime as dt
import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from paths import office
from said import said

from toolkit import flow
from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.findings import Finding
from toolkit.forms import township, village
from toolkit.schema.form import FORM_PROPERTY, META_SHEET, Identity

FORMS = (village.FORM, township.FORM)
AS_OF = dt.date(2022, 10, 31)
NAME = "0299-杂样村-2022.xlsx"
IDENTITY = Identity(village.FORM.id, village.FORM.version, "0299", "2022")
CALC = {"xlsx": "xlsx:Calc MS Excel 2007 XML", "xls": "xls:MS Excel 97", "ods": "ods:calc8"}


def motley(progress: float | str = 0.85) -> bytes:
    """A village workbook in which every sort of content stands, written cell by cell."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_custom_property(FORM_PROPERTY, IDENTITY.line())
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    chinese_day = book.add_format({"num_format": 31})
    wordy_day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
    profile = book.add_worksheet("基本情况")
    profile.write_row("A1", ["项目", "填写内容"])
    fields = {
        "年度": 2022,
        "村名": "杂样村",
        "党员总数": 34,
        "总面积": 15234.8,
        "上年村集体收入": 0.5,
    }
    for row, (label, content) in enumerate(fields.items(), 1):
        profile.write_row(row, 0, [label, content])
    profile.write_row("A7", ["村代码"])
    profile.write_string("B7", "0299", text)
    profile.write_row("A8", ["方案日期"])
    profile.write_datetime("B8", dt.date(2022, 4, 20), chinese_day)
    measures = book.add_worksheet("整改措施")
    measures.write_row(
        "A1",
        [
            "措施编号",
            "问题编号",
            "整改措施",
            "责任人",
            "完成时限",
            "计划资金",
            "完成日期",
            "进度",
        ],
    )
    measures.write_row("A2", ["P01-M01", "P01"])
    measures.write_rich_string("C2", "建好", bold, "党员", "台账")
    measures.write_string("D2", "王志远、李明")
    measures.write_datetime("E2", dt.date(2022, 10, 31), wordy_day)
    measures.write_number("F2", 12.5)
    measures.write_datetime("G2", dt.date(2022, 9, 30), book.add_format({"num_format": 14}))
    measures.write("H2", progress, book.add_format({"num_format": "0%"}))
    measures.write_row("A3", ["P01-M02", "P01"])
    measures.write_string("C3", "第一步摸底\n第二步上墙", book.add_format({"text_wrap": True}))
    measures.write_string("E3", "2022年10月底前，并长期坚持")
    measures.write_string("F3", "12万元")
    measures.write_string("G3", "2022.9.30")
    measures.write_comment("D3", "责任人待定\n请补")
    measures.write_row(
        "A4", ["P01-M03", "P01", "“引号”＆<尖括号> & 与 ½ 𠮷", "赵 国 强", 44926, "１２"]
    )
    # .xls and .ods keep the property where the gate does not look: a sheet bears the mark as well.
    book.add_worksheet(META_SHEET).write_row("A1", ["标识", IDENTITY.line()])
    book.close()
    return file.getvalue()


def workbooks() -> dict[str, bytes]:
    """The example villages, one faultless and two with faults, and the motley workbook."""
    examples = {
        book.file_name: build_workbook(book.form, book.identity, book.filling)
        for book in example_township().villages
    }
    return examples | {NAME: motley()}


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    """A folder of the workbooks as XlsxWriter wrote them."""
    folder = tmp_path_factory.mktemp("xlsxwriter")
    for name, data in workbooks().items():
        (folder / name).write_bytes(data)
    return folder


def resaved_by_openpyxl(written: Path, folder: Path) -> None:
    for path in written.iterdir():
        openpyxl.load_workbook(path, rich_text=True).save(folder / path.name)


def resaved_by_libreoffice(written: Path, folder: Path, suffix: str) -> None:
    program = office()
    subprocess.run(
        [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            *("--convert-to", CALC[suffix], "--outdir", str(folder)),
            *map(str, sorted(written.iterdir())),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )


def findings(path: Path) -> list[Finding]:
    return [dataclasses.replace(finding, file="") for finding in flow.check([path], AS_OF).findings]


OLD_FORMAT = "L114"


def assert_alike(written: Path, folder: Path, suffix: str = ".xlsx") -> None:
    """Each workbook of one folder says what its namesake in the other says."""
    for path in sorted(written.iterdir()):
        other = folder / path.with_suffix(suffix).name
        ours, theirs = read_workbook(path, FORMS), read_workbook(other, FORMS)
        assert said(theirs) == said(ours)
        told = findings(other)
        of_format = [finding for finding in told if finding.rule == OLD_FORMAT]
        assert len(of_format) == (suffix != ".xlsx")
        assert [finding for finding in told if finding not in of_format] == findings(path)


def test_the_motley_workbook_says_what_was_written_into_it(written):
    book = read_workbook(written / NAME, FORMS)
    profile = book.rows(village.Profile)[0]
    assert (profile.year, profile.code, profile.village) == (2022, "0299", "杂样村")
    assert profile.plan_day == dt.date(2022, 4, 20)
    first, second, third = book.rows(village.Measure)
    assert first.text == "建好党员台账"
    assert first.deadline.end == dt.date(2022, 10, 31)
    assert (str(first.funds), first.completed) == ("12.5", dt.date(2022, 9, 30))
    assert first.field(village.Measure.progress).raw == "85%"
    assert first.progress == 85
    assert second.text == "第一步摸底\n第二步上墙"
    assert (second.deadline.text, second.owner) == ("2022年10月底前，并长期坚持", None)
    assert (str(second.funds), second.completed) == ("12", dt.date(2022, 9, 30))
    assert (third.text, third.owner) == ("“引号”＆<尖括号> & 与 ½ 𠮷", ("赵国强",))


def test_as_openpyxl_saves_them_again_the_workbooks_say_the_same(written, tmp_path):
    resaved_by_openpyxl(written, tmp_path)
    assert_alike(written, tmp_path)


@pytest.mark.office
def test_as_libreoffice_saves_them_again_the_workbooks_say_the_same(written, tmp_path):
    resaved_by_libreoffice(written, tmp_path, "xlsx")
    assert_alike(written, tmp_path)


@pytest.mark.office
@pytest.mark.parametrize("suffix", ["xls", "ods"])
def test_in_an_old_format_the_workbooks_say_the_same_and_that_it_is_old(written, tmp_path, suffix):
    source, target = tmp_path / "xlsx", tmp_path / suffix
    shutil.copytree(written, source)
    (source / NAME).write_bytes(motley(progress="85%"))  # calamine tells no format of a number
    resaved_by_libreoffice(source, target, suffix)
    assert_alike(source, target, f".{suffix}")
