"""The conservation ledger: a rollup that does not add up is never published, whatever the fault."""

import datetime as dt
import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from paths import EXAMPLES
from rollup.township_drawn import AS_OF, FILES, brought, made, rolled, sources, three_books

from toolkit import flow, gathering
from toolkit.demo import DAY
from toolkit.errors import BalanceError, UnreadableError
from toolkit.excel.opened import read_workbook
from toolkit.excel.rollup import book as rollup_book
from toolkit.excel.rollup.book import build_rollup, check_written
from toolkit.forms import ledgers, rollup, village
from toolkit.forms.recount import recounted, recounted_totals
from toolkit.inbox import look, open_governed
from toolkit.rollup import contributions, figures
from toolkit.rollup.balance import check_balance, check_booked, check_contribution, check_seen
from toolkit.rollup.contributions import contribution_of
from toolkit.rollup.past import past_in
from toolkit.schema.totals import Count, Live, Ratio, Rest
from toolkit.workfolder import month
from toolkit.workfolder.places import WorkFolder

MEASURES = ledgers.MeasureLedger.sheet
SAID = r"^汇总对账不平，没有写出：.*原有的汇总没有改动。"


@pytest.fixture(scope="module")
def taken():
    """Return what the example village of the most measures has brought, counted from its file."""
    found = gathering.gather(look([EXAMPLES]), AS_OF, workers=1).brought
    return max(found, key=lambda each: each.counts["measure"])


def with_lines(contribution, lines, ledger=MEASURES):
    return replace(contribution, lines={**contribution.lines, ledger: tuple(lines)})


# -- what one workbook brings -------------------------------------------------------------------


def test_what_was_read_and_counted_adds_up(taken):
    check_contribution(taken)
    assert {tally.sheet for tally in taken.tallies} >= {"存在问题", "整改措施", "基本情况"}
    assert all(
        tally.own + tally.records + tally.aside + tally.loose == tally.rows
        for tally in taken.tallies
    )


@pytest.mark.parametrize(
    ("title", "row"),
    [
        (ledgers.ProblemLedger.sheet, "存在问题"),
        (ledgers.MeasureLedger.sheet, "整改措施"),
        (ledgers.MeetingLedger.sheet, "专题研究会议"),
        (ledgers.EvaluationLedger.sheet, "测评验收"),
    ],
)
def test_a_line_of_a_ledger_that_is_lost_or_doubled_is_noticed(taken, title, row):
    lines = taken.lines[title]
    count = len(lines)
    for changed in (lines[1:], (*lines, lines[0])):
        with pytest.raises(BalanceError, match=SAID) as caught:
            check_contribution(with_lines(taken, changed, title))
        held = f"{taken.name}“{row}”读到 {count} 行，记入台账 {len(changed)} 行"
        assert held in str(caught.value)
        assert caught.value.exit_code == 4


def test_a_line_in_the_ledger_twice_while_another_is_missing_is_noticed(taken):
    lines = taken.lines[MEASURES]
    with pytest.raises(BalanceError, match=SAID):
        check_contribution(with_lines(taken, (lines[0], *lines[:-1])))


@pytest.mark.parametrize(
    "change",
    [{"off": (7,)}, {"rows": -1}, {"own": 1}, {"records": -1}, {"aside": 1}, {"loose": 2}],
)
def test_a_tally_on_which_scan_and_reader_disagree_is_noticed(taken, change):
    at = next(n for n, tally in enumerate(taken.tallies) if tally.sheet == "整改措施")
    tally = taken.tallies[at]
    changed = {
        name: value if name == "off" else getattr(tally, name) + value
        for name, value in change.items()
    }
    tallies = (*taken.tallies[:at], replace(tally, **changed), *taken.tallies[at + 1 :])
    with pytest.raises(BalanceError, match=SAID) as caught:
        check_contribution(replace(taken, tallies=tallies))
    assert f"{taken.name}“整改措施”" in str(caught.value)
    assert ("第 7 行，" in str(caught.value)) is ("off" in change)


def test_a_workbook_whose_rows_nobody_counted_is_noticed(taken):
    told = f"{taken.name}没有清点过行数。原有的汇总没有改动。请用 Excel 或 WPS 打开它另存一次再试"
    with pytest.raises(BalanceError, match=re.escape(told)):
        check_contribution(replace(taken, tallies=()))
    check_contribution(replace(taken, tallies=(), part=2))  # a township's tallies are the first's


def test_an_inbox_that_was_not_counted_makes_no_rollup(work):
    inbox = open_governed(look([work / "村级工作簿"]))
    done = flow.judged(inbox, DAY)
    with pytest.raises(BalanceError, match="没有清点过行数"):
        gathering.gathered(inbox, done.findings, DAY)


# -- line by line, cell by cell -----------------------------------------------------------------


@pytest.fixture(scope="module")
def willow():
    """Return the example village of the most measures, read and counted."""
    path = EXAMPLES / "村级工作簿" / "0205-柳湾村-2022.xlsx"
    return read_workbook(path, (village.FORM,), counted=True)


@pytest.mark.parametrize("row", ledgers.LEDGERS, ids=lambda row: row.sheet)
def test_a_line_that_reader_and_ledger_both_lost_is_noticed_by_the_tally(willow, row):
    check_booked(willow, contribution_of(willow, (), AS_OF))
    sheet = willow.sheets[row]
    short = replace(willow, sheets={**willow.sheets, row: replace(sheet, rows=sheet.rows[1:])})
    held = len(sheet.rows)
    told = f"“{row.sheet}”清点到 {held} 行记录，记入台账 {held - 1} 行"
    with pytest.raises(BalanceError, match=told):
        check_booked(short, contribution_of(short, (), AS_OF))


def test_the_tally_is_that_of_the_title_which_the_sheet_has_in_the_file(willow):
    sheet = willow.sheets[village.Measure]
    renamed = replace(
        willow,
        sheets={**willow.sheets, village.Measure: replace(sheet, title="措施 (2)")},
        tallies=tuple(
            replace(tally, sheet="措施 (2)") if tally.sheet == sheet.title else tally
            for tally in willow.tallies
        ),
    )
    check_booked(renamed, contribution_of(renamed, (), AS_OF))


def test_a_workbook_that_lacks_a_sheet_lacks_its_lines(willow):
    left = {row: sheet for row, sheet in willow.sheets.items() if row is not village.Meeting}
    lacking = replace(willow, sheets=left)
    check_booked(lacking, contribution_of(lacking, (), AS_OF))


OF_ALL = [(row, column) for row in ledgers.LEDGERS for column in row.columns]


@pytest.mark.parametrize(
    ("row", "column"), OF_ALL, ids=[f"{row.sheet}-{column.header}" for row, column in OF_ALL]
)
def test_a_column_that_gets_lost_on_the_way_is_noticed(willow, monkeypatch, row, column):
    honest = contributions.plain
    read = sum(not each.field(column).empty for each in willow.rows(row))
    monkeypatch.setattr(
        contributions,
        "plain",
        lambda each, own: None if own is column else honest(each, own),
    )
    brought_short = contribution_of(willow, (), AS_OF)
    if not read:
        check_booked(willow, brought_short)
        return
    told = f"“{row.sheet}”的“{column.header}”读到 {read} 格，记入台账 0 格"
    with pytest.raises(BalanceError, match=re.escape(told)):
        check_booked(willow, brought_short)


def test_a_consolidation_that_loses_a_column_writes_nothing(work, monkeypatch):
    honest = contributions.plain
    lost = village.Measure.owner
    monkeypatch.setattr(
        contributions, "plain", lambda row, own: None if own is lost else honest(row, own)
    )
    with pytest.raises(BalanceError, match="“整改措施”的“责任人”读到"):
        flow.consolidate([work / "村级工作簿"], work / "镇汇总.xlsx", DAY)
    assert not (work / "镇汇总.xlsx").exists()


# -- every file arrives -------------------------------------------------------------------------


def lossy(found):
    return found[:-1]


def twice(found):
    return [found[0], found[0], *found[2:]]


def one_more(found):
    return [*found, found[-1]]


@pytest.mark.parametrize(
    ("spoil", "at"), [(lossy, 2), (twice, 1), (one_more, 2)], ids=["lost", "mistaken", "doubled"]
)
def test_a_file_that_is_lost_or_doubled_on_the_way_is_named(work, monkeypatch, spoil, at):
    files = look([work / "村级工作簿"]).files
    honest = gathering.spread
    monkeypatch.setattr(
        gathering, "spread", lambda *given, **told: iter(spoil(list(honest(*given, **told))))
    )
    with pytest.raises(BalanceError, match=re.escape(f"没有写出：{files[at]}")):
        flow.consolidate([work / "村级工作簿"], work / "镇汇总.xlsx", DAY)
    assert not (work / "镇汇总.xlsx").exists()


def test_a_township_workbook_that_can_be_read_no_more_is_named(work, monkeypatch):
    (work / "村级工作簿").rename(work / "各村")
    town = work / "各村" / "青石镇.xlsx"
    (work / "镇级工作簿.xlsx").rename(town)
    monkeypatch.setattr(gathering, "open_workbook", vanished)
    with pytest.raises(BalanceError, match=re.escape(f"{town}见到 1 次，处理了 0 次")):
        gathering.gather(look([work / "各村"]), DAY, workers=1)


def vanished(*_: object, **__: object) -> None:
    raise UnreadableError("找不到这个文件。")


def test_each_file_has_one_line_among_the_sources():
    given = made()
    seen = [*FILES.values(), "0204-柳树村-2022.xlsx"]
    check_seen(given, seen)
    with pytest.raises(BalanceError, match=r"0203-上河村-2022\.xlsx见到 2 次，列出 1 次"):
        check_seen(given, [*seen, FILES["0203"]])
    lines = given.tables[rollup.SourceFile].rows
    with pytest.raises(BalanceError, match=r"0204-柳树村-2022\.xlsx见到 1 次，列出 0 次"):
        check_seen(altered(given, rollup.SourceFile, lines[:-1]), seen)


def test_a_rollup_that_forgets_a_file_is_not_made(monkeypatch):
    lost = sources()

    def forgetful(lines, **told):
        return [each for each in sorted(lines, **told) if each not in lost]

    monkeypatch.setattr(figures, "sorted", forgetful, raising=False)
    with pytest.raises(BalanceError, match=r"0204-柳树村-2022\.xlsx见到 1 次，列出 0 次"):
        made()


# -- what is made of all of them ----------------------------------------------------------------


def altered(given, row, lines):
    table = replace(given.tables[row], rows=tuple(lines))
    return replace(given, tables={**given.tables, row: table})


def changed_cell(given, row, at, column, value):
    """Return a rollup in whose table one cell shows something else."""
    table = given.tables[row]
    place = table.columns.index(column)
    line = list(table.rows[at])
    cell = line[place]
    line[place] = Live(cell.how, value) if isinstance(cell, Live) else value
    return altered(given, row, [*table.rows[:at], tuple(line), *table.rows[at + 1 :]])


def test_the_drawn_township_adds_up():
    check_balance(made())


@pytest.mark.parametrize("ledger", ledgers.LEDGERS.values(), ids=lambda row: row.sheet)
def test_a_row_that_a_ledger_lost_or_has_twice_is_noticed(ledger):
    given = made()
    lines = given.tables[ledger].rows
    for changed in (lines[:-1], (*lines, lines[-1])):
        with pytest.raises(BalanceError, match=SAID) as caught:
            check_balance(altered(given, ledger, changed))
        count = len([line for line in lines if line[0] == 2])
        left = count + len(changed) - len(lines)
        held = f"{ledger.sheet}（村序号 2：读到 {count} 行，台账 {left} 行）"
        assert held in str(caught.value)


def test_a_row_that_went_to_another_village_is_noticed():
    given = made()
    (first, *others) = given.tables[ledgers.MeasureLedger].rows
    with pytest.raises(BalanceError, match=SAID) as caught:
        check_balance(altered(given, ledgers.MeasureLedger, [(2, *first[1:]), *others]))
    assert "措施台账（村序号 1：读到 3 行，台账 2 行）" in str(caught.value)


@pytest.mark.parametrize("label", [label for label, _, _ in rollup.HEADLINES])
@pytest.mark.parametrize("column", [rollup.Balance.parts, rollup.Balance.whole])
def test_a_headline_that_the_villages_do_not_add_up_to_is_noticed(label, column):
    given = made()
    items = given.tables[rollup.Balance].column(rollup.Balance.item)
    at = items.index(label)
    was = given.tables[rollup.Balance].column(column)[at]
    with pytest.raises(BalanceError, match=SAID) as caught:
        check_balance(changed_cell(given, rollup.Balance, at, column, was + 1))
    assert f"{label}合计" in str(caught.value)


def test_a_cent_too_many_is_noticed():
    given = made()
    at = given.tables[rollup.Balance].column(rollup.Balance.item).index("计划资金（万元）")
    with pytest.raises(BalanceError, match=r"合计 50\.000001，汇总数 50"):
        check_balance(changed_cell(given, rollup.Balance, at, rollup.Balance.parts, 50.000001))


def test_an_amount_that_changed_in_a_ledger_is_noticed():
    given = made()
    funds = next(c for c in ledgers.MeasureLedger.columns if c.header == "计划资金")
    at = given.tables[ledgers.MeasureLedger].column(funds).index(50)
    with pytest.raises(BalanceError, match="计划资金"):
        check_balance(changed_cell(given, ledgers.MeasureLedger, at, funds, 51))


@pytest.mark.parametrize("label", [label for label, _, _ in rollup.HEADLINES])
def test_a_villages_figure_that_changed_is_noticed(label):
    given = made()
    column = next(own for each, own, _ in rollup.HEADLINES if each == label)
    was = given.tables[rollup.Village].column(column)[1]
    with pytest.raises(BalanceError, match=re.escape(label)):
        check_balance(changed_cell(given, rollup.Village, 1, column, was + 1))


def test_rows_of_a_file_without_a_place_are_noticed():
    given = made()
    rest = next(c for c in rollup.SourceFile.columns if c.header == "对账差额")
    with pytest.raises(BalanceError, match=r"0201-下河村-2022\.xlsx有 2 行没有着落"):
        check_balance(changed_cell(given, rollup.SourceFile, 0, rest, 2))


def test_a_rollup_that_does_not_add_up_is_not_made():
    own, _ = brought(three_books())
    short = with_lines(own[0], own[0].lines[MEASURES][1:])
    with pytest.raises(BalanceError, match="措施台账"):
        figures.consolidate([short, *own[1:]], (), figures.Terms(AS_OF, "2022-10"))


# -- what was written ---------------------------------------------------------------------------


def rewritten(data: bytes, title: str, change) -> bytes:
    """Return a workbook whose sheet of that title was changed."""
    titles = list(dict.fromkeys(row.sheet for row in rollup.TABLES[rollup.Level.TOWNSHIP]))
    part = f"xl/worksheets/sheet{titles.index(title) + 1}.xml"
    made_anew = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made_anew, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                changed = change(content)
                assert changed != content
                content = changed
            new.writestr(name, content)
    return made_anew.getvalue()


def without_a_row(content: bytes) -> bytes:
    return re.sub(rb'<row r="5".*?</row>', b"", content, count=1, flags=re.DOTALL)


@pytest.mark.parametrize("title", [ledger.sheet for ledger in ledgers.LEDGERS.values()])
def test_a_written_file_that_lacks_a_row_is_not_published(title):
    given = made()
    data = build_rollup(given)
    check_written(given, data)
    with pytest.raises(BalanceError, match=f"{title}应有") as caught:
        check_written(given, rewritten(data, title, without_a_row))
    assert caught.value.exit_code == 4


CARDS = [label for label, _ in rollup.CARDS]


@pytest.mark.parametrize("label", CARDS)
def test_a_card_that_shows_another_figure_is_not_published(label):
    given = made()
    at = CARDS.index(label)
    card = given.cards[at]
    wrong = Live(card.how, card.value + 1)
    bent = replace(given, cards=(*given.cards[:at], wrong, *given.cards[at + 1 :]))
    with pytest.raises(BalanceError, match=f"“总览”的{label}应是") as caught:
        build_rollup(bent)
    assert caught.value.exit_code == 4


def test_cards_without_a_roster_say_so_and_count_all_the_same():
    given = rolled(three_books())
    assert [card if isinstance(card, str) else card.value for card in given.cards[:2]] == ["—", 3]
    build_rollup(given)
    with pytest.raises(BalanceError, match="“总览”的名册内村数应是 —，文件里是 3"):
        build_rollup(replace(given, cards=(3, *given.cards[1:])))
    with pytest.raises(BalanceError, match="“总览”的名册内村数应是 —，文件里是 空白"):
        build_rollup(replace(given, cards=(None, *given.cards[1:])))


def totals_of(given):
    """Return every reckoned cell of a line of totals: its table, its column."""
    return [
        (row, column)
        for row, table in given.tables.items()
        for column, cell in zip(table.columns, table.total, strict=False)
        if isinstance(cell, Live)
    ]


def with_total(given, row, column, value):
    table = given.tables[row]
    at = table.columns.index(column)
    cell = table.total[at]
    total = (*table.total[:at], Live(cell.how, value), *table.total[at + 1 :])
    return replace(given, tables={**given.tables, row: replace(table, total=total)})


@pytest.mark.parametrize(
    "row",
    [
        *(rollup.Summary, rollup.Village, rollup.MeetingCount, rollup.PartyTotal),
        *(rollup.PartyLine, rollup.CheckCount, rollup.SourceFile),
    ],
    ids=lambda row: row.sheet,
)
def test_a_total_that_is_another_in_the_file_is_not_published(row):
    given = made()
    data = build_rollup(given)
    check_written(given, data)
    table = given.tables[row]
    own = [column for each, column in totals_of(given) if each is row]
    assert len(own) > 2
    for column in (own[0], own[-1]):
        was = table.total[table.columns.index(column)].value
        bent = with_total(given, row, column, was + 1 if isinstance(was, int | float) else 1)
        with pytest.raises(
            BalanceError, match=re.escape(f"“{row.sheet}”的{column.header}合计应是")
        ):
            build_rollup(bent)


def test_every_total_that_is_reckoned_is_compared():
    given = made()
    compared = {
        (row, column)
        for row, table in given.tables.items()
        if table.total
        for column, _ in recounted_totals(given, table)
    }
    assert compared == set(totals_of(given))
    assert len(compared) > 100


def test_a_line_of_totals_that_is_missing_is_not_published():
    given = made()
    table = given.tables[rollup.CheckCount]
    lacking = replace(given, tables={**given.tables, rollup.CheckCount: replace(table, total=())})
    with pytest.raises(BalanceError, match="“核查情况”的必改合计应是 1，文件里是 空白"):
        build_rollup(lacking)


def test_amounts_are_compared_to_the_cent():
    given = made()
    (funds,) = [column for _, column in totals_of(given) if column.header.startswith("计划资金")]
    with pytest.raises(
        BalanceError, match=r"“整顿对象一览”的计划资金合计应是 50，文件里是 50\.000001"
    ):
        build_rollup(with_total(given, rollup.Village, funds, 50.000001))


def test_changes_that_were_compared_have_totals_that_are_compared(tmp_path):
    earlier = tmp_path / "九月.xlsx"
    earlier.write_bytes(build_rollup(made(as_of=dt.date(2022, 9, 30), month="2022-09")))
    given = made(past=past_in(read_workbook(earlier, (rollup.FORM,))))
    own = [column for row, column in totals_of(given) if row is rollup.ChangeCount]
    build_rollup(given)
    with pytest.raises(BalanceError, match="“与上月对比”的"):
        build_rollup(with_total(given, rollup.ChangeCount, own[-1], 99))


def test_totals_that_vary_from_row_to_row_are_not_recounted():
    given = made()
    with pytest.raises(TypeError):
        recounted(given, Rest(Count(ledgers.MeasureLedger), ()))
    with pytest.raises(TypeError):
        recounted(given, Ratio((ledgers.DUE,), Count(ledgers.MeasureLedger)))


# -- nothing is written over --------------------------------------------------------------------


def _short(contribution):
    return with_lines(contribution, contribution.lines[MEASURES][1:])


def _doubled(contribution):
    lines = contribution.lines[MEASURES]
    return with_lines(contribution, (*lines, *lines[:1]))


def _off(contribution):
    tallies = tuple(replace(tally, off=(9,)) for tally in contribution.tallies)
    return replace(contribution, tallies=tallies)


@pytest.mark.parametrize("fault", [_short, _doubled, _off])
def test_a_workbook_that_does_not_add_up_leaves_the_earlier_rollup_as_it_was(
    work, monkeypatch, fault
):
    target = work / "镇汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], target, DAY)
    before = target.read_bytes()
    honest = gathering.contribution_of
    monkeypatch.setattr(gathering, "contribution_of", lambda *given: fault(honest(*given)))
    with pytest.raises(BalanceError, match=SAID):
        flow.consolidate([work / "村级工作簿"], target, DAY, "2022-09")
    assert target.read_bytes() == before
    assert [path.name for path in work.glob("镇汇总*")] == ["镇汇总.xlsx"]


def test_figures_that_do_not_add_up_leave_the_earlier_rollup_as_it_was(work, monkeypatch):
    target = work / "镇汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], target, DAY)
    before = target.read_bytes()
    honest = figures.Reckoner.table

    def erring(self, row):
        table = honest(self, row)
        if row is rollup.Village:
            at = table.columns.index(rollup.Village.late)
            (first, *others) = table.rows
            first = (*first[:at], Live(first[at].how, first[at].value + 1), *first[at + 1 :])
            self.tables[row] = table = replace(table, rows=(first, *others))
            self.series.clear()
            self.groups.clear()
        return table

    monkeypatch.setattr(figures.Reckoner, "table", erring)
    with pytest.raises(BalanceError, match="措施逾期"):
        flow.consolidate([work / "村级工作簿"], target, DAY, "2022-09")
    assert target.read_bytes() == before


def test_a_file_that_was_written_short_leaves_the_earlier_rollup_as_it_was(work, monkeypatch):
    target = work / "镇汇总.xlsx"
    flow.consolidate([work / "村级工作簿"], target, DAY)
    before = target.read_bytes()
    honest = rollup_book.check_written

    def losing(made_up, data):
        honest(made_up, rewritten(data, MEASURES, without_a_row))

    monkeypatch.setattr(rollup_book, "check_written", losing)
    with pytest.raises(BalanceError, match="措施台账应有"):
        flow.consolidate([work / "村级工作簿"], target, DAY, "2022-09")
    assert target.read_bytes() == before


def test_on_the_command_line_it_is_exit_code_4_and_plain_words(zhengdun, work, monkeypatch):
    target = work / "镇汇总.xlsx"
    honest = gathering.contribution_of
    monkeypatch.setattr(gathering, "contribution_of", lambda *given: _off(honest(*given)))
    said = zhengdun("consolidate", work / "村级工作簿", "-o", target, "--as-of", "2022-10-31")
    assert said.code == 4
    assert "汇总对账不平，没有写出：" in said.err
    assert not target.exists()


@pytest.mark.parametrize("fault", [_short, _off])
def test_one_workbook_that_does_not_add_up_stops_no_other_result_of_a_month(
    work, monkeypatch, fault
):
    honest = gathering.contribution_of

    def erring(book, *given):
        own = honest(book, *given)
        return fault(own) if book.name == "0205-柳湾村-2022.xlsx" else own

    monkeypatch.setattr(gathering, "contribution_of", erring)
    done = month.run(WorkFolder(work), "2022-10", today=dt.date(2023, 2, 1))
    assert [each.path.name for each in done.written] == [
        *("核对结果.xlsx", "回传件", "催办通知", "整顿台账", "报送指纹.txt"),
    ]
    assert all(each.path.exists() for each in done.written)
    assert done.needs[0].startswith("汇总对账不平，没有写出：0205-柳湾村-2022.xlsx“")
    assert done.needs[0].endswith(
        "请用 Excel 或 WPS 打开它另存一次再试，或先移走；并把报错内容发给技术人员。"
    )
    assert done.exit_code == 4
