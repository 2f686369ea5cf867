"""The same booking id again: the recorded answer, or a mismatch where the contents are others."""

from dataclasses import replace

import pytest

from pkgredeem import (
    Actor,
    Booking,
    BookingMismatchError,
    CardCaptureOutcome,
    Client,
    ClosedRedemptionError,
    DepositOutcome,
    PackageStatus,
    RedemptionPolicy,
)
from tests.helpers.desk_support import ONLINE, Interrupted, MakeDesk, facials, redeem
from tests.helpers.support import (
    ANA,
    AUCKLAND,
    BETH,
    DAY,
    HOUR,
    NO_LIMITS,
    NOW,
    START,
    account,
    booking,
    credit,
    line,
    package,
)


def test_redeeming_again_returns_the_recorded_answer(make: MakeDesk) -> None:
    """Whatever has changed since, the same booking gets what was committed; nothing is written."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    first = redeem(desk)
    store.inner.revise(facials(1, status=PackageStatus.ARCHIVED))
    later = desk.redeem(
        account=account(online_redemption=False),
        client=replace(ANA, logged_in=False),
        booking=booking(),
        now=START - HOUR,
    )

    assert first.redemption is not None
    assert ((), (), None) == (later.reasons, later.notes, later.change)
    assert (True, True, False, False) == (
        later.eligible,
        later.recorded,
        later.prompt,
        later.refund_on_cancel,
    )
    assert (first.redemption, first.booking) == (later.redemption, later.booking)
    assert (DepositOutcome.WAIVED, CardCaptureOutcome.BYPASSED) == (
        later.deposit,
        later.card_capture,
    )
    assert ("timely-2026-03", None, ()) == (later.rulebook, later.time_zone, later.uncovered)
    assert 1 == len(store.inner.movements())


def test_the_recorded_answer_is_judged_for_who_asks_now(make: MakeDesk) -> None:
    """The prompt is the client's of now, and whether a cancellation is free is asked of now."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk)
    again = redeem(desk, now=START - DAY)

    assert again.prompt
    assert again.refund_on_cancel


def test_the_recorded_answer_says_what_was_left_to_pay(make: MakeDesk) -> None:
    """Of a mixed booking the payable lines without a credit are named again."""
    mixed = booking("massage", line("advice", payable=False), "facial")
    desk = make(RedemptionPolicy(NO_LIMITS), Interrupted(facials()))

    assert (0,) == redeem(desk, mixed).uncovered
    assert (0,) == redeem(desk, mixed).uncovered


def test_names_and_prices_are_not_contents(make: MakeDesk) -> None:
    """Only client, services in line order and start count; the stored booking is told."""
    desk = make(ONLINE, Interrupted(facials()))
    first = redeem(desk)
    renamed = booking(line("facial", payable=False), starts_at=START.astimezone(AUCKLAND))

    assert first.booking == redeem(desk, renamed).booking


@pytest.mark.parametrize(
    ("told", "asked", "client"),
    [
        ("for another client", booking("facial", "mask"), BETH),
        ("for another client", booking("facial", "mask"), Client.guest()),
        ("with other services", booking("facial"), ANA),
        ("with other services", booking("mask", "facial"), ANA),
        ("at another start", booking("facial", "mask", starts_at=START + HOUR), ANA),
    ],
    ids=["another client", "a guest", "one service less", "another order", "another start"],
)
def test_other_contents_are_a_mismatch(
    make: MakeDesk, told: str, asked: Booking, client: Client
) -> None:
    """A booking id that comes back with other contents is refused, also when it has ended."""
    store = Interrupted(package("p1", credit("facial"), credit("mask")))
    desk = make(ONLINE, store)
    redeem(desk, booking("facial", "mask"))
    with pytest.raises(BookingMismatchError) as raised:
        redeem(desk, asked, client=client)
    desk.cancel("b1", by=Actor.CLIENT, now=NOW)
    with pytest.raises(BookingMismatchError):
        redeem(desk, asked, client=client)

    assert f"booking 'b1' was redeemed {told}: use a new booking id" == str(raised.value)


def test_a_rescheduled_booking_is_known_by_its_first_start(make: MakeDesk) -> None:
    """The start as first booked is the contents, whatever the start is now."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk)
    desk.reschedule("b1", starts_at=START + DAY, by=Actor.CLIENT, now=NOW)

    assert redeem(desk).recorded
    with pytest.raises(BookingMismatchError):
        redeem(desk, booking(starts_at=START + DAY))


def test_a_booking_that_has_ended_is_closed(make: MakeDesk) -> None:
    """While one line is reserved the answer is recorded; with none left the booking is closed."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk, booking("facial", "facial"))
    desk.cancel("b1", by=Actor.CLIENT, now=NOW, lines=[0])

    assert redeem(desk, booking("facial", "facial")).recorded
    desk.complete("b1", now=START, lines=[1])
    with pytest.raises(ClosedRedemptionError, match=r"^booking 'b1' has ended already$"):
        redeem(desk, booking("facial", "facial"))
