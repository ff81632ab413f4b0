"""整顿台账 as an annex (附件) in landscape: problems, measures, who answers for them."""

import datetime as dt
from collections.abc import Mapping, Sequence

from toolkit.forms.lists import Answer
from toolkit.schema.kinds import Day
from toolkit.word.document import STANDARD, Attachment, Document, Table, Typography
from toolkit.word.gongwen import render

_OWNERS = "责任人\n（责任领导）"
_HEAD = ("村名", "问题", "措施编号", "措施内容", _OWNERS, "责任单位", "完成时限", "办理状态")
_WIDTHS = (960, 1900, 1200, 2776, 1560, 1340, 1780, 1240)  # twips; their sum is the width
_PROBLEM_AT, _TEXT_AT = _HEAD.index("问题"), _HEAD.index("措施内容")


def write_annex(
    title: str,
    answers: Sequence[Answer],
    as_of: dt.date,
    marks: Mapping[str, str],
    typography: Typography = STANDARD,
) -> bytes:
    """Return the annex as a .docx; with villages in a column where there are several.

    `marks` are the properties that remember what it was made from. Equal input gives equal bytes.
    """
    opening = Attachment(title, landscape=True, subtitle=f"（截至{Day().text(as_of)}）")
    document = Document((opening, _table(answers)), title, properties=marks)
    return render(document, typography).data


def _table(answers: Sequence[Answer]) -> Table:
    """Return the table; each row says whose it is, so that any page can be read alone."""
    first, widths = 0, list(_WIDTHS)
    if len({answer.village for answer in answers}) <= 1:
        first = 1
        widths[_TEXT_AT] += widths[0]
    rows = tuple(answer[first:] for answer in answers)
    sentences = (_PROBLEM_AT - first, _TEXT_AT - first)
    return Table(_HEAD[first:], rows, tuple(widths[first:]), sentences)
