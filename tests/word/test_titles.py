# ruff: noqa: SLF001 -- what a shape costs is nobody else's business
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.word import titles
from toolkit.word.lines import sanitize, spaced_width
from toolkit.word.titles import title_lines

TITLES = (
    "上河村软弱涣散基层党组织集中整顿实施方案",
    "青山镇2026年软弱涣散基层党组织/集中整顿工作实施方案",
    "青山镇人民政府关于2026年度/软弱涣散村党组织集中整顿工作情况的报告",
    "关于印发《青山镇软弱涣散基层党组织/集中整顿实施方案》的通知",
    "关于印发《上河村软弱涣散党组织/整顿实施方案》的通知",
    "中共青石镇委员会关于印发《青石镇上河村/软弱涣散党组织整顿方案》的通知",
    "青山镇上河村党支部关于/集中整顿工作进展情况的报告",
    "关于召开2026年第三季度/软弱涣散基层党组织集中整顿/专题研究会议的通知",
    "中共青山镇委员会关于进一步做好2026年度/软弱涣散基层党组织排查整顿工作的通知",
    "关于转发《关于做好整顿工作的通知》的通知",
    "关于成立青山镇软弱涣散基层党组织/集中整顿工作领导小组的通知",
    "上河村党支部关于召开/专题组织生活会的情况报告",
)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_is_broken_between_words_into_a_pleasing_shape(title) -> None:
    assert "/".join(title_lines(title.replace("/", ""))) == title


def test_the_author_may_break_a_title() -> None:
    assert title_lines("上河村\n整顿方案") == ("上河村", "整顿方案")


def test_a_title_of_unknown_words_is_still_broken_to_fit() -> None:
    assert [len(line) for line in title_lines("国" * 30)] in ([14, 16], [16, 14], [15, 15])


def test_a_very_long_title_is_filled_line_by_line() -> None:
    lines = title_lines("关于集中整顿工作情况的报告" * 9)
    assert len(lines) == 6
    assert all(len(line) <= 20 for line in lines)
    assert [len(line) for line in title_lines("》" * 50)] == [20, 20, 10]


def test_a_rhombus_is_better_than_an_hourglass() -> None:
    assert titles._shape_cost([10, 16, 11]) < titles._shape_cost([16, 10, 16])
    assert titles._shape_cost([16, 17]) < titles._shape_cost([16, 16])
    assert titles._shape_cost([16, 12]) < titles._shape_cost([16, 3])


@given(st.text(st.characters()))
def test_breaking_a_title_adds_and_loses_no_character(text) -> None:
    assert "".join(title_lines(text)) == sanitize(text).replace("\n", "").replace("\r", "")


@given(st.text(st.sampled_from("青山镇关于《的和》，。软弱涣散党组织2026年 工作A"), max_size=90))
def test_no_line_of_a_title_begins_with_a_mark_or_is_too_long(text) -> None:
    lines = title_lines(text)
    assert all(spaced_width(line) <= 20 for line in lines)
    if len(lines) < 3 and "的的" not in text and "，，" not in text:
        assert not any(line[0] in "的和" for line in lines[1:] if len(lines[0]) < 18)
