"""The example township: its tables read as they look, its villages show what they promise."""

import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest

from toolkit.cells import Raw
from toolkit.demo import ExampleBook, example_book, example_township, tables
from toolkit.excel.blank import build_workbook
from toolkit.excel.opened import read_workbook
from toolkit.findings import Finding, Level
from toolkit.forms import codes, township, village
from toolkit.forms.township import Settings, TypeCode
from toolkit.forms.village import Measure, Meeting, Profile
from toolkit.rules.cases import case_of, parameters_of
from toolkit.rules.catalogue import RULES
from toolkit.rules.rule import apply_rules
from toolkit.schema.columns import Row
from toolkit.schema.workbook import Workbook

AS_OF = dt.date(2022, 10, 31)
EXAMPLE = example_township()
BOOKS = (EXAMPLE.township, *EXAMPLE.villages)
UPPER, WILLOW, BRIDGE = (book.file_name for book in EXAMPLE.villages)


def head(book: ExampleBook, row: type[Row]) -> dict[str, Raw]:
    return dict(book.filling[row][0])


def read(book: ExampleBook, folder: Path) -> Workbook:
    path = folder / book.file_name
    path.write_bytes(build_workbook(book.form, book.identity, book.filling))
    return read_workbook(path, (village.FORM, township.FORM))


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, ...]:
    folder = tmp_path_factory.mktemp("青石镇")
    town = read(EXAMPLE.township, folder)
    books = [read(book, folder) for book in EXAMPLE.villages]
    settings = town.rows(Settings)[0]
    return apply_rules(RULES, case_of(books, AS_OF, township.roster(town), parameters_of(settings)))


def of_file(findings: tuple[Finding, ...], name: str) -> list[Finding]:
    return [found for found in findings if Path(found.file).name == name]


def grave(findings: tuple[Finding, ...], name: str) -> dict[tuple[str, str], set[str]]:
    """Return the cells of a file's errors and warnings by rule and sheet."""
    cells: dict[tuple[str, str], set[str]] = defaultdict(set)
    for found in of_file(findings, name):
        if found.level is not Level.INFO:
            cells[found.rule, found.sheet] |= set(found.every_cell)
    return dict(cells)


# -- tables -------------------------------------------------------------------------------------


def test_a_text_is_its_titled_tables_and_other_lines_are_for_the_reader() -> None:
    text = "> 说明\n\n# 甲\n\n文字\n\n| 一 | 二 |\n|---|:-:|\n| a |  |\n\n# 乙\n\n| 三 |\n|---|\n"
    assert list(tables(text)) == [("甲", [["一", "二"], ["a", ""]]), ("乙", [["三"]])]


def test_a_cell_can_hold_a_bar_and_a_new_line() -> None:
    assert list(tables("# 甲\n| 一 |\n|---|\n| x \\| y<br>z |")) == [("甲", [["一"], ["x | y\nz"]])]


def test_codes_and_phones_stay_text_numbers_and_days_become_such() -> None:
    text = """
# 基本情况
| 项目 | 填写内容 |
|---|---|
| 村代码 | 0203 |
| 文书电话 | 12000000302 |
| 党员总数 | 34 |
| 女性党员 | 4名 |
| 外出务工 | ３８ |
| 总面积 | 15234.8 |
| 方案日期 | 2022-04-20 |
| 数据截止日期 | 2022.5.9 |
| 地理位置 | 2022-05-09 |
| 耕地面积 | |
"""
    assert head(example_book("x.xlsx", village.FORM, text), Profile) == {
        "code": "0203",
        "clerk_phone": "12000000302",
        "members": 34,
        "women": "4名",
        "workers": "３８",
        "area": 15234.8,
        "plan_day": dt.date(2022, 4, 20),
        "cutoff": "2022.5.9",
        "location": "2022-05-09",
    }


def test_a_header_may_be_an_alias_and_a_sheet_may_leave_columns_out() -> None:
    text = "# 整改措施\n| 整改时限 | 措施编号 |\n|---|---|\n| 2022-10-31 | P01-M01 |"
    book = example_book("x.xlsx", village.FORM, text)
    assert book.filling == {Measure: [{"deadline": "2022-10-31", "number": "P01-M01"}]}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("# 整改措施\n| 措施编号 | 心得 |\n|---|---|\n", "心得"),
        ("# 基本情况\n| 项目 | 填写内容 |\n|---|---|\n| 村歌 | 无 |", "村歌"),
        ("# 光荣榜\n| 姓名 |\n|---|\n", "光荣榜"),
        ("# 整改措施\n| 措施编号 |\n|---|\n\n# 整改措施\n| 措施编号 |\n|---|\n", "整改措施"),
        ("# 整改措施\n| 措施编号 |\n|---|\n| P01-M01 | 多余 |", "整改措施"),
        ("# 整改措施\n没有表格", "整改措施"),
    ],
)
def test_what_the_form_lacks_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        example_book("x.xlsx", village.FORM, text)


# -- the example --------------------------------------------------------------------------------


def test_file_and_identity_are_the_ones_that_issuing_gives() -> None:
    assert EXAMPLE.township.identity.line() == f"township-workbook/{township.FORM.version}/02/2022"
    for book in EXAMPLE.villages:
        profile = head(book, Profile)
        assert book.file_name == f"{profile['code']}-{profile['village']}-{profile['year']}.xlsx"
        assert (book.identity.code, book.identity.year) == (profile["code"], "2022")


def test_the_roster_agrees_with_what_the_villages_say() -> None:
    roster = EXAMPLE.township.filling[township.Village]
    pairs = {
        "code": "code",
        "village": "village",
        "secretary": "secretary",
        "secretary_phone": "secretary_phone",
        "clerk": "clerk",
        "clerk_phone": "clerk_phone",
    }
    for listed, book in zip(roster, EXAMPLE.villages, strict=True):
        profile = head(book, Profile)
        assert [listed[ours] for ours in pairs] == [profile[theirs] for theirs in pairs.values()]


def test_the_types_are_the_agreed_ones() -> None:
    terms = {term.code: term for term in codes.TYPES.terms}
    rows = EXAMPLE.township.filling[TypeCode]
    assert [row["code"] for row in rows] == [f"R{n:02}" for n in range(1, 11)] + ["L01", "L02"]
    for row in rows:
        term = terms[str(row["code"])]
        assert (row["label"], row["text"]) == (term.label, term.text)


@pytest.mark.parametrize(
    ("book", "measures", "meetings"),
    tuple(zip(EXAMPLE.villages, (23, 10, 9), (6, 7, 5), strict=True)),
    ids=(UPPER, WILLOW, BRIDGE),
)
def test_each_village_has_its_measures_and_meetings(
    book: ExampleBook, measures: int, meetings: int
) -> None:
    assert (len(book.filling[Measure]), len(book.filling[Meeting])) == (measures, meetings)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.file_name)
def test_a_built_workbook_reads_back_with_the_same_contents(
    book: ExampleBook, tmp_path: Path
) -> None:
    found = read(book, tmp_path)
    assert (found.form, found.identity) == (book.form, book.identity)
    assert (found.strays, found.notes, found.facts.errors, found.extra_sheets) == ((), (), (), ())
    for row in book.form.rows:
        written = [record for record in book.filling.get(row, ()) if record]
        held = [{c.name: field.raw for c, field in each.filled()} for each in found.rows(row)]
        assert [record for record in held if record] == written


# -- what the rules say of it -------------------------------------------------------------------


def test_the_township_as_a_whole_is_in_order(findings: tuple[Finding, ...]) -> None:
    assert [found.line() for found in findings if found.rule.startswith("T")] == []


def test_the_complete_village_has_no_error_and_no_warning(findings: tuple[Finding, ...]) -> None:
    lines = [found.line() for found in of_file(findings, WILLOW) if found.level is not Level.INFO]
    assert lines == []


def test_the_contradictory_village_shows_what_the_real_plan_did(
    findings: tuple[Finding, ...],
) -> None:
    assert grave(findings, UPPER) == {
        # three of seven age bands, 12 of 34 members
        ("X407", "基本情况"): {"B37", "B40", "B41", "B42"},
        ("W601", "依据文件"): {"D4"},  # 清组发[2022]40号
        ("X405", "存在问题"): {"C7"},  # 36 members in the text of P04, 34 in the profile
        ("X406", "存在问题"): {"C7"},  # 5 of 36 is 13.9 %, cut off to 13.8
        ("D501", "存在问题"): {"H4", "H5", "H6", "H7"},  # 2022年10月前及长期坚持
        ("D501", "整改措施"): {f"G{row}" for row in range(4, 27)},
        ("D501", "阶段安排"): {"C5"},  # 2022年10月中旬前
        ("D509", "阶段安排"): {"C4"},  # 2022年9月低前
        ("C204", "整改措施"): {"A6", "A7"},  # P01-M03 twice
        ("X404", "整改措施"): {"A9"},  # P01-M06 after P01-M04
        ("D505", "整改措施"): {"G6", "G8", "G15", "G19", "G26"},
        ("D507", "专题研究会议"): {"A3"},  # August
        ("W602", "方案文字"): {"C8"},  # 台帐
    }


def test_the_percentage_is_called_cut_off_not_wrong(findings: tuple[Finding, ...]) -> None:
    (found,) = [each for each in findings if each.rule == "X406"]
    assert (found.level, "截断" in found.message) == (Level.WARNING, True)


def test_the_careless_village_shows_the_usual_faults(findings: tuple[Finding, ...]) -> None:
    expected = {
        ("C201", "基本情况"): {"B10"},  # no branch name
        ("C201", "存在问题"): {"D6"},
        ("C201", "整改措施"): {"E10"},
        ("C201", "专题研究会议"): {"E6"},
        ("C202", "基本情况"): {"B53"},  # 集体负债 无
        ("C202", "工作力量"): {"E13"},  # a telephone number of ten digits
        ("C202", "整改措施"): {"G6"},  # 10月分前
        ("C207", "整改措施"): {"K10"},  # 0.6
        ("X407", "基本情况"): {"B37", *(f"B{row}" for row in range(40, 47))},
        ("W601", "依据文件"): {"D4"},
        ("X401", "存在问题"): {"A6"},  # P03 has no measure
        ("X402", "整改措施"): {"B12"},  # a measure for P04, which there is not
        ("X410", "整改措施"): {"E11"},  # 张会计
        ("R301", "整改措施"): {"J5", "M5"},
        ("R302", "整改措施"): {"N5"},
        ("D502", "整改措施"): {"G11"},  # December, after the last stage
        ("D505", "整改措施"): {"G4", "G10", "G12"},
        ("R311", "专题研究会议"): {"F5", "G5"},  # 8 of 7 present
        ("R313", "专题研究会议"): {"L6", "M6"},
        ("R314", "专题研究会议"): {"G6", "H6"},
        ("D507", "专题研究会议"): {"A3"},
        ("R321", "测评验收"): {"D4", "E4"},  # 41 of 40 returned
        ("R322", "测评验收"): {"F4", "G4", "H4", "I4", "J4"},
    }
    assert {place: grave(findings, BRIDGE).get(place) for place in expected} == expected


def test_one_warning_is_answered_and_carried_as_accepted(findings: tuple[Finding, ...]) -> None:
    accepted = [(each.rule, each.sheet, each.cells) for each in findings if each.accepted]
    assert accepted == [("D505", "整改措施", ("G4",))]


@pytest.mark.parametrize(
    ("cell", "rule", "taken"),
    [
        ("B13", "C210", "20"),  # 约20公里
        ("B20", "C203", "312"),  # ３１２
        ("B22", "C203", "320"),  # 三百二十人
        ("B37", "C203", "38"),  # 38名
        ("B67", "C203", "2022-04-25"),  # 2022.4.25
    ],
)
def test_a_loose_entry_is_read_and_said_so(
    findings: tuple[Finding, ...], cell: str, rule: str, taken: str
) -> None:
    (found,) = [
        each
        for each in of_file(findings, BRIDGE)
        if (each.rule, each.sheet) == (rule, "基本情况") and cell in each.cells
    ]
    assert f"按 {taken} 理解" in found.message
