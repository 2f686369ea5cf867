"""Every clause and every decision is kept by a rule, a function or a test that is there."""

import ast
import inspect
from pathlib import Path

import pytest

from pkgredeem import Clause, Rule, clauses, rules
from pkgredeem.rules import acts, article

TESTS = Path(__file__).parents[1]

#: What keeps each clause: the rules and functions that cite it, by module and name, and the tests
#: of what no single rule or function can keep, by file and name.
KEPT = {
    "T01": ["article.is_switched_on", "article.online_redemption_off"],
    "T02": ["article.starts_switched_on", "article.online_redemption_off"],
    "T03": ["article.switch_is_visible", "article.account_on_legacy_packages"],
    "T04": ["article.account_on_legacy_packages", "article.legacy_package"],
    "T05": ["article.client_login_disabled"],
    "T06": ["rules/test_design.py::test_no_choice_exists_package_by_package"],
    "T07": ["article.shows_notice", "article.client_not_logged_in"],
    "T08": ["article.shows_prompt", "article.text_for_client"],
    "T09": ["article.shows_notice"],
    "T10": ["article.shows_notice", "article.several_active_packages"],
    "T11": ["rules/test_design.py::test_no_operation_sells_a_package"],
    "T12": [
        "article.package_of_another_client",
        "article.package_not_sold_yet",
        "article.no_package",
    ],
    "T13": ["article.service_not_in_package", "article.not_enough_credits"],
    "T14": ["article.service_not_in_package"],
    "T15": [
        "article.service_not_in_package",
        "rules/test_design.py::test_menu_and_add_on_decide_alike",
    ],
    "T16": ["article.not_enough_credits", "rules/test_design.py::test_booking_takes_the_credits"],
    "T17": ["article.mixed_booking"],
    "T18": ["article.deposit_outcome", "article.card_capture_outcome"],
    "T19": ["article.deposit_outcome"],
    "T20": ["article.card_capture_outcome"],
    "T21": ["article.no_card_on_file", "rules/test_design.py::test_booking_puts_no_card_on_file"],
    "T22": ["acts.credit_on_cancel", "acts.refund_on_cancel"],
    "T23": [
        "acts.free_until",
        "acts.credit_on_cancel",
        "acts.refund_on_cancel",
        "acts.late_cancellation",
    ],
    "T24": ["article.package_archived"],
    "T25": ["rules/test_design.py::test_what_a_client_is_told_holds_no_detail"],
    "D01": ["article.starts_switched_on", "article.online_redemption_off"],
    "D02": [
        "article.is_switched_on",
        "article.account_on_legacy_packages",
        "article.online_redemption_off",
    ],
    "D03": [
        "article.client_not_logged_in",
        "article.package_of_another_client",
        "article.no_package",
    ],
    "D04": ["article.package_of_another_client"],
    "D05": ["article.package_used_up", "article.several_active_packages"],
    "D06": [
        "article.package_not_started",
        "article.package_over",
        "article.package_over_by_then",
    ],
    "D07": [
        "article.not_enough_credits",
        "engine/test_allocation.py::test_the_allocation_is_the_best_of_all",
    ],
    "D08": ["article.package_used_up", "article.not_enough_credits"],
    "D09": [
        "article.appointment_started",
        "acts.free_until",
        "acts.refund_on_cancel",
        "acts.changes_closed",
        "acts.late_change",
        "acts.late_cancellation",
    ],
    "D10": ["acts.free_until", "acts.credit_on_cancel"],
    "D11": ["rules/test_design.py::test_an_act_asks_for_nothing_that_may_have_changed"],
    "D12": ["acts.credit_on_cancel"],
    "D13": [
        "acts.credit_not_usable",
        "acts.text_for_client",
        "rules/test_design.py::test_a_credit_returns_to_where_it_came_from",
        "rules/test_each_rule.py::test_a_return_asks_about_kind_status_and_validity",
        "engine/test_returned_credits.py::test_it_is_asked_of_the_policy_that_settles",
        "engine/test_returned_credits.py::test_whichever_act_returned_it_says_so",
    ],
    "D14": ["rules/test_design.py::test_a_refusal_lets_nothing_go"],
    "D15": [
        "rules/test_design.py::test_the_core_reads_no_clock_and_reaches_nowhere",
        "model/test_values.py::test_an_instant_is_stored_in_utc",
    ],
    "D16": ["acts.credit_on_no_show", "acts.appointment_not_started"],
    "D17": [
        "acts.free_until_rescheduled",
        "acts.late_change",
        "acts.new_start_passed",
    ],
    "D18": ["article.deposit_outcome", "article.card_capture_outcome"],
    "D19": ["article.deposit_outcome", "article.card_capture_outcome"],
    "D20": [
        "engine/test_allocation.py::test_the_allocation_is_the_best_of_all",
        "engine/test_allocation.py::test_the_credit_of_the_highest_rank_is_drawn",
    ],
    "D21": [
        "engine/test_decision.py::test_a_booking_never_counts_against_itself",
        "engine/test_exchange.py::test_another_clients_redemption_pays_for_nobody",
        "desk/test_repeats.py::test_redeeming_again_returns_the_recorded_answer",
        "desk/test_repeats.py::test_other_contents_are_a_mismatch",
    ],
    "D22": ["engine/test_decision.py::test_every_reason_is_given_in_a_fixed_order"],
    "D23": [
        "engine/test_decision_laws.py::test_adding_a_rule_only_refuses_more",
        "engine/test_decision_laws.py::test_lifting_a_rule_only_refuses_less",
    ],
    "D24": [
        "article.text_for_client",
        "acts.text_for_client",
        "rules/test_design.py::test_what_a_client_is_told_holds_no_detail",
        "model/test_explanation.py::test_staff_are_told_every_finding",
    ],
    "D25": ["engine/test_decision.py::test_package_findings_are_notes_beside_a_usable_package"],
    "D26": ["documents/test_times.py::test_the_last_day_counts_whole"],
    "D27": ["model/test_values.py::test_a_package_is_handed_in_once"],
    "D28": ["article.no_card_on_file"],
    "D29": ["acts.late_cancellation", "rules/test_design.py::test_no_value_knows_a_fee"],
    "D30": [
        "rules/test_design.py::test_a_part_of_a_booking_is_cancelled_by_itself",
        "engine/test_lines_of_acts.py::test_an_act_without_lines_concerns_what_is_still_reserved",
    ],
    "D31": ["article.nothing_to_pay", "article.deposit_outcome"],
    "D32": ["article.package_not_sold_yet"],
    "D33": ["acts.booked_inside_the_window"],
    "D34": [
        "rules/test_each_rule.py::test_the_desk_holds_what_is_not_of_online_booking_alone",
        "rules/test_each_rule.py::test_the_desk_books_what_is_refused_online_only",
    ],
    "D35": ["rules/test_design.py::test_the_desk_gives_up_after_its_attempts"],
    "D36": ["rules/test_design.py::test_every_act_keeps_who_and_why"],
    "D37": [
        "engine/test_settlement.py::test_the_same_act_again_changes_nothing",
        "engine/test_settlement.py::test_an_act_on_a_closed_line_is_an_error",
        "engine/test_lines_of_acts.py::test_every_act_that_ended_a_line_is_kept",
        "engine/test_lines_of_acts.py::test_another_outcome_said_by_staff_is_another_act",
    ],
    "D38": ["rules/test_design.py::test_what_nobody_completes_stays_reserved"],
    "D39": ["rules/test_design.py::test_no_value_names_its_account"],
    "D54": [
        "model/test_draws.py::test_an_ended_draw_keeps_the_start_that_it_had",
        "engine/test_moves.py::test_an_ended_line_keeps_the_start_that_it_had",
    ],
    "D58": [
        "engine/test_moves.py::test_a_client_who_booked_on_a_weekday_cannot_move_to_a_weekend",
        "engine/test_moves.py::test_a_move_by_the_business_is_never_refused",
        "engine/test_moves.py::test_a_rule_may_leave_moves_alone",
        "rules/test_each_rule.py::test_a_move_asks_about_when_and_where",
    ],
    "D65": [
        "model/test_redemption_document.py::test_what_was_stored_first_stays_as_it_was",
        "model/test_redemption_document.py::test_a_field_that_is_added_changes_nothing_stored",
    ],
    "D67": [
        "acts.changes_closed",
        "engine/test_cancellation.py::test_a_client_cannot_cancel_what_has_started",
    ],
    "D70": ["desk/test_quotes.py::test_a_quote_is_what_the_act_would_be"],
    "D71": [
        "acts.changes_closed",
        "acts.late_change",
        "engine/test_exchange.py::test_no_rulebook_lets_a_client_exchange_what_has_started",
        "engine/test_exchange.py::test_an_exchange_says_which_booking_it_took_the_place_of",
        "desk/test_exchanges.py::test_an_exchange_is_one_commit",
    ],
    "D72": [
        "model/test_explanation.py::test_staff_read_names",
        "model/test_explanation.py::test_clients_read_neither_names_nor_ids",
    ],
    "D73": [
        "model/test_packages.py::test_an_entitlement_has_one_id_whatever_its_services",
        "desk/test_conflicts.py::test_an_entitlement_that_the_store_lost_is_told_at_once",
    ],
    "D74": [
        "engine/test_lines_of_acts.py::test_up_to_a_minute_early_is_another_servers_clock",
        "engine/test_lines_of_acts.py::test_more_than_a_minute_early_is_broken_input",
        "engine/test_lines_of_acts.py::test_a_repeat_is_never_refused_for_its_clock",
    ],
    "D75": [
        "model/test_values.py::test_a_booking_has_at_most_a_hundred_lines",
        "model/test_values.py::test_a_case_has_at_most_a_thousand_packages_and_entitlements",
        "engine/test_sizes.py::test_twice_as_much_takes_at_most_four_times_as_many_steps",
    ],
    "D76": [
        "model/test_values.py::test_the_zone_of_an_account_is_kept_by_its_name",
        "model/test_redemption_document.py::test_a_zone_that_this_machine_does_not_know_is_kept",
        "model/test_settlement_explained.py::test_a_zone_that_this_machine_does_not_know_is_said",
    ],
}
EVERY = (*clauses.ARTICLE, *clauses.DECISIONS)
#: What each edition is known to say: stated in it, inferred from its headings, or assumed of it.
MARCH_ONLY = ["T03", "T07", "T09", "T11", "T12", "T18", "T19", "T20", "T21", "T22", "T23"]
APRIL_AND_INFERRED = ["T10", "T13", "T14", "T15", "T17"]
LIMITS = ["T06", "T10", "T17", "T25"]


def citing(clause: Clause) -> set[str]:
    """Return the rules and functions that cite the clause, by module and name."""
    return {
        f"{module.__name__.removeprefix('pkgredeem.rules.')}.{name}"
        for module in (article, acts)
        for name, value in vars(module).items()
        if isinstance(value, Rule) or inspect.isfunction(value)
        if clause in getattr(value, "clauses", ())
    }


def named_tests(file: str) -> set[str]:
    """Return the names of the tests in a file of tests."""
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("clause", EVERY, ids=lambda clause: clause.id)
def test_a_clause_keeps_its_rules(clause: Clause) -> None:
    """The rules that cite the clause are those of the table: none was lost, none is unlisted."""
    assert {name for name in KEPT[clause.id] if "::" not in name} == citing(clause)


@pytest.mark.parametrize("clause", EVERY, ids=lambda clause: clause.id)
def test_a_clause_keeps_its_tests(clause: Clause) -> None:
    """The tests that keep the clause are still there."""
    listed = [name.split("::") for name in KEPT[clause.id] if "::" in name]

    assert [] == [test for file, test in listed if test not in named_tests(file)]


def test_every_clause_is_kept_by_something() -> None:
    """No clause of the article and no decision stands there without any of them."""
    assert [each.id for each in EVERY] == list(KEPT)
    assert [] == [name for name, listed in KEPT.items() if not listed]


def test_both_rulebooks_of_the_article_hold_each_clause_that_a_rule_implements() -> None:
    """What is stated, inferred or assumed of an edition is decided alike by its rulebook."""
    cited = [
        {clause.id for each in book.rules for clause in each.clauses}
        for book in (rules.TIMELY_2026_03, rules.TIMELY_2026_04)
    ]

    assert cited[0] == cited[1]


@pytest.mark.parametrize("clause", clauses.ARTICLE, ids=lambda clause: clause.id)
def test_what_is_known_of_each_edition(clause: Clause) -> None:
    """Each clause says of each edition whether it is stated, inferred or assumed there."""
    march, april = "2026-03", "2026-04"
    known = (clause.stated_in, clause.inferred_in, clause.assumed_in)

    if clause.id in MARCH_ONLY:
        assert ((march,), (), (april,)) == known
    elif clause.id in APRIL_AND_INFERRED:
        assert ((april,), (march,), ()) == known
    elif clause.id == "T24":
        assert ((april,), (), (march,)) == known
    else:
        assert ((march, april), (), ()) == known


def test_a_limit_of_the_product_says_so() -> None:
    """What the product itself calls "not yet" begins with that word, and nothing else does."""
    assert LIMITS == [each.id for each in EVERY if each.says.startswith("limit: ")]


def test_a_decision_is_in_no_edition() -> None:
    """Our own answers are in no text but ours."""
    assert {((), (), ())} == {
        (each.stated_in, each.inferred_in, each.assumed_in) for each in clauses.DECISIONS
    }


def test_a_clause_is_told_in_whole_sentences() -> None:
    """Each clause has a heading, and what it says ends like a sentence."""
    assert [] == [each.id for each in EVERY if not each.says.endswith(".") or not each.heading]
