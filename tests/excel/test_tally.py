"""The conservation ledger of one file: every row that shows something is in one bucket."""

import csv
import datetime as dt
import io
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import crafted
import openpyxl
import pytest
from crafted import Paint, edited, part_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from paths import CHECKOUT, EXAMPLES, SHARED, office

from toolkit.cells import Raw, place
from toolkit.demo import example_township
from toolkit.excel import read, tally
from toolkit.excel.blank import build_workbook
from toolkit.excel.gate.preflight import ODD_KINDS, Preflight, preflight
from toolkit.excel.gate.refusal import Refusal
from toolkit.excel.gate.rows import blank_strings, rows_shown
from toolkit.excel.headers import filled
from toolkit.excel.opened import open_bytes, read_workbook
from toolkit.excel.read import _Body, _Reader
from toolkit.excel.values import read_values
from toolkit.forms import township, village
from toolkit.schema.form import META_SHEET, Identity
from toolkit.schema.texts import is_blank
from toolkit.schema.workbook import Tally, Workbook

FORMS = (village.FORM, township.FORM)
NAME = "0205-柳湾村-2022.xlsx"
IDENTITY = Identity(village.FORM.id, village.FORM.version, "0205", "2022")
MEASURES, PROFILE, GOALS = village.Measure.sheet, village.Profile.sheet, village.Goal.sheet
HEAD, FIRST = 2, 3  # lines of a table, counted from 0
FURNITURE = 3  # title, hint, headers
WIDTH = len(village.Measure.columns)
FUNDS = [column.header for column in village.Measure.columns].index("计划资金")

Grids = dict[str, list[list[Any]]]


# -- workbooks, and the ledger of each


@cache
def example() -> Mapping[Any, Any]:
    """What an example village wrote, by sheet."""
    (book,) = (book for book in example_township().villages if book.file_name == NAME)
    return book.filling


MEASURED = 10  # measures of that village


def base() -> Grids:
    """The cells of its workbook, the form's own sheets included."""
    grids = read_values(build_workbook(village.FORM, IDENTITY, example())).grids
    return {title: [list(line) for line in grid] for title, grid in grids.items()}


def saved(grids: Mapping[str, list[list[Any]]], paint: Paint | None = None) -> bytes:
    """The bytes of a workbook of those cells; `paint` does the rest to 整改措施."""
    return crafted.saved(grids, IDENTITY, (MEASURES, paint))


def opened(data: bytes) -> Workbook:
    return open_bytes(data, Path(NAME), FORMS, counted=True).read()


def ledger(data: bytes) -> dict[str, Tally]:
    """The tally of each sheet, all of them in balance and counted once more by openpyxl."""
    tallies = {each.sheet: each for each in opened(data).tallies}
    for title, rows in recounted(data).items():
        assert (title, tallies[title].rows) == (title, len(rows))
    for each in tallies.values():
        assert in_balance(each), each
    return tallies


def in_balance(each: Tally) -> bool:
    return each.off == () and each.rows == each.own + each.records + each.aside + each.loose


def recounted(data: bytes) -> dict[str, set[int]]:
    """The rows that show something by openpyxl; a formula shows unless its result is a text ""."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of extensions that it does not know
        book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: {
            cell.row
            for cell in sheet._cells.values()  # noqa: SLF001 -- iter_rows makes all blank ones, too
            if cell.value is not None and not (isinstance(cell.value, str) and is_blank(cell.value))
        }
        for sheet in book.worksheets
    }


# -- what people fill in


def test_of_a_village_each_row_is_a_record_or_what_the_form_puts_there() -> None:
    found = ledger(build_workbook(village.FORM, IDENTITY, example()))
    assert list(found)[:2] == ["填写说明", PROFILE]
    assert list(found)[-2:] == ["字典", META_SHEET]
    for row in village.FORM.rows:
        if not row.vertical:
            written = len(example().get(row, ()))
            assert found[row.sheet] == Tally(
                row.sheet,
                rows=FURNITURE + written,
                own=FURNITURE,
                records=written,
                aside=0,
                loose=0,
            )
    assert found[MEASURES].records == MEASURED
    for title in ("填写说明", "字典", META_SHEET):
        assert found[title].own == found[title].rows > 4


def test_of_a_vertical_sheet_an_answer_is_a_record_and_a_label_without_one_is_the_forms() -> None:
    """59 questions in six sections, two of them unanswered; that village answered them all."""
    answers = dict(example()[village.Profile][0])
    del answers["location"], answers["area"]
    filling = {**example(), village.Profile: [answers]}
    found = ledger(build_workbook(village.FORM, IDENTITY, filling))[PROFILE]
    assert found == Tally(PROFILE, rows=3 + 6 + 59, own=3 + 6 + 2, records=57, aside=0, loose=0)


FILES = (
    *sorted((EXAMPLES / "村级工作簿").glob("*.xlsx")),
    EXAMPLES / "镇级工作簿.xlsx",
    *sorted((CHECKOUT / "templates").glob("*.xlsx")),
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_we_hand_out_is_in_balance(path) -> None:
    found = ledger(path.read_bytes())
    assert sum(each.loose + each.aside for each in found.values()) == 0
    assert all(each.independent for each in found.values())


def test_nothing_is_counted_unless_it_is_asked_for(tmp_path) -> None:
    path = tmp_path / NAME
    path.write_bytes(saved(base()))
    assert read_workbook(path, FORMS).tallies == ()
    assert len(read_workbook(path, FORMS, counted=True).tallies) == len(base())


# -- what people do to a sheet


def line(**cells: Raw) -> list[Raw]:
    """A line of 整改措施 with these cells, by letter."""
    places = {place(f"{letter}1")[1] - 1: raw for letter, raw in cells.items()}
    return [places.get(at, "") for at in range(max(places) + 1)]


def subtotal(grids: Grids) -> None:
    for number in range(FIRST, FIRST + MEASURED):
        grids[MEASURES][number][FUNDS] = 1.0
    total: list[Raw] = [""] * WIDTH
    total[0], total[FUNDS] = "合计", float(MEASURED)
    grids[MEASURES].insert(FIRST + MEASURED, total)


def wrong_subtotal(grids: Grids) -> None:
    subtotal(grids)
    grids[MEASURES][FIRST + MEASURED][FUNDS] = 99.0


def repeated_header(grids: Grids) -> None:
    grids[MEASURES].insert(FIRST + 4, list(grids[MEASURES][HEAD]))


def second_table(grids: Grids) -> None:
    """The goals below the measures: their headers and one line."""
    grids[MEASURES][FIRST + MEASURED :] = [[], *grids[GOALS][HEAD : HEAD + 2]]


def table_beside(grids: Grids) -> None:
    for number, each in enumerate(grids[MEASURES]):
        each += ["", *(each if number >= HEAD else [])]


def missing_column(grids: Grids) -> None:
    for each in grids[MEASURES][HEAD:]:
        del each[4]


def two_lines(grids: Grids) -> None:
    upper = list(grids[MEASURES][HEAD])
    lower: list[Raw] = [""] * WIDTH
    lower[3], upper[3] = upper[3], "责任落实"
    lower[4], upper[4] = upper[4], ""
    grids[MEASURES][HEAD : HEAD + 1] = [upper, lower]


def nothing_of_ours(grids: Grids) -> None:
    grids[MEASURES] = [["一些", "别的"], [], ["字"]]


LAYOUTS: dict[str, tuple[Callable[[Grids], object], dict[str, int]]] = {
    "subtotal_row": (subtotal, {"aside": 1}),
    "wrong_subtotal_row": (wrong_subtotal, {"loose": 1}),
    "repeated_header": (repeated_header, {"aside": 1}),
    "second_table_below": (second_table, {"loose": 2}),
    "two_tables_side_by_side": (table_beside, {"own": -1, "loose": 1}),
    "data_offset": (
        lambda grids: [each.insert(0, "") for each in grids[MEASURES]],
        {},
    ),
    "header_20_rows_down": (
        lambda grids: grids[MEASURES].__setitem__(slice(0, 0), [[""]] * 20),
        {},
    ),
    "blank_rows": (
        lambda grids: grids[MEASURES].__setitem__(slice(5, 5), [[], [" ", "\u3000"], ["\u200b"]]),
        {},
    ),
    "missing_column": (missing_column, {}),
    "two_lines_of_headers": (two_lines, {"own": 1}),
    "text_in_front_of_the_header": (
        lambda grids: grids[MEASURES].insert(0, ["填报单位：柳湾村"]),
        {"loose": 1},
    ),
    "text_beside_the_title": (
        lambda grids: grids[MEASURES][0].append("送审稿"),
        {"own": -1, "loose": 1},
    ),
    "stray_beside_a_record": (
        lambda grids: grids[MEASURES][FIRST].__setitem__(slice(WIDTH, None), ["", "另见附件"]),
        {},
    ),
    "stray_alone_right_of_the_table": (
        lambda grids: grids[MEASURES].append([""] * 30 + ["此表一式两份"]),
        {"loose": 1},
    ),
    "signature_below": (
        lambda grids: grids[MEASURES].__setitem__(
            slice(FIRST + MEASURED, None), [[], ["填表人：李明"]]
        ),
        {"loose": 1},
    ),
    "no_header_at_all": (nothing_of_ours, {"own": -3, "records": -MEASURED, "loose": 2}),
    "no_row_but_the_furniture": (
        lambda grids: grids[MEASURES].__delitem__(slice(FIRST, None)),
        {"records": -MEASURED},
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_row_of_a_changed_sheet_is_in_the_bucket_that_it_belongs_to(layout) -> None:
    change, difference = LAYOUTS[layout]
    grids = base()
    change(grids)
    found = ledger(saved(grids))[MEASURES]
    usual = {"own": FURNITURE, "records": MEASURED, "aside": 0, "loose": 0}
    due = {name: number + difference.get(name, 0) for name, number in usual.items()}
    assert found == Tally(MEASURES, rows=sum(due.values()), **due)


PICTURE = '=_xlfn.DISPIMG("ID_1",1)'
PAINTS: dict[str, tuple[Paint, int]] = {
    "hidden_row": (lambda _, sheet: sheet.set_row(FIRST, None, None, {"hidden": True}), 0),
    "stray_cell_XFD1048576": (lambda _, sheet: sheet.write(1_048_575, 16_383, "远"), 1),
    "blank_far_below": (lambda _, sheet: sheet.write("A11500", "\u3000"), 0),
    "blank_in_the_last_row": (lambda _, sheet: sheet.write("A1048576", " "), 0),
    "blank_in_the_last_cell": (lambda _, sheet: sheet.write("XFD1048576", "\u200b"), 0),
    "blank_far_right": (lambda _, sheet: sheet.write("AAA20000", " "), 0),
    "far_number": (lambda _, sheet: sheet.write("AAA20000", 0), 1),
    "far_picture": (lambda _, sheet: sheet.write_formula("A900000", PICTURE, None, ""), 1),
    "far_formula_without_result": (
        lambda _, sheet: sheet.write_formula("A900000", "=A4", None, ""),
        1,
    ),
    "far_error": (lambda _, sheet: sheet.write_formula("A900000", "=1/0", None, "#DIV/0!"), 1),
    "formatted_rows": (lambda book, sheet: sheet.set_row(50_000, 20, book.add_format()), 0),
    "error_in_a_record": (lambda _, sheet: sheet.write_formula("D4", "=NA()", None, "#N/A"), 0),
    "error_alone": (lambda _, sheet: sheet.write_formula("D40", "=NA()", None, "#N/A"), 1),
    "formula_without_result": (lambda _, sheet: sheet.write_formula("D40", "=A4", None, ""), 1),
    "picture_in_a_cell": (
        lambda _, sheet: sheet.write_formula(
            "D40", '=DISPIMG("ID_1",1)', None, '=DISPIMG("ID_1",1)'
        ),
        1,
    ),
    "picture_without_result": (lambda _, sheet: sheet.write_formula("D40", PICTURE, None, ""), 1),
    "vertical_merge": (lambda _, sheet: sheet.merge_range("D4:D6", "高建平"), 0),
    "blank_text": (lambda _, sheet: sheet.write_string("D40", " \u3000"), 0),
    "blank_beside_text": (lambda _, sheet: sheet.write_row("A40", [" ", "", "还有一句"]), 0),
}


@pytest.mark.parametrize("painted", PAINTS)
def test_what_no_reader_of_cells_is_told_is_counted_all_the_same(painted) -> None:
    paint, loose = PAINTS[painted]
    found = ledger(saved(base(), paint))[MEASURES]
    records = MEASURED + (painted == "blank_beside_text")
    assert found == Tally(
        MEASURES, FURNITURE + records + loose, FURNITURE, records, aside=0, loose=loose
    )


def test_a_formula_whose_result_is_an_empty_text_shows_nothing() -> None:
    data = saved(base(), lambda _, sheet: sheet.write_formula("D40", '=""', None, "x"))
    name = "xl/worksheets/sheet7.xml"
    part = part_of(data, name)
    assert part.count("<v>x</v>") == 1
    (found,) = (
        each
        for each in opened(edited(data, {name: part.replace("<v>x</v>", "<v></v>")})).tallies
        if each.sheet == MEASURES
    )
    assert (found.rows, in_balance(found)) == (FURNITURE + MEASURED, True)


def test_rows_of_sheets_that_are_not_the_forms_are_loose_hidden_or_not() -> None:
    grids = base() | {"台账": [["上河村", 3.0], [], ["甲"]], "空": [[" "]]}
    data = saved(grids)
    hidden = part_of(data, "xl/workbook.xml").replace(
        '<sheet name="台账"', '<sheet state="veryHidden" name="台账"'
    )
    found = ledger(edited(data, {"xl/workbook.xml": hidden}))
    assert found["台账"] == Tally("台账", rows=2, own=0, records=0, aside=0, loose=2)
    assert found["空"] == Tally("空", rows=0, own=0, records=0, aside=0, loose=0)


def test_what_is_written_on_the_forms_own_sheets_is_loose_and_the_rest_theirs() -> None:
    whole = ledger(saved(base()))["填写说明"]
    grids = base()
    grids["填写说明"] += [[]] * 3 + [["我们的意见"]]
    grids["填写说明"][0] = [*grids["填写说明"][0], *[""] * 9, "看过"]
    found = ledger(saved(grids))["填写说明"]
    assert found == Tally(
        "填写说明", rows=whole.rows + 1, own=whole.own - 1, records=0, aside=0, loose=2
    )


def test_errors_on_the_forms_own_sheets_are_theirs() -> None:
    grids = base()
    grids["填写说明"] += [[]] * 3 + [["我们的意见"]]  # so that the sheet is read at all
    data = saved(grids)
    name = "xl/worksheets/sheet1.xml"
    error = '</row><row r="999"><c r="A999" t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>'
    part = part_of(data, name).replace("</row></sheetData>", error)
    before, after = ledger(data)["填写说明"], ledger(edited(data, {name: part}))["填写说明"]
    assert (after.rows, after.own, after.loose) == (before.rows + 1, before.own + 1, before.loose)


STRANGE = (  # cells as few programs write them, and the shared string that they name
    ('<c r="A{row}"><f>_xlfn.DISPIMG("ID_1",1)</f></c>', ""),
    ('<c r="A{row}" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v></v></c>', ""),
    ('<c r="A{row}" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>', ""),
    ('<c r="A{row}" t="e"><f>_xlfn.DISPIMG("ID_1",1)</f><v>#NAME?</v></c>', ""),
    ('<c r="A{row}" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ""),
    ('<c r="A{row}" t="s"><f>A1</f></c>', ""),
    ('<c r="A{row}" t="inlineStr"><f>A1</f><is><t> </t></is></c>', ""),
    ('<c r="A{row}" t="b"><v>0</v></c>', ""),
    ('<c r="A{row}" t="d"><v>2022-01-01</v></c>', ""),
    ('<c r="A{row}" t="str"><v>&#133;</v></c>', ""),
    ('<c r="A{row}" t="inlineStr"><is><t>&#x85;</t></is></c>', ""),
    *(
        ('<c r="A{row}" t="s"><v>{at}</v></c>', string)
        for string in (
            "<t>&#133;</t>",
            "<t>&#128;&#x9F;</t>",
            "<t>\u2028\ufeff</t>",
            "<t>&#9;&#10;&#13;</t>",
            "<t>_x0085_</t>",
            "<t/>",
            "<r><t> </t></r><r><rPr><b/></rPr><t xml:space='preserve'>\u3000</t></r>",
            "<t> </t><rPh sb='0' eb='1'><t>zì</t></rPh>",
            "<rPh sb='0' eb='1'><t>zì</t></rPh><t>字</t>",
            "<t>&#x10FFFF;</t>",
        )
    ),
)


@pytest.mark.parametrize("row", [210, 11_500], ids=["near", "far"])
@pytest.mark.parametrize(("cell", "string"), STRANGE)
@pytest.mark.parametrize(("part", "title"), [("sheet1", "填写说明"), ("sheet7", MEASURES)])
def test_a_cell_spelled_strangely_is_the_same_to_the_scan_and_the_reader(
    part, title, cell, string, row
) -> None:
    data = saved(base())
    name, strings = f"xl/worksheets/{part}.xml", part_of(data, "xl/sharedStrings.xml")
    filled_in = cell.replace("{row}", str(row)).replace("{at}", str(strings.count("<si>")))
    changed = edited(
        data,
        {
            name: part_of(data, name).replace(
                "</row></sheetData>", f'</row><row r="{row}">{filled_in}</row></sheetData>'
            ),
            "xl/sharedStrings.xml": strings.replace("</sst>", f"<si>{string}</si></sst>"),
        },
    )
    assert f'<row r="{row}">' in part_of(changed, name)
    (found,) = (each for each in opened(changed).tallies if each.sheet == title)
    assert in_balance(found)


def test_of_an_older_form_the_hidden_lists_are_its_own() -> None:
    older = build_workbook(village.FORM, Identity(village.FORM.id, "0.1.0", "0205", "2022"), {})
    found = {each.sheet: each for each in opened(older).tallies}
    assert found["字典"].own == found["字典"].rows > 20
    assert all(map(in_balance, found.values()))


def test_sheets_that_a_form_reckons_from_others_are_its_own() -> None:
    form = replace(village.FORM, derived=frozenset({"总览"}))
    data = saved(base() | {"总览": [["镇汇总"], [], ["村", 3.0]]})
    book = open_bytes(data, Path(NAME), (form,), counted=True).read()
    assert (book.extra_sheets, book.strays) == ((), ())
    assert book.tallies[-1] == Tally("总览", rows=2, own=2, records=0, aside=0, loose=0)


WORDS = st.one_of(
    st.sampled_from(
        ["合计", "小计：", "P01-M01", "备注：无", "措施编号", "整改措施", "编号", "序号"]
    ),
    st.sampled_from(["", None, " ", "\u200b"]),
    st.integers(0, 99).map(float),
    st.booleans(),
    st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1)),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=3),
)
LINES = st.one_of(
    st.lists(WORDS, max_size=6),
    st.sampled_from([row for row in village.FORM.rows if not row.vertical]).map(
        lambda row: [column.header for column in row.columns]
    ),
)
CHANGES = st.lists(
    st.tuples(st.sampled_from([*village.FORM.sheets(), "填写说明"]), st.integers(0, 15), LINES),
    max_size=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CHANGES)
def test_whatever_lines_are_put_into_its_sheets_a_workbook_is_in_balance(changes) -> None:
    grids = base()
    for title, at, content in changes:
        grids[title].insert(at, content)
    ledger(saved(grids))


# -- mutants of the reader: each must be seen


def mutated(data: bytes) -> dict[str, tuple[int, ...]]:
    """The rows in doubt, by sheet."""
    return {each.sheet: each.off for each in opened(data).tallies if each.off}


def test_a_reader_that_drops_a_record_is_seen(monkeypatch) -> None:
    whole = _Body.read

    def dropping(body, grid, areas) -> None:
        whole(body, grid, areas)
        if body.title == MEASURES:
            del body.records[4]

    monkeypatch.setattr(_Body, "read", dropping)
    assert mutated(saved(base())) == {MEASURES: (8,)}


def test_a_reader_that_counts_a_record_twice_is_seen(monkeypatch) -> None:
    whole = _Body.read

    def doubling(body, grid, areas) -> None:
        whole(body, grid, areas)
        if body.title == MEASURES:
            body.records.append(body.records[0])

    monkeypatch.setattr(_Body, "read", doubling)
    assert mutated(saved(base())) == {MEASURES: (4,)}


def test_a_row_that_stands_in_two_buckets_is_seen(monkeypatch) -> None:
    grids = base()
    subtotal(grids)
    tell = _Reader.aside

    def aside(reader, title, row, cells, note) -> None:
        tell(reader, title, row, cells, note)
        reader.accounts[title].own.append(row + 1)

    monkeypatch.setattr(_Reader, "aside", aside)
    assert mutated(saved(grids)) == {MEASURES: (FIRST + MEASURED + 1,)}


def test_a_stray_that_is_forgotten_is_seen(monkeypatch) -> None:
    grids = base()
    grids[MEASURES].insert(0, ["填报单位：柳湾村"])
    monkeypatch.setattr(_Reader, "_stray", lambda *_: None)
    assert mutated(saved(grids)) == {MEASURES: (1,)}


def test_a_sum_set_aside_without_being_told_is_seen(monkeypatch) -> None:
    grids = base()
    subtotal(grids)
    monkeypatch.setattr(_Body, "_aside", lambda *_: None)
    assert mutated(saved(grids)) == {MEASURES: (FIRST + MEASURED + 1,)}


def test_a_sheet_that_is_forgotten_is_seen(monkeypatch) -> None:
    monkeypatch.setattr(read, "extra_sheets", lambda *_: ())
    assert mutated(saved(base() | {"台账": [["上河村"], [], ["甲"]]})) == {"台账": (1, 3)}


def test_text_on_the_forms_own_sheets_that_is_forgotten_is_seen(monkeypatch) -> None:
    grids = base()
    grids["填写说明"] += [[]] * 3 + [["我们的意见"]]
    monkeypatch.setattr(read, "added", lambda *_: ())
    assert mutated(saved(grids)) == {"填写说明": (len(grids["填写说明"]),)}


def test_a_value_that_calamine_does_not_see_is_seen() -> None:
    data = saved(base())
    name = "xl/worksheets/sheet7.xml"
    hidden = '</row><row r="90"><c r="A90"><v><![CDATA[7]]></v></c></row></sheetData>'
    part = part_of(data, name).replace("</row></sheetData>", hidden)
    assert mutated(edited(data, {name: part})) == {MEASURES: (90,)}


# -- the scan alone


def sheet(cells: str, space: str = "") -> bytes:
    return f"<worksheet{space}><sheetData>{cells}</sheetData></worksheet>".encode()


BLANKS = frozenset({b"5"})


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ("", ()),
        ('<row r="2"><c r="A2"><v>1</v></c></row>', (2,)),
        ('<row r="2" ht="3"><c r="A2" s="1"/><c r="B2" s="1" t="s"><v>4</v></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="s"><v>5</v></c></row>', ()),
        ('<row r="2"><c r="A2" t="s"><v>5</v></c><c r="B2"/><c r="C2"><v>0</v></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="s"><v> 5 </v></c></row>', ()),
        ('<row r="2"><c r="A2"><v>5</v></c></row>', (2,)),
        ('<row r="2"><c r="A2"><v>-1.5E-3</v></c></row>', (2,)),
        ('<row r="2"><c r="A2"><v></v></c></row>', ()),
        ('<row r="2"><c r="A2"><v/></c></row>', ()),
        ('<row r="2"><c r="A2"><v xml:space="preserve"> </v></c></row>', ()),
        ('<row r="2"><c r="A2" t="b"><v>0</v></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="str"><v> \u3000</v></c></row>', ()),
        ('<row r="2"><c r="A2" t="str"><v>&#32;</v></c></row>', ()),
        ('<row r="2"><c r="A2" t="str"><v>_x0020_</v></c></row>', ()),
        ('<row r="2"><c r="A2" t="str"><v>&#133;</v></c></row>', ()),
        ('<row r="2"><c r="A2" t="str"><v>&#x85;&#160;</v></c></row>', ()),
        ('<row r="2"><c r="A2" t="str"><v>&#8364;</v></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="str"><v>&quot;</v></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="str"><f>DISPIMG("a",1)</f><v></v></c></row>', (2,)),
        ("<row r='2'><c r='A2' t='str'><f>DISPIMG(&quot;a&quot;)</f><v></v></c></row>", (2,)),
        ('<row r="2"><c r="A2" t="s"><f>B2</f></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="s"><f>B2</f><v>5</v></c></row>', ()),
        ("<row r='2'><c r='A2' t='inlineStr'><f>B2</f></c></row>", (2,)),
        ('<row r="2"><c r="A2" t="str"><v>字</v></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="str"><f>B2</f><v></v></c></row>', ()),
        ('<row r="2"><c r="A2"><f>B2</f></c></row>', (2,)),
        ('<row r="2"><c r="A2"><f>B2</f><v></v></c></row>', (2,)),
        ('<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="inlineStr"><is><t>字</t></is></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="inlineStr"><is><t> </t></is></c></row>', ()),
        ('<row r="2"><c r="A2" t="inlineStr"><v>字</v></c></row>', ()),
        ('<row r="2"><c r="A2" t="inlineStr"><is><r><t>字</t></r></is></c></row>', (2,)),
        ('<row r="2"><c r="A2" t="inlineStr"><is><rPh><t>zì</t></rPh></is></c></row>', ()),
        ('<row r="2"><c r="A2" t="d"><v>2022-01-01</v></c></row>', (2,)),
        ("<row><c><v>1</v></c></row><row/><row><c><v>1</v></c></row>", (1, 3)),
        ('<row r="4"><c><v>1</v></c></row><row><c r="A9"><v>1</v></c></row>', (4, 9)),
        ('<row r="4"><c r="A4"><v>1</v></c></row><row><c><v>1</v></c></row>', (4, 5)),
        ('<row r="4"><c r="A4"/><c><v>1</v></c></row>', (4,)),
        ('<row r="4"/><row><c><v>1</v></c></row>', (5,)),
        ('<row r="2"><c r="A2"><v>1</v></c><c r="B7"><v>1</v></c></row>', (2, 7)),
        ('<row r="2"><c r="A3"><v>1</v></c></row>', (3,)),
        ('<row r="3"><c r="A3"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', (1, 3)),
        ('<row r="3"><c r="A3"><v>1</v></c></row><row r="3"><c r="B3"><v>1</v></c></row>', (3,)),
        ('<row r="2"><c r="A2"/></row><row><c r="A3"><v>1</v></c></row>', (3,)),
        ('<row spans="1:2" r="2"><c r="A2"><v>1</v></c></row>', (2,)),
        ("<row r='2'><c r='A2'><v>1</v></c></row>", (2,)),
        ('<row r="2">\n<c r="A2">\n<v>1</v>\n</c>\n</row>', (2,)),
        ('<row r="2"><!-- <c r="A2"><v>1</v></c> --></row>', ()),
        ('<row r="2"><c r="A2"><v><![CDATA[7]]></v></c></row>', (2,)),
        ('<row r="zwei"><c r="?"><v>1</v></c></row>', (1,)),
    ],
)
def test_a_row_shows_what_a_person_would_see(cells, shown) -> None:
    assert rows_shown(sheet(cells), "一张表", BLANKS) == shown


def test_a_sheet_whose_tags_have_a_prefix_is_counted_like_any_other() -> None:
    part = (
        b'<x:worksheet xmlns:x="m"><x:sheetData><x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row>'
        b"</x:sheetData></x:worksheet>"
    )
    assert rows_shown(part, "一张表") == (2,)
    assert rows_shown(b"<worksheet><sheetData/></worksheet>", "一张表") == ()
    with pytest.raises(Refusal, match="内容残缺"):
        rows_shown(part[:-3], "一张表")


@pytest.mark.parametrize(
    ("strings", "blank"),
    [
        ("<si><t>字</t></si><si><t>a</t></si>", set()),
        ("<si><t>字</t></si><si><t> </t></si><si><t/></si><si><t>9</t></si>", {b"1", b"2"}),
        ('<si><t xml:space="preserve">  字</t></si><si><t>（一）</t></si>', set()),
        ("<si><t>&#x3000;</t></si><si><t>_x000D_</t></si><si><t>&amp;</t></si>", {b"0", b"1"}),
        ("<si><r><t> </t></r><r><rPr/><t>字</t></r></si><si><r><t> </t></r></si>", {b"1"}),
        ("<si><t> </t><rPh sb='0' eb='1'><t>zì</t></rPh></si>", {b"0"}),
        ("<si><rPh sb='0' eb='1'><t>zì</t></rPh><t>字</t></si>", set()),
        ("<si><rPh sb='0' eb='1'/><t>字</t></si>", set()),
        ("<si><t>&#133;</t></si><si><t>&#x10FFFF;</t></si><si><t>&lt;</t></si>", {b"0"}),
        ("<si/><si><t>字</t></si><si><t></t></si>", {b"0", b"2"}),
        ("<si ><r><t> </t></r></si><si><t>字</t><rPh><t> </t></rPh></si>", {b"0"}),
        ("<si><t>!</t></si><si><t><![CDATA[ ]]></t></si>", {b"1"}),
        ("", set()),
    ],
)
def test_blank_strings_are_known_by_their_place(strings, blank) -> None:
    assert blank_strings(f"<sst>{strings}</sst>".encode(), "字符串") == blank
    prefixed = strings.replace("<si", "<x:si").replace("</si", "</x:si")
    assert blank_strings(f'<sst xmlns:x="m">{prefixed}</sst>'.encode(), "字符串") == blank


CORPUS = SHARED / "corpus"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_of_corpus_files_the_scan_counts_what_the_reader_and_the_gate_see_together() -> None:
    sheets = 0
    for path in sorted(CORPUS.glob("*.*")):
        try:
            gate = preflight(path.read_bytes(), path.suffix)
            grids = {} if gate.kind in ODD_KINDS else read_values(gate.readable).grids
        except Refusal:
            continue
        for count in tally.counted_rows(gate, grids, (), ()) if grids else ():
            (tab,) = (tab for tab in gate.tabs if tab.title == count.title)
            seen = tab.survey()
            grid = grids.get(tab.title, ())
            due = {n for n, cells in enumerate(grid, 1) if filled(cells)}
            if seen.far:
                due = {n for n in due if n <= seen.last} | {cell.row for cell in seen.far}
            due |= {place(cell)[0] for cell, _ in (*seen.errors, *seen.pictures)}
            assert (path.name, tab.title, set(count.rows)) == (path.name, tab.title, due)
            sheets += 1
    assert sheets > 400


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_of_workbooks_from_wps_the_scan_counts_what_openpyxl_counts() -> None:
    with (CORPUS / "MANIFEST.tsv").open(encoding="utf-8", newline="") as table:
        names = [
            each["file"]
            for each in csv.DictReader(table, delimiter="\t")
            if each["group"] == "wps" and each["openpyxl"] == "ok" == each["calamine"]
        ]
    sheets = 0
    for name in names:
        data = (CORPUS / name).read_bytes()
        if not name.endswith(".xlsx"):
            continue
        found = {each.title: each for each in tally.counted_rows(preflight(data), {}, (), ())}
        for title, rows in recounted(data).items():
            assert (name, title, set(found[title].rows)) == (name, title, rows)
            sheets += 1
    assert sheets > 5


# -- old formats, which have no bytes to scan


def test_of_an_old_format_the_cells_of_its_reader_are_counted_and_that_is_said() -> None:
    gate = Preflight(kind=".xls", sha256="", readable=b"")
    (found,) = tally.counted_rows(gate, {"台账": [["甲"], [" "], [], [3.0]]}, (), ())
    assert found == tally.Count("台账", (1, 4), independent=False)


@pytest.mark.office
@pytest.mark.parametrize("suffix", [".xls", ".ods"])
def test_an_old_workbook_is_in_balance(tmp_path, suffix) -> None:
    import subprocess  # noqa: PLC0415 -- for this test only

    (source,) = (EXAMPLES / "村级工作簿").glob("0203-*.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office(), profile, "--headless", "--convert-to", suffix[1:], "--outdir", tmp_path, source],
        check=True,
        capture_output=True,
        timeout=120,
    )
    found = read_workbook(tmp_path / f"{source.stem}{suffix}", FORMS, counted=True)
    measures = {each.sheet: each for each in found.tallies}[MEASURES]
    assert measures == Tally(MEASURES, 26, 3, records=23, aside=0, loose=0, independent=False)
    assert all(map(in_balance, found.tallies))
