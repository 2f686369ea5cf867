"""The Django example keeps its row and the redemption together, and does a lost race again."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from tests.helpers import salon_apps

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """Book in the Django app while things fail, and return what is stored afterwards."""
    environment = salon_apps.environment_in(tmp_path_factory.mktemp("salon"))
    salon_apps.django(environment, port=0)
    Path(environment["SALON_CLOCK"]).write_text(salon_apps.MONDAY.isoformat(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.helpers.django_salon_faults"],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        stdout=subprocess.PIPE,
        timeout=60,
    )
    return cast("dict[str, object]", json.loads(done.stdout))


def test_a_row_that_fails_takes_no_credit(results: dict[str, object]) -> None:
    """What fails after the redemption undoes it."""
    assert [500, False, False] == results["row fails"]


def test_a_lost_race_is_run_again(results: dict[str, object]) -> None:
    """The third try keeps both, once."""
    assert [302, True, True, 3] == results["two conflicts"]
    assert 1 == results["left"]


def test_a_race_that_is_always_lost_is_told(results: dict[str, object]) -> None:
    """After five tries the visitor reads a sentence, and nothing is kept."""
    assert [409, False, False, 5] == results["conflicts only"]


def test_what_is_sold_already_is_sold_once(tmp_path: Path) -> None:
    """`sell` may be run again, as the other example may be started again."""
    environment = salon_apps.environment_in(tmp_path)
    salon_apps.django(environment, port=0)
    before = _sold(environment)
    again = subprocess.run(
        [sys.executable, str(salon_apps.EXAMPLES / "django_salon" / "manage.py"), "sell"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (0, "") == (again.returncode, again.stderr)
    assert ["visits-of-ana", "visits-of-cleo"] == before == _sold(environment)


def test_the_end_of_the_day_leaves_what_has_ended(results: dict[str, object]) -> None:
    """One visit is completed, a no-show stays one, and what is still to come stays open."""
    assert ["completed 1", "completed 0"] == results["end of the day"]
    assert {
        "came": "redeemed",
        "missed": "forfeited",
        "to come": "reserved",
        "late": "forfeited",
    } == results["became"]


def test_a_no_show_that_was_quicker_stays_one(results: dict[str, object]) -> None:
    """Recorded after the command has looked, it is not overwritten, and the booking is named."""
    told, failed = cast("list[str]", results["overtaken"])

    assert told.startswith("late: ")
    assert "not completed: 1" == failed


def test_a_visit_that_can_not_be_completed_is_named(results: dict[str, object]) -> None:
    """The command goes on after a failure, names the booking, and fails itself at the end."""
    assert ["late: others were quicker", "not completed: 1"] == results["not completed"]


def _sold(environment: dict[str, str]) -> list[str]:
    with closing(sqlite3.connect(environment["SALON_FILE"])) as connection:
        found = connection.execute("SELECT id FROM pkgredeem_package ORDER BY id")
        return [package_id for (package_id,) in found]
