"""Every correct store keeps the contract, whatever its design."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pkgredeem import Movement, Package
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.stores.sqlite import SqliteStore
from pkgredeem.testing import (
    AsyncMemoryStore,
    AsyncStoreContract,
    MemoryStore,
    StoreContract,
)
from tests.helpers.plain_store import PlainStore


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


class OneByOne(PlainStore):
    """A right store that gives its packages one by one, the last first, used up or not."""

    def packages_of(  # type: ignore[override]
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterator[Package]:
        """Yield the packages of the client, and those named, in an odd order."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        for each in reversed(found):
            yield replace(each, entitlements=each.entitlements[::-1])


class NoMoreThanAsked(PlainStore):
    """A right store that gives no package that it need not give."""

    def packages_of(  # type: ignore[override]
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> set[Package]:
        """Return what the client has that has a credit and is not over, and what is named."""
        named = set(also)
        return {
            each
            for each in super().packages_of(client_id, not_over_at=not_over_at, also=named)
            if each.id in named or (each.has_credit and not each.is_over_by(not_over_at))
        }


class TestOneByOne(StoreContract):
    """A store may give its packages as a generator and in any order."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        return OneByOne(packages)


class TestNoMoreThanAsked(StoreContract):
    """A store may leave out what is used up or over."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        return NoMoreThanAsked(packages)
