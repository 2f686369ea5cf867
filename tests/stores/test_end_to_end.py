"""The stores in memory, in SQLite files and on PostgreSQL, from end to end.

Those of Django are tried in processes of their own, by `test_django`.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from pkgredeem import Package
from pkgredeem.stores import RedemptionStore
from pkgredeem.stores.memory import AsyncMemoryStore, MemoryStore
from pkgredeem.stores.sqlalchemy import METADATA, AsyncSqlAlchemyStore, SqlAlchemyStore
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.end_to_end import Blocking, EndToEnd
from tests.helpers.postgres import Database
from tests.helpers.postgres_salon import engine_of, salon_database


class TestMemoryStore(EndToEnd):
    """The store in memory."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        store = MemoryStore()
        for each in packages:
            store.add(each)
        return store


class TestAsyncMemoryStore(EndToEnd):
    """The store in memory for tasks."""

    @pytest.fixture(autouse=True)
    def _runner(self) -> Iterator[None]:
        with asyncio.Runner() as self.runner:
            yield

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        store = AsyncMemoryStore()
        for each in packages:
            store.add(each)
        return Blocking(store, self.runner)


class TestSqliteStore(EndToEnd):
    """The store in a SQLite file."""

    @pytest.fixture(autouse=True)
    def _store(self, tmp_path: Path) -> Iterator[None]:
        with SqliteStore(tmp_path / "salon.db", synchronous="OFF") as self.store:
            yield

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in a new file."""
        for each in packages:
            self.store.add(each)
        return self.store


@pytest.fixture(scope="module")
def tables() -> Iterator[Database]:
    """Return a database with the tables of the store."""
    with salon_database() as database:
        yield database


@pytest.fixture
def database(tables: Database) -> Database:
    """Return the database with nothing in its tables."""
    with psycopg.connect(tables.dsn) as connection:
        connection.execute(f"TRUNCATE {', '.join(METADATA.tables)}".encode())
    return tables


class TestSqlAlchemyStore(EndToEnd):
    """The store on PostgreSQL for threads."""

    @pytest.fixture(autouse=True)
    def _engine(self, database: Database) -> Iterator[None]:
        with engine_of(database) as self.engine:
            yield

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in the empty tables."""
        store = SqlAlchemyStore(self.engine)
        for each in packages:
            store.add(each)
        return store


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"], scope="class")
class TestAsyncSqlAlchemyStore(EndToEnd):
    """The store on PostgreSQL for tasks."""

    @pytest.fixture(autouse=True)
    def _engine(self, database: Database, driver: str) -> Iterator[None]:
        with asyncio.Runner() as self.runner:
            self.engine = create_async_engine(database.url(driver))
            yield
            self.runner.run(self.engine.dispose())

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in the empty tables."""
        store = AsyncSqlAlchemyStore(self.engine)
        for each in packages:
            self.runner.run(store.add(each))
        return Blocking(store, self.runner)
