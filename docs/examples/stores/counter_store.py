"""A store for a system that keeps a number per package and a row per booking, and no history.

Many booking systems count like this: one column says what is left. `Movement.available_delta` is
all that such a system needs to know of a movement. Copy this file and put your own tables in place
of these.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any

from pkgredeem import (
    Change,
    ConflictError,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
    UnknownEntitlementError,
)

_TABLES = """
CREATE TABLE IF NOT EXISTS package (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    facts TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS shared_package (
    package_id TEXT NOT NULL REFERENCES package (id),
    client_id TEXT NOT NULL,
    PRIMARY KEY (package_id, client_id)
);
CREATE TABLE IF NOT EXISTS credit (
    package_id TEXT NOT NULL REFERENCES package (id),
    id TEXT NOT NULL,
    services TEXT NOT NULL,
    remaining INTEGER NOT NULL CHECK (remaining >= 0),
    PRIMARY KEY (package_id, id)
);
CREATE TABLE IF NOT EXISTS booking (
    id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    document TEXT NOT NULL
);
"""
_PACKAGES = """
SELECT package.id, client_id, facts,
    (SELECT json_group_array(client_id) FROM shared_package WHERE package_id = package.id),
    credit.id, services, remaining
FROM package JOIN credit ON package_id = package.id
WHERE (
    (client_id = ?1 OR package.id IN (SELECT package_id FROM shared_package WHERE client_id = ?1))
    AND package.id IN (SELECT package_id FROM credit WHERE remaining > 0)
)
"""


class CounterStore:
    """A `RedemptionStore` that only counts what is left.

    One connection, one lock: the threads of one process take turns.
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        """Open the file, or keep everything in memory."""
        self._lock = RLock()
        self._connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, timeout=10
        )
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(_TABLES)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add(self, package: Package) -> None:
        """Take a package on, as it was sold."""
        moments = {
            name: None if moment is None else moment.isoformat()
            for name, moment in (
                ("sold_at", package.sold_at),
                ("valid_from", package.valid_from),
                ("valid_until", package.valid_until),
            )
        }
        words: dict[str, str | int] = {
            "kind": package.kind,
            "status": package.status,
            "priority": package.priority,
            "name": package.name,
        }
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO package VALUES (?, ?, ?)",
                (package.id, package.client_id, json.dumps(words | moments)),
            )
            connection.executemany(
                "INSERT INTO shared_package VALUES (?, ?)",
                [(package.id, client_id) for client_id in package.shared_with],
            )
            connection.executemany(
                "INSERT INTO credit VALUES (?, ?, ?, ?)",
                [
                    (package.id, held.id, json.dumps(sorted(held.services)), held.remaining)
                    for held in package.entitlements
                ],
            )

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> list[Package]:
        """Return the client's packages that may still pay then, and those named in *also*.

        The client's are those that have a credit left and are not over at that instant.
        """
        named = tuple(also)
        places = ", ".join("?" * len(named))
        # One statement sees one moment; of two, one could look before and one after an exchange.
        asked = f"{_PACKAGES} OR package.id IN ({places})"
        with self._alone() as connection:
            rows = connection.execute(asked, (client_id, *named)).fetchall()
        facts = {package_id: texts for package_id, *texts, _, _, _ in rows}
        held: dict[str, list[Entitlement]] = {package_id: [] for package_id in facts}
        for package_id, *_, entitlement_id, services, remaining in rows:
            held[package_id].append(
                Entitlement(services=json.loads(services), remaining=remaining, id=entitlement_id)
            )
        packages = (
            _package(package_id, owner, json.loads(text), json.loads(shared), held[package_id])
            for package_id, (owner, text, shared) in facts.items()
        )
        return [each for each in packages if each.id in named or not each.is_over_by(not_over_at)]

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it."""
        with self._alone() as connection:
            found = connection.execute(
                "SELECT document FROM booking WHERE id = ?", (booking_id,)
            ).fetchone()
        return None if found is None else Redemption.from_document(json.loads(found[0]))

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Raises:
            ConflictError: a version is not the one that was decided on, a credit is lacking, or
                somebody else holds the file.
            UnknownEntitlementError: no counter is kept for an entitlement of a movement.
        """
        with self._transaction():
            self._write(changes)

    @contextmanager
    def _alone(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection to one thread at a time, and tell a locked file as a conflict."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                    raise ConflictError(f"the file is locked ({error}): try again") from error
                raise

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend the connection with the write lock; commit when all went well, else roll back."""
        with self._alone() as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _write(self, changes: Iterable[Change]) -> None:
        deltas: Counter[tuple[str, str]] = Counter()
        for change in changes:
            after = change.after
            stored = self.redemption(after.booking.id)
            if stored == after:
                continue
            version = None if stored is None else stored.version
            if version != (None if change.before is None else change.before.version):
                raise ConflictError(f"booking {after.booking.id!r} has changed: read it again")
            self._connection.execute(
                "INSERT OR REPLACE INTO booking VALUES (?, ?, ?)",
                (after.booking.id, after.version, json.dumps(after.to_document())),
            )
            for movement in change.movements:
                deltas[movement.package_id, movement.entitlement_id] += movement.available_delta
        for (package_id, entitlement_id), delta in sorted(deltas.items()):
            # The guard stands in the row that is written, and what one change returns is taken
            # together with what another one draws.
            written = self._connection.execute(
                "UPDATE credit SET remaining = remaining + :delta"
                " WHERE package_id = :package AND id = :id AND remaining + :delta >= 0",
                {"package": package_id, "id": entitlement_id, "delta": delta},
            )
            if written.rowcount == 0:
                self._check_held(package_id, entitlement_id)
                raise ConflictError(f"too few credits left in {package_id!r}: read it again")

    def _check_held(self, package_id: str, entitlement_id: str) -> None:
        found = self._connection.execute(
            "SELECT 1 FROM credit WHERE package_id = ? AND id = ?", (package_id, entitlement_id)
        ).fetchone()
        if found is None:
            raise UnknownEntitlementError(
                f"no entitlement {entitlement_id!r} of package {package_id!r} is kept"
            )


def _package(
    package_id: str,
    client_id: str,
    facts: dict[str, Any],
    shared_with: list[str],
    held: Iterable[Entitlement],
) -> Package:
    sold_at, valid_from, valid_until = (
        None if facts[name] is None else datetime.fromisoformat(facts[name])
        for name in ("sold_at", "valid_from", "valid_until")
    )
    return Package(
        id=package_id,
        client_id=client_id,
        entitlements=held,
        kind=PackageKind(facts["kind"]),
        status=PackageStatus(facts["status"]),
        sold_at=sold_at,
        valid_from=valid_from,
        valid_until=valid_until,
        priority=facts["priority"],
        name=facts["name"],
        shared_with=shared_with,
    )
