"""Whose terms, tiers and closed changes, worked out by hand from the decisions."""

from __future__ import annotations

from typing import Any

import pytest

from . import after, cancel, decide, no_show, reschedule, schedule
from .examples import DAY_US, HOUR_US, NOW, START, booked, case, codes, credit, package, redeemed

TIERS = {
    "window_us": 12 * HOUR_US,
    "late": "return",
    "tiers": [[3 * HOUR_US, "forfeit"]],
}
CLOSES = {"window_us": 2 * HOUR_US, "late": "forfeit", "changes_close_us": HOUR_US}


def with_own_terms(now: str = NOW) -> dict[str, Any]:
    """Give a redemption of a facial under the account's terms and a massage under p2's tiers."""
    account_terms = package("p1", credit("facial"))
    own_terms = package("p2", credit("massage"), cancellation=TIERS)
    whole = case(account_terms, own_terms, services="facial massage", now=now)
    return redeemed(whole, "online")


def tiered() -> dict[str, Any]:
    """Give a redemption of a facial under the package's tiers (plan 17)."""
    return redeemed(case(package(cancellation=TIERS)))


@pytest.mark.parametrize(
    ("now", "outcome", "window_hours"),
    [
        ("2026-05-04T22:00:00Z", "return", None),
        ("2026-05-04T22:00:00.000001Z", "return", 12),
        ("2026-05-04T23:00:00Z", "return", 12),
        ("2026-05-05T07:00:00Z", "return", 12),
        ("2026-05-05T07:00:00.000001Z", "forfeit", 3),
        ("2026-05-05T07:01:00Z", "forfeit", 3),
    ],
)
def test_a_fee_inside_twelve_hours_and_the_credit_inside_three(
    now: str, outcome: str, window_hours: int | None
) -> None:
    """D61 and plan 17: exactly on a window is the milder side, and the window is told."""
    answer = cancel(tiered(), "client", now)
    assert answer["outcome"] == outcome
    assert answer["window_us"] == (None if window_hours is None else window_hours * HOUR_US)
    assert answer["late"] is (window_hours is not None)
    assert codes(answer) == ([] if window_hours is None else ["late_cancellation"])
    assert answer["endings"][0][0]["window_us"] == answer["window_us"]


def test_the_steps_of_tiers() -> None:
    """A step for each window: free, returned for a fee, forfeited."""
    assert schedule(tiered()) == [
        ("2026-05-04T22:00:00+00:00", "return", False),
        ("2026-05-05T07:00:00+00:00", "return", True),
        ("2026-05-05T10:00:00+00:00", "forfeit", True),
    ]


def test_equal_neighbours_are_kept() -> None:
    """Two windows that both return are two steps, since the caller charges by the window."""
    both = {"window_us": 12 * HOUR_US, "late": "return", "tiers": [[HOUR_US, "return"]]}
    assert schedule(redeemed(case(package(cancellation=both)))) == [
        ("2026-05-04T22:00:00+00:00", "return", False),
        ("2026-05-05T09:00:00+00:00", "return", True),
        ("2026-05-05T10:00:00+00:00", "return", True),
    ]


def test_a_no_show_takes_the_strictest_of_the_outcomes() -> None:
    """D16 and D61: the outcome nearest to the start, unless the terms say another."""
    assert no_show(tiered(), START)["outcome"] == "forfeit"
    lenient = TIERS | {"no_show": "return"}
    assert no_show(redeemed(case(package(cancellation=lenient))), START)["outcome"] == "return"


def test_a_move_inside_the_longest_window_is_late() -> None:
    """Plan 17: moved by the client at 11 hours."""
    answer = reschedule(
        tiered(), "2026-05-09T10:00:00Z", "client", "2026-05-04T23:00:00Z", [package()]
    )
    assert [(one["code"], one["facts"]) for one in answer["findings"]] == [
        ("late_change", {"free_until": "2026-05-04T22:00:00+00:00"})
    ]
    assert (answer["late"], answer["window_us"]) == (True, 12 * HOUR_US)


def test_a_draw_keeps_terms_that_differ_from_the_accounts() -> None:
    """D60 and D11: the account's are the redemption's, and equal terms are not kept twice."""
    whole = with_own_terms()
    assert whole["free_until"] == "2026-05-04T10:00:00+00:00"
    facial, massage = whole["draws"]
    assert (facial["terms"], facial["free_until"]) == (None, None)
    assert massage["terms"]["tiers"] == [[3 * HOUR_US, "forfeit"]]
    assert massage["free_until"] == "2026-05-04T22:00:00+00:00"
    same = package(cancellation={"window_us": DAY_US, "late": "forfeit", "changes_close_us": 0})
    assert redeemed(case(same))["draws"][0]["terms"] is None


def test_a_package_has_terms_where_the_account_has_none() -> None:
    """D60: the redemption's own free-until is the account's, so there is none."""
    answer = decide(case(package(cancellation=TIERS), account={"cancellation": None}))
    assert answer["free_until"] is None
    assert answer["draws"][0]["free_until"] == "2026-05-04T22:00:00+00:00"
    assert answer["schedule"][0] == ("2026-05-04T22:00:00+00:00", "return", False)


def test_two_kinds_of_terms_in_one_cancellation() -> None:
    """D60: twelve hours before, the facial is forfeited and the massage is still free."""
    whole = with_own_terms()
    both = cancel(whole, "client", "2026-05-04T22:00:00Z")
    assert both["states"] == ["forfeited", "returned"]
    assert (both["outcome"], both["late"], both["window_us"]) == ("forfeit", True, DAY_US)
    later = cancel(whole, "client", "2026-05-04T23:00:00Z")
    assert (later["states"], later["window_us"]) == (["forfeited", "returned"], 12 * HOUR_US)


def test_booked_inside_the_window_of_one_line() -> None:
    """D61: told in place of late only where every late line was so from the moment of booking."""
    whole = with_own_terms(now="2026-05-04T12:00:00Z")
    assert codes(cancel(whole, "client", "2026-05-04T13:00:00Z")) == ["booked_inside_the_window"]
    assert codes(cancel(whole, "client", "2026-05-04T23:00:00Z")) == ["late_cancellation"]


def test_one_line_of_two_kinds() -> None:
    """D30 and D60: each line is settled by its own terms, and the rest keeps its steps."""
    massage = cancel(with_own_terms(), "client", "2026-05-04T22:00:00Z", lines=[1])
    assert (massage["outcome"], massage["late"], massage["window_us"]) == ("return", False, None)
    assert massage["schedule"] == [
        ("2026-05-04T10:00:00+00:00", "return", False),
        ("2026-05-05T10:00:00+00:00", "forfeit", True),
    ]
    facial = cancel(with_own_terms(), "client", "2026-05-04T22:00:00Z", lines=[0])
    assert (facial["outcome"], facial["late"]) == ("forfeit", True)
    assert [until for until, _outcome, _late in facial["schedule"]] == [
        "2026-05-04T22:00:00+00:00",
        "2026-05-05T07:00:00+00:00",
        "2026-05-05T10:00:00+00:00",
    ]


def test_the_steps_of_the_whole_take_every_window() -> None:
    """Forfeited where any line's credit would be, late where any line would be."""
    assert schedule(with_own_terms()) == [
        ("2026-05-04T10:00:00+00:00", "return", False),
        ("2026-05-04T22:00:00+00:00", "forfeit", True),
        ("2026-05-05T07:00:00+00:00", "forfeit", True),
        ("2026-05-05T10:00:00+00:00", "forfeit", True),
    ]
    assert schedule(with_own_terms(), [1])[0] == ("2026-05-04T22:00:00+00:00", "return", False)


def test_a_change_is_late_when_any_reserved_line_is() -> None:
    """D60: the earliest free-until of the reserved lines is told."""
    whole = with_own_terms()
    packages = [package("p1"), package("p2", credit("massage"))]
    new = "2026-05-09T10:00:00Z"
    refused = reschedule(whole, new, "client", "2026-05-04T12:00:00Z", packages)
    assert refused["findings"][0]["facts"] == {"free_until": "2026-05-04T10:00:00+00:00"}
    only_massage = after("cancel", whole, by="client", now=NOW, lines=[0])
    assert reschedule(only_massage, new, "client", "2026-05-04T12:00:00Z", packages)["allowed"]


def test_own_free_until_follows_a_move() -> None:
    """D17 and D60: by the client the window before the new start, by the business extended."""
    packages = [package("p1"), package("p2", credit("massage"))]
    moved = after(
        "reschedule",
        with_own_terms(),
        starts_at="2026-05-01T22:00:00Z",
        by="business",
        now=NOW,
        packages=packages,
    )
    assert moved["free_until"] == "2026-05-01T22:00:00+00:00"
    assert moved["draws"][1]["free_until"] == "2026-05-01T20:00:00+00:00"
    assert schedule(moved) == [
        ("2026-05-01T20:00:00+00:00", "return", False),
        ("2026-05-01T22:00:00+00:00", "forfeit", True),
    ]
    assert cancel(moved, "client", "2026-05-01T20:00:00Z")["outcome"] == "return"
    late = cancel(moved, "client", "2026-05-01T20:00:00.000001Z")
    assert (late["states"], late["window_us"]) == (["returned", "forfeited"], 3 * HOUR_US)


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        ("2026-05-05T09:00:00Z", True),
        ("2026-05-05T09:00:00.000001Z", False),
        ("2026-05-05T10:00:00Z", False),
    ],
)
def test_changes_close_an_hour_before(now: str, allowed: bool) -> None:
    """D67: with exactly the hour left it is allowed, with less closed, for the client only."""
    whole = booked(account={"cancellation": CLOSES})
    answer = cancel(whole, "client", now)
    assert answer["allowed"] is allowed
    if not allowed:
        assert codes(answer) == ["changes_closed"]
        assert answer["findings"][0]["facts"] == {"open_until": "2026-05-05T09:00:00+00:00"}
    assert cancel(whole, "business", now)["allowed"]


def test_one_closed_line_refuses_the_whole_act() -> None:
    """D67: the facial is open, the massage's package closes three hours before."""
    closes = {"window_us": 12 * HOUR_US, "late": "return", "changes_close_us": 3 * HOUR_US}
    own = package("p2", credit("massage"), cancellation=closes)
    whole = redeemed(case(package("p1"), own, services="facial massage"), "online")
    now = "2026-05-05T08:00:00Z"
    refused = cancel(whole, "client", now)
    assert (codes(refused), refused["changes"]) == (["changes_closed"], False)
    assert refused["findings"][0]["facts"] == {"open_until": "2026-05-05T07:00:00+00:00"}
    assert cancel(whole, "client", now, lines=[0])["outcome"] == "forfeit"


def test_the_steps_end_where_changes_close() -> None:
    """D67: the last step includes its end, since that is not the start."""
    assert schedule(booked(account={"cancellation": CLOSES})) == [
        ("2026-05-05T08:00:00+00:00", "return", False),
        ("2026-05-05T09:00:00+00:00", "forfeit", True),
    ]
    before_free_until = CLOSES | {"changes_close_us": 4 * HOUR_US}
    assert schedule(booked(account={"cancellation": before_free_until})) == [
        ("2026-05-05T06:00:00+00:00", "return", False),
    ]


def test_no_refund_where_changes_are_closed_from_the_start() -> None:
    """D67: booked inside it, a client's cancellation is refused, so nothing is refunded."""
    lenient = CLOSES | {"late": "return"}
    closed = case(package(cancellation=lenient), now="2026-05-05T09:00:00.000001Z")
    assert (decide(closed)["refund_on_cancel"], decide(closed)["schedule"]) == (False, [])
    on_it = decide(closed | {"now": "2026-05-05T09:00:00Z"})
    assert on_it["refund_on_cancel"]
    assert on_it["schedule"] == [("2026-05-05T09:00:00+00:00", "return", True)]


def test_the_businesss_move_keeps_changes_open_up_to_free_until() -> None:
    """D67: extended beyond the start less the window, free-until keeps the client's act open."""
    whole = booked(account={"cancellation": CLOSES})
    moved = after(
        "reschedule",
        whole,
        starts_at="2026-05-01T10:30:00Z",
        by="business",
        now=NOW,
        packages=[package("p1", credit("facial"), credit("massage"))],
    )
    assert moved["free_until"] == "2026-05-01T10:00:00+00:00"
    assert schedule(moved) == [("2026-05-01T10:00:00+00:00", "return", False)]
    assert cancel(moved, "client", "2026-05-01T10:00:00Z")["outcome"] == "return"
    closed = cancel(moved, "client", "2026-05-01T10:00:00.000001Z")
    assert closed["findings"][0]["facts"] == {"open_until": "2026-05-01T10:00:00+00:00"}


def test_a_move_and_an_exchange_are_closed_too() -> None:
    """D67 and D71: both in one answer with the late change, in the order of the codes."""
    whole = redeemed(case(package(cancellation=CLOSES)))
    now = "2026-05-05T09:30:00Z"
    moved = reschedule(whole, "2026-05-09T10:00:00Z", "client", now, [package()])
    assert codes(moved) == ["changes_closed", "late_change"]
    new = case(package(), booking={"id": "b2", "starts_at": "2026-05-09T10:00:00Z"}, now=now)
    assert codes(decide(new | {"existing": whole})) == ["changes_closed", "late_change"]
    assert decide(new | {"existing": whole, "by": "business"})["eligible"]
