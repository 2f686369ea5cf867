"""A process that forks victims: each does one act at the desk, and is killed at a given point.

Read by line from standard input: a JSON object with the client's `name`, the `act`, and `at`, the
number of the point to die at, or null. Answered by line: how the victim ended, -9 when it was
killed, else how many points it passed.

A point is the moment before, and the moment after, each statement and each COMMIT that the driver
sends. Forking keeps it quick: all modules are imported once.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import psycopg
import sqlalchemy as sa

from pkgredeem.stores.sqlalchemy import SqlAlchemyStore
from tests.helpers.postgres_salon import cancel, exchange, redeem

Row = tuple[Any, ...]

ACTS: Mapping[str, Callable[[SqlAlchemyStore, str], object]] = {
    "redeem": lambda store, name: redeem(store, name, f"{name}-1", "facial", "massage"),
    "cancel": lambda store, name: cancel(store, f"{name}-1"),
    "exchange": lambda store, name: exchange(
        store, name, f"{name}-1", f"{name}-2", "facial", "facial"
    ),
}


class Life:
    """What is left of the victim's life, in points."""

    passed: ClassVar[int] = 0
    ends_at: ClassVar[int | None] = None

    @classmethod
    def point(cls) -> None:
        """Pass a point, or die at it: nothing is flushed, closed or rolled back by us."""
        cls.passed += 1
        if cls.passed == cls.ends_at:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalCursor(psycopg.Cursor[Row]):
    """Sends statements, with a point before and after each."""

    def execute(self, *args: Any, **kwargs: Any) -> "MortalCursor":  # noqa: ANN401 - the driver's
        """Send one."""
        Life.point()
        super().execute(*args, **kwargs)
        Life.point()
        return self

    def executemany(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the driver's
        """Send one many times."""
        Life.point()
        super().executemany(*args, **kwargs)
        Life.point()


class MortalConnection(psycopg.Connection[Row]):
    """Commits, with a point before and after."""

    def commit(self) -> None:
        """Send COMMIT."""
        Life.point()
        super().commit()
        Life.point()


def live(dsn: str, name: str, act: str, at: int | None) -> int:
    """Do the act, unless death comes first; return how many points were passed."""
    engine = sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: MortalConnection.connect(dsn, cursor_factory=MortalCursor),
    )
    with engine.connect():
        pass  # SQLAlchemy asks a first connection this and that, which is none of the act
    Life.passed, Life.ends_at = 0, at
    ACTS[act](SqlAlchemyStore(engine), name)
    return Life.passed


def main(dsn: str) -> None:
    """Fork a victim for each line."""
    for line in sys.stdin:
        order = json.loads(line)
        victim = os.fork()
        if victim == 0:
            code = 255
            try:
                code = live(dsn, **order)
            finally:
                os._exit(code)
        print(os.waitstatus_to_exitcode(os.waitpid(victim, 0)[1]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
