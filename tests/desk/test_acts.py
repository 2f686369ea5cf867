"""Acts after booking: cancelled, completed, missed, rescheduled, forgiven; each of them once."""

from collections.abc import Callable

import pytest

from pkgredeem import (
    Actor,
    CreditOutcome,
    DrawState,
    InvalidValueError,
    PackageStatus,
    RedemptionDesk,
)
from tests.helpers.desk_support import (
    ONLINE,
    Interrupted,
    MakeDesk,
    facials,
    redeem,
    stored_state,
)
from tests.helpers.support import (
    DAY,
    HOUR,
    NOW,
    START,
    booking,
)


def test_a_cancellation_says_whether_the_credit_can_be_used(make: MakeDesk) -> None:
    """The packages drawn on are read, whoever's they are by now (D13)."""
    for fields, expected in (
        ({}, True),
        ({"status": PackageStatus.ARCHIVED}, False),
        ({"client_id": "beth"}, False),
    ):
        store = Interrupted(facials())
        desk = make(ONLINE, store)
        redeem(desk)
        store.inner.revise(facials(**fields))
        settled = desk.cancel("b1", by=Actor.CLIENT, now=NOW, note="ill")

        assert expected is settled.credit_usable
        assert settled.returned
        assert 5 == store.inner.balance("p1", "facial").available
        assert "ill" == store.inner.movements()[-1].note


def test_acts_come_line_by_line_and_once(make: MakeDesk) -> None:
    """Each line ends in its own way, and the same act again changes nothing."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk, booking("facial", "facial", "facial"))
    for _ in range(2):
        assert desk.complete("b1", now=START, lines=[0], note="lovely").allowed
        missed = desk.no_show("b1", now=START, lines=[1], outcome=CreditOutcome.RETURN, note="sms")
        assert missed.returned
        assert CreditOutcome.FORFEIT is desk.no_show("b1", now=START, lines=[2]).outcome
    desk.forgive("b1", now=START, lines=[2], note="the train stood still")

    assert [DrawState.REDEEMED, DrawState.RETURNED, DrawState.RETURNED] == stored_state(store)
    assert ["", "lovely", "sms", "", "the train stood still"] == [
        moved.note for moved in store.inner.movements()
    ]


def test_a_settlement_that_changes_nothing_is_not_committed(make: MakeDesk) -> None:
    """A refusal and a repetition write nothing; complete, no-show and forgive read no package."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    store.calls.clear()
    early = desk.no_show("b1", now=NOW)
    desk.complete("b1", now=NOW)
    desk.complete("b1", now=NOW)
    desk.forgive("b1", now=NOW, note="a gift")

    assert (False, ["appointment_not_started"]) == (
        early.allowed,
        [each.code for each in early.findings],
    )
    assert [
        "redemption",
        *["redemption", "commit 1"],
        "redemption",
        *["redemption", "commit 1"],
    ] == store.calls


def test_rescheduling_asks_the_packages_of_today(make: MakeDesk) -> None:
    """A client can't go beyond the validity that the package has by now; the business can (D17)."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    store.inner.revise(facials(valid_until=START + HOUR))
    refused = desk.reschedule("b1", starts_at=START + DAY, by=Actor.CLIENT, now=NOW)
    moved = desk.reschedule(
        "b1", starts_at=START + DAY, by=Actor.BUSINESS, now=NOW, note="the roof leaks"
    )

    assert (False, ["outside_validity"]) == (
        refused.allowed,
        [each.code for each in refused.findings],
    )
    assert moved.allowed
    stored = store.inner.redemption("b1")
    assert stored is not None
    assert (START + DAY, "the roof leaks") == (stored.starts_at, stored.reschedules[0].note)


def test_an_act_that_is_overtaken_is_judged_on_what_is_there_now(make: MakeDesk) -> None:
    """Lines given as an iterator are kept for the second try."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk, booking("facial", "facial"))
    other = RedemptionDesk(ONLINE, store.inner)
    store.before[6] = lambda: other.complete("b1", now=NOW, lines=[0])
    settled = desk.cancel("b1", by=Actor.BUSINESS, now=NOW, lines=iter([1]))

    assert settled.returned
    assert [DrawState.REDEEMED, DrawState.RETURNED] == stored_state(store)


ACTS: dict[str, Callable[[RedemptionDesk, str], object]] = {
    "cancel": lambda desk, name: desk.cancel(name, by=Actor.CLIENT, now=NOW),
    "no_show": lambda desk, name: desk.no_show(name, now=START),
    "complete": lambda desk, name: desk.complete(name, now=START),
    "reschedule": lambda desk, name: desk.reschedule(
        name, starts_at=START, by=Actor.CLIENT, now=NOW
    ),
    "forgive": lambda desk, name: desk.forgive(name, now=START, note="a gift"),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_unknown_booking_is_told(make: MakeDesk, act: str) -> None:
    """Every act on a booking that was never redeemed is a lookup error."""
    with pytest.raises(LookupError, match=r"^nothing was ever redeemed for booking 'b7'$"):
        ACTS[act](make(ONLINE, Interrupted()), "b7")


@pytest.mark.parametrize("act", ACTS)
def test_an_empty_booking_id_is_no_id(make: MakeDesk, act: str) -> None:
    """What can't be an id is refused before the store is asked."""
    store = Interrupted()
    with pytest.raises(
        InvalidValueError, match="booking_id must be a text that is not empty, not ''"
    ):
        ACTS[act](make(ONLINE, store), "")

    assert [] == store.calls
