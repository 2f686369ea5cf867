"""Elapsed time and local days at the ends of the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pkgredeem._model.calendar import end_of_day, start_of_day
from pkgredeem._model.instants import earlier, later
from tests.helpers.support import DAY, INSTANT, LONDON

FIRST = datetime(1, 1, 2, tzinfo=UTC)
LAST = datetime(9999, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("elapsed", "expected"),
    [
        (INSTANT, FIRST + INSTANT),
        (2 * INSTANT, FIRST),
        (3 * INSTANT, FIRST),
        (timedelta.max, FIRST),
    ],
)
def test_no_instant_is_before_the_calendar(elapsed: timedelta, expected: datetime) -> None:
    """Two microseconds after its first instant there are two to go back."""
    assert expected == earlier(FIRST + 2 * INSTANT, elapsed)


@pytest.mark.parametrize(
    ("elapsed", "expected"),
    [(INSTANT, LAST - INSTANT), (2 * INSTANT, LAST), (3 * INSTANT, LAST), (timedelta.max, LAST)],
)
def test_no_instant_is_after_the_calendar(elapsed: timedelta, expected: datetime) -> None:
    """Two microseconds before its last instant there are two to go on."""
    assert expected == later(LAST - 2 * INSTANT, elapsed)


def test_the_last_days_that_there_are_have_no_end() -> None:
    """A day is over at the start of the next one, where the calendar has it (D26)."""
    assert LAST == start_of_day(date(9999, 12, 30), LONDON) == end_of_day(LAST.date() - DAY, LONDON)
    assert end_of_day(date(9999, 12, 30), LONDON) is None
    assert start_of_day(date.max, LONDON) is None
    assert end_of_day(date.max, LONDON) is None
