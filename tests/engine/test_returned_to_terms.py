"""A credit that returned to a package with a term of first use: whose uses count (D13, D53)."""

from dataclasses import replace

import pytest

from pkgredeem import Actor, Case, Package, RedemptionPolicy, Scope, Settlement, Term, Use, rule
from pkgredeem.rules import IN_STORE, ONLINE
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import (
    DAY,
    LONDON,
    START,
    account,
    case,
    credit,
    decide,
    package,
    redemption,
    use,
)

FOURTEEN_DAYS = Term(days=14)
POLICY = RedemptionPolicy(IN_STORE)
#: Its last day is 19 May: three weeks after the start it has ended.
OWN = use(START, booking_id="b1")
LATE = START + 21 * DAY


def lasting(*uses: Use) -> Package:
    """Return a package that lasts 14 days from the first of its uses."""
    held = [credit("facial", left=9), credit("massage", left=9)]
    return package("p1", *held, lasts=FOURTEEN_DAYS, uses=uses)


def cancelled(
    today: Package, *services: str, zone: object = LONDON, policy: RedemptionPolicy = POLICY
) -> Settlement:
    """Return what comes of cancelling the first line three weeks after the start."""
    found = redemption(*services, zone=zone)  # type: ignore[arg-type]  # a zone or none
    return policy.cancel(found, by=Actor.BUSINESS, now=LATE, lines=[0], packages=[today])


@pytest.mark.parametrize(
    ("uses", "usable"),
    [
        ([], True),
        ([OWN], True),
        ([use(START, booking_id="b0")], False),
        ([use(LATE - 14 * DAY, booking_id="b0")], True),
        ([use(LATE - 15 * DAY, booking_id="b0")], False),
        ([OWN, use(LATE - 15 * DAY, booking_id="b0")], False),
    ],
    ids=["none", "its own", "another", "the last day", "a day later", "its own and another"],
)
def test_the_use_that_is_given_back_counts_no_longer(uses: list[Use], usable: bool) -> None:
    """The term is that of the other uses: where there are none it has not begun."""
    assert usable is cancelled(lasting(*uses)).credit_usable


@pytest.mark.parametrize("more", [[], [OWN]], ids=["read before", "read since"])
def test_a_term_that_others_begin_later_is_still_to_come(more: list[Use]) -> None:
    """No booking at the moment of the act lies after its last day, so that it can be used (D13).

    Though a use at the end of that term would fall out of one that began now.
    """
    later = [use(LATE + days * DAY, booking_id="b0", line=days) for days in (10, 20)]

    assert cancelled(lasting(*more, *later)).credit_usable is True


@pytest.mark.parametrize("uses", [[], [OWN]], ids=["read before", "read since"])
def test_the_other_line_of_the_booking_counts(uses: list[Use]) -> None:
    """What the redemption still uses is known, whether the package says so or not."""
    assert cancelled(lasting(*uses), "facial", "massage").credit_usable is False


def test_packages_are_told_by_the_ends_of_their_terms() -> None:
    """The term of p2 ended before the validity of p1 did, and is told first (D22, D53)."""
    sold = [package("p1", credit("mask")), package("p2", credit("facial"))]
    found = decide(case("mask", "facial", packages=sold, account=account(time_zone=LONDON)), ONLINE)
    assert found.redemption is not None
    today = [
        package("p1", credit("mask"), valid_until=START + 7 * DAY),
        package("p2", credit("facial"), lasts=FOURTEEN_DAYS, uses=[use(START - 20 * DAY)]),
    ]
    given = POLICY.cancel(found.redemption, by=Actor.BUSINESS, now=LATE, packages=today)

    assert [("credit_not_usable", "p2"), ("credit_not_usable", "p1")] == [
        (each.code, each.subject) for each in given.findings
    ]


def test_without_a_zone_the_term_is_not_known() -> None:
    """Nobody guesses on which day it ends, and nothing stops a return (D13, D76)."""
    today = lasting(use(START, booking_id="b0"))

    assert cancelled(today, zone=None).credit_usable is True


@rule(
    Scope.PACKAGE,
    clauses=[HOUSE],
    message="package {subject} is used, or it is late",
    advice="wait",
    on_return=True,
    reads=["uses"],
)
def used_or_late(case: Case, package: Package) -> bool:
    """The package has a use, or the start is at another hour than ten in the morning."""
    return bool(package.uses) or case.local(case.booking.starts_at).hour != 10


def test_uses_of_a_package_without_a_term_are_those_of_now() -> None:
    """A rule of one's own that reads them sees that the returned one is gone."""
    policy = RedemptionPolicy(IN_STORE.including(used_or_late))
    today = replace(lasting(OWN), lasts=None)

    assert cancelled(today, zone=None, policy=policy).credit_usable is True
    assert cancelled(today, policy=policy).credit_usable is False
