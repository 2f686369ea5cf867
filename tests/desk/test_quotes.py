"""Quotes: what redeeming would commit, told without writing anything."""

from datetime import datetime

import pytest

from pkgredeem import Actor, Client
from tests.helpers.desk_support import ONLINE, Interrupted, MakeDesk, facials, quote, redeem
from tests.helpers.support import (
    ANA,
    BETH,
    HOUR,
    NOW,
    START,
    account,
    booking,
    codes,
    credit,
    package,
)


def test_a_quote_writes_nothing(make: MakeDesk) -> None:
    """A quote is the decision that redeeming would commit, and only reads."""
    store = Interrupted(facials(1))
    decision = quote(make(ONLINE, store))

    assert decision.eligible
    assert decision.change is not None
    assert ["packages_of", "redemption"] == store.calls


def test_a_quote_does_not_count_the_booking_against_itself(make: MakeDesk) -> None:
    """The booking's own last credit is added back, and there is nothing to commit (D21)."""
    store = Interrupted(facials(1))
    desk = make(ONLINE, store)
    redeem(desk)
    decision = quote(desk)

    assert (True, True, None) == (decision.eligible, decision.recorded, decision.change)
    assert decision.redemption == store.redemption("b1")
    other = quote(desk, booking("facial", "facial"))
    assert ["not_enough_credits"] == codes(other)[:1]
    assert (True, True, None) == (other.recorded, other.again, other.change)
    assert ["package_used_up"] == codes(quote(desk, booking(id="b2")))
    assert [("ana",), ("ana", "p1")] == store.asked[2:4]
    assert "commit 1" not in store.calls[3:]


def test_a_quote_of_what_is_booked_is_what_was_booked(make: MakeDesk) -> None:
    """Terms and packages that came later touch nothing: the quote is the recorded answer (D11)."""
    store = Interrupted(facials(2))
    desk = make(ONLINE, store)
    booked = redeem(desk)
    store.inner.add(package("p0", credit("facial"), priority=-1))
    found = desk.quote(
        account=account(online_redemption=False, cancellation=None),
        client=ANA,
        booking=booking(),
        now=START - HOUR,
    )

    assert booked.redemption == found.redemption
    assert (True, True, False) == (found.eligible, found.recorded, found.again)
    assert (False, False) == (
        found.refund_on_cancel,
        desk.cancel("b1", by=Actor.CLIENT, now=START - HOUR).returned,
    )


@pytest.mark.parametrize(
    ("client", "services", "start"),
    [(BETH, ["facial"], START), (ANA, ["massage"], START), (ANA, ["facial"], START + HOUR)],
)
def test_a_quote_of_something_else_under_the_same_id_is_asked_again(
    make: MakeDesk, client: Client, services: list[str], start: datetime
) -> None:
    """Another client, service or start is not what was redeemed, and is never committed."""
    desk = make(ONLINE, Interrupted(facials(2)))
    redeem(desk)
    found = desk.quote(
        account=account(), client=client, booking=booking(*services, starts_at=start), now=NOW
    )

    assert (True, True, None) == (found.recorded, found.again, found.change)


def test_a_quote_of_what_has_ended_is_asked_again(make: MakeDesk) -> None:
    """What was cancelled is no answer to whether it could be booked (D21)."""
    desk = make(ONLINE, Interrupted(facials(2)))
    redeem(desk)
    desk.cancel("b1", by=Actor.BUSINESS, now=NOW)
    found = quote(desk)

    assert (True, True, None) == (found.eligible, found.again, found.change)


def test_a_quote_for_a_guest_reads_no_package(make: MakeDesk) -> None:
    """A guest is told to log in."""
    store = Interrupted(facials())

    assert "client_not_logged_in" in codes(quote(make(ONLINE, store), client=Client.guest()))
    assert ["redemption"] == store.calls
