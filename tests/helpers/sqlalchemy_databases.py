"""Stores by SQLAlchemy on databases of their own, as threads and as other processes open them.

A store for tasks is seen as threads see it: each call is a task of a loop in a thread of its own.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from functools import partial
from itertools import count
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pkgredeem import Balance, Change, Movement, Package, Redemption
from pkgredeem.stores.sqlalchemy import METADATA, AsyncSqlAlchemyStore, SqlAlchemyStore
from tests.helpers.databases import Fresh
from tests.helpers.postgres import fresh_database
from tests.helpers.store_audit import Opener, ReadyMade

Answer = TypeVar("Answer")

PATIENCE = 30.0  # seconds, for the one write lock of a file


def settings(url: str) -> dict[str, Any]:
    """Return what an engine is told beside its URL."""
    is_patient = url.startswith("sqlite") and "timeout=" not in url
    return {"connect_args": {"timeout": PATIENCE}} if is_patient else {}


def quick(engine: sa.Engine) -> None:
    """Let a file be written without waiting for the disk: tests kill processes, not machines."""
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def forget_the_disk(connection: Any, _: object) -> None:  # noqa: ANN401 - any driver's
            connection.execute("PRAGMA synchronous = OFF")


@contextmanager
def engine_on(url: str) -> Iterator[sa.Engine]:
    """Open an engine."""
    engine = sa.create_engine(url, **settings(url))
    quick(engine)
    yield engine
    engine.dispose()


def async_engine_on(url: str) -> AsyncEngine:
    """Return an engine for tasks."""
    engine = create_async_engine(url, **settings(url))
    quick(engine.sync_engine)
    return engine


def make_tables(engine: sa.Engine) -> None:
    """Make the tables; readers of a file never wait for who writes it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    METADATA.create_all(engine)


@contextmanager
def opened(url: str) -> Iterator[ReadyMade]:
    """Open a store for threads."""
    with engine_on(url) as engine:
        yield SqlAlchemyStore(engine)


@contextmanager
def opened_for_tasks(url: str) -> Iterator[ReadyMade]:
    """Open a store for tasks, as threads see it."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    engine = async_engine_on(url)
    try:
        yield Awaited(AsyncSqlAlchemyStore(engine), loop)
    finally:
        asyncio.run_coroutine_threadsafe(engine.dispose(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()


class Awaited:
    """A store for tasks as threads see it."""

    def __init__(self, inner: AsyncSqlAlchemyStore, loop: asyncio.AbstractEventLoop) -> None:
        """Stand before that store, whose engine belongs to that loop."""
        self._inner = inner
        self._loop = loop

    def add(self, package: Package) -> None:
        """Take a package on."""
        self._done(self._inner.add(package))

    def revise(self, package: Package) -> None:
        """Take what has become of a package."""
        self._done(self._inner.revise(package))

    def packages_of(
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterable[Package]:
        """Return the client's packages."""
        return self._done(self._inner.packages_of(client_id, not_over_at=not_over_at, also=also))

    def redemption(self, booking_id: str) -> Redemption | None:
        """Return the redemption of the booking."""
        return self._done(self._inner.redemption(booking_id))

    def commit(self, *changes: Change) -> None:
        """Commit all changes or none."""
        self._done(self._inner.commit(*changes))

    def balance(self, package_id: str, entitlement_id: str = "main") -> Balance:
        """Return where the credits of one entitlement are."""
        return self._done(self._inner.balance(package_id, entitlement_id))

    def movements(self) -> Iterable[Movement]:
        """Return the whole history."""
        return self._done(self._inner.movements())

    def _done(self, call: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(call, self._loop).result()


@contextmanager
def _on_postgres(
    driver: str, opens: Callable[[str], AbstractContextManager[ReadyMade]]
) -> Iterator[Fresh]:
    with ExitStack() as databases:

        def fresh() -> Opener:
            database = databases.enter_context(fresh_database())
            with engine_on(database.url()) as engine:
                make_tables(engine)
            return partial(opens, database.url(driver))

        yield fresh


@contextmanager
def _on_sqlite(
    driver: str, opens: Callable[[str], AbstractContextManager[ReadyMade]]
) -> Iterator[Fresh]:
    with TemporaryDirectory() as folder:
        numbers = count()

        def fresh() -> Opener:
            url = f"sqlite+{driver}:///{folder}/{next(numbers)}.db"
            with engine_on(url.replace("aiosqlite", "pysqlite")) as engine:
                make_tables(engine)
            return partial(opens, url)

        yield fresh


#: What gives empty databases for each kind of store, by what it is on.
KINDS: Mapping[str, Callable[[], AbstractContextManager[Fresh]]] = {
    "psycopg": partial(_on_postgres, "psycopg", opened),
    "psycopg, tasks": partial(_on_postgres, "psycopg", opened_for_tasks),
    "asyncpg, tasks": partial(_on_postgres, "asyncpg", opened_for_tasks),
    "pysqlite": partial(_on_sqlite, "pysqlite", opened),
    "aiosqlite, tasks": partial(_on_sqlite, "aiosqlite", opened_for_tasks),
}
