"""Book-by, single validity, pauses, debts, sharing and the pick, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from . import cancel, decide, notice, reschedule
from .examples import NOW, START, case, codes, credit, package, paid, redeemed

LATER = "2026-05-01T08:00:00.000001Z"


def test_book_by_is_asked_of_the_moment_of_booking() -> None:
    """D49 and plan 8: booked before, the appointment may be any later; the end is exclusive."""
    assert decide(case(package(book_until=LATER)))["eligible"]
    refused = decide(case(package(book_until=NOW)))
    assert [(one["code"], one["facts"]) for one in refused["reasons"]] == [
        ("package_booking_over", {"book_until": "2026-05-01T08:00:00+00:00"})
    ]
    assert refused["active"] == []
    assert decide(case(package(book_until=NOW)), "in-store")["reasons"] == refused["reasons"]


def test_book_in_may_for_june() -> None:
    """Plan 9: book-by and use-by are independent, and both may be set."""
    june = package(
        book_until="2026-06-01T00:00:00Z",
        valid_from="2026-06-01T00:00:00Z",
        valid_until="2026-07-01T00:00:00Z",
    )
    booking = {"starts_at": "2026-06-30T10:00:00Z"}
    assert decide(case(june, booking=booking, now="2026-05-31T12:00:00Z"))["eligible"]
    assert codes(decide(case(june, booking=booking, now="2026-06-01T00:00:00Z"))) == [
        "package_booking_over"
    ]
    july = {"starts_at": "2026-07-01T00:00:00Z"}
    assert codes(decide(case(june, booking=july))) == ["package_over_by_then"]


@pytest.mark.parametrize(
    ("fields", "entitlement", "active"),
    [
        ({}, {}, True),
        ({"valid_from": LATER}, {}, False),
        ({"valid_from": LATER, "book_until": LATER}, {}, True),
        ({}, {"valid_from": LATER}, False),
        ({"book_until": LATER}, {"valid_from": LATER}, True),
        ({"book_until": NOW}, {}, False),
        ({}, {"valid_from": NOW}, True),
        ({}, {"valid_until": NOW}, False),
        ({}, {"valid_until": LATER}, True),
        ({"book_until": LATER}, {"valid_until": NOW}, False),
        ({"pauses": [{"starts_at": NOW}]}, {}, False),
        ({"pauses": [{"starts_at": LATER}]}, {}, True),
        ({"pauses": [{"starts_at": "2026-01-01T00:00:00Z", "ends_at": NOW}]}, {}, True),
        ({"status": "suspended"}, {}, False),
        ({"status": "void"}, {}, False),
        ({"client_id": "c2", "shared_with": ["c1"]}, {}, True),
        ({"client_id": "c2"}, {}, False),
    ],
)
def test_active_at_the_moment_of_booking(
    fields: dict[str, Any], entitlement: dict[str, Any], active: bool
) -> None:
    """D05: inside its validity then, not paused then, still bookable, and a credit left in it."""
    whole = case(package("p1", credit("facial", **entitlement), **fields))
    assert decide(whole)["active"] == (["p1"] if active else [])
    assert notice(whole) is active


def test_a_credit_that_is_left_must_be_the_one_that_is_valid() -> None:
    """D05: one entitlement is used up and the other not begun, so the package is not active."""
    cycles = package(
        "p1",
        credit("facial", id_="may", left=0),
        credit("facial", id_="june", valid_from="2026-06-01T00:00:00Z"),
    )
    answer = decide(case(cycles, booking={"starts_at": "2026-06-02T10:00:00Z"}))
    assert (answer["eligible"], answer["active"]) == (True, [])


def membership(*cycles: str) -> dict[str, Any]:
    """Make a massage a month, each usable one month longer (plan 11)."""
    months = {
        "may": ("2026-05-01T00:00:00Z", "2026-07-01T00:00:00Z"),
        "june": ("2026-06-01T00:00:00Z", "2026-08-01T00:00:00Z"),
    }
    return package(
        "p1",
        *(
            credit("massage", id_=name, valid_from=months[name][0], valid_until=months[name][1])
            for name in cycles
        ),
    )


def test_the_credit_that_ends_first_is_drawn_first() -> None:
    """D50 and plan 11: May's credit in June, before June's."""
    june = {"starts_at": "2026-06-10T10:00:00Z"}
    both = membership("june", "may")
    assert paid(decide(case(both, services="massage", booking=june))) == [(0, "p1", "may")]
    two = decide(case(both, services="massage massage", booking=june))
    assert paid(two) == [(0, "p1", "may"), (1, "p1", "june")]


def test_a_single_credit_has_its_own_validity() -> None:
    """D50: the start must lie in it, the end exclusive, with what is found in the facts."""
    over = decide(
        case(membership("may"), services="massage", booking={"starts_at": "2026-07-01T00:00:00Z"})
    )
    assert [(one["code"], one["facts"]) for one in over["reasons"]] == [
        ("credit_over", {"valid_until": "2026-07-01T00:00:00+00:00"})
    ]
    early = decide(
        case(membership("june"), services="massage", booking={"starts_at": "2026-05-31T23:59:59Z"})
    )
    assert [(one["code"], one["facts"]) for one in early["reasons"]] == [
        ("credit_not_started", {"valid_from": "2026-06-01T00:00:00+00:00"})
    ]


def test_the_earlier_of_both_ends_ranks() -> None:
    """D50: a credit that ends before its package competes by its own end."""
    ends_june = package("p2", credit("facial", valid_until="2026-06-15T00:00:00Z"))
    ends_july = package("p1", valid_until="2026-07-01T00:00:00Z")
    assert paid(decide(case(ends_june, ends_july), "online")) == [(0, "p2", "facial")]


@pytest.mark.parametrize(
    ("start", "paused"),
    [
        ("2026-06-30T23:59:59Z", False),
        ("2026-07-01T00:00:00Z", True),
        ("2026-07-31T23:59:59Z", True),
        ("2026-08-01T00:00:00Z", False),
    ],
)
def test_a_pause_is_asked_of_the_start(start: str, paused: bool) -> None:
    """D51 and plan 5: July is paused, and June and August can be booked from before."""
    july = {"starts_at": "2026-07-01T00:00:00Z", "ends_at": "2026-08-01T00:00:00Z"}
    answer = decide(case(package(pauses=[july]), booking={"starts_at": start}))
    assert codes(answer) == (["package_paused"] if paused else [])


def test_the_facts_of_a_pause() -> None:
    """D51: without an end it is open, and of several the first that holds the start is told."""
    pauses = [{"starts_at": "2026-05-05T00:00:00Z"}, {"starts_at": "2026-05-04T00:00:00Z"}]
    assert decide(case(package(pauses=pauses)))["reasons"][0]["facts"] == {
        "paused_from": "2026-05-04T00:00:00+00:00",
        "paused_until": None,
        "starts_at": "2026-05-05T10:00:00+00:00",
    }


def test_booked_in_a_pause_for_after_it() -> None:
    """D51: the moment of booking may lie in a pause; only the count of active packages minds."""
    may = {"starts_at": "2026-04-01T00:00:00Z", "ends_at": "2026-05-05T10:00:00Z"}
    answer = decide(case(package(pauses=[may])))
    assert (answer["eligible"], answer["active"]) == (True, [])


@pytest.mark.parametrize("status", ["void", "suspended"])
def test_debt_and_refunds(status: str) -> None:
    """D52: refused in every rulebook, in store too; what is booked may be moved and returns."""
    for rulebook in ("timely-2026-03", "online", "in-store"):
        assert codes(decide(case(package(status=status)), rulebook)) == [f"package_{status}"]
    whole = redeemed(case(package()))
    changed = [package(status=status)]
    assert reschedule(whole, "2026-05-06T10:00:00Z", "client", NOW, changed)["findings"] == []
    back = cancel(whole, "client", NOW, packages=changed)
    assert (back["outcome"], codes(back)) == ("return", ["credit_not_usable"])


def test_rules_beyond_the_article_are_silent_about_what_is_not_held() -> None:
    """D40: of another client's package only the article's rules tell what they find."""
    other = package(
        client_id="c2",
        status="void",
        book_until=NOW,
        valid_until=NOW,
        pauses=[{"starts_at": NOW}],
    )
    answer = decide(case(other) | {"only": ["p9"]})
    assert codes(answer) == ["package_of_another_client", "package_over", "no_package"]


def test_every_package_finding_in_its_order() -> None:
    """D22 and D40: the article's first, then those beyond it, in the order of the codes."""
    bad = package(
        "p1",
        credit("facial", left=0),
        status="suspended",
        book_until=NOW,
        pauses=[{"starts_at": NOW}],
    )
    assert codes(decide(case(bad) | {"only": ["p9"]})) == [
        "package_used_up",
        "package_suspended",
        "package_booking_over",
        "package_paused",
        "package_not_chosen",
    ]


@pytest.mark.parametrize(
    ("fields", "entitlement", "usable"),
    [
        ({"book_until": "2026-05-02T00:00:00Z"}, {}, False),
        ({"book_until": "2026-05-02T00:00:00.000001Z"}, {}, True),
        ({}, {"valid_until": "2026-05-02T00:00:00Z"}, False),
        ({}, {"valid_from": "2026-06-01T00:00:00Z"}, True),
        ({"valid_until": "2026-06-01T00:00:00Z"}, {"valid_from": "2026-06-01T00:00:00Z"}, False),
        ({"pauses": [{"starts_at": NOW}]}, {}, True),
        ({}, {"restrictions": {"traits": {"place": ["north"]}}}, True),
    ],
)
def test_whether_a_returned_credit_can_be_used_again(
    fields: dict[str, Any], entitlement: dict[str, Any], usable: bool
) -> None:
    """D13: validity of package and entitlement and booking ends, not pauses and restrictions."""
    handed_in = [package("p1", credit("facial", **entitlement), **fields)]
    answer = cancel(
        redeemed(case(package())), "business", "2026-05-02T00:00:00Z", packages=handed_in
    )
    assert answer["credit_usable"] is usable


def test_a_move_asks_use_by_and_pauses_but_not_book_by() -> None:
    """D49, D50 and D58: a move is no booking, and a single credit's validity is asked."""
    whole = redeemed(case(package()))
    new = "2026-05-09T10:00:00Z"
    assert reschedule(whole, new, "client", NOW, [package(book_until=NOW)])["findings"] == []
    paused = package(pauses=[{"starts_at": "2026-05-09T00:00:00Z"}], client_id="c9")
    assert codes(reschedule(whole, new, "client", NOW, [paused])) == ["package_paused"]
    ended = package("p1", credit("facial", valid_until=new))
    assert codes(reschedule(whole, new, "client", NOW, [ended])) == ["credit_over"]
    begun = package("p1", credit("facial", valid_from=START))
    assert codes(reschedule(whole, "2026-05-05T09:59:59Z", "client", NOW, [begun])) == [
        "credit_not_started"
    ]


def test_a_familys_package() -> None:
    """D59 and plan 13: ben's booking is paid, dan's is not, and naming is not mutual."""
    family = package(client_id="ada", shared_with=["ben", "cleo"])
    assert decide(case(family, client={"id": "ben"}))["eligible"]
    assert codes(decide(case(family, client={"id": "dan"}))) == [
        "package_of_another_client",
        "no_package",
    ]
    bens = package("p2", client_id="ben", shared_with=["dan"])
    assert decide(case(family, bens, client={"id": "ada"}))["active"] == ["p1"]
    assert codes(decide(case(family, bens, client={"id": "ben"}))) == ["several_active_packages"]


def test_a_shared_booking_is_its_own_clients() -> None:
    """D59: the owner of the package neither moves nor exchanges ben's booking."""
    family = package(client_id="ada", shared_with=["c1"])
    whole = redeemed(case(family))
    moved = reschedule(whole, "2026-05-06T10:00:00Z", "client", NOW, [family], client={"id": "ada"})
    assert moved == {"error": "BookingMismatchError"}
    by_ada = case(family, client={"id": "ada"}, booking={"id": "b2"}) | {"existing": whole}
    assert decide(by_ada) == {"error": "InvalidValueError"}


def test_the_pick() -> None:
    """D68: only the chosen packages pay, and the count of active ones does not change."""
    two = case(package("p1"), package("p2"))
    assert paid(decide(two | {"only": ["p2"]}, "online")) == [(0, "p2", "facial")]
    answer = decide(two | {"only": ["p2"]})
    assert codes(answer) == ["several_active_packages", "package_not_chosen"]
    assert (answer["usable"], answer["active"]) == (["p2"], ["p1", "p2"])
    assert decide(two | {"only": ["p2", "p9"]}, "online")["eligible"]
    assert codes(decide(two | {"only": ["p9"]}, "online")) == [
        "package_not_chosen",
        "package_not_chosen",
    ]
