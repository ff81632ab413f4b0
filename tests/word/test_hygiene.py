"""Text hygiene: what is corrected and by which rule, and that nothing else is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.forms import village
from toolkit.rules.cases import case_of
from toolkit.rules.catalogue import RULES
from toolkit.rules.rule import apply_rules
from toolkit.word.content import Line
from toolkit.word.document import Paragraph, Table
from toolkit.word.hygiene import corrected, corrections, for_print, notes
from toolkit.word.parsing import parse
from toolkit.word.scope import Scope

DAY = dt.date(2022, 10, 31)


def printed(text: str) -> str:
    return corrected(text, corrections(text))


@pytest.mark.parametrize(
    ("text", "told", "rules"),
    [
        ("落实,带动", "落实，带动", {"W604"}),
        ("落实;带动:甲?乙!丙", "落实；带动：甲？乙！丙", {"W604"}),
        ("落实。。", "落实。", {"W604"}),
        ("甲，，乙、、丙；；丁：：戊", "甲，乙、丙；丁：戊", {"W604"}),
        ("会议(试行),下发", "会议（试行），下发", {"W604"}),
        ("会议(2022)召开", "会议（2022）召开", {"W604"}),  # both of a pair, or neither
        ("清组发[2022]40号", "清组发〔2022〕40号", {"W601"}),
        ("清组发（2022）40号", "清组发〔2022〕40号", {"W601"}),
        ("清组发(2022)40号", "清组发〔2022〕40号", {"W601"}),
        ("清组发〔2022]第40号", "清组发〔2022〕第40号", {"W601"}),  # 第 stays
        ("（清组发［2022］40号）,请", "（清组发〔2022〕40号），请", {"W601", "W604"}),
    ],
)
def test_what_a_rule_names_is_corrected(text, told, rules):
    assert printed(text) == told
    assert {each.rule for each in corrections(text)} == rules


@pytest.mark.parametrize(
    "text",
    [
        "3,200元",
        "比例1:3",
        "10:30开会",
        "见P01(M02)",
        "A, B; C: D",
        "http://a.cn/b?c=1",
        "等等……",
        "。。。。。。",  # dots that stand for …
        "甲，。乙",  # two different marks: nobody knows which is meant
        "会议(未完",  # half a pair
        "【2022】40号",
        "２０２２年",
        "“甲”‘乙’",
        "全角　空格 半角",
        "A & B <C> 5<6 𠮷😀",
        "",
    ],
)
def test_all_else_is_printed_to_the_character(text):
    assert printed(text) == text
    assert corrections(text) == ()


@given(st.text(alphabet="甲乙发号第,;:?!()[]（）〔〕。，、；：2022 40a”》", max_size=24))
def test_what_is_corrected_is_so_for_good_and_only_in_marks(text):
    once = printed(text)
    assert [c for c in once if c.isalnum()] == [c for c in text if c.isalnum()]
    assert printed(once).count("。。") <= once.count("。。")
    for each in corrections(text):
        assert text[each.start :].startswith(each.before)
        assert each.before != each.after


# -- a workbook as it is printed ------------------------------------------------------------------


def book_of(tmp_path, **sheets):
    """Write the example's clean workbook with some sheets' rows replaced; return it as read."""
    example = example_township().villages[1]
    filling = dict(example.filling)
    for row, rows in sheets.items():
        filling[getattr(village, row)] = rows
    path = tmp_path / "册.xlsx"
    path.write_bytes(build_workbook(example.form, example.identity, filling))
    return read_workbook(path, (village.FORM,))


FAULTY = {"number": "P01-M01", "problem": "P01", "text": "修渠(三组),引水。。", "owner": "李明"}


def test_a_correction_knows_its_cell_and_its_rule_and_the_workbook_is_as_it_was(tmp_path):
    book = book_of(tmp_path, Measure=[FAULTY])
    clean, mended = for_print(book)
    assert clean.rows(village.Measure)[0].text == "修渠（三组），引水。"
    assert book.rows(village.Measure)[0].text == "修渠(三组),引水。。"
    (cell,) = mended
    assert (cell.sheet, cell.cell, cell.text) == ("整改措施", "C4", "修渠（三组），引水。")
    assert [each.rule for each in cell.made] == ["W604"] * 4


def test_each_cell_that_is_corrected_is_one_that_the_rule_reports(tmp_path):
    book = book_of(
        tmp_path,
        Measure=[FAULTY],
        Basis=[
            {"kind": "上级文件", "organ": "县委", "title": "方案", "number": "清组发[2022]40号"}
        ],
    )
    _, mended = for_print(book)
    rules = [rule for rule in RULES if rule.code in {"W601", "W604"}]
    found = {
        (finding.rule, finding.sheet, cell)
        for finding in apply_rules(rules, case_of((book,), DAY))
        for cell in finding.cells
    }
    told = {(each.rule, cell.sheet, cell.cell) for cell in mended for each in cell.made}
    assert told == {("W604", "整改措施", "C4"), ("W601", "依据文件", "D4")}
    assert told <= found


def test_what_has_nothing_to_correct_is_the_very_same(tmp_path):
    book = book_of(tmp_path)
    clean, mended = for_print(book)
    assert mended == ()
    assert all(clean.sheets[cls] is sheet for cls, sheet in book.sheets.items())


def test_a_mask_prints_as_a_blank_and_a_text_that_hides_a_word_as_it_stands(tmp_path):
    rows = [
        {"number": "P01-M01", "problem": "P01", "text": "由***负责修渠", "owner": "***"},
        {
            "number": "P01-M02",
            "problem": "P01",
            "text": "***",
            "owner": "李明、***",
            "deadline": "**",
        },
    ]
    first, second = for_print(book_of(tmp_path, Measure=rows))[0].rows(village.Measure)
    assert first.printed(village.Measure.text) == "由***负责修渠"
    assert first.printed(village.Measure.owner) == "＿＿"
    assert second.printed(village.Measure.text) == "＿＿"
    assert second.printed(village.Measure.owner) == "李明、＿＿"
    assert second.printed(village.Measure.deadline) == "＿＿"


# -- what is said of it ---------------------------------------------------------------------------


def content(*texts: str):
    return parse([Line("公文正文", text) for text in texts], "试")


def said(text: str, scope: Scope, *blocks: str, mended=()) -> tuple[str, ...]:
    return notes(content(text), scope, [Paragraph(each) for each in blocks], mended)


def test_only_corrections_that_a_paper_prints_are_told(tmp_path):
    more = {**FAULTY, "number": "P01-M02", "text": "不印(的)话"}
    _, mended = for_print(book_of(tmp_path, Measure=[FAULTY, more]))
    (told,) = said("固定", Scope({}), "（一）修渠（三组），引水", mended=mended)
    assert told == (
        "文稿里按规则更正了标点，工作簿没有改，请照改："
        "整改措施 C4 “(”改为“（”、“)”改为“）”、“,”改为“，”、“。。”改为“。”（W604）。"
    )
    assert said("固定", Scope({}), "没有它们", mended=mended) == ()


def test_a_text_is_known_in_a_paper_that_has_parted_it_and_filled_it_in(tmp_path):
    text = "全村【党员总数】名党员,都有责任。分工(见后)；按月检查。"
    _, mended = for_print(book_of(tmp_path, Passage=[{"section": "组织领导", "text": text}]))
    told = said(
        "固", Scope({}), "全村29名党员，都有责任。", "分工（见后）", "按月检查", mended=mended
    )
    assert len(told) == 1
    assert "方案文字" in told[0]


def test_blanks_are_counted_and_named_each_as_often_as_it_stands():
    scope = Scope(
        {"村名": "柳湾村", "党员总数": "", "有": "是"},
        {
            "措施": [Scope({"责任人": ""}), Scope({"责任人": ""}), Scope({"责任人": "李明"})],
            "空": [],
        },
    )
    text = (
        "【村名】【党员总数】【逐行：措施】【责任人】【结束】【如有：有】甲【否则】【不印】【结束】"
        "【逐行：空】【责任人】【结束】"
    )
    (told,) = said(text, scope, "柳湾村＿＿＿", "＿＿", "＿＿李明")
    assert told == (
        "有 3 处留空（＿＿）：党员总数、措施第 1 行责任人、措施第 2 行责任人。用印前请补填。"
    )
    (more,) = said(text, scope, "＿＿＿＿", "＿＿", "＿＿", "又＿＿")
    assert more == (
        "有 4 处留空（＿＿）：党员总数、措施第 1 行责任人、措施第 2 行责任人、文字里的空。"
        "用印前请补填。"
    )
    assert said(text, scope, "没有空") == ()


def test_a_blank_is_told_with_the_number_of_its_row_and_one_of_the_template_with_its_words():
    scope = Scope(
        {"村名": "柳湾村"},
        {
            "措施": [
                Scope({"措施编号": "P02-M03", "问题编号": "P02", "责任人": ""}),
                Scope({"措施编号": "P02-M04", "问题编号": "P02", "责任人": "由＿＿和＿＿负责"}),
            ]
        },
    )
    text = "【村名】联系电话：＿＿【逐行：措施】【责任人】【结束】"
    (told,) = said(text, scope, "柳湾村联系电话：＿＿", "＿＿由＿＿和＿＿负责")
    assert told == (
        "有 4 处留空（＿＿）：模板“联系电话：”后面的空、P02-M03 责任人、P02-M04 责任人 2 处。"
        "用印前请补填。"
    )


def test_of_many_blanks_the_first_are_told():
    scope = Scope({}, {"措施": [Scope({"措施编号": f"M{n}", "时限": ""}) for n in range(10)]})
    (told,) = said("【逐行：措施】【时限】【结束】", scope, "＿＿、" * 10)
    assert (
        told
        == f"有 10 处留空（＿＿）：{'、'.join(f'M{n} 时限' for n in range(8))}等。用印前请补填。"
    )


def test_masks_that_are_printed_as_they_stand_are_counted():
    (told,) = said("固定", Scope({}), "由***和***负责", "**村", "5*3")
    assert told == "文字里有 3 处脱敏符号（如 ***），照原样印出，用印前请补填。"


def test_what_no_file_can_hold_is_counted():
    table = Table(("甲",), (("a\x07b",),))
    (told,) = notes(content("固定"), Scope({}), [table, Paragraph("\ud800")], ())
    assert told == "有 2 个字符存不进文稿，印成了“\ufffd”，请核对。"
