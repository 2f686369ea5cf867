"""Part `stores`: ready-made stores on their databases, raced by many and killed at any moment."""

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.proofs import seeds
from tests.proofs.found import Found, number

sys.path.append(str(Path(__file__).parents[2] / "docs" / "examples"))  # the store of the example
from tests.helpers import killing, quota_races
from tests.helpers.databases import DATABASES, Fresh
from tests.helpers.quota_races import Answers

LEAST_ROUNDS = 50
LEAST_KILLS = 200
_KILLS = 20  # on one database, so that reading all of its history stays short
_MOST_SHOWN = 5


def prove(seconds: float) -> Found:
    """Race for fifty rounds and kill 200 times on each database, and then more in its time."""
    told: Counter[str] = Counter()
    rounds: Counter[str] = Counter()
    kills: Counter[str] = Counter()
    failures: list[str] = []
    with ProcessPoolExecutor(quota_races.PROCESSES, get_context("spawn")) as pool:
        for name, started in DATABASES.items():
            end = time.monotonic() + seconds / len(DATABASES)
            with started() as fresh:
                while rounds[name] < LEAST_ROUNDS or time.monotonic() < end:
                    seed = seeds.first(rounds[name])
                    answers, wrong = _raced(fresh, seed, pool)
                    told += answers
                    failures += [f"{name}, round {rounds[name]}: {fault}" for fault in wrong]
                    rounds[name] += 1
                    if kills[name] < LEAST_KILLS or time.monotonic() < end:
                        wrong = killing.faults_after_kills(fresh(), seed, _KILLS)
                        failures += [f"{name}, killed: {fault}" for fault in wrong]
                        kills[name] += _KILLS
    return Found(
        says=(
            "On each database, 8 threads on one store and 4 processes of 2 threads book, move, "
            "exchange and cancel at once. Then a process that books, exchanges and cancels is "
            "killed at random moments, and goes on. After each round and each kill, quotas are "
            "counted anew, and balances, history, uses, versions and redemptions are compared"
        ),
        figures=(
            seeds.figure(),
            *((f"rounds, {name}", number(much)) for name, much in rounds.items()),
            *((f"kills, {name}", number(much)) for name, much in kills.items()),
            ("acts in races", number(sum(told.values()))),
            *((what, number(much)) for what, much in sorted(told.items())),
            ("overspent, lost, or above a quota", number(len(failures))),
        ),
        failures=tuple(failures[:_MOST_SHOWN]),
        open=("That a machine which loses its power keeps the last commits: that is the disk's.",),
    )


def _raced(fresh: Fresh, seed: int, pool: ProcessPoolExecutor) -> tuple[Answers, list[str]]:
    return quota_races.race_of_both(fresh(), seed, pool.map)
