"""The connections of a process to the file, and how it waits until it may write."""

import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from pkgredeem.exceptions import ConflictError, InvalidValueError
from pkgredeem.stores.sqlite import _schema
from pkgredeem.stores.sqlite._queue import Queue

# In seconds. Whoever waits for others looks every millisecond at first, after five milliseconds
# twice as often, after ten three times, so that the longest waiting is the likeliest to be next.
_LOOK_AGAIN: Final = 0.001
_LOOK_AGAIN_AT_LEAST: Final = 0.0001
_TWICE_AS_OFTEN_AFTER: Final = 0.005
# Left to others after a commit that had to wait for them, so that each of them looks once.
_STEP_BACK: Final = _LOOK_AGAIN
_PRIMARY_CODE: Final = 0xFF  # of an extended one of SQLite


class _Opened:
    """What one process has open."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self.process = os.getpid()
        self.queue = Queue()
        self.readers: list[sqlite3.Connection] = []
        self.writers: list[sqlite3.Connection] = []
        self.others_write = False


class File:
    """One SQLite file, for the threads of a process and of those that it forks.

    Many read at once. One writes: the threads that want to queue up, and whoever's turn it is asks
    for the write lock of SQLite the more often the longer it has waited. SQLite's own way to wait
    does the opposite, so that whoever has waited long waits longest. Who had to wait for others
    steps back before the next commit, so that they come to theirs.
    """

    def __init__(self, path: str, *, synchronous: str, patience: float) -> None:
        """Open the file, and make its tables when there are none."""
        self._path = path
        self._synchronous = synchronous
        self._patience = patience
        self._opened = _Opened()
        self._inherited: list[_Opened] = []
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close what nobody uses at the moment; whatever is asked later opens the file again."""
        mine = self._mine()
        for idle in (mine.readers, mine.writers):
            while idle:
                idle.pop().close()

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection, None, None]:
        """Lend a connection that nobody else uses."""
        readers = self._mine().readers
        connection = self._take(readers, self._patience)
        try:
            yield connection
        except sqlite3.OperationalError as error:
            if _is_busy(error):
                raise _locked() from error
            raise
        finally:
            readers.append(connection)

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection, None, None]:
        """Lend a connection with the write lock; commit when all went well, else roll back.

        Raises:
            ConflictError: others were writing for as long as the patience lasts.
        """
        mine = self._mine()
        began = time.monotonic()
        with mine.queue.turn(self._patience) as has_come:
            if not has_come:
                raise _locked()
            connection = self._take(mine.writers, 0)
            try:
                self._begin(connection, mine, began)
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                mine.writers.append(connection)

    def _begin(self, connection: sqlite3.Connection, mine: _Opened, began: float) -> None:
        """Take the write lock, when others let go of it."""
        if mine.others_write:
            time.sleep(_STEP_BACK)
            mine.others_write = False
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                waited = time.monotonic() - began
                if not _is_busy(error):
                    raise
                if waited > self._patience:
                    raise _locked() from error
                mine.others_write = True
                often = 1 + waited / _TWICE_AS_OFTEN_AFTER
                time.sleep(max(_LOOK_AGAIN / often, _LOOK_AGAIN_AT_LEAST))
            else:
                return

    def _mine(self) -> _Opened:
        """Return what this process has open: SQLite forbids to use what a fork has inherited."""
        if self._opened.process != os.getpid():
            self._inherited.append(self._opened)  # to let go of it would close it
            self._opened = _Opened()
        return self._opened

    def _take(self, idle: list[sqlite3.Connection], timeout: float) -> sqlite3.Connection:
        try:
            return idle.pop()
        except IndexError:
            return self._connect(timeout)

    def _connect(self, timeout: float) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._patience,
            isolation_level=None,  # every BEGIN and COMMIT stands in this file
            check_same_thread=False,  # a connection is used by one thread at a time
        )
        try:
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA busy_timeout = {round(1000 * timeout)}")
        except BaseException as error:  # the file is no database, or is locked
            connection.close()
            if _is_busy(error):
                raise _locked() from error
            raise
        return connection

    def _prepare(self) -> None:
        try:
            with self.reading() as connection:
                is_new = _schema.is_new(connection, self._path)
                self._keep_a_log(connection)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
                raise
            raise InvalidValueError("path", self._path, "a SQLite file, or a new one") from error
        if is_new:
            with self.writing() as connection:
                if _schema.is_new(connection, self._path):  # others may have been quicker
                    _schema.make_tables(connection)

    def _keep_a_log(self, connection: sqlite3.Connection) -> None:
        """Let readers and a writer work at once, by a log beside the file."""
        until = time.monotonic() + self._patience
        while True:
            try:
                (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                # The switch does not wait for others who open the file at the same moment.
                if not _is_busy(error) or time.monotonic() > until:
                    raise
                time.sleep(_LOOK_AGAIN)
            else:
                break
        if mode != "wal":
            raise InvalidValueError("path", self._path, "a file, since its log is kept beside it")


def _is_busy(error: BaseException) -> bool:
    return (
        isinstance(error, sqlite3.OperationalError)
        and error.sqlite_errorcode & _PRIMARY_CODE == sqlite3.SQLITE_BUSY
    )


def _locked() -> ConflictError:
    return ConflictError("the file is locked by another commit: try again")
