"""Who may write next: a queue in one object, and patience with others. No clock is looked at."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from pkgredeem import ConflictError
from pkgredeem.stores.sqlite import SqliteStore
from pkgredeem.stores.sqlite._queue import Queue
from tests.helpers.desk_support import facials

_MOST_LOOKS = 60_000
LOOKS = 30


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Give a store with a package."""
    with SqliteStore(tmp_path / "salon.db", synchronous="OFF") as made:
        made.add(facials(5))
        yield made


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, and not for ever."""
    for _ in range(_MOST_LOOKS):
        if holds():
            return
        time.sleep(0.001)
    pytest.fail("it never came to that")


def queued(queue: Queue, acts: Iterable[Callable[[], object]]) -> list[threading.Thread]:
    """Let a thread for each act come to the queue, one after the other, and stay there."""
    threads = []
    for place, act in enumerate(acts, len(queue._turns)):
        thread = threading.Thread(target=act)
        thread.start()
        until(lambda p=place: len(queue._turns) > p)  # type: ignore[misc]
        threads.append(thread)
    return threads


def test_the_first_to_come_is_the_first_to_go() -> None:
    """Eight who come while somebody is through go in their order, one at a time."""
    queue, order, inside = Queue(), list[int](), list[int]()

    def go(number: int) -> None:
        with queue.turn(60) as has_come:
            inside.append(number)
            assert [number] == inside
            assert has_come
            order.append(number)
            inside.remove(number)

    with queue.turn(0) as has_come:
        assert has_come
        threads = queued(queue, [partial(go, number) for number in range(8)])
        assert [] == order
    for thread in threads:
        thread.join()

    assert list(range(8)) == order
    assert 0 == len(queue._turns)


def test_who_comes_back_goes_last() -> None:
    """Whoever has just gone waits for all who were there: nobody is overtaken."""
    queue, order = Queue(), list[str]()

    def beth() -> None:
        with queue.turn(60):
            order.append("beth")

    with queue.turn(0):
        threads = queued(queue, [beth])
    with queue.turn(60):
        order.append("ana again")
    threads[0].join()

    assert ["beth", "ana again"] == order


def test_whoever_loses_patience_leaves_the_others_in_their_order() -> None:
    """One in the middle gives up, is told so, and is not waited for."""
    queue, order = Queue(), list[tuple[int, bool]]()

    def go(number: int, patience: float) -> None:
        with queue.turn(patience) as has_come:
            order.append((number, has_come))

    with queue.turn(0):
        threads = queued(queue, [partial(go, 1, 60)])
        go(2, 0)
        threads += queued(queue, [partial(go, 3, 60)])
    for thread in threads:
        thread.join()

    assert [(2, False), (1, True), (3, True)] == order


def test_an_error_inside_lets_the_next_through() -> None:
    """Whatever ends a turn, the queue goes on."""
    queue = Queue()
    with pytest.raises(KeyError), queue.turn(0):
        raise KeyError
    with queue.turn(0) as has_come:
        assert has_come


def test_commits_are_made_in_the_order_in_which_they_came(store: SqliteStore) -> None:
    """While another process writes they queue up, and then each comes to its turn."""
    names = [f"p{number}" for number in range(2, 10)]
    with closing(sqlite3.connect(store.path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        sales = [partial(store.add, facials(1, package_id=name)) for name in names]
        threads = queued(store._file._opened.queue, sales)
        holder.execute("ROLLBACK")
        for thread in threads:
            thread.join()
        sold = holder.execute("SELECT id FROM package ORDER BY rowid")

        assert ["p1", *names] == [name for (name,) in sold]


def test_whoever_queues_for_too_long_is_told_of_a_conflict(tmp_path: Path) -> None:
    """The patience is about all of the wait: for other threads, and for other processes."""
    with SqliteStore(tmp_path / "salon.db", synchronous="OFF", patience=0.05) as store:
        told: list[str] = []

        def sell() -> None:
            try:
                store.add(facials(5))
            except ConflictError as error:
                told.append(str(error))

        with store._file.writing():
            thread = threading.Thread(target=sell)
            thread.start()
            thread.join()
        sell()

        assert ["the file is locked by another commit: try again"] == told
        assert 5 == store.balance("p1", "facial").available


def test_whoever_waits_for_others_looks_more_and_more_often_and_then_steps_back(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest waiting is the likeliest to be next; and then the others are let in first."""
    slept: list[float] = []
    now = [100.0]
    with closing(sqlite3.connect(store.path, isolation_level=None)) as holder:

        def sleep(seconds: float) -> None:
            slept.append(seconds)
            now[0] += 0.005  # whatever is asked for, five milliseconds pass
            if len(slept) == LOOKS:
                holder.execute("ROLLBACK")

        monkeypatch.setattr(time, "sleep", sleep)
        monkeypatch.setattr(time, "monotonic", lambda: now[0])
        holder.execute("BEGIN IMMEDIATE")
        store.add(facials(1, package_id="p2"))
        store.add(facials(1, package_id="p3"))
        store.add(facials(1, package_id="p4"))

    assert [1.0, 0.5, 0.333, 0.25, 0.2] == [round(1000 * each, 3) for each in slept[:5]]
    assert {0.1} == {round(1000 * each, 3) for each in slept[9:LOOKS]}
    assert [0.001] == slept[LOOKS:]
