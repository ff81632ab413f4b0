"""The figures of a township of four villages, against numbers counted by hand."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import permutations

import pytest
from drawn import drawn
from rollup.township_drawn import (
    AS_OF,
    EMPTY,
    FILES,
    LOWER,
    ROSTER,
    UPPER,
    book,
    called,
    findings,
    made,
    rolled,
    roster,
    sources,
    three_books,
)

from toolkit.errors import UsageError
from toolkit.findings import Finding, Level
from toolkit.forms import codes, ledgers, rollup, township, village
from toolkit.forms.rollup import Source
from toolkit.schema.deadlines import MonthBefore
from toolkit.schema.totals import Figure, Live, value_of
from toolkit.word.vocabulary import vocabulary


def cards(given):
    return {
        label: value_of(card) for (label, _), card in zip(rollup.CARDS, given.cards, strict=True)
    }


def rows(given, row):
    """Return a table's values by header, a line each."""
    table = given.tables[row]
    headers = [column.header for column in table.columns]
    return [
        dict(zip(headers, map(value_of, line), strict=True))
        for line in (*table.rows, *filter(None, [table.total]))
    ]


def line(given, row, name):
    return next(line for line in rows(given, row) if line["村名"] == name)


def alone(text, code="0203", **more):
    """Return the rollup of one village without a roster."""
    return rolled([book(text, code)], **more)


# -- counted by hand ----------------------------------------------------------------------------


def test_the_key_figures_are_those_counted_by_hand():
    assert cards(made()) == {
        "名册内村数": 4,
        "已汇总": 3,
        "未汇总": 1,
        "问题": 7,
        "问题已销号": 1,
        "本月专题研究": 1,
        "措施": 9,
        "已完成": 4,
        "完成率": 4 / 8,
        "长期坚持": 1,
        "逾期": 3,
        "核对必改": 1,
    }


def test_a_village_is_shown_with_its_people_types_and_progress():
    upper = line(made(), rollup.Village, "上河村")
    assert upper == {
        "村序号": 2,
        "村代码": "0203",
        "村名": "上河村",
        "是否在册": "是",
        "回传情况": "已汇总（有必改项）",
        "是否汇总": "是",
        "党组织书记": "王志远",
        "主要类型": "R10、L01",
        "问题涉及类型": "L01、R04、R07、R10",
        "联村县级领导": "陈建国",
        "包村镇领导": "刘芳",
        "第一书记": "赵国强",
        "结对帮扶单位": "县农业农村局、县供销社",
        "问题数": 5,
        "问题已销号": 1,
        "问题已完成": 0,
        "问题长期坚持": 1,
        "问题推进中": 2,
        "问题未启动": 1,
        "措施数": 6,
        "措施已完成": 2,
        "措施推进中": 2,
        "措施未启动": 1,
        "措施长期坚持": 1,
        "措施状态未填": 0,
        "措施逾期": 2,
        "应会至": 10,
        "计划资金": 50,
        "完成率": 2 / 5,
        "起算月份": 5,
        "专题研究累计": 5,
        "专题研究本月": 1,
        "核对必改": 1,
        "核对提醒": 1,
        "核对提示": 1,
    }


def test_a_village_with_nothing_has_noughts_and_no_rate():
    empty = line(made(), rollup.Summary, "石门村")
    assert [empty["问题"], empty["措施"], empty["逾期"], empty["完成率"]] == [0, 0, 0, "—"]


def test_the_secretary_is_the_rosters_where_the_village_names_none():
    assert line(made(), rollup.Village, "下河村")["党组织书记"] == "孙立新"


def test_both_problems_of_a_doubled_number_stay_in_the_ledger():
    kept = [r["问题简述"] for r in rows(made(), ledgers.ProblemLedger) if r["问题编号"] == "P03"]
    assert kept == ["村务公开不及时", "=1+1"]


def test_each_problem_has_the_status_that_its_measures_and_closing_date_give_it():
    status = [
        (r["村名"], r["问题编号"], r["问题状态"]) for r in rows(made(), ledgers.ProblemLedger)
    ]
    assert status == [
        ("下河村", "P01", "已完成"),
        ("下河村", "P02", "未启动"),
        ("上河村", "P01", "推进中"),
        ("上河村", "P02", "长期坚持"),
        ("上河村", "P03", "已销号"),
        ("上河村", "P03", "未启动"),  # the first of that number has its measures
        ("上河村", "P04", "推进中"),
    ]


def test_a_problem_without_measure_or_number_is_idle():
    text = UPPER.split("# 整改措施", maxsplit=1)[0] + "|  | 没有编号的问题 | R01 |  |\n"
    status = [r["问题状态"] for r in rows(alone(text), ledgers.ProblemLedger)]
    assert status == ["未启动", "未启动", "已销号", "未启动", "未启动", "未启动"]


def test_the_longest_overdue_comes_first():
    late = [(r["村名"], r["措施编号"], r["逾期天数"]) for r in rows(made(), ledgers.OverdueLine)]
    assert late == [
        ("下河村", "P02-M01", 153),
        ("上河村", "P04-M01", 92),
        ("上河村", "P01-M01", 31),
    ]


def test_a_measure_is_not_overdue_on_its_last_day_and_is_the_day_after():
    def late(day):
        given = rolled([book(UPPER, "0203")], as_of=day, month="2022-09")
        return "P01-M01" in [r["措施编号"] for r in rows(given, ledgers.OverdueLine)]

    assert [late(dt.date(2022, 9, 30)), late(dt.date(2022, 10, 1))] == [False, True]


def owed(given, name):
    """Return the first and the last month for which a village has to answer."""
    shown = line(given, rollup.MeetingCount, name)
    return shown["起算月份"], shown["应会至"]


def test_months_without_a_meeting_are_counted_from_the_first_month_due():
    gaps = {r["村名"]: r["缺会月数"] for r in rows(made(), rollup.MeetingCount)}
    assert gaps == {"下河村": 5, "上河村": 3, "石门村": 6, None: 14}
    assert owed(alone(UPPER, first_month=11), "上河村") == (11, 10)  # none yet
    assert rows(alone(UPPER, first_month=11), rollup.MeetingCount)[0]["缺会月数"] == 0


def test_a_month_is_due_from_its_cutoff_day_on():
    given = made(as_of=dt.date(2022, 10, 24))
    assert owed(given, "石门村") == (5, 9)
    assert "本月召开专题研究会议1次。" in given.text
    assert owed(made(as_of=dt.date(2022, 10, 24), cutoff_day=20), "石门村") == (5, 10)
    assert owed(made(as_of=dt.date(2023, 1, 3), month="2022-07"), "石门村") == (5, 7)


def test_a_village_answers_for_the_months_from_its_plan_on():
    late = EMPTY.replace("| 石门村 |", "| 石门村 |\n| 方案日期 | 2022-09-03 |")
    given = made([*three_books()[:2], book(late, "0205")])
    shown = line(given, rollup.MeetingCount, "石门村")
    assert (shown["起算月份"], shown["缺会月数"]) == (9, 2)
    after = EMPTY.replace("| 石门村 |", "| 石门村 |\n| 方案日期 | 2022-11-03 |")
    given = made([*three_books()[:2], book(after, "0205")])
    assert line(given, rollup.MeetingCount, "石门村")["缺会月数"] == 0
    assert "下河村1个村本月没有会议记录" in given.text


def test_what_is_dated_after_the_day_is_kept_in_its_ledger_and_counted_nowhere():
    given = made(as_of=dt.date(2022, 9, 10), month="2022-09")
    upper = line(given, rollup.Village, "上河村")
    assert [upper[name] for name in ("问题已销号", "问题已完成", "专题研究累计")] == [0, 1, 4]
    assert line(given, rollup.MeetingCount, "上河村")["10月"] == 0
    assert line(given, rollup.MeetingDays, "上河村")["10月"] == ""
    counted = [r["是否计入"] for r in rows(given, ledgers.MeetingLedger) if r["村名"] == "上河村"]
    assert counted == ["是", "是", "是", "否", "是"]
    assert [r["是否计入"] for r in rows(given, ledgers.EvaluationLedger)] == ["否", "否"]


@pytest.mark.parametrize("as_of", [AS_OF, dt.date(2022, 9, 10), dt.date(2022, 6, 10)])
def test_a_paper_of_the_village_has_the_rollups_numbers(as_of):
    given = made(as_of=as_of, month=f"{as_of:%Y-%m}")
    for workbook in three_books():
        paper = vocabulary(workbook, as_of).values
        shown = line(given, rollup.Village, village.village_name(workbook))
        names = {
            "问题数": "问题数",
            "销号数": "问题已销号",
            "会议数": "专题研究累计",
            "措施数": "措施数",
            "完成数": "措施已完成",
            "推进数": "措施推进中",
            "未启动数": "措施未启动",
            "未填数": "措施状态未填",
            "长期数": "措施长期坚持",
            "逾期数": "措施逾期",
        }
        assert {n: paper[n] for n in names} == {n: str(shown[h]) for n, h in names.items()}
        rate = shown["完成率"]
        assert paper["完成率"] == ("" if rate == "—" else f"{rate:.1%}")


def test_a_helper_written_down_twice_is_one_in_rollup_and_paper():
    text = UPPER.replace("| 第一书记     | 赵国强       |", "| 第一书记     | 赵国强       |\n" * 2)
    paper = vocabulary(book(text, "0203"), AS_OF).values
    assert len(book(text, "0203").rows(village.Person)) == 6
    assert line(alone(text), rollup.Village, "上河村")["第一书记"] == paper["第一书记"] == "赵国强"
    assert paper["结对帮扶单位"] == "县农业农村局、县供销社"


def test_a_meeting_of_another_year_counts_in_no_month_but_in_all():
    upper = line(made(), rollup.MeetingCount, "上河村")
    assert [upper["10月"], upper["累计次数"], upper["其他年份或日期读不出"]] == [1, 5, 1]


def test_meeting_days_are_listed_by_month():
    assert line(made(), rollup.MeetingDays, "上河村")["6月"] == "8日、28日"


def test_a_type_counts_once_for_each_village_and_problem_that_has_it():
    types = {r["类型代码"]: r for r in rows(made(), rollup.TypeLine)}
    assert types["R04"]["问题数"] == 3
    assert types["R10"]["主要类型村数"] == 1
    assert types["R10"]["占已汇总村"] == 1 / 3
    assert types["R04"]["占问题总数"] == 3 / 7


def test_every_agreed_type_has_its_line_and_a_local_one_follows():
    listed = [r["类型代码"] for r in rows(made(), rollup.TypeLine)]
    assert listed == [*(term.code for term in codes.TYPES.terms), "L07"]


def test_a_local_type_is_called_as_the_township_calls_it():
    text = """
    # 字典
    | 类型代码 | 简称         | 全称       |
    | R01      | 改了也不算   |            |
    | L01      | 集体经济空壳 | 经济空壳的 |
    | l07      | 移风易俗滞后 |            |
    | L08      |              |            |
    | 其他     | 不是类型     |            |
    |          | 没有代码     |            |
    """
    own = drawn(text, form=township.FORM).rows(township.TypeCode)
    types = {r["类型代码"]: r["简称"] for r in rows(made(types=own), rollup.TypeLine)}
    assert types["R01"] == "班子缺配"
    assert [types[code] for code in ("L01", "L07", "L08")] == [
        "集体经济空壳",
        "移风易俗滞后",
        "本地类型",
    ]
    assert len(types) == len(codes.TYPES.terms) + 2
    unnamed = next(r for r in rows(made(), rollup.TypeLine) if r["类型代码"] == "L07")
    assert unnamed["简称"] == "本地类型"


def test_a_blank_satisfied_leaves_no_rate_in_rollup_or_paper():
    text = UPPER.replace("| 38 | 30 | 6 |", "| 38 | | 6 |")
    (shown, _) = rows(alone(text), ledgers.EvaluationLedger)
    assert [shown["满意率（满意÷有效票）"], shown["满意率（含基本满意）"]] == ["—", "—"]
    survey = vocabulary(book(text, "0203"), AS_OF).tables["测评验收"][0]
    assert survey.values["满意率"] == ""


def test_both_rates_of_satisfaction_are_given_and_none_where_nobody_voted():
    rates = [
        (r["满意率（满意÷有效票）"], r["满意率（含基本满意）"])
        for r in rows(made(), ledgers.EvaluationLedger)
    ]
    assert rates == [(30 / 38, 36 / 38), ("—", "—")]


def test_findings_are_listed_by_village_the_gravest_first_and_the_towns_last():
    listed = [(r["村名"], r["级别"], r["已说明"]) for r in rows(made(), ledgers.FindingLine)]
    assert listed == [
        ("下河村", "提醒", "否"),
        ("上河村", "必改", "否"),
        ("上河村", "提醒", "是"),
        ("上河村", "提示", "否"),
        ("（镇级工作簿）", "提示", "否"),
    ]


def test_a_finding_says_what_check_says():
    seen = replace(findings()[1], seen="P03", message="“P03”用了两次。")
    shown = [r["问题"] for r in rows(made(found=[findings()[1], seen]), ledgers.FindingLine)]
    assert shown == ["“P03”用了两次", "填的是“P03”，编号重复"]


def test_the_finding_on_a_refused_file_is_its_villages():
    refused = Finding(
        "0204-柳树村-2022.xlsx", "", "", (), "", Level.ERROR, "L101", "", "有密码", ""
    )
    assert line(made(found=[refused]), rollup.CheckCount, "柳树村")["必改"] == 1


def test_a_finding_goes_to_its_own_file_where_two_share_a_name():
    twins = [
        called(book(UPPER, "0203"), "收/a/台账.xlsx", "a"),
        called(book(LOWER, "0201"), "收/b/台账.xlsx", "b"),
    ]
    found = [replace(finding, file="收/a/台账.xlsx") for finding in findings() if finding.file]
    given = rolled(twins, found, way=lambda path: path.removeprefix("收/"))
    assert line(given, rollup.CheckCount, "上河村")["提醒"] == 2
    assert line(given, rollup.CheckCount, "下河村")["提醒"] == 0
    assert {r["来源文件"] for r in rows(given, ledgers.FindingLine)} == {"台账.xlsx"}
    assert given.links == {1: "b/台账.xlsx", 2: "a/台账.xlsx"}


def test_what_cannot_be_read_stands_in_the_ledger_word_for_word():
    lower = [r for r in rows(made(), ledgers.MeasureLedger) if r["村名"] == "下河村"]
    assert (lower[2]["办理状态"], lower[2]["统计归类"]) == ("不清楚", "状态未填")


def test_numbers_stay_numbers_but_for_those_too_long_for_a_cell():
    text = UPPER.replace("| 50 |", "| '12345678901234567 |").replace("| 40 |", "| 四十 |")
    given = alone(text)
    assert rows(given, ledgers.MeasureLedger)[0]["计划资金"] == "12345678901234567"
    assert rows(given, ledgers.EvaluationLedger)[0]["发出票数"] == 40
    assert rows(made(), ledgers.MeasureLedger)[3]["计划资金"] == 50


def test_yes_and_no_stay_words():
    text = UPPER.replace("计划资金", "是否长期坚持").replace("| 50 |", "| 是 |")
    assert rows(alone(text), ledgers.MeasureLedger)[0]["是否长期坚持"] == "是"


# -- an independent recount ---------------------------------------------------------------------


def test_a_recount_in_plain_python_comes_to_the_same():
    given = made()
    for workbook, name in ((three_books()[0], "上河村"), (three_books()[1], "下河村")):
        status = Counter(m.status for m in workbook.rows(village.Measure))
        total = sum(status.values())
        done = status["已完成"] + status["待验收"] + status["已销号"]
        late = [
            m
            for m in workbook.rows(village.Measure)
            if m.status not in {"已完成", "待验收", "已销号", "长期坚持"}
            and m.deadline
            and m.deadline.end
            and m.deadline.end < AS_OF
        ]
        shown = line(given, rollup.Village, name)
        assert shown["措施数"] == total
        assert shown["措施已完成"] == done
        assert shown["完成率"] == done / (total - status["长期坚持"])
        assert shown["措施逾期"] == len(late)
        assert shown["专题研究累计"] == len(workbook.rows(village.Meeting))
        assert shown["问题数"] == len(workbook.rows(village.Problem))


def test_each_village_total_is_the_sum_of_its_lots():
    for shown in rows(made(), rollup.Village):
        lots = ("措施已完成", "措施推进中", "措施未启动", "措施长期坚持", "措施状态未填")
        assert sum(shown[lot] for lot in lots) == shown["措施数"]


def test_the_last_line_is_the_sum_of_those_above():
    *above, total = rows(made(), rollup.Village)
    counted = [c.header for c in rollup.Village.columns if isinstance(c, Figure)]
    assert {h: total[h] for h in counted} == {h: sum(r[h] for r in above) for h in counted}


def test_any_order_of_input_gives_an_equal_rollup():
    expected = made()
    for books in permutations(three_books()):
        assert made(list(books), findings()[::-1], sources()[::-1]) == expected


# -- villages and files -------------------------------------------------------------------------


def test_a_village_without_figures_is_named_with_its_reason():
    assert made().left_out == ("柳树村：文件有密码",)
    assert made(seen=[]).left_out == ("柳树村：未回传",)


def test_a_refused_file_is_known_by_its_name_as_issued():
    seen = [Source("0204-柳树村-2022.xlsx", "未汇总：文件损坏")]
    assert made(seen=seen).left_out == ("柳树村：文件损坏",)


def test_refused_files_of_no_missing_village_are_counted_on_the_first_page():
    seen = [
        *sources(),
        Source("照片.xlsx", "未汇总：不是工作簿"),
        Source("镇级工作簿.xlsx", "名册"),
        Source("方案.docx", "忽略：不是表格文件"),
        Source("0204-柳树村-方案.docx", "忽略：不是表格文件"),
    ]
    assert made(seen=seen).remarks == ("另有 1 个文件没有汇总，逐个原因见“数据来源”。",)


def test_without_a_roster_it_says_that_nobody_can_be_missed():
    given = alone(UPPER)
    assert given.remarks == ("没有提供村名册，无法清点未回传的村。",)
    shown = cards(given)
    assert [shown[name] for name in ("名册内村数", "已汇总", "未汇总")] == ["—", 1, 0]
    assert given.villages == 1


def test_a_village_off_the_roster_comes_last_and_is_pointed_out():
    given = rolled(three_books(), listed=roster()[1:])
    assert [r["村名"] for r in rows(given, rollup.Village)][:-1] == [
        "上河村",
        "柳树村",
        "石门村",
        "下河村",
    ]
    assert given.remarks == ("不在村名册而有回传的：下河村（数字已计入汇总）。",)


AGAIN = "收/0203-上河村-2022 (1).xlsx"


def with_upper_twice(text=UPPER, other="a", again=AGAIN):
    """Return the three villages, the upper with a second workbook of some content and name."""
    first = called(book(UPPER, "0203"), FILES["0203"], "a")
    return [first, *three_books()[1:], called(book(text, "0203"), again, other)]


def test_two_workbooks_of_identical_bytes_count_once_and_it_is_said():
    same = [replace(each, file=AGAIN) for each in findings() if each.file == FILES["0203"]]
    given = made(with_upper_twice(), [*findings(), *same])  # either is judged, one is counted
    assert cards(given) == cards(made())
    assert given.text == made().text
    assert given.left_out == made().left_out
    assert given.remarks == ()
    assert given.alarms == ("内容相同的工作簿有 1 份多余的，每个村只计了一份，见“数据来源”。",)
    listed = [(r["文件名"], r["处理结果"]) for r in rows(given, rollup.SourceFile)]
    assert listed.count((AGAIN, f"忽略：与 {FILES['0203']} 内容相同")) == 1
    assert listed.count((FILES["0203"], "已汇总（有必改项）")) == 1


def test_of_identical_copies_under_one_name_the_path_tells_which_was_taken():
    given = made(with_upper_twice(again=f"b/{FILES['0203']}"))
    fates = [r["处理结果"] for r in rows(given, rollup.SourceFile)]
    assert f"忽略：与 {FILES['0203']} 内容相同" in fates
    assert fates.count("已汇总（有必改项）") == 1


def test_a_third_copy_is_counted_among_those_too_many():
    books = [*with_upper_twice(), called(book(UPPER, "0203"), "又.xlsx", "a")]
    assert made(books).alarms[0].startswith("内容相同的工作簿有 2 份多余的")


def test_of_two_workbooks_that_differ_none_is_taken_and_the_village_is_left_out():
    given = made(with_upper_twice(UPPER.replace("| 50 |", "| 60 |"), "b"))
    told = f"有 2 份内容不同的工作簿（{AGAIN[2:]}、{FILES['0203']}），请只留一份"
    assert given.left_out == (f"上河村：{told}", "柳树村：文件有密码")
    assert given.alarms == ()
    shown = cards(given)
    assert [shown[name] for name in ("已汇总", "未汇总", "问题", "措施")] == [2, 2, 2, 3]
    fates = {r["文件名"]: r["处理结果"] for r in rows(given, rollup.SourceFile)}
    assert fates[FILES["0203"]] == fates[AGAIN] == f"未汇总：{told}"
    assert line(given, rollup.Village, "上河村")["是否汇总"] == "否"
    assert "R10" not in {r["类型代码"] for r in rows(given, rollup.TypeLine) if r["问题数"]}


def test_a_copy_of_one_of_two_that_differ_settles_nothing():
    differing = with_upper_twice(UPPER.replace("| 50 |", "| 60 |"), "b")
    given = made([*differing, called(book(UPPER, "0203"), "又.xlsx", "a")])
    assert "上河村：有 2 份内容不同的工作簿" in given.left_out[0]
    fates = [r["处理结果"] for r in rows(given, rollup.SourceFile)]
    assert sum(str(fate).startswith("忽略：") for fate in fates) == 1
    assert given.villages == 2


def test_findings_in_workbooks_that_differ_stand_at_their_village_and_do_not_hide_it():
    given = made(with_upper_twice(UPPER.replace("| 50 |", "| 60 |"), "b"))
    assert line(given, rollup.CheckCount, "上河村")["必改"] == 1


def test_identical_workbooks_of_a_village_without_roster_are_one_village():
    books = [called(book(EMPTY, "0205"), name, "a") for name in ("石门.xlsx", "又.xlsx")]
    given = rolled(books)
    assert (cards(given)["已汇总"], given.villages) == (1, 1)
    assert "共汇总1个村的工作簿" in given.text
    assert "石门村1个村本月没有会议记录" in given.text
    assert given.alarms[0].startswith("内容相同的工作簿有 1 份多余的")


def test_workbooks_of_unlike_villages_with_the_same_content_are_no_copies():
    """Blank as issued: only the code they were issued under tells them apart."""
    blank = "# 整改措施\n| 措施编号 |"
    books = [
        called(replace(drawn(blank), identity=book(EMPTY, code).identity), FILES[code], "a")
        for code in ("0203", "0205")
    ]
    given = rolled(books, listed=roster())
    assert (given.villages, given.alarms) == (2, ())


def test_every_file_is_listed_just_once_whatever_became_of_it():
    books = [*with_upper_twice(), called(of_2021(LOWER, "0201", "旧.xlsx"), "旧.xlsx", "c")]
    given = made(books, seen=[*sources(), Source("镇级工作簿.xlsx", "镇级工作簿，提供名册和参数")])
    *files, _ = rows(given, rollup.SourceFile)
    assert sorted(r["文件名"] for r in files) == sorted(
        [*FILES.values(), AGAIN, "旧.xlsx", "0204-柳树村-2022.xlsx", "镇级工作簿.xlsx"]
    )
    assert [r["文件序号"] for r in files] == list(range(1, 8))
    assert all(r["处理结果"] for r in files)


def test_a_code_that_the_roster_has_twice_is_said_and_either_village_is_expected():
    text = ROSTER + "| '0205  | 石桥村 | 孙明 |\n"
    twice = township.roster(drawn(text, form=township.FORM, name="镇级工作簿.xlsx"))
    given = rolled(three_books(), seen=sources(), listed=twice)
    assert [cards(given)[name] for name in ("名册内村数", "已汇总", "未汇总")] == [5, 3, 2]
    assert given.remarks == (
        "村名册里村代码 0205（石门村、石桥村）写了 2 次，按村名分别清点，请改正。",
    )


def test_a_code_that_lost_its_nought_is_known_by_the_one_issued():
    lost = book(UPPER.replace("'0203", "'203").replace("| 上河村 ", "| 上河 "), "0203")
    given = made([lost, *three_books()[1:]])
    assert [r["是否在册"] for r in rows(given, rollup.Village)][:4] == ["是"] * 4
    assert given.remarks == ()


def test_of_two_listed_codes_the_one_whose_village_bears_the_name_is_meant():
    wrong = book(UPPER.replace("'0203", "'0201"), "0203")
    given = made([wrong, *three_books()[1:]])
    assert given.alarms == ()
    assert line(given, rollup.Village, "上河村")["问题数"] == 5


def test_a_workbook_that_tells_nothing_is_known_by_its_files_name_as_issued():
    identity = replace(book(EMPTY, "0205").identity, code="")
    silent = drawn("# 整改措施\n| 措施编号 |", name=FILES["0205"], identity=identity)
    given = made([*three_books()[:2], silent])
    assert line(given, rollup.Village, "石门村")["是否汇总"] == "是"


def test_a_village_whose_name_another_bears_is_named_with_its_code():
    same = [book(EMPTY.replace("石门村", "上河村"), "0205"), three_books()[0]]
    given = rolled(same)
    assert "最久的是上河村（0203）P04-M01" in given.text
    assert "上河村（0205）1个村本月没有会议记录" in given.text


def test_a_type_is_counted_only_where_the_cell_could_be_read():
    text = UPPER.replace("| R10、R04 |", "| XX、R04 |")
    types = {r["类型代码"]: r["问题数"] for r in rows(alone(text), rollup.TypeLine)}
    assert (types["R04"], types["R10"]) == (1, 1)
    kept = [(r["类型代码"], r["计入类型"]) for r in rows(alone(text), ledgers.ProblemLedger)]
    assert kept == [
        ("L01", "L01"),
        ("XX、R04", ""),
        ("R07", "R07"),
        ("R10", "R10"),
        ("R04", "R04"),
    ]


# -- another year -------------------------------------------------------------------------------

OLD = "未汇总：年度是 2021，本次汇总 2022 年度"


def of_2021(text, code, name):
    return replace(book(text.replace("| 2022  ", "| 2021  ", 1), code), name=name, path=name)


def test_a_workbook_of_another_year_is_left_out_by_name():
    old = of_2021(UPPER, "0203", FILES["0203"])
    given = made([old, *three_books()[1:]])
    assert given.left_out == ("上河村：年度是 2021，本次汇总 2022 年度", "柳树村：文件有密码")
    shown = cards(given)
    assert [shown[name] for name in ("已汇总", "未汇总", "问题", "措施")] == [2, 2, 2, 3]
    listed = {r["文件名"]: (r["处理结果"], r["存在问题"]) for r in rows(given, rollup.SourceFile)}
    assert listed[FILES["0203"]] == (OLD, None)
    assert line(given, rollup.CheckCount, "上河村")["必改"] == 1
    assert given.remarks == ()


def test_last_years_workbook_beside_this_years_is_named_and_counted_nowhere():
    old = of_2021(UPPER, "0203", "旧.xlsx")
    given = made([*three_books(), old])
    assert cards(given) == cards(made())
    assert given.alarms == ()
    assert given.remarks == ("另有 1 份其他年度的工作簿没有汇总，见“数据来源”。",)
    fates = {r["文件名"]: r["处理结果"] for r in rows(given, rollup.SourceFile)}
    assert fates["旧.xlsx"] == OLD


def test_the_townships_year_goes_before_most_books():
    given = made(year=2021)
    assert given.villages == 0
    assert len(given.left_out) == 4


def test_where_as_many_are_of_one_year_as_of_another_the_months_decides():
    old = of_2021(LOWER, "0201", FILES["0201"])
    for books in permutations([three_books()[0], old]):
        given = rolled(books)
        assert given.left_out == ("下河村：年度是 2021，本次汇总 2022 年度",)
        shown = cards(given)
        assert [shown[name] for name in ("名册内村数", "已汇总", "未汇总")] == ["—", 1, 1]


def test_books_of_last_year_are_taken_where_all_are():
    given = made(as_of=dt.date(2023, 1, 31), month="2023-01")
    assert given.villages == 3


# -- findings on the township's own workbook ------------------------------------------------------


def on_the_roster(rule, code="", name="", level=Level.WARNING):
    cells = ("A4",)
    return Finding(
        "收/镇级工作簿.xlsx", name, "村名册", cells, "村代码", level, rule, code, "有误", "改正。"
    )


def test_the_townships_findings_have_a_line_of_their_own_and_all_lines_make_the_total():
    found = [*findings(), on_the_roster("C201", level=Level.ERROR)]
    given = made(found=found)
    *villages, town, total = rows(given, rollup.CheckCount)
    assert [r["必改"] for r in villages] == [0, 1, 0, 0]
    assert (town["村名"], town["必改"], town["提示"]) == ("（镇级工作簿）", 1, 1)
    assert total["必改"] == cards(given)["核对必改"] == 2
    *_, town, total = rows(given, rollup.Village)
    assert (town["村名"], town["核对必改"], total["核对必改"]) == ("（镇级工作簿）", 1, 2)
    assert len(rows(given, rollup.Summary)) == 4 + 1


def test_without_findings_of_the_townships_there_is_no_line_for_it():
    given = made(found=findings()[:4])
    assert len(rows(given, rollup.Village)) == len(rows(given, rollup.CheckCount)) == 4 + 1


def test_a_nameless_village_does_not_answer_for_the_township():
    identity = replace(book(EMPTY, "0205").identity, code="")
    nameless = drawn("# 整改措施\n| 措施编号 |", name="甲.xlsx", identity=identity)
    seen = [Source("镇级工作簿.xlsx", "镇级工作簿，提供名册和参数")]
    given = rolled([nameless], [on_the_roster("C201")], seen, roster())
    counts = {r["村序号"]: r["提醒"] for r in rows(given, rollup.CheckCount)}
    assert counts == {1: 0, 2: 0, 3: 0, 4: 0, 5: 0, 0: 1, "合计": 1}


def test_that_a_village_is_missing_stands_at_its_own_line():
    found = [on_the_roster("T701", "0204", "柳树村")]
    given = made(found=found, seen=[])
    assert line(given, rollup.CheckCount, "柳树村")["提醒"] == 1
    assert len(rows(given, rollup.CheckCount)) == 4 + 1


def test_a_workbook_without_code_is_known_by_its_villages_name():
    nameless = drawn(
        UPPER.replace("'0203", ""),
        name=FILES["0203"],
        identity=replace(book(UPPER, "0203").identity, code=""),
    )
    given = rolled([nameless], listed=roster())
    assert line(given, rollup.Village, "上河村")["是否在册"] == "是"


def test_the_title_names_the_town_only_where_all_agree():
    other = book(LOWER.replace("青石镇", "白水镇"), "0201")
    given = made([three_books()[0], other, three_books()[2]])
    assert made().title == "青石镇软弱涣散党组织整顿工作月度汇总（2022年10月）"
    assert alone(UPPER, town="白水镇").title.startswith("白水镇软弱涣散")
    assert given.title == "软弱涣散党组织整顿工作月度汇总（2022年10月）"


def test_every_file_is_listed_with_its_rows():
    listed = [
        (r["文件名"], r["处理结果"], r["存在问题"], r["整改措施"])
        for r in rows(made(), rollup.SourceFile)
    ]
    assert listed == [
        (FILES["0201"], "已汇总", 2, 3),
        (FILES["0203"], "已汇总（有必改项）", 5, 6),
        (FILES["0205"], "已汇总", 0, 0),
        ("0204-柳树村-2022.xlsx", "未汇总：文件有密码", None, None),
        (None, None, 7, 9),
    ]


def test_headlines_ledgers_and_files_balance():
    assert [
        (r["项目"], r["各村（各文件）合计"], r["汇总数"]) for r in rows(made(), rollup.Balance)
    ] == [
        ("问题", 7, 7),
        ("问题已销号", 1, 1),
        ("措施", 9, 9),
        ("措施已完成", 4, 4),
        ("措施推进中", 2, 2),
        ("措施未启动", 1, 1),
        ("措施长期坚持", 1, 1),
        ("措施状态未填", 1, 1),
        ("措施逾期", 3, 3),
        ("专题研究累计", 6, 6),
        ("专题研究本月", 1, 1),
        ("核对必改", 1, 1),
        ("计划资金（万元）", 50, 50),
        ("问题台账行数", 7, 7),
        ("措施台账行数", 9, 9),
        ("会议台账行数", 6, 6),
        ("测评验收行数", 2, 2),
        ("有内容的行", 0, 0),  # drawn, not read from a file
    ]
    assert {r["差额"] for r in rows(made(), rollup.Balance)} == {0}


@pytest.mark.parametrize("month", ["2022-13", "2022年10月", "202210", ""])
def test_a_month_that_is_none_is_refused(month):
    with pytest.raises(UsageError, match="2022-10"):
        rolled([], month=month)


def test_a_month_after_the_day_is_refused():
    with pytest.raises(UsageError) as caught:
        rolled([], as_of=dt.date(2022, 10, 10), month="2023-02")
    assert str(caught.value) == (
        "汇总月份 2023-02 晚于数据截止日 2022-10-10，请核对 --month 和 --as-of。"
    )


# -- words --------------------------------------------------------------------------------------


def test_the_month_is_told_in_plain_words():
    assert made().text == (
        "截至2022年10月31日，名册内整顿村4个，共汇总3个村的工作簿，未汇总1个。"
        "共登记问题7个（已销号1个、已完成1个、长期坚持1个、推进中2个、未启动2个），"
        "制定措施9条，其中已完成4条、长期坚持1条；扣除长期坚持后以8条为基数，完成率50.0%。"
        "逾期措施3条，涉及2个村，最久的是下河村P02-M01，已逾期153天。"
        "本月召开专题研究会议1次，下河村、石门村2个村本月没有会议记录。"
        "核对发现必改项1条，详见“核查明细”。"
    )


def test_nothing_at_all_is_legal():
    given = rolled([])
    assert given.text == (
        "截至2022年10月31日，共汇总0个村的工作簿。各村均未登记问题和措施。"
        "本月没有召开专题研究会议。核对未发现问题。"
    )
    assert cards(given)["完成率"] == "—"


def test_problems_without_measures_have_no_rate():
    given = alone(UPPER.split("# 整改措施", maxsplit=1)[0])
    assert "没有可计算完成率的措施。没有逾期措施。" in given.text


def test_measures_without_problems_are_told_too():
    given = alone("# 整改措施" + UPPER.split("# 整改措施")[1])
    assert "共登记问题0个，制定措施6条" in given.text
    assert given.tables[rollup.Village].rows[0][1] == "0203"


def test_a_village_without_name_is_called_by_its_code():
    text = ROSTER.replace("| 柳树村 ", "|  ").replace("| 下河村 ", "|  ")
    lines = township.roster(drawn(text, form=township.FORM, name="镇级工作簿.xlsx"))
    left = rolled([], listed=lines).left_out
    assert [name.split("：")[0] for name in left] == ["0201", "上河村", "0204", "石门村"]


def test_only_the_first_three_villages_without_meeting_are_named():
    texts = [
        EMPTY.replace("石门村", name).replace("0205", f"021{at}")
        for at, name in enumerate("丁丙乙甲")
    ]
    books = [called(book(text, "0205"), f"{at}.xlsx") for at, text in enumerate(texts)]
    text = rolled(books).text
    assert "丁、丙、乙等4个村本月没有会议记录" in text


def test_every_total_is_a_live_cell():
    given = made()
    for table in given.tables.values():
        for column, *cells in zip(table.columns, *table.rows, strict=True):
            if getattr(column, "how", None) is not None:
                assert all(isinstance(cell, Live) for cell in cells), column.header


def test_the_notes_say_how_a_months_before_was_read():
    assert made().notes[:-1] == rollup.DEFINITIONS
    assert made().notes[-1] == "到期日：“X月前”按上月末计算，如“10月前”算到9月30日。"
    said = made(month_before=MonthBefore("当月末")).notes[-1]
    assert said == "到期日：“X月前”按当月末计算，如“10月前”算到10月31日。"


def test_the_notes_say_that_an_empty_status_is_late_too():
    given = alone(UPPER.replace("| 推进中 |", "| |"))
    assert cards(given)["逾期"] == 2
    assert any(note.endswith("状态未填的也算。") for note in given.notes)


# -- money ----------------------------------------------------------------------------------------


def funded(*villages):
    """Return the rollup of villages with the amounts that each plans, a measure each."""
    head = "# 整改措施\n| 措施编号 | 问题编号 | 措施内容 | 计划资金 |\n"
    books = []
    for at, amounts in enumerate(villages):
        measures = [f"| P01-M{n:02d} | P01 | 修路 | {a} |" for n, a in enumerate(amounts, 1)]
        profile = f"# 基本情况\n| 村代码 | '{1000 + at} |\n| 村名 | 村{at} |\n\n"
        text = profile + head + "\n".join(measures)
        books.append(called(drawn(text), f"{at}.xlsx", str(at)))
    return rolled(books)


@pytest.mark.parametrize(
    ("villages", "each", "total"),
    [
        ([["0.1", "0.2"]], [0.3], 0.3),
        ([["0.1"], ["0.2"]], [0.1, 0.2], 0.3),
        ([["0.01"]] * 50, [0.01] * 50, 0.5),
        ([["1.1", "2.2", "3.3"]] * 3, [6.6] * 3, 19.8),
        ([["0.000001"], ["0.000002"]], [0.000001, 0.000002], 0.000003),  # a cent, in 万元
        ([["50", "", "若干"], ["12345678901"]], [50, 12345678901], 12345678951),
        # reckoned by a formula in the village's workbook: a third is kept to the cent
        ([["3.3333333333333335"]] * 3, [3.333333] * 3, 9.999999),
        ([["0.0000004"]] * 3, [0] * 3, 0),
        ([["-0.5", "0.5"]], [0.5], 0.5),  # less than nothing is no amount
    ],
)
def test_money_is_added_up_in_exact_decimals(villages, each, total):
    given = funded(*villages)
    *lines, last = rows(given, rollup.Village)
    assert [r["计划资金"] for r in lines] == each
    assert last["计划资金"] == total
    balance = {r["项目"]: r for r in rows(given, rollup.Balance)}["计划资金（万元）"]
    assert (balance["各村（各文件）合计"], balance["汇总数"], balance["差额"]) == (total, total, 0)
