# ruff: noqa: E501 -- a drawn table is read across
"""整顿台账 as an annex: every line of the ledger, on a turned page, inside the 版心."""

import datetime as dt
import io
import re
import zipfile

import docx
import pytest
from docx.shared import Mm
from drawn import drawn
from openxml_audit import OpenXmlValidator

from toolkit.forms.lists import Answer, Part, answers
from toolkit.word.annex import write_annex
from toolkit.word.properties import CUSTOM, TEXT

DAY = dt.date(2022, 10, 31)

BOOK = drawn("""
    # 存在问题
    | 问题编号 | 问题简述     | 整改责任人 | 整改时限      |
    | P01      | 集体经济薄弱 | 王志远     | 2022年9月底前 |
    | P02      | 组织生活松散 | 李明       | 2022年8月底前 |
    # 整改措施
    | 措施编号 | 问题编号 | 措施内容   | 责任领导 | 责任人       | 责任单位     | 完成时限      | 办理状态 |
    | P01-M01  | P01      | 入股合作社 | 周敏     | 王志远       | 上河村党支部 | 2022年9月底前 | 推进中   |
    | P01-M02  | P01      | 清账       |          | 李明、杨丽   |              | 2022-06-30    | 已完成   |
    | P09-M01  | P09      | 修路       | 周敏     |              | 上河村村委会 | 看情况        |          |
""")
OWN = list(answers([Part("上河村", BOOK)], DAY))


def opened(data: bytes):
    return docx.Document(io.BytesIO(data))


def annex(lines=OWN, title: str = "青石镇2022年度整顿台账") -> bytes:
    return write_annex(title, lines, DAY, {"zhengdun.source": "ab" * 32})


def rows(data: bytes) -> list[list[str]]:
    (table,) = opened(data).tables
    return [[cell.text for cell in row.cells] for row in table.rows]


def long(village: str, count: int) -> list[Answer]:
    text = "按季度公开村级财务收支明细，张贴不少于7天，群众有疑问的当场答复并登记造册"
    return [
        Answer(village, f"P{n // 10 + 1:02} 村务财务公开不及时", f"P{n // 10 + 1:02}-M{n % 10 + 1:02}",
               text, "郑立新、冯玉山", "柳湾村村委会", "2022年11月30日前，并长期坚持", "推进中\n逾期31天")
        for n in range(count)
    ]  # fmt: skip


def test_every_measure_stands_under_its_problem_and_none_is_lost():
    assert OWN == [
        (
            "上河村",
            "P01 集体经济薄弱",
            "P01-M01",
            "入股合作社",
            "王志远\n（周敏）",
            "上河村党支部",
            "2022年9月底前",
            "推进中\n逾期31天",
        ),
        ("上河村", "P01 集体经济薄弱", "P01-M02", "清账", "李明、杨丽", "", "2022-06-30", "已完成"),
        ("上河村", "P02 组织生活松散", "", "（没有措施）", "李明", "", "2022年8月底前", "未启动"),
        (
            "上河村",
            "（没有对应的问题）",
            "P09-M01",
            "修路",
            "（周敏）",
            "上河村村委会",
            "看情况",
            "",
        ),
    ]


def test_of_one_village_the_table_needs_no_column_for_it():
    head, *lines = rows(annex())
    assert head == [
        *("问题", "措施编号", "措施内容", "责任人\n（责任领导）", "责任单位", "完成时限"),
        "办理状态",
    ]
    assert lines == [list(answer[1:]) for answer in OWN]


def test_of_several_each_row_says_whose_it_is():
    both = [*OWN, OWN[0]._replace(village="柳湾村")]
    head, *lines = rows(annex(both))
    assert head[0] == "村名"
    assert lines == [list(answer) for answer in both]


def test_the_head_says_what_it_is_and_of_which_day():
    said = [(p.style.name, p.text) for p in opened(annex()).paragraphs]
    assert said == [
        ("主送机关", "附件"),
        ("主送机关", ""),
        ("公文标题", "青石镇2022年度整顿台账"),
        ("公文副标题", "（截至2022年10月31日）"),
        ("主送机关", ""),
    ]


def test_the_page_is_the_standards_turned_and_the_table_as_wide_as_its_text():
    document = opened(annex([*OWN, *long("柳湾村", 1)]))
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert [round(margin.mm) for margin in (section.top_margin, section.bottom_margin)] == [28, 26]
    assert [round(margin.mm) for margin in (section.left_margin, section.right_margin)] == [35, 37]
    (table,) = document.tables
    wide = sum(column.width for column in table.columns)
    assert abs(wide - Mm(225)) < Mm(0.1)


def test_the_head_row_comes_again_and_only_a_row_taller_than_a_page_may_be_torn():
    endless = OWN[0]._replace(text="很长的措施" * 100)
    xml = zipfile.ZipFile(io.BytesIO(annex([*OWN, endless]))).read("word/document.xml").decode()
    trs = re.findall(r"<w:tr>.*?</w:tr>", xml)
    assert ["<w:tblHeader/>" in tr for tr in trs] == [True, *[False] * 5]
    assert ["<w:cantSplit/>" in tr for tr in trs] == [True, False, *[True] * 3, False]


@pytest.mark.parametrize(("lines", "left"), [(OWN, [0, 2]), (long("柳湾村", 1) + OWN, [1, 3])])
def test_problems_and_measures_begin_at_the_left_all_else_is_centred(lines, left) -> None:
    _, *made = opened(annex(lines)).tables[0].rows
    for row in made:
        aligned = [cell.paragraphs[0].alignment for cell in row.cells]
        assert [at for at, side in enumerate(aligned) if side is not None] == left


def test_it_bears_the_stamp_by_which_an_edited_one_is_known():
    data = annex()
    assert data == annex()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        custom = package.read(CUSTOM).decode()
    assert TEXT in custom
    assert "ab" * 32 in custom


@pytest.mark.parametrize("lines", [OWN, long("柳湾村", 30), []])
def test_the_standard_admits_it(tmp_path, lines):
    path = tmp_path / "附件.docx"
    path.write_bytes(annex(lines))
    assert OpenXmlValidator().validate(path).errors == []


def test_hostile_text_is_text():
    told = Answer("村", "<b>&\x07", "=1+1", '=HYPERLINK("x")', "\x1b[2J", "]]>", "&amp;", "")
    said = [["<b>&\ufffd", "=1+1", '=HYPERLINK("x")', "\ufffd[2J", "]]>", "&amp;", ""]]
    assert rows(annex([told]))[1:] == said


@pytest.mark.office
def test_nothing_stands_outside_the_text_and_every_page_is_numbered_on_its_left(measure):
    lines = [*long("柳湾村", 20), *long("石桥村", 20)]
    measured = measure({"附件": annex(lines)})["附件"]
    assert measured["missing_characters"] == {}
    pages = measured["pages"]
    assert len(pages) > 2
    for page in pages:
        assert (round(page["width_mm"]), round(page["height_mm"])) == (297, 210)
        box, foot = page["text_box_mm"], page["footer"]
        assert box["left"] >= 35 - 0.5
        assert box["right"] <= 297 - 37 + 0.5
        assert box["top"] >= 28 - 0.5
        assert box["bottom"] <= 210 - 26 + 0.5
        assert foot["text"] == f"—{page['page']}—"
        assert (foot["turned"], foot["side_ok"]) == (True, True)
        assert foot["dash_gap_mm"] == pytest.approx(7, abs=0.3)
