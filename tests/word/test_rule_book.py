"""The printed book of rules."""

import io

import docx
import pytest

from toolkit.findings import Level
from toolkit.package import unzipped
from toolkit.report import RuleFamily, RulePage
from toolkit.word.rule_book import rule_book

LAYOUT = RuleFamily(
    "L",
    "版式与身份",
    (
        RulePage(
            "L101",
            "missing-sheet",
            Level.ERROR,
            "生效",
            "缺少<表>。",
            "无法核对。",
            "补上 & 再交。",
        ),
        RulePage(
            "L102", "missing-column", Level.WARNING, "试行", "缺少栏目。", "读不出。", "改回来。"
        ),
    ),
)
DATES = RuleFamily(
    "D",
    "日期与阶段",
    (RulePage("D505", "overdue", Level.INFO, "停用", "已过时限。", "要预警。", "抓紧办理。"),),
)
FAMILIES = (LAYOUT, DATES)


@pytest.fixture(scope="module")
def book():
    return docx.Document(io.BytesIO(rule_book(FAMILIES)))


def xml(part="word/document.xml"):
    return unzipped(rule_book(FAMILIES))[part].decode()


def test_each_rule_has_a_heading_its_reason_and_its_remedy(book):
    told = [(p.style.name, p.text) for p in book.paragraphs]
    start = told.index(("Heading 1", "L　版式与身份"))
    assert told[start:] == [
        ("Heading 1", "L　版式与身份"),
        ("Heading 2", "L101　缺少<表>（必改）"),
        ("手册条目", "原因：无法核对。"),
        ("手册条目", "改法：补上 & 再交。"),
        ("Heading 2", "L102　缺少栏目（提醒·试行）"),
        ("手册条目", "原因：读不出。"),
        ("手册条目", "改法：改回来。"),
        ("Heading 1", "D　日期与阶段"),
        ("Heading 2", "D505　已过时限（提示·停用）"),
        ("手册条目", "原因：要预警。"),
        ("手册条目", "改法：抓紧办理。"),
    ]


def test_the_contents_list_every_rule_under_its_family(book):
    (table,) = book.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["规则", "查什么", "级别"],
        ["L　版式与身份"] * 3,
        ["L101", "缺少<表>", "必改"],
        ["L102", "缺少栏目", "提醒·试行"],
        ["D　日期与阶段"] * 3,
        ["D505", "已过时限", "提示·停用"],
    ]


def test_the_contents_lead_to_the_rules():
    text = xml()
    for code in ("L101", "L102", "D505"):
        assert text.count(f'<w:hyperlink w:anchor="{code}"') == 1
        assert text.count(f'w:name="{code}"') == 1
    assert text.count("<w:bookmarkStart") == text.count("<w:bookmarkEnd") == 3
    assert {f'<w:bookmarkEnd w:id="{n}"/>' in text for n in range(3)} == {True}


def test_the_levels_are_explained_before_the_contents(book):
    texts = [p.text for p in book.paragraphs]
    contents = texts.index("目录")
    explained = [
        text for text in texts[:contents] if text.startswith(("必改：", "提醒：", "提示："))
    ]
    assert len(explained) == len(Level)


def test_a_rule_is_not_torn_from_its_reason_and_remedy(book):
    entries = [p for p in book.paragraphs if p.text.startswith(("原因：", "改法："))]
    assert [p.paragraph_format.keep_with_next for p in entries] == [True, None] * 3
    assert book.styles["Heading 2"].paragraph_format.keep_with_next


def test_the_paper_is_a4_and_its_pages_are_counted(book):
    (section,) = book.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    foot = next(text for name, text in parts().items() if name.startswith("word/footer"))
    assert " PAGE " in foot
    assert " NUMPAGES " in foot
    assert section.header.paragraphs[0].text == "软弱涣散党组织整顿工作簿核对规则手册"


def parts():
    return {
        name: data.decode()
        for name, data in unzipped(rule_book(FAMILIES)).items()
        if name.endswith(".xml")
    }


def test_only_the_first_family_begins_a_page():
    assert xml().count("<w:pageBreakBefore/>") == 1


def test_equal_rules_are_equal_bytes():
    assert rule_book(FAMILIES) == rule_book(FAMILIES)


def test_the_package_is_as_the_standard_says(schemas, tmp_path):
    path = tmp_path / "规则手册.docx"
    path.write_bytes(rule_book(FAMILIES))
    assert schemas.check(path) == []
