"""The store for threads."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TypeAlias, TypeVar, TypeVarTuple, cast, final

import sqlalchemy as sa
from sqlalchemy.orm import Session, scoped_session

from pkgredeem._model import checks as check
from pkgredeem._model.ledger import Balance, Change, Movement
from pkgredeem._model.packages import Package
from pkgredeem._model.redemption import Redemption
from pkgredeem.exceptions import InvalidValueError
from pkgredeem.stores import _ledger
from pkgredeem.stores.sqlalchemy import _reads, _writes
from pkgredeem.stores.sqlalchemy._sql import (
    Sql,
    Transaction,
    conflicts_told,
    joined_read,
    joined_write,
    own_read,
    own_write,
    work_in,
)

_Given = TypeVarTuple("_Given")
_Answer = TypeVar("_Answer")
_Bind: TypeAlias = sa.Engine | sa.Connection | Session | scoped_session[Session]
_BINDS: Final = (sa.Engine, sa.Connection, Session, scoped_session)


@final
class SqlAlchemyStore:
    """Keeps packages and redemptions on PostgreSQL or SQLite: a `RedemptionStore` for threads.

    Made with an engine, each call is a transaction of its own, and one store serves every thread.
    The engine is used as it is and stays so: its other users see nothing of the store.

    Made with a connection or a session, it takes part in the transaction that the caller begins and
    ends: booking and redemption are kept together, or neither is. `add`, `revise` and `commit` are
    inside a savepoint, to which an error rolls back. Give the desk `attempts=1`, and when
    `ConflictError` arrives roll back and do all of it again. On SQLite write before you read in
    such a transaction, or begin it with BEGIN IMMEDIATE; else it may have read what is old by then,
    which is a conflict.

    The tables are made by `METADATA.create_all(engine)` or by Alembic: see `add_tables`.

    Raises:
        InvalidValueError: *bind* is none of those, or, once it is used, of another kind of
            database.

    Example:
        >>> import sqlalchemy as sa
        >>> from pkgredeem import Entitlement
        >>> from pkgredeem.stores.sqlalchemy import METADATA, SqlAlchemyStore
        >>> engine = sa.create_engine("sqlite://")
        >>> METADATA.create_all(engine)
        >>> store = SqlAlchemyStore(engine)
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> store.add(Package(id="p1", client_id="ana", entitlements=five_facials))
        >>> store.balance("p1")
        Balance(available=5, reserved=0, redeemed=0, forfeited=0)
    """

    def __init__(self, bind: _Bind, *, schema: str | None = None) -> None:
        """Keep what to use.

        Args:
            bind: the engine, or the connection or session whose transaction to take part in.
            schema: the schema of the tables, as told to `add_tables`; None where none was told.
        """
        if not isinstance(cast("object", bind), _BINDS):
            allowed = "an Engine, a Connection or a Session of SQLAlchemy"
            raise InvalidValueError("bind", bind, allowed)
        self._bind = bind
        self._schema = schema

    def add(self, package: Package) -> None:
        """Take a package on, as it was sold: its `remaining` credits are what it is sold with.

        Its uses and its version are the store's own from then on (D66).

        Raises:
            ConflictError: the database says that others were quicker.
            InvalidValueError: it holds a package of that id already.
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        check.kind_of("package", package, Package)
        self._write(_writes.add, package)

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
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        check.kind_of("package", package, Package)
        self._write(_writes.revise, package)

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return the client's packages that are not over then, and those named in *also*.

        One statement, so credits, uses and versions are of one moment.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        asked = _ledger.checked_read(client_id, not_over_at)
        return self._read(_reads.packages_of, *asked, also)

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        return self._read(_reads.redemption, booking_id)

    def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Raises:
            ConflictError: a version is not the one that was decided on, a credit is lacking, or the
                database says that others were quicker, or stayed locked.
            InvalidValueError: two changes are of one booking, or the movements of one are not what
                its draws say.
            UnknownEntitlementError: the store does not hold an entitlement of a movement.
        """
        _ledger.check_changes(changes)
        self._write(_writes.commit, changes)

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are.

        Raises:
            InvalidValueError: the store does not hold that package, or it has no such entitlement.
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        return self._read(_reads.balance, package_id, entitlement_id)

    def movements(self) -> tuple[Movement, ...]:
        """Return the whole history, in the order in which it was committed.

        Of two commits that overlapped, on different packages and bookings, either may come first.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        return self._read(_reads.movements)

    def _read(self, work: Callable[[Sql, *_Given], _Answer], *given: *_Given) -> _Answer:
        return self._run(own_read, joined_read, work, *given)

    def _write(self, work: Callable[[Sql, *_Given], _Answer], *given: *_Given) -> _Answer:
        return self._run(own_write, joined_write, work, *given)

    def _run(
        self,
        own: Transaction,
        joined: Transaction,
        work: Callable[[Sql, *_Given], _Answer],
        *given: *_Given,
    ) -> _Answer:
        bind = self._bind
        with conflicts_told():
            if isinstance(bind, sa.Engine):
                with bind.connect() as connection:
                    return work_in(own, connection, self._schema, work, *given)
            connection = bind if isinstance(bind, sa.Connection) else bind.connection()
            return work_in(joined, connection, self._schema, work, *given)
