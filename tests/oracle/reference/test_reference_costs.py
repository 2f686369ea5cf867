"""Costs, unlimited credits and the allocation with both, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from . import cancel, decide, quote
from .examples import NOW, case, codes, credit, line, package, paid, quota, redeemed

INVALID = {"error": "InvalidValueError"}


def minutes(left: int) -> dict[str, Any]:
    """Make a package of so many minutes of personal training (plan 1)."""
    return package("p1", credit("pt", left=left, unit="minute"))


def sessions(*lengths: int) -> dict[str, Any]:
    """Make a booking of sessions of so many minutes each."""
    return {"lines": [line("pt", costs={"minute": length}) for length in lengths]}


def test_a_session_costs_its_minutes() -> None:
    """D41 and plan 1: 75 of 75 minutes are enough, and the draw keeps what it cost."""
    answer = decide(case(minutes(75), booking=sessions(75)))
    assert answer["eligible"]
    assert answer["draws"][0]["credits"] == 75
    assert codes(decide(case(minutes(0), booking=sessions(75)))) == ["package_used_up"]


def test_too_few_minutes() -> None:
    """D43 and plan 1: 90 minutes with 75 left are refused, and the facts are in minutes."""
    refused = decide(case(minutes(75), booking=sessions(90)))
    assert [(one["code"], one["facts"]) for one in refused["reasons"]] == [
        ("not_enough_credits", {"available": 75, "wanted": 90, "unit": "minute"})
    ]


def test_a_service_that_tells_no_minutes() -> None:
    """D41: nobody guesses, in no rulebook; costs in other units leave it at one credit."""
    for costs in ({}, {"credit": 2}):
        whole = case(minutes(600), booking={"lines": [line("pt", costs=costs)]})
        for rulebook in ("timely-2026-04", "in-store"):
            refused = decide(whole, rulebook)
            assert [(one["code"], one["facts"]) for one in refused["reasons"]] == [
                ("cost_unknown", {"unit": "minute"})
            ]
    pass_of_one = case(package("p1", credit("pt")), booking=sessions(75))
    assert decide(pass_of_one)["draws"][0]["credits"] == 1


def test_an_advanced_class_costs_two() -> None:
    """Plan 2: two credits for one line, and one left is not enough."""
    advanced = {"lines": [line("class", costs={"credit": 2})]}
    assert decide(case(package("p1", credit("class", left=2)), booking=advanced))["eligible"]
    refused = decide(case(package("p1", credit("class", left=1)), booking=advanced))
    assert refused["reasons"][0]["facts"] == {"available": 1, "wanted": 2, "unit": "credit"}


def test_a_line_is_paid_whole_by_one_entitlement() -> None:
    """D43: sixty minutes here and sixty there do not pay for ninety."""
    halves = package(
        "p1",
        credit("pt", id_="a", left=60, unit="minute"),
        credit("pt", id_="b", left=60, unit="minute"),
    )
    refused = decide(case(halves, booking=sessions(90)))
    assert refused["reasons"][0]["facts"] == {"available": 120, "wanted": 90, "unit": "minute"}
    assert paid(decide(case(halves, booking=sessions(60, 60)))) == [(0, "p1", "a"), (1, "p1", "b")]


def test_a_later_line_never_takes_an_earlier_lines_credit() -> None:
    """D63: two lines could be paid instead of the first, and the first is paid."""
    answer = decide(case(minutes(60), booking=sessions(60, 30, 30)))
    assert answer["uncovered"] == [1, 2]
    assert answer["reasons"][0]["facts"] == {"available": 60, "wanted": 120, "unit": "minute"}
    assert decide(case(minutes(60), booking=sessions(30, 60, 30)))["uncovered"] == [1]


def test_facts_are_in_the_unit_of_the_highest_ranked() -> None:
    """The unit of the credit that would be drawn first, and what is left in that unit alone."""
    both = package(
        "p1",
        credit("pt", id_="a", left=60, unit="minute"),
        credit("pt", id_="b", left=0),
    )
    refused = decide(case(both, booking=sessions(90)))
    assert refused["reasons"][0]["facts"] == {"available": 60, "wanted": 90, "unit": "minute"}


def test_ranks_count_once_for_each_line_whatever_it_costs() -> None:
    """D63: one line from each entitlement, the better rank going to the earlier line."""
    lines = {"lines": [line("pt", costs={"minute": 30}), line("pt", costs={"minute": 90})]}
    early = credit("pt", id_="a", left=90, unit="minute", valid_until="2026-06-01T00:00:00Z")
    late = credit("pt", id_="b", left=90, unit="minute")
    assert paid(decide(case(package("p1", early, late), booking=lines))) == [
        (0, "p1", "a"),
        (1, "p1", "b"),
    ]
    early["remaining"] = 120
    assert paid(decide(case(package("p1", early, late), booking=lines))) == [
        (0, "p1", "a"),
        (1, "p1", "a"),
    ]


def test_unlimited_comes_after_priority_and_before_all_else() -> None:
    """D42 and D20: before a counted credit that ends sooner, after one of higher priority."""
    counted = package("p1", credit("class"), valid_until="2026-06-01T00:00:00Z")
    unlimited = package("p2", credit("class", "core", left=0, id_="all", remaining="unlimited"))
    assert paid(decide(case(counted, unlimited, services="class"), "online")) == [(0, "p2", "all")]
    counted["priority"] = 1
    both = decide(case(counted, unlimited, services="class class class"), "online")
    assert paid(both) == [(0, "p1", "class"), (1, "p2", "all"), (2, "p2", "all")]


def test_unlimited_is_active_and_never_used_up() -> None:
    """D42 and D05: its draws are kept and move like any others."""
    unlimited = package("p1", credit("facial", remaining="unlimited"))
    whole = case(unlimited, booking={"lines": [line("facial", costs={"credit": 3})]})
    assert decide(whole)["active"] == ["p1"]
    movements = cancel(redeemed(whole), "client", NOW)["movements"]
    assert movements == [("p1", "facial", 3, "reserved", "available")]
    assert decide(whole | {"existing": redeemed(whole)})["eligible"]


def test_what_the_own_booking_cost_is_put_back() -> None:
    """D21: all 75 minutes of its own line come back, and 76 are still too many."""
    own = redeemed(case(minutes(75), booking=sessions(75)))
    assert decide(case(minutes(0), booking=sessions(75)) | {"existing": own})["eligible"]
    more = decide(case(minutes(0), booking=sessions(76) | {"id": "b2"}) | {"existing": own})
    assert more["reasons"][0]["facts"] == {"available": 75, "wanted": 76, "unit": "minute"}


def test_another_duration_is_another_booking() -> None:
    """D21: what a line costs is part of what makes the same booking."""
    stored = redeemed(case(minutes(600), booking=sessions(75)))
    assert quote(case(minutes(525), booking=sessions(75)), stored=stored)["recorded"]
    assert quote(case(minutes(525), booking=sessions(90)), stored=stored) == {
        "error": "BookingMismatchError"
    }


@pytest.mark.parametrize(("lines", "refused"), [(8, False), (9, True)])
def test_mixed_costs_are_exact_up_to_eight_lines(lines: int, refused: bool) -> None:
    """D64: the ninth payable line is an invalid value, before any search."""
    mixed = decide(case(minutes(600), booking=sessions(60, *([30] * (lines - 1)))))
    assert (mixed == INVALID) is refused
    equal = decide(case(minutes(600), booking=sessions(*([30] * lines))))
    assert equal["eligible"]
    with_free_lines = sessions(60, *([30] * 7))
    with_free_lines["lines"].append(line("pt", payable=False))
    assert decide(case(minutes(600), booking=with_free_lines))["eligible"]


@pytest.mark.parametrize(("most", "refused"), [(9, False), (8, True)])
def test_a_package_quota_that_can_bind_is_exact_up_to_eight_lines(most: int, refused: bool) -> None:
    """D64: room for all nine lines can't bind; a quota of one entitlement is mere capacity."""
    services = "class " * 9
    capped = package("p1", credit("class", left=9), quotas=[quota(most, "ever")])
    assert (decide(case(capped, services=services)) == INVALID) is refused
    inside = package("p1", credit("class", left=9, quotas=[quota(most, "ever")]))
    assert decide(case(inside, services=services))["uncovered"] == ([8] if refused else [])
    lifted = frozenset({"quota_reached"})
    assert decide(case(capped, services=services), lifted=lifted)["eligible"]
