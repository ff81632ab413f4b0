"""What the gate tells of a file besides its cells: formulas, hidden rows, formats and the like."""

import re
from collections.abc import Sequence
from unittest.mock import patch

import pytest
from crafted import SHEET, drawn, edited, part_of, replaced, sheet_of, with_rows

from toolkit.excel.gate import preflight as gate
from toolkit.excel.gate.preflight import preflight
from toolkit.schema.workbook import FileFacts, Spot


def facts(data: bytes, *own: str) -> FileFacts:
    return preflight(data).facts(own)


def shown(spots: Sequence[Spot]) -> list[str]:
    return [f"{spot.sheet}!{spot.cell} {spot.text}" for spot in spots]


# ---- formulas


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2"><f>1+1</f><v>2</v></c>', "=1+1"),
        ('<c r="B2" t="str"><f>A1&amp;"村"</f><v>上河村</v></c>', '=A1&"村"'),
        ('<c r="B2" t="str"><f>A1</f><v></v></c>', "=A1"),
        ('<c r="B2"><f t="shared" ref="B2:B9" si="0">A2*2</f><v>2</v></c>', "=A2*2"),
        ('<c r="B2"><f t="shared" si="0"/><v>2</v></c>', "=…"),
    ],
)
def test_a_formula_with_its_result_is_listed_as_it_stands(cell: str, text: str) -> None:
    found = facts(with_rows(f'<row r="2">{cell}</row>'))
    assert shown(found.formulas) == [f"整改措施!B2 {text}"]
    assert found.errors == ()


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>1+1</f></c>',
        '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    ],
)
def test_a_formula_without_a_good_result_is_an_error_and_no_formula(cell: str) -> None:
    found = facts(with_rows(f'<row r="2">{cell}</row>'))
    assert found.formulas == ()
    assert [spot.cell for spot in found.errors] == ["B2"]


def test_a_formula_behind_a_prefix_is_listed() -> None:
    row = '<x:row r="2"><x:c r="B2"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>'
    assert shown(facts(with_rows(row, "x")).formulas) == ["整改措施!B2 =1+1"]


def test_a_text_that_only_looks_like_a_formula_is_none() -> None:
    data = with_rows('<row r="1"><c r="A1" t="str"><v>=1+1 if &lt;f&gt;</v></c></row>')
    assert facts(data).formulas == ()


def test_the_forms_own_sheets_are_not_even_walked_through() -> None:
    data = with_rows('<row r="2"><c r="B2"><f>1+1</f><v>2</v></c></row>')
    with patch.object(gate, "walk", side_effect=AssertionError):
        assert facts(data, "整改措施").formulas == ()


# ---- hidden rows, columns and sheets


def row(number: int, looks: str = "", cells: str = "<c><v>1</v></c>") -> str:
    return f'<row r="{number}" {looks}>{cells}</row>'


HIDDEN = 'hidden="1"'
BLANK = '<c s="1"/>'


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([row(7, HIDDEN)], ["A7 第 7 行"]),
        ([row(7, 'hidden="true"')], ["A7 第 7 行"]),
        ([row(7, 'ht="0" customHeight="1"')], ["A7 第 7 行"]),
        ([row(7, HIDDEN), row(8, HIDDEN), row(9, HIDDEN)], ["A7 第 7 至 9 行"]),
        ([row(7, HIDDEN, BLANK), row(8, HIDDEN, BLANK + "<c><v>1</v></c>")], ["B8 第 7 至 8 行"]),
        ([row(7, HIDDEN), row(9, HIDDEN)], ["A7 第 7 行", "A9 第 9 行"]),
        ([row(7, HIDDEN, BLANK), row(8)], []),
        ([row(7, 'hidden="0"'), row(8, 'ht="10"')], []),
    ],
)
def test_hidden_rows_are_told_where_they_hold_something(rows: list[str], told: list[str]) -> None:
    assert shown(facts(with_rows("".join(rows))).hidden) == [f"整改措施!{each}" for each in told]


def with_columns(columns: str, rows: str) -> bytes:
    sheet = sheet_of(rows).replace("<sheetData>", f"<cols>{columns}</cols><sheetData>")
    return edited(drawn(), {SHEET: sheet})


CELLS = row(1, "", '<c r="C1"><v>1</v></c>') + row(2, "", '<c r="D2"><v>1</v></c>')


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ('<col min="3" max="4" hidden="1"/>', ["C1 第 C 至 D 列"]),
        ('<col min="3" max="3" hidden="1"/><col min="4" max="4" hidden="1"/>', ["C1 第 C 至 D 列"]),
        ('<col min="4" max="4" width="0" customWidth="1"/>', ["D2 第 D 列"]),
        ('<col min="3" max="3" hidden="1"/><col min="5" max="16384" hidden="1"/>', ["C1 第 C 列"]),
        ('<col min="1" max="2" hidden="1"/>', []),
        ('<col min="3" max="3" width="0.7"/>', []),
        ('<col min="x" max="3" hidden="1"/><col min="3" max="99999" hidden="1"/>', []),
    ],
)
def test_hidden_columns_are_told_where_they_hold_something(columns: str, told: list[str]) -> None:
    found = facts(with_columns(columns, CELLS))
    assert shown(found.hidden) == [f"整改措施!{each}" for each in told]


@pytest.mark.parametrize(
    ("state", "told"),
    [("hidden", ["整改措施! 隐藏"]), ("veryHidden", ["整改措施! 深度隐藏"]), ("visible", [])],
)
def test_a_hidden_sheet_is_told_where_it_holds_something(state: str, told: list[str]) -> None:
    data = replaced("xl/workbook.xml", 'sheetId="1"', f'sheetId="1" state="{state}"')
    assert shown(facts(data).hidden) == told
    assert facts(edited(data, {SHEET: sheet_of('<row r="1"><c r="A1" s="1"/></row>')})).hidden == ()
    assert facts(data, "整改措施").hidden == ()


# ---- formats far below the content


def formats(first: int, last: int, cells: str = "") -> str:
    return "".join(f'<row r="{n}" s="1" customFormat="1">{cells}</row>' for n in range(first, last))


def test_formatted_rows_far_below_the_content_are_told_by_their_last() -> None:
    found = facts(with_rows(row(4) + formats(5, 2_001)))
    assert shown(found.phantom) == ["整改措施!A2000 第 5 至 2000 行只有格式没有内容"]
    assert found.distant == ()


def test_the_last_formatted_cell_is_named_where_there_are_cells() -> None:
    last = '<row r="2000"><c r="B2000" s="1"/><c r="C2000" s="1"/></row>'
    assert [spot.cell for spot in facts(with_rows(row(4) + last)).phantom] == ["C2000"]


@pytest.mark.parametrize("last", [1_003, 1_004])
def test_a_thousand_formatted_rows_below_the_content_are_nothing_odd(last: int) -> None:
    assert facts(with_rows(row(4) + formats(5, last + 1))).phantom == ()


def test_formatted_rows_of_a_blank_sheet_are_told() -> None:
    found = facts(with_rows(formats(1, 1_502)))
    assert shown(found.phantom) == ["整改措施!A1501 第 1 至 1501 行只有格式没有内容"]


def test_rows_spelled_otherwise_are_told_as_well() -> None:
    data = with_rows(row(4) + formats(5, 2_001).replace('"', "'"))
    assert [spot.cell for spot in facts(data).phantom] == ["A2000"]
    data = with_rows("<x:row r='4'><x:c><x:v>1</x:v></x:c></x:row><x:row r='2000'/>", "x")
    assert [spot.cell for spot in facts(data).phantom] == ["A2000"]


# ---- long sheets: blank rows are cut out before anything looks at them

BLANKS = formats(6, 6_000, '<c r="A9" s="1"/><c r="B9" s="1"/>')


def readable(data: bytes) -> str:
    return part_of(preflight(data).readable, SHEET)


def test_a_long_blank_end_is_cut_off_and_told() -> None:
    data = with_rows(row(4) + row(5) + BLANKS + '<row r="6000"><c r="C6000" s="1"/></row>')
    assert readable(data) == sheet_of(row(4) + row(5))
    assert shown(facts(data).phantom) == ["整改措施!C6000 第 6 至 6000 行只有格式没有内容"]


def test_blank_rows_in_between_are_cut_out_and_the_others_keep_their_numbers() -> None:
    last = row(6_000, HIDDEN, '<c r="B6000" t="inlineStr"><is><t>字</t></is></c>')
    data = with_rows(row(4) + BLANKS + last)
    assert readable(data) == sheet_of(row(4) + last)
    assert shown(facts(data).hidden) == ["整改措施!B6000 第 6000 行"]
    assert facts(data).phantom == ()


def test_a_long_sheet_without_content_is_told() -> None:
    data = with_rows(BLANKS)
    assert readable(data) == sheet_of("")
    assert shown(facts(data).phantom) == ["整改措施!B9 第 1 至 5999 行只有格式没有内容"]


@pytest.mark.parametrize(
    "rows",
    [
        row(4) + BLANKS + "<!-- <v> -->",
        row(4) + BLANKS + "<?pi <v> ?>",
        row(4) + '<x:row xmlns:x="x"><x:c/></x:row>' + BLANKS,
        "<row><c><v>1</v></c></row>" + BLANKS,
        '<row s="1"><c><v>1</v></c></row>' + BLANKS,
        "".join(row(n) for n in range(4, 9_000)),
    ],
)
def test_a_long_sheet_that_is_spelled_oddly_or_full_stays_whole(rows: str) -> None:
    data = with_rows(rows)
    assert preflight(data).readable is data


def test_a_link_or_time_in_a_long_sheet_does_no_harm() -> None:
    text = row(4, "", '<c r="A4" t="inlineStr"><is><t>时间：8:30</t></is></c>')
    assert readable(with_rows(text + BLANKS)) == sheet_of(text)


# ---- the file as a whole


def test_days_counted_from_1904_are_told() -> None:
    assert facts(drawn()).date_1904 is False
    for yes in ("1", "true"):
        data = replaced("xl/workbook.xml", "<workbookPr", f'<workbookPr date1904="{yes}"')
        assert facts(data).date_1904 is True
    plain = facts(replaced("xl/workbook.xml", "<workbookPr", '<workbookPr date1904="0"'))
    editor = "Microsoft Excel 12.0000"
    assert plain == FileFacts(sha256=plain.sha256, editor=editor, saved=plain.saved)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("2022-10-31T20:05:09Z", "2022-11-01 04:05"),  # Beijing is eight hours ahead
        ("2022-10-31T20:05:09", "2022-10-31 20:05"),  # no zone: taken as it stands
        ("2022-10-31T20:05:09.123Z", "2022-11-01 04:05"),
        ("2022-13-31T20:05:09Z", ""),
        ("上个月", ""),
    ],
)
def test_when_a_file_says_that_it_was_saved_is_told_in_beijings_time(told: str, shown: str) -> None:
    data = drawn()
    (moment,) = re.findall("<dcterms:modified[^>]*>([^<]+)", part_of(data, "docProps/core.xml"))
    assert (
        facts(replaced("docProps/core.xml", f"{moment}</dcterms:m", f"{told}</dcterms:m")).saved
        == shown
    )


def test_a_workbook_that_may_hold_macros_is_called_so() -> None:
    data = replaced("[Content_Types].xml", "spreadsheetml.sheet.main", "macroEnabled.main")
    assert (facts(data).kind, facts(data).macros) == (".xlsm", False)
    data = edited(drawn(), {"xl/vbaProject.bin": b"\0"})
    assert (facts(data).kind, facts(data).macros) == (".xlsm", True)


# ---- text boxes

DRAWING = "xl/drawings/drawing1.xml"
RELATIONS = "xl/worksheets/_rels/sheet1.xml.rels"


def with_drawing(kind: str, name: str, drawing: str) -> bytes:
    relation = f'<Relationship Id="rId1" Type="http://x/relationships/{kind}" Target="../{name}"/>'
    return edited(
        drawn(),
        {RELATIONS: f"<Relationships>{relation}</Relationships>", f"xl/{name}": drawing},
    )


def shape(*paragraphs: str) -> str:
    texts = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in paragraphs)
    return f"<xdr:sp><xdr:txBody>{texts}</xdr:txBody></xdr:sp>"


def boxes(*shapes: str) -> bytes:
    return with_drawing(
        "drawing", "drawings/drawing1.xml", f"<xdr:wsDr>{''.join(shapes)}</xdr:wsDr>"
    )


def test_what_is_written_in_a_text_box_is_told_with_its_sheet() -> None:
    data = boxes(shape("请镇里核实", "P02 的时限"), shape(""), shape("另附图纸"))
    assert facts(data).text_boxes == (
        Spot("整改措施", "", "请镇里核实 P02 的时限"),
        Spot("整改措施", "", "另附图纸"),
    )
    assert facts(data, "整改措施").text_boxes == ()


def test_of_a_long_text_box_the_beginning_is_told() -> None:
    assert [len(spot.text) for spot in facts(boxes(shape("长" * 60))).text_boxes] == [50]


def test_a_text_box_kept_once_more_for_older_programs_is_told_once() -> None:
    again = f"<mc:Fallback>{shape('核实')}</mc:Fallback>"
    data = boxes(f"<mc:Choice>{shape('核实')}</mc:Choice>", again)
    assert [spot.text for spot in facts(data).text_boxes] == ["核实"]


def test_a_picture_or_a_chart_is_no_text_box() -> None:
    assert facts(boxes("<xdr:pic><xdr:t>图</xdr:t></xdr:pic>")).text_boxes == ()
    missing = edited(boxes(shape("核实")), {DRAWING: None, "xl/drawings/other.xml": "<a/>"})
    assert facts(missing).text_boxes == ()


def test_an_old_text_box_is_told_and_a_note_is_not() -> None:
    box = '<v:textbox style="x"><div><font>请 &amp; 核实<br></font></div></v:textbox>'
    kinds = [f'<x:ClientData ObjectType="{kind}"/>' for kind in ("Shape", "Note", "Button")]
    drawing = f"<xml>{''.join(f'<v:shape>{box}{kind}</v:shape>' for kind in kinds)}<v:shape/></xml>"
    blank = "<v:shape id='1'><v:textbox><div/></v:textbox></v:shape>"
    data = with_drawing("vmlDrawing", "drawings/vmlDrawing1.vml", f"{drawing}{blank}")
    assert facts(data).text_boxes == (Spot("整改措施", "", "请 & 核实"),)
