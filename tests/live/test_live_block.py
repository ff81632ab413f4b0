"""Which lines of a rollup go where on an open sheet, and when none do."""

import datetime as dt

import pytest

from toolkit.errors import OutputError
from toolkit.live.block import block_of

DAY = dt.date(2022, 10, 31)
TITLE, HINT = ["措施台账"], ["说明"]
HEADERS = ["村序号", "村名", "到期日"]
MADE = [TITLE, HINT, HEADERS, [1.0, "上河村", DAY], [2.0, "柳湾村", ""], ["", "", ""]]
"""The sheet of a rollup: title, hint, headers, two lines, and what a ledger ends with."""


def block(*now: list[object], made: list[list[object]] = MADE):
    return block_of(made, list(now), "措施台账")


# -- where ----------------------------------------------------------------------------------------


def test_the_lines_go_under_the_headers_wherever_those_stand():
    found = block(["全镇措施"], [], ["", "村序号", "村名", "到期日"])
    assert (found.row, found.column) == (4, 2)
    assert found.lines == ((1.0, "上河村", DAY), (2.0, "柳湾村", None))
    assert (found.records, found.stands) == (2, False)


def test_a_line_break_or_a_blank_in_a_header_makes_no_difference():
    assert block(["村序号", "村\n名", " 到期日 "]).row == 2


def test_lines_of_the_former_block_that_are_left_over_are_blanked():
    former = [[float(number), "某村", ""] for number in range(1, 5)]
    found = block(HEADERS, *former)
    assert found.records == 2
    assert found.lines[2:] == ((None, None, None),) * 2


def test_where_the_same_lines_stand_already_that_is_known():
    assert block(HEADERS, *MADE[3:5]).stands
    assert block(HEADERS, MADE[3], [2.0, "柳湾村"]).stands  # a line is as long as it is filled
    assert not block(HEADERS, MADE[3], [2.0, "柳湾村", DAY]).stands
    assert not block(HEADERS, *MADE[3:5], [3.0, "石桥村", ""]).stands


def test_a_rollup_without_lines_blanks_what_stood_there():
    found = block(HEADERS, [1.0, "上河村", ""], made=MADE[:3])
    assert (found.records, found.lines) == (0, ((None, None, None),))
    assert block(HEADERS, made=MADE[:3]).stands


# -- what refuses it ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        (["村序号", "村名"], "的表头和镇汇总不一致，没有写入：少“到期日”。"),
        ([*HEADERS, "备注"], "的表头和镇汇总不一致，没有写入：多“备注”。"),
        (
            ["村序号", "到期时间", "村名"],
            "的表头和镇汇总不一致，没有写入：少“到期日”，多“到期时间”。",
        ),
        (
            ["村序号", "到期日", "村名"],
            "的表头和镇汇总不一致，没有写入：次序不同，第 2 栏应当是“村名”。",
        ),
        ([*HEADERS, "村名"], "的表头和镇汇总不一致，没有写入：有重复或空着的栏。"),
        (
            ["村序号", "", "村名", "到期日"],
            "的表头和镇汇总不一致，没有写入：次序不同，第 2 栏应当是“村名”。",
        ),
        (["甲", "乙"], "里没有找到镇汇总的表头，没有写入。"),
    ],
)
def test_other_headers_are_refused_and_what_differs_is_named(headers, said):
    with pytest.raises(OutputError, match="没有写入") as refused:
        block(["说明"], headers)
    assert str(refused.value).startswith(f"工作表“措施台账”{said}")


def test_of_many_headers_that_are_missing_the_first_five_are_named():
    headers = [f"栏{number}" for number in range(1, 10)]
    made = [TITLE, HINT, headers]
    with pytest.raises(OutputError, match="少“栏2”、“栏3”、“栏4”、“栏5”、“栏6”等 8 栏。"):
        block(["栏1"], made=made)


def test_what_is_no_line_of_a_ledger_is_never_written_over():
    total = ["合计", 2.0, ""]
    with pytest.raises(OutputError, match="第 3 行不是台账的内容，要写的 2 行放不下，没有写入"):
        block(HEADERS, [1.0, "上河村", ""], total)
    with pytest.raises(OutputError, match="第 2 行"):  # nor what stands beside the block
        block(HEADERS, ["", "", "", "批注"])
    assert block(HEADERS, *MADE[3:5], total).stands  # below the block it harms nothing
    assert block(HEADERS, ["", "", ""], ["", "", ""], total).row == 2


def test_a_yes_or_no_is_no_village_s_number():
    with pytest.raises(OutputError, match="第 2 行"):
        block(HEADERS, [True, "上河村", ""])


# -- how it is shown ------------------------------------------------------------------------------


def test_text_stays_text_cell_by_cell_and_a_blank_goes_with_what_stands_above():
    made = [
        *(TITLE, HINT, HEADERS),
        [1.0, "0203", DAY],
        [2.0, "", "10月底前"],
        [3.0, "0205", ""],
        [4.0, 7.0, 5.0],
    ]
    found = block([], HEADERS, made=made)
    assert list(found.runs()) == [
        ((3, 1), (6, 1), False),
        ((3, 2), (5, 2), True),
        ((6, 2), (6, 2), False),
        ((3, 3), (3, 3), False),
        ((4, 3), (5, 3), True),
        ((6, 3), (6, 3), False),
    ]
    assert found.looks((3, 3)) == 'yyyy"-"mm"-"dd'
    assert found.looks((6, 3)) == "General"


def test_what_is_blank_from_the_top_is_shown_as_it_was():
    made = [TITLE, HINT, HEADERS, [1.0, "", "甲"], [2.0, "", "乙"]]
    assert [run[0] for run in block(HEADERS, made=made).runs()] == [(2, 1), (2, 3)]
