"""The SQLAlchemy stores keep the contract on PostgreSQL, and join in a caller's transaction."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from pkgredeem import (
    Act,
    Actor,
    AsyncRedemptionDesk,
    Bucket,
    Change,
    ConflictError,
    Movement,
    Package,
    Redemption,
    RedemptionDesk,
    RedemptionPolicy,
)
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import AsyncStoreContract, StoreContract
from stores.sqlalchemy_store import PACKAGES, AsyncSqlAlchemyStore, SqlAlchemyStore
from tests.helpers.postgres import Database, wait_until_somebody_waits
from tests.helpers.postgres_salon import engine_of, salon_database
from tests.helpers.support import (
    ANA,
    NO_LIMITS,
    NOW,
    account,
    booking,
    case,
    credit,
    decide,
    package,
)

HELD = package("p1", credit("facial", left=1))
EMPTY = "TRUNCATE packages, entitlements, redemptions, movements"
MOVED = (
    "booking_id, version, credits, package_id, entitlement_id, source, target, act, at, by, note"
)


@pytest.fixture(scope="module")
def tables() -> Iterator[Database]:
    """Return a database with the tables of the store."""
    with salon_database() as database:
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
    with engine_of(database) as made:
        yield made


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

    keeps_plans = False

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
    keeps_plans = False

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


def test_booking_and_redemption_become_visible_together(engine: sa.Engine) -> None:
    """A store of the caller's connection writes in the caller's transaction, and waits for it."""
    outside = SqlAlchemyStore(engine)
    outside.add(HELD)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TEMPORARY TABLE bookings (id text)"))
        assert redeem(SqlAlchemyStore(connection), "b1")
        connection.execute(sa.text("INSERT INTO bookings VALUES ('b1')"))
        assert outside.redemption("b1") is None

    assert booked().after == outside.redemption("b1")


def test_what_the_caller_rolls_back_never_was(engine: sa.Engine) -> None:
    """When the caller's transaction is rolled back, the credit is there as before."""
    store = SqlAlchemyStore(engine)
    store.add(HELD)
    with engine.connect() as connection:
        assert redeem(SqlAlchemyStore(connection), "b1")
        connection.rollback()

    assert store.redemption("b1") is None
    assert [HELD] == store.packages_of("ana", not_over_at=NOW)
    assert [] == store.movements_of("p1")


def test_a_conflict_leaves_the_callers_transaction_usable(engine: sa.Engine) -> None:
    """A conflict rolls back to the savepoint; what the caller wrote before and after it stays."""
    store = SqlAlchemyStore(engine)
    store.add(HELD)
    with engine.begin() as connection:
        joined = SqlAlchemyStore(connection)
        joined.add(package("p2", credit("massage"), client_id="beth"))
        store.commit(booked("b1"))
        with pytest.raises(ConflictError, match="1 credits are not left"):
            joined.commit(booked("b2"))
        assert booked("b1").after == joined.redemption("b1")
        joined.add(package("p3", credit("massage"), client_id="beth"))

    assert ["p2", "p3"] == [each.id for each in store.packages_of("beth", not_over_at=NOW)]
    assert store.redemption("b2") is None


def test_a_session_is_joined_through_its_connection(engine: sa.Engine) -> None:
    """A store of a session's connection is committed and rolled back with the session."""
    store = SqlAlchemyStore(engine)
    store.add(HELD)
    with Session(engine) as session:
        assert redeem(SqlAlchemyStore(session.connection()), "b1")
        session.rollback()
        assert redeem(SqlAlchemyStore(session.connection()), "b2")
        session.commit()

    assert store.redemption("b1") is None
    assert booked("b2").after == store.redemption("b2")


@pytest.mark.parametrize("driver", ["psycopg", "asyncpg"])
def test_an_async_session_is_joined_through_its_connection(database: Database, driver: str) -> None:
    """The store for tasks joins a session's transaction, and a conflict leaves it usable."""

    async def life() -> list[Redemption | None]:
        engine = create_async_engine(database.url(driver))
        store = AsyncSqlAlchemyStore(engine)
        await store.add(HELD)
        async with AsyncSession(engine) as session:
            joined = AsyncSqlAlchemyStore(await session.connection())
            desk = AsyncRedemptionDesk(RedemptionPolicy(), joined, attempts=1)
            await desk.redeem(account=account(), client=ANA, booking=booking(id="b1"), now=NOW)
            with pytest.raises(ConflictError, match="1 credits are not left"):
                await joined.commit(booked("b2"))
            seen = [await store.redemption("b1")]
            await session.commit()
        seen += [await store.redemption("b1"), await store.redemption("b2")]
        await engine.dispose()
        return seen

    assert [None, booked("b1").after, None] == asyncio.run(life())


def test_an_old_snapshot_makes_a_conflict_that_only_a_new_transaction_sees(
    engine: sa.Engine,
) -> None:
    """At REPEATABLE READ the loser conflicts, and reads what was; begun anew, it reads what is."""
    store = SqlAlchemyStore(engine)
    store.add(HELD)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        joined = SqlAlchemyStore(connection)
        assert [HELD] == joined.packages_of("ana", not_over_at=NOW)
        store.commit(booked("b1"))
        with pytest.raises(ConflictError, match="could not serialize access"):
            joined.commit(booked("b2"))
        assert joined.redemption("b1") is None
        connection.rollback()
        assert booked("b1").after == joined.redemption("b1")


def test_a_serializable_read_that_fails_is_a_conflict(engine: sa.Engine) -> None:
    """Of two that read what the other one writes, the later one conflicts, even by a read."""
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    held = [package(name, credit("facial", left=1)) for name in ("p1", "p2")]
    for each in held:
        SqlAlchemyStore(engine).add(each)
    with serializable.connect() as first, serializable.connect() as second:
        stores = SqlAlchemyStore(first), SqlAlchemyStore(second)
        for place, store in enumerate(stores):
            assert held == store.packages_of("ana", not_over_at=NOW)
            store.commit(booked(f"b{place}", held[place]))
        second.commit()
        with pytest.raises(ConflictError, match="could not serialize access"):
            stores[0].packages_of("ana", not_over_at=NOW)


def test_a_deadlock_is_a_conflict(database: Database) -> None:
    """Who waits in a circle, since somebody else locks in another order, gets a conflict."""
    held = [package(name, credit(what)) for name, what in (("p1", "facial"), ("p2", "massage"))]
    asked = case("facial", "massage", packages=held)
    change = RedemptionPolicy(NO_LIMITS).decide_case(asked).change
    assert change is not None
    lock = "SELECT FROM entitlements WHERE package_id = %s FOR UPDATE"
    with (
        engine_of(database, "-c deadlock_timeout=500ms") as engine,
        ThreadPoolExecutor(2) as threads,
        psycopg.connect(database.dsn) as other,
    ):
        store = SqlAlchemyStore(engine)
        for each in held:
            store.add(each)
        other.execute("SET deadlock_timeout = '1min'")  # so that it is the store that notices
        other.execute(lock, ["p2"])
        late = threads.submit(store.commit, change)
        wait_until_somebody_waits(database)
        circle = threads.submit(other.execute, lock, ["p1"])
        with pytest.raises(ConflictError, match="deadlock detected"):
            late.result(30)
        circle.result(30)
        other.rollback()
        store.commit(change)

        assert change.after == store.redemption("b1")


def test_a_lock_timeout_is_a_conflict(database: Database) -> None:
    """Where the database waits for a lock only so long, the end of its patience is a conflict."""
    with (
        engine_of(database, "-c lock_timeout=20ms") as engine,
        psycopg.connect(database.dsn) as other,
    ):
        store = SqlAlchemyStore(engine)
        store.add(HELD)
        other.execute("SELECT FROM entitlements FOR UPDATE")
        with pytest.raises(ConflictError, match="lock timeout"):
            store.commit(booked())


def test_a_package_is_taken_on_once(engine: sa.Engine) -> None:
    """Of two that take a package on, the later one conflicts; what was sold first stays."""
    store = SqlAlchemyStore(engine)
    store.add(HELD)
    with pytest.raises(ConflictError, match="duplicate key"):
        store.add(package("p1", credit("facial", left=9)))

    assert [HELD] == store.packages_of("ana", not_over_at=NOW)


@pytest.mark.parametrize(
    ("lock", "first", "second"),
    [
        ("UPDATE entitlements SET sold = sold WHERE package_id = :row", "p1", "p2"),
        ("INSERT INTO redemptions VALUES (:row, 1, '{}')", "b1", "b2"),
    ],
)
def test_rows_are_locked_in_one_order(
    database: Database, engine: sa.Engine, lock: str, first: str, second: str
) -> None:
    """Whatever the order of changes, whoever waits for the first row has not locked the second."""
    store = SqlAlchemyStore(engine)
    held = [package(name, credit("facial", left=1)) for name in ("p1", "p2")]
    for each in held:
        store.add(each)
    crosswise = booked("b2", held[0]), booked("b1", held[1])
    with (
        ThreadPoolExecutor(1) as thread,
        engine.connect() as holder,
        engine.connect() as other,
    ):
        holder.execute(sa.text(lock), {"row": first})
        late = thread.submit(store.commit, *crosswise)
        wait_until_somebody_waits(database)
        other.execute(sa.text("SET lock_timeout = '2s'"))
        other.execute(sa.text(lock), {"row": second})
        other.rollback()
        holder.rollback()
        late.result(30)

    assert crosswise[0].after == store.redemption("b2")
    assert crosswise[1].after == store.redemption("b1")


def test_another_error_is_raised_as_it_is(engine: sa.Engine) -> None:
    """What is nobody's race is no conflict: it reaches the caller under the database's own name."""
    store = SqlAlchemyStore(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE redemptions RENAME TO elsewhere"))
    with pytest.raises(DBAPIError, match="does not exist"):
        store.redemption("b1")
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE elsewhere RENAME TO redemptions"))


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE entitlements SET available = -1, reserved = 3", "entitlements_available_check"),
        ("UPDATE entitlements SET available = available + 1", "every_credit_is_somewhere"),
        ("INSERT INTO redemptions SELECT * FROM redemptions", "redemptions_pkey"),
        (
            f"INSERT INTO movements ({MOVED}) SELECT {MOVED} FROM movements",  # noqa: S608 (our own)
            "movements_booking_id_version_package_id_entitlement_id_sour_key",
        ),
        ("UPDATE movements SET credits = 0", "movements_credits_check"),
        ("DELETE FROM entitlements", "movements_package_id_entitlement_id_fkey"),
    ],
)
def test_the_schema_refuses(engine: sa.Engine, statement: str, constraint: str) -> None:
    """What the code should never try, the tables refuse."""
    store = SqlAlchemyStore(engine)
    store.add(package("p1", credit("facial", left=2)))
    store.commit(booked("b1"))

    with pytest.raises(IntegrityError, match=constraint), engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_a_forged_return_is_refused_by_the_schema(engine: sa.Engine) -> None:
    """A return of what was never drawn is a mistake of the caller, not a conflict to try again."""
    store = SqlAlchemyStore(engine)
    store.add(HELD)
    forged = Movement(
        booking_id="b1",
        package_id="p1",
        entitlement_id="facial",
        credits=1,
        source=Bucket.RESERVED,
        target=Bucket.AVAILABLE,
        act=Act.CANCEL,
        at=NOW,
        by=Actor.CLIENT,
    )
    with pytest.raises(IntegrityError, match="entitlements_reserved_check"):
        store.commit(Change(before=None, after=booked("b1").after, movements=(forged,)))

    assert store.redemption("b1") is None
