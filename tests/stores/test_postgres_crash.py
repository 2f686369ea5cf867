"""A process is killed in the middle of an act, on PostgreSQL: no credit is lost or spent twice.

Killed before and after every statement of an act, the sum holds, and the same call again finishes
the job. At random moments `test_races_and_kills` kills.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkgredeem import Balance
from pkgredeem.stores.sqlalchemy import SqlAlchemyStore
from tests.helpers.postgres import Database
from tests.helpers.postgres_salon import audited, engine_of, salon_database
from tests.helpers.postgres_victim import ACTS
from tests.helpers.support import credit, package

ROOT = Path(__file__).parents[2]
KILLED = -9


def reserved(*counts: int) -> list[Balance]:
    """Return the balances of facials and massages, two of each, with that many reserved."""
    return [Balance(available=2 - n, reserved=n, redeemed=0, forfeited=0) for n in counts]


BEFORE = {"redeem": reserved(0, 0), "cancel": reserved(1, 1), "exchange": reserved(1, 1)}
AFTER = {"redeem": reserved(1, 1), "cancel": reserved(0, 0), "exchange": reserved(2, 0)}
# Two points for each statement and COMMIT: the reads; one statement for each redemption, for the
# package and for each of two balances; those for uses and for the history; and the COMMIT.
POINTS = {
    "redeem": 2 * (2 + 1 + 1 + 2 + 1 + 1 + 1),
    "cancel": 2 * (2 + 1 + 1 + 2 + 1 + 1 + 1),
    "exchange": 2 * (3 + 2 + 1 + 2 + 2 + 1 + 1),
}


class Salon:
    """A salon to which each client comes for one act, and a process that does it and is killed."""

    def __init__(self, database: Database, store: SqlAlchemyStore) -> None:
        """Start the process that forks victims."""
        self._database = database
        self._store = store
        self._victims = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.postgres_victim", database.dsn],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """Let the process end."""
        self._victims.communicate(timeout=30)

    def welcome(self, name: str, act: str) -> None:
        """Sell a client two facials and two massages, and book what the act will be about."""
        held = credit("facial", left=2), credit("massage", left=2)
        self._store.add(package(name, *held, client_id=name))
        if act != "redeem":
            ACTS["redeem"](self._store, name)

    def victim(self, name: str, act: str, at: int | None = None) -> int:
        """Let a process do the act and die; return how it ended."""
        assert self._victims.stdin is not None
        assert self._victims.stdout is not None
        order = {"name": name, "act": act, "at": at}
        self._victims.stdin.write(json.dumps(order) + "\n")
        self._victims.stdin.flush()
        return int(self._victims.stdout.readline())

    def again(self, name: str, act: str) -> None:
        """Do the act here, as whoever got no answer does."""
        ACTS[act](self._store, name)

    def balances(self, name: str) -> list[Balance]:
        """Return both balances of the client; an audit that does not add up fails here."""
        found = audited(self._database)
        return [found[name, "facial"], found[name, "massage"]]


@pytest.fixture(scope="module")
def salon() -> Iterator[Salon]:
    """Open a salon."""
    with salon_database() as database, engine_of(database) as engine:
        opened = Salon(database, SqlAlchemyStore(engine))
        yield opened
        opened.close()


@pytest.mark.parametrize("act", ACTS)
def test_killed_before_and_after_every_statement(salon: Salon, act: str) -> None:
    """Wherever an act is cut off, it is done whole or not at all; the same call completes it."""
    salon.welcome(f"{act}-whole", act)
    points = salon.victim(f"{act}-whole", act)
    assert POINTS[act] == points
    assert AFTER[act] == salon.balances(f"{act}-whole")

    left_behind = []
    for point in range(1, points + 1):
        name = f"{act}-{point}"
        salon.welcome(name, act)
        assert KILLED == salon.victim(name, act, at=point)
        left_behind.append(salon.balances(name))
        for _ in range(2):
            salon.again(name, act)
            assert AFTER[act] == salon.balances(name)

    # Only whoever died after the last COMMIT had done anything.
    assert [BEFORE[act]] * (points - 1) + [AFTER[act]] == left_behind
