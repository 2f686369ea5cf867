"""Stores that are wrong on purpose about plans: uses, versions, units, unlimited credits."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pkgredeem import (
    UNLIMITED,
    Change,
    ConflictError,
    DrawState,
    Entitlement,
    Movement,
    Package,
    Unlimited,
    Use,
)
from tests.helpers.plain_store import A_MOMENT, PlainStore


class ForgetsPauses(PlainStore):
    """Has no column for the pauses of a package."""

    def as_it_is(self, package: Package) -> Package:
        """Return the package as if it were never paused."""
        return replace(super().as_it_is(package), pauses=())


class UnlimitedIsALargeNumber(PlainStore):
    """Counts down from a number that nobody will reach."""

    def remaining_of(self, package: Package, sold: Entitlement) -> int | Unlimited:
        """Return a large number for what is unlimited."""
        left = super().remaining_of(package, sold)
        return 1_000_000 - len(self.redemptions) if left is UNLIMITED else left


class CountsLines(PlainStore):
    """Takes one unit off for each movement, whatever it costs."""

    def count(self, movements: Iterable[Movement]) -> None:
        """Count each movement of more than two as one."""
        super().count(
            replace(each, credits=1 if each.credits > 2 else each.credits) for each in movements
        )


class UsesOfReservedOnly(PlainStore):
    """Forgets a use once its line has ended, also where the credit was lost."""

    def uses_of(self, package_id: str) -> tuple[Use, ...]:
        """Return the reserved uses."""
        found = super().uses_of(package_id)
        return tuple(use for use in found if use.state is DrawState.RESERVED)


class UsesAsTheyWereBooked(PlainStore):
    """Writes uses down when a booking is made, and never looks at them again."""

    def uses_of(self, package_id: str) -> tuple[Use, ...]:
        """Return the uses at the start that was booked first."""
        return tuple(
            replace(use, starts_at=self.redemptions[use.booking_id].booking.starts_at)
            for use in super().uses_of(package_id)
        )


class RaisesWhereCreditsMove(PlainStore):
    """Raises the version of a package when its balance changes."""

    def keep(self, change: Change) -> None:
        """Store the redemption, and raise what the movements name."""
        self.redemptions[change.after.booking.id] = change.after
        self.versions.update({movement.package_id for movement in change.movements})


class RaisesWhereSomethingMoves(PlainStore):
    """Raises the versions of the packages that an act moves credits of; of all in a move."""

    def keep(self, change: Change) -> None:
        """Store the redemption, and raise what the movements name, if they name any."""
        self.redemptions[change.after.booking.id] = change.after
        moved = {movement.package_id for movement in change.movements}
        self.versions.update(moved or {draw.package_id for draw in change.after.draws})


class VersionsOfPackagesIgnored(PlainStore):
    """Counts the uses when it decides, and then inserts: the version is written, never compared."""

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Compare nothing."""


class VersionsOfPackagesIgnoredOnMoves(PlainStore):
    """Compares versions only where credits move."""

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Leave out what moves none."""
        super().check_package_versions([change for change in fresh if change.movements])


class AnyOlderVersionWillDo(PlainStore):
    """Takes a version that is still to come for one that was overtaken by nobody."""

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Refuse older versions only."""
        for change in fresh:
            for package_id, version in change.package_versions:
                if self.versions[package_id] > version:
                    raise ConflictError("an older version of the package")


class VersionsBeforeWhatIsStored(PlainStore):
    """Compares versions before it looks whether the change was committed already."""

    def commit(self, *changes: Change) -> None:
        """Compare first."""
        self.check_package_versions(changes)
        super().commit(*changes)


class VersionsComparedOneByOne(PlainStore):
    """Compares each change with the versions that the one before it in the call has raised."""

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Compare and raise, one change after the other."""
        stored = self.versions.copy()
        try:
            for change in fresh:
                super().check_package_versions([change])
                self.versions.update({draw.package_id for draw in change.after.draws})
        finally:
            self.versions = stored


class ReturnsNeedTheVersion(PlainStore):
    """Lets a booking be cancelled only on the version that its package had when it was booked."""

    def commit(self, *changes: Change) -> None:
        """Refuse a return when others have drawn on the package since."""
        for change in changes:
            for draw in change.after.draws:
                others = [use for use in self.uses_of(draw.package_id) if use.booking_id > "b2"]
                if others and draw.state is DrawState.RETURNED:
                    raise ConflictError("the package has changed")
        super().commit(*changes)


class VersionReadLast(PlainStore):
    """Reads the uses of a package, is interrupted, and then reads its version."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Read in two halves."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        time.sleep(A_MOMENT)
        return [replace(each, version=self.versions[each.id]) for each in found]


class CreditsReadLast(PlainStore):
    """Reads the uses of a package, is interrupted, and then reads what is left."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Read in two halves."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        time.sleep(A_MOMENT)
        return [
            replace(self.as_it_is(each), uses=each.uses, version=each.version) for each in found
        ]


class VersionsComparedEarly(PlainStore):
    """Compares the versions, thinks, and then writes without another look."""

    def commit(self, *changes: Change) -> None:
        """Compare without the lock, write with it."""
        self.check_package_versions([each for each in changes if not self.is_stored(each)])
        time.sleep(A_MOMENT)
        super().commit(*changes)

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Compare outside of the lock only."""
        if not self.lock.locked():
            super().check_package_versions(fresh)


class VersionsOfMovesComparedEarly(VersionsComparedEarly):
    """Does so only when nothing but the start changes."""

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Compare outside of the lock only, where no credit moves."""
        if any(change.movements for change in fresh):
            PlainStore.check_package_versions(self, fresh)
        else:
            super().check_package_versions(fresh)


#: What is wrong, and the invariant that says so.
CAUGHT_BY = {
    AnyOlderVersionWillDo: "test_a_booking_on_another_version_is_a_conflict",
    CountsLines: "test_several_units_move_at_once",
    CreditsReadLast: "test_uses_and_version_are_of_one_moment",
    ForgetsPauses: "test_a_plan_is_read_back_whole",
    RaisesWhereCreditsMove: "test_every_act_raises_the_versions",
    RaisesWhereSomethingMoves: "test_every_act_raises_the_versions",
    ReturnsNeedTheVersion: "test_a_return_needs_no_version",
    UnlimitedIsALargeNumber: "test_unlimited_credits_stay_unlimited",
    UsesAsTheyWereBooked: "test_uses_are_what_did_not_return",
    UsesOfReservedOnly: "test_uses_are_what_did_not_return",
    VersionReadLast: "test_uses_and_version_are_of_one_moment",
    VersionsBeforeWhatIsStored: "test_what_is_stored_is_a_success_on_any_version",
    VersionsComparedEarly: "test_many_threads_keep_a_quota",
    VersionsComparedOneByOne: "test_versions_are_judged_as_they_were_before_the_call",
    VersionsOfMovesComparedEarly: "test_many_threads_that_move_keep_a_quota",
    VersionsOfPackagesIgnored: "test_a_booking_on_another_version_is_a_conflict",
    VersionsOfPackagesIgnoredOnMoves: "test_a_move_on_another_version_is_a_conflict",
}
