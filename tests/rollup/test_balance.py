"""The conservation ledger: a rollup that does not add up is never published, whatever the fault."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from paths import EXAMPLES
from rollup.township_drawn import AS_OF, brought, made, three_books

from toolkit import flow, gathering
from toolkit.demo import DAY
from toolkit.errors import BalanceError
from toolkit.excel.rollup import book as rollup_book
from toolkit.excel.rollup.book import build_rollup, check_written
from toolkit.forms import ledgers, rollup
from toolkit.inbox import look
from toolkit.rollup import figures
from toolkit.rollup.balance import check_balance, check_contribution
from toolkit.schema.totals import Live

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
