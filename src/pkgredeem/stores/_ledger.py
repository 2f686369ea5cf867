"""What a commit does to a store's rows, worked out once for every ready-made store.

The changes of a call are judged together (see `RedemptionStore.commit`): sums by entitlement, in
the one order in which rows are locked, and the versions of packages. What a row looks like, and how
it is guarded where it is written, is each store's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pkgredeem._model import checks as check
from pkgredeem._model.entitlement import Entitlement
from pkgredeem._model.ledger import Change
from pkgredeem._model.packages import Package
from pkgredeem._model.quotas import Use
from pkgredeem._model.unchecked import unchecked_replace
from pkgredeem._model.words import UNLIMITED, Bucket, Unlimited
from pkgredeem.exceptions import ConflictError, InvalidValueError, UnknownEntitlementError

# What a store has counted is not checked again.
_with_remaining = unchecked_replace(Entitlement, "remaining")
_with_state = unchecked_replace(Package, "entitlements", "uses", "version", "beyond")


def checked_read(client_id: str, not_over_at: datetime) -> tuple[str, datetime]:
    """Return what `packages_of` is asked with, the instant in UTC.

    Raises:
        InvalidValueError: the id is no text, or the instant has no time zone.
    """
    check.identifier("client_id", client_id)
    return client_id, check.instant("not_over_at", not_over_at)


def check_changes(changes: Iterable[Change]) -> None:
    """Refuse what no call of `commit` may hold.

    Raises:
        InvalidValueError: two changes are of one booking, or the movements of one are not what its
            draws say.
    """
    check.unique("changes", changes, booking_id_of)
    for change in changes:
        change.check_movements()


def booking_id_of(change: Change) -> str:
    """Return the id of the booking that a change is of: the order in which rows are locked."""
    return change.after.booking.id


def credits_by_bucket(changes: Iterable[Change]) -> dict[tuple[str, str], dict[Bucket, int]]:
    """Return what all movements add to each bucket, by package and entitlement in their order.

    Summed up over all changes, since what one gives back may pay for another.
    """
    added: dict[tuple[str, str], dict[Bucket, int]] = {}
    for change in changes:
        for movement in change.movements:
            place = movement.package_id, movement.entitlement_id
            buckets = added.setdefault(place, dict.fromkeys(Bucket, 0))
            buckets[movement.source] -= movement.credits
            buckets[movement.target] += movement.credits
    return dict(sorted(added.items()))


def versions_to_raise(changes: Iterable[Change]) -> dict[str, int | None]:
    """Return every package drawn on, in the order of ids, with the version that it must be at.

    None where no change says one: a return is never refused (D57).

    Raises:
        ConflictError: two changes were decided on two versions of one package.
    """
    versions: dict[str, int | None] = {}
    for change in changes:
        versions |= {draw.package_id: None for draw in change.after.draws}
    for change in changes:
        for package_id, version in change.package_versions:
            if versions.get(package_id) not in {None, version}:
                raise ConflictError(
                    f"package {package_id!r} was read at two versions: read it again"
                )
            versions[package_id] = version
    return dict(sorted(versions.items()))


def uses_by_package(change: Change) -> dict[str, tuple[Use, ...]]:
    """Return the uses that a booking leaves, by package; packages without any are left out."""
    after = change.after
    found = {draw.package_id: after.uses_of(draw.package_id) for draw in after.draws}
    return {package_id: uses for package_id, uses in found.items() if uses}


def as_it_is(
    package: Package,
    available: Mapping[str, int | None],
    *,
    uses: Iterable[Use],
    version: int,
) -> Package:
    """Return a package that was stored as it was sold as it is now.

    Args:
        package: the package with the credits that it was sold with.
        available: what is left, by entitlement id; None where credits are unlimited.
        uses: what it paid for and did not return.
        version: its version, of one moment with the uses and the credits.
    """
    used = tuple(uses)
    entitlements = tuple(
        [
            _with_remaining(entitlement, _remaining(available[entitlement.id]))
            for entitlement in package.entitlements
        ]
    )
    beyond = package.beyond | {"uses"} if used else package.beyond
    return _with_state(package, entitlements, used, version, beyond)


def revised(stored: Package, package: Package) -> Package:
    """Return what a store keeps of a package once it is revised, as it was sold.

    Of an entitlement that it holds already the credits stay as they were sold, whatever `remaining`
    says; one that *package* leaves out stays as it is, and a new one is sold with what is left in
    it.
    """
    sold = {entitlement.id: entitlement for entitlement in stored.entitlements}
    changed = {
        entitlement.id: replace(
            entitlement, remaining=sold.get(entitlement.id, entitlement).remaining
        )
        for entitlement in package.entitlements
    }
    return replace(package, entitlements=tuple((sold | changed).values()))


def check_revision(package: Package, version: int) -> None:
    """Refuse to revise what has changed since it was read, where it says which version that was.

    Raises:
        ConflictError: the stored version is another one.
    """
    if package.version not in {None, version}:
        raise version_conflict(package.id, package.version)


def version_conflict(package_id: str, version: int | None) -> ConflictError:
    """Return the error of a package that is at another version than the one decided on."""
    return ConflictError(f"package {package_id!r} is no longer at version {version}: read it again")


def credits_lacking(package_id: str, entitlement_id: str) -> ConflictError:
    """Return the error of credits that a concurrent commit has drawn."""
    return ConflictError(
        f"package {package_id!r} has too few credits of {entitlement_id!r} left: read it again"
    )


def place_unknown(package_id: str, entitlement_id: str) -> UnknownEntitlementError:
    """Return the error of a movement of what the store does not hold (D73)."""
    return UnknownEntitlementError(
        f"the store holds no entitlement {entitlement_id!r} of package {package_id!r}"
    )


def package_id_taken(package_id: str) -> InvalidValueError:
    """Return the error of a package that is taken on a second time."""
    allowed = "an id that the store does not hold yet"
    return InvalidValueError("package.id", package_id, allowed)


def package_unknown(package_id: str) -> InvalidValueError:
    """Return the error of a package that the store does not hold."""
    allowed = "the id of a package that the store holds"
    return InvalidValueError("package.id", package_id, allowed)


def entitlement_unknown(entitlement_id: str) -> InvalidValueError:
    """Return the error of an entitlement that a package of the store does not have."""
    allowed = "an entitlement of the package"
    return InvalidValueError("entitlement_id", entitlement_id, allowed)


def _remaining(available: int | None) -> int | Unlimited:
    return UNLIMITED if available is None else available
