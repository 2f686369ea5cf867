"""The last valid day as the instant at which it is over (D26)."""

from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import InvalidValueError, last_day
from tests.helpers.support import START, package

NO_DATE = "day must be a date without a time"
ENDS_LATER = "day must be a day that ends in the calendar"


@pytest.mark.parametrize(
    ("day", "zone", "over"),
    [
        # A plain day, and one in a zone that is behind UTC.
        (date(2026, 9, 15), "Pacific/Auckland", "2026-09-15T12:00+00:00"),
        (date(2026, 9, 15), "America/New_York", "2026-09-16T04:00+00:00"),
        # The clocks change on the day itself, on and back.
        (date(2026, 9, 27), "Pacific/Auckland", "2026-09-27T11:00+00:00"),
        (date(2026, 4, 5), "Pacific/Auckland", "2026-04-05T12:00+00:00"),
        # The midnight after it is skipped, and shown a second time.
        (date(2026, 9, 5), "America/Santiago", "2026-09-06T04:00+00:00"),
        (date(2026, 4, 4), "America/Santiago", "2026-04-05T04:00+00:00"),
        # Back at 1 to a second midnight, and at 00:01 into the day before, whose end comes twice.
        (date(2025, 11, 1), "America/Havana", "2025-11-02T04:00+00:00"),
        (date(2006, 10, 28), "America/St_Johns", "2006-10-29T03:30+00:00"),
        # A leap day, and the last day that ends in the calendar.
        (date(2024, 2, 29), "UTC", "2024-03-01T00:00+00:00"),
        (date(9999, 12, 29), "UTC", "9999-12-30T00:00+00:00"),
    ],
)
def test_the_day_counts_whole(day: date, zone: str, over: str) -> None:
    """It ends where the next local day begins, in UTC."""
    found = last_day(day, ZoneInfo(zone))

    assert datetime.fromisoformat(over) == found
    assert UTC is found.tzinfo


def test_the_clock_of_havana_shows_that_midnight_twice() -> None:
    """Governments change their minds: in a zone that no longer changes the row above is idle."""
    offsets = [
        datetime(2025, 11, 2, fold=fold, tzinfo=ZoneInfo("America/Havana")).utcoffset()
        for fold in (0, 1)
    ]

    assert [timedelta(hours=-4), timedelta(hours=-5)] == offsets


def test_an_appointment_late_on_the_last_day_is_paid_for() -> None:
    """As `valid_until` it lets the last moment of the day through, and not the next one."""
    new_york = ZoneInfo("America/New_York")
    sold = package(valid_until=last_day(date(2026, 5, 5), new_york))

    assert not sold.is_over_by(datetime(2026, 5, 5, 23, 59, 59, 999_999, tzinfo=new_york))
    assert sold.is_over_by(datetime(2026, 5, 6, tzinfo=new_york))


@pytest.mark.parametrize(
    ("day", "zone", "told", "value"),
    [
        (START, ZoneInfo("UTC"), f"{NO_DATE}, not ", START),
        ("2026-09-30", ZoneInfo("UTC"), f"{NO_DATE}, not '2026-09-30'", "2026-09-30"),
        (date(2026, 9, 30), UTC, "zone must be a ZoneInfo, not ", UTC),
        (date(2026, 9, 30), "UTC", "zone must be a ZoneInfo, not 'UTC'", "UTC"),
        (date(9999, 12, 30), ZoneInfo("UTC"), f"{ENDS_LATER}, ", date(9999, 12, 30)),
        (date.max, ZoneInfo("UTC"), f"{ENDS_LATER}, ", date.max),
    ],
)
def test_anything_else_is_refused(day: object, zone: object, told: str, value: object) -> None:
    """An instant is no day, and a day needs to know whose it is."""
    with pytest.raises(InvalidValueError) as raised:
        last_day(cast("date", day), cast("ZoneInfo", zone))

    assert str(raised.value).startswith(told)
    assert value == raised.value.value
