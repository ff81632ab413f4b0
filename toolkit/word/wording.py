"""The office's standing wording: content templates as .docx, built from the package's texts."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from toolkit.errors import TemplateError
from toolkit.word.content import CONTROL_STYLE, Content, Line, parse
from toolkit.word.package import bare_document, saved, zipped

_FACES = {  # style: font, points, what sets it apart; only for the eye, the builder sets the page
    "公文标题": ("方正小标宋简体", 22),
    "主送机关": ("仿宋_GB2312", 16),
    "公文正文": ("仿宋_GB2312", 16),
    "一级标题": ("黑体", 16),
    "二级标题": ("楷体_GB2312", 16),
    "三级标题": ("仿宋_GB2312", 16),
    "四级标题": ("仿宋_GB2312", 16),
    "附注": ("仿宋_GB2312", 16),
    "公文落款": ("仿宋_GB2312", 16),
    "成文日期": ("仿宋_GB2312", 16),
    CONTROL_STYLE: ("宋体", 10),
}
_GREY = RGBColor(0x80, 0x80, 0x80)


def wording(name: str) -> tuple[Line, ...]:
    """Return the paragraphs of a template as the package's plain text has them.

    A line is `style|text`; without a style it is a line of controls.
    """
    text = files("toolkit.word").joinpath("templates", f"{name}.txt").read_text("utf-8")
    lines = (line.partition("|") for line in text.splitlines() if line)
    return tuple(Line(style or CONTROL_STYLE, content) for style, _, content in lines)


def template_docx(name: str) -> bytes:
    """Return a template as the .docx that staff edit; equal wording gives equal bytes."""
    document = bare_document()
    for style in list(document.styles):
        if style.type != WD_STYLE_TYPE.PARAGRAPH or style.name != "Normal":
            style.element.getparent().remove(style.element)
    for style_name, (face, points) in _FACES.items():
        style = document.styles.add_style(style_name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.name = face
        style.font.size = Pt(points)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), face)
        style.quick_style = True
        if style_name == CONTROL_STYLE:
            style.font.color.rgb = _GREY
        elif style_name == "公文标题":
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif style_name.startswith("公文落款") or style_name == "成文日期":
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        elif style_name != "主送机关":
            style.paragraph_format.first_line_indent = Pt(2 * points)
    for line in wording(name):
        document.add_paragraph(line.text, style=line.style)
    document.core_properties.title = f"{name}（文稿模板）"
    document.core_properties.author = ""
    document.core_properties.comments = ""
    return zipped(saved(document))


@cache
def standard_template(name: str) -> Content:
    """Return a template as the package ships it."""
    data = files("toolkit.word").joinpath("templates", f"{name}.docx").read_bytes()
    return read_template(data, name)


def template_from(name: str, path: Path | None) -> Content:
    """Return the office's own template, or the package's where it has none.

    Raises TemplateError where the office's cannot be read or used.
    """
    if path is None:
        return standard_template(name)
    try:
        data = path.read_bytes()
    except OSError:
        raise TemplateError(
            f"文稿模板“{path}”打不开。请核对文件名，并关闭正在编辑它的程序。"
        ) from None
    return read_template(data, path.stem)


def read_template(data: bytes, name: str) -> Content:
    """Return the template in a .docx; raises TemplateError where it is none."""
    try:
        paragraphs = docx.Document(BytesIO(data)).paragraphs
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError):
        raise TemplateError(
            f"文稿模板《{name}》打不开。请用 Word 或 WPS 另存为 .docx 再用。"
        ) from None
    lines = [
        Line(paragraph.style.name if paragraph.style else "Normal", paragraph.text)
        for paragraph in paragraphs
    ]
    return parse(lines, name)
