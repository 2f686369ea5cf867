"""The contract fails on broken stores, by the name of what is broken, and says so in words."""

import inspect
import threading
import unittest
from collections.abc import Callable
from dataclasses import replace

import pytest

from pkgredeem import Act, Actor, Movement, Package
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import AsyncMemoryStore, AsyncStoreContract, MemoryStore, StoreContract
from pkgredeem.testing.contract import _expectations as kit
from tests.helpers.broken_stores import CAUGHT_ALONE_BY, CAUGHT_BY, TornAsync, TornTheOtherWay
from tests.helpers.plain_store import PlainStore


def names_of(contract: type) -> list[str]:
    """List the invariants of a contract."""
    return [name for name, _ in inspect.getmembers(contract) if name.startswith("test_")]


def broken(test: StoreContract | AsyncStoreContract, invariant: str) -> str | None:
    """Run one invariant, and return what it says is broken; None when all is well."""
    test.setup_method()
    try:
        getattr(test, invariant)()
    except Exception as error:  # noqa: BLE001 - a broken store may raise anything
        return f"{type(error).__name__}: {error}"
    finally:
        test.teardown_method()
    return None


def contract_of(kind: type[PlainStore]) -> StoreContract:
    """Return the contract of stores of that kind."""

    class Contract(StoreContract):
        """The contract of one kind."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            return kind(packages)

    return Contract()


@pytest.mark.parametrize("kind", CAUGHT_BY, ids=lambda kind: kind.__name__)
def test_a_broken_store_is_caught_by_name(kind: type[PlainStore]) -> None:
    """Each broken store breaks the invariant that names its fault."""
    assert broken(contract_of(kind), CAUGHT_BY[kind]) is not None


@pytest.mark.parametrize("kind", CAUGHT_ALONE_BY, ids=lambda kind: kind.__name__)
def test_what_one_invariant_alone_tells(kind: type[PlainStore]) -> None:
    """Without that invariant, these stores would pass the whole contract."""
    contract = contract_of(kind)

    assert [CAUGHT_ALONE_BY[kind]] == [
        name for name in names_of(StoreContract) if broken(contract, name) is not None
    ]


@pytest.mark.parametrize("invariant", sorted(set(CAUGHT_BY.values())))
def test_the_store_that_they_spoil_is_right(invariant: str) -> None:
    """It is the spoiled step that is caught: the same store without it keeps the invariant."""
    assert None is broken(contract_of(PlainStore), invariant)


def test_what_is_told_of_a_broken_store_can_be_read() -> None:
    """The message names the fact, what was expected and what was found."""
    kinds = {kind.__name__: kind for kind in CAUGHT_BY}
    told = {
        name: broken(contract_of(kinds[name]), CAUGHT_BY[kinds[name]])
        for name in ("SilentDuplicate", "ShowsEverybodys", "RaisesItsOwn")
    }

    assert {
        "SilentDuplicate": "AssertionError: another proposal for the booking: "
        "expected ConflictError, and nothing was raised",
        "ShowsEverybodys": "AssertionError: the packages of ana: "
        "expected ['p1'], found ['p1', 'p2']",
        "RaisesItsOwn": "RuntimeError: duplicate key value violates unique constraint",
    } == told


@pytest.mark.parametrize("kind", [TornAsync, TornTheOtherWay])
def test_a_torn_async_store_is_caught_by_name(kind: type[TornAsync]) -> None:
    """A commit that a cancelled task leaves half done is seen, whichever half it is."""

    class Contract(AsyncStoreContract):
        """The contract of a torn store."""

        async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
            """Hold them in memory."""
            return kind(packages)

    assert broken(Contract(), "test_a_cancelled_task_has_committed_all_or_nothing") is not None


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


def test_a_history_that_tells_otherwise_is_caught() -> None:
    """Where a store keeps a history, it has to tell the same as the balances."""
    assert (
        "AssertionError: the history: expected Balance(available=4, reserved=1, redeemed=0, "
        "forfeited=0), found Balance(available=5, reserved=0, redeemed=0, forfeited=0)"
    ) == broken(telling(lambda found: found[::2]), "test_a_credit_returns_only_once")


def test_a_history_may_be_told_in_any_order() -> None:
    """What came first is told by its instant, not by its place."""
    contract = telling(lambda found: found[::-1])

    assert None is broken(contract, "test_the_history_is_kept_whole")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda moved: replace(moved, booking_id="b1"),
        lambda moved: replace(moved, act=Act.BOOK),
        lambda moved: replace(moved, at=moved.at.replace(microsecond=0)),
        lambda moved: replace(moved, by=Actor.BUSINESS),
        lambda moved: replace(moved, note=""),
    ],
    ids=["booking", "act", "at", "by", "note"],
)
def test_a_history_is_compared_whole(spoil: Callable[[Movement], Movement]) -> None:
    """A history is right only with its bookings, acts, times, actors and notes."""
    contract = telling(lambda found: [spoil(package) for package in found])
    told = broken(contract, "test_the_history_is_kept_whole")

    assert told is not None
    assert told.startswith("AssertionError: movements that are lacking: expected [], found [M")


def test_a_movement_that_never_was_is_caught() -> None:
    """A history that has all movements and one more is wrong as well."""
    contract = telling(lambda found: [*found, *found[:1]])
    told = broken(contract, "test_the_history_is_kept_whole")

    assert told is not None
    assert told.startswith("AssertionError: movements that never were: expected [], found [M")


def test_the_contracts_share_their_invariants() -> None:
    """There are at least fifteen, each says in a sentence what is true, and tasks have two more."""
    shared = names_of(StoreContract)
    of_tasks = set(names_of(AsyncStoreContract)) - set(shared)

    assert len(shared) >= 15
    assert {
        "test_a_cancelled_task_has_committed_all_or_nothing",
        "test_many_tasks_on_the_last_credits",
    } == of_tasks
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


def test_everything_that_was_opened_is_closed() -> None:
    """Stores are closed after the invariant, the last opened first, each only once."""
    closed: list[tuple[str, RedemptionStore | AsyncRedemptionStore]] = []

    class Threads(StoreContract):
        """The contract of a store with two objects on its data."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            return PlainStore(packages)

        def reopened(self, store: RedemptionStore) -> RedemptionStore:
            """Return another object on the same data."""
            assert isinstance(store, PlainStore)
            other = PlainStore()
            other.__dict__ = store.__dict__
            return other

        def close(self, store: RedemptionStore) -> None:
            """Write it down."""
            closed.append(("threads", store))

    class Tasks(AsyncStoreContract):
        """The contract of a store with two objects on its data."""

        async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
            """Hold them in memory."""
            store = AsyncMemoryStore()
            for package in packages:
                store.add(package)
            return store

        async def reopened(self, store: AsyncRedemptionStore) -> AsyncRedemptionStore:
            """Return another object on the same data."""
            assert isinstance(store, AsyncMemoryStore)
            other = AsyncMemoryStore()
            other.__dict__ = store.__dict__
            return other

        async def close(self, store: AsyncRedemptionStore) -> None:
            """Write it down."""
            closed.append(("tasks", store))

    assert None is broken(Tasks(), "test_a_credit_returns_only_once")  # without a history
    closed.clear()
    assert None is broken(Threads(), "test_what_was_committed_outlives_the_object")
    assert None is broken(Tasks(), "test_what_was_committed_outlives_the_object")
    assert ["threads", "threads", "tasks", "tasks"] == [kind for kind, _ in closed]
    assert 4 == len({id(store) for _, store in closed})


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

    assert ("AssertionError: version of 'p1': it has quotas or lasts, and has none") == broken(
        contract_of(Unversioned), "test_a_plan_is_read_back_whole"
    )


def test_a_store_that_keeps_no_plans_says_so() -> None:
    """What is about uses, versions and unlimited credits is skipped then, with the reason."""

    class Contract(StoreContract):
        """The contract of a store of the article."""

        keeps_plans = False

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            return PlainStore(packages)

    skipped: dict[str, str] = {}
    for name in names_of(StoreContract):
        test = Contract()
        test.setup_method()
        try:
            getattr(test, name)()
        except unittest.SkipTest as told:
            skipped[name] = str(told)
        finally:
            test.teardown_method()

    assert [
        "test_a_booking_on_another_version_is_a_conflict",
        "test_a_move_on_another_version_is_a_conflict",
        "test_a_plan_is_read_back_whole",
        "test_a_return_needs_no_version",
        "test_every_act_raises_the_versions",
        "test_many_threads_keep_a_quota",
        "test_many_threads_that_move_keep_a_quota",
        "test_unlimited_credits_stay_unlimited",
        "test_uses_and_version_are_of_one_moment",
        "test_uses_are_what_did_not_return",
        "test_versions_are_judged_as_they_were_before_the_call",
        "test_what_is_stored_is_a_success_on_any_version",
    ] == list(skipped)
    (reason,) = set(skipped.values())
    assert (
        "not tried: it says keeps_plans = False, so it keeps no uses and versions (D57, D66), no "
        "unlimited credits (D42), and no quotas or other facts of plans (D40)"
    ) == reason


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
