"""The real plan, through the whole house and out again: nothing lost, nothing mended in silence."""

import datetime as dt
import difflib
import io
import json
import re
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from openxml_audit import OpenXmlValidator
from paths import SEED, needs_seed, office, tool

from toolkit import flow
from toolkit.cli import cli
from toolkit.excel.opened import read_workbook
from toolkit.forms import village
from toolkit.word.document import PLAN
from toolkit.word.making import make, source_of
from toolkit.word.papers import Setting
from toolkit.word.vocabulary import vocabulary
from toolkit.word.wording import standard_template

pytestmark = needs_seed
AS_OF = dt.date(2022, 10, 31)

# What the new plan says otherwise than the old one: house style, each with its reason.
HOUSE_STYLE = {
    ("", "**镇**村2022年度软弱涣散党组织整顿实施方案"): "the old plan had no title",
    ("整改", "完成"): "one label for 完成时限, where the old plan had two",
    ("到", "至"): "the two ends of a period are joined by 至",
    ("、", "."): "numbers of one level carry one mark",
    ("。", "；"): "items of a list are divided by ；",
    ("", "、"): "names are divided by 、",
    ("*", "＿＿"): "what is nothing but a mask is a blank to be filled in",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("round-trip")
    outcome = flow.take_in(SEED, folder / "0203-整顿村-2022.xlsx", "0203")
    assert outcome.exit_code == 0
    assert outcome.troubles == ()
    # It contradicts itself, so that `plan` would give a draft only.
    source = source_of(AS_OF, read_workbook(folder / "0203-整顿村-2022.xlsx", (village.FORM,)))
    made = make(source, vocabulary(source.book, AS_OF), standard_template(PLAN), Setting())
    (folder / "方案.docx").write_bytes(made.data)
    return folder


def paragraphs(folder: Path) -> list[str]:
    document = docx.Document(io.BytesIO((folder / "方案.docx").read_bytes()))
    texts = (paragraph.text.replace("***", "＿＿") for paragraph in document.paragraphs)
    return [re.sub(r"\s", "", text) for text in texts if text.strip()]


def seed_lines() -> list[str]:
    """Return the paragraphs of the real plan; a name behind a mask may be printed as a blank."""
    text = SEED.read_text("utf-8").replace("***", "＿＿")
    lines = (re.sub(r"\s", "", line) for line in text.splitlines())
    return [line for line in lines if line]


def differences(old: str, new: str) -> list[tuple[str, str]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [(old[a:b], new[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def test_every_paragraph_of_the_real_plan_comes_back_in_its_order(folder):
    old, new = seed_lines(), paragraphs(folder)
    assert len(new) == len(old) + 1  # and the title
    for before, after in zip(old, new[1:], strict=True):
        likeness = difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()
        short = len(before) < 30  # a label is a fifth of such a line
        assert likeness >= (0.8 if short else 0.97), (before, after)


def test_the_whole_text_is_alike_to_the_character_but_for_house_style(folder):
    old, new = "\n".join(seed_lines()), "\n".join(paragraphs(folder)[1:])
    assert difflib.SequenceMatcher(None, old, new, autojunk=False).ratio() >= 0.97
    found = [
        difference
        for before, after in zip(seed_lines(), paragraphs(folder)[1:], strict=True)
        for difference in differences(before, after)
    ]
    strange = [difference for difference in found if difference not in HOUSE_STYLE]
    assert strange == []


def test_the_contradictions_of_the_real_plan_are_found_at_their_cells(folder):
    command = [
        "check",
        str(folder / "0203-整顿村-2022.xlsx"),
        "--format",
        "json",
        "--as-of",
        "2022-10-31",
    ]
    result = CliRunner().invoke(cli, command, standalone_mode=False)
    report = json.loads(result.stdout)
    found = {
        (finding["rule"], finding["sheet"], cell)
        for finding in report["findings"]
        for cell in finding["cells"]
    }
    # The rows are the plan's own order below three rows of heading: problem four is row 7.
    expected = {
        ("X405", "存在问题", "C7"),  # 全村36名党员, the profile says 34
        ("X406", "存在问题", "C7"),  # 5 of 36 is 13.9 %, the plan cut it to 13.8 %
        ("C204", "整改措施", "A6"),  # the third measure of problem one …
        ("C204", "整改措施", "A7"),  # … and the one after it are both 3.
        ("X404", "整改措施", "A9"),  # 6. follows 4.
        ("D501", "存在问题", "H4"),  # 2022年10月前: by the end of September or of October?
        ("D501", "整改措施", "G4"),
        ("D509", "阶段安排", "C4"),  # 9月低前
        ("W602", "基本情况", "B10"),  # 支部委会
        ("W602", "方案文字", "C10"),  # 台帐
        ("W602", "整改措施", "C12"),  # 中共特色社会主义
    }
    assert expected - found == set()
    bands = [finding for finding in report["findings"] if finding["rule"] == "X407"]
    assert [
        finding["message"].startswith("各年龄段合计 12 人，党员总数 34 名") for finding in bands
    ] == [True]
    assert not any(finding["rule"] == "X401" for finding in report["findings"])


@pytest.mark.office
def test_the_new_plan_is_set_as_the_standard_wants(folder):
    office()
    measured = tool("measure_gongwen").measure(folder / "方案.docx")
    assert measured["missing_characters"] == {}
    pages = measured["pages"]
    assert {(round(page["width_mm"]), round(page["height_mm"])) for page in pages} == {(210, 297)}
    for page in pages:
        box, number = page["text_box_mm"], page["footer"]
        assert box["left"] == pytest.approx(28.05, abs=0.5)
        assert box["right"] == pytest.approx(183.63, abs=0.6)
        assert (number["parity"], number["side"]) in {("odd", "right"), ("even", "left")}
        assert number["dash_gap_mm"] == pytest.approx(7, abs=0.3)
    # The first page gives room to the title, the last ends with the signature.
    assert {page["body_lines"] for page in pages[1:-1]} == {22}
    for page in pages[1:-1]:
        assert page["text_box_mm"]["top"] == pytest.approx(40.0, abs=0.6)
        assert page["text_box_mm"]["bottom"] == pytest.approx(260.1, abs=0.5)
    assert max(full_width_characters(page) for page in pages) == 28
    signature = pages[-1]["signature"]
    assert signature["body_lines_above"] >= 1
    assert signature["centre_difference_mm"] == pytest.approx(0, abs=0.5)


def full_width_characters(page: dict) -> int:
    """Return the most characters on a line that holds Chinese characters only."""
    texts = [line["text"] for line in page["lines"]]
    return max(
        (len(text) for text in texts if re.fullmatch(r"[\u4e00-\u9fff，、；。]+", text)), default=0
    )


def test_the_new_plan_is_valid_office_open_xml(folder):
    assert OpenXmlValidator().validate(folder / "方案.docx").errors == []
    assert tool("ooxml_validate").Validator().check(folder / "方案.docx") == []


def test_the_workbook_of_the_real_plan_is_valid_office_open_xml(folder):
    assert tool("ooxml_validate").Validator().check(folder / "0203-整顿村-2022.xlsx") == []
