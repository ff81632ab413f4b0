"""The plan as the township issues it: notice and plan in one paper, under the township's head."""

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator
from worked import write

from toolkit.demo import DAY, example_township
from toolkit.errors import TemplateError
from toolkit.excel.opened import read_workbook
from toolkit.forms import township
from toolkit.forms.township import ISSUED, formality
from toolkit.issued import Templates, write_issued
from toolkit.papers import Manner
from toolkit.report import Outcome
from toolkit.word import issued_vocabulary as issued
from toolkit.word import vocabulary
from toolkit.word.content import Line
from toolkit.word.document import PLAN
from toolkit.word.issued_wording import joined, wording_of
from toolkit.word.parsing import parse
from toolkit.word.scope import walk
from toolkit.word.wording import standard_template

DRAFT = Manner(draft=True)
WILLOW = "0205-柳湾村"
TITLE = "青石镇柳湾村2022年度软弱涣散党组织整顿实施方案"


def issue(work: Path, name: str = "", manner: Manner = DRAFT, **more: object) -> Outcome:
    books = work / "村级工作簿"
    return write_issued(
        [books / name if name else books], work / "公文", DAY, manner=manner, **more
    )


def texts(path: Path) -> list[str]:
    """The texts of the paragraphs that say something, lines of a title joined."""
    document = docx.Document(io.BytesIO(path.read_bytes()))
    return [text for each in document.paragraphs if (text := each.text.replace("\n", ""))]


def without_formalities(work: Path, **head: object) -> None:
    """The example's township workbook with an empty 公文要素, and another 镇情."""
    town = example_township().township
    told = {**town.filling[township.Township][0], **head}
    filling = {row: lines for row, lines in town.filling.items() if row is not township.Formality}
    filled = {name: value for name, value in told.items() if value is not None}
    write(work / town.file_name, replace(town, filling={**filling, township.Township: [filled]}))


def test_the_notice_comes_first_and_the_plan_behind_it_unsigned(work):
    (done,) = issue(work, f"{WILLOW}-2022.xlsx", Manner()).written
    assert done.path.name == f"{WILLOW}-印发通知.docx"
    told = texts(done.path)
    assert told[:5] == [
        "中共青石镇委员会文件",
        "青党发〔2022〕19号",
        f"中共青石镇委员会关于印发《{TITLE}》的通知",
        "中共青石镇柳湾村支部委员会：",
        f"现将《{TITLE}》印发给你们，请认真组织实施，进展情况按月报镇党委。",
    ]
    assert told[5:7] == ["中共青石镇委员会", "2022年4月28日"]
    assert TITLE in told[7:9]
    plan = told[told.index(TITLE) :]
    assert plan[2] == "一、基本情况"
    assert "中共青石镇柳湾村支部委员会" not in plan
    assert "2022年4月22日" not in plan  # the plan's own date


def test_the_imprint_is_that_of_the_row_of_all_villages(work):
    (done,) = issue(work, f"{WILLOW}-2022.xlsx", Manner()).written
    document = docx.Document(io.BytesIO(done.path.read_bytes()))
    told = (
        text.text for cell in document.element.iter(qn("w:tc")) for text in cell.iter(qn("w:t"))
    )
    assert list(dict.fromkeys(told)) == [
        "抄送：清河县委组织部。",
        "青石镇党建工作办公室",
        "2022年4月28日印发",
    ]


def test_each_village_has_its_own_number(work):
    town = read_workbook(work / "镇级工作簿.xlsx", [township.FORM])
    villages = ("上河村", "柳湾村", "石桥村")
    assert [formality(town, ISSUED, each).number for each in villages] == [
        *("青党发〔2022〕18号", "青党发〔2022〕19号", "青党发〔2022〕20号")
    ]


def test_a_draft_says_so_below_the_title_of_the_notice(work):
    (done,) = issue(work, f"{WILLOW}-2022.xlsx").written
    assert done.path.name == f"{WILLOW}-印发通知-征求意见稿.docx"
    told = texts(done.path)
    assert told[3] == "（征求意见稿）"


def test_a_draft_has_neither_number_nor_date_and_the_plan_in_it_says_so_too(work):
    (done,) = issue(work, f"{WILLOW}-2022.xlsx").written
    told = texts(done.path)
    assert told[1] == "＿＿〔＿＿〕＿＿号"
    assert "2022年4月28日" not in "".join(told)
    assert told[told.index(TITLE) + 1] == "（征求意见稿）"
    assert "征求意见稿的发文字号、印发日期没有印。" in done.notes


def test_organs_that_issue_together_are_all_named_in_the_title_and_sign(work):
    town = example_township().township
    joint = {"sort": ISSUED, "mark": "中共青石镇委员会、青石镇人民政府文件", "day": DAY}
    filling = {**town.filling, township.Formality: [joint]}
    write(work / town.file_name, replace(town, filling=filling))
    (done,) = issue(work, f"{WILLOW}-2022.xlsx").written
    told = texts(done.path)
    assert any("中共青石镇委员会 青石镇人民政府关于印发" in each for each in told)
    assert not any("请核对署名" in note for note in done.notes)


def test_without_a_row_the_head_bears_the_committee_and_a_blank_number_and_says_so(work):
    without_formalities(work)
    (done,) = issue(work, f"{WILLOW}-2022.xlsx").written
    told = texts(done.path)
    assert told[:2] == ["中共青石镇委员会文件", "＿＿〔＿＿〕＿＿号"]
    assert "发文字号没有填写，已留出空白；一份公文一个号，请在“公文要素”里登记。" in done.notes
    assert any("成文日期没有填写" in note for note in done.notes)


def test_where_nobody_says_who_issues_it_there_is_no_paper(work):
    without_formalities(work, committee=None)
    done = issue(work)
    assert done.written == ()
    assert done.troubles == ("镇级工作簿的“镇情”表没有填镇党委全称，不知道由谁印发。请填好再试。",)
    assert done.exit_code == 2
    (work / "镇级工作簿.xlsx").unlink()
    assert issue(work).troubles == (
        "没有找到镇级工作簿，不知道由谁印发。请把它放在村级工作簿旁边再试。",
    )


def test_the_office_s_own_wording_of_either_is_used(work, tmp_path):
    def template(name: str, *lines: tuple[str, str]) -> Path:
        document = docx.Document()
        for style, text in lines:
            if style not in [each.name for each in document.styles]:
                document.styles.add_style(style, 1)
            document.add_paragraph(text, style)
        document.save(tmp_path / f"{name}.docx")
        return tmp_path / f"{name}.docx"

    signed = (("公文落款", "【乡镇】"), ("成文日期", "2022年5月6日"))
    notice = template(
        *("通知", ("公文标题", "印发《【方案标题】》"), ("公文正文", "【镇党委全称】发。"), *signed)
    )
    plan = template("方案", ("公文标题", "【村名】方案"), ("公文正文", "照办。"), *signed)
    (done,) = issue(
        work, f"{WILLOW}-2022.xlsx", Manner(), templates=Templates(notice, plan)
    ).written
    told = texts(done.path)
    assert told[2:6] == ["印发《柳湾村方案》", "中共青石镇委员会发。", "青石镇", "2022年5月6日"]
    assert told[-2:] == ["柳湾村方案", "照办。"]
    wrong = template("错", ("公文正文", "【镇长】"))
    with pytest.raises(TemplateError, match="【镇长】"):
        issue(work, templates=Templates(wrong))


def test_equal_workbooks_are_equal_bytes_and_the_file_is_valid(work, tmp_path):
    (done,) = issue(work, f"{WILLOW}-2022.xlsx", Manner()).written
    again = write_issued(
        [work / "村级工作簿" / f"{WILLOW}-2022.xlsx"], tmp_path / "再", DAY
    ).written[0]
    assert again.path.read_bytes() == done.path.read_bytes()
    assert OpenXmlValidator().validate(done.path).errors == []


def test_the_command_issues_the_plan_with_the_day_and_wording_of_the_work_folder(work, zhengdun):
    book = work / "村级工作簿" / f"{WILLOW}-2022.xlsx"
    done = zhengdun("plan", book, "-o", work / "公文", "--issued", "--as-of", "2022-10-31")
    assert done.code == 0
    assert [path.name for path in (work / "公文").iterdir()] == [f"{WILLOW}-印发通知.docx"]


# -- the wording ----------------------------------------------------------------------------------


def test_the_issued_text_is_not_addressed_signed_or_dated_again():
    notice = parse([Line("公文标题", "通知"), Line("公文落款", "镇")], "印发通知")
    plan = parse(
        [
            *(Line("公文标题", "方案"), Line("主送机关", "各组："), Line("公文正文", "照办。")),
            *(Line("公文落款", "村"), Line("成文日期", "2022年4月8日"), Line("抄送", "县")),
        ],
        "整顿方案",
    )
    lines = joined(notice, plan).fill(vocabulary.specimen())
    assert [(line.style, line.text) for line in lines] == [
        ("公文标题", "通知"),
        ("公文落款", "镇"),
        ("印发文件标题", "方案"),
        ("公文正文", "照办。"),
    ]


def test_the_wording_is_that_of_both_templates():
    both = wording_of(ISSUED, lambda _: None)
    assert both.name == ISSUED
    assert both.nodes == (*standard_template(ISSUED).nodes, *standard_template(PLAN).nodes)
    assert wording_of(PLAN, lambda _: None) == standard_template(PLAN)


def test_every_name_has_its_sentence():
    glossary = issued.glossary()
    silent = [
        (path, name)
        for path, scope in walk(issued.specimen())
        for name in scope.values
        if not glossary.of_value(path, name)
    ]
    assert silent == []


def test_the_township_hides_no_name_of_the_village():
    own = set(issued.specimen().values) - set(vocabulary.specimen().values)
    assert own == {
        *("镇党委全称", "党建办名称", "联系人", "联系电话", "印发日期", "方案标题"),
        *("发文机关", "署名机关"),
    }
