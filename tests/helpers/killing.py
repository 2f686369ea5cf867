"""Processes that are killed at random moments of their work on a store, whichever it is.

A process does one task after the other and says which before it begins, until it is killed from
outside. What it leaves behind agrees, and its last task can be done again.
"""

import signal
import time
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from random import Random

from pkgredeem import Actor, Period, Quota, RedemptionDesk, RedemptionPolicy, rules
from pkgredeem.stores import RedemptionStore
from tests.helpers.desk_support import exchange, redeem
from tests.helpers.store_audit import Opener, ReadyMade, disagreements, stored
from tests.helpers.support import NOW, booking, credit, package

POLICY = RedemptionPolicy(rules.IN_STORE)
#: The quota makes every booking carry the version of the package, and every desk count its uses.
SOLD = package(
    "p1",
    credit("facial", left=1),
    credit("mask", left=1),
    quotas=[Quota(3, Period.EVER)],
)
PATIENCE = 60.0  # seconds
_MOST_SECONDS = 0.02  # from the first task to the kill
_TASKS = 5

# Starts processes from one that has imported everything and holds no thread.
FRESH = get_context("forkserver")
FRESH.set_forkserver_preload(
    [
        "tests.helpers.crashing",
        "tests.helpers.databases",
        "tests.helpers.django_databases",
        "tests.helpers.sqlalchemy_databases",
    ]
)


@dataclass(frozen=True)
class Task:
    """One act: what it is, and on which booking."""

    kind: str
    name: str

    def do(self, store: RedemptionStore) -> None:
        """Do it, by a desk on the store."""
        desk = RedemptionDesk(POLICY, store)
        if self.kind == "redeem":
            assert redeem(desk, booking("facial", "mask", id=self.name)).eligible
        elif self.kind == "exchange":
            new = booking("mask", id=f"{self.name}-new")
            assert exchange(desk, self.name, new, by=Actor.BUSINESS).eligible
        else:
            assert desk.cancel(self.name, by=Actor.BUSINESS, now=NOW).returned


def task_of(number: int) -> Task:
    """Return the task of that number: each five of them leave the balances as they were."""
    turn, step = divmod(number, _TASKS)
    name = f"b{turn}"
    return (
        Task("redeem", name),
        Task("exchange", name),
        Task("cancel", f"{name}-new"),
        Task("redeem", f"{name}-more"),
        Task("cancel", f"{name}-more"),
    )[step]


def faults_after_kills(opens: Opener, seed: int, kills: int) -> list[str]:
    """Kill a process so many times on an empty database; return what was wrong after any of them.

    Each goes on where the one before was killed.
    """
    chance = Random(seed)
    wrong: list[str] = []
    with opens() as store:
        store.add(SOLD)
    number = 0
    for kill in range(kills):
        number = _killed_after(opens, number, chance.uniform(0, _MOST_SECONDS))
        with opens() as store:
            found = _faults(store, number, {_left_after(number - 1), _left_after(number)})
            task_of(number).do(store)
            found += _faults(store, number, {_left_after(number)})
        wrong += [f"kill {kill}, at task {number}: {fault}" for fault in found]
        number += 1
    return wrong


def _left_after(number: int) -> tuple[int, int]:
    """Return what is left of facial and mask after that task."""
    return {0: (0, 0), 1: (1, 0), 3: (0, 0)}.get(number % _TASKS, (1, 1))


def _faults(store: ReadyMade, number: int, expected: set[tuple[int, int]]) -> list[str]:
    names = (f"b{turn}{end}" for turn in range(number // _TASKS + 1) for end in _ENDS)
    wrong = disagreements(store, [SOLD], stored(store, names))
    left = tuple(store.balance("p1", held.id).available for held in SOLD.entitlements)
    return wrong if left in expected else [*wrong, f"left {left}, not {sorted(expected)}"]


_ENDS = ("", "-new", "-more")


def _go_on(opens: Opener, number: int, told: Connection) -> None:
    with opens() as store:
        store.redemption("none")  # it is connected now, and what is killed is an act
        while True:
            told.send(number)
            task_of(number).do(store)
            number += 1


def _killed_after(opens: Opener, number: int, seconds: float) -> int:
    """Do the tasks from that number on, until killed; return the number of the last."""
    told, telling = FRESH.Pipe(duplex=False)
    process = FRESH.Process(target=_go_on, args=(opens, number, telling))
    process.start()
    telling.close()
    number = told.recv()
    time.sleep(seconds)
    process.kill()
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL
    try:
        while True:
            number = told.recv()
    except EOFError:
        return number
