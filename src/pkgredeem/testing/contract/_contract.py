"""The store contract: invariants that every `RedemptionStore` has to keep, to be run by pytest.

Derive a class of tests from `StoreContract` (or `AsyncStoreContract`) and say how a store is made;
pytest then runs every invariant on stores of your own. The methods' docstrings say what is true.

What an invariant asks of a store is no more than `pkgredeem.stores` promises: packages are read
through `packages_of`, never behind the store's back.
"""

import asyncio
from collections.abc import Sequence
from threading import Thread
from typing import cast

from pkgredeem import AsyncRedemptionDesk, Booking, Movement, Package
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing.contract._acts import Acts
from pkgredeem.testing.contract._commits import Commits
from pkgredeem.testing.contract._desks import Desks
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
from pkgredeem.testing.contract._facts_of_packages import FactsOfPackages
from pkgredeem.testing.contract._facts_of_redemptions import FactsOfRedemptions
from pkgredeem.testing.contract._older_versions import OlderVersions
from pkgredeem.testing.contract._plans import Plans
from pkgredeem.testing.contract._races import Races
from pkgredeem.testing.contract._reads import Reads
from pkgredeem.testing.contract._wrapped import Awaited, Translated, TranslatedForTasks, awaited

__all__ = ["AsyncStoreContract", "StoreContract"]


class _Invariants(
    Reads, FactsOfPackages, FactsOfRedemptions, Acts, OlderVersions, Commits, Plans, Desks, Races
):
    """The invariants of both contracts."""


class StoreContract(_Invariants):
    """The invariants of a store that threads use.

    Only `store_with` has to be given; the other hooks let more be tried, or translate ids. What
    your tables can't hold is said in `limits`, a list of `Limit`: it is left out wherever a test
    tries it, and pytest lists at the end what was not tried and why.

    Attributes:
        limits: what the tables can't hold; empty for a store that can hold everything.

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
        >>> test.test_no_change_at_all_is_a_success()
        >>> test.teardown_method()
    """

    _gives_defaults = True  # its hooks are those of whoever gives none

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

    def booking_exists(self, store: RedemptionStore, booking: Booking, client_id: str) -> None:
        """Make the row of a booking, where your tables ask for one before it is redeemed.

        Called once for each booking, before the first commit of it, in whichever thread that is;
        for both bookings of an exchange.

        Args:
            store: the store that commits it then, as `store_with` or `reopened` gave it.
            booking: the booking, its ids as `key_for` gives them.
            client_id: whose it is, likewise.
        """

    def close(self, store: RedemptionStore) -> None:
        """Let go of what a store of this test holds."""

    def _call(self, hook: str, *given: object) -> object:
        return getattr(self, hook)(*given)

    def _seen(self, store: object) -> RedemptionStore:
        own = cast("RedemptionStore", store)
        return own if self._keys is None else Translated(own, self._keys)


class AsyncStoreContract(_Invariants):
    """The same invariants of a store that tasks use, and one more about tasks.

    The hooks are those of `StoreContract`, as coroutines. Each test has an event loop of its own,
    in which everything of the store happens: make engines and pools inside `store_with`. Where the
    invariants speak of threads, each thread waits for a task.
    """

    _gives_defaults = True  # its hooks are those of whoever gives none

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

    async def booking_exists(
        self, store: AsyncRedemptionStore, booking: Booking, client_id: str
    ) -> None:
        """Make the row of a booking: see `StoreContract.booking_exists`."""

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

    def test_a_cancelled_task_has_committed_all_or_nothing(self) -> None:
        """Wherever a task is cancelled, the credit is drawn and the booking stored, or neither."""
        store = self.store(facials(remaining=THREADS))
        names = [f"b{place}" for place in range(THREADS)]
        for name in names:
            self.make_row(store, booking(name), str(ANA.id))
        awaited(self._loop, self._cancel_after(store, names))
        drawn = sum(store.redemption(name) is not None for name in names)
        self.balanced(store, names, available=THREADS - drawn, reserved=drawn)
        paid = awaited(self._loop, self._redeem_at_once(store, names))

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
        at = AsyncRedemptionDesk(POLICY, self._with_names(self._of(store).store), attempts=50)
        decision = await at.redeem(account=ACCOUNT, client=ANA, booking=booking(name), now=NOW)
        return decision.eligible

    def _call(self, hook: str, *given: object) -> object:
        return awaited(self._loop, getattr(self, hook)(*given))

    def _seen(self, store: object) -> RedemptionStore:
        return Awaited(self._with_names(cast("AsyncRedemptionStore", store)), self._loop)

    def _with_names(self, store: AsyncRedemptionStore) -> AsyncRedemptionStore:
        return store if self._keys is None else TranslatedForTasks(store, self._keys)
