import io
import zipfile
from importlib.resources import files

import docx
import pytest
from docx.oxml import OxmlElement
from openxml_audit import OpenXmlValidator

from toolkit.errors import TemplateError, UsageError
from toolkit.forms import township
from toolkit.word.content import Line
from toolkit.word.document import PAPERS
from toolkit.word.scope import Scope
from toolkit.word.sorts import SORTS, sort_named
from toolkit.word.wording import (
    read_template,
    standard_template,
    template_docx,
    template_from,
    wording,
)

NAMES = [sort.name for sort in SORTS]
VILLAGE = Scope({"村名": "竹园村", "党员": "21"}, {"问题": [Scope({"简述": "散"})]})
CANNOT_BE_READ = "文稿模板《方案》打不开。请用 Word 或 WPS 另存为 .docx 再用。"


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def read(document) -> list[Line]:
    return list(read_template(saved(document), "方案").fill(VILLAGE))


def refusal(document) -> str:
    with pytest.raises(TemplateError) as caught:
        read(document)
    return str(caught.value)


# -- what the package ships -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_template_is_built_from_its_text(name) -> None:
    data = files("toolkit.word").joinpath("templates", f"{name}.docx").read_bytes()
    assert data == template_docx(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_template_uses_only_names_that_exist(name) -> None:
    standard_template(name).check(sort_named(name).specimen())


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_template_makes_a_whole_paper_and_all_of_it_is_printed(name) -> None:
    sort = sort_named(name)
    assert read_template(template_docx(name), name, sort) == standard_template(name)


def test_minutes_only_are_not_signed() -> None:
    assert [sort.name for sort in SORTS if not sort.signed] == ["会议纪要"]


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_template_reads_back_as_its_text(name) -> None:
    paragraphs = docx.Document(io.BytesIO(template_docx(name))).paragraphs
    assert [(p.style.name, p.text) for p in paragraphs] == [
        (line.style, line.text) for line in wording(name)
    ]


@pytest.mark.parametrize(
    ("name", "chapters"),
    [
        (
            "整顿方案",
            "基本情况 存在的问题分析 整改目标 整改具体措施 时限要求 整顿要求",
        ),
        (
            "整改情况报告",
            "基本情况 主要做法 整改落实情况 取得成效 存在不足 下一步打算",
        ),
    ],
)
def test_the_chapters_come_in_the_offices_order(name, chapters) -> None:
    numbered = [f"{n}、{title}" for n, title in zip("一二三四五六", chapters.split(), strict=True)]
    assert [line.text for line in wording(name) if line.style == "一级标题"] == numbered


@pytest.mark.parametrize("name", NAMES)
def test_the_wording_has_no_half_width_marks(name) -> None:
    text = "".join(line.text for line in wording(name))
    assert not set(text) & set(",;:?!()\"'")


def test_the_villages_papers_are_among_the_sorts() -> None:
    assert set(PAPERS) <= set(NAMES)
    assert len(NAMES) == len(set(NAMES))


def test_the_township_can_dress_every_sort_of_paper() -> None:
    assert {term.code for term in township.PAPERS.terms} == set(NAMES)


def test_a_sort_that_there_is_none_of_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="没有“方案”这一种文稿。可以是：整顿方案、整改情况报告、"):
        sort_named("方案")


def test_rows_of_tables_stand_in_a_frame_without_an_indent() -> None:
    document = docx.Document(io.BytesIO(template_docx("催办通知")))
    for name in ("表头", "表格行"):
        style = document.styles[name]
        assert style.paragraph_format.first_line_indent is None
        assert style.element.xpath("./w:pPr/w:pBdr/w:between")
    assert document.styles["公文正文"].paragraph_format.first_line_indent.pt == 32
    assert not document.styles["公文正文"].element.xpath("./w:pPr/w:pBdr")


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_template_is_a_valid_file(name, tmp_path) -> None:
    path = tmp_path / "模板.docx"
    path.write_bytes(template_docx(name))
    assert OpenXmlValidator().validate(path).errors == []


# -- what staff may do to it ----------------------------------------------------------------------


def test_a_placeholder_split_over_runs_is_read_whole() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for number, piece in enumerate(("【", "村", "名】有党", "员【党员", "】名")):
        paragraph.add_run(piece).bold = bool(number % 2)
    assert read(document) == [Line("公文正文", "竹园村有党员21名")]


def test_a_loop_may_stand_in_paragraphs_typed_in_normal() -> None:
    document = docx.Document()
    for text in ("【逐行：问题】", "【简述】", "【结束】"):
        document.add_paragraph(text)
    assert read(document) == [Line("公文正文", "散")]


def test_tabs_line_breaks_and_hyphens_are_kept() -> None:
    document = docx.Document()
    run = document.add_paragraph().add_run("甲\t乙\n丙")
    run._r.append(OxmlElement("w:noBreakHyphen"))  # noqa: SLF001 -- python-docx has no other way
    assert read(document) == [Line("公文正文", "甲\t乙\n丙-")]


def test_tracked_changes_are_read_as_accepted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("旧")
    for tag, text in (("w:ins", "新"), ("w:moveFrom", "移走")):
        change = OxmlElement(tag)
        change.append(document.add_paragraph(text).runs[0]._r)  # noqa: SLF001 -- as above
        paragraph._p.append(change)  # noqa: SLF001
    assert read(document) == [Line("公文正文", "旧新")]


def test_a_paragraph_whose_style_is_gone_counts_as_body() -> None:
    document = docx.Document()
    document.add_paragraph("甲")
    for style in list(document.styles):
        style.element.getparent().remove(style.element)
    assert read(document) == [Line("公文正文", "甲")]


# -- what cannot be used --------------------------------------------------------------------------


def test_a_table_is_refused_because_its_text_would_be_lost() -> None:
    document = docx.Document()
    document.add_table(1, 1)
    assert refusal(document) == (
        "文稿模板《方案》里有表格，里面的文字写不进公文。请把文字改成普通段落。"
    )


@pytest.mark.parametrize(("tag", "what"), [("w:sdt", "内容控件"), ("w:txbxContent", "文本框")])
def test_a_box_is_refused_because_its_text_would_be_lost(tag, what) -> None:
    document = docx.Document()
    document.element.body.insert(0, OxmlElement(tag))
    assert f"里有{what}，" in refusal(document)


def _without(data: bytes, part: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    return stream.getvalue()


WHOLE = template_docx("整顿方案")
BROKEN = {
    "nothing": b"",
    "no zip": b"\xd0\xcf\x11\xe0" * 99,
    "cut off": WHOLE[: len(WHOLE) // 2],
    "no document": _without(WHOLE, "word/document.xml"),
    "no types": _without(WHOLE, "[Content_Types].xml"),
    "no XML": WHOLE.replace(b"PK\x03\x04", b"PK\x03\x05", 1),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_a_damaged_file_is_refused_in_one_sentence(data) -> None:
    with pytest.raises(TemplateError) as caught:
        read_template(data, "方案")
    assert str(caught.value) == CANNOT_BE_READ


def test_an_offices_own_template_is_taken_where_there_is_one(tmp_path) -> None:
    path = tmp_path / "我镇方案.docx"
    path.write_bytes(template_docx("整顿方案"))
    assert template_from("整顿方案", path).name == "我镇方案"
    assert template_from("整顿方案", None) is standard_template("整顿方案")


def test_a_wrong_name_is_spoken_of_before_any_village_is_read(tmp_path) -> None:
    document = docx.Document()
    document.add_paragraph("【如有：海拔高度】【平均海拔】【结束】")
    path = tmp_path / "我镇方案.docx"
    path.write_bytes(saved(document))
    with pytest.raises(
        TemplateError, match=r"《我镇方案》第 1 段：【如有：海拔高度】没有.*平均海拔"
    ):
        template_from("整顿方案", path)


def test_a_template_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(TemplateError, match=r"没有.docx”打不开。请核对文件名"):
        template_from("整顿方案", tmp_path / "没有.docx")
