"""What a commit does to a store's rows: sums, versions and uses, worked out once."""

from dataclasses import replace

import pytest

from pkgredeem import (
    UNLIMITED,
    Actor,
    Bucket,
    Change,
    ConflictError,
    CreditOutcome,
    InvalidValueError,
    Package,
    Period,
    Quota,
    RedemptionPolicy,
)
from pkgredeem.stores import _ledger
from tests.helpers.support import NO_LIMITS, NOW, START, booking, case, credit, package

CAPPED = package("p1", credit("facial", left=5), quotas=(Quota(9, Period.EVER),), version=3)
PLAIN = package("p2", credit("mask", left=5), version=7)
POLICY = RedemptionPolicy(NO_LIMITS)


def booked(*services: str, id: str = "b1") -> Change:
    """Return the change that books these services with both packages."""
    wanted = case(packages=[CAPPED, PLAIN], booking=booking(*services, id=id))
    change = POLICY.decide_case(wanted).change
    assert change is not None
    return change


def cancelled(change: Change) -> Change:
    """Return the change that cancels what a change booked."""
    found = POLICY.cancel(change.after, by=Actor.CLIENT, now=NOW).change
    assert found is not None
    return found


def test_movements_are_summed_up_by_entitlement_in_one_order() -> None:
    """What one change gives back pays for another; rows are locked in the order of their ids."""
    both = booked("mask", "facial", "facial")
    back = cancelled(booked("facial", id="b2"))
    in_order = _ledger.credits_by_bucket([booked("mask"), back])

    assert [("p1", "facial"), ("p2", "mask")] == list(in_order)
    assert {
        ("p1", "facial"): {
            Bucket.AVAILABLE: -1,
            Bucket.RESERVED: 1,
            Bucket.REDEEMED: 0,
            Bucket.FORFEITED: 0,
        },
        ("p2", "mask"): {
            Bucket.AVAILABLE: -1,
            Bucket.RESERVED: 1,
            Bucket.REDEEMED: 0,
            Bucket.FORFEITED: 0,
        },
    } == _ledger.credits_by_bucket([both, back])
    assert [("p1", "facial"), ("p2", "mask")] == [*_ledger.credits_by_bucket([both, back])]


def test_versions_are_those_that_a_change_was_decided_on() -> None:
    """Every package drawn on is raised; a return compares none (D57)."""
    both = booked("mask", "facial")

    assert {"p1": 3, "p2": 7} == _ledger.versions_to_raise([both])
    assert ["p1", "p2"] == [*_ledger.versions_to_raise([both])]
    assert {"p1": None, "p2": None} == _ledger.versions_to_raise([cancelled(both)])
    assert {"p1": 3, "p2": 7} == _ledger.versions_to_raise([cancelled(both), both])
    mask, facial = booked("mask"), booked("facial", id="b2")
    assert {"p1": None, "p2": None} == _ledger.versions_to_raise(
        [cancelled(mask), cancelled(facial)]
    )


def test_two_versions_of_a_package_are_a_conflict() -> None:
    """One of them at least is not the stored one."""
    one, other = booked("facial"), booked("facial", id="b2")
    later = replace(other, package_versions=(("p1", 4),))
    with pytest.raises(ConflictError, match="package 'p1' was read at two versions"):
        _ledger.versions_to_raise([one, later])


def test_uses_are_what_a_booking_leaves() -> None:
    """By package; one whose draws have all returned is left out (D54)."""
    change = booked("mask", "facial")
    kept = _ledger.uses_by_package(change)
    half = POLICY.cancel(change.after, by=Actor.CLIENT, now=NOW, lines=[0]).change
    assert half is not None

    assert {"p1": [1], "p2": [0]} == {key: [use.line for use in uses] for key, uses in kept.items()}
    assert ["p1"] == [*_ledger.uses_by_package(half)]
    assert {} == _ledger.uses_by_package(cancelled(change))


def test_a_stored_package_is_read_as_it_is() -> None:
    """With what is left, uses and version; unlimited stays unlimited (D42)."""
    sold = package("p1", credit("facial", left=5), credit("sauna", left=UNLIMITED))
    uses = booked("facial").after.uses_of("p1")
    found = _ledger.as_it_is(sold, {"facial": 4, "sauna": None}, uses=uses, version=8)

    assert [4, UNLIMITED] == [one.remaining for one in found.entitlements]
    assert (uses, 8) == (found.uses, found.version)


@pytest.mark.parametrize("is_used", [False, True])
@pytest.mark.parametrize("sold", [CAPPED, replace(PLAIN, version=None)], ids=["capped", "plain"])
def test_a_package_that_a_store_reads_says_what_one_made_by_hand_says(
    sold: Package, is_used: bool
) -> None:
    """So a rule that reads uses is asked about it where it has some, and only there (D40)."""
    change = booked("mask", "facial")
    uses = change.after.uses_of(sold.id) if is_used else ()
    found = _ledger.as_it_is(sold, {sold.entitlements[0].id: 5}, uses=uses, version=7)
    made = replace(sold, uses=uses, version=7)

    assert is_used is ("uses" in found.beyond)
    assert (made, made.end, made.beyond) == (found, found.end, found.beyond)


def test_a_revised_package_keeps_what_it_was_sold_with() -> None:
    """Credits stay as sold, what is left out stays, what is new is sold with what is left in it."""
    stored = package("p1", credit("facial", left=5), credit("mask", left=2))
    changed = package("p1", credit("facial", left=1), credit("sauna", left=3), priority=7)
    found = _ledger.revised(stored, changed)

    assert [("facial", 5), ("mask", 2), ("sauna", 3)] == [
        (one.id, one.remaining) for one in found.entitlements
    ]
    assert 7 == found.priority


def test_no_call_holds_two_changes_of_a_booking_or_movements_that_are_wrong() -> None:
    """Both are told before anything is written."""
    change = booked("facial")
    with pytest.raises(InvalidValueError, match="changes must be listed only once, not 'b1'"):
        _ledger.check_changes([change, cancelled(change)])
    with pytest.raises(InvalidValueError, match=r"Change\.movements must be what its draws say"):
        _ledger.check_changes([replace(change, movements=())])


def test_a_no_show_and_what_is_forgiven_move_between_buckets() -> None:
    """Each movement leaves one bucket and reaches another."""
    change = booked("facial")
    lost = POLICY.no_show(change.after, now=START, outcome=CreditOutcome.FORFEIT).change
    assert lost is not None

    assert {
        Bucket.AVAILABLE: 0,
        Bucket.RESERVED: -1,
        Bucket.REDEEMED: 0,
        Bucket.FORFEITED: 1,
    } == _ledger.credits_by_bucket([lost])["p1", "facial"]


def test_a_package_that_nobody_has_drawn_on_is_at_version_0() -> None:
    """That is a version like any other: who read it then has not seen what came after (D57)."""
    read = package(version=0)
    _ledger.check_revision(read, 0)
    with pytest.raises(ConflictError, match="package 'p1' is no longer at version 0"):
        _ledger.check_revision(read, 1)
