"""An invented plan that shares only its kind with the real one; and single turns of phrase."""

import datetime as dt
from pathlib import Path

import pytest

from toolkit.errors import UnreadableError
from toolkit.forms.village import (
    Basis,
    Goal,
    Measure,
    Passage,
    Person,
    Problem,
    Profile,
    Stage,
)
from toolkit.intake.plan import Intake, Line, read_plan, take_in
from toolkit.schema.kinds import Context

OTHER = Path(__file__).parent / "other_plan.txt"


@pytest.fixture(scope="module")
def other() -> Intake:
    return take_in(read_plan(OTHER))


def taken(text: str) -> Intake:
    """Return the intake of a plan drawn in the test."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return take_in([Line(number, line) for number, line in enumerate(lines, start=1)])


def unplaced(intake: Intake) -> list[str]:
    return [each.text for each in intake.unplaced]


# ---- the whole plan


def test_the_other_plan_is_placed_whole(other) -> None:
    assert unplaced(other) == []


def test_the_other_profile(other) -> None:
    assert other.filling[Profile] == [
        {
            "year": 2023,
            "town": "青石镇",
            "village": "上河村",
            "branch": "中共青石镇上河村支部委员会",
            "location": "青石镇西部",
            "distance": 35,
            "terrain": "高寒山区地带",
            "elevation": 2100,
            "area": "1.5万亩",
            "farmland": "3,200",
            "groups": 6,
            "households": 412,
            "population": "1,630",
            "workers": 210,
            "committee": 7,
            "secretaries": 1,
            "both_posts": "否",
            "deputies": 1,
            "clerks": 1,
            "members": "四十一",
            "women": 9,
            "probationary": 2,
            "age_30": 3,
            "age_over": 6,
            "main_types": "R03、R07",
            "types_text": "班子不团结，财务公开不及时，饮水困难",
            "plan_day": dt.date(2023, 4, 3),
        }
    ]


def test_what_would_print_otherwise_stays_literal(other) -> None:
    texts = [row["text"] for row in other.filling[Passage] if row["section"] == "基本情况"]
    assert texts == [
        (
            "【村名】地处【地理位置】，距县城约３５公里，属【地形地貌】，平均海拔【平均海拔】米，"
            "总面积1.5万亩，耕地3,200亩。辖【村民小组】个社，【总户数】户1,630人，"
            "其中脱贫户50户200人，外出务工【外出务工】余人。"
        ),
        (
            "村“两委”班子现有【村“两委”班子】人，支部书记【支部书记】名，未实现“一肩挑”，"
            "副书记【副支书】名，文书【专职化文书】名。现有党员四十一名，其中女党员【女性党员】名，"
            "预备党员【预备党员】名，30岁及以下【30岁及以下】名，71岁及以上【71岁及以上】名，"
            "35岁以下8名。"
        ),
    ]


def test_the_other_bases(other) -> None:
    assert other.filling[Basis] == [
        {
            "kind": "上级文件",
            "organ": "中共清河县委组织部",
            "title": ("中共清河县委组织部关于印发〈清河县软弱涣散基层党组织整顿工作方案〉的通知"),
            "number": "清组发[2023]12号",
        },
        {
            "kind": "三级联评",
            "day": dt.date(2023, 3, 10),
            "level": "村级",
            "way": "党员大会评议",
        },
        {"kind": "三级联评", "day": dt.date(2023, 3, 18), "level": "镇级", "way": "党委会评议"},
    ]


def test_the_other_people(other) -> None:
    assert other.filling[Person] == [
        {"role": "组长", "name": "王志远", "post": "村党支部书记"},
        {"role": "副组长", "name": "李明"},
        {"role": "成员", "name": "赵国强"},
        {"role": "成员", "name": "孙立"},
    ]


def test_the_other_problems(other) -> None:
    assert other.filling[Problem] == [
        {
            "number": "P01",
            "headline": "班子不团结",
            "description": "班子成员之间沟通少，遇事推诿。2.3公里通社道路议而不决。",
            "types": "R03",
            "goal": "班子成员分工明确",
            "owner": "王志远",
            "deadline": "6月底前",
        },
        {
            "number": "P02",
            "headline": "财务公开不及时",
            "description": "村务、财务公开不及时。\n公开栏两年没有更新。",
            "types": "R07",
            "owner": "赵国强",
            "deadline": "立行立改，长期坚持",
        },
        {"number": "P03", "headline": "饮水困难", "description": "人饮工程未通水。"},
    ]


def test_the_other_goals(other) -> None:
    assert other.filling[Goal] == [
        {"title": "抓班子", "text": "配齐配强村“两委”班子。"},
        {"title": "抓队伍，党员评议优秀率达到三成"},
        {
            "title": "抓增收",
            "text": "到年底村集体经营性收入达到5.5万元，其中：\n（1）光伏收入3万元。",
        },
    ]


def test_the_other_measures(other) -> None:
    shown = ("number", "text", "owner", "deadline", "standing")
    assert [tuple(row.get(name, "") for name in shown) for row in other.filling[Measure]] == [
        ("P01-M01", "召开组织生活会1次，开展谈心谈话", "王志远", "6月底前", ""),
        ("P01-M02", "制定班子议事规则", "王志远", "6月底前", ""),
        ("P01-M03", "落实《村级议事决策办法》", "王志远", "6月底前", ""),
        ("P02-M01", "每月公开财务", "赵国强", "立行立改，长期坚持", "是"),
        ("P02-M02", "聘请2名监督员", "赵国强", "立行立改，长期坚持", "是"),
        ("P03-M01", "铺设管网3.5公里", "钱大有", "2023年8月底前", ""),
        ("P03-M02", "2023年9月前通水", "孙立", "2023年9月底前", ""),
    ]
    first = other.filling[Measure][0]
    assert (first["leader"], first["unit"]) == ("李 明", "上河村党支部")


def test_the_other_stages_and_requirements(other) -> None:
    assert other.filling[Stage] == [
        {
            "name": "排查整改阶段",
            "start": "2023年4月1日",
            "end": "6月30日",
            "task": "对照清单逐条整改。\n建立台账。",
        },
        {"name": "总结验收阶段", "end": "7-8月", "task": "接受镇党委验收。"},
    ]
    sections = [
        (row["section"], row.get("title"), row["text"]) for row in other.filling[Passage][4:]
    ]
    assert sections == [
        ("时限要求", None, "整顿工作分两个阶段进行。"),
        ("整顿要求", "加强领导", "成立整顿工作领导小组。"),
        ("整顿要求", None, "组  长：王志远（村党支部书记）"),
        ("整顿要求", None, "副组长：李 明"),
        ("整顿要求", None, "成  员：赵国强、孙立、全体党员"),
        ("整顿要求", "严格督查", "每月督查一次。"),
    ]


@pytest.mark.parametrize(
    "note",
    [
        "第4行“村情概况”一章按“基本情况”读，原标题不保留",
        (
            "标题“青石镇上河村2023年软弱涣散党组织整顿工作方案”没有存放的格子，"
            "公文标题由文稿模板生成，请核对是否一致"
        ),
        "“1.5万亩”填入“总面积”，“方案文字”里照原文保留",
        "认定类型“饮水困难”没有相当的类型代码，未归类，请核对",
        "第16行没有序号，接在第 2 个问题的具体表现之后",
        "第11行没有序号，接在第 3 个目标的内容之后",
        "问题3的“整改时限”各条措施不同，只填在“整改措施”表",
        "“全体党员”（成员）不像一个人的姓名，“工作力量”未填，请核对",
        "“乡镇”取自落款：青石镇",
        "年龄段“35岁以下8名”与“基本情况”表的七段不同，未填",
        "未写明年度，按 2023 年（成文日期）",
        "成文日期“二〇二三年四月三日”按 2023-04-03 理解",
        "方案各章的先后与通用文稿不同，工作簿不记章节先后",
    ],
)
def test_the_other_plans_readings_are_said(other, note) -> None:
    assert note in other.notes


# ---- the profile


def test_masked_counts_and_units_of_other_measure() -> None:
    intake = taken("""
        一、基本情况
        青石镇上河村位于清河县东部，为青石镇政府驻地，总面积25平方公里，现有党员**名，村级负债5000元。
    """)
    assert intake.filling[Profile] == [
        {
            "town": "青石镇",
            "village": "上河村",
            "location": "清河县东部",
            "seat": "是",
            "area": "25平方公里",  # 37500亩
            "members": "**",
            "debt": "5000元",
        }
    ]
    assert "“25平方公里”填入“总面积”，“方案文字”里照原文保留" in intake.notes


def test_of_two_counts_the_first_holds_and_the_second_stays_literal() -> None:
    intake = taken("""
        一、基本情况
        上河村位于青石镇东部，党员34名。
        近年来党员36名参加轮训，党员34名参加评议，距镇政府所在地3公里。
    """)
    assert intake.filling[Profile][0]["members"] == 34
    assert "seat" not in intake.filling[Profile][0]
    assert intake.filling[Passage][1]["text"] == (
        "近年来党员36名参加轮训，党员【党员总数】名参加评议，距镇政府所在地3公里。"
    )
    note = "“党员总数”前后两处不同：34、36，按前一处填，后一处照原文保留"
    assert note in intake.notes


def test_brackets_of_the_plans_own_keep_a_paragraph_literal() -> None:
    intake = taken("""
        一、基本情况
        上河村位于青石镇东部，党员34名【党员总数】。
    """)
    assert intake.filling[Passage][0]["text"] == "上河村位于青石镇东部，党员34名【党员总数】。"
    assert "这一段里有【】，不便换成占位符，照原文保留" in intake.notes
    assert "方案里有【】，生成公文时会当作占位符，请改用其他括号" in intake.notes


# ---- headings, signature, people


def test_chapters_need_no_numbers_and_may_hold_text_in_their_own_line() -> None:
    intake = taken("""
        基本情况
        上河村位于青石镇东部。
        二、工作目标：达到以下目标：
        1.抓班子
        三、指导思想
        以理论为指导。
        第四部分 工作要求
        加强领导。
        附件：1.台账
    """)
    sections = [row["section"] for row in intake.filling[Passage]]
    assert sections == ["基本情况", "整改目标", "整顿要求"]
    assert unplaced(intake) == ["三、指导思想", "以理论为指导。", "附件：1.台账"]
    assert "第5行“指导思想”一章在工作簿里没有对应的位置" in intake.notes


def test_a_numbered_demand_is_no_chapter() -> None:
    intake = taken("""
        五、时限要求
        六、整顿要求
        一、强化组织保障。落实责任。
        二、严格时限要求
        按时完成。
        三、收尾
    """)
    assert [(row.get("title"), row["text"]) for row in intake.filling[Passage]] == [
        ("强化组织保障", "落实责任。"),
        ("严格时限要求", "按时完成。"),
        (None, "收尾"),
    ]


@pytest.mark.parametrize(
    ("tail", "branch", "day", "left"),
    [
        ("中共上河村支部委员会\n2022年4月2日", "中共上河村支部委员会", dt.date(2022, 4, 2), []),
        ("上河村党支部　2022年4月2日", "上河村党支部", dt.date(2022, 4, 2), []),
        ("上河村党支部\n2022年*月*日", "上河村党支部", "2022年*月*日", []),
        (
            "上河村党支部\n（盖章）\n2022年4月2日\n抄送：镇党委",
            "上河村党支部",
            dt.date(2022, 4, 2),
            ["（盖章）", "抄送：镇党委"],
        ),
        ("2022年4月2日", None, dt.date(2022, 4, 2), []),
        ("中共上河村支部委员会", "中共上河村支部委员会", None, []),
        ("到此为止。", None, None, []),
    ],
)
def test_signatures(tail, branch, day, left) -> None:
    intake = taken(f"六、整顿要求\n（一）加强领导。落实责任。\n{tail}")
    profile = intake.filling[Profile][0]
    assert (profile.get("branch"), profile.get("plan_day")) == (branch, day)
    assert unplaced(intake) == left


def test_people_are_named_in_more_ways_than_one() -> None:
    intake = taken("""
        六、整顿要求
        成立领导小组，由镇党委副书记王志远任组长，村党支部书记李明、村监委会主任赵国强任副组长，班子成员为成员。
        组长由张三丰同志担任，成员由李*、王某某组成。
    """)
    assert intake.filling[Person] == [
        {"role": "组长", "name": "王志远", "unit": "镇党委", "post": "副书记"},
        {"role": "副组长", "name": "李明", "unit": "村党支部", "post": "书记"},
        {"role": "副组长", "name": "赵国强", "unit": "村监委会", "post": "主任"},
        {"role": "组长", "name": "张三丰"},
        {"role": "成员", "name": "李*"},
        {"role": "成员", "name": "王某某"},
    ]


def test_documents_without_a_number_count_only_if_somebody_issued_them() -> None:
    intake = taken("""
        按照镇党委印发《整顿方案》要求，学习《党章》，依据县委组织部关于印发《办法》（县组发（2022）3号）精神，制定方案。
    """)
    assert [(row["organ"], row["title"], row.get("number")) for row in intake.filling[Basis]] == [
        ("镇党委", "整顿方案", None),
        ("县委组织部", "办法", "县组发（2022）3号"),
    ]


# ---- problems and measures


def test_blocks_without_problem_numbers_are_known_by_the_label_that_follows() -> None:
    intake = taken("""
        二、存在问题及整改措施
        （一）财务不公开
        整改措施：公开财务
        完成时限：
        2022年6月底前
        多出的话
        （二）场所破旧
        具体表现：漏雨
        整改措施：1.修缮；3.添置桌椅
        再添两把
    """)
    assert [(r["number"], r["headline"], r["types"]) for r in intake.filling[Problem]] == [
        ("P01", "财务不公开", "R07"),
        ("P02", "场所破旧", "R09"),
    ]
    assert intake.filling[Problem][1]["description"] == "漏雨"
    assert [(r["number"], r["text"], r.get("deadline")) for r in intake.filling[Measure]] == [
        ("P01-M01", "公开财务", "2022年6月底前"),
        ("P02-M01", "修缮", None),
        ("P02-M03", "添置桌椅\n再添两把", None),
    ]
    assert unplaced(intake) == ["多出的话"]


def test_problems_and_measures_in_one_chapter_on_problems() -> None:
    intake = taken("""
        二、存在的问题
        问题一：
        班子不团结
        遇事推诿
        整改措施：做到：1.谈心；2.走访
        责任人：李明
    """)
    assert intake.filling[Problem] == [
        {
            "number": "P01",
            "headline": "班子不团结",
            "description": "遇事推诿",
            "owner": "李明",
            "types": "R03",
        }
    ]
    assert [(r["number"], r["text"]) for r in intake.filling[Measure]] == [
        ("P01-M01", "谈心"),
        ("P01-M02", "走访"),
    ]
    assert unplaced(intake) == ["做到："]
    assert "问题与措施写在同一章，按“整改具体措施”读" in intake.notes


def test_more_problems_described_than_rectified_and_the_other_way_round() -> None:
    more = taken("""
        二、存在问题
        1.财务不公开。
        2.场所破旧。
        四、整改措施
        问题二：财务不公开
        整改措施：公开
    """)
    assert [(r["number"], r.get("headline"), r["types"]) for r in more.filling[Problem]] == [
        ("P01", "财务不公开", "R07"),
        ("P02", "场所破旧", "R09"),
    ]
    note = "问题分析写了 2 个问题，措施部分写了 1 个，按先后顺序配对，多出的单独成行，请核对"
    assert note in more.notes
    assert "“问题二”的序号与先后顺序不一致，按先后顺序编号" in more.notes
    fewer = taken("""
        二、存在问题
        1.财务不公开。
        四、整改措施
        问题一：财务不公开
        问题二：场所破旧
    """)
    assert [r["number"] for r in fewer.filling[Problem]] == ["P01", "P02"]
    assert "P02 没有写整改措施" in fewer.notes


def test_a_problem_without_a_block_takes_its_first_sentence_for_a_headline() -> None:
    long = "村里的各项工作多年来一直没有很好地开展起来，群众对此意见比较大，反映也比较多"
    intake = taken(f"""
        二、存在问题
        （一）班子软弱，战斗力不强。支委会不按期开。
        （二）场所破旧；
        （三）{long}。
    """)
    assert [(r.get("headline"), r["description"]) for r in intake.filling[Problem]] == [
        ("班子软弱，战斗力不强", "班子软弱，战斗力不强。支委会不按期开。"),
        ("场所破旧", "场所破旧；"),
        (None, f"{long}。"),
    ]
    note = "P01 没有问题标题，“问题简述”取具体表现的第一句“班子软弱，战斗力不强”，请核对"
    assert note in intake.notes
    assert "P03 没有问题标题，“问题简述”未填，请补充" in intake.notes


def test_measures_that_name_no_problem_go_to_the_only_one_or_to_none() -> None:
    only = taken("""
        二、存在问题
        1.财务不公开。
        四、整改措施
        采取以下措施：
        1.公开财务；2.开会
    """)
    assert [r["number"] for r in only.filling[Measure]] == ["P01-M01", "P01-M02"]
    none = taken("""
        二、存在问题
        1.财务不公开。
        2.场所破旧。
        四、整改措施
        责任人：李明
        1.公开财务。
    """)
    assert none.filling[Measure] == [{"text": "公开财务", "owner": "李明", "status": "未启动"}]
    assert "措施没有写明对应哪个问题，“问题编号”未填，请补充" in none.notes


@pytest.mark.parametrize("gap", ["，", "；", "。", "、", ",", " ", ";"])
@pytest.mark.parametrize("head", ["", "问题一：班子软弱\n", "问题一：班子软弱\n整改措施：\n"])
def test_each_measure_line_keeps_its_own_terms(gap, head) -> None:
    intake = taken(
        f"四、整改措施\n{head}"
        f"1.召开支委会，调整分工。责任人：赵大山{gap}完成时限：2022年6月底前。\n"
        f"2.选派第一书记{gap}责任人：李明、王芳{gap}责任单位：村支部{gap}完成时限：2022年5月\n"
        "3.轮训党员，责任人：钱大有"
    )
    shown = ("text", "owner", "unit", "deadline")
    assert [tuple(row.get(name) for name in shown) for row in intake.filling[Measure]] == [
        ("召开支委会，调整分工", "赵大山", None, "2022年6月底前"),
        ("选派第一书记", "李明、王芳", "村支部", "2022年5月"),
        ("轮训党员", "钱大有", None, None),
    ]
    assert unplaced(intake) == []
    name = "问题一" if head else "第2行起"
    assert f"{name}有的措施没有写“整改时限”，未填，请核对" in intake.notes
    assert f"{name}有的措施没有写“整改责任人”，未填，请核对" not in intake.notes


def test_terms_below_each_measure_are_that_measures_own() -> None:
    intake = taken("""
        四、整改措施
        问题一：班子软弱
        整改措施：
        1.开会
        完成时限：6月底前
        2.走访
        责任人：李明
        完成时限：
        5月
    """)
    shown = ("text", "owner", "deadline")
    assert [tuple(row.get(name) for name in shown) for row in intake.filling[Measure]] == [
        ("开会", None, "6月底前"),
        ("走访", "李明", "5月"),
    ]


def test_what_is_said_ahead_of_the_measures_holds_where_they_say_nothing_else() -> None:
    intake = taken("""
        四、整改措施
        问题一：班子软弱
        责任人：李明
        整改措施：
        1.开会，责任人：王芳
        2.走访
    """)
    assert [row["owner"] for row in intake.filling[Measure]] == ["王芳", "李明"]
    assert intake.filling[Problem][0]["owner"] == "李明"


# ---- stages


def test_stages_without_a_time_keep_their_words() -> None:
    intake = taken("""
        五、时间安排
        （一）动员部署。开会。
        （二）总结（从2022年9月开始，到2022年10月底结束）：验收；
        （三）巩固（10月—11月）
    """)
    assert intake.filling[Stage] == [
        {"name": "动员部署", "task": "开会。"},
        {
            "name": "总结",
            "start": "从2022年9月开始",
            "end": "2022年10月底结束",
            "task": "验收；",
        },
        {"name": "巩固", "start": "10月", "end": "11月"},
    ]
    assert "阶段“动员部署”没有写明时间，“结束时间”未填，请补充" in intake.notes
    assert unplaced(intake) == []


@pytest.mark.parametrize(
    ("time", "start", "end", "day"),
    [
        ("2022年5月至9月", "2022年5月", "9月", dt.date(2022, 9, 30)),
        ("2022年11月至2月", None, "2022年11月至2月", dt.date(2023, 2, 28)),
        ("2023年1月至3月", None, "2023年1月至3月", dt.date(2023, 3, 31)),
    ],
)
def test_a_stages_end_is_read_in_the_year_that_was_meant(time, start, end, day) -> None:
    intake = taken(f"五、时间安排\n（一）动员（{time}）。开会。\n上河村党支部\n2022年4月2日")
    row = intake.filling[Stage][0]
    assert (row.get("start"), row["end"]) == (start, end)
    deadline = Stage.end.kind.read(row["end"], Context(2022)).value
    assert deadline is not None
    assert deadline.end == day
    assert unplaced(intake) == []


def test_a_text_that_is_no_plan_is_refused(tmp_path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("关于放假的通知\n一、放假安排\n国庆节放假七天。\n请各村遵照执行。", "utf-8")
    with pytest.raises(UnreadableError) as caught:
        read_plan(path)
    assert str(caught.value) == (
        "通知.txt：不像整顿方案，没有找到“基本情况”“存在问题”“整改措施”等章节。请核对文件。"
    )
    for text in ("整顿工作安排\n请遵照执行。", "一、基本情况\n上河村位于青石镇东部。"):
        path.write_text(text, "utf-8")
        assert [line.text for line in read_plan(path)] == text.split("\n")


def test_ages_told_twice_are_filled_once() -> None:
    intake = taken("""
        一、基本情况
        上河村位于青石镇东部，30岁及以下党员3名。
        二、存在问题
        1.队伍老化，30岁及以下的4人。
    """)
    assert intake.filling[Profile][0]["age_30"] == 3
    assert "“30岁及以下”前后两处不同：3、4，按前一处填" in intake.notes


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("1.修路3.5公里；2.投入10万元。3、4社通路", ["修路3.5公里", "投入10万元。3、4社通路"]),
        ("1.比例为：2.走访；1.重来", ["比例为：2.走访", "重来"]),
        ("2.甲；1.乙", ["甲；1.乙"]),
        ("１．甲；２．乙", ["甲", "乙"]),
        ("（1）甲；（2）乙", ["甲", "乙"]),
        ("第一，甲；第二，乙", ["甲", "乙"]),
        ("(一)甲。(二)乙", ["甲", "乙"]),
        ("1.一是甲；二是乙；2.丙", ["一是甲；二是乙", "丙"]),
    ],
)
def test_measures_are_cut_at_their_marks_only(text, cut) -> None:
    intake = taken(f"四、整改措施\n问题一：甲\n整改措施：{text}")
    assert [row["text"] for row in intake.filling[Measure]] == cut
