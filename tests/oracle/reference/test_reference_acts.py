"""Acts after booking, worked out by hand from the clauses and decisions."""

from __future__ import annotations

from . import after, cancel, complete, forgive, no_show, reschedule
from .examples import NOW, START, booked, credit, package


def test_cancelling_on_the_cut_off_and_just_after() -> None:
    """T22, T23 and D09: in time the credits return, a microsecond later they are forfeited."""
    in_time = cancel(booked(), "client", "2026-05-04T10:00:00Z")
    assert in_time == {
        "allowed": True,
        "changes": True,
        "outcome": "return",
        "late": False,
        "findings": [],
        "credit_usable": None,
        "states": ["returned", "returned"],
        "free_until": "2026-05-04T10:00:00+00:00",
        "starts_at": "2026-05-05T10:00:00+00:00",
        "version": 2,
        "movements": [
            ("p1", "facial", 1, "reserved", "available"),
            ("p1", "massage", 1, "reserved", "available"),
        ],
    }
    late = cancel(booked(), "client", "2026-05-04T10:00:00.000001Z", lines=[1])
    assert (late["outcome"], late["late"], late["findings"]) == ("forfeit", True, [("late", "")])
    assert late["states"] == ["reserved", "forfeited"]
    inside = cancel(booked(now="2026-05-05T09:00:00Z"), "client", "2026-05-05T09:00:00Z")
    assert inside["findings"] == [("late", ""), ("booked_inside_the_window", "")]


def test_cancelling_at_the_start() -> None:
    """D09 and D12: not for the client any more; the business returns the credit."""
    refused = cancel(booked(), "client", START)
    assert (refused["allowed"], refused["outcome"], refused["late"]) == (False, None, True)
    assert refused["findings"] == [("appointment_started", "")]
    handed = [package("p1", status="archived")]
    by_business = cancel(booked(), "business", START, packages=handed)
    assert (by_business["outcome"], by_business["late"]) == ("return", False)
    assert by_business["credit_usable"] is False


def test_the_same_act_again_and_its_opposite() -> None:
    """D37: the recorded outcome comes back, whoever asks; another act finds it closed."""
    cancelled = after("cancel", booked(), by="client", now="2026-05-05T09:00:00Z")
    again = cancel(cancelled, "business", "2026-06-01T00:00:00Z")
    assert (again["allowed"], again["changes"], again["outcome"]) == (True, False, "forfeit")
    assert (again["late"], again["findings"], again["version"]) == (True, [], 2)
    assert complete(cancelled, START) == {"error": "ClosedRedemptionError"}
    assert cancel(cancelled, "client", NOW, lines=[0, 0]) == {"error": "InvalidValueError"}


def test_a_no_show_and_second_thoughts() -> None:
    """D16: no-show takes the terms' word, completing after it is possible, and so is forgiving."""
    early = no_show(booked(), "2026-05-05T09:59:59Z")
    assert (early["allowed"], early["findings"]) == (False, [("appointment_not_started", "")])
    missed = after("no_show", booked(), now=START, lines=[0])
    assert [draw["state"] for draw in missed["draws"]] == ["forfeited", "reserved"]
    came = complete(missed, START)
    assert came["movements"] == [
        ("p1", "facial", 1, "forfeited", "redeemed"),
        ("p1", "massage", 1, "reserved", "redeemed"),
    ]
    assert forgive(missed, START, "flat tyre") == {"error": "InvalidValueError"}
    forgiven = forgive(missed, START, "flat tyre", lines=[0])
    assert (forgiven["outcome"], forgiven["states"]) == ("return", ["returned", "reserved"])
    assert no_show(booked(), START, outcome="return")["states"] == ["returned", "returned"]


def test_rescheduling() -> None:
    """D17: in time and inside validity for the client; the business is only told."""
    short = [package("p1", credit("facial"), valid_until="2026-05-07T00:00:00Z")]
    good = reschedule(booked(), "2026-05-06T10:00:00Z", "client", NOW, short)
    assert (good["free_until"], good["version"]) == ("2026-05-05T10:00:00+00:00", 2)
    assert (good["outcome"], good["movements"]) == (None, [])
    bad = reschedule(booked(), "2026-05-07T00:00:00Z", "client", "2026-05-05T10:00:00Z", short)
    assert bad["findings"] == [
        ("appointment_started", ""),
        ("late_reschedule", ""),
        ("outside_validity", "p1"),
    ]
    told = reschedule(booked(), "2026-05-07T00:00:00Z", "business", NOW, short)
    assert (told["allowed"], told["findings"]) == (True, [("outside_validity", "p1")])


def test_a_move_by_the_business_leaves_time_to_cancel() -> None:
    """D17: free until a window after the move, but never past the new start."""
    packages = [package()]
    soon = reschedule(booked(), "2026-05-02T20:00:00Z", "business", NOW, packages)
    assert soon["free_until"] == "2026-05-02T08:00:00+00:00"
    sooner = reschedule(booked(), "2026-05-01T12:00:00Z", "business", NOW, packages)
    assert sooner["free_until"] == "2026-05-01T12:00:00+00:00"
    assert reschedule(booked(), START, "client", START, packages)["changes"] is False
    assert reschedule(booked(), START, "client", START, []) == {"error": "InvalidValueError"}
