"""When: weekdays, hours and closed days by the account's clock, across its changes (D46, D47)."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from pkgredeem import Audience, Hours, InvalidValueError, Package, Restrictions, Rulebook
from tests.helpers.support import (
    AUCKLAND,
    INSTANT,
    LONDON,
    SHIPPED,
    START,
    account,
    booking,
    case,
    codes,
    credit,
    decide,
    package,
    restricted,
)

SANTIAGO, BEIRUT = ZoneInfo("America/Santiago"), ZoneInfo("Asia/Beirut")
EVERY_DAY = range(1, 8)
OFF_PEAK = Restrictions(hours=[Hours(days=[1, 2, 3, 4], opens=time(9), closes=time(17))])
CHRISTMAS_EVE = Restrictions(not_on=[date(2026, 12, 24)])


def at(zone: ZoneInfo, *local: int, fold: int = 0) -> datetime:
    """Return the instant of that local time, in UTC, so that what is added is elapsed time."""
    return datetime(*local, tzinfo=zone, fold=fold).astimezone(UTC)  # type: ignore[arg-type, misc]  # year to minute


def found(start: datetime, zone: ZoneInfo, restrictions: Restrictions) -> list[str]:
    """Return the reasons against a facial at that start, booked the year before."""
    asked = case(
        starts_at=start,
        now=datetime(2025, 1, 1, tzinfo=UTC),
        account=account(time_zone=zone),
        packages=[package(restrictions=restrictions)],
    )
    return codes(decide(asked))


@pytest.mark.parametrize("zone", [AUCKLAND, LONDON, SANTIAGO, BEIRUT], ids=lambda zone: zone.key)
@pytest.mark.parametrize(
    ("local", "inside"),
    [
        ((2026, 5, 7, 9), True),
        ((2026, 5, 7, 16, 59), True),
        ((2026, 5, 4, 9), True),
        ((2026, 5, 7, 17), False),
        ((2026, 5, 8, 10), False),
        ((2026, 5, 3, 10), False),
    ],
)
def test_off_peak_is_told_by_the_clock_of_the_account(
    zone: ZoneInfo, local: tuple[int, ...], inside: bool
) -> None:
    """Monday to Thursday from nine to five, wherever that is (D46)."""
    assert ([] if inside else ["outside_hours"]) == found(at(zone, *local), zone, OFF_PEAK)


@pytest.mark.parametrize("zone", [AUCKLAND, LONDON, SANTIAGO, BEIRUT], ids=lambda zone: zone.key)
def test_the_opening_is_inside_and_the_close_is_not(zone: ZoneInfo) -> None:
    """A microsecond before nine is too early, a microsecond before five is in time (D46)."""
    opens, closes = at(zone, 2026, 5, 7, 9), at(zone, 2026, 5, 7, 17)

    assert [["outside_hours"], [], [], ["outside_hours"]] == [
        found(start, zone, OFF_PEAK) for start in (opens - INSTANT, opens, closes - INSTANT, closes)
    ]


def test_the_weekday_is_that_of_the_account() -> None:
    """Sunday evening in London is Monday morning in Auckland (D46)."""
    mondays = Restrictions(hours=[Hours(days=[1], opens=time(0))])
    sunday_evening = at(LONDON, 2026, 5, 3, 22)

    assert ["outside_hours"] == found(sunday_evening, LONDON, mondays)
    assert [] == found(sunday_evening, AUCKLAND, mondays)


def test_hours_over_midnight_are_two() -> None:
    """Friday from ten, and Saturday until two: the hours of both days, and none between (D46)."""
    late = Restrictions(
        hours=[
            Hours(days=[5], opens=time(22)),
            Hours(days=[6], opens=time(0), closes=time(2)),
        ]
    )
    friday_ten, saturday, two = (
        at(LONDON, 2026, 5, 8, 22),
        at(LONDON, 2026, 5, 9),
        at(LONDON, 2026, 5, 9, 2),
    )

    assert [["outside_hours"], [], [], [], [], ["outside_hours"]] == [
        found(start, LONDON, late)
        for start in (
            friday_ten - INSTANT,
            friday_ten,
            saturday - INSTANT,
            saturday,
            two - INSTANT,
            two,
        )
    ]


def test_hours_until_midnight_end_with_the_day() -> None:
    """Also at the end of a month and of a year (D46)."""
    evenings = Restrictions(hours=[Hours(days=[7, 4], opens=time(18))])
    for midnight in (at(LONDON, 2026, 6, 1), at(LONDON, 2027, 1, 1)):
        assert [] == found(midnight - INSTANT, LONDON, evenings)
        assert ["outside_hours"] == found(midnight, LONDON, evenings)


@pytest.mark.parametrize(
    ("zone", "first", "second"),
    [
        # The clock goes back at 3:00 on Sunday 5 April, and at 2:00 on Sunday 25 October.
        (AUCKLAND, (2026, 4, 5, 2, 30), (2026, 4, 5, 1, 59)),
        (LONDON, (2026, 10, 25, 1, 30), (2026, 10, 25, 0, 59)),
    ],
)
def test_a_local_time_that_comes_twice_is_inside_both_times(
    zone: ZoneInfo, first: tuple[int, ...], second: tuple[int, ...]
) -> None:
    """What the clock shows counts, whichever of the two instants it is (D46)."""
    opens = time(first[3], first[4])
    only_then = Restrictions(hours=[Hours(days=[7], opens=opens, closes=time(first[3], 31))])

    assert [[], []] == [found(at(zone, *first, fold=fold), zone, only_then) for fold in (0, 1)]
    assert ["outside_hours"] == found(at(zone, *second), zone, only_then)


@pytest.mark.parametrize(
    ("zone", "before", "shown"),
    [
        # The clock goes forward at 2:00 on Sunday 27 September, and at 1:00 on Sunday 29 March.
        (AUCKLAND, (2026, 9, 27, 1, 59, 59, 999999), time(3)),
        (LONDON, (2026, 3, 29, 0, 59, 59, 999999), time(2)),
    ],
)
def test_an_hour_that_the_clock_skips_never_comes(
    zone: ZoneInfo, before: tuple[int, ...], shown: time
) -> None:
    """Hours that lie in it are never open; the next instant shows the hour after it (D46)."""
    last = at(zone, *before)
    skipped = Restrictions(hours=[Hours(days=[7], opens=time(shown.hour - 1), closes=shown)])
    after_it = Restrictions(hours=[Hours(days=[7], opens=shown)])

    assert [["outside_hours"]] * 2 == [
        found(start, zone, skipped) for start in (last, last + INSTANT)
    ]
    assert [["outside_hours"], []] == [
        found(start, zone, after_it) for start in (last, last + INSTANT)
    ]


@pytest.mark.parametrize("zone", [AUCKLAND, LONDON, SANTIAGO, BEIRUT], ids=lambda zone: zone.key)
def test_a_closed_day_lasts_from_midnight_to_midnight(zone: ZoneInfo) -> None:
    """By the account's own calendar; the instant before and the next midnight are open (D47)."""
    begins, ends = at(zone, 2026, 12, 24), at(zone, 2026, 12, 25)

    assert [[], ["blacked_out"], ["blacked_out"], []] == [
        found(start, zone, CHRISTMAS_EVE)
        for start in (begins - INSTANT, begins, ends - INSTANT, ends)
    ]


@pytest.mark.parametrize(
    ("zone", "day", "last_before"),
    [
        # The clock jumps from midnight to one o'clock, at the beginning of these Sundays.
        (SANTIAGO, date(2026, 9, 6), (2026, 9, 5, 23, 59, 59, 999999)),
        (BEIRUT, date(2026, 3, 29), (2026, 3, 28, 23, 59, 59, 999999)),
    ],
)
def test_a_closed_day_without_a_midnight_begins_at_its_first_instant(
    zone: ZoneInfo, day: date, last_before: tuple[int, ...]
) -> None:
    """At one o'clock, the instant after the last one of the day before (D47)."""
    last = at(zone, *last_before)
    first = last + INSTANT

    assert time(1) == first.astimezone(zone).time()
    assert [[], ["blacked_out"]] == [
        found(start, zone, Restrictions(not_on=[day])) for start in (last, first)
    ]
    # Hours from midnight on are open from that first instant too.
    all_day = Restrictions(hours=[Hours(days=[7], opens=time(0))])
    assert [["outside_hours"], []] == [found(start, zone, all_day) for start in (last, first)]


def test_a_closed_day_that_is_an_hour_longer_is_closed_to_its_end() -> None:
    """In Auckland 5 April has twenty-five hours, and is closed in all of them (D47)."""
    closed = Restrictions(not_on=[date(2026, 4, 5)])
    begins, ends = at(AUCKLAND, 2026, 4, 5), at(AUCKLAND, 2026, 4, 6)

    assert 25 * 3600 == (ends - begins).total_seconds()
    assert [["blacked_out"], []] == [
        found(start, AUCKLAND, closed) for start in (ends - INSTANT, ends)
    ]


ASKS_BY_CREDIT = package("p1", restricted(restrictions=OFF_PEAK))
ASKS_BY_PACKAGE = package(restrictions=CHRISTMAS_EVE)


@pytest.mark.parametrize("asks", [ASKS_BY_CREDIT, ASKS_BY_PACKAGE])
@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.name)
def test_without_a_zone_nobody_knows_the_local_time(asks: Package, book: Rulebook) -> None:
    """The error names the account's zone, and what it must be (D46)."""
    with pytest.raises(InvalidValueError) as caught:
        decide(case(packages=[asks]), book)

    assert (
        "AccountSettings.time_zone",
        None,
        "a ZoneInfo where a rule asks for local time",
    ) == caught.value.args


@pytest.mark.parametrize(
    "asked",
    [
        case("massage", packages=[package("p1", restricted(restrictions=OFF_PEAK))]),
        case(packages=[package(restrictions=OFF_PEAK, client_id="beth")]),
        case(packages=[package("p1", credit("facial", left=0), restrictions=OFF_PEAK)]),
        case(packages=[package(restrictions=Restrictions(traits={"place": ["north"]}))]),
        case(packages=[package(restrictions=OFF_PEAK), package("p2")], only=["p2"]),
    ],
    ids=["another service", "another client's", "used up", "traits only", "not chosen"],
)
def test_a_zone_is_needed_only_where_hours_or_days_are_looked_at(asked: object) -> None:
    """A package that does not come into question asks for no clock (D46)."""
    decide(asked)  # type: ignore[arg-type]  # a case, each of them


def test_the_day_and_the_hour_of_package_and_credit_must_all_be_met() -> None:
    """Off peak by the package, from noon by the credit: both, and each is its own reason (D45)."""
    from_noon = Restrictions(
        hours=[Hours(days=EVERY_DAY, opens=time(12))], not_on=[date(2026, 5, 6)]
    )
    both = package("p1", restricted(restrictions=from_noon), restrictions=OFF_PEAK)

    def found_at(*local: int) -> list[str]:
        start = at(LONDON, 2026, 5, *local)
        asked = case(starts_at=start, account=account(time_zone=LONDON), packages=[both])
        return codes(decide(asked))

    assert [] == found_at(7, 12)
    assert ["outside_hours"] == found_at(7, 11) == found_at(8, 12)
    assert ["outside_hours", "blacked_out"] == found_at(6, 11)
    assert ["blacked_out"] == found_at(6, 12)


def test_the_client_reads_one_plain_sentence() -> None:
    """Neither hours nor days are told (D24)."""
    local = account(time_zone=LONDON)
    peak = case(account=local, starts_at=at(LONDON, 2026, 5, 8, 10), packages=[ASKS_BY_CREDIT])
    closed = case(
        account=local,
        booking=booking(starts_at=at(LONDON, 2026, 12, 24, 10)),
        packages=[ASKS_BY_PACKAGE],
    )

    assert [
        "your package can't be used at this time",
        "your package can't be used on this day",
    ] == [decide(asked).explain(Audience.CLIENT) for asked in (peak, closed)]


def test_hours_of_the_whole_week_change_nothing() -> None:
    """Every day from midnight to midnight is as good as none, given a zone."""
    always = Restrictions(hours=[Hours(days=EVERY_DAY, opens=time(0))])

    assert [] == found(START, AUCKLAND, always)
