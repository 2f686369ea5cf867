"""Stores that are wrong on purpose when others act at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from pkgredeem import Change, Package, Redemption
from tests.helpers.plain_store import Key, PlainStore, think


class LostUpdate(PlainStore):
    """Reads the counters, thinks, and writes its own numbers over those of others."""

    def commit(self, *changes: Change) -> None:
        """Count on what was read before."""
        for change in changes:
            self.check_movements(change)
        seen = self.left.copy()
        think()
        with self.lock:
            fresh = [change for change in changes if not self.is_stored(change)]
            for change in fresh:
                self.check_version(change)
            self.check_package_versions(fresh)
            self.left = self.numbers_to_count_on(fresh, seen)
            self.count_all(fresh)
            for change in fresh:
                self.note(change)
                self.keep(change)

    def numbers_to_count_on(self, fresh: Sequence[Change], seen: Counter[Key]) -> Counter[Key]:
        """Return what was read, where something is booked alone."""
        return seen if len(fresh) == 1 and fresh[0].before is None else self.left


class ExchangesWriteTheirNumbers(LostUpdate):
    """Does so in an exchange only, which leaves the numbers as they were."""

    def numbers_to_count_on(self, fresh: Sequence[Change], seen: Counter[Key]) -> Counter[Key]:
        """Return what was read, where two bookings are changed."""
        return seen if len(fresh) == 2 else self.left


class CreditsLookedAtEarly(PlainStore):
    """Looks whether a credit is left, thinks, and then takes it without another look."""

    def commit(self, *changes: Change) -> None:
        """Look without the lock, write with it."""
        for change in changes:
            self.check_movements(change)
        fresh = [change for change in changes if not self.is_stored(change)]
        left = self.left
        try:
            self.count_all(fresh)
        finally:
            self.left = left
        think()
        super().commit(*changes)

    def count_all(self, fresh: Sequence[Change]) -> None:
        """Take what is wanted, however much is left by now."""
        if not self.lock.locked():
            super().count_all(fresh)
            return
        for movement in (movement for change in fresh for movement in change.movements):
            place = (movement.package_id, movement.entitlement_id)
            if not self.is_unlimited(*place):
                self.left[place] += movement.available_delta


class VersionsLookedAtEarly(PlainStore):
    """Looks at the version of a booking, thinks, and then writes without another look."""

    def commit(self, *changes: Change) -> None:
        """Look without the lock, write with it."""
        for change in changes:
            if self.is_concerned(change) and not self.is_stored(change):
                super().check_version(change)
        think()
        super().commit(*changes)

    def check_version(self, change: Change) -> None:
        """Leave out what was looked at."""
        if not self.is_concerned(change):
            super().check_version(change)

    def is_concerned(self, change: Change) -> bool:
        """Tell whether a change is looked at early: one of what is stored."""
        return change.before is not None


class BookingsLookedForEarly(VersionsLookedAtEarly):
    """Looks whether the booking is there, thinks, and then books it."""

    def is_concerned(self, change: Change) -> bool:
        """Tell whether a change is looked at early: a booking."""
        return change.before is None


class PackagesReadOneByOne(PlainStore):
    """Reads one package after the other, each as it is by then."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Read each package by itself."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        read: list[Package] = []
        for package in found:
            if read:
                think()
            with self.lock:
                read.append(self.as_it_is(self.packages[package.id]))
        return read


class TornAsync:
    """Counts the credits, waits, and only then stores the redemption."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages."""
        self.inner = PlainStore(packages)
        self.lock = asyncio.Lock()

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, and those named."""
        async with self.lock:
            return self.inner.packages_of(client_id, not_over_at=not_over_at, also=also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        async with self.lock:
            return self.inner.redemption(booking_id)

    async def commit(self, *changes: Change) -> None:
        """Commit in two halves: whoever is cancelled in between has committed the first."""
        for change in changes:
            change.check_movements()
        async with self.lock:
            fresh = [change for change in changes if not self.inner.is_stored(change)]
            for change in fresh:
                self.inner.check_version(change)
            self.inner.check_package_versions(fresh)
            await self.halves(fresh)

    async def halves(self, fresh: Sequence[Change]) -> None:
        """Count, wait, and store."""
        self.inner.count_all(fresh)
        await asyncio.sleep(0)
        for change in fresh:
            self.inner.keep(change)


class TornTheOtherWay(TornAsync):
    """Stores the redemption, waits, and only then counts the credits."""

    async def halves(self, fresh: Sequence[Change]) -> None:
        """Look at the credits, store, wait, and count."""
        left = self.inner.left
        self.inner.count_all(fresh)
        self.inner.left = left
        for change in fresh:
            self.inner.keep(change)
        await asyncio.sleep(0)
        self.inner.count_all(fresh)


#: What is wrong, the test that says so, and with which words.
CAUGHT_BY = {
    BookingsLookedForEarly: ("many_threads_on_one_booking", "the redemptions: "),
    CreditsLookedAtEarly: ("many_threads_on_the_last_credits", "bookings paid: expected 3"),
    ExchangesWriteTheirNumbers: (
        "many_threads_on_the_last_credits",
        "booked with the last credit: expected 1",
    ),
    LostUpdate: ("many_threads_on_the_last_credits", "bookings paid: expected 3"),
    PackagesReadOneByOne: ("packages_are_read_at_one_moment", "expected 1, found"),
    VersionsLookedAtEarly: ("one_of_two_endings_wins", "who"),
}
