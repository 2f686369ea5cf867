"""The Django stores keep the contract, and join in a caller's transaction, on both databases.

Django's settings belong to a whole process, so `django_contract` is run in one of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers.postgres import RUNNING, SITE, fresh_database

ROOT = Path(__file__).parents[2]


def run_contract(environment: dict[str, str]) -> None:
    """Run the Django tests in a process with this environment; show what it says if any fails."""
    command = ["pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.helpers.django_site"]
    done = subprocess.run(
        [sys.executable, "-m", *command, "tests/helpers/django_contract.py"],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert 0 == done.returncode, done.stdout


def test_the_store_on_sqlite(tmp_path: Path) -> None:
    """In a SQLite file everything that `django_contract` says is true."""
    run_contract({SITE: str(tmp_path / "salon.db")})


def test_the_store_on_postgresql() -> None:
    """On PostgreSQL everything that `django_contract` says is true."""
    with fresh_database() as database:
        run_contract({SITE: database.name, RUNNING: database.socket})
