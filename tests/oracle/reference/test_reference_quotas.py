"""Quotas, period by period, worked out by hand from the decisions."""

from __future__ import annotations

from typing import Any

import pytest

from . import decide
from .examples import NOW, case, codes, credit, line, package, paid, quota, redeemed, use

INVALID = {"error": "InvalidValueError"}
LONDON = {"time_zone": "Europe/London"}


def capped(limit: dict[str, Any], *uses: dict[str, Any]) -> dict[str, Any]:
    """Make an unlimited package of facials under one quota."""
    facials = credit("facial", id_="main", remaining="unlimited")
    return package("p1", facials, quotas=[limit], uses=list(uses), version=1)


def answer(
    limit: dict[str, Any],
    start: str,
    *uses: str,
    zone: str = "Europe/London",
    week_starts: int = 1,
) -> list[str]:
    """Decide a facial then under one quota with those uses, and list the codes."""
    account = {"time_zone": zone, "week_starts": week_starts}
    whole = case(
        capped(limit, *(use(starts_at) for starts_at in uses)),
        account=account,
        booking={"starts_at": start},
    )
    return codes(decide(whole))


def test_once_a_week() -> None:
    """Plan 3: a second class in one week is refused, with the facts of the quota."""
    whole = case(
        capped(quota(1, "week"), use("2026-05-04T09:00:00Z")),
        account=LONDON,
        booking={"starts_at": "2026-05-10T22:59:59Z"},
    )
    refused = decide(whole)
    assert [(one["code"], one["scope"], one["subject"]) for one in refused["reasons"]] == [
        ("quota_reached", "credit", "facial")
    ]
    assert refused["reasons"][0]["facts"] == {"used": 1, "most": 1, "per": "week", "name": ""}
    assert answer(quota(1, "week"), "2026-05-10T23:00:00Z", "2026-05-04T09:00:00Z") == []


@pytest.mark.parametrize(
    ("per", "start", "other", "full"),
    [
        ("day", "2026-05-05T22:59:59Z", "2026-05-04T23:00:00Z", True),
        ("day", "2026-05-05T23:00:00Z", "2026-05-04T23:00:00Z", False),
        ("day", "2026-05-05T22:00:00Z", "2026-05-04T22:59:59Z", False),
        ("week", "2026-10-25T23:59:59Z", "2026-10-18T23:00:00Z", True),
        ("week", "2026-10-26T00:00:00Z", "2026-10-18T23:00:00Z", False),
        ("month", "2026-05-31T22:59:59Z", "2026-04-30T23:00:00Z", True),
        ("month", "2026-05-31T23:00:00Z", "2026-05-31T22:59:59Z", False),
        ("month", "2027-05-05T10:00:00Z", "2026-05-05T10:00:00Z", False),
        ("year", "2026-12-31T23:59:59Z", "2026-05-05T10:00:00Z", True),
        ("year", "2027-01-01T00:00:00Z", "2026-12-31T23:59:59Z", False),
    ],
)
def test_periods_are_the_accounts_calendar(per: str, start: str, other: str, full: bool) -> None:
    """D55: midnights, weeks, months and years in London, in summer and in winter."""
    assert answer(quota(1, per), start, other) == (["quota_reached"] if full else [])


def test_a_year_ends_earlier_in_auckland() -> None:
    """D55: at eleven in the morning of New Year's Eve in UTC it is the next year there."""
    before, after = "2026-12-31T10:59:59Z", "2026-12-31T11:00:00Z"
    assert answer(quota(1, "year"), after, before, zone="Pacific/Auckland") == []
    assert answer(quota(1, "year"), after, before, zone="Europe/London") == ["quota_reached"]


def test_two_visits_a_week_from_sunday_to_saturday() -> None:
    """Plan 12: Saturday after one visit that week and the next day, and across a month's end."""
    twice = quota(2, "week")
    monday, friday = "2026-05-04T09:00:00Z", "2026-05-08T09:00:00Z"
    saturday, sunday = "2026-05-09T09:00:00Z", "2026-05-10T09:00:00Z"
    assert answer(twice, saturday, monday, week_starts=7) == []
    assert answer(twice, saturday, monday, friday, week_starts=7) == ["quota_reached"]
    assert answer(twice, sunday, monday, friday, saturday, week_starts=7) == []
    assert answer(twice, sunday, monday, friday) == ["quota_reached"]
    ends_of_may = ("2026-05-31T09:00:00Z", "2026-06-01T09:00:00Z")
    assert answer(twice, "2026-06-03T09:00:00Z", *ends_of_may, week_starts=7) == ["quota_reached"]


@pytest.mark.parametrize(
    ("start", "full"),
    [
        ("2026-05-14T22:59:59Z", True),
        ("2026-05-14T23:00:00Z", False),
        ("2026-04-17T22:59:59Z", False),
        ("2026-04-17T23:00:00Z", True),
    ],
)
def test_once_in_fourteen_days(start: str, full: bool) -> None:
    """D55: fourteen days apart at any hour is allowed, thirteen is not, after and before."""
    whole = case(
        capped(quota(1, "14 days"), use("2026-05-01T18:00:00Z")),
        account=LONDON,
        now="2026-04-01T00:00:00Z",
        booking={"starts_at": start},
    )
    assert codes(decide(whole)) == (["quota_reached"] if full else [])


def test_days_in_a_row_are_days_across_a_clock_change() -> None:
    """D55 and plan 16: 28 days later at an earlier hour, though the clocks went back."""
    assert answer(quota(1, "28 days"), "2026-11-01T08:00:00Z", "2026-10-04T17:00:00Z") == []
    assert answer(quota(1, "28 days"), "2026-10-31T23:59:59Z", "2026-10-04T17:00:00Z") == [
        "quota_reached"
    ]


def test_any_days_in_a_row_that_hold_the_start() -> None:
    """D55: ten days apart on both sides is fine, and two uses within one fortnight are full."""
    twice = quota(2, "14 days")
    assert (
        answer(twice, "2026-05-10T09:00:00Z", "2026-05-01T09:00:00Z", "2026-05-20T09:00:00Z") == []
    )
    assert answer(
        twice, "2026-05-10T09:00:00Z", "2026-05-05T09:00:00Z", "2026-05-15T09:00:00Z"
    ) == ["quota_reached"]


def test_upcoming_counts_what_is_reserved_and_after_now() -> None:
    """D55 and plan 5: what starts now or is redeemed is not upcoming."""
    soon, at_now = use("2026-05-01T08:00:00.000001Z"), use(NOW)
    limit = quota(1, "upcoming")
    assert codes(decide(case(capped(limit, soon)))) == ["quota_reached"]
    assert decide(case(capped(limit, at_now)))["eligible"]
    assert decide(case(capped(limit, soon | {"state": "forfeited"})))["eligible"]
    past = case(capped(limit, soon), booking={"starts_at": NOW})
    assert decide(past, "in-store")["eligible"]


def test_usable_up_to_what_is_paid() -> None:
    """D56 and plan 15: the sixth is refused, names the quota, and is no active package."""
    uses = [use(f"2026-04-0{day}T09:00:00Z", state="redeemed") for day in range(1, 6)]
    five = quota(5, "ever", "paid for")
    full = decide(case(capped(five, *uses)))
    assert full["reasons"][0]["facts"] == {"used": 5, "most": 5, "per": "ever", "name": "paid for"}
    assert full["active"] == []
    fifth = decide(case(capped(five, *uses[:4])))
    assert (fifth["eligible"], fifth["active"]) == (True, ["p1"])


def test_a_line_of_the_booking_is_a_use_whatever_it_costs() -> None:
    """D54 and D55: per booking one guest, and two of them are one too many (plan 14)."""
    guest = credit("class", left=9, quotas=[quota(1, "booking")])
    costly = line("class", costs={"credit": 3})
    one = case(package("p1", guest), booking={"lines": [costly]})
    assert decide(one)["eligible"]
    two = decide(case(package("p1", guest), booking={"lines": [costly, costly]}))
    assert two["uncovered"] == [1]
    assert two["reasons"][0]["facts"] == {"used": 1, "most": 1, "per": "booking", "name": ""}


def monthly(*uses: dict[str, Any]) -> dict[str, Any]:
    """Make eight visits a month, three of them open gym (plan 4)."""
    gym = credit("gym", remaining="unlimited", quotas=[quota(3, "month")])
    core = credit("core", remaining="unlimited")
    return package("p1", gym, core, quotas=[quota(8, "month")], uses=list(uses))


def test_eight_a_month_of_them_three_open_gym() -> None:
    """D54 and plan 4: the entitlement counts its own uses, the package all of them."""
    gym = [use(f"2026-05-0{day}T05:00:00Z", "gym") for day in range(1, 4)]
    core = [use(f"2026-05-2{day}T05:00:00Z", "core") for day in range(5)]
    fourth = decide(case(monthly(*gym), services="gym", account=LONDON))
    assert fourth["reasons"][0]["facts"] == {"used": 3, "most": 3, "per": "month", "name": ""}
    assert decide(case(monthly(*gym), services="core", account=LONDON))["eligible"]
    ninth = decide(case(monthly(*gym, *core), services="gym", account=LONDON))
    assert ninth["reasons"][0]["facts"] == {"used": 8, "most": 8, "per": "month", "name": ""}


def test_one_place_for_two_lines() -> None:
    """Plan 4: the first line takes the last place, and the booking is mixed."""
    uses = [use(f"2026-05-0{day}T05:00:00Z", "core") for day in range(1, 8)]
    answer_ = decide(case(monthly(*uses), services="core gym", account=LONDON))
    assert answer_["uncovered"] == [1]
    assert answer_["findings"] == [("quota_reached", "gym"), ("mixed_booking", "")]
    assert answer_["reasons"][0]["facts"] == {"used": 8, "most": 8, "per": "month", "name": ""}


def test_a_full_quota_and_nothing_left_is_nothing_left() -> None:
    """Without quotas the line would not be covered either, so what is left is told."""
    facials = credit("facial", left=0)
    spent = package("p1", facials, credit("mask"), quotas=[quota(1, "ever")], uses=[use(NOW)])
    assert codes(decide(case(spent))) == ["not_enough_credits"]


def test_the_highest_ranked_full_quota_is_told() -> None:
    """Of two full packages it is the quota of the one that would be drawn first."""
    first = package("p1", credit("facial", left=9), quotas=[quota(1, "ever", "one")], priority=1)
    second = package("p2", credit("facial", left=9), quotas=[quota(2, "booking", "two")])
    four = decide(case(first, second, services="facial facial facial facial"), "online")
    assert paid(four) == [(0, "p1", "facial"), (1, "p2", "facial"), (2, "p2", "facial")]
    assert four["notes"][0]["facts"] == {"used": 1, "most": 1, "per": "ever", "name": "one"}


def test_a_quota_that_is_full_for_an_earlier_line() -> None:
    """The facial takes the flexible credit, since its own is capped; so the mask gets none."""
    full = credit("facial", left=9, quotas=[quota(1, "ever", "facials")])
    whole = package("p1", full, credit("facial", "mask"), uses=[use(NOW, "facial")])
    answer_ = decide(case(whole, services="facial mask"), "online")
    assert paid(answer_) == [(0, "p1", "facial+mask")]
    assert [(one["code"], one["subject"], one["facts"]) for one in answer_["notes"]] == [
        ("quota_reached", "mask", {"used": 1, "most": 1, "per": "ever", "name": "facials"})
    ]


def test_a_quota_in_the_way_that_is_not_full() -> None:
    """With mixed costs the better ranks are taken, and the quota that forbade more is told."""
    minutes = package("p1", credit("x", "y", "z", left=2, unit="minute"), priority=1)
    visits = package("p2", credit("x", "y", left=9, quotas=[quota(1, "booking")]))
    costs = {"x": 1, "y": 1, "z": 2}
    lines = [line(service, costs={"minute": cost}) for service, cost in costs.items()]
    answer_ = decide(case(minutes, visits, booking={"lines": lines}), "online")
    assert paid(answer_) == [(0, "p1", "x+y+z"), (1, "p1", "x+y+z")]
    assert answer_["notes"][0]["facts"] == {"used": 0, "most": 1, "per": "booking", "name": ""}


def test_an_overfull_period_draws_nothing_and_breaks_nothing() -> None:
    """D56: where the business moved too many, other lines of the booking are paid as ever."""
    uses = [use("2026-05-05T09:00:00Z", "gym"), use("2026-05-05T11:00:00Z", "gym")]
    gym = credit("gym", remaining="unlimited", quotas=[quota(1, "day")])
    whole = package("p1", gym, credit("core"), uses=uses)
    answer_ = decide(case(whole, services="gym core", account=LONDON))
    assert answer_["uncovered"] == [0]
    assert answer_["reasons"][0]["facts"] == {"used": 2, "most": 1, "per": "day", "name": ""}


def test_a_zone_is_needed_only_where_a_calendar_is_looked_at() -> None:
    """D46 and D56: not for upcoming, ever and per booking, not where lifted, not elsewhere."""
    for per in ("day", "week", "month", "year", "2 days"):
        weekly = package("p1", credit("facial"), quotas=[quota(1, per)])
        assert decide(case(weekly)) == INVALID
        assert codes(decide(case(weekly, services="mask"))) == ["service_not_in_package"]
        assert decide(case(weekly), lifted=frozenset({"quota_reached"}))["eligible"]
    for per in ("booking", "upcoming", "ever"):
        assert decide(case(package("p1", credit("facial"), quotas=[quota(1, per)])))["eligible"]


def test_the_own_reserved_uses_never_count() -> None:
    """D21 and D54: asked again or exchanged, only what is not its own reserved use counts."""
    own = redeemed(case(capped(quota(1, "week")), account=LONDON))
    used = use("2026-05-05T10:00:00Z", booking_id="b1")
    again = case(capped(quota(1, "week"), used), account=LONDON)
    assert codes(decide(again)) == ["quota_reached"]
    assert decide(again | {"existing": own})["eligible"]
    again["booking"]["id"] = "b2"
    assert decide(again | {"existing": own})["eligible"]
    ended = case(capped(quota(1, "week"), used | {"state": "forfeited"}), account=LONDON)
    assert codes(decide(ended | {"existing": own})) == ["quota_reached"]


def test_a_full_package_is_not_active_though_its_use_is_the_bookings_own() -> None:
    """D05 and D21: places count with every use handed in, so p2 stays the only active one."""
    own = redeemed(case(capped(quota(1, "ever"))))
    full = capped(quota(1, "ever"), use("2026-05-05T10:00:00Z", booking_id="b1"))
    answer_ = decide(case(full, package("p2")) | {"existing": own})
    assert (answer_["eligible"], answer_["active"]) == (True, ["p2"])
