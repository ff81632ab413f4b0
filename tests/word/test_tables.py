# ruff: noqa: SLF001 -- python-docx shows its XML under such names
import re

import pytest
from samples import PLAN, W, opened, parts

from toolkit.word.document import (
    Addressee,
    Attachment,
    Document,
    Paragraph,
    Role,
    Table,
    Title,
)
from toolkit.word.gongwen import render
from toolkit.word.tables import column_widths, table_xml

ROW = ("1", "甲")


def rows_of(table: Table, *, landscape: bool = False) -> list[str]:
    """The XML of each row."""
    blocks = (Attachment("单", landscape=True), table) if landscape else (table,)
    xml = parts(Document(blocks))["word/document.xml"].decode()
    return re.findall(r"<w:tr>.*?</w:tr>", xml)


def aligns(table: Table) -> list[list[str | None]]:
    """How the first paragraph of each cell is aligned; None as its style has it, centred."""
    (made,) = opened(Document((table,))).tables
    found = [[cell.paragraphs[0].alignment for cell in row.cells] for row in made.rows]
    return [[None if side is None else side.name for side in row] for row in found]


def test_a_table_is_as_wide_as_the_text_and_repeats_its_head() -> None:
    (table,) = opened(PLAN).tables
    widths = [int(c.get(f"{W}w")) for c in table._tbl.iter(f"{W}gridCol")]
    assert widths == [1474, 7370]
    assert sum(widths) == 8844
    assert len(list(table._tbl.iter(f"{W}tblHeader"))) == 1


@pytest.mark.parametrize("shares", [(1, 3), (1, 1, 1), (7, 11, 13, 17), (1,) * 29])
@pytest.mark.parametrize(("is_turned", "total"), [(False, 8844), (True, 12756)])
def test_the_columns_fill_the_text_area_to_the_twip(shares, is_turned, total) -> None:
    table = Table(("甲",) * len(shares), (), shares)
    widths = column_widths(table, is_turned=is_turned)
    assert sum(widths) == total
    for width, share in zip(widths, shares, strict=True):
        assert abs(width - total * share / sum(shares)) < 1


def test_a_column_of_long_texts_is_set_left_and_others_centred() -> None:
    (table,) = opened(PLAN).tables
    found = [[c.paragraphs[0].alignment for c in row.cells] for row in table.rows]
    assert [[a if a is None else a.name for a in row] for row in found] == [
        [None, None],
        [None, "LEFT"],
        [None, "LEFT"],
    ]


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        ("120", False),
        ("柳湾村村民委员会", False),  # wraps in a narrow column, and is a name
        ("张三\n李四\n王五\n赵六\n周七\n吴八", False),  # lines, not a sentence
        ("2022年11月30日前，并长期坚持", False),
        ("流转土地120亩，由村集体统一经营并公开", True),
    ],
)
def test_short_texts_stay_centred_where_they_wrap_sentences_begin_at_the_left(
    text, is_left
) -> None:
    narrow = Table(("序号", "甲"), (("1", text),), (5, 1))
    assert aligns(narrow)[1] == [None, "LEFT" if is_left else None]


def test_a_sentence_on_one_line_is_centred() -> None:
    wide = Table(("序号", "甲"), (("1", "流转土地120亩，由村集体统一经营"),), (1, 9))
    assert aligns(wide)[1] == [None, None]


def test_a_column_of_sentences_begins_at_the_left_however_short_they_are() -> None:
    table = Table(("序号", "措施"), (("1", "清账"),), sentences=(1,))
    assert aligns(table) == [[None, None], [None, "LEFT"]]


def test_a_paragraph_parts_two_tables_and_ends_the_document() -> None:
    table = Table(("甲",), ())
    assert [p.text for p in opened(Document((table, table))).paragraphs] == ["", ""]


# --- rows and pages -------------------------------------------------------------------


def test_only_a_row_taller_than_a_page_below_its_head_may_be_torn() -> None:
    """12756 − 454 twips hold 34 lines of 360."""
    texts = ["措" * 31 * lines for lines in (34, 35)]
    rows = (("0", "短"), *(("1", text) for text in texts))
    table = Table(("号", "措施"), rows, (1, 7))
    assert column_widths(table) == [1105, 7739]  # 7739 − 114 twips are 31 characters
    assert ["<w:cantSplit/>" in row for row in rows_of(table)] == [True, False, True, False]


def test_the_first_row_is_held_together_by_its_lines_as_it_may_just_fit_a_page() -> None:
    rows = rows_of(Table(("措施",), (("公开",), ("公开",))))
    assert ["<w:keepLines/>" in row for row in rows] == [False, True, False]
    endless = rows_of(Table(("措施",), (("措" * 3000,),)))
    assert "<w:keepLines/>" not in endless[1]


def test_a_turned_page_holds_lower_rows() -> None:
    """8844 − 454 twips hold 23 lines; 12756 − 114 hold 52 characters."""
    table = Table(("措施",), (("短",), ("措" * 52 * 23,), ("措" * 52 * 24,)))
    assert ["<w:cantSplit/>" in row for row in rows_of(table, landscape=True)] == [
        True,
        False,
        True,
        False,
    ]


def test_the_rows_below_the_head_are_as_low_as_they_are_told_to_be() -> None:
    xml = table_xml(Table(("号", "事"), (ROW, ROW)), bound=False, least_row=510)
    assert re.findall(r'<w:trHeight w:val="(\d+)" w:hRule="atLeast"/>', xml) == [
        "454",
        "510",
        "510",
    ]


def kept_rows(*blocks) -> list[bool]:
    """Whether each row of the last table stays with what follows."""
    *_, table = opened(Document(blocks)).tables
    return [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in table.rows]


def test_the_head_row_stays_with_the_first_one() -> None:
    assert kept_rows(Table(("号", "事"), (ROW, ROW))) == [True, False, False]
    assert kept_rows(Table(("号", "事"), ())) == [False]


def kept_before_table(*blocks) -> list[bool]:
    document = opened(Document((*blocks, Table(("号", "事"), (ROW,)))))
    return [bool(p.paragraph_format.keep_with_next) for p in document.paragraphs[:-1]]


def test_what_leads_to_a_table_stays_with_its_head_row() -> None:
    lead = Paragraph("各村进展如下：")
    assert kept_before_table(Paragraph("正文。"), lead) == [False, True]
    assert kept_before_table(Paragraph("甲\n乙")) == [False, True]
    assert kept_before_table(Addressee("各村：")) == [True]
    *_, blank = kept_before_table(Title("通报"))
    assert blank


def test_a_long_paragraph_is_not_moved_for_a_table() -> None:
    """LibreOffice would take all of it to the next page."""
    assert kept_before_table(Paragraph("民" * (28 * 3 - 2))) == [True]
    assert kept_before_table(Paragraph("民" * (28 * 4 - 2))) == [False]


# --- the look -------------------------------------------------------------------------

LEADS = {
    lines: Document(
        (
            *[Paragraph("国" * 26)] * lines,
            Paragraph("各村进展如下：", Role.LEVEL3),
            Table(("编号", "事项"), (("P01-M03", "甲事" * 30),) * 30, (1, 5)),
        )
    )
    for lines in range(15, 22)
}


@pytest.fixture(scope="module")
def measured(measure):
    """The text of each page."""
    documents = {str(lines): render(document).data for lines, document in LEADS.items()}
    return {name: result["pages"] for name, result in measure(documents).items()}


@pytest.mark.office
@pytest.mark.parametrize("lines", LEADS)
def test_lead_head_row_and_first_row_share_a_page_and_the_others_flow_on(measured, lines) -> None:
    texts = [[line["text"] for line in page["lines"]] for page in measured[str(lines)]]
    (start,) = (number for number, page in enumerate(texts) if "各村进展如下：" in page)
    at = texts[start].index("各村进展如下：")
    assert texts[start][at + 1] == "编号事项"
    assert any("P01-M03" in line for line in texts[start][at + 2 :])
    assert all("编号事项" in page for page in texts[start:])
    assert len(texts) > start + 1


@pytest.mark.office
def test_codes_in_cells_are_one_piece(measured) -> None:
    texts = [line["text"] for page in measured["15"] for line in page["lines"]]
    assert sum("P01-M03" in text for text in texts) == 30
