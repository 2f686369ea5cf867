"""A process that is killed before or after any statement of an act loses nothing."""

from pathlib import Path

import pytest

from pkgredeem import Balance, DrawState, Unlimited
from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.crashing import copied, killed_at
from tests.helpers.killing import Task
from tests.helpers.support import credit, package

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

    # Two places for each statement: two reads (three), three that prepare the connection, BEGIN, a
    # row for each redemption, one for the package, the last number of the history, a row for each
    # movement, what the booking used goes, a row for each use, COMMIT. Only after COMMIT is the act
    # done.
    assert places == {"redeem": 28, "cancel": 26, "exchange": 34}[act]
    assert 1 == done
