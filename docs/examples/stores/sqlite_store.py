"""A store in one SQLite file: many threads, many processes, nothing to install.

Copy this file, and put your own columns beside these. What it relies on:

- `BEGIN IMMEDIATE` takes the one write lock before anything is read for writing, so that no two
  commits overlap; readers never wait, because the journal is a write-ahead log.
- The table of movements is append-only, by trigger, and the balances follow it, by trigger. A
  balance below zero, a second redemption of a booking or a version that is skipped is refused by
  the schema, whatever the code tries.
- What a plan says beyond the article (D40) is kept as its part of a case document, which needs the
  extra `documents`. Where uses are counted, the version of the package is compared in the row that
  is written (D57), and read in one statement with the uses: those are no table of their own, since
  each booking has moved a credit of the package that it uses.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from pkgredeem import (
    UNLIMITED,
    AccountSettings,
    Act,
    Actor,
    Balance,
    Booking,
    Bucket,
    Case,
    Change,
    Client,
    ConflictError,
    Entitlement,
    InvalidValueError,
    Movement,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    Service,
    UnknownEntitlementError,
    Unlimited,
)
from pkgredeem.documents import case_document, read_case

_SCHEMA: Final = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")

_PACKAGES: Final = """
SELECT client_id, kind, status, sold_at, valid_from, valid_until, priority, name,
    (SELECT json_group_array(client_id) FROM shared_package WHERE package_id = package.id),
    plan, version,
    CASE WHEN version IS NOT NULL THEN (
        SELECT json_group_array(json(document)) FROM redemption
        WHERE booking_id IN (SELECT booking_id FROM movement WHERE package_id = package.id)
    ) END,
    package.id, entitlement.id, services, unlimited, available
FROM package JOIN entitlement ON package_id = package.id
"""
_OF_CLIENT: Final = """
WHERE (
    client_id = ?1 OR package.id IN (SELECT package_id FROM shared_package WHERE client_id = ?1)
) AND (valid_until IS NULL OR valid_until > ?2)
"""
_ADD_MOVEMENT: Final = """
INSERT INTO movement
    (booking_id, package_id, entitlement_id, credits, source, target, act, at, by, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_RAISE_VERSION: Final = "UPDATE package SET version = version + 1 WHERE id = ?"
_MOVEMENTS: Final = """
SELECT booking_id, package_id, entitlement_id, credits, source, target, act, at, by, note
FROM movement ORDER BY number
"""

#: Around the package of a plan, since it is a case that documents are written of.
_NO_CASE: Final = Case(
    account=AccountSettings(),
    client=Client.guest(),
    packages=(),
    booking=Booking.of(Service(id="none"), id="none", starts_at=datetime(2026, 1, 1, tzinfo=UTC)),
    now=datetime(2026, 1, 1, tzinfo=UTC),
)


class SqliteStore:
    """A `RedemptionStore` in a SQLite file.

    One object may be used from many threads, and one file from many processes; a process that forks
    opens the file anew. Close it when you are done, or use it in a `with` statement.
    """

    def __init__(
        self, path: str | Path, *, synchronous: str = "FULL", patience: float = 10.0
    ) -> None:
        """Open the file, and make its tables when there are none.

        Args:
            path: the file; it is made when it is not there.
            synchronous: FULL keeps what was committed through a power cut; NORMAL may lose the last
                commits in one, and OFF may lose the file. A killed process loses nothing in any.
            patience: seconds that a commit waits for the commits of others before it is a conflict.
        """
        if synchronous not in {"OFF", "NORMAL", "FULL", "EXTRA"}:
            raise InvalidValueError("synchronous", synchronous, "OFF, NORMAL, FULL or EXTRA")
        self.path = str(path)
        self._synchronous = synchronous
        self._patience = patience
        self._idle: list[sqlite3.Connection] = []
        try:
            with self._connection() as connection:
                self._prepare(connection)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Close the file; whatever is called later opens it again."""
        while self._idle:
            self._idle.pop().close()

    def add(self, package: Package) -> None:
        """Take a package on, as it was sold: its `remaining` credits are what it is sold with.

        Raises:
            InvalidValueError: a package of that id is there already.
        """
        with self._transaction() as connection:
            try:
                connection.execute(
                    "INSERT INTO package VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        package.id,
                        package.client_id,
                        package.kind,
                        package.status,
                        _text_of(package.sold_at),
                        _text_of(package.valid_from),
                        _text_of(package.valid_until),
                        package.priority,
                        package.name,
                        _plan_of(package) if package.beyond else None,
                        0 if package.has_quotas or package.lasts is not None else None,
                    ),
                )
            except sqlite3.IntegrityError:
                raise InvalidValueError(
                    "package.id", package.id, "an id that the store does not hold yet"
                ) from None
            connection.executemany(
                "INSERT INTO shared_package VALUES (?, ?)",
                [(package.id, client_id) for client_id in package.shared_with],
            )
            connection.executemany(
                "INSERT INTO entitlement (package_id, id, services, unlimited, sold, available)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        package.id,
                        held.id,
                        json.dumps(sorted(held.services)),
                        held.remaining is UNLIMITED,
                        *[0 if held.remaining is UNLIMITED else held.remaining] * 2,
                    )
                    for held in package.entitlements
                ],
            )

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the client's packages that are not over then, and those named in *also*.

        Each comes with what is left in it now.
        """
        named = tuple(also)
        places = ", ".join("?" * len(named))
        return self._packages(
            f"{_OF_CLIENT} OR package.id IN ({places})", (client_id, _text_of(not_over_at), *named)
        )

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it."""
        with self._connection() as connection:
            return _stored(connection, booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Raises:
            ConflictError: a version, of a booking or a package, is not the one that was decided on,
                a credit is lacking, or the file was locked for longer than the patience.
            UnknownEntitlementError: the file does not hold an entitlement of a movement.
        """
        with self._transaction() as connection:
            fresh = [change for change in changes if _put(connection, change)]
            _raise_versions(connection, fresh)
            moved = [movement for change in fresh for movement in change.movements]
            # What returns comes first, so that it can pay for what is drawn: the balances are
            # checked with each row.
            moved.sort(key=_drawn)
            for movement in moved:
                _add_movement(connection, movement)

    def packages(self) -> list[Package]:
        """Return every package with what is left now, by client and id."""
        return self._packages("ORDER BY client_id, package.id", ())

    def redemptions(self) -> list[Redemption]:
        """Return every redemption, in the order in which they were first booked."""
        with self._connection() as connection:
            found = connection.execute("SELECT document FROM redemption ORDER BY rowid")
            return [Redemption.from_document(json.loads(text)) for (text,) in found]

    def movements(self) -> list[Movement]:
        """Return the whole history, in the order in which it was committed."""
        with self._connection() as connection:
            found = connection.execute(_MOVEMENTS)
            return [_movement(*row) for row in found]

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are.

        Raises:
            InvalidValueError: the store does not hold it.
        """
        with self._connection() as connection:
            found = connection.execute(
                "SELECT unlimited, available, reserved, redeemed, forfeited FROM entitlement"
                " WHERE package_id = ? AND id = ?",
                (package_id, entitlement_id),
            ).fetchone()
        if found is None:
            raise InvalidValueError("entitlement", (package_id, entitlement_id), "one in the store")
        unlimited, available, reserved, redeemed, forfeited = found
        return Balance(
            available=_left(unlimited, available),
            reserved=reserved,
            redeemed=redeemed,
            forfeited=forfeited,
        )

    def _packages(self, where: str, given: tuple[str | None, ...]) -> list[Package]:
        with self._connection() as connection:
            rows = connection.execute(_PACKAGES + where, given).fetchall()
        held: dict[str, list[Entitlement]] = {}
        for *_, package_id, entitlement_id, services, unlimited, available in rows:
            held.setdefault(package_id, []).append(
                Entitlement(
                    services=json.loads(services),
                    remaining=_left(unlimited, available),
                    id=entitlement_id,
                )
            )
        facts = {row[12]: row[:12] for row in rows}
        return [_package(name, held[name], *row) for name, row in facts.items()]

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=self._patience,
            isolation_level=None,  # every BEGIN and COMMIT stands in this file
            check_same_thread=False,  # a connection is used by one thread at a time
        )
        try:
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
        except BaseException:  # the file is no database, or is locked
            connection.close()
            raise
        return connection

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that nobody else uses, and tell a locked file as a conflict."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if _is_busy(error):
                raise ConflictError("the file is locked by another commit: try again") from error
            raise
        finally:
            self._idle.append(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection with the write lock; commit when all went well, else roll back."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except sqlite3.IntegrityError as error:
                raise ConflictError(f"the schema refuses it ({error}): read again") from error
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _prepare(self, connection: sqlite3.Connection) -> None:
        until = time.monotonic() + self._patience
        while True:
            try:
                (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                # The switch does not wait for others who open the file at the same moment.
                if not _is_busy(error) or time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                break
        if mode != "wal":
            raise InvalidValueError("path", self.path, "a file, since its log is kept beside it")
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            connection.executescript(_SCHEMA)


def _stored(connection: sqlite3.Connection, booking_id: str) -> Redemption | None:
    found = connection.execute(
        "SELECT document FROM redemption WHERE booking_id = ?", (booking_id,)
    ).fetchone()
    return None if found is None else Redemption.from_document(json.loads(found[0]))


def _put(connection: sqlite3.Connection, change: Change) -> bool:
    """Store the redemption if its version is the one decided on; False when it is there."""
    after = change.after
    document = json.dumps(after.to_document())
    if change.before is None:
        written = connection.execute(
            "INSERT INTO redemption (booking_id, version, document) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (after.booking.id, after.version, document),
        )
    else:
        written = connection.execute(
            "UPDATE redemption SET version = ?, document = ? WHERE booking_id = ? AND version = ?",
            (after.version, document, after.booking.id, change.before.version),
        )
    if written.rowcount == 1:
        return True
    if _stored(connection, after.booking.id) == after:
        return False  # it was committed before, and the acknowledgement was lost
    raise ConflictError(f"booking {after.booking.id!r} has changed since: read it again")


def _raise_versions(connection: sqlite3.Connection, changes: Iterable[Change]) -> None:
    """Raise the version of each package drawn on, if what was decided on is stored (D57)."""
    drawn_on = {draw.package_id for change in changes for draw in change.after.draws}
    versions = {pair for change in changes for pair in change.package_versions}
    # The higher one of two first: it is refused unless it is the stored one, and then the other is.
    for package_id, version in sorted(versions, reverse=True):
        written = connection.execute(f"{_RAISE_VERSION} AND version = ?", (package_id, version))
        if written.rowcount != 1:
            raise ConflictError(
                f"package {package_id!r} is no longer at version {version}: read it again"
            )
    for package_id in sorted(drawn_on - {package_id for package_id, _ in versions}):
        connection.execute(_RAISE_VERSION, (package_id,))


def _add_movement(connection: sqlite3.Connection, movement: Movement) -> None:
    try:
        connection.execute(_ADD_MOVEMENT, _row(movement))
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            raise
        # Its redemption was put before it, so it is the entitlement that is not there.
        raise UnknownEntitlementError(
            f"the file holds no entitlement {movement.entitlement_id!r} of package "
            f"{movement.package_id!r}"
        ) from error


def _plan_of(package: Package) -> str:
    return json.dumps(case_document(replace(_NO_CASE, packages=(package,))))


def _package(  # noqa: PLR0917 - the columns of the tables
    package_id: str,
    entitlements: list[Entitlement],
    client_id: str,
    kind: str,
    status: str,
    sold_at: str | None,
    valid_from: str | None,
    valid_until: str | None,
    priority: int,
    name: str,
    shared_with: str,
    plan: str | None,
    version: int | None,
    redemptions: str | None,
) -> Package:
    package = Package(
        id=package_id,
        client_id=client_id,
        entitlements=entitlements,
        kind=PackageKind(kind),
        status=PackageStatus(status),
        sold_at=_moment(sold_at),
        valid_from=_moment(valid_from),
        valid_until=_moment(valid_until),
        priority=priority,
        name=name,
        shared_with=json.loads(shared_with),
    )
    if plan is None:
        return package
    (planned,) = read_case(json.loads(plan)).packages
    left = {entitlement.id: entitlement.remaining for entitlement in entitlements}
    stored = map(Redemption.from_document, json.loads(redemptions or "[]"))
    return replace(
        package,
        entitlements=tuple(replace(each, remaining=left[each.id]) for each in planned.entitlements),
        book_until=planned.book_until,
        pauses=planned.pauses,
        lasts=planned.lasts,
        restrictions=planned.restrictions,
        quotas=planned.quotas,
        cancellation=planned.cancellation,
        traits=planned.traits,
        uses=tuple(use for redemption in stored for use in redemption.uses_of(package_id)),
        version=version,
    )


def _left(unlimited: int, available: int) -> int | Unlimited:
    return UNLIMITED if unlimited else available


def _drawn(movement: Movement) -> int:
    return -movement.available_delta


def _row(movement: Movement) -> tuple[str | int, ...]:
    return (
        movement.booking_id,
        movement.package_id,
        movement.entitlement_id,
        movement.credits,
        movement.source,
        movement.target,
        movement.act,
        movement.at.isoformat(),
        movement.by,
        movement.note,
    )


def _movement(*row: str | int) -> Movement:
    booking_id, package_id, entitlement_id, moved, source, target, act, at, by, note = row
    return Movement(
        booking_id=str(booking_id),
        package_id=str(package_id),
        entitlement_id=str(entitlement_id),
        credits=int(moved),
        source=Bucket(str(source)),
        target=Bucket(str(target)),
        act=Act(str(act)),
        at=datetime.fromisoformat(str(at)),
        by=Actor(str(by)),
        note=str(note),
    )


def _text_of(moment: datetime | None) -> str | None:
    """Return the instant as the tables hold it: of two such texts the later instant is greater."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _is_busy(error: sqlite3.OperationalError) -> bool:
    return error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
