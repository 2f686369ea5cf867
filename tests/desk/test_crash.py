"""A process that is killed loses nothing: before or after every statement, and at any other moment.

`PKGREDEEM_ROUNDS` sets how often a process is killed from outside: four times that number, 20 times
unless told otherwise.
"""

import os
import random
from pathlib import Path

import pytest

from pkgredeem import Balance, DrawState, Unlimited
from stores.sqlite_store import SqliteStore
from tests.helpers.crashing import Task, copied, killed_after, killed_at, task_of
from tests.helpers.support import credit, package

KILLS = 4 * int(os.environ.get("PKGREDEEM_ROUNDS", "5"))
SOLD = package("p1", credit("facial", left=1), credit("mask", left=1))

#: What leads to each act, what is available of facial and mask before and after it, and how many
#: movements it makes.
ACTS = {
    "redeem": ((), (1, 1), (0, 0), 2),
    "cancel": ((Task("redeem", "b1"),), (0, 0), (1, 1), 2),
    "exchange": ((Task("redeem", "b1"),), (0, 0), (1, 0), 3),
}


def left(store: SqliteStore) -> tuple[int | Unlimited, int | Unlimited]:
    """Return what is left of facial and mask, after checking that every sum holds."""
    drawn = [draw for each in store.redemptions() for draw in each.draws]
    found = []
    for held in SOLD.entitlements:
        of_it = [each for each in store.movements() if each.entitlement_id == held.id]
        states = [draw.state for draw in drawn if draw.entitlement_id == held.id]
        balance = store.balance("p1", held.id)
        assert Balance.of(held.remaining, of_it) == balance
        assert states.count(DrawState.RESERVED) == balance.reserved
        assert (0, 0) == (balance.redeemed, balance.forfeited)
        found.append(balance.available)
    facial, mask = found
    return facial, mask


@pytest.mark.parametrize("act", ACTS)
def test_killed_before_or_after_every_statement(tmp_path: Path, act: str) -> None:
    """The act is done or not done, the sum holds, and the same call again finishes the job."""
    earlier, before, after, moved = ACTS[act]
    with SqliteStore(tmp_path / "first.db", synchronous="OFF") as store:
        store.add(SOLD)
        for task in earlier:
            task.do(store)
        moved_before = len(store.movements())
    places = done = 0
    while killed_at(path := copied(tmp_path / "first.db", f"{places}.db"), Task(act, "b1"), places):
        with SqliteStore(path, synchronous="OFF") as store:
            found = left(store)
            assert found in {before, after}
            done += found == after
            Task(act, "b1").do(store)
            assert after == left(store)
            assert moved_before + moved == len(store.movements())
        places += 1

    # Two places for each statement: two reads (three), BEGIN, a row for each redemption, one for
    # the package, a row for each movement, COMMIT. Only after COMMIT is the act done.
    assert places == {"redeem": 16, "cancel": 16, "exchange": 22}[act]
    assert 1 == done


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Whenever the process is killed, the sum holds and its last act can be done again."""
    chance = random.Random(20260501)
    path = tmp_path / "salon.db"
    with SqliteStore(path, synchronous="OFF") as store:
        store.add(SOLD)
    number = 0
    for _ in range(KILLS):
        number = killed_after(path, number, chance.uniform(0, 0.02))
        with SqliteStore(path, synchronous="OFF") as store:
            left(store)
            task_of(number).do(store)
            assert left(store) == {0: (0, 0), 1: (1, 0), 3: (0, 0)}.get(number % 5, (1, 1))
        number += 1

    with SqliteStore(path, synchronous="OFF") as store:
        while number % 5:
            task_of(number).do(store)
            number += 1
        assert (1, 1) == left(store)
        assert 10 * (number // 5) == len(store.movements())
