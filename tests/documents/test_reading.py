"""What is known while one document is read: its time zone, and the local days in it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pkgredeem._model.calendar import end_of_day, start_of_day
from pkgredeem.documents._kinds import Reading
from pkgredeem.documents._problems import INVALID, Problem, Problems

AUCKLAND = ZoneInfo("Pacific/Auckland")
DAY = date(2026, 5, 1)
AT = ((None, "packages"), 0)


def noted(problems: Problems) -> list[Problem]:
    """Return the problems so far."""
    return list(problems._found)


def test_a_day_says_its_beginning_and_its_end() -> None:
    """Each of them is worked out once, however often a document says the day."""
    asked: list[date] = []

    def beginning(day: date, zone: ZoneInfo) -> datetime | None:
        asked.append(day)
        return start_of_day(day, zone)

    reading = Reading(Problems(), AUCKLAND)
    begins = [reading.instant_of(DAY, beginning, AUCKLAND) for _ in range(3)]

    assert [datetime(2026, 4, 30, 12, tzinfo=UTC)] * 3 == begins
    assert datetime(2026, 5, 1, 12, tzinfo=UTC) == reading.instant_of(DAY, end_of_day, AUCKLAND)
    assert [DAY] == asked


def test_no_more_than_a_thousand_days_are_kept() -> None:
    """One more, and it begins anew: a document of many days takes no more memory."""
    reading = Reading(Problems(), AUCKLAND)
    kept = []
    for number in range(1_002):
        reading.instant_of(DAY + timedelta(days=number), start_of_day, AUCKLAND)
        kept.append(len(reading.instants))

    assert [1, 2, 3] == kept[:3]
    assert [999, 1_000, 1, 2] == kept[998:]


def test_a_zone_that_is_missing_is_told_once() -> None:
    """For the first local day that needs it; a zone that was refused already is not told again."""
    problems = Problems()
    without, refused = Reading(problems, None), Reading(problems, INVALID)
    found = [reading.zone_for(AT) for reading in (without, without, refused)]
    allowed = "an IANA time zone name, since packages[0] is a local day"

    assert [None] * 3 == found
    assert [Problem("account.time_zone", "missing", allowed)] == noted(problems)
    assert AUCKLAND is Reading(problems, AUCKLAND).zone_for(AT)


def test_what_was_found_in_place_of_a_zone_is_told() -> None:
    """Null says that there is none as well as leaving it out does, and is called null."""
    problems = Problems()
    Reading(problems, None, "null").zone_for(None)

    assert [
        "account.time_zone must be an IANA time zone name, since document is a local day, not null"
    ] == list(map(str, noted(problems)))
