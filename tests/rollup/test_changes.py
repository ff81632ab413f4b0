"""What became of problems and measures between two months, against changes thought out by hand."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.forms.ledgers import ChangeKind
from toolkit.rollup.changes import (
    Change,
    Held,
    Side,
    comparable,
    compare,
    in_words,
    joined,
    side,
    spelled,
)
from toolkit.rollup.matching import Marks, match
from toolkit.schema.deadlines import MonthBefore

END_OCT, END_DEC = dt.date(2022, 10, 31), dt.date(2022, 12, 31)


def problem(number="P01", headline="村级集体经济薄弱", status="推进中", line=4, **more):
    usual = {"types": "L01", "deadline": "2022年10月底前"}
    told = {"number": number, "headline": headline, "problem_status": status}
    return {**usual, **told, "source_line": line, **more}


def measure(number="P01-M01", text="入股合作社，按年分红", status="推进中", line=4, **more):
    usual = {"owner": "王志远", "deadline": "2022年10月底前", "due": END_OCT, "late": "否"}
    lot = {"待验收": "已完成", "已销号": "已完成", "基本完成": "推进中", "": "状态未填"}
    lot |= {"退回": "推进中", "办了": "状态未填"}  # the last cannot be read
    told = {"number": number, "problem": number.split("-")[0], "text": text, "status": status}
    return {**usual, **told, "lot": lot.get(status, status), "source_line": line, **more}


def one(problems=(), measures=(), **more):
    """Return a side of one village."""
    return Side({"0203": Held("上河村", True, tuple(problems), tuple(measures))}, 2022, **more)


def told(before, now):
    """Return kind, number, header, before and after of each change."""
    return [(c.kind, c.number, c.header, c.before, c.after) for c in compare(before, now)]


def of_measure(before, now):
    return told(one(measures=[before]), one(measures=[now]))


# -- each kind of change ------------------------------------------------------------------------


def test_equal_ledgers_have_no_changes():
    state = one([problem()], [measure()])
    assert compare(state, state) == ()


def test_a_new_problem_is_told_with_its_headline_and_line():
    (change,) = compare(one([problem()]), one([problem(), problem("P02", "组织动员力弱", line=5)]))
    assert (change.kind, change.sheet, change.number) == (ChangeKind.ADDED, "问题", "P02")
    assert (change.headline, change.line, change.line_before) == ("组织动员力弱", 5, None)
    assert (change.village_key, change.village) == ("0203", "上河村")


def test_a_measure_that_is_gone_is_told_with_the_line_it_had():
    (change,) = compare(one(measures=[measure(line=7)]), one())
    assert (change.kind, change.sheet, change.number) == (ChangeKind.REMOVED, "措施", "P01-M01")
    assert (change.line, change.line_before) == (None, 7)


def test_a_problem_struck_off_is_done_and_its_day_is_no_edit_besides():
    before, now = problem(), problem(status="已销号", closed=dt.date(2022, 9, 20))
    done = [("办结", "P01", "问题状态", "推进中", "已销号")]
    assert told(one([before]), one([now])) == done
    reopened = [("退回整改", "P01", "问题状态", "已销号", "推进中")]
    assert told(one([now]), one([before])) == reopened


def test_a_problem_whose_measures_are_all_done_has_changed_its_status_only():
    changed = told(one([problem()]), one([problem(status="已完成")]))
    assert changed == [("状态变化", "P01", "问题状态", "推进中", "已完成")]


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("推进中", "已完成", "办结"),
        ("基本完成", "待验收", "办结"),
        ("已销号", "退回", "退回整改"),
        ("未启动", "推进中", "状态变化"),
        ("推进中", "基本完成", "状态变化"),
        ("已完成", "已销号", "状态变化"),
        ("推进中", "长期坚持", "状态变化"),
        ("已完成", "长期坚持", "状态变化"),  # kept up from now on, sent back by nobody
        ("长期坚持", "已完成", "办结"),
        ("已完成", "办了", "状态变化"),
        ("办了", "已完成", "办结"),
        ("办了", "推进中", "状态变化"),
    ],
)
def test_a_measure_is_done_when_nothing_remains_to_be_done(before, now, kind):
    changed = of_measure(measure(status=before), measure(status=now))
    assert changed == [(kind, "P01-M01", "办理状态", before, now)]


def test_a_status_that_was_not_filled_in_is_told_by_its_lot():
    changed = of_measure(measure(status=""), measure(status="已完成", completed=END_OCT))
    assert changed == [("办结", "P01-M01", "办理状态", "状态未填", "已完成")]


def test_a_status_that_was_emptied_or_cannot_be_read_sends_nothing_back():
    done = measure(status="已完成", completed=END_OCT)
    emptied = [("状态变化", "P01-M01", "办理状态", "已完成", "状态未填")]
    assert of_measure(done, measure(status="")) == emptied
    assert of_measure(done, measure(status="", lot="")) == [(*emptied[0][:4], "")]


def test_a_problem_is_sent_back_when_its_day_is_taken_out_not_when_the_day_cannot_be_read():
    closed = problem(status="已销号", closed=dt.date(2022, 9, 20))
    status = ("P01", "问题状态", "已销号", "推进中")
    assert told(one([closed]), one([problem()])) == [("退回整改", *status)]
    assert told(one([closed]), one([problem(closed="9月31日")])) == [
        ("状态变化", *status),
        ("进展更新", "P01", "销号日期", "2022年9月20日", "9月31日"),
    ]
    unknown = problem(status="")  # the column of the rollup itself is damaged
    assert [change[0] for change in told(one([closed]), one([unknown]))] == ["状态变化"]


def test_a_day_of_completion_without_a_change_of_status_tells_of_progress():
    changed = of_measure(measure(), measure(completed=END_OCT))
    assert changed == [("进展更新", "P01-M01", "实际完成日期", "", "2022年10月31日")]


def test_a_deadline_moves_later_or_earlier():
    later = measure(deadline="2022年12月底前", due=END_DEC)
    words = ("2022年10月底前", "2022年12月底前")
    assert of_measure(measure(), later) == [("延期", "P01-M01", "完成时限", *words)]
    assert of_measure(later, measure()) == [("提前", "P01-M01", "完成时限", *words[::-1])]


@pytest.mark.parametrize("written", ["2022.10底前", "２０２２年10月底前", "十月底前", "10月底前"])
def test_a_deadline_written_in_another_way_is_no_change(written):
    assert of_measure(measure(), measure(deadline=written)) == []
    assert told(one([problem()]), one([problem(deadline=written)])) == []


def test_a_day_with_a_time_of_day_is_that_day():
    midnight = dt.datetime(2022, 10, 31, tzinfo=dt.UTC)
    assert of_measure(measure(), measure(due=midnight)) == []


def test_a_deadline_that_is_to_be_kept_up_besides_is_an_edit():
    standing = "2022年10月底前，并长期坚持"
    edit = ("内容修改", "P01-M01", "完成时限", "2022年10月底前", standing)
    assert of_measure(measure(), measure(deadline=standing)) == [edit]


def test_a_deadline_that_moves_and_is_to_be_kept_up_besides_is_told_once():
    now = measure(deadline="2022年12月底前，并长期坚持", due=END_DEC)
    assert [change[0] for change in of_measure(measure(), now)] == ["延期"]


def test_a_deadline_that_has_lost_its_day_is_an_edit():
    changed = of_measure(measure(), measure(deadline="尽快", due=None))
    assert changed == [("内容修改", "P01-M01", "完成时限", "2022年10月底前", "尽快")]


def test_every_month_and_every_quarter_are_two_deadlines():
    monthly, quarterly = (measure(deadline=each, due=None) for each in ("每月底", "每季度末"))
    assert [change[0] for change in of_measure(monthly, quarterly)] == ["内容修改"]


def test_a_deadline_that_nobody_touched_and_that_reads_otherwise_now_is_told_by_its_days():
    before = measure(deadline="2022年10月前", due=dt.date(2022, 9, 30))
    now = measure(deadline="2022年10月前", due=END_OCT)
    days = ("2022年9月30日", "2022年10月31日")
    assert of_measure(before, now) == [("延期", "P01-M01", "完成时限", *days)]
    unread = replace(one(measures=[now | {"due": None}]), year=None)
    assert told(one(measures=[now]), unread) == [
        ("内容修改", "P01-M01", "完成时限", "2022年10月31日", "")
    ]


def test_the_deadline_of_a_problem_is_read_as_the_side_reads_it():
    words = ("10月底前", "11月底前")
    before, now = (one([problem(deadline=each)]) for each in words)
    assert told(before, now) == [("延期", "P01", "整改时限", *words)]
    assert told(replace(before, year=None), now) == told(before, now)
    unknown = replace(before, year=None), replace(now, year=None)
    assert told(*unknown) == [("内容修改", "P01", "整改时限", *words)]


def test_a_township_that_changes_its_mind_moves_the_deadlines_of_problems():
    row = problem(deadline="10月前")
    strict, inclusive = one([row]), one([row], month_before=MonthBefore.INCLUSIVE)
    days = ("2022年9月30日", "2022年10月31日")
    assert told(strict, inclusive) == [("延期", "P01", "整改时限", *days)]
    assert told(inclusive, inclusive) == []


def test_a_measure_gets_late_and_is_so_no_more():
    late = measure(late="是")
    told = of_measure(measure(), {**late, "days_late": 31})
    assert told == [("新逾期", "P01-M01", "是否逾期", "未逾期", "逾期 31 天")]
    assert of_measure(measure(), late) == [("新逾期", "P01-M01", "是否逾期", "未逾期", "逾期")]
    assert of_measure(late, measure()) == [("解除逾期", "P01-M01", "是否逾期", "逾期", "未逾期")]


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (measure(status="待验收"), "（已办结）"),
        (measure(status="长期坚持"), "（转为长期坚持）"),
        (measure(deadline="2022年12月底前", due=END_DEC), "（时限推后）"),
        (measure(status="已完成", deadline="2022年12月底前", due=END_DEC), "（已办结）"),
        (measure(deadline="尽快", due=None), ""),
    ],
)
def test_a_measure_that_is_late_no_more_says_why(now, reason):
    late = measure(late="是", deadline="2022年9月底前", due=dt.date(2022, 9, 30))
    ended = [change for change in of_measure(late, now) if change[0] == "解除逾期"]
    assert ended == [("解除逾期", "P01-M01", "是否逾期", "逾期", f"未逾期{reason}")]


def test_how_far_a_measure_has_come_is_told_apart_from_what_is_planned():
    changed = of_measure(measure(), measure(progress="60%", evidence="协议", owner="李明"))
    assert changed == [
        (
            "进展更新",
            "P01-M01",
            "进度、佐证材料",
            "进度：空；佐证材料：空",
            "进度：60%；佐证材料：协议",
        ),
        ("内容修改", "P01-M01", "责任人", "王志远", "李明"),
    ]


def test_a_percentage_is_not_told_again_beside_the_status():
    changed = of_measure(measure(status="未启动"), measure(progress="60%", progress_note="已开工"))
    assert changed == [
        ("状态变化", "P01-M01", "办理状态", "未启动", "推进中"),
        ("进展更新", "P01-M01", "进展说明", "", "已开工"),
    ]


def test_the_close_out_of_a_problem_is_progress():
    day = dt.date(2022, 10, 11)
    assert told(one([problem()]), one([problem(applied=day)])) == [
        ("进展更新", "P01", "申请销号日期", "", "2022年10月11日")
    ]
    before, now = problem(closed=day, problem_status="已销号"), problem(closed=day)
    now = {**now, "problem_status": "推进中", "lookback": END_OCT, "lookback_result": "反弹"}
    assert [change[:3] for change in told(one([before]), one([now]))] == [
        ("退回整改", "P01", "问题状态"),
        ("进展更新", "P01", "回头看日期、回头看结果"),
    ]


def test_one_measure_can_be_several_things_at_once_each_told_once():
    before = measure(late="是")
    now = measure(
        status="已完成", completed=END_OCT, owner="李明", evidence="入股协议", unit="村委会"
    )
    assert of_measure(before, now) == [
        ("办结", "P01-M01", "办理状态", "推进中", "已完成"),
        ("解除逾期", "P01-M01", "是否逾期", "逾期", "未逾期（已办结）"),
        ("进展更新", "P01-M01", "佐证材料", "", "入股协议"),
        (
            "内容修改",
            "P01-M01",
            "责任人、责任单位",
            "责任人：王志远；责任单位：空",
            "责任人：李明；责任单位：村委会",
        ),
    ]


def test_of_a_long_text_the_part_is_quoted_that_differs():
    text = "村集体主要靠土地流转收入，没有稳定的增收项目，党员群众意见较大，今年新增收入{}万元"
    before, now = (problem(description=text.format(n)) for n in (3, 5))
    ((*_, was, is_now),) = told(one([before]), one([now]))
    assert (was, is_now) == ("…大，今年新增收入3万元", "…大，今年新增收入5万元")


def test_contents_written_in_another_way_are_no_edits():
    before = measure(funds=50, progress=8.0, unit="上河村党支部 ", evidence=None)
    now = measure(funds=50.0, progress=8, unit="上河村党支部", evidence="")
    assert of_measure(before, now) == []
    assert of_measure(measure(unit="第３小组"), measure(unit="第3小组")) == []


# -- which row is which -------------------------------------------------------------------------


def test_a_problem_put_in_before_others_renumbers_them_and_edits_none():
    before = one([problem("P01", "经济薄弱"), problem("P02", "动员力弱")])
    now = one([problem("P01", "班子缺配"), problem("P02", "经济薄弱"), problem("P03", "动员力弱")])
    assert told(before, now) == [
        ("新增", "P01", "", "", ""),
        ("编号变更", "P02", "问题编号", "P01", "P02"),
        ("编号变更", "P03", "问题编号", "P02", "P03"),
    ]


ROAD = "硬化村组道路三公里并安装路灯"
LEASE = "流转闲置土地发展中药材种植"
SCHOOL = "每月举办一次农民夜校"
VISIT = "党员干部每季度入户走访困难群众"


def four(*texts, **last):
    """Return measures numbered in their order, the first done; `last` is told of the last one."""
    rows = [measure(f"P01-M{at:02}", text) for at, text in enumerate(texts, 1)]
    return one(measures=[replace_status(rows[0], "已完成"), *rows[1:-1], {**rows[-1], **last}])


def test_a_measure_put_in_before_others_sends_none_back_though_one_was_edited_besides():
    before = four(LEASE, ROAD, SCHOOL, VISIT)
    put_in = measure("P01-M01", "聘请农技员开展技术培训", "未启动")
    edited = "硬化村组道路五公里并安装路灯"
    moved = four(LEASE, edited, SCHOOL, VISIT).villages["0203"].measures
    moved = [{**row, "number": f"P01-M{at:02}"} for at, row in enumerate(moved, 2)]
    assert told(before, one(measures=[put_in, *moved])) == [
        ("新增", "P01-M01", "", "", ""),
        ("编号变更", "P01-M02", "措施编号", "P01-M01", "P01-M02"),
        ("编号变更", "P01-M03", "措施编号", "P01-M02", "P01-M03"),
        ("内容修改", "P01-M03", "措施内容", ROAD, edited),
        ("编号变更", "P01-M04", "措施编号", "P01-M03", "P01-M04"),
        ("编号变更", "P01-M05", "措施编号", "P01-M04", "P01-M05"),
    ]


def test_a_measure_put_in_as_the_second_is_neither_the_second_there_was_nor_done():
    before = four(LEASE, ROAD, SCHOOL, VISIT, status="已完成", lot="已完成")
    edited = "党员干部每季度入户走访困难群众一次"
    now = [
        *before.villages["0203"].measures[:1],
        measure("P01-M02", "聘请农技员开展技术培训"),
        measure("P01-M03", ROAD),
        measure("P01-M04", SCHOOL),
        measure("P01-M05", edited, "已完成"),
    ]
    assert told(before, one(measures=now)) == [
        ("新增", "P01-M02", "", "", ""),
        ("编号变更", "P01-M03", "措施编号", "P01-M02", "P01-M03"),
        ("编号变更", "P01-M04", "措施编号", "P01-M03", "P01-M04"),
        ("编号变更", "P01-M05", "措施编号", "P01-M04", "P01-M05"),
        ("内容修改", "P01-M05", "措施内容", VISIT, edited),
    ]


def test_a_measure_in_wholly_other_words_is_edited_as_long_as_nothing_else_is_told_of_it():
    reworded = [("内容修改", "P01-M01", "措施内容", LEASE, SCHOOL)]
    assert of_measure(measure(text=LEASE), measure(text=SCHOOL)) == reworded
    late = measure(text=SCHOOL, late="是")  # which time alone has brought about
    assert [change[0] for change in of_measure(measure(text=LEASE), late)] == ["新逾期", "内容修改"]


@pytest.mark.parametrize(
    "more",
    [
        {"status": "已完成", "lot": "已完成"},
        {"status": "基本完成"},
        {"deadline": "2022年12月底前", "due": END_DEC},
    ],
)
def test_another_measure_under_the_number_of_one_is_not_told_as_what_became_of_that(more):
    changed = of_measure(measure(text=LEASE), {**measure(text=SCHOOL), **more})
    assert [change[:2] for change in changed] == [("新增", "P01-M01"), ("删除", "P01-M01")]


def test_a_problem_in_other_words_may_have_come_on_but_not_have_been_struck_off():
    before, words = problem(headline="班子不强", status="未启动"), "村党组织书记长期空缺"
    came_on = told(one([before]), one([problem(headline=words)]))
    assert [change[0] for change in came_on] == ["状态变化", "内容修改"]
    closed = problem(headline=words, status="已销号", closed=dt.date(2022, 9, 20))
    assert [change[0] for change in told(one([before]), one([closed]))] == ["新增", "删除"]


def test_a_measure_that_is_renumbered_with_its_problem_is_told_once():
    renumbered = [("编号变更", "P02-M01", "措施编号", "P01-M01", "P02-M01")]
    assert of_measure(measure("P01-M01"), measure("P02-M01")) == renumbered
    moved = measure("P02-M01", problem="P07")
    assert [change[0] for change in of_measure(measure("P01-M01"), moved)] == [
        "编号变更",
        "内容修改",
    ]


def test_a_number_filled_in_later_renumbers_its_row():
    assert of_measure(measure("", problem="P01"), measure("P01-M01")) == [
        ("编号变更", "P01-M01", "措施编号", "", "P01-M01")
    ]


def test_rows_without_number_and_with_one_text_are_the_same_row():
    before, now = measure("", problem="P01"), measure("", problem="P01", owner="李明")
    assert [change[2] for change in of_measure(before, now)] == ["责任人"]


def test_one_text_under_several_numbers_is_no_proof_of_a_renumbering():
    text = "召开党员大会"
    before = one(measures=[measure("P01-M01", text), measure("P02-M01", text)])
    now = one(measures=[measure("P03-M01", text), measure("P04-M01", text)])
    kinds = Counter(change[0] for change in told(before, now))
    assert kinds == {"新增": 2, "删除": 2}


def test_a_number_given_twice_counts_each_of_its_rows_once():
    twins = [measure("P01-M01", "修路"), measure("P01-M01", "修渠")]
    assert compare(one(measures=twins), one(measures=twins[::-1])) == ()
    changed = told(one(measures=twins), one(measures=[*twins, measure("P01-M01", "修桥")]))
    assert changed == [("新增", "P01-M01", "", "", "")]
    gone = told(one(measures=[twins[0], twins[0]]), one(measures=[twins[0]]))
    assert gone == [("删除", "P01-M01", "", "", "")]


# -- villages -----------------------------------------------------------------------------------


def test_a_village_that_was_not_handed_in_has_deleted_nothing():
    before = one([problem()], [measure()])
    absent = Side({})
    not_taken = Side({"0203": Held("上河村", taken=False)})
    for now in (absent, not_taken):
        assert [(c.kind, c.village, c.sheet) for c in compare(before, now)] == [
            ("本月未汇总", "上河村", "")
        ]
    assert compare(absent, not_taken) == ()


def test_a_village_new_to_the_list_is_told_from_one_that_was_only_missing():
    now = one([problem()], [measure()])
    assert [c.kind for c in compare(Side({}), now)] == ["新纳入"]
    missing = Side({"0203": Held("上河村", taken=False)})
    assert [c.kind for c in compare(missing, now)] == ["上次未汇总"]


def test_a_side_is_made_from_a_rollups_rows_by_code_else_by_name():
    villages = [
        {"village_no": 1, "village_code": "0203", "village": "上河村", "taken": "是"},
        {"village_no": 2, "village_code": "", "village": "柳树村", "taken": "否"},
        {"village_no": 0, "village_code": "", "village": "（镇级工作簿）", "taken": None},
    ]
    own = {"village_code": "0203", "village": "上河村"}
    stray = {"village_code": "0209", "village": "石门村"}
    made = side(villages, [problem() | own, problem() | stray], [measure() | own], year=2022)
    assert {key: (h.name, h.taken) for key, h in made.villages.items()} == {
        "0203": ("上河村", True),
        "0209": ("石门村", True),
        "柳树村": ("柳树村", False),
    }
    assert [len(held.problems) for held in made.villages.values()] == [1, 0, 1]
    assert len(made.villages["0203"].measures) == 1


def test_the_townships_own_line_is_no_village_in_whatever_way_its_number_is_written():
    for number in (0, "0", 0.0):
        assert side([{"village_no": number, "village": "（镇级工作簿）"}], [], []).villages == {}


def test_a_village_whose_code_was_changed_is_the_village_it_was():
    rows = (measure(),)
    before = Side({"0203": Held("上河村", measures=rows), "0205": Held("石门村")}, 2022)
    done = (measure(status="已完成"),)
    now = Side({"0204": Held("上河村", measures=done), "0205": Held("石门村")}, 2022)
    (change,) = compare(before, now)
    assert (change.kind, change.village_key, change.number) == ("办结", "0204", "P01-M01")
    assert joined(before, now) == {"0204": "0203", "0205": "0205"}
    assert comparable(before, now) == 2
    assert compare(now, replace(before, villages={"0203": Held("上河村", taken=False)})) == (
        Change("0203", "上河村", ChangeKind.LACKING),
        Change("0205", "石门村", ChangeKind.LACKING),
    )


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"1": Held("新村"), "2": Held("新村")}, {"1": Held("新村"), "3": Held("新村")}),
        ({"1": Held("新村")}, {"3": Held("新村"), "4": Held("新村")}),
        ({"1": Held("新村", town="甲镇")}, {"3": Held("新村", town="乙镇")}),
        ({"1": Held("")}, {"3": Held("")}),
        ({"1": Held("新村")}, {"3": Held("老村")}),
    ],
)
def test_a_name_that_is_no_proof_leaves_two_villages_two(before, now):
    assert set(joined(Side(before), Side(now))) == set(before) & set(now)
    assert Counter(c.kind for c in compare(Side(before), Side(now))) == {
        "新纳入": len(set(now) - set(before)),
        "本月未汇总": len(set(before) - set(now)),
    }


def test_two_villages_of_one_name_in_two_townships_are_told_apart_by_these():
    old = {
        town: {"town": town, "village": "新村", "village_code": "1"} for town in ("甲镇", "乙镇")
    }
    new = [{**each, "village_code": "2"} for each in old.values()]
    before, now = side(old.values(), [], []), side(new, [], [])
    assert joined(before, now) == {"甲镇/2": "甲镇/1", "乙镇/2": "乙镇/1"}


# -- sheets that could not be read --------------------------------------------------------------


def missing(*sheets, level="必改", rule="L101", number=1):
    return [
        {"village_no": number, "level": level, "rule": rule, "place": sheet} for sheet in sheets
    ]


OWN = {"village_no": 1, "village_code": "0203", "village": "上河村"}


def read(problems=(), measures=(), findings=()):
    rows = ([{**OWN, **row} for row in each] for each in (problems, measures))
    return side([{**OWN, "taken": "是"}], *rows, findings=findings, year=2022)


def test_a_sheet_that_is_missing_is_told_in_one_line_and_none_of_its_rows_as_deleted():
    before = read([problem()], [measure(), measure("P01-M02", "修路")])
    now = read([problem(status="未启动")], (), missing("整改措施"))
    for changes, kind in (
        (compare(before, now), "本月未汇总"),
        (compare(now, before), "上次未汇总"),
    ):
        (change,) = changes  # and no status either that was reckoned from measures
        assert (change.kind, change.sheet, change.number) == (kind, "措施", "")
        assert (change.village, change.headline) == ("上河村", "没有读到“整改措施”表，不作对比")
    assert in_words(compare(before, now), "9月", 1) == (
        "与9月相比，其余问题和措施没有变化。没有比较：本月没有读到措施的村1个（上河村）。"
    )
    assert in_words(compare(now, before), "9月", 1) == (
        "与9月相比，其余问题和措施没有变化。没有比较：上次没有读到措施的村1个（上河村）。"
    )


def test_where_measures_are_missing_a_problem_is_still_struck_off():
    closed = problem(status="已销号", closed=dt.date(2022, 9, 20))
    changes = compare(read([problem()], [measure()]), read([closed], (), missing("整改措施")))
    assert [(c.kind, c.sheet) for c in changes] == [("办结", "问题"), ("本月未汇总", "措施")]


@pytest.mark.parametrize(
    "findings",
    [
        [],
        missing("存在问题"),
        missing("整改措施", level="提醒", rule="L102"),  # of columns that need not be there
        missing("整改措施", rule="L103"),
        missing("整改措施", number=2),
    ],
)
def test_a_sheet_that_was_read_and_is_empty_has_lost_its_rows(findings):
    changes = compare(read((), [measure()]), read((), (), findings))
    assert [(c.kind, c.number) for c in changes] == [("删除", "P01-M01")]


def test_a_sheet_of_which_rows_were_read_is_compared_though_columns_are_missing():
    now = read((), [measure(owner="")], missing("整改措施", rule="L102"))
    assert [c.kind for c in compare(read((), [measure()]), now)] == ["内容修改"]
    nothing = read((), (), missing("整改措施"))
    assert compare(nothing, nothing) == ()


def test_a_village_of_two_lines_is_taken_if_one_of_them_is():
    lines = [{"village_code": "0203", "village": "上河村", "taken": word} for word in ("是", "否")]
    for given_lines in (lines, lines[::-1]):
        assert side(given_lines, [], []).villages["0203"].taken


def test_changes_stand_by_village_then_number_and_rows_without_one_last():
    before = Side({"b": Held("乙村"), "a": Held("甲村")})
    rows = [measure("", "丙"), measure("P02-M01", "乙"), measure("P01-M01", "甲")]
    held = {"b": Held("乙村", True, (), tuple(rows)), "a": Held("甲村", True, (), (rows[1],))}
    changes = compare(before, Side(held))
    assert [(c.village, c.number) for c in changes] == [
        ("乙村", "P01-M01"),
        ("乙村", "P02-M01"),
        ("乙村", ""),
        ("甲村", "P02-M01"),
    ]


# -- in words -----------------------------------------------------------------------------------


def test_the_paragraph_counts_by_kind_and_names_one_or_two_villages():
    before = {key: Held(f"{key}村") for key in "甲乙丙丁"}
    rows = tuple(measure(f"P01-M{n:02}", f"措施{n}") for n in range(1, 4))
    done = tuple(replace_status(row, "已完成") for row in rows)
    before |= {key: replace(before[key], measures=rows) for key in "甲乙丙"}
    now = {key: replace(before[key], measures=done) for key in "甲乙丙"}
    now["甲"] = replace(now["甲"], problems=(problem("P01"), problem("P02", "班子缺配")))
    now["乙"] = replace(now["乙"], measures=(*done, measure("P01-M09", "新的", late="是")))
    now["戊"] = Held("戊村")
    assert in_words(compare(Side(before), Side(now)), "9月") == (
        "与9月相比，新增问题2个（甲村）、措施1条（乙村）；办结措施9条（涉及3个村）。"
        "没有比较：新纳入的村1个（戊村）；本月未汇总的村1个（丁村）。"
    )


def replace_status(row, status):
    return {**row, "status": status, "lot": status}


def test_the_paragraph_says_what_every_other_kind_is():
    before = one([problem("P01", "甲", "已销号"), problem("P02", "乙"), problem("P03", "丙")])
    now = one(
        [problem("P01", "甲"), problem("P02", "乙", "已销号"), problem("P09", "丙", types="L02")]
    )
    assert in_words(compare(before, now), "上月") == (
        "与上月相比，销号问题1个（上河村）；退回整改的问题1个（上河村）；编号变更的问题1个（上河村）；"
        "修改内容的问题1个（上河村）。"
    )
    dates = one(measures=[measure(), measure("P01-M02", "乙", deadline="12月底前", due=END_DEC)])
    moved = one(
        measures=[
            measure("P01-M01", status="基本完成", deadline="12月底前", due=END_DEC),
            measure("P01-M02", "乙"),
        ]
    )
    assert in_words(compare(dates, moved), "上月") == (
        "与上月相比，延期措施1条（上河村）；时限提前的措施1条（上河村）；"
        "其他状态变化的措施1条（上河村）。"
    )


def test_problems_and_measures_of_one_kind_stand_together_so_that_they_can_be_added():
    before = one([problem()], [measure(), measure("P01-M02", "修路", late="是")])
    now = one(
        [problem(status="已销号")],
        [
            measure(status="已完成"),
            measure("P01-M02", "修路", status="待验收"),
        ],
    )
    assert in_words(compare(before, now), "上月") == (
        "与上月相比，销号问题1个（上河村）、办结措施2条（上河村）；解除逾期措施1条（上河村）。"
    )


def test_measures_late_no_more_because_they_were_put_off_are_counted_apart():
    late = {"late": "是", "deadline": "2022年9月底前", "due": dt.date(2022, 9, 30)}
    before = one(measures=[measure(**late), measure("P01-M02", "修路", **late)])
    now = one(
        measures=[
            measure(deadline="2022年12月底前", due=END_DEC),
            measure("P01-M02", "修路", status="已完成", **{**late, "late": "否"}),
        ]
    )
    assert in_words(compare(before, now), "上月") == (
        "与上月相比，办结措施1条（上河村）；解除逾期措施2条（其中时限推后1条，上河村）；"
        "延期措施1条（上河村）。"
    )


def test_where_villages_are_lacking_the_sentence_says_of_how_many_it_speaks():
    both = {"甲": Held("甲村"), "乙": Held("乙村")}
    before = Side({**both, "丙": Held("丙村"), "丁": Held("丁村", taken=False)})
    now = Side({**both, "丙": Held("丙村", taken=False), "丁": Held("丁村", taken=False)})
    assert comparable(before, now) == 2
    lacking = "没有比较：本月未汇总的村1个（丙村）。"
    assert in_words(compare(before, now), "9月", comparable(before, now)) == (
        f"与9月相比，可比的2个村问题和措施没有变化。{lacking}"
    )
    more = replace(now, villages={**now.villages, "乙": Held("乙村", True, (problem(),))})
    assert in_words(compare(before, more), "9月", 2) == (
        f"与9月相比，可比的2个村新增问题1个（乙村）。{lacking}"
    )
    assert in_words(compare(before, Side({})), "9月", 0) == (
        "与9月相比，没有可比的村。没有比较：本月未汇总的村3个（甲村、乙村、丙村）。"
    )
    assert in_words((), "9月", 3) == "与9月相比，问题和措施没有变化。"


def test_a_month_without_changes_says_so_and_many_missing_villages_are_not_all_named():
    assert in_words((), "9月") == "与9月相比，问题和措施没有变化。"
    four = Side({str(n): Held(f"{n}村") for n in range(4)})
    assert in_words(compare(four, Side({})), "9月") == (
        "与9月相比，问题和措施没有变化。没有比较：本月未汇总的村4个（0村、1村、2村等）。"
    )


# -- laws ---------------------------------------------------------------------------------------

_numbers = st.sampled_from(["", "P01-M01", "P01-M02", "P02-M01"])
_texts = st.sampled_from(["", "修路", "修渠", "硬化通组道路三公里", "硬化通组道路五公里"])
_deadlines = st.sampled_from(
    [("10月底前", END_OCT), ("2022.10底前", END_OCT), ("12月底前", END_DEC), ("每月", None)]
)


@st.composite
def _measures(draw):
    deadline, due = draw(_deadlines)
    status = draw(st.sampled_from(["", "办了", "推进中", "长期坚持", "已完成", "已销号"]))
    return measure(
        draw(_numbers),
        draw(_texts),
        status,
        line=draw(st.integers(4, 9)),
        problem=draw(st.sampled_from(["P01", "P02"])),
        deadline=deadline,
        due=due,
        late=draw(st.sampled_from(["是", "否"])),
        owner=draw(st.sampled_from(["王志远", "李明"])),
        completed=draw(st.sampled_from([None, END_OCT])),
    )


def _named(villages):
    """Return a side; the villages' names differ, else another code might be the same village."""
    return Side({key: replace(held, name=f"{key}村") for key, held in villages.items()}, 2022)


_sides = st.dictionaries(
    st.sampled_from("abc"),
    st.builds(
        Held,
        st.just(""),
        st.booleans(),
        st.just(()),
        st.lists(_measures(), max_size=5).map(tuple),
        unread=st.sampled_from([frozenset(), frozenset({"整改措施"})]),
    ),
).map(_named)

_OPPOSITE = {
    ChangeKind.ADDED: ChangeKind.REMOVED,
    ChangeKind.DONE: ChangeKind.REOPENED,
    ChangeKind.LATE: ChangeKind.IN_TIME,
    ChangeKind.POSTPONED: ChangeKind.ADVANCED,
    ChangeKind.LACKING: ChangeKind.RETURNED,
}
_OPPOSITE |= {other: kind for kind, other in _OPPOSITE.items()}


_NOT_BACK = {"状态未填", "办了", "长期坚持"}
"""What a measure that was done may be told as, and not have been sent back."""


def _opposite(change):
    """Return what is told of a change by whoever looks back.

    Only what can be read as not done was sent back; done is done, whatever was told before.
    """
    kind = _OPPOSITE.get(change.kind, change.kind)
    if change.kind is ChangeKind.DONE and change.before in _NOT_BACK:
        kind = ChangeKind.STATUS
    if change.kind is ChangeKind.STATUS and change.after in _NOT_BACK:
        kind = ChangeKind.DONE if change.before in {"已完成", "已销号"} else kind
    return kind


def _unreasoned(end):
    """Return what a change ends in without the reason, which only one direction has."""
    return "未逾期" if str(end).startswith("未逾期") else end


def marks(row):
    return Marks((row["number"],), row["text"], tuple(map(spelled, row.values())))


@given(_sides)
def test_nothing_has_changed_in_what_is_the_same_in_whatever_order(state):
    turned = {
        key: replace(held, measures=held.measures[::-1]) for key, held in state.villages.items()
    }
    assert compare(state, replace(state, villages=turned)) == ()


@given(_sides, _sides)
def test_told_backwards_every_change_is_its_opposite(before, now):
    there, back = (
        Counter(
            (each.village_key, each.header, each.kind, *(_unreasoned(end) for end in ends))
            for each, ends in changes
            if each.sheet
        )
        for changes in (
            [(c, (c.before, c.after, c.line_before, c.line)) for c in compare(before, now)],
            [
                (
                    replace(c, kind=_opposite(c)),
                    (c.after, c.before, c.line, c.line_before),
                )
                for c in compare(now, before)
            ],
        )
    )
    assert there == back
    villages = [
        {c.village_key for c in changes if not c.sheet}
        for changes in (compare(before, now), compare(now, before))
    ]
    assert villages[0] == villages[1]


@given(_sides, _sides)
def test_under_other_codes_villages_are_told_as_under_their_own(before, now):
    recoded = replace(now, villages={f"新{key}": held for key, held in now.villages.items()})
    lost = {key for key in before.villages if key not in now.villages}
    assert Counter(compare(before, recoded)) == Counter(
        replace(c, village_key=c.village_key if c.village_key in lost else f"新{c.village_key}")
        for c in compare(before, now)
    )


@given(st.lists(_measures(), max_size=8), st.lists(_measures(), max_size=8))
def test_every_row_of_either_state_is_matched_or_alone_just_once(before, now):
    matched = match(before, now, marks)
    pairs = (*matched.kept, *matched.renamed)
    olds = [id(row) for row in (*(old for old, _ in pairs), *matched.removed)]
    news = [id(row) for row in (*(new for _, new in pairs), *matched.added)]
    assert sorted(olds) == sorted(map(id, before))
    assert sorted(news) == sorted(map(id, now))
    assert all(old["number"] == new["number"] for old, new in matched.kept)
    assert all(
        old["number"] != new["number"] and old["text"] == new["text"]
        for old, new in matched.renamed
    )


@given(st.lists(_measures(), max_size=6), st.lists(_measures(), max_size=6))
def test_the_count_of_rows_is_what_it_was_plus_the_new_less_the_gone(before, now):
    kinds = Counter(c.kind for c in compare(one(measures=before), one(measures=now)))
    assert len(now) == len(before) + kinds[ChangeKind.ADDED] - kinds[ChangeKind.REMOVED]


@given(st.lists(_measures(), max_size=6), st.lists(_measures(), max_size=6))
def test_no_row_has_two_changes_of_one_kind(before, now):
    before, now = (
        [{**row, "source_line": line} for line, row in enumerate(rows, 4)] for rows in (before, now)
    )
    changes = compare(one(measures=before), one(measures=now))
    told_once = Counter((c.kind, c.line, c.line_before) for c in changes)
    assert set(told_once.values()) <= {1}


@given(_measures(), _measures())
def test_a_row_without_a_change_says_the_same_but_for_the_way_it_is_written(before, now):
    now = {**now, "number": before["number"], "text": "修路"}
    before = {**before, "text": "修路"}
    if compare(one(measures=[before]), one(measures=[now])):
        return
    passed = {"deadline", "source_line"}
    assert {k: spelled(v) for k, v in before.items() if k not in passed} == {
        k: spelled(v) for k, v in now.items() if k not in passed
    }
    assert {before["deadline"], now["deadline"]} <= {"10月底前", "2022.10底前"} or (
        before["deadline"] == now["deadline"]
    )
