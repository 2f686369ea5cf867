"""Part `quotas`: quotas in a race, and the same without the comparison that makes them hold."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

from tests.proofs import seeds
from tests.proofs.found import Found, number

sys.path.append(str(Path(__file__).parents[2] / "docs" / "examples"))  # the store of the example
from pkgredeem.stores.memory import MemoryStore
from tests.helpers import quota_races
from tests.helpers.databases import Fresh, sqlite_files
from tests.helpers.quota_races import Answers

LEAST_ROUNDS = 50
_MOST_SHOWN = 5

Race: TypeAlias = Callable[..., tuple[Answers, list[str]]]


def prove(seconds: float) -> Found:
    """Race for fifty rounds on each store, blind as often, and then more until the time is up."""
    end = time.monotonic() + seconds
    told: Answers = Counter()
    broken: Counter[str] = Counter()
    failures: list[str] = []
    rounds = 0
    with (
        ProcessPoolExecutor(quota_races.PROCESSES, get_context("spawn")) as pool,
        sqlite_files() as new_file,
    ):
        races = _races(pool, new_file)
        while rounds < LEAST_ROUNDS or time.monotonic() < end:
            for name, race in races.items():
                asked, wrong = race(seeds.first(rounds))
                told += asked
                failures += [f"{name}, round {rounds}: {fault}" for fault in wrong]
                if rounds < LEAST_ROUNDS:
                    _, wrong = race(seeds.first(rounds), is_blind=True)
                    broken[name] += bool(wrong)
            rounds += 1
    failures += [f"{name}: blind, it broke nothing" for name in races if not broken[name]]
    return Found(
        says=(
            "8 threads, on a store in memory and on a SQLite file, and 4 processes of 2 threads on "
            "a file book, move, exchange and cancel at once, each reader a moment slow. Then every "
            "quota is counted anew, uses are compared with the redemptions, and balances with "
            "draws and movements. The same rounds are run without comparing versions of packages"
        ),
        figures=(
            seeds.figure(),
            ("rounds on each", number(rounds)),
            ("acts", number(sum(told.values()))),
            *((what, number(much)) for what, much in sorted(told.items())),
            ("quotas broken, or anything lost", number(len(failures))),
            *(
                (f"the same without versions, {name}", f"{broken[name]} of {LEAST_ROUNDS}")
                for name in sorted(broken)
            ),
        ),
        failures=tuple(failures[:_MOST_SHOWN]),
        open=("That a store of yours compares versions: the contract asks it.",),
    )


def _races(pool: ProcessPoolExecutor, new_file: Fresh) -> Mapping[str, Race]:
    of_threads, of_processes = quota_races.race_of_threads, quota_races.race_of_processes
    return {
        "memory, threads": partial(of_threads, lambda: nullcontext(MemoryStore())),
        "SQLite, threads": lambda seed, **how: of_threads(new_file(), seed, **how),
        "SQLite, processes": lambda seed, **how: of_processes(new_file(), seed, pool.map, **how),
    }
