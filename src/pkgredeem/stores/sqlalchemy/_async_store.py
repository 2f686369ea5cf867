"""The store for tasks: the same statements, on connections that are awaited."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TypeAlias, TypeVar, TypeVarTuple, cast, final

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_scoped_session,
)

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
_Bind: TypeAlias = AsyncEngine | AsyncConnection | AsyncSession | async_scoped_session[AsyncSession]
_BINDS: Final = (AsyncEngine, AsyncConnection, AsyncSession, async_scoped_session)


@final
class AsyncSqlAlchemyStore:
    """Keeps packages and redemptions on PostgreSQL or SQLite: an `AsyncRedemptionStore`.

    As `SqlAlchemyStore`, of an `AsyncEngine` (psycopg, asyncpg or aiosqlite), or of an
    `AsyncConnection` or an `AsyncSession` whose transaction to take part in. A task that is
    cancelled rolls back, or has committed all. SQLAlchemy needs its extra `asyncio` for these.

    Raises:
        InvalidValueError: *bind* is none of those, or, once it is used, of another kind of
            database.

    Example:
        >>> import asyncio
        >>> from sqlalchemy.ext.asyncio import create_async_engine
        >>> from pkgredeem import Entitlement
        >>> from pkgredeem.stores.sqlalchemy import METADATA, AsyncSqlAlchemyStore
        >>> five_facials = [Entitlement(services=["facial"], remaining=5)]
        >>> async def sell() -> Balance:
        ...     engine = create_async_engine("sqlite+aiosqlite://")
        ...     async with engine.begin() as connection:
        ...         await connection.run_sync(METADATA.create_all)
        ...     store = AsyncSqlAlchemyStore(engine)
        ...     await store.add(Package(id="p1", client_id="ana", entitlements=five_facials))
        ...     balance = await store.balance("p1")
        ...     await engine.dispose()
        ...     return balance
        >>> asyncio.run(sell())
        Balance(available=5, reserved=0, redeemed=0, forfeited=0)
    """

    def __init__(self, bind: _Bind, *, schema: str | None = None) -> None:
        """Keep what to use.

        Args:
            bind: the engine, or the connection or session whose transaction to take part in.
            schema: the schema of the tables, as told to `add_tables`; None where none was told.
        """
        if not isinstance(cast("object", bind), _BINDS):
            allowed = "an AsyncEngine, an AsyncConnection or an AsyncSession of SQLAlchemy"
            raise InvalidValueError("bind", bind, allowed)
        self._bind = bind
        self._schema = schema

    async def add(self, package: Package) -> None:
        """Take a package on, as it was sold: see `SqlAlchemyStore.add`."""
        check.kind_of("package", package, Package)
        await self._write(_writes.add, package)

    async def revise(self, package: Package) -> None:
        """Take what has become of a package: see `SqlAlchemyStore.revise`."""
        check.kind_of("package", package, Package)
        await self._write(_writes.revise, package)

    async def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> tuple[Package, ...]:
        """Return the client's packages that are not over then, and those named in *also*.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        asked = _ledger.checked_read(client_id, not_over_at)
        return await self._read(_reads.packages_of, *asked, also)

    async def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of that booking; None when nothing was ever redeemed for it.

        Raises:
            ConflictError: the database asks for the whole transaction to be done again, or it
                stayed locked for as long as it waits.
        """
        return await self._read(_reads.redemption, booking_id)

    async def commit(self, *changes: Change) -> None:
        """Commit all changes, or none of them.

        Raises:
            ConflictError: a version is not the one that was decided on, a credit is lacking, or the
                database says that others were quicker, or stayed locked.
            InvalidValueError: two changes are of one booking, or the movements of one are not what
                its draws say.
            UnknownEntitlementError: the store does not hold an entitlement of a movement.
        """
        _ledger.check_changes(changes)
        await self._write(_writes.commit, changes)

    async def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are: see `SqlAlchemyStore.balance`."""
        return await self._read(_reads.balance, package_id, entitlement_id)

    async def movements(self) -> tuple[Movement, ...]:
        """Return the whole history: see `SqlAlchemyStore.movements`."""
        return await self._read(_reads.movements)

    async def _read(self, work: Callable[[Sql, *_Given], _Answer], *given: *_Given) -> _Answer:
        return await self._run(own_read, joined_read, work, *given)

    async def _write(self, work: Callable[[Sql, *_Given], _Answer], *given: *_Given) -> _Answer:
        return await self._run(own_write, joined_write, work, *given)

    async def _run(
        self,
        own: Transaction,
        joined: Transaction,
        work: Callable[[Sql, *_Given], _Answer],
        *given: *_Given,
    ) -> _Answer:
        bind, schema = self._bind, self._schema

        async def in_a(transaction: Transaction, connection: AsyncConnection) -> _Answer:
            def run(lent: Connection) -> _Answer:
                return work_in(transaction, lent, schema, work, *given)

            return await connection.run_sync(run)

        with conflicts_told():
            if isinstance(bind, AsyncEngine):
                async with bind.connect() as connection:
                    return await in_a(own, connection)
            joins = bind if isinstance(bind, AsyncConnection) else await bind.connection()
            return await in_a(joined, joins)
