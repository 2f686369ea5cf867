"""The Django stores keep the contract, and do what a Django project expects, on both databases.

Django's settings belong to a whole process, so what they are asked is run in one of its own.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.helpers.postgres import RUNNING, SITE, fresh_database

ROOT = Path(__file__).parents[2]
ASKED = ("contract", "project", "admin_pages", "statements", "examples")


def run_in_a_site(environment: dict[str, str]) -> None:
    """Run the Django tests in a process with this environment; show what it says if any fails."""
    # pytest-django would make a database of its own, and guard it.
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:django", "-p", "tests.helpers.django_site"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options]
        + [f"tests/helpers/django_{name}.py" for name in ASKED],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,  # of a busy machine
        check=False,
    )
    assert 0 == done.returncode, done.stdout


def test_the_store_on_sqlite(tmp_path: Path) -> None:
    """In a SQLite file everything that the files of `ASKED` say is true."""
    run_in_a_site({SITE: str(tmp_path / "salon.db")})


def test_the_store_on_postgresql() -> None:
    """On PostgreSQL everything that the files of `ASKED` say is true."""
    with fresh_database() as database:
        run_in_a_site({SITE: database.name, RUNNING: database.socket})
