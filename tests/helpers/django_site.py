"""A Django site of the app, for a process of its own: `pytest -p tests.helpers.django_site`.

Django's settings belong to a whole process, so no other test may share it. `PKGREDEEM_SITE` names
a SQLite file, or a database of the PostgreSQL server that `PKGREDEEM_POSTGRES` names.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from tests.helpers.postgres import RUNNING, SITE


def _databases(named: str) -> dict[str, dict[str, object]]:
    """Return the databases: the usual one, and the same one under another alias."""
    if not Path(named).is_absolute():
        server = os.environ[RUNNING]
        postgres: dict[str, object] = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": named,
            "USER": "postgres",
            "HOST": server,
        }
        return {"default": postgres, "other": {**postgres}}
    sqlite: dict[str, object] = {"ENGINE": "django.db.backends.sqlite3", "NAME": named}
    waits: dict[str, object] = {"timeout": 20}
    in_turn = {"transaction_mode": "IMMEDIATE"} if django.VERSION >= (5, 1) else {}
    return {"default": sqlite | {"OPTIONS": waits | in_turn}, "other": sqlite | {"OPTIONS": waits}}


def _set_up(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Let readers of a file go on while another one writes, and nobody wait for the disk.

    Django 4.2 has no setting for it.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = OFF")


settings.configure(
    SECRET_KEY="of a test",  # noqa: S106 - it guards nothing
    ALLOWED_HOSTS=["127.0.0.1", "testserver"],
    INSTALLED_APPS=[
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.messages",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "pkgredeem.stores.django",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    ROOT_URLCONF="tests.helpers.django_urls",
    STATIC_URL="static/",
    DATABASES=_databases(os.environ[SITE]),
    USE_TZ=True,
    TIME_ZONE="UTC",
    LOGGING_CONFIG=None,
)
django.setup()
connection_created.connect(_set_up)
call_command("migrate", verbosity=0)
