import pytest

from toolkit.errors import UsageError
from toolkit.word.document import (
    STANDARD,
    USUAL_SEAL,
    Document,
    Head,
    Imprint,
    Paragraph,
    Role,
    Seal,
    Signature,
    Table,
    Typography,
)


def test_the_standard_typography_is_that_of_22_lines() -> None:
    assert (STANDARD.pitch, STANDARD.latin_font) == (579, "")


def test_roles_bear_the_offices_own_words() -> None:
    assert [role.value for role in Role] == [
        "正文",
        "一级标题",
        "二级标题",
        "三级标题",
        "四级标题",
        "附注",
        "出席人员",
    ]


def test_a_document_needs_blocks_only() -> None:
    assert dict(Document(()).properties) == {}


@pytest.mark.parametrize("seal_mm", [4, 420])
def test_a_seal_of_a_size_no_seal_has_is_refused_in_plain_words(seal_mm) -> None:
    with pytest.raises(UsageError, match=r"印章直径写的是 4.* 毫米，应在 30 至 60 毫米之间。"):
        Seal(millimetres=seal_mm)


def test_a_paper_is_sealed_by_the_usual_seal_unless_it_says_otherwise() -> None:
    assert Signature("青山镇人民政府", None).seal == USUAL_SEAL == Seal(sealed=True, millimetres=42)


@pytest.mark.parametrize("pitch", [28, 5790])
def test_a_pitch_nobody_can_read_is_refused_in_plain_words(pitch) -> None:
    with pytest.raises(UsageError, match="磅，应在 25 至 35 磅之间。"):
        Typography(pitch=pitch)


@pytest.mark.parametrize(
    ("header", "rows", "widths"),
    [
        ((), (), ()),
        (("序号", "问题"), (("1",),), ()),
        (("序号", "问题"), (("1", "甲", "乙"),), ()),
        (("序号", "问题"), (), (1,)),
        (("序号", "问题"), (), (1, 0)),
    ],
)
def test_a_table_whose_cells_would_be_lost_cannot_be_made(header, rows, widths) -> None:
    with pytest.raises(ValueError, match="table"):
        Table(header, rows, widths)


def test_a_head_is_the_first_block_and_an_imprint_the_last() -> None:
    head, text, imprint = Head(("青石镇人民政府",)), Paragraph("甲"), Imprint("县委")
    assert Document((head, text, imprint)).blocks == (head, text, imprint)
    with pytest.raises(ValueError, match="head"):
        Document((text, head))
    with pytest.raises(ValueError, match="head"):
        Document((head, head))
    with pytest.raises(ValueError, match="imprint"):
        Document((imprint, text))
