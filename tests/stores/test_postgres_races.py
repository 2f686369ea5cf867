"""Many clients and one last credit, on PostgreSQL: none is spent twice, and none is lost.

`PKGREDEEM_ROUNDS` says how often each race is run: 5 times unless told otherwise.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier as GateOfProcesses
from threading import Barrier
from typing import TypeVar

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from pkgredeem import AsyncRedemptionDesk, Balance, Client, ConflictError
from stores.sqlalchemy_store import AsyncSqlAlchemyStore, SqlAlchemyStore
from tests.helpers.postgres import Database, fresh_database, wait_until_somebody_waits
from tests.helpers.postgres_salon import (
    POLICY,
    audited,
    cancel,
    engine_of,
    exchange,
    redeem,
    salon_database,
)
from tests.helpers.support import NOW, account, booking, case, credit, decide, package

ROUNDS = int(os.environ.get("PKGREDEEM_ROUNDS", "5"))
THREADS, PROCESSES = 8, 4
NO_CREDIT = "package_used_up"

Answer = TypeVar("Answer")


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    """Return a database with the store's tables; each race has a client and packages of its own."""
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


def all_at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do all acts at the same moment, each in a thread, and return their answers in order."""
    gate = Barrier(len(acts))

    def act(place: int) -> Answer:
        gate.wait(30)
        return acts[place]()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, range(len(acts))))


@pytest.mark.parametrize("number", range(ROUNDS))
def test_threads_race_for_the_last_credits(
    database: Database, store: SqlAlchemyStore, number: int
) -> None:
    """Of eight threads that want one of three credits each, three get it and five a reason."""
    name = f"threads-{number}"
    store.add(package(name, credit("facial", left=3), client_id=name))

    answers = all_at_once(
        [partial(redeem, store, name, f"{name}-{place}") for place in range(THREADS)]
    )

    expected = Balance(available=0, reserved=3, redeemed=0, forfeited=0)
    assert {"eligible": 3, NO_CREDIT: 5} == Counter(answers)
    assert expected == audited(database)[name, "facial"]


_gate: list[GateOfProcesses] = []


def _keep_gate(gate: GateOfProcesses) -> None:
    """Keep what the processes wait at, in each of them."""
    _gate.append(gate)


def _eight_threads(database: Database, name: str, place: int) -> list[str]:
    """Book as eight threads of one process, once every process is here."""
    with engine_of(database) as engine:
        store = SqlAlchemyStore(engine)
        _gate[0].wait(30)
        return all_at_once(
            [partial(redeem, store, name, f"{name}-{place}-{turn}") for turn in range(THREADS)]
        )


def test_processes_race_for_the_last_credits(database: Database, store: SqlAlchemyStore) -> None:
    """Of four processes with eight threads each, as many get a credit as there are credits."""
    spawn = get_context("spawn")
    names = [f"processes-{number}" for number in range(ROUNDS)]
    with ProcessPoolExecutor(
        PROCESSES, spawn, initializer=_keep_gate, initargs=(spawn.Barrier(PROCESSES),)
    ) as pool:
        for name in names:
            store.add(package(name, credit("facial", left=5), client_id=name))
            told = [
                pool.submit(_eight_threads, database, name, place) for place in range(PROCESSES)
            ]
            answers = Counter(answer for each in told for answer in each.result(60))
            assert {"eligible": 5, NO_CREDIT: 27} == answers

    balances = audited(database)
    expected = Balance(available=0, reserved=5, redeemed=0, forfeited=0)
    assert [expected] * ROUNDS == [balances[name, "facial"] for name in names]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_tasks_race_for_the_last_credits(database: Database, number: int) -> None:
    """Of eight tasks on asyncpg that want one of three credits each, three get it."""
    name = f"tasks-{number}"

    async def race() -> list[bool]:
        engine = create_async_engine(database.url("asyncpg"), pool_size=THREADS)
        store = AsyncSqlAlchemyStore(engine)
        await store.add(package(name, credit("facial", left=3), client_id=name))
        desk = AsyncRedemptionDesk(POLICY, store)
        decisions = await asyncio.gather(
            *(
                desk.redeem(
                    account=account(),
                    client=Client(id=name, logged_in=True),
                    booking=booking(id=f"{name}-{place}"),
                    now=NOW,
                )
                for place in range(THREADS)
            )
        )
        await engine.dispose()
        return sorted(each.eligible for each in decisions)

    assert [False] * 5 + [True] * 3 == asyncio.run(race())
    expected = Balance(available=0, reserved=3, redeemed=0, forfeited=0)
    assert expected == audited(database)[name, "facial"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_one_booking_is_redeemed_once(
    database: Database, store: SqlAlchemyStore, number: int
) -> None:
    """Eight threads redeem the same booking: all are told that it is, and one credit is drawn."""
    name = f"clicks-{number}"
    store.add(package(name, credit("facial", left=1), client_id=name))

    answers = all_at_once([lambda: redeem(store, name, name)] * THREADS)

    expected = Balance(available=0, reserved=1, redeemed=0, forfeited=0)
    assert ["eligible"] * THREADS == answers
    assert expected == audited(database)[name, "facial"]


@pytest.mark.parametrize("number", range(ROUNDS))
def test_what_is_given_back_is_there_again(
    database: Database, store: SqlAlchemyStore, number: int
) -> None:
    """Eight threads book, exchange and cancel over two packages, crosswise: all credits return."""
    name = f"crosswise-{number}"
    store.add(package(f"{name}-a", credit("facial", left=3), client_id=name))
    store.add(package(f"{name}-b", credit("massage", left=3), client_id=name))
    wanted = [["facial", "massage"], ["massage", "facial"], ["facial"], ["massage"]]

    def act(place: int) -> bool:
        first, second = f"{name}-{place}", f"{name}-{place}-exchanged"
        got = redeem(store, name, first, *wanted[place % 4]) == "eligible"
        if got and exchange(store, name, first, second, *wanted[(place + 1) % 4]) == "eligible":
            first = second
        return not got or cancel(store, first)

    returned = all_at_once([partial(act, place) for place in range(THREADS)])

    all_back = Balance(available=3, reserved=0, redeemed=0, forfeited=0)
    balances = audited(database)
    assert [True] * THREADS == returned
    assert all_back == balances[f"{name}-a", "facial"]
    assert all_back == balances[f"{name}-b", "massage"]


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

        with pytest.raises(ConflictError, match="1 credits are not left"):
            late.result(30)
    expected = Balance(available=0, reserved=1, redeemed=0, forfeited=0)
    assert expected == audited(database)["guarded", "facial"]
