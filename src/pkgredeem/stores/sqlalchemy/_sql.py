"""How the store talks to a connection: transactions, savepoints, conflicts.

What it does to a connection is undone when the connection goes back to the caller's pool.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final, TypeAlias, TypeVar, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from pkgredeem.exceptions import ConflictError, InvalidValueError

_Given = TypeVarTuple("_Given")
_Answer = TypeVar("_Answer")

Rows: TypeAlias = Sequence[Mapping[str, object]]
Transaction: TypeAlias = Callable[[sa.Connection], AbstractContextManager[None]]

_INSERTS: Final[Mapping[str, Callable[[sa.Table], postgresql.Insert | sqlite.Insert]]] = {
    "postgresql": postgresql.insert,
    "sqlite": sqlite.insert,
}

# serialization_failure, deadlock_detected, lock_not_available. A unique key that another commit
# took first never comes as an error: where that can be, rows are inserted with ON CONFLICT.
_LOST_RACES: Final = {"40001", "40P01", "55P03"}
_BUSY, _LOCKED = 5, 6  # the primary result codes of SQLite


class Sql:
    """Sends statements of the store on a connection of PostgreSQL or SQLite."""

    def __init__(self, connection: sa.Connection, schema: str | None) -> None:
        """Keep both.

        Raises:
            InvalidValueError: the connection is of another kind of database.
        """
        self._connection = connection
        self._options = {} if schema is None else {"schema_translate_map": {None: schema}}
        if connection.dialect.name not in _INSERTS:
            raise InvalidValueError("bind", connection.dialect.name, "of PostgreSQL or of SQLite")
        self._insert = _INSERTS[connection.dialect.name]

    def run(
        self, statement: sa.Executable, given: Mapping[str, object] | None = None
    ) -> sa.CursorResult[Any]:
        """Send one statement, with what its parameters stand for."""
        return self._connection.execute(statement, given, execution_options=self._options)

    def add(self, table: sa.Table, rows: Rows) -> None:
        """Insert rows; none at all sends nothing."""
        if rows:
            insert = sa.insert(table)
            self._connection.execute(insert, rows, execution_options=self._options)

    def add_new(self, table: sa.Table, row: Mapping[str, object]) -> bool:
        """Insert a row; False where its key is taken, also by who was quicker a moment ago."""
        insert = self._insert(table).values(row).on_conflict_do_nothing()
        return self.run(insert.returning(sa.literal(1))).scalar() is not None

    def update(self, statement: sa.Update) -> bool:
        """Tell whether a row was there to be updated."""
        return self.run(statement).rowcount > 0


def work_in(
    transaction: Transaction,
    connection: sa.Connection,
    schema: str | None,
    work: Callable[[Sql, *_Given], _Answer],
    *given: *_Given,
) -> _Answer:
    """Return what the work returns in such a transaction of that connection."""
    with transaction(connection):
        return work(Sql(connection, schema), *given)


@contextmanager
def own_read(connection: sa.Connection) -> Generator[None]:
    """Read on a connection of our own: one statement, which needs no BEGIN and no COMMIT."""
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="AUTOCOMMIT")
    yield


@contextmanager
def own_write(connection: sa.Connection) -> Generator[None]:
    """Write in a transaction of our own, whatever the caller's engine is set to.

    READ COMMITTED is enough, since every row is compared where it is written, and sees who was
    quicker instead of failing.
    """
    if connection.dialect.name == "postgresql":
        connection.execution_options(isolation_level="READ COMMITTED")
    with connection.begin():
        _lock_for_writing(connection)
        yield


@contextmanager
def joined_read(connection: sa.Connection) -> Generator[None]:
    """Read in the caller's transaction as it is."""
    del connection
    yield


@contextmanager
def joined_write(connection: sa.Connection) -> Generator[None]:
    """Write inside a savepoint of the caller's transaction."""
    _lock_for_writing(connection)
    with connection.begin_nested():
        yield


def _lock_for_writing(connection: sa.Connection) -> None:
    """Begin a transaction of SQLite that writes, unless the caller's has begun.

    The driver itself begins as late as with the first INSERT or UPDATE: a savepoint before it would
    be the transaction, and its release the commit. Where one has begun and nothing was read in
    it, the first statement takes the lock and waits for it as this does: so that must be a write.
    """
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def conflicts_told() -> Generator[None]:
    """Raise the `ConflictError` that an error of the database stands for, if it does."""
    try:
        yield
    except DBAPIError as error:
        found = error.orig
        busy = getattr(found, "sqlite_errorcode", 0) & 0xFF in {_BUSY, _LOCKED}
        if busy or getattr(found, "sqlstate", None) in _LOST_RACES:
            raise ConflictError(f"the database says {found}: read it again") from error
        raise
