"""The salon that had tables before: its adapter keeps the contract, its functions do what they say.

Django's settings belong to a whole process, so both are run in one of their own, on each database.
"""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.postgres import fresh_database

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "docs" / "examples" / "tables_in_django"
TESTS = [PROJECT / "appointments" / "test_store.py", ROOT / "tests/helpers/salon_with_tables.py"]


def run(environment: dict[str, str]) -> None:
    """Run the tests in a process with this environment; show what it says if any fails."""
    plugins = ["-p", "no:cacheprovider", "-p", "no:pkgredeem"]
    command = ["pytest", "-q", "-W", "error", *plugins, "-c", str(PROJECT / "pytest.ini")]
    done = subprocess.run(
        [sys.executable, "-m", *command, *map(str, TESTS)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    assert 0 == done.returncode, done.stdout


def test_the_settings_name_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word of the page's command is handed to the driver, the password too."""
    for name in ("HOST", "USER", "PASSWORD", "DATABASE"):
        monkeypatch.setenv(f"SALON_{name}", name.lower())
    assert {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "host",
        "USER": "user",
        "PASSWORD": "password",
        "NAME": "database",
    } == runpy.run_path(str(PROJECT / "settings.py"))["DATABASES"]["default"]


def test_on_sqlite(tmp_path: Path) -> None:
    """In a SQLite file all of it is true."""
    run({"SALON_FILE": str(tmp_path / "salon.db")})


def test_on_postgresql() -> None:
    """On PostgreSQL all of it is true."""
    with fresh_database() as database:
        run(
            {
                "SALON_HOST": database.socket,
                "SALON_DATABASE": database.name,
                "SALON_USER": "postgres",
            }
        )
