"""The laws of one decision, each by itself, broken by a rule or by an answer bent by hand."""

from dataclasses import replace
from typing import Any, cast

import pytest

from pkgredeem import (
    CardCaptureOutcome,
    Case,
    Decision,
    DepositOutcome,
    Period,
    Quota,
    RedemptionPolicy,
    Scope,
    rule,
    rules,
)
from pkgredeem.testing.laws import _decisions as decisions
from pkgredeem.testing.laws import _plans as plans
from pkgredeem.testing.laws._brute_force import best_draws
from tests.helpers.bent_policies import broken_by
from tests.helpers.house_rules import HOUSE
from tests.helpers.odd_texts import DocumentedOtherwise, PickledOtherwise
from tests.helpers.support import (
    ANA,
    DAY,
    START,
    case,
    credit,
    line,
    package,
)

MARCH = rules.TIMELY_2026_03
POLICY = RedemptionPolicy(MARCH)


def test_unequal_decisions_that_say_the_same_are_told() -> None:
    """Two decisions that differ only in a name are not the same."""
    names = iter("abcdef")

    def renamed(decision: Decision, _: Case) -> Decision:
        return replace(decision, rulebook=next(names))

    assert "the two decisions are not equal" == broken_by(
        decisions.same_input, case(), decision=renamed
    )


def test_an_eligible_decision_with_reasons_is_told() -> None:
    """`eligible` and reasons contradict each other."""
    assert "eligible is True, the reasons are ['no_package']" == broken_by(
        decisions.reasons_refuse,
        case(packages=[]),
        decision=lambda decision, _: replace(decision, eligible=True),
    )


@pytest.mark.parametrize(
    "given_away",
    [
        {"deposit": DepositOutcome.WAIVED},
        {"card_capture": CardCaptureOutcome.BYPASSED},
        {"redemption": POLICY.decide_case(case()).redemption},
        {"prompt": True},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_refusal_that_gives_something_is_told(given_away: dict[str, object]) -> None:
    """A refusal gives nothing away, not even one of these."""
    changed = cast("dict[str, Any]", given_away)

    assert "refused, and yet something is given away" == broken_by(
        decisions.refusals,
        case(packages=[]),
        decision=lambda decision, _: replace(decision, **changed),
    )
    assert decisions.refusals.check(POLICY, case(packages=[])) is None


def with_draws(decision: Decision, *places: tuple[str, str]) -> Decision:
    """Return the decision with its draws on these packages and entitlements."""
    made = decision.redemption
    assert made is not None
    draws = tuple(
        replace(draw, package_id=package_id, entitlement_id=entitlement_id)
        for draw, (package_id, entitlement_id) in zip(made.draws, places, strict=True)
    )
    return replace(decision, redemption=replace(made, draws=draws))


TWO_WAYS = case(
    "facial",
    "facial",
    packages=[
        package("p1", credit("facial", left=1), credit("facial", "massage", left=3, id="any"))
    ],
)


def test_a_draw_that_takes_another_number_of_units_is_told() -> None:
    """A facial of 75 minutes takes 75 of them (D41)."""
    minutes = replace(credit("facial", left=100), unit="minute")
    asked = case(line("facial", costs={"minute": 75}), packages=[package("p1", minutes)])

    def cheaper(decision: Decision, _: Case) -> Decision:
        made = decision.redemption
        assert made is not None
        draws = tuple(replace(draw, credits=1) for draw in made.draws)
        return replace(decision, redemption=replace(made, draws=draws))

    assert "1 drawn on ('p1', 'facial') for facial" == broken_by(
        decisions.draws_within_reason, asked, decision=cheaper
    )


def test_too_many_draws_are_told() -> None:
    """Two draws on an entitlement with one credit are one too many."""
    assert "2 drawn on ('p1', 'facial'), 1 left" == broken_by(
        decisions.draws_within_reason,
        TWO_WAYS,
        decision=lambda decision, _: with_draws(decision, ("p1", "facial"), ("p1", "facial")),
    )


def test_a_draw_for_another_service_is_told() -> None:
    """An entitlement pays for nothing that it does not name."""
    asked = case(packages=[package("p1", credit("facial"), credit("massage"))])

    assert "drawn on ('p1', 'massage') for facial, which it does not name" == broken_by(
        decisions.draws_within_reason,
        asked,
        decision=lambda decision, _: with_draws(decision, ("p1", "massage")),
    )


def test_a_worse_allocation_is_told() -> None:
    """The entitlement for fewer services comes first, and every line that can be is covered."""
    assert (
        "drawn are [(0, 'p1', 'any'), (1, 'p1', 'any')], "
        "the best would be [(0, 'p1', 'facial'), (1, 'p1', 'any')]"
    ) == broken_by(
        decisions.best_allocation,
        TWO_WAYS,
        decision=lambda decision, _: with_draws(decision, ("p1", "any"), ("p1", "any")),
    )
    assert broken_by(
        decisions.best_allocation,
        case(client=replace(ANA, logged_in=False)),
        decision=lambda decision, _: replace(decision, uncovered=(0,)),
    )


def test_a_draw_on_the_package_of_somebody_else_is_told() -> None:
    """A credit of another client's package is never drawn on, whatever the rules say."""
    theirs = package("p9", client_id="kim")
    asked = case(packages=[package(), theirs])

    def draws_on_theirs(decision: Decision, asked: Case) -> Decision:
        is_there = theirs in asked.packages
        return with_draws(decision, ("p9", "facial")) if is_there else decision

    assert str(broken_by(decisions.packages_of_others, asked, decision=draws_on_theirs)).endswith(
        "draws [(0, 'p9', 'facial')] became [(0, 'p1', 'facial')]"
    )
    assert decisions.packages_of_others.check(POLICY, asked) is None


def test_those_of_others_are_handed_in_before_and_after_the_clients_own() -> None:
    """Wherever a package of somebody else stands in the list, it changes nothing."""

    @rule(Scope.BOOKING, clauses=[HOUSE], message="theirs comes first", advice="none")
    def first_is_theirs(asked: Case, _cover: object) -> bool:
        """The first package handed in is somebody else's."""
        return bool(asked.packages) and not asked.packages[0].is_held_by(asked.client)

    @rule(Scope.BOOKING, clauses=[HOUSE], message="theirs comes last", advice="none")
    def last_is_theirs(asked: Case, _cover: object) -> bool:
        """The last package handed in is somebody else's."""
        return bool(asked.packages) and not asked.packages[-1].is_held_by(asked.client)

    for fault, packages in ((first_is_theirs, "kit p1 p1"), (last_is_theirs, "p1 kit p1")):
        policy = RedemptionPolicy(MARCH.including(fault))
        assert str(decisions.packages_of_others.check(policy, case())).startswith(
            f"with the packages {packages}: eligible True became False"
        )


def test_a_refusal_that_only_a_lifted_rule_brings_is_told() -> None:
    """What is eligible under all rules is eligible under all but one."""
    assert "without account_on_legacy_packages: refused by no_package" == broken_by(
        decisions.lifting_a_rule,
        case(packages=[]),
        decision=lambda decision, _: replace(decision, eligible=True),
    )
    assert decisions.lifting_a_rule.check(POLICY, case()) is None


def test_brute_force_by_hand() -> None:
    """Earlier lines come first, then the best credits, then the best for each line in turn."""
    policy = RedemptionPolicy(MARCH.without(rules.several_active_packages))
    soon = package("p2", credit("facial", "massage", id="any"), valid_until=START + DAY)
    asked = case("massage", "facial", "massage", packages=[package(), soon])

    # p2 ends first; its one credit can pay for a massage, which p1 can't: lines 0 and 1 are covered
    assert [(0, "p2", "any"), (1, "p1", "facial")] == best_draws(policy, asked)


def test_brute_force_counts_units_and_places() -> None:
    """A quota of the package, one of the entitlement, and minutes: each leaves a line uncovered."""
    policy = RedemptionPolicy(rules.IN_STORE)
    twice = replace(credit("facial", left=5), quotas=(Quota(2, Period.BOOKING),))
    minutes = replace(credit("facial", left=100), unit="minute")
    long = line("facial", costs={"minute": 60})

    for sold, lines, drawn_on in (
        (package("p1", credit("facial", left=5), quotas=[Quota(1, Period.BOOKING)]), 2, [0]),
        (package("p1", twice), 3, [0, 1]),
        (package("p1", minutes), 2, [0]),
    ):
        found = best_draws(policy, case(*[long] * lines, packages=[sold]))
        assert found is not None
        assert drawn_on == [index for index, _, _ in found]


def test_brute_force_knows_what_limits_nothing() -> None:
    """What has started is not upcoming, so that such a quota doesn't limit it."""
    policy = RedemptionPolicy(rules.IN_STORE)
    sold = package("p1", quotas=[Quota(0, Period.UPCOMING)])

    assert [] == best_draws(policy, case(packages=[sold]))
    assert [(0, "p1", "facial")] == best_draws(policy, case(packages=[sold], now=START))


def test_brute_force_gives_up() -> None:
    """Where there are more than a thousand ways to pay, none is looked at, and the law holds."""
    many = package("p1", *(credit("facial", id=f"e{number}") for number in range(5)))
    asked = case(*["facial"] * 4, packages=[many])  # 6 ways a line, 1,296 in all

    assert best_draws(POLICY, asked) is None
    assert decisions.best_allocation.check(POLICY, asked) is None


def test_a_refusal_for_one_credit_more_is_told() -> None:
    """A rule against plenty refuses for one credit more, which no shipped rulebook does."""

    @rule(Scope.PACKAGE, clauses=[HOUSE], message="plenty", advice="wait")
    def plenty(asked: Case, _package: object) -> bool:
        """More than one credit is left."""
        return asked.packages[0].entitlements[0].has(2)

    policy = RedemptionPolicy(MARCH.including(plenty))

    assert "with one credit more in p1: ['plenty']" == plans.one_more.check(policy, case())
    assert not plans.one_more.concerns(policy)
    assert plans.one_more.concerns(POLICY)


def test_another_text_than_the_codes_say_is_told() -> None:
    """A text that names a number, or is not the rulebook's, is told."""

    def with_number(decision: Decision, _: Case) -> Decision:
        return replace(decision, client_text="5 are left")

    assert f"the text is '5 are left', where the codes say {rules.NEUTRAL!r}" == broken_by(
        decisions.client_text, case(packages=[]), decision=with_number
    )


def test_a_copy_that_is_not_equal_is_told() -> None:
    """Decisions must be equal to their copies, and redemptions to their documents."""

    def unlike(decision: Decision, _: Case) -> Decision:
        return replace(decision, note=PickledOtherwise("x"))

    def odd(decision: Decision, _: Case) -> Decision:
        assert decision.redemption is not None
        named = replace(decision.redemption, rulebook=DocumentedOtherwise("x"))
        return replace(decision, redemption=named)

    assert "a copy of the decision is not equal to it" == broken_by(
        decisions.kept_equal, case(), decision=unlike
    )
    assert "the redemption's document reads back as another" == broken_by(
        decisions.kept_equal, case(), decision=odd
    )
