"""A right store in memory, cut into steps: each of the broken stores spoils one of them."""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from pkgredeem import (
    UNLIMITED,
    Change,
    ConflictError,
    Entitlement,
    Movement,
    Package,
    Redemption,
    UnknownEntitlementError,
    Unlimited,
    Use,
)

Key = tuple[str, str]

_A_MOMENT = 0.05
_A_RACE = 6  # threads that are alive in a race, and never beside it


def think() -> None:
    """In a race, wait until every other thread has come to the same point."""
    if threading.active_count() >= _A_RACE:
        time.sleep(_A_MOMENT)


class PlainStore:
    """A right store: packages, what is drawn, and redemptions, behind one lock."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages."""
        self.lock = Lock()
        self.packages = {package.id: package for package in packages}
        self.left: Counter[Key] = Counter()
        for package in self.packages.values():
            for held in package.entitlements:
                left = 0 if held.remaining is UNLIMITED else held.remaining
                self.left[package.id, held.id] = left
        self.versions: Counter[str] = Counter()
        self.redemptions: dict[str, Redemption] = {}
        self.history: list[Movement] = []

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, over or not, and those named."""
        del not_over_at
        with self.lock:
            named = set(also)
            return [
                self.as_it_is(package)
                for package in self.packages.values()
                if client_id in (package.client_id, *package.shared_with) or package.id in named
            ]

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        with self.lock:
            return self.redemptions.get(booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        for change in changes:
            self.check_movements(change)
        with self.lock:
            fresh = [change for change in changes if not self.is_stored(change)]
            for change in fresh:
                self.check_version(change)
            self.check_package_versions(fresh)
            self.count_all(fresh)
            for change in fresh:
                self.note(change)
                self.keep(change)

    def reopened(self) -> "PlainStore":
        """Return another object on the same data: here the same."""
        return self

    def check_movements(self, change: Change) -> None:
        """Refuse what takes or returns anything but what its draws say."""
        change.check_movements()

    def note(self, change: Change) -> None:
        """Write the movements down."""
        self.history.extend(change.movements)

    def as_it_is(self, package: Package) -> Package:
        """Return the package with what is left, who uses it, and its version."""
        held = tuple(
            replace(each, remaining=self.remaining_of(package, each))
            for each in package.entitlements
        )
        if not package.has_quotas and package.lasts is None:
            return replace(package, entitlements=held)  # nothing counts its uses (D66)
        uses, version = self.uses_of(package.id), self.versions[package.id]
        return replace(package, entitlements=held, uses=uses, version=version)

    def remaining_of(self, package: Package, sold: Entitlement) -> int | Unlimited:
        """Return what is left of an entitlement."""
        return UNLIMITED if sold.remaining is UNLIMITED else self.left[package.id, sold.id]

    def uses_of(self, package_id: str) -> tuple[Use, ...]:
        """Return the uses of a package."""
        stored = list(self.redemptions.values())
        return tuple(use for each in stored for use in each.uses_of(package_id))

    def keep(self, change: Change) -> None:
        """Store the redemption, and raise the versions of its packages."""
        self.redemptions[change.after.booking.id] = change.after
        self.versions.update({draw.package_id for draw in change.after.draws})

    def is_stored(self, change: Change) -> bool:
        """Tell whether the change was committed before."""
        return self.redemptions.get(change.after.booking.id) == change.after

    def check_version(self, change: Change) -> None:
        """Refuse what was decided on another version."""
        stored = self.redemptions.get(change.after.booking.id)
        if (stored and stored.version) != (change.before and change.before.version):
            raise ConflictError("another version")

    def check_package_versions(self, fresh: Sequence[Change]) -> None:
        """Refuse what was decided on another version of a package."""
        for change in fresh:
            for package_id, version in change.package_versions:
                if self.versions[package_id] != version:
                    raise ConflictError("another version of the package")

    def count_all(self, fresh: Sequence[Change]) -> None:
        """Count the movements of all changes together."""
        self.count([movement for change in fresh for movement in change.movements])

    def count(self, movements: Iterable[Movement]) -> None:
        """Count all movements, when they leave nothing below zero."""
        left = self.left.copy()
        for movement in movements:
            key = (movement.package_id, movement.entitlement_id)
            if key not in left:
                raise UnknownEntitlementError(f"no {key}")
            if not self.is_unlimited(*key):
                left[key] += movement.available_delta
        if min(left.values()) < 0:
            raise ConflictError("a credit is lacking")
        self.left = left

    def is_unlimited(self, package_id: str, entitlement_id: str) -> bool:
        """Tell whether nothing is counted there."""
        sold = self.packages[package_id].entitlement(entitlement_id)
        return sold is not None and sold.remaining is UNLIMITED
