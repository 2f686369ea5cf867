"""Processes that are killed from inside, at one statement of an act on a SQLite file."""

import os
import shutil
import signal
import sqlite3
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.killing import FRESH, PATIENCE, Task


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


def killed_at(path: Path, task: Task, place: int) -> bool:
    """Do the task in a process that is killed at that place; False when it came to its end before.

    Places count from 0: before the first statement, after it, before the second, and so on.
    """
    process = FRESH.Process(target=_do_and_die, args=(str(path), task, place))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode == -signal.SIGKILL


def copied(path: Path, name: str) -> Path:
    """Return a copy of a file whose store is closed."""
    target = path.with_name(name)
    shutil.copyfile(path, target)
    return target
