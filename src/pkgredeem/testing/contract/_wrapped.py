"""A store as the contract sees it: with ids translated, watched before each commit, awaited."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any, TypeVar

from pkgredeem import Change, Package, Redemption
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing.contract._expectations import LONGEST_WAIT
from pkgredeem.testing.contract._keys import Keys

_Answer = TypeVar("_Answer")


class Translated:
    """A store with keys of its own, as the contract sees it."""

    def __init__(self, store: RedemptionStore, keys: Keys) -> None:
        """Wrap the store."""
        self._store = store
        self._keys = keys

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the packages of the client, and those named."""
        key, named = _asked(self._keys, client_id, also)
        found = self._store.packages_of(key, not_over_at=not_over_at, also=named)
        return [self._keys.package_out(package) for package in found]

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        found = self._store.redemption(self._keys.key("booking", booking_id))
        return self._keys.redemption_out(found)

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them."""
        self._store.commit(*map(self._keys.change_in, changes))


class TranslatedForTasks:
    """The same of a store for tasks."""

    def __init__(self, store: AsyncRedemptionStore, keys: Keys) -> None:
        """Wrap the store."""
        self._store = store
        self._keys = keys

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the packages of the client, and those named."""
        key, named = _asked(self._keys, client_id, also)
        found = await self._store.packages_of(key, not_over_at=not_over_at, also=named)
        return [self._keys.package_out(package) for package in found]

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        found = await self._store.redemption(self._keys.key("booking", booking_id))
        return self._keys.redemption_out(found)

    async def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them."""
        await self._store.commit(*map(self._keys.change_in, changes))


class Watched:
    """A store before each of whose commits something is done for every change."""

    def __init__(
        self, store: RedemptionStore, before_commit: Callable[[RedemptionStore, Change], None]
    ) -> None:
        """Wrap the store."""
        self._store = store
        self._before_commit = before_commit

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the packages of the client, and those named."""
        return self._store.packages_of(client_id, not_over_at=not_over_at, also=also)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        return self._store.redemption(booking_id)

    def commit(self, *changes: Change) -> None:
        """Do what comes before, and commit."""
        for change in changes:
            self._before_commit(self, change)
        self._store.commit(*changes)


class Awaited:
    """A store for tasks as threads see it: each call is a task of the loop, and waited for."""

    def __init__(self, store: AsyncRedemptionStore, loop: asyncio.AbstractEventLoop) -> None:
        """Wrap the store."""
        self._store = store
        self._loop = loop

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the packages of the client, and those named."""
        found = self._store.packages_of(client_id, not_over_at=not_over_at, also=also)
        return awaited(self._loop, found)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        return awaited(self._loop, self._store.redemption(booking_id))

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them."""
        awaited(self._loop, self._store.commit(*changes))


def awaited(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, _Answer]) -> _Answer:
    """Return what a coroutine returns that the loop of another thread runs."""
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(LONGEST_WAIT)


def _asked(keys: Keys, client_id: str, also: Iterable[str]) -> tuple[str, list[str]]:
    return keys.key("client", client_id), [keys.key("package", name) for name in also]
