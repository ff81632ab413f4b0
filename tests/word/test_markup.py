import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import opened, parts

from toolkit.word.document import Addressee, Document, Paragraph
from toolkit.word.gongwen import render
from toolkit.word.markup import run_xml

UNBROKEN = "<w:noBreakHyphen/>"


def hyphens(text: str) -> tuple[int, int]:
    """How many hyphens of a text may not and may end a line."""
    xml = run_xml(text)
    return xml.count(UNBROKEN), xml.count("-") - xml.count("->")


@pytest.mark.parametrize(
    ("text", "unbroken", "plain"),
    [
        ("措施P01-M03见附件", 1, 0),
        ("0538-1234567", 1, 0),
        ("2022-06-30", 2, 0),
        ("GB/T-9704-2012", 2, 0),
        ("a-b c-d", 2, 0),
        ("A&B-C<D-E>", 2, 0),
        ("1234567890-123456789", 1, 0),  # 20 characters
        ("1234567890-1234567890", 0, 1),  # 21
        ("-5", 0, 1),  # a sign
        ("a--b", 0, 2),
        ("村-民", 0, 1),
        ("3月-5月", 0, 1),
        ("P01-", 0, 1),
        ("甲—乙", 0, 0),
    ],
)
def test_the_hyphens_of_a_short_code_do_not_end_a_line(text, unbroken, plain) -> None:
    assert hyphens(text) == (unbroken, plain)


def test_a_run_of_pieces_leaves_no_empty_text() -> None:
    assert '<w:t xml:space="preserve"></w:t>' not in run_xml("\tP01-M03\t\tA-B\t")
    assert run_xml("\t").count("<w:t ") == 0


@given(st.text(st.sampled_from("aZ09-—甲&<>\t \"';")))
def test_a_text_with_hyphens_is_read_back_as_it_was(text) -> None:
    read = [p.text for p in opened(Document((Paragraph(text),))).paragraphs]
    assert read == ([text] if text else [])


def test_a_long_run_of_letters_is_looked_through_once() -> None:
    """Else a second would not do for it."""
    text = "a" * 200_000 + "-"
    assert hyphens(text) == (0, 1)


@pytest.mark.office
def test_a_hyphen_that_ends_no_line_is_read_from_paper_as_it_was_typed(measure) -> None:
    """LibreOffice breaks the line at it all the same; Word and WPS do not."""
    texts = [f"{'国' * lead}P01-M03、0538-1234567止" for lead in (0, 18, 24)]
    documents = {text: render(Document((Addressee(text),))).data for text in texts}
    for text, result in measure(documents).items():
        assert "".join(line["text"] for line in result["pages"][0]["lines"]) == text
        assert result["missing_characters"] == {}


def test_the_text_of_a_document_holds_no_mark_of_its_own_for_a_hyphen() -> None:
    xml = parts(Document((Paragraph("P01-M03"),)))["word/document.xml"].decode()
    assert f"P01</w:t>{UNBROKEN}<w:t" in xml
