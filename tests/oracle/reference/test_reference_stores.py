"""The second implementation's store, desk and adoption on examples worked out by hand."""

from copy import deepcopy
from typing import Any

import pytest

from tests.oracle.reference._adopt import adopt
from tests.oracle.reference._desk import Desk
from tests.oracle.reference._errors import NamedError
from tests.oracle.reference._ledger import Change, Ledger

Doc = dict[str, Any]

NOW, LATER, START = (f"2026-05-0{day}T08:00:00+00:00" for day in (1, 2, 5))
FACIALS: Doc = {
    "id": "p1",
    "client_id": "ana",
    "uses": [],
    "entitlements": [{"id": "main", "services": ["facial"], "remaining": 2}],
}
ONCE = FACIALS | {"quotas": [{"most": 1, "per": "ever"}]}


def asked(booking_id: str = "b1", services: tuple[str, ...] = ("facial",)) -> Doc:
    """Ask for facials of Ana."""
    lines = [{"service": {"id": service}} for service in services]
    return {
        "now": NOW,
        "client": {"id": "ana", "logged_in": True},
        "account": {"time_zone": "Pacific/Auckland"},
        "booking": {"id": booking_id, "starts_at": START, "lines": lines},
    }


def salon(package: Doc = FACIALS) -> tuple[Ledger, Desk]:
    """Open a desk in store on one package."""
    ledger = Ledger([deepcopy(package)])
    return ledger, Desk(ledger, "in-store")


def booked() -> tuple[Ledger, Desk, Change]:
    """Book one facial, and give the change that did it."""
    ledger, desk = salon()
    desk.book(asked())
    after = ledger.redemption("b1")
    assert after is not None
    moved = [("p1", "main", 1, "available", "reserved")]
    change: Change = {
        "before": None,
        "after": after,
        "movements": moved,
        "package_versions": {"p1": 0},
    }
    return ledger, desk, change


def test_what_is_drawn_is_reserved_and_counts_as_a_use() -> None:
    """One of two facials is reserved, and the package is one version on."""
    ledger, _, _ = booked()

    assert ledger.balance("p1", "main") == {
        "available": 1,
        "reserved": 1,
        "redeemed": 0,
        "forfeited": 0,
    }
    assert [use["booking_id"] for use in ledger.package("p1")["uses"]] == ["b1"]
    assert ledger.version("p1") == 1


def test_a_move_raises_the_version_too() -> None:
    """No credit moves, and whoever decided before it decides again (D57)."""
    ledger, desk, _ = booked()
    arguments = {"now": NOW, "by": "business", "starts_at": LATER, "client": {"id": "ana"}}

    assert desk.act("reschedule", "b1", arguments)["movements"] == []
    assert ledger.version("p1") == 2


def test_the_same_change_again_is_a_success_that_does_nothing() -> None:
    """The acknowledgement was lost; its versions are outdated, and nothing is counted twice."""
    ledger, _, change = booked()
    ledger.commit(change)

    assert ledger.balance("p1", "main")["available"] == 1
    assert ledger.version("p1") == 1


def test_a_booking_that_is_stored_is_not_stored_again() -> None:
    """Something else under the same id is a conflict (D21, D35)."""
    ledger, _, change = booked()
    other = deepcopy(change)
    other["after"]["booked_at"] = LATER

    assert ledger.against(other) == {"ConflictError"}


def test_movements_that_are_not_what_draws_say_are_refused() -> None:
    """Two units for one that is drawn are an invalid value."""
    _, _, change = booked()
    change["movements"] = [("p1", "main", 2, "available", "reserved")]

    assert salon()[0].against(change) == {"InvalidValueError"}


def test_a_credit_of_what_is_not_held_is_no_conflict() -> None:
    """Another try would change nothing (D73)."""
    _, _, change = booked()

    with pytest.raises(NamedError, match="UnknownEntitlementError"):
        Ledger([]).commit(change)


def test_two_changes_of_one_call_are_judged_together() -> None:
    """Two facials are left; three lines of two bookings ask for one more (D35)."""
    ledger, desk = salon(FACIALS)
    changes: list[Change] = []
    for booking_id, services in (("b1", ("facial", "facial")), ("b2", ("facial",))):
        alone, other = salon(FACIALS)
        other.book(asked(booking_id, services))
        after = alone.redemption(booking_id)
        assert after is not None
        moved = [("p1", "main", len(services), "available", "reserved")]
        changes.append({"before": None, "after": after, "movements": moved, "package_versions": {}})

    assert ledger.against(changes[0]) == set()
    assert ledger.against(*changes) == {"ConflictError"}
    assert desk.ledger.history == []


def test_the_last_of_a_race_decides_afresh() -> None:
    """Whoever was slower finds the one place of the quota taken, and is refused (D35, D57)."""
    ledger, desk = salon(ONCE)
    answer = desk.book(asked("b1"), meanwhile=lambda: desk.book(asked("b2")))

    assert [reason["code"] for reason in answer["reasons"]] == ["quota_reached"]
    assert [one["booking"]["id"] for one in ledger.redemptions()] == ["b2"]


def test_an_exchange_draws_what_it_gives_back() -> None:
    """Both facials are reserved, and are again by the booking that takes the place (D21)."""
    ledger, desk = salon()
    desk.book(asked("b1", ("facial", "facial")))
    answer = desk.book(asked("b2", ("facial", "facial")) | {"by": "business"}, "b1")

    assert answer["eligible"]
    assert ledger.balance("p1", "main")["reserved"] == 2
    assert [draw["state"] for one in ledger.redemptions() for draw in one["draws"]] == [
        *["returned"] * 2,
        *["reserved"] * 2,
    ]


def test_an_adopted_booking_is_put_back_first() -> None:
    """Two are left beside the one that is open: it was sold with three at least."""
    opened = {
        "booking": asked()["booking"],
        "client_id": "ana",
        "booked_at": NOW,
        "paid_with": [(0, "p1", "main")],
    }
    day = 24 * 60 * 60 * 1_000_000
    account = {"cancellation": {"window_us": day, "late": "forfeit"}}
    adopted = adopt(account, [FACIALS], [opened])

    assert adopted["left"] == {("p1", "main"): 3}
    assert adopted["redemptions"][0]["free_until"] == "2026-05-04T08:00:00+00:00"
