"""A store by SQLAlchemy finds its tables in the schema that it is told, whatever it is bound to."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from pkgredeem import Balance
from pkgredeem.stores.sqlalchemy import (
    METADATA,
    AsyncSqlAlchemyStore,
    SqlAlchemyStore,
    add_tables,
)
from tests.helpers.support import credit, package

HELD = package("p1", credit("facial", left=5))
OTHER = package("p2", credit("facial", left=3), credit("massage", left=2, id="main"))


def balance(available: int) -> Balance:
    """Return a balance of which nothing is drawn."""
    return Balance(available=available, reserved=0, redeemed=0, forfeited=0)


def attach(engine: sa.Engine, path: Path) -> None:
    """Give each connection of an engine a second file, as the schema `salon`."""

    @sa.event.listens_for(engine, "connect")
    def attached(connection: Any, _: object) -> None:  # noqa: ANN401 - any driver's
        connection.cursor().execute(f"ATTACH DATABASE '{path}' AS salon")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """Return an engine on a file, with the tables of the store in another file.

    The file itself has such tables, too, in which nothing may be found afterwards.
    """
    beside = sa.create_engine(f"sqlite:///{tmp_path / 'main.db'}")
    METADATA.create_all(beside)
    made = sa.create_engine(beside.url)
    attach(made, tmp_path / "salon.db")
    tables = sa.MetaData()
    add_tables(tables, schema="salon")
    tables.create_all(made)
    yield made
    made.dispose()
    with beside.connect() as connection:
        assert [] == [*connection.execute(sa.select(METADATA.tables["pkgredeem_package"]))]
    beside.dispose()


def test_an_engine(engine: sa.Engine) -> None:
    """Each call is a transaction of its own."""
    store = SqlAlchemyStore(engine, schema="salon")
    store.add(HELD)

    assert balance(5) == store.balance("p1", "facial")


def test_a_connection(engine: sa.Engine) -> None:
    """The store takes part in the caller's transaction."""
    with engine.begin() as connection:
        joined = SqlAlchemyStore(connection, schema="salon")
        joined.add(HELD)
        joined.add(OTHER)
        assert balance(5) == joined.balance("p1", "facial")

    assert balance(3) == SqlAlchemyStore(engine, schema="salon").balance("p2", "facial")


def test_for_tasks(engine: sa.Engine, tmp_path: Path) -> None:
    """An engine and a connection for tasks do as the others."""

    async def sell() -> tuple[Balance, Balance]:
        tasks = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'main.db'}")
        attach(tasks.sync_engine, tmp_path / "salon.db")
        store = AsyncSqlAlchemyStore(tasks, schema="salon")
        await store.add(HELD)
        async with tasks.begin() as connection:
            joined = AsyncSqlAlchemyStore(connection, schema="salon")
            await joined.add(OTHER)
            both = await joined.balance("p2"), await joined.balance("p1", "facial")
        await tasks.dispose()
        return both

    assert (balance(2), balance(5)) == asyncio.run(sell())
    assert balance(3) == SqlAlchemyStore(engine, schema="salon").balance("p2", "facial")
