"""What a store contract has opened is closed again: its stores, what threads hold, and the loop."""

import asyncio
from threading import get_ident

import pytest

from pkgredeem import Package
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import AsyncMemoryStore, AsyncStoreContract, StoreContract
from tests.helpers.contract_support import broken
from tests.helpers.plain_store import PlainStore


def test_everything_that_was_opened_is_closed() -> None:
    """Stores are closed after the invariant, the last opened first, each only once."""
    opened: list[RedemptionStore | AsyncRedemptionStore] = []
    closed: list[RedemptionStore | AsyncRedemptionStore] = []

    class Threads(StoreContract):
        """The contract of a store with two objects on its data."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            store = PlainStore(packages)
            opened.append(store)
            return store

        def reopened(self, store: RedemptionStore) -> RedemptionStore:
            """Return another object on the same data."""
            assert isinstance(store, PlainStore)
            other = PlainStore()
            other.__dict__ = store.__dict__
            opened.append(other)
            return other

        def close(self, store: RedemptionStore) -> None:
            """Write it down."""
            closed.append(store)

    class Tasks(AsyncStoreContract):
        """The contract of a store with two objects on its data."""

        async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
            """Hold them in memory."""
            store = AsyncMemoryStore()
            for package in packages:
                store.add(package)
            opened.append(store)
            return store

        async def reopened(self, store: AsyncRedemptionStore) -> AsyncRedemptionStore:
            """Return another object on the same data."""
            assert isinstance(store, AsyncMemoryStore)
            other = AsyncMemoryStore()
            other.__dict__ = store.__dict__
            opened.append(other)
            return other

        async def close(self, store: AsyncRedemptionStore) -> None:
            """Write it down."""
            closed.append(store)

    for contract in (Threads(), Tasks()):
        opened.clear()
        closed.clear()
        assert None is broken(contract, "test_what_another_object_has_committed_is_seen")
        assert 2 == len(opened)
        assert [*map(id, reversed(opened))] == [*map(id, closed)]


def test_the_loop_ends_even_where_a_store_can_not_be_closed() -> None:
    """Each test of a store for tasks has a loop of its own, which no fault of `close` keeps."""
    loops: list[asyncio.AbstractEventLoop] = []

    class Contract(AsyncStoreContract):
        """The contract of a store that can't be closed."""

        async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
            """Hold them in memory."""
            store = AsyncMemoryStore()
            for package in packages:
                store.add(package)
            return store

        async def close(self, store: AsyncRedemptionStore) -> None:
            """Fail to."""
            loops.append(asyncio.get_running_loop())
            raise OSError(type(store).__name__)

    contract = Contract()
    contract.setup_method()
    contract.test_no_change_at_all_is_a_success()
    with pytest.raises(OSError, match="AsyncMemoryStore"):
        contract.teardown_method()
    assert [True] == [loop.is_closed() for loop in loops]


def test_each_thread_of_a_race_lets_go_of_what_it_holds() -> None:
    """The hook is called in each of the eight threads, also where an act raises."""
    ended: list[int] = []

    class Contract(StoreContract):
        """The contract of a store whose threads have connections of their own."""

        def store_with(self, *packages: Package) -> RedemptionStore:
            """Hold them in memory."""
            return PlainStore(packages)

        def thread_ends(self) -> None:
            """Write down whose connection it is."""
            ended.append(get_ident())

    began: list[int] = []

    def acted(_: RedemptionStore, place: int) -> None:
        began.append(get_ident())
        if place % 2:
            raise LookupError(f"of thread {place}")

    contract = Contract()
    contract.setup_method()
    with pytest.raises(LookupError, match=r"of thread [1357]$"):
        contract.race(contract.store(), acted)
    assert 8 == len(began)
    assert sorted(began) == sorted(ended)
    assert get_ident() not in ended
    contract.teardown_method()
