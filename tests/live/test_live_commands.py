"""The live commands, as a clerk meets them beside an open workbook."""

import hashlib
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from live_engine import BUSY, REFUSED, ComError
from paths import EXAMPLES
from worked import write

from toolkit.demo import example_township
from toolkit.errors import LiveError
from toolkit.forms import rollup
from toolkit.live import marks, program, states

DAY = ("--as-of", "2022-10-31")
BOOK = "0203-上河村-2022.xlsx"
REPORT = "核对结果-0203-上河村-2022.xlsx"
"""In the root of the work folder: no report lies among the villages' workbooks."""


@pytest.fixture
def place(work, monkeypatch) -> Path:
    """Where a village's workbook lies in a work folder, in which the clerk stands."""
    monkeypatch.chdir(work)
    return work / "村级工作簿" / BOOK


@pytest.fixture
def book(excel, place):
    """That workbook, open in Excel."""
    return excel.open(place.read_bytes(), path=place)


def everything(folder: Path) -> dict[str, str]:
    """Return every file of a folder with the digest of its content."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# -- where it cannot work -------------------------------------------------------------------------

COMMANDS = ("check", "mark", "unmark", "next", "prev", "plan", "rollup", "doctor")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_chinese_with_an_example(zhengdun, name):
    said = zhengdun("live", name, "--help")
    assert said.code == 0
    assert f"例：zhengdun live {name}" in said.out
    assert not re.search(r"Usage|Options|Show this|default:", said.out)


def test_the_help_promises_nothing_of_wps(zhengdun):
    said = zhengdun("live", "--help")
    assert "WPS 按 Ket.Application 试着连接，能不能用因版本而异；用 live doctor 记录。" in said.out
    assert re.findall(r"^  ([a-z]+) +\S", said.out, re.MULTILINE) == [*COMMANDS]


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    ("system", "sentence"), [("linux", states.NOT_WINDOWS), ("darwin", states.MACOS)]
)
def test_without_windows_each_ends_with_one_line_and_3(
    zhengdun, name, system, sentence, monkeypatch
):
    monkeypatch.setattr(states, "SYSTEM", system)
    said = zhengdun("live", name)
    assert (said.code, said.out, said.err) == (3, "", f"{sentence}\n")


def test_without_windows_xlwings_is_not_even_loaded():
    script = (
        "import sys; sys.argv = ['zhengdun', 'live', 'check']\n"
        "from toolkit.cli import main\n"
        "try: main()\n"
        "finally: print('xlwings' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (3, "False\n")


@pytest.mark.usefixtures("windows")
def test_without_xlwings_there_is_one_line_too(zhengdun, monkeypatch):
    for module in [name for name in sys.modules if name.startswith("toolkit.live.")]:
        if module != "toolkit.live.states":
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "xlwings", None)
    said = zhengdun("live", "check")
    assert (said.code, said.out, said.err) == (3, "", f"{states.NO_XLWINGS}\n")


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.usefixtures("place")
def test_with_nothing_open_each_ends_with_one_line_and_3(zhengdun, name, excel):
    said = zhengdun("live", name)
    assert (said.code, said.out, said.err) == (3, "", f"{states.NOTHING_OPEN}\n")
    assert excel.edits == []


@pytest.mark.parametrize("name", COMMANDS)
def test_beside_a_busy_program_each_ends_with_one_line_and_3(zhengdun, name, book):
    book.app.busy = True
    said = zhengdun("live", name)
    assert (said.code, said.out, said.err) == (3, "", f"{states.BUSY}\n")


@pytest.mark.usefixtures("book")
def test_of_two_workbooks_one_must_be_named(zhengdun, excel, place):
    excel.open(place.read_bytes(), path=place.with_name("0205-柳湾村-2022.xlsx"))
    said = zhengdun("live", "check", "--book", "村", *DAY)
    assert (said.code, said.err.count("\n")) == (2, 1)
    assert BOOK in said.err
    said = zhengdun("live", "check", "--book", "上河村", *DAY)
    assert said.err.startswith(f"核对的是：{BOOK}（Excel，含未保存的修改）。\n")


# -- check ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("book")
def test_a_check_finds_what_a_check_of_the_file_does_and_writes_to_nothing_open(
    zhengdun, place, excel, work
):
    by_file = zhengdun("check", place, *DAY)
    before = everything(work)
    said = zhengdun("live", "check", *DAY)
    assert (said.code, said.out) == (1, by_file.out)
    head, *_, written = said.err.splitlines()
    assert head == f"核对的是：{BOOK}（Excel，含未保存的修改）。"
    assert written == f"已写入 {work / REPORT}"
    assert excel.edits == []
    assert everything(work).keys() - before.keys() == {REPORT}
    assert before.items() <= everything(work).items()


def test_what_is_not_saved_yet_is_checked(zhengdun, book):
    before = zhengdun("live", "check", *DAY).out
    book.backend.write("整改措施", "G7", [["10月分前"]])  # the deadline
    after = zhengdun("live", "check", *DAY).out
    assert "10月分前" in after
    assert "10月分前" not in before


def test_it_is_judged_by_the_township_workbook_where_it_lies(
    zhengdun, excel, place, tmp_path_factory, monkeypatch
):
    elsewhere = tmp_path_factory.mktemp("别处")
    write(place.parents[1] / "镇级工作簿.xlsx", example_township().township, cutoff_day=20)
    monkeypatch.chdir(elsewhere)
    excel.open(place.read_bytes(), path=place)
    said = zhengdun("live", "check", *DAY)
    assert f"按 {place.parents[1] / '镇级工作簿.xlsx'} 的参数核对。" in said.err


def test_one_that_was_never_saved_is_judged_by_itself_and_only_listed(zhengdun, excel, place, work):
    excel.open(place.read_bytes())
    before = everything(work)
    said = zhengdun("live", "check", *DAY)
    assert said.code == 1
    assert "没有找到镇级工作簿，按默认参数核对。" in said.err
    assert "工作簿1 还没有存到这台电脑上，没有写 核对结果.xlsx；要写请用 -o。" in said.err
    assert everything(work) == before
    assert zhengdun("live", "check", "-o", work / "结果.xlsx", *DAY).code == 1
    assert (work / "结果.xlsx").is_file()


def test_one_in_a_cloud_is_said_to_be_there_and_a_mark_to_be_saved_with_it(zhengdun, excel, place):
    book = excel.open(place.read_bytes(), f"https://d.docs.live.net/123/{BOOK}")
    said = zhengdun("live", "mark", *DAY)
    assert f"{BOOK} 存在云盘里，没有写 核对结果.xlsx；要写请用 -o。" in said.err
    assert "没有找到镇级工作簿，按默认参数核对。" in said.err
    assert "处，没有保存；" in said.err
    book.backend.write("整改措施", "G7", [["10月分前"]])
    book.AutoSaveOn = True
    assert "处，自动保存开着，标记会随文件保存；" in zhengdun("live", "mark", *DAY).err
    assert "处标记，自动保存开着，清除会随文件保存；" in zhengdun("live", "unmark").err


def test_outside_a_work_folder_the_report_lies_beside_and_no_township_is_said(
    zhengdun, excel, place, tmp_path_factory, monkeypatch
):
    alone = tmp_path_factory.mktemp("别处") / BOOK
    alone.write_bytes(place.read_bytes())
    monkeypatch.chdir(alone.parent)
    excel.open(alone.read_bytes(), alone)
    said = zhengdun("live", "check", *DAY)
    assert f"已写入 {alone.with_name('核对结果.xlsx')}" in said.err
    assert "没有找到镇级工作簿，按默认参数核对。" in said.err


@pytest.mark.usefixtures("book")
def test_the_report_links_to_the_workbook(zhengdun, work):
    zhengdun("live", "check", *DAY)
    report = openpyxl.load_workbook(work / REPORT)
    links = [cell.hyperlink for row in report["明细"].rows for cell in row if cell.hyperlink]
    assert links
    assert all(BOOK in link.target for link in links)


@pytest.mark.usefixtures("book")
def test_a_report_that_is_open_or_not_ours_keeps_its_place(zhengdun, place, work):
    (work / REPORT).write_bytes(place.read_bytes())
    (work / f"~${Path(REPORT).stem}-2.xlsx").write_bytes(b"\x00")
    said = zhengdun("live", "check", *DAY)
    assert f"已写入 {work / REPORT.replace('.xlsx', '-3.xlsx')}" in said.err
    assert (work / REPORT).read_bytes() == place.read_bytes()


@pytest.mark.usefixtures("book")
def test_where_no_report_can_be_written_the_findings_are_listed_all_the_same(zhengdun, work):
    stem = Path(REPORT).stem
    for name in (stem, *(f"{stem}-{number}" for number in range(2, 10))):
        (work / f"{name}.xlsx").mkdir()
    said = zhengdun("live", "check", *DAY)
    assert said.code == 2
    assert "共核对 1 个工作簿" in said.out
    assert "2022.xlsx：这是文件夹，不能当作结果文件。" in said.err


@pytest.mark.usefixtures("book")
def test_no_report_goes_over_a_workbook_that_people_fill_in(zhengdun, place):
    before = place.read_bytes()
    said = zhengdun("live", "check", "-o", place, *DAY)
    assert (said.code, said.out) == (2, "")
    assert place.read_bytes() == before


def test_a_workbook_of_another_kind_is_told_and_gets_neither_marks_nor_report(
    zhengdun, excel, work
):
    report = EXAMPLES / "汇总" / "2022-10" / "镇汇总.xlsx"
    excel.open(report.read_bytes(), path=work / "村级工作簿" / "镇汇总.xlsx")
    said = zhengdun("live", "mark", *DAY)
    assert said.code == 3
    assert "镇汇总.xlsx：这是另一种标准工作簿" in said.err
    assert excel.edits == []
    assert not list(work.rglob("核对结果*"))


@pytest.mark.usefixtures("book")
def test_quiet_it_says_which_workbook_and_the_findings_alone(zhengdun):
    said = zhengdun("live", "check", "-q", *DAY)
    assert said.err == f"核对的是：{BOOK}（Excel，含未保存的修改）。\n"


# -- mark and unmark ------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [("mark",), ("check", "--mark")])
def test_marks_stand_at_the_cells_of_the_findings(words, zhengdun, book, place):
    saved = place.read_bytes()
    said = zhengdun("live", *words, *DAY)
    assert said.code == 1
    told = re.search(r"已标出 (\d+) 处，没有保存；标记以前的操作不能再撤销。", said.err)
    marked = [cell for title in book.backend.sheets() for cell in book.backend.notes(title)]
    assert told
    assert len(marked) >= int(told[1]) > 10
    assert any("【必改】" in note for note in book.backend.notes("存在问题").values())
    assert place.read_bytes() == saved


@pytest.mark.usefixtures("book")
def test_marked_twice_is_marked_once(zhengdun, excel):
    zhengdun("live", "mark", *DAY)
    before = list(excel.edits)
    said = zhengdun("live", "mark", *DAY)
    assert re.search(r"标记没有变化，共 \d+ 处。", said.err)
    assert excel.edits == before


def test_what_was_marked_is_as_it_was_after_unmark(zhengdun, book):
    book.backend.set_note("存在问题", "B4", "村里写的")
    notes = {title: book.backend.notes(title) for title in book.backend.sheets()}
    zhengdun("live", "mark", *DAY)
    said = zhengdun("live", "unmark")
    assert said.code == 0
    assert re.search(r"已清除 \d+ 处标记，没有保存；清除以前的操作不能再撤销。", said.err)
    assert {title: book.backend.notes(title) for title in book.backend.sheets()} == notes


@pytest.mark.usefixtures("book")
def test_without_marks_unmark_changes_nothing(zhengdun, excel):
    said = zhengdun("live", "unmark")
    assert said.code == 0
    assert "没有标记，工作簿没有改动。" in said.err
    assert excel.edits == []


def test_a_workbook_opened_read_only_is_listed_and_not_marked(zhengdun, book, excel):
    book.read_only = True
    said = zhengdun("live", "mark", *DAY)
    assert said.code == 3
    assert states.READ_ONLY in said.err
    assert zhengdun("live", "unmark").code == 3
    assert excel.edits == []


@pytest.mark.usefixtures("book")
def test_a_program_that_gets_busy_while_it_marks_leaves_the_findings_on_the_screen(
    zhengdun, monkeypatch
):
    def busy(*_: object) -> None:
        raise LiveError(states.BUSY)

    monkeypatch.setattr(marks, "write", busy)
    said = zhengdun("live", "mark", *DAY)
    assert said.code == 3
    assert states.BUSY in said.err
    assert "共核对 1 个工作簿" in said.out


REFUSED_CELL = "C7"


@pytest.fixture
def refusing(book, monkeypatch):
    """Have one cell of a sheet refuse its note; return what ends that."""
    write = book.backend.set_note

    def refuse(title, cell, text):
        if (title, cell) == ("存在问题", REFUSED_CELL):
            raise ComError(REFUSED)
        write(title, cell, text)

    def end():
        monkeypatch.setattr(book.backend, "set_note", write)

    monkeypatch.setattr(book.backend, "set_note", refuse)
    return end


def test_what_the_program_refuses_is_counted_and_tells_no_untruth(zhengdun, book, refusing):
    said = zhengdun("live", "mark", *DAY)
    notes = sum(len(book.backend.notes(title)) for title in book.backend.sheets())
    assert said.code == 3
    assert f"已标出 {notes} 处，没有保存；" in said.err
    assert "另有 1 处 Excel 没有接受，没有标记。" in said.err
    assert "受保护" not in said.err
    refusing()
    again = zhengdun("live", "mark", *DAY)
    assert again.code == 1
    assert f"已标出 {notes + 1} 处" in again.err


def test_a_sheet_whose_password_is_not_known_is_listed_and_the_code_says_so(zhengdun, book):
    book.backend.book["存在问题"].protection.set_password("别人设的")
    book.backend.touched = True
    said = zhengdun("live", "mark", *DAY)
    assert said.code == 3
    assert "工作表“存在问题”受保护，只列出问题，不做标记。" in said.err


# -- next and prev --------------------------------------------------------------------------------


def test_next_selects_a_mark_and_says_what_is_wrong_there(zhengdun, book):
    zhengdun("live", "mark", *DAY)
    said = zhengdun("live", "next")
    assert said.code == 0
    first = said.out.splitlines()[0]
    sheet, cell = re.match(r"(.+)!([A-Z]+\d+)：(?:1\. )?【(?:必改|提醒|提示)】", first).groups()
    assert (book.backend.active(), book.backend.selection()) == (sheet, cell)
    after = zhengdun("live", "next").out
    assert after != said.out
    assert zhengdun("live", "prev").out == said.out


@pytest.mark.usefixtures("book")
def test_without_marks_next_says_how_to_make_them(zhengdun, excel):
    said = zhengdun("live", "next")
    assert (said.code, said.out) == (3, "")  # the launcher's window stays for it
    assert said.err == "没有标记。请先运行 zhengdun live mark。\n"
    assert excel.edits == []


@pytest.mark.usefixtures("place")
def test_where_all_marks_are_on_a_hidden_sheet_next_says_so(zhengdun, book):
    zhengdun("live", "mark", *DAY)
    for title in book.backend.sheets():
        if book.backend.notes(title):
            book.backend.book[title].sheet_state = "hidden"
    said = zhengdun("live", "next")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("标记都在隐藏的工作表“")


# -- plan -----------------------------------------------------------------------------------------


def test_a_plan_is_made_from_what_stands_there_now(zhengdun, excel, work, monkeypatch):
    monkeypatch.chdir(work)
    place = work / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    book = excel.open(place.read_bytes(), path=place)
    said = zhengdun("live", "plan", *DAY)
    assert said.code == 0, said.err
    assert said.err.startswith("生成方案的是：0205-柳湾村-2022.xlsx（Excel，含未保存的修改）。")
    assert (work / "公文" / "0205-柳湾村-整顿方案.docx").is_file()
    book.backend.write("整改措施", "A4", [["乱写"]])
    said = zhengdun("live", "plan", "-o", work / "另一份", *DAY)
    assert said.code == 4
    assert "还有必改" in said.err
    assert excel.edits == []


def test_outside_a_work_folder_the_plan_goes_beside_the_workbook(zhengdun, excel, tmp_path):
    place = tmp_path / "柳湾.xlsx"
    shutil.copy(EXAMPLES / "村级工作簿" / "0205-柳湾村-2022.xlsx", place)
    excel.open(place.read_bytes(), path=place)
    assert zhengdun("live", "plan", "--draft", *DAY).code == 0
    assert (tmp_path / "0205-柳湾村-整顿方案-征求意见稿.docx").is_file()


def test_of_a_workbook_that_lies_nowhere_there_is_no_plan(zhengdun, excel, place):
    excel.open(place.read_bytes())
    said = zhengdun("live", "plan", *DAY)
    assert (said.code, said.out) == (3, "")
    assert said.err.splitlines()[-1].startswith("工作簿1 还没有存到这台电脑上，")


# -- rollup ---------------------------------------------------------------------------------------


def register(
    *headers: object, title: str = "会议台账", protected: bool = False, spoiled: str = ""
) -> bytes:
    """Return a register that a township keeps: a title, these headers, and what spoils it."""
    made = openpyxl.Workbook()
    made.active.title = title
    made.active["A1"] = "全镇会议"
    for column, header in enumerate(headers, 1):
        made.active.cell(2, column).value = header
    made.active.protection.sheet = protected
    if spoiled == "merged":
        made.active.merge_cells("B5:C6")
    if spoiled == "filtered":
        made.active["A3"] = 1
        made.active.row_dimensions[3].hidden = True
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def meeting_headers() -> list[object]:
    rollup = openpyxl.load_workbook(EXAMPLES / "汇总" / "2022-10" / "镇汇总.xlsx")
    return [cell.value for cell in rollup["会议台账"][3]]


@pytest.fixture
def kept(excel, work, monkeypatch):
    """A register of meetings with the rollup's headers, open in Excel."""
    monkeypatch.chdir(work)
    data = register(*meeting_headers())
    (work / "登记簿.xlsx").write_bytes(data)
    return excel.open(data, path=work / "登记簿.xlsx")


def test_a_rollup_s_ledger_stands_under_the_headers_and_the_copy_beside_it(zhengdun, kept, work):
    saved = (work / "登记簿.xlsx").read_bytes()
    said = zhengdun("live", "rollup", *DAY)
    assert said.err.startswith("写入的是：登记簿.xlsx（Excel，含未保存的修改）。")
    assert "“会议台账” 18 行" in said.err
    assert "写入前的内容在 登记簿-备份.xlsx" in said.err
    lines = kept.backend.read("会议台账", "A3:C21")
    assert [line[0] for line in lines] == [*sorted(line[0] for line in lines[:-1]), None]
    assert lines[0] == [1.0, "0203", "上河村"]  # a code keeps its nought
    assert (work / "登记簿-备份.xlsx").read_bytes() == saved
    assert (work / "登记簿.xlsx").read_bytes() == saved


def test_a_copy_beside_it_takes_no_name_that_is_taken(zhengdun, kept, work):
    mine = work / "登记簿-备份.xlsx"
    mine.write_bytes(b"mine, the only one")
    now = kept.bytes()
    said = zhengdun("live", "rollup", *DAY)
    assert "写入前的内容在 登记簿-备份-2.xlsx" in said.err
    assert (work / "登记簿-备份-2.xlsx").read_bytes() == now
    kept.backend.write("会议台账", "C3", [["改过"]])
    said = zhengdun("live", "rollup", *DAY)
    assert "写入前的内容在 登记簿-备份-3.xlsx" in said.err
    assert mine.read_bytes() == b"mine, the only one"
    assert not list(work.glob("*.bak"))


@pytest.mark.parametrize(
    ("member", "so_far"),
    [("set_number_format", "没有改动"), ("write", "改了 {} 处数字格式，内容没有写进去")],
)
def test_what_stops_in_the_midst_is_said_with_what_was_changed(
    zhengdun, kept, monkeypatch, member, so_far
):
    def stop(*_):
        kept.app.busy = True
        raise ComError(BUSY)

    monkeypatch.setattr(kept.backend, member, stop)
    said = zhengdun("live", "rollup", *DAY)
    assert said.code == 3
    last = said.err.splitlines()[-1]
    assert last.startswith("Excel 或 WPS 表格正忙。")
    so_far = so_far.format([each[0] for each in kept.app.edits].count("NumberFormat"))
    assert f"工作表“会议台账”{so_far}。写入前的内容在 登记簿-备份.xlsx。" in last


@pytest.mark.usefixtures("kept")
def test_written_twice_is_written_once(zhengdun, excel):
    zhengdun("live", "rollup", *DAY)
    before = list(excel.edits)
    said = zhengdun("live", "rollup", *DAY)
    assert "内容没有变化，没有重写" in said.err
    assert excel.edits == before


def test_a_village_that_is_gone_leaves_no_line_behind(zhengdun, kept, work):
    zhengdun("live", "rollup", *DAY)
    (work / "村级工作簿" / BOOK).unlink()
    zhengdun("live", "rollup", *DAY)
    lines = kept.backend.read("会议台账", "A3:C21")
    held = [line for line in lines if line[0] is not None]
    assert 0 < len(held) < 18
    assert all(line == [None, None, None] for line in lines[len(held) :])
    assert "上河村" not in {line[2] for line in held}


def test_a_number_where_text_stood_is_a_number(zhengdun, kept):
    kept.backend.set_number_format("会议台账", "A3:A40", "@")
    zhengdun("live", "rollup", *DAY)
    assert kept.backend.number_format("会议台账", "A3") == "General"
    assert kept.backend.number_format("会议台账", "B3") == "@"
    assert kept.backend.read("会议台账", "A3") == [[1.0]]


@pytest.mark.parametrize(
    ("data", "words", "code", "sentence"),
    [
        (register("村序号", "村名"), (), 2, "的表头和镇汇总不一致，没有写入：少"),
        (register("村序号", title="表1"), (), 2, "工作表“表1”不是汇总表里的。用 --sheet 写明："),
        (register("村序号"), ("--sheet", "措施台账"), 3, "里没有工作表“措施台账”。"),
        (register(*meeting_headers(), protected=True), (), 3, "工作表“会议台账”受保护，没有写入。"),
        (
            register(*meeting_headers(), spoiled="merged"),
            (),
            2,
            "第 5 行有合并的单元格，没有写入。",
        ),
        (register(*meeting_headers(), spoiled="filtered"), (), 2, "第 3 行是隐藏的，没有写入。"),
    ],
)
def test_where_it_does_not_fit_nothing_is_written(  # noqa: PLR0913, PLR0917 -- a case and its place
    data, words, code, sentence, zhengdun, excel, work
):
    excel.open(data, path=work / "登记簿.xlsx")
    said = zhengdun("live", "rollup", work, *words, *DAY)
    assert said.code == code
    assert sentence in said.err
    assert excel.edits == []
    assert not (work / "登记簿-备份.xlsx").exists()


def test_a_register_opened_read_only_or_lying_nowhere_is_refused(zhengdun, kept, excel):
    kept.read_only = True
    said = zhengdun("live", "rollup", *DAY)
    assert said.code == 3
    assert "这个工作簿是以只读方式打开的，没有写入。" in said.err
    excel.open(register(*meeting_headers()))
    said = zhengdun("live", "rollup", *DAY)
    assert said.code == 3
    assert "工作簿1 还没有存到这台电脑上，不能先留备份，没有写入。" in said.err
    assert excel.edits == []


@pytest.mark.usefixtures("kept")
def test_a_register_whose_copy_cannot_be_read_is_refused(zhengdun, excel, monkeypatch):
    monkeypatch.setattr(program, "content", lambda _: b"PK\x05\x06" + bytes(18))
    said = zhengdun("live", "rollup", "--sheet", "会议台账", *DAY)
    assert said.code == 3
    assert said.err.splitlines()[-1].startswith("登记簿.xlsx：")
    assert excel.edits == []


@pytest.mark.usefixtures("kept")
def test_ledgers_too_long_for_a_sheet_are_refused(zhengdun, excel, monkeypatch):
    monkeypatch.setattr(rollup, "MOST_LINES", 60)  # of 109 findings
    said = zhengdun("live", "rollup", "--sheet", "会议台账", *DAY)
    assert said.code == 2
    assert "台账超过一张工作表的行数，没有写入。" in said.err
    assert excel.edits == []


@pytest.mark.usefixtures("kept")
def test_without_a_village_s_workbook_nothing_is_written(zhengdun, excel, work):
    shutil.rmtree(work / "村级工作簿")
    (work / "村级工作簿").mkdir()
    said = zhengdun("live", "rollup", *DAY)
    assert said.code == 3
    assert "没有读到村级工作簿，汇总表没有生成。" in said.err
    assert excel.edits == []
