"""The adapter: a `RedemptionStore` over the tables that the salon has anyway.

An id is a text for pkgredeem. Of a client, a service and a purchase it is the integer key, as `str`
writes it; of a booking it is `Appointment.booking_id`. A purchase is of one service, so it is a
package with one entitlement, "main".
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import F, Q, QuerySet

from pkgredeem import (
    Change,
    ConflictError,
    Entitlement,
    Package,
    Redemption,
    UnknownEntitlementError,
)

from . import models
from .models import PackagePurchase

# A concurrent commit won, as PostgreSQL says it (serialization failure, deadlock, lock timeout, a
# unique key that is taken) and as SQLite does. Any other error is somebody's mistake, and reaches
# the caller as it is.
_CONFLICTS = {"40001", "40P01", "55P03", "23505", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"}
# The one way in which `str` writes a key, and a UUID.
_KEY = re.compile(r"\A[1-9][0-9]{0,17}\Z")
_UUID = re.compile(r"\A[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


class SalonStore:
    """Keeps redemptions beside appointments, and counts what is left on purchases."""

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the client's packages with a credit that are not over then, and those named."""
        # The instant is the caller's. By a clock of ours, what paid for yesterday would be over.
        not_over = Q(expires_at=None) | Q(expires_at__gt=not_over_at)
        own = Q(client__in=_keys(client_id), credits_left__gt=0) & not_over
        rows = PackagePurchase.objects.filter(own | Q(pk__in=_keys(*also)))
        with conflicts():
            return [package_of(row) for row in rows]

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return what pays for that appointment; None when no package ever did."""
        with conflicts():
            row = _redemptions(booking_id).first()
        return None if row is None else Redemption.from_document(json.loads(row.document))

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none; the rows of the appointments are there already."""
        moved: Counter[tuple[str, str]] = Counter()
        # Two calls that lock rows in different orders wait for each other: redemptions first and
        # then purchases, each in the order of their ids. Inside a transaction of the caller's,
        # `atomic` is a savepoint: a conflict undoes this alone, and PostgreSQL goes on answering.
        with conflicts(), transaction.atomic():
            for change in sorted(changes, key=lambda change: change.after.booking.id):
                change.check_movements()
                if self._keep(change):
                    for movement in change.movements:
                        # Summed up first: what one change gives back may pay for another.
                        place = movement.package_id, movement.entitlement_id
                        moved[place] += movement.available_delta
            for place, delta in sorted(moved.items()):
                self._count(*place, delta)

    def _keep(self, change: Change) -> bool:
        """Put `after` where `before` still is; False when `after` is there already."""
        after, before = change.after, change.before
        rows = _redemptions(after.booking.id)
        values = {"version": after.version, "document": json.dumps(after.to_document())}
        if before is None:
            _, written = rows.get_or_create(appointment_id=after.booking.id, defaults=values)
        else:
            # Compare and set in one statement: it waits for another writer, and compares again.
            written = bool(rows.filter(version=before.version).update(**values))
        if not written and self.redemption(after.booking.id) != after:
            raise ConflictError(f"booking {after.booking.id} has changed: read it again")
        return written  # if not, it was committed before, and the acknowledgement was lost

    def _count(self, package_id: str, entitlement_id: str, delta: int) -> None:
        """Add credits to what is left, or take them off."""
        rows = PackagePurchase.objects.filter(pk__in=_keys(package_id))
        if entitlement_id != "main" or not rows.exists():
            raise UnknownEntitlementError(f"no {entitlement_id} of purchase {package_id} is kept")
        # The guard stands on the row that is written: it is asked again after a wait. What is read
        # first and written then, or guarded in a sub-select, spends the last credit twice.
        enough = rows.filter(credits_left__gte=-delta)
        if not enough.update(credits_left=F("credits_left") + delta):
            raise ConflictError(f"{-delta} credits are not left in purchase {package_id}")


def package_of(row: PackagePurchase) -> Package:
    """Return a purchase as pkgredeem sees it."""
    return Package(
        id=str(row.pk),
        client_id=str(row.client_id),
        entitlements=[Entitlement(services=[str(row.service_id)], remaining=row.credits_left)],
        sold_at=row.bought_at,
        valid_until=row.expires_at,
    )


def _redemptions(booking_id: str) -> QuerySet[models.Redemption]:
    # UUID() and int() read several ways to write one id, and only one of them is that id (D39).
    return models.Redemption.objects.filter(appointment_id__in=_UUID.findall(booking_id))


def _keys(*ids: str) -> list[int]:
    return [int(text) for text in ids if _KEY.search(text)]


@contextmanager
def conflicts() -> Iterator[None]:
    """Raise what the database says when a concurrent commit won as `ConflictError`."""
    try:
        yield
    except DatabaseError as error:
        said = error.__cause__
        if {getattr(said, name, None) for name in ("sqlstate", "sqlite_errorname")} & _CONFLICTS:
            raise ConflictError(f"the database says {error}") from error
        raise
