"""The issued plan and the minutes of a meeting as LibreOffice prints them."""

import datetime as dt

import pytest
from measured import HEITI, Printed
from worked import work_folder

from toolkit.demo import DAY
from toolkit.issued import write_issued
from toolkit.minutes import minutes

BOOK = "0205-柳湾村-2022.xlsx"
TITLE = ["青石镇柳湾村2022年度", "软弱涣散党组织整顿实施方案"]


@pytest.fixture(scope="module")
def papers(on_paper, tmp_path_factory) -> dict[str, Printed]:
    work = work_folder(tmp_path_factory.mktemp("work"))
    books = [work / "村级工作簿" / BOOK]
    (issued,) = write_issued(books, work / "公文", DAY).written
    (held,) = minutes(books, work / "公文", dt.date(2022, 10, 31), "2022-10").written
    return on_paper({"印发": issued.path.read_bytes(), "纪要": held.path.read_bytes()})


def texts(page) -> list[str]:
    return [line.text for line in page.lines]


@pytest.mark.office
def test_the_notice_is_one_page_that_shows_text_and_is_signed_there(papers):
    first = texts(papers["印发"].pages[0])
    assert first[:2] == ["中共青石镇委员会文件", "青党发〔2022〕19号"]
    at = first.index("中共青石镇柳湾村支部委员会：")  # 7.3.3: the first page shows body text
    assert first[at + 1].startswith("现将《青石镇柳湾村2022年度")
    assert first[at + 3 : at + 5] == ["中共青石镇委员会", "2022年4月28日"]


@pytest.mark.office
def test_the_plan_begins_the_next_page_with_its_title_and_no_label(papers):
    _, second, *_, last = papers["印发"].pages
    assert texts(second)[:2] == TITLE
    assert not any("附件" in text for page in papers["印发"].pages for text in texts(page))
    assert texts(second)[2].startswith("根据县委组织部")
    assert any(text.startswith("抄送：清河县委组织部。") for text in texts(last))


@pytest.mark.office
def test_who_was_there_is_told_below_the_text_with_the_label_in_black_type(papers):
    (page,) = papers["纪要"].pages
    present, absent = (
        next(line for line in page.lines if line.text.startswith(label))
        for label in ("出席：", "请假：")
    )
    assert [glyph.face for glyph in present.glyphs[:2]] == [HEITI, HEITI]  # 10.3
    assert [glyph.face for glyph in absent.glyphs[:2]] == [HEITI, HEITI]
    assert present.glyphs[4].face != HEITI
    assert present.left == pytest.approx(28 + 2 * 156 / 28, abs=0.5)  # 左空二字
    assert absent.text == "请假：梁守信等3人（在外务工，已请假）"
