"""A credit that returned to a package with a term of first use: whose uses count (D13, D53)."""

from dataclasses import replace

import pytest

from pkgredeem import Actor, Case, Package, RedemptionPolicy, Scope, Settlement, Term, Use, rule
from pkgredeem.rules import IN_STORE
from tests.helpers.house_rules import HOUSE
from tests.helpers.support import DAY, LONDON, START, credit, package, redemption, use

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


@pytest.mark.parametrize("uses", [[], [OWN]], ids=["read before", "read since"])
def test_the_other_line_of_the_booking_counts(uses: list[Use]) -> None:
    """What the redemption still uses is known, whether the package says so or not."""
    assert cancelled(lasting(*uses), "facial", "massage").credit_usable is False


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
