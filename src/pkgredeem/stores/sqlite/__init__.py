"""A store in one SQLite file: many threads, many processes, nothing to install.

The embedded default, on the standard library alone; SQLite 3.37 or newer, which Python is built
with. What it relies on:

- `BEGIN IMMEDIATE` takes the one write lock before anything is read for writing, so that no two
  commits overlap; readers never wait, because the journal is a write-ahead log.
- The table of movements is append-only, by trigger, and the balances follow it, by trigger. A
  balance below zero, a second redemption of a booking or a version that is skipped is refused by
  the schema, whatever the code tries.
- Who wants to write waits in a queue, so that nobody starves.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, Self, final

from pkgredeem._model import checks as check
from pkgredeem._model.ledger import Balance, Change, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem._model.words import UNLIMITED
from pkgredeem.exceptions import InvalidValueError
from pkgredeem.stores import _ledger
from pkgredeem.stores._texts import text_to_store
from pkgredeem.stores.sqlite import _commit, _rows
from pkgredeem.stores.sqlite._file import File

_PACKAGES_REMEMBERED: Final = 1_000
_PACKAGES: Final = """
SELECT document, version,
    (SELECT json_group_array(json_array(id, available)) FROM entitlement
        WHERE package_id = package.id),
    (SELECT json_group_array(json_array(
        booking_id, line, entitlement_id, service_id, client_id, starts_at, state
    )) FROM use WHERE package_id = package.id)
FROM package
"""
# Indexes answer each part of it: for a plain "client_id = ?1 OR ..." all packages would be read.
_OF_CLIENT: Final = """
WHERE id IN (
    SELECT id FROM package WHERE client_id = ?1
    UNION ALL SELECT package_id FROM share WHERE share.client_id = ?1
) AND (valid_until IS NULL OR valid_until > ?2)
"""
_BALANCE: Final = """
SELECT entitlement.id, available, reserved, redeemed, forfeited
FROM package LEFT JOIN entitlement ON package_id = package.id AND entitlement.id = ?
WHERE package.id = ?
"""
_MOVEMENTS: Final = """
SELECT booking_id, package_id, entitlement_id, credits, source, target, act, at, by, note
FROM movement ORDER BY number
"""
_REDEMPTIONS: Final = "SELECT document FROM redemption ORDER BY number"
_SOLD: Final = "SELECT document, version FROM package WHERE id = ?"
_ADD_PACKAGE: Final = """
INSERT INTO package (id, client_id, valid_until, document) VALUES (?, ?, ?, ?)
"""
_REVISE: Final = """
UPDATE package SET client_id = ?, valid_until = ?, document = ?, version = version + 1 WHERE id = ?
"""
_UNSHARE: Final = "DELETE FROM share WHERE package_id = ?"
_SHARE: Final = "INSERT INTO share VALUES (?, ?)"
_ADD_ENTITLEMENT: Final = """
INSERT INTO entitlement (package_id, id, sold, available) VALUES (?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""


@final
class SqliteStore:
    """A `RedemptionStore` in a SQLite file.

    One object may be used from many threads, and one file from many processes; what a process that
    forks does with the object, it does on connections of its own. Commits queue: first come, first
    served by one object, and between objects and processes nobody waits much longer than others.
    Close it when you are done, or use it in a `with` statement.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from pkgredeem import Entitlement, Package
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> with TemporaryDirectory() as folder, SqliteStore(Path(folder) / "salon.db") as store:
        ...     store.add(Package(id="p1", client_id="ana", entitlements=five_facials))
        ...     store.balance("p1")
        Balance(available=5, reserved=0, redeemed=0, forfeited=0)
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

        Raises:
            InvalidValueError: the file belongs to another program, a newer version of this store
                has made it, or it is no file.
            ConflictError: the file was locked for longer than the patience.
        """
        if synchronous not in {"OFF", "NORMAL", "FULL", "EXTRA"}:
            raise InvalidValueError("synchronous", synchronous, "OFF, NORMAL, FULL or EXTRA")
        self.path: Final = str(path)
        # A document never means another package, so that the object may remember what it has read.
        self._as_sold = lru_cache(_PACKAGES_REMEMBERED)(_rows.package_as_sold)
        self._file = File(self.path, synchronous=synchronous, patience=patience)

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Close the file; whatever is called later opens it again."""
        self._file.close()

    def add(self, package: Package) -> None:
        """Take a package on, as it was sold: its `remaining` credits are what it is sold with.

        Its uses and its version are the store's own from then on (D66).

        Raises:
            ConflictError: the file was locked for longer than the patience.
            InvalidValueError: it holds a package of that id already.
            ConflictError: the file was locked for longer than the patience.
        """
        check.kind_of("package", package, Package)
        row = (text_to_store(package.id), *_rows.row_of_facts(package))
        with self._file.writing() as connection:
            try:
                connection.execute(_ADD_PACKAGE, row)
            except sqlite3.IntegrityError:
                raise _ledger.package_id_taken(package.id) from None
            _add_parts(connection, package)

    def revise(self, package: Package) -> None:
        """Take what has become of a package: archived, extended, another owner, a next cycle.

        Its uses and its version are the store's own (D66); the version is raised (D57). Of an
        entitlement that it holds already the credits stay as they were sold, whatever `remaining`
        says; one that *package* leaves out stays as it is, and a new one is sold with what is left
        in it.

        Where *package* says a version, it must be the stored one: what two people do to a package
        at once is done one after the other, each having seen what the other did.

        Raises:
            ConflictError: its version is another one by now, or others were quicker.
            InvalidValueError: it holds no package of that id.
            ConflictError: the file was locked for longer than the patience.
        """
        check.kind_of("package", package, Package)
        row_id = text_to_store(package.id)
        with self._file.writing() as connection:
            found = connection.execute(_SOLD, (row_id,)).fetchone()
            if found is None:
                raise _ledger.package_unknown(package.id)
            document, version = found
            _ledger.check_revision(package, version)
            revised = _ledger.revised(_rows.package_as_sold(document), package)
            connection.execute(_REVISE, (*_rows.row_of_facts(revised), row_id))
            connection.execute(_UNSHARE, (row_id,))
            _add_parts(connection, package)

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return the client's packages that are not over then, and those named in *also*.

        Each comes with what is left in it now, its uses and its version, all of one moment.

        Raises:
            ConflictError: the file was locked for longer than the patience.
        """
        named = tuple(map(text_to_store, also))
        # Without a name there is no index for "IN ()", and all packages would be read.
        or_named = f"OR id IN ({', '.join('?' * len(named))})" if named else ""
        client_id, moment = _ledger.checked_read(client_id, not_over_at)
        given = (text_to_store(client_id), _rows.instant_text(moment), *named)
        return self._packages(_OF_CLIENT + or_named, given)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it.

        Raises:
            ConflictError: the file was locked for longer than the patience.
        """
        with self._file.reading() as connection:
            return _commit.stored(connection, booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Raises:
            ConflictError: a version, of a booking or a package, is not the one that was decided on,
                a credit is lacking, or the file was locked for longer than the patience.
            InvalidValueError: two changes are of one booking, or the movements of one are not what
                its draws say.
            UnknownEntitlementError: the store does not hold an entitlement of a movement.
        """
        _ledger.check_changes(changes)
        asked = [_commit.Rows.of(change) for change in changes]
        with self._file.writing() as connection:
            _commit.write(connection, asked)

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are.

        Raises:
            InvalidValueError: the store does not hold that package, or it has no such entitlement.
            ConflictError: the file was locked for longer than the patience.
        """
        with self._file.reading() as connection:
            named = (text_to_store(entitlement_id), text_to_store(package_id))
            found = connection.execute(_BALANCE, named).fetchone()
        if found is None:
            raise _ledger.package_unknown(package_id)
        name, available, reserved, redeemed, forfeited = found
        if name is None:
            raise _ledger.entitlement_unknown(entitlement_id)
        return Balance(
            available=UNLIMITED if available is None else available,
            reserved=reserved,
            redeemed=redeemed,
            forfeited=forfeited,
        )

    def packages(self) -> tuple[Package, ...]:
        """Return every package as it is now, by client and id.

        Raises:
            ConflictError: the file was locked for longer than the patience.
        """
        return self._packages("ORDER BY client_id, id", ())

    def redemptions(self) -> tuple[Redemption, ...]:
        """Return every redemption, in the order in which they were first booked.

        Raises:
            ConflictError: the file was locked for longer than the patience.
        """
        with self._file.reading() as connection:
            found = connection.execute(_REDEMPTIONS).fetchall()
        return tuple(_rows.redemption_of(*row) for row in found)

    def movements(self) -> tuple[Movement, ...]:
        """Return the whole history, in the order in which it was committed.

        Raises:
            ConflictError: the file was locked for longer than the patience.
        """
        with self._file.reading() as connection:
            found = connection.execute(_MOVEMENTS).fetchall()
        return tuple(_rows.movement_of(*row) for row in found)

    def _packages(self, which: str, given: tuple[str | None, ...]) -> tuple[Package, ...]:
        with self._file.reading() as connection:
            found = connection.execute(_PACKAGES + which, given).fetchall()
        return tuple(
            [_rows.package_as_it_is(self._as_sold(document), *now) for document, *now in found]
        )


def _add_parts(connection: sqlite3.Connection, package: Package) -> None:
    """Add who else holds a package, and what it is sold with, but for what is there already."""
    shares = [_rows.texts(package.id, client_id) for client_id in package.shared_with]
    connection.executemany(_SHARE, shares)
    connection.executemany(_ADD_ENTITLEMENT, _rows.rows_of_entitlements(package))
