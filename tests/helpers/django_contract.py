"""What is true of the Django stores; `test_django` runs it in a process for each database."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import ProtectedError

from pkgredeem import (
    Actor,
    Change,
    ConflictError,
    InvalidValueError,
    Movement,
    Package,
    RedemptionDesk,
    RedemptionPolicy,
)
from pkgredeem.stores import AsyncRedemptionStore, RedemptionStore
from pkgredeem.stores.django import AsyncDjangoStore, DjangoStore, models
from pkgredeem.testing import AsyncStoreContract, StoreContract
from tests.helpers.end_to_end import Blocking, EndToEnd
from tests.helpers.postgres import Database, wait_until_somebody_waits
from tests.helpers.support import ANA, NOW, account, booking, case, credit, decide, package

ROUNDS = int(os.environ.get("PKGREDEEM_ROUNDS", "5"))
THREADS = 8
ON_POSTGRESQL = connection.vendor == "postgresql"
HELD = replace(package("p1", credit("facial", left=1)), version=0)

postgresql_only = pytest.mark.skipif("not ON_POSTGRESQL")
sqlite_only = pytest.mark.skipif("ON_POSTGRESQL")


def empty() -> None:
    """Take everything out of the tables."""
    for model in (Group, models.Use, models.Movement, models.Redemption, models.Package):
        model._default_manager.all().delete()


def store_of(*packages: Package) -> DjangoStore:
    """Return a store that holds these packages and nothing else."""
    empty()
    store = DjangoStore()
    for each in packages:
        store.add(each)
    return store


@pytest.fixture(autouse=True, scope="session")
def _connections() -> Iterator[None]:
    """Close this thread's connections in the end."""
    yield
    connections.close_all()


@pytest.fixture
def store() -> DjangoStore:
    """Return a store that holds one facial of Ana's."""
    return store_of(HELD)


def booked(booking_id: str = "b1", held: Package = HELD) -> Change:
    """Return the change that books Ana's facial."""
    change = decide(case(packages=[held], booking=booking(id=booking_id))).change
    assert change is not None
    return change


def commit_and_close(store: RedemptionStore, *changes: Change) -> None:
    """Commit in a thread of its own, and close that thread's connections."""
    try:
        store.commit(*changes)
    finally:
        connections.close_all()


def redeem(store: RedemptionStore, booking_id: str, attempts: int = 1) -> str:
    """Book a facial at a desk; return "eligible", or the reasons that refuse it."""
    decision = RedemptionDesk(RedemptionPolicy(), store, attempts).redeem(
        account=account(), client=ANA, booking=booking(id=booking_id), now=NOW
    )
    return "eligible" if decision.eligible else " ".join(each.code for each in decision.reasons)


class TestThreads(StoreContract):
    """The store for threads."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Make a store."""
        return store_of(*packages)

    def reopened(self, store: RedemptionStore) -> RedemptionStore:
        """Make another one."""
        del store
        return DjangoStore("other")

    def movements(self, store: RedemptionStore) -> Sequence[Movement]:
        """Read the history."""
        assert isinstance(store, DjangoStore)
        return store.movements()

    def thread_ends(self) -> None:
        """Close the thread's connections."""
        connections.close_all()


class TestTasks(AsyncStoreContract):
    """The store for tasks."""

    async def store_with(self, *packages: Package) -> AsyncRedemptionStore:
        """Make a store."""
        await sync_to_async(empty)()
        store = AsyncDjangoStore()
        for each in packages:
            await store.add(each)
        return store

    async def movements(self, store: AsyncRedemptionStore) -> Sequence[Movement]:
        """Read the history."""
        assert isinstance(store, AsyncDjangoStore)
        return await store.movements()

    async def close(self, store: AsyncRedemptionStore) -> None:
        """Close the connections of Django's thread."""
        del store
        await sync_to_async(connections.close_all)()


class TestFromEndToEnd(EndToEnd):
    """The store for threads, from end to end."""

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Make a store."""
        return store_of(*packages)


class TestTasksFromEndToEnd(EndToEnd):
    """The store for tasks, from end to end."""

    @pytest.fixture(autouse=True)
    def _runner(self) -> Iterator[None]:
        with asyncio.Runner() as self.runner:
            yield
            self.runner.run(sync_to_async(connections.close_all)())

    def store_with(self, *packages: Package) -> RedemptionStore:
        """Make a store."""
        store_of(*packages)
        return Blocking(AsyncDjangoStore(), self.runner)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_threads_race_for_the_last_credits(number: int) -> None:
    """Of eight threads that want one of three credits each, three get it and five a reason."""
    store = store_of(package("p1", credit("facial", left=3)))
    gate = Barrier(THREADS)

    def act(place: int) -> str:
        gate.wait(30)
        try:
            return redeem(store, f"b{number}-{place}", attempts=50)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        answers = Counter(pool.map(act, range(THREADS)))

    assert {"eligible": 3, "package_used_up": 5} == answers
    assert [0] == [held.available for held in models.Entitlement.objects.all()]
    assert 3 == len(store.movements())


def test_booking_and_redemption_become_visible_together(store: DjangoStore) -> None:
    """Inside the caller's `atomic` nothing is seen elsewhere until the block ends."""
    with transaction.atomic():
        assert "eligible" == redeem(store, "b1")
        Group.objects.create(name="p2")
        assert DjangoStore("other").redemption("b1") is None

    assert booked().after == DjangoStore("other").redemption("b1")
    assert ["p2"] == list(Group.objects.values_list("name", flat=True))


def test_what_the_caller_rolls_back_never_was(store: DjangoStore) -> None:
    """When the caller's `atomic` is rolled back, the credit is there as before."""
    with transaction.atomic():
        assert "eligible" == redeem(store, "b1")
        transaction.set_rollback(True)

    assert store.redemption("b1") is None
    assert (HELD,) == store.packages_of("ana", not_over_at=NOW)
    assert () == store.movements()


def test_a_conflict_leaves_the_callers_transaction_usable(store: DjangoStore) -> None:
    """A conflict undoes the commit alone; what the caller wrote before and after it stays."""
    store.commit(booked("b1"))
    with transaction.atomic():
        Group.objects.create(name="p2")
        with pytest.raises(ConflictError, match="package 'p1' is no longer at version 0"):
            store.commit(booked("b2"))
        assert booked("b1").after == store.redemption("b1")
        Group.objects.create(name="p3")

    assert ["p2", "p3"] == sorted(Group.objects.values_list("name", flat=True))
    assert store.redemption("b2") is None


def test_the_second_of_two_sessions_is_refused(store: DjangoStore) -> None:
    """While one session draws the last credit the other one waits, and then finds none."""
    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            store.commit(booked("b1"))
            waits = thread.submit(commit_and_close, store, booked("b2"))
            if ON_POSTGRESQL:
                settings = connection.settings_dict
                wait_until_somebody_waits(Database(settings["HOST"], settings["NAME"]))
        with pytest.raises(ConflictError, match="package 'p1' is no longer at version 0"):
            waits.result(30)

    assert [0] == [held.available for held in models.Entitlement.objects.all()]


@postgresql_only
def test_an_old_snapshot_makes_a_conflict_that_only_a_new_transaction_sees(
    store: DjangoStore,
) -> None:
    """At REPEATABLE READ the loser conflicts, and reads what was; begun anew, it reads what is."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert (HELD,) == store.packages_of("ana", not_over_at=NOW)
        DjangoStore("other").commit(booked("b1"))
        with pytest.raises(ConflictError, match="could not serialize access"):
            store.commit(booked("b2"))
        assert store.redemption("b1") is None

    assert booked("b1").after == store.redemption("b1")


@postgresql_only
def test_a_lock_timeout_is_a_conflict(store: DjangoStore) -> None:
    """Where the database waits for a lock only so long, the end of its patience is a conflict."""
    with transaction.atomic("other"):
        list(models.Entitlement.objects.using("other").select_for_update())
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '20ms'")
            with pytest.raises(ConflictError, match="lock timeout"):
                store.commit(booked())


@postgresql_only
@pytest.mark.parametrize(
    ("lock", "first", "second"),
    [
        ("UPDATE pkgredeem_entitlement SET sold = sold WHERE package_id = %s", "p1", "p2"),
        ("INSERT INTO pkgredeem_redemption VALUES (%s, 1, '{}')", "b1", "b2"),
    ],
)
def test_rows_are_locked_in_one_order(lock: str, first: str, second: str) -> None:
    """Whatever the order of changes, whoever waits for the first row has not locked the second."""
    held = [package(name, credit("facial", left=1)) for name in ("p1", "p2")]
    store = store_of(*held)
    crosswise = booked("b2", held[0]), booked("b1", held[1])
    database = Database(connection.settings_dict["HOST"], connection.settings_dict["NAME"])
    with (
        ThreadPoolExecutor(1) as thread,
        psycopg.connect(database.dsn) as holder,
        psycopg.connect(database.dsn, options="-c lock_timeout=2s") as other,
    ):
        holder.execute(lock.encode(), [first])
        late = thread.submit(commit_and_close, store, *crosswise)
        wait_until_somebody_waits(database)
        other.execute(lock.encode(), [second])
        other.rollback()
        holder.rollback()
        late.result(30)

    assert crosswise[0].after == store.redemption("b2")
    assert crosswise[1].after == store.redemption("b1")


def test_the_history_keeps_the_order_that_was_given() -> None:
    """Rows are locked by booking; what moved stands in the order of the call's changes."""
    first, second = (package(name, credit("facial", left=1)) for name in ("p1", "p2"))
    store = store_of(first, second)
    store.commit(booked("a", first))
    cancelled = RedemptionPolicy().cancel(booked("a", first).after, by=Actor.CLIENT, now=NOW).change
    assert cancelled is not None
    store.commit(booked("y", second), cancelled)

    assert ["a", "y", "a"] == [movement.booking_id for movement in store.movements()]


@sqlite_only
def test_a_locked_file_is_a_conflict(store: DjangoStore) -> None:
    """Where the file stays locked longer than SQLite waits, that is a conflict."""
    with transaction.atomic("other"):
        Group.objects.using("other").create(name="first")
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 20")
        with pytest.raises(ConflictError, match="locked"):
            store.commit(booked())
    connection.close()


@sqlite_only
def test_a_transaction_that_did_not_wait_for_its_turn_conflicts(store: DjangoStore) -> None:
    """Without IMMEDIATE a block that has read what another one changes since can't write."""
    deferred = DjangoStore("other")
    with transaction.atomic("other"):
        assert (HELD,) == deferred.packages_of("ana", not_over_at=NOW)
        store.commit(booked("b1"))
        with pytest.raises(ConflictError, match="locked"):
            deferred.commit(booked("b2"))

    assert booked("b1").after == deferred.redemption("b1")
    assert deferred.redemption("b2") is None


def test_a_package_is_taken_on_once(store: DjangoStore) -> None:
    """Of two that take a package on, the later one is refused; what was sold first stays."""
    with pytest.raises(InvalidValueError, match="an id that the store does not hold yet"):
        store.add(package("p1", credit("facial", left=9)))

    assert (HELD,) == store.packages_of("ana", not_over_at=NOW)


def test_what_somebody_else_has_counted_is_not_counted_again(store: DjangoStore) -> None:
    """A movement that is in the history already is no race: its error arrives, nothing is done."""
    store.commit(booked())
    counted = models.Movement.objects.get()
    counted.pk, counted.version = None, 2
    counted.source, counted.target = counted.target, counted.source
    counted.save(force_insert=True)
    cancelled = RedemptionPolicy().cancel(booked().after, by=Actor.CLIENT, now=NOW).change
    assert cancelled is not None
    with pytest.raises(IntegrityError, match=r"pkgredeem_mov"):
        store.commit(cancelled)

    assert booked().after == store.redemption("b1")
    assert [0] == [held.available for held in models.Entitlement.objects.all()]


def test_a_booking_that_somebody_else_has_redeemed_conflicts(store: DjangoStore) -> None:
    """The insert of a redemption is where a taken key means that somebody was quicker."""
    store.commit(booked("b1"))
    store.add(package("p2", credit("facial", left=1)))
    with pytest.raises(ConflictError, match="booking 'b1' is redeemed already: read it again"):
        store.commit(booked("b1", replace(HELD, id="p2")))

    assert booked("b1").after == store.redemption("b1")
    assert 1 == store.balance("p2", "facial").available


def test_another_error_is_raised_as_it_is(store: DjangoStore) -> None:
    """What is nobody's race is no conflict: it reaches the caller under the database's own name."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE pkgredeem_movement RENAME TO elsewhere")
        with pytest.raises(DatabaseError, match=r"no such table|does not exist"):
            store.commit(booked())
        transaction.set_rollback(True)

    assert (HELD,) == store.packages_of("ana", not_over_at=NOW)


def test_the_schema_refuses_what_no_code_should_try(store: DjangoStore) -> None:
    """Less than no credit, more than was sold, an act counted twice, a package gone."""
    store.commit(booked())
    held = models.Entitlement.objects.all()
    for available in (-1, 2):
        with pytest.raises(IntegrityError):
            held.update(available=available)
    again = models.Movement.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError):
        again.save(force_insert=True)
    with pytest.raises(ProtectedError):
        models.Package.objects.all().delete()

    assert [0] == [each.available for each in held.all()]
