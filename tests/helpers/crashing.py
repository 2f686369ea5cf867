"""Processes that are killed in the middle of their work on a SQLite file, and what they do.

`killed_at` kills at one statement, from inside; `killed_after` some time later, from outside.
"""

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from pkgredeem import Actor, RedemptionDesk, RedemptionPolicy, rules
from stores.sqlite_store import SqliteStore
from tests.helpers.desk_support import exchange, redeem
from tests.helpers.support import NOW, booking

POLICY = RedemptionPolicy(rules.IN_STORE)
PATIENCE = 60.0  # seconds

# Starts processes from one that has imported everything and holds no thread.
_FRESH = get_context("forkserver")
_FRESH.set_forkserver_preload(["tests.helpers.crashing"])


@dataclass(frozen=True)
class Task:
    """One act: what it is, and on which booking."""

    kind: str
    name: str

    def do(self, store: SqliteStore) -> None:
        """Do it, by a desk on the store."""
        desk = RedemptionDesk(POLICY, store)
        if self.kind == "redeem":
            assert redeem(desk, booking("facial", "mask", id=self.name)).eligible
        elif self.kind == "exchange":
            new = booking("mask", id=f"{self.name}-new")
            assert exchange(desk, self.name, new, by=Actor.BUSINESS).eligible
        else:
            assert desk.cancel(self.name, by=Actor.BUSINESS, now=NOW).returned


class _Counting(sqlite3.Connection):
    """Counts statements, each row of many as one, and kills its process around one of them."""

    place = 0
    armed = False

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        """Execute one statement, if it comes to that."""
        self._pass()
        done = super().execute(sql, parameters)  # type: ignore[arg-type]  # whatever the store gives
        self._pass()
        return done

    def executemany(self, sql: str, parameters: Iterable[object], /) -> sqlite3.Cursor:
        """Execute one statement for each row."""
        for row in parameters:
            self.execute(sql, row)
        return self.cursor()

    @classmethod
    def _pass(cls) -> None:
        if not cls.armed:
            return
        if cls.place == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        cls.place -= 1


def _do_and_die(path: str, task: Task, place: int) -> None:
    sqlite3.connect = partial(sqlite3.connect, factory=_Counting)  # type: ignore[assignment]
    with SqliteStore(path, synchronous="OFF") as store:
        _Counting.place = place
        _Counting.armed = True
        task.do(store)
        _Counting.armed = False


def _go_on(path: str, number: int, told: Connection) -> None:
    with SqliteStore(path, synchronous="OFF") as store:
        while True:
            told.send(number)
            task_of(number).do(store)
            number += 1


def killed_at(path: Path, task: Task, place: int) -> bool:
    """Do the task in a process that is killed at that place; False when it came to its end before.

    Places count from 0: before the first statement, after it, before the second, and so on.
    """
    process = _FRESH.Process(target=_do_and_die, args=(str(path), task, place))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode == -signal.SIGKILL


def killed_after(path: Path, number: int, seconds: float) -> int:
    """Do the tasks from that number on, until killed; return the number of the last."""
    told, telling = _FRESH.Pipe(duplex=False)
    process = _FRESH.Process(target=_go_on, args=(str(path), number, telling))
    process.start()
    telling.close()
    number = told.recv()
    time.sleep(seconds)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(PATIENCE)
    try:
        while True:
            number = told.recv()
    except EOFError:
        return number


def task_of(number: int) -> Task:
    """Return the task of that number: each five of them leave the balances as they were."""
    turn, step = divmod(number, 5)
    name = f"b{turn}"
    return (
        Task("redeem", name),
        Task("exchange", name),
        Task("cancel", f"{name}-new"),
        Task("redeem", f"{name}-more"),
        Task("cancel", f"{name}-more"),
    )[step]


def copied(path: Path, name: str) -> Path:
    """Return a copy of a file whose store is closed."""
    target = path.with_name(name)
    shutil.copyfile(path, target)
    return target
