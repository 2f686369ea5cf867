"""What a database says to whoever comes too late is a conflict, and every other error is not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from pkgredeem import Actor, Change, ConflictError, Package, RedemptionPolicy
from pkgredeem.stores.sqlalchemy import METADATA, SqlAlchemyStore
from tests.helpers.postgres import Database, fresh_database, wait_until_somebody_waits
from tests.helpers.sqlalchemy_databases import KINDS, engine_on, make_tables
from tests.helpers.support import NO_LIMITS, NOW, booking, case, credit, decide, package

HELD = package("p1", credit("facial", left=1))


@pytest.fixture(scope="module")
def tables() -> Iterator[Database]:
    """Return a database with the tables of the store."""
    with fresh_database() as made:
        with engine_on(made.url()) as engine:
            make_tables(engine)
        yield made


@pytest.fixture
def database(tables: Database) -> Database:
    """Return the database with nothing in its tables."""
    names = ", ".join(METADATA.tables)
    with psycopg.connect(tables.dsn) as connection:
        connection.execute(f"TRUNCATE {names}".encode())
    return tables


@pytest.fixture
def engine(database: Database) -> Iterator[sa.Engine]:
    """Return an engine of that database."""
    with engine_on(database.url()) as made:
        yield made


@pytest.fixture
def store(engine: sa.Engine) -> SqlAlchemyStore:
    """Return a store for all threads."""
    return SqlAlchemyStore(engine)


def booked(booking_id: str = "b1", held: Package = HELD) -> Change:
    """Return the change that books Ana's facial."""
    change = decide(case(packages=[held], booking=booking(id=booking_id))).change
    assert change is not None
    return change


def test_an_old_snapshot_makes_a_conflict_that_only_a_new_transaction_sees(
    engine: sa.Engine, store: SqlAlchemyStore
) -> None:
    """At REPEATABLE READ the loser conflicts, and reads what was; begun anew, it reads what is."""
    store.add(HELD)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        joined = SqlAlchemyStore(connection)
        assert (replace(HELD, version=0),) == joined.packages_of("ana", not_over_at=NOW)
        store.commit(booked("b1"))
        with pytest.raises(ConflictError, match="could not serialize access"):
            joined.commit(booked("b2"))
        assert joined.redemption("b1") is None
        connection.rollback()
        assert booked("b1").after == joined.redemption("b1")


def test_a_serializable_read_that_fails_is_a_conflict(
    engine: sa.Engine, store: SqlAlchemyStore
) -> None:
    """Of two that read what the other one writes, the later one conflicts, even by a read."""
    serializable = engine.execution_options(isolation_level="SERIALIZABLE")
    held = [package(name, credit("facial", left=1)) for name in ("p1", "p2")]
    for sold in held:
        store.add(sold)
    with serializable.connect() as first, serializable.connect() as second:
        stores = SqlAlchemyStore(first), SqlAlchemyStore(second)
        for place, joined in enumerate(stores):
            assert 2 == len(joined.packages_of("ana", not_over_at=NOW))
            joined.commit(booked(f"b{place}", held[place]))
        second.commit()
        with pytest.raises(ConflictError, match="could not serialize access"):
            stores[0].packages_of("ana", not_over_at=NOW)


def test_a_deadlock_is_a_conflict(database: Database) -> None:
    """Who waits in a circle, since somebody else locks in another order, gets a conflict."""
    held = [package(name, credit(what)) for name, what in (("p1", "facial"), ("p2", "massage"))]
    asked = case("facial", "massage", packages=held)
    change = RedemptionPolicy(NO_LIMITS).decide_case(asked).change
    assert change is not None
    lock = "SELECT FROM pkgredeem_entitlement WHERE package_id = %s FOR UPDATE"
    options = f"{database.url()}&options=-c%20deadlock_timeout%3D500ms"
    with (
        engine_on(options) as engine,
        ThreadPoolExecutor(2) as threads,
        psycopg.connect(database.dsn) as other,
    ):
        store = SqlAlchemyStore(engine)
        for sold in held:
            store.add(sold)
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
    options = f"{database.url()}&options=-c%20lock_timeout%3D20ms"
    with engine_on(options) as engine, psycopg.connect(database.dsn) as other:
        store = SqlAlchemyStore(engine)
        store.add(HELD)
        other.execute("SELECT FROM pkgredeem_entitlement FOR UPDATE")
        with pytest.raises(ConflictError, match="lock timeout"):
            store.commit(booked())


@pytest.mark.parametrize("kind", ["pysqlite", "aiosqlite, tasks"])
def test_a_file_that_is_locked_for_longer_than_the_timeout_is_a_conflict(kind: str) -> None:
    """How long is waited is the engine's `timeout`; nothing is committed, and nothing stays."""
    with KINDS[kind]() as fresh:
        opens = fresh()
        quick = f"{opens.args[0]}?timeout=0.01"  # type: ignore[attr-defined]
        with opens() as store, opens.func(quick) as hurried:  # type: ignore[attr-defined]
            store.add(HELD)
            with (
                engine_on(quick.replace("aiosqlite", "pysqlite")) as engine,
                engine.connect() as other,
            ):
                other.exec_driver_sql("BEGIN IMMEDIATE")
                with pytest.raises(ConflictError, match="database is locked"):
                    hurried.commit(booked())
            hurried.commit(booked())

            assert booked().after == store.redemption("b1")


def test_who_read_before_others_wrote_cannot_write_to_a_file(tmp_path: Path) -> None:
    """In a transaction that began with a read the commit is a conflict; begun anew, it is done."""
    with engine_on(f"sqlite:///{tmp_path}/salon.db") as engine:
        make_tables(engine)
        store = SqlAlchemyStore(engine)
        store.add(package("p1", credit("facial", left=2)))
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            joined = SqlAlchemyStore(connection)
            assert 1 == len(joined.packages_of("ana", not_over_at=NOW))
            store.commit(booked("b1"))
            with pytest.raises(ConflictError, match="database is locked"):
                joined.commit(booked("b2"))
            connection.rollback()
            joined.commit(booked("b2"))
            connection.commit()

        assert booked("b2").after == store.redemption("b2")


@pytest.mark.parametrize(
    ("lock", "first", "second"),
    [
        ("UPDATE pkgredeem_entitlement SET sold = sold WHERE package_id = :row", "p1", "p2"),
        ("UPDATE pkgredeem_package SET version = version WHERE id = :row", "p1", "p2"),
        ("INSERT INTO pkgredeem_redemption VALUES (:row, 1, '{}')", "b1", "b2"),
    ],
)
def test_rows_are_locked_in_one_order(
    database: Database, engine: sa.Engine, lock: str, first: str, second: str
) -> None:
    """Whatever the order of changes, whoever waits for the first row has not locked the second."""
    store = SqlAlchemyStore(engine)
    held = [package(name, credit("facial", left=1)) for name in ("p1", "p2")]
    for sold in held:
        store.add(sold)
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


@pytest.mark.parametrize(
    "kind", ["psycopg", "psycopg, tasks", "asyncpg, tasks", "pysqlite", "aiosqlite, tasks"]
)
def test_another_error_is_raised_as_it_is(kind: str) -> None:
    """What is nobody's race is no conflict: it reaches the caller under the database's own name."""
    with KINDS[kind]() as fresh:
        opens = fresh()
        url = opens.args[0]  # type: ignore[attr-defined]
        with engine_on(url.replace("aiosqlite", "pysqlite").replace("asyncpg", "psycopg")) as made:
            METADATA.drop_all(made)
        with opens() as store:
            with pytest.raises(DBAPIError, match="pkgredeem_redemption"):
                store.redemption("b1")
            with pytest.raises(DBAPIError, match="pkgredeem_redemption"):
                store.commit(booked())


def test_a_balance_that_the_tables_refuse_is_no_conflict(
    engine: sa.Engine, store: SqlAlchemyStore
) -> None:
    """What no commit could leave behind was changed by somebody else: no second try helps."""
    store.add(HELD)
    store.commit(booked())
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE pkgredeem_entitlement SET reserved = 0, redeemed = 1"))
    cancelled = RedemptionPolicy().cancel(booked().after, by=Actor.CLIENT, now=NOW).change
    assert cancelled is not None
    with pytest.raises(IntegrityError, match="ck_pkgredeem_entitlement_reserved"):
        store.commit(cancelled)

    assert booked().after == store.redemption("b1")
