import pytest
from samples import DAY, PLAIN, SEALED, filled, opened, parts

from toolkit.word.document import (
    Addressee,
    Attachment,
    AttachmentNote,
    Document,
    Head,
    Imprint,
    Paragraph,
    Role,
    Seal,
    Signature,
    Table,
    Title,
)
from toolkit.word.fit import LIBREOFFICE, WORD, Fit, Place, fit_notes, fitting, places
from toolkit.word.gongwen import render
from toolkit.word.head import head_height

LINE = Paragraph("国" * 26)


def long(lines: int) -> Paragraph:
    return Paragraph("民" * (28 * lines - 4))


def table(rows: int) -> Table:
    return Table(("号", "事"), (("1", "甲"),) * rows)


# -- what is adjusted -----------------------------------------------------------------------------


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


def test_the_notes_name_what_was_adjusted() -> None:
    assert list(fit_notes(579, Fit(579))) == []
    pitch, rows, bound = fit_notes(579, Fit(554, is_bound=True, least_row=510))
    assert pitch == (
        "为使落款所在页有正文，全文行距由 28.95 磅调为 27.7 磅（GB/T 9704—2012 第 7.3.5.5 条）。"
    )
    assert rows == "为使落款所在页有正文，落款前表格的最小行高由 22.7 磅调为 25.5 磅。"
    assert bound.startswith("为使落款所在页有正文，末段（表格末行）随落款排到下一页")


def kept_last(document: Document) -> bool:
    *_, last = (p for p in opened(document).paragraphs if p.text.startswith("民"))
    return bool(last.paragraph_format.keep_with_next)


def test_a_long_last_paragraph_is_bound_only_where_no_pitch_near_will_do() -> None:
    assert not kept_last(filled(9, 6))
    assert kept_last(filled(9, 3))
    # 20 lines, with the signature's five, are more than 23 and fill a page of 21, 22 or 23.
    assert fitting(filled(14, 6).blocks, 579) == Fit(579, is_bound=True)
    assert kept_last(filled(14, 6))


def test_a_bound_paragraph_goes_along_whole_in_libreoffice_and_by_a_line_in_word() -> None:
    document, bound = filled(14, 6).blocks, Fit(579, is_bound=True)
    (whole,), (line,) = (places(document, bound, program) for program in (LIBREOFFICE, WORD))
    assert (whole.page, whole.above) == (2, 6 * 579)
    assert (line.page, line.above) == (2, 579)


def test_a_paragraph_that_fills_a_page_needs_a_pitch_farther_off() -> None:
    # Its 20 lines begin a page, where five more have no room, bound or not, at 21 to 24 a page.
    blocks = filled(0, 20).blocks
    fit = fitting(blocks, 579)
    assert 12756 // fit.pitch in {19, 25}
    for program in (LIBREOFFICE, WORD):
        assert all(place.is_right for place in places(blocks, fit, program))


def test_where_nothing_will_do_the_text_is_bound_at_the_wanted_pitch() -> None:
    # So many names that neither they nor the signature below them leave room for any text.
    blocks = (long(6), AttachmentNote(tuple(f"清单{n}" for n in range(30))), SEALED)
    assert fitting(blocks, 579) == Fit(579, is_bound=True)


def test_a_wanted_pitch_is_tried_first() -> None:
    assert fitting(filled(12, 6).blocks, 560).pitch == 554
    assert fitting(filled(11, 6).blocks, 560).pitch == 560


# -- tables ---------------------------------------------------------------------------------------


def test_a_table_before_the_signature_counts_as_text() -> None:
    def adjusted(rows: int) -> bool:
        return fitting((table(rows), SEALED), 579) != Fit(579)

    # 20 rows and the head leave 3,194 twips of 12,738, a signature takes five lines of 579;
    # 27 of them fill the page, and the 28th stands on the next one.
    assert [adjusted(rows) for rows in (15, 20, 21, 27, 28)] == [False, False, True, True, False]


def test_rows_are_given_the_height_at_which_the_signature_finds_one() -> None:
    # A table of 45 rows ends on its second page, where LibreOffice would not let a row go along;
    # another pitch moves the title above it, but hardly the rows.
    blocks = (Title("上河村集中整顿实施方案"), table(45), SEALED)
    fit = fitting(blocks, 579)
    assert (fit.pitch, fit.least_row) == (579, 430)
    for program in (LIBREOFFICE, WORD):
        assert not places(blocks, Fit(579), program)[0].is_right
        assert places(blocks, fit, program)[0].is_right
    document = parts(Document(blocks))["word/document.xml"].decode()
    assert document.count('<w:trHeight w:val="430"') == 45
    (note,) = render(Document(blocks)).notes
    assert "落款前表格的最小行高由 22.7 磅调为 21.5 磅" in note


def test_each_page_of_a_table_repeats_its_head_row() -> None:
    # A head and 27 rows of 454 fill 12,712 twips; the other 13 stand below a head of their own.
    (place,) = places((table(40), SEALED), Fit(579), WORD)
    assert (place.page, place.above) == (2, 454 * 14 + 10)


def test_a_row_taller_than_a_page_is_torn() -> None:
    tall = Table(("事",), (("甲" * 2000,),))
    (place,) = places((tall, SEALED), Fit(579), LIBREOFFICE)
    assert place.page == 2


def test_the_last_row_goes_along_where_it_is_bound() -> None:
    blocks = (*[LINE] * 10, table(8), SEALED)
    (libre,), (word,) = (
        places(blocks, Fit(579, is_bound=True), program) for program in (LIBREOFFICE, WORD)
    )
    assert libre.page == word.page == 2
    assert libre.above == word.above == 2 * 454
    # On a table's second page LibreOffice leaves it where it is.
    blocks = (*[LINE] * 7, table(40), SEALED)
    assert not places(blocks, Fit(579, is_bound=True), LIBREOFFICE)[0].is_right
    assert places(blocks, Fit(579, is_bound=True), WORD)[0].is_right


def test_two_tables_are_parted_by_a_line() -> None:
    (one,) = places((table(1), table(1), SEALED), Fit(579), WORD)
    assert one.above == 2 * (2 * 454 + 10) + 579


def test_a_heading_and_a_short_paragraph_stay_with_the_table_they_lead_to() -> None:
    heading = Paragraph("一、措施", Role.LEVEL1)
    # Below 19 lines they need 1,487 twips of the 1,755 that are left.
    (here,) = places((*[LINE] * 19, heading, table(1), LINE, SEALED), Fit(579), LIBREOFFICE)
    assert (here.page, here.above) == (2, 579)
    for leading in (heading, LINE):
        (there,) = places((*[LINE] * 20, leading, table(1), LINE, SEALED), Fit(579), LIBREOFFICE)
        assert (there.page, there.above) == (2, 579 + 2 * 454 + 10 + 579)


# -- heads, notes, attachments, imprints ----------------------------------------------------------


def test_a_heading_is_reckoned_with_the_page_of_its_text() -> None:
    heading = Paragraph("一、要求", Role.LEVEL1)
    lines = [LINE] * 20
    document = Document((Addressee("各村："), *lines, heading, long(6), SEALED, long(6), PLAIN))
    assert render(document).pitch == 579


def test_a_head_takes_its_height_from_page_1() -> None:
    head = Head(("青山镇人民政府文件",), "青政发〔2026〕8号")
    (place,) = places((head, LINE, SEALED), Fit(579), LIBREOFFICE)
    assert place == Place(
        1, head_height(head, 579) + 579, 12738 - head_height(head, 579) - 6 * 579, False, True, 1
    )


def test_page_1_shows_text_below_a_head_with_a_long_title() -> None:
    head = Head(("青山镇人民政府文件",), "青政发〔2026〕8号")
    title = Title("青山镇人民政府关于印发上河村软弱涣散\n党组织集中整顿\n实施方案的通知")
    # Title, addressee and two lines of text end at 17.7 of 22 lines: five more have no room
    # there, and both lines would go with them.
    blocks = (head, title, Addressee("各村："), Paragraph("国" * 50), SEALED)
    (alone,) = places(blocks, Fit(579), LIBREOFFICE)
    assert (alone.page, alone.begins, alone.is_right) == (2, 2, True)
    fit = fitting(blocks, 579)
    assert fit.pitch != 579
    for program in (LIBREOFFICE, WORD):
        (place,) = places(blocks, fit, program)
        assert (place.begins, place.is_right) == (1, True)


def test_a_signature_with_text_comes_before_a_first_page_with_text() -> None:
    # Two lines of text cannot stand on page 1 and with ten lines of note and signature as well.
    head = Head(("青山镇人民政府文件",), "青政发〔2026〕8号")
    note, seal = AttachmentNote(("清单", "名单")), Signature("镇政府", DAY, Seal(millimetres=60))
    blocks = (head, Title("方案"), Addressee("各村："), Paragraph("国" * 50), note, seal)
    fit = fitting(blocks, 579)
    assert fit == Fit(579, begins_late=True)
    for program in (LIBREOFFICE, WORD):
        assert places(blocks, fit, program)[0].is_right


def test_where_page_1_shows_no_text_it_is_said() -> None:
    (said,) = fit_notes(579, Fit(579, begins_late=True))
    assert said.startswith("首页排不下正文，不合 GB/T 9704—2012 第 7.3.3 条")
    assert list(fit_notes(579, Fit(579))) == []


@pytest.mark.parametrize("between", range(22))
def test_a_long_paragraph_may_turn_out_a_line_longer_or_shorter(between) -> None:
    def blocks(lines):
        return (long(lines), *[LINE] * between, long(6), SEALED)

    fit = fitting(blocks(20), 579)
    for program in (LIBREOFFICE, WORD):
        assert all(places(blocks(n), fit, program)[0].is_right for n in (19, 20, 21))


def test_a_list_of_those_present_may_be_empty() -> None:
    nobody = Paragraph("", Role.ATTENDANCE, lead="请假：")
    (place,) = places((nobody, SEALED), Fit(579), LIBREOFFICE)
    assert place.above == 579


def test_a_note_of_attachments_is_no_text_and_goes_with_the_signature() -> None:
    note = AttachmentNote(("清单", "名单"))
    # Three lines of the note and five of the signature: text may end at line 14.
    assert fitting((*[LINE] * 8, long(6), note, SEALED), 579) == Fit(579)
    assert fitting((*[LINE] * 9, long(6), note, SEALED), 579) != Fit(579)
    (place,) = places((*[LINE] * 15, note, SEALED), Fit(579), LIBREOFFICE)
    assert (place.page, place.above, place.has_text) == (2, 579, True)  # with the last line


def test_an_attachment_begins_a_page() -> None:
    blocks = (LINE, SEALED, Attachment("清单", 1), LINE, PLAIN)
    first, second = places(blocks, Fit(579), LIBREOFFICE)
    assert (first.page, second.page) == (1, 2)
    # Label, blank line, title of 660 twips, the blank line below it, a line of text.
    assert second.above == 2 * 579 + 660 + 579 + 579


def test_a_turned_page_is_shorter() -> None:
    turned = Attachment("清单", 1, landscape=True)
    # 8,844 twips hold the 2,397 of the opening and eleven lines.
    (place,) = places((turned, *[LINE] * 13, PLAIN), Fit(579), WORD)
    assert (place.page, place.above) == (2, 2 * 579)


def test_an_imprint_wants_room_on_the_last_page_or_has_a_page_of_its_own() -> None:
    imprint = Imprint("县委组织部", "青山镇党政办公室", SEALED.day)
    blocks = (*[LINE] * 16, SEALED, imprint)
    _, at_579 = places(blocks, Fit(579), LIBREOFFICE)
    assert not at_579.is_right  # 579 twips are left
    fit = fitting(blocks, 579)
    assert fit == Fit(554)
    assert all(places(blocks, fit, program)[1].is_right for program in (LIBREOFFICE, WORD))
    turned = (LINE, SEALED, Attachment("清单", 1, landscape=True), table(1), imprint)
    _, alone = places(turned, Fit(579), LIBREOFFICE)
    assert (alone.page, alone.above, alone.is_right) == (3, 0, True)


# -- several signatures ---------------------------------------------------------------------------


def test_a_second_signature_and_a_first_one_without_text_need_no_room() -> None:
    assert render(Document((SEALED, PLAIN))).pitch == 579
    short = [Paragraph("民" * 26)] * 15
    assert render(Document((*short, SEALED, long(6), SEALED))).pitch == 579


def test_every_signature_is_considered() -> None:
    short = Paragraph("民" * 20)
    heading = Paragraph("一、要求", Role.LEVEL1)
    first = (long(6), SEALED, heading, SEALED, short)
    assert render(Document((*first, SEALED))).pitch == 579  # the last one goes on with its text
    assert render(Document((*[short] * 12, *first, SEALED))).pitch == 554
