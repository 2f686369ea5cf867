"""Each boundary is decided at, just before and just after: days, instants, windows."""

from datetime import date, timedelta

import pytest

from pkgredeem import (
    AccountSettings,
    CancellationTerms,
    ClientLogin,
    CreditOutcome,
    Rulebook,
    rules,
)
from tests.helpers.support import (
    DAY,
    INSTANT,
    START,
    account,
    case,
    codes,
    credit,
    decide,
    draws,
    package,
)

MARCH, APRIL = rules.TIMELY_2026_03, rules.TIMELY_2026_04


@pytest.mark.parametrize(
    ("book", "activated", "on"),
    [
        (MARCH, date(2026, 3, 30), False),
        (MARCH, date(2026, 3, 31), False),
        (MARCH, date(2026, 4, 1), True),
        (APRIL, date(2026, 4, 28), False),
        (APRIL, date(2026, 4, 29), False),
        (APRIL, date(2026, 4, 30), True),
        (MARCH, None, False),
        (APRIL, None, False),
        (MARCH, date.min, False),
        (APRIL, date.max, True),
    ],
)
def test_after_a_date_is_later_than_that_day(
    book: Rulebook, activated: date | None, on: bool
) -> None:
    """The day itself is not after it, and an unknown day isn't either (D01)."""
    asked = AccountSettings(activated_on=activated, client_login=ClientLogin.OPTIONAL)

    assert ([] if on else ["online_redemption_off"]) == codes(decide(case(account=asked), book))


@pytest.mark.parametrize(
    ("left", "wanted", "expected"),
    [(1, 1, True), (1, 2, False), (2, 2, True), (0, 1, False), (3, 2, True)],
)
def test_exactly_enough_is_enough(left: int, wanted: int, expected: bool) -> None:
    """The last credit can be booked, and no credit twice (D07, D08)."""
    held = package("p1", credit("facial", left=left), credit("massage"))
    decision = decide(case(*["facial"] * wanted, packages=[held]))

    assert expected is decision.eligible
    assert (wanted if expected else 0) == len(draws(decision))


@pytest.mark.parametrize("order", [1, -1])
def test_a_booking_that_can_be_covered_is_never_refused_for_the_order(order: int) -> None:
    """The wide credit leaves the narrow line its only one, whichever comes first (D07)."""
    held = package("p1", credit("facial", "massage"), credit("facial", id="narrow"))

    services = ["facial", "massage"][::order]
    assert {("facial", "narrow"), ("massage", "facial+massage")} == {
        (services[index], entitlement)
        for index, _, entitlement in draws(decide(case(*services, packages=[held])))
    }


@pytest.mark.parametrize(
    ("left", "expected"),
    [(INSTANT, []), (timedelta(0), ["appointment_started"]), (-INSTANT, ["appointment_started"])],
)
@pytest.mark.parametrize("window", [timedelta(0), DAY])
def test_an_appointment_that_starts_now_is_not_booked_online(
    window: timedelta, left: timedelta, expected: list[str]
) -> None:
    """From the start on it is the business's, also with a zero window (D09)."""
    terms = CancellationTerms(window=window, late=CreditOutcome.FORFEIT)

    assert expected == codes(decide(case(now=START - left, account=account(cancellation=terms))))


@pytest.mark.parametrize(
    ("left", "free"),
    [(DAY + INSTANT, True), (DAY, True), (DAY - INSTANT, False), (INSTANT, False)],
)
def test_booked_with_the_window_left_or_not(left: timedelta, free: bool) -> None:
    """Exactly the window is in time; less is late from the first moment (D09, D33)."""
    terms = CancellationTerms(window=DAY, late=CreditOutcome.FORFEIT)
    decision = decide(case(now=START - left, account=account(cancellation=terms)))

    assert decision.redemption is not None
    assert (True, free) == (decision.eligible, decision.refund_on_cancel)
    assert (not free, START - DAY) == (
        decision.redemption.was_booked_late(0),
        decision.redemption.free_until,
    )
