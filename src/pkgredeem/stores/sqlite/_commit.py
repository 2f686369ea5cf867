"""What a commit writes, statement by statement."""

import sqlite3
from collections.abc import Iterable
from typing import Final, NamedTuple

from pkgredeem._model.ledger import Change, Movement
from pkgredeem._model.redemption import Redemption
from pkgredeem.exceptions import ConflictError
from pkgredeem.stores import _ledger
from pkgredeem.stores._texts import text_to_store
from pkgredeem.stores.sqlite import _rows

FIND: Final = "SELECT document FROM redemption WHERE booking_id = ?"
INSERT: Final = """
INSERT INTO redemption (booking_id, version, document) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
"""
UPDATE: Final = """
UPDATE redemption SET version = ?, document = ? WHERE booking_id = ? AND version = ?
"""
RAISE_VERSION: Final = "UPDATE package SET version = version + 1 WHERE id = ?"
RAISE_IF_VERSION: Final = f"{RAISE_VERSION} AND version = ?"
IS_HELD: Final = "SELECT 1 FROM package WHERE id = ?"
LAST_NUMBER: Final = "SELECT coalesce(max(number), 0) FROM movement"
ADD_MOVEMENT: Final = """
INSERT INTO movement (
    number, booking_id, version, place, package_id, entitlement_id, credits, source, target, act,
    at, by, note
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
REMOVE_USES: Final = "DELETE FROM use WHERE package_id = ? AND booking_id = ?"
ADD_USE: Final = "INSERT INTO use VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class Rows(NamedTuple):
    """A change, and the rows that are made of it before the file is locked."""

    change: Change
    document: str
    uses: list[_rows.Row]

    @classmethod
    def of(cls, change: Change) -> "Rows":
        """Make the rows of a change."""
        document = _rows.document_of(change.after)
        return cls(change, document, _rows.rows_of_uses(change))


def stored(connection: sqlite3.Connection, booking_id: str) -> Redemption | None:
    """Return the redemption of a booking, or None."""
    found = connection.execute(FIND, (text_to_store(booking_id),)).fetchone()
    return None if found is None else _rows.redemption_of(found[0])


def write(connection: sqlite3.Connection, asked: Iterable[Rows]) -> None:
    """Write what is not written yet, in a transaction that is open.

    Raises:
        ConflictError: a version is not the one that was decided on, or a credit is lacking.
        UnknownEntitlementError: the file does not hold an entitlement of a movement.
    """
    fresh = [rows for rows in asked if _put(connection, rows)]
    _raise_versions(connection, [rows.change for rows in fresh])
    moved = [
        (movement, rows.change.after.version, place)
        for rows in fresh
        for place, movement in enumerate(rows.change.movements)
    ]
    # What returns comes first, so that it can pay for what is drawn: balances are checked with each
    # row. The history keeps the order that was given.
    first = 1 + connection.execute(LAST_NUMBER).fetchone()[0] if len(moved) > 1 else None
    for index, (movement, version, place) in sorted(enumerate(moved), key=_drawn):
        number = None if first is None else first + index
        _move(connection, movement, (number, version, place))
    for rows in fresh:
        _replace_uses(connection, rows)


def _put(connection: sqlite3.Connection, rows: Rows) -> bool:
    """Store the redemption if its version is the one decided on; False when it is there."""
    before, after = rows.change.before, rows.change.after
    booking_id = after.booking.id
    row_id = text_to_store(booking_id)
    if before is None:
        written = connection.execute(INSERT, (row_id, after.version, rows.document))
    else:
        row = (after.version, rows.document, row_id, before.version)
        written = connection.execute(UPDATE, row)
    if written.rowcount == 1:
        return True
    if stored(connection, booking_id) == after:
        return False  # it was committed before, and the acknowledgement was lost
    raise ConflictError(f"booking {booking_id!r} has changed since: read it again")


def _raise_versions(connection: sqlite3.Connection, changes: list[Change]) -> None:
    """Raise the version of each package drawn on, if what was decided on is stored (D57)."""
    for package_id, version in _ledger.versions_to_raise(changes).items():
        row_id = text_to_store(package_id)
        if version is None:
            connection.execute(RAISE_VERSION, (row_id,))
            continue
        written = connection.execute(RAISE_IF_VERSION, (row_id, version))
        # One that is not there has no version: its movements say so.
        if not written.rowcount and connection.execute(IS_HELD, (row_id,)).fetchone():
            raise _ledger.version_conflict(package_id, version)


def _drawn(moved: tuple[int, tuple[Movement, int, int]]) -> int:
    return -moved[1][0].available_delta


def _move(
    connection: sqlite3.Connection, movement: Movement, numbers: tuple[int | None, int, int]
) -> None:
    """Add a movement to the history; the balance follows, by trigger.

    Its numbers are that in the history, None for the next one, the version of the redemption, and
    that in the act.
    """
    number, version, place = numbers
    try:
        row = _rows.row_of_movement(movement, version, place)
        connection.execute(ADD_MOVEMENT, (number, *row))
    except sqlite3.IntegrityError as error:
        where = movement.package_id, movement.entitlement_id
        if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_CHECK:
            raise _ledger.credits_lacking(*where) from error
        if error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
            # Its redemption was put before it, so it is the entitlement that is not there.
            raise _ledger.place_unknown(*where) from error
        raise


def _replace_uses(connection: sqlite3.Connection, rows: Rows) -> None:
    before = rows.change.before
    if before is not None:
        for package_id in {draw.package_id for draw in before.draws}:
            connection.execute(REMOVE_USES, _rows.texts(package_id, before.booking.id))
    for row in rows.uses:
        connection.execute(ADD_USE, row)
