"""A Django site of one app, for a process of its own: `pytest -p tests.helpers.django_site`.

Django's settings belong to a whole process, so no other test may share it. `PKGREDEEM_SITE` names
a SQLite file, or a database of the PostgreSQL server that `PKGREDEEM_POSTGRES` names.
"""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

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
    waits = {"timeout": 20, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"}
    return {
        "default": sqlite | {"OPTIONS": waits | {"transaction_mode": "IMMEDIATE"}},
        "other": sqlite | {"OPTIONS": waits},
    }


settings.configure(
    INSTALLED_APPS=["stores.django_store"],
    DATABASES=_databases(os.environ[SITE]),
    USE_TZ=True,
    TIME_ZONE="UTC",
    LOGGING_CONFIG=None,
)
django.setup()
call_command("migrate", verbosity=0)
