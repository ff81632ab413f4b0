"""The command line, as a clerk meets it."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import click
import docx
import openpyxl
import pytest
from own_wording import own_template

from toolkit import cli, flow, results
from toolkit.demo import example_township
from toolkit.errors import OutputError
from toolkit.excel.blank import build_workbook
from toolkit.rules.catalogue import RULES
from toolkit.word.sorts import SORTS

DAY = ("--as-of", "2022-10-31")


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """The example township, its books as issued and filled in."""
    folder = tmp_path_factory.mktemp("青石镇")
    example = example_township()
    for book in (example.township, *example.villages):
        data = build_workbook(book.form, book.identity, book.filling)
        (folder / book.file_name).write_bytes(data)
    return folder


@pytest.fixture
def township(made, tmp_path) -> Path:
    """A copy of it to work in."""
    return Path(shutil.copytree(made, tmp_path / "工作"))


@pytest.fixture
def clean(township) -> Path:
    return township / "0205-柳湾村-2022.xlsx"


# -- help ---------------------------------------------------------------------------------------


def test_help_lists_every_command_in_the_order_of_the_work(zhengdun):
    said = zhengdun("--help")
    assert said.code == 0
    listed = re.findall(r"^  ([a-z]+) +\S", said.out, re.MULTILINE)
    assert listed == [
        *("init", "issue", "check", "watch", "consolidate", "month", "plan", "summary"),
        *("minutes", "remind", "ledger", "verify", "intake"),
        *("diff", "upgrade", "rules", "explain", "fields", "template", "demo"),
        *("doctor", "live"),
    ]


@pytest.mark.parametrize("name", sorted(cli.cli.commands))
def test_every_command_explains_itself_in_chinese_with_an_example(zhengdun, name):
    said = zhengdun(name, "--help")
    assert said.code == 0
    assert f"例：zhengdun {name}" in said.out
    assert not re.search(r"Usage|Options|Show this|default:", said.out)


def test_the_bare_command_shows_the_help(zhengdun, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = zhengdun()
    assert said.code == 0
    assert "命令：" in said.out
    assert zhengdun("--debug").out == said.out


def test_help_loads_no_heavy_library():
    heavy = ("pandas", "openpyxl", "docx", "xlsxwriter", "xlwings", "lxml", "numpy", "distributed")
    script = (
        "import sys; sys.argv = ['zhengdun', '--help']\n"
        "from toolkit.cli import main\n"
        "try: main()\n"
        f"finally: print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_check_loads_neither_pandas_nor_a_writer(clean):
    script = (
        "import sys; sys.argv = ['zhengdun', 'check', sys.argv[1]]\n"
        "from toolkit.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('pandas', 'openpyxl', 'docx', 'xlsxwriter') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(clean)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_rollup_is_written_with_what_was_loaded_while_its_workbooks_were_read(township, tmp_path):
    script = (
        "import datetime, pathlib, sys\n"
        "from toolkit import flow\n"
        "books, target = map(pathlib.Path, sys.argv[1:])\n"
        "write, seen = flow.write_rollup, []\n"
        "def watched(*args):\n"
        "    flow._make_ready()\n"  # here the processes that read would have been started
        "    before = set(sys.modules)\n"
        "    try: return write(*args)\n"
        "    finally: seen.append(sorted(m for m in set(sys.modules) - before))\n"
        "flow.write_rollup = watched\n"
        "for _ in range(2):\n"  # the second replaces the first, which is looked at before
        "    flow.consolidate([books], target, datetime.date(2022, 10, 31), '2022-10')\n"
        "heavy = ('toolkit.excel.marks.mark', 'urllib.request', 'openpyxl', 'docx', 'pyarrow')\n"
        "print(seen, [m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(township), str(tmp_path / "镇汇总.xlsx")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[[], []] []"


def test_the_package_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "--version"], capture_output=True, text=True, check=True
    )
    assert re.fullmatch(r"zhengdun \d+\.\d+\.\d+\n", done.stdout)


@pytest.mark.parametrize("encoding", ["gbk", "cp936:strict", "ascii"])
def test_a_console_without_unicode_gets_an_answer_all_the_same(encoding, township):
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "check", str(township), *DAY],
        capture_output=True,
        env={"PYTHONIOENCODING": encoding, "PATH": ""},
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    if encoding != "ascii":
        line = done.stdout.decode("gbk").splitlines()[0]
        assert " > 存在问题 > " in line
        assert "\\u" not in line


@pytest.mark.parametrize(
    ("words", "wrong", "command"),
    [
        ("chek", "没有这个命令。", "zhengdun"),
        (
            "check",
            "这里不是工作文件夹，缺少“工作簿或文件夹…”。",
            "zhengdun check",
        ),
        ("check x --foo", "没有“--foo”这个选项。", "zhengdun check"),
        ("check x -o", "选项“-o”后面要有内容。", "zhengdun"),
        (
            "check x --format yml",
            "“--format”写得不对。可以写：text、json、md、xlsx。",
            "zhengdun check",
        ),
        (
            "check x --as-of 昨天",
            "“--as-of”写得不对。日期要写成 2022-10-31 的样子。",
            "zhengdun check",
        ),
        (
            "issue x -o y --year 1",
            "“--year”写得不对。要写 2000 至 2099 之间的整数。",
            "zhengdun issue",
        ),
        ("plan x", "这里不是工作文件夹，缺少“-o、--out”。", "zhengdun plan"),
        ("issue", "这里不是工作文件夹，缺少“-o、--out”。", "zhengdun issue"),
        ("init", "缺少“文件夹”。", "zhengdun init"),
        ("intake x", "这里不是工作文件夹，缺少“-o、--out”。", "zhengdun intake"),
        ("explain", "缺少“规则编号…”。", "zhengdun explain"),
        ("demo 甲 乙", "命令写得不对，多了或少了内容。", "zhengdun demo"),
    ],
)
def test_a_slip_on_the_command_line_is_answered_in_chinese(zhengdun, words, wrong, command):
    said = zhengdun(*words.split())
    assert (said.code, said.out, said.err) == (2, "", f"{wrong}用 {command} --help 查看用法。\n")


# -- check --------------------------------------------------------------------------------------


def test_the_clean_example_has_no_error_and_no_warning(zhengdun, clean):
    said = zhengdun("check", clean, *DAY)
    assert said.code == 0
    assert "共核对 1 个工作簿：必改 0 条，提醒 0 条" in said.out


def test_json_is_the_contract_and_nothing_else(zhengdun, township):
    said = zhengdun("check", township, *DAY, "--format", "json")
    report = json.loads(said.out)
    assert (report["version"], report["as_of"]) == (1, "2022-10-31")
    assert [file["village"] for file in report["files"]] == ["上河村", "柳湾村", "石桥村", ""]
    assert {file["status"] for file in report["files"]} == {"read"}
    keys = ["file", "village", "sheet", "cells", "header", "level", "rule", "seen"]
    assert all(list(f) == [*keys, "message", "fix", "accepted"] for f in report["findings"])
    assert {f["level"] for f in report["findings"]} == {"error", "warning", "info"}
    assert said.code == 1


def test_a_warning_answered_in_the_workbook_is_marked_accepted(zhengdun, township):
    said = zhengdun("check", township, *DAY, "--format", "json", "--select", "D505")
    accepted = [f for f in json.loads(said.out)["findings"] if f["accepted"]]
    assert [(f["village"], f["cells"]) for f in accepted] == [("石桥村", ["G4"])]


def test_select_and_ignore_choose_rules_by_the_beginning_of_their_codes(zhengdun, township):
    said = zhengdun("check", township, *DAY, "--select", "x4,C2", "--ignore", "X405，C203")
    rules = set(re.findall(r"\[([A-Z]\d{3})\]", said.out))
    assert rules
    assert all(rule.startswith(("X4", "C2")) for rule in rules)
    assert not rules & {"X405", "C203"}


def test_an_unknown_rule_is_refused_before_anything_is_read(zhengdun):
    said = zhengdun("check", "nowhere", "--select", "Q9")
    assert said.code == 2
    assert said.err.startswith("没有以“Q9”开头的规则。")


def test_a_report_can_be_written_to_a_file_and_the_old_one_is_kept(zhengdun, clean, tmp_path):
    target = tmp_path / "核对结果.txt"
    target.write_text("旧的")
    said = zhengdun("check", clean, *DAY, "-o", target)
    assert (said.code, said.out) == (0, "")
    assert "共核对 1 个工作簿" in target.read_text("utf-8")
    assert (tmp_path / "核对结果.txt.bak").read_text() == "旧的"


def test_a_reports_form_follows_from_its_files_ending(zhengdun, township, tmp_path):
    words = ("check", township, *DAY, "-o")
    assert zhengdun(*words, tmp_path / "结果.md").code == 1
    assert (tmp_path / "结果.md").read_text("utf-8").startswith("# 核对结果")
    assert zhengdun(*words, tmp_path / "结果.json").code == 1
    told = json.loads((tmp_path / "结果.json").read_text("utf-8"))
    assert zhengdun(*words, tmp_path / "结果.xlsx").code == 1
    book = openpyxl.load_workbook(tmp_path / "结果.xlsx")
    assert book.sheetnames == ["概况", "按规则", "明细"]
    assert book["明细"].max_row == 3 + len(told["findings"])
    printed = zhengdun("check", township, *DAY, "--format", "md").out
    assert printed == (tmp_path / "结果.md").read_text("utf-8")


def test_a_reports_links_lead_to_the_cells_of_the_workbooks(zhengdun, township):
    target = township / "核对" / "结果.xlsx"
    zhengdun("check", township, *DAY, "--select", "C204", "-o", target)
    link = openpyxl.load_workbook(target)["明细"]["E4"].hyperlink
    assert link.location == "'整改措施'!A6"
    assert (target.parent / link.target.replace("\\", "/")).samefile(
        township / "0203-上河村-2022.xlsx"
    )


def test_a_report_that_lies_among_the_workbooks_is_passed_over(zhengdun, township):
    target = township / "核对结果.xlsx"
    words = ("check", township, *DAY, "-o", target)
    zhengdun(*words)
    first = target.read_bytes()
    said = zhengdun(*words)
    assert said.code == 1
    assert f"已跳过 {target}：这是汇总表或其他标准工作簿，不是村级工作簿。" in said.err
    assert openpyxl.load_workbook(target)["概况"].max_row == 1 + (
        openpyxl.load_workbook(io.BytesIO(first))["概况"].max_row
    )


def test_a_workbook_as_report_needs_a_file_and_nothing_is_read_before(zhengdun):
    said = zhengdun("check", "没有这个文件夹", "--format", "xlsx")
    assert (said.code, said.out) == (2, "")
    assert said.err == "核对结果要做成工作簿，请用 -o 写明文件名，如 -o 核对结果.xlsx。\n"


def test_no_result_is_written_over_a_workbook_that_was_handed_in(zhengdun, township, clean):
    before = clean.read_bytes()
    for words in (("check", clean, "-o", clean), ("consolidate", township, "-o", clean)):
        said = zhengdun(*words, *DAY)
        assert said.code == 2
        assert said.err == (
            f"{clean}：这是村里或镇里的工作簿，不能当作结果文件。请用 -o 另指定文件名。\n"
        )
    assert clean.read_bytes() == before


def test_a_result_does_not_take_the_place_of_a_device_or_a_link(zhengdun, clean, tmp_path):
    (tmp_path / "原件.txt").write_text("原件")
    (tmp_path / "链接.txt").symlink_to(tmp_path / "原件.txt")
    os.mkfifo(tmp_path / "管道")
    for name in ("链接.txt", "管道"):
        said = zhengdun("check", clean, *DAY, "-o", tmp_path / name)
        assert said.code == 2
        assert "这是链接或设备，不能当作结果文件。" in said.err
    assert (tmp_path / "链接.txt").is_symlink()
    assert (tmp_path / "原件.txt").read_text() == "原件"


@pytest.mark.parametrize(
    ("words", "suffix"),
    [
        ("consolidate {books} -o {folder}/汇总", ".xlsx"),
        ("consolidate {books} -o {folder}/汇总.xls", ".xlsx"),
        ("plan {books} -o {folder}/方案.doc", ".docx"),
        ("intake {books} -o {folder}/册.xls", ".xlsx"),
    ],
)
def test_a_result_under_a_wrong_ending_is_refused(zhengdun, township, tmp_path, words, suffix):
    said = zhengdun(*words.format(books=township, folder=tmp_path).split())
    assert said.code == 2
    assert f"结果文件名要以 {suffix} 结尾" in said.err


# -- in a work folder ---------------------------------------------------------------------------


@pytest.fixture
def here(work, monkeypatch) -> Path:
    """The example's work folder, in which the commands are run."""
    monkeypatch.chdir(work)
    return work


@pytest.mark.usefixtures("here")
def test_the_bare_command_says_where_things_stand(zhengdun):
    said = zhengdun()
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert len(lines) == 5
    assert lines[0] == "青石镇 2022 年度，名册 3 个村，见 镇级工作簿.xlsx。"
    assert lines[4].startswith("下一步：")


def test_a_check_looks_at_the_villages_workbooks(zhengdun, here, monkeypatch):
    said = zhengdun("check", *DAY)
    assert "共核对 4 个工作簿" in said.out
    assert said.out == zhengdun("check", "村级工作簿", *DAY).out
    monkeypatch.chdir(here / "村级工作簿")  # and from anywhere within
    assert zhengdun("check", *DAY).out == said.out


def test_a_check_that_is_saved_goes_to_its_usual_places(zhengdun, here):
    said = zhengdun("check", "--save", *DAY)
    assert (said.code, said.out) == (1, "")
    told = said.err.splitlines()
    assert told[0] == "已写入 核对结果.xlsx"
    assert re.fullmatch(r"  必改 16 条，提醒 .*条。", told[1])
    assert told[2:] == ["回传件 3 份，在 回传件。"]
    zhengdun("check", "--save", "-o", "甲.txt", "--mark", "乙", *DAY)
    assert (here / "甲.txt").is_file()
    assert len(list((here / "乙").iterdir())) == 3


def test_a_check_is_saved_in_a_work_folder_only(zhengdun, clean, monkeypatch):
    monkeypatch.chdir(clean.parent)
    said = zhengdun("check", clean, "--save")
    assert (said.code, said.out) == (2, "")
    assert said.err == (
        "这里不是工作文件夹。请到工作文件夹里运行；还没有的，先运行 zhengdun init。\n"
    )


@pytest.mark.usefixtures("here")
def test_results_go_to_their_usual_places(zhengdun):
    assert zhengdun("consolidate", *DAY).out == "汇总/2022-10/镇汇总.xlsx\n"
    said = zhengdun("consolidate", "--month", "2022-09", *DAY)
    assert said.out == "汇总/2022-09/镇汇总.xlsx\n"
    assert zhengdun("plan", *DAY).out == "公文/0205-柳湾村-整顿方案.docx\n"
    names = [f"公文/{village}-整顿方案" for village in ("0203-上河村", "0205-柳湾村")]
    drafts = zhengdun("plan", "--draft", *DAY).out.splitlines()
    assert drafts[:2] == [f"{name}-征求意见稿.docx" for name in names]
    assert zhengdun("summary", "--draft", *DAY).out.count("公文/") == 3
    assert zhengdun("upgrade").err.count("已是现用版本") == 3


def test_issuing_goes_to_the_villages_folder(zhengdun, here):
    (here / "村级工作簿" / "0205-柳湾村-2022.xlsx").unlink()
    said = zhengdun("issue")
    assert said.code == 0
    assert "村级工作簿/0205-柳湾村-2022.xlsx" in said.out.splitlines()
    assert (here / "村级工作簿" / "0205-柳湾村-2022.xlsx").is_file()


def test_papers_are_worded_as_the_office_words_them(zhengdun, here):
    (here / "文稿模板").mkdir()
    for name, text in (("文稿模板/整顿方案.docx", "镇里的话"), ("另一份.docx", "另一种话")):
        own_template(here / name, f"{text}：【党员总数】名党员。")
    words = ("plan", "村级工作簿/0205-柳湾村-2022.xlsx", *DAY)
    zhengdun(*words, "-o", "甲.docx")
    zhengdun(*words, "-o", "乙.docx", "--template", "另一份.docx")
    zhengdun("summary", *words[1:], "-o", "丙.docx")
    texts = {
        name: "".join(p.text for p in docx.Document(str(here / f"{name}.docx")).paragraphs)
        for name in "甲乙丙"
    }
    assert "镇里的话：29名党员。" in texts["甲"]
    assert "另一种话：29名党员。" in texts["乙"]
    assert "镇里的话" not in texts["乙"]
    assert "青石镇柳湾村" in texts["丙"]  # a paper without a template of their own


@pytest.mark.usefixtures("here")
def test_a_month_is_told_on_one_screen(zhengdun):
    said = zhengdun("month", "2022-10")
    assert said.code == 1
    lines = said.out.splitlines()
    assert lines[0] == "2022年10月，以 2022年10月31日 为准。"
    assert lines[1].startswith("汇总/2022-10/核对结果.xlsx　必改 16 条")
    assert "需要人工处理：" in lines
    assert said.err == ""


@pytest.mark.usefixtures("here")
def test_a_month_that_is_to_be_quiet_says_what_it_wrote_and_what_must_be_seen_to(zhengdun):
    said = zhengdun("month", "2022-10", "--as-of", "2022-10-20", "-q")
    names = ("核对结果.xlsx", "回传件", "镇汇总.xlsx", "整顿工作情况汇报.docx")
    names += ("催办通知", "整顿台账", "报送指纹.txt")
    assert said.out.splitlines() == [f"汇总/2022-10/{name}" for name in names]
    assert [line.partition("：")[0] for line in said.err.splitlines()] == ["石桥村", "上河村"]


def test_a_month_can_be_run_from_outside(zhengdun, here, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("别处"))
    assert zhengdun("month", "2022-10", "--folder", here, "-q").code == 1
    assert (here / "汇总" / "2022-10" / "镇汇总.xlsx").is_file()
    said = zhengdun("month", "2022-10", "--folder", "没有")
    assert said.err == "没有：不是工作文件夹。请核对路径，或先运行 zhengdun init。\n"
    assert zhengdun("month").err.startswith("这里不是工作文件夹。")


def test_a_month_that_is_history_is_made_again_only_if_that_is_said(zhengdun, here):
    for name in ("2022-09", "2022-10"):
        zhengdun("month", name)
    (here / "村级工作簿" / "0205-柳湾村-2022.xlsx").unlink()
    said = zhengdun("month", "2022-09")
    assert (said.code, said.out) == (2, "")
    assert said.err.endswith("确实要用现在的工作簿重做，请加 --again。\n")
    assert zhengdun("month", "2022-09", "--again").code == 4


def test_a_rollups_month_is_read_as_people_write_it(zhengdun, here):
    said = zhengdun("consolidate", "--month", "2022年9月", *DAY)
    assert said.out == "汇总/2022-09/镇汇总.xlsx\n"
    assert zhengdun("consolidate", "--month", "../九月", *DAY).code == 2
    assert [path.name for path in (here / "汇总").iterdir()] == ["2022-09"]


def test_a_folder_that_lacks_a_mark_says_which_and_shows_the_help(zhengdun, here):
    (here / "村级工作簿").rename(here / "各村")
    said = zhengdun()
    assert said.err == (
        "这里缺村级工作簿文件夹，还不是工作文件夹。放回来，或运行 zhengdun init . 补齐。\n"
    )
    assert "用法：" in said.out


def test_files_passed_over_by_a_month_are_said(zhengdun, here):
    (here / "村级工作簿" / "说明.txt").write_text("x")
    said = zhengdun("month", "2022-10")
    assert said.err == "已跳过 村级工作簿/说明.txt：不是表格文件。\n"


def test_init_says_what_it_made_and_what_to_do_next(zhengdun, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = zhengdun("init", "青石镇", "--year", "2022")
    assert (said.code, said.out) == (0, "青石镇\n")
    assert said.err.splitlines()[0].startswith("  新建 ")
    assert "下一步：" in said.err
    assert zhengdun("init", "青石镇", "-q").err == ""
    assert "已有的保留原样，" in zhengdun("init", "青石镇").err


# -- bad input ----------------------------------------------------------------------------------


def encrypted(path: Path) -> None:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    )


def foreign(path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 -- makes somebody else's workbook

    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("工资表").write("A1", "姓名")


BAD = {
    "空的.xlsx": (lambda path: path.write_bytes(b""), "空"),
    "加密.xlsx": (encrypted, "密码"),
    "网页.xlsx": (lambda path: path.write_bytes(b"<html><table></table></html>"), "网页"),
    "工资.xlsx": (foreign, "不是本工具发放的工作簿"),
    "坏的.xlsx": (lambda path: path.write_bytes(b"PK\x03\x04 broken"), "已损坏"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(zhengdun, township, name):
    make, word = BAD[name]
    make(township / name)
    said = zhengdun("check", township, *DAY, "--select", "C201")
    assert said.code == 3
    (line,) = [line for line in said.err.splitlines() if line.startswith(name)]
    assert word in line
    assert line.endswith("。")
    assert "共核对 4 个工作簿" in said.out


def test_unreadable_files_of_one_name_are_told_apart_by_their_paths(zhengdun, township):
    for folder in ("甲", "乙"):
        (township / folder).mkdir()
        (township / folder / "册.xlsx").write_bytes(b"")
    for words in (("check", township), ("consolidate", township, "-o", township / "汇总.xlsx")):
        said = zhengdun(*words, *DAY)
        assert said.code == 3
        starts = [line.partition("：")[0] for line in said.err.splitlines() if "册" in line]
        assert starts == [str(township / "乙" / "册.xlsx"), str(township / "甲" / "册.xlsx")]


def test_a_files_name_cannot_forge_a_line(zhengdun, township):
    name = "册\n【必改】假的.xlsx\x1b[2J.xlsx"
    (township / name).write_bytes(b"")
    shutil.copy(township / "0207-石桥村-2022.xlsx", township / f"又{name}")
    said = zhengdun("check", township, *DAY)
    assert not any(line.startswith("【必改】假的") for line in (said.out + said.err).splitlines())
    assert "\x1b" not in said.out + said.err
    assert "册 【必改】假的.xlsx\ufffd[2J.xlsx：" in said.err


def test_a_single_check_says_whose_settings_hold_unless_it_is_to_be_quiet(zhengdun, clean):
    said = zhengdun("check", clean, *DAY)
    assert said.err == f"按 {clean.parent / '镇级工作簿.xlsx'} 的参数核对。\n"
    assert zhengdun("check", clean, *DAY, "-q").err == ""


def test_a_check_with_refused_copies_shows_nothing_and_reads_nothing(zhengdun, township):
    (township / "坏.xlsx").write_bytes(b"")
    said = zhengdun("check", township, *DAY, "--mark", township)
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert "在同一个文件夹里" in said.err


def test_a_report_never_takes_the_place_of_the_township_workbook_beside(zhengdun, township):
    town = township / "镇级工作簿.xlsx"
    before = town.read_bytes()
    said = zhengdun("check", township / "0205-柳湾村-2022.xlsx", *DAY, "-o", town)
    assert (said.code, said.out) == (2, "")
    assert "这是村里或镇里的工作簿，不能当作结果文件。" in said.err
    assert town.read_bytes() == before


def test_a_missing_file_is_named_and_the_others_are_read(zhengdun, clean):
    said = zhengdun("check", clean.parent / "没有.xlsx", clean, *DAY)
    assert said.code == 3
    assert said.err == (
        "没有.xlsx：找不到这个文件。请核对路径和文件名。\n"
        f"按 {clean.parent / '镇级工作簿.xlsx'} 的参数核对。\n"
    )
    assert "共核对 1 个工作簿" in said.out


def test_a_locked_file_is_named_and_the_others_are_read(zhengdun, township, monkeypatch):
    locked = "0203-上河村-2022.xlsx"
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == locked:
            raise PermissionError
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    said = zhengdun("check", township, *DAY)
    assert said.code == 3
    assert said.err.startswith(f"{locked}：文件打不开，可能正被占用或没有读取权限。")
    assert "共核对 3 个工作簿" in said.out


def test_a_formula_that_nobody_has_reckoned_is_no_blank(zhengdun, clean):
    book = openpyxl.load_workbook(clean)
    cell = next(row[1] for row in book["基本情况"].iter_rows() if row[0].value == "总户数")
    cell.value = "=200+48"
    book.save(clean)
    said = zhengdun("check", clean, *DAY)
    assert said.code == 1
    (line,) = [line for line in said.out.splitlines() if "【必改】" in line]
    assert f"基本情况 › {cell.coordinate}（总户数）：公式还没有结果，没有可用的内容" in line


def test_a_file_name_in_old_bytes_stops_no_rollup(zhengdun, township):
    old = os.fsdecode("石桥村.xlsx".encode("gbk"))
    (township / "0207-石桥村-2022.xlsx").rename(township / old)
    said = zhengdun("consolidate", township, "-o", township / "汇总.xlsx", *DAY)
    assert said.code == 0
    assert "汇总 3 个村" in said.err


def test_lock_files_of_open_workbooks_are_passed_over_by_name(zhengdun, township):
    (township / "~$0203-上河村-2022.xlsx").write_bytes(b"x" * 165)
    said = zhengdun("check", township, *DAY, "--select", "C204")
    assert "~$0203-上河村-2022.xlsx" in said.err
    assert "共核对 4 个工作簿" in said.out
    assert zhengdun("check", township, *DAY, "-q").err == ""


def test_an_empty_folder_is_told_apart_from_clean_workbooks(zhengdun, tmp_path):
    said = zhengdun("check", tmp_path)
    assert said.code == 2
    assert said.err == f"{tmp_path}：里面没有工作簿。请核对文件夹，或把工作簿放进去再试。\n"


def test_a_village_that_is_not_on_the_roster_is_found(zhengdun, township):
    example = example_township().villages[1]
    identity = type(example.identity)(example.form.id, example.form.version, "0999", "2022")
    filling = dict(example.filling)
    sheet = next(row for row in filling if row.sheet == "基本情况")
    filling[sheet] = [{**filling[sheet][0], "code": "0999", "village": "无名村"}]
    (township / "0999-无名村-2022.xlsx").write_bytes(
        build_workbook(example.form, identity, filling)
    )
    said = zhengdun("check", township, *DAY, "--select", "T7")
    assert "0999-无名村-2022.xlsx" in said.out
    assert "T702" in said.out


def test_two_township_workbooks_are_refused(zhengdun, township):
    shutil.copy(township / "镇级工作簿.xlsx", township / "镇级工作簿 (1).xlsx")
    said = zhengdun("check", township, *DAY)
    assert said.code == 2
    assert said.err.startswith("找到两个镇级工作簿：")


def test_a_bug_is_one_line_and_a_report_file(zhengdun, clean, monkeypatch):
    def burst(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(flow, "check_into", burst)
    said = zhengdun("check", clean)
    assert said.code == 5
    report = Path(said.err.strip().rpartition("：")[2])
    assert said.err.count("\n") == 1
    assert "ZeroDivisionError" in report.read_text("utf-8")
    report.unlink()


def test_debug_shows_a_bug_whole(clean, monkeypatch):
    def burst(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(flow, "check_into", burst)
    for words in (["--debug", "check", str(clean)], ["check", str(clean), "--debug"]):
        monkeypatch.setattr(sys, "argv", ["zhengdun", *words])
        with pytest.raises(ZeroDivisionError):
            cli.main()


def test_stopping_a_run_is_answered_calmly(zhengdun, clean, monkeypatch):
    def stop(*_: object) -> None:
        raise click.Abort

    monkeypatch.setattr(flow, "check_into", stop)
    said = zhengdun("check", clean)
    assert (said.code, said.err) == (2, "已停止，没有写完的结果不会留下。\n")


# -- consolidate --------------------------------------------------------------------------------


def test_consolidate_writes_the_rollup_and_says_how_many_villages_it_holds(zhengdun, township):
    said = zhengdun("consolidate", township, "-o", township / "汇总.xlsx", *DAY)
    assert said.code == 0
    assert said.out == f"{township / '汇总.xlsx'}\n"
    assert "汇总 3 个村" in said.err


def test_a_rollup_without_all_villages_names_them_and_exits_4(zhengdun, township):
    (township / "0207-石桥村-2022.xlsx").unlink()
    said = zhengdun("consolidate", township, "-o", township / "汇总.xlsx", *DAY)
    assert said.code == 4
    assert "石桥村" in said.err
    assert (township / "汇总.xlsx").exists()


def test_an_unreadable_village_is_left_out_by_name(zhengdun, township):
    (township / "0207-石桥村-2022.xlsx").write_bytes(b"")
    said = zhengdun("consolidate", township, "-o", township / "汇总.xlsx", *DAY)
    assert said.code == 4
    assert "石桥村" in said.err


def test_an_unreadable_file_beside_a_complete_township_is_said_and_exits_3(zhengdun, township):
    (township / "残缺.xlsx").write_bytes(b"")
    said = zhengdun("consolidate", township, "-o", township / "汇总.xlsx", *DAY)
    assert said.code == 3
    assert said.err.startswith("残缺.xlsx：")
    assert "汇总 3 个村" in said.err


def test_without_a_roster_an_unreadable_file_may_be_a_village(zhengdun, township):
    (township / "镇级工作簿.xlsx").unlink()
    (township / "残缺.xlsx").write_bytes(b"")
    assert zhengdun("consolidate", township, "-o", township / "汇总.xlsx", *DAY).code == 4


def test_files_passed_over_are_said_by_every_command(zhengdun, township, tmp_path):
    (township / "~$0203-上河村-2022.xlsx").write_bytes(b"x" * 165)
    results = {"consolidate": "汇总.xlsx", "plan": "公文"}
    for command, result in results.items():
        said = zhengdun(command, township, "-o", tmp_path / result, *DAY)
        assert "~$0203-上河村-2022.xlsx" in said.err


def test_running_consolidate_twice_changes_nothing(zhengdun, township, tmp_path):
    target = tmp_path / "汇总.xlsx"
    zhengdun("consolidate", township, "-o", target, *DAY)
    first = (target.read_bytes(), target.stat().st_mtime_ns)
    again = zhengdun("consolidate", township, "-o", target, *DAY)
    assert "内容没有变化，没有重写" in again.err
    assert (target.read_bytes(), target.stat().st_mtime_ns) == first
    assert not (tmp_path / "汇总.xlsx.bak").exists()


def test_without_a_readable_village_no_rollup_is_written(zhengdun, tmp_path):
    (tmp_path / "空.xlsx").write_bytes(b"")
    said = zhengdun("consolidate", tmp_path, "-o", tmp_path / "汇总.xlsx")
    assert said.code == 3
    assert said.err.endswith("没有读到村级工作簿，汇总表没有生成。\n")
    assert not (tmp_path / "汇总.xlsx").exists()


def test_a_rollup_open_in_excel_is_left_alone_and_named(zhengdun, township, monkeypatch):
    target = township / "汇总.xlsx"
    zhengdun("consolidate", township, "-o", target, *DAY)
    before = target.read_bytes()

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("toolkit.outputs._WAITS", ())
    monkeypatch.setattr(Path, "replace", refuse)
    said = zhengdun("consolidate", township, "-o", target, "--as-of", "2022-10-30")
    assert said.code == 2
    assert f"{target}：写不进去，可能正在 Excel、WPS 或 Word 中打开。请先关闭再试。" in said.err
    assert target.read_bytes() == before
    assert not list(township.glob(".zhengdun-*"))


def test_an_earlier_rollup_in_the_folder_is_no_village(zhengdun, township):
    target = township / "汇总.xlsx"
    zhengdun("consolidate", township, "-o", target, *DAY)
    again = zhengdun("consolidate", township, "-o", target, "--as-of", "2022-10-30")
    assert again.code == 0
    assert f"已跳过 {target}：这是汇总表或其他标准工作簿，不是村级工作簿。" in again.err
    assert zhengdun("check", target).code == 3


def test_files_of_one_name_in_two_folders_are_told_apart(zhengdun, township):
    for folder, file in (("甲", "0205-柳湾村-2022.xlsx"), ("乙", "0207-石桥村-2022.xlsx")):
        (township / folder).mkdir()
        (township / file).rename(township / folder / "工作簿.xlsx")
    said = zhengdun("check", township, *DAY, "--select", "C2")
    assert str(township / "乙" / "工作簿.xlsx") in said.out
    assert str(township / "甲" / "工作簿.xlsx") not in said.out
    report = json.loads(zhengdun("check", township, *DAY, "--format", "json").out)
    assert {f["file"] for f in report["findings"]} <= {f["path"] for f in report["files"]}
    papers = zhengdun("plan", township, "-o", township / "公文", *DAY)
    refused = [line.partition("：")[0] for line in papers.err.splitlines() if "还有必改" in line]
    assert refused == ["上河村", "石桥村"]  # not 柳湾村, whose workbook has the same name


def test_a_month_that_is_none_is_refused(zhengdun, township):
    said = zhengdun("consolidate", township, "-o", township / "汇总.xlsx", "--month", "2022-13")
    assert said.code == 2
    assert "2022-13" in said.err
    assert not (township / "汇总.xlsx").exists()


# -- papers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "name"), [("plan", "整顿方案"), ("summary", "整改情况报告-2022-10")]
)
def test_a_folder_of_workbooks_gives_a_paper_each(zhengdun, township, tmp_path, command, name):
    said = zhengdun(command, township, "-o", tmp_path / "公文", "--draft", *DAY)
    assert said.code == 0
    written = sorted(path.name for path in (tmp_path / "公文").iterdir())
    villages = ("0203-上河村", "0205-柳湾村", "0207-石桥村")
    assert written == [f"{village}-{name}-征求意见稿.docx" for village in villages]
    assert said.err.count("改正后再生成正式稿") == 2


def test_one_workbook_gives_the_file_that_was_asked_for(zhengdun, clean, tmp_path):
    said = zhengdun("plan", clean, "-o", tmp_path / "方案.docx", *DAY)
    assert (said.code, said.out) == (0, f"{tmp_path / '方案.docx'}\n")
    paper = docx.Document(io.BytesIO((tmp_path / "方案.docx").read_bytes()))
    assert paper.paragraphs[0].text.startswith("青石镇柳湾村2022年度")


def test_what_is_wrong_with_a_template_is_told_a_sentence_a_line(zhengdun, clean, tmp_path):
    own_template(tmp_path / "整顿方案.docx", "【没有这个】", "【也没有这个】")
    said = zhengdun(
        "plan", clean, "-o", tmp_path / "公文", "--template", tmp_path / "整顿方案.docx"
    )
    assert said.code == 2
    lines = said.err.splitlines()
    assert all(line.startswith("文稿模板《整顿方案》") for line in lines)
    assert len([line for line in lines if "没有这个】" in line]) == 2


def test_several_workbooks_do_not_fit_one_file(zhengdun, township, tmp_path):
    said = zhengdun("plan", township, "-o", tmp_path / "方案.docx")
    assert said.code == 2
    assert said.err == f"{tmp_path / '方案.docx'}：有 3 个村，请用 -o 指定文件夹。\n"


def test_a_faulty_workbook_stops_no_other_paper(zhengdun, township, tmp_path):
    (township / "0207-石桥村-2022.xlsx").write_bytes(b"")
    said = zhengdun("plan", township, "-o", tmp_path / "公文", "--draft", *DAY)
    assert said.code == 3
    assert said.err.startswith("0207-石桥村-2022.xlsx：")
    assert len(list((tmp_path / "公文").iterdir())) == 2


def test_without_a_readable_village_no_paper_is_written(zhengdun, tmp_path):
    said = zhengdun("plan", tmp_path / "没有.xlsx", "-o", tmp_path / "公文")
    assert said.code == 3
    assert said.err.endswith("没有读到村级工作簿，文稿没有生成。\n")


def test_an_offices_own_template_sets_the_wording(zhengdun, clean, tmp_path):
    own_template(tmp_path / "自拟.docx", "本单位的话：【党员总数】名党员。")
    target = tmp_path / "方案.docx"
    assert zhengdun("plan", clean, "-o", target, "--template", tmp_path / "自拟.docx").code == 0
    texts = [p.text for p in docx.Document(io.BytesIO(target.read_bytes())).paragraphs]
    assert [text for text in texts if text] == [
        *("题", "本单位的话：29名党员。", "甲", "2022年5月6日")
    ]


def test_a_placeholder_that_does_not_exist_is_named_with_its_paragraph(zhengdun, clean, tmp_path):
    own_template(tmp_path / "自拟.docx", "第二段", "【党员总是】名")
    said = zhengdun(
        "plan", clean, "-o", tmp_path / "方案.docx", "--template", tmp_path / "自拟.docx"
    )
    assert said.code == 2
    assert said.err.startswith("文稿模板《自拟》第 3 段：【党员总是】没有对应的内容。")
    assert "党员总数" in said.err


def test_a_template_that_is_not_there_is_named(zhengdun, clean, tmp_path):
    said = zhengdun("plan", clean, "-o", tmp_path / "方案.docx", "--template", tmp_path / "无.docx")
    assert said.code == 2
    assert "无.docx”打不开" in said.err


def test_a_paper_that_cannot_be_written_stops_no_other(zhengdun, township, tmp_path, monkeypatch):
    write = results.write_output

    def refuse(path: Path, data: bytes, *still: object) -> bool:
        if "柳湾村" in path.name:
            raise OutputError(f"{path.name}：写不进去。")
        return write(path, data, *still)

    monkeypatch.setattr(results, "write_output", refuse)
    said = zhengdun("plan", township, "-o", tmp_path / "公文", "--draft", *DAY)
    assert said.code == 2
    assert "0205-柳湾村-整顿方案-征求意见稿.docx：写不进去。" in said.err
    assert len(list((tmp_path / "公文").iterdir())) == 2


def test_an_output_folder_that_is_a_file_is_named(zhengdun, clean, tmp_path):
    (tmp_path / "公文").write_text("我是文件")
    said = zhengdun("plan", clean, "-o", tmp_path / "公文", *DAY)
    assert said.code == 2
    assert str(tmp_path / "公文") in said.err
    assert (tmp_path / "公文").read_text() == "我是文件"


# -- templates ----------------------------------------------------------------------------------


def test_a_template_is_checked_and_everything_wrong_is_told_at_once(zhengdun, tmp_path):
    file = own_template(
        tmp_path / "我镇整顿方案.docx", "【村名】有【党员总人数】名", "[年度]【】", "【措施内容】"
    )
    said = zhengdun("template", "check", file)
    first, second, third, count = said.out.splitlines()
    assert first.startswith(
        "文稿模板《我镇整顿方案》第 2 段：【党员总人数】没有对应的内容。相近的有："
    )
    assert second == (
        "文稿模板《我镇整顿方案》第 3 段：【】里没有写名称。请写上名称，如【村名】，或删去。"
    )
    assert third == (
        "文稿模板《我镇整顿方案》第 4 段：【措施内容】只能用在【逐行：存在问题】里的"
        "【逐行：整改措施】、【逐行：全部措施】、【逐行：其他措施】等里。"
        "请移到里面，或换一个名称。"
    )
    assert count == "共 3 处要改，按“整顿方案”核对。"
    assert (said.code, said.err) == (1, "")


def test_a_template_that_can_be_used_is_told_so(zhengdun, tmp_path):
    file = own_template(tmp_path / "样.docx", "【村名】", "【逐行：逾期措施】【措施编号】【结束】")
    said = zhengdun("template", "check", file, "--as", "催办通知")
    assert said.out.splitlines() == [
        "文稿模板《样》可以使用，按“催办通知”核对。",
        "用到 2 项内容：【村名】、【措施编号】。",
        "用到 1 张表：【逐行：逾期措施】。",
    ]
    assert (said.code, said.err) == (0, "")


def test_what_is_no_template_or_no_sort_stops_the_check(zhengdun, tmp_path):
    assert zhengdun("template", "check", tmp_path / "整顿方案.docx").code == 2
    said = zhengdun("template", "check", own_template(tmp_path / "样.docx", "文"))
    assert said.code == 2
    assert said.err.startswith("样.docx：从文件名看不出是哪一种文稿。请用 --as 写明：整顿方案、")
    said = zhengdun("template", "check", tmp_path / "样.docx", "--as", "便条")
    assert (said.code, said.err[:15]) == (2, "没有“便条”这一种文稿。可以是")


def test_placeholders_are_listed_or_written(zhengdun, tmp_path):
    said = zhengdun("template", "list", "催办通知")
    assert said.code == 0
    assert (
        "【逐行：临期措施】【还有】　离时限还有几天，如“15天”；就是当天的写“当天”。　例：15天"
        in said.out
    )
    assert "整顿方案" not in said.out
    said = zhengdun("template", "list", "-o", tmp_path / "目录.xlsx")
    assert said.out == f"{tmp_path / '目录.xlsx'}\n"
    assert "个占位符。" in said.err
    assert openpyxl.load_workbook(tmp_path / "目录.xlsx").sheetnames == ["占位符目录"]


def test_an_offices_own_template_words_its_reminders(zhengdun, township, tmp_path):
    file = own_template(tmp_path / "催.docx", "致【村名】：逾期【逾期数】条。")
    out = tmp_path / "催办"
    books = sorted(township.glob("0203*.xlsx"))
    assert zhengdun("remind", *books, "-o", out, *DAY, "--template", file).code == 0
    (letter,) = out.glob("*.docx")
    texts = [paragraph.text for paragraph in docx.Document(str(letter)).paragraphs]
    assert "致上河村：逾期5条。" in texts


def test_a_reminder_whose_template_is_wrong_is_not_written(zhengdun, township, tmp_path):
    file = own_template(tmp_path / "催.docx", "【党员总数】")
    said = zhengdun("remind", township, "-o", tmp_path / "催办", *DAY, "--template", file)
    assert said.code == 2
    assert "文稿模板《催》第 2 段：【党员总数】没有对应的内容。" in said.err


# -- upgrade ------------------------------------------------------------------------------------


def test_upgrade_says_which_workbooks_need_none(zhengdun, clean, tmp_path):
    said = zhengdun("upgrade", clean, "-o", tmp_path / "新")
    assert (said.code, said.out) == (0, "")
    assert re.fullmatch(rf"{re.escape(str(clean))}：已是现用版本 \S+，不用升级。\n", said.err)


# -- intake, rules, demo ------------------------------------------------------------------------


def test_what_intake_cannot_place_is_listed_and_exits_4(zhengdun, tmp_path):
    plan = tmp_path / "方案.txt"
    plan.write_text(
        "一、基本情况\n上河村有党员34名。\n九、与整顿无关的话\n另附照片三张。\n", "utf-8"
    )
    said = zhengdun("intake", plan, "-o", tmp_path / "册.xlsx", "--code", "0203")
    assert said.code == 4
    assert "另附照片三张" in said.err
    assert (tmp_path / "册.xlsx").exists()


def test_intake_of_a_file_that_is_not_there_says_so(zhengdun, tmp_path):
    said = zhengdun("intake", tmp_path / "无.docx", "-o", tmp_path / "册.xlsx")
    assert said.code == 3
    assert said.err.startswith("无.docx：")
    assert not (tmp_path / "册.xlsx").exists()


def test_intake_never_overwrites_a_workbook(zhengdun, clean, tmp_path):
    before = clean.read_bytes()
    (tmp_path / "方案.txt").write_text("一、基本情况\n上河村有党员34名。\n", "utf-8")
    said = zhengdun("intake", tmp_path / "方案.txt", "-o", clean)
    assert said.code == 2
    assert said.err == f"{clean}：已经存在，没有覆盖。请用 -o 另指定文件名，或先移走原文件。\n"
    assert clean.read_bytes() == before


def test_every_rule_is_listed_and_explained(zhengdun):
    listed = zhengdun("rules").out.splitlines()
    codes = [line.split()[0] for line in listed if re.match(r"[A-Z]\d{3}  ", line)]
    assert codes == [rule.code for rule in RULES]
    assert listed[0] == "L 版式与身份"
    page = zhengdun("explain", "x401").out
    assert all(word in page for word in ("X401", "原因：", "改法："))


def test_rules_are_explained_by_the_beginning_of_their_codes_as_well(zhengdun):
    pages = zhengdun("explain", "d501", "x4").out
    told = re.findall(r"^([A-Z]\d{3}) ", pages, re.MULTILINE)
    assert told == [rule.code for rule in RULES if rule.code.startswith(("D501", "X4"))]
    assert len(told) > 10


def test_the_rules_make_a_book_that_can_be_printed(zhengdun, tmp_path):
    target = tmp_path / "规则手册.docx"
    said = zhengdun("rules", "-o", target)
    assert (said.code, said.out, said.err) == (0, f"{target}\n", "")
    texts = [paragraph.text for paragraph in docx.Document(str(target)).paragraphs]
    assert "X401　问题没有对应的整改措施（必改）" in texts
    assert zhengdun("rules", "-o", target).err == "  内容没有变化，没有重写\n"
    refused = zhengdun("rules", "-o", tmp_path / "规则手册.pdf")
    assert refused.code == 2
    assert "结果文件名要以 .docx 结尾" in refused.err


@pytest.mark.parametrize("spelled", ["[D505]、X401", "Ｄ５０５，ｘ４０１", "【d505】 x401"])
def test_codes_are_taken_however_they_are_copied(zhengdun, spelled):
    pages = zhengdun("explain", spelled).out
    assert re.findall(r"^([A-Z][0-9]{3}) ", pages, re.MULTILINE) == ["X401", "D505"]


def test_what_names_no_rule_is_refused(zhengdun, clean):
    assert zhengdun("explain", "！！").code == 2
    said = zhengdun("check", clean, "--select", "、")
    assert (said.code, said.out) == (2, "")
    assert "“、”里没有规则编号。" in said.err


def test_a_report_has_a_name_that_its_program_knows(zhengdun, clean, tmp_path):
    said = zhengdun("check", clean, "-o", tmp_path / "结果.pdf")
    assert said.code == 2
    assert "结果文件名要以 .txt、.md、.json 或 .xlsx 结尾" in said.err
    assert not (tmp_path / "结果.pdf").exists()


def test_a_rule_that_does_not_exist_is_not_explained(zhengdun):
    said = zhengdun("explain", "X999")
    assert said.code == 2
    assert said.err.startswith("没有以“X999”开头的规则。")


def test_the_demonstration_lists_what_it_wrote_and_found(zhengdun, tmp_path):
    said = zhengdun("demo", tmp_path / "示范")
    assert said.code == 0
    written = {path for path in (tmp_path / "示范").rglob("*") if path.is_file()}
    kinds = Counter(path.suffix for path in written)
    # 4 workbooks, 3 copies, receipts, report, rollup, ledger; templates, 6 papers, the township's
    # report, 2 letters, an annex; instructions, hashes, texts to be pasted
    papers = len(SORTS) + 6 + 1 + 3
    assert kinds == {".xlsx": 4 + 3 + 4, ".docx": papers, ".txt": 3, ".cmd": 9, ".sh": 6}
    told = [path for path in written if path.parent.name in {"村级工作簿", "公文", "2022-10"}]
    assert len(told) == 3 + 6 + 4
    assert all(str(path) in said.out for path in told)
    assert re.search(r"必改 [1-9]\d* 条", said.out)
    before = {path: path.stat().st_mtime_ns for path in written}
    assert zhengdun("demo", tmp_path / "示范", "-q").out == ""
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_text_from_a_workbook_never_becomes_a_path(zhengdun, tmp_path):
    book = example_township().villages[1]
    filling = dict(book.filling)
    sheet = next(row for row in filling if row.sheet == "基本情况")
    filling[sheet] = [{**filling[sheet][0], "village": "../../柳湾村"}]
    (tmp_path / "册.xlsx").write_bytes(build_workbook(book.form, book.identity, filling))
    zhengdun("plan", tmp_path / "册.xlsx", "-o", tmp_path / "公文" / "里")
    written = list(tmp_path.rglob("*.docx"))
    assert [path.parent for path in written] == [tmp_path / "公文" / "里"]
    assert zipfile.is_zipfile(written[0])
