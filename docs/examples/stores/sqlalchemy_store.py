"""A store on PostgreSQL with SQLAlchemy 2, for threads (psycopg) and for tasks (psycopg, asyncpg).

Four tables. `movements` is the append-only history of every credit; `entitlements` keeps where the
credits are now, and its constraints refuse whatever the code should never try: a negative balance,
or a sum that is not what was sold. Both are written in one transaction. Nothing here knows a rule.

The same functions over a connection serve both stores; SQLAlchemy lends a task's connection to them
with `run_sync`. Make the tables with `METADATA.create_all(engine)`, or hand METADATA to Alembic.
Grant the application no more than SELECT and INSERT on `movements`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

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

Given = TypeVarTuple("Given")
Answer = TypeVar("Answer")


def _texts(*names: str) -> Iterator[sa.Column[str]]:
    return (sa.Column(name, sa.Text, nullable=False) for name in names)


def _instants(*names: str) -> Iterator[sa.Column[Any]]:
    return (sa.Column(name, sa.DateTime(timezone=True)) for name in names)


def _counts(*names: str, least: int) -> Iterator[sa.Column[int]]:
    for name in names:
        yield sa.Column(name, sa.Integer, sa.CheckConstraint(f"{name} >= {least}"), nullable=False)


METADATA = sa.MetaData()
PACKAGES = sa.Table(
    "packages",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    *_texts("client_id", "name", "kind", "status"),
    *_instants("sold_at", "valid_from", "valid_until"),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("shared_with", postgresql.ARRAY(sa.Text), nullable=False),
    sa.Index("packages_of_a_client", "client_id"),
    sa.Index("packages_shared_with_a_client", "shared_with", postgresql_using="gin"),
)
ENTITLEMENTS = sa.Table(
    "entitlements",
    METADATA,
    sa.Column("package_id", sa.ForeignKey(PACKAGES.c.id), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("services", postgresql.ARRAY(sa.Text), nullable=False),
    *_counts("sold", *Bucket, least=0),
    sa.CheckConstraint(f"sold = {' + '.join(Bucket)}", name="every_credit_is_somewhere"),
)
REDEMPTIONS = sa.Table(
    "redemptions",
    METADATA,
    sa.Column("booking_id", sa.Text, primary_key=True),  # a booking is redeemed at most once
    *_counts("version", least=1),
    sa.Column("document", postgresql.JSONB, nullable=False),
)
MOVEMENTS = sa.Table(
    "movements",
    METADATA,
    sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("booking_id", sa.ForeignKey(REDEMPTIONS.c.booking_id), nullable=False),
    *_counts("version", "credits", least=1),
    *_texts("package_id", "entitlement_id", "source", "target", "act", "by", "note"),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(
        ["package_id", "entitlement_id"], [ENTITLEMENTS.c.package_id, ENTITLEMENTS.c.id]
    ),
    sa.Index("movements_of_an_entitlement", "package_id", "entitlement_id"),
    # One act moves a credit once, whatever happens.
    sa.UniqueConstraint(
        "booking_id", "version", "package_id", "entitlement_id", "source", "target"
    ),
)
_OF_A_PACKAGE = [column.name for column in PACKAGES.columns]
_OF_A_MOVEMENT = {column.name for column in MOVEMENTS.columns} - {"number", "version"}

# Somebody else was quicker: serialization_failure, deadlock_detected, lock_not_available,
# unique_violation. A check that is violated is none: it is a mistake, and reaches the caller.
_QUICKER = {"40001", "40P01", "55P03", "23505"}


class SqlAlchemyStore:
    """Keeps packages and redemptions; a `RedemptionStore` for threads.

    Made with an engine, each call is a transaction of its own, and one store serves every thread.

    Made with a connection (`session.connection()` for a session), it takes part in the transaction
    that the caller has begun and ends, inside a savepoint. A conflict rolls back to the savepoint,
    and the caller decides about the rest; give the desk `attempts=1`. At READ COMMITTED, what
    PostgreSQL does unless told otherwise, a read after a conflict sees what caused it. In a
    transaction at REPEATABLE READ or SERIALIZABLE it can't: every read shows the snapshot that was
    taken first, so roll back, and do all of it again in a new transaction.
    """

    def __init__(self, bind: sa.Engine | sa.Connection) -> None:
        """Keep the engine, or the connection whose transaction to take part in."""
        self._bind = bind

    def add(self, package: Package) -> None:
        """Take on a package that was sold; what remains in it is what was sold."""
        self._run(_add, package)

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the client's packages that are not over then, and those named besides."""
        return self._run(_packages_of, client_id, not_over_at, also)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking."""
        return self._run(_redemption, booking_id)

    def movements_of(self, package_id: str) -> list[Movement]:
        """Return the history of a package's credits: who, when, and why."""
        return self._run(_movements_of, package_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none.

        Raises:
            ConflictError: a concurrent commit won.
            UnknownEntitlementError: the tables do not hold an entitlement of a movement.
        """
        self._run(_commit, changes)

    def _run(self, work: Callable[[sa.Connection, *Given], Answer], *given: *Given) -> Answer:
        try:
            if isinstance(self._bind, sa.Engine):
                with self._bind.begin() as connection:
                    return work(connection, *given)
            with self._bind.begin_nested():
                return work(self._bind, *given)
        except DBAPIError as error:  # also one that only the COMMIT brings
            _tell_conflict(error)
            raise


class AsyncSqlAlchemyStore:
    """Keeps packages and redemptions; an `AsyncRedemptionStore` for tasks.

    As `SqlAlchemyStore`, of an `AsyncEngine`, or of an `AsyncConnection` (`await
    session.connection()` for a session) whose transaction to take part in. A task that is cancelled
    rolls back.
    """

    def __init__(self, bind: AsyncEngine | AsyncConnection) -> None:
        """Keep the engine, or the connection whose transaction to take part in."""
        self._bind = bind

    async def add(self, package: Package) -> None:
        """Take on a package that was sold; what remains in it is what was sold."""
        await self._run(_add, package)

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the client's packages that are not over then, and those named besides."""
        return await self._run(_packages_of, client_id, not_over_at, also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking."""
        return await self._run(_redemption, booking_id)

    async def movements_of(self, package_id: str) -> list[Movement]:
        """Return the history of a package's credits: who, when, and why."""
        return await self._run(_movements_of, package_id)

    async def commit(self, *changes: Change) -> None:
        """Commit all changes or none.

        Raises:
            ConflictError: a concurrent commit won.
            UnknownEntitlementError: the tables do not hold an entitlement of a movement.
        """
        await self._run(_commit, changes)

    async def _run(self, work: Callable[[sa.Connection, *Given], Answer], *given: *Given) -> Answer:
        try:
            if isinstance(self._bind, AsyncEngine):
                async with self._bind.begin() as connection:
                    return await connection.run_sync(work, *given)
            async with self._bind.begin_nested():
                return await self._bind.run_sync(work, *given)
        except DBAPIError as error:
            _tell_conflict(error)
            raise


def _tell_conflict(error: DBAPIError) -> None:
    """Raise the conflict that the database's error stands for, if it does."""
    if getattr(error.orig, "sqlstate", None) in _QUICKER:
        raise ConflictError(
            f"the database says {error.orig}: read again and decide afresh"
        ) from error


def _add(connection: sa.Connection, package: Package) -> None:
    fields = {name: getattr(package, name) for name in _OF_A_PACKAGE}
    connection.execute(sa.insert(PACKAGES).values(fields))
    for held in package.entitlements:
        row = {"package_id": package.id, "id": held.id, "services": sorted(held.services)}
        buckets = dict.fromkeys(Bucket, 0) | {Bucket.AVAILABLE: held.remaining}
        connection.execute(sa.insert(ENTITLEMENTS).values(row | buckets | {"sold": held.remaining}))


def _packages_of(
    connection: sa.Connection, client_id: str, not_over_at: datetime, also: Iterable[str]
) -> list[Package]:
    package, held = PACKAGES.c, ENTITLEMENTS.c
    its_own = (package.client_id == client_id) | package.shared_with.contains([client_id])
    # The instant is the caller's: our own clock would leave out what paid for yesterday.
    not_over = package.valid_until.is_(None) | (package.valid_until > not_over_at)
    # One statement sees one moment; of two, one could look before and one after an exchange.
    rows = connection.execute(
        sa.select(*package, held.id.label("held_id"), held.services, held.available)
        .join(ENTITLEMENTS)
        .where(its_own & not_over | package.id.in_(list(also)))
        .order_by(package.id, held.id)
    )
    return [_package(list(each)) for _, each in groupby(rows.mappings(), key=itemgetter("id"))]


def _package(rows: Sequence[sa.RowMapping]) -> Package:
    fields = {name: rows[0][name] for name in _OF_A_PACKAGE}
    words = {"kind": PackageKind(fields["kind"]), "status": PackageStatus(fields["status"])}
    entitlements = [
        Entitlement(id=row["held_id"], services=row["services"], remaining=row["available"])
        for row in rows
    ]
    return Package(**fields | words | {"entitlements": entitlements})


def _redemption(connection: sa.Connection, booking_id: str) -> Redemption | None:
    document = connection.scalar(
        sa.select(REDEMPTIONS.c.document).where(REDEMPTIONS.c.booking_id == booking_id)
    )
    return None if document is None else Redemption.from_document(document)


def _movements_of(connection: sa.Connection, package_id: str) -> list[Movement]:
    of_it = sa.select(MOVEMENTS).where(MOVEMENTS.c.package_id == package_id)
    words = {"source": Bucket, "target": Bucket, "act": Act, "by": Actor}
    return [
        Movement(
            **{name: row[name] for name in _OF_A_MOVEMENT}
            | {name: word(row[name]) for name, word in words.items()}
        )
        for row in connection.execute(of_it.order_by(MOVEMENTS.c.number)).mappings()
    ]


def _commit(connection: sa.Connection, changes: Iterable[Change]) -> None:
    """Write what is new: redemptions by booking, then balances by entitlement, then the history.

    Every call locks rows in this one order, so no two calls wait for each other.
    """
    by_booking = sorted(changes, key=lambda change: change.after.booking.id)
    new = [change for change in by_booking if _is_new(connection, change)]
    moved: dict[tuple[str, str], Counter[Bucket]] = {}
    history = []
    for change in new:
        for each in change.movements:
            # Summed over all changes first: what one gives back may pay for another.
            buckets = moved.setdefault((each.package_id, each.entitlement_id), Counter())
            buckets[each.source] -= each.credits
            buckets[each.target] += each.credits
            row = {name: getattr(each, name) for name in _OF_A_MOVEMENT}
            history.append(row | {"version": change.after.version})
    for entitlement, buckets in sorted(moved.items()):
        _move(connection, entitlement, buckets)
    if history:
        connection.execute(sa.insert(MOVEMENTS), history)


def _is_new(connection: sa.Connection, change: Change) -> bool:
    """Store *after* where *before* is still there; False when *after* is stored already."""
    booking_id = change.after.booking.id
    row: dict[str, object] = {
        "version": change.after.version,
        "document": change.after.to_document(),
    }
    # Compare and set in one statement. It waits for whoever holds the row, and then looks again.
    write: sa.Insert | sa.Update
    if change.before is None:
        row["booking_id"] = booking_id
        write = postgresql.insert(REDEMPTIONS).values(row).on_conflict_do_nothing()
    else:
        found = REDEMPTIONS.c.booking_id == booking_id
        found &= REDEMPTIONS.c.version == change.before.version
        write = sa.update(REDEMPTIONS).where(found).values(row)
    if connection.scalar(write.returning(REDEMPTIONS.c.version)) is not None:
        return True
    if _redemption(connection, booking_id) == change.after:
        return False  # done before, and the acknowledgement was lost
    raise ConflictError(f"booking {booking_id!r} has changed: read it again and decide afresh")


def _move(
    connection: sa.Connection, entitlement: tuple[str, str], buckets: Counter[Bucket]
) -> None:
    """Move credits between the buckets of one entitlement; refuse to draw what is not there.

    The guard stands on the row that is written: PostgreSQL waits for a writer before us, and then
    asks the guard again, of the row as that one left it. A guard in a sub-select (`... WHERE id =
    (SELECT id ... WHERE available > 0)`) is not asked again, and spends the last credit twice,
    unless the sub-select locks with FOR UPDATE.
    """
    row = ENTITLEMENTS.c
    drawn = max(-buckets[Bucket.AVAILABLE], 0)  # a return is never refused
    written = connection.execute(
        sa.update(ENTITLEMENTS)
        .where(row.package_id == entitlement[0], row.id == entitlement[1], row.available >= drawn)
        .values({name: row[name] + credits_in for name, credits_in in buckets.items()})
    )
    if written.rowcount != 1:
        _check_held(connection, entitlement)
        raise ConflictError(f"{drawn} credits are not left in {entitlement}: decide afresh")


def _check_held(connection: sa.Connection, entitlement: tuple[str, str]) -> None:
    row = ENTITLEMENTS.c
    found = sa.select(row.id).where(row.package_id == entitlement[0], row.id == entitlement[1])
    if connection.scalar(found) is None:
        package_id, entitlement_id = entitlement
        raise UnknownEntitlementError(
            f"the tables hold no entitlement {entitlement_id!r} of package {package_id!r}"
        )
