"""What texts from outside name: instants, days, elapsed time, zones, words spelt wrong."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pkgredeem._model import iso8601
from pkgredeem._model.nearest import nearest, nearest_word

WORDS = ["cancel", "complete", "no_show"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-05T10:00Z", datetime(2026, 5, 5, 10, tzinfo=UTC)),
        ("2026-05-05T22:00:00.5+12:00", datetime(2026, 5, 5, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("0001-01-02T00:00Z", datetime(1, 1, 2, tzinfo=UTC)),
        ("9999-12-30T00:00Z", datetime(9999, 12, 30, tzinfo=UTC)),
        ("9999-12-30T00:00:00.000001Z", None),
        ("0001-01-01T00:00+14:00", None),
        ("2026-02-30T10:00Z", None),
        ("2026-05-05T10:00", None),
        ("tomorrow", None),
        (None, None),
    ],
)
def test_an_instant(text: object, expected: datetime | None) -> None:
    """With its offset, on a day that there is, inside the calendar."""
    assert expected == iso8601.instant_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02-28", date(2026, 2, 28)),
        ("2026-02-30", None),
        ("20260228", None),
        ("2026-W09-6", None),
        ("2026W096", None),
        ("\u0662026-02-28", None),
        ("2026-02-28\n", None),
        ("2026-02-28T00:00", None),
        (20260228, None),
    ],
)
def test_a_day(text: object, expected: date | None) -> None:
    """A date as people write it, and one that there is."""
    assert expected == iso8601.day_of(text)


@pytest.mark.parametrize(
    ("elapsed", "text"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(days=1), "PT86400S"),
        (timedelta(seconds=1, microseconds=500_000), "PT1.500000S"),
    ],
)
def test_elapsed_time_is_read_as_it_is_written(elapsed: timedelta, text: str) -> None:
    """Seconds, with six digits after the point or none."""
    assert text == iso8601.elapsed_text(elapsed)
    assert elapsed == iso8601.elapsed_of(text)


@pytest.mark.parametrize("text", ["P1D", "PT1H", "PT-1S", "PT1S ", "", None, 86_400])
def test_what_is_no_elapsed_time(text: object) -> None:
    """Neither days nor hours, which a calendar or a clock change could stretch."""
    assert iso8601.elapsed_of(text) is None


@pytest.mark.parametrize(
    "name",
    ["Mars/Olympus", "../etc/passwd", "", "localtime", "posixrules", "Factory", "\0", None, 7],
)
def test_what_names_no_zone(name: object) -> None:
    """Unknown names, paths, and names that mean another zone on each machine (D76)."""
    assert iso8601.zone_of(name) is None


def test_a_zone() -> None:
    """A name that this machine knows."""
    assert ZoneInfo("Pacific/Auckland") is iso8601.zone_of("Pacific/Auckland")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("cancle", "cancel"),
        ("NO_SHOW", "no_show"),
        ("sell", None),
        ("cancel" + "l" * 10_000, None),
        (7, None),
    ],
)
def test_the_word_that_was_meant(word: object, expected: str | None) -> None:
    """The known word that is spelt most like it, if any is; else all of them are told."""
    assert expected == nearest_word(word, WORDS)
    assert (expected or "one of cancel, complete, no_show") == nearest(word, iter(WORDS))
