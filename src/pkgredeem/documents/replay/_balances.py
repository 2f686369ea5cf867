"""What is carried through a history: packages as they were last told, with the credits left."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeAlias, final

from pkgredeem import UNLIMITED, Bucket, Change, Client, Entitlement, Package, Redemption, Use
from pkgredeem._model.unchecked import unchecked_replace

#: The entitlements of a package with what is left in them, and its uses.
_Balance: TypeAlias = tuple[tuple[Entitlement, ...], tuple[Use, ...]]

_with_version = unchecked_replace(Package, "version")
_with_remaining = unchecked_replace(Entitlement, "remaining")
_with_balance = unchecked_replace(Package, "entitlements", "uses", "beyond")


@final
class Balances:
    """A `RedemptionStore` that is told each package again by every line.

    A package starts with what its first line says, credits and uses; of later lines it takes all
    else. As `MemoryStore.revise` has it, an entitlement that a line leaves out stays, and a new one
    starts with what is left in it. Nothing else acts meanwhile, so that no version is compared.
    """

    def __init__(self, count_returned: Callable[[int], None], *, uses_are_read: bool) -> None:
        """Hold nothing yet.

        Args:
            count_returned: is told how many credits come back, each time.
            uses_are_read: whether a rule says that it reads the uses of packages. Where none does
                they are not among what a package sets, or each decision would look for such rules.
        """
        self._count_returned = count_returned
        self._marks: frozenset[str] = frozenset({"uses"} if uses_are_read else ())
        self._packages: dict[str, Package] = {}
        self._changed: dict[str, _Balance] = {}  # of the packages that something was drawn on
        self._redemptions: dict[str, Redemption] = {}
        self._ids_by_holder: dict[str, dict[str, None]] = {}
        self._told: tuple[Package, ...] = ()

    def take(self, packages: tuple[Package, ...]) -> None:
        """Take what a line says of packages; the next answers are about these too."""
        self._told = packages
        for package in packages:
            package_id = package.id
            before = self._packages.get(package_id)
            if before is not None:
                carried = self._changed.pop(package_id, None)
                if carried is None:
                    carried = before.entitlements, before.uses
                self._packages[package_id] = self._carried_on(package, *carried)
                if _holders(package) == _holders(before):
                    continue
            else:
                self._packages[package_id] = package
            for holder in _holders(package):
                self._ids_by_holder.setdefault(holder, {})[package_id] = None

    def adopt(self, redemption: Redemption) -> None:
        """Take a redemption of before the history: its credits are off its packages already."""
        self._redemptions[redemption.booking.id] = redemption

    def forget(self, booking_id: str) -> None:
        """Forget the redemption of a booking that no line names any more."""
        self._redemptions.pop(booking_id, None)

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return the same as `packages_for`, with a version, since nothing else acts meanwhile."""
        packages = self.packages_for(client_id, not_over_at, also)
        return tuple([_with_version(package, 0) for package in packages])

    def packages_for(
        self, client_id: str | None, not_over_at: datetime, also: Iterable[str]
    ) -> tuple[Package, ...]:
        """Return what the line tells, what else the client holds that is not over, and *also*."""
        ids = [package.id for package in self._told]
        for package_id in self._ids_by_holder.get(client_id or "", ()):
            if package_id not in ids:
                package = self._packages[package_id]
                if package.is_held_by(Client(id=client_id)) and not package.is_over_by(not_over_at):
                    ids.append(package_id)
        if also:
            ids += set(also) - set(ids)
        return self.named(ids)

    def named(self, package_ids: Iterable[str]) -> tuple[Package, ...]:
        """Return those packages that a line has told of, each as it is now."""
        changed, packages = self._changed, self._packages
        found: list[Package] = []
        for package_id in package_ids:
            package = packages.get(package_id)
            if package is not None:
                if package_id in changed:
                    package = self._carried_on(package, *changed.pop(package_id))
                    packages[package_id] = package
                found.append(package)
        return tuple(found)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was redeemed for it."""
        return self._redemptions.get(booking_id)

    def commit(self, *changes: Change) -> None:
        """Move the credits, and keep the redemptions."""
        for change in changes:
            after = change.after
            self._redemptions[after.booking.id] = after
            added: dict[str, dict[str, int]] = {draw.package_id: {} for draw in after.draws}
            for movement in change.movements:
                if movement.target is Bucket.AVAILABLE:
                    self._count_returned(movement.credits)
                of_package, entitlement_id = added[movement.package_id], movement.entitlement_id
                before = of_package.get(entitlement_id, 0)
                of_package[entitlement_id] = before + movement.available_delta
            for package_id, of_package in added.items():
                package = self._packages.get(package_id)
                if package is not None:
                    before_it = self._changed.get(package_id, (package.entitlements, package.uses))
                    self._changed[package_id] = _after(package_id, *before_it, of_package, after)

    def _carried_on(
        self, told: Package, carried: tuple[Entitlement, ...], uses: tuple[Use, ...]
    ) -> Package:
        """Return a package as it is told, with the credits and the uses that are carried."""
        beyond = told.beyond | self._marks if uses else told.beyond
        left = {entitlement.id: entitlement for entitlement in carried}
        entitlements = [_with_credits_of(one, left.pop(one.id, one)) for one in told.entitlements]
        if left:
            entitlements += left.values()
            beyond |= self._packages[told.id].beyond
        return _with_balance(told, tuple(entitlements), uses, beyond)


def _after(
    package_id: str,
    entitlements: tuple[Entitlement, ...],
    uses: tuple[Use, ...],
    added: dict[str, int],
    after: Redemption,
) -> _Balance:
    """Return the balance of a package after a change that adds so much to these entitlements."""
    if after.version > 1:  # else the booking is new, and has no uses yet
        booking_id = after.booking.id
        uses = tuple([use for use in uses if use.booking_id != booking_id])
    return tuple(
        [
            _with_remaining(entitlement, entitlement.remaining + added[entitlement.id])
            if entitlement.id in added and entitlement.remaining is not UNLIMITED
            else entitlement
            for entitlement in entitlements
        ]
    ), uses + after.uses_of(package_id)


def _holders(package: Package) -> tuple[str, ...]:
    return package.client_id, *package.shared_with


def _with_credits_of(told: Entitlement, carried: Entitlement) -> Entitlement:
    remaining = carried.remaining
    return told if told.remaining == remaining else _with_remaining(told, remaining)
