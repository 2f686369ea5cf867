"""The strategies for answers, which only this project's tests use: real ones, and varied."""

from datetime import UTC, datetime

from pkgredeem import Actor, Decision, DrawState, RedemptionPolicy, Scope, rules
from tests.helpers import answer_strategies
from tests.helpers.answer_strategies import drawn
from tests.helpers.own_rules import OWN_RULES, booked_on_a_saturday
from tests.helpers.support import AUCKLAND, account, case, package


def codes(decision: Decision) -> set[str]:
    """Return the codes of the reasons."""
    return {reason.code for reason in decision.reasons}


def test_policies_lift_and_add_rules() -> None:
    """Policies have every shipped base; some lack a rule, some have a rule of a caller's own."""
    books = [policy.rulebook for policy in drawn(answer_strategies.policies(), 120)]
    own = {rule.code for rule in OWN_RULES}

    assert {"timely-2026-03", "timely-2026-04", "in-store", "online"} == {
        book.name.split(" ")[0] for book in books
    }
    assert any(" -" in book.name and " +" not in book.name for book in books)
    assert own == {rule.code for book in books for rule in book.rules} & own


def test_own_rules_are_one_of_each_scope() -> None:
    """The sample rules of a caller cover every scope that a rulebook has."""
    assert set(Scope) - {Scope.ACT} == {rule.scope for rule in OWN_RULES}


def test_own_rules_do_what_they_say() -> None:
    """Each sample rule of a caller finds its fact in a case that has it."""
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(*OWN_RULES))
    plain = policy.decide_case(case())
    below_zero = policy.decide_case(case(packages=[package(priority=-1)]))

    assert {
        "account_without_terms",
        "active_package_without_end",
        "client_without_card",
    } == codes(plain)
    assert {"package_set_aside"} == codes(below_zero) - codes(plain)


def test_what_follows_is_varied() -> None:
    """Draws in every state are drawn, and settlements allowed and refused, by both."""
    states = {draw.state for draw in drawn(answer_strategies.draws(), 200)}
    settled = drawn(answer_strategies.settlements(), 60)

    assert set(DrawState) == states
    assert {True, False} == {settlement.allowed for settlement in settled}
    assert {Actor.CLIENT, Actor.BUSINESS} == {
        settlement.change.after.draws[0].ending.by
        for settlement in settled
        if settlement.change is not None and settlement.change.after.draws[0].ending is not None
    }


def test_redemptions_write_themselves_whole() -> None:
    """A drawn redemption of any state reads back equal from its document."""
    for made in drawn(answer_strategies.redemptions(), 30):
        assert made == type(made).from_document(made.to_document())


def test_only_clients_are_late() -> None:
    """No drawn ending says that the business was late, and some say that a client was."""
    late = {ending.by for ending in drawn(answer_strategies.endings(), 100) if ending.late}

    assert {Actor.CLIENT} == late


def test_what_is_hidden_is_not_enabled() -> None:
    """Drawn settings keep the rule that what is not visible is not enabled."""
    found = drawn(answer_strategies.online_redemption_settings(), 50)

    assert {(True, True), (True, False), (False, False)} == {
        (setting.visible, setting.enabled) for setting in found
    }


def test_saturday_is_local() -> None:
    """The sample rule of Saturdays asks the account's clock, and is silent without one."""
    policy = RedemptionPolicy(rules.TIMELY_2026_03.including(booked_on_a_saturday))
    friday_in_utc = datetime(2026, 5, 8, 22, tzinfo=UTC)  # Saturday 10:00 in Auckland
    here = case(starts_at=friday_in_utc, account=account(time_zone=AUCKLAND))
    nowhere = case(starts_at=friday_in_utc)

    assert {booked_on_a_saturday.code} == codes(policy.decide_case(here))
    assert set() == codes(policy.decide_case(nowhere))
