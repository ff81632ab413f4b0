"""A content template as an office would write it, with little of its own in it."""

from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE


def own_template(path: Path, *texts: str, title: str = "题") -> Path:
    """Save a whole template: a title, these paragraphs of body (2, 3 …), a signature, a date."""
    document = docx.Document()
    for style, text in (
        ("Title", title),
        *(("Normal", text) for text in texts),
        *(("公文落款", "甲"), ("成文日期", "2022年5月6日")),
    ):
        styled(document, style, text)
    document.save(str(path))
    return path


def styled(document: Document, style: str, text: str) -> None:
    """Add a paragraph in a style, which is made where the document has none of its name."""
    if style not in {each.name for each in document.styles}:
        document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph(text, style)
