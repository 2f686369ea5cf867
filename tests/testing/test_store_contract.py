"""How the store contract is run: hooks, history, threads, and what it says of a fault."""

import threading
from collections.abc import Callable
from copy import copy
from dataclasses import replace
from typing import Any

import pytest

from pkgredeem import (
    Act,
    Actor,
    Booking,
    Change,
    ConflictError,
    InvalidValueError,
    Movement,
    Package,
)
from pkgredeem.stores import RedemptionStore
from pkgredeem.testing import AsyncStoreContract, MemoryStore, StoreContract
from pkgredeem.testing.contract import _expectations as kit
from tests.helpers.contract_support import broken, contract_of, names_of
from tests.helpers.plain_store import PlainStore


def telling(tell: Callable[[list[Movement]], list[Movement]]) -> StoreContract:
    """Return the contract of a right store whose history is told as *tell* makes it."""

    class Contract(StoreContract):
        """The contract of a store in memory."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            store = MemoryStore()
            for package in packages:
                store.add(package)
            return store

        def movements(self, store: RedemptionStore) -> list[Movement]:
            """Return the history as it is told."""
            assert isinstance(store, MemoryStore)
            return tell(list(store.movements()))

    return Contract()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda moved: replace(moved, booking_id="b1"),
        lambda moved: replace(moved, act=Act.BOOK),
        lambda moved: replace(moved, at=moved.at.replace(microsecond=0)),
        lambda moved: replace(moved, by=Actor.CLIENT),
        lambda moved: replace(moved, note=""),
    ],
    ids=["booking", "act", "at", "by", "note"],
)
def test_a_history_is_compared_whole(spoil: Callable[[Movement], Movement]) -> None:
    """A history is right only with its bookings, acts, times, actors and notes."""
    contract = telling(lambda found: [spoil(moved) for moved in found])
    told = broken(contract, "test_every_act_is_read_back")

    assert told is not None
    assert "movements that are lacking: " in told


def test_a_history_may_be_told_in_any_order() -> None:
    """What came first is told by its instant, not by its place."""
    contract = telling(lambda found: found[::-1])

    assert None is broken(contract, "test_every_act_is_read_back")


def test_a_movement_that_never_was_is_caught() -> None:
    """A history that has all movements and one more is wrong as well, and says which."""
    contract = telling(lambda found: [*found, *found[:1]])
    told = broken(contract, "test_every_move_is_read_back")

    assert told is not None
    assert told.startswith(
        "AssertionError: a quota: movements that never were: length: expected 0, found 1\n"
        "[0]: nothing was expected, found Movement(booking_id='b1', "
    )


def test_a_history_that_tells_otherwise_is_caught_in_a_race() -> None:
    """Where a store keeps a history it has to tell the same as the balances."""
    told = broken(telling(lambda found: found[::2]), "test_a_quote_is_what_redeeming_then_does")
    other = broken(telling(lambda _: []), "test_a_quote_is_what_redeeming_then_does")

    assert told is None  # one movement is all that there is
    assert (
        "AssertionError: the history: available: expected 1, found 0\nreserved: expected 0, found 1"
    ) == other


def test_every_invariant_says_what_is_true() -> None:
    """Each says in a sentence what is true, which is what pytest shows of it."""
    assert 40 == len(names_of(StoreContract))
    assert [] == [
        name
        for name in names_of(AsyncStoreContract)
        if not (getattr(AsyncStoreContract, name).__doc__ or "").strip().endswith(".")
    ]


def test_a_contract_without_its_factory_says_what_to_give() -> None:
    """Who forgets the factory is told its name."""
    told = "NotImplementedError: give store_with: a new store that holds these packages"

    assert told == broken(StoreContract(), "test_no_change_at_all_is_a_success")
    assert told == broken(AsyncStoreContract(), "test_no_change_at_all_is_a_success")


def test_expectations_say_what_is_missing() -> None:
    """An invariant that can't go on says why, instead of failing somewhere else."""
    store = MemoryStore()
    with pytest.raises(AssertionError, match="redemption of 'b1': it was committed"):
        kit.known(store, "b1")
    with pytest.raises(AssertionError, match="package 'p1' was named, and 'main' is not there"):
        kit.credits_left(store)
    with pytest.raises(AssertionError, match="an answer with a change: Decision"):
        kit.proposed([], kit.booking("b1"))


def test_a_cap_without_a_version_is_told() -> None:
    """A store that gives no version of a package with quotas is told so, by the package."""

    class Unversioned(PlainStore):
        """A store that forgets versions."""

        def as_it_is(self, package: Package) -> Package:
            """Return the package without its version."""
            return replace(super().as_it_is(package), version=None)

    assert (
        "AssertionError: a quota: version of 'p1': it has quotas or lasts, and has none"
        == broken(contract_of(Unversioned), "test_every_move_is_read_back")
    )


def test_the_row_of_a_booking_is_asked_for_once() -> None:
    """Before a booking is first committed its row can be made, once, in a race as well."""
    rows: list[tuple[str, str]] = []

    class Contract(StoreContract):
        """The contract of a store with appointments."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            return PlainStore(packages)

        def booking_exists(self, store: RedemptionStore, booking: Booking, client_id: str) -> None:
            """Write down for whom."""
            assert store.redemption(booking.id) is None
            rows.append((booking.id, client_id))

    assert None is broken(Contract(), "test_many_threads_on_one_booking")
    assert [("b1", "ana")] * 2 == rows  # in two stores
    rows.clear()
    assert None is broken(Contract(), "test_a_shared_package_has_one_balance")
    assert [("b1", "ben"), ("b2", "ana")] == rows


def test_one_object_may_stand_for_all_data() -> None:
    """Where `store_with` empties the tables of one store, bookings get their rows anew."""
    rows: list[str] = []
    only = PlainStore()

    class Contract(StoreContract):
        """The contract of a store without a state of its own."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Empty the tables, and fill them."""
            rows.clear()
            only.__dict__ = PlainStore(packages).__dict__
            return only

        def booking_exists(self, store: RedemptionStore, booking: Booking, client_id: str) -> None:
            """Make a row, which must not be there yet."""
            assert store is only
            assert booking.id not in rows
            assert client_id == "ana"
            rows.append(booking.id)

    assert None is broken(Contract(), "test_several_changes_are_judged_together")
    assert ["b1", "b2"] == rows
    assert None is broken(Contract(), "test_every_act_is_read_back")


@pytest.mark.parametrize(
    ("key", "told"),
    [
        (7, r"key_for\('package', 'p1'\) must be a text that .*, not 7"),
        ("", r"key_for\('package', 'p1'\) must be .*, not ''"),
        ("1", r"key_for\('package', 'p2'\) must be a key that is not that of 'p1', not '1'"),
    ],
)
def test_a_key_that_can_not_be_is_told(key: Any, told: str) -> None:  # noqa: ANN401 - whatever a caller may give
    """A key has to be a text, and of one id alone: else ids would be taken for each other."""

    class Contract(StoreContract):
        """The contract of a store with wrong keys."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            return PlainStore(packages)

        def key_for(self, kind: str, name: str) -> str:
            """Return a wrong key of packages."""
            given: str = key if kind == "package" else name
            return given

    test = Contract()
    test.setup_method()
    with pytest.raises(InvalidValueError, match=told):
        test.store(kit.facials("p1"), kit.facials("p2"))


def test_without_a_hook_a_name_is_its_own_key() -> None:
    """The default of `key_for` is the contract's own name, and numbers begin with 1."""
    test = StoreContract()
    test.setup_method()

    assert "ana" == test.key_for("client", "ana")
    assert ["1", "2", "1", "1"] == [
        test.number_for(kind, name)
        for kind, name in (
            ("client", "ana"),
            ("client", "ben"),
            ("client", "ana"),
            ("booking", "x"),
        )
    ]


def test_a_store_may_ask_for_another_try_in_a_race() -> None:
    """A conflict is an answer: who exchanges tries again, as a desk does."""

    class Busy(PlainStore):
        """A store that is locked now and then."""

        tries = 0

        def commit(self, *changes: Change) -> None:
            """Refuse every second exchange."""
            if len(changes) == 2:
                self.tries += 1
                if self.tries % 2:
                    raise ConflictError("the file is locked")
            super().commit(*changes)

    assert None is broken(contract_of(Busy), "test_many_threads_on_the_last_credits")


def test_a_failure_names_the_case_that_fails() -> None:
    """What is tried in a loop says which of its facts it was, also of the store's own errors."""

    class Fails(PlainStore):
        """A store that can't look up a package that is not there."""

        def count(self, movements: object) -> None:
            """Fail."""
            raise KeyError("p9", movements)

    told = broken(contract_of(Fails), "test_every_act_is_read_back")

    assert told is not None
    assert "in the case: a facial reserved" == told.splitlines()[-1]


def test_every_second_thread_of_a_race_has_another_object() -> None:
    """A store that guards itself by what one object holds alone is told in a race."""

    class Copied(PlainStore):
        """A store of which there may be several objects on the same data."""

        def reopened(self) -> PlainStore:
            """Return another object that shares all of it."""
            return copy(self)

    contract = contract_of(Copied)
    contract.setup_method()
    store = contract.store(kit.facials())
    is_first = contract.race(store, lambda at, _: at is store)
    contract.teardown_method()

    assert [True, False] * 4 == is_first


def test_threads_that_wait_for_each_other_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A race that does not end is a deadlock, not a test that hangs."""
    monkeypatch.setattr(kit, "LONGEST_WAIT", 0.05)
    released = threading.Event()
    try:
        with pytest.raises(AssertionError, match="look for a deadlock"):
            kit.at_once([lambda: released.wait(10)], lambda: None)
    finally:
        released.set()


def test_an_error_in_a_thread_reaches_the_test() -> None:
    """What one thread of a race raises is raised again, and every thread lets go."""
    ended: list[int] = []

    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        kit.at_once([fail, lambda: None], lambda: ended.append(1))

    assert [1, 1] == ended
