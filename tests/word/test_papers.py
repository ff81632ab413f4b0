# ruff: noqa: E501 -- a paragraph is one line, here as there
import datetime as dt
import io

import docx
import pytest
from drawn import drawn
from openxml_audit import OpenXmlValidator
from villages import EMPTY, FULL, SMALL

from toolkit.word.content import Line, parse
from toolkit.word.document import PAPERS, PLAN, SUMMARY, Seal
from toolkit.word.papers import write_paper
from toolkit.word.signature import NO_DAY
from toolkit.word.vocabulary import vocabulary
from toolkit.word.wording import standard_template

AS_OF = dt.date(2026, 9, 30)


def worded(book, name: str) -> list[str]:
    """The paper's paragraphs, each as the template's text writes one: style|text."""
    lines = standard_template(name).fill(vocabulary(book, AS_OF))
    return [f"{line.style}|{line.text}" for line in lines]


def paper(book, name: str = PLAN, seal: Seal = Seal()):  # noqa: B008 -- a frozen value
    return write_paper(book, standard_template(name), AS_OF, seal)


def of_lines(*lines: tuple[str, str]):
    """A paper of these lines, (style, text), for the small village."""
    return write_paper(SMALL, parse([Line(*line) for line in lines], "样"), AS_OF)


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
二级标题|（二）坚持专题研究。整顿以来，召开会议2次，专题研究整顿工作，推动解决具体问题。
二级标题|（三）实行台账管理。对查摆出的问题建立整改台账，逐条明确责任人和完成时限，每月更新办理情况，整改一项、销号一项。
一级标题|三、整改落实情况
二级标题|（一）集体经济薄弱
公文正文|整改责任人：周明、吴芳。完成时限：见各条措施。共制定措施2条，其中已完成1条，正在推进1条，尚未启动0条，长期坚持0条。
公文正文|1.入股【村名】合作社（责任人：周明；完成时限：2026年9月底前）。办理情况：推进中，已签协议。
公文正文|2. 10万元资金入股（责任人：吴芳；完成时限：2026年8月底前）。办理情况：已完成（2026年8月20日）。
二级标题|（二）组织生活松散
公文正文|整改责任人：周明。完成时限：2026年6月底前。共制定措施1条，其中已完成0条，正在推进0条，尚未启动0条，长期坚持1条。该问题已于2026年7月10日销号。
公文正文|1.按月开展主题党日。办理情况：长期坚持，已开展6次。
二级标题|其他整改措施
公文正文|1.公开村务（责任人：郑强；完成时限：2026年5月底前）。办理情况：未启动，已超过完成时限122天。
一级标题|四、取得成效
公文正文|主要指标变化情况：经营性收入整顿前为0万元，目前为2.5万元，目标为5万元。
公文正文|2026年9月20日，镇级组织会议测评，有效票32张，满意率为90.6%（满意和基本满意票数之和占有效票数的比例）。
公文正文|2026年9月25日，县级组织综合验收，综合得分88分，结论为合格。
一级标题|五、存在不足
公文正文|目前仍有1条措施超过时限没有完成，推进力度不够，工作进展不平衡。
一级标题|六、下一步打算
公文正文|对尚未完成的措施，倒排时间、明确节点、专人跟进，尽快整改到位；对已经完成的措施，适时开展“回头看”，防止问题反弹。
公文正文|对需要长期坚持的1条措施，持续抓好落实：1.按月开展主题党日。
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


def test_measures_without_a_status_are_told_only_where_there_are_any() -> None:
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
    assert all("尚未启动1条，状态未填1条，长期坚持0条" in text for text in said)
    assert len(said) == 2
    assert not any("已于" in line.text for line in lines)


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
    texts = [p.text for p in opened(paper(SMALL, PLAN, Seal(sealed=sealed))).paragraphs]
    organ = texts.index("中共云岭镇竹园村支部委员会")
    assert texts[organ - blanks : organ] == [""] * blanks
    assert texts[organ - blanks - 1]
    assert texts[organ + 1 :] == ["2026年4月8日", *[""] * sealed]


def test_several_organs_sign_above_one_date() -> None:
    lines = [("公文落款", "甲村支部"), ("公文落款", "乙村支部"), ("成文日期", "2026年9月30日")]
    assert shown(of_lines(("公文正文", "文。"), *lines))[1:] == [
        *(("落款", "甲村支部"), ("落款", "乙村支部"), ("落款", "2026年9月30日"))
    ]


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
