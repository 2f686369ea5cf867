"""Traits, hours, closed days and lead times, worked out by hand from the decisions."""

from __future__ import annotations

from typing import Any

import pytest

from . import decide, quote, reschedule
from .examples import DAY_US, HOUR_US, NOW, booked, case, codes, credit, package, paid, redeemed

INVALID = {"error": "InvalidValueError"}
LONDON = {"time_zone": "Europe/London"}
OFF_PEAK = {"hours": [{"days": [1, 2, 3, 4], "opens": "09:00", "closes": "17:00"}]}


def at(start: str, restrictions: dict[str, Any]) -> dict[str, Any]:
    """Make a case in London that starts then, with a restricted package."""
    whole = package(restrictions=restrictions)
    return case(whole, booking={"starts_at": start}, account=LONDON)


def test_a_trait_that_is_not_told_refuses() -> None:
    """D45 and plan 18: a package for the desk needs to be told that it is the desk."""
    desk = package(restrictions={"traits": {"channel": ["store", "phone"]}})
    refused = decide(case(desk))
    assert [(one["code"], one["scope"], one["subject"]) for one in refused["reasons"]] == [
        ("trait_not_allowed", "credit", "facial")
    ]
    assert refused["reasons"][0]["facts"] == {
        "trait": "channel",
        "found": None,
        "allowed": ["phone", "store"],
    }
    assert decide(case(desk, booking={"traits": {"channel": "store"}}))["eligible"]
    online = decide(case(desk, booking={"traits": {"channel": "online"}}))
    assert online["reasons"][0]["facts"]["found"] == "online"
    assert codes(decide(case(desk, booking={"traits": {"channel": "Store"}}))) == [
        "trait_not_allowed"
    ]


def test_the_line_wins_over_the_booking_and_that_over_the_client() -> None:
    """D45: what is told nearest to the line counts."""
    north = package(restrictions={"traits": {"place": ["north"]}})
    line = {"service": {"id": "facial"}, "traits": {"place": "north"}}
    by_client = case(north, client={"traits": {"place": "north"}})
    assert decide(by_client)["eligible"]
    by_client["booking"]["traits"] = {"place": "west"}
    assert codes(decide(by_client)) == ["trait_not_allowed"]
    by_client["booking"]["lines"] = [line]
    assert decide(by_client)["eligible"]


def test_the_package_and_the_entitlement_both_ask() -> None:
    """D45: both restrictions must be met, and the package's is told first."""
    strict = package(
        "p1",
        credit("facial", restrictions={"traits": {"staff": ["kim"]}}),
        restrictions={"traits": {"place": ["north"]}},
    )
    neither = decide(case(strict))
    assert neither["reasons"][0]["facts"]["trait"] == "place"
    place = decide(case(strict, booking={"traits": {"place": "north"}}))
    assert place["reasons"][0]["facts"]["trait"] == "staff"
    both = {"traits": {"place": "north", "staff": "kim"}}
    assert decide(case(strict, booking=both))["eligible"]


def test_members_and_guests_line_by_line() -> None:
    """Plan 14: each line is paid by the entitlement for its attendee."""
    members = package(
        "p1",
        credit("class", id_="guest", restrictions={"traits": {"attendee": ["guest"]}}),
        credit("class", id_="member", restrictions={"traits": {"attendee": ["member"]}}),
    )
    lines = [
        {"service": {"id": "class"}, "traits": {"attendee": "member"}},
        {"service": {"id": "class"}, "traits": {"attendee": "guest"}},
    ]
    answer = decide(case(members, booking={"lines": lines}))
    assert paid(answer) == [(0, "p1", "member"), (1, "p1", "guest")]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-05-07T08:00:00Z", []),
        ("2026-05-07T07:59:59Z", ["outside_hours"]),
        ("2026-05-07T15:59:00Z", []),
        ("2026-05-07T16:00:00Z", ["outside_hours"]),
        ("2026-05-08T12:00:00Z", ["outside_hours"]),
        ("2026-10-22T08:00:00Z", []),
        ("2026-10-26T08:59:59Z", ["outside_hours"]),
        ("2026-10-26T09:00:00Z", []),
        ("2026-10-26T16:59:59Z", []),
    ],
)
def test_hours_are_those_of_the_accounts_clocks(start: str, expected: list[str]) -> None:
    """D46 and plan 10: Monday to Thursday 9 to 17, before and after the clocks go back."""
    assert codes(decide(at(start, OFF_PEAK))) == expected


def test_hours_over_midnight_are_two_of_them() -> None:
    """D46: to midnight on Friday and from midnight on Saturday."""
    night = {
        "hours": [
            {"days": [5], "opens": "22:00", "closes": None},
            {"days": [6], "opens": "00:00", "closes": "02:00"},
        ]
    }
    assert decide(at("2026-05-08T22:59:59Z", night))["eligible"]
    assert decide(at("2026-05-09T00:59:59Z", night))["eligible"]
    assert codes(decide(at("2026-05-09T01:00:00Z", night))) == ["outside_hours"]


def test_closed_days_are_the_accounts_days() -> None:
    """D47 and plan 10: Christmas Eve begins at midnight there, not here."""
    closed = {"not_on": ["2026-12-24"]}
    assert codes(decide(at("2026-12-24T12:00:00Z", closed))) == ["blacked_out"]
    auckland = at("2026-12-23T11:00:00Z", closed)
    auckland["account"]["time_zone"] = "Pacific/Auckland"
    assert codes(decide(auckland)) == ["blacked_out"]
    auckland["booking"]["starts_at"] = "2026-12-24T11:00:00Z"
    assert decide(auckland)["eligible"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-05-01T10:00:00Z", []),
        ("2026-05-01T09:59:59.999999Z", ["booked_too_late"]),
        ("2026-05-15T08:00:00Z", []),
        ("2026-05-15T08:00:00.000001Z", ["booked_too_early"]),
    ],
)
def test_lead_time_and_horizon(start: str, expected: list[str]) -> None:
    """D48: two hours to fourteen days ahead, both ends allowed, and staff override both."""
    restrictions = {"min_notice_us": 2 * HOUR_US, "max_notice_us": 14 * DAY_US}
    assert codes(decide(at(start, restrictions))) == expected
    assert decide(at(start, restrictions), "in-store")["eligible"]
    in_days = at(start, restrictions) | {"account": {"online_redemption": True}}
    in_days["account"]["client_login"] = "optional"
    assert codes(decide(in_days)) == expected


def test_without_a_zone_nobody_can_look_at_a_local_time() -> None:
    """D46: an invalid value where hours or days are looked at, and only there."""
    for restrictions in (OFF_PEAK, {"not_on": ["2026-12-24"]}):
        restricted = package(restrictions=restrictions)
        assert decide(case(restricted)) == INVALID
        assert decide(case(restricted, services="mask"))["findings"] == [
            ("service_not_in_package", "mask")
        ]
        other = package(restrictions=restrictions, client_id="c2")
        assert not decide(case(other))["eligible"]
    lifted = frozenset({"outside_hours"})
    assert decide(case(package(restrictions=OFF_PEAK)), lifted=lifted)["eligible"]
    assert decide(case(package(restrictions={})))["eligible"]


def test_every_rule_that_refused_is_told_in_the_order_of_the_codes() -> None:
    """Where no credit may pay, all that was found against those that name the service is told."""
    day = package(
        "p1",
        credit("facial", id_="a", restrictions={"not_on": ["2026-05-05"]}),
        credit("facial", id_="b", restrictions={"traits": {"place": ["north"]}}),
        credit("facial", id_="c", restrictions={"traits": {"place": ["south"]}}),
    )
    refused = decide(case(day, account=LONDON, services="facial facial"))
    assert codes(refused) == ["trait_not_allowed", "blacked_out"]
    assert refused["reasons"][0]["facts"]["allowed"] == ["north"]
    assert refused["uncovered"] == [0, 1]


def test_what_may_pay_counts_whatever_is_left_in_it() -> None:
    """A credit that may pay and is used up is told as too few, not the one that may not."""
    half = package(
        "p1",
        credit("facial", id_="a", left=0),
        credit("facial", id_="b", left=3, restrictions={"traits": {"place": ["north"]}}),
    )
    refused = decide(case(half))
    assert [(one["code"], one["facts"]) for one in refused["reasons"]] == [
        ("not_enough_credits", {"available": 0, "wanted": 1, "unit": "credit"})
    ]


def test_off_peak_is_not_moved_to_peak() -> None:
    """D58: the client's move to Friday is refused, the business is told."""
    off_peak = package("p1", credit("facial"), credit("massage"), restrictions=OFF_PEAK)
    whole = booked(account=LONDON)
    friday = "2026-05-08T10:00:00Z"
    refused = reschedule(whole, friday, "client", NOW, [off_peak], account=LONDON)
    assert [(one["code"], one["scope"], one["subject"]) for one in refused["findings"]] == [
        ("outside_hours", "credit", "facial"),
        ("outside_hours", "credit", "massage"),
    ]
    noted = reschedule(whole, friday, "business", NOW, [off_peak], account=LONDON)
    assert (noted["allowed"], len(noted["findings"])) == (True, 2)
    thursday = "2026-05-07T10:00:00Z"
    assert reschedule(whole, thursday, "client", NOW, [off_peak], account=LONDON)["allowed"]
    assert reschedule(whole, thursday, "client", NOW, [off_peak]) == INVALID


def test_a_move_looks_at_the_stored_booking_and_the_client_handed_in() -> None:
    """D58: the traits of the booking as stored, and of the client as handed in today."""
    asks = package(restrictions={"traits": {"place": ["north"], "level": ["gold"]}})
    whole = redeemed(
        case(asks, booking={"traits": {"place": "north"}}, client={"traits": {"level": "gold"}})
    )
    new = "2026-05-06T10:00:00Z"
    gold = {"id": "c1", "traits": {"level": "gold", "place": "west"}}
    assert reschedule(whole, new, "client", NOW, [asks], client=gold)["allowed"]
    plain = reschedule(whole, new, "client", NOW, [asks], client={"id": "c1"})
    assert plain["findings"][0]["facts"] == {"trait": "level", "found": None, "allowed": ["gold"]}


def test_a_move_asks_for_lead_time_and_horizon_too() -> None:
    """D58: online both are asked at the new start, in store neither."""
    whole = redeemed(case(package()))
    soon = package(restrictions={"min_notice_us": DAY_US, "max_notice_us": 5 * DAY_US})
    too_late = reschedule(whole, "2026-05-02T07:59:59Z", "client", NOW, [soon])
    assert codes(too_late) == ["booked_too_late"]
    late = "2026-05-06T08:00:01Z"
    assert codes(reschedule(whole, late, "client", NOW, [soon])) == ["booked_too_early"]
    assert reschedule(whole, late, "client", NOW, [soon], rulebook="in-store")["allowed"]


def test_another_place_or_person_is_another_booking() -> None:
    """D21: what is told in effect line by line makes the same booking, wherever it is told."""
    north = case(package(), booking={"traits": {"place": "north"}})
    stored = redeemed(north)
    line = {"service": {"id": "facial"}, "traits": {"place": "north"}}
    assert quote(case(package(), booking={"lines": [line]}), stored=stored)["recorded"]
    south = case(package(), booking={"traits": {"place": "south"}})
    for other in (south, case(package())):
        assert quote(other, stored=stored) == {"error": "BookingMismatchError"}
