"""The SQLAlchemy stores keep the contract on PostgreSQL, and take part in a caller's transaction."""

from collections.abc import Iterator, Sequence

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from pkgredeem import (
    Change,
    Movement,
    Package,
    RedemptionDesk,
    RedemptionPolicy,
)
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import AsyncStoreContract, StoreContract
from stores.sqlalchemy_store import METADATA, PACKAGES, AsyncSqlAlchemyStore, SqlAlchemyStore
from tests.postgres import Database, fresh_database
from tests.support import ANA, NOW, account, booking, case, credit, decide, package

HELD = package("p1", credit("facial", left=1))
EMPTY = "TRUNCATE packages, entitlements, redemptions, movements"


@pytest.fixture(scope="module")
def tables() -> Iterator[Database]:
    """Return a database with the tables of the store."""
    with fresh_database() as database:
        engine = sa.create_engine(database.url())
        METADATA.create_all(engine)
        engine.dispose()
        yield database


@pytest.fixture
def database(tables: Database) -> Database:
    """Return the database with nothing in its tables."""
    with psycopg.connect(tables.dsn) as connection:
        connection.execute(EMPTY)
    return tables


@pytest.fixture
def engine(database: Database) -> Iterator[sa.Engine]:
    """Return an engine of that database."""
    made = sa.create_engine(database.url())
    yield made
    made.dispose()


def booked(booking_id: str = "b1", held: Package = HELD) -> Change:
    """Return the change that books Ana's facial."""
    change = decide(case(packages=[held], booking=booking(id=booking_id))).change
    assert change is not None
    return change


def redeem(store: RedemptionStore, booking_id: str) -> bool:
    """Book a facial at a desk that tries once; return whether it is paid."""
    desk = RedemptionDesk(RedemptionPolicy(), store, attempts=1)
    asked = booking(id=booking_id)
    return desk.redeem(account=account(), client=ANA, booking=asked, now=NOW).eligible


class TestThreads(StoreContract):
    """The store for threads, on psycopg."""

    @pytest.fixture(autouse=True)
    def _database(self, tables: Database) -> None:
        self.url = tables.url()

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Make a store on an engine; here, empty the tables first."""
        engine = sa.create_engine(self.url)
        with engine.begin() as connection:
            connection.execute(sa.text(EMPTY))
        store = SqlAlchemyStore(engine)
        for each in packages:
            store.add(each)
        return store

    def reopened(self, store: RedemptionStore) -> RedemptionStore:
        """Make another store on another engine."""
        del store
        return SqlAlchemyStore(sa.create_engine(self.url))

    def movements(self, store: RedemptionStore) -> Sequence[Movement]:
        """Read the history of every package."""
        assert isinstance(store, SqlAlchemyStore)
        assert isinstance(store._bind, sa.Engine)
        with store._bind.connect() as connection:
            packages = connection.scalars(sa.select(PACKAGES.c.id)).all()
        return [movement for each in packages for movement in store.movements_of(each)]

    def close(self, store: RedemptionStore) -> None:
        """Close the connections."""
        assert isinstance(store, SqlAlchemyStore)
        assert isinstance(store._bind, sa.Engine)
        store._bind.dispose()


class _Tasks(AsyncStoreContract):
    driver: str

    @pytest.fixture(autouse=True)
    def _database(self, tables: Database) -> None:
        self.url = tables.url(self.driver)

    async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
        """Make a store on an engine; here, empty the tables first."""
        engine = create_async_engine(self.url)
        async with engine.begin() as connection:
            await connection.execute(sa.text(EMPTY))
        store = AsyncSqlAlchemyStore(engine)
        for each in packages:
            await store.add(each)
        return store

    async def reopened(self, store: AsyncRedemptionStore) -> AsyncRedemptionStore:
        """Make another store on another engine."""
        del store
        return AsyncSqlAlchemyStore(create_async_engine(self.url))

    async def movements(self, store: AsyncRedemptionStore) -> Sequence[Movement]:
        """Read the history of every package."""
        assert isinstance(store, AsyncSqlAlchemyStore)
        assert isinstance(store._bind, AsyncEngine)
        async with store._bind.connect() as connection:
            packages = (await connection.scalars(sa.select(PACKAGES.c.id))).all()
        return [movement for each in packages for movement in await store.movements_of(each)]

    async def close(self, store: AsyncRedemptionStore) -> None:
        """Close the connections."""
        assert isinstance(store, AsyncSqlAlchemyStore)
        assert isinstance(store._bind, AsyncEngine)
        await store._bind.dispose()


class TestTasksOnPsycopg(_Tasks):
    """The store for tasks, on psycopg."""

    driver = "psycopg"


class TestTasksOnAsyncpg(_Tasks):
    """The store for tasks, on asyncpg."""

    driver = "asyncpg"
