"""Every correct store keeps the contract, whatever its design."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pkgredeem import Movement, Package
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import AsyncMemoryStore, AsyncStoreContract, MemoryStore, StoreContract
from stores.counter_store import CounterStore
from stores.sqlite_store import SqliteStore


class TestMemoryStore(StoreContract):
    """The store in memory keeps the contract."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        store = MemoryStore()
        for package in packages:
            store.add(package)
        return store

    def movements(self, store: RedemptionStore) -> Sequence[Movement]:
        """Return the history."""
        assert isinstance(store, MemoryStore)
        return store.movements()


class TestAsyncMemoryStore(AsyncStoreContract):
    """The store in memory for tasks keeps the contract."""

    async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
        """Hold them in memory."""
        store = AsyncMemoryStore()
        for package in packages:
            store.add(package)
        return store

    async def movements(self, store: AsyncRedemptionStore) -> Sequence[Movement]:
        """Return the history."""
        assert isinstance(store, AsyncMemoryStore)
        return store.movements()


class TestSqliteStore(StoreContract):
    """The store in a SQLite file keeps the contract."""

    path: Path

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in a new file."""
        store = SqliteStore(self.path / f"{len(list(self.path.iterdir()))}.db", synchronous="OFF")
        for package in packages:
            store.add(package)
        return store

    def reopened(self, store: RedemptionStore) -> RedemptionStore:
        """Open the file once more."""
        assert isinstance(store, SqliteStore)
        return SqliteStore(store.path, synchronous="OFF")

    def movements(self, store: RedemptionStore) -> Sequence[Movement]:
        """Return the history."""
        assert isinstance(store, SqliteStore)
        return store.movements()

    def close(self, store: RedemptionStore) -> None:
        """Close the file."""
        assert isinstance(store, SqliteStore)
        store.close()


class TestCounterStore(StoreContract):
    """The store that only counts what is left keeps the contract."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        store = CounterStore()
        for package in packages:
            store.add(package)
        return store

    def close(self, store: RedemptionStore) -> None:
        """Close it."""
        assert isinstance(store, CounterStore)
        store.close()
