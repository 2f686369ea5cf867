"""Other starts for a booking, worked out by hand from the decisions."""

from __future__ import annotations

from . import after, cancel, no_show, reschedule, schedule
from .examples import NOW, START, booked, codes, credit, package

LATE = "2026-05-04T10:00:00.000001Z"
BOTH = (credit("facial"), credit("massage"))
PACKAGES = [package("p1", *BOTH)]


def test_a_move_in_time() -> None:
    """D17: the credits stay reserved, and free-until follows the new start."""
    answer = reschedule(booked(), "2026-05-06T10:00:00Z", "client", NOW, PACKAGES, note="train")
    assert answer["starts_at"] == "2026-05-06T10:00:00+00:00"
    assert answer["free_until"] == "2026-05-05T10:00:00+00:00"
    assert (answer["version"], answer["outcome"], answer["movements"]) == (2, None, [])
    assert answer["states"] == ["reserved", "reserved"]


def test_a_late_move_and_one_into_the_past() -> None:
    """D17: the client is told every reason, those of the new start before those of the act."""
    short = [package("p1", *BOTH, valid_until="2026-05-04T00:00:00Z")]
    bad = reschedule(booked(), LATE, "client", LATE, short)
    assert [(one["code"], one["subject"], one["facts"]) for one in bad["findings"]] == [
        ("package_over", "p1", {"valid_until": "2026-05-04T00:00:00+00:00"}),
        ("late_change", "", {"free_until": "2026-05-04T10:00:00+00:00"}),
        ("new_start_passed", "", {}),
    ]
    assert (bad["allowed"], bad["changes"], bad["late"]) == (False, False, True)


def test_a_move_exactly_on_the_cut_off() -> None:
    """D09 and D17: on the cut-off is in time, and a start a microsecond away is in the future."""
    assert reschedule(booked(), LATE, "client", "2026-05-04T10:00:00Z", PACKAGES)["allowed"]


def test_a_late_move_is_refused_even_where_late_returns() -> None:
    """D17: what late means for the credit does not open the move."""
    lenient = {"window_us": 3_600_000_000, "late": "return", "no_show": None}
    whole = booked(account={"cancellation": lenient})
    moved = reschedule(whole, "2026-05-09T10:00:00Z", "client", "2026-05-05T09:30:00Z", PACKAGES)
    assert codes(moved) == ["late_change"]


def test_after_the_start_changes_are_closed_to_the_client() -> None:
    """D09 and D67: without terms nothing is late, and at the start the move is closed."""
    free = booked(account={"cancellation": None})
    refused = reschedule(free, "2026-05-09T10:00:00Z", "client", START, PACKAGES)
    assert [(one["code"], one["facts"]) for one in refused["findings"]] == [
        ("changes_closed", {"open_until": "2026-05-05T10:00:00+00:00"})
    ]
    assert reschedule(free, "2026-05-09T10:00:00Z", "business", START, PACKAGES)["allowed"]


def test_the_business_is_told_what_the_new_start_lies_outside_of() -> None:
    """D17 and D58: its move is never refused; what is found is a note."""
    short = [package("p1", *BOTH, valid_until="2026-05-07T00:00:00Z")]
    moved = reschedule(booked(), "2026-05-07T00:00:00Z", "business", LATE, short)
    assert (moved["allowed"], codes(moved)) == (True, ["package_over_by_then"])
    inside = reschedule(booked(), "2026-05-06T23:59:59Z", "business", LATE, short)
    assert codes(inside) == []


def test_rules_about_the_sale_and_the_account_are_not_asked() -> None:
    """D11 and D58: archived, legacy, given away and used up packages move as before."""
    changed = [
        package(
            "p1",
            credit("facial", left=0),
            credit("massage", left=0),
            status="archived",
            kind="legacy",
            client_id="c2",
        )
    ]
    assert codes(reschedule(booked(), "2026-05-06T10:00:00Z", "client", NOW, changed)) == []


def test_only_rules_in_force_are_asked() -> None:
    """D58: a rulebook without the rule about the end lets the client move past it."""
    over = [package("p1", *BOTH, valid_until="2026-05-06T00:00:00Z")]
    new = "2026-05-06T10:00:00Z"
    assert codes(reschedule(booked(), new, "client", NOW, over)) == ["package_over_by_then"]
    lifted = frozenset({"package_over_by_then"})
    assert reschedule(booked(), new, "client", NOW, over, lifted=lifted)["allowed"]


def test_another_client_is_another_booking() -> None:
    """D58: only for its own client a booking is moved, and a guest is nobody's client."""
    for client in ({"id": "c2"}, {"id": None}):
        assert reschedule(booked(), LATE, "business", NOW, PACKAGES, client=client) == {
            "error": "BookingMismatchError"
        }


def test_an_entitlement_that_its_package_no_longer_has() -> None:
    """D17 and D58: rules about its credit can't be asked, and the package's still are."""
    edited = [package("p1", credit("facial"), valid_until="2026-05-06T10:00:00Z")]
    assert reschedule(booked(), "2026-05-06T09:00:00Z", "client", NOW, edited)["allowed"]
    over = reschedule(booked(), "2026-05-06T10:00:00Z", "business", NOW, edited)
    assert (over["allowed"], codes(over)) == (True, ["package_over_by_then"])


def test_a_move_after_the_start_is_late_under_a_window_of_nothing() -> None:
    """D09: with a window of 0, less than nothing is left after the start alone."""
    whole = booked(account={"cancellation": {"window_us": 0, "late": "return"}})
    new = "2026-05-09T10:00:00Z"
    at_start = reschedule(whole, new, "client", START, PACKAGES)
    assert (codes(at_start), at_start["late"]) == (["changes_closed"], False)
    after_it = reschedule(whole, new, "client", "2026-05-05T10:00:00.000001Z", PACKAGES)
    assert codes(after_it) == ["changes_closed", "late_change"]
    assert (after_it["late"], after_it["window_us"]) == (True, 0)


def test_a_move_by_the_business_leaves_time_to_cancel() -> None:
    """D17: free until a window after the move, but never past the new start."""
    soon = reschedule(booked(), "2026-05-02T20:00:00Z", "business", NOW, PACKAGES)
    assert soon["free_until"] == "2026-05-02T08:00:00+00:00"
    assert soon["schedule"] == [
        ("2026-05-02T08:00:00+00:00", "return", False),
        ("2026-05-02T20:00:00+00:00", "forfeit", True),
    ]
    sooner = reschedule(booked(), "2026-05-01T12:00:00Z", "business", NOW, PACKAGES)
    assert sooner["free_until"] == "2026-05-01T12:00:00+00:00"
    assert sooner["schedule"] == [("2026-05-01T12:00:00+00:00", "return", False)]


def test_the_clients_own_move_after_that_leaves_none() -> None:
    """D17: the client chose this start, so free-until is the window before it again."""
    moved = after(
        "reschedule",
        booked(),
        starts_at="2026-05-02T20:00:00Z",
        by="business",
        now=NOW,
        packages=PACKAGES,
    )
    own = reschedule(moved, "2026-05-02T21:00:00Z", "client", "2026-05-02T08:00:00Z", PACKAGES)
    assert own["free_until"] == "2026-05-01T21:00:00+00:00"


def test_the_same_start_again_changes_nothing() -> None:
    """D37: a repeat at any time, by anyone; without the packages it can't be judged at all."""
    again = reschedule(booked(), START, "client", START, PACKAGES)
    assert (again["allowed"], again["changes"], again["findings"]) == (True, False, [])
    assert reschedule(booked(), START, "client", START, []) == {"error": "InvalidValueError"}


def test_what_has_ended_is_not_moved() -> None:
    """D37: a booking with nothing reserved is closed."""
    ended = after("cancel", booked(), by="client", now=NOW)
    assert reschedule(ended, LATE, "business", NOW, PACKAGES) == {"error": "ClosedRedemptionError"}


def test_a_move_before_it_was_booked() -> None:
    """D74: more than a minute before is broken; less counts as the moment of booking."""
    early = reschedule(booked(), "2026-05-06T10:00:00Z", "client", "2026-05-01T07:58:59Z", PACKAGES)
    assert early == {"error": "InvalidValueError"}
    at_booking = reschedule(
        booked(), "2026-05-01T08:00:00Z", "client", "2026-05-01T07:59:30Z", PACKAGES
    )
    assert codes(at_booking) == ["new_start_passed"]


def test_an_ended_line_keeps_its_start() -> None:
    """D54: of two lines one was cancelled, then the rest is moved and moved back."""
    partly = after("cancel", booked(), by="client", now=NOW, lines=[0])
    arguments = {"by": "business", "now": NOW, "packages": PACKAGES}
    moved = after("reschedule", partly, starts_at="2026-05-06T10:00:00Z", **arguments)
    assert moved["draws"][0]["endings"][0]["starts_at"] == "2026-05-05T10:00:00+00:00"
    back = after("reschedule", moved, starts_at=START, **arguments)
    assert back["draws"][0]["endings"][0]["starts_at"] is None
    missed = after("no_show", moved, now="2026-05-06T10:00:00Z")
    assert missed["draws"][1]["endings"][0]["starts_at"] is None


def test_late_and_started_go_by_the_new_start() -> None:
    """D17: after a move the old start means nothing to a cancellation or a no-show."""
    moved = after(
        "reschedule",
        booked(),
        starts_at="2026-05-09T10:00:00Z",
        by="client",
        now=NOW,
        packages=PACKAGES,
    )
    assert codes(no_show(moved, START)) == ["appointment_not_started"]
    assert cancel(moved, "client", "2026-05-08T10:00:00Z")["outcome"] == "return"
    assert schedule(moved) == [
        ("2026-05-08T10:00:00+00:00", "return", False),
        ("2026-05-09T10:00:00+00:00", "forfeit", True),
    ]


def test_booked_inside_the_window_is_not_told_after_a_move() -> None:
    """D61: what was moved was free once, so a late cancellation is told as late."""
    inside = booked(now="2026-05-05T09:00:00Z")
    moved = after(
        "reschedule",
        inside,
        starts_at="2026-05-05T11:00:00Z",
        by="business",
        now="2026-05-05T09:00:00Z",
        packages=PACKAGES,
    )
    assert moved["free_until"] == "2026-05-05T11:00:00+00:00"
    again = after(
        "reschedule",
        moved,
        starts_at="2026-05-05T12:00:00Z",
        by="client",
        now="2026-05-05T10:00:00Z",
        packages=PACKAGES,
    )
    assert codes(cancel(again, "client", "2026-05-05T11:30:00Z")) == ["late_cancellation"]
