"""Every rule, in code order; a code is never renumbered and never used again."""

from collections.abc import Sequence

from toolkit.errors import UsageError
from toolkit.rules import cells, dates, layout, links, rows, township, wording
from toolkit.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    layout.missing_sheet,
    layout.missing_column,
    layout.header_taken_for_another,
    layout.cell_that_belongs_nowhere,
    layout.extra_sheet,
    layout.version_unlike_the_form,
    cells.empty_required_cell,
    cells.unreadable_cell,
    cells.read_with_understanding,
    cells.duplicate_key,
    cells.error_cell,
    cells.masked_cell,
    cells.percent_as_fraction,
    rows.done_without_day,
    rows.done_without_evidence,
    rows.completed_but_not_done,
    rows.progress_against_status,
    rows.standing_told_two_ways,
    rows.measure_without_unit,
    rows.more_present_than_due,
    rows.quorum_not_reached,
    rows.decision_without_owner,
    rows.absence_not_explained,
    rows.ballots_out_of_order,
    rows.ballots_not_adding_up,
    rows.passed_below_the_line,
    rows.close_out_out_of_order,
    rows.closed_without_consent,
    rows.goal_without_change,
    rows.figure_without_unit,
    rows.fraction_for_percentage,
    links.problem_without_measure,
    links.reference_to_no_problem,
    links.number_under_another_problem,
    links.numbering_gap,
    links.count_unlike_the_profile,
    links.percentage_that_does_not_recompute,
    links.age_bands_not_adding_up,
    links.part_greater_than_whole,
    links.name_told_two_ways,
    links.owner_not_at_work,
    links.main_type_without_problem,
    dates.ambiguous_deadline,
    dates.deadline_after_last_stage,
    dates.deadline_before_plan,
    dates.stages_out_of_order,
    dates.overdue,
    dates.due_soon,
    dates.month_without_meeting,
    dates.completed_out_of_time,
    dates.slip_in_deadline,
    dates.meeting_out_of_time,
    wording.document_number_without_hexagonal_brackets,
    wording.typo,
    wording.placeholder_left,
    wording.half_width_or_doubled_mark,
    wording.number_typed_into_text,
    wording.unknown_placeholder,
    wording.unpaired_mark,
    township.village_not_handed_in,
    township.village_not_on_roster,
    township.village_handed_in_twice,
    township.another_year,
    township.older_than_the_others,
    township.issued_to_another_village,
)

GENERAL: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.code.startswith(("L", "C")))
"""The rules that serve every form."""


def select_rules(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return the rules whose codes begin as selected, all by default, less the ignored ones."""
    chosen = tuple(_prefix(prefix) for prefix in select) or ("",)
    dropped = tuple(_prefix(prefix) for prefix in ignore)
    return tuple(
        rule
        for rule in RULES
        if rule.code.startswith(chosen) and not (dropped and rule.code.startswith(dropped))
    )


def find_rule(code: str) -> Rule:
    """Return the rule of a code; raises UsageError where there is none."""
    wanted = code.strip().upper()
    for rule in RULES:
        if rule.code == wanted:
            return rule
    raise UsageError(f"没有编号为“{code}”的规则。用 zhengdun rules 可以列出全部规则。")


def _prefix(text: str) -> str:
    """Return a prefix as codes spell it; raises UsageError where no code begins so."""
    prefix = text.strip().upper()
    if not prefix or not any(rule.code.startswith(prefix) for rule in RULES):
        raise UsageError(
            f"没有以“{text}”开头的规则。写规则编号或它的开头，如 X401、C2；"
            "用 zhengdun rules 可以列出全部规则。"
        )
    return prefix
