"""A version for the public: who is masked and how, and what is left as it is."""

import datetime as dt

import pytest

from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.forms import village
from toolkit.word.document import Addressee, Head, Paragraph, Role, Seal, Signature, Table, Title
from toolkit.word.redaction import Masks, Redactor, masks_of, redacted

PEOPLE = {
    "王志远": "王某甲",
    "王强": "王某乙",
    "李明": "李某",
    "欧阳明": "欧阳某",
    "高兴": "高某",
    "金山": "金某",
    "阿卜杜拉·买买提": "阿某某",
}
MASKS = Masks(PEOPLE, frozenset({"金山村", "王家庄"}), frozenset({"6688123"}))


def masked(text: str) -> str:
    return Redactor(MASKS).text(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("由王志远同志负责", "由王某甲同志负责"),  # whatever stands around it
        ("组长王志远主持", "组长王某甲主持"),
        ("王志远、王强、李明", "王某甲、王某乙、李某"),  # two of one surname stay two
        ("欧阳明牵头", "欧阳某牵头"),  # a compound surname is kept whole
        ("村民王强（党员）", "村民王某乙（党员）"),
        ("书记王强包村", "书记王某乙包村"),
        ("成员：王　强、李 明", "成员：王某乙、李某"),  # set apart, as lists do it
        ("阿卜杜拉·买买提等", "阿某某等"),
        ("王强", "王某乙"),
    ],
)
def test_a_name_is_masked_wherever_it_stands(text, told):
    assert masked(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "国王强调",  # two words meet in it
        "金山村的合作社",  # the name of a place
        "王家庄",
        "金山镇",  # any place's
        "群众高兴地说",  # a word
        "大家，高兴地说",
    ],
)
def test_a_name_within_other_words_is_left(text):
    assert masked(text) == text


def test_what_was_left_is_told_with_the_words_around_it():
    redactor = Redactor(MASKS)
    redactor.text("国王强调，王强同志")
    *_, left = redactor.notes
    assert left == "下列字词里的姓名像是别的词的一部分，没有遮，请核对：“国王强调，”。"
    assert len(list(Redactor(MASKS).notes)) == 1


def test_within_the_name_of_a_place_nothing_is_told():
    redactor = Redactor(MASKS)
    assert redactor.text("金山村") == "金山村"
    assert redactor.left == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("138-1234-5678", "138****5678"),
        ("+86 13812345678", "+86 138****5678"),
        ("0517-82345678", "0517-********"),
        ("（0517）8234567", "（0517）*******"),
        ("值班6688123", "值班*******"),  # known from a column of telephones
        ("320831199001011234", "320831********1234"),  # an identity card's
        ("32083119900101123X", "320831********123X"),
        ("投入1381234567元", "投入1381234567元"),  # ten digits
        ("编号213812345678", "编号213812345678"),  # twelve
        ("138****5678", "138****5678"),  # masked already
    ],
)
def test_numbers_of_telephones_and_identity_cards_are_masked(text, told):
    assert masked(text) == told


def test_how_many_were_masked_is_told():
    redactor = Redactor(MASKS)
    redactor.text("王强和王强、李明，13812345678，0517-82345678")
    assert next(redactor.notes) == (
        "公开版：遮去 2 人的姓名 3 处、号码 2 处。只认得工作簿里登记过的姓名，公开前请通读一遍。"
    )


# -- who is known ---------------------------------------------------------------------------------


def book_of(tmp_path, name: str = "册.xlsx", **sheets):
    """Write the example's clean workbook with some sheets' rows replaced; return it as read."""
    example = example_township().villages[1]
    filling = dict(example.filling)
    for row, rows in sheets.items():
        filling[getattr(village, row)] = rows
    path = tmp_path / name
    path.write_bytes(build_workbook(example.form, example.identity, filling))
    return read_workbook(path, (village.FORM,))


def test_people_are_known_from_every_column_that_names_them(tmp_path):
    book = book_of(
        tmp_path,
        Person=[
            {"role": "组长", "name": "王志远"},
            {"role": "结对帮扶单位", "name": "县农业农村局"},
            {"role": "成员", "name": "**"},
            {"role": "成员", "name": "阿卜杜拉·买买提"},
        ],
        Measure=[
            {"number": "P01-M01", "text": "修渠", "owner": "李明、赵国", "unit": "王家合作社"}
        ],
        Meeting=[
            {
                "day": dt.date(2022, 5, 6),
                "chair": "钱海",
                "recorder": "孙丽",
                "absent": "梁守信等3人（请假）、周文",
            }
        ],
    )
    known = set(masks_of([book]).people)
    assert known >= {"王志远", "李明", "赵国", "钱海", "孙丽", "梁守信", "周文", "周建国", "何小梅"}
    assert "阿卜杜拉·买买提" in known
    assert not known & {"县农业农村局", "**", "王家合作社"}


def test_places_and_telephones_are_known_too(tmp_path):
    known = masks_of([book_of(tmp_path)])
    assert known.places == {"清河县", "青石镇", "柳湾村"}
    assert "12000000501" in known.numbers


def test_of_one_surname_each_has_a_sign_and_the_order_of_the_books_changes_none(tmp_path):
    one = book_of(tmp_path, "甲.xlsx", Person=[{"role": "组长", "name": "钱大海"}])
    other = book_of(tmp_path, "乙.xlsx", Person=[{"role": "组长", "name": "钱江"}])
    masks = masks_of([one, other]).people
    assert (masks["钱大海"], masks["钱江"]) == ("钱某甲", "钱某乙")
    assert masks_of([other, one]).people == masks
    assert masks_of([one]).people["钱大海"] == "钱某某"


def test_more_people_than_signs_are_numbered(tmp_path):
    many = [{"role": "成员", "name": f"钱{given}"} for given in "一二三四五六七八九百千"]
    masks = masks_of([book_of(tmp_path, Person=many)]).people
    told = sorted(mask for name, mask in masks.items() if name.startswith("钱"))
    assert len(told) == len(set(told)) == 11
    assert "钱某癸" in told
    assert "钱某11" in told


def test_of_no_book_nobody_is_known():
    assert masks_of([]) == Masks({}, frozenset(), frozenset())


# -- a paper --------------------------------------------------------------------------------------


def test_every_text_of_a_paper_is_masked_but_who_signs_it():
    signature = Signature("王强村党支部", dt.date(2022, 4, 20), Seal())
    blocks = (
        Head(("青石镇文件",), signers=("王志远",)),
        Title("关于王志远的报告"),
        Addressee("李明："),
        Paragraph("由王强负责。", Role.LEVEL2, lead="（一）王志远。"),
        Table(("姓名", "电话"), (("王强", "13812345678"),), (1, 2)),
        signature,
    )
    made, notes = redacted(blocks, MASKS)
    assert made == (
        Head(("青石镇文件",), signers=("王某甲",)),
        Title("关于王某甲的报告"),
        Addressee("李某："),
        Paragraph("由王某乙负责。", Role.LEVEL2, lead="（一）王某甲。"),
        Table(("姓名", "电话"), (("王某乙", "138****5678"),), (1, 2)),
        signature,
    )
    assert notes[0].startswith("公开版：遮去 3 人的姓名 6 处、号码 1 处。")
