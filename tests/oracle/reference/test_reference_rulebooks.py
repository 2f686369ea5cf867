"""The rulebooks by their sets of codes, worked out by hand from the decisions."""

from __future__ import annotations

import pytest

from . import decide
from ._codes import RULEBOOKS, SCOPES, in_force
from .examples import case, codes, package


def test_in_store_holds_what_is_not_for_online_only() -> None:
    """D34 and D48: nothing that the article forbids online only, no start, no lead time."""
    assert RULEBOOKS["in-store"] == {
        "package_of_another_client",
        "package_not_sold_yet",
        "package_not_started",
        "package_over",
        "package_over_by_then",
        "package_used_up",
        "package_void",
        "package_suspended",
        "package_booking_over",
        "package_paused",
        "outside_first_use_term",
        "package_not_chosen",
        "service_not_in_package",
        "not_enough_credits",
        "cost_unknown",
        "credit_not_started",
        "credit_over",
        "trait_not_allowed",
        "outside_hours",
        "blacked_out",
        "quota_reached",
        "nothing_to_pay",
        "no_package",
        "no_card_on_file",
    }


def test_online_is_april_without_the_limits() -> None:
    """The rulebook `online` lacks the two "not yet" limits and nothing else."""
    assert RULEBOOKS["timely-2026-04"] - RULEBOOKS["online"] == {
        "several_active_packages",
        "mixed_booking",
    }
    assert RULEBOOKS["online"] < RULEBOOKS["timely-2026-04"]
    assert RULEBOOKS["timely-2026-03"] == RULEBOOKS["timely-2026-04"]


def test_no_rulebook_holds_a_rule_of_acts() -> None:
    """D71: what is asked of an act stands in no rulebook, so that none can lift it."""
    for rulebook in RULEBOOKS.values():
        assert not rulebook & set(SCOPES["act"])


def test_online_starts_switched_off() -> None:
    """The rulebook `online` has no automatic start, and an explicit choice counts (D02)."""
    new_account = case(package(), account={"activated_on": "2026-12-01", "online_redemption": None})
    assert codes(decide(new_account, "online")) == ["online_redemption_off"]
    assert decide(new_account, "timely-2026-04")["eligible"]
    assert decide(case(package()), "online")["eligible"]


def test_online_takes_from_two_packages_and_leaves_the_rest_to_be_paid() -> None:
    """T10 and T17 are limits of the article's product, not of the rulebook `online`."""
    two = case(package("p1"), package("p2"), services="facial massage")
    answer = decide(two, "online")
    assert answer["eligible"]
    assert answer["uncovered"] == [1]
    assert codes(answer) == ["service_not_in_package"]


@pytest.mark.parametrize(
    "code", ["no_package", "package_used_up", "not_enough_credits", "cost_unknown"]
)
def test_some_rules_are_never_lifted(code: str) -> None:
    """D04 and the starred codes: there is no rulebook without them."""
    with pytest.raises(ValueError, match="never lifted"):
        in_force("in-store", frozenset({code}))


def test_a_lifted_rule_finds_nothing() -> None:
    """Lifting the log-in rule lets a client in who is known but not logged in."""
    not_logged_in = case(package(), client={"logged_in": False})
    assert codes(decide(not_logged_in)) == ["client_not_logged_in"]
    answer = decide(not_logged_in, lifted=frozenset({"client_not_logged_in"}))
    assert answer["eligible"]
    assert not answer["prompt"]


def test_the_holdings_come_right_after_the_client() -> None:
    """D22: the count of packages is about what the client holds, whatever is booked."""
    whole = case(
        package("p1"),
        package("p2"),
        account={"client_login": "disabled"},
        client={"logged_in": False},
        now="2026-05-05T10:00:00Z",
    )
    assert decide(whole)["findings"] == [
        ("client_login_disabled", ""),
        ("client_not_logged_in", ""),
        ("several_active_packages", ""),
        ("appointment_started", ""),
    ]
