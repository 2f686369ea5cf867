"""Acts that end lines, worked out by hand from the clauses and decisions."""

from __future__ import annotations

from typing import Any

import pytest

from . import after, cancel, complete, forgive, no_show
from .examples import NOW, START, booked, case, codes, credit, package, redeemed

ENDED = {"late": False, "note": "", "starts_at": None, "window_us": None}
CLOSED = {"error": "ClosedRedemptionError"}
INVALID = {"error": "InvalidValueError"}


def test_cancelling_on_the_cut_off() -> None:
    """T22 and D09: exactly on the cut-off is in time, and both credits return."""
    ending = ENDED | {"act": "cancel", "at": "2026-05-04T10:00:00+00:00", "by": "client"}
    assert cancel(booked(), "client", "2026-05-04T10:00:00Z") == {
        "allowed": True,
        "changes": True,
        "outcome": "return",
        "late": False,
        "window_us": None,
        "findings": [],
        "credit_usable": None,
        "states": ["returned", "returned"],
        "endings": [[ending], [ending]],
        "free_until": "2026-05-04T10:00:00+00:00",
        "starts_at": "2026-05-05T10:00:00+00:00",
        "schedule": [],
        "version": 2,
        "movements": [
            ("p1", "facial", 1, "reserved", "available"),
            ("p1", "massage", 1, "reserved", "available"),
        ],
    }


def test_cancelling_one_line_just_after_the_cut_off() -> None:
    """T23 and D30: a microsecond later that line's credit is forfeited, the other stays."""
    late = cancel(booked(), "client", "2026-05-04T10:00:00.000001Z", lines=[1])
    assert (late["outcome"], late["late"], codes(late)) == ("forfeit", True, ["late_cancellation"])
    assert late["states"] == ["reserved", "forfeited"]
    assert late["schedule"] == [
        ("2026-05-04T10:00:00+00:00", "return", False),
        ("2026-05-05T10:00:00+00:00", "forfeit", True),
    ]


@pytest.mark.parametrize(
    ("booked_at", "expected"),
    [
        ("2026-05-04T10:00:00Z", "late_cancellation"),
        ("2026-05-04T10:00:00.000001Z", "booked_inside_the_window"),
    ],
)
def test_booked_inside_the_window_is_told_in_place_of_late(booked_at: str, expected: str) -> None:
    """D33 and D61: never free means booked after free-until, and only that is then told."""
    late = cancel(booked(now=booked_at), "client", "2026-05-05T09:00:00Z")
    assert codes(late) == [expected]
    assert late["outcome"] == "forfeit"


def test_cancelling_at_the_start_is_closed_to_the_client() -> None:
    """D09 and D67: at the start the client's act is refused, with the instant it was open until."""
    refused = cancel(booked(), "client", START)
    assert (refused["allowed"], refused["outcome"], refused["late"]) == (False, None, True)
    assert refused["findings"] == [
        {
            "code": "changes_closed",
            "scope": "act",
            "subject": "",
            "subject_name": "",
            "facts": {"open_until": "2026-05-05T10:00:00+00:00"},
        }
    ]
    assert cancel(booked(), "client", "2026-05-05T09:59:59.999999Z")["allowed"]


def test_the_business_cancels_whenever_that_is() -> None:
    """D12: a reserved credit returns when the business cancels, and it is never late."""
    answer = cancel(booked(), "business", "2026-06-01T00:00:00Z")
    assert (answer["allowed"], answer["outcome"], answer["late"]) == (True, "return", False)


def test_the_same_act_again_whoever_asks() -> None:
    """D37: nothing changes, the recorded outcome comes back, and nothing is told anew."""
    cancelled = after("cancel", booked(), by="client", now="2026-05-05T09:00:00Z")
    again = cancel(cancelled, "business", "2026-06-01T00:00:00Z")
    assert (again["allowed"], again["changes"], again["outcome"]) == (True, False, "forfeit")
    assert (again["late"], again["findings"], again["version"]) == (True, [], 2)
    assert complete(cancelled, START) == CLOSED
    assert cancel(cancelled, "client", NOW, lines=[0, 0]) == INVALID


def test_an_act_is_a_repeat_whatever_came_after() -> None:
    """D37: late cancelled, forgiven, cancelled again: it tells how the credit stands now."""
    late = after("cancel", booked(), by="client", now="2026-05-05T09:00:00Z", note="ill")
    forgiven = after("forgive", late, now=START, note="first time")
    again = cancel(forgiven, "client", "2026-05-06T00:00:00Z")
    assert (again["changes"], again["outcome"], again["late"]) == (False, "return", True)
    assert [(one["act"], one["note"]) for one in again["endings"][0]] == [
        ("cancel", "ill"),
        ("forgive", "first time"),
    ]


def test_a_no_show_needs_the_start() -> None:
    """D16: a microsecond early it is refused, at the start the terms' late outcome is taken."""
    early = no_show(booked(), "2026-05-05T09:59:59.999999Z")
    assert (early["allowed"], codes(early)) == (False, ["appointment_not_started"])
    assert no_show(booked(), START)["states"] == ["forfeited", "forfeited"]
    assert no_show(booked(), START, outcome="return")["states"] == ["returned", "returned"]


def test_a_no_show_takes_the_terms_own_word_and_returns_without_terms() -> None:
    """D16: staff's word, else the terms' for no-shows, else the strictest; else it returns."""
    lenient = {"window_us": 0, "late": "forfeit", "no_show": "return"}
    assert no_show(booked(account={"cancellation": lenient}), START)["outcome"] == "return"
    assert no_show(booked(account={"cancellation": None}), START)["outcome"] == "return"


def test_another_outcome_said_by_staff_is_another_act() -> None:
    """D37: the recorded outcome or none is a repeat, the other outcome finds the line closed."""
    forfeited = after("no_show", booked(), now=START)
    assert no_show(forfeited, START, outcome="return") == CLOSED
    assert no_show(forfeited, START, outcome="forfeit")["changes"] is False
    assert no_show(forfeited, START)["changes"] is False
    returned = after("no_show", booked(), now=START, outcome="return")
    assert no_show(returned, START, outcome="forfeit") == CLOSED
    assert no_show(returned, START)["outcome"] == "return"
    forgiven = after("forgive", forfeited, now=START, note="flat tyre")
    assert no_show(forgiven, START, outcome="return") == CLOSED
    assert no_show(forgiven, START, outcome="forfeit")["outcome"] == "return"


def test_second_thoughts_after_a_no_show() -> None:
    """D16: completing a line that a no-show forfeited is possible, and so is forgiving it."""
    missed = after("no_show", booked(), now=START, lines=[0])
    came = complete(missed, START, lines=[0, 1])
    assert came["movements"] == [
        ("p1", "facial", 1, "forfeited", "redeemed"),
        ("p1", "massage", 1, "reserved", "redeemed"),
    ]
    assert came["outcome"] is None
    forgiven = forgive(missed, START, "flat tyre", lines=[0])
    assert (forgiven["outcome"], forgiven["states"]) == ("return", ["returned", "reserved"])


def test_an_act_without_lines_concerns_what_it_can_still_end() -> None:
    """D30: after one line was cancelled, completing and no-show concern the other."""
    partly = after("cancel", booked(), by="client", now=NOW, lines=[0])
    assert complete(partly, START)["states"] == ["returned", "redeemed"]
    assert no_show(partly, START)["states"] == ["returned", "forfeited"]
    assert no_show(partly, START, lines=[0, 1]) == CLOSED
    whole = after("complete", partly, now=START)
    assert complete(whole, START)["changes"] is False
    assert cancel(whole, "client", START)["outcome"] == "return"
    assert no_show(whole, START) == CLOSED


def test_completing_without_lines_takes_the_reserved_before_the_no_shows() -> None:
    """D30: the reserved first, else those that a no-show forfeited."""
    missed = after("no_show", booked(), now=START, lines=[0])
    came = after("complete", missed, now=START)
    assert [draw["state"] for draw in came["draws"]] == ["forfeited", "redeemed"]
    assert complete(came, START)["states"] == ["redeemed", "redeemed"]


@pytest.mark.parametrize("lines", [None, [0]])
def test_forgiving_what_is_reserved(lines: list[int] | None) -> None:
    """D30: there is nothing to forgive in a line that is still reserved."""
    assert forgive(booked(), START, "kind", lines=lines) == INVALID


def test_forgiving_without_lines() -> None:
    """D30 and D36: it concerns the redeemed and forfeited, with a note; else it is closed."""
    partly = after("complete", booked(), now=START, lines=[0])
    assert forgive(partly, START, "unhappy")["states"] == ["returned", "reserved"]
    assert forgive(partly, START, " ") == INVALID
    returned = after("cancel", booked(), by="client", now=NOW, lines=[0])
    assert forgive(returned, START, "kind") == CLOSED


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2026-05-01T07:58:59.999999Z", INVALID), ("2026-05-01T07:59:00Z", None)],
)
def test_before_it_was_booked(now: str, expected: dict[str, Any] | None) -> None:
    """D74: up to a minute is another server's clock and counts as the moment of booking."""
    answer = cancel(booked(), "client", now)
    if expected is not None:
        assert answer == expected
    else:
        assert answer["endings"][0][0]["at"] == "2026-05-01T08:00:00+00:00"
        assert answer["outcome"] == "return"


def test_a_repeat_and_a_closed_line_come_before_the_instant_of_booking() -> None:
    """D37 and D74: a repeat is never refused for its instant, and what is closed is told first."""
    cancelled = after("cancel", booked(), by="client", now=NOW)
    assert cancel(cancelled, "client", "2026-01-01T00:00:00Z")["changes"] is False
    assert complete(cancelled, "2026-01-01T00:00:00Z") == CLOSED


@pytest.mark.parametrize(
    ("fields", "rulebook", "usable"),
    [
        ({}, "timely-2026-03", True),
        ({"valid_until": "2026-05-02T00:00:00.000001Z"}, "timely-2026-03", True),
        ({"valid_until": "2026-05-02T00:00:00Z"}, "timely-2026-03", False),
        ({"valid_from": "2027-01-01T00:00:00Z"}, "timely-2026-03", True),
        ({"status": "archived"}, "timely-2026-03", False),
        ({"status": "archived"}, "in-store", True),
        ({"kind": "legacy"}, "timely-2026-04", False),
        ({"client_id": "c2"}, "timely-2026-03", True),
    ],
)
def test_whether_a_returned_credit_can_be_used_again(
    fields: dict[str, Any], rulebook: str, usable: bool
) -> None:
    """D13: asked of the rulebook that settles: kind, status and validity, not whose it is."""
    handed_in = [package("p1", credit("facial"), credit("massage"), **fields)]
    answer = cancel(
        booked(), "business", "2026-05-02T00:00:00Z", packages=handed_in, rulebook=rulebook
    )
    assert answer["credit_usable"] is usable
    assert codes(answer) == ([] if usable else ["credit_not_usable"])


def test_a_credit_without_its_entitlement_can_not_be_used_again() -> None:
    """D13 and D73: the package handed in no longer has the entitlement that it came from."""
    answer = cancel(booked(), "business", NOW, packages=[package("p1", credit("facial"))])
    assert answer["credit_usable"] is False
    assert [(one["code"], one["subject"]) for one in answer["findings"]] == [
        ("credit_not_usable", "p1")
    ]


def test_each_dead_package_is_told_once_in_the_order_of_drawing() -> None:
    """D13 and D20: two lines of p2 and one of p1 came back, and p2 ends earlier."""
    packages = [package("p1"), package("p2", credit("massage", left=2))]
    whole = redeemed(case(*packages, services="facial massage massage"), "online")
    over = [
        package("p1", status="archived"),
        package("p2", credit("massage"), name="Two", valid_until="2026-05-01T00:00:00Z"),
    ]
    answer = cancel(whole, "business", NOW, packages=over)
    assert [(one["subject"], one["subject_name"]) for one in answer["findings"]] == [
        ("p2", "Two"),
        ("p1", ""),
    ]
    first = cancel(whole, "business", NOW, packages=over[:1])
    assert (first["credit_usable"], len(first["findings"])) == (False, 1)
    good = cancel(whole, "business", NOW, packages=packages[:1])
    assert (good["credit_usable"], good["findings"]) == (None, [])


def test_every_act_that_returns_tells_a_dead_credit() -> None:
    """D13: a no-show that returned and a forgiven credit are told as a cancelled one is."""
    over = [package("p1", credit("facial"), credit("massage"), valid_until="2026-05-05T00:00:00Z")]
    returned = no_show(booked(), START, outcome="return", packages=over)
    assert codes(returned) == ["credit_not_usable"]
    missed = after("no_show", booked(), now=START)
    assert no_show(booked(), START, packages=over)["findings"] == []
    assert codes(forgive(missed, START, "kind", packages=over)) == ["credit_not_usable"]
    assert forgive(missed, START, "kind")["credit_usable"] is None


def test_an_act_that_ends_one_line_and_repeats_on_another_tells_how_late_it_is_now() -> None:
    """D29 and D37: the first line was cancelled late; after a move the second one is in time."""
    late = after("cancel", booked(), by="client", now="2026-05-05T09:00:00Z", lines=[0])
    moved = after(
        "reschedule",
        late,
        starts_at="2026-05-09T10:00:00Z",
        by="business",
        now="2026-05-05T09:00:00Z",
        packages=[package("p1", credit("facial"), credit("massage"))],
    )
    both = cancel(moved, "client", "2026-05-05T09:30:00Z", lines=[0, 1])
    assert (both["outcome"], both["late"], both["window_us"]) == ("forfeit", False, None)
    assert cancel(moved, "client", "2026-05-05T09:30:00Z", lines=[0])["late"]


def test_lines_that_stand_differently_have_no_outcome_but_a_lost_credit() -> None:
    """D37: of two completed lines one is forgiven, so that not every credit is back."""
    done = after("complete", booked(), now=START)
    one = after("forgive", done, now=START, note="kind", lines=[0])
    assert complete(one, START, lines=[0, 1])["outcome"] is None
    assert complete(one, START, lines=[0])["outcome"] == "return"
    missed = after("no_show", booked(), now=START)
    half = after("forgive", missed, now=START, note="kind", lines=[0])
    assert no_show(half, START)["outcome"] == "forfeit"
