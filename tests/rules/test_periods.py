"""Periods of a quota: where each begins and ends, in zones whose clocks change (D55)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import Days, DrawState, InvalidValueError, Period, Quota, rules
from tests.helpers.support import (
    AUCKLAND,
    DAY,
    HOUR,
    INSTANT,
    LONDON,
    NOW,
    START,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    package,
    use,
)

BEFORE_ALL = datetime(2025, 12, 1, tzinfo=UTC)


def is_full(
    quota: Quota,
    starts: list[datetime],
    at: datetime,
    *,
    zone: ZoneInfo | None = LONDON,
    week_starts: int = 1,
    now: datetime = BEFORE_ALL,
) -> bool:
    """Tell whether a booking at that time is one too many beside uses that start then."""
    uses = [use(start, booking_id=f"u{number}") for number, start in enumerate(starts)]
    asked = case(
        starts_at=at,
        now=now,
        account=account(time_zone=zone, week_starts=week_starts),
        packages=[package("p1", credit("facial", left=9), quotas=[quota], uses=uses)],
    )
    found = codes(decide(asked, rules.ONLINE))
    assert found in ([], ["quota_reached"])
    return bool(found)


def at(text: str) -> datetime:
    """Return that instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


#: Each with its first instant and the first instant after it, in UTC: London is one hour ahead from
#: 29 March to 25 October 2026, Auckland thirteen until 5 April and from 27 September, else twelve.
PERIODS = [
    (Period.DAY, LONDON, 1, "2026-05-05T23:00", "2026-05-06T23:00"),
    (Period.DAY, LONDON, 1, "2026-03-29T00:00", "2026-03-29T23:00"),  # 23 hours
    (Period.DAY, LONDON, 1, "2026-10-24T23:00", "2026-10-26T00:00"),  # 25 hours
    (Period.DAY, AUCKLAND, 1, "2026-04-04T11:00", "2026-04-05T12:00"),  # 25 hours
    (Period.DAY, AUCKLAND, 1, "2026-09-26T12:00", "2026-09-27T11:00"),  # 23 hours
    (Period.WEEK, LONDON, 1, "2026-03-23T00:00", "2026-03-29T23:00"),
    (Period.WEEK, LONDON, 7, "2026-03-22T00:00", "2026-03-29T00:00"),
    (Period.WEEK, LONDON, 7, "2026-03-29T00:00", "2026-04-04T23:00"),
    (Period.WEEK, LONDON, 1, "2026-12-28T00:00", "2027-01-04T00:00"),  # a year ends in it
    (Period.WEEK, LONDON, 3, "2026-04-28T23:00", "2026-05-05T23:00"),  # Wednesdays, a month ends
    (Period.WEEK, AUCKLAND, 1, "2026-03-29T11:00", "2026-04-05T12:00"),
    (Period.WEEK, AUCKLAND, 7, "2026-04-04T11:00", "2026-04-11T12:00"),
    (Period.MONTH, LONDON, 1, "2026-03-01T00:00", "2026-03-31T23:00"),
    (Period.MONTH, LONDON, 1, "2026-09-30T23:00", "2026-11-01T00:00"),
    (Period.MONTH, LONDON, 1, "2028-02-01T00:00", "2028-03-01T00:00"),  # 29 days
    (Period.MONTH, AUCKLAND, 7, "2026-03-31T11:00", "2026-04-30T12:00"),
    (Period.MONTH, AUCKLAND, 7, "2026-08-31T12:00", "2026-09-30T11:00"),
    (Period.YEAR, LONDON, 1, "2026-01-01T00:00", "2027-01-01T00:00"),
    (Period.YEAR, AUCKLAND, 1, "2025-12-31T11:00", "2026-12-31T11:00"),
]


@pytest.mark.parametrize(("per", "zone", "week_starts", "begins", "ends"), PERIODS)
def test_a_period_of_the_calendar_ends_at_local_midnight(
    per: Period, zone: ZoneInfo, week_starts: int, begins: str, ends: str
) -> None:
    """Its first and last instants are one period, and just before and after it are others."""
    first, after = at(begins), at(ends)
    last = after - INSTANT

    def full(used: datetime, start: datetime) -> bool:
        return is_full(Quota(1, per), [used], start, zone=zone, week_starts=week_starts)

    assert full(first, last)
    assert full(last, first)
    assert full(first, first)
    assert full(last, last)
    assert not full(first - INSTANT, first)
    assert not full(first - INSTANT, last)
    assert not full(after, last)
    assert not full(after, first)


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        (LONDON, datetime(2026, 5, 4)),  # noqa: DTZ001 - a local day
        (LONDON, datetime(2026, 3, 22)),  # noqa: DTZ001 - clocks change in between
        (LONDON, datetime(2026, 10, 18)),  # noqa: DTZ001 - local, as above
        (AUCKLAND, datetime(2026, 3, 29)),  # noqa: DTZ001 - local, as above
        (AUCKLAND, datetime(2026, 9, 20)),  # noqa: DTZ001 - local, as above
        (AUCKLAND, datetime(2026, 12, 25)),  # noqa: DTZ001 - a year ends in between
    ],
)
@pytest.mark.parametrize("count", [2, 14, 28, 366])
@pytest.mark.parametrize("hours", [(0, 0), (0, 23), (23, 0), (12, 12), (23, 23)])
def test_so_many_days_apart_at_any_hour(
    zone: ZoneInfo, first: datetime, count: int, hours: tuple[int, int]
) -> None:
    """One in 14 days: 13 days apart are too near and 14 are not, either way round (D55)."""
    used = datetime.combine(first, time(hours[0], 59), zone)

    def later(days: int) -> datetime:
        return datetime.combine(first + timedelta(days=days), time(hours[1], 1), zone)

    for days in (0, count - 1):
        assert is_full(Quota(1, Days(count)), [used], later(days), zone=zone)
        assert is_full(Quota(1, Days(count)), [later(days)], used, zone=zone)
    assert not is_full(Quota(1, Days(count)), [used], later(count), zone=zone)
    assert not is_full(Quota(1, Days(count)), [later(count)], used, zone=zone)


@pytest.mark.parametrize(
    ("uses", "start", "full"),
    [
        ([0, 3], 6, True),
        ([0, 3], 7, False),
        ([3, 9], 6, True),
        ([3, 10], 6, False),
        ([0, 12], 6, False),
        ([6, 6], 0, True),
        ([7, 7], 0, False),
        ([1, 4, 8, 11], 6, True),
        ([], 0, False),
    ],
)
def test_the_fullest_row_of_days_decides(uses: list[int], start: int, full: bool) -> None:
    """Two in any seven days, wherever they begin: the days of May are counted from START."""
    starts = [START + number * DAY for number in uses]

    assert full is is_full(Quota(2, Days(7)), starts, START + start * DAY)


@pytest.mark.parametrize("per", [Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR])
def test_the_same_day_of_another_year_is_another_period(per: Period) -> None:
    """5 May 2026 and 5 May 2027: nothing of the year before is counted (D55)."""
    assert not is_full(Quota(1, per), [START], START + 365 * DAY)
    assert not is_full(Quota(1, per), [START + 365 * DAY], START)


def test_ever_counts_each_use() -> None:
    """However long ago, or ahead; no zone is asked for (D46, D55)."""
    for used in (START - 999 * DAY, START + 999 * DAY):
        assert is_full(Quota(1, Period.EVER), [used], START, zone=None)
    assert not is_full(Quota(1, Period.EVER), [], START, zone=None)
    assert not is_full(Quota(2, Period.EVER), [START], START, zone=None)


def test_upcoming_counts_what_starts_after_now() -> None:
    """A use that starts now is not upcoming any more, nor one that is redeemed early (D55)."""
    quota = Quota(1, Period.UPCOMING)

    assert is_full(quota, [NOW + INSTANT], START, zone=None, now=NOW)
    assert not is_full(quota, [NOW], START, zone=None, now=NOW)
    assert not is_full(quota, [NOW - INSTANT], START, zone=None, now=NOW)
    for state in (DrawState.REDEEMED, DrawState.FORFEITED):
        ended = package(quotas=[quota], uses=[use(START, state=state)])
        assert [] == codes(decide(case(packages=[ended]), rules.ONLINE))


def test_what_is_recorded_afterwards_is_not_upcoming() -> None:
    """A booking that starts now or earlier lies in no such period: nothing is counted (D55)."""
    full = package(quotas=[Quota(0, Period.UPCOMING)])

    def found(start: datetime) -> list[str]:
        return codes(decide(case(starts_at=start, packages=[full]), rules.IN_STORE))

    assert [] == found(NOW)
    assert [] == found(NOW - HOUR)
    assert ["quota_reached"] == found(NOW + INSTANT)


def test_a_quota_for_each_booking_counts_its_lines() -> None:
    """One facial a booking: of two lines the second is left, whatever was used before (D55)."""
    once = package(
        "p1", credit("facial", left=9), quotas=[Quota(1, Period.BOOKING)], uses=[use(START)]
    )
    decision = decide(case("facial", "facial", packages=[once]), rules.ONLINE)

    assert ([], (1,)) == (codes(decision), decision.uncovered)
    assert [] == codes(decide(case("facial", packages=[once]), rules.ONLINE))
    none = package(quotas=[Quota(0, Period.BOOKING)])
    assert ["quota_reached"] == codes(decide(case(packages=[none]), rules.ONLINE))


@pytest.mark.parametrize("per", [Period.DAY, Period.WEEK, Period.MONTH, Period.YEAR, Days(14)])
def test_a_period_of_the_calendar_needs_the_zone(per: Period | Days) -> None:
    """Nobody guesses on which day a use lies (D46)."""
    with pytest.raises(InvalidValueError) as raised:
        is_full(Quota(1, per), [START], START, zone=None)

    assert "AccountSettings.time_zone" == raised.value.field


@pytest.mark.parametrize("lines", [1, 2])
def test_no_zone_is_needed_where_no_period_is_looked_at(lines: int) -> None:
    """A quota of a credit that may not pay is not counted (D46)."""
    weekly = credit("massage", left=9)
    capped = package("p1", credit("facial", left=9), weekly)
    other = package("p2", weekly, quotas=[Quota(1, Period.WEEK)], uses=[use(START)])
    services = ["facial"] * lines

    asked = case(booking=booking(*services), packages=[capped, other], account=account())
    assert decide(asked, rules.ONLINE).eligible


@pytest.mark.parametrize(
    ("count", "used", "start", "full"),
    [
        (14, "9999-12-21", "9999-12-20", True),
        (14, "9999-12-06", "9999-12-20", False),
        (366, "9998-12-31", "9999-01-02", True),
    ],
)
def test_days_in_a_row_reach_the_end_of_the_calendar(
    count: int, used: str, start: str, full: bool
) -> None:
    """No row of days is too near to it to be counted."""
    assert full is is_full(Quota(1, Days(count)), [at(used)], at(start))
