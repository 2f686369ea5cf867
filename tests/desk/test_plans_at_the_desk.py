"""Plans at the desk: the pick is read by name, traits are contents, a move asks of today."""

from collections.abc import Mapping
from datetime import UTC, datetime, time

import pytest

from pkgredeem import (
    Actor,
    Audience,
    Booking,
    BookingMismatchError,
    CancellationTerms,
    Client,
    CreditOutcome,
    Decision,
    Hours,
    Package,
    PackageStatus,
    RedemptionDesk,
    RedemptionPolicy,
    Restrictions,
    Settlement,
    rules,
)
from tests.helpers.desk_support import ONLINE, Interrupted, MakeDesk, facials, redeem, stored_state
from tests.helpers.support import (
    ANA,
    DAY,
    HOUR,
    LONDON,
    NOW,
    START,
    account,
    booking,
    codes,
    credit,
    draws,
    line,
    package,
)

NO_LIMITS = RedemptionPolicy(rules.ONLINE)
THURSDAY = datetime(2026, 5, 7, 9, tzinfo=UTC)
SATURDAY = THURSDAY + 2 * DAY
LOCAL = account(time_zone=LONDON)
OFF_PEAK = Restrictions(hours=[Hours(days=[1, 2, 3, 4], opens=time(9), closes=time(17))])


def picked(
    desk: RedemptionDesk, only: list[str] | None, *, booking_id: str = "b1", quote: bool = False
) -> Decision:
    """Redeem, or quote, a facial for Ana with these packages picked."""
    ask = desk.quote if quote else desk.redeem
    return ask(
        account=account(),
        client=ANA,
        booking=booking(id=booking_id),
        now=NOW,
        only=None if only is None else iter(only),
    )


@pytest.mark.parametrize("quote", [True, False])
def test_the_picked_package_pays(make: MakeDesk, quote: bool) -> None:
    """Read by its name with the others, drawn on, and so quoted (D68, D70)."""
    store = Interrupted(facials(priority=1), facials(package_id="p2"))
    decision = picked(make(NO_LIMITS, store), ["p2"], quote=quote)

    assert [(0, "p2", "facial")] == draws(decision)
    assert ("ana", "p2") == store.asked[0]
    assert quote is (store.inner.redemption("b1") is None)


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (["p1"], ["package_used_up", "package_not_chosen"]),
        (["p2"], []),
        (["p9"], ["package_used_up", "package_not_chosen", "package_not_chosen"]),
        (["p1", "p2"], []),
        (None, []),
    ],
)
def test_a_picked_package_that_is_used_up_is_told(
    make: MakeDesk, only: list[str] | None, expected: list[str]
) -> None:
    """A store may leave it out otherwise; a name that is not there refuses nothing by itself."""
    store = Interrupted(facials(0), facials(package_id="p2"))
    desk = make(NO_LIMITS, store)

    assert expected == codes(picked(desk, only))


def test_a_picked_package_of_another_client_is_told_as_such(make: MakeDesk) -> None:
    """It is read by its name, and pays for nobody else (D04, D68)."""
    store = Interrupted(facials(client_id="beth"))

    assert ["package_of_another_client", "no_package"] == codes(
        picked(make(NO_LIMITS, store), ["p1"])
    )


def test_an_exchange_may_pick_too(make: MakeDesk) -> None:
    """The new booking is paid by the picked package, the old credit goes back (D68, D71)."""
    store = Interrupted(facials(priority=1), facials(package_id="p2"))
    desk = make(NO_LIMITS, store)
    picked(desk, None)
    decision = desk.exchange(
        "b1",
        account=account(),
        client=ANA,
        booking=booking(id="b2"),
        by=Actor.CLIENT,
        now=NOW,
        only=["p2"],
    )

    assert [(0, "p2", "facial")] == draws(decision)
    assert [5, 4] == [store.inner.balance(name, "facial").available for name in ("p1", "p2")]


PLACES = {"place": "north"}


@pytest.mark.parametrize(
    ("asked", "client_tells", "same"),
    [
        (booking(traits=PLACES), {}, True),
        (booking(line(traits=PLACES)), {}, True),
        (booking(line(traits=PLACES), traits={"place": "south"}), {}, True),
        (booking(traits=PLACES), {"place": "south"}, True),
        (booking(traits={"place": "south"}), {}, False),
        (booking(line(traits={"place": "south"}), traits=PLACES), {}, False),
        (booking(), {}, False),
        (booking(traits=PLACES | {"staff": "kim"}), {}, False),
        (booking(traits={"Place": "north"}), {}, False),
    ],
)
def test_the_traits_in_effect_are_contents(
    make: MakeDesk, asked: Booking, client_tells: Mapping[str, str], same: bool
) -> None:
    """Another place under the same id is a mismatch; how the same place is told is not (D21)."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk, booking(traits=PLACES))
    client = Client(id="ana", logged_in=True, traits=client_tells)
    if same:
        assert redeem(desk, asked, client=client).recorded
    else:
        with pytest.raises(BookingMismatchError) as raised:
            redeem(desk, asked, client=client)
        assert "booking 'b1' was redeemed with other traits: use a new booking id" == str(
            raised.value
        )


def test_other_traits_are_told_before_an_end(make: MakeDesk) -> None:
    """Also when the booking has ended, and after other services, before another start (D21)."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk, booking(traits=PLACES))
    desk.cancel("b1", by=Actor.CLIENT, now=NOW)
    for asked, difference in (
        (booking(), "with other traits"),
        (booking(starts_at=START + DAY), "with other traits"),
        (booking("mask"), "with other services"),
    ):
        with pytest.raises(BookingMismatchError, match=f"was redeemed {difference}:"):
            redeem(desk, asked)


def moved(desk: RedemptionDesk, to: datetime, by: Actor = Actor.CLIENT) -> Settlement:
    """Move Ana's booking b1."""
    return desk.reschedule("b1", account=LOCAL, client=ANA, starts_at=to, by=by, now=NOW)


def test_who_booked_off_peak_does_not_move_to_the_peak(make: MakeDesk) -> None:
    """The classic hole, at the desk: refused for the client, a note for the business (D58)."""
    store = Interrupted(facials(restrictions=OFF_PEAK))
    desk = make(ONLINE, store)
    desk.redeem(account=LOCAL, client=ANA, booking=booking(starts_at=THURSDAY), now=NOW)
    refused, allowed = moved(desk, SATURDAY), moved(desk, SATURDAY, Actor.BUSINESS)

    assert (False, ["outside_hours"]) == (
        refused.allowed,
        [finding.code for finding in refused.findings],
    )
    assert (True, ["outside_hours"]) == (
        allowed.allowed,
        [finding.code for finding in allowed.findings],
    )


def test_an_act_asks_the_package_as_it_is_today(make: MakeDesk) -> None:
    """Restricted after booking: the move is asked of today, the booking stays (D58, D11)."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    desk.redeem(account=LOCAL, client=ANA, booking=booking(starts_at=THURSDAY), now=NOW)
    store.inner.revise(facials(restrictions=OFF_PEAK, status=PackageStatus.SUSPENDED))

    assert not moved(desk, SATURDAY).allowed
    cancelled = desk.cancel("b1", by=Actor.CLIENT, now=NOW)
    assert (True, False) == (cancelled.returned, cancelled.credit_usable)
    assert "credit_not_usable" in cancelled.explain(Audience.STAFF)


def test_terms_of_a_package_are_stored_with_what_it_pays_for(make: MakeDesk) -> None:
    """Two lines under two kinds of terms, cancelled one after the other at the desk (D60, D61)."""
    tiered = CancellationTerms(
        window=12 * HOUR, late=CreditOutcome.RETURN, tiers=[(3 * HOUR, CreditOutcome.FORFEIT)]
    )
    plan: Package = package("p1", credit("facial"), cancellation=tiered)
    store = Interrupted(plan, package("p2", credit("massage")))
    desk = make(NO_LIMITS, store)
    redeem(desk, booking("facial", "massage"))
    store.inner.revise(package("p1", credit("facial")))

    first = desk.cancel("b1", by=Actor.CLIENT, now=START - 11 * HOUR, lines=[0])
    second = desk.cancel("b1", by=Actor.CLIENT, now=START - 11 * HOUR)
    assert (True, True, 12 * HOUR) == (first.returned, first.late, first.window)
    assert (False, True, DAY) == (second.returned, second.late, second.window)
    assert ["returned", "forfeited"] == stored_state(store)
