"""Every ready-made store, raced by threads and processes and killed: a few rounds, a few kills.

The proofs do the same for fifty rounds and 200 kills each: `./scripts/prove --part stores`.
`PKGREDEEM_ROUNDS` says how often here: 5 kills and a round for each, 2 unless told otherwise.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from tests.helpers.databases import DATABASES, Fresh
from tests.helpers.killing import FRESH, faults_after_kills
from tests.helpers.quota_races import PROCESSES, race_of_both

ROUNDS = int(os.environ.get("PKGREDEEM_ROUNDS", "2"))


@pytest.fixture(scope="module", params=DATABASES)
def fresh(request: pytest.FixtureRequest) -> Iterator[Fresh]:
    """Start a database."""
    with DATABASES[request.param]() as started:
        yield started


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Give a pool of four processes."""
    with ProcessPoolExecutor(PROCESSES, mp_context=FRESH) as started:
        yield started


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_threads_and_processes_at_once_break_nothing(
    fresh: Fresh, pool: ProcessPoolExecutor, seed: int
) -> None:
    """Nothing is overspent, lost or above a quota, and everything that is kept agrees."""
    told, wrong = race_of_both(fresh(), seed, pool.map)

    assert [] == wrong
    assert 128 == sum(told.values())


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_process_that_is_killed_leaves_everything_in_agreement(fresh: Fresh, seed: int) -> None:
    """Its last act is done whole or not at all, and can be done again."""
    assert [] == faults_after_kills(fresh(), seed, 5)
