"""What a ready-made store refuses is told in words that name the booking, package or credit."""

from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import replace

import pytest

from pkgredeem import (
    Actor,
    Balance,
    Change,
    ConflictError,
    InvalidValueError,
    Package,
    RedemptionPolicy,
    UnknownEntitlementError,
)
from pkgredeem.stores.memory import MemoryStore
from tests.helpers.databases import DATABASES
from tests.helpers.store_audit import ReadyMade
from tests.helpers.support import NOW, booking, case, credit, decide, package

ONE_FACIAL = package("p1", credit("facial", left=1))
POLICY = RedemptionPolicy()


KINDS = ["memory", "SQLite", "SQLite, SQLAlchemy", "SQLite, SQLAlchemy with aiosqlite"]


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest) -> Iterator[ReadyMade]:
    """Open an empty store of each kind that needs no server."""
    with ExitStack() as stack:
        if request.param == "memory":
            yield stack.enter_context(nullcontext(MemoryStore()))
        else:
            fresh = stack.enter_context(DATABASES[request.param]())
            yield stack.enter_context(fresh()())


def booked(*held: Package, id: str = "b1") -> Change:
    """Return the change that books a facial with what is held."""
    change = decide(case(packages=held, booking=booking(id=id))).change
    assert change is not None
    return change


def cancelled(change: Change, by: Actor = Actor.CLIENT) -> Change:
    """Return the change that cancels what a change booked."""
    found = POLICY.cancel(change.after, by=by, now=NOW).change
    assert found is not None
    return found


@pytest.mark.parametrize("method", ["add", "revise"])
def test_only_a_package_is_taken_on(store: ReadyMade, method: str) -> None:
    """Anything else is refused by the name of what is taken."""
    with pytest.raises(InvalidValueError, match=r"^package must be a Package, not 'p1'$"):
        getattr(store, method)("p1")


def test_packages_are_those_of_a_client_at_an_instant(store: ReadyMade) -> None:
    """Whoever asks for anything else is told what must be which."""
    with pytest.raises(InvalidValueError, match=r"^client_id must be "):
        store.packages_of(7, not_over_at=NOW)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(InvalidValueError, match=r"^not_over_at must be "):
        store.packages_of("ana", not_over_at=None)  # type: ignore[arg-type]  # on purpose


def test_a_package_is_revised_at_the_version_that_was_read(store: ReadyMade) -> None:
    """One that says the stored version is taken, and raises it; one that says an older is not."""
    store.add(ONE_FACIAL)
    store.revise(replace(ONE_FACIAL, priority=1, version=0))
    with pytest.raises(
        ConflictError, match=r"^package 'p1' is no longer at version 0: read it again$"
    ):
        store.revise(replace(ONE_FACIAL, priority=2, version=0))

    (found,) = store.packages_of("ana", not_over_at=NOW)
    assert (1, 1) == (found.priority, found.version)


def test_a_package_that_is_not_held_has_no_revision_and_no_balance(store: ReadyMade) -> None:
    """Both are refused by the id that was asked for."""
    refused = r"^package.id must be the id of a package that the store holds, not 'p1'$"
    with pytest.raises(InvalidValueError, match=refused):
        store.revise(ONE_FACIAL)
    with pytest.raises(InvalidValueError, match=refused):
        store.balance("p1", "facial")


def test_a_balance_is_that_of_the_main_entitlement(store: ReadyMade) -> None:
    """Unless another one is named, which must be there."""
    store.add(package("p1", credit("facial", left=3), credit("mask", id="main", left=2)))

    assert Balance(available=2, reserved=0, redeemed=0, forfeited=0) == store.balance("p1")
    with pytest.raises(
        InvalidValueError,
        match=r"^entitlement_id must be an entitlement of the package, not 'cut'$",
    ):
        store.balance("p1", "cut")


def test_a_booking_that_has_changed_since_is_a_conflict(store: ReadyMade) -> None:
    """The loser of two cancellations is told which booking to read again."""
    store.add(ONE_FACIAL)
    change = booked(ONE_FACIAL)
    store.commit(change)
    store.commit(cancelled(change))
    with pytest.raises(ConflictError, match=r"^booking 'b1' .*: read it again$"):
        store.commit(cancelled(change, Actor.BUSINESS))


def test_a_package_at_another_version_is_a_conflict(store: ReadyMade) -> None:
    """What was decided on an older version of a package is told with that version (D57)."""
    store.add(ONE_FACIAL)
    store.revise(replace(ONE_FACIAL, priority=1))
    change = replace(booked(ONE_FACIAL), package_versions=(("p1", 0),))
    with pytest.raises(
        ConflictError, match=r"^package 'p1' is no longer at version 0: read it again$"
    ):
        store.commit(change)

    assert store.redemption("b1") is None


def test_a_credit_that_another_has_drawn_is_a_conflict(store: ReadyMade) -> None:
    """The loser of the last credit is told of which."""
    store.add(ONE_FACIAL)
    store.commit(booked(ONE_FACIAL))
    refused = r"^package 'p1' has too few credits of 'facial' left: read it again$"
    with pytest.raises(ConflictError, match=refused):
        store.commit(booked(ONE_FACIAL, id="b2"))


@pytest.mark.parametrize("held", [(), (package("p1", credit("mask")),)], ids=["neither", "package"])
def test_a_movement_of_what_is_not_held_is_refused(
    store: ReadyMade, held: tuple[Package, ...]
) -> None:
    """It names the entitlement and the package (D73)."""
    for sold in held:
        store.add(sold)
    refused = r"^the store holds no entitlement 'facial' of package 'p1'$"
    with pytest.raises(UnknownEntitlementError, match=refused):
        store.commit(booked(ONE_FACIAL))


def test_the_history_keeps_the_order_that_was_given(store: ReadyMade) -> None:
    """A credit that returns pays for one that is drawn in the same call, and stands after it."""
    store.add(ONE_FACIAL)
    first = booked(ONE_FACIAL)
    store.commit(first)
    store.commit(booked(ONE_FACIAL, id="b2"), cancelled(first))

    assert [("b1", -1), ("b2", -1), ("b1", 1)] == [
        (movement.booking_id, movement.available_delta) for movement in store.movements()
    ]
    assert Balance(available=0, reserved=1, redeemed=0, forfeited=0) == store.balance(
        "p1", "facial"
    )
