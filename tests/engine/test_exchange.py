"""Exchanges: what refuses a client who swaps one booking for another, and nobody else (D21)."""

from dataclasses import replace

import pytest

from pkgredeem import (
    Actor,
)
from tests.helpers.support import (
    DAY,
    INSTANT,
    START,
    booking,
    case,
    decide,
    redemption,
)

#: Free until a day before START, and exchanged for an appointment a day later.
LATE = redemption()


NEXT = booking(id="b2", starts_at=START + DAY)


@pytest.mark.parametrize(
    ("by", "existing_id", "expected"),
    [
        (Actor.CLIENT, "b1", ["late_reschedule"]),
        (Actor.BUSINESS, "b1", []),
        (Actor.CLIENT, "b2", []),
    ],
)
def test_a_late_exchange_is_refused_to_the_client_only(
    by: Actor, existing_id: str, expected: list[str]
) -> None:
    """The business exchanges whenever; a booking's own redemption is no exchange (D21)."""
    asked = case(
        booking=booking(id="b2", starts_at=START + DAY),
        existing=replace(LATE, booking=booking(id=existing_id)),
        now=START - INSTANT,
        by=by,
    )

    assert expected == [each.code for each in decide(asked).reasons]


@pytest.mark.parametrize(
    ("by", "expected"),
    [(Actor.CLIENT, ["appointment_started", "late_reschedule"]), (Actor.BUSINESS, [])],
)
def test_an_appointment_that_has_started_is_not_exchanged_by_the_client(
    by: Actor, expected: list[str]
) -> None:
    """From the start of the old appointment on, only the business exchanges it (D09, D21)."""
    asked = case(booking=NEXT, existing=LATE, now=START, by=by)

    assert expected == [each.code for each in decide(asked).reasons]


def test_an_exchange_without_terms_is_never_late() -> None:
    """Where the redemption carries no terms, the client may exchange it until the start (D10)."""
    old = redemption(terms=None)

    assert decide(case(booking=NEXT, existing=old, now=START - INSTANT)).eligible
