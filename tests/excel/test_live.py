"""Workbooks in a living LibreOffice: what happens, cell by declared cell, when somebody types.

What a check does not admit is told by the suite itself (“mark invalid data”), what a conditional
format comes to by the colours that it writes, what a formula comes to by its own reckoning.
"""

import datetime as dt
import io
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from signal import SIGSTOP

import openpyxl
import pytest
from live_office import LiveOffice, Place, needed, running

from toolkit.cells import Raw, a1
from toolkit.demo import example_township
from toolkit.excel.blank import build_workbook
from toolkit.excel.look import CLASH_FILL, LATE_FILL, MISSING_FILL, SUM_FILL, UNFIT_FILL
from toolkit.excel.records import last_row
from toolkit.findings import Level
from toolkit.forms import township, village
from toolkit.package import rewrite
from toolkit.schema.columns import Column, Row
from toolkit.schema.deadlines import MonthBefore, parse_deadline
from toolkit.schema.form import (
    FIRST_ROW,
    HEADER_ROW,
    INSTRUCTIONS_SHEET,
    VALUE,
    Form,
    Identity,
    vertical_layout,
)
from toolkit.schema.kinds import Limits, Ref, Refs
from toolkit.schema.signals import AtMost, Late, Sum

pytestmark = pytest.mark.office

FORMS = (village.FORM, township.FORM)
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)


@pytest.fixture(scope="module")
def live() -> Iterator[LiveOffice]:
    with running() as suite:
        yield suite


def identity(form: Form) -> Identity:
    return Identity(form.id, form.version, "0203", "2022")


_BLANK: dict[str, bytes] = {}


def blank(form: Form) -> bytes:
    if form.id not in _BLANK:
        _BLANK[form.id] = build_workbook(form, identity(form))
    return _BLANK[form.id]


def tables(form: Form) -> Iterator[type[Row]]:
    return (row for row in form.rows if not row.vertical)


def place(row: type[Row], column: Column, line: int = 0) -> Place:
    """Where a column is filled in: of a table, so many lines below the first."""
    if row.vertical:
        return row.sheet, a1(vertical_layout(row)[column.name], VALUE)
    return row.sheet, a1(FIRST_ROW + line, row.columns.index(column) + 1)


def places(form: Form, line: int = 0) -> Iterator[tuple[Column, Place]]:
    for row in form.rows:
        for column in row.columns:
            yield column, place(row, column, line)


def enter(live: LiveOffice, entries: Mapping[Place, str]) -> None:
    by_sheet: dict[str, list[tuple[str, str]]] = {}
    for (sheet, address), text in entries.items():
        by_sheet.setdefault(sheet, []).append((address, text))
    for sheet, typed in by_sheet.items():
        live.enter(sheet, typed)


def examples(row: type[Row], line: int = 0) -> dict[Place, str]:
    """Each column's own example, as somebody types it."""
    return {place(row, column, line): column.example for column in row.columns}


def all_examples(form: Form) -> dict[Place, str]:
    return {at: text for row in form.rows for at, text in examples(row).items()}


def bad_entries(limits: Limits) -> list[str]:
    """What a clerk may type that the check of such a column must not let pass unseen."""
    if limits.type == "list":
        return ["没有这一项"]
    if limits.type == "date":
        return ["2022.13.45", "今天", "1850-01-01", "2200-01-01"]
    bad = ["不清楚", "7个"]
    if limits.type == "whole":
        bad.append("1.5")
    if isinstance(limits.low, int | float):
        bad.append(str(limits.low - 1))
    if isinstance(limits.high, int | float):
        bad.append(str(limits.high + 1))
    return bad


def answer(form: Form, column: Column) -> str:
    """How a bad entry is met: refused, questioned, or "" where all may stand."""
    limits = column.kind.limits
    if form.offers_of(column) is not None:
        return "WARNING" if isinstance(column.kind, Ref) else ""
    if limits is None:
        return ""
    return "WARNING" if limits.type != "list" else "STOP" if limits.strict else ""


def bad_texts(form: Form) -> dict[Column, list[str]]:
    """What each column that refuses or questions entries must meet so."""
    return {
        column: bad_entries(column.kind.limits) if column.kind.limits else ["P99"]
        for row in form.rows
        for column in row.columns
        if answer(form, column)
    }


# ---- the suite itself


def test_without_uno_a_test_is_skipped_visibly_and_in_ci_it_fails(monkeypatch):
    monkeypatch.setattr("live_office.office", lambda: "soffice")
    monkeypatch.setattr("live_office._missing_uno", lambda: "python3-uno is not installed")
    monkeypatch.delenv("ZHENGDUN_OFFICE", raising=False)
    with pytest.raises(pytest.skip.Exception, match="python3-uno"):
        needed()
    monkeypatch.setenv("ZHENGDUN_OFFICE", "required")
    with pytest.raises(pytest.fail.Exception, match="python3-uno"):
        needed()


def at_work(group: int) -> list[str]:
    """The processes of a group that have not ended, whether or not anybody has taken note of it."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # one that ends just now
            stat = path.read_text()
            state, _, own = stat.rpartition(")")[2].split()[:3]
            if own == str(group) and state not in "ZX":
                found.append(stat)
    return found


def test_nothing_is_left_of_a_suite_that_hangs(monkeypatch):
    with running() as suite:
        monkeypatch.setattr("live_office._ORDER_SECONDS", 1)
        os.killpg(suite.group, SIGSTOP)
        with pytest.raises(pytest.fail.Exception, match="did not answer"):
            suite.open(blank(township.FORM))
        until = time.monotonic() + 10
        while at_work(suite.group) and time.monotonic() < until:
            time.sleep(0.05)
        assert at_work(suite.group) == []
        folder = suite.folder
    assert not folder.exists()


# ---- checks: what is refused or questioned


@every_form
def test_what_a_column_does_not_admit_is_marked_and_what_it_asks_for_is_not(live, form):
    live.open(blank(form))
    bad = bad_texts(form)
    passed: set[tuple[Place, str]] = set()
    # A table has room for all bad entries of its columns, a vertical sheet for one at a time.
    for number in range(max(map(len, bad.values()))):
        typed = {
            place(row, column, line): text
            for row in form.rows
            for column in row.columns
            for line, text in enumerate(bad.get(column, ()))
            if (line == number if row.vertical else number == 0)
        }
        enter(live, typed)
        marked = live.invalid()
        passed |= {(at, typed[at]) for at in typed.keys() - marked}
    assert passed == set()
    enter(live, all_examples(form))
    asked = {at for column, at in places(form) if column in bad}
    assert asked & live.invalid() == set()


@every_form
def test_a_bad_entry_is_refused_or_questioned_as_its_column_says(live, form):
    live.open(blank(form))
    checks = {at: (answer(form, column), live.check(*at)) for column, at in places(form)}
    met = {at: check["alert"] if check["refuses"] else "" for at, (_, check) in checks.items()}
    expected = {at: alert for at, (alert, check) in checks.items() if check["type"] != "ANY"}
    assert {at: met[at] for at in expected} == expected
    assert {alert for alert, check in checks.values() if check["type"] == "ANY"} == {""}
    assert [at for at, (alert, check) in checks.items() if alert and not check["error"]] == []


@every_form
def test_every_input_cell_prompts_down_to_the_last_row_that_is_checked(live, form):
    live.open(blank(form))
    for row in form.rows:
        for column in row.columns:
            first = live.check(*place(row, column))
            assert first["prompts"], (row.sheet, column)
            assert first["title"] == column.header
            assert first["prompt"], (row.sheet, column)
            if not row.vertical:
                last = live.check(*place(row, column, last_row((), row) - FIRST_ROW))
                assert last == first, (row.sheet, column)


@every_form
def test_every_dropdown_offers_the_entries_of_its_list(live, form):
    live.open(blank(form))
    offers = {
        at: (live.offered(*at), list(column.kind.limits.codelist.shown))
        for column, at in places(form)
        if column.kind.limits and column.kind.limits.codelist
    }
    assert offers
    assert [(at, *both) for at, both in offers.items() if both[0] != both[1]] == []


@every_form
def test_codes_and_telephones_keep_their_leading_noughts(live, form):
    live.open(blank(form))
    at = [at for column, at in places(form) if column.kind.number_format == "@"]
    enter(live, dict.fromkeys(at, "0203"))
    assert [(place, live.value(*place)) for place in at if live.value(*place) != "0203"] == []


@every_form
def test_a_day_is_shown_as_year_month_day_however_it_was_typed(live, form):
    live.open(blank(form))
    at = [
        at
        for column, at in places(form)
        if column.kind.limits and column.kind.limits.type == "date"
    ]
    for typed in ("2022-6-5", "2022/6/5", "2022年6月5日"):
        enter(live, dict.fromkeys(at, typed))
        assert {live.shown(*place) for place in at} <= {"2022-06-05"}
        assert live.invalid() & set(at) == set()


# ---- what can be typed into at all


@every_form
def test_headers_take_no_entry_and_input_cells_do_far_below_the_bordered_rows(live, form):
    live.open(blank(form))
    for row in tables(form):
        assert not live.takes(row.sheet, a1(HEADER_ROW, 1), "别的表头")
        for number, column in enumerate(row.columns, 1):
            assert live.takes(row.sheet, a1(1500, number), column.example), column
    for row in (row for row in form.rows if row.vertical):
        for column in row.columns:
            sheet, address = place(row, column)
            assert not live.takes(sheet, f"A{address[1:]}", "别的项目")
            assert live.takes(sheet, address, column.example)


# ---- fills


def fills(live: LiveOffice, colour: str) -> set[Place]:
    return {at for at, look in live.looks().items() if look.fill == colour.upper()}


@every_form
def test_an_untouched_table_shows_no_gap_and_a_vertical_sheet_all_that_it_needs(live, form):
    live.open(blank(form))
    sheets = set(form.sheets())
    needed = {
        place(row, column)
        for row in form.rows
        if row.vertical
        for column in row.columns
        if column.required
    }
    assert {at for at in fills(live, MISSING_FILL) if at[0] in sheets} == needed


@every_form
def test_a_required_cell_is_filled_in_yellow_until_something_stands_in_it(live, form):
    live.open(blank(form))
    # The second line of each table holds one entry, in its last column; the first is complete.
    only = {place(row, row.columns[-1], 1): row.columns[-1].example for row in tables(form)}
    enter(live, all_examples(form) | only)
    gaps = {
        place(row, column, 1)
        for row in tables(form)
        for column in row.columns[:-1]
        if column.required
    }
    inputs = {at for line in range(3) for _, at in places(form, line)}
    assert fills(live, MISSING_FILL) & inputs == gaps
    assert gaps
    enter(live, dict.fromkeys(gaps, "填了"))
    assert fills(live, MISSING_FILL) & inputs == set()


@every_form
def test_examples_alone_colour_no_cell(live, form):
    live.open(blank(form))
    enter(live, all_examples(form))
    looks = live.looks()
    coloured = {at: looks[at].fill for _, at in places(form) if looks[at].fill}
    assert coloured == {}


@every_form
def test_a_number_used_twice_is_coloured_both_times(live, form):
    live.open(blank(form))
    keyed = [row for row in tables(form) if row.key]
    assert keyed
    for row in keyed:
        numbers = ("0203", "203", "0203", "0204")
        enter(live, {place(row, row.key, line): text for line, text in enumerate(numbers)})
    twice = {place(row, row.key, line) for row in keyed for line in (0, 2)}
    keys = {place(row, row.key, line) for row in keyed for line in range(4)}
    assert fills(live, CLASH_FILL) & keys == twice


@every_form
def test_a_text_that_is_no_day_number_or_entry_is_coloured_in_every_such_column(live, form):
    live.open(blank(form))
    enter(live, all_examples(form))
    judged = {
        at: "没有这一项" if column.kind.limits.type == "list" else "不清楚"
        for column, at in places(form)
        if column.kind.limits and (column.kind.limits.type != "list" or column.kind.limits.strict)
    }
    enter(live, judged)
    inputs = {at for _, at in places(form)}
    assert fills(live, UNFIT_FILL) & inputs == judged.keys()


def references() -> Iterator[tuple[type[Row], Column, type[Row]]]:
    """Each column of the village's workbook whose dropdown another sheet fills, and that sheet."""
    for row in village.FORM.rows:
        for column in row.columns:
            offers = village.FORM.offers_of(column)
            if offers is not None:
                [target] = [each for each in village.FORM.rows if offers in each.columns]
                yield row, column, target


def test_a_dropdown_offers_what_another_sheet_holds_and_grows_with_it(live):
    live.open(blank(village.FORM))
    found = list(references())
    assert {column.header for _, column, _ in found} >= {"问题编号", "研究的问题", "责任人"}
    for row, column, target in found:
        offers = village.FORM.offers_of(column)
        assert offers is not None
        enter(live, {place(target, offers, line): "" for line in range(3)})
        before = live.offered(*place(row, column))
        assert before == [""]
        for line, entry in enumerate(("P01", "P02", "P03")):
            enter(live, {place(target, offers, line): entry})
        assert live.offered(*place(row, column)) == ["P01", "P02", "P03"]


def test_a_row_inserted_below_the_headers_is_offered_too(live):
    for row, column, target in references():
        live.open(blank(village.FORM))
        offers = village.FORM.offers_of(column)
        assert offers is not None
        enter(live, {place(target, offers): "P02"})
        live.insert(target.sheet, FIRST_ROW)
        enter(live, {place(target, offers): "P01"})
        line = int(target is row)
        assert live.offered(*place(row, column, line)) == ["P01", "P02"], (row.sheet, column)


def test_a_number_that_no_other_sheet_has_is_coloured_and_one_that_it_has_is_not(live):
    live.open(blank(village.FORM))
    judged = [
        (row, column) for row, column, _ in references() if isinstance(column.kind, Ref | Refs)
    ]
    enter(
        live,
        {
            place(village.Problem, village.Problem.number, line): f"P0{line + 1}"
            for line in range(2)
        },
    )
    texts = {
        "P01": False,
        "P02": False,
        "P03": True,
        "p02": False,
        "P01、P02": False,
        "P03 ": False,
    }
    for text, is_coloured in texts.items():
        several = "、" in text
        cells = {
            place(row, column): text
            for row, column in judged
            if isinstance(column.kind, Refs) or not several
        }
        enter(live, cells)
        assert bool(fills(live, CLASH_FILL) & cells.keys()) == is_coloured, text
        assert not is_coloured or fills(live, CLASH_FILL) >= cells.keys(), text


# ---- what the form itself declares


def signals(kind: type) -> list[tuple[type[Row], Sum | AtMost | Late]]:
    return [
        (row, signal)
        for form in FORMS
        for row, declared in form.signals.items()
        for signal in declared
        if isinstance(signal, kind)
    ]


def test_parts_that_do_not_add_up_are_coloured_with_their_whole(live):
    assert len(signals(Sum)) >= 2
    for row, signal in signals(Sum):
        live.open(blank(village.FORM))
        whole = place(row, signal.whole)
        parts = [place(row, part) for part in signal.parts]
        cells = {whole, *parts}

        def coloured(cells: set[Place] = cells) -> bool:
            found = fills(live, SUM_FILL) & cells
            assert found in (set(), cells)
            return bool(found)

        enter(live, {whole: str(len(parts))} | dict.fromkeys(parts, "1"))
        assert not coloured()
        enter(live, {parts[0]: "2"})  # one too many
        assert coloured()
        enter(live, {parts[0]: "0"})  # one too few, and nothing is left to fill in
        assert coloured()
        enter(live, {parts[0]: ""})  # too few as yet
        assert not coloured()
        enter(live, {parts[1]: str(len(parts) + 1)})  # too many already
        assert coloured()
        enter(live, {whole: ""})
        assert not coloured()


def test_a_part_greater_than_its_whole_is_coloured(live):
    assert len(signals(AtMost)) >= 10
    live.open(blank(village.FORM))
    for row, signal in signals(AtMost):
        part, whole = place(row, signal.part), place(row, signal.whole)
        for number, bound, is_coloured in (("3", "2", True), ("2", "2", False), ("3", "", False)):
            enter(live, {part: number, whole: bound})
            assert (part in fills(live, SUM_FILL)) == is_coloured, (signal, number, bound)
        enter(live, {part: "", whole: ""})


LATE_PHRASES = (
    "2022-09-30",
    "2022年9月底前",
    "2022年9月末",
    "2022年9月",
    "9月底前",
    "2022年9月中旬",
    "2022年9月上旬",
    "2022年9月15日前",
    "2022年10月前",  # as usual: before October
    "2022年9月底前，并长期坚持",
)
OTHER_PHRASES = (
    "2022-10-31",
    "2022年10月底前",
    "10月底前",
    "2022年11月15日前",
    "2022年12月前",
    "2022年10月底前，并长期坚持",
    "长期坚持",
    "立行立改",
    "尽快",
    "2023年1月底前",
)


def overdue(live: LiveOffice, phrases: tuple[str, ...], status: str) -> set[str]:
    """The phrases that are coloured as overdue, each in a row of its own."""
    measure = village.Measure
    typed: dict[Place, str] = {}
    for line, phrase in enumerate(phrases):
        typed[place(measure, measure.deadline, line)] = phrase
        typed[place(measure, measure.status, line)] = status
    enter(live, typed)
    late = fills(live, LATE_FILL)
    return {
        phrase
        for line, phrase in enumerate(phrases)
        if place(measure, measure.deadline, line) in late
    }


def as_of(live: LiveOffice, day: str) -> None:
    live.open(blank(village.FORM))
    enter(
        live,
        {
            place(village.Profile, village.Profile.year): "2022",
            place(village.Profile, village.Profile.cutoff): day,
        },
    )


def test_a_deadline_that_has_passed_is_coloured_until_the_measure_rests(live):
    as_of(live, "2022-10-31")
    phrases = LATE_PHRASES + OTHER_PHRASES
    assert overdue(live, phrases, "推进中") == set(LATE_PHRASES)
    assert overdue(live, phrases, "退回") == set(LATE_PHRASES)
    [(_, late)] = signals(Late)
    assert isinstance(late, Late)
    # At rest, by the list or in words that the check understands; or nobody knows.
    for status in (
        "已完成",
        "待验收",
        "已销号",
        "长期坚持",
        "办结",
        "整改到位",
        "持续整改",
        "已完成 ",
        "",
    ):
        assert status not in late.going
        assert overdue(live, phrases, status) == set(), status
    as_of(live, "2022-08-31")
    assert overdue(live, phrases, "推进中") == set()


def test_no_deadline_is_coloured_that_the_check_would_not_call_overdue(live):
    day = dt.date(2022, 8, 20)
    months = ("8月", "7月", "2022年8月", "2022年7月", "2021年12月", "2022年12月", "八月", "2022.8")
    ends = (
        " 底 底前 末 前 之前 以前 初 中旬 中旬前 上旬 下旬 15日 15日前 20日前 21日 5日至8月25日 "
        "到9月底前 至12月 份 以后 起 底前，并长期坚持 、9月 或9月底前 间 上半月"
    )
    phrases = tuple(month + end for month in months for end in ends.split(" "))
    others = (
        "2022年上半年 2022年第二季度 2022年底 年底前 2022年8月1日至9月1日 2022.8.1 2022/8/1 "
        "2022-8-25 20220801 8.15 2022.8.1-9.30 春节前 2022年国庆节前 每月15日前 每年8月底前 "
        "方案印发后1个月内 5月底至12月底 2022年5月底至2022年12月底 6月中旬至12月 7月下旬到9月 "
        "8月上旬至下旬 6月底-9月底 6月底前；2022年12月底前 7月及8月底前 "
        "3月底、6月底、9月底、12月底前 8月5日前、25日前 2022年6月底前，延长至2022年12月底 "
        "每年6月底前 每年6月30日前 6月底起 6月底启动 6月上旬开始 6月30日以后 "
        "2022年6月底起长期坚持 2022年6月31日 6月底以后 7月中下旬 2022年6月** "
        "2022.12 12.31 2022 0022年6月底前 22年6月底前 13月底前 0月底前"
    )
    phrases += tuple(others.split())
    as_of(live, day.isoformat())
    wrongly = set()
    for phrase in overdue(live, phrases, "推进中"):
        deadline = parse_deadline(phrase, 2022, MonthBefore.STRICT)
        if deadline is None or deadline.end is None or deadline.end >= day:
            wrongly.add((phrase, deadline and deadline.end))
    assert wrongly == set()


# ---- the first sheet reckons along


def progress(live: LiveOffice) -> dict[str, list[float | str]]:
    """The lines of the first sheet by what stands in column A; the table of progress first."""
    lines: dict[str, list[float | str]] = {}
    for label, *rest in live.values(INSTRUCTIONS_SHEET, "A1:E60"):
        lines.setdefault(str(label), rest)
    return lines


@every_form
def test_progress_follows_what_is_typed(live, form):
    live.open(blank(form))
    before = progress(live)
    needed = {row: sum(column.required for column in row.columns) for row in form.rows}
    for row in tables(form):  # one that must not be empty lacks a whole row
        lacking = needed[row] if row.if_empty is Level.ERROR else 0
        assert before[row.sheet][:2] == [0, lacking], row.sheet
    # First line complete, in the second the last column only, which of some tables is required.
    last = {row: row.columns[-1] for row in tables(form)}
    enter(
        live,
        all_examples(form) | {place(row, column, 1): "例" for row, column in last.items()},
    )
    after = progress(live)
    gaps = {row: needed[row] - column.required for row, column in last.items()}
    for row in tables(form):
        assert after[row.sheet][:2] == [2, gaps[row]], row.sheet
        assert after[row.sheet][3] == ("缺必填项" if gaps[row] else "已填写")
    for row in (row for row in form.rows if row.vertical):
        assert after[row.sheet][:2] == [len(row.columns), 0]
    due = sum(number * (1 if row.vertical else 2) for row, number in needed.items())
    share = 1 - sum(gaps.values()) / due
    assert after["必填项完成率"][0] == pytest.approx(share)
    assert before["必填项完成率"][0] == 0
    enter(
        live,
        {
            place(row, column, 1): "填了"
            for row in tables(form)
            for column in row.columns
            if column.required
        },
    )
    assert progress(live)["必填项完成率"][0] == 1


def told(live: LiveOffice, label: str, count: int = 1) -> list[str]:
    """What the first sheet tells beside a label, and below it."""
    lines = live.values(INSTRUCTIONS_SHEET, "A1:B60")
    [at] = [number for number, (first, _) in enumerate(lines) if first == label]
    return [str(line[1]) for line in lines[at : at + count]]


def test_the_next_three_things_to_fill_in_move_on_as_they_are_filled_in(live):
    live.open(blank(village.FORM))
    assert told(live, "接下来填", 3) == [
        "“基本情况”里的“年度”没有填",
        "“基本情况”里的“村代码”没有填",
        "“基本情况”里的“乡镇”没有填",
    ]
    enter(live, examples(village.Profile))
    assert told(live, "接下来填", 3) == [
        "“工作力量”还没有填",
        "“存在问题”还没有填",
        "“整改措施”还没有填",
    ]
    enter(live, {**examples(village.Person), **examples(village.Problem, 1)})
    enter(live, {place(village.Problem, village.Problem.headline, 1): ""})
    assert told(live, "接下来填", 3) == [
        "“存在问题”第 5 行的“问题简述”没有填",
        "“整改措施”还没有填",
        "",
    ]
    enter(live, {place(village.Problem, village.Problem.headline, 1): "经济薄弱"})
    enter(live, examples(village.Measure))
    done = told(live, "接下来填", 3)
    assert done[1:] == ["", ""]
    enter(live, {place(village.Meeting, village.Meeting.topics): "研究"})
    assert told(live, "接下来填", 3) == ["“专题研究会议”第 4 行的“会议日期”没有填", "", ""]
    enter(live, examples(village.Meeting))
    assert told(live, "接下来填", 3) == done


@every_form
def test_each_required_column_has_its_turn_as_the_next_thing_to_fill_in(live, form):
    live.open(blank(form))
    enter(live, all_examples(form))
    done = told(live, "接下来填")
    for row in form.rows:
        for column in row.columns:
            if not column.required:
                continue
            at = place(row, column)
            enter(live, {at: ""})
            [said] = told(live, "接下来填")
            where = f"“{row.sheet}”里" if row.vertical else f"“{row.sheet}”第 {FIRST_ROW} 行"
            # A sheet with a single column filled of a table would be blank without it.
            assert said == f"{where}的“{column.header}”没有填"
            enter(live, {at: column.example})
            assert told(live, "接下来填") == done


MONTHS_LABEL = "逐月检查"


@pytest.mark.parametrize(
    ("as_of", "plan", "held", "said"),
    [
        ("2022-09-20", "2022-06-08", ("2022-06-30", "2022-08-01"), "缺 7月的“专题研究会议”。"),
        ("2022-09-25", "2022-06-08", ("2022-06-30", "2022-08-01"), "缺 7月、9月的“专题研究会议”。"),
        ("2022-07-24", "2022-04-20", ("2022-05-01", "2022-06-01"), "到期的月份都有记录。"),
        ("2022-07-24", "2022-04-20", ("2021-05-01", "2022-07-01"), "缺 5月、6月的“专题研究会议”。"),
        ("2022-05-24", "2022-04-20", (), "还没有到期的月份。"),
        ("2021-12-31", "2022-04-20", (), "还没有到期的月份。"),
        ("2023-01-10", "2022-11-20", ("2022-12-31",), "缺 11月的“专题研究会议”。"),
        ("2022-07-24", "", (), "缺 5月、6月的“专题研究会议”。"),
        ("2022-07-24", "2021-06-08", ("2022-06-15",), "缺 5月的“专题研究会议”。"),
    ],
)
def test_months_without_a_meeting_are_told_as_they_fall_due(live, as_of, plan, held, said):
    live.open(blank(village.FORM))
    profile, meeting = village.Profile, village.Meeting
    enter(
        live,
        {
            place(profile, profile.year): "2022",
            place(profile, profile.plan_day): plan,
            place(profile, profile.cutoff): as_of,
        }
        | {place(meeting, meeting.day, line): day for line, day in enumerate(held)},
    )
    assert told(live, MONTHS_LABEL) == [said]


def test_without_a_day_of_its_own_a_workbook_looks_at_itself_as_of_today(live):
    live.open(blank(village.FORM))
    year = dt.datetime.now().astimezone().year
    measure = village.Measure
    enter(
        live,
        {
            place(village.Profile, village.Profile.year): str(year - 1),
            place(measure, measure.deadline): f"{year - 1}年6月底前",
            place(measure, measure.deadline, 1): f"{year + 1}年6月底前",
            place(measure, measure.status): "推进中",
            place(measure, measure.status, 1): "推进中",
        },
    )
    live.recalculate()
    assert told(live, MONTHS_LABEL)[0].startswith("缺 5月、6月、")
    assert told(live, MONTHS_LABEL)[0].endswith("、12月的“专题研究会议”。")
    deadlines = {place(measure, measure.deadline, line) for line in (0, 1)}
    assert fills(live, LATE_FILL) & deadlines == {place(measure, measure.deadline)}


def reckoned(data: bytes) -> dict[Place, Raw]:
    """The results that a file keeps of its formulas."""
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in formulas
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    }


def books() -> dict[str, bytes]:
    """Workbooks of both forms: blank, as issued, as filled in."""
    example = example_township()
    issued = {
        village.Profile: [{"year": 2022, "code": "0203", "village": "上河村", "town": "青石镇"}],
        village.Person: [{"role": "村文书", "name": "李明"}],
    }
    filled = {book.file_name: book for book in (example.township, *example.villages)}
    examples_only = {
        form.id: {row: [{c.name: typed(c) for c in row.columns}] for row in form.rows}
        for form in FORMS
    }
    return {
        **{f"blank {form.id}": blank(form) for form in FORMS},
        **{
            f"examples {form.id}": build_workbook(form, identity(form), examples_only[form.id])
            for form in FORMS
        },
        "issued": build_workbook(village.FORM, identity(village.FORM), issued),
        **{
            name: build_workbook(book.form, book.identity, book.filling)
            for name, book in filled.items()
        },
    }


def typed(column: Column) -> Raw:
    """The column's own example as a cell holds it."""
    kind = column.kind.limits.type if column.kind.limits else ""
    if kind in {"whole", "decimal"}:
        return float(column.example)
    return dt.date.fromisoformat(column.example) if kind == "date" else column.example


def without_clock(data: bytes) -> bytes:
    """The same workbook as if it were opened on day 0, which its own results are reckoned for."""
    return rewrite(data, lambda _, content: content.replace(b"TODAY()", b"0"))


def test_the_results_in_a_file_are_those_that_libreoffice_reckons(live):
    for name, data in books().items():
        live.open(without_clock(data))
        live.recalculate()
        ours = reckoned(data)
        theirs = {at: value for at, (_, value) in live.formulas().items()}
        assert ours.keys() == theirs.keys(), name
        other = {
            at: (ours[at], theirs[at])
            for at in ours
            if (ours[at] or "") != pytest.approx(theirs[at] or "")
        }
        assert other == {}, name


# ---- what the suite makes of it


@every_form
def test_checks_and_fills_are_still_there_after_libreoffice_has_saved_the_file(live, form):
    live.open(blank(form))
    checks = {at: live.check(*at) for _, at in places(form)}
    again = live.saved()
    live.open(again)
    assert {at: live.check(*at) for _, at in places(form)} == checks
    only = {place(row, row.columns[-1], 1): row.columns[-1].example for row in tables(form)}
    enter(live, all_examples(form) | only)
    gaps = {
        place(row, column, 1)
        for row in tables(form)
        for column in row.columns[:-1]
        if column.required
    }
    inputs = {at for line in range(3) for _, at in places(form, line)}
    assert fills(live, MISSING_FILL) & inputs == gaps
