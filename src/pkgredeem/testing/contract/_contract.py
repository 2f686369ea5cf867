"""The store contract: invariants that every `RedemptionStore` has to keep, to be run by pytest.

Derive a class of tests from `StoreContract` (or `AsyncStoreContract`) and say how a store is made;
pytest then runs every invariant on stores of your own. The methods' docstrings say what is true.

What an invariant asks of a store is no more than `pkgredeem.stores` promises: packages are read
through `packages_of`, never behind the store's back.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from datetime import datetime
from threading import Thread
from typing import Any, TypeVar, cast

from pkgredeem import AsyncRedemptionDesk, Change, Movement, Package, Redemption
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing.contract._commits import Commits
from pkgredeem.testing.contract._desk import Desks
from pkgredeem.testing.contract._expectations import (
    ACCOUNT,
    ANA,
    LONGEST_WAIT,
    NOW,
    POLICY,
    THREADS,
    booking,
    facials,
    same,
)
from pkgredeem.testing.contract._plans import Plans
from pkgredeem.testing.contract._races import Races
from pkgredeem.testing.contract._reads import Reads

__all__ = ["AsyncStoreContract", "StoreContract"]

_Answer = TypeVar("_Answer")


class StoreContract(Reads, Commits, Desks, Plans, Races):
    """The invariants of a store that threads use.

    Only `store_with` has to be given; the other hooks let more be tried. A store that keeps no
    plans says `keeps_plans = False`: no uses and versions, unlimited credits or quotas. What is
    about them is skipped then.

    Example:
        >>> from pkgredeem.testing import MemoryStore
        >>> class TestMemoryStore(StoreContract):
        ...     def store_with(self, *packages):
        ...         store = MemoryStore()
        ...         for package in packages:
        ...             store.add(package)
        ...         return store
        >>> test = TestMemoryStore()
        >>> test.setup_method()
        >>> test.test_a_credit_returns_only_once()
        >>> test.teardown_method()
    """

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Return a new store that holds exactly these packages, as sold, and no redemption."""
        raise NotImplementedError("give store_with: a new store that holds these packages")

    def reopened(self, store: RedemptionStore) -> RedemptionStore:
        """Return another object on the same data, as another process has; or the store itself."""
        return store

    def movements(self, store: RedemptionStore) -> Sequence[Movement] | None:
        """Return every movement that the store keeps, in any order; None when it keeps none."""
        del store
        return None

    def close(self, store: RedemptionStore) -> None:
        """Let go of what a store of this test holds."""

    def _call(self, hook: str, *given: object) -> object:
        return getattr(self, hook)(*given)

    def _seen(self, store: object) -> RedemptionStore:
        return cast("RedemptionStore", store)


class AsyncStoreContract(Reads, Commits, Desks, Plans, Races):
    """The same invariants of a store that tasks use, and two more about tasks.

    The hooks are those of `StoreContract`, as coroutines. Each test has an event loop of its own,
    in which everything of the store happens: make engines and pools inside `store_with`. Where the
    invariants speak of threads, each thread waits for a task.
    """

    async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
        """Return a new store that holds exactly these packages, as sold, and no redemption."""
        raise NotImplementedError("give store_with: a new store that holds these packages")

    async def reopened(self, store: AsyncRedemptionStore) -> AsyncRedemptionStore:
        """Return another object on the same data, as another process has; or the store itself."""
        return store

    async def movements(self, store: AsyncRedemptionStore) -> Sequence[Movement] | None:
        """Return every movement that the store keeps, in any order; None when it keeps none."""
        del store
        return None

    async def close(self, store: AsyncRedemptionStore) -> None:
        """Let go of what a store of this test holds."""

    def setup_method(self) -> None:
        """Begin with nothing open, and with a loop that runs in a thread of its own."""
        super().setup_method()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def teardown_method(self) -> None:
        """Close the stores, then the loop."""
        try:
            super().teardown_method()
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(LONGEST_WAIT)
            self._loop.close()

    def test_many_tasks_on_the_last_credits(self) -> None:
        """Of eight tasks for three credits three are paid, and no credit is spent twice."""
        store = self.store(facials(remaining=3))
        names = [f"b{place}" for place in range(THREADS)]
        paid = _awaited(self._loop, self._redeem_at_once(store, names))

        same("bookings paid", 3, sum(paid))
        self.balanced(store, names, reserved=3)

    def test_a_cancelled_task_has_committed_all_or_nothing(self) -> None:
        """Wherever a task is cancelled, the credit is drawn and the booking stored, or neither."""
        store = self.store(facials(remaining=THREADS))
        names = [f"b{place}" for place in range(THREADS)]
        _awaited(self._loop, self._cancel_after(store, names))
        drawn = sum(store.redemption(name) is not None for name in names)
        self.balanced(store, names, available=THREADS - drawn, reserved=drawn)
        paid = _awaited(self._loop, self._redeem_at_once(store, names))

        same("bookings paid in the end", THREADS, sum(paid))
        self.balanced(store, names, reserved=THREADS)

    async def _redeem_at_once(self, store: RedemptionStore, names: Sequence[str]) -> list[bool]:
        return await asyncio.gather(*(self._redeem(store, name) for name in names))

    async def _cancel_after(self, store: RedemptionStore, names: Sequence[str]) -> None:
        """Cancel one task after 1 turn of the loop, the next after 3, then 9, and so on."""
        for place, name in enumerate(names):
            task = asyncio.ensure_future(self._redeem(store, name))
            for _ in range(3**place):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])

    async def _redeem(self, store: RedemptionStore, name: str) -> bool:
        at = AsyncRedemptionDesk(POLICY, self._of(store).store, attempts=50)
        decision = await at.redeem(account=ACCOUNT, client=ANA, booking=booking(name), now=NOW)
        return decision.eligible

    def _call(self, hook: str, *given: object) -> object:
        return _awaited(self._loop, getattr(self, hook)(*given))

    def _seen(self, store: object) -> RedemptionStore:
        return _Awaited(cast("AsyncRedemptionStore", store), self._loop)


class _Awaited:
    """An async store as threads see it: each call is a task of the loop, and waited for."""

    def __init__(self, inner: AsyncRedemptionStore, loop: asyncio.AbstractEventLoop) -> None:
        self._inner = inner
        self._loop = loop

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        found = self._inner.packages_of(client_id, not_over_at=not_over_at, also=also)
        return _awaited(self._loop, found)

    def redemption(self, booking_id: str) -> Redemption | None:
        return _awaited(self._loop, self._inner.redemption(booking_id))

    def commit(self, *changes: Change) -> None:
        _awaited(self._loop, self._inner.commit(*changes))


def _awaited(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, _Answer]) -> _Answer:
    return asyncio.run_coroutine_threadsafe(coroutine, loop).result(LONGEST_WAIT)
