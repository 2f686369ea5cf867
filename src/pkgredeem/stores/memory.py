"""Stores that keep everything in memory: for tests, for trials, and as the shortest example.

What they hold is gone with the object. Beside the protocols they take packages on and let a test
look at balances and history.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from threading import Lock
from typing import final

from pkgredeem._model import checks as check
from pkgredeem._model.booking import Client
from pkgredeem._model.ledger import Balance, Change, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import UNLIMITED, Unlimited
from pkgredeem.exceptions import ConflictError
from pkgredeem.stores import _ledger


@final
class MemoryStore:
    """A `RedemptionStore` in memory, safe to use from many threads.

    Example:
        >>> from datetime import UTC, datetime
        >>> from pkgredeem import Entitlement
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> store = MemoryStore()
        >>> store.add(Package(id="p1", client_id="ana", entitlements=five_facials))
        >>> now = datetime(2026, 5, 1, 9, tzinfo=UTC)
        >>> [package.id for package in store.packages_of("ana", not_over_at=now)]
        ['p1']
        >>> store.balance("p1")
        Balance(available=5, reserved=0, redeemed=0, forfeited=0)
    """

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = Lock()
        self._packages: dict[str, Package] = {}
        self._redemptions: dict[str, Redemption] = {}
        self._movements: list[Movement] = []
        self._drawn: Counter[tuple[str, str]] = Counter()
        self._versions: Counter[str] = Counter()
        self._bookings_of: dict[str, dict[str, None]] = {}

    def add(self, package: Package) -> None:
        """Take a package on, as it was sold: its `remaining` credits are what it is sold with.

        Its uses and its version are the store's own from then on (D66).

        Raises:
            InvalidValueError: it holds a package of that id already.
        """
        check.kind_of("package", package, Package)
        with self._lock:
            if package.id in self._packages:
                raise _ledger.package_id_taken(package.id)
            self._packages[package.id] = package

    def revise(self, package: Package) -> None:
        """Take what has become of a package: archived, extended, another owner, a next cycle.

        Its uses and its version are the store's own (D66); the version is raised (D57). Of an
        entitlement that it holds already the credits stay as they were sold, whatever `remaining`
        says; one that *package* leaves out stays as it is, and a new one is sold with what is left
        in it.

        Where *package* says a version, it must be the stored one: what two people do to a package
        at once is done one after the other, each having seen what the other did.

        Raises:
            ConflictError: its version is another one by now.
            InvalidValueError: it holds no package of that id.
        """
        check.kind_of("package", package, Package)
        with self._lock:
            sold = self._sold(package.id)
            _ledger.check_revision(package, self._versions[package.id])
            self._packages[package.id] = _ledger.revised(sold, package)
            self._versions[package.id] += 1

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return the client's packages that are not over then, and those named in *also*."""
        client_id, moment = _ledger.checked_read(client_id, not_over_at)
        named, client = set(also), Client(id=client_id)
        with self._lock:
            return tuple(
                self._as_it_is(package)
                for package in self._packages.values()
                if package.id in named
                or (package.is_held_by(client) and not package.is_over_by(moment))
            )

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it."""
        with self._lock:
            return self._redemptions.get(booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Raises:
            ConflictError: a version is not the one that was decided on, or a credit is lacking.
            InvalidValueError: two changes are of one booking, or the movements of one are not what
                its draws say.
            UnknownEntitlementError: the store does not hold an entitlement of a movement.
        """
        _ledger.check_changes(changes)
        with self._lock:
            fresh = [change for change in changes if not self._is_stored(change)]
            for change in fresh:
                self._check_version(change)
                self._check_package_versions(change)
            moved = [movement for change in fresh for movement in change.movements]
            drawn = self._drawn.copy()
            for movement in moved:
                drawn[movement.package_id, movement.entitlement_id] -= movement.available_delta
            for movement in moved:
                self._check_left(movement, drawn)
            self._drawn = drawn
            self._movements.extend(moved)
            for change in fresh:
                self._keep(change)

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are, summed up from the movements.

        Raises:
            InvalidValueError: the store does not hold that package, or it has no such entitlement.
        """
        with self._lock:
            sold = self._credits_sold(self._sold(package_id), entitlement_id)
            if sold is None:
                raise _ledger.entitlement_unknown(entitlement_id)
            return Balance.of(
                sold,
                (
                    movement
                    for movement in self._movements
                    if (movement.package_id, movement.entitlement_id)
                    == (package_id, entitlement_id)
                ),
            )

    def movements(self) -> tuple[Movement, ...]:
        """Return the whole history, in the order in which it was committed."""
        with self._lock:
            return tuple(self._movements)

    def _sold(self, package_id: str) -> Package:
        if package_id not in self._packages:
            raise _ledger.package_unknown(package_id)
        return self._packages[package_id]

    def _as_it_is(self, package: Package) -> Package:
        available = {
            entitlement.id: None
            if entitlement.remaining is UNLIMITED
            else entitlement.remaining - self._drawn[package.id, entitlement.id]
            for entitlement in package.entitlements
        }
        uses = [
            use
            for booking_id in self._bookings_of.get(package.id, ())
            for use in self._redemptions[booking_id].uses_of(package.id)
        ]
        version = self._versions[package.id]
        return _ledger.as_it_is(package, available, uses=uses, version=version)

    def _keep(self, change: Change) -> None:
        """Store the redemption, and raise the version of every package that it draws on (D57)."""
        booking_id = _ledger.booking_id_of(change)
        self._redemptions[booking_id] = change.after
        for package_id in {draw.package_id for draw in change.after.draws}:
            self._versions[package_id] += 1
            self._bookings_of.setdefault(package_id, {})[booking_id] = None

    def _is_stored(self, change: Change) -> bool:
        return self._redemptions.get(change.after.booking.id) == change.after

    def _check_version(self, change: Change) -> None:
        booking_id = change.after.booking.id
        stored = self._redemptions.get(booking_id)
        found = None if stored is None else stored.version
        wanted = None if change.before is None else change.before.version
        if found != wanted:
            raise ConflictError(
                f"booking {booking_id!r} is at version {found}, not {wanted}: read it again"
            )

    def _check_package_versions(self, change: Change) -> None:
        for package_id, version in change.package_versions:
            # One that is not there has no version: its movements say so.
            if package_id in self._packages and self._versions[package_id] != version:
                raise _ledger.version_conflict(package_id, version)

    def _check_left(self, movement: Movement, drawn: Counter[tuple[str, str]]) -> None:
        package = self._packages.get(movement.package_id)
        sold = None if package is None else self._credits_sold(package, movement.entitlement_id)
        if sold is None:
            raise _ledger.place_unknown(movement.package_id, movement.entitlement_id)
        if sold is not UNLIMITED and sold < drawn[movement.package_id, movement.entitlement_id]:
            raise _ledger.credits_lacking(movement.package_id, movement.entitlement_id)

    @staticmethod
    def _credits_sold(package: Package, entitlement_id: str) -> int | Unlimited | None:
        entitlement = package.entitlement(entitlement_id)
        return None if entitlement is None else entitlement.remaining


@final
class AsyncMemoryStore:
    """An `AsyncRedemptionStore` in memory; each method lets the other tasks run before it acts.

    Example:
        >>> import asyncio
        >>> asyncio.run(AsyncMemoryStore().redemption("b1")) is None
        True
    """

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._store = MemoryStore()

    def add(self, package: Package) -> None:
        """Take a package on, as it was sold: see `MemoryStore.add`."""
        self._store.add(package)

    def revise(self, package: Package) -> None:
        """Take what has become of a package: see `MemoryStore.revise`."""
        self._store.revise(package)

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return the client's packages that are not over then, and those named in *also*."""
        await asyncio.sleep(0)
        return self._store.packages_of(client_id, not_over_at=not_over_at, also=also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it."""
        await asyncio.sleep(0)
        return self._store.redemption(booking_id)

    async def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Raises:
            ConflictError: a version is not the one that was decided on, or a credit is lacking.
            InvalidValueError: two changes are of one booking, or the movements of one are not what
                its draws say.
            UnknownEntitlementError: the store does not hold an entitlement of a movement.
        """
        await asyncio.sleep(0)
        self._store.commit(*changes)

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are: see `MemoryStore.balance`."""
        return self._store.balance(package_id, entitlement_id)

    def movements(self) -> tuple[Movement, ...]:
        """Return the whole history: see `MemoryStore.movements`."""
        return self._store.movements()
