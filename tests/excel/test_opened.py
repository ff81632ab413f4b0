"""Files opened: far cells, pictures in cells, old formats, files that change meanwhile."""

import datetime as dt
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from crafted import SHEET, custom, edited, part_of, replaced, sheet_of
from paths import EXAMPLES, office

from toolkit.errors import UnreadableError
from toolkit.excel import worker
from toolkit.excel.gate.refusal import Refusal
from toolkit.excel.opened import open_bytes, open_workbook, read_bytes, read_workbook
from toolkit.forms import township, village
from toolkit.schema.form import FORM_PROPERTY, Identity
from toolkit.schema.workbook import Spot, Workbook

FORMS = (village.FORM, township.FORM)
NAME = "0203-上河村-2022.xlsx"
MARK = Identity(village.FORM.id, village.FORM.version, "0203", "2022").line()
DAMAGED = "工作簿内容损坏，读不了。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送。"
SAVE_AS = "请用 Excel 或 WPS 打开，另存为 .xlsx 后重新报送。"


def drawn(
    further: Callable[[Any, Any], None] = lambda _book, _sheet: None, *, date_1904: bool = False
) -> bytes:
    """A sheet of two measures, and what a test adds."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "date_1904": date_1904})
    book.set_custom_property(FORM_PROPERTY, MARK)
    sheet = book.add_worksheet("整改措施")
    sheet.write_row(0, 0, ["措施编号", "责任人", "计划资金"])
    sheet.write_row(1, 0, ["P01-M01", "王五", 100])
    sheet.write_row(2, 0, ["P01-M02", "赵六", 200])
    further(book, sheet)
    book.close()
    return file.getvalue()


def opened_as(folder: Path, data: bytes, name: str = NAME) -> Workbook:
    path = folder / name
    path.write_bytes(data)
    return read_workbook(path, FORMS)


def shown(spots: Sequence[Spot]) -> list[str]:
    return [f"{spot.sheet}!{spot.cell} {spot.text}" for spot in spots]


def records(book: Workbook) -> dict[str, list[object]]:
    """What each row says, and where."""
    return {
        sheet.title: [
            [(column.name, row.cell(column).a1, field) for column, field in row.filled()]
            for row in sheet.rows
        ]
        for sheet in book.sheets.values()
    }


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableError) as caught:
        open_workbook(path, FORMS)
    return str(caught.value)


# ---- far cells


FAR = ["XFD1048576", "XFD20000", "P1048576", "CV1048576", "A1048576", "AAA9", "A10000"]


@pytest.mark.parametrize("address", FAR)
def test_a_far_cell_is_told_and_all_ordinary_rows_are_read(tmp_path, address):
    row = int(re.sub(r"\D", "", address))
    cell = f'<c r="{address}" t="inlineStr"><is><t>随手一点</t></is></c>'
    rows = f'<row r="{row}">{cell}</row></sheetData>'
    far = opened_as(tmp_path, replaced(SHEET, "</sheetData>", rows, drawn()))
    assert shown(far.facts.distant) == [f"整改措施!{address} 随手一点"]
    assert records(far) == records(opened_as(tmp_path, drawn()))
    assert far.strays == ()


def test_far_cells_of_any_kind_are_told_as_they_would_be_read(tmp_path):
    def further(book, sheet):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        bold = book.add_format({"bold": True})
        sheet.write("XFD2", 1200.5)
        sheet.write_datetime("XFD3", dt.datetime(2022, 4, 20), day)  # noqa: DTZ001 -- a cell's
        sheet.write_rich_string("B20000", "上", bold, "河", "村")
        sheet.write("A20001", True)
        sheet.write_formula("A20002", "=1/0", None, "#DIV/0!")
        sheet.write_formula("A20003", "=1+1", None, 2)
        sheet.merge_range("D20004:E20005", "并")

    found = opened_as(tmp_path, drawn(further))
    assert shown(found.facts.distant) == [
        "整改措施!XFD2 1200.5",
        "整改措施!XFD3 2022-04-20",
        "整改措施!B20000 上河村",
        "整改措施!A20001 是",
        "整改措施!A20003 2",
        "整改措施!D20004 并",
    ]
    assert shown(found.facts.errors) == ["整改措施!A20002 #DIV/0!"]
    assert shown(found.facts.formulas) == ["整改措施!A20003 =1+1"]
    assert [row.line for row in found.rows(village.Measure)] == [2, 3]


ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>措施编号</t></is></c></row>'


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("<c r='XFD9' t='str'><v>a > b</v></c>", "XFD9 a > b"),
        ('<c t="str"\n r = "XFD9"><v>&lt;/c&gt;</v></c>', "XFD9 </c>"),
        ('<c r="XFD9" t="inlineStr"><is><t><![CDATA[</c>]]></t></is></c >', "XFD9 </c>"),
        ('<c r="XFC9"/><c t="inlineStr"><is><t>字</t></is></c><c><v>5</v></c>', None),
    ],
)
def test_a_far_cell_is_lifted_however_it_is_spelled(tmp_path, cell, told):
    data = edited(drawn(), {SHEET: sheet_of(f'{ROW}<row r="9">{cell}</row>')})
    if told is None:
        with pytest.raises(UnreadableError, match="第 9 行第 16385 列"):
            opened_as(tmp_path, data)
    else:
        assert shown(opened_as(tmp_path, data).facts.distant) == [f"整改措施!{told}"]


def test_a_far_cell_behind_a_prefix_is_lifted(tmp_path):
    rows = f'{ROW}<row r="9"><c r="B9" t="str"><v>近</v></c><c r="XFD9" t="str"><v>远</v></c></row>'
    data = edited(drawn(), {SHEET: sheet_of(re.sub(r"<(/?)(?=\w)", r"<\1x:", rows), "x")})
    found = opened_as(tmp_path, data)
    assert shown(found.facts.distant) == ["整改措施!XFD9 远"]
    assert shown(found.strays) == ["整改措施!B9 近"]


def test_a_sheet_of_far_cells_only_is_blank_and_they_are_told(tmp_path):
    data = edited(drawn(), {SHEET: sheet_of('<row r="9"><c r="XFD9"><v>7</v></c></row>')})
    found = opened_as(tmp_path, data)
    assert shown(found.facts.distant) == ["整改措施!XFD9 7"]
    assert found.rows(village.Measure) == ()


def test_far_cells_on_the_forms_own_sheets_are_told_as_well(tmp_path):
    def further(book, _):
        book.add_worksheet("填写说明").write("XFD1048576", "远")

    marked = drawn(further)
    unmarked = edited(marked, {"docProps/custom.xml": custom()})
    for data in (marked, replaced("xl/sharedStrings.xml", "远", MARK, unmarked)):
        assert [spot.cell for spot in opened_as(tmp_path, data).facts.distant] == ["XFD1048576"]


def test_a_workbook_with_blank_rows_to_the_very_end_is_read(tmp_path):
    def further(book, sheet):
        grey = book.add_format({"bg_color": "#DDDDDD"})
        for row in range(3, 20_000):
            sheet.set_row(row, None, grey)

    found = opened_as(tmp_path, drawn(further))
    assert shown(found.facts.phantom) == ["整改措施!A20000 第 4 至 20000 行只有格式没有内容"]
    assert records(found) == records(opened_as(tmp_path, drawn()))


# ---- packages as odd programs write them


def test_a_package_without_its_texts_is_refused(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(edited(drawn(), {"xl/sharedStrings.xml": None}))
    assert refusal(path) == f"{NAME}：{DAMAGED}"


def test_names_of_parts_with_backslashes_cost_no_row(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(drawn())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name.replace("/", "\\")), old.read(name))
    assert records(opened_as(tmp_path, file.getvalue())) == records(opened_as(tmp_path, drawn()))


def test_rows_and_cells_without_addresses_cost_no_row(tmp_path):
    bare = re.sub(r'(<(?:row|c)) r="[A-Z]*\d+"', r"\1", part_of(drawn(), SHEET))
    assert ' r="' not in bare.partition("<sheetData>")[2]
    found = opened_as(tmp_path, edited(drawn(), {SHEET: bare}))
    assert records(found) == records(opened_as(tmp_path, drawn()))


def test_a_bomb_of_blanks_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(edited(drawn(), {SHEET: None}))
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as package,
        package.open(SHEET, "w") as part,
    ):
        for _ in range(200):
            part.write(b" " * (1 << 20))
    assert path.stat().st_size < 1 << 20
    assert refusal(path) == (
        f"{NAME}：文件内部的 {SHEET} 压缩比异常，可能有害，不能打开。"
        "请把内容填到镇里发放的工作簿里再报送。"
    )


def test_a_day_is_the_same_day_where_days_are_counted_from_1904(tmp_path):
    def further(book, sheet):
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write("D1", "完成时限")
        sheet.write_datetime("D2", dt.datetime(2022, 10, 31), day)  # noqa: DTZ001 -- a cell's

    found = opened_as(tmp_path, drawn(further, date_1904=True))
    assert found.facts.date_1904 is True
    assert found.rows(village.Measure)[0].deadline.end == dt.date(2022, 10, 31)


# ---- pictures in cells


def picture(function: str, result: str) -> Callable[[Any, Any], None]:
    return lambda _, sheet: sheet.write_formula("B2", f'={function}("ID_1",1)', None, result)


@pytest.mark.parametrize("function", ["DISPIMG", "_xlfn.DISPIMG"])
@pytest.mark.parametrize("result", ['=DISPIMG("ID_1",1)', "#NAME?", ""])
def test_a_picture_in_a_cell_is_told_and_its_formula_is_no_text(tmp_path, function, result):
    found = opened_as(tmp_path, drawn(picture(function, result)))
    assert shown(found.facts.pictures) == [f'整改措施!B2 ={function}("ID_1",1)']
    assert (found.facts.formulas, found.facts.errors, found.strays) == ((), (), ())
    assert found.rows(village.Measure)[0].owner is None


def test_a_picture_whose_formula_is_lost_is_told_by_its_text(tmp_path):
    found = opened_as(tmp_path, drawn(lambda _, sheet: sheet.write_string("B3", '=DISPIMG("I",1)')))
    assert shown(found.facts.pictures) == ['整改措施!B3 =DISPIMG("I",1)']
    assert found.rows(village.Measure)[1].owner is None


def test_a_picture_that_stands_as_text_in_the_sheet_itself_is_told(tmp_path):
    cell = '<c r="B4" t="inlineStr"><is><t>=DISPIMG("I",1)</t></is></c>'
    data = replaced(SHEET, "</sheetData>", f'<row r="4">{cell}</row></sheetData>', drawn())
    found = opened_as(tmp_path, data)
    assert shown(found.facts.pictures) == ['整改措施!B4 =DISPIMG("I",1)']
    assert len(found.rows(village.Measure)) == 2


def test_a_text_about_pictures_in_cells_is_a_text(tmp_path):
    found = opened_as(tmp_path, drawn(lambda _, sheet: sheet.write("B3", "用DISPIMG(插图)的人")))
    assert found.facts.pictures == ()
    assert found.rows(village.Measure)[1].owner == ("用DISPIMG(插图)的人",)


def test_pictures_kept_for_cells_are_told_even_where_no_cell_shows_them(tmp_path):
    data = edited(drawn(), {"xl/cellimages.xml": "<etc:cellImages xmlns:etc='e'/>"})
    assert opened_as(tmp_path, data).facts.pictures == (Spot("", "", "单元格图片"),)


# ---- old formats


@pytest.fixture(scope="module")
def converted(tmp_path_factory) -> Path:
    """An example workbook as LibreOffice saves it in other formats."""
    program = office()
    folder = tmp_path_factory.mktemp("旧格式")
    (source,) = (EXAMPLES / "村级工作簿").glob("0203-*.xlsx")
    for suffix in ("xls", "ods"):
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                suffix,
                "--outdir",
                str(folder),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    (folder / "et").mkdir()
    xls = folder / f"{source.stem}.xls"
    (folder / f"{source.stem}.et").write_bytes(xls.read_bytes())
    return folder


@pytest.mark.office
@pytest.mark.parametrize("suffix", [".xls", ".et", ".ods"])
def test_an_old_format_reads_to_the_same_records(converted, suffix):
    (source,) = (EXAMPLES / "村级工作簿").glob("0203-*.xlsx")
    expected = read_workbook(source, FORMS)
    found = read_workbook(converted / f"{source.stem}{suffix}", FORMS)
    assert len(found.rows(village.Measure)) == 23
    assert records(found) == records(expected)
    assert found.identity == expected.identity
    assert (found.facts.kind, found.facts.editor, found.facts.hidden) == (suffix, "", ())
    assert len(found.facts.sha256) == 64


def xlsb_like(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, part in {"xl/workbook.bin": b"\0", **parts}.items():
            package.writestr(name, part)
    return file.getvalue()


def test_an_old_workbook_that_cannot_be_read_is_a_damaged_file(tmp_path):
    path = tmp_path / "村.xlsb"
    path.write_bytes(xlsb_like())
    assert refusal(path) == f"村.xlsb：{DAMAGED}"


def test_an_xlsb_with_a_changed_byte_is_refused_before_anybody_reads_it(tmp_path):
    path = tmp_path / "村.xlsb"
    path.write_bytes(xlsb_like(a=b"0000").replace(b"0000", b"0001", 1))
    assert "校验和不符" in refusal(path)


def with_worker(monkeypatch, code: str) -> None:
    """Let another program stand in for the reading process."""
    run = subprocess.run

    def instead(command, **options):
        assert command[0] == sys.executable
        return run([sys.executable, "-c", code], **options)

    monkeypatch.setattr(subprocess, "run", instead)


@pytest.mark.parametrize("end", ["import os; os.abort()", "raise SystemExit(1)", "print('[')"])
def test_a_reading_process_that_dies_stops_nothing(tmp_path, monkeypatch, end):
    with_worker(monkeypatch, end)
    path = tmp_path / "村.xlsb"
    path.write_bytes(xlsb_like())
    assert refusal(path) == (
        f"村.xlsb：是老格式工作簿（.xlsb），内容读不出来，可能已损坏。{SAVE_AS}"
    )


def test_a_traceback_of_our_own_is_no_damage_of_the_villages(tmp_path, monkeypatch):
    with_worker(monkeypatch, "raise KeyError('a bug')")
    path = tmp_path / "村.xlsb"
    path.write_bytes(xlsb_like())
    with pytest.raises(RuntimeError, match="KeyError: 'a bug'"):
        open_workbook(path, FORMS)


def test_where_no_process_can_be_started_the_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "没有"))
    path = tmp_path / "村.xlsb"
    path.write_bytes(xlsb_like())
    assert "内容读不出来" in refusal(path)


def test_a_reading_process_that_hangs_is_ended(tmp_path, monkeypatch):
    with_worker(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(worker, "_MOST_SECONDS", 0.3)
    path = tmp_path / "村.xlsb"
    path.write_bytes(xlsb_like())
    assert refusal(path) == f"村.xlsb：0.3 秒还没有读完，文件可能已损坏。{SAVE_AS}"


class Stream(io.BytesIO):
    """Standard input or output, of which only the bytes matter."""

    @property
    def buffer(self):
        return self


def answered(monkeypatch, data: bytes):
    """What the worker answers, run in this process through the same two pipes."""

    def here(_command, *, input: bytes, **_options):  # noqa: A002 -- as subprocess calls it
        monkeypatch.setattr(sys, "stdin", Stream(input))
        monkeypatch.setattr(sys, "stdout", out := Stream())
        worker.main()
        monkeypatch.undo()
        return subprocess.CompletedProcess([], 0, out.getvalue(), b"")

    monkeypatch.setattr(worker, "_limit", lambda: None)  # this process shall live on
    monkeypatch.setattr(subprocess, "run", here)
    return worker.read_apart(data, ".ods")


def test_cells_of_every_kind_pass_through_the_pipe(monkeypatch):
    def further(book, sheet):
        def shape(code):
            return book.add_format({"num_format": code})

        moment = dt.datetime(2022, 4, 20, 8, 30)  # noqa: DTZ001 -- as cells have it
        sheet.write_row("A5", ["“引号”\n换行", 7, 0.1, True])
        sheet.write_datetime("A6", moment, shape("yyyy-mm-dd hh:mm"))
        sheet.write_datetime("B6", dt.date(2022, 4, 20), shape("yyyy-mm-dd"))
        sheet.write_datetime("C6", dt.time(8, 30), shape("hh:mm"))
        sheet.write_datetime("D6", dt.timedelta(days=1, hours=6), shape("[h]:mm"))
        sheet.merge_range("A8:B9", "并")
        book.add_worksheet("藏").hide()

    found = answered(monkeypatch, drawn(further))
    grid = found.grids["整改措施"]
    assert grid[4] == ["“引号”\n换行", 7.0, 0.1, True]
    assert type(grid[4][3]) is bool
    assert grid[5] == [
        dt.datetime(2022, 4, 20, 8, 30),  # noqa: DTZ001 -- as above
        dt.date(2022, 4, 20),
        dt.time(8, 30),
        dt.timedelta(days=1, hours=6),
    ]
    assert grid[0] == ["措施编号", "责任人", "计划资金", ""]
    assert found.merged == {"整改措施": [((7, 0), (8, 1))], "藏": []}
    assert found.states == {"藏": "隐藏"}


def test_what_is_no_cell_does_not_pass_through_the_pipe():
    with pytest.raises(TypeError, match="no cell holds a set"):
        worker._json({1})  # noqa: SLF001 -- calamine has no such cells


def test_an_old_workbook_that_is_too_large_is_refused_by_its_sheet(monkeypatch):
    monkeypatch.setattr(worker, "MOST_SLOTS", 8)
    with pytest.raises(Refusal, match=r"^工作表“整改措施”有 3 行、3 列，大得"):
        answered(monkeypatch, drawn())


def test_an_answer_that_is_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(worker, "_MOST_ANSWER", 100)
    with pytest.raises(Refusal, match=r"^内容大得无法读取"):
        answered(monkeypatch, drawn())


def test_the_reading_process_has_a_limit_to_its_memory():
    resource = pytest.importorskip("resource")
    code = (
        "from toolkit.excel import worker; worker._limit();"
        "import resource; print(resource.getrlimit(resource.RLIMIT_AS)[0])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == 2 << 30
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 2 << 30


@pytest.mark.parametrize("limit", [1_900_000, 3_000_000])
def test_a_limit_set_from_outside_is_kept_and_harms_nobody(limit):
    pytest.importorskip("resource")
    code = (
        "from toolkit.excel import worker; worker._limit();"
        "import resource; print(*resource.getrlimit(resource.RLIMIT_AS))"
    )
    command = f'ulimit -v {limit}; exec "{sys.executable}" -c "{code}"'
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    least = min(limit << 10, 2 << 30)
    assert done.stdout.split() == [str(least)] * 2


def test_where_no_limit_may_be_set_the_file_is_read_all_the_same(monkeypatch):
    resource = pytest.importorskip("resource")

    def forbidden(*_):
        raise ValueError

    monkeypatch.setattr(resource, "setrlimit", forbidden)
    worker._limit()  # noqa: SLF001 -- nothing but the system tells the difference


def test_a_file_that_takes_too_much_memory_is_refused_for_its_size(monkeypatch):
    def too_much(*_, **__):
        raise MemoryError

    monkeypatch.setattr(worker, "read_values", too_much)
    with pytest.raises(Refusal, match=r"^内容大得无法读取"):
        answered(monkeypatch, drawn())


def test_without_such_limits_the_file_is_read_all_the_same(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    worker._limit()  # noqa: SLF001 -- nothing but the platform tells the difference


# ---- files that change while they are read


def test_a_file_that_was_changed_meanwhile_is_read_again(tmp_path, monkeypatch):
    path = tmp_path / NAME
    path.write_bytes(b"old")
    read = Path.read_bytes
    left = iter([True, False])

    def changed(self):
        data = read(self)
        if next(left):
            path.write_bytes(b"newer")
        return data

    monkeypatch.setattr(Path, "read_bytes", changed)
    assert read_bytes(path) == b"newer"


@pytest.mark.parametrize("how", ["longer", "touched", "replaced", "half"])
def test_a_file_that_goes_on_changing_is_refused(tmp_path, monkeypatch, how):
    path = tmp_path / NAME
    path.write_bytes(b"0")
    read = Path.read_bytes
    tries = []

    def changed(self):
        data = read(self)
        tries.append(how)
        if how == "longer":
            path.write_bytes(data + b"1")
        elif how == "touched":
            os.utime(path, ns=(len(tries), len(tries)))
        elif how == "replaced":
            (tmp_path / "新").write_bytes(b"0")
            (tmp_path / "新").replace(path)
        return b"" if how == "half" else data

    monkeypatch.setattr(Path, "read_bytes", changed)
    assert refusal(path) == f"{NAME}：文件正在被修改，请稍后再试。"
    assert len(tries) == 3


# ---- bytes at hand

TITLES = "《软弱涣散党组织整顿村级工作簿》或《软弱涣散党组织整顿镇级工作簿》"


def test_a_file_larger_than_any_workbook_is_refused_without_being_read(tmp_path, monkeypatch):
    path = tmp_path / NAME
    with path.open("wb") as file:
        file.truncate((256 << 20) + 1)
    monkeypatch.setattr(Path, "read_bytes", None)  # reading it would fail
    with pytest.raises(UnreadableError, match="：文件有 257 MB，超过 256 MB。"):
        read_bytes(path)


def test_bytes_at_hand_are_opened_without_a_file():
    opened = open_bytes(drawn(), Path(NAME), FORMS)
    assert [row.number for row in opened.read().rows(village.Measure)] == ["P01-M01", "P01-M02"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7", "是 PDF 文件，不是工作簿。请报送填好的 .xlsx 原件。"),
        (edited(drawn(), {"xl/sharedStrings.xml": None}), DAMAGED),
        (
            edited(drawn(), {"docProps/custom.xml": custom()}),
            f"不是本工具发放的工作簿，认不出是哪种表。请用{TITLES}填写后重新报送。",
        ),
        (
            edited(drawn(), {"docProps/custom.xml": custom(**{FORM_PROPERTY: "rollup/1.0.0//"})}),
            f"这是另一种标准工作簿，不能用在这里。请换成{TITLES}。",
        ),
    ],
)
def test_a_refusal_names_the_file_once_and_its_reason_does_not(data, reason):
    with pytest.raises(UnreadableError) as caught:
        open_bytes(data, Path("甲", NAME), FORMS)
    assert caught.value.reason == reason
    assert str(caught.value) == f"{NAME}：{reason}"


def test_a_file_that_is_not_there_is_named_once_too(tmp_path):
    with pytest.raises(UnreadableError) as caught:
        read_bytes(tmp_path / NAME)
    assert caught.value.reason == "找不到这个文件。请核对路径和文件名。"
