"""Month after month: figures carried forward, and what has changed, against counts by hand."""

import datetime as dt
import hashlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rollup.township_drawn import EMPTY, LOWER, UPPER, book, made, rolled, sources

from toolkit.excel.opened import read_workbook
from toolkit.excel.rollup.book import build_rollup
from toolkit.forms import ledgers, rollup
from toolkit.rollup.past import Past, past_in
from toolkit.rules.cases import case_of
from toolkit.rules.catalogue import RULES
from toolkit.rules.rule import apply_rules
from toolkit.schema.totals import Live, value_of

LAST = {"2022-07": 31, "2022-08": 31, "2022-09": 30, "2022-10": 31, "2022-11": 30}


def of_month(month: str, past: Past | None = None, texts=(UPPER, LOWER, EMPTY), **more):
    """Return the drawn township's rollup of a month, as of the month's last day."""
    year, _, number = month.partition("-")
    day = dt.date(int(year), int(number), LAST[month])
    books = [book(text, code) for text, code in zip(texts, ("0203", "0201", "0205"), strict=True)]
    return made(books, as_of=day, month=month, past=past, **more)


def written(given, path: Path) -> Past:
    """Return what the next month is told of a rollup that was written and read back."""
    path.write_bytes(build_rollup(given))
    return past_in(read_workbook(path, (rollup.FORM,)))


def told(path: Path) -> str:
    return f"{path.parent.name}/{path.name}（{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}）"


def history(given):
    return [tuple(map(value_of, line)) for line in given.tables[rollup.HistoryLine].rows]


# Village workbooks are the same each month; only the day changes. Late: P02-M01 of the lower
# village from 1 June, P04-M01 of the upper from 1 August, its P01-M01 from 1 October. P03 was
# struck off on 20 September. Meetings: none in August and September, one in October.
COUNTS = {
    "2022-07": (3, 1, 7, 0, 9, 4, 1, 0.5, 1, 1, 1),
    "2022-08": (3, 1, 7, 0, 9, 4, 1, 0.5, 2, 0, 1),
    "2022-09": (3, 1, 7, 1, 9, 4, 1, 0.5, 2, 0, 1),
    "2022-10": (3, 1, 7, 1, 9, 4, 1, 0.5, 3, 1, 1),
}
"""已汇总村、未汇总村、问题、已销号、措施、已完成、长期坚持、完成率、逾期、当月专题研究、核对必改"""


def line_of(month: str, source: str):
    return (month, dt.date.fromisoformat(f"{month}-{LAST[month]}"), *COUNTS[month], source)


def test_the_first_month_has_one_line():
    assert history(of_month("2022-10")) == [line_of("2022-10", "本次汇总")]


def test_three_months_in_a_row_are_carried_forward_unchanged(tmp_path):
    august, september = tmp_path / "八月.xlsx", tmp_path / "九月.xlsx"
    first = written(of_month("2022-08"), august)
    second = of_month("2022-09", first)
    assert history(second) == [
        line_of("2022-08", told(august)),
        line_of("2022-09", "本次汇总"),
    ]
    third = of_month("2022-10", written(second, september))
    assert history(third) == [
        line_of("2022-08", told(august)),  # as September's rollup had it
        line_of("2022-09", told(september)),
        line_of("2022-10", "本次汇总"),
    ]
    *earlier, own = third.tables[rollup.HistoryLine].rows
    assert not any(isinstance(cell, Live) for line in earlier for cell in line)
    assert sum(isinstance(cell, Live) for cell in own) == len(COUNTS["2022-10"])


def test_what_is_carried_forward_is_what_stood_there_not_what_would_be_counted_now(tmp_path):
    past = written(of_month("2022-09"), tmp_path / "九月.xlsx")
    now = of_month("2022-10", past, (EMPTY, LOWER, EMPTY))
    assert history(now)[0][:-1] == line_of("2022-09", "")[:-1]


@pytest.mark.parametrize("with_past", [False, True])
def test_this_months_line_says_what_the_cards_say(tmp_path, with_past):
    past = written(of_month("2022-09"), tmp_path / "九月.xlsx") if with_past else None
    given = of_month("2022-10", past)
    cards = {
        label: value_of(card) for (label, _), card in zip(rollup.CARDS, given.cards, strict=True)
    }
    headers = [column.header for column in rollup.HistoryLine.columns]
    own = dict(zip(headers, history(given)[-1], strict=True))
    alike = {
        "已汇总村": "已汇总",
        "未汇总村": "未汇总",
        "问题": "问题",
        "问题已销号": "问题已销号",
        "措施": "措施",
        "已完成": "已完成",
        "长期坚持": "长期坚持",
        "完成率": "完成率",
        "逾期": "逾期",
        "当月专题研究": "本月专题研究",
        "核对必改": "核对必改",
    }
    assert {header: own[header] for header in alike} == {
        header: cards[label] for header, label in alike.items()
    }


def test_a_rate_that_had_no_base_is_carried_forward_as_its_dash(tmp_path):
    texts = [EMPTY.replace("'0205", f"'{code}") for code in ("0203", "0201", "0205")]
    past = written(of_month("2022-09", texts=texts), tmp_path / "九月.xlsx")
    before, _ = history(of_month("2022-10", past))
    assert before[2:13] == (3, 1, 0, 0, 0, 0, 0, "—", 0, 0, 1)


def test_over_a_gap_the_months_that_there_are_are_listed_and_compared(tmp_path):
    path = tmp_path / "七月.xlsx"
    given = of_month("2022-10", written(of_month("2022-07"), path))
    assert history(given) == [line_of("2022-07", told(path)), line_of("2022-10", "本次汇总")]
    assert given.changed == "与2022年7月相比，销号问题1个（上河村）；新逾期措施2条（上河村）。"


@pytest.mark.parametrize("month", ["2022-10", "2022-11"])
def test_a_rollup_of_the_same_or_a_later_month_is_refused_in_words(tmp_path, month):
    past = written(of_month(month), tmp_path / "后.xlsx")
    given = of_month("2022-10", past)
    assert given.changed == f"给出的上月汇总是 {month} 的，不早于本月，不作对比。"
    assert given.tables[ledgers.ChangeLine].rows == ()
    assert history(given) == [line_of("2022-10", "本次汇总")]


def test_of_a_later_rollup_the_months_before_this_one_are_kept(tmp_path):
    august = written(of_month("2022-08"), tmp_path / "八月.xlsx")
    october = written(of_month("2022-10", august), tmp_path / "十月.xlsx")
    months = [line[0] for line in history(of_month("2022-09", october))]
    assert months == sorted(set(months))
    assert months[-1] == "2022-09"


def test_without_a_month_before_it_is_said_that_nothing_is_compared():
    given = of_month("2022-10")
    assert given.changed == "没有上月的汇总，不作对比。"
    assert given.tables[ledgers.ChangeLine].rows == ()


# -- whose it is, and as of when ------------------------------------------------------------------


def september(tmp_path, **whose):
    return written(of_month("2022-09", **whose), tmp_path / "九月.xlsx")


OCTOBER = dt.date(2022, 10, 31)


@pytest.mark.parametrize(
    ("whose", "said"),
    [
        ({"town": "白水镇"}, "上月汇总是白水镇的，不是本镇的，没有对比。"),
        (
            {"county": "白河县", "town": "青石镇"},
            "上月汇总是白河县青石镇的，不是本镇的，没有对比。",
        ),
    ],
)
def test_the_rollup_of_somebody_else_is_neither_compared_nor_carried_on(tmp_path, whose, said):
    past = september(tmp_path, **whose).fitting("清河县", "青石镇", OCTOBER)
    given = of_month("2022-10", past)
    assert given.changed == said
    assert given.tables[ledgers.ChangeLine].rows == ()
    assert history(given) == [line_of("2022-10", "本次汇总")]


@pytest.mark.parametrize(
    ("whose", "county", "town"),
    [
        ({"county": "清河县", "town": "青石镇"}, "清河县", "青石镇"),
        ({"county": "清河县", "town": "青石镇"}, "", ""),
        ({"county": "", "town": ""}, "清河县", "青石镇"),
    ],
)
def test_ones_own_rollup_and_one_that_nobody_has_named_are_compared(tmp_path, whose, county, town):
    past = september(tmp_path, **whose)
    assert past.fitting(county, town, OCTOBER) is past
    assert past.unfit == ""


def test_a_rollup_as_of_a_later_day_is_no_month_before(tmp_path):
    past = september(tmp_path)
    assert past.fitting("", "", dt.date(2022, 9, 30)) is past
    fitted = past.fitting("", "", dt.date(2022, 9, 29))
    assert fitted.unfit == (
        "上月汇总的数据截止日是2022年9月30日，晚于本次的2022年9月29日，没有对比。"
    )
    assert fitted.history == ()


def test_only_a_county_knows_which_townships_are_gone(tmp_path):
    past = september(tmp_path, town="白水镇")
    assert past.gone("2022-10", ()) == {}
    towns = {"甲镇/01": "甲镇", "甲镇/02": "甲镇", "乙镇/01": "乙镇", "03": ""}
    of_county = replace(past, towns=towns)
    assert of_county.gone("2022-10", ["乙镇"]) == {"甲镇": 2}
    assert of_county.gone("2022-09", ["乙镇"]) == {}  # it is not the month before


# -- what has changed ---------------------------------------------------------------------------

EDITS = (
    ("| 2022年9月底前 | 推进中 | 50 |", "| 2022年11月底前 | 推进中 | 50 |"),  # put off, in time
    ("| 流转闲置土地 | 李明 |", "| 流转闲置土地 | 王志远 |"),  # edited
    ("| 2022年12月底前 | 未启动 |", "| 2022年12月底前 | 推进中 |"),  # begun
    ("| 已完成 | | 2022-08-20 |", "| 推进中 | | |"),  # not done after all, and late again
    ("| P04-M01 | P04 | 党员积分管理 |", "| P03-M02 | P03 | 补发公开栏 |"),  # another one
)
GONE = "| P04   "


def changed(text: str) -> str:
    for old, new in EDITS:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    kept = [line for line in text.split("\n") if not line.startswith(GONE)]
    assert len(kept) == text.count("\n")
    return "\n".join(kept)


def compared(tmp_path):
    past = written(of_month("2022-09"), tmp_path / "九月.xlsx")
    return of_month("2022-10", past, (changed(UPPER), LOWER, EMPTY))


def test_each_change_stands_in_its_line(tmp_path):
    table = compared(tmp_path).tables[ledgers.ChangeLine]
    names = ("village", "sort", "number", "kind", "header", "before", "after")
    at = [[column.name for column in table.columns].index(name) for name in names]
    lines = [tuple(value_of(line[each]) for each in at) for line in table.rows]
    assert {line[0] for line in lines} == {"上河村"}
    assert sorted(line[1:4] for line in lines) == sorted(
        [
            ("问题", "P02", "状态变化"),  # a measure of it is open again
            ("问题", "P04", "删除"),
            ("措施", "P04-M01", "删除"),
            ("措施", "P01-M01", "延期"),
            ("措施", "P01-M02", "状态变化"),
            ("措施", "P01-M02", "内容修改"),
            ("措施", "P02-M02", "退回整改"),
            ("措施", "P02-M02", "新逾期"),
            ("措施", "P03-M02", "新增"),
        ]
    )
    put_off = next(line for line in lines if line[3] == "延期")
    assert put_off[4:] == ("完成时限", "2022年9月底前", "2022年11月底前")


def test_the_changes_of_a_village_are_counted_by_kind(tmp_path):
    table = compared(tmp_path).tables[rollup.ChangeCount]
    headers = [column.header for column in table.columns]
    lines = {
        value_of(line[1]): dict(zip(headers, map(value_of, line), strict=True))
        for line in table.rows
    }
    told = {kind: lines["上河村"][kind] for kind in rollup.KINDS_OF_CHANGE}
    assert {kind: count for kind, count in told.items() if kind != "内容修改" and count} == {
        "新增": 1,
        "删除": 2,
        "退回整改": 1,
        "新逾期": 1,
        "延期": 1,
        "状态变化": 2,
    }
    assert not any(lines["下河村"][kind] for kind in rollup.KINDS_OF_CHANGE)
    assert "柳树村" not in lines  # it has sent nothing to compare


def test_a_village_that_came_in_or_fell_out_is_named_and_its_rows_are_no_changes(tmp_path):
    past = written(of_month("2022-09", seen=sources()), tmp_path / "九月.xlsx")
    willow = LOWER.replace("'0201", "'0204").replace("下河村", "柳树村")
    books = [book(UPPER, "0203"), book(willow, "0201")]
    given = made(books, as_of=dt.date(2022, 10, 31), seen=[], past=past)
    assert "没有比较：" in given.changed
    for name in ("柳树村", "下河村", "石门村"):
        assert name in given.changed.partition("没有比较：")[2]
    table = given.tables[ledgers.ChangeLine]
    names = [column.name for column in table.columns]
    told = [dict(zip(names, map(value_of, line), strict=True)) for line in table.rows]
    lacking = {(line["village"], line["kind"]) for line in told if not line["sort"]}
    assert lacking == {
        ("柳树村", "上次未汇总"),
        ("下河村", "本月未汇总"),
        ("石门村", "本月未汇总"),
    }
    assert {line["village"] for line in told if line["sort"]} == {"上河村"}


def of_the_upper_village(month: str, text: str = UPPER, past: Past | None = None):
    """Return a rollup of the upper village alone, with what the rules find in its workbook."""
    day = dt.date(2022, int(month[-2:]), LAST[month])
    workbook = book(text, "0203")
    found = apply_rules(RULES, case_of([workbook], day))
    return rolled([workbook], found, as_of=day, month=month, past=past)


@pytest.mark.parametrize(
    "lost",
    [
        re.sub(r"# 整改措施\n(\|.*\n)+", "", UPPER),
        re.sub(r"\| 措施编号 .*\n", "| 甲 | 乙 | 丙 | 丁 | 戊 |\n", UPPER),
    ],
)
def test_measures_that_could_not_be_read_are_told_in_one_line_in_either_month(tmp_path, lost):
    for texts, when, kind in (
        ((UPPER, lost), "本月", "本月未汇总"),
        ((lost, UPPER), "上次", "上次未汇总"),
    ):
        past = written(of_the_upper_village("2022-09", texts[0]), tmp_path / f"{when}.xlsx")
        given = of_the_upper_village("2022-10", texts[1], past)
        assert given.changed == (
            "与2022年9月相比，其余问题和措施没有变化。"
            f"没有比较：{when}没有读到措施的村1个（上河村）。"
        )
        told_of = [
            [value_of(cell) for cell in line] for line in given.tables[ledgers.ChangeLine].rows
        ]
        said = "没有读到“整改措施”表，不作对比"
        assert told_of == [[1, "上河村", "措施", "", said, kind, "", "", ""]]


def test_a_village_that_got_another_code_is_compared_with_what_it_was(tmp_path):
    past = written(of_the_upper_village("2022-09"), tmp_path / "九月.xlsx")
    recoded = changed(UPPER).replace("'0203", "'0213")
    given = of_the_upper_village("2022-10", recoded, past)
    assert "没有比较" not in given.changed
    assert "新增措施1条（上河村）" in given.changed
    assert {value_of(line[0]) for line in given.tables[ledgers.ChangeLine].rows} == {1}
