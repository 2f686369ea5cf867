"""A store on Django's models, for PostgreSQL and SQLite, for threads and for tasks.

A commit locks the rows that it will change, in one fixed order, looks at them, and then writes.
`transaction.atomic` nests: called inside a transaction of the caller's, a commit becomes a
savepoint of it, and is kept or undone with all the rest.

Settings that it counts on: `USE_TZ` (Django's default), and on SQLite `"OPTIONS":
{"transaction_mode": "IMMEDIATE"}`, so that a transaction waits for its turn at its beginning;
without it nothing is spent twice either, but "database is locked" conflicts abound.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from asgiref.sync import sync_to_async
from django.db import DEFAULT_DB_ALIAS, DatabaseError, transaction
from django.db.models import Q

from pkgredeem import (
    Act,
    Actor,
    Bucket,
    Change,
    ConflictError,
    Entitlement,
    Movement,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    UnknownEntitlementError,
)

from . import models

# Somebody else was quicker, as PostgreSQL says it (serialization_failure, deadlock_detected,
# lock_not_available, unique_violation) and as SQLite does. A check that is violated is no conflict:
# it is a mistake, and reaches the caller.
_QUICKER = {"40001", "40P01", "55P03", "23505"} | {
    "SQLITE_BUSY",
    "SQLITE_BUSY_SNAPSHOT",
    "SQLITE_CONSTRAINT_PRIMARYKEY",
    "SQLITE_CONSTRAINT_UNIQUE",
}


class DjangoStore:
    """Keeps packages and redemptions; a `RedemptionStore`.

    Inside `transaction.atomic()` of the caller's, give the desk `attempts=1`. A conflict undoes the
    commit alone; let it leave the caller's block, so that all of it is undone, and do all of it
    again. At READ COMMITTED, what PostgreSQL does unless told otherwise, a read after a conflict
    sees what caused it; at REPEATABLE READ or SERIALIZABLE only a new transaction does, since every
    read of the old one shows the snapshot that was taken first.
    """

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        """Keep the alias of the database; never that of a replica that lags behind."""
        self._using = using

    def add(self, package: Package) -> None:
        """Take on a package that was sold; what remains in it is what was sold."""
        row = models.Package(
            id=package.id,
            client_id=package.client_id,
            name=package.name,
            kind=package.kind,
            status=package.status,
            sold_at=package.sold_at,
            valid_from=package.valid_from,
            valid_until=package.valid_until,
            priority=package.priority,
        )
        with _conflicts(), transaction.atomic(using=self._using):
            row.save(using=self._using, force_insert=True)
            models.Share.objects.using(self._using).bulk_create(
                models.Share(package=row, client_id=client_id) for client_id in package.shared_with
            )
            models.Entitlement.objects.using(self._using).bulk_create(
                models.Entitlement(
                    package=row,
                    name=held.id,
                    services=sorted(held.services),
                    sold=held.remaining,
                    available=held.remaining,
                )
                for held in package.entitlements
            )

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the client's packages that are not over then, and those named besides."""
        # The instant is the caller's: our own clock would leave out what paid for yesterday.
        not_over = Q(package__valid_until=None) | Q(package__valid_until__gt=not_over_at)
        shared = models.Share.objects.using(self._using).filter(client_id=client_id)
        its_own = Q(package__client_id=client_id) | Q(package__in=shared.values("package"))
        wanted = its_own & not_over | Q(package__in=list(also))
        # One statement sees what is left of one moment; of two, one could look before and one after
        # an exchange. Who else holds a package takes no part in that.
        rows = models.Entitlement.objects.using(self._using).filter(wanted)
        rows = rows.select_related("package").prefetch_related("package__shares")
        held: dict[models.Package, list[Entitlement]] = {}
        with _conflicts():
            for row in rows.order_by("package_id", "name"):
                services = frozenset(row.services)
                entitlement = Entitlement(id=row.name, services=services, remaining=row.available)
                held.setdefault(row.package, []).append(entitlement)
        return [_package(row, entitlements) for row, entitlements in held.items()]

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking."""
        rows = models.Redemption.objects.using(self._using)
        with _conflicts():
            row = rows.filter(booking_id=booking_id).first()
        return None if row is None else Redemption.from_document(row.document)

    def movements_of(self, package_id: str) -> list[Movement]:
        """Return the history of a package's credits: who, when, and why."""
        rows = models.Movement.objects.using(self._using).select_related("entitlement")
        with _conflicts():
            of_it = rows.filter(entitlement__package=package_id).order_by("id")
            return [_movement(row) for row in of_it]

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none.

        Rows are locked in one order, redemptions by booking and then entitlements by package and
        id, so no two calls wait for each other.

        Raises:
            ConflictError: a concurrent commit won.
            UnknownEntitlementError: the tables do not hold an entitlement of a movement.
        """
        by_booking = sorted(changes, key=lambda change: change.after.booking.id)
        with _conflicts(), transaction.atomic(using=self._using):
            new = [change for change in by_booking if self._is_new(change)]
            self._move(new)

    def _is_new(self, change: Change) -> bool:
        """Store *after* where *before* is still there; False when *after* is stored already."""
        after = change.after
        values = {"version": after.version, "document": after.to_document()}
        # no_key: the row's own key stays, so movements that name it need not wait.
        rows = models.Redemption.objects.using(self._using).select_for_update(no_key=True)
        row: models.Redemption | None
        if change.before is None:
            row, created = rows.get_or_create(booking_id=after.booking.id, defaults=values)
            if created:
                return True
        else:
            row = rows.filter(booking_id=after.booking.id).first()
        if row is not None and Redemption.from_document(row.document) == after:
            return False  # done before, and the acknowledgement was lost
        if row is None or change.before is None or row.version != change.before.version:
            raise ConflictError(f"booking {after.booking.id!r} has changed: read it again")
        rows.filter(booking_id=after.booking.id).update(**values)
        return True

    def _move(self, new: list[Change]) -> None:
        """Take what the changes draw, give back what they return, and add to the history."""
        moved: Counter[tuple[str, str]] = Counter()
        for movement in (each for change in new for each in change.movements):
            # Summed over all changes first: what one gives back may pay for another.
            moved[movement.package_id, movement.entitlement_id] += movement.available_delta
        locked = {key: self._lock(*key) for key in sorted(moved)}
        for key, row in locked.items():
            if row.available + moved[key] < 0 < -moved[key]:
                raise ConflictError(f"{-moved[key]} credits are not left in {row}: decide afresh")
            row.available += moved[key]
            row.save(using=self._using, update_fields=["available"])
        models.Movement.objects.using(self._using).bulk_create(
            models.Movement(
                redemption_id=change.after.booking.id,
                version=change.after.version,
                entitlement=locked[each.package_id, each.entitlement_id],
                credits=each.credits,
                source=each.source,
                target=each.target,
                act=each.act,
                at=each.at,
                by=each.by,
                note=each.note,
            )
            for change in new
            for each in change.movements
        )

    def _lock(self, package_id: str, name: str) -> models.Entitlement:
        """Return the entitlement's row, which nobody else can change until we are done.

        What is read here holds until the commit, so it may be computed with. Read without the lock,
        or guarded by a sub-select of the UPDATE that does not lock either, the last credit is spent
        twice. SQLite has no row locks and needs none: it lets one writer in at a time.
        """
        rows = models.Entitlement.objects.using(self._using).select_for_update(no_key=True)
        row = rows.filter(package_id=package_id, name=name).first()
        if row is None:
            raise UnknownEntitlementError(
                f"the tables hold no entitlement {name!r} of package {package_id!r}"
            )
        return row


class AsyncDjangoStore:
    """Keeps packages and redemptions; an `AsyncRedemptionStore`.

    Django's transactions belong to a thread, so each call runs whole in Django's own thread for
    such work. For a transaction of your own call the desk and `DjangoStore` inside one
    `sync_to_async`.
    """

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        """Keep the alias of the database."""
        self._store = DjangoStore(using)

    async def add(self, package: Package) -> None:
        """Take on a package that was sold; what remains in it is what was sold."""
        await sync_to_async(self._store.add)(package)

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the client's packages that are not over then, and those named besides."""
        read = sync_to_async(self._store.packages_of)
        return await read(client_id, not_over_at=not_over_at, also=also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking."""
        return await sync_to_async(self._store.redemption)(booking_id)

    async def movements_of(self, package_id: str) -> list[Movement]:
        """Return the history of a package's credits: who, when, and why."""
        return await sync_to_async(self._store.movements_of)(package_id)

    async def commit(self, *changes: Change) -> None:
        """Commit all changes or none: see `DjangoStore.commit`."""
        await sync_to_async(self._store.commit)(*changes)


def _package(row: models.Package, entitlements: list[Entitlement]) -> Package:
    return Package(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        entitlements=tuple(entitlements),
        kind=PackageKind(row.kind),
        status=PackageStatus(row.status),
        sold_at=row.sold_at,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        priority=row.priority,
        shared_with=[share.client_id for share in row.shares.all()],
    )


def _movement(row: models.Movement) -> Movement:
    return Movement(
        booking_id=row.redemption_id,
        package_id=row.entitlement.package_id,
        entitlement_id=row.entitlement.name,
        credits=row.credits,
        source=Bucket(row.source),
        target=Bucket(row.target),
        act=Act(row.act),
        at=row.at,
        by=Actor(row.by),
        note=row.note,
    )


@contextmanager
def _conflicts() -> Iterator[None]:
    """Raise the database's own ways to say that a concurrent commit won as `ConflictError`."""
    try:
        yield
    except DatabaseError as error:  # also one that only the COMMIT brings
        said = error.__cause__
        if {getattr(said, name, None) for name in ("sqlstate", "sqlite_errorname")} & _QUICKER:
            raise ConflictError(
                f"the database says {error}: read again and decide afresh"
            ) from error
        raise
