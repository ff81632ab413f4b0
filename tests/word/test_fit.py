import pytest
from samples import PLAIN, SEALED, filled, opened, parts

from toolkit.word.document import Addressee, Document, Paragraph, Role, Table
from toolkit.word.gongwen import render


def test_the_pitch_stays_where_the_signature_finds_text_anyhow() -> None:
    assert [render(filled(n, last)).pitch for n in range(8, 24) for last in (1, 3)] == [579] * 32
    assert render(filled(9, 6)).notes == ()


@pytest.mark.parametrize(("lines", "pitch"), [(11, 579), (12, 554), (16, 600), (17, 579)])
def test_the_pitch_is_changed_where_the_signature_would_stand_alone(lines, pitch) -> None:
    rendered = render(filled(lines, 6))
    assert rendered.pitch == pitch
    assert len(rendered.notes) == (pitch != 579)
    styles = parts(filled(lines, 6))["word/styles.xml"].decode()
    assert f'w:line="{pitch}" w:lineRule="exact"' in styles
    assert ('w:line="579"' in styles) == (pitch == 579)


def test_the_note_names_both_pitches_in_points() -> None:
    (note,) = render(filled(12, 6)).notes
    assert note == (
        "为使落款所在页有正文，全文行距由 28.95 磅调为 27.7 磅（GB/T 9704—2012 第 7.3.5.5 条）。"
    )


def kept_last(document: Document) -> bool:
    *_, last = (p for p in opened(document).paragraphs if p.text.startswith("民"))
    return bool(last.paragraph_format.keep_with_next)


def test_a_long_last_paragraph_is_bound_only_where_no_pitch_will_do() -> None:
    assert not kept_last(filled(9, 6))
    assert kept_last(filled(9, 3))
    assert kept_last(filled(14, 6))
    (note,) = render(filled(14, 6)).notes
    assert note.startswith("调整行距后落款所在页仍可能没有正文")


def test_a_table_before_the_signature_counts_as_text() -> None:
    def notes(rows: int) -> int:
        return len(render(Document((Table(("号", "事"), (("1", "甲"),) * rows), SEALED))).notes)

    assert [notes(rows) for rows in (15, 20, 21, 27, 28)] == [0, 0, 1, 1, 0]


def test_a_heading_is_reckoned_with_the_page_of_its_text() -> None:
    long = Paragraph("民" * (28 * 6 - 4))
    heading = Paragraph("一、要求", Role.LEVEL1)
    lines = [Paragraph("国" * 26)] * 20
    document = Document((Addressee("各村："), *lines, heading, long, SEALED, long, PLAIN, heading))
    assert render(document).pitch == 579


def test_a_second_signature_and_a_first_one_without_text_need_no_room() -> None:
    assert render(Document((SEALED, PLAIN))).pitch == 579
    long = Paragraph("民" * (28 * 6 - 4))
    short = [Paragraph("民" * 26)] * 15
    assert render(Document((*short, SEALED, long, SEALED))).pitch == 579


def test_every_signature_is_considered() -> None:
    long, short = Paragraph("民" * (28 * 6 - 4)), Paragraph("民" * 20)
    heading = Paragraph("一、要求", Role.LEVEL1)
    first = (long, SEALED, heading, SEALED, short)
    assert render(Document((*first, SEALED))).pitch == 579  # the last one goes on with its text
    assert render(Document((*[short] * 12, *first, SEALED))).pitch == 554
