"""Stores that are wrong on purpose about plans: uses, versions, units, unlimited credits."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pkgredeem import (
    UNLIMITED,
    Change,
    ConflictError,
    DrawState,
    Entitlement,
    Package,
    Unlimited,
    Use,
)
from tests.helpers.plain_store import PlainStore, think


class UnlimitedUntilDrawnOn(PlainStore):
    """Counts down from a large number as soon as something is drawn."""

    def remaining_of(self, package: Package, sold: Entitlement) -> int | Unlimited:
        """Return a large number for what is unlimited."""
        left = super().remaining_of(package, sold)
        drawn = len(self.redemptions)
        return 1_000_000 - drawn if left is UNLIMITED and drawn else left


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
    """Lets a line be ended only on the version that its package had when it was booked."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages."""
        super().__init__(packages)
        self.known_versions: dict[str, int] = {}

    def check_version(self, change: Change) -> None:
        """Refuse a return when others have drawn on the package since."""
        super().check_version(change)
        package = self.packages.get(change.after.draws[0].package_id)
        if package is None:
            return
        known = self.known_versions.get(change.after.booking.id)
        if change.before and package.has_quotas and not change.package_versions:
            ended = len(change.before.reserved_draws) == 1
            if ended and known != self.versions[package.id]:
                raise ConflictError("the package has changed")

    def keep(self, change: Change) -> None:
        """Store the redemption, and which version its package has then."""
        super().keep(change)
        known = self.versions[change.after.draws[0].package_id]
        self.known_versions[change.after.booking.id] = known


class VersionReadLast(PlainStore):
    """Reads the uses of a package, is interrupted, and then reads its version."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Read in two halves."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        think()
        return [replace(each, version=self.versions[each.id]) for each in found]


class CreditsReadLast(PlainStore):
    """Reads the uses of a package, is interrupted, and then reads what is left."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Read in two halves."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        think()
        return [
            replace(self.as_it_is(each), uses=each.uses, version=each.version) for each in found
        ]


class VersionsComparedEarly(PlainStore):
    """Compares the versions, thinks, and then writes without another look."""

    def commit(self, *changes: Change) -> None:
        """Compare without the lock, write with it."""
        self.check_package_versions([each for each in changes if not self.is_stored(each)])
        think()
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


#: What is wrong, the test that says so, and with which words.
CAUGHT_BY = {
    AnyOlderVersionWillDo: (
        "what_is_decided_on_another_version_is_refused",
        "a booking on a version to come: expected ConflictError",
    ),
    CreditsReadLast: ("uses_and_version_are_of_one_moment", "credits left beside the uses"),
    RaisesWhereCreditsMove: ("every_move_is_read_back", "versions raised: length: expected 1"),
    RaisesWhereSomethingMoves: ("every_act_is_read_back", "versions raised"),
    ReturnsNeedTheVersion: ("a_return_needs_no_version", "the package has changed"),
    UnlimitedUntilDrawnOn: ("unlimited_credits_stay_unlimited", "remaining: expected <Unlimited"),
    UsesAsTheyWereBooked: ("every_move_is_read_back", "uses: [0]: starts_at: expected"),
    UsesOfReservedOnly: ("every_act_is_read_back", "uses: length: expected 1, found 0"),
    VersionReadLast: ("uses_and_version_are_of_one_moment", "uses not there at version"),
    VersionsBeforeWhatIsStored: ("what_is_stored_is_a_success", "another version of the package"),
    VersionsComparedEarly: ("many_threads_keep_a_quota", "the reasons: "),
    VersionsComparedOneByOne: (
        "versions_are_judged_as_they_were_before_the_call",
        "another version of the package",
    ),
    VersionsOfMovesComparedEarly: ("many_threads_keep_a_quota", "moved: expected 3"),
    VersionsOfPackagesIgnored: (
        "what_is_decided_on_another_version_is_refused",
        "a booking on an older version: expected ConflictError",
    ),
    VersionsOfPackagesIgnoredOnMoves: (
        "what_is_decided_on_another_version_is_refused",
        "a move on an older version: expected ConflictError",
    ),
}
