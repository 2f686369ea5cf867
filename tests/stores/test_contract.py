"""Every correct store keeps the contract, whatever its design."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from pkgredeem import Actor, Change, ConflictError, Movement, Package, Unlimited
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.testing import AsyncMemoryStore, AsyncStoreContract, MemoryStore, StoreContract
from stores.counter_store import CounterStore
from stores.sqlite_store import SqliteStore
from tests.helpers.desk_support import ONLINE
from tests.helpers.plain_store import PlainStore
from tests.helpers.support import NOW, booking, case, credit, decide
from tests.helpers.support import package as sold


class TestMemoryStore(StoreContract):
    """The store in memory keeps the contract."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        store = MemoryStore()
        for package in packages:
            store.add(package)
        return store

    def movements(self, store: RedemptionStore) -> Sequence[Movement]:
        """Return the history."""
        assert isinstance(store, MemoryStore)
        return store.movements()


class TestAsyncMemoryStore(AsyncStoreContract):
    """The store in memory for tasks keeps the contract."""

    async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
        """Hold them in memory."""
        store = AsyncMemoryStore()
        for package in packages:
            store.add(package)
        return store

    async def movements(self, store: AsyncRedemptionStore) -> Sequence[Movement]:
        """Return the history."""
        assert isinstance(store, AsyncMemoryStore)
        return store.movements()


class TestSqliteStore(StoreContract):
    """The store in a SQLite file keeps the contract."""

    path: Path

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.path = tmp_path

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in a new file."""
        store = SqliteStore(self.path / f"{len(list(self.path.iterdir()))}.db", synchronous="OFF")
        for package in packages:
            store.add(package)
        return store

    def reopened(self, store: RedemptionStore) -> RedemptionStore:
        """Open the file once more."""
        assert isinstance(store, SqliteStore)
        return SqliteStore(store.path, synchronous="OFF")

    def movements(self, store: RedemptionStore) -> Sequence[Movement]:
        """Return the history."""
        assert isinstance(store, SqliteStore)
        return store.movements()

    def close(self, store: RedemptionStore) -> None:
        """Close the file."""
        assert isinstance(store, SqliteStore)
        store.close()


class TestCounterStore(StoreContract):
    """The store that only counts what is left keeps the contract."""

    keeps_plans = False

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        store = CounterStore()
        for package in packages:
            store.add(package)
        return store

    def close(self, store: RedemptionStore) -> None:
        """Close it."""
        assert isinstance(store, CounterStore)
        store.close()


class OneByOne(PlainStore):
    """A right store that gives its packages one by one, the last first, used up or not."""

    def packages_of(  # type: ignore[override]
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> Iterator[Package]:
        """Yield the packages of the client, and those named, in an odd order."""
        found = super().packages_of(client_id, not_over_at=not_over_at, also=also)
        for each in reversed(found):
            yield replace(each, entitlements=each.entitlements[::-1])


class NoMoreThanAsked(PlainStore):
    """A right store that gives no package that it need not give."""

    def packages_of(  # type: ignore[override]
        self, client_id: str, *, not_over_at: datetime, also: Iterable[str] = ()
    ) -> set[Package]:
        """Return what the client has that has a credit and is not over, and what is named."""
        named = set(also)
        return {
            each
            for each in super().packages_of(client_id, not_over_at=not_over_at, also=named)
            if each.id in named or (each.has_credit and not each.is_over_by(not_over_at))
        }


class TestOneByOne(StoreContract):
    """A store may give its packages as a generator and in any order."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        return OneByOne(packages)


class TestNoMoreThanAsked(StoreContract):
    """A store may leave out what is used up or over."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Hold them in memory."""
        return NoMoreThanAsked(packages)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[CounterStore]:
    """Give a counter store in a file that waits for nobody; nothing is in it."""
    with closing(CounterStore(tmp_path / "salon.db")) as made:
        made._connection.execute("PRAGMA busy_timeout = 0")
        yield made


def booked(service: str = "facial", name: str = "b1") -> Change:
    """Return the change that books a service with Ana's package of that name."""
    held = sold(f"{service}s", credit(service))
    change = decide(case(service, packages=[held], booking=booking(service, id=name))).change
    assert change is not None
    return change


def test_a_counter_store_reads_one_moment(tmp_path: Path) -> None:
    """An exchange that comes between two statements of a reader is seen whole or not at all."""
    back = ONLINE.cancel(booked().after, by=Actor.CLIENT, now=NOW).change
    assert back is not None
    seen: list[dict[str, int | Unlimited]] = []
    for place in range(6):
        path = tmp_path / f"{place}.db"
        with closing(CounterStore(path)) as store, closing(CounterStore(path)) as elsewhere:
            store.add(sold("facials", credit("facial")))
            store.add(sold("masks", credit("mask")))
            store.commit(booked())
            acts: list[Callable[[], object]] = [bool] * 9
            acts[place] = partial(elsewhere.commit, back, booked("mask", "b2"))
            store._connection.set_trace_callback(partial(_done, iter(acts)))
            found = store.packages_of("ana", not_over_at=NOW, also=("facials", "masks"))
            seen.append({each.id: each.entitlements[0].remaining for each in found})

    after, before = {"facials": 1, "masks": 0}, {"facials": 0, "masks": 1}
    assert [after, *[before] * 5] == seen


def test_a_counter_store_takes_a_package_on_whole(counter: CounterStore, tmp_path: Path) -> None:
    """Before its last statement nobody sees any of it: who is killed there leaves nothing."""
    rows = "SELECT (SELECT count(*) FROM package), (SELECT count(*) FROM credit)"
    with closing(sqlite3.connect(tmp_path / "salon.db")) as elsewhere:
        seen: list[tuple[int, int]] = []
        counter._connection.set_trace_callback(
            lambda _: seen.append(elsewhere.execute(rows).fetchone())
        )
        counter.add(sold("p1", credit("facial"), credit("mask")))
        counter._connection.set_trace_callback(None)

        assert {(0, 0)} == set(seen)
        assert (1, 2) == elsewhere.execute(rows).fetchone()


def test_a_counter_store_keeps_nothing_of_what_it_can_not_take(counter: CounterStore) -> None:
    """A package with more credits than a column holds is refused, and its id is free."""
    with pytest.raises(OverflowError):
        counter.add(sold("p1", credit("facial"), credit("mask", left=2**63)))
    counter.add(sold("p1"))

    assert [sold("p1")] == counter.packages_of("ana", not_over_at=NOW)


def test_a_counter_store_calls_only_a_busy_file_a_conflict(
    counter: CounterStore, tmp_path: Path
) -> None:
    """Who holds the file makes a conflict of every call; an error of another kind stays itself."""
    counter.add(sold("facials"))
    calls: list[Callable[[], object]] = [
        lambda: counter.add(sold("p2")),
        lambda: counter.packages_of("ana", not_over_at=NOW),
        lambda: counter.redemption("b1"),
        lambda: counter.commit(booked()),
    ]
    with closing(sqlite3.connect(tmp_path / "salon.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        for call in calls:
            with pytest.raises(ConflictError) as raised:
                call()
            assert "the file is locked (database is locked): try again" == str(raised.value)
    counter._connection.execute("ALTER TABLE credit RENAME TO credits")
    with pytest.raises(sqlite3.OperationalError) as broken:
        counter.commit(booked())

    assert "no such table: credit" == str(broken.value)
    assert counter.redemption("b1") is None


def _done(acts: Iterator[Callable[[], object]], _: str) -> None:
    """Do the next of these, just before a statement is run."""
    next(acts)()
