"""The caller's engine is used as it is set up, and stays so for everybody else who uses it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from pkgredeem import Change, ConflictError, InvalidValueError
from pkgredeem.stores.sqlalchemy import AsyncSqlAlchemyStore, SqlAlchemyStore
from tests.helpers.postgres import Database, fresh_database
from tests.helpers.sqlalchemy_databases import async_engine_on, engine_on, make_tables
from tests.helpers.support import NOW, booking, case, credit, decide, package

HELD = package("p1", credit("facial", left=1))
LEVELS = ["AUTOCOMMIT", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]

MakeEngine = Callable[..., sa.Engine]


@pytest.fixture
def database() -> Iterator[Database]:
    """Return a database with the tables of the store."""
    with fresh_database() as made:
        with engine_on(made.url()) as engine:
            make_tables(engine)
        yield made


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return the URL of a SQLite file with the tables of the store."""
    url = f"sqlite:///{tmp_path}/salon.db"
    with engine_on(url) as engine:
        make_tables(engine)
    return url


def booked(booking_id: str) -> Change:
    """Return the change that books Ana's facial."""
    change = decide(case(packages=[HELD], booking=booking(id=booking_id))).change
    assert change is not None
    return change


def is_atomic(engine: sa.Engine) -> None:
    """Commit what conflicts with its second change: nothing is left of the first, nor locked."""
    store = SqlAlchemyStore(engine)
    store.add(HELD)
    with pytest.raises(ConflictError, match="too few credits of 'facial'"):
        store.commit(booked("b1"), booked("b2"))

    assert store.redemption("b1") is None
    store.commit(booked("b3"))
    assert booked("b3").after == store.redemption("b3")
    assert 1 == len(store.packages_of("ana", not_over_at=NOW))


@pytest.mark.parametrize("level", LEVELS)
def test_a_commit_is_one_transaction_at_every_level_of_the_engine(
    database: Database, level: str
) -> None:
    """Also on an engine at AUTOCOMMIT; its one connection is at its own level again afterwards."""
    engine = sa.create_engine(database.url(), isolation_level=level, pool_size=1, max_overflow=0)
    asked = "SELECT current_setting('transaction_isolation')"

    def seen() -> tuple[str, bool]:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(asked).scalar_one()
            driver: Any = connection.connection.driver_connection
            return found, driver.autocommit

    before = seen()
    is_atomic(engine)

    assert before == seen()
    engine.dispose()


@pytest.mark.parametrize("level", ["AUTOCOMMIT", "SERIALIZABLE", "READ UNCOMMITTED"])
def test_a_commit_to_a_file_is_one_transaction_at_every_level(file: str, level: str) -> None:
    """The same on SQLite."""
    engine = sa.create_engine(file, isolation_level=level, pool_size=1, max_overflow=0)

    def seen() -> tuple[str | None, int]:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            read = connection.exec_driver_sql("PRAGMA read_uncommitted").scalar_one()
            return driver.isolation_level, read

    before = seen()
    is_atomic(engine)

    assert before == seen()
    engine.dispose()


def test_an_engine_that_begins_by_itself_is_taken_as_it_is(file: str) -> None:
    """Who begins every transaction by an event, as SQLAlchemy's pages tell, goes on doing so."""
    engine = sa.create_engine(file, pool_size=1, max_overflow=0)
    sent: list[str] = []

    @sa.event.listens_for(engine, "connect")
    def never_begin(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
        connection.isolation_level = None
        connection.set_trace_callback(sent.append)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    is_atomic(engine)
    assert "BEGIN IMMEDIATE" not in sent
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        assert driver.isolation_level is None
    engine.dispose()


def test_what_is_sent_to_a_file(file: str) -> None:
    """A commit begins with the write lock; a read begins no transaction."""
    engine = sa.create_engine(file)
    sent: list[str] = []

    @sa.event.listens_for(engine, "connect")
    def trace(connection: Any, _: object) -> None:  # noqa: ANN401 - the driver's
        connection.set_trace_callback(sent.append)

    store = SqlAlchemyStore(engine)
    store.add(HELD)
    sent.clear()
    store.packages_of("ana", not_over_at=NOW)
    store.redemption("b1")
    assert ["WITH", "SELECT"] == [statement.split()[0] for statement in sent]
    sent.clear()
    store.commit(booked("b1"))

    assert [
        *("BEGIN IMMEDIATE", "INSERT INTO pkgredeem_redemption", "UPDATE pkgredeem_package SET"),
        *("UPDATE pkgredeem_entitlement SET", "INSERT INTO pkgredeem_use"),
        *("INSERT INTO pkgredeem_movement", "COMMIT"),
    ] == [" ".join(statement.split()[:3]) for statement in sent]
    engine.dispose()


def test_other_databases_are_refused(file: str) -> None:
    """Nothing is sent to a database that no test has tried."""
    with engine_on(file) as engine:
        store = SqlAlchemyStore(engine)
        engine.dialect.name = "oracle"
        try:
            with pytest.raises(
                InvalidValueError, match=r"^bind must be of PostgreSQL or of SQLite, not 'oracle'"
            ):
                store.redemption("b1")
        finally:
            engine.dialect.name = "sqlite"


def test_what_is_no_engine_is_refused(file: str) -> None:
    """The store for threads takes no engine for tasks, nor the other way round."""
    with engine_on(file) as engine:
        tasks = async_engine_on(file.replace("sqlite", "sqlite+aiosqlite"))
        with pytest.raises(InvalidValueError, match="bind must be an AsyncEngine") as of_tasks:
            AsyncSqlAlchemyStore(engine)  # type: ignore[arg-type]  # what is tried
        with pytest.raises(InvalidValueError, match="bind must be an Engine") as of_threads:
            SqlAlchemyStore(tasks)  # type: ignore[arg-type]  # what is tried

    assert (engine, tasks) == (of_tasks.value.value, of_threads.value.value)
