"""The same booking id again: the recorded answer, or a mismatch where the contents are others."""

from dataclasses import replace
from typing import Any

import pytest

from pkgredeem import (
    Actor,
    Audience,
    Booking,
    BookingMismatchError,
    CardCaptureOutcome,
    Client,
    ClosedRedemptionError,
    DepositOutcome,
    DrawState,
    PackageStatus,
    PickedFrom,
    RedemptionPolicy,
    rules,
)
from tests.helpers.desk_support import (
    ONLINE,
    Interrupted,
    MakeDesk,
    facials,
    redeem,
    reschedule,
)
from tests.helpers.support import (
    ANA,
    AUCKLAND,
    BETH,
    DAY,
    FORFEIT_INSIDE_A_DAY,
    HOUR,
    LONDON,
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
    assert (NOW, START - HOUR) == (first.decided_at, later.decided_at)
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
    assert ("timely-2026-03", None, ()) == (later.rulebook, later.time_zone_key, later.uncovered)
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


def test_a_recorded_answer_tells_each_line_as_it_is_now(make: MakeDesk) -> None:
    """Of four lines one is to be paid, one is free, one has ended, one is reserved (D21)."""
    asked = booking("massage", line("advice", payable=False), "facial", "facial")
    desk = make(RedemptionPolicy(rules.ONLINE), Interrupted(facials()))
    first = redeem(desk, asked)
    desk.cancel("b1", by=Actor.CLIENT, now=NOW, lines=[2])
    again = redeem(desk, asked)

    assert ["service_not_in_package"] == [note.code for note in first.notes[:1]]
    assert (True, (0,), ()) == (again.recorded, again.uncovered, again.notes)
    assert again.redemption is not None
    assert [(2, DrawState.RETURNED), (3, DrawState.RESERVED)] == [
        (draw.line, draw.state) for draw in again.redemption.draws
    ]


def test_a_recorded_answer_is_told_in_the_zone_of_its_moment(make: MakeDesk) -> None:
    """The account has moved to London since; the booking is told in Auckland's time (D11, D76)."""
    desk = make(ONLINE, Interrupted(facials()))
    asked: dict[str, Any] = {"client": ANA, "booking": booking(), "now": NOW}
    terms = {"cancellation": FORFEIT_INSIDE_A_DAY}
    desk.redeem(account=account(time_zone=AUCKLAND, **terms), **asked)
    again = desk.redeem(account=account(time_zone=LONDON, **terms), **asked)

    assert "Pacific/Auckland" == again.time_zone_key
    assert [
        "cancellation: free until Mon 4 May 22:00, then the credit is forfeited",
        "times: in Pacific/Auckland",
    ] == again.explain(Audience.STAFF).split("\n")[-2:]


def test_what_was_stored_elsewhere_is_answered_and_settled(make: MakeDesk) -> None:
    """A zone that this machine does not know stops neither the answer nor any act (D76)."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    stored = store.inner.redemption("b1")
    assert stored is not None
    store.inner._redemptions["b1"] = replace(stored, time_zone_key="Mars/Olympus")

    for answer in (redeem(desk), reschedule(desk), desk.cancel("b1", by=Actor.CLIENT, now=NOW)):
        assert "Mars/Olympus" == answer.time_zone_key
        assert "this machine does not know Mars/Olympus" in answer.explain(Audience.STAFF)
    found = store.inner.redemption("b1")
    assert found is not None
    assert ("Mars/Olympus", 3) == (found.time_zone_key, found.version)


def test_names_and_deposits_are_not_contents(make: MakeDesk) -> None:
    """Only client, start and, line by line, service and payable count; the stored one is told."""
    desk = make(ONLINE, Interrupted(facials()))
    first = redeem(desk)
    renamed = line("facial", name="Facial", deposit_required=False, picked_from=PickedFrom.ADD_ON)
    again = redeem(desk, booking(renamed, starts_at=START.astimezone(AUCKLAND)))

    assert again.recorded
    assert first.booking == again.booking


@pytest.mark.parametrize(
    ("difference", "asked", "client"),
    [
        ("for another client", booking("facial", "mask"), BETH),
        ("for another client", booking("facial", "mask"), Client.guest()),
        ("with other services", booking("facial"), ANA),
        ("with other services", booking("mask", "facial"), ANA),
        ("with other services", booking("facial", line("mask", payable=False)), ANA),
        ("with other services", booking("facial", line("mask", costs={"minute": 30})), ANA),
        ("at another start", booking("facial", "mask", starts_at=START + HOUR), ANA),
    ],
    ids=[
        "another client",
        "a guest",
        "one service less",
        "another order",
        "nothing to pay",
        "other costs",
        "another start",
    ],
)
def test_other_contents_are_a_mismatch(
    make: MakeDesk, difference: str, asked: Booking, client: Client
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

    assert f"booking 'b1' was redeemed {difference}: use a new booking id" == str(raised.value)


def test_a_rescheduled_booking_is_known_by_its_first_start(make: MakeDesk) -> None:
    """The start as first booked is the contents, whatever the start is now."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk)
    assert reschedule(desk).allowed

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
