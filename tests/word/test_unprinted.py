"""What Word shows of a template and a paper would not print is told before it is used."""

import io

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from own_wording import own_template

from toolkit.errors import FaultyTemplateError, TemplateError
from toolkit.templates import examine
from toolkit.word.wording import read_template

NUMBERED = "第 2 段：用了自动编号，编号印不出来。请把编号改成文字。"
FIELD = "第 2 段：用了域（自动更新的日期、编号等），印出来不会更新。请改成文字或占位符。"
IN_A_LIST = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
NO_LIST = '<w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>'
TEXT = "<w:r><w:t>第一条</w:t></w:r>"


def template(*inner: str):
    """A document of a first paragraph, and one for each of these, told in XML."""
    document = docx.Document()
    document.add_paragraph("首段")
    for each in inner:
        added = parse_xml(f"<w:p {nsdecls('w', 'm')}>{each}</w:p>")
        document.paragraphs[-1]._p.addnext(added)  # noqa: SLF001 -- python-docx has no other way
    return document


def with_style(document, name: str, inner: str, base: str = "Normal"):
    """The document with a style of its own, told in XML."""
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles[base]
    for child in parse_xml(f"<w:style {nsdecls('w')}>{inner}</w:style>"):
        style.element.append(child)
    return document


def read(document):
    stream = io.BytesIO()
    document.save(stream)
    return read_template(stream.getvalue(), "样")


def faults(document) -> list[str]:
    """What is said of a template, without its name; nothing where it can be used."""
    try:
        read(document)
    except FaultyTemplateError as faulty:
        return [said.removeprefix("文稿模板《样》") for said in faulty.faults]
    return []


# -- numbers --------------------------------------------------------------------------------------


def test_a_line_that_word_numbers_is_a_fault_of_its_paragraph() -> None:
    assert faults(template(IN_A_LIST + TEXT)) == [NUMBERED]


def test_a_blank_line_of_a_list_loses_nothing() -> None:
    assert faults(template(IN_A_LIST)) == []


def test_a_style_that_numbers_and_one_that_is_based_on_it_are_faults() -> None:
    document = with_style(template(), "一级标题", IN_A_LIST)
    with_style(document, "二级标题", "", base="一级标题")
    document.add_paragraph("甲", "一级标题")
    document.add_paragraph("乙", "二级标题")
    assert faults(document) == [NUMBERED, NUMBERED.replace("2", "3")]


def test_a_paragraph_may_stay_out_of_the_list_of_its_style() -> None:
    document = with_style(template(), "一级标题", IN_A_LIST)
    document.add_paragraph("甲", "一级标题")
    own = parse_xml(f"<w:p {nsdecls('w')}>{NO_LIST}</w:p>")
    paragraph = document.paragraphs[-1]
    paragraph._p.get_or_add_pPr().append(own.pPr[0])  # noqa: SLF001 -- as above
    assert faults(document) == []


# -- things ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<w:r><w:drawing/></w:r>", "有图片或图形，印不出来。请删去。"),
        ("<w:r><w:pict/></w:r>", "有图片或图形，印不出来。请删去。"),
        ("<w:r><w:object/></w:r>", "有插入的对象，印不出来。请删去，要印的内容改成文字。"),
        ("<m:oMath><m:r><m:t>a</m:t></m:r></m:oMath>", "有公式，印不出来。请改成文字。"),
        (
            '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>',
            "有插入的符号，印不出来。请删去，用输入法重新输入。",
        ),
        (
            "<w:r><w:ruby><w:rt/><w:rubyBase/></w:ruby></w:r>",
            "有拼音标注，会和文字混在一起。请去掉拼音。",
        ),
        (
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            "有脚注，印不出来。请改成正文里的文字。",
        ),
        ('<w:r><w:endnoteReference w:id="2"/></w:r>', "有尾注，印不出来。请改成正文里的文字。"),
    ],
)
def test_what_is_no_text_is_a_fault_of_its_paragraph_told_once(inner, said) -> None:
    assert faults(template(TEXT + inner + inner)) == [f"第 2 段：{said}"]


def test_a_picture_that_word_itself_puts_in_is_found(tmp_path) -> None:
    from PIL import Image  # noqa: PLC0415 -- one test's

    Image.new("RGB", (2, 2)).save(tmp_path / "章.png")
    document = docx.Document()
    document.add_picture(str(tmp_path / "章.png"))
    assert faults(document) == ["第 1 段：有图片或图形，印不出来。请删去。"]


BEGIN, SEPARATE, END = (
    f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
)


def field(code: str) -> str:
    half = len(code) // 2
    codes = (f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in (code[:half], code[half:]))
    return BEGIN + "".join(codes) + SEPARATE + TEXT + END


@pytest.mark.parametrize(
    "inner",
    [
        field(' DATE \\@ "yyyy" '),
        f'<w:fldSimple w:instr=" SEQ 表 ">{TEXT}</w:fldSimple>',
        field(" HYPERLINK a ") + field(" PAGE "),
    ],
)
def test_a_field_whose_text_word_renews_is_a_fault(inner) -> None:
    assert faults(template(inner)) == [FIELD]


@pytest.mark.parametrize(
    "inner",
    [
        field(' HYPERLINK "http://a.cn" '),
        f"<w:hyperlink>{TEXT}</w:hyperlink>",
        f'<w:bookmarkStart w:id="1" w:name="a"/>{TEXT}<w:bookmarkEnd w:id="1"/>',
        f'<w:commentRangeStart w:id="1"/>{TEXT}<w:commentRangeEnd w:id="1"/>',
        f'<w:proofErr w:type="spellStart"/>{TEXT}<w:proofErr w:type="spellEnd"/>',
        f"<w:ins>{TEXT}</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>",
    ],
)
def test_links_bookmarks_comments_and_changes_keep_their_text(inner) -> None:
    document = template(inner)
    assert faults(document) == []
    assert len(read(document).nodes) == 4  # two paragraphs, each a text and its end


# -- looks ----------------------------------------------------------------------------------------


def run(looks: str, text: str) -> str:
    return f"<w:r><w:rPr>{looks}</w:rPr><w:t>{text}</w:t></w:r>"


STRUCK = "第 2 段：有带删除线的文字“旧话”，会印成普通文字。请删去，或去掉删除线。"
HIDDEN = "第 2 段：有隐藏的文字“暗语”，会印出来。请删去，或取消隐藏。"


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        (run("<w:vanish/>", "暗语"), [HIDDEN]),
        (run("<w:strike/>", "旧") + run("<w:dstrike/>", "话"), [STRUCK]),
        (run('<w:vanish w:val="1"/>', "暗语") + run("<w:strike/>", "旧话"), [HIDDEN, STRUCK]),
        (run('<w:vanish w:val="0"/>', "暗语") + run('<w:strike w:val="false"/>', "旧话"), []),
        (run("<w:strike/>", " "), []),
        (
            run("<w:strike/>", "一" * 21),
            [STRUCK.replace("旧话", "一" * 20 + "…")],
        ),
    ],
)
def test_hidden_and_struck_text_is_a_fault_that_quotes_it(inner, told) -> None:
    assert faults(template(TEXT + inner)) == told


def test_text_may_be_hidden_or_struck_by_its_style_unless_it_says_otherwise() -> None:
    document = with_style(template(), "附注", "<w:rPr><w:vanish/></w:rPr>")
    document.add_paragraph("暗语", "附注")
    assert faults(document) == [HIDDEN]
    document.paragraphs[1].runs[0].font.hidden = False
    assert faults(document) == []
    signs = document.styles.add_style("旧", WD_STYLE_TYPE.CHARACTER)
    signs.font.strike = True
    document.paragraphs[1].add_run("旧话", signs)
    document.paragraphs[1].runs[1].font.hidden = False
    assert faults(document) == [STRUCK]


# -- headers and footers --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["—1—", "第 1 页 共 3 页", "- 2 -", "", "1 / 3"])
def test_a_page_number_may_stand_in_a_footer(text) -> None:
    document = template()
    document.sections[0].footer.paragraphs[0].text = text
    assert faults(document) == []


def test_text_in_a_header_or_footer_is_a_fault_without_a_paragraph() -> None:
    document = template()
    section = document.sections[0]
    section.header.paragraphs[0].text = "青石镇党建办"
    section.footer.paragraphs[0].text = "内部资料"
    section.first_page_header.paragraphs[0].text = "首页"
    section.even_page_footer.paragraphs[0].text = "双页"
    told = [
        f"：{place}里有文字“{text}”，印不出来。请移到正文里，或删去。"
        for place, text in (("页眉", "青石镇党建办"), ("页脚", "内部资料"))
    ]
    assert faults(document) == told
    section.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    more = (told[0].replace("青石镇党建办", "首页"), told[1].replace("内部资料", "双页"))
    assert faults(document) == [*told, *more]


def test_a_picture_in_a_header_is_a_fault_and_a_box_is_looked_into() -> None:
    document = template()
    paragraph = document.sections[0].header.paragraphs[0]
    drawn = parse_xml(f"<w:r {nsdecls('w')}><w:drawing/></w:r>")
    paragraph._p.append(drawn)  # noqa: SLF001 -- as above
    assert faults(document) == ["：页眉里有图片或图形，印不出来。请删去。"]
    box = f"<w:txbxContent {nsdecls('w')}><w:p>{TEXT}</w:p></w:txbxContent>"
    drawn[0].append(parse_xml(box))
    assert faults(document) == ["：页眉里有文字“第一条”，印不出来。请移到正文里，或删去。"]


# -- as the clerk is told -------------------------------------------------------------------------


def test_all_that_is_wrong_with_a_template_is_told_at_once_what_has_no_paragraph_first(
    tmp_path,
) -> None:
    path = own_template(tmp_path / "整顿方案.docx", "【没有这个】", "正文")
    document = docx.Document(str(path))
    document.paragraphs[0]._p.getparent().remove(document.paragraphs[0]._p)  # noqa: SLF001
    document.paragraphs[1].runs[0].font.strike = True
    document.save(str(path))
    name, place = "文稿模板《整顿方案》", "第 1 段：【没有这个】没有对应的内容。"
    found = examine(path)
    assert found.exit_code == 1
    assert found.lines[0] == f"{name}：没有标题。请把标题那一段的样式设成“公文标题”。"
    assert found.lines[1].startswith(name + place)
    assert found.lines[2] == (
        f"{name}第 2 段：有带删除线的文字“正文”，会印成普通文字。请删去，或去掉删除线。"
    )
    assert found.lines[3:] == ("共 3 处要改，按“整顿方案”核对。",)


@pytest.mark.parametrize("tag", ["customXml", "altChunk"])
def test_what_is_embedded_is_refused_because_its_text_would_be_lost(tag) -> None:
    document = template()
    document.element.body.insert(0, parse_xml(f"<w:{tag} {nsdecls('w')}/>"))
    with pytest.raises(TemplateError, match="里有嵌入的内容，里面的文字写不进公文。"):
        read(document)
