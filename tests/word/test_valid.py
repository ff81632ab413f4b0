"""Every kind of document that the package makes is valid Office Open XML, to the last one."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from openxml_audit import OpenXmlValidator
from test_measured import DOCUMENTS

from toolkit.findings import Level
from toolkit.forms.lists import Answer
from toolkit.report import RuleFamily, RulePage
from toolkit.word.annex import write_annex
from toolkit.word.document import Document, Head, Imprint, Seal
from toolkit.word.gongwen import render
from toolkit.word.papers import USUAL, Setting, write_paper
from toolkit.word.rule_book import rule_book
from toolkit.word.sorts import SORTS, Sort
from toolkit.word.wording import standard_template, template_docx

DAY = dt.date(2026, 8, 22)
FORMAL = Setting(
    seal=Seal(sealed=False),
    head=Head(
        ("青山镇人民政府文件",), "青政发〔2026〕8号", "000001", "机密★1年", "特急", ("王志远",)
    ),
    imprint=Imprint("县委组织部，县民政局。", "青山镇党政办公室", DAY),
    draft=True,
)
ANSWERS = [
    Answer(
        village, "P01 集体经济薄弱", "P01-M01", "入股<合作社>&分红", "王志远", "村委会", "9月", ""
    )
    for village in ("上河村", "石桥村")
]
RULES = (
    RuleFamily(
        "L",
        "版式",
        (
            RulePage(
                "L101", "missing", Level.ERROR, "生效", "缺<表>。", "无法核对。", "补上 & 再交。"
            ),
        ),
    ),
)
Maker = Callable[[], bytes]


def paper(sort: Sort, setting: Setting) -> Maker:
    """A paper of a sort, worded from the specimen that its template is checked against."""
    properties = {"zhengdun.source": "ab" * 32}
    return lambda: (
        write_paper(sort.specimen(), standard_template(sort.name), setting, properties).data
    )


def kinds() -> Iterator[tuple[str, Maker]]:
    for sort in SORTS:
        yield sort.name, paper(sort, USUAL)
        yield f"{sort.name} as a draft with head and imprint", paper(sort, FORMAL)
        yield f"the template of {sort.name}", lambda name=sort.name: template_docx(name)
    for name, blocks in DOCUMENTS.items():
        document = Document(blocks, name, name, {"来源": name})
        yield f"as printed: {name}", lambda it=document: render(it).data
    yield (
        "ledger annex",
        lambda: write_annex("青山镇整顿台账", ANSWERS, DAY, {"zhengdun.source": "ab" * 32}),
    )
    yield (
        "ledger annex of one village",
        lambda: write_annex("台账", ANSWERS[:1], DAY, {"zhengdun.source": "ab" * 32}),
    )
    yield "book of rules", lambda: rule_book(RULES)
    yield "nothing", lambda: render(Document(())).data


KINDS = dict(kinds())


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_the_validator_finds_no_error(make, tmp_path):
    path = tmp_path / "文.docx"
    path.write_bytes(make())
    assert OpenXmlValidator().validate(path).errors == []
