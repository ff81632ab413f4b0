"""What a run reports, to people and to programs."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest

from toolkit.errors import UsageError
from toolkit.findings import Finding, Level
from toolkit.report import (
    FORMS,
    READABLE,
    CheckReport,
    FileStatus,
    Outcome,
    RuleFamily,
    RulePage,
    Written,
    as_json,
    as_markdown,
    as_text,
    counts,
    form_of,
    rule_list,
)

DAY = dt.date(2022, 10, 31)
FILE = "0203-上河村-2022.xlsx"
READ = FileStatus(f"村级工作簿/{FILE}", "read", "上河村", "WPS 11.2")
BROKEN = FileStatus("村级工作簿/下河村.xlsx", "unreadable", reason="文件没有传完。")
LOCKED = FileStatus("村级工作簿/~$0203.xlsx", "skipped", reason="Excel 或 WPS 的锁文件")


def finding(**parts) -> Finding:
    usual = {
        "file": FILE,
        "village": "上河村",
        "sheet": "整改措施",
        "cells": ("E7",),
        "header": "完成时限",
        "level": Level.ERROR,
        "rule": "C202",
        "seen": "10月分前",
        "message": "读不出完成时限",
        "fix": "写日期或“2022年10月底前”。",
    }
    return Finding(**{**usual, **parts})


# -- one finding, one line


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (
            {},
            (
                "【必改】0203-上河村-2022.xlsx › 整改措施 › E7（完成时限）："
                "填的是“10月分前”，读不出完成时限。写日期或“2022年10月底前”。[C202]"
            ),
        ),
        (
            {"seen": "", "message": "必填，现在空着", "rule": "C201", "cells": ("E8", "E7")},
            (
                "【必改】0203-上河村-2022.xlsx › 整改措施 › E7:E8（完成时限）："
                "必填，现在空着。写日期或“2022年10月底前”。[C201]"
            ),
        ),
        (
            {"seen": "R99", "message": "“R99”不在“类型”的选项里", "header": "类型代码"},
            (
                "【必改】0203-上河村-2022.xlsx › 整改措施 › E7（类型代码）："
                "“R99”不在“类型”的选项里。写日期或“2022年10月底前”。[C202]"
            ),
        ),
        (
            {"seen": "班子缺配", "message": "按“R01 班子缺配”理解", "level": Level.INFO},
            (
                "【提示】0203-上河村-2022.xlsx › 整改措施 › E7（完成时限）："
                "填的是“班子缺配”，按“R01 班子缺配”理解。写日期或“2022年10月底前”。[C202]"
            ),
        ),
        (
            {"seen": "３４", "message": "按 34 理解", "level": Level.INFO, "fix": "只填数字。"},
            (
                "【提示】0203-上河村-2022.xlsx › 整改措施 › E7（完成时限）："
                "填的是“３４”，按 34 理解。只填数字。[C202]"
            ),
        ),
        (
            {"seen": "P09", "message": "“存在问题”表里没有 P09", "fix": "先补问题。"},
            (
                "【必改】0203-上河村-2022.xlsx › 整改措施 › E7（完成时限）："
                "“存在问题”表里没有 P09。先补问题。[C202]"
            ),
        ),
        (
            {"seen": "7", "message": "实到 7 人，应到只有 6 人", "cells": ("F2", "E2")},
            (
                "【必改】0203-上河村-2022.xlsx › 整改措施 › E2、F2（完成时限）："
                "实到 7 人，应到只有 6 人。写日期或“2022年10月底前”。[C202]"
            ),
        ),
        (
            {"seen": "3", "message": "比 2023 年的少", "fix": "请核对。"},
            (
                "【必改】0203-上河村-2022.xlsx › 整改措施 › E7（完成时限）："
                "填的是“3”，比 2023 年的少。请核对。[C202]"
            ),
        ),
        (
            {"cells": (), "header": "", "seen": "", "message": "缺少“整改措施”工作表"},
            (
                "【必改】0203-上河村-2022.xlsx › 整改措施："
                "缺少“整改措施”工作表。写日期或“2022年10月底前”。[C202]"
            ),
        ),
        (
            {"cells": (), "header": "", "sheet": "", "seen": "", "message": "没有回传。"},
            "【必改】0203-上河村-2022.xlsx：没有回传。写日期或“2022年10月底前”。[C202]",
        ),
        (
            {"level": Level.WARNING, "accepted": True, "seen": "", "message": "没有会议"},
            (
                "【提醒】0203-上河村-2022.xlsx › 整改措施 › E7（完成时限）："
                "没有会议。写日期或“2022年10月底前”。（已在情况说明中说明）[C202]"
            ),
        ),
    ],
)
def test_a_finding_reads_as_one_line_of_whole_sentences(parts, line):
    assert finding(**parts).line() == line


def test_levels_rank_from_the_gravest():
    assert [(level.rank, level.label) for level in Level] == [(0, "必改"), (1, "提醒"), (2, "提示")]


# -- to people


def test_findings_are_listed_then_counted():
    report = CheckReport((READ,), (finding(),), DAY)
    assert as_text(report).splitlines() == [
        finding().line(),
        f"共核对 1 个工作簿：{counts((finding(),))}。",
    ]


def test_files_that_could_not_be_read_are_counted_apart_and_skipped_ones_not_at_all():
    report = CheckReport((READ, BROKEN, LOCKED), (), DAY)
    assert as_text(report) == f"共核对 1 个工作簿：{counts(())}。另有 1 个文件读不了。"
    assert report.unreadable == (BROKEN,)


def test_answered_findings_are_counted_among_the_others():
    late = finding(level=Level.WARNING, accepted=True)
    report = CheckReport((READ,), (finding(), late, finding(level=Level.WARNING)), DAY)
    assert as_text(report).splitlines()[-1] == (
        "共核对 1 个工作簿：必改 1 条，提醒 2 条，提示 0 条，其中已说明 1 条。"
    )


def test_a_file_that_was_not_read_is_told_by_its_name_or_where_names_are_shared_by_its_path():
    assert CheckReport((READ, BROKEN), (), DAY).troubles == ("下河村.xlsx：文件没有传完。",)
    files = tuple(FileStatus(f"{at}/册.xlsx", "unreadable", reason="是空文件。") for at in "甲乙")
    assert CheckReport((READ, *files), (), DAY).troubles == (
        "甲/册.xlsx：是空文件。",
        "乙/册.xlsx：是空文件。",
    )


def test_a_file_that_was_passed_over_and_the_settings_that_hold_are_remarks():
    report = CheckReport((READ, LOCKED), (), DAY, judged_by="镇级工作簿.xlsx")
    assert report.remarks == (
        "按 镇级工作簿.xlsx 的参数核对。",
        "已跳过 村级工作簿/~$0203.xlsx：Excel 或 WPS 的锁文件。",
    )


@pytest.mark.parametrize(
    "form", ["text", "md"], ids=["as the lines of a terminal", "as the items of Markdown"]
)
@pytest.mark.parametrize("part", ["file", "village", "sheet", "header", "seen", "message", "fix"])
def test_nothing_handed_in_can_forge_a_line_or_command_a_terminal(form, part):
    forged = "册\r\n【提示】\u2028共核对 9 个工作簿\x85\x1b[2J\x9b2J\x07\u202e"
    plain, odd = (
        READABLE[form](CheckReport((), (finding(**{part: text}),), DAY)) for text in ("册", forged)
    )
    assert len(odd.split("\n")) == len(plain.split("\n"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", odd)


def test_a_forged_file_name_is_shown_as_it_is_on_one_line():
    text = as_text(CheckReport((), (finding(file="甲\n【必改】乙\x1b[1m.xlsx"),), DAY))
    assert text.startswith("【必改】甲 【必改】乙\ufffd[1m.xlsx › 整改措施 › E7")


def test_a_name_in_old_bytes_is_shown_with_a_replacement():
    old = b"\xb4\xe5.xlsx".decode("utf-8", "surrogateescape")
    text = as_text(CheckReport((), (finding(file=old),), DAY))
    assert text.startswith("【必改】\ufffd\ufffd.xlsx › 整改措施")
    assert text.encode()


# -- as Markdown


def test_markdown_counts_by_file_and_lists_by_file_and_sheet():
    here = READ.path
    clean = FileStatus("村级工作簿/0205-柳湾村-2022.xlsx", "read", "柳湾村")
    late = {"level": Level.WARNING, "rule": "D505", "seen": "", "accepted": True}
    findings = (
        finding(file=here, cells=("E7", "E8", "E9")),
        finding(file=here, message="已过 31 天", fix="抓紧办理。", **late),
        finding(
            file=here,
            sheet="存在问题",
            cells=("A6",),
            header="问题编号",
            rule="X401",
            seen="P03",
            message="问题 P03 没有整改措施",
            fix="补写措施。",
        ),
    )
    report = CheckReport((READ, clean, BROKEN, LOCKED), findings, DAY)
    assert as_markdown(report).splitlines() == [
        "# 核对结果（核对日期：2022年10月31日）",
        "",
        (
            "共核对 2 个工作簿：必改 2 条，提醒 1 条，提示 0 条，其中已说明 1 条。"
            "另有 1 个文件读不了。"
        ),
        "",
        "| 村名 | 文件 | 状态 | 必改 | 提醒 | 提示 | 已说明 |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: |",
        "| 上河村 | 0203-上河村-2022.xlsx | 已读取 | 2 | 1 | 0 | 1 |",
        "| 柳湾村 | 0205-柳湾村-2022.xlsx | 已读取 | 0 | 0 | 0 | 0 |",
        "|  | 下河村.xlsx | 读不了：文件没有传完。 |  |  |  |  |",
        "|  | \\~$0203.xlsx | 跳过：Excel 或 WPS 的锁文件 |  |  |  |  |",
        "",
        "## 上河村（0203-上河村-2022.xlsx）",
        "",
        "### 整改措施",
        "",
        (
            "- **必改** E7:E9（完成时限）：填的是“10月分前”，读不出完成时限。"
            "写日期或“2022年10月底前”。（C202）"
        ),
        ("- **提醒** E7（完成时限）：已过 31 天。抓紧办理。（已在情况说明中说明）（D505）"),
        "",
        "### 存在问题",
        "",
        "- **必改** A6（问题编号）：问题 P03 没有整改措施。补写措施。（X401）",
    ]


def test_markdown_takes_nothing_from_a_workbook_for_markup():
    nasty = "|甲|\n# 乙 *丙* <b>丁</b> [戊](x) `己`"
    report = CheckReport(
        (FileStatus("a|b.xlsx", "read", "一\n村"),),
        (finding(file="a|b.xlsx", village="一\n村", seen=nasty, message="读不出"),),
        DAY,
    )
    lines = as_markdown(report).splitlines()
    assert "| 一 村 | a\\|b.xlsx | 已读取 | 1 | 0 | 0 | 0 |" in lines
    assert "## 一 村（a\\|b.xlsx）" in lines
    assert lines[-1] == (
        "- **必改** E7（完成时限）：填的是“\\|甲\\| \\# 乙 \\*丙\\* \\<b\\>丁\\</b\\> "
        "\\[戊\\](x) \\`己\\`”，读不出。写日期或“2022年10月底前”。（C202）"
    )


def test_a_village_named_like_a_formula_or_markup_is_plain_text_in_markdown():
    name = "=1+1|<b>"
    file = FileStatus("册.xlsx", "read", name)
    lines = as_markdown(CheckReport((file,), (finding(file="册.xlsx", village=name),), DAY))
    assert "| =1+1\\|\\<b\\> | 册.xlsx | 已读取 | 1 | 0 | 0 | 0 |" in lines.splitlines()
    assert "## =1+1\\|\\<b\\>（册.xlsx）" in lines.splitlines()


def test_markdown_tells_files_of_one_name_by_their_paths_and_bears_old_bytes():
    old = b"\xb4\xe5".decode("utf-8", "surrogateescape")
    files = tuple(FileStatus(f"{folder}/册.xlsx", "read", old) for folder in "甲乙")
    alone = finding(file="乙/册.xlsx", village="", sheet="", cells=(), header="", seen="")
    text = as_markdown(CheckReport(files, (alone,), DAY))
    assert "| \ufffd\ufffd | 甲/册.xlsx | 已读取 | 0 | 0 | 0 | 0 |" in text
    assert text.splitlines()[-3:] == [
        "## 乙/册.xlsx",
        "",
        "- **必改**：读不出完成时限。写日期或“2022年10月底前”。（C202）",
    ]


def test_every_file_is_counted_with_what_was_found_in_it():
    here = READ.path
    findings = (
        finding(file=here),
        finding(file=here, level=Level.WARNING),
        finding(file=here, level=Level.WARNING, accepted=True),
    )
    read, broken = CheckReport((READ, BROKEN), findings, DAY).tallies()
    assert (read.file, dict(read.levels), read.accepted) == (
        READ,
        {Level.ERROR: 1, Level.WARNING: 2, Level.INFO: 0},
        1,
    )
    assert (sum(broken.levels.values()), broken.accepted) == (0, 0)


# -- which form is meant


@pytest.mark.parametrize(
    ("form", "target", "meant"),
    [
        (None, None, "text"),
        (None, "结果.txt", "text"),
        (None, "结果", "text"),
        (None, "结果.xlsx", "xlsx"),
        (None, "结果.JSON", "json"),
        (None, "结果.md", "md"),
        ("md", None, "md"),
        ("json", "结果.txt", "json"),
        ("json", "结果.json", "json"),
        ("xlsx", "结果.XLSX", "xlsx"),
    ],
)
def test_a_files_ending_tells_the_form_where_nobody_has_asked_for_one(form, target, meant):
    assert form_of(form, Path(target) if target else None) == meant
    assert meant in FORMS


@pytest.mark.parametrize(
    ("form", "target", "said"),
    [
        ("xlsx", None, "核对结果要做成工作簿，请用 -o 写明文件名，如 -o 核对结果.xlsx。"),
        (
            "text",
            "结果.xlsx",
            (
                "结果.xlsx：文件名的结尾与 --format text 不一致。"
                "请把文件名改成以 .txt 结尾，或去掉 --format。"
            ),
        ),
        (
            "xlsx",
            "结果.txt",
            (
                "结果.txt：文件名的结尾与 --format xlsx 不一致。"
                "请把文件名改成以 .xlsx 结尾，或去掉 --format。"
            ),
        ),
        (
            "json",
            "结果.md",
            (
                "结果.md：文件名的结尾与 --format json 不一致。"
                "请把文件名改成以 .json 结尾，或去掉 --format。"
            ),
        ),
    ],
)
def test_a_form_that_the_file_cannot_have_is_refused(form, target, said):
    with pytest.raises(UsageError) as refused:
        form_of(form, Path(target) if target else None)
    assert str(refused.value) == said


# -- rules


def test_rules_are_listed_under_their_family():
    page = RulePage(
        "L101", "missing-sheet", Level.ERROR, "生效", "缺少工作表。", "为什么", "怎么改"
    )
    late = RulePage("D505", "overdue", Level.WARNING, "试行", "已过时限。", "为什么", "怎么改")
    families = (RuleFamily("L", "版式与身份", (page,)), RuleFamily("D", "日期与阶段", (late,)))
    assert rule_list(families).splitlines() == [
        "L 版式与身份",
        "L101  必改  生效  缺少工作表。",
        "",
        "D 日期与阶段",
        "D505  提醒  试行  已过时限。",
    ]


# -- to programs


def test_json_holds_the_keys_of_the_contract_and_no_others():
    told = json.loads(as_json(CheckReport((READ, BROKEN, LOCKED), (finding(),), DAY)))
    assert told == {
        "version": 1,
        "as_of": "2022-10-31",
        "files": [
            {
                "path": "村级工作簿/0203-上河村-2022.xlsx",
                "village": "上河村",
                "status": "read",
                "editor": "WPS 11.2",
            },
            {
                "path": "村级工作簿/下河村.xlsx",
                "village": "",
                "status": "unreadable",
                "editor": "",
            },
        ],
        "findings": [
            {
                "file": "0203-上河村-2022.xlsx",
                "village": "上河村",
                "sheet": "整改措施",
                "cells": ["E7"],
                "header": "完成时限",
                "level": "error",
                "rule": "C202",
                "seen": "10月分前",
                "message": "读不出完成时限",
                "fix": "写日期或“2022年10月底前”。",
                "accepted": False,
            }
        ],
    }


@pytest.mark.parametrize(
    ("level", "word"),
    [(Level.ERROR, "error"), (Level.WARNING, "warning"), (Level.INFO, "info")],
)
def test_json_names_levels_by_their_english_words(level, word):
    told = json.loads(as_json(CheckReport((), (finding(level=level),), DAY)))
    assert told["findings"][0]["level"] == word


def test_json_is_readable_chinese_and_holds_what_no_file_could():
    old = b"\xb4\xe5.xlsx".decode("utf-8", "surrogateescape")
    text = as_json(
        CheckReport((FileStatus(old, "read", "上河村"),), (finding(seen="\ud83d"),), DAY)
    )
    assert "上河村" in text
    assert text.encode()
    told = json.loads(text)
    assert told["files"][0]["path"] == old
    assert told["findings"][0]["seen"] == "\ud83d"


def test_json_spells_what_a_terminal_would_obey():
    text = as_json(CheckReport((), (finding(seen="\x9b2J\u2028\x1b", message="一\n二"),), DAY))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text)
    (told,) = json.loads(text)["findings"]
    assert (told["seen"], told["message"]) == ("\x9b2J\u2028\x1b", "一\n二")


# -- exit codes


@pytest.mark.parametrize(
    ("files", "findings", "strict", "code"),
    [
        ((READ,), (), False, 0),
        ((READ, LOCKED), (), True, 0),
        ((READ,), (finding(),), False, 1),
        ((READ,), (finding(level=Level.WARNING),), False, 0),
        ((READ,), (finding(level=Level.WARNING),), True, 1),
        ((READ,), (finding(level=Level.INFO),), True, 1),
        ((READ,), (finding(level=Level.WARNING, accepted=True),), True, 0),
        ((READ, BROKEN), (), False, 3),
        ((READ, BROKEN), (finding(),), False, 3),
    ],
)
def test_the_exit_code_tells_the_worst(files, findings, strict, code):
    assert CheckReport(files, findings, DAY).exit_code(strict=strict) == code


def test_an_outcome_is_good_unless_told_otherwise():
    outcome = Outcome((Written(Path("镇汇总.xlsx")),))
    assert (outcome.troubles, outcome.exit_code, outcome.written[0].notes) == ((), 0, ())
