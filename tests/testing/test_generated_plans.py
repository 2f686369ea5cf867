"""What generated packages ask beyond the article: each fact, met and missed by a microsecond."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from pkgredeem import UNLIMITED, Case, Days, PackageStatus, Period, Quota, Restrictions
from tests.helpers.generated import COUNT, TICK, asked_of, at_all_three, gap, ticks, tried

HOURS = timedelta(hours=1)


def local_start(made: Case) -> datetime:
    """Return the start by the account's clocks, as a clock shows it."""
    return made.local(made.booking.starts_at).replace(tzinfo=None)


def asked_anywhere() -> Iterator[tuple[Case, Restrictions]]:
    """Yield what the packages of all cases ask."""
    return ((made, asked) for made, _ in tried(3 * COUNT) for _, _, asked in asked_of(made))


@pytest.mark.parametrize("of", [lambda p: [p], lambda p: p.entitlements], ids=["package", "credit"])
def test_every_end_of_a_validity_is_met_and_missed(of: Callable[..., list[object]]) -> None:
    """A start lies at, just before and just after the ends of packages and of single credits."""
    items = [
        (made.booking.starts_at, x) for made, _ in tried() for p in made.packages for x in of(p)
    ]

    assert at_all_three(gap(x.valid_from, start) for start, x in items)  # type: ignore[attr-defined]  # both have it
    assert at_all_three(gap(x.valid_until, start) for start, x in items)  # type: ignore[attr-defined]  # see above


def test_every_end_of_booking_is_met_and_missed() -> None:
    """The moment of booking lies at, just before and just after the end of booking."""
    assert at_all_three(
        gap(package.book_until, made.now) for made, _ in tried() for package in made.packages
    )


def test_pauses_begin_and_end_at_the_start() -> None:
    """A pause begins at the start and just after it, and ends there and just after it."""
    pauses = [
        (made.booking.starts_at, pause)
        for made, _ in tried()
        for package in made.packages
        for pause in package.pauses
    ]

    assert {0, 1} <= {gap(pause.starts_at, start) for start, pause in pauses}
    assert {0, 1} <= {gap(pause.ends_at, start) for start, pause in pauses}
    assert any(pause.ends_at is None for _, pause in pauses)


def test_notice_is_met_and_missed() -> None:
    """The time left is exactly the notice that is asked for, and a microsecond more and less."""
    asked = [(made.booking.starts_at - made.now, asked) for made, asked in asked_anywhere()]
    least = [ticks(a.min_notice - left) for left, a in asked if a.min_notice is not None]
    most = [ticks(a.max_notice - left) for left, a in asked if a.max_notice is not None]

    assert at_all_three(least)
    assert at_all_three(most)


def test_hours_open_and_close_at_the_start() -> None:
    """Packages open at the very start and just after it, and close there and just after it."""
    day = date(2026, 1, 1)
    found = [
        (local_start(made).time(), hours)
        for made, asked in asked_anywhere()
        for hours in asked.hours
        if local_start(made).isoweekday() in hours.days
    ]

    def beyond(bound: time, start: time) -> int | None:
        return ticks(datetime.combine(day, bound) - datetime.combine(day, start))

    assert {0, 1} <= {beyond(hours.opens, start) for start, hours in found}
    assert {0, 1} <= {beyond(h.closes, start) for start, h in found if h.closes is not None}


def test_days_left_out_are_the_day_and_its_neighbours() -> None:
    """The day of the start is left out, or the days beside it are, also where months end."""
    left_out = {
        (local_start(made).date() - day, local_start(made).date())
        for made, asked in asked_anywhere()
        for day in asked.not_on
    }
    one = timedelta(days=1)

    assert {0 * one, one, -one} <= {step for step, _ in left_out}
    assert {date(2024, 2, 29), date(2024, 3, 1)} <= {day for _, day in left_out}
    assert any((day + one).day == 1 and step for step, day in left_out)


def test_hours_meet_clock_changes() -> None:
    """Packages with hours are booked for the hours around a clock change, on both sides of it."""
    change = datetime(2026, 4, 4, 14, tzinfo=UTC)  # Auckland, the end of the first pass
    starts = {made.booking.starts_at - change for made, asked in asked_anywhere() if asked.hours}
    near = {step for step in starts if abs(step) <= HOURS}

    assert min(near) < timedelta(0) <= max(near)


@pytest.mark.parametrize("days", [(2024, 2, 28), (2024, 2, 29), (2024, 3, 1), (2026, 2, 28)])
def test_starts_lie_where_months_end(days: tuple[int, int, int]) -> None:
    """Appointments start at both ends of these days, by the clocks of their place or in UTC."""
    starts = [
        local_start(made)
        if made.account.time_zone is not None
        else made.booking.starts_at.replace(tzinfo=None)
        for made, _ in tried()
    ]
    times = {start.time() for start in starts if start.date() == date(*days)}

    assert {time(0), time(23, 59, 59, 999_999)} & times
    assert len(times) > 1


def quotas_with_uses() -> Iterator[tuple[Quota, int]]:
    """Yield quotas of packages, with how many local days each use lies from the start."""
    for made, _ in tried(3 * COUNT):
        for package in made.packages if made.account.time_zone is not None else ():
            for quota in package.quotas:
                for use in package.uses:
                    day = made.local(use.starts_at).date()
                    yield quota, (day - local_start(made).date()).days


def test_uses_lie_at_the_ends_of_their_periods() -> None:
    """On the last day that counts in 14 days and on the first that doesn't, before and after."""
    found = {(quota.per, days) for quota, days in quotas_with_uses()}
    weeks = {days for per, days in found if per is Period.WEEK}

    assert {(Days(14), 13), (Days(14), 14), (Days(14), -13), (Days(14), -14)} <= found
    assert {(Period.DAY, 0), (Period.DAY, 1), (Period.DAY, -1)} <= found
    assert min(weeks) < 0 < max(weeks)
    assert {per for per, _ in found} >= set(Period) - {Period.BOOKING, Period.EVER}


def test_first_uses_lie_at_the_ends_of_their_term() -> None:
    """A term of 14 days is met 14 days after its first use, and before it, and missed by a day."""
    days = {
        (made.local(use.starts_at).date() - local_start(made).date()).days
        for made, _ in tried()
        for package in made.packages
        if package.lasts is not None and package.lasts.days == 14
        for use in package.uses
    }

    assert {-15, -14, 0, 14, 15} <= days


def told_by(made: Case) -> set[str]:
    """Return what tells a trait: the client, the booking, a line."""
    tells = {
        "client": bool(made.client.traits),
        "booking": bool(made.booking.traits),
        "line": any(line.traits for line in made.booking.lines),
    }
    return {who for who, told in tells.items() if told}


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("told by the client alone", lambda made: {"client"} == told_by(made)),
        ("told by the booking alone", lambda made: {"booking"} == told_by(made)),
        ("told by a line alone", lambda made: {"line"} == told_by(made)),
        ("told by all", lambda made: {"client", "booking", "line"} == told_by(made)),
        ("traits asked for", lambda made: any(asked.traits for _, _, asked in asked_of(made))),
        ("hours", lambda made: any(asked.hours for _, _, asked in asked_of(made))),
        ("days left out", lambda made: any(asked.not_on for _, _, asked in asked_of(made))),
        ("least notice", lambda made: any(a.min_notice is not None for _, _, a in asked_of(made))),
        ("most notice", lambda made: any(a.max_notice is not None for _, _, a in asked_of(made))),
        ("asked by a package", lambda made: any(p.restrictions for p in made.packages)),
        (
            "asked by a credit",
            lambda made: any(e.restrictions for p in made.packages for e in p.entitlements),
        ),
        ("book until", lambda made: any(p.book_until for p in made.packages)),
        ("paused", lambda made: any(p.pauses for p in made.packages)),
        (
            "booked in a pause",
            lambda made: any(pause.includes(made.now) for p in made.packages for pause in p.pauses),
        ),
        (
            "validity of a credit",
            lambda made: any(e.valid_until for p in made.packages for e in p.entitlements),
        ),
        ("shared", lambda made: any(p.shared_with for p in made.packages)),
        ("terms of a package", lambda made: any(p.cancellation for p in made.packages)),
        ("traits of a package", lambda made: any(p.traits for p in made.packages)),
        ("chosen", lambda made: made.only is not None),
        ("quotas of a package", lambda made: any(p.quotas for p in made.packages)),
        (
            "quotas of a credit",
            lambda made: any(e.quotas for p in made.packages for e in p.entitlements),
        ),
        ("uses", lambda made: any(p.uses for p in made.packages)),
        ("a term of first use", lambda made: any(p.lasts for p in made.packages)),
        (
            "minutes or points",
            lambda made: any(e.unit != "credit" for p in made.packages for e in p.entitlements),
        ),
        ("costs", lambda made: any(x.service.costs for x in made.booking.lines)),
        ("mixed costs", lambda made: len({x.service.costs for x in made.booking.lines}) > 1),
        (
            "unlimited",
            lambda made: any(
                e.remaining is UNLIMITED for p in made.packages for e in p.entitlements
            ),
        ),
        ("a version", lambda made: any(p.version is not None for p in made.packages)),
        ("weeks from Sunday", lambda made: made.account.week_starts == 7),
        ("void", lambda made: any(p.status is PackageStatus.VOID for p in made.packages)),
        (
            "suspended",
            lambda made: any(p.status is PackageStatus.SUSPENDED for p in made.packages),
        ),
        (
            "changes close",
            lambda made: made.account.cancellation and made.account.cancellation.changes_close,
        ),
    ],
)
def test_every_fact_is_in_eligible_cases_and_in_refused_ones(
    what: str, found: Callable[[Case], object]
) -> None:
    """Each of these occurs in at least 5 eligible cases and in 5 refused ones, of 3,000."""
    eligible = [bool(found(made)) for made, decision in tried() if decision.eligible]
    refused = [bool(found(made)) for made, decision in tried() if not decision.eligible]

    assert min(sum(eligible), sum(refused)) >= 5, what


def test_an_eligible_booking_is_often_met_exactly() -> None:
    """Of eligible cases with a fact at its bound, many would be refused a microsecond later."""
    exactly = sum(
        entitlement.valid_until == made.booking.starts_at + TICK
        for made, decision in tried()
        if decision.eligible
        for package in made.packages
        for entitlement in package.entitlements
    )

    assert exactly >= 5
