"""The adapter: a `RedemptionStore` over the tables that the salon has anyway, on PostgreSQL.

The same as `tables_in_django/appointments/store.py`, and for the same reasons.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from pkgredeem import (
    Change,
    ConflictError,
    Entitlement,
    Package,
    Redemption,
    UnknownEntitlementError,
)

from . import tables
from .tables import PackagePurchase

# A concurrent commit won: serialization failure, deadlock, lock timeout.
_CONFLICTS = {"40001", "40P01", "55P03"}
# The one way in which `str` writes a key, and a UUID.
_KEY = re.compile(r"\A[1-9][0-9]{0,17}\Z")
_UUID = re.compile(r"\A[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


class SalonStore:
    """Keeps redemptions beside appointments, and counts what is left on purchases.

    Made with an engine, each call is a transaction of its own. Made with a connection
    (`session.connection()`, after a `session.flush()`), it is a savepoint of the caller's.
    """

    def __init__(self, bind: sa.Engine | sa.Connection) -> None:
        """Keep the engine, or the connection whose transaction to take part in."""
        self._bind = bind

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the client's packages with a credit that are not over then, and those named."""
        row = PackagePurchase
        not_over = row.expires_at.is_(None) | (row.expires_at > not_over_at)
        own = row.client_id.in_(_keys(client_id)) & (row.credits_left > 0) & not_over
        asked = sa.select(row.__table__).where(own | row.id.in_(_keys(*also)))
        with self._transaction() as connection:
            return [_package(found) for found in connection.execute(asked)]

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return what pays for that appointment; None when no package ever did."""
        with self._transaction() as connection:
            return _redemption(connection, booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none; the rows of the appointments are there already."""
        moved: Counter[tuple[str, str]] = Counter()
        # Redemptions first and then purchases, each in the order of their ids.
        with self._transaction() as connection:
            for change in sorted(changes, key=lambda change: change.after.booking.id):
                change.check_movements()
                if _keep(connection, change):
                    for movement in change.movements:
                        place = movement.package_id, movement.entitlement_id
                        moved[place] += movement.available_delta
            for place, delta in sorted(moved.items()):
                _count(connection, *place, delta)

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        with conflicts():
            if isinstance(self._bind, sa.Engine):
                with self._bind.begin() as connection:
                    yield connection
            else:
                with self._bind.begin_nested():
                    yield self._bind


@contextmanager
def conflicts() -> Iterator[None]:
    """Tell what a concurrent commit causes as a `ConflictError`; put it around a transaction."""
    try:
        yield
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _CONFLICTS:
            raise ConflictError(f"the database says {error.orig}") from error
        raise


def _package(row: sa.Row[tuple[object, ...]]) -> Package:
    return Package(
        id=str(row.id),
        client_id=str(row.client_id),
        entitlements=[Entitlement(services=[str(row.service_id)], remaining=row.credits_left)],
        sold_at=row.bought_at,
        valid_until=row.expires_at,
    )


def _redemption(connection: sa.Connection, booking_id: str) -> Redemption | None:
    asked = sa.select(tables.Redemption.document).where(_is_of(booking_id))
    text = connection.scalar(asked)
    return None if text is None else Redemption.from_document(json.loads(text))


def _keep(connection: sa.Connection, change: Change) -> bool:
    """Put `after` where `before` still is; False when `after` is there already."""
    after, before = change.after, change.before
    booking_id = after.booking.id
    values = {"version": after.version, "document": json.dumps(after.to_document())}
    write: sa.Insert | sa.Update
    if before is None:
        new = insert(tables.Redemption).values(booking_id=UUID(booking_id), **values)
        write = new.on_conflict_do_nothing()
    else:
        is_before = _is_of(booking_id) & (tables.Redemption.version == before.version)
        write = sa.update(tables.Redemption).where(is_before).values(values)
    written = connection.scalar(write.returning(tables.Redemption.version)) is not None
    if not written and _redemption(connection, booking_id) != after:
        raise ConflictError(f"booking {booking_id} has changed: read it again")
    return written  # if not, it was committed before, and the acknowledgement was lost


def _count(connection: sa.Connection, package_id: str, entitlement_id: str, delta: int) -> None:
    """Add credits to what is left, or take them off; the guard stands on the row written."""
    row = PackagePurchase
    is_purchase = row.id.in_(_keys(package_id))
    is_held = connection.scalar(sa.select(row.id).where(is_purchase))
    if entitlement_id != "main" or is_held is None:
        raise UnknownEntitlementError(f"no {entitlement_id} of purchase {package_id} is kept")
    enough = sa.update(row).where(is_purchase, row.credits_left >= -delta)
    if not connection.execute(enough.values(credits_left=row.credits_left + delta)).rowcount:
        raise ConflictError(f"{-delta} credits are not left in purchase {package_id}")


def _is_of(booking_id: str) -> sa.ColumnElement[bool]:
    return tables.Redemption.booking_id.in_(_UUID.findall(booking_id))


def _keys(*ids: str) -> list[int]:
    return [int(text) for text in ids if _KEY.search(text)]
