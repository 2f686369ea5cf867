"""Exchanges: one booking for another in one commit, once, and only the client's own (D21)."""

import pytest

from pkgredeem import (
    Act,
    Actor,
    BookingMismatchError,
    Client,
    ClosedRedemptionError,
    CreditOutcome,
    DrawState,
    Ending,
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

NEXT_DAY = booking(id="b2", starts_at=START + DAY)


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
    """Inside the window the client is refused and keeps the booking; the business may (D71)."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    refused = exchange(desk, asked=NEXT_DAY, now=START - HOUR)

    assert ["late_change"] == codes(refused)
    assert [DrawState.RESERVED] == stored_state(store)
    assert store.inner.redemption("b2") is None
    assert 1 == len(store.inner.movements())
    assert exchange(desk, asked=NEXT_DAY, now=START - HOUR, by=Actor.BUSINESS).eligible


def test_an_exchange_by_the_business_is_recorded_as_its_own(make: MakeDesk) -> None:
    """The old lines end and the new credit is drawn by whoever exchanged, never late (D36)."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    late = START - HOUR
    exchange(desk, asked=NEXT_DAY, now=late, by=Actor.BUSINESS, note="the roof leaks")
    old, new = store.inner.redemption("b1"), store.inner.redemption("b2")

    assert old is not None
    assert new is not None
    assert (None, "b1") == (old.replaces, new.replaces)
    ending = Ending(act=Act.CANCEL, at=late, by=Actor.BUSINESS, late=False, note="the roof leaks")
    assert [(ending,)] == [draw.endings for draw in old.draws]
    assert [(late, Actor.BUSINESS, "the roof leaks")] * 2 == [
        (moved.at, moved.by, moved.note) for moved in store.inner.movements()[1:]
    ]


@pytest.mark.parametrize("by", Actor)
def test_cancelling_what_was_exchanged_is_a_repeat(make: MakeDesk, by: Actor) -> None:
    """The old lines ended as by a cancellation: nothing changes, whoever asks (D71)."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    exchange(desk)
    again = desk.cancel("b1", by=by, now=START + DAY)

    assert (True, None, CreditOutcome.RETURN, False) == (
        again.allowed,
        again.change,
        again.outcome,
        again.late,
    )
    assert 3 == len(store.inner.movements())


def test_a_credit_that_returned_when_another_was_drawn_is_no_exchange(make: MakeDesk) -> None:
    """A no-show that returns, at the very instant of another booking: two acts (D71)."""
    desk = make(ONLINE, Interrupted(facials(2)))
    redeem(desk)
    assert desk.no_show("b1", now=START, outcome=CreditOutcome.RETURN).returned
    redeem(desk, NEXT_DAY, now=START)

    with pytest.raises(
        BookingMismatchError, match=r"^booking 'b2' was not redeemed in exchange for 'b1': "
    ):
        exchange(desk, asked=NEXT_DAY, now=START)


def test_an_exchange_for_another_old_booking_is_no_repeat(make: MakeDesk) -> None:
    """What took the place of b1 did not take that of b3 (D71)."""
    desk = make(ONLINE, Interrupted(facials(3)))
    redeem(desk)
    redeem(desk, booking(id="b3"))
    exchange(desk)

    with pytest.raises(BookingMismatchError, match="in exchange for 'b3': cancel 'b3' instead"):
        exchange(desk, "b3")


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
    redeem(desk, NEXT_DAY, now=START - HOUR + INSTANT)
    with pytest.raises(
        BookingMismatchError, match=r"^booking 'b2' was not redeemed in exchange for 'b1': "
    ):
        exchange(desk, asked=NEXT_DAY, now=START - HOUR, by=by)


def test_a_forfeited_credit_was_not_given_back_in_exchange(make: MakeDesk) -> None:
    """Not even at the very instant at which the other booking was redeemed."""
    desk = make(ONLINE, Interrupted(facials(2)))
    redeem(desk)
    assert not desk.cancel("b1", by=Actor.CLIENT, now=START - HOUR).returned
    redeem(desk, NEXT_DAY, now=START - HOUR)
    with pytest.raises(
        BookingMismatchError, match=r"^booking 'b2' was not redeemed in exchange for 'b1': "
    ):
        exchange(desk, asked=NEXT_DAY, now=START - HOUR)


def test_an_exchange_that_is_sent_twice_at_once_is_answered_twice(make: MakeDesk) -> None:
    """Wherever the first one commits while the second one reads, both get the same answer."""
    for place in (4, 5, 6, 7):
        store = Interrupted(facials(1))
        desk = make(ONLINE, store)
        redeem(desk, now=NOW - HOUR)
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
    with pytest.raises(InvalidValueError, match=r"booking_id must be another id than.*, not 'b1'"):
        exchange(desk, asked=booking())
    with pytest.raises(InvalidValueError, match=r"booking_id must be a text.*, not ''"):
        exchange(desk, "")


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "ended"])
def test_another_clients_booking_is_told_whatever_the_new_id_stands_for(
    make: MakeDesk, is_open: bool
) -> None:
    """Beth, whose b2 is booked by itself, is not told to cancel Ana's b1 (D59, D71)."""
    store = Interrupted(facials())
    store.inner.add(facials(package_id="p2", client_id="beth"))
    desk = make(ONLINE, store)
    redeem(desk)
    assert redeem(desk, booking(id="b2"), client=BETH).eligible
    if not is_open:
        desk.cancel("b2", by=Actor.CLIENT, now=NOW)
    with pytest.raises(BookingMismatchError, match="'b1' is another client's: exchange it for"):
        exchange(desk, client=BETH)


def test_the_new_booking_may_be_known_in_other_ways(make: MakeDesk) -> None:
    """Other contents, redeemed by itself, and ended: each is told."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    redeem(desk, booking(id="b2"))
    with pytest.raises(BookingMismatchError, match="'b2' was redeemed with other services"):
        exchange(desk, asked=booking("facial", "facial", id="b2"))
    with pytest.raises(BookingMismatchError, match="in exchange for 'b1': cancel 'b1' inst"):
        exchange(desk)
    desk.cancel("b2", by=Actor.CLIENT, now=NOW)
    with pytest.raises(ClosedRedemptionError, match="'b2' has ended already"):
        exchange(desk)

    assert [DrawState.RESERVED] == stored_state(store)
