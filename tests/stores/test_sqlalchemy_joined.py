"""A store in the caller's own transaction: the booking's row and its redemption, or neither."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    async_scoped_session,
    async_sessionmaker,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    scoped_session,
    sessionmaker,
)

from pkgredeem import (
    AsyncRedemptionDesk,
    Change,
    ConflictError,
    RedemptionDesk,
    RedemptionPolicy,
    UnknownEntitlementError,
)
from pkgredeem.stores.sqlalchemy import AsyncSqlAlchemyStore, SqlAlchemyStore, add_tables
from tests.helpers.postgres import fresh_database
from tests.helpers.sqlalchemy_databases import async_engine_on, engine_on
from tests.helpers.support import ANA, NOW, account, booking, case, credit, decide, package

HELD = package("p1", credit("facial", left=1))
POLICY = RedemptionPolicy()


class Base(DeclarativeBase):
    """The caller's tables, which the store's have joined."""


class Appointment(Base):
    """The caller's own booking."""

    __tablename__ = "appointment"

    id: Mapped[str] = mapped_column(primary_key=True)


add_tables(Base.metadata)

Joined = Session | sa.Connection
Ways = dict[str, Callable[[sa.Engine], Joined]]
WAYS: Ways = {
    "Session": Session,
    "Connection": lambda engine: engine.connect(),
}


@pytest.fixture(params=["psycopg", "pysqlite"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sa.Engine]:
    """Return an engine with the caller's tables and the store's."""
    with _url(request.param, tmp_path_factory) as url, engine_on(url) as made:
        _make(made)
        yield made


@contextmanager
def _url(driver: str, folders: pytest.TempPathFactory) -> Iterator[str]:
    if "sqlite" in driver:
        yield f"sqlite+{driver}:///{folders.mktemp('joined')}/salon.db"
    else:
        with fresh_database() as database:
            yield database.url(driver)


def _make(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    Base.metadata.create_all(engine)
    SqlAlchemyStore(engine).add(HELD)


@pytest.fixture(params=WAYS)
def joined(request: pytest.FixtureRequest, engine: sa.Engine) -> Iterator[Joined]:
    """Return a session or a connection of the caller's."""
    with WAYS[request.param](engine) as made:
        yield made


def booked(booking_id: str) -> Change:
    """Return the change that books Ana's facial."""
    change = decide(case(packages=[HELD], booking=booking(id=booking_id))).change
    assert change is not None
    return change


def redeem(store: SqlAlchemyStore, booking_id: str) -> None:
    """Book a facial at a desk that tries once, and have it paid."""
    desk = RedemptionDesk(POLICY, store, attempts=1)
    wanted = booking(id=booking_id)
    assert desk.redeem(account=account(), client=ANA, booking=wanted, now=NOW).eligible


INSERT = sa.insert(Appointment)
APPOINTMENTS = sa.select(Appointment.id).order_by(Appointment.id)


def appointments(engine: sa.Engine) -> list[str]:
    """Return the caller's bookings, as everybody sees them."""
    with engine.connect() as connection:
        return [*connection.scalars(APPOINTMENTS)]


def test_both_are_kept(engine: sa.Engine, joined: Joined) -> None:
    """What the caller commits is there with the redemption, and before that nobody sees either."""
    outside = SqlAlchemyStore(engine)
    joined.execute(INSERT.values(id="b1"))
    redeem(SqlAlchemyStore(joined), "b1")
    assert ([], None) == (appointments(engine), outside.redemption("b1"))
    joined.commit()

    assert ["b1"] == appointments(engine)
    assert booked("b1").after == outside.redemption("b1")
    assert 0 == outside.balance("p1", "facial").available


@pytest.mark.parametrize("is_redeemed_first", [False, True])
def test_neither_is_kept(engine: sa.Engine, joined: Joined, *, is_redeemed_first: bool) -> None:
    """What the caller rolls back never was, whichever of the two was written first."""
    outside, store = SqlAlchemyStore(engine), SqlAlchemyStore(joined)
    if is_redeemed_first:
        redeem(store, "b1")
    joined.execute(INSERT.values(id="b1"))
    if not is_redeemed_first:
        redeem(store, "b1")
    assert booked("b1").after == store.redemption("b1")
    joined.rollback()

    assert ([], None) == (appointments(engine), outside.redemption("b1"))
    assert 1 == outside.balance("p1", "facial").available
    assert () == outside.movements()


def test_a_conflict_rolls_back_to_where_the_store_began(engine: sa.Engine, joined: Joined) -> None:
    """What the caller wrote before it and after it is kept, and nothing of the refused call is."""
    outside, store = SqlAlchemyStore(engine), SqlAlchemyStore(joined)
    joined.execute(INSERT.values(id="before"))
    with pytest.raises(ConflictError, match="too few credits of 'facial'"):
        store.commit(booked("b1"), booked("b2"))
    gone = package("gone", credit("massage"))
    unknown = decide(case("massage", packages=[gone], booking=booking("massage", id="b3"))).change
    assert unknown is not None
    with pytest.raises(UnknownEntitlementError, match="'massage' of package 'gone'"):
        store.commit(booked("b1"), unknown)
    joined.execute(INSERT.values(id="after"))
    joined.commit()

    assert ["after", "before"] == appointments(engine)
    assert [None] * 3 == [outside.redemption(name) for name in ("b1", "b2", "b3")]
    assert 1 == outside.balance("p1", "facial").available


def test_a_store_goes_on_with_the_next_transaction(engine: sa.Engine, joined: Joined) -> None:
    """A store of a session or a connection takes part in whichever transaction is open in it."""
    outside, store = SqlAlchemyStore(engine), SqlAlchemyStore(joined)
    redeem(store, "b1")
    joined.rollback()
    redeem(store, "b2")
    joined.commit()
    store.add(package("p2", client_id="beth"))
    joined.rollback()

    assert outside.redemption("b1") is None
    assert booked("b2").after == outside.redemption("b2")
    assert () == outside.packages_of("beth", not_over_at=NOW)


def test_a_scoped_session_is_joined_as_the_session_that_it_stands_for(engine: sa.Engine) -> None:
    """One store of a scoped session serves every thread, each in a transaction of its own."""
    sessions = scoped_session(sessionmaker(engine))
    store = SqlAlchemyStore(sessions)
    sessions.execute(INSERT.values(id="b1"))
    redeem(store, "b1")
    sessions.commit()
    sessions.remove()

    assert ["b1"] == appointments(engine)
    assert booked("b1").after == SqlAlchemyStore(engine).redemption("b1")


AsyncJoined = AsyncSession | AsyncConnection
AsyncWay = Callable[[AsyncEngine], AbstractAsyncContextManager[AsyncJoined]]


@asynccontextmanager
async def scoped(engine: AsyncEngine) -> AsyncIterator[async_scoped_session[AsyncSession]]:
    """Give a scoped session."""
    sessions = async_scoped_session(async_sessionmaker(engine), asyncio.current_task)
    yield sessions
    await sessions.remove()


ASYNC_WAYS: dict[str, AsyncWay] = {
    "AsyncSession": AsyncSession,
    "AsyncConnection": lambda engine: engine.connect(),
    "async_scoped_session": scoped,  # type: ignore[dict-item]  # it stands for a session
}


@pytest.mark.parametrize("way", ASYNC_WAYS)
@pytest.mark.parametrize("driver", ["psycopg", "asyncpg", "aiosqlite"])
def test_tasks_keep_both_or_neither(
    tmp_path_factory: pytest.TempPathFactory, driver: str, way: str
) -> None:
    """A store for tasks joins a transaction as one for threads does: first rolled back, then kept.

    A conflict in it leaves it usable.
    """

    async def keeps(url: str) -> None:
        engine = async_engine_on(url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        outside = AsyncSqlAlchemyStore(engine)
        await outside.add(HELD)
        async with ASYNC_WAYS[way](engine) as joined:
            store = AsyncSqlAlchemyStore(joined)
            desk = AsyncRedemptionDesk(POLICY, store, attempts=1)
            asked = {"account": account(), "client": ANA, "booking": booking(), "now": NOW}
            await desk.redeem(**asked)  # type: ignore[arg-type]  # each has its type
            await joined.execute(INSERT.values(id="b1"))
            await joined.rollback()
            assert await outside.redemption("b1") is None
            assert 1 == (await outside.balance("p1", "facial")).available

            await joined.execute(INSERT.values(id="b1"))
            await desk.redeem(**asked)  # type: ignore[arg-type]  # see above
            with pytest.raises(ConflictError, match="too few credits of 'facial'"):
                await store.commit(booked("b2"))
            await joined.commit()
        assert booked("b1").after == await outside.redemption("b1")
        assert await outside.redemption("b2") is None
        assert 1 == len(await outside.movements())
        async with engine.connect() as connection:
            assert ["b1"] == [*await connection.scalars(APPOINTMENTS)]
        await engine.dispose()

    with _url(driver, tmp_path_factory) as url:
        asyncio.run(keeps(url))
