"""A family's package at the desk: one balance, and each booking its own client's (D59)."""

import pytest

from pkgredeem import (
    Actor,
    BookingMismatchError,
    Client,
    RedemptionDesk,
)
from tests.helpers.desk_support import (
    ONLINE,
    Interrupted,
    MakeDesk,
    exchange,
    facials,
    redeem,
    reschedule,
    stored_state,
)
from tests.helpers.support import (
    ANA,
    DAY,
    NOW,
    START,
    booking,
    case,
    codes,
    decide,
    draws,
    rescheduled,
)

BEN, CLEO, DAN = (Client(id=name, logged_in=True) for name in ("ben", "cleo", "dan"))


def family(make: MakeDesk, left: int = 3) -> tuple[RedemptionDesk, Interrupted]:
    """Return a desk on a store that holds Ana's facials, shared with Ben and Cleo."""
    store = Interrupted(facials(left, shared_with=["ben", "cleo"]))
    return make(ONLINE, store), store


def test_who_is_named_books_from_the_owners_package(make: MakeDesk) -> None:
    """One balance for all three; each redemption says whose booking it is (D59)."""
    desk, store = family(make)
    for number, client in enumerate((ANA, BEN, CLEO)):
        decision = redeem(desk, booking(id=f"b{number}"), client=client)
        assert [(0, "p1", "facial")] == draws(decision)
        stored = store.inner.redemption(f"b{number}")
        assert stored is not None
        assert client.id == stored.client_id

    balance = store.inner.balance("p1", "facial")
    assert (0, 3) == (balance.available, balance.reserved)
    assert ["package_used_up"] == codes(redeem(desk, booking(id="b4"), client=ANA))


def test_who_is_not_named_is_not_told_of_it(make: MakeDesk) -> None:
    """The store doesn't hand it in for Dan, so that he has no package (D59, D04)."""
    desk, store = family(make)
    refused = redeem(desk, client=DAN)

    assert (["no_package"], ()) == (codes(refused), refused.notes)
    assert store.inner.redemption("b1") is None


def test_a_booking_is_moved_for_its_client_only(make: MakeDesk) -> None:
    """Not for the owner of the package, and not for another who shares it (D59, D58)."""
    desk, store = family(make)
    redeem(desk, client=BEN)
    for other in (ANA, CLEO, DAN):
        with pytest.raises(BookingMismatchError) as raised:
            reschedule(desk, client=other)
        assert "booking 'b1' is another client's: move it for that client" == str(raised.value)

    assert reschedule(desk, client=BEN).allowed
    stored = store.inner.redemption("b1")
    assert stored is not None
    assert (START + DAY, "ben") == (stored.starts_at, stored.client_id)


def test_a_booking_is_exchanged_for_its_client_only(make: MakeDesk) -> None:
    """The new one is Ben's too, and the balance is what it was (D59, D71)."""
    desk, store = family(make, left=1)
    redeem(desk, client=BEN)
    with pytest.raises(BookingMismatchError):
        exchange(desk, client=ANA)

    assert exchange(desk, client=BEN).eligible
    balance = store.inner.balance("p1", "facial")
    assert (0, 1) == (balance.available, balance.reserved)


def test_the_same_booking_id_is_one_clients(make: MakeDesk) -> None:
    """Asked again by another who shares the package it is a mismatch (D21)."""
    desk, _ = family(make)
    redeem(desk, client=BEN)

    assert redeem(desk, client=BEN).recorded
    with pytest.raises(BookingMismatchError, match="redeemed for another client"):
        redeem(desk, client=ANA)


def test_what_is_booked_stays_when_it_is_no_longer_shared(make: MakeDesk) -> None:
    """Ben moves and cancels what he booked, and books no more (D11, D13)."""
    desk, store = family(make)
    redeem(desk, client=BEN)
    store.inner.revise(facials(3))

    assert ["no_package"] == codes(redeem(desk, booking(id="b2"), client=BEN))
    assert reschedule(desk, client=BEN).allowed
    settlement = desk.cancel("b1", by=Actor.CLIENT, now=NOW)
    assert (True, True) == (settlement.returned, settlement.credit_usable)
    assert ["returned"] == stored_state(store)
    assert 3 == store.inner.balance("p1", "facial").available


def test_the_policy_moves_for_the_client_of_the_booking() -> None:
    """Without a desk too (D58)."""
    shared = facials(shared_with=["ben"])
    found = decide(case(client=BEN, packages=[shared])).redemption
    assert found is not None
    with pytest.raises(BookingMismatchError):
        rescheduled(found, client=ANA, packages=[shared])

    assert rescheduled(found, client=Client(id="ben"), packages=[shared]).allowed
