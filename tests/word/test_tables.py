# ruff: noqa: SLF001 -- python-docx shows its XML under such names
from samples import PLAN, W, opened

from toolkit.word.document import Document, Table


def test_a_table_is_as_wide_as_the_text_and_repeats_its_head() -> None:
    (table,) = opened(PLAN).tables
    widths = [int(c.get(f"{W}w")) for c in table._tbl.iter(f"{W}gridCol")]
    assert widths == [1474, 7370]
    assert sum(widths) == 8844
    assert len(list(table._tbl.iter(f"{W}tblHeader"))) == 1


def test_a_column_of_long_texts_is_set_left_and_others_centred() -> None:
    (table,) = opened(PLAN).tables
    aligns = [[c.paragraphs[0].alignment for c in row.cells] for row in table.rows]
    assert [[a if a is None else a.name for a in row] for row in aligns] == [
        [None, None],
        [None, "LEFT"],
        [None, "LEFT"],
    ]


def test_a_paragraph_parts_two_tables_and_ends_the_document() -> None:
    table = Table(("甲",), ())
    assert [p.text for p in opened(Document((table, table))).paragraphs] == ["", ""]
