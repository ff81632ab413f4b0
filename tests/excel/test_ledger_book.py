# ruff: noqa: E501 -- a drawn table is read across
"""整顿台账 as a workbook: four views of the same rows, to filter, to print and to trace."""

import datetime as dt
import io

import openpyxl
import pytest
from drawn import drawn
from openxml_audit import OpenXmlValidator

from toolkit.excel import ledger_book
from toolkit.excel.ledger_book import build_lists
from toolkit.forms.lists import FORM_ID, VERSION, Part, step_of, views
from toolkit.forms.village import DONE, GOING, Measure, Problem, problem_status
from toolkit.schema.form import FORM_PROPERTY

DAY = dt.date(2022, 10, 31)
PATH = "0203-上河村-2022.xlsx"  # the name that drawings bear

BOOK = drawn("""
    # 工作力量
    | 工作角色 | 姓名或单位 | 职务       | 所在单位 |
    | 组长     | 王志远     | 支部书记   | 上河村   |
    | 成员     | 李明       | 村文书     |          |
    # 存在问题
    | 问题编号 | 问题简述     | 具体表现 | 类型代码 | 问题来源 | 发现日期   | 整改责任人 | 整改时限      | 整改目标 | 申请销号日期 | 镇审核日期 | 镇审核意见 | 县审核日期 | 县审核意见 | 销号日期   | 回头看日期 | 回头看结果 |
    | P01      | 集体经济薄弱 | 没有项目 | L01、R10 | 走访     | 2022-04-01 | 王志远     | 2022年9月底前 | 五万元   | 2022-10-11   | 2022-10-21 | 同意       |            |            |            |            |            |
    | P02      | 组织生活松散 |          | R04      |          |            | 李明       |               |          |              |            |            |            |            | 2022-09-21 | 2022-10-26 | 巩固       |
    # 整改措施
    | 措施编号 | 问题编号 | 措施内容   | 责任领导 | 责任人       | 责任单位     | 完成时限      | 是否长期坚持 | 计划资金 | 办理状态 | 进度 | 进展说明 | 实际完成日期 | 佐证材料 |
    | P01-M01  | P01      | 入股合作社 | 周敏     | 王志远、李明 | 上河村党支部 | 2022年9月底前 | 否           | 50.5     | 整改中   | 60   | 已签协议 |              | 协议书   |
    | P01-M02  | P01      | 清账       |          | 赵六         | 上河村村委会 | 2022-06-30    |              |          | 已完成   | 100  |          | 2022-06-28   | 协议书   |
    | P02-M01  | P02      | 修路       |          |              | 上河村村委会 | 看情况        |              |          | 已完成   |      |          |              | 照片     |
""")


ONE = (Part("上河村", BOOK),)


def built(parts=ONE, ways=None) -> bytes:
    return build_lists(views(parts, DAY), "青石镇上河村", DAY, ways or {PATH: f"../{PATH}"})


def opened(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def book():
    return opened(built())


def lines(sheet) -> list[list[object]]:
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    return [[v.date() if isinstance(v, dt.datetime) else v for v in row] for row in rows]


def headers(sheet) -> list[object]:
    return [cell.value for cell in sheet[3]]


# -- what stands in them --------------------------------------------------------------------------


def test_problems_in_the_order_of_the_columns_that_offices_know(book):
    sheet = book["问题清单"]
    assert sheet["A1"].value == "青石镇上河村问题清单（截至2022年10月31日）"
    assert headers(sheet) == [
        *("村名", "问题编号", "问题简述", "具体表现", "类型代码", "问题来源", "发现日期"),
        *("整改目标", "整改责任人", "整改时限", "问题状态", "销号日期", "来源"),
    ]
    # P01 has an open measure; P02 was struck off in September
    assert lines(sheet) == [
        [
            *("上河村", "P01", "集体经济薄弱", "没有项目", "L01、R10", "走访", dt.date(2022, 4, 1)),
            *("五万元", "王志远", "2022年9月底前", "推进中", None, "存在问题 第2行"),
        ],
        [
            *("上河村", "P02", "组织生活松散", None, "R04", None, None),
            *(None, "李明", None, "已销号", dt.date(2022, 9, 21), "存在问题 第3行"),
        ],
    ]


def test_measures_with_the_day_that_their_deadline_means_and_how_late_they_are(book):
    sheet = book["措施清单"]
    assert headers(sheet) == [
        *("村名", "措施编号", "问题编号", "措施内容", "责任人", "完成时限", "办理状态", "责任领导"),
        *("责任单位", "时限截止", "长期坚持", "进度", "进展说明", "佐证材料", "计划资金\n（万元）"),
        *("实际完成日期", "逾期天数", "来源"),
    ]
    assert lines(sheet)[0] == [
        *(
            "上河村",
            "P01-M01",
            "P01",
            "入股合作社",
            "王志远、李明",
            "2022年9月底前",
            "推进中",
            "周敏",
        ),
        *("上河村党支部", dt.date(2022, 9, 30), "否", "60%", "已签协议", "协议书", 50.5),
        *(None, 31, "整改措施 第2行"),
    ]
    assert lines(sheet)[2][5:7] == ["看情况", "已完成"]
    assert [line[-2] for line in lines(sheet)] == [31, None, None]


def test_duties_by_person_in_the_order_of_the_people_and_nobodys_last(book):
    sheet = book["责任清单"]
    assert headers(sheet) == [
        *("村名", "责任人", "职务", "所在单位", "措施编号", "问题简述", "措施内容", "完成时限"),
        *("时限截止", "办理状态", "逾期天数", "来源"),
    ]
    assert [line[1:5] for line in lines(sheet)] == [
        ["王志远", "支部书记", "上河村", "P01-M01"],
        ["李明", "村文书", "上河村党支部", "P01-M01"],  # no unit of his own: the measure's
        ["赵六", None, "上河村村委会", "P01-M02"],  # not among 工作力量
        ["（没有填）", None, "上河村村委会", "P02-M01"],
    ]
    assert lines(sheet)[0][5:] == [
        *("集体经济薄弱", "入股合作社", "2022年9月底前", dt.date(2022, 9, 30), "推进中", 31),
        "整改措施 第2行",
    ]


def test_the_close_out_says_who_waits_for_whom_since_when(book):
    sheet = book["销号台账"]
    assert headers(sheet) == [
        *("村名", "问题编号", "问题简述", "申请日期", "佐证清单", "镇审核日期", "镇审核意见"),
        *("县审核日期", "县审核意见", "销号日期", "回头看日期", "回头看结果", "问题状态"),
        *("当前环节", "办理单位", "已等天数", "来源"),
    ]
    # the same evidence of two measures is named once
    assert lines(sheet)[0][3:16] == [
        *(dt.date(2022, 10, 11), "协议书", dt.date(2022, 10, 21), "同意", None, None, None),
        *(None, None, "推进中", "镇已同意，待县审核", "县委组织部", 10),
    ]
    assert lines(sheet)[1][9:16] == [
        *(
            dt.date(2022, 9, 21),
            dt.date(2022, 10, 26),
            "巩固",
            "已销号",
            "已回头看（巩固）",
            "—",
            None,
        ),
    ]


# -- the close-out chain --------------------------------------------------------------------------

_TOLD = (
    "申请销号日期",
    "镇审核日期",
    "镇审核意见",
    "县审核日期",
    "县审核意见",
    "销号日期",
    "回头看日期",
    "回头看结果",
)


def step(*cells: str, status: str = GOING) -> tuple[str, str, str]:
    """How far a problem has come whose close-out cells are these, in their order."""
    cells = (*cells, *[""] * (len(_TOLD) - len(cells)))
    book = drawn(f"""
        # 存在问题
        | 问题编号 | {" | ".join(_TOLD)} |
        | P01 | {" | ".join(cells)} |
    """)
    told, waits_for, since = step_of(book.rows(Problem)[0], status, DAY)
    return told, waits_for, f"{since:%m-%d}" if since else ""


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ((), ("还没有申请销号", "村党支部", "")),
        (("2022-10-01",), ("已申请，待镇审核", "镇党委", "10-01")),
        (("2022-11-01",), ("还没有申请销号", "村党支部", "")),  # not yet
        (("2022-10-01", "2022-10-05", "退回"), ("镇退回，待补充整改", "村党支部", "10-05")),
        (("2022-10-09", "2022-10-05", "退回"), ("已申请，待镇审核", "镇党委", "10-09")),  # anew
        (("2022-10-01", "2022-10-05", "同意"), ("镇已同意，待县审核", "县委组织部", "10-05")),
        (("2022-10-01", "", "同意"), ("镇已同意，待县审核", "县委组织部", "10-01")),
        (("2022-10-01", "2022-11-05", "同意"), ("已申请，待镇审核", "镇党委", "10-01")),
        (
            ("2022-10-01", "2022-10-05", "同意", "2022-10-08", "退回"),
            ("县退回，待补充整改", "村党支部", "10-08"),
        ),
        (
            ("2022-10-01", "2022-10-05", "同意", "2022-10-08", "同意"),
            ("镇、县已同意，待填销号日期", "村党支部", "10-08"),
        ),
        (("", "", "", "", "", "2022-10-09"), ("已销号，待回头看", "镇党委", "10-09")),
        (
            ("", "", "", "", "", "2022-10-09", "2022-12-09", "巩固"),
            ("已销号，待回头看", "镇党委", "10-09"),
        ),
        (("", "", "", "", "", "2022-10-09", "2022-10-20"), ("已回头看", "", "")),
        (
            ("", "", "", "", "", "2022-10-09", "2022-10-20", "反弹"),
            ("回头看反弹，待重新整改", "村党支部", "10-20"),
        ),
        (
            ("", "", "", "", "", "2022-10-09", "", "反弹"),
            ("回头看反弹，待重新整改", "村党支部", ""),
        ),
        (  # come back after the day that is looked at
            ("", "", "", "", "", "2022-10-09", "2022-11-20", "反弹"),
            ("已销号，待回头看", "镇党委", "10-09"),
        ),
        (  # closed anew
            ("", "", "", "", "", "2022-10-25", "2022-10-20", "反弹"),
            ("已销号，待回头看", "镇党委", "10-25"),
        ),
    ],
)
def test_each_link_of_the_chain_names_the_next(cells, expected):
    assert step(*cells) == expected


def _status(cells: str, *measures: str) -> str:
    """The status of a problem whose closing, look-back and result are these, and its measures'."""
    lines = "\n".join(f"| P01-M{n:02} | P01 | {each} |" for n, each in enumerate(measures, 1))
    book = drawn(f"""
        # 存在问题
        | 问题编号 | 销号日期 | 回头看日期 | 回头看结果 |
        | P01 | {cells} |
        # 整改措施
        | 措施编号 | 问题编号 | 办理状态 |
        {lines}
    """)
    return problem_status(book.rows(Problem)[0], book.rows(Measure), DAY)


@pytest.mark.parametrize(
    ("cells", "measures", "status"),
    [
        ("2022-09-20 | 2022-10-20 | 巩固", ("已完成",), "已销号"),
        ("2022-09-20 | 2022-10-31 | 反弹", ("已完成",), "推进中"),  # on the day itself
        ("2022-09-20 | 2022-10-31 | 反弹", ("已完成", "长期坚持"), "推进中"),
        ("2022-09-20 | 2022-10-31 | 反弹", ("未启动",), "未启动"),
        ("2022-09-20 | | 反弹", ("已完成",), "推进中"),
        ("2022-09-20 | 2022-11-01 | 反弹", ("已完成",), "已销号"),  # not yet
        ("2022-10-25 | 2022-10-20 | 反弹", ("已完成",), "已销号"),  # closed anew
        ("2022-11-25 | 2022-10-20 | 反弹", ("已完成",), "推进中"),  # not yet closed anew
    ],
)
def test_a_problem_that_has_come_back_is_not_struck_off(cells, measures, status):
    assert _status(cells, *measures) == status


def test_what_is_done_or_kept_up_for_good_waits_for_an_application():
    assert step(status=DONE)[0] == "已完成，待申请销号"
    assert step(status="长期坚持")[0] == "长期坚持，还没有申请销号"


# -- how it is used -------------------------------------------------------------------------------


def test_each_sheet_can_be_filtered_scrolled_and_printed(book):
    assert book.sheetnames == ["问题清单", "措施清单", "责任清单", "销号台账"]
    for sheet in book:
        last = sheet.max_row
        assert sheet.auto_filter.ref.startswith("A3:")
        assert sheet.auto_filter.ref.endswith(str(last))
        assert sheet.freeze_panes == "C4"
        assert sheet.print_title_rows == "$1:$3"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0  # as long as it takes, one page wide
        assert "&P" in sheet.oddFooter.right.text
        source = [cell.column_letter for cell in sheet[3] if cell.value == "来源"]
        assert source[0] not in sheet.print_area  # for the screen only


def test_every_line_leads_to_the_row_that_it_came_from(book):
    cell = book["措施清单"]["R6"]  # the third measure
    assert cell.value == "整改措施 第4行"
    assert cell.hyperlink.target.replace("\\", "/") == f"../{PATH}"
    assert cell.hyperlink.location == "'整改措施'!A4"
    assert book["责任清单"]["L4"].hyperlink.location == "'整改措施'!A2"
    assert book["问题清单"]["A2"].value.endswith("点“来源”可打开村级工作簿的那一行。")


def test_without_a_way_or_beyond_excels_limit_the_source_is_only_named(monkeypatch):
    sheet = opened(built(ways={"other.xlsx": "x"}))["问题清单"]
    assert (sheet["M4"].value, sheet["M4"].hyperlink) == ("存在问题 第2行", None)
    assert sheet["A2"].value.endswith("有 2 行没有做成链接。")
    monkeypatch.setattr(ledger_book, "MOST_LINKS", 1)
    sheet = opened(built())["问题清单"]
    assert sheet["M4"].hyperlink is not None
    assert sheet["M5"].hyperlink is None
    assert sheet["A2"].value.endswith("有 1 行没有做成链接。")


def test_a_view_without_lines_says_so():
    sheet = opened(built([Part("下河村", drawn("# 存在问题\n| 问题编号 |"))]))["措施清单"]
    assert sheet["A2"].value.endswith("没有记录。")
    assert sheet.max_row == 4
    assert lines(sheet) == [[None] * 18]


def test_several_villages_stand_one_below_the_other():
    both = opened(built([Part("上河村", BOOK), Part("柳湾村", BOOK)]))
    assert [line[0] for line in lines(both["问题清单"])] == ["上河村"] * 2 + ["柳湾村"] * 2


def test_it_is_no_villages_workbook(book):
    (told,) = (each for each in book.custom_doc_props.props if each.name == FORM_PROPERTY)
    assert told.value.startswith(f"{FORM_ID}/{VERSION}")


def test_equal_input_gives_equal_bytes_that_the_standard_admits(tmp_path):
    assert built() == built()
    path = tmp_path / "台账.xlsx"
    path.write_bytes(built())
    assert OpenXmlValidator().validate(path).errors == []


def test_hostile_text_is_text():
    hostile = drawn("""
        # 存在问题
        | 问题编号 | 问题简述 | 具体表现 |
        | P01 | =HYPERLINK("http://x","点") | @SUM(1+1) |
    """)
    sheet = opened(built([Part("=1+1", hostile), Part("\x07村", BOOK)]))["问题清单"]
    assert [sheet[at].value for at in ("A4", "C4", "D4", "A5")] == [
        *("=1+1", '=HYPERLINK("http://x","点")', "@SUM(1+1)", "\ufffd村"),
    ]
    assert {sheet[at].data_type for at in ("A4", "C4", "D4")} == {"s"}
    assert sheet["C4"].hyperlink is None
