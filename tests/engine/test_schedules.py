"""The schedule of a booking that acts have changed."""

from datetime import timedelta

from pkgredeem import Actor, CreditOutcome, Redemption, RedemptionPolicy
from tests.helpers.support import NOW, START, redemption

POLICY = RedemptionPolicy()


def cancelled(source: Redemption, *lines: int) -> Redemption:
    """Return the redemption after the business cancelled these lines."""
    change = POLICY.cancel(source, by=Actor.BUSINESS, now=NOW, lines=lines).change
    assert change is not None
    return change.after


def test_a_booking_that_has_ended_has_no_schedule() -> None:
    """Steps are about reserved lines: where none is left, a client can cancel nothing."""
    booked = redemption("facial", "massage")

    assert () == cancelled(booked, 0, 1).schedule


def test_a_booking_that_has_ended_in_part_keeps_its_schedule() -> None:
    """The line that is still reserved can be cancelled free until a day before the start."""
    booked = redemption("facial", "massage")

    assert (
        (START - timedelta(days=1), CreditOutcome.RETURN, False),
        (START, CreditOutcome.FORFEIT, True),
    ) == cancelled(booked, 1).schedule
