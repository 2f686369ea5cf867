"""Every clause and every decision has its rule or its keeper, and loses neither unnoticed."""

import ast
from pathlib import Path

import pytest

from pkgredeem import Clause, Rule, clauses, rules

TESTS = Path(__file__).parent

#: What keeps each clause: rules and functions that cite it, and named tests.
#: A name with a dot stands in `rules` or `rules.acts`, one with `::` in a file of tests.
KEPT = {
    "T01": "rules.article.is_switched_on rules.online_redemption_off",
    "T02": "rules.article.starts_switched_on rules.online_redemption_off",
    "T03": "rules.article.switch_is_visible rules.account_on_legacy_packages",
    "T04": "rules.account_on_legacy_packages rules.legacy_package",
    "T05": "rules.client_login_disabled",
    "T06": "test_design::test_no_choice_exists_package_by_package",
    "T07": "rules.article.shows_notice rules.client_not_logged_in",
    "T08": "rules.article.shows_prompt",
    "T09": "rules.article.shows_notice",
    "T10": "rules.article.shows_notice rules.several_active_packages",
    "T11": "test_design::test_no_operation_sells_a_package",
    "T12": "rules.package_of_another_client rules.package_not_sold_yet rules.no_package",
    "T13": "rules.service_not_in_package rules.not_enough_credits",
    "T14": "rules.service_not_in_package",
    "T15": "rules.service_not_in_package test_design::test_menu_and_add_on_decide_alike",
    "T16": "rules.not_enough_credits test_design::test_booking_takes_the_credits",
    "T17": "rules.mixed_booking",
    "T18": "rules.article.deposit_outcome rules.article.card_capture_outcome",
    "T19": "rules.article.deposit_outcome",
    "T20": "rules.article.card_capture_outcome",
    "T21": "rules.no_card_on_file test_design::test_booking_puts_no_card_on_file",
    "T22": "rules.acts.credit_on_cancel rules.acts.refund_on_cancel",
    "T23": "rules.acts.free_until rules.acts.credit_on_cancel rules.acts.refund_on_cancel rules.acts.late",
    "T24": "rules.package_archived",
    "T25": "test_design::test_what_a_client_is_told_holds_no_detail",
    "D01": "rules.article.starts_switched_on rules.online_redemption_off",
    "D02": "rules.article.is_switched_on rules.account_on_legacy_packages rules.online_redemption_off",
    "D03": "rules.client_not_logged_in rules.package_of_another_client rules.no_package",
    "D04": "rules.package_of_another_client",
    "D05": "rules.package_used_up rules.several_active_packages",
    "D06": "rules.package_not_started rules.package_over rules.package_over_by_then"
    " rules.acts.outside_validity",
    "D07": "rules.not_enough_credits test_allocation::test_the_allocation_is_the_best_of_all",
    "D08": "rules.package_used_up rules.not_enough_credits",
    "D09": "rules.appointment_started rules.late_reschedule rules.acts.free_until"
    " rules.acts.refund_on_cancel rules.acts.appointment_started"
    " rules.acts.late_reschedule rules.acts.late",
    "D10": "rules.acts.free_until rules.acts.credit_on_cancel",
    "D11": "test_design::test_an_act_asks_for_nothing_that_may_have_changed",
    "D12": "rules.acts.credit_on_cancel",
    "D13": "test_design::test_a_credit_returns_to_where_it_came_from",
    "D14": "test_design::test_a_refusal_lets_nothing_go",
    "D15": "test_design::test_the_core_reads_no_clock_and_reaches_nowhere"
    " test_values::test_an_instant_is_stored_in_utc",
    "D16": "rules.acts.credit_on_no_show rules.acts.appointment_not_started",
    "D17": "rules.acts.free_until_rescheduled rules.acts.appointment_started"
    " rules.acts.late_reschedule rules.acts.outside_validity",
    "D18": "rules.article.deposit_outcome rules.article.card_capture_outcome",
    "D19": "rules.article.deposit_outcome rules.article.card_capture_outcome",
    "D20": "test_allocation::test_the_allocation_is_the_best_of_all",
    "D21": "rules.late_reschedule test_decision::test_a_booking_never_counts_against_itself",
    "D22": "test_decision::test_every_reason_is_given_in_a_fixed_order",
    "D23": "test_decision_laws::test_adding_a_rule_only_refuses_more",
    "D24": "test_design::test_what_a_client_is_told_holds_no_detail"
    " test_explanation::test_staff_are_told_every_finding",
    "D25": "test_decision::test_package_findings_are_notes_beside_a_usable_package",
    "D26": "test_documents_times::test_the_last_day_counts_whole",
    "D27": "test_values::test_a_package_is_handed_in_once",
    "D28": "rules.no_card_on_file",
    "D29": "rules.acts.late test_design::test_no_value_knows_a_fee",
    "D30": "test_design::test_a_part_of_a_booking_is_cancelled_by_itself",
    "D31": "rules.nothing_to_pay rules.article.deposit_outcome",
    "D32": "rules.package_not_sold_yet",
    "D33": "rules.acts.booked_inside_the_window",
    "D34": "test_rules::test_the_desk_holds_what_is_not_of_online_booking_alone",
    "D35": "test_design::test_the_desk_gives_up_after_its_attempts",
    "D36": "test_design::test_every_act_keeps_who_and_why",
    "D37": "test_settlement::test_the_same_act_again_changes_nothing",
    "D38": "test_design::test_what_nobody_completes_stays_reserved",
    "D39": "test_design::test_no_value_names_its_account",
}
EVERY = (*clauses.ARTICLE, *clauses.DECISIONS)
#: What each edition is known to say: stated in it, inferred from its headings, or assumed of it.
MARCH_ONLY = ["T03", "T07", "T09", "T11", "T12", "T18", "T19", "T20", "T21", "T22", "T23"]
APRIL_AND_INFERRED = ["T10", "T13", "T14", "T15", "T17"]
LIMITS = ["T06", "T10", "T17", "T25"]


def citing(clause: Clause) -> set[str]:
    """Return the rules and functions that cite the clause, by module and name."""
    return {
        f"{module.__name__.removeprefix('pkgredeem.')}.{name}"
        for module in (rules, rules.acts)
        for name, value in vars(module).items()
        if isinstance(value, Rule) or callable(value)
        if clause in getattr(value, "clauses", ())
    }


def named_tests(file: str) -> set[str]:
    """Return the names of the tests in a file of tests."""
    tree = ast.parse((TESTS / f"{file}.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("clause", EVERY, ids=lambda clause: clause.id)
def test_a_clause_keeps_its_rules(clause: Clause) -> None:
    """The rules that cite the clause are those of the table: none was lost, none is unlisted."""
    listed = {name for name in KEPT[clause.id].split() if "::" not in name}

    assert listed == citing(clause)


@pytest.mark.parametrize("clause", EVERY, ids=lambda clause: clause.id)
def test_a_clause_keeps_its_keepers(clause: Clause) -> None:
    """The tests that keep the clause are still there."""
    listed = [name.split("::") for name in KEPT[clause.id].split() if "::" in name]

    assert [] == [test for file, test in listed if test not in named_tests(file)]


def test_every_clause_is_kept_by_something() -> None:
    """No clause of the article and no decision stands there without rule or keeper."""
    assert [each.id for each in EVERY] == list(KEPT)
    assert [] == [name for name, keepers in KEPT.items() if not keepers]


def test_both_rulebooks_of_the_article_hold_each_clause_that_a_rule_encodes() -> None:
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
