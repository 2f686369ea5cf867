"""First use, uses, versions and moves under quotas, worked out by hand from the decisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from . import after, cancel, decide, forgive, quote, reschedule, uses_of
from ._calendar import last_day, start_of_day
from .examples import NOW, case, codes, credit, package, paid, quota, redeemed, use

INVALID = {"error": "InvalidValueError"}
LONDON = {"time_zone": "Europe/London"}
TENTH, TWENTY_FOURTH = "2026-05-10T09:00:00Z", "2026-05-24T09:00:00Z"


def fortnight(*starts: str, **fields: object) -> dict[str, Any]:
    """Make two weeks from the first class, with uses at those starts (plan 7)."""
    uses = [use(start) for start in starts]
    facials = credit("facial", id_="main", remaining="unlimited")
    return package("p1", facials, lasts={"days": 14}, uses=uses, version=3, **fields)


@pytest.mark.parametrize(
    ("start", "uses", "term"),
    [
        ("2026-05-24T22:59:59Z", [TENTH], None),
        ("2026-05-24T23:00:00Z", [TENTH], ("2026-05-10", "2026-05-24")),
        ("2026-05-08T09:00:00Z", [TENTH], None),
        ("2026-05-08T09:00:00Z", [TENTH, TWENTY_FOURTH], ("2026-05-08", "2026-05-22")),
        ("2026-05-09T23:00:00Z", [TENTH, TWENTY_FOURTH], None),
        ("2026-05-09T22:59:59Z", [TENTH, TWENTY_FOURTH], ("2026-05-09", "2026-05-23")),
        ("2026-05-08T09:00:00Z", [TENTH, "2026-05-30T09:00:00Z"], None),
        ("2027-05-08T09:00:00Z", [], None),
    ],
)
def test_two_weeks_from_the_first_class(
    start: str, uses: list[str], term: tuple[str, str] | None
) -> None:
    """D53: the 10th to the 24th whole; earlier unless a booked date inside would fall out."""
    answer = decide(case(fortnight(*uses), account=LONDON, booking={"starts_at": start}))
    if term is None:
        assert answer["eligible"]
    else:
        assert [(one["code"], one["facts"]) for one in answer["reasons"]] == [
            ("outside_first_use_term", {"first_day": term[0], "last_day": term[1]})
        ]


def test_the_end_of_validity_ends_a_term_all_the_same() -> None:
    """D53: `valid_until` inside the fortnight refuses what lies after it."""
    short = fortnight(TENTH, valid_until="2026-05-20T00:00:00Z")
    late = case(short, account=LONDON, booking={"starts_at": "2026-05-20T00:00:00Z"})
    assert codes(decide(late)) == ["package_over_by_then"]


def test_a_term_in_months_clamps_to_the_months_end() -> None:
    """D26 and D53: from 31 January a month lasts to the end of February."""
    assert last_day({"months": 1}, date(2027, 1, 31)) == date(2027, 2, 28)
    assert last_day({"months": 13}, date(2026, 12, 31)) == date(2028, 1, 31)
    assert last_day({"days": 14}, date(2026, 5, 10)) == date(2026, 5, 24)


def test_a_midnight_that_is_skipped_is_the_first_instant_after_it() -> None:
    """D26: in Beirut the clocks go from midnight to one, and in Samoa a whole day was skipped."""
    assert start_of_day(date(2026, 3, 29), "Asia/Beirut") == datetime.fromisoformat(
        "2026-03-28T22:00:00Z"
    )
    assert start_of_day(date(2011, 12, 30), "Pacific/Apia") == datetime.fromisoformat(
        "2011-12-30T10:00:00Z"
    )
    assert start_of_day(date(2026, 5, 25), "Europe/London") == datetime.fromisoformat(
        "2026-05-24T23:00:00Z"
    )


@pytest.mark.parametrize(("now", "active"), [("22:59:59.999999", True), ("23:00:00", False)])
def test_a_package_is_active_to_the_end_of_its_term(now: str, active: bool) -> None:
    """D05 and D53: active while the last day lasts, by the uses handed in."""
    whole = case(
        fortnight(TENTH), now=f"2026-05-24T{now}Z", account=LONDON, booking={"starts_at": TENTH}
    )
    assert decide(whole, "in-store")["active"] == (["p1"] if active else [])


def test_the_term_ranks_as_an_end() -> None:
    """D53: begun, it ends before the other package; not begun, it never ends."""
    other = package("p0", valid_until="2026-06-01T00:00:00Z")
    other["entitlements"][0]["remaining"] = "unlimited"
    booking = {"starts_at": "2026-05-12T09:00:00Z"}
    begun = decide(case(other, fortnight(TENTH), account=LONDON, booking=booking), "online")
    assert (begun["usable"], paid(begun)) == (["p1", "p0"], [(0, "p1", "main")])
    not_begun = decide(case(other, fortnight(), account=LONDON, booking=booking), "online")
    assert (not_begun["usable"], paid(not_begun)) == (["p0", "p1"], [(0, "p0", "facial")])


def test_the_own_reserved_use_begins_no_term() -> None:
    """D21 and D53: the only use is its own, so asked again for any date the term is not begun."""
    own = redeemed(case(fortnight(), account=LONDON, booking={"starts_at": TENTH}))
    used = fortnight()
    used["uses"] = [use(TENTH, booking_id="b1")]
    later = case(used, account=LONDON, booking={"id": "b2", "starts_at": "2026-07-01T09:00:00Z"})
    assert codes(decide(later)) == ["outside_first_use_term"]
    assert decide(later | {"existing": own})["eligible"]
    moved = reschedule(own, "2026-07-01T09:00:00Z", "client", NOW, [used], account=LONDON)
    assert moved["allowed"]
    used["uses"].append(use(TENTH))
    refused = reschedule(own, "2026-07-01T09:00:00Z", "client", NOW, [used], account=LONDON)
    assert codes(refused) == ["outside_first_use_term"]


def test_a_zone_is_needed_where_a_term_has_begun() -> None:
    """D46 and D53: without uses nothing is looked at; with uses the end ranks in every question."""
    assert decide(case(fortnight()))["eligible"]
    assert decide(case(fortnight(TENTH))) == INVALID
    assert decide(case(fortnight(TENTH)), lifted=frozenset({"outside_first_use_term"})) == INVALID


@pytest.mark.parametrize(
    ("now", "others", "usable"),
    [
        ("2026-05-24T22:59:59Z", [TENTH], True),
        ("2026-05-24T23:00:00Z", [TENTH], False),
        ("2026-05-02T09:00:00Z", [TENTH, TWENTY_FOURTH], True),
        ("2026-09-01T00:00:00Z", [], True),
    ],
)
def test_a_credit_that_returns_into_a_term(now: str, others: list[str], usable: bool) -> None:
    """D13: dead only after the last day of the others' term, for its own use has gone."""
    start = {"starts_at": "2026-05-12T09:00:00Z"}
    own = redeemed(case(fortnight(), account=LONDON, booking=start))
    used = fortnight(*others)
    used["uses"].append(use(start["starts_at"], booking_id="b1"))
    answer = cancel(own, "business", now, packages=[used])
    assert answer["credit_usable"] is usable
    missed = after("no_show", own, now=TWENTY_FOURTH, outcome="forfeit")
    if now > TWENTY_FOURTH:
        used["uses"][-1]["state"] = "forfeited"
        assert forgive(missed, now, "kind", packages=[used])["credit_usable"] is usable


@pytest.mark.parametrize("key", [None, "Europe/Nowhere"])
def test_a_return_without_a_zone_is_not_refused(key: str | None) -> None:
    """D13 and D76: without a zone that this machine knows the term is not asked about."""
    own = redeemed(case(fortnight(), account=LONDON)) | {"time_zone_key": key}
    answer = cancel(own, "business", "2026-09-01T00:00:00Z", packages=[fortnight(TENTH)])
    assert (answer["outcome"], answer["credit_usable"]) == ("return", True)


def test_what_stays_reserved_of_the_booking_keeps_the_term() -> None:
    """D13 and D53: of two lines one is cancelled after the term that the other one began."""
    whole = case(
        fortnight(), account=LONDON, services="facial facial", booking={"starts_at": TENTH}
    )
    answer = cancel(
        redeemed(whole), "business", "2026-05-24T23:00:00Z", lines=[0], packages=[fortnight()]
    )
    assert answer["credit_usable"] is False


def test_the_uses_of_a_redemption() -> None:
    """D54: draws that did not return, an ended one by the start that it had when it ended."""
    two = package("p1", credit("facial", id_="main", left=3))
    whole = redeemed(case(two, services="facial facial facial"))
    partly = after("cancel", whole, by="client", now="2026-05-05T09:00:00Z", lines=[0])
    partly = after("cancel", partly, by="business", now=NOW, lines=[1])
    moved = after(
        "reschedule",
        partly,
        starts_at="2026-05-09T10:00:00Z",
        by="business",
        now="2026-05-05T09:00:00Z",
        packages=[two],
    )
    common = {
        "booking_id": "b1",
        "entitlement_id": "main",
        "service_id": "facial",
        "client_id": "c1",
    }
    assert uses_of(moved, "p1") == [
        common | {"line": 0, "starts_at": "2026-05-05T10:00:00+00:00", "state": "forfeited"},
        common | {"line": 2, "starts_at": "2026-05-09T10:00:00+00:00", "state": "reserved"},
    ]
    assert uses_of(moved, "p2") == []


def weekly(most: int, *uses: dict[str, Any], per: str = "week") -> dict[str, Any]:
    """Make a package of facials and massages with so many places a week."""
    both = (credit("facial", left=9), credit("massage", left=9))
    return package("p1", *both, quotas=[quota(most, per)], uses=list(uses), version=1)


def two_lines() -> dict[str, Any]:
    """Give a booking of a facial and a massage under a quota of two a week."""
    return redeemed(case(weekly(2), services="facial massage", account=LONDON))


def test_a_move_counts_neither_itself_nor_what_came_back() -> None:
    """D54 and D58: to another day of its own week, where only its own lines are."""
    own = [
        use("2026-05-05T10:00:00Z", "facial", booking_id="b1", line=0),
        use("2026-05-05T10:00:00Z", "massage", booking_id="b1", line=1),
    ]
    new = "2026-05-08T10:00:00Z"
    assert reschedule(two_lines(), new, "client", NOW, [weekly(2, *own)], account=LONDON)["allowed"]


def test_all_reserved_lines_of_a_move_count_together() -> None:
    """D54 and D58: one use in the next week, and two lines come, where two may be."""
    taken = weekly(2, use("2026-05-11T10:00:00Z", "facial"))
    new = "2026-05-12T10:00:00Z"
    facts = {"used": 2, "most": 2, "per": "week", "name": ""}
    refused = reschedule(two_lines(), new, "client", NOW, [taken], account=LONDON)
    assert [(one["code"], one["subject"], one["facts"]) for one in refused["findings"]] == [
        ("quota_reached", "facial", facts),
        ("quota_reached", "massage", facts),
    ]
    noted = reschedule(two_lines(), new, "business", NOW, [taken], account=LONDON)
    assert (noted["allowed"], codes(noted)) == (True, ["quota_reached", "quota_reached"])
    one_line = after("cancel", two_lines(), by="client", now=NOW, lines=[1])
    assert reschedule(one_line, new, "client", NOW, [taken], account=LONDON)["allowed"]
    lifted = frozenset({"quota_reached"})
    assert reschedule(two_lines(), new, "client", NOW, [taken], lifted=lifted)["allowed"]
    assert reschedule(two_lines(), new, "client", NOW, [taken]) == INVALID


def test_an_ended_line_of_the_moved_booking_counts_where_it_was() -> None:
    """D54: its forfeited line stays a use of its old week and takes a place of it."""
    ended = weekly(1, use("2026-05-05T10:00:00Z", "facial", booking_id="b1", state="forfeited"))
    one_line = after("cancel", two_lines(), by="client", now="2026-05-05T09:00:00Z", lines=[0])
    same_week = reschedule(one_line, "2026-05-06T10:00:00Z", "business", NOW, [ended], LONDON)
    assert codes(same_week) == ["quota_reached"]
    next_week = reschedule(one_line, "2026-05-12T10:00:00Z", "business", NOW, [ended], LONDON)
    assert codes(next_week) == []


@pytest.mark.parametrize(
    ("fields", "lifted", "refused"),
    [
        ({"quotas": [quota(9, "ever")]}, "", True),
        ({"quotas": [quota(9, "ever")], "version": 0}, "", False),
        ({"quotas": [quota(9, "ever")]}, "quota_reached", False),
        ({"lasts": {"days": 14}}, "", True),
        ({"lasts": {"days": 14}, "version": 7}, "", False),
        ({"lasts": {"days": 14}}, "outside_first_use_term", False),
        ({}, "", False),
    ],
)
def test_a_desk_needs_a_version_where_a_race_could_break_a_cap(
    fields: dict[str, Any], lifted: str, refused: bool
) -> None:
    """D57: an invalid value where a rule in force reads the cap of a package drawn on."""
    whole = case(package(**fields))
    answer = quote(whole, lifted=frozenset({lifted} - {""}))
    assert (answer == INVALID) is refused
    assert decide(whole)["eligible"]
    not_drawn_on = case(package("p0", priority=1), package("p1", **fields))
    assert quote(not_drawn_on, rulebook="online")["eligible"]


def test_a_quota_of_an_entitlement_is_a_cap_too() -> None:
    """D57: the package has it, whichever of its entitlements is drawn on."""
    inside = package("p1", credit("facial"), credit("mask", quotas=[quota(1, "ever")]))
    assert quote(case(inside)) == INVALID
