"""The catalogue of placeholders: nothing that a template can name is missing or unsaid."""

from pathlib import Path

import openpyxl
import pytest
from own_wording import own_template

from toolkit.errors import OutputError, TemplateError, UsageError
from toolkit.forms.village import Measure, Profile
from toolkit.templates import (
    catalogue_book,
    catalogue_page,
    examine,
    examine_all,
    listing,
    write_catalogue,
)
from toolkit.word.catalogue import STYLES_ABOUT, entries, page, vocabularies
from toolkit.word.content import CONTROL_STYLE, STYLES, Line, names_used
from toolkit.word.parsing import parse
from toolkit.word.scope import Glossary, Scope, walk
from toolkit.word.sorts import SORTS, Sort, sort_named
from toolkit.word.wording import standard_template, template_docx

ALL = [
    (sort.name, entry)
    for group in vocabularies()
    for sort in group.sorts[:1]
    for entry in group.entries
]
TOY = Sort(
    "便条",
    "试用。",
    lambda: Scope(
        {"村名": "上河村", "党员总数": "34", "备注": "甲\n乙"},
        {
            "措施": [Scope({"措施内容": "入股"}, {"子表": [Scope({"村名": "丙"})]})],
            "别的措施": [Scope({"措施内容": "入股"})],
        },
    ),
    lambda: Glossary(
        {"村名": "哪个村。", "子表.村名": "另一个村。", "备注": "随便写。", "措施": "一条一次。",
         "别的措施": "也一条一次。", "子表": "又一次。"},
        {"": Profile, "措施": Measure, "别的措施": Measure},
    ),
)  # fmt: skip


# -- nothing is unsaid ----------------------------------------------------------------------------


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.name)
def test_every_name_is_told_in_a_sentence(sort):
    unsaid = [f"{e.place}{e.written}" for e in entries(sort) if not e.about.endswith("。")]
    assert unsaid == []


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.name)
def test_no_sentence_tells_of_a_name_that_there_is_none_of(sort):
    known = {name for path, scope in walk(sort.specimen()) for name in (*scope.values, *path)}
    inside = {
        f"{path[-1]}.{name}"
        for path, scope in walk(sort.specimen())
        for name in scope.values
        if path
    }
    glossary = sort.glossary()
    assert set(glossary.said) - known - inside == set()
    assert set(glossary.rows) - known - {""} == set()


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.name)
def test_every_table_of_a_specimen_has_a_row_and_every_table_an_example(sort):
    for path, scope in walk(sort.specimen()):
        assert all(scope.tables.values()), path
        assert any(scope.values.values()), path


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.name)
def test_every_listed_name_can_be_used_where_the_catalogue_says(sort):
    lines = [
        Line(
            "公文正文",
            f"{entry.place}{entry.written}{'【结束】' * (len(entry.path) + entry.is_table)}",
        )
        for entry in entries(sort)
    ]
    used = names_used(parse(lines, sort.name, sort.specimen()).nodes)
    assert {name for name, _ in used} == {entry.name for entry in entries(sort)}


def test_every_style_is_told():
    assert tuple(STYLES_ABOUT) == (*STYLES, CONTROL_STYLE)


def test_what_the_shipped_templates_use_is_listed():
    for sort in SORTS:
        listed = {(entry.name, entry.is_table) for entry in entries(sort)}
        assert set(names_used(standard_template(sort.name).nodes)) <= listed


# -- what an entry says ---------------------------------------------------------------------------


def test_an_entry_tells_where_a_name_stands_what_it_holds_and_an_example():
    told = [(e.place, e.written, e.about, e.example) for e in entries(TOY)]
    assert told == [
        ("", "【村名】", "“基本情况”表。写全称，如“上河村”。", "上河村"),
        ("", "【党员总数】", "“基本情况”表，单位：名。包括预备党员。", "34"),
        ("", "【备注】", "随便写。", "甲／乙"),
        ("", "【逐行：措施】", "一条一次。", ""),
        (
            "【逐行：措施】",
            "【措施内容】",
            "“整改措施”表。写做什么、做到什么程度，不写序号。",
            "入股",
        ),
        ("【逐行：措施】", "【逐行：子表】", "又一次。", ""),
        ("【逐行：措施】【逐行：子表】", "【村名】", "另一个村。", "丙"),
        ("", "【逐行：别的措施】", "也一条一次。", ""),
        (
            "【逐行：别的措施】",
            "【措施内容】",
            "“整改措施”表。写做什么、做到什么程度，不写序号。",
            "入股",
        ),
    ]


def test_a_name_that_nothing_tells_of_has_no_sentence():
    glossary = Glossary({}, {"": Profile})
    assert glossary.of_value((), "没有") == glossary.of_value(("表",), "村名") == ""
    assert glossary.of_table("表") == ""
    assert Glossary({}, {"措施": Measure}).of_table("措施") == Measure.hint


def test_examples_are_those_of_the_forms_columns():
    found = {
        entry.written: entry.example for entry in entries(sort_named("整顿方案")) if not entry.path
    }
    assert found["【党员总数】"] == Profile.members.example == "34"
    assert found["【方案日期】"] == "2022年4月20日"
    assert found["【完成率】"] == "33.3%"


# -- as text and as a workbook ---------------------------------------------------------------------


def test_the_page_gives_loops_that_hold_the_same_one_table():
    lines = list(page(vocabularies([TOY])))
    start = lines.index("## 便条\n")
    assert lines[start : start + 4] == ["## 便条\n", "- 便条：试用。", "", "### 单项\n"]
    loops = [line for line in lines[start:] if line.startswith("### 【")]
    assert loops == [
        "### 【逐行：措施】\n",
        "### 【逐行：措施】【逐行：子表】\n",
        "### 【逐行：别的措施】\n",
    ]


def test_a_sort_that_can_use_all_of_anothers_names_is_told_with_what_it_has_besides():
    base = TOY.specimen()
    measures = [Scope(base.tables["措施"][0].values | {"备注": ""}, base.tables["措施"][0].tables)]
    more = Scope(dict(base.values), dict(base.tables) | {"措施": measures})
    other = Sort("纪要", "也试用。", lambda: more, TOY.glossary)
    lines = list(page(vocabularies([TOY, other])))
    assert lines[lines.index("## 纪要\n") :] == [
        "## 纪要\n",
        "- 纪要：也试用。",
        "",
        "“便条”的占位符都可以用，另外还有：\n",
        "### 【逐行：措施】\n",
        "- 【逐行：措施】：一条一次。",
        "",
        "| 占位符 | 内容 | 示例 |",
        "| --- | --- | --- |",
        "| 【备注】 | 随便写。 |  |",
        "",
    ]


def test_neighbours_that_hold_the_same_share_a_table():
    text = catalogue_page().decode()
    (heading,) = [line for line in text.splitlines() if line.startswith("### 【逐行：前言】")]
    assert "、【逐行：下一步打算】" in heading
    assert text.count("| 【全文】 |") == 1


def test_the_screen_tells_a_name_a_line_and_of_one_sort_only_its_own():
    lines = listing("催办通知")
    assert lines[0] == "■ 催办通知"
    assert "【村名】　被催办的村。　例：上河村" in lines
    assert "【逐行：逾期措施】【逾期天数】　到数据截止日逾期几天。　例：31" in lines
    assert "【逐行：缺会】　没有专题研究会议的月份，一个月一次。" in lines
    assert "■ 整顿方案、整改情况报告" in listing()
    assert len(listing()) > len(lines)


def test_the_workbook_has_a_row_a_name_and_equal_bytes(tmp_path):
    target = tmp_path / "目录.xlsx"
    (written,) = write_catalogue(target, "催办通知").written
    count = len(entries(sort_named("催办通知")))
    assert written.notes == (f"{count} 个占位符。",)
    sheet = openpyxl.load_workbook(target)["占位符目录"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("文稿", "占位符", "用在哪里", "内容", "示例")
    assert len(rows) == 1 + count
    assert rows[1] == ("催办通知", "【村名】", None, "被催办的村。", "上河村")
    groups = vocabularies([sort_named("催办通知")])
    assert catalogue_book(groups) == catalogue_book(groups) == target.read_bytes()


def test_a_workbook_that_stands_there_is_not_written_over(tmp_path):
    write_catalogue(tmp_path / "目录.xlsx", "催办通知")
    with pytest.raises(OutputError, match="已经存在，没有覆盖"):
        write_catalogue(tmp_path / "目录.xlsx")


def test_a_page_can_be_written_and_another_name_is_refused(tmp_path):
    (written,) = write_catalogue(tmp_path / "目录.md").written
    assert written.path.read_bytes() == catalogue_page()
    with pytest.raises(UsageError, match=r"目录.docx：结果文件名要以 .xlsx 或 .md 结尾。"):
        write_catalogue(tmp_path / "目录.docx")


# -- a template examined ---------------------------------------------------------------------------


def test_a_template_that_can_be_used_says_what_it_uses(tmp_path):
    path = tmp_path / "我镇催办通知（2022）.docx"
    path.write_bytes(template_docx("催办通知"))
    found = examine(path)
    assert found.exit_code == 0
    assert found.lines[0] == "文稿模板《我镇催办通知（2022）》可以使用，按“催办通知”核对。"
    assert found.lines[1].startswith("用到 32 项内容：【党组织全称】、【乡镇】、")
    assert found.lines[2] == (
        "用到 6 张表：【逐行：多份工作簿】、【逐行：反弹问题】、【逐行：逾期措施】、"
        "【逐行：临期措施】、【逐行：缺会】、【逐行：必改项】。"
    )


def test_a_template_that_uses_nothing_can_be_used(tmp_path):
    own_template(tmp_path / "方案.docx", "照此办理。")
    assert examine(tmp_path / "方案.docx", "整顿方案").lines == (
        "文稿模板《方案》可以使用，按“整顿方案”核对。",
    )


def test_a_template_is_checked_by_the_names_of_its_own_sort(tmp_path):
    path = tmp_path / "模板.docx"
    path.write_bytes(template_docx("催办通知"))
    found = examine(path, "整顿方案")
    assert found.exit_code == 1
    assert any("【警示统计】没有对应的内容" in line for line in found.lines)
    assert found.lines[-1] == f"共 {len(found.lines) - 1} 处要改，按“整顿方案”核对。"


# -- several templates -----------------------------------------------------------------------------


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """Return an office's folder of templates, one of them faulty, one open in Word."""
    folder = tmp_path / "文稿模板"
    folder.mkdir()
    (folder / "催办通知.docx").write_bytes(template_docx("催办通知"))
    (folder / "整顿方案.docx").write_bytes(template_docx("催办通知"))
    (folder / "~$催办通知.docx").write_bytes(b"lock")
    monkeypatch.chdir(tmp_path)
    return folder


def test_every_template_of_the_folder_is_checked(templates):
    found = examine_all((), templates)
    assert found.exit_code == 1
    assert "文稿模板《催办通知》可以使用，按“催办通知”核对。" in found.lines
    assert "处要改，按“整顿方案”核对。" in found.lines[-1]
    faults = [line for line in found.lines if "没有对应的内容" in line]
    assert len(faults) > 1
    assert all(line.count("没有对应的内容") == 1 for line in faults)


def test_a_bare_name_is_found_in_the_folder(templates):
    for name in ("催办通知.docx", "催办通知"):
        assert examine_all([Path(name)], templates).lines[0].startswith("文稿模板《催办通知》可以")


def test_a_template_that_is_not_there_is_said_to_be_missing(templates):
    with pytest.raises(TemplateError, match=r"没有“别处/催办通知.docx”这个文件。"):
        examine_all([Path("别处/催办通知.docx")], templates)
    with pytest.raises(TemplateError, match=r"没有“无此.docx”这个文件。"):
        examine_all([Path("无此.docx")], None)


def test_one_of_several_that_is_no_template_stops_no_other(templates):
    broken = templates / "会议纪要.docx"
    broken.write_bytes(b"nothing")
    found = examine_all([broken, templates / "催办通知.docx"], templates)
    assert found.exit_code == 2
    assert found.lines[0].startswith("文稿模板《会议纪要》打不开。")
    assert found.lines[1] == "文稿模板《催办通知》可以使用，按“催办通知”核对。"


def test_where_there_is_nothing_to_check_that_is_said(tmp_path):
    with pytest.raises(UsageError, match=r"里没有 .docx 模板。请写明要核对的文稿模板。"):
        examine_all((), tmp_path)
    with pytest.raises(UsageError, match=r"这里不是工作文件夹。请写明"):
        examine_all((), None)


def test_the_catalogue_of_a_file_is_that_of_its_sort():
    assert listing("文稿模板/整顿方案.docx") == listing("整顿方案")


def test_a_page_that_is_no_catalogue_is_not_replaced(tmp_path):
    page_file = tmp_path / "目录.md"
    write_catalogue(page_file, "整顿方案")
    write_catalogue(page_file, "催办通知")
    page_file.write_text("# 我的笔记\n", "utf-8")
    with pytest.raises(OutputError, match="已经存在，不是以前的占位符目录，没有覆盖"):
        write_catalogue(page_file)
    assert page_file.read_text("utf-8") == "# 我的笔记\n"


def test_of_a_name_that_holds_two_sorts_the_longer_counts(tmp_path):
    path = tmp_path / "整顿方案的催办通知书.docx"
    path.write_bytes(template_docx("催办通知"))
    assert "按“整顿方案”核对" in examine(path).lines[-1]


def test_a_file_whose_name_says_no_sort_is_asked_for_it(tmp_path):
    with pytest.raises(
        UsageError, match=r"模板.docx：从文件名看不出是哪一种文稿。请用 --as 写明："
    ):
        examine(tmp_path / "模板.docx")
