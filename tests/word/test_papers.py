# ruff: noqa: E501 -- a paragraph is one line, here as there
import datetime as dt
import io

import docx
import pytest
from drawn import drawn
from openxml_audit import OpenXmlValidator
from villages import EMPTY, FULL, SMALL

from toolkit.word.content import Break, Content, Line, Literal
from toolkit.word.document import (
    PAPERS,
    PLAN,
    SUMMARY,
    Attachment,
    AttachmentNote,
    Head,
    Imprint,
    Paragraph,
    Role,
    Seal,
    Signature,
    Table,
    Title,
)
from toolkit.word.papers import USUAL, Setting, compose, write_paper
from toolkit.word.parsing import parse
from toolkit.word.scope import Scope
from toolkit.word.signature import NO_DAY
from toolkit.word.vocabulary import vocabulary
from toolkit.word.wording import standard_template

AS_OF = dt.date(2026, 9, 30)


def worded(book, name: str) -> list[str]:
    """The paper's paragraphs, each as the template's text writes one: style|text."""
    lines = standard_template(name).fill(vocabulary(book, AS_OF))
    return [f"{line.style}|{line.text}" for line in lines]


STAMP = {"zhengdun.source": "0" * 64, "zhengdun.as_of": AS_OF.isoformat()}


def paper(book, name: str = PLAN, setting: Setting = USUAL):
    return write_paper(vocabulary(book, AS_OF), standard_template(name), setting, STAMP)


def of_lines(*lines: tuple[str, str], setting: Setting = USUAL):
    """A paper of these lines, (style, text), for the small village."""
    content = parse([Line(*line) for line in lines], "样")
    return write_paper(vocabulary(SMALL, AS_OF), content, setting, STAMP)


def composed(*lines: tuple[str, str], setting: Setting = USUAL):
    """The blocks of these lines, (style, text), and what is said of them."""
    return compose(Scope({}), parse([Line(*line) for line in lines], "样"), setting)


def opened(rendered):
    return docx.Document(io.BytesIO(rendered.data))


def shown(rendered) -> list[tuple[str, str]]:
    """(style, text) of the paragraphs that are not blank."""
    return [(p.style.name, p.text) for p in opened(rendered).paragraphs if p.text]


# -- whole papers, read and approved by hand --------------------------------------------------------

SMALL_PLAN = """
公文标题|云岭镇竹园村2026年度软弱涣散党组织整顿实施方案
公文正文|根据县委组织部《集中整顿方案》（安组发〔2026〕7号）、《整顿工作通知》要求，经村级党员大会评议、镇级评议，我村党组织被确定为2026年度软弱涣散基层党组织。为切实解决存在的问题，提升村党组织的组织力、凝聚力、战斗力，结合本村实际，制定本方案。
一级标题|一、基本情况
公文正文|竹园村隶属云岭镇，距县城0公里，辖3个村民小组。
公文正文|村干部配备情况为：支部书记1名、副支书0名。村党组织书记、村委会主任“一肩挑”。现有党员21名，其中女性党员4名。
一级标题|二、存在的问题分析
公文正文|对照整顿要求，村党组织广泛听取党员群众意见，经集体研究，共查摆出2个方面的问题，主要表现为党组织服务意识差、服务能力弱、群众意见大；发展思路不清、集体经济薄弱。具体如下：
公文正文|1.没有稳定增收项目。
公文正文|2.组织生活松散。
一级标题|三、整改目标
公文正文|通过集中整顿，实现以下目标：
公文正文|1.壮大集体经济。办好合作社。考核指标：经营性收入，整顿前0万元，目标5万元。
公文正文|2.过好组织生活。
一级标题|四、整改具体措施
公文正文|针对查摆出的问题，结合村情实际和年度重点工作，制定以下整改措施。
二级标题|问题一：集体经济薄弱
公文正文|整改目标：年收入达5万元。
公文正文|整改措施：1.入股【村名】合作社（责任人：周明；完成时限：2026年9月底前）；2. 10万元资金入股（责任人：吴芳；完成时限：2026年8月底前）。
公文正文|整改责任人：周明、吴芳
公文正文|完成时限：见各条措施
二级标题|问题二：组织生活松散
公文正文|整改措施：1.按月开展主题党日。
公文正文|整改责任人：周明
公文正文|完成时限：2026年6月底前
二级标题|其他整改措施
公文正文|1.公开村务（责任人：郑强；完成时限：2026年5月底前）。
一级标题|五、时限要求
三级标题|1.集中整顿（2026年4月至9月底前）
公文正文|逐条整改。
三级标题|2.巩固提高（2026年11月底前）
一级标题|六、整顿要求
二级标题|（一）加强领导。党员21名全部编组。
公文正文|没有【这个名】的照原样印。
二级标题|（二）注重长效。常抓不懈。
公文落款|中共云岭镇竹园村支部委员会
成文日期|2026年4月8日
"""

SMALL_SUMMARY = """
公文标题|云岭镇竹园村关于2026年度软弱涣散党组织整改情况的报告
主送机关|中共云岭镇委员会：
公文正文|按照2026年度软弱涣散基层党组织集中整顿工作要求，我村对照整顿方案，逐条逐项抓好整改落实。现将截至2026年9月30日的有关情况报告如下。
一级标题|一、基本情况
公文正文|我村现有党员21名，村党组织被确定为2026年度软弱涣散基层党组织，主要表现为党组织服务意识差、服务能力弱、群众意见大；发展思路不清、集体经济薄弱。共查摆问题2个，已销号1个。共制定整改措施4条，其中已完成1条，正在推进1条，尚未启动1条，长期坚持1条。扣除长期坚持的措施，以3条为基数，完成率为33.3%。超过时限仍未完成的措施有1条。
一级标题|二、主要做法
二级标题|（一）加强组织领导。成立村软弱涣散党组织整顿工作领导小组，由周明任组长，吴芳、郑强为成员，统筹推进整顿工作。第一书记钱进驻村，县水务局结对帮扶，合力推进整顿。
二级标题|（二）坚持专题研究。整顿以来，召开专题研究会议2次，推动解决具体问题。
二级标题|（三）实行台账管理。对查摆出的问题建立整改台账，逐条明确责任人和完成时限，每月更新办理情况，整改一项、销号一项。
一级标题|三、整改落实情况
二级标题|（一）集体经济薄弱
公文正文|问题表现：没有稳定增收项目。
公文正文|整改措施：共2条，其中已完成1条，正在推进1条。整改责任人：周明、吴芳；完成时限：见各条措施。
公文正文|1.入股【村名】合作社（责任人：周明；完成时限：2026年9月底前）。办理情况：推进中，已签协议。
公文正文|2. 10万元资金入股（责任人：吴芳；完成时限：2026年8月底前）。办理情况：2026年8月20日完成。
公文正文|整改状态：正在整改。
二级标题|（二）组织生活松散
公文正文|整改措施：共1条，长期坚持。整改责任人：周明；完成时限：2026年6月底前。
公文正文|1.按月开展主题党日。办理情况：长期坚持，已开展6次。
公文正文|整改状态：2026年7月10日销号。
二级标题|其他整改措施
公文正文|1.公开村务（责任人：郑强；完成时限：2026年5月底前）。办理情况：未启动，已超过完成时限122天。
一级标题|四、取得成效
公文正文|主要指标整顿前后对比如下：
表头|序号｜指标｜单位｜整顿前｜目前｜变化｜目标
表格行|1｜经营性收入｜万元｜0｜2.5｜增加2.5｜5
公文正文|2026年9月20日，镇级组织会议测评，有效票32张，满意率为90.6%（满意和基本满意票数之和占有效票数的比例）。
公文正文|2026年9月25日，县级组织综合验收，综合得分88分，结论为合格。
一级标题|五、存在不足
公文正文|目前仍有1条措施超过时限没有完成，推进力度不够，工作进展不平衡。
一级标题|六、下一步打算
公文正文|对尚未完成的措施，倒排时间、明确节点、专人跟进，尽快整改到位；对已经完成的措施，适时开展“回头看”，防止问题反弹。
公文正文|对需要长期坚持的1条措施，持续抓好落实：
公文正文|按月开展主题党日（责任人：周明）。
公文正文|特此报告。
公文落款|中共云岭镇竹园村支部委员会
成文日期|2026年9月30日
"""

EMPTY_PLAN = """
公文标题|＿＿＿＿＿＿年度软弱涣散党组织整顿实施方案
公文正文|根据上级党组织关于集中整顿软弱涣散基层党组织的部署要求，我村党组织被确定为＿＿年度软弱涣散基层党组织。为切实解决存在的问题，提升村党组织的组织力、凝聚力、战斗力，结合本村实际，制定本方案。
一级标题|一、基本情况
公文正文|＿＿隶属＿＿。
公文正文|现有党员＿＿名。
一级标题|二、存在的问题分析
公文正文|村党组织存在的主要问题：＿＿。
一级标题|三、整改目标
公文正文|通过集中整顿，推动突出问题得到解决、工作制度得到落实，村党组织班子建设、党员管理、服务群众水平明显提升，按期实现转化提升。
一级标题|四、整改具体措施
公文正文|针对查摆出的问题制定的整改措施：＿＿。
一级标题|五、时限要求
公文正文|各项措施按照本方案明确的时限完成；需长期坚持的，持续抓好落实。
一级标题|六、整顿要求
二级标题|（一）加强组织领导。成立村软弱涣散党组织整顿工作领导小组，由村党组织书记任组长，村“两委”班子成员为成员，负责整顿工作的组织实施和督促落实。
二级标题|（二）严格台账管理。建立整改台账，逐条明确责任人和完成时限，每月更新进度，整改一项、销号一项，对进展缓慢的及时督促，确保各项措施落地见效。
二级标题|（三）压实工作责任。村党组织书记履行第一责任人责任，每月至少专题研究1次整顿工作，班子成员按照分工抓好落实。及时公开整改情况，以群众满意度检验整顿成效。
公文落款|＿＿
成文日期|＿＿
"""


@pytest.mark.parametrize(
    ("book", "name", "text"),
    [(SMALL, PLAN, SMALL_PLAN), (SMALL, SUMMARY, SMALL_SUMMARY), (EMPTY, PLAN, EMPTY_PLAN)],
)
def test_a_paper_says_word_for_word_what_the_office_would_say(book, name, text) -> None:
    assert worded(book, name) == text.strip().splitlines()


def test_states_that_no_measure_is_in_are_not_told() -> None:
    text = """
        # 存在问题
        | 问题编号 | 问题简述 | 销号日期   |
        | P01      | 经济弱   | 2026-12-01 |
        # 整改措施
        | 措施编号 | 问题编号 | 措施内容 | 办理状态 |
        | P01-M01  | P01      | 甲       |          |
        | P01-M02  | P01      | 乙       | 未启动   |
    """
    lines = list(standard_template(SUMMARY).fill(vocabulary(drawn(text), AS_OF)))
    said = [line.text for line in lines if "尚未启动" in line.text]
    assert "共制定整改措施2条，其中尚未启动1条，状态未填1条。完成率为0.0%。" in said[0]
    assert said[1:] == [
        "整改措施：共2条，其中尚未启动1条，状态未填1条。整改责任人：＿＿；完成时限：＿＿。",
        "整改状态：尚未启动。",
    ]
    assert not any("已于" in line.text for line in lines)


def test_what_finished_measures_came_to_is_told_as_the_effect() -> None:
    text = """
        # 存在问题
        | 问题编号 | 问题简述 | 整改责任人 | 整改时限 |
        | P01      | 经济弱   | 周明       | 9月底前  |
        # 整改措施
        | 措施编号 | 问题编号 | 措施内容 | 责任人 | 完成时限  | 办理状态 | 进展说明       |
        | P01-M01  | P01      | 甲       | 周明   | 9月底前   | 已完成   | 分红0.8万元。  |
        | P01-M02  | P01      | 乙       | 周明   | 9月底前   | 已完成   | 修路400米      |
        | P01-M03  | P01      | 丙       | 周明   | 9月底前   | 推进中   | 已签协议       |
    """
    lines = list(standard_template(SUMMARY).fill(vocabulary(drawn(text), dt.date(2022, 10, 2))))
    start = next(at for at, line in enumerate(lines) if line.text == "（一）经济弱")
    assert [line.text for line in lines[start + 1 : start + 7]] == [
        "整改措施：共3条，其中已完成2条，正在推进1条。整改责任人：周明；完成时限：9月底前。",
        "1.甲。办理情况：已完成。",
        "2.乙。办理情况：已完成。",
        "3.丙。办理情况：推进中，已签协议，已超过完成时限2天。",
        "整改成效：分红0.8万元；修路400米。",
        "整改状态：正在整改，有1条措施逾期。",
    ]


def test_an_indicator_that_lacks_a_number_shows_a_dash() -> None:
    text = """
        # 整改目标
        | 目标标题 | 指标名称 | 计量单位 | 基线值 | 目标值 | 现值 |
        | 甲       | 满意率   | %        | 61     | 90     | 87.5 |
        | 乙       | 干部     |          |        |        | 3    |
        | 丙       | 欠账     | 万元     | 2      | 0      | 0.5  |
        | 丁       | 路灯     | 盏       | 18     | 18     | 18   |
        | 戊       | 收入     | 万元     | 1      | 5      |      |
    """
    lines = standard_template(SUMMARY).fill(vocabulary(drawn(text), AS_OF))
    assert [line.cells for line in lines if line.cells] == [
        ("序号", "指标", "单位", "整顿前", "目前", "变化", "目标"),
        ("1", "满意率", "%", "61", "87.5", "提高26.5个百分点", "90"),
        ("2", "干部", "—", "—", "3", "—", "—"),
        ("3", "欠账", "万元", "2", "0.5", "减少1.5", "0"),
        ("4", "路灯", "盏", "18", "18", "持平", "18"),
    ]
    assert [line.widths for line in lines if line.style == "表头"] == [(3, 8, 3, 4, 4, 7, 4)]


def test_the_paragraphs_of_the_wording_are_those_of_the_paper() -> None:
    title, *texts = [text for _, text in shown(paper(SMALL))]
    assert title == "云岭镇竹园村2026年度\n软弱涣散党组织整顿实施方案"
    assert texts == [line.partition("|")[2] for line in SMALL_PLAN.strip().splitlines()[1:]]


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("book", [EMPTY, SMALL, FULL], ids=["empty", "small", "full"])
def test_equal_workbooks_are_equal_bytes(book, name) -> None:
    assert paper(book, name).data == paper(book, name).data


def test_the_file_says_what_it_was_made_from_and_who_signs_it() -> None:
    rendered = paper(SMALL, SUMMARY)
    properties = opened(rendered).core_properties
    assert properties.title == "云岭镇竹园村关于2026年度软弱涣散党组织整改情况的报告"
    assert properties.author == "中共云岭镇竹园村支部委员会"
    custom = next(
        part.blob
        for part in opened(rendered).part.package.iter_parts()
        if part.partname == "/docProps/custom.xml"
    ).decode()
    assert "zhengdun.source" in custom
    assert "<vt:lpwstr>2026-09-30</vt:lpwstr>" in custom


# -- roles ----------------------------------------------------------------------------------------


def test_text_after_a_headings_first_stop_is_set_as_body() -> None:
    rendered = of_lines(("二级标题", "（一）加强领导。成立小组。"), ("二级标题", "（二）抓落实。"))
    assert shown(rendered) == [
        ("公文正文", "（一）加强领导。成立小组。"),
        ("Heading 2", "（二）抓落实。"),
    ]
    assert [run.text for run in opened(rendered).paragraphs[0].runs] == [
        *("（一）加强领导。", "成立小组。")
    ]


def test_a_heading_of_the_first_level_and_a_note_stay_whole() -> None:
    lines = [("一级标题", "一、甲。乙"), ("附注", "（联系人：甲。乙）")]
    assert shown(of_lines(*lines)) == [("Heading 1", "一、甲。乙"), ("附注", "（联系人：甲。乙）")]


# -- signatures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("sealed", "blanks"), [(True, 2), (False, 1)])
def test_a_sealed_paper_has_room_for_the_seal(sealed, blanks) -> None:
    texts = [p.text for p in opened(paper(SMALL, PLAN, Setting(Seal(sealed=sealed)))).paragraphs]
    organ = texts.index("中共云岭镇竹园村支部委员会")
    assert texts[organ - blanks : organ] == [""] * blanks
    assert texts[organ - blanks - 1]
    assert texts[organ + 1 :] == ["2026年4月8日", *[""] * sealed]


def test_several_organs_sign_above_one_date() -> None:
    lines = [("公文落款", "甲村支部"), ("公文落款", "乙村支部"), ("成文日期", "2026年9月30日")]
    assert composed(("公文正文", "文。"), *lines).blocks == (
        Paragraph("文。"),
        Signature("甲村支部\n乙村支部", dt.date(2026, 9, 30), Seal()),
    )


def test_an_organ_without_a_date_line_signs_above_blanks() -> None:
    rendered = of_lines(("公文正文", "文。"), ("公文落款", "甲村支部"))
    assert shown(rendered)[1:] == [("落款", "甲村支部"), ("落款", NO_DAY)]


def test_a_day_that_is_not_filled_in_is_left_blank_and_spoken_of() -> None:
    rendered = paper(EMPTY)
    assert shown(rendered)[-1] == ("落款", NO_DAY)
    assert rendered.notes == ("成文日期没有填写，已留出空白，用印前请补填。",)


def test_a_day_that_cannot_be_read_is_left_blank_and_quoted() -> None:
    rendered = of_lines(("公文正文", "文。"), ("成文日期", "四月中旬"))
    assert shown(rendered)[-1] == ("落款", NO_DAY)
    assert rendered.notes == ("成文日期“四月中旬”读不出，已留出空白，用印前请补填。",)


# -- attachments, tables, head and imprint ----------------------------------------------------------

SIGNED = (("公文落款", "甲村支部"), ("成文日期", "2026年9月30日"))
SIGNATURE = Signature("甲村支部", dt.date(2026, 9, 30), Seal())


def test_a_head_and_its_rows_are_one_table() -> None:
    lines = [("表头", "甲（宽1）｜乙（宽3）"), ("表格行", "1｜2"), ("表格行", "3｜4")]
    assert composed(*lines, ("公文正文", "文。"), *lines[:2]).blocks == (
        Table(("甲", "乙"), (("1", "2"), ("3", "4")), (1, 3)),
        Paragraph("文。"),
        Table(("甲", "乙"), (("1", "2"),), (1, 3)),
    )


def test_a_head_without_rows_prints_nothing_and_a_second_head_begins_another_table() -> None:
    lines = [("表头", "甲｜乙"), ("表头", "丙"), ("表格行", "1"), ("表头", "丁"), ("表格行", "2")]
    assert composed(*lines).blocks == (Table(("丙",), (("1",),)), Table(("丁",), (("2",),)))


def test_several_attachments_are_numbered_and_named_before_the_signature() -> None:
    made = composed(
        ("公文正文", "文。"),
        ("附件说明", "问题清单"),
        ("附件说明", "整改台账"),
        *SIGNED,
        ("附件标题", "问题清单"),
        ("公文正文", "甲。"),
        ("横排附件标题", "整改台账"),
        ("表头", "乙"),
        ("表格行", "丙"),
    )
    assert made.blocks == (
        Paragraph("文。"),
        AttachmentNote(("问题清单", "整改台账")),
        SIGNATURE,
        Attachment("问题清单", 1),
        Paragraph("甲。"),
        Attachment("整改台账", 2, landscape=True),
        Table(("乙",), (("丙",),)),
    )
    assert made.notes == ()


def test_a_lone_attachment_has_no_number() -> None:
    blocks = composed(
        ("附件说明", "名单"), *SIGNED, ("附件标题", "名单"), ("公文正文", "甲。")
    ).blocks
    assert blocks[2] == Attachment("名单")


def test_an_organ_without_a_date_signs_before_the_attachment() -> None:
    blocks = composed(("公文落款", "甲村支部"), ("附件标题", "名单"), ("公文正文", "甲。")).blocks
    assert blocks[:2] == (Signature("甲村支部", None, Seal()), Attachment("名单"))


@pytest.mark.parametrize(
    ("names", "told"), [((), "没有写"), (("名册",), "名册"), (("名单", "台账"), "名单、台账")]
)
def test_attachments_that_are_named_otherwise_are_spoken_of(names, told) -> None:
    notes = (("附件说明", name) for name in names)
    made = composed(*notes, *SIGNED, ("附件标题", "名单"), ("公文正文", "甲。"))
    assert made.notes == (f"附件说明（{told}）与附件标题（名单）不一致，用印前请核对。",)


def test_names_of_attachments_that_are_bound_apart_need_no_title() -> None:
    assert composed(("公文正文", "文。"), ("附件说明", "名单"), *SIGNED).notes == ()


HEAD = Head(("中共青石镇委员会文件",), "青委发〔2026〕8号")


def test_a_head_comes_first_and_an_imprint_last() -> None:
    imprint = Imprint("县委组织部", "青石镇党政办", dt.date(2026, 10, 8))
    setting = Setting(head=HEAD, imprint=imprint)
    lines = (
        ("公文标题", "通知"),
        *SIGNED,
        ("抄送", "各村"),
        ("附件标题", "名单"),
        ("公文正文", "甲。"),
    )
    blocks = composed(*lines, setting=setting).blocks
    assert (blocks[0], blocks[-1]) == (HEAD, imprint)
    assert blocks[1:4] == (Title("通知"), SIGNATURE, Attachment("名单"))


def test_the_templates_copies_are_the_imprints_where_it_tells_none() -> None:
    lines = (("公文正文", "文。"), ("抄送", "县委组织部"), ("抄送", "各村"))
    assert composed(*lines).blocks[-1] == Imprint("县委组织部，各村")
    setting = Setting(imprint=Imprint(organ="青石镇党政办"))
    assert composed(*lines, setting=setting).blocks[-1] == Imprint(
        "县委组织部，各村", "青石镇党政办"
    )


def test_a_draft_says_so_below_its_title() -> None:
    lines = (("公文标题", "方案"), ("公文正文", "文。"))
    assert composed(*lines, setting=Setting(draft=True)).blocks[0] == Title(
        "方案", "（征求意见稿）"
    )
    assert composed(*lines).blocks[0] == Title("方案")


def test_a_draft_without_a_title_bears_the_mark_first() -> None:
    made = composed(("公文正文", "文。"), ("附件标题", "名单"), setting=Setting(draft=True))
    assert made.blocks[0] == Title("（征求意见稿）")
    assert made.blocks[1:] == (Paragraph("文。"), Attachment("名单"))
    assert made.title == "样"
    headed = composed(("公文正文", "文。"), setting=Setting(head=HEAD, draft=True))
    assert headed.blocks[:2] == (HEAD, Title("（征求意见稿）"))


def test_what_a_draft_issues_bears_the_mark_as_well() -> None:
    nodes = (
        *parse([Line("公文标题", "通知")], "样").nodes,
        *(Literal("方案"), Break("印发文件标题", 2)),
    )
    assert compose(Scope({}), Content("样", nodes), Setting(draft=True)).blocks == (
        Title("通知", "（征求意见稿）"),
        Attachment("方案", labelled=False, subtitle="（征求意见稿）"),
    )


def test_a_signature_without_a_day_is_noted() -> None:
    said = "署名“甲”下面没有成文日期，已留出空白，用印前请补填。"
    organ, day = ("公文落款", "甲"), ("成文日期", "2026年4月8日")
    for lines in ((organ,), (organ, ("公文正文", "文。"), day), (organ, ("抄送", "县"))):
        assert said in composed(*lines).notes
    assert composed(organ, day).notes == ()
    assert composed(("公文落款", "乙"), organ, ("附注", "（完）")).notes == (said,)


def test_a_paper_is_called_by_its_title_or_its_template() -> None:
    made = composed(("公文标题", "方案"), *SIGNED)
    assert (made.title, made.organ) == ("方案", "甲村支部")
    assert (composed(("公文正文", "文。")).title, composed(("公文正文", "文。")).organ) == (
        "样",
        "",
    )


def test_who_was_there_is_led_by_the_label() -> None:
    assert composed(("出席人员", "出席：周明、吴芳（组织：委员）")).blocks == (
        Paragraph("周明、吴芳（组织：委员）", Role.ATTENDANCE, lead="出席："),
    )


def test_a_paper_issued_within_another_begins_a_page_of_its_own() -> None:
    nodes = (
        *parse([Line("公文标题", "通知")], "样").nodes,
        *(Literal("方案"), Break("印发文件标题", 2)),
    )
    assert compose(Scope({}), Content("样", nodes)).blocks == (
        Title("通知"),
        Attachment("方案", labelled=False),
    )


# -- as LibreOffice sets it -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def measured(measure):
    """Both papers of the full village, measured."""
    return measure({name: paper(FULL, name).data for name in PAPERS})


@pytest.mark.parametrize("name", PAPERS)
def test_the_paper_is_a_valid_file(name, tmp_path) -> None:
    path = tmp_path / "文.docx"
    path.write_bytes(paper(FULL, name).data)
    assert OpenXmlValidator().validate(path).errors == []


@pytest.mark.office
@pytest.mark.parametrize("name", PAPERS)
def test_a_full_page_of_a_paper_holds_22_lines_and_no_glyph_is_lost(measured, name) -> None:
    result = measured[name]
    lines = [page["body_lines"] for page in result["pages"]]
    assert len(lines) in (4, 5)
    assert max(lines) == 22
    # A heading may go on with its text, and a short last paragraph with the signature.
    assert min(lines[1:-2]) >= 21
    assert result["missing_characters"] == {}


@pytest.mark.office
@pytest.mark.parametrize("name", PAPERS)
def test_the_page_of_a_papers_signature_carries_text(measured, name) -> None:
    *_, last = measured[name]["pages"]
    assert last["signature"]["body_lines_above"] >= 1
    assert last["signature"]["blank_lines_above"] == 2
    assert last["signature"]["centre_difference_mm"] == pytest.approx(0, abs=0.5)
