"""The table of rules: its order, its families, how rules are chosen from it."""

import re

import pytest

from toolkit.errors import UsageError
from toolkit.forms.parameters import Parameters
from toolkit.forms.village import PARTS
from toolkit.rules.catalogue import GENERAL, RULES, select_rules
from toolkit.rules.rule import Rule

_FAMILIES = {
    "L1": "layout",
    "C2": "cells",
    "R3": "rows",
    "X4": "links",
    "D5": "dates",
    "W6": "wording",
    "T7": "township",
}
EVERY_RULE = [pytest.param(each, id=each.code) for each in RULES]


def codes(*select: str, ignore: tuple[str, ...] = ()) -> list[str]:
    """Return the codes chosen."""
    return [each.code for each in select_rules(select, ignore)]


def test_no_code_and_no_name_is_used_twice() -> None:
    assert len({each.code for each in RULES}) == len({each.name for each in RULES}) == len(RULES)


def test_rules_stand_in_the_order_of_their_codes() -> None:
    numbers = [int(each.code[1:]) for each in RULES]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("each", EVERY_RULE)
def test_a_rule_stands_in_the_module_of_its_family(each: Rule) -> None:
    assert each.ask.__module__ == f"toolkit.rules.{_FAMILIES[each.code[:2]]}"


@pytest.mark.parametrize("each", EVERY_RULE)
def test_a_rule_has_code_name_and_three_part_page(each: Rule) -> None:
    assert re.fullmatch(r"[LCRXDWT]\d{3}", each.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", each.name)
    assert all(part.endswith("。") for part in (each.fault, each.why, each.remedy))


@pytest.mark.parametrize("each", EVERY_RULE)
def test_a_fault_is_one_short_sentence(each: Rule) -> None:
    assert each.fault.count("。") == 1
    assert len(each.fault) <= 32


_DEFAULTS = {
    "D501": "默认上月末",
    "D506": f"默认 {Parameters.due_soon} 天",
    "D507": f"默认 {Parameters.first_month} 月",
    "D514": f"默认 {Parameters.immediate_days} 天",
    "D515": f"默认 {Parameters.lookback_days} 天",
    "D516": f"默认 {Parameters.cutoff_day} 日",
    "R312": f"默认 {Parameters.quorum}%",
    "R323": f"默认 {Parameters.satisfaction}%",
    "R326": f"默认 {Parameters.dissatisfied}%",
    "X406": f"默认 {Parameters.tolerance} 个末位",
}


@pytest.mark.parametrize("code", _DEFAULTS)
def test_a_rule_that_a_township_may_set_names_the_default_and_who_decides(code: str) -> None:
    (rule,) = select_rules([code])
    assert _DEFAULTS[code] in rule.why
    assert "由镇里在“参数”表里规定" in rule.why


def test_the_page_of_x408_names_every_pair_that_it_compares() -> None:
    (rule,) = select_rules(["X408"])
    groups = rule.why.partition("核对的有：")[2].rstrip("。").split("；")
    named = {
        (part, whole)
        for parts, _, whole in (group.rpartition("与") for group in groups)
        for part in parts.split("、")
    }
    assert named == {(each.part.header, each.whole.header) for each in PARTS}


def test_an_old_workbook_is_upgraded_whichever_rule_speaks_of_it() -> None:
    remedies = [select_rules([code])[0].remedy for code in ("L106", "T705")]
    assert all("由镇党建办用 upgrade 命令升级，内容原样保留" in each for each in remedies)


def test_a_prefix_selects_a_family_and_a_code_one_rule() -> None:
    assert codes("x401", "C20") == [f"C20{n}" for n in range(1, 10)] + ["X401"]


def test_ignoring_takes_away_from_what_is_selected() -> None:
    assert codes("L10", ignore=("L103", "L106", "L108")) == [
        *("L101", "L102", "L104", "L105", "L107", "L109")
    ]


def test_all_rules_are_selected_by_default() -> None:
    assert select_rules() == RULES


@pytest.mark.parametrize("wrong", ["Q", "X999", "", "D5O1"])
def test_a_prefix_of_no_rule_is_refused_in_words(wrong: str) -> None:
    with pytest.raises(UsageError, match=f"没有以“{wrong}”开头的规则"):
        select_rules([wrong])
    with pytest.raises(UsageError):
        select_rules(ignore=[wrong])


def test_general_rules_are_the_families_l_and_c() -> None:
    assert {each.code[0] for each in GENERAL} == {"L", "C"}
