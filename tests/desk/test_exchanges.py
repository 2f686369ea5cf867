"""Exchanges: one booking for another in one commit, once, and only the client's own (D21)."""

import pytest

from pkgredeem import (
    Act,
    Actor,
    BookingMismatchError,
    Client,
    ClosedRedemptionError,
    DrawState,
    InvalidValueError,
    RedemptionDesk,
    UnknownBookingError,
)
from tests.helpers.desk_support import (
    ONLINE,
    Interrupted,
    MakeDesk,
    exchange,
    facials,
    redeem,
    stored_state,
)
from tests.helpers.support import BETH, DAY, HOUR, INSTANT, NOW, START, booking, codes


def test_an_exchange_is_one_commit(make: MakeDesk) -> None:
    """The old credit returns and the new one is drawn at once, both with who and why."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    decision = exchange(desk, note="a day later")

    assert decision.eligible
    assert ["redemption", "packages_of", "redemption", "commit 2"] == store.calls[3:]
    assert ("ana", "p1") == store.asked[-1]
    assert [DrawState.RETURNED] == stored_state(store)
    assert [DrawState.RESERVED] == stored_state(store, "b2")
    assert [("b1", Act.CANCEL, "a day later"), ("b2", Act.BOOK, "a day later")] == [
        (moved.booking_id, moved.act, moved.note) for moved in store.inner.movements()[1:]
    ]


def test_a_client_exchanges_in_time_only(make: MakeDesk) -> None:
    """Inside the window the client is refused and keeps the booking; the business may (D21)."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    new = booking(id="b2", starts_at=START + DAY)
    refused = exchange(desk, asked=new, now=START - HOUR)

    assert ["late_reschedule"] == codes(refused)
    assert [DrawState.RESERVED] == stored_state(store)
    assert exchange(desk, asked=new, now=START - HOUR, by=Actor.BUSINESS).eligible


def test_an_exchange_again_returns_the_recorded_answer(make: MakeDesk) -> None:
    """An exchange whose acknowledgement was lost is answered as it was committed."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    first = exchange(desk)
    again = exchange(desk, now=NOW + HOUR)

    assert again.recorded
    assert first.redemption == again.redemption
    assert 3 == len(store.inner.movements())


@pytest.mark.parametrize("by", [Actor.CLIENT, Actor.BUSINESS])
def test_what_was_booked_beside_an_ended_booking_is_no_exchange(make: MakeDesk, by: Actor) -> None:
    """The old booking ended by itself, in whichever way: nothing was given back for the new one."""
    desk = make(ONLINE, Interrupted(facials(2)))
    redeem(desk)
    desk.cancel("b1", by=by, now=START - HOUR)
    redeem(desk, booking(id="b2", starts_at=START + DAY), now=START - HOUR + INSTANT)
    with pytest.raises(BookingMismatchError, match=r"^booking 'b2' was redeemed by itself: "):
        exchange(desk, asked=booking(id="b2", starts_at=START + DAY), now=START - HOUR, by=by)


def test_a_forfeited_credit_was_not_given_back_in_exchange(make: MakeDesk) -> None:
    """Not even at the very instant at which the other booking was redeemed."""
    desk = make(ONLINE, Interrupted(facials(2)))
    redeem(desk)
    assert not desk.cancel("b1", by=Actor.CLIENT, now=START - HOUR).returned
    redeem(desk, booking(id="b2", starts_at=START + DAY), now=START - HOUR)
    with pytest.raises(BookingMismatchError, match=r"^booking 'b2' was redeemed by itself: "):
        exchange(desk, asked=booking(id="b2", starts_at=START + DAY), now=START - HOUR)


def test_an_exchange_that_is_sent_twice_at_once_is_answered_twice(make: MakeDesk) -> None:
    """Wherever the first one commits while the second one reads, both get the same answer."""
    for place in (4, 5, 6, 7):
        store = Interrupted(facials(1))
        desk = make(ONLINE, store)
        redeem(desk)
        first = RedemptionDesk(ONLINE, store.inner)
        store.before[place] = lambda first=first: exchange(first, now=NOW - HOUR)  # type: ignore[misc]
        decision = exchange(desk)

        assert decision.recorded
        assert decision.redemption == store.inner.redemption("b2")


def test_an_exchange_that_is_overtaken_reads_again(make: MakeDesk) -> None:
    """When the old booking is cancelled meanwhile there is nothing to exchange any more."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    other = RedemptionDesk(ONLINE, store.inner)
    store.before[7] = lambda: other.cancel("b1", by=Actor.BUSINESS, now=NOW)
    with pytest.raises(ClosedRedemptionError, match=r"^booking 'b1' has ended already$"):
        exchange(desk)

    assert store.inner.redemption("b2") is None


def test_what_is_left_of_a_booking_is_exchanged(make: MakeDesk) -> None:
    """Lines that have ended stay as they are; only reserved credits return."""
    store = Interrupted(facials(2))
    desk = make(ONLINE, store)
    redeem(desk, booking("facial", "facial"))
    desk.complete("b1", now=NOW, lines=[1])

    assert exchange(desk).eligible
    assert [DrawState.RETURNED, DrawState.REDEEMED] == stored_state(store)


def test_only_a_known_booking_of_the_client_is_exchanged(make: MakeDesk) -> None:
    """An unknown booking, another client's, and the same id are told apart."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    with pytest.raises(UnknownBookingError, match="redeemed for booking 'b1'"):
        exchange(desk)
    redeem(desk)
    with pytest.raises(BookingMismatchError, match="'b1' is another client's: exchange it for"):
        exchange(desk, client=BETH)
    with pytest.raises(BookingMismatchError):
        exchange(desk, client=Client.guest())
    with pytest.raises(InvalidValueError, match=r"booking_id must be an id other than.*, not 'b1'"):
        exchange(desk, asked=booking())
    with pytest.raises(InvalidValueError, match=r"booking_id must be a text.*, not ''"):
        exchange(desk, "")


def test_the_new_booking_may_be_known_in_other_ways(make: MakeDesk) -> None:
    """Other contents, redeemed by itself, and ended: each is told."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    redeem(desk, booking(id="b2"))
    with pytest.raises(BookingMismatchError, match="'b2' was redeemed with other services"):
        exchange(desk, asked=booking("facial", "facial", id="b2"))
    with pytest.raises(BookingMismatchError, match="'b2' was redeemed by itself: cancel 'b1' inst"):
        exchange(desk)
    desk.cancel("b2", by=Actor.CLIENT, now=NOW)
    with pytest.raises(ClosedRedemptionError, match="'b2' has ended already"):
        exchange(desk)

    assert [DrawState.RESERVED] == stored_state(store)
