"""Acts after booking: cancelled, completed, missed, rescheduled, forgiven; each of them once."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pkgredeem import (
    Actor,
    BookingMismatchError,
    CreditOutcome,
    DrawState,
    InvalidValueError,
    PackageStatus,
    RedemptionDesk,
    RedemptionPolicy,
    rules,
)
from tests.helpers.desk_support import (
    ACCOUNT,
    ONLINE,
    Interrupted,
    MakeDesk,
    facials,
    redeem,
    reschedule,
    stored_state,
)
from tests.helpers.house_rules import no_saturday
from tests.helpers.support import (
    ANA,
    BETH,
    DAY,
    HOUR,
    LONDON,
    NOW,
    START,
    booking,
)


def test_a_cancellation_says_whether_the_credit_can_be_used(make: MakeDesk) -> None:
    """The packages drawn on are read, whoever's they are and whatever they are by now (D13)."""
    for fields, expected in (
        ({}, True),
        ({"status": PackageStatus.ARCHIVED}, False),
        ({"client_id": "beth"}, True),
        ({"client_id": "beth", "valid_until": NOW}, False),
    ):
        store = Interrupted(facials())
        desk = make(ONLINE, store)
        redeem(desk)
        store.inner.revise(facials(**fields))
        settled = desk.cancel("b1", by=Actor.CLIENT, now=NOW, note="ill")
        again = desk.cancel("b1", by=Actor.CLIENT, now=NOW, note="ill")

        assert (expected, expected) == (settled.credit_usable, again.credit_usable)
        assert (True, None) == (settled.returned, again.change)
        assert [("ana", "p1"), ("ana", "p1")] == store.asked[1:]
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
    """A refusal and a repetition write nothing; every act reads the packages drawn on (D13)."""
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
        [finding.code for finding in early.findings],
    )
    assert [
        *["redemption", "packages_of"],
        *["redemption", "packages_of", "commit 1"],
        *["redemption", "packages_of"],
        *["redemption", "packages_of", "commit 1"],
    ] == store.calls


@pytest.mark.parametrize("act", ["no_show", "forgive", "complete"])
def test_every_act_that_returns_a_credit_says_whether_it_can_be_used(
    make: MakeDesk, act: str
) -> None:
    """Recorded a week later, the package is over: staff are told, as of a cancellation (D13)."""
    desk = make(ONLINE, Interrupted(facials(valid_until=START + HOUR)))
    redeem(desk)
    later = START + DAY
    if act == "no_show":
        settlement = desk.no_show("b1", now=later, outcome=CreditOutcome.RETURN)
    elif act == "forgive":
        desk.complete("b1", now=START)
        settlement = desk.forgive("b1", now=later, note="a gift")
    else:
        settlement = desk.complete("b1", now=later)

    expected = (None, []) if act == "complete" else (False, ["credit_not_usable"])
    assert expected == (
        settlement.credit_usable,
        [finding.code for finding in settlement.findings],
    )


def test_rescheduling_asks_the_packages_of_today(make: MakeDesk) -> None:
    """A client can't go beyond the validity that the package has by now; the business can (D17)."""
    store = Interrupted(facials())
    desk = make(ONLINE, store)
    redeem(desk)
    store.inner.revise(facials(valid_until=START + HOUR))
    refused = reschedule(desk)
    moved = reschedule(desk, by=Actor.BUSINESS, note="the roof leaks")

    assert [("package_over_by_then", False), ("package_over_by_then", True)] == [
        (finding.code, answer.allowed) for answer in (refused, moved) for finding in answer.findings
    ]
    stored = store.inner.redemption("b1")
    assert stored is not None
    assert (START + DAY, "the roof leaks", Actor.BUSINESS) == (
        stored.starts_at,
        stored.reschedules[0].note,
        stored.reschedules[0].by,
    )


def test_a_callers_rule_is_asked_of_a_move(make: MakeDesk) -> None:
    """Booked for a Tuesday, moved to a Saturday: refused to the client, a note to staff (D58)."""
    store = Interrupted(facials())
    desk = make(RedemptionPolicy(rules.TIMELY_2026_03.including(no_saturday)), store)
    in_london = replace(ACCOUNT, time_zone=LONDON)
    asked: dict[str, Any] = {"account": in_london, "client": ANA, "now": NOW}
    assert desk.redeem(booking=booking(), **asked).eligible
    saturday = START + 4 * DAY
    refused, moved = (
        desk.reschedule("b1", starts_at=saturday, by=by, **asked)
        for by in (Actor.CLIENT, Actor.BUSINESS)
    )

    assert [(False, ["no_saturday"]), (True, ["no_saturday"])] == [
        (answer.allowed, [finding.code for finding in answer.findings])
        for answer in (refused, moved)
    ]


def test_a_booking_is_moved_for_its_client_only(make: MakeDesk) -> None:
    """Who books as somebody else is told so (D58)."""
    desk = make(ONLINE, Interrupted(facials()))
    redeem(desk)

    with pytest.raises(BookingMismatchError, match=r"'b1' is another client's: move it for that"):
        reschedule(desk, client=BETH)


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
    "reschedule": reschedule,
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
