"""The contract on stores whose tables have keys of their own, and rows that must be there first."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from pkgredeem import Booking, Change, Movement, Package, Redemption
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import AsyncStoreContract, Limit, StoreContract
from tests.helpers.keyed_stores import NumberedStore, UuidStore


class TestNumberedStore(StoreContract):
    """Whole numbers, one row for a package with one service, appointments of one service."""

    limits = (
        Limit.ONE_SERVICE,
        Limit.NO_LEGACY,
        Limit.NO_ARCHIVED,
        Limit.NO_SHARING,
        Limit.NO_PRIORITY,
        Limit.NO_SALE_DATE,
        Limit.NO_START,
        Limit.WHOLE_DAYS,
        Limit.NO_NAMES,
        Limit.NO_PLANS,
        Limit.NO_HISTORY,
        Limit.ONE_LINE,
    )

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        return NumberedStore(packages)

    def key_for(self, kind: str, name: str) -> str:
        """Return a whole number."""
        return "main" if kind == "entitlement" else self.number_for(kind, name)

    def booking_exists(self, store: RedemptionStore, booking: Booking, client_id: str) -> None:
        """Insert the appointment."""
        assert isinstance(store, NumberedStore)
        store.make_row(booking.id, booking.starts_at, client_id)


def uuid_for(kind: str, name: str) -> str:
    """Return a UUID of that kind and name."""
    return str(uuid5(NAMESPACE_OID, f"{kind} {name}"))


class TestUuidStore(StoreContract):
    """UUIDs, also of entitlements: everything of the contract, with the history."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        return UuidStore(packages)

    def key_for(self, kind: str, name: str) -> str:
        """Return a UUID."""
        return uuid_for(kind, name)

    def movements(self, store: RedemptionStore) -> Sequence[Movement]:
        """Return the history."""
        assert isinstance(store, UuidStore)
        return store.history


class TasksOnNumbers:
    """The store of whole numbers, for tasks."""

    def __init__(self, packages: Iterable[Package]) -> None:
        """Hold these packages."""
        self.inner = NumberedStore(packages)

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, and those named."""
        return self.inner.packages_of(client_id, not_over_at=not_over_at, also=also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        return self.inner.redemption(booking_id)

    async def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        self.inner.commit(*changes)


class TestNumberedStoreForTasks(AsyncStoreContract):
    """Whole numbers, and appointments that must be there first, in tasks."""

    limits = (Limit.ONE_ENTITLEMENT,)

    async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
        """Hold them in memory."""
        return TasksOnNumbers(packages)

    def key_for(self, kind: str, name: str) -> str:
        """Return a whole number."""
        return "main" if kind == "entitlement" else self.number_for(kind, name)

    async def booking_exists(
        self, store: AsyncRedemptionStore, booking: Booking, client_id: str
    ) -> None:
        """Insert the appointment."""
        assert isinstance(store, TasksOnNumbers)
        store.inner.make_row(booking.id, booking.starts_at, client_id)
