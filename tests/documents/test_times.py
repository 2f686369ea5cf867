"""What people write about time: terms, local days (D26), instants, windows; worked out by hand."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import (
    AccountSettings,
    Booking,
    CancellationTerms,
    Case,
    Client,
    CreditOutcome,
    Days,
    InvalidValueError,
    Package,
    Pause,
    Period,
    Service,
    Term,
)
from pkgredeem._model.account import LONGEST_WINDOW
from pkgredeem._model.calendar import start_of_day
from pkgredeem._model.checks import EARLIEST, LATEST
from pkgredeem._model.plans import LONGEST_NOTICE
from pkgredeem.documents import _times as times
from pkgredeem.documents import case_document, read_case, read_instant
from tests.helpers.documents_support import changed

AUCKLAND, LONDON, HAVANA = "Pacific/Auckland", "Europe/London", "America/Havana"
BEIRUT, SANTIAGO, NOON = "Asia/Beirut", "America/Santiago", datetime(2026, 5, 5, 12, tzinfo=UTC)


def utc(text: str) -> datetime:
    """Return an instant that is written in UTC without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def package_of(zone: str, **keys: object) -> Package:
    """Return the package that a document with these keys describes, in that zone."""
    changes = {f"packages.0.{key}": value for key, value in keys.items()}
    return read_case(changed({"account.time_zone": zone, **changes})).packages[0]


@pytest.mark.parametrize(
    ("zone", "sold_on", "term", "expected"),
    [
        # the corresponding date counts whole: over at the next local midnight
        (AUCKLAND, "2026-03-01", "6 months", "2026-09-01T12:00"),
        (LONDON, "2026-03-01", "6 months", "2026-09-01T23:00"),
        ("UTC", "2026-03-01", "6 months", "2026-09-02T00:00"),
        # clamped to the month's end: the last valid day is 28 February
        (AUCKLAND, "2026-08-31", "6 months", "2027-02-28T11:00"),
        (LONDON, "2026-08-31", "6 months", "2027-03-01T00:00"),
        (LONDON, "2026-08-29", "6 months", "2027-03-01T00:00"),
        (LONDON, "2026-08-28", "6 months", "2027-03-01T00:00"),
        (LONDON, "2026-08-27", "6 months", "2027-02-28T00:00"),
        # into and out of 29 February
        (LONDON, "2027-12-31", "2 months", "2028-03-01T00:00"),
        (LONDON, "2028-02-29", "1 year", "2029-03-01T00:00"),
        (LONDON, "2028-02-29", "4 years", "2032-03-01T00:00"),
        (LONDON, "2028-02-29", "12 months", "2029-03-01T00:00"),
        (LONDON, "2028-02-28", "1 year", "2029-03-01T00:00"),
        # days and weeks, singular and plural
        (LONDON, "2026-03-01", "1 day", "2026-03-03T00:00"),
        (LONDON, "2026-03-01", "1 days", "2026-03-03T00:00"),
        (LONDON, "2026-02-28", "2 week", "2026-03-15T00:00"),
        (LONDON, "2026-03-15", "2 weeks", "2026-03-29T23:00"),
        # sold on a day that the whole zone skipped: the term runs from the day that was written
        ("Pacific/Apia", "2011-12-30", "1 day", "2011-12-31T10:00"),
        # the longest terms
        ("UTC", "2026-03-01", "100 years", "2126-03-02T00:00"),
        ("UTC", "2026-03-01", "1200 months", "2126-03-02T00:00"),
        ("UTC", "2026-01-01", "36500 days", "2125-12-09T00:00"),
        ("UTC", "2026-01-01", "5200 weeks", "2125-08-31T00:00"),
    ],
)
def test_a_term_ends_after_the_corresponding_date(
    zone: str, sold_on: str, term: str, expected: str
) -> None:
    """The last valid day is the day of sale plus the term, clamped to the month's end (D26)."""
    package = package_of(zone, sold_on=sold_on, valid_for=term)

    assert utc(expected) == package.valid_until


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        (AUCKLAND, "2026-09-01", "2026-09-01T12:00"),
        (LONDON, "2026-09-01", "2026-09-01T23:00"),
        ("UTC", "2026-09-01", "2026-09-02T00:00"),
        # the clock changes at 01:00 UTC on the day after, and on the day itself
        (LONDON, "2026-03-28", "2026-03-29T00:00"),
        (LONDON, "2026-03-29", "2026-03-29T23:00"),
        (LONDON, "2026-10-24", "2026-10-24T23:00"),
        (LONDON, "2026-10-25", "2026-10-26T00:00"),
        # and at 14:00 UTC on the local day before
        (AUCKLAND, "2026-04-04", "2026-04-04T11:00"),
        (AUCKLAND, "2026-04-05", "2026-04-05T12:00"),
        (AUCKLAND, "2026-09-26", "2026-09-26T12:00"),
        (AUCKLAND, "2026-09-27", "2026-09-27T11:00"),
        # the midnight after it is skipped: the first instant is 01:00
        (HAVANA, "2026-03-07", "2026-03-08T05:00"),
        (BEIRUT, "2026-03-28", "2026-03-28T22:00"),
        (SANTIAGO, "2026-09-05", "2026-09-06T04:00"),
        # the midnight after it is inside a skipped hour: the first instant is 00:30
        ("America/Toronto", "1919-03-30", "1919-03-31T04:30"),
        # the whole day after it is skipped
        ("Pacific/Apia", "2011-12-29", "2011-12-30T10:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),
        # the midnight after it occurs twice: the first of the two
        (HAVANA, "2025-11-01", "2025-11-02T04:00"),
        # the midnight after it occurs twice, since the clock is set back into the day
        ("America/St_Johns", "2008-11-01", "2008-11-02T03:30"),
        ("America/St_Johns", "2008-11-02", "2008-11-03T03:30"),
        # the hour before midnight occurs twice, the midnight after it once
        (SANTIAGO, "2026-04-04", "2026-04-05T04:00"),
    ],
)
def test_the_last_day_counts_whole(zone: str, day: str, expected: str) -> None:
    """Valid through a local day is over at the first instant of the next one (D26)."""
    package = package_of(zone, valid_through=day)

    assert utc(expected) == package.valid_until
    assert not package.is_over_by(utc(expected) - timedelta(microseconds=1))
    assert package.is_over_by(utc(expected))


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        (AUCKLAND, "2026-03-01", "2026-02-28T11:00"),
        (LONDON, "2026-07-01", "2026-06-30T23:00"),
        (HAVANA, "2026-03-08", "2026-03-08T05:00"),
        (HAVANA, "2025-11-02", "2025-11-02T04:00"),
    ],
)
def test_sold_on_is_the_first_instant_of_that_day(zone: str, day: str, expected: str) -> None:
    """A package that was sold today is sold from the first instant of today, so usable today."""
    package = package_of(zone, sold_on=day)

    assert utc(expected) == package.sold_at
    assert None is package.valid_until


@pytest.mark.parametrize(
    ("sold_at", "expected"),
    [
        # 23:30 on 28 February and 00:30 on 1 March, local time
        ("2026-02-28T10:30:00Z", "2026-08-28T12:00"),
        ("2026-02-28T11:30:00Z", "2026-09-01T12:00"),
        ("2026-02-28T10:30:00-01:00", "2026-09-01T12:00"),
    ],
)
def test_a_term_runs_from_the_local_day_of_sale(sold_at: str, expected: str) -> None:
    """Beside an instant of sale the term runs from the day that it was in the account's zone."""
    package = package_of(AUCKLAND, sold_at=sold_at, valid_for="6 months")

    assert utc(expected) == package.valid_until


def test_an_instant_needs_no_time_zone() -> None:
    """Instants and the day of activation are read without the account's time zone."""
    package = read_case(
        changed(
            {
                "account": {"activated_on": "2026-04-01"},
                "packages.0.sold_at": "2026-03-01T00:00:00+13:00",
                "packages.0.valid_until": "2026-09-02T00:00:00+12:00",
            }
        )
    ).packages[0]

    assert (utc("2026-02-28T11:00"), utc("2026-09-01T12:00")) == (
        package.sold_at,
        package.valid_until,
    )


def test_each_of_many_local_days_has_its_own_instant() -> None:
    """More of them than are kept while a document is read, each of them twice."""
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(1_001)] * 2
    package = package_of("Etc/GMT-1", pauses=[{"starts_on": day.isoformat()} for day in days])

    before_midnight = time(23, tzinfo=UTC)
    expected = [datetime.combine(day - timedelta(days=1), before_midnight) for day in days]
    assert expected == [pause.starts_at for pause in package.pauses]


@pytest.mark.parametrize(
    ("zone", "day", "starts", "ends"),
    [
        (AUCKLAND, "2026-07-01", "2026-06-30T12:00", "2026-07-01T12:00"),
        (LONDON, "2026-07-01", "2026-06-30T23:00", "2026-07-01T23:00"),
        # its midnight is skipped, and the midnight after it is
        (HAVANA, "2026-03-08", "2026-03-08T05:00", "2026-03-09T04:00"),
        (HAVANA, "2026-03-07", "2026-03-07T05:00", "2026-03-08T05:00"),
        (SANTIAGO, "2026-09-06", "2026-09-06T04:00", "2026-09-07T03:00"),
        # the midnight after it occurs twice, since the clock is set back into the day
        ("America/St_Johns", "2008-11-01", "2008-11-01T02:30", "2008-11-02T03:30"),
    ],
)
def test_every_local_day_counts_whole(zone: str, day: str, starts: str, ends: str) -> None:
    """A pause of a day, the last day of a credit and of booking are that local day (D26)."""
    package = package_of(
        zone,
        pauses=[{"starts_on": day, "through": day}],
        book_through=day,
        entitlements=[{"services": ["facial"], "remaining": 1, "valid_through": day}],
    )

    assert (Pause(utc(starts), utc(ends)),) == package.pauses
    assert utc(ends) == package.book_until
    assert utc(ends) == package.entitlements[0].valid_until


def test_a_pause_may_have_no_end_and_mix_a_day_with_an_instant() -> None:
    """What is left out or null is open, and each end is written in either way."""
    package = package_of(
        AUCKLAND,
        pauses=[
            {"starts_on": "2026-07-01"},
            {"starts_at": "2026-07-01T00:00:00Z", "ends_at": None, "through": None},
            {"starts_at": "2026-07-01T00:00:00Z", "through": "2026-07-02"},
            {"starts_on": "2026-07-01", "ends_at": "2026-07-01T18:00:00Z"},
        ],
    )

    assert (
        Pause(utc("2026-06-30T12:00")),
        Pause(utc("2026-07-01T00:00")),
        Pause(utc("2026-07-01T00:00"), utc("2026-07-02T12:00")),
        Pause(utc("2026-06-30T12:00"), utc("2026-07-01T18:00")),
    ) == package.pauses


@pytest.mark.parametrize(
    ("text", "expected", "written"),
    [
        ("00:00", time(0), "00:00"),
        ("09:00", time(9), "09:00"),
        ("09:00:00", time(9), "09:00"),
        ("09:00:30", time(9, 0, 30), "09:00:30"),
        ("09:00:00.5", time(9, 0, 0, 500_000), "09:00:00.500000"),
        ("23:59:59.999999", time(23, 59, 59, 999_999), "23:59:59.999999"),
    ],
)
def test_a_local_time_is_read_and_written(text: str, expected: time, written: str) -> None:
    """With its seconds only where it has some."""
    hours = {"days": ["mon"], "opens": text}
    package = package_of(AUCKLAND, restrictions={"hours": [hours]})

    assert package.restrictions is not None
    assert expected == package.restrictions.hours[0].opens
    assert written == times.clock_time_text(expected)


@pytest.mark.parametrize(
    ("text", "expected", "written"),
    [
        ("14 days", Term(days=14), "14 days"),
        ("1 day", Term(days=1), "1 day"),
        ("2 weeks", Term(days=14), "14 days"),
        ("1 months", Term(months=1), "1 month"),
        ("6 months", Term(months=6), "6 months"),
        ("1 year", Term(months=12), "12 months"),
        ("100 years", Term(months=1_200), "1200 months"),
        ("36500 days", Term(days=36_500), "36500 days"),
        ("36501 days", None, ""),
        ("5215 weeks", None, ""),
        ("1201 months", None, ""),
        ("101 years", None, ""),
        ("0 days", None, ""),
        ("14 days old", None, ""),
        ("14 dayss", None, ""),
        ("14 days\n", None, ""),
        (" 14 days", None, ""),
        ("14", None, ""),
        (14, None, ""),
    ],
)
def test_a_term_of_first_use_is_read_and_written(
    text: object, expected: Term | None, written: str
) -> None:
    """In days or months, a week being seven days and a year twelve months (D53)."""
    assert expected == times.term_of(text)
    if expected is not None:
        assert expected == package_of(AUCKLAND, lasts=text).lasts
        assert written == times.term_text(expected)
        assert expected == times.term_of(written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((period.value, period) for period in Period),
        ("2 days", Days(2)),
        ("14 days", Days(14)),
        ("366 days", Days(366)),
        ("1 days", None),
        ("367 days", None),
        ("999 days", None),
        ("14 days old", None),
        ("14 days\n", None),
        (" 14 days", None),
        ("2 weeks", None),
        ("weeks", None),
        ("", None),
        (14, None),
        (["week"], None),
    ],
)
def test_a_period_is_a_word_or_days_in_a_row(text: object, expected: Period | Days | None) -> None:
    """Of the calendar, of the booking, or so many days wherever they begin (D55)."""
    assert expected == times.period_of(text)
    assert expected is None or text == str(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14 days", timedelta(days=14)),
        ("3660 days", timedelta(days=3_660)),
        ("5270400 minutes", timedelta(days=3_660)),
        ("PT316224000S", timedelta(days=3_660)),
        ("522 weeks", timedelta(days=3_654)),
    ],
)
def test_notice_is_elapsed_time_of_up_to_ten_years(text: str, expected: timedelta) -> None:
    """Longer than a cancellation window may be, and written as it can be read (D48)."""
    package = package_of(AUCKLAND, restrictions={"max_notice": text})

    assert package.restrictions is not None
    assert expected == package.restrictions.max_notice
    assert expected == times.window_of(times.window_text(expected), LONGEST_NOTICE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 minutes", timedelta(0)),
        ("1 minute", timedelta(minutes=1)),
        ("90 minutes", timedelta(minutes=90)),
        ("24 hours", timedelta(days=1)),
        ("1 hour", timedelta(hours=1)),
        ("2 days", timedelta(hours=48)),
        ("1 week", timedelta(hours=168)),
        ("52 weeks", timedelta(days=364)),
        ("366 days", timedelta(days=366)),
        ("527040 minutes", timedelta(days=366)),
        ("PT86400S", timedelta(days=1)),
        ("PT0S", timedelta(0)),
        ("PT0.5S", timedelta(milliseconds=500)),
        ("PT1.000001S", timedelta(seconds=1, microseconds=1)),
        ("PT31622400S", timedelta(days=366)),
        ("367 days", None),
        ("527041 minutes", None),
        ("53 weeks", None),
        ("PT31622400.000001S", None),
        ("PT1.0000001S", None),
        ("01 hours", None),
        ("+1 hours", None),
        ("1  hours", None),
        ("1hours", None),
        ("24 Hours", None),
        ("30 seconds", None),
        ("P1D", None),
        ("1 hours\n", None),
        ("", None),
        (24, None),
    ],
)
def test_a_window_is_elapsed_time(text: object, expected: timedelta | None) -> None:
    """Minutes, hours, days of 24 hours and weeks, or seconds; at most 366 days."""
    assert expected == times.window_of(text)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (timedelta(0), "0 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=1), "24 hours"),
        (timedelta(days=366), "8784 hours"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(seconds=61), "PT61S"),
        (timedelta(microseconds=1), "PT0.000001S"),
        (timedelta(hours=2, microseconds=10), "PT7200.000010S"),
    ],
)
def test_a_window_is_written_as_it_can_be_read(window: timedelta, expected: str) -> None:
    """A case document says the window in hours or minutes where that is exact, else in seconds."""
    case = Case(
        account=AccountSettings(
            cancellation=CancellationTerms(window=window, late=CreditOutcome.FORFEIT)
        ),
        client=Client.guest(),
        packages=(),
        booking=Booking.of(Service(id="facial"), id="b1", starts_at=NOON),
        now=NOON,
    )
    account = case_document(case)["account"]

    assert isinstance(account, dict)
    assert {"window": expected, "late": "forfeit", "no_show": None} == account["cancellation"]
    assert window == times.window_of(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-05T10:00:00Z", "2026-05-05T10:00"),
        ("2026-05-05T10:00Z", "2026-05-05T10:00"),
        ("2026-05-05T10:00+12:00", "2026-05-04T22:00"),
        ("2026-05-05T10:00:00.5-03:30", "2026-05-05T13:30:00.500000"),
        ("2026-05-05T10:00:00.000001+00:00", "2026-05-05T10:00:00.000001"),
        ("0001-01-02T00:00:00Z", "0001-01-02T00:00"),
        ("9999-12-30T00:00:00Z", "9999-12-30T00:00"),
    ],
)
def test_an_instant_is_read_in_utc(text: str, expected: str) -> None:
    """Seconds may be left out, an offset never; nothing is rounded."""
    actual = read_instant(text)

    assert utc(expected) == actual
    assert UTC is actual.tzinfo


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-05T10:00:00",
        "2026-05-05",
        "2026-05-05T10Z",
        "2026-05-05T10:00:00z",
        "2026-05-05t10:00:00Z",
        "2026-05-05T10:00:00,5Z",
        "2026-05-05T10:00:00.Z",
        "2026-05-05T10:00:00.1234567Z",
        "2026-05-05T10:00:60Z",
        "2026-05-05T25:00:00Z",
        "2026-05-05T10:00:00+1200",
        "2026-05-05T10:00:00+24:00",
        "20260505T100000Z",
        "2026-125T10:00:00Z",
        "0001-01-01T23:59:59.999999Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-30T00:00:00.000001Z",
        "9999-12-31T23:59:59-23:59",
        "now",
        "",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    """A time without an offset, a day, a rounded or an impossible time is no instant (D15)."""
    with pytest.raises(InvalidValueError) as caught:
        read_instant(text)

    assert ("instant", text) == (caught.value.field, caught.value.value)


def test_the_bounds_are_those_of_the_values() -> None:
    """The first and the last instant that is read are the first and the last that a value holds."""
    for moment, beyond in ((EARLIEST, -1), (LATEST, 1)):
        booking = Booking.of(Service(id="facial"), id="b1", starts_at=moment)
        assert moment == booking.starts_at
        with pytest.raises(InvalidValueError):
            Booking.of(
                Service(id="facial"), id="b1", starts_at=moment + timedelta(microseconds=beyond)
            )
    longest = LONGEST_WINDOW
    CancellationTerms(window=longest, late=CreditOutcome.RETURN)
    with pytest.raises(InvalidValueError):
        CancellationTerms(window=longest + timedelta(microseconds=1), late=CreditOutcome.RETURN)


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("UTC", date(1, 1, 1), None),
        ("UTC", date(1, 1, 2), datetime(1, 1, 2, tzinfo=UTC)),
        ("Pacific/Kiritimati", date(1, 1, 1), None),
        ("UTC", date(9999, 12, 30), datetime(9999, 12, 30, tzinfo=UTC)),
        ("UTC", date(9999, 12, 31), None),
        ("Pacific/Honolulu", date(9999, 12, 31), None),
        ("Pacific/Honolulu", date(9999, 12, 30), None),
    ],
)
def test_a_day_at_the_end_of_the_calendar_has_no_instant(
    zone: str, day: date, expected: datetime | None
) -> None:
    """The first instant of a day must be one that a value can hold."""
    assert expected == start_of_day(day, ZoneInfo(zone))
