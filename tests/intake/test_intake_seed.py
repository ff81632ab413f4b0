"""The real masked plan of 2022: every expected value was read off the plan by hand."""

import datetime as dt
from pathlib import Path

import docx
import pytest

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
from toolkit.intake.plan import Intake, read_plan, take_in
from toolkit.intake.profile import spelled_out
from toolkit.schema.kinds import Context

SEED = Path(__file__).parents[3] / "shared/seed/整顿方案-2022.txt"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason=f"the real plan is not here: {SEED}")


@pytest.fixture(scope="module", params=["txt", "docx"])
def taken(request, tmp_path_factory) -> Intake:
    """The plan as the text file it came in, and as a Word file with the same paragraphs."""
    path = SEED
    if request.param == "docx":
        document = docx.Document()
        for line in SEED.read_text("utf-8").splitlines():
            document.add_paragraph(line)
        path = tmp_path_factory.mktemp("word") / "方案.docx"
        document.save(str(path))
    return take_in(read_plan(path))


def line(number: int) -> str:
    return SEED.read_text("utf-8").splitlines()[number - 1]


def test_every_sentence_found_its_place(taken) -> None:
    assert taken.unplaced == ()


def test_each_sheet_has_as_many_rows_as_the_plan_has_things(taken) -> None:
    assert {kind.sheet: len(rows) for kind, rows in taken.filling.items()} == {
        "基本情况": 1,
        "依据文件": 1,
        "工作力量": 3,
        "存在问题": 4,
        "整改目标": 4,
        "整改措施": 8 + 6 + 4 + 5,
        "阶段安排": 3,
        "方案文字": 1 + 1 + 1 + 1 + 1 + 3,
    }


def test_the_profile_holds_the_first_chapters_figures_and_masks(taken) -> None:
    assert taken.filling[Profile] == [
        {
            "year": 2022,
            "town": "**镇",
            "village": "**村",
            "branch": "中共**镇**村支部委会",
            "location": "**北部",
            "seat": "是",
            "distance": 20,
            "terrain": "浅山丘陵地带",
            "elevation": 1000,
            "area": 15234.8,
            "groups": 9,
            "households": 301,
            "population": 1045,
            "committee": "*",
            "secretaries": 1,
            "both_posts": "是",
            "deputies": 1,
            "vice_directors": 1,
            "clerks": 1,
            "cross_posts": "*",
            "members": 34,
            "women": 4,
            "age_30": 3,
            "age_40": 5,
            "age_45": 4,
            "main_types": "L01、R10",
            "types_text": (
                "村级集体经济薄弱、组织动员力弱、带领致富能力不强、"
                "在群众中威信不高的、作用发挥不好的"
            ),
            "plan_day": dt.date(2022, 4, 20),
        }
    ]


def test_the_first_chapter_keeps_its_wording_around_placeholders(taken) -> None:
    text = taken.filling[Passage][1]["text"]
    assert text == (
        "【村名】位于【地理位置】，距离县城【距县城】公里，【乡镇】镇政府所在村，"
        "总面积【总面积】亩。地处【地形地貌】，平均海拔高度【平均海拔】米，"
        "全村共有【村民小组】个村民小组，共有【总户数】户【总人口】人。"
        "目前，村“两委”班子共有【村“两委”班子】人，其中支部书记【支部书记】名（为“一肩挑”），"
        "副支书【副支书】名，副主任【村委会副主任】名，专职化文书【专职化文书】名，"
        "交叉任职的两委委员【交叉任职的两委委员】人，"
        "党员【党员总数】名（其中女性党员【女性党员】名）。"
    )
    profile = taken.filling[Profile][0]
    fields = {column: profile[column.name] for column in Profile.columns if column.name in profile}
    assert spelled_out(text, fields) == line(3)


def test_the_plan_rests_on_one_document_and_no_invented_assessment(taken) -> None:
    assert taken.filling[Basis] == [
        {
            "kind": "上级文件",
            "organ": "县委组织部",
            "title": "**2022年度软弱涣散基层党组织集中整顿实施方案的通知",
            "number": "县委组发〔2022〕40号",
        }
    ]


def test_the_leading_group_is_named_in_masks(taken) -> None:
    assert taken.filling[Person] == [
        {"role": "组长", "name": "***", "unit": "党支部"},
        {"role": "成员", "name": "***"},
        {"role": "成员", "name": "***"},
    ]


def test_the_four_problems_join_description_headline_owner_and_deadline(taken) -> None:
    rows = taken.filling[Problem]
    assert [row["description"] for row in rows] == [line(n)[2:] for n in (6, 7, 8, 9)]
    assert [{k: v for k, v in row.items() if k != "description"} for row in rows] == [
        {
            "number": "P01",
            "headline": "村级集体经济薄弱，带富致富能力不强",
            "types": "L01、R10",
            "owner": "***",
            "deadline": "2022年10月前及长期坚持",
        },
        {
            "number": "P02",
            "headline": "组织动员力弱",
            "types": "R10",
            "owner": "***",
            "deadline": "2022年6月前及长期坚持",
        },
        {
            "number": "P03",
            "headline": "在群众中威信不高的方面",
            "types": "R10",
            "owner": "***、***",
            "deadline": "2022年7月前及长期坚持",
        },
        {
            "number": "P04",
            "headline": "作用发挥不好的方面",
            "types": "R10",
            "owner": "*** ***、*** *** ***",
            "deadline": "2022年10月之前及长期坚持",
        },
    ]


def test_goals_part_into_title_and_text(taken) -> None:
    rows = taken.filling[Goal]
    assert [row["title"] for row in rows] == [
        "全面夯实基层基础，建强基层组织",
        "加强党员教育管理，优化队伍结构",
        "锤炼过硬工作作风，提升服务水平",
        "发展壮大集体经济，增强带富能力",
    ]
    for number, row in enumerate(rows, start=1):
        assert f"{number}.{row['title']}。{row['text']}" == line(11 + number)


MEASURES = (
    ("P01-M01", "坚持把发展村集体经济", "常态化研究推进"),
    ("P01-M02", "积极争取中央三部委", "10万元集体经济发展资金"),
    ("P01-M03", "发挥好“党支部+”模式", "推动全村经济快速发展"),
    ("P01-M03", "继续将发展壮大", "增加村级集体经济收入"),
    ("P01-M04", "对***社、***社5公里通社", "发展产业无路难的问题"),
    ("P01-M06", "积极发挥**绿色田园", "发展产业增加收入"),
    ("P01-M07", "发挥**广源生猪", "务工5人，增加收入"),
    ("P01-M08", "依托本村自然资源", "带动周边群众致富增收"),
    ("P02-M01", "科学制定“三会一课”", "旗帜鲜明维护“两个确立”"),
    ("P02-M02", "严格落实村干部坐班", "激发干事创业热情"),
    ("P02-M03", "严抓党员教育管理", "全面提升党员队伍整体素质"),
    ("P02-M04", "加强形势政策", "晓法律的高素质党员队伍"),
    ("P02-M05", "加强村级后备干部", "进一步充实办公力量"),
    ("P02-M06", "坚持在疫情防控", "党组织的凝聚力、向心力"),
    ("P03-M01", "坚持党建统揽", "群众的积极性和主动性"),
    ("P03-M02", "依托东西部协作项目", "助推乡村振兴"),
    ("P03-M03", "继续依托党群活动日", "提升服务群众的能力"),
    ("P03-M04", "充分发挥群团组织", "送到群众家中去"),
    ("P04-M01", "发挥党的核心领导作用", "村级的发展上建言献策"),
    ("P04-M02", "为困难群众开展好", "为村级的发展献智出力"),
    ("P04-M03", "积极组织70余名群众", "助力乡村振兴"),
    ("P04-M04", "村“两委”班子成员带头", "确保生命安全"),
    ("P04-M05", "加强医疗保险", "体现人文关怀和帮助机制"),
)


def test_measures_keep_the_plans_own_numbers_even_where_they_repeat_or_skip(taken) -> None:
    rows = taken.filling[Measure]
    assert [row["number"] for row in rows] == [number for number, _, _ in MEASURES]
    for row, (number, first, last) in zip(rows, MEASURES, strict=True):
        assert row["problem"] == number[:3]
        assert row["text"].startswith(first)
        assert row["text"].endswith(last)


@pytest.mark.parametrize(("problem", "at"), [("P01", 19), ("P02", 23), ("P03", 27), ("P04", 31)])
def test_measures_set_end_to_end_are_the_plans_paragraph(taken, problem, at) -> None:
    rows = [row for row in taken.filling[Measure] if row["problem"] == problem]
    joined = "；".join(f"{int(row['number'][-2:])}.{row['text']}" for row in rows)
    written = line(at).replace("整体素质。4.", "整体素质；4.")  # the one full stop between two
    assert f"整改措施：{joined}。" == written


def test_each_measure_has_its_problems_owner_and_deadline_and_is_standing(taken) -> None:
    problems = {row["number"]: row for row in taken.filling[Problem]}
    for row in taken.filling[Measure]:
        problem = problems[row["problem"]]
        assert (row["owner"], row["deadline"]) == (problem["owner"], problem["deadline"])
        assert (row["standing"], row["status"]) == ("是", "未启动")
        assert len(row) == 7


def test_stages_keep_their_times_as_written(taken) -> None:
    assert taken.filling[Stage] == [
        {"name": "开展集中整顿", "start": "2022年5月", "end": "9月低前", "task": line(36)},
        {"name": "开展自查评估", "end": "2022年10月中旬前", "task": line(38)},
        {"name": "巩固提高阶段", "end": "2022年10月底前", "task": line(40)},
    ]


def test_passages_hold_preamble_lead_ins_and_requirements(taken) -> None:
    rows = taken.filling[Passage]
    plain = [(row["section"], row["text"]) for row in rows if "title" not in row]
    assert [each for each in plain if each[0] != "基本情况"] == [
        ("前言", line(1)),
        ("存在的问题分析", line(5)),
        ("整改目标", line(11)),
        ("整改具体措施", line(17)),
    ]
    titled = [row for row in rows if "title" in row]
    assert [row["title"] for row in titled] == [
        "成立机构，加强领导",
        "强化管理，务求实效",
        "严明责任，注重长效",
    ]
    for mark, at, row in zip("一二三", (42, 43, 44), titled, strict=True):
        assert row["section"] == "整顿要求"
        assert f"（{mark}）{row['title']}。{row['text']}" == line(at)


@pytest.mark.parametrize("slip", ["低前", "台帐", "支部委会", "顺利完**镇", "习近平新时代中共特色"])
def test_slips_stay_as_written(taken, slip) -> None:
    cells = [str(raw) for rows in taken.filling.values() for row in rows for raw in row.values()]
    assert any(slip in cell for cell in cells)


def test_every_cell_is_what_its_column_takes(taken) -> None:
    faults = [
        (column.header, row[column.name])
        for kind, rows in taken.filling.items()
        for row in rows
        for column in kind.columns
        if column.name in row and column.kind.read(row[column.name], Context(2022)).fault
    ]
    assert faults == []


def test_every_interpretation_is_said(taken) -> None:
    assert taken.notes == (
        "前言提到“三级联评”，没有写明层级、方式和日期，“依据文件”未填三级联评，请补充",
        "“是否镇政府驻地”按原文填“是”",
        "“书记是否一肩挑”按原文填“是”",
        "认定类型“村级集体经济薄弱”暂归 L01，请核对",
        "认定类型“组织动员力弱”暂归 R10，请核对",
        "认定类型“带领致富能力不强”暂归 R10，请核对",
        "认定类型“在群众中威信不高的”暂归 R10，请核对",
        "认定类型“作用发挥不好的”暂归 R10，请核对",
        "“30岁及以下的3人”填入“基本情况”的“30岁及以下”",
        "“31岁到40岁的5人”填入“基本情况”的“31至40岁”",
        "“41岁到45岁的4人”填入“基本情况”的“41至45岁”",
        "问题一的措施的序号有重复或跳号（1、2、3、3、4、6、7、8），措施编号照原序号",
        "“问题一”按 P01 编号",
        "P01 类型“村级集体经济薄弱”暂归 L01，请核对",
        "P01 类型“带富致富能力不强”暂归 R10，请核对",
        "“问题二”按 P02 编号",
        "P02 类型“组织动员力弱”暂归 R10，请核对",
        "“问题三”按 P03 编号",
        "P03 类型“在群众中威信不高的方面”暂归 R10，请核对",
        "“问题四”按 P04 编号",
        "P04 类型“作用发挥不好的方面”暂归 R10，请核对",
        "方案没有办理情况，各条措施的办理状态都填“未启动”",
        "阶段“开展集中整顿”的时间“2022年5月到9月低前”拆为开始时间“2022年5月”、结束时间“9月低前”",
        "阶段“开展自查评估”的时间“2022年10月中旬前”填入“结束时间”",
        "阶段“巩固提高阶段”的时间“2022年10月底前”填入“结束时间”",
        "“工作力量”的组长“***”取自“整顿要求”",
        "“工作力量”的成员“***”取自“整顿要求”",
        "“全村36名党员”与党员总数 34 不同，照原文保留，请核对",
        "七个年龄段中方案只写了 3 个，其余未填，请补充",
        "方案里有脱敏符号，照原样保留，请补填真实内容",
    )
