"""Stores of Django on databases of their own, as threads and as other processes open them.

Settings belong to a process; databases are added to them as they are made, each as an alias.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import count
from tempfile import TemporaryDirectory
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests.helpers.databases import Fresh
from tests.helpers.postgres import fresh_database
from tests.helpers.store_audit import Opener, ReadyMade

PATIENCE = 30.0  # seconds, for the one write lock of a file
# Readers of a file never wait for who writes it, and nobody for the disk: tests kill processes.
_QUICK = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF"

if not settings.configured:
    settings.configure(INSTALLED_APPS=["pkgredeem.stores.django"], DATABASES={}, USE_TZ=True)
    django.setup()


@contextmanager
def opened(database: dict[str, Any]) -> Iterator[ReadyMade]:
    """Open a store on a database that is migrated, and close every thread's connection to it."""
    from pkgredeem.stores.django import DjangoStore  # noqa: PLC0415 - needs the settings above

    alias = str(database["NAME"])
    connections.settings[alias] = dict(database)
    connections.configure_settings(connections.settings)
    made: list[BaseDatabaseWrapper] = []

    def keep(connection: BaseDatabaseWrapper, **_: object) -> None:
        if connection.alias == alias:
            connection.inc_thread_sharing()  # its thread is gone when it is closed
            made.append(connection)

    connection_created.connect(keep)
    try:
        yield DjangoStore(alias)
    finally:
        connection_created.disconnect(keep)
        for connection in made:
            connection.close()
        with suppress(AttributeError):  # this thread had none
            del connections[alias]


def migrated(database: dict[str, Any]) -> Opener:
    """Make the tables, and return what opens a store on them."""
    with opened(database):
        call_command("migrate", database=str(database["NAME"]), verbosity=0)
    return partial(opened, database)


@contextmanager
def postgres_databases() -> Iterator[Fresh]:
    """Give databases of a PostgreSQL server."""
    with ExitStack() as databases:

        def fresh() -> Opener:
            made = databases.enter_context(fresh_database())
            return migrated(
                {
                    "ENGINE": "django.db.backends.postgresql",
                    "NAME": made.name,
                    "USER": "postgres",
                    "HOST": made.socket,
                }
            )

        yield fresh


@contextmanager
def sqlite_files() -> Iterator[Fresh]:
    """Give SQLite files whose transactions begin DEFERRED, as Django has it by default."""
    with TemporaryDirectory() as folder:
        numbers = count()
        options = {"timeout": PATIENCE, "init_command": _QUICK}

        def fresh() -> Opener:
            name = f"{folder}/{next(numbers)}.db"
            return migrated(
                {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": options}
            )

        yield fresh
