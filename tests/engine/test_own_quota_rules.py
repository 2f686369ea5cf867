"""A caller's own rule that reads quotas is asked as any rule, beside ours or in its place (D56)."""

# ruff: noqa: ARG001 - every rule of a scope is asked with the same arguments

from collections.abc import Mapping
from dataclasses import replace

import pytest

from pkgredeem import (
    Actor,
    BookingLine,
    Case,
    Entitlement,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
    Rulebook,
    Scope,
    rule,
    rules,
)
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import NOW, booking, case, codes, credit, decide, draws, notes, package

WITHOUT_OURS = rules.IN_STORE.without(rules.quota_reached)
NINE_IN_ALL = package(quotas=[Quota(9, Period.EVER)])


@rule(Scope.CREDIT, clauses=[HOUSE], message="capped", advice="sell another", reads=("quotas",))
def capped(case: Case, package: Package, entitlement: Entitlement, line: BookingLine) -> bool:
    """The package has a quota, however many places are left in it."""
    return bool(package.quotas)


@rule(
    Scope.CREDIT,
    clauses=[HOUSE],
    message="a cap of {cap}",
    advice="sell another",
    reads=("quotas",),
    on_move=False,
    on_return=True,
)
def house_cap(
    case: Case, package: Package, entitlement: Entitlement, line: BookingLine
) -> bool | Mapping[str, int]:
    """The package has a quota, which it tells in its own words."""
    return {"cap": package.quotas[0].most} if package.quotas else False


@pytest.mark.parametrize(
    "book",
    [
        WITHOUT_OURS.including(capped),
        rules.IN_STORE.including(capped),
        Rulebook(name="x", starts_enabled_after=None, rules=(capped, *rules.IN_STORE.rules)),
    ],
    ids=["in place of ours", "after ours", "before ours"],
)
def test_it_refuses_wherever_it_stands(book: Rulebook) -> None:
    """Its own condition is asked, in whichever order it is listed (D23)."""
    assert ["capped"] == codes(decide(case(packages=[NINE_IN_ALL]), book))
    assert decide(case(), book).eligible


def test_ours_under_another_code_still_limits_what_is_drawn() -> None:
    """One place is left for two facials: one is paid, and its own code says why (D56)."""
    own = replace(rules.quota_reached, code="own_cap", clauses=(HOUSE,))
    held = package("p1", credit("facial", left=5), quotas=[Quota(1, Period.EVER)])
    decision = decide(case("facial", "facial", packages=[held]), WITHOUT_OURS.including(own))

    assert ([(0, "p1", "facial")], ["own_cap"]) == (draws(decision), notes(decision))


def test_it_tells_its_own_facts() -> None:
    """What staff read is filled in with what the rule itself found."""
    decision = decide(case(packages=[NINE_IN_ALL]), WITHOUT_OURS.including(house_cap))

    assert ["a cap of 9"] == [reason.text() for reason in decision.reasons]


def test_it_is_asked_of_a_returned_credit() -> None:
    """A rule that says `on_return` is asked, whatever it reads (D13)."""
    redemption = decide(case(packages=[NINE_IN_ALL]), rules.IN_STORE).redemption
    assert redemption is not None
    settlement = RedemptionPolicy(WITHOUT_OURS.including(house_cap)).cancel(
        redemption, by=Actor.CLIENT, now=NOW, packages=[NINE_IN_ALL]
    )

    assert settlement.credit_usable is False


def test_a_returned_credit_is_asked_about_with_what_its_booking_told() -> None:
    """The booking of that line tells the same traits as it did (D13, D45)."""

    @rule(Scope.CREDIT, clauses=[HOUSE], message="m", advice="a", on_return=True)
    def not_north(
        case: Case, package: Package, entitlement: Entitlement, line: BookingLine
    ) -> bool:
        """The booking is not for the north."""
        return case.trait(line, "place") != "north"

    policy = RedemptionPolicy(rules.IN_STORE.including(not_north))
    held = package("p1", credit("facial", left=2))
    told = booking(traits={"place": "north"})
    redemption = policy.decide_case(case(booking=told, packages=[held])).redemption
    assert redemption is not None

    assert policy.cancel(redemption, by=Actor.CLIENT, now=NOW, packages=[held]).credit_usable
