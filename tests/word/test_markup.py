import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import opened

from toolkit.word.document import Document, Paragraph
from toolkit.word.gongwen import render
from toolkit.word.markup import run_xml


def test_tabs_leave_no_empty_text() -> None:
    assert '<w:t xml:space="preserve"></w:t>' not in run_xml("\tP01-M03\t\tA-B\t")
    assert run_xml("\t").count("<w:t ") == 0


@given(st.text(st.sampled_from("aZ09-—甲&<>\t \"';")))
def test_a_text_with_hyphens_is_read_back_as_it_was(text) -> None:
    read = [p.text for p in opened(Document((Paragraph(text),))).paragraphs]
    assert read == ([text] if text else [])


@pytest.mark.office
def test_a_hyphen_at_the_end_of_a_line_is_printed_once_and_within_the_text_area(on_paper) -> None:
    """At w:noBreakHyphen LibreOffice printed P01- and -M03, the first beyond the edge."""
    texts = {lead: f"{'国' * lead}P01-M03、0538-1234567止" for lead in range(16, 27)}
    documents = {str(lead): render(Document((Paragraph(t),))).data for lead, t in texts.items()}
    for lead, printed in on_paper(documents).items():
        (page,) = printed.pages
        text = "".join(line.text for line in page.lines)
        assert text.replace(" ", "").count("-") == texts[int(lead)].count("-")
        assert printed.lost.total() == 0
