"""Nothing of a plan may be lost: judged here without the program's own account of it."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.forms.village import Profile
from toolkit.intake.plan import Intake, Line, take_in
from toolkit.intake.profile import spelled_out
from toolkit.schema.kinds import Day

OTHER = Path(__file__).parent / "other_plan.txt"
SEED = Path(__file__).parents[3] / "shared/seed/整顿方案-2022.txt"
PLANS = [path.read_text("utf-8").splitlines() for path in (OTHER, SEED) if path.exists()]
WORDS = st.text("甲乙丙丁山水田林abc", min_size=1, max_size=6)
GLUE = st.sampled_from(["，", "。", "；", "：", "、", "（", "）", "3", "1.", "问题", "措施：", " "])
FOREIGN = st.lists(st.one_of(WORDS, GLUE), min_size=1, max_size=8).map("".join)
MARKS = re.compile(
    "[一二三四五六七八九十]+|问题.?|.*(?:措施|责任人|时限|期限|责任领导|责任单位|具体表现|整改目标)"
    "|.*(?:情况|概况|问题|目标|步骤|保障|要求|分析)"
)


def numbered(texts: Sequence[str]) -> list[Line]:
    return [Line(number, text) for number, text in enumerate(texts, start=1)]


def everything(taken: Intake) -> str:
    """Return all that the intake holds: cells, dates as written, what it lists and quotes."""
    profile = taken.filling[Profile][0]
    fields = {column: profile[column.name] for column in Profile.columns if column.name in profile}
    cells = [raw for rows in taken.filling.values() for row in rows for raw in row.values()]
    held = [spelled_out(str(raw), fields) for raw in cells]
    held += [Day().text(raw) for raw in cells if hasattr(raw, "year")]
    held += [unplaced.text for unplaced in taken.unplaced]
    held += [note for note in taken.notes if note.startswith(("标题", "成文日期"))]
    return "\0".join(held)


def lost(texts: Sequence[str], taken: Intake) -> list[str]:
    """Return the runs of words that stand in the plan and nowhere in the intake."""
    held = everything(taken)
    runs = [run for text in texts for run in re.findall(r"[\u4e00-\u9fffa-z*]+", text)]
    missing = [run for run in runs if run not in held]
    words = [re.split("[至到]|^[一二三四五六七八九十]+是", run) for run in missing]
    return [w for run in words for w in run if w not in held and not MARKS.fullmatch(w)]


@pytest.mark.parametrize("plan", PLANS)
def test_a_plan_loses_nothing(plan) -> None:
    assert lost(plan, take_in(numbered(plan))) == []


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(PLANS), st.integers(0, 60), FOREIGN)
def test_a_foreign_line_shows_up_wherever_it_was_put(plan, at, foreign) -> None:
    texts = [*plan[:at], foreign, *plan[at:]]
    taken = take_in(numbered(texts))
    assert lost(texts, taken) == []
    held = everything(taken)
    for run in re.findall("[甲乙丙丁山水田林a-z]+", foreign):
        assert run in held


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PLANS), st.integers(0, 50), st.integers(1, 30))
def test_a_stretch_cut_out_takes_nothing_else_along(plan, start, length) -> None:
    texts = plan[:start] + plan[start + length :]
    assert lost(texts, take_in(numbered(texts))) == []


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(PLANS).flatmap(st.permutations))
def test_lines_in_any_order_are_kept(texts) -> None:
    assert lost(texts, take_in(numbered(texts))) == []


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text(max_size=30), max_size=6))
def test_any_lines_at_all_are_taken_without_a_fault(texts) -> None:
    take_in(numbered(texts))


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("gone", range(6))
def test_without_a_chapter_the_rest_stands_and_the_gap_is_said(plan, gone) -> None:
    heads = [at for at, text in enumerate(plan) if re.match("[一二三四五六][、.]", text)]
    ends = [*heads[1:], len(plan) - 2]
    texts = plan[: heads[gone]] + plan[ends[gone] :]
    taken = take_in(numbered(texts))
    assert lost(texts, taken) == []
    assert len([note for note in taken.notes if note.endswith("”一章")]) == 1
    assert taken.unplaced == ()


def test_what_stands_in_a_table_is_listed() -> None:
    taken = take_in([Line(1, "一、基本情况"), Line(2, "王志远", "段", "表格")])
    assert [(each.line, each.text, each.place) for each in taken.unplaced] == [
        (2, "王志远", "第2段（表格）")
    ]
