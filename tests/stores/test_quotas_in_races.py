"""Quotas hold whoever is quicker, in threads and in processes; without versions they don't.

The proofs run the same for fifty rounds each: `./scripts/prove --part quotas`.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path

import pytest

from pkgredeem.stores.memory import MemoryStore
from tests.helpers.databases import sqlite_file
from tests.helpers.quota_races import PROCESSES, Answers, race_of_processes, race_of_threads
from tests.helpers.store_audit import Opener

Place = Callable[[Path], Opener]
ROUNDS = 4


def in_memory(_: Path) -> Opener:
    """Return what makes a store in memory."""
    return lambda: nullcontext(MemoryStore())


_FRESH = get_context("forkserver")
_FRESH.set_forkserver_preload(["tests.helpers.quota_races"])


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Give a pool of four processes."""
    with ProcessPoolExecutor(PROCESSES, mp_context=_FRESH) as started:
        yield started


@pytest.mark.parametrize("place", [in_memory, sqlite_file])
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_eight_threads_break_no_quota(tmp_path: Path, place: Place, seed: int) -> None:
    """Booking, moving, exchanging and cancelling at once: no cap is broken, and nothing is lost."""
    told, wrong = race_of_threads(place(tmp_path / "salon.db"), seed)

    assert [] == wrong
    assert 64 == sum(told.values())


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_four_processes_break_no_quota(
    tmp_path: Path, pool: ProcessPoolExecutor, seed: int
) -> None:
    """The same of four processes on one file."""
    told, wrong = race_of_processes(sqlite_file(tmp_path / "salon.db"), seed, pool.map)

    assert [] == wrong
    assert 64 == sum(told.values())


def test_every_act_is_done_and_refused_in_these_rounds(tmp_path: Path) -> None:
    """The races are about something: what is asked for is done at times, and at times refused."""
    told: Answers = Counter()
    for seed in range(20):
        told += race_of_threads(in_memory(tmp_path), seed)[0]

    assert {
        "book: done",
        "book: refused",
        "move: done",
        "move: refused",
        "exchange: done",
        "exchange: refused",
        "cancel: done",
    } <= set(told)


@pytest.mark.parametrize("place", [in_memory, sqlite_file])
def test_a_store_that_compares_no_versions_breaks_quotas(tmp_path: Path, place: Place) -> None:
    """Counting before inserting is a trap: in some of these rounds a cap is broken (D57)."""
    wrong = [
        fault
        for seed in range(ROUNDS)
        for fault in race_of_threads(place(tmp_path / f"{seed}.db"), seed, is_blind=True)[1]
    ]

    assert [] != wrong


def test_processes_that_compare_no_versions_break_quotas(
    tmp_path: Path, pool: ProcessPoolExecutor
) -> None:
    """The same of four processes, so the races of processes are races."""
    wrong = [
        fault
        for seed in range(ROUNDS)
        for fault in race_of_processes(
            sqlite_file(tmp_path / f"{seed}.db"), seed, pool.map, is_blind=True
        )[1]
    ]

    assert [] != wrong
