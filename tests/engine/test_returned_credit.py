"""Whether a credit that returns can be used again, told of the packages of today (D13)."""

import pytest

from pkgredeem import (
    Actor,
    CreditOutcome,
    Package,
    PackageStatus,
    Redemption,
    RedemptionPolicy,
    Settlement,
)
from tests.helpers.support import (
    DAY,
    HOUR,
    INSTANT,
    NO_LIMITS,
    NOW,
    START,
    case,
    credit,
    decide,
    package,
    redemption,
)

CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS


CLIENT, BUSINESS = Actor.CLIENT, Actor.BUSINESS


POLICY = RedemptionPolicy()


def after(settlement: Settlement) -> Redemption:
    """Return the redemption after an act that changed something."""
    assert settlement.change is not None
    return settlement.change.after


RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT


RETURN, FORFEIT = CreditOutcome.RETURN, CreditOutcome.FORFEIT


@pytest.mark.parametrize(
    ("today", "usable"),
    [
        (package(), True),
        (package("p1", credit("facial", left=0)), True),
        (package(valid_until=NOW + INSTANT), True),
        (package(valid_until=NOW), False),
        (package(status=PackageStatus.ARCHIVED), False),
        (package(client_id="beth"), False),
        (package("p2"), None),
    ],
)
def test_whether_a_returned_credit_can_be_used(today: Package, usable: bool | None) -> None:
    """Told of the packages of today, and not without them (D13)."""
    found = redemption()
    settlement = POLICY.cancel(found, by=CLIENT, now=NOW, packages=iter([today]))

    assert (True, usable) == (settlement.allowed, settlement.credit_usable)
    again = POLICY.cancel(after(settlement), by=CLIENT, now=NOW, packages=[today])
    assert (None, usable) == (again.change, again.credit_usable)
    assert POLICY.cancel(found, by=CLIENT, now=NOW).credit_usable is None


def test_a_forfeited_credit_is_not_asked_for() -> None:
    """Where nothing returns there is nothing to tell (D13)."""
    late = POLICY.cancel(redemption(), by=CLIENT, now=START - HOUR, packages=[package()])

    assert (FORFEIT, None) == (late.outcome, late.credit_usable)


def test_all_returned_credits_must_be_usable() -> None:
    """One package that is over is enough for a no; one that is missing, for no answer."""
    good, over = package("p1"), package("p2", credit("massage"), valid_until=START + HOUR)
    both = decide(case("facial", "massage", packages=[good, over]), NO_LIMITS).redemption
    assert both is not None

    for held, usable in (([good, over], False), ([good], None), ([over], None)):
        settlement = POLICY.cancel(both, by=BUSINESS, now=START + DAY, packages=held)
        assert usable is settlement.credit_usable
    first = POLICY.cancel(both, by=BUSINESS, now=START + DAY, packages=[good], lines=[0])
    assert first.credit_usable
