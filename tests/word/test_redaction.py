"""A version for the public: who is masked and how, and what is left as it is."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.forms import township, village
from toolkit.schema.form import Identity
from toolkit.word.document import Addressee, Head, Paragraph, Role, Seal, Signature, Table, Title
from toolkit.word.people import Trust, people_in
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
        ("编号213812345678", "编号************"),  # twelve: whatever it is
        ("１３９１２３４５６７８", "１３９****５６７８"),
        ("139.1234.5678", "139****5678"),
        ("139·1234·5678", "139****5678"),
        ("1391-234-5678", "139****5678"),
        ("１３９－１２３４－５６７８", "139****5678"),
        ("13912345678元旦前打", "139****5678元旦前打"),  # no sum of money
        ("拨打3721234咨询", "拨打*******咨询"),
        ("372-1234", "***-****"),
        ("电话.3721234", "电话.*******"),
        ("320831900101123", "***************"),  # of fifteen digits, as they were before 1999
        ("320831 19900101 123X", "320831********123X"),
        ("3208311990010112 34", "320831********1234"),
        ("6222020012345678901", "*******************"),  # a bank card's
        ("6222 0200 1234 5678", "**** **** **** ****"),
        ("QQ：12345", "QQ：*****"),
        ("QQ号123456789", "QQ号*********"),
        ("微信号：wang_zhiyuan88", "微信号：**************"),
        ("138****5678", "138****5678"),  # masked already
    ],
)
def test_numbers_of_telephones_and_identity_cards_are_masked(text, told):
    assert masked(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "清组发〔2022〕19号",
        "清组发〔2022〕2022019号",  # whatever its length, a document's
        "2022年10月31日",
        "2022-10-31",
        "2022.10.31",
        "123 45 678 90 1",  # no groups of a telephone number
        "户数300 400 500",
        "20221031",
        "20220420-20221031",
        "2021-2025年",
        "2021-2025",
        "投入1000000元",
        "投入１０００００００元",
        "投入1234567.89元",
        "投入￥1234567",
        "总面积1234567亩",
        "增长86.6666666666667%",
        "P01-M03、P02-M11",
        "年产2000-3000公斤",
        "到会123456",  # six digits
    ],
)
def test_amounts_dates_and_numbers_of_documents_are_left(text):
    assert masked(text) == text


def test_the_code_of_a_village_is_no_number_of_a_person(tmp_path):
    book = book_of(tmp_path, Profile=[{"code": "320831102203", "village": "柳湾村"}])
    assert Redactor(masks_of([book])).text("320831102203") == "320831102203"


def test_a_known_telephone_is_masked_whatever_follows_it():
    assert masked("6688123个") == "*******个"


def test_how_many_were_masked_is_told():
    redactor = Redactor(MASKS)
    redactor.text("王强和王强、李明，13812345678，0517-82345678")
    assert next(redactor.notes) == (
        "公开版：遮去 2 人的姓名 3 处、号码 2 处。"
        "只认得工作簿里登记过的姓名，号码也可能认不全，公开前请通读一遍。"
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


def town_of(tmp_path, contact: str):
    """Write a township workbook with somebody to call; return it as read."""
    path = tmp_path / "镇级工作簿.xlsx"
    identity = Identity(township.FORM.id, township.FORM.version)
    path.write_bytes(
        build_workbook(township.FORM, identity, {township.Township: [{"contact": contact}]})
    )
    return read_workbook(path, (township.FORM,))


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


@pytest.mark.parametrize(
    "name",
    [
        "郑\u4dae",  # Extension A
        "罗\U00020bb7",  # Extension B
        "罗小\U000323af",  # Extension H, its end
        "王\u9fa6\u9fff",
        "李\uf9ba明",  # a compatibility character
        "阿卜杜拉买买提",
        "阿卜杜拉·买买提",
        "王建校",  # ends as the name of a unit could
        "周大院",
        "陈镇",
    ],
)
def test_whoever_has_a_persons_role_is_masked_whatever_the_name(tmp_path, name):
    masks = masks_of([book_of(tmp_path, Person=[{"role": "成员", "name": name}])])
    told = Redactor(masks).text(f"由{name}、大家落实")
    assert name not in told
    assert told.startswith(f"由{name[0]}某")


def test_a_name_of_another_dot_is_the_same_name():
    assert masked("阿卜杜拉•买买提、阿卜杜拉‧买买提") == "阿某某、阿某某"


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        ("支书宋江红", {"宋江红"}),
        ("卢俊义书记", {"卢俊义"}),
        ("林冲和秦明亮", {"林冲", "秦明亮"}),
        ("柴进主任、李应达", {"柴进", "李应达"}),
        ("史进伟、杨志华同志负责", {"史进伟", "杨志华"}),
        ("解珍珍、解宝宝请假", {"解珍珍", "解宝宝"}),
        ("解珍珍与解宝宝及史进，杨志华", {"解珍珍", "解宝宝", "史进", "杨志华"}),
        ("镇党委副书记李明同志牵头", {"李明"}),
        ("李明书记王强主任", {"李明", "王强"}),
        ("李和平", {"李和平"}),  # 和 is within a name
        ("王和平和和志强", {"王和平", "和志强"}),
        ("李文书", {"李文书"}),  # and an office
        ("组长：王志远13912345678", {"王志远"}),
        ("王　强、李 明", {"王强", "李明"}),
        ("李 明和王 强", {"李明", "王强"}),
        ("1.王强 2.李明明", {"王强", "李明明"}),
        ("支委王强、李明（兼）", {"王强", "李明"}),
        ("无", set()),
        ("书记", set()),
        ("***", set()),
    ],
)
def test_names_are_read_with_offices_and_other_words_beside_them(entry, found):
    for trust in Trust:
        assert people_in(entry, trust) == (tuple(people_in(entry, trust).names), ())
        assert set(people_in(entry, trust).names) == found


def test_the_absent_are_read_among_the_reasons():
    told = "2人（王志强、李大明请假），周文等3人，赵国因母亲住院请假，外来客"
    assert people_in(told, Trust.TOLD) == (("周文", "赵国", "王志强", "李大明"), ("外来客",))
    assert people_in("王强（陪护病人）、李明（小名狗娃）", Trust.TOLD) == (
        ("王强", "李明"),
        ("小名狗娃",),  # who knows
    )


def test_people_entered_with_an_office_are_masked_in_the_paper(tmp_path):
    rows = [
        {"number": "P01-M01", "text": "修渠", "owner": "支书宋江红"},
        {"number": "P01-M02", "text": "修路", "owner": "林冲和秦明亮"},
    ]
    redactor = Redactor(masks_of([book_of(tmp_path, Measure=rows)]))
    assert redactor.text("责任人：支书宋江红；林冲和秦明亮") == "责任人：支书宋某某；林某和秦某某"


def test_no_entry_of_a_column_of_names_is_left_without_a_word(tmp_path):
    rows = [{"number": "P01-M01", "text": "修渠", "owner": "王建校、县农业农村局、Tom"}]
    *_, told = Redactor(masks_of([book_of(tmp_path, Measure=rows)])).notes
    assert told == (
        "下列内容填在姓名栏里，不像姓名，没有遮；是人名的请自行遮去："
        "“王建校”、“县农业农村局”、“Tom”。"
    )


def test_who_is_a_person_elsewhere_is_no_unread_entry(tmp_path):
    book = book_of(
        tmp_path,
        Person=[{"role": "成员", "name": "王建校"}],
        Measure=[{"number": "P01-M01", "text": "修渠", "owner": "王建校"}],
    )
    masks = masks_of([book])
    assert masks.unread == ()
    assert Redactor(masks).text("由王建校负责") == "由王某某负责"


def test_a_name_that_may_be_two_is_masked_and_told(tmp_path):
    book = book_of(tmp_path, Person=[{"role": "成员", "name": "王志远李明"}])
    redactor = Redactor(masks_of([book]))
    assert redactor.text("王志远李明参加") == "王某某参加"
    *_, told = redactor.notes
    assert told == "下列内容按一个人的姓名遮去，如不是一个人的姓名，请核对：“王志远李明”。"


def test_a_long_name_within_the_name_of_a_place_is_left_and_told():
    redactor = Redactor(Masks({"向阳红": "向某某"}, frozenset({"向阳红村"})))
    assert redactor.text("向阳红村的向阳红") == "向阳红村的向某某"
    *_, told = redactor.notes
    assert told.endswith("“向阳红村的”。")


def test_a_name_that_begins_where_a_place_ends_is_masked():
    masks = Masks({"庄小明": "庄某某"}, frozenset({"王家庄"}))
    assert Redactor(masks).text("王家庄小明") == "王家庄某某"


def test_a_mask_does_not_depend_on_what_else_is_read(tmp_path):
    one = book_of(tmp_path, "甲.xlsx", Person=[{"role": "组长", "name": "钱小梅"}])
    other = book_of(
        tmp_path,
        "乙.xlsx",
        Person=[{"role": "组长", "name": "钱大海"}, {"role": "成员", "name": "钱江"}],
    )
    town = town_of(tmp_path, "钱多多")
    alone = masks_of([one]).within([one.path]).people
    for batch in ([one], [one, other], [other, one], [other, one, town], [town, one]):
        masks = masks_of(batch).within([one.path]).people
        assert {name: masks[name] for name in alone} == alone
    assert alone["钱小梅"] == "钱某某"


def test_whoever_is_known_from_another_workbook_has_no_sign(tmp_path):
    one = book_of(tmp_path, "甲.xlsx", Person=[{"role": "组长", "name": "吴小梅"}])
    other = book_of(
        tmp_path,
        "乙.xlsx",
        Person=[{"role": "组长", "name": "钱大海"}, {"role": "成员", "name": "钱江"}],
    )
    masks = masks_of([one, other])
    assert masks.within([one.path]).people["钱大海"] == "钱某某"
    assert masks.within([other.path]).people["钱大海"] == "钱某甲"


def test_the_townships_people_never_share_a_mask_with_the_villages(tmp_path):
    one = book_of(tmp_path, "甲.xlsx", Person=[{"role": "组长", "name": "钱小梅"}])
    masks = masks_of([town_of(tmp_path, "钱多多"), one]).within([one.path]).people
    assert (masks["钱小梅"], masks["钱多多"]) == ("钱某某", "钱某甲")


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


# -- laws -----------------------------------------------------------------------------------------

GIVEN = "志远明亮小梅大海江红强和平文书\u4dae\U00020bb7"
NAMES = st.builds(
    lambda surname, given: surname + given,
    st.sampled_from(["王", "李", "欧阳", "和"]),
    st.text(GIVEN, min_size=1, max_size=6),
)
WORDS = st.text(
    GIVEN + "王李欧阳村镇由同志书记、，。 \u3000〔〕年月日号元ａ１２abPM-.0123", max_size=40
)


def masks_for(people: set[str]) -> Masks:
    return Masks({name: f"{name[0]}某{at}" for at, name in enumerate(sorted(people))})


@given(st.sets(NAMES, max_size=6), st.lists(st.one_of(WORDS, NAMES), max_size=8))
def test_no_registered_name_of_three_characters_or_more_survives(people, parts):
    text = "".join((*parts, *people))
    told = Redactor(masks_for(people)).text(text)
    assert [name for name in people if len(name) > 2 and name in told] == []


@given(st.sets(NAMES, max_size=6), WORDS)
def test_a_text_without_names_and_long_numbers_is_unchanged(people, text):
    short = re.sub(r"[0-9０-９][-.0-9０-９ \u3000]{5,}", "", text)
    bare = re.sub(r"[ \u3000]", "", short)
    if not any(name in bare for name in people):
        redactor = Redactor(masks_for(people))
        assert redactor.text(short) == short
        assert redactor.found == []
