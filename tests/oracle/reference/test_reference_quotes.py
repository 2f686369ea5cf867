"""Bookings asked again, exchanged and quoted, worked out by hand from the decisions."""

from __future__ import annotations

from typing import Any

import pytest

from . import after, cancel, decide, exchange, quote
from .examples import NOW, START, booked, case, codes, credit, package, paid, redeemed

CLOSED = {"error": "ClosedRedemptionError"}
INVALID = {"error": "InvalidValueError"}
MISMATCH = {"error": "BookingMismatchError"}
UNKNOWN = {"error": "UnknownBookingError"}
SPENT = package("p1", credit("facial", left=0))
OTHER = {"id": "b2", "starts_at": "2026-05-09T10:00:00Z"}


def own() -> dict[str, Any]:
    """Give the redemption of the plain case: one facial from p1, booking b1."""
    return redeemed(case(package()))


def test_the_own_reservation_is_added_back() -> None:
    """D21: the booking's own last credit does not count against itself."""
    assert codes(decide(case(SPENT))) == ["package_used_up"]
    again = decide(case(SPENT) | {"existing": own()})
    assert paid(again) == [(0, "p1", "facial")]


def test_the_own_credit_makes_no_package_active() -> None:
    """D05 and D21: p1 is used up but for what b1 holds, so p2 is the only active package."""
    answer = decide(case(SPENT, package("p2")) | {"existing": own()})
    assert (answer["eligible"], answer["active"], answer["usable"]) == (True, ["p2"], ["p1", "p2"])


@pytest.mark.parametrize("booking", [{}, OTHER])
def test_what_is_of_another_client_or_has_ended(booking: dict[str, Any]) -> None:
    """D21: another client's redemption pays nothing, and an ended one gives nothing back."""
    beth = case(SPENT, client={"id": "c2"}, booking=booking) | {"existing": own()}
    assert decide(beth) == INVALID
    ended = after("cancel", own(), by="business", now=NOW)
    assert decide(case(SPENT, booking=booking) | {"existing": ended}) == CLOSED


def test_an_exchange_is_for_the_client_only_in_time() -> None:
    """D71: another booking id after the old free-until is late, but not by the business."""
    late = case(SPENT, booking=OTHER, now="2026-05-04T10:00:00.000001Z") | {"existing": own()}
    refused = decide(late)
    assert [(one["code"], one["scope"], one["facts"]) for one in refused["reasons"]] == [
        ("late_change", "act", {"free_until": "2026-05-04T10:00:00+00:00"})
    ]
    assert decide(late | {"by": "business"})["eligible"]
    assert decide(late | {"now": "2026-05-04T10:00:00Z"})["eligible"]


def test_the_old_side_goes_by_the_start_as_it_is_now() -> None:
    """D71: a moved booking is late and closed by its new start, not by the one first booked."""
    moved = after(
        "reschedule",
        own(),
        starts_at="2026-05-08T10:00:00Z",
        by="client",
        now=NOW,
        packages=[SPENT],
    )
    late = case(SPENT, booking=OTHER, now="2026-05-06T00:00:00Z") | {"existing": moved}
    assert decide(late)["eligible"]
    assert codes(decide(late | {"now": "2026-05-08T00:00:00Z"})) == ["late_change"]


def test_no_rulebook_lifts_what_is_asked_of_the_old_side() -> None:
    """D09 and D71: in store too a client can't exchange what has started; the business can."""
    started = case(SPENT, booking=OTHER, now=START) | {"existing": own()}
    answer = decide(started, "in-store")
    assert codes(answer) == ["changes_closed", "late_change"]
    assert answer["reasons"][0]["facts"] == {"open_until": "2026-05-05T10:00:00+00:00"}
    assert decide(started | {"by": "business"}, "in-store")["eligible"]


def test_asking_the_same_booking_again_is_no_change() -> None:
    """D21: the old side is judged only where another booking takes its place."""
    late = case(SPENT, now="2026-05-05T09:00:00Z") | {"existing": own()}
    assert decide(late)["eligible"]


def test_an_exchange_tells_a_credit_that_is_dead() -> None:
    """D13: of two packages the older is over now, so its credit comes back and can't be used."""
    old = redeemed(case(package(valid_until="2026-05-06T00:00:00Z")))
    over = package("p1", credit("facial", left=0), valid_until="2026-05-06T00:00:00Z")
    whole = case(over, package("p2"), booking=OTHER, now="2026-05-06T00:00:00Z")
    answer = decide(whole | {"existing": old, "by": "business"})
    assert [(note["code"], note["scope"]) for note in answer["notes"]] == [
        ("package_over", "package"),
        ("credit_not_usable", "act"),
    ]
    refused = decide(case(over, booking=OTHER, now="2026-05-06T00:00:00Z") | {"existing": old})
    assert codes(refused) == ["package_over", "changes_closed", "late_change"]


def test_an_exchange_gives_nothing_back_to_an_entitlement_that_is_gone() -> None:
    """D70 and D73: it raises as the commit would, unless it is refused and gives nothing back."""
    edited = package("p1", credit("facial", id_="new"))
    whole = case(edited, booking=OTHER) | {"existing": own()}
    assert decide(whole) == {"error": "UnknownEntitlementError"}
    late = decide(whole | {"now": "2026-05-04T10:00:00.000001Z"})
    assert codes(late) == ["late_change"]


def test_an_exchange_before_the_old_booking_was_made() -> None:
    """D74: more than a minute is broken; less counts as the moment of booking for the old side."""
    whole = case(SPENT, booking=OTHER, now="2026-05-01T07:58:59Z") | {"existing": own()}
    assert decide(whole) == INVALID
    both = exchange(whole | {"now": "2026-05-01T07:59:30Z"})
    assert both is not None
    assert both["new"]["booked_at"] == "2026-05-01T07:59:30+00:00"
    assert both["old"]["draws"][0]["endings"][0]["at"] == "2026-05-01T08:00:00+00:00"


def test_an_exchange_ends_the_old_lines_and_names_the_old_booking() -> None:
    """D71: the old lines end as by a cancellation of whoever exchanged; cancelling is a repeat."""
    both = exchange(case(SPENT, booking=OTHER) | {"existing": own()})
    assert both is not None
    assert (both["new"]["booking"]["id"], both["new"]["replaces"]) == ("b2", "b1")
    ending = both["old"]["draws"][0]["endings"][0]
    assert (ending["act"], ending["by"], ending["late"]) == ("cancel", "client", False)
    assert cancel(both["old"], "business", START)["changes"] is False


def test_a_quote_of_what_is_redeemed_is_the_recorded_answer() -> None:
    """D70: the same contents tell what was redeemed, whatever has become of the rules' facts."""
    again = quote(case(account={"online_redemption": False}), stored=own())
    assert again == {
        "recorded": True,
        "eligible": True,
        "deposit": "not_required",
        "card_capture": "not_required",
        "draws": own()["draws"],
        "uncovered": [],
        "starts_at": "2026-05-05T10:00:00+00:00",
        "free_until": "2026-05-04T10:00:00+00:00",
        "schedule": [
            ("2026-05-04T10:00:00+00:00", "return", False),
            ("2026-05-05T10:00:00+00:00", "forfeit", True),
        ],
        "time_zone_key": None,
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"services": "massage"},
        {"services": "facial facial"},
        {"client": {"id": "c2"}},
        {"client": {"id": None, "logged_in": False}},
        {"booking": {"starts_at": "2026-05-05T10:00:00.000001Z"}},
        {"booking": {"lines": [{"service": {"id": "facial"}, "payable": False}]}},
    ],
)
def test_other_contents_are_told_before_an_end(fields: dict[str, Any]) -> None:
    """D21: client, start, services and what is to be paid are what makes the same booking."""
    ended = after("cancel", own(), by="business", now=NOW)
    for stored in (own(), ended):
        assert quote(case(package(), **fields), stored=stored) == MISMATCH


def test_a_quote_of_what_has_ended() -> None:
    """D21 and D70: a booking id is redeemed at most once; partly ended is not ended."""
    ended = after("cancel", own(), by="business", now=NOW)
    assert quote(case(package()), stored=ended) == CLOSED
    both = package("p1", credit("facial"), credit("massage"))
    partly = after("cancel", booked(), by="client", now=NOW, lines=[0])
    assert quote(case(both, services="facial massage"), stored=partly)["recorded"]


def test_the_start_as_first_booked_makes_the_same_booking() -> None:
    """D21: a moved booking is asked for by its first start, written in any zone."""
    moved = after(
        "reschedule",
        own(),
        starts_at="2026-05-08T10:00:00Z",
        by="client",
        now=NOW,
        packages=[SPENT],
    )
    first = case(SPENT, booking={"starts_at": "2026-05-05T12:00:00+02:00"})
    assert quote(first, stored=moved)["starts_at"] == "2026-05-08T10:00:00+00:00"
    assert quote(case(SPENT, booking={"starts_at": "2026-05-08T10:00:00Z"}), stored=moved) == (
        MISMATCH
    )


def test_a_quote_of_nothing_stored_is_a_decision() -> None:
    """D70: what is not stored is decided as it would be redeemed."""
    assert quote(case(package())) == {"recorded": False} | decide(case(package()))


def test_a_quote_of_an_exchange() -> None:
    """D70 and D71: decided with the old booking, which must be stored, open and this client's."""
    whole = case(SPENT, booking=OTHER)
    assert quote(whole, replaces="b1", replaced=own())["eligible"]
    assert quote(whole, replaces="b1") == UNKNOWN
    assert quote(whole, replaces="b2", replaced=own()) == INVALID
    ended = after("cancel", own(), by="business", now=NOW)
    assert quote(whole, replaces="b1", replaced=ended) == CLOSED
    beth = case(SPENT, booking=OTHER, client={"id": "c2"})
    assert quote(beth, replaces="b1", replaced=own()) == MISMATCH
    assert decide(beth | {"existing": own()}) == INVALID


def test_only_replaces_makes_a_repeated_exchange() -> None:
    """D71: a booking of the same contents that took no other's place is no repeat of one."""
    whole = case(SPENT, booking=OTHER)
    both = exchange(whole | {"existing": own()})
    assert both is not None
    assert quote(whole, stored=both["new"], replaces="b1", replaced=both["old"])["recorded"]
    assert quote(whole, stored=both["new"])["recorded"]
    assert quote(whole, stored=both["new"], replaces="b0") == UNKNOWN
    assert quote(whole, stored=both["new"], replaces="b0", replaced=own()) == MISMATCH
    alone = redeemed(case(package(), booking=OTHER))
    assert quote(whole, stored=alone, replaces="b1", replaced=own()) == MISMATCH
    ended = after("cancel", alone, by="business", now=NOW)
    assert quote(whole, stored=ended, replaces="b1", replaced=own()) == CLOSED


def test_broken_input() -> None:
    """D27, D73, D75 and D76: a package or an entitlement twice, a line too many, no real zone."""
    assert decide(case(package(), package())) == INVALID
    unnamed = {"services": ["facial"], "remaining": 1}
    assert paid(decide(case(package("p1", unnamed)))) == [(0, "p1", "main")]
    assert decide(case(package("p1", unnamed, unnamed))) == INVALID
    assert codes(decide(case(package(), services="mask " * 100))) == ["service_not_in_package"]
    assert decide(case(package(), services="mask " * 101)) == INVALID
    assert decide(case(package(), account={"time_zone": "localtime"})) == INVALID


def test_names_are_told_beside_ids() -> None:
    """D72: a finding has its subject's name, and a draw the name of its package."""
    named = case(package("p1", name="Five facials"), package("p2", client_id="c2", name="Six"))
    answer = decide(named)
    assert answer["draws"][0]["package_name"] == "Five facials"
    assert [(note["subject"], note["subject_name"]) for note in answer["notes"]] == [("p2", "Six")]
