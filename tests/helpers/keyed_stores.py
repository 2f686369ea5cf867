"""Right stores whose tables take keys of their own only: whole numbers, or UUIDs."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from uuid import UUID

from pkgredeem import Change, Package, Redemption
from tests.helpers.plain_store import PlainStore

_IDS = ("id", "booking_id", "client_id", "package_id", "entitlement_id", "service_id", "replaces")


def ids_in(value: object) -> list[str]:
    """List every id in a value, whoever's it is."""
    if isinstance(value, tuple | frozenset):
        return [found for part in value for found in ids_in(part)]
    if not is_dataclass(value):
        return []
    found: list[str] = []
    for field in fields(value):
        part = getattr(value, field.name)
        if field.name in _IDS and part is not None:
            found.append(part)
        elif field.name in {"services", "shared_with"}:
            found.extend(part)
        elif field.name == "package_versions":
            found.extend(package_id for package_id, _ in part)
        else:
            found.extend(ids_in(part))
    return found


class NumberedStore(PlainStore):
    """A store with whole numbers as keys, as most tables have them; a package is one row."""

    def __init__(self, packages: Iterable[Package] = ()) -> None:
        """Hold these packages, and no booking."""
        listed = list(packages)
        for package in listed:
            self.check_keys(*ids_in(package))
        super().__init__(listed)
        self.rows: dict[int, tuple[datetime, int]] = {}

    def check_key(self, key: str) -> None:
        """Refuse what no whole number is; an entitlement has no row, and is always `main`."""
        if key != "main" and str(int(key)) != key:
            raise ValueError(f"{key!r} is no key")

    def check_keys(self, *keys: str) -> None:
        """Refuse what is no key."""
        for key in keys:
            self.check_key(key)

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Sequence[Package]:
        """Return the packages of the client, and those named."""
        named = list(also)
        self.check_keys(client_id, *named)
        return super().packages_of(client_id, not_over_at=not_over_at, also=named)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        self.check_keys(booking_id)
        return super().redemption(booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none; each booking has to have its row."""
        for change in changes:
            self.check_keys(*ids_in(change))
            if int(change.after.booking.id) not in self.rows:
                raise LookupError(f"no appointment {change.after.booking.id}")
        super().commit(*changes)

    def make_row(self, booking_id: str, starts_at: datetime, client_id: str) -> None:
        """Insert the appointment, which must not be there yet."""
        if int(booking_id) in self.rows:
            raise LookupError(f"two appointments {booking_id}")
        self.rows[int(booking_id)] = (starts_at, int(client_id))


class UuidStore(NumberedStore):
    """A store with UUIDs as keys, of entitlements too."""

    def check_key(self, key: str) -> None:
        """Refuse what no UUID is."""
        if str(UUID(key)) != key:
            raise ValueError(f"{key!r} is no key")

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        for change in changes:
            self.check_keys(*ids_in(change))
        PlainStore.commit(self, *changes)
