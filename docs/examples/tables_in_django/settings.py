"""The settings of a salon: one app, on SQLite or on PostgreSQL."""

import os

from django.core.management.utils import get_random_secret_key

SECRET_KEY = os.environ.get("SALON_SECRET", get_random_secret_key())
INSTALLED_APPS = ["appointments"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Pacific/Auckland"

_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": os.environ.get("SALON_FILE", "salon.sqlite3"),
    # A transaction waits for its turn at its beginning. Without IMMEDIATE two that have read both
    # want to write then, and SQLite fails one of them at once, however long the timeout is.
    # With WAL, pages are read while an appointment is booked.
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL",
    },
    # A file for the tests too: threads that share a database in memory don't wait for each other.
    "TEST": {"NAME": os.environ.get("SALON_FILE", "salon.sqlite3") + ".test"},
}
_POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ.get("SALON_DATABASE", "salon"),
    "HOST": os.environ.get("SALON_HOST", ""),
    "USER": os.environ.get("SALON_USER", ""),
    "PASSWORD": os.environ.get("SALON_PASSWORD", ""),
}
DATABASES = {"default": _POSTGRESQL if "SALON_HOST" in os.environ else _SQLITE}
