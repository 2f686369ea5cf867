"""A store for a system that keeps a number per package and a row per booking, and no history.

Many booking systems count like this: one column says what is left. `Movement.available_delta` is
all that such a system needs to know of a movement. Copy this file and put your own tables in place
of these.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from threading import RLock

from pkgredeem import (
    Change,
    ConflictError,
    Entitlement,
    Package,
    PackageKind,
    PackageStatus,
    Redemption,
)

_TABLES = """
CREATE TABLE IF NOT EXISTS package (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    facts TEXT NOT NULL
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
        words = {"kind": package.kind, "status": package.status, "priority": package.priority}
        with self._lock:
            self._connection.execute(
                "INSERT INTO package VALUES (?, ?, ?)",
                (package.id, package.client_id, json.dumps(words | moments)),
            )
            self._connection.executemany(
                "INSERT INTO credit VALUES (?, ?, ?, ?)",
                [
                    (package.id, held.id, json.dumps(sorted(held.services)), held.remaining)
                    for held in package.entitlements
                ],
            )

    def packages_of(self, client_id: str, also: Iterable[str] = ()) -> list[Package]:
        """Return the client's packages that have a credit left, and those named in *also*."""
        with self._lock:
            wanted = dict.fromkeys(also)
            wanted |= dict.fromkeys(
                name
                for (name,) in self._connection.execute(
                    "SELECT DISTINCT package.id FROM package JOIN credit ON package_id = package.id"
                    " WHERE client_id = ? AND remaining > 0",
                    (client_id,),
                )
            )
            found = [self._package(package_id) for package_id in wanted]
        return [package for package in found if package is not None]

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it."""
        with self._lock:
            found = self._connection.execute(
                "SELECT document FROM booking WHERE id = ?", (booking_id,)
            ).fetchone()
        return None if found is None else Redemption.from_document(json.loads(found[0]))

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Raises:
            ConflictError: a version is not the one that was decided on, a credit is lacking, or
                somebody else holds the file.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._write(changes)
                self._connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise ConflictError(f"the file is locked ({error}): try again") from error
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

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
                raise ConflictError(f"too few credits left in {package_id!r}: read it again")

    def _package(self, package_id: str) -> Package | None:
        found = self._connection.execute(
            "SELECT client_id, facts FROM package WHERE id = ?", (package_id,)
        ).fetchone()
        if found is None:
            return None
        facts = json.loads(found[1])
        sold_at, valid_from, valid_until = (
            None if facts[name] is None else datetime.fromisoformat(facts[name])
            for name in ("sold_at", "valid_from", "valid_until")
        )
        return Package(
            id=package_id,
            client_id=found[0],
            entitlements=tuple(
                Entitlement(services=json.loads(services), remaining=remaining, id=entitlement_id)
                for entitlement_id, services, remaining in self._connection.execute(
                    "SELECT id, services, remaining FROM credit WHERE package_id = ?", (package_id,)
                )
            ),
            kind=PackageKind(facts["kind"]),
            status=PackageStatus(facts["status"]),
            sold_at=sold_at,
            valid_from=valid_from,
            valid_until=valid_until,
            priority=facts["priority"],
        )
