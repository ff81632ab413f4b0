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
    layout.workbook_with_macros,
    layout.workbook_with_external_links,
    layout.hidden_row_or_column,
    layout.hidden_sheet,
    layout.cell_far_from_the_table,
    layout.formatted_rows_without_content,
    layout.picture_in_cell,
    layout.another_file_format,
    layout.identity_marks_lost,
    layout.sheet_without_a_row,
    layout.text_box_on_a_sheet,
    cells.empty_required_cell,
    cells.unreadable_cell,
    cells.read_with_understanding,
    cells.duplicate_key,
    cells.error_cell,
    cells.masked_cell,
    cells.percent_as_fraction,
    cells.formula_in_cell,
    cells.digits_lost_in_number,
    cells.approximate_number,
    cells.text_too_long,
    cells.number_in_another_unit,
    cells.yuan_for_ten_thousands,
    rows.done_without_day,
    rows.done_without_evidence,
    rows.completed_but_not_done,
    rows.progress_against_status,
    rows.standing_told_two_ways,
    rows.measure_without_unit,
    rows.done_without_note,
    rows.evidence_that_names_nothing,
    rows.idle_with_progress,
    rows.more_present_than_due,
    rows.quorum_not_reached,
    rows.decision_without_owner,
    rows.absence_not_explained,
    rows.chair_keeps_the_record,
    rows.absent_though_all_came,
    rows.absent_not_as_many_as_named,
    rows.owner_without_decision,
    rows.due_before_the_meeting,
    rows.ballots_out_of_order,
    rows.ballots_not_adding_up,
    rows.passed_below_the_line,
    rows.score_without_verdict,
    rows.verdict_without_grounds,
    rows.passed_against_the_ballots,
    rows.more_aware_than_asked,
    rows.close_out_out_of_order,
    rows.closed_without_consent,
    rows.opinion_half_told,
    rows.reviewed_without_application,
    rows.lookback_half_told,
    rows.goal_without_change,
    rows.figure_without_unit,
    rows.fraction_for_percentage,
    rows.term_ends_before_it_begins,
    rows.document_of_another_year,
    rows.secretary_found_where_none_was_lacking,
    rows.type_against_the_secretary_s_post,
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
    links.waiver_that_answers_nothing,
    links.closed_with_open_measures,
    links.measure_struck_off_alone,
    links.completed_after_close_out,
    links.deadline_after_the_problem_s,
    links.sent_back_and_nothing_reopened,
    links.problem_never_studied,
    links.last_decisions_not_followed_up,
    links.minutes_alike,
    links.measure_written_twice,
    links.leader_not_at_work,
    links.four_ones_incomplete,
    links.committee_unlike_the_people,
    links.phone_told_two_ways,
    links.branch_unlike_the_village,
    links.implausible_household,
    links.land_greater_than_area,
    links.more_due_than_members,
    links.satisfaction_told_otherwise,
    links.assessment_out_of_order,
    links.both_posts_told_otherwise,
    links.closed_without_acceptance,
    links.problem_without_owner_or_deadline,
    links.problem_of_another_type,
    links.person_listed_twice,
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
    dates.stages_with_a_gap,
    dates.duration_unlike_dates,
    dates.day_not_come_yet,
    dates.immediate_still_open,
    dates.lookback_overdue,
    dates.data_out_of_date,
    dates.day_after_the_data,
    dates.deadline_without_end,
    dates.plan_of_another_year,
    wording.document_number_without_hexagonal_brackets,
    wording.typo,
    wording.placeholder_left,
    wording.half_width_or_doubled_mark,
    wording.number_typed_into_text,
    wording.unknown_placeholder,
    wording.unpaired_mark,
    wording.labels_mixed,
    wording.mark_after_bracketed_number,
    wording.numerals_mixed,
    wording.straight_or_turned_quotes,
    township.village_not_handed_in,
    township.village_not_on_roster,
    township.village_handed_in_twice,
    township.another_year,
    township.older_than_the_others,
    township.issued_to_another_village,
    township.same_file_twice,
    township.phone_of_another_person,
    township.name_unlike_the_roster,
    township.text_copied_between_villages,
    township.issued_for_another_year,
    township.file_name_unlike_the_content,
    township.formality_that_no_paper_bears,
    township.document_number_of_two_papers,
)

FAMILIES = {
    "L": "版式与身份",
    "C": "单元格",
    "R": "一行之内",
    "X": "表与表之间",
    "D": "日期与阶段",
    "W": "公文用语",
    "T": "各村之间（由镇党建办处理）",
}
"""What the rules whose codes begin with a letter are about."""

GENERAL: tuple[Rule, ...] = tuple(rule for rule in RULES if rule.code.startswith(("L", "C")))
"""The rules that serve every form."""

OF_TOWNSHIP: tuple[Rule, ...] = (
    *GENERAL,
    township.formality_that_no_paper_bears,
    township.document_number_of_two_papers,
)
"""The rules that a township's own workbook is asked."""

ALONE = tuple(rule for rule in RULES if not rule.together)
TOGETHER = tuple(rule for rule in RULES if rule.together)
"""The rules that look at one workbook by itself, and those that compare workbooks."""


def select_rules(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return the rules whose codes begin as selected, all by default, less the ignored ones."""
    chosen = tuple(_prefix(prefix) for prefix in select) or ("",)
    dropped = tuple(_prefix(prefix) for prefix in ignore)
    return tuple(
        rule
        for rule in RULES
        if rule.code.startswith(chosen) and not (dropped and rule.code.startswith(dropped))
    )


def _prefix(text: str) -> str:
    """Return a prefix as codes spell it; raises UsageError where no code begins so."""
    prefix = text.strip().upper()
    if not prefix or not any(rule.code.startswith(prefix) for rule in RULES):
        raise UsageError(
            f"没有以“{text}”开头的规则。写规则编号或它的开头，如 X401、C2；"
            "用 zhengdun rules 可以列出全部规则。"
        )
    return prefix
