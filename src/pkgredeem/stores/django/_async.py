"""The store for tasks: Django's own thread does the work."""

from collections.abc import Iterable
from datetime import datetime
from typing import final

from asgiref.sync import sync_to_async
from django.db import DEFAULT_DB_ALIAS

from pkgredeem._model.ledger import Balance, Change, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem.stores.django._store import DjangoStore


@final
class AsyncDjangoStore:
    """An `AsyncRedemptionStore` in the tables of the app `pkgredeem`, for async views.

    Django's connections and transactions belong to a thread, so each call runs whole in the thread
    that asgiref keeps for such work, and a task that is cancelled leaves all of it done or nothing.
    For a transaction of your own, call a `RedemptionDesk` and `DjangoStore` inside one
    `sync_to_async`.

    Args:
        using: the alias of the database; never that of a replica that lags behind (D35).

    Example:
        >>> import asyncio
        >>> from pkgredeem.stores.django import AsyncDjangoStore
        >>> asyncio.run(AsyncDjangoStore().redemption("b1")) is None
        True
    """

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        """Keep the alias of the database."""
        self._store = DjangoStore(using)

    async def add(self, package: Package) -> None:
        """Take a package on, as it was sold: see `DjangoStore.add`."""
        await sync_to_async(self._store.add)(package)

    async def revise(self, package: Package) -> None:
        """Take what has become of a package: see `DjangoStore.revise`."""
        await sync_to_async(self._store.revise)(package)

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return the client's packages that are not over then, and those named in *also*.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        read = sync_to_async(self._store.packages_of)
        return await read(client_id, not_over_at=not_over_at, also=also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        return await sync_to_async(self._store.redemption)(booking_id)

    async def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them: see `DjangoStore.commit`."""
        await sync_to_async(self._store.commit)(*changes)

    async def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are: see `DjangoStore.balance`."""
        return await sync_to_async(self._store.balance)(package_id, entitlement_id)

    async def movements(self) -> tuple[Movement, ...]:
        """Return the whole history: see `DjangoStore.movements`."""
        return await sync_to_async(self._store.movements)()
