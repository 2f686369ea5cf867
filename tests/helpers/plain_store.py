"""A right store in memory, cut into steps: each of the broken stores spoils one of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Lock

from pkgredeem import (
    Change,
    ConflictError,
    Movement,
    Package,
    Redemption,
    UnknownEntitlementError,
)

Key = tuple[str, str]


class PlainStore:
    """A right store: packages, what is drawn, and redemptions, behind one lock."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages."""
        self.lock = Lock()
        self.packages = {package.id: package for package in packages}
        self.left: Counter[Key] = Counter()
        for package in self.packages.values():
            for held in package.entitlements:
                self.left[package.id, held.id] = held.remaining
        self.redemptions: dict[str, Redemption] = {}

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
                if package.client_id == client_id or package.id in named
            ]

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        with self.lock:
            return self.redemptions.get(booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        with self.lock:
            fresh = [change for change in changes if not self.is_stored(change)]
            for change in fresh:
                self.check_version(change)
            self.count([movement for change in fresh for movement in change.movements])
            for change in fresh:
                self.redemptions[change.after.booking.id] = change.after

    def as_it_is(self, package: Package) -> Package:
        """Return the package with what is left."""
        held = tuple(
            replace(each, remaining=self.left[package.id, each.id]) for each in package.entitlements
        )
        return replace(package, entitlements=held)

    def is_stored(self, change: Change) -> bool:
        """Tell whether the change was committed before."""
        return self.redemptions.get(change.after.booking.id) == change.after

    def check_version(self, change: Change) -> None:
        """Refuse what was decided on another version."""
        stored = self.redemptions.get(change.after.booking.id)
        if (stored and stored.version) != (change.before and change.before.version):
            raise ConflictError("another version")

    def count(self, movements: Iterable[Movement]) -> None:
        """Count all movements, when they leave nothing below zero."""
        left = self.left.copy()
        for movement in movements:
            key = (movement.package_id, movement.entitlement_id)
            if key not in left:
                raise UnknownEntitlementError(f"no {key}")
            left[key] += movement.available_delta
        if min(left.values()) < 0:
            raise ConflictError("a credit is lacking")
        self.left = left
