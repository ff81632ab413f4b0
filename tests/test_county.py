"""A county's rollup, made of its townships' own."""

import datetime as dt
import itertools
import re
import shutil
from collections import Counter
from dataclasses import replace

import openpyxl
import pytest
from click.testing import CliRunner
from worked import write

from toolkit import flow
from toolkit.cli import cli
from toolkit.demo import example_township
from toolkit.errors import BalanceError, UsageError
from toolkit.excel.opened import read_workbook
from toolkit.excel.rollup import formulas
from toolkit.forms import ledgers, rollup, township, village
from toolkit.forms.rollup import Level
from toolkit.rollup.county import town_rollup
from toolkit.schema.form import FORM_PROPERTY

AS_OF = dt.date(2022, 10, 31)
COUNTY = flow.Scale(Level.COUNTY)
TOWNS = {"青石镇": ("0203", "0205", "0207"), "白水镇": ("0203", "0207")}  # codes may well repeat


def township_of(folder, town, codes):
    """Write a township's workbook and those of some of the example's villages."""
    example = example_township()
    (folder / "村级工作簿").mkdir(parents=True)
    own = example.township
    listed = [row for row in own.filling[township.Village] if row["code"] in codes]
    names = {**own.filling[township.Township][0], "town": town}
    filling = {**own.filling, township.Township: [names], township.Village: listed}
    write(folder / "镇级工作簿.xlsx", replace(own, filling=filling))
    for book in example.villages:
        if book.identity.code in codes:
            profile = {**book.filling[village.Profile][0], "town": town}
            filled = {**book.filling, village.Profile: [profile]}
            write(folder / "村级工作簿" / book.file_name, replace(book, filling=filled))


def rolled(home, target, as_of=AS_OF):
    return flow.consolidate([home / "村级工作簿"], target, as_of)


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    """Return a folder with two townships and their rollups of two months."""
    place = tmp_path_factory.mktemp("county")
    for town, codes in TOWNS.items():
        township_of(place / town, town, codes)
        for month, day in (("2022-09", dt.date(2022, 9, 30)), ("2022-10", AS_OF)):
            (place / month).mkdir(exist_ok=True)
            rolled(place / town, place / month / f"{town}.xlsx", day)
    return place


@pytest.fixture
def here(county, tmp_path):
    """Return a copy of October's rollups, which a test may change."""
    return shutil.copytree(county / "2022-10", tmp_path / "2022-10")


def over(folder, target, **more):
    return flow.consolidate([folder], target, AS_OF, "2022-10", scale=COUNTY, **more)


def sheet_of(path, title):
    return openpyxl.load_workbook(path, data_only=True)[title]


def rows_of(path, title, header=3):
    """Return the rows below a header, by its words, to the first blank or total."""
    lines = list(sheet_of(path, title).iter_rows(min_row=header, values_only=True))
    found = []
    for line in lines[1:]:
        if line[0] in {None, "合计"}:
            break
        found.append(dict(zip(lines[0], line, strict=True)))
    return found


# -- what it says -------------------------------------------------------------------------------


def test_a_county_has_every_line_of_its_townships_ledgers_and_says_whose(county, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    outcome = over(county / "2022-10", target)
    assert (outcome.exit_code, outcome.troubles) == (0, ())
    assert outcome.written[0].notes[0].startswith("汇总 2 个乡镇、5 个村。")
    for title in ("问题台账", "措施台账", "会议台账", "测评验收"):
        of_county = rows_of(target, title)
        for town in TOWNS:
            file = county / "2022-10" / f"{town}.xlsx"
            own = [row for row in of_county if row["乡镇"] == town]
            for line, (there, here) in enumerate(zip(rows_of(file, title), own, strict=True), 4):
                assert here["来源文件"] == f"{town}.xlsx"
                assert (here["来源工作表"], here["来源行"]) == (title, line)
                same = set(there) - {"村序号", "来源文件", "来源工作表", "来源行"}
                assert {header: here[header] for header in same} == {
                    header: there[header] for header in same
                }


def test_each_figure_of_a_county_is_the_sum_of_its_townships(county, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    over(county / "2022-10", target)
    sums = Counter()
    for town in TOWNS:
        for row in rows_of(county / "2022-10" / f"{town}.xlsx", "历月进度")[-1:]:
            sums.update({k: v for k, v in row.items() if isinstance(v, int)})
    (now,) = rows_of(target, "历月进度")
    assert {header: now[header] for header in sums} == dict(sums)
    assert sums["措施"] == 23 + 10 + 9 + 23 + 9
    done = sum(
        row["办理状态"] in {"已完成", "待验收", "已销号"} for row in rows_of(target, "措施台账")
    )
    assert now["已完成"] == done


def test_where_a_township_counts_by_village_a_county_counts_by_township(county, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    over(county / "2022-10", target)
    front = sheet_of(target, "总览")
    cells = [[cell.value for cell in row] for row in front.iter_rows()]
    header = next(line for line in cells if line[0] == "乡镇")
    at = cells.index(header)
    by_town = {line[0]: dict(zip(header, line, strict=True)) for line in cells[at + 1 : at + 4]}
    assert list(by_town) == ["白水镇", "青石镇", "合计"]
    assert [by_town[town]["已汇总村"] for town in by_town] == [2, 3, 5]
    assert by_town["青石镇"]["措施"] == 42
    party = rows_of(target, "党内统计明细")
    assert [(row["乡镇"], row["村名"]) for row in party] == [
        ("白水镇", "上河村"),
        ("白水镇", "石桥村"),
        ("青石镇", "上河村"),
        ("青石镇", "柳湾村"),
        ("青石镇", "石桥村"),
    ]
    for town in TOWNS:
        own = rows_of(county / "2022-10" / f"{town}.xlsx", "党内统计明细")
        theirs = [row for row in party if row["乡镇"] == town]
        same = [header for header in own[0] if header != "村序号"]
        assert [[row[h] for h in same] for row in theirs] == [[row[h] for h in same] for row in own]


def test_a_county_compares_itself_with_its_own_month_before(county, tmp_path):
    september, october = tmp_path / "9月.xlsx", tmp_path / "10月.xlsx"
    day = dt.date(2022, 9, 30)
    flow.consolidate([county / "2022-09"], september, day, "2022-09", scale=COUNTY)
    over(county / "2022-10", october, previous=september)
    assert [row["月份"] for row in rows_of(october, "历月进度")] == ["2022-09", "2022-10"]
    changes = sheet_of(october, "与上月对比")
    towns = {row[0].value for row in changes.iter_rows(min_row=4)}
    assert set(TOWNS) <= towns
    wrong = over(county / "2022-10", tmp_path / "又.xlsx", previous=county / "2022-09/青石镇.xlsx")
    assert wrong.exit_code == 3  # that of a township is no county's
    assert "没有和它对比" in wrong.troubles[-1]


def test_the_same_townships_give_the_same_bytes_in_any_order_and_by_any_number(county, tmp_path):
    files = sorted((county / "2022-10").iterdir())
    made = set()
    for order, workers in itertools.product(itertools.permutations(files), (1, 2)):
        target = tmp_path / "全县汇总.xlsx"
        scale = flow.Scale(Level.COUNTY, workers)
        flow.consolidate(list(order), target, AS_OF, "2022-10", scale=scale)
        made.add(target.read_bytes())
    assert len(made) == 1


# -- what it leaves out -------------------------------------------------------------------------


def fates(target):
    return {row["文件名"]: row["处理结果"] for row in rows_of(target, "数据来源")}


def test_a_rollup_of_another_month_is_left_out_and_told_on_the_first_page(here, county, tmp_path):
    shutil.copy(county / "2022-09" / "白水镇.xlsx", here / "白水镇.xlsx")
    target = tmp_path / "全县汇总.xlsx"
    outcome = over(here, target)
    assert outcome.exit_code == 4
    assert "白水镇：是 2022-09 的汇总，本次是 2022-10" in outcome.troubles
    told = [row[0].value for row in sheet_of(target, "总览").iter_rows(max_row=6)]
    assert any("白水镇：是 2022-09 的汇总" in str(text) for text in told)


def test_a_rollup_of_another_month_beside_the_right_one_is_only_passed_over(here, county, tmp_path):
    shutil.copy(county / "2022-09" / "白水镇.xlsx", here / "白水镇9月.xlsx")
    outcome = over(here, tmp_path / "全县汇总.xlsx")
    assert outcome.exit_code == 0
    told = fates(tmp_path / "全县汇总.xlsx")["白水镇9月.xlsx"]
    assert told == "忽略：是 2022-09 的汇总，本次是 2022-10"


def test_of_two_equal_rollups_one_counts_and_of_two_that_differ_none(here, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    shutil.copy(here / "白水镇.xlsx", here / "白水镇 - 副本.xlsx")
    outcome = over(here, target)
    assert outcome.exit_code == 0
    assert sorted(Counter(fate[:3] for fate in fates(target).values()).items()) == [
        ("已汇总", 2),
        ("忽略：", 1),
    ]
    book = openpyxl.load_workbook(here / "白水镇 - 副本.xlsx", data_only=True)
    book["问题台账"]["E4"] = "改过的问题"
    book.save(here / "白水镇 - 副本.xlsx")
    outcome = over(here, target)
    assert outcome.exit_code == 4
    assert "白水镇：白水镇有几份内容不同的汇总，请只留一份" in outcome.troubles
    assert {row["乡镇"] for row in rows_of(target, "措施台账")} == {"青石镇"}


def test_a_rollup_whose_ledger_was_cut_contradicts_itself_and_is_left_out(here, tmp_path):
    path = here / "青石镇.xlsx"
    book = openpyxl.load_workbook(path, data_only=True)  # as a copy of the values alone
    book["措施台账"].delete_rows(5)
    book.save(path)
    outcome = over(here, tmp_path / "全县汇总.xlsx")
    assert outcome.exit_code == 4
    (told,) = [line for line in outcome.troubles if line.startswith("青石镇：")]
    assert "上河村措施数是 23" in told
    assert "“措施台账”里有 22 行，对不上" in told


def test_what_is_no_rollup_is_named_and_passed_over(here, county, tmp_path):
    shutil.copy(county / "青石镇" / "村级工作簿" / "0203-上河村-2022.xlsx", here)
    (here / "坏的.xlsx").write_bytes(b"PK\x03\x04")
    outcome = over(here, tmp_path / "全县汇总.xlsx")
    assert any("0203-上河村-2022.xlsx：不是镇的汇总表" in line for line in outcome.passed_over)
    assert any(line.startswith("坏的.xlsx：") for line in outcome.troubles)
    assert outcome.exit_code == 4


def test_without_any_rollup_of_the_month_nothing_is_written(county, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    outcome = flow.consolidate([county / "2022-09"], target, AS_OF, "2022-10", scale=COUNTY)
    assert outcome.exit_code == 3
    assert outcome.troubles[-1] == "没有可用的 2022-10 镇汇总表，全县汇总没有生成。"
    assert "青石镇.xlsx：是 2022-09 的汇总，本次是 2022-10" in outcome.troubles
    assert not target.exists()


def test_a_village_that_its_township_left_out_is_left_out_of_the_county(county, tmp_path):
    home = tmp_path / "青石镇"
    shutil.copytree(county / "青石镇", home)
    (home / "村级工作簿" / "0205-柳湾村-2022.xlsx").unlink()
    (tmp_path / "汇总").mkdir()
    assert rolled(home, tmp_path / "汇总" / "青石镇.xlsx").exit_code == 4
    outcome = over(tmp_path / "汇总", tmp_path / "全县汇总.xlsx")
    assert outcome.exit_code == 4
    assert "青石镇柳湾村：未回传" in outcome.troubles


def set_scope(path, label, value):
    """Write into the sheet that says how a rollup was reckoned, as a copy of the values alone."""
    book = openpyxl.load_workbook(path, data_only=True)
    row = next(cells for cells in book["汇总口径"].iter_rows() if cells[0].value == label)
    assert row[1].value != value
    row[1].value = value
    book.save(path)


def test_what_townships_reckon_differently_is_said(here, tmp_path):
    set_scope(here / "青石镇.xlsx", "每月截止日", 20)
    target = tmp_path / "全县汇总.xlsx"
    over(here, target)
    told = [row[0].value for row in sheet_of(target, "总览").iter_rows(max_row=8)]
    assert any("各镇“每月截止日”不一致（25：白水镇；20：青石镇）" in str(text) for text in told)


def without_party_lines(path, version):
    """Take the village lines of the official statistic from a rollup, and let it be a version's."""
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["整顿对象一览"]
    at = next(cell.column for cell in sheet[3] if str(cell.value).startswith("计划资金"))
    sheet.delete_cols(at)
    sheet.cell(3, sheet.max_column + 1, "将来才有的一栏")
    del book["党内统计明细"]
    (mark,) = (each for each in book.custom_doc_props.props if each.name == FORM_PROPERTY)
    mark.value = re.sub(r"/[0-9.]+/", f"/{version}/", mark.value)
    book.save(path)


def test_an_older_township_book_is_read_by_the_headers_that_it_has(here, tmp_path):
    without_party_lines(here / "青石镇.xlsx", "1.0.0")
    target = tmp_path / "全县汇总.xlsx"
    outcome = over(here, target)
    assert outcome.exit_code == 0
    assert outcome.written[0].notes[0].startswith("汇总 2 个乡镇、5 个村。")
    party = rows_of(target, "党内统计明细")
    assert [row["选派第一书记"] for row in party if row["乡镇"] == "青石镇"] == [None, None, None]
    said = "青石镇的汇总没有“党内统计明细”，“党内统计表”缺该镇的部分数字。"
    assert said in front_of(target)


def test_a_township_book_must_have_the_sheets_of_its_version(here, tmp_path):
    without_party_lines(here / "青石镇.xlsx", rollup.FORM.version)
    outcome = over(here, tmp_path / "全县汇总.xlsx")
    assert outcome.exit_code == 4
    assert outcome.troubles == ("青石镇：缺少“党内统计明细”，请用程序重新汇总",)


def front_of(target):
    """Return the texts of the first page above its cards."""
    return [row[0].value for row in sheet_of(target, "总览").iter_rows(max_row=9)]


# -- what it proves -----------------------------------------------------------------------------


def at(sheet, header):
    return next(cell.column for cell in sheet[3] if cell.value == header)


def line_of(sheet, number, nth=0):
    """Return the row of a sheet of a village's nth line."""
    own = [row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == number]
    return own[nth]


def delete_line(title, number):
    def edit(book):
        book[title].delete_rows(line_of(book[title], number))

    return edit


def put(title, number, header, value):
    def edit(book):
        sheet = book[title]
        sheet.cell(line_of(sheet, number), at(sheet, header)).value = value

    return edit


def delete_sheet(title):
    def edit(book):
        del book[title]

    return edit


def renumber(title, old, new):
    def edit(book):
        for row in range(4, book[title].max_row + 1):
            if book[title].cell(row, 1).value == old:
                book[title].cell(row, 1).value = new

    return edit


def each_of(*edits):
    def edit(book):
        for one in edits:
            one(book)

    return edit


def without_column(book):
    book["整顿对象一览"].delete_cols(at(book["整顿对象一览"], "核对必改"))


def with_a_second_line(book):
    sheet = book["党内统计明细"]
    row, target = line_of(sheet, 3), line_of(sheet, 3) + 1
    for cell in sheet[row]:
        sheet.cell(target, cell.column).value = cell.value


LIST = "“整顿对象一览”"
# Of 青石镇: 1 上河村, 2 柳湾村, 3 石桥村. Each township's sheet begins in row 4.
FAULTS = {
    "a village is taken off the list": (delete_line("整顿对象一览", 2), f"{LIST}缺少村序号 2"),
    "two villages bear one number": (
        put("整顿对象一览", 3, "村序号", 2),
        f"{LIST}里村序号 2 有 2 行，对不上",
    ),
    "a number is no number": (
        put("整顿对象一览", 3, "村序号", "某"),
        f"{LIST}第 6 行的村序号读不出",
    ),
    "a column is missing": (without_column, f"{LIST}缺少“核对必改”一栏"),
    "a figure is blank": (
        put("整顿对象一览", 2, "问题数", None),
        f"{LIST}里柳湾村的问题数读不出",
    ),
    "findings are missing": (delete_sheet("核查明细"), "缺少“核查明细”"),
    "evaluations are missing": (delete_sheet("测评验收"), "缺少“测评验收”"),
    "a problem is deleted and the list recounts": (
        each_of(delete_line("问题台账", 1), put("整顿对象一览", 1, "问题数", 3)),
        "“问题台账”里来自 0203-上河村-2022.xlsx 的有 3 行，“数据来源”里写的是 4 行，对不上",
    ),
    "two meetings are deleted and the list recounts": (
        each_of(
            delete_line("会议台账", 2),
            delete_line("会议台账", 2),
            put("整顿对象一览", 2, "专题研究累计", 5),
        ),
        "“会议台账”里来自 0205-柳湾村-2022.xlsx 的有 5 行，“数据来源”里写的是 7 行，对不上",
    ),
    "an evaluation is deleted": (
        delete_line("测评验收", 2),
        "“测评验收”里来自 0205-柳湾村-2022.xlsx 的有 1 行，“数据来源”里写的是 2 行，对不上",
    ),
    "a file is taken off its list": (delete_line("数据来源", 3), "“数据来源”里没有石桥村的文件"),
    "the list of files is missing": (delete_sheet("数据来源"), "缺少“数据来源”"),
    "a meeting is deleted": (delete_line("会议台账", 1), "“会议台账”里计入的有 "),
    "a meeting is not counted": (
        put("会议台账", 1, "是否计入", "否"),
        "“会议台账”里计入的有 ",
    ),
    "a finding is softened": (
        put("核查明细", 3, "级别", "提醒"),
        "“核查明细”里必改的有 13 行，对不上",
    ),
    "an evaluation is nobody's": (
        put("测评验收", 1, "村序号", None),
        f"“测评验收”第 4 行的村序号读不出，与{LIST}对不上",
    ),
    "an evaluation is another village's": (
        put("测评验收", 1, "村序号", 2),
        f"“测评验收”第 4 行的村名与{LIST}对不上",
    ),
    "a party line is a stranger's": (
        renumber("党内统计明细", 3, 77),
        f"“党内统计明细”第 6 行的村序号是 77，与{LIST}对不上",
    ),
    "a party line is missing": (
        delete_line("党内统计明细", 1),
        "上河村在“党内统计明细”里有 0 行，应有 1 行",
    ),
    "a party line is there twice": (
        with_a_second_line,
        "石桥村在“党内统计明细”里有 2 行，应有 1 行",
    ),
    "a village is said to be left out": (
        put("整顿对象一览", 3, "回传情况", "未回传"),
        "石桥村没有汇总，“问题台账”第 ",
    ),
    "a village is said not to be in it": (
        put("整顿对象一览", 3, "是否汇总", "否"),
        f"{LIST}里石桥村的“是否汇总”和“回传情况”对不上",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rollup_that_does_not_agree_with_itself_is_left_out_with_the_reason(
    here, tmp_path, fault
):
    edit, reason = FAULTS[fault]
    path = here / "青石镇.xlsx"
    book = openpyxl.load_workbook(path, data_only=True)
    edit(book)
    book.save(path)
    target = tmp_path / "全县汇总.xlsx"
    outcome = over(here, target)
    assert outcome.exit_code == 4
    (told,) = outcome.troubles
    assert told.startswith("青石镇：")
    assert reason in told
    assert told.endswith("，请用程序重新汇总")
    assert {row["乡镇"] for row in rows_of(target, "措施台账")} == {"白水镇"}
    assert any(str(text).startswith(f"未汇总 1 个乡镇——{told}") for text in front_of(target))


def test_findings_of_the_township_itself_are_no_villages(here, tmp_path):
    path = here / "青石镇.xlsx"
    book = openpyxl.load_workbook(path, data_only=True)
    sheet = book["核查明细"]
    row = next(row for row in range(4, 200) if sheet.cell(row, at(sheet, "级别")).value == "提示")
    sheet.cell(row, 1).value = 0
    sheet.cell(row, at(sheet, "村名")).value = "（镇级工作簿）"
    book.save(path)
    outcome = over(here, tmp_path / "全县汇总.xlsx")
    assert (outcome.exit_code, outcome.troubles) == (0, ())
    own = [r for r in rows_of(tmp_path / "全县汇总.xlsx", "核查明细") if r["乡镇"] == "青石镇"]
    assert sum(r["村名"] == "（镇级工作簿）" for r in own) == 1


def test_a_line_that_was_tallied_and_not_brought_stops_the_run(here):
    book = read_workbook(here / "青石镇.xlsx", (rollup.FORM,), counted=True)
    assert town_rollup(book).fault == ""
    tallies = tuple(
        replace(each, records=each.records + 1) if each.sheet == "测评验收" else each
        for each in book.tallies
    )
    with pytest.raises(BalanceError, match="“测评验收”清点到 5 行，读到 4 行，汇总 4 行"):
        town_rollup(replace(book, tallies=tallies))


# -- as of which day ----------------------------------------------------------------------------


def test_a_county_is_as_of_its_townships_own_day(county, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    day = dt.date(2023, 3, 1)  # of the command: of no importance
    flow.consolidate([county / "2022-10"], target, day, "2022-10", scale=COUNTY)
    assert sheet_of(target, "总览")["A2"].value == "数据截止日：2022年10月31日"
    scope = {row[0]: row[1] for row in sheet_of(target, "汇总口径").iter_rows(values_only=True)}
    assert scope["数据截止日"] == dt.datetime(2022, 10, 31)  # noqa: DTZ001 -- as openpyxl reads it
    with_its_own = tmp_path / "又.xlsx"
    over(county / "2022-10", with_its_own)
    assert with_its_own.read_bytes() == target.read_bytes()


def test_where_townships_days_differ_the_latest_counts_and_each_is_named(county, tmp_path):
    (tmp_path / "汇总").mkdir()
    shutil.copy(county / "2022-10" / "青石镇.xlsx", tmp_path / "汇总")
    rolled(county / "白水镇", tmp_path / "汇总" / "白水镇.xlsx", dt.date(2022, 10, 20))
    target = tmp_path / "全县汇总.xlsx"
    over(tmp_path / "汇总", target)
    assert sheet_of(target, "总览")["A2"].value == "数据截止日：2022年10月31日"
    told = "各镇“数据截止日”不一致（2022年10月20日：白水镇；2022年10月31日：青石镇）。"
    assert told in front_of(target)


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (None, "“汇总口径”里的数据截止日读不出，请用程序重新汇总"),
        (
            dt.date(2022, 9, 30),
            "“汇总口径”里汇总月份 2022-10 晚于数据截止日 2022-09-30，对不上，请用程序重新汇总",
        ),
    ],
)
def test_a_rollup_whose_own_day_cannot_be_is_left_out(here, tmp_path, day, reason):
    set_scope(here / "青石镇.xlsx", "数据截止日", day)
    outcome = over(here, tmp_path / "全县汇总.xlsx")
    assert (outcome.exit_code, outcome.troubles) == (4, (f"青石镇：{reason}",))


def test_a_rollup_that_does_not_say_its_month_is_left_out(here, tmp_path):
    set_scope(here / "青石镇.xlsx", "汇总月份", None)
    outcome = over(here, tmp_path / "全县汇总.xlsx")
    told = "青石镇：是 没有写明月份 的汇总，本次是 2022-10"
    assert (outcome.exit_code, outcome.troubles) == (4, (told,))


# -- which townships there are --------------------------------------------------------------------

NO_LIST = "没有乡镇名册，各镇是否报齐请自行核对。"
ALL_IN = "收到的各镇汇总，其名册内的村都已汇总。"


def test_without_a_month_before_nobody_can_tell_whether_a_township_is_lacking(county, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    over(county / "2022-10", target)
    said = front_of(target)
    assert {NO_LIST, ALL_IN} <= set(said)
    assert "名册内的村都已汇总。" not in said


@pytest.fixture
def september(county, tmp_path):
    target = tmp_path / "2022-09" / "全县汇总.xlsx"
    target.parent.mkdir()
    day = dt.date(2022, 9, 30)
    flow.consolidate([county / "2022-09"], target, day, "2022-09", scale=COUNTY)
    return target


def test_a_township_of_the_month_before_that_has_sent_nothing_is_lacking(here, september, tmp_path):
    (here / "白水镇.xlsx").unlink()
    target = tmp_path / "全县汇总.xlsx"
    outcome = over(here, target, previous=september)
    told = "白水镇：上月有，本月没有收到（2个村）"
    assert (outcome.exit_code, outcome.troubles) == (4, (told,))
    said = front_of(target)
    assert f"未汇总 1 个乡镇——{told}。" in said
    assert not {NO_LIST, ALL_IN} & set(said)
    gone = [row for row in rows_of(target, "变化明细") if row["变化"] == "本月未汇总"]
    assert sorted((row["乡镇"], row["村名"]) for row in gone) == [
        ("白水镇", "上河村"),
        ("白水镇", "石桥村"),
    ]
    assert [row["乡镇"] for row in rows_of(target, "与上月对比")] == ["青石镇", "白水镇"]


def test_with_every_township_of_the_month_before_none_is_lacking(here, september, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    outcome = over(here, target, previous=september)
    assert (outcome.exit_code, outcome.troubles) == (0, ())
    assert ALL_IN in front_of(target)
    assert NO_LIST not in front_of(target)


def test_a_township_that_is_refused_is_told_once(here, september, county, tmp_path):
    shutil.copy(county / "2022-09" / "白水镇.xlsx", here / "白水镇.xlsx")
    outcome = over(here, tmp_path / "全县汇总.xlsx", previous=september)
    assert outcome.troubles == ("白水镇：是 2022-09 的汇总，本次是 2022-10",)


def test_villages_and_townships_that_are_left_out_are_counted_apart(county, tmp_path):
    home, place = tmp_path / "青石镇", tmp_path / "汇总"
    shutil.copytree(county / "青石镇", home)
    (home / "村级工作簿" / "0205-柳湾村-2022.xlsx").unlink()
    place.mkdir()
    rolled(home, place / "青石镇.xlsx")
    (place / "坏的.xlsx").write_bytes(b"PK\x03\x04")
    target = tmp_path / "全县汇总.xlsx"
    over(place, target)
    assert any(
        str(text).startswith("未汇总 1 个乡镇、1 个村——坏的.xlsx：") for text in front_of(target)
    )


def test_the_rollup_of_another_county_is_not_compared(here, september, tmp_path):
    before = tmp_path / "邻县.xlsx"
    shutil.copy(september, before)
    set_scope(before, "县（区）", "白河县")
    outcome = over(here, tmp_path / "全县汇总.xlsx", previous=before)
    assert outcome.exit_code == 3
    assert outcome.troubles == (f"{before}：上月汇总是白河县的，不是本县的，没有对比。",)
    assert NO_LIST in front_of(tmp_path / "全县汇总.xlsx")


# -- a township's own month before ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "day", "said"),
    [
        ("2022-09/白水镇.xlsx", AS_OF, "上月汇总是白水镇的，不是本镇的，没有对比。"),
        (
            "2022-10/青石镇.xlsx",
            dt.date(2022, 10, 25),
            "上月汇总的数据截止日是2022年10月31日，晚于本次的2022年10月25日，没有对比。",
        ),
    ],
)
def test_a_rollup_that_is_not_the_month_before_is_told_and_not_used(
    county, tmp_path, before, day, said
):
    target, previous = tmp_path / "镇汇总.xlsx", county / before
    books = county / "青石镇" / "村级工作簿"
    outcome = flow.consolidate([books], target, day, previous=previous)
    assert (outcome.exit_code, outcome.troubles) == (3, (f"{previous}：{said}",))
    assert said in front_of(target) + [row[0].value for row in sheet_of(target, "总览")]
    assert [row["月份"] for row in rows_of(target, "历月进度")] == ["2022-10"]


def test_a_month_before_with_a_ledger_cut_is_not_compared_and_its_figures_are_kept(
    county, tmp_path
):
    previous = tmp_path / "2022-09" / "镇汇总.xlsx"
    previous.parent.mkdir()
    book = openpyxl.load_workbook(county / "2022-09" / "青石镇.xlsx", data_only=True)
    delete_line("措施台账", 2)(book)
    book.save(previous)
    target = tmp_path / "镇汇总.xlsx"
    books = county / "青石镇" / "村级工作簿"
    outcome = flow.consolidate([books], target, AS_OF, previous=previous)
    said = "上月汇总的台账不全，没有对比；历月进度照常接上，其中上月的数字请核对。"
    assert (outcome.exit_code, outcome.troubles) == (3, (f"{previous}：{said}",))
    assert rows_of(target, "变化明细") == []
    months = rows_of(target, "历月进度")
    assert [row["月份"] for row in months] == ["2022-09", "2022-10"]
    assert months[0]["措施"] == 42
    assert months[0]["来源"].startswith("2022-09/镇汇总.xlsx（")


# -- longer than a sheet ------------------------------------------------------------------------


def test_a_ledger_longer_than_a_sheet_stands_beside_the_book(county, tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.setattr(rollup, "MOST_LINES", 20)
    target = tmp_path / "镇汇总.xlsx"
    outcome = rolled(county / "青石镇", target)
    names = [each.path.name for each in outcome.written]
    assert names == [
        *(
            "镇汇总.xlsx",
            "镇汇总-措施台账.parquet",
            "镇汇总-核查明细.parquet",
            "镇汇总-对账.parquet",
        ),
    ]
    table = parquet.read_table(tmp_path / "镇汇总-措施台账.parquet")
    assert table.num_rows == 42
    assert table.column("村名").to_pylist()[:2] == ["上河村", "上河村"]
    book = openpyxl.load_workbook(target)
    assert book["措施台账"]["A4"].value is None
    assert "镇汇总-措施台账.parquet" in book["措施台账"]["A2"].number_format
    listed = {cell.value: cell.column for cell in book["整顿对象一览"][3]}
    assert book["整顿对象一览"].cell(4, listed["措施数"]).value == 23  # fixed
    assert str(book["整顿对象一览"].cell(4, listed["问题数"]).value).startswith("=COUNTIFS(")
    cut = flow.consolidate([target], tmp_path / "县.xlsx", AS_OF, scale=COUNTY)
    assert cut.exit_code == 3  # the county cannot do without the lines
    assert "“措施台账”里有 0 行，对不上" in cut.troubles[0]


def test_columns_that_would_compare_for_minutes_are_values(county, tmp_path, monkeypatch):
    monkeypatch.setattr(formulas, "_MOST_COMPARED", 100)
    target = tmp_path / "镇汇总.xlsx"
    rolled(county / "青石镇", target)
    book = openpyxl.load_workbook(target)
    listed = {cell.value: cell.column for cell in book["整顿对象一览"][3]}
    assert book["整顿对象一览"].cell(4, listed["措施数"]).value == 23
    total = book["整顿对象一览"].cell(7, listed["措施数"]).value
    assert str(total).startswith("=SUM(")
    assert str(book["整顿对象一览"].cell(4, listed["问题数"]).value).startswith("=COUNTIFS(")


def test_a_county_needs_to_be_told_what_and_where(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["consolidate", "--level", "county"])
    assert isinstance(done.exception, UsageError)
    assert "要写明各镇汇总表" in str(done.exception)


def test_the_ledgers_of_a_county_are_those_of_a_township():
    assert set(rollup.TABLES[Level.COUNTY]) >= set(ledgers.LEDGERS.values())
    shown = rollup.shown_columns(ledgers.MeasureLedger, Level.TOWNSHIP)
    assert ledgers.TOWN not in shown
    assert len(shown) == len(ledgers.MeasureLedger.columns) - 1


def test_a_village_answers_in_the_county_for_the_months_that_its_township_asks(county, tmp_path):
    home = tmp_path / "青石镇"
    shutil.copytree(county / "青石镇", home)
    write(home / "镇级工作簿.xlsx", example_township().township, first_month=3)
    folder = tmp_path / "汇总"
    shutil.copytree(county / "2022-10", folder)
    rolled(home, folder / "青石镇.xlsx")
    over(folder, tmp_path / "全县汇总.xlsx")
    own = {town: rows_of(folder / f"{town}.xlsx", "专题研究") for town in TOWNS}
    gaps = {town: sum(row["缺会月数"] for row in rows) for town, rows in own.items()}
    assert {row["起算月份"] for row in own["青石镇"]} != {row["起算月份"] for row in own["白水镇"]}
    of_county = rows_of(tmp_path / "全县汇总.xlsx", "专题研究")
    assert {row["乡镇"]: row["缺会月数"] for row in of_county} == gaps


# -- townships without a roster -----------------------------------------------------------------


@pytest.fixture
def without_roster(county, tmp_path):
    """Return a folder of two rollups: one of a township with a roster, one made of files alone."""
    folder = tmp_path / "2022-10"
    folder.mkdir()
    shutil.copy(county / "2022-10" / "青石镇.xlsx", folder)
    bare = tmp_path / "白水"
    shutil.copytree(county / "白水镇" / "村级工作簿", bare)
    flow.consolidate([bare], folder / "随便叫什么.xlsx", AS_OF)
    return folder


def test_a_township_without_a_roster_is_known_by_the_name_its_villages_give(
    without_roster, tmp_path
):
    (scope,) = read_workbook(without_roster / "随便叫什么.xlsx", (rollup.FORM,)).rows(rollup.Scope)
    assert (scope.town, scope.roster) == ("白水镇", False)
    target = tmp_path / "全县汇总.xlsx"
    over(without_roster, target)
    towns = [row["乡镇"] for row in rows_of(target, "整顿对象一览")]
    assert towns == ["白水镇"] * 2 + ["青石镇"] * 3


def test_where_a_township_has_no_roster_the_county_counts_what_came_in(without_roster, tmp_path):
    target = tmp_path / "全县汇总.xlsx"
    over(without_roster, target)
    words = [str(text) for text in front_of(target) if text]
    assert "没有村名册的乡镇：白水镇（未回传的村无法清点）。" in words
    assert not [text for text in words if "名册内的村都已汇总" in text]
    assert not [text for text in words if "不在村名册而有回传" in text]
    grid = list(sheet_of(target, "总览").iter_rows(max_row=12, values_only=True))
    at = next(at for at, line in enumerate(grid) if "名册内村数" in line)
    cards = dict(zip(grid[at], grid[at + 1], strict=True))
    assert (cards["名册内村数"], cards["已汇总"]) == ("—", 5)
