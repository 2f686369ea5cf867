"""The stores by SQLAlchemy keep the contract: both databases, threads and tasks, each driver."""

import gc
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from pkgredeem import Movement, Package
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.stores.sqlalchemy import METADATA, AsyncSqlAlchemyStore, SqlAlchemyStore
from pkgredeem.testing import AsyncStoreContract, StoreContract
from tests.helpers.postgres import Database, fresh_database
from tests.helpers.sqlalchemy_databases import (
    async_engine_on,
    engine_on,
    make_tables,
    quick,
    settings,
)


@pytest.fixture(scope="module")
def postgres() -> Iterator[Database]:
    """Return a database of the server with the tables of the store."""
    with fresh_database() as database:
        with engine_on(database.url()) as engine:
            make_tables(engine)
        yield database


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with the tables of the store."""
    path = tmp_path_factory.mktemp("contract") / "salon.db"
    with engine_on(f"sqlite:///{path}") as engine:
        make_tables(engine)
    return path


def emptied(connection: sa.Connection) -> None:
    """Leave nothing in the tables."""
    for table in reversed(METADATA.sorted_tables):
        connection.execute(sa.delete(table))


class _Threads(StoreContract):
    url: str

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Make a store on an engine; here, empty the tables first."""
        store = self.reopened(None)
        assert isinstance(store, SqlAlchemyStore)
        assert isinstance(store._bind, sa.Engine)
        with store._bind.begin() as connection:
            emptied(connection)
        for package in packages:
            store.add(package)
        return store

    def reopened(self, store: RedemptionStore | None) -> RedemptionStore:
        """Make another store on another engine."""
        del store
        engine = sa.create_engine(self.url, **settings(self.url))
        quick(engine)
        return SqlAlchemyStore(engine)

    def movements(self, store: RedemptionStore) -> Sequence[Movement]:
        """Read the whole history."""
        assert isinstance(store, SqlAlchemyStore)
        return store.movements()

    def close(self, store: RedemptionStore) -> None:
        """Close the connections."""
        assert isinstance(store, SqlAlchemyStore)
        assert isinstance(store._bind, sa.Engine)
        store._bind.dispose()


class _Tasks(AsyncStoreContract):
    url: str

    async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
        """Make a store on an engine; here, empty the tables first."""
        engine = async_engine_on(self.url)
        async with engine.begin() as connection:
            await connection.run_sync(emptied)
        store = AsyncSqlAlchemyStore(engine)
        for package in packages:
            await store.add(package)
        return store

    async def reopened(self, store: AsyncRedemptionStore) -> AsyncRedemptionStore:
        """Make another store on another engine."""
        del store
        return AsyncSqlAlchemyStore(async_engine_on(self.url))

    async def movements(self, store: AsyncRedemptionStore) -> Sequence[Movement]:
        """Read the whole history."""
        assert isinstance(store, AsyncSqlAlchemyStore)
        return await store.movements()

    async def close(self, store: AsyncRedemptionStore) -> None:
        """Close the connections."""
        assert isinstance(store, AsyncSqlAlchemyStore)
        assert isinstance(store._bind, AsyncEngine)
        await store._bind.dispose()


class TestThreadsOnPostgres(_Threads):
    """The store for threads, on PostgreSQL with psycopg."""

    @pytest.fixture(autouse=True)
    def _url(self, postgres: Database) -> None:
        self.url = postgres.url("psycopg")


class TestTasksOnPostgresWithPsycopg(_Tasks):
    """The store for tasks, on PostgreSQL with psycopg."""

    @pytest.fixture(autouse=True)
    def _url(self, postgres: Database) -> None:
        self.url = postgres.url("psycopg")


class TestTasksOnPostgresWithAsyncpg(_Tasks):
    """The store for tasks, on PostgreSQL with asyncpg."""

    @pytest.fixture(autouse=True)
    def _url(self, postgres: Database) -> None:
        self.url = postgres.url("asyncpg")


class TestThreadsOnSqlite(_Threads):
    """The store for threads, on a SQLite file."""

    @pytest.fixture(autouse=True)
    def _url(self, file: Path) -> None:
        self.url = f"sqlite:///{file}"


# Of a task that is cancelled SQLAlchemy may leave the connection open, which Python says from 3.13.
@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
class TestTasksOnSqlite(_Tasks):
    """The store for tasks, on a SQLite file with aiosqlite."""

    @pytest.fixture(autouse=True)
    def _url(self, file: Path) -> Iterator[None]:
        self.url = f"sqlite+aiosqlite:///{file}"
        yield
        gc.collect()  # here, and not in the next test
