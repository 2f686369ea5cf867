"""A guard that holds on PostgreSQL, and one that only looks as if it did.

That the store holds in races is tried by the contract, and by `test_races_and_kills`.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import sqlalchemy as sa

from pkgredeem import Balance, ConflictError
from pkgredeem.stores.sqlalchemy import SqlAlchemyStore
from tests.helpers.postgres import Database, fresh_database, wait_until_somebody_waits
from tests.helpers.postgres_salon import audited, engine_of, salon_database
from tests.helpers.support import booking, case, credit, decide, package


@pytest.fixture
def database() -> Iterator[Database]:
    """Return a database with the store's tables."""
    with salon_database() as made:
        yield made


@pytest.fixture
def engine(database: Database) -> Iterator[sa.Engine]:
    """Return an engine of that database."""
    with engine_of(database) as made:
        yield made


@pytest.fixture
def store(engine: sa.Engine) -> SqlAlchemyStore:
    """Return a store for all threads."""
    return SqlAlchemyStore(engine)


@pytest.mark.parametrize(
    ("statement", "left"),
    [
        pytest.param(
            "UPDATE jar SET credits = credits - 1"
            " WHERE id = (SELECT id FROM jar WHERE credits > 0 LIMIT 1)",
            -1,
            id="a guard in a sub-select fails",
        ),
        pytest.param(
            "UPDATE jar SET credits = credits - 1"
            " WHERE id = (SELECT id FROM jar WHERE credits > 0 LIMIT 1 FOR UPDATE)",
            0,
            id="a guard in a sub-select that locks",
        ),
        pytest.param(
            "UPDATE jar SET credits = credits - 1 WHERE id = 1 AND credits > 0",
            0,
            id="a guard on the row",
        ),
    ],
)
def test_where_a_guard_must_stand(statement: str, left: int) -> None:
    """Two sessions draw the last credit at READ COMMITTED: only one shape spends it twice."""
    with (
        fresh_database() as made,
        ThreadPoolExecutor(1) as thread,
        psycopg.connect(made.dsn) as first,
        psycopg.connect(made.dsn) as second,
    ):
        first.execute("CREATE TABLE jar (id int PRIMARY KEY, credits int)")
        first.execute("INSERT INTO jar VALUES (1, 1)")
        first.commit()

        first.execute(statement.encode())
        late = thread.submit(second.execute, statement.encode())
        wait_until_somebody_waits(made)
        first.commit()
        late.result(30)
        second.commit()

        assert (left,) == first.execute("SELECT credits FROM jar").fetchone()


def test_the_guard_of_the_store_holds(
    database: Database, engine: sa.Engine, store: SqlAlchemyStore
) -> None:
    """Of two sessions that draw the last credit the second waits for the first, and is refused."""
    held = package("guarded", credit("facial", left=1))
    store.add(held)
    changes = [
        decide(case(packages=[held], booking=booking(id=f"guarded-{place}"))).change
        for place in range(2)
    ]
    assert changes[0] is not None
    assert changes[1] is not None
    with ThreadPoolExecutor(1) as thread, engine.connect() as connection:
        SqlAlchemyStore(connection).commit(changes[0])
        late = thread.submit(store.commit, changes[1])
        wait_until_somebody_waits(database)
        connection.commit()

        with pytest.raises(ConflictError, match="too few credits of 'facial'"):
            late.result(30)
    expected = Balance(available=0, reserved=1, redeemed=0, forfeited=0)
    assert expected == audited(database)["guarded", "facial"]
