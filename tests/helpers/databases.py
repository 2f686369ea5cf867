"""The databases on which ready-made stores are raced and killed, by name.

Each is started once, and gives as many empty ones as are asked for.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from pkgredeem.stores.sqlite import SqliteStore
from tests.helpers.store_audit import Opener

#: Makes an empty database, and returns what opens a store on it.
Fresh: TypeAlias = Callable[[], Opener]


@contextmanager
def sqlite_files() -> Iterator[Fresh]:
    """Give SQLite files."""
    with TemporaryDirectory() as folder:
        numbers = count()
        yield lambda: sqlite_file(Path(folder) / f"{next(numbers)}.db")


def sqlite_file(path: Path) -> Opener:
    """Return what opens this file."""
    return partial(SqliteStore, path, synchronous="OFF", patience=30)


def by_sqlalchemy(kind: str) -> AbstractContextManager[Fresh]:
    """Give databases of a kind that SQLAlchemy is on."""
    from tests.helpers import sqlalchemy_databases  # noqa: PLC0415 - files are raced without it

    return sqlalchemy_databases.KINDS[kind]()


@contextmanager
def postgres_of_django() -> Iterator[Fresh]:
    """Give databases of a PostgreSQL server, with the tables of the Django store."""
    # Where Django, a driver or the server is missing, files are still raced.
    from tests.helpers import django_databases  # noqa: PLC0415 - see above

    with django_databases.postgres_databases() as fresh:
        yield fresh


@contextmanager
def sqlite_of_django() -> Iterator[Fresh]:
    """Give SQLite files with the tables of the Django store."""
    from tests.helpers import django_databases  # noqa: PLC0415 - see above

    with django_databases.sqlite_files() as fresh:
        yield fresh


DATABASES: Mapping[str, Callable[[], AbstractContextManager[Fresh]]] = {
    "SQLite": sqlite_files,
    "PostgreSQL, SQLAlchemy": partial(by_sqlalchemy, "psycopg"),
    "PostgreSQL, SQLAlchemy with asyncpg": partial(by_sqlalchemy, "asyncpg, tasks"),
    "SQLite, SQLAlchemy": partial(by_sqlalchemy, "pysqlite"),
    "SQLite, SQLAlchemy with aiosqlite": partial(by_sqlalchemy, "aiosqlite, tasks"),
    "PostgreSQL, Django": postgres_of_django,
    "SQLite, Django": sqlite_of_django,
}
